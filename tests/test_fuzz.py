"""Damaged files, of any kind: each ends in what it can still give or in a line that names it, within seconds."""

import os
import signal
import subprocess
import sys
import time

import pytest
from nbformat.v4 import new_code_cell, new_output

from turkic_explainer import ledger
from turkic_explainer.press import checks
from turkic_explainer.validate import DataError

from .conftest import ROOT, code, edit, lesson, matrix, prose
from .fuzz import Data, Notebooks, fuzzed, small, told

pytestmark = pytest.mark.usefixtures("own_jupyter")


@pytest.mark.parametrize(
    "what, count", matrix([(Notebooks, 4), (Data, 8), (Notebooks, 200), (Data, 300)], (Notebooks, 4), (Data, 8))
)
def test_what_is_damaged_is_read_or_told(what, count):
    kinds, wrong = fuzzed(what, count, seed=count)
    assert not wrong, "\n".join(wrong)
    assert sum(kinds.values()) == count


@pytest.mark.long
def test_what_goes_wrong_with_a_damaged_notebook_would_be_found(tmp_path, monkeypatch):
    tried = Notebooks(tmp_path, monkeypatch)
    assert tried.tried(tried.raw) == [] and tried.tried(b"{") == []
    monkeypatch.setattr(checks, "check_lesson", lambda file: 1 / 0)
    assert any("ZeroDivisionError" in line for line in tried.tried(tried.raw))
    monkeypatch.setattr(checks, "check_lesson", lambda file: ["None: " + "x" * 300] * (file.stem[:2] == "95"))
    assert {line.split(":")[1] for line in tried.tried(tried.raw)} >= {" no message"}


def test_what_is_read_without_a_word_would_be_found(tmp_path, monkeypatch):
    tried = Data(tmp_path, monkeypatch)
    file = tried.data / "summits.csv"
    twice = file.read_bytes() + file.read_bytes().splitlines(True)[-1]
    assert tried.tried(file, twice, must=True) == []
    monkeypatch.setattr(tried, "read", lambda file: [])
    assert tried.tried(file, twice, must=True) == ["read without a word"]


def test_claims_that_rest_on_each_other_in_a_circle_are_named(seeds):
    text = (seeds / "S0.toml").read_text("utf-8")
    first = text[text.index('from = ["S0-33", "S0-34"]') :].partition("\n")[0]
    edit(seeds / "S0.toml", first, 'from = ["S0-33", "S0-46"]')
    with pytest.raises(DataError, match=r"^S0\.toml, S0-46, from: found 'S0-46, S0-46'.*circle"):
        ledger.claims()


@pytest.mark.parametrize("formula", ["S0_33 +", "S0_33 / 0", "(" * 4000, "S0_33 * 1e400 - S0_33 * 1e400 + S0_01"])
def test_a_formula_that_gives_nothing_is_told(seeds, formula):
    edit(seeds / "S0.toml", 'formula = "S0_33 * 1000 / S0_34"', f'formula = "{formula}"')
    with pytest.raises(DataError, match="^S0-46: its formula gives nothing"):
        ledger.derived("S0-46")


SLOW = [
    "`a ",
    "$a ",
    "<b>",
    "<a ",
    "[",
    "![",
    "[a](",
    "*a ",
    "**a ",
    "~~a",
    "> ",
    "\\begin{a}",
    "\\\\[",
    "\n# a",
    "|a|b|\n|-|-|\n",
    "1. a\n",
]


