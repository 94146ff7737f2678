"""The course as a whole: its lessons in their order, the claims that each of them uses, and those that none uses."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from . import ledger
from .content import SHARED
from .files import leafed, lesson_files
from .markup import Fragment, show

_TASK = re.compile(r"^##(?:# Deeper:)? [Ee]xercise: (.*?)(?: \(\d+ minutes?\))?$", re.M)
_UNSEEN = re.compile(r"<style\b.*?</style>|srcdoc='[^']*'", re.S)  # style sheets, and the page in a map's frame


def seen(text: str) -> str:
    """A text or HTML of a lesson without what none of its readers sees."""
    return _UNSEEN.sub("", text)


def heading(notebook: dict[str, Any]) -> str:
    """The title of a lesson as it is written; nothing where it has none."""
    texts = ("".join(cell["source"]) for cell in notebook["cells"])  # a file has lines
    titles = (text.splitlines()[0] for text in texts if text.startswith("# "))
    return next(titles, "").removeprefix("# ")


@lru_cache
def tasks(lesson: str) -> dict[str, str]:
    """What the exercises of a lesson, such as "02", are called in its notebook, by their keys; nothing where there is none."""
    found, title = {}, ""
    for _, text, _ in (cell for file in lesson_files() if file.name.startswith(lesson) for cell in leafed(file)[1]):
        if named := _TASK.search(text):
            title = named[1]
        elif checked := re.search(r"^check\(\"([\w-]+)\"", text, re.M):
            found[checked[1]] = title
    return found


def cited(lesson: Path) -> set[str]:
    """The claims that a lesson names, in its prose or in what its cells show. Raises DataError for no notebook."""
    texts = [text if kind == "markdown" else shown for kind, text, shown in leafed(lesson)[1]]
    return set(ledger.CLAIM_ID.findall(seen(" ".join(texts))))


def uncited(lessons: list[Path]) -> list[str]:
    """The claims of the five reports that none of these lessons names, in their order."""
    used = set().union(*map(cited, lessons))
    return [i for i in ledger.claims().index if i.startswith("S") and i not in used]


def lessons_and_claims() -> pd.DataFrame:
    """Which lesson uses what. Columns: lesson (the index), title, minutes, S0 to S4 (how many claims of each report it
    names) and background (how many background records). Facts: the lessons as they are stored.
    """
    rows = {}
    for file in lesson_files():
        notebook, used = leafed(file)[0], cited(file)
        about = notebook["metadata"].get("turkic", {})
        counts = {s: sum(i.startswith(f"{s}-") for i in used) for s in [*ledger.sources().index, "B"]}
        told = {"title": heading(notebook), "minutes": about.get("minutes")}
        rows[about.get("lesson", file.stem[:2])] = told | counts
    return pd.DataFrame.from_dict(rows, "index").rename(columns={"B": "background"}).rename_axis("lesson")


def course_map() -> Fragment:
    """The lessons in their order, and how many claims of which report each of them uses."""
    left, said = uncited(lesson_files()), sum(ledger.sources()["claims"])
    caption = SHARED.text("course.caption", used=said - len(left), all=said)
    return show(lessons_and_claims(), caption)
