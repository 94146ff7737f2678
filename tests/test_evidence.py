"""The evidence as texts to be read: a click on a citation or a word lands on it, without a kernel, and a click leads back."""

from __future__ import annotations

import re

import mistune
import pytest
from bs4 import BeautifulSoup

from turkic_explainer import ledger, tables, vocabulary
from turkic_explainer.files import lesson_files, read
from turkic_explainer.markup import ADDRESS, host
from turkic_explainer.press import evidence
from turkic_explainer.press.build import build
from turkic_explainer.press.checks import check_prose, preflight
from turkic_explainer.press.hour import COLLAPSED
from turkic_explainer.press.notebooks import canonical, dumps

from .browser import deeper, started_lab
from .conftest import CURLY, HOSTILE, ROOT, edit, lesson, lesson_with, prose, stored

FOLDER = ROOT / "notebooks" / "evidence"
CLAIMS = [ledger.claim(claim_id) for claim_id in ledger.claims().index]
LINK = re.compile(r"\[((?:[^\]\\]|\\.)*)\]\(([^)\s]+)\)")


def anchors(text: str) -> set[str]:
    """What a link into a Markdown file can name: JupyterLab takes a heading's text for its id, and ids in HTML as they are."""
    return {*re.findall(r"^#+ ([\w-]+)$", text, re.M), *re.findall(r'<a id="([^"]+)"></a>', text)}


def shown(markdown: str) -> BeautifulSoup:
    return BeautifulSoup(mistune.html(markdown), "html.parser")


# --- the texts -----------------------------------------------------------------------------------------------------


def test_the_texts_are_what_refresh_would_write():
    assert [*evidence.stale(ROOT / "notebooks")] == []
    assert {file.name for file in FOLDER.iterdir()} == set(evidence.texts(lesson_files()))


def test_each_claim_and_each_word_has_a_heading_to_land_on():
    there = {file.name: anchors(file.read_text("utf-8")) for file in FOLDER.iterdir()}
    for claim in CLAIMS:
        name, _, heading = ledger.page_of(claim.id).removeprefix("evidence/").partition("#")
        assert heading in there[name]
    slugs = [vocabulary.slug(word) for word in vocabulary.glossary().index]
    assert len(set(slugs)) == len(slugs) and set(slugs) == there["words.md"] and all(map(str.isascii, slugs))
    assert vocabulary.slug("Türkiye") == "word-turkiye"


@pytest.mark.parametrize("file", [*lesson_files(), *sorted(FOLDER.iterdir())], ids=lambda f: f.stem)
def test_no_link_between_lessons_and_evidence_is_dead(file):
    lesson_text = file.suffix == ".ipynb"
    text = file.read_text("utf-8")
    if lesson_text:
        text = "\n".join(cell.source for cell in read(file).cells if cell.cell_type == "markdown")
    inside = [(name, url) for name, url in LINK.findall(text) if not url.startswith("http")]
    assert inside or file.stem == "09-words"
    for name, url in inside:
        path, _, place = url.partition("#")
        target = file.parent / path
        assert target.is_file(), url
        if target.suffix == ".md" and place:
            assert place in anchors(target.read_text("utf-8")), url
        elif place:
            assert place.removeprefix("cell-id=") in {cell.id for cell in read(target).cells}, url
        if ledger.CLAIM_ID.fullmatch(name):
            assert place == name


def test_a_claim_is_told_whole_with_its_sources_as_links_and_a_way_back():
    text = shown((FOLDER / "background.md").read_text("utf-8"))
    heading = next(h for h in text.find_all("h3") if h.get_text() == "B-029")
    claim, said, told = ledger.claim("B-029"), heading.find_next("p"), heading.find_next("ul")
    assert said.get_text() == claim.says
    links = {link["href"]: link.get_text() for link in told.find_all("a")}
    for address in claim.sources:
        assert links[ADDRESS.search(address)[0]] == host(address.split()[0])
    assert claim.caveat in told.get_text() and "two sources or more say it" in told.get_text()
    back = f"../{lesson_with('venue_map()')}.ipynb"
    [(name, place)] = [(links[url], url.split("=")[1]) for url in links if url.startswith(f"{back}#cell-id=")]
    assert name.startswith("02 A summit needs a place") and place == evidence.met(read(FOLDER / back))["B-029"]


