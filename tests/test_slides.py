"""The slides: what stands on them, what their speaker has at hand, and the deck in a real browser, opened as a file."""

from __future__ import annotations

import base64
import hashlib
import html as entities
import re
import zlib
from pathlib import Path

import pytest

from turkic_explainer.files import lesson_files, read
from turkic_explainer.press.blocks import Lesson, Page, output_html, parsed, questions
from turkic_explainer.press.build import EDITIONS
from turkic_explainer.press.slides import SlidesExporter
from turkic_explainer.press.template import asset
from turkic_explainer.questions import ask

from .browser import axe, click_in_map, in_map, told
from .conftest import HOSTILE, JOURNEY, KINDS, code, lesson, lesson_with, loads, matrix, page, prose, stored

FILES = {f.stem: f for f in lesson_files()}
[EDITION] = [edition for edition in EDITIONS if edition.name == "slides"]


def tags(cell) -> set[str]:
    return set(cell.metadata.get("tags", []))


NOTEBOOKS = {name: read(file) for name, file in FILES.items()}
DECKS = [name for name, notebook in NOTEBOOKS.items() if any("slide" in tags(cell) for cell in notebook.cells)]


def made(file: Path) -> str:
    return SlidesExporter().page([Lesson(file.stem, file.parent, stored(file))])


@pytest.fixture(scope="module")
def decks(course_pages) -> dict[str, Path]:
    return {name: course_pages[EDITION.path(name)] for name in DECKS}


def words(said: str) -> str:
    """Text without its spaces, quotes made straight, so that it compares however it was laid out."""
    return re.sub(r"\s", "", parsed(said).get_text() if "<" in said else said).translate(
        str.maketrans("‘’“”", "''\"\"")
    )


# --- what stands on them -------------------------------------------------------------------------------------------


def test_every_lesson_has_a_deck_and_the_list_of_words_has_none():
    assert [name for name, notebook in NOTEBOOKS.items() if "lesson" in notebook.metadata["turkic"]] == DECKS


@pytest.mark.parametrize("name", DECKS)
def test_a_deck_can_be_held_in_a_lesson(decks, name):
    soup = page(decks[name].read_text("utf-8"))
    slides = soup.select("section.slide")
    assert 10 <= len(soup.select("section.slide:not(.on)")) <= 24  # a long table goes on on the next
    assert "first" in slides[0]["class"] and "What to take away" in slides[-1].get_text()
    assert len(soup.select("section.ask")) >= 3
    assert all(slide.select_one(".named").get_text() for slide in slides)
    assert len(soup.find_all("h1")) == 1 + 1  # the page's own, and the one that waits for the speaker's window
    assert decks[name].stat().st_size <= 1_000_000


@pytest.mark.parametrize("name", DECKS)
def test_nothing_is_lost_and_no_solution_is_there(decks, name):
    """All prose of the hour is on a slide or in the notes, the teacher's too; of what is held back nothing is anywhere."""
    soup, whole = page(decks[name].read_text("utf-8")), Lesson(name, FILES[name].parent, NOTEBOOKS[name])
    said = words(soup.select_one(".slides").get_text())
    notes = words(" ".join(note.get_text() for note in soup.select(".notes")))
    for number, cell, tagged in whole.cells(without=frozenset({"deeper"})):
        if cell.cell_type == "markdown":
            for block in page(Page().prose(whole, number, cell.source)).find_all(["p", "li", "h2", "h3"]):
                block = re.sub(r"\s\(\d+\sminutes?\)$", "", block.get_text())
                block = re.sub(r"^(Guess|Ask|Look|[A-Z][^.?]{,58})\.(?= )", "", block)  # it may be the slide's title
                assert words(block) in (notes if tagged & {"teacher", "answer"} else said), f"cell {number}: {block}"
        elif "solution" in tagged:
            assert words(cell.outputs[0].data["text/plain"].partition("\n")[2]) not in said
        elif cell.cell_type == "code" and "paper" not in tagged:
            for asked in questions(output_html(cell)):
                rights = [(answer, why) for answer, right, why in asked.answers if right]
                assert rights and all(words(part) in notes for right in rights for part in right)
                assert words(asked.text) in notes
    assert not soup.find(class_="tx-sheet") and "Nothing to check yet" not in soup.get_text()


@pytest.mark.parametrize("name", DECKS)
def test_every_link_leads_somewhere_on_the_page(decks, name):
    soup = page(decks[name].read_text("utf-8"))
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    links = [tag["href"] for tag in soup.find_all("a", href=True)]
    assert links and all(link[1:] in ids for link in links if link.startswith("#"))
    assert all(link.startswith(("#", "https://")) for link in links)


