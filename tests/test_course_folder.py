"""A course folder over the years: a learner's and a teacher's, what they write, and the corrections that come to them."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from turkic_explainer import content, lessons
from turkic_explainer.files import lesson_files, put
from turkic_explainer.press import evidence, workspace
from turkic_explainer.press.cli import main
from turkic_explainer.press.copies import without_answers
from turkic_explainer.press.merge import merged, prints
from turkic_explainer.press.notebooks import canonical, dumps
from turkic_explainer.validate import COURSE, DataError, course_folder

from .browser import noted, started_lab
from .conftest import ROOT, code, edit, forget, lesson, lesson_with, matrix, prose, stored

pytestmark = pytest.mark.usefixtures("own_jupyter")

NEWER = "**The course has a newer form of the cell above.**"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A small course that may be changed like the real one, from which folders are prepared."""
    home = tmp_path / "course"
    (home / "seeds").mkdir(parents=True)
    monkeypatch.setattr(workspace, "package_path", lambda name: home / name)
    return home


# --- cell by cell --------------------------------------------------------------------------------------------------


def texts(*cells: str) -> list[dict]:
    """Cells by letters: each is called by its first letter and holds all of them."""
    return [{"id": c[0], "cell_type": "markdown", "metadata": {}, "source": [c]} for c in cells]


@pytest.mark.parametrize(
    "given, mine, ours, made, both",
    [
        ("a b c", "a b c", "a bb c", "a bb c", 0),
        ("a b c", "a bx c", "a b cc", "a bx cc", 0),
        ("a b c", "a bx c", "a bb c", "a bx b-newer c", 1),
        ("a b c", "a bb c", "a bb c", "a bb c", 0),
        ("a b c", "a c", "a bb cc", "a cc", 0),
        ("a b c", "a bx c", "a c", "a bx c", 0),
        ("a b c", "a b c", "a c", "a c", 0),
        ("a b c", "a x b c", "a n b c", "a x n b c", 0),
        ("a b c", "x a b c y", "n a b c m", "x n a b c y m", 0),
        ("a b c", "a c b", "a n bb c", "a n c bb", 0),
        ("a b c", "a b c", "c a b", "c a b", 0),
    ],
)
def test_what_each_side_changed_is_there(given, mine, ours, made, both):
    found, told = merged(prints(texts(*given.split())), texts(*mine.split()), texts(*ours.split()))
    assert told == both
    assert [c["id"] if c["id"].endswith("-newer") else "".join(c["source"]) for c in found] == made.split()


def test_the_same_cell_changed_thrice_by_the_course_stands_beside_hers_once():
    mine = texts("ax")
    for before, now in (("a", "ab"), ("ab", "abc"), ("abc", "abcd")):
        mine, both = merged(prints(texts(before)), mine, texts(now))
        assert both == 1
    hers, newer = mine
    assert hers["source"] == ["ax"] and "".join(newer["source"]).endswith("\n\nabcd")


def test_a_cell_whose_id_a_tool_dropped_is_known_by_its_text():
    mine = [{k: v for k, v in cell.items() if k != "id"} for cell in texts("a", "mine", "c")]
    found, _ = merged(prints(texts("a", "b", "c")), mine, texts("a", "b", "cc"))
    assert ["".join(c["source"]) for c in found] == ["a", "mine", "cc"]
    assert len({c["id"] for c in found}) == 3


# --- fifty histories -----------------------------------------------------------------------------------------------


