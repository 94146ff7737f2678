"""Lesson 04: TURKTIME, the eight letters."""

import pandas as pd

from ... import ledger, tables
from ...explorer import Explorer
from ...questions import Exercise, ask


def _reforms_question() -> Explorer:
    c = ledger.claim("B-276")
    return ask(
        "04-reforms", "What did the word Reforms mean when the priorities were presented?",
        ("New laws inside Kazakhstan", False, "One report tells of such reforms too, but not under this word: see what is filed under none."),
        ("Changes to the organization itself", True, f"The main points of the speech name these: {c.says.split(': ')[1]}"),
        ("That is not known", False, "S3 only lists the word. But a background record has the main points of the speech."),
    )  # fmt: skip


def _ball_question() -> Explorer:
    row = tables.initiatives().loc["alphabet"]
    return ask(
        "04-ball", f"{row['name']} has a full ball. What does the ball tell you?",
        ("That the thing is at work today", False, f"The background record says: {row.status}. The ball knows nothing of that."),
        ("That this course finds it important", False, "A ball has nothing to do with importance. It is about words."),
        (f"That a report speaks of it as {row.wording}", True, "It shows how firm the wording of a report is. What came of it is another question, with "
         "another date."),
    )  # fmt: skip


def _lists_question() -> Explorer:
    c = ledger.claim("S1-53")
    return ask(
        "04-lists", "S1 has two lists of priorities. How do they go with the eight words of S3?",
        ("They are the eight words in other words.", False, "Try to match them: climate has no word among the eight, and Traditions has no match in S1."),
        ("They have nothing in common, not even with each other.", False, c.says.split(". ")[1]),
        ("One point stands in both lists of S1, and none of the eight words stands in either.", True,
         f"{c.caveat} A chairmanship, a summit and a slogan may each have priorities of their own."),
    )  # fmt: skip


def _whose_question() -> Explorer:
    summits = tables.summits().query("year == 2025")
    term = ledger.claim("B-118").says.split("): ")[1]
    themes = "; ".join(f"{row.place}: {row.theme}" for row in summits.itertuples())
    return ask(
        "04-whose", "In June 2025 the word stood in the theme of a meeting. Whose meeting was it?",
        ("A meeting of TurkPA, the assembly of parliaments", True, "TurkPA is not the OTS. So the word passed from one body to another."),
        ("A summit of the OTS", False, f"The summits of that year had other themes ({themes})."),
        ("The last meeting of Kazakhstan's chairmanship", False, f"The chairmanship was over. It {term[0].lower()}{term[1:]}"),
    )  # fmt: skip


def _judge_question() -> Explorer:
    row = tables.initiatives().loc["patent-organization"]
    return ask(
        "04-judge", f"Anna files the {row['name']} under Unification. This course filed it under {row.priority}. Who is right?",
        ("This course, for it has read the reports", False, "The reports file nothing. They name the thing and leave it at that."),
        ("Anna, for the name says that it is one body for all", False, "A good reason, but not the only one: what the body does is a reason as well."),
        ("Nobody: filing is a matter of taste", False, "Then no reason would count. A filing can be tested: does its reason stand in the sources?"),
        ("Both, if each has a reason that others can check", True, f"Our own note says so: {row.why}"),
    )  # fmt: skip


def _older_question() -> Explorer:
    row, launch = tables.initiatives().loc["trade-10-billion"], ledger.claim("B-155").as_of
    return ask(
        "04-older", f"\"{row['name']}\" stands under {row.priority}. Was it said as a part of TURKTIME?",
        ("Yes, S2 puts it under this word.", False, "S2 does not have the word TURKTIME at all."),
        (f"No: it was said in {row.said:%B %Y}, before there was such a motto.", True,
         f"The eight words were presented in {pd.Timestamp(launch):%B %Y}. We filed it afterwards, and the explorer marks it."),
        ("No: trade belongs to none of the letters.", False, f"It does: {ledger.claim('B-279').says.split(': ')[1]}"),
    )  # fmt: skip


def _none_question() -> Explorer:
    rows = tables.initiatives()
    filed = rows.query("wording == 'wished' and priority != 'none'")["name"].iloc[0]
    return ask(
        "04-none", f"\"{rows.loc['caspian', 'name']}\" stands under none of the eight words. Why?",
        ("Because nature has no word among the eight", True, "S3 has three lists of topics, the eight words among them, and none of the three names the "
         "environment or water."),
        ("Because it is only a wish", False, f"Wishes are filed as well, such as this one: {filed}."),
        ("Because it is not in the five reports", False, f"It is in S1: {' '.join(rows.loc['caspian', 'claims'])}."),
    )  # fmt: skip


QUESTIONS = {
    "04-reforms": _reforms_question, "04-ball": _ball_question, "04-lists": _lists_question, "04-whose": _whose_question,
    "04-older": _older_question, "04-judge": _judge_question, "04-none": _none_question,
}  # fmt: skip


def _reports_with_the_word() -> list[str]:
    said = ledger.reported()["says"]
    return sorted({i.split("-")[0] for i in said[said.str.contains("TURKTIME")].index})


EXERCISES = {
    "04-only-said": Exercise(
        lambda: int(tables.initiatives().query("priority != 'none'")["wording"].isin(["proposed", "wished"]).sum()), "a whole number",
        "First leave out the rows whose `priority` is 'none'. Then `isin([...])` marks two wordings, and `sum()` counts the marks."),
    "04-reports": Exercise(
        _reports_with_the_word, "a list of report ids, each of two characters",
        "`str.contains` marks the claims, and the first two characters of an id are its report. Did you leave out the background and the readings?"),
}  # fmt: skip
