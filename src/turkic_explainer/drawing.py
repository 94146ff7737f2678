"""Drawings, written down step by step and made by matplotlib as SVG only where they are not stored yet.

What a lesson draws is first written down, and then looked up among the drawings that `refresh` has stored in data/charts.
So a lesson needs no matplotlib, unless its texts or its figures were changed.
"""

import hashlib
import io
import logging
import re
from functools import cached_property
from operator import getitem
from typing import Any

from .validate import DATA, Lacking

# matplotlib wants colours as numbers. These stand for the page's own, which take their place in the SVG, so that a
# chart follows dark mode and paper. data/charts.mplstyle has them as well.
COLOURS = {f"#0{n}0{n}0{n}": name for n, name in enumerate("ink soft line accent warm violet".split(), 1)}


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


ASKED: dict[str, Drawing] = {}  # each drawing that was asked for, by the name of its file, for `refresh`


def stored(key: str, drawing: Drawing) -> str:
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
    for colour, name in COLOURS.items():
        made = made.replace(colour, f"var(--{name})")
    return made.replace("'DejaVu Sans'", "system-ui, 'DejaVu Sans'")
