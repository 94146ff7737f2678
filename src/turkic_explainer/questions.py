"""Questions with a reason for every answer, and exercises with a check: the machines, without any lesson's content."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .explorer import Explorer
from .learner import note
from .markup import Markup


def ask(key: str, text: str, *answers: tuple[str, bool, str]) -> Explorer:
    """A question as an explorer: each answer is a state that shows whether it is right, and why.

    `answers` are triples: the answer, whether it is right (one of them is), and the reason.
    """
    letters = "ABCDEFG"
    by_state = {letters[n].lower(): answer for n, answer in enumerate(answers)}

    def show(state: str) -> Markup:
        _, right, why = by_state[state]
        verdict = Markup('<div class="tx-{}"><strong>{}</strong> {}</div>')
        return verdict.format("right" if right else "wrong", "Yes." if right else "Not quite.", why)

    letter, (_, _, why) = next((s.upper(), a) for s, a in by_state.items() if a[1])
    answer = Markup('<p class="tx-paper-only tx-answer">Answer: {}. {}</p>').format(letter, why)
    states = tuple((s, f"{s.upper()}. {label}") for s, (label, _, _) in by_state.items())
    return Explorer(
        f"q-{key}", text, states, show, layout="list", paper_end=answer, states_on_paper=False,
        chosen=lambda state: note("questions", key, by_state[state][1]),
    )  # fmt: skip


@dataclass(frozen=True)
class Exercise:
    """`right` works out the right answer, a number or a list; `wanted` says what is asked for; `hint` gives nothing away."""

    right: Callable[[], Any]
    wanted: str
    hint: str

    def judge(self, answer: Any) -> tuple[bool, str, dict[str, str]]:
        """Whether an answer is right, what to say of it, and what else to tell: what kind of thing is wrong, or a hint."""
        right = self.right()
        if answer is ... or answer is None:
            return False, "Nothing to check yet: replace the ... by your own line.", {"Hint": self.hint}
        many = isinstance(answer, (set, tuple, list, pd.Index, pd.Series, np.ndarray))
        if many != isinstance(right, list) or not (many or isinstance(answer, numbers.Number)):
            return False, f"This should be {self.wanted}.", {"You gave": type(answer).__name__}
        if not many:
            return (True, "Right.", {}) if self._near(answer, right) else (False, "Not yet.", {"Hint": self.hint})
        given = list(answer)
        extra, lost = sum(a not in right for a in given), sum(r not in given for r in right)
        if extra or lost:
            return False, f"Not yet: {extra} too many, {lost} missing.", {"Hint": self.hint}
        return True, "Right.", {}

    @staticmethod
    def _near(answer: Any, right: Any) -> bool:
        """Whole numbers are right or wrong; others may be rounded, to within one part in two hundred."""
        return answer == right if isinstance(right, int) else abs(answer - right) <= abs(right) / 200
