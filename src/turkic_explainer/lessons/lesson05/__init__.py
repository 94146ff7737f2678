"""Lesson 05: from a proposal to an institution."""

import pandas as pd

from ... import ledger, tables
from ...explorer import Explorer
from ...markup import spelled
from ...questions import Exercise, ask
from ...wording import told_by


def _found(key: str) -> str:
    """What the record found of an initiative, with its id."""
    row = tables.initiatives().loc[key]
    return f"{row.found} ({row.outcome})"


def _step(key: str, label: str) -> pd.Series:
    return tables.steps().query("initiative == @key and label == @label").iloc[0]


def _wording_question() -> Explorer:
    rows = tables.initiatives()
    of_s4 = rows[[told_by(row).id == "S4" for row in rows.itertuples()]]
    return ask(
        "05-wording", f"{(of_s4['wording'] == 'proposed').sum()} of S4's {len(of_s4)} initiatives are worded 'proposed'. What does that tell?",
        ("That the leaders turned them down", False, "S4 does not say so. It names no answer by any other leader."),
        ("That S4 speaks of them as still to be agreed on", True, ledger.claim("S4-45").says),
        ("That S4's plans are worse than those of other reports", False, "The chart sorts words. A good plan is only proposed too, on its first day."),
    )  # fmt: skip


def _fund_question() -> Explorer:
    said, board, start = (
        _step("investment-fund", label) for label in ("S0: it works", "board meets", "start announced")
    )
    months = (start["at"].to_period("M") - said["at"].to_period("M")).n
    return ask(
        "05-fund", f"S0 has the fund at work in {said['at']:%B %Y}. When did its board announce the start of operations?",
        (f"In {board['at']:%B %Y}, before S0", False, "Then its board met for the first time. To meet is not yet to lend."),
        ("Never, as far as the records know", False, "They do have an announcement. What they do not have is a first loan."),
        (f"In {spelled(start.day)}, {months} months after S0", True, ledger.disagreements().loc["D-28", "might_explain"]),
    )  # fmt: skip


def _pair_question() -> Explorer:
    first, signed = _step("central-banks-council", "S1: proposed"), _step("central-banks-council", "memorandum")
    return ask(
        "05-pair", "Two bodies were proposed at the same moment. Why was the council of central banks faster?",
        ("The records do not say. They tell when, not why.", True,
         f"From the proposal to the memorandum there were {(signed['at'] - first['at']).days} days. A reason would need a source of its own."),
        ("Because the patent offices were against theirs", False, f"No record says so. {_found('patent-organization')}"),
        ("Because money matters more than patents", False, "Perhaps. But this is a guess of ours, and no record has it."),
    )  # fmt: skip


def _letters_question() -> Explorer:
    c = ledger.claim("B-037")
    return ask(
        "05-letters", "S0 counts the approval of a common alphabet among the things done. What do the records have?",
        ("It is in use in all member states.", False, _found("alphabet")),
        ("It was never agreed on.", False, f"Scholars did agree, on {spelled(c.as_of)} ({c.id})."),
        ("Scholars agreed on letters, as advice. No law that adopts them was found.", True, ledger.disagreements().loc["D-26", "might_explain"]),
    )  # fmt: skip


def _hub_question() -> Explorer:
    c, opened = ledger.claim("S1-32"), _step("aktau-hub", "first phase")
    return ask(
        "05-hub", f"You write about the hub in Aktau in {spelled('2024-07')}. Which sentence can stand?",
        (f'"The hub allows up to {c.amount} containers."', False, "This takes over the report's present tense as if it were your own."),
        (f'"S1 reported that the hub allows up to {c.amount} containers; a later record has it not yet built."', True,
         "It says who said it, and it keeps the later record apart."),
        ('"There is no hub, and there will be none."', False, f"Its first phase opened on {spelled(opened.day)} ({' '.join(opened.claims)})."),
    )  # fmt: skip


def _turkistan_question() -> Explorer:
    gabala = _step("turkistan-summit", "Gabala")
    return ask(
        "05-turkistan", "Tokayev proposed Turkistan for the next summit. Did it come true?",
        ("Nobody can say for sure that it was this proposal that came true.", True,
         f"An informal summit there is on record. But S0 does not say which summit it means. And {_lower(ledger.disagreements().loc['D-56', 'differs'])}"),
        ("Yes, and nothing is open about it.", False, "The records differ on how sure it is, and none says that it came out of this proposal."),
        (f"No, for the next summit met elsewhere on {spelled(gabala.day)}.", False,
         "That was the next regular one. S0 does not say whether a regular or an informal summit is meant."),
    )  # fmt: skip


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _goal_question() -> Explorer:
    rows = tables.initiatives()
    goals, events = (rows.query("kind == @kind")["status"] for kind in ("goal", "event"))
    return ask(
        "05-goal", f"{(goals == 'under way').sum()} of {len(goals)} goals are under way; {(events == 'happened').sum()} of {len(events)} "
        "events have happened. Why this difference?",
        ("Because more work goes into events", False, "The table does not measure work. Look at how a goal is worded, and how an event."),
        ("Because a goal without a day and a number is never over", True,
         "There is no day on which one could say: now it should be there. An event has such a day."),
        ("Because there are fewer records on goals", False, "There is one record for each initiative, whatever its kind."),
    )  # fmt: skip


def _counts_question() -> Explorer:
    return ask(
        "05-counts", "About 40, more than 80, about 100 events: why is this no growth curve?",
        ("Because the numbers were made up", False, "No record says so. No list was found: that is another thing."),
        ("Because three numbers are too few for a curve", False, "More numbers of this kind would not help. Look at what each of them counts."),
        ("Because what is counted, from when and by which list is not said", True,
         f"{ledger.claim('S0-17').caveat.split('. ')[0]}. And the last count came after the year in the chair had ended."),
    )  # fmt: skip


def _nothing_question() -> Explorer:
    name = tables.initiatives().loc["water-program", "name"]
    return ask(
        "05-nothing", f"Of the {name} a record says: no source found. What do you know now?",
        ("That the programme failed", False, "A failure would be news as well, and would need a source."),
        ("That a search found no source, and no more than that", True,
         f"There may be something where nobody looked. On shared rivers there is a record, but not of this programme: {_found('rivers')}"),
        ("That the programme is kept secret", False, "Nothing speaks for that. It may stand on a page that was not among those searched."),
    )  # fmt: skip


QUESTIONS = {
    "05-wording": _wording_question, "05-fund": _fund_question, "05-pair": _pair_question, "05-letters": _letters_question,
    "05-hub": _hub_question, "05-turkistan": _turkistan_question, "05-goal": _goal_question, "05-counts": _counts_question,
    "05-nothing": _nothing_question,
}  # fmt: skip


def _days_to_the_memorandum() -> int:
    first, signed = _step("central-banks-council", "S1: proposed"), _step("central-banks-council", "memorandum")
    return (signed["at"] - first["at"]).days


EXERCISES = {
    "05-came": Exercise(
        lambda: int(tables.initiatives().query("wording == 'proposed'")["status"].isin(["exists", "happened"]).sum()), "a whole number",
        "`query` keeps the rows with one wording. `isin([...])` marks two statuses, and `sum()` counts the marks."),
    "05-days": Exercise(
        _days_to_the_memorandum, "a whole number",
        "One date minus another gives a time span, and its `.days` is a number. Which of the rows are about the council?"),
}  # fmt: skip
