"""Rows, read and checked against the description of their table.

Pure Python and pandas, so that it runs in a browser as well: pydantic's core is not to be had there, and pandera and
frictionless take longer to import than all tables to read.
"""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pandas as pd

from .description import TYPES, described, own, stored_fields
from .validate import READABLY, DataError, problem

_LIMITS = {  # how each constraint is held to, and said
    "minimum": (lambda value, limit: (str(value) if isinstance(limit, str) else value) >= limit, "{} or more"),
    "maximum": (lambda value, limit: (str(value) if isinstance(limit, str) else value) <= limit, "{} or less"),
    "maxLength": (lambda value, limit: len(value) <= limit, "at most {} characters"),
    "enum": (lambda value, limit: value in limit, ""),
    "pattern": (lambda value, limit: re.fullmatch(limit, value), ""),
}


def bounds(field: dict[str, Any]) -> list[str]:
    """The bounds of what may stand in a field, in words."""
    limits, found = field["constraints"], []
    for limit, (_, said) in _LIMITS.items():
        if said and limit in limits:
            if isinstance(limits[limit], str):  # a day
                said = said.replace("more", "later").replace("less", "earlier")
            found.append(said.format(limits[limit]))
    return found


def _mend(field: dict[str, Any], found: Any) -> str:
    """What to write in this field in place of what stands there."""
    kind = field["type"]
    if "mend" in field:
        return field["mend"]
    if "enum" in field["constraints"]:
        return f"Write one of: {', '.join(map(repr, field['constraints']['enum']))}."
    if kind == "number" and re.fullmatch(r"-?[0-9]+,[0-9]{3}", str(found).strip()):
        return "Is this a decimal comma, or one between thousands? Write a point for the first, nothing for the other."
    if kind == "string" and found and not isinstance(found, str):
        return "Write a text, in quotation marks."
    said = " and ".join(bounds(field))
    if kind == "string" and found:
        return f"Write {said}." if said else f"{READABLY} None begins like a formula, with =."
    return f"{TYPES[kind].mend[:-1]}, {said}." if said else TYPES[kind].mend


_COMMA = re.compile(r"-?[0-9]{1,15},(?![0-9]{3}$)[0-9]{1,15}")  # a decimal comma; before three digits it may be another


def _typed(field: dict[str, Any], found: Any) -> Any:
    """What stands in a cell of a CSV file, or in a field of TOML, as its type has it. Raises ValueError if it does not fit."""
    kind = TYPES[field["type"]]
    if isinstance(found, str):
        text = found.strip()
        if field["type"] == "number" and _COMMA.fullmatch(text):
            text = text.replace(",", ".")
        if not re.fullmatch(kind.form, text):
            raise ValueError
        if kind.read:
            return kind.read(text)
        if "delimiter" in field:
            found = [part for part in map(str.strip, text.split(field["delimiter"].strip() or None)) if part]
    # Just this type: true is no number, a time of day no date. Nor is what is no number, or none to be counted with.
    if type(found) not in kind.toml or isinstance(found, (int, float)) and not abs(found) < 1e15:
        raise ValueError
    if isinstance(found, list):  # of texts, none of which stands there twice
        found = tuple(_typed({"type": "string"}, part) for part in found)
        if len(set(found)) < len(found):
            raise ValueError
    for part in found.values() if isinstance(found, dict) else ():
        _typed({"type": "string" if isinstance(part, str) else "value"}, part)
    return found


def _cell(field: dict[str, Any], found: Any) -> Any:
    """The value of a cell that is in order. Raises ValueError with the mend."""
    kind, limits = field["type"], field["constraints"]
    if (found.strip() in field["missingValues"]) if isinstance(found, str) else found in (None, [], {}):
        if limits["required"]:
            raise ValueError(_mend(field, found))
        return {"list": (), "object": {}}.get(kind)
    try:
        value = _typed(field, found)
        if all(holds(value, limits[limit]) for limit, (holds, _) in _LIMITS.items() if limit in limits):
            return value
    except ValueError:
        pass
    raise ValueError(_mend(field, found))


Rows = list[tuple[str, dict[str, Any]]]  # each with its place, such as "summits.csv, row 7" or "S1.toml, S1-05"


