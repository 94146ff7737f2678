"""The worksheet as a document to change: sound files, all that the page has, and what LibreOffice makes of them."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from turkic_explainer import corridor_sheet, hosting_chart
from turkic_explainer.files import lesson_files, read
from turkic_explainer.press.blocks import Lesson
from turkic_explainer.press.office import Document, DocxExporter, OdtExporter, bound, in_pieces, png
from turkic_explainer.press.worksheets import WorksheetExporter
from turkic_explainer.reading import read as questions
from turkic_explainer.validate import speaking

from .conftest import HOSTILE, JOURNEY, KINDS, code, lesson, matrix, page, prose, skip_or_fail

LESSONS = {f.stem: Lesson(f.stem, f.parent, read(f)) for f in lesson_files()}
NAMES = [name for name, found in LESSONS.items() if "lesson" in found.about]
EXPORTERS = {"docx": DocxExporter, "odt": OdtExporter}
BODY = {"docx": "word/document.xml", "odt": "content.xml"}
every_kind = pytest.mark.parametrize("kind", EXPORTERS)


def packed(kind: str, name: str = JOURNEY) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(EXPORTERS[kind]().page([LESSONS[name]])))


def text_of(xml: bytes) -> str:
    return re.sub(r"[\s\"'“”‘’]", "", "".join(ElementTree.fromstring(xml).itertext()))


@every_kind
@pytest.mark.parametrize("name", matrix(NAMES, JOURNEY))
def test_all_that_the_page_has_stands_in_it(kind, name):
    sheet = page(WorksheetExporter().page([LESSONS[name]]))
    with packed(kind, name) as archive:
        assert archive.testzip() is None
        for part in archive.namelist():
            if part.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(part))
        xml = archive.read(BODY[kind]).decode()
        text = text_of(archive.read(BODY[kind]))
        pictures = [part for part in archive.namelist() if part.endswith(".png")]
    for task in sheet.select(
        ".asked, .tick li, .task.open > p, .task.exercise > p, .tx-bank, td, th, .tx-pack .tx-name"
    ):
        if "number" in task.get("class", []) or "points" in task.get("class", []):
            continue
        assert re.sub(r"[\s\"']", "", task.get_text()) in text, task
    lines = len(sheet.select(".lines i"))
    assert xml.count('w:leader="underscore"' if kind == "docx" else "<text:tab/></text:p>") >= lines
    assert text.count("☐") >= len(sheet.select(".tick li"))
    assert len(pictures) == len(
        sheet.select(".task:not(.last) svg.tx-outlines, .task:not(.last) svg[role=img]:not(.tx-outlines)")
    )


@every_kind
def test_no_answer_stands_in_it(kind):
    keys = [asked for asked in page(WorksheetExporter().page([LESSONS[JOURNEY]])).select(".tx-answer, .tx-answer-key")]
    with packed(kind) as archive:
        xml = archive.read(BODY[kind]).decode()
    assert keys == [] and "✓" not in xml and "More than one summit" not in xml


@every_kind
def test_it_is_the_same_each_time(kind):
    assert EXPORTERS[kind]().page([LESSONS[JOURNEY]]) == EXPORTERS[kind]().page([LESSONS[JOURNEY]])


@every_kind
def test_hostile_text_is_text(tmp_path, kind):
    file = lesson(
        tmp_path,
        prose(f"# {HOSTILE}"),
        prose(f"**Ask.** {HOSTILE} & <b>?"),
        code("t", "worksheet", html=f"<table><tr><td>{HOSTILE}</td></tr></table>"),
    )
    with zipfile.ZipFile(io.BytesIO(EXPORTERS[kind]().page([Lesson(file.stem, file.parent, read(file))]))) as archive:
        root = ElementTree.fromstring(archive.read(BODY[kind]))
    assert "<script>alert(1)</script>" in "".join(root.itertext()) and not root.findall(".//script")


@every_kind
def test_it_says_its_language(kind):
    with speaking("tr"), packed(kind) as archive:
        styles = archive.read({"docx": "word/styles.xml", "odt": "styles.xml"}[kind]).decode()
    assert ('w:lang w:val="tr"' if kind == "docx" else 'fo:language="tr"') in styles


KINDS_OF_QUESTION = """# where
Map: places

