"""What the cells of a lesson are on a page: prose, code, outputs and the questions in them."""

import base64
import html as entities
import json
import mimetypes
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag
from nbconvert.filters.ansi import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from .. import ledger, lessons, vocabulary
from ..content import SHARED
from ..markup import Markup, escape
from ..spoken import said
from ..validate import DataError, language, language_of
from .foreign import tame
from .hour import Found, cells, minutes_in, untimed
from .template import part

# What stands on a page once: a drawing that others <use>, and the id of a word that is explained.
_SHARED = re.compile(r'<(?:svg width="0" height="0"[^>]*><symbol .*?</symbol></svg>|(?P<dt>dt) id="[^"]+")', re.S)
_PLAIN = re.compile(r'<img class="tx-plain"[^<>]*>')  # a picture of a chart where it cannot be drawn: a page can
_DRAWN = re.compile(r'<svg role="img".*?</svg>', re.S)  # a chart
_FRAMED = re.compile(r"(?<=srcdoc=')[^']*")
_STILL = re.compile(r'(<img class="tx-still"[^<>]* src="data:image/svg\+xml);base64,([A-Za-z0-9+/=]*)')
_FONT = re.compile(r'font-family: ([^;"]*);')
_DEEPER = "Deeper: "  # what the heading of a Deeper part begins with
# Notebooks from before evidence/ cite the seeds, and link words in the lesson of words.
_WORD = re.compile(rf"(?:{re.escape(vocabulary.PAGE)}|09-words\.ipynb)#(word-[\w-]+)")
_CITATION = re.compile(r"(?:evidence/[\w.]+#[\w-]+|seeds/[\w.]+)$")
# What the course itself looks for in prose.
_MARKS = re.compile(r"^\*\*(Guess\.|Ask\.|Look\.|Model answer\.)\*\*", re.M)
# Where a note to the teacher begins a new paragraph: with a line of the source that begins a sentence, and with a sentence
# that says in three words at most what it is, such as "Good: ...", which stand in bold there.
_ENDED = r"(?:(?<=[.?!)\"”’])|(?<=[.?!]\*\*))"
_LEAD = re.compile(
    rf"(?:^|{_ENDED}\s+)((?:Likely(?: [\w’'-]+)*|[A-Z][\w’'-]*(?: [\w’'-]+){{0,2}}):|Short of time\?)(?=\s)", re.M
)
_LINE = re.compile(r"(?<=[.?!)\"”’])\n(?=[^\s|>-])")
_CHECKED = re.compile(r"""\bcheck\(["']([\w-]+)["']""")
_LEADS_OUT = re.compile(r"https?:|mailto:|(?![a-z][a-z0-9+.-]*:)", re.I)  # what a link may begin with
# The kinds of picture that a page shows, the best first. A drawing shown as a picture can neither run nor load anything.
_PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")


def parsed(html: str) -> BeautifulSoup:
    """HTML as a tree."""
    return BeautifulSoup(html, "html.parser")


@dataclass(eq=False)
class Lesson:
    """A notebook, the name that its pages bear, and the folder that its pictures lie in. `at` is the number of the cell that
    is now being turned into a page, 0 for none: a build tells it where that fails."""

    name: str
    folder: Path
    notebook: NotebookNode
    at: int = 0
    _once: dict[tuple, Any] = field(default_factory=dict)

    @property
    def about(self) -> dict[str, Any]:
        """What the notebook says of itself: "lesson" (its number), "minutes"; or "page" where it is no lesson."""
        return self.notebook.metadata.get("turkic", {})

    @property
    def language(self) -> str:
        """The language that it is written in."""
        return language_of(self.notebook)

    @cached_property
    def title(self) -> str:
        """Its first heading, as text, or its name where it has none."""
        page = Page()
        for number, cell in enumerate(self.notebook.cells, 1):
            if cell.cell_type == "markdown" and "# " in cell.source:
                page.prose(self, number, cell.source)
                if title := next((h["text"] for h in page.headings if h["level"] == 1), ""):
                    return title
        return self.name

    def once(self, make: Callable[[Any], Any], of: Hashable) -> Any:
        """What is made of something in the lesson, or of all of it: once, for all its pages in a language."""
        key = make, of, language()
        if key not in self._once:
            self._once[key] = make(of)
        return self._once[key]

    def cells(self, without: frozenset[str] = frozenset()) -> Iterator[Found]:
        """Its cells of prose and code that have none of these tags: the number, counted from 1 among all of them, the
        cell and its tags, among them what `hour` says of it: `deeper` and `if-time`."""
        for number, cell, tags in cells(self.notebook):
            if not tags & without:
                self.at = number
                yield number, cell, tags
        self.at = 0


