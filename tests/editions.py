"""The editions as tests try them: each as a function from lessons to a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from turkic_explainer.editions.blocks import Lesson
from turkic_explainer.editions.pages import HandoutExporter, TeacherExporter
from turkic_explainer.notebooks import lesson_files, read

EDITIONS: dict[str, Callable[[list[Lesson]], str]] = {
    "student": HandoutExporter().page,
    "teacher": TeacherExporter().page,
}
LESSONS = {file.stem: Lesson(file.stem, file.parent, read(file)) for file in lesson_files()}


@lru_cache(maxsize=None)
def made(edition: str, lesson: str) -> str:
    """The page of one lesson, made once."""
    return EDITIONS[edition]([LESSONS[lesson]])
