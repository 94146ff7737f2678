"""Files: where the lessons are, and a learner's own small ones: written whole, read with patience, and never lost."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from errno import ENOLCK
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .validate import DataError, course_path, short

if TYPE_CHECKING:
    from nbformat import NotebookNode

LARGEST = 1_000_000  # bytes: no file of a learner's comes near it
_RESTORE = "Restore it from a copy."
MOST = 10_000  # characters of a cell: what makes HTML of Markdown takes ever longer for ones that mean harm


def lesson_files(folder: Path | None = None) -> list[Path]:
    """The lessons in `folder`, or the course's own, in reading order. Raises DataError where there is none."""
    folder = folder or course_path("notebooks")
    found = sorted(folder.glob("[0-9][0-9]-*.ipynb"), key=lambda file: in_order(file.stem))
    if not found:
        mend = "Lessons are notebooks named like 02-where-they-meet.ipynb."
        raise DataError([f"{folder}: there is no lesson here. {mend}"])
    return found


def in_order(name: str) -> tuple[bool, str]:
    """A key to sort lessons by their names: by their numbers, and last the list of words, which is 09 and stays it."""
    return name.startswith("09-"), name


def read(file: Path) -> "NotebookNode":
    """A notebook whose form is sound, each of its cells with an id of its own: the press reads one in no other way.

    Raises DataError that says in plain words, with file, cell and mend, why it is none.
    """
    document = _document(file)
    import nbformat  # only here, so that a running lesson does not need it

    try:
        if document["nbformat"] != 4:  # from before 2015
            document = nbformat.convert(nbformat.reader.reads(json.dumps(document)), 4)
        _give_ids(document["cells"])
        document["nbformat_minor"] = 5
        whole = nbformat.validator.isvalid(document)
        for number, cell in enumerate(document["cells"], 1):
            if told := _unsound(cell, whole):
                raise DataError([f"{file.name}, cell {number}: {told}"])
        nbformat.validator.validate(document)
        about = document["metadata"].get("turkic", {})
        if _deep(document["metadata"]) or not isinstance(about, dict) or not isinstance(about.get("lesson", ""), str):
            raise ValueError("its metadata are not those of a lesson")
        json.dumps(document["metadata"], ensure_ascii=False).encode()
        size, most = sum(len("".join(cell["source"])) for cell in document["cells"]), 50 * MOST
        if size > most:
            told = f"this notebook has {size} characters, more than the {most} that a lesson may have."
            raise _of(file, f"{told} Make several of it.")
        if not size:
            raise _of(file, "this notebook has no cells with anything in them. Write some, or take it away.")
        return nbformat.versions[4].to_notebook_json(document)
    except DataError:
        raise
    except Exception as error:  # whatever nbformat makes of a file from anywhere
        raise _damaged(file, error) from None


def leafed(file: Path) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """A notebook as its file has it, and of each cell its kind, its text and the HTML that it shows: with nothing loaded.

    Raises DataError for what is no notebook.
    """
    document, cells = _document(file), []
    try:
        for cell in document["cells"]:
            shown = ["".join(output.get("data", {}).get("text/html", "")) for output in cell.get("outputs", [])]
            cells.append((cell["cell_type"], "".join(cell["source"]), " ".join(shown)))
        document["metadata"].get("turkic", {}).get("lesson")
        return document, cells
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(file, error) from None


def _of(file: Path, told: str) -> DataError:
    return DataError([f"{file.name}: {told}"])


def _damaged(file: Path, error: Exception) -> DataError:
    return _of(file, f"this notebook is damaged ({_why(error)}). {_RESTORE}")


