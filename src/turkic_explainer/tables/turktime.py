"""TURKTIME, what is filed under its words, and what came of it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from ..ledger import claim, claims, source
from ..validate import Row
from .csvtable import Claims, Day, Empty, refuse, table
from .meetings import _places


class Priority(Row):
    position: int = Field(ge=1, le=8)
    word: str = Field(min_length=1)
    meaning: str = Field(min_length=1)
    question: str = Field(min_length=1)
    claims: Claims


class Initiative(Row):
    """One thing that the reports propose, praise, plan or count. What became of it stands in its background record."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str = Field(min_length=1)
    kind: Literal["institution", "event", "programme", "agreement", "goal", "count"]
    priority: str = Field(min_length=1)
    why: str = Field(min_length=1)
    who: str = Field(min_length=1)
    place: Annotated[str | None, Empty] = None
    card: Literal["yes", "no"]
    claims: Claims
    outcome: str = Field(pattern=r"^B-\d{3}$")


@lru_cache
def _priorities() -> pd.DataFrame:
    frame = table(Priority, "priorities.csv")
    refuse(frame.loc[frame["word"].duplicated(), "word"], "priorities.csv", "It stands here twice.")
    return frame.set_index("position").sort_index()


def priorities() -> pd.DataFrame:
    """The eight priorities of TURKTIME in their order.

    Columns: position (the index, 1 to 8), word, meaning (what it was taken to mean when it was presented), question
    (what a reader may ask of it), claims. The letter is the word's first.
    Facts: data/priorities.csv, each row citing the report that lists the word and the record of its meaning.
    """
    return _priorities().copy()


@lru_cache
def _initiatives() -> pd.DataFrame:
    frame = table(Initiative, "initiatives.csv")
    refuse(frame.loc[frame["key"].duplicated(), "key"], "initiatives.csv", "It stands here twice.")
    known = [*_priorities()["word"], "none"]
    refuse(frame.loc[~frame["priority"].isin(known), "priority"], "initiatives.csv", f"Write one of: {', '.join(known)}.")
    lost = frame["place"].notna() & ~frame["place"].isin(_places().index)
    refuse(frame.loc[lost, "place"], "initiatives.csv", "Add it to places.csv first, or correct the name.")
    outcomes = claims("B").query("topic == 'outcomes'").index
    refuse(frame.loc[~frame["outcome"].isin(outcomes), "outcome"], "initiatives.csv", "There is no such record of an outcome.")
    refuse(frame.loc[frame["outcome"].duplicated(), "outcome"], "initiatives.csv", "It stands here twice.")
    frame["reports"] = [tuple(sorted({i.split("-")[0] for i in ids if i[0] == "S"})) for ids in frame["claims"]]
    record = {row: claim(i) for row, i in frame["outcome"].items()}
    told = [record[row].data["report"] in reports for row, reports in frame["reports"].items()]
    refuse(frame.loc[[not t for t in told], "claims"], "initiatives.csv", "Name a claim of the report that the outcome is about.")
    frame["said"] = [pd.Timestamp(source(record[row].data["report"]).date) for row in frame.index]
    frame["wording"] = [record[row].data["commitment"] for row in frame.index]
    frame["status"] = [record[row].data["status"] for row in frame.index]
    frame["found"] = [record[row].says.split("): ", 1)[-1] for row in frame.index]
    frame["as_of"] = [record[row].as_of for row in frame.index]
    frame["confidence"] = [record[row].confidence for row in frame.index]
    return frame.set_index("key")


def initiatives() -> pd.DataFrame:
    """Every institution, event, programme, agreement, goal and count that the five reports propose, praise or plan.

    Columns: key (the index), name, kind, priority (under which of the eight words this course files it, or none), why
    (the reason for that filing), who (who speaks for it), place (see `places()`; missing where none is named), card
    (yes: it is in the pack of cards of lesson 04), claims (of the reports), outcome (the background record), and what
    follows from these: reports, said (Timestamp, the day of the report that the outcome is measured against), wording
    (how firm that report is: done, under way, supported, proposed or wished), status (what the record found: exists,
    happened, under way, "agreed, not yet working", proposed only or not found), found (the record in a sentence),
    as_of, confidence.
    Facts: data/initiatives.csv; wording, status and what was found: seeds/background.toml.
    """
    return _initiatives().copy()


class Step(Row):
    """One dated step on the way of an initiative. `status` tells words from deeds; `label` is short enough for a chart."""

    initiative: str = Field(min_length=1)
    day: Day
    step: str = Field(min_length=1)
    label: str = Field(min_length=1, max_length=18)
    status: Literal["proposed", "told as done", "signed", "under way", "working", "held", "elsewhere", "not found"]
    claims: Claims


class EventCount(Row):
    """How many events somebody counted, and what was counted."""

    who: str = Field(min_length=1)
    said: Annotated[date | None, Empty] = None
    bound: Literal["", "about", "more than"]
    events: int = Field(gt=0)
    counted: str = Field(min_length=1)
    claims: Claims


def _middle(day: str) -> pd.Timestamp:
    """The day itself, or the middle of the month or of the year where no more is known."""
    period = pd.Period(day)
    return (period.start_time + (period.end_time - period.start_time) / 2).normalize()


@lru_cache
def _steps() -> pd.DataFrame:
    frame = table(Step, "steps.csv")
    lost = ~frame["initiative"].isin(_initiatives().index)
    refuse(frame.loc[lost, "initiative"], "steps.csv", "Write the key of a row of initiatives.csv.")
    frame["at"] = frame["day"].map(_middle)
    late = frame.groupby("initiative")["at"].diff() < pd.Timedelta(0)
    refuse(frame.loc[late, "day"], "steps.csv", "Put the steps of an initiative in the order of their days.")
    return frame.reset_index(drop=True)


def steps() -> pd.DataFrame:
    """The dated steps of a few initiatives, those of one initiative in the order of their days.

    Columns: initiative (a key of `initiatives()`), day (text: a year, month or day), step (what happened), label (the
    same in a word or two), status (words: proposed, or told as done by a report or by those whose work it is; deeds:
    signed, under way, working, held; besides: elsewhere, which is held in another place or form, and not found), claims,
    at (Timestamp: the day, or the middle of the month or year where no more is known).
    Facts: data/steps.csv, each row citing its claims.
    """
    return _steps().copy()


@lru_cache
def _event_counts() -> pd.DataFrame:
    return table(EventCount, "event_counts.csv").reset_index(drop=True)


def event_counts() -> pd.DataFrame:
    """How many events of the OTS somebody counted: first those of Kazakhstan's year in the chair, then others, for scale.

    Columns: who, said (Timestamp; missing where no record has it), bound (empty, about or more than), events, counted
    (what, and over what time), claims. No list of the events was found behind any of these counts.
    Facts: data/event_counts.csv, each row citing its claim or background record.
    """
    return _event_counts().copy()
