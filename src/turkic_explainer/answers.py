"""Exercises: what an answer stands for, whether it is right, and if not, what kind of thing is wrong.

A person gives a right answer in many forms: a list, a column or a text; 1.8, 1.82 or "1,82". All of them are right here.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from numbers import Real
from typing import Any

import pandas as pd

from .content import SHARED
from .learner import edition

_NUMBER = re.compile(r"([+-]?[0-9]+(?:[.,][0-9]+)?) ?(?:%|[^\W\d_]\D*)?")  # with a point or a comma, and a unit or none
_IN_TEXT = re.compile(r"[+-]?[0-9]+(?:['’\s][0-9]{3})*(?:[.,][0-9]+)*")  # as a person writes it, anywhere in a text
_MINUS = re.compile(r"[\u2010-\u2015\u2212]")  # as it is set in print, and what a phone makes of one
_TIMES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_MOST = 1e15  # nothing that this course counts has more; what is no number (nan), or has no end, is not below it
_EXACT = Context(prec=200)
_YES_NO = {"yes", "no", "true", "false"}
# What stands between the parts of a text that is a list, and in Turkish, Russian and Kazakh; and what around it or each of them.
_BETWEEN = re.compile(r"[,;&/]|(?a:\band\b)|\s(?:ve|и|және)\s", re.I)
_AROUND = re.compile(r"""[][(){}'"‘’‚“”„«»]""")  # a phone curls quotation marks by itself
_NAMED = re.compile(r"[^\W\d_]-?\d")  # a number that belongs to a name: S3, D-06


def plain(answer: Any, many: bool) -> Any:
    """What an answer stands for: a number or a text, or a list of them where `many` are wanted; anything else as it is."""
    if getattr(answer, "ndim", None) == 0:  # numpy's numbers and truths as Python's own
        answer = answer.item()
    if answer is pd.NA:  # which can be compared with nothing
        return math.nan
    match answer:
        case timedelta():  # from one day to another
            return answer.days
        case str() if many:
            text = _AROUND.sub("", answer)
            parts = _BETWEEN.split(text) if _BETWEEN.search(text) else text.split()
            return [plain(named, False) for part in parts if (named := part.strip().rstrip("."))]
        case str():
            number = _NUMBER.fullmatch(_MINUS.sub("-", answer.strip()))
            return plain(float(number[1].replace(",", ".")), False) if number else answer.strip()
        case bool() | pd.DataFrame():
            return answer
        case Real() | Decimal():
            number = answer if isinstance(answer, int) else float(answer)
            return int(number) if abs(number) < _MOST and number == int(number) else number
        case (int() as whole, int() as behind) if isinstance(answer, tuple) and not many:
            return plain(f"{whole},{behind}", False)  # what Python makes of 1,82
        case Iterable():
            parts = [plain(part, False) for part in answer]
            if len(parts) == 1 and not (many and isinstance(parts[0], Real)):  # a list of one, or one in a list
                return plain(parts[0], many)
            return parts
    return answer


def readings(text: str) -> list[float]:
    """The numbers that a text may stand for, where it holds one: "1.8" and "1,8" are 1.8, "1 800" is 1,800, "about 30 %" 30;
    "1,800" is 1,800 or 1.8, and "2 million" 2 or 2,000,000. None where it holds no number, or more than one.

    The script of a page has the same rules (press/templates/tasks.js).
    """
    found = _IN_TEXT.findall(_MINUS.sub("-", text))
    if len(found) != 1:
        return []
    digits = re.sub(r"['’\s]", "", found[0])
    before, mark, behind = re.fullmatch(r"(.*?)(?:([.,])(\d*))?", digits).groups(default="")
    plain, read = re.sub("[.,]", "", before), []
    if mark not in before or not mark:  # the last mark stands before decimals
        read.append(f"{plain}.{behind}" if mark else digits)
    if len(behind) == 3 and plain.strip("+-0") and not set(before) & set(".,") - {mark}:  # or between thousands
        read.append(plain + behind)
    times = [1, *(factor for word, factor in _TIMES.items() if word in text.lower())]
    return [float(number) * factor for number in read for factor in times]


def _number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and abs(value) < _MOST


def _rounded(number: float, digits: int) -> float:
    """As a school rounds, and a script: 2.5 to 3, where Python has 2."""
    if isinstance(number, int):
        return number
    return float(Decimal(float(number)).quantize(Decimal(1).scaleb(-min(digits, 100)), ROUND_HALF_UP, _EXACT))


def _decimals(number: float) -> int:
    """How many digits are written after its point."""
    return max(0, -int(Decimal(str(number)).as_tuple().exponent))


@dataclass(frozen=True)
class Exercise:
    """A task that checks itself: `right` works out the right answer, a number or a list, and `wanted` says what is asked for.

    also      works out other right answers, such as the same things by other names
    wrong     works out answers that are known to be given, each with what to say of it (see `mistakes`)
    hints     the steps to the answer, told one by one
    lines     the lines of code that lead to it, with their reasons; the last one is the answer itself
    decimals  how far a number may be rounded or cut off: to so many digits after its point, and to any more
    """

    right: Callable[[], Any]
    wanted: str
    hints: tuple[str, ...]
    lines: str = ""
    wrong: Callable[[], list[tuple[Any, str]]] = list
    also: Callable[[], list] = list
    decimals: int = 2

    @property
    def edition(self) -> str:
        """A mark of what it asks, as learner.edition makes it."""
        known = self.on_page()
        return edition(self.wanted, *(known[part] for part in ("right", "wrong", "decimals")))

    def judge(self, answer: Any) -> tuple[bool, str]:
        """Whether an answer is right, and what to say of it: never a hint, and never the answer."""
        kind, facts = self.verdict(answer)
        return kind == "right", SHARED.text(f"exercise.{kind}", **facts)

    def verdict(self, answer: Any) -> tuple[str, dict[str, Any]]:
        """What an answer is, by the name under which shown.toml has words for it, and what these words need to know.

        The script of a page has the same rules (press/templates/tasks.js)."""
        right, read = self.right(), self._meant(answer)

        def meant(known: Any) -> bool:
            return any(self._same(one, known) for one in read)

        if any(map(meant, (right, *self.also()))):
            return "right", {}
        given, kind = read[0], self._kind(read[0], right)
        for known, why in self.mistakes():
            if meant(known) and (kind != "coarse" or given == _rounded(known, 9)):
                return "known", {"why": why}
        facts = self._facts() | {"given": given}
        if kind in ("differs", "others"):
            mine, wanted = _texts(given), _texts(right)
            facts |= {"extra": len(mine - wanted), "lost": len(wanted - mine)}
        return kind, facts

    def _meant(self, answer: Any) -> list:
        """What an answer stands for, and what else, where a number is written so that it may be two."""
        many = isinstance(self.right(), list)
        given = plain(answer, many)
        if many or not isinstance(answer, str) or _NAMED.search(answer):
            return [given]
        read = [plain(number, False) for number in readings(answer)]
        return read if read and isinstance(given, str) else [given, *read]

    def _facts(self) -> dict[str, Any]:
        many = isinstance(right := self.right(), list)
        names = many and isinstance(right[0], str)
        return {"wanted": self.wanted, "many": many, "names": names, "decimals": self.decimals}

    def on_page(self) -> dict[str, Any]:
        """All that the script of a page needs to know to say what `judge` says of a text, as JSON has it.

        `right` and `wrong` have answers as `_same` compares them, a number or the small letters of a list's parts; `wrong`
        by the place of its reason in `why`. `said` has the words by their kind, those of a list that differs by
        whether there are too many in it and some missing."""
        facts, whys = self._facts(), [*dict.fromkeys(why for _, why in self.mistakes())]
        many = facts["many"]

        def form(one: Any) -> Any:  # None for what no text can stand for here
            if isinstance(one, list) != many:
                return None
            return sorted(_texts(plain(one, True))) if many else one if _number(one := plain(one, False)) else None

        kinds = ("empty", "others", "yesno") if many else ("text", "odd", "coarse", "wrong")
        said = {kind: SHARED.text(f"exercise.{kind}", **facts) for kind in ("right", *kinds)}
        for extra, lost in (("{extra}", "{lost}"), ("{extra}", ""), ("", "{lost}")):
            said[f"differs{+bool(extra)}{+bool(lost)}"] = SHARED.text("exercise.differs", extra=extra, lost=lost)
        return {
            "right": [form(one) for one in (self.right(), *self.also())],
            "wrong": [[whys.index(why), known] for one, why in self.mistakes() if (known := form(one)) is not None],
            "why": [SHARED.text("exercise.known", why=why) for why in whys],
            "said": said | {"blank": SHARED.text("exercise.page.blank")},
            "hints": self.hints,
            "decimals": self.decimals,
            "many": many,
            "names": facts["names"],
        }

    def mistakes(self) -> list[tuple[Any, str]]:
        """The wrong answers, each with its words; where one number is right, a list is of several numbers that are wrong."""
        each = [(known if isinstance(known, list) else [known], [known], why) for known, why in self.wrong()]
        many = isinstance(self.right(), list)
        return [(one, why) for numbers, whole, why in each for one in (whole if many else numbers)]

    def answer(self) -> str:
        """The right answer as one writes it."""
        right = self.right()
        return ", ".join(map(str, right)) if isinstance(right, list) else f"{right:.4g}"

    def _same(self, given: Any, known: Any) -> bool:
        """Lists in any order, texts in any case; whole numbers exactly, others rounded or cut off."""
        known = plain(known, isinstance(known, list))
        if isinstance(known, list):
            return isinstance(given, list) and _texts(given) == _texts(known)
        if not all(_number(one) for one in (given, known)):
            return False
        if isinstance(known, int):
            return given == known
        digits = min(max(self.decimals, _decimals(given)), 9)
        cut = math.trunc(known * 10**digits) / 10**digits
        return min(abs(given - _rounded(known, digits)), abs(given - cut)) < 1e-9

    def _kind(self, given: Any, right: Any) -> str:
        """What kind of thing is wrong with an answer that is not right: under which name shown.toml has words for it."""
        many = isinstance(right, list)
        match given:
            case pd.DataFrame():
                return "table"
            case None | "":
                return "blank"
            case bool():
                return "marks"
            case [_, *_] if all(isinstance(part, bool) for part in given):
                return "marks"
            case [_, *_] if many and _texts(given) <= _YES_NO and not _texts(right) & _YES_NO:
                return "yesno"
            case [_, *_] if many:
                alike = any(isinstance(part, str) == isinstance(right[0], str) for part in given)
                return "differs" if alike else "others"
            case list():
                return "several" if given else "empty"
        if given is ... or callable(given):
            return "blank" if given is ... else "function"
        if many or not _number(given):
            return "one" if many else "text" if isinstance(given, str) else "odd"
        return "coarse" if given == _rounded(right, _decimals(given)) else "wrong"


def _texts(values: list) -> set[str]:
    return {str(value).casefold() for value in values}
