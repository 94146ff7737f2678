"""The editions agree: each shows of a lesson what its reader needs, nothing is lost, and no answer stands where it must not."""

import re

import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell

from turkic_explainer import again
from turkic_explainer import question as asked_by_the_course
from turkic_explainer.checked import Checked
from turkic_explainer.files import lesson_files, read
from turkic_explainer.press import hour
from turkic_explainer.press.blocks import Lesson, output_html, questions
from turkic_explainer.press.copies import AND_MORE, GUESSED, without_answers
from turkic_explainer.press.notebooks import canonical, dumps
from turkic_explainer.press.pages import HandoutExporter, TeacherExporter
from turkic_explainer.press.slides import SlidesExporter
from turkic_explainer.press.worksheets import KeyExporter

from .conftest import JOURNEY, as_shown, code, lesson, matrix, page, prose, solved_in, without_cells

FILES = {file.stem: file for file in lesson_files()}
LESSONS = {name: Lesson(name, file.parent, read(file)) for name, file in FILES.items()}


@pytest.fixture(scope="module", params=FILES)
def name(request):
    return request.param


def tags(cell) -> set[str]:
    return set(cell.metadata.get("tags", []))


def phrases(source: str) -> list[str]:
    """Pieces of running text long enough to be told from any other."""
    return re.findall(r"[A-Za-z][A-Za-z ]{25,}[a-z]", re.sub(r"\[[^\]]*\]\([^)]*\)|`[^`]*`", "|", as_shown(source)))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_lesson_is_there_in_every_edition(course_pages):
    """The list of words has no worksheet and no slides."""
    names = [*FILES]
    lessons = [name for name in names if "lesson" in LESSONS[name].about]
    wanted = {
        "": [*names, "all", "index"],
        "teacher/": [*names, "all", "index"],
        "teacher/keys/": [*lessons, "all"],
        "worksheets/": [*lessons, "all"],
        "slides/": lessons,
        "teacher/slides/": lessons,
    }
    assert set(course_pages) == {f"{folder}{name}.html" for folder, made in wanted.items() for name in made}
    assert {file.stem for file in course_pages["index.html"].parent.glob("notebooks/*.ipynb")} == {*names}


# --- the teacher's edition -----------------------------------------------------------------------------------------


def test_the_teacher_has_everything(name):
    lesson = LESSONS[name]
    text = squeezed(page(TeacherExporter().page([lesson])).get_text())
    for cell in lesson.notebook.cells:
        if "paper" in tags(cell):
            continue
        if cell.cell_type == "markdown":
            assert [p for p in phrases(cell.source) if squeezed(p) not in text] == []
        elif "exercise" in tags(cell):
            assert squeezed(cell.source) in text
        for asked in questions(output_html(cell)) if cell.cell_type == "code" else []:
            for piece in (asked.text, *(part for answer, _, why in asked.answers for part in (answer, why))):
                assert squeezed(piece) in text, piece
    solved = solved_in(lesson.notebook)
    assert all(squeezed(lines) in text for lines in solved) and (solved or "lesson" not in lesson.about)


def test_the_teacher_sees_which_answer_is_right(name):
    soup = page(TeacherExporter().page([LESSONS[name]]))
    asked = [
        a for cell in LESSONS[name].notebook.cells if cell.cell_type == "code" for a in questions(output_html(cell))
    ]
    assert [s["id"] for s in soup.select(".answers")] == [a.key for a in asked]
    for question, section in zip(asked, soup.select(".answers"), strict=True):
        right = [item.strong.get_text() for item in section.select("li.right")]
        assert right and [answer for answer, ok, _ in question.answers if ok] == right
    assert not soup.select("details.solution, fieldset.tx-question")


def test_the_plan_of_the_hour_adds_up(name):
    lesson = LESSONS[name]
    soup = page(TeacherExporter().page([lesson]))
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in soup.select(".plan tbody tr")]
    taken = [part for part in hour.parts(lesson.notebook) if part.minutes] if "lesson" in lesson.about else []
    assert [int(row[2]) for row in rows] == [part.minutes for part in taken]
    assert [row[3] for row in rows] == [str(part.short_minutes or "–") for part in taken]
    assert [row[0] for row in rows] == [f"0:{sum(p.minutes for p in taken[:n]):02d}" for n in range(len(taken))]
    whole = [cell.get_text() for cell in soup.select(".plan tfoot td")][1:]
    assert whole == ([str(sum(p.minutes for p in taken)), str(sum(p.short_minutes for p in taken))] if taken else [])
    assert all(soup.find(id=link["href"][1:]) for link in soup.select(".plan a"))


