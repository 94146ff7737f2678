"""Maps and charts: the same bytes every time, nothing from outside, nothing hidden, nothing invented."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from itertools import accumulate, combinations, pairwise

import pytest

import turkic_explainer as tx
from turkic_explainer import basemap, charts, maps, tables
from turkic_explainer.lessons.lesson02 import shown as venues
from turkic_explainer.validate import ROOT

from .conftest import HOSTILE, edit, loads, page, still_of, strange

MAKERS = {"map": tx.venue_map, "chart": tx.hosting_chart}


@pytest.fixture(scope="module")
def venue_map():
    return tx.venue_map()


@pytest.fixture(scope="module")
def outer(venue_map):
    return page(venue_map._repr_html_())


@pytest.fixture(scope="module")
def frame(outer):
    return page(outer.iframe["srcdoc"])


def test_a_map_and_the_key_under_it_have_the_same_colours():
    """By the one sheet and by the other, light and dark; and where the frame's lightness is turned round, its key's is too."""
    sheets = [(ROOT / "data" / f"{name}.css").read_text("utf-8") for name in ("map", "outputs")]
    framed, ours = ([dict(re.findall(r"--(\w+):(#\w+)", rule)) for rule in re.findall(r"\{([^{}]*--land:[^{}]*)\}", css)] for css in sheets)  # fmt: skip
    light, dark, *turned = ours[0], ours[1], *ours[3:]
    for mine, theirs in zip(framed, (light, dark), strict=True):
        assert {name: colour for name, colour in mine.items() if name in theirs} == {
            n: c for n, c in theirs.items() if n in mine
        }
    assert [{name: rule[name] for name in turned[0]} for rule in (light, dark)] == turned


def points(figure) -> list[dict]:
    return [p for layer in figure.map._children.values() if isinstance(layer, maps.Boxes) for p in layer.points]


def held_in_a_place():
    rows = tables.summits()
    return rows[(rows["status"] == "held") & (rows["mode"] == "in person")]


def rows_of(soup, caption: str) -> list[list[str]]:
    """The body of the table whose caption begins like this, as text."""
    [table] = [t for t in soup.find_all("table") if t.caption.get_text().startswith(caption)]
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]


# --- the same bytes ------------------------------------------------------------------------------------------------


def test_the_same_bytes_in_this_process_and_in_another():
    """Whatever order Python's sets and dicts of text have there."""
    here = [hashlib.sha256(make()._repr_html_().encode()).hexdigest() for make in (*MAKERS.values(), *MAKERS.values())]
    assert here[:2] == here[2:]
    script = ("import hashlib, turkic_explainer as t\n"
              "for make in (t.venue_map, t.hosting_chart): print(hashlib.sha256(make()._repr_html_().encode()).hexdigest())")  # fmt: skip
    env = os.environ | {"PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"}
    there = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert there.stdout.split() == here[:2]


# --- nothing from outside ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MAKERS)
def test_nothing_is_loaded_from_anywhere(name):
    html = MAKERS[name]()._repr_html_()
    assert loads(html) == []
    assert not re.search("jquery|bootstrap|font-?awesome|awesome-?markers", html, re.I)


@pytest.mark.parametrize("html", [
    '<img src="https://a.b/c.png">', '<link href="//a.b/c.css">', "<style>a{background:url('http://a.b/c')}</style>",
    "<style>@import 'http://a.b/c.css';</style>", '<p style="background:url(http://a.b/c)">', '<use xlink:href="http://a.b/c">',
    "<iframe srcdoc='<script src=&quot;c.js&quot;>'>",
])  # fmt: skip
def test_what_is_loaded_would_be_found(html):
    assert loads(html)


def test_the_maps_own_script_knows_no_address(frame):
    leaflet, own = [script.get_text() for script in frame.find_all("script")]
    assert "leafletjs.com" in leaflet
    assert "http" not in own and "tileLayer" not in own


def test_the_policy_lets_exactly_these_scripts_run_and_nothing_load(frame):
    policy = frame.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    digests = [
        base64.b64encode(hashlib.sha256(s.get_text().encode()).digest()).decode() for s in frame.find_all("script")
    ]
    assert rules.pop("script-src").split() == [f"'sha256-{digest}'" for digest in digests]
    assert rules == {"default-src": "'none'", "img-src": "data:", "style-src": "'unsafe-inline'"}
    assert not frame.find_all(lambda tag: any(name.startswith("on") for name in tag.attrs))


