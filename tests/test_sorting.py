"""Sort it yourself: the cards in all renderings, the file that keeps a filing, everything that may be wrong with one,
and the comparison."""

import json
import os
import re
from collections import Counter

import pandas as pd
import pytest

from turkic_explainer import codes, ledger, tables
from turkic_explainer.files import lesson_files
from turkic_explainer.lessons.lesson04 import sorting
from turkic_explainer.lessons.lesson04.sorting import MARK, MINE, compare_filings, read_filing, sort_cards
from turkic_explainer.markup import in_page, table
from turkic_explainer.press.blocks import Lesson
from turkic_explainer.press.pages import HandoutExporter
from turkic_explainer.validate import DataError

from .browser import axe
from .browser import told as told_by
from .conftest import HOSTILE, ROOT, code, edit, lesson, page, prose, stored

CARDS = tables.initiatives().query("card == 'yes'")
WORDS = [*tables.priorities()["word"], "none"]
EXAMPLE = ROOT / "notebooks" / "filing-example.json"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder as the current one."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


def write(name: str, content: object) -> None:
    text = content if isinstance(content, (str, bytes)) else json.dumps(content)
    with open(name, "wb") as file:
        file.write(text.encode() if isinstance(text, str) else text)


def filing(filed: dict, name: object = "Anna", **more) -> dict:
    return {MARK: 1, "name": name, "filed": filed, **more}


def saved(name: str = MINE) -> dict:
    with open(name, encoding="utf-8") as file:
        return json.load(file)


def told(pack) -> str:
    """What the line over the cards says."""
    return page(pack.live().children[2].value).select_one("[role=status]").get_text()


def opened(file: str = MINE):
    """A pack as a running notebook shows it."""
    pack = sort_cards(file)
    pack.live()
    return pack


# --- the cards, without a kernel and on paper ----------------------------------------------------------------------


def test_every_card_stands_in_the_pack_once():
    faces = page(sort_cards().html()).select(".tx-pack > li")
    names = [re.sub(r"^\d+ ", "", face.select_one(".tx-name").get_text()) for face in faces]
    assert Counter(names) == Counter(CARDS["name"])
    assert names == sorted(names), "another order than that of the names may give the filing away"
    assert [face.select_one(".tx-name span").get_text() for face in faces] == [str(n) for n in range(1, len(CARDS) + 1)]


def test_a_card_tells_what_its_report_says():
    for face in page(sort_cards().html()).select(".tx-pack > li"):
        row = CARDS[CARDS["name"] == re.sub(r"^\d+ ", "", face.select_one(".tx-name").get_text())].iloc[0]
        text = face.get_text(" ")
        cited = set(ledger.CLAIM_ID.findall(face.find_all("p")[1].get_text(" ")))
        assert cited and cited <= set(row.claims)
        assert all(ledger.claim(i).says in text for i in cited)


def test_our_filing_is_a_click_away_and_not_on_paper():
    for face in page(sort_cards().html()).select(".tx-pack > li"):
        row = CARDS[CARDS["name"] == re.sub(r"^\d+ ", "", face.select_one(".tx-name").get_text())].iloc[0]
        [back] = face.select("details")
        assert not back.has_attr("open") and "tx-no-paper" in back["class"]
        assert row.priority in back.get_text() and row.why in back.get_text()
        back.decompose()
        assert row.why not in face.get_text()


def test_paper_has_a_box_on_each_card_and_a_key_upside_down_after_them():
    soup = page(sort_cards().html())
    assert len(soup.select(".tx-pack > li > .tx-paper-only.tx-blank")) == len(CARDS)
    assert "(T1 for Traditions and T2 for Trust)" in soup.p.get_text(), "two words have one letter"
    [key] = soup.select(".tx-paper-only.tx-answer")
    assert "2 Unification, 3 Unification, 5 Knowledge, 8 Investments, 11 none" in key.get_text(), "second places"
    assert not key.find_parent("li") and key.find_previous_sibling("ol")
    names = [re.sub(r"^\d+ ", "", p.get_text()) for p in soup.select(".tx-name")]
    by_name = CARDS.set_index("name")["priority"]
    assert (
        key.p.get_text().partition(" A second place")[0]
        == "Where this course filed them: " + ", ".join(f"{n} {by_name[name]}" for n, name in enumerate(names, 1)) + "."
    )


