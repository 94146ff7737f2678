"""What the questions and exercises of lesson 03 ask for."""

from types import SimpleNamespace

from ... import ledger, tables
from . import ways


def ride(stop: str) -> SimpleNamespace:
    """What has added up on the ride to a stop, by the first way to it."""
    rides = ways.rides()
    return SimpleNamespace(**rides[rides["stop"] == stop].iloc[0])


def stated() -> SimpleNamespace:
    """How many `legs` have a stated length, and how many times the straight way it is: `least`, `most`, over `all`."""
    known = ways.leg_lengths().dropna(subset="stated_km")
    whole = float(known["stated_km"].sum() / known["computed_km"].sum())
    return SimpleNamespace(legs=len(known), least=known["ratio"].min(), most=known["ratio"].max(), all=whole)


def carried() -> float:
    """What the series has for the year of which S1 speaks, in million tonnes."""
    return tables.cargo().at[int(ledger.claim("S1-30").as_of), "thousand_tonnes"] / 1000


def stops() -> SimpleNamespace:
    """How many stops the corridor `passed`, side ways left out, and how many of them are `in_russia`, in words."""
    ours = ways.leg_lengths().query("branch not in @ways.CONTEXT")
    passed = tables.stops().loc[sorted({*ours["start"], *ours["end"]}), "country"]
    return SimpleNamespace(passed=len(passed), in_russia=str(int((passed == "RU").sum()) or "none"))
