"""What every output is built from: escaped HTML, one style sheet, tables and cards.

Text from data goes in through `Markup.format`, which escapes it; nothing here is concatenated by hand.
Every output has a plain-text form as well, which is what a screen without HTML shows.
"""

from __future__ import annotations

import re
import textwrap
from calendar import month_name
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from numbers import Number
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from .validate import ROOT

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

__all__ = [
    "Card",
    "STYLE",
    "Fragment",
    "Markup",
    "Table",
    "escape",
    "in_page",
    "long_date",
    "month",
    "ordinal",
    "outputs_css",
    "show",
    "spelled",
    "style",
    "table",
]


@lru_cache
def outputs_css() -> Markup:
    """The one style sheet of all outputs."""
    return Markup((ROOT / "data" / "outputs.css").read_text("utf-8").strip())


# In a notebook the sheet stands among its host's own, and must win: JupyterLab's rules for what stands in outputs go as
# far as two classes and two elements, so that ours begin with the same class three times.
ABOVE_HOST = ".tx.tx.tx"


@lru_cache
def _rules() -> list[tuple[str, str, list[frozenset[str]]]]:
    """The style sheet as a notebook needs it, rule by rule: the @media it stands in, the rule, and what each of its
    selectors asks for.

    A selector asks for the classes and ids that it names; what it only excludes or looks for (:not, :has) is left out.
    """
    found = []
    sheet = re.sub(r"/\*.*?\*/", "", outputs_css(), flags=re.S)
    sheet = re.sub(r"\.tx(?![\w-])", ABOVE_HOST, sheet)
    for media, inside, rule in re.findall(r"(@media[^{]*)\{((?:[^{}]*\{[^{}]*\})*)\s*\}|([^{}]+\{[^{}]*\})", sheet):
        for one in re.findall(r"[^{}]+\{[^{}]*\}", inside) if media else [rule]:
            selectors = re.sub(r":(?:not|has|is)\((?:[^()]|\([^()]*\))*\)", "", one.partition("{")[0]).split(",")
            asked = [frozenset(re.findall(r"[.#]([A-Za-z][\w-]*)", selector)) for selector in selectors]
            found.append((media.strip(), one.strip(), asked))
    return found


def style(body: str) -> Markup:
    """The rules of the style sheet that a body needs, as a <style> element.

    A notebook's outputs stand alone, so each carries its own; a handout has the whole sheet and takes them away.
    """
    named = {"tx", "tx-page"}.union(*(value.split() for value in re.findall(r'(?:class|id)="([^"]*)"', body)))
    css = ""
    for media, rules in groupby(_rules(), key=lambda rule: rule[0]):
        kept = "".join(rule for _, rule, selectors in rules if any(asked <= named for asked in selectors))
        css += f"{media}{{{kept}}}" if media and kept else kept
    return Markup('<style class="tx-style">{}</style>').format(Markup(css))


STYLE = re.compile(r'<style class="tx-style">.*?</style>', re.S)  # what `style` gives, for those who take it away


def in_page(body: Markup) -> str:
    """A body as a notebook's output: with the style it needs, and set off from the rest of the page."""
    return str(Markup('{}<div class="tx">{}</div>').format(style(body), body))


def long_date(day: date) -> str:
    """7 October 2025"""
    return f"{day.day} {day:%B %Y}"


def spelled(day: str) -> str:
    """A day, month or year of the tables in words: 12 November 2021; October 2025; 2014."""
    year, *rest = map(int, day.split("-"))
    if not rest:
        return str(year)
    return f"{month_name[rest[0]]} {year}" if len(rest) == 1 else f"{rest[1]} {month_name[rest[0]]} {year}"


def month(day: str) -> str:
    """The month of a day, in words; only the year where no more is known."""
    return spelled(day[:7])


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th"""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


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


CLAIM_LIKE = re.compile(r"[A-Z]\d?-\d+")  # an id, which is not to be broken at its hyphen


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
        '<table class="tx-table"><caption><span>{0}</span></caption><thead><tr>{1}</tr></thead><tbody>{2}</tbody></table></div>'
    ).format(caption, head, body)


def _heading(column: Any) -> str:
    return str(column).replace("_", " ")


def _kind(value: Any) -> Markup:
    if isinstance(value, Number) and not isinstance(value, bool):
        return Markup(' class="tx-number"')
    if hasattr(value, "year") or (isinstance(value, str) and CLAIM_LIKE.fullmatch(value)):
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
