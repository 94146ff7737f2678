"""Exercises: every form in which a person gives a right answer is right, and every likely mistake is told in its own words.

tests/exercises.toml holds, for each exercise, answers as a learner would write them in its cell. Forms that any number or
list may have are made here.
"""

import ast
import math
import re
import tomllib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import turkic_explainer as tx
from turkic_explainer import lessons
from turkic_explainer.answers import Exercise, plain
from turkic_explainer.files import lesson_files, read
from turkic_explainer.press import checks

from .conftest import ROOT, page

BY_HAND = tomllib.loads((ROOT / "tests" / "exercises.toml").read_text("utf-8"))
KEYS = lessons.keys("exercises")
each_exercise = pytest.mark.parametrize("key", KEYS)


@cache
def worked_out(key: str) -> Exercise:
    """An exercise whose answers are worked out once: many forms of them are judged."""
    exercise = lessons.exercise(key)
    right, wrong, also = exercise.right(), exercise.wrong(), exercise.also()
    return replace(exercise, right=lambda: right, wrong=lambda: wrong, also=lambda: also)


@cache
def cells(number: str) -> dict[str, list]:
    """The code cells of a lesson by what they are for: its imports, its exercises with their tables, its solutions."""
    [file] = [file for file in lesson_files() if file.stem.startswith(number)]
    found = {"import": [], "exercise": [], "solution": []}
    for cell in read(file).cells:
        if cell.cell_type == "code":
            tags = {*cell.metadata.get("tags", [])}
            for kind in found:
                if (
                    kind in tags
                    or cell.id.startswith(kind)
                    or (kind == "exercise" and re.match(r"ex\d-table", cell.id))
                ):
                    found[kind].append(cell)
    return found


@cache
def in_lesson(number: str) -> dict:
    """The names that a learner has in a lesson's exercises: of its imports, and of the exercises' own cells."""
    names: dict = {}
    for kind in ("import", "exercise"):
        for cell in cells(number)[kind]:
            exec(cell.source, names)
    return names


def given(key: str, source: str):
    """What a learner's line in the cell of an exercise gives."""
    return eval(source, dict(in_lesson(key[:2])))


# --- the forms of an answer ----------------------------------------------------------------------------------------


def forms_of_a_number(value: float, decimals: int) -> dict:
    """The forms in which a person gives a number, under a name each."""
    whole = float(value).is_integer()
    forms = {}
    for digits in [0] if whole else range(decimals, 7):
        rounded, cut = round(value, digits), math.trunc(value * 10**digits) / 10**digits
        for how, number in (("rounded", rounded), ("cut off", cut)):
            text = f"{number:.{digits}f}"
            forms |= {
                f"{how} to {digits}": number,
                f"text of {how} {digits}": text,
                f"{text} with a unit": f"{text} million",
            }
            forms[f"comma in {text}"] = text.replace(".", ",")
            forms[f"the minus of print in {text}"] = text.replace("-", "−")
            if not re.search(r"\.0\d", text):  # Python takes no number that begins with a zero
                forms[f"what Python makes of {text} with a comma"] = eval(text.replace(".", ","))
    value = int(value) if whole else float(value)
    forms |= {"as it is": value, "float": float(value), "fraction": Fraction(value), "decimal": Decimal(str(value)),
              "numpy": np.float64(value), "numpy, one": np.asarray(value), "blanks around": f"  {value} ",
              "list": [value], "tuple": (value,), "set": {value}, "array": np.array([value]), "nested": [[value]],
              "column": pd.Series([value]), "index": pd.Index([value]), "list of text": [str(value)], "key": {value: "x"},
              "column of text": pd.Series([str(value)])}  # fmt: skip
    return forms | ({"numpy whole": np.int64(value), "with .0": f"{value}.0"} if whole else {})


