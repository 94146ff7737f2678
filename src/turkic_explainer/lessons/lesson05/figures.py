"""What the questions and exercises of lesson 05 ask for."""

from types import SimpleNamespace

import pandas as pd

from ... import tables
from ...lookups import row


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
    """How many of the initiatives that are worded as proposed exist or have happened (`there`), and their `share`, also in
    percent. Two of them are one and the same meeting, which counts once.
    """
    rows = tables.initiatives().query("wording == 'proposed'").drop(index="turkistan-summit")
    there = rows["status"].isin(["exists", "happened"])
    share = float(there.mean())
    return SimpleNamespace(there=int(there.sum()), share=[share, 100 * share, round(100 * share)])
