"""Waters and climate: what is said of them, and the figures on record."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

import pandas as pd
from pydantic import BeforeValidator, Field

from ..validate import Row
from .csvtable import Claims, Empty, claim_ids, refuse, table
from .turktime import _initiatives


class WaterTopic(Row):
    """A water or a plan that the reports speak of, and the figure that would show what came of the words."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str = Field(min_length=1)
    group: Literal["Seas", "Rivers and fields", "Climate and energy"]
    words: str = Field(min_length=1)
    spots: Annotated[str | None, Empty] = None
    marked: str = Field(min_length=1)
    outcome: Annotated[str | None, Empty] = None
    claims: Claims
    records: Annotated[tuple[str, ...], BeforeValidator(lambda text: claim_ids(text) if text else ())] = ()
    figure: str = Field(min_length=1)
    holder: str = Field(min_length=1)


class WaterFigure(Row):
    """A figure that a record gives for a sea. `to` ends a range; `bound` is the word that keeps a figure open."""

    water: Literal["Caspian Sea", "Northern Aral Sea"]
    quantity: Literal["change of level", "level", "change to come", "volume", "growth of volume"]
    first: Annotated[int | None, Empty] = None
    last: Annotated[int | None, Empty] = None
    when: str = Field(min_length=1)
    bound: Literal["", "more than"]
    value: float
    to: Annotated[float | None, Empty] = None
    unit: Literal["centimetres a year", "metres", "cubic kilometres", "percent"]
    kind: Literal["reported", "contested", "planned", "projected"]
    claims: Claims


@lru_cache
def _water_topics() -> pd.DataFrame:
    frame = table(WaterTopic, "water_topics.csv")
    refuse(frame.loc[frame["key"].duplicated(), "key"], "water_topics.csv", "It stands here twice.")
    lost = frame["outcome"].notna() & ~frame["outcome"].isin(_initiatives()["outcome"])
    refuse(frame.loc[lost, "outcome"], "water_topics.csv", "Write the outcome of a row of initiatives.csv.")
    return frame.set_index("key")


def water_topics() -> pd.DataFrame:
    """The seas, rivers and plans for climate and energy that the reports speak of.

    Columns: key (the index), name, group, words (the report's strongest words for it), spots (what of it is on a map: a
    town, a country or a sea, "; " between two; missing where no place is named), marked (the same in words), outcome
    (its record in `initiatives()`; missing where there is none), claims (of the reports), records (more background
    records), figure (which would show what came of it) and holder (who would have that figure): these two are the
    course's own.
    Facts: data/water_topics.csv, each row citing its claims.
    """
    return _water_topics().copy()


@lru_cache
def _water_figures() -> pd.DataFrame:
    frame = table(WaterFigure, "water_figures.csv").astype({"first": "Int64", "last": "Int64"})
    refuse(frame.loc[frame["first"] > frame["last"], "first"], "water_figures.csv", "first is not after last.")
    return frame.reset_index(drop=True)


def water_figures() -> pd.DataFrame:
    """What the records give in figures for the Caspian Sea and for the northern part of the Aral Sea.

    Columns: water, quantity (change of level, level, change to come, volume or growth of volume), first and last (the
    years it speaks of, both counted; missing where not on record), when (the same in words), bound (empty, or more
    than), value, to (the far end of a range; missing where one number is given), unit (levels are in metres of the
    Baltic system, where minus means below its zero), kind (reported, contested, planned or projected), claims.
    Facts: data/water_figures.csv, each row citing its background record.
    """
    return _water_figures().copy()