def _document(file: Path) -> dict[str, Any]:
    """What JSON makes of the file of a notebook."""
    try:
        file.name.encode()
    except UnicodeEncodeError:
        raise DataError([f"{ascii(file.name)}: this name is not UTF-8. Give the file another name."]) from None
    kind = "a folder" if file.is_dir() else "no file" if file.exists() and not file.is_file() else ""
    if kind:  # a pipe, say, which would never end
        raise _of(file, f"this is {kind}, not a notebook. Move it elsewhere.")
    try:
        raw = file.read_bytes()
        document = json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise _of(file, f"cannot be read ({error.strerror}).") from None
    except (ValueError, RecursionError):
        raise _of(file, f"this file is {'no notebook (not JSON)' if raw else 'empty'}. {_RESTORE}") from None
    if not isinstance(document, dict) or not isinstance(document.get("cells", document.get("worksheets")), list):
        raise _of(file, f"this file is no notebook (it has no list of cells). {_RESTORE}")
    version = document.get("nbformat")
    if type(version) is not int or version not in (2, 3, 4):
        raise _of(file, f"this notebook is of a format that is not known here ({short(version)}).")
    return document


def _give_ids(cells: list[dict[str, Any]]) -> None:
    """Gives a cell without an id, and each further one with the same, an id that is the same each time."""
    met: set[str] = set()
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict):
            return  # which is told below
        name = cell.setdefault("id", f"cell-{number}")
        while isinstance(name, str) and name in met:
            name = cell["id"] = f"{name[:55]}-{number}"
        met.add(str(name))


def _unsound(cell: Any, whole: bool) -> str:
    """What is wrong with a cell, and the mend; nothing where its form is sound, as it is in a notebook that is `whole`."""
    from nbformat.validator import validate

    mend = "Open the file in JupyterLab and write this cell anew, or restore the file from a copy."
    try:
        if not whole:
            validate(cell, f"{cell['cell_type']}_cell", 4, 5)
        json.dumps(cell, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return f"this cell holds half a letter, which no file can store. {mend}"
    except Exception as error:  # as above
        return f"this cell is damaged ({_why(error)}). {mend}"
    size = len("".join(cell["source"]))
    if size > MOST:
        return f"this cell has {size} characters, more than the {MOST} that can be shown. Make several cells of it."
    return f"this cell is nested too deeply. {mend}" if _deep(cell) else ""


def _deep(thing: Any, left: int = 50) -> bool:
    """Whether lists and objects lie in each other deeper than any cell has them."""
    parts = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ()
    return left == 0 or any(_deep(part, left - 1) for part in parts)


def _why(error: Exception) -> str:
    """What nbformat says of a damage, in its first line and shortened."""
    return short(str(getattr(error, "message", error)).partition("\n")[0], 60)


def put(file: Path, content: bytes) -> None:
    """Writes a file so that a half-written one never stands under its name, whoever else writes it at that moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        half.write_bytes(content)
        os.replace(half, file)
    finally:  # on a full disk nothing stays that nobody sees
        half.unlink(missing_ok=True)


def holds(file: Path, text: str) -> bool:
    """Whether a file is there and has this text."""
    return file.is_file() and file.read_text("utf-8") == text


def put_all(texts: dict[Path, str]) -> list[str]:
    """Writes these files where they have another text, or are not there, and names those that it wrote."""
    stale = {file: text for file, text in texts.items() if not holds(file, text)}
    for file, text in stale.items():
        put(file, text.encode())
    return [file.name for file in stale]


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
            raise _of(file, "this is a folder. Name the file in it.")
        if not file.is_file():  # a pipe, say, which would never end
            raise _of(file, f"this is no file. {mend}")
        if file.stat().st_size > LARGEST:
            raise _of(file, f"this is far too large for such a file. {mend}")
        found = json.loads(file.read_text("utf-8-sig"))  # an editor may put a mark at its start
    except (FileNotFoundError, DataError):
        raise
    except OSError as error:
        raise DataError([f"{file.name[:60]}: cannot be read ({error.strerror})."]) from None
    except UnicodeDecodeError:
        raise _of(file, f"this is no text. {mend}") from None
    except (ValueError, RecursionError):
        raise _of(file, f"this is no JSON text, or was cut off. {mend}") from None
    if not isinstance(found, dict) or mark not in found:
        raise _of(file, f"this is another kind of file: it has no {mark!r} at its start. {mend}")
    if found[mark] != 1:
        version = f"{str(found[mark])[:20]}; this one knows 1"
        raise _of(file, f"it was written by another version of the course ({version}). {mend}")
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
