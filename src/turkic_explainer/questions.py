"""Questions with a reason for every answer, and exercises with a check: how questions.md is read, and how it asks.

    # shore                                           # Exercise: level
    Which countries have a shore on this sea?         Right: {{ level_before }}
                                                      Wanted: a number of metres
    - [ ] Kazakhstan alone
      Look at the western shore as well.              1. A first hint.
    - [x] Azerbaijan and Kazakhstan                   2. Another one, for those who ask for it.
      Two of five.                                    - {{ level_after }}
                                                        You have gone forward in time.

The file is Markdown, read by its lines: nothing in it but the look-ups of `lookups` is more than text.
"""

from __future__ import annotations

import numbers
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .content import Content
from .explorer import Explorer
from .learner import note
from .ledger import CLAIM_ID
from .lookups import Text, fill, look_up
from .markup import Markup
from .templates import piece
from .validate import DataError

TEXTS = Content("shared")
LETTERS = "ABCDEFG"
_HEADING = re.compile(r"# (Exercise: )?([a-z0-9][a-z0-9-]*)")
_NOTE = re.compile(r"(\w+): *(.*)")
_NOTES = ("Claims", "Unsourced", "Right", "Wanted")  # what may stand right below a heading
_ITEM = re.compile(r"(- \[[ xX]\]|-|\d+\.) +(.+)")


def ask(key: str, text: str, *answers: tuple[str, bool, str]) -> Explorer:
    """A question as an explorer: each answer is a state that shows whether it is right, and why.

    `answers` are triples: the answer, whether it is right (one of them is), and the reason.
    """
    by_state = dict(zip(LETTERS.lower(), answers, strict=False))

    def verdict(state: str) -> Markup:
        _, right, why = by_state[state]
        return piece("verdict", right=right, why=why)

    answer, why = next((state.upper(), why) for state, (_, right, why) in by_state.items() if right)
    return Explorer(
        f"q-{key}",
        text,
        tuple((state, f"{state.upper()}. {label}") for state, (label, _, _) in by_state.items()),
        verdict,
        question=True,
        paper_end=piece("answer", answer=TEXTS.text("question.answer", letter=answer, why=why))
        + piece("line", kind="unrun", text=TEXTS.text("question.unrun")),
        on_pick=lambda state: note("questions", key, by_state[state][1]),
    )


@dataclass(frozen=True)
class Exercise:
    """`right` works out the right answer, a number or a list; `wanted` says what is asked for; no hint gives it away.

    `wrong` works out answers that are known to be given, each with what to say of it.
    """

    right: Callable[[], Any]
    wanted: str
    hints: tuple[str, ...]
    wrong: Callable[[], list[tuple[Any, str]]] = list

    def judge(self, answer: Any) -> tuple[bool, str, dict[str, str]]:
        """Whether an answer is right, what to say of it, and what else to tell: what kind it is of, or hints."""
        right = self.right()
        if answer is ... or answer is None:
            return False, TEXTS.text("exercise.blank"), self._steps()
        many = isinstance(answer, (set, tuple, list, pd.Index, pd.Series, np.ndarray))
        if many != isinstance(right, list) or not (many or isinstance(answer, numbers.Number)):
            return False, TEXTS.text("exercise.kind", wanted=self.wanted), {"You gave": type(answer).__name__}
        if self._same(answer, right):
            return True, TEXTS.text("exercise.right"), {}
        for known, why in self.wrong():
            if isinstance(known, list) == many and self._same(answer, known):
                return False, TEXTS.text("exercise.known", why=why), self._steps()
        if not many:
            return False, TEXTS.text("exercise.wrong"), self._steps()
        extra, lost = self._differ(answer, right)
        return False, TEXTS.text("exercise.differs", extra=extra, lost=lost), self._steps()

    def _steps(self) -> dict[str, str]:
        """The first hint as it is, each further one behind a click."""
        further = {f"Hint {n}": piece("hint", number=n, hint=hint) for n, hint in enumerate(self.hints[1:], 2)}
        return {"Hint": self.hints[0]} | further

    @staticmethod
    def _differ(answer: Any, right: list) -> tuple[int, int]:
        """How many of a list's entries are too many, and how many are missing."""
        given = list(answer)
        return sum(a not in right for a in given), sum(r not in given for r in right)

    def _same(self, answer: Any, right: Any) -> bool:
        """Lists in any order; whole numbers are right or wrong; others may be rounded, by one part in two hundred."""
        if isinstance(right, list):
            return self._differ(answer, right) == (0, 0)
        return answer == right if isinstance(right, numbers.Integral) else abs(answer - right) <= abs(right) / 200


