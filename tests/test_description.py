"""The tables are described once: rows are held to it, DataFrames and docstrings follow it, and a slip in it is told."""

import csv
import inspect
import json
import pickle

import pandas as pd
import pytest

from turkic_explainer import ledger, tables
from turkic_explainer.description import described, stored_fields
from turkic_explainer.press import dictionary
from turkic_explainer.rows import cells, frame, misfits
from turkic_explainer.validate import DataError

from .conftest import ROOT, forget
from .test_house import home

DATA = ROOT / "src" / "turkic_explainer" / "data"
ABOUT = described()
FILES = [name for name, table in ABOUT.items() if "path" in table]
OWN = tables.own_tables()  # of single lessons: the notebook asks for them by table()
PUBLIC = [
    name for name in FILES if ABOUT[name].get("shown", True) and name not in OWN
]  # the words are shown by glossary()
COLUMNS = [(name, column) for name in ABOUT for column in stored_fields(name)]


# --- what follows from the description -------------------------------------------------------------------------------


def test_every_file_of_data_is_described_and_every_table_has_a_function():
    assert {file.stem for file in DATA.glob("*.csv")} == set(FILES) - set(OWN)
    assert {*PUBLIC, "cargo"} == set(tables.__all__) == {name for name in tables.__all__ if home(name) == "tables"}
    assert set(FILES) - set(PUBLIC) - set(OWN) == {"words"}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_table_can_be_pickled(name):
    """A function that is made by a loop is found again by its name."""
    assert pickle.loads(pickle.dumps(getattr(tables, name))) is getattr(tables, name)


DTYPES = {"string": "str object", "day": "str object", "list": "object", "date": "datetime64", "integer": "int64 Int64",
          "number": "float64", "boolean": "bool"}  # fmt: skip


@pytest.mark.parametrize("name", [*PUBLIC, *OWN])
def test_a_dataframe_has_the_columns_that_are_described_and_their_types(name):
    found = tables.table(name)
    found = found.reset_index() if found.index.name else found
    wanted = {column: field for column, field in ABOUT[name]["fields"].items() if field.get("shown", True)}
    assert sorted(found.columns) == sorted(wanted)
    for column, field in wanted.items():
        assert str(found[column].dtype).split("[")[0] in DTYPES[field["type"]].split(), column


@pytest.mark.parametrize("name", PUBLIC)
def test_help_tells_every_column_and_where_the_facts_come_from(name):
    function = getattr(tables, name)
    told = inspect.getdoc(function)
    assert told.startswith(f"{ABOUT[name]['title']}.") and f"Facts: data/{name}.csv" in told
    assert function.__name__ == name and max(map(len, told.splitlines())) <= 125
    columns = [line.split()[0] for line in told.splitlines() if line.startswith("  ") and line[2] != " "]
    assert columns == [column for column, field in ABOUT[name]["fields"].items() if field.get("shown", True)]


@pytest.mark.parametrize("name, column", COLUMNS)
def test_a_column_that_may_be_empty_says_what_that_means(name, column):
    field = ABOUT[name]["fields"][column]
    if not field["constraints"]["required"]:
        assert "missing" in field["description"] or "empty" in field["description"]


def test_priorities_are_the_words_that_things_are_filed_under():
    assert [*tables.priorities()["word"], "none"] == ABOUT["initiatives"]["fields"]["priority"]["constraints"]["enum"]


@pytest.mark.parametrize("name", dictionary.FILES)
def test_what_is_written_of_the_description_is_up_to_date(name):
    """`turkic-explainer refresh` writes it."""
    assert (DATA / name).read_text("utf-8") == dictionary.FILES[name]()


def test_refresh_writes_what_is_stale_and_nothing_else(tmp_path):
    assert dictionary.written(tmp_path) == ["TABLES.md", "datapackage.json", "fixed-words.toml", "own-names.toml"]
    (tmp_path / "TABLES.md").write_text("old")
    assert dictionary.written(tmp_path) == ["TABLES.md"] and dictionary.written(tmp_path) == []


def test_the_dictionary_tells_every_column_of_every_table():
    text = dictionary.FILES["TABLES.md"]()
    parts = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    assert list(parts) == list(ABOUT)
    for name, table in ABOUT.items():
        rows = [line.split(" | ") for line in parts[name].splitlines() if line.startswith("| `")]
        assert [row[0].strip("| `") for row in rows] == list(table["fields"]) and all(len(row) == 3 for row in rows)


