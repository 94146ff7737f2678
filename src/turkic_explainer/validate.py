"""A mistake in a data file, told in words a person can act on.

The evidence (seeds/) and the teaching tables (data/) are both edited by hand. Whatever is wrong with them
is told the same way: which file, which row, which field, what stands there, and what to do about it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
DATA = ROOT / "data"
LESSONS = ROOT / "lessons"


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


def problem(place: str, field: str | None, found: Any, mend: str) -> str:
    """One line of a DataError: where ("summits.csv, row 7"), in which field, if it is one, what stands there, what to write."""
    what = f"{field}: found {found!r}" if field else "the row as a whole"
    return f"{place}, {what}. {mend}"


def read_toml(file: Path, name: str = "") -> dict[str, Any]:
    """What stands in a TOML file. Raises DataError, naming the file (by `name`, if it needs more), if it cannot be read."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError([f"{name or file.name}: this is not TOML in UTF-8: {error}."]) from None
    except OSError as error:
        raise DataError([f"{name or file.name}: cannot be read ({error.strerror})."]) from None