class History:
    """A course over three releases and a learner who works in between, with what must be true of her copy."""

    def __init__(self, seed: int):
        self.dice, self.number = random.Random(seed), count(1)
        self.ours = [self.cell(f"c{n}") for n in range(self.dice.randint(4, 12))]
        self.hers: dict[str, str] = {}  # what she wrote, by the cell's id
        self.seen: dict[
            str, str
        ] = {}  # what the course said in a cell when she changed it last, or was last told of it
        self.gone: set[str] = set()  # what she took away

    def cell(self, name: str):
        make = self.dice.choice([new_code_cell, new_markdown_cell])
        cell = make(f"text {next(self.number)}\n\nof a cell", id=name)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [new_output("stream", text=str(next(self.number)))], 1
        return cell

    def release(self, file) -> None:
        """The course changes, adds and takes away cells."""
        for cell in self.ours:
            if self.dice.random() < 0.25 or cell is self.ours[-1]:  # there is always something new
                cell.source = f"corrected {next(self.number)}"
        if self.dice.random() < 0.5 and len(self.ours) > 2:
            self.ours.pop(self.dice.randrange(1, len(self.ours)))
        for _ in range(self.dice.randint(0, 2)):
            self.ours.insert(self.dice.randint(0, len(self.ours)), self.cell(f"n{next(self.number)}"))
        file.parent.mkdir(exist_ok=True)
        whole = nbformat.v4.new_notebook(cells=self.ours, metadata={"turkic": {"lesson": "05"}})
        file.write_text(dumps(canonical_ids(whole)), "utf-8")

    def work(self, file) -> None:
        """She opens, runs and saves the lesson; sometimes she changes, adds, takes away or moves cells."""
        notebook, said = stored(file), {c.id: c.source for c in self.ours}
        for cell in notebook.cells:
            cell.metadata["collapsed"] = True
            if cell.cell_type == "code":
                cell.execution_count, cell.outputs = next(self.number), []
        notebook.metadata["language_info"] = {"name": "python", "version": "3.11"}
        for _ in range(self.dice.choice([0, 0, 1, 2, 4])):
            at = self.dice.randrange(len(notebook.cells))
            cell = notebook.cells[at]
            if (what := self.dice.choice(["change", "change", "add", "take away"])) == "change":
                cell.source = self.hers[cell.id] = f"mine {next(self.number)}"
                self.seen[cell.id] = said.get(cell.id, "")
            elif what == "add":
                own = new_markdown_cell(f"my own {next(self.number)}", id=f"own{next(self.number)}")
                self.hers[own.id] = own.source
                notebook.cells.insert(at + 1, own)
            elif len(notebook.cells) > 2:
                del notebook.cells[at]
                self.gone.add(cell.id)
                self.hers.pop(cell.id, None)
        file.write_text(dumps(notebook), "utf-8")

    def holds(self, file) -> None:
        """Nothing of hers is lost, every correction is there, and nothing that either took away is."""
        notebook = stored(file)
        nbformat.validate(notebook)
        cells = {cell.id: cell for cell in notebook.cells}
        now = {c.id: c for c in self.ours}
        assert {name: cells[name].source for name in self.hers} == self.hers
        assert not self.gone & set(cells)
        for name, cell in now.items():
            if name not in self.hers and name not in self.gone:
                assert cells[name].source == cell.source and cells[name].get("outputs") == cell.get("outputs")
            elif (
                name in self.hers and cell.source != self.seen[name] and f"{name}-newer" not in self.gone | {*self.hers}
            ):
                assert cells[f"{name}-newer"].source.startswith(NEWER) and cell.source in cells[f"{name}-newer"].source
        known = {*now, *self.hers, *(f"{name}-newer" for name in self.hers)}
        assert set(cells) <= known | {name for name in cells if name.endswith("-newer")}
        ours = [name for name in cells if name in now]
        assert ours == [name for name in now if name in cells], "the course's order"


def canonical_ids(notebook):
    """In the course's form, its cells as they are."""
    return nbformat.from_dict(json.loads(json.dumps(notebook)))


@pytest.mark.parametrize("seed", matrix(list(range(50)), 0, 1, 2))
def test_corrections_come_and_nothing_of_hers_is_lost(course, tmp_path, seed):
    history, folder = History(seed), tmp_path / "mine"
    given, mine = course / "notebooks" / "05-small.ipynb", folder / "notebooks" / "05-small.ipynb"
    history.release(given)
    workspace.prepare(folder)
    for _ in range(3):
        history.work(mine)
        history.release(given)
        workspace.prepare(folder)
        history.holds(mine)
        before = mine.read_bytes()
        assert workspace.prepare(folder)[1:] == [] and mine.read_bytes() == before


