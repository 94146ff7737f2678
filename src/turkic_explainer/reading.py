"""How reports speak: the five side by side, whose voice fills them, their warm words, where they disagree, and a protocol."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from .charts import ACCENT, INK, SOFT, VIOLET, WARM, chart, drawing
from .explorer import Explorer
from .ledger import claim, claims, disagreements, reported, source, sources
from .markup import Fragment, Markup, long_date, table
from .tables import initiatives

VOICES = {"quoted": "in quotation marks", "retold": "retold by the report", "reporter": "the report's own words",
          "furniture": "the page around it"}  # fmt: skip
VERDICTS = {"yes": ("Real", "both cannot be right as worded"), "no": ("Not real", "both can be right, read with care"),
            "open": ("Open", "the sources at hand cannot decide")}  # fmt: skip
_MARKED = re.compile(r"""(?<!\w)(['"])(.+?)\1(?!\w)""")  # an apostrophe within a word is no quotation mark
_ADVICE = re.compile(r"^(?:Check|Compare)\b|\b(?:can|must|has to) be (?:checked|looked up)\b")


# --- what every part of this lesson says alike -----------------------------------------------------------------------


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _tagged(claim_id: str, text: str) -> Markup:
    return Markup('{} <span class="tx-tag">{}</span>').format(text, claim_id)


def _items(parts: Iterable[Markup | str], paper: bool = True) -> Markup:
    """A list of pieces; with `paper=False` it is left out of the printed page."""
    kind = "tx-said" if paper else "tx-said tx-no-paper"
    return Markup('<ul class="{}">{}</ul>').format(
        kind, Markup(" ").join(Markup("<li>{}</li>").format(part) for part in parts)
    )


def _said(ids: Iterable[str], paper: bool = True) -> Markup:
    return _items((_tagged(i, claim(i).says) for i in ids), paper)


def _fold(head: Markup | str, body: Markup) -> Markup:
    return Markup('<details class="tx-fold"><summary>{}</summary>{}</details>').format(head, body)


def _facts(*pairs: tuple[str, str]) -> Markup:
    rows = _joined(Markup("<dt>{}</dt><dd>{}</dd>").format(*pair) for pair in pairs)
    return Markup('<dl class="tx-facts">{}</dl>').format(rows)


def _by_date() -> list[str]:
    """The five reports, the oldest first."""
    return list(sources().sort_values("date").index)


def _readings(report: str) -> list[str]:
    """What a careful reader of this report notices."""
    return list(claims(report).query("kind == 'reading'").index)


def _said_by(report: str) -> pd.DataFrame:
    """The claims of a report without the course's own readings."""
    return claims(report).query("kind != 'reading'")


def marked_words(report: str) -> dict[str, list[str]]:
    """The words that the record of a report sets in quotation marks, because they are loaded, loose or not explained.

    Each with the ids of its claims, in the order of the text. Raises DataError for a report that does not exist.
    """
    words: dict[str, list[str]] = {}
    for claim_id, says in _said_by(report)["says"].items():
        for _, word in _MARKED.findall(says):
            words.setdefault(word, []).append(claim_id)
    return words


def _word_list(report: str) -> Markup:
    return Markup(", ").join(_tagged(" ".join(ids), word) for word, ids in marked_words(report).items())


# --- whose voice -----------------------------------------------------------------------------------------------------


def _voices() -> pd.DataFrame:
    """How many claims of each report stand in which voice, the oldest report first."""
    said = reported()
    counts = pd.crosstab(pd.Series(said.index.str[:2], said.index, name="report"), said["voice"])
    return counts.loc[_by_date(), list(VOICES)].rename_axis(columns=None)


def voice_shares() -> pd.DataFrame:
    """How much of each report stands in which voice, in percent of its claims, the oldest report first.

    Columns: quoted, retold, reporter, furniture. Facts: the field `voice` of the claims in seeds/S0.toml to S4.toml; the
    course's own readings are not counted.
    """
    counts = _voices()
    return counts.div(counts.sum(axis=1), axis=0) * 100


def _bars(counts: pd.Series) -> Markup:
    """The voices of one report as bars, each with its numbers in words beside it."""
    bar = Markup('<li>{}: {} of {}<span class="tx-bar" style="width:{:.0%}"></span></li>')
    rows = (bar.format(VOICES[voice], n, counts.sum(), n / counts.sum()) for voice, n in counts.items())
    return Markup(
        '<div><p class="tx-soft">In which voice its claims stand</p><ul class="tx-bars">{}</ul></div>'
    ).format(_joined(rows))


def voices_chart() -> Fragment:
    """How much of each report is quoted, retold, the report's own, or page around it, in percent of its claims.

    Facts: `voice_shares()`.
    """
    counts, shares = _voices(), voice_shares()
    faces = dict(zip(VOICES, ((ACCENT, 0.45), (ACCENT, 0.15), (WARM, 0.35), (VIOLET, 0.1)), strict=True))
    with drawing(9, 4.3) as (figure, axes):
        for height, report in enumerate(reversed(shares.index)):
            left = 0.0
            for voice, share in shares.loc[report].items():
                axes.barh(height, share, left=left, height=0.62, color=[faces[voice]], edgecolor=SOFT, linewidth=1)
                name = f"{voice}\n" if share > 12 else ""  # a narrower part has no room for its name
                axes.text(
                    left + share / 2, height, f"{name}{share:.0f}", ha="center", va="center", fontsize=11, color=INK
                )
                left += share
        dates = [f"{report}, {source(report).date:%b %Y}" for report in reversed(shares.index)]
        axes.set_yticks(range(len(dates)), dates)
        axes.set_xticks([])
        axes.set_xlim(0, 100)
        axes.spines["bottom"].set_visible(False)
    most = {voice: shares[voice].idxmax() for voice in VOICES}
    caption = (
        "Each bar is one report, the oldest at the top; its parts are percent of its claims, always in this order: quoted "
        "(in quotation marks), retold (somebody's words in the report's wording), reporter (the report's own words), "
        f"furniture (headings, captions, forms). {most['quoted']} quotes most; {most['reporter']} speaks most in its own "
        "voice. Which retells most?"
    )
    told = (", ".join(f"{voice} {share:.0f}" for voice, share in row.items()) for _, row in shares.iterrows())
    parts = "; ".join(f"{report}: {words}" for report, words in zip(shares.index, told, strict=True))
    alt = f"Stacked bars, percent of each report's claims by voice. {parts}."
    rows = counts.assign(all=counts.sum(axis=1))
    return chart("voices", figure, caption, alt, table(rows, "Claims of each report, by voice"))


# --- the five reports ------------------------------------------------------------------------------------------------


def _report(report: str, counts: pd.Series) -> Markup:
    """One report on one screen: what it is at a glance, and how we know, its words and its gaps a click away."""
    s, readings = source(report), _readings(report)
    printed = "printed in full" if s.date_printed else "worked out"
    told = _facts(("About", s.title), ("Where the words come from", s.origin), ("Who is heard", s.voices))
    known = _facts(
        ("Outlet", s.outlet), ("How we know", s.outlet_basis),
        ("Date", f"{long_date(s.date)} ({printed})"), ("How we know", s.date_basis),
    )  # fmt: skip
    words = len(marked_words(report))
    return Markup('<p class="tx-state">{}: {}, {}</p><div class="tx-two">{}{}</div>{}{}{}').format(
        report, s.outlet, long_date(s.date), told, _bars(counts),
        _fold("How we know the outlet and the date", known),
        _fold(f"Words that the record puts in quotation marks: {words}", Markup("<p>{}</p>").format(_word_list(report))),
        _fold(f"What a careful reader notices, and what is left out: {len(readings)} notes", _said(readings)),
    )  # fmt: skip


def reports_explorer() -> Explorer:
    """The five reports, oldest first: outlet, origin, date and how we know, whose voice, marked words, what is left out.

    Facts: the heads, claims and readings of seeds/S0.toml to S4.toml.
    """
    counts = _voices()
    states = tuple((report, f"{report}, {source(report).date:%B %Y}") for report in counts.index)
    return Explorer(
        "reports", "Which report?", states, lambda report: _report(report, counts.loc[report]), states[0][0]
    )


# --- warm words ------------------------------------------------------------------------------------------------------

# General statements, filed by what they do; the filing is this course's own. Key, label, what they do, how to test them.
_PHRASES = (
    ("unity", "Unity", "They say that many think and act as one.",
     "On which question do they agree? On which do they differ? Who was asked?",
     "S0-08 S0-09 S0-10 S0-44 S1-17 S1-18 S3-29 S4-03 S4-09"),
    ("family", "Family words", "They make states into brothers, neighbours or heirs.",
     "Who is in the family and who is not? What would follow from it?",
     "S0-42 S1-08 S1-42 S2-09 S2-54 S3-04 S3-31 S4-31 S4-41"),
    ("praise", "Praise for others", "They thank, or say how good or important a person, a body or a town is.",
     "Who praises whom, and in whose hearing? What would count as a proof?",
     "S0-14 S0-43 S1-14 S2-07 S2-08 S3-03 S3-12"),
    ("own", "Praise for one's own work", "They say how well the speaker's side has done.",
     "Which result is named? Who else says so?",
     "S0-20 S0-25 S1-12 S1-22 S1-40 S3-05 S3-06 S3-07 S3-10"),
    ("promises", "Promises and support", "They say that somebody will help, go on or be strong.",
     "By when? With what money? Who could say later that it was not kept?",
     "S0-06 S0-12 S0-24 S2-55 S2-56 S3-30 S3-32 S3-33"),
    ("musts", "What must be done", "They say what matters, or what must be done.",
     "Who must do it, and until when? What is it to be measured by?",
     "S0-15 S1-16 S1-19 S4-16 S4-22 S4-32 S4-36 S4-42"),
    ("danger", "Danger and hope", "They say that the times are hard, or that things look up.",
     "Which danger or which sign, where, since when, and for whom?",
     "S0-45 S1-21 S1-37 S4-07 S4-08 S4-12 S4-17"),
    ("frame", "The reporter's frame", "They stand around the quotations and tell us how to take them.",
     "Is it inside quotation marks? Could the speaker have said it in these words?",
     "S0-04 S0-05 S0-07 S3-13 S3-16 S4-04 S4-06"),
)  # fmt: skip


def _phrases(label: str, does: str, test: str, ids: list[str]) -> Markup:
    careful = Markup('<p class="tx-no-paper">{}</p>')
    folds = (_fold(_tagged(i, claim(i).says), careful.format(claim(i).caveat)) for i in ids)
    return Markup('<p class="tx-state">{}</p><p>{}</p><p><strong>Test:</strong> {}</p>{}').format(
        label, does, test, _joined(folds)
    )


def phrases_explorer() -> Explorer:
    """General statements of the five reports by what they do: unity, family words, praise, promises and so on.

    Each sentence opens on what the record is careful about. The filing is this course's own; facts: seeds/S0.toml to
    S4.toml.
    """
    by_key = {key: (label, does, test, ids.split()) for key, label, does, test, ids in _PHRASES}
    states = tuple((key, label) for key, (label, *_) in by_key.items())
    return Explorer("phrases", "What does the sentence do?", states, lambda key: _phrases(*by_key[key]), states[0][0])


# --- disagreements ---------------------------------------------------------------------------------------------------


def verdict(real: str) -> str:
    """Not real: both can be right, read with care."""
    return "{}: {}.".format(*VERDICTS[real])


def _group(row) -> str:
    """Under which choice a disagreement is filed: one of a report and the background goes to the first report it names."""
    if row.between != "report and background":
        return row.between.replace(" ", "-")
    return next(i for i in row.claims if i.startswith("S")).split("-")[0]


def _disagreement(row) -> Markup:
    return _fold(
        Markup("<b>{}</b> {}").format(row.Index, row.title),
        Markup('<p>{}</p><p><strong>{}</strong> {}</p><p class="tx-soft">Claims: {}</p>{}').format(
            row.differs, verdict(row.real), row.might_explain, " ".join(row.claims), _said(row.claims, paper=False)
        ),
    )


def disagreements_explorer() -> Explorer:
    """All disagreements on record, by who disagrees with whom; each opens on what differs, a verdict and the claims.

    Facts: seeds/disagreements.toml and the claims it names.
    """
    rows = disagreements()
    filed: dict[str, list] = {}
    for row in rows.itertuples():
        filed.setdefault(_group(row), []).append(row)
    heads = {"reports": "One report and another", "within-a-report": "A report and itself",
             **{report: f"{report} and the background records" for report in _by_date()},
             "background": "One background record and another"}  # fmt: skip
    labels = {"reports": "two reports", "within-a-report": "a report and itself", "background": "two records"}
    states = tuple((key, f"{labels.get(key, key)}: {len(filed[key])}") for key in heads if key in filed)

    def show(state: str) -> Markup:
        return Markup('<p class="tx-state">{}</p>{}').format(heads[state], _joined(map(_disagreement, filed[state])))

    groups = {"reports": "The reports among themselves", _by_date()[0]: "A report and the background records",
              "background": "The background records among themselves"}  # fmt: skip
    return Explorer("disputes", "Who disagrees with whom?", states, show, states[0][0], groups=groups)


# --- the protocol ----------------------------------------------------------------------------------------------------


def _publisher(report: str) -> Markup:
    return Markup("<p>{}. {}</p>").format(source(report).outlet, source(report).outlet_basis)


def _origin(report: str) -> Markup:
    return Markup("<p>{}</p>").format(source(report).origin)


def _date(report: str) -> Markup:
    return Markup("<p>{}. {}</p>").format(long_date(source(report).date), source(report).date_basis)


def _speakers(report: str) -> Markup:
    said = _said_by(report)
    counts = pd.crosstab(said["speaker"], said["voice"]).reindex(columns=list(VOICES), fill_value=0)
    counts = counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    lines = (f"{who}: {', '.join(f'{VOICES[v]} {n}' for v, n in row.items() if n)}" for who, row in counts.iterrows())
    return Markup("<p>Of {} claims:</p> {}").format(len(said), _items(lines))


def _missing(report: str) -> Markup:
    return Markup("<p>{}</p>").format(source(report).voices)


def _figures(report: str) -> Markup:
    found = [claim(i) for i in claims(report).query("kind == 'figure'").index]
    if not found:
        return Markup("<p>None: no claim of this report is a figure that could be compared.</p>")
    lines = (_tagged(c.id, " ".join(filter(None, (c.qualifier, c.amount, c.unit)))) for c in found)
    ids = {c.id for c in found}
    asked = [i for i in _readings(report) if ids & set(claim(i).from_)]
    return Markup("{} <p>Against which base:</p> {}").format(_items(lines), _said(asked))


def _loaded(report: str) -> Markup:
    return Markup("<p>Loaded, loose or not explained: {}.</p>").format(_word_list(report))


def _became(report: str) -> Markup:
    rows = initiatives()
    rows = rows[[report in reports for reports in rows["reports"]]]
    groups = rows.groupby(["wording", "status"])
    line = Markup("The report: <b>{}</b>. The records: <b>{}</b>. {}.")
    return _items(line.format(*kind, "; ".join(group["name"])) for kind, group in groups)


def _touching(report: str) -> pd.DataFrame:
    """The disagreements that name a claim of this report, but for those among background records."""
    rows = disagreements().query("between != 'background'")
    return rows[[any(i.startswith(report) for i in ids) for ids in rows["claims"]]]


def _others(report: str) -> Markup:
    line = Markup("<b>{}</b> {} ({})")
    told = (line.format(row.Index, row.title, VERDICTS[row.real][0].lower()) for row in _touching(report).itertuples())
    return Markup("<p>On these points another source, or another sentence, says otherwise:</p> {}").format(_items(told))


def _next(report: str) -> Markup:
    undecided = _touching(report).query("real == 'open'").itertuples()
    advice = (
        _tagged(claim_id, sentence)
        for claim_id, caveat in claims(report)["caveat"].dropna().items()
        for sentence in re.split(r"(?<=[.?!]) ", caveat)
        if _ADVICE.search(sentence)
    )
    return Markup("<p>Not decided yet:</p> {} <p>To look up, says the record:</p> {}").format(
        _items(Markup("<b>{}</b> {}").format(row.Index, row.might_explain) for row in undecided), _items(advice)
    )


_TEN = (
    ("Who published it, and how do you know?", _publisher),
    ("Whose words came first: where did the publisher get them?", _origin),
    ("From when is it, and how do you know?", _date),
    ("Who speaks, in quotation marks or retold?", _speakers),
    ("Who is missing?", _missing),
    ("Which figures does it give, and against which base?", _figures),
    ("Which words are loaded?", _loaded),
    ("What is proposed, what is signed, what works? What did you find of it?", _became),
    ("What would the other side say?", _others),
    ("What would change your mind, and what do you look up next?", _next),
)


def protocol(report: str | None = None) -> Fragment:
    """Ten questions to a press report: with fields to fill in, or answered from the ledger for one of S0 to S4.

    The blank one can be typed into on a page, and prints on one sheet of A4 with lines to write on. Raises DataError
    for a report that does not exist. Facts: the head, claims and readings of the report, seeds/disagreements.toml and
    `initiatives()`.
    """
    return _blank() if report is None else _worked(report)


def _blank() -> Fragment:
    field = Markup('<label>{} <input type="text" placeholder=" "></label>')
    ask = Markup('<li><label>{}<textarea rows="2" placeholder=" "></textarea></label><div class="tx-rules"></div></li>')
    heads = _joined(map(field.format, ("Report", "Read by", "On")))
    body = Markup(
        '<div class="tx-protocol tx-form"><p class="tx-state">Ten questions to a press report</p>'
        '<p class="tx-fields">{}</p><ol>{}</ol></div>'
    ).format(heads, _joined(ask.format(question) for question, _ in _TEN))
    lines = [f"{n}. {question}" for n, (question, _) in enumerate(_TEN, 1)]
    return Fragment(body, "\n".join(["Ten questions to a press report", *lines]))


def _worked(report: str) -> Fragment:
    answers = [(question, answer(report)) for question, answer in _TEN]
    head = f"Ten questions to {report}: {source(report).title}"
    items = _joined(Markup("<li><strong>{}</strong>{}</li>").format(*pair) for pair in answers)
    body = Markup('<div class="tx-protocol"><p class="tx-state">{}</p><ol>{}</ol></div>').format(head, items)
    lines = [f"{n}. {question} {answer.striptags()}" for n, (question, answer) in enumerate(answers, 1)]
    return Fragment(body, "\n".join([head, *lines]))