@pytest.mark.parametrize("name", DECKS)
def test_the_policy_names_exactly_the_scripts_of_the_page(decks, name):
    deck = decks[name].read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', deck)[1]
    frames = [entities.unescape(f) for f in re.findall(r"srcdoc='([^']*)'", deck)]
    scripts = [
        s
        for part in (re.sub(r"srcdoc='[^']*'", "", deck), *frames)
        for s in re.findall(r"<script>(.*?)</script>", part, re.S)
    ]
    digests = {f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts}
    assert set(re.search("script-src ([^;]*);", policy)[1].split()) == digests and len(digests) >= 2
    assert policy.startswith("default-src 'none';") and "form-action 'none'; base-uri 'none'" in policy
    assert loads(deck) == []


def test_the_script_of_reveal_cannot_end_its_element():
    reveal, licence = asset("reveal/reveal.js"), asset("reveal/LICENSE")
    assert "</script" not in reveal and "<!--" not in reveal and "MIT licensed" in reveal
    assert "--" not in licence and "Permission is hereby granted" in licence


def deck_of(tmp_path, *cells):
    return page(made(lesson(tmp_path, *cells)))


def test_a_cell_becomes_a_slide_and_notes(tmp_path):
    soup = deck_of(
        tmp_path,
        prose("# A title\n\nFirst words.\n\nMore words.", "slide"),
        prose("Keep calm.", "teacher"),
        prose("## A part (7 minutes)\n\nWhat is shown.\n\nWhat is told.\n\n**Guess.** How many?", "slide"),
        code("x", "slide", shows="42"),
        prose("## Exercise: add (2 minutes)\n\nAdd them.\n\nBy eye: count.\n\nWrite `sum(column)`.", "exercise"),
        code("answer = ...", "exercise", shows="Nothing yet"),
        code("answer = 99", "solution", shows="99"),
        code("sheet()", "paper", shows="SHEET"),
    )
    first, part, guess, shown, task = soup.select("section.slide")
    assert (
        "First words." in first.select_one(".body").get_text()
        and "More words." in first.select_one(".notes").get_text()
    )
    assert first.select_one(".notes .teacher").get_text() == "For the teacher.Keep calm."
    assert part.h2.get_text() == "A part" and "What is shown." in part.select_one(".body").get_text()
    assert re.findall(r"takes 7 minutes|What is told", part.select_one(".notes").get_text()) == [
        "takes 7 minutes",
        "What is told",
    ]
    assert (
        guess.h2.get_text() == "Guess"
        and "think" in guess["class"]
        and guess.select_one(".part").get_text() == "A part"
    )
    assert "42" in shown.select_one(".body").get_text() and shown.h2.get_text() == "A part"
    assert task.h2.get_text() == "Exercise: add" and "takes 2 minutes" in task.select_one(".notes").get_text()
    assert [p.get_text() for p in task.select(".body p")] == ["Add them.", "By eye: count."]
    assert "sum(column)" in task.select_one(".notes").get_text()
    assert not any(left in soup.select_one(".slides").get_text() for left in ("99", "SHEET", "Nothing yet"))


@pytest.mark.parametrize("name", [name for name in DECKS if name > "01"])
def test_each_question_that_comes_back_has_a_slide_before_the_first_part(decks, name):
    slides = page(decks[name].read_text("utf-8")).select("section.slide")
    asked = [slide for slide in slides if slide.select_one('[class*="tx-of-again-"]')]
    assert asked == slides[1:3] and all(len(slide.select(".body fieldset")) == 1 for slide in asked)
    for slide in asked:
        assert slide.select_one(".part").get_text() == "Two questions from earlier lessons, before you begin"
        assert slide.legend.get_text() in slide.select_one(".notes").get_text()


def test_a_notebook_without_the_tag_has_slides_all_the_same(tmp_path):
    soup = deck_of(
        tmp_path, prose("# A title\n\nWords."), prose("Told only."), code("x", shows="42"), prose("## A part")
    )
    assert [slide["class"][1] for slide in soup.select("section.slide")] == ["first", "show", "text"]
    assert "Told only." in soup.select_one(".first .notes").get_text()


def test_markup_in_a_notebook_is_shown_as_text(tmp_path):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    soup = deck_of(
        tmp_path, prose(f"# A {evil}\n\n**Guess.** {evil}\n\n**Ask.** {evil}", "slide"), prose(evil, "teacher")
    )
    assert len(soup.find_all("script")) == 2 and not soup.select("[onerror], .slides img")
    assert soup.select_one(".slides").get_text().count("alert(2)") >= 4


