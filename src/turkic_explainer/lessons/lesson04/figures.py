"""What the questions and exercises of lesson 04 ask for."""

from types import SimpleNamespace

import pandas as pd

from ... import ledger, tables

__all__ = ("claims_with",)


def themes(year: int) -> str:
    """The places of the summits of a year, each with its theme."""
    rows = tables.summits().query("year == @year")
    return "; ".join(f"{row.place}: {row.theme}" for row in rows.itertuples())


def filed_wish() -> str:
    """The first thing that is only wished for and yet filed under one of the eight words."""
    return tables.initiatives().query("wording == 'wished' and priority != 'none'")["name"].iloc[0]


def filed() -> SimpleNamespace:
    """How many of the things filed under a word are only `said`: `proposed` or `wished`; how many with those that are
    `supported_too`, and how many are only said `with_none` of the eight words as well.
    """
    rows = tables.initiatives()
    words, every = (list(one["wording"]) for one in (rows.query("priority != 'none'"), rows))
    proposed, wished = words.count("proposed"), words.count("wished")
    return SimpleNamespace(
        said=proposed + wished,
        proposed=proposed,
        wished=wished,
        supported_too=proposed + wished + words.count("supported"),
        with_none=every.count("proposed") + every.count("wished"),
    )


def claims_with(word: str) -> pd.DataFrame:
    """The claims that have a word in them, in capitals as it stands here.

    Columns: claim, report (the id of the report, or background), kind, says. Facts: the claims of seeds/.
    """
    rows = ledger.claims()
    rows = rows[rows["says"].str.contains(word, regex=False)].reset_index(names="claim")
    return rows.assign(report=rows["source"].replace("B", "background"))[["claim", "report", "kind", "says"]]


def sources_with_the_word() -> list[str]:
    """The reports that have the word TURKTIME, and the background, which has it too."""
    return list(claims_with("TURKTIME")["report"].unique())


def claims_with_the_word() -> list[str]:
    """The claims of the reports that have the word TURKTIME."""
    return list(claims_with("TURKTIME").query("kind not in ('background', 'reading')")["claim"])


def reports_with_the_word() -> list[str]:
    """The reports that have the word TURKTIME."""
    return sorted({claim.split("-")[0] for claim in claims_with_the_word()})
