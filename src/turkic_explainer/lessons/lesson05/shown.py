"""Promise and outcome side by side, each with its date and its source: explorer, timeline and chart of lesson 05.

A promise is here whatever a report says of an initiative: that it is done, under way, supported, proposed or wished.
The outcome is what a background record found. It has a date of its own, sometimes an earlier one.
"""

from collections.abc import Mapping
from itertools import pairwise
from textwrap import fill
from typing import Any

import pandas as pd

from ...charts import ACCENT, INK, LINE, SOFT, WARM, Forms, in_years, wedge
from ...content import Content, records
from ...explorer import Explorer
from ...ledger import Claim, source, sources
from ...markup import Fragment, long_date, spelled, table, task
from ...tables import initiatives, steps
from ...validate import DataError, Unknown
from ...wording import WORDINGS, ball, claims_in_report

__all__ = ("promise_explorer", "promise_timeline", "side_by_side", "wording_chart", "outcome_sheet")


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


TEXTS = Content("lesson05", ball=ball, found_when=found_when, promise=promise)


def side_by_side(*keys: str) -> Fragment:
    """These initiatives, each with what a report says of it and what a background record found, both dated.

    `keys` as in `initiatives()`, the facts from there. Raises Unknown for a key that is not in that table.
    """
    for lost in [key for key in keys if key not in initiatives().index]:
        raise Unknown("initiative", lost, initiatives().index)
    rows = [*initiatives().loc[list(keys)].itertuples()]
    lines = [TEXTS.text("side-by-side.line", row=row, report=source(row.report)) for row in rows]
    return Fragment(TEXTS.pane("pairs", rows=rows), "\n".join(lines))


def promise_explorer() -> Explorer:
    """Every initiative as a pair of promise and outcome, to be looked up by report or by outcome.

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
            here = [*rows[rows[column] == value].itertuples()]
            about = {"column": column, "value": value, "name": name, "rows": here, "all": len(rows)}
            state = {"label": f"{name} ({len(here)})", "group": heading, **about}
            states[value if column == "report" else f"found-{number}"] = state
    return TEXTS.explorer("promises", states, rows=rows)


_BARS = {  # the softer the wording, the emptier the bar
    "done": {"facecolor": ACCENT, "edgecolor": ACCENT},
    "under way": {"facecolor": "none", "edgecolor": ACCENT, "hatch": "////"},
    "announced": {"facecolor": "none", "edgecolor": WARM, "hatch": "////"},
    "supported": {"facecolor": "none", "edgecolor": WARM, "hatch": "--"},
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
    for _, axes, slim in (forms := Forms(5.2, 7.4)):
        thick = 0.36 if slim else 0.5  # on a phone three lines stand below a bar
        for height, (report, row) in enumerate(counts[::-1].iterrows()):
            left = -real[report]
            for wording, n in row[row > 0].items():
                axes.barh(height, n - 0.08, thick, left + 0.04, linewidth=1.6, **_BARS[wording])
                left += n
            below = {"y": height - thick / 2 - 0.05, "va": "top"}
            sides = (row[[*_REAL]], 11), (row.drop([*_REAL]), 24)  # with how many letters a line there is room for
            real_said, other_said = (fill(_listed(side), room if slim else 99) for side, room in sides)
            axes.text(-0.15, s=real_said, ha="right", color=ACCENT, **below)
            axes.text(0.15, s=other_said, color=WARM, **below)
        axes.axvline(0, color=SOFT, linewidth=1.2)
        top = len(counts) - 0.45
        axes.text(-0.15, top, TEXTS.text("wording.real"), ha="right", color=ACCENT, fontweight="bold")
        axes.text(0.15, top, fill(TEXTS.text("wording.other"), 24 if slim else 99), color=WARM, fontweight="bold")
        names = [f"{s}\n{days[s]:%Y}" if slim else f"{s}  {days[s]:%B %Y}" for s in counts.index[::-1]]
        axes.set(yticks=range(len(counts)), yticklabels=names, ylim=(-0.9, top + 0.45))
        axes.set(xlim=(-real.max() - 0.6, (every - real).max() + 0.6), xticks=[])
        axes.spines["bottom"].set_visible(False)
    listed = counts.assign(all=every).reset_index()
    rows = listed.to_dict("records")
    plans, praise = (max(rows, key=lambda row: row[wording] / row["all"]) for wording in ("proposed", "done"))
    return TEXTS.chart("wording", forms, listed, rows=rows, plans=plans, praise=praise, told=_listed)


_DRAWN = {  # marker, colour and fill of each status; a proposal has a quarter more, not found a mark of its own
    "proposed": ("o", ACCENT, "none"),
    "told as done": ("o", ACCENT, "full"),
    "signed": ("s", INK, "none"),
    "under way": ("s", INK, "bottom"),
    "working": ("s", INK, "full"),
    "held": ("D", INK, "full"),
    "elsewhere": ("x", SOFT, "full"),
}
_LETTER = 0.084  # about how many years wide a letter is


def _beside(marks: list[tuple[float, str]], left: float, right: float, taken: tuple = ()) -> list[tuple] | None:
    """For each mark of a line where its label finds room: above or below, how it is aligned, and at which point; None
    where there is no room for all.

    Marks are points in time with their labels; all widths are in years, as the axis is. `taken`: side, start and end.
    """
    if not marks:
        return []
    (at, label), *others = marks
    width = len(label) * _LETTER
    starts = {"center": (at, at - width / 2), "left": (at - 0.06, at - 0.06), "right": (at + 0.06, at + 0.06 - width)}
    for align, (anchor, start) in starts.items():
        end = start + width
        for side in ("above", "below"):
            free = all(side != there or end < a or b < start for there, a, b in taken)
            if free and left <= start and end <= right:
                rest = _beside(others, left, right, (*taken, (side, start - 0.08, end + 0.08)))
                if rest is not None:
                    return [(side, align, anchor), *rest]
    return None


def _draw_step(axes, at: float, height: float, status: str) -> None:
    if status == "not found":
        ring = {"boxstyle": "circle,pad=0.15", "facecolor": "none", "edgecolor": WARM, "linestyle": (0, (2, 1.5))}
        axes.text(at, height, "?", color=WARM, ha="center", va="center", fontsize=10, fontweight="bold", bbox=ring)
        return
    marker, colour, fill = _DRAWN[status]
    look = {"color": colour, "markersize": 8 if marker == "D" else 9.5, "markeredgecolor": colour}
    axes.plot(at, height, marker, fillstyle=fill, markerfacecoloralt="none", markeredgewidth=1.8, **look)
    if status == "proposed":
        axes.plot(at, height, marker=wedge(axes, 0, 90), color=colour, markersize=9.5, markeredgewidth=0)


def _listed_steps(axes, lines: list) -> None:
    """Where there is little room: each initiative's name, and under it a row for each step."""
    depth = 0.0
    for name, found in lines:
        axes.text(0, depth, name, fontweight="bold", va="center")
        depth += 1
        axes.plot([0.4, 0.4], [depth, depth + len(found) - 1], color=LINE, linewidth=3, zorder=0)
        for row in found.itertuples():
            _draw_step(axes, 0.4, depth, row.status)
            axes.text(0.9, depth, f"{spelled(row.day)}: {row.label}", va="center")
            depth += 1
        depth += 0.4
    axes.set(xlim=(-0.1, 10), ylim=(depth - 0.4, -0.6))
    axes.set_axis_off()


