"""Waters and climate: the tables say what the records say, and the explorer, charts and questions what the tables say."""

import re
from itertools import accumulate, pairwise

import pandas as pd
import pytest

import turkic_explainer as tx
from turkic_explainer import ledger, lessons, tables
from turkic_explainer.basemap import base_map
from turkic_explainer.checked import Several
from turkic_explainer.press.claims import figures
from turkic_explainer.smallmap import SmallMap
from turkic_explainer.validate import DataError

from .conftest import HOSTILE, edit, loads, page

CHARTS = {"caspian": tx.caspian_chart, "levels": tx.level_chart, "aral": tx.aral_chart}
TOPICS = tables.water_topics()
SPOTS = TOPICS["spots"].dropna().str.split("; ")  # the topics that mark something on the map, and what
each_topic = pytest.mark.parametrize("key", TOPICS.index)


def pane(key: str):
    return page(tx.waters_explorer().pane(key))


def names(pane) -> dict[str, tuple[float, float]]:
    """The names that stand on a pane's map, and where: in percent from the left and from the top."""
    found = {tag.get_text(): tag["style"] for tag in pane.select(".tx-land")}
    found |= {tag.span.get_text(): tag["style"] for tag in pane.select(".tx-pin:has(span)")}
    return {name: tuple(map(float, re.findall(r"(?:left|top):([\d.]+)%", style))) for name, style in found.items()}


def outlines(pane) -> list[list[list[tuple[float, float]]]]:
    """The outlines drawn on a pane's map, each as its rings of points, in percent as well."""
    width, height = map(int, pane.select_one(".tx-locator svg")["viewbox"].split()[2:])
    found = []
    for path in pane.select("path.tx-outline"):
        found.append([])
        for drawn in path["d"].split("M")[1:]:  # a point, then steps from it
            numbers = [int(n) for n in re.findall(r"-?\d+", drawn)]
            xs, ys = (accumulate(numbers[start::2]) for start in (0, 1))
            found[-1].append([(x / width * 100, y / height * 100) for x, y in zip(xs, ys, strict=True)])
    return found


def inside(spot: tuple[float, float], outline: list) -> bool:
    """Whether a point lies in an outline: a ray from it crosses the rings an odd number of times."""
    (x, y), odd = spot, False
    for ring in outline:
        for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]]):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                odd = not odd
    return odd


def levels() -> list[tuple[str, float, str]]:
    """The rows of the chart of levels: when, the first figure, and its kind."""
    rows = page(tx.level_chart().body).select("tbody tr")
    cells = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in rows]
    return [(when, float(re.search(r"[\d.]+", metres)[0]), kind) for when, metres, kind, _ in cells]


def right(key: str) -> str:
    question = tx.question(key)
    if isinstance(question, Several):
        return " ".join(reason.label for reason in question.reasons if reason.right)
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
    (",-26,-27,", ",-26,-28,", "called usual by one report, last hundred years: 28"),
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


@pytest.mark.parametrize("key", SPOTS.index)
def test_each_outline_on_the_map_is_that_of_one_spot_and_bears_its_name(key):
    named = {name.casefold(): at for name, at in names(pane(key)).items()}
    drawn = [
        [spot for spot in SPOTS[key] if inside(named[spot.casefold()], outline)] for outline in outlines(pane(key))
    ]
    assert drawn == [[spot] for spot in SPOTS[key] if spot not in tables.places().index]


def test_north_lies_north_of_south():
    [[north]], [[south]] = outlines(pane("aral-north")), outlines(pane("aral-south"))
    assert max(y for _, y in north) < min(y for _, y in south)


@each_topic
def test_the_names_on_the_map_lie_in_its_frame_and_apart(key):
    named = {tag.get_text() for tag in pane(key).select(".tx-land")}
    assert named > {"Azerbaijan", "Iran", "Kazakhstan", "Russia", "Turkmenistan"}, "the five on the Caspian's shore"
    spots = [names(pane(key))[name] for name in named]
    assert all(2 < x < 98 and 2 < y < 98 for x, y in spots)
    assert all(abs(y - v) > 5 or abs(x - u) > 20 for n, (x, y) in enumerate(spots) for u, v in spots[:n])


def test_what_lies_outside_the_frame_is_not_drawn_and_small_lakes_keep_their_shape():
    small, drawn = SmallMap("m", (44.0, 82.0, 35.0, 53.0)), {f.name: f.rings for f in base_map()}
    assert small.outline(drawn["Hungary"], "observer") == "" and small.outline(drawn["Kazakhstan"], "member")
    [[lake]] = outlines(pane("aral-north"))
    assert len(lake) > 12
    kinds = {tag["class"][0] for tag in page(tx.waters_explorer().setting).select("path")}
    assert kinds == {"tx-member", "tx-observer", "tx-country", "tx-sea", "tx-lake", "tx-disputed"}


# --- the explorer --------------------------------------------------------------------------------------------------


@each_topic
def test_a_topic_tells_all_its_claims_its_outcome_and_its_missing_figure(key):
    row, shown = TOPICS.loc[key], pane(key)
    told = shown.get_text()
    outcome = [row.outcome] if isinstance(row.outcome, str) else []
    assert [tag.get_text() for tag in shown.select("li .tx-soft")] == [*row.claims, *outcome, *row.records]
    assert all(text in told for text in (row.words, row.figure, row.holder, row.marked))
    assert "://" not in told
    assert all(f"How sure: {ledger.sure(ledger.claim(i))}." in " ".join(told.split()) for i in row.records)
    if outcome:
        found = tables.initiatives().query("outcome == @row.outcome").iloc[0]
        assert [tag.get_text() for tag in shown.select("p > em")] == [found.wording, found.status]
    else:
        assert "On record since: no outcome." in " ".join(told.split())


