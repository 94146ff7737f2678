"""Turkic Explainer: a course on the Organization of Turkic States whose every figure has a source.

A notebook imports from here and from nowhere deeper. Names are loaded when they are first used, so that
`import turkic_explainer` costs next to nothing and a lesson without a map never loads folium.
"""

import re
from ast import literal_eval
from importlib import import_module
from pathlib import Path

_HELPER = {
    "ledger": ("cite", "claims", "reported", "sources", "disagreements"),
    "tables": ("cargo", "count_table", "table"),
    "markup": ("show",),
    "lessons": ("question", "check", "hint", "solution", "guess", "guessed", "again", "progress", "my_code"),
    "declared": ("explore", "chart"),
    "vocabulary": ("glossary", "words"),
    "course": ("course_map",),
}


def _homes() -> dict[str, str]:
    """The module of each name. No module is loaded for this: what the tables and the lessons' own modules offer is read
    from their text."""
    here = Path(__file__).parent
    described = (here / "data" / "tables.toml").read_text("utf-8")
    found = dict.fromkeys(re.findall(r"^\[(\w+)\]\npath", described, re.M), "tables")
    found |= {name: module for module, names in _HELPER.items() for name in names}
    for file in sorted(here.glob("lessons/lesson*/*.py")):
        if listed := re.search(r"^__all__ = (\(.*?\))$", file.read_text("utf-8"), re.M | re.S):
            found |= dict.fromkeys(literal_eval(listed[1]), f"lessons.{file.parent.name}.{file.stem}")
    return found


_HOME = _homes()
__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name in _HOME:
        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"turkic_explainer has no {name!r}. It has: {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return __all__
