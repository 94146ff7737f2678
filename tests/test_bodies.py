"""Who is who: tables, explorer and timeline tell what the records tell, guess nothing, and take no side."""

import re
from calendar import month_abbr

import pandas as pd
import pytest

import turkic_explainer as tx
from turkic_explainer import ledger, markup, tables
from turkic_explainer.basemap import base_map
from turkic_explainer.press.claims import dates
from turkic_explainer.validate import DataError

from .conftest import HOSTILE, edit, page
from .test_tables import inside

BODIES, STATES = list(tables.bodies().index), list(tables.states().index)
CONTESTED = "Turkish Republic of Northern Cyprus"


@pytest.fixture(scope="module")
def explorer():
    return tx.bodies_explorer()


def panes(explorer) -> tuple[dict, dict]:
    """What the explorer shows of each country, and of each body, by the names in the tables."""
    shown = [page(explorer.pane(state)) for state, _ in explorer.states]
    return dict(zip(STATES, shown, strict=False)), dict(zip(BODIES, shown[len(STATES) :], strict=True))


def told(pane) -> dict[str, str]:
    """The lines of a pane, by what stands in bold at their beginning."""
    return {line.strong.get_text().removesuffix(":"): line.get_text() for line in pane.select("li")}


def borne(row) -> str:
    """Everything that the claims of a row say."""
    return " ".join(" ".join([c.figures, *c.sources]) for c in map(ledger.claim, row.claims))


# --- the tables and the evidence -----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", BODIES)
def test_a_body_began_when_its_record_says_and_sits_where_it_says(key):
    row = tables.bodies().loc[key]
    record = ledger.claim(row.claims[0])
    assert record.topic == "members and bodies" and record.data["since"] == f"{row.since:%Y-%m-%d}"
    assert pd.isna(row.seat) or row.seat in borne(row)


def days(text: str) -> set[str]:
    """The days, months and years in a text, in the form of the tables."""
    short = re.findall(rf"\b\d{{1,2}} (?:{'|'.join(month_abbr[1:])}) \d{{4}}\b", text)
    return dates(text) | {f"{pd.Timestamp(day):%Y-%m-%d}" for day in short} | set(re.findall(r"\b\d{4}\b", text))


def test_a_membership_names_who_and_when_as_its_claims_do():
    for row in tables.memberships().itertuples():
        text, state = borne(row), tables.states().reindex([row.entity]).iloc[0]
        named = row.entity in text or str(state.label).lower() in text.lower() or re.search(rf"\b{state.code}\b", text)
        assert named or (row.entity == CONTESTED and re.search("N. Cyprus|Turkish Cypriot", text)), row
        assert not isinstance(row.since, str) or any(day.startswith(row.since) for day in days(text)), row


@pytest.mark.parametrize("record", ["B-299", "B-300", "B-301", "B-302", "B-303"])
def test_members_are_those_of_the_record_that_lists_them(record):
    listed = ledger.claim(record).data
    [key] = [row.Index for row in tables.bodies().itertuples() if record in row.claims]
    assert (
        tables.bodies().loc[key, "body"].startswith(listed["name"])
        or tables.bodies().loc[key, "short"] == listed["name"]
    )
    assert sorted(tables.bodies().loc[key, "members"].split(", ")) == sorted(listed["members"].split())
    roles = tables.memberships().query("body == @key").set_index("entity")["role"].rename(index=tables.states()["code"])
    assert {roles[code] for code in re.findall(r"\b[A-Z]{2}\b", listed["observers"])} <= {"observer", "sources differ"}


def test_the_parliaments_are_as_many_as_the_record_counts():
    assert len(tables.bodies().loc["turkpa", "members"].split(", ")) == ledger.claim("B-237").value
    assert tables.memberships().query("body == 'turkpa' and entity == 'Uzbekistan'")["role"].item() == "not a member"


def test_the_organization_s_own_list_stands_in_one_place():
    rows = tables.memberships().query("body == 'ots'")
    assert list(zip(rows["entity"], rows["role"], strict=True)) == list(
        tables.members()[["entity", "role"]].itertuples(index=False, name=None)
    )


