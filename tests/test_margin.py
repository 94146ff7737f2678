"""What stands beside the text: each source and word at its passage, in a real browser; on a phone it opens in place, without a script."""

from __future__ import annotations

import re

import pytest

from turkic_explainer import ledger
from turkic_explainer.files import lesson_files
from turkic_explainer.press.pages import in_short

from .browser import axe, told
from .conftest import JOURNEY, lesson_with, matrix, page, stored

LESSONS = [file.stem for file in lesson_files() if "lesson" in stored(file).metadata.turkic]
EDITIONS = ["", "teacher/"]
DENSE = lesson_with("corridor_map()")

# Every passage with marks, and what stands beside it; every box in the margin; and what takes the full width.
LAID_OUT = """() => {
  document.querySelectorAll('.reveal, .deeper').forEach(fold => { fold.open = true; });
  const box = e => { const r = e.getBoundingClientRect(); return {left: r.left, right: r.right, top: r.top + scrollY, bottom: r.bottom + scrollY}; };
  const flows = ':is(.sided, .reveal, .deeper)';
  const passages = [...document.querySelectorAll(`${flows} > :has(.cite, .word):not(.margin, aside, ${flows}, .words, .notes)`)];
  return {
    passages: passages.map(p => ({...box(p), text: p.innerText.slice(0, 60),
      beside: p.nextElementSibling?.matches('.margin') ? box(p.nextElementSibling) : null,
      notes: [...p.nextElementSibling.querySelectorAll('button')].map(b => b.getAttribute('popovertarget')),
      marks: [...p.querySelectorAll('.cite, .word')].map(m => ({...box(m), opens: m.getAttribute('popovertarget')}))})),
    margin: [...document.querySelectorAll(`${flows} > :is(.margin, aside)`)].flatMap(e => e.matches('aside') ? [e] : [...e.children]).map(box),
    blocks: [...document.querySelectorAll(`${flows} > :not(.margin, aside, ${flows}, .begins)`)].map(e => ({...box(e), is: e.className || e.tagName})),
  };
}"""


def overlap(one: dict, other: dict) -> bool:
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    return across > 1 and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 1


SEEN = [
    (f"{folder}{name}.html", width) for folder in EDITIONS for name in LESSONS for width in (1024, 1280, 1366, 1920)
]


@pytest.mark.parametrize("path, width", matrix(SEEN, (f"{DENSE}.html", 1280)))
def test_each_citation_and_word_has_its_note_beside_it_and_nothing_collides(course_pages, open_page, path, width):
    """A list of notes begins at the height of its passage or, where those before it are long, right below them."""
    opened = open_page(course_pages[path].as_uri(), width)
    found = opened.evaluate(LAID_OUT)
    assert opened.evaluate("document.scrollingElement.scrollWidth") <= width
    assert len(found["passages"]) > 5 and len(found["margin"]) > 10
    for passage in found["passages"]:
        beside = passage["beside"]
        assert beside and passage["notes"] == list(dict.fromkeys(passage["notes"])), passage["text"]
        assert {mark["opens"] for mark in passage["marks"]} == set(passage["notes"]), passage["text"]
        assert beside["left"] >= passage["right"] + 20 and beside["top"] >= passage["top"] - 1, passage["text"]
        above = [note["bottom"] for note in found["margin"] if note["top"] < beside["top"] - 1]
        assert beside["top"] <= max(passage["top"], *above, 0) + 40 and beside["top"] < passage["bottom"] + 330, (
            passage["text"]
        )
        for mark in passage["marks"]:  # a mark begins no line
            assert mark["left"] > passage["left"] + 4 or "meaning" in mark["opens"], (passage["text"], mark)
    tops = [note["top"] for note in found["margin"]]
    assert tops == sorted(tops), "the notes stand in the order of the text"
    for number, note in enumerate(found["margin"]):
        assert note["bottom"] > note["top"]
        assert not [other for other in found["margin"][number + 1 :] if overlap(note, other)]
        assert not [block for block in found["blocks"] if overlap(note, block)]


@pytest.mark.parametrize("width, least", [(1024, 0.85), (1280, 0.8)])
def test_the_page_uses_its_width_and_lines_are_of_a_length_that_is_read_with_ease(
    course_pages, open_page, width, least
):
    opened = open_page(course_pages[f"{DENSE}.html"].as_uri(), width)
    found = opened.evaluate(LAID_OUT)
    first, last = min(p["left"] for p in found["passages"]), max(note["right"] for note in found["margin"])
    assert (last - first) / width > least
    wide = [b for b in found["blocks"] if b["is"] == "output" and b["right"] - b["left"] > 0.98 * (last - first)]
    assert wide, "maps take the full width"
    lines = opened.evaluate("""() => [...document.querySelectorAll('.sided > p')].filter(p => p.innerText.length > 200).map(p =>
        p.innerText.length / (p.getBoundingClientRect().height / parseFloat(getComputedStyle(p).lineHeight)))""")
    assert 50 <= sum(lines) / len(lines) <= 72


