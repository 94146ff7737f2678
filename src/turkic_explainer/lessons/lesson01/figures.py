"""What an exercise of lesson 01 counts in."""

import pandas as pd

from ... import tables

__all__ = ("members_of_how_many",)


def members_of_how_many() -> pd.DataFrame:
    """The countries, and of how many bodies each is a member.

    Columns: entity, bodies. Facts: `memberships()`.
    """
    rows = tables.memberships().query("role == 'member'")
    return rows.groupby("entity")["body"].nunique().rename("bodies").reset_index()
