"""Maps that need no network and come out as the same bytes every time.

One folium map class, with Leaflet's own files put into the page and a small base map of country outlines. A map
is shown in a sandboxed frame with a title; beside it stand a legend and, from the same rows, a table.
"""

import base64
import hashlib
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import combinations, pairwise, product
from types import MappingProxyType
from typing import Any

import folium
from branca.element import Element, Figure
from folium.map import Layer
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps

from .basemap import base_map, names, pixels, role
from .content import SHARED, Content
from .markup import Fragment, Markup, escape, pictured, task
from .smallmap import SmallMap
from .templates import piece
from .validate import ROOT, DataError

ZOOMS = range(2, 8)  # the zoom levels a map offers: 2 fits a phone, 4 a page
# In which frame boxes are laid out, in pixels: the first that holds the points. 820 is what JupyterLab leaves at 1280.
WINDOWS = {2: [(340, 380)], 3: [(620, 330), (620, 400)], 3.75: [(800, 370)], 4: [(820, 480), (1000, 540)]}
NEAR = 3.75  # the zoom between for a map with quiet points, which have no boxes up to here: for a slide
SCALE = {2: 0.9}  # boxes are set smaller where there is little room: on a phone


# --- Leaflet, from an installed package ----------------------------------------------------------------------------


@lru_cache
def _leaflet() -> tuple[str, str]:
    """Leaflet's script and style sheet, its images put into the latter (BSD-2, from django-js-lib-leaflet)."""
    folder = resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet"

    def inlined(match: re.Match) -> str:
        image = base64.b64encode((folder / match[1]).read_bytes()).decode()
        return f"url(data:image/png;base64,{image})"

    css = re.sub(r"url\((images/[\w-]+\.png)\)", inlined, (folder / "leaflet.css").read_text("utf-8"))
    # without the picture of a pin, of which our maps have none
    css = re.sub(r"\.leaflet-default-icon-path \{.*?\}", "", css, flags=re.S)
    css = re.sub(r"\n\s*", "", re.sub(r"/\*.*?\*/", "", css, flags=re.S))
    script = (folder / "leaflet.js").read_text("utf-8").split("//# sourceMappingURL")[0].strip()
    return script, css


def _template(name: str) -> Template:
    """What a layer writes into the page of its map: folium wants macros for the page's head, body and script."""
    return Template((ROOT / "data" / "map" / f"{name}.j2").read_text("utf-8"))


class _Page(Figure):
    """A whole HTML page for one map: language, policy and title are given, which branca's own leaves out."""

    _template = _template("page")


class OfflineMap(folium.Map):
    """folium's Map without a tile server, a CDN or random ids.

    Add to it what needs nothing but Leaflet: GeoJson, FeatureGroup, LayerControl and the layers below. folium's own
    markers and popups want icons from a server and jquery. Show it by `framed`, or take `document()`.
    """

    default_js = []  # Leaflet comes inline; jquery, bootstrap, fontawesome and awesome-markers are not needed
    default_css = []
    _template = _template("map")

    def __init__(self, title: str, views: Mapping[int, Sequence[tuple[float, ...]]]):
        """`views` is what is to be seen at first, at each zoom, as `views` gives it."""
        super().__init__(tiles=None)
        self.title, self.views, self.zooms = title, views, ZOOMS
        self.leaflet_js, self.leaflet_css = _leaflet()
        self.map_css = (ROOT / "data" / "map.css").read_text("utf-8")
        self.credit = str(escape(SHARED.text("map.credit")))  # Leaflet takes it as HTML
        page = _Page(title=title)
        del page.header._children["meta_http"]  # branca's own charset, which `document` gives once
        page.add_child(self)
        drawn = [(role(f), f.rings) for f in base_map()]
        Shapes([("polyline" if kind == "disputed" else "polygon", kind, parts) for kind, parts in drawn]).add_to(self)

    def document(self) -> str:
        """The map as a whole HTML page, the same bytes each time, allowed to load nothing from anywhere."""
        page = self.get_root()
        for number, element in enumerate(_tree(page)):  # in place of branca's random ids
            element._id = f"{number:02d}"
        html = re.sub(r"\n\s+", "\n", page.render())  # without the indents of scripts, which a page need not carry
        allowed = " ".join(f"'{digest}'" for digest in script_digests(html))
        return html.replace("<head>", f"<head>{piece('policy', scripts=Markup(allowed))}", 1)


