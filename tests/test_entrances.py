"""Two entrances: what students are given leads to no key, alone or packed; what a page alone shows; codes for phones."""

import base64
import gzip
import html
import io
import json
import re
import shutil
import zipfile
from urllib.parse import quote

import pytest
import zxingcpp
from PIL import Image
from resvg_py import svg_to_bytes

from turkic_explainer.files import lesson_files
from turkic_explainer.press import folder as folders
from turkic_explainer.press.address import checked, code_to
from turkic_explainer.press.build import EDITIONS, INDEX, build
from turkic_explainer.press.folder import zipped
from turkic_explainer.press.worksheets import WorksheetExporter
from turkic_explainer.validate import DataError

from .conftest import code, lesson, matrix, page, prose
from .entrances import LONG, Kept
from .test_handout import files
from .test_worksheets import pages_of

ALL = [edition.name for edition in EDITIONS]
ADDRESS = "https://school.example/turkic/"
HERS = (
    "Good: three of the five members, since each of them has a shore on the sea. Weak: all of them. Say: count again."
)
NOTED = "Take ten minutes for this and let the quiet ones begin, who have seen the sea from the other side."
LINES = "shore = members[members.shore]\nlen(shore) / len(members) * 100"


def small(folder, name="04-one.ipynb"):
    """A lesson with something of each kind that is kept from students."""
    solved = code("solution('04-x')", "solution", shows=f"60\n{LINES}")
    return lesson(
        folder, prose(f"# {name}\n\nIt is told in [the next](05-two.ipynb)."), prose("**Ask.** Which of them?", "slide"), prose(f"**Model answer.** {HERS}", "answer"),
        prose(NOTED, "teacher"), prose("### Exercise: share", "exercise", "worksheet"), code("share = ...", "exercise"), solved, name=name,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small course in all editions: its lessons, and the folder that they were made in."""
    folder = tmp_path_factory.mktemp("small")
    lessons = [small(folder / "notebooks", name) for name in ("04-one.ipynb", "05-two.ipynb")]
    build(lessons, folder / "out", ALL, say=str)
    return lessons, folder / "out"


def of(out, whose):
    """The files in the folder of one entrance, by where they lie in it."""
    return {f.relative_to(out / whose).as_posix(): f.read_bytes() for f in (out / whose).rglob("*") if f.is_file()}


# --- nothing of the one in the other -------------------------------------------------------------------------------


def leaks(kept, out) -> dict[str, set[str]]:
    """What the students' folder holds of what is kept from them, by file; and links that lead out of it or nowhere."""
    theirs, found = of(out, "students"), {}
    for path, content in theirs.items():
        told = kept.found(path, content)
        text = (
            re.sub("<script.*?</script>", "", content.decode("utf-8", "ignore"), flags=re.S) if ".html" in path else ""
        )
        for href in re.findall(r'href="([^"#:]+)[^":]*"', text):
            target = (out / "students" / path).parent.joinpath(href).resolve()
            if not target.is_relative_to(out / "students") or not target.is_file():
                told.add(f"leads to {href}")
        found |= {path: told} if told else {}
    return found


def test_a_students_folder_holds_nothing_that_is_the_teachers(made):
    """Her own has all of it, so that the search is known to find it there."""
    lessons, out = made
    kept = Kept(lessons)
    assert len({*kept.words.values()}) == 2 and len(kept.solutions) == 1
    assert leaks(kept, out) == {}
    hers = of(out, "teacher")
    assert all(kept.found(f"{kind}04-one.html", hers[f"{kind}04-one.html"]) for kind in ("", "keys/", "slides/"))


@pytest.mark.long
def test_no_file_for_students_holds_a_model_answer_a_note_or_a_solution_of_the_course(course_pages):
    lessons, out = lesson_files(), course_pages[INDEX].parent.parent
    kept = Kept(lessons)
    assert leaks(kept, out) == {}
    short = {cell for cell, text in kept.cells.items() if len(re.findall(r"\w+", text)) < LONG}
    assert {*kept.cells} - {*kept.words.values()} <= short and len(kept.cells) > 200 > 20 * len(short)
    hers = {path: content for path, content in of(out, "teacher").items() if path.endswith(".html")}
    told = set().union(*(kept.found(path, content) for path, content in hers.items()))
    assert {*kept.words.values()} <= told


FORMS = {
    "text": lambda text: f"<p>{text}</p>",
    "marked": lambda text: "<p>" + text.replace(" ", "</b> <b>") + "</p>",
    "split": lambda text: text.replace("e", "e<wbr>"),
    "escaped": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "attribute": lambda text: f'<i data-x="{html.escape(text)}"></i>',
    "in a frame": lambda text: f"<iframe srcdoc='{html.escape(f'<p>{html.escape(text)}</p>')}'></iframe>",
    "JSON": lambda text: json.dumps({"x": text.replace("a", "\u00e4")}).replace("\\u00e4", "\\u0061"),
    "an address": lambda text: f'<a href="#{quote(text)}">x</a>',
    "base64": lambda text: f'<i data-x="{base64.b64encode(text.encode()).decode()}"></i>',
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(f"\u00ff\u00fe{text}".encode()).decode().rstrip("="),
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "packed": lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
    "a document": lambda text: zipped({"word/document.xml": f"<w:t>{text}</w:t>"}),
    "a zip in a zip": lambda text: zipped({"a.zip": zipped({"b.txt": text})}),
}


@pytest.mark.parametrize("form", FORMS)
def test_it_would_be_found_in_any_form(made, form):
    kept, told = Kept(made[0]), b"<!DOCTYPE html><p>It is told.</p>"
    for secret in (f"Model answer. {HERS}", NOTED):
        content = FORMS[form](secret)
        assert kept.found(INDEX, told + content.encode() if isinstance(content, str) else content), secret
    assert not kept.found(INDEX, told)


def test_a_solution_is_found_where_it_may_not_stand(made):
    kept = Kept(made[0])
    for path in (INDEX, "worksheets/04-one.html", "slides/04-one.html", "notebooks/04-one.ipynb"):
        assert kept.found(path, f"<pre>{html.escape(LINES)}</pre>".encode()), path
    assert not kept.found("04-one.html", LINES.encode()), "there it is folded away, as the README says"


def test_the_slides_of_students_have_no_notes_and_no_window_for_a_speaker(made, open_page):
    out = made[1]
    theirs, hers = (
        page((out / whose / "slides" / "04-one.html").read_text("utf-8")) for whose in ("students", "teacher")
    )
    assert [len(soup.select(".slide")) for soup in (theirs, hers)] == [3, 3]
    assert hers.select(".notes .answer") and hers.find(id="speaker") and hers.select("[data-do=speaker]")
    assert not theirs.select(".notes, .answer, .teacher") and not theirs.find(id="speaker")
    assert not theirs.select("[data-do=speaker]") and "speaker" not in theirs.dialog.get_text()
    tab = open_page((out / "students" / "slides" / "04-one.html").as_uri())
    tab.keyboard.press("s")
    tab.keyboard.press("n")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_url("**#/slide-2")
    assert len(tab.context.pages) == 1 and tab.complaints == []


# --- the zip files -------------------------------------------------------------------------------------------------


def test_a_zip_holds_what_its_folder_holds_and_the_teachers_both(made):
    out = made[1]
    theirs, hers = ({f"{whose}/{p}": c for p, c in of(out, whose).items()} for whose in ("students", "teacher"))
    for name, wanted in (("students", theirs), ("teacher", theirs | hers)):
        with zipfile.ZipFile(out / f"{name}.zip") as archive:
            assert {entry: archive.read(entry) for entry in archive.namelist()} == wanted
            assert archive.namelist() == sorted(wanted) and archive.comment == b""
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert {path for path in theirs if path.count("/") == 1} == {
        f"students/{name}" for name in ("04-one.html", "05-two.html", "all.html", INDEX, "course.css")
    }


def test_it_has_the_same_bytes_each_time_and_is_made_again_only_if_something_changed(made, tmp_path):
    lessons, out = made
    said: list[str] = []
    build(lessons, tmp_path, ALL, say=str)
    assert files(tmp_path, packed=True) == files(out, packed=True)
    build(lessons, tmp_path, ALL, say=said.append)
    assert len(said) == 1 and said[0].endswith("up to date")
    shutil.rmtree(tmp_path / "teacher" / "keys")
    build(lessons, tmp_path, ["student"], say=said.append)
    assert [line.split()[1] for line in said[1:-1]] == ["teacher/index.html:", "teacher.zip:"]
    assert not [name for name in zipfile.ZipFile(tmp_path / "teacher.zip").namelist() if "keys" in name]


def test_a_folder_of_before_is_put_in_order(tmp_path):
    """Files of the one folder for all are taken away, unless somebody changed them."""
    home = tmp_path / "out" / folders.HOME
    home.mkdir(parents=True)
    old = {INDEX: "index", "04-one.html": "student", "slides/04-one.html": "slides", "all.html": "student"}
    (tmp_path / "out" / "slides").mkdir()
    entries = {}
    for path, edition in old.items():
        (tmp_path / "out" / path).write_bytes(b"made")
        own = "04-one" if "one" in path else ""
        entries[path] = {"lesson": own, "edition": edition, "from": "", "is": folders.digest(b"made"), "was": None}
    (home / "made.json").write_text(json.dumps({"made": entries}))
    (tmp_path / "out" / "all.html").write_bytes(b"mine")
    build([small(tmp_path / "notebooks")], tmp_path / "out", ALL, say=str)
    there = {file.name for file in (tmp_path / "out").iterdir() if not file.name.startswith(".")}
    assert there - {"slides"} == {"students", "students.zip", "teacher", "teacher.zip", "all.html"}
    assert (tmp_path / "out" / "all.html").read_bytes() == b"mine" and not list((tmp_path / "out" / "slides").iterdir())


# --- alone, and in its place ---------------------------------------------------------------------------------------


def leads(tab) -> list[str]:
    """Where the keyboard and a screen reader find links to, other than to places on the same page."""
    return [
        link.get_attribute("href") for link in tab.get_by_role("link").all() if link.get_attribute("href")[0] != "#"
    ]


@pytest.mark.parametrize(
    "path, javascript",
    matrix(
        [
            (f"{whose}/{name}", js)
            for whose in ("students", "teacher")
            for name in ("04-one.html", INDEX)
            for js in (True, False)
        ],
        ("students/04-one.html", True),
        (f"students/{INDEX}", False),
    ),
)
def test_a_page_alone_has_no_link_to_another_and_the_index_says_to_unpack(made, open_page, tmp_path, path, javascript):
    """As opened inside a zip file, from a mail, or in a preview: no script is needed to know it."""
    label = "05-two.ipynb" if INDEX in path else "the next"
    tab = open_page(shutil.copyfile(made[1] / path, tmp_path / "page.html").as_uri(), javascript=javascript)
    assert leads(tab) == [] and tab.get_by_text(label, exact=True).first.is_visible()
    assert tab.locator(".unpack:visible").count() == (INDEX in path)
    tab.get_by_text(label, exact=True).first.click(force=True)
    assert tab.url.endswith("page.html")
    tab.goto((made[1] / path).as_uri())
    assert leads(tab) and tab.locator(".note:visible").count() == 0
    tab.get_by_role("link", name=label, exact=True).first.click()
    tab.wait_for_url("**/05-two.html")


def test_a_teachers_folder_alone_says_what_is_not_beside_it(made, open_page, tmp_path):
    shutil.copytree(made[1] / "teacher", tmp_path / "teacher")
    tab = open_page((tmp_path / "teacher" / INDEX).as_uri())
    assert tab.locator(".apart").is_visible() and not tab.locator(".unpack").is_visible()
    assert leads(tab) and not [href for href in leads(tab) if href.startswith("../")]


# --- codes ---------------------------------------------------------------------------------------------------------


def read_back(svg, width=400) -> list[str]:
    """The addresses of the codes in a drawing, as a camera reads it."""
    drawn = svg_to_bytes(svg_string=str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace("viewbox", "viewBox"), width=width)  # fmt: skip
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn)).convert("RGB"))]


