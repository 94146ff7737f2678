"""A learner's progress: kept in their own course folder and nowhere else, and never lost to a damaged file."""

import json
import re

import pytest

from turkic_explainer import check, learner, progress, question
from turkic_explainer.files import LARGEST, get_json, lesson_files, read, set_aside
from turkic_explainer.validate import DataError

MARK = learner.MARK


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course folder, with the learner in its notebooks/."""
    (tmp_path / learner.COURSE).write_text("{}")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    return tmp_path


def kept(folder) -> dict:
    return json.loads((folder / learner.FILE).read_text("utf-8"))


def test_answers_and_exercises_are_remembered(course):
    [control] = [part for part in question("02-hosts").live().children if hasattr(part, "options")]
    control.value = "b"
    assert kept(course)["questions"]["02-hosts"]["right"] is False
    control.value = "a"
    check("00-undated", ["S0", "S1", "S2"])
    done = kept(course)
    assert done[MARK] == 1
    assert done["questions"]["02-hosts"] == {"right": True, "tries": 2, "on": done["exercises"]["00-undated"]["on"]}
    assert done["exercises"]["00-undated"]["right"] is True
    assert re.search(r"^ *00  0 of \d+  1 of \d+$", progress().text, re.M) and re.search(
        r"^ *02  1 of \d+  0 of \d+$", progress().text, re.M
    )


def test_once_right_stays_right(course):
    check("00-undated", ["S0", "S1", "S2"])
    check("00-undated", ["S0"])
    assert kept(course)["exercises"]["00-undated"] | {"on": ""} == {"right": True, "tries": 1, "on": ""}


def test_a_blank_exercise_is_no_try(course):
    check("00-undated", ...)
    assert not (course / learner.FILE).exists()


def test_showing_a_question_remembers_nothing(course):
    question("02-hosts")._repr_mimebundle_()
    progress()
    assert not (course / learner.FILE).exists()


def test_outside_a_course_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check("00-undated", ["S0"])
    assert list(tmp_path.iterdir()) == [] and re.search(r"00  0 of \d+  0 of \d+", progress().text)


DAMAGED = {
    "cut off": '{"turkic-progress": 1, "questions": {"02-h', "no JSON": "hello", "a list": "[1]", "another kind": '{"turkic-filing": 1}',
    "another version": '{"turkic-progress": 7, "questions": {}}', "odd content": '{"turkic-progress": 1, "questions": 5}',
    "odd entry": '{"turkic-progress": 1, "questions": {"02-hosts": {"right": "perhaps"}}}',
}  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_told_and_set_aside_not_written_over(course, text):
    (course / learner.FILE).write_text(text, "utf-8")
    with pytest.raises(DataError, match=learner.FILE):
        progress()
    check("00-undated", ["S0", "S1", "S2"])
    assert (course / "my-progress.kept-1.json").read_text("utf-8") == text
    assert kept(course)["exercises"]["00-undated"]["right"] is True


def test_files_set_aside_do_not_take_each_others_place(tmp_path):
    for text in ("one", "two"):
        (tmp_path / "my.json").write_text(text)
        set_aside(tmp_path / "my.json")
    assert [(tmp_path / f"my.kept-{n}.json").read_text() for n in (1, 2)] == ["one", "two"]


def test_a_folder_or_a_huge_file_is_told_in_plain_words(tmp_path):
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(DataError, match="folder"):
        get_json(tmp_path / "folder.json", MARK)
    (tmp_path / "huge.json").write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(DataError, match="too large"):
        get_json(tmp_path / "huge.json", MARK)


def test_every_lesson_is_counted(course):
    numbers = [read(file).metadata.turkic.get("lesson") for file in lesson_files()]
    assert re.findall(r"^ *(\d\d)  0 of [1-9]\d*  0 of [1-9]", progress().text, re.M) == [n for n in numbers if n]
