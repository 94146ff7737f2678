"""Figures, drawn by matplotlib as SVG: text stays text, colours follow the page, and the bytes are the same twice.

What a lesson draws is first written down, and then looked up among the drawings that `refresh` has stored in data/charts.
So a lesson needs no matplotlib, unless its texts or its figures were changed.
"""

import hashlib
import io
import logging
import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property, partial
from operator import getitem
from typing import Any

from .markup import Fragment, Markup, pictured
from .templates import piece
from .validate import DATA, Lacking

# matplotlib wants colours as numbers. These stand for the page's own, which take their place in the SVG, so that a
# chart follows dark mode and paper. data/charts.mplstyle has them as well.
_NAMES = {f"#0{n}0{n}0{n}": name for n, name in enumerate("ink soft line accent warm violet".split(), 1)}
INK, SOFT, LINE, ACCENT, WARM, VIOLET = _NAMES


def styled():
    """A context in which matplotlib draws in this course's style, whatever the reader's own settings are."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # what it says of its caches is no output of a lesson
    import matplotlib.style

    return matplotlib.style.context(["default", DATA / "charts.mplstyle"])


class Later:
    """Something of matplotlib's that is asked for by and by: what is read of it and called on it is written down.

    steps  what was asked so far, of all that belongs together: how, of which of the steps before, and with what
    name   what it is called in later steps
    """

    def __init__(self, steps: list[tuple], name: str):
        self._steps, self._name = steps, name

    def __repr__(self) -> str:
        return self._name

    def _noted(self, *step: Any) -> "Later":
        self._steps.append(step)
        return Later(self._steps, f"<{len(self._steps)}>")

    def __getattr__(self, name: str) -> "Later":
        return self._noted("read", self, name)

    def __getitem__(self, key: Any) -> "Later":
        return self._noted("item", self, key)

    __iter__ = None  # nobody knows yet how many there will be

    def __call__(self, *given: Any, **named: Any) -> "Later":
        return self._noted("call", self, _plain(given), _plain(named))


def _plain(value: Any, found: Any = None) -> Any:
    """A value as it is written down, the same for each version of pandas and numpy; and what was `found` in place of Later."""
    if isinstance(value, Later):
        return found[value._name] if found else value
    if isinstance(value, dict):
        return {key: _plain(one, found) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_plain(one, found) for one in value)
    return value.tolist() if hasattr(value, "tolist") else value


class Drawing:
    """One drawing, as wide and high as `size` says in inches: a figure and its axes, on which is drawn in due course."""

    def __init__(self, size: tuple[float, float], layout: str | None):
        self.size, self.layout, self.steps = size, layout, []
        self.figure, self.axes = Later(self.steps, "figure"), Later(self.steps, "axes")

    @cached_property
    def mark(self) -> str:
        """What tells it from every other drawing: the fingerprint of all its steps."""
        return hashlib.sha256(repr((self.size, self.layout, self.steps)).encode()).hexdigest()[:16]

    def made(self):
        """The drawing as a figure of matplotlib's."""
        from matplotlib.figure import Figure  # without pyplot there is no window to open, on any machine
        from matplotlib.path import Path

        ways = {"read": getattr, "item": getitem, "call": lambda one, given, named: one(*given, **named)}
        with styled():
            figure = Figure(figsize=self.size, layout=self.layout)
            found = {"figure": figure, "axes": figure.subplots(), "wedge": Path.wedge}
            for number, (way, *asked) in enumerate(self.steps, 1):
                found[f"<{number}>"] = ways[way](*(_plain(one, found) for one in asked))
        return figure


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
    broad, slim = (_stored(f"{key}{form}", one) for form, one in zip(("", "-slim"), forms.drawings, strict=True))
    address = pictured(broad)  # its ids are in a world of their own
    svgs = [_named(svg, f"{key}{form}", alt, form) for svg, form in ((broad, ""), (slim, "-slim"))]
    return Fragment(piece("chart", svgs=svgs, address=address, alt=alt, caption=caption, rows=rows), f"Chart: {alt}")


ASKED: dict[str, Drawing] = {}  # each drawing that was asked for, by the name of its file, for `refresh`


def _stored(key: str, drawing: Drawing) -> str:
    """A drawing out of its file; one that is in none is made."""
    name = f"{key}.{drawing.mark}.svg"
    ASKED[name] = drawing
    file = DATA / "charts" / name
    return file.read_text("utf-8") if file.exists() else svg(drawing)


def svg(drawing: Drawing) -> str:
    """A drawing as SVG in the page's colours. Raises Lacking where there is no matplotlib."""
    out = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    try:
        figure = drawing.made()
    except ModuleNotFoundError:
        raise Lacking("A chart whose texts or figures were changed", "matplotlib") from None
    with styled():
        figure.savefig(out, format="svg", metadata=nothing)
    made = out.getvalue()
    made = re.sub(r"\n *(?=<)", "", made[made.index("<svg") :])
    # Nothing is looked up by the ids of groups, and nothing is turned by -0.
    made = re.sub(r' transform="rotate\(-0 [^"]*"|(?<=<g) id="[^"]*"', "", made)
    exact = r"(?<=[ \"(-])\d+\.\d{3,}(?=[^<]*>)"  # in a tag: nobody sees more than two decimals
    made = re.sub(exact, lambda number: f"{float(number[0]):.2f}", made)
    for colour, name in _NAMES.items():
        made = made.replace(colour, f"var(--{name})")
    return made.replace("'DejaVu Sans'", "system-ui, 'DejaVu Sans'")


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