def forms_of_a_list(values: list) -> dict:
    """The forms in which a person gives a list, under a name each."""
    texts = [str(value) for value in values]
    forms = {
        "as it is": values, "backwards": values[::-1], "tuple": tuple(values), "set": set(values), "frozen": frozenset(values),
        "column": pd.Series(values), "column of another index": pd.Series(values, index=[f"x{n}" for n in texts]),
        "index": pd.Index(values), "array": np.array(values), "array of one column": np.array(values).reshape(-1, 1),
        "keys": dict.fromkeys(values), "view of keys": dict.fromkeys(values).keys(), "twice": [*values, *values],
        "generated": (value for value in values), "mapped": map(str, values), "in a list": [values], "sorted": sorted(values),
        "array in a list": [np.array(values)], "texts": texts, "texts with blanks": [f" {t} " for t in texts],
        "small letters": [t.lower() for t in texts], "capitals": [t.upper() for t in texts], "text": ", ".join(texts),
        "text with semicolons": "; ".join(texts), "text with and": " and ".join(texts), "text by a phone": "[" + ", ".join(f"“{t}”" for t in texts) + "]",
        "text in Turkish": " ve ".join(texts), "text in Kazakh": " және ".join(texts), "text with strokes": "/".join(texts), "text of the list": str(values),
        "text of the set": str({*values}), "text of a series": ",".join(texts), "text in a list": [", ".join(texts)],
        "category": pd.Series(values, dtype="category"), "object": pd.Series(values, dtype=object),
        "array of objects": np.array(values, dtype=object),
    }  # fmt: skip
    if not any(" " in text for text in texts):
        forms["text with blanks between"] = " ".join(texts)
    if isinstance(values[0], int):
        forms |= {"floats": [*map(float, values)], "numpy": [*map(np.int64, values)], "Int64": pd.Series(values, dtype="Int64"),
                  "array of floats": np.array(values, dtype=float)}  # fmt: skip
    return forms


def forms(value, decimals: int) -> dict:
    return forms_of_a_list(value) if isinstance(value, list) else forms_of_a_number(value, decimals)


@each_exercise
def test_a_right_answer_is_right_in_every_form(key):
    exercise = worked_out(key)
    refused = [
        (name, form, exercise.judge(form))
        for right in (exercise.right(), *exercise.also())
        for name, form in forms(right, exercise.decimals).items()
        if exercise.judge(form)[0] is not True and name != "generated"  # which can be read only once
    ]
    assert refused == []
    for right in (exercise.right(), *exercise.also()):
        assert not isinstance(right, list) or exercise.judge(forms(right, 0)["generated"]) == (True, "Right.")


@each_exercise
def test_a_right_answer_as_a_learner_writes_it_is_right(key):
    told = {source: worked_out(key).judge(given(key, source)) for source in BY_HAND[key]["right"]}
    assert {source: said for source, said in told.items() if said != (True, "Right.")} == {}


@each_exercise
def test_a_likely_mistake_is_told_in_its_own_words(key):
    """In every form, and never as right, however it is rounded."""
    exercise = worked_out(key)
    assert len({why for _, why in exercise.mistakes()}) >= 3
    for known, why in exercise.mistakes():
        for name, form in forms(known, exercise.decimals).items():
            if name != "generated":
                right, told = exercise.judge(form)
                if "rounded too much" in told:  # -27.0 may be -27.02, or the right -26.94
                    assert plain(form, False) == round(exercise.right()), (name, form)
                else:
                    assert (right, told) == (False, f"Not yet. {why}"), (name, form)


@each_exercise
def test_a_mistake_as_a_learner_makes_it_is_told(key):
    exercise = worked_out(key)
    for source, words in BY_HAND[key]["wrong"]:
        right, told = exercise.judge(given(key, source))
        assert not right and words in told, (source, told)


