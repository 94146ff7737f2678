"""Questions and exercises as an author writes them: what a file may hold, its slips and its figures."""

import re
import shutil
import textwrap
from types import SimpleNamespace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

import turkic_explainer
from turkic_explainer import lessons
from turkic_explainer.files import lesson_files
from turkic_explainer.lookups import FORMATS, LOOKUPS, Text, fill, look_up
from turkic_explainer.press import checks as preflight
from turkic_explainer.reading import lacks, read
from turkic_explainer.validate import DataError

from .conftest import HOSTILE, ROOT, edit, forget, page

QUESTION = """\
# shore
Which of them have
a shore?

- [ ] Kazakhstan alone
  Look west
  as well.
- [x] Azerbaijan and {{ other }}
  So it is.
"""
EXERCISE = """\
# Exercise: level
Right: {{ level(2024) }}
Wanted: a number of metres

1. Count
   with care.
2. It lies below zero.
- {{ 29.18 }}
  The sign is missing.
- {{ level(2050) }}
  That is the year {{ year }}.

```python
# It lies below zero.
-29.18
```
"""
GUESS = "# Guess: most\nWhich of {{ year }}?\n\n- {{ other }}\n- Another\n"
NAMES = LOOKUPS | {
    "other": lambda: "Kazakhstan",
    "year": lambda: 2050,
    "level": {2024: -29.18, 2050: -32.4}.__getitem__,
    "three": lambda: ["a", "b", "c"],
    "nothing": lambda: None,
    "missing": lambda: pd.NaT,
    "fields": lambda: SimpleNamespace(day=pd.Timestamp("2025-10-07"), number=0.1 + 0.2),
}


@pytest.fixture
def written(tmp_path):
    """Writes a questions.md and reads it."""

    def write(text: str, encoding: str = "utf-8"):
        file = tmp_path / "lesson07" / "questions.md"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode(encoding))
        return read(file)

    return write


# --- what a file may hold ------------------------------------------------------------------------------------------


