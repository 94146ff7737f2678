"""A witness for every fact: what was signed off, what agrees with what, and whether a changed fact is noticed."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from turkic_explainer import ledger
from turkic_explainer.files import lesson_files
from turkic_explainer.press import drawings, signoff
from turkic_explainer.press.agree import facts, fits
from turkic_explainer.press.checks import check_prose, preflight
from turkic_explainer.press.cli import main
from turkic_explainer.validate import COURSE, DATA, LESSONS, DataError

from . import mutate
from .conftest import ROOT, code, edit, forget, lesson, prose

pytestmark = pytest.mark.usefixtures("own_jupyter")


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of all that holds facts."""
    root = tmp_path_factory.mktemp("facts") / "course"
    for folder, where in ((ROOT / "seeds", "seeds"), (DATA, "data"), (LESSONS, "lessons")):
        shutil.copytree(folder, root / where, ignore=shutil.ignore_patterns("__pycache__", "*.geojson"))
    (root / "notebooks").mkdir()
    for file in lesson_files():
        shutil.copy(file, root / "notebooks")
    return root


@pytest.fixture
def course(copy, monkeypatch):
    """The same, to break, in the place of the real course. What `put` did is undone."""
    for name, value in {"DATA": copy / "data", "LESSONS": copy / "lessons", "ROOT": copy}.items():
        monkeypatch.setattr(signoff, name, value)
    monkeypatch.setattr(signoff, "package_path", lambda name: copy / name)
    monkeypatch.setattr(drawings, "FOLDER", copy / "data" / "charts")  # or those of the course would be taken away
    yield copy
    for file, sound in SOUND.items():
        file.write_bytes(sound)
    SOUND.clear()


SOUND: dict[Path, bytes] = {}


def put(file: Path, old: str, new: str) -> None:
    """Puts `new` in the place of `old`, where that stands first."""
    SOUND.setdefault(file, file.read_bytes())
    text = file.read_text("utf-8")
    assert old in text, f"{old!r} does not stand in {file.name}: this test needs another place"
    file.write_text(text.replace(old, new, 1), "utf-8")


def changed(course: Path, file: str) -> list[signoff.Change]:
    """What of this file is not as it was signed off."""
    return signoff.changes(file, course / file, signoff.signed()[file])


# --- what was signed off ---------------------------------------------------------------------------------------------


def test_every_fact_of_the_course_is_signed_off():
    assert [*signoff.check_signed()] == []


def test_the_file_is_as_it_would_be_written(course):
    """In its order, with nothing twice: a merge may leave it otherwise."""
    before = (course / "seeds" / signoff.SIGNED).read_bytes()
    signoff.accept([])
    assert (course / "seeds" / signoff.SIGNED).read_bytes() == before


FACTS = {  # file, what stands there, what stands there instead, the name of the fact
    "the value of a claim": ("seeds/S1.toml", "value = 65\n", "value = 66\n", "S1-30"),
    "what a claim says": ("seeds/background.toml", "Almaty, Kazakhstan, 21 October", "Almaty, Kazakhstan, 22 October", "B-001"),
    "a field of a claim": ("seeds/background.toml", 'confidence = "confirmed-by-two"', 'confidence = "contested"', "B-001"),
    "a source of a claim": ("seeds/background.toml", "kazworld.info/?p=17303", "kazworld.info/?p=17304", "B-001"),
    "the date of a report": ("seeds/S0.toml", "date = 2025-06-12", "date = 2025-06-13", "date"),
    "what differs": ("seeds/disagreements.toml", "named about 40 events", "named about 50 events", "D-01"),
    "a disagreement's claims": ("seeds/disagreements.toml", '"S0-17", "S1-11"', '"S0-17", "S1-12"', "D-01"),
    "a word of the glossary": ("data/words.csv", "One thing that somebody says", "Two things that somebody says", "claim"),
    "a coordinate": ("data/places.csv", "51.1801", "51.1802", "Astana"),
    "a row of a table": ("data/summits.csv", "Economic cooperation", "Cultural cooperation", "regular 1"),
    "what a column holds": ("data/tables.toml", "degrees north", "degrees south", "like.lat.description"),
    "the right answer": ("lessons/lesson07/questions.md", "- [ ] Turkmenistan", "- [x] Turkmenistan", "07-shore"),
    "a reason": ("lessons/lesson07/questions.md", "53 percent", "54 percent", "07-shore"),
    "an answer that is worked out": ("lessons/lesson07/questions.md", "Right: {{ aral.back }}", "Right: {{ aral.low }}", "07-volume"),
    "a hint": ("lessons/lesson07/questions.md", "The first year and the last one both", "The last year does not", "07-level"),
    "a solution": ("lessons/lesson07/figures.py", "billions / 2", "billions / 3", "asked_for"),
    "a caption": ("lessons/lesson02/shown.toml", "Where the Turkic", "Where not the Turkic", "map.title"),
    "a pane": ("lessons/lesson07/waters.html.j2", "Green: members", "Grey: members", "pane"),
    "prose": ("notebooks/05-promise-and-outcome.ipynb", "does not always count alike", "does always count alike", None),
    "a citation": ("notebooks/03-the-middle-corridor.ipynb", "[B-114](evidence/background.md#B-114)", "[B-115](evidence/background.md#B-115)", "war-text"),
    "what a cell does": ("notebooks/02-where-they-meet.ipynb", "venue_map()", "venue_map(1)", None),
}  # fmt: skip


