"""The base map: country outlines, their names and shades.

Countries are shaded by what the members table says of them. Everything is in Web Mercator, as Leaflet has it.
"""

import json
import math
from functools import lru_cache

from .tables import members
from .validate import ROOT


def pixels(lat: float, lon: float, zoom: float = 0) -> tuple[float, float]:
    """A point in Web Mercator pixels, as Leaflet has it: x grows eastwards, y southwards, 256 pixels at zoom 0."""
    scale = 256 * 2**zoom
    return (lon + 180) / 360 * scale, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * scale


@lru_cache
def base_map() -> dict:
    """The base map as GeoJSON: features of kind country, sea, lake or disputed, with iso2, name and label (lat, lon).

    Facts: data/basemap.geojson, made by deploy/make_basemap.py; see data/LICENCES.md.
    """
    return json.loads((ROOT / "data" / "basemap.geojson").read_text("utf-8"))


def rings(feature: dict) -> list[list]:
    """The lines of a feature, each a list of longitude and latitude: closed ones, but for what is disputed."""
    kind, found = feature["geometry"]["type"], feature["geometry"]["coordinates"]
    if kind == "MultiPolygon":
        return [ring for polygon in found for ring in polygon]
    return [found] if kind == "LineString" else found


@lru_cache
def _roles(year: int | None) -> dict[str, str]:
    rows = (r for r in members().fillna("").itertuples() if year is None or r.since.year <= year)
    return {r.code or r.entity: "contested" if r.contested else r.role for r in rows}


def role(feature: dict, year: int | None = None) -> str:
    """How a feature of the base map is shaded: member, observer, contested, country, sea or lake; or drawn: disputed. As it is
    in the tables, or as it was at the end of a year."""
    named, roles = feature["properties"], _roles(year)
    if named["kind"] != "country":
        return named["kind"]
    entity = named["iso2"] or next((e for e in roles if e.endswith(named["name"])), None)
    return roles.get(entity, named["kind"])


@lru_cache
def country_names() -> dict[str, str]:
    """English country names by ISO alpha-2 code, as the base map has them."""
    named = (f["properties"] for f in base_map()["features"] if f["properties"]["kind"] == "country")
    return {p["iso2"]: p["name"] for p in named if p["iso2"]}


def country_name(code: str) -> str:
    """The English name of a country by its ISO alpha-2 code; the code itself where the base map has no name."""
    return country_names().get(code, code)


@lru_cache
def names() -> list[tuple[dict, str]]:
    """The names on the base map with their places and sizes, those of members, observers and the two seas first."""
    named = [f for f in base_map()["features"] if f["properties"]["label"]]
    named.sort(key=lambda f: (not _ours(f), f["properties"]["kind"], f["properties"]["name"]))
    return [
        ({"name": p["name"], "lat": p["label"][0], "lon": p["label"][1], "size": (len(p["name"]) * 8.4, 13)}, role(f))
        for f in named for p in [f["properties"]]
    ]  # fmt: skip


def _ours(feature: dict) -> bool:
    return role(feature) in ("member", "observer") or feature["properties"]["name"] in ("Caspian Sea", "Aral Sea")