@each_topic
def test_a_topic_marks_its_spots_and_no_other(key):
    shown, spots = pane(key), SPOTS.get(key, [])
    towns = [tag.span.get_text() for tag in shown.select(".tx-pin:has(.tx-regular)")]
    assert towns == [spot for spot in spots if spot in tables.places().index]
    assert len(shown.select("path.tx-outline")) + len(towns) == len(spots)
    assert ("Marked: nothing" in shown.get_text()) == (not len(spots))


@each_topic
def test_a_square_stands_where_the_words_were_said(key):
    """S1 is of the summit at Shusha and S4 of that at Gabala; S0 is of no summit."""
    towns = [
        town
        for report, town in (("S1", "Shusha"), ("S4", "Gabala"))
        if any(i.startswith(report) for i in TOPICS.loc[key, "claims"])
    ]
    assert f"Square: where the words were said ({', '.join(towns)})." in pane(key).get_text()
    squares = [
        tuple(map(float, re.findall(r"[\d.]+(?=%)", tag["style"])))
        for tag in pane(key).select(".tx-pin:has(.tx-named)")
    ]
    assert len(squares) == len(towns) and all(abs(x - names(pane(key))["Azerbaijan"][0]) < 5 for x, _ in squares)


def test_a_reading_is_told_as_ours():
    told = {tag.select_one(".tx-soft").get_text(): tag.get_text() for tag in pane("caspian").select("li")}
    assert told["S1-59"].startswith("Our reading: ") and told["S1-46"].startswith("Tokayev")


def test_text_of_the_table_is_escaped(data):
    hostile = '"' + HOSTILE.replace('"', '""') + '"'
    edit(data / "water_topics.csv", "a council on best practices", hostile)
    shown = str(tx.waters_explorer().pane("energy")) + tx.measuring_sheet()._repr_html_()
    assert "<script" not in shown and "<img" not in shown and "&lt;script&gt;" in shown


def test_the_sheet_has_a_row_for_each_topic_and_room_in_it():
    rows = page(tx.measuring_sheet()._repr_html_()).select("tbody tr")
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
    assert levels()[-1][1:] == (31.18, "worked out")
    edit(data / "water_figures.csv", ",-29.18,", ",-28.18,")
    assert levels()[-1][1:] == (30.18, "worked out")
    assert "than in 2024: 30.18" in tx.level_chart().text


def test_charts_follow_the_table(data):
    edit(data / "water_figures.csv", "1940,1977,1940 to 1977,,-4", "1941,1977,1941 to 1977,,-5")
    assert "1941 to 1977, 37 years, −5 centimetres" in tx.caspian_chart().text
    edit(data / "water_figures.csv", ",18.4,", ",20,")
    assert "Twice the first figure would be 40." in tx.aral_chart().text


# --- questions and exercises ---------------------------------------------------------------------------------------


def test_a_question_follows_its_figures(data):
    assert "2 metres below" in right("07-forecast")
    edit(data / "water_figures.csv", ",,-2,", ",,-1,")
    assert "1 metres below" in right("07-forecast")


def test_a_period_is_counted_with_both_its_years():
    assert "28 years times -8 centimetres are -224 centimetres." in lessons.question("07-most").pane("c")


@pytest.mark.parametrize("old, new, most", [(",,13,", ",,1,", "1996 to 2023"), (",,-4,", ",,-14,", "1940 to 1977")])
def test_a_right_answer_that_the_figures_no_longer_bear_out_is_told(data, old, new, most):
    assert right("07-most") == "B. 1978 to 1995"
    edit(data / "water_figures.csv", old, new)
    with pytest.raises(DataError, match=rf"lesson07, line \d+, most.*'{most}', but the \[x\] is at '1978 to 1995'"):
        right("07-most")


def test_the_forecast_question_holds_only_while_the_figures_do_not_fit():
    far, (_, reached, _) = tables.water_figures().query("first == 2050").iloc[0], levels()[-1]
    assert not far.to <= -reached <= far.value


def test_the_share_is_worked_out_from_the_two_records(seeds):
    assert right("07-share").endswith("about 23%")
    edit(seeds / "background.toml", "value = 1.3", "value = 1.5")
    assert right("07-share").endswith("about 20%")


def test_right_answers_of_the_lesson_go_round():
    picked = [key for key in lessons.keys("questions") if key.startswith("07-") and key != "07-shore"]
    letters = [right(key)[0] for key in picked]
    assert (
        len(letters) >= 6
        and all(letters.count(letter) >= 1 for letter in "ABCD")
        and max(map(letters.count, letters)) <= 2
    )


@pytest.mark.parametrize(
    "key, answer", [("07-level", -29.18 + 28 * 8 / 100), ("07-volume", (24.1 - 18.5) / (27 - 18.5) * 100)]
)
def test_an_exercise_has_the_answer_that_the_records_give(key, answer):
    assert tx.check(key, round(answer, 2)).text.endswith("Right.")
    assert "Not yet" in tx.check(key, round(answer * 1.02, 2)).text


def test_only_two_members_lie_on_the_caspian():
    """The base map has whose outline touches the sea's; the question and the record say which of them are members."""
    [sea] = [f for f in base_map() if f.name == "Caspian Sea"]
    shore = {tuple(point) for point in sea.rings[0]}
    touching = set()
    for feature in base_map():
        if feature.kind == "country" and any(
            abs(x - u) < 0.3 and abs(y - v) < 0.3 for ring in feature.rings for x, y in ring for u, v in shore
        ):
            touching.add(feature.name)
    members = set(tables.members().query("role == 'member'")["entity"])
    assert touching & members == {"Azerbaijan", "Kazakhstan"} and right("07-shore") == "B. Azerbaijan D. Kazakhstan"
