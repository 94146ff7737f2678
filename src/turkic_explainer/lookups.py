"""Text that an author writes beside a lesson: what stands between {{ and }} in it is looked up when it is shown.

    {{ claim("B-235").value }}    {{ change(1996).total | decimals(1) }}    {{ level_before }}

A name of LOOKUPS or of the lesson's figures.py, what it is asked for, a field of what it gives, and one of the FORMATS
that templates have as well: no more. Jinja reads it. A sum, a condition or a loop is refused: it belongs into a function with a name.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from numbers import Number
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, NamedTuple

import pandas as pd
from jinja2 import Environment, TemplateSyntaxError, nodes

from . import ledger, tables
from .content import FORMATS
from .markup import spelled
from .validate import DataError, problem

_JINJA = Environment()  # only its reader: nothing is compiled and nothing is run but what `_value` finds
_BRACKETS = "Write what is looked up as {{ name }}, two curly brackets before and after it."

TABLES = {"claims": ledger.claims, "sources": ledger.sources, "disagreements": ledger.disagreements}
TABLES |= {name: getattr(tables, name) for name in tables.__all__}


def _rows(table: str, key: tuple, wanted: dict) -> pd.DataFrame:
    frame = TABLES[table]() if table in TABLES else tables.table(table)
    frame = frame.reset_index() if frame.index.name else frame
    for column, value in [*zip(frame.columns, key, strict=False), *wanted.items()]:
        frame = frame[frame[column] == value]
    return frame


def row(table: str, /, *key: Any, **wanted: Any) -> SimpleNamespace:
    """The one row of a table with this in its first column, or with these values in the columns that are named."""
    rows = _rows(table, key, wanted)
    if len(rows) != 1:
        raise LookupError(f"there are {len(rows)} such rows in {table}")
    return SimpleNamespace(**rows.iloc[0])


def count(table: str, /, **wanted: Any) -> int:
    """How many rows of a table have these values in the columns that are named."""
    return len(_rows(table, (), wanted))


LOOKUPS: dict[str, Callable] = {
    "claim": ledger.claim, "derived": ledger.derived, "source": ledger.source, "row": row, "count": count,
}  # fmt: skip


class Text(NamedTuple):
    """A piece of a file, and where it stands, for whoever has to mend it."""

    text: str
    file: str
    place: str

    def slip(self, mend: str, found: str | None = None) -> DataError:
        """What is to be told where something is wrong with it, or with a part of it."""
        where, what = f"{self.file}, {self.place}", textwrap.shorten(found or self.text, 70)
        return DataError([problem(where, "text", what, mend)])


def fill(text: Text, names: Mapping[str, Callable]) -> str:
    """The text with everything in it looked up. Raises DataError, with place and mend, for what cannot be."""
    return "".join(_written(_value(part, text, names), text) for part in _parts(text))


def look_up(text: Text, names: Mapping[str, Callable]) -> Any:
    """The number, list or text that a single {{ }} gives, as it is. Raises DataError as `fill` does."""
    parts = _parts(text)
    if len(parts) != 1 or isinstance(parts[0], nodes.TemplateData):
        raise text.slip("Here stands one look-up and nothing else: {{ name }}.")
    return _value(parts[0], text, names)


def _parts(text: Text) -> list[nodes.Node]:
    """The pieces of a text: what stands as it is, and what is to be looked up."""
    if mark := re.search(r"\{[%#]", text.text):
        raise text.slip("No conditions, loops or comments here: write a function in figures.py.", mark[0])
    try:
        parts = [part for output in _JINJA.parse(text.text).body for part in output.nodes]
    except (TemplateSyntaxError, RecursionError):
        raise text.slip(_BRACKETS) from None
    if any(isinstance(part, nodes.TemplateData) and re.search(r"\{\{|\}\}", part.data) for part in parts):
        raise text.slip(_BRACKETS)
    return parts


def _value(node: nodes.Node, text: Text, names: Mapping[str, Callable]) -> Any:
    """What a piece of text stands for."""

    def value(of: nodes.Node) -> Any:
        return _value(of, text, names)

    match node:
        case nodes.TemplateData(data=given) | nodes.Const(value=given):
            return given
        case nodes.Neg(node=nodes.Const(value=Number() as number)):
            return -number
        case nodes.List(items=items):
            return [*map(value, items)]
        case nodes.Name(name=name):
            return _called(name, names, text)
        case nodes.Call(node=nodes.Name(name=name), args=asked, kwargs=named, dyn_args=None, dyn_kwargs=None):
            return _called(name, names, text, *map(value, asked), **{part.key: value(part.value) for part in named})
        case nodes.Filter(node=of, name=name, args=asked, kwargs=[], dyn_args=None, dyn_kwargs=None):
            return _called(name, FORMATS, text, value(of), *map(value, asked))
        case nodes.Getattr(node=of, attr=field) if not field.startswith("_"):
            return _called(field, {field: attrgetter(field)}, text, value(of))
    raise text.slip("Only a name, what it is asked for, a field and a format: work it out in figures.py.")


def _called(name: str, among: Mapping[str, Callable], text: Text, /, *asked: Any, **named: Any) -> Any:
    """What a name gives. Raises DataError for one that there is not, and where it gives nothing."""
    if name not in among:
        near = get_close_matches(name, among) or sorted(among)
        raise text.slip(f"There is no such name. There is: {', '.join(near)}.", name)
    try:
        return among[name](*asked, **named)
    except DataError as error:
        raise text.slip(str(error)) from None
    except Exception as error:  # whatever it is, it is the text that asks for what cannot be given
        raise text.slip(f"This gives nothing ({type(error).__name__}: {error}).") from error


def _written(value: Any, text: Text) -> str:
    """A value as it stands in a sentence: numbers without needless digits, days in words, a list with commas."""
    match value:
        case str():
            return value
        case float() if value == value:
            return f"{value:.10g}"
        case date() if value == value:
            return spelled(str(value)[:10])
        case Number() if value == value and not isinstance(value, bool):
            return str(value)
        case list() | tuple():
            return ", ".join(_written(part, text) for part in value)
    raise text.slip(f"This gives {value!r}, no figure and no text: name one of its fields.")
