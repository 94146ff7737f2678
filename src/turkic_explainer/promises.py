"""Promise and outcome side by side, each with its date and its source: explorer, timeline and chart of lesson 05.

A promise is here whatever a report says of an initiative: that it is done, under way, supported, proposed or wished.
The outcome is what a background record found. It has a date of its own, sometimes an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from .charts import ACCENT, INK, LINE, SOFT, WARM, chart, drawing
from .content import ids
from .explorer import Explorer
from .ledger import CONFIDENCE_WORDS, Claim, claim, sources
from .markup import Fragment, Markup, long_date, spelled, table
from .paper import task
from .tables import initiatives, priorities, steps
from .wording import WORDINGS, ball, told_by

STATUSES = {  # what a record found, from working to nothing: how it is told, and what that means
    "exists": ("Exists", "A record finds it in being."),
    "happened": ("Happened", "A record says that it took place. Of a figure it does not say that it is right."),
    "under way": ("Under way", "Something was done for it, and it is not finished."),
    "agreed, not yet working": ("Agreed, not yet working", "It was signed or agreed on, and no record shows it at work."),
    "proposed only": ("Still only proposed", "Later sources speak of it as a plan, or have no sign that there is more."),
    "not found": ("Nothing found", "It was looked for, and no source was found. That tells of the search, not of the thing."),
}  # fmt: skip
_MARKS = {  # a ball stands for words, as for the wording itself; a square or a diamond stands for deeds
    "exists": '<path class="tx-full" d="M-6-6H6V6H-6z"/>',
    "happened": '<path class="tx-full" d="M0-7.5 7.5 0 0 7.5-7.5 0z"/>',
    "under way": '<path d="M-6-6H6V6H-6z"/><path class="tx-full" d="M-6 0H6V6H-6z"/>',
    "agreed, not yet working": '<path d="M-6-6H6V6H-6z"/>',
    "proposed only": '<circle r="6"/><path class="tx-full" d="M0 0V-6A6 6 0 0 1 6 0z"/>',
    "not found": '<circle r="6.5" stroke-dasharray="2.5 2"/><path d="M-2-2C-2-5 2.5-4.5 2-1.5L0 .5V1.5M0 3V4"/>',
}
_TOLD = {"done": "told as done", "under way": "told as under way"}  # the other wordings are verbs of telling already
_TELLING = {  # which kinds of claim carry such a wording, where a paragraph has several claims
    "done": ("event", "institution", "figure"),
    "under way": ("plan", "event", "figure"),
    "supported": (),
    "proposed": ("proposal",),
    "wished": ("proposal", "plan", "figure"),
}


# --- one promise and its outcome -----------------------------------------------------------------------------------


def mark(status: str) -> Markup:
    """The mark of what a record found: another form for each status."""
    return Markup('<svg class="tx-key tx-found" viewBox="-8 -8 16 16" aria-hidden="true">{}</svg>').format(
        Markup(_MARKS[status])
    )


def promise(row) -> Claim:
    """The claim in which the report says it, out of those that the row cites."""
    record = claim(row.outcome).data
    place = record["report"], record["paragraph"]
    there = [c for c in map(claim, row.claims) if (c.source, str(c.paragraph)) == place]
    fitting = (c for kind in _TELLING[row.wording] for c in there if c.kind == kind)
    return next(fitting, there[0])


def found_when(row) -> str:
    """as of 27 May 2025; already as of 2 October 2025, before the report; nothing where nothing was found."""
    if not isinstance(row.as_of, str):
        return ""
    said = row.said.date().isoformat()[: len(row.as_of)]
    if row.as_of < said:
        return f"already as of {spelled(row.as_of)}, before the report"
    return f"as of {spelled(row.as_of)}" + ", the day of the report" * (row.as_of == said and len(said) == 10)


def _pair(row) -> Markup:
    """What a report says and what a record found, beside each other."""
    report, said = told_by(row), promise(row)
    others = [s for s in row.reports if s != report.id]
    differ = Markup(' <span class="tx-tag">sources disagree</span>') if row.confidence == "contested" else ""
    return Markup(
        '<div class="tx-promise"><p class="tx-name">{}</p>'
        '<div><p>{}<strong>{}</strong> in {}, {}</p><p>{}</p><p class="tx-soft">{}{}</p></div>'
        '<div><p>{}<strong>{}</strong> {}{}</p><p>{}</p><p class="tx-soft">{}: {}</p></div></div>'
    ).format(
        row.name,
        ball(row.wording), _TOLD.get(row.wording, row.wording), report.id, long_date(report.date), said.says,
        ids(row.claims), f"; also in {' and '.join(others)}" * bool(others),
        mark(row.status), STATUSES[row.status][0], found_when(row), differ, row.found,
        ids((row.outcome,)), CONFIDENCE_WORDS[row.confidence],
    )  # fmt: skip


def _pairs(rows: pd.DataFrame) -> Markup:
    return Markup("").join(map(_pair, rows.itertuples()))


def side_by_side(*keys: str) -> Fragment:
    """These initiatives, each with what a report says of it and what a background record found, both dated.

    `keys` as in `initiatives()`, the facts from there. Raises KeyError for a key that is not in that table.
    """
    rows = initiatives().loc[list(keys)]
    told = [
        f"{row.name}: {row.wording} in {told_by(row).id}, {long_date(row.said)}; "
        f"{' '.join(filter(None, (STATUSES[row.status][0].lower(), found_when(row))))} ({row.outcome}). {row.found}"
        for row in rows.itertuples()
    ]
    return Fragment(_pairs(rows), "\n".join(told))


# --- the explorer --------------------------------------------------------------------------------------------------


def _tally(statuses: pd.Series) -> str:
    """Exists 2, happened 7, nothing found 1"""
    counts = statuses.value_counts()
    return ", ".join(f"{label.lower()} {counts[s]}" for s, (label, _) in STATUSES.items() if s in counts).capitalize()


def _by_report(rows: pd.DataFrame) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    """State, label, what it is about, and its rows."""
    for report, day in sources()["date"].sort_values().items():
        here = rows[[told_by(row).id == report for row in rows.itertuples()]]
        yield report, f"{report}, {long_date(day)}", f"{_tally(here['status'])}.", here


def _by_outcome(rows: pd.DataFrame) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    for number, (status, (label, meaning)) in enumerate(STATUSES.items(), 1):
        yield f"found-{number}", label, meaning, rows[rows["status"] == status]


def _by_field(rows: pd.DataFrame) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    words = {word: word for word in priorities()["word"]} | {"none": "none of the eight"}
    for number, (word, label) in enumerate(words.items(), 1):
        here = rows[rows["priority"] == word]
        yield f"field-{number}", label, f"{_tally(here['status'])}. Filed here by us and by no report.", here


def promise_explorer() -> Explorer:
    """Every initiative as a pair of promise and outcome, to be looked up by report, by outcome or by field.

    One state for each report, for each status and for each of the eight words of TURKTIME, and one for what fits none
    of them. Each initiative stands once under each of the three headings. By field, because that is how a reader with a
    subject searches; how the kinds of initiatives fare is better read from counts, which lesson 05 makes with pandas.
    Paper shows the first heading alone, which has them all. Facts: `initiatives()`, `priorities()`, `sources()`.
    """
    rows = initiatives().sort_values(["said", "outcome"])
    groups = {
        "By report, the oldest first": [*_by_report(rows)],
        "By what a record found": [*_by_outcome(rows)],
        "By field: the eight words of TURKTIME, filed by us": [*_by_field(rows)],
    }
    states = {state: rest for found in groups.values() for state, *rest in found}

    def show(state: str) -> Markup:
        label, about, here = states[state]
        return Markup('<p class="tx-state">{}: {} of {}</p><p class="tx-soft">{}</p>{}').format(
            label, len(here), len(rows), about, _pairs(here)
        )

    return Explorer(
        "promises",
        f"{len(rows)} promises, and what was found",
        tuple((state, f"{label} ({len(here)})") for state, (label, _, here) in states.items()),
        show,
        start=next(iter(states)),
        groups={found[0][0]: heading for heading, found in groups.items()},
    )


# --- how firm the wording is ---------------------------------------------------------------------------------------

_BARS = {  # the softer the wording, the emptier the bar
    "done": {"facecolor": ACCENT, "edgecolor": ACCENT},
    "under way": {"facecolor": "none", "edgecolor": ACCENT, "hatch": "////"},
    "supported": {"facecolor": "none", "edgecolor": WARM, "hatch": ".."},
    "proposed": {"facecolor": "none", "edgecolor": WARM},
    "wished": {"facecolor": "none", "edgecolor": WARM, "linestyle": (0, (2, 2))},
}
_REAL = ("done", "under way")


def _wordings() -> pd.DataFrame:
    """How many initiatives each report words in which way, the oldest report first."""
    rows = initiatives()
    reports = pd.Series([told_by(row).id for row in rows.itertuples()], rows.index, name="report")
    order = sources()["date"].sort_values().index
    return pd.crosstab(reports, rows["wording"]).reindex(index=order, columns=WORDINGS, fill_value=0)


def _listed(counts: pd.Series) -> str:
    return ", ".join(f"{n} {wording}" for wording, n in counts.items() if n)


def wording_chart() -> Fragment:
    """How firm the wording is, report by report: to the left what is told as real, to the right all else.

    Facts: `initiatives()` and `sources()`. Wording is a report's; what came of it is another question.
    """
    counts, days = _wordings(), sources()["date"]
    every, real = counts.sum(axis=1), counts[[*_REAL]].sum(axis=1)
    with drawing(9, 5.2) as (figure, axes):
        for height, (report, row) in enumerate(counts[::-1].iterrows()):
            left = -real[report]
            for wording, n in row[row > 0].items():
                axes.barh(height, n - 0.08, 0.5, left + 0.04, linewidth=1.6, **_BARS[wording])
                left += n
            below = {"y": height - 0.34, "va": "top"}
            axes.text(-0.15, s=_listed(row[[*_REAL]]), ha="right", color=ACCENT, **below)
            axes.text(0.15, s=_listed(row.drop([*_REAL])), color=WARM, **below)
        axes.axvline(0, color=SOFT, linewidth=1.2)
        top = len(counts) - 0.45
        axes.text(-0.15, top, "told as real", ha="right", color=ACCENT, fontweight="bold")
        axes.text(0.15, top, "supported, proposed or wished", color=WARM, fontweight="bold")
        axes.set_yticks(range(len(counts)), [f"{s}  {days[s]:%B %Y}" for s in counts.index[::-1]])
        axes.set_ylim(-0.75, top + 0.3)
        axes.set_xlim(-real.max() - 0.6, (every - real).max() + 0.6)
        axes.set_xticks([])
        axes.spines[:].set_visible(False)
    plans, praise = ((counts[wording] / every).idxmax() for wording in ("proposed", "done"))
    caption = (
        "Each bar is a report, the oldest on top. The emptier a part, the softer the wording. Most of what "
        f"{plans} has is proposed: {counts.loc[plans, 'proposed']} of {every[plans]}. Most of what {praise} has is told as "
        f"done: {counts.loc[praise, 'done']} of {every[praise]}. The chart shows words. Whether a thing is there today, it "
        "does not say."
    )
    alt = "How the reports word their initiatives. " + " ".join(
        f"{s}, {days[s]:%B %Y}: {_listed(row)}." for s, row in counts.iterrows()
    )
    rows = table(counts.assign(all=every), "Initiatives by report and wording")
    return chart("wording", figure, caption, alt, rows)


# --- step by step --------------------------------------------------------------------------------------------------

_DRAWN = {  # marker, colour and fill of each status; a proposal has a quarter more, not found a mark of its own
    "proposed": ("o", ACCENT, "none"),
    "told as done": ("o", ACCENT, "full"),
    "signed": ("s", INK, "none"),
    "under way": ("s", INK, "bottom"),
    "working": ("s", INK, "full"),
    "held": ("D", INK, "full"),
    "elsewhere": ("x", SOFT, "full"),
}
_STEPS_TOLD = {"proposed": "proposed or announced", "signed": "signed or agreed", "elsewhere": "held elsewhere"}
_LETTER = 0.054  # about how many years wide a letter is


def _year(day: pd.Timestamp) -> float:
    return day.year + (day.day_of_year - 1) / 366


def _beside(marks: list[tuple[float, str]], left: float, right: float) -> list[tuple[str, str, float]]:
    """For each mark of a line where its label finds room: above or below, how it is aligned, and at which point.

    Marks are points in time with their labels; all widths are in years, as the axis is.
    """
    taken: dict[str, list[tuple[float, float]]] = {"above": [], "below": []}
    found = []
    for at, label in marks:
        width = len(label) * _LETTER
        starts = {
            "center": (at, at - width / 2),
            "left": (at - 0.06, at - 0.06),
            "right": (at + 0.06, at + 0.06 - width),
        }
        free = [
            (side, align, anchor, start)
            for align, (anchor, start) in starts.items() if left <= start and start + width <= right
            for side, others in taken.items() if all(start + width < a or b < start for a, b in others)
        ]  # fmt: skip
        side, align, anchor, start = free[0] if free else ("above", "center", at, at - width / 2)
        taken[side].append((start - 0.08, start + width + 0.08))
        found.append((side, align, anchor))
    return found


def _draw_step(axes, at: float, height: float, status: str) -> None:
    from matplotlib.path import Path

    if status == "not found":
        ring = {"boxstyle": "circle,pad=0.15", "facecolor": "none", "edgecolor": WARM, "linestyle": (0, (2, 1.5))}
        axes.text(at, height, "?", color=WARM, ha="center", va="center", fontsize=10, fontweight="bold", bbox=ring)
        return
    marker, colour, fill = _DRAWN[status]
    axes.plot(
        at, height, marker, color=colour, markersize=8 if marker == "D" else 9.5, fillstyle=fill,
        markerfacecoloralt="none", markeredgecolor=colour, markeredgewidth=1.8,
    )  # fmt: skip
    if status == "proposed":
        axes.plot(at, height, marker=Path.wedge(0, 90), color=colour, markersize=9.5, markeredgewidth=0)


def promise_timeline() -> Fragment:
    """The way of a few initiatives, step by step, from the first word of each to the newest record.

    Facts: `steps()`, the names from `initiatives()`, the upright lines from `sources()`.
    """
    rows, names, days = steps(), initiatives()["name"], sources()["date"].sort_values()
    lines = [*rows.groupby("initiative", sort=False)]
    left, right = rows["at"].min().year - 0.1, _year(rows["at"].max()) + 0.5
    with drawing(9, 1.02 * len(lines) + 0.6) as (figure, axes):
        for report, day in days.items():
            axes.axvline(_year(day), color=LINE, linewidth=1.2, zorder=0)
            axes.annotate(report, (_year(day), 1.01), xycoords=("data", "axes fraction"), ha="center", color=SOFT)
        for height, (key, found) in zip(range(len(lines))[::-1], lines, strict=True):
            at = found["at"].map(_year)
            axes.text(left, height + 0.46, names[key], fontweight="bold", va="center")
            for one, other in pairwise(at):  # with room around each mark, so that an empty one is seen to be empty
                stretch = [one + 0.07, max(other - 0.07, one + 0.07)]
                axes.plot(stretch, [height] * 2, color=LINE, linewidth=3, solid_capstyle="butt")
            places = _beside([*zip(at, found["label"], strict=True)], left, right)
            for x, row, (side, align, anchor) in zip(at, found.itertuples(), places, strict=True):
                _draw_step(axes, x, height, row.status)
                up, va = (0.14, "bottom") if side == "above" else (-0.14, "top")
                axes.text(anchor, height + up, row.label, fontsize=11.5, ha=align, va=va)
        axes.set_xlim(left - 0.05, right)
        axes.set_ylim(-0.5, len(lines) - 0.3)
        axes.set_xticks(range(int(left) + 1, int(right) + 1))
        axes.set_yticks([])
    told = rows.assign(
        initiative=rows["initiative"].map(names),
        when=rows["day"].map(spelled),
        what=rows["status"].replace(_STEPS_TOLD),
    )[["initiative", "when", "what", "step", "claims"]]
    working = rows["status"].isin(["working", "held"]).groupby(rows["initiative"]).any().sum()
    caption = (
        "A ball stands for words: a quarter full where a thing is proposed, full where it is told as done. A square stands "
        "for deeds: empty when signed, half full when under way, full when it works. A diamond is a meeting that was held, "
        "a cross one that was held elsewhere, a question mark something looked for and not found. The upright lines are "
        f"the five reports. {working} of the {len(lines)} lines reach a full square or a diamond."
    )
    alt = " ".join(
        f"{names[key]}: {', '.join(f'{spelled(r.day)} {r.label} ({r.status})' for r in found.itertuples())}."
        for key, found in lines
    )
    return chart("steps", figure, caption, alt, table(told, "The same steps in words", index=False))


# --- on paper ------------------------------------------------------------------------------------------------------


def outcome_sheet(report: str) -> Fragment:
    """For paper: what a report proposes, with a box to tick for what was found later, and a key with each outcome.

    Facts: the rows of `initiatives()` that this report words as proposed. Raises ValueError where it proposes nothing.
    """
    found = initiatives()
    rows = found[[row.wording == "proposed" and told_by(row).id == report for row in found.itertuples()]]
    if rows.empty:
        raise ValueError(f"{report} proposes nothing that stands in initiatives().")
    labels = {status: label for status, (label, _) in STATUSES.items()}
    sheet = pd.DataFrame({"proposed": rows["name"]} | {label: "☐" for label in labels.values()})
    to_do = "Tick one box in each row, first with a pencil. Then look up what the background records found, and correct it."
    title = f"What came of {len(rows)} proposals in {report}, {long_date(told_by(rows.iloc[0]).date)}?"
    told = Markup("").join(
        Markup("<li><strong>{}</strong>: {}. {}</li>").format(
            row.name, " ".join(filter(None, (labels[row.status].lower(), found_when(row)))), row.found
        )
        for row in rows.itertuples()
    )
    return task(
        title,
        to_do,
        Markup('<div class="tx-grid tx-ticks">{}</div>').format(table(sheet, "Proposals and outcomes", index=False)),
        Markup('<ul class="tx-told">{}</ul>').format(told),
        "\n".join(f"  {name}" for name in rows["name"]),
    )