@each_exercise
def test_no_mistake_looks_like_the_right_answer(key):
    """However it is rounded or cut off, as far as that is allowed."""
    exercise = worked_out(key)
    right = exercise.right()
    assert list(checks.unsound(exercise)) == []
    if isinstance(right, float):
        for known, _ in exercise.mistakes():
            assert abs(known - right) > 10**-exercise.decimals / 2, known
    else:
        assert right not in [known for known, _ in exercise.mistakes()]


def test_a_mistake_that_looks_right_when_rounded_is_told_by_the_check():
    exercise = Exercise(lambda: 1.1349, "a number", ("?",), wrong=lambda: [(1.1301, "The mean.")], decimals=2)
    [problem] = checks.unsound(exercise)
    assert problem.startswith("1.1301, which is wrong, looks like the right answer")


def test_every_exercise_has_its_answers_by_hand():
    assert [*BY_HAND] == KEYS
    assert all(len(one["right"]) >= 3 and len(one["wrong"]) >= 3 for one in BY_HAND.values())


# --- what kind of thing is wrong -----------------------------------------------------------------------------------

KINDS = {  # an answer, and what is told of it where a number is wanted, and where a list is
    "nothing": (..., "Nothing to check yet", "Nothing to check yet"),
    "None": (None, "Nothing to check yet", "Nothing to check yet"),
    "an empty text": ("", "Nothing to check yet", "this is empty"),
    "a table": (pd.DataFrame({"a": [1]}), "a whole table. Count its rows", "a whole table. Pick the one column"),
    "a function": (tx.summits, "Put () after its name", "Put () after its name"),
    "True": (True, "only says True or False", "only says True or False"),
    "marks": (pd.Series([True, False] * 300), "Then count them", "Then pick the column that you need"),
    "marks of numpy": (np.array([True, False]), "Then count them", "Then pick the column that you need"),
    "a text": ("many", "this is a text. You need", None),
    "a number": (7.5, None, "a single thing. You need"),
    "a list": (["a", "b"], "2 values. You need one", None),
    "an empty list": ([], "this is empty", "this is empty"),
    "not a number": (float("nan"), "this is not a number", "a single thing"),
    "no end": (float("inf"), "this is not a number", "a single thing"),
    "an endless number": (10**400, "this is not a number", "a single thing"),
    "a day": (pd.Timestamp("2024-07-06"), "this is not a number", "a single thing"),
    "a thing": (SimpleNamespace(), "this is not a number", "a single thing"),
    "lists in a list": ([[1, 2], [3, 4]], "2 values", "texts, not numbers|numbers, not texts|right kind of thing"),
    "a missing value": (pd.NA, "this is not a number", "a single thing"),
    "another number": (-1234.5, "right kind of thing, but not the right number", None),
}  # fmt: skip


@each_exercise
def test_the_kind_of_thing_that_is_wrong_is_told_first(key):
    exercise = worked_out(key)
    for kind, (answer, of_number, of_list) in KINDS.items():
        words = of_list if isinstance(exercise.right(), list) else of_number
        right, told = exercise.judge(answer)
        assert right is False and (words is None or any(part in told for part in words.split("|"))), (kind, told)
        assert exercise.wanted in told or not words or "Nothing" in told or "()" in told or "right kind" in told, kind


@each_exercise
def test_a_list_of_another_kind_is_told(key):
    exercise = worked_out(key)
    right = exercise.right()
    if not isinstance(right, list):
        return
    other, words = ([1, 2], "numbers, not texts") if isinstance(right[0], str) else (["a", "b"], "texts, not numbers")
    assert words in exercise.judge(other)[1]
    odd = [*right[:-1], "S9" if isinstance(right[0], str) else 1999]
    assert exercise.judge(odd)[1] == "Not yet. This is the right kind of thing, but 1 too many, 1 missing."


@pytest.mark.parametrize("answer", [1, "2", 2.0])
def test_too_much_rounded_is_told(answer):
    told = lessons.exercise("03-total").judge(answer)
    assert told[0] is False
    assert (
        answer == 1
        or told[1]
        == "Not yet: this is rounded too much. Another answer would look the same. Give 1 digit after the point."
    )


