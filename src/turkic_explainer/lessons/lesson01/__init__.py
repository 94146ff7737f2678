"""Lesson 01: who is who."""

import pandas as pd

from ... import ledger, tables
from ...explorer import Explorer
from ...markup import long_date
from ...questions import Exercise, ask


def _in(body: str, role: str = "member") -> list[str]:
    """Who is in a body as this, by the names that this course uses."""
    rows = tables.memberships().query("body == @body and role == @role")
    return [tables.states()["label"].get(entity, entity) for entity in rows["entity"]]


def _short(keys) -> str:
    return " and ".join(tables.bodies().loc[list(keys), "short"])


def _observer_question() -> Explorer:
    hungary = tables.members().set_index("entity").loc["Hungary"]
    hosted = tables.summits().set_index("country").loc["HU", "last_day"]
    return ask(
        "01-observer", f"Hungary has been an observer of the OTS since {long_date(hungary.since)}. What follows from that?",
        ("It speaks a Turkic language.", False, "Hungarian is not one. Observers are let in; nobody tests their language."),
        ("It pays a small part of what the Secretariat costs.", False,
         "The parts of the five members add up to the whole, so no part is left for an observer."),
        ("It takes part, and can even host a meeting, but it is not a member.", True,
         f"The informal summit of {long_date(hosted)} met in Budapest. What else an observer may do stands in rules that were not "
         "found."),
        ("It will soon be a member.", False, "No record says so. An observer may stay one for ever."),
    )  # fmt: skip


def _contested_question() -> Explorer:
    row = tables.members().dropna(subset="contested").iloc[0]
    return ask(
        "01-contested", "Which sentence about northern Cyprus and the OTS is fair to the records?",
        (f"It has been an observer since {long_date(row.since)}.", False, "That is what the OTS and Türkiye say. Others deny it: say who says it."),
        ("Who lists it as an observer, since when, and who denies it and why.", True, f"{row.contested}."),
        ("It is not an observer.", False, "That is what the Republic of Cyprus says. The OTS itself lists it: say who says it."),
        ("Better to leave it out.", False, "Then a reader does not learn that there is a quarrel, and a map would show nothing there."),
    )  # fmt: skip


def _parliament_question() -> Explorer:
    inside = _in("turkpa")
    outside = [name for name in _in("ots") if name not in inside]
    return ask(
        "01-parliament", "S0 says that the speakers of all TurkPA countries took part. Which member of the OTS need not "
        "have been among them?",
        (" and ".join(outside), True, tables.memberships().query("body == 'turkpa' and role == 'not a member'")["note"].iloc[0]),
        (inside[-1], False, "It is in both: its parliament founded TurkPA with three others."),
        (inside[0], False, "It is in both, and TurkPA even sits in its capital."),
        ("None: a member of the one is a member of the other", False, "TurkPA has four member parliaments, the OTS five member states."),
    )  # fmt: skip


def _turkmenistan_question() -> Explorer:
    rows = tables.memberships().query("entity == 'Turkmenistan'")
    full, watching = (rows.loc[rows["role"] == role, "body"] for role in ("member", "observer"))
    return ask(
        "01-turkmenistan", "Turkmenistan is an observer of the OTS. In which bodies do the records have it as a full member?",
        ("In none of them", False, "Look it up in the explorer: it is a member in two, on an equal footing with the others."),
        (_short(list(watching)[1:]), False, "In these it is an observer."),
        (_short(["turkpa", "elders"]), False, "Of the assembly no record has it; of the council we know only that it took part."),
        (_short(full), True, "The same country can be a member of one body, an observer of another, and missing from a third."),
    )  # fmt: skip


def _record_question() -> Explorer:
    none = _short(key for key in tables.bodies().index if "Hungary" not in
                  set(tables.memberships().query("body == @key")["entity"]))  # fmt: skip
    return ask(
        "01-record", f"For Hungary the explorer has 'not on record' at {none}. What does that mean?",
        ("Hungary is not in them.", False, "That would be a finding, and would need a source. Here there is none, for yes or for no."),
        ("In our records we found nothing either way.", True, "Absence of a record is not a record of absence. Somebody may know more: "
         "then the table should be mended."),
        ("It is a secret.", False, "Nothing points to that. Lists of members are mostly public; we did not have these."),
    )  # fmt: skip


def _oldest_question() -> Explorer:
    rows = tables.bodies().sort_values("since", kind="stable")
    oldest, ots = rows.iloc[0], rows.loc["ots"]
    youngest = rows.iloc[-1]
    return ask(
        "01-oldest", "Which of these is the oldest?",
        (f"The {ots.body}", False, f"It was founded on {long_date(ots.since)}, as the Turkic Council."),
        (f"The {youngest.body}", False, f"It is the youngest: {long_date(youngest.since)}."),
        (f"{oldest.short}, for culture", True, f"{long_date(oldest.since)}. Culture came before parliaments, and both before the organization."),
    )  # fmt: skip


def _name_question() -> Explorer:
    report, change = ledger.source("S2"), ledger.claim("B-307")
    return ask(
        "01-name", f"S2 is of {long_date(report.date)} and writes Turkey. Why not Türkiye?",
        ("Because the writer does not respect the country.", False, "Nothing points to that. Look at the date first."),
        (f"Because the United Nations took over the name Türkiye on {long_date(pd.Timestamp(change.as_of))}, after the report.", True,
         f"{(pd.Timestamp(change.as_of) - pd.Timestamp(report.date)).days} days later, the same word could mean a choice. Then it was the usual name."),
        ("Because it means another country.", False, "One country, two spellings of its name in English."),
        ("Because Turkey is the name in Turkish.", False, "It is the other way round: Türkiye is the Turkish name."),
    )  # fmt: skip


QUESTIONS = {
    "01-observer": _observer_question, "01-contested": _contested_question, "01-parliament": _parliament_question,
    "01-turkmenistan": _turkmenistan_question, "01-record": _record_question, "01-oldest": _oldest_question,
    "01-name": _name_question,
}  # fmt: skip


def _in_every_list() -> int:
    """How many are members of every body whose members are on record."""
    rows = tables.memberships().query("role == 'member'")
    return int((rows.groupby("entity").size() == rows["body"].nunique()).sum())


EXERCISES = {
    "01-hungary": Exercise(
        lambda: list(tables.memberships().query("entity == 'Hungary' and role == 'observer'")["body"]), "a list of keys",
        "`query` keeps the rows that you want: two conditions, joined by `and`. Then take one column of what is left."),
    "01-everywhere": Exercise(
        _in_every_list, "a whole number",
        "Keep the rows of members. `groupby(\"entity\").size()` counts the rows of each. How many bodies have members on record?"),
}  # fmt: skip
