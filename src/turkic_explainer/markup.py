"""What every output is built from: escaped HTML, one style sheet, tables and cards.

Text from data goes in through `Markup.format`, which escapes it; nothing here is concatenated by hand.
Every output has a plain-text form as well, which is what a screen without HTML shows.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from .validate import ROOT

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

__all__ = [
    "Card",
    "Fragment",
    "Markup",
    "Table",
    "escape",
    "in_page",
    "long_date",
    "outputs_css",
    "show",
    "style",
    "table",
]


@lru_cache
def outputs_css() -> Markup:
    """The style sheet of all outputs."""
    return Markup((ROOT / "data" / "outputs.css").read_text("utf-8").strip())


@lru_cache
def style() -> Markup:
    """The one style sheet of all outputs, as a <style> element that each output carries with it.

    A notebook's outputs stand alone, so each needs it; a handout takes all but one away.
    """
    return Markup('<style class="tx-style">{}</style>').format(outputs_css())


def in_page(body: Markup) -> str:
    """A body as a notebook's output: with the style sheet, and set off from the rest of the page."""
    return str(Markup('{}<div class="tx">{}</div>').format(style(), body))


def long_date(day: date) -> str:
    """7 October 2025"""
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True)
class Fragment:
    """A piece of HTML that a notebook can show, with its plain-text form."""

    body: Markup
    text: str

    def _repr_html_(self) -> str:
        return in_page(self.body)

    def __repr__(self) -> str:
        return self.text


class Card(Fragment):
    """A titled list of facts about one thing, such as a cited claim."""

    def __init__(self, title: str, lead: str, lines: tuple[tuple[str, Any], ...]):
        rows = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(k, v) for k, v in lines)
        body = Markup('<div class="tx-card"><p class="tx-id">{}</p><p class="tx-lead">{}</p><dl>{}</dl></div>').format(
            title, lead, rows
        )
        text = "\n".join(
            [f"{title}: {lead}", *(f"  {k}: {v.striptags() if isinstance(v, Markup) else v}" for k, v in lines)]
        )
        super().__init__(body, text)


def table(frame: pd.DataFrame, caption: str, index: bool = True) -> Markup:
    """A DataFrame as an accessible table: a caption, header cells that say what they head, a focusable scroller."""
    if index:
        frame = frame.reset_index()
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(_heading(c)) for c in frame.columns)
    body = Markup("").join(
        Markup('<tr><th scope="row"{}>{}</th>{}</tr>').format(
            _kind(first),
            _cell(first),
            Markup("").join(Markup("<td{}>{}</td>").format(_kind(v), _cell(v)) for v in rest),
        )
        for first, *rest in frame.itertuples(index=False)
    )
    return Markup(
        '<div class="tx-scroll" role="group" tabindex="0" aria-label="Table: {0}">'
        '<table class="tx-table"><caption>{0}</caption><thead><tr>{1}</tr></thead><tbody>{2}</tbody></table></div>'
    ).format(caption, head, body)


def _heading(column: Any) -> str:
    return str(column).replace("_", " ")


def _kind(value: Any) -> Markup:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Markup(' class="tx-number"')
    if hasattr(value, "year"):
        return Markup(' class="tx-day"')
    return Markup(' class="tx-long"' if isinstance(value, str) and len(value) > 60 else "")


def _cell(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return long_date(value)
    if isinstance(value, float):
        return f"{value:,.10g}"
    return value


class Table(Fragment):
    """A DataFrame with a caption, for people to read."""

    def __init__(self, frame: pd.DataFrame, caption: str, index: bool = True):
        lines = frame.reset_index() if index else frame
        text = "\n".join("  ".join(str(_cell(v)) for v in row) for row in lines.itertuples(index=False))
        super().__init__(table(frame, caption, index), f"{caption}\n{textwrap.indent(text, '  ')}")


def show(frame: pd.DataFrame, caption: str, index: bool = True) -> Table:
    """Shows a DataFrame as a captioned table that can be read, heard and printed.

    `caption` says what the rows are; `index=False` leaves the index out.
    """
    return Table(frame, caption, index)
