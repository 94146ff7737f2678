"""The site: the lessons in the browser, with nothing from outside, and on a device that has seen one with no server at all."""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest

from turkic_explainer import learner
from turkic_explainer.files import lesson_files
from turkic_explainer.press import lite
from turkic_explainer.press.build import build
from turkic_explainer.press.cli import main
from turkic_explainer.press.folder import zipped
from turkic_explainer.validate import DataError

from .browser import Wire, noted
from .conftest import JOURNEY, ROOT, code, forget, page, prose, skip_or_fail
from .conftest import lesson as small_lesson
from .entrances import Kept
from .test_adapting import hers  # noqa: F401  a teacher's folder, worked in
from .test_entrances import small

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
    if subprocess.run(
        ["npm", "pack", "--silent", f"pyodide@{lite.PYODIDE}"], cwd=folder, capture_output=True
    ).returncode:
        pytest.skip(f"npm could not fetch Pyodide {lite.PYODIDE}; TURKIC_PYODIDE can name a folder with its files")
    shutil.unpack_archive(next(folder.glob("*.tgz")), folder)
    return [folder / "package", WHEELS]


@pytest.fixture(scope="module")
def site(pyodide, tmp_path_factory) -> Path:
    """The site of the whole course."""
    if not find_spec("jupyterlite_core"):
        skip_or_fail("no JupyterLite here (uv run --group test --group site -m pytest ...)")
    out = tmp_path_factory.mktemp("site") / "site"
    lite.write(lesson_files(), pyodide, out, say=str)
    return out


# --- what is put into it -------------------------------------------------------------------------------------------


@pytest.mark.long
def test_no_answer_is_in_a_learners_files_nor_a_note_in_what_her_kernel_reads(site):
    """Her kernel must read questions.md to judge an answer, and the tables to show them."""
    kept, found = Kept(lesson_files()), dict(lite.contents(lesson_files()))
    parts = {
        name: content for name, content in lite.course_files() if not name.endswith((".py", "questions.md", ".csv"))
    }
    assert {name: told for name, content in (found | parts).items() if (told := kept.found(name, content))} == {}
    assert not (site / "teacher").exists() and not list(site.rglob("keys"))


def test_a_learners_lessons_show_what_is_stored_before_any_kernel_and_keep_her_progress():
    found = dict(lite.contents(lesson_files()))
    assert found[".turkic-explainer.json"] == b"{}" and "evidence/S3.md" in found
    for file in lesson_files():
        cells = json.loads(found[file.name])["cells"]
        assert all(isinstance(cell["source"], str) for cell in cells)
        assert not [cell for cell in cells if {"answer", "solution", "teacher"} & {*cell["metadata"].get("tags", [])}]
        shown = [cell for cell in cells if cell["cell_type"] == "code"]
        assert all(cell["metadata"]["trusted"] for cell in shown)
        told = [o["data"] for cell in shown for o in cell["outputs"] if "data" in o]
        assert all(isinstance(data.get("text/html", ""), str) for data in told)


def test_a_teachers_own_texts_are_in_what_her_learners_kernels_read(hers):  # noqa: F811
    own = {
        "lesson02/questions.md": b"# hers",
        "lesson12/questions.md": b"# mine",
        "fixed-words.tr.toml": b"Page = 'Sayfa'",
    }
    for name, text in own.items():
        (hers / "lessons" / name).parent.mkdir(exist_ok=True)
        (hers / "lessons" / name).write_bytes(text)
    found = dict(lite.course_files())
    assert {name: found.get(f"turkic_explainer/lessons/{name}") for name in own} == own
    assert found["turkic_explainer/lessons/lesson02/figures.py"]


def test_the_index_leads_to_each_lesson_that_can_be_run_and_only_students_there(tmp_path):
    build(
        [small(tmp_path / "notebooks")], tmp_path / "out", ["student", "teacher"], lab="lab/index.html?path=", say=str
    )
    for entrance, leads in (("students", ["lab/index.html?path=04-one.ipynb"]), ("teacher", [])):
        soup = page((tmp_path / "out" / entrance / "index.html").read_text("utf-8"))
        assert [a["href"] for a in soup.find_all("a") if a.get_text().startswith("Run in the browser")] == leads
        # JupyterLite, whose root the students' index is then, looks for its settings there.
        assert len(soup.select("script#jupyter-config-data[type='application/json']")) == len(leads)


