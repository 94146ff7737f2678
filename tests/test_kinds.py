"""Questions that are more than one answer picked from a list: several, an order, a number, a place on a map.

Each is written in questions.md, and is the same live, stored, on a page (by mouse, by keyboard, without a script), and on paper.
"""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from turkic_explainer import learner, lessons
from turkic_explainer.answers import readings
from turkic_explainer.checked import Checked
from turkic_explainer.explorer import Together
from turkic_explainer.lookups import LOOKUPS
from turkic_explainer.markup import in_page
from turkic_explainer.press import measures
from turkic_explainer.press.blocks import Lesson, questions
from turkic_explainer.press.pages import HandoutExporter, TeacherExporter
from turkic_explainer.press.slides import SlidesExporter
from turkic_explainer.press.worksheets import KeyExporter, WorksheetExporter
from turkic_explainer.questions import MAPS
from turkic_explainer.validate import DataError

from .browser import axe, told
from .conftest import HOSTILE, code, lesson, page, parts, prose, solved, stored
from .test_learner import course  # noqa: F401
from .test_questions import written  # noqa: F401
from .test_stored import on_github, without_styles

SEVERAL = """\
# shores
Pick all that lie on the Caspian Sea.

- [x] Azerbaijan
  Baku stands on it.
- [ ] Kyrgyzstan
  It has no sea.
- [x] Kazakhstan
  Aktau is a port there.
- [ ] Hungary
  The Danube is a river.
"""
ORDER = """\
# towns
Put these towns in order, from east to west.

1. Aktau
   Goods go on ships here.
2. Baku
   The ships unload near it.
3. Tbilisi
   The line divides here.
4. Istanbul
   Trains pass under the sea.
"""
NUMBER = """\
# length
Number: {{ long }}
Unit: km
Within: 10

How long is it?

- {{ 498.5 }}
  That is the sea alone.
- right
  All the way.
"""
MAP = """\
# where
Map: places

Point at Turkistan.

- [ ] Baku
  Too far west.
- [x] Turkistan
  In the south of Kazakhstan.
- [ ] Astana
  The capital, in the north.
- [ ] Istanbul
  In Türkiye.
"""
ALL = "\n".join([SEVERAL, ORDER, NUMBER, MAP])
NAMES = LOOKUPS | {
    "long": lambda: 1800,
    "text": lambda: "x",
    "near": lambda: 1805,
    "half": lambda: 0.5,
    "endless": lambda: float("inf"),
}


@pytest.fixture
def asked(written):  # noqa: F811
    """The four questions, by their names."""
    return {entry.name: entry.as_question(f"12-{entry.name}", NAMES) for entry in written(ALL)}


# --- as they are written -------------------------------------------------------------------------------------------


def test_each_kind_is_read(written, asked):  # noqa: F811
    assert [entry.form for entry in written(ALL)] == ["pick", "order", "number", "map"]
    assert repr(asked["shores"]).endswith("[A. Azerbaijan | B. Kyrgyzstan | C. Kazakhstan | D. Hungary]")
    assert asked["shores"].solved() == ["n1", "n3"]
    mixed = [one.label for one in asked["towns"].choices()]
    assert sorted(mixed) == ["Aktau", "Baku", "Istanbul", "Tbilisi"] and mixed != [
        "Aktau",
        "Baku",
        "Tbilisi",
        "Istanbul",
    ]
    assert asked["towns"].choices() == asked["towns"].choices()
    assert repr(asked["length"]) == "How long is it? [... km]" and asked["length"].solved() == "1,800 km"
    assert [label for _, label in asked["where"].states][1:3] == [
        "B (mark 2 of 4, in the east)",
        "C (mark 3 of 4, in the north-east)",
    ]
    names = {name for question in asked.values() for name in re.findall("Turkistan|Astana", repr(question))}
    assert names == {"Turkistan"}, "a mark's name gives its place away"


