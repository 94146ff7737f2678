"""What every output is built from: escaped HTML, one style sheet, tables and cards.

Text from data goes in through `Markup.format`, which escapes it; nothing here is concatenated by hand.
Every output has a plain-text form as well, which is what a screen without HTML shows.
"""

import re
from base64 import b64encode
from calendar import month_name
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from numbers import Number
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup
from markupsafe import escape as escape  # for those who import it from here

from .templates import piece
from .validate import ROOT, Misused


@lru_cache
def outputs_css() -> Markup:
    """The one style sheet of all outputs."""
    return Markup((ROOT / "data" / "outputs.css").read_text("utf-8").strip())


# In a notebook the sheet stands among its host's own, and must win: JupyterLab's rules for what stands in outputs go as
# far as two classes and two elements, so that ours begin with the same class three times.
ABOVE_HOST = ".tx.tx.tx"


@lru_cache
def _rules() -> list[tuple[str, str, dict[str, frozenset[str]]]]:
    """The style sheet as a notebook needs it, rule by rule: the @media, @supports or @container it stands in, what it
    declares, and its selectors, each with the classes and ids that it asks for, but for those in a :not, :has or :is."""
    found = []
    sheet = re.sub(r"/\*.*?\*/", "", outputs_css(), flags=re.S)
    sheet = re.sub(r"\.tx(?![\w-])", ABOVE_HOST, sheet)
    parts = r"(@(?:media|supports|container)[^{]*)\{((?:[^{}]*\{[^{}]*\})*)\s*\}|([^{}]+\{[^{}]*\})"
    for media, inside, rule in re.findall(parts, sheet):
        for listed, declared in re.findall(r"([^{}]+)(\{[^{}]*\})", inside if media else rule):
            selectors = {}
            for selector in re.split(r",(?![^(]*\))", listed.strip()):
                plain = re.sub(r":(?:not|has|is)\((?:[^()]|\([^()]*\))*\)", "", selector)
                selectors[selector] = frozenset(re.findall(r"[.#]([A-Za-z][\w-]*)", plain))
            found.append((media.strip(), declared, selectors))
    return found


def style(body: str) -> Markup:
    """The rules of the style sheet that a body needs.

    A notebook's outputs stand alone, so each carries its own; a handout has the whole sheet and takes them away. Only the
    selectors that a body needs come with it: the sheets of all outputs hold for the whole notebook, and one for more than
    its own would win over what an earlier one says of it further down.
    """
    named = {"tx", "tx-page"}.union(*(value.split() for value in re.findall(r'(?:class|id)="([^"]*)"', body)))
    css = ""
    for media, rules in groupby(_rules(), key=lambda rule: rule[0]):
        kept = ""
        for _, declared, selectors in rules:
            needed = ",".join(selector for selector, asked in selectors.items() if asked <= named)
            kept += needed and needed + declared
        css += f"{media}{{{kept}}}" if media and kept else kept
    return Markup(css)


def in_page(body: Markup) -> str:
    """A body as a notebook's output: with the style it needs, and set off from the rest of the page."""
    return str(piece("output", style=style(body), body=body))


def pictured(svg: str) -> str:
    """A drawing as the address of an image, whole in itself: in the colours of a light page, on whatever it stands."""
    light = dict(re.findall(r"--([a-z]+):(#\w+)", outputs_css().partition("}")[0]))
    svg = re.sub(r"var\(--([a-z]+)\)", lambda name: light[name[1]], svg)
    svg = re.sub(r"\s*\n\s*", " ", svg).replace("<svg ", f'<svg style="background:{light["paper"]}" ', 1)
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def long_date(day: date) -> str:
    """7 October 2025"""
    return f"{day.day} {day:%B %Y}"