def promise_timeline() -> Fragment:
    """The way of a few initiatives, step by step, from the first word of each to the newest record.

    Facts: `steps()`, the names from `initiatives()`, the upright lines from `sources()`.
    """
    rows, names, days = steps(), initiatives()["name"], sources()["date"].sort_values()
    lines = [*rows.groupby("initiative", sort=False)]
    left, right = rows["at"].min().year - 0.1, in_years(rows["at"].max()) + 1.2
    for _, axes, slim in (forms := Forms(0.6 * len(lines) + 0.4, 0.3 * (len(rows) + 1.4 * len(lines)))):
        if slim:
            _listed_steps(axes, [(names[key], found) for key, found in lines])
            continue
        for report, day in days.items():
            axes.axvline(in_years(day), color=LINE, linewidth=1.2, zorder=0)
            axes.annotate(report, (in_years(day), 1.01), xycoords=("data", "axes fraction"), ha="center", color=SOFT)
        for height, (key, found) in zip(range(len(lines))[::-1], lines, strict=True):
            at = found["at"].map(in_years)
            axes.text(left - 1.5, height, fill(names[key], 21), fontsize=12, fontweight="bold", va="center")
            for one, other in pairwise(at):  # with room around each mark, so that an empty one is seen to be empty
                stretch = [one + 0.07, max(other - 0.07, one + 0.07)]
                axes.plot(stretch, [height] * 2, color=LINE, linewidth=3, solid_capstyle="butt")
            places = _beside([*zip(at, found["label"], strict=True)], left, right)
            if places is None:
                mend = "there is no room on the chart for its steps. Shorten their labels in steps.csv."
                raise DataError([f"{key}: {mend}"])
            for x, row, (side, align, anchor) in zip(at, found.itertuples(), places, strict=True):
                _draw_step(axes, x, height, row.status)
                up, va = (0.18, "bottom") if side == "above" else (-0.18, "top")
                axes.text(anchor, height + up, row.label, fontsize=12, ha=align, va=va)
        axes.set(xlim=(left - 1.55, right), ylim=(-0.5, len(lines) - 0.5))
        axes.set(xticks=range(int(left) + 1, int(right) + 1), yticks=[])
    told = rows["status"].replace(TEXTS.texts("steps.told"))
    listed = rows.assign(initiative=rows["initiative"].map(names), when=rows["day"].map(spelled), what=told)
    listed = listed[["initiative", "when", "what", "step", "claims"]]
    arrived = rows["status"].isin(["working", "held"]).groupby(rows["initiative"]).any().sum()
    named = [(names[key], records(found)) for key, found in lines]
    return TEXTS.chart("steps", forms, listed, lines=named, arrived=arrived)


def outcome_sheet(report: str) -> Fragment:
    """For paper: what a report proposes, with a box to tick for what was found later, and a key with each outcome.

    Facts: the rows of `initiatives()` that this report words as proposed. Raises ValueError where it proposes nothing.
    """
    found = initiatives().query("wording == 'proposed' and report == @report")
    if found.empty:
        raise ValueError(f"{report} proposes nothing that stands in initiatives().")
    rows = [*found.itertuples()]
    boxes = {told["label"]: "☐" for told in TEXTS.texts("statuses").values()}
    sheet = table(pd.DataFrame({"proposed": found["name"]} | boxes), TEXTS.text("sheet.table"), index=False)
    title, told = TEXTS.text("sheet.title", rows=rows, report=source(report)), [f"  {row.name}" for row in rows]
    sheet, key = TEXTS.pane("sheet", sheet=sheet), TEXTS.pane("key", rows=rows)
    return task(title, TEXTS.text("sheet.to-do"), sheet, key, "\n".join(told))
