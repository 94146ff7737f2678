"""A class server: five learners in a real JupyterHub that has the settings of deploy/, today and after its next start."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from traitlets.config import PyFileConfigLoader

from turkic_explainer.files import lesson_files
from turkic_explainer.learner import FILE
from turkic_explainer.press.saving import LIVE
from turkic_explainer.validate import COURSE
from turkic_explainer.validate import ROOT as PACKAGE

from .conftest import ROOT, edit, skip_or_fail
from .hub import CONFIG, PROXY, Learner, ask, errors, run_all, started_hub, until

LESSONS = [next(f.stem for f in lesson_files() if f.name.startswith(number)) for number in ("02", "03")]
NAMES = ["ayşe", "bekzat", "cholpon", "dilnoza.k", "emine"]
EXERCISES = ("02-gap-years", "gap_years = ..."), ("03-total", "total_before = ...")
RIGHT = tomllib.loads((ROOT / "tests" / "exercises.toml").read_text("utf-8"))


# How a kernel is reached: by ports, which others on this machine see as well, or by files of the learner's.
TRANSPORT = "import json, ipykernel; print(json.loads(ipykernel.get_connection_info())['transport'])"


async def works(learner: Learner, pick: int) -> None:
    """A learner's day: both lessons from top to bottom, a question picked, an exercise worked, a note of their own."""
    for lesson, (key, empty) in zip(LESSONS, EXERCISES, strict=True):

        async def also(kernel, cell, empty=empty, key=key):
            if cell.id == "import":
                [*_, told] = await kernel.run(TRANSPORT)
                assert told.text == "ipc\n"
            if cell.id == "q-online":
                await kernel.pick(pick % 4)
            if empty in cell.source:
                cell.source = cell.source.replace(empty, empty.replace("...", RIGHT[key]["right"][0]))
                cell.outputs = await kernel.run(cell.source)

        fresh = await learner.opened(lesson)
        assert all(cell.metadata.trusted for cell in fresh.cells if cell.cell_type == "code")
        notebook = await run_all(learner, lesson, also)
        assert not errors(notebook)
        notebook.cells[0].source += f"\n\nBelongs to {learner.name}."
        await learner.saved(lesson, notebook)


async def finds_all_again(learner: Learner, kept: bytes) -> None:
    for lesson, (key, _) in zip(LESSONS, EXERCISES, strict=True):
        notebook = await learner.opened(lesson)
        assert notebook.cells[0].source.endswith(f"Belongs to {learner.name}.")
        assert any(RIGHT[key]["right"][0] in cell.source for cell in notebook.cells)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert all(cell.metadata.trusted for cell in code)
        assert not any(LIVE in output.get("data", {}) for cell in code for output in cell.outputs)
    assert (learner.course / FILE).read_bytes() == kept
    async with learner.kernel(LESSONS[0]) as kernel:
        await kernel.run("from turkic_explainer import progress")
        [*_, told] = await kernel.run('progress("02")')
    open_ = told.data["text/html"]
    assert "02-capitals" in open_ and "02-gap-years" not in open_


def prepare(*more: str, **settings) -> tuple[int, list[str]]:
    """What `turkic-explainer prepare` with these words ends with, and the lines it says."""
    done = subprocess.run(
        [sys.executable, "-m", "turkic_explainer.press.cli", "prepare", *more],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **settings,
    )  # fmt: skip
    return done.returncode, done.stdout.splitlines()


def test_what_comes_after_the_folder_takes_the_commands_place(own_jupyter, tmp_path):
    server = "import os, sys; print(os.environ['JUPYTER_CONFIG_PATH'], *sys.argv[1:]); sys.exit(7)"
    status, said = prepare("course", sys.executable, "-c", server, "--port=1", "--help", cwd=tmp_path)
    assert status == 7 and said[-1] == f"{PACKAGE / 'press' / 'jupyter'} --port=1 --help"
    assert (tmp_path / "course" / "notebooks").is_dir()
    (tmp_path / "full").touch()  # a folder that cannot be made is told, and the server starts all the same
    status, said = prepare("full", sys.executable, "-c", "print('started')", cwd=tmp_path)
    assert (status, said[-1]) == (0, "started") and "full: cannot be used" in said[0]
    (tmp_path / "course" / COURSE).write_text('{"files": {}, "cells": {"notebooks/09-words.ipynb": 5}}')
    edit(tmp_path / "course" / "notebooks" / "09-words.ipynb", "# The words", "# My words")
    status, said = prepare("course", sys.executable, "-c", "print('started')", cwd=tmp_path)  # whatever is amiss in it
    assert (status, said[-1]) == (0, "started") and f"{tmp_path / 'course'}: " in said[0]
    (tmp_path / "no-program").touch(0o755)
    (tmp_path / "no-program").write_text("echo")
    status, said = prepare("other", "./no-program", cwd=tmp_path)
    assert (status, said[-1]) == (1, "./no-program: cannot be started (Exec format error).")
    status, said = prepare("none", "no-such-server", cwd=tmp_path)
    assert (status, said) == (1, ["no-such-server: there is no such command here."])
    assert not (tmp_path / "none").exists()


