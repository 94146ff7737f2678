"""Promise and outcome: every pair whole and in its place, dates that say which came first, charts that equal the tables."""

import re
from collections import Counter

import pandas as pd
import pytest

import turkic_explainer as tx
from turkic_explainer import content, ledger, lessons, tables
from turkic_explainer.drawing import styled
from turkic_explainer.files import lesson_files
from turkic_explainer.lessons.lesson05 import shown as promises
from turkic_explainer.markup import long_date, outputs_css, spelled
from turkic_explainer.validate import DataError
from turkic_explainer.wording import WORDINGS

from .conftest import HOSTILE, edit, page, stored, strange

ROWS = list(tables.initiatives().itertuples())
STEPS = list(tables.steps().itertuples())
STATUSES = promises.TEXTS.texts("statuses")
EXPLORER = tx.promise_explorer()
each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.Index)
each_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.initiative} {step.day}")


def report(row) -> ledger.Source:
    return ledger.source(ledger.claim(row.outcome).data["report"])


def headings() -> dict[str, list[str]]:
    """The states under each heading."""
    found: dict[str, list[str]] = {}
    for state, _ in EXPLORER.states:
        if state in EXPLORER.groups:
            under = found.setdefault(EXPLORER.groups[state], [])
        under.append(state)
    return found


def pairs(html: str) -> dict[str, tuple[str, str]]:
    """Name, promise and outcome of each pair."""
    found = page(html).select(".tx-promise")
    assert all([child.name for child in pair.find_all(recursive=False)] == ["p", "div", "div"] for pair in found)
    told = {pair.p.get_text(): tuple(side.get_text(" ") for side in pair.find_all("div")) for pair in found}
    assert len(told) == len(found)
    return told


def pair(row) -> tuple[str, str]:
    [told] = pairs(tx.side_by_side(row.Index).body).values()
    return told


# --- the pairs -----------------------------------------------------------------------------------------------------


@each
def test_the_promise_says_who_when_and_how_firmly_with_all_its_claims(row):
    said, found = pair(row)
    assert all(claim in said for claim in row.claims) and row.outcome not in said
    assert f"in {report(row).id}, {long_date(report(row).date)}" in said
    assert re.match(rf"(told as )?{row.wording} ", said)
    assert promises.promise(row).says in said


@each
def test_the_outcome_is_that_of_its_own_record(row):
    said, found = pair(row)
    assert STATUSES[row.status]["label"] in found and row.found in found
    assert f"{row.outcome} : {ledger.CONFIDENCE_WORDS[row.confidence]}" in found
    assert re.findall(r"\bB-\d{3}\b", found) == [row.outcome]
    assert ("sources disagree" in found.split(row.found)[0]) == (row.confidence == "contested")


@each
def test_an_outcome_is_never_told_as_later_than_it_is(row):
    said = report(row).date.isoformat()
    told, head = promises.found_when(row), pair(row)[1].split(row.found)[0]
    if not isinstance(row.as_of, str):
        assert told == "" and row.status == "not found" and "as of" not in head
    else:
        earlier = row.as_of < said[: len(row.as_of)]
        assert told.startswith("already as of" if earlier else "as of") and told in head
        assert told.endswith("before the report") == earlier
        assert told.endswith("the day of the report") == (row.as_of == said)
        assert spelled(row.as_of) in told


def test_some_outcomes_are_older_than_their_reports():
    """The words for that are not idle: the age of each of these is seen in the pair."""
    older = "ots-chair representatives hungary-summit spiritual-capital eight-priorities alem-ai"
    assert {row.Index for row in ROWS if promises.found_when(row).startswith("already")} == set(older.split())


@each
def test_the_promise_is_a_sentence_of_the_paragraph_that_the_record_is_about(row):
    told, record = promises.promise(row), ledger.claim(row.outcome).data
    assert told.id in row.claims
    assert (told.source, str(told.paragraph)) == (record["report"], record["paragraph"])


@pytest.mark.parametrize(
    "key, claim",
    [("baku-yerevan-platform", "S1-23"), ("cybersecurity-council", "S4-13"), ("nomad-games", "S1-13"), ("ai-summit", "S4-19"),
     ("almaty-airport", "S2-24"), ("cargo-65", "S1-30"), ("turkic-chamber", "S4-24"), ("eight-priorities", "S3-20")],
)  # fmt: skip
def test_of_several_sentences_it_is_the_one_that_promises(key, claim):
    [row] = [row for row in ROWS if row.Index == key]
    assert promises.promise(row).id == claim


def test_each_status_has_a_mark_of_its_own():
    marks = [str(promises.TEXTS.pane("mark", status=status)) for status in STATUSES]
    assert len(set(marks)) == len(marks) == len({row.status for row in ROWS} | set(STATUSES))


