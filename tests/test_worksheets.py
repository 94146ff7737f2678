"""The worksheet: what the core asks, on two pages, without an answer in any form; and its key, with all of them."""

from __future__ import annotations

import io
import math
import re
import zlib
from itertools import combinations
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

import turkic_explainer
from turkic_explainer import (
    corridor_sheet,
    initiatives,
    membership_sheet,
    memberships,
    outcome_sheet,
    places,
    stops,
    summits,
    venue_sheet,
)
from turkic_explainer.basemap import pixels
from turkic_explainer.content import SHARED
from turkic_explainer.files import lesson_files, read
from turkic_explainer.lessons.lesson05.shown import TEXTS
from turkic_explainer.press.blocks import Lesson, output_html, questions
from turkic_explainer.press.checks import check_lesson
from turkic_explainer.press.copies import without_answers
from turkic_explainer.press.notebooks import dumps
from turkic_explainer.press.pages import HandoutExporter, TeacherExporter
from turkic_explainer.press.worksheets import KeyExporter, WorksheetExporter, on_paper, unanswered
from turkic_explainer.questions import ask

from .browser import axe, told
from .conftest import HOSTILE, JOURNEY, KINDS, code, lesson, lesson_with, loads, matrix, page, prose, solved_in

LESSONS = {f.stem: Lesson(f.stem, f.parent, read(f)) for f in lesson_files()}
NAMES = [name for name, found in LESSONS.items() if "lesson" in found.about]
PAGES = {name: WorksheetExporter().page([LESSONS[name]]) for name in NAMES}
KEYS = {name: KeyExporter().page([LESSONS[name]]) for name in NAMES}
MAPS = {"venue_sheet": venue_sheet, "corridor_sheet": corridor_sheet}
SHEETS = MAPS | {"membership_sheet": membership_sheet, "outcome_sheet": lambda: outcome_sheet("S4")}
FRAMES = {"venue_sheet": ((16.0, 54.0), 14), "corridor_sheet": ((17.0, 53.0), 13)}  # west and north edge, and scale
MARK = re.compile(r"^\*\*(?:Guess|Ask|Look)\.\*\*", re.M)


def squeezed(text: str) -> str:
    """Text without what typesetting changes in it: blanks and quotes."""
    return re.sub(r"[\s\"'“”‘’]", "", text)


def on_sheet(name: str) -> list:
    """The cells of a lesson that make its worksheet, each with its tags: of the short path, and tagged ones."""
    cells = [*LESSONS[name].cells(without=frozenset({"teacher", "notebook", "answer", "no-paper"}))]
    looks = [
        cell for _, cell, _ in cells if cell.cell_type == "markdown" and {*MARK.findall(cell.source)} == {"**Look.**"}
    ]
    return [
        (cell, tags)
        for _, cell, tags in cells
        if tags & {"worksheet", "paper"} or (not tags & {"deeper", "if-time"} and cell not in looks)
    ]


def asked_in(name: str) -> list:
    return [a for c, tags in on_sheet(name) if c.cell_type == "code" and not tags & {"worksheet", "paper"} and not c.source.startswith("again(")
            for a in questions(output_html(c))]  # fmt: skip


def small(folder, *cells) -> Lesson:
    file = lesson(folder / "notebooks", *cells)
    return Lesson(file.stem, file.parent, read(file))


def made(folder, *cells) -> tuple[BeautifulSoup, BeautifulSoup]:
    """The worksheet of these cells, and its key."""
    found = small(folder, *cells)
    return page(WorksheetExporter().page([found])), page(KeyExporter().page([found]))


def shown(soup: BeautifulSoup) -> list[str]:
    """The tasks of a sheet, each as text without its number and its points."""
    for aside in soup.select(".number, .points"):
        aside.decompose()
    return [" ".join(task.get_text(" ").split()) for task in soup.select(".task:not(.last)")]


# --- what stands on it ---------------------------------------------------------------------------------------------

ASKED = ask("x-1", "How many?", ("Six", False, "One more."), ("Seven", True, "By the table."))
QUESTION = ASKED._repr_mimebundle_()["text/html"]
PICKED = '<div class="tx"><fieldset class="tx-guess"><legend>who</legend><label><input type="checkbox"> A</label><label><input type="checkbox"> B</label></fieldset></div>'
TABLE = '<div class="tx"><table class="tx-table"><caption>Words</caption><tr><th>Trust</th><td>a word</td></tr></table></div>'


