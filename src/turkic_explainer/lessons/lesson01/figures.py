"""What the questions and exercises of lesson 01 ask for."""

from types import SimpleNamespace

from ... import tables


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


def founded(order: str) -> SimpleNamespace:
    """The body that was founded "first" or "last"."""
    return SimpleNamespace(**tables.bodies().sort_values("since", kind="stable").iloc[{"first": 0, "last": -1}[order]])


def hungary_observes() -> list[str]:
    """The keys of the bodies in which Hungary is an observer."""
    return list(tables.memberships().query("entity == 'Hungary' and role == 'observer'")["body"])


def in_every_list() -> int:
    """How many are members of every body whose members are on record."""
    rows = tables.memberships().query("role == 'member'")
    return int((rows.groupby("entity").size() == rows["body"].nunique()).sum())
