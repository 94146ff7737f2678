"""What a sentence owes to the claims that it cites: their figures, in digits or in words, and their qualifiers.

A qualifier is a word without which a sentence says more than what bears it out: about, planned, by one page, contested.
Here is also what the records owe to each other.
"""

import re
from calendar import month_name
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path

from .. import ledger, tables
from ..content import and_
from ..ledger import CLAIM_ID, Claim
from ..markup import long_date, spelled
from ..validate import DataError, read_toml

LINK = re.compile(r"\[([^\[\]]{0,1000})\]\(([^()\s]{0,1000})\)")  # with bounds, so that no text makes it slow
SENTENCE = re.compile(r"(?<=[.?!:;])\s+(?=[A-Z*\"“])")
NO_FIGURE = re.compile(  # numbers that tell about the course, not about the world
    r"`[^`]*`|\bD-\d\d\b|\b\d+(?:–\d+)? minutes?\b|\b(?:lesson|cell|question|exercise|step|row)s? \d+\b|^\s*\d+\.\s",
    re.M | re.I,
)
_OF_REPORT = re.compile(r"evidence/S\d\.md$")  # leads from a report's name and date, which `refresh` writes
_MONTHS = list(month_name)[1:]
_DATE = re.compile(rf"\b(?:(\d{{1,2}}) )?({'|'.join(_MONTHS)}) (\d{{4}})\b")
_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})\b")  # without its year
_FIGURE = re.compile(r"(?<![\w-])\d[\d,]*(?:\.\d+)?")
_SEARCHED = re.compile(r"\(searched on [^();]*? in ([A-Z][^();]*)\)")

# ---- figures, in digits and in words

_ONES = "one two three four five six seven eight nine ten eleven twelve".split()
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: n for n, word in enumerate(_ONES + _TEENS, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_WORDS |= dict.fromkeys("twice double doubled doubles doubling".split(), 2) | dict.fromkeys(("triple", "tripled"), 3)
_WORDS |= {"dozen": 12, "hundred": 100, "half": 50, "halved": 50, "quarter": 25, "quarters": 25, "thirds": 33}
_WORDS |= {"a third of": 33, "one third": 33}  # parts as percent: a record that has half or 50 bears out half
_WORD = re.compile(
    rf"\b(?:(?:{'|'.join(_TENS)})-(?:{'|'.join(_ONES)})|{'|'.join(sorted(_WORDS, reverse=True))})\b", re.I
)
_COMMON = ("one", "two")  # they stand in every second sentence, and mostly count what is in it


def dates(text: str) -> set[str]:
    """The dates in a text, of a day or a month with its year, as 2025-10-07 or 2025-10: one figure, not three."""
    in_digits = {"-".join(filter(None, match)) for match in re.findall(r"\b(\d{4})-(\d\d)(?:-(\d\d))?\b", text)}
    return in_digits | {_iso(*found) for found in _DATE.findall(text)}


def _iso(day: str, month: str, year: str = "") -> str:
    """A day or a month as 2025-10-07 or 2025-10; without its year as -10-07."""
    number = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(month))
    return f"{year}-{number:02d}" + (f"-{int(day):02d}" if day else "")


def figures(text: str) -> set[str]:
    """The numbers in a text, in one spelling: 4,000 and 4000, 07 and 7, 6.0 and 6 are the same."""
    text = CLAIM_ID.sub(" ", text)
    # Of a date like 2024-07-06, prose has the year and the day in digits.
    text = re.sub(r"\b(\d{4})-\d\d(?:-(\d\d))?\b", r"\1 \2", text)
    numbers = (match.rstrip(",").replace(",", "") for match in _FIGURE.findall(text.replace("-", " ")))
    return {f"{float(number):.10g}" for number in numbers}


def number_words(text: str) -> dict[str, str]:
    """The number words in a text, each with its figure: five as 5, twice as 2, half as 50 (percent)."""
    words = {match.lower() for match in _WORD.findall(text)}
    return {word: str(sum(_WORDS[part] for part in word.split("-"))) for word in words}