def test_figures_of_a_country_are_those_of_its_records():
    for row in tables.states().itertuples():
        for claim in map(ledger.claim, row.claims):
            assert row.label.lower() in claim.says.lower()
            if claim.topic in ("Population", "Area"):
                assert claim.value == (row.people if claim.topic == "Population" else row.area)


def test_the_members_pay_for_the_secretariat_and_nothing_is_left_for_observers():
    """The lesson says so: the five parts add up to all of them."""
    claim = ledger.claim("B-240")
    parts = re.findall(r"(\d+)/18", f"{claim.value} {claim.caveat}")
    assert len(parts) == len(tables.members().query("role == 'member'")) and sum(map(int, parts)) == 18


def test_names_are_in_the_country_s_own_letters():
    names = tables.states()["own_names"]
    assert names["Kazakhstan"] == "Қазақстан" and names["Hungary"] == "Magyarország" and names["Türkiye"] == "Türkiye"
    assert (
        names["Uzbekistan"] == "Oʻzbekiston, Ўзбекистон"
        and tables.states().loc["Uzbekistan", "scripts"] == "Latin, Cyrillic"
    )
    assert list(names.index[names.isna()]) == [CONTESTED]


def test_our_map_draws_what_the_record_on_maps_says():
    """Crimea lies within Ukraine's outline, northern Cyprus has an outline of its own and not that of Cyprus."""
    assert "Ukraine" in ledger.claim("B-309").says
    assert inside("UA", 45.3, 34.4) and not inside("RU", 45.3, 34.4)
    assert not inside("CY", 35.25, 33.5) and any(f.name == "Northern Cyprus" for f in base_map())


@pytest.mark.parametrize("file, old, new, told", [
    ("memberships.csv", "turkpa,Hungary", "parliament,Hungary", "Add it to bodies.csv first"),
    ("memberships.csv", "turkpa,Hungary", "ots,Hungary", "stands in members.csv"),
    ("memberships.csv", "turkpa,Hungary", "turkpa,Hungaria", "Write it as members.csv does"),
    ("memberships.csv", "turkpa,Hungary", "turkpa,Kazakhstan", "twice for this body"),
    ("memberships.csv", "observer,2014", "guest,2014", "'member', 'observer'"),
    ("memberships.csv", "observer,2014", "observer,spring", "Write a year, month or day"),
    ("memberships.csv", "observer,2014", "sources differ,2014", "Say in `note`"),
    ("bodies.csv", "Istanbul Agreement of four parliaments,Baku", "Istanbul Agreement of four parliaments,Bakuu", "Add it to places.csv first"),
    ("states.csv", "Hungary,Hungary", "Magyarország,Hungary", "Write it as members.csv does"),
])  # fmt: skip
def test_a_mistake_in_a_table_is_told_with_its_mend(data, file, old, new, told):
    edit(data / file, old, new)
    with pytest.raises(DataError, match=told) as error:
        tables.bodies()
    assert file in str(error.value) and "row " in str(error.value)


def test_a_table_s_name_is_not_taken_by_a_module():
    tx.bodies_explorer()  # by now the module that makes it is loaded
    assert tx.bodies is tables.bodies and tx.states is tables.states


# --- the explorer --------------------------------------------------------------------------------------------------


def test_every_country_and_every_body_has_a_state(explorer):
    assert [label for _, label in explorer.states] == [*tables.states()["label"], *tables.bodies()["short"]]
    assert list(explorer.groups) == [explorer.states[0][0], BODIES[0]]


def test_both_ends_tell_the_same_and_what_no_record_tells_is_not_on_record(explorer):
    countries, bodies = panes(explorer)
    rows = tables.memberships().set_index(["entity", "body"])
    for entity in STATES:
        label = tables.states().loc[entity, "label"]
        for key in BODIES:
            line = told(countries[entity])[tables.bodies().loc[key, "short"]]
            where = [
                head for head, text in told(bodies[key]).items() if re.search(rf"\b{label}\b", text.split("\n")[0])
            ]
            if (entity, key) not in rows.index:
                assert "not on record" in line and where == ["Not on record"]
                continue
            row = rows.loc[(entity, key)]
            assert row.role in line and all(claim in line for claim in row.claims)
            assert any(
                head.lower().startswith(row.role) and head.endswith(", contested") == row.contested for head in where
            )
            assert ("contested" in line.lower()) == row.contested


