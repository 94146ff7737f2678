"""What the questions and exercises of lesson 02 ask for."""

from types import SimpleNamespace

import pandas as pd

from ... import ledger, tables
from ...basemap import country_names
from ...content import Content

__all__ = ("summit_years", "venues")

CAPITALS = ["Ankara", "Astana", "Baku", "Bishkek", "Budapest", "Tashkent"]  # today's, of the members and of Hungary


def _in_person() -> pd.Series:
    """Where the leaders have met in person."""
    return tables.summits().query("status == 'held' and mode == 'in person'")["place"]


def hosts() -> SimpleNamespace:
    """How often the towns met that hosted most (`times`, and in words, `often`), which they are (`most`),
    three that hosted `once`, those `away` from the capitals, and Baku in the place of the last of the most (`mixed`).
    """
    towns = _in_person().value_counts()
    times = int(towns.max())
    most = sorted(towns[towns == times].index)
    return SimpleNamespace(
        times=times,
        often={2: "twice", 3: "three times"}.get(times, f"{times} times"),
        most=most,
        once=sorted(towns[towns == 1].index)[:3],
        away=sorted({*towns.index} - {*CAPITALS}),
        mixed=sorted({*most[:-1], "Baku"}),
    )


def summit(row) -> dict[str, str]:
    """How a summit is told, everywhere alike: its `name`, `when` and `where` it met, or what is known of that."""
    return Content("lesson02").texts("summit", row=row)


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


def summit_years() -> pd.DataFrame:
    """The years from the first summit to 2025, and how many summits each had.

    Columns: year, summits. Facts: the summits of `summits()` that were held.
    """
    years = tables.summits().query("status == 'held'")["year"]
    return pd.DataFrame([(year, int((years == year).sum())) for year in range(2011, 2026)], columns=["year", "summits"])


def years() -> SimpleNamespace:
    """The years up to 2025 `without` a summit, `without_regular` summit, with `one`, and with `some`."""
    rows = summit_years()
    regular = {*tables.summits().query("kind == 'regular'")["year"]}
    return SimpleNamespace(
        without=list(rows.query("summits == 0")["year"]),
        without_regular=[year for year in rows["year"] if year not in regular],
        one=list(rows.query("summits == 1")["year"]),
        some=list(rows.query("summits > 0")["year"]),
    )


def venues() -> pd.DataFrame:
    """Every summit on record, and whether its town is a capital today.

    Columns: year, kind, mode, status, place (missing for meetings online, and where none is named yet), capital (yes or
    no; no where there is no town). Facts: `summits()`; the capitals of the members and of Hungary.
    """
    rows = tables.summits()[["year", "kind", "mode", "status", "place"]]
    return rows.assign(capital=["yes" if place in CAPITALS else "no" for place in rows["place"]])


def away() -> SimpleNamespace:
    """How many summits in person `met` in a town that is no capital; how many more that makes with those online
    (`online_too`), with the planned one (`planned_too`) and with both (`every_row`); how many met `in_capitals`.
    """
    rows = venues().query("capital == 'no'")
    return SimpleNamespace(
        met=len(rows.query("mode == 'in person' and status == 'held'")),
        online_too=len(rows.query("status == 'held'")),
        planned_too=len(rows.query("mode == 'in person'")),
        every_row=len(rows),
        in_capitals=len(venues()) - len(rows),
    )
