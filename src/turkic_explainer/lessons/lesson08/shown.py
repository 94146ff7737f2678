"""How reports speak: the five side by side, whose voice fills them, their warm words, where they disagree, and a protocol."""

import re

import pandas as pd

from ...charts import ACCENT, SOFT, VIOLET, WARM, Forms
from ...content import Content, records
from ...explorer import Explorer
from ...ledger import claim, claims, disagreements, reported, source, sources
from ...markup import Fragment, Markup
from ...tables import count_table, initiatives

__all__ = ("reports_explorer", "voice_counts", "voices_chart", "disagreements_explorer", "protocol")

_MARKED = re.compile(r"""(?<!\w)(['"])(.+?)\1(?!\w)""")  # an apostrophe within a word is no quotation mark
_ADVICE = re.compile(r"^(?:Check|Compare)\b|\b(?:can|must|has to) be (?:checked|looked up)\b")


def verdict(real: str) -> str:
    """Not real: both can be right, read with care."""
    return "{label}: {meaning}.".format(**TEXTS.texts(f"verdicts.{real}"))


TEXTS = Content("lesson08", verdict=verdict)


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


def voice_counts() -> pd.DataFrame:
    """How many claims of each report stand in which voice, the oldest report first.

    Columns: report, quoted, retold, reporter, furniture. Facts: as for `voice_shares()`.
    """
    counts = count_table(reported(), "source", "voice").rename_axis("report", columns=None)
    by_date = list(sources().sort_values("date").index)
    return counts.loc[by_date, [*TEXTS.texts("voices.names")]].reset_index()


def voice_shares() -> pd.DataFrame:
    """How much of each report stands in which voice, in percent of its claims, the oldest report first.

    Columns: quoted, retold, reporter, furniture. Facts: the field `voice` of `reported()`.
    """
    counts = voice_counts().set_index("report")
    return counts.div(counts.sum(axis=1), axis=0) * 100


def voices_chart() -> Fragment:
    """How much of each report is quoted, retold, the report's own, or page around it, in percent of its claims.

    Facts: `voice_shares()`.
    """
    counts, shares = voice_counts(), voice_shares()
    faces = {"quoted": (ACCENT, 0.45), "retold": (ACCENT, 0.15), "reporter": (WARM, 0.35), "furniture": (VIOLET, 0.1)}
    for figure, axes, slim in (forms := Forms(4.3, 4.8)):
        for height, report in enumerate(reversed(shares.index)):
            left = 0.0
            for voice, share in shares.loc[report].items():
                axes.barh(height, share, left=left, height=0.62, color=[faces[voice]], edgecolor=SOFT, linewidth=1)
                name = f"{voice}\n" if share > (22 if slim else 12) else ""  # a narrower part has no room for its name
                axes.text(left + share / 2, height, f"{name}{share:.0f}", ha="center", va="center", fontsize=12.5)
                left += share
        if slim:
            figure.legend(axes.patches[: len(faces)], [*faces], loc="outside upper center", ncols=2)
        dates = [f"{report}{chr(10) if slim else ', '}{source(report).date:%b %Y}" for report in reversed(shares.index)]
        axes.set(yticks=range(len(dates)), yticklabels=dates, xticks=[], xlim=(0, 100))
        axes.spines["bottom"].set_visible(False)
    listed, most = counts.assign(all=counts.sum(axis=1, numeric_only=True)), shares.idxmax().to_dict()
    return TEXTS.chart("voices", forms, listed, most=most, shares=shares.to_dict("index"))


def reports_explorer() -> Explorer:
    """The five reports, oldest first: outlet, origin, date and how we know, whose voice, marked words, what is left out.

    Facts: the heads, claims and readings of seeds/S0.toml to S4.toml.
    """
    states = {}
    for report, voices in voice_counts().set_index("report").iterrows():
        about = {"report": source(report), "readings": _readings(report), "words": marked_words(report)}
        about["page"] = list(claims(report).query("voice == 'furniture'").index)
        label = f"{report}, {source(report).date:%B %Y}"
        states[report] = {"label": label, "voices": voices.to_dict(), "claims": voices.sum(), **about}
    return TEXTS.explorer("reports", states)


def _against(row) -> str:
    """The report that a disagreement with the background is filed under: the first that it names; nothing for others."""
    if row.between != "report and background":
        return ""
    return next(i for i in row.claims if i.startswith("S")).split("-")[0]


def disagreements_explorer() -> Explorer:
    """All disagreements on record, by who disagrees with whom; each opens on what differs, a verdict and the claims.

    Facts: seeds/disagreements.toml and the claims it names.
    """
    rows, states = [*disagreements().itertuples()], {}
    for between in TEXTS.texts("disputes.between", report=""):
        several = sources().sort_values("date").index if between == "report and background" else [""]
        for report in several:  # a state for each
            if found := [row for row in rows if (row.between, _against(row)) == (between, report)]:
                words = TEXTS.texts(f"disputes.between.{between}", report=report)
                label = f"{words['label']}: {len(found)}"
                states[report or between.replace(" ", "-")] = {**words, "label": label, "rows": found}
    return TEXTS.explorer("disputes", states)


def _advice(report: str) -> list[dict[str, str]]:
    """The sentences of the caveats of a report that say what to look up, each with its claim."""
    return [
        {"id": claim_id, "sentence": sentence}
        for claim_id, caveat in claims(report)["caveat"].dropna().items()
        for sentence in re.split(r"(?<=[.?!]) ", caveat)
        if _ADVICE.search(sentence)
    ]


def _answers(report: str) -> dict[str, Markup]:
    """What the ledger answers to each question of the protocol."""
    said = _said_by(report)
    speakers = pd.crosstab(said["speaker"], said["voice"])
    speakers = speakers.reindex(columns=[*TEXTS.texts("voices.names")], fill_value=0)
    most_first = speakers.sum(axis=1).sort_values(ascending=False, kind="stable").index
    figures = said.index[said["kind"] == "figure"]
    started = initiatives()
    started = started[[report in reports for reports in started["reports"]]]
    disputes = disagreements().query("between != 'background'")
    facts = {
        "report": source(report),
        "claims": len(said),
        "speakers": records(speakers.loc[most_first]),
        "figures": [claim(i) for i in figures],
        "bases": [i for i in _readings(report) if {*figures} & {*claim(i).from_}],
        "words": marked_words(report),
        "outcomes": records(started.groupby(["wording", "status"])["name"].agg(list)),
        "disputes": [row for row in disputes.itertuples() if any(i.startswith(report) for i in row.claims)],
        "advice": _advice(report),
    }
    return {key: TEXTS.pane("answer", question=key, **facts) for key in TEXTS.texts("protocol.questions")}


def protocol(report: str | None = None) -> Fragment:
    """Ten questions to a press report: with fields to fill in, or answered from the ledger for one of S0 to S4.

    Raises DataError for a report that does not exist. Facts: the head, claims and readings of the report,
    seeds/disagreements.toml and `initiatives()`.
    """
    questions = TEXTS.texts("protocol.questions")
    if report is None:
        head = TEXTS.text("protocol.blank")
        body = TEXTS.pane("blank", head=head, questions=questions.values())
        told = questions.values()
    else:
        head = TEXTS.text("protocol.worked", report=source(report))
        answers = [(questions[key], answer) for key, answer in _answers(report).items()]
        body = TEXTS.pane("worked", head=head, answers=answers)
        told = (f"{question} {answer.striptags()}" for question, answer in answers)
    return Fragment(body, "\n".join([head, *(f"{n}. {line}" for n, line in enumerate(told, 1))]))
