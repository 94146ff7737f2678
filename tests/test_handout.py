"""Handouts: whole, self-contained pages of the lessons; a build that fails leaves the last one as it was."""

import base64
import hashlib
import re
from importlib.metadata import entry_points
from itertools import pairwise
from urllib.parse import unquote
from xml.etree import ElementTree

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell, new_output

from turkic_explainer import ledger
from turkic_explainer.files import lesson_files
from turkic_explainer.markup import ADDRESS, host
from turkic_explainer.press.build import EDITIONS, build
from turkic_explainer.press.hour import PRIVATE
from turkic_explainer.press.pages import NOT_FOR_STUDENTS
from turkic_explainer.press.template import asset
from turkic_explainer.validate import DataError

from .conftest import HOSTILE, as_shown, code, edit, lesson, loads, page, prose, solved_in, stored

LESSONS = {file.stem: file for file in lesson_files() if "lesson" in stored(file).metadata.turkic}
CITATION = re.compile(r"\[((?:S\d|B)-\d+)\]\(evidence/")


def quietly(lessons, out, **options):
    return build(list(lessons), out, say=lambda line: None, **options)


def files(out, packed=False):
    """Every file in a folder that a reader sees, by where it is; what is for students by where it is in their folder.
    `packed` says whether the zip files of all the others count, and the style by which a page knows that they are there."""
    seen = {f.relative_to(out).as_posix().removeprefix("students/"): f for f in out.rglob("*") if f.is_file()}
    seen = {
        p: f for p, f in seen.items() if not p.startswith(".") and (packed or not p.endswith((".zip", "course.css")))
    }
    return {path: file.read_bytes() for path, file in sorted(seen.items())}


def made(folder, *cells, **options):
    """The page of a small lesson of these cells."""
    [file] = quietly([lesson(folder / "notebooks", *cells)], folder / "out", **options)
    return page(file.read_text("utf-8"))


@pytest.fixture(scope="module")
def folder(course_pages):
    return course_pages["index.html"].parent.parent


@pytest.fixture(scope="module", params=LESSONS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def html(course_pages, name):
    return course_pages[f"{name}.html"].read_text("utf-8")


@pytest.fixture(scope="module")
def soup(html):
    return page(html)


# --- the pages of the course ---------------------------------------------------------------------------------------


def test_a_page_is_whole(soup, html):
    assert html.startswith("<!DOCTYPE html>") and html.rstrip().endswith("</html>")
    assert soup.html["lang"] == "en"
    [title] = soup.find_all("h1")
    assert title.get_text() in soup.title.get_text()
    for part in ("main", "header", "footer"):
        assert len(soup.find_all(part)) == 1
    levels = [int(h.name[1]) for h in soup.find_all(re.compile("^h[1-6]$"))]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_page_loads_nothing_and_is_not_too_heavy(html):
    assert loads(html) == ["course.css"]
    # A map may take 300 kB, half of it Leaflet: its frame, and its picture for paper and for pages without scripts.
    maps = "".join(re.findall(r"<iframe class=\"tx-frame.*?</iframe>|<img class=\"tx-still\"[^>]*>", html, re.S))
    # The heaviest are 03 (698 kB) and, without maps, 05 (625 kB), of which 237 kB are its charts: each is drawn twice,
    # for wide screens and for narrow ones. What is cited stands thrice: in the margin, opened from its mark, at the end.
    assert len(maps.encode()) <= 300_000 and len(html.encode()) <= 700_000
    assert len(html.encode()) - len(maps.encode()) <= 635_000
    for still in page(html).select("img.tx-still"):
        ElementTree.fromstring(unquote(still["src"].removeprefix("data:image/svg+xml,")))  # sound, in letters


def test_the_policy_lets_exactly_the_maps_scripts_run_and_those_of_what_is_answered(soup, html):
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    scripts = [s.get_text() for frame in soup.find_all("iframe") for s in page(frame["srcdoc"]).find_all("script")]
    unframed = re.sub(r"<iframe.*?</iframe>", "", html, flags=re.S)
    own = re.findall(r"<script[^>]*>(.*?)</script>", unframed, re.S)  # as it is: `page` makes quotes straight
    assert len(own) == len(soup.find_all("script"))
    assert own == [asset("tasks.js"), asset("kept.js")]  # each lesson has an exercise, and keeps what is answered
    scripts += own
    digests = {f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts}
    assert set(rules.pop("script-src").split()) == (digests or {"'none'"})
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": "'unsafe-inline' 'self' file:",  # course.css, beside it
        "form-action": "'none'",
        "base-uri": "'none'",
    }


