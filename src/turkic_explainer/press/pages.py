"""The editions that are read: the student's page and the teacher's, as nbconvert exporters.

`jupyter nbconvert --to turkic_handout` and JupyterLab's export menu offer them too. A page opens from a USB stick and
loads nothing from anywhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from textwrap import shorten
from typing import Any

from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode
from traitlets import Bool

from .. import codes, ledger, lessons, vocabulary
from ..content import SHARED
from ..maps import script_digests
from ..markup import ADDRESS, Markup, host, long_date
from ..spoken import said
from ..validate import speaking
from .blocks import Lesson, Page, answer_box, code, once, output_html, outputs, questions, solution
from .copies import without_answers
from .hour import PRIVATE, Found, parts, together
from .notebooks import canonical, dumps
from .template import asset, part, whole_page

NOT_FOR_STUDENTS = PRIVATE | {"paper", "notebook"}
# A mark begins no line, nor does a full stop behind it; and browsers would break a line before and after any button.
_WORD = r'(?:<em><button class="word"[^>]*>[^<]*</button></em>|<button class="word"[^>]*>[^<]*</button>)'
_MARKS = re.compile(rf"""({_WORD})?\s*((?:\s*<button class="cite"[^>]*>\d+</button>)+)([^\s<]*)|({_WORD})([^\s<]+)""")
# Behind an address, the outlet and its day, as in (Trend, 27 Dec 2025); or the year alone.
_OUTLET = re.compile(r"\s*\(([^():;]{2,40}?, (?:\d{1,2} )?(?:[A-Z][a-z]+ )?\d{4})\b")
_FRAME = re.compile(r"""<iframe class="tx-frame[^>]*? srcdoc='([^']*)'></iframe>""")  # a live map, escaped


def allowed_scripts(blocks: list[Markup], *scripts: str) -> Markup:
    """What a page's policy lets run: these scripts and those of the maps in these blocks, each by its digest."""
    frames = [Markup(frame).unescape() for block in blocks for frame in _FRAME.findall(block)]
    inside = [f"<script>{script}</script>" for script in scripts]
    return Markup(" ".join(sorted({f"'{d}'" for html in (*frames, *inside) for d in script_digests(html)})) or "'none'")


def tasks_script(blocks: list[Markup]) -> list[Markup]:
    """The script of what is typed or sorted on a page, where something is."""
    needs = ("tx-typed", "tx-pack", 'class="answer-box"')
    return [asset("tasks.js")] if any(need in block for block in blocks for need in needs) else []


def notes(claim_ids: list[str]) -> list[dict[str, Any]]:
    """The claims behind these citations, each once, as the notes at the end of a page tell them: `told` as on a card."""
    claims = [ledger.claim(claim_id) for claim_id in dict.fromkeys(claim_ids)]
    return [{"id": c.id, "says": c.says, "where": ledger.where(c), "told": ledger.told(c)} for c in claims]


@dataclass
class Sided(Page):
    """A page beside whose paragraphs stand the claims that they cite and the words that they link, in short. The marks in
    the text and the notes beside it open the whole of each, which stands at the end as well: without a script."""

    citation: Markup = Markup('<button class="cite" popovertarget="{0}" aria-label="Source {3}, {0}"{2}>{3}</button>')
    word: Markup = Markup('<button class="word" popovertarget="meaning-{}">{}</button>')
    has_margin: bool = True  # whether what is met now stands beside it: not where it stands in the margin itself
    met: tuple[int, int] = (0, 0)  # how many citations and words stood above
    told: set[str] = field(default_factory=set)  # claims that the margin has told already

    def beside(self) -> Markup:
        claims, words = dict.fromkeys(self.cited[self.met[0] :]), self.words[self.met[1] :]
        self.met = len(self.cited), len(self.words)
        if not self.has_margin or not claims and not words:
            return Markup("")
        numbers = [*dict.fromkeys(self.cited)]
        short = [in_short(c) | {"number": numbers.index(c) + 1, "again": c in self.told} for c in claims]
        self.told |= claims.keys()
        return part("margin", short, vocabulary.meanings(words))

    def prose(self, lesson, number, source):
        return Markup(_MARKS.sub(_kept_together, super().prose(lesson, number, source)))


def _kept_together(found: re.Match) -> str:
    """Marks with what stands before and behind them, as one piece that no line is broken in."""
    before, marks, behind, word, end = (piece or "" for piece in found.groups())
    return f'<span class="marks">{before}\N{WORD JOINER}{marks}{word}{behind}{end}</span>'