@cache
def _whole() -> tuple[tuple[re.Pattern, int], ...]:
    """What the course counts itself, and how many there are: for "all five reports" or "the eight words"."""
    roles = tables.members()["role"].value_counts()
    counted = {
        r"(?:press )?reports": len(ledger.sources()),
        r"members": roles["member"],
        r"observers": roles["observer"],
        r"bodies": len(tables.bodies()),
        r"words|letters|priorities": len(tables.priorities()),
    }
    words = "|".join(_ONES[2:])  # "the two members" are two of them
    return tuple((re.compile(rf"\b(?:the|all) ({words}) (?:{noun})\b", re.I), n) for noun, n in counted.items())


def bare(text: str) -> str:
    """A text without its citations, and with the words of its other links."""
    return LINK.sub(lambda m: "" if CLAIM_ID.fullmatch(m[1]) or _OF_REPORT.match(m[2]) else m[1], text)


def unborne(sentence: str, cited: list[Claim]) -> Iterator[str]:
    """The dates, figures and number words of a sentence that none of these claims bears out."""
    prose = bare(sentence)
    if not re.search(r"\d", prose) and not _WORD.search(prose):
        return
    text = " ".join(claim.figures for claim in cited)
    told = [[claim.figures, *claim.sources, ledger.said_on(claim), str(claim.searched)] for claim in cited]
    days = set().union(*(dates(" ".join(parts)) for parts in told))
    for day in sorted(d for d in dates(prose) if not any(known.startswith(d) for known in days)):
        yield f"the date {day}"
    prose = _DATE.sub(" ", prose)
    for day, month in _DAY.findall(prose):
        if not any(known.endswith(_iso(day, month)) for known in days):
            yield f"the date {day} {month}"
    for figure in sorted(figures(_DAY.sub(" ", prose)) - figures(text)):
        yield f"the figure {figure}"
    of_course = set()
    for counted, there in _whole():
        for word in counted.findall(prose):
            of_course |= {word.lower()}
            if _WORDS[word.lower()] != there:
                yield f'the number word "{word}": the course has {there} of them'
    if cited:  # elsewhere they count what the lesson itself shows
        text = " ".join(filter(None, (part for c in cited for part in (c.says, c.printed, c.caveat, c.amount))))
        text = _DAY.sub(" ", _DATE.sub(" ", text))  # a day of the month bears out no count
        borne = figures(text) | set(number_words(text).values())
        for word, figure in number_words(prose).items():
            if figure not in borne and word not in (*_COMMON, *of_course):
                yield f'the number word "{word}"'


# ---- qualifiers: what a record hedges, its reader hedges too

_SAID = read_toml(Path(__file__).with_name("claims.toml"))
_ANY = {name: "|".join(words) for name, words in _SAID.items()}
_BOUND = rf"\b(?:{_ANY['bounds']})"
_BOUNDED = re.compile(rf"{_BOUND} (?:the |US |a )?(?!(?:19|20)\d\d\b)(\d[\d,]*(?:\.\d+)?)", re.I)
_PLANNED = re.compile(rf"\b(?:{_ANY['planned']})\b", re.I)
_AHEAD = re.compile(rf"\b(?:{_ANY['ahead']})")
_CREDIT = re.compile(rf"\b(?:{_ANY['credit'].replace('WHO', _ANY['who'])})\b", re.I)
_NONE = re.compile(_ANY["not_found"])
_SOFT = ("supported-by-source", "contested", "recollection")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NOW = re.compile(r"\b(?:is|are|has|have|lives?)\b")


def cited_in(text: str) -> list[Claim]:
    """The claims whose ids stand in a text, each once; an id that there is not is told elsewhere."""
    found = []
    for claim_id in dict.fromkeys(CLAIM_ID.findall(text)):
        with suppress(DataError):
            found.append(ledger.claim(claim_id))
    return found