def test_a_contested_observer_is_never_told_as_settled(explorer):
    countries, bodies = panes(explorer)
    for short, line in told(countries[CONTESTED]).items():
        assert "contested" in line or "not on record" in line, short
    for key, pane in bodies.items():
        for head, line in told(pane).items():
            if "Northern Cyprus" in line:
                assert "contested" in head or head == "Not on record", (key, head)


def test_the_map_shades_what_the_words_say(explorer):
    countries, bodies = panes(explorer)
    outline = {}  # of each country, by name: the one that is shaded where the explorer shows this country alone
    for entity, pane in countries.items():
        [use] = [use for use in pane.select(".tx-locator use[class]") if use["class"] != ["tx-country"]]
        outline[entity] = use["href"].removeprefix("#")
    assert len(set(outline.values())) == len(STATES)
    for key, pane in bodies.items():
        shade = {use["href"].removeprefix("#"): use["class"] for use in pane.select(".tx-locator use[class]")}
        roles = tables.memberships().query("body == @key").set_index("entity")
        assert len(shade) == len(STATES)
        for entity in STATES:
            drawn = shade[outline[entity]]
            told_role = roles["role"].get(entity, "not on record")
            wanted = "contested" if entity in roles.index and roles.loc[entity, "contested"] else {
                "member": "member", "observer": "observer", "took part": "guest", "sources differ": "differs"}.get(told_role, "country")  # fmt: skip
            assert drawn == [f"tx-{wanted}"], (key, entity)


def test_every_outline_that_is_used_is_there_once(explorer):
    soup = page(explorer.html())
    ids = [path["id"] for path in soup.select("defs path")]
    used = {use["href"].removeprefix("#") for use in soup.select("use[class]")}
    assert used == set(ids) and len(ids) == len(set(ids)) == len(STATES)


def pinned(pane) -> list[tuple[float, float, object]]:
    """The pins on the map of a pane, with their places in percent."""
    return [(*map(float, re.findall(r"[\d.]+(?=%)", pin["style"])), pin) for pin in pane.select(".tx-pin")]


def test_a_star_stands_at_the_seat_and_no_code_under_it(explorer):
    stars = {}
    for key, pane in panes(explorer)[1].items():
        seats = {pin.get_text(strip=True): (x, y) for x, y, pin in pinned(pane) if pin.select_one(".tx-seat")}
        codes = [(x, y) for x, y, pin in pinned(pane) if pin.select_one(".tx-code")]
        assert list(seats) == [town for town in [tables.bodies().loc[key, "seat"]] if not pd.isna(town)]
        assert all(abs(x - a) > 5 or abs(y - b) > 5 for x, y in codes for a, b in seats.values()), key
        stars |= seats
    towns = tables.places().loc[list(stars)].assign(x=[x for x, _ in stars.values()], y=[y for _, y in stars.values()])
    west, east = towns.loc[towns["lon"].idxmin()], towns.loc[towns["lon"].idxmax()]
    a_degree = (east.x - west.x) / (east.lon - west.lon)  # in percent of the width: the same everywhere
    assert list(towns["x"]) == pytest.approx(list(west.x + (towns["lon"] - west.lon) * a_degree), abs=0.05)
    assert towns.sort_values("lat")["y"].is_monotonic_decreasing and len(towns) > 2


def test_the_explorer_follows_its_table(data):
    edit(data / "memberships.csv", "turkpa,Hungary,observer,2014,,B-030\n", "")
    countries, bodies = panes(tx.bodies_explorer())
    assert "not on record" in told(countries["Hungary"])["TurkPA"]
    assert "Hungary" in told(bodies["turkpa"])["Not on record"]


