"""Every explorer, question and exercise: the same in all its renderings, right where it says so, and no give-away."""

import re

import numpy as np
import pandas as pd
import pytest

import turkic_explainer as tx
from turkic_explainer import lessons, tables
from turkic_explainer.explorer import Explorer
from turkic_explainer.files import lesson_files
from turkic_explainer.markup import Markup

from .conftest import edit, page, stored

MAKERS = {name: getattr(tx, name) for name in tx.__all__ if name.endswith("_explorer")}
MAKERS |= {key: lambda key=key: tx.question(key) for key in lessons.keys("questions")}
EXPLORERS = {name: make() for name, make in MAKERS.items()}
QUESTIONS = {key: EXPLORERS[key] for key in lessons.keys("questions")}

every_explorer = pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=EXPLORERS)
every_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)


def inner(html: str) -> str:
    """HTML in the parser's own spelling, so that two pieces can be compared."""
    return page(html).decode()


# --- one function, three renderings --------------------------------------------------------------------------------


@every_explorer
def test_every_state_shows_the_same_without_a_kernel(explorer):
    soup = page(explorer.html())
    panels = {panel["data-state"]: panel.decode_contents() for panel in soup.select(".tx-panel")}
    assert panels == {state: inner(explorer.pane(state)) for state, _ in explorer.states}
    assert [label.get_text() for label in soup.find_all("label")] == [label for _, label in explorer.states]
    choices = soup.find_all("input", type="radio")
    assert [choice["id"] for choice in choices] == [label["for"] for label in soup.find_all("label")]
    assert {choice["name"] for choice in choices} == {explorer.key}
    checked = [choice["id"] for choice in choices if choice.has_attr("checked")]
    assert checked == ([] if explorer.start is None else [f"{explorer.key}-{explorer.start}"])
    assert soup.fieldset.legend.get_text() == explorer.title
    assert not soup.find_all("script")


@every_explorer
def test_css_shows_the_panel_of_the_choice_and_no_other(explorer):
    css = page(explorer.html()).style.get_text()
    shown = re.findall(r'#([\w-]+):checked~div>\[data-state="([\w-]+)"\]', css)
    assert shown == [(f"{explorer.key}-{state}", state) for state, _ in explorer.states]
    assert f"#{explorer.key} .tx-panel{{display:none}}" in css


@every_explorer
def test_every_state_shows_the_same_live(explorer):
    *_, pane = explorer.live().children
    controls = [part for part in explorer.live().children if hasattr(part, "options")]
    assert [tuple(reversed(option)) for c in controls for option in c.options] == list(explorer.states)
    assert {c.value for c in controls} - {None} == {explorer.start} - {None}
    for state in [explorer.start, *(state for state, _ in reversed(explorer.states))]:
        for control in controls:
            if state in dict(map(reversed, control.options)):
                control.value = state
        assert [c.value for c in controls if c.value] == [state] * (state is not None)
        assert page(pane.value).select_one("[data-line]").decode_contents() == inner(
            explorer.setting + explorer.pane(state)
        )


@every_explorer
def test_headings_stand_over_the_choices_they_head(explorer):
    assert set(explorer.groups) <= {state for state, _ in explorer.states}
    assert not explorer.groups or explorer.states[0][0] in explorer.groups
    still = [part.get_text() for part in page(explorer.html()).select(".tx-group")]
    live = [
        group.get_text()
        for part in explorer.live().children
        for group in page(str(getattr(part, "value", ""))).select("p.tx-group")
    ]
    assert still == live == list(explorer.groups.values())


@every_explorer
def test_no_two_states_look_alike(explorer):
    panes, labels = zip(*((explorer.pane(state), label) for state, label in explorer.states), strict=True)
    assert len(set(panes)) == len(set(labels)) == len(explorer.states)
    assert explorer.pane(None) == ""


@every_explorer
def test_a_notebook_is_offered_both_renderings(explorer):
    offered = explorer._repr_mimebundle_()
    assert inner(explorer.html()) in inner(offered["text/html"])
    assert "application/vnd.jupyter.widget-view+json" in offered
    assert explorer.title in offered["text/plain"]


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_the_same_bytes_twice(make):
    assert make().html() == make().html()


