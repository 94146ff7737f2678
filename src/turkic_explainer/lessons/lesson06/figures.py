"""What the questions and exercises of lesson 06 ask for: counts of trade, and the sums that a reader can check."""

from types import SimpleNamespace

import pandas as pd

from ... import tables
from ...ledger import claim
from .shown import counts_by_side, years_to

__all__ = ("trade_years",)


def sums() -> SimpleNamespace:
    """The growth that S2 gives as a `part`, and with it (`factor`, `percent`); and the two wrong sums, with the percentage
    taken `off` the larger trade, and taken for billions (`less`).
    """
    then, percent = claim("S2-16").value, claim("S2-17").value
    part = percent / 100
    return SimpleNamespace(part=part, factor=1 + part, percent=100 + percent, off=then * (1 - part), less=then - part)


def half_way() -> float:
    """Half way between the two sides' counts of the trade in the year of which S2 speaks, in billions."""
    return float(counts_by_side().loc[int(claim("S2-16").as_of), ["Turkish", "Kazakh"]].mean())


def kazakh() -> SimpleNamespace:
    """The `newest` year that Kazakhstan has counted, its `highest` figure in billions, and the year of that."""
    years = counts_by_side()["Kazakh"].dropna()
    return SimpleNamespace(newest=years.index.max(), highest=years.max(), year=years.idxmax())


def there_by_turkish_figures() -> str:
    """Who named at least the target, for which year."""
    rows = tables.trade().query("among == 'Kazakhstan and Türkiye' and kind == 'count' and side == 'Turkish'")
    there = rows[rows["billion"] >= claim("S2-15").value].itertuples()
    return ", ".join(f"for {row.year}, {row.who} named {row.bound} {row.billion:g} billion" for row in there)


def rise_in_a_year() -> float:
    """The rise of the members' trade by one minister's figures, in percent."""
    return (claim("B-175").value / claim("B-174").value - 1) * 100


def trade_years() -> pd.DataFrame:
    """The years for which somebody gives the trade among the members, and how many figures there are for each.

    Columns: year, figures. Facts: `trade()`.
    """
    years = tables.trade().query("among == 'OTS members'")["year"]
    return years.value_counts().sort_index().rename("figures").reset_index()


def named_years() -> SimpleNamespace:
    """The years for which the members' trade is given `twice` or more, and those in which it was `said`."""
    said = tables.trade().query("among == 'OTS members'")["said"]
    twice = trade_years().query("figures > 1")["year"].tolist()
    return SimpleNamespace(twice=twice, said=sorted({int(day[:4]) for day in said}))


def years_to_the_target() -> int:
    """How many years until the target, if the Kazakh figures grow on as in the year of the report."""
    years = counts_by_side()["Kazakh"]
    return years_to(claim("S2-15").value, years[2021], (years[2021] / years[2020] - 1) * 100)


def other_years() -> SimpleNamespace:
    """What wrong counts of these years give: one less (`before`), counted `from_2020`, by the growth and the figures of the
    `turkish` side, and `when` it would be.
    """
    years, percent = years_to_the_target(), claim("S2-17").value
    turkish = years_to(claim("S2-15").value, claim("S2-16").value, percent)
    return SimpleNamespace(
        before=years - 1, from_2020=years + 1, turkish=turkish, when=int(claim("S2-16").as_of) + years
    )
