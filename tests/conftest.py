"""What two test files or more use: the repository, copies of its data to break, small lessons, and what a page loads."""

from __future__ import annotations

import os
import re
import shutil
import sys
from base64 import b64decode
from collections import Counter
from copy import deepcopy
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import sync_playwright

from turkic_explainer import tables
from turkic_explainer.files import lesson_files
from turkic_explainer.press.blocks import Lesson
from turkic_explainer.press.notebooks import canonical, dumps

from .browser import CHROMIUM, OFFLINE, noted

ROOT = Path(__file__).resolve().parents[1]
# Markup, quotes, and what a template engine or a JavaScript template string would take for its own.
HOSTILE = """<script>alert(1)</script><img src=x onerror='alert(2)'> O'Neil & "friends" {{7*7}} {% of {# `${8*8}`"""


@pytest.hookimpl(trylast=True)  # when only what will run is left
def pytest_collection_modifyitems(items):
    """Whole files go to the workers in this order: what starts JupyterLab or drives a browser takes longest and is begun first."""
    weight = Counter()
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        page = "chromium" in fixtures and "lab" not in fixtures
        weight[item.path] += 1 if page else 10 if "lab" in fixtures or item.get_closest_marker("long") else 0
    items.sort(key=lambda item: -weight[item.path])


def lesson_with(source: str) -> str:
    """The name of the lesson that has this in one of its code cells: tests ask for what they need, and not for a number."""
    return next(
        file.stem
        for file in lesson_files()
        if any(source in cell.source for cell in stored(file).cells if cell.cell_type == "code")
    )


def matrix(cases: list, *fast) -> list:
    """All cases of a long test. Those that run with the fast tests are named, and must be among them."""
    assert set(fast) <= set(cases), f"{fast} is not among the cases"
    return [
        case if case in fast else pytest.param(*(case if isinstance(case, tuple) else [case]), marks=pytest.mark.long)
        for case in cases
    ]


def skip_or_fail(reason: str) -> None:
    """Skips a test, or a whole test file, because of what is missing on this machine; in CI, where nothing may be skipped, it fails."""
    if os.environ.get("TURKIC_NO_SKIP"):
        pytest.fail(f"{reason}; and here nothing may be skipped.", pytrace=False)
    pytest.skip(reason, allow_module_level=True)


@pytest.fixture(scope="module")
def chromium():
    """A real browser with no way out to the network, for the tests of one file: while it runs, no notebook can be run."""
    if CHROMIUM is None:
        skip_or_fail("no Chromium on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OFFLINE)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Opens an address in a window of its own; the page notes what it asks for and what it complains of."""
    contexts = []

    def opened(
        address: str, width: int = 1280, scheme: str = "light", javascript: bool = True, height: int = 900, **settings
    ):
        contexts.append(chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=javascript, reduced_motion="reduce", **settings
        ))  # fmt: skip
        page = noted(contexts[-1].new_page())
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def own_jupyter(tmp_path, monkeypatch):
    """Jupyter's folders for signatures, settings and running kernels, in place of the user's own."""
    for kind in ("DATA", "CONFIG", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{kind}_DIR", str(tmp_path / "jupyter" / kind.lower()))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")  # what `lab` puts there is gone when the test is


@pytest.fixture(scope="session")
def course_pages(tmp_path_factory) -> dict[str, Path]:
    """Every page of the course, in every edition, by where it lies."""
    from .editions import built

    return built(lesson_files(), tmp_path_factory.mktemp("course"))


def forget():
    """Makes the package read all its files again."""
    for name, module in list(sys.modules.items()):
        if name.startswith("turkic_explainer"):
            for thing in vars(module).values():
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()


def edit(file: Path, old: str, new: str):
    """Puts `new` in the place of `old`, which stands in the file exactly once, and makes the package read it again."""
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}: this test needs another place"
    file.write_text(text.replace(old, new), "utf-8")
    forget()