# --- what a start does ---------------------------------------------------------------------------------------------


def test_a_lesson_that_was_only_run_and_saved_gets_the_correction_and_stays_trusted(course, tmp_path):
    folder = tmp_path / "mine"
    lesson(course / "notebooks", prose("# Title"), code("6 * 7", shows="42"))
    workspace.prepare(folder)
    mine = folder / "notebooks" / "05-small.ipynb"
    notebook = stored(mine)
    notebook.cells[1].execution_count, notebook.cells[1].metadata["trusted"] = 7, True
    mine.write_text(dumps(notebook))
    newer = lesson(course / "notebooks", prose("# Better"), code("6 * 7", shows="42"))
    assert workspace.prepare(folder)[1:] == ["  brought up to date: notebooks/05-small.ipynb"]
    assert mine.read_bytes() == newer.read_bytes() and nbformat.sign.NotebookNotary().check_signature(stored(mine))


def test_a_folder_is_prepared_without_a_server_and_bears_the_version_of_the_course(course, tmp_path, capsys):
    """The same in any folder of one course, another one after a correction, whatever its owner wrote in between."""
    lesson(course / "notebooks", prose("# Title"), code("6 * 7", shows="42"))

    def prepared(name: str) -> str:
        assert main(["prepare", str(tmp_path / name)]) == 0
        first, *_, last = capsys.readouterr().out.splitlines()
        assert first == f"The course is in {tmp_path / name}" and re.fullmatch(r"Version of the course: \w{12}", last)
        assert json.loads((tmp_path / name / COURSE).read_text())["version"] == last.split()[-1]
        return last

    given = prepared("ayşe")
    mine = tmp_path / "ayşe" / "notebooks" / "05-small.ipynb"
    mine.write_text(mine.read_text("utf-8").replace("6 * 7", "7 * 7"), "utf-8")
    assert prepared("ayşe") == prepared("baku") == given and "7 * 7" in mine.read_text("utf-8")
    lesson(course / "notebooks", prose("# Better"), code("6 * 7", shows="42"))
    assert prepared("ayşe") == prepared("baku") != given and "7 * 7" in mine.read_text("utf-8")


def test_where_nothing_changed_a_folder_is_prepared_with_nothing_heavy_loaded(tmp_path):
    """By whoever starts it for each of thirty learners: 0.13 seconds of a processor on 28 November 2026."""
    script = (
        f"import sys; from turkic_explainer.press.cli import main; main(['prepare', {str(tmp_path / 'mine')!r}]); "
        "print(*{'pandas', 'numpy', 'folium', 'nbformat', 'nbconvert', 'jinja2', 'bs4', 'jupyterlab'} & set(sys.modules))"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0].startswith("The course is in ") and done.stdout.splitlines()[-1] == ""
    assert len(done.stdout.splitlines()) == 3


@pytest.mark.parametrize("signed", [True, False])
def test_what_was_trusted_stays_so_and_nothing_else_becomes_it(course, tmp_path, signed):
    """A copy with her own outputs is trusted after an update if her own JupyterLab trusted it before."""
    notary, mine = nbformat.sign.NotebookNotary, tmp_path / "mine" / "notebooks" / "05-small.ipynb"
    lesson(course / "notebooks", prose("# Title"), code("1"))
    workspace.prepare(tmp_path / "mine")
    lesson(mine.parent, prose("# Title"), code("2", html="<b>2</b>"))
    if signed:
        notary().sign(stored(mine))
    lesson(course / "notebooks", prose("# Better"), code("1"))
    workspace.prepare(tmp_path / "mine")
    assert [c.source for c in stored(mine).cells] == ["# Better", "2"]
    assert notary().check_signature(stored(mine)) == signed