FORM = {  # the file, what is written in the place of what, the line that must be named, and what the mend must say
    "two marked without a word": (SEVERAL, "Pick all that lie", "Which lie", 1, "'Pick all that ...'"),
    "all marked": (SEVERAL.replace("[ ]", "[x]", 1), "- [ ] H", "- [x] H", 1, "It has 4 right answers"),
    "an answer twice": (SEVERAL, "Hungary", "Kyrgyzstan", 1, "Two of its answers are one"),
    "a mark in an order": (ORDER, "2. Baku", "- [ ] Baku", 6, "'1. what comes first'"),
    "a number among marks": (SEVERAL, "- [ ] Hungary", "1. Hungary", 10, "'- [ ] answer'"),
    "an order of two": (ORDER[: ORDER.index("3.")], "from east", "East", 1, "3 or more"),
    "an order without a reason": (ORDER, "   Trains pass under the sea.\n", "", 10, "Say why"),
    "no right number": (NUMBER, "- right\n  All the way.\n", "- {{ 2 }}\n  No.\n", 1, "it stands here 0 times"),
    "a right number twice": (NUMBER, "- {{ 498.5 }}", "- right", 1, "it stands here 2 times"),
    "how far off in words": (NUMBER, "Within: 10", "Within: ten", 1, "as in 'Within: 0.5'"),
    "a number and a mark": (NUMBER, "- right", "- [x] right", 10, "'- right' once"),
    "a unit without a number": (SEVERAL, "Pick", "Unit: km\n\nPick", 1, "stand with 'Number:'"),
    "a number that is worked out twice": (NUMBER, "Unit: km", "Unit: km\nRight: {{ long }}", 1, "take 'Right:' out"),
    "no such map": (MAP, "places", "towns", 1, "write one of places, stops, countries"),
    "two marks": (MAP[: MAP.index("- [ ] Astana")], "Too", "Far too", 1, "give 3 to 8"),
    "two right marks": (MAP, "- [ ] Astana", "- [x] Astana", 1, "mark one with [x]"),
    "a map and a number": (NUMBER, "Unit: km", "Map: places", 1, "or neither"),
}  # fmt: skip


@pytest.mark.parametrize("good, old, new, line, mend", FORM.values(), ids=FORM)
def test_a_slip_of_form_is_told(written, good, old, new, line, mend):  # noqa: F811
    assert good.count(old) == 1
    with pytest.raises(DataError) as error:
        written(good.replace(old, new))
    assert any(
        re.match(rf"questions\.md, lesson07, line {line}\b.*: found ", problem) and mend in problem
        for problem in error.value.problems
    ), error.value.problems


ASKED_FOR = {  # what is found out when a question is asked
    "a text for a number": (NUMBER, "{{ long }}", "{{ text }}", 2, "is to be a number"),
    "a number without an end": (NUMBER, "{{ 498.5 }}", "{{ endless }}", 8, "is to be a number"),
    "a wrong number that counts as right": (NUMBER, "{{ 498.5 }}", "{{ near }}", 8, "within 10 of 1800"),
    "a number that nobody can type": (NUMBER, "{{ long }}\nUnit: km\nWithin: 10", "{{ half }}", 2, "'Within: 0.1'"),
    "a number that is not looked up": (NUMBER, "{{ long }}", "1800", 2, "one look-up"),
    "no such place": (MAP, "Istanbul", "Stambul", 12, "There is: Istanbul"),
    "marks on each other": (MAP, "- [ ] Istanbul", "- [ ] Alat", 6, "A, and D would lie on each other"),
    "another order than is worked out": (ORDER, "# towns\n", "# towns\nRight: {{ text }}\n", 2, "'x', but the [x] is at"),
}  # fmt: skip


@pytest.mark.parametrize("good, old, new, line, mend", ASKED_FOR.values(), ids=ASKED_FOR)
def test_a_slip_in_what_is_asked_for_is_told(written, good, old, new, line, mend):  # noqa: F811
    assert good.count(old) == 1
    [entry] = written(good.replace(old, new))
    with pytest.raises(DataError) as error:
        entry.as_question("07-x", NAMES)
    [problem] = error.value.problems
    assert re.match(r"questions\.md, lesson07, line \d+", problem)
    assert f"line {line}," in problem, problem
    assert any(part in problem for part in mend.split("|")), problem


