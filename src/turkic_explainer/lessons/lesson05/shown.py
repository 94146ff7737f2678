"""Promise and outcome side by side, each with its date and its source: explorer, timeline and chart of lesson 05.

A promise is here whatever a report says of an initiative: that it is done, under way, supported, proposed or wished.
The outcome is what a background record found. It has a date of its own, sometimes an earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from ...charts import ACCENT, INK, LINE, SOFT, WARM, drawing, in_years
from ...content import Content, records
from ...explorer import Explorer
from ...ledger import Claim, sources
from ...markup import Fragment, long_date, spelled, table
from ...paper import task
from ...tables import initiatives, steps
from ...validate import Unknown
from ...wording import WORDINGS, ball, claims_in_report, report_of

__all__ = ("promise_explorer", "promise_timeline", "side_by_side", "wording_chart", "outcome_sheet")

# --- one promise and its outcome -----------------------------------------------------------------------------------


def promise(row) -> Claim:
    """The claim in which the report says it, out of those that the row cites."""
    there = claims_in_report(row)
    fitting = (c for kind in TEXTS.texts(f"wordings.{row.wording}.kinds") for c in there if c.kind == kind)
    return next(fitting, there[0])


def found_when(row) -> str:
    """as of 27 May 2025; already as of 2 October 2025, before the report; nothing where nothing was found."""
    if not isinstance(row.as_of, str):
        return ""
    day = row.said.date().isoformat()
    order = "before" if row.as_of < day[: len(row.as_of)] else "same-day" if row.as_of == day else "later"
    return TEXTS.text(f"found-when.{order}", as_of=row.as_of)


TEXTS = Content("lesson05", ball=ball, found_when=found_when, promise=promise, report_of=report_of)


def side_by_side(*keys: str) -> Fragment:
    """These initiatives, each with what a report says of it and what a background record found, both dated.

    `keys` as in `initiatives()`, the facts from there. Raises Unknown for a key that is not in that table.
    """
    for lost in [key for key in keys if key not in initiatives().index]:
        raise Unknown("initiative", lost, initiatives().index)
    rows = [*initiatives().loc[list(keys)].itertuples()]
    lines = [TEXTS.text("side-by-side.line", row=row, report=report_of(row)) for row in rows]
    return Fragment(TEXTS.pane("pairs", rows=rows), "\n".join(lines))


# --- the explorer --------------------------------------------------------------------------------------------------


def promise_explorer() -> Explorer:
    """Every initiative as a pair of promise and outcome, to be looked up by report or by outcome.

    One state for each report and for each status; each initiative stands once under both headings. Under which word of
    TURKTIME it is filed is the matter of lesson 04.
    Paper shows the first heading alone, which has them all. Facts: `initiatives()`, `sources()`.
    """
    rows = initiatives().sort_values(["said", "outcome"])
    labels = {
        "report": {report: f"{report}, {long_date(day)}" for report, day in sources()["date"].sort_values().items()},
        "status": {status: words["label"] for status, words in TEXTS.texts("statuses").items()},
    }
    states = {}
    for column, values in labels.items():
        heading = TEXTS.text(f"promises.headings.{column}")
        for number, (value, name) in enumerate(values.items(), 1):
            state = {"report": value, "status": f"found-{number}"}[column]
            here = [*rows[rows[column] == value].itertuples()]
            about = {"column": column, "value": value, "name": name, "rows": here, "all": len(rows)}
            states[state] = {"label": f"{name} ({len(here)})", "group": heading, **about}
    return TEXTS.explorer("promises", states, rows=rows)


# --- how firm the wording is ---------------------------------------------------------------------------------------

_BARS = {  # the softer the wording, the emptier the bar
    "done": {"facecolor": ACCENT, "edgecolor": ACCENT},
    "under way": {"facecolor": "none", "edgecolor": ACCENT, "hatch": "////"},
    "announced": {"facecolor": "none", "edgecolor": WARM, "hatch": "////"},
    "supported": {"facecolor": "none", "edgecolor": WARM, "hatch": ".."},
    "proposed": {"facecolor": "none", "edgecolor": WARM},
    "wished": {"facecolor": "none", "edgecolor": WARM, "linestyle": (0, (2, 2))},
}
_REAL = ("done", "under way")


def _listed(row: Mapping[str, Any]) -> str:
    """3 done, 2 proposed"""
    return ", ".join(f"{row[wording]} {wording}" for wording in WORDINGS if row.get(wording))


def wording_chart() -> Fragment:
    """How firm the wording is, report by report: to the left what is told as real, to the right all else.

    Facts: `initiatives()` and `sources()`. Wording is a report's; what came of it is another question.
    """
    rows, days = initiatives(), sources()["date"].sort_values()
    counts = pd.crosstab(rows["report"], rows["wording"])
    counts = counts.reindex(index=days.index, columns=WORDINGS, fill_value=0)
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
        axes.text(-0.15, top, TEXTS.text("wording.real"), ha="right", color=ACCENT, fontweight="bold")
        axes.text(0.15, top, TEXTS.text("wording.other"), color=WARM, fontweight="bold")
        axes.set_yticks(range(len(counts)), [f"{s}  {days[s]:%B %Y}" for s in counts.index[::-1]])
        axes.set_ylim(-0.75, top + 0.3)
        axes.set_xlim(-real.max() - 0.6, (every - real).max() + 0.6)
        axes.set_xticks([])
        axes.spines[:].set_visible(False)
    listed = counts.assign(all=every).reset_index()
    rows = listed.to_dict("records")
    plans, praise = (max(rows, key=lambda row: row[wording] / row["all"]) for wording in ("proposed", "done"))
    return TEXTS.chart("wording", figure, listed, rows=rows, plans=plans, praise=praise, told=_listed)


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
_LETTER = 0.054  # about how many years wide a letter is


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
    look = {"color": colour, "markersize": 8 if marker == "D" else 9.5, "markeredgecolor": colour}
    axes.plot(at, height, marker, fillstyle=fill, markerfacecoloralt="none", markeredgewidth=1.8, **look)
    if status == "proposed":
        axes.plot(at, height, marker=Path.wedge(0, 90), color=colour, markersize=9.5, markeredgewidth=0)


def promise_timeline() -> Fragment:
    """The way of a few initiatives, step by step, from the first word of each to the newest record.

    Facts: `steps()`, the names from `initiatives()`, the upright lines from `sources()`.
    """
    rows, names, days = steps(), initiatives()["name"], sources()["date"].sort_values()
    lines = [*rows.groupby("initiative", sort=False)]
    left, right = rows["at"].min().year - 0.1, in_years(rows["at"].max()) + 0.5
    with drawing(9, 1.02 * len(lines) + 0.6) as (figure, axes):
        for report, day in days.items():
            axes.axvline(in_years(day), color=LINE, linewidth=1.2, zorder=0)
            axes.annotate(report, (in_years(day), 1.01), xycoords=("data", "axes fraction"), ha="center", color=SOFT)
        for height, (key, found) in zip(range(len(lines))[::-1], lines, strict=True):
            at = found["at"].map(in_years)
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
    listed = rows.assign(
        initiative=rows["initiative"].map(names),
        when=rows["day"].map(spelled),
        what=rows["status"].replace(TEXTS.texts("steps.told")),
    )[["initiative", "when", "what", "step", "claims"]]
    arrived = rows["status"].isin(["working", "held"]).groupby(rows["initiative"]).any().sum()
    named = [(names[key], records(found)) for key, found in lines]
    return TEXTS.chart("steps", figure, listed, lines=named, arrived=arrived)


# --- on paper ------------------------------------------------------------------------------------------------------


def outcome_sheet(report: str) -> Fragment:
    """For paper: what a report proposes, with a box to tick for what was found later, and a key with each outcome.

    Facts: the rows of `initiatives()` that this report words as proposed. Raises ValueError where it proposes nothing.
    """
    found = initiatives()
    found = found[(found["wording"] == "proposed") & (found["report"] == report)]
    if found.empty:
        raise ValueError(f"{report} proposes nothing that stands in initiatives().")
    rows = [*found.itertuples()]
    boxes = {told["label"]: "☐" for told in TEXTS.texts("statuses").values()}
    sheet = table(pd.DataFrame({"proposed": found["name"]} | boxes), TEXTS.text("sheet.table"), index=False)
    return task(
        TEXTS.text("sheet.title", rows=rows, report=report_of(rows[0])),
        TEXTS.text("sheet.to-do"),
        TEXTS.pane("sheet", sheet=sheet),
        TEXTS.pane("key", rows=rows),
        "\n".join(f"  {row.name}" for row in rows),
    )
