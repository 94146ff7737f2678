"""A visit, trade and its target, and the sums that the reports invite: explorers and charts of lesson 06."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from .charts import ACCENT, INK, LINE, SOFT, VIOLET, WARM, chart, drawing
from .explorer import Explorer
from .ledger import Claim, claim, derived
from .markup import Fragment, Markup, month, table
from .tables import trade

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _figure(row) -> str:
    """more than 10; 5.3"""
    return f"{row.bound} {row.billion:g}".strip()


# --- the visit -----------------------------------------------------------------------------------------------------

_THEMES = {  # state: label, question, the claims of S2, and the one that says what to notice
    "future": (
        "The future", "How sure is each of them of what will come?",
        ("S2-01", "S2-13", "S2-18", "S2-35", "S2-55", "S2-56"), "S2-71",
    ),
    "meeting": (
        "The meeting", "What happened in Ankara?",
        ("S2-04", "S2-11", "S2-12", "S2-06", "S2-03", "S2-32"), "B-146",
    ),
    "friendship": (
        "Friendship", "What is said that cannot be counted?",
        ("S2-07", "S2-08", "S2-09", "S2-10", "S2-54"), "S2-70",
    ),
    "bodies": (
        "Bodies", "Which bodies does each of them name?",
        ("S2-49", "S2-50", "S2-51", "S2-52", "S2-53"), "S2-69",
    ),
    "business": (
        "Business", "What is business told?",
        ("S2-33", "S2-34", "S2-30", "S2-43", "S2-44", "S2-28"), "S2-44",
    ),
    "route": ("The route", "Where does the route run, and for whom?", ("S2-45", "S2-46", "S2-47"), "S2-68"),
}  # fmt: skip


def _theme(question: str, ids: tuple[str, ...], notice: str) -> Markup:
    """What is said on one theme, each speaker's words together."""
    voices: dict[str, Markup] = {}
    for c in map(claim, ids):
        how = {"quoted": ", quoted", "retold": ", retold"}.get(c.voice, "")
        line = Markup('<li>{} <span class="tx-soft">{}{}</span></li>').format(c.says, c.id, how)
        voices[c.speaker] = voices.get(c.speaker, Markup("")) + line
    columns = Markup("").join(
        Markup('<div><p class="tx-who">{}</p><ul>{}</ul></div>').format(f"{who[0].upper()}{who[1:]}", lines)
        for who, lines in voices.items()
    )
    return Markup(
        '<p class="tx-state">{}</p><div class="tx-voices">{}</div>'
        '<p class="tx-right"><strong>Notice:</strong> {} <span class="tx-soft">{}</span></p>'
    ).format(question, columns, _notice(claim(notice)), notice)


def _notice(c: Claim) -> str:
    """What a reading or the background says; of a report's own claim, what to be careful about."""
    return c.says.split("): ", 1)[-1] if c.kind in ("reading", "background") else c.caveat


def visit_explorer() -> Explorer:
    """The visit of May 2022 as S2 tells it: theme by theme, what each of the two presidents and the report itself says.

    Facts: the claims of S2 that each state names.
    """
    return Explorer(
        "visit",
        "What do they speak of?",
        tuple((state, label) for state, (label, *_) in _THEMES.items()),
        lambda state: _theme(*_THEMES[state][1:]),
        start="future",
    )


# --- trade between the two, and its target -------------------------------------------------------------------------


def _middle_of_year(said: str) -> float:
    """Where a date lies on an axis on which a year's label stands in its middle."""
    day = pd.Timestamp(said)
    return day.year + (day.day_of_year - 183) / 366


def _draw_targets(axes: Axes, targets: pd.DataFrame, end: float) -> None:
    """Each target from the day it was named to the next; named again, it goes on."""
    days = [*targets["said"].map(_middle_of_year), end]
    steps = zip(targets.itertuples(), pairwise(days), strict=True)
    for n, (billion, same) in enumerate(groupby(steps, lambda step: step[0].billion)):
        rows, spans = zip(*same, strict=True)
        start = spans[0][0]
        axes.plot([start, spans[-1][1]], [billion] * 2, color=VIOLET, linewidth=2.2)
        label = f"target of {', '.join(row.said[:4] for row in rows)}: {billion:g}"
        if n == 0:  # left of the first there is no room
            axes.text(start, billion + 0.25, label, color=VIOLET)
        else:
            axes.text(start - 0.1, billion, label, color=VIOLET, ha="right", va="center")


