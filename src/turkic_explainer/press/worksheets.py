"""The worksheet: what a lesson asks of every class, on two pages of paper with room to write; and its key, a file of its own.

What stands on it is decided by the cells' tags and by how they begin, never by how a sentence is built:

    prompts     a cell of the short path, to which every class comes (not what is Deeper or tagged if-time), with a paragraph
                that begins **Guess.** or **Ask.** is a task, whole but for its heading; a **Look.**, which needs its
                picture, only where it is tagged, as its picture then is
    questions   every question of the short path
    worksheet, paper    of any cell, these too: what it asks or shows, or its exercise, stands on the sheet
    no-paper    this cell does not
    first       what it shows stands before all other tasks
    own-page    what it shows stands on pages of its own after the tasks, as cards always do
    lines-3     so many lines to write on;  points-2: so many points
    answer      the model answer to the prompt before it, in the key alone
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from nbformat import NotebookNode
from traitlets import Unicode

from ..content import SHARED
from ..markup import Markup
from .address import code_to
from .blocks import Asked, Lesson, Page, output_html, outputs, parsed, questions
from .hour import MARK, PRIVATE, answers, numbered, untimed
from .pages import PageExporter
from .template import part, whole_page

_HEADING = re.compile(r"^#+ (?:Deeper: )?(?:Exercise: )?(.*)$", re.M | re.I)
_ANSWER = re.compile(r"^\*\*Model answer\.\*\*\s*")
_UNPRINTED = ".tx-no-paper, .tx-plain, .tx-unrun, .tx-drawn-slim, :is(.tx-answer, .tx-answer-key) summary"
_ON = frozenset({"worksheet", "paper"})
_NOT_FOR_ALL = frozenset({"deeper", "if-time"})
_ROOM = {"Guess": (1, 0), "Ask": (2, 2), "Look": (1, 1)}  # lines and points, where no tag says otherwise


@dataclass
class Task:
    """One thing to do on a worksheet, or what is given for the tasks around it, which has no number.

    kind    open (a prompt), question, exercise, sheet or given
    text    what is to be done, in prose; or the sheet, the table or the picture itself
    choices what is to be ticked, where a guess is picked
    lines   how many lines there are to write on
    points  how many it brings at most; a guess brings none
    asked   the question, where it is one
    key     what the key says of it, in its order
    last    what stands on pages of its own after all tasks
    first   whether it stands before all others
    """

    kind: str
    number: int = 0
    text: Markup = Markup("")
    choices: tuple[str, ...] = ()
    lines: int = 0
    points: int = 0
    asked: Asked | None = None
    key: list[Markup] = field(default_factory=list)
    last: Markup = Markup("")
    first: bool = False

    @property
    def wide(self) -> bool:
        """Whether it takes the width of the page; the others stand in two columns."""
        return self.kind in ("sheet", "given")


def on_paper(source: str) -> str:
    """A task in prose as paper has it: a prompt without the heading over it; an exercise with its heading as its name, and
    without the paragraphs that speak of code (in backticks), which are for the notebook."""
    heading, text = _HEADING.search(source), _HEADING.sub("", source).strip()
    if MARK.search(source) or not heading:
        return text
    name = untimed(heading[1])
    kept = [p for p in re.split(r"\n\s*\n", text) if p and "`" not in p]
    return " ".join([f"**{name[:1].upper()}{name[1:]}{'' if name.endswith('?') else '.'}**", "\n\n".join(kept)])


def _looks(cell: NotebookNode) -> bool:
    """Whether a cell only speaks of a picture on the screen."""
    return cell.cell_type == "markdown" and {*MARK.findall(cell.source)} == {"Look"}


def shown_on_paper(cell: NotebookNode, tags: set[str]) -> Task:
    """What a cell has shown, for paper: the sheet without any answer, its answers, and what stands on its own pages."""
    soup = parsed(outputs(cell))
    for hidden in soup.select(_UNPRINTED):
        hidden.decompose()
    answers = [answer.extract() for answer in soup.select(".tx-answer, .tx-answer-key")]
    for answer in answers:
        answer.attrs, answer.hidden = {}, answer.name != "p"  # of what is folded away, what is in it
    for told in soup.select("[data-state]"):  # what a page's script goes by
        del told["data-state"]
    for folded in soup.select("details"):  # what a screen folds away, such as "The same as a table", is not on paper
        folded.decompose()
    works = soup.select_one(".tx-task, .tx-pack, .tx-blank, textarea, td:empty") is not None
    packs = [Markup(pack.extract()) for pack in soup.select(".tx-by-pack, .tx-pack")]
    task = Task("sheet" if works else "given", key=[part("set_off", list(map(Markup, answers)))] * bool(answers))
    own, task.first = "own-page" in tags, "first" in tags
    task.text, task.last = (Markup(""), Markup(soup)) if own else (Markup(soup), part("set_off", packs))
    task.points = numbered(tags, "points", len(soup.select(".tx-blanks li")) or 4) if works else 0
    return task


class WorksheetExporter(PageExporter):
    """A lesson's tasks on two pages of A4 or Letter, in black and white, without any answer. See the head of this file."""

    export_from_notebook = "Turkic Explainer worksheet"
    edition, template = "worksheet", "worksheet.html.j2"
    address = Unicode(help="Where the students' pages lie on the web: a code on the sheet leads there.").tag(
        config=True
    )

    def page(self, lessons):
        return whole_page(self.template, **self.sheets(lessons))

    def sheets(self, lessons: list[Lesson]) -> dict[str, object]:
        """What a template is to show: the `title`, and each lesson's `sheets`: title, lesson, tasks, points, code."""
        sheets = []
        for lesson in lessons:
            tasks = lesson.once(_tasks, lesson)
            if tasks or len(lessons) == 1:  # on a page of several, a page of words has nothing to do
                about = {"title": lesson.title, "lesson": lesson.about.get("lesson"), "tasks": tasks}
                about |= {"code": code_to(self.address, lesson.name), "points": sum(task.points for task in tasks)}
                runs = groupby(tasks, key=lambda task: task.wide)  # what is not wide stands in two columns
                sheets.append(about | {"parts": [(wide, [*run]) for wide, run in runs]})
        title = sheets[0]["title"] if len(sheets) == 1 else SHARED.text("worksheet.all")
        return {"title": title, "sheets": sheets}