def test_a_code_leads_to_the_students_page(tmp_path):
    """From the teacher's index and from the worksheets, in both of their forms; nowhere without an address."""
    lessons = [small(tmp_path / "notebooks", name) for name in ("04-one.ipynb", "05-iki şehir.ipynb")]
    out = tmp_path / "out"
    editions = ("student", "teacher", "worksheet", "worksheet-docx")
    build(lessons, out, editions, address=ADDRESS, say=str)
    wanted = [f"{ADDRESS}04-one.html", f"{ADDRESS}05-iki%20%C5%9Fehir.html"]
    for path in ("teacher/index.html", "students/worksheets/all.html"):
        codes = page((out / path).read_text("utf-8")).select("svg.photographed")
        assert [address for svg in codes for address in read_back(svg)] == wanted, path
        assert [svg["aria-label"].endswith(address) for svg, address in zip(codes, wanted, strict=True)] == [True, True]
    assert 'photographed"' not in (out / "students" / INDEX).read_text("utf-8")
    archive = zipfile.ZipFile(out / "students" / "worksheets" / "04-one.docx")
    [picture] = [archive.read(name) for name in archive.namelist() if name.endswith(".png")]
    assert [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))] == wanted[:1]
    build(lessons, out, editions, say=str)
    assert not [path for path, content in files(out).items() if b'"photographed"' in content]


