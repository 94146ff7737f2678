"""Lesson 06: sums of trade as the sources have them, charts that follow the table, and arithmetic that is right."""

import math
import re
from types import SimpleNamespace

import pandas as pd
import pytest

import turkic_explainer as tx
from turkic_explainer import course, ledger, tables
from turkic_explainer.files import lesson_files
from turkic_explainer.lessons.lesson06 import shown as economy
from turkic_explainer.press.claims import figures
from turkic_explainer.validate import DataError

from .conftest import edit, loads, page

CHARTS = {"trade": tx.trade_chart, "members-trade": tx.members_trade_chart}
RESULTS = {  # the readings of the ledger that a sum works out again
    "before": "S2-62", "slower": "S2-63", "share": "S2-65", "projects": "S2-66", "worth": "S2-67", "head": "S0-46",
}  # fmt: skip

every_chart = pytest.mark.parametrize("make", CHARTS.values(), ids=CHARTS)
every_sum = pytest.mark.parametrize("state", [state for state, _ in tx.sum_explorer().states])


def the_sum(state: str) -> SimpleNamespace:
    """A sum as its pane tells it: the question, the claims that are tested, the steps, what follows, and claims besides."""
    pane = page(tx.sum_explorer().pane(state))
    told = {
        name: pane.select_one(part).get_text()
        for name, part in (("head", ".tx-state"), ("follows", ".tx-right"), ("limit", ".tx-wrong"))
    }
    return SimpleNamespace(
        said={item.select_one(".tx-soft").get_text(): item.get_text() for item in pane.find_all("li")},
        working=[line.get_text() for line in pane.select(".tx-working p")],
        others=ledger.CLAIM_ID.findall(pane.select_one("p.tx-soft").get_text()), **told,
    )  # fmt: skip


# --- the table -----------------------------------------------------------------------------------------------------


def test_every_sum_of_trade_and_its_year_stand_in_a_claim_of_its_row():
    for row in tables.trade().itertuples():
        claims = [ledger.claim(i) for i in row.claims]
        first = claims[0]
        assert row.billion == first.value or f"{row.billion:g} billion" in first.says, row
        told = " ".join(f"{c.says} {c.as_of}" for c in claims)
        no_year = row.kind == "target" or "year not stated" in told
        assert no_year if pd.isna(row.year) else str(row.year) in told, row
        assert any((c.as_of or "").startswith(row.said) or ledger.said_on(c) == row.said for c in claims), row


def test_a_bound_stands_in_a_claim_of_its_row():
    for row in tables.trade().query("bound != ''").itertuples():
        told = " ".join(f"{c.says} {c.qualifier}" for c in map(ledger.claim, row.claims))
        words = {"more than": ("more than", "above"), "about": ("about",)}[row.bound]
        assert any(word in told for word in words), row


def test_each_side_has_one_count_a_year_of_the_trade_between_the_two():
    rows = tables.trade().query("among == 'Kazakhstan and Türkiye' and kind != 'target'")
    assert rows["year"].notna().all()
    assert not rows.duplicated(["year", "side"]).any()


def test_a_row_of_another_kind_is_refused_with_the_mend(data):
    edit(data / "trade.csv", "2025,expectation", "2025,hope")
    with pytest.raises(DataError, match="trade.csv, row 13, kind: found 'hope'. Write one of: 'count'"):
        tables.trade()


# --- the charts ----------------------------------------------------------------------------------------------------


@every_chart
def test_a_chart_is_the_same_twice_and_loads_nothing(make):
    html = make()._repr_html_()
    assert html == make()._repr_html_()
    assert loads(html) == []


@pytest.mark.parametrize("key, among", [("trade", "Kazakhstan and Türkiye"), ("members-trade", "OTS members")])
def test_every_sum_is_drawn_told_and_listed(key, among):
    soup, rows = page(CHARTS[key]()._repr_html_()), tables.trade().query("among == @among")
    words = " ".join(text.get_text() for text in soup.svg.find_all("text"))
    listed = soup.select("tbody tr")
    assert len(listed) == len(rows)
    for row, line in zip(rows.itertuples(), listed, strict=True):
        for where in (words, soup.svg["aria-label"], line.get_text(" ")):
            assert re.search(rf"(?<![\d.]){re.escape(f'{row.billion:g}')}(?![\d.]*\d)", where), (row, where)
            assert row.bound in where
        assert row.who in line.get_text() and all(i in line.get_text() for i in row.claims)


def test_the_charts_follow_the_table(data):
    edit(data / "trade.csv", "2025-07-29,,5.0", "2025-07-29,,10.6")
    assert "highest in 2024, at 10.6" in page(tx.trade_chart()._repr_html_()).figcaption.get_text()
    edit(data / "trade.csv", "federation,2025-10-30,,53", "federation,2025-10-30,,61")
    assert "for 2024 from 45 to 61" in page(tx.members_trade_chart()._repr_html_()).figcaption.get_text()


def test_years_that_are_not_neighbours_are_not_joined(data):
    def lines():
        html = tx.trade_chart()._repr_html_()
        return len(re.findall(r'<path d="M[^"]*" clip-path[^>]*style="fill: none; stroke: var\(--accent\)', html))

    joined = lines()
    assert joined == 2 * 5  # the chart stands there twice, broad and slim
    edit(data / "trade.csv", "Kazakhstan and Türkiye,2022,count,Kazakh", "Kazakhstan and Türkiye,2012,count,Kazakh")
    assert lines() == joined - 2 * 2


