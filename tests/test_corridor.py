"""The corridor: nothing left out of its map, sums that agree with sums done another way, charts that are their tables."""

import math
import re
from collections import Counter
from itertools import combinations, pairwise

import pandas as pd
import pytest

import turkic_explainer as tx
from turkic_explainer import basemap, ledger, lessons, maps, tables
from turkic_explainer.lessons.lesson03 import shown as corridor
from turkic_explainer.lessons.lesson03 import ways as computed
from turkic_explainer.markup import Markup
from turkic_explainer.press.blocks import once

from .conftest import HOSTILE, ROOT, edit, forget, page, still_of, strange

DATA = ROOT / "src" / "turkic_explainer" / "data"
CONTEXT = {"Northern route", "sea route"}


@pytest.fixture(scope="module")
def figure():
    return tx.corridor_map()


@pytest.fixture(scope="module")
def outer(figure):
    return page(figure._repr_html_())


@pytest.fixture(scope="module")
def ride():
    return tx.ride_explorer()


def points(figure) -> list[dict]:
    return [p for layer in figure.map._children.values() if isinstance(layer, maps.Boxes) for p in layer.points]


def stops_of(figure) -> list[dict]:
    return [p for p in points(figure) if not p["alt"].endswith("a country")]


def rows_of(soup, caption: str) -> list[list[str]]:
    [table] = [t for t in soup.find_all("table") if t.caption.get_text().startswith(caption)]
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]


def haversine(one, other) -> float:
    """Kilometres on a ball of the earth's mean radius: another way to a length than the package's."""
    lat, lon, lat2, lon2 = map(math.radians, (one.lat, one.lon, other.lat, other.lon))
    a = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(a))


def ways(end: str, start: str = "Xi'an") -> list[list[str]]:
    """Every chain of stops from one stop to another, by the corridor's legs alone."""
    if end == start:
        return [[start]]
    before = tables.legs().query("end == @end and branch not in @CONTEXT")["start"]
    return [[*chain, end] for stop in before for chain in ways(stop, start)]


# --- lengths -------------------------------------------------------------------------------------------------------


def test_computed_lengths_are_those_of_a_ball_to_half_a_percent():
    rows, known = tx.leg_lengths(), tables.stops()
    assert len(rows) == len(tables.legs())
    for leg in rows.itertuples():
        assert leg.computed_km == pytest.approx(haversine(known.loc[leg.start], known.loc[leg.end]), rel=0.005, abs=1)


def test_a_length_on_the_ellipsoid_is_the_known_one():
    """A quarter of a meridian on WGS 84 is 10,001.966 km; on a ball of the mean radius it would be 10,007.557."""
    from geographiclib.geodesic import Geodesic

    assert Geodesic.WGS84.Inverse(0, 0, 90, 0)["s12"] / 1000 == pytest.approx(10001.966, abs=0.001)


def test_no_stated_length_is_shorter_than_the_computed_one():
    known = tx.leg_lengths().dropna(subset="stated_km")
    assert len(known) == tables.legs()["stated_km"].notna().sum() > 2
    assert (known["stated_km"] >= known["computed_km"]).all() and (known["ratio"] >= 1).all()
    assert known["ratio"].max() < 1.4, "a track that winds so much is a slip"


def test_a_way_is_a_chain_of_legs_from_its_start_to_its_end():
    for end in ("Istanbul", "Budapest", "Constanța", "Poti", "Batumi", "Kuryk port", "Dostyk"):
        rows = computed.way("Xi'an", end)
        chain = ["Xi'an", *rows["end"]]
        assert list(rows["start"]) == chain[:-1] and chain in ways(end)


@pytest.mark.parametrize(
    "start, end", [("Xi'an", "Turkmenbashi"), ("Istanbul", "Xi'an"), ("Xi'an", "Moscow"), ("Xi'an", "Oz")]
)
def test_where_no_way_is_on_record_none_is_made_up(start, end):
    with pytest.raises(ValueError, match=f"No way from {start} to {end}"):
        computed.way(start, end)


# --- the map -------------------------------------------------------------------------------------------------------


