"""Trade, as it was given."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from ..validate import Row
from .csvtable import Claims, Day, Empty, table


class Trade(Row):
    """A sum of trade that somebody gave: as a count of one year, as an expectation or as a target."""

    among: Literal["Kazakhstan and Türkiye", "OTS members"]
    year: Annotated[int | None, Empty] = None
    kind: Literal["count", "expectation", "target"]
    side: Literal["Kazakh", "Turkish", "OTS", "other"]
    who: str = Field(min_length=1)
    said: Day
    bound: Literal["", "about", "more than"]
    billion: float = Field(gt=0)
    claims: Claims


@lru_cache
def _trade() -> pd.DataFrame:
    frame = table(Trade, "trade.csv")
    frame["year"] = frame["year"].astype("Int64")
    return frame.sort_values("said", kind="stable").reset_index(drop=True)


def trade() -> pd.DataFrame:
    """Sums of trade as they were given, in the order in which they were said.

    Columns: among (Kazakhstan and Türkiye, or OTS members), year (which year's trade; missing where no year is
    stated, as for most targets), kind (count, expectation or target), side (whose figure it is:
    Kazakh, Turkish, OTS or other), who, said (a year, month or day), bound (empty, about or more than), billion
    (billion US dollars, current prices), claims.
    Facts: data/trade.csv, each row citing its claim or background record.
    """
    return _trade().copy()
