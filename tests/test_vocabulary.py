"""The words of the course: each has an entry, is linked where it first stands, and is explained on the page itself."""

import re

import pytest

from turkic_explainer import vocabulary
from turkic_explainer.files import lesson_files
from turkic_explainer.press.build import build
from turkic_explainer.press.notebooks import canonical, dumps
from turkic_explainer.press.pages import HandoutExporter
from turkic_explainer.vocabulary import glossary, link_words, words

from .conftest import JOURNEY, lesson, page, prose, stored

CAPITALS = re.compile(r"(?<!\w\.)\b[A-Z]{2,}[A-Za-z]*\d*\+?\b")  # the AI of a name such as Alem.AI is part of it
NO_WORDS = {"I", "OTS+", "ISO", "CSV", "README", "US", "TAV", "CLDR", "MENAFN"}  # explained where they stand, or known


def spoken(cell) -> str:
    """A cell's prose without code, link targets and claim numbers."""
    return re.sub(r"`[^`]*`|\]\([^)]*\)|\b[SBD]-?\d[\d-]*\b", " ", cell.source)


def test_first_use_is_linked_and_no_other():
    linked = link_words(["# A summit\n\nA summit, and a Summit of `summit`.", "The [summit](a.ipynb) and an observer."])
    assert linked == [
        "# A summit\n\nA [summit](evidence/words.md#word-summit), and a Summit of `summit`.",
        "The [summit](a.ipynb) and an [observer](evidence/words.md#word-observer).",
    ]


def test_the_longest_word_wins_and_parts_of_words_are_left_alone():
    assert link_words(["Regular summits."]) == [f"[Regular summits]({vocabulary.PAGE}#word-regular-summit)."]
    assert link_words(["Summitry, non-summit."]) == ["Summitry, non-summit."]


def test_a_link_moves_with_the_text():
    once = link_words(["An observer.", "Two observers."])
    moved = link_words(once[::-1])
    assert link_words(once) == once
    assert moved == [f"Two [observers]({vocabulary.PAGE}#word-observer).", "An observer."]


def test_only_lessons_are_linked_and_not_what_some_readers_do_not_see(tmp_path):
    file = lesson(tmp_path, prose("# A title\n\nAn observer."), prose("A summit.", "teacher"))
    assert vocabulary.PAGE not in file.read_text("utf-8")
    notebook = stored(file)
    notebook.metadata["turkic"] = {"lesson": "05"}
    found = canonical(notebook)
    assert "#word-observer" in found.cells[0].source and found.cells[1].source == "A summit."
    assert dumps(canonical(found)) == dumps(found)


def test_every_word_is_in_a_list_of_all(tmp_path):
    soup = page(words()._repr_html_())
    assert len(soup.find_all("dt")) == len(glossary())
    assert [dt["id"] for dt in soup.find_all("dt")] == [vocabulary.slug(word) for word in glossary().index]
    assert all(dd.get_text(strip=True) for dd in soup.find_all("dd"))


def test_forms_belong_to_one_word_only():
    forms = [form.lower() for row in glossary().itertuples() for form in (row.Index, *row.also)]
    assert sorted(forms) == sorted(set(forms))


def test_an_unknown_word_is_refused():
    with pytest.raises(KeyError):
        words("no such word")


@pytest.mark.parametrize("file", lesson_files(), ids=lambda f: f.stem)
def test_short_names_in_capitals_have_an_entry(file):
    known = {form for row in glossary().itertuples() for form in (row.Index, *row.also)}
    parts = {part for form in known for part in form.split()}
    used = {
        name for cell in stored(file).cells if cell.cell_type == "markdown" for name in CAPITALS.findall(spoken(cell))
    }
    assert used - parts - NO_WORDS == set()


def test_a_page_explains_its_words_itself(tmp_path):
    cells = [prose("# Title\n\nAn observer at a summit.")]
    file = lesson(tmp_path, *cells)
    notebook = stored(file)
    notebook.metadata["turkic"] = {"lesson": "05"}
    file.write_text(dumps(canonical(notebook)), "utf-8")
    [made] = build([file], tmp_path / "out", say=lambda line: None)
    soup = page(made.read_text("utf-8"))
    beside = soup.select_one("p:has(.word) + .margin").get_text()
    for word in soup.select("button.word"):
        [meaning] = soup.select(f"#{word['popovertarget']}")
        assert meaning.dd.get_text(strip=True) and meaning.dt.get_text() in beside
    assert len(soup.select("button.word")) == len(soup.select(".words dt")) == 2


def test_a_page_lists_a_word_once():
    """What a lesson lists under "Words worth knowing" opens from its marks, and does not stand in the list at the end."""
    soup = page(HandoutExporter().from_filename(str(next(file for file in lesson_files() if file.stem == JOURNEY)))[0])
    listed = {word["id"] for word in soup.select(".tx-words dt")}
    ends = {
        word["id"].removeprefix("meaning-"): "above" in word.get("class", []) for word in soup.select(".words dl > div")
    }
    assert listed & ends.keys() and {name for name, above in ends.items() if above} == listed & ends.keys()
    assert soup.select_one("#words-heading").get_text() == "What the other words mean"
