"""What the cells of a lesson are on a page: prose, code, outputs and the questions in them."""

from __future__ import annotations

import base64
import html as entities
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from nbconvert.filters.ansi import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from .. import ledger, vocabulary
from ..markup import Markup, escape
from ..validate import DataError
from .foreign import tame

_CITED = re.compile(r'<a href="[^"]*seeds/[\w.]+">(' + ledger.CLAIM_ID.pattern + ")</a>")
_WORD = re.compile(r'<a href="' + re.escape(vocabulary.PAGE) + r'#(word-[\w-]+)">')
_DRAWING = re.compile(r'<svg width="0" height="0"[^>]*><symbol .*?</symbol></svg>', re.S)  # what others on a page <use>
_QUESTION = re.compile(r'<fieldset class="tx-explorer tx-question".*?</fieldset>', re.S)
_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.S)
_PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"[^>]*>')
_LEADS_OUT = re.compile(r"https?:|mailto:|(?![a-z][a-z0-9+.-]*:)", re.I)  # what a link may begin with
_MINUTES = re.compile(r"\((\d+) minutes\)")


class _Renderer(IPythonRenderer):
    """nbconvert's own, but what could run is shown as text: a notebook may come from anywhere."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        # A browser reads entities in an address and skips blanks and control characters in it.
        plain = re.sub(r"[\x00-\x20\x7f-\xa0]", "", entities.unescape(url))
        return super().link(text, url, title) if _LEADS_OUT.match(plain) else text

    def block_mermaidjs(self, code: str) -> str:
        return self.block_code(code)  # nothing here draws it, and nbconvert would not escape it

    def _embed_image_or_attachment(self, src: str) -> str:
        return src  # `Sheet.prose` does that, which knows the lesson

    def inline_html(self, html: str) -> str:
        return escape(html)

    def block_html(self, html: str) -> str:
        return f"<p>{escape(html.strip())}</p>\n"


def html(markdown: str) -> str:
    """Markdown as HTML. HTML that stands in it is shown as text."""
    return MarkdownWithMath(renderer=_Renderer(escape=False, exclude_anchor_links=True)).render(markdown)


def text(html: str) -> str:
    """What a reader sees of a piece of HTML."""
    return BeautifulSoup(html, "html.parser").get_text()


@dataclass(frozen=True)
class Lesson:
    """A notebook, the name that its pages bear, and the folder that its pictures lie in."""

    name: str
    folder: Path
    notebook: NotebookNode

    @property
    def about(self) -> dict[str, Any]:
        """What the notebook says of itself: "lesson" (its number), "minutes"; or "page" where it is no lesson."""
        return self.notebook.metadata.get("turkic", {})

    @cached_property
    def title(self) -> str:
        """Its first heading, as text, or its name where it has none."""
        prose = (html(cell.source) for cell in self.notebook.cells if cell.cell_type == "markdown" and "# " in cell.source)
        found = next(filter(None, map(_TITLE.search, prose)), None)
        return text(found[1]) if found else self.name

    def cells(self, without: frozenset[str] = frozenset()) -> Iterator[tuple[int, NotebookNode, set[str]]]:
        """Its cells that have none of these tags: the number, counted from 1 among all of them, the cell and its tags."""
        for number, cell in enumerate(self.notebook.cells, 1):
            tags = set(cell.metadata.get("tags", []))
            if not tags & without:
                yield number, cell, tags


@dataclass
class Sheet:
    """One page in the making, of one lesson or of several: the headings on it so far, and the claims cited."""

    headings: list[dict[str, Any]] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)

    def prose(self, lesson: Lesson, number: int, source: str) -> Markup:
        """Markdown as HTML; headings get ids, citations and words lead to the notes at the end, lessons to their pages,
        and pictures that lie in the lesson's folder or are attached to the cell are put into the page; of others their
        text is shown. HTML in it is shown as text.

        Raises DataError, naming the lesson and the cell, for a citation of a claim that does not exist.
        """
        body = html(source)

        def heading(match: re.Match) -> str:
            said = text(match[2])
            slug = "part-" + re.sub(r"\W+", "-", said.lower()).strip("-")  # no claim and no part of the page is called so
            slug += f"-{len(self.headings)}" if any(h["id"] == slug for h in self.headings) else ""
            minutes = _MINUTES.search(said)
            self.headings.append(
                {"level": int(match[1]), "text": said, "id": slug, "minutes": int(minutes[1]) if minutes else None}
            )
            return f'<h{match[1]} id="{slug}">{match[2]}</h{match[1]}>'

        def citation(match: re.Match) -> str:
            try:
                self.cited.append(ledger.claim(match[1]).id)
            except DataError as error:
                raise DataError([f"{lesson.name}.ipynb, cell {number}: {error}"]) from None
            return f'<a class="cite" href="#{match[1]}">{match[1]}</a>'

        def picture(match: re.Match) -> str:
            data = _picture(lesson, number, entities.unescape(match[1]))
            return f'<img src="{data}" alt="{match[2]}">' if data else f"[{match[2] or 'picture'}]"

        body = re.sub(r"<h([1-6])[^>]*>(.*?)</h\1>", heading, body, flags=re.S)
        body = _PICTURE.sub(picture, body)
        body = _CITED.sub(citation, body)
        body = _WORD.sub(r'<a class="word" href="#\1">', body)
        return Markup(re.sub(r'href="([\w-]+)\.ipynb', r'href="\1.html', body))


def _picture(lesson: Lesson, number: int, name: str) -> str | None:
    """A picture as an address that holds all of it: of this cell, or of the lesson's folder and of nowhere else."""
    if name.startswith("attachment:"):
        attached = lesson.notebook.cells[number - 1].get("attachments", {}).get(name.partition(":")[2], {})
        return next((_data(kind, str(attached[kind])) for kind in _PICTURES if kind in attached), None)
    file, kind = (lesson.folder / name).resolve(), mimetypes.guess_type(name)[0]
    if kind in _PICTURES and file.is_relative_to(lesson.folder.resolve()) and file.is_file():
        return _data(kind, base64.b64encode(file.read_bytes()).decode())
    return None


