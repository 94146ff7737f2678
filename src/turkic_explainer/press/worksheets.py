"""The worksheet: a lesson's tasks on paper, with room to write, and their key on a page that a teacher can keep back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from bs4 import BeautifulSoup
from nbformat import NotebookNode

from ..markup import Markup
from .blocks import Asked, Lesson, Sheet, code, outputs, questions
from .pages import PageExporter, css, filled

_MARK = re.compile(r"\*\*(Guess|Ask)\b\.?")
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z*`\"“])")
_BID = re.compile(r"(?:And )?(?:Find|Mind|Name|Put|Read|Think|Write)\b")  # how the course asks without a question mark
_LINK = re.compile(r'<a class="(cite|word)?[^>]*>(.*?)</a>|<a [^>]*>(.*?)</a>', re.S)
_EXERCISE = re.compile(r"^## (?:Exercise: )?(.*?)(?: \(\d+ minutes\))?$", re.M)


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
            question = sentence.rstrip("*_) ”\"").endswith("?")
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
    title = heading[1][:1].upper() + heading[1][1:]
    return f"**{title}{'' if title.endswith('?') else '.'}** {rest}"


def _room(text: str) -> int:
    """How many lines an open task gets: few for a guess, more where more is asked."""
    return min(text.count("?") + 1, 2 if "**Guess" in text else 3)


def as_read(shown: str) -> str:
    """What a solution has shown, as one reads it aloud: 7 for np.int64(7), 2016, 2017 for a set, 1.818 for all its digits."""
    try:
        value = ast.literal_eval(re.sub(r"\bnp\.\w+\(([^()]*)\)", r"\1", shown.strip()))
    except (ValueError, SyntaxError):
        return shown.strip()
    values = sorted(value, key=str) if isinstance(value, (set, list, tuple)) else [value]
    return ", ".join(f"{v:.4g}" if isinstance(v, float) else str(v) for v in values)


def _solution(cell: NotebookNode) -> Markup:
    """The answer that a solution's cell has shown, and the code that found it."""
    shown = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return Markup("<p><strong>{}</strong>, found by:</p>{}").format(as_read(shown[-1]) if shown else "", code(cell))


def _as_task(number: int, cell: NotebookNode) -> Task:
    """What a cell has shown, for paper: the sheet without any answer, its answers, and cards to cut out."""
    soup = BeautifulSoup(outputs(cell), "html.parser")
    for hidden in soup.select(".tx-no-paper"):
        hidden.decompose()
    answers = [answer.extract() for answer in soup.select(".tx-answer, .tx-answer-key")]
    for answer in answers:
        for summary in answer.find_all("summary"):
            summary.decompose()
    inside = (("<p>{}</p>" if a.name == "p" else "{}", Markup(a.decode_contents())) for a in answers)
    key = Markup("").join(Markup(frame).format(said) for frame, said in inside)
    cards = Markup("").join(Markup('<div class="tx">{}</div>').format(Markup(pack.extract())) for pack in soup.select(".tx-pack"))
    return Task(number, "output", Markup(soup), key=Markup('<div class="tx">{}</div>').format(key) if key else key, last=cards)


class WorksheetExporter(PageExporter):
    """A lesson's tasks for paper: guesses and questions with room to write, sheets, cards and outline maps, then the key.

    In black and white, on A4 or Letter. Of cells that show something, those tagged `worksheet` or `paper` stand on it;
    of exercises those tagged `worksheet`, without their code.
    """

    export_from_notebook = "Turkic Explainer worksheet"
    edition = "worksheet"

    def page(self, lessons):
        sheets = [
            {"title": lesson.title, "lesson": lesson.about.get("lesson"), "tasks": list(self.tasks(lesson, Sheet()))}
            for lesson in lessons
        ]
        if len(sheets) > 1:  # a page of words has nothing to do on it
            sheets = [sheet for sheet in sheets if sheet["tasks"]]
        title = sheets[0]["title"] if len(sheets) == 1 else "All lessons"
        return filled("worksheet.html.j2", title=title, sheets=sheets, css=css("worksheet.css"))

    def tasks(self, lesson: Lesson, sheet: Sheet) -> Iterator[Task]:
        """The tasks of a lesson in its order, numbered from 1."""
        number, waiting = count(1), None  # an exercise waits for its solution
        for at, cell, tags in lesson.cells(without=frozenset({"teacher"})):

            def prose(source: str, at: int = at) -> Markup:
                return _unlinked(sheet.prose(lesson, at, source))

            if cell.cell_type == "markdown" and "exercise" in tags:
                text = on_paper(cell.source) if "worksheet" in tags else None
                waiting = Task(next(number), "exercise", prose(text), 2) if text else None
            elif cell.cell_type == "markdown":
                for text in open_tasks(cell.source):
                    yield Task(next(number), "open", prose(text), _room(text))
            elif cell.cell_type == "code" and "solution" in tags:
                if waiting:
                    yield Task(waiting.number, waiting.kind, waiting.text, waiting.lines, key=_solution(cell))
                waiting = None
            elif cell.cell_type == "code" and tags & {"worksheet", "paper"}:
                yield _as_task(next(number), cell)
            elif cell.cell_type == "code":
                for asked in questions(cell):
                    yield Task(next(number), "question", asked=asked)


def _unlinked(prose: Markup) -> Markup:
    """Prose without links: paper has none. A citation's number stays, small, to be looked up."""

    def bare(match: re.Match) -> str:
        said = match[2] or match[3] or ""
        return f'<span class="cite">{said}</span>' if match[1] == "cite" else said

    return Markup(_LINK.sub(bare, prose))
