"""What the questions and exercises of lesson 00 ask for."""

from types import SimpleNamespace

from ... import ledger


def voice() -> SimpleNamespace:
    """Whose voice carries most of the five reports, and how much, in percent; the reports' own is left out."""
    speakers = ledger.reported()["speaker"].value_counts(normalize=True).drop("the report")
    return SimpleNamespace(who=speakers.index[0], percent=speakers.iloc[0] * 100)


def undated() -> list[str]:
    """The reports that print no full date."""
    return sorted(ledger.sources().query("not date_printed").index)


def first_undated() -> ledger.Source:
    """The first of them."""
    return ledger.source(undated()[0])


def first_reading() -> ledger.Claim:
    """The first of the course's own readings."""
    return ledger.claim(ledger.claims().query("kind == 'reading'").index[0])


def of_one_side() -> int:
    """How many records that rest on two sources or more say whose those are: outlets of one side alone."""
    rows = ledger.claims().query("confidence == 'confirmed-by-two'").index
    return sum(bool(ledger.claim(i).ownership) for i in rows)


def caveats_of_s4() -> int:
    """How many claims of S4 have a caveat."""
    return int(ledger.claims("S4")["caveat"].notna().sum())
