"""What a learner meets in JupyterLab: opened as `turkic-explainer lab` opens it, in a real Chromium with no way out to the network.

Without Chromium these tests say that they were skipped; .ci/run installs it and allows no skip.
"""

from __future__ import annotations

import json
import re
import shutil
from difflib import unified_diff
from importlib.metadata import entry_points
from io import BytesIO
from itertools import count, islice
from pathlib import Path
from zipfile import ZipFile

import psutil
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_output

from turkic_explainer import again, explore
from turkic_explainer.checked import Checked
from turkic_explainer.declared import declared
from turkic_explainer.explorer import Explorer
from turkic_explainer.files import lesson_files, read
from turkic_explainer.learner import FILE
from turkic_explainer.lessons import numbers
from turkic_explainer.markup import ordinal
from turkic_explainer.press.copies import without_answers
from turkic_explainer.press.notebooks import canonical, dumps
from turkic_explainer.reading import read as questions_in
from turkic_explainer.validate import DataError

from .browser import Wire, choose, run_all, scroll_to, started_lab
from .conftest import JOURNEY, KINDS, code, lesson, lesson_with, matrix
from .test_explorers import MADE
from .test_kinds import ALL, NAMES

FILES = {f.stem: f for f in lesson_files()}
LESSONS = list(FILES)
BY_KEY = {explorer.key: explorer for explorer in MADE.values()}
BY_KEY |= {e.key: e for n in numbers() for e in map(explore, declared(n, "explorers"))}
BY_KEY |= {part.key: part for number in numbers() for part in again(number).parts}  # those that come back


