"""What the questions, exercises and the explorer of lesson 11 ask for."""

import pandas as pd

from ...content import records
from ...tables import table

__all__ = ("measured", "stands")


def measured() -> pd.DataFrame:
    """What each measure gives for each member, with the member's place among the five where there is an order.

    Columns: those of the table 11-measured, and place (1 is the best). Facts: lessons/lesson11/measured.csv.
    """
    rows = table("11-measured")
    best = rows["measure"].map(table("11-measures").set_index("measure")["best"])
    values = rows["value"].where(best != "high", -rows["value"]).where(best.notna())
    return rows.assign(place=values.groupby(rows["measure"]).rank())


def given_for(measure: str) -> list[dict]:
    """The rows of `measured()` on one measure, the first member on top."""
    return records(measured().query("measure == @measure").sort_values(["place", "member"]))


def stands() -> pd.DataFrame:
    """What each member (the index) did on each of three occasions (the columns). Facts: lessons/lesson11/votes.csv."""
    rows = table("11-votes")
    return rows.pivot(index="member", columns="occasion", values="answer")[list(rows["occasion"].unique())]


def polled(side: str) -> int:
    """The percent of people in the poll who were fully or partly "for" the route, or "against" it."""
    rows = table("11-poll")
    return int(rows.loc[rows["side"] == side, "percent"].sum())
