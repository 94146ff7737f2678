"""Waters and climate: the tables say what the records say, and the explorer, charts and questions what the tables say."""

import re

import pandas as pd
import pytest

from turkic_explainer import ledger, lessons, tables, waters
from turkic_explainer.basemap import base_map
from turkic_explainer.preflight import figures
from turkic_explainer.smallmap import SmallMap
from turkic_explainer.validate import DataError

from .conftest import HOSTILE, edit, loads, page

CHARTS = {"caspian": waters.caspian_chart, "levels": waters.level_chart, "aral": waters.aral_chart}
TOPICS = tables.water_topics()


def inside(lat: float, lon: float, ring: list) -> bool:
    """Whether a point lies in a ring of longitudes and latitudes: a ray from it crosses the ring an odd number of times."""
    odd = False
    for (x0, y0), (x1, y1) in zip(ring, ring[1:], strict=False):
        if (y0 > lat) != (y1 > lat) and lon < x0 + (lat - y0) / (y1 - y0) * (x1 - x0):
            odd = not odd
    return odd


def right(key: str) -> str:
    question = lessons.question(key)
    return next(label for state, label in question.states if page(question.pane(state)).select_one(".tx-right"))


# --- the tables ----------------------------------------------------------------------------------------------------


def unborne() -> list[str]:
    """The numbers of the water figures that no record cited in their row has."""
    found = []
    for row in tables.water_figures().itertuples():
        borne = set().union(*(figures(ledger.claim(i).figures) for i in row.claims))
        wanted = figures(" ".join(f"{abs(n):.10g}" for n in (row.first, row.last, row.value, row.to) if not pd.isna(n)))
        found += [f"{row.when}: {n}" for n in sorted(wanted - borne)]
    return found


def test_every_water_figure_is_in_a_record():
    # "another two metres" stands there in a word
    assert unborne() == ["by mid-century: 2"] and "another two metres" in ledger.claim("B-226").caveat


@pytest.mark.parametrize("old, new, told", [
    (",18.4,", ",18.5,", "start of 2023: 18.5"), ("1996,2023,", "1997,2023,", "1996 to 2023: 1997"),
    (",-26,-27,", ",-26,-28,", "usual, last hundred years: 28"),
])  # fmt: skip
def test_a_water_figure_that_no_record_has_is_found(data, old, new, told):
    edit(data / "water_figures.csv", old, new)
    assert told in unborne()


def test_signs_follow_the_words_of_the_records():
    rows = tables.water_figures()
    for record, words in (
        ("B-225", r"1940-1977: minus 4; 1978-1995: plus 13"),
        ("B-224", "-29.18"),
        ("B-226", "-32.4 to -34"),
    ):
        assert re.search(words, f"{ledger.claim(record).says} {ledger.claim(record).caveat}")
    assert list(rows.query("quantity == 'change of level'")["value"] > 0) == [False, True, False]
    assert rows.query("quantity == 'level'")[["value", "to"]].max().max() < 0


@pytest.mark.parametrize("file, old, new, told", [
    ("water_figures.csv", "1940,1977,", "1978,1977,", "first is not after last"),
    ("water_figures.csv", "since 2008,,42,,percent", "since 2008,,42,,per cent", "'percent'"),
    ("water_figures.csv", "reported,B-231", "reported,B-999", "There is no claim"),
    ("water_topics.csv", "aral-south,", "aral-north,", "It stands here twice"),
    ("water_topics.csv", ",B-169,", ",B-001,", "outcome of a row of initiatives"),
])  # fmt: skip
def test_what_is_wrong_in_a_water_table_is_told(data, file, old, new, told):
    edit(data / file, old, new)
    load = tables.water_figures if "figures" in file else tables.water_topics
    with pytest.raises(DataError, match=told):
        load()


def test_words_between_quotation_marks_are_the_reports_own():
    for row in TOPICS.itertuples():
        said = " ".join(ledger.claim(i).says for i in row.claims).replace("'", '"')
        assert all(f'"{words}"' in said for words in re.findall('"(.+?)"', row.words)), row.words


# --- the map -------------------------------------------------------------------------------------------------------


def test_names_of_waters_stand_in_their_waters():
    for name, spot in waters._PINS.items():
        assert any(inside(*spot, ring) for ring in waters._rings()[name]), name


def test_north_lies_north_of_south():
    [north], [south] = (waters._rings()[f"{part} Aral Sea"] for part in ("northern", "southern"))
    assert min(lat for _, lat in north) > max(lat for _, lat in south)