def test_the_frame_is_named_and_shut_in(outer, frame):
    assert outer.iframe["sandbox"] == ["allow-scripts"]
    assert outer.iframe["title"].strip() == frame.title.get_text() == frame.h1.get_text()
    assert frame.html["lang"] == "en"
    assert not outer.find_all("script")


# --- nothing left out ----------------------------------------------------------------------------------------------


def test_every_summit_that_met_somewhere_is_on_the_map_and_in_the_table(venue_map, outer):
    by_place = {p["alt"].split(",")[0]: p for p in points(venue_map)}
    table = rows_of(outer, "Summits that met in a place")
    rows = held_in_a_place()
    assert len(rows) == len(table) == sum(p["html"].count('class="chip"') for p in points(venue_map))
    for row in rows.itertuples():
        point, place = by_place[row.place], tables.places().loc[row.place]
        assert (point["lat"], point["lon"]) == (place.lat, place.lon)
        assert f"{row.kind} summit {row.year}" in point["alt"]
        assert (
            venues.TEXTS.texts("summit", row=row)["name"] in point["popup"]
            and venues.TEXTS.texts("summit", row=row)["when"] in point["popup"]
        )
        assert any(
            {
                venues.TEXTS.texts("summit", row=row)["when"],
                venues.TEXTS.texts("summit", row=row)["name"],
                row.place,
                row.theme,
                " ".join(row.claims),
            }
            <= set(r)
            for r in table
        )


def test_every_place_that_the_reports_name_is_on_the_map_and_in_a_table(venue_map, outer):
    named = tables.places().query("reports.str.len() > 0")["reports"]
    listed = {row[0] for row in rows_of(outer, "Other places")} | {row[2] for row in rows_of(outer, "Summits that met")}
    assert not named.empty and set(named.index) <= listed
    for place, ids in named.items():
        [point] = [p for p in points(venue_map) if re.match(rf"{place}[,:] ", p["alt"])]
        reports = {claim_id[:2] for claim_id in ids}
        assert reports <= set(re.findall(r"S\d", re.split("named in|spoken of in", point["alt"])[1]))
        assert reports <= {tag.get_text() for tag in page(point["html"]).select(".tag")}


def test_a_meeting_without_a_place_is_listed_and_has_no_point(venue_map, outer):
    rows = tables.summits()
    without = rows[(rows["mode"] == "online") | (rows["status"] == "planned")]
    listed = [item.get_text() for item in outer.select("ul.tx-legend")[-1].find_all("li")]
    assert len(without) == len(listed) > 2
    for row, text in zip(without.itertuples(), listed, strict=True):
        assert (
            venues.TEXTS.texts("summit", row=row)["name"] in text
            and venues.TEXTS.texts("summit", row=row)["when"] in text
        )
        assert ("online" in text) == (row.mode == "online") and ("planned" in text) == (row.status == "planned")
    assert sum(p["html"].count('class="chip"') for p in points(venue_map)) == len(held_in_a_place())


def test_a_planned_meeting_is_never_drawn_as_if_it_had_been_held(data):
    edit(data / "summits.csv", "2026,,,in person,,TR", "2026,,,in person,Ankara,TR")
    before, figure = tx.summits(), tx.venue_map()
    [ankara] = [p for p in points(figure) if p["alt"].startswith("Ankara")]
    assert "regular summit planned for 2026" in ankara["alt"]
    assert "planned summit" in page(figure._repr_html_()).select_one("ul.tx-legend").get_text()
    held = before[(before["status"] == "held") & before["place"].notna()]
    assert f"{len(held)} summits in {held['place'].nunique()} towns" in figure.text


def test_a_year_with_nothing_but_a_plan_says_so(data):
    edit(data / "summits.csv", "regular,13,2026,", "regular,13,2027,")
    assert "2027: a summit is planned" in tx.year_explorer().pane("2027")


def test_a_meeting_without_a_theme_is_told_without_one(data):
    edit(data / "summits.csv", "Meeting Point of East and West", "")
    figure = tx.venue_map()
    [budapest] = [p for p in points(figure) if p["alt"].startswith("Budapest")]
    [row] = [r for r in rows_of(page(figure._repr_html_()), "Summits that met in a place") if "Budapest" in r]
    assert "nan" not in budapest["popup"] and "nan" not in row


