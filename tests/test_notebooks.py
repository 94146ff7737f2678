"""Lessons as files: one form in which they are stored, and a learner's folder where nothing is overwritten."""

import json
import shutil

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_notebook, new_output

from turkic_explainer.files import lesson_files, read
from turkic_explainer.press import workspace
from turkic_explainer.press.cli import main
from turkic_explainer.press.copies import without_answers
from turkic_explainer.press.notebooks import LIVE, canonical, dumps, run
from turkic_explainer.validate import DataError

from .conftest import ROOT, code, lesson, prose, stored

pytestmark = pytest.mark.usefixtures("own_jupyter")


# --- the canonical form --------------------------------------------------------------------------------------------


def test_what_belongs_to_one_kernel_or_one_run_is_not_stored():
    data = {"text/plain": "5", "text/html": "<p>5</p>", LIVE: {"model_id": "0a1b", "version_major": 2}}
    cells = [
        prose("\n# Title\n\n"),
        new_code_cell("4", execution_count=7, metadata={"execution": {"iopub.busy": "2026"}, "trusted": True}),
        new_code_cell("5", execution_count=9, metadata={"tags": ["exercise"], "jupyter": {"source_hidden": True}},
                      outputs=[new_output("execute_result", data, execution_count=9, metadata={"isolated": True})]),
    ]  # fmt: skip
    metadata = {
        "language_info": {"name": "python", "version": "3.11.7"},
        "widgets": {"state": {}},
        "turkic": {"lesson": "05"},
    }
    found = canonical(new_notebook(cells=cells, metadata=metadata))
    assert found.metadata == {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"}, "turkic": {"lesson": "05"},
    }  # fmt: skip
    title, four, five = found.cells
    assert title.source == "# Title"
    assert four.metadata == {} and five.metadata == {"tags": ["exercise"], "jupyter": {"source_hidden": True}}
    assert (four.execution_count, five.execution_count, five.outputs[0].execution_count) == (1, 2, 2)
    assert five.outputs[0].metadata == {}
    assert five.outputs[0].data == {"text/html": "<p>5</p>", "text/plain": "5"}
    assert list(five.outputs[0].data) == ["text/html", "text/plain"]
    nbformat.validate(found)


def test_what_others_have_put_into_metadata_stays():
    """In a refresh and in the notebook edition: nbgrader's marks, what may be edited, and what a tool keeps for itself."""
    theirs = {
        "nbgrader": {"grade": True, "grade_id": "a"},
        "editable": False,
        "deletable": False,
        "slideshow": {"slide_type": "slide"},
    }
    cells = [new_code_cell("4", metadata=theirs | {"ExecuteTime": {"start_time": "2026"}}), prose("a", "exercise")]
    notebook = new_notebook(cells=cells, metadata={"jupytext": {"formats": "ipynb"}, "authors": [{"name": "A"}]})
    for found in (canonical(notebook), canonical(without_answers(notebook))):
        assert found.cells[0].metadata == theirs
        assert (found.metadata["jupytext"], found.metadata["authors"]) == ({"formats": "ipynb"}, [{"name": "A"}])


@pytest.mark.parametrize("ids", [["a", "a", "a"], [None, "a", None], [None, None, "cell-1"]])
def test_a_cell_without_an_id_of_its_own_gets_the_same_one_each_time(tmp_path, ids):
    document = new_notebook(cells=[prose(f"# {n}") for n in range(3)])
    for cell, name in zip(document.cells, ids, strict=True):
        cell.pop("id") if name is None else cell.update(id=name)
    file = tmp_path / "05-small.ipynb"
    file.write_text(json.dumps(document))
    first, second = ([cell.id for cell in read(file).cells] for _ in range(2))
    assert first == second and len(set(first)) == 3