def test_what_a_notebook_stores_is_the_same_whatever_a_learner_has_filed():
    before = sort_cards()._repr_mimebundle_()
    pack = opened()
    pack.name.value = "Anna"
    pack.menus["alphabet"].value = "Trust"
    after = sort_cards()._repr_mimebundle_()
    for kind in ("text/html", "text/plain"):
        assert before[kind] == after[kind] == pack._repr_mimebundle_()[kind]
        assert "Anna" not in after[kind]
    assert "application/vnd.jupyter.widget-view+json" in after
    assert not page(after["text/html"]).find_all(["script", "input"])


def test_the_pack_follows_the_table(data):
    edit(data / "initiatives.csv", "Unified Turkic alphabet", "Common letters <b>")
    assert "Common letters &lt;b&gt;" in sort_cards().html()


# --- the cards, live -----------------------------------------------------------------------------------------------


def test_merely_showing_the_cards_or_a_comparison_writes_nothing(folder):
    sort_cards()._repr_mimebundle_()
    compare_filings()._repr_html_()
    assert list(folder.iterdir()) == []


def test_every_card_has_a_menu_of_its_own_with_all_the_words():
    pack = opened()
    assert list(pack.menus) == list(CARDS.sort_values("name").index)
    for number, (key, menu) in enumerate(pack.menus.items(), 1):
        assert [value for _, value in menu.options] == ["", *WORDS]
        assert menu.description == f"Card {number}:" and menu.tooltip == CARDS.loc[key, "name"]
    [boxes] = [part.children for part in pack.live().children if hasattr(part, "children")]
    assert [box.children[1] for box in boxes] == list(pack.menus.values())
    faces = page(sort_cards().html()).select(".tx-pack > li")
    for box, face in zip(boxes, faces, strict=True):  # the same face and back as without a kernel
        for of_a_page in face.select(".tx-blank, .tx-sorted"):
            of_a_page.decompose()
        live = "".join(
            page(part.value).select_one(".tx").decode_contents() for part in (box.children[0], box.children[3])
        )
        assert live == face.decode_contents()


def test_what_answers_a_choice_stands_under_its_menu():
    """By which a style sheet alone tells that Python does not answer: the choice is there, and its answer is not."""
    pack = opened()
    *_, told, boxes, _, _ = pack.live().children
    for box in boxes.children[:3]:
        menu, heard = box.children[1:3]
        for label, _ in menu.options:
            menu.label = label
            assert page(heard.value).div["data-line"] == label and f'[data-line="{label}"]' in told.value
            assert "Python does not answer" in heard.value


def test_a_choice_is_saved_at_once_and_counted():
    pack = opened()
    assert told(pack).startswith(f"0 of {len(CARDS)} filed.") and MINE in told(pack)
    pack.menus["alphabet"].value = "Traditions"
    assert saved() == {MARK: 1, "name": "", "filed": {"alphabet": "Traditions"}}
    pack.menus["nomad-games"].value = "none"
    pack.name.value = "Anna"
    assert saved() == filing({"alphabet": "Traditions", "nomad-games": "none"})
    assert told(pack) == f"2 of {len(CARDS)} filed. Saved in {MINE}."
    pack.menus["alphabet"].value = ""
    assert saved() == filing({"nomad-games": "none"})
    assert told(pack).startswith("1 of ")


def handed(pack) -> str:
    """The code for the teacher that stands under the cards."""
    found = page(pack.live().children[-1].value).select(".tx-handed code")
    return found[0].get_text() if found else ""


