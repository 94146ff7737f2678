"""Questions as the spreadsheets that Kahoot and Quizizz take in, a file a lesson and tool: kahoot-NN.xlsx, quizizz-NN.xlsx."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..validate import read_toml
from .asked import Chosen, Question
from .folder import zipped
from .template import filled, whole_page

_PLACELESS = {"order": "an order", "map": "a map"}  # what no spreadsheet has a place for
_SECONDS = 60  # to read four answers, for those who learn English
_FILES = {  # of a workbook but for its sheet, and their templates
    "[Content_Types].xml": "types",
    "_rels/.rels": "rels",
    "xl/_rels/workbook.xml.rels": "workbook-rels",
    "xl/workbook.xml": "workbook",
}


def workbook(rows: dict[int, list]) -> bytes:
    """A spreadsheet of these rows, by their numbers: texts, which are never formulas, and whole numbers."""
    parts = {name: filled(f"quiz/xlsx-{of}.xml.j2") for name, of in _FILES.items()}
    return zipped(parts | {"xl/worksheets/sheet1.xml": whole_page("quiz/xlsx-sheet.xml.j2", rows=rows)})


def _filled_in(about: dict[str, Any], questions: list[Question]) -> bytes | None:
    """These questions as a file, if there are any."""
    rows = {int(number): texts for number, texts in about["head"].items()}
    for number, q in enumerate(questions, 1):
        told = {str(n): one.label for n, one in enumerate(q.answers, 1)}
        told |= {"number": number, "text": q.text, "seconds": _SECONDS}
        told["kind"] = "Checkbox" if q.kind == "several" else "Multiple Choice"
        told["rights"] = ",".join(str(n) for n, one in enumerate(q.answers, 1) if one.right)
        told["why"] = " ".join(one.why for one in q.answers if one.right)
        rows[max(rows) + 1] = [told.get(name, "") for name in about["row"]]
    return workbook(rows) if questions else None


def _too_long(q: Question, most: int | None, most_of_answer: int | None) -> str:
    """What is too long in a question, and by how much; nothing where it fits."""
    longest = max(len(one.label) for one in q.answers)
    lengths = (("its text", len(q.text), most), ("an answer", longest, most_of_answer))
    return " and ".join(f"{what} has {n} characters, more than {top}" for what, n, top in lengths if top and n > top)


def sheet(lessons: list[Chosen], say: Callable[[str], None]) -> dict[str, bytes | None]:
    """A question that does not fit is told: one that is too long stands in a file of its own, to be shortened."""
    files = {}
    for tool, about in read_toml(Path(__file__).with_name("sheets.toml")).items():
        for lesson in lessons:
            stem, fit, long = f"{tool.lower()}-{lesson.number}", [], []
            for q in lesson.questions:
                if q.kind == "number":
                    say(f"{tool}: {q.key} is a number to type: here it is picked, with likely wrong ones beside it.")
                    q = replace(q, answers=tuple(sorted(q.answers, key=lambda one: float(one.number))))
                if q.kind in _PLACELESS:
                    say(f"{tool}: {q.key} is left out: it is {_PLACELESS[q.kind]}, which no row of it can hold.")
                elif len(q.answers) > about["answers"]:
                    say(f"{tool}: {q.key} is left out: it has {len(q.answers)} answers, more than {about['answers']}.")
                elif why := _too_long(q, about.get("letters"), about.get("letters_of_answer")):
                    say(f"{tool}: {q.key} stands in {stem}-to-shorten.xlsx: {why}.")
                    long.append(q)
                else:
                    fit.append(q)
            files |= {f"{stem}.xlsx": _filled_in(about, fit), f"{stem}-to-shorten.xlsx": _filled_in(about, long)}
    return files