def test_a_target_named_twice_is_one_line(data):
    edit(data / "trade.csv", "2017-09-09,,5,B-183", "2017-09-09,,10,B-183")
    soup = page(tx.trade_chart()._repr_html_())
    labels = [text.get_text() for text in soup.svg.find_all("text") if text.get_text().startswith("target")]
    assert any(label.endswith("2017, 2022: 10") for label in labels)


def test_no_two_charts_share_an_id():
    ids = [tag["id"] for make in CHARTS.values() for tag in page(make()._repr_html_()).find_all(id=True)]
    assert len(ids) == len(set(ids))


# --- the sums ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target, start, percent", [(10, 5.3, 58), (10, 4.1, 32), (15, 5.4, 5), (10, 5.3, 10), (10, 12, 3)]
)
def test_years_to_a_target_are_those_that_growth_takes(target, start, percent):
    years, now = 0, start
    while now < target:
        years, now = years + 1, now * (1 + percent / 100)
    assert economy.years_to(target, start, percent) == years


@pytest.mark.parametrize("state, reading", RESULTS.items())
def test_a_sum_comes_to_what_the_ledger_reads(state, reading):
    assert f"{ledger.claim(reading).value:g}" in re.findall(r"\d[\d.]*\d|\d", " ".join(the_sum(state).working))


@pytest.mark.parametrize("state", [*(state for state, _ in tx.sum_explorer().states), "members", "trade-per-head"])
def test_each_step_of_a_sum_is_right(state):
    """As a learner's calculator gives it: the printed numbers, up to the unit, come to the printed result."""
    words = re.compile(r"(?<=\d),(?=\d)| (?:billion|million|percent|people(?: in \w+)?)\b|\bmore than ")
    sums = words.sub("", tx.work_out(state).text)
    steps = re.findall(r"([\d.]+(?: [/×+−] [\d.]+)+) = (?:about )?([\d.]*\d)", sums)
    assert steps
    for left, shown in steps:
        found = eval(left.replace("×", "*").replace("−", "-"))
        unit = 10 ** round(math.log10(float(shown) / found))  # percent, millions or billions
        digits = len(shown.partition(".")[2])
        assert abs(found * unit - float(shown)) <= 0.5001 * 10**-digits, (left, shown)


def test_sums_in_the_text_are_those_of_the_explorer():
    assert tx.work_out("spread", "share").text.splitlines() == the_sum("spread").working + the_sum("share").working


@every_sum
def test_what_is_said_of_a_sum_rests_on_its_claims(state):
    s = the_sum(state)
    borne = set().union(*(figures(ledger.claim(i).figures) for i in (*s.said, *s.others)))
    worked = figures(" ".join(s.working).replace(",", ""))
    in_millions = {f"{float(n) / 1e6:.1f}" for n in borne if float(n) > 1e6}
    assert figures(f"{s.head} {s.follows} {s.limit}") <= borne | worked | in_millions


@every_sum
def test_a_sum_says_what_follows_and_what_does_not(state):
    s = the_sum(state)
    assert all(len(text.split()) > 8 for text in (s.follows, s.limit))
    sure = {i: f" ({how})" if (how := ledger.sure(ledger.claim(i))) else "" for i in s.said}
    assert s.said == {i: f"{ledger.claim(i).says}{sure[i]} {i}" for i in s.said} != {}
    assert s.working and s.others


def test_the_sums_follow_the_evidence(seeds):
    edit(seeds / "S2.toml", "value = 5.3\n", "value = 7.9\n")
    assert "7.9 / 1.58 = 5.00 billion" in tx.sum_explorer().pane("before")
    assert "would pass 10 billion in 2022." in tx.sum_explorer().pane("pace")
    question = tx.question("06-before")
    assert question.judge("5.00")[0] and "7.9 / 1.58 = 5.00" in question.verdict("5.00")


# --- the visit -----------------------------------------------------------------------------------------------------


def test_the_visit_tells_each_claim_under_the_one_who_says_it():
    explorer = tx.explore("06-visit")
    for state, _ in explorer.states:
        pane = page(explorer.pane(state))
        for column in pane.select(".tx-voices > div"):
            who = column.select_one(".tx-who").get_text()
            for line in column.find_all("li"):
                c = ledger.claim(ledger.CLAIM_ID.search(line.get_text())[0])
                assert c.speaker.lower() == who.lower() and c.says in line.get_text()
                assert (", quoted" in line.get_text()) == (c.voice == "quoted")


def test_every_claim_on_the_visit_stands_in_the_lesson():
    """Left out are the page's furniture: two invitations to read more, and all that follows the report."""
    [lesson] = lesson_files_of("06")
    furniture = {"S2-31", "S2-42", "S2-57", "S2-58", "S2-59", "S2-60", "S2-61"}
    assert set(ledger.claims("S2").index) - course.cited(lesson) == furniture


def lesson_files_of(number: str):
    return [file for file in lesson_files() if file.name.startswith(number)]


# --- what the prose says -------------------------------------------------------------------------------------------


def test_the_prose_says_of_the_target_what_the_table_says():
    """Should a Kazakh figure ever reach the target, or the target change, lesson 06 has to be read once more."""
    rows = tables.trade().query("among == 'Kazakhstan and Türkiye'")
    assert list(rows.query("kind == 'target'")["billion"])[-3:] == [5, 10, 15]
    assert rows.query("kind == 'count' and side == 'Kazakh'")["billion"].max() < ledger.claim("S2-15").value
