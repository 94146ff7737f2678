"""Lesson 03: the Middle Corridor."""

from ... import ledger, tables
from ...explorer import Explorer
from ...questions import Exercise, ask
from . import ways as corridor


def _ride(stop: str):
    """What has added up on the ride to a stop, by the first way to it."""
    rides = corridor.rides()
    return rides[rides["stop"] == stop].iloc[0]


def _chain_question() -> Explorer:
    return ask(
        "03-chain", "Report S2 lists what the route passes. Which country on the way to Istanbul is not in its list?",
        ("Georgia", False, "Georgia is the last country that S2 names before it speaks of countries in Europe."),
        ("Türkiye", True, ledger.claim("S2-68").says),
        ("Azerbaijan", False, "Azerbaijan is in the list: it follows the Caspian Sea."),
    )  # fmt: skip


def _gauge_question() -> Explorer:
    istanbul, constanta = _ride("Istanbul"), _ride("Constanța")
    return ask(
        "03-gauge", "How often do goods change the gauge, and how often do they board a ship, from Xi'an to Istanbul?",
        ("No change of gauge and no ship: it is a railway", False, "Look at the map: there is a sea in the middle, and two widths of track."),
        (f"{constanta.gauge_changes} change of gauge and {constanta.ships} ships", False, "That is the way over the Black Sea to Constanța."),
        (f"{istanbul.gauge_changes} changes of gauge and {istanbul.ships} ship", True,
         "The gauge changes where the line enters Kazakhstan and again at Akhalkalaki, and the ship crosses the Caspian Sea. "
         "Every such change means waiting, cranes and papers."),
    )  # fmt: skip


def _straight_question() -> Explorer:
    known = corridor.leg_lengths().dropna(subset="stated_km")
    return ask(
        "03-straight", f"All {len(known)} stated lengths in the table are longer than the computed ones. What explains this best?",
        ("The computed length is the shortest way over the earth, and tracks wind.", True,
         f"No track can be shorter. Here the tracks are {known['ratio'].min():g} to {known['ratio'].max():g} times as long as the straight way."),
        ("The sources make the route longer than it is.", False, "Nothing points to that. A stated length that was shorter would be suspicious."),
        ("The map stretches the north, as flat maps do.", False, "The lengths were not measured on the map, but worked out on the ellipsoid."),
    )  # fmt: skip


def _fits_question() -> Explorer:
    year = int(ledger.claim("S1-30").as_of)
    total = tables.cargo().at[year, "thousand_tonnes"] / 1000
    return ask(
        "03-fits", "Which reading of \"almost three million tons\" do the other figures fit?",
        ("The growth in one year", False, f"Then {ledger.claim('S1-56').value:g} million tonnes would have been carried in {year}. "
         f"The ministry's series has {total:.1f}."),
        (f"The total of {year}", True, f"The series has {total:.1f} million tonnes for {year}, which is almost 3. "
         "That is not how the sentence is built, but it is what the figures fit."),
        ("Both fit equally well", False, "Put each reading beside the series: one of them is far away from it."),
    )  # fmt: skip


def _percent_question() -> Explorer:
    return ask(
        "03-percent", "For the same year, officials gave plus 65 percent and plus 86 percent. Which is right?",
        ("65, because a president said it", False, "Who says a number does not make it right. Ask what it is counted from."),
        ("86, because it is the newer one", False, "Newer is not truer. The older one has not been withdrawn in our records."),
        ("It cannot be decided here: the end is the same, the start is not", True,
         ledger.disagreements().loc["D-14", "might_explain"]),
    )  # fmt: skip


def _hub_question() -> Explorer:
    return ask(
        "03-hub", "\"Up to 300,000 containers\" at Aktau: what must you know before you can use this figure?",
        ("Which unit, in what time, from what number, and by when", True,
         "None of the four is in S1. In the background the same number stands once for containers and once for TEU, with different years."),
        ("Only the name of the port", False, "The name is given. With it alone you cannot say whether 300,000 is much."),
        ("Nothing: a number is a number", False, "A box may be long or short, and a target is not a count of boxes that came."),
    )  # fmt: skip


def _days_question() -> Explorer:
    return ask(
        "03-days", "One source gives the corridor 13 to 15 days, another 31 to 34. What do you ask first?",
        ("Which of them is lying?", False, "Both may be honest. They may not speak of the same thing."),
        ("From where to where, and is it a promise, a best run or an average?", True,
         ledger.disagreements().loc["D-59", "might_explain"]),
        ("What is the average of the two?", False, "The mean of two figures for different stretches is a figure for nothing."),
    )  # fmt: skip


def _beats_question() -> Explorer:
    ours = corridor.leg_lengths().query("branch not in @corridor.CONTEXT")
    passed = tables.stops().loc[sorted({*ours["start"], *ours["end"]}), "country"]
    in_russia = int((passed == "RU").sum())
    return ask(
        "03-beats", "By the records of this lesson, in what does the corridor beat the rail way through Russia?",
        ("In days", False, "The World Bank and a forwarder both found the way through Russia quicker, in 2023 and in 2025."),
        ("In money", False, "The one figure on record, by a forwarder in 2024, has the corridor at up to 1.5 times the cost of the usual route."),
        ("In keeping out of Russia", True, f"Of its {len(passed)} stops, {in_russia or 'none'} lie there. That is a reason of politics "
         "and law, not of speed. Whether it is worth days and money, each shipper decides."),
    )  # fmt: skip


def _sea_question() -> Explorer:
    change = ledger.claim("B-225")
    return ask(
        "03-sea", "S1 retells a warning that the Caspian Sea is close to dying. What does the record of its level say?",
        ("It has always fallen.", False, f"Not always. {change.caveat}."),
        ("It will be gone by 2050.", False, "No record says so. The projected level for 2050 is lower by some metres; the sea does not vanish."),
        ("It falls now, it has risen before, and no record says that the sea will vanish.", True,
         f"{change.says} {change.caveat}."),
    )  # fmt: skip


QUESTIONS = {
    "03-chain": _chain_question, "03-gauge": _gauge_question, "03-straight": _straight_question, "03-fits": _fits_question,
    "03-percent": _percent_question, "03-hub": _hub_question, "03-days": _days_question, "03-beats": _beats_question,
    "03-sea": _sea_question,
}  # fmt: skip


def _total_reading() -> float:
    """Million tonnes in the year before, if the report's figure is the total after its growth."""
    return ledger.derived("S1-57")


def _winding() -> float:
    """How many times the straight way the tracks are, over all legs with a stated length together."""
    known = corridor.leg_lengths().dropna(subset="stated_km")
    return float(known["stated_km"].sum() / known["computed_km"].sum())


EXERCISES = {
    "03-total": Exercise(
        _total_reading, "a number of million tonnes",
        "The total after the growth is the total before it times (1 + the growth). Divide by that."),
    "03-winding": Exercise(
        _winding, "a number, such as 1.2",
        "Sum the stated kilometres, sum the computed ones, and divide the first sum by the second."),
}  # fmt: skip
