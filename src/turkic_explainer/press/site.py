"""What holds the lessons together: what the index tells of each, the index itself, and a page of all for printing."""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from bs4 import BeautifulSoup

from ..maps import script_digests
from ..markup import Markup, escape
from .blocks import Lesson, Sheet
from .folder import HOME, Folder
from .pages import TEMPLATES, css, filled

_FRAME = re.compile(r"<iframe class=\"tx-frame[^>]*? srcdoc='[^']*'></iframe>")
_CHART = re.compile(r'<svg role="img".*?</svg>', re.S)
_SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="([\d .]+)">(.*?)</symbol>', re.S)
_SHAPE = re.compile(r'<path class="([\w -]+)" d="([\w .+-]+)"')
_SPOTS = re.compile(r'<svg class="tx-lines" viewBox="0 0 (\d+) \d+"[^>]*>(.*?)</svg>', re.S)
_SPACES = {"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"}  # a page does without
# The colours of a picture, which stands apart from the page: those of the page and of its maps, light and dark.
_LIGHT = "--page:#fbfaf7;--ink:#1c2733;--soft:#6b7884;--line:#d5dbe0;--accent:#0b6b67;--warm:#a4480a;--violet:#5b4a92;--land:#e9e5da;--member:#9ccbc5;--observer:#d6e8e4;--water:#dfe9ee"
_DARK = "--page:#151b21;--ink:#e9edf0;--soft:#93a0ab;--line:#46525d;--accent:#63c7bd;--warm:#f0a36b;--violet:#b9a9ee;--land:#39413f;--member:#2b6b66;--observer:#2c4745;--water:#12191f"
_PICTURE = (
    f"svg{{{_LIGHT}}}@media (prefers-color-scheme:dark){{svg{{{_DARK}}}}}text{{display:none}}"
    ".tx-country,.tx-contested{fill:var(--land)}.tx-member{fill:var(--member)}.tx-observer{fill:var(--observer)}"
    ".tx-sea,.tx-lake{fill:var(--water)}.tx-way{fill:none;stroke:var(--warm);stroke-width:1.6;stroke-linejoin:round}"
    ".tx-way[class*=branch],.tx-north{stroke-width:.7}.tx-ship,.tx-ship-branch{stroke:var(--accent);stroke-dasharray:2 1.4}"
    "circle.spot{fill:var(--warm);stroke:var(--page)}"
)


# --- what the index tells of a lesson ------------------------------------------------------------------------------


def card(lesson: Lesson) -> dict[str, Any]:
    """What the index tells of a lesson. It knows nothing that does not stand on the students' page.

    `sections` are triples of a heading, its id on that page, and the text below it.
    """
    sections = list(_sections(lesson))
    image, is_map = picture(lesson)
    return {
        "name": lesson.name,
        "title": lesson.title,
        "lesson": str(lesson.about.get("lesson") or ""),
        "minutes": minutes if isinstance(minutes := lesson.about.get("minutes"), int) else 0,
        "about": _about(sections),
        "picture": image,
        "map": is_map,
        "numbered": "lesson" in lesson.about,
        "sections": sections,
    }


def _sections(lesson: Lesson):
    heading, slug, said = lesson.title, "", ""
    sheet = Sheet()
    for number, cell, tags in lesson.cells(without=frozenset({"teacher", "paper"})):
        if cell.cell_type == "markdown":
            prose = sheet.prose(lesson, number, cell.source)  # a solution's headings count too, for the ids after them
            if "solution" in tags:
                continue
            soup = BeautifulSoup(prose, "html.parser")
            for citation in soup.select("a.cite"):
                citation.decompose()
            for part in list(soup.children):
                if re.fullmatch("h[1-6]", part.name or "") and part.get("id"):
                    if slug:
                        yield heading, slug, _plain(said)
                    heading, slug, said = re.sub(r"\s*\(\d+ minutes\)$", "", part.get_text()), part["id"], ""
                else:
                    said += f" {part.get_text(' ' if part.name in ('ul', 'ol', 'table') else '')}"
    if slug:
        yield heading, slug, _plain(said)
    if "page" in lesson.about:  # the list of words: each is a place of its own
        html = "".join(o.get("data", {}).get("text/html", "") for _, c, _ in lesson.cells() for o in c.get("outputs", []))
        for entry in BeautifulSoup(html, "html.parser").select("dl.tx-words > div"):
            if entry.dt and entry.dd and entry.dt.get("id"):
                yield _plain(entry.dt.get_text(" ")), entry.dt["id"], _plain(entry.dd.get_text(" "))