def script_digests(html: str) -> list[str]:
    """The digests by which a Content-Security-Policy lets exactly these inline scripts run."""
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.S)
    return [f"sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}" for s in scripts]


def _tree(element: Element):
    yield element
    for child in element._children.values():
        yield from _tree(child)


def as_json(value: object) -> Markup:
    """Data for a script. branca renders what a template gave once more, so nothing in it may look like a template."""
    text = htmlsafe_json_dumps(value, sort_keys=True, separators=(",", ":"))
    return Markup(re.sub(r"\{([{%#])", lambda m: f"{{\\u{ord(m[1]):04x}", text))


class _Drawn(Layer):
    """A layer that a template draws from data. Without a `name` it is not in the layer control."""

    def __init__(self, data: object, name: str | None = None):
        # The control takes a name as HTML, and branca renders it as a template once more.
        entry = name and str(escape(name)).replace("{", "&#123;")
        super().__init__(name=entry, overlay=True, control=name is not None)
        self.json = as_json(data)


class Shapes(_Drawn):
    """Outlines and lines, each drawn as the map's style sheet draws its class.

    `shapes` are triples: "polygon" or "polyline", the class, and lists of (lon, lat). The page gets the points as steps
    of hundredths of a degree, a third of what GeoJSON takes.
    """

    _template = _template("shapes")

    def __init__(self, shapes: list[tuple[str, str, list]], name: str | None = None):
        super().__init__([[kind, drawn, [*map(_steps, parts)]] for kind, drawn, parts in shapes], name)
        self.shapes = shapes


def _steps(points: list) -> list[int]:
    """From point to point, eastwards and northwards in turn, in hundredths of a degree; the first from 0, 0."""
    spots = [(0, 0), *((round(lon * 100), round(lat * 100)) for lon, lat in points)]
    return [step for (x0, y0), (x, y) in pairwise(spots) for step in (x - x0, y - y0)]


class Labels(_Drawn):
    """Names of countries, seas and lakes, each shown at the zoom levels where it covers nothing else.

    `moved` gives other places (lat, lon, room; see `base_map`) to names whose own is taken on this map, or None to those
    that stand in a box.
    """

    _template = _template("labels")

    def __init__(self, boxes: list[dict], moved: Mapping[str, tuple[float, ...] | None] = MappingProxyType({})):
        self.names = []
        placed = {zoom: [box_at(b, b["offsets"][zoom], zoom) for b in _boxed(boxes, zoom)] for zoom in _levels(boxes)}
        for spot, kind in names():
            if (place := moved.get(spot["name"], ())) is None:
                continue
            if place:
                spot = spot | dict(zip(("lat", "lon", "room"), place, strict=True))
            levels = ZOOMS[3:] if kind == "lake" and spot["name"] != "Aral Sea" else [*placed][1:]
            zooms = [z for z in levels if not any(_overlap(box_at(spot, (0, 0), z), other, 0) for other in placed[z])]
            for zoom in zooms:
                placed[zoom].append(box_at(spot, (0, 0), zoom))
            self.names.append([str(escape(spot["name"])), [spot["lat"], spot["lon"]], kind, zooms, spot["room"]])
        super().__init__(self.names, SHARED.text("map.names"))


def _keep_clear(zoom: float) -> list[tuple]:
    """What no box may cover: the names of members, observers and the sea, and the outline of a contested one."""
    boxes = [box_at(spot, (0, 0), zoom) for spot, kind in names() if kind in ("member", "observer", "sea")]
    for feature in base_map():
        if role(feature) == "contested":
            points = [pixels(lat, lon, zoom) for lon, lat in feature.rings[0]]
            boxes.append(tuple(end(axis) for end in (min, max) for axis in zip(*points, strict=True)))
    return boxes


class Boxes(_Drawn):
    """Labelled boxes beside points, each tied to its point by a line, and laid out so that none hides another.

    `points` are dicts: lat, lon, alt (said by screen readers), html (the box), popup (HTML), size (width and height
    of the box in pixels), and offsets, as `laid_out` gives them: none at a zoom where a point has no box.
    """

    _template = _template("boxes")

    def __init__(self, points: list[dict], name: str):
        sent = ("lat", "lon", "alt", "html", "popup", "size", "offsets")
        super().__init__([{key: p[key] for key in sent} for p in points], name)
        self.scale, self.points = SCALE, points