def spelled(day: str) -> str:
    """A day, month or year of the tables in words: 12 November 2021; October 2025; 2014."""
    year, *rest = map(int, day.split("-"))
    return " ".join([*map(str, rest[1:]), *(month_name[n] for n in rest[:1]), str(year)])


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
    """A titled list of facts about one thing, such as a cited claim: each a heading with a text, or with several texts in
    which addresses are links."""

    def __init__(self, title: str, lead: str, lines: tuple[tuple[str, str | tuple[str, ...]], ...]):
        plain = {head: told.striptags() if isinstance(told, Markup) else told for head, told in lines}
        text = [f"  {head}: {told if isinstance(told, str) else '; '.join(told)}" for head, told in plain.items()]
        body = piece("card", title=title, lead=lead, lines=lines, linked=linked)
        super().__init__(body, "\n".join([f"{title}: {lead}", *text]))


ADDRESS = re.compile(r"""(https?://[^\s<>()"'\\]*[^\s<>()"'\\.,;:])""")


def host(address: str) -> str:
    """The name of an address's site."""
    return urlsplit(address).netloc.removeprefix("www.")


def linked(text: str) -> Markup:
    """A text with each address in it as a link by the name of its site."""
    return piece("linked", parts=ADDRESS.split(text), host=host)


def task(title: str, to_do: str, body: Markup, answers: Markup, text: str) -> Fragment:
    """A sheet to work on, on paper: what it is called, what is to be done, the sheet itself, and its key.

    `text` is what a screen without HTML shows under the title; like the sheet, it does not give the answers away.
    """
    sheet = piece("task", title=title, to_do=to_do, body=body, answers=answers)
    return Fragment(sheet, f"{title}\n{to_do}\n{text}")


CLAIM_LIKE = re.compile(r"[A-Z]\d?-\d+")  # an id, which is not to be broken at its hyphen


def _rows(frame: pd.DataFrame | pd.Series, index: bool) -> pd.DataFrame:
    """What is shown of a table: its index too, if that is wanted and more than a plain numbering, which has no name."""
    frame = pd.DataFrame(frame)
    return frame.reset_index() if index and any(frame.index.names) else frame


def table(frame: pd.DataFrame, caption: str, index: bool = True) -> Markup:
    """A DataFrame as an accessible table: a caption, header cells that say what they head, a focusable scroller."""
    frame = _rows(frame, index)
    rows = [[(_kind(value), _cell(value)) for value in row] for row in frame.itertuples(index=False)]
    columns = [str(column).replace("_", " ") for column in frame]
    twice = len(columns) == 5 and any(row[-1][0] == "long" for row in rows)
    return piece("table", caption=caption, columns=columns, rows=rows, twice=twice)


_DAY = re.compile(r"\d{1,2} \w+ \d{4}|\d{4}-\d\d(-\d\d)?")  # spelled, or as a table has it: not broken either


def _kind(value: Any) -> str:
    """What kind of cell it is in: the end of its class. What is missing has none, whatever pandas has in its place."""
    if _missing(value):
        return ""
    if isinstance(value, Number) and not isinstance(value, bool):
        return "number"
    if hasattr(value, "year") or (isinstance(value, str) and (CLAIM_LIKE.fullmatch(value) or _DAY.fullmatch(value))):
        return "day"
    return "long" if isinstance(value, str) and len(value) > 60 else ""


def _missing(value: Any) -> bool:
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _cell(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    if _missing(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return long_date(value)
    if isinstance(value, float):
        return f"{value:,.10g}"
    return value


def show(frame: pd.DataFrame | pd.Series, caption: str, index: bool = True) -> Fragment:
    """Shows a table, or one column of it, as a captioned table that can be read, heard and printed.

    `caption` says what the rows are. The index stands in front where it has a name; `index=False` leaves it out.
    Raises Misused for what is no table.
    """
    if not hasattr(frame, "iloc"):
        called = getattr(frame, "__name__", "")
        mend = "Write brackets after its name" if called else "Write it as in"
        told = f"show wants a table, and {called or repr(frame)[:60]} is {type(frame).__name__}."
        raise Misused(f'{told} {mend}: show({called or "summits"}(), "...").')
    lines = ["  ".join(str(_cell(value)) for value in row) for row in _rows(frame, index).itertuples(index=False)]
    return Fragment(table(frame, caption, index), "\n  ".join([caption, *lines]))
