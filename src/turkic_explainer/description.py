"""The description of all tables, read and checked, and told in words: an author's slip in it is told like one in a table.

It stands in data/tables.toml, and that of a lesson's own tables, in the same terms, in the lesson's shown.toml. The table
`[tables.rivers]` of lesson 12 is called 12-rivers in all of the course.
"""

import re
import textwrap
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from .validate import DATA, LESSONS, READABLE, DataError, heard, problem, read_toml


class Kind(NamedTuple):
    """A type of column: what it is called, what to write where something else stands, the constraints that go with it
    besides `required` and `unique`, how a text of it looks and is read, and what it may be in TOML besides a text."""

    called: str
    mend: str
    limits: tuple[str, ...] = ()
    form: str = rf"(?![=@]|[+-][A-Za-z(]){READABLE.pattern}"  # a spreadsheet would work out what begins like a formula
    read: Callable[[str], Any] | None = None
    toml: tuple[type, ...] = ()


def _day(text: str) -> str:
    date.fromisoformat(f"{text}-01-01"[:10])
    return text


_BOUNDS = ("minimum", "maximum")
TYPES = {
    "string": Kind("text", "Fill this in.", ("enum", "pattern", "maxLength"), read=str),
    "integer": Kind("whole number", "Write a whole number.", _BOUNDS, r"-?[0-9]{1,15}", int, (int,)),
    "number": Kind("number", "Write a number with a point, for example 51.18.", _BOUNDS, r"-?[0-9]{1,15}(\.[0-9]{1,15})?", float),
    "date": Kind("date", "Write the date as YYYY-MM-DD, for example 2025-10-07.", _BOUNDS, r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
                 date.fromisoformat, (date,)),
    "day": Kind("text: year, month or day", "Write a year, month or day: 2025, 2025-10 or 2025-10-07.", _BOUNDS,
                r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", _day),
    "boolean": Kind("true or false", "Write true or false.", toml=(bool,)),
    "list": Kind("list of texts", 'Write a list of texts, as in: ["S1-05", "S1-06"].', toml=(list,)),
    "object": Kind("fields with a text or a number", "Write plain texts and numbers, as in: { year = 2024 }.", toml=(dict,)),
    "value": Kind("number or text", "Write a number, or a text in quotation marks.", read=str, toml=(int, float)),
}  # fmt: skip

# The terms, what each of them holds, and with ! those that must be there.
TEXT, _TRUTH, _NUMBER = "a text, in quotation marks", "true or false", "a number"
_LIST, _TERMS, _BOUND = "a list, in [ ]", "terms, in { }", "a number, or a day in quotation marks"
_KINDS = {TEXT: str, _TRUTH: bool, _NUMBER: (int, float), _LIST: list, _TERMS: dict, _BOUND: (int, float, str)}
_LIMITS = {"required": _TRUTH, "unique": _TRUTH, "minimum": _BOUND, "maximum": _BOUND, "maxLength": _NUMBER,
           "enum": _LIST, "pattern": TEXT}  # fmt: skip
_FIELD = {"name": TEXT, "type": TEXT, "description": TEXT, "like": TEXT, "mend": TEXT, "constraints": _LIMITS, "shown": _TRUTH,
          "delimiter": TEXT, "missingValues": [TEXT], "evidence": _TRUTH, "computed": _TRUTH, "words": _TERMS}  # fmt: skip
_LINK = {"fields!": TEXT, "reference!": {"resource!": TEXT, "fields!": TEXT}, "mend": TEXT}
_TABLE = {"path": TEXT, "title!": TEXT, "description": TEXT, "facts!": TEXT, "index": TEXT, "order": [TEXT],
          "primaryKey": [TEXT], "uniqueKeys": [[TEXT]], "fields!": [_FIELD | {"name!": TEXT}], "foreignKeys": [_LINK],
          "rules": [{"refuse!": TEXT, "field": TEXT, "mend!": TEXT}], "shown": _TRUTH}  # fmt: skip
_OWN_TABLE = {name: terms for name, terms in _TABLE.items() if name != "path"} | {"path!": TEXT}


def form_slips(found: Any, terms: Any, place: str, term: str | None = None) -> list[str]:
    """What is wrong with the form of something described. `terms` says what each term holds, and marks by ! what must be there."""
    holds = terms if isinstance(terms, str) else _LIST if isinstance(terms, list) else _TERMS
    if not isinstance(found, _KINDS[holds]):
        return [problem(place, term, found, f"Write {holds}.")]
    if isinstance(terms, list):
        names = [one.get("name", n) if isinstance(one, dict) else n for n, one in enumerate(found, 1)]
        each = (form_slips(one, terms[0], f"{place}, {term} {n}", term) for n, one in zip(names, found, strict=True))
        return [*chain.from_iterable(each)]
    if isinstance(terms, str):
        return []
    slips, known = [], {name.rstrip("!"): kind for name, kind in terms.items()}
    for name, value in found.items():
        mend = f"There is no such term. There are: {', '.join(known)}."
        slips += form_slips(value, known[name], place, name) if name in known else [problem(place, name, value, mend)]
    missing = [name[:-1] for name in terms if name.endswith("!") and name[:-1] not in found]
    return slips + [problem(place, name, "", "Add this term.") for name in missing]


def own(name: str, kind: str = "tables") -> str:
    """Where a lesson has its own thing of this name, such as 12-rivers: "lesson12/shown.toml, tables.rivers"."""
    number, _, name = name.partition("-")
    return f"lesson{number}/shown.toml, {kind}.{name}"


def _lessons_own() -> dict[str, dict[str, Any]]:
    """The tables that lessons describe for themselves, by the names that they have in the course."""
    found = {}
    for file in map(heard, sorted(LESSONS.glob("lesson*/shown.toml"))):
        if re.search(r"^\[tables\b", file.read_text("utf-8"), re.M):  # the others need not be read for this
            number = file.parent.name.removeprefix("lesson")
            own_tables = read_toml(file, f"{file.parent.name}/{file.name}")["tables"]
            found |= {f"{number}-{name}": table for name, table in own_tables.items()}
    return found


def _unknown(place: str, term: str, choice: Iterable[str], *found: str | None) -> list[str]:
    mend = f"Write one of: {', '.join(choice)}."
    return [problem(place, term, one, mend) for one in dict.fromkeys(found) if one is not None and one not in choice]


def _field_slips(place: str, field: dict[str, Any], alike: dict[str, Any]) -> list[str]:
    """What is wrong with a column, all that it leaves out put in."""
    limits, kind = field["constraints"], TYPES.get(field["type"])
    allowed = ("required", "unique", *(kind.limits if kind else limits))
    slips = _unknown(place, "like", alike, field.get("like")) + _unknown(place, "type", TYPES, field["type"])
    slips += _unknown(place, "constraints", allowed, *limits)
    if "description" not in field:
        slips.append(problem(place, "description", "", "Say what the column holds."))
    if "words" in field and {*field["words"]} != {*limits.get("enum", ())}:
        mend = "Write a word for each value of its enum, and no other."
        slips.append(problem(place, "words", ", ".join(field["words"]), mend))
    try:
        re.compile(limits.get("pattern", ""))
    except re.error as error:
        slips.append(problem(place, "pattern", limits["pattern"], f"This is no regular expression: {error}."))
    return slips


def _name_slips(place: str, table: dict[str, Any], files: dict[str, Any]) -> list[str]:
    """What a table names and is not there: columns of its own, other tables and their columns."""
    links = table["foreignKeys"]
    names = {term: table[term] for term in ("order", "primaryKey")} | {
        "index": [table.get("index")],
        "uniqueKeys": sum(table["uniqueKeys"], []),
        "rules": [rule.get("field") for rule in table["rules"]],
        "foreignKeys": [link["fields"] for link in links],
    }
    slips = [slip for term, found in names.items() for slip in _unknown(place, term, table["fields"], *found)]
    for to in (link["reference"] for link in links):
        there = files.get(to["resource"], {"fields": [to["fields"]]})["fields"]
        slips += _unknown(place, "foreignKeys", files, to["resource"])
        slips += _unknown(place, "foreignKeys", there, to["fields"])
    return slips


@lru_cache
def described(file: Path = DATA / "tables.toml") -> dict[str, dict[str, Any]]:
    """Every table by its name, with all that the file leaves out put in, and its fields by their names.

    Raises DataError with every slip in the file: first those of form, and once there are none, names that are not there.
    """
    tables, added = read_toml(file), _lessons_own()
    alike = tables.pop("like", {})
    slips = [slip for name, table in tables.items() for slip in form_slips(table, _TABLE, f"{file.name}, {name}")]
    slips += [slip for name, field in alike.items() for slip in form_slips(field, _FIELD, f"{file.name}, like.{name}")]
    slips += [slip for name, table in added.items() for slip in form_slips(table, _OWN_TABLE, own(name))]
    if slips:
        raise DataError(slips)
    places = {name: f"{file.name}, {name}" for name in tables} | {name: own(name) for name in added}
    for name, table in added.items():
        tables[name] = table | {"path": f"../lessons/lesson{name.partition('-')[0]}/{table['path']}"}
    for name, table in tables.items():
        fields: dict[str, dict[str, Any]] = {}
        for stated in table["fields"]:
            like, place = alike.get(stated.get("like"), {}), f"{places[name]}, {stated['name']}"
            limits = {"required": True} | like.get("constraints", {}) | stated.get("constraints", {})
            field = {"type": "string", "missingValues": [""]} | like | stated | {"constraints": limits}
            slips += _field_slips(place, field, alike)
            if stated["name"] in fields:
                slips.append(problem(place, "name", stated["name"], "It stands here twice."))
            fields[stated["name"]] = field
        lists = {term: [] for term in ("order", "primaryKey", "uniqueKeys", "foreignKeys", "rules")}
        tables[name] = {"description": ""} | lists | table | {"fields": fields}
    files = {name: table for name, table in tables.items() if "path" in table}
    slips += [slip for name, table in tables.items() for slip in _name_slips(places[name], table, files)]
    if slips:
        raise DataError(slips)
    return tables


def stored_fields(table: str) -> dict[str, dict[str, Any]]:
    """The fields that stand in a table's file, by their names."""
    return {name: field for name, field in described()[table]["fields"].items() if not field.get("computed")}


def meaning(field: dict[str, Any], table: dict[str, Any]) -> str:
    """What a column holds, in words: as it is described, the values that it may have, and where it leads."""
    words, choice = field["description"], field["constraints"].get("enum", ())
    if not all(value in words for value in choice):
        *most, last = [value or "empty" for value in choice]
        what, then, more = words.partition(";")
        words = f"{what}: {', '.join(most)} or {last}{then}{more}"
    links = [link["reference"]["resource"] for link in table["foreignKeys"] if link["fields"] == field["name"]]
    return words + "".join(f" (see `{other}()`)" for other in links)


def docstring(table: dict[str, Any]) -> str:
    """What `help()` says of a table."""
    columns = {field: meaning(terms, table) for field, terms in table["fields"].items() if terms.get("shown", True)}
    if "index" in table:
        columns[table["index"]] += "; the index"
    width = max(map(len, columns)) + 2
    wrapped = textwrap.TextWrapper(100, initial_indent="  ", subsequent_indent=" " * (width + 2))
    lines = [wrapped.fill(f"{column:{width}}{holds}") for column, holds in columns.items()]
    parts = [f"{table['title']}.", table["description"], "\n".join(["Columns:", *lines])]
    return "\n\n".join(filter(None, [*parts, f"Facts: data/{table['path']}; {table['facts']}."]))