class Marks(_Drawn):
    """What a narrow map shows instead of boxes: a number right at each point, and one mark for numbers that have no room apart.

    Its data are the numbers of the points in their own order. Which of them share a mark at which zoom and in which frame
    is found in the browser.
    """

    _template = _template("marks")

    def __init__(self, points: list[dict], from_east: bool = False):
        """Numbered from west to east, or `from_east`; a quiet point has no number."""
        self.order = _neighbours([p for p in points if not p.get("quiet")])[:: -1 if from_east else 1]
        super().__init__([next((n for n, found in enumerate(self.order, 1) if found is p), 0) for p in points])


def _neighbours(points: list[dict]) -> list[dict]:
    """The points in such an order that neighbours follow each other, and so a mark that some share can say "5-8"."""
    groups = [([p], pixels(p["lat"], p["lon"])) for p in sorted(points, key=lambda p: (p["lon"], p["lat"]))]
    while len(groups) > 1:
        one, other = min(combinations(groups, 2), key=lambda pair: math.dist(pair[0][1], pair[1][1]))
        one, other = sorted((one, other), key=lambda group: group[1])
        groups = [group for group in groups if group[0] not in (one[0], other[0])]
        both = one[0] + other[0]
        spots = [pixels(p["lat"], p["lon"]) for p in both]
        groups.append((both, tuple(sum(axis) / len(spots) for axis in zip(*spots, strict=True))))
    return groups[0][0] if groups else []


def point(content: Content, kind: str, row: dict, size: list[int], marks: Sequence[Markup] = (), **names: Any) -> dict:
    """A point for `Boxes` at the lat and lon of a row, with its `marks`, which stand beside its name where maps are narrow.
    The lesson says what is written there: `map.KIND` in its shown.toml for screen readers, and `KIND_box.html.j2` and
    `KIND_popup.html.j2`; they know the row as `row`, and `names`.
    """
    names |= {"row": row}
    box, popup = (str(content.pane(f"{kind}_{part}", **names)) for part in ("box", "popup"))
    alt = content.text(f"map.{kind}", **names)
    name = names.get("name") or next(row[column] for column in ("stop", "place", "name") if column in row)
    said = {"alt": alt, "html": box, "popup": popup, "name": name, "marks": marks}
    return {"lat": row["lat"], "lon": row["lon"], "size": size, **said}


def laid_out(points: list[dict], clear: Sequence[dict] = ()) -> list[dict]:
    """The points with `offsets`: where each box lies from its point, in pixels, at each zoom level.

    Worked out here, not in the browser, so that it can be tested. Those that come first lie nearest to their points.
    A point with `here` has its box right on it; one with `aside` need not be seen at first; one that is `quiet` has no box
    up to that zoom, and no number on a phone. `clear` are more spots (lat, lon) that no box may cover, such as those along a line.
    """
    points = [dict(p, offsets={}) for p in points]
    for zoom in _levels(points):
        kept = _keep_clear(zoom) if zoom > ZOOMS.start else []  # on a phone there is no room to spare for names
        view, boxed = first_view(points, zoom), _boxed(points, zoom)
        dots = [*clear, *(p for p in points if p not in boxed)]
        for p, offset in zip(boxed, _offsets(boxed, dots, zoom, view, kept), strict=True):
            p["offsets"][zoom] = offset
    return points


def _levels(points: Sequence[dict]) -> list[float]:
    """The zooms at which boxes are laid out."""
    return sorted([*ZOOMS, *[NEAR] * any(p.get("quiet") for p in points)])


def _boxed(points: Sequence[dict], zoom: float) -> list[dict]:
    """The points that have a box at a zoom."""
    return [p for p in points if zoom > p.get("quiet", 0)]


def _offsets(points: list[dict], clear: Sequence[dict], zoom: float, view: tuple | None, kept: Sequence = ()) -> list:
    """Where the box of each point lies from it, one after the other; `kept` are boxes that are there already."""
    dots = [pixels(p["lat"], p["lon"], zoom) for p in (*points, *clear)]
    for steps in ((8, 30), (4, 10)):  # a map may be full, as with one summit more: closer together all find their place
        placed, found = [*kept], []
        for point in points:
            if (spot := _free_spot(point, placed, dots, zoom, view, steps)) is None:
                break
            found.append(spot)
            placed.append(box_at(point, spot, zoom))
        else:
            return found
    raise DataError([f"{point['alt']}: there is no room left on the map for its box at zoom {zoom}. Shorten names."])


def views(points: list[dict]) -> dict[float, list[tuple[int, ...]]]:
    """What a map shows at first, at each zoom: all its boxes and points but those set aside, and where there is room these
    too. Each is left, top, right and bottom, in pixels of this zoom."""
    near = [p for p in points if not p.get("aside")]
    parts = [near] if near == points else [near, points]
    return {zoom: [_around(_boxed(part, zoom), zoom) for part in parts] for zoom in _levels(points)}


