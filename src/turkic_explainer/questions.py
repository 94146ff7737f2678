"""Questions with a reason for every answer, exercises with a check, guesses: how what stands in a questions.md asks.

README, "Write a question", shows what may stand there; `reading` reads it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from itertools import combinations
from numbers import Real

from . import basemap
from .answers import Exercise
from .checked import LETTERS, Checked, Number, Order, Several
from .content import SHARED
from .explorer import Explorer
from .guesses import Guess
from .learner import edition, is_right, note
from .ledger import CLAIM_ID
from .lookups import Text, fill, look_up, rows
from .markup import Markup
from .smallmap import Plot
from .templates import piece

_TYPED = re.compile(r"\{\{ *(-?[\d.]+) *\}\}")
_CLOSE = 9.4  # percent of a map's width: 24 of the 256 pixels that it has on a phone of 320, as much as a finger needs


def _of_table(name: str, column: str) -> dict[str, tuple[float, float]]:
    found = rows(name)
    return {place: (lat, lon) for place, lat, lon in zip(found[column], found["lat"], found["lon"], strict=True)}


# What may be pointed at on a map, by the word behind `Map:`. Each gives places with latitude and longitude.
MAPS: dict[str, Callable[[], dict[str, tuple[float, float]]]] = {
    "places": lambda: _of_table("places", "place"),
    "stops": lambda: _of_table("stops", "stop"),
    "countries": lambda: {one["name"]: (one["lat"], one["lon"]) for one, _ in basemap.names()},  # and seas
}


def ask(key: str, text: str, *answers: tuple[str, bool, str], again: str = "", plot: Plot | None = None) -> Explorer:
    """A question as an explorer: each answer is a state that shows whether it is right, and why.

    `answers` are triples: the answer, whether it is right (one of them is), and the reason. `again` is the
    later lesson in which the question comes back. On a `plot` the answers are its marks.
    """
    by_state = dict(zip(LETTERS.lower(), answers, strict=False))

    def verdict(state: str) -> Markup:
        _, right, why = by_state[state]
        return piece("verdict", right=right, why=why)

    answer, why = next((state.upper(), why) for state, (_, right, why) in by_state.items() if right)
    labels = [*plot.points.values()] if plot else [label for label, *_ in answers]
    asked = edition(text, labels, [right for _, right, _ in answers])
    return Explorer(
        f"again-{again}-{key}" if again else f"q-{key}",
        text,
        tuple((state, label if plot else f"{state.upper()}. {label}") for state, (label, _, _) in by_state.items()),
        verdict,
        start=None if again or not is_right("questions", key, asked) else answer.lower(),
        setting=piece("line", kind="plain", text=SHARED.text("map.sheet")) if plot else Markup(""),
        answers=answers,
        edition=asked,
        plot=plot,
        paper_end=piece("answer", answer=SHARED.text("question.answer", letter=answer, why=why))
        + piece("line", kind="unrun", text=SHARED.text("question.unrun")),
        on_pick=lambda state: note("questions", key, by_state[state][1], state, asked, bool(again)),
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
    def counted(self) -> bool:
        """Whether it has a number: a hint of an exercise, or what is to be put in order."""
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
    edition: Callable[[], str] = str  # a mark of what it asks, with all looked up, as learner.edition makes it

    @property
    def kind(self) -> str:
        return "guesses" if self.guess else "exercises" if self.exercise else "questions"

    @property
    def form(self) -> str:
        """How it is answered: by picking one or several ("pick"), "order", a "number" or on a "map"; else its kind."""
        if self.kind != "questions":
            return self.kind
        if self.items and self.items[0].counted:
            return "order"
        return "number" if "Number" in self.notes else "map" if "Map" in self.notes else "pick"

    def note(self, word: str) -> str:
        """What stands behind a word below the heading; nothing where it does not stand there."""
        return self.notes[word].text if word in self.notes else ""

    def as_question(self, key: str, names: Mapping[str, Callable], again: str = "") -> Explorer | Checked:
        """Raises DataError for what cannot be looked up, and where `Right:` gives another answer than is marked."""
        text = fill(_paragraph(self.text), names)
        if self.form == "number":
            return Number(key, text, self._numbers(names), again, self.note("Unit"))
        answers = tuple((fill(item.label, names), item.right, fill(item.why, names)) for item in self.items)
        marked = [label for label, right, _ in answers if right or self.form == "order"]
        if check := self.notes.get("Right"):
            computed, wanted = look_up(check, names), marked[0] if len(marked) == 1 else marked
            if computed != wanted:
                raise check.slip(f"This gives {computed!r}, but the [x] is at {wanted!r}: let them agree.")
        if self.form == "map":
            return self._on_map(key, text, answers, again)
        if self.form == "pick" and len(marked) == 1:
            return ask(key, text, *answers, again=again)
        return (Order if self.form == "order" else Several)(key, text, answers, again)

    def _numbers(self, names: Mapping[str, Callable]) -> tuple[tuple[tuple[float, float], bool, str], ...]:
        """The answers to a question for a number, the right one first: each number with how far off it counts."""
        found = []
        for item in sorted(self.items, key=lambda item: item.label.text != "right"):
            text = item.label if found else self.notes["Number"]
            number = look_up(text, names)
            if not isinstance(number, Real) or isinstance(number, bool) or not abs(number) < 1e15:
                raise text.slip(f"This gives {number!r}, and is to be a number.")
            found.append((text, float(number), fill(item.why, names)))
        (text, right, why), *wrongs = found
        off = float(self.note("Within") or 0)
        if not off and right % 1:
            raise text.slip("Add a line 'Within: 0.1': how far off a number still counts.")
        for text, wrong, _ in wrongs:
            if abs(wrong - right) <= off:
                raise text.slip(f"This gives {wrong:g}, which counts as right, for it is within {off:g} of {right:g}.")
        return ((right, off), True, why), *(((n, max(off, abs(n) / 100)), False, why) for _, n, why in wrongs)

    def _on_map(self, key: str, text: str, answers: tuple[tuple[str, bool, str], ...], again: str) -> Explorer:
        there, points, marks = MAPS[self.note("Map")](), {}, []
        for letter, item, (place, *_) in zip(LETTERS, self.items, answers, strict=False):
            if place not in there:
                near = get_close_matches(place, there) or sorted(there)
                raise item.label.slip(f"There is no such place on this map. There is: {', '.join(near)}.", place)
            points[letter] = there[place]
        plot = Plot(points)
        for (one, item), (other, _) in combinations(zip(points, self.items, strict=True), 2):
            if plot.apart(one, other) < _CLOSE:
                raise item.label.slip(f"Its mark, {one}, and {other} would lie on each other: leave one of them out.")
        for n, (letter, (place, right, why)) in enumerate(zip(points, answers, strict=True), 1):
            x, y = plot.at(letter)
            where = SHARED.texts("question.mark.where")[int(y // 33.4)][int(x // 33.4)]
            name = SHARED.text("question.mark.name", letter=letter, n=n, all=len(points), where=where)
            marks.append((name, right, SHARED.text("question.mark.told", name=place, why=why)))
        return ask(key, text, *marks, again=again, plot=plot)

    def as_guess(self, key: str, names: Mapping[str, Callable]) -> Guess:
        """Raises DataError for what cannot be looked up."""
        choices = tuple(fill(item.label, names) for item in self.items)
        return Guess(key, fill(_paragraph(self.text), names), choices, int(self.note("Lines") or 1))

    def as_exercise(self, names: Mapping[str, Callable]) -> Exercise:
        """Raises DataError for what cannot be looked up; answers are worked out when one is judged."""
        hints = tuple(fill(_paragraph([item.label, *item.under]), names) for item in self.items if item.counted)
        wrong = [(item.label, fill(item.why, names)) for item in self.items if not item.counted]
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
        if number := self.notes.get("Number"):  # one that is typed is a figure as any other
            yield number._replace(text=_TYPED.sub(r"\1", number.text))
        for item in self.items:
            if item.right or item.counted:
                yield item.label
            if not self.guess:
                yield item.why
        yield from (line for line in self.lines if line.text.startswith("#"))  # the reasons; the tests run the rest

    def claims(self) -> list[str]:
        """The ids of the claims that it names: in its line `Claims:`, in its text and in what it looks up."""
        texts = [*self.notes.values(), *self.text, *(text for item in self.items for text in (item.label, *item.under))]
        return sorted({claim for text in texts for claim in CLAIM_ID.findall(text.text)})


def _paragraph(lines: list[Text]) -> Text:
    """Lines as one text, which stands where the first of them does."""
    return lines[0]._replace(text=" ".join(line.text for line in lines))