def test_paper_shows_every_venue(outer):
    drawn = still_of(outer)
    assert {box.b.get_text() for box in drawn.select(".box")} == set(held_in_a_place()["place"])
    assert len(drawn.select(".chip")) == len(held_in_a_place())


def test_a_new_summit_comes_onto_the_map(data):
    """The map is made from the table, not from memory."""
    edit(data / "summits.csv", "in person,Shusha,AZ", "in person,Osh,KG")
    alts = [p["alt"] for p in points(tx.venue_map())]
    assert any(alt.startswith("Osh, Kyrgyzstan: informal summit 2024") for alt in alts)
    assert not any(alt.startswith("Shusha, Azerbaijan: informal") for alt in alts)


# --- nothing hidden ------------------------------------------------------------------------------------------------


def cover(one, other) -> bool:
    """Whether two boxes (left, top, right, bottom) have any area in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("zoom", maps.ZOOMS)
def test_no_box_hides_another_or_a_point(venue_map, zoom):
    boxes = {p["alt"]: maps.box_at(p, p["offsets"][zoom], zoom) for p in points(venue_map)}
    dots = {p["alt"]: basemap.pixels(p["lat"], p["lon"], zoom) for p in points(venue_map)}
    assert [pair for pair in combinations(boxes, 2) if cover(boxes[pair[0]], boxes[pair[1]])] == []
    assert [(b, d) for b, box in boxes.items() for d, (x, y) in dots.items() if cover(box, (x, y, x, y))] == []


@pytest.mark.parametrize("zoom", maps.ZOOMS[1:])  # at the first, for phones, names would leave boxes no room
def test_no_name_of_a_country_is_hidden_by_a_box_or_hides_one(venue_map, zoom):
    [labels] = [layer for layer in venue_map.map._children.values() if isinstance(layer, maps.Labels)]
    size = {spot["name"]: spot for spot, _ in basemap.names()}
    shown = {name: maps.box_at(size[name], (0, 0), zoom) for name, _, _, zooms, _ in labels.names if zoom in zooms}
    boxes = {p["alt"]: maps.box_at(p, p["offsets"][zoom], zoom) for p in points(venue_map)}
    assert shown
    assert [
        pair for pair in combinations(shown | boxes, 2) if cover((shown | boxes)[pair[0]], (shown | boxes)[pair[1]])
    ] == []


def room(at, rings, size):
    """The least zoom, in quarters, at which a name's box lies within one of the outlines of what it names."""

    def within(ring, x, y):  # a line to the right crosses it an odd number of times
        edges = [(one, other) for one, other in pairwise(ring) if (one[1] > y) != (other[1] > y)]
        return sum(x < a + (y - b) * (c - a) / (d - b) for (a, b), (c, d) in edges) % 2

    spot = {"lat": at[0], "lon": at[1], "size": size}
    for zoom in (quarter / 4 for quarter in range(4, 4 * maps.ZOOMS.stop)):
        left, top, right, bottom = maps.box_at(spot, (0, 0), zoom)
        edge = [(x, y) for x in (left, (left + right) / 2, right) for y in (top, bottom)]
        drawn = [[basemap.pixels(lat, lon, zoom) for lon, lat in ring] for ring in rings]
        if any(all(within(ring, *point) for point in edge) for ring in drawn):
            return zoom
    return maps.ZOOMS.stop


@pytest.mark.parametrize("map_of", [tx.venue_map, tx.corridor_map])
def test_a_narrow_map_names_what_has_room_for_its_name(map_of):
    """The base map and the layout of lesson 03 say from which zoom that is."""
    [labels] = [layer for layer in map_of().map._children.values() if isinstance(layer, maps.Labels)]
    sizes, drawn = (
        {spot["name"]: spot["size"] for spot, _ in basemap.names()},
        {f.name: f.rings for f in basemap.base_map()},
    )
    rooms = {name: room(at, drawn[name], sizes[name]) for name, at, *_ in labels.names}
    assert {name: least for name, _, _, _, least in labels.names} == rooms and len(rooms) > 30


