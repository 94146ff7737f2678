"""Handouts: one HTML file a lesson, which opens from a USB stick and loads nothing from anywhere.

An nbconvert exporter of our own. `jupyter nbconvert --to turkic_handout` and JupyterLab's export menu offer it too.
"""

from __future__ import annotations

import base64
import html
import mimetypes
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from traitlets import Bool

from . import ledger, vocabulary
from .maps import script_digests
from .markup import STYLE, outputs_css
from .notebooks import read
from .validate import ROOT, DataError

TEMPLATES = ROOT / "templates"
_CITED = re.compile(r'<a href="[^"]*seeds/[\w.]+">(' + ledger.CLAIM_ID.pattern + ")</a>")
_WORD = re.compile(r'<a href="' + re.escape(vocabulary.PAGE) + r'#(word-[\w-]+)">')
_DRAWING = re.compile(r'<svg width="0" height="0"[^>]*><symbol .*?</symbol></svg>', re.S)  # what others on a page <use>
_FRAME = re.compile(r"""<iframe class="tx-frame[^>]*? sandbox="allow-scripts"[^>]*? srcdoc='([^']*)'""")


class HandoutExporter(TemplateExporter):
    """A lesson as a page for students: no code unless asked for, solutions a click away, citations spelled out.

    Exercises show their code, for there it is the task. Cells tagged `teacher` are left out. Raises DataError,
    naming the lesson and the cell, for a citation of a claim that does not exist.
    """

    export_from_notebook = "Turkic Explainer handout"
    file_extension = ".html"
    output_mimetype = "text/html"
    template_file = "index.html.j2"
    code = Bool(False, help="Show the code of every cell, not only of exercises.").tag(config=True)

    @property
    def extra_template_basedirs(self) -> list[str]:
        return [str(TEMPLATES)]

    def _template_name_default(self) -> str:
        return "handout"

    def from_notebook_node(self, nb, resources=None, **kw):
        nb, resources = super(TemplateExporter, self).from_notebook_node(nb, resources, **kw)  # runs preprocessors
        about = resources["metadata"]
        page = _page(nb, about.get("name", "notebook"), Path(about.get("path") or "."), self.code)
        return self.template.render(page=page, nb=nb, resources=resources), resources


def _page(nb, name: str, folder: Path, code: bool) -> dict[str, Any]:
    """All that the template needs, from one lesson."""
    blocks, headings, cited = [], [], []
    course = nb.metadata.get("turkic", {})
    for number, cell in enumerate(nb.cells, 1):
        tags = cell.metadata.get("tags", [])
        if "teacher" in tags:
            continue
        if cell.cell_type == "markdown":
            block = _prose(cell.source, headings, cited, f"{name}.ipynb, cell {number}", folder)
        elif cell.cell_type == "code":
            block = _code(cell, code)
        else:
            continue
        if "solution" in tags:
            block = Markup('<details class="solution"><summary>Show a solution</summary>{}</details>').format(block)
        if block:
            blocks.append(block)
    blocks = _once(blocks)
    first = next((h for h in headings if h["level"] == 1), None)
    told = {slug for block in blocks for slug in re.findall(r'<dt id="(word-[\w-]+)"', block)}
    used = dict.fromkeys(slug for block in blocks for slug in re.findall(r'<a class="word" href="#(word-[\w-]+)"', block))
    frames = [html.unescape(frame) for block in blocks for frame in _FRAME.findall(block)]
    digests = sorted({f"'{digest}'" for frame in frames for digest in script_digests(frame)})
    css = Markup((TEMPLATES / "handout" / "page.css").read_text("utf-8")) + outputs_css()
    return {
        "title": first["text"] if first else name,
        "lesson": course.get("lesson"),
        "minutes": course.get("minutes"),
        "css": css,
        "scripts": Markup(" ".join(digests) or "'none'"),
        "headings": [h for h in headings if h["level"] == 2],
        "blocks": blocks,
        "words": vocabulary.explained([slug for slug in used if slug not in told]),
        "notes": [_note(claim_id) for claim_id in dict.fromkeys(cited)],
    }


