"""The worksheet as a document to change: .docx and .odt, with lines to write on, boxes to tick and maps as pictures.

Both are XML in a zip file, made from one list of pieces by the templates in templates/office. Pandoc was judged in their
place by its size and its manual, and not tried: its program is forty times as large, and its documents know no ruled line
to write on.
"""

import base64
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, NavigableString, Tag
from PIL import Image
from resvg_py import svg_to_bytes
from smartypants import Attr, smartypants

from ..content import SHARED
from ..markup import outputs_css
from ..spoken import said
from .blocks import Lesson, parsed
from .folder import zipped
from .template import asset, whole_page
from .worksheets import Task, WorksheetExporter

WIDTHS = {"wide": 184, "two": 88}  # millimetres: of A4 within its margins, and of one of two columns on it
_HIGHEST = 110  # millimetres that a picture may be high
_DOTS = 8  # of a picture, to a millimetre: 200 to an inch
_SKIPPED = (
    "style, script, summary, [hidden]:not(.tx-paper-only, .tx-scroll, .tx-plot), :not(.tx-plot) > svg[aria-hidden]"
)
# What is no part of a paragraph.
_APART = frozenset(
    "p div ul ol dl table figure fieldset section details h1 h2 h3 h4 form svg img li textarea input label".split()
)


@dataclass(frozen=True)
class Run:
    """Text of one look in a paragraph."""

    text: str
    bold: bool = False
    italic: bool = False
    small: bool = False


@dataclass(frozen=True)
class Piece:
    """What a document is made of. `kind` says what it is, and which of the others it has:

    text     a paragraph of `runs`; its `look` is a style of the templates: text, task, more, tick, note, from, title
    line     a line to write on, after `runs`
    picture  `number`, `width` and `height` in millimetres, `alt`
    table    `rows` of cells, each a list of pieces; `look` is grid, blanks or cards

    What is `kept` stays in one column and on one page with what comes next.
    """

    kind: str
    look: str = "text"
    runs: tuple[Run, ...] = ()
    rows: "tuple[tuple[tuple[Piece, ...], ...], ...]" = ()
    number: int = 0
    width: float = 0
    height: float = 0
    alt: str = ""
    kept: bool = False


@lru_cache
def _drawn_as() -> tuple[str, dict[str, str]]:
    """How drawings look on paper, as CSS that resvg reads, and the colours of paper."""
    colours = dict(
        re.findall(r"--([a-z]+):(#\w+)", asset("worksheet.css").partition(".worksheet .tx{")[2].partition("}")[0])
    )
    css = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", outputs_css()).replace(".tx .tx", ".tx")
    css = re.sub(r"([^{},]*):is\((\w+),(\w+)\)", r"\1\2,\1\3", css)
    rules = (
        f"{of}{{{how}}}" for of, how in re.findall(r"([^{}]+)\{([^{}]*)\}", css) if "fill" in how or "stroke" in how
    )
    return "".join(rules), colours


def png(svg: Tag, dots: int = _DOTS) -> bytes:
    """A drawing as a picture in black and white, with so many dots to a millimetre of paper. Its letters are matplotlib's
    own, so that it is the same everywhere.

    Raises ValueError for what is no drawing, or is out of all proportion: resvg ends the program where it finds no memory.
    """
    left, top, width, height = map(float, (svg.get("viewbox") or svg.get("viewBox") or "").replace(",", " ").split())
    if not 0.05 < width / (height or math.inf) < 20:
        raise ValueError(f"{width} by {height}")
    css, colours = _drawn_as()
    fonts = Path(find_spec("matplotlib").origin).with_name("mpl-data") / "fonts" / "ttf"  # without loading it
    kept = {name: value for name, value in svg.attrs.items() if name == "class" or name.startswith("xmlns:")}
    svg.attrs = kept | {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"{left} {top} {width} {height}"}
    drawing = re.sub(
        r"\b(clippath|lineargradient)\b", lambda name: {"clippath": "clipPath"}.get(name[1], "linearGradient"), str(svg)
    )
    drawing, css = (
        re.sub(r"var\(--([a-z]+)\)", lambda name: colours.get(name[1], "#000"), text) for text in (drawing, css)
    )
    font = "DejaVu Sans"
    made = svg_to_bytes(
        svg_string=drawing, style_sheet=css, width=WIDTHS["wide"] * dots, background="#fff", skip_system_fonts=True,
        font_files=[str(fonts / "DejaVuSans.ttf"), str(fonts / "DejaVuSans-Bold.ttf")], font_family=font, sans_serif_family=font,
    )  # fmt: skip
    picture = io.BytesIO()
    Image.open(io.BytesIO(made)).convert("L").quantize(16).save(picture, "PNG", optimize=True)
    return picture.getvalue()