def test_every_stop_is_on_the_map_and_in_the_table(figure, outer):
    known = tables.stops()
    by_name = {p["alt"].split(",")[0]: p for p in stops_of(figure)}
    listed = {row[0]: row for row in rows_of(outer, "Stops")}
    assert set(by_name) == set(listed) == set(known.index)
    for name, row in known.iterrows():
        point = by_name[name]
        assert (point["lat"], point["lon"]) == (row.lat, row.lon) and row.kind in point["alt"]
        assert row.happens in page(point["popup"]).get_text()
        assert all(claim in point["popup"] and claim in listed[name][-1] for claim in row.claims)
        assert {row.kind, row.happens} <= set(listed[name])


def test_every_leg_is_on_the_map_and_in_the_table(figure, outer):
    rows, known = tx.leg_lengths(), tables.stops()
    drawn = Counter()
    for layer in figure.map._children.values():
        if isinstance(layer, maps.Shapes):
            drawn.update(
                (kind, tuple(map(tuple, line))) for _, kind, [line, *_] in layer.shapes if kind.startswith("way")
            )
    listed = {row[0]: row for row in rows_of(outer, "Legs")}
    assert sum(drawn.values()) == len(rows) == len(listed)
    for leg in rows.itertuples():
        a, b = known.loc[leg.start], known.loc[leg.end]
        kind = "north" if leg.branch in CONTEXT else leg.mode if leg.branch == "common" else f"{leg.mode}-branch"
        assert drawn[(f"way {kind}", ((a.lon, a.lat), (b.lon, b.lat)))] == 1
        told = listed[f"{leg.start} to {leg.end}"]
        assert told[1:3] == [f"{leg.branch}, {leg.mode}", str(leg.computed_km)]
        assert told[3] == ("" if pd.isna(leg.stated_km) else f"{leg.stated_km:g}")


def test_lines_are_told_apart_by_form_as_well_as_by_colour():
    for file in ("map.css", "outputs.css"):
        css = (DATA / file).read_text("utf-8")
        ship, north = (re.search(rf"[.-]{kind}\b[^{{}}]*{{([^}}]*)}}", css)[1] for kind in ("ship-branch", "north"))
        assert "stroke-dasharray" in ship and "stroke-dasharray" in north, file


def test_the_map_says_that_its_lines_are_straight_and_what_is_schematic(outer):
    caption = outer.figcaption.get_text()
    assert "drawn straight" in caption and "schematic" in caption and "not a statement by this course" in caption


def cover(one, other) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("zoom", [*maps.ZOOMS, maps.NEAR])
def test_no_box_hides_another_a_stop_or_a_line(figure, zoom):
    found, known = points(figure), tables.stops()
    boxes = {p["alt"]: maps.box_at(p, p["offsets"][zoom], zoom) for p in found if zoom in p["offsets"]}
    named = {alt: box for alt, box in boxes.items() if not next(p for p in found if p["alt"] == alt).get("here")}
    pairs = combinations(named, 2)
    assert [pair for pair in pairs if cover(named[pair[0]], named[pair[1]])] == []
    dots = [basemap.pixels(p["lat"], p["lon"], zoom) for p in found]
    for leg in tables.legs().itertuples():
        a, b = known.loc[leg.start], known.loc[leg.end]
        dots.append(basemap.pixels((a.lat + b.lat) / 2, (a.lon + b.lon) / 2, zoom))
    assert [alt for alt, box in named.items() for x, y in dots if cover(box, (x, y, x, y))] == []


@pytest.mark.parametrize("country", ["Armenia", "Azerbaijan", "Iran"])
def test_neighbours_of_the_corridor_are_named_at_first_view_and_once(figure, country):
    zoom = 4  # a page
    found = points(figure)
    [named] = [p for p in found if p["alt"] == f"{country}, a country"]
    left, top, right, bottom = maps.first_view(found, zoom)
    box = maps.box_at(named, named["offsets"][zoom], zoom)
    assert left <= box[0] and box[2] <= right and top <= box[1] and box[3] <= bottom
    [labels] = [layer for layer in figure.map._children.values() if isinstance(layer, maps.Labels)]
    assert country not in [name for name, *_ in labels.names]
    roles = {f.name: basemap.role(f) for f in basemap.base_map()}
    assert ("neither" in named["popup"]) == (roles[country] == "country")


