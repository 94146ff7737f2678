"""What the questions and exercises of lesson 04 ask for."""

from ... import ledger, tables


def themes(year: int) -> str:
    """The places of the summits of a year, each with its theme."""
    rows = tables.summits().query("year == @year")
    return "; ".join(f"{row.place}: {row.theme}" for row in rows.itertuples())


def filed_wish() -> str:
    """The first thing that is only wished for and yet filed under one of the eight words."""
    return tables.initiatives().query("wording == 'wished' and priority != 'none'")["name"].iloc[0]


def only_said() -> int:
    """How many of the things filed under a word are proposed or wished for, and no more."""
    return int(tables.initiatives().query("priority != 'none'")["wording"].isin(["proposed", "wished"]).sum())


def reports_with_the_word() -> list[str]:
    """The reports that have the word TURKTIME."""
    said = ledger.reported()
    return sorted({*said[said["says"].str.contains("TURKTIME")]["source"]})