def test_the_list_has_every_file_with_what_it_holds(tmp_path):
    for name in ("b.txt", "lab/index.html", "static/pyodide/a.whl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "files.json").write_bytes(first := lite.listing(tmp_path))
    assert lite.listed(tmp_path) == [
        "static/pyodide/a.whl",
        "lab/index.html",
        "b.txt",
    ]  # what lessons run on comes first
    assert lite.listing(tmp_path) == first
    (tmp_path / "b.txt").write_text("new")
    assert lite.listing(tmp_path) != first


def runtime(folder: Path, **packages) -> Path:
    """A folder with the files that Pyodide has, and these packages on its list."""
    folder.mkdir()
    for name in lite.CORE:
        (folder / name).write_text("")
    lock = {"info": {"version": lite.PYODIDE, "python": "3.12.7"}, "packages": packages}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))
    return folder


NUMPY = {"file_name": "numpy-2.0.2.whl", "sha256": "0" * 64, "depends": []}


@pytest.mark.parametrize("wrong", ["no core", "another version", "a damaged wheel", "no wheel"])
def test_what_is_missing_of_pyodide_is_said_in_a_line(tmp_path, wrong):
    folder = runtime(tmp_path / "pyodide", numpy=NUMPY)
    if wrong == "no core":
        (folder / "pyodide.asm.wasm").unlink()
    elif wrong == "another version":
        (folder / "pyodide-lock.json").write_text('{"info": {"version": "0.28.0"}, "packages": {}}')
    elif wrong == "a damaged wheel":
        (folder / NUMPY["file_name"]).write_text("half")
    with pytest.raises(
        DataError,
        match=re.escape({"no core": "pyodide.asm.wasm", "another version": "0.28.0"}.get(wrong, "numpy-2.0.2")),
    ):
        lite.Runtime([folder]).take("numpy")


def test_no_other_folder_is_written_over_and_jupyterlite_is_asked_for_by_name(tmp_path, monkeypatch):
    (tmp_path / "letters.txt").write_text("mine")
    monkeypatch.setattr(lite, "EXTENSIONS", tmp_path)
    with pytest.raises(DataError, match="--group site"):
        lite.write([], [], tmp_path, str)
    (tmp_path / lite.KERNEL).mkdir(parents=True)
    monkeypatch.setattr(lite.util, "find_spec", str)
    with pytest.raises(DataError, match="--out"):
        lite.write([], [], tmp_path, str)
    assert (tmp_path / "letters.txt").read_text() == "mine"


def test_what_is_packed_again_has_nothing_compiled_and_the_same_bytes_each_time(tmp_path):
    """And it brings what it needs in the browser: not what only other systems need."""
    made = []
    for turn in "ab":
        packed = lite.Runtime([runtime(tmp_path / turn)])
        packed.take("jinja2")
        made.append(packed)
    assert made[0].files == made[1].files and {"jinja2", "markupsafe"} == made[0].taken.keys()
    wheel = made[0].files[made[0].taken["markupsafe"]["file_name"]]
    names = zipfile.ZipFile(io.BytesIO(wheel)).namelist()
    assert "markupsafe/_native.py" in names and not [name for name in names if name.endswith((".so", ".pyd", ".pyi"))]


def test_what_nothing_reads_there_is_left_out_of_packages_and_of_python_itself(tmp_path, monkeypatch):
    parts = {"a/b.py": "x = 1", "a/b.pyi": "", "a/tests/c.py": "", "pygments/lexers/perl.py": "", "a/d.txt": "d"}
    wheel = zipped(parts)
    folder = runtime(tmp_path / "pyodide", numpy=NUMPY | {"sha256": hashlib.sha256(wheel).hexdigest()})
    for name in (NUMPY["file_name"], "python_stdlib.zip"):
        (folder / name).write_bytes(wheel)
    monkeypatch.setattr(lite, "STARTED", ["numpy"])
    made = lite.Runtime([folder])
    made.packages()
    assert zipfile.ZipFile(io.BytesIO(made.files["python_stdlib.zip"])).namelist() == ["a/b.py", "a/d.txt"]
    light = made.files[NUMPY["file_name"]]
    assert zipfile.ZipFile(io.BytesIO(light)).namelist() == ["a/b.py", "a/d.txt"]
    assert made.taken["numpy"]["sha256"] == hashlib.sha256(light).hexdigest()


