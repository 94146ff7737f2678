"""One screen: every interactive shows choice and result together, charts and maps have a form for a phone, and no slide scrolls."""

from __future__ import annotations

import re

import pytest

from turkic_explainer.files import lesson_files

from .browser import click_in_map, unfolded
from .conftest import JOURNEY, lesson_with, matrix

NAMES = [file.stem for file in lesson_files()]
RIDE = lesson_with("ride_explorer()")
SCREENS = [(1280, 720), (390, 844)]
CASES = [(name, *screen) for name in NAMES for screen in SCREENS]

# Of each explorer and question: its name, how high it is in its highest state, and what of a result is cut off.
HEIGHTS = """() => [...document.querySelectorAll('fieldset.tx-explorer')].map(field => {
  const panels = field.querySelector('.tx-panels') ?? field, states = [...panels.querySelectorAll(':scope > details:is(.tx-panels > *, .tx-check)')];
  const was = states.map(state => state.open);
  // Of a question that is checked as a whole, most is told where all is ticked or in its place; of a number, one reason.
  for (const tick of field.querySelectorAll('.tx-picks :is(input, option.tx-yes)')) tick.checked = tick.selected = true;
  let highest = 0, cut = 0;
  for (const state of states) {
    states.forEach(other => { other.open = other === state; });
    const panel = state.querySelector('.tx-panel').getBoundingClientRect(), box = panels.getBoundingClientRect();
    highest = Math.max(highest, field.getBoundingClientRect().height);
    cut = Math.max(cut, panel.bottom - box.bottom, panel.right - box.right, box.left - panel.left);
  }
  states.forEach((state, n) => { state.open = was[n]; });
  return [field.className.match(/tx-of-([\\w-]+)/)[1], Math.round(highest), Math.round(cut)];
})"""
# Of each chart: its name, whether anything in it scrolls sideways, the size of its smallest letters, and all it says.
CHARTS = """() => [...document.querySelectorAll('figure.tx-chart')].map(figure => {
  const svg = [...figure.querySelectorAll('.tx-scroll > svg')].filter(one => one.checkVisibility()), box = figure.querySelector('.tx-scroll');
  const letters = [...(svg[0]?.querySelectorAll('text') ?? [])].map(text => {
    const [, size] = (getComputedStyle(text).font.match(/([\\d.]+)px/)), scale = svg[0].getBoundingClientRect().width / svg[0].viewBox.baseVal.width;
    return size * scale;
  });
  return {name: figure.querySelector('svg').getAttribute('aria-label').slice(0, 40), shown: svg.length, wide: box.scrollWidth > box.clientWidth + 1,
          cut: [...(svg[0]?.querySelectorAll('text') ?? [])].filter(text => text.getBoundingClientRect().right > svg[0].getBoundingClientRect().right + 2).map(text => text.textContent),
          least: Math.min(...letters), says: (svg[0]?.textContent ?? '')};
})"""


@pytest.mark.parametrize("name, width, height", matrix(CASES, (RIDE, 390, 844)))
def test_choice_and_result_stand_on_one_screen(open_page, course_pages, name, width, height):
    tab = unfolded(open_page(course_pages[f"{name}.html"].as_uri(), width, height=height))
    found = tab.evaluate(HEIGHTS)
    again = height if width > 640 else height * 1.1  # a question may be asked on the page before what answers it
    high = [
        line for line in found if line[1] > (again if line[0].startswith(("q-", "again-")) else height) or line[2] > 1
    ]
    assert high == [], f"of {width} x {height}"
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= width


def test_of_many_choices_the_one_that_is_looked_for_comes_into_sight_beside_its_result(open_page, course_pages):
    for width, height in SCREENS:
        tab = unfolded(open_page(course_pages[f"{RIDE}.html"].as_uri(), width, height=height))
        field = tab.locator(".tx-of-ride")
        field.evaluate("e => e.scrollIntoView({block: 'start', behavior: 'instant'})")
        choice = field.locator(".tx-panels > details > summary").last
        choice.click()
        shown = field.locator(".tx-panel:visible .tx-state")
        for part in (choice, shown, field.locator(".tx-panel:visible .tx-sums")):
            box = part.bounding_box()
            assert (
                box["y"] >= 0
                and box["y"] + box["height"] <= height
                and box["x"] >= 0
                and box["x"] + box["width"] <= width
            )


@pytest.mark.parametrize("name", matrix(NAMES, RIDE))
def test_charts_have_a_form_for_a_phone(open_page, course_pages, name):
    page = course_pages[f"{name}.html"].as_uri()
    broad, slim = (unfolded(open_page(page, width, height=height)).evaluate(CHARTS) for width, height in SCREENS)
    for one, other in zip(broad, slim, strict=True):
        assert (one["shown"], other["shown"], other["wide"], other["cut"]) == (1, 1, False, []), other["name"]
        assert other["least"] >= 9.5 and one["least"] >= 12, f"{other['name']}: {other['least']}, {one['least']}"


