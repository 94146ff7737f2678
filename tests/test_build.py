"""The build: only what changed is made, nobody's own files are lost, and a kill leaves every file whole."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from turkic_explainer.press import blocks, intake, pages, slides, worksheets
from turkic_explainer.press import build as building
from turkic_explainer.press import folder as folders
from turkic_explainer.press.build import EDITIONS, build
from turkic_explainer.validate import DataError

from .conftest import code, lesson, prose, stored
from .test_handout import files

NAMES = ("04-one", "05-two", "06-three")
UNKNOWN = "# T\n\n[S4-99](evidence/S4.md#S4-99)"


def small(folder, text="first", names=NAMES):
    """A folder of small lessons that say this, each with something for the notebook and something held back."""
    return [
        lesson(folder, prose(f"# {name}\n\nIt says {text}."), prose("for her", "teacher"), code("6 * 7", shows="42"),
               code("answer = 42", "solution", shows="42"), name=f"{name}.ipynb")
        for name in names
    ]  # fmt: skip


def told(lessons, out, *editions, **options) -> list[str]:
    """What a build says, line by line; what it fails at is told last."""
    said = []
    try:
        build(lessons, out, editions or ("student",), say=said.append, **options)
    except DataError as error:
        said += error.problems
    return said


def made(said) -> list[str]:
    """Which files a build says that it has made."""
    found = [m[1] for line in said if (m := re.match(r"\[\d+/\d+\] (\S+): \d+ kB$", line))]
    return [path.removeprefix("students/") for path in found if not path.endswith(".zip")]


COMMON = building.common_inputs


@pytest.fixture(autouse=True)
def steady(monkeypatch):
    """Nobody works on the package while a test runs."""
    monkeypatch.setattr(building, "common_inputs", lambda: "as it is")


@pytest.fixture
def lessons(tmp_path):
    return small(tmp_path / "notebooks")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


# --- what is made --------------------------------------------------------------------------------------------------


def test_every_edition_goes_to_its_folder(lessons, out):
    told(lessons, out, "student", "teacher", "notebook")
    pages = [f"{name}.html" for name in (*NAMES, "all")]
    notebooks = [f"notebooks/{name}.ipynb" for name in NAMES]
    pages.append("index.html")
    assert list(files(out)) == sorted([*pages, *(f"teacher/{p}" for p in pages), *notebooks])
    assert (
        "for her" in files(out)["teacher/04-one.html"].decode() and "for her" not in files(out)["04-one.html"].decode()
    )
    assert "answer = 42" not in files(out)["notebooks/04-one.ipynb"].decode()


def test_what_the_files_of_a_lesson_have_in_common_is_made_once(tmp_path, out, monkeypatch):
    """A text is parsed, and an output looked at for its questions and for paper, once for all editions and the index."""
    made = Counter()

    def count_calls(name, *modules):
        make = getattr(modules[0], name)

        def counted(*of):
            made[name, str(of)] += 1
            return make(*of)

        for module in modules:
            monkeypatch.setattr(module, name, counted)

    count_calls("read_markdown", blocks)
    count_calls("shown_on_paper", worksheets)
    count_calls("questions", pages, slides, worksheets)
    count_calls("answer_box", pages)
    cells = [prose("# T"), prose("**Ask.** Why?", "slide"), prose("So.", "answer"), code("1", html="<p>x</p>"),
             code("2", "worksheet", "slide", html="<p>y</p>"), code("a = ...", "exercise", shows="3")]  # fmt: skip
    lesson(tmp_path / "notebooks", *cells, name="04-one.ipynb")
    told([tmp_path / "notebooks" / "04-one.ipynb"], out, *(edition.name for edition in EDITIONS))
    assert {name for name, _ in made} == {"read_markdown", "shown_on_paper", "questions", "answer_box"}
    assert set(made.values()) == {1}, made


def test_the_files_of_the_lessons_are_given_back(lessons, out):
    assert build(lessons, out, say=str) == [out / "students" / f"{name}.html" for name in NAMES]
    assert build(lessons, out, say=str) == [out / "students" / f"{name}.html" for name in NAMES]


def test_a_lesson_made_alone_leads_to_no_lesson_that_is_not_there(lessons, out):
    leads = "# T\n\n**Before:** [A title](04-one.ipynb). **Next:** [Another](06-three.ipynb#part-x)."
    lesson(lessons[0].parent, prose(leads), code("1"), name="05-two.ipynb")
    editions = ("student", "teacher", "notebook")
    paths = ["05-two.html", "notebooks/05-two.ipynb", "teacher/05-two.html"]

    def led() -> list[set[str]]:
        assert all("A title" in (text := files(out)[path].decode()) and "Another" in text for path in paths)
        found = [re.findall(r'(?:href="|\]\()(0[46]-\w+)\.', files(out)[path].decode()) for path in paths]
        return [set(names) for names in found]

    told(lessons, out, *editions, only=["05-two"])
    assert led() == [set()] * 3
    told(lessons, out, "student", only=["04-one", "05-two"])
    assert led() == [{"04-one"}, set(), set()]
    told(lessons, out, *editions)
    assert led() == [{"04-one", "06-three"}] * 3


def test_some_lessons_alone_leave_the_others_as_they_are(lessons, out):
    told(lessons, out)
    before = files(out)
    small(lessons[0].parent, "second")
    assert made(told(lessons, out, only=["05-two"])) == ["05-two.html", "index.html"]
    changed = {path for path, content in files(out).items() if content != before[path]}
    assert changed <= {"05-two.html", "index.html"} and "05-two.html" in changed
    assert made(told(lessons, out)) == ["04-one.html", "06-three.html", "all.html", "index.html"]


@pytest.mark.parametrize("edition", [e for e in EDITIONS if e.tags], ids=lambda e: e.name)
def test_an_edition_that_needs_certain_cells_is_made_of_lessons_that_have_them(tmp_path, out, edition):
    lessons = [
        lesson(tmp_path, prose("# T", tag), name=f"{n:02d}-{tag}.ipynb")
        for n, tag in enumerate(("teacher", *sorted(edition.tags - {"task"})))
    ]
    if "task" in edition.tags:  # which is no tag of an author's: a cell that asks something has it
        lessons.append(lesson(tmp_path, prose("# T"), prose("**Ask.** Who?"), name="08-asks.ipynb"))
    told(lessons, out, edition.name)
    made = sorted(file.stem for file in (out / edition.folder).glob(f"0*{edition.ending}"))
    assert made == [file.stem for file in lessons[1:]]


def test_worksheets_and_slides_are_made_of_certain_cells():
    assert {e.name for e in EDITIONS if e.tags} == {
        "worksheet",
        "worksheet-docx",
        "worksheet-odt",
        "key",
        "slides",
        "student-slides",
    }


# --- only what changed ---------------------------------------------------------------------------------------------


def test_nothing_is_made_again_while_nothing_has_changed(lessons, out):
    told(lessons, out, "student", "teacher", "notebook")
    before = {f: f.stat().st_mtime_ns for f in out.rglob("*") if f.is_file() and f.name != "process"}
    assert told(lessons, out, "student", "teacher", "notebook") == ["11 files are as before, up to date"]
    assert {f: f.stat().st_mtime_ns for f in before} == before


def test_then_nothing_heavy_is_loaded(lessons, out, monkeypatch):
    monkeypatch.setattr(building, "common_inputs", COMMON)
    told(lessons, out, "student", "notebook")
    script = (
        "import sys; from turkic_explainer.press.cli import main; "
        f"main(['handouts', '--edition', 'student', '--edition', 'notebook', '--notebooks', {str(lessons[0].parent)!r}, '--out', {str(out)!r}]); "
        "print(*{'pandas', 'folium', 'nbconvert', 'nbformat', 'bs4', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "7 files are as before, up to date"
    assert done.stdout.splitlines()[-1] == ""


def test_what_changed_is_made_again(lessons, out, monkeypatch):
    told(lessons, out, "student", "teacher")
    small(lessons[0].parent, "second", NAMES[:1])
    one = ["04-one.html", "all.html", "teacher/04-one.html", "teacher/all.html", "index.html", "teacher/index.html"]
    assert made(told(lessons, out, "student", "teacher")) == one
    assert "second" in files(out)["04-one.html"].decode()
    assert made(told(lessons, out, "student", "teacher", code=True)) == [
        *(f"{n}.html" for n in NAMES),
        "all.html",
        "index.html",
        "teacher/index.html",
    ]
    told(lessons, out, "student", "teacher")
    monkeypatch.setattr(building, "common_inputs", lambda: "another version of a library, a table or a template")
    assert len(made(told(lessons, out, "student", "teacher"))) == 10


def test_the_house_is_all_that_goes_into_every_page(tmp_path, monkeypatch):
    """A change of any file of the package or of the evidence, and of any installed package, is a change of all pages."""
    ours, seeds, installed = (tmp_path / name for name in ("ours", "seeds", "installed"))
    for folder in (ours / "templates", seeds, installed / "folium-0.20.dist-info"):
        folder.mkdir(parents=True)
    monkeypatch.setattr(building, "ROOT", ours)
    monkeypatch.setattr(building, "course_path", lambda name: tmp_path / name)
    monkeypatch.setattr(sys, "path", [*sys.path, str(installed)])
    seen = {COMMON()}
    for file in (ours / "code.py", ours / "templates" / "page.css", seeds / "S1.toml"):
        for content in ("1", "2"):
            file.write_text(content)
            seen.add(COMMON())
    (installed / "folium-0.20.dist-info").rename(installed / "folium-0.21.dist-info")
    seen.add(COMMON())
    (ours / "__pycache__").mkdir()
    (ours / "__pycache__" / "code.cpython-313.pyc.140").symlink_to("gone")  # as another Python writes it at this moment
    seen.add(COMMON())
    assert len(seen) == 8


@pytest.mark.parametrize("shown", ["![A town](town.png)", "![A town][t]\n\n[t]: town.png"])
def test_a_picture_beside_the_lesson_counts(tmp_path, out, shown):
    file = lesson(tmp_path, prose(f"# T\n\n{shown}"))
    (tmp_path / "town.png").write_bytes(b"\x89PNG")
    told([file], out)
    (tmp_path / "town.png").write_bytes(b"\x89PNG, another")
    assert made(told([file], out)) == ["05-small.html", "index.html"]


@pytest.mark.parametrize("path", ["04-one.html", "all.html", "index.html"])
def test_a_page_that_is_gone_is_made_again(lessons, out, path):
    told(lessons, out)
    before = files(out)
    (out / "students" / path).unlink()
    assert path in made(told(lessons, out))
    assert files(out) == before


# --- whose files they are ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["04-one.html", "all.html", "index.html"])
def test_a_page_that_somebody_changed_is_kept_and_told(lessons, out, path):
    told(lessons, out)
    theirs = out / "students" / path
    theirs.write_text("mine")
    kept = f"students/{path}: left as you changed it (to get the course's version, rename yours and start again)"
    for text in ("first", "second"):
        assert any(line.endswith(f"] {kept}") for line in told(small(lessons[0].parent, text), out))
        assert theirs.read_text() == "mine"
        assert zipfile.ZipFile(out / "students.zip").read(f"students/{path}") == b"mine"
    theirs.rename(out / "mine.html")
    assert path in made(told(lessons, out)) and (out / "mine.html").read_text() == "mine"


@pytest.mark.parametrize("name", ["05-a: b", "05-a..b", "05-a.b"])
def test_a_name_with_colons_and_points_is_made_and_remembered(tmp_path, out, name):
    file = lesson(tmp_path / "notebooks", prose("# A"), name=f"{name}.ipynb")
    assert told([file], out, "student", "notebook") and (out / "students" / f"{name}.html").exists()
    assert not made(told([file], out, "student", "notebook")), "all of it is up to date"
    other = lesson(tmp_path / "notebooks", prose("# B"), name="06-b.ipynb")
    told([other], out, "student", "notebook")
    assert (
        not (out / "students" / f"{name}.html").exists()
        and not (out / "students" / "notebooks" / f"{name}.ipynb").exists()
    )


def test_a_notebook_that_somebody_worked_on_is_kept(lessons, out):
    told(lessons, out, "notebook")
    mine = out / "students" / "notebooks" / "04-one.ipynb"
    mine.write_text(mine.read_text("utf-8").replace("It says first", "I say more"), "utf-8")
    before = mine.read_bytes()
    kept = "notebooks/04-one.ipynb: left as you changed it (to get the course's version, rename yours and start again)"
    for text in ("first", "second", "third"):
        assert any(line.endswith(kept) for line in told(small(lessons[0].parent, text), out, "notebook"))
        assert mine.read_bytes() == before
    mine.rename(mine.with_name("mine.ipynb"))
    assert "notebooks/04-one.ipynb" in made(told(lessons, out, "notebook"))
    assert "It says third" in mine.read_text("utf-8")
    assert mine.with_name("mine.ipynb").read_bytes() == before


def test_a_notebook_that_nobody_touched_is_brought_up_to_date(lessons, out):
    told(lessons, out, "notebook")
    told(small(lessons[0].parent, "second"), out, "notebook")
    assert "It says second" in (out / "students" / "notebooks" / "04-one.ipynb").read_text("utf-8")


def test_files_of_others_are_never_touched(lessons, out):
    own = {"notes.txt": b"mine", "teacher/plan.html": b"mine", "notebooks/04-one.ipynb": b"{}", "05-two.html": b"<title>Mine</title>",
           "index.html": b"<title>My site</title>"}  # fmt: skip
    for path, content in own.items():
        file = out / path if "teacher" in path else out / "students" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    said = told(lessons, out, "student", "teacher", "notebook")
    assert {path: files(out)[path] for path in own} == own
    assert said[-2:] == [
        f"{out / 'students' / p}: this file is not ours, so it was left. Name another folder with --out."
        for p in ("05-two.html", "index.html")
    ]
    assert any("notebooks/04-one.ipynb: left as you changed it" in line for line in said)
    assert "04-one.html" in files(out)


def test_pages_of_ours_are_known_without_any_memory(lessons, out):
    told(lessons, out, "student", "notebook")
    before = files(out)
    (out / folders.HOME / "made.json").unlink()
    told(small(lessons[0].parent, "second"), out, "student")
    assert "second" in files(out)["04-one.html"].decode()
    (out / folders.HOME / "made.json").write_text("{")
    said = told(small(lessons[0].parent, "first"), out, "student", "notebook")
    assert not any("left" in line for line in said), "notebooks that are as they would be made are nobody else's"
    assert files(out) == before


def test_evidence_that_is_somebodys_own_is_not_written_over(tmp_path, out):
    """Beside the notebooks lies the evidence that they link to; a file of that name that is not ours stays."""
    lessons = [lesson(tmp_path / "notebooks", prose("# T"), prose("It met [S4-02](evidence/S4.md#S4-02)."))]
    told(lessons, out, "notebook")
    evidence = out / "students" / "notebooks" / "evidence"
    assert {file.name for file in evidence.iterdir()} >= {"S0.md", "background.md", "words.md"}
    (evidence / "S4.md").unlink()
    shutil.rmtree(out / ".turkic-explainer")
    (evidence / "S0.md").write_text("mine")
    assert any("S0.md: this file is not ours" in line for line in told(lessons, out, "notebook"))
    assert (evidence / "S0.md").read_text() == "mine" and (evidence / "S4.md").exists()


def test_what_was_made_of_a_lesson_that_is_gone_goes_too(lessons, out):
    told(lessons, out, "student", "teacher", "notebook")
    (out / "students" / "notebooks" / "06-three.ipynb").write_text("worked on")
    said = told(lessons[:2], out, "student", "teacher", "notebook")
    assert [line for line in said if "gone" in line] == [
        "taken away: students/06-three.html (its lesson is gone, or has nothing for it)",
        "left as you changed it: students/notebooks/06-three.ipynb (its lesson is gone)",
        "taken away: teacher/06-three.html (its lesson is gone, or has nothing for it)",
    ]
    assert [path for path in files(out) if "06" in path] == ["notebooks/06-three.ipynb"]
    assert "06-three" not in files(out)["index.html"].decode()
    assert "06-three" not in files(out)["all.html"].decode()
    assert not any("gone" in line for line in told(lessons[:2], out, "student", "teacher", "notebook"))


def test_pages_that_somebody_deleted_are_no_longer_in_the_index(lessons, out):
    told(lessons, out, "student", "teacher")
    shutil.rmtree(out / "teacher")
    told(lessons, out)
    assert not [path for path in files(out, packed=True) if path.startswith("teacher")]
    assert len(made(told(lessons, out, "student", "teacher"))) == 5


def test_it_goes_from_editions_too_that_are_not_made_now(lessons, out):
    told(lessons, out, "teacher")
    told(lessons[:2], out, "student")
    assert not [path for path in files(out) if "06" in path]
    assert sorted(f.stem for f in (out / folders.HOME / "cards").iterdir()) == ["04-one", "05-two"]


def test_one_lesson_left_has_no_page_of_all(lessons, out):
    told(lessons, out)
    told(lessons[:1], out)
    assert list(files(out)) == ["04-one.html", "index.html"]


# --- what cannot be made -------------------------------------------------------------------------------------------


def test_a_lesson_that_fails_is_named_and_its_last_files_stay(lessons, out):
    told(lessons, out, "student", "teacher", "notebook")
    before = files(out)
    small(lessons[0].parent, "second")
    lesson(lessons[0].parent, prose("# T"), prose(UNKNOWN), name="05-two.ipynb")
    said = told(lessons, out, "student", "teacher", "notebook")
    [problem] = [line for line in said if "converted:" in line]
    assert problem.startswith("05-two.ipynb was not converted: 05-two.ipynb, cell 2: There is no claim 'S4-99'")
    assert sum("left as it was, for a lesson in it was not converted (05-two)" in line for line in said) == 2
    after = files(out)
    assert {p for p in before if before[p] == after[p]} == {
        "05-two.html",
        "all.html",
        "teacher/05-two.html",
        "teacher/all.html",
        "notebooks/05-two.ipynb",
    }
    assert "05-two.ipynb was not converted" in told(lessons, out)[-1], "it is tried again each time"


def test_whatever_a_converter_runs_into_the_cell_is_named(lessons, out, monkeypatch):
    def trip(cell):
        raise ZeroDivisionError("what now")

    monkeypatch.setattr(
        "turkic_explainer.press.pages.outputs", lambda cell: trip(cell) if "trip" in cell.source else ""
    )
    lesson(lessons[0].parent, prose("# T"), code("1"), code("trip"), name="05-two.ipynb")
    said = told(lessons, out)
    assert said[-1] == "05-two.ipynb was not converted: 05-two.ipynb, cell 3: ZeroDivisionError: what now"
    assert list(files(out)) == ["04-one.html", "06-three.html", "index.html"]


def test_a_file_that_belongs_to_no_lesson_is_told_as_well(lessons, out, monkeypatch):
    def trip(*_):
        raise ZeroDivisionError("what now")

    monkeypatch.setattr("turkic_explainer.press.site.index", trip)
    assert (
        told(lessons, out)[-1] == "students/index.html was not made: students/index.html: ZeroDivisionError: what now"
    )
    assert "04-one.html" in files(out)


def notebook(cells, **metadata) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}).encode()


CELL = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "execution_count": 1, "outputs": []}
R = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}, "language_info": {"name": "R"}}
JULIA = {"language_info": {"name": "julia"}}


@pytest.mark.parametrize(
    "raw, word",
    [
        (b"", "this file is empty"), (b"{", "not JSON"), (b"\x89PNG\xff", "not JSON"), (b"[]", "no notebook"),
        (notebook([]), "has no cells"), (notebook([CELL], **R), "is in r, and lessons are in Python"),
        (notebook([CELL], **JULIA), "is in julia"), (b"[" * 100_000, "no notebook|damaged"),
    ],
    ids=["empty", "cut off", "picture", "list", "no cells", "R", "Julia", "bottomless"],
)  # fmt: skip
def test_what_is_no_lesson_gets_a_plain_word(lessons, out, raw, word):
    lessons[1].write_bytes(raw)
    said = told(lessons, out, "student", "teacher", "notebook")
    assert re.search(word, said[-1]) and said[-1].startswith("05-two.ipynb was not converted: 05-two.ipynb")
    assert "Traceback" not in said[-1] and len(said[-1]) < 250
    assert "04-one.html" in files(out) and "05-two.html" not in files(out)


def test_a_folder_or_a_locked_file_in_a_lessons_place_gets_a_plain_word(lessons, out, monkeypatch):
    lessons[1].unlink()
    lessons[1].mkdir()
    assert "05-two.ipynb: this is a folder, not a notebook" in told(lessons, out)[-1]
    real = Path.read_bytes

    def locked(file):
        if file.name == "04-one.ipynb":
            raise PermissionError(13, "Permission denied", str(file))
        return real(file)

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert any("04-one.ipynb: cannot be read (Permission denied)" in line for line in told(lessons, out))


def test_output_beyond_all_measure_is_told_with_its_cell(lessons, out, monkeypatch):
    monkeypatch.setattr(intake, "MOST", 5_000)
    lesson(lessons[0].parent, prose("# T"), code("1", shows="x"), code("2", shows="x" * 6_000), name="05-two.ipynb")
    assert "05-two.ipynb, cell 3: shows" in told(lessons, out)[-1]


def test_ten_megabytes_are_beyond_all_measure():
    assert intake.MOST == 10_000_000


@pytest.mark.parametrize(
    "counts, word",
    [((1, None, 2), "not run: cell 2,"), ((None,) * 3, "not run: cells 1, 2 and 3,"), ((1, 3, 2), "not run in order, from cell 2 on"),
     ((4, 5, 6), "not run in order, from cell 1 on"), ((1, 2, 3), None)],
)  # fmt: skip
def test_a_page_is_made_of_a_lesson_that_may_be_out_of_date_and_a_word_is_said(lessons, out, counts, word):
    cells = [CELL | {"id": f"c{n}", "execution_count": n_run} for n, n_run in enumerate(counts)]
    shown = [{"output_type": "stream", "name": "stdout", "text": "shown"}]
    lessons[1].write_bytes(notebook([c | {"outputs": shown if c["execution_count"] else []} for c in cells]))
    for said in (told(lessons, out), told(lessons, out)):  # also where nothing has to be made
        careful = [line for line in said if line.startswith("careful: ")]
        assert len(careful) == (word is not None) and all(word in line and "05-two.ipynb" in line for line in careful)
    assert "05-two.html" in files(out)


def test_cleared_outputs_and_stored_mistakes_are_told(tmp_path, out):
    cleared = notebook([CELL, CELL | {"id": "b", "execution_count": 2}])
    mistake = {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": []}
    (tmp_path / "04-cleared.ipynb").write_bytes(cleared)
    (tmp_path / "05-mistake.ipynb").write_bytes(notebook([CELL | {"outputs": [mistake]}]))
    said = told(sorted(tmp_path.glob("*.ipynb")), out)
    assert any("04-cleared.ipynb: no cell shows anything" in line for line in said)
    assert any("05-mistake.ipynb: an error message is shown in cell 1" in line for line in said)


def test_the_course_itself_needs_no_word():
    from turkic_explainer.files import lesson_files

    assert [intake.remarks(file, intake.take(file)) for file in lesson_files()] == [[]] * len(lesson_files())


# --- two at a time, and killed -------------------------------------------------------------------------------------


REMEMBERED = ["cards", "lock.sqlite", "made.json", "process"]


def remembers(out) -> list[str]:
    return sorted(f.name for f in (out / folders.HOME).iterdir())


def forked(work):
    """A child process that does this, as it were another run of the program."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here")


