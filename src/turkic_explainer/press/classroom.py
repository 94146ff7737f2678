"""What a class answered first: what `turkic-explainer class` makes of its codes, or of learners' files.

What stands on a line beside a code is whose it is. A line or a file that cannot be read is told. Nothing leaves the machine.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .. import codes, learner
from ..checked import LETTERS
from ..course import tasks
from ..explorer import Explorer
from ..lessons import asked, entries, firsts, numbers
from ..questions import Entry
from ..validate import DataError, short
from .folder import HOME, digest, opened
from .template import css, filled

# The day and the hour of a message, which a chat puts before each.
_TIME = re.compile(r"\b\d{1,4}[-./]\d{1,2}[-./]\d{2,4}\b,?|\b\d{1,2}:\d\d(?::\d\d)?\b(?:\s?[ap]m\b)?", re.I)
_LIKE = re.compile(r"(?<![^\W_])[^\W_]{1,6}(?:\s?[-–—]\s?[^\W_]{1,6})+|[^\W_]{8,}")  # a code, whole or not; or a name
_LOW = 2 / 3  # what fewer than so many had right is to be taught again
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
    """A question or an exercise; `given` has for each learner whether it was right, and the choices' first letters."""

    key: str
    text: str
    form: str
    choices: list[Choice]
    given: dict[str, tuple[bool, str]] = field(default_factory=dict)

    @property
    def right(self) -> int:
        return sum(right for right, _ in self.given.values())

    @property
    def worst(self) -> Choice | None:
        """The wrong answer that most gave, if any did; of an order, what most had in another place."""
        wrong = [choice for choice in self.choices if choice.who and (self.form == "order" or not choice.right)]
        return max(wrong, key=lambda choice: len(choice.who), default=None)


@dataclass
class Lesson:
    """A lesson of which there are answers."""

    number: str
    who: list[str]
    rows: list[Row]

    @property
    def again(self) -> list[Row]:
        """What to teach again, the hardest first."""
        low = [row for row in self.rows if row.given and row.right < _LOW * len(row.given)]
        return sorted(low, key=lambda row: row.right / len(row.given))


def read(place: Path) -> tuple[list[Told], list[str]]:
    """What a text with codes tells, a learner's file, or a folder of such files; and what in it could not be read."""
    files = sorted(file for file in place.rglob("*.json") if HOME not in file.parts) if place.is_dir() else [place]
    told: list[Told] = []
    problems: list[str] = []
    for file in files:
        try:
            if file.suffix.lower() == ".json":
                who, done = file.parent.name if file.name == learner.FILE else file.stem, learner.remembered(file)
                given = {lesson: firsts(lesson, done) for lesson in numbers()}
                told += [Told(who, lesson, some, file.name) for lesson, some in given.items() if some]
            elif file.stat().st_size > _LARGEST:
                raise DataError([f"{file.name}: this is far too large for a text with codes."])
            else:
                told += in_text(file.read_bytes().decode("utf-8-sig", "replace"), problems)
        except DataError as error:
            problems += [f"{file.parent.name}/{line}" for line in error.problems]
    return _apart(told, problems), problems


def in_text(text: str, problems: list[str]) -> Iterator[Told]:
    """The codes in a text, each with what else stands on its line. What is wrong is added to `problems`, line by line."""
    bare = []
    for number, line in enumerate(text.splitlines(), 1):
        rest, slips = _TIME.sub(" ", line), []
        for _, code, _ in (found := [*_codes_in(rest)]):
            rest = rest.replace(code, " ")
        for like in _LIKE.findall(rest):
            if any(sign.isdigit() for sign in like) and len(codes.plain(like)) > 4:
                rest = rest.replace(like, " ")
                slips.append(f"line {number}, {short(like, 40)}: {_slip(like)}")
        who = " ".join(re.sub(r"^[\W_]+|[\W_]+$", "", rest.replace("[", " ").replace("]", " ")).split())
        for lesson, _, outcomes in found:
            yield Told(short(who, 60) or f"line {number}", lesson, outcomes, f"line {number}")
        problems += slips
        if line.strip() and not found and not slips:
            bare.append(f"{number} ({short(line.strip(), 30)})")
    if bare:
        problems.append(f"No code stands in line {', '.join(bare)}. If one should, ask for it again.")