@each_exercise
@pytest.mark.parametrize("answer", [..., "x", -1, [], pd.Series([True, False])], ids=repr)
def test_an_answer_that_is_not_right_gets_no_hint_unasked(key, answer):
    told = tx.check(key, answer)
    exercise = lessons.exercise(key)
    assert not any(hint in told.text for hint in exercise.hints) and exercise.lines not in told.text
    assert told.text.endswith(
        f'If you are stuck: In a new cell, hint("{key}") gives the first step, and solution("{key}") shows the lines.'
    )
    parts = exercise.right() if isinstance(exercise.right(), list) else [exercise.answer()]
    assert not all(re.search(rf"(?<![\w-]){re.escape(str(part))}\b", told.text.split("\n")[0]) for part in parts)


def test_a_check_without_an_answer_is_one_of_nothing():
    assert "Nothing to check yet" in tx.check("02-capitals").text


# --- hints and solutions, on request ------------------------------------------------------------------------------


@each_exercise
def test_hints_come_one_by_one_and_the_last_one_stays(key, monkeypatch):
    monkeypatch.setattr(lessons, "TAKEN", type(lessons.TAKEN)())
    steps = lessons.exercise(key).hints
    assert len(steps) >= 2
    for number, step in enumerate([*steps, steps[-1]], 1):
        told, left = tx.hint(key).text, len(steps) - number
        assert told.startswith(f"Exercise {key}: {step}\n  Hint {min(number, len(steps))} of {len(steps)}: ")
        assert told.endswith(
            f'{left} more: call hint("{key}") again.'
            if left > 0
            else f'the last one. solution("{key}") shows the lines.'
        )


CODE = re.compile(r"`([^`]+)`")


@each_exercise
def test_a_hint_taken_at_its_word_runs(key):
    """What stands in backticks in a hint, in the task and in what is said of a mistake is code that works in the lesson."""
    exercise, names = worked_out(key), in_lesson(key[:2])
    names = {**names}
    columns = {
        str(c)
        for thing in names.values()
        if isinstance(thing, pd.DataFrame)
        for c in (*thing.columns, thing.index.name)
    }
    prose = " ".join((*exercise.hints, told_in_task(key)))
    columns |= {
        column for call in re.findall(r"(?<!\.)\b\w+\((?:\"S4\")?\)", prose) for column in eval(call, dict(names))
    }
    [task] = [cell for cell in cells(key[:2])["exercise"] if f'check("{key}"' in cell.source]
    blank = re.search(r"^(\w+) = \.\.\.$", task.source, re.M)[1]
    snippets = [code for hint in exercise.hints for code in CODE.findall(hint)]
    assert snippets
    for code in snippets:
        if code.startswith('["'):  # written behind a table
            assert ast.literal_eval(code)[0] in columns, code
        else:
            exec(compile(code, key, "exec"), names)  # a name that a step makes is there for the next one
    for code in CODE.findall(told_in_task(key)):
        assert code == blank or code in columns or eval(compile(code, key, "eval"), dict(names)) is not None, code


def told_in_task(key: str) -> str:
    """The text of an exercise's task: the cell of prose above its code."""
    [file] = [file for file in lesson_files() if file.stem.startswith(key[:2])]
    found = ""
    for cell in read(file).cells:
        if "exercise" in cell.metadata.get("tags", []):
            if cell.cell_type == "markdown":
                found = cell.source
            elif f'check("{key}"' in cell.source:
                return found
    raise AssertionError(f"{key} stands in no lesson")


BY_EYE = re.compile(r"By eye: |(A|Paper or a) calculator will do as well")


@each_exercise
def test_an_exercise_can_be_done_by_eye_and_says_so(key):
    assert BY_EYE.search(told_in_task(key))