@pytest.mark.parametrize("change, told", [
    (lambda n: n["cells"][1].pop("source"), "cell 2: this cell is damaged"),
    (lambda n: n["cells"][1].update(source="x\ud800"), "cell 2: this cell holds half a letter"),
    (lambda n: n["cells"][1]["metadata"].update(tags="exercise"), "cell 2: this cell is damaged"),
    (lambda n: n["cells"][1].update(outputs=[{"output_type": "display_data", "metadata": {}, "data": {"text/html": [3]}}]),
     "cell 2: this cell is damaged"),
    (lambda n: n["cells"][1].update(source="x" * 10_001), "cell 2: this cell has 10001 characters"),
    (lambda n: n["cells"].extend([n["cells"][0] | {"source": "x" * 9_999}] * 51), "this notebook has 509953 characters"),
    (lambda n: n["metadata"].update(turkic=3), "this notebook is damaged"),
    (lambda n: n["metadata"].update(turkic={"lesson": 3}), "this notebook is damaged"),
    (lambda n: n["metadata"].update(x=json.loads("[" * 80 + "]" * 80)), "this notebook is damaged"),
])  # fmt: skip
def test_a_damage_is_named_with_its_cell(tmp_path, change, told):
    file = lesson(tmp_path, prose("# T"), code("1"))
    document = json.loads(file.read_text("utf-8"))
    change(document)
    file.write_text(json.dumps(document))
    with pytest.raises(DataError) as caught:
        read(file)
    [line] = caught.value.problems
    assert told in line and line.startswith("05-small.ipynb") and line.endswith(".") and len(line) <= 200


def test_the_canonical_form_of_the_canonical_form_is_itself():
    once = canonical(stored(lesson_files()[-1]))
    assert dumps(canonical(once)) == dumps(once)


@pytest.mark.parametrize("file", lesson_files(), ids=lambda f: f.stem)
def test_every_lesson_is_stored_in_the_canonical_form(file):
    assert dumps(canonical(stored(file))) == file.read_text("utf-8")
    assert not any(LIVE in output.get("data", {}) for cell in stored(file).cells for output in cell.get("outputs", []))


# --- running and refreshing ----------------------------------------------------------------------------------------


def test_refreshing_twice_changes_no_byte(tmp_path, capsys):
    """With each kind of output that a lesson may hold: table, card, map, chart, explorer and question."""
    cells = ["from turkic_explainer import *", "show(sources(), 'The reports')", "cite('S1-31')", "venue_map()", "hosting_chart()",
             "year_explorer()", "question('02-hosts')", "print('text')", "summits().head(2)"]  # fmt: skip
    file = lesson(tmp_path / "notebooks", *(code(cell) for cell in cells))
    assert main(["refresh", "--notebooks", str(file.parent)]) == 0
    first = file.read_bytes()
    assert main(["refresh", "--notebooks", str(file.parent)]) == 0
    assert file.read_bytes() == first
    told = capsys.readouterr().out.splitlines()
    assert told == ["[1/1] 05-small: outputs stored", "[1/1] 05-small: no change"]
    assert all(cell.outputs for cell in stored(file).cells[1:])
    assert [f.name for f in file.parent.iterdir()] == [file.name]


def test_what_the_kernel_says_of_itself_is_no_output(tmp_path, monkeypatch):
    """A kernel that cannot keep up says so on the process's own channel, and one whose history is locked says so too."""
    says = "import os\nos.write(2, b'IOStream.flush timed out')\nos.write(1, b'low')\n1"
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # with it, no kernel listens to that channel
    asks = "type(get_ipython().history_manager.db).__name__, get_ipython().history_manager.enabled"
    wait = "import time; time.sleep(1)"  # what is said on that channel comes late
    cells = run(lesson(tmp_path, code(says), code(wait), code(asks))).cells
    assert [output.data["text/plain"] for cell in cells for output in cell.outputs] == ["1", "('DummyDB', False)"]


def test_what_is_printed_in_pieces_is_stored_as_one(tmp_path):
    """As a busy machine sends it."""
    file = lesson(tmp_path, code("import sys, time\nfor n in '12':\n    print(n); sys.stdout.flush(); time.sleep(0.3)"))
    assert [output.text for output in run(file).cells[-1].outputs] == ["1\n2\n"]


@pytest.mark.parametrize(
    "fails, told",
    [("cite('S1-99')", ", cell 3: Unknown: There is no claim 'S1-99'"), ("import os; os._exit(1)", "")],
    ids=["a mistake", "the kernel dies"],
)
def test_a_lesson_that_fails_is_named_and_left_alone(tmp_path, fails, told):
    file = lesson(tmp_path, prose("# Title"), code("from turkic_explainer import cite"), code(fails), code("2"))
    before = file.read_bytes()
    with pytest.raises(DataError, match=f"^05-small.ipynb{told}"):
        run(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"{}", b"[]", b"\x89PNG\xff", b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
     b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]}',
     b'{"nbformat": 9, "nbformat_minor": 0, "metadata": {}, "cells": []}'],
    ids=["empty", "cut off", "no fields", "a list", "a picture", "no cells", "half a cell", "of a later format"],
)  # fmt: skip
def test_a_file_that_is_no_notebook_is_told_in_plain_words(tmp_path, raw):
    (tmp_path / "05-small.ipynb").write_bytes(raw)
    with pytest.raises(DataError, match="^05-small.ipynb(, cell 1)?: this "):
        read(tmp_path / "05-small.ipynb")


