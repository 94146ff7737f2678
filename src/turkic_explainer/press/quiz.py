"""The course's questions and words in the form that a school's own tools take: what `turkic-explainer quiz` writes.

    moodle    moodle.xml, for Moodle's question bank: each answer with its reason
    qti       qti.zip, a package of QTI 2.1 with a test of all questions
    sheet     kahoot-NN.xlsx and quizizz-NN.xlsx, a lesson each, as those two take questions in
    anki      words.apkg, the words as cards
    scorm     scorm-NN.zip, the student's page of a lesson, which tells a learning platform by SCORM 1.2 what was right

Each is text in templates/quiz, filled in; no clock is in a file. Libraries were weighed and are larger than what they would
save: genanki (MIT, of 2023, four packages more) for a table of SQLite, and openpyxl (which writes the time) or XlsxWriter
for five small files of XML.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from markupsafe import escape
from PIL import Image

from .. import vocabulary
from ..checked import Number, Order
from ..content import SHARED
from ..course import heading
from ..files import read
from ..lessons import entries, names, numbers
from ..questions import Entry
from ..spoken import said
from ..validate import language_of, speaking
from .blocks import parsed
from .build import Source, unlinked
from .folder import digest, opened
from .office import pinned, png, zipped
from .pages import HandoutExporter
from .template import TEMPLATES, filled

Files = dict[str, bytes]
Say = Callable[[str], None]
_PLACELESS = {"order": "an order", "map": "a map"}  # what no spreadsheet has a place for
_ID = 1_767_225_600  # a second of 1 January 2026: what Anki wants to know of a day, for there is no clock in a file


@dataclass(frozen=True)
class Answer:
    """An answer by its `mark`, n1 for the first in the file; `number` and how far `off` it counts, of a number; `spot`,
    where its mark lies in the picture of a map, in dots from the left and from the top."""

    mark: str
    label: str
    right: bool
    why: str
    number: str = ""
    off: str = ""
    spot: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Question:
    """A question as any tool may want it.

    kind     pick (one answer), several, order, number or map
    answers  of an order, as they stand in it; `mixed`, as they are asked
    asks     of a number: what stands before it, such as its unit
    picture  of a map: a PNG with its letters; `alt` says what it is, and `dots` what is dotted on it
    """

    key: str
    kind: str
    text: str
    answers: tuple[Answer, ...]
    mixed: tuple[Answer, ...] = ()
    unit: str = ""
    asks: str = ""
    picture: bytes = b""
    alt: str = ""
    dots: str = ""

    @property
    def base64(self) -> str:
        return base64.b64encode(self.picture).decode()

    @property
    def size(self) -> tuple[int, int]:
        return _size(self.picture)

    def share(self, answer: Answer) -> str:
        """What an answer brings in Moodle, in percent: all right ones together 100, and all that are not take as much
        away where several are picked."""
        alike = sum(one.right == answer.right for one in self.answers)
        lost = -100 if self.kind == "several" else 0
        return f"{(100 if answer.right else lost) / alike:.7g}"


def _size(picture: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(picture)).size


def _question(key: str, entry: Entry, lesson: str) -> Question:
    """A question with all that is looked up in it. Raises DataError for what cannot be."""
    asked = entry.as_question(key, names(lesson))
    if isinstance(asked, Number):
        numbered = zip(asked.reasons, asked.answers, strict=True)
        answers = tuple(
            Answer(one.mark, one.label, one.right, one.why, f"{round(number, 4):.15g}", f"{off:.15g}")
            for one, ((number, off), *_) in numbered
        )
        asks = SHARED.text("question.number", unit=asked.unit)
        return Question(key, "number", asked.title, answers, unit=asked.unit, asks=asks)
    order = isinstance(asked, Order)
    answers = tuple(
        Answer(f"n{n}", label, right or order, why) for n, (label, right, why) in enumerate(asked.answers, 1)
    )
    if order:
        by_mark = {one.mark: one for one in answers}
        return Question(key, "order", asked.title, answers, tuple(by_mark[one.mark] for one in asked.choices()))
    plot = getattr(asked, "plot", None)
    if plot is None:
        kind = "several" if sum(one.right for one in answers) > 1 else "pick"
        return Question(key, kind, asked.title, answers)
    picture = png(pinned(parsed(plot.picture).select_one(".tx-plot")), dots=4)  # 736 dots: some tools show it as it is
    across, down = _size(picture)
    spots = [plot.at(letter) for letter in plot.points]
    marks = tuple(
        replace(one, spot=(round(across * x / 100), round(down * y / 100)))
        for one, (x, y) in zip(answers, spots, strict=True)
    )
    alt = SHARED.text("quiz.alt", last=[*plot.points][-1])
    dots = said("Dotted: in dispute; the course takes no side.")
    return Question(key, "map", asked.title, marks, picture=picture, alt=alt, dots=dots)


@dataclass(frozen=True)
class Chosen:
    """A lesson whose questions and words are wanted."""

    file: Path

    @property
    def number(self) -> str:
        return self.file.name[:2]

    @cached_property
    def notebook(self):
        return read(self.file)

    @property
    def title(self) -> str:
        return heading(self.notebook)

    @property
    def language(self) -> str:
        return language_of(self.notebook)

    @cached_property
    def questions(self) -> list[Question]:
        """All that its questions.md has, in its order."""
        written = entries(self.number) if self.number in numbers() else {}
        with speaking(self.language):
            return [_question(key, one, self.number) for key, one in written.items() if one.kind == "questions"]

    @cached_property
    def words(self) -> set[str]:
        """The words that it links, as links know them."""
        return set(re.findall(r"#(word-[\w-]+)", "\n".join(cell.source for cell in self.notebook.cells)))


def moodle(lessons: list[Chosen], say: Say) -> Files:
    return {"moodle.xml": filled("quiz/moodle.xml.j2", lessons=lessons).encode()}


def qti(lessons: list[Chosen], say: Say) -> Files:
    parts: dict[str, str | bytes] = {
        "imsmanifest.xml": filled("quiz/qti-manifest.xml.j2", lessons=lessons),
        "test.xml": filled("quiz/test.xml.j2", lessons=lessons),
    }
    for lesson in lessons:
        for q in lesson.questions:
            parts[f"items/{q.key}.xml"] = filled("quiz/item.xml.j2", q=q, lesson=lesson)
            if q.picture:
                parts[f"pictures/{q.key}.png"] = q.picture
    return {"qti.zip": zipped(parts)}


# --- spreadsheets --------------------------------------------------------------------------------------------------

_OPTION = "required in all cases except open-ended & draw questions"
# The lines over the questions in the two tools' own templates, by their numbers, word for word: by them they are known.
_KAHOOT = {
    2: ["", "Quiz template"],
    8: [
        "", "Question - max 120 characters", *(f"Answer {n} - max 75 characters" for n in range(1, 5)),
        "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs", "Correct answer(s) - choose at least one",
    ],
}  # fmt: skip
_QUIZIZZ = {
    1: [
        "Question Text", "Question Type", *(f"Option {n}" for n in range(1, 6)), "Correct Answer", "Time in seconds",
        "Image Link", "Answer explanation",
    ],
    2: [
        "Text of the question\n\n(required)", "Question Type\n\n(default is Multiple Choice)",
        *(f"Text for option {n}\n\n({_OPTION if n < 3 else 'optional'})" for n in range(1, 6)),
        "The correct option choice (between 1-5).\n\n"
        'Leave blank for "Open-Ended", "Poll", "Draw" and "Fill-in-the-Blank".',
        "Time in seconds\n\n(optional, default value is 30 seconds)", "Link of the image\n\n(optional)",
        "Explanation for the answer\n(optional)",
    ],
}  # fmt: skip
_SECONDS = 60  # to read four answers, for those who learn English


def _kahoot_row(number: int, q: Question, rights: str) -> list[str | int]:
    labels = [one.label for one in q.answers]
    return [number, q.text, *labels, *[""] * (4 - len(labels)), _SECONDS, rights]


def _quizizz_row(number: int, q: Question, rights: str) -> list[str | int]:
    labels, why = [one.label for one in q.answers], " ".join(one.why for one in q.answers if one.right)
    kind = "Checkbox" if q.kind == "several" else "Multiple Choice"
    return [q.text, kind, *labels, *[""] * (5 - len(labels)), rights, _SECONDS, "", why]


# The name of a tool, the lines over its questions, a question's row, and how many answers, letters of a question and
# letters of an answer it takes; None where it tells no limit.
_SHEETS = (("Kahoot", _KAHOOT, _kahoot_row, 4, 120, 75), ("Quizizz", _QUIZIZZ, _quizizz_row, 5, None, None))


def _workbook(head: dict[int, list[str]], row: Callable, questions: list[Question]) -> bytes:
    rows: dict[int, list] = dict(head)
    for number, q in enumerate(questions, 1):
        rights = [str(n) for n, one in enumerate(q.answers, 1) if one.right]
        rows[max(head) + number] = row(number, q, ",".join(rights))
    sheet = filled("quiz/xlsx-sheet.xml.j2", rows=rows)
    kept = {"[Content_Types].xml": "types", "_rels/.rels": "rels", "xl/_rels/workbook.xml.rels": "workbook-rels"}
    parts = {name: filled(f"quiz/xlsx-{of}.xml.j2") for name, of in (kept | {"xl/workbook.xml": "workbook"}).items()}
    return zipped(parts | {"xl/worksheets/sheet1.xml": sheet})


def _too_long(q: Question, most: int | None, most_of_answer: int | None) -> str:
    """What is too long in a question, and by how much; nothing where it fits."""
    if most and len(q.text) > most:
        return f"its text has {len(q.text)} characters, more than {most}"
    longest = max(len(one.label) for one in q.answers)
    return (
        f"an answer has {longest} characters, more than {most_of_answer}"
        if longest > (most_of_answer or longest)
        else ""
    )


def sheet(lessons: list[Chosen], say: Say) -> Files:
    """A question that does not fit is told: one that is too long stands in a file of its own, to be shortened."""
    files = {}
    for tool, head, row, most, letters, of_answer in _SHEETS:
        for lesson in lessons:
            fit, long = [], []
            for q in lesson.questions:
                if q.kind == "number":
                    say(f"{tool}: {q.key} is a number to type: here it is picked, with likely wrong ones beside it.")
                    q = replace(q, answers=tuple(sorted(q.answers, key=lambda one: float(one.number))))
                if q.kind in _PLACELESS:
                    say(f"{tool}: {q.key} is left out: it is {_PLACELESS[q.kind]}, which no row of it can hold.")
                elif len(q.answers) > most:
                    say(f"{tool}: {q.key} is left out: it has {len(q.answers)} answers, more than {most}.")
                elif why := _too_long(q, letters, of_answer):
                    say(f"{tool}: {q.key} stands in {tool.lower()}-{lesson.number}-to-shorten.xlsx: {why}.")
                    long.append(q)
                else:
                    fit.append(q)
            for name, some in (
                (f"{tool.lower()}-{lesson.number}", fit),
                (f"{tool.lower()}-{lesson.number}-to-shorten", long),
            ):
                files |= {f"{name}.xlsx": _workbook(head, row, some)} if some else {}
    return files


# --- words ---------------------------------------------------------------------------------------------------------


def anki(lessons: list[Chosen], say: Say) -> Files:
    """All words where all lessons are wanted, or the list of words is; else those that these lessons link."""
    wanted = set().union(*(lesson.words for lesson in lessons))
    whole = any(lesson.number == "09" for lesson in lessons)
    rows = [row for row in vocabulary.glossary().itertuples() if whole or vocabulary.slug(row.Index) in wanted]
    model, deck = (1_767_225_600_000 + n for n in (1, 2))
    about = json.loads(filled("quiz/anki.json.j2", model=model, deck=deck, mod=_ID))
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript((TEMPLATES / "quiz" / "anki.sql").read_text("utf-8"))
        texts = (json.dumps(about[part], ensure_ascii=False) for part in ("conf", "models", "decks", "dconf"))
        made.execute(
            "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')", (_ID, _ID * 1000, _ID * 1000, *texts)
        )
        for place, row in enumerate(rows, 1):
            slug = vocabulary.slug(row.Index)
            number = 1_700_000_000_000 + int(digest(slug)[:9], 16) % 10**11  # Anki takes it for a time, of 2023 to 2027
            own = vocabulary.native(row).strip(" ()")
            fields = [str(escape(text)) for text in (row.Index, own, row.meaning, " ".join(row.claims))]
            first = int(hashlib.sha1(fields[0].encode()).hexdigest()[:8], 16)
            note = (
                number,
                f"turkic-{slug}",
                model,
                _ID,
                -1,
                " turkic-explainer ",
                "\x1f".join(fields),
                row.Index,
                first,
                0,
                "",
            )
            made.execute(f"INSERT INTO notes VALUES ({', '.join('?' * len(note))})", note)
            card = (number, number, deck, 0, _ID, -1, 0, 0, place, 0, 0, 0, 0, 0, 0, 0, 0, "")
            made.execute(f"INSERT INTO cards VALUES ({', '.join('?' * len(card))})", card)
        made.commit()
        whole_file = made.serialize()
    return {"words.apkg": zipped({"collection.anki2": whole_file, "media": "{}"})}


# --- the page in a learning platform -------------------------------------------------------------------------------


class ScormExporter(HandoutExporter):
    """The student's page, which tells the platform around it of first answers."""

    scripts = ("scorm.js",)


