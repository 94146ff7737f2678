"""The small map: one still picture of the base map, with pins and lines laid over it, for explorers and for paper."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from types import SimpleNamespace

from .basemap import base_map, pixels, role
from .markup import Markup
from .templates import piece

Ring = list[list[float]]  # a line, closed or not, as GeoJSON has it: longitude, then latitude


@lru_cache
def glyph(kind: str) -> Markup:
    """The mark of a kind of place, used alike on maps, in legends and in explorers. Its shape: shared/glyph.html.j2."""
    return piece("glyph", kind=kind.replace(" ", "-"))


@dataclass(frozen=True)
class SmallMap:
    """A part of the base map as a still picture.

    symbol  its id on a page: it is drawn there once, by `setting`, and used by every state of an explorer
    frame   west, east, south and north, in degrees
    scale   units of the drawing to a pixel of zoom 0: the smaller the frame, the finer the pen
    """

    symbol: str
    frame: tuple[float, float, float, float] = (15.0, 92.0, 34.0, 57.0)
    scale: float = 4

    @cached_property
    def _extent(self) -> tuple[float, float, float, float]:
        """Left, top, width and height in pixels of zoom 0."""
        west, east, south, north = self.frame
        (left, top), (right, bottom) = pixels(north, west), pixels(south, east)
        return left, top, right - left, bottom - top

    @property
    def height(self) -> float:
        """Its height, its width being 1."""
        return self._extent[3] / self._extent[2]

    @property
    def view(self) -> str:
        """The viewBox of its drawing."""
        return f"0 0 {self._extent[2] * self.scale:.0f} {self._extent[3] * self.scale:.0f}"

    @property
    def setting(self) -> Markup:
        """The drawing itself, unseen: a page needs it once."""
        return self.unseen(self.symbol, self.land())

    def unseen(self, symbol: str, shapes: Markup) -> Markup:
        """Shapes that a page needs once: unseen where they stand, and drawn wherever this symbol is used."""
        return piece("unseen", symbol=symbol, view=self.view, shapes=shapes)

    def spot(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point lies in the drawing, in its own units."""
        x, y = pixels(lat, lon)
        return (x - self._extent[0]) * self.scale, (y - self._extent[1]) * self.scale

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point lies on the map, in percent from the left and from the top."""
        (x, y), (left, top, width, height) = pixels(lat, lon), self._extent
        return round((x - left) / width * 100, 2), round((y - top) / height * 100, 2)

    def pin(self, lat: float, lon: float, mark: Markup, label: str = "") -> Markup:
        """A mark at a point, with a name beside it if there is one."""
        x, y = self.at(lat, lon)
        return piece("pin", x=x, y=y, mark=mark, label=label)

    def picture(self, pins: Markup = Markup(""), lines: Markup = Markup("")) -> Markup:
        """The map with what lies over it."""
        return piece("locator", small=self, pins=pins, lines=lines)

    def line(self, points: Iterable[tuple[float, float]], kind: str) -> Markup:
        """A line through points of latitude and longitude, drawn as the style sheet draws `.tx-<kind>`."""
        return _path(f"way tx-{kind}", _steps(self._spots(points)))

    def outline(self, rings: Iterable[Ring], kind: str) -> Markup:
        """These lines as one shape, drawn as the style sheet draws `.tx-<kind>`; nothing where none is in the frame."""
        spots = (self._spots((lat, lon) for lon, lat in ring) for ring in rings)
        d = "".join(_steps(ring) + "z" * (ring[0] == ring[-1]) for ring in spots if self._seen(ring))
        return _path(kind, d) if d else Markup("")

    def land(self, kind: Callable[[SimpleNamespace], str] = role, order: Iterable[str] = ()) -> Markup:
        """The base map: what is of one kind is one shape. `order` names kinds of which the later lie over the earlier."""
        alike: dict[str, list[Ring]] = {name: [] for name in order}
        for feature in base_map():
            alike.setdefault(kind(feature), []).extend(feature.rings)
        return Markup("").join(self.outline(found, name) for name, found in alike.items())

    def ground(self) -> Markup:
        """The base map to be written on: land white and water grey, so that it can be printed in black and white."""
        kinds = {"sea": "pool", "lake": "pool", "disputed": "disputed"}
        return self.land(lambda feature: kinds.get(feature.kind, "ground"), ("ground", "pool", "disputed"))

    def _spots(self, points: Iterable[tuple[float, float]]) -> list[tuple[int, int]]:
        """Where points lie in the drawing, in whole units; what falls on one spot is drawn once."""
        return [spot for spot, _ in groupby(tuple(map(round, self.spot(lat, lon))) for lat, lon in points)]

    def _seen(self, ring: list[tuple[int, int]]) -> bool:
        """Whether a line lies in the frame and is large enough to be seen."""
        xs, ys = zip(*ring, strict=True)
        _, _, width, height = map(int, self.view.split())
        inside = max(xs) > 0 and min(xs) < width and max(ys) > 0 and min(ys) < height
        return inside and len(ring) > (3 if ring[0] == ring[-1] else 1)


@dataclass(frozen=True)
class Plot:
    """An outline map without names that fits `points` (latitude, longitude), each of which bears a letter.

    It is as wide as its points want it, and 5 to 8: a screen has room for it, and paper.
    """

    points: Mapping[str, tuple[float, float]]

    @cached_property
    def small(self) -> SmallMap:
        """The map itself: a quarter wider than its points lie apart, and no narrower than 6 degrees."""
        xs, ys = zip(*(pixels(*point) for point in self.points.values()), strict=True)
        width = max(4.3, (max(xs) - min(xs)) * 1.25, (max(ys) - min(ys)) * 1.25 * 8 / 5)
        x, y, height = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2, width * 5 / 8
        west, east = ((side / 256) * 360 - 180 for side in (x - width / 2, x + width / 2))
        south, north = (
            math.degrees(math.atan(math.sinh(math.pi * (1 - side / 128)))) for side in (y + height / 2, y - height / 2)
        )
        return SmallMap("", (west, east, south, north), 500 / width)

    def at(self, letter: str) -> tuple[float, float]:
        """Where a letter stands, in percent from the left and from the top."""
        return self.small.at(*self.points[letter])

    def place(self, letter: str) -> str:
        """The same as a declaration of style, in parts of the map's width."""
        x, y = self.at(letter)
        return f"left:{x:.2f}cqw;top:{y * self.small.height:.2f}cqw"

    def apart(self, one: str, other: str) -> float:
        """How far two letters stand beside or above each other, whichever is more, in percent of the map's width."""
        (x, y), (x2, y2) = self.at(one), self.at(other)
        return max(abs(x - x2), abs(y - y2) * self.small.height)

    @cached_property
    def picture(self) -> Markup:
        """The map with its letters."""
        return piece("plot", small=self.small, points=self.points)


def _path(kind: str, d: str) -> Markup:
    return Markup('<path class="tx-{}" d="{}"/>').format(kind, d)


def _steps(spots: list[tuple[int, int]]) -> str:
    """Spots as the data of a path: the first one, then step by step, which is half as long as spot by spot."""
    steps = "".join(f"{x - x0:+}{y - y0:+}" for (x0, y0), (x, y) in pairwise(spots))
    return "M{} {}l{}".format(*spots[0], steps.replace("+", " ").lstrip())
