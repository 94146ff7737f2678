"""The eight priorities, and what the reports propose or praise filed under them: complete, cited, and in its time."""

from collections import Counter

import pandas as pd
import pytest

from turkic_explainer import ledger, tables
from turkic_explainer.validate import DataError

from .conftest import edit

ROWS = list(tables.initiatives().reset_index().itertuples())
CARDS = [row for row in ROWS if row.card == "yes"]
each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)


def record(row) -> ledger.Claim:
    """The background record that tells what became of it."""
    return ledger.claim(row.outcome)


def outcomes() -> list[str]:
    return list(ledger.claims().query("topic == 'outcomes'").index)


# --- the eight words -----------------------------------------------------------------------------------------------


def test_the_letters_spell_the_motto():
    table = tables.priorities()
    assert list(table.index) == [*range(1, 9)]
    assert "".join(word[0] for word in table["word"]) == "TURKTIME"


def test_each_word_is_the_one_that_s3_lists_and_its_meaning_is_on_record():
    """In S3's order, and each with the record of what it was taken to mean when it was presented."""
    listed = [c for c in ledger.claims("S3").itertuples() if "eight TURKTIME priorities listed" in c.says]
    for row, said in zip(tables.priorities().reset_index().itertuples(), listed, strict=True):
        assert said.says.endswith(f"is {row.word}.")
        assert said.Index in row.claims
        [meant] = [c for c in map(ledger.claim, row.claims) if c.topic == "TURKTIME"]
        assert meant.data == {"priority": row.word, "position": row.position}
        assert "November 2023" in row.meaning
        assert row.question.endswith("?")


# --- every outcome is filed, with all that the reports say of it ----------------------------------------------------


def test_every_outcome_is_filed_exactly_once():
    assert Counter(row.outcome for row in ROWS) == Counter(outcomes())


@each
def test_a_row_cites_the_paragraph_that_its_outcome_is_about(row):
    """The records count paragraphs as the claims do, and who speaks for a thing speaks in that paragraph."""
    where = record(row).data
    wanted = where["report"], where["paragraph"]
    there = [c for c in map(ledger.claim, row.claims) if (c.source, str(c.paragraph)) == wanted]
    assert there, "cite a claim of {}, paragraph {}".format(*wanted)
    assert row.who.replace("the report itself", "the report") in {c.speaker for c in there}


@each
def test_a_row_cites_reports_only_each_claim_once_lowest_first(row):
    assert [c.kind for c in map(ledger.claim, row.claims) if c.kind in ("background", "reading")] == []
    assert list(row.claims) == sorted(set(row.claims))


@each
def test_a_place_is_one_that_the_cited_claims_name(row):
    if not pd.isna(row.place):
        assert row.place in {place for c in map(ledger.claim, row.claims) for place in c.places}


NOT_FILED = {  # what is proposed or planned and yet is no row, and why
    "S0-36": "fields of work inside Kazakhstan, no thing that could be followed up",
    "S1-38": "readiness to work together on climate: what comes of it is filed as COP29 and the climate summit",
    "S2-44": "an invitation to smaller firms of May 2022; no record follows it",
    "S2-55": "fields in which two states mean to work together; nothing is named",
    "S2-56": "an agreement to go on as before",
    "S3-32": "ties between peoples, without a step that could be followed up",
    "S3-33": "heritage, without a step that could be followed up",
    "S4-04": "sums up the proposals that follow; each of them is filed",
}


def test_every_proposal_and_every_plan_of_the_reports_is_filed():
    """Or stands above with the reason why not. What is filed after all has to leave that list."""
    filed = {i for row in ROWS for i in row.claims}
    wanted = set(ledger.claims().query("kind in ('proposal', 'plan')").index)
    assert wanted - filed == set(NOT_FILED)


@each
def test_the_filing_says_so_where_a_report_is_older_than_the_motto(row):
    launch = ledger.claim("B-155").as_of  # the day on which the eight words were presented
    said = ledger.source(record(row).data["report"]).date.isoformat()
    assert ("S2 is older than the motto" in row.why) == (said < launch)


