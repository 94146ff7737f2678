"""The hour: its formula, what `check` says of it, and what a Deeper part, a model answer and `if-time` are in each edition."""

from collections import Counter

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from turkic_explainer.press import evidence, hour
from turkic_explainer.press.blocks import Lesson
from turkic_explainer.press.checks import check_lesson
from turkic_explainer.press.copies import without_answers
from turkic_explainer.press.notebooks import canonical, run
from turkic_explainer.press.pages import HandoutExporter, TeacherExporter
from turkic_explainer.press.site import card
from turkic_explainer.press.slides import SlidesExporter
from turkic_explainer.press.worksheets import KeyExporter, WorksheetExporter

from .conftest import code, lesson, page, prose

CITED = "[S4-02](evidence/S4.md#S4-02)"
FIGURE, TABLE = "<figure>a chart</figure>", "<table><tr><td>a row</td></tr></table>"


def said(words: int) -> str:
    """A text of so many words that are read; what it cites is not."""
    return " ".join(["word"] * words) + f" {CITED}"


def core() -> list:
    """A lesson's cells. By hand, minutes and those of the short path:

    Opening           0.5 + 1.5 returning + 1 guess + 2 words    75 words and "Title", "Guess.", "Which?": 78 / 150 = 0.52
                      = 3.02; the same
    First             150 words and "First": 151 / 150 = 1.007; 2 a chart, 1.5 an ask, 0.75 a question = 5.25 ("Ask.
                      "Why?" are 2 words: 5.27); short: without the ask, 1.007 + 2 + 0.75 = 3.76
    Exercise: count   2 words and 3 of the text: 0.03 + 5 = 5.03; short: 0, it is left out
    What to take away 4 words: 0.03 + 2 = 2.03; the same
    """
    return [
        prose(f"# Title\n\n**Time** 7 minutes. {said(50)}\n\n{said(75)}"),
        code('again("02")', html="<p>two</p>"),
        prose("**Guess.** Which?", "slide"),
        prose("**Model answer.** Both of them, with the sixth fish.", "answer"),
        code('guess("02-towns")', html="<p>a box</p>"),
        prose(f"## First\n\n{said(150)}", "slide"),
        code("chart()", "slide", html=FIGURE),
        prose("**Ask.** Why?", "if-time"),
        prose("**Model answer.** Because of the seventh fish.", "answer"),
        code('question("02-hosts")', html="<p>one</p>"),
        prose("### Deeper: what *else* is there?", "slide"),
        prose(f"{said(150)} Only the deep know the eighth fish."),
        code("chart()", "reveal", html=FIGURE),
        prose("**Ask.** How deep?"),
        prose("**Model answer.** As deep as the ninth fish.", "answer"),
        prose("### Deeper: exercise: weigh it (5 minutes)\n\nWeigh.", "exercise", "worksheet"),
        prose("**Model answer.** Two pounds.", "answer"),
        code("fish = ...", "exercise"),
        code("fish = 2", "solution", shows="two"),
        prose("## Exercise: count (9 minutes)\n\nCount them all.", "exercise", "if-time"),
        code("count = ...", "exercise"),
        code("count = 3", "solution", shows="three"),
        prose("## Notes", "teacher"),
        prose("## What to take away\n\n**Sources of this lesson:** many."),
    ]


def notebook(cells: list, **about):
    cells = [NotebookNode(cell | {"id": cell.id if len(cell.id) < 8 else f"cell-{n}"}) for n, cell in enumerate(cells)]
    return canonical(new_notebook(cells=cells, metadata={"turkic": {"lesson": "05", "hour": False} | about}))


# --- the formula ---------------------------------------------------------------------------------------------------


def test_a_small_lesson_by_hand():
    parts = hour.parts(notebook(core()))
    assert [(part.title, part.minutes, part.short_minutes) for part in parts] == [
        ("", 3, 3),  # to 3.02
        ("First", 5, 4),  # to 8.29; the short path saves 1.51
        ("Exercise: count", 5, 0),  # to 13.32; it saves 6.54 by now
        ("What to take away", 2, 2),  # to 15.35
    ]
    assert parts[0].core == {"words": 78, "returning": 1, "guess": 1}
    assert parts[1].core == {"words": 153, "picture": 1, "ask": 1, "question": 1}
    assert parts[1].short == {"words": 151, "picture": 1, "question": 1}


