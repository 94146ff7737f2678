"""A learner's progress: kept in their own course folder and nowhere else, never lost to a damaged file or to another window,
and followed by whatever shows it."""

import json
import re
import subprocess
import sys

import pytest

from turkic_explainer import again, check, guess, guessed, learner, lessons, my_code, progress, question
from turkic_explainer.content import SHARED
from turkic_explainer.explorer import Explorer
from turkic_explainer.files import LARGEST, get_json, lesson_files, put_json, read, set_aside
from turkic_explainer.press.saving import LIVE
from turkic_explainer.validate import DataError

from .conftest import parts, solved

MARK = learner.MARK


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course folder, with the learner in its notebooks/."""
    (tmp_path / learner.COURSE).write_text("{}")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.setattr(learner, "FOLLOWERS", learner.FOLLOWERS)
    learner.FOLLOWERS.clear()
    return tmp_path


def kept(folder) -> dict:
    return json.loads((folder / learner.FILE).read_text("utf-8"))


def control(of):
    """The one thing in a live output that can be picked or typed into."""
    [found] = [
        part
        for part in of.live().children
        if hasattr(part, "options")
        or hasattr(part, "placeholder")
        and part.value is not None
        and type(part).__name__ == "Text"
    ]
    return found


def pick(of, state: str) -> None:
    control(of).value = state


def told(of) -> str:
    """What a live output says in its last line."""
    return re.sub(r"<style.*?</style>|<[^>]+>", "", of.live().children[-1].value, flags=re.S)


def solve(key: str) -> None:
    """Answers a question rightly, of whatever kind it is."""
    asked = question(key)
    if isinstance(asked, Explorer):
        [radio] = [part for part in parts(asked.live()) if hasattr(part, "options")]
        radio.value = RIGHT[key]
    else:
        solved(asked)


ASKED = {key: question(key) for key in lessons.keys("questions")}
RIGHT = {key: next(s for s, _ in asked.states if "tx-right" in asked.pane(s)) for key, asked in ASKED.items() if isinstance(asked, Explorer)}  # fmt: skip
WRONG = {key: next(s for s, _ in question(key).states if s != right) for key, right in RIGHT.items()}


# --- what is remembered ----------------------------------------------------------------------------------------------


def test_answers_and_exercises_are_remembered(course):
    asked = question("02-hosts")
    pick(asked, WRONG["02-hosts"])
    assert kept(course)["questions"]["02-hosts"]["right"] is False
    pick(asked, RIGHT["02-hosts"])
    check("00-undated", ["S0", "S1", "S2"])
    done = kept(course)
    today = done["exercises"]["00-undated"]["on"]
    assert done[MARK] == 1 and re.fullmatch(r"\d{4}-\d\d-\d\d", today)
    first, undated = {"first": WRONG["02-hosts"], "edition": asked.edition}, lessons.exercise("00-undated").edition
    assert done["questions"]["02-hosts"] == {"right": True, "tries": 2, "on": today} | first
    first = {"first": "['S0', 'S1', 'S2']", "edition": undated}
    assert done["exercises"]["00-undated"] == {"right": True, "tries": 1, "on": today} | first
    assert re.search(r"^ *00  0 of \d+  1 of \d+$", repr(progress()), re.M)
    assert re.search(r"^ *02  1 of \d+  0 of \d+$", repr(progress()), re.M)


def test_once_right_stays_right_and_the_first_answer_stays_the_first(course):
    asked = question("02-hosts")
    for state in (RIGHT["02-hosts"], WRONG["02-hosts"]):
        pick(asked, state)
    done = kept(course)["questions"]["02-hosts"]
    first = {"first": RIGHT["02-hosts"], "edition": asked.edition}
    assert done | {"on": ""} == {"right": True, "tries": 1, "on": ""} | first


EDITIONS = {"another": {"edition": "another"}, "none, as before there were any": {}}


@pytest.mark.parametrize("other", EDITIONS)
def test_an_answer_to_another_edition_of_a_question_is_none_to_this(course, other):
    """Neither right nor wrong: it is not shown, not counted, in no code, does not come back, and no try goes on from it."""
    fixed, of = asked_again("03"), {"tries": 2, "on": "2026-11-01"} | EDITIONS[other]
    answered = {
        "01-name": of | {"right": False, "first": WRONG["01-name"]},
        "02-hosts": of | {"right": True, "first": RIGHT["02-hosts"]},
    }
    exercises = {"02-capitals": of | {"right": True, "first": "6"}}
    put_json(course / learner.FILE, {MARK: 1, "questions": answered, "exercises": exercises})
    asked = question("02-hosts")
    assert asked.start is None and not learner.is_right("questions", "02-hosts", asked.edition)
    assert not re.search("[1-9] of", repr(progress())) and asked_again("03") == fixed
    assert asked.title in (left := repr(progress("02")).split("Still open")[1]) and "02-capitals: " in left
    assert repr(my_code("02")) == SHARED.text("progress.codeless")
    pick(asked, WRONG["02-hosts"])
    done = {"right": False, "tries": 1, "first": WRONG["02-hosts"], "edition": asked.edition}
    assert done.items() < kept(course)["questions"]["02-hosts"].items()
    assert {"02-hosts"} < {*asked_again("03")} and "another try" in repr(progress("02"))


def test_a_blank_exercise_is_no_try(course):
    for blank in (..., "", []):
        check("00-undated", blank)
    assert not (course / learner.FILE).exists()


def test_showing_remembers_nothing(course):
    for shown in (
        question("02-hosts"),
        guess("02-towns"),
        guessed("02-towns"),
        again("03"),
        progress(),
        progress("02"),
    ):
        shown._repr_mimebundle_()
    assert not (course / learner.FILE).exists()


def test_outside_a_course_folder_nothing_is_written_or_said_of_a_learner(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check("00-undated", ["S0"])
    pick(question("02-hosts"), WRONG["02-hosts"])
    typed = guess("02-towns")
    pick(typed, "Baku")
    assert told(typed).startswith("Baku: nothing is kept here")
    assert list(tmp_path.iterdir()) == [] and re.search(r"00  0 of \d+  0 of \d+", repr(progress()))
    assert guessed("02-towns") is None and "elsewhere nothing is remembered" in progress("02").html()


def test_in_a_folder_that_was_deleted_while_a_lesson_runs_all_goes_on(tmp_path, monkeypatch):
    gone = tmp_path / "turkic-course"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    pick(question("02-hosts"), WRONG["02-hosts"])
    assert "elsewhere nothing is remembered" in progress("02").html()


# --- guesses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key, made", [("02-towns", "Baku & <b>Astana</b>"), ("00-voices", "Other people")])
def test_a_guess_is_kept_says_so_and_is_seen_again(course, key, made):
    shown, asked = guessed(key), guess(key)
    assert "no guess" in repr(shown) and told(asked) == ""
    assert "no guess" in shown.live().value
    assert "no guess" not in shown.html() and "when you run this cell" in shown.html()  # it is still read the next day
    pick(asked, made)
    assert kept(course)["guesses"][key]["text"] == made
    assert told(asked).startswith("Kept: ") and "<b>Astana" not in shown.live().value
    assert repr(shown) == f"Your guess was: {made}" == repr(guessed(key))  # also where its cell was run before
    assert "Your guess was" in shown.live().value and "no guess" not in shown.live().value
    assert "Your guess was" in shown.html()
    assert control(guess(key)).value == made and "Kept" in told(guess(key))  # the next day
    assert "Your guess was" in guess(key).html() and "<b>Astana" not in guess(key).html()


def test_another_guess_takes_the_place_of_the_first_and_an_empty_one_does_not(course):
    asked = guess("02-towns")
    for text in ("Baku", "  Bishkek ", " "):
        pick(asked, text)
    assert kept(course)["guesses"]["02-towns"]["text"] == "Bishkek"
    [button] = [part for part in asked.live().children if type(part).__name__ == "Button"]
    asked.live().children[1].value = "x" * 999
    button.click()
    assert kept(course)["guesses"]["02-towns"]["text"] == "x" * 300


def test_every_guess_has_a_prompt_a_cell_to_keep_it_and_a_cell_that_answers_it():
    """In each lesson: the prompt ends its cell, the guess stands next, and is seen again right before what answers it."""
    declared = []
    for file in lesson_files():
        cells, waiting = read(file).cells, []
        for before, cell in zip(cells, cells[1:], strict=False):
            if found := re.fullmatch(r'guess\("([\w-]+)"\)', cell.source):
                assert "**Guess.**" in before.source.split("\n\n")[-1], (file.name, found[1])
                waiting.append(found[1])
                declared.append(found[1])
            elif cell.cell_type == "markdown" and "**Guess" in before.source:
                pytest.fail(f"{file.name}, {before.id}: no guess can be made here")
            if found := re.fullmatch(r'guessed\("([\w-]+)"\)', before.source):
                waiting.remove(found[1])
                assert {*before.metadata.tags} - {"if-time"} == {"notebook"} and "reveal" in cell.metadata.get(
                    "tags", []
                ), found[1]
        assert waiting == [], file.name
    assert sorted(declared) == sorted(lessons.keys("guesses")) and len(declared) > 30


ONE = f"1 of {sum(key[:2] == '02' for key in lessons.keys('questions'))}"  # what progress() tells of lesson 02


# --- it follows ------------------------------------------------------------------------------------------------------


def test_progress_follows_what_is_done_in_the_same_notebook(course):
    table, left = progress(), progress("02")
    table.live(), left.live()
    assert ONE not in table.live().value and "Still open" in left.live().value
    asked, words = question("02-hosts"), question("02-hosts").title
    pick(asked, WRONG["02-hosts"])
    again_, new = left.live().value.split("Still open")
    assert "another try" in again_ and words in again_ and words not in new
    pick(asked, RIGHT["02-hosts"])
    assert words not in left.live().value and "another try" not in left.live().value
    assert ONE in table.live().value
    bundle = progress()._repr_mimebundle_()
    assert LIVE in bundle and ONE in bundle["text/html"]  # what is stored is how it stands


def test_all_that_is_open_is_named_and_in_the_end_nothing_is(course):
    left = repr(progress("02"))
    of_02 = [key for key in lessons.keys("questions") if key.startswith("02")]
    assert all(question(key).title in left for key in of_02) and "02-capitals: " in left and "02-towns" not in left
    for key in of_02:
        solve(key)
    for key in ("02-gap-years", "02-capitals"):
        check(key, lessons.exercise(key).right())
    done, code = repr(progress("02")).split("\n  ")
    assert done == "Nothing is open in this lesson: all questions and exercises are right."
    assert code.endswith(repr(my_code("02")))


# --- what was wrong comes back ---------------------------------------------------------------------------------------


def asked_again(lesson: str) -> list[str]:
    return [part.key.removeprefix(f"again-{lesson}-") for part in again(lesson).parts]


def test_without_progress_two_questions_of_the_two_lessons_before_come_back():
    in_order = lessons.keys("questions")
    for at, number in enumerate(lessons.numbers()[1:], 1):
        found = asked_again(number)
        assert found == asked_again(number) and len(set(found)) == 2
        assert {key[:2] for key in found} <= {*lessons.numbers()[max(at - 2, 0) : at]} and set(found) <= set(in_order)
    assert again("00").parts == () and again("03").html().count("<fieldset") == 2


def test_the_two_stand_side_by_side_in_a_wide_notebook():
    box = again("03").live()
    assert {"tx", "tx-together"} <= {*box._dom_classes} and len(box.children) == 3
    style = re.search(r"@media \(min-width:70rem\)\{([^@]*?\})\}", box.children[0].value)[1]
    assert re.search(r"tx-together\{display:grid;grid-template-columns:minmax\(0,1fr\) minmax\(0,1fr\)", style)


def test_what_was_answered_wrongly_comes_back_first_until_it_is_right(course):
    fixed = asked_again("03")
    pick(question("01-observer"), RIGHT["01-observer"])
    pick(question("04-ball"), WRONG["04-ball"])  # a later lesson's
    assert asked_again("03") == fixed
    pick(question("01-name"), WRONG["01-name"])  # never right yet
    mended = question("02-caption")
    pick(mended, WRONG["02-caption"])
    pick(mended, RIGHT["02-caption"])  # right at the second try
    assert asked_again("03") == ["01-name", "02-caption"]
    name, caption = again("03").parts
    pick(name, WRONG["01-name"])
    pick(caption, RIGHT["02-caption"])
    assert kept(course)["questions"]["02-caption"]["back"] is True
    assert asked_again("04")[0] == "01-name" and "02-caption" not in asked_again("04")
    pick(again("04").parts[0], RIGHT["01-name"])
    assert asked_again("05")[0] == "04-ball"


# --- the file ----------------------------------------------------------------------------------------------------------

WRITERS = """
import os
from turkic_explainer import learner
writers = []
for who in ("one", "two", "three", "four"):
    writers.append(os.fork())
    if writers[-1] == 0:
        told = [learner.note("questions", f"{number:02d}-by-{who}", number % 2 == 0, "a", "") for number in range(20)]
        os._exit(any(told))