def test_every_citation_leads_to_its_note(soup, name):
    cited = {
        i
        for c in stored(LESSONS[name]).cells
        if not PRIVATE & {*c.metadata.get("tags", [])}
        for i in CITATION.findall(c.source)
    }
    notes = {note["id"]: note.get_text() for note in soup.select(".notes ol > li")}
    marks = soup.select("button.cite")
    assert cited and set(notes) == cited == {mark["popovertarget"] for mark in marks}
    numbered = [note.select_one(".number").get_text() for note in soup.select(".notes ol > li")]
    assert numbered == [str(n) for n in range(1, len(notes) + 1)]
    assert all(mark.get_text() == str([*notes].index(mark["popovertarget"]) + 1) for mark in marks)
    for claim_id, text in notes.items():
        claim = ledger.claim(claim_id)
        caveat = ADDRESS.sub(lambda address: host(address[0]), claim.caveat or "")
        assert claim.says in text and ledger.where(claim) in text and caveat in text


def test_every_link_leads_somewhere_and_every_id_is_one_things(soup, folder):
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert all(ids) and len(ids) == len(set(ids))
    for link in soup.find_all("a"):
        target = link["href"]
        if target.startswith("#"):
            assert target[1:] in ids, target
        elif not target.startswith(("https://", "http://")):
            assert (folder / "students" / target).is_file(), target


def test_a_page_holds_the_lesson_and_nothing_for_the_teacher(html, name):
    """Claims and words, which a model answer may use as well, are told by what the page cites, so they are left out here."""
    soup, cells = page(html), stored(LESSONS[name]).cells
    for told_of_a_claim in soup.select(".margin, .notes, .words, [popover]"):
        told_of_a_claim.decompose()
    told = " ".join(soup.get_text().split())
    mine = [c for c in cells if not NOT_FOR_STUDENTS & {*c.metadata.get("tags", [])}]
    theirs = str([as_shown(c.source) for c in mine]) + str([c.get("outputs") for c in mine])
    for cell in cells:
        if cell.cell_type == "markdown":
            source = re.sub(r"\[[^\]]*\]\([^)]*\)", "|", as_shown(cell.source))
            for phrase in re.findall(r"[A-Za-z][A-Za-z ]{25,}[a-z]", source):
                assert (phrase in told) == (phrase in theirs), phrase


def test_solutions_are_folded_away_and_exercises_are_not(soup, name):
    tasks = [cell.source for cell in stored(LESSONS[name]).cells if "exercise" in cell.metadata.get("tags", [])]
    solved = solved_in(stored(LESSONS[name]))
    for source in [task for task in tasks if "check(" in task and "..." in task] + solved:
        [shown] = [pre for pre in soup.find_all("pre") if pre.get_text().strip() == source]
        assert bool(shown.find_parent("details", class_="solution")) == (source in solved)
    for folded in soup.select("details.solution"):  # what stands beside the triangle gives nothing away
        assert folded.summary.get_text() == "Solution" and not folded.has_attr("open")
    assert len(soup.select("details.solution")) == len(solved)


def test_every_output_of_the_lesson_is_on_the_page(soup, name):
    cells = [
        c
        for c in stored(LESSONS[name]).cells
        if c.cell_type == "code" and not {"exercise", "paper", "notebook"} & set(c.metadata.get("tags", []))
    ]
    assert len(soup.select(".output")) == sum(len(cell.outputs) for cell in cells)


@pytest.mark.long
def test_building_twice_gives_the_same_bytes(folder, tmp_path):
    """The students' pages alone, and together with all other editions, which only the indexes tell."""
    quietly(lesson_files(), tmp_path)
    again, before = files(tmp_path), files(folder)
    assert set(again) == {path for path in before if re.fullmatch(r"[\w-]+\.html", path)}
    assert [path for path, content in again.items() if content != before[path]] == ["index.html"]


def test_jupyter_offers_the_exporter_by_name():
    offered = {
        e.name: e.value for e in entry_points(group="nbconvert.exporters") if e.value.startswith("turkic_explainer.")
    }
    makers = (edition.maker.partition(":")[2] for edition in EDITIONS)
    assert sorted(offered.values()) == sorted(f"turkic_explainer.press.exporters:{maker}" for maker in makers)
    assert all(get_exporter(name)().export_from_notebook.startswith("Turkic Explainer") for name in offered)


SET = {
    'say "yes" to O\'Neil': "say “yes” to O’Neil",
    '*"quoted"* and "*in*"': "“quoted” and “in”",
    '`a = "code"` stays': 'a = "code" stays',
    '[a "link"](https://example.org "a title")': "a “link”",
}


@pytest.mark.parametrize("written", SET)
def test_quotes_are_set_as_print_has_them(tmp_path, written):
    [file] = quietly([lesson(tmp_path / "notebooks", prose("# T"), prose(written))], tmp_path / "out")
    assert SET[written] in BeautifulSoup(file.read_text("utf-8"), "html.parser").find("main").get_text()


