"""The ways of the Middle Corridor: how long its legs are, and what adds up on the rides along it.

Lengths are worked out here on the earth's ellipsoid, so that they can be held against the stated ones.
"""

from functools import lru_cache

import pandas as pd
from geographiclib.geodesic import Geodesic

from ...tables import legs, stops
from ...validate import Misused

__all__ = ("leg_lengths",)

CONTEXT = ("Northern route", "sea route")  # what the corridor is compared with


@lru_cache
def _lengths() -> pd.DataFrame:
    rows, known = legs(), stops()
    ends = [(known.loc[row.start], known.loc[row.end]) for row in rows.itertuples()]
    metres = pd.Series([Geodesic.WGS84.Inverse(a.lat, a.lon, b.lat, b.lon)["s12"] for a, b in ends], rows.index)
    rows.insert(rows.columns.get_loc("stated_km"), "computed_km", (metres / 1000).round().astype(int))
    rows.insert(rows.columns.get_loc("note"), "ratio", (rows["stated_km"] * 1000 / metres).round(2))
    return rows


def leg_lengths() -> pd.DataFrame:
    """The legs with the length of the shortest way over the earth beside the stated one.

    Columns: those of `legs()`, and computed_km (whole kilometres along the geodesic between the two stops on the WGS 84
    ellipsoid, by geographiclib) and ratio (stated to computed; missing where no length is stated).
    Facts: `legs()` and `stops()`. A computed length is the least that any track between the two stops can have.
    """
    return _lengths().copy()


def way(start: str, end: str) -> pd.DataFrame:
    """The legs of `leg_lengths()` from one stop of the corridor to another, in riding order.

    Where several legs lead to a stop, the way comes by the first of them in the table: by Khorgos, not by Dostyk.
    Raises Misused where no way is on record.
    """
    rows = _lengths()
    rows, ridden, at = rows[~rows["branch"].isin(CONTEXT)], [], end
    while at != start:
        before = rows.index[rows["end"] == at].difference(ridden)
        if before.empty:
            told = f"No way from {start} to {end} is on record."
            raise Misused(f"{told} The stops are those of stops(), in riding order.")
        ridden.insert(0, before[0])
        at = rows.loc[before[0], "start"]
    return rows.loc[ridden]


@lru_cache  # read by every question on the way, and changed by none
def rides() -> pd.DataFrame:
    """Every ride from the first stop of the corridor: one a leg, which is the last one ridden.

    Columns: stop (where it ends), leg (the last leg, a row of `legs()`; missing for the first stop, where nothing has
    been ridden), legs (all the legs ridden, in order), km (whole kilometres, at least: the sum of their computed_km),
    borders (changes of country from stop to stop), gauge_changes and ships on the way, the last stop included.
    A leg to which no way from the first stop is on record has no ride.
    """
    rows, known = _lengths(), stops()
    origin = rows["start"].iloc[0]
    found = [(origin, pd.NA, ())]
    for leg in rows[~rows["branch"].isin(CONTEXT)].itertuples():
        try:
            found.append((leg.end, leg.Index, (*way(origin, leg.start).index, leg.Index)))
        except ValueError:
            continue
    frame = pd.DataFrame(found, columns=["stop", "leg", "legs"]).astype({"leg": "Int64"})
    passed = [known.loc[[origin, *rows.loc[list(ridden), "end"]]] for ridden in frame["legs"]]
    frame["km"] = [rows.loc[list(ridden), "computed_km"].sum() for ridden in frame["legs"]]
    frame["borders"] = [(here["country"] != here["country"].shift()).sum() - 1 for here in passed]
    frame["gauge_changes"] = [(here["kind"] == "gauge change").sum() for here in passed]
    frame["ships"] = [(rows.loc[list(ridden), "mode"] == "ship").sum() for ridden in frame["legs"]]
    return frame