@pytest.mark.parametrize("file, old, new, name", FACTS.values(), ids=FACTS)
def test_a_fact_that_is_changed_is_named_with_its_mend(course, file, old, new, name):
    put(course / file, old, new)
    [change] = changed(course, file)
    assert change.file == file and change.entry == (name or change.entry) and change.mark and change.now


def test_the_check_says_which_fact_and_how_it_is_signed_off(course):
    put(course / "seeds" / "S1.toml", "value = 65\n", "value = 66\n")
    put(course / "data" / "places.csv", "Xi'an,", "Xian,")
    assert [*signoff.check_signed()] == [
        f"data/places.csv, {name}: it is {what}, and is not signed off. Put it back, or sign it off: "
        f"`turkic-explainer refresh --accept {quoted}`." for name, what, quoted in (("Xian", "new", "Xian"), ("Xi'an", "gone", """'Xi'"'"'an'"""))
    ] + ["seeds/S1.toml, S1-30: it was changed, and is not signed off. Put it back, or sign it off: "
         "`turkic-explainer refresh --accept S1-30`."]  # fmt: skip


NO_FACTS = {  # what may be changed without a word
    "a note for authors": ("seeds/background.toml", 'as_of = "2011-10-21"\n', 'as_of = "2011-10-21"\nnote = "Ours."\n'),
    "a comment": ("seeds/S0.toml", "# Evidence", "# The evidence"),
    "where a line breaks": ("lessons/lesson07/questions.md", "By a report of 2019", "By a report\n  of 2019"),
    "how code is laid out": ("lessons/lesson07/figures.py", "\n\n\ndef below_zero", "\n\n\n\n\ndef below_zero"),
    "the link of a word": ("notebooks/03-the-middle-corridor.ipynb", "[sources](evidence/words.md#word-source)", "sources"),
    "the next lesson": ("notebooks/03-the-middle-corridor.ipynb", "](04-eight-letters.ipynb).", "](10-new.ipynb)."),
}  # fmt: skip


@pytest.mark.parametrize("file, old, new", NO_FACTS.values(), ids=NO_FACTS)
def test_what_is_no_fact_is_let_be(course, file, old, new):
    put(course / file, old, new)
    assert (course / file).read_bytes() != SOUND[course / file] and changed(course, file) == []


