"""The checks before class: each mistake in a lesson gives exactly one line that names file, cell and mend."""

import re
import shutil
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_output

from turkic_explainer.files import lesson_files
from turkic_explainer.press import measures
from turkic_explainer.press.checks import check_lesson, check_prose, preflight, stale
from turkic_explainer.press.claims import figures
from turkic_explainer.press.notebooks import dumps, run

from .conftest import ROOT, code, edit, lesson, prose, stored

pytestmark = pytest.mark.usefixtures("own_jupyter")

TITLE = "# Cargo grew, but from what?"
CITED = "S1 has cargo grow by 65 percent [S1-30](evidence/S1.md#S1-30)."


def found(folder, *cells) -> list[str]:
    """What the check says about a small lesson with a title and these cells; the first of them is cell 2."""
    (folder / "town.png").touch()
    return list(check_lesson(lesson(folder, prose(TITLE), *cells)))


# --- what is in order ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", lesson_files(), ids=lambda f: f.stem)
def test_the_lessons_of_the_course_are_in_order(file):
    assert list(check_lesson(file)) == []


@pytest.mark.parametrize(
    "cell",
    [
        prose(CITED),
        prose("In 2021, on 31 March, it met online [B-016](evidence/background.md#B-016)."),
        prose("Nearly 4000 companies [S2-22](evidence/S2.md#S2-22), or 4,000, which is the same."),
        prose("## A heading (10 minutes)\n\n1. Lesson 02, exercise 3, step 4.\n2. `range(2011, 2026)`"),
        prose(
            "Nearly 4,000 companies [S2-22](evidence/S2.md#S2-22), or 65 percent more [S1-30](evidence/S1.md#S1-30)."
        ),
        prose("It was founded [B-029](evidence/background.md#B-029), on 3 October."),
        prose("Links to [a page](https://example.org/2030) and [a part](#part)."),
        prose("![A map of five towns](town.png)"),
        code("1", shows="1"),
        code("1 + 1", "solution", shows="2"),
        code(
            "said = reported().query('voice == \\'quoted\\'')\nshow(said[['says']].sort_values('says'), 'Quoted')\nlen(said)"
        ),
        code("1", html='<iframe title="A map"></iframe><img alt="A town" src="data:,"><svg aria-hidden="true"></svg>'),
        code("1", html='<svg role="img" aria-label="A chart of five bars"></svg>'),
        code("a = 1\n\nb = 2\n# three\nc = 4\nd = 5"),
    ],
    ids=lambda cell: cell.source[:30],
)
def test_what_is_in_order_is_let_be(tmp_path, cell):
    assert found(tmp_path, cell) == []


# --- what is not ---------------------------------------------------------------------------------------------------

PROSE = {  # what is written, and what the one problem must name
    "a figure nobody cites": ("Cargo grew by 65 percent.", ["figure 65", "Cite"]),
    "a figure that the claim does not have": (CITED.replace("65", "66"), ["figure 66"]),
    "a figure cited one paragraph off": ("It grew by 65 percent.\n\n" + CITED, ["figure 65"]),
    "a figure cited behind the comma": (
        "It grew by 65 percent [S2-22](evidence/S2.md#S2-22), says [S1-30](evidence/S1.md#S1-30).",
        ["figure 65"],
    ),
    "a day of another month": ("On 14 October it met [B-029](evidence/background.md#B-029).", ["date 14 October"]),
    "a citation of no claim": ("It grew [S1-99](evidence/S1.md#S1-99).", ["S1-99", "S1-01 to"]),
    "a citation to the wrong record": (
        CITED.replace("S1.md", "S2.md"),
        ["S1-30", "evidence/S2.md#S1-30", "evidence/S1.md#S1-30"],
    ),
    "a background citation to a report": (
        "It was renamed [B-008](evidence/S1.md#B-008).",
        ["B-008", "evidence/background.md#B-008"],
    ),
    "a link to nowhere": ("[Next](99-none.ipynb)", ["99-none.ipynb", "nowhere"]),
    "languages of another search": (
        "Of it no report was found [B-169](evidence/background.md#B-169) (searched on 28 November 2026 in Russian).",
        ["searched for in Russian", "languages"],
    ),
    "dollars": ("Trade passed $ and more.", ["US dollars"]),
    "a picture without words": ("![](town.png)", ["alt text"]),
}
HTML = {
    "a frame without a title": ("<iframe></iframe>", "title"),
    "a picture without words": ('<img src="data:,">', "alt text"),
    "a drawing without words": ("<svg><path/></svg>", "alt text"),
    "a drawing with an empty name": ('<svg role="img" aria-label=""></svg>', "alt text"),
    "a script": ("<script>1</script>", "frame"),
    "a sheet from outside": ('<link rel="stylesheet" href="https://example.org/a.css">', "outside"),
}