def test_a_prompt_is_a_task_whole_and_so_is_a_question(tmp_path):
    sheet, _ = made(
        tmp_path, prose("# T"), prose("## Part (5 minutes)\n\nTold."), prose("## Next (5 minutes)\n\n**Guess.** Who? It is one of two. Name *both*."),
        code("guess()", html=PICKED), prose("**Look.** What stands there? Say why. It is told.", "worksheet"), prose("**Look.** And on the screen?"), code("question()", html=QUESTION),
    )  # fmt: skip
    assert shown(sheet) == [
        "Guess. Who? It is one of two. Name both . A B", "Look. What stands there? Say why. It is told.", "How many? A. Six B. Seven Why?",
    ]  # fmt: skip


def test_tags_decide_what_else_stands_there(tmp_path):
    sheet, _ = made(
        tmp_path, prose("# T"), prose("**Ask.** Off?", "no-paper"), code("question()", "no-paper", html=QUESTION), prose("**Ask.** On?"),
        code("show()", "worksheet", html=TABLE), code("show()", html=TABLE), prose("### Exercise: how far? (3 minutes)\n\nMeasure it.\n\n`x` has it.", "exercise", "worksheet"),
        prose("## Exercise: another\n\nSolve.", "exercise"), code("again()", html=QUESTION),
    )  # fmt: skip
    assert shown(sheet) == ["Ask. On?", "Words Trust a word", "How far? Measure it."]
    assert [task.select_one(".number") for task in sheet.select(".given")] == [None]


def test_room_and_points_follow_the_kind_of_task_or_its_tags(tmp_path):
    sheet, _ = made(
        tmp_path,
        prose("# T"),
        prose("**Ask.** A?"),
        prose("**Ask.** B?", "lines-6", "points-12"),
        prose("**Guess.** C?"),
        code("q", html=QUESTION),
    )
    tasks = sheet.select(".task")
    assert [len(task.select(".lines i")) for task in tasks] == [2, 6, 1, 1]
    assert [task.select_one(".points").text[-2:].strip() if task.select_one(".points") else "" for task in tasks] == [
        "2",
        "12",
        "",
        "2",
    ]
    assert sheet.select_one(".who").text.endswith("16")


def test_what_has_pages_of_its_own_stands_after_all_tasks(tmp_path):
    cards = '<div class="tx"><p>Cut.</p><ol class="tx-pack"><li>One</li></ol></div>'
    sheet, _ = made(
        tmp_path,
        prose("# T"),
        code("cards()", "worksheet", html=cards),
        code("form()", "worksheet", "own-page", html="<p>Form</p><table><tr><td></td></tr></table>"),
        prose("**Ask.** A?"),
    )
    turn = "The cards or the sheet for it stand on the last pages of this worksheet."
    assert shown(sheet) == ["Ask. A?", f"Cut. {turn}", turn]
    assert ["".join(last.text.split()) for last in sheet.select(".task.last")] == ["One", "Form"]


def test_cards_belong_to_the_prompt_before_them(tmp_path):
    """One task says what to do with them, and its key has the filing as well."""
    cards = '<div class="tx"><ol class="tx-pack"><li>One</li></ol><p class="tx-answer">1 T</p></div>'
    cells = prose("# T"), prose("**Ask.** File?", "points-4"), prose("**Model answer.** So.", "answer")
    sheet, key = made(tmp_path, *cells, code("cards()", "worksheet", html=cards))
    assert len(sheet.select(".task:not(.last)")) == len(sheet.select(".task.last")) == 1
    assert sheet.select_one(".points").text[-1] == "4"
    assert "So." in key.text and "1 T" in key.text


def test_a_sheet_that_is_drawn_on_before_all_else_comes_first_and_its_solution_overleaf(tmp_path):
    form = "<table><caption>{}</caption><tr><td></td></tr></table>"
    cells = [prose("# T"), prose("**Ask.** A?")]
    cells += [code("b()", "paper", html=form.format("B")), code("c()", "paper", "first", html=form.format("C"))]
    assert shown(made(tmp_path, *cells)[0]) == ["C", "Ask. A?", "B"]


