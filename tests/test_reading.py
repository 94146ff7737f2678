"""How reports speak: every reading, phrase and disagreement shown once and whole, and the protocol on one sheet."""

import re
from collections import Counter

import pytest

from turkic_explainer import course, explore, ledger, tables
from turkic_explainer.files import lesson_files
from turkic_explainer.lessons.lesson08 import shown as reading
from turkic_explainer.press.build import build
from turkic_explainer.validate import DataError

from .conftest import HOSTILE, edit, lesson_with, loads, page

[LESSON] = [file for file in lesson_files() if file.stem == lesson_with("protocol()")]
REPORTS = list(ledger.sources().index)
PHRASES = {  # the claims of the sentences in each state of the explorer
    state: [tag.get_text() for tag in page(explore("08-phrases").pane(state)).select("summary .tx-tag")]
    for state, _ in explore("08-phrases").states
}
each_report = pytest.mark.parametrize("report", REPORTS)


def panes(explorer) -> dict[str, str]:
    """What each state shows, as text."""
    return {state: words(page(explorer.pane(state))) for state, _ in explorer.states}


def words(tag) -> str:
    return " ".join(tag.get_text(" ").split())


# --- words in quotation marks --------------------------------------------------------------------------------------


@each_report
def test_every_word_in_quotation_marks_is_found_with_its_claims(report):
    marked = reading.marked_words(report)
    for claim_id, says in ledger.claims(report).query("kind != 'reading'")["says"].items():
        mine = [word for word, ids in marked.items() if claim_id in ids]
        for word in mine:
            assert f"'{word}'" in says or f'"{word}"' in says
            says = re.sub(f"""(['"]){re.escape(word)}\\1""", "", says)
        assert not re.search(r"""["]|(?<!\w)'""", says), f"{claim_id}: a quotation mark is left"


def test_an_apostrophe_is_no_quotation_mark(seeds):
    edit(seeds / "S4.toml", "the geopolitical situation of the day is 'extremely complex'",
         "the members' ties, people's diplomacy and the president's 'people's day' matter")  # fmt: skip
    assert [word for word, ids in reading.marked_words("S4").items() if "S4-08" in ids] == ["people's day"]


# --- whose voice ---------------------------------------------------------------------------------------------------


def test_shares_are_of_what_the_reports_say_and_make_up_the_whole():
    shares = reading.voice_shares()
    assert list(shares.index) == ["S2", "S1", "S3", "S0", "S4"]  # by their dates
    assert shares.sum(axis=1).to_list() == pytest.approx([100] * 5)
    said = ledger.reported()
    for report, row in shares.iterrows():
        voices = said.loc[said.index.str.startswith(report), "voice"]
        assert {v: pytest.approx(s) for v, s in row.items()} == {
            v: (voices == v).mean() * 100 for v in reading.TEXTS.texts("voices.names")
        }


def test_a_voice_that_changes_in_the_evidence_changes_chart_and_explorer(seeds):
    before = ledger.reported()["voice"].filter(like="S4").value_counts()
    text = (seeds / "S4.toml").read_text("utf-8")
    claim = text[text.index('id = "S4-08"') : text.index('id = "S4-09"')]
    edit(seeds / "S4.toml", claim, claim.replace('"quoted"', '"retold"'))
    pane = panes(reading.reports_explorer())["S4"]
    assert f"retold by the report: {before['retold'] + 1} of {before.sum()}" in pane
    chart = page(reading.voices_chart()._repr_html_())
    [row] = [r for r in chart.find_all("tr") if r.th.get_text() == "S4"]
    assert [td.get_text() for td in row.find_all("td")][:2] == [str(before["quoted"] - 1), str(before["retold"] + 1)]


def test_the_chart_loads_nothing_and_says_its_numbers_in_words():
    html = reading.voices_chart()._repr_html_()
    assert loads(html) == [] and html == reading.voices_chart()._repr_html_()
    alt = page(html).svg["aria-label"]
    for report, row in reading.voice_shares().iterrows():
        assert f"{report}: " + ", ".join(f"{voice} {share:.0f}" for voice, share in row.items()) in alt