@pytest.mark.parametrize("cell, what", [
    (prose("**Look.** It moves."), {"words": 3, "look": 1}),
    (prose("A word.\n\n**Ask.** One?\n\n**Ask.** Two?"), {"words": 6, "ask": 1}),
    (prose("Do not **Ask.** here."), {"words": 4}),
    (code('show(table())', html=TABLE), {"table": 1}),
    (code("chart()", html=FIGURE + TABLE), {"picture": 1}),
    (code("explorer()", html='<div class="tx tx-explorer">a</div>'), {"picture": 1}),
    (code("sort_cards()", "minutes-6", html='<div class="tx tx-explorer">a</div>'), {"working": 6}),
    (prose("**Guess.** Draw it.", "minutes-3"), {"words": 3, "working": 3}),
    (code('question("02-hosts")\nquestion("02-online")', html='<p class="tx-explorer"></p>'), {"question": 2}),
    (code('words("member")', html=TABLE), {}),
    (code("check()", "exercise", html=TABLE), {"exercise": 1}),
    *((code("chart()", tag, html=FIGURE), {}) for tag in ("paper", "notebook", "solution")),
    *((prose("**Ask.** Why?", tag), {}) for tag in ("teacher", "answer", "paper")),
    (prose("[a link](evidence/words.md#word-member) and `code(1)`, - 5 * 3"), {"words": 6}),
])  # fmt: skip
def test_what_takes_time(cell, what):
    assert hour.parts(notebook([cell]))[0].core == what


def test_each_unit_takes_its_time():
    units = {
        "words": 1 / 150, "question": 0.75, "ask": 1.5, "guess": 1, "look": 1, "picture": 2, "table": 0.5, "exercise": 5,
        "returning": 1.5, "closing": 2, "working": 1,
    }  # fmt: skip
    assert {unit: hour.minutes(Counter([unit])) for unit in units} == units


def test_a_tag_on_a_heading_leaves_its_whole_section_out():
    cells = [prose("## A", "if-time"), prose("one"), code("chart()", html=FIGURE), prose("## B"), prose("two")]
    assert [(part.core["words"], part.short["words"]) for part in hour.parts(notebook(cells))] == [
        (0, 0),
        (2, 0),
        (2, 2),
    ]


def test_a_section_that_the_short_path_leaves_out_takes_no_minute_there():
    left_out = [prose("## B", "if-time"), code("check()", "exercise"), code("show()", html=TABLE)]
    parts = hour.parts(notebook([prose("## A"), prose("**Look.** It moves."), *left_out]))  # to 1.03, and to 6.53
    assert [(part.minutes, part.short_minutes) for part in parts] == [(0, 0), (1, 1), (6, 0)]


def test_refresh_writes_the_minutes_and_closes_deeper_parts(tmp_path):
    file = lesson(tmp_path, *(cell for cell in core() if cell.cell_type == "markdown"), name="05-small.ipynb")
    text = file.read_text("utf-8")
    file.write_text(
        text.replace('"metadata": {\n  "kernelspec"', '"metadata": {\n  "turkic": {"lesson": "05"},\n  "kernelspec"'),
        "utf-8",
    )
    done = run(file)
    sources = [cell.source.splitlines()[0] for cell in done.cells if cell.source.startswith("#")]
    assert sources == [
        "# Title", "## First (2 minutes)", "### Deeper: what *else* is there?", "### Deeper: exercise: weigh it",
        "## Exercise: count", "## Notes", "## What to take away (2 minutes)",
    ]  # fmt: skip
    assert "**Time** 7 minutes." not in done.cells[0].source and "**Time** 6 minutes." in done.cells[0].source
    assert done.metadata.turkic.minutes == 6
    closed = [cell.source[:10] for cell in done.cells if cell.metadata.get("jp-MarkdownHeadingCollapsed")]
    assert closed == ["### Deeper"] * 2
    open_window = [prose("## Part"), prose("### Deeper: a part")]
    open_window[0].metadata[hour.COLLAPSED] = True
    assert [hour.COLLAPSED in cell.metadata for cell in canonical(new_notebook(cells=open_window)).cells] == [
        False,
        True,
    ]


