"""The slides: a lesson for a projector, with the teacher's words behind each slide.

reveal.js runs them: keys, swipes, addresses, and that what is not shown is hidden from screen readers as well. Its own
layout, which scales a page of fixed size, is left out, and so is its style sheet: slides here flow, so that text keeps
its size, an explorer may be scrolled, and a phone, a page without script and paper show the same slides in a column.
Its speaker view is left out too: it runs the whole deck twice more in frames, which a page from a USB stick may not
load under a strict policy. Ours is a window that the deck fills (slides.js).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from textwrap import shorten

from bs4 import BeautifulSoup, Tag
from nbformat import NotebookNode

from ..maps import script_digests
from ..markup import Markup
from .blocks import Lesson, Sheet, once, outputs, questions, text
from .pages import TEMPLATES, PageExporter, allowed_scripts, css, filled, notes

_KEPT_BACK = frozenset({"solution", "paper"})
_LINK = re.compile(r'<a (class="cite" href="#[^"]*")?[^>]*>(.*?)</a>', re.S)
_CITED = re.compile(r'<a class="cite" href="#([^"]+)"')
_ASKS = re.compile(r"(?:Guess|Ask)\.$")  # how a paragraph begins that has a slide of its own
_MINUTES = re.compile(r" \((\d+) minutes\)$")


@dataclass
class Slide:
    """One slide.

    kind   first, text, show (outputs) or ask (a question)
    part   what the part of the lesson is called that it belongs to; empty where the slide's title says it
    title  its title; empty where what is shown speaks for itself
    named  what the list of slides calls it
    notes  what its speaker has at hand, piece by piece
    """

    kind: str
    part: str
    title: Markup
    named: str
    body: Markup
    notes: list[Markup] = field(default_factory=list)
    cited: list[dict] = field(default_factory=list)

    @property
    def tall(self) -> bool:
        """Whether it shows a chart that is taller than wide, which has to be scrolled to be read."""
        charts = re.findall(r'aria-label="Chart"><svg[^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"', self.body)
        return any(float(height) > float(width) for width, height in charts)


class SlidesExporter(PageExporter):
    """A lesson as slides: what is tagged `slide`, and in the notes behind it what follows up to the next such cell.

    Of a tagged cell of prose, the heading and the first paragraph are a slide, and each paragraph that begins with
    Guess or Ask is another; the rest is in the notes. All slides stand in one row: a clicker has one button for "next".
    A notebook without a tagged cell has slides of its headings and outputs; a build makes none of it, as of the list of
    words, which nobody presents.
    """

    export_from_notebook = "Turkic Explainer slides"
    edition = "slides"

    def page(self, lessons):
        [lesson] = lessons
        slides = list(self.slides(lesson, Sheet()))
        for slide, body in zip(slides, once([slide.body for slide in slides]), strict=True):
            slide.body = body
        for number, slide in enumerate(slides, 1):
            slide.named = shorten(slide.named, 90, placeholder=" …")
            _cites(slide, number)
        script = Markup((TEMPLATES / "slides.js").read_text("utf-8").strip())
        ours = script_digests(f"<script>{reveal()}</script><script>{script}</script>")
        return filled(
            "slides.html.j2",
            title=lesson.title,
            lesson=lesson.about.get("lesson"),
            minutes=lesson.about.get("minutes"),
            slides=slides,
            css=css("slides.css"),
            scripts=allowed_scripts([slide.body for slide in slides], ours),
            reveal=reveal(),
            licence=reveal("LICENSE"),
            script=script,
        )

    def slides(self, lesson: Lesson, sheet: Sheet) -> Iterator[Slide]:
        """The slides of a lesson in its order, each with its notes."""
        cells = list(lesson.cells(without=_KEPT_BACK))
        chosen = {number for number, _, tags in cells if "slide" in tags - {"teacher"}}
        chosen = chosen or {number for number, cell, tags in cells if "teacher" not in tags and _tells(cell)}
        part, last = "", Slide("first", "", Markup(""), lesson.title, Markup(""))
        for number, cell, tags in cells:
            if cell.cell_type == "markdown":
                prose = _prose(_unlinked(sheet.prose(lesson, number, cell.source)))
                part = prose.heading if prose.level == 2 else part
                if number not in chosen or "teacher" in tags:
                    last.notes.append(_note(prose, "teacher" in tags))
                    continue
                for slide in prose.slides(part):
                    if slide.kind != "first":  # the first one waits for what stands before it
                        yield last
                        last = slide
                    else:
                        last.body, last.notes = slide.body, last.notes + slide.notes
            elif cell.cell_type == "code" and number in chosen and "exercise" not in tags:
                yield last
                shown = outputs(cell)
                last = Slide("ask" if questions(cell) else "show", part, Markup(""), _named(shown) or part or lesson.title, shown, _answers(cell) + _captions(shown))
            elif cell.cell_type == "code":
                last.notes += _answers(cell)
        yield last


def _tells(cell: NotebookNode) -> bool:
    """Whether a cell that nobody tagged is worth a slide."""
    return bool(cell.get("outputs")) or (cell.cell_type == "markdown" and re.search(r"^#{1,2} ", cell.source, re.M) is not None)


@dataclass
class _Prose:
    """A cell of prose, taken apart: its first heading, and everything else, block by block."""

    level: int
    heading: str
    minutes: str
    blocks: list[Tag]

    def slides(self, part: str) -> Iterator[Slide]:
        """The slides that a tagged cell makes."""
        first, rest = self.blocks[:1], self.blocks[1:]
        notes = [Markup("<p>This part takes {} minutes.</p>").format(self.minutes)] if self.minutes else []
        own = [block for block in rest if _ASKS.match(_lead(block))]
        notes += [Markup(block) for block in rest if block not in own]
        body = Markup("").join(map(Markup, first))
        if self.heading:
            kind = "first" if self.level == 1 else "text"
            yield Slide(kind, "" if self.level < 3 else part, Markup("{}").format(self.heading), self.heading, body, notes)
        elif first:
            yield _led(first[0], part, notes)
        for block in own:
            yield _led(block, part, [])


def _prose(html: Markup) -> _Prose:
    soup = BeautifulSoup(html, "html.parser")
    heading = soup.find(re.compile("^h[1-6]$"), recursive=False)
    said, minutes = "", None
    if heading:
        heading.extract()
        said = heading.get_text()
        minutes = _MINUTES.search(said)
    for other in soup.find_all(re.compile("^h[1-6]$")):  # one heading a slide
        other.name, other.attrs = "p", {"class": "heading"}
    blocks = [block for block in soup.contents if isinstance(block, Tag)]
    return _Prose(int(heading.name[1]) if heading else 0, _MINUTES.sub("", said), minutes[1] if minutes else "", blocks)


def _lead(block: Tag) -> str:
    """The bold words that a paragraph begins with: Guess. Ask. A picture with a frame."""
    first = next((c for c in block.contents if str(c).strip()), None) if block.name == "p" else None
    return first.get_text() if isinstance(first, Tag) and first.name == "strong" else ""


def _led(block: Tag, part: str, notes: list[Markup]) -> Slide:
    """A slide of one paragraph; the bold words that it begins with are its title."""
    lead, named = _lead(block), ""
    if lead and len(lead) < 60 and block.get_text().strip() != lead:
        block.strong.extract()
    else:
        lead = ""
    said = re.sub(r"\s+([.,;:?!])", r"\1", " ".join(text(_LINK.sub("", str(block))).split()))
    named = f"{lead} {said}" if lead else said
    title = lead.removesuffix(".")
    return Slide("text", part, Markup("{}").format(title), named, Markup(block), notes)


def _note(prose: _Prose, teacher: bool) -> Markup:
    """A cell of prose as it stands in the notes."""
    said = Markup('<p class="heading">{}</p>').format(prose.heading) if prose.heading else Markup("")
    said += Markup("").join(map(Markup, prose.blocks))
    if teacher and not said.lower().count("for the teacher"):
        said = Markup("<p><strong>For the teacher.</strong></p>{}").format(said)
    return Markup('<div class="teacher">{}</div>').format(said) if teacher else said


def _answers(cell: NotebookNode) -> list[Markup]:
    """The questions of a cell with their right answers and the reasons, for the notes."""
    return [
        Markup('<div class="answer"><p><strong>Question.</strong> {}</p><p><strong>Right:</strong> {} {}</p></div>').format(asked.text, answer, why)
        for asked in questions(cell)
        for answer, right, why in asked.answers
        if right
    ]


def _named(shown: Markup) -> str:
    """What an output is called in the list of slides: by its map's title, its question, what its chart or table shows."""
    soup = BeautifulSoup(shown, "html.parser")
    if frame := soup.find("iframe", title=True):
        return frame["title"]
    if legend := soup.find("legend"):
        return legend.get_text()
    if chart := soup.select_one("figure svg[aria-label]"):
        return re.split(r"[.:?] ", chart["aria-label"])[0]
    found = soup.find("caption") or soup.find(class_="tx-lead") or soup.find(class_="tx-state")
    return found.get_text() if found else ""


def _captions(shown: Markup) -> list[Markup]:
    """The captions of pictures, for the notes: a picture takes the whole slide, and its caption lies below."""
    return [Markup("<p>{}</p>").format(c.get_text()) for c in BeautifulSoup(shown, "html.parser").find_all("figcaption") if c.find_parent("fieldset") is None]


def _unlinked(prose: Markup) -> Markup:
    """Prose that leads nowhere but to its claims: a deck is shown, not clicked through, and may lie alone on a stick."""
    return Markup(_LINK.sub(lambda m: f"<a {m[1]}>{m[2]}</a>" if m[1] else m[2], prose))


def _cites(slide: Slide, number: int) -> None:
    """Puts the claims that a slide and its notes cite into its notes, under ids of this slide's own."""
    parts = [slide.body, *slide.notes]
    slide.cited = notes([claim for part in parts for claim in _CITED.findall(part)])
    slide.body, *slide.notes = (Markup(_CITED.sub(lambda m: f'<a class="cite" href="#s{number}-{m[1]}"', part)) for part in parts)


@lru_cache
def reveal(part: str = "reveal.js") -> Markup:
    """The script of reveal.js, or its licence."""
    return Markup((TEMPLATES / "reveal" / part).read_text("utf-8").strip())
