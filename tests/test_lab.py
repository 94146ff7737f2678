"""JupyterLab as a host: our outputs look there as on the page, and a saved lesson works the next day without a kernel."""

from __future__ import annotations

import asyncio
import json
import re
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from itertools import count
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from jupyter_server.extension.utils import get_loader
from jupyter_server.services.contents.filemanager import AsyncFileContentsManager, FileContentsManager
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image, ImageStat

from turkic_explainer.checked import Checked
from turkic_explainer.explorer import Explorer
from turkic_explainer.files import lesson_files, read
from turkic_explainer.markup import Markup, ordinal
from turkic_explainer.press import saving
from turkic_explainer.press.build import build
from turkic_explainer.press.hour import COLLAPSED
from turkic_explainer.press.notebooks import canonical, dumps
from turkic_explainer.press.saving import LIVE, before_saving, drop_live
from turkic_explainer.validate import ROOT as PACKAGE

from .browser import choose, deeper, noted, run_all, scroll_to, started_lab, unfolded
from .conftest import CURLY, JOURNEY, KINDS, matrix, prose, skip_or_fail
from .test_live import BY_KEY, answered_live
from .test_stored import TRY, sanitized, stored_html

FILES = {f.stem: f for f in lesson_files()}
# One lesson in the fast run, all of them in .ci/run; or those that have nearly every kind of output.
EACH_LESSON, EACH_KIND = matrix(list(FILES)), matrix(KINDS, JOURNEY)


def set_up(page, address: str, **settings: dict) -> None:
    """Settings of JupyterLab, as a learner makes them in its menu: by plugin."""
    home, token = re.match(r"http://[\d.:]+", address)[0], re.search(r"token=(\w+)", address)[1]
    for plugin, values in settings.items():
        answer = page.request.put(
            f"{home}/lab/api/settings/@jupyterlab/{plugin.replace('_', '-', 1).replace('__', ':')}",
            headers={"Authorization": f"token {token}"}, data=json.dumps({"raw": json.dumps(values)}),
        )  # fmt: skip
        assert answer.ok, answer.text()


PAGES = count(1)


def opened(page, address: str, lesson: str, cells: int, host: str = "JupyterLab") -> None:
    """Opens a lesson in a window layout of its own, and waits until so many of its cells are there. Where Notebook 7 is
    installed, the same server gives it as well, at another address."""
    way = "/notebooks/" if host == "Notebook 7" else f"/lab/workspaces/look-{next(PAGES)}/tree/"
    page.goto(address.replace("/lab/tree/", way).replace("00-start-here", lesson))
    page.wait_for_function(
        "n => document.querySelectorAll('.jp-Notebook .jp-Cell').length >= n", arg=cells, timeout=60_000
    )
    assert page.locator("body[data-notebook]").count() == (host == "Notebook 7")


def folded(lesson: str) -> int:
    """How many Deeper parts of a lesson JupyterLab shows closed."""
    return sum(COLLAPSED in cell.metadata for cell in read(FILES[lesson]).cells)


WHOLE = {"windowingMode": "none"}  # all cells in the document: JupyterLab otherwise takes out what lies far away


@contextmanager
def new_page(chromium, scheme: str = "light"):
    context = chromium.new_context(
        viewport={"width": 1366, "height": 768}, color_scheme=scheme, reduced_motion="reduce"
    )
    try:
        yield noted(context.new_page())
    finally:
        context.close()


# --- the look ------------------------------------------------------------------------------------------------------