def test_a_damaged_standard_library_is_said_in_a_line(tmp_path):
    with pytest.raises(DataError, match=r"python_stdlib\.zip: not as Pyodide"):
        lite.Runtime([runtime(tmp_path / "pyodide")]).packages()


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
KEPT = """async () => {
  const { format, content } = await jupyterapp.serviceManager.contents.get('my-progress.json', { content: true }).catch(() => ({}));
  const text = format === 'base64' ? atob(content) : typeof content === 'string' ? content : JSON.stringify(content);
  return text?.includes('"tries"');
}"""
NEW = """async base => (await (await (await caches.open(`turkic-explainer ${base}`)).match(`${base}files.json`)).text())
  === await (await fetch(`${base}files.json`, { cache: "no-store" })).text()"""
WHOLE = """async base => {
  const cache = await caches.open(`turkic-explainer ${base}`), kept = new Set((await cache.keys()).map(request => request.url));
  const all = await cache.match(`${base}files.json`).then(list => list?.json());
  return all && Object.entries(all).every(([path, hash]) => kept.has(new URL(`${base}${path}?${hash}`).href));
}"""


def until(page, true: str, given=None) -> None:
    """Waits until a function of JavaScript says so. Playwright's own waiting takes a promise for a yes."""
    for _ in range(900):
        if page.evaluate(true, given):
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"never true: {true}")


def opened(page, base: str, lesson: str) -> str:
    """Opens a lesson and waits for JupyterLab to show it; gives its first cell."""
    page.goto(f"{base}lab/index.html?path={lesson}.ipynb")
    there = "name => { const it = window.jupyterapp?.shell.currentWidget; return it?.context?.path === name && it.content.widgets.length > 5; }"
    page.wait_for_function(there, arg=f"{lesson}.ipynb", timeout=180_000)
    return page.evaluate("jupyterapp.shell.currentWidget.content.widgets[0].model.sharedModel.source")


def ran(page) -> None:
    """Runs all of it; no cell may end in an error."""
    cells = page.evaluate(RUN)
    assert len(cells) > 10
    assert [cell for cell in cells if cell[1]] == []


def answered(page) -> None:
    """Answers the first question in sight, and waits until that is kept; else says what stands there."""
    first = page.locator(".jp-OutputArea .tx-question:visible").first
    for _ in range(20):  # what moves on while a button is down was not clicked: a person clicks once more
        first.locator(".widget-radio-box label").first.click(timeout=60_000)
        page.wait_for_timeout(500)
        if first.locator("input:checked").count():
            break
    try:
        until(page, KEPT)
    except AssertionError:
        raise AssertionError(f"nothing was kept: {first.inner_text()!r}, {page.complaints}") from None