def _plain(text: str) -> str:
    """Text in one line, without what is left of taken-out citations."""
    return re.sub(r"\s+(?=[.,;:!?)])", "", " ".join(text.split()))


def _about(sections: list[tuple[str, str, str]]) -> str:
    """What a lesson is for: what it says you will be able to do, or else its first sentence."""
    first = sections[0][2] if sections else ""
    found = re.search(r"You will be able to .+?[.!?](?=\s|$)", first) or re.match(r".{1,240}?[.!?](?=\s|$)", first)
    return found[0] if found else first[:200]


def picture(lesson: Lesson) -> tuple[str, bool]:
    """The picture of a lesson as the address of an image, and whether it is a map: the chart or the still map in its
    cell tagged `picture`.

    No address where it has none. An image is a world of its own: no script in it runs, and none of its ids meets another.
    """
    for _, cell, tags in lesson.cells():
        if "picture" in tags:
            html = "".join(output.get("data", {}).get("text/html", "") for output in cell.get("outputs", []))
            still = _still(html)
            svg = still or (found[0] if (found := _CHART.search(html)) else "")
            for name, space in _SPACES.items():
                svg = svg if f"{name}=" in svg else svg.replace("<svg ", f'<svg {name}="{space}" ', 1)
            svg = re.sub(r"(\d\.\d)\d+", r"\1", svg)  # so small a picture needs no more
            svg = re.sub(r"(<svg\b[^>]*>)", rf"\1<style>{_PICTURE}</style>", re.sub(r"<text\b.*?</text>", "", svg, flags=re.S), count=1)
            try:
                ElementTree.fromstring(svg)
            except ElementTree.ParseError:
                return "", False
            return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}", bool(still)
    return "", False


def _still(html: str) -> str:
    """The first map of an output as a picture: its land, its ways and its spots."""
    symbol = _SYMBOL.search(html)
    if not symbol:
        return ""
    wide = float(symbol[2].split()[2])
    shapes = [f'<path class="{kind}" d="{d}"/>' for kind, d in _SHAPE.findall(symbol[3])]
    still = html[symbol.end() :]
    drawn = re.search(r"<use .*?</svg>", still, re.S)
    shapes += [f'<path class="{kind}" d="{d}"/>' for kind, d in _SHAPE.findall(drawn[0] if drawn else "")]
    if spots := _SPOTS.search(still):
        scale = wide / int(spots[1])
        for x, y in dict.fromkeys(re.findall(r'd="M(\d+) (\d+)', spots[2])):
            shapes.append(f'<circle class="spot" cx="{int(x) * scale:.1f}" cy="{int(y) * scale:.1f}" r="{wide / 90:.1f}" stroke-width="{wide / 250:.1f}"/>')
    return f'<svg viewBox="{symbol[2]}"><path class="tx-sea" d="M0 0h999v999H0z"/>{"".join(shapes)}</svg>'


# --- all lessons on one page ---------------------------------------------------------------------------------------


_PRINTED = (
    ".begins~.begins{break-before:page}.map-paper{font-size:.95rem;color:var(--soft)}"
    "@media screen{.tx-map>.tx-paper-only{display:block}.begins~.begins{border-top:.2rem solid var(--accent);margin-top:4rem}}"
    "@media print{.map-paper{display:none}}"
)
_NOTE = Markup('<p class="map-paper">All lessons on one page, made for printing: each begins on a new sheet, and maps stand '
               "still. On each lesson’s own page they can be moved.</p>")  # fmt: skip