def test_every_address_of_a_source_is_a_link_on_its_card_and_in_the_text():
    texts = "".join(file.read_text("utf-8") for file in FOLDER.glob("[Sb]*.md")).replace("&amp;", "&")
    for claim in CLAIMS:
        card = BeautifulSoup(ledger.cite(claim.id).body, "html.parser")
        wanted = [address for text in (claim.caveat or "", *claim.sources) for address in ADDRESS.findall(text)]
        assert [link["href"] for link in card.find_all("a")] == wanted
        assert all(f"]({address})" in texts for address in wanted)
        assert claim.kind != "background" or wanted or claim.confidence in ("no-source", "recollection"), claim.id


# What Markdown, HTML and JupyterLab's formulas would take for their own.
TRICKS = [
    HOSTILE, "# no heading", "- no item", "1. no item", "2024) none", "> no quote", "=== line", "a *b* _c_ `d` ~~e~~ | f", "5 $ and 6 $",
    "[x](javascript:alert(1))", "![x](http://a.b/c.png)", "<a id='S3-77'>x</a>", "a\n\n## b\n\n<b>c</b>", "&lt;b&gt; &copy;", "\\[x\\] \\(y\\)",
    "javascript:alert(1) data:text/html,x", "~~~\ncode", "[S4-02]: http://a.b", "<!-- x -->", "{{ x }} {% y %}",
]  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS)
def test_text_of_the_data_stays_text(trick):
    for place in ("{}", "- **Careful:** {}", "### {}"):
        made = evidence.plain(trick)
        soup = shown(place.format(made))
        plain_text = ADDRESS.sub(lambda address: host(address[0]), " ".join(trick.split()))
        assert soup.get_text().strip().removeprefix("Careful: ") == plain_text
        assert {tag.name for tag in soup.find_all(True)} <= {"p", "a", "ul", "li", "strong", "h3"} and "$" not in made
        assert all(re.match("https?://|S[0-4].md#", link["href"]) for link in soup.find_all("a"))


def test_hostile_claims_stay_text_in_the_whole_file(seeds):
    edit(seeds / "S4.toml", f'says = "{ledger.claim("S4-02").says}"', f"says = '''{HOSTILE}'''")
    text = evidence.texts(lesson_files())["S4.md"]
    assert "<script" not in text and "<img" not in text
    assert HOSTILE in shown(text).get_text()


# --- what is for authors alone ---------------------------------------------------------------------------------------

# Working notes: on how the data was gathered, what to do with it, and names of files, columns and tools.
AUTHORS = re.compile(
    r"\b(?:stored (?:page|source|summary|part|copy|web)|in the part that is stored|row added|added in checking|\w+\.(?:csv|toml|json|py)\b|"
    r"polygons?|plots in|leg_km|\w+_(?:km|basis|by)\b|PyPI|npm|geonameid|third-party|great-circle|TODO|FIXME|draft of this|this file|"
    r"check(?:ed)? afresh|use with care|handle neutrally|do not (?:print|use|draw)|never (?:draw|mix)|prefer it|an exercise\b|good frame|"
    r"see the \w+ row|in the set\b|[Nn]o stored|S\d p\d|confirmed-by-two|supported-by-source|undated here|NE \d)", re.I
)  # fmt: skip


def told_to_readers():
    """Every text of the evidence and of the tables that a reader may meet, by where it stands."""
    for claim in CLAIMS:
        for field in ("says", "caveat", "unit", "qualifier", "speaker", "topic"):
            yield f"{claim.id}, {field}", getattr(claim, field) or ""
        yield from ((f"{claim.id}, sources", re.sub(r"https?://\S+", "", text)) for text in claim.sources)
    for report in ledger.sources().index:
        about = vars(ledger.source(report))
        yield from (
            (f"{report}, {f}", about[f]) for f in ("outlet", "outlet_basis", "origin", "title", "date_basis", "voices")
        )
    for row in ledger.disagreements().itertuples():
        yield from ((f"{row.Index}, {f}", getattr(row, f)) for f in ("title", "differs", "might_explain"))
    for name in tables.__all__:
        frame = tables.table(name).reset_index()
        for column in frame:
            texts = {text for text in frame[column] if isinstance(text, str)} - {*ledger.CONFIDENCE_WORDS}
            yield from ((f"{name}, {column}", text) for text in sorted(texts))
    yield from (("confidence", word) for word in ledger.CONFIDENCE_WORDS.values())


