"""What the questions of the course are like, in figures: how often the right answer is the longest or the shortest, where it
stands, of what kinds.

A question that is picked from a list tests nothing where the right answer gives itself away by its length or its place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .. import lessons
from ..checked import LETTERS, Checked
from ..explorer import Explorer

# Of the questions that are picked from a list: in so many the right answer may be the longest, or the shortest.
MOST = 1 / 3
PLACE = 0.4  # in so many, over the whole course, it may stand at one letter
FEWEST = 3  # answers
_MENDS = {
    "longest": "Make the wrong ones as long, or it shorter",
    "shortest": "Make a wrong one as short, or it longer",
}


class Measured(NamedTuple):
    """One question: of what kind it is, how many answers it has, at which letter the right one stands, and whether it is longer
    or shorter than all others. Of the last three only a question that is picked from a list has any."""

    key: str
    kind: str
    answers: int
    place: str = ""
    longest: bool = False
    shortest: bool = False


def measured(key: str, asked: Explorer | Checked) -> Measured:
    """A question in figures."""
    if isinstance(asked, Checked) or asked.plot:
        return Measured(key, "map" if isinstance(asked, Explorer) else asked.kind, len(asked.answers))
    lengths = {at: len(label) for at, (label, *_) in zip(LETTERS, asked.answers, strict=False)}
    [place] = [at for at, (_, right, _) in zip(LETTERS, asked.answers, strict=False) if right]
    length = lengths.pop(place)
    return Measured(
        key, "pick", len(asked.answers), place, length > max(lengths.values()), length < min(lengths.values())
    )


def of_course(numbers: Iterable[str] = ()) -> list[Measured]:
    """The questions of these lessons, or of all. Raises DataError for slips in them."""
    wanted = {*(numbers or lessons.numbers())}
    return [measured(key, lessons.question(key)) for key in lessons.keys("questions") if key[:2] in wanted]


def told(found: list[Measured]) -> str:
    """Figures for a whole course in a line."""
    picked = [one for one in found if one.kind == "pick"]
    longest, shortest = sum(one.longest for one in picked), sum(one.shortest for one in picked)
    places = Counter(one.place for one in picked)
    kinds = ", ".join(f"{kind} {n}" for kind, n in Counter(one.kind for one in found).most_common())
    at = ", ".join(f"{letter} {places[letter]}" for letter in LETTERS if places[letter])
    four = (
        f"Of the {len(picked)} picked from a list, {sum(one.answers >= 4 for one in picked)} have four answers or more"
    )
    places = f"the right one is longest in {longest}, shortest in {shortest}, and at {at}"
    return f"{len(found)} questions ({kinds}). {four}; {places}."


def slips(found: list[Measured]) -> Iterator[str]:
    """What is wrong with the questions of one lesson, each with its mend."""
    picked = [one for one in found if one.kind == "pick"]
    for what, mend in _MENDS.items():
        if len(keys := [one.key for one in picked if getattr(one, what)]) > len(picked) * MOST:
            told = f"in {len(keys)} of {len(picked)} questions the right answer is the {what}: {', '.join(keys)}."
            yield f"{told} {mend}, until it is so in a third at most."
    if few := [one.key for one in found if one.kind != "number" and one.answers < FEWEST]:
        yield f"with fewer than {FEWEST} answers: {', '.join(few)}. Give {FEWEST} or more, four as a rule."
    if picked and len(picked) == len(found):
        yield "all questions are picked from a list. Let one be of another kind (README, Write a question)."


def uneven(found: list[Measured]) -> Iterator[str]:
    """What is wrong with the places of the right answers over all lessons."""
    picked = [one for one in found if one.kind == "pick"]
    for letter, n in Counter(one.place for one in picked).items():
        if n > PLACE * len(picked):
            yield f"in {n} of {len(picked)} questions the right answer is {letter}. Move some: {PLACE:.0%} at most."
