"""TURKTIME: the eight letters, what this course files under them, and how firm the reports' wording is. Of lesson 04."""

from itertools import accumulate
from typing import Any

import pandas as pd

from ...charts import ACCENT, LINE, SOFT, Forms, wedge
from ...content import Content, records
from ...explorer import Explorer
from ...ledger import claim, said_on, source
from ...markup import Fragment
from ...smallmap import SmallMap, glyph
from ...tables import initiatives, places, priorities
from ...wording import FULL, WORDINGS, ball

__all__ = ("turktime_explorer", "turktime_uses", "letters_chart")

TEXTS = Content("lesson04", ball=ball, glyph=glyph)
_PRESENTED = "B-155"  # the record of the day on which the eight words were presented


def _filed(rows: pd.DataFrame) -> list[dict]:
    """The initiatives under a letter by wording, the firmest first."""
    motto = pd.Timestamp(claim(_PRESENTED).as_of)
    rows = rows.assign(report=rows["report"].map(source), older=rows["said"] < motto)
    found = [(wording, records(rows[rows["wording"] == wording])) for wording in WORDINGS]
    return [{"wording": wording, "count": len(some), "rows": some} for wording, some in found if some]


def _letter(word: pd.Series, small: SmallMap) -> dict[str, Any]:
    """What one letter shows: its word and what it was taken to mean, a map, and what this course files under it."""
    rows = initiatives().query("priority == @word.word")
    towns = places().loc[rows["place"].dropna().unique()].sort_values("lat")
    pins = TEXTS.pane("towns", towns=[*towns.itertuples()], small=small)
    letters = [other[0] for other in priorities()["word"]]
    shown = {"letters": letters, "picture": small.picture(pins), "placed": bool(pins), "filed": _filed(rows)}
    return {"label": f"{word['word'][0]} {word['word']}", "position": word.name, **word, **shown}


def turktime_explorer() -> Explorer:
    """The eight letters: what each was taken to mean, and what this course files under it. One state a letter.

    Facts: `priorities()`, `initiatives()` and `places()`. The filing is this course's own.
    """
    small = SmallMap("turktime-map", (24.0, 92.0, 34.0, 57.0))
    states = {f"{word['word'][0]}{position}": _letter(word, small) for position, word in priorities().iterrows()}
    return TEXTS.explorer("turktime", states, setting=small.setting)


def turktime_uses() -> pd.DataFrame:
    """What the word TURKTIME is called and whose it is, in the order in which it was said.

    Columns: claim (the index), day (Timestamp; of a report without a date of its own for it, the report's), called,
    of (whose it is: our reading), says. Facts: the claims themselves.
    """
    rows = [
        {"claim": i, "day": pd.Timestamp(claim(i).as_of or said_on(claim(i))), **use, "says": claim(i).says}
        for i, use in TEXTS.texts("uses").items()
    ]
    return pd.DataFrame(rows).set_index("claim").sort_values("day", kind="stable")


def letters_chart() -> Fragment:
    """How many initiatives this course files under each of the eight words and under none, and how firm the wording is.

    Facts: `initiatives()`. Wording is a report's, not what came of it.
    """
    rows, words = initiatives(), [*priorities()["word"], "none"]
    counts = pd.crosstab(rows["priority"].rename("word"), rows["wording"])
    counts = counts.reindex(index=words, columns=WORDINGS, fill_value=0)
    for _, axes, slim in (forms := Forms(4.4, 4.4)):
        # In balls, with room for the wording over them.
        widths = [1.9 if slim else max(width, 4.4) + 1.2 for width in counts.max()]
        *starts, end = accumulate(widths, initial=0)  # the same on each Python: from 3.12 on, `sum` rounds another way
        for height, (word, row) in enumerate(counts[::-1].iterrows()):
            colour = SOFT if word == "none" else ACCENT
            ink = {"linestyle": "none", "markersize": 11, "markeredgecolor": colour, "markerfacecolor": colour}
            for eighths, start, n in zip(FULL.values(), starts, row, strict=True):
                balls = [start + k for k in range(n)], [height] * n
                if slim:  # no room for so many: one ball, and their number
                    balls = ([start], [height]) if n else ([], [])
                    axes.text(start + 0.55, height, n or "", va="center")
                axes.plot(*balls, "o", **ink | {"markerfacecolor": "none"})
                if eighths:
                    axes.plot(*balls, marker="o" if eighths == 8 else wedge(axes, 90 - 45 * eighths, 90), **ink)
        axes.set_yticks(range(len(counts)), [f"{word}  {row.sum()}" for word, row in counts[::-1].iterrows()])
        axes.set_xticks([start - 0.5 for start in starts], WORDINGS, ha="left", rotation=40 if slim else 0)
        axes.xaxis.tick_top()
        axes.spines[:].set_visible(False)
        axes.grid(axis="y", color=LINE, linewidth=0.8)
        axes.set_ylim(-0.6, len(counts) - 0.4)
        axes.set_xlim(-0.8, end - 1)
    eight = counts.drop("none").sum(axis=1)
    return TEXTS.chart(
        "letters",
        forms,
        counts.assign(all=counts.sum(axis=1)).reset_index(),
        all=counts.to_numpy().sum(),
        most={"word": eight.idxmax(), "count": eight.max()},
        least={"word": eight.idxmin(), "count": eight.min()},
        counts=[(word, [(wording, n) for wording, n in row.items() if n]) for word, row in counts.iterrows()],
    )