# What a host's style sheet can do to an element of ours. Sizes are left out: they follow the width of the column.
LOOKS = (
    "float clear display position visibility box-sizing color background-color opacity text-align vertical-align "
    "font-family font-size font-weight font-style line-height letter-spacing text-transform text-decoration-line "
    "white-space list-style-type list-style-position table-layout border-collapse caption-side "
    "margin-top margin-bottom margin-left padding-top padding-bottom padding-left padding-right max-width "
    "border-top-width border-bottom-width border-left-width border-top-color border-top-style border-top-left-radius"
).split()
# Of each output: its text, by which it is found again, and for each element in it what it is and how it looks. An
# unseen drawing that others use stands in each output of a notebook, and once on a page; what is said where there is
# no style sheet, or of a cell that has not run, or is there to sort cards on a page, is not seen on both. The key of a map is turned over with its frame where
# theme and system differ, so its own colours are those of the other theme then.
SEEN = """looks => [...document.querySelectorAll('.tx')].map(output => [
  [...output.querySelectorAll(':not(style, .tx-sorted, .tx-sorted *)')].flatMap(e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data)).join('').replace(/\\s/g, ''),
  [...output.querySelectorAll(':not(style):not(svg *):not(svg[width="0"]):not(.tx-plain, .tx-unrun, .tx-sorted, .tx-sorted *)')].map(e => {
    const style = getComputedStyle(e);
    const box = e.getBoundingClientRect(), all = output.getBoundingClientRect();
    return [e.localName + '.' + (e.getAttribute('class') ?? ''), Object.fromEntries(looks.map(l => [l, e.closest('.tx-map .tx-key') && l.includes('color') ? '' : style.getPropertyValue(l)])),
      e.checkVisibility() ? [box.left - all.left, box.top - all.top, box.width, box.height] : []];
  }),
])"""
# A page has curly quotes, which are wider or narrower: made straight again, so that lines break where they do in a notebook.
STRAIGHT = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
}"""
# What of our outputs does not fit: words on two lines, and what sticks out of its output without something to scroll it in.
UNFIT = """() => [...document.querySelectorAll('.tx')].filter(o => o.checkVisibility()).flatMap(output => {
  const found = [], range = document.createRange(), end = output.getBoundingClientRect().right + 1;
  const texts = document.createTreeWalker(output, NodeFilter.SHOW_TEXT, n => n.parentElement.closest('style, svg, textarea, .tx-answer') || !n.parentElement.checkVisibility() ? 2 : 1);
  while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[^\\s\\u00ad\\u200b/–—-]+/g)) {
    range.setStart(texts.currentNode, word.index);
    range.setEnd(texts.currentNode, word.index + word[0].length);
    if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1) found.push('broken: ' + word[0]);
  }
  for (const e of output.querySelectorAll('*')) if (e.checkVisibility() && !e.closest('.tx-scroll, .tx-locator, svg') && e.getBoundingClientRect().right > end) found.push('sticks out: ' + e.outerHTML.slice(0, 80));
  return found;
})"""
# Boxes and points of a map that its frame cuts: what lies wholly outside was set aside on purpose.
CUT = """() => [...document.querySelectorAll('.box .in, .line circle')].map(e => [e.textContent, e.getBoundingClientRect()])
  .filter(([, b]) => b.right > 0 && b.left < innerWidth && (b.left < 0 || b.top < 0 || b.right > innerWidth || b.bottom > innerHeight)).map(([t]) => t)"""


def cut_in_maps(page) -> list[str]:
    """The boxes and points of its maps that their frames cut off."""
    found = []
    for frame in page.locator("iframe.tx-frame").all():
        frame.scroll_into_view_if_needed()
        inner = frame.element_handle().content_frame()
        inner.locator(".box:not([hidden]) .in").first.wait_for(timeout=20_000)
        page.wait_for_timeout(500)
        found += inner.evaluate(CUT)
    return found


def lightness(frame) -> float:
    """How light a map is, from 0 to 1, as it is seen."""
    return ImageStat.Stat(Image.open(BytesIO(frame.screenshot())).convert("L")).mean[0] / 255


# Of each term that is seen: its box, that of what is said of it, and its words that stand on more than one line.
TERMS = """() => [...document.querySelectorAll('.tx dt')].filter(dt => dt.checkVisibility()).map(dt => {
  const box = e => { const {left, top, right, bottom} = e.getBoundingClientRect(); return {left, top, right, bottom}; };
  const broken = [], texts = document.createTreeWalker(dt, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
    range.setStart(texts.currentNode, word.index);
    range.setEnd(texts.currentNode, word.index + word[0].length);
    if (range.getClientRects().length > 1) broken.push(word[0]);
  }
  return {term: dt.textContent, dt: box(dt), dd: box(dt.nextElementSibling), around: box(dt.parentElement), broken};
})"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with started_lab(tmp_path_factory.mktemp("home")) as found:
        yield found


