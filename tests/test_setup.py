"""Every door: README's own first command in a fresh clone, as it stands there, and the wheel in a bare environment."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from .browser import listens
from .conftest import ROOT, skip_or_fail

pytestmark = pytest.mark.long

# The lines of README that are copied and run, in their order: the lessons, the tests.
COMMANDS = re.findall(r"^    (python3 .+)$", (ROOT / "README.md").read_text("utf-8"), re.M)
LATER = re.search(r"`(\S+ run turkic-explainer) lab` is enough", (ROOT / "README.md").read_text("utf-8"))
NO_NETWORK = re.compile(r"NewConnectionError|name resolution|dns error|client error \(Connect\)|Network is unreachable")
DEBIANS = Path("/usr/bin/python3")


def pythons() -> list[Path]:
    """The distribution's Python and another one: that of the tests, or else a newer one that pyenv has or that is on the path."""
    others = [
        Path(sys.base_prefix, "bin", "python3"),
        *sorted(Path.home().glob(".pyenv/versions/3.1[1-9].*/bin/python3"), reverse=True),
    ]
    others += [Path(found) for n in range(11, 20) if (found := shutil.which(f"python3.{n}"))]
    other = next((python for python in others if python.exists() and python.resolve() != DEBIANS.resolve()), None)
    return [DEBIANS, other or Path("another Python")]


def newcomer(python: Path | None = None) -> dict[str, str]:
    """The environment of somebody whose `python3` is this one, and in whose locale there are no letters but English ones."""
    ours = ("VIRTUAL_ENV", "UV", "UV_PROJECT_ENVIRONMENT", "PYTHONPATH", "PYTHONHOME", "LANG")
    env = {name: value for name, value in os.environ.items() if name not in ours}
    path = [folder for folder in env["PATH"].split(os.pathsep) if Path(folder) != Path(sys.prefix, "bin")]
    return env | {"LC_ALL": "C", "PATH": os.pathsep.join([*([str(python.parent)] if python else []), *path])}


def succeeds(command: str | list, folder: Path, env: dict[str, str]) -> str:
    """What a command that must succeed says."""
    done = subprocess.run(command, cwd=folder, env=env, shell=isinstance(command, str), text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)  # fmt: skip
    if done.returncode and NO_NETWORK.search(done.stdout):
        skip_or_fail("no network, or no package index that can be reached")
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout[-3000:]}"
    return done.stdout


@contextmanager
def lab(command: str, folder: Path, env: dict[str, str]):
    """JupyterLab by this command; gives its address without a path, its token, and what was said until it was there."""
    process = subprocess.Popen(f"{command} --no-browser --port=0", cwd=folder, env=env, shell=True, text=True, errors="replace",
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)  # fmt: skip
    said, found = "", None
    try:
        for line in process.stdout:
            said += line
            if found := re.search(r"(http://127\.0\.0\.1:\d+)/lab/tree/notebooks/00-\S+\?token=(\w{20,})", line):
                break
        if not found and NO_NETWORK.search(said):
            skip_or_fail("no network, or no package index that can be reached")
        assert found, f"{command} did not open lesson 00:\n{said[-3000:]}"
        yield found[1], found[2], said
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def answers(address: str, token: str) -> None:
    """JupyterLab gives its page and lesson 00 to who has the token, and the lesson to nobody else."""

    def get(path: str, **headers: str) -> str:
        with urllib.request.urlopen(urllib.request.Request(address + path, headers=headers), timeout=30) as reply:
            return reply.read().decode()

    listens(address)
    assert "jupyter-config-data" in get(f"/lab/tree/notebooks/00-start-here.ipynb?token={token}")
    lesson = "/api/contents/notebooks/00-start-here.ipynb"
    assert json.loads(get(lesson, Authorization=f"token {token}"))["content"]["cells"]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(lesson)


@pytest.fixture
def clone(tmp_path):
    """A fresh clone of what is committed, in a path with spaces, a quote and letters that are not English."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        skip_or_fail("this is no clone, or git is not here")
    folder = tmp_path / "Ayşe Yılmaz" / "Курс d'été"
    succeeds(["git", "clone", "-q", str(ROOT), str(folder)], tmp_path, dict(os.environ))
    return folder


@pytest.mark.parametrize("python", pythons(), ids=("distribution", "another"))
def test_readmes_first_command_opens_a_lesson(python, clone, own_jupyter):
    """Whoever runs the tests as root is root here too, and must not have to know of --allow-root."""
    if not python.exists():
        skip_or_fail(f"{python} is not on this machine")
    env = newcomer(python)
    with lab(COMMANDS[0], clone, env) as (address, token, said):
        answers(address, token)
    assert ("You are root" in said) == (os.geteuid() == 0)
    base = succeeds(
        [clone / ".venv" / "bin" / "python", "-c", "import sys; print(sys._base_executable)"], clone, env
    ).strip()
    assert Path(base).resolve() == python.resolve()  # the lessons run in the Python that the command was typed with
    assert not list(clone.glob(".venv/lib/*/site-packages/pytest")), "learners fetch no test tools"
    moved = clone.rename(clone.with_name("Gök Türk"))
    assert "All in order." in succeeds(f"{LATER[1]} check --quick", moved, env)


def test_readmes_test_command_finds_the_tests(clone):
    """It is not run within itself: it must only find every test."""
    found = succeeds(f"{COMMANDS[1]} --collect-only -q tests/test_cli.py", clone, newcomer(DEBIANS))
    assert re.search(r"^tests/test_cli\.py::", found, re.M) and re.search(r"^\d\d+(/\d+)? tests collected", found, re.M)


def test_an_installed_wheel_does_all_that_a_clone_does(clone, tmp_path, own_jupyter):
    env = newcomer(DEBIANS)
    succeeds("python3 -m venv .uv && .uv/bin/python -m pip install -q uv", clone, env)
    uv, day = (
        clone / ".uv" / "bin" / "uv",
        tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]["exclude-newer"],
    )
    succeeds([uv, "build", "-q", "--wheel", "--out-dir", tmp_path], clone, env)
    [wheel] = tmp_path.glob("*.whl")
    bare, away = tmp_path / "bare", tmp_path / "başka yer"
    away.mkdir()
    succeeds([DEBIANS, "-m", "venv", bare], away, env)
    succeeds(
        [
            uv,
            "pip",
            "install",
            "-q",
            "--no-config",
            "--exclude-newer",
            day,
            "--python",
            bare / "bin" / "python",
            f"{wheel}[lab]",
        ],
        away,
        env,
    )
    shutil.rmtree(clone)

    command = bare / "bin" / "turkic-explainer"
    assert "All in order." in succeeds([command, "check", "--quick"], away, env)
    succeeds([command, "handouts", "02"], away, env)
    assert {"index.html", "02-where-they-meet.html"} <= {p.name for p in (away / "handouts" / "students").iterdir()}
    assert "09-words: no change" in succeeds([command, "refresh", "09"], away, env)
    own = away / "turkic-course" / "notebooks"
    with lab(f"'{command}' lab", away, env) as (address, token, _):
        answers(address, token)
    succeeds(
        [bare / "bin" / "python", "-m", "nbconvert", "--to", "turkic_slides", own / "02-where-they-meet.ipynb"],
        away,
        env,
    )
    assert (own / "02-where-they-meet.html").exists()