# What a learner is taught of tables: picking a column, filtering, counting, sorting; with Python's own len and sum.
OF_TABLES = {
    "query",
    "count",
    "sort_values",
    "value_counts",
    "len",
    "sum",
    "claims",
    "memberships",
    "venues",
    "initiatives",
}


@each_exercise
def test_a_solution_needs_no_more_than_the_five_things_about_tables(key):
    """Rows and columns, picking, filtering, counting and sorting; nothing else of pandas."""
    used = set()
    for node in ast.walk(ast.parse(lessons.exercise(key).lines)):
        if isinstance(node, ast.Call):
            used.add(node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id)
        elif isinstance(node, ast.Attribute):
            used.add(node.attr)
        assert not isinstance(node, ast.Lambda | ast.comprehension | ast.For | ast.While | ast.FunctionDef)
    assert used <= OF_TABLES


@each_exercise
def test_the_lines_of_a_solution_give_the_right_answer(key):
    lines = lessons.exercise(key).lines
    tree = ast.parse(lines)
    assert isinstance(tree.body[-1], ast.Expr)
    names = dict(in_lesson(key[:2]))
    exec(compile(ast.Module(tree.body[:-1], []), key, "exec"), names)
    assert (
        tx.check(key, eval(compile(ast.Expression(tree.body[-1].value), key, "eval"), names)).text
        == f"Exercise {key}: Right."
    )
    assert lines.splitlines()[0].startswith("# ")  # with its reason


@each_exercise
def test_a_solution_shows_lines_and_answer(key):
    shown, exercise = tx.solution(key), lessons.exercise(key)
    assert shown.text == f"Solution of exercise {key}: {exercise.answer()}\n{exercise.lines}"
    card = page(shown.body)
    assert (
        card.select_one("pre").get_text().strip("\n") == exercise.lines
        and card.select_one(".tx-lead").text == exercise.answer()
    )
    assert worked_out(key).judge(exercise.answer()) == (True, "Right.")


def test_every_exercise_stands_in_a_lesson_with_its_solution_behind_one_call():
    """Folded away, with what it shows."""
    asked = [re.search(r'check\("([\w-]+)"', c.source) for n in lessons.numbers() for c in cells(n)["exercise"]]
    solved = [c for n in lessons.numbers() for c in cells(n)["solution"]]
    assert [match[1] for match in asked if match] == [
        re.fullmatch(r'solution\("([\w-]+)"\)', c.source)[1] for c in solved
    ]
    assert sorted(match[1] for match in asked if match) == sorted(KEYS)
    assert all(c.metadata.jupyter == {"outputs_hidden": True, "source_hidden": True} for c in solved)


# --- a key that there is not ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ask", [tx.check, tx.hint, tx.solution, tx.question], ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    "key, of_exercise, of_question",
    [
        (
            "02-capital",
            "Did you mean '02-capitals'? There are: 02-gap-years, 02-capitals.",
            "Did you mean '02-caption'? There are: 02-hosts, 02-where,",
        ),
        ("99-none", "There are: 00-undated, 00-caveats, 01-", "Did you mean '04-none'?"),
        ("", "There are: 00-undated, 00-caveats, 01-", "There are: 00-"),
        *(
            (key, "The name of an exercise is a text, in quotation marks.", "The name of a question is a text, in")
            for key in (None, 2, ["02-capitals"])
        ),
    ],
    ids=repr,
)
def test_a_key_that_there_is_not_is_told_in_a_plain_sentence(ask, key, of_exercise, of_question, capsys):
    with pytest.raises(KeyError) as told:
        ask(key)
    kind, more = ("question", of_question) if ask is tx.question else ("exercise", of_exercise)
    assert str(told.value).startswith(f"There is no {kind} {key!r}. {more}")
    shell = InteractiveShell()
    shell.user_ns |= {"ask": ask, "key": key}
    shell.run_cell("ask(key)")
    shown = capsys.readouterr().out
    assert " ".join(shown.split()) == str(told.value) and max(map(len, shown.splitlines())) <= 88