# The kinds of picture that a page shows, the best first. A drawing shown as a picture can neither run nor load anything.
_PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")


def _data(kind: str, base64_: str) -> str:
    return f"data:{kind};base64,{re.sub(r'[^A-Za-z0-9+/=]', '', base64_)}"


def code(cell: NotebookNode) -> Markup:
    """The code of a cell, coloured."""
    shown = highlight(cell.source, PythonLexer(), HtmlFormatter(nowrap=True))
    return Markup('<pre class="hl" tabindex="0"><code>{}</code></pre>').format(Markup(shown))


def outputs(cell: NotebookNode) -> Markup:
    """What a cell has shown."""
    return Markup("").join(map(_output, cell.outputs))


@dataclass(frozen=True)
class Asked:
    """A question as it stands in an output: `answers` are triples of the answer, whether it is right, and the reason."""

    key: str
    text: str
    answers: tuple[tuple[str, bool, str], ...]


def questions(cell: NotebookNode) -> list[Asked]:
    """The questions that a cell has shown."""
    html = "".join(output.get("data", {}).get("text/html", "") for output in cell.get("outputs", []))
    try:
        return [_asked(BeautifulSoup(found, "html.parser")) for found in _QUESTION.findall(html)]
    except (AttributeError, KeyError, TypeError, ValueError):
        return []  # somebody else's, and only looks like a question


def _asked(soup: BeautifulSoup) -> Asked:
    answers = []
    for label, panel in zip(soup.find_all("label"), soup.select(".tx-panel"), strict=True):
        right = panel.find(class_="tx-right") is not None
        verdict = panel.find("strong").extract().get_text()  # "Yes." or "Not quite.", which the reason follows
        answers.append((label.get_text(), right, panel.get_text().strip().removeprefix(verdict)))
    return Asked(soup.fieldset["id"], soup.legend.get_text(), tuple(answers))


def once(blocks: list[Markup]) -> list[Markup]:
    """The blocks without the drawings that an earlier one holds already: outputs stand alone, a page needs each once."""
    seen: set[str] = set()

    def first(match: re.Match) -> str:
        known = match[0] in seen
        seen.add(match[0])
        return "" if known else match[0]

    return [Markup(_DRAWING.sub(first, block)) for block in blocks]


def _output(output) -> Markup:
    data = output.get("data", {})
    drawn = next((kind for kind in _PICTURES if kind in data), None)
    if "text/html" in data:
        shown = tame(data["text/html"])
        if shown is None:
            body = _as_source(data["text/html"])
        else:
            body = Markup(_named_headers(shown) if 'class="dataframe"' in shown else shown)
    elif drawn:
        picture = str(data[drawn])
        if drawn == "image/svg+xml":
            picture = base64.b64encode(picture.encode()).decode()
        body = Markup('<img alt="{}" src="{}">').format(data.get("text/plain", "picture"), _data(drawn, picture))
    else:
        text = output.get("text") or data.get("text/plain") or "\n".join(output.get("traceback", []))
        body = Markup('<pre tabindex="0">{}</pre>').format(strip_ansi(text))
    return Markup('<div class="output">{}</div>').format(body)


def _as_source(html: str) -> Markup:
    """HTML that may not stand on a page (see `foreign`), in words: its source, where that is short enough to be read."""
    if re.search(r"\bleaflet\b", html, re.I):
        return Markup("<p>[A map stood here that needs the network. It is left out.]</p>")
    if len(html) > 4000:
        return Markup("<p>[HTML stood here that this page cannot show. It is left out.]</p>")
    return Markup('<p>[HTML that this page cannot show. Its source:]</p><pre tabindex="0">{}</pre>').format(html)


def _named_headers(table: str) -> str:
    """pandas' own table with what a screen reader needs: no empty header cells, and what each header heads."""
    soup = BeautifulSoup(table, "html.parser")
    for cell in soup.find_all("th"):
        if cell.get_text(strip=True):
            cell["scope"] = "col" if cell.find_parent("thead") else "row"
        else:
            cell.name = "td"
    for part in soup.find_all("table"):
        part.attrs = {"class": "tx-table"}
    return f'<div class="tx"><div class="tx-scroll" role="group" tabindex="0" aria-label="Table">{soup}</div></div>'
