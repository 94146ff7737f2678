"""Guesses, and whatever else follows what a learner does: live in a running notebook, and stored as it stood."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from . import widgets
from .content import SHARED
from .explorer import Live, live_box
from .learner import FOLLOWERS, course_file, keep, known, remembered
from .markup import Fragment, Markup, in_page
from .templates import piece
from .validate import DataError


class Following(Live):
    """What is said of all that is remembered of a learner; it follows whatever is remembered after that in this kernel.

    `stored`, if given, says it in the stored form instead, which follows nothing and is still read the next day.
    """

    def __init__(self, say: Callable[[dict], Fragment], stored: Callable[[dict], Fragment] | None = None):
        self._say, self._stored = say, stored or say

    def _said(self, say: Callable[[dict], Fragment]) -> Fragment:
        """What is to be said now; why not, where the learner's file cannot be read."""
        try:
            return say(remembered())
        except DataError as error:
            return line(str(error))

    def html(self) -> Markup:
        return self._said(self._stored).body

    @cached_property
    def _widget(self):
        shown = widgets.HTML()

        def follow() -> None:
            shown.value = in_page(self._said(self._say).body)

        FOLLOWERS.append(follow)
        follow()
        return shown

    def __repr__(self) -> str:
        return self._said(self._say).text


def line(text: str, kind: str = "soft") -> Fragment:
    """A line of text."""
    return Fragment(piece("line", kind=kind, text=text), text)


def kept(key: str) -> str:
    """The guess that was kept; nothing where there is none."""
    return known()["guesses"].get(key, {"text": ""})["text"]


@dataclass(frozen=True)
class Guess(Live):
    """A guess, picked or typed, and kept. On a page or on paper it is a line to write on, or choices to tick.

    `text` says in a few words what is guessed; without `choices` it is typed, in so many `lines`.
    """

    key: str
    text: str
    choices: tuple[str, ...] = ()
    lines: int = 1

    def html(self) -> Markup:
        return SHARED.pane("guess", guess=self, kept=kept(self.key))

    @cached_property
    def _widget(self):
        before, told = kept(self.key), widgets.HTML()

        def said(what: str) -> None:  # with the mark that this answers the click on that line, as an explorer has it
            told.value = in_page(piece("shown", line=getattr(box, "index", ""), setting="", pane=line(what).body))

        def take(*_) -> None:
            if guess := (box.value or "").strip():
                kept = SHARED.text("guess.kept" if course_file() else "guess.nowhere", guess=guess)
                said(keep(self.key, guess) or kept)

        parts = []
        if self.choices:
            box = widgets.RadioButtons(options=self.choices, value=before if before in self.choices else None)
        else:
            look = {"value": before, "placeholder": SHARED.text("guess.type"), "continuous_update": False}
            box = widgets.Textarea(rows=self.lines, **look) if self.lines > 1 else widgets.Text(**look)
            parts = [button := widgets.Button(description=SHARED.text("guess.keep"))]
            button.on_click(take)  # which is for the hand: what is typed is taken as soon as the box is left
        said(SHARED.text("guess.kept", guess=before) if before else "")
        box.observe(take, names="value")
        box.layout.width = "auto"
        return live_box([box, *parts, told], self.text, "tx-question")

    def __repr__(self) -> str:
        return f"{self.text} [{' | '.join(self.choices) or '...'}]"
