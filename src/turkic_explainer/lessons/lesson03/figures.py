"""What the questions and exercises of lesson 03 ask for."""

from types import SimpleNamespace

from ... import ledger, tables
from . import ways


def ride(stop: str) -> SimpleNamespace:
    """What has added up on the ride to a stop, by the first way to it."""
    rides = ways.rides()
    return SimpleNamespace(**rides[rides["stop"] == stop].iloc[0])


def stated() -> SimpleNamespace:
    """How many `legs` have a stated length, and how many times the straight way it is: `least`, `most`, over `all`; the
    `mean` of these ratios, and the straight way to the stated (`inverse`); how much `more` it is, as a share and in percent;
    and what is stated to the straight way of all legs (`over_all_legs`).
    """
    legs = ways.leg_lengths()
    known = legs.dropna(subset="stated_km")
    ratio, whole = known["ratio"], float(known["stated_km"].sum() / known["computed_km"].sum())
    return SimpleNamespace(
        legs=len(known),
        least=ratio.min(),
        most=ratio.max(),
        all=whole,
        mean=float(ratio.mean()),
        inverse=1 / whole,
        more=[whole - 1, (whole - 1) * 100],
        over_all_legs=float(known["stated_km"].sum() / legs["computed_km"].sum()),
    )


def other_sums() -> SimpleNamespace:
    """What wrong sums give for the cargo of the year before, in million tonnes: the percentage `taken_off` the larger number,
    and only this `part` of it."""
    share, carried = ledger.claim("S1-30").value / 100, ledger.claim("S1-31").value
    return SimpleNamespace(taken_off=carried * (1 - share), part=carried * share)


def carried() -> float:
    """What the series has for the year of which S1 speaks, in million tonnes."""
    return tables.cargo().at[int(ledger.claim("S1-30").as_of), "thousand_tonnes"] / 1000


def growth() -> float:
    """How many percent more the series has for the year of which S1 speaks than for the year before."""
    rows, year = tables.cargo()["thousand_tonnes"], int(ledger.claim("S1-30").as_of)
    return (rows[year] / rows[year - 1] - 1) * 100


def stops() -> SimpleNamespace:
    """How many stops the corridor `passed`, side ways left out, and how many of them are `in_russia`, in words."""
    ours = ways.leg_lengths().query("branch not in @ways.CONTEXT")
    passed = tables.stops().loc[sorted({*ours["start"], *ours["end"]}), "country"]
    return SimpleNamespace(passed=len(passed), in_russia=str(int((passed == "RU").sum()) or "none"))
