"""One machine for everything that a learner can turn, pick or guess at.

An explorer is a finite set of states and a pure function from a state to HTML. From that one function come
two renderings: live widgets, and a page that works without kernel or script and has all states on paper. A question is
an explorer whose states are its answers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from . import widgets
from .markup import Markup, in_page
from .smallmap import Plot
from .templates import piece


def live_box(parts: list, title: str = "", *kinds: str):
    """Widgets in a box that looks as on a page, and that says what to do where no kernel answers a click any more.

    `title` is its first line, `kinds` are more classes for the style sheet: the box is `tx-live` always.
    """
    box = widgets.VBox([widgets.HTML(in_page(piece("live", title=title))), *parts])
    for kind in ("tx", "tx-live", *kinds):
        box.add_class(kind)
    return box


class Live:
    """What a running notebook shows as widgets, and everything else as HTML that needs no kernel."""

    def live(self):
        """ipywidgets, joined with `observe`. Made once, so that every view in a notebook shows the same state."""
        return self._widget

    def _repr_mimebundle_(self, **kwargs) -> dict:
        """Both renderings at once: a running notebook takes the live one, everything else the other."""
        still = {"text/plain": repr(self), "text/html": in_page(self.html())}
        return still | {k: v for k, v in self.live()._repr_mimebundle_().items() if k != "text/plain"}


@dataclass(frozen=True)
class Together(Live):
    """Several of them, one under the other, under a line that says what they are."""

    title: str
    parts: tuple[Live, ...]

    def html(self) -> Markup:
        return Markup("").join([piece("line", kind="lead", text=self.title), *(part.html() for part in self.parts)])

    @cached_property
    def _widget(self):
        title = piece("line", kind="lead tx-together", text=self.title)  # so its style comes along
        box = widgets.VBox([widgets.HTML(in_page(title)), *(part.live() for part in self.parts)])
        return box.add_class("tx").add_class("tx-together")

    def __repr__(self) -> str:
        return "\n".join([self.title, *map(repr, self.parts)])


@dataclass(frozen=True)
class Explorer(Live):
    """`states` are pairs of a key and a label; `show(key)` gives what is seen in that state.

    key        names the explorer on a page: letters, digits and hyphens, another one for each explorer of a lesson. Of all
               with one name a browser keeps one state open, so that of two views of a lesson one may fall back to its start.
    title      what the group of choices is called
    start      the state seen at first; None where nothing is picked yet, as in a question
    setting    HTML that all states share and that a page needs once, such as a base map
    groups     headings over the choices, each by the state that it stands before
    answers    of a question, whose states they are: each, whether it is right, and the reason; paper has them as a list
    edition    of a question: a mark of what it asks, as learner.edition makes it
    plot       a map on which the choices are marks: each state is one of its letters, in small
    paper_end  HTML that only the stored form has, after the states: what paper shows in their place
    on_pick    what else is to be done when a learner picks a state in the live rendering; gives what to tell of it
    """

    key: str
    title: str
    states: tuple[tuple[str, str], ...]
    show: Callable[[str], Markup]
    start: str | None = None
    setting: Markup = Markup("")
    groups: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[tuple[str, bool, str], ...] = ()
    edition: str = ""
    paper_end: Markup = Markup("")
    plot: Plot | None = None
    on_pick: Callable[[str], str] = lambda state: ""

    def __post_init__(self):
        for name in (self.key, *(state for state, _ in self.states)):
            if not re.fullmatch(r"[A-Za-z0-9][\w-]*", name):  # a name and a class on a page
                raise ValueError(f"{name!r}: keys and states are letters, digits and hyphens.")

    def pane(self, state: str | None) -> Markup:
        """What one state shows; nothing while nothing is picked. The same in both renderings."""
        return Markup("") if state is None else self.show(state)

    @property
    def many(self) -> bool:
        """Whether its choices are so many that they stand beside what they show, as a list that scrolls in itself."""
        return not self.answers and (len(self.states) > 8 or bool(self.groups))

    def html(self) -> Markup:
        """Folded parts of which one is open: works without kernel, script, style sheet and ids; on paper, all states."""
        return piece("explorer", explorer=self)

    @cached_property
    def _widget(self):
        grouped: list[tuple[str, list[tuple[str, str]]]] = []  # the choices under their headings, if there are any
        for state, label in self.states:
            if state in self.groups or not grouped:
                grouped.append((self.groups.get(state, ""), []))
            grouped[-1][1].append((label, state))

        pane, controls, rows = widgets.HTML(), [], []
        for heading, options in grouped:
            value = self.start if self.start in (state for _, state in options) else None
            controls.append(widgets.RadioButtons(options=options, value=value, layout={"width": "auto"}))
            rows += [widgets.HTML(in_page(piece("line", kind="group", text=heading)))] if heading else []
            rows.append(self._over(controls[-1]) if self.plot else controls[-1])

        def shown(control, state: str | None, told: Markup | str = "") -> str:
            """What a state shows, with the mark that this is the answer to the click on that control's line."""
            return in_page(piece("shown", line=control.index, setting=self.setting, pane=self.pane(state) + told))

        def follow(change):
            if change["new"] is None:  # another group's control took over
                return
            for other in controls:
                if other is not change["owner"]:
                    other.value = None
            told = self.on_pick(change["new"])
            pane.value = shown(change["owner"], change["new"], told and piece("line", kind="soft", text=told))

        for control in controls:
            control.observe(follow, names="value")
        pane.value = shown(next((c for c in controls if c.value == self.start), controls[0]), self.start)
        kinds = ["tx-question"] * bool(self.answers) + ["tx-aside"] * self.many
        return live_box([*rows, pane], self.title, *kinds)

    def _over(self, control):
        """A map with the choices over it."""
        picture = widgets.HTML(in_page(piece("plotted", explorer=self)))
        return widgets.VBox([picture, control]).add_class("tx-over").add_class(f"tx-over-{self.key}")

    def __repr__(self) -> str:
        return f"{self.title} [{' | '.join(label for _, label in self.states)}]"
