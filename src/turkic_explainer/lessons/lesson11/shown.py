"""The explorer of lesson 11: five members by five measures, each with who pays for it."""

from ...content import Content, ordinal, records
from ...explorer import Explorer
from ...tables import table
from .figures import measured

__all__ = ("measures_explorer",)


def measures_explorer() -> Explorer:
    """An explorer with a state for each measure: what it looks at, the members (the first one on top), and who pays."""
    states = {}
    for row in records(table("11-measures")):
        found = records(measured().query("measure == @row['measure']").sort_values(["place", "member"]))
        found = [one | {"place": one["place"] and ordinal(int(one["place"]))} for one in found]
        states[row["measure"]] = {"label": row["name"], "row": row, "found": found}
    return Content("lesson11").explorer("measure", states)