def test_a_slide_names_the_containers_stops_and_the_lands_among_them_and_a_phone_the_stops_alone(figure, outer):
    on_route, slim = ({p["name"] for p in points(figure) if zoom in p["offsets"]} for zoom in (maps.NEAR, 3))
    assert on_route - slim == {"Armenia", "Azerbaijan", "Iran"}
    ridden = tx.leg_lengths().query("branch in ['common', 'Khorgos', 'Dostyk', 'Kuryk ferry', 'Kars']")
    assert slim == {*ridden["start"], *ridden["end"]} - {"Budapest"}
    items = outer.select(".tx-numbered li")
    listed = [item.get_text(strip=True) for item in items]
    assert {*listed} == slim and (listed[0], listed[-1]) == ("Xi'an", "Istanbul")
    assert all(item.svg["class"][1] == f"tx-{tables.stops().kind[name].replace(' ', '-')}" for item, name in zip(items, listed, strict=True))  # fmt: skip


@pytest.mark.parametrize("zoom", [2, maps.NEAR, 4])
def test_the_first_view_holds_every_box_that_is_not_set_aside(figure, zoom):
    found = points(figure)
    left, top, right, bottom = maps.first_view(found, zoom)
    for p in [p for p in found if zoom in p["offsets"]]:
        x, y = basemap.pixels(p["lat"], p["lon"], zoom)
        box = maps.box_at(p, p["offsets"][zoom], zoom)
        if left <= x <= right:
            assert left <= box[0] and box[2] <= right and top <= box[1] and box[3] <= bottom, p["alt"]
        else:
            assert p["aside"] and zoom == 4


def test_paper_shows_every_named_stop(outer, figure):
    drawn = still_of(outer)
    assert {b.get_text() for b in drawn.select(".box b")} == {
        p["alt"].split(",")[0] for p in stops_of(figure) if not p["here"]
    }
    assert [i.get_text() for i in drawn.select(".box i.land")] == ["Armenia", "Azerbaijan", "Iran"]
    assert drawn.select("path.tx-ship") and drawn.select("path.tx-north")


# --- the ride ------------------------------------------------------------------------------------------------------


def test_every_leg_of_the_corridor_is_ridden_once_but_that_from_turkmenbashi(ride):
    rides, rows = computed.rides(), tables.legs()
    ours = rows[~rows["branch"].isin(CONTEXT)]
    assert set(ours.index) - set(rides["leg"].dropna()) == set(ours.index[ours["branch"] == "Turkmenbashi"])
    assert rides["leg"].dropna().is_unique and len(ride.states) == len(rides)
    assert {"Istanbul", "Constanța", "Poti", "Batumi", "Saksaulskaya", "Alat port"} <= set(rides["stop"])
    assert {label for _, label in ride.states} >= {"Saksaulskaya from Zhezkazgan", "Alat port from Kuryk port"}


def test_what_adds_up_on_a_ride_is_what_adds_up_by_hand():
    rides, known = computed.rides(), tables.stops()
    for end, found in rides.groupby("stop"):
        chains = ways(end)
        for row in found.itertuples():
            passed = ["Xi'an", *tables.legs().loc[list(row.legs), "end"]]
            assert passed in chains
            length = sum(haversine(known.loc[a], known.loc[b]) for a, b in pairwise(passed))
            assert row.km == pytest.approx(length, rel=0.005, abs=len(passed))
            countries = [known.at[stop, "country"] for stop in passed]
            assert row.borders == sum(a != b for a, b in pairwise(countries))
            assert row.gauge_changes == sum(known.at[stop, "kind"] == "gauge change" for stop in passed)
            modes = tables.legs().set_index(["start", "end"])["mode"]
            assert row.ships == sum(modes[leg] == "ship" for leg in pairwise(passed))


def test_a_state_of_the_ride_shows_its_sums_and_its_stop(ride):
    rides = computed.rides().set_index("stop")
    for state, label in ride.states:
        pane, stop = page(ride.pane(state)), label.split(" from ")[0]
        text = " ".join(pane.get_text(" ").split())
        found = rides.loc[[stop]]
        assert pane.select_one(".tx-pin span").get_text() == stop
        assert tables.stops().at[stop, "happens"] in text
        assert label == "Xi'an" or any(f"At least {km:,} km from Xi'an" in text for km in found["km"])
        counts = re.search(r"Borders crossed: (\d+) Changes of gauge: (\d+) Ships: (\d+)", text)
        assert tuple(map(int, counts.groups())) in {(r.borders, r.gauge_changes, r.ships) for r in found.itertuples()}
        assert bool(pane.select("path.tx-rail")) == (label != "Xi'an")


