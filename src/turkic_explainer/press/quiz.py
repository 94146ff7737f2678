"""The course's questions and words in the form that a school's own tools take: what `turkic-explainer quiz` writes.

    moodle    moodle.xml, for Moodle's question bank: each answer with its reason
    qti       qti.zip, a package of QTI 2.1 with a test of all questions
    sheet     kahoot-NN.xlsx and quizizz-NN.xlsx, a lesson each, as those two take questions in
    anki      words.apkg, the words as cards
    scorm     scorm-NN.zip, the student's page of a lesson, which tells a learning platform by SCORM 1.2 what was right

Each is text in templates/quiz, filled in; no clock is in a file. Libraries were weighed and are larger than what they
would save: genanki (MIT, of 2023, four packages more) for a table of SQLite, and openpyxl (which writes the time) or
XlsxWriter for five small files of XML.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from markupsafe import escape

from .. import vocabulary
from ..validate import speaking
from .asked import Chosen
from .build import unlinked
from .folder import digest, opened, zipped
from .pages import HandoutExporter
from .sheets import sheet
from .template import TEMPLATES, filled

Files = dict[str, bytes | None]  # by their names; None for one that is not to be there
Say = Callable[[str], None]
_ID = 1_767_225_600  # a second of 1 January 2026: what Anki wants to know of a day, for there is no clock in a file


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
        about_all = "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')"
        made.execute(about_all, (_ID, _ID * 1000, _ID * 1000, *texts))
        for place, row in enumerate(rows, 1):
            slug = vocabulary.slug(row.Index)
            number = 1_700_000_000_000 + int(digest(slug)[:9], 16) % 10**11  # Anki takes it for a time, of 2023 to 2027
            own = vocabulary.native(row)[2:-1]  # which has it in brackets
            fields = [str(escape(text)) for text in (row.Index, own, row.meaning, " ".join(row.claims))]
            first = int(hashlib.sha1(row.Index.encode()).hexdigest()[:8], 16)
            time = _ID + int(digest(*fields)[:6], 16)  # by this alone Anki tells a note's new form from the one it has
            note = (number, f"turkic-{slug}", model, time, -1, " turkic-explainer ", "\x1f".join(fields))
            note += (row.Index, first, 0, "")
            made.execute(f"INSERT INTO notes VALUES ({', '.join('?' * len(note))})", note)
            card = (number, number, deck, 0, _ID, -1, 0, 0, place, 0, 0, 0, 0, 0, 0, 0, 0, "")
            made.execute(f"INSERT INTO cards VALUES ({', '.join('?' * len(card))})", card)
        made.commit()
        whole_file = made.serialize()
    return {"words.apkg": zipped({"collection.anki2": whole_file, "media": "{}"})}


class ScormExporter(HandoutExporter):
    """The student's page, which tells the platform around it of first answers."""

    scripts = ("scorm.js",)


def scorm(lessons: list[Chosen], say: Say) -> Files:
    files = {}
    for lesson in lessons:
        with speaking(lesson.language):
            page = unlinked(ScormExporter().page([lesson.lesson]), ".html", lesson.leads)
        parts = {"imsmanifest.xml": filled("quiz/scorm-manifest.xml.j2", lesson=lesson), "index.html": page}
        files[f"scorm-{lesson.number}.zip"] = zipped(parts)
    return files


FORMATS = {"moodle": moodle, "qti": qti, "sheet": sheet, "anki": anki, "scorm": scorm}


def write(files: Iterable[Path], formats: Iterable[str], out: Path, say: Say = print) -> Iterator[Path]:
    """Writes these lessons (notebooks) in these FORMATS into a folder. `say` is told what a format cannot take, and which
    file there was changed since, or is somebody else's, and stays. Gives what was written. Raises DataError for a folder
    that cannot be written, and for a slip in a question."""
    lessons, formats = [Chosen(file) for file in files], list(formats)
    with opened(out) as folder:
        asked = [lesson for lesson in lessons if formats != ["anki"] and lesson.questions]
        for lesson in lessons:
            if formats != ["anki"] and lesson not in asked:
                say(f"{lesson.file.stem} has no questions: only its words can be had, as --format anki.")
        for name in formats:
            wanted = lessons if name == "anki" else asked
            for path, content in (FORMATS[name](wanted, say) if wanted else {}).items():
                if folder.offer(path, content, "quiz", say):
                    yield out / path