def test_a_folder_from_before_there_were_editions_is_brought_over(tmp_path):
    """It had the whole lessons: those that nobody changed become a learner's, the others stay and are told."""
    folder, files = tmp_path / "mine", lesson_files()
    sources = [*files, *(ROOT / "seeds").glob("*.toml")]
    memory = {}
    for source in sources:
        target = folder / source.parent.name / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
        memory[f"{source.parent.name}/{source.name}"] = workspace.hashlib.sha256(source.read_bytes()).hexdigest()
    (folder / COURSE).write_text(json.dumps(memory))
    saved, changed = (folder / "notebooks" / files[n].name for n in (1, 2))
    for file, text in ((saved, ""), (changed, "\n\nMine.")):
        notebook = stored(file)
        notebook.metadata["language_info"] = {"name": "python", "version": "3.11"}
        notebook.cells[0].source += text
        file.write_text(dumps(notebook))
    before = changed.read_bytes()
    told = workspace.prepare(folder)
    assert any(line.startswith(f"  left as you changed it: notebooks/{changed.name} (") for line in told)
    assert told[-1].endswith("a folder with them is made by `lab --teacher`")
    assert changed.read_bytes() == before
    for file in files:
        mine = folder / "notebooks" / file.name
        assert mine == changed or stored(mine) == canonical(without_answers(stored(file)))


@pytest.mark.parametrize("odd, why", [("folder", "Is a directory"), ("link", "No such file or directory")])
def test_one_file_that_cannot_be_read_is_left_and_keeps_no_other_from_its_correction(course, tmp_path, odd, why):
    for name in ("05-small.ipynb", "06-small.ipynb"):
        lesson(course / "notebooks", prose("# Title"), name=name)
    notebooks = tmp_path / "mine" / "notebooks"
    workspace.prepare(tmp_path / "mine")
    first, second = notebooks / "05-small.ipynb", notebooks / "06-small.ipynb"
    first.unlink()
    {"folder": first.mkdir, "link": lambda: first.symlink_to("gone")}[odd]()
    for name in ("05-small.ipynb", "06-small.ipynb"):
        lesson(course / "notebooks", prose("# Better"), name=name)
    told = f"  left, for it cannot be read: notebooks/05-small.ipynb ({why})"
    first_line, second_line = workspace.prepare(tmp_path / "mine")[1:]
    assert first_line == "  brought up to date: notebooks/06-small.ipynb"
    assert second_line == f"{told} (to get the course's version, rename yours and start again)"
    assert stored(second).cells[0].source == "# Better" and os.path.lexists(first) and not first.is_file()


@pytest.mark.parametrize("older", ["no ids", "another format"])
def test_a_lesson_that_another_tool_wrote_stays_where_what_was_given_is_forgotten(course, tmp_path, older):
    lesson(course / "notebooks", prose("# Title"))
    workspace.prepare(tmp_path / "mine")
    file = tmp_path / "mine" / "notebooks" / "05-small.ipynb"
    notebook = json.loads(file.read_text("utf-8"))
    del notebook["cells"][0]["id"]
    notebook["nbformat_minor"] = 4
    if older == "another format":
        cell = {"cell_type": "markdown", "metadata": {}, "source": "# Title"}
        notebook = {"metadata": {}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [cell]}]}
    file.write_text(json.dumps(notebook), "utf-8")
    (tmp_path / "mine" / COURSE).unlink()
    before = file.read_bytes()
    [told] = workspace.prepare(tmp_path / "mine")[1:]
    assert told.startswith("  left as you changed it: notebooks/05-small.ipynb") and file.read_bytes() == before


def test_what_cannot_be_written_leaves_no_half_file(tmp_path):
    (tmp_path / "my-progress.json").mkdir()  # as on a full disk, the file cannot come into its place
    with pytest.raises(OSError):
        put(tmp_path / "my-progress.json", b"{}")
    assert [file.name for file in tmp_path.iterdir()] == ["my-progress.json"]


