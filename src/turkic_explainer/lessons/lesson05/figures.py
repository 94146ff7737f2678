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


def council() -> SimpleNamespace:
    """From the proposal of a council of central banks to its memorandum: the `days`, with the first day and the last
    (`both_ends`), and if each month had 30 (`in_thirties`); the days `to_the_meeting`, and those `from_the_signature`.
    """
    first, signed, met = _days("central-banks-council", "S1: proposed", "memorandum", "first meeting")
    days, months = (signed - first).days, (signed.to_period("M") - first.to_period("M")).n
    return SimpleNamespace(
        days=days,
        both_ends=days + 1,
        in_thirties=months * 30,
        to_the_meeting=(met - first).days,
        from_the_signature=(met - signed).days,
    )


def proposals() -> SimpleNamespace:
    """How many initiatives are worded as proposed (`all`), how many of them exist or have happened (`there`); the `share`
    of those that are there, also in percent; how many are there `in_any_words`.

    Two of them are one and the same meeting, which counts once; those that are there with it counted `twice`, and with
    those that are `under_way_too`.
    """
    rows = tables.initiatives().query("wording == 'proposed'")
    twice = int(rows["status"].isin(["exists", "happened"]).sum())
    status = rows.drop(index="turkistan-summit")["status"]
    there = int(status.isin(["exists", "happened"]).sum())
    share = there / len(status)
    return SimpleNamespace(
        all=len(rows),
        there=there,
        twice=twice,
        under_way_too=twice + int((status == "under way").sum()),
        share=[share, 100 * share, round(100 * share)],
        in_any_words=int(tables.initiatives()["status"].isin(["exists", "happened"]).sum()),
    )