def test_no_working_note_reaches_a_reader():
    texts = [*told_to_readers()]
    assert len(texts) > 4000
    assert [f"{where}: {found[0]}" for where, text in texts if (found := AUTHORS.search(text))] == []


def test_notes_for_authors_are_shown_nowhere():
    notes = [claim.note for claim in CLAIMS if claim.note]
    files = [*FOLDER.iterdir(), *(ROOT / "notebooks" / "text").iterdir()]
    assert len(notes) > 20 and "note" not in ledger.claims().columns
    texts = " ".join(file.read_text("utf-8") for file in files) + " ".join(repr(ledger.cite(c.id)) for c in CLAIMS)
    assert [note for note in notes if note in texts] == []


def test_a_report_is_called_by_what_it_is():
    assert ledger.named("S1") == "The Astana Times, July 2024" and ledger.named("B") == "background record"
    assert "The Astana Times, July 2024" in ledger.cite("S1-31").body
    title = read(lesson_files()[2]).cells[0].source
    assert "reports [S0 (The Astana Times, June 2025)](evidence/S0.md), " in title


# --- beside the lessons ----------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path):
    """A lesson that cites, with the evidence beside it."""
    file = lesson(
        tmp_path / "notebooks", prose("# T\n\nThe OTS was founded in 2009 [B-029](evidence/background.md#B-029).")
    )
    evidence.written(file.parent)
    return file


def test_check_names_what_is_stale(small):
    assert preflight([small], run=False, say=str) == []
    text = small.parent / "evidence" / "S3.md"
    text.write_text("x")
    (small.parent / "evidence" / "words.md").unlink()
    found = preflight([small], run=False, say=str)
    assert [line.split(":")[0] for line in found] == ["evidence/S3.md", "evidence/words.md"] and "refresh" in found[0]
    assert evidence.written(small.parent) == ["S3.md", "words.md"] and evidence.written(small.parent) == []


def test_links_of_before_are_understood_told_and_mended(small):
    old = (
        "# T\n\nThe OTS was founded in 2009 [B-029](../seeds/background.toml). A [summit](09-words.ipynb#word-summit)."
    )
    problem = next(check_prose(prose(old), small))
    assert "refresh" in problem and "evidence/background.md#B-029" in problem
    notebook = stored(small)
    notebook.cells[0].source = old
    small.write_text(dumps(notebook), "utf-8")
    build([small], small.parent / "out", say=str)
    page = BeautifulSoup((small.parent / "out" / "students" / f"{small.stem}.html").read_text("utf-8"), "html.parser")
    assert [page.select_one(mark)["popovertarget"] for mark in (".cite", ".word")] == ["B-029", "meaning-word-summit"]
    mended = canonical(stored(small)).cells[0].source
    assert "[B-029](evidence/background.md#B-029)" in mended and "[summit](evidence/words.md#word-summit)" in mended


def test_in_handouts_the_evidence_leads_to_the_lessons_that_are_there(tmp_path):
    files = lesson_files()
    build(files, tmp_path, ["notebook"], only=[files[2].stem], say=str)
    texts = {file: file.read_text("utf-8") for file in (tmp_path / "students" / "notebooks" / "evidence").iterdir()}
    assert {file.name for file in texts} == {file.name for file in FOLDER.iterdir()}
    links = [(file, url) for file, text in texts.items() for _, url in LINK.findall(text) if not url.startswith("http")]
    assert all((file.parent / url.partition("#")[0]).is_file() for file, url in links)
    assert any(files[2].name in url for _, url in links)
    assert "08 Every report is a choice" in texts[tmp_path / "students" / "notebooks" / "evidence" / "S3.md"], (
        "as words, without a link"
    )


def test_the_page_shows_the_sources_and_leads_back(course_pages):
    name = lesson_with("venue_map()")
    page = BeautifulSoup(course_pages[f"{name}.html"].read_text("utf-8").translate(CURLY), "html.parser")
    note = page.find(id="B-029")
    assert {link["href"] for link in note.select("ul a")} == {
        ADDRESS.search(s)[0] for s in ledger.claim("B-029").sources
    }
    for note in page.select(".notes ol > li"):
        cited = page.find(id=note.select_one(".back")["href"][1:])
        assert cited["popovertarget"] == note["id"]
        assert cited["aria-label"] == f"Source {cited.get_text()}, {note['id']}"
        assert note.select_one(".number").get_text() == cited.get_text()


# --- in a browser ----------------------------------------------------------------------------------------------------