def test_each_edition_has_a_folder_of_its_own(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    started = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", lambda words: started.append(words))
    assert main(["lab"]) == main(["lab", "--teacher"]) == 0
    tags = {
        name: {tag for f in lesson_files(tmp_path / name / "notebooks") for c in stored(f).cells for tag in c.metadata.get("tags", [])}
        for name in ("turkic-course", "turkic-course-teacher")
    }  # fmt: skip
    assert not {"teacher", "answer", "solution", "paper"} & tags["turkic-course"]
    assert tags["turkic-course-teacher"] >= {"teacher", "paper"}
    assert not (tmp_path / "turkic-course" / "lessons").exists()
    monkeypatch.chdir(tmp_path / "turkic-course" / "notebooks")  # a start in a course folder opens that
    assert main(["lab"]) == 0 and f"--ServerApp.root_dir={tmp_path / 'turkic-course'}" in started[-1]
    capsys.readouterr()
    assert main(["lab", "--teacher", "--workspace", str(tmp_path / "turkic-course")]) == 1
    assert "this is a learner's course folder" in capsys.readouterr().err


def test_no_course_is_put_into_a_part_of_another(tmp_path, monkeypatch, capsys):
    """As somebody does who says `prepare .` among her lessons: they would find her answers no more."""
    mine = tmp_path / "mine"
    assert main(["prepare", str(mine)]) == 0
    monkeypatch.chdir(mine / "notebooks")
    assert main(["prepare", "."]) == 1
    assert "notebooks: this is a part of a course folder. Name the one above." in capsys.readouterr().err
    assert course_folder() == mine and main(["prepare", str(mine / "another")]) == 0


# --- a teacher's own folder ----------------------------------------------------------------------------------------

ASKED = "Which towns hosted "  # how a question of lesson 02 begins


@pytest.fixture
def hers(tmp_path, monkeypatch):
    """A teacher's course folder, with one small lesson, in which we are at work."""
    folder = tmp_path / "turkic-course-teacher"
    workspace.prepare(folder, "teacher")
    for file in lesson_files(folder / "notebooks"):
        file.unlink()
    cells = prose("# T"), code("from turkic_explainer import question"), code('question("02-hosts")', "slide")
    file = lesson(folder / "notebooks", *cells, name="02-small.ipynb")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"metadata": {"turkic": {"lesson": "02", "minutes": 0}}}))
    monkeypatch.chdir(folder)
    forget()
    yield folder
    monkeypatch.undo()
    forget()


@pytest.mark.parametrize("where", matrix([".", "notebooks"], "."))
def test_a_question_that_a_teacher_changed_is_asked_and_printed(hers, monkeypatch, capsys, where):
    monkeypatch.chdir(hers / where)
    assert lessons.question("02-hosts").title.startswith(ASKED)
    edit(hers / "lessons" / "lesson02" / "questions.md", ASKED, "Name the towns that hosted ")
    assert lessons.question("02-hosts").title.startswith("Name the towns that hosted ")
    assert main(["handouts", "--edition", "student"]) == 0
    told = capsys.readouterr().out
    assert f"Reading your course folder {hers}: its lessons, questions and evidence." in told
    assert "[1/1] 02-small: outputs stored" in told
    assert "Name the towns that hosted" in (hers / "handouts" / "students" / "02-small.html").read_text("utf-8")
    assert main(["handouts", "--edition", "student"]) == 0
    assert "outputs stored" not in capsys.readouterr().out


def test_a_slip_of_hers_is_told_with_file_line_and_mend(hers, capsys):
    edit(hers / "lessons" / "lesson02" / "questions.md", ASKED, ASKED + "{{ nothing }} ")
    assert main(["check", "--quick"]) == 1
    told = capsys.readouterr()
    assert str(hers) in told.out
    assert "questions.md, lesson02, line 4, hosts" in told.err and "nothing" in told.err
    edit(hers / "seeds" / "S4.toml", 'id = "S4-02"', 'id = "S4-99"')
    assert main(["check", "--quick"]) == 1
    assert "S4.toml, S4-99, id: found 'S4-99'. Ids run without gaps: this should be S4-02." in capsys.readouterr().err