@pytest.fixture(scope="module")
def server(chromium, tmp_path_factory):
    """`turkic-explainer lab --teacher`, in an empty home; gives its address and its folder."""
    with started_lab(tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture
def lab(server):
    """The same, for somebody who has answered nothing yet: what was answered wrongly would be asked again elsewhere."""
    (server[1] / FILE).unlink(missing_ok=True)
    return server


PAGES = count(1)


def alone(address: str, lesson: str) -> str:
    """The address of a lesson in a window layout of its own, where no tab of an earlier test is opened again."""
    return address.replace("/lab/tree/", f"/lab/workspaces/test-{next(PAGES)}/tree/").replace(LESSONS[0], lesson)


def notebook(page):
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    return page.locator(".jp-NotebookPanel:visible")


def outside(page, address: str) -> list[str]:
    home = re.match(r"http://[\d.:]+", address)[0]
    return [u for u in page.asked if not u.startswith((home, home.replace("http", "ws"), "data:", "blob:", "about:"))]


def test_lab_opens_lesson_00_without_a_popup(lab, open_page):
    address, _ = lab
    page = open_page(address)
    notebook(page).get_by_role("heading", name="Start here: five reports").wait_for()
    page.wait_for_timeout(3000)  # the news pop-up, if any, comes a little later
    assert page.locator(".jp-toast, .Toastify__toast, .jp-Dialog").count() == 0
    assert outside(page, address) == []


def test_lab_shows_a_lesson_before_it_is_run(lab, open_page):
    """A stored lesson has its map, and an explorer that needs no kernel."""
    address, _ = lab
    page = open_page(alone(address, JOURNEY), width=1400)
    notebook(page)
    page.locator("iframe.tx-frame").scroll_into_view_if_needed()
    frame = page.frame_locator("iframe.tx-frame")
    frame.get_by_role("button", name=re.compile("^Astana,")).locator(".in").wait_for(timeout=20_000)
    page.locator(".tx-of-years summary", has_text="2021").click()
    assert page.locator(".tx-of-years .tx-panel:visible .tx-state").inner_text().startswith("2021")


# What a live explorer shows is the last part of its widget box.
SHOWS = """([key, text]) => {
  const pane = document.querySelector(`[data-live="${key}"]`).lastElementChild.querySelector('.tx');
  return pane?.textContent.replace(/\\s/g, '') === text; // of a question that is checked, there is none before
}"""


def live_explorers(lesson: str) -> list[Explorer | Checked]:
    """The explorers and questions of a lesson, as its stored outputs have them."""
    html = "".join(
        o.get("data", {}).get("text/html", "") for c in read(FILES[lesson]).cells for o in c.get("outputs", [])
    )
    return [BY_KEY[key] for key in re.findall(r'<fieldset class="tx-explorer tx-of-([\w-]+)', html)]


def works_live(page, explorer: Explorer) -> None:
    """Every click changes what is shown to what the state shows everywhere."""
    scroll_to(page, explorer.title, explorer.key)
    box = page.locator(f'[data-live="{explorer.key}"]')
    if isinstance(explorer, Checked):
        answered_live(page, box, explorer)
        return
    for state, label in explorer.states:
        box.get_by_role("radio", name=label, exact=True).click()
        text = re.sub(r"\s", "", BeautifulSoup(explorer.setting + explorer.pane(state), "html.parser").get_text())
        page.wait_for_function(SHOWS, arg=[explorer.key, text], timeout=10_000)


def answered_live(page, box, asked: Checked) -> None:
    """Answered rightly, a question that is checked as a whole says so."""
    if asked.kind == "number":
        box.get_by_role("textbox").fill(asked.solved())
    for choice, to in zip(asked.choices(), asked.solved(), strict=False) if asked.kind == "order" else ():
        box.get_by_label(choice.label, exact=True).select_option(ordinal(to))
    for choice in asked.choices() if asked.kind == "several" else ():
        box.get_by_role("checkbox", name=choice.label, exact=True).set_checked(choice.right)
    box.get_by_role("button", name="Check").click()
    text = re.sub(r"\s", "", BeautifulSoup(asked.verdict(asked.solved()), "html.parser").get_text())
    page.wait_for_function(SHOWS, arg=[asked.key, text], timeout=10_000)


@pytest.mark.long
def test_every_kind_of_question_is_answered_live(lab, open_page, tmp_path):
    """The kinds that no lesson may have at the moment, and a map, whose marks lie on it."""
    address, workspace = lab
    file = tmp_path / "lesson12" / "questions.md"
    file.parent.mkdir()
    file.write_text(ALL, "utf-8")
    there = f'read(__import__("pathlib").Path({str(file)!r}))'
    find = f'q = {{e.name: e.as_question("12-" + e.name, LOOKUPS | {{"long": lambda: 1800}}) for e in {there}}}'
    begin = f"from turkic_explainer.reading import read\nfrom turkic_explainer.lookups import LOOKUPS\n{find}"
    asked = {e.name: e.as_question(f"12-{e.name}", NAMES) for e in questions_in(file)}
    # Not by a lesson's name: the table of lessons, in lesson 00, counts what each lesson in the folder shows.
    made = lesson(workspace / "notebooks", code(begin), *(code(f"q[{name!r}]") for name in asked), name="kinds.ipynb")
    page = open_page(alone(address, made.stem), width=1366, height=768)
    notebook(page)
    run_all(page)
    for question in asked.values():
        works_live(page, question)
        assert page.locator(f'[data-live="{question.key}"]').bounding_box()["height"] < 640
    marks = page.locator('[data-live="q-12-where"] label:has(input)')
    assert all(mark.bounding_box()["width"] >= 24 for mark in marks.all())
    assert marks.nth(2).bounding_box()["y"] < marks.nth(0).bounding_box()["y"], "Astana lies north of Baku"
    done = json.loads((workspace / FILE).read_text("utf-8"))["questions"]
    assert {key: kept["right"] for key, kept in done.items()} == {f"12-{name}": True for name in asked}
    assert done["12-where"]["first"] == "a"


def saved(file: Path):
    """The notebook as it stands in its file; None at the moment at which JupyterLab is writing it."""
    try:
        return read(file)
    except DataError:
        return None


def without_own(notebook, form) -> str:
    """A notebook without the outputs that speak of what a learner has done, which in a course folder are another's each time,
    and whether outputs and texts are folded: JupyterLab unfolds what it runs."""
    notebook = form(notebook)
    for cell in notebook.cells:
        cell.metadata.get("jupyter", {}).pop("outputs_hidden", None)
        if cell.cell_type == "markdown":
            cell.metadata.pop("jupyter", None)
        if re.match(r"(again|guess|guessed|progress)\(", cell.source):
            cell.outputs = []
    return dumps(notebook)


def made_stale(file: Path) -> None:
    """Puts a word into the outputs of each cell, so that a run can be told from none. Cleared they must not be: the table of
    lessons counts what each of them, its own too, shows as it is stored."""
    notebook = read(file)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs.append(new_output("stream", text="before the run"))
    file.write_text(dumps(notebook), "utf-8")


def gives_what_is_stored(page, file: Path, stored: Path, form=canonical) -> None:
    """Everything run and saved, the notebook in `file` is what it was copied from, in that form."""
    run_all(page)
    told, expected = "", without_own(read(stored), form)
    for _ in range(100):
        page.keyboard.press("Control+s")
        page.wait_for_timeout(600)
        told = (found := saved(file)) and without_own(found, form) or told
        if told == expected:
            return
    differ = unified_diff(expected.splitlines(), told.splitlines(), "stored", "run in JupyterLab", n=1, lineterm="")
    pytest.fail("\n".join(line[:300] for line in islice(differ, 40)))


# Where a learner is: the cell that is picked, and whether it is to be seen.
HERE = """() => {
  const cell = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell.jp-mod-active'), box = cell.getBoundingClientRect();
  const panel = cell.closest('.jp-WindowedPanel-outer').getBoundingClientRect();
  return [[...cell.parentElement.querySelectorAll('.jp-Cell')].indexOf(cell), box.top < panel.bottom && box.bottom > panel.top];
}"""


@pytest.mark.long
def test_run_all_ends_where_the_learner_was(lab, open_page):
    page = open_page(alone(lab[0], JOURNEY), width=1366, height=768)
    here = notebook(page).locator(".jp-CodeCell", has_text="year_explorer()").last
    here.evaluate("e => e.scrollIntoView({block: 'center'})")
    here.locator(".jp-InputPrompt").click()
    before = page.evaluate(HERE)
    for menu in ("Run", "Kernel"):  # no entry that leads to the foot
        page.get_by_role("menuitem", name=menu, exact=True).click()
        entries = page.locator(f"#jp-mainmenu-{menu.lower()}")
        entries.get_by_text("Restart Kernel and Run All Cells…").wait_for()
        commands = entries.locator("li").evaluate_all("all => all.map(e => e.dataset.command)")
        assert "notebook:restart-run-all" in commands and not {"runmenu:run-all", "runmenu:restart-and-run-all"} & {
            *commands
        }
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    run_all(page)
    assert page.evaluate(HERE) == before == [before[0], True]


@pytest.mark.parametrize("lesson", matrix([LESSONS[0], *KINDS]))
def test_lab_runs_a_lesson_and_its_explorers_live(lab, open_page, lesson):
    """Run All goes through, what is then saved is what the course stores, and every click changes what is shown."""
    address, workspace = lab
    mine = workspace / "notebooks" / f"{lesson}.ipynb"
    made_stale(mine)
    page = open_page(alone(address, lesson), width=1400)
    notebook(page)
    gives_what_is_stored(page, mine, FILES[lesson])
    for explorer in live_explorers(lesson):
        works_live(page, explorer)
    assert outside(page, address) == []


@pytest.mark.long
def test_the_notebook_edition_runs_in_lab(lab, course_pages, open_page):
    """What a class is given runs like the lesson it was made from, and keeps back what it has to."""
    address, workspace = lab
    given = course_pages["index.html"].with_name("notebooks") / f"{JOURNEY}.ipynb"
    mine = shutil.copyfile(given, workspace / "notebooks" / "for-the-class.ipynb")
    made_stale(mine)
    page = open_page(alone(address, mine.stem), width=1400)
    notebook(page)
    gives_what_is_stored(page, mine, given, lambda notebook: canonical(without_answers(notebook)))
    works_live(page, live_explorers(JOURNEY)[0])
    assert not [
        cell for cell in read(mine).cells if {"teacher", "answer", "solution"} & {*cell.metadata.get("tags", [])}
    ]
    assert outside(page, address) == []


@pytest.mark.long
def test_cards_are_sorted_in_lab_saved_and_read_back(lab, open_page):
    """As a learner does it: nothing is written before the first choice, and nothing is lost to a damaged file."""
    address, workspace = lab
    mine, folder = workspace / "notebooks" / "my-filing.json", workspace / "notebooks"
    page = open_page(alone(address, lesson_with("sort_cards()")), width=1400)
    notebook(page)

    def run_it() -> None:
        run_all(page)
        page.wait_for_function(
            "() => document.querySelectorAll('.tx-pack .widget-dropdown select').length === 16", timeout=60_000
        )

    def file_card(card: int, label: str) -> None:
        menu = page.locator(".tx-pack .widget-dropdown select").nth(card)
        menu.scroll_into_view_if_needed()
        menu.select_option(label=label)
        page.wait_for_timeout(700)

    run_it()
    assert not mine.exists()
    file_card(0, "M Mediation")
    file_card(1, "K Knowledge")
    page.get_by_text("2 of 16 filed. Saved in my-filing.json.").first.wait_for(timeout=10_000)
    assert sorted(json.loads(mine.read_text("utf-8"))["filed"].values()) == ["Knowledge", "Mediation"]
    run_it()
    page.get_by_text("2 of 16 filed. Read from my-filing.json.").first.wait_for(timeout=20_000)
    assert page.locator(".tx-pack .widget-dropdown select").first.input_value() != ""
    page.get_by_role("columnheader", name="your filing").first.wait_for(
        timeout=20_000
    )  # the comparison has it beside ours
    python = kernel(page, address)
    python.suspend()
    try:
        file_card(2, "E Energy")
        page.locator(".tx-pack .tx-gone:visible").get_by_text("Python does not answer.").wait_for(timeout=20_000)
        assert page.locator(".tx-gone:visible").count() == 1
    finally:
        python.resume()
    page.get_by_text("3 of 16 filed.").first.wait_for(timeout=20_000)
    assert page.locator(".tx-gone:visible").count() == 0
    mine.write_text("{")
    run_it()
    file_card(0, "T Trust")
    page.get_by_text("is kept in my-filing.kept-1.json").first.wait_for(timeout=10_000)
    assert (folder / "my-filing.kept-1.json").read_text() == "{" and json.loads(mine.read_text("utf-8"))["filed"]


def told_by(file: bytes) -> str:
    """The text of a file of an edition: of a document, that of its contents."""
    if not file.startswith(b"PK"):
        return file.decode()
    with ZipFile(BytesIO(file)) as document:
        [contents] = {"word/document.xml", "content.xml"} & {*document.namelist()}
        return document.read(contents).decode()


@pytest.mark.long
def test_lab_offers_every_edition_for_export(lab, open_page):
    page = open_page(alone(lab[0], LESSONS[0]))
    notebook(page)
    page.get_by_role("menuitem", name="File", exact=True).click()
    for _ in range(20):  # the list of exporters comes a moment after the notebook
        page.get_by_text("Print…").hover()
        page.get_by_text("Save and Export Notebook As").hover()
        page.wait_for_timeout(500)
        if page.get_by_text("Turkic_handout", exact=True).is_visible():
            break
    for exporter in sorted(e.name for e in entry_points(group="nbconvert.exporters") if e.name.startswith("turkic_")):
        page.get_by_text(exporter.capitalize(), exact=True).wait_for(timeout=10_000)
        address = lab[0].replace("/lab/tree/", f"/nbconvert/{exporter}/").replace(LESSONS[0], JOURNEY)
        answer = page.request.get(address)
        assert answer.ok and "A summit needs a place" in told_by(answer.body()), exporter


# --- windows left open ----------------------------------------------------------------------------------------------


def kernel(page, address: str) -> psutil.Process:
    """The process of the kernel that the page's lesson runs on: the last that was busy."""
    home, token = re.match(r"http://[\d.:]+", address)[0], re.search(r"token=(\w+)", address)[1]
    found = page.request.get(f"{home}/api/kernels?token={token}").json()
    name = f"kernel-{max(found, key=lambda one: one['last_activity'])['id']}.json"
    return next(p for p in psutil.process_iter(["cmdline"]) if any(name in part for part in p.info["cmdline"] or ()))


class Open:
    """A question in JupyterLab, run and answered once; `says` is whether it tells that Python does not answer."""

    def __init__(self, page):
        notebook(page)
        run_all(page)
        self.question = next(e for e in live_explorers(JOURNEY) if isinstance(e, Explorer) and e.answers)
        scroll_to(page, self.question.title, self.question.key)
        self.page, self.box = page, page.locator(f'[data-live="{self.question.key}"]')
        self.pick(0)
        self.answers(0)

    def pick(self, answer: int) -> None:
        for button in self.page.locator(".jp-Dialog .jp-mod-accept").all():  # JupyterLab's own word on it
            button.click()
        self.box.get_by_role("radio").nth(answer).click()

    def shows(self, answer: int) -> None:
        text = re.sub(r"\s", "", BeautifulSoup(self.question.pane("abc"[answer]), "html.parser").get_text())
        self.page.wait_for_function(SHOWS, arg=[self.question.key, text], timeout=60_000)

    def answers(self, answer: int) -> None:
        self.shows(answer)
        assert not self.box.locator(".tx-gone").is_visible()

    def says(self) -> None:
        self.box.get_by_text("Python does not answer.").wait_for(timeout=60_000)
        assert "press ▶▶" in self.box.locator(".tx-gone").inner_text()


@pytest.mark.long
def test_a_question_whose_kernel_is_gone_says_so_and_works_when_all_is_run_again(lab, open_page):
    page = open_page(alone(lab[0], JOURNEY), width=1366)
    asked, died = Open(page), page.locator(".jp-Dialog", has_text="It will restart automatically.")
    page.add_locator_handler(died, lambda: died.get_by_role("button", name="Ok").first.click())  # it may come twice
    for turn, end in enumerate(("killed", "restarted", "shut down")):
        if end == "killed":
            kernel(page, lab[0]).kill()
        elif end == "restarted":
            choose(page, "Kernel", "Restart Kernel…")
            page.get_by_role("button", name="Confirm Kernel Restart").click()
        else:
            choose(page, "Kernel", "Shut Down Kernel")
        asked.says()
        asked.shows(turn % 2)  # it is still there
        run_all(page, has_kernel=end != "shut down")
        scroll_to(page, asked.question.title, asked.question.key)
        asked.pick((turn + 1) % 2)
        asked.answers((turn + 1) % 2)


@pytest.mark.long
def test_a_click_that_gets_no_answer_is_told_and_answered_when_the_machine_wakes(lab, open_page):
    page = open_page(alone(lab[0], JOURNEY), width=1366)
    asked, python = Open(page), kernel(page, lab[0])
    python.suspend()
    try:
        asked.pick(1)
        asked.says()
    finally:
        python.resume()
    asked.answers(1)


@pytest.mark.long
def test_a_click_while_the_network_is_cut_is_told_and_answered_when_it_is_back(lab, open_page):
    port = int(re.search(r":(\d+)/", lab[0])[1])
    wire = Wire(port)
    page = open_page(alone(lab[0].replace(str(port), str(wire.port)), JOURNEY), width=1366)
    asked = Open(page)
    wire.cut()
    asked.pick(1)
    asked.says()
    wire.whole = True
    asked.answers(1)


@pytest.mark.long
def test_two_windows_with_one_lesson_lose_nothing(lab, open_page):
    """JupyterLab asks before it writes over what another window has saved; `Cancel` keeps both, and `Save Notebook As…` a copy."""
    address, workspace = lab
    mine = workspace / "notebooks" / f"{JOURNEY}.ipynb"
    windows = [open_page(alone(address, JOURNEY)) for _ in range(2)]
    for number, page in enumerate(windows):
        notebook(page).locator(".jp-CodeCell .cm-content").first.click()
        page.keyboard.press("Control+End")
        page.keyboard.type(f"  # window {number}")
    for page in windows:
        page.keyboard.press("Control+s")
        page.wait_for_timeout(2000)
    second = windows[1]
    second.locator(".jp-Dialog", has_text="has changed on disk").get_by_role("button", name="Cancel").click()
    assert "# window 0" in mine.read_text("utf-8") and "# window 1" not in mine.read_text("utf-8")
    second.get_by_role("menuitem", name="File", exact=True).click()
    second.get_by_text("Save Notebook As…", exact=True).click()
    second.locator(".jp-Dialog input").fill("notebooks/second-window.ipynb")
    second.get_by_role("button", name="Save", exact=True).click()
    copy = mine.with_name("second-window.ipynb")
    for _ in range(150):
        if copy.exists() and copy.read_text("utf-8"):  # it is there a moment before anything is in it
            break
        second.wait_for_timeout(200)
    assert "# window 1" in copy.read_text("utf-8") and "# window 0" in mine.read_text("utf-8")
