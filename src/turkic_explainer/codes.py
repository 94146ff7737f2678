"""What was answered first in a lesson, as a code of about a dozen signs: a page makes one (press/templates/kept.js, by the same
rules), `my_code` in a notebook, and `turkic-explainer class` reads them. How cards were filed is one as well, of 17 signs
(lessons/lesson04/sorting.py): to it a card is a question that has no right answer.

A code is the lesson's number, or two other signs, and a number in Crockford's base 32, which has no I, L, O and U. That number holds, from its
highest part to its lowest, the outcome of each question and exercise, a mark of the questions' version and a check: read
as one number in base 32, the whole code can be divided by 1021, a prime. So one sign that is wrong, or two that were
exchanged, are always seen; what is too short or too long for its lesson as well.
"""

import re
from collections.abc import Mapping
from math import ceil, prod
from typing import Any

from .learner import counts, edition
from .questions import Entry

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# What looks like a sign, in Latin letters, Cyrillic and Greek; and the İ that a Turkish keyboard makes of an i.
_LOOKS = str.maketrans("OILİАВЕЗІЈКМНҺОРСЅТУҮХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "0111ABE31JKMHH0PCSTYYXABEZH1KMN0PTYX")
BETWEEN = r"[\W_]{0,5}"  # what may stand between two signs
_PRIME, _ROOM = 1021, 1024  # the check, and the room that it and the mark of the version have


def asked(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """What a code tells of."""
    return {key: entry for key, entry in entries.items() if not entry.guess}


def outcomes(entry: Entry) -> int:
    """How many outcomes it may have: nothing answered, which is 0, and

    of one answer to be picked  which one it was, in their order
    of several                  which were ticked, each its bit
    of an order                 1, and the bits of those in their place
    of a number, an exercise    1, the right one; the listed wrong ones, in their order; any other"""
    wrong = sum(not item.counted for item in entry.items)
    if entry.exercise:
        return wrong + 3
    if entry.form == "number":
        return wrong + 2  # among them is the right one
    if entry.form == "order":
        return 2 ** len(entry.items) + 1
    return 2**wrong if sum(item.right for item in entry.items) > 1 else wrong + 1


def version(entries: Mapping[str, Entry]) -> int:
    """The same of all that a lesson asks, 0 to 1023: another one, nearly always, where an outcome may mean something else."""
    parts = [(key, entry.form, entry.edition()) for key, entry in asked(entries).items()]
    return int(edition(*parts), 16) % _ROOM


def signs(entries: Mapping[str, Entry]) -> int:
    """How many signs follow the lesson's number."""
    most, size = prod(outcomes(entry) for entry in asked(entries).values()) * _ROOM * _ROOM, 0
    while 32**size < most:
        size += 1
    return size


def coded(lesson: str, entries: Mapping[str, Entry], given: Mapping[str, int]) -> str:
    """The code of these outcomes, by their keys; 0 for those that are not there."""
    whole, size = 0, signs(entries)
    for key, entry in asked(entries).items():
        whole = whole * outcomes(entry) + given.get(key, 0)
    whole = (whole * _ROOM + version(entries)) * _ROOM
    whole += -(int(lesson, 32) * 32**size + whole) % _PRIME
    written = "".join(SIGNS[whole >> 5 * n & 31] for n in reversed(range(size)))
    return "-".join([lesson, *re.findall(f".{{1,{ceil(size / ceil(size / 4))}}}", written)])


def plain(code: str) -> str:
    """A code's signs alone, as they were meant: small letters, blanks, hyphens and look-alikes do not matter."""
    return re.sub(r"[\W_]", "", code.upper()).translate(_LOOKS)


def like(signs: str) -> str:
    """A pattern of these signs as people write them."""
    looks = {sign: "".join(chr(other) for other, meant in _LOOKS.items() if chr(meant) == sign) for sign in signs}
    return BETWEEN.join(f"(?i:[{sign}{looks[sign]}])" for sign in signs)


def decoded(code: str, entries: Mapping[str, Entry]) -> dict[str, int] | str:
    """The outcomes in a code of these, whose first two signs it has; or what is wrong with it, and the mend."""
    typed, size = plain(code), signs(entries)
    if len(typed) != size + 2:
        much = "short" if len(typed) < size + 2 else "long"
        return f"too {much}: a code that begins with {typed[:2]} has {size + 2} signs, this {len(typed)}. Ask for it again."
    values = [SIGNS.find(sign) for sign in typed]
    whole = sum(value * 32**n for n, value in enumerate(reversed(values)))
    if min(values) < 0 or whole % _PRIME:
        return "a sign is wrong, or two are exchanged. Compare it with the page, or ask for it again."
    whole, mark = divmod(whole % 32**size // _ROOM, _ROOM)
    found: dict[str, int] = {}
    for key, entry in reversed(asked(entries).items()):
        whole, found[key] = divmod(whole, outcomes(entry))
    if mark != version(entries) or whole:
        mend = "Did you change them? Then start this in that folder."
        return f"it is of other questions or cards than here: of another version of the course, or changed ones. {mend}"
    return dict(reversed(found.items()))


def chosen(entry: Entry, outcome: int) -> tuple[bool, list[int]]:
    """Whether an outcome is right, and which answers it is of, counted from 0: of an order, those in another place."""
    rights = [n for n, item in enumerate(entry.items) if item.right] or [0]
    if entry.form == "order":
        missed = [n for n in range(len(entry.items)) if not outcome - 1 >> n & 1]
        return not missed, missed
    picked = [n for n in range(len(entry.items)) if outcome >> n & 1] if len(rights) > 1 else [outcome - 1]
    return picked == rights, picked


def first(entry: Entry, question: Any, done: Mapping[str, Any]) -> int:
    """The outcome of what was answered first, as a learner's file has it (learner.note). An answer that the file has only in
    part is another one; nothing, 0, is what was answered to another edition of this question, or is no answer to it."""
    text = str(done.get("first", ""))
    if not counts(done, question.edition):
        return 0
    if entry.exercise:
        kind, facts = question.verdict(text)
        if kind in ("blank", "empty"):  # as the course noted it until now
            return 0
        whys = [*dict.fromkeys(why for _, why in question.mistakes())]
        if kind == "right" or done["right"] and done["tries"] == 1:
            return 1
        return whys.index(facts["why"]) + 2 if kind == "known" else outcomes(entry) - 1
    if entry.form == "number":
        hit = [int(reason.mark[1:]) for reason in question.judge(text)[1]]
        return hit[0] if hit else outcomes(entry) - 1
    if entry.form == "order":
        places = [int(place) for place in re.findall(r"\d+", text)]
        if len(places) != len(entry.items):
            return 0
        return 1 + sum(1 << int(reason.mark[1:]) - 1 for reason in question.judge(places)[1])
    picked = ["ABCDEFGH".index(letter) for letter in re.findall(r"\b[A-H]\b", text.upper())]
    several = sum(item.right for item in entry.items) > 1
    found = sum(1 << n for n in {*picked}) if several else picked[0] + 1 if picked else 0
    return found if found < outcomes(entry) else 0
