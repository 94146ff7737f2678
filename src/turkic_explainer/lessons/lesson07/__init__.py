"""Lesson 07: shared waters, shared climate."""

from ... import ledger, tables
from ...explorer import Explorer
from ...questions import Exercise, ask


def _figure(quantity: str, first: int | None = None, kind: str | None = None):
    """The one row of the water figures of this quantity, of this year and kind where that is asked."""
    rows = tables.water_figures().query("quantity == @quantity")
    rows = rows if first is None else rows[rows["first"] == first]
    [row] = (rows if kind is None else rows[rows["kind"] == kind]).itertuples()
    return row


def _shore_question() -> Explorer:
    observer = tables.members().set_index("entity").loc["Turkmenistan", "role"]
    return ask(
        "07-shore", "Which members of the OTS have a shore on the Caspian Sea?",
        ("Kazakhstan alone", False, "Look at the western shore as well: Baku is a town of Azerbaijan."),
        ("Azerbaijan and Kazakhstan", True,
         "So most of the members have no shore there, and most of the shore is not in the OTS. The states of the shore "
         "work together in another frame, the Tehran Convention."),
        ("Azerbaijan, Kazakhstan and Turkmenistan", False, f"Turkmenistan has a shore, but in the OTS it is an {observer}."),
    )  # fmt: skip


def _most_question() -> Explorer:
    rows = tables.water_figures().query("quantity == 'change of level'")
    rows = rows.assign(years=rows["last"] - rows["first"] + 1)
    rows = rows.assign(total=rows["years"] * rows["value"])
    most, longest = rows["total"].abs().max(), rows["years"].max()
    answers = []
    for row in rows.itertuples():
        why = f"{row.years} years times {row.value:g} centimetres are {row.total:g} centimetres."
        if abs(row.total) == most:
            why += " No other block has so large an area. A high rate over fewer years can beat a low rate over many."
        elif row.years == longest:
            why += " It is the longest period, but its rate is low."
        answers.append((row.when, abs(row.total) == most, why))
    return ask("07-most", "In which period did the level of the Caspian Sea change most in all?", *answers)


def _verge_question() -> Explorer:
    return ask(
        "07-verge", '"Verge of extinction": which of these would let you check such words about a sea?',
        ("The area of its water in two given years, measured in the same way", True,
         "It has a unit, a date and a method, so that somebody else can do it again and disagree."),
        ("A photograph of a ship on dry sand", False, "A photograph shows one place on one day. A change needs two days."),
        ("The number of leaders who have said so", False, "That counts speakers, not water."),
    )  # fmt: skip


def _forecast_question() -> Explorer:
    start, fall, far = _figure("level", 2024).value, _figure("change to come").value, _figure("level", 2050)
    return ask(
        "07-forecast", "One page has two figures for the Caspian Sea in 2050. Why do they not fit together?",
        ("Because the sea has risen before", False, "It has, but both figures are about a fall."),
        ("Because a level cannot be below zero", False,
         "Zero is only where the counting begins. The surface of this sea has been below it in every record that we have."),
        (f"Because {abs(fall):g} metres below the level of 2024 is still above the range that the page gives", True,
         f"From {abs(start):g} metres below, {abs(fall):g} more lead to {abs(start + fall):.2f}. The range begins at "
         f"{abs(far.value):g}. The page does not say why."),
    )  # fmt: skip


def _parts_question() -> Explorer:
    return ask(
        "07-parts", "S1 says that the Aral Sea dries up. A ministry says that its northern part has grown. Who is wrong?",
        ("S1 is wrong.", False, "S1 does not say which part it means, and the eastern basin of the south did dry out."),
        ("Neither has to be wrong.", True,
         "The sea is in parts. The north has a dam; the south has not grown by any record here. Ask which part, and which year."),
        ("The ministry is wrong.", False,
         "Its figures do not fit together, but all of them are above that of 2023. They are about the north alone."),
    )  # fmt: skip


def _double_question() -> Explorer:
    grown = _figure("growth of volume").value
    return ask(
        "07-double", f"A text says {grown:g} percent more, its headline nearly doubled. How much more is a doubling?",
        ("50 percent more", False, "That is one and a half times as much."),
        ("200 percent more", False, "That is three times as much: the whole, and twice the whole on top."),
        ("100 percent more", True, f"Twice as much is the whole once more. {grown:g} percent is not even half of that."),
    )  # fmt: skip


def _rivers_question() -> Explorer:
    status = {row.outcome: row.status for row in tables.initiatives().itertuples()}
    return ask(
        "07-rivers", "Which agreement on the water of rivers is on record as signed?",
        ("One of Kazakhstan and Uzbekistan", True,
         f"Two neighbours signed it on 15 November 2025. {ledger.claim('B-145').caveat}."),
        ("The joint programme of S4", False, f"S4 has it as a proposal. What became of it: {status['B-169']}."),
        ("One of all members of the OTS", False, "No record has such an agreement. Many of the members share no river."),
    )  # fmt: skip


def _share_question() -> Explorer:
    goal, asked = (ledger.claim(i).value for i in ("B-235", "B-236"))
    share = goal / (asked * 1000)
    return ask(
        "07-share", f"The goal is {goal} billion US dollars a year. Developing countries had asked for {asked} trillion. "
        "Which part of that is the goal?",
        ("More than they had asked for", False, f"{goal} is more than {asked}, but the units differ: a trillion is 1,000 billion."),
        (f"Less than a quarter: about {share:.0%}", True, f"{goal} of {asked * 1000:,.0f} billion. It is a goal for 2035, not money paid."),
        ("About one half", False, f"Half of {asked} trillion would be {asked * 500:,.0f} billion."),
    )  # fmt: skip


QUESTIONS = {
    "07-shore": _shore_question, "07-most": _most_question, "07-verge": _verge_question,
    "07-forecast": _forecast_question, "07-parts": _parts_question, "07-double": _double_question,
    "07-rivers": _rivers_question, "07-share": _share_question,
}  # fmt: skip


def _level_before() -> float:
    """The level of 2024 with the fall of 1996 to 2023 put back, in metres."""
    fall = _figure("change of level", 1996)
    return _figure("level", 2024).value - (fall.last - fall.first + 1) * fall.value / 100


def _volume_before() -> float:
    """The volume of which the contested 27 cubic kilometres would be so many percent more."""
    given = tables.water_figures().query("quantity == 'volume' and kind == 'contested'")["value"].iloc[0]
    return given / (1 + _figure("growth of volume").value / 100)


EXERCISES = {
    "07-level": Exercise(
        _level_before, "a number of metres, with a minus for below zero",
        "Years times centimetres a year, and 100 centimetres are one metre. Going back in time, what fell is put back."),
    "07-volume": Exercise(
        _volume_before, "a number of cubic kilometres",
        "42 percent more is 1.42 times as much. Which number, taken 1.42 times, gives the volume in the report?"),
}  # fmt: skip