def test_lessons_are_found_in_reading_order(tmp_path):
    for name in ("10-ten.ipynb", "09-words.ipynb", "02-two.ipynb", "Untitled.ipynb", "02-two.txt"):
        (tmp_path / name).touch()
    assert [f.name for f in lesson_files(tmp_path)] == ["02-two.ipynb", "10-ten.ipynb", "09-words.ipynb"]


def test_a_folder_without_lessons_says_so(tmp_path):
    with pytest.raises(DataError, match="no lesson here.*02-where-they-meet.ipynb"):
        lesson_files(tmp_path)


# --- a learner's own folder ----------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A small course of two lessons and one record, from which folders are prepared; it may be changed like the real one."""
    home = tmp_path / "course"
    for name in ("00-first", "05-small"):
        lesson(
            home / "notebooks", prose(f"# {name}"), code("6 * 7", shows="42", html="<b>42</b>"), name=f"{name}.ipynb"
        )
    (home / "seeds").mkdir()
    shutil.copyfile(ROOT / "seeds" / "S4.toml", home / "seeds" / "S4.toml")
    monkeypatch.setattr(workspace, "package_path", lambda name: home / name)
    return home


def contents(folder) -> dict[str, bytes]:
    return {
        str(f.relative_to(folder)): f.read_bytes()
        for f in sorted(folder.rglob("*"))
        if f.is_file() and not f.name.startswith(".")
    }


def trusted(file) -> bool:
    return NotebookNotary().check_signature(stored(file))


def test_a_new_folder_gets_the_whole_course(course, tmp_path):
    folder = tmp_path / "mine" / "here"
    new = "  new: notebooks/00-first.ipynb, notebooks/05-small.ipynb, seeds/S4.toml"
    assert workspace.prepare(folder) == [f"The course is in {folder}", new]
    assert contents(folder) == contents(course)
    assert workspace.prepare(folder) == [f"The course is in {folder}"]
    assert contents(folder) == contents(course)


def test_the_real_course_goes_into_a_folder(tmp_path):
    said = workspace.prepare(tmp_path / "mine")
    files = [*lesson_files(), *(ROOT / "seeds").glob("*.toml"), *(ROOT / "notebooks").glob("evidence/*.md")]
    files += [ROOT / "notebooks" / "filing-example.json"]
    assert said[1] == f"  new: {len(files)} files"
    for file in files:
        mine = (tmp_path / "mine" / file.relative_to(ROOT)).read_text("utf-8")
        lesson_ = file.suffix == ".ipynb"
        assert mine == (dumps(canonical(without_answers(stored(file)))) if lesson_ else file.read_text("utf-8"))
    assert all(trusted(tmp_path / "mine" / "notebooks" / file.name) for file in lesson_files())


def test_what_the_learner_wrote_stays_and_other_files_are_left_alone(course, tmp_path):
    folder = tmp_path / "mine"
    workspace.prepare(folder)
    mine = lesson(folder / "notebooks", prose("# Mine"), code("7 * 7", shows="49", html="<script>alert(1)</script>"))
    own, changed = folder / "notebooks" / "notes.ipynb", mine.read_bytes()
    own.write_text("my own notes")
    assert workspace.prepare(folder)[1:] == [] and mine.read_bytes() == changed
    lesson(course / "notebooks", prose("# Newer"))
    said = workspace.prepare(folder)
    first, newer, last = stored(mine).cells
    assert (first.source, last.source) == ("# Mine", "7 * 7") and newer.source.endswith("\n\n# Newer")
    assert own.read_text() == "my own notes"
    assert len(said) == 2 and said[1].startswith(
        "  brought up to date around what you wrote: notebooks/05-small.ipynb ("
    )


