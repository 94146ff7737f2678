"""A course folder: made once and brought up to date later, and nothing that its owner wrote in it is lost.

A learner's has the lessons without answers. A teacher's has them whole, and `lessons`, texts that she may change.
COURSE, the file that makes it a course folder, remembers what was put there last time:

    files     of each file, the fingerprint of what the course had
    cells     of each lesson, the fingerprints of its cells, by their ids and in their order
    shown     of each lesson that was run here, the fingerprint of the texts and the evidence that it rested on then
    signed    the fingerprint of the key that the lessons were signed with
    version   the fingerprint of all that the course had then: two folders of one version were brought up to the same course
"""

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..files import lesson_files, put, put_json, read, remembered
from ..spoken import FIXED
from ..validate import COURSE, DATA, LESSONS, DataError, package_path, short
from .copies import beside, without_answers
from .merge import merged, prints

_PARTS = ("notebooks", "seeds", "lessons")  # what a course folder has in it
NAMES = {"learner": "turkic-course", "teacher": "turkic-course-teacher"}


def edition_of(folder: Path) -> str:
    """Whose course folder it is: a teacher's has `lessons` in it."""
    return "teacher" if (folder / "lessons").is_dir() else "learner"


def prepare(folder: Path, edition: str = "learner") -> list[str]:
    """Puts the lessons and their evidence into `folder`, or brings them up to date; says in plain lines what was done.

    What its owner changed stays. What is ours in it is signed as trusted, so that maps show before anything is run.
    Raises DataError if the folder cannot be written, is that of another edition, or a part of a course folder.
    """
    if (folder.parent / COURSE).is_file() and folder.name in _PARTS and not (folder / COURSE).exists():
        # As `prepare .` is said in `notebooks`: from then on the lessons there would be of a course without her answers.
        raise DataError([f"{folder}: this is a part of a course folder. Name the one above."])
    if (folder / COURSE).exists() and edition_of(folder) != edition:
        raise DataError([f"{folder}: this is a {edition_of(folder)}'s course folder. Name another folder."])
    try:
        memory = _memory(folder)
        whole = bool(memory["files"]) and not memory["cells"]  # it is from before there were editions
        trusted, done = _brought(folder, edition, memory)
        done += _signed(folder, trusted, memory)
        put_json(folder / COURSE, memory)
    except OSError as error:
        told = f"{folder}: cannot be used as the course folder ({error.strerror or error})"
        raise DataError([f"{told}. Name another: `lab --workspace FOLDER`, `prepare FOLDER`."]) from None
    if whole and edition == "learner":
        done.append("  it had the solutions and the teacher's notes: a folder with them is made by `lab --teacher`")
    return [f"The course is in {folder}", *done]


def version(folder: Path) -> str:
    """The version of the course that a folder was last brought up to, in twelve letters; nothing for any other folder."""
    return _memory(folder)["version"] or ""


def _memory(folder: Path) -> dict[str, Any]:
    """What COURSE remembers. In a folder from before there were editions it has fingerprints of files, and no more."""
    memory = remembered(folder / COURSE)
    if "files" not in memory:
        memory = {"files": memory}
    tables = {part: memory.get(part) for part in ("files", "cells", "shown")}
    sound = {part: found if isinstance(found, dict) else {} for part, found in tables.items()}
    return sound | {part: memory.get(part) for part in ("signed", "version")}


def _course(edition: str) -> Iterator[tuple[str, bytes]]:
    """The files of the course as it is now, as this edition has them, by their names in a course folder."""
    notebooks = package_path("notebooks")
    for file in lesson_files(notebooks):
        raw = file.read_bytes()
        yield f"notebooks/{file.name}", raw if edition == "teacher" else _dumps(without_answers(json.loads(raw)))
    for file in sorted([*beside(notebooks), *package_path("seeds").glob("*.toml")]):
        yield file.relative_to(notebooks.parent).as_posix(), file.read_bytes()
    texts = [*LESSONS.glob("lesson*/questions.md"), *LESSONS.glob("*/shown.toml")] if edition == "teacher" else []
    for file in sorted(texts):
        yield f"lessons/{file.parent.name}/{file.name}", file.read_bytes()
    if texts:
        yield f"lessons/{FIXED}", (DATA / FIXED).read_bytes()


