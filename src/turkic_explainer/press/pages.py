"""The editions that are read: the student's page and the teacher's, as nbconvert exporters.

`jupyter nbconvert --to turkic_handout` and JupyterLab's export menu offer them too. A page opens from a USB stick and
loads nothing from anywhere.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbconvert.exporters.exporter import Exporter
from smartypants import Attr, smartypants
from traitlets import Bool

from .. import ledger, vocabulary
from ..maps import script_digests
from ..markup import Markup, outputs_css
from .blocks import Lesson, Sheet, code, once, outputs, questions
from .foreign import lifted

TEMPLATES = Path(__file__).with_name("templates")
_FRAME = re.compile(r"""<iframe class="tx-frame[^>]*? sandbox="allow-scripts"[^>]*? srcdoc='([^']*)'""")

_UNSET = re.compile(r"<(iframe|svg|style|script|pre)\b.*?</\1>", re.S)
_TEXT = re.compile(r">[^<]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")  # HTML has no place for these


@lru_cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters["typeset"] = typeset
    return environment


def filled(template: str, **values: Any) -> str:
    """A template of ours with these values; what is not Markup is escaped."""
    page = _environment().get_template(template).render(**values)
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", lifted(page))


def css(*names: str) -> Markup:
    """Style sheets of the templates, and after them that of all outputs."""
    return Markup("").join(Markup((TEMPLATES / name).read_text("utf-8")) for name in names) + outputs_css()


def typeset(page: str) -> Markup:
    """HTML with the quotes and apostrophes that print has. Attributes, code, drawings and maps are left as they are."""
    left: list[str] = []

    def keep(match: re.Match) -> str:
        left.append(match[0])
        return f"<tx-left-{len(left) - 1}>"

    page = _UNSET.sub(keep, page)
    page = _TEXT.sub(lambda text: text[0].replace("&#34;", '"').replace("&quot;", '"').replace("&#39;", "'"), page)
    return Markup(re.sub(r"<tx-left-(\d+)>", lambda match: left[int(match[1])], smartypants(page, Attr.q | Attr.u)))


def allowed_scripts(blocks: list[Markup], more: list[str] = ()) -> Markup:
    """What a page's policy lets run: the scripts of the maps in these blocks, each by its digest, and `more` digests."""
    frames = [html.unescape(frame) for block in blocks for frame in _FRAME.findall(block)]
    digests = sorted({f"'{digest}'" for frame in frames for digest in script_digests(frame)} | {f"'{d}'" for d in more})
    return Markup(" ".join(digests) or "'none'")


def notes(claim_ids: list[str]) -> list[dict[str, Any]]:
    """The claims behind these citations, each once, as the notes at the end of a page tell them."""
    found = [ledger.claim(claim_id) for claim_id in dict.fromkeys(claim_ids)]
    return [{"id": c.id, "says": c.says, "where": ledger.where(c), "caveat": c.caveat} for c in found]


class PageExporter(Exporter):
    """What the editions have in common. Raises DataError, naming the lesson and the cell, for a citation of a claim
    that does not exist."""

    file_extension = ".html"
    output_mimetype = "text/html"
    edition = ""  # what a page says it is; the style sheets know it as well

    def blocks(self, lesson: Lesson, sheet: Sheet) -> list[Markup]:
        """What this edition shows of a lesson, piece by piece."""
        raise NotImplementedError

    def from_notebook_node(self, nb, resources=None, **kw):
        nb, resources = super().from_notebook_node(nb, resources, **kw)  # runs preprocessors
        about = resources["metadata"]
        lesson = Lesson(about.get("name") or "notebook", Path(about.get("path") or "."), nb)
        return self.page([lesson]), resources

    def page(self, lessons: list[Lesson]) -> str:
        """One page of these lessons, whole."""
        sheet, blocks = Sheet(), []
        for lesson in lessons:
            blocks += self.blocks(lesson, sheet)
        blocks = once([block for block in blocks if block])
        told = {slug for block in blocks for slug in re.findall(r'<dt id="(word-[\w-]+)"', block)}
        used = dict.fromkeys(s for block in blocks for s in re.findall(r'<a class="word" href="#(word-[\w-]+)"', block))
        one = lessons[0] if len(lessons) == 1 else None
        return filled(
            "page.html.j2",
            edition=self.edition,
            title=one.title if one else "All lessons",
            lesson=one.about.get("lesson") if one else None,
            minutes=one.about.get("minutes") if one else None,
            plan=self.plan(sheet) if one else [],
            css=css("page.css"),
            scripts=allowed_scripts(blocks),
            headings=[h for h in sheet.headings if h["level"] == (2 if one else 1)],
            blocks=blocks,
            words=vocabulary.explained([slug for slug in used if slug not in told]),
            notes=notes(sheet.cited),
        )

    def plan(self, sheet: Sheet) -> list[dict[str, Any]]:
        """What the page says of the lesson's hour before it begins; nothing but for the teacher."""
        return []


class HandoutExporter(PageExporter):
    """A lesson as a page for students: no code unless asked for, solutions a click away, citations spelled out.

    Exercises show their code, for there it is the task. Cells tagged `teacher` or `paper` are left out.
    """

    export_from_notebook = "Turkic Explainer handout"
    code = Bool(False, help="Show the code of every cell, not only of exercises.").tag(config=True)

    def blocks(self, lesson, sheet):
        for number, cell, tags in lesson.cells(without=frozenset({"teacher", "paper"})):
            if cell.cell_type == "markdown":
                block = sheet.prose(lesson, number, cell.source)
            elif cell.cell_type == "code":
                block = code(cell) if self.code or tags & {"exercise", "solution"} else Markup("")
                # An exercise's own output only says that nothing has been filled in yet.
                block += Markup("") if "exercise" in tags else outputs(cell)
            else:
                continue
            if "solution" in tags:
                block = Markup('<details class="solution"><summary>Show a solution</summary>{}</details>').format(block)
            yield block


class TeacherExporter(PageExporter):
    """A lesson as its teacher needs it: the plan of the hour, notes, and every answer with its reason, all in sight."""

    export_from_notebook = "Turkic Explainer teacher's edition"
    edition = "teacher"

    def blocks(self, lesson, sheet):
        for number, cell, tags in lesson.cells(without=frozenset({"paper"})):
            if cell.cell_type == "markdown":
                block = sheet.prose(lesson, number, cell.source)
                if "teacher" in tags:
                    block = Markup('<aside class="teacher" aria-label="For the teacher">{}</aside>').format(block)
            elif cell.cell_type == "code":
                block = code(cell) if tags & {"exercise", "solution"} else Markup("")
                if "solution" in tags:
                    block = Markup('<div class="solution-open"><p>A solution</p>{}{}</div>').format(block, outputs(cell))
                elif asked := questions(cell):
                    block += Markup("").join(Markup(filled("answers.html.j2", asked=a)) for a in asked)
                elif "exercise" not in tags:
                    block += outputs(cell)
            else:
                continue
            yield block

    def plan(self, sheet):
        parts = [h for h in sheet.headings if h["level"] == 2 and h["minutes"]]
        starts = accumulate((h["minutes"] for h in parts), initial=0)
        return [{**part, "text": part["text"].partition(" (")[0], "start": start} for part, start in zip(parts, starts, strict=False)]