def test_the_letters_and_the_hosts_are_whole_on_a_phone(open_page, course_pages):
    for source, wanted in (
        ("letters_chart()", ("done", "proposed", "wished", "none 18")),
        ("hosting_chart()", ("Hungary", "2023")),
    ):
        tab = unfolded(open_page(course_pages[f"{lesson_with(source)}.html"].as_uri(), 390, height=844))
        said = re.sub(r"\s+", " ", " ".join(chart["says"] for chart in tab.evaluate(CHARTS)))
        assert all(word in said for word in wanted), source


@pytest.mark.parametrize("name, asked, told", [(JOURNEY, "Turkistan", "Informal summit"), (RIDE, "Xi'an", "China")])
def test_on_a_phone_a_map_has_numbers_that_nothing_covers_and_a_list_of_them(
    open_page, course_pages, name, asked, told
):
    tab = unfolded(open_page(course_pages[f"{name}.html"].as_uri(), 390, height=844))
    frame, inside = tab.locator("iframe.tx-frame"), tab.frame_locator("iframe.tx-frame")
    frame.scroll_into_view_if_needed()
    inside.locator(".mark").first.wait_for()
    tab.wait_for_timeout(500)
    view, marks = frame.bounding_box(), inside.locator(".mark").all()
    over = [part.bounding_box() for part in inside.locator(".leaflet-control:visible").all()]
    boxes = [mark.bounding_box() for mark in marks]
    assert inside.locator(".box:visible, .line:visible").count() == 0 and len(over) == 3 and len(marks) > 6
    assert min(min(box["width"], box["height"]) for box in boxes) >= 24, "a mark is too small for a finger"
    for n, box in enumerate(boxes):
        assert view["x"] <= box["x"] and box["x"] + box["width"] <= view["x"] + view["width"]
        for other in (*boxes[n + 1 :], *over):
            apart = [box[s] + box[size] <= other[s] or other[s] + other[size] <= box[s] for s, size in (("x", "width"), ("y", "height"))]  # fmt: skip
            assert any(apart), (marks[n].inner_text(), other)
    used = max(b["x"] + b["width"] for b in boxes) - min(b["x"] for b in boxes)
    assert used > 0.75 * view["width"] and 200 < view["height"] < 480, "the map is not fitted to its stops"
    listed = [item.inner_text().strip() for item in tab.locator(".tx-numbered:visible li").all()]
    runs = [list(map(int, run.split("–"))) for mark in marks for run in mark.inner_text().split(", ")]
    assert sorted(n for run in runs for n in range(run[0], run[-1] + 1)) == [*range(1, len(listed) + 1)]
    number = str(listed.index(asked.replace("'", "’") if asked not in listed else asked) + 1)
    inside.get_by_text(number, exact=True).click()
    assert told in inside.locator(".leaflet-popup-content").inner_text()


# The marks of a map that are too small for a finger, lie on another one or reach out of the frame.
NO_ROOM = """() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(() => {
  const marks = [...document.querySelectorAll('.mark')].map(e => [e.textContent, e.getBoundingClientRect()]);
  const on = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return marks.length < 5 ? ['few marks'] : marks.filter(([, a], n) => a.width < 24 || a.height < 24 || a.left < 0 || a.right > innerWidth
    || a.top < 0 || a.bottom > innerHeight || marks.slice(n + 1).some(([, b]) => on(a, b))).map(([label]) => label);
})"""


@pytest.mark.long
@pytest.mark.parametrize("name", [JOURNEY, RIDE])
def test_marks_are_for_fingers_on_every_phone(open_page, course_pages, name):
    tab = unfolded(open_page(course_pages[f"teacher/{name}.html"].as_uri(), 390, height=844))
    frame = tab.locator("iframe.tx-frame").element_handle()
    for width in range(320, 601, 8):
        tab.set_viewport_size({"width": width, "height": 844})
        frame.scroll_into_view_if_needed()
        assert frame.content_frame().evaluate(NO_ROOM) == [], width


