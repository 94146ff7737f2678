"""Lesson 00: five reports, and how to read them."""

from .. import ledger
from ..explorer import Explorer
from ..questions import Exercise, ask


def _tag_question() -> Explorer:
    c = ledger.claim("S4-02")
    report = ledger.source("S4")
    return ask(
        "00-tag", f"A lesson says: the 12th summit met in Gabala [{c.id}]. What does {c.id} tell you?",
        ("That the sentence is true.", False, "A claim is what somebody said. Whether it is true is a second question: "
         "look at who says it, and whether another source says the same."),
        (f"Which report says it, and that it is claim {int(c.id[-2:])} in that report's record.", True,
         f"{c.source} is the report by {report.outlet}; the card names the paragraph, the speaker and what to be careful about."),
        (f"That it is the {c.id[-1]}nd most important fact.", False, "The numbers follow the order of the text, not importance."),
    )  # fmt: skip


def _voice_question() -> Explorer:
    speakers = ledger.reported()["speaker"].value_counts(normalize=True)
    voice = speakers.drop("the report").index[0]
    return ask(
        "00-voice", "Whose voice carries most of the five reports?",
        ("Independent experts", False, "No independent expert is quoted in any of the five."),
        ("People in the streets of the member states", False, "None of them is quoted. Ask what they might have said."),
        (voice, True, f"About {speakers[voice]:.0%} of the claims are his, quoted or retold. The course reports them, and asks "
         "who is missing."),
        ("The leaders of all members in turn", False, "One other leader is quoted, in one report; the others are not even "
         "named."),
    )  # fmt: skip


def _date_question() -> Explorer:
    undated = ledger.sources().query("not date_printed")
    first = undated.index[0]
    return ask(
        "00-date", f"{len(undated)} of the five reports print no full date. How can a reader still date {first}?",
        ("By what it calls recent, and what it calls this year", True, ledger.source(first).date_basis),
        ("By the day on which we found it", False, "That only says that it is not younger than that day."),
        ("It cannot be dated", False, "It can: it names events whose dates other sources give."),
    )  # fmt: skip


QUESTIONS = {"00-tag": _tag_question, "00-voice": _voice_question, "00-date": _date_question}

EXERCISES = {
    "00-undated": Exercise(
        lambda: sorted(ledger.sources().query("not date_printed").index), "a list of report ids, such as ['S3', 'S4']",
        "`date_printed` is True where the text prints a full date. You want the others."),
    "00-caveats": Exercise(
        lambda: int(ledger.claims("S4")["caveat"].notna().sum()), "a whole number",
        "`notna()` is True where something stands. `sum()` counts the Trues. Did you take the claims of S4 only?"),
}  # fmt: skip
