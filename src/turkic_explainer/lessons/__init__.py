"""The lessons' own questions and exercises: a folder a lesson, with questions.md and, where it computes, figures.py.

A question whose fact changes in a table changes with it; nothing here repeats a figure that stands elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from .. import learner
from ..answers import TEXTS, Exercise
from ..explorer import Explorer
from ..lookups import LOOKUPS
from ..markup import Card, Fragment
from ..questions import Entry, read
from ..templates import piece
from ..validate import Unknown, heard

FOLDER = Path(__file__).parent


def numbers() -> list[str]:
    """The numbers of the lessons that have questions, in their order."""
    return sorted(file.parent.name.removeprefix("lesson") for file in FOLDER.glob("lesson*/questions.md"))


@lru_cache
def entries(number: str) -> dict[str, Entry]:
    """The questions and exercises of a lesson by their keys, as they are written. Raises DataError for slips."""
    found = read(heard(FOLDER / f"lesson{number}" / "questions.md"))
    return {f"{number}-{entry.name}": entry for entry in found}


@lru_cache
def names(number: str) -> dict[str, Callable]:
    """What the text of a lesson may look up: what all may, and the functions of its own figures.py."""
    if not (FOLDER / f"lesson{number}" / "figures.py").exists():
        return LOOKUPS
    module = import_module(f"{__name__}.lesson{number}.figures")
    own = {name: thing for name, thing in vars(module).items() if getattr(thing, "__module__", "") == module.__name__}
    return LOOKUPS | {name: thing for name, thing in own.items() if callable(thing) and not name.startswith("_")}


def keys(kind: str) -> list[str]:
    """The keys of all "questions" or "exercises", in the order of the lessons."""
    exercise = {"questions": False, "exercises": True}[kind]
    return [key for number in numbers() for key, entry in entries(number).items() if entry.exercise == exercise]


def _entry(key: str, kind: str) -> Entry:
    known = isinstance(key, str) and key[:2] in numbers()
    entry = entries(key[:2]).get(key) if known else None
    if entry is None or entry.exercise != (kind == "exercises"):
        there = keys(kind)
        raise Unknown(kind.removesuffix("s"), key, [one for one in there if one[:2] == str(key)[:2]] or there)
    return entry


def question(key: str) -> Explorer:
    """A check-yourself question by its key, such as "02-hosts". Raises Unknown, naming the keys there are."""
    return _entry(key, "questions").as_question(key, names(key[:2]))


def exercise(key: str) -> Exercise:
    """An exercise by its key, such as "02-capitals". Raises Unknown, naming the keys there are."""
    return _entry(key, "exercises").as_exercise(names(key[:2]))


def check(key: str, answer: Any = ...) -> Card:
    """Says whether an exercise's answer is right, and if not, what kind of thing is wrong, without a hint.

    `answer` may have any form: a number or a text of it, a list, a column. Raises Unknown, naming the keys there are.
    """
    right, lead = exercise(key).judge(answer)
    if answer is not ...:
        learner.note("exercises", key, right)
    help_ = {} if right else {TEXTS.text("exercise.help.head"): TEXTS.text("exercise.help.text", exercise=key)}
    return Card(f"Exercise {key}", lead, tuple(help_.items()))


TAKEN: Counter[str] = Counter()  # how many hints of each exercise have been asked for since the kernel started


def hint(key: str) -> Card:
    """The next step of an exercise: the first one, and with each further call one more; in the end the last one again.

    Raises Unknown, naming the keys there are.
    """
    steps = exercise(key).hints
    TAKEN[key] = step = min(TAKEN[key] + 1, len(steps))
    head, left = (
        TEXTS.text(f"exercise.hint.{part}", exercise=key, step=step, all=len(steps)) for part in ("head", "left")
    )
    return Card(f"Exercise {key}", steps[step - 1], ((head, left),))


def solution(key: str) -> Fragment:
    """The lines of code that lead to an exercise's answer, each with its reason, and the answer.

    Raises Unknown, naming the keys there are.
    """
    asked = exercise(key)
    head = TEXTS.text("exercise.solution", exercise=key)
    body = piece("solution", head=head, lines=asked.lines, answer=asked.answer())
    return Fragment(body, f"{head}: {asked.answer()}\n{asked.lines}")


def progress() -> Fragment:
    """How many questions and exercises of each lesson you have got right, on this machine, in this course folder."""
    return learner.progress({kind: keys(kind) for kind in ("questions", "exercises")})
