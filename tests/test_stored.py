"""What is stored holds where nothing of ours is in force: no style sheet, no script, no id; and in two copies on a page."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

import turkic_explainer as tx
from turkic_explainer.files import lesson_files, read
from turkic_explainer.markup import Markup, in_page

from .browser import unfolded
from .conftest import JOURNEY, lesson_with, matrix

FILES = {file.stem: file for file in lesson_files()}
# Tries every explorer within a part of a page as a reader does: what is seen at first, and what a click on each choice
# opens. Gives what went wrong, how many explorers and states there were, and whether pictures, words and guesses are seen.
TRY = """root => {
  const seen = e => e.checkVisibility(), wrong = [];
  for (const e of root.querySelectorAll('.tx-question :is(.tx-right, .tx-wrong), .tx-answer p')) if (seen(e)) wrong.push('open: ' + e.textContent);
  for (const e of root.querySelectorAll('.tx-blank, svg text')) if (!e.closest('.tx-panel') && seen(e)) wrong.push('stray: ' + e.textContent);
  const explorers = [...root.querySelectorAll('fieldset.tx-explorer')];
  let states = 0;
  for (const explorer of explorers) {
    const choices = [...explorer.querySelectorAll('.tx-panels > details, .tx-check')], panel = choice => choice.querySelector('.tx-panel');
    for (const e of choices) if (seen(panel(e)) !== e.classList.contains('tx-start')) wrong.push('at first: ' + e.textContent);
    for (const e of choices.reverse()) {
      if (!e.open) e.querySelector('summary').click();
      if (!seen(panel(e)) || !panel(e).innerText.trim()) wrong.push('not shown: ' + e.textContent);
      states++;
    }
  }
  const pictures = [...root.querySelectorAll('img.tx-still, img.tx-plain')].map(e => seen(e) && !!e.alt && e.complete && e.naturalWidth > 300 && e.clientWidth > 300);
  const words = [...root.querySelectorAll('p.tx-plain')].map(seen);
  const guesses = [...root.querySelectorAll('.tx-guess')].map(e => seen(e) && !!e.innerText.trim());
  return {wrong, explorers: explorers.length, states, pictures, words, guesses};
}"""


def stored_html(lesson: str, folded: bool = True) -> str:
    """What is stored of a lesson's outputs; `folded` is whether with those that JupyterLab folds away."""
    cells = [c for c in read(FILES[lesson]).cells if folded or not c.metadata.get("jupyter", {}).get("outputs_hidden")]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "".join(output.get("data", {}).get("text/html", "") for output in outputs)


def without_styles(html: str) -> str:
    return re.sub(r"<style\b.*?</style>", "", html, flags=re.S)


def sanitized(html: str) -> str:
    """HTML as JupyterLab's sanitizer leaves it where a notebook is not trusted: seen in 4.6.6, and held to it in test_lab."""
    soup = BeautifulSoup(without_styles(html), "html.parser")
    for frame in soup.find_all("iframe"):
        frame.decompose()
    for drawn in soup.find_all(lambda tag: tag.name == "svg" or tag.find_parent("svg")):
        drawn.unwrap()  # the drawing is gone, and its text is left over
    for tag in soup.find_all(True):
        keep = ("class", "hidden", "open", "src", "alt", "href", "title", "lang")
        tag.attrs = {name: value for name, value in tag.attrs.items() if name in keep}
    return str(soup)


# What GitHub keeps of HTML, as SanitizationFilter::DEFAULT_CONFIG of gjtorikian/html-pipeline has it: the strictest list that
# is public. How GitHub's own view of notebooks goes further is not. VS Code keeps all in a workspace that is trusted, and
# shows the plain text alone in any other (microsoft/vscode, extensions/notebook-renderers).
GITHUB = set(
    "h1 h2 h3 h4 h5 h6 br b i strong em a pre code img tt div ins del sup sub p ol ul table thead tbody tfoot blockquote "
    "dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike summary details caption figure figcaption abbr bdo cite dfn "
    "mark small span time wbr".split()
)


def on_github(html: str) -> str:
    """HTML as that list leaves it. It keeps no class either: here they stay, to find things by, and no sheet knows them."""
    soup = BeautifulSoup(without_styles(html), "html.parser")
    for tag in soup.find_all(True):
        keep = ("class", "href", "alt", "title", "lang", "name", "open")
        tag.attrs = {name: value for name, value in tag.attrs.items() if name in keep}
        if tag.name not in GITHUB:
            tag.unwrap()
    return str(soup)


@pytest.mark.parametrize("lesson", matrix([*FILES], JOURNEY))
def test_what_github_keeps_holds_answers_back_and_gives_them_at_a_click(chromium, lesson):
    tab = chromium.new_page()
    html = stored_html(lesson)
    tab.set_content(on_github(html))
    asked = tab.locator("details:has(> .tx-no-paper .tx-right, > .tx-no-paper .tx-wrong)")
    verdicts = tab.locator(".tx-no-paper :is(.tx-right, .tx-wrong), .tx-answer p, .tx-solved pre")
    assert (asked.count() > 8) == ("tx-question" in html) and not any(found.is_visible() for found in verdicts.all())
    for choice in asked.all():
        choice.locator("> summary").evaluate("e => e.click()")
        assert choice.locator(":is(.tx-right, .tx-wrong)").first.is_visible()
    tab.close()


