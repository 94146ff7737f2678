"""An author's way: a lesson of four files and no Python, and a summit of three, in a copy of the course that is thrown away."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook

from turkic_explainer.files import lesson_files
from turkic_explainer.press.notebooks import canonical, dumps, text

from .conftest import ROOT, code, page, prose, stored

pytestmark = pytest.mark.long  # a whole course is copied, run and built

TENTH = ROOT / "tests" / "tenth"  # the lesson's files; its notebook as the text that `refresh` writes
BEFORE = [file for file in lesson_files() if "lesson" in stored(file).metadata.turkic][-1]
FILES = ("questions.md", "shown.toml", "land.csv")


def notebook() -> str:
    """The notebook of the new lesson, as an author leaves it: never run."""
    cells = []
    for about, source in re.findall(
        r"<!-- (.*?) -->\n\n(.*?)\n*(?=<!--|\Z)", (TENTH / "12-land-and-people.md").read_text("utf-8"), re.S
    ):
        name, *tags = about.split(", ")
        is_code = source.startswith("```python")
        cell = (
            code(source.removeprefix("```python\n").removesuffix("\n```"), *tags) if is_code else prose(source, *tags)
        )
        cell.id, cell.metadata = (
            name,
            cell.metadata | ({"jupyter": {"source_hidden": True}} if "solution" in tags else {}),
        )
        cells.append(cell)
    return dumps(canonical(new_notebook(cells=cells, metadata={"turkic": {"lesson": "12", "hour": False}})))


class Copy:
    """A copy of the course, with its commands."""

    def __init__(self, folder: Path):
        self.folder, self.lessons = folder, folder / "src" / "turkic_explainer" / "lessons"
        for name in ("src", "seeds", "notebooks", "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("README.md", "pyproject.toml"):
            shutil.copyfile(ROOT / name, folder / name)

    def python(self, *words: str) -> tuple[int, str]:
        env = os.environ | {"PYTHONPATH": str(self.folder / "src"), "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=env, capture_output=True, encoding="utf-8", timeout=500
        )
        return done.returncode, done.stdout + done.stderr

    def command(self, *words: str) -> tuple[int, str]:
        return self.python("-m", "turkic_explainer.press.cli", *words)

    def tests(self, *files: str) -> tuple[int, str]:
        chosen = ("-o", "addopts=", "-q", "-p", "no:cacheprovider", "-m", "not long")
        return self.python("-m", "pytest", *chosen, *(f"tests/{file}" for file in files))


@pytest.fixture(scope="module")
def with_lesson(tmp_path_factory) -> Copy:
    """The course with one lesson more: these four files are written, and nothing else is touched but by the course's commands."""
    copy = Copy(tmp_path_factory.mktemp("lesson"))
    (copy.folder / "notebooks" / "12-land-and-people.ipynb").write_text(notebook(), "utf-8")
    (copy.lessons / "lesson12").mkdir()
    for name in FILES:
        shutil.copyfile(TENTH / name, copy.lessons / "lesson12" / name)
    # Lesson 00 lists it, and the one before leads to it.
    status, said = copy.command("refresh", "00", BEFORE.stem[:2], "12", "--accept")
    assert status == 0, said
    return copy


@pytest.fixture(scope="module")
def pages(with_lesson) -> dict[str, Path]:
    status, said = with_lesson.command("handouts", "12")
    assert status == 0, said
    out = with_lesson.folder / "handouts"
    return {file.relative_to(out).as_posix(): file for file in [*out.glob("*/index.html"), *out.glob("[a-z]*/**/12-*")]}


def test_a_lesson_of_four_files_is_in_order(with_lesson):
    status, said = with_lesson.command("check", "--quick")
    assert status == 0 and said.endswith("All in order.\n"), said


def test_the_tests_hold_with_it(with_lesson):
    """Those that look at the lessons and at the house: whatever counts lessons or names them by hand would fail here."""
    status, said = with_lesson.tests(
        "test_lessons.py", "test_house.py", "test_course.py", "test_vocabulary.py", "test_description.py"
    )
    assert status == 0, said[-3000:]


def test_all_editions_are_made_of_it(pages):
    assert {str(Path(name).parent) for name in pages} == {
        "students",
        "students/worksheets",
        "students/slides",
        "students/notebooks",
        "teacher",
        "teacher/keys",
        "teacher/slides",
    }
    assert "A wide land need not be a full one" in pages["students/index.html"].read_text("utf-8")


