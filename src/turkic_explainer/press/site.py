"""What holds the lessons together: what the index tells of each, the index itself, and a page of all for printing."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from ..files import in_order
from ..markup import Markup
from ..spoken import said
from .address import code_to
from .blocks import Lesson, Page, output_html, parsed
from .folder import HOME, Folder
from .pages import NOT_FOR_STUDENTS, allowed_scripts
from .template import asset, filled, whole_page

_CHART = re.compile(r'<svg (role="img"[^>]*)>(.*?)</svg>', re.S)
_MAP = re.compile(r'<img class="tx-still" [^<>]*src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]*)"')

# --- what the index tells of a lesson ------------------------------------------------------------------------------


def card(lesson: Lesson) -> dict[str, Any]:
    """What the index tells of a lesson. It knows nothing that does not stand on the students' page.

    `sections` are triples of a heading, its id on that page, and the text below it.
    """
    sections = [*_sections(lesson), *_words(lesson)]
    image, is_map = picture(lesson)
    return {
        "name": lesson.name,
        "title": lesson.title,
        "language": lesson.language,
        "lesson": str(lesson.about.get("lesson") or ""),
        "minutes": minutes if isinstance(minutes := lesson.about.get("minutes"), int) else 0,
        "about": _purpose(sections[0][2]) if sections else "",
        "picture": image,
        "map": is_map,
        "numbered": "lesson" in lesson.about,
        "sections": sections,
    }


def _sections(lesson: Lesson) -> list[tuple[str, str, str]]:
    """The headings on the students' page, and what stands below each."""
    page, sections = Page(citation=Markup("")), []
    for number, cell, tags in lesson.cells(without=NOT_FOR_STUDENTS):
        if cell.cell_type == "markdown":
            prose = page.prose(lesson, number, cell.source)  # a solution's headings count too, for the ids after them
            named = {heading["id"]: heading["untimed"] for heading in page.headings}
            for part in () if "solution" in tags else parsed(prose).children:
                if re.fullmatch("h[1-6]", part.name or ""):
                    sections.append([named[part["id"]], part["id"], ""])
                elif sections:
                    sections[-1][2] += f" {part.get_text(' ' if part.name in ('ul', 'ol', 'table') else '')}"
    return [(heading, slug, _plain(text)) for heading, slug, text in sections]


def _words(lesson: Lesson) -> Iterator[tuple[str, str, str]]:
    """The entries of the list of words: each is a place of its own."""
    html = "".join(output_html(cell) for _, cell, _ in lesson.cells()) if "page" in lesson.about else ""
    for entry in parsed(html).select("dl.tx-words > div:has(> dt[id]):has(> dd)"):
        yield _plain(entry.dt.get_text(" ")), entry.dt["id"], _plain(entry.dd.get_text(" "))


def _plain(text: str) -> str:
    """Text in one line, without what is left of taken-out citations."""
    return re.sub(r"\s+(?=[.,;:!?)])", "", " ".join(text.split()))


def _purpose(text: str) -> str:
    """What a lesson is for: what its beginning says that you will be able to do, or else its first sentence."""
    found = re.search(r"You will be able to .+?[.!?](?=\s|$)", text) or re.match(r".{1,240}?[.!?](?=\s|$)", text)
    return found[0] if found else text[:200]


def picture(lesson: Lesson) -> tuple[str, bool]:
    """The picture of a lesson as the address of an image, and whether it is a map: the chart or the still map in its
    cell tagged `picture`.

    No address where it has none. An image is a world of its own: no script in it runs, and none of its ids meets another.
    """
    html = next((output_html(cell) for _, cell, tags in lesson.cells() if "picture" in tags), "")
    still, chart = _MAP.search(html), _CHART.search(html)
    if still:
        svg = _small(base64.b64decode(still[1]).decode("utf-8", "replace"))
    elif chart:
        drawn = re.sub(r"<text\b.*?</text>", "", chart[2], flags=re.S)
        svg = filled("picture.svg.j2", settings=Markup(chart[1]), drawn=Markup(drawn), style=asset("picture.css"))
    else:
        return "", False
    svg = re.sub(r"(\d\.\d)\d+", r"\1", svg)  # so small a picture needs no more
    try:
        ElementTree.fromstring(svg)
    except ElementTree.ParseError:
        return "", False
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}", bool(still)


def _small(svg: str) -> str:
    """A still map as a small picture: without its boxes, and with a spot where each of them belongs."""
    svg = re.sub(r"<foreignObject.*?</foreignObject>", "", svg, flags=re.S)
    svg = re.sub(r'<path class="tie" d="M(\d+) (\d+)[^>]*>', r'<circle class="spot" cx="\1" cy="\2" r="11"/>', svg)
    return re.sub(r"<style>.*?</style>", lambda _: f"<style>{asset('picture.css')}</style>", svg, flags=re.S)