def test_a_learners_folder_gives_its_lessons_and_the_courses_evidence(tmp_path, monkeypatch, capsys):
    """What lies there may be older than the package, and nobody means to change it."""
    workspace.prepare(tmp_path / "mine")
    (tmp_path / "mine" / "seeds" / "S4.toml").write_text("old")
    for file in lesson_files(tmp_path / "mine" / "notebooks"):
        file.unlink()
    lesson(tmp_path / "mine" / "notebooks", prose("# T\n\nThe 12th summit met in 2025 [S4-02](../seeds/S4.toml)."))
    monkeypatch.chdir(tmp_path / "mine" / "notebooks")
    forget()
    evidence.written(Path.cwd())  # with the ways back to these lessons
    assert main(["check", "--quick"]) == 0
    assert (
        f"Reading your course folder {tmp_path / 'mine'}: its lessons, which have no solutions"
        in capsys.readouterr().out
    )


def test_a_text_from_a_folder_reaches_nothing_but_what_it_is_given(hers):
    """A course folder may come from somebody else: its templates are text, and no way into Python."""
    shown = hers / "lessons" / "shared" / "shown.toml"
    shown.write_text('[x]\ny = "{{ texts.__func__.__globals__ }}"\n', "utf-8")
    with pytest.raises(DataError, match="unsafe"):
        content.Content("shared").text("x.y")
    assert os.getcwd() == str(hers)


# --- in a real JupyterLab ------------------------------------------------------------------------------------------


def at_cell(page, address: str, name: str, text: str):
    """Opens a lesson, waits for its kernel, scrolls until the code cell with this text is there, and gives the cell."""
    page.goto(address.replace("00-start-here", name))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.locator(".jp-StatusBar-Widget").get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle")).wait_for(
        timeout=60_000
    )
    cell = page.locator(".jp-CodeCell", has_text=text).first
    for _ in range(60):
        if cell.count() and cell.is_visible():
            break
        page.locator(".jp-WindowedPanel-outer:visible").evaluate("e => e.scrollBy(0, 300)")
        page.wait_for_timeout(150)
    cell.scroll_into_view_if_needed()
    return cell


@pytest.mark.long
def test_a_learner_writes_in_jupyterlab_and_a_correction_comes_the_next_day(chromium, tmp_path, monkeypatch):
    """One cell run alone says what to do; what she wrote and saved stays, trusted, when the course changes another cell."""
    asked, name = 'question("02-hosts")', lesson_with('question("02-hosts")')
    with started_lab(tmp_path, teacher=False) as (address, folder):
        page = noted(chromium.new_page(viewport={"width": 1366, "height": 768}))
        cell = at_cell(page, address, name, asked)
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        cell.get_by_text("`question` is not known yet: run the first code cell of the lesson first").wait_for(
            timeout=20_000
        )
        cell.locator(".cm-content").click()  # a cell that ran is no longer written in
        page.keyboard.press("Control+a")
        page.keyboard.type('mine = "kept"')
        page.keyboard.press("Control+Enter")
        mine = folder / "notebooks" / f"{name}.ipynb"
        page.keyboard.press("Control+s")
        for _ in range(100):
            page.wait_for_timeout(200)
            if "kept" in mine.read_text("utf-8"):
                break
        page.wait_for_timeout(2000)  # until the whole file is written, and signed
        page.close()
    for part in ("notebooks", "seeds"):
        shutil.copytree(ROOT / part, tmp_path / "newer" / part)
    newer = tmp_path / "newer" / "notebooks" / f"{name}.ipynb"
    corrected = stored(newer)
    corrected.cells[0].source = "# A better title"
    newer.write_text(dumps(corrected), "utf-8")
    monkeypatch.setattr(workspace, "package_path", lambda part: tmp_path / "newer" / part)
    assert workspace.prepare(folder)[1:] == [f"  brought up to date around what you wrote: notebooks/{name}.ipynb"]
    found = stored(mine)
    assert found.cells[0].source == "# A better title" and 'mine = "kept"' in [c.source for c in found.cells]
    assert nbformat.sign.NotebookNotary().check_signature(found)
