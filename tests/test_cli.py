"""The program: its help, what it makes, and plain words in place of a traceback."""

import re
import subprocess
import sys

import pytest

from turkic_explainer.files import lesson_files
from turkic_explainer.press.build import EDITIONS
from turkic_explainer.press.cli import main
from turkic_explainer.validate import DataError

from .conftest import ROOT, code, lesson, prose
from .test_handout import files

pytestmark = pytest.mark.usefixtures("own_jupyter")

# Those that the README tells of.
COMMANDS = re.findall(r"^\| `turkic-explainer (\w+)`", (ROOT / "README.md").read_text("utf-8"), re.M)


@pytest.fixture
def lessons(tmp_path):
    """A folder with two small lessons that are in order."""
    folder = tmp_path / "notebooks"
    lesson(folder, prose("# One"), code("6 * 7", shows="42"), name="04-one.ipynb")
    lesson(folder, prose("# Two"), code("6 * 7", shows="42"), name="05-two.ipynb")
    return folder


@pytest.mark.parametrize(
    "arguments, named", [(["--help"], COMMANDS), *(([c, "--help"], ("usage", c)) for c in COMMANDS)]
)
def test_help_is_there_for_all_that_the_readme_tells_of(capsys, arguments, named):
    with pytest.raises(SystemExit, match="^0$"):
        main(arguments)
    told = capsys.readouterr().out
    assert all(word in told for word in named)


@pytest.mark.parametrize("arguments", [[], ["print"], ["handouts", "--colour"]])
def test_what_it_does_not_know_is_told_with_the_usage(capsys, arguments):
    with pytest.raises(SystemExit, match="^2$"):
        main(arguments)
    assert "usage: turkic-explainer" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["handouts", "refresh"])
def test_an_unknown_lesson_is_told_with_those_there_are(capsys, lessons, command):
    before = {f.name: f.read_bytes() for f in lessons.iterdir()}
    assert main([command, "04", "99", "--notebooks", str(lessons)]) == 1
    told = capsys.readouterr()
    assert told.err == "There is no lesson 99. There are: 04-one, 05-two.\n" and told.out == ""
    assert {f.name: f.read_bytes() for f in lessons.iterdir()} == before


