"""Every lesson has the same bones, fits into an hour of school, and can be read by a 16-year-old."""

import re
from itertools import pairwise

import pytest
import textstat

from turkic_explainer import __all__ as OURS
from turkic_explainer import course, ledger
from turkic_explainer.files import lesson_files, read
from turkic_explainer.lessons import entries, keys
from turkic_explainer.press import hour
from turkic_explainer.press.copies import without_answers
from turkic_explainer.press.notebooks import leads, text, text_file

from .conftest import ROOT

LESSONS = [f for f in lesson_files() if "lesson" in read(f).metadata.turkic]
IMPORT = re.compile(r"^from turkic_explainer import (.*)", re.M)
each_lesson = pytest.mark.parametrize("file", LESSONS, ids=lambda f: f.stem)


def cells(file, kind: str, *tags: str) -> list:
    found = [c for c in read(file).cells if c.cell_type == kind]
    return [c for c in found if set(tags) <= set(c.metadata.get("tags", []))]


def prose(file) -> str:
    """What a learner reads in the text of a lesson: no code, no addresses, no teacher's notes or model answers; headings as sentences."""
    parts = [c.source for c in cells(file, "markdown") if not hour.PRIVATE & {*c.metadata.get("tags", [])}]
    text = re.sub(rf"\[{ledger.CLAIM_ID.pattern}\]\([^)]*\)", "", "\n\n".join(parts))
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"^#+ (.*)$", r"\1.", re.sub(r"`[^`]*`", "it", text), flags=re.M).replace("*", "")


def test_lessons_are_numbered_without_a_gap():
    """The files from 00 on; those that are lessons bear the numbers of their files, and the list of words comes last."""
    assert sorted(f.stem[:2] for f in lesson_files()) == [f"{n:02d}" for n in range(len(lesson_files()))]
    assert [*LESSONS] == sorted(LESSONS) == lesson_files()[:-1]
    assert [read(f).metadata.turkic["lesson"] for f in LESSONS] == [f.stem[:2] for f in LESSONS]
    assert [f.name for f in lesson_files() if f not in LESSONS] == ["09-words.ipynb"]


def test_the_readme_names_lessons_by_their_titles():
    """Those that it names: an author of a new one need not touch it, for the course's own list, in lesson 00, is made."""
    listed = re.findall(r"^\| (\d\d) \| \[(.*?)\]\(notebooks/(.*?)\)", (ROOT / "README.md").read_text("utf-8"), re.M)
    numbers = [f.stem[:2] for f in lesson_files()]
    assert len(listed) > 5 and listed == sorted(listed, key=lambda row: numbers.index(row[0]))
    assert set(listed) <= {
        (f.stem[:2], read(f).cells[0].source.splitlines()[0].removeprefix("# "), f.name) for f in lesson_files()
    }


@each_lesson
def test_the_minutes_add_up(file):
    """Those of the headings and of what stands before them, in a lesson that fits into an hour; `refresh` writes them."""
    lesson, marked = read(file), [c.source.splitlines()[0] for c in cells(file, "markdown") if c.source[:3] == "## "]
    opening, *parts = hour.parts(lesson)
    assert [hour.minutes_in(heading) or 0 for heading in marked] == [part.minutes for part in parts]
    whole = opening.minutes + sum(part.minutes for part in parts)
    assert lesson.metadata.turkic["minutes"] == whole and f"**Time** {whole} minutes." in lesson.cells[0].source
    assert "hour" in lesson.metadata.turkic or 40 <= whole <= 45


def test_the_lessons_of_the_course_are_hours():
    """One beside them, as an author may write it, need not be."""
    assert sum("hour" in read(file).metadata.turkic for file in LESSONS) <= 1


@each_lesson
def test_the_bones(file):
    first, text = read(file).cells[0].source, "\n\n".join(c.source for c in cells(file, "markdown"))
    assert all(f"**{label}**" in first for label in ("You will be able to", "Time", "Sources", "Before this"))
    [notes] = cells(file, "markdown", "teacher")[:1]
    assert all(word in notes.source for word in ("Aim", "rap", "ikely", "hort of time"))
    assert "**Guess.**" in text and ("**Ask.**" in text or "**Look.**" in text)
    assert "## Words worth knowing" in text and "## What to take away" in text and "**Sources of this lesson" in text
    assert any(c.source.startswith("words(") for c in cells(file, "code"))