@pytest.mark.parametrize("written, named", PROSE.values(), ids=PROSE)
def test_a_mistake_in_prose_is_named(tmp_path, written, named):
    [problem] = found(tmp_path, code("1"), prose(written))
    assert problem.startswith("05-small.ipynb, cell 3: ")
    assert all(part in problem for part in named), problem


@pytest.mark.parametrize("html, named", HTML.values(), ids=HTML)
def test_an_output_that_not_everybody_can_read_is_named(tmp_path, html, named):
    [problem] = found(tmp_path, code("1", html=html))
    assert problem.startswith("05-small.ipynb, cell 2: ") and named in problem


@pytest.mark.parametrize(
    "outputs, named",
    [([new_output("error", ename="KeyError", evalue="", traceback=[])], "KeyError"),
     ([new_output("stream", name="stderr", text="DeprecationWarning")], "warning")],
    ids=["an error", "a warning"],
)  # fmt: skip
def test_a_stored_failure_is_named(tmp_path, outputs, named):
    [problem] = found(tmp_path, new_code_cell("1", execution_count=1, outputs=outputs))
    assert problem.startswith("05-small.ipynb, cell 2: ") and named in problem


def test_a_cell_that_was_never_run_is_named(tmp_path):
    file = lesson(tmp_path, prose(TITLE), code("1"))
    edit(file, '"execution_count": 1', '"execution_count": null')
    [problem] = check_lesson(file)
    assert problem.startswith("05-small.ipynb, cell 2: ") and "never been run" in problem


def test_a_long_cell_is_named(tmp_path):
    [problem] = found(tmp_path, code("\n".join(f"a = {n}" for n in range(6))))
    assert problem.startswith("05-small.ipynb, cell 2: ") and "6 lines" in problem


@pytest.mark.parametrize("source, named", [
    ("summits().groupby('place').size()", ".size, .groupby."), ("summits()[summits()['year'] > 2020]", "summits()['year'] > 2020."),
    ("import pandas", "import pandas."), ("print(1)", "print()."), ("[a for a in summits()]", "[a for a in summits()]."),
    ("len(f'{1}')", "f'{1}'."), ("rows = summits()\nrows.loc[0]", ".loc."), ("%matplotlib inline", "no Python"),
])  # fmt: skip
def test_what_no_lesson_teaches_is_named(tmp_path, source, named):
    """Outside exercises the cells ask for the five things about tables of lesson 00, and for functions of the course."""
    [problem] = found(tmp_path, code(source))
    assert problem.startswith("05-small.ipynb, cell 2: ") and named in problem


@pytest.mark.parametrize("cells, named", [
    ([code("a = ...", "exercise")], "no solution"),
    ([code("a = ...", "exercise"), code("a = 1", "solution"), code("b = ...", "exercise")], "no solution"),
    ([prose("# A second title")], "one title"),
])  # fmt: skip
def test_what_a_lesson_lacks_or_has_twice_is_named(tmp_path, cells, named):
    [problem] = found(tmp_path, *cells)
    assert problem.startswith("05-small.ipynb: ") and named in problem


