"""What the questions and exercises of lesson 02 ask for."""

from types import SimpleNamespace

import pandas as pd

from ... import ledger, tables
from ...basemap import country_names
from .shown import summit

CAPITALS = ["Ankara", "Astana", "Baku", "Bishkek", "Budapest", "Tashkent"]  # today's, of the members and of Hungary


def _in_person() -> pd.Series:
    """Where the leaders have met in person."""
    return tables.summits().query("status == 'held' and mode == 'in person'")["place"]


def hosts() -> SimpleNamespace:
    """How often the towns met that hosted most (`times`, and in words, `often`), which they are (`most`),
    three that hosted `once`, and those `away` from the capitals.
    """
    towns = _in_person().value_counts()
    times = int(towns.max())
    return SimpleNamespace(
        times=times,
        often={2: "twice", 3: "three times"}.get(times, f"{times} times"),
        most=sorted(towns[towns == times].index),
        once=sorted(towns[towns == 1].index)[:3],
        away=sorted({*towns.index} - {*CAPITALS}),
    )


def online_days() -> str:
    """The days of the meetings online."""
    return " and ".join(summit(row)["when"] for row in tables.summits().query("mode == 'online'").itertuples())


def next_regular() -> SimpleNamespace:
    """The first regular summit after the report S0."""
    rows = tables.summits().query("kind == 'regular'")
    return SimpleNamespace(**rows[rows["last_day"] > pd.Timestamp(ledger.source("S0").date)].iloc[0])


def guest() -> SimpleNamespace:
    """The summit that an observer hosted, with the country's name."""
    roles = tables.members().set_index("code")["role"]
    held = tables.summits().query("status == 'held'")
    [host] = [country for country in held["country"].unique() if roles[country] == "observer"]
    return SimpleNamespace(**held.query("country == @host").iloc[0], name=country_names()[host])


def gap_years() -> list[int]:
    """The years up to 2025 without a summit."""
    return sorted({*range(2011, 2026)} - {*tables.summits()["year"]})


def in_capitals() -> int:
    """How many summits in person met in a capital."""
    return int(_in_person().isin(CAPITALS).sum())
