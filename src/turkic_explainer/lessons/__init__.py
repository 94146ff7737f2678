"""The lessons' own questions and exercises, a module a lesson, made from the tables and the ledger.

A question whose fact changes in a table changes with it; nothing here repeats a figure that stands elsewhere.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from ..explorer import Explorer
from ..learner import note
from ..learner import progress as told
from ..markup import Card, Table
from ..questions import Exercise


@lru_cache
def _lessons() -> dict[str, str]:
    """The modules here by the numbers of their lessons. Each is loaded when its first question is asked."""
    return {m.name.removeprefix("lesson"): f"{__name__}.{m.name}" for m in iter_modules(__path__)}


def _of(key: str, kind: str, what: str) -> Any:
    """The question or exercise `key`. Raises KeyError, naming the keys there are."""
    number = key.split("-")[0]
    found = getattr(import_module(_lessons()[number]), kind) if number in _lessons() else {}
    if key not in found:
        raise KeyError(f"There is no {what} {key!r}. There are: {', '.join(keys(kind))}.")
    return found[key]


def keys(kind: str) -> list[str]:
    """The keys of all QUESTIONS or EXERCISES, in the order of the lessons."""
    modules: list[ModuleType] = [import_module(name) for _, name in sorted(_lessons().items())]
    return [key for module in modules for key in getattr(module, kind)]


def question(key: str) -> Explorer:
    """A check-yourself question by its key, such as "02-hosts". Raises KeyError, naming the keys there are."""
    return _of(key, "QUESTIONS", "question")()


def exercise(key: str) -> Exercise:
    """An exercise by its key, such as "00-undated": its right answer, and what is wanted. Raises KeyError as `question` does."""
    return _of(key, "EXERCISES", "exercise")


def check(key: str, answer: Any) -> Card:
    """Says whether an exercise's answer is right, and if not, what kind of thing is wrong, without giving it away.

    Raises KeyError, naming the keys there are, for an exercise that does not exist.
    """
    right, lead, lines = exercise(key).judge(answer)
    if answer is not ...:
        note("exercises", key, right)
    return Card(f"Exercise {key}", lead, tuple(lines.items()))


def progress() -> Table:
    """How many questions and exercises of each lesson you have got right, on this machine, in this course folder."""
    return told({"questions": keys("QUESTIONS"), "exercises": keys("EXERCISES")})
