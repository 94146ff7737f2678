"""Every explorer, question and exercise: the same in all its renderings, right where it says so, and no give-away."""

import re

import pytest

import turkic_explainer as tx
from turkic_explainer import basemap, lessons, tables
from turkic_explainer.checked import Checked
from turkic_explainer.explorer import Explorer
from turkic_explainer.lessons.lesson02 import shown as venues
from turkic_explainer.markup import Markup

from .conftest import edit, page, parts

MAKERS = {name: getattr(tx, name) for name in tx.__all__ if name.endswith("_explorer")}
MAKERS |= {key: lambda key=key: tx.question(key) for key in lessons.keys("questions")}
MADE = {name: make() for name, make in MAKERS.items()}
EXPLORERS = {name: made for name, made in MADE.items() if isinstance(made, Explorer)}
WHOLE = {name: made for name, made in MADE.items() if isinstance(made, Checked)}  # see test_kinds.py
QUESTIONS = {key: EXPLORERS[key] for key in lessons.keys("questions") if key in EXPLORERS}

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
    choices = soup.select(".tx-panels > details")
    assert [choice.summary.get_text() for choice in choices] == [label for _, label in explorer.states]
    assert [choice.select_one(":scope > summary + .tx-panel")["data-state"] for choice in choices] == [*panels]
    assert {choice["name"] for choice in choices} == {explorer.key}
    open_ = [choice.div["data-state"] for choice in choices if choice.has_attr("open")]
    assert open_ == ([] if explorer.start is None else [explorer.start])
    assert soup.fieldset.legend.get_text() == explorer.title
    assert not soup.find_all(["script", "style", "input", "label"])


@every_explorer
def test_no_id_is_needed_but_by_a_drawing_of_its_own(explorer):
    """Of two copies on one page each is whole: what an id names is a drawing, the same in all copies, and in each of them."""
    soup = page(explorer.html())
    assert {tag.name for tag in soup.find_all(id=True)} <= {"symbol", "path"}
    assert {use["href"][1:] for use in soup.find_all("use")} <= {tag["id"] for tag in soup.find_all(id=True)}
    assert not soup.find_all(lambda tag: {"for", "aria-controls", "aria-labelledby", "list", "form"} & set(tag.attrs))


@every_explorer
def test_every_state_shows_the_same_live(explorer):
    *_, pane = explorer.live().children
    controls = [part for part in parts(explorer.live()) if hasattr(part, "options")]
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
        assert f"by the end of {state}: {len(held)}." in " ".join(pane.get_text().split())


@pytest.mark.parametrize("country, year", [("Uzbekistan", 2019), ("Hungary", 2018), ("Turkmenistan", 2021)])
def test_the_year_explorer_shades_a_country_from_the_year_in_which_it_came(country, year):
    [drawn] = [f for f in basemap.base_map() if f.name == country]
    bare = venues.YEARS.outline(drawn.rings, "country")
    assert bare and bare in tx.year_explorer().pane(str(year - 1)) and bare not in tx.year_explorer().pane(str(year))


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


@every_explorer
def test_a_blank_stands_before_a_claim_and_a_note(explorer):
    """A line break beside a tag stands for none in a template, so it has to be written."""
    soup = page(explorer.html())
    small = [one for one in soup.select("span.tx-soft") if re.match(r"[BS]\d?-\d", one.get_text())]
    before = [one.previous_sibling for one in small + soup.select("li > details.tx-more")]
    assert [one for one in before if one and one.name != "br" and not str(one)[-1].isspace()] == []


@every_question
def test_paper_has_the_question_and_its_answer_but_not_beside_it(question):
    soup = page(question.html())
    [answer] = soup.select(".tx-paper-only")
    assert answer.name == "details" and answer.has_attr("hidden") and not answer.has_attr("open")
    assert answer.p.get_text().startswith(f"Answer: {right(question)[0][0]}. ")
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
        "2 of the five reports print no full date. How can a reader still date S2?"
    )