def test_a_table_saved_by_a_spreadsheet_is_the_same(course):
    file = course / "data" / "milestones.csv"
    rows = [*csv.reader(file.read_text("utf-8").splitlines())]
    put(file, "", "")
    file.write_text("\ufeff" + "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in rows), "utf-8")
    assert changed(course, "data/milestones.csv") == []


def test_what_is_new_and_what_is_gone_is_named(course):
    put(course / "data" / "words.csv", "claim,claims,", "assertion,claims,")
    shutil.copytree(course / "lessons" / "lesson07", course / "lessons" / "lesson77")
    told = [*signoff.check_signed()]
    shutil.rmtree(course / "lessons" / "lesson77")
    assert any(line.startswith("data/words.csv, claim: it is gone") for line in told)
    assert any(line.startswith("data/words.csv, assertion: it is new") for line in told)
    whole = [line for line in told if line.startswith("lessons/lesson77/questions.md")]
    assert len(whole) == 1 and "facts are new and not signed off" in whole[0]


def test_a_file_that_cannot_be_read_is_named(course):
    put(course / "data" / "words.csv", "word,", "word,")
    (course / "data" / "words.csv").write_bytes(b"word\n\xff\n")
    [told] = signoff.check_signed()
    assert told.startswith("words.csv: cannot be read")


def test_what_stood_there_before_is_told(course):
    """From git, by the fingerprint that was signed off; without git, its first words."""
    put(course / "seeds" / "S1.toml", "rose by 65 percent", "rose by 66 percent")
    [change], _ = signoff.unsigned()
    assert signoff.told(change)[1].startswith("  before value: 65, printed: 65%, as_of: 2023, says: ")
    put(course / "seeds" / "S1.toml", "rose by 66 percent", "rose by 65 percent")
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(course)]
    for words in (["init", "-q"], ["add", "seeds"], ["commit", "-qm", "As it was"]):
        subprocess.run([*git, *words], check=True)
    forget()  # that there was no git
    put(course / "seeds" / "S1.toml", "rose by 65 percent", "rose by 67 percent")
    subprocess.run([*git, "commit", "-qam", "As it is now"], check=True)  # what is committed is not signed off by that
    [change], _ = signoff.unsigned()
    name, before, now = signoff.told(change)
    assert name == "seeds/S1.toml:S1-30"
    assert (
        before.startswith("  before …")
        and "rose by 65 percent" in before
        and now.startswith("  now    …")
        and "67 percent" in now
    )


def test_a_name_that_no_change_has_is_told(course):
    put(course / "seeds" / "S1.toml", "rose by 65 percent", "rose by 66 percent")
    found, _ = signoff.unsigned()
    assert signoff.named(found, ["S1-30"]) == signoff.named(found, ["seeds/S1"]) == signoff.named(found, []) == found
    with pytest.raises(DataError, match="S1-31"):
        signoff.named(found, ["S1-30", "S1-31"])


# --- the commands ----------------------------------------------------------------------------------------------------


@pytest.fixture
def small(course, tmp_path, monkeypatch):
    """The same, and one small lesson is all that is run; three facts of it are changed."""
    folder = tmp_path / "small" / "notebooks"
    lesson(folder, prose("# One"), code("len([1])", shows="1"), name="04-one.ipynb")
    monkeypatch.setattr(sys.modules[lesson_files.__module__], "course_path", lambda name: folder)
    monkeypatch.chdir(folder)
    put(course / "seeds" / signoff.SIGNED, "", "")
    put(course / "seeds" / "S1.toml", "rose by 65 percent", "rose by 66 percent")
    put(course / "data" / "words.csv", "One thing that somebody says", "Two things that somebody says")
    put(course / "data" / "places.csv", "51.1801", "51.1802")
    return course


def left() -> list[str]:
    return [change.entry for change in signoff.unsigned()[0]]


def test_refresh_shows_what_changed_and_signs_off_only_what_it_is_told_to(small, capsys):
    assert main(["refresh"]) == 0
    told = capsys.readouterr().out
    assert left() == ["Astana", "claim", "S1-30"]
    assert "seeds/S1.toml:S1-30\n  before" in told and "\n  now    " in told and "0 signed off, 3 not" in told
    assert main(["check", "--quick"]) == 1
    assert capsys.readouterr().err.endswith("3 things to mend.\n")
    assert main(["refresh", "--accept", "S1-30"]) == 0 and left() == ["Astana", "claim"]
    assert main(["refresh", "--accept"]) == 0 and left() == []
    assert main(["check", "--quick"]) == 0


@pytest.mark.parametrize("answer, unsigned", [("y\n", 0), ("\n", 3)])
def test_at_a_terminal_it_asks(small, capsys, monkeypatch, answer, unsigned):
    monkeypatch.setattr(
        "sys.stdin", type("Terminal", (), {"isatty": lambda self: True, "readline": lambda self: answer})()
    )
    assert main(["refresh"]) == 0
    assert "Sign off 3 facts" in capsys.readouterr().out and len(left()) == unsigned


