"""The worksheet: a lesson's tasks on paper, with room to write, and their key on a page that a teacher can keep back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from nbformat import NotebookNode

from ..markup import Markup
from .blocks import Asked, Lesson, Page, output_html, outputs, parsed, questions, solution, untimed
from .hour import PRIVATE, answers
from .pages import PageExporter
from .template import css, part, whole_page

_MARK = re.compile(r"\*\*(Guess|Ask)\b\.?")
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z*`\"“])")
_BID = re.compile(r"(?:And )?(?:Find|Mind|Name|Put|Read|Think|Write)\b")  # how the course asks without a question mark
_EXERCISE = re.compile(r"^##(?:# Deeper:)? (?:[Ee]xercise: )?(.*)$", re.M)


@dataclass(frozen=True)
class Task:
    """One thing to do on a worksheet. `kind` is open (a guess or something to think about), question, exercise or output.

    text   what is to be done, in prose; or the whole sheet, where an output is one
    lines  how many lines there are to write on
    asked  the question, where it is one
    key    what the key says of it; empty for what has no one answer
    last   what is cut out, and so stands on pages of its own after all tasks
    """

    number: int
    kind: str
    text: Markup = Markup("")
    lines: int = 0
    asked: Asked | None = None
    key: Markup = Markup("")
    last: Markup = Markup("")


def open_tasks(source: str) -> Iterator[str]:
    """What the paragraphs marked Guess or Ask want to know, as Markdown, without what they go on to tell.

    What comes before the first question stays: it is what the question is about. After it stay further questions, and
    bids that rest on no claim ("Name three people ..."). The rest of such a paragraph answers the question.
    """
    for paragraph in re.split(r"\n\s*\n", source):
        mark = _MARK.search(paragraph)
        if not mark:
            continue
        kept, asked, at = [], False, 0
        for sentence in _SENTENCE.split(paragraph):
            at = paragraph.index(sentence, at) + len(sentence)
            question = sentence.rstrip('*_) ”"').endswith("?")
            if question or not asked or (_BID.match(sentence) and "](" not in sentence):
                kept.append(sentence)
            asked = asked or (question and at > mark.end())
        yield " ".join(kept)


def on_paper(source: str) -> str | None:
    """An exercise as a task without code: its heading, then its text without the sentences that speak of code."""
    heading = _EXERCISE.search(source)
    if not heading:
        return None
    rest = " ".join(s for s in _SENTENCE.split(source[heading.end() :].strip()) if "`" not in s and "run it" not in s)
    title = untimed(heading[1])
    title = title[:1].upper() + title[1:]
    return f"**{title}{'' if title.endswith('?') else '.'}** {rest}"


_ROWS = re.compile(r'<textarea rows="(\d+)"')  # of a guess that is typed in several lines


def _room(text: str, after: NotebookNode | None) -> int:
    """How many lines an open task gets: few for a guess, more where more is asked, or as many as the cell after it has."""
    rows = _ROWS.search(output_html(after)) if after and "**Guess" in text else None
    return int(rows[1]) if rows else min(text.count("?") + 1, 2 if "**Guess" in text else 3)


def _of_outputs(number: int, cell: NotebookNode) -> Task:
    """What a cell has shown, for paper: the sheet without any answer, its answers, and cards to cut out."""
    soup = parsed(outputs(cell))
    for hidden in soup.select(".tx-no-paper, .tx-plain, .tx-unrun, :is(.tx-answer, .tx-answer-key) summary"):
        hidden.decompose()
    answers = [answer.extract() for answer in soup.select(".tx-answer, .tx-answer-key")]
    for answer in answers:
        answer.attrs, answer.hidden = {}, answer.name != "p"  # of what is folded away, what is in it
    cards = [part("set_off", [Markup(pack.extract())]) for pack in soup.select(".tx-pack")]
    return Task(
        number, "output", Markup(soup), key=part("set_off", list(map(Markup, answers))), last=Markup("").join(cards)
    )


class WorksheetExporter(PageExporter):
    """A lesson's tasks for paper: guesses and questions with room to write, sheets, cards and outline maps, then the key.

    In black and white, on A4 or Letter. Of cells that show something, those tagged `worksheet` or `paper` stand on it;
    of exercises those tagged `worksheet`, without their code.
    """

    export_from_notebook = "Turkic Explainer worksheet"
    edition = "worksheet"

    def page(self, lessons):
        sheets = [
            {"title": lesson.title, "lesson": lesson.about.get("lesson"), "tasks": list(self.tasks(lesson))}
            for lesson in lessons
        ]
        if len(sheets) > 1:  # a page of words has nothing to do on it
            sheets = [sheet for sheet in sheets if sheet["tasks"]]
        title = sheets[0]["title"] if len(sheets) == 1 else "All lessons"
        return whole_page("worksheet.html.j2", title=title, sheets=sheets, css=css("worksheet.css"))

    def tasks(self, lesson: Lesson) -> Iterator[Task]:
        """The tasks of a lesson in its order, numbered from 1. Paper has no links; a citation's number stays, small, to be
        looked up."""
        page = Page(citation=Markup('<span class="cite">{0}</span>'), linked=False)
        number, waiting = count(1), None  # an exercise waits for its solution
        models = {
            at: Markup("").join(
                page.prose(lesson, number, cell.source.removeprefix("**Model answer.** ")) for number, cell, _ in given
            )
            for at, given in answers(lesson.cells()).items()
        }
        cells = [
            (number, cell, tags)
            for number, cell, tags in lesson.cells(without=PRIVATE | {"notebook"})
            if "deeper" not in tags or tags & {"worksheet", "paper", "solution"}
        ]
        for (at, cell, tags), after in zip(cells, [*(cell for _, cell, _ in cells[1:]), None], strict=True):
            if cell.cell_type == "markdown" and "exercise" in tags:
                text = on_paper(cell.source) if "worksheet" in tags else None
                prose = page.prose(lesson, at, text or "")
                waiting = Task(next(number), "exercise", prose, 2, key=models.pop(at, "")) if text else None
            elif cell.cell_type == "markdown":
                for text in open_tasks(cell.source):
                    yield Task(
                        next(number), "open", page.prose(lesson, at, text), _room(text, after), key=models.pop(at, "")
                    )
            elif "solution" in tags:
                if waiting:
                    yield replace(waiting, key=waiting.key or solution(cell))
                waiting = None
            elif tags & {"worksheet", "paper"}:
                yield _of_outputs(next(number), cell)
            else:
                for asked in questions(cell):
                    yield Task(next(number), "question", asked=asked)