def test_questions_are_read_from_what_the_cell_shows(name):
    """As the course asks them: the text, the answers, which is right and why."""
    for cell in LESSONS[name].notebook.cells:
        if cell.cell_type == "code":
            keys = re.findall(r'question\("([\w-]+)"\)', cell.source)
            begin = "q"
            if later := re.search(r'again\("(\d\d)"\)', cell.source):  # those of earlier lessons that come back
                begin = f"again-{later[1]}"
                keys = [found.key.removeprefix(f"{begin}-") for found in again(later[1]).parts]
                assert len(keys) == 2 and max(keys) < later[1]
            assert [f"{begin}-{key}" for key in keys] == [a.key for a in questions(output_html(cell))]
            for key, asked in zip(keys, questions(output_html(cell)), strict=True):
                source = asked_by_the_course(key)
                assert asked.text == source.title
                if isinstance(source, Checked):
                    assert list(asked.answers) == [(one.label, one.right, one.why) for one in source.reasons]
                    continue
                assert [answer for answer, _, _ in asked.answers] == [label for _, label in source.states]
                for (_, right, why), (state, _) in zip(asked.answers, source.states, strict=True):
                    shown = page(source.pane(state))
                    assert why in shown.get_text() and right == bool(shown.select(".tx-right"))


# --- the student's page and notebook -------------------------------------------------------------------------------


def test_nothing_for_the_teacher_or_for_paper_is_on_the_students_page(name):
    """The page is the same to the byte without these cells. Their words may stand on it all the same: a model answer
    says what a record, an option or a later part says as well."""
    whole, bare = LESSONS[name], without_cells(LESSONS[name], "teacher", "answer", "paper")
    html = HandoutExporter().page([whole])
    assert html == HandoutExporter().page([bare])
    assert len(bare.notebook.cells) < len(whole.notebook.cells) or "lesson" not in whole.about
    assert not {"For the teacher.", "Model answer."} & {bold.get_text() for bold in page(html).find_all("strong")}
    assert "tx-answer-key" not in html


def test_a_students_notebook_has_the_tasks_and_no_solution(name):
    whole, theirs = LESSONS[name].notebook, without_answers(LESSONS[name].notebook)
    kept_back = [cell for cell in whole.cells if tags(cell) & {"teacher", "answer", "solution", "paper"}]
    text = dumps(theirs)
    assert not [cell for cell in theirs.cells if tags(cell) & {"teacher", "answer", "solution", "paper"}]
    for cell in kept_back:
        assert cell.id not in {c.id for c in theirs.cells}
    for lines in solved_in(whole):  # the last one is what the task leaves open
        assert dumps_line(lines.splitlines()[-1]) not in text or len(lines.splitlines()[-1]) < 5
    assert [c.source.removeprefix(f"{GUESSED}\n\n").removeprefix(f"{AND_MORE}\n\n") for c in theirs.cells] == [
        c.source for c in whole.cells if c not in kept_back
    ]
    assert dumps(canonical(theirs)) == text


def dumps_line(line: str) -> str:
    return line.replace("\\", "\\\\").replace('"', '\\"')


@pytest.fixture(scope="module")
def kernel():
    """One kernel for all of them: most of the time that a lesson takes, it waits for a kernel and for pandas."""
    manager, client = start_new_kernel(kernel_name="python3", extra_arguments=["--IPKernelApp.log_level=ERROR"])
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("name", matrix(list(LESSONS), JOURNEY))
def test_a_students_notebook_runs_without_its_solutions(name, tmp_path, kernel):
    for beside in FILES[name].parent.glob("*-example.json"):
        (tmp_path / beside.name).write_bytes(beside.read_bytes())
    theirs, fresh = (without_answers(LESSONS[name].notebook) for _ in range(2))
    forget = new_code_cell(
        f"%reset -f\nimport os\nos.chdir({str(tmp_path)!r})\ndel os"
    )  # no name is left of another lesson
    fresh.cells.insert(0, forget)
    client = NotebookClient(fresh, km=kernel[0], timeout=120)
    client.kc = kernel[1]
    client.execute()
    del fresh.cells[0]
    for cell, run in zip(theirs.cells, fresh.cells, strict=True):
        if cell.cell_type == "code" and "reveal" in tags(cell):  # what answers a guess comes when its cell is run
            assert run.outputs and not cell.outputs
            run.outputs = []
    assert dumps(canonical(fresh)) == dumps(theirs)


def test_students_notebooks_have_beside_them_what_they_link_to_and_read(course_pages, name):
    folder = course_pages["index.html"].parent / "notebooks"
    notebook = read(folder / f"{name}.ipynb")
    prose = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for target in re.findall(r"\]\(([^)#:]+)[^)]*\)", prose):
        assert (folder / target).is_file(), target
    for given in re.findall(r'"([\w-]+-example\.json)"', " ".join(cell.source for cell in notebook.cells)):
        assert (folder / given).read_bytes() == (FILES[name].parent / given).read_bytes()
    for file in (FILES[name].parent / "evidence").iterdir():
        assert (folder / "evidence" / file.name).read_text("utf-8") == file.read_text("utf-8")


