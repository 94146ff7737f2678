"""A learner's own folder with the lessons: made once, brought up to date later, never overwritten."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

from ..files import lesson_files, put, put_json, read, remembered
from ..learner import COURSE
from ..validate import DataError, course_path


def prepare(folder: Path) -> list[str]:
    """Puts the lessons and their evidence into `folder`, and says in plain lines what was done.

    A file that the learner has changed is left as it is. Lessons that are as we made them are signed as trusted, so
    that their maps show before anything is run. Raises DataError if the folder cannot be written.
    """
    try:
        ours, done = _brought(folder)
    except OSError as error:
        raise DataError(
            [f"{folder}: cannot be used as the course folder ({error}). Name another one with --workspace."]
        ) from None
    done = [f"The course is in {folder}", *done]
    try:
        notary = NotebookNotary()
        for file in ours:
            if file.suffix == ".ipynb":
                notary.sign(nbformat.from_dict(read(file)))
    except (OSError, sqlite3.Error) as error:
        done.append(f"  not marked as trusted ({error}): run the cells to see the maps")
    return done


def _brought(folder: Path) -> tuple[list[Path], list[str]]:
    """The files in `folder` that are as the course has them now, and lines that say which came and which were left.

    COURSE holds what each file was when it was put there, so that a change can be told.
    """
    memory = remembered(folder / COURSE)
    notebooks, seeds = course_path("notebooks"), course_path("seeds")
    ours, new, renewed, kept = [], [], [], []
    beside = (*notebooks.glob("*-example.json"), *notebooks.glob("evidence/*.md"), *seeds.glob("*.toml"))
    for source in (*lesson_files(), *sorted(beside)):
        name = source.relative_to(notebooks.parent).as_posix()
        target, content = folder / name, source.read_bytes()
        digest = _digest(content)
        found = _digest(target.read_bytes()) if target.exists() else None
        if found not in (None, digest, memory.get(name)):  # neither ours of today nor ours of the last time
            kept.append(name)
            continue
        if found != digest:
            (new if found is None else renewed).append(name)
            put(target, content)
        memory[name] = digest
        ours.append(target)
    put_json(folder / COURSE, memory)
    lines = {
        "new": [f"{len(new)} files"] if len(new) > 3 else new,
        "brought up to date": renewed,
        "left as you changed it": kept,
    }
    mend = " (to get the course's version, rename yours and start again)"
    return ours, [
        f"  {what}: {', '.join(names)}{mend if names is kept else ''}" for what, names in lines.items() if names
    ]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
