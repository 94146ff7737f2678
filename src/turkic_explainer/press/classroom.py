"""What a class answered first: what `turkic-explainer class` makes of its codes, or of learners' files.

What stands on a line beside a code is whose it is. A line or a file that cannot be read is told. Nothing leaves the machine.
"""

import codecs
import csv
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from unicodedata import normalize

from .. import codes, learner
from ..checked import LETTERS
from ..course import tasks
from ..explorer import Explorer
from ..lessons import asked, entries, firsts, numbers
from ..lessons.lesson04 import sorting
from ..questions import Entry
from ..validate import DataError, short
from .folder import opened
from .sheets import workbook
from .template import whole_page

# Of a day or a month; 345-67-89 is of a telephone number, which is all that a chat knows of some.
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
# The day and the hour of a message, which a chat puts before each, in brackets with more words or bare; a form has them as well.
_TIME = re.compile(
    r"\[[^][]*\d:\d\d[^][]*\]"
    rf"|(?<![-\d])(?:\d{{4}}[-./]{_DAY}[-./]{_DAY}|{_DAY}[-./]{_DAY}[-./]\d\d(?:\d\d)?)(?:\b,?|(?=T\d))"
    r"|(?:\b|T)\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z\b|[+-]\d\d:?\d\d\b|\b(?:\s?(?:[ap]m|ö[ös])\b)?(?:\s?(?:GMT|UTC)(?:[+-]\d[\d:]*)?)?)",
    re.I,
)
# That a message was edited, as a chat says it, and signs of which way a text runs.
_NOT_SEEN = re.compile("\u200e<[^<>]*>|[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_QUOTED = re.compile(r"^[\s>|]+")  # what a mail program puts before what it quotes
_LIKE = re.compile(r"(?<![^\W_])[^\W_]{1,6}(?:\s?[-–—]\s?[^\W_]{1,6})+|[^\W_]{8,}")  # a code, whole or not; or a name
_LOW = 2 / 3  # what fewer than so many had right is to be taught again
_MOST = 50  # lines without a code that are told one by one
_LARGEST = 1 << 24  # bytes: what is larger is no text with codes


@dataclass
class Told:
    """What one learner answered first in one lesson, as `codes` has it, and where that was read."""

    who: str
    lesson: str
    outcomes: dict[str, int]
    where: str


@dataclass
class Choice:
    """An answer that could be given, and who gave it first: of an order, who had it in another place."""

    label: str
    right: bool
    why: str
    who: list[str] = field(default_factory=list)


@dataclass
class Row:
    """A question, an exercise or a card; `given` has for each learner whether it was right, and the choices' letters. No word is
    right for a card: of its choices, the one that counts as right is this course's own."""

    key: str
    text: str
    form: str
    choices: list[Choice]
    given: dict[str, tuple[bool | None, str]] = field(default_factory=dict)

    @property
    def right(self) -> int:
        """How many were right; of a card, how many chose the word that most chose."""
        return len(self.piles[0].who) if self.form == "card" else sum(right for right, _ in self.given.values())

    @property
    def piles(self) -> list[Choice]:
        """What was chosen at all, what most chose first."""
        return sorted((choice for choice in self.choices if choice.who), key=lambda choice: -len(choice.who))

    @property
    def ours(self) -> Choice:
        return next(choice for choice in self.choices if choice.right)

    @property
    def worst(self) -> Choice | None:
        """The wrong answer that most gave, if any did; of an order, what most had in another place."""
        wrong = [choice for choice in self.choices if choice.who and (self.form == "order" or not choice.right)]
        return max(wrong, key=lambda choice: len(choice.who), default=None)


@dataclass
class Lesson:
    """A lesson, or the cards of one, and who answered in it; `head` is what its codes begin with."""

    head: str
    who: list[str] = field(default_factory=list)

    @property
    def cards(self) -> bool:
        return self.head == sorting.HEAD

    @property
    def number(self) -> str:
        return self.head.replace("F", "0")

    @property
    def name(self) -> str:
        return f"lesson {self.number}{', the cards' * self.cards}"

    @cached_property
    def rows(self) -> list[Row]:
        return [*_cards()] if self.cards else [_row(key, entry) for key, entry in _held(self.head).items()]

    @property
    def again(self) -> list[Row]:
        """What to teach again, the hardest first; of cards, those on which the class is most divided."""
        low = [row for row in self.rows if row.given and row.right < _LOW * len(row.given)]
        return sorted(low, key=lambda row: row.right / len(row.given))


def read(place: Path) -> tuple[list[Told], list[str]]:
    """What a text with codes tells, a learner's file, or a folder of such files; and what in it could not be read."""
    told: list[Told] = []
    problems: list[str] = []
    files = sorted(_learners_files(place, problems)) if place.is_dir() else [place]
    for file in files:
        try:
            if file.suffix.lower() == ".json":
                told += _in_file(file, _who(file, place), problems)
            else:
                told += in_text(_text(file), problems)
        except DataError as error:
            problems += [f"{file.parent.relative_to(place.parent)}/{line}" for line in error.problems]
        except FileNotFoundError:
            if file == place:
                raise
            problems.append(
                f"{file.relative_to(place.parent)}: the file that this leads to is not there. Ask for it again."
            )
    return _apart(told, problems), problems


def _learners_files(place: Path, problems: list[str]) -> Iterator[Path]:
    """The files of a folder that may be learners'; not what a system or a program keeps beside them, behind a dot. A folder that
    cannot be read is added to `problems`."""

    def told(error: OSError) -> None:
        lost = Path(error.filename).relative_to(place.parent)
        problems.append(f"{lost}: this folder cannot be read ({error.strerror}). Who is in it is not here.")

    for folder, folders, names in os.walk(place, onerror=told):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.lower().endswith(".json") and not name.startswith(".") and name != sorting.EXAMPLE:
                yield Path(folder, name)


def _who(file: Path, place: Path) -> str:
    """Whose a file is: its name, or that of its folder, with all folders on the way, for two classes may have one name."""
    theirs = file.with_suffix("")
    if file.name.lower() in (learner.FILE, sorting.MINE):
        theirs = file.parent.parent if file.parent.name == "notebooks" else file.parent
    return theirs.relative_to(place).as_posix() if place in theirs.parents else theirs.resolve().name


def _in_file(file: Path, who: str, problems: list[str]) -> Iterator[Told]:
    """What a learner's file tells, of answers and of cards."""
    try:
        filing, given = sorting.read_filing(file), {}
    except DataError:  # it is a file of answers, or none
        done = learner.remembered(file)
        filing = sorting.filing_in(done["filings"].get("04", {"filed": {}}), file.name)
        given = {lesson: firsts(lesson, done) for lesson in numbers()}
        there = {key: one for lesson in numbers() for key, one in codes.asked(entries(lesson)).items()}
        noted = {**done["questions"], **done["exercises"]}.items()
        if older := [key for key, one in noted if key not in there or not learner.counts(one, there[key].edition())]:
            problems.append(
                f"{who}: not counted, for they were answered in another edition of the course, in which they may have "
                f"asked something else: {short(', '.join(older), 2000)}."
            )
    problems += filing.left_out
    for head, outcomes in [*given.items(), (sorting.HEAD, filing.outcomes)]:
        if outcomes:
            yield Told(who, head, outcomes, file.name)


def _text(file: Path) -> str:
    """A text, in UTF-8 or, as Windows calls it, Unicode. Raises DataError for any other, in which names would be lost."""
    if file.stat().st_size > _LARGEST:
        raise DataError([f"{file.name}: this is far too large for a text with codes."])
    content = file.read_bytes()
    try:
        text = content.decode("utf-16" if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if content[:4] == b"PK\3\4" and file.suffix.lower() == ".zip":
        raise DataError([f"{file.name}: this is packed. Unpack it, and name the folder that this makes."])
    if "\0" in text:
        mend = "Copy the codes, with their names, into a new text file"
        raise DataError([f'{file.name}: this is no text in UTF-8. {mend}; or save it from Excel as "CSV UTF-8".'])
    return text


@dataclass
class _Code:
    """A code in a text: what it begins with, how it stands there, what it holds, and where it begins and ends."""

    head: str
    text: str
    outcomes: dict[str, int]
    begin: int
    end: int


def _lines(text: str) -> Iterator[tuple[int, str, list[_Code]]]:
    """The lines of a text by their numbers, without times and signs of another width, each with its codes; two are one where
    a code goes from one on into the next, and where a chat puts the name and the hour of a message above it."""
    begun, whole, held, headed = 0, "", [], False
    for number, line in enumerate([*text.splitlines(), ""], 1):
        line, times = _TIME.subn(" ", normalize("NFKC", _NOT_SEEN.sub("", line)))
        both, end = f"{whole.rstrip()}\n{_QUOTED.sub('', line)}", len(whole.rstrip())
        found = [*_codes_in(both)]  # and those of this line alone: where a code ends, nothing before it changes
        own = [code for code in found if code.begin > end]
        if headed and own and not times or any(code.begin < end < code.end for code in found):
            whole, held, headed = both.replace("\n", " "), found, False
            continue
        if begun:
            yield begun, whole, held
        begun, whole, held, headed = number, line, own, times > 0 and not own


def in_text(text: str, problems: list[str]) -> Iterator[Told]:
    """The codes in a text, each with what else stands on its line. What is wrong is added to `problems`, line by line."""
    bare = []
    for number, line, found in _lines(text):
        rest, slips = line, []
        for code in found:
            rest = rest.replace(code.text, " ")
        for like in _LIKE.findall(rest):
            begins = codes.plain(like)[:2] in _heads() and any(sign.isdigit() for sign in like[:2])
            begins &= not (found and re.fullmatch(r"[\d\W]{6,}", like))  # digits alone are of a telephone number
            # Beside a whole code, what is short and begins like no other is part of a name, such as Aida2010.
            if any(sign.isdigit() for sign in like) and len(codes.plain(like)) > (4 if begins or not found else 10):
                rest = rest.replace(like, " ") if begins else rest
                slips.append(f"line {number}, {short(like, 40)}: {_slip(like)}")
        who = _named(rest)
        for code in found:
            yield Told(short(who, 60) or f"line {number}", code.head, code.outcomes, f"line {number}")
        problems += slips
        if line.strip() and not found and not slips:
            bare.append(f"{number} ({short(line.strip(), 30)})")
    if bare:
        more = f" and {len(bare) - _MOST} more" if len(bare) > _MOST else ""  # of a chat that is pasted whole
        problems.append(
            f"No code stands in line {', '.join(bare[:_MOST])}{more}. If one should, ask for it again; a name stands on the "
            "line of its code."
        )


def _named(rest: str) -> str:
    """Whose the codes of a line are: what else stands there, in quotation marks or not, without the marks around it."""
    rest = re.sub(r'"([,;\t])"', r"\1 ", re.sub(r"[][]", " ", rest))
    who = re.sub(r"^[\W_]+|[\W_]+$", "", rest)
    return " ".join(who.split()) + ")" * (who.count("(") > who.count(")"))  # Aida (2)


@cache
def _patterns() -> dict[str, re.Pattern]:
    """What a code of each head looks like, wherever it begins."""
    behind = {head: rf"(?:{codes.BETWEEN}[^\W_]){{{codes.signs(_held(head))}}}" for head in _heads()}
    return {
        head: re.compile(rf"(?=((?<![^\W_]){codes.like(head)}{signs}(?![^\W_])))") for head, signs in behind.items()
    }


def _codes_in(text: str) -> Iterator[_Code]:
    """The whole codes of a text, on one line or over two."""
    for head, pattern in _patterns().items():
        for found in pattern.finditer(text):
            if not isinstance(held := codes.decoded(found[1], _held(head)), str):
                yield _Code(head, found[1].replace("\n", " "), held, *found.span(1))


def _heads() -> list[str]:
    """What a code may begin with: the number of a lesson, and behind that of the lesson with cards what stands for them."""
    return sorted([*numbers(), sorting.HEAD], key=lambda head: (head.replace("F", "0"), head))


def _held(head: str) -> dict[str, Entry]:
    """What a code that begins like this tells of."""
    return sorting.coded_cards() if head == sorting.HEAD else codes.asked(entries(head))


def _slip(like: str) -> str:
    """What is wrong with something that looks like a code."""
    head = codes.plain(like)[:2]
    if head not in _heads():
        return f"a code begins with the number of its lesson (that of cards with F4), and there is no lesson {head}. Ask for it again."
    return str(codes.decoded(like, _held(head)))


def _apart(told: list[Told], problems: list[str]) -> list[Told]:
    """Each learner with one set of answers a lesson: what was handed in twice, once; another set under a name of its own."""
    kept: dict[tuple[str, str], Told] = {}
    twice = []
    for one in told:
        name, n = one.who, 1
        while (there := kept.get((one.who, one.lesson))) and there.outcomes != one.outcomes:
            n += 1
            one.who = f"{name} ({n})"
        if n > 1:
            problems.append(
                f"{one.where}: {Lesson(one.lesson).name} of {name} is here with other answers; these count as {one.who}."
            )
        if there and one.where != sorting.MINE:  # which my-progress.json has as well
            twice.append(f"{one.who} ({one.where})")
        kept[one.who, one.lesson] = one
    if twice:
        told_once = ", ".join(twice)
        problems.append(f"Counted once, for they are here before: {told_once}. Two of one name need a name each.")
    return [*kept.values()]


def _cards() -> Iterator[Row]:
    letters = sorting.letters() | {sorting.NONE: "–"}
    for n, card in enumerate(sorting.cards().itertuples(), 1):
        choices = [Choice(f"{letter} {word}", word == card.priority, card.why) for word, letter in letters.items()]
        yield Row(f"{sorting.HEAD}-{card.Index}", f"{n} {card.name}", "card", choices)


def _row(key: str, entry: Entry) -> Row:
    question = asked(key)
    if entry.exercise:
        whys = dict.fromkeys(why for _, why in question.mistakes())
        choices = [(question.answer(), True, ""), *((why, False, "") for why in whys)]
    elif entry.form == "map":  # whose answers are letters; what is said of each begins with its name
        choices = [(told, right, "") for _, right, told in question.answers]
    else:
        choices = (
            question.answers
            if isinstance(question, Explorer)
            else [(r.label, r.right, r.why) for r in question.reasons]
        )
    if entry.form in ("exercises", "number"):
        choices = [*choices, ("another answer", False, "")]
    text = f"Exercise: {tasks(key[:2]).get(key) or question.wanted}" if entry.exercise else question.title
    labels = (re.sub(rf"^(?:{letter}[. ]+)?", f"{letter}. ", label, count=1) for letter, (label, *_) in zip(LETTERS + "IJ", choices, strict=False))  # fmt: skip
    return Row(key, text, entry.form, [Choice(label, *more) for label, (_, *more) in zip(labels, choices, strict=True)])


def lessons_of(told: list[Told]) -> list[Lesson]:
    """The lessons of which there are answers, with all that they ask."""
    found = []
    for lesson in map(Lesson, _heads()):
        ours = (one for one in told if one.lesson == lesson.head)
        for one in sorted(ours, key=lambda one: normalize("NFKD", one.who).casefold()):  # Ö by O
            lesson.who.append(one.who)
            for row in lesson.rows:
                if outcome := one.outcomes.get(row.key, 0):
                    right, chosen = codes.chosen(_held(lesson.head)[row.key], outcome)
                    for n in chosen:
                        row.choices[n].who.append(one.who)
                    letters = " ".join(row.choices[n].label.split()[0].rstrip(".") for n in chosen)
                    row.given[one.who] = None if row.form == "card" else right, letters
        if lesson.who:
            found.append(lesson)
    return found


def as_rows(lessons: list[Lesson]) -> Iterator[list[str]]:
    """A row for each learner and question, below a row of their heads."""
    yield ["who", "lesson", "question", "right", "answered", "as this course filed it"]
    for lesson in lessons:
        for who, row in ((who, row) for who in lesson.who for row in lesson.rows):
            right, _ = row.given.get(who, (None, ""))
            what = "; ".join(choice.label for choice in row.choices if who in choice.who)
            ours = row.ours.label if lesson.cards else ""
            yield [who, lesson.number, row.key, {True: "yes", False: "no", None: ""}[right], what, ours]


def as_csv(rows: list[list[str]]) -> str:
    """The same for programs; a spreadsheet may open it as well, so what begins like a formula begins with an apostrophe."""
    made = io.StringIO()
    # In quotation marks, or a name with a semicolon is two fields where Excel parts at these.
    write = csv.writer(made, quoting=csv.QUOTE_ALL)
    write.writerows([re.sub(r"^(?=[=+\-@\t\r])", "'", text) for text in row] for row in rows)
    return made.getvalue()


def as_lines(lessons: list[Lesson]) -> Iterator[str]:
    """The same for a terminal, in short."""
    for lesson in lessons:
        yield f"{lesson.name.capitalize()}: {len(lesson.who)} learner{'s' * (len(lesson.who) != 1)}"
        for row in lesson.rows:
            if lesson.cards:
                filed = ", ".join(f"{pile.label} {len(pile.who)}" for pile in row.piles) or "not filed"
                yield f"  {short(row.text, 50)}: {filed} (this course: {row.ours.label})"
                continue
            most = f"; most often {'misplaced' if row.form == 'order' else 'wrong'}: {short(row.worst.label, 50)} ({len(row.worst.who)})" if row.worst else ""  # fmt: skip
            yield f"  {row.right:3} of {len(row.given):3} right  {row.key}{most}"
        if lesson.again:
            what = "To talk about again, most divided first: card" if lesson.cards else "To teach again:"
            keys = (row.text.split()[0] if lesson.cards else row.key for row in lesson.again)
            yield f"  {what} {', '.join(keys)}"


def write(place: Path, out: Path) -> tuple[list[str], list[str]]:
    """Writes class.html, class.xlsx and class.csv of what `place` tells into a folder. Gives what to say, and what could not be
    read. Raises DataError where nothing could be read, and for a folder that cannot be written."""
    told, problems = read(place)
    if not told:
        more = " A text with codes is to be named itself." if place.is_dir() else ""
        raise DataError([*problems, f"{place}: there is no code of this course in it, and no learner’s file.{more}"])
    lessons = lessons_of(told)
    rows, said = [*as_rows(lessons)], [*as_lines(lessons)]
    files = {
        "class.html": whole_page("class.html.j2", lessons=lessons, problems=problems).encode(),
        # A spreadsheet parts a .csv at commas, or at semicolons, by country.
        "class.xlsx": workbook(dict(enumerate(rows, 1))),
        "class.csv": ("\ufeff" + as_csv(rows)).encode("utf-8", "backslashreplace"),  # a file's name may be no UTF-8
    }
    with opened(out) as folder:
        for path, content in files.items():
            folder.offer(path, content, "class", said.append)
    return said, problems
