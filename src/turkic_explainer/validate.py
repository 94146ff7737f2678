"""A mistake in a data file, told in words a person can act on.

The evidence (seeds/) and the teaching tables (data/) are both edited by hand. Whatever is wrong with them
is told the same way: which file, which row, which field, what stands there, and what to do about it.
"""

import os
import re
import textwrap
import tomllib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from difflib import get_close_matches
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
DATA = ROOT / "data"
LESSONS = ROOT / "lessons"
COURSE = ".turkic-explainer.json"  # a folder with this file in it is a course folder, which `lab` made


_LANGUAGE = ContextVar("language", default="")


def language() -> str:
    """The language that the course speaks: that of the lesson that a page is made of, or that this kernel runs."""
    return _LANGUAGE.get() or os.environ.get("TURKIC_LANG") or "en"


def language_of(notebook: dict[str, Any]) -> str:
    """The language that a lesson is written in, as its metadata say, `"turkic": {"lang": "tr"}`; else English."""
    about = notebook.get("metadata", {}).get("turkic", {})
    said = str(about.get("lang")) if isinstance(about, dict) else ""
    return said if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", said) else "en"


@contextmanager
def speaking(said: str) -> Iterator[None]:
    """What is said in here is said in this language, as far as somebody has translated it."""
    before = _LANGUAGE.set(said)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


class DataError(ValueError):
    """A mistake in a data file. Its text is a list of problems, one a line.

    In a notebook it is shown without a traceback: the reader's file is at fault, not the code.
    """

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))

    def _render_traceback_(self) -> list[str]:  # IPython shows this in the traceback's place
        return ["Please mend the data first:", *self.problems]


def in_lines(told: str) -> list[str]:
    """What a cell ends with in place of a traceback, in lines that fit: JupyterLab would break them inside of words."""
    return textwrap.wrap(told, 88, break_long_words=False, break_on_hyphens=False)


def _in_its_place(error: Exception) -> list[str]:
    return in_lines(str(error))


class Unknown(DataError, KeyError):
    """A name that there is not, as a learner may type one: told without a traceback, with the nearest that there is.

    `what` says what kind of name it is. Those that are `there` are listed where they are few or none of them is near;
    a `hint` takes their place.
    """

    def __init__(self, what: str, name: Any, there: Collection[str], hint: str = ""):
        near = get_close_matches(str(name), there, n=1)
        told = [f"There is no {what} {name!r:.60}."] + [f"Did you mean {one!r}?" for one in near]
        if not isinstance(name, str):
            told[1:1] = [f"The name of {'an' if what[0] in 'aeiou' else 'a'} {what} is a text, in quotation marks."]
        if hint or not near or len(there) <= 12:
            told.append(hint or f"There are: {', '.join([*there][:20])}{', ...' * (len(there) > 20)}.")
        super().__init__([" ".join(told)])

    __str__ = Exception.__str__  # a KeyError puts its text into quotation marks
    _render_traceback_ = _in_its_place


class Lacking(DataError):
    """Something that needs a package which is not installed: told without a traceback, with the mend."""

    def __init__(self, what: str, package: Any):
        super().__init__([f'{what} needs more than is installed here ({package}): pip install "turkic-explainer[lab]"'])

    _render_traceback_ = _in_its_place


class Misused(TypeError, ValueError):
    """Something of another kind than a function of ours takes: told to a learner without a traceback."""

    _render_traceback_ = _in_its_place


def package_path(name: str) -> Path:
    """Where the course has its own `seeds` or `notebooks`: inside an installed package, or beside src/ in a clone."""
    installed = ROOT / name
    return installed if installed.is_dir() else ROOT.parents[1] / name


def course_folder() -> Path | None:
    """The course folder that is worked in: this folder or the one above, where `lab` made one of them."""
    with suppress(OSError):  # a folder that was deleted meanwhile, or a browser that gives Python no files
        here = Path.cwd()
        return next((folder for folder in (here, here.parent) if (folder / COURSE).is_file()), None)
    return None


def course_path(name: str) -> Path:
    """Where `seeds` or `notebooks` are, or `lessons` with their texts: a teacher's own, if her folder is worked in.

    That is a course folder with `lessons` in it. A learner's has none: what is stored there may be older than the
    package, and nobody means to change it.
    """
    folder = course_folder()
    hers = folder is not None and (folder / "lessons").is_dir() and (folder / name).is_dir()
    return folder / name if hers else package_path(name)


def heard(text: Path) -> Path:
    """The text of a lesson, such as its questions.md: as a teacher has it in her own folder, if she does."""
    folder = course_path("lessons")
    hers = folder / text.parent.name / text.name
    return hers if folder != LESSONS and hers.is_file() else text


# What may stand in a text: no control characters, and no more than anybody reads.
READABLE = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]{0,5000}")
READABLY = "Write at most 5,000 characters, none of them a control character, and a number of 18 digits or fewer."


def short(found: Any, most: int = 70) -> str:
    """What was found, on one line and no longer than is read: a text as it is, anything else as Python writes it."""
    try:
        text = found if isinstance(found, str) else repr(found)
    except (ValueError, RecursionError):  # a whole number of thousands of digits, lists in lists in lists
        text = f"a {type(found).__name__} of more than can be shown"
    return text if len(text) <= most else f"{text[: most * 3 // 5 - 2]} … {text[1 - most * 2 // 5 :]}"


def problem(place: str, field: str | None, found: Any, mend: str) -> str:
    """One line of a DataError: where ("summits.csv, row 7"), in which field, if it is one, what stands there, what to write."""
    found = short(repr(found) if isinstance(found, str) else found)
    return f"{place}, {f'{field}: found {found}' if field else 'the row as a whole'}. {mend}"


def read_toml(file: Path, name: str = "") -> dict[str, Any]:
    """What stands in a TOML file. Raises DataError, naming the file (by `name`, if it needs more), if it cannot be read."""
    try:
        found = tomllib.loads(file.read_text("utf-8-sig"))
        unreadable = [problem(name or file.name, path, text, READABLY) for path, text in _unreadable(found)]
    except RecursionError:
        raise DataError([f"{name or file.name}: lists or tables lie in each other too deeply."]) from None
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
        raise DataError([f"{name or file.name}: this is not TOML in UTF-8: {short(str(error), 100)}."]) from None
    except OSError as error:
        raise DataError([f"{name or file.name}: cannot be read ({error.strerror})."]) from None
    if unreadable:
        raise DataError(unreadable)
    return found


def _unreadable(found: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The texts and numbers in a piece of TOML that nobody could read, each with the names that lead to it."""
    if isinstance(found, str) and not READABLE.fullmatch(found) or isinstance(found, int) and abs(found) >= 10**18:
        yield path, found
    parts = found.items() if isinstance(found, dict) else enumerate(found, 1) if isinstance(found, list) else ()
    for name, part in parts:
        yield from _unreadable(part, f"{path}.{short(str(name))}".strip("."))
