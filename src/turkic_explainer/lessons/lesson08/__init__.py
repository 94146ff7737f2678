"""Lesson 08: reading the sources."""

from ... import ledger
from ...explorer import Explorer
from ...questions import Exercise, ask
from .shown import verdict, voice_shares


def _origin_question() -> Explorer:
    press = ledger.claim("S1-04")
    return ask(
        "08-origin", "S0 and S1 name Akorda as the place that their words come from. Who is that?",
        ("A news agency that checks what presidents say", False, "It is no agency. It has no reason to doubt the speaker."),
        ("The office of the man who is speaking", True, f"{press.caveat} [{press.id}]"),
        ("The reporter who stood in the hall", False, "No reporter is named. The dateline of S1 is Astana, the speech was "
         "held in Shusha."),
    )  # fmt: skip


def _own_voice_question() -> Explorer:
    shares = voice_shares()["reporter"]
    most = shares.idxmax()
    figures = ledger.claims(most).query("kind == 'figure' and voice == 'reporter'")
    first = figures.iloc[0]
    return ask(
        "08-own-voice", f"{most} speaks most in its own voice: {shares[most]:.0f} percent of its claims. What does that show?",
        ("That it checked what it says", False, "The report does not say that it did, nor how."),
        ("That nobody else told it so", False, "It may be retelling somebody whom it does not name."),
        ("Nothing yet: ask where each sentence comes from", True, f"{len(figures)} of its figures stand in its own voice. "
         f"The record says of the first [{first.name}]: {first['caveat']}"),
    )  # fmt: skip


def _lead_in_question() -> Explorer:
    return ask(
        "08-lead-in", "S3 says that Tokayev stressed the 'strategic importance' of the region's infrastructure. Whose words are these?",
        ("The reporter's", True, ledger.claim("S3-16").caveat),
        ("Tokayev's, for the sentence names him", False, "He is named as the speaker, but the words stand outside his quotation."),
        ("Nobody can find out", False, "One can: compare the sentence with the quotation that comes after it."),
    )  # fmt: skip


def _heading_question() -> Explorer:
    return ask(
        "08-heading", "A heading of S4 announces energy, water and the environment. What stands below it?",
        ("All that it announces", False, "Count what is below: an energy council, a water programme, and what else?"),
        ("Nothing of what it announces", False, "There is one proposal for energy and one programme for water."),
        ("Energy and water; nothing on nature, air or seas", True, ledger.claim("S4-49").says),
    )  # fmt: skip


def _test_question() -> Explorer:
    unity, trade, youth = (ledger.claim(i) for i in ("S1-18", "S3-15", "S4-41"))
    return ask(
        "08-test", "Which of these sentences could turn out to be false?",
        (f"{unity.says} [{unity.id}]", False, unity.caveat),
        (f"{trade.says} [{trade.id}]", True, "It has a sum, a year and a group of countries. So somebody can count again "
         "and find another number. A sentence that can be wrong tells you more."),
        (f"{youth.says} [{youth.id}]", False, youth.caveat),
    )  # fmt: skip


def _real_question() -> Explorer:
    rows = ledger.disagreements().loc[["D-36", "D-07", "D-28"]]
    answers = ((f"{row.Index}: {row.title}", row.real == "yes", f"{verdict(row.real)} {row.might_explain}")
               for row in rows.itertuples())  # fmt: skip
    return ask("08-real", "In which of these disagreements can both sides not be right, as they are worded?", *answers)


def _open_question() -> Explorer:
    row = ledger.disagreements().loc["D-01"]
    return ask(
        "08-open", f"{row.differs} What would settle it?",
        ("The newest number: later is better", False, "A later number can be rounder, or counted in another way."),
        ("The number between the others", False, "The middle of three counts is not a count."),
        ("A list of the events, with a rule for what counts as one", True, row.might_explain),
    )  # fmt: skip


def _wording_question() -> Explorer:
    return ask(
        "08-wording", "You want the exact words of one proposal in S4. Where do you look?",
        ("Inside the quotation marks of S4", False, ledger.claim("S4-47").says),
        ("In the speech itself", True, "The proposals of S4 stand in the reporter's words. Another agency may have worded "
         "them in another way: one of them has 'discuss' where S4 has 'create' (D-42)."),
        ("In the declaration that the leaders signed", False, ledger.claim("S4-45").says),
    )  # fmt: skip


QUESTIONS = {
    "08-origin": _origin_question, "08-own-voice": _own_voice_question, "08-lead-in": _lead_in_question,
    "08-heading": _heading_question, "08-test": _test_question, "08-real": _real_question, "08-open": _open_question,
    "08-wording": _wording_question,
}  # fmt: skip


def _more_retold() -> list[str]:
    shares = voice_shares()
    return sorted(shares.index[shares["retold"] > shares["quoted"]])


def _touching_s4() -> int:
    ids = ledger.disagreements()["claims"].explode()
    return int(ids[ids.str.startswith("S4")].index.nunique())


EXERCISES = {
    "08-retold": Exercise(
        _more_retold, "a list of the names of reports",
        "`voices` is a table with a row for each report. Ask it for the rows where one column is larger than the other."),
    "08-touching": Exercise(
        _touching_s4, "a whole number",
        "`str.startswith` marks the claims of one report. A disagreement that names two of them counts once: `nunique`."),
}  # fmt: skip
