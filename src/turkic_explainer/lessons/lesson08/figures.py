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


def _reports(rule: str) -> list[str]:
    return sorted(shown.voice_counts().query(rule)["report"])


def more_retold() -> list[str]:
    """The reports of which more is retold than quoted."""
    return _reports("retold > quoted")


def more_quoted() -> list[str]:
    """The reports of which more is quoted than retold."""
    return _reports("quoted > retold")


def retold_most() -> list[str]:
    """The reports of which more is retold than anything else."""
    return _reports("retold > quoted and retold > reporter and retold > furniture")


def own_voice_most() -> list[str]:
    """The reports that speak more in their own voice than they retell or quote."""
    return _reports("reporter > quoted and reporter > retold")


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
    """Of the disagreements between the reports, how many there are (`rows`), how many name a claim of `s4`, and how many
    `claims` of it these are; how many of all disagreements name one (`everywhere`).
    """
    every = claims_in_disagreements()
    rows, touch = every.query("between == 'reports'"), every.query("S4 > 0")
    return SimpleNamespace(
        rows=len(rows), s4=len(rows.query("S4 > 0")), claims=int(rows["S4"].sum()), everywhere=len(touch)
    )