@each_lesson
def test_there_are_questions_and_exercises_enough(file):
    """On the core path and in Deeper parts together."""
    asked = [key for c in cells(file, "code") for key in re.findall(r'^question\("([\w-]+)"\)', c.source, re.M)]
    checked = [key for c in cells(file, "code", "exercise") for key in re.findall(r'check\("([\w-]+)"', c.source)]
    number = file.stem[:2]
    assert asked == sorted(set(asked), key=asked.index) and len(asked) >= 6
    assert set(asked) == {key for key in keys("questions") if key.startswith(number)}
    assert set(checked) == {key for key in keys("exercises") if key.startswith(number)} and len(checked) >= 2


@each_lesson
def test_code_cells_are_short(file):
    assert max(len(c.source.splitlines()) for c in cells(file, "code")) <= 5


def test_lesson_00_shows_all_that_the_lessons_code_asks_for():
    """Five things, each in a line of its own that a page shows too, before the first exercise."""
    ids = [c.id for c in read(LESSONS[0]).cells]
    shown = [c for c in cells(LESSONS[0], "code", "code") if c.id.startswith("five-")]
    for thing, cell in zip(("show(", "[[", ".query(", ".value_counts(", ".sort_values("), shown, strict=True):
        assert thing in cell.source and cell.outputs
    assert all(len(c.source.splitlines()) == 1 and ids.index(c.id) < ids.index("ex1") for c in shown)
    assert any("`len(" in c.source for c in cells(LESSONS[0], "markdown") if c.id.startswith("five-"))


@each_lesson
def test_a_16_year_old_can_read_it(file):
    """Flesch-Kincaid: the school year (United States) in which such sentences and words are read with ease."""
    assert textstat.flesch_kincaid_grade(prose(file)) <= 8


@each_lesson
def test_every_lesson_leads_to_the_next_and_back(file):
    """`refresh` writes these links, by the titles as they are now."""
    assert read(file).cells[-1].source.splitlines()[-1] == leads(file)


def test_the_links_to_other_lessons_go_both_ways():
    for one, other in pairwise(LESSONS):
        assert f"**Next:** [{read(other).cells[0].source.splitlines()[0][2:]}]({other.name})." in leads(one)
        assert f"]({one.name})." in leads(other)


@each_lesson
def test_what_the_text_lets_a_learner_write_is_imported(file):
    """By a cell that learners get, whether or not a cell calls it: in the text, and in all that questions.md says."""
    learners, spans = without_answers(read(file)).cells, []
    texts = [cell.source for cell in learners if cell.cell_type == "markdown"]
    for entry in entries(file.stem[:2]).values():
        said = [*entry.notes.values(), *entry.text, *(t for item in entry.items for t in (item.label, *item.under))]
        texts += [line.text for line in said]
        spans += [line.text for line in entry.lines]
    spans += [span for text in texts for span in re.findall("`([^`]+)`", text)]
    bare = " ".join(re.sub(r"""#.*|"[^"]*"|'[^']*'""", "", span) for span in spans)  # no comments, and no texts
    imports = " ".join(found for cell in learners if cell.cell_type == "code" for found in IMPORT.findall(cell.source))
    written, imported = ({*re.findall(r"\w+", text)} for text in (bare, imports))
    assert {"check", "question"} < imported and (written & {*OURS}) - imported == set()


@pytest.mark.parametrize("file", lesson_files(), ids=lambda f: f.stem)
def test_the_text_for_review_is_the_lesson(file):
    """Of a notebook git shows no difference (.gitattributes); of this text it does."""
    assert text_file(file).read_text("utf-8") == text(read(file)), "Run `turkic-explainer refresh`."


def test_there_is_no_text_of_a_lesson_that_is_gone():
    assert {f.stem for f in text_file(lesson_files()[0]).parent.iterdir()} == {f.stem for f in lesson_files()}


def test_nearly_every_claim_of_the_reports_is_used_in_some_lesson():
    left = course.uncited(LESSONS)
    said = [i for i in ledger.claims().index if i.startswith("S")]
    assert len(left) <= 0.03 * len(said), left
