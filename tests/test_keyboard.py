"""Whoever has only a keyboard, a finger, a small screen, large letters or few colours can read and work every page.

In a real Chromium, over every student's page, the index, and the teacher's pages that have most kinds of outputs.
"""

from __future__ import annotations

import pytest

from turkic_explainer.files import lesson_files

from .browser import fingers, unfolded
from .conftest import JOURNEY, KINDS, lesson_with, matrix

LESSONS = [file.stem for file in lesson_files()]
READ = [f"{name}.html" for name in LESSONS] + [f"teacher/{name}.html" for name in KINDS] + ["index.html"]
MAPS = [f"{JOURNEY}.html", f"teacher/{lesson_with('corridor_map()')}.html"]


@pytest.fixture
def opened(open_page, course_pages):
    """Opens a page of the course by where it lies, with its Deeper parts open: what is in them is worked like the rest."""

    def opened(path, width=1280, **settings):
        page = unfolded(open_page(course_pages[path].as_uri(), width, **settings))
        page.locator("details.deeper").evaluate_all("all => all.forEach(part => { part.open = true; })")
        return page

    return opened


# What a keyboard must reach, in the order of the document: what is shown and can be used. A part that can
# be scrolled is a stop where it is too wide.
STOPS = """() => {
  return [...document.querySelectorAll('a[href], summary, input, textarea, select, button, iframe, [tabindex="0"], .tx-scroll, pre')].filter(e => {
    if (!e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}) || e.disabled || e.tabIndex < 0) return false;
    if (e.matches('.tx-scroll, pre') && e.tabIndex < 0) return e.scrollWidth > e.clientWidth;
    return true;
  }).map((e, n) => { e.dataset.stop = n; return n; });
}"""

