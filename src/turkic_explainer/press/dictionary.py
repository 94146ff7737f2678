"""The description of the tables for others: TABLES.md for readers, datapackage.json for other programs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..description import described
from ..rows import FORMS, bounds
from ..tables import meaning, own_tables
from ..validate import DATA

_SHORT = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")  # what is put on one line of datapackage.json: a field, a link
FILES = {"TABLES.md": lambda: _for_readers(), "datapackage.json": lambda: _for_programs()}
_FORM = {
    "string": "text", "integer": "whole number", "number": "number", "date": "date", "day": "text: year, month or day",
    "boolean": "true or false", "list": "list of texts", "object": "fields with a text or a number", "value": "number or text",
}  # fmt: skip


def written(folder: Path = DATA) -> list[str]:
    """Writes what is made of the description, and names the files that were not up to date."""
    from ..files import put

    stale = [
        name
        for name, made in FILES.items()
        if not (folder / name).exists() or (folder / name).read_text("utf-8") != made()
    ]
    for name in stale:
        put(folder / name, FILES[name]().encode())
    return stale


def _form(field: dict[str, Any]) -> str:
    """What a cell of this column looks like, in a few words."""
    parts = [_FORM[field["type"]], *bounds(field)]
    if "delimiter" in field:
        parts[0] += f" with {'blanks' if field['delimiter'] == ' ' else 'upright strokes'} between"
    if field.get("computed"):
        return f"{parts[0]}; worked out, not in the file"
    parts += ["may be empty"] * (not field["constraints"]["required"]) + ["no two the same"] * field["constraints"].get(
        "unique", False
    )
    return ", ".join(parts) + "; not in the DataFrame" * (not field.get("shown", True))


def _for_readers() -> str:
    text = [
        "# The tables of this course",
        "Written by `turkic-explainer refresh` out of [tables.toml](tables.toml), which is the place to change it.",
        "Every table is a DataFrame as well: `from turkic_explainer import summits`, then `summits()`, or `help(summits)`.",
        "\n".join(f"- [{name}](#{name}): {table['title']}." for name, table in described().items()),
    ]
    for name, table in described().items():
        file = f"[{table['path']}]({table['path']}); " if "path" in table else ""
        rows = [
            f"| `{column}` | {meaning(field, table)} | {_form(field)} |" for column, field in table["fields"].items()
        ]
        text += [f"## {name}", f"{table['title']}. {table['description']}".strip(), f"Facts: {file}{table['facts']}.",
                 "\n".join(["| column | what it holds | form |", "| --- | --- | --- |", *rows])]  # fmt: skip
        if table["rules"]:
            text += [
                "Rows in which something does not fit together are refused in these words:",
                "\n".join(f"- {rule['mend']}" for rule in table["rules"]),
            ]
    return "\n\n".join(text) + "\n"


def _for_programs() -> str:
    """A Data Package (version 2, datapackage.org) of the CSV files, with all that the standard has a term for."""
    about = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "turkic-explainer"}
    about |= {"title": "The tables of a course on the Organization of Turkic States"}
    # A lesson's own tables lie outside the folder of the package, where its paths may not lead.
    files = {name: table for name, table in described().items() if "path" in table and name not in own_tables()}
    about["resources"] = [{"name": name, "type": "table", **_resource(table)} for name, table in files.items()]
    text = json.dumps(about, indent=1, ensure_ascii=False) + "\n"
    return _SHORT.sub(lambda found: re.sub(r"\s*\n\s*", " ", found[0]), text)


def _resource(table: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(f) for f in table["fields"].values() if not f.get("computed")]}
    schema |= {term: table[term] for term in ("primaryKey", "uniqueKeys") if table[term]}
    links = [{term: link[term] for term in ("fields", "reference")} for link in table["foreignKeys"]]
    return {
        "title": table["title"], "path": table["path"], "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "description": f"{table['description']} Facts: {table['facts']}.".strip(),
        "schema": schema | ({"foreignKeys": links} if links else {}),
    }  # fmt: skip


def _field(field: dict[str, Any]) -> dict[str, Any]:
    made = {
        term: field[term] for term in ("name", "type", "description", "missingValues", "constraints") if term in field
    }
    if (
        field["type"] == "day"
    ):  # the standard has a year, a year with its month and a date, but nothing that is one of them
        made |= {"type": "string", "constraints": field["constraints"] | {"pattern": FORMS["day"]}}
    if (
        field["type"] == "list"
    ):  # the standard has lists since version 2, but its own program, frictionless 5, does not know them
        made |= {"type": "string", "description": f"{field['description']} ({_form(field).split(',')[0]})"}
    if field["missingValues"] == [""]:
        del made["missingValues"]  # the standard's own
    return made