def scorm(lessons: list[Chosen], say: Say) -> Files:
    files = {}
    for lesson in lessons:
        if not lesson.questions:
            say(f"SCORM: {lesson.file.stem} is left out: it has no questions, so there is nothing to report.")
            continue
        source = Source(lesson.file)
        with speaking(lesson.language):
            page = unlinked(ScormExporter().page([source.lesson]), ".html", source.leads)
        parts = {"imsmanifest.xml": filled("quiz/scorm-manifest.xml.j2", lesson=lesson), "index.html": page}
        files[f"scorm-{lesson.number}.zip"] = zipped(parts)
    return files


FORMATS = {"moodle": moodle, "qti": qti, "sheet": sheet, "anki": anki, "scorm": scorm}


def write(files: Iterable[Path], formats: Iterable[str], out: Path, say: Say = print) -> Iterator[Path]:
    """Writes these lessons (notebooks) in these FORMATS into a folder. `say` is told what a format cannot take, and which
    file there was changed since, or is somebody else's, and stays. Gives what was written.

    Raises DataError for a folder that cannot be written, and for a slip in a question.
    """
    lessons = [Chosen(file) for file in files]
    with opened(out) as folder:
        for name in formats:
            for path, content in FORMATS[name](lessons, say).items():
                if folder.is_theirs(path):
                    say(f"left as you changed it: {path} (move it elsewhere to have it made anew)")
                    continue
                folder.add(path, content, "", "quiz", digest(content))
                yield out / path
