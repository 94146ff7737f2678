"""Questions that are checked as a whole: pick several, put in order, a number.

What is stored needs no kernel and no script: boxes to tick, menus or a line to write on, and, folded, the verdict with a reason
for each. Whether all that is ticked or chosen is right, the style sheet tells by itself; a number is read by a script, where a
page has one. In a running notebook they are widgets.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from . import widgets
from .answers import readings
from .content import SHARED, and_
from .explorer import Live, live_box
from .learner import is_right, note
from .markup import Markup, in_page, ordinal
from .templates import piece

LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Reason:
    """What is said of one answer. `mark` is its class on a page: n1, n2 and so on, as its line in the list of answers has it."""

    mark: str
    label: str
    right: bool
    why: str
    span: tuple[float, float] = (0, 0)  # of a number: from where to where it counts as this one


@dataclass(frozen=True)
class Checked(Live):
    """A question by its key; `answers` are triples of the answer, whether it is right, and the reason. `again` is the later
    lesson in which it comes back. Each kind of question has, of an answer that is given as its widgets give it,

    judge(given)     whether it is right, and the reasons that it deserves to hear
    solved()         the right one
    written(given)   it in a few letters, as it is remembered
    controls(given)  the widgets that take an answer, set to this one
    given(controls)  the answer that they are set to
    """

    kind: ClassVar[str] = ""

    question: str
    title: str
    answers: tuple[tuple[Any, bool, str], ...]
    again: str = ""
    unit: str = ""

    @property
    def key(self) -> str:
        return f"again-{self.again}-{self.question}" if self.again else f"q-{self.question}"

    @cached_property
    def reasons(self) -> list[Reason]:
        """What is said of each answer, in the order in which the key has them."""
        lettered = zip(LETTERS, self.answers, strict=False)
        return [Reason(f"n{n}", f"{letter}. {label}", *rest) for n, (letter, (label, *rest)) in enumerate(lettered, 1)]

    def choices(self) -> list[Reason]:
        """The answers in the order in which they are asked."""
        return self.reasons

    def verdict(self, given: Any) -> Markup:
        """What is told of an answer."""
        return self._told(*self.judge(given))

    def _told(self, right: bool | None, told: list[Reason]) -> Markup:
        return SHARED.pane("reasons", of=self, right=right, told=told)

    def html(self) -> Markup:
        """Whole without kernel, script, style sheet and ids: the answers, and what is said of them, folded."""
        rights = [reason for reason in self.reasons if reason.right]
        answer = SHARED.text("question.key", answer=", ".join(reason.label for reason in rights))
        if self.kind != "order":  # of which each part has a reason
            answer = " ".join([answer, *(reason.why for reason in rights)])
        reasons, unrun = self._told(None, self.reasons), SHARED.text("question.unrun")
        return SHARED.pane("checked", of=self, answer=answer, reasons=reasons, unrun=unrun)

    @cached_property
    def _widget(self):
        known = not self.again and is_right("questions", self.question)
        told, button = widgets.HTML(), widgets.Button(description=SHARED.text("question.check"))
        controls, last = self.controls(self.solved() if known else None), []

        def say(given: Any, kept: str = "") -> None:
            more = piece("line", kind="soft", text=kept) if kept else ""
            told.value = in_page(piece("shown", line="", setting="", pane=self.verdict(given) + more))

        def check(*_) -> None:
            given = self.given(controls)
            if given and last != [given]:  # a line that is left by a click on the button is heard of twice
                last[:] = [given]
                right = self.judge(given)[0]
                say(given, note("questions", self.question, right, self.written(given), bool(self.again)))

        if known:
            say(self.solved())
        button.on_click(check)
        if self.kind == "number":  # Enter is enough
            controls[0].observe(check, names="value")
        return live_box([*controls, button, told], self.title, "tx-question", f"tx-{self.kind}")

    def __repr__(self) -> str:
        return f"{self.title} [{' | '.join(choice.label for choice in self.choices())}]"


class Several(Checked):
    """Pick all that are right."""

    kind = "several"

    def judge(self, given: Sequence[str]) -> tuple[bool, list[Reason]]:
        right = [*given] == self.solved()
        return right, [reason for reason in self.reasons if right or reason.mark in given]

    def solved(self) -> list[str]:
        return [reason.mark for reason in self.reasons if reason.right]

    def written(self, given: Sequence[str]) -> str:
        return and_([LETTERS[int(mark[1:]) - 1] for mark in given])

    def controls(self, given):
        look = {"indent": False, "layout": {"width": "auto"}}
        return [
            widgets.Checkbox(description=one.label, value=one.mark in (given or ()), **look) for one in self.choices()
        ]

    def given(self, controls):
        return [one.mark for one, box in zip(self.choices(), controls, strict=True) if box.value]


class Order(Checked):
    """Put in order: `answers` stand in the right one."""

    kind = "order"

    @cached_property
    def reasons(self):
        return [Reason(f"n{n}", f"{n}. {label}", True, why) for n, (label, _, why) in enumerate(self.answers, 1)]

    def choices(self):
        """In another order, which is always the same: that of the digests of their words."""
        plain = [Reason(one.mark, label, True, "") for one, (label, *_) in zip(self.reasons, self.answers, strict=True)]
        mixed = sorted(plain, key=lambda one: hashlib.sha256(one.label.encode()).digest())
        return mixed if mixed != plain else mixed[1:] + mixed[:1]

    def judge(self, given: Sequence[int]) -> tuple[bool, list[Reason]]:
        placed = {f"n{place}" for one, place in zip(self.choices(), given, strict=True) if one.mark == f"n{place}"}
        return len(placed) == len(self.reasons), [reason for reason in self.reasons if reason.mark in placed]

    def solved(self) -> list[int]:
        return [int(one.mark[1:]) for one in self.choices()]

    def written(self, given: Sequence[int]) -> str:
        return " ".join(map(str, given))

    def controls(self, given):
        # "1st" and not "1": by a bare number a live form knows which line of radio buttons waits for its answer.
        places = [("–", 0), *((ordinal(n), n) for n, _ in enumerate(self.answers, 1))]
        return [
            widgets.Dropdown(options=places, value=place, description=one.label, style={"description_width": "initial"})
            for one, place in zip(self.choices(), given or [0] * len(self.answers), strict=True)
        ]

    def given(self, controls):
        return [menu.value for menu in controls] if any(menu.value for menu in controls) else []


class Number(Checked):
    """A number that is typed: `answers` are numbers with how far off still counts, the right one first."""

    kind = "number"

    @cached_property
    def reasons(self):
        return [
            Reason(f"n{n}", self.shown(number), right, why, (number - off, number + off))
            for n, ((number, off), right, why) in enumerate(self.answers, 1)
        ]

    def shown(self, number: float) -> str:
        """A number as it is printed, with its unit."""
        text = f"{round(number, 4):,.10g}"
        return f"{text}{'' if self.unit == '%' else ' '}{self.unit}".strip()

    def judge(self, given: str) -> tuple[bool, list[Reason]]:
        spans = [(one, one.span[0] - 1e-9, one.span[1] + 1e-9) for one in self.reasons]
        hit = [one for one, least, most in spans if any(least <= number <= most for number in readings(given))][:1]
        return hit == self.reasons[:1], hit

    def solved(self) -> str:
        return self.reasons[0].label

    def written(self, given: str) -> str:
        return given

    def controls(self, given):
        look = {"continuous_update": False, "layout": {"width": "auto"}, "style": {"description_width": "initial"}}
        return [widgets.Text(value=given or "", description=SHARED.text("question.number", unit=self.unit), **look)]

    def given(self, controls):
        return controls[0].value.strip()

    def __repr__(self) -> str:
        return f"{self.title} [... {self.unit}]".replace(" ]", "]")