def test_pixels_are_those_of_web_maps():
    """The world is a square that ends 85.05 degrees from the equator, 256 pixels wide at zoom 0, twice that at each next."""
    edge = 85.0511287798066
    assert basemap.pixels(0, 0) == (128, 128)
    assert basemap.pixels(edge, -180, 3) == pytest.approx((0, 0), abs=1e-6)
    assert basemap.pixels(-edge, 180, 3) == pytest.approx((2048, 2048))


def test_the_base_map_has_the_seas_and_shades_by_membership(venue_map, frame):
    areas = [f for f in basemap.base_map() if f.kind != "disputed"]
    roles = {f.name: basemap.role(f) for f in areas}
    assert roles["Caspian Sea"] == "sea" and roles["Aral Sea"] == "lake"
    codes = basemap.country_names()
    for row in tables.members().dropna(subset="code").itertuples():
        assert roles[codes[row.code]] == row.role
    assert roles["Northern Cyprus"] == "contested" and roles["Georgia"] == roles["Cyprus"] == "country"
    assert sum(role == "member" for role in roles.values()) == len(tables.members().query("role == 'member'"))
    [shapes] = [layer for layer in venue_map.map._children.values() if isinstance(layer, maps.Shapes)]
    drawn = [kind for _, kind, _ in shapes.shapes]
    assert drawn == [basemap.role(f) for f in basemap.base_map()]
    assert re.findall(r'\["poly\w+","(\w+)"', frame.find_all("script")[1].get_text()) == drawn


DISPUTED = {  # a point near the line of each
    "Abkhazia and South Ossetia": (42.2, 43.7), "Aksai Chin": (35.5, 80.2), "Crimea": (46.1, 33.8), "Golan Heights": (33.0, 35.6),
    "Kashmir": (33.0, 76.5), "Kosovo": (43.2, 20.8), "Northern Cyprus": (35.1, 33.2), "Palestine": (32.4, 35.2),
    "Taiwan": (25.1, 121.6), "Transnistria": (47.1, 29.2), "border of China and India": (28.0, 94.0),
}  # fmt: skip


def test_all_that_the_base_map_decides_is_marked_alike_and_lies_where_it_should():
    lines = {f.name: f for f in basemap.base_map() if basemap.role(f) == "disputed"}
    assert set(lines) == set(DISPUTED)
    for name, (lat, lon) in DISPUTED.items():
        spots = [spot for ring in lines[name].rings for spot in ring]
        assert min(abs(x - lon) + abs(y - lat) for x, y in spots) < 0.8, name


@pytest.mark.parametrize(
    "file, mark", [("map.css", "path.disputed"), ("still.css", ".tx-disputed"), ("outputs.css", "path.tx-disputed")]
)
def test_disputes_are_dotted_on_every_kind_of_map_and_nothing_else_is(file, mark):
    """On maps that move, as pictures, in explorers and on paper: round dots, which no way and no shade has."""
    css = (ROOT / "data" / file).read_text("utf-8")
    rules = dict(re.findall(r"([^{}]+)\{([^{}]*)\}", css))
    marked = [rule for name, rule in rules.items() if mark in name]
    assert marked and all("stroke-dasharray:0 3.5" in rule and "fill:none" in rule for rule in marked)
    assert [name for name, rule in rules.items() if re.search(r"dasharray:0 ", rule) and mark not in name] == []


def test_every_map_says_that_it_takes_no_side(outer):
    for figure in (outer, page(tx.venue_sheet()._repr_html_()), page(tx.year_explorer().pane("2012"))):
        said = figure.get_text()
        assert re.search("(?i)dotted", said) and re.search("no side|not a statement by this course", said)


def test_a_town_outside_the_member_states_names_its_country(venue_map):
    [yerevan] = [p for p in points(venue_map) if p["alt"].startswith("Yerevan")]
    assert "Yerevan, Armenia" in page(yerevan["html"]).get_text()
    assert not [p["alt"] for p in points(venue_map) if "Kazakhstan" in page(p["html"]).get_text()]


def test_a_shape_in_steps_is_the_shape_it_was(frame):
    """The page adds the steps up: every outline of the base map comes out again, to a hundredth of a degree."""
    script = frame.find_all("script")[1].get_text()
    shapes, _ = json.JSONDecoder().raw_decode(script[script.index('[["polygon"') :])
    for feature, (_, _, parts) in zip(basemap.base_map(), shapes, strict=True):
        for ring, steps in zip(feature.rings, parts, strict=True):
            lons, lats = (list(accumulate(steps[start::2])) for start in (0, 1))
            assert [[round(lon * 100), round(lat * 100)] for lon, lat in ring] == [
                list(spot) for spot in zip(lons, lats, strict=True)
            ]


