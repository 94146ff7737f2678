"""What the questions and exercises of lesson 05 ask for."""

from types import SimpleNamespace

import pandas as pd

from ... import tables
from ...lookups import row


def s4() -> SimpleNamespace:
    """How many initiatives S4 words, and how many of them as proposed."""
    words = tables.initiatives().query("report == 'S4'")["wording"]
    return SimpleNamespace(words=len(words), proposed=int((words == "proposed").sum()))


def found(initiative: str) -> str:
    """What the record found of an initiative, with its id."""
    record = row("initiatives", initiative)
    return f"{record.found} ({record.outcome})"


def _days(initiative: str, *labels: str) -> list[pd.Timestamp]:
    return [row("steps", initiative=initiative, label=label).at for label in labels]


def months_to_the_start() -> int:
    """From the month in which S0 has the fund at work to that of the announcement."""
    said, start = _days("investment-fund", "S0: it works", "start announced")
    return (start.to_period("M") - said.to_period("M")).n


def days_to_the_memorandum() -> int:
    """From the proposal of a council of central banks to its memorandum."""
    first, signed = _days("central-banks-council", "S1: proposed", "memorandum")
    return (signed - first).days


def proposed_and_there() -> int:
    """How many initiatives are worded as proposed and exist or have happened; two that are one meeting count once."""
    rows = tables.initiatives().query("wording == 'proposed' and key != 'turkistan-summit'")
    return int(rows["status"].isin(["exists", "happened"]).sum())