# Where the focus is; how it shows, by an outline; whether something lies upon it;
# and whether it is large enough to be hit: a citation's mark is found around it too, and a box in all of its label.
HERE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e);
  const box = [...e.getClientRects()].find(r => r.width && r.height) ?? e.getBoundingClientRect();
  const x = Math.min(Math.max(box.x + Math.min(box.width / 2, 40), 1), innerWidth - 2), y = Math.min(Math.max(box.y + Math.min(box.height / 2, 40), 1), innerHeight - 2);
  const top = document.elementFromPoint(x, y), around = e.matches('.cite') ? getComputedStyle(e, '::after') : e.closest('label')?.getBoundingClientRect() ?? {};
  return {
    stop: e.dataset.stop === undefined ? -1 : +e.dataset.stop, what: e.outerHTML.slice(0, 120), frame: e.localName === 'iframe',
    shown: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5),
    within: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    free: !top || e.contains(top) || top.contains(e), pressed: style.display !== 'inline' && !e.matches('iframe, pre, .tx-scroll'), height: Math.max(box.height, parseFloat(around.height) || 0), width: Math.max(box.width, parseFloat(around.width) || 0),
  };
}"""


@pytest.mark.parametrize("path", matrix(READ, MAPS[0], "index.html"))
def test_tab_reaches_everything_in_order_and_shows_where_it_is(opened, path):
    page = opened(path)
    stops, met, inside = page.evaluate(STOPS), [], 0
    for _ in range(len(stops) * 2 + 300):
        page.keyboard.press("Tab")
        for _ in range(40):  # into a frame and out of it the focus takes a moment, on a busy machine a second
            if here := page.evaluate(HERE):
                break
            page.wait_for_timeout(50)
        if here is None or (met and here["stop"] == met[0] and here["stop"] != met[-1]):
            break
        if here["frame"] and met and met[-1] == here["stop"]:
            inside += 1  # within the map, the frame stays the active thing of the page
            continue
        met.append(here["stop"])
        if not here["frame"]:
            assert here["shown"], f"the focus does not show on {here['what']}"
        assert here["within"] and here["free"], f"the focus is out of sight: {here}"
        if here["pressed"]:
            assert here["height"] >= 24 and here["width"] >= 24, (
                f"too small to be hit: {here['what']} {here['width']}x{here['height']}"
            )
    else:
        pytest.fail(f"Tab does not come to the end of the page; it stands on {here['what']}")
    assert met == stops, here
    assert (inside > 5) == (page.locator("iframe").count() > 0)


def in_frame(page) -> bool:
    """Whether the focus is in a frame. Into it and out of it the focus takes a moment, on a busy machine a second."""
    for _ in range(40):
        page.wait_for_timeout(20)
        if (at := page.evaluate("document.activeElement.localName")) != "body":
            return at == "iframe"
    return False


@pytest.mark.parametrize("path", matrix(MAPS, MAPS[0]))
def test_a_map_is_worked_and_left_by_keyboard(opened, path):
    page = opened(path)
    frame = page.frames[1]
    before = page.locator("iframe").element_handle()
    page.evaluate("""() => { const f = document.querySelector('iframe'); const s = [...document.querySelectorAll('a[href], summary, input, [tabindex="0"]')]
        .filter(e => e.checkVisibility() && e.compareDocumentPosition(f) & Node.DOCUMENT_POSITION_FOLLOWING); s.at(-1).focus(); }""")
    start = page.evaluate("document.activeElement.outerHTML.slice(0, 80)")
    where = "() => { const e = document.activeElement; return e === document.body ? '' : (e.getAttribute('aria-label') || e.title || e.innerText || e.id || e.className); }"
    shows = "() => { const e = document.activeElement, s = getComputedStyle(e.matches('.box') ? e.querySelector('.in') : e); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1; }"
    met = []
    for _ in range(200):
        page.keyboard.press("Tab")
        if not in_frame(page):
            break
        if name := frame.evaluate(where):
            met.append(name)
            assert frame.evaluate(shows), f"the focus does not show on {name} in the map"
    else:
        pytest.fail("Tab does not leave the map again")
    boxes = [
        box.get_attribute("aria-label")
        for box in frame.locator(".leaflet-marker-icon[role=button]:not([hidden])").all()
    ]
    assert len(boxes) > 5 and set(boxes) <= set(met) and {"Zoom in", "Zoom out"} <= set(met)
    for _ in range(200):  # and back again
        page.keyboard.press("Shift+Tab")
        if not in_frame(page):
            break
    assert page.evaluate("document.activeElement.outerHTML.slice(0, 80)") == start
    box = frame.locator(".leaflet-marker-icon[role=button]:not([hidden])").first
    box.focus()
    page.keyboard.press("Enter")
    frame.locator(".leaflet-popup-content").wait_for()
    page.keyboard.press("Escape")
    frame.locator(".leaflet-popup-content").wait_for(state="detached", timeout=3000)
    assert frame.evaluate(where) == box.get_attribute("aria-label"), "after Escape the focus is lost"
    zoom, height = (
        "() => document.querySelector('.leaflet-control-scale-line').textContent",
        before.bounding_box()["height"],
    )
    first = frame.evaluate(zoom)
    frame.locator(".leaflet-control-zoom-in").focus()
    page.keyboard.press("Enter")
    assert frame.evaluate(zoom) != first and height > 300
    small = frame.evaluate("""() => [...document.querySelectorAll('[role=button], .leaflet-control-layers-toggle, .box .in')]
        .map(e => [e.ariaLabel ?? e.innerText, e.querySelector('.in') ?? e]).filter(([n, e]) => { const r = e.getBoundingClientRect(), more = parseFloat(getComputedStyle(e, '::before').width) || 0;
          return r.width && Math.max(Math.min(r.width, r.height), more) < 24; }).map(([n]) => n)""")
    assert small == []


@pytest.mark.parametrize("path", matrix([f"{name}.html" for name in LESSONS], MAPS[0]))
def test_space_arrows_and_enter_work(opened, path):
    page = opened(path)
    for group in page.locator("fieldset.tx-explorer").all():
        for turn, choice in enumerate(reversed(group.locator(".tx-panels > details").all())):
            choice.locator("> summary").focus()
            page.keyboard.press(["Space", "Enter"][turn % 2])
            assert [group.locator(".tx-panel:visible").count(), choice.locator("> .tx-panel:visible").count()] == [1, 1]
    for summary in page.locator("summary:visible:not(.tx-panels > details > summary)").element_handles()[
        ::-1
    ]:  # what lies in a fold before the fold
        closed = summary.evaluate("e => e.parentElement.open")
        summary.focus()
        page.keyboard.press("Enter")
        assert summary.evaluate("e => e.parentElement.open") != closed


# --- a finger, a wheel ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", matrix(MAPS, MAPS[0]))
def test_a_map_does_not_trap_a_scrolling_finger_or_wheel(opened, path):
    page = opened(path, 390, height=844, has_touch=True, is_mobile=True)
    scale = "() => document.querySelector('.leaflet-control-scale-line').textContent"
    middle = "() => { const f = document.querySelector('iframe'); f.scrollIntoView({block: 'center'}); const r = f.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }"
    x, y = page.evaluate(middle)
    page.wait_for_timeout(300)
    before, first = page.evaluate("scrollY"), page.frames[1].evaluate(scale)
    fingers(page, ((x, y + 60), (x, y - 140)))
    assert page.evaluate("scrollY") > before + 100, "a finger that moves up on the map does not scroll the page"
    x, y = page.evaluate(middle)
    page.wait_for_timeout(300)
    fingers(page, ((x, y + 20), (x, y + 150)), ((x, y - 20), (x, y - 150)))
    assert page.frames[1].evaluate(scale) != first, "two fingers do not zoom the map"
    desk = opened(path)
    desk.evaluate("document.querySelector('iframe').scrollIntoView({block: 'center'})")
    box, before = desk.locator("iframe").bounding_box(), desk.evaluate("scrollY")
    first = desk.frames[1].evaluate(scale)
    desk.mouse.move(box["x"] + 300, box["y"] + 200)
    desk.mouse.wheel(0, 300)
    desk.wait_for_timeout(500)
    assert desk.evaluate("scrollY") >= before + 200, "the wheel over the map does not scroll the page"
    assert desk.frames[1].evaluate(scale) == first


# --- nothing moves, nothing is cut off ------------------------------------------------------------------------------

SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; }).observe({type: 'layout-shift', buffered: true});
  let at = 0;
  const step = () => { at += innerHeight; scrollTo({top: at, behavior: 'instant'}); at < document.documentElement.scrollHeight ? setTimeout(step, 30) : setTimeout(() => done(sum), 150); };
  setTimeout(step, 200);
})"""


