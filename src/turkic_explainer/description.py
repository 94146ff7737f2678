"""The description of all tables, read and checked: an author's slip in it is told like one in a table.

It stands in data/tables.toml, and that of a lesson's own tables, in the same terms, in the lesson's shown.toml. The table
`[tables.rivers]` of lesson 10 is called 10-rivers in all of the course.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from .validate import DATA, ROOT, DataError, problem, read_toml

TYPES = {  # and which constraints go with each, besides those that go with all
    "string": ("enum", "pattern", "maxLength"), "integer": ("minimum", "maximum"), "number": ("minimum", "maximum"),
    "date": (), "day": (), "boolean": (), "list": (), "object": (), "value": (),
}  # fmt: skip

# The terms, what each of them holds, and with ! those that must be there.
TEXT, _TRUTH, _NUMBER = "a text, in quotation marks", "true or false", "a number"
_LIST, _TERMS = "a list, in [ ]", "terms, in { }"
_KINDS = {TEXT: str, _TRUTH: bool, _NUMBER: (int, float), _LIST: list, _TERMS: dict}
_LIMITS = {"required": _TRUTH, "unique": _TRUTH, "minimum": _NUMBER, "maximum": _NUMBER, "maxLength": _NUMBER,
           "enum": _LIST, "pattern": TEXT}  # fmt: skip
_FIELD = {"name": TEXT, "type": TEXT, "description": TEXT, "like": TEXT, "mend": TEXT, "constraints": _LIMITS, "shown": _TRUTH,
          "delimiter": TEXT, "missingValues": [TEXT], "evidence": _TRUTH, "computed": _TRUTH}  # fmt: skip
_LINK = {"fields!": TEXT, "reference!": {"resource!": TEXT, "fields!": TEXT}, "mend": TEXT}
_TABLE = {"path": TEXT, "title!": TEXT, "description": TEXT, "facts!": TEXT, "index": TEXT, "order": [TEXT],
          "primaryKey": [TEXT], "uniqueKeys": [[TEXT]], "fields!": [_FIELD | {"name!": TEXT}], "foreignKeys": [_LINK],
          "rules": [{"refuse!": TEXT, "field": TEXT, "mend!": TEXT}]}  # fmt: skip
_OWN_TABLE = {name: terms for name, terms in _TABLE.items() if name != "path"} | {"path!": TEXT}


def form_slips(found: Any, terms: Any, place: str, term: str | None = None) -> list[str]:
    """What is wrong with the form of something described. `terms` says what each term holds, and marks by ! what must be there."""
    holds = terms if isinstance(terms, str) else _LIST if isinstance(terms, list) else _TERMS
    if not isinstance(found, _KINDS[holds]):
        return [problem(place, term, found, f"Write {holds}.")]
    if holds == _LIST and terms != _LIST:
        names = [one.get("name", n) if isinstance(one, dict) else n for n, one in enumerate(found, 1)]
        return [
            slip
            for name, one in zip(names, found, strict=True)
            for slip in form_slips(one, terms[0], f"{place}, {term} {name}", term)
        ]
    if holds != _TERMS:
        return []
    slips, known = [], {name.rstrip("!"): kind for name, kind in terms.items()}
    for name, value in found.items():
        mend = f"There is no such term. There are: {', '.join(known)}."
        slips += form_slips(value, known[name], place, name) if name in known else [problem(place, name, value, mend)]
    missing = [name[:-1] for name in terms if name.endswith("!") and name[:-1] not in found]
    return slips + [problem(place, name, "", "Add this term.") for name in missing]


LESSONS = ROOT / "lessons"


def own(name: str, kind: str = "tables") -> str:
    """Where a lesson has its own thing of this name, such as 10-rivers: "lesson10/shown.toml, tables.rivers"."""
    number, _, name = name.partition("-")
    return f"lesson{number}/shown.toml, {kind}.{name}"


def _lessons_own() -> dict[str, dict[str, Any]]:
    """The tables that lessons describe for themselves, by the names that they have in the course."""
    found = {}
    for file in sorted(LESSONS.glob("lesson*/shown.toml")):
        if re.search(r"^\[tables\b", file.read_text("utf-8"), re.M):  # the others need not be read for this
            number = file.parent.name.removeprefix("lesson")
            own_tables = read_toml(file, f"{file.parent.name}/{file.name}")["tables"]
            found |= {f"{number}-{name}": table for name, table in own_tables.items()}
    return found


class _Names(list):
    """Slips in names that stand in the descriptions of tables: `places` says where each table is described."""

    def __init__(self, places: dict[str, str]):
        super().__init__()
        self.places = places

    def wrong(self, table: str, column: str, term: str, found: Any, mend: str) -> None:
        self.append(problem(", ".join(filter(None, [self.places[table], column])), term, found, mend))

    def one_of(self, choice: Iterable[str], table: str, column: str, term: str, *found: str) -> None:
        for one in set(found) - set(choice):
            self.wrong(table, column, term, one, f"Write one of: {', '.join(choice)}.")


def _fields(name: str, table: dict[str, Any], alike: dict[str, Any], slips: _Names) -> dict[str, dict[str, Any]]:
    """The fields of a table by their names, with all that the file leaves out put in."""
    fields: dict[str, dict[str, Any]] = {}
    for stated in table["fields"]:
        column = stated["name"]
        like = alike.get(stated.get("like"), {})
        limits = {"required": True} | like.get("constraints", {}) | stated.get("constraints", {})
        field = {"type": "string", "missingValues": [""]} | like | stated | {"constraints": limits}
        slips.one_of(alike, name, column, "like", *filter(None, [stated.get("like")]))
        slips.one_of(TYPES, name, column, "type", field["type"])
        slips.one_of(("required", "unique", *TYPES.get(field["type"], limits)), name, column, "constraints", *limits)
        if "description" not in field:
            slips.wrong(name, column, "description", "", "Say what the column holds.")
        if column in fields:
            slips.wrong(name, column, "name", column, "It stands here twice.")
        try:
            re.compile(limits.get("pattern", ""))
        except re.error as error:
            slips.wrong(name, column, "pattern", limits["pattern"], f"This is no regular expression: {error}.")
        fields[column] = field
    return fields


def _look_over(name: str, tables: dict[str, dict[str, Any]], slips: _Names) -> None:
    """Whether the columns and tables are there that a table names."""
    table, files = tables[name], {name: table for name, table in tables.items() if "path" in table}
    for term in ("order", "primaryKey"):
        slips.one_of(table["fields"], name, "", term, *table[term])
    slips.one_of(table["fields"], name, "", "index", *filter(None, [table.get("index")]))
    slips.one_of(table["fields"], name, "", "uniqueKeys", *sum(table["uniqueKeys"], []))
    slips.one_of(table["fields"], name, "", "rules", *(rule["field"] for rule in table["rules"] if "field" in rule))
    for link in table["foreignKeys"]:
        to = link["reference"]
        slips.one_of(table["fields"], name, "", "foreignKeys", link["fields"])
        slips.one_of(files, name, "", "foreignKeys", to["resource"])
        if to["resource"] in files:
            slips.one_of(files[to["resource"]]["fields"], name, "", "foreignKeys", to["fields"])


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
    names = _Names({name: f"{file.name}, {name}" for name in tables} | {name: own(name) for name in added})
    for name, table in added.items():
        tables[name] = table | {"path": f"../lessons/lesson{name.partition('-')[0]}/{table['path']}"}
    for name, table in tables.items():
        lists = {term: [] for term in ("order", "primaryKey", "uniqueKeys", "foreignKeys", "rules")}
        tables[name] = {"description": ""} | lists | table | {"fields": _fields(name, table, alike, names)}
    for name in tables:
        _look_over(name, tables, names)
    if names:
        raise DataError(names)
    return tables


def stored_fields(table: str) -> dict[str, dict[str, Any]]:
    """The fields that stand in a table's file, by their names."""
    return {name: field for name, field in described()[table]["fields"].items() if not field.get("computed")}