def _draw_kazakh(axes: Axes, rows: pd.DataFrame) -> None:
    """Circles, joined where the years are neighbours: what lies between others is not on record."""
    for a, b in pairwise(rows.itertuples()):
        if b.year == a.year + 1:
            axes.plot([a.year, b.year], [a.billion, b.billion], color=ACCENT, linewidth=2.2)
    for n, row in enumerate(rows.itertuples()):
        axes.plot(row.year, row.billion, "o", color=ACCENT, markersize=8)
        label = _figure(row) + "\nKazakh figures" * (n == 0)
        axes.text(row.year, row.billion - 0.4, label, color=ACCENT, ha="center", va="top")


def _draw_turkish(axes: Axes, rows: pd.DataFrame) -> None:
    """Diamonds, empty where a sum was only expected."""
    look = {"color": WARM, "markersize": 8, "markeredgewidth": 1.8}
    for n, row in enumerate(rows.itertuples()):
        if row.kind == "expectation":
            axes.plot(row.year, row.billion, "D", markerfacecolor="none", **look)
            axes.text(row.year + 0.2, row.billion, f"{_figure(row)}\nexpected", color=WARM, va="center")
        else:
            axes.plot(row.year, row.billion, "D", **look)
            label = "Turkish side\n" * (n == 0) + _figure(row)
            axes.text(row.year, row.billion + 0.5, label, color=WARM, ha="center")


def trade_chart() -> Fragment:
    """Trade between Kazakhstan and Türkiye by year, in two series by whose figures they are, and the targets for it.

    Facts: `trade()`.
    """
    rows = trade().query("among == 'Kazakhstan and Türkiye'")
    targets, sums = rows[rows["kind"] == "target"], rows[rows["kind"] != "target"].sort_values("year")
    kazakh, turkish = sums[sums["side"] == "Kazakh"], sums[sums["side"] == "Turkish"]
    first, last = min(int(sums["year"].min()), int(targets["said"].min()[:4])), int(sums["year"].max())
    with drawing():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(9, 5), layout="constrained")
        axes = figure.subplots()
        for year, both in sums.groupby("year")["billion"]:
            axes.plot([year] * len(both), both, color=LINE, linewidth=6)  # how far apart the two sides are
        _draw_targets(axes, targets, last + 0.9)
        _draw_kazakh(axes, kazakh)
        _draw_turkish(axes, turkish)
        axes.set_xlim(first - 0.8, last + 0.9)
        axes.set_xticks(range(first, last + 1, 1 if last - first < 10 else 2))
        axes.set_ylim(0, targets["billion"].max() + 1)
        axes.set_yticks(range(0, int(targets["billion"].max()) + 1, 5))
        axes.set_ylabel("billion US dollars")
        axes.tick_params(length=0)
    highest = kazakh.loc[kazakh["billion"].idxmax()]
    caption = (
        "A circle is a Kazakh figure, a diamond one that the Turkish side named; an empty one was only expected. A "
        "grey bar shows how far apart the two are for one year. Diamonds are not joined: no Turkish series is on "
        f"record. Follow the target, {' to '.join(f'{b:g}' for b, _ in groupby(targets['billion']))} billion, then the circles: "
        f"they are highest in {highest.year}, at {highest.billion:g}."
    )
    alt = (
        f"Trade between Kazakhstan and Türkiye in billion US dollars. Kazakh figures: {_told(kazakh)}. "
        f"Named by the Turkish side: {_told(turkish)}. "
        f"Targets: {', '.join(f'{r.billion:g}, named in {month(r.said)}' for r in targets.itertuples())}."
    )
    listed = table(_listed(rows), "What was said of this trade, in the order in which it was said", index=False)
    return chart("trade", figure, caption, alt, listed)


def _told(rows: pd.DataFrame) -> str:
    """2021 4.1, 2022 6.3"""
    return ", ".join(f"{r.year} {_figure(r)}{' expected' * (r.kind == 'expectation')}" for r in rows.itertuples())