def _codes_in(line: str) -> Iterator[tuple[str, str, dict[str, int]]]:
    """The whole codes of a line: the lesson of each, how it stands there, and what it holds."""
    for lesson in numbers():
        begin = "".join({"0": "[0Oo]", "1": "[1IiLl]"}.get(sign, sign) for sign in lesson)
        signs = rf"(?<![^\W_]){begin}(?:[\W_]{{0,3}}[^\W_]){{{codes.signs(entries(lesson))}}}(?![^\W_])"
        for found in re.findall(f"(?=({signs}))", line):
            if not isinstance(held := codes.decoded(found, entries(lesson)), str):
                yield lesson, found, held


def _slip(like: str) -> str:
    """What is wrong with something that looks like a code."""
    lesson = codes.plain(like)[:2]
    if lesson not in numbers():
        return f"a code begins with the number of its lesson, and there is no lesson {lesson}. Ask for it again."
    return str(codes.decoded(like, entries(lesson)))


def _apart(told: list[Told], problems: list[str]) -> list[Told]:
    """Each learner with one set of answers a lesson: what was handed in twice, once; another set under a name of its own."""
    kept: dict[tuple[str, str], Told] = {}
    for one in told:
        name, n = one.who, 1
        while (there := kept.get((one.who, one.lesson))) and there.outcomes != one.outcomes:
            n += 1
            one.who = f"{name} ({n})"
        if n > 1:
            problems.append(
                f"{one.where}: lesson {one.lesson} of {name} is here with other answers; these count as {one.who}."
            )
        kept[one.who, one.lesson] = one
    return [*kept.values()]


def _row(key: str, entry: Entry) -> Row:
    question = asked(key)
    if entry.exercise:
        whys = dict.fromkeys(why for _, why in question.mistakes())
        choices = [(question.answer(), True, ""), *((why, False, "") for why in whys)]
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
    for number in sorted({one.lesson for one in told}):
        ours = sorted((one for one in told if one.lesson == number), key=lambda one: one.who.casefold())
        rows = [_row(key, entry) for key, entry in codes.asked(entries(number)).items()]
        for one in ours:
            for row in rows:
                if outcome := one.outcomes.get(row.key, 0):
                    right, chosen = codes.chosen(entries(number)[row.key], outcome)
                    for n in chosen:
                        row.choices[n].who.append(one.who)
                    row.given[one.who] = right, " ".join(row.choices[n].label[0] for n in chosen)
        found.append(Lesson(number, [one.who for one in ours], rows))
    return found


def as_csv(lessons: list[Lesson]) -> str:
    """A row for each learner and question, as a spreadsheet takes it: what begins like a formula begins with an apostrophe."""
    made = io.StringIO()
    write = csv.writer(made)
    write.writerow(["who", "lesson", "question", "right", "answered"])
    for lesson in lessons:
        for who, row in ((who, row) for who in lesson.who for row in lesson.rows):
            right, letters = row.given.get(who, (None, ""))
            what = "; ".join(choice.label for choice in row.choices if choice.label[0] in letters.split())
            told = [who, lesson.number, row.key, {True: "yes", False: "no", None: ""}[right], what]
            write.writerow([re.sub(r"^(?=[=+\-@\t\r])", "'", text) for text in told])
    return made.getvalue()


def as_lines(lessons: list[Lesson]) -> Iterator[str]:
    """The same for a terminal, in short."""
    for lesson in lessons:
        yield f"Lesson {lesson.number}: {len(lesson.who)} learner{'s' * (len(lesson.who) != 1)}"
        for row in lesson.rows:
            most = f"; most often {'misplaced' if row.form == 'order' else 'wrong'}: {short(row.worst.label, 50)} ({len(row.worst.who)})" if row.worst else ""  # fmt: skip
            yield f"  {row.right:3} of {len(row.given):3} right  {row.key}{most}"
        if lesson.again:
            yield f"  To teach again: {', '.join(row.key for row in lesson.again)}"


def write(place: Path, out: Path) -> tuple[list[str], list[str]]:
    """Writes class.html and class.csv of what `place` tells into a folder. Gives what to say, and what could not be read.

    Raises DataError where nothing could be read, and for a folder that cannot be written.
    """
    told, problems = read(place)
    if not told:
        raise DataError([*problems, f"{place}: there is no code of this course in it, and no learner’s file."])
    lessons = lessons_of(told)
    html = filled("class.html.j2", lessons=lessons, problems=problems, css=css("page.css", "class.css"), lang="en")
    said = [*as_lines(lessons)]
    with opened(out) as folder:
        for path, content in {"class.html": html.encode(), "class.csv": as_csv(lessons).encode("utf-8-sig")}.items():
            if folder.is_theirs(path):
                said.append(f"left as you changed it: {path} (move it elsewhere to have it made anew)")
            else:
                folder.add(path, content, "", "class", digest(content))
    return said, problems
