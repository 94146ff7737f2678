"""The eight letters: every initiative in its one place with all its claims, the map, the chart, and the word's own uses."""

import math
import re

import pandas as pd
import pytest

import turkic_explainer as tx
from turkic_explainer import ledger, tables
from turkic_explainer.files import lesson_files
from turkic_explainer.lessons import question
from turkic_explainer.lessons.lesson04 import shown as turktime

from .conftest import edit, page, stored

EXPLORER = tx.turktime_explorer()
WORDS = tables.priorities()["word"]
STATES = dict(zip((state for state, _ in EXPLORER.states), WORDS, strict=True))
PANES = {state: page(EXPLORER.pane(state)) for state in STATES}
ROWS = tables.initiatives()
LESSON = next(file for file in lesson_files() if file.name.startswith("04-"))

each_letter = pytest.mark.parametrize("state, word", STATES.items(), ids=STATES)


def items(state: str):
    return PANES[state].select(".tx-firm li")


def under(word: str) -> pd.DataFrame:
    return ROWS[ROWS["priority"] == word]


# --- the explorer --------------------------------------------------------------------------------------------------


def test_the_letters_spell_the_word():
    assert "".join(state[0] for state in STATES) == "TURKTIME"
    assert [label for _, label in EXPLORER.states] == [f"{word[0]} {word}" for word in WORDS]
    for state, (position, word) in zip(STATES, WORDS.items(), strict=True):
        strip, head = PANES[state].select_one(".tx-strip"), PANES[state].select_one(".tx-state")
        assert strip.get_text() == "TURKTIME" and head.get_text() == word
        assert state == f"{word[0]}{position}"
        assert (
            "".join(str(part) for part in strip.b.previous_siblings if isinstance(part, str))
            == "TURKTIME"[: position - 1]
        )


def test_every_initiative_stands_in_one_pane_or_under_none_with_all_its_claims():
    found = {}
    for state, word in STATES.items():
        for item in items(state):
            name = item.strong.get_text()
            assert name not in found, f"{name} stands twice"
            found[name] = (word, tuple(ledger.CLAIM_ID.findall(item.select(".tx-soft")[-1].get_text())))
    filed = ROWS[ROWS["priority"] != "none"]
    assert found == {row.name: (row.priority, row.claims) for row in filed.itertuples()}


@each_letter
def test_a_pane_tells_the_meaning_its_claims_and_the_question(state, word):
    told = tables.priorities().set_index("word").loc[word]
    text = " ".join(PANES[state].select_one(".tx-letter").get_text(" ").split())
    assert told.meaning in text and told.question in text
    assert all(claim in text for claim in told.claims)


@each_letter
def test_a_pane_counts_what_the_table_holds(state, word):
    assert f"{len(under(word))} filed here, by us and by no report." in PANES[state].get_text()
    groups = {g.summary.find(string=True, recursive=False): g for g in PANES[state].select(".tx-firm")}
    counts = under(word)["wording"].value_counts()
    assert list(groups) == [w for w in turktime.WORDINGS if w in counts]
    for wording, group in groups.items():
        assert int(group.summary.span.get_text()) == counts[wording] == len(group.select("li"))
        names = {item.strong.get_text() for item in group.select("li")}
        assert names == set(under(word).query("wording == @wording")["name"])


@each_letter
def test_each_item_tells_its_reports_its_day_and_our_reason(state, word):
    by_name = under(word).set_index("name")
    for item in items(state):
        row, text = by_name.loc[item.strong.get_text()], item.get_text(" ")
        assert row.why in text and row.kind in text
        assert set(re.findall(r"\bS\d\b(?!-)", text.replace(row.why, ""))) == set(row.reports)
        report = ledger.source(ledger.claim(row.outcome).data["report"])
        assert f"{report.id} of {report.date.day} {report.date:%B %Y}" in text


