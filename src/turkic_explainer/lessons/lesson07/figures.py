"""What the questions and exercises of lesson 07 ask for."""

from types import SimpleNamespace

from ... import tables
from ...ledger import claim
from ...lookups import row


def change(first: int) -> SimpleNamespace:
    """The change of the Caspian's level in the period that begins in this year."""
    return row("water_figures", quantity="change of level", first=first)


def most_changed() -> str:
    """The period in which the level changed fastest."""
    rows = tables.water_figures().query("quantity == 'change of level'")
    return rows.loc[rows["value"].abs().idxmax(), "when"]


def below_zero() -> SimpleNamespace:
    """Metres of the Caspian: its level below zero at `first`, in 2024, the `fall` to come, both together (`then`), and
    where the range for 2050 begins (`far`).
    """
    first, far = (abs(row("water_figures", quantity="level", first=year).value) for year in (2024, 2050))
    fall = abs(row("water_figures", quantity="change to come").value)
    return SimpleNamespace(first=first, fall=fall, then=first + fall, far=far)


def asked_for() -> SimpleNamespace:
    """What developing countries had asked for a year, in `billions` (the claim has it in trillions), its `half`, and
    how many `percent` of it the goal is.
    """
    billions = claim("B-236").value * 1000
    return SimpleNamespace(billions=billions, half=billions / 2, percent=claim("B-235").value / billions * 100)


def level_before() -> float:
    """The level of 2024 with the fall of 1996 to 2023 put back, in metres."""
    return row("water_figures", quantity="level", first=2024).value - change(1996).all_in_cm / 100


def other_levels() -> SimpleNamespace:
    """What wrong sums give for the level before the fall: going `forward`, counting `a_year_less`, with `no_minus`."""
    now, period = row("water_figures", quantity="level", first=2024).value, change(1996)
    a_year_less = now - (period.all_in_cm - period.value) / 100
    return SimpleNamespace(forward=now + period.all_in_cm / 100, a_year_less=a_year_less, no_minus=-level_before())


def aral() -> SimpleNamespace:
    """How many percent of the water that the northern Aral lost from 2015 to 2022 were `back` in September 2025; and what
    wrong sums give: the gain on the `low`, the part of the `full` sea that is there, what is `missing`.
    """
    full, low = (row("water_figures", quantity="earlier volume", first=year).value for year in (2015, 2022))
    now = row("water_figures", when="September 2025").value
    parts = {"back": (now - low) / (full - low), "low": now / low - 1, "full": now / full}
    return SimpleNamespace(**{name: part * 100 for name, part in (parts | {"missing": 1 - parts["back"]}).items()})
