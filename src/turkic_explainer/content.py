"""What a lesson shows in words: its templates and texts, read from its own folder.

`lessons/lessonNN/` holds a `NAME.html.j2` for each pane, and `shown.toml` with titles, captions and alt texts. Both are
Jinja templates, to which Python gives nothing but names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from . import ledger
from .basemap import country_name
from .charts import chart
from .markup import Fragment, Markup, long_date, month, ordinal, spelled, table
from .validate import ROOT, DataError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LESSONS = ROOT / "lessons"


class _LaidOut(Extension):
    """A template of HTML is laid out to be read: a line break beside a tag stands for nothing, any other for a blank."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        tokens = list(stream)  # without comments: what stands beside one is text beside text
        for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
            if token.type == "data" and (stream.name or "").endswith(".html.j2"):
                text = re.sub(r"\s*\n\s*", "\n", token.value)  # one break, and no sign of it where a tag is beside it
                text = re.sub(r"(?<=>)\n|\n(?=<)", "", text)
                if before is None or before.type in ("block_end", "data"):
                    text = text.removeprefix("\n")
                if after is None or after.type in ("block_begin", "data"):
                    text = text.removesuffix("\n")
                token = Token(token.lineno, "data", text.replace("\n", " "))
            yield token


@lru_cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(LESSONS),
        autoescape=lambda name: (name or "").endswith(".html.j2"),  # a text is escaped where it is put into a page
        undefined=StrictUndefined,
        extensions=[_LaidOut],
    )
    found.filters |= {"long_date": long_date, "spelled": spelled, "month": month, "and_": and_, "capital": capital, "ids": ids}
    found.filters |= {"country": country_name, "ordinal": ordinal}
    found.globals |= {"claim": ledger.claim, "derived": ledger.derived, "source": ledger.source}
    found.globals["value"] = lambda claim_id: ledger.claim(claim_id).value
    return found


@lru_cache
def _compiled(text: str) -> Template:
    return _environment().from_string(text)


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as templates want them: each a dict, what is missing as None, the index as a column."""
    rows = rows.reset_index()
    return rows.astype(object).where(rows.notna(), None).to_dict("records")


def capital(text: str) -> str:
    """Its first letter as a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def ids(claims: Iterable[str]) -> Markup:
    """Claim ids, none of them broken over two lines."""
    return Markup(" ").join(Markup('<span class="tx-whole">{}</span>').format(i) for i in claims)


def and_(items: list[Any]) -> str:
    """one, two and three"""
    *most, last = map(str, items)
    return f"{', '.join(most)} and {last}" if most else last


class Content:
    """The words of one lesson, by its folder.

    Names that all its templates know, such as functions that they call, are given at the start. They also know `texts`.
    """

    def __init__(self, lesson: str, **names: Any):
        self.lesson, self.names = lesson, names

    def pane(self, template: str, **names: Any) -> Markup:
        """The template `NAME.html.j2` filled in. What is put in is escaped, unless it is Markup."""
        file = LESSONS / self.lesson / f"{template}.html.j2"
        return Markup(self._filled(file, lambda: _environment().get_template(f"{self.lesson}/{file.name}"), names))

    def pane_of(self, text: str, key: str, **names: Any) -> Markup:
        """A pane that `shown.toml` has under this key: a template as text, or the name of a file, NAME.html.j2."""
        if text.endswith(".html.j2"):
            return self.pane(text.removesuffix(".html.j2"), **names)
        template = f"{{% autoescape true %}}{text}{{% endautoescape %}}"
        return Markup(self._filled(LESSONS / self.lesson / "shown.toml", lambda: _compiled(template), names, key))

    def text(self, key: str, **names: Any) -> str:
        """The text of `shown.toml` under this key, such as "caspian.caption", filled in."""
        return self.texts(key, **names)

    def texts(self, key: str, **names: Any) -> Any:
        """All that `shown.toml` has under this key, lists and tables alike, with every text in it filled in."""
        file = LESSONS / self.lesson / "shown.toml"
        found: Any = self._texts
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if found is None:
            raise DataError([f"{self.lesson}/{file.name}: there is nothing under {key!r}. Write it there."])

        def filled(part: Any) -> Any:
            if isinstance(part, dict):
                return {name: filled(value) for name, value in part.items()}
            if isinstance(part, list):
                return [filled(value) for value in part]
            if isinstance(part, str):
                return self._filled(file, lambda: _compiled(part), names, key)
            return part

        return filled(found)

    def chart(self, key: str, figure: Figure, listed: pd.DataFrame, **names: Any) -> Fragment:
        """A chart with its caption and alt text, and with these rows as a table, whose caption is there as well.

        In `shown.toml` they are `caption`, `alt` and `table` under the key of the chart.
        """
        caption, alt, heads = (self.text(f"{key}.{part}", **names) for part in ("caption", "alt", "table"))
        return chart(key, figure, caption, alt, table(listed, heads, index=False))

    @cached_property
    def _texts(self) -> dict[str, Any]:
        file = LESSONS / self.lesson / "shown.toml"
        try:
            return tomllib.loads(file.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise DataError([f"{self.lesson}/{file.name}: {error}. Mend the TOML there."]) from None

    def _filled(self, file: Path, template: Callable[[], Template], names: dict[str, Any], key: str = "") -> str:
        try:
            return template().render({"texts": self.texts} | self.names | names)
        except DataError:
            raise
        except Exception as error:  # whatever it is, it is the text that asks for what cannot be given
            place = f"{self.lesson}/{file.name}, {key}"
            for frame in extract_tb(error.__traceback__):  # the last one: a template may take in another
                if frame.filename.endswith(".html.j2"):
                    place = f"{Path(frame.filename).relative_to(LESSONS).as_posix()}, line {frame.lineno}"
            raise DataError([f"{place}: {str(error).rstrip('.')}. Mend the template there."]) from None
