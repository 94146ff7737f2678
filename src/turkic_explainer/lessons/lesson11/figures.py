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


def polled(side: str) -> int:
    """The percent of people in the poll who were fully or partly "for" the route, or "against" it."""
    rows = table("11-poll")
    return int(rows.loc[rows["side"] == side, "percent"].sum())