@pytest.mark.parametrize("host", [without_styles, sanitized])
@pytest.mark.parametrize("lesson", matrix([*FILES], JOURNEY))
def test_what_is_stored_works_without_our_styles(chromium, lesson, host):
    html = stored_html(lesson)
    tab = chromium.new_page()
    tab.set_content(host(html))
    found = tab.evaluate(TRY, tab.query_selector("body"))
    tab.close()
    assert found["wrong"] == []
    assert found["explorers"] == html.count('<fieldset class="tx-explorer')
    assert found["states"] >= 2 * found["explorers"]
    assert all(found["pictures"]) and len(found["pictures"]) == html.count('<img class="tx-')
    assert all(found["words"]) and all(found["guesses"])
    assert len(found["guesses"]) == len(re.findall('<[a-z]+ class="tx-guess"', html))
    if lesson == JOURNEY:
        assert found["pictures"] and found["words"] and found["guesses"]


# --- two copies -----------------------------------------------------------------------------------------------------


OPEN = "n => [...document.querySelectorAll('#copy-' + n + ' .tx-panel')].filter(e => e.checkVisibility()).map(e => e.dataset.state)"
# How many pixels of a small map's land are drawn: by the box of what <use> shows.
DRAWN = "n => { const r = [...document.querySelectorAll('#copy-' + n + ' details[open] use, #copy-' + n + ' .tx-start use')].map(e => e.getBBox().width); return r.length && r.every(w => w > 1); }"


@pytest.fixture
def twice(chromium):
    """A page on which an output stands twice, as in two views of a notebook or after a cell was copied."""
    tab = chromium.new_page()

    def shown(html: str):
        tab.set_content("".join(f'<div id="copy-{n}">{in_page(html)}</div>' for n in "ab"))
        return tab

    yield shown
    tab.close()


def test_a_click_shows_in_the_copy_that_was_clicked(twice):
    tab = twice(tx.question("02-hosts").html())
    tab.locator("#copy-b summary", has_text="B.").click()
    assert tab.evaluate(OPEN, "a") == [] and tab.evaluate(OPEN, "b") == ["b"]
    tab.locator("#copy-a summary", has_text="A.").click()
    assert tab.evaluate(OPEN, "a") == ["a"]
    assert tab.evaluate(OPEN, "b") in ([], ["b"]), "what is open in one copy is not what was chosen there"


@pytest.mark.parametrize("gone", ["remove()", "hidden = true"])
def test_each_copy_of_an_explorer_is_whole(twice, gone):
    """A browser keeps one part of a name open on a page: the other copy then shows its start, and never another's choice."""
    tab = twice(tx.year_explorer().html())
    start = tx.year_explorer().start
    assert tab.evaluate(OPEN, "a") == tab.evaluate(OPEN, "b") == [start]
    tab.locator("#copy-b summary", has_text="2015").click()
    assert tab.evaluate(OPEN, "a") == [start] and tab.evaluate(OPEN, "b") == ["2015"]
    tab.evaluate(f"document.querySelector('#copy-a').{gone}")
    assert tab.evaluate(OPEN, "b") == ["2015"] and tab.evaluate(DRAWN, "b")


def test_explorers_work_without_any_id(twice):
    tab = twice(Markup(re.sub(r' id="[^"]*"', "", tx.year_explorer().html())))
    tab.locator("#copy-b summary", has_text="2021").click()
    assert tab.evaluate(OPEN, "b") == ["2021"]


def test_what_is_closed_is_found_by_its_text(chromium, course_pages):
    """A link to a text opens what it stands in, as the browser's own search does."""
    tab = chromium.new_page()
    tab.goto(course_pages[f"{JOURNEY}.html"].as_uri() + "#:~:text=2012%3A%20one%20summit")
    tab.wait_for_function("() => document.querySelector('.tx-of-years details[open] > summary').textContent === '2012'")
    tab.close()


# --- words for who cannot see the rest ------------------------------------------------------------------------------


def test_only_what_is_stored_says_that_a_cell_has_not_run(open_page, course_pages):
    question = tx.question("02-hosts")
    assert question.html().count('class="tx-unrun"') == 1
    assert "tx-unrun" not in str([getattr(part, "value", "") for part in question.live().children])
    for path in (f"{JOURNEY}.html", f"slides/{JOURNEY}.html", f"worksheets/{lesson_with('sort_cards()')}.html"):
        tab = open_page(course_pages[path].as_uri())
        assert tab.locator(".tx-unrun:visible, .tx-plain:visible").count() == 0, path


def test_a_page_without_scripts_has_its_map_standing_still(open_page, course_pages):
    tab = unfolded(open_page(course_pages[f"{JOURNEY}.html"].as_uri(), javascript=False))
    still = tab.locator(".tx-map .tx-still")
    assert tab.locator("iframe:visible").count() == 0 and still.bounding_box()["width"] > 900
    assert still.get_attribute("alt")
