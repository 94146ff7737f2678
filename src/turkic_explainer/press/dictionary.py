"""What `refresh` makes of the tables: TABLES.md for readers, datapackage.json for other programs, and words for the pages."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..description import TYPES, described, meaning, stored_fields
from ..files import put_all
from ..rows import bounds
from ..spoken import FIXED, sentences_in, texts_in
from ..tables import OWN_NAMES, own_tables, stored
from ..validate import DATA, LESSONS, ROOT, read_toml
from .template import TEMPLATES, filled

_SHORT = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")  # what is put on one line of datapackage.json: a field, a link


def written(folder: Path = DATA) -> list[str]:
    """Writes what is made of the description, and names the files that were not up to date."""
    return put_all({folder / name: make() for name, make in FILES.items()})


def _form(field: dict[str, Any]) -> str:
    """What a cell of this column looks like, in a few words."""
    parts, limits = [TYPES[field["type"]].called, *bounds(field)], field["constraints"]
    if "delimiter" in field:
        parts[0] += f" with {'blanks' if field['delimiter'] == ' ' else 'upright strokes'} between"
    if field.get("computed"):
        return f"{parts[0]}; worked out, not in the file"
    parts += ["may be empty"] * (not limits["required"]) + ["no two the same"] * limits.get("unique", False)
    return ", ".join(parts) + "; not in the DataFrame" * (not field.get("shown", True))


def _for_programs() -> str:
    """A Data Package (version 2, datapackage.org) of the CSV files, with all that the standard has a term for."""
    stored_in = {name: table for name, table in described().items() if "path" in table and name not in own_tables()}
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "turkic-explainer",
        "title": "The tables of a course on the Organization of Turkic States",
        "resources": [_resource(name, table) for name, table in stored_in.items()],
    }
    text = json.dumps(package, indent=1, ensure_ascii=False) + "\n"
    return _SHORT.sub(lambda found: re.sub(r"\s*\n\s*", " ", found[0]), text)


def _resource(name: str, table: dict[str, Any]) -> dict[str, Any]:
    links = [{term: link[term] for term in ("fields", "reference")} for link in table["foreignKeys"]]
    keys = {"primaryKey": table["primaryKey"], "uniqueKeys": table["uniqueKeys"], "foreignKeys": links}
    return {
        "name": name, "type": "table", "title": table["title"], "path": table["path"],
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "description": f"{table['description']} Facts: {table['facts']}.".strip(),
        "schema": {"fields": [*map(_field, stored_fields(name).values())]} | {term: key for term, key in keys.items() if key},
    }  # fmt: skip


def _field(field: dict[str, Any]) -> dict[str, Any]:
    terms = ("name", "type", "description", "missingValues", "constraints")
    made = {term: field[term] for term in terms if term in field}
    if field["type"] == "day":  # the standard has years, months of a year and dates, but nothing that is one of them
        limits = {"required": field["constraints"]["required"]}  # a text has no least and most
        made |= {"type": "string", "constraints": limits | {"pattern": TYPES["day"].form}}
    if field["type"] == "list":  # which the standard has since version 2; its own program, frictionless 5, knows none
        made |= {"type": "string", "description": f"{field['description']} ({_form(field).split(',')[0]})"}
    if field["missingValues"] == [""]:
        del made["missingValues"]  # the standard's own
    return made


def _fixed_words() -> str:
    """All that is typed in templates, in the texts of all lessons and in the press, each once, with nothing beside it yet."""
    parts = {file: texts_in(file.read_text("utf-8")) for file in _files("*.html.j2")}
    parts |= {file: sentences_in(file.read_text("utf-8")) for file in _files("*.js")}
    shared = LESSONS / "shared" / "shown.toml"
    parts[shared] = [text for _, text in texts(read_toml(shared))]
    for file in sorted(Path(__file__).parent.glob("*.py")):
        parts[file] = re.findall(r'\bsaid\("([^"]+)"\)', file.read_text("utf-8"))
    parts[Path(__file__).with_name("blocks.py")] = ["Guess.", "Ask.", "Look.", "Model answer."]
    lines, known = [_WHAT_FOR], set()
    for file, found in parts.items():
        new = [text for text in dict.fromkeys(" ".join(text.split()) for text in found) if text not in known]
        known.update(new)
        if new:
            lines += ["", f"# {file.relative_to(ROOT).as_posix()}"]
            lines += [f'{json.dumps(text, ensure_ascii=False)} = ""' for text in new]
    return "\n".join(lines) + "\n"


def _own_names() -> str:
    """What the states are called in their own languages: out of Babel, which has all of CLDR, 11 MB for 300 letters. What it
    does not have is told by the table."""
    from babel import Locale, UnknownLocaleError

    lines = ["# Names of states in their own languages, from Unicode's CLDR (see LICENCES.md). Written by `refresh`."]
    for row in stored("states").itertuples():
        lines += ["", f"[{row.code}]"] if row.locales else []
        for locale in row.locales:
            with suppress(ValueError, KeyError, UnknownLocaleError):
                lines.append(f'{locale} = "{Locale.parse(locale).territories[row.code]}"')
    return "\n".join(lines) + "\n"


_WHAT_FOR = """\
# The fixed words of all pages, written by `refresh`. A copy of this file, with your words between the quotation marks behind
# the =, translates them: lessons/fixed-words.tr.toml for lessons that say "turkic": {"lang": "tr"}. What you leave empty stays
# English. What stands in {{ }} is filled in: keep it as it is, wherever your sentence needs it."""


def _files(name: str) -> list[Path]:
    return [*sorted(TEMPLATES.glob(name)), *sorted(LESSONS.glob(f"*/{name}"))]


def texts(found: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """All texts in what TOML holds, each with its place."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from texts(value, f"{place}.{key}".strip("."))
    elif isinstance(found, list):
        for number, value in enumerate(found, 1):
            yield from texts(value, f"{place} {number}")
    elif isinstance(found, str):
        yield place, found


FILES = {
    "TABLES.md": lambda: filled("TABLES.md.j2", tables=described(), meaning=meaning, form=_form),  # for readers
    "datapackage.json": _for_programs,
    FIXED: _fixed_words,
    OWN_NAMES: _own_names,
}