def test_side_by_side_shows_what_is_asked_for_in_that_order():
    shown = tx.side_by_side("patent-organization", "alphabet")
    names = tables.initiatives().loc[["patent-organization", "alphabet"], "name"]
    assert list(pairs(shown.body)) == list(names)
    assert all(name in shown.text for name in names) and "B-140" in shown.text and "24 October 2025" in shown.text
    assert shown.body == tx.side_by_side("patent-organization", "alphabet").body


def test_side_by_side_names_a_key_that_there_is_not():
    with pytest.raises(KeyError, match="patents"):
        tx.side_by_side("alphabet", "patents")


# --- the explorer --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading, states", headings().items())
def test_every_initiative_stands_once_under_each_heading(heading, states):
    told = Counter(name for state in states for name in pairs(EXPLORER.pane(state)))
    assert told == Counter(row.name for row in ROWS)


def wanted() -> dict[str, set[str]]:
    """The initiatives of each state, from the table."""
    by_report = {s: {r.name for r in ROWS if report(r).id == s} for s in ("S2", "S1", "S3", "S0", "S4")}
    return by_report | {f"found-{n}": {r.name for r in ROWS if r.status == s} for n, s in enumerate(STATUSES, 1)}


@pytest.mark.parametrize("state, label", EXPLORER.states)
def test_a_state_has_its_initiatives_and_counts_them(state, label):
    names = wanted()[state]
    assert set(pairs(EXPLORER.pane(state))) == names
    assert label.endswith(f" ({len(names)})")
    assert page(EXPLORER.pane(state)).select_one(".tx-state").get_text().endswith(f": {len(names)} of {len(ROWS)}")


@pytest.mark.parametrize("state", [state for state, _ in EXPLORER.states if not state.startswith("found")])
def test_a_state_says_how_many_have_which_outcome(state):
    told = page(EXPLORER.pane(state)).select_one(".tx-state + .tx-soft").get_text().split(".")[0]
    counts = Counter(row.status for row in ROWS if row.name in wanted()[state])
    assert dict(re.findall(r"([a-z][a-z, ]+?) (\d+)", told.lower())) == {
        STATUSES[status]["label"].lower(): str(n) for status, n in counts.items()
    }


def test_the_states_are_the_reports_by_date_and_the_statuses():
    assert [state for state, _ in EXPLORER.states] == list(wanted())
    for state, label in EXPLORER.states[:5]:
        assert label.startswith(f"{state}, {long_date(ledger.source(state).date)} (")


def test_paper_has_each_pair_once():
    """All states but those of the first heading are hidden there by their names."""
    first, *others = headings().values()
    hidden = re.findall(r"\.tx-of-promises \[data-state\^=(\w+)\]", outputs_css())
    assert sorted(hidden) == ["found"]
    assert all(state.startswith(tuple(hidden)) for states in others for state in states)
    assert not any(state.startswith(tuple(hidden)) for state in first)


def test_the_explorer_follows_the_table(data):
    old, new = "Turkic Investment Fund,", "Fund of Funds,"
    edit(data / "initiatives.csv", f"investment-fund,{old}", f"investment-fund,{new}")
    changed = tx.promise_explorer()
    assert "Fund of Funds" in pairs(changed.pane("S0")) and "Turkic Investment Fund" not in pairs(changed.pane("S0"))


def test_a_hostile_name_is_escaped_everywhere(data):
    name = HOSTILE.replace('"', '""')
    edit(data / "initiatives.csv", "investment-fund,Turkic Investment Fund", f'investment-fund,"{name}"')
    shown = (
        tx.promise_explorer().html(),
        tx.side_by_side("investment-fund").body,
        tx.promise_timeline().body,
    )
    for html in shown:
        assert "alert(1)" in html and "<script>" not in html and strange(page(html)) == []


# --- the chart of wordings -----------------------------------------------------------------------------------------


def frame(html: str, number: int = 0) -> list[list[str]]:
    """The cells of a table under a chart, without its header."""
    rows = page(html).select("table")[number].tbody.find_all("tr")
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in rows]


def test_the_chart_of_wordings_equals_the_table():
    body = tx.wording_chart().body
    counts = Counter((report(row).id, row.wording) for row in ROWS)
    for report_id, *numbers, every in frame(body):
        assert [int(n) for n in numbers] == [counts[report_id, wording] for wording in WORDINGS]
        assert int(every) == sum(map(int, numbers))
    assert [cells[0] for cells in frame(body)] == ["S2", "S1", "S3", "S0", "S4"]
    labels = {text.get_text().strip() for text in page(body).svg.find_all("text")}
    for report_id in ("S2", "S1", "S3", "S0", "S4"):
        halves = [
            ", ".join(f"{counts[report_id, w]} {w}" for w in half if counts[report_id, w])
            for half in (WORDINGS[:2], WORDINGS[2:])
        ]
        assert set(halves) <= labels