def test_lab_tells_of_an_unknown_lesson_before_it_makes_a_folder(capsys, tmp_path):
    assert main(["lab", "99", "--no-browser", "--workspace", str(tmp_path / "mine")]) == 1
    assert capsys.readouterr().err.startswith(f"There is no lesson 99. There are: {lesson_files()[0].stem}, ")
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("command", ["handouts", "refresh", "check"])
def test_a_folder_without_lessons_is_told(capsys, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    assert main([command, "--notebooks", str(tmp_path / "none")]) == 1
    assert "there is no lesson here" in capsys.readouterr().err


def test_handouts_of_some_or_all_lessons(capsys, lessons, tmp_path):
    out = tmp_path / "out"
    command = ["handouts", "--edition", "student", "--notebooks", str(lessons), "--out", str(out)]
    assert main([*command, "05"]) == 0
    assert list(files(out)) == ["05-two.html", "index.html"]
    assert (
        capsys.readouterr().out.splitlines()[-1]
        == f"1 file of lessons in {out}. Open students/index.html there; packed: students.zip."
    )
    assert main(command) == 0
    assert list(files(out)) == ["04-one.html", "05-two.html", "all.html", "index.html"]
    assert "6 * 7" not in (out / "students" / "04-one.html").read_text()
    assert main([*command, "--code"]) == 0
    assert re.sub("<[^>]*>", "", (out / "students" / "04-one.html").read_text()).count("6 * 7") == 1


def test_pages_of_other_lessons_leave_those_of_the_course_alone(lessons, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mine = lesson(tmp_path / "mine", prose("# Mine"), name="05-mine.ipynb").parent
    assert main(["handouts", "--edition", "student", "--notebooks", str(lessons), "--out", "handouts"]) == 0
    before = files(tmp_path / "handouts")
    assert main(["handouts", "--edition", "student", "--notebooks", "mine"]) == 0
    assert files(tmp_path / "handouts") == before and (mine / "handouts" / "students" / "05-mine.html").exists()


def test_handouts_of_some_editions(capsys, lessons, tmp_path):
    command = ["handouts", "--notebooks", str(lessons), "--out", str(tmp_path)]
    assert main([*command, "--edition", "teacher", "--edition", "notebook"]) == 0
    made = [
        *(f"notebooks/{n}.ipynb" for n in ("04-one", "05-two")),
        *(f"teacher/{n}.html" for n in ("04-one", "05-two", "all", "index")),
    ]
    assert [path for path in files(tmp_path) if path.startswith(("notebooks/0", "teacher/"))] == made
    assert not (tmp_path / "students" / "04-one.html").exists()
    with pytest.raises(SystemExit, match="^2$"):
        main([*command, "--edition", "poster"])
    assert "'poster'" in capsys.readouterr().err


def test_the_program_knows_the_editions_that_there_are(capsys):
    """It names them without loading what makes them."""
    names = [edition.name for edition in EDITIONS]
    with pytest.raises(SystemExit, match="^0$"):
        main(["handouts", *(f"--edition={name}" for name in names), "--help"])
    told = re.search(r"Editions: ([\w\s,-]+)\.", capsys.readouterr().out)[1]
    assert re.split(r",\s+", told) == names


def test_all_editions_of_the_courses_own_lessons_are_the_default(tmp_path, monkeypatch):
    """A small course stands in the place of the real one, of which `course_pages` makes everything."""
    tagged = [prose("# T"), *(prose("Told.", tag) for tag in ("slide", "worksheet"))]
    lesson(tmp_path / "course" / "notebooks", *tagged, name="00-whole.ipynb")
    lesson(tmp_path / "course" / "notebooks", prose("# Words"), name="01-words.ipynb")
    monkeypatch.setattr(sys.modules[lesson_files.__module__], "course_path", lambda name: tmp_path / "course" / name)
    monkeypatch.chdir(tmp_path)
    assert main(["handouts"]) == 0
    found = [path for path in files(tmp_path / "handouts") if not path.startswith("notebooks/evidence/")]
    assert found == [
        *(f"{name}.html" for name in ("00-whole", "01-words", "all", "index")), "notebooks/00-whole.ipynb", "notebooks/01-words.ipynb",
        "slides/00-whole.html", *(f"teacher/{name}.html" for name in ("00-whole", "01-words", "all", "index")),
        "teacher/keys/00-whole.html", "teacher/slides/00-whole.html",
        *(f"worksheets/00-whole.{ending}" for ending in ("docx", "html", "odt")),
    ]  # fmt: skip


@pytest.mark.long
def test_the_quick_check_of_the_course_finds_nothing(capsys):
    assert main(["check", "--quick"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "All in order."


def test_the_check_tells_what_to_mend(capsys, lessons):
    lesson(lessons, prose("# One"), code("42", shows="42"), name="04-one.ipynb")
    lesson(lessons, prose("# Two\n\nIt has 5 members."), name="05-two.ipynb")
    assert main(["check", "--quick", "--notebooks", str(lessons)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2 and told[0].startswith("05-two.ipynb, cell 1: ") and told[1] == "1 thing to mend."


def test_refresh_stores_what_runs_and_leaves_what_fails(capsys, lessons):
    broken = lesson(lessons, prose("# One"), code("1 / 0"), name="04-one.ipynb")
    before = broken.read_bytes()
    assert main(["refresh", "--notebooks", str(lessons)]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("[1/2] 05-two: ")
    assert told.err == "04-one.ipynb, cell 2: ZeroDivisionError: division by zero\n"
    assert broken.read_bytes() == before
    assert sorted(f.name for f in lessons.iterdir()) == ["04-one.ipynb", "05-two.ipynb"]


@pytest.mark.parametrize(
    "arguments", [["handouts", "--out"], ["lab", "--no-browser", "--workspace"]], ids=lambda a: a[0]
)
def test_a_file_where_a_folder_should_be_is_told(capsys, tmp_path, arguments):
    (tmp_path / "file").touch()
    assert main([*arguments, str(tmp_path / "file")]) == 1
    assert str(tmp_path / "file") in capsys.readouterr().err


@pytest.mark.parametrize("raw", [b"{", b"[]", b"\x89PNG\xff"], ids=["cut off", "list", "picture"])
@pytest.mark.parametrize("command", [["handouts", "--out", "out"], ["refresh"], ["check"]], ids=lambda c: c[0])
def test_a_damaged_lesson_is_told_in_plain_words(capsys, lessons, tmp_path, monkeypatch, command, raw):
    monkeypatch.chdir(tmp_path)
    (lessons / "04-one.ipynb").unlink()
    (lessons / "05-two.ipynb").write_bytes(raw)
    assert main([*command, "--notebooks", str(lessons)]) == 1
    assert capsys.readouterr().err.startswith("05-two.ipynb")


def test_a_lesson_whose_neighbour_is_damaged_is_refreshed(capsys, lessons):
    before = (lessons / "05-two.ipynb").read_bytes()
    (lessons / "04-one.ipynb").write_bytes(b"{")
    assert main(["refresh", "--notebooks", str(lessons)]) == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == ["[1/2] 05-two: no change", "[2/2] 04-one: left as it was"]
    assert told.err == "04-one.ipynb: this file is no notebook (not JSON). Restore it from a copy.\n"
    assert (lessons / "05-two.ipynb").read_bytes() == before


def test_no_line_is_longer_than_is_read_and_none_begins_with_none(capsys, monkeypatch):
    def fails(error):
        def fails(*args, **kwargs):
            raise error

        monkeypatch.setattr("turkic_explainer.press.checks.preflight", fails)
        assert main(["check"]) == 1
        return capsys.readouterr().err

    assert fails(OSError(28, "No space left on device")).startswith("A file: No space left on device. ")
    told = fails(DataError([f"begins {'x' * 500} ends"]))
    assert len(told) <= 201 and told.startswith("begins") and told.endswith("ends\n")


def test_stopping_it_is_no_error(capsys, lessons, tmp_path, monkeypatch):
    def stopped(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("nbformat.validator.isvalid", stopped)
    try:
        status = main(["check", "--quick", "--notebooks", str(lessons)])
    except KeyboardInterrupt:  # which would stop the tests as well
        status = None
    assert status == 130
    assert "Stopped" in capsys.readouterr().err


def test_the_installed_program_says_what_is_wrong_without_a_traceback(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "turkic_explainer.press.cli", "refresh", "99"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("There is no lesson 99.") and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_help_comes_before_anything_heavy_is_loaded():
    """And the front door itself loads nothing until a name is used."""
    script = ("import sys, turkic_explainer, turkic_explainer.press.cli\n"
              "print(*sorted({'pandas', 'folium', 'matplotlib', 'ipywidgets', 'nbconvert', 'jupyterlab'} & set(sys.modules)))")  # fmt: skip
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split() == []
    )
