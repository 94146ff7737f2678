"""The course as a whole: what it uses of the evidence, and what it leaves out."""

import pytest

from turkic_explainer import claims, course
from turkic_explainer.files import lesson_files

from .conftest import code, lesson, prose


def test_claims_are_found_in_prose_and_in_what_cells_show(tmp_path):
    file = lesson(
        tmp_path, prose("# T\n\nIt met [S4-02](evidence/S4.md#S4-02)."), code("x", html="<style>S0-01</style><p>B-010</p>"),
        code("y", html="<iframe srcdoc='S0-02'></iframe>S1-05"),
    )  # fmt: skip
    assert course.cited(file) == {"S4-02", "B-010", "S1-05"}


def test_what_no_lesson_uses_is_named(tmp_path):
    file = lesson(tmp_path, prose("# T\n\nIt met [S4-02](evidence/S4.md#S4-02)."))
    left = course.uncited([file])
    assert "S4-02" not in left and "S4-03" in left and len(left) == sum(claims().index.str.startswith("S")) - 1


def test_the_course_map_counts_as_the_lessons_stand():
    frame = course.lessons_and_claims()
    assert list(frame.index) == [file.stem[:2] for file in lesson_files()]
    for file, row in zip(lesson_files(), frame.itertuples(), strict=True):
        assert sum(i.startswith("S2-") for i in course.cited(file)) == row.S2
        assert row.title and pytest.approx(row.background) == sum(i.startswith("B-") for i in course.cited(file))