# --- text from data stays text -------------------------------------------------------------------------------------


def test_hostile_text_in_a_table_stays_text(data):
    quoted = HOSTILE.replace('"', '""')
    edit(data / "summits.csv", "Meeting Point of East and West", f'"{quoted}"')
    edit(data / "places.csv", "Şuşa,az", f'"{quoted}",az')
    figure = tx.venue_map()
    outer = page(figure._repr_html_())
    frame = page(outer.iframe["srcdoc"])
    assert not strange(outer) and not frame.find_all("img")
    assert len(frame.find_all("script")) == 2
    assert "<script" not in frame.find_all("script")[1].get_text()
    [row] = [r for r in rows_of(outer, "Summits that met in a place") if "Budapest" in r]
    assert HOSTILE in row
    for place in ("Budapest", "Shusha"):
        [point] = [p for p in points(figure) if p["alt"].startswith(place)]
        assert not page(point["popup"]).find_all(["script", "img"])
        assert HOSTILE in page(point["popup"]).get_text()


def test_a_hostile_title_stays_text():
    figure = maps.framed(
        maps.OfflineMap(HOSTILE, {2: [(500, 300, 700, 400)]}),
        HOSTILE,
        maps.Markup(),
        maps.Markup(),
        "data:image/svg+xml;base64,",
    )
    outer = page(figure._repr_html_())
    frame = page(outer.iframe["srcdoc"])
    assert outer.iframe["title"] == frame.title.get_text() == frame.h1.get_text() == HOSTILE
    assert not strange(outer) and len(frame.find_all("script")) == 2 and not frame.find_all("img")


# --- the chart -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chart():
    return page(tx.hosting_chart()._repr_html_())


def test_the_chart_is_text_and_says_itself(chart):
    assert chart.svg["role"] == "img"
    held = tables.summits().query("status == 'held'")
    counts = held["country"].map(basemap.country_names()).value_counts()
    assert f"{len(held)} summits" in chart.svg["aria-label"]
    words = [text.get_text() for text in chart.svg.find_all("text")]
    for country, count in counts.items():
        assert f"{country} {count}" in chart.svg["aria-label"]
        assert f"{country}  {count}" in words
    assert str(held["year"].min()) in words


def test_the_charts_table_holds_its_numbers(chart):
    held = tables.summits().query("status == 'held'").assign(host=lambda f: f["country"].map(basemap.country_names()))
    listed = {row[0]: [int(n) for n in row[1:]] for row in rows_of(chart, "Summits held")}
    for host, rows in held.groupby("host"):
        assert listed.pop(host) == [*((rows["kind"] == kind).sum() for kind in venues.KINDS), len(rows)]
    assert not listed


def test_the_chart_takes_its_colours_from_the_page(chart):
    """No colour of its own is left, so that it can be read on a dark page and on paper."""
    assert not re.search(
        r"#[0-9a-f]{3,6}\b(?!\))",
        " ".join(tag.get("style", "") for tag in chart.svg.find_all(True)).replace("url(#", ""),
    )
    assert "var(--ink)" in str(chart.svg)


def test_a_hostile_host_does_not_break_out_of_the_chart():
    for _, axes, _ in (forms := charts.Forms(3, 3)):
        axes.set_title(HOSTILE)
    html = charts.chart("odd", forms, HOSTILE, HOSTILE, maps.Markup())._repr_html_()
    assert [svg["aria-label"] for svg in page(html).find_all("svg", role="img")] == [HOSTILE] * 2
    assert page(html).figcaption.get_text() == HOSTILE and HOSTILE in page(html).svg.get_text()
    assert not strange(page(html))


def test_a_chart_does_not_follow_the_reader_s_own_settings():
    import matplotlib

    before = tx.hosting_chart()._repr_html_()
    with matplotlib.rc_context({"lines.markersize": 30, "axes.facecolor": "yellow", "font.size": 30}):
        assert tx.hosting_chart()._repr_html_() == before
