"""Who is in which body, what it is called, and since when."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal

import pandas as pd
from pydantic import BeforeValidator, Field, model_validator

from ..ledger import claim
from ..validate import Row
from .csvtable import Claims, Country, Day, Empty, refuse, table
from .meetings import _members, _places


class Body(Row):
    """One of the bodies that the reports speak of, or that stand beside them. `tie` says how it hangs on the OTS."""

    key: str = Field(pattern=r"^[a-z]+$")
    body: str = Field(min_length=1)
    short: str = Field(min_length=1)
    kind: Literal["organization", "parliaments", "culture", "academy", "foundation", "fund", "chambers", "organ"]
    since: date
    basis: str = Field(min_length=1)
    seat: Annotated[str | None, Empty] = None
    tie: str = Field(min_length=1)
    claims: Claims


class Membership(Row):
    """What the records say of one country or entity in one body. A pair without a row is not on record."""

    body: str = Field(min_length=1)
    entity: str = Field(min_length=1)
    role: Literal["member", "observer", "took part", "not a member", "sources differ"]
    since: Annotated[Day | None, Empty] = None
    note: Annotated[str | None, Empty] = None
    claims: Claims

    @model_validator(mode="after")
    def _told(self) -> Membership:
        if self.role in ("not a member", "sources differ") and not self.note:
            raise ValueError("Say in `note` what the records have.")
        return self


class State(Row):
    """A country or entity of the course: what it is called here, and the locales in which it has a name of its own."""

    entity: str = Field(min_length=1)
    label: str = Field(min_length=1)
    code: Annotated[Country | None, Empty] = None
    locales: Annotated[tuple[str, ...], BeforeValidator(str.split)] = ()
    claims: Claims


class Milestone(Row):
    what: str = Field(min_length=1)
    kind: Literal["independence", "summits", "name"]
    start: date
    end: Annotated[date | None, Empty] = None
    claims: Claims


@lru_cache
def _states() -> pd.DataFrame:
    from babel import Locale  # a second or so, which only a lesson with names in it pays

    frame = table(State, "states.csv")
    refuse(frame.loc[frame["entity"].duplicated(), "entity"], "states.csv", "It stands here twice.")
    lost = ~frame["entity"].isin(_members()["entity"])
    refuse(frame.loc[lost, "entity"], "states.csv", "Write it as members.csv does.")
    own = [[Locale.parse(name).territories[r.code] for name in r.locales] for r in frame.itertuples()]
    by_topic = [{c.topic: c for c in map(claim, ids)} for ids in frame["claims"]]
    frame["own_names"] = [", ".join(names) or None for names in own]
    frame["scripts"] = [", ".join(unicodedata.name(n[0]).split()[0].title() for n in names) or None for names in own]
    for column, topic in (("people", "Population"), ("area", "Area")):
        values = [found[topic].value if topic in found else None for found in by_topic]
        frame[column] = pd.array(values, dtype="Int64")
    return frame.set_index("entity").drop(columns="locales")


def states() -> pd.DataFrame:
    """The members and observers of the OTS that have a territory: what they are called, how many people, how large.

    Columns: entity (the index, as in `members()`), label (what this course calls it), code (ISO alpha-2; missing where
    there is none), claims, own_names (in its own languages, from Unicode's CLDR by way of Babel), scripts (in which
    these names are written), people (in 2024; missing where not on record), area (square kilometres).
    Facts: data/states.csv, each row citing its background records, which hold the figures and what is disputed in them.
    """
    return _states().copy()


@lru_cache
def _memberships() -> pd.DataFrame:
    own, file = _members(), "memberships.csv"
    own = own.assign(body="ots", note=own["contested"], since=own["since"].dt.strftime("%Y-%m-%d"))
    frame, known = table(Membership, file), table(Body, "bodies.csv")["key"]
    refuse(frame.loc[~frame["body"].isin(known), "body"], file, "Add it to bodies.csv first, or correct the key.")
    refuse(frame.loc[frame["body"] == "ots", "body"], file, "Who is in the OTS stands in members.csv.")
    refuse(frame.loc[~frame["entity"].isin(own["entity"]), "entity"], file, "Write it as members.csv does.")
    refuse(frame.loc[frame.duplicated(["body", "entity"]), "entity"], file, "It stands here twice for this body.")
    frame = pd.concat([own[list(Membership.model_fields)], frame], ignore_index=True)
    disputed = own.loc[own["contested"].notna(), "entity"]
    return frame.assign(contested=frame["entity"].isin(disputed))


def memberships() -> pd.DataFrame:
    """Who is in which body, and as what: one row for each pair on which there is a record.

    Columns: body (a key of `bodies()`), entity (as in `members()`), role (member, observer, took part, not a member or
    sources differ), since (text: a year, month or day; missing where not on record), note, claims, contested (True for
    an entity whose very standing is disputed). A pair without a row is not on record, which is not the same as a no.
    Facts: for the OTS data/members.csv, for all others data/memberships.csv, each row citing its records.
    """
    return _memberships().copy()


@lru_cache
def _bodies() -> pd.DataFrame:
    frame = table(Body, "bodies.csv")
    refuse(frame.loc[frame["key"].duplicated(), "key"], "bodies.csv", "It stands here twice.")
    lost = frame["seat"].notna() & ~frame["seat"].isin(_places().index)
    refuse(frame.loc[lost, "seat"], "bodies.csv", "Add it to places.csv first, or correct the name.")
    named = _memberships().merge(_states()[["label", "code"]], left_on="entity", right_index=True, how="left")
    named["called"] = named["code"].fillna(named["label"]).fillna(named["entity"])
    for column, role in (("members", "member"), ("observers", "observer")):
        found = named[named["role"] == role].groupby("body")["called"].agg(", ".join)
        frame[column] = frame["key"].map(found)
    return frame.set_index("key")


def bodies() -> pd.DataFrame:
    """The Organization of Turkic States and the bodies beside it.

    Columns: key (the index), body, short (the name in everyday use), kind, since (Timestamp), basis (what happened
    then), seat (see `places()`; missing where it has none), tie (how it hangs on the OTS), claims, members and
    observers (ISO alpha-2 codes, or a name where there is no code; missing where no record tells; who disputes what,
    and what else is on record, stands in `memberships()`).
    Facts: data/bodies.csv and data/memberships.csv, each row citing its records.
    """
    return _bodies().copy()


def milestones() -> pd.DataFrame:
    """What the timeline shows besides bodies and reports: independence, the first summits, the organization's two names.

    Columns: what, kind (independence, summits or name), start and end (Timestamps; no end: it goes on), claims.
    Facts: data/milestones.csv, each row citing its background record.
    """
    return table(Milestone, "milestones.csv").reset_index(drop=True)