@dataclass
class Page:
    """A page in the making, of one lesson or of several: the headings on it so far, the claims cited and the words linked.

    alone     whether it is of one lesson
    citation  what a citation is on it: of a claim's id, its source, what makes it the claim's first, and its number
    word      what a word of the glossary is on it: of the id of its meaning, and as it stands there
    linked    whether anything else leads anywhere from it
    """

    alone: bool = True
    citation: Markup = Markup('<a class="cite" href="#{0}" title="{1}"{2}>{0}</a>')
    word: Markup = Markup('<a class="word" href="#{}">{}</a>')
    linked: bool = True
    headings: list[dict[str, Any]] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def beside(self) -> Markup:
        """What stands beside a block of prose, with which it is asked for once: nothing, where a page has no margin."""
        return Markup("")

    def prose(self, lesson: Lesson, number: int, source: str) -> Markup:
        """Markdown as HTML; headings get ids, citations and words open their notes, lessons lead to their pages,
        and pictures that lie in the lesson's folder or are attached to the cell are put into the page; of others their
        text is shown. HTML in it is shown as text.

        Raises DataError, naming the lesson and the cell, for a citation of a claim that does not exist.
        """
        source = _MARKS.sub(lambda mark: f"**{said(mark[1])}**", source)
        return Markup(_Renderer(self, lesson, number)(*lesson.once(read_markdown, source)))

    def note(self, lesson: Lesson, number: int, source: str) -> Markup:
        """Markdown that is for the teacher alone, as HTML that is found one's way in at a glance: see _LEAD."""
        return self.prose(lesson, number, _LINE.sub("\n\n", _LEAD.sub(r"\n\n**\1**", source)))


read_markdown = MarkdownWithMath(None).parse  # Markdown as what a renderer makes HTML of


