"""Figures, drawn by matplotlib as SVG: text stays text, colours follow the page, and the bytes are the same twice."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .markup import Fragment, Markup, pictured
from .templates import piece

if TYPE_CHECKING:  # matplotlib is loaded by the first chart, not by a lesson's import line
    from datetime import date

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# matplotlib wants colours as numbers. These stand for the page's own, which take their place in the SVG, so that a
# chart follows dark mode and paper.
INK, SOFT, LINE, ACCENT, WARM, VIOLET = (f"#0{n}0{n}0{n}" for n in range(1, 7))
_NAMES = {INK: "ink", SOFT: "soft", LINE: "line", ACCENT: "accent", WARM: "warm", VIOLET: "violet"}
_STYLE = {
    "svg.fonttype": "none", "svg.hashsalt": "turkic-explainer", "font.family": "DejaVu Sans", "font.size": 13,
    "text.color": INK, "axes.edgecolor": LINE, "axes.labelcolor": SOFT, "xtick.color": SOFT, "ytick.color": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
}  # fmt: skip


def _styled():
    """A context in which matplotlib draws in this course's style, whatever the reader's own settings are."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # what it says of its caches is no output of a lesson
    import matplotlib.style

    return matplotlib.style.context(["default", _STYLE])


@contextmanager
def drawing(width: float, height: float, layout: str | None = "constrained") -> Iterator[tuple[Figure, Axes]]:
    """A new figure of this size, in inches, and its axes without ticks, to be drawn on in this course's style."""
    with _styled():
        from matplotlib.figure import Figure  # without pyplot there is no window to open, on any machine

        figure = Figure(figsize=(width, height), layout=layout)
        axes = figure.subplots()
        axes.tick_params(length=0)
        yield figure, axes


def in_years(day: date, middle: bool = False) -> float:
    """Where a day lies on an axis of years: from a year's label on, or with the label in the `middle` of its year."""
    return day.year + (day.timetuple().tm_yday - (183 if middle else 1)) / 366


def chart(key: str, figure: Figure, caption: str, alt: str, rows: Markup) -> Fragment:
    """A matplotlib figure in a page: with a caption that says what to see, an alt text, and its numbers as a table.

    `key` names the chart on its page, where another chart's parts would otherwise have the same ids.
    Make the figure with `drawing`, in the colours named here.
    """
    out = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with _styled():
        figure.savefig(out, format="svg", transparent=True, metadata=nothing)
    svg = out.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>|\n *(?=<)", "", svg[svg.index("<svg") :], flags=re.S)
    for colour, name in _NAMES.items():
        svg = svg.replace(colour, f"var(--{name})")
    svg = svg.replace("'DejaVu Sans'", "system-ui, 'DejaVu Sans'")
    address = pictured(svg)  # its ids are in a world of their own
    svg = re.sub(r'( id="|url\(#|href="#)', rf"\1{key}-", svg)
    least = figure.get_figwidth() * 4  # on a phone text keeps two thirds of its size; what is then too wide is scrolled
    svg = svg.replace("<svg ", f'<svg role="img" style="--least:{least:g}rem" aria-label="{Markup.escape(alt)}" ', 1)
    return Fragment(
        piece("chart", svg=Markup(svg), address=address, alt=alt, caption=caption, rows=rows), f"Chart: {alt}"
    )


# --- charts that need no drawing of their own ----------------------------------------------------------------------


def _bars(axes: Axes, labels: list, values: list, texts: list[str]) -> None:
    _rows(axes, labels)
    axes.barh(range(len(labels)), values, 0.62, color=ACCENT)
    for y, (value, text) in enumerate(zip(values, texts, strict=True)):
        axes.annotate(text, (max(value, 0), y), (6, 0), textcoords="offset points", va="center")


def _dots(axes: Axes, labels: list, values: list, texts: list[str]) -> None:
    _rows(axes, labels)
    axes.barh(range(len(labels)), values, 0.03, color=LINE)  # from zero, so that lengths can be compared
    for y, (value, text) in enumerate(zip(values, texts, strict=True)):
        axes.plot(value, y, "o", markersize=9, color=ACCENT)
        axes.annotate(text, (value, y), (10, 0), textcoords="offset points", va="center")


def _rows(axes: Axes, labels: list) -> None:
    """A row for each label, the first of them at the top; what is said beside a value needs no axis."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.margins(x=0.14)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def _lines(axes: Axes, labels: list, values: list, texts: list[str]) -> None:
    numbers = all(isinstance(label, int | float) for label in labels)  # years stand as far apart as they are
    places = labels if numbers else list(range(len(labels)))
    axes.plot(places, values, "-o", color=ACCENT, linewidth=1.8, markersize=6)
    for x, value, text, after in zip(places, values, texts, [*values[1:], values[-1]], strict=True):
        side = "right" if after > value else "left" if after < value else "center"  # where the line does not go
        axes.annotate(text, (x, value), (0, 8), textcoords="offset points", ha=side)
    axes.set_xticks(places, labels)
    axes.set_yticks([])
    axes.margins(x=0.06, y=0.2)


KINDS = {"bars": _bars, "lines": _lines, "dots": _dots}


def drawn(kind: str, labels: list, values: list[float], unit: str = "") -> Figure:
    """A plain chart of one of KINDS: every value with its number beside it, and the unit with the first of them."""
    texts = [f"{value:,.10g}".replace("-", "−") for value in values]
    texts[0] = f"{texts[0]} {unit}".strip()
    with drawing(9, 4 if kind == "lines" else 0.9 + 0.46 * len(labels)) as (figure, axes):
        KINDS[kind](axes, labels, values, texts)
    return figure