def in_short(claim_id: str) -> dict[str, Any]:
    """A claim as the margin tells it: what it says; who says it, which is the first outlet of a record, with its address and
    how many more there are, or the report and its speaker, or the course itself; and how sure a record is."""
    c = ledger.claim(claim_id)
    first, *more = c.sources or [f"Record on {c.topic}"]
    _, address, behind = [*ADDRESS.split(first, maxsplit=1), "", ""][:3]
    if c.kind == "background":
        outlet = _OUTLET.match(behind)
        who = outlet[1] if outlet else host(address) or shorten(first, 40, placeholder=" …")
    elif c.kind == "reading":
        who = f"A reading by this course of {c.source}"
    else:
        report = ledger.source(c.source)
        who = f"{report.outlet}, {long_date(report.date)}: {c.speaker}"
    told = {"who": who, "address": address, "more": len(more)}
    return told | {"id": c.id, "says": c.says, "confidence": c.confidence}


def _kept(lesson: Lesson) -> dict[str, Any]:
    """What the script needs that keeps answers on a page: of which lesson it is, what its code holds, and what to say."""
    number = lesson.about.get("lesson", "")
    entries = lessons.entries(number) if number in lessons.numbers() else {}
    items = [(key, codes.outcomes(entry), entry.edition()) for key, entry in codes.asked(entries).items()]
    about = {"lesson": number, "version": codes.version(entries), "items": items}
    return about | SHARED.texts("kept") if items else {}