def test_the_caption_of_the_wordings_is_computed(data):
    caption = page(tx.wording_chart().body).figcaption.get_text()
    assert "S4 has is proposed: 10 of 16" in caption and "S0 has is told as done: 8 of 12" in caption
    [line] = [t for t in (data / "initiatives.csv").read_text("utf-8").splitlines() if t.startswith("research-club,")]
    edit(data / "initiatives.csv", line + "\n", "")
    assert "S4 has is proposed: 9 of 15" in page(tx.wording_chart().body).figcaption.get_text()


# --- steps and their timeline --------------------------------------------------------------------------------------

MONTHS = "January February March April May June July August September October November December".split()


def with_days(text: str) -> str:
    """A text with its dates as 2025-10-07 or 2025-10."""
    for number, month in enumerate(MONTHS, 1):
        text = re.sub(
            rf"\b(\d{{1,2}}) {month[:3]}(?:{month[3:]})? (\d{{4}})\b",
            lambda m, n=number: f"{m[2]}-{n:02d}-{int(m[1]):02d}",
            text,
        )
        text = re.sub(rf"\b{month[:3]}(?:{month[3:]})? (\d{{4}})\b", rf"\1-{number:02d}", text)
    return text


@each_step
def test_the_day_of_a_step_stands_in_a_claim_that_it_cites(step):
    known = [" ".join([c.figures, *c.sources, ledger.said_on(c)]) for c in map(ledger.claim, step.claims)]
    assert any(re.search(rf"\b{step.day}\b", with_days(text)) for text in known)


@each_step
def test_a_step_told_by_a_report_has_its_day_and_names_it(step):
    reports = {i.split("-")[0] for i in step.claims if i.startswith("S")}
    for report_id in reports:
        assert step.day == ledger.source(report_id).date.isoformat()
        assert report_id in step.step and step.label.startswith(f"{report_id}: ")
        assert step.status in ("proposed", "told as done")


def test_every_line_rests_on_its_record_and_reaches_a_deed_only_where_the_record_does():
    rows = tables.initiatives()
    for key, found in tables.steps().groupby("initiative"):
        assert rows.loc[key, "outcome"] in {i for ids in found["claims"] for i in ids}
        assert set(rows.loc[key, "claims"]) & {i for ids in found["claims"] for i in ids}
        arrived = found["status"].isin(["working", "held"]).any()
        assert arrived == (rows.loc[key, "status"] in ("exists", "happened")), key


def test_a_month_or_a_year_stands_in_its_middle():
    at = {step.day: step.at for step in STEPS}
    assert at["2025-10"] == pd.Timestamp("2025-10-16") and at["2022"] == pd.Timestamp("2022-07-02")
    assert all(step.at == pd.Timestamp(step.day) for step in STEPS if len(step.day) == 10)


@pytest.fixture
def timeline(monkeypatch):
    """The timeline as matplotlib has it, before it becomes a drawing."""
    figures = []
    monkeypatch.setattr(content, "chart", lambda key, forms, *rest: figures.append(forms))
    tx.promise_timeline()
    return figures[0].drawings[0].made()


def test_the_timeline_has_every_step_at_its_day_and_each_status_its_own_mark(timeline):
    [axes] = timeline.axes
    order = list(dict.fromkeys(step.initiative for step in STEPS))[::-1]  # from below
    marks = [
        (*line.get_xydata()[0], line.get_marker(), line.get_fillstyle())
        for line in axes.lines
        if len(line.get_xydata()) == 1
    ]
    marks += [(*text.get_position(), "?", "") for text in axes.texts if text.get_text() == "?"]
    looks, used = {}, set()
    for step in STEPS:
        at = step.at.year + (step.at.day_of_year - 0.5) / 365.25
        found = {mark for mark in marks if abs(mark[0] - at) < 0.01 and mark[1] == order.index(step.initiative)}
        assert found, step
        used |= found
        looks.setdefault(step.status, set()).add(frozenset(str(look) for _, _, *look in found))
    assert all(len(found) == 1 for found in looks.values()), "a status is always drawn alike"
    assert len({look for found in looks.values() for look in found}) == len(looks), "and no two statuses are"
    assert used == set(marks), "and there is no mark that is no step's"


