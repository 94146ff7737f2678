"""The lessons' own questions and exercises: a folder a lesson, with questions.md and, where it computes, figures.py.

A question whose fact changes in a table changes with it; nothing here repeats a figure that stands elsewhere.
"""

from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from .. import codes, learner
from ..answers import Exercise
from ..checked import Checked
from ..content import SHARED
from ..course import tasks
from ..explorer import Explorer, Together
from ..guesses import Following, Guess, kept, line
from ..lookups import LOOKUPS
from ..markup import Card, Fragment, show
from ..questions import Entry
from ..reading import read
from ..templates import piece
from ..validate import Unknown, heard

FOLDER = Path(__file__).parent


def numbers() -> list[str]:
    """The numbers of the lessons that have questions, in their order."""
    return sorted(file.parent.name.removeprefix("lesson") for file in FOLDER.glob("lesson*/questions.md"))


@lru_cache
def entries(number: str) -> dict[str, Entry]:
    """The questions and exercises of a lesson by their keys, as they are written. Raises DataError for slips."""
    found = {f"{number}-{one.name}": one for one in read(heard(FOLDER / f"lesson{number}" / "questions.md"))}
    for key, entry in found.items():
        entry.edition = cache(lambda key=key: asked(key).edition)
    return found


@lru_cache
def names(number: str) -> dict[str, Callable]:
    """What the text of a lesson may look up: what all may, and the functions of its own figures.py."""
    if not (FOLDER / f"lesson{number}" / "figures.py").exists():
        return LOOKUPS
    module = import_module(f"{__name__}.lesson{number}.figures")
    named = ((name, thing) for name, thing in vars(module).items() if callable(thing) and not name.startswith("_"))
    return LOOKUPS | {name: thing for name, thing in named if thing.__module__ == module.__name__}


def keys(kind: str) -> list[str]:
    """The keys of all "questions", "exercises" or "guesses", in the order of the lessons."""
    return [key for number in numbers() for key, entry in entries(number).items() if entry.kind == kind]


def _entry(key: str, kind: str) -> Entry:
    known = isinstance(key, str) and key[:2] in numbers()
    entry = entries(key[:2]).get(key) if known else None
    if entry is None or entry.kind != kind:
        there = keys(kind)
        near = [one for one in there if one[:2] == str(key)[:2]]
        raise Unknown(kind.removesuffix("es" if kind == "guesses" else "s"), key, near or there)
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
    asked, told = exercise(key), ""
    right, lead = asked.judge(answer)
    if asked.verdict(answer)[0] not in ("blank", "empty"):  # which is no try, as on a page
        given = str(answer.tolist() if hasattr(answer, "tolist") else answer)
        told = learner.note("exercises", key, right, given, asked.edition)
    help_ = {} if right else {SHARED.text("exercise.help.head"): SHARED.text("exercise.help.text", exercise=key)}
    help_ |= {"Not kept": told} if told else {}
    return Card(f"Exercise {key}", lead, tuple(help_.items()))


TAKEN: Counter[str] = Counter()  # how many hints of each exercise have been asked for since the kernel started


def hint(key: str) -> Card:
    """The next step of an exercise: the first one, and with each further call one more; in the end the last one again.

    Raises Unknown, naming the keys there are.
    """
    steps = exercise(key).hints
    TAKEN[key] = step = min(TAKEN[key] + 1, len(steps))
    told = SHARED.texts("exercise.hint", exercise=key, step=step, all=len(steps))
    return Card(f"Exercise {key}", steps[step - 1], ((told["head"], told["left"]),))


def solution(key: str) -> Fragment:
    """The lines of code that lead to an exercise's answer, each with its reason, and the answer.

    Raises Unknown, naming the keys there are.
    """
    asked = exercise(key)
    head = SHARED.text("exercise.solution", exercise=key)
    body = piece("solution", head=head, lines=asked.lines, answer=asked.answer())
    return Fragment(body, f"{head}: {asked.answer()}\n{asked.lines}")


def guess(key: str) -> Guess:
    """A guess by its key, such as "02-towns": pick it or type it, and it is kept in your file. Raises Unknown as `question`."""
    return _entry(key, "guesses").as_guess(key, names(key[:2]))