# --- what is wrong with it -----------------------------------------------------------------------------------------


def found(*cells, **about) -> list[str]:
    done = notebook(list(cells), **about)
    hour.timed(done)
    return [f"{number} {problem}" for number, problem in hour.slips(done)]


ANSWER = prose("**Model answer.** It is so.", "answer")
SLIPS = {
    "a prompt without an answer": ([prose("**Look.** See?")], "1 this Guess, Ask, Look or task has no model"),
    "one at the next prompt": ([prose("**Ask.** A?"), prose("**Ask.** B?"), ANSWER], "1 this Guess, Ask, Look or task"),
    "a task for paper without": ([prose("## Exercise: x", "exercise", "worksheet")], "1 this Guess, Ask, Look or task"),
    "two answers": ([prose("**Ask.** A?"), ANSWER, prose("**Model answer.** B.", "answer")], "1 this Guess, Ask, Look or task has two"),
    "an answer to nothing": ([ANSWER], "1 this model answer answers nothing."),
    "an answer of old": ([prose("**Ask.** A?"), ANSWER, prose("**Model answer.** B.", "teacher")], "3 this is a model answer."),
    "an answer in Python": ([prose("**Ask.** A?"), prose("**Model answer.** `len(x)`.", "answer")], "2 a model answer is Python"),
    "a column": ([prose("**Ask.** A?"), prose("**Model answer.** `28` by `t['x']`.", "answer")], "2 a model answer is Python"),
    "an exercise with two": ([prose("## Exercise: x", "exercise"), ANSWER, prose("**Model answer.** B.", "answer")], "1 this Guess, Ask, Look or task has two"),
    "a cell of Python": ([prose("**Ask.** A?"), code("**Model answer.**", "answer")], "2 a model answer is Python"),
    "an answer of another look": ([prose("**Ask.** A?"), prose("So it is.", "answer")], "2 a model answer begins"),
    "a long answer": ([prose("**Ask.** A?"), prose(f"**Model answer.** {said(91)}", "answer")], "2 a model answer has 91 words; at most 90"),
    "a question that answers itself": ([prose(f"**Ask.** Why? It was so {CITED}."), ANSWER], "1 what it asks is answered"),
    "a second paragraph that does": ([prose(f"**Look.** Why?\n\nSo {CITED}."), ANSWER], "1 what it asks is answered"),
    "a Deeper part in the middle": ([prose("### Deeper: a"), prose("### Next\n\nb")], "2 a Deeper part stands in the middle"),
    "a Deeper part in a cell": ([prose("Text.\n\n### Deeper: a")], "1 a Deeper part begins in the middle of this cell"),
    "a long heading": ([prose("### Deeper: one two three four five six seven eight nine")], "1 the heading of a Deeper part"),
    "a heading without a title": ([prose("### Deeper:"), prose("a")], "1 this heading opens no Deeper part. Write"),
    "one with it in the next line": ([prose("### Deeper: \n\na")], "1 this heading opens no Deeper part."),
    "one in small letters": ([prose("### deeper: a")], "1 this heading opens no Deeper part."),
    "a task for paper in code alone": ([prose("## Exercise: x\n\nCount in `t`.", "exercise", "worksheet"), ANSWER], "1 the worksheet has nothing"),
    "one of a section": ([prose("## Deeper: a")], "1 this heading opens no Deeper part."),
}  # fmt: skip


@pytest.mark.parametrize("cells, told", SLIPS.values(), ids=SLIPS)
def test_a_slip_is_named(cells, told):
    [problem] = found(*cells)
    assert problem.startswith(told)