def test_a_member_of_the_organization_that_is_contested_is_shown_so_everywhere(data):
    edit(data / "members.csv", '"6th summit, Cholpon-Ata",,', '"6th summit, Cholpon-Ata",Somebody doubts it,')
    countries, _ = panes(tx.bodies_explorer())
    assert "observer, contested" in told(countries["Hungary"])["TurkPA"]
    assert "Somebody doubts it." in told(countries["Hungary"])["OTS"]


def test_hostile_text_in_a_table_stays_text(data):
    quoted = HOSTILE.replace('"', '""')
    edit(data / "memberships.csv", "The chair was Turkish.", f'"{quoted}"')
    edit(data / "bodies.csv", "founded by an agreement signed in Almaty", f'"{quoted}"')
    html = tx.bodies_explorer().html()
    assert not page(html).find_all(["script", "img"])
    assert HOSTILE in page(tx.bodies_explorer().pane("turksoy")).get_text()


@pytest.mark.parametrize(
    "day, words", [("2014", "2014"), ("2025-10", "October 2025"), ("2021-11-12", "12 November 2021")]
)
def test_a_day_is_told_as_closely_as_it_is_known(day, words):
    assert markup.spelled(day) == words


# --- the timeline --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def timeline():
    return page(tx.timeline_chart()._repr_html_())


def test_the_timeline_names_every_beginning_and_every_report(timeline):
    words = [text.get_text() for text in timeline.svg.find_all("text")]
    alt = timeline.svg["aria-label"]
    for row in tables.bodies().drop(index="ots").itertuples():
        assert f"{row.short}  {row.since.year}" in words and f"{row.short} {row.since.year}" in alt
    for row in tables.milestones().itertuples():
        assert any(word.startswith(row.what) for word in words)
    for report, day in ledger.sources()["date"].items():
        assert report in words and f"{report} {day:%B %Y}" in alt


def test_reports_stand_at_their_dates_from_left_to_right(timeline):
    across = {text.get_text(): float(text["x"]) for text in timeline.svg.find_all("text")}
    order = list(ledger.sources()["date"].sort_values().index)
    assert sorted(order, key=across.get) == order and len({across[report] for report in order}) == len(order)


def test_the_timeline_ends_with_the_newest_record(timeline):
    newest = max(day for day in ledger.claims("B")["as_of"].dropna() if len(day) == 10)
    assert markup.spelled(newest) in timeline.figcaption.get_text()


def test_the_timeline_s_table_holds_what_it_shows(timeline):
    first, second = timeline.find_all("table")
    listed = [row.th.get_text() for row in first.tbody.find_all("tr")]
    assert sorted(listed) == sorted([*tables.milestones()["what"], *tables.bodies().drop(index="ots")["body"]])
    assert [row.th.get_text() for row in second.tbody.find_all("tr")] == list(
        ledger.sources()["date"].sort_values().index
    )


def test_the_two_names_of_the_organization_follow_each_other():
    names = tables.milestones().query("kind == 'name'")
    assert names["start"].iloc[0] == tables.bodies().loc["ots", "since"]
    assert names["end"].iloc[0] == names["start"].iloc[1] and pd.isna(names["end"].iloc[1])


# --- questions that follow -----------------------------------------------------------------------------------------


def right(key: str) -> str:
    question = tx.question(key)
    return next(label for state, label in question.states if page(question.pane(state)).select_one(".tx-right"))


@pytest.mark.parametrize("key, file, old, new, wanted", [
    ("01-turkmenistan", "memberships.csv", "chambers,Turkmenistan,member", "chambers,Turkmenistan,observer", "TURKSOY"),
    ("01-record", "memberships.csv", "academy,Turkmenistan,observer,2025-10,,B-173\n", "", "In these records"),
])  # fmt: skip
def test_a_question_follows_its_table(data, key, file, old, new, wanted):
    edit(data / file, old, new)
    assert wanted in right(key)
    assert key != "01-record" or "TurkPA and Turkic Academy" in tx.question(key).title