@pytest.mark.parametrize("name", [JOURNEY, RIDE])
@pytest.mark.parametrize("way", ["no script", "no script in frames"])
def test_where_no_script_may_run_the_still_map_is_seen(open_page, course_pages, tmp_path, name, way):
    """Two ways: the browser runs none at all, or a filter takes them out of the frames and the page does not know."""
    page = course_pages[f"{name}.html"]
    if way != "no script":
        text = re.sub(r"(script-src )[^;]*;", r"\1'none';", page.read_text("utf-8"))
        page = tmp_path / "page.html"
        page.write_text(re.sub(r"(?<=script-src )&#39;sha[^;]*", "", text), "utf-8")
    tab = unfolded(open_page(page.as_uri(), 1280, height=720, javascript=way != "no script"))
    still = tab.locator("img.tx-still")
    still.scroll_into_view_if_needed()
    box = still.bounding_box()
    assert still.is_visible() and box["width"] > 900 and box["height"] > 300
    if way == "no script":
        assert not tab.locator("iframe.tx-frame").is_visible()
    else:  # what is seen is the still map, through a frame that has drawn nothing
        under, over = still.screenshot(), None
        tab.locator("iframe.tx-frame").evaluate("e => { e.style.visibility = 'hidden'; }")
        over = still.screenshot()
        assert len(under) > 50_000 and abs(len(under) - len(over)) < 6_000


# --- slides --------------------------------------------------------------------------------------------------------

DECKS = [name for name in NAMES if not name.startswith("09")]
# What of a slide would have to be scrolled, in any of its states, and how small its letters are on a slide of 720.
SCROLLED = """() => {
  const slide = document.querySelector('.present'), body = slide.querySelector('.body'), found = [];
  const look = what => {
    if (body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth + 1) found.push(`${what}: ${body.scrollHeight} > ${body.clientHeight}`);
    // Choices scroll in a list of their own, which neither the slide nor what is shown beside it tells of.
    for (const part of body.querySelectorAll('*')) if (/auto|scroll/.test(getComputedStyle(part).overflowY) && part.scrollHeight > part.clientHeight + 1)
      found.push(`${what}: ${part.className} ${part.scrollHeight} > ${part.clientHeight}`);
    for (const panel of slide.querySelectorAll('.tx-many > details[open] > .tx-panel')) {
      const list = panel.closest('.tx-many');
      if (panel.offsetHeight > list.clientHeight + 1) found.push(`${what}: ${panel.offsetHeight} > ${list.clientHeight}`);
    }
  };
  look('at first');
  const states = [...slide.querySelectorAll('.tx-explorer > .tx-panels > details')], was = states.map(state => state.open);
  for (const state of states) { state.open = true; look(state.firstElementChild.textContent.trim()); }
  states.forEach((state, n) => { state.open = was[n]; });
  const size = text => Math.max(...[null, '::first-letter'].map(part => parseFloat(getComputedStyle(text, part).fontSize))) * (text.currentCSSZoom ?? 1);
  const prose = [...slide.querySelectorAll('.prose, .tx-explorer > legend, .tx-explorer > .tx-panels > details > summary')].filter(e => e.checkVisibility());
  const least = prose.length ? Math.min(...prose.map(size)) : 99;
  if (least < 16) found.push(`letters of ${least}`);
  for (const svg of slide.querySelectorAll('.tx-scroll > svg')) if (svg.checkVisibility()) {
    const scale = svg.getBoundingClientRect().height / svg.viewBox.baseVal.height;
    const letters = Math.min(...[...svg.querySelectorAll('text')].map(text => parseFloat(getComputedStyle(text).fontSize) * scale));
    if (letters < 15.5) found.push(`letters of ${letters} in a chart`);
  }
  return found;
}"""


@pytest.mark.parametrize(
    "name, of, look, wanted",
    [
        ("01-who-is-who", "who", "gridTemplateColumns.split(' ').length", 3),
        ("07-shared-waters", "waters", "display", "block"),
        ("08-reading-the-sources", "reports", "display", "block"),
    ],
)
def test_on_paper_an_explorer_has_columns_of_its_own(open_page, course_pages, name, of, look, wanted):
    """What all of them have there gives way. The window is as wide as a phone, where a list is a strip on a screen."""
    tab = open_page(course_pages[f"{name}.html"].as_uri(), width=390)
    tab.emulate_media(media="print")
    assert tab.locator(f".tx-of-{of} .tx-panels").evaluate(f"e => getComputedStyle(e).{look}") == wanted
    assert "stood here" not in tab.content()  # nothing of the course's own is kept from its page


@pytest.fixture
def deck(open_page, course_pages):
    """Opens a deck from its file."""

    def opened(name: str, width=1280, height=720):
        tab = open_page(course_pages[f"teacher/slides/{name}.html"].as_uri(), width, height=height)
        tab.wait_for_function("() => document.querySelector('.bar .at').textContent")
        return tab

    return opened


def at(tab) -> int:
    return int(tab.locator(".bar .at").inner_text().split("/")[0])


