"""The teaching tables: data/*.csv as DataFrames, as data/tables.toml describes them.

Each row cites the claims that it rests on. A table may be saved from a spreadsheet (byte-order mark, semicolons,
Windows line ends): it is read all the same. What cannot be read is refused with the row, the column, what stands
there and what to write instead.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

import pandas as pd

from . import validate
from .description import described, docstring, stored_fields
from .ledger import CLAIM_ID, claim, claims, reported, reports_in, source
from .rows import cells, csv_rows, frame, misfits, refused
from .validate import DataError, Unknown, problem, short

DATA = validate.DATA


def _lost(name: str, rows: pd.DataFrame) -> list[str]:
    """What these rows name and is not there: rows of other tables, and claims."""
    problems = []
    for link in described()[name]["foreignKeys"]:
        column, to = rows[link["fields"]], link["reference"]
        known = stored(to["resource"])[to["fields"]]
        mend = link.get("mend", f"Add it to {to['resource']}.csv first, or correct the name.")
        problems += refused(column[column.notna() & ~column.isin(known)], mend)
    for field in stored_fields(name).values():
        for place, ids in rows[field["name"]].items() if field.get("evidence") else ():
            for claim_id in ids:
                try:
                    claim(claim_id)
                except DataError as error:
                    mend = str(error) if CLAIM_ID.fullmatch(claim_id) else field["mend"]
                    problems.append(problem(place, field["name"], " ".join(ids), mend))
    return problems


@lru_cache
def stored(name: str) -> pd.DataFrame:
    """A table as its file has it, checked; its index is the rows' places. Raises DataError with all that is wrong."""
    path = described()[name]["path"]
    file = (validate.DATA if path.startswith("..") else DATA) / path  # a lesson's own table lies beside its text
    good, problems = cells(name, csv_rows(file, list(stored_fields(name))))
    if not good and not problems:
        raise DataError([f"{file.name}: there is no row in it. Fill it, or restore it from a copy."])
    rows = frame(name, good)
    problems += misfits(name, rows) + _lost(name, rows)
    if problems:
        raise DataError(problems)
    return rows


def refuse(cells: pd.Series, mend: str) -> None:
    """Raises a DataError for each of these cells, out of a column of `stored`, if there is any."""
    if len(cells):
        raise DataError(refused(cells, mend))


_COMPUTED: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {}  # what works out columns that are not in the file


def _computes(name: str) -> Callable:
    return lambda function: _COMPUTED.setdefault(name, function)


@lru_cache
def _whole(name: str) -> pd.DataFrame:
    about, rows = described()[name], stored(name).copy()
    try:
        rows = _COMPUTED[name](rows) if name in _COMPUTED else rows
    except DataError:
        raise
    except Exception as error:  # whatever comes of rows that are in order each, and miss what is worked out of them
        told = f"{about['path']}: a column cannot be worked out of these rows ({type(error).__name__}: {short(str(error))})."
        raise DataError([f"{told} See what [{name}] in tables.toml says of it."]) from None
    if about["order"]:
        rows = rows.sort_values(about["order"], kind="stable", na_position="last")
    rows = rows.drop(columns=[field for field, terms in about["fields"].items() if not terms.get("shown", True)])
    return rows.set_index(about["index"]) if "index" in about else rows.reset_index(drop=True)


def _table(name: str) -> Callable[[], pd.DataFrame]:
    def table() -> pd.DataFrame:
        return _whole(name).copy()

    table.__name__ = table.__qualname__ = name
    table.__doc__ = docstring(described()[name])
    return table


# A function for each table that is described with a file: summits(), places() and so on.
_OF_FILES = {
    name: _table(name)
    for name, about in described().items()
    if "path" in about and about.get("shown", True) and "-" not in name  # a lesson's own is asked for by `table`
}
globals().update(_OF_FILES)
__all__ = ["cargo", *_OF_FILES]


def own_tables() -> list[str]:
    """The names of the tables that lessons have for themselves, such as 12-rivers."""
    return [name for name in described() if "-" in name]


def table(name: str) -> pd.DataFrame:
    """A lesson's own table by its name, such as "12-rivers": [tables.rivers] of the shown.toml of lesson 12 describes it.

    The tables of the whole course are found by their names as well. Raises DataError, naming those there are.
    """
    if name in __all__:
        return globals()[name]()
    if name not in own_tables():
        raise Unknown("table", name, [*own_tables(), *__all__])
    return _whole(name).copy()


def cargo() -> pd.DataFrame:
    """Cargo on the Middle Corridor, a year a row, oldest first.

    Columns: year (the index), thousand_tonnes, teu (containers, in units of twenty feet; missing where not on record),
    confidence, claims. One series, from the transport ministry of Kazakhstan; other counts stand in the caveats.
    Facts: the background records on Middle Corridor cargo, which hold the figures as fields.
    """
    found = map(claim, claims("B").query("topic == 'Middle Corridor cargo'").index)
    rows = [dict(c.data) | {"confidence": c.confidence, "claims": (c.id,)} for c in found]
    made = pd.DataFrame(rows, columns=["year", "thousand_tonnes", "teu", "confidence", "claims"])
    return made.astype({"teu": "Int64"}).set_index("year").sort_index()


def count_table(rows: pd.DataFrame, down: str, across: str) -> pd.DataFrame:
    """How many of these rows have each value of the column `down` (the index) with each of the column `across`.

    Columns: the values of `across`, and all (the sum of each line).
    """
    counts = pd.crosstab(rows[down], rows[across])
    return counts.assign(all=counts.sum(axis=1))