def test_the_timeline_says_every_step_in_words():
    body = tx.promise_timeline().body
    cells = frame(body)
    assert [(row[1], row[3], row[4]) for row in cells] == [(spelled(s.day), s.step, " ".join(s.claims)) for s in STEPS]
    names = tables.initiatives()["name"]
    assert [row[0] for row in cells] == [names[s.initiative] for s in STEPS]
    wanted = Counter(s.label for s in STEPS) + Counter(names[key] for key in {s.initiative for s in STEPS})
    for drawn in page(body).find_all("svg"):  # broad, and slim, where a long name has two lines
        told = " ".join(text.get_text().strip() for text in drawn.find_all("text"))
        assert not {label: number for label, number in wanted.items() if told.count(label) < number}
    assert all(s.label in page(body).svg["aria-label"] for s in STEPS)


def test_no_label_of_the_timeline_lies_on_another(timeline):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with styled():
        canvas = FigureCanvasAgg(timeline)
        canvas.draw()
        texts = [t for t in timeline.axes[0].texts if t.get_text() != "?"]
        boxes = [(t.get_text(), t.get_window_extent(canvas.get_renderer())) for t in texts]
    met = [(a, b) for n, (a, one) in enumerate(boxes) for b, other in boxes[n + 1 :] if one.overlaps(other)]
    assert met == [] and len(boxes) > len(STEPS)
    width = timeline.bbox.width
    assert [text for text, box in boxes if box.x0 < 0 or box.x1 > width] == []


def test_a_chart_says_no_more_decimals_than_are_seen_and_draws_no_pattern_of_hundreds_of_dots():
    found = str(tx.wording_chart().body)
    drawn = "".join(re.findall(r"<[^>]*>", found[found.index("<svg") : found.index("<img")]))
    assert not re.search(r"\d\.\d{3}", drawn) and re.search(r"\d\.\d\d\b", drawn) and len(drawn) < 40_000


def test_charts_are_the_same_twice():
    for make in (tx.wording_chart, tx.promise_timeline):
        assert make().body == make().body


WRONG_CELLS = [  # what stands in steps.csv and what is put in its place, the column, and what the mend must name
    ("alphabet,2024-09-11,", "alphabet,2024-02-30,", "day", "2025-10-07"),
    ("alphabet,2024-09-11,", "alphabet,11.09.2024,", "day", "2025-10-07"),
    ("alphabet,2024-09-11,", "letters,2024-09-11,", "initiative", "initiatives.csv"),
    ("alphabet,2024-09-11,", "alphabet,2026-09-11,", "day", "order of their days"),
    ("34 letters,signed", "34 letters,agreed", "status", "'proposed', 'told as done'"),
    (",34 letters,", ",a commission agrees,", "label", "18"),
    ("signed,B-037 B-120", "signed,B-037 B-999", "claims", "B-001 to B-"),
]


@pytest.mark.parametrize("old, new, column, mend", WRONG_CELLS)
def test_a_wrong_step_is_named_with_its_mend(data, old, new, column, mend):
    edit(data / "steps.csv", old, new)
    with pytest.raises(DataError) as caught:
        tables.steps()
    problem = caught.value.problems[0]
    assert re.match(rf"steps\.csv, row \d+, {column}: found ", problem) and mend in problem


# --- the counts of events ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", list(tables.event_counts().itertuples()), ids=lambda row: f"{row.who} {row.events}")
def test_a_count_is_that_of_its_claim(row):
    *_, claim = map(ledger.claim, row.claims)  # where two are named, the later one has all that the row says
    if claim.value is not None:
        assert (row.events, row.bound) == (claim.value, claim.qualifier)
        assert row.said == pd.Timestamp(ledger.said_on(claim)) and row.who.endswith(claim.source)
    else:
        assert re.search(rf"\b{row.events}\b", f"{claim.says} {claim.caveat}")
        assert pd.isna(row.said) or row.said.date().isoformat() in with_days(claim.says)


# --- the lesson ----------------------------------------------------------------------------------------------------


def test_the_lesson_shows_every_proposal_of_s4():
    [file] = [f for f in lesson_files() if f.name.startswith("05")]
    [cell] = [cell for cell in stored(file).cells if cell.id == "proposals"]
    named = [cells[0] for cells in frame(cell.outputs[0]["data"]["text/html"])]
    assert named == [row.name for row in ROWS if row.wording == "proposed" and report(row).id == "S4"] != []


def test_questions_follow_the_tables(data):
    assert "In December 2025, 6 months after S0" in tx.question("05-fund").html()
    edit(data / "steps.csv", "investment-fund,2025-12,", "investment-fund,2026-01,")
    assert "In January 2026, 7 months after S0" in tx.question("05-fund").html()
    assert lessons.exercise("05-days").right() == 123
    edit(data / "steps.csv", "central-banks-council,2024-11-06", "central-banks-council,2024-11-07")
    assert lessons.exercise("05-days").right() == 124
