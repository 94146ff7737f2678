"""What a person meets: pages and JupyterLab in a real Chromium, with no way out to the network.

Without Chromium these tests say that they were skipped; .ci/run installs it and allows no skip.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import entry_points
from itertools import count, zip_longest
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from turkic_explainer.explorer import Explorer
from turkic_explainer.notebooks import canonical, dumps, lesson_files, read
from turkic_explainer.tables import summits
from turkic_explainer.validate import DataError
from turkic_explainer.venues import year_explorer

from .browser import axe, choose, scroll_to, started_lab, told
from .conftest import JOURNEY, lesson_with, matrix
from .test_explorers import EXPLORERS

FILES = {f.stem: f for f in lesson_files()}
LESSONS = list(FILES)
BY_KEY = {explorer.key: explorer for explorer in EXPLORERS.values()}


@pytest.fixture(scope="module")
def handouts(course_pages) -> Path:
    return course_pages["index.html"].parent


# --- handouts ------------------------------------------------------------------------------------------------------


SCREENS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
PAGES_SEEN = [(f"{lesson}.html", *how) for lesson in LESSONS for how in SCREENS]
PAGES_SEEN += [(f"teacher/{lesson}.html", *how) for lesson in LESSONS for how in SCREENS[1:3]]
# Of students' pages every state is looked at in each width and in each scheme; a teacher's has the same explorers.
STATES_SEEN = {*SCREENS[::3]}, {SCREENS[1]}


@pytest.mark.parametrize("path, width, scheme", matrix(PAGES_SEEN, (f"{JOURNEY}.html", *SCREENS[0]), (f"teacher/{JOURNEY}.html", *SCREENS[1])))
def test_page_is_accessible_in_every_state_and_asks_for_nothing(handouts, open_page, path, width, scheme):
    page = open_page((handouts / path).as_uri(), width, scheme)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width, "the page is wider than the screen"
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert [line for frame in page.frames for line in told(axe(frame))] == []
    if (width, scheme) in STATES_SEEN[path.startswith("teacher/")]:
        explorers = page.evaluate("[...document.querySelectorAll('fieldset')].map(f => [f.id, [...f.querySelectorAll('input[type=radio]')].map(i => i.id)])")
        # Explorers know nothing of each other. So each round picks the next state of all of them, and axe looks at these alone.
        for states in zip_longest(*(states for _, states in explorers)):
            changed = [f"document.getElementById('{key}')" for (key, _), state in zip(explorers, states, strict=True) if state]
            for state in filter(None, states):
                page.locator(f"label[for='{state}']").click()
            assert told(axe(page, f"{{include: [{','.join(changed)}]}}")) == [], states
    assert page.asked == [(handouts / path).as_uri()] + [u for u in page.asked if u.startswith(("data:", "about:"))]
    assert page.complaints == []


def test_map_shows_every_venue(handouts, open_page):
    page = open_page((handouts / f"{JOURNEY}.html").as_uri())
    frame = page.frame_locator("iframe.tx-frame")
    towns = summits()["place"].dropna().unique()
    for town in towns:
        box = frame.get_by_role("button", name=re.compile(f"^{town},"))
        assert box.count() == 1, f"{town} is not on the map"
        assert box.locator(".in").bounding_box()["width"] > 40
    frame.get_by_role("button", name=re.compile("^Gabala,")).press("Enter")  # with the keyboard alone
    assert "12th regular summit" in frame.locator(".leaflet-popup-content").inner_text()


def test_map_fits_the_first_view_even_when_its_frame_gets_a_size_late(handouts, open_page):
    page = open_page((handouts / f"{JOURNEY}.html").as_uri())
    frame, inner = page.frame_locator("iframe.tx-frame"), page.locator("iframe.tx-frame")
    inner.evaluate("f => { f.style.cssText = 'width:2px;height:2px;min-height:0'; f.srcdoc = f.srcdoc; }")
    page.wait_for_timeout(500)
    inner.evaluate("f => { f.style.cssText = ''; }")
    page.wait_for_timeout(500)
    view, boxes = inner.bounding_box(), [box.bounding_box() for box in frame.locator(".box .in").all()]
    left, right = min(box["x"] for box in boxes), max(box["x"] + box["width"] for box in boxes)
    assert view["x"] - 5 < left and right < view["x"] + view["width"] + 5, "a box lies outside the first view"
    assert right - left > 0.6 * view["width"], "the map is not fitted to its frame"


@pytest.mark.parametrize("lesson", matrix(LESSONS, JOURNEY))
def test_every_state_without_a_script(handouts, open_page, lesson):
    page = open_page((handouts / f"{lesson}.html").as_uri(), width=390, javascript=False)
    for explorer in page.locator("fieldset.tx-explorer").all():
        key = explorer.get_attribute("id")
        for choice in explorer.locator("> input").all():
            explorer.locator(f"label[for='{choice.get_attribute('id')}']").click()
            shown = explorer.locator(".tx-panel:visible")
            assert [f"{key}-{panel.get_attribute('data-state')}" for panel in shown.all()] == [choice.get_attribute("id")]
    for summary in page.locator("figure + details > summary").all():
        summary.click()
    assert page.locator("figure + details table").count() == page.locator("figure + details table:visible").count()


def test_explorer_with_the_keyboard(handouts, open_page):
    page = open_page((handouts / f"{JOURNEY}.html").as_uri())
    page.locator("#years-2011").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.locator("#years .tx-panel:visible .tx-state").inner_text().startswith("2014")
    outline = page.locator('label[for="years-2014"]').evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid", "the focus is not seen"


def test_question_answers_at_once(handouts, open_page):
    page = open_page((handouts / f"{JOURNEY}.html").as_uri(), javascript=False)
    right, wrong = page.locator("#q-02-hosts .tx-right"), page.locator("#q-02-hosts .tx-wrong")
    assert not right.is_visible() and wrong.locator("visible=true").count() == 0
    page.locator("#q-02-hosts label", has_text="Astana").click()
    assert right.is_visible() and "Yes." in right.inner_text()


def test_paper_has_all_states_and_no_frame(handouts, open_page):
    page = open_page((handouts / f"{JOURNEY}.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator("#years .tx-panel:visible").count() == len(year_explorer().states)
    assert page.locator("iframe:visible").count() == 0
    assert page.locator(".tx-still .tx-box:visible").count() == summits()["place"].nunique()
    assert (
        page.locator("#q-02-hosts .tx-panel:visible").count() == 0
        and page.locator("#q-02-hosts .tx-answer").is_visible()
    )
    assert page.get_by_role("table", name=re.compile("Summits that met in a place")).is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


# --- JupyterLab ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """`turkic-explainer lab` as a learner starts it, in an empty home; gives its address and its folder."""
    with started_lab(tmp_path_factory.mktemp("home")) as found:
        yield found


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
    page.locator('label[for="years-2021"]').click()
    assert page.locator("#years .tx-panel:visible .tx-state").inner_text().startswith("2021")


# What a live explorer shows is the last part of its widget box.
SHOWS = """([key, text]) => {
  const pane = document.querySelector(`[data-live="${key}"]`).lastElementChild.querySelector('.tx');
  return pane.textContent.replace(/\\s/g, '') === text;
}"""


def live_explorers(lesson: str) -> list[Explorer]:
    """The explorers and questions of a lesson, as its stored outputs have them."""
    html = "".join(o.get("data", {}).get("text/html", "") for c in read(FILES[lesson]).cells for o in c.get("outputs", []))
    return [BY_KEY[key] for key in re.findall(r'<fieldset class="tx-explorer[^"]*" id="([\w-]+)"', html)]


def saved(file: Path):
    """The notebook as it stands in its file; None at the moment at which JupyterLab is writing it."""
    try:
        return read(file)
    except DataError:
        return None


@pytest.mark.parametrize("lesson", matrix(LESSONS, JOURNEY))
def test_lab_runs_a_lesson_and_its_explorers_live(lab, open_page, lesson):
    """Run All goes through, what is then saved is what the course stores, and every click changes what is shown."""
    address, workspace = lab
    page = open_page(alone(address, lesson), width=1400)
    notebook(page)
    choose(page, "Edit", "Clear Outputs of All Cells")
    stored, mine = FILES[lesson], workspace / "notebooks" / f"{lesson}.ipynb"
    page.keyboard.press("Control+s")
    for _ in range(100):
        if (found := saved(mine)) and not any(cell.get("outputs") for cell in found.cells):
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail("the outputs are not cleared, so that a run could not be told from none")
    choose(page, "Run", "Run All Cells")
    for _ in range(60):
        page.wait_for_timeout(1000)
        page.keyboard.press("Control+s")
        if (found := saved(mine)) and dumps(canonical(found)) == stored.read_text("utf-8"):
            break
    else:
        pytest.fail("after Run All in JupyterLab the lesson is not what is stored")
    for explorer in live_explorers(lesson):
        scroll_to(page, explorer.title, explorer.key)
        box = page.locator(f'[data-live="{explorer.key}"]')
        for state, label in explorer.states:
            pick = box.get_by_role("radio", name=label, exact=True) if explorer.layout == "list" else None
            (pick or box.locator(".widget-toggle-button", has_text=re.compile(f"^{re.escape(label)}$"))).click()
            text = re.sub(r"\s", "", BeautifulSoup(explorer.setting + explorer.pane(state), "html.parser").get_text())
            page.wait_for_function(SHOWS, arg=[explorer.key, text], timeout=10_000)
    assert outside(page, address) == []


def test_cards_are_sorted_in_lab_saved_and_read_back(lab, open_page):
    """As a learner does it: nothing is written before the first choice, and nothing is lost to a damaged file."""
    address, workspace = lab
    mine, folder = workspace / "notebooks" / "my-filing.json", workspace / "notebooks"
    page = open_page(alone(address, lesson_with("sort_cards()")), width=1400)
    notebook(page)

    def run_all() -> None:
        choose(page, "Run", "Restart Kernel and Run All Cells…")
        page.get_by_role("button", name="Confirm Kernel Restart").click()
        page.wait_for_timeout(3000)
        page.wait_for_function("() => document.querySelectorAll('.widget-dropdown select').length === 16", timeout=60_000)

    def file_card(card: int, label: str) -> None:
        menu = page.locator(".widget-dropdown select").nth(card)
        menu.scroll_into_view_if_needed()
        menu.select_option(label=label)
        page.wait_for_timeout(700)

    run_all()
    assert not mine.exists()
    file_card(0, "M Mediation")
    file_card(1, "K Knowledge")
    page.get_by_text("2 of 16 filed. Saved in my-filing.json.").first.wait_for(timeout=10_000)
    assert sorted(json.loads(mine.read_text("utf-8"))["filed"].values()) == ["Knowledge", "Mediation"]
    run_all()
    page.get_by_text("2 of 16 filed. Read from my-filing.json.").first.wait_for(timeout=20_000)
    assert page.locator(".widget-dropdown select").first.input_value() != ""
    page.get_by_role("columnheader", name="my-filing").first.wait_for(timeout=20_000)  # the comparison has it beside ours
    mine.write_text("{")
    run_all()
    file_card(0, "T Trust")
    page.get_by_text("is kept in my-filing.kept-1.json").first.wait_for(timeout=10_000)
    assert (folder / "my-filing.kept-1.json").read_text() == "{" and json.loads(mine.read_text("utf-8"))["filed"]


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
        assert answer.ok and "A summit needs a place" in answer.text(), exporter