def test_days_on_record_stand_at_their_stop_and_at_no_other(ride):
    said = {label: page(ride.pane(state)).get_text(" ") for state, label in ride.states}
    for label, text in said.items():
        assert ("no figure on record" in text) == (not re.search(r"\d days ?, ", text)), label
    assert "13 days , Khorgos to Istanbul (the president of Kazakhstan, May 2022)" in said["Istanbul"]
    assert "31 to 34 days" in said["Constanța"] and "31 to 34 days" not in said["Istanbul"]
    assert "19 to 23 days" in said["Poti"] and "19 to 23 days" in said["Batumi"]
    told = re.findall(r"B-\d{3}", " ".join(said.values()))
    days = tables.journeys().query("route == 'Middle Corridor' and unit == 'days' and stretch != 'not on record'")
    assert {i for ids in days["claims"] for i in ids} <= set(told)


def test_paper_has_a_row_for_every_state(ride):
    rows = rows_of(page(ride.html()), "The ride")
    assert [row[0] for row in rows] == [label for _, label in ride.states]
    assert [row[2] for row in rows if row[0] == "Istanbul"] == [
        f"{computed.rides().set_index('stop').at['Istanbul', 'km']}"
    ]


def test_the_ride_follows_the_table(data):
    before = computed.rides().set_index("stop").at["Istanbul", "km"]
    edit(data / "stops.csv", "Ankara,Ankara,TR,39.91987,32.85427", "Ankara,Ankara,TR,37.0,32.85427")
    assert computed.rides().set_index("stop").at["Istanbul", "km"] > before + 100


def test_a_page_keeps_once_the_drawing_that_its_small_maps_share(figure, ride):
    blocks = [Markup(html) for html in (tx.route_explorer().html(), ride.html())]
    assert all(str(corridor.SMALL.setting) in block for block in blocks)
    kept = once(blocks)
    assert [str(corridor.SMALL.setting) in block for block in kept] == [True, False]
    assert 'id="corridor-ways"' in kept[1]


# --- who draws what ------------------------------------------------------------------------------------------------


def test_a_report_draws_no_more_than_its_claims_name():
    explorer = tx.route_explorer()
    marks = {state: len(page(explorer.pane(state)).select(".tx-pin")) for state, _ in explorer.states}
    lines = {state: len(page(explorer.pane(state)).select("path")) for state, _ in explorer.states}
    assert marks["S3"] == marks["S0"] == marks["S4"] == 0 and marks["S1"] == 2 and marks["S2"] == 5
    assert [state for state, n in lines.items() if n and state != "B"] == ["S2"]
    text = page(explorer.pane("S2")).get_text(" ")
    assert "1 China, 2 Kazakhstan, 3 Caspian Sea, 4 Azerbaijan, 5 Georgia" in text
    assert "no point on a map: Southeast Asia, Europe" in text
    assert not any("Türkiye" in place for place in ledger.claim("S2-46").places)


def test_the_background_draws_every_stop_and_says_which_are_unconfirmed():
    text = page(tx.route_explorer().pane("B")).get_text(" ")
    for name, ids in tables.stops()["claims"].items():
        unconfirmed = ledger.claim(ids[0]).confidence == "recollection"
        assert name == "Suez" or name in text  # no leg leads to Suez
        assert (f"{name} (unconfirmed)" in text) == unconfirmed


# --- the charts ----------------------------------------------------------------------------------------------------


def test_the_cargo_chart_is_its_table():
    chart, rows = page(tx.cargo_chart()._repr_html_()), tables.cargo()
    words = [text.get_text().strip() for text in chart.svg.find_all("text")]
    listed = {int(row[0]): row for row in rows_of(chart, "Cargo on the Middle Corridor")}
    assert set(listed) == set(rows.index)
    for year, row in rows.iterrows():
        assert f"{row.thousand_tonnes:,}" in words and str(year) in words
        assert listed[year][1] == str(row.thousand_tonnes) and listed[year][-1] == row.claims[0]
        assert f"{year} {row.thousand_tonnes:,}" in chart.svg["aria-label"]
    contested = [str(year) for year in rows.index[rows["confidence"] == "contested"]]
    assert (
        words.count("contested") == len(contested) == len(chart.svg.select("pattern")) + 1
    )  # both bars share one pattern
    assert f"Contested: {' and '.join(contested)}" in chart.svg["aria-label"]
    assert f"{ledger.claim('B-219').value * 1000:,.0f}" in words
    assert "fell in 2021 and 2025" in chart.figcaption.get_text()


