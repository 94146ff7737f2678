"""A real JupyterHub with configurable-http-proxy on loopback, and learners in it, for test_hub.py and for measuring:

python -m tests.hub [N] lets N learners (10) run lessons 02 and 03 at once, and prints what that takes.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from socket import create_server
from urllib.parse import quote
from urllib.request import urlopen
from uuid import uuid4

import nbformat
import psutil
from nbformat.v4 import output_from_msg
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "deploy" / "jupyterhub_config.py"
PROXY = shutil.which("configurable-http-proxy")
TOKEN = "only-for-this-test"
# What is the hub's place's own and not the course's: where it listens, who may come in, where homes are.
HERE = """
c = get_config()
load_subconfig({config!r})
c.JupyterHub.bind_url, c.JupyterHub.hub_port = "http://127.0.0.1:{port}", {port} + 1
c.ConfigurableHTTPProxy.api_url, c.ConfigurableHTTPProxy.command = f"http://127.0.0.1:{{{port} + 2}}", {proxy!r}
c.Spawner.pre_spawn_hook = lambda spawner: setattr(spawner, "port", {port} + 2 + spawner.user.id)
c.JupyterHub.authenticator_class, c.Authenticator.allow_all = "dummy", True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.environment["JUPYTER_RUNTIME_DIR"] = lambda spawner: {runtime!r} + str(spawner.user.id)
c.Spawner.args += {args!r}
c.JupyterHub.services.append({{"name": "test", "api_token": {token!r}}})
c.JupyterHub.load_roles.append({{"name": "test", "services": ["test"], "scopes": ["admin:users", "admin:servers", "tokens"]}})
"""
PATIENCE = 300  # seconds; nothing here takes a tenth of it on a machine with nothing else to do


def ports(count: int) -> int:
    """The first of so many ports in a row that are free, below those that systems give out: nobody takes one before the hub."""
    for first in random.sample(range(10_000, 30_000, count), 50):
        with suppress(OSError):
            for port in range(first, first + count):
                create_server(("127.0.0.1", port)).close()
            return first
    raise OSError("no free ports")


@contextmanager
def started_hub(place: Path, *more: str):
    """A hub whose database and homes are in `place`; gives its address and its process. `more` are lines of its settings."""
    port = ports(200)
    runtime = tempfile.mkdtemp(prefix="hub-")
    settings = HERE.format(
        config=str(CONFIG), port=port, proxy=[PROXY], homes=str(place / "{username}"), runtime=f"{runtime}/",
        token=TOKEN, args=["--allow-root"] * (os.geteuid() == 0),
    )  # fmt: skip
    (place / "config.py").write_text("\n".join([settings, *more]), "utf-8")
    # No way out, and no settings of Jupyter's but what each learner's home has.
    env = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    env |= dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9") | {"no_proxy": "127.0.0.1"}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env["PATH"]])
    with (place / "hub.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", "config.py"],
            cwd=place, env=env, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(10 * PATIENCE):
            with suppress(OSError), urlopen(f"{address}/hub/api") as reply:
                assert json.load(reply)["version"]
                break
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            process.kill()
        assert process.poll() is None, "the hub did not start:\n" + (place / "hub.log").read_text()[-3000:]
        try:
            yield address, process
        except Exception as error:  # the log is gone with the folder; why a server did not start stands nowhere else
            error.add_note((place / "hub.log").read_text(errors="replace")[-8000:])
            raise
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    finally:
        for running in (
            [*psutil.Process(process.pid).children(recursive=True), process] if process.poll() is None else []
        ):
            running.kill()
        shutil.rmtree(runtime, ignore_errors=True)


async def ask(
    address: str, path: str, token: str = TOKEN, method: str = "GET", body: object = None
) -> tuple[int, object]:
    """The status of an answer, and what it says."""
    reply = await AsyncHTTPClient(max_clients=500).fetch(HTTPRequest(
        address + path, method, {"Authorization": f"token {token}"}, None if body is None else json.dumps(body),
        allow_nonstandard_methods=True, request_timeout=PATIENCE, connect_timeout=PATIENCE,
    ), raise_error=False)  # fmt: skip
    with suppress(ValueError):
        return reply.code, json.loads(reply.body or b"null")
    return reply.code, (reply.body or b"").decode(errors="replace")


async def until(true, what: str):
    """Waits for it; gives what `true` gives once it is something."""
    for _ in range(10 * PATIENCE):
        if found := await true():
            return found
        await asyncio.sleep(0.1)
    raise TimeoutError(what)


class Learner:
    """Somebody with a browser: asks the hub for a server, and runs lessons there."""

    def __init__(self, address: str, place: Path, name: str):
        self.address, self.name, self.course = address, name, place / name / "turkic-course"
        self.quoted, self.token = quote(name), ""

    async def starts(self) -> int:
        """Presses Start, and waits for the server; gives what the hub answered."""
        await ask(self.address, f"/hub/api/users/{self.quoted}", method="POST")
        self.token = (await ask(self.address, f"/hub/api/users/{self.quoted}/tokens", method="POST"))[1]["token"]
        said, _ = await ask(self.address, f"/hub/api/users/{self.quoted}/server", method="POST")

        async def ready():
            server = (await ask(self.address, f"/hub/api/users/{self.quoted}"))[1]["servers"].get("", {})
            assert server, f"the server of {self.name} has not started"
            return server["ready"]

        if said < 300:
            await until(ready, f"the server of {self.name}")
        return said

    async def ask(self, path: str, method: str = "GET", body: object = None) -> tuple[int, object]:
        return await ask(self.address, f"/user/{self.quoted}/api/{path}", self.token, method, body)

    async def opened(self, lesson: str) -> nbformat.NotebookNode:
        """A lesson as JupyterLab gets it."""
        status, found = await self.ask(f"contents/turkic-course/notebooks/{lesson}.ipynb")
        assert status == 200, found
        return nbformat.from_dict(found["content"])

    async def saved(self, lesson: str, notebook: nbformat.NotebookNode) -> None:
        body = {"type": "notebook", "format": "json", "content": notebook}
        status, found = await self.ask(f"contents/turkic-course/notebooks/{lesson}.ipynb", "PUT", body)
        assert status == 200, found

    @asynccontextmanager
    async def kernel(self, lesson: str):
        path = f"turkic-course/notebooks/{lesson}.ipynb"
        body = {"path": path, "name": lesson, "type": "notebook", "kernel": {"name": "python3"}}
        status, session = await self.ask("sessions", "POST", body)
        assert status == 201, session
        way = f"{self.address}/user/{self.quoted}/api/kernels/{session['kernel']['id']}/channels".replace(
            "http", "ws", 1
        )
        line = await websocket_connect(
            HTTPRequest(way, headers={"Authorization": f"token {self.token}"}, connect_timeout=PATIENCE),
            max_message_size=100 << 20,
        )
        yield Kernel(line)
        line.close()
        assert (await self.ask(f"sessions/{session['id']}", "DELETE"))[0] == 204


class Kernel:
    def __init__(self, line):
        self.line, self.models = line, {}

    async def answered(self, channel: str, kind: str, content: dict) -> list[dict]:
        """Sends the kernel a message; gives what it says to that until it is idle again."""
        id_ = uuid4().hex
        header = {"msg_id": id_, "msg_type": kind, "session": "test", "username": "", "version": "5.3", "date": ""}
        message = {"channel": channel, "header": header, "parent_header": {}, "metadata": {}, "content": content}
        await self.line.write_message(json.dumps(message | {"buffers": []}))
        said, wanted = [], {"idle", *["execute_reply"] * (kind == "execute_request")}
        while wanted:
            found = await asyncio.wait_for(self.line.read_message(), PATIENCE)
            assert found is not None, "the line to the kernel was cut"
            if isinstance(found, bytes):  # a message with buffers: how many, where each begins, then the message
                found = found[int.from_bytes(found[4:8]) : int.from_bytes(found[8:12]) or None]
            answer = json.loads(found)
            if answer["parent_header"].get("msg_id") == id_:
                said.append(answer)
                wanted -= {answer["msg_type"], answer["content"].get("execution_state")}
                if answer["msg_type"] == "comm_open":
                    state = answer["content"]["data"].get("state", {})
                    self.models[answer["content"]["comm_id"]] = state.get("_model_name")
        return said

    async def run(self, code: str) -> list:
        """The outputs of a cell."""
        said = await self.answered("shell", "execute_request", {
            "code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True,
        })  # fmt: skip
        return [
            output_from_msg(m) for m in said if m["msg_type"] in ("display_data", "execute_result", "stream", "error")
        ]

    async def pick(self, choice: int) -> None:
        """Picks an answer of the question that was shown last."""
        [*_, radio] = [model for model, name in self.models.items() if name == "RadioButtonsModel"]
        data = {"method": "update", "state": {"index": choice}, "buffer_paths": []}
        await self.answered("shell", "comm_msg", {"comm_id": radio, "data": data})


async def run_all(learner: Learner, lesson: str, also=None) -> nbformat.NotebookNode:
    """Runs a lesson from its first cell to its last, and saves it. `also` is done behind each cell, with the kernel and the cell."""
    notebook = await learner.opened(lesson)
    async with learner.kernel(lesson) as kernel:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = await kernel.run(cell.source)
                if also:
                    await also(kernel, cell)
        await learner.saved(lesson, notebook)
    return notebook


def errors(notebook: nbformat.NotebookNode) -> list[str]:
    return [
        output.evalue for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "error"
    ]


# --- measuring -----------------------------------------------------------------------------------------------------


def spent(process: psutil.Process) -> float:
    """Seconds of a processor, with those of children that have ended."""
    return sum(process.cpu_times()[:4])


def measured(count: int) -> None:
    found: dict[str, list[float]] = {}
    place = Path(tempfile.mkdtemp(prefix="class-"))

    async def learns(learner: Learner, hub: psutil.Process) -> None:
        def note(what: str, value: float) -> None:
            found.setdefault(what, []).append(value)

        async def look(kernel: Kernel, cell: nbformat.NotebookNode) -> None:
            if cell.id == "still-open":  # the last one
                for process in [server, *server.children()]:
                    note(f"MB of a {'server' if process is server else 'kernel'}", process.memory_full_info().uss / 1e6)

        start = time.perf_counter()
        status = await learner.starts()
        assert status < 300, f"turned away: {status}"
        note("seconds to a server", time.perf_counter() - start)
        [server] = [p for p in hub.children() if p.environ().get("JUPYTERHUB_USER") == learner.name]
        note("CPU seconds to a server", spent(server))
        for lesson in "02-where-they-meet", "03-the-middle-corridor":
            start = time.perf_counter()
            assert not errors(await run_all(learner, lesson, look))
            note(f"seconds for the whole of {lesson[:2]}", time.perf_counter() - start)
            note(f"CPU seconds to the whole of {lesson[:2]}", spent(server))

    async def class_(address: str, hub: psutil.Process) -> list:
        learners = [Learner(address, place, f"learner-{number}") for number in range(count)]
        return await asyncio.gather(*(learns(learner, hub) for learner in learners), return_exceptions=True)

    with started_hub(place) as (address, process):
        hub = psutil.Process(process.pid)
        failed = [repr(error) for error in asyncio.run(class_(address, hub)) if error]
        ours = [hub, *(p for p in hub.children() if "JUPYTERHUB_USER" not in p.environ())]
        shared = sum(map(spent, ours)) / count
    print(f"{count} learners, {len(failed)} failed", *failed, sep="\n")
    for what, values in found.items():
        print(f"{what:32} p50 {statistics.median(values):6.1f}  p95 {sorted(values)[int(0.95 * len(values))]:6.1f}")
    print(f"{'CPU seconds of hub and proxy':32} {shared:.1f} a learner")
    shutil.rmtree(place)


if __name__ == "__main__":
    measured(int(*sys.argv[1:] or ["10"]))
