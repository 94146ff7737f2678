"""The questions and exercise checks of the lessons, made from the tables and the ledger.

A question whose fact changes in a table changes with it; nothing here repeats a figure that stands elsewhere.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from . import ledger, tables
from .explorer import Explorer
from .markup import Card, Markup
from .venues import when

CAPITALS = ["Ankara", "Astana", "Baku", "Bishkek", "Budapest", "Tashkent"]  # today's, of the members and of Hungary

# --- questions -----------------------------------------------------------------------------------------------------


def _question(key: str, text: str, *answers: tuple[str, bool, str]) -> Explorer:
    """A question as an explorer: each answer is a state that shows whether it is right, and why."""
    letters = "ABCDEFG"
    by_state = {letters[n].lower(): answer for n, answer in enumerate(answers)}

    def show(state: str) -> Markup:
        _, right, why = by_state[state]
        verdict = Markup('<div class="tx-{}"><strong>{}</strong> {}</div>')
        return verdict.format("right" if right else "wrong", "Yes." if right else "Not quite.", why)

    letter, (_, _, why) = next((s.upper(), a) for s, a in by_state.items() if a[1])
    answer = Markup('<p class="tx-paper-only tx-answer">Answer: {}. {}</p>').format(letter, why)
    states = tuple((s, f"{s.upper()}. {label}") for s, (label, _, _) in by_state.items())
    return Explorer(f"q-{key}", text, states, show, layout="list", paper_end=answer, states_on_paper=False)


def _tag_question() -> Explorer:
    c = ledger.claim("S4-02")
    report = ledger.source("S4")
    return _question(
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
    return _question(
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
    return _question(
        "00-date", f"{len(undated)} of the five reports print no full date. How can a reader still date {first}?",
        ("By what it calls recent, and what it calls this year", True, ledger.source(first).date_basis),
        ("By the day on which we found it", False, "That only says that it is not younger than that day."),
        ("It cannot be dated", False, "It can: it names events whose dates other sources give."),
    )  # fmt: skip


def _hosts_question() -> Explorer:
    rows = tables.summits().query("status == 'held' and mode == 'in person'")
    towns = rows["place"].value_counts()
    twice = sorted(towns[towns == towns.max()].index)
    once = sorted(towns[towns == 1].index)
    elsewhere = sorted(set(towns.index) - set(CAPITALS))
    how = {2: "twice", 3: "three times"}.get(int(towns.max()), f"{towns.max()} times")
    return _question(
        "02-hosts", f"Which towns hosted {how}, more often than any other?",
        (", ".join(twice), True, f"Each has {towns.max()} years in its box. Online meetings are not counted: they had no town."),
        (", ".join(once[:3]), False, "Each of them hosted once. Look for boxes with more than one year."),
        ("The five capitals, in turn", False, f"Many summits met away from the capital: {', '.join(elsewhere)}."),
    )  # fmt: skip


def _online_question() -> Explorer:
    days = " and ".join(when(row) for row in tables.summits().query("mode == 'online'").itertuples())
    return _question(
        "02-online", f"The meetings of {days} are not on the map. Why?",
        ("They were cancelled.", False, "They were held, by video link."),
        ("Nobody knows where they were.", False, "It is known how they were held; there was no common place."),
        ("They met online: a country was in the chair, but no town was the venue.", True,
         "To draw them at the chair's capital would claim a meeting there that never was. So they stand under the map."),
    )  # fmt: skip


def _turkistan_question() -> Explorer:
    rows, said = tables.summits(), pd.Timestamp(ledger.source("S0").date)
    there = rows.query("place == 'Turkistan'").iloc[0]
    regular = rows[(rows["kind"] == "regular") & (rows["last_day"] > said)].iloc[0]
    return _question(
        "02-turkistan", f"Report S0 ({said:%B %Y}) says that Turkistan was proposed for the next summit. What is on record?",
        ("The next regular summit met there.", False, f"The next regular one met in {regular.place}, on {when(regular)}."),
        (f"An informal summit met there on {when(there)}.", True,
         "That is in a background record. S0 could not know it: a proposal and what came later have different dates. "
         "Whether the one led to the other, no record says."),
        ("No summit has met there.", False, "One has, but later, and an informal one."),
    )  # fmt: skip


def _caption_question() -> Explorer:
    return _question(
        "02-caption", "S1's photo caption speaks of the leaders of four countries at Shusha. Whom does it leave out?",
        ("Nobody: only four countries took part.", False, "The background records have more guests. A caption is not a list of them."),
        ("Armenia.", False, "Armenia is neither member nor observer. S1 speaks of it because of the peace talks."),
        ("Türkiye, which sent its vice-president, and two other guests.", True,
         ledger.claim("B-128").says.split(": ", 1)[1]),
    )  # fmt: skip


QUESTIONS: dict[str, Callable[[], Explorer]] = {
    "00-tag": _tag_question, "00-voice": _voice_question, "00-date": _date_question,
    "02-hosts": _hosts_question, "02-online": _online_question, "02-turkistan": _turkistan_question, "02-caption": _caption_question,
}  # fmt: skip


def question(key: str) -> Explorer:
    """A check-yourself question by its key, such as "02-hosts". Raises KeyError, naming the keys there are."""
    if key not in QUESTIONS:
        raise KeyError(f"There is no question {key!r}. There are: {', '.join(QUESTIONS)}.")
    return QUESTIONS[key]()


# --- exercises -----------------------------------------------------------------------------------------------------

_EXERCISES: dict[str, tuple[Callable[[], Any], str, str]] = {
    # what is right, what is asked for, a hint that does not give it away
    "00-undated": (
        lambda: sorted(ledger.sources().query("not date_printed").index), "a list of report ids, such as ['S3', 'S4']",
        "`date_printed` is True where the text prints a full date. You want the others."),
    "00-caveats": (
        lambda: int(ledger.claims("S4")["caveat"].notna().sum()), "a whole number",
        "`notna()` is True where something stands. `sum()` counts the Trues. Did you take the claims of S4 only?"),
    "02-gap-years": (
        lambda: sorted(set(range(2011, 2026)) - set(tables.summits()["year"])), "a list of years",
        "Which numbers of range(2011, 2026) are not among the years of the table? A set can subtract another set."),
    "02-capitals": (
        lambda: int(tables.summits().query("mode == 'in person' and status == 'held'")["place"]
                    .isin(CAPITALS).sum()), "a whole number",
        "Only meetings held in person count. `isin(capitals)` marks the rows, `sum()` counts them."),
}  # fmt: skip


def check(key: str, answer: Any) -> Card:
    """Says whether an exercise's answer is right, and if not, what kind of thing is wrong, without giving it away."""
    if key not in _EXERCISES:
        raise KeyError(f"There is no exercise {key!r}. There are: {', '.join(_EXERCISES)}.")
    work_out, wanted, hint = _EXERCISES[key]
    right = work_out()

    def told(lead: str, *lines: tuple[str, str]) -> Card:
        return Card(f"Exercise {key}", lead, lines)

    if answer is ... or answer is None:
        return told("Nothing to check yet: replace the ... by your own line.", ("Hint", hint))
    many = isinstance(answer, (set, tuple, list, pd.Index, pd.Series, np.ndarray))
    if many != isinstance(right, list) or not (many or isinstance(answer, numbers.Number)):
        return told(f"This should be {wanted}.", ("You gave", type(answer).__name__))
    if not many:
        return told("Right.") if answer == right else told("Not yet.", ("Hint", hint))
    given = list(answer)
    extra, lost = sum(a not in right for a in given), sum(r not in given for r in right)
    if extra or lost:
        return told(f"Not yet: {extra} too many, {lost} missing.", ("Hint", hint))
    return told("Right.")
