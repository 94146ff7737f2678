"""Files: where the lessons are, and a learner's own small ones: written whole, read with patience, and never lost."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from errno import ENOLCK
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .validate import DataError, course_path

if TYPE_CHECKING:
    from nbformat import NotebookNode

LARGEST = 1_000_000  # bytes: no file of a learner's comes near it


def lesson_files(folder: Path | None = None) -> list[Path]:
    """The lessons in `folder`, or the course's own, in reading order. Raises DataError where there is none."""
    folder = folder or course_path("notebooks")
    found = sorted(folder.glob("[0-9][0-9]-*.ipynb"), key=lambda file: in_order(file.stem))
    if not found:
        raise DataError(
            [f"{folder}: there is no lesson here. Lessons are notebooks named like 02-where-they-meet.ipynb."]
        )
    return found


def in_order(name: str) -> tuple[bool, str]:
    """A key to sort lessons by their names: by their numbers, and last the list of words, which is 09 and stays it."""
    return name.startswith("09-"), name


def read(file: Path) -> NotebookNode:
    """A notebook, or a DataError that says in plain words why it is none."""
    import nbformat  # only where a notebook is read, which a running lesson seldom does

    try:
        return nbformat.read(file, as_version=4)
    except (nbformat.reader.NotJSONError, UnicodeDecodeError):
        raise DataError([f"{file.name}: this file is no notebook (not JSON). Restore it from a copy."]) from None
    except nbformat.NBFormatError as error:
        raise DataError([f"{file.name}: this notebook is of a format that is not known here ({error})."]) from None
    except (nbformat.ValidationError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise DataError([f"{file.name}: this notebook is damaged ({str(error).splitlines()[0]})."]) from None
    except OSError as error:
        raise DataError([f"{file.name}: cannot be read ({error.strerror})."]) from None


def put(file: Path, content: bytes) -> None:
    """Writes a file so that a half-written one never stands under its name, whoever else writes it at that moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}.{os.getpid()}.part")
    half.write_bytes(content)
    os.replace(half, file)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Whoever else asks for this file in the same way waits, for ten seconds at most; the system lets go of it when a
    process dies. Raises OSError where the lock beside the file cannot be had."""
    try:  # an empty database: SQLite can lock it on every system
        lock = sqlite3.connect(file.with_name(f".{file.name}.lock"), timeout=10)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        raise OSError(ENOLCK, f"no lock: {error}") from None
    with closing(lock):
        yield


def get_json(file: Path, mark: str, mend: str = "Ask for the file again.") -> dict:
    """The JSON object in a file of ours, which names its kind and version by `mark`, as in {"turkic-filing": 1}.

    `mend` says what to do about one that is damaged.

    Raises FileNotFoundError if there is no such file, and DataError, saying what is wrong and the mend, for anything
    that is not such an object.
    """
    try:
        if not file.exists():  # also where no file can have such a name
            raise FileNotFoundError(file)
        if file.is_dir():
            raise DataError([f"{file.name}: this is a folder. Name the file in it."])
        if file.stat().st_size > LARGEST:
            raise DataError([f"{file.name}: this is far too large for such a file. {mend}"])
        found = json.loads(file.read_text("utf-8-sig"))  # an editor may put a mark at its start
    except (FileNotFoundError, DataError):
        raise
    except OSError as error:
        raise DataError([f"{file.name[:60]}: cannot be read ({error.strerror})."]) from None
    except UnicodeDecodeError:
        raise DataError([f"{file.name}: this is no text. {mend}"]) from None
    except (ValueError, RecursionError):
        raise DataError([f"{file.name}: this is no JSON text, or was cut off. {mend}"]) from None
    if not isinstance(found, dict) or mark not in found:
        raise DataError([f"{file.name}: this is another kind of file: it has no {mark!r} at its start. {mend}"])
    if found[mark] != 1:
        raise DataError(
            [
                f"{file.name}: it was written by another version of the course ({str(found[mark])[:20]}; this one knows 1). {mend}"
            ]
        )
    return found


def put_json(file: Path, content: dict) -> None:
    """Writes an object as readable JSON."""
    put(file, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))


def set_aside(file: Path) -> Path:
    """Gives a file that cannot be read another name, beside the old one, so that nothing is written over it."""
    number = 1
    while (other := file.with_name(f"{file.stem}.kept-{number}{file.suffix}")).exists():
        number += 1
    return file.rename(other)


def remembered(file: Path) -> dict[str, Any]:
    """What a file of ours remembers; nothing where it is lost or damaged, and then every file beside it counts as not ours."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