def seen_in(page) -> dict[str, list]:
    """Each output that is seen, by its text: its elements and how they look."""
    return {text.translate(CURLY): seen for text, seen in page.evaluate(SEEN, LOOKS)}


def different(here: dict[str, list], there: dict[str, list]) -> list[str]:
    """What of the outputs that are seen in both looks or lies different in JupyterLab and on the page."""
    both, found = here.keys() & there.keys(), set()
    assert len(both) >= 0.6 * len(here), "too few outputs are found on the page as well"
    for text in both:
        assert [what for what, *_ in here[text]] == [what for what, *_ in there[text]], text[:80]
        for (what, in_lab, at), (_, on_page, box) in zip(here[text], there[text], strict=True):
            if len(at) != len(box) or any(abs(a - b) > 2 for a, b in zip(at, box, strict=True)):
                found.add(f"{what} in {text[:60]!r}: {at} in JupyterLab, {box} on the page")
            found |= {
                f"{what} {look}: {in_lab[look]} in JupyterLab, {on_page[look]} on the page"
                for look in LOOKS
                if in_lab[look] != on_page[look]
            }
    return sorted(found)


@pytest.mark.parametrize("lesson", EACH_LESSON)
def test_outputs_look_in_lab_as_on_the_page(lab, chromium, tmp_path, lesson):
    """In each of its themes, where the system has the other scheme."""
    build([FILES[lesson]], tmp_path, ["student"], say=lambda line: None)
    with new_page(chromium) as page, new_page(chromium) as beside:
        set_up(
            page, lab[0], notebook_extension__tracker=WHOLE, apputils_extension__themes={"theme": "JupyterLab Light"}
        )
        opened(page, lab[0], lesson, len(read(FILES[lesson]).cells))
        deeper(page, folded(lesson))
        beside.goto((tmp_path / "students" / f"{lesson}.html").as_uri())
        unfolded(beside)
        width = page.evaluate("document.querySelector('.tx').offsetWidth")
        beside.add_style_tag(
            content=f".tx{{width:{width}px;max-width:none!important}}.tx-sorted{{display:none!important}}"
        )  # the column that JupyterLab has, and what it has in it
        beside.evaluate(STRAIGHT)
        for theme, scheme in (("Light", "dark"), ("Dark", "light")):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            beside.emulate_media(color_scheme=theme.lower(), reduced_motion="reduce")
            if theme == "Dark":
                page.get_by_role("menuitem", name="Settings", exact=True).click()
                page.locator("#jp-mainmenu-settings").get_by_text("Theme", exact=True).hover()
                page.get_by_text("JupyterLab Dark", exact=True).click()
            light = str(theme == "Light").lower()
            page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=light)
            terms, unfit = page.evaluate(TERMS), page.evaluate(UNFIT)
            assert unfit == [] and cut_in_maps(page) == []
            unrun = page.add_style_tag(content=".tx-unrun{display:none!important}")  # or all below it lies lower
            assert different(seen_in(page), seen_in(beside)) == []
            unrun.evaluate("e => e.remove()")
            for frame in page.locator("iframe.tx-frame").all():  # which sees the system's scheme alone
                assert (lightness(frame) > 0.6) == (theme == "Light") and (lightness(frame) < 0.4) == (theme == "Dark")
    assert terms
    for it in terms:
        dt, dd = it["dt"], it["dd"]
        assert it["broken"] == []
        assert dt["right"] <= dd["left"] or dt["bottom"] <= dd["top"] + 1, (
            f"{it['term']!r} stands neither beside nor above what is said of it"
        )
        assert abs(dd["right"] - it["around"]["right"]) < 2, (
            f"what is said of {it['term']!r} does not take the width that is there"
        )


# --- the next day ---------------------------------------------------------------------------------------------------


DEAD = re.compile("Error displaying widget|model not found")