def test_what_is_older_than_the_motto_is_marked_and_nothing_else():
    marked = {item.strong.get_text() for state in STATES for item in items(state) if item.select_one(".tx-older")}
    launch = pd.Timestamp(ledger.claim("B-155").as_of)
    of = ROWS["outcome"].map(lambda i: pd.Timestamp(ledger.source(ledger.claim(i).data["report"]).date))
    assert marked == set(ROWS[(of < launch) & (ROWS["priority"] != "none")]["name"])
    assert marked


@each_letter
def test_pins_are_the_places_of_the_rows(state, word):
    pins = PANES[state].select(".tx-pin")
    assert {pin.get_text() for pin in pins} == set(under(word)["place"].dropna())
    for pin in pins:  # and all of them lie on the map
        left, top = map(float, re.match(r"left:([\d.-]+)%;top:([\d.-]+)%", pin["style"]).groups())
        assert 3 < left < 97 and 5 < top < 95, pin.get_text()
    assert bool(PANES[state].select_one(".tx-nowhere")) == (not pins)


def test_names_of_towns_on_one_line_stand_on_two_sides():
    towns = tables.places().loc[["Turkistan", "Almaty"]]
    assert abs(towns["lat"].diff().iloc[1]) < 1, "this test wants two towns on one line"
    sides = {pin.get_text(): pin.select_one("span")["class"] for pin in PANES["T1"].select(".tx-pin")}
    assert sides["Turkistan"] != sides["Almaty"]


def test_the_explorer_follows_the_tables(data):
    edit(data / "initiatives.csv", "Investments,The fund itself", "Energy,The fund itself")
    explorer = tx.turktime_explorer()
    assert "Turkic Investment Fund</strong>" in explorer.pane("E8")
    assert "Turkic Investment Fund</strong>" not in explorer.pane("I6")


def test_hostile_text_in_a_table_is_escaped(data):
    edit(data / "initiatives.csv", "Saving energy was named in", "<img src=x onerror=alert(1)> was named in")
    edit(data / "priorities.csv", "Which comes first where", "<script>alert(1)</script> where")
    html = tx.turktime_explorer().html()
    assert "<img" not in html and "<script" not in html
    assert "&lt;img src=x" in html and "&lt;script&gt;" in html


# --- the balls -----------------------------------------------------------------------------------------------------


def test_a_ball_tells_each_wording_by_its_form():
    balls = {wording: str(turktime.ball(wording)) for wording in turktime.WORDINGS}
    assert len(set(balls.values())) == len(turktime.WORDINGS)
    assert all('aria-hidden="true"' in ball for ball in balls.values())
    assert balls["wished"].count("tx-full") == 0 and balls["done"].count('<circle r="6" class="tx-full"/>') == 1
    assert set(ROWS["wording"]) <= set(turktime.WORDINGS)


@pytest.mark.parametrize("wording, eighths", [("under way", 6), ("announced", 4), ("supported", 3), ("proposed", 2)])
def test_a_ball_is_filled_clockwise_from_the_top(wording, eighths):
    [path] = page(str(turktime.ball(wording))).select("path")
    large, sweep, x, y = re.match(r"M0 0V-6A6 6 0 ([01]) ([01]) ?(-?[\d.]+) ?(-?[\d.]+)z", path["d"]).groups()
    assert sweep == "1" and (large == "1") == (eighths > 4)
    angle = math.radians(45 * eighths)
    assert (float(x), float(y)) == pytest.approx((6 * math.sin(angle), -6 * math.cos(angle)), abs=0.1)


# --- the chart -----------------------------------------------------------------------------------------------------


