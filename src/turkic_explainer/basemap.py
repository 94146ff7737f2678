"""The base map: country outlines, their names and shades.

Countries are shaded by what the members table says of them. Everything is in Web Mercator, as Leaflet has it.
"""

import json
import math
from functools import lru_cache
from types import SimpleNamespace

from .tables import members
from .validate import ROOT


def pixels(lat: float, lon: float, zoom: float = 0) -> tuple[float, float]:
    """A point in Web Mercator pixels, as Leaflet has it: x grows eastwards, y southwards, 256 pixels at zoom 0."""
    scale = 256 * 2**zoom
    return (lon + 180) / 360 * scale, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * scale


@lru_cache
def base_map() -> list[SimpleNamespace]:
    """The features of the base map: kind (country, sea, lake or disputed), iso2 and name; label (lat, lon) and room (the zoom
    from which its name lies within it), where it is named; rings, its lines, each a list of longitude and latitude:
    closed ones, but for what is disputed.

    Facts: data/basemap.geojson, made by deploy/make_basemap.py; see data/LICENCES.md.
    """
    found = json.loads((ROOT / "data" / "basemap.geojson").read_text("utf-8"))["features"]
    return [SimpleNamespace(**f["properties"], rings=_rings(**f["geometry"])) for f in found]


def _rings(type: str, coordinates: list) -> list[list]:
    if type == "MultiPolygon":
        return [ring for polygon in coordinates for ring in polygon]
    return [coordinates] if type == "LineString" else coordinates


@lru_cache
def _roles(year: int | None) -> dict[str, str]:
    rows = (r for r in members().fillna("").itertuples() if year is None or r.since.year <= year)
    return {r.code or r.entity: "contested" if r.contested else r.role for r in rows}


def role(feature: SimpleNamespace, year: int | None = None) -> str:
    """How a feature of the base map is shaded: member, observer, contested, country, sea or lake; or drawn: disputed. As it is
    in the tables, or as it was at the end of a year."""
    roles = _roles(year)
    if feature.kind != "country":
        return feature.kind
    entity = feature.iso2 or next((e for e in roles if e.endswith(feature.name)), None)
    return roles.get(entity, feature.kind)


@lru_cache
def country_names() -> dict[str, str]:
    """English country names by ISO alpha-2 code, as the base map has them."""
    return {f.iso2: f.name for f in base_map() if f.iso2}


def country_name(code: str) -> str:
    """The English name of a country by its ISO alpha-2 code; the code itself where the base map has no name."""
    return country_names().get(code, code)


@lru_cache
def names() -> list[tuple[dict, str]]:
    """The names on the base map with their places, rooms and sizes, those of members, observers and the two seas first."""

    def ours(f: SimpleNamespace) -> bool:
        return role(f) in ("member", "observer") or f.name in ("Caspian Sea", "Aral Sea")

    named = sorted((f for f in base_map() if f.label), key=lambda f: (not ours(f), f.kind, f.name))
    return [
        ({"name": f.name, "lat": f.label[0], "lon": f.label[1], "room": f.room, "size": (len(f.name) * 8.4, 13)}, role(f))
        for f in named
    ]  # fmt: skip