def test_markup_in_a_question_is_shown_as_text_on_its_slide_and_in_its_notes(tmp_path):
    asked = ask("x", HOSTILE, (HOSTILE, True, HOSTILE), ("no", False, "never"))
    slide = deck_of(tmp_path, prose("# T", "slide"), code("1", "slide", html=str(asked.html()))).select(
        "section.slide"
    )[1]
    assert not slide.find_all(["script", "img"])
    assert slide.select_one(".notes").get_text().count(HOSTILE) == 3


# --- in the browser ------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(open_page, decks):
    """Opens a deck from its file."""

    def open_(name: str, width=1280, height=720, scheme="light", javascript=True, at=""):
        tab = open_page(decks[name].as_uri() + at, width, scheme, javascript, height)
        if javascript and width >= 640:
            tab.wait_for_function("() => document.querySelector('.bar .at').textContent")
        return tab

    return open_


def at(tab) -> int:
    return int(tab.locator(".bar .at").inner_text().split("/")[0])


def go(tab, selector: str):
    """Turns to the first slide that has such an element in it; gives the element."""
    tab.evaluate(
        "s => Reveal.slide([...document.querySelectorAll('section.slide')].findIndex(x => x.querySelector(s)))",
        selector,
    )
    return tab.locator(f".present {selector}").first


# axe looks at everything there is, hidden or not. Without the hidden slides it is six times as fast and finds the same.
ALONE = "() => { window.away = [...document.querySelectorAll('section.slide:not(.present)')].map(e => { const at = document.createComment(''); e.replaceWith(at); return [at, e]; }); }"
BACK = "() => away.forEach(([at, e]) => at.replaceWith(e))"
SIZES = """() => [...document.querySelectorAll('.present :is(.prose, .prose p, .prose li, .title, .tx-question > :is(legend, .tx-panels > details > summary))')]
  .filter(e => e.checkVisibility()).map(e => [e.matches('.title'), parseFloat(getComputedStyle(e).fontSize)])"""


@pytest.mark.parametrize(
    "name, scheme",  # those with most kinds of outputs in both schemes, the others in dark, where contrasts are harder to keep
    matrix([(name, "light") for name in KINDS] + [(name, "dark") for name in DECKS], (JOURNEY, "dark")),
)
def test_every_slide_is_accessible_large_and_reached_by_the_keyboard(opened, name, scheme):
    tab = opened(name, scheme=scheme)
    slides, problems = tab.locator("section.slide"), []
    for number in range(1, slides.count() + 1):
        assert at(tab) == number and tab.locator("section.slide:visible").count() == 1
        if number > 1:
            tab.evaluate(ALONE)
        found = axe(tab)
        if number > 1:
            tab.evaluate(BACK)
        problems += [f"{number} {line}" for line in told(found)]
        assert all(size >= (48 if title else 28) for title, size in tab.evaluate(SIZES)), (
            f"slide {number} has small text"
        )
        fits = tab.evaluate(
            "[document.scrollingElement.scrollWidth <= innerWidth, document.querySelector('.present .body').scrollWidth <= document.querySelector('.present .body').clientWidth + 1]"
        )
        assert fits == [True, True], f"slide {number} is too wide"
        tab.keyboard.press(["ArrowRight", "Space", "PageDown"][number % 3])
    assert problems == []
    tab.keyboard.press("Home")
    assert at(tab) == 1
    assert tab.complaints == []
    assert all(u.startswith((tab.url.split("#")[0], "data:", "about:")) for u in tab.asked)


def test_hidden_slides_are_out_of_reach(opened):
    tab = opened(JOURNEY, at="#/slide-2")
    for _ in range(12):
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.closest('section.slide')?.id ?? 'slide-2'") == "slide-2"
    hidden = tab.locator("section.slide:not(.present)")
    assert hidden.count() > 10 and all(part.get_attribute("aria-hidden") == "true" for part in hidden.all())


def test_space_and_enter_choose_in_an_explorer_and_arrows_still_turn_slides(opened):
    tab = opened(JOURNEY)
    go(tab, ".tx-of-years")
    here = at(tab)
    tab.locator(".tx-of-years summary").first.focus()
    for key, year in (("Space", "2012"), ("Enter", "2013")):
        tab.keyboard.press("Tab")
        tab.keyboard.press(key)
        shown = tab.locator(".tx-of-years .tx-panel:visible .tx-state")
        assert at(tab) == here and shown.inner_text().startswith(year)
    for key in ("PageDown", "ArrowRight"):  # a clicker turns slides whatever has the focus
        tab.locator(".tx-of-years summary").nth(2).focus()
        tab.keyboard.press(key)
        assert at(tab) == here + 1
        tab.keyboard.press("PageUp")


