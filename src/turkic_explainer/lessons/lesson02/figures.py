"""What the questions and exercises of lesson 02 ask for."""

from types import SimpleNamespace

import pandas as pd

from ... import tables
from ...content import and_
from ...markup import spelled

__all__ = ("summit_years", "venues")

CAPITALS = ["Ankara", "Astana", "Baku", "Bishkek", "Budapest", "Tashkent"]  # today's, of the members and of Hungary


def hosts() -> SimpleNamespace:
    """How often the towns met that hosted most (`times`, and in words, `often`), which they are (`most`),
    three that hosted `once`, those `away` from the capitals, Baku in the place of the last of the most (`mixed`), and
    which of the most is no capital (`back`). Only meetings in person count.
    """
    towns = venues().query("status == 'held' and mode == 'in person'")["place"].value_counts()
    times = int(towns.max())
    most = sorted(towns[towns == times].index)
    return SimpleNamespace(
        times=times,
        often={2: "twice", 3: "three times"}.get(times, f"{times} times"),
        most=most,
        once=sorted(towns[towns == 1].index)[:3],
        away=sorted({*towns.index} - {*CAPITALS}),
        mixed=sorted({*most[:-1], "Baku"}),
        back=next((town for town in most if town not in CAPITALS), ""),
    )


def summit_years() -> pd.DataFrame:
    """The years from the first summit to 2025, and how many summits each had.

    Columns: year, summits. Facts: the summits of `summits()` that were held.
    """
    years = tables.summits().query("status == 'held'")["year"]
    return pd.DataFrame([(year, int((years == year).sum())) for year in range(2011, 2026)], columns=["year", "summits"])


def years_without_regular() -> list[int]:
    """The years of `summit_years` without a regular summit."""
    regular = {*tables.summits().query("kind == 'regular'")["year"]}
    return [year for year in summit_years()["year"] if year not in regular]


def venues() -> pd.DataFrame:
    """Every summit on record, and whether its town is a capital today.

    Columns: year, kind, mode, status, place (missing for meetings online, and where none is named yet), capital (yes or
    no; no where there is no town). Facts: `summits()`; the capitals of the members and of Hungary.
    """
    rows = tables.summits()[["year", "kind", "mode", "status", "place"]]
    return rows.assign(capital=["yes" if place in CAPITALS else "no" for place in rows["place"]])


def online_days() -> str:
    """The days of the meetings online."""
    return and_([spelled(f"{day:%Y-%m-%d}") for day in tables.summits().query("mode == 'online'")["last_day"]])
