"""What the questions and exercises of lesson 00 ask for."""

from types import SimpleNamespace

import pandas as pd

from ... import ledger

__all__ = ("caveats_by_kind",)


def voice() -> SimpleNamespace:
    """Whose voice carries most of the five reports, and how much, in percent; the reports' own is left out."""
    speakers = ledger.reported()["speaker"].value_counts(normalize=True).drop("the report")
    return SimpleNamespace(who=speakers.index[0], percent=speakers.iloc[0] * 100)


def undated() -> list[str]:
    """The reports that print no full date."""
    return sorted(ledger.sources().query("date_printed == 'no'").index)


def first_reading() -> ledger.Claim:
    """The first of the course's own readings."""
    return ledger.claim(ledger.claims().query("kind == 'reading'").index[0])


def of_one_side() -> int:
    """How many records that rest on two sources or more say whose those are: outlets of one side alone."""
    rows = ledger.claims().query("confidence == 'confirmed-by-two'").index
    return sum(bool(ledger.claim(i).ownership) for i in rows)


def dated() -> list[str]:
    """The reports that print a full date."""
    return list(ledger.sources().query("date_printed == 'yes'").index)


def reports() -> list[str]:
    """All reports."""
    return list(ledger.sources().index)


def outlets() -> list[str]:
    """The outlets of the reports that print no full date."""
    return sorted({*ledger.sources().loc[undated(), "outlet"]})


def caveats_by_kind(report: str) -> pd.DataFrame:
    """How many claims of each kind a report has, and how many of these have a caveat.

    Columns: kind, claims, with_caveat. Facts: the claims of the report, in seeds/.
    """
    return ledger.claims(report).groupby("kind")["caveat"].agg(claims="size", with_caveat="count").reset_index()


def caveats() -> SimpleNamespace:
    """Of S4: how many claims have a caveat (`some`), how many there are (`rows`), how many have none (`empty`), and how many
    have one if the course's readings are left out (`unread`); how many caveats all records have (`everywhere`).
    """
    kinds = caveats_by_kind("S4").set_index("kind")
    rows, some = (int(kinds[column].sum()) for column in ("claims", "with_caveat"))
    unread = some - int(kinds.at["reading", "with_caveat"])
    everywhere = int(ledger.claims()["caveat"].count())
    return SimpleNamespace(some=some, rows=rows, empty=rows - some, unread=unread, everywhere=everywhere)