@pytest.mark.long
def test_a_lesson_runs_with_nothing_from_outside_and_any_other_with_the_server_gone(site, chromium):
    """And then the course changes: what is new comes, but for the lesson that was worked in, which stays hers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    Thread(target=server.serve_forever, daemon=True).start()
    wire, context = Wire(server.server_port), chromium.new_context(viewport={"width": 1366, "height": 768})
    base, asked = f"http://127.0.0.1:{wire.port}/", []
    context.set_default_timeout(240_000)  # a machine with much else to do
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
        page.locator(".jp-WindowedPanel-outer:visible").evaluate("panel => panel.scrollTo(0, 0)")
        answered(page)
        until(page, WHOLE, base)

        wire.cut()
        other = noted(context.new_page())
        opened(other, base, LATER)
        ran(other)
        other.close()

        for name in (JOURNEY, FRESH):
            file = site / "files" / f"{name}.ipynb"
            file.write_text(file.read_text("utf-8").replace('"# ', '"# Anew: ', 1), "utf-8")
        (site / "files.json").write_bytes(lite.listing(site))
        wire.whole = True
        title = opened(page, base, FRESH).removeprefix("# ").removeprefix("Anew: ")
        until(page, NEW, base)
        assert opened(page, base, FRESH) == f"# Anew: {title}"
        assert not opened(page, base, JOURNEY).startswith("# Anew: ")  # she ran it, so it is hers
        assert {url for url in asked if not url.startswith((base, "data:", "blob:"))} == set()
    finally:
        context.close()
        server.shutdown()


def test_where_a_browser_gives_python_no_files_nothing_is_kept_and_nothing_fails(monkeypatch):
    def refused(*_):
        raise OSError(28, "Invalid argument")  # as Pyodide says it without a worker

    with monkeypatch.context() as browser:
        browser.setattr(Path, "is_file", refused)
        found = learner.course_file()
    assert found is None


@pytest.mark.long
def test_a_phone_runs_a_lesson_in_a_private_window_without_workers_and_is_told_that_nothing_is_kept(site, chromium):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    Thread(target=server.serve_forever, daemon=True).start()
    base, size = f"http://127.0.0.1:{server.server_port}/", {"width": 390, "height": 844}
    context = chromium.new_context(viewport=size, is_mobile=True, has_touch=True, service_workers="block")
    context.set_default_timeout(240_000)
    page = context.new_page()
    try:
        opened(page, base, JOURNEY)
        page.get_by_text("Your answers are not kept here").first.wait_for()
        until(page, "() => jupyterapp.shell.leftCollapsed && jupyterapp.shell.mode === 'single-document'")
        ran(page)
        page.reload()
        until(page, "() => window.jupyterapp?.shell.currentWidget?.context?.path.startsWith('0')")
    finally:
        context.close()
        server.shutdown()


@pytest.mark.long
def test_a_teachers_own_question_is_asked_and_judged_in_a_lesson_of_her_own(pyodide, hers, chromium, tmp_path):  # noqa: F811
    """As she wrote it, in the browser's Python: her words, her answer, her reason; and her answer is kept."""
    if not find_spec("jupyterlite_core"):
        skip_or_fail("no JupyterLite here (uv run --group test --group site -m pytest ...)")
    asked = "Mrs Aydın asks: which of these are capitals alone?"
    file, out, own = hers / "lessons" / "lesson02" / "questions.md", tmp_path / "site", "12-our-town"
    _, others = file.read_text("utf-8").split("# where", 1)
    hosts = f"# hosts\n{asked}\n\n- [ ] Gabala\n  It is none.\n- [x] Ankara, Astana\n  Both, says Mrs Aydın."
    file.write_text(f"{hosts}\n\n# where{others}", "utf-8")
    for lesson in (hers / "notebooks").glob("*.ipynb"):
        lesson.unlink()  # to be quick
    cells = [
        prose("# Our town"),
        *map(code, ("from turkic_explainer import progress, question", 'question("02-hosts")')),
    ]
    cells += [prose(f"Line {n}.") for n in range(3)]  # `opened` waits for a lesson of some length
    small_lesson(hers / "notebooks", *cells, name=f"{own}.ipynb")
    forget()
    assert main(["site", "--out", str(out), *(part for folder in pyodide for part in ("--pyodide", str(folder)))]) == 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=out))
    Thread(target=server.serve_forever, daemon=True).start()
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(240_000)  # a machine with much else to do
    try:
        tab = context.new_page()
        opened(tab, f"http://127.0.0.1:{server.server_port}/", own)
        assert [cell for cell in tab.evaluate(RUN) if cell[1]] == []
        for answer, told in (("Gabala", "Not quite. It is none."), ("Ankara, Astana", "Yes. Both, says Mrs Aydın.")):
            box = tab.locator(".jp-OutputArea .tx-question:visible", has_text=asked)
            for _ in range(20):  # as in `answered`
                box.locator("label", has_text=answer).click()
                tab.wait_for_timeout(500)
                if box.locator("label", has_text=answer).locator("input:checked").count():
                    break
            box.get_by_text(told).wait_for()
        until(tab, KEPT)
    finally:
        context.close()
        server.shutdown()


# JupyterLab as far as lab.js speaks to it, and JupyterLite, which takes the lesson out of the address.
SHELL = """<!DOCTYPE html><head><meta charset="utf-8"><script>{script}</script><meta name="viewport" content="width=device-width"><script>
const told = [], signal = {{ connect: f => f(), disconnect() {{}} }};
history.replaceState(null, "", "?");
window.jupyterapp = {{
  restored: Promise.resolve(), commands: {{ execute: (_, said) => told.push(said.message) }},
  shell: {{ mode: "multiple-document", currentWidget: {{ context: {{ path: "04-é.ipynb" }} }}, currentChanged: signal, layoutModified: signal,
    leftCollapsed: false, collapseLeft() {{ this.leftCollapsed = true; }} }},
}};
</script>"""