def test_no_two_things_on_a_page_have_one_id():
    """A drawing that two explorers of a lesson use is the same one in both: a page keeps it once."""
    tags = [tag for explorer in EXPLORERS.values() for tag in page(explorer.html()).find_all(id=True)]
    ids = [tag["id"] for tag in tags if tag.name != "symbol"] + [
        i for i, _ in {(t["id"], str(t)) for t in tags if t.name == "symbol"}
    ]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9-]*", name) for name in ids)


def test_text_in_an_explorer_is_escaped():
    hostile = "<script>alert(1)</script>"
    explorer = Explorer("h", hostile, (("a", hostile),), lambda state: Markup("{}").format(hostile), start="a")
    title, _, pane = explorer.live().children
    for html in (explorer.html(), title.value, pane.value):
        assert "<script" not in html and "&lt;script&gt;" in html


# --- the year explorer ---------------------------------------------------------------------------------------------


def test_the_year_explorer_tells_every_summit_in_its_year():
    explorer, rows = EXPLORERS["year_explorer"], tables.summits()
    assert [state for state, _ in explorer.states] == [
        str(y) for y in range(rows["year"].min(), rows["year"].max() + 1)
    ]
    for state, _ in explorer.states:
        pane, now = page(explorer.pane(state)), rows[rows["year"] == int(state)]
        told = [item.get_text() for item in pane.find_all("li")]
        assert len(told) == len(now)
        for row, text in zip(now.itertuples(), told, strict=True):
            assert all(claim in text for claim in row.claims)
            where = "online" if row.mode == "online" else "city not on record" if row.status == "planned" else row.place
            assert where in text
        pins = {pin.span.get_text() for pin in pane.select(".tx-pin") if pin.span}
        assert pins == set(now["place"].dropna())
        held = rows[(rows["year"] <= int(state)) & (rows["status"] == "held")]
        assert f"this year included: {len(held)}." in pane.get_text()


def test_the_year_explorer_follows_the_table(data):
    edit(data / "summits.csv", "in person,Bodrum", "in person,Mersin")
    assert "Mersin" in tx.year_explorer().pane("2014") and "Bodrum" not in tx.year_explorer().pane("2014")


# --- questions -----------------------------------------------------------------------------------------------------


def right(question: Explorer) -> list[str]:
    return [label for state, label in question.states if page(question.pane(state)).select_one(".tx-right")]


@every_question
def test_a_question_has_one_right_answer_and_a_reason_for_each(question):
    assert len(right(question)) == 1 and len(question.states) >= 3 and question.start is None
    for state, _ in question.states:
        [verdict] = page(question.pane(state)).select(".tx-right, .tx-wrong")
        reason = verdict.get_text().removeprefix(verdict.strong.get_text()).strip()
        assert len(reason.split()) >= 4, reason
        assert "nan" not in reason.split()


@every_question
def test_paper_has_the_question_and_its_answer_but_not_beside_it(question):
    soup = page(question.html())
    [answer] = soup.select(".tx-paper-only")
    assert answer.get_text().startswith(f"Answer: {right(question)[0][0]}. ")
    assert all("tx-no-paper" in panel["class"] for panel in soup.select(".tx-panel"))


def test_the_right_answer_is_not_always_the_same_letter():
    assert len({right(question)[0][0] for question in QUESTIONS.values()}) > 1


@pytest.mark.parametrize(
    "key, old, new, told",
    [
        ("02-hosts", "in person,Gabala,AZ,Transport", "in person,Shusha,AZ,Transport", "Astana, Bishkek, Shusha"),
        ("02-hosts", "in person,Almaty", "in person,Astana", "three times"),
        (
            "02-online",
            "2020-04-10,2020-04-10,online,",
            "2020-04-10,2020-04-10,in person,Baku",
            "meetings of 31 March 2021 are",
        ),
        ("02-turkistan", "2026-05-15,2026-05-15", "2026-05-14,2026-05-16", "16 May 2026"),
    ],
)
def test_a_question_follows_its_table(data, key, old, new, told):
    assert told not in QUESTIONS[key].html()
    edit(data / "summits.csv", old, new)
    assert told in tx.question(key).html()