def _plan(lesson: Lesson, headings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts of a lesson that take time: from when on, title, id on the page, minutes, and those of the short path."""
    opening = {"id": "lesson", "untimed": said("Opening")}
    named, plan, begin = {h["cell"]: h for h in headings if h["level"] == 2}, [], 0
    for part_ in parts(lesson.notebook) if "lesson" in lesson.about else ():
        heading = named.get(part_.cell, opening)
        if part_.minutes:
            plan.append({"begin": begin, "title": heading["untimed"], "id": heading["id"], "part": part_})
        begin += part_.minutes
    return plan


class PageExporter(Exporter):
    """What the editions have in common. `blocks` gives what one shows of a lesson, piece by piece, as a page has it. Raises
    DataError, naming the lesson and the cell, for a citation of a claim that does not exist."""

    file_extension = ".html"
    output_mimetype = "text/html"
    edition = ""  # what a page says it is; the style sheets know it as well
    scripts: tuple[str, ...] = ()  # of the templates, which it has as well as those of its tasks

    def from_notebook_node(self, nb, resources=None, **kw):
        nb, resources = super().from_notebook_node(nb, resources, **kw)  # runs preprocessors
        about = resources["metadata"]
        lesson = Lesson(about.get("name") or "notebook", Path(about.get("path") or "."), nb)
        with speaking(lesson.language):
            return self.page([lesson]), resources

    def page(self, lessons: list[Lesson]) -> str:
        """One page of these lessons, whole. That of several is for printing: each begins on a new sheet, and maps stand
        still, for with all of them live it would be half as heavy again and no better on paper."""
        [first, *more] = lessons
        page, blocks = Sided(alone=not more), []
        for lesson in lessons:
            own = self.blocks(lesson, page)
            if more:
                blocks.append(part("begins", lesson.name, lesson is first))
                own = (Markup(_FRAME.sub("", block)) for block in own)
            blocks += filter(None, own)
        blocks, level = once(blocks), 1 if more else 2
        kept = _kept(first) if self.scripts and not more else {}
        script = [*tasks_script(blocks), *(asset(name) for name in self.scripts if kept or name != "kept.js")]
        headings = [h for h in page.headings if h["level"] == level or (h["deeper"] and not more)]
        return whole_page(
            "page.html.j2",
            edition=self.edition,
            title=said("All lessons") if more else first.title,
            about={} if more else first.about,
            plan=_plan(first, headings) if self.edition == "teacher" and not more else [],
            folded=not self.edition and any(h["deeper"] for h in page.headings),
            scripts=allowed_scripts(blocks, *script),
            script=script,
            headings=headings,
            blocks=blocks,
            kept=kept,
            remembers="kept.js" in self.scripts,
            words=(words := vocabulary.meanings(page.words)),
            above=words.keys() & re.findall(r'<dt id="([^"]+)"', "".join(blocks)),  # what the lesson lists itself
            notes=notes(page.cited),
        )


def _timed(lesson: Lesson, row: list[Found], block: Callable[[Found], Markup]) -> Iterator[Markup]:
    """The block of each cell; where what the short path leaves out begins, with a mark: in the heading, if it has one."""
    before = False
    for found in row:
        lesson.at = found[0]
        shown, late = block(found), "if-time" in found[2] and "deeper" not in found[2]
        heading = late and str(shown).startswith("<h2")
        if heading:
            shown = Markup(str(shown).replace("</h2>", f" {part('if_time', 'span')}</h2>", 1))
        yield part("if_time", "p") + shown if late and shown and not before and not heading else shown
        before = late
    lesson.at = 0


def _answered(row: list[Found], blocks: Iterable[Markup]) -> list[Markup]:
    """The block of each cell; a model answer follows the text that asks for it, and what was shown in between comes after:
    in the margin it stands beside the question."""
    placed: list[tuple[bool, Markup]] = []  # whether it is a cell of code, and its block
    for (_, cell, tags), block in zip(row, blocks, strict=True):
        at = len(placed)
        while "answer" in tags and at and placed[at - 1][0]:
            at -= 1
        placed.insert(at, (cell.cell_type == "code", block))
    return [block for _, block in placed]


class HandoutExporter(PageExporter):
    """A lesson as a page for students: no code unless asked for, solutions a click away, citations spelled out.

    Exercises show their code, for there it is the task. What answers a guess, a run of cells tagged `reveal`, is folded
    away together, and so is each Deeper part, under its heading; printed, it is left out unless it was opened.
    """

    export_from_notebook = "Turkic Explainer handout"
    scripts = ("kept.js",)
    code = Bool(False, help="Show the code of every cell, not only of exercises.").tag(config=True)

    def blocks(self, lesson, page):
        for deeper, row in together(lesson.cells(without=NOT_FOR_STUDENTS)):
            blocks = self.folded(lesson, page, row)
            if deeper:
                heading, end, below = map(Markup, str(Markup("").join(blocks)).partition("</h3>"))
                blocks = [part("deeper", heading + end, below)]
            yield from blocks

    def folded(self, lesson: Lesson, page: Page, row: list[Found]) -> Iterator[Markup]:
        """Blocks of cells; those of cells in a row that answer a guess are one block, folded away."""
        blocks = zip(row, _timed(lesson, row, lambda found: self.block(lesson, page, *found)), strict=True)
        for hidden, group in groupby(blocks, key=lambda block: "reveal" in block[0][2]):
            shown = [block for _, block in group]
            yield from [part("reveal", Markup("").join(shown))] if hidden else shown

    def block(self, lesson: Lesson, page: Page, number: int, cell: NotebookNode, tags: set[str]) -> Markup:
        """What this edition shows of a cell."""
        if cell.cell_type == "markdown":
            return page.prose(lesson, number, cell.source)
        if "solution" in tags:
            return part("solution", solution(cell))
        block = code(cell) if self.code or tags & {"exercise", "code"} else Markup("")
        # The own output of an exercise only says that nothing has been filled in yet.
        return block + (lesson.once(answer_box, cell.source) if "exercise" in tags else outputs(cell))


class TeacherExporter(PageExporter):
    """A lesson as its teacher needs it: the plan of the hour, notes, and every answer with its reason, all in sight."""

    export_from_notebook = "Turkic Explainer teacher's edition"
    edition = "teacher"

    def blocks(self, lesson, page):
        for deeper, row in together(lesson.cells(without=frozenset({"paper", "notebook"}))):
            blocks = _answered(row, _timed(lesson, row, lambda found: self.block(lesson, page, *found)))
            yield from [part("open_deeper", Markup("").join(blocks))] if deeper else blocks

    def block(self, lesson: Lesson, page: Page, number: int, cell: NotebookNode, tags: set[str]) -> Markup:
        """What this edition shows of a cell."""
        if cell.cell_type == "markdown":
            whose = {"teacher": said("For the teacher"), "answer": said("Model answer")}
            kind = next((tag for tag in whose if tag in tags), "")
            page.has_margin = not kind
            if not kind:
                return page.prose(lesson, number, cell.source)
            title = "" if page.alone else lesson.title
            return part("teacher", page.note(lesson, number, cell.source), number, title, kind, whose[kind])
        if "solution" in tags:
            return part("open_solution", solution(cell))
        block = code(cell) if tags & {"exercise", "code"} else Markup("")
        if asked := lesson.once(questions, output_html(cell)):
            block += Markup("").join(part("answers", one) for one in asked)
        else:
            block += lesson.once(answer_box, cell.source) if "exercise" in tags else outputs(cell)
        return block


class StudentNotebookExporter(PageExporter):
    """A lesson as a notebook for students: the tasks, but no solutions and nothing for the teacher."""

    export_from_notebook = "Turkic Explainer notebook for students"
    file_extension = ".ipynb"
    output_mimetype = "application/json"

    def page(self, lessons):
        [lesson] = lessons
        return dumps(canonical(without_answers(lesson.notebook)))