@pytest.mark.parametrize("address", ["school.example", "file:///c:/x", "https://", "https://a b.example", "https://a.example/?x=1", "https://a.example/#x", "javascript:alert(1)", "https://a.example/" + "x" * 200, "https://me:word@a.example/", "https://a.example:99999/", "https://a.example/students.zip", "https://a.example/04-one.html", "https://[x"])  # fmt: skip
def test_what_is_no_address_on_the_web_is_told(address):
    with pytest.raises(DataError, match="^--address, it: found .*Write where the students' folder lies on the web"):
        checked(address)


def test_an_address_is_taken_as_it_is_copied():
    assert {checked(f" {ADDRESS[:-1]}{end} ") for end in ("", "/", "/index.html")} == {ADDRESS}
    assert checked("http://192.168.0.5:8000") == "http://192.168.0.5:8000/"
    whole = checked("https://okul-türk.example/ş dersi/")
    assert whole == "https://xn--okul-trk-c6a.example/%C5%9F%20dersi/" == checked(whole)
    assert read_back(code_to(whole, "04-one")) == [f"{whole}04-one.html"]
    assert code_to("", "04-one") == ""


@pytest.mark.long
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_worksheet_with_a_code_still_has_two_pages(open_page, tmp_path, paper):
    from turkic_explainer.files import read
    from turkic_explainer.press.blocks import Lesson

    for file in lesson_files():
        sheet = WorksheetExporter(address=ADDRESS + "a-rather-long-folder/students/").page(
            [Lesson(file.stem, file.parent, read(file))]
        )
        (tmp_path / "sheet.html").write_text(sheet.replace("</style>", ".task.last{display:none}</style>", 1), "utf-8")
        tab = open_page((tmp_path / "sheet.html").as_uri())
        assert len(pages_of(tab.pdf(format=paper))) <= 2, file.stem
        tab.context.close()
