"""The small map: one still picture of the base map, with pins and lines laid over it, for explorers and for paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from .basemap import base_map, pixels, role
from .markup import Markup

_SCALE = 4  # units of the drawing to a pixel of zoom 0: fine enough for a picture as wide as a page


@dataclass(frozen=True)
class SmallMap:
    """A part of the base map as a still picture.

    symbol  its id on a page: it is drawn there once, by `setting`, and used by every state of an explorer
    frame   west, east, south and north, in degrees
    """

    symbol: str
    frame: tuple[float, float, float, float] = (15.0, 92.0, 34.0, 57.0)

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

    @property
    def view(self) -> str:
        """The viewBox of its drawing."""
        left, top, right, bottom = self._edges
        return f"0 0 {(right - left) * _SCALE:.0f} {(bottom - top) * _SCALE:.0f}"

    def spot(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point lies in the drawing, in its own units."""
        x, y = pixels(lat, lon)
        return (x - self._edges[0]) * _SCALE, (y - self._edges[1]) * _SCALE

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
        spots = "L".join("{:.0f} {:.0f}".format(*self.spot(lat, lon)) for lat, lon in points)
        return Markup('<path class="tx-way tx-{}" d="M{}"/>').format(kind, spots)

    def picture(self, pins: Markup = Markup(""), lines: Markup = Markup("")) -> Markup:
        """The map with what lies over it. What it shows stands beside it in words, so it is hidden from screen readers."""
        return Markup(
            '<div class="tx-locator" aria-hidden="true"><svg viewBox="{}" aria-hidden="true"><use href="#{}"/>{}</svg>{}</div>'
        ).format(self.view, self.symbol, lines, pins)


@lru_cache
def _drawing(map_: SmallMap) -> Markup:
    shapes = []
    for feature in base_map()["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        d = ""
        for ring in (ring for polygon in polygons for ring in polygon):
            spots = ("{:.0f} {:.0f}".format(*map_.spot(lat, lon)) for lon, lat in ring)
            steps = [spot for spot, _ in groupby(spots)]  # what falls on one spot is drawn once
            if len(steps) > 3:
                d += f"M{'L'.join(steps)}z"
        if d:
            shapes.append(Markup('<path class="tx-{}" d="{}"/>').format(role(feature), d))
    return Markup(
        '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><symbol id="{}" viewBox="{}">{}</symbol></svg>'
    ).format(map_.symbol, map_.view, Markup("").join(shapes))
