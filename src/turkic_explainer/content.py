"""What a lesson shows in words: its templates and texts, read from its own folder.

`lessons/lessonNN/` holds a `NAME.html.j2` for each pane, and `shown.toml` with titles, captions and alt texts. Both are
Jinja templates, to which Python gives nothing but names.
"""

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from traceback import extract_tb
from typing import Any

import pandas as pd
from jinja2 import Template

from . import ledger
from .basemap import country_name
from .charts import Forms, chart
from .explorer import Explorer
from .markup import Fragment, Markup, long_date, month, ordinal, spelled, table
from .spoken import said, words_file
from .templates import ENVIRONMENT, environment, piece
from .validate import LESSONS, DataError, heard, language, read_toml


@lru_cache
def _compiled(text: str) -> Template:
    return ENVIRONMENT.from_string(text)


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as templates want them: each a dict, what is missing as None, the index as a column."""
    rows = rows.reset_index()
    return rows.astype(object).where(rows.notna(), None).to_dict("records")


def capital(text: str) -> str:
    """Its first letter as a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def and_(items: list[Any]) -> str:
    """one, two and three"""
    *most, last = map(str, items)
    return f"{', '.join(most)} and {last}" if most else last


FORMATS: dict[str, Callable] = {  # what may stand after | in the lessons' texts, templates and questions
    "long_date": long_date,
    "spelled": lambda day: spelled(str(day)[:10]),  # "2021-11-12" | spelled: 12 November 2021
    "month": lambda day: month(str(day)),  # "2021-11-12" | month: November 2021
    "ordinal": ordinal,
    "decimals": lambda number, digits: f"{number:,.{digits}f}",  # 1300.26 | decimals(1): 1,300.3
    "and_": and_,
    "length": len,
    "join": lambda words, between: between.join(words),  # for questions; in templates Jinja's own, which escapes
    "capital": capital,
    "uncapitalized": lambda text: text[0].lower() + text[1:],  # for the middle of a sentence
    "after": lambda text, mark: text[text.index(mark) + len(mark) :],  # "A: b" | after(": "): b
    "before": lambda text, mark: text[: text.index(mark)],  # "A: b" | before(": "): A
    "country": country_name,
    "claim": ledger.claim,
    "ids": lambda claims: piece("ids", claims=claims),  # none of them broken over two lines
}
ENVIRONMENT.filters = FORMATS | ENVIRONMENT.filters
ENVIRONMENT.globals |= {name: getattr(ledger, name) for name in ("claim", "derived", "searched", "source", "sure")}
ENVIRONMENT.globals["value"] = lambda claim_id: ledger.claim(claim_id).value


class Content:
    """The words of one lesson, by its folder.

    Names that all its templates know, such as functions that they call, are given at the start. They also know `texts`.
    """

    def __init__(self, lesson: str, **names: Any):
        self.lesson, self.names = lesson, names

    def pane(self, template: str, **names: Any) -> Markup:
        """The template `NAME.html.j2` filled in. What is put in is escaped, unless it is Markup."""
        file = LESSONS / self.lesson / f"{template}.html.j2"
        return Markup(self._filled(file, lambda: environment().get_template(f"{self.lesson}/{file.name}"), names))

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
                return [*map(filled, part)]
            if not isinstance(part, str):
                return part
            text = said(part)  # a slip in a translation stands in the file of words, under the English text
            place = (file, key) if text == part else (words_file(language()), repr(" ".join(part.split())))
            return self._filled(place[0], lambda: _compiled(text), names, place[1])

        return filled(found)

    def explorer(
        self, key: str, states: Mapping[str, dict], start: str = "", setting: Markup = Markup(""), **names: Any
    ) -> Explorer:
        """An explorer with the title `KEY.title` of `shown.toml` and the pane `KEY.html.j2`, filled in with what a state has.

        Of that, `label` stands on the choice, and `group` over the first choice of several. `names` are for the title.
        """
        groups, last = {}, ""
        for state, has in states.items():
            if has.get("group", last) != last:
                groups[state] = last = has["group"]
        title = self.text(f"{key}.title", **names)
        labels = tuple((state, has["label"]) for state, has in states.items())
        look = {"start": start or next(iter(states)), "setting": setting, "groups": groups}
        return Explorer(key, title, labels, lambda state: self.pane(key, **states[state]), **look)

    def chart(self, key: str, forms: Forms, listed: pd.DataFrame, **names: Any) -> Fragment:
        """A chart with its caption and alt text, and with these rows as a table, whose caption is there as well.

        In `shown.toml` they are `caption`, `alt` and `table` under the key of the chart.
        """
        caption, alt, heads = (self.text(f"{key}.{part}", **names) for part in ("caption", "alt", "table"))
        return chart(key, forms, caption, alt, table(listed, heads, index=False))

    @cached_property
    def _texts(self) -> dict[str, Any]:
        return read_toml(heard(LESSONS / self.lesson / "shown.toml"), f"{self.lesson}/shown.toml")

    def _filled(self, file: Path, template: Callable[[], Template], names: dict[str, Any], key: str = "") -> str:
        try:
            return template().render({"texts": self.texts} | self.names | names)
        except DataError:
            raise
        except Exception as error:  # whatever it is, it is the text that asks for what cannot be given
            place = f"{file.parent.name}/{file.name}, {key}"
            for frame in extract_tb(error.__traceback__):  # the last one: a template may take in another
                if frame.filename.endswith(".html.j2"):
                    place = f"{Path(frame.filename).relative_to(LESSONS).as_posix()}, line {frame.lineno}"
            raise DataError([f"{place}: {str(error).rstrip('.')}. Mend the template there."]) from None


SHARED = Content("shared")  # the words of the whole course, read once
