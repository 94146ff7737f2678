"""The index of all that was built, its search, and the pages of all lessons: true, whole, and usable by everybody."""

import json
import re
from base64 import b64decode
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from turkic_explainer.files import lesson_files, read
from turkic_explainer.press import build as building
from turkic_explainer.press.blocks import Lesson
from turkic_explainer.press.build import build
from turkic_explainer.press.site import card

from .browser import axe, unfolded
from .conftest import HOSTILE, code, lesson, loads, matrix, page, prose, stored, without_cells
from .test_handout import files

LESSONS = lesson_files()
[WORDS] = [file.stem for file in LESSONS if "lesson" not in stored(file).metadata.turkic]  # the list of words
WHOLE = ("all.html", "teacher/all.html", "teacher/keys/all.html", "worksheets/all.html")


INDEXES = ("index.html", "teacher/index.html")


@pytest.fixture(scope="module")
def course(course_pages):
    return course_pages


@pytest.fixture(scope="module", params=INDEXES)
def entrance(course, request):
    """The index of one of the two entrances."""
    return course[request.param]


@pytest.fixture(scope="module")
def soup(entrance):
    return page(entrance.read_text("utf-8"))


def places(soup) -> list[list[str]]:
    """What the search knows: lesson, heading, text and address."""
    return json.loads(soup.find("script", id="places").get_text())


def told(file) -> dict:
    return card(Lesson(file.stem, file.parent, read(file)))


def index_of(tmp_path, *cells, name="05-small.ipynb", **options):
    build([lesson(tmp_path / "notebooks", *cells, name=name)], tmp_path / "out", say=str, **options)
    theirs = [out for name in ("students", "teacher") if (out := tmp_path / "out" / name / "index.html").is_file()]
    return page(theirs[0].read_text("utf-8"))


# --- the index -----------------------------------------------------------------------------------------------------


def test_everything_that_was_built_is_linked_and_every_link_leads_there(soup, entrance):
    """To the teacher, all of it; to students, all that is theirs, and nothing beyond their folder."""
    root = entrance.parent.parent
    linked = {(entrance.parent / unquote(a["href"].partition("#")[0])).resolve() for a in soup.main.find_all("a")}
    there = {root / "students" / path for path in files(root / "students")}
    if entrance.parent.name == "teacher":
        there |= {root / "teacher" / path for path in files(root / "teacher")}
    beside = {f for f in there if f.parent.name == "evidence" or f.suffix == ".json"}  # read by the notebooks
    assert linked == {file for file in there if file.name != "index.html"} - beside


def test_each_lesson_has_its_number_title_time_and_purpose(soup):
    cards = soup.select(".cards > li")
    assert len(cards) == len(LESSONS)
    for item, file in zip(cards, LESSONS, strict=True):
        notebook, text = stored(file), " ".join(item.get_text().split())
        assert item.h3.get_text() == told(file)["title"]
        if "lesson" in notebook.metadata.turkic:
            assert f"Lesson {notebook.metadata.turkic.lesson} · {notebook.metadata.turkic.minutes} minutes" in text
            assert item.select_one(".about").get_text().startswith("You will be able to ")
            assert item.select_one(".about").get_text().endswith(".")
    minutes = sum(stored(file).metadata.turkic.get("minutes", 0) for file in LESSONS)
    assert f"{minutes // 60} h {minutes % 60:02} min in all" in soup.header.get_text()


def test_sizes_are_true(soup, entrance):
    for link in soup.select(".files a, .whole a"):
        size = (entrance.parent / unquote(link["href"])).stat().st_size
        number, unit = link.find_next_sibling(class_="soft").get_text().split()
        assert abs(float(number) * {"kB": 1e3, "MB": 1e6}[unit] - size) <= max(600, size / 15)


def test_most_lessons_have_a_picture_of_their_own_and_each_is_a_sound_image(soup):
    pictures = [img["src"] for img in soup.select(".cards img")]
    assert (
        len(pictures)
        == len(set(pictures))
        == sum("picture" in c.metadata.get("tags", []) for f in LESSONS for c in stored(f).cells)
        >= 8
    )
    for picture in pictures:
        svg = ElementTree.fromstring(b64decode(picture.removeprefix("data:image/svg+xml;base64,")))
        assert svg.tag.endswith("svg") and len(list(svg.iter())) > 10
    assert len(soup.select(".cards .letters")) == len(LESSONS) - len(pictures)