def test_a_question_follows_a_row_that_is_gone(data):
    [row] = [line for line in (data / "summits.csv").read_text("utf-8").splitlines() if "B-012" in line]
    edit(data / "summits.csv", row + "\n", "")
    assert right(tx.question("02-hosts")) == ["A. Astana, Bishkek"]


def test_questions_follow_the_evidence(seeds):
    edit(seeds / "S0.toml", "date_printed = false", "date_printed = true")
    assert tx.question("00-date").title.startswith(
        "2 of the five reports print no full date. How can a reader still date S1?"
    )


@pytest.mark.parametrize("make, key", [(tx.question, "99-none"), (lambda key: tx.check(key, 1), "99-none")])
def test_an_unknown_key_is_told_with_those_there_are(make, key):
    with pytest.raises(KeyError, match="99-none.*There are: 0"):
        make(key)


# --- exercises -----------------------------------------------------------------------------------------------------

RIGHT = {key: lessons.exercise(key).right() for key in lessons.keys("exercises")}
LISTS = [key for key, answer in RIGHT.items() if isinstance(answer, list)]


def solutions():
    """Each solution in the lessons, with its exercise's key and the cells before it that it rests on."""
    for file in lesson_files():
        before = []
        for cell in stored(file).cells:
            tags = cell.metadata.get("tags", [])
            if cell.cell_type == "code" and ("import" in cell.source or "exercise" in tags or "solution" in tags):
                if "exercise" in tags:
                    [key] = re.findall(r'check\("([\w-]+)"', cell.source)
                if "solution" in tags:
                    yield pytest.param([*before], key, cell.source, id=key)
                before.append(cell.source)


@pytest.mark.parametrize("before, key, solution", list(solutions()))
def test_a_solution_in_a_lesson_ends_with_the_right_answer(before, key, solution):
    names = {}
    exec("\n".join(before), names)
    *lines, last = solution.splitlines()
    exec("\n".join(lines), names)
    assert tx.check(key, eval(last, names)).text.endswith(": Right.")


def test_every_exercise_stands_in_a_lesson_with_its_solution():
    told = [param.values[1] for param in solutions()]
    assert len(told) == len(set(told)) and set(told) == set(RIGHT)


def wrong_answers(answer):
    if isinstance(answer, list):
        return [[], answer[:-1], [*answer, answer[0] * 2], answer[0], str(answer), pd.DataFrame({"a": answer})]
    return [answer + 1, answer - 1, 0, -answer, str(answer), [answer], pd.Series([True, False])]


@pytest.mark.parametrize(
    "key, answer", [(key, wrong) for key, right in RIGHT.items() for wrong in wrong_answers(right)], ids=repr
)
def test_a_wrong_answer_gets_a_hint_and_not_the_answer(key, answer):
    told = tx.check(key, answer).text
    assert "Right" not in told
    assert "Hint" in told or "This should be" in told
    given_away = RIGHT[key] if isinstance(RIGHT[key], list) else [RIGHT[key]]
    assert not any(re.search(rf"\b{part}\b", told) for part in given_away)


@pytest.mark.parametrize("key", RIGHT)
@pytest.mark.parametrize("blank", [..., None])
def test_an_exercise_not_begun_is_told_kindly(key, blank):
    told = tx.check(key, blank).text
    assert "Nothing to check yet" in told and "Hint" in told


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize("form", [set, tuple, pd.Index, pd.Series, lambda answer: answer[::-1]])
def test_a_right_list_is_right_in_any_form_and_order(key, form):
    assert tx.check(key, form(RIGHT[key])).text.endswith(": Right.")


@pytest.mark.parametrize("key", [key for key in RIGHT if key not in LISTS])
@pytest.mark.parametrize("form", [lambda number: np.asarray(number)[()], float], ids=["numpy", "float"])
def test_a_right_number_is_right_in_any_form(key, form):
    assert tx.check(key, form(RIGHT[key])).text.endswith(": Right.")


@pytest.mark.parametrize("key", RIGHT)
@pytest.mark.parametrize(
    "answer", [pd.DataFrame({"a": [1]}), np.array([1, 2]), [2016, "2017"], [[1]]],
    ids=["table", "array", "mixed list", "nested list"],
)  # fmt: skip
def test_an_odd_answer_gets_an_answer_not_an_error(key, answer):
    assert "Right" not in tx.check(key, answer).text
