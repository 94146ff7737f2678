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


def with_the_word() -> SimpleNamespace:
    """What has the word TURKTIME: `claims` of the reports, the `reports`, and all its `sources`, the background among them."""
    every = claims_with("TURKTIME")
    told = every[every["claim"].isin(ledger.reported().index)]
    return SimpleNamespace(
        claims=list(told["claim"]), reports=sorted({*told["report"]}), sources=list(every["report"].unique())
    )
