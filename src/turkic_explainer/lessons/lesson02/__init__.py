"""Lesson 02: where the leaders meet."""

import pandas as pd

from ... import ledger, tables
from ...basemap import country_names
from ...explorer import Explorer
from ...questions import Exercise, ask
from .shown import when

CAPITALS = ["Ankara", "Astana", "Baku", "Bishkek", "Budapest", "Tashkent"]  # today's, of the members and of Hungary


def _hosts_question() -> Explorer:
    rows = tables.summits().query("status == 'held' and mode == 'in person'")
    towns = rows["place"].value_counts()
    twice = sorted(towns[towns == towns.max()].index)
    once = sorted(towns[towns == 1].index)
    elsewhere = sorted(set(towns.index) - set(CAPITALS))
    how = {2: "twice", 3: "three times"}.get(int(towns.max()), f"{towns.max()} times")
    return ask(
        "02-hosts", f"Which towns hosted {how}, more often than any other?",
        (", ".join(twice), True, f"Each has {towns.max()} years in its box. Online meetings are not counted: they had no town."),
        (", ".join(once[:3]), False, "Each of them hosted once. Look for boxes with more than one year."),
        ("The five capitals, in turn", False, f"Many summits met away from the capital: {', '.join(elsewhere)}."),
    )  # fmt: skip


def _online_question() -> Explorer:
    days = " and ".join(when(row) for row in tables.summits().query("mode == 'online'").itertuples())
    return ask(
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
    return ask(
        "02-turkistan", f"Report S0 ({said:%B %Y}) says that Turkistan was proposed for the next summit. What is on record?",
        ("The next regular summit met there.", False, f"The next regular one met in {regular.place}, on {when(regular)}."),
        (f"An informal summit met there on {when(there)}.", True,
         "That is in a background record. S0 could not know it: a proposal and what came later have different dates. "
         "Whether the one led to the other, no record says."),
        ("No summit has met there.", False, "One has, but later, and an informal one."),
    )  # fmt: skip


def _caption_question() -> Explorer:
    return ask(
        "02-caption", "S1's photo caption speaks of the leaders of four countries at Shusha. Whom does it leave out?",
        ("Nobody: only four countries took part.", False, "The background records have more guests. A caption is not a list of them."),
        ("Armenia.", False, "Armenia is neither member nor observer. S1 speaks of it because of the peace talks."),
        ("Türkiye, which sent its vice-president, and two other guests.", True,
         ledger.claim("B-128").says.split(": ", 1)[1]),
    )  # fmt: skip


def _guest_question() -> Explorer:
    names, roles = country_names(), tables.members().set_index("code")["role"]
    hosts = tables.summits().query("status == 'held'")["country"]
    [guest] = [host for host in hosts.unique() if roles[host] == "observer"]
    held = tables.summits().query("country == @guest").iloc[0]
    return ask(
        "02-guest", "One host is not a member of the organization. Which one, and what is it?",
        (f"{names['UZ']}, a guest.", False, f"{names['UZ']} is a member. It joined later than the others, and hosted once."),
        (f"{names[guest]}, an observer.", True,
         f"It hosted the informal summit of {when(held)} in {held.place}. An observer takes part, but is no member."),
        (f"{names['TM']}, an observer.", False, f"{names['TM']} is an observer too, but no summit on record met there."),
    )  # fmt: skip


def _number_question() -> Explorer:
    kinds = tables.summits().query("status == 'held'")["kind"].value_counts()
    return ask(
        "02-number", "How can you tell a regular summit from an informal one in these tables?",
        ("Regular summits have a number, and only they.", True,
         f"{kinds['regular']} regular summits are on record as held, {kinds['informal']} informal and {kinds['extraordinary']} extraordinary ones."),
        ("Regular summits end with a declaration, informal ones do not.", False,
         f"Informal ones can end with one as well: {ledger.claim('B-128').id} has one for the meeting in Shusha."),
        ("Regular summits meet in capitals.", False, "Several did not. Look at the map once more."),
    )  # fmt: skip


QUESTIONS = {
    "02-hosts": _hosts_question, "02-online": _online_question, "02-turkistan": _turkistan_question, "02-caption": _caption_question,
    "02-guest": _guest_question, "02-number": _number_question,
}  # fmt: skip

EXERCISES = {
    "02-gap-years": Exercise(
        lambda: sorted(set(range(2011, 2026)) - set(tables.summits()["year"])), "a list of years",
        "Which numbers of range(2011, 2026) are not among the years of the table? A set can subtract another set."),
    "02-capitals": Exercise(
        lambda: int(tables.summits().query("mode == 'in person' and status == 'held'")["place"]
                    .isin(CAPITALS).sum()), "a whole number",
        "Only meetings held in person count. `isin(capitals)` marks the rows, `sum()` counts them."),
}  # fmt: skip