def test_the_chart_of_days_has_every_journey_in_days_and_the_table_all():
    chart, rows = page(tx.travel_times()._repr_html_()), tables.journeys()
    words = " ".join(text.get_text() for text in chart.svg.find_all("text"))
    assert len(rows_of(chart, "Times and costs")) == len(rows)
    days = rows[rows["unit"] == "days"]
    for row in days.itertuples():
        span = f"{row.low:g} days" if row.low == row.high else f"{row.low:g} to {row.high:g} days"
        assert span in words and span in chart.svg["aria-label"]
        assert all(word in words for word in (*row.stretch.split(), *row.who.split()))
    assert words.count(" days") == len(days)
    [doubt] = rows.query("view == 'studies'").itertuples()
    assert f"{doubt.low:g} times as long" in words and doubt.who in words


@pytest.mark.parametrize("make", [tx.corridor_map, tx.cargo_chart, tx.travel_times])
def test_the_same_bytes_twice(make):
    assert make()._repr_html_() == make()._repr_html_()


# --- text from data stays text -------------------------------------------------------------------------------------


def test_hostile_text_in_the_tables_stays_text(data):
    name = "<img src=x>{{7*7}}"  # short enough for a box
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    edit(data / "stops.csv", "Trains from Alat to Tbilisi pass through.", quoted)
    edit(data / "journeys.csv", "Khorgos to Istanbul", f"Khorgos to Istanbul {name}")
    for file in ("stops.csv", "legs.csv"):
        text = (data / file).read_text("utf-8")
        (data / file).write_text(text.replace("Kuryk port", name), "utf-8")
    forget()
    figure, ride = tx.corridor_map(), tx.ride_explorer()
    outer = page(figure._repr_html_())
    frame = page(outer.iframe["srcdoc"])
    assert not strange(outer) and not frame.find_all("img") and len(frame.find_all("script")) == 2
    assert "<img" not in frame.find_all("script")[1].get_text()
    listed = {row[0]: row for row in rows_of(outer, "Stops")}
    assert name in listed and HOSTILE in listed["Ganja"]
    for stop, told in ((name, name), ("Ganja", HOSTILE)):
        [popup] = [page(p["popup"]) for p in points(figure) if p["alt"].startswith(stop)]
        assert told in popup.get_text() and not popup.find_all(["script", "img"])
    for html in (ride.html(), tx.route_explorer().html(), tx.travel_times()._repr_html_()):
        assert not strange(page(html))
        assert name in page(html).get_text()
    assert HOSTILE in page(ride.html()).get_text()


# --- the lesson's own ----------------------------------------------------------------------------------------------


def test_the_readings_of_the_report_s_figure():
    """Almost three million tonnes and 65 percent, by hand."""
    assert lessons.exercise("03-total").right() == pytest.approx(3 / 1.65)
    known = tx.leg_lengths().dropna(subset="stated_km")
    assert lessons.exercise("03-winding").right() == pytest.approx(
        known["stated_km"].sum() / known["computed_km"].sum()
    )


def test_a_straight_way_is_held_against_a_stated_length():
    km = computed.way("Altynkol", "Aktau port")["computed_km"].sum()
    told = tx.straight_way("Altynkol", "Aktau port", stated_km=3128)
    assert (
        told.text == f"3,128 km stated / {km:,} km straight = {3128 / km:.2f}" == page(told.body).get_text(strip=True)
    )


def test_no_stop_of_the_corridor_lies_in_russia_as_the_lesson_says():
    ours = tables.legs().query("branch not in @CONTEXT")
    countries = tables.stops().loc[[*ours["start"], *ours["end"]], "country"]
    assert "RU" not in set(countries)
    assert "none lie there" in tx.question("03-beats").pane("c")