def _prose(source: str, headings: list[dict], cited: list[str], where: str, folder: Path) -> Markup:
    """Markdown as HTML; headings get ids, citations and words lead to the notes at the end, lessons to their pages,
    and pictures that lie in the lesson's folder are put into the page."""
    body = MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render(source)

    def heading(match: re.Match) -> str:
        text = BeautifulSoup(match[2], "html.parser").get_text()
        slug = "part-" + re.sub(r"\W+", "-", text.lower()).strip("-")  # no claim and no part of the page is called so
        slug += f"-{len(headings)}" if any(h["id"] == slug for h in headings) else ""
        headings.append({"level": int(match[1]), "text": text, "id": slug})
        return f'<h{match[1]} id="{slug}">{match[2]}</h{match[1]}>'

    def citation(match: re.Match) -> str:
        try:
            cited.append(ledger.claim(match[1]).id)
        except DataError as error:
            raise DataError([f"{where}: {error}"]) from None
        return f'<a class="cite" href="#{match[1]}">{match[1]}</a>'

    def picture(match: re.Match) -> str:
        file = folder / match[1]
        if not file.is_file():
            return match[0]
        kind = mimetypes.guess_type(file.name)[0] or "image/png"
        return f'src="data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"'

    body = re.sub(r"<h([1-6])[^>]*>(.*?)</h\1>", heading, body, flags=re.S)
    body = re.sub(r'(?<=<img )src="([^":]+)"', picture, body)
    body = _CITED.sub(citation, body)
    body = _WORD.sub(r'<a class="word" href="#\1">', body)
    return Markup(re.sub(r'href="([\w-]+)\.ipynb', r'href="\1.html', body))


def _code(cell, always: bool) -> Markup:
    tags = cell.metadata.get("tags", [])
    block = Markup("")
    if always or "exercise" in tags or "solution" in tags:
        shown = highlight(cell.source, PythonLexer(), HtmlFormatter(nowrap=True))
        block = Markup('<pre class="hl" tabindex="0"><code>{}</code></pre>').format(Markup(shown))
    # An exercise's own output only says that nothing has been filled in yet.
    return block if "exercise" in tags else block + Markup("").join(map(_output, cell.outputs))


def _once(blocks: list[Markup]) -> list[Markup]:
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


def _note(claim_id: str) -> dict[str, Any]:
    claim = ledger.claim(claim_id)
    return {"id": claim.id, "says": claim.says, "where": ledger.where(claim), "caveat": claim.caveat}


def build(lessons: list[Path], out: Path, code: bool = False, say: Callable[[str], None] = print) -> list[Path]:
    """Makes a page of each lesson in `out`, with all its `code` if asked, telling `say` how far it is.

    Every page is finished in a temporary folder first and only then moved, whole, to its place: whatever happens in
    between, a page of the last build stays as it was until its successor is whole. Raises DataError naming the
    lessons that do not convert.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            [f"{out}: no pages can be put there ({error.strerror}). Name another folder with --out."]
        ) from None
    exporter, pages, failed = HandoutExporter(code=code), [], []
    with tempfile.TemporaryDirectory(prefix=".building-", dir=out) as folder:
        for number, lesson in enumerate(lessons, 1):
            try:
                text, _ = exporter.from_notebook_node(
                    read(lesson), {"metadata": {"name": lesson.stem, "path": str(lesson.parent)}}
                )
            except DataError as error:
                failed.append(f"{lesson.name} was not converted: {error}")
                continue
            page = Path(folder) / f"{lesson.stem}.html"
            page.write_text(text, "utf-8", newline="\n")
            pages.append(page)
            say(f"[{number}/{len(lessons)}] {lesson.stem}: {len(text.encode()) / 1000:.0f} kB")
        for page in pages:
            os.replace(page, out / page.name)
    if failed:
        raise DataError(failed)
    return [out / page.name for page in pages]
