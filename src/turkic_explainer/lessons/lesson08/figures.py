"""What the questions and exercises of lesson 08 ask for."""

from types import SimpleNamespace

import pandas as pd

from ... import ledger
from . import shown

__all__ = ("claims_in_disagreements",)


def own_voice() -> SimpleNamespace:
    """The `report` that speaks most in its own voice, how much of it that is in `percent`, how many `figures` it gives
    in that voice, and the `first` of them.
    """
    shares = shown.voice_shares()["reporter"]
    rows = ledger.claims(shares.idxmax()).query("kind == 'figure' and voice == 'reporter'")
    first = ledger.claim(rows.index[0])
    return SimpleNamespace(report=shares.idxmax(), percent=shares.max(), figures=len(rows), first=first)


def verdict(disagreement: str) -> str:
    """Whether a disagreement is real, in words."""
    return shown.verdict(ledger.disagreements().loc[disagreement, "real"])


def the_real_one() -> str:
    """The one of three disagreements that is real."""
    rows = ledger.disagreements().loc[["D-36", "D-07", "D-51"]].query("real == 'yes'")
    return ", ".join(f"{one.Index}: {one.title}" for one in rows.itertuples())


def voices() -> SimpleNamespace:
    """The reports of which more is retold than quoted (`more_retold`), or the other way round (`more_quoted`); of which more
    is retold than anything else (`retold_most`); and in which their own voice has more than each of the two (`own_most`).
    """
    rules = {
        "more_retold": "retold > quoted",
        "more_quoted": "quoted > retold",
        "retold_most": "retold > quoted and retold > reporter and retold > furniture",
        "own_most": "reporter > quoted and reporter > retold",
    }
    rows = shown.voice_counts()
    return SimpleNamespace(**{name: sorted(rows.query(rule)["report"]) for name, rule in rules.items()})


def claims_in_disagreements() -> pd.DataFrame:
    """The disagreements, and how many claims of each report and of the background each of them names.

    Columns: disagreement, title, between, S0 to S4, background. Facts: seeds/disagreements.toml.
    """
    rows = ledger.disagreements().rename_axis("disagreement").reset_index()
    for source in (*ledger.sources().index, "background"):
        start = "B-" if source == "background" else f"{source}-"
        rows[source] = [sum(i.startswith(start) for i in ids) for ids in rows["claims"]]
    return rows.drop(columns=["claims", "differs", "might_explain", "real"])


def touching() -> SimpleNamespace:
    """How many disagreements between the reports name a claim of `s4`, and how many `claims` of it these are; how many of
    all disagreements name one (`everywhere`).
    """
    touch = claims_in_disagreements().query("S4 > 0")
    rows = touch.query("between == 'reports'")
    return SimpleNamespace(s4=len(rows), claims=int(rows["S4"].sum()), everywhere=len(touch))
