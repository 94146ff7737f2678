"""What a reader meets: students' and teachers' pages in a real Chromium, with no way out to the network.

Without Chromium these tests say that they were skipped; .ci/run installs it and allows no skip.
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from turkic_explainer.files import lesson_files
from turkic_explainer.lessons.lesson02.shown import venue_map, year_explorer
from turkic_explainer.tables import summits

from .browser import axe, told, unfolded
from .conftest import JOURNEY, KINDS, matrix

LESSONS = [file.stem for file in lesson_files()]


@pytest.fixture(scope="module")
def handouts(course_pages) -> dict[str, Path]:
    return course_pages


SCREENS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
# Every page in each width and each scheme, those with most kinds of outputs in all four; a teacher's has the same outputs.
PAGES_SEEN = [(f"{lesson}.html", *how) for lesson in LESSONS for how in (SCREENS if lesson in KINDS else SCREENS[::3])]
PAGES_SEEN += [(f"teacher/{lesson}.html", *SCREENS[1]) for lesson in LESSONS]
# Every state is looked at in each width and in each scheme on students' pages; a teacher's have the same explorers.
STATES_SEEN = {*SCREENS[::3]}


@pytest.mark.parametrize(
    "path, width, scheme",
    matrix(PAGES_SEEN, (f"{JOURNEY}.html", *SCREENS[0]), (f"teacher/{JOURNEY}.html", *SCREENS[1])),
)
def test_page_is_accessible_in_every_state_and_asks_for_nothing(handouts, open_page, path, width, scheme):
    page = open_page(handouts[path].as_uri(), width, scheme)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width, "the page is wider than the screen"
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for frame in page.locator("iframe.tx-frame").element_handles():  # a map is drawn when it comes into sight
        frame.scroll_into_view_if_needed()
        frame.content_frame().wait_for_function(
            "[...document.querySelectorAll('.mark, .box .in')].some(e => e.checkVisibility())"
        )
    assert [line for frame in page.frames for line in told(axe(frame))] == []
    if (width, scheme) in STATES_SEEN:
        # Without all that is no explorer, axe is many times as fast. (With all states open at once it would pass over some.)
        page.evaluate(
            "[...document.querySelector('main').children].forEach(e => e.querySelector('fieldset') || e.remove())"
        )
        explorers = page.evaluate(
            "[...document.querySelectorAll('fieldset')].map(f => f.querySelectorAll('.tx-panels > details').length)"
        )
        # Explorers know nothing of each other. So each round picks the next state of all of them, and axe looks at these alone.
        for state in range(max(explorers, default=0)):
            changed = [n for n, states in enumerate(explorers) if state < states]
            page.evaluate(
                """([changed, state]) => changed.forEach(n =>
                     document.querySelectorAll('fieldset')[n].querySelectorAll('.tx-panels > details')[state].open = true)""",
                [changed, state],
            )
            within = ",".join(f"document.querySelectorAll('fieldset')[{n}]" for n in changed)
            assert told(axe(page, f"{{include: [{within}]}}")) == [], state
    own = [handouts[path].as_uri(), handouts[path].with_name("course.css").as_uri()]  # by which it shows its links
    assert {u for u in page.asked if not u.startswith(("data:", "about:"))} <= {*own}
    assert page.complaints == []


def test_map_shows_every_venue(handouts, open_page):
    page = unfolded(open_page(handouts[f"{JOURNEY}.html"].as_uri()))
    frame = page.frame_locator("iframe.tx-frame")
    towns = summits()["place"].dropna().unique()
    for town in towns:
        box = frame.get_by_role("button", name=re.compile(f"^{town},"))
        assert box.count() == 1, f"{town} is not on the map"
        assert box.locator(".in").bounding_box()["width"] > 40
    frame.get_by_role("button", name=re.compile("^Gabala,")).press("Enter")  # with the keyboard alone
    assert "12th regular summit" in frame.locator(".leaflet-popup-content").inner_text()


def test_map_fits_the_first_view_even_when_its_frame_gets_a_size_late(handouts, open_page):
    page = unfolded(open_page(handouts[f"{JOURNEY}.html"].as_uri()))
    frame, inner = page.frame_locator("iframe.tx-frame"), page.locator("iframe.tx-frame")
    inner.evaluate("f => { f.style.cssText = 'width:2px;height:2px;min-height:0'; f.srcdoc = f.srcdoc; }")
    page.wait_for_timeout(500)
    inner.evaluate("f => { f.style.cssText = ''; }")
    page.wait_for_timeout(500)
    view, boxes = inner.bounding_box(), [box.bounding_box() for box in frame.locator(".box .in").all()]
    left, right = min(box["x"] for box in boxes), max(box["x"] + box["width"] for box in boxes)
    assert view["x"] - 5 < left and right < view["x"] + view["width"] + 5, "a box lies outside the first view"
    assert right - left > 0.6 * view["width"], "the map is not fitted to its frame"


# Takes the frame out and puts it in again, as JupyterLab does with a cell on its way, hidden or narrow for a while.
AGAIN = """async ([frame, style, late]) => {
  const beside = frame.nextSibling, around = frame.parentElement;
  frame.remove();
  around.insertBefore(frame, beside);
  for (const now of [style, '']) { around.style.cssText = now; await new Promise(done => setTimeout(done, late)); }
}"""
OUT = """() => [...document.querySelectorAll('.box .in')].filter(e => {
  const {left, top, right, bottom} = e.getBoundingClientRect();
  return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
}).map(e => e.textContent)"""


@pytest.mark.long
def test_a_map_that_is_taken_out_and_put_in_again_shows_all_its_boxes(chromium):
    """Whenever its size comes; and once it is touched, it stays within the part of the world that it has."""
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    page.set_content(f'<div style="width:914px">{venue_map()._repr_html_()}</div>')
    frame = page.locator("iframe.tx-frame").element_handle()
    for late, style in product(range(0, 420, 40), ("display:none", "width:300px")):
        page.evaluate(AGAIN, [frame, style, late])
        page.wait_for_timeout(700)
        inner = frame.content_frame()
        assert inner.locator(".box .in").count() > 10 and inner.evaluate(OUT) == [], f"{style} for {late} ms"
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    for _ in range(6):
        page.mouse.move(box["x"] + 40, box["y"] + 330)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 40, box["y"] + 330, steps=5)
        page.mouse.up()
    page.wait_for_timeout(800)
    assert any(
        0 < at["x"] - box["x"] < box["width"] for b in inner.locator(".box .in").all() if (at := b.bounding_box())
    )
    page.close()


@pytest.mark.parametrize("lesson", matrix(LESSONS, JOURNEY))
def test_every_state_without_a_script(handouts, open_page, lesson):
    page = unfolded(open_page(handouts[f"{lesson}.html"].as_uri(), width=390, javascript=False))
    for explorer in page.locator("fieldset.tx-explorer").all():
        for choice in reversed(explorer.locator(".tx-panels > details").all()):  # what is open at first comes last
            choice.locator("> summary").click()
            assert [explorer.locator(".tx-panel:visible").count(), choice.locator(".tx-panel:visible").count()] == [
                1,
                1,
            ]
    for summary in page.locator("figure + details > summary").all():
        summary.click()
    assert page.locator("figure + details table").count() == page.locator("figure + details table:visible").count()


def test_explorer_with_the_keyboard(handouts, open_page):
    page = unfolded(open_page(handouts[f"{JOURNEY}.html"].as_uri()))
    page.locator(".tx-of-years summary").first.focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(".tx-of-years .tx-panel:visible .tx-state").inner_text().startswith("2014")
    outline = page.locator(".tx-of-years summary:focus").evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid", "the focus is not seen"


def test_question_answers_at_once(handouts, open_page):
    page = open_page(handouts[f"{JOURNEY}.html"].as_uri(), javascript=False)
    right, wrong = page.locator(".tx-of-q-02-hosts .tx-right"), page.locator(".tx-of-q-02-hosts .tx-wrong")
    assert not right.is_visible() and wrong.locator("visible=true").count() == 0
    page.locator(".tx-of-q-02-hosts details:has(.tx-right) > summary", has_text="Astana, Bishkek").click()
    assert right.is_visible() and "Yes." in right.inner_text() and wrong.locator("visible=true").count() == 0


def test_paper_has_all_states_and_no_frame(handouts, open_page):
    page = open_page(handouts[f"{JOURNEY}.html"].as_uri())
    page.emulate_media(media="print")
    assert page.locator(".tx-of-years .tx-panel:visible").count() == len(year_explorer().states)
    assert page.locator("iframe:visible").count() == 0
    assert page.locator(".tx-still").is_visible() and page.locator(".tx-unrun:visible, .tx-plain:visible").count() == 0
    assert page.locator(".tx-of-q-02-hosts .tx-panel:visible").count() == 0
    assert page.locator(".tx-of-q-02-hosts .tx-answer p").is_visible()
    labels = page.locator(".tx-of-q-02-hosts .tx-panels > details > summary")
    assert labels.locator("visible=true").count() == labels.count() == 4
    assert page.get_by_role("table", name=re.compile("Summits that met in a place")).is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