@needs_fork
def test_two_runs_do_not_harm_each_other(lessons, out, tmp_path):
    ready = tmp_path / "ready"

    def slow(line):
        ready.touch()
        time.sleep(30)

    child = forked(lambda: build(lessons, out, say=slow))
    while not ready.exists():
        time.sleep(0.01)
    try:
        assert told(lessons, out) == [
            f"{out}: another run (process {child}) is making pages there. Wait until it is done, and start again."
        ]
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert made(told(lessons, out))[-1] == "index.html", "what the dead leave behind keeps nobody out"
    assert remembers(out) == REMEMBERED


def killed_at(step: int, lessons, out) -> bool:
    """A run that is killed outright at its n-th change of a file, in the midst of it if it writes one; whether it came so far."""

    def work():
        steps = count(1)

        def watched(real):
            def step_of(file, *content):
                if next(steps) == step:
                    if real is write:
                        real(file, content[0][: len(content[0]) // 2])
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(file, *content)

            return step_of

        write = Path.write_bytes
        os.replace, Path.write_bytes = watched(os.replace), watched(write)
        unlink = watched(os.unlink)
        Path.unlink = lambda file, missing_ok=False: file.exists() and unlink(file)
        build(lessons, out, ("student", "notebook"), say=str)

    return os.WIFSIGNALED(os.waitpid(forked(work), 0)[1])


@pytest.mark.long
@needs_fork
def test_killed_at_any_step_every_file_is_whole_and_the_next_run_makes_the_rest(tmp_path):
    """At every single change of a file that a build makes, one after the other."""
    old, new, third = (
        small(tmp_path / text, text, NAMES[:n]) for text, n in (("first", 3), ("second", 2), ("third", 2))
    )
    for lessons, name in ((old, "a"), (new, "b"), (third, "c")):
        build(lessons, tmp_path / name, ("student", "notebook"), say=str)
    first, second, last = (files(tmp_path / name, packed=True) for name in "abc")
    again, outcomes = [], set()
    for step in count(1):
        out = tmp_path / f"out-{step}"
        build(old, out, ("student", "notebook"), say=str)
        (out / "notes.txt").write_text("mine")
        if not killed_at(step, new, out):
            break
        found = files(out, packed=True)
        assert found.pop("notes.txt") == b"mine"
        assert all(content in (first.get(path), second.get(path)) for path, content in found.items()), (
            "a file is not whole"
        )
        outcomes |= {"old" if content == first.get(path) else "new" for path, content in found.items()}
        copy = shutil.copytree(out, tmp_path / f"copy-{step}")
        again.append(len(made(told(new, out, "student", "notebook"))))
        assert files(out, packed=True) == second | {"notes.txt": b"mine"} and remembers(out) == REMEMBERED
        (copy / "students" / "notebooks" / "05-two.ipynb").write_bytes(b"mine")
        told(third, copy, "student", "notebook")
        kept = {"notes.txt": b"mine", "notebooks/05-two.ipynb": b"mine"}
        changed = {p for p, content in files(copy, packed=True).items() if content != (last | kept).get(p)}
        assert changed <= {"index.html", "students.zip"}, (
            "what a kill left is not taken for somebody's work, nor the other way round"
        )
    assert outcomes == {"old", "new"} and len(again) > 20
    assert again[0] == 6 and again == sorted(again, reverse=True), "what is done is done"


def test_a_file_that_is_held_by_another_program_is_told_and_follows_later(lessons, out, monkeypatch):
    told(lessons, out)
    small(lessons[0].parent, "second")
    real = os.replace

    def held(source, target):
        if Path(target).name == "05-two.html":
            raise PermissionError(13, "Permission denied", str(target))
        real(source, target)

    with monkeypatch.context() as context:
        context.setattr(os, "replace", held)
        [problem] = [line for line in told(lessons, out) if "cannot be changed" in line]
        assert str(out / "students" / "05-two.html") in problem
        assert [line for line in told(lessons, out) if "cannot be changed" in line] == [problem]
    assert made(told(lessons, out)) == ["05-two.html"]
    assert "second" in (out / "students" / "05-two.html").read_text("utf-8")


@pytest.mark.parametrize("path", ["../stolen.html", "TMP/stolen.html", "teacher/../../stolen.html"])
def test_what_is_written_down_in_the_folder_takes_nothing_away_outside_of_it(tmp_path, path):
    """The folder may come from anybody."""
    home = tmp_path / "out" / folders.HOME
    home.mkdir(parents=True)
    (tmp_path / "stolen.html").write_text("mine")
    entry = {"lesson": "05-gone", "edition": "student", "from": "", "is": folders.digest(b"mine")}
    (home / "made.json").write_text(json.dumps({"made": {path.replace("TMP", str(tmp_path)): entry}}))
    told(small(tmp_path / "notebooks"), tmp_path / "out")
    assert (tmp_path / "stolen.html").read_text() == "mine"


def test_a_lesson_stays_as_it_is_when_pages_are_made_of_it(lessons, out):
    before = [stored(file) for file in lessons]
    told(lessons, out, "student", "teacher", "notebook")
    assert [stored(file) for file in lessons] == before