def test_the_names_on_the_map_lie_in_its_frame_and_apart():
    small = SmallMap("m", waters._FRAME, waters._PEN)
    spots = [re.findall(r"(?:left|top):([\d.]+)%", tag["style"]) for tag in page(waters._names(small)).select(".tx-land")]
    spots = [tuple(map(float, spot)) for spot in spots]
    assert len(spots) == len(waters._NAMES) and all(2 < x < 98 and 2 < y < 98 for x, y in spots)
    assert all(abs(y - v) > 5 or abs(x - u) > 20 for n, (x, y) in enumerate(spots) for u, v in spots[:n])


def test_what_lies_outside_the_frame_is_not_drawn_and_small_lakes_keep_their_shape():
    small = SmallMap("m", waters._FRAME, waters._PEN)
    assert small.outline(waters._rings()["Hungary"], "observer") == "" and small.outline(waters._rings()["Kazakhstan"], "member")
    assert small.outline(waters._rings()["northern Aral Sea"], "outline").count("-") > 12
    drawn = {tag["class"][0] for tag in page(small.setting).select("path")}
    assert drawn == {"tx-member", "tx-observer", "tx-country", "tx-sea", "tx-lake"}


def test_every_spot_is_a_place_a_country_or_a_water():
    known = {*tables.places().index, *waters._rings()}
    spots = [spot for text in TOPICS["spots"].dropna() for spot in text.split("; ")]
    assert spots and set(spots) <= known


# --- the explorer --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", TOPICS.index)
def test_a_topic_tells_all_its_claims_its_outcome_and_its_missing_figure(key):
    row, pane = TOPICS.loc[key], page(waters.waters_explorer().pane(key))
    told = pane.get_text()
    outcome = [row.outcome] if isinstance(row.outcome, str) else []
    assert [tag.get_text() for tag in pane.select("li .tx-soft")] == [*row.claims, *outcome, *row.records]
    assert all(text in told for text in (row.words, row.figure, row.holder, row.marked))
    assert "://" not in told
    if outcome:
        found = tables.initiatives().query("outcome == @row.outcome").iloc[0]
        assert [tag.get_text() for tag in pane.select("p > em")] == [found.wording, found.status]
    else:
        assert "No outcome is on record" in told


@pytest.mark.parametrize("key", TOPICS.index)
def test_a_topic_marks_its_spots_and_no_other(key):
    pane, spots = page(waters.waters_explorer().pane(key)), TOPICS.loc[key, "spots"]
    marked = len(pane.select("path.tx-outline")) + len(pane.select(".tx-pin .tx-regular"))
    assert marked == (len(spots.split("; ")) if isinstance(spots, str) else 0)
    assert (marked == 0) == ("Marked: nothing" in pane.get_text())
    small = SmallMap("m", waters._FRAME, waters._PEN)
    shapes = [small.outline(waters._rings()[spot], "outline") for spot in str(spots).split("; ") if spot in waters._rings()]
    assert [path["d"] for path in pane.select("path.tx-outline")] == [page(shape).path["d"] for shape in shapes]


def test_a_square_stands_where_the_words_were_said():
    assert {report: waters._said_in(report) for report in ("S0", "S1", "S4")} == {
        "S0": None,
        "S1": "Shusha",
        "S4": "Gabala",
    }
    assert len(page(waters.waters_explorer().pane("rivers")).select(".tx-pin .tx-named")) == 2


def test_a_reading_is_told_as_ours():
    [reading] = [
        item for item in page(waters.waters_explorer().pane("caspian")).select("li") if "S1-59" in item.get_text()
    ]
    assert reading.get_text().startswith("Our reading: ")
    assert waters._item("S1-46").startswith("<li>Tokayev")


def test_text_of_the_table_is_escaped(data):
    hostile = '"' + HOSTILE.replace('"', '""') + '"'
    edit(data / "water_topics.csv", "a council on best practices", hostile)
    shown = str(waters.waters_explorer().pane("energy")) + waters.measuring_sheet()._repr_html_()
    assert "<script" not in shown and "<img" not in shown and "&lt;script&gt;" in shown


def test_the_sheet_has_a_row_for_each_topic_and_room_in_it():
    rows = page(waters.measuring_sheet()._repr_html_()).select("tbody tr")
    cells = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in rows]
    assert [row[:2] for row in cells] == TOPICS[["name", "words"]].to_numpy().tolist()
    assert all(row[2:] == ["", "", "", "☐"] for row in cells)


# --- the charts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", CHARTS)
def test_charts_load_nothing_and_give_the_same_bytes_twice(key):
    html = CHARTS[key]()._repr_html_()
    assert loads(html) == [] and html == CHARTS[key]()._repr_html_()
    ids = [tag["id"] for tag in page(html).find_all(id=True)]
    assert len(ids) == len(set(ids)) and all(name.startswith(f"{key}-") for name in ids)