def test_under_the_cards_stands_a_code_of_how_they_are_filed():
    pack = opened()
    assert handed(pack) == ""
    pack.menus["alphabet"].value = "Traditions"
    pack.menus["nomad-games"].value = "none"
    assert re.fullmatch(r"F4(-[0-9A-Z]{4}){3}-[0-9A-Z]{3}", handed(pack)) and handed(opened()) == handed(pack)
    given = {"F4-alphabet": 1 + WORDS.index("Traditions"), "F4-nomad-games": 1 + WORDS.index("none")}
    found = codes.decoded(handed(pack), sorting.coded_cards())
    assert {key: outcome for key, outcome in found.items() if outcome} == given
    for key in ("alphabet", "nomad-games"):
        pack.menus[key].value = ""
    assert handed(pack) == ""


def test_a_filing_is_there_again_after_a_new_start():
    pack = opened()
    for n, menu in enumerate(pack.menus.values()):
        menu.value = WORDS[n % len(WORDS)]
    pack.name.value = "Änna"
    before = saved()
    again = opened()
    assert {key: menu.value for key, menu in again.menus.items()} == {
        key: menu.value for key, menu in pack.menus.items()
    }
    assert again.name.value == "Änna"
    assert told(again) == f"{len(CARDS)} of {len(CARDS)} filed. Read from {MINE}."
    assert saved() == before, "reading a filing changed it"
    assert read_filing(sorting.Path(MINE)).filed == before["filed"]


def test_a_choice_keeps_what_this_course_does_not_know():
    """Cards and entries of a later version, and words that only another hand knows."""
    write(MINE, filing({"moon-base": "Trust", "alphabet": "Magic", "nomad-games": "Energy", "odd": None}, colour="red"))
    pack = opened()
    assert pack.menus["alphabet"].value == "" and pack.menus["nomad-games"].value == "Energy"
    assert "left out 2 of its cards" in told(pack) and "left out 1 of its cards" in told(pack)
    pack.menus["railways"].value = "Trust"
    assert saved()["filed"] == {
        "moon-base": "Trust",
        "alphabet": "Magic",
        "nomad-games": "Energy",
        "odd": None,
        "railways": "Trust",
    }
    assert saved()["colour"] == "red"


def test_two_windows_do_not_undo_each_other():
    one, other = opened(), opened()
    one.name.value = "Anna"
    one.menus["alphabet"].value = "Traditions"
    other.menus["railways"].value = "Trust"
    assert saved()["filed"] == {"alphabet": "Traditions", "railways": "Trust"} and saved()["name"] == "Anna"


def test_a_file_that_is_deleted_meanwhile_is_made_again_whole():
    pack = opened()
    pack.menus["alphabet"].value = "Traditions"
    os.remove(MINE)
    pack.menus["railways"].value = "Trust"
    assert saved()["filed"] == {"alphabet": "Traditions", "railways": "Trust"}


def test_a_filing_stays_in_the_folder_where_it_was_begun(folder, monkeypatch, tmp_path):
    pack = opened()
    monkeypatch.chdir(tmp_path)
    pack.menus["alphabet"].value = "Traditions"
    assert (folder / MINE).exists() and not (tmp_path / MINE).exists()


@pytest.mark.parametrize("step", ["mkdir", "write_bytes"])
def test_a_folder_that_cannot_be_written_is_told_and_the_choices_stay(monkeypatch, step):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    pack = opened()
    monkeypatch.setattr(f"pathlib.Path.{step}", refuse)
    pack.menus["alphabet"].value = "Traditions"
    assert told(pack).startswith(f"1 of {len(CARDS)} filed. Not saved: {MINE} cannot be written (Permission denied).")
    monkeypatch.undo()


# --- what may be wrong with a file ---------------------------------------------------------------------------------

DEEP = "[" * 100_000
BROKEN = {  # what stands in the file, and a word that the line about it must have
    "empty": ("", "no JSON"),
    "cut off": ('{"turkic-filing": 1, "filed": {"alph', "no JSON"),
    "no text": (b"\xff\xfe\x00\x01", "no text"),
    "nested without end": (DEEP, "no JSON"),
    "a list": ([1, 2], "another kind"),
    "a number": ("7", "another kind"),
    "another file": ({"cells": [], "nbformat": 4}, "another kind"),
    "another version": ({MARK: 2, "filed": {}}, "another version"),
    "no filed": ({MARK: 1, "name": "Anna"}, "damaged"),
    "filed is a list": (filing(["alphabet"]), "damaged"),
    "half characters": ('{"turkic-filing": 1, "name": "\\ud800", "filed": {}}', "damaged"),
    "huge": (json.dumps(filing({})) + " " * 2_000_000, "too large"),
}
every_broken = pytest.mark.parametrize("content, says", BROKEN.values(), ids=BROKEN)


