"""A learner's own folder with the lessons: made once, brought up to date later, never overwritten."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

from ..files import lesson_files, put, read, remembered
from ..learner import COURSE
from ..validate import DataError, course_path

_MEMORY = COURSE  # holds what each file was when it was put here, so that a change can be told


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def prepare(folder: Path) -> list[str]:
    """Puts the lessons and their evidence into `folder`, and says in plain lines what was done.

    A file that the learner has changed is left as it is. Lessons that are as we made them are signed as trusted, so
    that their maps show before anything is run. Raises DataError if the folder cannot be written.
    """
    try:
        return _prepare(folder)
    except OSError as error:
        mend = "Name another one with --workspace."
        raise DataError([f"{folder}: cannot be used as the course folder ({error}). {mend}"]) from None


def _prepare(folder: Path) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    memory_file = folder / _MEMORY
    memory = remembered(memory_file)
    wanted = [(f, f"notebooks/{f.name}") for f in lesson_files()]
    wanted += [(f, f"notebooks/{f.name}") for f in sorted(course_path("notebooks").glob("*-example.json"))]
    wanted += [(f, f"seeds/{f.name}") for f in sorted(course_path("seeds").glob("*.toml"))]
    new, renewed, kept, ours = [], [], [], []
    for source, name in wanted:
        target, digest = folder / name, _digest(source)
        found = _digest(target) if target.exists() else None
        if found not in (None, digest, memory.get(name)):  # neither ours of today nor ours of the last time
            kept.append(name)
            continue
        if found != digest:
            (new if found is None else renewed).append(name)
            put(target, source.read_bytes())
        memory[name] = digest
        ours.append(target)
    put(memory_file, (json.dumps(memory, indent=1, sort_keys=True) + "\n").encode())
    said = [f"The course is in {folder}"]
    if new:
        said.append(f"  new: {len(new)} files" if len(new) > 3 else f"  new: {', '.join(new)}")
    if renewed:
        said.append(f"  brought up to date: {', '.join(renewed)}")
    if kept:
        said.append(
            f"  left as you changed it: {', '.join(kept)} (to get the course's version, rename yours and start again)"
        )
    try:
        _trust(f for f in ours if f.suffix == ".ipynb")
    except (OSError, sqlite3.Error) as error:
        said.append(f"  not marked as trusted ({error}): run the cells to see the maps")
    return said


def _trust(files) -> None:
    notary = NotebookNotary()
    for file in files:
        notary.sign(nbformat.from_dict(read(file)))
