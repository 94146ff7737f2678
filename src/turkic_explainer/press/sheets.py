"""Questions as the spreadsheets that Kahoot and Quizizz take in, a file a lesson and tool: kahoot-NN.xlsx, quizizz-NN.xlsx."""

from collections.abc import Callable
from dataclasses import replace

from .asked import Chosen, Question
from .folder import zipped
from .template import filled, whole_page

_PLACELESS = {"order": "an order", "map": "a map"}  # what no spreadsheet has a place for
_OPTION = "required in all cases except open-ended & draw questions"
# The lines over the questions in the two tools' templates, by their numbers, as programs write them that fill those in: the
# tools themselves were not to be had. They may be known by their words or by their places, so both are kept.
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


def _rows(head: dict[int, list[str]], row: Callable, questions: list[Question]) -> dict[int, list]:
    rows: dict[int, list] = dict(head)
    for number, q in enumerate(questions, 1):
        rights = [str(n) for n, one in enumerate(q.answers, 1) if one.right]
        rows[max(head) + number] = row(number, q, ",".join(rights))
    return rows


def workbook(rows: dict[int, list]) -> bytes:
    """A spreadsheet of these rows, by their numbers: texts, which are never formulas, and whole numbers."""
    sheet = whole_page("quiz/xlsx-sheet.xml.j2", rows=rows)
    kept = {"[Content_Types].xml": "types", "_rels/.rels": "rels", "xl/_rels/workbook.xml.rels": "workbook-rels"}
    parts = {name: filled(f"quiz/xlsx-{of}.xml.j2") for name, of in (kept | {"xl/workbook.xml": "workbook"}).items()}
    return zipped(parts | {"xl/worksheets/sheet1.xml": sheet})


def _too_long(q: Question, most: int | None, most_of_answer: int | None) -> str:
    """What is too long in a question, and by how much; nothing where it fits."""
    longest = max(len(one.label) for one in q.answers)
    lengths = (("its text", len(q.text), most), ("an answer", longest, most_of_answer))
    return " and ".join(f"{what} has {n} characters, more than {top}" for what, n, top in lengths if top and n > top)


def sheet(lessons: list[Chosen], say: Callable[[str], None]) -> dict[str, bytes | None]:
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
                files[f"{name}.xlsx"] = workbook(_rows(head, row, some)) if some else None
    return files