# --- all lessons on one page ---------------------------------------------------------------------------------------


def together(page: str, lessons: list[Lesson]) -> str:
    """The page of these lessons, for printing: links between them stay on it."""
    page = page.replace("</style>", f"{asset('all.css')}</style>", 1)
    ids, names = set(re.findall(r' id="([^"]+)"', page)), {lesson.name for lesson in lessons}

    def link(match: re.Match) -> str:
        place = match[2] if match[2] in ids else f"lesson-{match[1]}"
        return f'href="#{place}"' if match[1] in names and place in ids else match[0]

    return re.sub(r'href="([\w-]+)\.html(?:#([^"]*))?"', link, page)


# --- the index -----------------------------------------------------------------------------------------------------


def _labels() -> dict[str, tuple[str, str]]:
    """What a link to a file of an edition is called, and the file of all lessons."""
    return {
        "student": (said("Page"), said("All lessons, for students")),
        "teacher": (said("Teacher’s edition"), said("All lessons, for the teacher")),
        "worksheet": (said("Worksheet"), said("All worksheets")),
        "worksheet-docx": (said("Worksheet to change (.docx)"), ""),
        "worksheet-odt": (said("Worksheet to change (.odt)"), ""),
        "key": (said("Key to the worksheet"), said("All keys")),
        "student-slides": (said("Slides"), ""),
        "slides": (said("Slides with notes"), ""),
        "notebook": (said("Notebook"), ""),
    }


def index(folder: Folder, editions: list, entrance: str, address: str = "", lab: str = "") -> str:
    """The index of what stands in the folder for students, or for the teacher, who has theirs as well: each lesson with
    its files, what to print, and a search over the students' pages. For `address` and `lab` see `build`."""
    there, lessons, places, labels = folder.made, [], [], _labels()
    editions = sorted(editions, key=lambda e: e.entrance != entrance)  # one's own first
    for name in sorted({entry["lesson"] for entry in there.values()} - {""}, key=in_order):
        made = [(e, path) for e in editions if (path := e.path(name)) in there]
        card_file = f"{HOME}/cards/{name}.json"
        if not made or card_file not in there:
            continue
        about = json.loads((folder.root / card_file).read_text("utf-8"))
        links = {e.name: _link(folder, entrance, e, path, labels[e.name][0]) for e, path in made}
        files, page = [*links.values()], links["student"]["href"] if "student" in links else ""
        if lab and page:
            run = {"href": f"{lab}{quote(name)}.ipynb", "label": said("Run in the browser"), "own": True, "size": ""}
            files.insert(1, run)
        code = code_to(address, name) if page and entrance == "teacher" else ""
        lessons.append(about | {"files": files, "first": files[0]["href"], "code": code})
        if page:
            named = said("Lesson {{ lesson.lesson }}").replace("{{ lesson.lesson }}", about["lesson"])
            for heading, slug, text in about["sections"]:
                where = named if about["lesson"] else ""
                places.append({"where": where, "heading": heading, "text": text, "href": f"{page}#{slug}"})
    script = asset("index.js")
    return whole_page(
        "index.html.j2",
        script=script,
        scripts=allowed_scripts([], *[script] * bool(places)),
        lessons=lessons,
        entrance=entrance,
        lab=lab,
        both=entrance == "teacher" and any(path.startswith("students/") for path in there),
        whole=[
            _link(folder, entrance, e, path, labels[e.name][1])
            for e in editions
            if e.all and (path := e.path("all")) in there
        ],
        # `<` could end the element that holds it; JSON has another way to write it.
        places=Markup(json.dumps([[*place.values()] for place in places], ensure_ascii=False).replace("<", r"\u003c")),
        letters=_by_letter(places),
    )


def _link(folder: Folder, entrance: str, edition, path: str, label: str) -> dict[str, str]:
    size = (folder.root / path).stat().st_size
    own = edition.entrance == entrance
    return {
        "href": quote(path.removeprefix(f"{entrance}/") if own else f"../{path}"),
        "label": label,
        "own": own,
        "size": f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1000))} kB",
    }


def _by_letter(places: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """All headings and words by their first letters."""
    letters: dict[str, list[dict[str, str]]] = {}

    def sorted_as(place: dict[str, str]) -> str:
        return re.sub(r"^\W+", "", place["heading"]).casefold()

    for place in sorted(places, key=sorted_as):
        first = sorted_as(place)[:1].upper()
        letters.setdefault(first if first.isalpha() else "0–9", []).append(place)
    return letters