def _around(points: list[dict], zoom: float) -> tuple[int, ...]:
    covered = [box_at(p, p["offsets"][zoom], zoom) for p in points]
    covered += [pixels(p["lat"], p["lon"], zoom) * 2 for p in points]
    return tuple(round(end(side)) for end, side in zip((min, min, max, max), zip(*covered, strict=True), strict=True))


def first_view(points: list[dict], zoom: float) -> tuple | None:
    """In what boxes are laid out: left, top, right and bottom around the points to be seen. None where no window holds them."""
    dots = [pixels(p["lat"], p["lon"], zoom) for p in _boxed(points, zoom) if not p.get("aside")]
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*dots, strict=True))
    for width, height in WINDOWS.get(zoom, []):
        if right - left < width and bottom - top < height:
            x, y = (left + right) / 2, (top + bottom) / 2
            return x - width / 2, y - height / 2, x + width / 2, y + height / 2
    return None


def box_at(point: dict, offset: tuple[float, float], zoom: float) -> tuple[float, float, float, float]:
    """What the box of a point covers when it lies so far from it: left, top, right and bottom, in pixels of this zoom."""
    x, y = pixels(point["lat"], point["lon"], zoom)
    (dx, dy), (w, h) = offset, (n * SCALE.get(zoom, 1) for n in point["size"])
    return x + dx - w / 2, y + dy - h / 2, x + dx + w / 2, y + dy + h / 2


def _overlap(one: tuple, other: tuple, gap: float = 3) -> bool:
    return all(one[n] <= other[n + 2] + gap and other[n] <= one[n + 2] + gap for n in (0, 1))


def _within(box: tuple, view: tuple) -> bool:
    return view[0] <= box[0] and view[1] <= box[1] and box[2] <= view[2] and box[3] <= view[3]


def _free_spot(
    point: dict, placed: list[tuple], dots: list[tuple], zoom: float, view: tuple | None, steps: tuple[int, int]
) -> tuple[int, int] | None:
    """The nearest place around `point` where its box lies in the view and covers no box placed before and no dot, if there is
    one. It is looked for in `steps` of pixels and of degrees."""
    if point.get("here"):
        return 0, 0
    x, y = pixels(point["lat"], point["lon"], zoom)
    if view and not _within((x, y, x, y), view):
        view = None
    w, h = (n * SCALE.get(zoom, 1) for n in point["size"])
    for away, angle in product(range(2 + steps[0], 400, steps[0]), range(0, 360, steps[1])):
        dx = round(math.cos(math.radians(angle)) * (away + w / 2))
        dy = round(math.sin(math.radians(angle)) * (away + h / 2))
        box = left, top, right, bottom = box_at(point, (dx, dy), zoom)
        if view and not _within(box, view):
            continue
        on_a_dot = any(left - 4 < x < right + 4 and top - 4 < y < bottom + 4 for x, y in dots)
        if not on_a_dot and not any(_overlap(box, other) for other in placed):
            return dx, dy
    return None


# --- the figure around a map ---------------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class MapFigure(Fragment):
    """A map in its frame, with caption, legend, disclaimer and table; `map` is the folium map inside."""

    map: OfflineMap


def framed(
    map_: OfflineMap, caption: str, legend: Markup, rows: Markup, still: str, from_east: bool = False
) -> MapFigure:
    """Puts a map into a page: the frame keeps its scripts apart from everything else; `still` is the same as an image. A
    narrow map is numbered from west to east, or `from_east`."""
    boxes = [p for layer in map_._children.values() if isinstance(layer, Boxes) for p in layer.points]
    marks = Marks(boxes, from_east)
    marks.add_to(map_)
    folium.LayerControl(collapsed=True).add_to(map_)
    # Single quotes around the page, for it holds few of them: escaping all the double ones would add a tenth to it.
    page = Markup(map_.document().replace("&", "&amp;").replace("'", "&#39;"))
    _, top, _, bottom = map_.views[ZOOMS.start][0]
    least = bottom - top + 72  # pixels: on a phone the frame is as high as its region, and the credit under it
    body = SHARED.pane(
        "map", title=map_.title, page=page, least=least, still=still, legend=legend, caption=caption, rows=rows,
        numbered=[(p["name"], p.get("marks", ())) for p in marks.order],
    )  # fmt: skip
    return MapFigure(body, f"Map: {map_.title}. {caption}", map_)