@pytest.mark.parametrize(
    "path, width", matrix([(path, width) for path in READ for width in (390, 1280)], (MAPS[0], 390))
)
def test_nothing_moves_while_a_page_loads_and_is_scrolled(opened, path, width):
    assert opened(path, width).evaluate(SHIFTS) < 0.02


# What sticks out of the screen and cannot be scrolled to within something of its own.
WIDE = """() => {
  const wide = [...document.querySelectorAll('body *')].filter(e => !e.closest('svg, .unseen, .skip') && e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1
    && !e.parentElement.closest('.tx-scroll, pre, .tx-locator'));
  return document.scrollingElement.scrollWidth > innerWidth ? ['the page is ' + document.scrollingElement.scrollWidth, ...wide.map(e => e.outerHTML.slice(0, 120))] : [];
}"""
# What its own box cuts off.
CUT = """() => [...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && !e.matches('svg *, .tx-scroll, pre, .unseen, .tx-locator, input, textarea, h1')
  && ['hidden', 'clip'].includes(getComputedStyle(e).overflowY) && (e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2)).map(e => e.outerHTML.slice(0, 120))"""
SPACED = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}"


@pytest.mark.parametrize("path", matrix(READ, *MAPS, "index.html"))
def test_a_page_fits_320_pixels_also_with_wide_spacing(opened, path):
    """320 pixels are also what 1280 are at 400 % zoom (WCAG 1.4.10); the spacing is that of WCAG 1.4.12."""
    page = opened(path, 320, height=256)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate(WIDE) == []
    page.add_style_tag(
        content=".tx .tx-panels>details::details-content{content-visibility:visible!important;position:static!important}"
    )
    assert page.evaluate(WIDE) == []
    page.add_style_tag(content=SPACED)
    assert page.evaluate(WIDE) == [] and page.evaluate(CUT) == []


@pytest.mark.parametrize(
    "settings", [{"forced_colors": "active"}, {"contrast": "more"}], ids=["forced colours", "more contrast"]
)
def test_what_is_chosen_can_be_told_without_our_colours(opened, settings):
    page = opened(MAPS[0], **settings)
    group = page.locator(".tx-of-years .tx-panels")
    group.locator("> details > summary").nth(3).click()
    group.locator("> details > summary").nth(3).blur()
    look = "e => { const s = getComputedStyle(e); return [s.backgroundColor, s.color, s.borderColor, s.fontWeight, s.outlineStyle + s.outlineWidth, s.textDecorationLine, s.borderWidth].join(); }"
    looks = [label.evaluate(look) for label in group.locator("> details > summary").all()]
    assert looks.count(looks[3]) == 1 and len(set(looks)) == 2
    weight = [
        label.evaluate(
            "e => getComputedStyle(e).fontWeight + getComputedStyle(e).backgroundColor + getComputedStyle(e).borderWidth"
        )
        for label in group.locator("> details > summary").all()
    ]
    assert weight[3] != weight[0]