@pytest.mark.parametrize("unit", matrix(SLOW, "["))
def test_text_that_was_made_to_be_slow_is_told_or_takes_seconds(tmp_path, monkeypatch, unit):
    """200 kB are refused; as much as a cell may have takes no longer than SLOWEST in any command."""
    tried = Notebooks(tmp_path, monkeypatch)
    for size in (9_990, 200_000):
        text = (unit * (size // len(unit))).strip("\n")
        lesson(tried.folder, prose("# T"), prose(text, "slide", "worksheet"), name="95-hurt.ipynb")
        assert tried.tried(tried.hurt.read_bytes()) == []
        assert (told(["check", "--quick", "--notebooks", str(tried.folder)])[1].count("10000") == 1) == (size > 10_000)


BOXES = [
    "<b>",
    "<svg>",
    "<p>x</p>",
    "<h2>x</h2>",
    "<img>",
    '<p class="tx-question">x</p>',
    '<input type="radio" id="a">',
]


@pytest.mark.parametrize("unit", matrix(BOXES, "<svg>"))
def test_an_output_that_was_made_to_be_slow_takes_seconds(tmp_path, monkeypatch, unit):
    """200 kB of boxes in each other, or one after the other, in all commands: no longer than SLOWEST each."""
    tried = Notebooks(tmp_path, monkeypatch)
    output = new_output("display_data", {"text/html": unit * (200_000 // len(unit)), "text/plain": "boxes"})
    shown = new_code_cell("1", outputs=[output], metadata={"tags": ["slide", "worksheet"]})
    lesson(tried.folder, prose("# T"), shown, name="95-hurt.ipynb")
    assert tried.tried(tried.hurt.read_bytes()) == []


# --- names, pipes and stopping ---------------------------------------------------------------------------------------


def program(*arguments, **settings) -> subprocess.Popen:
    command = [sys.executable, "-m", "turkic_explainer.press.cli", *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", **settings
    )


@pytest.mark.parametrize(
    "command", [["handouts", "--edition", "student", "--out", "out"], ["check", "--quick"], ["refresh"]]
)
def test_a_pipe_and_a_name_that_is_no_text_are_told_and_the_others_made(tmp_path, monkeypatch, command):
    tried = Notebooks(tmp_path, monkeypatch)
    tried.hurt.unlink()
    os.mkfifo(tried.folder / "96-pipe.ipynb")
    os.link(tried.sound, os.fsencode(tried.folder) + b"/97-\xff.ipynb")
    monkeypatch.chdir(tmp_path)
    status, said = told([*command, "--notebooks", str(tried.folder)])
    assert status == 1 and "96-pipe.ipynb: this is no file" in said and "this name is not UTF-8" in said
    assert "94-sound" in said and "94-sound.ipynb was not converted" not in said


@pytest.mark.long
def test_when_nobody_reads_on_it_ends_with_a_word(tmp_path):
    small(tmp_path, "94-sound.ipynb")
    running = program("check", "--quick", "--notebooks", tmp_path)
    running.stdout.close()
    told = running.stderr.read()
    assert running.wait(120) == 1 and "Stopped" in told and "Traceback" not in told and "Exception" not in told, told


@pytest.mark.parametrize("after", matrix([0.4, 0.7, 1.0, 1.5, 2.5, 4.0], 1.0))
def test_stopped_at_any_moment_it_ends_with_a_word(tmp_path, after):
    small(tmp_path, "94-sound.ipynb")
    lesson(tmp_path, prose("# T"), code("import time; time.sleep(60)"), name="95-slow.ipynb")  # never done by then
    running = program("check", "--notebooks", tmp_path, start_new_session=True)
    time.sleep(after)
    running.send_signal(signal.SIGINT)
    said = "".join(running.communicate(timeout=120))
    assert "Traceback" not in said and "Exception" not in said, said
    assert running.returncode == 130 and "Stopped" in said


# --- the same bytes, also on a bad day -------------------------------------------------------------------------------


@pytest.mark.long
def test_a_refresh_gives_the_same_bytes_on_a_bad_day(tmp_path):
    """Under other hash seeds and time zones, with no cache of fonts, and while something else has all the machine."""
    stored = {
        name: (ROOT / "notebooks" / name).read_bytes()
        for name in ("02-where-they-meet.ipynb", "07-shared-waters.ipynb")
    }
    burner = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 2)]
    try:
        for number, (seed, zone) in enumerate([("0", "UTC"), ("1", "Asia/Tokyo"), ("4242", "America/Lima")]):
            folder = tmp_path / str(number)
            folder.mkdir()
            for file in (ROOT / "notebooks").glob("*.ipynb"):
                (folder / file.name).write_bytes(file.read_bytes())
            homes = {
                f"{name}_DIR": str(tmp_path / f"{name}{number}")
                for name in ("JUPYTER_CONFIG", "JUPYTER_DATA", "JUPYTER_RUNTIME")
            }
            cold = homes | {
                name: str(tmp_path / f"{name}{number}")
                for name in ("MPLCONFIGDIR", "IPYTHONDIR", "XDG_CACHE_HOME", "HOME")
            }
            settings = os.environ | cold | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
            running = program("refresh", "02", "07", "--notebooks", folder, env=settings)
            said = "".join(running.communicate(timeout=550))
            assert running.returncode == 0, said
            for name, before in stored.items():
                assert (folder / name).read_bytes() == before, (name, seed, zone)
    finally:
        for one in burner:
            one.kill()
            one.wait()
