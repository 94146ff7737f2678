"""Questions with a reason for every answer, exercises with a check, guesses: how questions.md is read, and how it asks.

    # shore                                           # Exercise: level
    Which countries have a shore on this sea?         Right: {{ level_before }}
                                                      Wanted: a number of metres
    - [ ] Kazakhstan alone
      Look at the western shore as well.              1. A first step.
    - [x] Azerbaijan and Kazakhstan                   2. Another one, for those who ask for it.
      Two of five.                                    - {{ level_after }}
                                                        You have gone forward in time.
    # Guess: fallen
    Has the level only fallen?                        (Without choices, a guess is typed.)

    - Yes
    - No

Then come the lines of the exercise's solution, between ```python and ```. The file is Markdown, read by its lines:
nothing in it but the look-ups of `lookups` is more than text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .answers import Exercise
from .content import SHARED
from .explorer import Explorer
from .guesses import Guess
from .learner import is_right, note
from .ledger import CLAIM_ID
from .lookups import Text, fill, look_up
from .markup import Markup
from .templates import piece
from .validate import READABLE, READABLY, DataError

LETTERS = "ABCDEFG"
_HEADING = re.compile(r"# (?:(Exercise|Guess): )?([a-z0-9][a-z0-9-]*)")
_NOTE = re.compile(r"(\w+): *(.*)")
# Right below a heading: an exercise has any but the last, a question the first three, a guess these two and the last.
_NOTES = ("Claims", "Unsourced", "Right", "Wanted", "Also", "Decimals", "Lines")
_ITEM = re.compile(r"(- \[[ xX]\]|-|\d+\.) +(.+)")


def ask(key: str, text: str, *answers: tuple[str, bool, str], again: str = "") -> Explorer:
    """A question as an explorer: each answer is a state that shows whether it is right, and why.

    `answers` are triples: the answer, whether it is right (one of them is), and the reason. `again` is the
    later lesson in which the question comes back.
    """
    by_state = dict(zip(LETTERS.lower(), answers, strict=False))

    def verdict(state: str) -> Markup:
        _, right, why = by_state[state]
        return piece("verdict", right=right, why=why)

    answer, why = next((state.upper(), why) for state, (_, right, why) in by_state.items() if right)
    return Explorer(
        f"again-{again}-{key}" if again else f"q-{key}",
        text,
        tuple((state, f"{state.upper()}. {label}") for state, (label, _, _) in by_state.items()),
        verdict,
        start=None if again or not is_right("questions", key) else answer.lower(),
        question=True,
        paper_end=piece("answer", answer=SHARED.text("question.answer", letter=answer, why=why))
        + piece("line", kind="unrun", text=SHARED.text("question.unrun")),
        on_pick=lambda state: note("questions", key, by_state[state][1], state, bool(again)),
    )


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
    """What stands under one heading of a questions.md: a question, an exercise or a guess, with nothing looked up yet."""

    name: str
    exercise: bool
    heading: Text
    notes: dict[str, Text] = field(default_factory=dict)
    text: list[Text] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    lines: list[Text] = field(default_factory=list)

    guess: bool = False

    @property
    def kind(self) -> str:
        return "guesses" if self.guess else "exercises" if self.exercise else "questions"

    def note(self, word: str) -> str:
        """What stands behind a word below the heading; nothing where it does not stand there."""
        return self.notes[word].text if word in self.notes else ""

    def as_question(self, key: str, names: Mapping[str, Callable], again: str = "") -> Explorer:
        """Raises DataError for what cannot be looked up, and where `Right:` gives another answer than is marked."""
        answers = [(fill(item.label, names), item.right, fill(item.why, names)) for item in self.items]
        if check := self.notes.get("Right"):
            computed, marked = look_up(check, names), next(label for label, right, _ in answers if right)
            if computed != marked:
                raise check.slip(f"This gives {computed!r}, but the [x] is at {marked!r}: let them agree.")
        return ask(key, fill(_paragraph(self.text), names), *answers, again=again)

    def as_guess(self, key: str, names: Mapping[str, Callable]) -> Guess:
        """Raises DataError for what cannot be looked up."""
        choices = tuple(fill(item.label, names) for item in self.items)
        return Guess(key, fill(_paragraph(self.text), names), choices, int(self.note("Lines") or 1))

    def as_exercise(self, names: Mapping[str, Callable]) -> Exercise:
        """Raises DataError for what cannot be looked up; answers are worked out when one is judged."""
        hints = tuple(fill(_paragraph([item.label, *item.under]), names) for item in self.items if item.hint)
        wrong = [(item.label, fill(item.why, names)) for item in self.items if not item.hint]
        return Exercise(  # each look-up once: an answer is compared with all of them, and the check tries every one
            cache(lambda: look_up(self.notes["Right"], names)),
            fill(self.notes["Wanted"], names),
            hints,
            "\n".join(line.text for line in self.lines),
            cache(lambda: [(look_up(label, names), why) for label, why in wrong]),
            cache(lambda: [look_up(self.notes["Also"], names)] if "Also" in self.notes else []),
            int(self.note("Decimals") or 2),
        )

    def told(self) -> Iterator[Text]:
        """All that a learner is told, but for the answers that are not right."""
        yield _paragraph(self.text) if self.text else self.notes["Wanted"]
        for item in self.items:
            if item.right or item.hint:
                yield item.label
            if not self.guess:
                yield item.why
        yield from (line for line in self.lines if line.text.startswith("#"))  # the reasons; the tests run the rest

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
                "Write a whole number behind 'Decimals:'.": re.fullmatch("[0-9]{1,2}", self.note("Decimals") or "2"),
                "Give a hint: a line '1. ...'.": any(item.hint for item in self.items),
                "Give the lines of its solution, between ```python and ```.": self.lines,
            }
        elif self.guess:
            rules = {
                "Write under its heading what is guessed.": self.text,
                "Give no choice, or 2 or more.": count != 1,
                "Write a whole number behind 'Lines:'.": (self.note("Lines") or "1").isdigit(),
                "A choice is one line: nothing stands under it.": not any(item.under for item in self.items),
            }
        else:
            rules = {
                "Write the question under its heading.": self.text,
                f"It has {count} answers: give 2 to {len(LETTERS)}.": 2 <= count <= len(LETTERS),
                f"It has {right} right answers: mark one with [x] and the others with [ ].": right == 1,
                "Only an exercise has lines of code: take them out.": not self.lines,
            }
        yield from [self.heading.slip(mend) for mend, kept in rules.items() if not kept][:1]
        for item in self.items:
            if not item.hint and not item.under and not self.guess:
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
    noting = fenced = False  # whether the line stands right below a heading, where notes do; in a solution
    for number, line in enumerate(lines, 1):
        if line.startswith("```") and entries:
            fenced = not fenced
            continue
        if not READABLE.fullmatch(line):
            problems += top._replace(place=f"{file.parent.name}, line {number}").slip(READABLY, line[:80]).problems
            continue
        if fenced:
            here = Text(line.rstrip(), file.name, f"{file.parent.name}, line {number}, {entries[-1].name}")
            entries[-1].lines.append(here)
            continue
        try:
            noting = _take(line, top._replace(place=f"{file.parent.name}, line {number}"), entries, noting)
        except DataError as error:
            problems += error.problems
            noting = noting or line.startswith("#")
    if fenced:
        problems += entries[-1].heading.slip("Its solution has no end: write ``` in a line below it.").problems
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
    kind, name = match.groups() if match else ("", here.text)
    there = [entry.name for entry in entries]
    here = here._replace(place=f"{here.place}, {name}")
    entries.append(Entry(name, kind == "Exercise", here, guess=kind == "Guess"))
    if not match:
        raise here.slip("Write '# name', '# Exercise: name' or '# Guess: name', in small letters, digits and hyphens.")
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
        allowed = _NOTES[:-1] if entry.exercise else (*_NOTES[:2], _NOTES[-1]) if entry.guess else _NOTES[:3]
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
    elif match and (match[1] == "-" if entry.guess else match[1].startswith("- [") != entry.exercise):
        entry.items.append(Item(match[1], here._replace(text=match[2])))
    elif match or line[0] in "-*+":
        entry.items.append(Item("-", here))  # so that what follows belongs to something
        forms = {"questions": "'- [ ] answer' or '- [x] answer'", "exercises": "'1. hint' or '- {{ wrong }}'"}
        forms["guesses"] = "'- choice'"
        raise here.slip(f"Write {forms[entry.kind]}.")
    elif entry.exercise and not entry.items:
        raise here.slip("Begin with an item: a hint, '1. ...'. The task itself stands in the notebook.")
    elif entry.items:
        raise here.slip("Put two spaces before it if it belongs to the item above it.")
    else:
        entry.text.append(here)