def test_the_data_package_fits_its_files():
    """Headers, links and keys; that the whole is valid was tried once with frictionless, which is not installed here."""
    package = json.loads(dictionary.FILES["datapackage.json"]())
    headers = {}
    for resource in package["resources"]:
        with (DATA / resource["path"]).open(encoding="utf-8", newline="") as file:
            headers[resource["name"]] = next(csv.reader(file))
        assert [field["name"] for field in resource["schema"]["fields"]] == headers[resource["name"]]
        assert {field["type"] for field in resource["schema"]["fields"]} <= {"string", "integer", "number", "date"}
    for resource in package["resources"]:
        assert set(resource["schema"].get("primaryKey", [])) <= set(headers[resource["name"]])
        for link in resource["schema"].get("foreignKeys", []):
            assert link["reference"]["fields"] in headers[link["reference"]["resource"]]


# --- rows are held to it ---------------------------------------------------------------------------------------------


def row_of(name: str) -> dict:
    """A row that is in order, as its file has it."""
    if "path" not in ABOUT[name]:
        kind = {"claim": ledger.claim("S0-46"), "source": ledger.source("S0")}
        row = vars(kind[name]) if name in kind else ledger.disagreements().reset_index().iloc[0].to_dict()
        row = {field.rstrip("_"): list(value) if isinstance(value, tuple) else value for field, value in row.items()}
        return {field: value for field, value in row.items() if value not in (None, [], {})}
    with (DATA / ABOUT[name]["path"]).open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))


def told(name: str, column: str, value) -> list[str]:
    """What is said of such a row with this value in this column."""
    return cells(name, [(f"{name}.csv, row 2", row_of(name) | {column: value})])[1]


@pytest.mark.parametrize("name", ABOUT)
def test_a_row_in_order_is_not_refused(name):
    good, problems = cells(name, [("row 2", row_of(name))])
    assert problems == [] and misfits(name, frame(name, good)) == []


@pytest.mark.parametrize("name, column", COLUMNS)
def test_every_column_refuses_what_is_not_of_its_form(name, column):
    field = ABOUT[name]["fields"][column]
    limits = field["constraints"]
    free = (
        not {"enum", "pattern"} & set(limits)
        if field["type"] == "string"
        else field["type"] == "value" or "delimiter" in field
    )
    wrong = ["\N{SNOWMAN}"] * (not free)
    wrong += [""] * (limits["required"] and "" not in limits.get("enum", []))
    wrong += ["x" * (limits["maxLength"] + 1)] if "maxLength" in limits else []
    beyond = {"minimum": -1, "maximum": 1} if field["type"] not in ("date", "day") else {}
    wrong += [str(limits[limit] + by) for limit, by in beyond.items() if limit in limits]
    wrong += ["0", "0001-01-01", "1799-12-31", "2101-01-01"] if not beyond else []
    for value in wrong:
        [problem] = told(name, column, value)
        assert problem.startswith(f"{name}.csv, row 2, {column}: found {value!r}. ") and problem.endswith("."), problem


@pytest.mark.parametrize(
    "name, column, value, mend",
    [
        ("summits", "year", "1e3", "whole number, 2009 or more and 2100 or less"),
        ("summits", "year", "２０１１", "whole number"),
        ("summits", "year", "20_11", "whole number"),
        ("summits", "first_day", "20111020", "YYYY-MM-DD"),
        ("summits", "first_day", "2011-02-30", "YYYY-MM-DD"),
        ("places", "country", "KZX", "two-letter ISO code"),
        ("claim", "id", "S0-461", "Ids look like"),
        ("places", "lat", "nan", "number with a point"),
        ("places", "lat", "91", "-90 or more and 90 or less"),
        ("journeys", "said", "2022-02-30", "2025-10-07"),
        ("journeys", "high", "0", "0.01 or more"),
        ("claim", "as_of", "2025-02-30", "2025-10"),
        ("claim", "paragraph", True, "whole number"),
        ("claim", "says", 7, "quotation marks"),
        ("claim", "places", "Astana", "list of texts"),
        ("claim", "places", ["Astana", 7], "list of texts"),
        ("claim", "value", [1], "number, or a text"),
        ("claim", "data", {"year": {"from": 1}}, "plain texts and numbers"),
        ("source", "date_printed", "yes", "true or false"),
        ("source", "date", pd.Timestamp("2025-06-12 10:00").to_pydatetime(), "YYYY-MM-DD"),
    ],
)
def test_what_looks_nearly_right_is_refused(name, column, value, mend):
    [problem] = told(name, column, value)
    assert problem.startswith(f"{name}.csv, row 2, {column}: found ") and mend in problem


def test_all_problems_of_all_rows_are_told_at_once(data):
    """Wrong cells, rows whose cells do not fit together, a row twice, and links to what is not there."""
    text = (data / "summits.csv").read_text("utf-8")
    for old, new in (
        ("regular,1,2011", "regular,1,MMXI"), ("regular,2,2012", "regular,,2012"), ("Gabala,AZ,Transport", "Qabala,AZ,Transport"),
        ("held,B-004", "held,B-944"),
    ):  # fmt: skip
        assert text.count(old) == 1
        text = text.replace(old, new)
    (data / "summits.csv").write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        tables.summits()
    assert [problem.split(". ")[0] for problem in caught.value.problems] == [
        "summits.csv, row 2, year: found 'MMXI'", "summits.csv, row 3, the row as a whole",
        "summits.csv, row 4, place: found 'Qabala'", "summits.csv, row 5, claims: found 'B-944'",
    ]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in PUBLIC if ABOUT[name]["order"]])