def test_no_straight_quote_is_left_on_a_page_and_no_map_is_touched(html, name):
    soup = BeautifulSoup(html, "html.parser")
    maps = [frame["srcdoc"] for frame in soup.find_all("iframe")]
    for part in soup.find_all(["iframe", "svg", "style", "script", "pre", "code"]):
        part.decompose()
    assert not re.search(r"[\"']", soup.get_text())
    shown = "".join(
        o.get("data", {}).get("text/html", "") for c in stored(LESSONS[name]).cells for o in c.get("outputs", [])
    )
    live = [frame["srcdoc"] for frame in BeautifulSoup(shown, "html.parser").find_all("iframe")]
    assert [one for one in live if one not in maps] == []


# --- what decides what a page shows --------------------------------------------------------------------------------


def test_tags_decide_what_is_shown(tmp_path):
    cells = [prose("# Title"), prose("for the class"), prose("for her only", "teacher"), code("first = 1", shows="shown"),
             code("task = ...", "exercise", shows="not begun"), code("task = 2", "solution", shows="done")]  # fmt: skip
    soup = made(tmp_path, *cells)
    text = soup.get_text()
    for shown in ("for the class", "shown", "task = ...", "task = 2", "done"):
        assert shown in text
    for hidden in ("for her only", "first = 1", "not begun"):
        assert hidden not in text
    assert "task = 2" in soup.select_one("details.solution").get_text()
    assert "first = 1" in made(tmp_path, *cells, code=True).get_text()


def test_a_lesson_is_linked_as_a_page(tmp_path):
    leads = prose("# Title\n\n[next](06-next.ipynb) [part](06-next.ipynb#part) [out](https://a.b/c.ipynb)")
    both = [
        lesson(tmp_path / "notebooks", leads),
        lesson(tmp_path / "notebooks", prose("# Next"), name="06-next.ipynb"),
    ]
    soup = page(quietly(both, tmp_path / "out")[0].read_text("utf-8"))
    assert [a["href"] for a in soup.main.find_all("a")] == ["06-next.html", "06-next.html#part", "https://a.b/c.ipynb"]


def test_a_claim_cited_twice_has_one_note(tmp_path):
    soup = made(
        tmp_path,
        prose("# T\n\n[S1-02](evidence/S1.md#S1-02) [S4-02](evidence/S4.md#S4-02) [S1-02](evidence/S1.md#S1-02)"),
    )
    assert [note["id"] for note in soup.select(".notes ol > li")] == ["S1-02", "S4-02"]


def test_headings_of_one_wording_or_in_another_script_have_their_own_ids(tmp_path):
    soup = made(tmp_path, prose("# Title\n\n## Ask\n\n## Ask\n\n## Түркістан\n\n## Lesson"))
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert all(ids) and len(ids) == len(set(ids))
    assert [soup.find(id=a["href"][1:]).name for a in soup.nav.find_all("a")] == ["h2"] * 4


def test_a_table_of_pandas_own_gets_headers_that_say_what_they_head(tmp_path):
    frame = pd.DataFrame({"n": [1]}).to_html()
    table = made(tmp_path, prose("# T"), code("1", html=frame)).table
    assert [(th.get_text(), th["scope"]) for th in table.find_all("th")] == [("n", "col"), ("0", "row")]
    assert not table.has_attr("border")


# --- text stays text -----------------------------------------------------------------------------------------------


def test_hostile_text_in_a_claim_stays_text(seeds, tmp_path):
    edit(seeds / "S4.toml", f'says = "{ledger.claim("S4-02").says}"', f"says = '''{HOSTILE}'''")
    edit(seeds / "S4.toml", f'caveat = "{ledger.claim("S4-02").caveat}"', f"caveat = '''{HOSTILE}'''")
    soup = made(tmp_path, prose("# T\n\n[S4-02](evidence/S4.md#S4-02)"))
    assert not soup.find_all(["script", "img"])
    assert soup.find(id="S4-02").get_text().count(HOSTILE) == 2


def test_hostile_text_in_an_output_stays_text(tmp_path):
    outputs = [
        new_output("stream", text=HOSTILE), new_output("execute_result", {"text/plain": HOSTILE}, execution_count=1),
        new_output("error", ename="Error", evalue="", traceback=[HOSTILE]),
    ]  # fmt: skip
    soup = made(tmp_path, prose("# T"), new_code_cell(HOSTILE, outputs=outputs), code(HOSTILE, "exercise"))
    assert not soup.find_all(["script", "img"])
    assert soup.get_text().count(HOSTILE) == 4


def test_hostile_text_in_a_heading_stays_text(tmp_path):
    """As an author would write it who wants to show the signs themselves, and as metadata may bring it."""
    soup = made(tmp_path, prose("# 1 &lt; 2 &amp; &lt;img src=x&gt;"), prose("## `<img src=x>` again"))
    assert not soup.find_all("img")
    assert soup.title.get_text().startswith("1 < 2 & <img src=x>")
    assert soup.nav.find("a").get_text() == "<img src=x> again"