def _listed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `trade()` for people to read."""
    return pd.DataFrame(
        {"said": [month(said) for said in rows["said"]], "who": rows["who"], "what": rows["kind"],
         "for_year": [str(year) if pd.notna(year) else "none stated" for year in rows["year"]],
         "billion_US_dollars": [_figure(row) for row in rows.itertuples()], "claims": rows["claims"]}
    )  # fmt: skip


# --- trade among the members ---------------------------------------------------------------------------------------

_YEAR_COLOURS = (SOFT, ACCENT, WARM, VIOLET)


def members_trade_chart() -> Fragment:
    """What was said of the trade among OTS members, one figure a line, with who said it and when.

    Facts: `trade()`. A figure for which no year is stated has an empty mark.
    """
    rows = trade().query("among == 'OTS members'")
    years = sorted(rows["year"].dropna().unique())
    colours = dict(zip(years, _YEAR_COLOURS, strict=False))
    with drawing():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(9, 4.2), layout="constrained")
        axes = figure.subplots()
        for height, row in enumerate(rows[::-1].itertuples()):
            colour = colours.get(row.year, INK)
            face = "none" if pd.isna(row.year) else colour
            axes.plot([0, row.billion], [height] * 2, color=LINE, linewidth=2, zorder=0)
            axes.plot(row.billion, height, "o", color=colour, markersize=10, markerfacecolor=face, markeredgewidth=2)
            about = "no year stated" if pd.isna(row.year) else f"for {row.year}"
            axes.text(row.billion + 1.6, height, f"{_figure(row)}, {about}", color=colour, va="center")
        names = [f"{row.who[0].upper()}{row.who[1:]}\n{month(row.said)}" for row in rows[::-1].itertuples()]
        axes.set_yticks(range(len(rows)), names)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.set_xlim(0, rows["billion"].max() * 1.5)
        axes.set_xticks(range(0, int(rows["billion"].max()) + 10, 10))
        axes.set_xlabel("billion US dollars")
        axes.tick_params(length=0)
    several = rows.groupby("year")["billion"].agg(["min", "max", "size"]).query("size > 1")
    spans = [f"for {row.Index} from {row.min:g} to {row.max:g}" for row in several.itertuples()]
    caption = (
        f"{len(rows)} figures in the order in which they were said; a colour stands for the year that is spoken of. "
        f"They differ even for one year: {', '.join(spans)} billion US dollars. Nobody says which countries are "
        "counted, or whether a sale counts once or twice."
    )
    alt = "Trade among members of the OTS in billion US dollars, as named by " + "; ".join(
        f"{r.who}, {month(r.said)}: {_figure(r)} {f'for {r.year}' if pd.notna(r.year) else 'without a year'}"
        for r in rows.itertuples()
    )
    listed = table(_listed(rows), "The same figures, with their claims", index=False)
    return chart("members-trade", figure, caption, f"{alt}.", listed)


# --- sum by sum ----------------------------------------------------------------------------------------------------


def years_to(target: float, start: float, percent: float) -> int:
    """After how many whole years of this growth, in percent a year, `start` has reached `target`."""
    return max(0, math.ceil(math.log(target / start) / math.log(1 + percent / 100)))


def _v(claim_id: str) -> Any:
    """The figure of a claim."""
    return claim(claim_id).value


@dataclass(frozen=True)
class Sum:
    """One statement put to the test.

    said     the claims that are tested, shown in full
    working  the arithmetic, a step a line
    follows  what it shows; limit: what it does not show
    others   the claims that `follows` and `limit` rest on
    """

    state: str
    label: str
    head: str
    said: tuple[str, ...]
    working: tuple[str, ...]
    follows: str
    limit: str
    others: tuple[str, ...]

    def pane(self) -> Markup:
        said = Markup("").join(
            Markup('<li>{} <span class="tx-soft">{}</span></li>').format(claim(i).says, i) for i in self.said
        )
        working = Markup("").join(Markup("<p>{}</p>").format(line) for line in self.working)
        return Markup(
            '<p class="tx-state">{}</p><div class="tx-two"><div><ul>{}</ul><div class="tx-working">{}</div></div>'
            '<div><p class="tx-right"><strong>It follows:</strong> {}</p>'
            '<p class="tx-wrong"><strong>It does not follow:</strong> {}</p>'
            '<p class="tx-soft">See also {}</p></div></div>'
        ).format(self.head, said, working, self.follows, self.limit, " ".join(self.others))


_PACES = (5, 10, 20, 40)  # percent a year: our own assumptions, from slow to fast


def _trade_sums() -> list[Sum]:
    target, then, growth, year = _v("S2-15"), _v("S2-16"), _v("S2-17"), int(claim("S2-16").as_of)
    kazakh, kazakh_before, rate = _v("B-186"), _v("B-185"), 1 + growth / 100
    needed, before = years_to(target, then, growth), f"{derived('S2-62'):.2f} billion"
    steps = [f"{year + n}: {then}{f' × {rate:g}' * n} = {then * rate**n:.2f} billion" for n in range(1, needed + 1)]
    ways = [
        f"{pace} percent a year: {years_to(target, then, pace)} years from {then}, "
        f"{years_to(target, kazakh, pace)} from {kazakh}"
        for pace in _PACES
    ]
    return [
        Sum(
            "before", "Year before", "How large was trade in the year before?", ("S2-16", "S2-17"),
            (f"100 percent + {growth} percent = {100 + growth} percent", f"{then} / {rate:g} = {before}"),
            f"If trade rose by {growth} percent to {then} billion, it was about {before} US dollars in {year - 1}.",
            f"That {year - 1} was a usual year. It was a year of pandemic, so the rise starts from there. And the sum "
            f"holds only if both figures come from one count: a Kazakh minister gave {kazakh_before} billion.",
            ("S2-62", "B-185", "B-187"),
        ),
        Sum(
            "pace", "At that pace", "What if trade went on growing like this?", ("S2-15", "S2-18"),
            tuple(steps),
            f"At {growth} percent a year, trade would pass {target} billion in {year + needed}.",
            "That it would go on like this. The report has the growth of one year, a hope, and no target year. "
            f"For 2023 Kazakh figures have {_v('B-189')} billion; Türkiye's ambassador named more than {_v('B-190')}.",
            ("S2-16", "S2-17", "B-189", "B-190"),
        ),
        Sum(
            "slower", "More slowly", "And at a slower pace?", ("S2-15",),
            (f"{target} / {then} = {derived('S2-63'):.1f} times as much",
             f"{target} / {kazakh} = {target / kazakh:.1f} times as much", *ways),
            "The slower the growth and the lower the start, the longer the way. Which side counts decides how long.",
            "When the target is reached. No year was set for it, so nobody can say when it would be missed. And a "
            "target in dollars can also be reached by higher prices.",
            ("S2-16", "S2-63", "B-186"),
        ),
        Sum(
            "counts", "Two counts", f"Which figure for {year} is right?", ("S2-16", "B-186"),
            (f"{then} − {kazakh} = {then - kazakh:.1f} billion apart",
             f"{kazakh} / {kazakh_before} = {kazakh / kazakh_before:.2f}, by Kazakh figures only",
             f"{then} / {kazakh_before} = {then / kazakh_before:.2f}, if the two sides are mixed"),
            "Each growth rate fits the totals of its own side. Mix the sides, and you get a rate that nobody gave.",
            "That one of them is wrong. Two customs services seem not to count alike, and no source spells out why.",
            ("S2-17", "B-185", "B-187", "B-192"),
        ),
    ]  # fmt: skip


def _money_sums() -> list[Sum]:
    total, years, one_year = _v("S2-20") * 1000, _v("S2-21"), _v("S2-26")
    counts = [_v(i) for i in ("S2-36", "S2-38", "S2-40")]
    worth = [_v(i) for i in ("S2-37", "S2-39", "S2-41")]
    each = [f"{w * 1000:,.0f} / {n} = {w * 1000 / n:.0f} million a project" for w, n in zip(worth, counts, strict=True)]
    average, share = total / years, f"{derived('S2-65'):.0f} percent"
    return [
        Sum(
            "spread", "Average year", "What does an average year bring?", ("S2-20", "S2-21"),
            (f"{total:,.0f} million / {years} = {average:,.1f} million a year",
             f"{one_year} / {average:,.1f} = {one_year / average:.1f} times the average"),
            f"Spread evenly, at least {average:,.1f} million US dollars a year. The {one_year} million of 2021 are "
            "more than twice as much.",
            "What any other year brought. An average hides good and bad years, and the total is only a lower bound.",
            ("S2-26", "S2-64"),
        ),
        Sum(
            "share", "Share of 2021", "How large a part of the total is 2021?", ("S2-26", "S2-27"),
            (f"{one_year} / {total:,.0f} = {share}", f"1 / {years} = {100 / years:.0f} percent, an even share"),
            f"If 2021 is among the {years} years, it brought at most {share} of the total.",
            "That it is a record: no earlier year is given. And not everyone counts like this. A review that cites "
            f"Türkiye's central bank has {_v('B-199').replace('-', ' to ')} million a year.",
            ("S2-20", "S2-21", "S2-65", "B-197", "B-199"),
        ),
        Sum(
            "projects", "Projects", "May the projects be added up?", ("S2-36", "S2-38", "S2-40"),
            (f"{' + '.join(map(str, counts))} = {sum(counts)} projects",),
            f"{sum(counts)} projects, if no project stands in two groups.",
            "That no project does. A project that is underway and one at the implementation stage can be the same, "
            "and no list was found.",
            ("S2-66", "B-149", "B-150", "B-151"),
        ),
        Sum(
            "worth", "Their worth", "Can the projects be worth more than the investment?",
            ("S2-37", "S2-39", "S2-41", "S2-20"),
            (f"{' + '.join(f'{w:g}' for w in worth)} = {sum(worth):.1f} billion",
             f"{sum(worth):.1f} − {_v('S2-20')} = {sum(worth) - _v('S2-20'):.1f} billion more",
             *each),
            "The projects are said to be worth more than all that was invested. Those underway are the largest, on "
            "average.",
            "That the report contradicts itself. The worth of a project can include money still to come, loans or "
            "partners' money.",
            ("S2-36", "S2-38", "S2-40", "S2-67"),
        ),
    ]  # fmt: skip


def _people_sums() -> list[Sum]:
    output, head, counted, people = _v("S0-33"), _v("S0-34"), _v("B-202"), _v("B-250")
    before, after, summit, later = _v("B-174"), _v("B-175"), _v("B-290"), _v("S3-15")
    rise = f"{(after / before - 1) * 100:.0f} percent"
    return [
        Sum(
            "head", "Per head", "Is it income, and for how many people?", ("S0-33", "S0-34"),
            (f"{output} billion / {head:,} = {derived('S0-46'):.1f} million people",
             f"{counted} billion / {people:,} people = {counted * 1e9 / people:,.0f} US dollars"),
            f"The two figures fit each other, and a count of {people / 1e6:.1f} million people, if income here means "
            "output: what a country makes in a year, shared out evenly.",
            "That people earn this. Output is not pay, and an average does not show who has how much.",
            ("S0-46", "B-202", "B-250"),
        ),
        Sum(
            "doubled", "Doubled", "Did trade among the members double?", ("S1-24", "S3-15"),
            (f"{after} / {before} = {after / before:.2f}, up {rise}: one speaker, 2022 to 2023",
             f"more than {later} / more than {summit} = about {later / summit:.2f}: two speakers, 2023 to 2024"),
            f"The figures of one speaker give a rise of {rise}. Only two speakers' figures, set side by side, give a "
            "doubling.",
            "That trade doubled, or that it did not. S1 names no first year and no sum, and the counts may differ.",
            ("S1-58", "B-134", "B-174", "B-175", "B-290"),
        ),
    ]  # fmt: skip


def sum_explorer() -> Explorer:
    """Sum by sum: a statement of a report, the arithmetic on it, what follows from that and what does not.

    Facts: the claims that each state names; every result is worked out from their figures.
    """
    groups = {
        "Trade and its target": _trade_sums(),
        "Investment and projects": _money_sums(),
        "People and partners": _people_sums(),
    }
    sums = {s.state: s for found in groups.values() for s in found}
    return Explorer(
        "sums",
        "Which sum?",
        tuple((s.state, s.label) for s in sums.values()),
        lambda state: sums[state].pane(),
        start="before",
        groups={found[0].state: heading for heading, found in groups.items()},
    )
