"""The questions of a lesson as data, with all that is looked up in them: what any tool that takes questions may want of one."""

import base64
import io
import re
from dataclasses import dataclass, replace
from functools import cached_property

from PIL import Image

from ..checked import Number, Order
from ..content import SHARED
from ..course import heading
from ..lessons import entries, names, numbers
from ..questions import Entry
from ..spoken import said
from ..validate import speaking
from .blocks import Asked, parsed
from .build import Source
from .office import pinned, png


@dataclass(frozen=True)
class Answer:
    """An answer by its `mark`, n1 for the first in the file; `number` and how far `off` it counts, of a number; `spot`,
    where its mark lies in the picture of a map, in dots from the left and from the top."""

    mark: str
    label: str
    right: bool
    why: str
    number: str = ""
    off: str = ""
    spot: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Question(Asked):
    """A question as any tool may want it, with each of its `answers` as an Answer.

    asks     of a number: what stands before it, such as its unit; `other`, what is said of any other number
    picture  of a map: a PNG with its letters; `alt` says what it is, and `dots` what is dotted on it
    """

    asks: str = ""
    other: str = ""
    alt: str = ""
    dots: str = ""

    @property
    def base64(self) -> str:
        return base64.b64encode(self.picture).decode()

    @property
    def size(self) -> tuple[int, int]:
        return Image.open(io.BytesIO(self.picture)).size

    def share(self, answer: Answer) -> str:
        """What an answer brings in Moodle, in percent: all right ones together 100, and all that are not take as much
        away where several are picked."""
        alike = sum(one.right == answer.right for one in self.answers)
        lost = -100 if self.kind == "several" else 0
        return f"{(100 if answer.right else lost) / alike:.7g}"


def _question(key: str, entry: Entry, lesson: str) -> Question:
    """A question with all that is looked up in it. Raises DataError for what cannot be."""
    asked = entry.as_question(key, names(lesson))
    if isinstance(asked, Number):
        numbers_ = [number for number, *_ in asked.answers]
        # Where it is picked from a list, digits that nobody has to know would tell the right one from the others.
        digits = next((n for n in range(4) if all(abs(round(x, n) - x) <= off / 2 for x, off in numbers_)), 4)
        answers = tuple(
            Answer(one.mark, asked.shown(round(x, digits)), one.right, one.why, f"{round(x, 4):.15g}", f"{off:.15g}")
            for one, (x, off) in zip(asked.reasons, numbers_, strict=True)
        )
        asks, other = SHARED.text("question.number", unit=asked.unit), SHARED.text("question.parts.number")
        return Question(key, "number", asked.title, answers, unit=asked.unit, asks=asks, other=other)
    order = isinstance(asked, Order)
    by_mark = {
        f"n{n}": Answer(f"n{n}", label, right or order, why) for n, (label, right, why) in enumerate(asked.answers, 1)
    }
    answers = tuple(by_mark.values())
    if order:
        return Question(key, "order", asked.title, answers, tuple(by_mark[one.mark] for one in asked.choices()))
    plot = getattr(asked, "plot", None)
    if plot is None:
        kind = "several" if sum(one.right for one in answers) > 1 else "pick"
        return Question(key, kind, asked.title, answers)
    picture = png(pinned(parsed(plot.picture).select_one(".tx-plot")), dots=4)  # 736 dots: some tools show it as it is
    alt, dots = SHARED.text("quiz.alt", last=[*plot.points][-1]), said("Dotted: in dispute; the course takes no side.")
    on_map = Question(key, "map", asked.title, answers, picture=picture, alt=alt, dots=dots)
    (across, down), marks = on_map.size, []
    for one, letter in zip(answers, plot.points, strict=True):
        x, y = plot.at(letter)
        marks.append(replace(one, spot=(round(across * x / 100), round(down * y / 100))))
    return replace(on_map, answers=tuple(marks))


class Chosen(Source):
    """A lesson whose questions and words are wanted."""

    @property
    def number(self) -> str:
        return self.name[:2]

    @property
    def title(self) -> str:
        return heading(self.lesson.notebook)

    @property
    def language(self) -> str:
        return self.lesson.language

    @cached_property
    def questions(self) -> list[Question]:
        """All that its questions.md has, in its order."""
        written = entries(self.number) if self.number in numbers() else {}
        with speaking(self.language):
            return [_question(key, one, self.number) for key, one in written.items() if one.kind == "questions"]

    @cached_property
    def words(self) -> set[str]:
        """The words that it links, as links know them."""
        return set(re.findall(r"#(word-[\w-]+)", "\n".join(cell.source for cell in self.lesson.notebook.cells)))