# --- the five reports ----------------------------------------------------------------------------------------------


@each_report
def test_a_report_is_shown_with_all_that_its_record_knows(report):
    pane, source = panes(reading.reports_explorer())[report], ledger.source(report)
    for known in (source.outlet, source.outlet_basis, source.origin, source.date_basis, source.voices):
        assert known in pane
    assert ("worked out" in pane) == (not source.date_printed)
    for claim_id, says in ledger.claims(report).query("kind == 'reading'")["says"].items():
        assert f"{says} {claim_id}" in pane
    assert all(word in pane for word in reading.marked_words(report))


def test_the_order_of_the_reports_follows_their_dates(seeds):
    edit(seeds / "S4.toml", "\ndate = 2025-10-07", "\ndate = 2021-10-07")
    assert reading.reports_explorer().states[0] == ("S4", "S4, October 2021") == (
        reading.reports_explorer().start, "S4, October 2021")  # fmt: skip


# --- warm words ----------------------------------------------------------------------------------------------------


def test_a_sentence_is_filed_once_and_is_a_report_s_own():
    filed = [i for ids in PHRASES.values() for i in ids]
    assert all(PHRASES.values()) and max(Counter(filed).values()) == 1
    assert set(filed) <= set(ledger.reported().index)


def test_a_sentence_opens_on_what_its_record_is_careful_about():
    for state, pane in panes(explore("08-phrases")).items():
        for claim in map(ledger.claim, PHRASES[state]):
            assert claim.caveat and f"{claim.says} {claim.id} {claim.caveat}" in pane


# --- disagreements -------------------------------------------------------------------------------------------------


def test_every_disagreement_stands_in_one_state_with_verdict_and_claims():
    explorer = reading.disagreements_explorer()
    folds = [(state, fold) for state, _ in explorer.states for fold in page(explorer.pane(state)).select("details")]
    rows = ledger.disagreements()
    assert Counter(fold.summary.b.get_text() for _, fold in folds) == Counter(rows.index)
    for state, fold in folds:
        row = rows.loc[fold.summary.b.get_text()]
        told = words(fold)
        assert all(part in told for part in (row.title, row.differs, row.might_explain, reading.verdict(row.real)))
        assert [item.get_text() for item in fold.select("li")] == [f"{ledger.claim(i).says} {i}" for i in row.claims]
        wanted = {"reports": "reports", "within-a-report": "within a report", "background": "background"}
        assert row["between"] == wanted.get(state, "report and background")
        assert state in wanted or any(i.startswith(state) for i in row.claims)


def test_the_counts_on_the_choices_are_those_below_them():
    explorer = reading.disagreements_explorer()
    for state, label in explorer.states:
        assert label.endswith(f": {len(page(explorer.pane(state)).select('details'))}")


def test_a_verdict_follows_the_evidence(seeds):
    text = (seeds / "disagreements.toml").read_text("utf-8")
    entry = text[text.index('id = "D-41"') : text.index('id = "D-42"')]
    edit(seeds / "disagreements.toml", entry, entry.replace('real = "no"', 'real = "yes"'))
    [fold] = [f for f in page(reading.disagreements_explorer().pane("S4")).select("details") if "D-41" in f.get_text()]
    assert reading.verdict("yes") in fold.get_text()


def test_what_the_evidence_says_is_text_and_never_markup(seeds):
    edit(seeds / "disagreements.toml", 'title = "Two names for one thing"', f"title = '''{HOSTILE}'''")
    edit(seeds / "S4.toml", "is in a 'turbulent' period", "<b id=x>is</b> in a '<i>turbulent</i>' period")
    shown = reading.disagreements_explorer().html() + reading.reports_explorer().html() + reading.protocol("S4").body
    assert not page(shown).select("script, img, i, #x") and HOSTILE in page(shown).get_text()