@pytest.mark.parametrize("edition", ["students/", "teacher/", "students/slides/"])
def test_the_explorer_the_chart_and_the_table_are_there(pages, edition):
    soup = page(pages[f"{edition}12-land-and-people.html"].read_text("utf-8"))
    explorer = soup.select_one(".tx-of-e-12-land")
    assert [label.text for label in explorer.find_all("summary")][-2:] == ["Hungary", "Turkmenistan"]
    assert explorer.find("details", open=True).div["data-state"] == "hungary"
    assert "9,562,065 people on 93,028 square kilometres. B-261 B-254" in " ".join(
        explorer.find(attrs={"data-state": "hungary"}).text.split()
    )
    drawings = [svg for svg in soup.find_all("svg", role="img") if svg["aria-label"].startswith("Bars for the people")]
    assert len(drawings) == 2  # for wide screens, and for narrow ones
    for drawing in drawings:
        assert "Türkiye, 85518661; Uzbekistan" in drawing["aria-label"]
        told = {part.text.strip() for part in drawing.find_all("text")}
        assert {"Azerbaijan", "10,202,830 people", "85,518,661"} <= told
        assert "7 states, one bar" in drawing.find_parent("figure").figcaption.text
    if not edition:
        captions = [caption.text for caption in soup.find_all("caption")]
        assert {"People in these states, 2024", "States by their area and their people"} <= set(captions)
        assert "It has 2724900 square kilometres." in soup.select_one(".tx-of-q-12-largest").text


def test_a_learner_can_answer(with_lesson):
    judged = "from turkic_explainer import check, table; print(check('12-smallest', table('12-land')['area'].min()))"
    assert with_lesson.python("-c", judged) == (0, "Exercise 12-smallest: Right.\n")


def test_the_lesson_before_leads_to_it_and_lesson_00_lists_it(with_lesson):
    notebooks = with_lesson.folder / "notebooks"
    assert (
        "**Next:** [A wide land need not be a full one](12-land-and-people.ipynb)."
        in stored(notebooks / BEFORE.name).cells[-1].source
    )
    assert stored(notebooks / "12-land-and-people.ipynb").cells[-1].source.endswith(f"]({BEFORE.name}).")
    assert "A wide land need not be a full one" in text(stored(notebooks / "00-start-here.ipynb"))
    assert "no change" in with_lesson.command("refresh", "00")[1], "it counts what the new lesson shows"


SLIPS = {
    "no such table": ('table = "land"\nkey', 'table = "lands"\nkey', "explorers.land, table: There is no table 'lands'. Did you mean '12-land'?"),
    "no such column": ('label = "name"\nstart', 'label = "nam"\nstart', "explorers.land, label: found 'nam'. There is no such column. There are: state, name, area, people, claims."),
    "no such row": ('start = "hungary"', 'start = "ungarn"', "explorers.land, start: found 'ungarn'. Write one of: azerbaijan, "),
    "a term left out": ('key = "state"\n', "", "explorers.land, key: found ''. Add this term."),
    "a term too many": ('start = "hungary"', 'begin = "hungary"', "explorers.land, begin: found 'hungary'. There is no such term. There are: title, table, "),
    "another key": ('key = "state"', 'key = "name"', "explorers.land, start: found 'hungary'. Write one of: Azerbaijan, "),
    "keys that no page can have": ('key = "state"\nlabel = "name"\nstart = "hungary"', 'key = "claims"\nlabel = "name"', "explorers.land, key: found 'claims'. "),
    "a template that is broken": ("{{ row.name }}</p>", "{{ row.name }</p>", "explorers.land.pane: unexpected '}'. Mend the template there."),
    "what no row has": ("{{ row.name }}</p>", "{{ row.nam }}</p>", "explorers.land.pane: 'dict object' has no attribute 'nam'. Mend the template there."),
    "no such kind": ('kind = "bars"', 'kind = "pie"', "charts.people, kind: found 'pie'. Write one of: bars, lines, dots."),
    "no numbers": ('value = "people"', 'value = "name"', "charts.people, value: found 'name'. Name a column of whole or other numbers."),
    "a caption that asks for what is not there": ("{{ rows | length }} states", "{{ states }} states", "charts.people: 'states' is undefined. Mend the template there."),
    "a column that is not described": ('{ name = "area", type = "integer", ', '{ name = "area", type = "whole", ', "tables.land, area, type: found 'whole'. Write one of: string, "),
    "no file": ('path = "land.csv"', 'path = "lands.csv"', "explorers.land, table: lands.csv: cannot be read (No such file or directory). Put it into lesson12/."),
    "no TOML": ("[explorers.land]", "[explorers.land", "lesson12/shown.toml: this is not TOML"),
}  # fmt: skip