def test_the_index_is_whole_loads_nothing_and_its_script_is_the_only_one(soup, entrance):
    html = entrance.read_text("utf-8")
    beside = ["course.css", *["../students/course.css"] * (entrance.parent.name == "teacher")]
    assert loads(html) == beside and len(html) < 520_000
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert re.search(r"default-src 'none'.*script-src 'sha256-[\w+/=]+';", policy)
    assert [s.get("type") for s in soup.find_all("script")] == ["application/json", None]


def test_every_place_of_the_search_is_on_a_students_page(soup, entrance):
    ids = {}
    for _, heading, text, address in places(soup):
        name, _, part = unquote(address).partition("#")
        if name not in ids:
            html = page((entrance.parent / name).read_text("utf-8"))
            for label in html.select("h3 > .label"):  # it stands before a heading on the page alone
                assert label.extract().get_text() == "Deeper"
            ids[name] = {tag["id"]: " ".join(tag.get_text().split()) for tag in html.find_all(id=True)}
        assert part in ids[name], address
        assert re.sub(r"\W", "", ids[name][part]).startswith(re.sub(r"\W", "", heading)), address
        assert text or heading
    assert len(ids) == len(LESSONS)


def test_the_search_finds_nothing_that_is_kept_from_students(soup):
    """It knows the same without these cells. Their words may be found all the same, where the lesson says them as well."""
    found = [(heading, text) for _, heading, text, _ in places(soup)]
    kept_back = ("teacher", "answer", "solution", "paper")
    bare = [without_cells(Lesson(f.stem, f.parent, read(f)), *kept_back) for f in LESSONS]
    assert found == [(heading, text) for one in bare for heading, _, text in card(one)["sections"]]
    assert not any(said in text for _, text in found for said in ("For the teacher.", "Model answer."))


def test_all_prose_of_a_lesson_can_be_found(tmp_path):
    soup = index_of(tmp_path, prose("# Title (3 minutes)\n\nBefore *all*, see [S4-02](evidence/S4.md#S4-02)."), code("1", shows="1"),
                    prose("- one\n- two\n\n## Part\n\nBelow."), prose("## Secret\n\nhers", "teacher"),
                    prose("## Part\n\nAgain."), prose("the answer", "solution"))  # fmt: skip
    assert places(soup) == [
        ["", "Title", "Before all, see. one two", "05-small.html#part-title"],
        ["", "Part", "Below.", "05-small.html#part-part"],
        ["", "Part", "Again.", "05-small.html#part-part-2"],
    ]


def test_the_alphabet_has_every_place(soup):
    listed = {(a.get_text(), a["href"]) for a in soup.select(".a-z li a")}
    assert len(listed) == len(places(soup)) and {href for _, href in listed} == {p[3] for p in places(soup)}
    words = {p[1] for p in places(soup) if f"{WORDS}.html" in p[3]}
    assert any(word.startswith("corridor") for word in words) and len(words) > 80


def test_without_students_pages_there_is_no_search(tmp_path):
    soup = index_of(tmp_path, prose("# Title"), editions=["teacher"])
    assert not soup.find_all("script") and not soup.find(id="find") and not soup.find(class_="a-z")
    assert [a["href"] for a in soup.select(".cards h3 a")] == ["05-small.html"]


def test_a_lesson_without_any_heading_has_its_card(tmp_path):
    soup = index_of(tmp_path, prose("Only text. And more."), code("1", shows="1"))
    assert soup.select_one(".cards h3").get_text() == "05-small"


def test_a_picture_that_is_none_is_left_out(tmp_path):
    soup = index_of(tmp_path, prose("# T"), code("1", "picture", html='<svg role="img"><path d="</svg>'))
    assert not soup.find_all("img") and soup.find(class_="letters")