@dataclass(frozen=True)
class Stored:
    """An explorer or question as it is stored; `states` has for each the label and the text of what is shown. A question
    that is checked as a whole has none."""

    key: str
    title: str
    states: dict[str, tuple[str, str]]


def stored_explorers(lesson: str) -> Iterator[Stored]:
    for cell in read(FILES[lesson]).cells:
        for output in cell.get("outputs", []):
            for field in BeautifulSoup(output.get("data", {}).get("text/html", ""), "html.parser").select(
                "fieldset.tx-explorer"
            ):
                labels = [label.get_text() for label in field.select(".tx-panels > details > summary")]
                panels = field.select(".tx-panel[data-state]")
                texts = [re.sub(r"\s", "", panel.get_text()) for panel in panels]
                states = dict(zip([p["data-state"] for p in panels], zip(labels, texts, strict=True), strict=True))
                key = next(name for name in field["class"] if name.startswith("tx-of-")).removeprefix("tx-of-")
                assert states or isinstance(BY_KEY[key], Checked), key
                yield Stored(key, field.legend.get_text(), states)


def views(file: Path) -> list[str]:
    """The sources of the cells in whose stored outputs a live widget stands."""
    return [
        c.source
        for c in nbformat.read(file, as_version=4).cells
        for o in c.get("outputs", [])
        if LIVE in o.get("data", {})
    ]


@pytest.mark.long
@pytest.mark.parametrize("lesson, host", [*((lesson, "JupyterLab") for lesson in KINDS), (JOURNEY, "Notebook 7")])
def test_a_saved_lesson_works_the_next_day(chromium, tmp_path, lesson, host):
    """Run, click, save, end kernel and server, start again, open: all works, and a widget of the learner's own is left alone."""
    if host == "Notebook 7" and not find_spec("notebook"):
        skip_or_fail("Notebook 7 is not installed (uv run --group test --group notebook7 -m pytest ...)")
    explorers, own = list(stored_explorers(lesson)), "import ipywidgets\nipywidgets.IntSlider(7)"
    with started_lab(tmp_path) as (address, course), new_page(chromium) as page:
        mine = course / "notebooks" / f"{lesson}.ipynb"
        changed = read(mine)
        changed.cells.append(new_code_cell(own, id="own"))
        mine.write_text(dumps(changed), "utf-8")
        opened(page, address, lesson, 1, host)
        run_all(page)
        kinds = {BY_KEY[e.key].kind: e for e in explorers if not e.states}  # one of each that is checked as a whole
        for turn, explorer in enumerate([*explorers[:1] * 2, *kinds.values()]):  # answers before a save and after it
            scroll_to(page, explorer.title, explorer.key)
            pick_live(page, explorer, turn)
            before = mine.stat().st_mtime_ns
            page.keyboard.press("Escape")
            page.keyboard.press("Control+s")
            for _ in range(100):
                if mine.stat().st_mtime_ns != before:
                    break
                page.wait_for_timeout(100)
            else:
                pytest.fail("nothing was saved")
            page.wait_for_timeout(1500)
            assert page.locator(".jp-Dialog").count() == 0, page.locator(".jp-Dialog").inner_text()
        assert views(mine) == [own]
    with started_lab(tmp_path) as (address, course), new_page(chromium) as page:
        model = page.request.get(
            re.sub(r"/lab\S*\?", f"/api/contents/notebooks/{lesson}.ipynb?content=1&", address)
        ).json()
        assert all(c["metadata"]["trusted"] for c in model["content"]["cells"] if c["cell_type"] == "code"), (
            "not trusted"
        )
        set_up(page, address, notebook_extension__tracker=WHOLE)
        opened(page, address, lesson, len(model["content"]["cells"]), host)
        deeper(page, sum(c["metadata"].get(COLLAPSED, False) for c in model["content"]["cells"]))  # but what was opened
        page.get_by_text(DEAD).first.wait_for(timeout=60_000)  # the learner's own slider, whose model is gone
        dead = page.locator(".jp-CodeCell", has_text=DEAD)
        assert [re.sub(r"\s", "", t) for t in dead.locator(".cm-content").all_inner_texts()] == [re.sub(r"\s", "", own)]
        for explorer in explorers:
            for state in reversed(explorer.states):  # what is open at first comes last
                field = page.locator(f".tx-of-{explorer.key}")
                field.locator(f'summary:has(+ [data-state="{state}"])').click()
                shown = [p.get_attribute("data-state") for p in field.locator(".tx-panel:visible").all()]
                assert shown == [state], f"{explorer.key}, {state}"
            if not explorer.states:
                answered_stored(page.locator(f".tx-of-{explorer.key}"), BY_KEY[explorer.key])
        cut_in_maps(page)  # each map is there, with its boxes
        explorer = explorers[-1]  # nothing above its cell has been run but what the lesson takes from the course
        for cell in (page.locator(".jp-CodeCell").first, page.locator(f".jp-CodeCell:has(.tx-of-{explorer.key})")):
            cell.locator(".jp-InputPrompt").first.click()
            page.keyboard.press("Shift+Enter")
        scroll_to(page, explorer.title, explorer.key)
        pick_live(page, explorer, 0)


