"""What the questions and exercises of lesson 01 ask for."""

from types import SimpleNamespace

import pandas as pd

from ... import tables

__all__ = ("members_of_how_many",)


def _members(body: str) -> list[str]:
    """The members of a body, by the names that this course uses."""
    rows = tables.memberships().query("body == @body and role == 'member'")
    return [tables.states()["label"].get(entity, entity) for entity in rows["entity"]]


def turkpa() -> SimpleNamespace:
    """The first and the last member of TurkPA on record, and the members of the OTS that are outside it."""
    inside = _members("turkpa")
    outside = [name for name in _members("ots") if name not in inside]
    return SimpleNamespace(first=inside[0], last=inside[-1], outside=" and ".join(outside))


def _short(keys) -> str:
    return " and ".join(tables.bodies().loc[list(keys), "short"])


def turkmenistan_is(role: str) -> str:
    """The bodies in which Turkmenistan is a member or an observer, the OTS left out."""
    rows = tables.memberships().query("entity == 'Turkmenistan' and role == @role and body != 'ots'")
    return _short(rows["body"])


def not_on_record(entity: str) -> str:
    """The bodies of which no record has this country."""
    known = set(tables.memberships().query("entity == @entity")["body"])
    return _short(key for key in tables.bodies().index if key not in known)


def _of_hungary() -> pd.DataFrame:
    return tables.memberships().query("entity == 'Hungary'")


def hungary_observes() -> list[str]:
    """The keys of the bodies in which Hungary is an observer."""
    return list(_of_hungary().query("role == 'observer'")["body"])


def hungary_observes_by_name() -> list[str]:
    """The same bodies by their short names."""
    return list(tables.bodies().loc[hungary_observes(), "short"])


def hungary_on_record() -> list[str]:
    """The bodies that have Hungary on record, in whatever role."""
    return list(_of_hungary()["body"])


def hungary_with_chambers() -> list[str]:
    """The bodies in which Hungary is an observer, and the one of which the sources differ."""
    return [*hungary_observes(), "chambers"]


def bodies_with_observers() -> list[str]:
    """The bodies that have an observer."""
    return sorted({*tables.memberships().query("role == 'observer'")["body"]})


def members_of_how_many() -> pd.DataFrame:
    """The countries, and of how many bodies each is a member.

    Columns: entity, bodies. Facts: `memberships()`.
    """
    rows = tables.memberships().query("role == 'member'")
    return rows.groupby("entity")["body"].nunique().rename("bodies").reset_index()


def lists_of_members() -> int:
    """How many bodies have members on record."""
    return int(tables.memberships().query("role == 'member'")["body"].nunique())


def in_every_list() -> int:
    """How many are members of every body whose members are on record."""
    return int((members_of_how_many()["bodies"] == lists_of_members()).sum())


def members_somewhere() -> int:
    """How many are a member of some body."""
    return len(members_of_how_many())