def test_the_chart_has_the_numbers_of_the_table():
    chart = tx.letters_chart()
    soup = page(chart.body)
    cells = {row.th.get_text(): [td.get_text() for td in row.select("td")] for row in soup.select("tbody tr")}
    assert list(cells) == [*WORDS, "none"]
    for word, numbers in cells.items():
        counts = under(word)["wording"].value_counts()
        wanted = [counts.get(wording, 0) for wording in turktime.WORDINGS]
        assert [int(n) for n in numbers] == [*wanted, sum(wanted)]
        told = f"{word}: " + ", ".join(f"{n} {w}" for n, w in zip(wanted, turktime.WORDINGS, strict=True) if n) + "."
        assert told in soup.svg["aria-label"]
        assert re.search(rf">{word}  {sum(wanted)}<", chart.body)
    assert str(len(ROWS)) in soup.figcaption.get_text()


def test_the_chart_draws_a_ball_for_each_initiative():
    """A ring for each, a filled part for each that is not only wished."""
    drawn = page(tx.letters_chart().body).svg.find_all("use", style=re.compile("fill"))
    rings = [mark for mark in drawn if "fill-opacity: 0" in mark["style"]]
    assert len(rings) == len(ROWS)
    assert len(drawn) - len(rings) == (ROWS["wording"] != "wished").sum()


def test_the_chart_is_the_same_bytes_twice():
    assert tx.letters_chart().body == tx.letters_chart().body


# --- the word and its uses -----------------------------------------------------------------------------------------


def test_each_use_of_the_word_is_called_what_its_claim_calls_it():
    uses = tx.turktime_uses()
    for claim_id, row in uses.iterrows():
        says = ledger.claim(claim_id).says
        assert row.says == says and "TURKTIME" in says
        assert row.called in says.lower()
    assert {"a year in the chair", "the organization"} < set(uses["of"]) and uses["of"].str.contains("TurkPA").any()
    assert uses["day"].is_monotonic_increasing


def test_no_report_that_says_what_the_word_is_was_left_out():
    """The headline of S1 calls it nothing, and the list of S3 is the list of the eight words."""
    said = ledger.reported()["says"]
    told = said[said.str.contains("TURKTIME") & ~said.str.contains("eight")].index
    assert set(told) - set(tx.turktime_uses().index) == {"S1-01"}


def test_the_lesson_shows_the_lists_of_s1_as_the_claims_have_them():
    shown = page(
        "".join(o.data.get("text/html", "") for c in stored(LESSON).cells if c.id == "lists" for o in c.outputs)
    )
    cells = {row.th.get_text(): row.select("td")[-1].get_text() for row in shown.select("tbody tr")}
    assert cells == {i: ledger.claim(i).says for i in ("S1-03", "S1-08")}


def test_the_lesson_shows_all_that_is_filed_under_none():
    shown = page(
        "".join(o.data.get("text/html", "") for c in stored(LESSON).cells if c.id == "none" for o in c.outputs)
    )
    cells = {row.th.get_text(): row.td.get_text() for row in shown.select("tbody tr")}
    assert cells == dict(under("none").set_index("name")["why"])


# --- questions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key, old, new, told",
    [
        (
            "04-judge",
            'institution,Knowledge,"A patent',
            'institution,Trust,"A patent',
            "This course filed it under Trust.",
        ),
        ("04-ball", "Unified Turkic alphabet", "Common alphabet", "The card &#34;Common alphabet&#34; has a full ball"),
        (
            "04-none",
            "Joint efforts for the Caspian Sea",
            "Work for the Caspian",
            "&#34;Work for the Caspian&#34; stands under none",
        ),
    ],
)
def test_a_question_follows_its_table(data, key, old, new, told):
    assert told not in question(key).html()
    edit(data / "initiatives.csv", old, new)
    assert told in question(key).html()


@pytest.mark.parametrize(
    "file, key, old, new, told",
    [
        ("background.toml", "04-reforms", "the Economic Cooperation Organization as an observer, and work", "another thing, and work", "another thing"),
        ("S1.toml", "04-lists", "Only a stable region is in both;", "Nothing at all is in both;", "Nothing at all is in both"),
    ],
)  # fmt: skip
def test_a_question_follows_the_evidence(seeds, file, key, old, new, told):
    assert told not in question(key).html()
    edit(seeds / file, old, new)
    assert told in question(key).html()