def csv_rows(file: Path, columns: list[str]) -> Rows:
    """The rows of a CSV file by their places, counted as a spreadsheet does: the header is row 1.

    Raises DataError for a file that is no UTF-8 text, that has other columns, or rows of another length.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DataError([f"{file.name}: cannot be read ({error.strerror}). Put it into {file.parent.name}/."]) from None
    except UnicodeDecodeError:
        mend = 'In Excel, save it as "CSV UTF-8 (comma delimited)".'
        raise DataError([f"{file.name}: this is not UTF-8 text. {mend}"]) from None
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    try:
        header, *lines = [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)] or [[]]
    except csv.Error as error:
        raise DataError([f"{file.name}: this cannot be read as a table ({error}). Is a quotation mark open?"]) from None
    if sorted(header) != sorted(columns):
        missing, extra = [c for c in columns if c not in header], [repr(c) for c in header if c not in columns]
        wrong = "; ".join(f"{what}: {', '.join(c)}" for what, c in (("missing", missing), ("not known", extra)) if c)
        mend = f"Write: {','.join(columns)}"
        raise DataError([f"{file.name}, row 1: the columns are not as expected ({wrong}). {mend}"])
    # Empty lines are what a spreadsheet leaves.
    rows = [(f"{file.name}, row {n}", line) for n, line in enumerate(lines, 2) if any(line)]
    mend = "this row has another number of cells than the header. Put text that holds a comma between double quotes."
    if ragged := [f"{place}: {mend}" for place, line in rows if len(line) != len(header)]:
        raise DataError(ragged)
    return [(place, dict(zip(header, line, strict=True))) for place, line in rows]


def cells(table: str, rows: Rows) -> tuple[Rows, list[str]]:
    """The rows whose cells are in order, with their values, and what is wrong with the others."""
    fields, good, problems = stored_fields(table), [], []
    for place, found in rows:
        row, wrong = {}, []
        for name, field in fields.items():
            try:
                row[name] = _cell(field, found.get(name))
            except ValueError as error:
                mend = str(error) if name in found else "Add this field."
                wrong.append(problem(place, name, found.get(name, ""), mend))
        mend = "This field is not known here: correct its name or take it out."
        wrong += [problem(place, name, value, mend) for name, value in found.items() if name not in fields]
        good += [] if wrong else [(place, row)]
        problems += wrong
    return good, problems


def frame(table: str, rows: Rows) -> pd.DataFrame:
    """Rows that are in order as a DataFrame with the types of the description; its index is their places."""
    fields, places = stored_fields(table), pd.Index([place for place, _ in rows], name="row")
    made = pd.DataFrame([row for _, row in rows], columns=list(fields), index=places)
    for name, field in fields.items():
        if field["type"] == "date":
            made[name] = pd.to_datetime(made[name])
        elif field["type"] == "integer":
            made[name] = made[name].astype("int64" if field["constraints"]["required"] else "Int64")
        elif field["type"] == "number":
            made[name] = made[name].astype("float64")
    return made


def refused(cells: pd.Series, mend: str) -> list[str]:
    """A problem for each of these cells, out of a column of such a DataFrame."""
    return [problem(place, cells.name, found, mend) for place, found in cells.items()]


def misfits(table: str, rows: pd.DataFrame) -> list[str]:
    """What is wrong with rows whose cells, each for itself, are in order: what stands twice, and what does not go together."""
    about, problems = described()[table], []
    unique = [[name] for name, field in stored_fields(table).items() if field["constraints"].get("unique")]
    whole = [*stored_fields(table)] if "path" in about else []  # where a table has no key, no two rows are the same
    for keys in filter(None, [about["primaryKey"] or whole, *about["uniqueKeys"], *unique]):
        mend = "It stands here twice" + "".join(f" for this {key}" for key in keys[:-1]) + "."
        problems += refused(rows.loc[rows.duplicated(keys), keys[-1]], mend)
    for rule in about["rules"] if len(rows) else ():
        try:
            found = rows.eval(rule["refuse"], engine="python")
            if not pd.api.types.is_bool_dtype(found):
                raise TypeError("it is no yes or no for each row")
        except Exception as error:  # whatever pandas makes of an author's slip
            mend = f"pandas cannot answer this: {error}."
            place = own(table) if "-" in table else f"tables.toml, {table}"
            raise DataError([problem(f"{place}, rules", "refuse", rule["refuse"], mend)]) from None
        found = rows[found]
        if "field" in rule:
            problems += refused(found[rule["field"]], rule["mend"])
        else:
            problems += [problem(place, None, None, rule["mend"]) for place in found.index]
    return problems


def records(table: str, rows: Rows) -> Rows:
    """The rows of a table of the evidence, by their places. Raises DataError with every problem of every row, not just the first."""
    good, problems = cells(table, rows)
    problems += misfits(table, frame(table, good))
    if problems:
        raise DataError(problems)
    return good