def test_in_a_folder_of_ones_own_nothing_is_signed_off(small, tmp_path, capsys):
    """Neither in a teacher's course folder nor with lessons of one's own: what she changes there is hers."""
    folder = tmp_path / "small"
    (folder / COURSE).write_text("{}", "utf-8")
    (folder / "lessons").mkdir()
    for options in (["--notebooks", str(folder / "notebooks")], []):
        assert main(["check", "--quick", *options]) == 0
        assert main(["refresh", *options]) == 0
        assert "sign" not in capsys.readouterr().out
        assert main(["refresh", "--accept", *options]) == 1 and "folder of your own" in capsys.readouterr().err
    assert len(left()) == 3


# --- what agrees with what -------------------------------------------------------------------------------------------

DISAGREE = {  # file, what stands there, what stands there instead, what the one problem names
    "a value that was not printed": ("S1", "value = 65\n", "value = 66\n", ["S1-30", "printed has no 66", "says has no 66"]),
    "a value in words": ("S0", "value = 7\n", "value = 6\n", ["S0-31", "printed has no 6"]),
    "what was printed": ("S2", 'printed = "US$5.3 billion"', 'printed = "US$5.8 billion"', ["S2-16", "printed has no 5.3"]),
    "a disagreement's claim": ("disagreements", '["S0-17", "S1-11"', '["S0-17", "S1-36"', ["D-01", "S1-36 shares next to nothing"]),
}  # fmt: skip


@pytest.mark.parametrize("name, old, new, named", DISAGREE.values(), ids=DISAGREE)
def test_what_disagrees_in_the_evidence_is_named(seeds, name, old, new, named):
    edit(seeds / f"{name}.toml", old, new)
    problems = preflight(lesson_files(), run=False, say=lambda line: None)
    assert problems and all(any(part in line for line in problems) for part in named), problems


@pytest.mark.parametrize("name, old, new, named", [
    ("places", "51.1801", "51.1802", "places.csv, row 2, lat: found 51.1802. No claim that the row cites has it"),
    ("summits", "2011-10-20", "2011-10-19", "summits.csv, row 2, first_day: found 2011-10-19."),
    ("places", ",B-038", ",B-114", "places.csv, row 2, claims: B-114 shares next to nothing"),
])  # fmt: skip
def test_a_row_that_its_claims_do_not_bear_out_is_named(data, name, old, new, named):
    edit(data / f"{name}.csv", old, new)
    assert any(named in line for line in preflight(lesson_files(), run=False, say=lambda line: None))


def test_the_evidence_and_the_tables_agree():
    assert [*facts()] == []


def test_a_citation_shares_something_with_its_sentence():
    said = "Tokayev said that the amount of cargo on the Middle Corridor rose {}."
    file = lesson_files()[0]
    assert [*check_prose(prose(said.format("[S1-30](evidence/S1.md#S1-30)")), file)] == []
    [problem] = check_prose(prose(said.format("[S1-36](evidence/S1.md#S1-36)")), file)
    assert problem.startswith("the citation S1-36 shares too little with its sentence. ")
    assert [*check_prose(prose("And what else [S1-36](evidence/S1.md#S1-36)?"), file)] == []
    assert fits(ledger.claim("S1-30"), "It rose.", "The cargo of the Middle Corridor") and not fits(
        ledger.claim("S1-30"), ""
    )


# --- the tool that changes facts -------------------------------------------------------------------------------------

CHANGES = mutate.changes(2 * len(mutate.KINDS))


def test_facts_of_every_kind_are_changed_and_the_same_ones_each_time():
    assert {change.kind for change in CHANGES} == {*mutate.KINDS} and mutate.changes(len(CHANGES)) == CHANGES
    assert all(change.old != change.new for change in CHANGES) and len({*CHANGES}) == len(CHANGES)
    assert mutate.changes(len(CHANGES), seed=2) != CHANGES


@pytest.mark.parametrize("kind", mutate.KINDS)
def test_what_was_signed_off_notices_a_change_of_each_kind(course, kind):
    change = next(change for change in CHANGES if change.kind == kind)
    file = course / change.file.removeprefix(mutate.PACKAGE)
    put(file, "", "")
    change.put(file)
    assert changed(course, change.file.removeprefix(mutate.PACKAGE)), change


@pytest.mark.long
def test_nearly_every_changed_fact_is_noticed():
    """By what was signed off 95 in 100 at least; by comparisons alone a fifth, so that an author's own slip may be seen."""
    told = mutate.tried(mutate.changes(40, seed=3))
    lost = [str(change) for change, mark, found in told if not mark and not found]
    assert len(lost) <= 2, lost
    assert sum(bool(found) for _, _, found in told) >= 8
