"""The small map: one still picture of the base map, with pins and lines laid over it, for explorers and for paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby, pairwise

from .basemap import base_map, pixels, rings, role
from .markup import Markup

Ring = list[list[float]]  # a closed line, as GeoJSON has it: longitude, then latitude
_SHAPES = {  # shape and colour both tell the kind, so that neither has to be seen alone
    "regular": '<circle r="6"/>',
    "informal": '<path d="M0-7.5 7.5 0 0 7.5-7.5 0z"/>',
    "extraordinary": '<path d="M0-7 7 6H-7z"/>',
    "planned": '<circle r="5.5" class="tx-hollow"/>',
    "earlier": '<circle r="3.5"/>',
    "named": '<rect x="-4.5" y="-4.5" width="9" height="9" class="tx-hollow"/>',
    "terminus": '<rect x="-5.5" y="-5.5" width="11" height="11"/>',
    "station": '<circle r="3.5"/>',
    "junction": '<path d="M-7 0H0L6-6M0 0 6 6" class="tx-hollow"/>',
    "gauge-change": '<path d="M-6-7V-2L-3 1V7M6-7V-2L3 1V7" class="tx-hollow"/>',
    "port": '<path d="M-7 1H7A7 6 0 0 1-7 1zM-1-1V-7L5-1z"/>',
}


def glyph(kind: str) -> Markup:
    """The mark of a kind of place, used alike on maps, in legends and in explorers."""
    return Markup('<svg class="tx-key tx-{}" viewBox="-8 -8 16 16" aria-hidden="true">{}</svg>').format(
        kind, Markup(_SHAPES[kind])
    )


@dataclass(frozen=True)
class SmallMap:
    """A part of the base map as a still picture.

    symbol  its id on a page: it is drawn there once, by `setting`, and used by every state of an explorer
    frame   west, east, south and north, in degrees
    scale   units of the drawing to a pixel of zoom 0: the smaller the frame, the finer the pen
    """

    symbol: str
    frame: tuple[float, float, float, float] = (15.0, 92.0, 34.0, 57.0)
    scale: int = 4

    @cached_property
    def _edges(self) -> tuple[float, float, float, float]:
        west, east, south, north = self.frame
        return *pixels(north, west), *pixels(south, east)

    @property
    def height(self) -> float:
        """Its height, its width being 1."""
        left, top, right, bottom = self._edges
        return (bottom - top) / (right - left)

    @property
    def setting(self) -> Markup:
        """The drawing itself, unseen: a page needs it once."""
        return _drawing(self)

    def unseen(self, symbol: str, shapes: Markup) -> Markup:
        """Shapes that a page needs once: unseen where they stand, and drawn wherever this symbol is used."""
        return Markup(
            '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><symbol id="{}" viewBox="{}">{}</symbol></svg>'
        ).format(symbol, self.view, shapes)

    @property
    def view(self) -> str:
        """The viewBox of its drawing."""
        left, top, right, bottom = self._edges
        return f"0 0 {(right - left) * self.scale:.0f} {(bottom - top) * self.scale:.0f}"

    def spot(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point lies in the drawing, in its own units."""
        x, y = pixels(lat, lon)
        return (x - self._edges[0]) * self.scale, (y - self._edges[1]) * self.scale

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point lies on the map, in percent from the left and from the top."""
        left, top, right, bottom = self._edges
        x, y = pixels(lat, lon)
        return round((x - left) / (right - left) * 100, 2), round((y - top) / (bottom - top) * 100, 2)

    def pin(self, lat: float, lon: float, mark: Markup, label: str = "") -> Markup:
        """A mark at a point, with a name beside it if there is one."""
        x, y = self.at(lat, lon)
        text = Markup("<span>{}</span>").format(label) if label else ""
        return Markup('<div class="tx-pin{}" style="left:{}%;top:{}%">{}{}</div>').format(
            " tx-west" if x > 75 else "", x, y, mark, text
        )

    def line(self, points: Iterable[tuple[float, float]], kind: str) -> Markup:
        """A line through points of latitude and longitude, drawn as the style sheet draws `.tx-<kind>`."""
        return Markup('<path class="tx-way tx-{}" d="{}"/>').format(kind, _path(_spots(self, points)))

    def outline(self, rings: Iterable[Ring], kind: str) -> Markup:
        """These closed lines as one shape, drawn as the style sheet draws `.tx-<kind>`; nothing where none is in the frame."""
        d = "".join(_closed(self, ring) for ring in rings)
        return Markup('<path class="tx-{}" d="{}"/>').format(kind, d) if d else Markup("")

    def picture(self, pins: Markup = Markup(""), lines: Markup = Markup("")) -> Markup:
        """The map with what lies over it. What it shows stands beside it in words, so it is hidden from screen readers."""
        return Markup(
            '<div class="tx-locator" aria-hidden="true"><svg viewBox="{}" aria-hidden="true"><use href="#{}"/>{}</svg>{}</div>'
        ).format(self.view, self.symbol, lines, pins)


def _spots(map_: SmallMap, points: Iterable[tuple[float, float]]) -> list[tuple[int, int]]:
    """Where points lie in the drawing, in whole units; what falls on one spot is drawn once."""
    return [spot for spot, _ in groupby(tuple(map(round, map_.spot(lat, lon))) for lat, lon in points)]


def _path(spots: list[tuple[int, int]]) -> str:
    """Spots as the data of a path: the first one, then step by step, which is half as long as spot by spot."""
    steps = "".join(f"{x - x0:+}{y - y0:+}" for (x0, y0), (x, y) in pairwise(spots))
    return "M{} {}l{}".format(*spots[0], steps.replace("+", " ").lstrip())


def _closed(map_: SmallMap, ring: Ring) -> str:
    """A closed line as the data of a path; nothing where it lies outside the frame, or is too small to be seen."""
    spots = _spots(map_, ((lat, lon) for lon, lat in ring))
    xs, ys = zip(*spots, strict=True)
    _, _, width, height = map(int, map_.view.split())
    seen = len(spots) > 3 and max(xs) > 0 and min(xs) < width and max(ys) > 0 and min(ys) < height
    return f"{_path(spots)}z" if seen else ""


@lru_cache
def _drawing(map_: SmallMap) -> Markup:
    alike: dict[str, list[Ring]] = {}  # what is filled alike is one shape
    for feature in base_map()["features"]:
        alike.setdefault(role(feature), []).extend(rings(feature))
    shapes = Markup("").join(map_.outline(found, kind) for kind, found in alike.items())
    return map_.unseen(map_.symbol, shapes)