@every_broken
def test_a_broken_file_gets_one_clear_line(content, says):
    write("theirs.json", content)
    with pytest.raises(DataError) as caught:
        read_filing(sorting.Path("theirs.json"))
    [line] = caught.value.problems
    assert line.startswith("theirs.json: ") and says in line and len(line) < 200
    shown = compare_filings("theirs.json")
    assert shown.text == line and page(shown.body).li.get_text() == line


@every_broken
def test_a_broken_file_is_never_written_over(folder, content, says):
    write(MINE, content)
    was = (folder / MINE).read_bytes()
    pack = opened()
    compare_filings(MINE)
    assert says in told(pack) and "is left as it is" in told(pack)
    assert (folder / MINE).read_bytes() == was, "showing the cards touched the file"
    pack.menus["alphabet"].value = "Trust"
    assert (folder / "my-filing.kept-1.json").read_bytes() == was
    assert saved() == {MARK: 1, "name": "", "filed": {"alphabet": "Trust"}}
    assert "kept in my-filing.kept-1.json" in told(pack)
    pack.menus["railways"].value = "Trust"
    assert "kept in my-filing.kept-1.json" in told(pack), "the learner may have missed it the first time"
    assert sorted(f.name for f in folder.iterdir()) == [f".{MINE}.lock", MINE, "my-filing.kept-1.json"]


def test_a_second_broken_file_does_not_replace_the_first(folder):
    for n in (1, 2):
        write(MINE, f"broken {n}")
        opened().menus["alphabet"].value = "Trust"
    assert [(folder / f"my-filing.kept-{n}.json").read_text() for n in (1, 2)] == ["broken 1", "broken 2"]


def test_a_folder_in_the_place_of_the_file_is_told_and_kept(folder):
    (folder / MINE).mkdir()
    (folder / MINE / "inside").write_text("mine")
    assert "folder" in compare_filings(MINE).text
    pack = opened()
    assert "folder" in told(pack)
    pack.menus["alphabet"].value = "Trust"
    assert (folder / "my-filing.kept-1.json" / "inside").read_text() == "mine"
    assert saved()["filed"] == {"alphabet": "Trust"}


