"""TURKTIME: the eight letters, what this course files under them, and how firm the reports' wording is. Of lesson 04."""

from __future__ import annotations

import pandas as pd

from .charts import ACCENT, LINE, SOFT, chart, drawing
from .explorer import Explorer
from .ledger import Source, claim, said_on, source
from .markup import Fragment, Markup, long_date, table
from .smallmap import SmallMap, glyph
from .tables import initiatives, places, priorities

WORDINGS = ("done", "under way", "supported", "proposed", "wished")  # the firmest first
_PRESENTED = "B-155"  # the record of the day on which the eight words were presented


# --- how an initiative is told -------------------------------------------------------------------------------------


def ball(wording: str) -> Markup:
    """A ball that is the fuller the firmer the wording: full where a thing is called done, empty where it is wished."""
    quarters = len(WORDINGS) - 1 - WORDINGS.index(wording)
    ends = {1: "0 1 6 0", 2: "0 1 0 6", 3: "1 1-6 0"}
    full = '<circle r="6" class="tx-full"/>' if quarters == 4 else ""
    part = f'<path class="tx-full" d="M0 0V-6A6 6 0 {ends[quarters]}z"/>' if quarters in ends else ""
    return Markup(
        '<svg class="tx-key tx-ball" viewBox="-8 -8 16 16" aria-hidden="true"><circle r="6"/>{}</svg>'
    ).format(Markup(full + part))


def ids(claims: tuple[str, ...]) -> Markup:
    """Claim ids, none of them broken over two lines."""
    return Markup(" ").join(Markup('<span class="tx-whole">{}</span>').format(i) for i in claims)


def told_by(row) -> Source:
    """The report whose wording of an initiative is meant, where more than one speaks of it."""
    return source(claim(row.outcome).data["report"])


def _older(row) -> bool:
    """Whether that report is older than the motto."""
    return pd.Timestamp(told_by(row).date) < pd.Timestamp(claim(_PRESENTED).as_of)


def _item(row) -> Markup:
    report = told_by(row)
    others = [s for s in row.reports if s != report.id]
    facts = [f"{row.kind}, {report.id} of {long_date(report.date)}"]
    facts += [f"also in {', '.join(others)}"] * bool(others)
    facts += [row.place] if isinstance(row.place, str) else []
    older = Markup(' <span class="tx-older">older than the motto</span>') if _older(row) else ""
    return Markup('<li><strong>{}</strong>{}<br>{}<br><span class="tx-soft">{}; {}</span></li>').format(
        row.name, older, row.why, "; ".join(facts), ids(row.claims)
    )


def _by_wording(rows: pd.DataFrame) -> Markup:
    """The initiatives under a letter, those with the firmest wording first."""
    groups = Markup("")
    for wording in WORDINGS:
        found = rows[rows["wording"] == wording]
        if len(found):
            items = Markup("").join(map(_item, found.itertuples()))
            groups += Markup('<div class="tx-firm"><p>{}{}<span class="tx-soft">{}</span></p><ul>{}</ul></div>').format(
                ball(wording), wording, len(found), items
            )
    return groups


# --- the explorer --------------------------------------------------------------------------------------------------


def _pins(rows: pd.DataFrame, small: SmallMap) -> Markup:
    """The places of the initiatives. Names stand under and over by turns, so that two on one line do not meet."""
    towns = places().loc[rows["place"].dropna().unique()].sort_values("lat")
    return Markup("").join(
        small.pin(
            town.lat, town.lon, glyph("regular") + Markup('<span class="tx-{}">{}</span>').format(side, town.Index)
        )
        for town, side in zip(towns.itertuples(), ["under", "over"] * len(towns), strict=False)
    )


def _letter(position: int, small: SmallMap) -> Markup:
    """What one letter shows: its word and what it was taken to mean, a map, and what this course files under it."""
    told = priorities().loc[position]
    rows = initiatives().query("priority == @told.word")
    letters = Markup("").join(
        Markup("<b>{}</b>" if at == position else "{}").format(word[0]) for at, word in priorities()["word"].items()
    )
    pins = _pins(rows, small)
    nowhere = Markup('<p class="tx-nowhere">None of these has a place on the map.</p>') if not pins else ""
    return Markup(
        '<div class="tx-letter"><div><p class="tx-strip" aria-hidden="true">{}</p>'
        '<p class="tx-state"><span class="tx-monogram">{}</span>{}</p>'
        '<p>{} <span class="tx-soft">{}</span></p><p><strong>Ask.</strong> {}</p></div>'
        '<div class="tx-where{}">{}{}</div></div>'
        '<p class="tx-soft">{} filed here, by us and by no report. The fuller the ball, the firmer the wording of a '
        "report.</p>{}"
    ).format(
        letters, told.word[0], told.word[1:], told.meaning, ids(told.claims), told.question,
        "" if pins else " tx-bare", small.picture(pins), nowhere, len(rows), _by_wording(rows),
    )  # fmt: skip