def test_binder_and_the_dev_container_start_with_a_learners_folder(own_jupyter, tmp_path):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    start = [ROOT / ".binder" / "start", sys.executable, "-c", "print('started')"]
    done = subprocess.run(start, cwd=tmp_path, env=os.environ | {"PATH": path}, text=True, capture_output=True)
    assert done.stdout.splitlines()[-1] == "started", done.stderr
    assert [f.name for f in lesson_files(tmp_path / "turkic-course" / "notebooks")] == [f.name for f in lesson_files()]
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    assert prepare(*container["postStartCommand"].split("prepare ")[1].split(), cwd=tmp_path)[0] == 0


@pytest.fixture
def hub():
    if find_spec("jupyterhub") is None:
        skip_or_fail("JupyterHub is not installed (uv run --group test --group hub -m pytest ...)")
    if PROXY is None:
        pytest.skip("configurable-http-proxy is not installed (npm install --global configurable-http-proxy)")
    return started_hub


@pytest.mark.long
def test_five_learners_find_all_again_when_the_hub_starts_again(hub, tmp_path):
    async def class_(address: str, lesson) -> None:
        learners = [Learner(address, tmp_path, name) for name in NAMES]
        assert set(await asyncio.gather(*(learner.starts() for learner in learners))) <= {201, 202}
        await asyncio.gather(*(lesson(number, learner) for number, learner in enumerate(learners)))

    kept = {}

    async def today(number: int, learner: Learner) -> None:
        await works(learner, number)
        neighbour = quote(NAMES[number - 1])
        assert (await ask(learner.address, f"/user/{neighbour}/api/contents", learner.token))[0] == 403
        kept[learner.name] = (learner.course / FILE).read_bytes()
        done = json.loads(kept[learner.name])
        assert {key: done["exercises"][key]["right"] for key, _ in EXERCISES} == dict.fromkeys(dict(EXERCISES), True)
        assert done["questions"]["02-online"]["tries"] == 1

    async def tomorrow(number: int, learner: Learner) -> None:
        await finds_all_again(learner, kept[learner.name])

    for lesson in (today, tomorrow):
        with hub(tmp_path) as (address, _):
            asyncio.run(class_(address, lesson))
    # Learners answered differently, and each has their own.
    firsts = {json.loads(progress)["questions"]["02-online"]["first"] for progress in kept.values()}
    assert len(firsts) > 1


@pytest.mark.long
def test_an_idle_server_is_stopped_and_the_folder_stays(hub, tmp_path):
    hurry = 'c.JupyterHub.services[0]["command"][-1:] = ["--timeout=1", "--cull-every=1"]'

    async def idles(address: str) -> None:
        learner = Learner(address, tmp_path, "ferida")
        await ask(address, "/hub/api/users/ferida", method="POST")
        await ask(address, "/hub/api/users/ferida/server", method="POST")

        async def stopped():
            return learner.course.exists() and not (await ask(address, "/hub/api/users/ferida"))[1]["servers"]

        await until(stopped, "an idle server goes on")
        assert (learner.course / "notebooks" / f"{LESSONS[0]}.ipynb").exists()

    with hub(tmp_path, hurry) as (address, _):
        asyncio.run(idles(address))
    assert "Culling server ferida" in (tmp_path / "hub.log").read_text()


def test_kubernetes_is_told_the_same():
    """values.yaml and jupyterhub_config.py say the same of how a learner's server starts."""
    config = PyFileConfigLoader(str(CONFIG)).load_config()
    values = yaml.safe_load((ROOT / "deploy" / "values.yaml").read_text("utf-8"))
    spawner, server = config.Spawner, values["singleuser"]
    assert server["cmd"] == spawner.cmd and server["defaultUrl"] == spawner.default_url
    assert values["hub"]["config"]["KubeSpawner"]["args"] == spawner.args
    assert set(server["extraEnv"]) == set(spawner.environment)
    assert server["memory"] == {"guarantee": spawner.mem_guarantee, "limit": spawner.mem_limit}
    assert f"--timeout={values['cull']['timeout']}" in config.JupyterHub.services[0]["command"]
    runtime = spawner.environment["JUPYTER_RUNTIME_DIR"]
    assert (
        runtime(None) != runtime(None) and len(runtime(None)) < 60
    )  # nobody guesses it, and a socket's name fits behind
    home = server["storage"]["homeMountPath"]
    assert f"WORKDIR {home}\n" in (ROOT / "deploy" / "Dockerfile").read_text("utf-8")


def test_the_littlest_jupyterhub_keeps_its_own_limit_and_services(monkeypatch):
    """They are set by `tljh-config`, before this file is read."""
    monkeypatch.setitem(sys.modules, "tljh", None)
    config = PyFileConfigLoader(str(CONFIG)).load_config()
    assert "mem_limit" not in {*config.Spawner, *config.SystemdSpawner}
    assert not {"services", "load_roles"} & set(config.JupyterHub)