@pytest.fixture
def seeds(tmp_path, monkeypatch):
    """A copy of the evidence that the ledger reads in place of the real one."""
    folder = shutil.copytree(ROOT / "seeds", tmp_path / "course" / "seeds")
    monkeypatch.setattr("turkic_explainer.seeds.course_path", lambda name: folder.parent / name)
    forget()
    yield folder
    forget()


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of the teaching tables that the package reads in place of the real ones."""
    folder = tmp_path / "data"
    folder.mkdir()
    for file in tables.DATA.glob("*.csv"):
        shutil.copyfile(file, folder / file.name)
    monkeypatch.setattr(tables, "DATA", folder)
    forget()
    yield folder
    forget()


def prose(source: str, *tags: str):
    """A markdown cell."""
    return new_markdown_cell(source, metadata={"tags": list(tags)} if tags else {})


def code(source: str, *tags: str, shows: str | None = None, html: str | None = None):
    """A code cell that has been run and shows plain text or HTML, or nothing."""
    data = {"text/plain": shows or "", **({"text/html": html} if html else {})}
    outputs = [new_output("execute_result", data, execution_count=1)] if shows or html else []
    metadata = {"tags": list(tags)} if tags else {}
    return new_code_cell(source, execution_count=1, outputs=outputs, metadata=metadata)


def lesson(folder: Path, *cells, name: str = "05-small.ipynb") -> Path:
    """A small lesson in `folder`, stored as the course stores them, with cell ids that are the same each time."""
    for number, cell in enumerate(cells, 1):
        cell.id = f"cell-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(dumps(canonical(new_notebook(cells=list(cells)))), "utf-8")
    return file


def stored(file: Path):
    """A notebook as it stands in its file."""
    return nbformat.read(file, as_version=4)


def without_cells(whole: Lesson, *tags: str) -> Lesson:
    """The lesson as it would be if nobody had written the cells with one of these tags."""
    bare = deepcopy(whole.notebook)
    bare.cells = [cell for cell in bare.cells if not {*tags} & {*cell.metadata.get("tags", [])}]
    return Lesson(whole.name, whole.folder, bare)


def solved_in(notebook) -> list[str]:
    """The lines of the solutions of a lesson's exercises, as its stored outputs have them."""
    shown = [
        cell.outputs[0].data["text/plain"] for cell in notebook.cells if "solution" in cell.metadata.get("tags", [])
    ]
    return [text.partition("\n")[2] for text in shown]


def parts(widget) -> list:
    """A widget with all that is in it, from top to bottom."""
    return [widget, *(inner for part in getattr(widget, "children", ()) for inner in parts(part))]


def solved(asked, given=None):
    """A question that is checked as a whole, live, once its widgets are set to an answer and it is checked; to the right one, if
    none is given. What it then says stands in the last of them, which is given back."""
    *controls, button, told = asked.live().children[1:]
    for control, fresh in zip(controls, asked.controls(asked.solved() if given is None else given), strict=True):
        control.value = fresh.value
    button.click()
    return told


# The lesson whose pages are tried in every edition by the fast tests: it has a map, an explorer and questions.
JOURNEY = lesson_with("venue_map()")
# Those that between them have nearly every kind of output: what each host does to a kind is tried with them, in .ci/run.
KINDS = [JOURNEY, *map(lesson_with, ("corridor_map()", "sort_cards()", "protocol()"))]
CURLY = str.maketrans("‘’“”", "''\"\"")


def page(html: str) -> BeautifulSoup:
    """A page with its curly quotes made straight again, as they are in what it was made from."""
    return BeautifulSoup(html.translate(CURLY), "html.parser")


def still_of(outer: BeautifulSoup) -> BeautifulSoup:
    """The still map of a figure, as what it is made of: it is an image, and must be sound XML."""
    svg = b64decode(outer.select_one("img.tx-still")["src"].removeprefix("data:image/svg+xml;base64,")).decode()
    ElementTree.fromstring(svg)
    return page(svg)


def strange(outer: BeautifulSoup) -> list:
    """Scripts, and images that are not pictures of our own: what hostile text would become if it were taken for HTML."""
    ours = {"class", "alt", "src"}
    return [
        tag
        for tag in outer.find_all(["script", "img"])
        if tag.name == "script" or {*tag.attrs} != ours or not tag["src"].startswith("data:image/svg+xml;base64,")
    ]


def loads(html: str) -> list[str]:
    """Every address from which a browser would fetch something for this page or a frame in it. Links are not fetched."""
    found, css = [], []
    for tag in page(html).find_all(True):
        for name, value in tag.attrs.items():
            if name == "srcdoc":
                found += loads(value)
            elif name == "style":
                css.append(value)
            elif name in ("src", "srcset", "data", "poster", "background") or (
                name.endswith("href") and tag.name != "a"
            ):
                found.append(value)
        if tag.name == "style":
            css.append(tag.get_text())
    found += re.findall(r"""url\(\s*["']?([^"')]*)""", " ".join(css)) + re.findall(r"@import\s+[^;]*", " ".join(css))
    return [address for address in found if not address.startswith(("data:", "#"))]


def as_shown(source: str) -> str:
    """The Markdown of a cell with the heading of a Deeper part as pages have it: with a capital behind its label."""
    return re.sub(r"^(### Deeper: )(\w)", lambda found: f"{found[1]}{found[2].upper()}", source, flags=re.M)