# --- the pack of cards ---------------------------------------------------------------------------------------------


def test_the_pack_has_sixteen_cards_and_one_for_each_word_at_least():
    assert len(CARDS) == 16
    assert {card.priority for card in CARDS} == set(tables.priorities()["word"])


def test_a_card_is_of_the_time_of_the_motto_and_can_be_told_from_the_others():
    """Names are short enough for a card; nothing that only the report of May 2022 has is in the pack."""
    assert [row.name for row in ROWS if len(row.name) >= 60] == []
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert [card.key for card in CARDS if card.reports == ("S2",)] == []


# --- what is refused -----------------------------------------------------------------------------------------------


def line(data, name: str, start: str) -> int:
    """The row, as a spreadsheet counts, that starts like this."""
    [number] = [n for n, text in enumerate((data / name).read_text("utf-8").split("\n"), 1) if text.startswith(start)]
    return number


WRONG_CELLS = [  # table, start of the row, what stands there and what is put in its place, column, what the mend must name
    ("priorities", "8,Energy", "8,Energy", "9,Energy", "position", "8"),
    ("priorities", "8,Energy", "8,Energy", "eight,Energy", "position", "whole number"),
    ("priorities", "5,Trust", "5,Trust", "5,Reforms", "word", "twice"),
    ("priorities", "5,", "5,Trust", "5,", "word", "Fill this in"),
    ("priorities", "5,Trust", "S3-25 B-278", "S3-25 B-999", "claims", "B-001 to B-"),
    ("initiatives", "aral,", "aral,Recultivation", "caspian,Recultivation", "key", "twice"),
    ("initiatives", "aral,", "aral,Recultivation", "Aral Sea,Recultivation", "key", "small letters, digits and hyphens"),
    ("initiatives", "gabala-d", "Gabala Declaration,agreement", "Gabala Declaration,paper", "kind", "'institution', 'event', 'programme'"),
    ("initiatives", "gabala-d", "Gabala Declaration,agreement,none", "Gabala Declaration,agreement,Unity", "priority", "'Traditions', 'Unification'"),
    ("initiatives", "gabala-d", "Gabala,no,S4-05", "Qabala,no,S4-05", "place", "places.csv"),
    ("initiatives", "gabala-d", "Gabala,no,S4-05", "Gabala,maybe,S4-05", "card", "'yes', 'no'"),
    ("initiatives", "gabala-d", "no,S4-05 S4-06", "no,", "claims", "Name at least one claim"),
    ("initiatives", "gabala-d", "no,S4-05 S4-06", "no,S4-05 S4-99", "claims", "S4-01 to S4-"),
    ("initiatives", "gabala-d", ",B-158", ",B-998", "outcome", "no such record"),
    ("initiatives", "gabala-d", ",B-158", ",B-001", "outcome", "no such record of an outcome"),
    ("initiatives", "gabala-d", ",B-158", ",158", "outcome", "B-122"),
    ("initiatives", "ots-plus", ",B-159", ",B-158", "outcome", "twice"),
    ("initiatives", "gabala-d", "no,S4-05 S4-06", "no,B-158", "claims", "report that the outcome is about"),
]  # fmt: skip


@pytest.mark.parametrize("name, start, old, new, column, mend", WRONG_CELLS)
def test_a_wrong_cell_is_named_with_its_mend(data, name, start, old, new, column, mend):
    row = line(data, f"{name}.csv", start)
    edit(data / f"{name}.csv", old, new)
    with pytest.raises(DataError) as caught:
        getattr(tables, name)()
    [problem] = caught.value.problems
    begins, told = problem.split(". ", 1)
    assert begins.startswith(f"{name}.csv, row {row}, {column}: found ")
    assert mend in told


def test_each_table_is_a_copy():
    """A learner who files a card elsewhere does so in a table of her own."""
    mine = tables.initiatives()
    mine.loc["nomad-games", "priority"] = "Energy"
    assert tables.initiatives().loc["nomad-games", "priority"] == "Traditions"