# --- a copy that is not trusted, and two copies ----------------------------------------------------------------------


@pytest.mark.parametrize("lesson", EACH_KIND)
def test_a_copy_that_is_not_trusted_holds_back_and_works(lab, chromium, lesson):
    """Handed out or downloaded: JupyterLab takes styles, drawings, frames and ids away. What is left must do."""
    address, course = lab
    given = read(FILES[lesson])
    given.cells.append(new_code_cell("1", id="given"))  # another file than the one that `lab` has signed
    (course / "notebooks" / "given.ipynb").write_text(dumps(given), "utf-8")
    html = stored_html(lesson, folded=False)
    with new_page(chromium) as page:
        set_up(page, address, notebook_extension__tracker=WHOLE)
        opened(page, address, "given", len(given.cells))
        deeper(page, folded(lesson))
        page.locator('.jp-StatusItem-trust[title^="Notebook not trusted: 0 of"]').wait_for()
        ours = "e => [...(e ?? document).querySelectorAll('.tx *')].map(e => e.localName + '.' + e.className)"
        left = page.evaluate(ours)
        page.evaluate(
            "html => { window.tried = document.createElement('div'); tried.innerHTML = html; }", sanitized(html)
        )
        assert left == page.evaluate(f"({ours})(window.tried)"), "test_stored takes away something else"
        found = page.evaluate(TRY, page.query_selector(".jp-Notebook"))
    assert found["wrong"] == [] and found["explorers"] == html.count('<fieldset class="tx-explorer')
    assert all(found["pictures"]) and len(found["pictures"]) == html.count('<img class="tx-') and all(found["words"])
    assert all(found["guesses"])


@pytest.mark.long
def test_a_copied_question_answers_where_it_is_clicked(lab, chromium):
    """The two have everything in common, and a click in one opens nothing in the other; nor in another view of the lesson."""
    address, _ = lab
    with new_page(chromium) as page:
        set_up(page, address, notebook_extension__tracker=WHOLE)
        opened(page, address, JOURNEY, len(read(FILES[JOURNEY]).cells))
        page.locator(".jp-CodeCell:has(.tx-of-q-02-hosts) .jp-InputPrompt").click()
        page.keyboard.press("c")
        page.keyboard.press("v")
        copies = page.locator(".tx-of-q-02-hosts")
        page.wait_for_function("() => document.querySelectorAll('.tx-of-q-02-hosts').length === 2")
        for here, there in ((1, 0), (0, 1)):
            copies.nth(here).locator("summary", has_text="A.").click()
            assert copies.nth(here).locator(".tx-panel:visible").count() == 1
            assert copies.nth(there).locator(".tx-panel:visible").count() == 0
        choose(page, "File", "New View for Notebook")
        page.wait_for_function("() => document.querySelectorAll('.tx-of-years').length === 2")
        views = page.locator(".tx-of-years")
        seen = views.locator("visible=true")  # a new view lies over the first, or beside it
        seen.last.locator("summary", has_text="2015").click()
        assert seen.last.locator(".tx-panel:visible").get_attribute("data-state") == "2015"
        assert seen.last.locator("use").first.evaluate("e => e.getBBox().width") > 1