def test_a_picture_beside_the_lesson_is_put_into_the_page(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "town.png").write_bytes(b"\x89PNG")
    [picture] = made(tmp_path, prose("# T\n\n![A town](town.png)")).find_all("img")
    assert picture["src"] == "data:image/png;base64,iVBORw==" and picture["alt"] == "A town"


def test_a_picture_that_a_cell_shows_is_in_the_page(tmp_path):
    shown = code("draw()", shows="A curve")
    shown.outputs[0].data["image/png"] = "iVBORw=="
    [picture] = made(tmp_path, prose("# T"), shown).find_all("img")
    assert picture["src"] == "data:image/png;base64,iVBORw==" and picture["alt"] == "A curve"


def test_only_the_scripts_of_our_own_frames_may_run(tmp_path):
    planted = "<p data-x=\"1\">srcdoc='<script>alert(1)</script>'</p>"
    soup = made(tmp_path, prose("# T"), code("1", html=planted))
    assert "script-src 'none'" in soup.find("meta", attrs={"http-equiv": True})["content"]


def test_hostile_metadata_stays_text(tmp_path):
    file = lesson(tmp_path, prose("# T"))
    edit(file, '"kernelspec": {', '"turkic": {"lesson": "<img src=x>", "minutes": "<img src=y>"},\n  "kernelspec": {')
    [made] = quietly([file], tmp_path / "out")
    assert not page(made.read_text("utf-8")).find_all("img")


# --- a build that fails --------------------------------------------------------------------------------------------

UNKNOWN = "# T\n\n[S9-99](evidence/S9.md#S9-99) [S4-99](evidence/S4.md#S4-99)"


def test_an_unknown_citation_names_lesson_and_cell(tmp_path):
    file = lesson(tmp_path, prose("# T"), code("1"), prose(UNKNOWN))
    with pytest.raises(DataError, match="05-small.ipynb, cell 3: There is no claim 'S4-99'"):
        quietly([file], tmp_path / "out")


@pytest.mark.parametrize(
    "raw", [None, b"", b"{", b"[]", b"{}", b"\x89PNG\xff"],
    ids=["unknown citation", "empty", "cut off", "list", "no fields", "picture"],
)  # fmt: skip
def test_one_broken_lesson_does_not_keep_the_others_from_being_made(tmp_path, raw):
    good = [lesson(tmp_path, prose(f"# {name}"), name=f"{name}.ipynb") for name in ("04-before", "06-after")]
    broken = lesson(tmp_path, prose(UNKNOWN))
    if raw is not None:
        broken.write_bytes(raw)
    with pytest.raises(DataError) as caught:
        quietly([good[0], broken, good[1]], tmp_path / "out")
    [problem] = caught.value.problems
    assert problem.startswith("05-small.ipynb was not converted")
    assert list(files(tmp_path / "out")) == ["04-before.html", "06-after.html", "index.html"]


def test_a_broken_lesson_leaves_its_last_page(tmp_path):
    [made] = quietly([lesson(tmp_path, prose("# Good"))], tmp_path / "out")
    before = made.read_bytes()
    with pytest.raises(DataError):
        quietly([lesson(tmp_path, prose(UNKNOWN))], tmp_path / "out")
    assert made.read_bytes() == before


@pytest.mark.parametrize("reason", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("after", [1, 2])
def test_an_interrupted_build_leaves_every_file_whole_and_the_next_one_makes_the_rest(tmp_path, reason, after):
    out, names = tmp_path / "out", ("04-one.ipynb", "05-two.ipynb", "06-three.ipynb")
    quietly([lesson(tmp_path, prose("# Old"), name=name) for name in names], out)
    before = files(out)
    said = []

    def say(line):
        said.append(line)
        if len(said) == after:
            raise reason

    with pytest.raises(reason):
        build([lesson(tmp_path, prose("# New"), name=name) for name in names], out, say=say)
    between = files(out)
    quietly([lesson(tmp_path, prose("# New"), name=name) for name in names], out)
    assert between.keys() == before.keys() and all(
        between[path] in (before[path], made) for path, made in files(out).items()
    )


def test_progress_is_told_file_by_file(tmp_path):
    said = []
    build([lesson(tmp_path, prose("# T"), name=f"0{n}-x.ipynb") for n in (1, 2)], tmp_path / "out", say=said.append)
    told = ["[1/5] students/01-x.html: ", "[2/5] students/02-x.html: ", "[3/5] students/all.html: ", "[4/5] students/index.html: ", "[5/5] students.zip: "]  # fmt: skip
    assert [re.sub(r"\d+ kB", "", line) for line in said] == told