class _Renderer(IPythonRenderer):
    """nbconvert's own, but what could run is shown as text: a notebook may come from anywhere."""

    def __init__(self, page: Page, lesson: Lesson, number: int):
        super().__init__(escape=False, exclude_anchor_links=True)
        self.page, self.lesson, self.number = page, lesson, number
        MarkdownWithMath(self)  # which tells it how tables and the like are drawn

    def __call__(self, tokens: Iterable[dict], state: Any) -> str:
        return "".join(f"{block}{self.page.beside()}" for block in self.iter_tokens(tokens, state))

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        plain, headings = parsed(text).get_text(), self.page.headings
        if deeper := level == 3 and plain.startswith(_DEEPER):
            text, plain = (_capital(told.removeprefix(_DEEPER)) for told in (text, plain))
        # No claim and no part of the page is called so, and a part keeps its id when its time is another.
        slug = "part-" + re.sub(r"\W+", "-", untimed(plain).lower()).strip("-")
        slug += f"-{len(headings)}" if any(h["id"] == slug for h in headings) else ""
        about = {"level": level, "cell": self.number, "untimed": untimed(plain), "id": slug, "deeper": deeper}
        if minutes := minutes_in(plain):
            timed = f"({part('minutes', minutes)})".replace(" ", "\u00a0")  # on one line
            text, plain = (f"{untimed(one)} {timed}" for one in (text, plain))
        headings.append(about | {"text": plain})
        return super().heading(str(part("deeper_heading", Markup(text))) if deeper else text, level, id=slug)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if ledger.CLAIM_ID.fullmatch(text) and _CITATION.search(url):
            try:
                claim = ledger.claim(text)
            except DataError as error:
                raise DataError([f"{self.lesson.name}.ipynb, cell {self.number}: {error}"]) from None
            first = self.page.linked and claim.id not in self.page.cited
            self.page.cited.append(claim.id)
            back = Markup(' id="from-{}"').format(claim.id) if first else ""  # where its note leads back to
            number = [*dict.fromkeys(self.page.cited)].index(claim.id) + 1
            return self.page.citation.format(claim.id, ledger.named(claim.source), back, number)
        # A browser reads entities in an address and skips blanks and control characters in it.
        address = re.sub(r"[\x00-\x20\x7f-\xa0]", "", entities.unescape(url))
        if not self.page.linked or not _LEADS_OUT.match(address) or re.match(r"evidence/\w+\.md$", address):
            return text
        if word := _WORD.fullmatch(url):
            self.page.words.append(word[1])
            return self.page.word.format(word[1], Markup(text))
        if lesson := re.match(r"([\w-]+)\.ipynb", url):
            # A link only where that lesson's page lies beside this one: see page.css.
            led = super().link(f"<span>{text}</span>", f"{lesson[1]}.html{url[lesson.end() :]}", title)
            return led.replace("<a ", '<a class="to" ', 1)
        return super().link(text, url, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        alt, data = parsed(text).get_text(), _picture(self.lesson, self.number, url)
        return part("pictured", alt, data) if data else f"[{escape(alt) or 'picture'}]"

    def block_mermaidjs(self, code: str) -> str:
        return self.block_code(code)  # nothing here draws it, and nbconvert would not escape it

    def inline_html(self, html: str) -> str:
        return escape(html)

    def block_html(self, html: str) -> str:
        return f"<p>{escape(html.strip())}</p>\n"


def _capital(text: str) -> str:
    """Text, or the HTML of it, with a capital: a heading may begin with a link."""
    return re.sub(r"^((?:<[^<>]*>)*)(\w)", lambda found: found[1] + found[2].upper(), text)


def _picture(lesson: Lesson, number: int, name: str) -> str | None:
    """A picture as an address that holds all of it: of this cell, or of the lesson's folder and of nowhere else."""
    if name.startswith("attachment:"):
        return _best(lesson.notebook.cells[number - 1].get("attachments", {}).get(name.partition(":")[2], {}))
    file, kind = (lesson.folder / name).resolve(), mimetypes.guess_type(name)[0]
    if kind in _PICTURES and file.is_relative_to(lesson.folder.resolve()) and file.is_file():
        return _address(kind, base64.b64encode(file.read_bytes()).decode())
    return None


def _best(pictures: dict[str, str]) -> str | None:
    """The best of one picture's forms, each in base64, as an address that holds all of it."""
    return next((_address(kind, str(pictures[kind])) for kind in _PICTURES if kind in pictures), None)


def _address(kind: str, base64_: str) -> str:
    return f"data:{kind};base64,{re.sub(r'[^A-Za-z0-9+/=]', '', base64_)}"


def code(cell: NotebookNode) -> Markup:
    """The code of a cell, coloured."""
    return part("code", Markup(highlight(cell.source, PythonLexer(), HtmlFormatter(nowrap=True))))


def answer_box(source: str) -> Markup:
    """Where a page checks the exercise whose cell this is; nothing, where it is none of ours. What is right lies in it
    so that nobody reads it by chance."""
    key = _CHECKED.search(source)
    if not key or key[1] not in lessons.keys("exercises"):
        return Markup("")
    exercise = lessons.exercise(key[1])
    task = base64.b64encode(json.dumps({"key": key[1]} | exercise.on_page()).encode()).decode()
    label = SHARED.text("exercise.page.label", wanted=exercise.wanted)
    return part("answer_box", task, label, SHARED.text("exercise.page.hint"))


def solution(cell: NotebookNode) -> Markup:
    """A solution, open in itself: what its cell has shown, which holds the lines; before it the code, where that is more than
    the call."""
    shown = str(outputs(cell)).replace(' tx-solved">', ' tx-solved" open>')
    return (Markup("") if cell.source.startswith("solution(") else code(cell)) + Markup(shown)


def output_html(cell: NotebookNode) -> str:
    """The HTML that a cell has shown."""
    return "".join(output.get("data", {}).get("text/html", "") for output in cell.get("outputs", []))


def outputs(cell: NotebookNode) -> Markup:
    """What a cell has shown, as it may stand on a page."""
    return Markup("").join(part("output", _shown(output)) for output in cell.outputs)


def _shown(output: NotebookNode) -> Markup:
    data = output.get("data", {})
    if "text/html" in data:
        html = tame(data["text/html"])
        if html is None:
            return part("left_out", data["text/html"])
        html = _DRAWN.sub(_lighter, _STILL.sub(_spelled, _FRAMED.sub(_bare, _PLAIN.sub("", html))))
        return _named_headers(html) if 'class="dataframe"' in html else Markup(html)
    if "image/svg+xml" in data:  # the only kind that a notebook holds as text
        data = data | {"image/svg+xml": base64.b64encode(str(data["image/svg+xml"]).encode()).decode()}
    if picture := _best(data):
        return part("pictured", data.get("text/plain", "picture"), picture)
    text = output.get("text") or data.get("text/plain") or "\n".join(output.get("traceback", []))
    return part("plain", strip_ansi(text))


def _spelled(still: re.Match) -> str:
    """The address of a still map in letters, a quarter shorter than in base64."""
    svg = base64.b64decode(still[2]).decode("utf-8", "replace")
    svg = svg if "'" in svg else svg.replace('"', "'")
    svg = re.sub(r"(?<= d=')[^']*", lambda path: re.sub(r" *([A-Za-z]) *", r"\1", path[0]).replace(" ", ","), svg)
    return still[1] + "," + quote(svg, safe="!$'()*+,-./:;=?@_~")


def _bare(framed: re.Match) -> str:
    """A live map, its `&` as they are where nothing follows that could make them a sign."""
    return re.sub("&amp;(?![A-Za-z0-9#])", "&", framed[0])


def _lighter(drawn: re.Match) -> str:
    """A drawing of matplotlib's without what draws nothing: blanks, and the font of each text anew."""
    svg = re.sub(r'(?<=[:;"]) ?font-family: [^;"]*;', "", drawn[0])
    svg = re.sub(r'(?<= style=")[^"]*', lambda style: re.sub(r"([;:,]) ", r"\1", style[0]), svg)
    svg = re.sub(r'(?<= d=")[^"]*', lambda path: re.sub(r"\s*([A-Za-z])\s*", r"\1", path[0]), svg)
    # On the outermost group: what stands on the drawing itself is as in a notebook.
    return svg.replace("<g>", f"""<g font-family="{found[1]}">""", 1) if (found := _FONT.search(drawn[0])) else svg


def _named_headers(table: str) -> Markup:
    """pandas' own table with what a screen reader needs: no empty header cells, and what each header heads."""
    soup = parsed(table)
    for cell in soup.find_all("th"):
        if cell.get_text(strip=True):
            cell["scope"] = "col" if cell.find_parent("thead") else "row"
        else:
            cell.name = "td"
    for frame in soup.find_all("table"):
        frame.attrs = {"class": "tx-table"}
    return part("table", Markup(soup))


@dataclass(frozen=True)
class Asked:
    """A question. As it stands in an output, `answers` are triples of the answer, whether it is right, and the reason.

    kind     pick (one answer), map, several, order or number
    choices  the answers as they are asked: of an order, in another one
    unit     of a number
    picture  the map with its marks
    """

    key: str
    kind: str
    text: str
    answers: tuple
    choices: tuple = ()
    unit: str = ""
    picture: Markup | bytes = Markup("")

    @property
    def room(self) -> Markup:
        """The question on paper."""
        return part("room", self)


def questions(html: str) -> list[Asked]:
    """The questions in what a cell has shown."""
    try:
        return [_asked(found) for found in parsed(html).select("fieldset.tx-question")] if "tx-question" in html else []
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, StopIteration):
        return []  # somebody else's, and only looks like a question