def turktime_explorer() -> Explorer:
    """The eight letters: what each was taken to mean, and what this course files under it. One state a letter.

    Facts: `priorities()`, `initiatives()` and `places()`. The filing is this course's own.
    """
    small = SmallMap("turktime-map", (24.0, 92.0, 34.0, 57.0))
    states = {
        f"{word[0]}{position}": (position, f"{word[0]} {word}") for position, word in priorities()["word"].items()
    }
    return Explorer(
        "turktime",
        "Eight letters, eight words",
        tuple((state, label) for state, (_, label) in states.items()),
        lambda state: _letter(states[state][0], small),
        start=next(iter(states)),
        setting=small.setting,
    )


# --- the word itself -----------------------------------------------------------------------------------------------

_USES = {  # what a source calls the word, and whose it is there; the wording is the claim's
    "B-010": ("theme", "a summit, the 10th"),
    "S1-07": ("motto", "a year in the chair"),
    "S1-10": ("motto", "the organization"),
    "S3-19": ("slogan", "Kazakhstan, as chair"),
    "S0-41": ("theme", "a meeting of another body, TurkPA"),
}


def turktime_uses() -> pd.DataFrame:
    """What the word TURKTIME is called and whose it is, in the order in which it was said.

    Columns: claim (the index), day (Timestamp; of a report without a date of its own for it, the report's), called,
    of (whose it is: our reading), says. Facts: the claims themselves.
    """
    rows = [
        {"claim": i, "day": pd.Timestamp(claim(i).as_of or said_on(claim(i))), "called": called, "of": whose, "says": claim(i).says}
        for i, (called, whose) in _USES.items()
    ]  # fmt: skip
    return pd.DataFrame(rows).set_index("claim").sort_values("day", kind="stable")


# --- the chart -----------------------------------------------------------------------------------------------------


def _counts() -> pd.DataFrame:
    """How many initiatives stand under each word, and under none, by wording."""
    rows = initiatives()
    return pd.crosstab(rows["priority"].rename("word"), rows["wording"]).reindex(
        index=[*priorities()["word"], "none"], columns=WORDINGS, fill_value=0
    )


def letters_chart() -> Fragment:
    """How many initiatives this course files under each of the eight words and under none, and how firm the wording is.

    Facts: `initiatives()`. Wording is a report's, not what came of it.
    """
    counts = _counts()
    widths = [max(width, 3) + 1.2 for width in counts.max()]  # in balls, with room for the wording over them
    starts = [sum(widths[:n]) for n in range(len(widths))]
    with drawing(9, 4.4) as (figure, axes):
        from matplotlib.path import Path

        for height, (word, row) in enumerate(counts[::-1].iterrows()):
            colour = SOFT if word == "none" else ACCENT
            ink = {"linestyle": "none", "markersize": 11, "markeredgecolor": colour, "markerfacecolor": colour}
            for quarters, start, n in zip(range(4, -1, -1), starts, row, strict=True):
                balls = [start + k for k in range(n)], [height] * n
                axes.plot(*balls, "o", **ink | {"markerfacecolor": "none"})
                if quarters:
                    axes.plot(*balls, marker="o" if quarters == 4 else Path.wedge(90 - 90 * quarters, 90), **ink)
        axes.set_yticks(range(len(counts)), [f"{word}  {row.sum()}" for word, row in counts[::-1].iterrows()])
        axes.set_xticks([start - 0.5 for start in starts], WORDINGS, ha="left")
        axes.xaxis.tick_top()
        axes.spines[:].set_visible(False)
        axes.grid(axis="y", color=LINE, linewidth=0.8)
        axes.set_ylim(-0.6, len(counts) - 0.4)
        axes.set_xlim(-0.8, sum(widths) - 1)
    eight = counts.drop("none").sum(axis=1)
    caption = (
        f"Each ball is one of the {counts.to_numpy().sum()} initiatives: the fuller, the firmer a report words it. "
        f"{eight.idxmax()} has the most, {eight.max()}; {eight.idxmin()} has {eight.min()}. The last row fits none of "
        "the eight words. The filing is ours, and a full ball means that a report calls a thing done, not that it is there today."
    )
    alt = "Initiatives by word and wording. " + " ".join(
        f"{word}: {', '.join(f'{n} {wording}' for wording, n in row.items() if n)}." for word, row in counts.iterrows()
    )
    rows = table(counts.assign(all=counts.sum(axis=1)), "Initiatives by word and by wording of the reports")
    return chart("letters", figure, caption, alt, rows)