def unhedged(paragraph: str, before: str = "") -> Iterator[str]:
    """What the sentences of a paragraph say more firmly than the claims that they cite, each with its mend."""
    for sentence in SENTENCE.split(paragraph):
        cited, prose = cited_in(sentence), CLAIM_ID.sub(" ", bare(sentence))
        if not prose.rstrip(" ()[].*").endswith("?"):
            for c in cited:
                yield from _firmer(prose, before, c)
                if _NONE.search(prose) and c.searched and str(c.searched) not in dates(before + bare(paragraph)):
                    when = f"(searched on {long_date(c.searched)} in {and_(c.languages)})"
                    yield f"it was not found, when? Let {when} stand behind {c.id}"
            soft = [c for c in cited if _is_soft(c, prose)]
            last = SENTENCE.split(before.strip())[-1]  # it may have said whose word it is, if it cites nothing else
            beside = prose if set(CLAIM_ID.findall(last)) - {c.id for c in cited} else f"{last} {prose}"
            if cited and soft == cited and not _CREDIT.search(beside) and not re.search('["“]', prose):
                sure = (f"{c.id} ({_sure(c, prose)})" for c in cited)
                yield f"it says outright what stands in {' and '.join(sure)}. Say whose word it is"
        before += " " + LINK.sub(lambda m: m[1], sentence)


def _is_soft(c: Claim, prose: str) -> bool:
    return _confidence(c, prose) in _SOFT or c.voice in ("quoted", "retold") or _by_one(c, prose)


def _confidence(c: Claim, prose: str) -> str | None:
    """How sure a record is of what a sentence takes from it: its part that shares most with the sentence decides."""
    rest, stated = c.says, c.statements()
    for passage, *_ in stated:
        rest = rest.replace(passage, " ")
    told = _weight(prose)
    parts = [(rest, c.confidence), *((passage, word) for passage, word, _ in stated)]
    return max(parts, key=lambda part: len(told & _weight(part[0])))[1]


def _weight(text: str) -> set[str]:
    """The figures, days and longer words of a text, without their endings."""
    return figures(text) | dates(text) | {word[:5].lower() for word in re.findall(r"[^\W\d_]{4,}", text)}


def _sure(c: Claim, prose: str) -> str:
    if (confidence := _confidence(c, prose)) == "confirmed-by-two":
        return "of its sources one alone is young enough to tell that date"
    return ledger.CONFIDENCE_WORDS.get(confidence) or f"said by {c.speaker}"


def _by_one(c: Claim, prose: str) -> bool:
    """Whether a sentence has a date from a record of several sources of which one alone is young enough to tell it."""
    published = [_dated(note) for line in c.sources for _, note in _ADDRESS.findall(line)]
    able = [sum(day[: len(there)] >= there[: len(day)] for day in published) for there in dates(c.says) & dates(prose)]
    return "" not in published and 1 in able


def _firmer(prose: str, before: str, c: Claim) -> Iterator[str]:
    """What a sentence leaves out of one claim: a word before its figure, that it is a plan, or for when it is."""
    there = figures(NO_FIGURE.sub(" ", prose)) | dates(prose)
    hedged = {f for n in _BOUNDED.findall(c.says) for f in figures(n)}
    if c.qualifier and re.match(_BOUND, c.qualifier):
        hedged |= figures(c.amount)
    said_before = {f for n in _BOUNDED.findall(before) for f in figures(n)}
    for figure in sorted(hedged & there - figures(_BOUNDED.sub(" ", c.says)) - said_before):
        if not re.search(_BOUND, prose, re.I):
            yield f"{c.id} has a word before {figure}, such as about or more than. Keep it"
    parts = [part for part in re.split(r"(?<=[.;])\s", c.says) if there & (figures(part) | dates(part))]
    if parts and all(_PLANNED.search(part) for part in parts) and not _AHEAD.search(prose):
        yield f"what {c.id} has of it is planned, expected or wished. Say so"
    dated = c.kind == "background" and c.as_of and not _YEAR.search(before + prose)
    if dated and figures(c.amount) & there and _NOW.search(prose):
        yield f"{c.id} has this for {spelled(c.as_of)}. Say when"


