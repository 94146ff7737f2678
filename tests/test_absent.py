"""Who is not in the room: the measures are those of their records, in their order, and an empty cell says when it was searched."""

import re

import pytest

from turkic_explainer import explore, ledger, measured, table
from turkic_explainer.basemap import country_name
from turkic_explainer.ledger import searched
from turkic_explainer.lessons.lesson11.figures import polled

from .conftest import page

RECORDS = {"press": "B-411", "corruption": "B-412", "freedom": "B-413"}


def items(measure: str) -> list[str]:
    return [" ".join(item.get_text().split()) for item in page(explore("11-measures").pane(measure)).select("li")]


@pytest.mark.parametrize("measure", RECORDS)
def test_a_measure_has_the_figures_of_its_record_and_the_best_on_top(measure):
    data = {country_name(code): value for code, value in ledger.claim(RECORDS[measure]).data.items()}
    rows = measured().query("measure == @measure").set_index("member")
    assert rows["value"].to_dict() == data
    ranked = sorted(data, key=data.__getitem__, reverse=measure != "press")
    assert [re.match("[^:]+", item)[0] for item in items(measure)] == ranked
    assert rows["place"].sort_values().index.to_list() == ranked


def test_what_was_not_found_is_told_with_its_day_and_what_has_no_order_has_no_place():
    found, claim = items("democracy"), ledger.claim("B-414")
    assert sum(f"not found (searched on {searched(claim)})" in item for item in found) == 4
    assert sum(f"{claim.value:g}" in item for item in found) == 1
    assert measured().query("measure in ['democracy', 'elections']")["place"].isna().all()
    assert not any("of the five" in item for item in found + items("elections"))


def test_every_measure_says_who_pays():
    for row in table("11-measures").itertuples():
        paid = page(explore("11-measures").pane(row.measure)).select("p")[-1].get_text()
        assert paid.startswith(f"Who pays? {row.payer}") and all(i in paid for i in row.paid)


def test_the_two_sides_of_the_poll_are_those_of_its_record():
    data = ledger.claim("B-384").data
    assert polled("for") == data["fully_for"] + data["partly_for"]
    assert polled("against") == data["wholly_against"] + data["partly_against"]