@dataclass
class Item:
    """One item of a list, an answer or a hint: its mark, its first line, and what is indented under it."""

    mark: str
    label: Text
    under: list[Text] = field(default_factory=list)

    @property
    def right(self) -> bool:
        return self.mark.lower() == "- [x]"

    @property
    def hint(self) -> bool:
        return self.mark[0].isdigit()

    @property
    def why(self) -> Text:
        return _paragraph(self.under or [self.label._replace(text="")])


@dataclass
class Entry:
    """What stands under one heading of a questions.md: a question or an exercise, with nothing looked up yet."""

    name: str
    exercise: bool
    heading: Text
    notes: dict[str, Text] = field(default_factory=dict)
    text: list[Text] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    def note(self, word: str) -> str:
        """What stands behind a word below the heading; nothing where it does not stand there."""
        return self.notes[word].text if word in self.notes else ""

    def as_question(self, key: str, names: Mapping[str, Callable]) -> Explorer:
        """Raises DataError for what cannot be looked up, and where `Right:` gives another answer than is marked."""
        answers = [(fill(item.label, names), item.right, fill(item.why, names)) for item in self.items]
        if check := self.notes.get("Right"):
            computed, marked = look_up(check, names), next(label for label, right, _ in answers if right)
            if computed != marked:
                raise check.slip(f"This gives {computed!r}, but the [x] is at {marked!r}: let them agree.")
        return ask(key, fill(_paragraph(self.text), names), *answers)

    def as_exercise(self, names: Mapping[str, Callable]) -> Exercise:
        """Raises DataError for what cannot be looked up; answers are worked out when one is judged."""
        hints = tuple(fill(_paragraph([item.label, *item.under]), names) for item in self.items if item.hint)
        wrong = [(item.label, fill(item.why, names)) for item in self.items if not item.hint]
        return Exercise(
            lambda: look_up(self.notes["Right"], names),
            fill(self.notes["Wanted"], names),
            hints,
            lambda: [(look_up(label, names), why) for label, why in wrong],
        )

    def told(self) -> Iterator[Text]:
        """All that a learner is told, but for the answers that are not right."""
        yield _paragraph(self.text) if self.text else self.notes["Wanted"]
        for item in self.items:
            if item.right or item.hint:
                yield item.label
            yield item.why

    def claims(self) -> list[str]:
        """The ids of the claims that it names: in its line `Claims:`, in its text and in what it looks up."""
        texts = [*self.notes.values(), *self.text, *(text for item in self.items for text in (item.label, *item.under))]
        return sorted({claim for text in texts for claim in CLAIM_ID.findall(text.text)})

    def lacks(self) -> Iterator[DataError]:
        """What is missing in it, or there too often."""
        right, count = sum(item.right for item in self.items), len(self.items)
        if self.exercise:
            rules = {
                "Add a line 'Right: {{ ... }}' right below the heading.": self.note("Right"),
                "Add a line 'Wanted: ...' right below the heading: what is asked for.": self.note("Wanted"),
                "Give a hint: a line '1. ...'.": any(item.hint for item in self.items),
            }
        else:
            rules = {
                "Write the question under its heading.": self.text,
                f"It has {count} answers: give 2 to {len(LETTERS)}.": 2 <= count <= len(LETTERS),
                f"It has {right} right answers: mark one with [x] and the others with [ ].": right == 1,
            }
        yield from [self.heading.slip(mend) for mend, kept in rules.items() if not kept][:1]
        for item in self.items:
            if not item.hint and not item.under:
                yield item.label.slip("Say why, in a line under it that begins with two spaces.")