FORMS = {
    "as it is": QUESTION,
    "a byte-order mark": "\ufeff" + QUESTION,
    "Windows": QUESTION.replace("\n", "\r\n"),
    "a capital X": QUESTION.replace("[x]", "[X]"),
    "no empty lines": QUESTION.replace("\n\n", "\n"),
    "more empty lines": QUESTION.replace("\n  ", "\n\n  "),
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_question_is_read_in_every_form_of_its_file(written, text):
    [entry] = written(text)
    question = entry.as_question("07-shore", NAMES)
    assert question.title == "Which of them have a shore?"
    assert question.states == (("a", "A. Kazakhstan alone"), ("b", "B. Azerbaijan and Kazakhstan"))
    assert question.pane("a") == '<div class="tx-wrong"><strong>Not quite.</strong> Look west as well.</div>'
    assert question.pane("b") == '<div class="tx-right"><strong>Yes.</strong> So it is.</div>'


def test_a_guess_has_choices_or_is_typed(written):
    guess, typed = written(GUESS + "\n" + "# Guess: towns\nThree towns, by\ntheir names:\n")
    assert guess.kind == typed.kind == "guesses" and not list(lacks(guess))
    assert guess.as_guess("07-most", NAMES).choices == ("Kazakhstan", "Another")
    assert repr(guess.as_guess("07-most", NAMES)) == "Which of 2050? [Kazakhstan | Another]"
    assert repr(typed.as_guess("07-towns", NAMES)) == "Three towns, by their names: [...]"
    html = page(guess.as_guess("07-most", NAMES | {"other": lambda: HOSTILE}).html())
    assert HOSTILE in html.get_text() and not html.script and len(html.select("label > input[type=checkbox]")) == 2
    assert len(page(typed.as_guess("07-towns", NAMES).html()).select("label > input[type=text]")) == 1


def test_an_exercise_has_hints_in_steps_and_tells_wrong_answers_apart(written):
    [entry] = written(EXERCISE)
    exercise = entry.as_exercise(NAMES)
    assert exercise.hints == ("Count with care.", "It lies below zero.")
    assert exercise.lines == "# It lies below zero.\n-29.18" and exercise.answer() == "-29.18"
    assert exercise.judge(-29.18) == (True, "Right.")
    assert exercise.judge(...) == (False, "Nothing to check yet: replace the ... by your own line.")
    assert exercise.judge(29.18) == (False, "Not yet. The sign is missing.")
    assert exercise.judge(-32.4) == (False, "Not yet. That is the year 2050.")
    assert exercise.judge(1.5) == (False, "Not yet. This is the right kind of thing, but not the right number.")
    assert exercise.judge("x") == (False, "Not yet: this is a text. You need a number of metres.")


def test_an_exercise_may_say_how_far_its_answer_is_rounded_and_what_else_is_right(written):
    text = EXERCISE.replace("1. Count", "Decimals: 0\nAlso: {{ level(2050) }}\n\n1. Count").replace(
        "metres\n\n", "metres\n"
    )
    exercise = written(text[: text.index("- {{ level")] + text[text.index("```") :])[0].as_exercise(NAMES)
    assert all(exercise.judge(answer)[0] for answer in (-29, "-29,2", -32.4, -32))
    assert not any(exercise.judge(answer)[0] for answer in (-30, -29.3, -33))


def test_a_list_of_wrong_numbers_shares_its_words(written):
    text = EXERCISE.replace("{{ 29.18 }}", "{{ [29.18, 100] }}")
    exercise = written(text)[0].as_exercise(NAMES)
    assert {exercise.judge(answer)[1] for answer in (29.18, 100)} == {"Not yet. The sign is missing."}


def test_wrong_lists_are_told_apart_too(written):
    text = "# Exercise: a\nRight: {{ three }}\nWanted: a list\n\n1. Look.\n"
    text += "- {{ 7.5 }}\n  Of no use.\n- {{ ['a', 'b'] }}\n  One more.\n```python\nlist('abc')\n```\n"
    exercise = written(text)[0].as_exercise(NAMES)
    assert exercise.judge({"c", "b", "a"})[0]
    assert [exercise.judge(answer)[1] for answer in (["b", "a"], ["a"])] == [
        "Not yet. One more.",
        "Not yet. This is the right kind of thing, but 2 missing.",
    ]


def test_notes_are_shown_nowhere_and_name_claims(written):
    [entry] = written(QUESTION.replace("# shore\n", "# shore\nClaims: S1-05 B-012\nUnsourced: 7\n\n"))
    assert entry.claims() == ["B-012", "S1-05"] and entry.note("Unsourced") == "7" and entry.note("Right") == ""
    assert "B-012" not in entry.as_question("07-shore", NAMES).html()


def test_text_is_data(written):
    """Markup is escaped, and what is looked up is not read once more."""
    text = QUESTION.replace("Look west", "<script>alert(1)</script> *x* & {{ hostile }}")
    question = written(text)[0].as_question("07-shore", NAMES | {"hostile": lambda: HOSTILE})
    pane = question.pane("a")
    assert "<script" not in pane and HOSTILE in page(pane).get_text() and "*x* &amp; " in pane


@pytest.mark.parametrize("text, told", [
    ("{{ year }} and {{year}}", "2050 and 2050"),
    ("{{ level(2024) }}", "-29.18"),
    ("{{ three }}", "a, b, c"),
    ('{{ three | join(" ") }}', "a b c"),
    ("{{ fields.day }}", "7 October 2025"),
    ("{{ fields.day | month }}", "October 2025"),
    ("{{ fields.number }}", "0.3"),
    ("{{ fields.number | decimals(3) }}", "0.300"),
    ('{{ "2021-11" | spelled }}', "November 2021"),
    ('{{ "A: b: c" | after(": ") | uncapitalized }}', "b: c"),
    ('{{ "A: b: c" | before(": ") }}', "A"),
    ('{{ claim("S0-34").amount }}', "14,000"),
    ('{{ source("S2").date }}', "11 May 2022"),
    ('{{ row("members", "Hungary").role }}', "observer"),
    ('{{ row("steps", initiative="aktau-hub", label="first phase").day }}', "2025-06-09"),
    ('{{ count("members", role="member") }}', "5"),
    ('{{ row("initiatives", name="Unified Turkic alphabet").kind }}', "agreement"),
    ('{{ column("sources", "id", date_printed="yes") }}', "S3, S4"),
    ('{{ column("memberships", "entity", body="turkpa", role=["not a member", "observer"]) | length }}', "3"),
    ('{{ column("summits", "kind") | and_ }}', "regular, extraordinary and informal"),
    ('{{ count("venues", capital="no", mode="online") }}', "2"),
    ('{{ count("10-scripts", state=["Kazakhstan", "Uzbekistan"]) }}', "8"),
    ('{{ column("bodies", "short", key=column("memberships", "body", entity="Hungary", role="observer")) }}', "OTS, TurkPA, Turkic Academy, Heritage Foundation"),
    ("100 % {} {x} }", "100 % {} {x} }"),
])  # fmt: skip
def test_what_is_looked_up_stands_in_the_text(text, told):
    assert fill(Text(text, "questions.md", "line 1"), NAMES) == told


def test_the_readme_shows_what_can_be_written(written):
    """Its example is in order, with the names of the lesson that it is taken from."""
    readme = (ROOT / "README.md").read_text("utf-8")
    [example] = re.findall(r"\n(    # share\n(?:    .*\n|\n)*)", readme)
    question, exercise, guess = written(textwrap.dedent(example))
    assert [line for entry in (question, exercise, guess) for line in preflight.check_figures(entry)] == []
    assert guess.as_guess("07-fallen", lessons.names("07")) == lessons.guess("07-fallen")
    assert question.as_question("07-share", lessons.names("07")).states[1][1].endswith("about 23%")
    assert exercise.as_exercise(lessons.names("07")).judge(34.12)[1].startswith("Not yet. This is what was still")


# --- slips: each is told once, with file, lesson, line and mend -----------------------------------------------------

FORM = {  # what is written in place of what, on which line that is told, and a word of the mend
    "no right answer": (QUESTION, "[x]", "[ ]", 1, "0 right answers"),
    "two right answers": (QUESTION, "[ ]", "[x]", 1, "2 right answers"),
    "an answer without a reason": (QUESTION, "  So it is.\n", "", 8, "Say why"),
    "one answer": (QUESTION, "- [ ] Kazakhstan alone\n  Look west\n  as well.\n", "", 1, "1 answers: give 2"),
    "nine answers": (QUESTION, "- [x]", "- [ ] n\n  No.\n" * 7 + "- [x]", 1, "9 answers: give 2 to 8"),
    "a heading without a question": (QUESTION, "Which of them have\na shore?\n", "", 1, "Write the question"),
    "a heading and nothing": (QUESTION, QUESTION, QUESTION + "\n# empty\n", 11, "Write the question"),
    "one name twice": (QUESTION, QUESTION, QUESTION + QUESTION, 10, "twice"),
    "a name of both kinds": (QUESTION, QUESTION, QUESTION + EXERCISE.replace("level\n", "shore\n"), 10, "twice"),
    "a name with capitals": (QUESTION, "# shore", "# The Shore", 1, "small letters"),
    "no space after the #": (QUESTION, "# shore", "#shore", 1, "# name"),
    "two #": (QUESTION, "# shore", "## shore", 1, "# name"),
    "a tab": (QUESTION, "  So it", "\tSo it", 9, "not by a tab"),
    "one space": (QUESTION, "  So it", " So it", 9, "Two spaces"),
    "no space": (QUESTION, "  So it", "So it", 9, "Put two spaces"),
    "a reason before all answers": (QUESTION, "a shore?", "  a shore?", 3, "Two spaces"),
    "an answer without a mark": (QUESTION, "- [ ]", "-", 5, "'- [ ] answer'"),
    "a mark without a space": (QUESTION, "- [ ]", "- []", 5, "'- [ ] answer'"),
    "an answer with a star": (QUESTION, "- [ ]", "* [ ]", 5, "'- [ ] answer'"),
    "an answer that is empty": (QUESTION, "- [ ] Kazakhstan alone", "- [ ]", 5, "'- [ ] answer'"),
    "an answer that is indented": (QUESTION, "- [x]", "  - [x]", 8, "no list begins"),
    "a hint in a question": (QUESTION, "- [ ]", "1.", 8, "'1. what comes first'"),
    "a note that is not known": (QUESTION, "Which", "Claim: S1-05\nWhich", 2, "Claims, Unsourced, Right"),
    "a note twice": (QUESTION, "Which", "Claims: S1-05\nClaims: S1-05\nWhich", 3, "each once"),
    "a note of an exercise": (QUESTION, "Which", "Wanted: a number\nWhich", 2, "Claims, Unsourced, Right, Number"),
    "text before the first heading": (QUESTION, "# shore", "Questions\n\n# shore", 1, "Begin with a heading"),
    "an exercise without its answer": (EXERCISE, "Right: {{ level(2024) }}\n", "", 1, "Right: {{"),
    "an exercise with an empty answer": (EXERCISE, " {{ level(2024) }}", "", 1, "Right: {{"),
    "an exercise that wants nothing": (EXERCISE, "Wanted: a number of metres\n", "", 1, "Wanted: "),
    "an exercise without a hint": (EXERCISE, "1. Count\n   with care.\n2. It lies below zero.\n", "", 1, "Give a hint"),
    "an exercise with a mark": (EXERCISE, "- {{ 29.18 }}", "- [ ] 29.18", 8, "'1. hint'"),
    "an exercise with a task": (EXERCISE, "1. Count", "Count\n1. Count", 5, "stands in the notebook"),
    "a wrong answer without a word": (EXERCISE, "  The sign is missing.\n", "", 8, "Say why"),
    "an exercise without its lines": (EXERCISE, "```python\n# It lies below zero.\n-29.18\n```\n", "", 1, "the lines of its"),
    "lines without an end": (EXERCISE, "-29.18\n```", "-29.18\n", 1, "no end"),
    "lines before the first heading": (QUESTION, "# shore", "```\n\n# shore", 1, "Begin with a heading"),
    "lines of a question": (QUESTION, "  So it is.\n", "  So it is.\n```\n1\n```\n", 1, "Only an exercise"),
    "decimals in words": (EXERCISE, "metres\n\n1", "metres\nDecimals: two\n\n1", 1, "a whole number behind"),
    "a guess without words": (GUESS, "Which of {{ year }}?\n", "", 1, "what is guessed"),
    "a guess with one choice": (GUESS, "- Another\n", "", 1, "no choice, or 2"),
    "a guess with a mark": (GUESS, "- Another", "- [x] Another", 5, "'- choice'"),
    "a guess with a reason": (GUESS, "Another", "Another\n  So it is.", 1, "one line"),
    "a guess of a name that is there": (QUESTION, QUESTION, QUESTION + GUESS.replace("most", "shore"), 10, "twice"),
    "an empty file": (QUESTION, QUESTION, "\n", 1, "no question here"),
}  # fmt: skip


@pytest.mark.parametrize("good, old, new, line, mend", FORM.values(), ids=FORM)
def test_a_slip_of_form_is_told(written, good, old, new, line, mend):
    assert written(good) and good.count(old) == 1
    with pytest.raises(DataError) as told:
        written(good.replace(old, new))
    [problem] = told.value.problems
    assert re.match(rf"questions\.md, lesson07, line {line}\b.*: found ", problem) and mend in problem


def test_all_slips_of_a_file_are_told_at_once_and_what_follows_from_one_is_not(written):
    with pytest.raises(DataError) as told:
        written(QUESTION.replace("- [x]", "- [y]") + EXERCISE.replace("1. ", "1) "))
    assert [re.search(r"line \d+, \w+", problem)[0] for problem in told.value.problems] == [
        "line 8, shore", "line 14, level", "line 15, level",
    ]  # fmt: skip


def test_a_file_that_is_not_utf8_is_told(written):
    with pytest.raises(DataError, match="questions.md, lesson07, line 1.*save it as UTF-8"):
        written("# shore\nWo ist das Öl?\n", "latin-1")


LOOKED_UP = {  # what a text looks up, and what must be told of it
    "a name that is near another": ("{{ yaer }}", ["'yaer'", "There is: year"]),
    "a name that is near none": ("{{ xxxxx }}", ["'xxxxx'", "claim, column, count, "]),
    "a format that is not known": ("{{ year | whole }}", ["'whole'", "decimals"]),
    "brackets that are not closed": ("{{ year", ["two curly brackets"]),
    "brackets closed once": ("{{ year } is", ["two curly brackets"]),
    "brackets that are not opened": ("year }}", ["two curly brackets"]),
    "brackets apart": ("{ { year }}", ["two curly brackets"]),
    "nothing in the brackets": ("{{ }}", ["two curly brackets"]),
    "two names": ("{{ year year }}", ["two curly brackets"]),
    "a loop": ("{% for a in three %}{% endfor %}", ["'{%'", "figures.py"]),
    "a condition": ("{% if year %}a{% endif %}", ["'{%'", "figures.py"]),
    "a comment": ("{# note #}", ["'{#'", "figures.py"]),
    "a sum": ("{{ year + 1 }}", ["figures.py"]),
    "a comparison": ("{{ year == 1 }}", ["figures.py"]),
    "a choice": ("{{ 1 if year else 2 }}", ["figures.py"]),
    "an item": ("{{ three[0] }}", ["figures.py"]),
    "a method": ("{{ other.upper() }}", ["figures.py"]),
    "all of a list": ("{{ level(*three) }}", ["figures.py"]),
    "a hidden field": ("{{ fields.__class__ }}", ["figures.py"]),
    "a whole row": ("{{ fields }}", ["name one of its fields"]),
    "a field that is not there": ("{{ fields.daye }}", ["daye"]),
    "nothing": ("{{ nothing }}", ["None"]),
    "a gap": ("{{ missing }}", ["NaT"]),
    "a claim that is not there": ('{{ claim("B-999").value }}', ["B-999", "B-001 to"]),
    "a caveat that is not there": ('{{ claim("B-236").printed }}', ["None"]),
    "a table that is not there": ('{{ count("sumits") }}', ["sumits"]),
    "a row that is not there": ('{{ row("members", "Hungry").role }}', ["0 such rows in members"]),
    "more rows than one": ('{{ row("members", role="member").code }}', ["5 such rows in members"]),
    "a column that is not there": ('{{ count("members", roll="member") }}', ["roll"]),
    "a column of which nothing is wanted": ('{{ column("members", "roll") }}', ["roll"]),
    "too little asked": ("{{ level }}", ["TypeError"]),
    "a mark that is not there": ('{{ other | after(": ") }}', ["ValueError"]),
}  # fmt: skip


@pytest.mark.parametrize("text, told", LOOKED_UP.values(), ids=LOOKED_UP)
def test_a_slip_in_what_is_looked_up_is_told(text, told):
    with pytest.raises(DataError) as error:
        fill(Text(f"So {text}", "questions.md", "lesson07, line 3, shore"), NAMES)
    [problem] = error.value.problems
    assert problem.startswith("questions.md, lesson07, line 3, shore, text: found ")
    assert all(part in problem for part in told), problem


@pytest.mark.parametrize("text", ["42", "{{ year }} metres", "{{ year }}{{ year }}", ""])
def test_an_answer_is_one_look_up(text):
    with pytest.raises(DataError, match="one look-up"):
        look_up(Text(text, "questions.md", "line 1"), NAMES)


def test_a_question_whose_right_answer_is_worked_out_must_agree_with_its_mark(written):
    text = QUESTION.replace("# shore\n", "# shore\nRight: {{ other }}\n").replace("Azerbaijan and ", "")
    assert written(text)[0].as_question("07-shore", NAMES)
    [entry] = written(text.replace("- [ ]", "- [y]").replace("- [x]", "- [ ]").replace("- [y]", "- [x]"))
    with pytest.raises(DataError, match="line 2, shore.*'Kazakhstan', but the .x. is at 'Kazakhstan alone'"):
        entry.as_question("07-shore", NAMES)


# --- the check of a lesson's own file -------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the lessons' texts that the package reads in place of the real ones."""
    copy = shutil.copytree(lessons.FOLDER, tmp_path / "lessons", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(lessons, "FOLDER", copy)
    forget()
    yield copy
    forget()


@pytest.mark.parametrize("number", lessons.numbers())
def test_the_questions_of_the_course_are_in_order(number):
    assert list(preflight.check_questions(number)) == []


RIGHT = "Right: {{ level_before }}"
PUT_BACK = "Going back in time, what fell is put back: add it to `level_2024`."
CHECKED = {  # lesson, what is written in place of what, and what the one line must name
    "another date": ("07", "15 November 2025", "16 November 2025", ["rivers", "the date 2025-11-16"]),
    "another figure": ("03", "and plus 86 percent", "and plus 87 percent", ["percent", "the figure 87"]),
    "another figure in a reason": ("03", "up to 1.5 times", "up to 1.6 times", ["beats", "the figure 1.6"]),
    "a figure in the right answer": (
        "07",
        "Less than a quarter",
        "Less than a quarter, or 30 percent",
        ["share", "figure 30"],
    ),
    "a figure in a hint": (
        "07",
        "Years times centimetres a year. The",
        "All 28 years. The",
        ["level", "the figure 28"],
    ),
    "a figure in what is wanted": ("07", "a number of percent", "a number below 20", ["volume", "figure 20"]),
    "no claim": ("03", "Claims: B-226\n", "", ["sea", "the figure 2050"]),
    "a claim that is not there": ("03", "Claims: B-226", "Claims: B-226 B-999", ["sea", "B-999"]),
    "a number that is not there": ("07", "Unsourced: 1,000", "Unsourced: 1,000 12", ["share", "12 stands nowhere"]),
    "a name that is not there": ("07", "{{ asked_for.half |", "{{ askd_for.half |", ["share", "asked_for"]),
    "an answer that is not there": ("07", RIGHT, "Right: {{ level_befor }}", ["level", "level_before"]),
    "an answer of the wrong kind": ("07", RIGHT, "Right: {{ most_changed }}", ["level", "a number or a list"]),
    "a right answer among the wrong": (
        "07",
        PUT_BACK,
        f"{PUT_BACK}\n- {{{{ level_before }}}}\n  No.",
        ["level", "is right"],
    ),
    "a wrong answer of another kind": (
        "07",
        PUT_BACK,
        f"{PUT_BACK}\n- {{{{ ['a'] }}}}\n  No.",
        ["level", "this is a text"],
    ),
    "a wrong answer twice": (
        "07",
        PUT_BACK,
        f"{PUT_BACK}\n- {{{{ 1 }}}}\n  No.\n- {{{{ 1 }}}}\n  Why?",
        ["level", "Not yet. No."],
    ),
    "the mark elsewhere": ("07", "Right: {{ most_changed }}", "Right: {{ level_before }}", ["most", "the [x] is at"]),
    "emphasis, which is not made": ("04", '"Under way": begun', "*Under way*: begun", ["firm", "a reader sees the *"]),
    "code in a question": ("04", '"Under way": begun', "`Under way`: begun", ["firm", "a reader sees the `"]),
    "a slip of form": ("07", "- [x] Neither", "- [] Neither", ["parts", "- [x] answer"]),
}


@pytest.mark.parametrize("number, old, new, told", CHECKED.values(), ids=CHECKED)
def test_a_mistake_in_the_questions_of_a_lesson_is_told_by_the_check(folder, number, old, new, told):
    edit(folder / f"lesson{number}" / "questions.md", old, new)
    [problem] = preflight.check_questions(number)
    assert problem.startswith(f"questions.md, lesson{number}, line ") and all(part in problem for part in told), problem


def test_the_check_of_a_lesson_looks_at_its_questions(folder):
    edit(folder / "lesson07" / "questions.md", "15 November 2025", "16 November 2025")
    [file] = [file for file in lesson_files() if file.stem.startswith("07")]
    [problem] = preflight.check_lesson(file)
    assert problem.startswith("questions.md, lesson07, line ")


def test_a_slip_in_one_lesson_leaves_the_questions_of_another_alone(folder):
    edit(folder / "lesson07" / "questions.md", "- [x] Neither", "- [] Neither")
    assert lessons.question("02-hosts").title and lessons.check("02-capitals", ...).text
    with pytest.raises(DataError, match="lesson07"):
        lessons.question("07-shore")


@pytest.mark.long
def test_most_figures_in_questions_cannot_be_changed_unseen(folder):
    """Each figure that is typed in what a learner is told, one up and one down; wrong answers, guesses and look-ups apart."""
    seen, unseen = 0, []
    for number in lessons.numbers():
        file = folder / f"lesson{number}" / "questions.md"
        text = file.read_text("utf-8")
        # what a solution computes with is held to its answer when its lines are run (test_exercises.py)
        kept = [m.span() for m in re.finditer(r"{{.*?}}|`[^`\n]+`|^\w+: .*|^- \[ \].*|^\d+\.|D-\d+", text, re.M)]
        kept += [m.span() for m in re.finditer(r"^# Guess: .*?(?=^# |\Z)", text, re.M | re.S)]
        for block in re.finditer(r"^```python.*?^```", text, re.M | re.S):
            kept += [
                (block.start() + m.start(), block.start() + m.end()) for m in re.finditer("^[^#\n].*", block[0], re.M)
            ]
        for match in re.finditer(r"(?<![\w.-])\d+(?![\w-])", text):
            if any(start <= match.start() < end for start, end in kept):
                continue
            for step in (1, -1):
                file.write_text(f"{text[: match.start()]}{int(match[0]) + step}{text[match.end() :]}", "utf-8")
                if any(line for entry in read(file) for line in preflight.check_figures(entry)):
                    seen += 1
                else:
                    unseen.append(f"lesson{number}: {match[0]} {step:+}")
        file.write_text(text, "utf-8")
    assert seen > 30 and seen >= 8 * len(unseen), (seen, unseen)


# --- the names that a text may use -----------------------------------------------------------------------------------


def test_a_question_is_no_exercise_and_an_exercise_no_question():
    with pytest.raises(KeyError, match="no question '07-level'. .*There are: 07-"):
        lessons.question("07-level")
    with pytest.raises(KeyError, match="no exercise '07-share'. .*There are: 07-"):
        lessons.check("07-share", 1)
    for asked in (lessons.guess, lessons.guessed):
        with pytest.raises(KeyError, match="no guess '07-share'. Did you mean '07-shores'. There are: 07-"):
            asked("07-share")


def test_a_new_lesson_needs_no_python(folder):
    """A folder with a questions.md is enough: its questions and exercises are found, asked, judged and checked."""
    (folder / "lesson12").mkdir()
    text = (QUESTION + EXERCISE[: EXERCISE.index("- {{ 29.18")] + EXERCISE[EXERCISE.index("```") :]).replace(
        "other", "claim('S2-15').value"
    )
    (folder / "lesson12" / "questions.md").write_text(text.replace("level(2024)", "derived('S2-62')"), "utf-8")
    forget()
    assert lessons.numbers()[-1] == "12" and lessons.names("12") == LOOKUPS
    assert lessons.keys("questions")[-1] == "12-shore" and lessons.keys("exercises")[-1] == "12-level"
    assert lessons.question("12-shore").states[1][1] == "B. Azerbaijan and 10"
    assert lessons.check("12-level", 5.3 / 1.58).text == "Exercise 12-level: Right."
    assert list(preflight.check_questions("12")) == []


@pytest.mark.parametrize("number", lessons.numbers())
def test_every_figure_has_its_words_and_its_use(number):
    text = (lessons.FOLDER / f"lesson{number}" / "questions.md").read_text("utf-8")
    own = {name: function for name, function in lessons.names(number).items() if name not in LOOKUPS}
    assert all(function.__doc__ and function.__doc__.strip() for function in own.values())
    folder = lessons.FOLDER / f"lesson{number}"
    source, panes = ("".join(file.read_text("utf-8") for file in folder.glob(kind)) for kind in ("figures.py", "*.j2"))
    for name in own.keys() - turkic_explainer.__all__:  # what stands at the front door, a cell calls
        called = len(re.findall(rf"\b{name}\(", source)) > 1 or re.search(rf"\b{name}\(", panes)
        assert called or re.search(rf"{{{{[^}}]*\b{name}\b", text), name


def test_every_format_is_used_somewhere():
    files = [file for form in ("questions.md", "shown.toml", "*.j2") for file in lessons.FOLDER.glob(f"*/{form}")]
    text = " ".join(file.read_text("utf-8") for file in files)
    assert {name for name in FORMATS if re.search(rf'\| (map\(")?{name}\b', text)} == set(FORMATS)


def test_no_reader_of_a_question_sees_a_mark_of_markdown():
    for key in lessons.keys("questions"):
        seen = BeautifulSoup(lessons.question(key).html(), "html.parser")
        assert not re.search(r"[*`]", seen.get_text()), key
    told = [text for key in lessons.keys("exercises") for text in lessons.exercise(key).hints]
    assert told and not [text for text in told if "*" in re.sub("`[^`]*`", "", text)]