# --- columns that are worked out -------------------------------------------------------------------------------------


@_computes("places")
def _named_in(rows: pd.DataFrame) -> pd.DataFrame:
    said = reported()["places"].explode().dropna()
    naming = said.index.to_series().groupby(said.to_numpy()).agg(tuple)
    return rows.assign(reports=[naming.get(name, ()) for name in rows["place"]])


@_computes("summits")
def _told(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(in_reports=[bool(reports_in(ids)) for ids in rows["claims"]])


@_computes("priorities")
def _unexplained(rows: pd.DataFrame) -> pd.DataFrame:
    by_id = claims("S3")["caveat"]  # S1 has one of the words as well, but not the list
    return rows.assign(left_open=[next((by_id[i] for i in ids if i in by_id), None) for ids in rows["claims"]])


@_computes("event_counts")
def _one_after_another(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(more_than_the_row_before=rows["events"].diff().where(rows["said"].notna()).astype("Int64"))


@_computes("water_figures")
def _changes(rows: pd.DataFrame) -> pd.DataFrame:
    rates, volumes = rows["quantity"] == "change of level", rows.loc[rows["quantity"] == "volume", "value"]
    rows["years"] = (rows["last"] - rows["first"] + 1).where(rates)
    rows["all_in_cm"] = rows["years"].astype(float) * rows["value"]
    return rows.assign(percent_more=((volumes / volumes.iloc[0] - 1) * 100).round())


@_computes("initiatives")
def _outcomes(rows: pd.DataFrame) -> pd.DataFrame:
    outcomes = claims("B").query("topic == 'outcomes'").index
    refuse(rows.loc[~rows["outcome"].isin(outcomes), "outcome"], "There is no such record of an outcome.")
    rows["reports"] = [tuple(reports_in(ids)) for ids in rows["claims"]]
    records = [claim(i) for i in rows["outcome"]]
    rows["report"] = [record.data["report"] for record in records]
    strange = [report not in reports for report, reports in zip(rows["report"], rows["reports"], strict=True)]
    refuse(rows.loc[strange, "claims"], "Name a claim of the report that the outcome is about.")
    return rows.assign(
        said=[pd.Timestamp(source(report).date) for report in rows["report"]],
        wording=[record.data["commitment"] for record in records],
        status=[record.data["status"] for record in records],
        found=[record.says.split("): ", 1)[-1] for record in records],
        as_of=[record.as_of for record in records],
        confidence=[record.confidence for record in records],
    )


def _middle(day: str) -> pd.Timestamp:
    """The day itself, or the middle of the month or of the year where no more is known."""
    period = pd.Period(day)
    return (period.start_time + (period.end_time - period.start_time) / 2).normalize()


@_computes("steps")
def _in_time(rows: pd.DataFrame) -> pd.DataFrame:
    rows["at"] = rows["day"].map(_middle)
    late = rows.groupby("initiative")["at"].diff() < pd.Timedelta(0)
    refuse(rows.loc[late, "day"], "Put the steps of an initiative in the order of their days.")
    return rows


OWN_NAMES = "own-names.toml"  # what countries are called in CLDR's locales, by their codes: `refresh` writes it


@_computes("states")
def _names_and_size(rows: pd.DataFrame) -> pd.DataFrame:
    known, codes = validate.read_toml(validate.DATA / OWN_NAMES), dict(zip(rows.index, rows["code"], strict=True))
    wanted = rows["locales"].explode().dropna()
    lost = [locale not in known.get(codes[place], {}) for place, locale in wanted.items()]
    mend = "Write a locale that CLDR has with this country in it, such as az or uz_Cyrl, and run `refresh`."
    refuse(wanted[lost], mend)
    own = [[known[codes[place]][locale] for locale in locales] for place, locales in rows["locales"].items()]
    by_topic = [{c.topic: c for c in map(claim, ids)} for ids in rows["claims"]]
    rows["own_names"] = [", ".join(names) or None for names in own]
    rows["scripts"] = [", ".join(unicodedata.name(n[0]).split()[0].title() for n in names) or None for names in own]
    for column, topic in (("people", "Population"), ("area", "Area")):
        values = [found[topic].value if topic in found else None for found in by_topic]
        rows[column] = pd.array(values, dtype="Int64")
    return rows


@_computes("memberships")
def _with_the_ots(rows: pd.DataFrame) -> pd.DataFrame:
    own = _whole("members")
    own = own.assign(body="ots", note=own["contested"], since=own["since"].dt.strftime("%Y-%m-%d"))
    disputed = own.loc[own["contested"].notna(), "entity"]
    rows = pd.concat([own[rows.columns], rows], ignore_index=True)
    return rows.assign(contested=rows["entity"].isin(disputed))


@_computes("bodies")
def _in_each(rows: pd.DataFrame) -> pd.DataFrame:
    states = _whole("states")[["label", "code"]]
    named = _whole("memberships").merge(states, left_on="entity", right_index=True, how="left")
    named["called"] = named["code"].fillna(named["label"]).fillna(named["entity"])
    for column, role in (("members", "member"), ("observers", "observer")):
        found = named[named["role"] == role].groupby("body")["called"].agg(", ".join)
        rows[column] = rows["key"].map(found)
    return rows
