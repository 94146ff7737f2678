"""The site: the lessons in the browser, with nothing from outside, and on a device that has seen one with no server at all."""

import json
import os
import shutil
import subprocess
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from turkic_explainer.files import lesson_files
from turkic_explainer.press import lite

from .browser import Wire, noted
from .conftest import JOURNEY, ROOT, skip_or_fail

WHEELS = ROOT.parent / "shared" / "pyodide"  # Pyodide's own builds of numpy and pandas, which no package registry has
LATER, FRESH = "05-promise-and-outcome", "10-who-is-turkic"


@pytest.fixture(scope="module")
def pyodide(tmp_path_factory) -> list[Path]:
    """The folders with Pyodide's files: those that are named, or else npm's package and the wheels beside the clone."""
    if named := os.environ.get("TURKIC_PYODIDE"):
        return [Path(folder) for folder in named.split(os.pathsep)]
    if not WHEELS.is_dir():
        pytest.skip(f"Pyodide's wheels are not here ({WHEELS}); TURKIC_PYODIDE can name their folder")
    if not shutil.which("npm"):
        skip_or_fail("no npm on this machine (apt-get install npm)")
    folder = tmp_path_factory.mktemp("npm")
    subprocess.run(["npm", "pack", "--silent", f"pyodide@{lite.PYODIDE}"], cwd=folder, check=True, capture_output=True)
    shutil.unpack_archive(next(folder.glob("*.tgz")), folder)
    return [folder / "package", WHEELS]


@pytest.fixture(scope="module")
def site(pyodide, tmp_path_factory) -> Path:
    """The site of the whole course."""
    out = tmp_path_factory.mktemp("site") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(lite.SETTINGS, "exposeAppInBrowser", "true")  # so that a test can ask JupyterLab itself
        lite.write(lesson_files(), pyodide, out, say=str)
    return out


# --- in Pyodide ----------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_every_cell_of_every_lesson_runs_in_the_browsers_python_and_shows_what_is_stored(site, tmp_path):
    if not shutil.which("node"):
        skip_or_fail("no Node.js on this machine (apt-get install nodejs)")
    folder = shutil.copytree(site / "files", tmp_path / "files")
    command = ["node", str(Path(__file__).with_name("cells.cjs")), str(site), str(folder)]
    done = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=1200).stdout)
    assert [*done] == sorted(file.name for file in lesson_files())
    failed, other = [], []
    for name, cells in done.items():
        stored = {cell["id"]: cell for cell in json.loads((site / "files" / name).read_text("utf-8"))["cells"]}
        assert [cell["id"] for cell in cells] == [i for i, cell in stored.items() if cell["cell_type"] == "code"]
        for cell in cells:
            was, where = stored[cell["id"]], f"{name} {cell['id']}"
            failed += [f"{where}: {cell['why'][-300:]}"] * (cell["status"] != "ok")
            shown = [next(map(data.get, ("text/html", "text/plain")), "") for data in cell["shown"] if data]
            kept = [next(map(o["data"].get, ("text/html", "text/plain")), "") for o in was["outputs"] if "data" in o]
            held_back = {"reveal", "notebook"} & {*was["metadata"].get("tags", [])}
            other += [where] * (not held_back and shown != kept)
    assert failed == []
    assert other == []


# --- in Chromium ---------------------------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


RUN = """() => Promise.race([
  new Promise((_, no) => setTimeout(no, 400_000, 'not done in 400 s')),
  (async () => {
    const { sessionContext, content } = jupyterapp.shell.currentWidget;
    await sessionContext.ready;
    await sessionContext.session.kernel.info;
    await jupyterapp.commands.execute('notebook:run-all-cells');
    await jupyterapp.commands.execute('docmanager:save');
    const cells = content.widgets.map(cell => cell.model.toJSON()).filter(cell => cell.cell_type === 'code');
    return cells.map(cell => [cell.id, cell.outputs.filter(shown => shown.output_type === 'error').map(e => e.evalue)]);
  })(),
])"""
KEPT = """name => new Promise((yes, no) => {
  const open = indexedDB.open('JupyterLite Storage');
  open.onerror = () => no(open.error);
  open.onsuccess = () => {
    const got = open.result.transaction('files').objectStore('files').get(name);
    got.onsuccess = () => { open.result.close(); yes(got.result?.content ?? null); };
  };
})"""
WHOLE = "async n => (await (await caches.open('turkic-explainer')).keys()).length === n"


def opened(page, base: str, lesson: str) -> None:
    """Opens a lesson and waits for JupyterLab to show it."""
    page.goto(f"{base}lab/index.html?path={lesson}.ipynb")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length > 5", timeout=180_000)


def ran(page) -> None:
    """Runs all of it; no cell may end in an error."""
    cells = page.evaluate(RUN)
    assert len(cells) > 10
    assert [cell for cell in cells if cell[1]] == []


@pytest.mark.long
def test_a_lesson_runs_with_nothing_from_outside_and_any_other_with_the_server_gone(site, chromium):
    """And then the course changes: what is new comes, but for the lesson that was worked in, which stays hers."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    Thread(target=server.serve_forever, daemon=True).start()
    wire, context = Wire(server.server_port), chromium.new_context(viewport={"width": 1366, "height": 768})
    base, asked = f"http://127.0.0.1:{wire.port}/", []
    context.on("request", lambda request: asked.append(request.url))
    try:
        page = noted(context.new_page())
        page.goto(base)
        page.get_by_role("link", name="Run in the browser of").nth(2).click()
        page.wait_for_url(f"**/lab/index.html?path={JOURNEY}.ipynb")
        opened(page, base, JOURNEY)
        # What is stored is shown as it is before any kernel has said a word: of an untrusted output, styles are taken away.
        page.locator(".jp-OutputArea style.tx-style").first.wait_for(state="attached", timeout=60_000)
        ran(page)
        card = page.locator(".jp-OutputArea .widget-vbox:has(button)").first
        card.scroll_into_view_if_needed()
        card.get_by_role("button").first.click()
        page.wait_for_function(f"async () => (await ({KEPT})('my-progress.json')) !== null", timeout=60_000)
        kept = page.evaluate(KEPT, "my-progress.json")
        assert len((json.loads(kept) if isinstance(kept, str) else kept)["questions"]) == 1
        page.wait_for_function(WHOLE, arg=len(lite.listed(site)), timeout=180_000)

        wire.cut()
        other = noted(context.new_page())
        opened(other, base, LATER)
        ran(other)
        other.close()

        for name in (JOURNEY, FRESH):
            file = site / "files" / f"{name}.ipynb"
            file.write_text(file.read_text("utf-8").replace('"# ', '"# Anew: ', 1), "utf-8")
        (site / "service-worker.js").write_bytes(lite.worker(site))
        wire.whole = True
        page.goto(base)  # at which the browser looks whether the worker is another
        new = "async url => (await (await fetch(url)).text()).includes('# Anew: ')"
        page.wait_for_function(new, arg=f"{base}files/{FRESH}.ipynb", timeout=60_000)
        titles = []
        for name in (JOURNEY, FRESH):
            opened(page, base, name)
            titles.append(page.evaluate("jupyterapp.shell.currentWidget.content.widgets[0].model.sharedModel.source"))
        assert [title.startswith("# Anew: ") for title in titles] == [False, True]
        assert {url for url in asked if not url.startswith((base, "data:", "blob:"))} == set()
    finally:
        context.close()
        server.shutdown()
