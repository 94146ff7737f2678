"""The teaching tables: data/*.csv as validated DataFrames, a module a subject.

Each row cites the claims that it rests on. A table may be saved from a spreadsheet (byte-order mark, semicolons,
Windows line ends): it is read all the same. What cannot be read is refused with the row, the column, what stands
there and what to write instead.
"""

from .corridor import cargo, journeys, legs, stops
from .economy import trade
from .meetings import members, places, summits
from .membership import bodies, memberships, milestones, states
from .turktime import event_counts, initiatives, priorities, steps
from .waters import water_figures, water_topics

__all__ = [
    "bodies", "cargo", "event_counts", "initiatives", "journeys", "legs", "members", "memberships", "milestones",
    "places", "priorities", "states", "steps", "stops", "summits", "trade", "water_figures", "water_topics",
]  # fmt: skip
