"""What the exercises of lesson 10 ask for."""

from types import SimpleNamespace

from ...tables import table


def _peoples(*counted: str) -> list[str]:
    return [*table("10-peoples").query("counted in @counted")["people"]]


def counted() -> list[str]:
    """The peoples whom a state counted."""
    return _peoples("by a state")


def with_two_sides() -> list[str]:
    """Those, and the people for whom two sides give figures."""
    return _peoples("by a state", "by two sides")


def all_peoples() -> list[str]:
    """All peoples of the table."""
    return [*table("10-peoples")["people"]]


def kazakh() -> SimpleNamespace:
    """How many scripts Kazakh has met by the table, and what is easily counted in their place."""
    rows = table("10-scripts")
    own = rows.query("state == 'Kazakhstan'")
    met = int((own["status"] == "used").sum())
    return SimpleNamespace(met=met, planned_too=len(own), changes=met - 1, of_all=len(rows))