def _tasks(lesson: Lesson) -> list[Task]:
    """The tasks of a lesson, numbered, each with what the key says of it. What takes the width of a page stands before or
    after what stands in two columns, which it would break."""
    tasks = sorted(_in_order(lesson), key=lambda task: (not task.first, task.kind == "sheet"))
    for number, task in enumerate((task for task in tasks if task.kind != "given"), 1):
        task.number = number
    return tasks


def _in_order(lesson: Lesson) -> Iterator[Task]:
    """The tasks of a lesson as it asks them. Paper has no links; a citation's number stays, small, to be looked up."""
    page = Page(citation=Markup('<span class="cite">{0}</span>'), linked=False)
    models, before = answers(lesson.cells()), None  # the prompt that the choices of a guess belong to
    for at, cell, tags in lesson.cells(without=PRIVATE | {"notebook"}):
        if "no-paper" in tags or (not tags & _ON and (tags & _NOT_FOR_ALL or _looks(cell))):
            before = before if cell.cell_type == "code" else None
            continue
        for task in _found(lesson, at, cell, tags, page, before):
            before = task if cell.cell_type == "markdown" else before
            task.key += [page.note(lesson, n, _ANSWER.sub("", c.source)) for n, c, _ in models.get(at, ())]
            yield task


def _found(lesson: Lesson, at: int, cell: NotebookNode, tags: set[str], page: Page, before: Task | None) -> list[Task]:
    """The tasks of one cell, of which an exercise and what is shown are tasks only where a tag says so."""
    if cell.cell_type == "markdown":
        exercise, prompt = "exercise" in tags and tags & _ON, MARK.search(cell.source)
        if not (exercise or prompt) or "solution" in tags:
            return []
        lines, points = (2, 3) if exercise else _ROOM[prompt[1]]
        text = page.prose(lesson, at, on_paper(cell.source))
        room = {"lines": numbered(tags, "lines", lines), "points": numbered(tags, "points", points)}
        return [Task("exercise" if exercise else "open", text=text, **room)]
    if "solution" in tags:
        owed = before and before.kind == "exercise" and not before.key
        if owed and (right := parsed(output_html(cell)).select_one(".tx-lead")):
            before.key = [part("answer_line", right.get_text())]
        return []
    if tags & _ON:
        task = shown_on_paper(cell, tags)
        # The prompt before them says what to do with cards.
        if before and before.kind == "open" and task.last and "own-page" not in tags:
            before.text, before.last, before.key = before.text + task.text, task.last, before.key + task.key
            return []
        return [task]
    if cell.source.startswith("again("):  # they stand on the sheets of their own lessons
        return []
    if before and not before.choices and (guess := parsed(output_html(cell)).select_one(".tx-guess")):
        before.choices = tuple(label.get_text(strip=True) for label in guess.select("label"))
        before.lines = int(guess.textarea["rows"]) if guess.textarea else before.lines * (not before.choices)
    found = lesson.once(questions, output_html(cell))
    return [Task("question", asked=asked, points=numbered(tags, "points", 2)) for asked in found]


def unanswered(lesson: Lesson) -> Iterator[str]:
    """Each task of a lesson's worksheet to which its key has no answer."""
    for task in _tasks(lesson):
        if task.number and not task.asked and not task.key:
            yield f"task {task.number} of the worksheet has no model answer. Put one, a cell tagged `answer`, after it."


class KeyExporter(WorksheetExporter):
    """The key to the worksheet: model answers, every question's answers with their reasons, and those of the sheets."""

    export_from_notebook = "Turkic Explainer key to the worksheet"
    edition, template = "key", "key.html.j2"