def test_a_question_that_comes_back_and_not_every_class_meets_is_named(tmp_path):
    """Of lesson 05 the first two come back, wording and fund; pair does not."""
    head = "### Deeper: a title\n\nWords."
    asked = [code(f'question("05-{name}")', html="<p></p>") for name in ("fund", "wording", "pair")]
    asked[0].metadata["tags"] = ["if-time"]
    file = lesson(tmp_path, prose("# Title\n\nA word."), asked[0], prose(head), *asked[1:])
    edit(file, '"kernelspec"', '"turkic": {"lesson": "05", "edition": "learner"},\n  "kernelspec"')
    one, other = [line for line in check_lesson(file) if "again" in line]
    assert one.startswith("05-small.ipynb, cell 4: later lessons ask 05-wording again") and "Let two questions" in one
    assert other.startswith("05-small.ipynb, cell 2: later lessons ask 05-fund again")


def test_a_lesson_without_a_title_is_named(tmp_path):
    [problem] = check_lesson(lesson(tmp_path, prose("## Not a title")))
    assert problem.startswith("05-small.ipynb: ") and "one title" in problem


def test_a_file_that_is_no_notebook_is_named(tmp_path):
    (tmp_path / "05-small.ipynb").write_text("{")
    [problem] = check_lesson(tmp_path / "05-small.ipynb")
    assert problem.startswith("05-small.ipynb: this file is no notebook")


@pytest.mark.parametrize("text, wanted", [
    ("4,000 and 4000", {"4000"}), ("07 and 7.0", {"7"}), ("in 2013, 2014, and", {"2013", "2014"}),
    ("12th", {"12"}), ("US$5.3 billion", {"5.3"}), ("COP29", set()), ("65%", {"65"}), ("none", set()),
])  # fmt: skip
def test_figures_are_compared_in_one_spelling(text, wanted):
    assert figures(text) == wanted


# --- one changed figure in a real lesson ---------------------------------------------------------------------------


@pytest.fixture
def lessons(tmp_path):
    """A copy of the course's lessons."""
    return shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))


@pytest.mark.parametrize(
    "old, new, figure",
    [
        ("it met on 15 May 2026, says", "it met on 16 May 2026, says", "the date 2026-05-16"),
        ("14 October, when", "16 October, when", "the date 16 October"),
        ("on 6 July [S1-02]", "on 7 July [S1-02]", "the date 7 July"),
        ("an agreement of 2009 [B-029]", "an agreement of 2008 [B-029]", "the figure 2008"),
        ("became of 54 projects", "became of 55 projects", "the figure 55"),
        (
            "financing due by the end of March 2026 [B-122]",
            "financing due by the end of March 2027 [B-122]",
            "the date 2027-03",
        ),
    ],
)
def test_one_changed_figure_in_the_prose_of_a_lesson_is_named(lessons, old, new, figure):
    [(file, number)] = [
        (f, n) for f in lesson_files(lessons) for n, cell in enumerate(stored(f).cells, 1) if old in cell.source
    ]
    edit(file, old, new)
    [problem] = check_lesson(file)
    assert problem.startswith(f"{file.name}, cell {number}: ") and f"{figure}. " in problem


@pytest.mark.long
def test_most_figures_in_prose_cannot_be_changed_unseen():
    """Each figure put one up and one down: in eight of nine cases that agrees with nothing that the cited claims say."""
    seen, unseen = 0, []
    for file in lesson_files():
        for number, cell in enumerate(stored(file).cells, 1):
            if cell.cell_type == "markdown" and "](evidence/" in cell.source:
                for match in re.finditer(r"(?<![\w-])\d+(?![\d-]| minutes)(?![^\[`]*[\]`])(?![^(]*\))", cell.source):
                    for step in (1, -1):
                        changed = f"{cell.source[: match.start()]}{int(match[0]) + step}{cell.source[match.end() :]}"
                        if list(check_prose(prose(changed), file)):
                            seen += 1
                        else:
                            unseen.append(f"{file.stem}, cell {number}: {match[0]} {step:+}")
    assert seen > 30 and seen >= 8 * len(unseen), unseen