@pytest.mark.parametrize("phone", [True, False])
@pytest.mark.parametrize("workers", ["allow", "block"])
def test_a_lesson_has_a_phones_width_keeps_its_address_and_says_where_nothing_is_kept(
    tmp_path, chromium, phone, workers
):
    """A phone takes a page for a broad one until the page has said how broad it is."""
    (tmp_path / "lab").mkdir()
    script = (lite.TEMPLATES / "lab.js").read_text("utf-8")
    (tmp_path / "lab" / "index.html").write_text(SHELL.format(script=script), "utf-8")
    (tmp_path / "service-worker.js").write_text("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    Thread(target=server.serve_forever, daemon=True).start()
    size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 720}
    context = chromium.new_context(viewport=size, is_mobile=phone, has_touch=phone, service_workers=workers)
    try:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/lab/index.html?path=04-%C3%A9.ipynb")
        page.evaluate("kept.then(() => new Promise(done => setTimeout(done, 100)))")
        shell = page.evaluate("jupyterapp.shell")
        assert (shell["leftCollapsed"], shell["mode"] == "single-document") == (phone, phone)
        assert page.url.endswith("/lab/index.html?path=04-%C3%A9.ipynb")
        told = page.evaluate("told")
        assert [len(one) <= 140 and "not kept" in one for one in told] == [True] * (
            workers == "block"
        )  # JupyterLab cuts more off
    finally:
        context.close()
        server.shutdown()


LITE = "self.addEventListener('install', () => self.skipWaiting()); self.addEventListener('activate', event => event.waitUntil(clients.claim()));"
OPEN = "<!DOCTYPE html><script>let taken = false; navigator.serviceWorker.oncontrollerchange = () => { taken = true; }; const done = Promise.all(Array(30).fill().map((_, n) => fetch(`../files/${n}`).then(it => it.text())));</script>"


@pytest.mark.long
def test_a_page_opened_in_the_second_in_which_a_new_version_comes_is_there(tmp_path, chromium):
    """And the worker is another one as well: it may not take over, for Chromium then now and then never answers the page."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    Thread(target=server.serve_forever, daemon=True).start()
    base, context = f"http://127.0.0.1:{server.server_port}/", chromium.new_context()
    script = (lite.TEMPLATES / "lab.js").read_text("utf-8")
    parts = {"lab/index.html": f"{OPEN}<script>{script}</script>", "service-worker-lite.js": LITE}
    context.set_default_timeout(30_000)
    page = context.new_page()
    try:
        for turn in range(21):
            worker = f"{(lite.TEMPLATES / 'service-worker.js').read_text('utf-8')}// {turn}"
            for name, text in (
                parts | {f"files/{n}": f"{turn}" for n in range(30)} | {"service-worker.js": worker}
            ).items():
                (tmp_path / name).parent.mkdir(exist_ok=True)
                (tmp_path / name).write_text(text, "utf-8")
            (tmp_path / "files.json").write_bytes(lite.listing(tmp_path))
            for file in (file for file in tmp_path.rglob("*") if file.is_file()):
                os.utime(file, (turn, 10**9 + turn))  # what was written in one second is one version to this server
            page.goto(f"{base}lab/index.html")
            page.evaluate("navigator.serviceWorker.ready")
            for delay in (0, 30 * turn):
                page.wait_for_timeout(delay)
                page.goto(f"{base}lab/index.html")
                assert page.evaluate("done.then(all => new Set(all).size)") <= 2
            for _ in range(100):  # an opening while the former version is still being brought does not ask for this one
                if page.evaluate(WHOLE, base) and page.evaluate(NEW, base):
                    break
                page.wait_for_timeout(200)
                page.goto(f"{base}lab/index.html")
            else:
                pytest.fail(f"version {turn} is never whole")
            page.goto(f"{base}lab/index.html")
            assert {*page.evaluate("done")} == {f"{turn}"}
            if turn % 2:  # another page is open in every second turn, and keeps its worker
                other = context.new_page()
                other.goto(f"{base}lab/index.html")
            elif turn:
                until(other, "async () => taken || Boolean((await navigator.serviceWorker.getRegistration()).waiting)")
                assert not other.evaluate("taken")
                other.close()
    finally:
        context.close()
        server.shutdown()