def together(exporter, lessons: list[Lesson]) -> str:
    """One page of these lessons, for printing: each begins on a new sheet, links between them stay on the page, and
    maps stand still, for with all of them live it would be half as heavy again and no better on paper."""
    own = exporter.blocks

    def blocks(lesson: Lesson, sheet: Sheet):
        yield Markup('{}<div class="begins" id="lesson-{}"></div>').format("" if sheet.headings else _NOTE, lesson.name)
        for block in own(lesson, sheet):
            named = f'aria-label="For the teacher: {escape(lesson.title)}"'  # there are as many as lessons here
            yield Markup(_FRAME.sub("", block.replace(Markup('aria-label="For the teacher"'), Markup(named))))

    exporter.blocks = blocks
    page = exporter.page(lessons).replace("</style>", f"{_PRINTED}</style>", 1)
    return _one_of_each(_linked(page, [lesson.name for lesson in lessons]))


def _one_of_each(page: str) -> str:
    """The page with each id once: what stands first keeps it. Lessons explain the same words."""
    seen: set[str] = set()

    def first(match: re.Match) -> str:
        known = match[2] in seen
        seen.add(match[2])
        return match[1] if known else match[0]

    return re.sub(r'(<dt) id="([^"]+)"', first, page)


def _linked(page: str, names: list[str]) -> str:
    """The page with links to other lessons leading to where they stand on it."""
    ids = set(re.findall(r' id="([^"]+)"', page))

    def link(match: re.Match) -> str:
        name, part = match[1], match[2]
        place = part if part in ids else f"lesson-{name}"
        return f'href="#{place}"' if name in names and place in ids else match[0]

    return re.sub(r'href="([\w-]+)\.html(?:#([^"]*))?"', link, page)


# --- the index -----------------------------------------------------------------------------------------------------

_LABELS = {  # what a link to a file of an edition is called, and the file of all lessons
    "student": ("Page", "All lessons, for students"),
    "teacher": ("Teacher’s edition", "All lessons, for the teacher"),
    "worksheet": ("Worksheet", "All worksheets"),
    "slides": ("Slides", ""),
    "notebook": ("Notebook", ""),
}


def index(folder: Folder, editions) -> str:
    """The index of what stands in the folder: each lesson with its files, what to print, and a search over the
    students' pages."""
    there = folder.made
    names = sorted({entry["lesson"] for entry in there.values() if entry["lesson"]})
    lessons, places = [], []
    for name in names:
        made = [(e, path) for e in editions if (path := e.path(name)) in there]
        if not made or f"{HOME}/cards/{name}.json" not in there:
            continue
        told = json.loads((folder.root / f"{HOME}/cards/{name}.json").read_text("utf-8"))
        files = [_link(folder, path, _LABELS[e.name][0]) for e, path in made]
        lessons.append(told | {"files": files, "first": files[0]["href"]})
        if made[0][0].name == "student":
            short = f"Lesson {told['lesson']}" if told["lesson"] else ""
            places += [[short, *section, f"{quote(made[0][1])}#{section[1]}"] for section in told["sections"]]
    whole = [_link(folder, path, _LABELS[e.name][1]) for e in editions if e.all and (path := e.path("all")) in there]
    script = (TEMPLATES / "index.js").read_text("utf-8").strip()
    return filled(
        "index.html.j2",
        css=css("page.css", "index.css"),
        script=Markup(script),
        scripts=Markup(" ".join(f"'{d}'" for d in script_digests(f"<script>{script}</script>")) if places else "'none'"),
        lessons=lessons,
        numbered=sum(told["numbered"] for told in lessons),
        minutes=sum(told["minutes"] for told in lessons),
        whole=whole,
        known=bool(places),
        # `<` could end the element that holds it; JSON has another way to write it.
        places=Markup(json.dumps([[p[0], p[1], p[3], p[4]] for p in places], ensure_ascii=False).replace("<", r"\u003c")),
        letters=_by_letter(places),
    )


def _link(folder: Folder, path: str, label: str) -> dict[str, str]:
    size = (folder.root / path).stat().st_size
    return {"href": quote(path), "label": label, "size": f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1000))} kB"}


def _by_letter(places: list[list[str]]) -> list[tuple[str, list[dict[str, str]]]]:
    """All headings and words by their first letters."""
    letters: dict[str, list[dict[str, str]]] = {}
    for where, heading, _, _, href in sorted(places, key=lambda p: re.sub(r"^\W+", "", p[1]).casefold()):
        first = re.sub(r"^\W+", "", heading)[:1].upper()
        letters.setdefault(first if first.isalpha() else "0–9", []).append({"text": heading, "where": where, "href": href})
    return list(letters.items())