def test_a_number_that_is_typed_in_the_file_is_a_figure_as_any_other(written):  # noqa: F811
    [entry] = written(NUMBER.replace("{{ long }}", "{{ 1800 }}"))
    assert "1800" in [text.text for text in entry.told()]
    assert "1800" not in [text.text for text in written(NUMBER)[0].told()]


@pytest.mark.parametrize("name", MAPS)
def test_every_map_has_places(name):
    places = MAPS[name]()
    assert len(places) > 20 and all(-60 < lat < 75 and -20 < lon < 130 for lat, lon in places.values())


READ = {
    "1,8": [1.8], "1.8": [1.8], "1 800": [1800], "about 30 %": [30], "1,800": [1.8, 1800], "1.800": [1.8, 1800], "1,234.5": [1234.5],
    "1.234,5": [1234.5], "1.234.567": [1234567], "\u221229,2 m": [-29.2], "0.125": [0.125], "20 30": [], "": [], "many": [],
    "2 million": [2, 2e6], "12 345,6 km": [12345.6], "1\u202f800": [1800], "1'800": [1800], "5-6": [], "3.": [3],
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_a_number_is_read_as_a_person_writes_it(text):
    assert readings(text) == READ[text]


# --- live ----------------------------------------------------------------------------------------------------------

WRONG = {"shores": ["n1", "n2"], "towns": [2, 1, 0, 0], "length": "498"}


@pytest.mark.parametrize("name, given", WRONG.items())
def test_live_the_first_try_is_kept_and_each_answer_hears_its_reason(course, asked, name, given):  # noqa: F811
    question = asked[name]
    said = solved(question, given)
    key = f"12-{name}"
    done = learner.known()["questions"][key]
    assert (done["right"], done["tries"], done["first"]) == (
        False,
        1,
        question.written(given),
    ) and "Not yet." in said.value
    for one in question.reasons:
        heard = one in question.judge(given)[1]
        assert heard == (one.why in said.value), one
    said = solved(question)
    assert (
        learner.is_right("questions", key, question.edition)
        and "Yes." in said.value
        and learner.known()["questions"][key]["tries"] == 2
    )
    again = type(question)(question.question, question.title, question.answers, unit=question.unit)
    *controls, _, still = again.live().children[1:]
    assert again.given(controls) == question.solved() and "Yes." in still.value, "what was right is there again"
    back = type(question)(question.question, question.title, question.answers, "13", question.unit)
    *controls, _, still = back.live().children[1:]
    assert not back.given(controls) and still.value == "" and back.key == f"again-13-12-{name}"
    assert question.html() == again.html(), "nothing of a learner's is stored"


def test_live_nothing_is_judged_before_there_is_an_answer(course, asked):  # noqa: F811
    for question in asked.values():
        if isinstance(question, Checked):
            *_, button, said = question.live().children
            button.click()
            assert said.value == "" and not learner.known()["questions"]


def test_live_a_map_is_a_question_as_any_other(course, asked):  # noqa: F811
    [radio] = [part for part in parts(asked["where"].live()) if hasattr(part, "options")]
    radio.value = "a"
    assert "This is Baku. Too far west." in asked["where"].live().children[-1].value
    assert learner.known()["questions"]["12-where"]["first"] == "a"


# --- what is stored ------------------------------------------------------------------------------------------------


def test_what_is_stored_holds_without_our_styles_and_on_github(chromium, asked):
    html = "".join(in_page(question.html()) for question in Together("x", tuple(asked.values())).parts)
    for host in (without_styles, on_github):
        tab = chromium.new_page()
        tab.set_content(host(html))
        folds = tab.locator("details:has(:is(.tx-right, .tx-wrong))")
        assert folds.count() == 3 + 4 and not tab.get_by_text("The ships unload near it.").is_visible()
        for fold in folds.all():
            fold.locator("> summary").evaluate("e => e.click()")
            assert fold.locator(":is(.tx-right, .tx-wrong) >> visible=true").count() >= 1
        assert tab.get_by_text("The ships unload near it.").is_visible()
        tab.close()


def test_text_in_them_is_escaped(written):  # noqa: F811
    names = NAMES | {"hostile": lambda: HOSTILE}
    hostile = ALL.replace("Hungary", "{{ hostile }}").replace("Istanbul\n   T", "{{ hostile }}\n   T").replace("All the way.", "{{ hostile }}").replace("Too far west.", "{{ hostile }}")  # fmt: skip
    for entry in written(hostile):
        question = entry.as_question("12-x", names)
        for html in (question.html(), *(getattr(part, "value", "") for part in parts(question.live()))):
            assert "<script" not in str(html) and "<img" not in str(html)
        assert HOSTILE in BeautifulSoup(question.html(), "html.parser").get_text()


# --- on a page -----------------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path, asked):
    """A small lesson that asks them, as a file of each edition."""
    cells = [
        code(f"question({n})", "slide", html=in_page(q.html()), shows=repr(q)) for n, q in enumerate(asked.values())
    ]
    file = lesson(tmp_path, prose("# A small lesson\n\nIt asks.", "slide"), *cells)
    made, of = {}, Lesson("05-small", tmp_path, stored(file))
    for exporter in (HandoutExporter, TeacherExporter, WorksheetExporter, KeyExporter, SlidesExporter):
        made[exporter.edition or "page"] = tmp_path / f"{exporter.edition}.html"
        made[exporter.edition or "page"].write_text(exporter().page([of]), "utf-8")
    (tmp_path / "course.css").write_text("", "utf-8")  # which a page looks for beside it, and a build makes
    return made


def reasons(tab, name: str) -> list[str]:
    return [text.split(" ")[0] for text in tab.locator(f".tx-of-q-12-{name} .tx-panel >> visible=true").locator(":is(p, li) >> visible=true").all_inner_texts()]  # fmt: skip


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_page_they_work_with_a_mouse(open_page, small, scripts):
    tab = open_page(small["page"].as_uri(), javascript=scripts)
    shores, towns = (tab.locator(f".tx-of-q-12-{name}") for name in ("shores", "towns"))

    def told_anew(name):
        """What is told of a changed answer: at once, or, by a script, when it is checked again."""
        if scripts:
            assert reasons(tab, name) == []
            tab.locator(f".tx-of-q-12-{name}").get_by_text("Check").click()
        return reasons(tab, name)

    shores.get_by_label("A. Azerbaijan").check()
    shores.get_by_label("B. Kyrgyzstan").check()
    assert reasons(tab, "shores") == []
    shores.get_by_text("Check").click()
    assert reasons(tab, "shores") == ["Not", "A.", "B."]
    shores.get_by_label("B. Kyrgyzstan").uncheck()
    shores.get_by_label("C. Kazakhstan").check()
    assert told_anew("shores") == ["Yes.", "A.", "B.", "C.", "D."]
    towns.get_by_text("Check").click()
    assert reasons(tab, "towns") == ["Not"]
    for town, place in {"Aktau": "2nd", "Baku": "1st", "Tbilisi": "3rd", "Istanbul": "4th"}.items():
        towns.get_by_label(town).select_option(place)
    assert told_anew("towns") == ["Not", "3.", "4."]
    towns.get_by_label("Aktau").select_option("1st")
    towns.get_by_label("Baku").select_option("2nd")
    assert told_anew("towns") == ["Yes.", "1.", "2.", "3.", "4."]
    where = tab.locator(".tx-of-q-12-where")
    for mark, says in {"A": "Not quite. This is Baku.", "B": "Yes. This is Turkistan."}.items():
        box = where.get_by_text(f"{mark} (mark")
        seen = box.bounding_box()
        assert seen["width"] >= 24 and seen["height"] >= 24
        box.click()
        assert says in where.locator(".tx-panel >> visible=true").inner_text()
    length = tab.locator(".tx-of-q-12-length")
    if scripts:
        for typed, seen in {
            "1,795 km": ["Yes.", "1,800"],
            "498,5": ["Not", "498.5"],
            "7": ["Not"],
            "": ["Not"],
        }.items():
            length.get_by_role("textbox").fill(typed)
            assert reasons(tab, "length") == []
            length.get_by_text("Check").click()
            assert reasons(tab, "length") == seen
    else:
        length.get_by_text("Answer", exact=True).first.click()
        assert reasons(tab, "length") == ["1,800", "498.5"]
    assert not tab.complaints and len(tab.asked) == 2  # the page, and the style beside it


def test_a_page_reads_numbers_as_the_notebook_does(open_page, small):
    tab = open_page(small["page"].as_uri())
    assert tab.evaluate("texts => texts.map(readings)", list(READ)) == [*READ.values()]


def test_on_a_page_they_work_by_keyboard(open_page, small):
    tab = open_page(small["page"].as_uri())
    keys = tab.keyboard
    tab.get_by_label("A. Azerbaijan").focus()
    for key in ("Space", "Tab", "Tab", "Space", "Tab", "Tab", "Enter"):
        keys.press(key)
    assert reasons(tab, "shores")[0] == "Yes."
    for town in asked_in(tab):
        keys.press("Tab")
        keys.press({"Aktau": "1", "Baku": "2", "Tbilisi": "3", "Istanbul": "4"}[town])
    keys.press("Tab")
    keys.press("Enter")
    assert reasons(tab, "towns")[0] == "Yes."
    keys.press("Tab")
    keys.type("1 805")
    keys.press("Enter")
    assert reasons(tab, "length")[0] == "Yes."
    keys.press("Tab")
    for _ in "AB":
        keys.press("Tab")
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    keys.press("Enter")
    assert "Yes. This is Turkistan." in tab.locator(".tx-of-q-12-where .tx-panel >> visible=true").inner_text()


def asked_in(tab) -> list[str]:
    return tab.locator(".tx-order .tx-picks span").all_inner_texts()


@pytest.mark.parametrize("width, scheme", [(1280, "light"), (390, "dark")])
def test_they_are_sound_on_a_page(open_page, small, width, scheme):
    tab = open_page(small["page"].as_uri(), width=width, scheme=scheme, height=844)
    tab.locator(".tx-check > summary").evaluate_all("all => all.forEach(e => e.click())")
    tab.get_by_text("B (mark").click()
    assert told(axe(tab)) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert all(one.bounding_box()["height"] <= 720 for one in tab.locator("fieldset.tx-question").all())


def test_the_slides_ask_them_and_have_the_answers_behind(open_page, small):
    soup = page(small["slides"].read_text("utf-8"))
    assert len(soup.select("section.ask")) == 4
    notes = " ".join(soup.get_text(" ").split())
    assert (
        "Right: A. Azerbaijan Baku stands on it." in notes and "Right: 4. Istanbul Trains pass under the sea." in notes
    )
    tab = open_page(small["slides"].as_uri() + "#/slide-4")
    tab.locator("section.present").get_by_role("textbox").fill("1.8 thousand")
    tab.locator("section.present").get_by_text("Check").click()
    assert "All the way." in tab.locator("section.present").inner_text() and not tab.complaints
    tab = open_page(small["slides"].as_uri() + "#/slide-3")
    tab.locator("section.present select").first.focus()
    tab.keyboard.press("ArrowDown")
    assert tab.locator("section.present select").first.input_value() == "1st" and tab.url.endswith("#/slide-3")
    tab.keyboard.press("ArrowRight")  # a clicker's keys always turn slides
    tab.wait_for_url("**/slides.html#/slide-4")
    tab.goto(small["slides"].as_uri() + "#/slide-2")
    tab.reload()
    tab.locator("section.present input").first.focus()
    tab.keyboard.press("Space")
    assert tab.locator("section.present input").first.is_checked() and tab.url.endswith("#/slide-2")
    tab.keyboard.press("PageDown")
    tab.wait_for_url("**/slides.html#/slide-3")


def test_the_teacher_has_every_answer_with_its_reason(small, asked):
    soup = page(small["teacher"].read_text("utf-8"))
    shown = {part["id"]: part for part in soup.select(".answers")}
    for question in asked.values():
        part = shown[question.key]
        if isinstance(question, Checked):
            assert [li.strong.get_text() for li in part.select("li")] == [one.label for one in question.reasons]
            assert all(one.why in part.get_text() for one in question.reasons)
    assert len(shown["q-12-shores"].select(".mark")) == 2 and not shown["q-12-towns"].select(".mark")
    assert shown["q-12-where"].select_one(".tx-plot svg") and "This is Turkistan." in shown["q-12-where"].get_text()


def test_paper_has_room_for_each(small):
    soup = page(small["worksheet"].read_text("utf-8"))
    tasks, key = soup.select(".task"), page(small["key"].read_text("utf-8")).get_text()
    assert [len(task.select(".box")) for task in tasks] == [4, 4, 0, 4]
    assert (
        "Write 1, 2, 3" in tasks[1].get_text() and tasks[2].select_one(".typed i") and "in km:" in tasks[2].get_text()
    )
    assert [b.get_text() for b in tasks[3].select(".tx-plot b")] == list("ABCD") and tasks[3].select_one(
        "svg.tx-outlines path"
    )
    for answer in ("The ships unload near it.", "All the way.", "This is Turkistan.", "498.5 km"):
        assert answer in key and answer not in soup.get_text()


def test_what_is_shown_is_read_as_it_was_asked(asked):
    for question in asked.values():
        [found] = questions(in_page(question.html()))
        assert (found.key, found.text) == (question.key, question.title)
    assert found.kind == "map" and [right for _, right, _ in found.answers] == [False, True, False, False]


# --- measures ------------------------------------------------------------------------------------------------------

LONG = """\
# {name}
Which?

- [ ] No
  It is not.
- [x] {right}
  So it is.
- [ ] Neither
  It is not.
"""


def found(written, *rights: str, more: str = "") -> list[measures.Measured]:  # noqa: F811
    text = "\n".join(LONG.format(name=f"q{n}", right=right) for n, right in enumerate(rights)) + more
    return [measures.measured(entry.name, entry.as_question(f"12-{entry.name}", NAMES)) for entry in written(text)]


def test_questions_that_give_themselves_away_are_told(written):  # noqa: F811
    fair = found(written, "Yes", "Yes", "All of them", more=SEVERAL)
    assert [*measures.slips(fair)] == [] and [one.longest for one in fair[:3]] == [False, False, True]
    [slip] = measures.slips(found(written, "Yes", "All of them", "The others", more=SEVERAL))
    assert slip.startswith("in 2 of 3 questions the right answer is the longest: q1, q2.")
    [slip] = measures.slips(found(written, "Yes", "Y", "N", more=SEVERAL))
    assert slip.startswith("in 2 of 3 questions the right answer is the shortest: q1, q2. Make a wrong one as short")
    [slip] = measures.slips(found(written, "Yes"))
    assert slip.startswith("all questions are picked from a list.")
    two = LONG.format(name="two", right="So").replace("- [ ] Neither\n  It is not.\n", "")
    [slip] = measures.slips(found(written, "Yes", more=two + SEVERAL))
    assert slip.startswith("with fewer than 3 answers: two.")


def test_places_that_are_not_even_are_told(written):  # noqa: F811
    assert [*measures.uneven(found(written, "Yes", "Yes"))] == [
        "in 2 of 2 questions the right answer is B. Move some: 40% at most."
    ]
    text = measures.told(found(written, "Yes", "All of them", more=ALL))
    assert text.startswith("6 questions (pick 2, several 1, order 1, number 1, map 1). Of the 2 picked from a list")
    assert "0 have four answers or more; the right one is longest in 1, shortest in 0, and at B 2." in text


@pytest.mark.parametrize("number", lessons.numbers())
def test_no_lesson_gives_its_answers_away(number):
    assert [*measures.slips(measures.of_course([number]))] == []


def test_over_the_course_the_right_answers_are_spread():
    everything = measures.of_course()
    assert [*measures.uneven(everything)] == []
    picked = [one for one in everything if one.kind == "pick"]
    assert sum(one.longest for one in picked) > len(picked) / 6, "a reader learns that it is never the longest"
