"""What the questions and exercises of lesson 00 ask for."""

from types import SimpleNamespace

import pandas as pd

from ... import ledger

__all__ = ("caveats_by_kind",)


def voice() -> SimpleNamespace:
    """Whose voice carries most of the five reports, and how much, in percent; the reports' own is left out."""
    speakers = ledger.reported()["speaker"].value_counts(normalize=True).drop("the report")
    return SimpleNamespace(who=speakers.index[0], percent=speakers.iloc[0] * 100)


def of_one_side() -> int:
    """How many records that rest on two sources or more say whose those are: outlets of one side alone."""
    rows = ledger.claims().query("confidence == 'confirmed-by-two'").index
    return sum(bool(ledger.claim(i).ownership) for i in rows)


def caveats_by_kind(report: str) -> pd.DataFrame:
    """How many claims of each kind a report has, and how many of these have a caveat.

    Columns: kind, claims, with_caveat. Facts: the claims of the report, in seeds/.
    """
    return ledger.claims(report).groupby("kind")["caveat"].agg(claims="size", with_caveat="count").reset_index()


def caveats() -> SimpleNamespace:
    """How many claims of S4 have a caveat (`some`), how many have none (`empty`), and how many have one if the course's
    readings are left out (`unread`); how many caveats all records have (`everywhere`)."""
    found = ledger.claims("S4")
    some, unread = (int(rows["caveat"].count()) for rows in (found, found.query("kind != 'reading'")))
    everywhere = int(ledger.claims()["caveat"].count())
    return SimpleNamespace(some=some, empty=len(found) - some, unread=unread, everywhere=everywhere)