class Document:
    """The pieces of a document and its pictures. A section is how many columns, the width of one in millimetres, its pieces."""

    def __init__(self) -> None:
        self.sections: list[tuple[int, int, list[Piece]]] = []
        self.pictures: list[bytes] = []

    def html(self, html: str, width: int, look: str = "text") -> Iterator[Piece]:
        """HTML of a worksheet as pieces that are so wide."""
        soup = parsed(html)
        for unseen in soup.select(_SKIPPED):
            unseen.decompose()
        yield from self._of(soup, width, look)

    def _of(self, tag: Tag, width: int, look: str) -> Iterator[Piece]:
        runs: list[Run] = []
        for child in tag.children:
            inner = child.find(["svg", "img", "table", "p"]) if isinstance(child, Tag) else None
            if inner is None and child.name not in _APART:
                runs += _runs(child)
                continue
            yield from _text(runs, look)
            runs = []
            yield from self._block(child, width, look)
        yield from _text(runs, look)

    def _block(self, tag: Tag, width: int, look: str) -> Iterator[Piece]:
        classes = set(tag.get("class", []))
        if tag.name in ("svg", "img"):
            yield from self._picture(tag, width)
        elif "tx-plot" in classes:
            yield from self._picture(pinned(tag), width)
        elif tag.name == "table":
            yield from self._table(tag, width)
        elif "tx-blanks" in classes:
            labels = [Piece("text", runs=(Run(li.get_text(), bold=True),)) for li in tag.select("li")]
            high = -(-len(labels) // 4)  # in four columns, counted downwards
            rows = zip_longest(*(labels[n * high :][:high] for n in range(4)), fillvalue=Piece("text"))
            yield Piece("table", "blanks", rows=tuple(tuple((piece,) for piece in row) for row in rows))
        elif "tx-pack" in classes:
            faces = [tuple(self._of(li, width // 2, "text")) for li in tag.select(":scope > li")]
            pairs = zip_longest(faces[::2], faces[1::2], fillvalue=(Piece("text"),))
            yield Piece("table", "cards", rows=tuple(pairs))
        elif tag.name in ("textarea", "input"):
            lines = int(tag.get("rows", 1)) if tag.get("type") != "checkbox" else 0
            yield from [Piece("line")] * lines
        elif tag.name == "label":
            yield Piece("line", runs=tuple(_runs(tag))) if tag.input else Piece("text", look, tuple(_runs(tag)))
            yield from [Piece("line")] * (int(tag.textarea.get("rows", 1)) if tag.textarea else 0)
        elif "tx-blank" in classes:
            yield Piece("text", "text", (*_runs(tag), Run(" ______")))
        elif "tx-name" in classes:
            yield _bold(Piece("text", look, tuple(_runs(tag))))
        elif tag.name == "li":
            yield from self._of(tag, width, "item")
        else:
            kind = {"figcaption": "note", "tx-soft": "note", "tx-state": "head"}
            named = next((style for name, style in kind.items() if name in classes | {tag.name}), look)
            yield from self._of(tag, width, named)

    def _picture(self, tag: Tag, width: int) -> Iterator[Piece]:
        alt = tag.get("aria-label") or tag.get("alt") or ""
        try:
            made = _made(tag)
            across, down = Image.open(io.BytesIO(made)).size
        except (ValueError, OSError, Image.DecompressionBombError):  # no picture: its words stand in its place
            yield from _text([Run(alt)], "note")
            return
        width = min(width, _HIGHEST * across / down)
        if made not in self.pictures:
            self.pictures.append(made)
        yield Piece("picture", number=self.pictures.index(made) + 1, width=width, height=width * down / across, alt=alt)

    def _table(self, tag: Tag, width: int) -> Iterator[Piece]:
        if tag.caption:
            yield Piece("text", "head", tuple(_runs(tag.caption)))
        own = [row for row in tag.select("tr") if row.find_parent("table") is tag]  # not those of a table in it
        rows = [row.find_all(["th", "td"], recursive=False) for row in own]
        columns = max(map(len, rows), default=0)
        if not columns:
            return

        empty = (Piece("text", "cell"),)

        def cell(of: Tag) -> tuple[Piece, ...]:
            found = tuple(self._of(of, width // columns, "cell")) or empty
            return tuple(map(_bold, found)) if of.name == "th" else found

        filled = tuple((*map(cell, row), *[empty] * (columns - len(row))) for row in rows)
        yield Piece("table", "grid", rows=filled)


def _bold(piece: Piece) -> Piece:
    return replace(piece, runs=tuple(replace(run, bold=True) for run in piece.runs))


def _made(tag: Tag) -> bytes:
    """A picture of a page as a PNG. Raises ValueError or OSError where there is none, or none that can be read."""
    if tag.name != "img":
        return png(tag)
    kind, _, data = tag.get("src", "").partition(";base64,")
    made = base64.b64decode(data)
    if kind.endswith("svg+xml"):
        svg = BeautifulSoup(made.decode(), "html.parser").svg
        return png(svg) if svg else b""
    with Image.open(io.BytesIO(made)) as picture:
        picture.load()
        if picture.format == "PNG":
            return made
        picture.save(out := io.BytesIO(), "PNG")
    return out.getvalue()


def pinned(plot: Tag) -> Tag:
    """A map with its letters, which lie over it on a page, as one drawing."""
    svg = plot.svg.extract()
    _, _, width, height = map(float, (svg.get("viewbox") or svg["viewBox"]).split())
    for pin in plot.select(".tx-pin"):
        left, top = (float(part) for part in re.findall(r"([\d.]+)%", pin["style"])[:2])
        # As large on paper as those of the wide map, which is twice as wide as a column.
        at = f"translate({width * left / 100:.1f} {height * top / 100:.1f}) scale({width / 330:.2f})"
        group = parsed(f'<g class="tx-marked" transform="{at}"><circle r="12"/><text y="5.7"></text></g>').g
        group.find("text").string = pin.get_text()
        svg.append(group)
    return svg


def _runs(tag: Any, **look: bool) -> list[Run]:
    """The text of something inline, piece by piece."""
    if isinstance(tag, NavigableString):
        text = re.sub(r"\s+", " ", tag)
        return [Run(text, **look)] if text else []
    if tag.name == "br":
        return [Run("\n", **look)]
    if tag.name in ("strong", "b"):
        look["bold"] = True
    if tag.name in ("em", "i"):
        look["italic"] = True
    if {"cite", "tx-soft"} & set(tag.get("class", [])):
        look["small"] = True
    return [run for child in tag.children for run in _runs(child, **look)]


def _text(runs: list[Run], look: str) -> Iterator[Piece]:
    if any(run.text.strip() for run in runs):
        first, *rest = runs
        yield Piece("text", look, (replace(first, text=first.text.lstrip()), *rest))


def _document(of: tuple[Lesson, str]) -> Document:
    """The worksheet of a lesson as a document; for the address see WorksheetExporter."""
    [sheet], made = WorksheetExporter(address=of[1]).sheets([of[0]])["sheets"], Document()
    where = [f"Turkic Explainer · {SHARED.text('worksheet.sheet')}"]
    where += [SHARED.text("worksheet.lesson", lesson=sheet["lesson"])] if sheet["lesson"] else []
    points = SHARED.text("worksheet.of", points=sheet["points"])
    head = [Piece("text", "from", (Run(" · ".join(where)),)), Piece("text", "title", (Run(sheet["title"]),))]
    head.append(Piece("who", runs=tuple(Run(blank) for blank in [*SHARED.texts("worksheet.who"), points])))
    made.sections.append((1, WIDTHS["wide"], [*head, *made.html(sheet["code"], 24)]))
    for wide, tasks in sheet["parts"]:
        columns = 2 if not wide and len(tasks) > 1 else 1
        width = WIDTHS["two" if columns == 2 else "wide"]
        together = [bound([*in_pieces(made, task, width)]) for task in tasks]
        # What is given stands on one page with the tasks that it is given for, which no office program sees to.
        begins = [Piece("break")] * (tasks[0].kind == "given" and len(made.sections) > 1)
        made.sections.append((columns, width, [*begins, *(piece for pieces in together for piece in pieces)]))
    last = [piece for task in sheet["tasks"] if task.last for piece in made.html(task.last, WIDTHS["wide"])]
    if last:
        made.sections.append((1, WIDTHS["wide"], [Piece("break"), *last]))
    return made


def in_pieces(made: Document, task: Task, width: int) -> Iterator[Piece]:
    """A task: its number and its points beside its first paragraph, and room to answer."""
    if task.asked:
        pieces = [_bold(Piece("text", "more", (Run(task.asked.text),)))]
        pieces += made.html(task.asked.picture, width - 7, "more")
    else:
        pieces = list(made.html(task.text, width, "text" if task.wide else "more"))
    mark = SHARED.text("worksheet.points", points=task.points).replace(" ", "\u00a0")  # never on a line of its own
    points = [Run(f"\u00a0\u00a0{mark}", small=True)] if task.points else []
    if task.number:
        first = pieces.pop(0) if pieces and pieces[0].kind == "text" else Piece("text")
        runs = (replace(run, bold=run.bold or first.look == "head") for run in first.runs)
        yield Piece("text", "task", (Run(f"{task.number}\t", bold=True), *runs, *points))
    yield from pieces
    if task.asked and task.asked.kind == "order":
        yield Piece("text", "more", (Run(said("Write 1, 2, 3 … into the boxes."), small=True),))
    choices, kind = (task.asked.choices, task.asked.kind) if task.asked else (task.choices, "pick")
    if kind == "map":  # its marks' letters, which need no line each
        yield Piece("text", "more", (Run("\u2003 ".join(f"☐\u00a0{choice[0]}" for choice in choices)),))
    for choice in choices if kind not in ("map", "number") else ():
        yield Piece("text", "tick", (Run(f"☐\t{choice}"),))
    if task.asked and kind in ("pick", "several"):
        yield Piece("line", "more", (Run(SHARED.text("worksheet.why") + " "),))
    elif kind == "number":
        yield Piece("line", "more", (Run(f"{task.asked.unit} "),))
    if task.last:
        yield Piece("text", "more", (Run(SHARED.text("worksheet.turn")),))
    yield from [Piece("line", "more")] * task.lines


class OfficeExporter(WorksheetExporter):
    """A worksheet as a document: `parts` are the files in it, with their templates, and `folder` is that of its pictures."""

    folder: str
    parts: dict[str, str]

    def page(self, lessons):
        [lesson] = lessons
        return self.packed(lesson.once(_document, (lesson, self.address)))

    def packed(self, made: Document) -> bytes:
        """The document as a file, of the same bytes each time."""
        tables = [(piece, width) for _, width, pieces in made.sections for piece in pieces if piece.kind == "table"]
        given = {"document": made, "typographic": _typographic, "shares": _shares}
        given["column_widths"] = sorted({share for table in tables for share in _shares(*table)})
        parts = {name: whole_page(f"office/{of}.j2", **given) for name, of in self.parts.items()}
        parts |= {f"{self.folder}/picture{n}.png": picture for n, picture in enumerate(made.pictures, 1)}
        return zipped(parts)


def bound(pieces: list[Piece]) -> list[Piece]:
    """Pieces that neither a column nor a page divides, nor the rows of a table among them."""
    return [_kept(piece, number < len(pieces)) for number, piece in enumerate(pieces, 1)]


def _kept(piece: Piece, kept: bool) -> Piece:
    rows = [
        tuple(tuple(_kept(part, kept or number < len(piece.rows)) for part in cell) for cell in row)
        for number, row in enumerate(piece.rows, 1)
    ]
    return replace(piece, kept=kept, rows=tuple(rows))


def _shares(piece: Piece, width: int) -> list[int]:
    """How wide the columns of a table are, in hundredths of a millimetre: a column of long texts gets more."""
    if piece.look != "grid":
        return [width * 100 // len(piece.rows[0])] * len(piece.rows[0])
    texts = [
        ["".join(run.text for part in cell for run in part.runs) for cell in column]
        for column in zip(*piece.rows, strict=True)
    ]
    wants = [max(8, *(min(len(text), 45) for text in column)) for column in texts]
    return [width * 100 * want // sum(wants) for want in wants]


def _typographic(text: str) -> str:
    """Text with the quotes and apostrophes that print has."""
    return smartypants(text, Attr.q | Attr.u)


class DocxExporter(OfficeExporter):
    """The worksheet for Word, Google Docs and LibreOffice."""

    export_from_notebook = "Turkic Explainer worksheet (.docx)"
    file_extension, folder = ".docx", "word/media"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    parts = {
        "[Content_Types].xml": "docx-types.xml",
        "_rels/.rels": "docx-rels.xml",
        "word/document.xml": "docx-document.xml",
        "word/_rels/document.xml.rels": "docx-document-rels.xml",
        "word/styles.xml": "docx-styles.xml",
    }


class OdtExporter(OfficeExporter):
    """The worksheet for LibreOffice and whatever else reads OpenDocument."""

    export_from_notebook = "Turkic Explainer worksheet (.odt)"
    file_extension, folder = ".odt", "Pictures"
    output_mimetype = "application/vnd.oasis.opendocument.text"
    parts = {
        "mimetype": "odt-mimetype",  # the first thing in the file, and not packed
        "META-INF/manifest.xml": "odt-manifest.xml",
        "content.xml": "odt-content.xml",
        "styles.xml": "odt-styles.xml",
    }
