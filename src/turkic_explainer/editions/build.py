"""Builds the editions: every file finished aside first, and only then moved, whole, to its place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..notebooks import read
from ..validate import DataError
from .blocks import Lesson
from .pages import HandoutExporter, TeacherExporter


@dataclass(frozen=True)
class Edition:
    """What `turkic-explainer handouts --edition NAME` makes: files of this ending, in this folder of the whole."""

    name: str
    folder: str
    ending: str
    make: Callable[[Lesson], str]


EDITIONS = (
    Edition("student", ".", ".html", lambda lesson: HandoutExporter().page([lesson])),
    Edition("teacher", "teacher", ".html", lambda lesson: TeacherExporter().page([lesson])),
)


def build(lessons: list[Path], out: Path, code: bool = False, say: Callable[[str], None] = print) -> list[Path]:
    """Makes a page of each lesson in `out`, with all its `code` if asked, telling `say` how far it is.

    Every page is finished in a temporary folder first and only then moved, whole, to its place: whatever happens in
    between, a page of the last build stays as it was until its successor is whole. Raises DataError naming the
    lessons that do not convert.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            [f"{out}: no pages can be put there ({error.strerror}). Name another folder with --out."]
        ) from None
    exporter, pages, failed = HandoutExporter(code=code), [], []
    with tempfile.TemporaryDirectory(prefix=".building-", dir=out) as folder:
        for number, file in enumerate(lessons, 1):
            try:
                text = exporter.page([Lesson(file.stem, file.parent, read(file))])
            except DataError as error:
                failed.append(f"{file.name} was not converted: {error}")
                continue
            page = Path(folder) / f"{file.stem}.html"
            page.write_text(text, "utf-8", newline="\n")
            pages.append(page)
            say(f"[{number}/{len(lessons)}] {file.stem}: {len(text.encode()) / 1000:.0f} kB")
        for page in pages:
            os.replace(page, out / page.name)
    if failed:
        raise DataError(failed)
    return [out / page.name for page in pages]
