"""The slides: a lesson for a projector, with the teacher's words behind each slide.

reveal.js runs them: keys, swipes, addresses, and that what is not shown is hidden from screen readers as well. Its own
layout, which scales a page of fixed size, is left out, and so is its style sheet: slides here flow, so that text keeps
its size, an explorer may be scrolled, and a phone, a page without script and paper show the same slides in a column.
Its speaker view is left out too: it runs the whole deck twice more in frames, which a page from a USB stick may not
load under a strict policy. Ours is a window that the deck fills (slides.js).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from textwrap import shorten

from bs4 import Tag
from nbformat import NotebookNode

from ..markup import Markup
from .blocks import Asked, Lesson, Page, once, output_html, outputs, parsed, questions
from .hour import PRIVATE, minutes_in, untimed
from .pages import PageExporter, allowed_scripts, notes, tasks_script
from .template import asset, part, whole_page

_KEPT_BACK = frozenset({"solution", "paper", "notebook", "deeper"})
_NOTES = {"teacher": "note_teacher", "answer": "note_model"}  # how what is said to the teacher stands there
_CITED = re.compile(r'<a class="cite" href="#([^"]+)"')
_HEADING = re.compile("^h[1-6]$")
_ASKS = ("Guess.", "Ask.", "Look.")  # how a paragraph begins that has a slide of its own, or shares that of its picture


@dataclass
class Slide:
    """One slide.

    kind   first, text, show (outputs) or ask (a question); and " on" where it goes on with a table
    part   what the part of the lesson is called that it belongs to; empty where the slide's title says it
    title  its title; empty where what is shown speaks for itself
    named  what the list of slides calls it
    notes  what its speaker has at hand, piece by piece
    """

    kind: str
    part: str
    title: str
    named: str
    body: Markup
    notes: list[Markup] = field(default_factory=list)
    cited: list[dict] = field(default_factory=list)

    @property
    def prompt(self) -> bool:
        """Whether it is a paragraph that says what to look for, or to do, in a picture."""
        return self.kind == "text" and self.title in ("", "Look")


def _together(slides: Iterator[Slide]) -> list[Slide]:
    """The slides, a prompt and its picture on one: the picture that stands right after it, or else right before it."""
    made: list[Slide] = []
    onto = False  # whether the last one is a picture that has no prompt yet
    for slide in slides:
        last = made[-1] if made else None
        if last and last.prompt and slide.kind == "show":
            body = part("with", last.body) + slide.body
            made[-1] = replace(slide, body=body, notes=last.notes + slide.notes, part=last.part or slide.part)
            onto = False
        elif onto and slide.prompt and slide.title == "Look":
            made[-1] = replace(last, body=part("with", slide.body) + last.body, notes=last.notes + slide.notes)
            onto = False
        else:
            made.append(slide)
            onto = slide.kind == "show"
    return made


class SlidesExporter(PageExporter):
    """A lesson as slides: what is tagged `slide`, and in the notes behind it what follows up to the next such cell.

    Of a tagged cell of prose, the heading and the first paragraph are a slide, and each paragraph that begins with
    Guess or Ask is another; the rest is in the notes. A paragraph that begins with Look, or that has no heading, shares
    the slide of the picture beside it. Questions that come together have a slide each, and so has an exercise, tagged
    or not, without its paragraphs on code. All slides stand in one row: a clicker has one button for "next".
    A notebook without a tagged cell has slides of its headings and outputs; a build makes none of it, as of the list of
    words, which nobody presents.
    """

    export_from_notebook = "Turkic Explainer slides"
    edition = "slides"
    noted = True

    def page(self, lessons):
        [lesson] = lessons
        slides = [_cited(slide, n, self.noted) for n, slide in enumerate(lesson.once(_slides, lesson), 1)]
        reveal, script = asset("reveal/reveal.js"), asset("slides.js")
        tasks = tasks_script([slide.body for slide in slides])
        return whole_page(
            "slides.html.j2",
            title=lesson.title,
            about=lesson.about,
            slides=slides,
            noted=self.noted,
            scripts=allowed_scripts([slide.body for slide in slides], reveal, script, *tasks),
            run=[reveal, script, *tasks],
        )


class StudentSlidesExporter(SlidesExporter):
    """The same slides without a word for the teacher: behind a slide stand the claims that it cites, and nothing else."""

    export_from_notebook = "Turkic Explainer slides for students"
    noted = False


def _slides(lesson: Lesson) -> list[Slide]:
    """The slides of a lesson, each with its notes. What others use as well stands on the first of them alone."""
    slides = _together(_in_order(lesson))
    bodies = once([slide.body for slide in slides])
    return [replace(slide, body=body) for slide, body in zip(slides, bodies, strict=True)]


def _in_order(lesson: Lesson) -> Iterator[Slide]:
    """What a lesson shows, slide by slide. They lead nowhere but to their claims: a deck is shown, not clicked through, and
    may lie alone on a stick."""
    page, part_named, cells = Page(linked=False), "", list(lesson.cells(without=_KEPT_BACK))
    shown = {number for number, _, tags in cells if "slide" in tags}
    shown = shown or {number for number, cell, tags in cells if not tags & PRIVATE and _tells(cell)}
    shown |= {number for number, cell, tags in cells if "exercise" in tags and cell.cell_type == "markdown"}
    last = Slide("first", "", "", lesson.title, Markup(""))
    for number, cell, tags in cells:
        if_time = [part("note_if_time")] if "if-time" in tags else []
        if cell.cell_type == "markdown":
            prose = _Prose((page.note if tags & PRIVATE else page.prose)(lesson, number, cell.source), tags)
            part_named = prose.heading if prose.level == 2 else part_named
            if number not in shown or tags & PRIVATE:
                last.notes.append(prose.note(tags))
                continue
            for slide in prose.slides(part_named):
                slide.notes[:0] = if_time
                if slide.kind != "first":  # the first one waits for what stands before it
                    yield last
                    last = slide
                else:
                    last.body, last.notes = slide.body, last.notes + slide.notes
        elif number in shown and "exercise" not in tags:
            for slide in _of_outputs(cell, part_named, lesson):
                yield last
                last = slide
                last.notes[:0] = if_time
        else:
            last.notes += _answers(lesson.once(questions, output_html(cell)))
    yield last


def _tells(cell: NotebookNode) -> bool:
    """Whether a cell that nobody tagged is worth a slide."""
    headed = cell.cell_type == "markdown" and re.search(r"^#{1,2} ", cell.source, re.M)
    return bool(headed or cell.get("outputs"))


class _Prose:
    """A cell of prose, taken apart: its first heading, and everything else, block by block."""

    def __init__(self, html: Markup, tags: set[str]):
        soup = parsed(html)
        heading = soup.find(_HEADING, recursive=False)
        said = heading.extract().get_text() if heading else ""
        self.level = int(heading.name[1]) if heading else 0
        self.heading, self.minutes = untimed(said), minutes_in(said)
        for other in soup.find_all(_HEADING):  # one heading a slide
            other.name, other.attrs = "p", {"class": "heading"}
        self.blocks = [block for block in soup.contents if isinstance(block, Tag)]
        # How much of it a slide has: its first paragraph; of an exercise all that is done without code.
        plain = [block for block in self.blocks if not block.code] if "exercise" in tags else []
        self.first = plain or self.blocks[:1]

    def slides(self, part_named: str) -> Iterator[Slide]:
        """The slides that a tagged cell makes."""
        first, rest = self.first, [block for block in self.blocks if block not in self.first]
        asking = [block for block in rest if _lead(block) in _ASKS]
        notes = [part("note_time", self.minutes)] if self.minutes else []
        notes += [Markup(block) for block in rest if block not in asking]
        if self.heading:
            kind = "first" if self.level == 1 else "text"
            body = Markup("").join(map(Markup, first))
            yield Slide(kind, "" if self.level < 3 else part_named, self.heading, self.heading, body, notes)
        elif first:
            yield _of_paragraph(first[0], part_named, notes)
        for block in asking:
            yield _of_paragraph(block, part_named, [])

    def note(self, tags: set[str]) -> Markup:
        """The cell as it stands in the notes."""
        note = part("note_prose", self.heading, Markup("").join(map(Markup, self.blocks)))
        kind = next((kind for tag, kind in _NOTES.items() if tag in tags), "")
        return part(kind, note) if kind else note


def _lead(block: Tag) -> str:
    """The bold words that a paragraph begins with: Guess. Ask. A picture with a frame."""
    first = next((c for c in block.contents if str(c).strip()), None) if block.name == "p" else None
    return first.get_text() if isinstance(first, Tag) and first.name == "strong" else ""


def _of_paragraph(block: Tag, part_named: str, notes: list[Markup]) -> Slide:
    """A slide of one paragraph; the bold words that it begins with are its title."""
    lead = _lead(block)
    if len(lead) >= 60 or block.get_text().strip() == lead:
        lead = ""
    if lead:
        block.strong.extract()
    uncited = " ".join("".join(s for s in block.strings if not s.find_parent("a")).split())
    named = f"{lead} " * bool(lead) + re.sub(r"\s+([.,;:?!])", r"\1", uncited)
    return Slide("text", part_named, lead.removesuffix("."), named, Markup(block), notes)


def _of_outputs(cell: NotebookNode, part_named: str, lesson: Lesson) -> Iterator[Slide]:
    """A slide of what a cell has shown, or several of a long table. It takes the whole slide, so captions lie behind it,
    in the notes."""
    shown, asked = outputs(cell), lesson.once(questions, output_html(cell))
    soup = parsed(shown)
    if len(asked) > 1:
        yield from _one_by_one(shown, asked)
        return
    captions = [c for c in soup.find_all("figcaption") if not c.find_parent("fieldset")]
    behind = _answers(asked) + [part("note_caption", c.get_text()) for c in captions]
    kind, named = "ask" if asked else "show", _named(soup) or part_named or lesson.title
    chart = not soup.fieldset and soup.select_one(".tx-chart:has(svg)")
    if chart and float(chart.svg["viewbox"].split()[3]) < _TALL:  # its unit, or its key, is seen beside it
        shown = part("unit", re.split(r"(?<=\.)\s", chart.figcaption.get_text().strip())[0]) + shown
    pages = list(_pages(soup)) or [shown]
    for number, body in enumerate(pages, 1):
        told = f"{named} ({number} of {len(pages)})" if len(pages) > 1 else named
        yield Slide(f"{kind}{' on' * (number > 1)}", part_named, "", told, body, behind if number == 1 else [])


def _one_by_one(shown: Markup, asked: list[Asked]) -> Iterator[Slide]:
    """A slide of each of several questions that a cell has shown, under the line that says what they are."""
    for one in asked:
        soup = parsed(shown)
        lead = soup.select_one(".tx-lead").extract().get_text()
        for other in [*soup.select("fieldset.tx-question")]:
            if f"tx-of-{one.key}" not in other["class"]:
                other.decompose()
        yield Slide("ask", lead, "", one.text, Markup(soup), [part("note_answer", one)])


_TALL = 370  # points: how high a chart is beside which no line has room
_LINES, _LETTERS = 11.5, 90  # what a slide holds of a table: lines, and letters in each


def _split(rows: list[Tag], tall: list[float], most: float) -> list[list[Tag]]:
    """Rows in pages of so many lines at most."""
    pages, lines = [[]], 0.0
    for row, high in zip(rows, tall, strict=True):
        if pages[-1] and lines + high > most:
            pages.append([])
            lines = 0.0
        pages[-1].append(row)
        lines += high
    return pages


def _pages(soup: Tag) -> Iterator[Markup]:
    """A long table, or a long list in a form, in pieces that a slide holds whole; nothing of anything else."""
    found = soup.select("fieldset, iframe, svg") or soup.select("table.tx-table > tbody, .tx-protocol > ol")
    if len(found) != 1 or found[0].name not in ("tbody", "ol"):
        return
    rows = found[0].find_all(["tr", "li"], recursive=False)
    tall = [0.6 + -(-len(row.get_text(strip=True)) // _LETTERS) for row in rows]
    pages = _split(rows, tall, _LINES)
    least = sum(tall) / len(pages)  # and then evenly, so that no row is left on a slide of its own
    pages = next((some for n in range(24) if len(some := _split(rows, tall, least + n / 2)) == len(pages)), pages)
    for page in pages if len(pages) > 1 else []:
        for row in rows:
            row.extract()
        found[0].extend(page)
        if found[0].name == "ol":
            found[0]["start"] = rows.index(page[0]) + 1
        yield Markup(soup)


def _named(shown: Tag) -> str:
    """What an output is called in the list of slides: by its map's title, its question, what its chart or table shows."""
    if frame := shown.find("iframe", title=True):
        return frame["title"]
    if chart := not shown.legend and shown.select_one("figure svg[aria-label]"):
        return re.split(r"[.:?] ", chart["aria-label"])[0]
    named = shown.legend or shown.caption or shown.find(class_="tx-lead") or shown.find(class_="tx-state")
    return named.get_text() if named else ""


def _answers(asked: list[Asked]) -> list[Markup]:
    """Questions with their right answers and the reasons, for the notes."""
    return [part("note_answer", one) for one in asked]


def _cited(slide: Slide, number: int, noted: bool) -> Slide:
    """A slide with the claims that it and its notes cite, under ids of its own."""
    pieces = [slide.body, *(slide.notes if noted else ())]
    cited = notes([claim for piece in pieces for claim in _CITED.findall(piece)])
    body, *said = (Markup(_CITED.sub(rf'<a class="cite" href="#s{number}-\1"', str(piece))) for piece in pieces)
    return replace(slide, body=body, notes=said, cited=cited, named=shorten(slide.named, 90, placeholder=" …"))
