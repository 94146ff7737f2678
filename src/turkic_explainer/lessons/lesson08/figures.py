"""What the questions and exercises of lesson 08 ask for."""

from types import SimpleNamespace

from ... import ledger
from . import shown


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


def more_retold() -> list[str]:
    """The reports of which more is retold than quoted."""
    shares = shown.voice_shares()
    return sorted(shares.index[shares["retold"] > shares["quoted"]])


def touching_s4() -> int:
    """How many disagreements name a claim of S4."""
    ids = ledger.disagreements()["claims"].explode()
    return int(ids[ids.str.startswith("S4")].index.nunique())