# --- the protocol --------------------------------------------------------------------------------------------------


def asked(body: str) -> list[str]:
    return [item.find(["label", "strong"]).get_text().strip() for item in page(body).select(".tx-protocol > ol > li")]


def test_the_blank_protocol_asks_ten_questions_each_with_a_field():
    body = page(reading.protocol().body)
    assert len(asked(str(body))) == 10 == len(set(asked(str(body))))
    assert all(question.endswith("?") for question in asked(str(body)))
    assert all(item.label.textarea for item in body.select("ol > li")), "a field needs its question as a label"
    assert "10. " in reading.protocol().text


@each_report
def test_a_worked_run_answers_the_same_questions_from_the_ledger(report):
    run = reading.protocol(report)
    assert asked(run.body) == asked(reading.protocol().body)
    answers = [words(item) for item in page(run.body).select(".tx-protocol > ol > li")]
    source = ledger.source(report)
    for number, known in {1: source.outlet_basis, 2: source.origin, 3: source.date_basis, 5: source.voices}.items():
        assert known in answers[number - 1]
    said = ledger.claims(report).query("kind != 'reading'")
    total, *counts = map(int, re.findall(r"\d+", answers[3]))
    assert total == sum(counts) == len(said)
    for c in map(ledger.claim, said.query("kind == 'figure'").index):
        assert f"{c.amount} {c.unit} {c.id}" in answers[5]
    for row in tables.initiatives().itertuples():
        assert (row.name in answers[7]) == (report in row.reports), row.name
    for row in ledger.disagreements().itertuples():
        told = row.between != "background" and any(i.startswith(report) for i in row.claims)
        assert (f"{row.Index} {row.title}" in answers[8]) == told
        assert (f"{row.Index} {row.might_explain}" in answers[9]) == (told and row.real == "open")


def test_advice_is_what_can_be_looked_up_and_not_what_cannot():
    told = reading.protocol("S0").text
    assert "Check in the constitution of the time. S0-31" in told
    assert "cannot be checked inside" not in told.split("To look up")[1]


def test_a_run_of_no_report_is_refused():
    with pytest.raises(DataError, match="S9"):
        reading.protocol("S9")


@pytest.fixture(scope="module")
def sheet(chromium, tmp_path_factory):
    """The page of the lesson in a browser that shows it as on a sheet of A4 within the page's margins."""
    shown = chromium.new_page(viewport={"width": round(MM * (210 - 2 * 16)), "height": 900})
    shown.goto(build([LESSON], tmp_path_factory.mktemp("page"), say=lambda line: None)[0].as_uri())
    shown.emulate_media(media="print")
    return shown


MM = 96 / 25.4


def test_the_blank_protocol_fills_one_sheet_of_a4_and_no_more(sheet):
    height = sheet.locator(".tx-form").bounding_box()["height"] / MM
    assert 200 < height < 297 - 2 * 18 - 12  # some room, for printers and their fonts differ


def test_paper_has_lines_where_nothing_was_typed_and_else_the_text(sheet):
    assert sheet.locator(".tx-rules:visible").count() == 10 and sheet.locator("textarea:visible").count() == 0
    sheet.emulate_media(media="screen")
    assert sheet.locator(".tx-rules:visible").count() == 0
    sheet.get_by_label("Who is missing?").fill("The parliaments")
    sheet.emulate_media(media="print")
    assert sheet.locator(".tx-rules:visible").count() == 9
    assert sheet.locator("textarea:visible").input_value() == "The parliaments"


# --- the lesson ----------------------------------------------------------------------------------------------------


def test_the_lesson_carries_what_is_about_the_reports_themselves():
    claims = ledger.claims().query("kind == 'reading' or voice == 'furniture'").index
    wanted = {*claims, *(i for ids in PHRASES.values() for i in ids), *ledger.disagreements()["claims"].explode()}
    assert wanted <= course.cited(LESSON)