def test_what_is_asked_and_answered_rightly_is_no_slip():
    right = prose(f"It met in Gabala {CITED}.\n\n**Ask.** Why there, when S4 {CITED} says so? And who came?")
    assert (
        found(right, ANSWER, prose("### Deeper: a"), prose("b"), prose("### Deeper: c"), prose("## D\n\n### E")) == []
    )
    assert found(*core()) == []
    sheet, task, closing = (
        code("sheet()", "paper"),
        prose("## Exercise: x", "exercise"),
        prose("## What to take away\n\nWrite."),
    )
    sums = prose("**Model answer.** From `18.5` to 23 (`4.5`): `3 ÷ 1.65 = 1.8`.", "answer")
    assert found(prose("**Guess.** A?"), sheet, sums, task, ANSWER, task, sheet, ANSWER, closing, ANSWER) == []


def test_times_and_numbers_that_do_not_fit_are_named():
    cells = [prose(f"# T\n\n{said(960)}"), *(code('question("02-hosts")', html="<p>q</p>") for _ in range(6))]
    assert [problem.partition(".")[0] for problem in found(*cells, hour=True)] == [
        "0 11 minutes on the core path; 40 to 45 fit",
        "0 11 minutes on the short path; 25 to 30 fit",
        "0 6 questions on the core path; 3 to 5 fit",
        "0 961 words on the core path; at most 950 fit",
    ]
    fits = [*(code("chart()", html=FIGURE) for _ in range(13)), *cells[1:4], *(code("", "exercise") for _ in range(2))]
    late = code("", "exercise")
    late.metadata["tags"] += ["if-time"]
    assert found(*fits, prose("more"), late, hour=True) == [
        "0 38 minutes on the short path; 25 to 30 fit. Tag cells `if-time`, or fewer."
    ]
    for cell in fits[:4]:
        cell.metadata["tags"] = ["if-time"]
    assert found(*fits, late, hour=True) == []


def test_minutes_that_the_formula_does_not_give_are_named(tmp_path):
    done = notebook(core())
    [(_, problem)] = hour.slips(done)
    assert problem.startswith("the minutes in it are not what the formula gives. Run")
    file = lesson(tmp_path, prose("# Title\n\nA word."))
    edited = file.read_text("utf-8").replace(
        '"kernelspec"', '"turkic": {"lesson": "x", "hour": false, "minutes": 9},\n  "kernelspec"'
    )
    file.write_text(edited, "utf-8")
    assert [*check_lesson(file)] == [f"05-small.ipynb: {problem}"]
    file.write_text(edited.replace('"hour"', '"edition": "learner", "hour"'), "utf-8")
    assert [*check_lesson(file)] == []


# --- the editions --------------------------------------------------------------------------------------------------

FISH = ("sixth fish", "seventh fish", "ninth fish")  # only the model answers know them


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Lesson:
    folder = tmp_path_factory.mktemp("small")
    done = notebook(core())
    hour.timed(done)
    return Lesson("05-small", folder, done)


def test_on_the_students_page_a_deeper_part_is_folded_under_its_heading(small):
    soup = page(HandoutExporter().page([small]))
    first, second = soup.select("main > details.deeper")
    assert first.summary.h3.get_text() == "Deeper What else is there?" and not first.has_attr("open")
    assert first.summary.select_one(".label").get_text() == "Deeper"
    assert (
        "eighth fish" in first.get_text()
        and first.select_one("details.reveal figure")
        and "How deep?" in first.get_text()
    )
    assert second.summary.h3.get_text() == "Deeper Exercise: weigh it" and second.select_one("details.solution")
    assert "fish = ..." in second.get_text() and "Exercise: count" not in second.get_text()
    assert [fish for fish in FISH if fish in soup.get_text()] == [] and "Model answer" not in soup.get_text()
    listed = {link.get_text(): link["href"] for link in soup.select("nav a")}
    assert "Deeper: What else is there?" in listed and all(soup.find(id=place[1:]) for place in listed.values())


def test_what_the_short_path_leaves_out_is_marked_once(small):
    for exporter in (HandoutExporter(), TeacherExporter()):
        soup = page(exporter.page([small]))
        marks = soup.select("main .if-time")
        assert [mark.name for mark in marks] == ["p", "span"] and {m.get_text() for m in marks} == {"If there is time"}
        assert "Why?" in marks[0].find_next_sibling("p").get_text() and marks[1].parent.name == "h2"


