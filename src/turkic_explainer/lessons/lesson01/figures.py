"""What an exercise of lesson 01 counts in, and what no record has."""

import pandas as pd

from ... import tables
from ...content import and_

__all__ = ("members_of_how_many",)


def members_of_how_many() -> pd.DataFrame:
    """The countries, and of how many bodies each is a member.

    Columns: entity, bodies. Facts: `memberships()`.
    """
    rows = tables.memberships().query("role == 'member'")
    return rows.groupby("entity")["body"].nunique().rename("bodies").reset_index()


def not_on_record(entity: str) -> str:
    """The bodies of which no record has this country."""
    known = tables.memberships().query("entity == @entity")["body"]
    return and_([*tables.bodies().drop(index=known.unique())["short"]])
