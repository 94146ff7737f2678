"""Trade and its target, and the sums that the reports invite: explorers and charts of lesson 06."""

import math
from itertools import groupby, pairwise
from typing import Any

import pandas as pd

from ...charts import ACCENT, INK, LINE, SOFT, VIOLET, WARM, Forms, Later, in_years
from ...content import Content, capital, records
from ...explorer import Explorer
from ...ledger import claim, derived
from ...markup import Fragment, month, piece
from ...tables import trade

__all__ = ("trade_chart", "counts_by_side", "members_trade_chart", "sum_explorer", "work_out")

TEXTS = Content("lesson06")


def _trade(among: str) -> pd.DataFrame:
    """The rows of `trade()` on this, each with its figure as it was said, as `amount`: more than 10; 5.3."""
    rows = trade().query("among == @among")
    return rows.assign(amount=[f"{row.bound} {row.billion:g}".strip() for row in rows.itertuples()])


def _draw_targets(axes: Later, targets: pd.DataFrame, end: float, slim: bool) -> None:
    """Each target from the day it was named to the next; named again, it goes on."""
    days = [*(in_years(day, middle=True) for day in pd.to_datetime(targets["said"])), end]
    steps = zip(targets.itertuples(), pairwise(days), strict=True)
    for n, (billion, same) in enumerate(groupby(steps, lambda step: step[0].billion)):
        rows, spans = zip(*same, strict=True)
        start = spans[0][0]
        axes.plot([start, spans[-1][1]], [billion] * 2, color=VIOLET, linewidth=2.2)
        label = TEXTS.text("trade.target", years=[row.said[:4] for row in rows], billion=billion)
        if n == 0:  # left of the first there is no room
            axes.text(start, billion + 0.25, label, color=VIOLET, fontsize=11 if slim else 13)
        else:  # left of its line; where there is little room, lower, for another may end there
            height, va = (billion - 0.25, "top") if slim else (billion, "center")
            axes.text(start - 0.1, height, label, color=VIOLET, ha="right", va=va)


def _draw_kazakh(axes: Later, rows: pd.DataFrame) -> None:
    """Circles, joined where the years are neighbours: what lies between others is not on record."""
    for a, b in pairwise(rows.itertuples()):
        if b.year == a.year + 1:
            axes.plot([a.year, b.year], [a.billion, b.billion], color=ACCENT, linewidth=2.2)
    for n, row in enumerate(rows.itertuples()):
        axes.plot(row.year, row.billion, "o", color=ACCENT, markersize=8)
        label = row.amount + f"\n{TEXTS.text('trade.kazakh')}" * (n == 0)
        axes.text(row.year, row.billion - 0.4, label, color=ACCENT, ha="center", va="top")


def _draw_turkish(axes: Later, rows: pd.DataFrame) -> None:
    """Diamonds, empty where a sum was only expected."""
    for n, row in enumerate(rows.itertuples()):
        expected = row.kind == "expectation"
        face = "none" if expected else WARM
        axes.plot(row.year, row.billion, "D", color=WARM, markerfacecolor=face, markersize=8, markeredgewidth=1.8)
        if expected:
            axes.text(row.year + 0.2, row.billion, f"{row.amount}\nexpected", color=WARM, va="center")
        else:
            label = f"{TEXTS.text('trade.turkish')}\n" * (n == 0) + row.amount
            axes.text(row.year, row.billion + 0.5, label, color=WARM, ha="center")


def trade_chart() -> Fragment:
    """Trade between Kazakhstan and Türkiye by year, in two series by whose figures they are, and the targets for it.

    Facts: `trade()`.
    """
    rows = _trade("Kazakhstan and Türkiye")
    targets, sums = rows[rows["kind"] == "target"], rows[rows["kind"] != "target"].sort_values("year")
    kazakh, turkish = sums[sums["side"] == "Kazakh"], sums[sums["side"] == "Turkish"]
    first, last = min(int(sums["year"].min()), int(targets["said"].min()[:4])), int(sums["year"].max())
    for _, axes, slim in (forms := Forms(5, 5.6)):
        for year, both in sums.groupby("year")["billion"]:
            axes.plot([year] * len(both), both, color=LINE, linewidth=6)  # how far apart the two sides are
        _draw_targets(axes, targets, last + 0.9, slim)
        _draw_kazakh(axes, kazakh)
        _draw_turkish(axes, turkish)
        years = range(first, last + 1, (1 if last - first < 10 else 2) * (2 if slim else 1))
        most = targets["billion"].max()
        axes.set(xlim=(first - 0.8, last + 0.9), xticks=years, ylabel="billion US dollars")
        axes.set(ylim=(0, most + 1), yticks=range(0, int(most) + 1, 5))
    names = {"kazakh": _series(kazakh), "turkish": _series(turkish), "highest": kazakh.loc[kazakh["billion"].idxmax()]}
    billions = [f"{billion:g}" for billion, _ in groupby(targets["billion"])]
    return TEXTS.chart("trade", forms, _listed(rows), targets=billions, named=records(targets), **names)


def _series(rows: pd.DataFrame) -> str:
    """2021 4.1, 2022 6.3"""
    return ", ".join(f"{r.year} {r.amount}{' expected' * (r.kind == 'expectation')}" for r in rows.itertuples())