IN_VIEW = """(e) => { const {top, bottom} = e.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight && e.checkVisibility(); }"""


def seen(page, selector: str):
    """Waits until what is meant by this selector is in view, whole."""
    found = page.locator(selector).first
    found.wait_for(timeout=60_000)
    page.wait_for_function(IN_VIEW, arg=found.element_handle(), timeout=10_000)
    return found


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with started_lab(tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.mark.long
def test_one_click_from_a_citation_to_its_claim_and_one_back_without_a_kernel(lab, open_page):
    """In JupyterLab, where no kernel can be started; and to a word, also one with a letter that is not ASCII."""
    address, folder = lab
    name = lesson_with("venue_map()")
    file = folder / "notebooks" / f"{name}.ipynb"
    file.write_text(
        file.read_text("utf-8").replace("](evidence/words.md#word-summit)", "](evidence/words.md#word-turkiye)"),
        "utf-8",
    )
    page = open_page("about:blank", width=1366, height=768)
    asked = []  # what asks for a kernel waits for its answer to the end
    page.route("**/api/sessions*", lambda r: asked.append(r) if r.request.method == "POST" else r.continue_())
    page.goto(address.replace("00-start-here", name))
    lesson_, places = stored(file), evidence.met(stored(file))
    ids, kinds = [cell.id for cell in lesson_.cells], {cell.id: cell.cell_type for cell in lesson_.cells}
    deep = {cell.id for cell in lesson_.cells if COLLAPSED in cell.metadata}
    plain = next(c for c, id_ in places.items() if c[0] == "S" and kinds[id_] == "markdown" and id_ not in deep)
    assert places["B-029"] in deep and kinds[places["S1-02"]] == "code"
    for claim_id in ("B-029", "S1-02", plain):
        cited = page.locator(f".jp-Notebook a[href*='evidence/'][href$='#{claim_id}']").first
        cited.wait_for(state="attached", timeout=60_000)
        if not cited.is_visible():
            deeper(page, 1)  # as a reader opens the part in which it stands
        cited.click()  # the first click
        heading = seen(page, f".jp-MarkdownViewer h3[data-jupyter-id='{claim_id}']")
        assert heading.evaluate("e => e.nextElementSibling.textContent") == ledger.claim(claim_id).says
        back = heading.evaluate_handle(f"e => [...document.querySelectorAll('a')].find(a => a.href.includes('{name}') && "
                                       "e.compareDocumentPosition(a) & Node.DOCUMENT_POSITION_FOLLOWING)")  # fmt: skip
        back.as_element().click()  # and the one back: to the cell that cites it, or the heading of the part that does
        there = f".jp-Notebook .jp-Cell[data-windowed-list-index='{ids.index(places[claim_id])}']"
        seen(page, f"{there} :is(.jp-MarkdownOutput > :first-child, .jp-Editor:not(.lm-mod-hidden))")
        if claim_id == plain:
            seen(page, f"{there} a[href$='#{claim_id}']")
        assert not page.locator(".jp-MarkdownViewer:visible").count()
    page.locator(".jp-Notebook a[href$='#word-turkiye']").first.click()
    word = seen(page, ".jp-MarkdownViewer h3:has([data-jupyter-id='word-turkiye'])")
    assert word.inner_text().startswith("Türkiye")
    home, token = address.partition("/lab")[0], address.partition("token=")[2]
    assert asked and page.request.get(f"{home}/api/kernels", headers={"Authorization": f"token {token}"}).json() == []
    for route in asked:
        route.abort()


def test_one_click_to_the_claim_and_one_back_on_the_page(course_pages, open_page):
    """A mark opens the claim over the page; from the list at the end, an arrow leads back to the mark."""
    page = open_page(course_pages[f"{lesson_with('venue_map()')}.html"].as_uri())
    marks = page.locator(".cite[id]:visible").evaluate_all("all => all.map(mark => mark.getAttribute('popovertarget'))")
    for claim_id in (marks[0], next(claim_id for claim_id in marks if claim_id.startswith("S"))):
        mark = page.locator(f".cite[id='from-{claim_id}']")
        mark.click()
        assert ledger.claim(claim_id).says in seen(page, f"[id='{claim_id}']:popover-open").inner_text().translate(
            CURLY
        )
        mark.click()
        page.locator(f"[id='{claim_id}']:not(:popover-open) .back").click()
        seen(page, f".cite[id='from-{claim_id}']")
