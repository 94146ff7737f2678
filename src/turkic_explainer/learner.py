"""What a learner has done so far: one small file in their own course folder, which never leaves the machine."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from .content import SHARED
from .files import get_json, locked, put_json, set_aside
from .validate import COURSE as COURSE  # for those who import it from here
from .validate import DataError, course_folder

MARK = "turkic-progress"
FILE = "my-progress.json"
# What is remembered of each thing at least. Of a question or exercise also "first", the answer that was given first, the
# "edition" to which (`edition`), and "back", that a question has come back in a later lesson. Once right stays right; tries are counted until then.
_DONE = {"right": bool, "tries": int, "on": str}
_NEEDED = {
    "questions": _DONE,
    "exercises": _DONE,
    "guesses": {"text": str, "on": str},
    "filings": {"filed": dict, "on": str},  # of the cards of a lesson
}
FOLLOWERS: list[Callable[[], None]] = []  # called whenever something is remembered in this kernel


def edition(*parts: Any) -> str:
    """A mark of what a question asks: another one where an answer may mean something else. Machines differ in a number's last
    digits, and these do not count."""
    found = json.loads(json.dumps(parts), parse_float=lambda number: f"{float(number):.9g}")
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()[:8]


def course_file() -> Path | None:
    """The learner's file; nothing outside a course folder, such as where lessons are tested: there nothing is remembered."""
    folder = course_folder()
    return folder and folder / FILE


def remembered(file: Path | None = None) -> dict[str, dict[str, dict]]:
    """What became of each thing, by kind and key, as the learner's file has it, or another one. Raises DataError, with the
    mend, for a file that cannot be read."""
    mend = "Ask for the file again." if file else SHARED.text("progress.mend")
    file = file or course_file()
    if file is None or not file.exists():
        return dict.fromkeys(_NEEDED, {})
    found = dict.fromkeys(_NEEDED, {}) | get_json(file, MARK, mend)
    try:
        things = [(needed, thing) for kind, needed in _NEEDED.items() for thing in found[kind].values()]
        sound = all({name: type(thing.get(name)) for name in needed} == needed for needed, thing in things)
    except AttributeError:  # what should hold others by name is something else
        sound = False
    if not sound:
        raise DataError([f"{file.name}: what stands in it is not a learner's progress. {mend}"])
    return found


def _remember(kind: str, key: str, changed: Callable[[dict], dict]) -> str:
    """Changes what is remembered of one thing, and gives what the learner has to be told: nothing, where all is well.

    Whoever else writes the file waits meanwhile. One that cannot be read is set aside, and never written over.
    """
    file, told = course_file(), ""
    if file is None:
        return ""
    try:
        with locked(file):
            try:
                done = remembered()
            except DataError:
                told, done = SHARED.text("progress.aside", file=FILE, kept=set_aside(file).name), {}
            before = done.get(kind, {})
            thing = changed(before.get(key, {})) | {"on": date.today().isoformat()}
            put_json(file, {MARK: 1} | done | {kind: before | {key: thing}})
    except OSError as error:
        told = SHARED.text("progress.unkept", file=FILE, why=error.strerror)
    for follow in FOLLOWERS:
        follow()
    return told


def counts(answered: Mapping[str, Any], today: str) -> bool:
    """Whether what is remembered of a question or exercise was an answer to its edition of today: to any other it is none, for
    that asked something else. What has no mark is of a course from before there were any."""
    return answered.get("edition") == today


def note(kind: str, key: str, right: bool, answer: str, today: str, back: bool = False) -> str:
    """Remembers that a question was answered, or an exercise checked, in its edition of `today`; `back` if the question had come
    back. What is remembered of another edition goes.

    Gives what the learner has to be told: that it could not be kept, or that a damaged file was set aside. Else nothing.
    """

    def changed(before: dict) -> dict:
        new = {"right": False, "tries": 0, "first": answer[:80], "edition": today}
        done = before if counts(before, today) else new
        done |= {"back": True} if back else {}
        return done if done["right"] else done | {"right": right, "tries": done["tries"] + 1}

    return _remember(kind, key, changed)


def keep(key: str, guess: str) -> str:
    """Remembers a guess, in the place of an earlier one. Gives what the learner has to be told, as `note` does."""
    return _remember("guesses", key, lambda before: {"text": guess[:300]})


def keep_filing(lesson: str, filed: dict) -> str:
    """Remembers how the cards of a lesson are filed, for the teacher who asks for this file. Gives the same."""
    return _remember("filings", lesson, lambda before: {"filed": filed})


def known() -> dict[str, dict[str, dict]]:
    """The same, and nothing where the file cannot be read."""
    try:
        return remembered()
    except DataError:
        return dict.fromkeys(_NEEDED, {})


def is_right(kind: str, key: str, today: str) -> bool:
    """Whether a question or exercise has been answered rightly, in its edition of today; no, where the file cannot be read."""
    done = known()[kind].get(key, {})
    return counts(done, today) and done["right"]


def owed(asked: Mapping[str, Callable[[], str]]) -> list[str]:
    """Those of these questions, each with what gives its edition of today, that come back because the answer was wrong: first what
    is not right yet, then what was wrong at first and has not come back; each time what was answered longest ago. Nothing, if
    the file cannot be read."""
    there = known()["questions"]
    done = {key: there[key] for key in asked if key in there}
    wrong = [key for key, had in done.items() if not had["right"] or had["tries"] > 1 and not had.get("back")]
    # Of the few that were wrong alone: an edition is known once all is looked up that a question holds.
    wrong = [key for key in wrong if counts(done[key], asked[key]())]
    return sorted(wrong, key=lambda key: (done[key]["right"], done[key]["on"]))
