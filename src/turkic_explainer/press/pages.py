"""The editions that are read: the student's page and the teacher's, as nbconvert exporters.

`jupyter nbconvert --to turkic_handout` and JupyterLab's export menu offer them too. A page opens from a USB stick and
loads nothing from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode
from traitlets import Bool

from .. import ledger, vocabulary
from ..maps import script_digests
from ..markup import Markup
from ..validate import speaking
from .blocks import Lesson, Page, code, once, outputs, questions, solution
from .copies import without_answers
from .notebooks import canonical, dumps
from .template import css, part, whole_page

NOT_FOR_STUDENTS = frozenset({"teacher", "paper", "notebook"})
_FRAME = re.compile(r"""<iframe class="tx-frame[^>]*? srcdoc='([^']*)'></iframe>""")  # a live map, escaped


def allowed_scripts(blocks: list[Markup], *scripts: str) -> Markup:
    """What a page's policy lets run: these scripts and those of the maps in these blocks, each by its digest."""
    frames = [Markup(frame).unescape() for block in blocks for frame in _FRAME.findall(block)]
    inside = [f"<script>{script}</script>" for script in scripts]
    return Markup(" ".join(sorted({f"'{d}'" for html in (*frames, *inside) for d in script_digests(html)})) or "'none'")


def notes(claim_ids: list[str]) -> list[dict[str, Any]]:
    """The claims behind these citations, each once, as the notes at the end of a page tell them: `told` as on a card."""
    claims = [ledger.claim(claim_id) for claim_id in dict.fromkeys(claim_ids)]
    return [{"id": c.id, "says": c.says, "where": ledger.where(c), "told": ledger.told(c)} for c in claims]


class PageExporter(Exporter):
    """What the editions have in common. Raises DataError, naming the lesson and the cell, for a citation of a claim
    that does not exist."""

    file_extension = ".html"
    output_mimetype = "text/html"
    edition = ""  # what a page says it is; the style sheets know it as well

    def blocks(self, lesson: Lesson, page: Page) -> Iterator[Markup]:
        """What this edition shows of a lesson, piece by piece."""
        raise NotImplementedError

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
        page, blocks = Page(alone=not more), []
        for lesson in lessons:
            own = self.blocks(lesson, page)
            if more:
                blocks.append(part("begins", lesson.name, lesson is first))
                own = (Markup(_FRAME.sub("", block)) for block in own)
            blocks += filter(None, own)
        blocks, headings = once(blocks), [h for h in page.headings if h["level"] == (1 if more else 2)]
        explained = {word for block in blocks for word in re.findall(r'<dt id="(word-[\w-]+)"', block)}
        return whole_page(
            "page.html.j2",
            edition=self.edition,
            title="All lessons" if more else first.title,
            about={} if more else first.about,
            plan=[h for h in headings if h["minutes"]] if self.edition == "teacher" else [],
            css=css("page.css"),
            scripts=allowed_scripts(blocks),
            headings=headings,
            blocks=blocks,
            words=vocabulary.explained([word for word in page.words if word not in explained]),
            notes=notes(page.cited),
        )


class HandoutExporter(PageExporter):
    """A lesson as a page for students: no code unless asked for, solutions a click away, citations spelled out.

    Exercises show their code, for there it is the task. What answers a guess, a run of cells tagged `reveal`, is folded
    away together. Cells tagged `teacher`, `paper` or `notebook` are left out.
    """

    export_from_notebook = "Turkic Explainer handout"
    code = Bool(False, help="Show the code of every cell, not only of exercises.").tag(config=True)

    def blocks(self, lesson, page):
        groups = groupby(lesson.cells(without=NOT_FOR_STUDENTS), key=lambda found: "reveal" in found[2])
        for hidden, cells in groups:
            blocks = (self.block(lesson, page, *found) for found in cells)
            yield from [part("reveal", Markup("").join(blocks))] if hidden else blocks

    def block(self, lesson: Lesson, page: Page, number: int, cell: NotebookNode, tags: set[str]) -> Markup:
        """What this edition shows of a cell."""
        if cell.cell_type == "markdown":
            return page.prose(lesson, number, cell.source)
        if "solution" in tags:
            return part("solution", solution(cell))
        block = code(cell) if self.code or tags & {"exercise", "code"} else Markup("")
        if "exercise" not in tags:  # its own output only says that nothing has been filled in yet
            block += outputs(cell)
        return block


class TeacherExporter(PageExporter):
    """A lesson as its teacher needs it: the plan of the hour, notes, and every answer with its reason, all in sight."""

    export_from_notebook = "Turkic Explainer teacher's edition"
    edition = "teacher"

    def blocks(self, lesson, page):
        for number, cell, tags in lesson.cells(without=frozenset({"paper", "notebook"})):
            if cell.cell_type == "markdown":
                block = page.prose(lesson, number, cell.source)
                title = "" if page.alone else lesson.title
                yield part("teacher", block, number, title) if "teacher" in tags else block
            elif "solution" in tags:
                yield part("open_solution", solution(cell))
            else:
                block = code(cell) if tags & {"exercise", "code"} else Markup("")
                if asked := questions(cell):
                    block += Markup("").join(part("answers", one) for one in asked)
                elif "exercise" not in tags:
                    block += outputs(cell)
                yield block


class StudentNotebookExporter(Exporter):
    """A lesson as a notebook for students: the tasks, but no solutions and nothing for the teacher."""

    export_from_notebook = "Turkic Explainer notebook for students"
    file_extension = ".ipynb"
    output_mimetype = "application/json"

    def from_notebook_node(self, nb, resources=None, **kw):
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return dumps(canonical(without_answers(nb))), resources

    def page(self, lessons: list[Lesson]) -> str:
        """The notebook for students of one lesson."""
        [lesson] = lessons
        return dumps(canonical(without_answers(lesson.notebook)))