def _dumps(notebook: dict[str, Any]) -> bytes:
    """A notebook, as JSON has it, as nbformat writes it."""
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _print(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _brought(folder: Path, edition: str, memory: dict[str, Any]) -> tuple[dict[Path, bool], list[str]]:
    """The lessons to be trusted, and whether each came just now; and lines that say what came and what was left."""
    trusted: dict[Path, bool] = {}
    said: dict[str, list[str]] = {"new": [], "brought up to date": [], "brought up to date around what you wrote": [],
                                  "left, for it cannot be read": [], "left as you changed it": []}  # fmt: skip
    brought = []
    for name, course in _course(edition):
        file, given, was = folder / name, _print(course), memory["files"].get(name)
        brought.append((name, given))
        try:
            found = file.read_bytes() if os.path.lexists(file) else None
        except OSError as error:  # a folder, a link to a drive that is not there: it keeps no other from being brought
            said["left, for it cannot be read"].append(f"{name} ({error.strerror})")
            continue
        if found not in (None, course) and given == was:
            continue  # the course has nothing newer, and what became of it here is its owner's
        how, content, note = "", course, ""
        if found is None:
            how = "new"
        elif found != course:
            how = "brought up to date"
            if _print(found) != was:
                how, content, note = _joined(file, found, course, memory["cells"].get(name))
            if content is None:
                said[how].append(note or name)
                continue
        if how:
            put(file, content)
            memory["shown"].pop(file.name, None)
            said[how].append(name + note)
        if name.endswith(".ipynb"):
            memory["cells"][name] = prints(json.loads(course)["cells"])
            if content == course or _is_trusted(found):
                trusted[file] = bool(how)
        memory["files"][name] = given
    memory["version"] = _print(json.dumps(brought).encode())[:12]
    if len(said["new"]) > 3:
        said["new"] = [f"{len(said['new'])} files"]
    mend = " (to get the course's version, rename yours and start again)"
    told = {how: f"  {how}: {', '.join(names)}{mend * how.startswith('left')}" for how, names in said.items() if names}
    return trusted, [*told.values()]


def _joined(file: Path, mine: bytes, course: bytes, given: dict[str, str] | None) -> tuple[str, bytes | None, str]:
    """What becomes of a file that its owner changed: how, its new content (none if it stays), and what else to say."""
    left = "left as you changed it", None, ""
    if file.suffix != ".ipynb":
        return left
    ours = json.loads(course)
    try:
        read(file)
        hers = json.loads(mine.decode("utf-8-sig"))
        if hers["nbformat"] != 4:  # from before 2015
            return left
        if given is None:  # a folder from before cells were remembered: was anything written in it at all?
            whole = json.loads((package_path("notebooks") / file.name).read_bytes())
            if prints(hers["cells"]) not in (prints(whole["cells"]), prints(ours["cells"])):
                return left
            given = prints(hers["cells"])
        cells, both = merged(given, hers["cells"], ours["cells"])
        metadata = hers["metadata"] | ours["metadata"] | _about(hers, ours)
        about = {"nbformat": 4, "nbformat_minor": ours["nbformat_minor"], "metadata": metadata}
    except ModuleNotFoundError:  # without nbformat nothing is done to it
        return left
    except DataError as error:  # it is no sound notebook any more
        return "left, for it cannot be read", None, short(str(error), 105)
    if cells == ours["cells"]:
        return "brought up to date", course, ""
    note = f" (the course changed {both} cell{'s' * (both > 1)} that you changed too: its form stands below yours)"
    return "brought up to date around what you wrote", _dumps(hers | about | {"cells": cells}), note * bool(both)


def _about(hers: dict, ours: dict) -> dict[str, Any]:
    """What a lesson says of itself, as the course has it, but in the language into which its owner put it."""
    about = {**(hers["metadata"].get("turkic") or {}), **ours["metadata"].get("turkic", {})}
    return {"turkic": about} if about else {}


# --- trust ---------------------------------------------------------------------------------------------------------


def _is_trusted(raw: bytes) -> bool:
    """Whether a notebook is as its owner's JupyterLab signed it."""
    import nbformat
    from nbformat.sign import NotebookNotary

    try:
        return NotebookNotary().check_signature(nbformat.from_dict(json.loads(raw)))
    except (OSError, ValueError, sqlite3.Error):
        return False


def _signed(folder: Path, lessons: dict[Path, bool], memory: dict[str, Any]) -> list[str]:
    """Signs the lessons that came just now, or all where they were signed with another key. Says what failed."""
    try:
        from jupyter_core.paths import jupyter_data_dir
    except ModuleNotFoundError:
        return ["  not marked as trusted, for Jupyter is not here: run the cells to see the maps"]
    key = Path(jupyter_data_dir(), "notebook_secret")
    if memory["signed"] == (key.exists() and _print(key.read_bytes())):
        lessons = {file: came for file, came in lessons.items() if came}
    if not lessons:
        return []
    try:
        import nbformat  # a second, which only a start with something new pays
        from nbformat.sign import NotebookNotary

        notary = NotebookNotary()
        for file in lessons:
            notary.sign(nbformat.from_dict(json.loads(file.read_bytes())))
        memory["signed"] = _print(key.read_bytes())
    except (ModuleNotFoundError, OSError, sqlite3.Error) as error:
        return [f"  not marked as trusted ({error}): run the cells to see the maps"]
    return []


# --- a teacher's texts ---------------------------------------------------------------------------------------------


def _rests_on(lesson: Path, texts: dict[str, str]) -> str:
    """The fingerprint of the evidence and of the texts that a lesson shows: its own and those that it borrows."""
    numbers = {lesson.name[:2], *re.findall(r'"(\d\d)-', lesson.read_text("utf-8", "replace").replace("\\", ""))}
    shown = [f"lessons/lesson{number}/" for number in numbers] + ["lessons/shared/", "lessons/fixed", "seeds/"]
    return _print(json.dumps({n: mark for n, mark in sorted(texts.items()) if n.startswith(tuple(shown))}).encode())


def behind(folder: Path) -> dict[Path, str]:
    """The lessons of a teacher's folder whose stored outputs rest on other texts or evidence than stand there now, each
    with the fingerprint that `shown` is to note once it has been run."""
    if edition_of(folder) != "teacher":
        return {}
    memory = _memory(folder)
    given = {name: mark for name, mark in memory["files"].items() if name.startswith(("seeds/", "lessons/"))}
    hers = (file for part in ("seeds", "lessons") for file in (folder / part).rglob("*"))  # what she added, too
    texts = [file for file in hers if file.suffix in (".toml", ".md")]
    now = {file.relative_to(folder).as_posix(): _print(file.read_bytes()) for file in texts}
    found = {}
    for lesson in lesson_files(folder / "notebooks"):
        mark = _rests_on(lesson, now)
        if mark != memory["shown"].get(lesson.name, _rests_on(lesson, given)):
            found[lesson] = mark
    return found


def was_run(folder: Path, lesson: Path) -> None:
    """Notes that a lesson in a course folder shows what its texts and the evidence say now, and signs it as trusted."""
    mark, memory = behind(folder).get(lesson), _memory(folder)
    if mark:
        memory["shown"][lesson.name] = mark
    _signed(folder, {lesson: True}, memory)
    put_json(folder / COURSE, memory)