def _listed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `trade()` for people to read."""
    years = ["none stated" if pd.isna(year) else str(year) for year in rows["year"]]
    listed = rows.assign(said=rows["said"].map(month), for_year=years)
    listed = listed.rename(columns={"kind": "what", "amount": "billion_US_dollars"})
    return listed[["said", "who", "what", "for_year", "billion_US_dollars", "claims"]]


def counts_by_side() -> pd.DataFrame:
    """The trade of Kazakhstan and Türkiye, as it was counted.

    Columns: year (the index), Kazakh and Turkish (whose figure it is, in billion US dollars), and Kazakh_growth (percent
    over the year before); a figure that is not on record is missing. Turkish_is: the word that keeps the Turkish figure
    open, such as more than. Facts: `trade()`.
    """
    counted = _trade("Kazakhstan and Türkiye").query("kind == 'count'")
    sides = counted.pivot(index="year", columns="side", values="billion")
    growth = (sides["Kazakh"].pct_change(fill_method=None) * 100).round(1)
    bounds = counted.query("side == 'Turkish'").set_index("year")["bound"]
    return sides.assign(Turkish_is=bounds.reindex(sides.index, fill_value=""), Kazakh_growth=growth)


def members_trade_chart() -> Fragment:
    """What was said of the trade among OTS members, one figure a line, with who said it and when.

    Facts: `trade()`. A figure for which no year is stated has an empty mark.
    """
    rows = _trade("OTS members")
    colours = dict(zip(sorted(rows["year"].dropna().unique()), (SOFT, ACCENT, WARM, VIOLET), strict=False))
    for _, axes, slim in (forms := Forms(4.4, 5.6)):
        for height, row in enumerate(rows[::-1].itertuples()):
            colour = colours.get(row.year, INK)
            face = "none" if pd.isna(row.year) else colour
            axes.plot([0, row.billion], [height] * 2, color=LINE, linewidth=2, zorder=0)
            axes.plot(row.billion, height, "o", color=colour, markersize=10, markerfacecolor=face, markeredgewidth=2)
            about = "no year stated" if pd.isna(row.year) else f"for {row.year}"
            axes.text(row.billion + (2.8 if slim else 1.6), height, f"{row.amount}, {about}", color=colour, va="center")
        names = [f"{capital(row.who)}{', ' if slim else chr(10)}{month(row.said)}" for row in rows[::-1].itertuples()]
        axes.set(yticks=range(len(rows)), yticklabels=[] if slim else names)
        for height, name in enumerate(names if slim else []):  # over its line, where there is no room beside it
            axes.text(0, height + 0.25, name, va="bottom", fontsize=12)
        most = rows["billion"].max()
        axes.set(ylim=(-0.6, len(rows) - 0.4 + 0.3 * slim), xlim=(0, most * (1.75 if slim else 1.5)))
        axes.set(xticks=range(0, int(most) + 10, 10), xlabel="billion US dollars")
    several = rows.groupby("year")["billion"].agg(["min", "max", "size"]).query("size > 1")
    return TEXTS.chart("members-trade", forms, _listed(rows), rows=records(rows), several=records(several))


def years_to(target: float, start: float, percent: float) -> int:
    """After how many whole years of this growth, in percent a year, `start` has reached `target`."""
    return max(0, math.ceil(math.log(target / start) / math.log(1 + percent / 100)))


def _worked_out() -> dict[str, Any]:
    """The figures of the sums by the names that their texts use: those of claims, as the lesson's shown.toml names them, and
    what follows from these. Trade and output are in billion US dollars, investment in million, growth in percent a year.
    """
    named = TEXTS.texts("sums.claims")
    found = {name: [claim(i).value for i in ids] for name, ids in named.items()}
    found = {name: values if len(values) > 1 else values[0] for name, values in found.items()}
    target, then, growth, ahead, after = (found[name] for name in ("target", "then", "growth", "ahead", "after"))
    rate, total = 1 + growth / 100, found["invested"] * 1000
    average = total / found["years"]
    return found | {
        "rate": rate, "year": int(claim("S2-16").as_of), "before": f"{derived('S2-62'):.2f} billion",
        "steps": [then * rate**n for n in range(1, years_to(target, then, growth) + 1)],
        "years_to": years_to,
        "paces": (5, 10, 20, 40),  # percent a year: our own assumptions, from slow to fast
        "total": f"{total:,.0f}", "average": f"{average:,.1f}", "times_average": found["one_year"] / average,
        "share": f"{derived('S2-65'):.0f} percent", "rise": f"{(after / ahead - 1) * 100:.0f} percent",
    }  # fmt: skip


def sum_explorer() -> Explorer:
    """Sum by sum: a statement of a report, the arithmetic on it, what follows from that and what does not.

    Facts: the claims that each state names; every result is worked out from their figures.
    """
    return TEXTS.explorer("sums", TEXTS.texts("sums.each", **_worked_out()))


def work_out(*names: str) -> Fragment:
    """The bare arithmetic of one sum or several, a step a line, by their names in shown.toml, such as "before"."""
    each = TEXTS.texts("sums.each", **_worked_out()) | TEXTS.texts("sums.more", **_worked_out())
    lines = [line for name in names for line in each[name]["working"].strip().splitlines()]
    return Fragment(piece("working", lines=lines), "\n".join(lines))
