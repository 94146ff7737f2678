"""The explorer of lesson 11: five members by five measures, each with who pays for it; and the table of what they did at the UN."""

import pandas as pd

from ...content import Content, ordinal, records
from ...explorer import Explorer
from ...tables import table
from .figures import measured

__all__ = ("measures_explorer", "stands")


def measures_explorer() -> Explorer:
    """An explorer with a state for each measure: what it looks at, the members (the first one on top), and who pays."""
    states = {}
    for row in records(table("11-measures")):
        found = records(measured().query("measure == @row['measure']").sort_values(["place", "member"]))
        found = [one | {"place": one["place"] and ordinal(int(one["place"]))} for one in found]
        states[row["measure"]] = {"label": row["name"], "row": row, "found": found}
    return Content("lesson11").explorer("measure", states)


def stands() -> pd.DataFrame:
    """What each member (the index) did on each of three occasions (the columns). Facts: lessons/lesson11/votes.csv."""
    rows = table("11-votes")
    return rows.pivot(index="member", columns="occasion", values="answer")[list(rows["occasion"].unique())]