def test_hostile_text_stays_text(tmp_path):
    file = lesson(tmp_path / "notebooks", prose(f"# `{HOSTILE}`\n\nYou will be able to `{HOSTILE}`. </script><script>alert(3)</script>"),
                  code("1", "picture", html=f'<svg role="img" aria-label="x"><script>alert(4)</script><path d="M0 0"/></svg>{HOSTILE}'))  # fmt: skip
    text = file.read_text("utf-8").replace(
        '"kernelspec": {', '"turkic": {"lesson": "<img src=x>", "minutes": "<b>"},\n  "kernelspec": {'
    )
    file.write_text(text, "utf-8")
    build([file], tmp_path / "out", say=str)
    soup = page((tmp_path / "out" / "students" / "index.html").read_text("utf-8"))
    assert [s.get("type") for s in soup.find_all("script")] == ["application/json", None]
    assert all(img["src"].startswith("data:image/svg+xml;base64,") for img in soup.find_all("img"))
    assert "<script>alert(1)</script>" in soup.select_one(".cards h3").get_text()
    assert "<img src=x>" in soup.select_one(".cards .soft").get_text()
    assert any("<script>alert(3)</script>" in text for _, _, text, _ in places(soup))


# --- all lessons on one page ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WHOLE)
def test_a_page_of_all_is_whole(course, path):
    html = course[path].read_text("utf-8")
    soup = page(html)
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))
    assert loads(html) == ["course.css"] * (path in WHOLE[:2]) and not soup.find_all("iframe")
    # Twelve lessons, 101 Deeper parts, and 15 charts each drawn for two widths: 2.84 and 2.88 MB on 28 November 2026.
    assert len(html.encode()) < 3_000_000
    for link in soup.find_all("a"):
        target = link["href"]
        if target.startswith("#"):
            assert target[1:] in ids, target
        elif not target.startswith(("https://", "http://")):
            assert course[path].parent.joinpath(target.partition("#")[0]).is_file(), target


@pytest.mark.parametrize("path", WHOLE[:2])
def test_a_page_of_all_has_every_lesson_and_each_note_once(course, path):
    soup = page(course[path].read_text("utf-8"))
    own = [page(course[path].with_name(f"{f.stem}.html").read_text("utf-8")) for f in LESSONS]
    assert [h.get_text() for h in soup.select("main h1")] == [one.h1.get_text() for one in own]
    assert len(soup.select(".begins")) == len(LESSONS)
    notes = [note["id"] for note in soup.select(".notes ol > li")]
    assert sorted(notes) == sorted({note["id"] for one in own for note in one.select(".notes ol > li")})
    assert soup.select_one("h1#part-the-words-of-this-course") and not soup.select(
        "a[href$='.html']:not([href^=http])"
    ), "links stay on the page"


# --- in a browser --------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(open_page, course):
    """Opens the index, or another page beside it."""
    return lambda width=1280, scheme="light", javascript=True, address=None: open_page(
        address or course["index.html"].as_uri(), width, scheme, javascript
    )