def test_a_question_answers_by_keyboard(opened):
    tab = opened(JOURNEY)
    asked = go(tab, ".tx-of-q-02-hosts")
    while not asked.evaluate("e => e.contains(document.activeElement)"):
        tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    assert asked.locator(".tx-right, .tx-wrong").locator("visible=true").count() == 1
    assert tab.locator(".present .tx-of-q-02-hosts").count() == 1, "the slide was turned"


@pytest.mark.parametrize("name, town", [(JOURNEY, "Gabala"), (lesson_with("corridor_map()"), "Aktau port")])
def test_a_map_is_live_and_fits_its_slide(opened, name, town):
    tab = opened(name)
    frame = go(tab, "iframe.tx-frame")
    inside = tab.frame_locator(".present iframe.tx-frame")
    inside.get_by_role("button", name=re.compile(f"^{town}")).locator(".in").wait_for()
    tab.wait_for_timeout(500)
    view, boxes = frame.bounding_box(), [in_map(tab, box) for box in inside.locator(".box:not([hidden]) .in").all()]
    assert view["width"] > 1100 and view["height"] > 400 and view["y"] + view["height"] < 720
    # No box may be more than a quarter outside: how far a map reaches beyond its towns is the map's own affair.
    assert all(
        view["x"] < b["x"] + b["width"] / 4 and b["x"] + b["width"] * 3 / 4 < view["x"] + view["width"] for b in boxes
    )
    assert max(b["x"] for b in boxes) - min(b["x"] for b in boxes) > 0.5 * view["width"], (
        "the map is not fitted to its frame"
    )
    click_in_map(tab, town)
    tab.wait_for_timeout(200)
    assert inside.locator(".leaflet-popup-content").is_visible()
    here = at(tab)
    tab.keyboard.press("PageDown")
    assert at(tab) == here + 1


@pytest.mark.parametrize("name", [name for name in DECKS if name[:2] in ("02", "03", "04", "11")])
def test_a_map_that_asks_is_large_and_its_letters_stand_at_their_places(opened, name):
    tab = opened(name)
    asked = go(tab, ".tx-map-question")
    drawn, letters = asked.locator(".tx-plot").bounding_box(), asked.locator(".tx-panels > details > summary").all()
    assert drawn["width"] > 450 and drawn["y"] + drawn["height"] < 690 and len(letters) >= 3
    for letter in letters:
        over = letter.bounding_box()
        under = asked.locator(".tx-plot b", has_text=letter.inner_text()[:1]).bounding_box()
        for side, size in (("x", "width"), ("y", "height")):
            assert abs(over[side] + over[size] / 2 - under[side] - under[size] / 2) < 4
    letters[0].click()
    told = asked.locator("details[open] .tx-panel").bounding_box()
    assert told["x"] > drawn["x"] + drawn["width"] and told["y"] + told["height"] < 690


def test_the_speaker_has_notes_next_slide_and_clock_from_a_file(opened):
    tab = opened(JOURNEY)
    with tab.context.expect_page() as info:
        tab.keyboard.press("s")
    desk, complaints = info.value, []
    desk.on("console", lambda m: complaints.append(m.text))
    tell = lambda name: desk.locator(f"[data-tell={name}]").inner_text()  # noqa: E731
    assert tell("at").startswith("1 of ") and "For the teacher." in desk.locator(".said").inner_text()
    assert (
        re.fullmatch(r"\d\d:\d\d", tell("now"))
        and re.fullmatch(r"\d+:\d\d", tell("since"))
        and f"of {NOTEBOOKS[JOURNEY].metadata['turkic']['minutes']} min" in desk.locator(".time").inner_text()
    )
    assert axe(desk) == []
    assert tell("next-named") == tab.locator(".named").nth(1).text_content()
    desk.keyboard.press("ArrowRight")
    assert at(tab) == 2 and tell("at").startswith("2 of ")
    go(tab, ".notes a.cite")
    desk.locator("a.cite").first.click()
    claim = desk.locator(":focus")
    assert desk.url == "about:blank" and claim.inner_text().startswith(desk.locator("a.cite").first.inner_text())
    assert complaints == tab.complaints == []