@pytest.mark.parametrize("path", [f"{JOURNEY}.html", f"teacher/{JOURNEY}.html"])
@pytest.mark.parametrize("mark", [".cite", ".word"])
def test_on_a_phone_a_note_opens_in_place_and_closes_again_without_a_script(course_pages, open_page, path, mark):
    opened = open_page(course_pages[path].as_uri(), 390, javascript=False, height=844, has_touch=True)
    assert opened.locator(".margin:visible").count() == 0
    note, marks = opened.locator(":popover-open"), opened.locator(f".sided > p {mark}")
    for number in (0, marks.count() - 1):
        one = marks.nth(number)
        one.scroll_into_view_if_needed()
        for open_it, close_it in (
            (one.tap, one.tap),
            (lambda one=one: one.press("Enter"), lambda one=one: one.press("Enter")),
            (one.tap, lambda: opened.keyboard.press("Escape")),
        ):
            assert note.count() == 0
            open_it()
            assert note.get_attribute("id") == one.get_attribute("popovertarget")
            at, shown = one.bounding_box(), note.bounding_box()
            gap = max(shown["y"] - at["y"] - at["height"], at["y"] - shown["y"] - shown["height"])
            assert 0 <= gap < 40, "it stands at its mark"
            assert shown["x"] >= 0 and shown["x"] + shown["width"] <= 390 and 0 <= shown["y"] <= 844 - 40
            close_it()
        one.tap()
        if mark == ".cite":
            note.locator(".close").tap()
            assert note.count() == 0
        else:
            one.tap()


@pytest.mark.parametrize("width, scheme", [(390, "dark"), (1280, "light")])
def test_an_open_note_is_accessible_and_in_sight(course_pages, open_page, width, scheme):
    opened = open_page(course_pages[f"{JOURNEY}.html"].as_uri(), width, scheme)
    mark = opened.locator(".sided > p .cite").first
    mark.click()
    shown = opened.locator(":popover-open")
    assert ledger.claim(mark.get_attribute("popovertarget")).says[:40] in shown.inner_text()
    assert told(axe(opened, "{include: [document.querySelector(':popover-open')]}")) == []
    box, text = shown.bounding_box(), mark.locator("xpath=ancestor::p").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 900
    if width == 1280:
        assert box["x"] >= text["x"] + text["width"], "it lies over the margin, not over the text"


def test_paper_has_each_citation_spelled_out_and_no_margin(course_pages, open_page):
    opened = open_page(course_pages[f"{DENSE}.html"].as_uri())
    opened.emulate_media(media="print")
    assert opened.locator(".margin:visible, .close:visible").count() == 0
    notes = dict(opened.evaluate("[...document.querySelectorAll('.notes ol > li')].map(n => [n.id, n.innerText])"))
    marks = opened.locator("main .cite").evaluate_all(
        "all => all.map(m => [m.getAttribute('popovertarget'), m.innerText])"
    )
    assert {claim_id for claim_id, _ in marks} == set(notes)
    for claim_id, number in marks:
        assert re.match(rf"{number}\s+{claim_id} ", notes[claim_id])
    assert opened.locator(".notes ol > li:visible").count() == len(notes)
    assert opened.locator(".cite:visible").first.evaluate("e => getComputedStyle(e, '::before').content") == '"["'


def test_a_sentence_is_not_broken_by_its_notes(course_pages):
    """What is read aloud: the notes follow their passage, and a mark has a name."""
    soup = page(course_pages[f"{DENSE}.html"].read_text("utf-8"))
    assert not soup.select(":is(p, li, blockquote) .margin, .margin .margin, summary .margin")
    assert all(
        mark["aria-label"] == f"Source {mark.get_text()}, {mark['popovertarget']}" for mark in soup.select(".cite")
    )
    lists = soup.select(".margin")
    assert lists and all(one["aria-label"] and one.find_previous_sibling().select(".cite, .word") for one in lists)


def test_a_mark_stays_with_its_word_in_italics_too(tmp_path):
    from turkic_explainer.files import read
    from turkic_explainer.press.blocks import Lesson
    from turkic_explainer.press.pages import HandoutExporter

    from .conftest import lesson, prose

    word = "[fund](evidence/words.md#word-turkic-investment-fund)"
    texts = (
        f"A *{word}* [S0-23](evidence/S0.md#S0-23).",
        f"A {word} [S0-23](evidence/S0.md#S0-23).",
        f"A *big {word}*, so.",
    )
    file = lesson(tmp_path / "notebooks", prose("# T"), *map(prose, texts))
    soup = page(HandoutExporter().page([Lesson(file.stem, file.parent, read(file))]))
    together = [mark.get_text() for mark in soup.select("p > .marks")]
    assert together[:2] == ["fund\u20601."] * 2 and soup.select_one("p > .marks > em > .word")


def test_a_claim_in_short_says_who_and_how_sure():
    record = in_short("B-211")
    assert (record["who"], record["more"], record["confidence"]) == ("Trend, 28 Feb 2024", 1, "confirmed-by-two")
    assert record["address"] == "https://en.trend.az/business/transport/3867965.html"
    assert in_short("B-104")["who"] == "freight.ady.az"  # no outlet stands behind its address
    assert in_short("S4-19")["who"] == "The Astana Times, 7 October 2025: Kassym-Jomart Tokayev"
    assert in_short("S1-52")["who"] == "A reading by this course of S1"
    for claim_id in ledger.claims().index:
        short = in_short(claim_id)
        assert (
            short["who"] and len(short["who"]) < 90 and bool(short["address"]) <= bool(ledger.claim(claim_id).sources)
        )