@pytest.mark.parametrize("key, told", [
    ("caspian", ["1940 to 1977, 38 years, −4 centimetres", "1978 to 1995, 18 years, +13 centimetres", "1996 to 2023, 28 years, −8"]),
    ("levels", ["26 to 27", "mean, 2024: 29.18", "July 2025: more than 29", "2050: 32.4 to 34", "than in 2024: 31.18"]),
    ("aral", ["start of 2023: 18.4, reported", ": 27, contested", ": 24.1, contested", ": 23, contested", ": 34, planned", "36.8"]),
])  # fmt: skip
def test_a_chart_says_its_figures_in_words(key, told):
    soup = page(CHARTS[key]()._repr_html_())
    alt = soup.select_one("svg[role=img]")["aria-label"]
    assert [part for part in told if part not in alt] == []
    assert len(soup.select("tbody tr")) == alt.count(";") + 1
    assert len(soup.figcaption.get_text().split()) > 20


def test_the_fall_still_to_come_is_worked_out_and_said_to_be(data):
    assert waters._level_rows().iloc[-1][["value", "kind"]].tolist() == [-31.18, "worked out"]
    edit(data / "water_figures.csv", ",-29.18,", ",-28.18,")
    assert waters._level_rows().iloc[-1]["value"] == -30.18
    assert "than in 2024: 30.18" in waters.level_chart().text


def test_charts_follow_the_table(data):
    edit(data / "water_figures.csv", "1940,1977,1940 to 1977,,-4", "1941,1977,1941 to 1977,,-5")
    assert "1941 to 1977, 37 years, −5 centimetres" in waters.caspian_chart().text
    edit(data / "water_figures.csv", ",18.4,", ",20,")
    assert "Twice the first figure would be 40." in waters.aral_chart().text


# --- questions and exercises ---------------------------------------------------------------------------------------


def test_a_question_follows_its_figures(data):
    assert "2 metres below" in right("07-forecast")
    edit(data / "water_figures.csv", ",,-2,", ",,-1,")
    assert "1 metres below" in right("07-forecast")


@pytest.mark.parametrize("old, new, most", [(",,13,", ",,1,", "1996 to 2023"), (",,-4,", ",,-9,", "1940 to 1977")])
def test_a_right_answer_that_the_figures_no_longer_bear_out_is_told(data, old, new, most):
    assert right("07-most") == "B. 1978 to 1995"
    edit(data / "water_figures.csv", old, new)
    with pytest.raises(DataError, match=rf"lesson07, line \d+, most.*'{most}', but the \[x\] is at '1978 to 1995'"):
        right("07-most")


def test_the_forecast_question_holds_only_while_the_figures_do_not_fit():
    far, reached = tables.water_figures().query("first == 2050").iloc[0], waters._level_rows().iloc[-1]["value"]
    assert not far.to <= reached <= far.value


def test_the_share_is_worked_out_from_the_two_records(seeds):
    assert right("07-share").endswith("about 23%")
    edit(seeds / "background.toml", "value = 1.3", "value = 1.5")
    assert right("07-share").endswith("about 20%")


def test_right_answers_of_the_lesson_go_round():
    letters = [right(key)[0] for key in lessons.keys("questions") if key.startswith("07-")]
    assert len(letters) >= 6 and all(letters.count(letter) >= 2 for letter in "ABC")


@pytest.mark.parametrize("key, answer", [("07-level", -29.18 + 28 * 8 / 100), ("07-volume", 27 / 1.42)])
def test_an_exercise_has_the_answer_that_the_records_give(key, answer):
    assert lessons.check(key, round(answer, 2)).text.endswith("Right.")
    assert "Not yet" in lessons.check(key, round(answer * 1.02, 2)).text


def test_only_two_members_lie_on_the_caspian():
    """The base map has whose outline touches the sea's; the question and the record say which of them are members."""
    [sea] = [f for f in base_map()["features"] if f["properties"]["name"] == "Caspian Sea"]
    shore = {tuple(point) for point in sea["geometry"]["coordinates"][0]}
    touching = set()
    for feature in base_map()["features"]:
        name = feature["properties"]["name"]
        if feature["properties"]["kind"] == "country" and any(
            abs(x - u) < 0.3 and abs(y - v) < 0.3 for ring in waters._rings()[name] for x, y in ring for u, v in shore
        ):
            touching.add(name)
    members = set(tables.members().query("role == 'member'")["entity"])
    assert touching & members == {"Azerbaijan", "Kazakhstan"} and right("07-shore") == "B. Azerbaijan and Kazakhstan"