def test_notes_below_the_slide_and_citations(opened):
    tab = opened(JOURNEY)
    cite = go(tab, ".body a.cite")
    here, name = at(tab), cite.inner_text()
    assert not tab.locator(".present .notes").is_visible()
    cite.click()
    assert tab.locator(".present .notes").is_visible() and tab.locator(":focus").inner_text().startswith(name)
    assert axe(tab) == []
    tab.keyboard.press("n")
    assert not tab.locator(".present .notes").is_visible() and at(tab) == here


def test_the_list_leads_to_every_slide(opened):
    tab = opened(JOURNEY)
    tab.keyboard.press("?")
    assert axe(tab) == []
    assert tab.locator("#list li").count() == tab.locator("section.slide").count()
    tab.locator("#list li button").nth(7).click()
    assert at(tab) == 8 and not tab.locator("#list").is_visible()
    tab.wait_for_url("**#/slide-8")
    tab.reload()
    tab.wait_for_function("() => document.querySelector('.bar .at').textContent")
    assert at(tab) == 8, "the address does not keep the slide"


@pytest.mark.parametrize("name", matrix(DECKS, JOURNEY))
def test_without_scripts_all_slides_stand_in_a_column(opened, name):
    tab = opened(name, width=390, height=844, javascript=False)
    slides = tab.locator("section.slide")
    assert tab.locator("section.slide:visible").count() == slides.count() and not tab.locator(".bar").is_visible()
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 390
    explorer = tab.locator("fieldset.tx-explorer:has(.tx-panels > details)").first  # a number, or an order, is typed
    choice = explorer.locator(".tx-panels > details").last
    choice.locator("> summary").click()
    assert [explorer.locator(".tx-panel:visible").count(), choice.locator(".tx-panel:visible").count()] == [1, 1]
    assert (
        tab.locator("iframe:visible").count() == 0
        and tab.locator(".tx-still:visible").count() == tab.locator("iframe").count()
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_gets_a_column_to_read(opened, scheme):
    tab = opened(JOURNEY, width=390, height=844, scheme=scheme)
    assert tab.locator("section.slide:visible").count() == tab.locator("section.slide").count()
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 390 and axe(tab) == [] and tab.complaints == []
    # Where a map is narrow its marks bear numbers, and say whose, once it is scrolled to.
    tab.locator("iframe").scroll_into_view_if_needed()
    tab.frame_locator("iframe").get_by_role("button", name=re.compile(r"^[\d–, ]+: (.*; )?Gabala")).wait_for()


def sheets(pdf: bytes) -> list[bytes]:
    """What is drawn on each page of a PDF of Chromium's."""
    drawn = re.findall(rb"/Type /Page\b.*?/Contents (\d+) 0 R", pdf, re.S)
    streams = [re.search(rb"\n%b 0 obj\s*<<[^>]*/Length (\d+)[^>]*>>\s*stream\r?\n" % number, pdf) for number in drawn]
    return [zlib.decompress(pdf[stream.end() : stream.end() + int(stream[1])]) for stream in streams]


@pytest.mark.parametrize("name", matrix(DECKS, JOURNEY))
def test_paper_has_a_page_for_each_slide_and_none_blank(opened, name):
    tab = opened(name)
    printed = sheets(tab.pdf(prefer_css_page_size=True, format="A4"))
    assert all(re.search(rb"T[jJ]", sheet) for sheet in printed), "a page is blank"
    tab.emulate_media(media="print")
    slides = tab.locator("section.slide")
    assert (
        tab.locator("section.slide:visible").count() == slides.count()
        and tab.locator("iframe:visible, .notes:visible").count() == 0
    )
    # Only what shows all its states, a long table or a form may go on overleaf: everything else is one page.
    long = slides.filter(has=tab.locator(".tx-explorer:not(.tx-question), tr:nth-child(9), .tx-protocol")).count()
    assert slides.count() <= len(printed) <= 1.5 * slides.count() and (long or len(printed) == slides.count())
    for explorer in tab.locator("fieldset.tx-explorer:not(.tx-question)").all():
        assert explorer.locator(".tx-panel:visible").count() > 1, "only one state is printed"


def test_the_exporter_is_among_nbconverts_own():
    from nbconvert.exporters import get_exporter

    made = get_exporter("turkic_slides")()
    body, _ = made.from_filename(str(FILES[JOURNEY]))
    assert 'id="slide-1"' in body and EDITION.path(JOURNEY) == f"teacher/slides/{JOURNEY}.html"
