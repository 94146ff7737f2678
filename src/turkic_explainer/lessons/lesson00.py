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


def _reading_question() -> Explorer:
    readings = ledger.claims().query("kind == 'reading'")
    return ask(
        "00-reading", f"{len(readings)} entries in the records of the reports are of the kind \"reading\". Who speaks in them?",
        ("The president, when he reads from a paper.", False, "What he says stands under his name, as quoted or retold."),
        ("The outlet that printed the report.", False, "Its own words are marked as the report's. A reading goes beyond the text."),
        ("This course: it noticed something in other claims and says from which.", True,
         f"For example {readings.index[0]}: {readings['says'].iloc[0]}"),
    )  # fmt: skip


def _sure_question() -> Explorer:
    sure = ledger.claims("B")["confidence"].value_counts()
    return ask(
        "00-sure", "A background record says: \"one source, or sources of one origin\". What follows?",
        ("It is false.", False, "A single witness can be right. It is only that nobody else has said the same."),
        ("It may be right, but a second, independent source is still missing.", True,
         f"{sure['supported-by-source']} of the {sure.sum()} background records are of this kind; "
         f"{sure['confirmed-by-two']} rest on two sources, and {sure['contested']} are contested."),
        ("It is as good as two sources, for the source is a good one.", False,
         "Even a good source can be wrong or count in its own way. The course keeps the two kinds apart."),
    )  # fmt: skip


def _nothing_question() -> Explorer:
    looked, found = ledger.claim("S2-40"), ledger.claim("B-151")
    return ask(
        "00-nothing", f"S2 speaks of {looked.amount} promising projects. The record {found.id} says that no source was found on them. "
        "What can you say?",
        ("That we looked and found nothing: they may have come about, or not.", True,
         "\"Not found\" is an honest result. It tells of the search, not of the world."),
        ("That they never came about.", False, "That would need a source that says so. Nobody says it."),
        ("That the report made them up.", False, "The report gives a number and a sum; it names no list. That is a reason to ask, not a proof."),
    )  # fmt: skip


QUESTIONS = {
    "00-date": _date_question, "00-tag": _tag_question, "00-voice": _voice_question,
    "00-reading": _reading_question, "00-sure": _sure_question, "00-nothing": _nothing_question,
}  # fmt: skip

EXERCISES = {
    "00-undated": Exercise(
        lambda: sorted(ledger.sources().query("not date_printed").index), "a list of report ids, such as ['S3', 'S4']",
        "`date_printed` is True where the text prints a full date. You want the others."),
    "00-caveats": Exercise(
        lambda: int(ledger.claims("S4")["caveat"].notna().sum()), "a whole number",
        "`notna()` is True where something stands. `sum()` counts the Trues. Did you take the claims of S4 only?"),
}  # fmt: skip