# --- stale outputs -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A lesson that has just been run and stored."""
    html = code("from IPython.display import HTML\nHTML('<b>4,485</b>')", "solution")
    file = lesson(tmp_path_factory.mktemp("fresh"), prose(TITLE), code("6 * 7", "solution"), html)
    file.write_text(dumps(run(file)), "utf-8")
    return file


@pytest.mark.parametrize(
    "old, new, told",
    [
        ('"42"', '"42"', None),
        ('"42"', '"43"', "05-small.ipynb, cell 2: the stored output is stale"),
        ('<b>4,485</b>"\n', '<b>4,484</b>"\n', "05-small.ipynb, cell 3: the stored output is stale"),
        (
            '"name": "python"\n',
            '"name": "python",\n   "version": "3.11.7"\n',
            "05-small.ipynb: not stored in the course's form",
        ),
    ],
    ids=["nothing changed", "one digit of a figure", "one digit in HTML", "a kernel's version"],
)
def test_one_changed_digit_of_a_stored_output_is_stale(fresh, tmp_path, old, new, told):
    """Which the whole check finds out by running the lesson, and the quick one cannot."""
    file = Path(shutil.copy(fresh, tmp_path))
    edit(file, old, new)
    assert preflight([file], run=False, say=lambda line: None) == []
    problems = preflight([file], say=lambda line: None)
    assert len(problems) == (told is not None)
    assert all(problem.startswith(told) and "turkic-explainer refresh" in problem for problem in problems)


def test_a_lesson_that_no_longer_runs_is_named(tmp_path):
    [problem] = stale(lesson(tmp_path, prose(TITLE), code("1 / 0")))
    assert problem.startswith("05-small.ipynb, cell 2: ZeroDivisionError")


# --- the whole check -----------------------------------------------------------------------------------------------


def test_each_lesson_is_told_and_every_problem_is_gathered(tmp_path):
    files = [
        lesson(tmp_path, prose(TITLE), name="01-good.ipynb"),
        lesson(tmp_path, prose("No title, and 5 of them."), name="02-bad.ipynb"),
    ]
    said = []
    problems = preflight(files, run=False, say=said.append)
    assert said == ["[1/2] 01-good: in order", "[2/2] 02-bad: 2 to mend", measures.told(measures.of_course())]
    assert [problem.split(":")[0] for problem in problems] == ["02-bad.ipynb", "02-bad.ipynb, cell 1"]


def test_broken_evidence_is_told_before_any_lesson(seeds):
    edit(seeds / "S4.toml", "value = 12\n", "")
    said = []
    problems = preflight(lesson_files(), run=False, say=said.append)
    assert "evidence: S4.toml, S4-02" in problems[0] and not said


def test_a_citation_of_nothing_in_the_disagreements_is_told(seeds):
    edit(seeds / "disagreements.toml", '["S0-17", "S1-11", "S3-08", "B-119"]', '["S0-17", "S1-99"]')
    [problem] = preflight(lesson_files(), run=False, say=lambda line: None)
    assert problem.startswith("disagreements: ") and "S1-99" in problem


@pytest.mark.parametrize("name, old, new, told", [
    ("summits", "2011-10-21", "21.10.2011", "summits.csv, row 2, last_day"),
    ("places", "51.1801", '"51,180"', "places.csv, row 2, lat"),
    ("members", "HU,observer", "HU,guest", "members.csv, row 7, role"),
])  # fmt: skip
def test_a_broken_table_is_told(data, name, old, new, told):
    edit(data / f"{name}.csv", old, new)
    problems = preflight(lesson_files(), run=False, say=lambda line: None)
    assert {problem.split(": ", 1)[1].split(": found")[0] for problem in problems} == {told}


def test_a_raw_cell_is_let_be(tmp_path):
    from nbformat.v4 import new_raw_cell

    assert found(tmp_path, new_raw_cell("\\newpage 4711")) == []