def turned_to(tab, selector: str) -> int:
    tab.evaluate(
        "s => Reveal.slide([...document.querySelectorAll('section.slide')].findIndex(x => x.querySelector(s)))",
        selector,
    )
    return at(tab)


@pytest.mark.parametrize("name", matrix(DECKS, RIDE))
def test_no_slide_scrolls_in_any_state(deck, name):
    tab, found = deck(name), {}
    for number in range(tab.locator("section.slide").count()):
        tab.evaluate(f"Reveal.slide({number})")
        if told := tab.evaluate(SCROLLED):
            found[number + 1] = told
    assert found == {}


def test_what_is_unfolded_in_a_state_fits_its_slide_as_well(deck):
    tab = deck(lesson_with('explore("08-retold")'))
    turned_to(tab, "[class*=-retold]")
    for state in tab.locator(".present .tx-panels > details").all():
        state.evaluate("e => { e.open = true; }")
        state.locator(".tx-fold").evaluate("e => { e.open = true; }")
        tab.wait_for_timeout(100)
        assert tab.evaluate(SCROLLED) == [] and not tab.locator(".bar .more").is_visible()
        said = state.locator(".tx-fold > p").first.bounding_box()
        assert said["height"] > 20 and said["y"] + said["height"] < 690


@pytest.mark.parametrize("name", [JOURNEY, RIDE])
def test_the_labels_of_a_map_are_read_from_the_last_row(deck, name):
    tab = deck(name)
    turned_to(tab, "iframe.tx-frame")
    inside = tab.frame_locator(".present iframe.tx-frame")
    inside.locator(".box:not([hidden]) .in").first.wait_for()
    size = inside.locator(".box:not([hidden]) .in").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    zoom = tab.evaluate("document.querySelector('.present iframe').currentCSSZoom")
    assert size * zoom >= 19.5


KEYS = [("ArrowRight", 1), ("PageDown", 1), ("Space", 1), ("ArrowLeft", -1), ("PageUp", -1)]


def test_every_key_of_a_clicker_turns_the_slide_after_a_click_in_a_map(deck):
    tab = deck(RIDE)
    for key, step in KEYS:
        here = turned_to(tab, "iframe.tx-frame")
        inside = tab.frame_locator(".present iframe.tx-frame")
        click_in_map(tab, "Aktau port")
        tab.wait_for_timeout(100)
        assert inside.locator(".leaflet-popup-content").is_visible() or key != "ArrowRight", (
            "the click was not the map's"
        )
        tab.keyboard.press(key)
        assert at(tab) == here + step, key


def test_every_key_of_a_clicker_turns_the_slide_after_a_click_on_an_answer(deck):
    tab = deck(JOURNEY)
    for selector in (".tx-question summary", ".tx-of-years summary"):
        for key, step in KEYS:
            here = turned_to(tab, selector)
            tab.locator(f".present {selector}").nth(1).evaluate("e => { e.parentElement.open = false; }")
            tab.locator(f".present {selector}").nth(1).click()
            tab.keyboard.press(key)
            assert at(tab) == here + step, f"{selector}: {key}"


def test_a_map_that_is_in_use_by_keys_hands_on_those_of_a_clicker(deck):
    tab = deck(RIDE)
    here = turned_to(tab, "iframe.tx-frame")
    for _ in range(8):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.matches('iframe')"):
            break
    tab.wait_for_timeout(100)
    assert tab.evaluate("document.activeElement.matches('iframe')"), "the keyboard does not reach the map"
    tab.keyboard.press("PageDown")
    tab.wait_for_function(f"() => document.querySelector('.bar .at').textContent.startsWith('{here + 1} ')")


def test_a_prompt_and_its_picture_share_a_slide_and_a_long_table_goes_on(tmp_path):
    import pandas as pd

    from turkic_explainer.markup import table

    from .conftest import code, prose
    from .test_slides import deck_of

    long = str(table(pd.DataFrame({"a": range(60), "b": ["word " * 9] * 60}), "Long"))
    soup = deck_of(
        tmp_path,
        prose("# T\n\nWords.", "slide"),
        prose("Pick a report.", "slide"),
        code("1", "slide", html=str(table(pd.DataFrame({"a": [1]}), "Short"))),
        prose("**Look.** Which is longer?", "slide"),
        code("2", "slide", html=long),
    )
    first, short, *more = soup.select("section.slide")
    assert "Pick a report." in short.get_text() and "Short" in short.get_text() and short.select_one("table")
    assert "Which is longer?" in short.get_text() + more[0].get_text() and len(more) >= 4
    assert [len(page.select("thead")) for page in more] == [1] * len(more)
    assert sum(len(page.select("tbody tr")) for page in more) == 60