def _asked(question: Tag) -> Asked:
    key = next(name for name in question["class"] if name.startswith("tx-of-")).removeprefix("tx-of-")
    text, checked = question.legend.get_text(), question.select_one(".tx-check")
    if checked:
        kind = next(kind for kind in ("several", "order", "number") if f"tx-{kind}" in question["class"])
        lines = checked.select("li")
        answers = [(line.strong.get_text(), "tx-right" in line["class"], line.span.get_text()) for line in lines]
        choices = [choice.get_text() for choice in question.select(".tx-picks label > span")]
        unit = question.select_one(".tx-typed label")
        return Asked(key, kind, text, tuple(answers), tuple(choices), unit.get_text().strip() if unit else "")
    answers = []
    for label, panel in zip(question.select("summary:has(+ .tx-panel)"), question.select(".tx-panel"), strict=True):
        right = panel.find(class_="tx-right") is not None
        verdict = panel.find("strong").extract().get_text()  # "Yes." or "Not quite.", which the reason follows
        answers.append((label.get_text(), right, panel.get_text().strip().removeprefix(verdict)))
    choices, plot = tuple(label for label, *_ in answers), question.select_one(".tx-plot")
    picture = part("set_off", [Markup(plot), Markup(plot.find_next_sibling())]) if plot else Markup("")
    return Asked(key, "map" if plot else "pick", text, tuple(answers), choices, picture=picture)


def once(blocks: list[Markup]) -> list[Markup]:
    """The blocks without the drawings, and the ids of words, that stand further up: outputs stand alone, a page needs
    each once."""
    seen: set[str] = set()

    def first(match: re.Match) -> str:
        known = match[0] in seen
        seen.add(match[0])
        return ("<dt" if match["dt"] else "") if known else match[0]

    return [Markup(_SHARED.sub(first, block)) for block in blocks]