def test_the_teacher_has_all_of_it_open_with_the_answers_and_both_paths(small):
    soup = page(TeacherExporter().page([small]))
    assert len(soup.select("section.deeper")) == 2 and not soup.select("details.deeper")
    answers = soup.select("aside.answer")
    assert [a.strong.get_text() for a in answers] == ["Model answer."] * 4
    assert (
        all(any(fish in a.get_text() for a in answers) for fish in FISH)
        and answers[0]["aria-label"] == "Model answer, cell 4"
    )
    rows = [[cell.get_text() for cell in row.select("td")] for row in soup.select(".plan tbody tr")]
    assert rows == [
        ["0:00", "Opening", "3", "3"], ["0:03", "First", "5", "4"],
        ["0:08", "Exercise: count", "5", "–"], ["0:13", "What to take away", "2", "2"],
    ]  # fmt: skip
    assert [cell.get_text() for cell in soup.select(".plan tfoot > tr > *")] == ["", "In all", "15", "9"]


def test_slides_leave_deeper_parts_out_and_their_notes_have_the_answers(small):
    soup = page(SlidesExporter().page([small]))
    slides, notes = soup.select("section.slide"), " ".join(note.get_text() for note in soup.select(".notes"))
    assert not any(deep in soup.select_one(".slides").get_text() for deep in ("eighth", "ninth", "How deep", "Weigh"))
    assert "sixth fish" in notes and "seventh fish" in notes and "For the teacher.Model" not in notes
    assert not any(fish in slide.select_one(".body").get_text() for slide in slides for fish in FISH)
    late = Lesson(
        "05-late",
        small.folder,
        notebook([prose("# T", "slide"), prose("## A", "slide", "if-time"), code("x", "slide", html=FIGURE)]),
    )
    first, *rest = page(SlidesExporter().page([late])).select("section.slide")
    assert "If there is time" not in first.get_text()
    assert all("If there is time" in slide.select_one(".notes").get_text() for slide in rest) and len(rest) == 2


def test_a_worksheet_has_of_a_deeper_part_what_is_tagged_for_it_and_the_answers_in_its_key(small):
    soup = page(WorksheetExporter().page([small]))
    key = page(KeyExporter().page([small])).get_text()
    assert "Which?" in soup.get_text() and "Weigh it" in soup.get_text()
    assert not any(late in soup.get_text() for late in ("How deep?", "Why?")), "not every class comes to them"
    assert not any(fish in soup.get_text() for fish in FISH)
    assert "sixth fish" in key and "Two pounds" in key and not any(fish in key for fish in ("seventh fish", "ninth"))
    assert "fish = 2" not in key, "no Python where there is a model answer"


def test_a_learner_gets_deeper_parts_closed_and_no_answer(small):
    copy = without_answers(small.notebook)
    assert not any(fish in cell.source for cell in copy.cells for fish in FISH)
    assert sum(cell.metadata.get(hour.COLLAPSED, False) for cell in copy.cells) == 2


def test_the_evidence_leads_into_the_core_or_to_the_heading_of_a_deeper_part(small):
    """Where JupyterLab can go, while the part is closed; and to no model answer."""
    cells = [
        prose("# T"),
        prose("A S4-01.", "answer"),
        prose("### Deeper: a"),
        prose("S4-01 S4-02"),
        prose("## B"),
        prose("S4-02 S4-03"),
    ]
    for name, cell in zip("tadbep", cells, strict=True):
        cell.id = name
    assert evidence.met(notebook(cells)) == {"S4-01": "d", "S4-02": "p", "S4-03": "p"}


def test_the_search_finds_deeper_parts_and_no_answer(small):
    sections = {heading: text for heading, _, text in card(small)["sections"]}
    assert "eighth fish" in sections["What else is there?"] and "Exercise: weigh it" in sections
    assert not any(fish in text for text in sections.values() for fish in FISH)
