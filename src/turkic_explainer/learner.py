"""What a learner has done so far: one small file in their own course folder, which never leaves the machine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from .content import Content
from .files import get_json, put_json, set_aside
from .markup import Fragment, show
from .validate import COURSE as COURSE  # for those who import it from here
from .validate import DataError, course_folder

MARK = "turkic-progress"
FILE = "my-progress.json"
_DONE = {"right": bool, "tries": int, "on": str}  # what is remembered of a question or exercise; once right stays right


def _file() -> Path | None:
    """The learner's file; nothing outside a course folder, such as where lessons are tested."""
    folder = course_folder()
    return folder and folder / FILE


def _read(file: Path | None) -> dict[str, dict[str, dict]]:
    """What became of each, by "questions" or "exercises" and its key. Raises DataError, with the mend, for a file that cannot be read."""
    if file is None or not file.exists():
        return {}
    found = {kind: done for kind, done in get_json(file, MARK).items() if kind != MARK}
    try:
        one_by_one = [done for kind in found.values() for done in kind.values()]
        sound = all({name: type(value) for name, value in done.items()} == _DONE for done in one_by_one)
    except AttributeError:  # what should hold others by name is something else
        sound = False
    if not sound:
        raise DataError([f"{file.name}: what stands in it is not a learner's progress. Delete it, or mend it."])
    return found


def note(kind: str, key: str, right: bool) -> None:
    """Remembers that a question was answered, or an exercise checked. A file that cannot be read is set aside first."""
    file = _file()
    if file is None:
        return
    try:
        done = _read(file)
    except DataError:
        set_aside(file)
        done = {}
    before = done.setdefault(kind, {}).get(key, {"right": False, "tries": 0})
    if not before["right"]:
        done[kind][key] = {"right": right, "tries": before["tries"] + 1, "on": date.today().isoformat()}
        put_json(file, {MARK: 1} | done)


def progress(total: Mapping[str, list[str]]) -> Fragment:
    """How far the learner is: of `total`, the keys of all questions and exercises by kind, how many are right a lesson."""
    done = _read(_file())
    rows = [
        (kind, key[:2], done.get(kind, {}).get(key, {"right": False})["right"])
        for kind, keys in total.items()
        for key in keys
    ]
    found = pd.DataFrame(rows, columns=["kind", "lesson", "right"]).groupby(["lesson", "kind"])["right"]
    counts = found.agg(lambda right: f"{right.sum()} of {len(right)}").unstack(fill_value="0 of 0")
    return show(counts.reindex(columns=[*total]), Content("shared").text("progress.caption", file=FILE))
