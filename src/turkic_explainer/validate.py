"""Checks rows against a pydantic model, and says what is wrong in words a person can act on.

The evidence (seeds/) and the teaching tables (data/) are both edited by hand. Whatever is wrong with them
is told the same way: which file, which row, which field, what stands there, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

ROOT = Path(__file__).resolve().parent


class Row(BaseModel):
    """Base of every record: unknown fields are refused, blanks at the ends are dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True, defer_build=True)


Model = TypeVar("Model", bound=Row)


class DataError(ValueError):
    """A mistake in a data file. Its text is a list of problems, one a line.

    In a notebook it is shown without a traceback: the reader's file is at fault, not the code.
    """

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))

    def _render_traceback_(self) -> list[str]:  # IPython shows this in the traceback's place
        return ["Please mend the data first:", *self.problems]


def course_path(name: str) -> Path:
    """Where `seeds` or `notebooks` are: inside an installed package, or beside src/ in a clone."""
    installed = ROOT / name
    return installed if installed.is_dir() else ROOT.parents[1] / name


def problem(file: Path | str, place: str, field: str | None, found: Any, mend: str) -> str:
    """One line of a DataError; without a field where the row as a whole is wrong."""
    what = f"{field}: found {found!r}" if field else "the row as a whole"
    return f"{Path(file).name}, {place}, {what}. {mend}"


_MENDS = {
    "missing": "Add this field.",
    "extra_forbidden": "This field is not known here: correct its name or take it out.",
    "date_from_datetime_parsing": "Write the date as YYYY-MM-DD, for example 2025-10-07.",
    "date_parsing": "Write the date as YYYY-MM-DD, for example 2025-10-07.",
    "float_parsing": "Write a number with a point, for example 51.18.",
    "int_parsing": "Write a whole number.",
    "string_too_short": "Fill this in.",
}
_FORMS = {  # what a field with a form of its own should look like
    "country": "Write the country's two-letter ISO code in capitals, for example TR.",
    "language": "Write the language's two-letter ISO code, for example tr.",
    "as_of": "Write a year, month or day: 2025, 2025-10 or 2025-10-07.",
    "key": "Write a short name in small letters, digits and hyphens, for example investment-fund.",
    "outcome": "Write the id of a background record, for example B-122.",
    "said": "Write a year, month or day: 2025, 2025-10 or 2025-10-07.",
    "sha256": "Write the 64 hexadecimal digits of the document's SHA-256.",
    "id": "Ids look like S3-05 (a report's claim), B-012 (background) or D-07 (a disagreement).",
}


def records(model: type[Model], rows: Iterable[tuple[str, dict[str, Any]]], file: Path | str) -> list[Model]:
    """Validates `rows`, pairs of a place ("row 7", "S1-05") and its fields, each against `model`.

    Raises DataError with every problem of every row, not just the first.
    """
    good, problems = [], []
    for place, fields in rows:
        try:
            good.append(model.model_validate(fields))
        except ValidationError as error:
            for e in error.errors():
                field = ".".join(str(part) for part in e["loc"]) or None
                found = e["input"] if e["type"] != "missing" else ""
                if e["type"] == "value_error":  # raised by our own checks, which say the mend themselves
                    mend = str(e["ctx"]["error"])
                elif e["type"] in ("literal_error", "enum"):
                    mend = f"Write one of: {e['ctx']['expected'].replace(' or ', ', ')}."
                elif e["type"] == "string_pattern_mismatch" and field in _FORMS:
                    mend = _FORMS[field]
                else:
                    mend = _MENDS.get(e["type"], e["msg"] + ".")
                problems.append(problem(file, place, field, found, mend))
    if problems:
        raise DataError(problems)
    return good