def guessed(key: str) -> Following | None:
    """Your guess once more, beside what answers it; nothing outside a course folder, where none is kept. Raises Unknown,
    naming the keys there are."""
    _entry(key, "guesses")
    if learner.course_file() is None:
        return None

    def say(none: str) -> Callable[[dict], Fragment]:
        return lambda done: line(SHARED.text("guess.was" if kept(key) else none, guess=kept(key)), "lead")

    return Following(say("guess.none"), say("guess.later"))


def again(lesson: str) -> Together:
    """Two questions from the lessons before this one, such as "03": first those that you answered wrongly; else the first
    one of the lesson before, and the second of the lesson before that."""
    before = [[key for key in keys("questions") if key[:2] == number] for number in numbers() if number < lesson]
    chosen = learner.owed({key: entries(key[:2])[key].edition for of_lesson in before for key in of_lesson})
    if before:
        chosen += [before[-1][0], before[max(len(before) - 2, 0)][1]]
    asked = [_entry(key, "questions").as_question(key, names(key[:2]), lesson) for key in [*dict.fromkeys(chosen)][:2]]
    return Together(SHARED.text("again.title"), tuple(asked))


def asked(key: str) -> Explorer | Checked | Exercise:
    """A question or an exercise by its key. Raises Unknown, naming the keys there are."""
    return exercise(key) if entries(key[:2])[key].exercise else question(key)


def firsts(lesson: str, done: dict) -> dict[str, int]:
    """What was answered first in a lesson, as its code has it, of what is remembered."""
    answered = {key: one for key, one in codes.asked(entries(lesson)).items() if key in done[one.kind]}
    return {key: codes.first(one, asked(key), done[one.kind][key]) for key, one in answered.items()}


def my_code(lesson: str) -> Following:
    """What you answered first in a lesson, such as "02", as a code of a dozen signs, to be read out to your teacher, or sent.
    It follows what you do in this notebook. Raises Unknown, naming the lessons there are."""
    if lesson not in numbers():
        raise Unknown("lesson", lesson, numbers())
    return Following(lambda done: line(_code(lesson, done) or SHARED.text("progress.codeless"), "lead"))


def _code(lesson: str, done: dict) -> str:
    given = firsts(lesson, done)
    return codes.coded(lesson, entries(lesson), given) if any(given.values()) else ""


def _answered(key: str, entry: Entry, done: dict) -> dict:
    """What is remembered of a question or exercise as it is asked today; nothing where it has not been answered."""
    before = done[entry.kind].get(key)
    return before if before and learner.counts(before, entry.edition()) else {}


def progress(lesson: str = "") -> Following:
    """How much of each lesson you have got right, on this machine, in this course folder; or what is still open in one
    lesson, such as "02". It follows what you do in this notebook."""
    return Following(lambda done: _open(lesson, done) if lesson else _counts(done))


def _counts(done: dict) -> Fragment:
    kinds = ["questions", "exercises"]
    there = [(key, entry) for number in numbers() for key, entry in codes.asked(entries(number)).items()]
    rows = [(entry.kind, key[:2], _answered(key, entry, done).get("right", False)) for key, entry in there]
    found = pd.DataFrame(rows, columns=["kind", "lesson", "right"]).groupby(["lesson", "kind"])["right"]
    counts = found.agg(lambda right: f"{right.sum()} of {len(right)}").unstack(fill_value="0 of 0")
    return show(counts.reindex(columns=kinds), SHARED.text("progress.caption", file=learner.FILE))


def _open(lesson: str, done: dict) -> Fragment:
    left: dict[str, list[str]] = {"wrong": [], "new": []}
    for key, entry in codes.asked(entries(lesson)).items():
        before = _answered(key, entry, done)
        if before.get("right"):
            continue
        asked = f"{key}: {tasks(lesson).get(key) or entry.note('Wanted')}" if entry.exercise else question(key).title
        left["wrong" if before else "new"].append(SHARED.text(f"progress.{entry.kind}", asked=asked))
    code = _code(lesson, done)
    told = SHARED.text("progress.code", code=code) if code else ""
    body = SHARED.pane("open", left=left, file=learner.FILE, code=told)
    lines = [line for kind in left if left[kind] for line in (SHARED.text(f"progress.{kind}"), *left[kind])]
    return Fragment(body, "\n  ".join([*(lines or [SHARED.text("progress.done")]), *filter(None, [told])]))