assert [os.waitpid(writer, 0)[1] for writer in writers] == [0] * 4
"""


def test_four_notebooks_at_a_time_lose_nothing_of_each_other(course):
    subprocess.run([sys.executable, "-c", WRITERS], cwd=course, check=True, timeout=120)
    assert len(kept(course)["questions"]) == 80
    assert sorted(f.name for f in course.iterdir()) == [
        ".my-progress.json.lock",
        learner.COURSE,
        "my-progress.json",
        "notebooks",
    ]


def test_a_file_of_the_version_before_is_read_and_gone_on_with(course):
    hosts = {"right": False, "tries": 1, "on": "2026-11-01", "edition": question("02-hosts").edition}
    before = {"questions": {"02-hosts": hosts}, "exercises": {}, "later": {"x": 1}}
    put_json(course / learner.FILE, {MARK: 1} | before)
    assert question("02-hosts").title in repr(progress("02")).split("Still open")[0]
    pick(question("02-hosts"), RIGHT["02-hosts"])
    done = kept(course)
    assert done["questions"]["02-hosts"]["tries"] == 2 and done["later"] == {"x": 1}  # and what we do not know is kept


def test_a_file_with_a_mark_at_its_start_is_read(course):
    """Windows' editor puts one there, and PowerShell does."""
    hosts = {"right": True, "tries": 1, "on": "2026-11-01", "edition": question("02-hosts").edition}
    text = json.dumps({MARK: 1, "questions": {"02-hosts": hosts}})
    (course / learner.FILE).write_text(text, "utf-8-sig")
    assert ONE in repr(progress())