def pick_live(page, explorer: Stored, turn: int) -> None:
    """Picks a state of a live explorer that is not the one chosen, and sees it come."""
    box = page.locator(f'[data-live="{explorer.key}"]')
    if not explorer.states:
        answered_live(page, box, BY_KEY[explorer.key])
        return
    label, text = list(explorer.states.values())[1 + turn]
    box.get_by_role("radio", name=label, exact=True).click()
    page.wait_for_function(
        """([key, text]) => document.querySelector(`[data-live='${key}']`).lastElementChild.querySelector('.tx')
             .textContent.replace(/\\s/g, '').endsWith(text)""",
        arg=[explorer.key, text], timeout=10_000,
    )  # fmt: skip


def answered_stored(field, asked: Checked) -> None:
    """Without a kernel, what is not yet right is told so, and what is right hears every reason; so does a number, which
    nothing reads there."""
    field.locator(".tx-check > summary").click()
    assert field.locator(".tx-if-wrong").is_visible() == (asked.kind != "number"), asked.key
    for choice in asked.choices() if asked.kind != "number" else ():
        take = field.locator(f".tx-picks .tx-{choice.mark}")
        if asked.kind == "order":
            take.locator("select").select_option(ordinal(int(choice.mark[1:])))
        else:
            take.locator("input").set_checked(choice.right)
    assert field.locator(".tx-if-right").is_visible() == (asked.kind != "number"), asked.key
    assert not field.locator(".tx-if-wrong").is_visible(), asked.key
    told = [re.sub(r"\s", "", text) for text in field.locator(".tx-why > li:visible").all_inner_texts()]
    assert told == [re.sub(r"\s", "", reason.label + Markup(reason.why).striptags()) for reason in asked.reasons]


# --- what is stored -------------------------------------------------------------------------------------------------


def shown(data: dict):
    return new_output("display_data", {"text/plain": "", **data})


def run_notebook(**metadata):
    """A notebook as JupyterLab sends it: an explorer of ours, a learner's widget, and a widget of others with HTML beside it."""
    ours = Explorer("e", "Which?", (("a", "A"), ("b", "B")), lambda state: Markup("<p>{}</p>").format(state))
    outputs = [
        shown({"text/html": ours._repr_mimebundle_()["text/html"], LIVE: {"model_id": "box"}}),
        shown({LIVE: {"model_id": "slider"}}),
        shown({"text/html": "<b>a plot</b>", LIVE: {"model_id": "plot"}}),
    ]
    return new_notebook(
        metadata=metadata, cells=[new_code_cell("x", outputs=[output], id=f"c{n}") for n, output in enumerate(outputs)]
    )


def live(content) -> list[bool]:
    return [LIVE in cell["outputs"][0]["data"] for cell in content["cells"]]


def states(**models: list[str]) -> dict:
    kept = {m: {"state": {"children": [f"IPY_MODEL_{part}" for part in parts]}} for m, parts in models.items()}
    return {"application/vnd.jupyter.widget-state+json": {"state": kept, "version_major": 2, "version_minor": 0}}


def test_only_our_live_views_are_dropped():
    content = run_notebook()
    lines = run_notebook()  # as it stands in a file: a text is a list of its lines
    lines.cells[0].outputs[0].data["text/html"] = lines.cells[0].outputs[0].data["text/html"].splitlines(keepends=True)
    for notebook_ in (content, lines):
        html = notebook_.cells[0].outputs[0].data["text/html"]
        drop_live(notebook_)
        assert live(notebook_) == [False, True, True]
        assert notebook_.cells[0].outputs[0].data == {"text/plain": "", "text/html": html}
    again = json.dumps(content)
    drop_live(content)
    assert json.dumps(content) == again