# Puts each slip into shown.toml, checks the lesson, and mends it again; all in one process, for starting it takes longest.
TRY = """
import json, sys
from pathlib import Path
from tests.conftest import forget
from turkic_explainer.press.checks import check_declared
from turkic_explainer.validate import DataError

file, told = Path(sys.argv[1]), []
sound = file.read_text("utf-8")
for old, new, _ in json.loads(sys.argv[2]):
    assert sound.count(old) == 1, old
    file.write_text(sound.replace(old, new), "utf-8")
    forget()
    told.append([*check_declared("12")])
file.write_text(sound, "utf-8")
forget()
assert not [*check_declared("12")]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def slips(with_lesson) -> dict[str, list[str]]:
    """What is told of each slip."""
    status, said = with_lesson.python(
        "-c", TRY, str(with_lesson.lessons / "lesson12" / "shown.toml"), json.dumps([*SLIPS.values()])
    )
    assert status == 0, said
    return dict(zip(SLIPS, json.loads(said), strict=True))


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_declaration_is_told_with_file_place_and_mend(slips, slip):
    assert any(SLIPS[slip][2] in line and line.startswith("lesson12/shown.toml") for line in slips[slip]), slips[slip]


@pytest.mark.parametrize("file, old, new, told", [
    ("land.csv", "86600,", '"86,600",', "land.csv, row 2, area: found '86,600'. Write a whole number, 1 or more."),
    ("land.csv", "B-254", "B-999", "land.csv, row 7, claims: found 'B-261 B-999'. There is no claim 'B-999'"),
    ("shown.toml", 'path = "land.csv"\n', "", "lesson12/shown.toml, tables.land, path: found ''. Add this term."),
    ("shown.toml", "[explorers.land]", "[explorers.land", "lesson12/shown.toml: this is not TOML in UTF-8: "),
])  # fmt: skip
def test_a_slip_in_a_table_of_ones_own_is_told_by_the_command(with_lesson, file, old, new, told):
    file = with_lesson.lessons / "lesson12" / file
    sound = file.read_text("utf-8")
    assert sound.count(old) == 1
    file.write_text(sound.replace(old, new), "utf-8")
    status, said = with_lesson.command("check", "--quick")
    file.write_text(sound, "utf-8")
    assert status == 1 and told in said and "Traceback" not in said, said


def test_a_summit_of_three_files(tmp_path):
    """By README's recipe: a claim each for the meeting and for the town, the town, and the row."""
    copy = Copy(tmp_path)
    data, evidence = copy.folder / "src" / "turkic_explainer" / "data", copy.folder / "seeds" / "background.toml"
    last = int(re.findall(r'^id = "B-(\d+)"', evidence.read_text("utf-8"), re.M)[-1])
    meeting, town = f"B-{last + 1}", f"B-{last + 2}"
    added = {
        evidence: (TENTH / "samsun.toml").read_text("utf-8").replace("B-900", meeting).replace("B-901", town),
        data / "places.csv": f"Samsun,Samsun,tr,TR,41.27976,36.3361,town,,{town}\n",
        data
        / "summits.csv": f"extraordinary,,2026,2026-11-20,2026-11-20,in person,Samsun,TR,Ports and rivers,held,{meeting}\n",
    }
    for file, more in added.items():
        file.write_text(file.read_text("utf-8") + more, "utf-8")
    status, said = copy.command("refresh", "00", "01", "02", "--accept", meeting, town, "places.csv", "summits.csv")
    assert status == 0 and "4 signed off, 0 not." in said, said
    for file in lesson_files(copy.folder / "notebooks")[3:]:  # what they show has nothing of it
        assert "Samsun" not in file.read_text("utf-8")
    assert copy.command("check", "--quick")[0] == 0
    status, said = copy.tests("test_tables.py", "test_lessons.py")
    assert status == 0, said[-3000:]
    assert "Samsun" in (copy.folder / "notebooks" / "text" / "02-where-they-meet.md").read_text("utf-8")