@pytest.mark.parametrize("name", matrix(list(LESSONS), JOURNEY))
def test_jupyter_makes_the_same_files(name):
    """Whatever way they are asked for: the build, nbconvert and JupyterLab's menu give the same bytes."""
    whole = LESSONS[name]
    for edition, made in (
        ("turkic_handout", HandoutExporter().page([whole])),
        ("turkic_teacher", TeacherExporter().page([whole])),
        ("turkic_notebook", dumps(without_answers(whole.notebook))),
    ):
        resources = {"metadata": {"name": name, "path": str(whole.folder)}}
        text, _ = get_exporter(edition)().from_notebook_node(whole.notebook, resources)
        assert text == made, edition


def test_what_is_taken_away_is_decided_by_the_tags(tmp_path):
    cells = [
        prose("# T"),
        prose("for her", "teacher"),
        code("x = ...", "exercise"),
        code("x = 1", "solution"),
        code("sheet()", "paper"),
        code("guessed('05-x')", "notebook"),
        code("answer()", "reveal", "slide", shows="42"),
        prose("It is 42.", "reveal"),
        prose("Not 41.", "reveal"),
    ]
    theirs = without_answers(read(lesson(tmp_path, *cells)))
    assert [c.source for c in theirs.cells] == [
        "# T",
        "x = ...",
        "guessed('05-x')",
        "answer()",
        f"{GUESSED}\n\nIt is 42.",
        f"{AND_MORE}\n\nNot 41.",  # the same is not said twice in a row
    ]
    assert theirs.cells[3].outputs == [] and "answer()" in dumps(theirs)
    assert [c.id for c in theirs.cells if c.metadata.get("jupyter", {}).get("source_hidden")] == [
        c.id for c in theirs.cells[4:]
    ]


def test_what_answers_a_guess_stands_behind_one_fold_on_the_page_and_open_for_the_teacher(tmp_path):
    """Needs no script; text and outputs that follow each other are folded together, and cells for the notebook are nowhere."""
    cells = [
        prose("# T"),
        prose("**Guess.** How much?"),
        code("guess('05-x')", html="<p>a line to write on</p>"),
        code("guessed('05-x')", "notebook", html="<p>kept before</p>"),
        code("answer()", "reveal", html="<p>It is 42</p>"),
        prose("So 42 it is.", "reveal"),
        prose("## Next"),
        code("more()", "reveal", html="<p>It is 43</p>"),
    ]
    whole = Lesson("05-small", tmp_path, read(lesson(tmp_path, *cells)))
    students = page(HandoutExporter().page([whole]))
    folds = students.select("details.reveal")
    assert [fold.summary.get_text() for fold in folds] == ["Show what the records say"] * 2
    assert [" ".join(fold.get_text(" ").split()[5:]) for fold in folds] == ["It is 42 So 42 it is.", "It is 43"]
    assert (
        not students.select("details.reveal h2, details.reveal[open]") and "a line to write on" in students.get_text()
    )
    teachers = page(TeacherExporter().page([whole]))
    assert "It is 42" in teachers.get_text() and not teachers.select("details.reveal")
    assert "kept before" not in str(students) + str(teachers)


def test_a_note_to_the_teacher_is_read_at_a_glance_in_every_edition(tmp_path):
    """The teacher's page, the notes of the slides and the key have one line for each thing said, with its name in bold."""
    answer = (
        '**Model answer.** It rose [B-001](evidence/background.md#B-001). Good: "By two: one, and one."\n'
        'Weak: "It fell." Say: look again. Short of time? Leave the map out.\nThen go on,\nin two.'
    )
    made = lesson(tmp_path, prose("# T"), prose("**Ask.** What?"), prose(answer, "answer"))
    found = Lesson(made.stem, made.parent, read(made))
    for exporter, where in (
        (TeacherExporter, "aside.answer"),
        (SlidesExporter, ".answer"),
        (KeyExporter, ".entry:not(.number)"),
    ):
        lines = [
            p.get_text(" ", strip=True)
            for p in page(exporter().page([found])).select_one(where).select("p:not([class])")
        ]
        bold = [p.strong.get_text() for p in page(exporter().page([found])).select(f"{where} p:has(strong)")]
        assert bold[-4:] == ["Good:", "Weak:", "Say:", "Short of time?"], exporter
        assert lines[-1].split() == ["Then", "go", "on,", "in", "two."] and "two: one" in lines[-5], (exporter, lines)
