"""Lesson 06: trade, investment and output, and the sums that can be checked."""

import pandas as pd

from ... import tables
from ...explorer import Explorer
from ...ledger import claim, derived
from ...questions import Exercise, ask
from .shown import years_to


def _counted() -> pd.DataFrame:
    return tables.trade().query("among == 'Kazakhstan and Türkiye' and kind == 'count'")


def _kazakh() -> pd.Series:
    return _counted().query("side == 'Kazakh'").set_index("year")["billion"].sort_index()


def _partners_question() -> Explorer:
    return ask(
        "06-partners",
        "S2 says that the two countries are ready to raise their cooperation to a strategic partnership. What does the "
        "background add?",
        ("The partnership began on that day.", False,
         "S2 can be read like that. But the background has both of them using the word years before."),
        ("The word was not new. That day they signed a statement on an enhanced partnership.", True,
         f"{claim('B-146').says.split('): ', 1)[1]} Leave out one word, and a next step looks like a beginning."),
        ("No partnership came of it.", False,
         "A statement was signed that day. The background record rests on two independent sources."),
    )  # fmt: skip


def _before_question() -> Explorer:
    then, growth, before = claim("S2-16").value, claim("S2-17").value, f"{derived('S2-62'):.2f}"
    part = growth / 100
    return ask(
        "06-before", f"Trade rose by {growth} percent, to {then} billion. Which sum gives the year before?",
        (f"{then} × {1 - part:.2f} = {then * (1 - part):.2f} billion", False,
         f"This takes {growth} percent off the {then}. But the {growth} percent are a part of the smaller sum, that of "
         "the year before."),
        (f"{then} − {part:.2f} = {then - part:.2f} billion", False,
         f"This takes {part:.2f} billion off. A percentage is a part of something, not a sum of money."),
        (f"{then} / {1 + part:.2f} = {before} billion", True,
         f"{then} is {100 + growth} percent of the year before. Try it backwards: {before} × {1 + part:.2f} gives "
         f"{then} again, but for rounding."),
    )  # fmt: skip


def _count_question() -> Explorer:
    year = int(claim("S2-16").as_of)
    one = _counted().query("year == @year").set_index("side")["billion"]
    return ask(
        "06-count",
        f"For {year} two figures are on record, {one['Turkish']} and {one['Kazakh']} billion. What can be said?",
        ("Each side has its own count, and S2 prints the Turkish one.", True,
         "Each growth rate fits its own side. Why the two differ, no source says. A careful reader gives both and says "
         "whose they are."),
        (f"The truth lies in the middle, at {one.mean():.1f} billion.", False,
         "Nobody counted that. The middle of two counts is a third number, without a source."),
        ("The one in the press report is right.", False,
         "The report prints it without a source. Being printed does not settle it."),
    )  # fmt: skip


def _reached_question() -> Explorer:
    target, counts, kazakh = claim("S2-15").value, _counted(), _kazakh()
    there = counts[(counts["side"] == "Turkish") & (counts["billion"] >= target)].itertuples()
    said = ", ".join(f"for {row.year}, {row.who} named {row.bound} {row.billion:g} billion" for row in there)
    return ask(
        "06-reached", f"Did trade reach the {target} billion by {kazakh.index.max()}?",
        ("Yes, in the second year, as the growth rate promised.", False,
         "This is what the sum gives if the growth goes on. A sum is not a count."),
        ("Not by Kazakh figures. A Turkish voice named more.", True,
         f"The highest Kazakh figure is {kazakh.max():g} billion, for {kazakh.idxmax()}. But {said}. One source has "
         "it; it stays on record."),
        ("No, and nobody says otherwise.", False, f"Somebody does: {said}."),
    )  # fmt: skip


def _record_question() -> Explorer:
    record = claim("S2-26")
    return ask(
        "06-record",
        f"S2 calls the {record.value} million of {record.as_of} a record. What would you need to check it?",
        ("The word of one more newspaper.", False,
         "It may repeat the same press release. What is missing is not a second voice but the other years."),
        ("The average year.", False,
         "A year above the average need not be the highest. The average hides the single years."),
        ("The sum of each earlier year, all from one count.", True,
         "S2 gives no earlier year. And the count matters: a review that cites Türkiye's central bank has "
         f"{claim('B-199').value.replace('-', ' to ')} million a year."),
    )  # fmt: skip


def _projects_question() -> Explorer:
    groups = [claim(i).value for i in ("S2-36", "S2-38", "S2-40")]
    done, underway, promising = groups
    return ask(
        "06-projects",
        f"{done} projects carried out, {underway} underway, {promising} promising. May you write that there are "
        f"{sum(groups)}?",
        ("Only with an if: if no project stands in two groups.", True,
         "The report does not add them, no list was found, and underway and implementation stage can mean the same."),
        (f"Yes: {' + '.join(map(str, groups))} = {sum(groups)}.", False,
         "The sum is right. Whether the groups overlap is another question."),
        ("No, numbers from a press report may never be added.", False,
         "They may, if you say what must hold for the sum to mean something."),
    )  # fmt: skip


def _doubled_question() -> Explorer:
    before, after = claim("B-174").value, claim("B-175").value
    return ask(
        "06-doubled", "In S1 Tokayev says that trade among the Turkic states has doubled. Can it be checked?",
        (f"Yes: from {claim('B-290').value} to {claim('S3-15').value} billion it doubled.", False,
         f"These are two speakers' figures. For the first of the two years Türkiye's trade minister gave {after}."),
        ("Not from S1: it names no year to begin with and no sum.", True,
         f"One minister's figures give a rise of {(after / before - 1) * 100:.0f} percent in a year. Over how many "
         "years S1 counts, it does not say."),
        ("Yes, and it is false.", False,
         "Growth is agreed on. How large it was since when is open, so it is neither shown nor disproved."),
    )  # fmt: skip


def _head_question() -> Explorer:
    return ask(
        "06-head", f"What do the {claim('S0-34').value:,} US dollars per head in S0 tell?",
        ("What a worker in Kazakhstan is paid in a year.", False,
         "Pay is only a part of output, and not every head is a worker."),
        ("What most families have to live on.", False, "An average does not show who has how much."),
        ("How much the country makes in a year, divided by its people.", True,
         f"S0 says income, but its two figures together give {derived('S0-46'):.1f} million people: so it is output "
         "per head."),
    )  # fmt: skip


QUESTIONS = {
    "06-partners": _partners_question, "06-before": _before_question, "06-count": _count_question,
    "06-reached": _reached_question, "06-record": _record_question, "06-projects": _projects_question,
    "06-doubled": _doubled_question, "06-head": _head_question,
}  # fmt: skip


def _years() -> pd.Series:
    return tables.trade().query("among == 'OTS members'")["year"].dropna()


def _way_by_kazakh_figures() -> int:
    kazakh = _kazakh()
    return years_to(claim("S2-15").value, kazakh[2021], (kazakh[2021] / kazakh[2020] - 1) * 100)


EXERCISES = {
    "06-differ": Exercise(
        lambda: sorted({int(year) for year in _years()[_years().duplicated()]}), "a list of years",
        "`years.duplicated()` marks a year that stood in an earlier row already."),
    "06-years": Exercise(
        _way_by_kazakh_figures, "a whole number",
        "Begin with the Kazakh figure for the year of the report and multiply it by `growth` again and again. "
        "Count the steps until the target is passed."),
}  # fmt: skip
