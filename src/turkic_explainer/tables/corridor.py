"""The Middle Corridor: its stops, legs, cargo, and what was said of its days."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from ..ledger import claim, claims
from ..validate import Row
from .csvtable import Claims, Country, Day, Empty, refuse, table
from .meetings import _places


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
    said: Day
    who: str = Field(min_length=1)
    view: Literal["promotes", "doubts", "compares"]
    claims: Claims


@lru_cache
def _stops() -> pd.DataFrame:
    frame = table(Stop, "stops.csv")
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
    frame = table(Leg, "legs.csv")
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
    found = map(claim, claims("B").query("topic == 'Middle Corridor cargo'").index)
    rows = [dict(c.data) | {"confidence": c.confidence, "claims": (c.id,)} for c in found]
    frame = pd.DataFrame(rows, columns=["year", "thousand_tonnes", "teu", "confidence", "claims"])
    return frame.astype({"teu": "Int64"}).set_index("year").sort_index()


@lru_cache
def _journeys() -> pd.DataFrame:
    frame = table(Journey, "journeys.csv")
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