Which?

- [ ] Samarkand
  No.
- [x] Astana
  Yes.
- [ ] Shusha
  No.

# order
Put in order.

1. One
   So.
2. Two
   So.
3. Three
   So.

# many
Pick all that fit.

- [x] Six
  Yes.
- [x] Ten
  Yes.
- [ ] Two
  No.

# far
Number: {{ 42 }}
Unit: km
Unsourced: 42

How far?

- {{ 34 }}
  No.
- right
  Yes.
"""


@every_kind
def test_each_kind_of_question_has_its_own_room(tmp_path, kind):
    (tmp_path / "questions.md").write_text(KINDS_OF_QUESTION, "utf-8")
    asked = [entry.as_question(f"99-{entry.name}", {}) for entry in questions(tmp_path / "questions.md")]
    cells = [code("q", html=one._repr_mimebundle_()["text/html"]) for one in asked]
    file = lesson(tmp_path, prose("# T"), *cells)
    sheet = Lesson(file.stem, file.parent, read(file))
    drawn = page(WorksheetExporter().page([sheet])).select(".task")
    assert (
        [len(task.select(".box")) for task in drawn] == [3, 3, 3, 0]
        and drawn[0].svg
        and drawn[3].select_one(".typed i")
    )
    with zipfile.ZipFile(io.BytesIO(EXPORTERS[kind]().page([sheet]))) as archive:
        text = text_of(archive.read(BODY[kind]))
        pictures = [part for part in archive.namelist() if part.endswith(".png")]
    assert len(pictures) == 1 and text.count("☐") == 9 and "Write1,2,3…" in text and "inkm" in text
    assert not [name for name in ("Samarkand", "Astana", "Shusha", "42", "34") if name in text]


@pytest.mark.parametrize("drawn", [corridor_sheet, hosting_chart])
def test_a_drawing_becomes_a_sharp_picture_in_black_and_white(drawn):
    svg = BeautifulSoup(str(drawn().body), "html.parser").select_one("svg")
    picture = Image.open(io.BytesIO(png(svg)))
    shades = Counter(picture.convert("L").tobytes())
    assert picture.width > 1400 and min(shades) < 30 and max(shades) == 255
    assert 0.5 < shades[255] / (picture.width * picture.height) < 0.99  # it is not black all over, and not empty


@pytest.mark.parametrize("name", NAMES)
def test_a_task_stays_in_one_column_and_on_one_page(name):
    """All paragraphs of a task but its last are bound to the next one, and so are the rows of its tables."""
    made = Document()
    for sheet in DocxExporter().sheets([LESSONS[name]])["sheets"]:
        for task in sheet["tasks"]:
            *before, last = bound([*in_pieces(made, task, 88)])
            assert all(piece.kept for piece in before) and not last.kept
            for rows in (piece.rows for piece in [*before, last]):
                assert all(part.kept for row in rows[:-1] for cell in row for part in cell)


@every_kind
def test_what_is_bound_is_bound_in_the_file(kind):
    with packed(kind) as archive:
        body = archive.read(BODY[kind]).decode()
    mark = {
        "docx": r"<w:p><w:pPr><w:pStyle w:val=\"(\w+)\"/>(<w:keepNext/>)?",
        "odt": r"<text:p text:style-name=\"(\w+)(-kept)?",
    }
    found = [(look, bool(kept)) for look, kept in re.findall(mark[kind], body)]
    tasks = [n for n, (look, _) in enumerate(found) if look == "task"]
    assert len(tasks) > 5
    for begin, end in zip(tasks, tasks[1:], strict=False):
        own = [kept for look, kept in found[begin:end] if look not in ("end", "cell")]
        assert own[0] or len(own) == 1
        assert not all(own), "a task is not bound to the next one"


# --- in LibreOffice ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A worksheet as LibreOffice prints it: its text, its pages as pictures, and how many pictures stand on them."""
    if not all(map(shutil.which, ("soffice", "pdftoppm", "pdftotext", "pdfimages"))):
        skip_or_fail("no LibreOffice on this machine (apt-get install libreoffice-writer poppler-utils)")
    folder = tmp_path_factory.mktemp("office")

    def run(name: str, kind: str) -> tuple[str, list[Image.Image], int]:
        file = folder / f"{name}-{kind}.{kind}"
        file.write_bytes(EXPORTERS[kind]().page([LESSONS[name]]))
        home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
        command = [
            "soffice",
            "--headless",
            "--norestore",
            home,
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(file),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
        pdf = file.with_suffix(".pdf")
        subprocess.run(["pdftoppm", "-r", "75", "-gray", "-png", pdf, pdf.with_suffix("")], check=True)
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
        listed = subprocess.run(["pdfimages", "-list", pdf], check=True, capture_output=True, text=True).stdout
        shots = [Image.open(shot).convert("L") for shot in sorted(folder.glob(f"{pdf.stem}-*.png"))]
        return text, shots, len({line.split()[10] for line in listed.splitlines()[2:] if line.split()[2] == "image"})

    return run


def long_lines(shot: Image.Image) -> int:
    """How many lines to write on a page has: rows of dark dots, an inch long or more, with paper above and below."""
    rows = [
        max(
            (len(run) for run in re.findall(rb"[\x00-\xc8]+", shot.crop((0, y, shot.width, y + 1)).tobytes())),
            default=0,
        )
        > 75
        for y in range(shot.height)
    ]
    return sum(row and not before for before, row in zip([False, *rows], rows, strict=False))


@pytest.mark.long
@every_kind
@pytest.mark.parametrize("name", KINDS)
def test_libreoffice_prints_lines_boxes_and_maps(printed, name, kind):
    sheet = page(WorksheetExporter().page([LESSONS[name]]))
    text, shots, pictures = printed(name, kind)
    assert len(shots) <= 2 + 3 * bool(sheet.select(".task.last"))
    assert text.count("☐") >= len(sheet.select(".tick li"))
    assert pictures == len(
        sheet.select(".task:not(.last) svg.tx-outlines, .task:not(.last) svg[role=img]:not(.tx-outlines)")
    )
    # Lines of two columns that stand side by side are one row of dots.
    assert sum(map(long_lines, shots)) >= len(sheet.select(".lines i")) // 2
    assert all(min(shot.tobytes()) < 60 for shot in shots)  # none is blank


ODD_PICTURES = [
    '<img src="data:image/png;base64,iVBORw==" alt="a town">',
    '<img src="gone.png" alt="a town">',
    '<img src="data:image/svg+xml;base64,PHA+" alt="a town">',
    '<svg aria-label="a town"></svg>',
    '<svg viewBox="0 0 1 10000000" aria-label="a town"></svg>',
]


@pytest.mark.parametrize("html", ODD_PICTURES)
def test_a_picture_that_cannot_be_drawn_is_told_in_words(html):
    assert [[run.text for run in piece.runs] for piece in Document().html(html, 88)] == [["a town"]]


def test_a_table_of_nothing_and_a_table_in_a_table_are_read():
    assert [*Document().html("<table></table><table><tr></tr></table>", 88)] == []
    html = "x"
    for _ in range(40):  # were each read again with the one around it, this would have no end
        html = f"<table><tr><td>{html}</td></tr></table>"
    [outer] = Document().html(html, 88)
    assert len(outer.rows) == 1