@pytest.mark.parametrize(
    "file, says",
    [
        (MINE, "File a card first"), ("their.json", "spelling"), ("no/such/folder.json", "spelling"), ("a\0b", "spelling"),
        ("x" * 300, "cannot be read"), (7, "names of files"), ([MINE], "names of files"), (None, "names of files"),
        ("", "folder"), (".", "folder"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_file_that_is_none_gets_a_line(file, says):
    shown = compare_filings(file)
    [line] = page(shown.body).select("li")
    assert says in line.get_text() and not page(shown.body).table
    assert len(line.get_text()) < 250


def test_a_file_that_may_not_be_read_gets_a_line(monkeypatch):
    write("theirs.json", filing({"alphabet": "Trust"}))

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_text", refuse)
    assert compare_filings("theirs.json").text == "theirs.json: cannot be read (Permission denied)."


@pytest.mark.parametrize("name", [None, 7, ["a"], {"a": 1}, "", "\u202e\x00\n"])
def test_a_filing_without_a_proper_name_goes_by_its_file(name):
    write("theirs.json", filing({"alphabet": "Trust"}, name))
    assert [th.get_text() for th in page(compare_filings("theirs.json").body).thead.select("th")][2] == "theirs"
    opened("theirs.json").menus["railways"].value = "Trust"
    assert saved("theirs.json")["filed"] == {"alphabet": "Trust", "railways": "Trust"}


@pytest.mark.parametrize("word", ["Magic", "trust", "", None, 7, True, ["Trust"], {"Trust": 1}])
def test_an_unknown_word_is_left_out_and_told(word):
    write("theirs.json", filing({"alphabet": word, "railways": "Trust"}))
    found = read_filing(sorting.Path("theirs.json"))
    assert found.filed == {"railways": "Trust"}
    assert found.left_out == ("theirs.json: left out 1 of its cards, for their word is none of the eight.",)


def test_an_empty_filing_is_told_and_takes_no_column():
    write("theirs.json", filing({}))
    shown = compare_filings("theirs.json", str(EXAMPLE))
    assert "theirs.json: no card is filed in it yet." in shown.text
    assert len(page(shown.body).thead.select("th")) == 4


# --- hostile text --------------------------------------------------------------------------------------------------


def test_text_from_a_file_is_shown_escaped():
    write("theirs.json", filing({"alphabet": HOSTILE, HOSTILE: "Trust", "railways": "Energy"}, HOSTILE))
    os.rename("theirs.json", "<img src=x>.json")
    shown = compare_filings("<img src=x>.json", "<script>.json")
    html = shown._repr_html_()
    pack = opened("<img src=x>.json")
    for text in (html, pack.live().children[2].value):
        assert not page(text).find_all(["script", "img"])
    assert "&lt;script&gt;alert(1)" in html and "&lt;img src=x&gt;" in html
    assert HOSTILE[:40].strip() in [th.get_text() for th in page(html).thead.select("th")]


@pytest.mark.parametrize("version", ["<script>alert(1)</script>", {"<img src=x>": 1}])
def test_a_hostile_version_is_shown_escaped(version):
    write("theirs.json", {MARK: version})
    assert not page(compare_filings("theirs.json")._repr_html_()).find_all(["script", "img"])


# --- the comparison ------------------------------------------------------------------------------------------------


def rows(shown) -> dict[str, list[str]]:
    """The table, by card: for each filing its word, and what the last column says."""
    found = {}
    for row in page(shown.body).select("tbody tr"):
        first, *others = row.select("td")
        ours = first.find(string=True)
        found[row.th.get_text()] = [str(ours), *(cell.get_text() for cell in others)]
    return found


def test_the_comparison_lays_each_card_side_by_side():
    mine = {"alphabet": "Traditions", "railways": "Unification", "patent-organization": "Trust"}
    theirs = {"alphabet": "Knowledge", "railways": "Unification", "patent-organization": "Trust", "ots-plus": "none"}
    write("a.json", filing(mine, "Anna"))
    write("b.json", filing(theirs, "Bek"))
    shown = compare_filings("a.json", "b.json")
    found = rows(shown)
    assert [th.get_text() for th in page(shown.body).thead.select("th")] == [
        "card",
        "this course",
        "Anna",
        "Bek",
        "together",
    ]
    name = CARDS["name"]
    assert found[name["alphabet"]] == ["Unification", "Traditions", "Knowledge", "≠ all differ"]
    assert found[name["railways"]] == ["Unification", "Unification", "Unification", "= all agree"]
    assert found[name["patent-organization"]] == ["Knowledge", "Trust", "Trust", "≈ some agree"]
    assert found[name["ots-plus"]] == ["Reforms", "not filed", "none", "not filed by all"]
    assert found[name["nomad-games"]] == ["Traditions", "not filed", "not filed", "not filed by all"]
    assert sorted(tr.th.get_text() for tr in page(shown.body).select("tbody tr")) == sorted(name)
    order = ["≠ all differ", "≈ some agree", "= all agree", "not filed by all"]
    ranks = [order.index(row[-1]) for row in found.values()]
    assert ranks == sorted(ranks)
    lines = [item.get_text() for item in page(shown.body).select("li")]
    assert lines == [
        "this course and Anna: 1 of 3 cards alike.",
        "this course and Bek: 1 of 4 cards alike.",
        "Anna and Bek: 2 of 3 cards alike.",
    ]
    assert all(part in shown.text for part in (*lines, name["alphabet"], "≠ all differ"))


def test_our_reason_stands_where_not_all_agree():
    write("a.json", filing({"patent-organization": "Knowledge", "alphabet": "Trust"}))
    found = page(compare_filings("a.json", str(EXAMPLE)).body).select("tbody tr")
    assert len({row.select("td")[-1].get_text() for row in found}) == 3
    for row in found:
        card = CARDS[CARDS["name"] == row.th.get_text()].iloc[0]
        words = {cell.find(string=True) for cell in row.select("td")[:-1]} - {"not filed"}
        assert (card.why in row.get_text()) == (len(words) > 1)


def test_filings_of_one_name_can_be_told_apart():
    for name in ("a.json", "b.json"):
        write(name, filing({"alphabet": "Trust"}, "this course"))
    heads = [th.get_text() for th in page(compare_filings("a.json", "b.json").body).thead.select("th")]
    assert heads[1:4] == ["this course", "this course (a.json)", "this course (b.json)"]


def test_without_a_file_mine_is_compared():
    opened().menus["alphabet"].value = "Unification"
    assert "this course and your filing: 1 of 1 cards alike." in compare_filings().text


def test_a_bad_file_does_not_keep_the_others_from_being_compared():
    write("bad.json", "{")
    shown = compare_filings("bad.json", str(EXAMPLE))
    assert "bad.json: " in shown.text and len(rows(shown)) == len(CARDS)


# --- what ships with the lesson ------------------------------------------------------------------------------------


def test_the_example_is_whole_and_called_one():
    found = read_filing(EXAMPLE)
    assert set(found.filed) == set(CARDS.index) and found.left_out == ()
    assert "invented" in found.name
    alike = sum(found.filed[key] == word for key, word in sorting.ours().filed.items())
    assert 5 <= alike <= 11, "the example should differ from ours in a good part of the cards, not in all"
    assert json.dumps(json.loads(EXAMPLE.read_text("utf-8")), indent=1, ensure_ascii=False) + "\n" == EXAMPLE.read_text(
        "utf-8"
    )


def test_the_lesson_stores_the_pack_and_a_comparison_without_a_learner():
    file = next(file for file in lesson_files() if file.name.startswith("04-"))
    outputs = {
        c.id: "".join(o.data.get("text/html", "") for o in c.outputs)
        for c in stored(file).cells
        if c.cell_type == "code"
    }
    assert sort_cards().html() in outputs["sort"]
    assert f"{MINE}: there is no such file here yet." in outputs["compare"]
    assert "an invented classmate" in outputs["compare"]


# --- on a page -----------------------------------------------------------------------------------------------------


@pytest.fixture
def sorted_on(tmp_path):
    """The page of a small lesson with a table of numbers, the pack and a comparison, as the course has them."""
    numbers = table(pd.DataFrame({"year": [2024, 2025], "cards": [1, 2]}), "Numbers", index=False)
    shown = compare_filings(MINE, str(EXAMPLE))._repr_html_()
    cells = [
        code("show()", html=in_page(numbers)),
        code("sort_cards()", html=in_page(sort_cards().html())),
        code("compare_filings()", html=shown),
    ]
    file = lesson(tmp_path, prose("# Cards"), *cells)
    (tmp_path / "course.css").write_text("", "utf-8")  # which a page looks for beside it, and a build makes
    made = tmp_path / "page.html"
    made.write_text(HandoutExporter().page([Lesson("05-small", tmp_path, stored(file))]), "utf-8")
    return made.as_uri()


def row_of(tab, name: str) -> list[str]:
    cells = tab.locator(".tx-filings tr", has=tab.get_by_role("rowheader", name=name, exact=True)).locator("td")
    return [text.split("\n")[0] for text in cells.all_inner_texts()]


@pytest.mark.parametrize("width", [1280, 390])
def test_cards_are_sorted_on_a_page_and_kept_there(open_page, sorted_on, width):
    tab = open_page(sorted_on, width=width, height=844)
    assert "no such file" not in tab.locator("main").inner_text() and tab.locator(".tx-filings thead th").count() == 4
    first, second = [*CARDS.sort_values("name")["name"]][:2]
    menus = tab.locator(".tx-pack select")
    assert menus.count() == len(CARDS) and menus.first.bounding_box()["height"] >= 24
    menus.nth(0).select_option("T Traditions")
    menus.nth(1).focus()
    tab.keyboard.type("none")
    for _ in "again":  # what was chosen is there the next day
        assert tab.get_by_text(f"2 of {len(CARDS)} filed, and kept in this browser").is_visible()
        assert menus.nth(1).locator(":checked").inner_text() == "none of the eight"
        heads = tab.locator(".tx-filings thead th").all_inner_texts()
        assert heads == ["card", "this course", "your filing", "an invented classmate", "together"]
        by_name, theirs = CARDS.set_index("name")["priority"], json.loads(EXAMPLE.read_text("utf-8"))["filed"]
        for name, word in {first: "Traditions", second: "none"}.items():
            [key] = CARDS.index[CARDS["name"] == name]
            rank = {1: "= all agree", 2: "≈ some agree", 3: "≠ all differ"}[len({by_name[name], word, theirs[key]})]
            assert row_of(tab, name) == [by_name[name], word, theirs[key], rank]
        assert row_of(tab, [*CARDS["name"]][-1])[1] in ("not filed", "none", "Traditions")
        alike = sum(by_name[name] == word for name, word in {first: "Traditions", second: "none"}.items())
        assert tab.get_by_text(f"this course and your filing: {alike} of 2 cards alike.").is_visible()
        tab.reload()
    assert tab.evaluate("document.documentElement.scrollWidth") <= width and told_by(axe(tab)) == []
    assert not tab.complaints and {*tab.asked} == {sorted_on, sorted_on.replace("page.html", "course.css")}


def test_two_windows_of_a_page_sort_together_and_a_choice_can_be_taken_back(open_page, sorted_on):
    one = open_page(sorted_on)
    other = one.context.new_page()
    other.goto(sorted_on)
    names = [*CARDS.sort_values("name")["name"]]
    one.locator(".tx-pack select").nth(0).select_option("T Trust")
    other.get_by_text(f"1 of {len(CARDS)} filed").wait_for(timeout=3000)
    other.locator(".tx-pack select").nth(1).select_option("R Reforms")
    one.get_by_text(f"2 of {len(CARDS)} filed").wait_for(timeout=3000)
    assert row_of(one, names[0])[1] == row_of(other, names[0])[1] == "Trust"
    for n in range(2):
        one.locator(".tx-pack select").nth(n).select_option(index=0)
    assert row_of(one, names[0])[1] == row_of(one, names[1])[1] == "not filed"
    assert one.get_by_text("0 of 0 cards alike").count() == 2 and not one.complaints
    other.close()


def test_a_page_that_can_keep_nothing_sorts_all_the_same(open_page, sorted_on):
    tab = open_page("about:blank")
    tab.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    tab.goto(sorted_on)
    tab.locator(".tx-pack select").first.select_option("T Trust")
    assert tab.get_by_text("This browser keeps nothing").is_visible() and not tab.complaints
    assert row_of(tab, [*CARDS.sort_values("name")["name"]][0])[1] == "Trust"


def test_without_a_script_the_cards_have_their_menus_and_our_filing(open_page, sorted_on):
    tab = open_page(sorted_on, javascript=False)
    tab.locator(".tx-pack select").first.select_option("T Trust")
    tab.get_by_text("Our filing, and why").first.click()
    assert tab.locator(".tx-pack details p").first.is_visible()
    assert "no such file" not in tab.locator("main").inner_text() and row_of(tab, [*CARDS["name"]][0])


def test_a_notebook_and_paper_have_no_menus_of_a_page(chromium):
    tab = chromium.new_page()
    tab.set_content(in_page(sort_cards().html()))
    assert tab.locator(".tx-sorted >> visible=true").count() == 0
    tab.set_content('<html class="tx-page">' + in_page(sort_cards().html()))
    assert tab.locator(".tx-sorted >> visible=true").count() == 1 + len(CARDS)
    tab.emulate_media(media="print")
    assert tab.locator(".tx-sorted >> visible=true").count() == 0
    tab.close()