def legend(extra: list[tuple[Markup, str]]) -> Markup:
    """The key to a map: `extra` pairs of a mark and what it means, then the shades of the base map."""
    return SHARED.pane("legend", marks=extra)


# --- the same on paper ---------------------------------------------------------------------------------------------

PAPER = 1000  # pixels: the width at which boxes are laid out for paper, where they are then shown at this scale
SVG = "http://www.w3.org/2000/svg"
_MARK = 26  # how wide and high a number on an outline map is, in units of its drawing


def _whole_view(small: SmallMap, zoom: float) -> tuple[float, float, float, float]:
    west, east, south, north = small.frame
    return *pixels(north, west, zoom), *pixels(south, east, zoom)


def still(points: list[dict], small: SmallMap, lines: Markup = Markup(""), clear: Sequence[dict] = ()) -> str:
    """The boxes of a map as a still picture on a small map: no script, no frame, nothing cut off.

    It is the address of an image: for paper, for a page without scripts, and for a notebook that is not trusted.
    """
    west, east, *_ = small.frame
    zoom, height, boxes = math.log2(PAPER * 360 / (east - west) / 256), small.height * PAPER, []
    for point, (dx, dy) in zip(points, _offsets(points, clear, zoom, _whole_view(small, zoom)), strict=True):
        (x, y), (w, h) = small.at(point["lat"], point["lon"]), point["size"]
        x, y = x / 100 * PAPER, y / 100 * height
        html = point["html"].replace("<br>", "<br/>").replace("<svg ", f'<svg xmlns="{SVG}" ')  # as XML wants it
        box = {"left": x + dx - w / 2, "top": y + dy - h / 2, "width": w, "height": h, "html": Markup(html)}
        boxes.append({"x": x, "y": y, "dx": dx, "dy": dy, **box})
    css = Markup((ROOT / "data" / "still.css").read_text("utf-8").replace("\n", ""))
    return pictured(SHARED.pane("still", small=small, lines=lines, width=PAPER, height=height, boxes=boxes, css=css))


def naming_sheet(
    content: Content, small: SmallMap, points: Mapping[str, tuple[float, float]], seas: Mapping[str, tuple[float, float]] = MappingProxyType({}),
    lines: Markup = Markup(""), clear: Sequence[dict] = (), given: Collection[str] = (), part: str = "sheet", **names: Any,
) -> Fragment:  # fmt: skip
    """For paper: an outline map on which `points` (names with lat, lon) bear numbers in their order and `seas` letters,
    lines for the names, the names to choose from in alphabetical order, and a key; those that are `given` are not asked.
    Where all are, it is a map to draw on, without a key.

    No number covers another one, a point, or a spot of `clear` (see `laid_out`). The words are those of the lesson, which
    get `names`, and those `given` by their numbers: `part` of its shown.toml (title, to_do, alt, and bank for a screen), and `key.html.j2` for what else is asked.
    """
    named = {chr(ord("A") + n): name for n, name in enumerate(seas)} | dict(enumerate(points, 1))
    asked = {mark: name for mark, name in named.items() if name not in given}
    bank = sorted(asked.values())
    told = {mark: name for mark, name in named.items() if mark not in asked}
    texts = content.texts(part, names=bank, given=told, **names)
    spots = [
        {"name": mark, "lat": lat, "lon": lon, "size": [_MARK, _MARK], "alt": f"{texts['alt']}, {mark}", "here": isinstance(mark, str)}
        for mark, (lat, lon) in zip(named, [*seas.values(), *points.values()], strict=True)
    ]  # fmt: skip
    zoom, marks = math.log2(small.scale), []  # a pixel is then a unit of the drawing
    for spot, (dx, dy) in zip(spots, _offsets(spots, clear, zoom, _whole_view(small, zoom)), strict=True):
        x, y = small.spot(spot["lat"], spot["lon"])
        place = {"x": x, "y": y, "dx": dx, "dy": dy, "cx": x + dx, "cy": y + dy}
        marks.append({"name": spot["name"], "letter": spot["here"], "asked": spot["name"] in asked, **place})
    body = SHARED.pane("naming", alt=texts["alt"], small=small, lines=lines, marks=marks, size=_MARK, bank=bank)
    key = piece("matched", answers=named) + content.pane("key", **names) if asked else Markup("")
    return task(texts["title"], texts["to_do"], body, key, texts.get("bank", texts["alt"]))