def test_no_worksheet_shows_the_drawn_route_beside_the_empty_map(files, open_page):
    """The sheet of the ride: where the outline map ends, its page does; and the columns of the last page are even."""
    page = open_page(files[lesson_with("corridor_sheet()")])
    names = page.locator(".task.sheet p.tx-state, .task.sheet .tx-state").all_inner_texts()
    assert names == ["An outline map to draw on", "The Middle Corridor, without its names"]
    page.evaluate("document.querySelectorAll('.task.sheet')[1].remove()")
    alone = pages_of(page.pdf(format="A4"))
    assert len(alone) == 2, "the tasks between the two maps do not fill the first page"


def test_an_exercise_on_paper_speaks_of_no_code():
    source = (
        '## Exercise: the other reading (3 minutes)\n\nHow much was it?\n\n`cargo()["year"]` holds it.\n\nGive tonnes.'
    )
    assert on_paper(source) == "**The other reading.** How much was it?\n\nGive tonnes."


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_and_question_of_the_core_is_there_in_order(name):
    sheet, at = page(PAGES[name]), 0
    text = squeezed(sheet.get_text())
    for cell, tags in on_sheet(name):
        wanted = []
        if cell.cell_type == "markdown" and MARK.search(cell.source):
            wanted = [
                squeezed(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", p)).replace("*", "").replace("`", "")
                for p in cell.source.split("\n\n")
                if MARK.match(p)
            ]
        elif cell.cell_type == "code" and not tags & {"worksheet", "paper"} and not cell.source.startswith("again("):
            wanted = [squeezed(a.text) for a in questions(output_html(cell))]
        for task in wanted:
            at = text.find(task, at)
            assert at >= 0, f"missing or out of order: {task}"


@pytest.mark.parametrize("name", NAMES)
def test_tasks_are_numbered_from_1_and_have_room_to_write(name):
    sheet = page(PAGES[name])
    tasks = sheet.select(".task:not(.last, .given)")
    assert [t.select_one(".number").text for t in tasks] == [str(n) for n in range(1, len(tasks) + 1)]
    assert all(t.select(".lines i, .tick, .typed i") for t in tasks if "sheet" not in t["class"])
    assert [span.text for span in sheet.select(".who span")][:3] == ["Name", "Class", "Date"]


@pytest.mark.parametrize("name", NAMES)
def test_an_exercise_says_on_paper_what_is_to_be_done(name):
    """A paragraph with code in it is left out of a worksheet, so what is asked stands in another one."""
    for task in page(PAGES[name]).select(".task.exercise"):
        told = [p.get_text() for p in task.select("p:not(.number, .points)")]
        assert len(" ".join(told)) > len(task.strong.get_text()) + 40, told


def test_every_sheet_of_the_front_door_stands_in_one_lesson_beside_cards_protocol_and_tables():
    tagged = [
        c.source
        for found in LESSONS.values()
        for _, c, tags in found.cells()
        if c.cell_type == "code" and tags & {"worksheet", "paper"}
    ]
    sheets = [name for name in turkic_explainer.__all__ if name.endswith("_sheet")]
    assert set(SHEETS) < set(sheets)
    assert {*sheets, "protocol", "sort_cards"} <= {source.partition("(")[0] for source in tagged}


def test_all_cards_stand_after_all_tasks():
    sheet = page(PAGES[lesson_with("sort_cards()")])
    cards = sheet.select(".task.last .tx-pack > li")
    assert len(cards) == (initiatives()["card"] == "yes").sum()
    assert sheet.select(".task")[-1] == cards[0].find_parent(class_="task")


# --- no answer in any form -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_stands_on_it_in_any_form(name):
    html = PAGES[name]
    everything = squeezed(html)  # also comments, attributes and what is hidden
    for asked in asked_in(name):
        assert not [why for _, _, why in asked.answers if squeezed(why) in everything]
    assert not page(html).select(
        ".right, .mark, .tx-right, .tx-wrong, .tx-answer, .tx-answer-key, .tx-no-paper, [data-state]"
    )
    assert "✓" not in html and "<!--" not in html
    for cell in LESSONS[name].notebook.cells:
        if "answer" in cell.metadata.get("tags", []):
            assert squeezed(cell.source.removeprefix("**Model answer.**"))[:60] not in everything
    assert not [lines for lines in solved_in(LESSONS[name].notebook) if squeezed(lines) in everything]


@pytest.mark.parametrize("name", NAMES)
def test_answers_stand_in_the_lessons_order_and_look_alike(name):
    ticks = page(PAGES[name]).select(".question .tick")
    assert [[squeezed(li.text) for li in ul.select("li")] for ul in ticks] == [
        [squeezed(choice[0] if a.kind == "map" else choice) for choice in a.choices]
        for a in asked_in(name)
        if a.kind != "number"
    ]
    assert len({re.sub(r">[^<]*<", "><", str(li)) for ul in ticks for li in ul.select("li")}) == 1


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_keeps_its_answers_in_its_key(name):
    soup = page(str(SHEETS[name]().body))
    key = soup.select_one("details.tx-answer-key").extract()
    assert "open" not in key.attrs and key.get_text(strip=True).removeprefix("Key")
    if name == "outcome_sheet":
        assert not [found for found in initiatives()["found"] if found in soup.text]
    if name == "membership_sheet":
        assert not any(td.get_text(strip=True) for td in soup.select("td"))


def test_paper_tasks_stand_on_no_other_edition():
    having = [name for name in NAMES if re.search(r'class="tx-task', PAGES[name])]
    assert len(having) >= len(SHEETS)
    for found in map(LESSONS.get, having):
        for other in (
            HandoutExporter().page([found]),
            TeacherExporter().page([found]),
            dumps(without_answers(found.notebook)),
        ):
            assert not re.search(r'class=\\?"tx-task', other)


# --- the key -------------------------------------------------------------------------------------------------------


def test_a_model_answer_stands_with_the_task_before_it(tmp_path):
    solved = '<div class="tx"><pre>x = 4 / 2</pre><p class="tx-lead">Answer: 2</p></div>'
    sheet, key = made(
        tmp_path, prose("# T"), prose("**Guess.** Who?"), code("guess()", html=PICKED), code("map()", html="<p>Map</p>"), prose("**Model answer.** She [B-001](evidence/background.md#B-001).", "answer"),
        code("q", html=QUESTION), prose("**Ask.** Off?", "no-paper"), prose("**Model answer.** Left out.", "answer"),
        prose("## Exercise: half (2 minutes)\n\nHalve 4.", "exercise", "worksheet"), code("x = ...", "exercise"), code("solution()", "solution", html=solved), prose("**Model answer.** 4 / 2 = 2.", "answer"),
    )  # fmt: skip
    entries = [" ".join(entry.get_text(" ").split()) for entry in key.select(".entry")]
    assert entries[0] == "1 She B-001 ."
    assert "B. Seven ✓ right By the table." in entries[1] and "A. Six One more." in entries[1]
    assert entries[2].startswith("3") and entries[2].endswith("4 / 2 = 2.")
    assert "Left out" not in str(key) and not key.select("pre, code")
    assert not [word for word in ("She", "Left out", "By the table", "4 / 2") if word in str(sheet)]


def test_the_key_to_a_sheet_is_the_model_answer_after_it_and_none_is_named(tmp_path):
    form = "<p>Form</p><table><tr><td></td></tr></table>"
    first, second = code("form()", "worksheet", html=form), code("form()", "worksheet", html=form)
    cells = [prose("# T"), first, prose("**Model answer.** These.", "answer"), second]
    _, key = made(tmp_path / "1", *cells)
    given, none = (" ".join(entry.get_text(" ").split()) for entry in key.select(".entry"))
    assert given.endswith("/ 4 These.") and none.endswith(f"/ 4 {SHARED.text('key.open')}")
    [slip] = unanswered(small(tmp_path / "2", *cells))
    assert slip.startswith("task 2 of the worksheet has no model answer. Put one")
    assert [*unanswered(small(tmp_path / "3", *cells, prose("**Model answer.** Those.", "answer")))] == []


def test_the_check_names_a_task_whose_key_would_have_no_answer(tmp_path):
    found = read(LESSONS["08-reading-the-sources"].folder / "08-reading-the-sources.ipynb")
    found.cells = [cell for cell in found.cells if cell.id != "blank-answer"]
    file = tmp_path / "08-reading-the-sources.ipynb"
    file.write_text(dumps(found), "utf-8")
    assert any(re.match(r"08-\S+: task \d+ of the worksheet has no model answer", line) for line in check_lesson(file))


@pytest.mark.parametrize("name", NAMES)
def test_no_task_of_the_course_is_without_an_answer_in_its_key(name):
    assert [*unanswered(LESSONS[name])] == [] and SHARED.text("key.open") not in KEYS[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_key_is_complete(name):
    sheet, key = page(PAGES[name]), page(KEYS[name])
    entries = {e.select_one(".number").text: e for e in key.select(".entry")}
    assert [*entries] == [t.select_one(".number").text for t in sheet.select(".task:not(.last, .given)")]
    numbered = {
        squeezed(t.select_one(".asked").text): t.select_one(".number").text for t in sheet.select(".task.question")
    }
    for asked in asked_in(name):
        entry = entries[numbered[squeezed(asked.text)]]
        assert [squeezed(a) in squeezed(li.text) and squeezed(why) in squeezed(li.text) and ("right" in li.get("class", [])) == right
                for li, (a, right, why) in zip(entry.select("li"), asked.answers, strict=True)] == [True] * len(asked.answers)  # fmt: skip
    assert not key.select("pre") and "for the teacher" in key.select_one(".from").text


def test_the_key_of_the_cards_is_the_courses_filing():
    key = page(KEYS[lesson_with("sort_cards()")])
    cards = initiatives().query("card == 'yes'").sort_values("name")
    filed = ", ".join(f"{n} {word}" for n, word in enumerate(cards["priority"], 1))
    assert filed in " ".join(key.text.split())


def test_the_key_of_the_grid_is_the_table():
    soup = page(str(membership_sheet().body)).select_one(".tx-answer-key")
    bodies = [th.text for th in soup.select("thead th")][1:]
    rows = {
        tr.th.text: dict(zip(bodies, (td.text for td in tr.select("td")), strict=True))
        for tr in soup.select("tbody tr")
    }
    marks = [mark for row in rows.values() for mark in row.values()]
    counts = memberships()["role"].value_counts()
    assert sum(m == "M" for m in marks) == counts["member"]
    # The Economic Cooperation Organization observes the OTS, but is no country.
    assert sum(m.startswith("O") for m in marks) == counts["observer"] - 1
    assert (
        rows["Northern Cyprus"]["OTS"] == "O*"
        and rows["Hungary"]["TURKSOY"] == ""
        and rows["Uzbekistan"]["TurkPA"] != "M"
    )


def test_the_key_of_the_proposals_has_each_outcome():
    soup = page(str(outcome_sheet("S4").body))
    told = {li.strong.text: li.text for li in soup.select(".tx-answer-key li")}
    rows, statuses = initiatives().set_index("name"), TEXTS.texts("statuses")
    assert [tr.th.text for tr in soup.select("tbody tr")] == list(told)
    for name, text in told.items():
        assert statuses[rows.at[name, "status"]]["label"].lower() in text and rows.at[name, "found"] in text
    with pytest.raises(ValueError, match="S9 proposes nothing"):
        outcome_sheet("S9")


@pytest.mark.parametrize("exporter", [WorksheetExporter, KeyExporter])
def test_several_lessons_come_one_after_the_other(exporter):
    html = exporter().page(list(LESSONS.values()))
    sections = page(html).select("section.sheet")
    assert [squeezed(section.h1.text) for section in sections] == [squeezed(LESSONS[name].title) for name in NAMES]
    assert {section.select(".number")[0].text for section in sections} == {"1"}
    ids = [tag["id"] for tag in page(html).find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_a_page_with_nothing_to_do_says_so():
    [words] = set(LESSONS) - set(NAMES)
    assert "There is nothing to work on" in WorksheetExporter().page([LESSONS[words]])


# --- outline maps --------------------------------------------------------------------------------------------------


def drawn(name: str):
    """The marks (number or letter, x, y), the points under them, and the frame, in units of the drawing."""
    svg = ElementTree.fromstring(re.search(r'<svg class="tx-outlines".*?</svg>', str(MAPS[name]().body), re.S)[0])
    groups = [g for g in svg.iter("g") if g.get("class") == "tx-marked"]
    marks = []
    for g in groups:
        circle, rect = g.find("circle"), g.find("rect")
        x, y = (float(circle.get("cx")), float(circle.get("cy"))) if circle is not None else (
            float(rect.get("x")) + float(rect.get("width")) / 2, float(rect.get("y")) + float(rect.get("height")) / 2)  # fmt: skip
        radius = float(circle.get("r")) if circle is not None else float(rect.get("width")) / 2
        marks.append((g.find("text").text, x, y, radius))
    [ties] = [g for g in svg.iter("g") if g.get("class") == "tx-ties"]
    dots = [(float(c.get("cx")), float(c.get("cy")), float(c.get("r"))) for c in ties.findall("circle")]
    return marks, dots, tuple(map(float, svg.get("viewBox").split()[2:]))


def answers(name: str) -> dict[str, str]:
    """Number or letter to name, as the key has it."""
    first = page(str(MAPS[name]().body)).select_one(".tx-answer-key p")
    return {b.text: b.next_sibling.strip(" ,") for b in first.find_all("b")}


@pytest.mark.parametrize("name", MAPS)
def test_no_mark_covers_another_or_a_point(name):
    marks, dots, (width, height) = drawn(name)
    for one, other in combinations(marks, 2):
        assert math.dist(one[1:3], other[1:3]) >= one[3] + other[3], f"{one[0]} and {other[0]}"
    for mark in marks:
        assert mark[3] <= mark[1] <= width - mark[3] and mark[3] <= mark[2] <= height - mark[3]
        assert all(math.dist(mark[1:3], dot[:2]) >= mark[3] for dot in dots)
    assert all(math.dist(one[:2], other[:2]) >= one[2] + other[2] for one, other in combinations(dots, 2))


@pytest.mark.parametrize("name", MAPS)
def test_each_number_stands_for_the_place_that_the_key_names(name):
    marks, dots, _ = drawn(name)
    (west, north), scale = FRAMES[name]
    known = places() if name == "venue_sheet" else stops()
    left, top = pixels(north, west)
    numbered = [mark for mark in marks if mark[0].isdigit()]
    assert [mark[0] for mark in numbered] == [str(n) for n in range(1, len(dots) + 1)]
    named = answers(name)
    for (number, *_), (x, y, _) in zip(numbered, dots, strict=True):
        px, py = pixels(known.at[named[number], "lat"], known.at[named[number], "lon"])
        assert math.dist((x, y), ((px - left) * scale, (py - top) * scale)) < 0.1, f"{number} {named[number]}"
    assert len(set(named.values())) == len(marks) == len(named)
    across = [x for x, *_ in dots]  # from west to east, or as the goods ride, from east to west
    assert across == sorted(across, reverse=name == "corridor_sheet")


def test_the_maps_have_all_that_the_tables_have():
    held = summits().query("status == 'held' and mode == 'in person'")["place"]
    assert set(answers("venue_sheet").values()) == set(held)
    twice = page(str(venue_sheet().body)).select(".tx-answer-key p")[1].text
    assert twice == f"More than one summit: {', '.join(sorted(held.value_counts()[lambda n: n > 1].index))}."
    found = set(answers("corridor_sheet").values()) - {"Caspian Sea"}
    assert found == set(stops().query("kind != 'station'").index) - {"Xi'an", "Suez", "Brest"}
    told = page(str(corridor_sheet().body)).select(".tx-answer-key p")[1].text
    assert all(stop in told for stop in stops().loc[list(found)].query("kind in ('port', 'gauge change')").index)


@pytest.mark.parametrize("name", MAPS)
def test_the_word_bank_is_whole_and_gives_no_order_away(name):
    soup = page(str(MAPS[name]().body))
    bank = soup.select_one(".tx-bank").text.partition(": ")[2].split("\u00a0· ")
    blanks, named = [li.text for li in soup.select(".tx-blanks li")], answers(name)
    assert bank == sorted(named[mark] for mark in blanks)
    assert bank != [named[mark] for mark in blanks]
    to_do = soup.select_one(".tx-state + p").text
    assert sorted(named) == sorted(blanks + [mark for mark in named if f"{mark} is {named[mark]}" in to_do])
    assert not [town for town in bank if town in soup.select_one("svg.tx-outlines").text]


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_has_a_plain_form_and_a_docstring(name):
    sheet = SHEETS[name]()
    first, second, *rest = repr(sheet).splitlines()
    soup = page(str(sheet.body))
    assert first == soup.select_one(".tx-state").text and second and rest and "<" not in repr(sheet)
    assert soup.select_one(".tx-answer-key p, .tx-answer-key li").text not in repr(sheet)
    function = getattr(turkic_explainer, name)
    assert function.__doc__.startswith("For paper: ") and "Facts: " in function.__doc__
    assert repr(SHEETS[name]()) == repr(sheet) and SHEETS[name]()._repr_html_() == sheet._repr_html_()


# --- text is text --------------------------------------------------------------------------------------------------


def test_links_are_gone_but_the_numbers_of_claims_stay(tmp_path):
    text = "**Ask.** Who met in [Gabala](evidence/words.md#word-gabala) [S4-02](evidence/S4.md#S4-02), and [why](https://example.org)?"
    sheet, _ = made(tmp_path, prose("# T"), prose(text))
    assert not sheet.select("main a") and sheet.select_one(".cite").text == "S4-02"
    assert "Who met in Gabala S4-02, and why?" in sheet.text


@pytest.mark.parametrize("exporter, times", [(WorksheetExporter, 4), (KeyExporter, 5)])
def test_hostile_text_is_text(tmp_path, exporter, times):
    question = ask("x-1", HOSTILE, (HOSTILE, True, HOSTILE), ("no", False, HOSTILE))
    html = exporter().page([small(
        tmp_path, prose(f"# {HOSTILE}"), prose(f"**Guess.** {HOSTILE}?"), code("q", html=question._repr_mimebundle_()["text/html"]),
        prose(f"## Exercise: {HOSTILE} (2 minutes)\n\nIs it?", "exercise", "worksheet"), code("x = ...", "exercise"),
        code(f"x = '''{HOSTILE}'''", "solution", shows=HOSTILE), prose(f"**Model answer.** {HOSTILE}", "answer"),
    )])  # fmt: skip
    soup = page(html)
    assert not soup.select("script, img, [onerror]") and loads(html) == []
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= times
    assert "{{7*7}}" in html and "49" not in soup.main.text


@pytest.mark.parametrize("name", NAMES)
def test_a_worksheet_loads_nothing_and_may_run_nothing(name):
    for html in (PAGES[name], KEYS[name]):
        assert loads(html) == []
        policy = page(html).find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        assert "default-src 'none'" in policy and "script-src 'none'" in policy
        assert not page(html).select("script, iframe")


# --- in a real browser ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("worksheets")
    for name, html in (PAGES | {f"key-{name}": html for name, html in KEYS.items()}).items():
        (folder / f"{name}.html").write_text(html, "utf-8")
    return {file.stem: file.as_uri() for file in folder.iterdir()}


@pytest.mark.parametrize(
    "name, width, scheme",
    matrix([(name, *how) for name in NAMES for how in ((320, "light"), (1280, "dark"))], (JOURNEY, 1280, "dark")),
)
def test_a_worksheet_is_accessible_on_a_screen(files, open_page, name, width, scheme):
    for address in (files[name], files[f"key-{name}"]):
        page = open_page(address, width, scheme)
        assert page.asked == [address] and page.complaints == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert told(axe(page)) == []
        # Paper stays white in a dark room.
        assert page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor") == "rgb(255, 255, 255)"


PAPERS = {"A4": (184, 274), "Letter": (189.9, 256.4)}  # millimetres inside the margins
MM = 96 / 25.4
every_sheet_and_paper = pytest.mark.parametrize(
    "name, paper", matrix([(name, "A4") for name in NAMES] + [(name, "Letter") for name in KINDS], (JOURNEY, "A4"))
)


@every_sheet_and_paper
def test_nothing_is_wider_than_the_paper_or_cut_between_pages(files, open_page, name, paper):
    width, height = (math.floor(side * MM) for side in PAPERS[paper])
    page = open_page(files[name], width)
    page.emulate_media(media="print")
    found = page.evaluate(
        """([width, height]) => {
          const shown = [...document.querySelectorAll('main *')].filter(e => e.getClientRects().length);
          const box = e => e.getBoundingClientRect();
          return {
            wide: shown.filter(e => !e.closest('svg') && box(e).right > width + 1).map(e => e.outerHTML.slice(0, 90)),
            high: shown.filter(e => getComputedStyle(e).breakInside === 'avoid' && box(e).height > height).map(e => e.outerHTML.slice(0, 90)),
            whole: ['.task:not(.last)', '.tx-pack > li'].filter(
              s => [...document.querySelectorAll(s)].some(e => getComputedStyle(e).breakInside !== 'avoid')),
          };
        }""",
        [width, height],
    )
    assert found == {"wide": [], "high": [], "whole": []}


@pytest.mark.parametrize("name", matrix(NAMES, JOURNEY))
def test_text_on_paper_is_large_enough(files, open_page, name):
    page = open_page(files[name], math.floor(184 * MM))
    page.emulate_media(media="print")
    small = page.evaluate(
        """() => {
          const least = e => e.closest('.cite, .tx-soft, .tx-dots, figcaption, .tx-marked') ? 8 : e.closest('.from, .who, .points, table, .tx-bank') ? 9 : 10.5, found = new Set();
          const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
          for (let node; (node = walker.nextNode());) {
            const e = node.parentElement, svg = e.closest('svg');
            if (!node.data.trim() || !e.getClientRects().length) continue;
            const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
            const points = parseFloat(getComputedStyle(e).fontSize) * scale * 0.75, wanted = svg ? 9 : least(e);
            if (points < wanted - 0.01) found.add(`${points.toFixed(1)} pt: ${node.data.trim().slice(0, 40)}`);
          }
          return [...found];
        }"""
    )
    assert small == []


@pytest.mark.parametrize("name", matrix(NAMES, JOURNEY))
def test_a_worksheet_is_black_and_white(files, open_page, name):
    import numpy as np
    from PIL import Image

    page = open_page(files[name], math.floor(184 * MM))
    page.emulate_media(media="print")
    shot = np.asarray(Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")).astype(int)
    assert np.ptp(shot, axis=2).max() <= 8
    assert shot.min() < 60 and shot.max() == 255


def pages_of(pdf: bytes) -> list[int]:
    """How many pieces of text stand on each page of a PDF made by Chromium."""
    objects = dict(re.findall(rb"(?:^|\n)(\d+) 0 obj\s(.*?)endobj", pdf, re.S))
    found = []
    for body in objects.values():
        if re.search(rb"/Type /Page\b", body):
            stream = objects[re.search(rb"/Contents (\d+) 0 R", body)[1]]
            drawing = zlib.decompress(re.search(rb"stream\r?\n(.*)endstream", stream, re.S)[1])
            found.append(len(re.findall(rb"\bT[jJ]\b", drawing)))
    return found


@every_sheet_and_paper
def test_the_tasks_fill_two_pages_and_none_is_blank(files, open_page, name, paper):
    page = open_page(files[name])

    def printed(css: str) -> list[int]:
        page.evaluate(
            "css => { document.adoptedStyleSheets = [new CSSStyleSheet()]; document.adoptedStyleSheets[0].replaceSync(css); }",
            css,
        )
        return pages_of(page.pdf(format=paper))

    whole, tasks = printed(""), printed(".task.last{display:none}")
    assert len(tasks) <= 2 and min(whole) > 8, (tasks, whole)  # a blank page would still have its number
    assert len(whole) - len(tasks) <= 3


@pytest.mark.parametrize("paper", PAPERS)
def test_what_a_core_path_has_fits_two_pages(open_page, tmp_path, paper):
    """As much as the contract allows: five questions of four answers, four guesses and asks, a map and an exercise."""
    answer = "It takes part, and can even host a meeting, but it is not a member."
    asked = ask(
        "x-1",
        "Hungary has been an observer of the body since 3 September 2018. What follows from that?",
        *[(answer, n == 1, "So.") for n in range(4)],
    )
    open_ = "**Ask.** Was your guess right? Which of the towns are not capitals? Why might a president want guests in Shusha, in Turkistan or in a lake resort?"
    cells = [
        prose("# A summit needs a place, and the place is a message"),
        prose(open_.replace("Ask", "Guess")),
        code("m", "paper", html=str(venue_sheet()._repr_html_())),
    ]
    cells += [part for _ in range(3) for part in (prose(open_), code("q", html=asked._repr_mimebundle_()["text/html"]))]
    cells += [code("q", html=asked._repr_mimebundle_()["text/html"]) for _ in range(2)]
    cells += [
        prose(
            "## Exercise: the other reading (3 minutes)\n\nNow suppose that 3 million tonnes are *all* the cargo of 2023, and that this is 65 percent more than in 2022. How many million tonnes were carried in 2022?",
            "exercise",
            "worksheet",
        )
    ]
    (tmp_path / "full.html").write_text(WorksheetExporter().page([small(tmp_path, *cells)]), "utf-8")
    assert len(pages_of(open_page((tmp_path / "full.html").as_uri()).pdf(format=paper))) == 2


def test_in_one_file_each_lesson_begins_on_a_page_of_its_own(files, open_page, tmp_path):
    several = [LESSONS[name] for name in (NAMES[0], JOURNEY)]
    (tmp_path / "all.html").write_text(WorksheetExporter().page(several), "utf-8")
    count = len(pages_of(open_page((tmp_path / "all.html").as_uri()).pdf(format="A4")))
    assert count == sum(len(pages_of(open_page(files[found.name]).pdf(format="A4"))) for found in several)