def test_an_untouched_older_lesson_is_brought_up_to_date(course, tmp_path):
    folder = tmp_path / "mine"
    workspace.prepare(folder)
    newer = lesson(course / "notebooks", prose("# Newer"), code("1", shows="1", html="<i>1</i>"))
    assert workspace.prepare(folder)[1:] == ["  brought up to date: notebooks/05-small.ipynb"]
    assert (folder / "notebooks" / newer.name).read_bytes() == newer.read_bytes()
    assert trusted(folder / "notebooks" / newer.name)
    assert workspace.prepare(folder)[1:] == []


def test_a_changed_record_stays_even_when_the_course_changes_twice(course, tmp_path):
    folder = tmp_path / "mine"
    workspace.prepare(folder)
    (folder / "seeds" / "S4.toml").write_text("mine")
    for text in ("newer", "newest"):
        (course / "seeds" / "S4.toml").write_text(text)
        assert workspace.prepare(folder)[1].startswith("  left as you changed it: seeds/S4.toml (")
    assert (folder / "seeds" / "S4.toml").read_text() == "mine"


def test_a_lesson_taken_out_of_the_way_comes_back(course, tmp_path):
    folder = tmp_path / "mine"
    workspace.prepare(folder)
    (folder / "notebooks" / "05-small.ipynb").rename(folder / "notebooks" / "05-mine.ipynb")
    assert workspace.prepare(folder)[1:] == ["  new: notebooks/05-small.ipynb"]


def test_ours_are_trusted_and_no_others(course, tmp_path):
    folder = tmp_path / "mine"
    workspace.prepare(folder)
    assert all(trusted(f) for f in folder.glob("notebooks/*.ipynb"))
    output = code("1", html="<script>alert(1)</script>")
    mine = lesson(folder / "notebooks", prose("# Mine"), output)
    foreign = lesson(folder / "notebooks", prose("# Foreign"), output, name="07-foreign.ipynb")
    workspace.prepare(folder)
    assert not trusted(mine) and not trusted(foreign)
    assert trusted(folder / "notebooks" / "00-first.ipynb")


@pytest.mark.parametrize("blocked", ["", "notebooks", "seeds", ".turkic-explainer.json/x"])
def test_a_folder_that_cannot_be_written_is_told_in_plain_words(course, tmp_path, blocked):
    """A file where a folder should be, or a folder where a file should be, is in nobody's power to write."""
    folder = tmp_path / "mine"
    (folder / blocked).parent.mkdir(parents=True, exist_ok=True)
    (folder / blocked).touch()
    with pytest.raises(DataError, match=f"{folder}.*--workspace"):
        workspace.prepare(folder)


@pytest.mark.parametrize("memory", ["", "{"])
def test_a_damaged_memory_of_the_folder_costs_no_lesson(course, tmp_path, memory):
    folder = tmp_path / "mine"
    workspace.prepare(folder)
    before = contents(folder)
    (folder / ".turkic-explainer.json").write_text(memory)
    try:
        workspace.prepare(folder)
    except DataError as error:
        assert str(folder) in str(error)
    assert contents(folder) == before


def test_the_memory_of_the_folder_is_small_and_readable(course, tmp_path):
    workspace.prepare(tmp_path / "mine")
    memory = json.loads((tmp_path / "mine" / ".turkic-explainer.json").read_text())
    assert set(memory["files"]) == set(contents(course))
    assert set(memory["cells"]) == {name for name in contents(course) if name.startswith("notebooks/")}


@pytest.mark.parametrize("memory", ["", "{", "[]", '"x"'])
def test_a_damaged_memory_file_locks_nobody_out_and_overwrites_nothing(tmp_path, memory):
    folder = tmp_path / "mine"
    workspace.prepare(folder)
    first = folder / "notebooks" / lesson_files()[0].name
    first.write_text("mine", "utf-8")
    (folder / ".turkic-explainer.json").write_text(memory, "utf-8")
    [line] = [line for line in workspace.prepare(folder) if "left" in line]
    told = f"  left, for it cannot be read: {first.name}: this file is no notebook (not JSON). Restore it from a copy."
    assert line == f"{told} (to get the course's version, rename yours and start again)"
    assert first.read_text("utf-8") == "mine"


def test_where_nothing_can_be_signed_the_lessons_are_there_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "file" / "below"))
    said = workspace.prepare(tmp_path / "mine")
    assert any("not marked as trusted" in line for line in said)
    assert all((tmp_path / "mine" / "notebooks" / file.name).exists() for file in lesson_files())
