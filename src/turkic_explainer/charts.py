"""Figures, drawn by matplotlib as SVG: text stays text, colours follow the page, and the bytes are the same twice.

What is drawn on the axes of `Forms` is written down and looked up: see `drawing`.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from .drawing import COLOURS, Drawing, Later, stored
from .markup import Fragment, Markup, pictured
from .templates import piece

INK, SOFT, LINE, ACCENT, WARM, VIOLET = COLOURS


class Forms:
    """A chart in two forms, each drawn by one turn of `for figure, axes, slim in Forms(5.4, 7)`: for a page and a slide,
    9 inches wide and no higher than 5.4, so that a slide shows it whole and large; and slim, for a phone, 5 inches wide.

    broad, slim   how high they are, in inches
    layout        matplotlib's way to make room for labels, or None

    The axes come without ticks, and are drawn on in this course's style. What they answer cannot be reckoned with, only
    be given to them again: they are drawn on later, or never, if the drawing is stored.
    """

    def __init__(self, broad: float, slim: float, layout: str | None = "constrained"):
        self.drawings = Drawing((9, broad), layout), Drawing((5, slim), layout)

    def __iter__(self) -> Iterator[tuple[Later, Later, bool]]:
        for drawing in self.drawings:
            yield drawing.figure, drawing.axes, drawing is self.drawings[1]


def wedge(axes: Later, start: float, end: float) -> Later:
    """A marker: what lies of a disc between two angles, in degrees."""
    return Later(axes._steps, "wedge")(start, end)


def in_years(day: date, middle: bool = False) -> float:
    """Where a day lies on an axis of years: from a year's label on, or with the label in the `middle` of its year."""
    return day.year + (day.timetuple().tm_yday - (183 if middle else 1)) / 366


def chart(key: str, forms: Forms, caption: str, alt: str, rows: Markup) -> Fragment:
    """A chart in a page: with a caption that says what to see, an alt text, and its numbers as a table.

    `key` names the chart on its page, where another chart's parts would otherwise have the same ids. The style sheet
    shows the form that there is room for.
    """
    drawn = {form: stored(f"{key}{form}", one) for form, one in zip(("", "-slim"), forms.drawings, strict=True)}
    svgs = [_named(svg, f"{key}{form}", alt, form) for form, svg in drawn.items()]
    address = pictured(drawn[""])  # its ids are in a world of their own
    return Fragment(piece("chart", svgs=svgs, address=address, alt=alt, caption=caption, rows=rows), f"Chart: {alt}")


def _named(svg: str, key: str, alt: str, form: str) -> Markup:
    """A drawing with ids of its own, and with what screen readers say of it."""
    svg = re.sub(r'( id="|url\(#|href="#)', rf"\1{key}-", svg)
    return Markup(svg.replace("<svg ", f'<svg role="img" class="tx-drawn{form}" aria-label="{Markup.escape(alt)}" ', 1))


# --- charts that need no drawing of their own ----------------------------------------------------------------------


def _bars(axes: Later, labels: list, values: list, texts: list[str], slim: bool, dots: bool = False) -> None:
    """A row for each label, the first of them at the top, with a bar, or a line to a dot: from zero, so that lengths can be
    compared. What is said beside a value needs no axis."""
    axes.set_yticks(range(len(labels)), [] if slim else labels)
    for y, label in enumerate(labels if slim else []):  # over its row, where there is no room beside it
        axes.annotate(str(label), (0, y - 0.3), va="bottom")
    axes.set(ylim=(len(labels) - 0.5, -0.8 if slim else -0.5), xticks=[])
    axes.margins(x=0.25 if slim else 0.14)
    axes.spines["bottom"].set_visible(False)
    thick, colour, aside = (0.03, LINE, 10) if dots else (0.5 if slim else 0.62, ACCENT, 6)
    axes.barh(range(len(labels)), values, thick, color=colour)
    for y, (value, text) in enumerate(zip(values, texts, strict=True)):
        if dots:
            axes.plot(value, y, "o", markersize=9, color=ACCENT)
        end = value if dots else max(value, 0)
        axes.annotate(text, (end, y), (aside, 0), textcoords="offset points", va="center")


def _lines(axes: Later, labels: list, values: list, texts: list[str], slim: bool) -> None:
    numbers = all(isinstance(label, int | float) for label in labels)  # years stand as far apart as they are
    places = labels if numbers else list(range(len(labels)))
    axes.plot(places, values, "-o", color=ACCENT, linewidth=1.8, markersize=6)
    for x, value, text, after in zip(places, values, texts, [*values[1:], values[-1]], strict=True):
        side = "right" if after > value else "left" if after < value else "center"  # where the line does not go
        axes.annotate(text, (x, value), (0, 8), textcoords="offset points", ha=side)
    axes.set_xticks(places, labels, rotation=90 if slim and len(labels) > 5 else 0)
    axes.set_yticks([])
    axes.margins(x=0.06, y=0.2)


KINDS = {"bars": _bars, "lines": _lines, "dots": partial(_bars, dots=True)}


def drawn(kind: str, labels: list, values: list[float], unit: str = "") -> Forms:
    """A plain chart of one of KINDS: every value with its number beside it, and the unit with the first of them."""
    texts = [f"{value:,.10g}".replace("-", "−") for value in values]
    texts[0] = f"{texts[0]} {unit}".strip()
    forms = Forms(4, 4) if kind == "lines" else Forms(0.9 + 0.46 * len(labels), 0.5 + 0.7 * len(labels))
    for _, axes, slim in forms:
        KINDS[kind](axes, labels, values, texts, slim)
    return forms
