"""One machine for everything that a learner can turn, pick or guess at.

An explorer is a finite set of states and a pure function from a state to HTML. From that one function come
three renderings: live widgets, a page that works without kernel or script, and paper. A question is an explorer
whose states are its answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .markup import Markup, in_page


@dataclass(frozen=True)
class Explorer:
    """`states` are pairs of a key and a label; `show(key)` gives what is seen in that state.

    key      names the explorer on a page: letters, digits and hyphens, another one for each explorer of a lesson
    title    what the group of choices is called
    start    the state seen at first; None where nothing is chosen yet, as in a question
    setting  HTML that all states share and that a page needs once, such as a base map
    layout   "pills" (short labels side by side) or "list" (one below the other)
    groups   headings over the choices, each by the state that it stands before
    paper_end  HTML that only paper shows, after the states or in their place
    chosen   what else is to be done when a learner picks a state in the live rendering
    """

    key: str
    title: str
    states: tuple[tuple[str, str], ...]
    show: Callable[[str], Markup]
    start: str | None = None
    setting: Markup = Markup("")
    layout: str = "pills"
    groups: Mapping[str, str] = field(default_factory=dict)
    paper_end: Markup = Markup("")
    states_on_paper: bool = True
    chosen: Callable[[str], None] = lambda state: None

    def __post_init__(self):
        for name in (self.key, *(state for state, _ in self.states)):
            if not re.fullmatch(r"[A-Za-z0-9][\w-]*", name):  # it becomes part of ids and of a style sheet
                raise ValueError(f"{name!r}: keys and states are letters, digits and hyphens.")

    def pane(self, state: str | None) -> Markup:
        """What one state shows; nothing while nothing is chosen. The same in all three renderings."""
        return Markup("") if state is None else self.show(state)

    def html(self) -> Markup:
        """Radio buttons and CSS: works without kernel and script, and with a keyboard; on paper, all states."""
        choices, panels, rules = [], [], []
        for state, label in self.states:
            name = f"{self.key}-{state}"
            chosen = Markup(" checked") if state == self.start else Markup("")
            if state in self.groups:
                choices.append(Markup('<p class="tx-group">{}</p>').format(self.groups[state]))
            choices.append(
                Markup('<input type="radio" name="{0}" id="{1}"{2}><label for="{1}">{3}</label>').format(
                    self.key, name, chosen, label
                )
            )
            paper = Markup("") if self.states_on_paper else Markup(" tx-no-paper")
            panels.append(
                Markup('<div class="tx-panel{}" data-state="{}">{}</div>').format(paper, state, self.pane(state))
            )
            rules.append(f'#{name}:checked~div>[data-state="{state}"]')
        # Hidden by a rule, not by an attribute: where CSS is off, every state is there to be read.
        css = f"#{self.key} .tx-panel{{display:none}}{','.join(rules)}{{display:block}}"
        kind = "tx-explorer tx-question" if self.layout == "list" else "tx-explorer"
        return Markup('<style>{}</style>{}<fieldset class="{}" id="{}"><legend>{}</legend>{}<div class="tx-panels">{}</div>{}</fieldset>').format(
            Markup(css), self.setting, kind, self.key, self.title,
            Markup("").join(choices), Markup("").join(panels), self.paper_end,
        )  # fmt: skip

    def paper(self) -> Markup:
        """All states, one under the other, each under its label."""
        return self.setting + Markup("").join(
            Markup('<div class="tx-panel"><p><strong>{}</strong></p>{}</div>').format(label, self.pane(state))
            for state, label in self.states
        )

    def _grouped(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The states under their headings, in order; one group without a heading where there are none."""
        found: list[tuple[str, list[tuple[str, str]]]] = []
        for state, label in self.states:
            if state in self.groups or not found:
                found.append((self.groups.get(state, ""), []))
            found[-1][1].append((state, label))
        return found

    def live(self):
        """ipywidgets: a control and a pane, joined with `observe`. Made once, so that every view shows one state."""
        return self._widget

    @cached_property
    def _widget(self):
        import ipywidgets as widgets

        title = widgets.HTML(in_page(Markup('<p class="tx-state">{}</p>').format(self.title)))
        pane, controls, rows = widgets.HTML(), [], []
        for heading, states in self._grouped():
            options = [(label, state) for state, label in states]
            value = self.start if self.start in dict(states) else None
            chosen = {"options": options, "value": value, "layout": {"width": "auto"}}
            if self.layout == "list":
                control = widgets.RadioButtons(**chosen)
            else:
                control = widgets.ToggleButtons(**chosen, style={"button_width": "auto"})
            controls.append(control)
            head = [widgets.HTML(in_page(Markup('<p class="tx-group">{}</p>').format(heading)))] if heading else []
            rows += [*head, control]

        def follow(change):
            if change["new"] is None:  # another group's control took over
                return
            for other in controls:
                if other is not change["owner"]:
                    other.value = None
            pane.value = in_page(self.setting + self.pane(change["new"]))
            self.chosen(change["new"])

        for control in controls:
            control.observe(follow, names="value")
        pane.value = in_page(self.setting + self.pane(self.start))
        return widgets.VBox([title, *rows, pane])

    def _repr_mimebundle_(self, **kwargs) -> dict:
        """Both renderings at once: a running notebook takes the live one, everything else the other."""
        still = {"text/plain": repr(self), "text/html": in_page(self.html())}
        return still | {k: v for k, v in self.live()._repr_mimebundle_().items() if k != "text/plain"}

    def __repr__(self) -> str:
        return f"{self.title} [{' | '.join(label for _, label in self.states)}]"
