"""What the cells of a lesson are on a page: prose, code, outputs and the questions in them."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from .. import ledger, vocabulary
from ..markup import STYLE, Markup, escape
from ..validate import DataError

_CITED = re.compile(r'<a href="[^"]*seeds/[\w.]+">(' + ledger.CLAIM_ID.pattern + ")</a>")
_WORD = re.compile(r'<a href="' + re.escape(vocabulary.PAGE) + r'#(word-[\w-]+)">')
_DRAWING = re.compile(r'<svg width="0" height="0"[^>]*><symbol .*?</symbol></svg>', re.S)  # what others on a page <use>
_QUESTION = re.compile(r'<fieldset class="tx-explorer tx-question".*?</fieldset>', re.S)
_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.S)
_MINUTES = re.compile(r"\((\d+) minutes\)")


class _Renderer(IPythonRenderer):
    """nbconvert's own, but HTML in the Markdown is shown as text: a notebook may come from anywhere."""

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
        and pictures that lie in the lesson's folder are put into the page. HTML in it is shown as text.

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
            file = lesson.folder / match[1]
            if not file.is_file():
                return match[0]
            kind = mimetypes.guess_type(file.name)[0] or "image/png"
            return f'src="data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"'

        body = re.sub(r"<h([1-6])[^>]*>(.*?)</h\1>", heading, body, flags=re.S)
        body = re.sub(r'(?<=<img )src="([^":]+)"', picture, body)
        body = _CITED.sub(citation, body)
        body = _WORD.sub(r'<a class="word" href="#\1">', body)
        return Markup(re.sub(r'href="([\w-]+)\.ipynb', r'href="\1.html', body))


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
    return [_asked(BeautifulSoup(found, "html.parser")) for found in _QUESTION.findall(html)]


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
    if "text/html" in data:
        body = STYLE.sub("", data["text/html"])
        body = Markup(_named_headers(body) if 'class="dataframe"' in body else body)
    elif "image/svg+xml" in data:
        body = Markup(data["image/svg+xml"])
    elif "image/png" in data:
        alt = data.get("text/plain", "picture")
        body = Markup('<img alt="{}" src="data:image/png;base64,{}">').format(alt, data["image/png"].strip())
    else:
        text = output.get("text") or data.get("text/plain") or "\n".join(output.get("traceback", []))
        body = Markup('<pre tabindex="0">{}</pre>').format(text)
    return Markup('<div class="output">{}</div>').format(body)


def _named_headers(table: str) -> str:
    """pandas' own table with what a screen reader needs: no empty header cells, and what each header heads."""
    soup = BeautifulSoup(table, "html.parser")
    for sheet in soup.find_all("style"):
        sheet.decompose()
    for cell in soup.find_all("th"):
        if cell.get_text(strip=True):
            cell["scope"] = "col" if cell.find_parent("thead") else "row"
        else:
            cell.name = "td"
    for part in soup.find_all("table"):
        part.attrs = {"class": "tx-table"}
    return f'<div class="tx"><div class="tx-scroll" role="group" tabindex="0" aria-label="Table">{soup}</div></div>'
