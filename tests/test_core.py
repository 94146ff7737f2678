"""A slim core: lessons run with the helper alone, with the oldest tables' library and the newest, and load no more than they need."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import turkic_explainer as tx
from turkic_explainer.drawing import svg
from turkic_explainer.files import lesson_files
from turkic_explainer.press import cli, drawings
from turkic_explainer.validate import DataError

from .cells import told
from .conftest import ROOT, forget
from .test_setup import newcomer, succeeds

WITHOUT = {  # what only [lab] brings, or what only maps need: by what is run without it
    "every check": ("[tx.check(key, 3) for key in lessons.keys('exercises')]", "folium matplotlib ipywidgets nbformat"),
    "lesson 00": ("ran('notebooks/00-start-here.ipynb')", "nbformat nbclient matplotlib babel folium"),
    "charts and names": ("tx.cargo_chart(); tx.states(); tx.chart('11-poll')", "matplotlib babel"),
    "a map": ("tx.venue_map()", "matplotlib"),
}


def test_nothing_is_loaded_that_is_not_needed():
    lines = [
        "import sys",
        "from tests.cells import ran",
        "import turkic_explainer as tx",
        "from turkic_explainer import lessons",
    ]
    for what, (line, names) in WITHOUT.items():
        lines += [line, f"print({what!r}, *sorted(set({names.split()}) & set(sys.modules)), sep=': ')"]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.splitlines() == [*WITHOUT], done.stderr[-2000:]


# --- stored drawings -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown():
    return drawings.shown()


def test_every_drawing_that_lessons_show_is_stored_and_no_other(shown, monkeypatch):
    monkeypatch.setattr(drawings, "shown", lambda: shown)
    assert drawings.stale() == [] and len(shown) > 20


@pytest.mark.long
def test_a_stored_drawing_is_what_matplotlib_draws_today(shown):
    for name, drawing in shown.items():
        assert (drawings.FOLDER / name).read_text("utf-8") == svg(drawing), name


def test_a_chart_whose_figures_changed_is_drawn_anew(data, monkeypatch):
    before = str(tx.hosting_chart().body)
    rows = (data / "summits.csv").read_text("utf-8")
    (data / "summits.csv").write_text(rows.replace("\ninformal,", "\nextraordinary,", 1), "utf-8")
    forget()
    assert str(tx.hosting_chart().body) != before
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(DataError, match=r'\(matplotlib\): pip install "turkic-explainer\[lab\]"'):
        tx.hosting_chart()
    assert str(tx.cargo_chart().body)


def test_refresh_draws_what_is_missing_and_takes_away_what_no_lesson_shows(shown, tmp_path, monkeypatch):
    monkeypatch.setattr(drawings, "shown", lambda: shown)
    folder = shutil.copytree(drawings.FOLDER, tmp_path / "charts")
    monkeypatch.setattr(drawings, "FOLDER", folder)
    gone = next(folder.glob("cargo.*.svg"))
    kept = gone.read_bytes()
    gone.rename(folder / "old.0.svg")
    assert [line.split(":")[0] for line in drawings.stale()] == [f"data/charts/{gone.name}", "data/charts/old.0.svg"]
    assert sorted(drawings.written(anew=False)) == [gone.name, "old.0.svg"]
    assert gone.read_bytes() == kept and drawings.stale() == []


# --- commands without [lab] ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["lab", "handouts", "quiz", "check", "refresh"])
def test_a_command_that_needs_more_says_so_in_a_line_before_it_begins(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    assert cli.main([command]) == 1 and not list(tmp_path.iterdir())
    said = capsys.readouterr()
    mend = '(jupyterlab): pip install "turkic-explainer[lab]"'
    assert said.out == "" and said.err == f"turkic-explainer {command} needs more than is installed here {mend}\n"


@pytest.mark.long
def test_without_them_our_exporters_are_off_and_in_no_other_exporter_s_way(tmp_path):
    """Where JupyterLab is and [lab] is not: its menu asks nbconvert for the names of all exporters."""
    shutil.copy(ROOT / "notebooks" / "09-words.ipynb", tmp_path)
    without = "import sys; sys.modules['smartypants'] = None; from nbconvert.nbconvertapp import main; "

    def said(line: str) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-c", without + line], cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    status, names = said("from nbconvert.exporters import get_export_names as names; print(names())")
    assert status == 0 and "html" in names and "turkic" not in names
    assert said("main(['--to', 'html', '09-words.ipynb'])")[0] == 0 and (tmp_path / "09-words.html").exists()
    mend = 'This edition needs more than is installed here (smartypants): pip install "turkic-explainer[lab]"\n'
    assert said("main(['--to', 'turkic_handout', '09-words.ipynb'])") == (1, mend)


# --- the helper alone ------------------------------------------------------------------------------------------------


def stored(file: Path) -> list[str]:
    cells = [cell for cell in json.loads(file.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    return [told([output.get("data", {}) for output in cell["outputs"]]) for cell in cells]


# As Pyodide 0.27.7 has them, which is a Python 3.12; for newer ones there are no such wheels.
OLDER = ("pandas==2.2.3", "numpy==2.0.2") if sys.version_info < (3, 13) else ("pandas<3",)


@pytest.mark.long
@pytest.mark.parametrize("others", [(), OLDER], ids=["newest", "older"])
def test_the_helper_alone_shows_every_lesson_as_it_is_stored(others, tmp_path):
    """With what a learner gets by pip where notebooks run already; and with an older pandas."""
    env, uv = newcomer(), os.environ.get("UV") or shutil.which("uv")
    if not uv:
        succeeds([sys.executable, "-m", "venv", tmp_path / "uv"], tmp_path, env)
        uv = tmp_path / "uv" / "bin" / "uv"
        succeeds([tmp_path / "uv" / "bin" / "python", "-m", "pip", "install", "-q", "uv"], tmp_path, env)
    day = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]["exclude-newer"]
    python = tmp_path / "alone" / "bin" / "python"
    succeeds([uv, "venv", "-q", "--python", sys.executable, tmp_path / "alone"], tmp_path, env)
    install = [uv, "pip", "install", "-q", "--no-config", "--exclude-newer", day, "--python", python]
    succeeds([*install, ROOT, *others], tmp_path, env)
    command = python.with_name("turkic-explainer")
    assert "Version of the course" in succeeds([command, "prepare", tmp_path / "course"], tmp_path, env)
    done = subprocess.run([command, "lab"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "turkic-explainer[lab]" in done.stderr

    files = lesson_files(ROOT / "notebooks")
    lessons = shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    shown = subprocess.run(
        [python, ROOT / "tests" / "cells.py", *(f.name for f in files)],
        cwd=lessons,
        env=env,
        capture_output=True,
        text=True,
    )
    assert shown.returncode == 0, shown.stderr[-2000:]
    for file, cells in zip(files, json.loads(shown.stdout), strict=True):
        for number, (cell, wanted) in enumerate(zip(cells, stored(file), strict=True), 1):
            assert cell == wanted, f"{file.name}, code cell {number}"