def test_kept_state_goes_with_our_views_and_others_keep_theirs():
    content = run_notebook(
        widgets=states(box=["row", "shared"], row=[], slider=["shared"], shared=[], plot=[], linked=[])
    )
    drop_live(content)
    assert set(content.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]) == {
        "slider",
        "shared",
        "plot",
        "linked",
    }
    alone_ = run_notebook(widgets=states(box=["row"], row=[]))
    drop_live(alone_)
    assert "widgets" not in alone_.metadata
    theirs = new_notebook(metadata={"widgets": states()})  # nothing of ours: nothing is touched
    drop_live(theirs)
    assert "widgets" in theirs.metadata


@pytest.mark.parametrize("kind", [FileContentsManager, AsyncFileContentsManager])
def test_the_hook_stands_beside_a_sites_own_and_leaves_other_files_alone(own_jupyter, tmp_path, kind):
    called = []
    manager = kind(root_dir=str(tmp_path), pre_save_hook=lambda model, **_: called.append(model["type"]))
    server = type("Server", (), {"contents_manager": manager})
    get_loader(saving)(server)  # as a server loads it
    for name, content in (("a.ipynb", run_notebook()), ("a.txt", LIVE)):
        type_ = "notebook" if name.endswith(".ipynb") else "file"
        saved = manager.save(
            {"type": type_, "format": "json" if type_ == "notebook" else "text", "content": content}, name
        )
        if kind is AsyncFileContentsManager:
            ThreadPoolExecutor().submit(asyncio.run, saved).result()  # this thread may have a loop, for the browser
    assert called == ["notebook", "file"]
    assert live(nbformat.read(tmp_path / "a.ipynb", as_version=4)) == [False, True, True]
    assert (tmp_path / "a.txt").read_text() == LIVE
    before_saving({"type": "directory"})


def test_every_way_to_start_a_server_finds_the_hook():
    """`lab` has this folder in its path of settings; the wheel puts the same file where every server looks."""
    [file] = (PACKAGE / "press" / "jupyter" / "jupyter_server_config.d").iterdir()
    assert json.loads(file.read_text()) == {"ServerApp": {"jpserver_extensions": {before_saving.__module__: True}}}
    shared = tomllib.loads((PACKAGE.parents[1] / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]["shared-data"]
    assert shared[file.parent.relative_to(PACKAGE.parents[1]).as_posix()] == "etc/jupyter/jupyter_server_config.d"


# The last line of each cell that is seen.
LAST_LINES = """() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')].filter(cell => cell.checkVisibility() && cell.offsetHeight)
  .map(cell => cell.innerText.trim().split('\\n').pop())"""


@pytest.mark.long
def test_a_deeper_part_is_closed_until_it_is_opened(lab, chromium):
    """What answers a guess in it stays folded away then; what follows the part is in sight all the time."""
    address, folder = lab
    hidden = prose("After your guess:\n\nthe eighth fish")
    hidden.metadata["jupyter"] = {"source_hidden": True}
    cells = [
        prose("# T"), prose("## Part"), prose("core"), prose("### Deeper: how deep is it?"),
        prose("a deep word"), hidden, prose("below"), prose("### Deeper: another"), prose("another word"), prose("## Next"), prose("the end"),
    ]  # fmt: skip
    (folder / "notebooks" / "deeper.ipynb").write_text(dumps(canonical(new_notebook(cells=cells))), "utf-8")
    with new_page(chromium) as page:
        set_up(page, address, notebook_extension__tracker=WHOLE)
        opened(page, address, "deeper", len(cells))
        page.locator("p:text-is('the end')").wait_for()
        assert page.evaluate(LAST_LINES) == ["T", "Part", "core", "3 cells hidden", "1 cell hidden", "Next", "the end"]
        page.locator(".jp-showHiddenCellsButton").first.click()
        page.locator("p:text-is('a deep word')").wait_for()
        opened_ = [
            "T",
            "Part",
            "core",
            "Deeper: how deep is it?",
            "a deep word",
            "After your guess:",
            "below",
            "1 cell hidden",
            "Next",
            "the end",
        ]
        assert page.evaluate(LAST_LINES) == opened_
