"""What the questions, exercises and the explorer of lesson 11 ask for."""

import pandas as pd

from ...tables import table

__all__ = ("measured",)


def measured() -> pd.DataFrame:
    """What each measure gives for each member, with the member's place among the five where there is an order.

    Columns: those of the table 11-measured, and place (1 is the best). Facts: lessons/lesson11/measured.csv.
    """
    rows = table("11-measured")
    best = rows["measure"].map(table("11-measures").set_index("measure")["best"])
    values = rows["value"].where(best != "high", -rows["value"]).where(best.notna())
    return rows.assign(place=values.groupby(rows["measure"]).rank())


def _first_two() -> pd.DataFrame:
    return measured().query("place <= 2")


def among_first_two() -> int:
    """How many different members stand among the first two by one of the measures."""
    return _first_two()["member"].nunique()


def first_places() -> int:
    """How many places there are among the first two."""
    return len(_first_two())


def ever_first() -> int:
    """How many different members stand first by one of the measures."""
    return measured().query("place == 1")["member"].nunique()


def answers(*kinds: str) -> int:
    """How many of the answers at the UN are of these kinds; all of them if none is named."""
    found = table("11-votes")["answer"]
    return int(found.isin(kinds).sum()) if kinds else len(found)


def polled(side: str) -> int:
    """The percent of people in the poll who were fully or partly "for" the route, or "against" it."""
    rows = table("11-poll")
    return int(rows.loc[rows["side"] == side, "percent"].sum())