def _paragraph(lines: list[Text]) -> Text:
    """Lines as one text, which stands where the first of them does."""
    return lines[0]._replace(text=" ".join(line.text for line in lines))


def read(file: Path) -> list[Entry]:
    """The questions and exercises of a file. Raises DataError with every slip that its form has."""
    entries: list[Entry] = []
    problems: list[str] = []
    top = Text("", file.name, f"{file.parent.name}, line 1")
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise top.slip("This is not text in UTF-8: save it as UTF-8.") from None
    noting = False  # whether the line stands right below a heading, where notes do
    for number, line in enumerate(lines, 1):
        try:
            noting = _take(line, top._replace(place=f"{file.parent.name}, line {number}"), entries, noting)
        except DataError as error:
            problems += error.problems
            noting = noting or line.startswith("#")
    if not entries:
        problems += top.slip("There is no question here: begin with a heading, such as '# shore'.").problems
    if not problems:  # what a line that could not be read has left open is not told as well
        problems = [line for entry in entries for error in entry.lacks() for line in error.problems]
    if problems:
        raise DataError(problems)
    return entries


def _begin(here: Text, entries: list[Entry]) -> None:
    """Begins an entry. Raises DataError for a heading that is not sound; what follows belongs to it all the same."""
    match = _HEADING.fullmatch(here.text)
    name, there = match[2] if match else here.text, [entry.name for entry in entries]
    here = here._replace(place=f"{here.place}, {name}")
    entries.append(Entry(name, bool(match and match[1]), here))
    if not match:
        raise here.slip("Write '# name' or '# Exercise: name', in small letters, digits and hyphens.")
    if name in there:
        raise here.slip("This name stands here twice: give one of them another.")


def _take(line: str, here: Text, entries: list[Entry], noting: bool) -> bool:
    """Puts a line where it belongs; whether notes may still follow it. Raises DataError where it belongs nowhere."""
    here = here._replace(text=line.strip())
    if line.startswith("#"):
        _begin(here, entries)
        return True
    if not here.text:
        return False
    if not entries:
        raise here.slip("Begin with a heading, such as '# shore'.")
    entry = entries[-1]
    here = here._replace(place=f"{here.place}, {entry.name}")
    if "\t" in line:
        raise here.slip("Indent by two spaces, not by a tab.")
    if noting and (match := _NOTE.fullmatch(here.text)):
        allowed = _NOTES if entry.exercise else _NOTES[:-1]
        if match[1] not in allowed or match[1] in entry.notes:
            raise here.slip(f"Here stand {', '.join(allowed)}, each once; leave a line empty before anything else.")
        entry.notes[match[1]] = here._replace(text=match[2])
        return True
    _add(line, here, entry)
    return False


def _add(line: str, here: Text, entry: Entry) -> None:
    """Adds a line to a question's text, or to its items. Raises DataError where it can be neither."""
    match = _ITEM.fullmatch(here.text)
    if line.startswith(" "):
        if match or not entry.items or not line.startswith("  "):
            raise here.slip("Two spaces stand before what belongs to the item above, and no list begins there.")
        entry.items[-1].under.append(here)
    elif match and match[1].startswith("- [") != entry.exercise:
        entry.items.append(Item(match[1], here._replace(text=match[2])))
    elif match or line[0] in "-*+":
        entry.items.append(Item("-", here))  # so that what follows belongs to something
        forms = "'1. hint' or '- {{ wrong }}'" if entry.exercise else "'- [ ] answer' or '- [x] answer'"
        raise here.slip(f"Write {forms}.")
    elif entry.exercise and not entry.items:
        raise here.slip("Begin with an item: a hint, '1. ...'. The task itself stands in the notebook.")
    elif entry.items:
        raise here.slip("Put two spaces before it if it belongs to the item above it.")
    else:
        entry.text.append(here)