@pytest.mark.parametrize(
    "path, width, scheme",
    matrix(
        [(path, width, scheme) for path in INDEXES for width in (320, 390, 1280) for scheme in ("light", "dark")],
        (INDEXES[0], 390, "dark"),
        (INDEXES[1], 1280, "light"),
    ),
)
def test_the_index_is_accessible_and_asks_for_nothing(opened, course, path, width, scheme):
    """But for the style by which it knows that it is unpacked."""
    page = opened(width, scheme, address=course[path].as_uri())
    page.evaluate("document.querySelector('details').open = true")
    page.fill("#find", "summit")
    page.wait_for_selector("#found li")
    assert axe(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    sheets = [
        course[path].with_name("course.css"),
        *[course[INDEXES[0]].with_name("course.css")] * (path == INDEXES[1]),
    ]
    asked = [url for url in page.asked if not url.startswith("data:")]
    assert asked == [page.url, *(sheet.as_uri() for sheet in sheets)] and page.complaints == []
    assert not page.locator(".note:visible").count()
    assert page.evaluate("[...document.images].every(i => i.decode().then(() => true) && i.naturalWidth > 0)")


@pytest.mark.parametrize("path", matrix([*WHOLE[:2]]))
def test_a_page_of_all_is_accessible_and_shows_its_maps_still(opened, course, path):
    """On paper each map is there as it is; on the screen it may stand in a fold, with what answers a guess."""
    page = opened(address=course[path].as_uri())
    assert axe(page) == [] and page.complaints == []
    stills, maps = page.locator(".tx-map .tx-still:visible"), page.locator(".tx-map").count()
    page.emulate_media(media="print")
    assert stills.count() == maps >= 2
    page.emulate_media(media="screen")
    unfolded(page)
    assert stills.count() == maps and page.locator("iframe").count() == 0
    assert stills.evaluate_all("all => all.every(e => e.naturalWidth > 300 && e.offsetHeight > 150)")


def test_the_search_works_with_the_keyboard_alone(opened):
    page = opened()
    page.keyboard.press("Tab")  # to the link that skips
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("turkistan summit")
    page.locator(
        "#found mark", has_text=re.compile("^summit$", re.I)
    ).first.wait_for()  # the whole of it has been looked for
    said = page.locator("#found-number")
    assert said.get_attribute("role") == "status"
    assert said.inner_text() == f"{page.locator('#found li').count()} places found"
    for place in page.locator("#found li").all():
        assert place.locator("mark").count() >= 1
    assert {m.lower() for m in page.locator("#found mark").all_inner_texts()} == {"turkistan", "summit"}
    page.keyboard.press("Tab")
    heading = page.evaluate("document.activeElement.textContent")
    assert heading == page.locator("#found a").first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/*.html#*")
    part = page.locator(f"[id='{unquote(page.url.partition('#')[2])}']")
    assert part.inner_text().startswith(heading) and part.is_visible()
    page.go_back()
    page.wait_for_selector("#found li, #find")


@pytest.mark.parametrize(
    "typed, first",
    [
        ("türkiye", None),
        ("Turkiye", None),
        ("TÜRKİYE", None),
        ("turkıye", None),
        ("  corridor  ", "corridor"),
        ("middle corridor", "Middle Corridor"),
    ],
)
def test_letters_with_and_without_marks_are_one(opened, typed, first):
    page = opened()
    page.fill("#find", typed)
    page.wait_for_selector("#found li")
    if first:
        assert first in page.locator("#found a").first.inner_text()
    else:
        assert "Türkiye" in page.locator("#found mark").all_inner_texts()


def test_what_is_not_there_is_said(opened):
    page = opened()
    page.fill("#find", "xyzzy")
    page.get_by_text("Nothing found.").wait_for()
    assert page.locator("#found li").count() == 0
    page.fill("#find", "")
    page.wait_for_timeout(300)
    assert page.locator("#found-number").inner_text() == ""
    page.fill("#find", "the")
    page.get_by_text("the first 40 are shown").wait_for()
    assert page.locator("#found li").count() == 40


def test_without_a_script_the_alphabet_stands_in_for_the_search(opened):
    page = opened(javascript=False)
    assert not page.locator("#find").is_visible()
    page.locator(".a-z summary").click()
    link = page.locator(".a-z").get_by_role("link", name="corridor", exact=True).first
    assert link.is_visible()
    link.click()
    assert f"{WORDS}.html#word-corridor" in page.url
    assert page.locator("#word-corridor").is_visible()


def test_the_index_prints_as_a_course_on_one_page(opened):
    page = opened()
    page.emulate_media(media="print")
    for hidden in ("#find", ".a-z", ".files"):
        assert not page.locator(hidden).first.is_visible()
    assert page.locator(".cards h3:visible").count() == len(LESSONS)
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1


def test_hostile_text_does_nothing_in_the_index_or_its_search(opened, tmp_path):
    payload = "<img src=x onerror=document.title=1><svg onload=document.title=1> needle"
    file = lesson(tmp_path, prose(f"# `{payload}`\n\n`{payload}`"))
    build([file], tmp_path / "out", say=str)
    page = opened(address=(tmp_path / "out" / "students" / "index.html").as_uri())
    page.fill("#find", "needle")
    page.wait_for_selector("#found li")
    page.wait_for_timeout(200)
    assert page.title() == "The lessons · Turkic Explainer" and page.complaints == []
    assert page.locator("#found img, #found svg, .cards h3 img").count() == 0
    assert payload.partition(" needle")[0] in page.locator("#found a").first.inner_text()


def test_the_index_says_the_same_of_the_same(tmp_path):
    """Made in another order, or in two steps, it is the same index."""
    lessons = [lesson(tmp_path / "notebooks", prose(f"# {n}"), name=f"{n}-x.ipynb") for n in ("04", "05")]
    build(lessons, tmp_path / "one", say=str)
    build(lessons, tmp_path / "two", only=["05-x"], say=str)
    build(lessons, tmp_path / "two", say=str)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert building.INDEX in files(tmp_path / "one")