def languages(paragraph: str) -> Iterator[str]:
    """The languages of a search that are not those of a record cited in the same sentence."""
    for sentence in SENTENCE.split(paragraph):
        beside = cited_in(sentence) or cited_in(paragraph)
        for told in _SEARCHED.findall(sentence):
            if not any(set(re.split(", | and ", told)) == set(c.languages) for c in beside):
                yield f"no claim cited beside it was searched for in {told}. Name the languages of its record."


# ---- what the records owe to each other

_MEMBERS_OUTLETS = re.compile(rf"(?:\.(?:{_ANY['endings']})|\b(?:{'|'.join(map(re.escape, _SAID['hosts']))}))$")
_NOTED = re.compile(r"\b(\d{4}-\d\d(?:-\d\d)?)|(?:(\d{1,2}) )?([A-Z][a-z]{2})[a-z]* (\d{4})|\b((?:19|20)\d\d)\b")
_ADDRESS = re.compile(r"https?://(?:www\.)?([^\s()]+)(?: \(([^()]*)\))?")


def _records() -> list[Claim]:
    return [ledger.claim(claim_id) for claim_id in ledger.claims("B").index]


def _dated(note: str) -> str:
    """The day, month or year in a note behind an address, as 2026-01-16, 2026-01 or 2026."""
    if match := _NOTED.search(note):
        iso, day, month, year, alone = match.groups()
        if month in [name[:3] for name in _MONTHS]:
            return _iso(day, month, year)
        return iso or alone or year
    return ""


def _publisher(note: str) -> str:
    match = re.match(r"[A-Z][^,:;\d]+(?=,|$)", note)
    return match[0].strip() if match else ""


def unlike() -> Iterator[str]:
    """Records that cite one address and disagree on its day, on who published it, or on the figure for one thing."""
    by_address: dict[str, dict[str, str]] = {}
    for c in _records():
        for address, note in (match for line in c.sources for match in _ADDRESS.findall(line)):
            by_address.setdefault(address.rstrip("/"), {})[c.id] = note
    for address, notes in by_address.items():
        for (one, noted), (other, also) in combinations(notes.items(), 2):
            for what, read in (("day", _dated), ("publisher", _publisher)):
                a, b = read(noted), read(also)
                if a and b and a not in b and b not in a:
                    yield f"{one} and {other} give {address[:60]} another {what}: {a} and {b}. Let them agree."
            a, b = ledger.claim(one), ledger.claim(other)
            alike = a.amount and b.amount and a.says.replace(a.amount, "") == b.says.replace(b.amount, "")
            if alike and a.unit == b.unit and a.value != b.value:
                yield f"{one} and {other} have {a.amount} and {b.amount} for one thing from {address[:50]}. Mend it."


def unowned() -> Iterator[str]:
    """Records of two sources or more, all of them outlets of members of the OTS or its bodies, that do not say so."""
    for c in _records():
        hosts = [address.split("/")[0].split(":")[0] for line in c.sources for address, _ in _ADDRESS.findall(line)]
        named = c.ownership or c.confidence != "confirmed-by-two"
        if not named and hosts and all(map(_MEMBERS_OUTLETS.search, hosts)):
            yield f"{c.id}: all its sources are outlets in members of the OTS or its bodies. Say so in `ownership`."


def old_plans(today: date) -> list[str]:
    """The plans of more than a year ago, each with the day on which it was last searched for."""
    year_ago = today.replace(year=today.year - 1, day=min(today.day, 28)).isoformat()
    return [
        f"{c.id} (as of {c.as_of}, last searched {c.searched or 'on no day that was kept'})"
        for c in _records()
        if (c.data.get("status") in _SAID["undone"] or re.search(r"\b(?:planned|under way)\b", c.says))
        and (c.as_of or str(c.searched or "")) < year_ago
    ]