def test_rows_may_stand_in_any_order_where_the_description_has_one(data, name):
    order = ABOUT[name]["order"]
    before = getattr(tables, name)().reset_index()[order]
    head, *lines = (data / f"{name}.csv").read_text("utf-8").splitlines()
    (data / f"{name}.csv").write_text("\n".join([head, *reversed(lines)]) + "\n", "utf-8")
    forget()
    pd.testing.assert_frame_equal(getattr(tables, name)().reset_index()[order], before)


# --- a slip in the description itself --------------------------------------------------------------------------------

SLIPS = {  # what stands in tables.toml, what stands there instead, and what is told
    "no TOML": ("[summits]", "[summits", ["tables.toml: this is not TOML in UTF-8"]),
    "unknown term": ('order = ["year", "last_day"]', 'sorted = ["year"]', ["tables.toml, summits, sorted: found ['year']", "There are: path, title"]),
    "no title": ('title = "Places of the course, one a row"', "", ["tables.toml, places, title: found ''", "Add this term"]),
    "text for a list": ('primaryKey = ["place"]', 'primaryKey = "place"', ["tables.toml, places, primaryKey: found 'place'", "a list, in [ ]"]),
    "unknown term of a column": ('"exact", constraints', '"exact", limits', ["tables.toml, places, fields exact, limits: found", "There are: name, type"]),
    "unknown constraint": ("constraints.maxLength", "constraints.maxlength", ["steps, fields label, maxlength: found 18", "required, unique"]),
    "constraint of another type": ("constraints.maxLength = 18", "constraints.minimum = 18", ["steps, label, constraints: found 'minimum'", "maxLength"]),
    "no such type": ('"year", type = "integer", constraints = { min', '"year", type = "number of", constraints = { min', ["summits, year, type: found 'number of'", "integer, number, date"]),
    "no such likeness": ('name = "lat", like = "lat" }', 'name = "lat", like = "latitude" }', ["places, lat, like: found 'latitude'", "lat, lon"]),
    "nothing said of it": ('name = "local_name", description = "its name in its own language"', 'name = "local_name"', ["places, local_name, description: found ''"]),
    "a column twice": ('name = "local_name"', 'name = "place"', ["places, place, name: found 'place'", "twice"]),
    "no regular expression": ('"[A-Z]{2}"', '"[A-Z"', ["country, pattern: found '[A-Z'", "regular expression"]),
    "key of no column": ('primaryKey = ["place"]', 'primaryKey = ["town"]', ["tables.toml, places, primaryKey: found 'town'", "place, local_name"]),
    "index of no column": ('index = "place"', 'index = "town"', ["tables.toml, places, index: found 'town'"]),
    "a word for no value": ('quoted = "{}, quoted"', 'quote = "{}, quoted"', ["claim, voice, words: found 'quote, retold", "each value of its enum"]),
    "link to no table": ('"seat", reference = { resource = "places"', '"seat", reference = { resource = "towns"', ["tables.toml, bodies, foreignKeys: found 'towns'", "summits, places"]),
    "link to no column": ('"seat", reference = { resource = "places", fields = "place"', '"seat", reference = { resource = "places", fields = "town"', ["bodies, foreignKeys: found 'town'", "place, local_name"]),
    "a rule that says no mend": (', mend = "Say in `note` what the records have."', "", ["tables.toml, memberships, rules 2, mend: found ''", "Add this term"]),
}  # fmt: skip


@pytest.mark.parametrize("old, new, parts", SLIPS.values(), ids=SLIPS)
def test_a_slip_in_the_description_is_told_with_its_place_and_mend(tmp_path, old, new, parts):
    text = (DATA / "tables.toml").read_text("utf-8")
    assert old in text
    file = tmp_path / "tables.toml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError) as caught:
        described(file)
    problem = caught.value.problems[0]
    assert problem.startswith("tables.toml") and all(part in problem for part in parts), problem


@pytest.mark.parametrize("rule", ["low > hihg", "low >> ", "low + high"])
def test_a_rule_that_pandas_cannot_answer_is_told(monkeypatch, rule):
    monkeypatch.setitem(described()["journeys"]["rules"][0], "refuse", rule)
    good, _ = cells("journeys", [("journeys.csv, row 2", row_of("journeys"))])
    with pytest.raises(
        DataError, match=r"tables\.toml, journeys, rules, refuse: found 'low .*pandas cannot answer this"
    ):
        misfits("journeys", frame("journeys", good))