DAMAGED = {
    "cut off": '{"turkic-progress": 1, "questions": {"02-h', "no JSON": "hello", "a list": "[1]", "another kind": '{"turkic-filing": 1}',
    "another version": '{"turkic-progress": 7, "questions": {}}', "odd content": '{"turkic-progress": 1, "questions": 5}',
    "odd entry": '{"turkic-progress": 1, "questions": {"02-hosts": {"right": "perhaps"}}}',
    "odd guess": '{"turkic-progress": 1, "guesses": {"02-towns": {"text": 5, "on": ""}}}', "bytes": "\x00\x01",
}  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_told_and_set_aside_not_written_over(course, text):
    (course / learner.FILE).write_text(text, "utf-8")
    for shown in (progress(), progress("02"), guessed("02-towns")):
        assert learner.FILE in repr(shown) and "Your next answer gives it another name" in shown.html()
    assert again("03").parts and guess("02-towns").html()  # nothing fails for it
    asked = question("02-hosts")
    pick(asked, RIGHT["02-hosts"])
    assert "It is now called my-progress.kept-1.json" in told(asked) and "Yes." in told(asked)
    assert (course / "my-progress.kept-1.json").read_text("utf-8") == text
    assert kept(course)["questions"]["02-hosts"]["right"] is True


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied")])
def test_what_cannot_be_kept_is_told_and_all_goes_on(course, monkeypatch, error):
    def fails(*_):
        raise error

    monkeypatch.setattr(learner, "put_json", fails)
    asked, typed = question("02-hosts"), guess("02-towns")
    pick(asked, RIGHT["02-hosts"])
    pick(typed, "Baku")
    judged = check("00-undated", ["S0", "S1", "S2"])
    for said in (told(asked), told(typed), judged.text):
        assert f"could not be kept in {learner.FILE} ({error.strerror})" in said
    assert "Yes." in told(asked) and "Right." in judged.text


def test_a_folder_that_takes_no_lock_is_told(course):
    (course / f".{learner.FILE}.lock").mkdir()
    asked = question("02-hosts")
    pick(asked, RIGHT["02-hosts"])
    assert "could not be kept" in told(asked) and not (course / learner.FILE).exists()


def test_a_verdict_says_nothing_of_keeping_where_all_is_well(course):
    asked = question("02-hosts")
    pick(asked, RIGHT["02-hosts"])
    assert "kept" not in told(asked) and asked.live().children[-1].value.count("tx-soft") == 0


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
    assert re.findall(r"^ *(\d\d)  0 of [1-9]\d*  0 of [1-9]", repr(progress()), re.M) == [n for n in numbers if n]
