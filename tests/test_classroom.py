"""Codes of what was answered first, and what `turkic-explainer class` makes of them: the same code from a page and a notebook;
damage is noticed, a line that cannot be read is told, and nobody is lost."""

import csv
import json
import os
import random
import re
import shutil
from collections import Counter

import pytest
from openpyxl import load_workbook

from turkic_explainer import check, codes, learner, lessons, my_code, progress, question
from turkic_explainer.learner import is_right
from turkic_explainer.lessons import entries, numbers
from turkic_explainer.lessons.lesson04 import sorting
from turkic_explainer.press.classroom import in_text
from turkic_explainer.press.cli import main
from turkic_explainer.press.folder import zipped
from turkic_explainer.press.template import asset
from turkic_explainer.validate import DataError

from .browser import axe
from .browser import told as told_by
from .conftest import HOSTILE, ROOT, edit, page
from .test_learner import WRONG, course, pick  # noqa: F401
from .test_questions import folder  # noqa: F401

CHANCE = random.Random(16)


def held(head: str):
    """What a code that begins like this tells of."""
    return sorting.coded_cards() if head == sorting.HEAD else entries(head)


def some(lesson: str, share: float = 0.9) -> dict[str, int]:
    """Outcomes of a lesson, or of its cards, at random; some questions are left out."""
    there = codes.asked(held(lesson)).items()
    return {key: CHANCE.randrange(codes.outcomes(one)) if CHANCE.random() < share else 0 for key, one in there}


def code_of(lesson: str) -> tuple[str, dict[str, int]]:
    given = some(lesson)
    return codes.coded(lesson, held(lesson), given), given


HEADS = [*numbers(), sorting.HEAD]


# --- the code ------------------------------------------------------------------------------------------------------


def test_a_page_writes_the_code_that_the_notebook_reads(open_page, tmp_path):
    (tmp_path / "page.html").write_text(f"<!DOCTYPE html><title>x</title><script>{asset('kept.js')}</script>", "utf-8")
    cases = []
    for lesson in HEADS:
        most = [codes.outcomes(one) for one in codes.asked(held(lesson)).values()]
        keys = [*codes.asked(held(lesson))]
        for values in ([0] * len(most), [many - 1 for many in most], *([*some(lesson).values()] for _ in range(40))):
            given = dict(zip(keys, values, strict=True))
            cases.append((lesson, codes.version(held(lesson)), [*zip(most, values, strict=True)], given))
    made = open_page((tmp_path / "page.html").as_uri()).evaluate("all => all.map(one => coded(...one))", [case[:3] for case in cases])  # fmt: skip
    assert made == [codes.coded(lesson, held(lesson), given) for lesson, _, _, given in cases]
    assert [codes.decoded(code, held(code[:2])) for code in made] == [given for *_, given in cases]
    lengths = {code[:2]: len(codes.plain(code)) for code in made}
    assert lengths.pop(sorting.HEAD) == 17 and {*lengths.values()} <= {*range(11, 16)}  # a dozen, three more for 03
    assert not {*"ILOU"} & {*"".join(made)}


def damaged(code: str) -> tuple[str, str]:
    """A code as it comes from a tired hand, and what was done to it."""
    signs = [*codes.plain(code)]
    while "".join(signs) == codes.plain(code):
        how, at = (
            CHANCE.choice(["changed", "exchanged", "neighbours", "cut", "doubled", "lost"]),
            CHANCE.randrange(len(signs)),
        )
        if how == "changed":
            signs[at] = CHANCE.choice(codes.SIGNS)
        elif how == "exchanged":
            other = CHANCE.randrange(len(signs))
            signs[at], signs[other] = signs[other], signs[at]
        elif how == "neighbours":
            signs[at - 1], signs[at] = signs[at], signs[at - 1]
        elif how == "cut":
            signs = signs[: CHANCE.randrange(3, len(signs))] if CHANCE.random() < 0.5 else signs[-at:]
        elif how == "doubled":
            signs.insert(at, signs[at])
        else:
            del signs[at]
    return "".join(signs), how


@pytest.mark.parametrize("heads", [numbers(), [sorting.HEAD]], ids=["answers", "cards"])
def test_damage_is_noticed(heads):
    """All of it, but for one in a thousand of what makes it a code of as many signs: there the check alone is left."""
    seen = Counter()
    for n in range(1000):
        code, _ = code_of(heads[n % len(heads)])
        hurt, how = damaged(code)
        told, problems = [], []
        told = [*in_text(f"Aida: {hurt}", problems)]
        assert len(told) + len(problems) == 1, hurt  # and none is lost
        seen[how, bool(problems)] += 1
    assert sum(many for (_, noticed), many in seen.items() if noticed) >= 998, seen


def test_a_sign_that_is_wrong_and_two_exchanged_are_always_noticed():
    for lesson in HEADS:
        signs = codes.plain(code_of(lesson)[0])
        for at, sign in enumerate(signs[2:], 2):
            for other in {*codes.SIGNS} - {sign}:
                assert isinstance(codes.decoded(signs[:at] + other + signs[at + 1 :], held(lesson)), str)
            for to in range(2, at):
                swapped = [*signs]
                swapped[at], swapped[to] = signs[to], sign
                assert swapped == [*signs] or isinstance(codes.decoded("".join(swapped), held(lesson)), str)


def test_a_code_of_other_cards_is_told_and_not_misread(data):
    code, _ = code_of(sorting.HEAD)
    edit(data / "initiatives.csv", "railways,Integration", "rails,Integration")
    assert codes.decoded(code, held(sorting.HEAD)).startswith("it is of other questions or cards")


OTHER = {  # what may become of questions: in which file, and what stands in it in place of what
    "a question": ("lesson02/questions.md", {"more often than any other?": "most often?"}),
    "an answer": ("lesson02/questions.md", {"- [ ] Ankara, Astana, Bishkek": "- [ ] Ankara and Osh"}),
    "their order": ("lesson02/questions.md", {"- [ ] {{ hosts.mixed }}": "- [ ] x", "- [ ] {{ hosts.once }}": "- [ ] {{ hosts.mixed }}", "- [ ] x": "- [ ] {{ hosts.once }}"}),
    "which is right": ("lesson02/questions.md", {"- [ ] {{ hosts.once }}": "- [x] {{ hosts.once }}", "- [x] {{ hosts.most }}": "- [ ] {{ hosts.most }}"}),
    "a table": ("summits.csv", {"person,Almaty,KZ": "person,Shymkent,KZ"}),
}  # fmt: skip


def change(what: str, texts, tables) -> None:
    """Makes one of these changes."""
    file, pairs = OTHER[what]
    for old, new in pairs.items():
        edit((texts if "/" in file else tables) / file, old, new)


@pytest.mark.parametrize("what", OTHER)
def test_a_code_of_other_questions_is_told_and_not_misread(folder, data, what):  # noqa: F811
    code = code_of("02")[0]
    change(what, folder, data)
    told = codes.decoded(code, entries("02"))
    assert told.startswith("it is of other questions") and "Then start this in that folder." in told


def test_a_code_of_more_questions_is_told_and_not_misread():
    code, changed = code_of("02")[0], dict(entries("02"))
    for key in ("02-number", "02-guest", "02-online"):  # of 5 outcomes each: together more than one sign
        del changed[key]
    assert codes.version(changed) != codes.version(entries("02"))
    assert codes.decoded(code, changed).startswith("too long")


def test_a_hint_or_a_reason_that_is_worded_anew_changes_no_code(folder):  # noqa: F811
    before, file = codes.version(entries("02")), folder / "lesson02" / "questions.md"
    edit(file, "Look for boxes with more than one year.", "Said better.")
    edit(file, "2. Not every summit had a town.", "2. Some had no town.")
    assert codes.version(entries("02")) == before


# --- what is pasted ------------------------------------------------------------------------------------------------


def test_a_code_is_read_as_people_send_it():
    code, given = code_of("10")
    ways = {
        f"Aida {code}": "Aida",
        f"{code} Bakyt uulu Emil": "Bakyt uulu Emil",
        f"[28/11/2026, 10:23:45] Çınar: {code.lower()}": "Çınar",
        f"Dana, 7b: {code.replace('-', ' ')}.": "Dana, 7b",
        f"Elif\t{code.replace('-', '')}": "Elif",
        f"10:23 AM - Fatima – my code is: {code.replace('-', ' – ')}": "Fatima – my code is",
        f"Guli: {code.replace('0', 'O').replace('1', 'l')}": "Guli",
        f"Ёлкин: {code.translate(str.maketrans('0AEKMX1', 'ОАЕКМХİ'))}": "Ёлкин",  # by a Cyrillic or a Turkish keyboard
        f"Жібек: {code.translate(str.maketrans('ABCEHJKMPSTXY', 'АВСЕҺЈКМРЅТХҮ'))}": "Жібек",
        f"Zoë: {code.translate(str.maketrans('ABEZHKMNPTYX', 'ΑΒΕΖΗΚΜΝΡΤΥΧ')).lower()}": "Zoë",
        "Ｊ: " + "".join(chr(ord(sign) + 0xFEE0) for sign in code): "J",  # full-width
        f"  {code}  ": "line 12",
        f"| Gül | **{code.replace('-', '  —  ')}** |": "Gül",
        "> \u200fLale: `" + "\u200b".join(code) + "`\u200e": "Lale",
        f"Hasan;{code};{code_of('02')[0]}": "Hasan",
    }
    problems = []
    assert codes.plain("аВЕЗІЈКМНҺОРСЅТУҮХ") == "ABE31JKMHH0PCSTYYX"
    told = [*in_text("\n".join(ways), problems)]
    assert problems == [] and [one.who for one in told] == [*ways.values(), "Hasan"]
    assert [one.outcomes for one in told if one.lesson == "10"] == [given] * len(ways)


def test_a_code_that_is_broken_over_two_lines_is_joined():
    """By a chat, a mail program that quotes, or a narrow column; anywhere, and whose it is stands on either line."""
    for n, head in enumerate([*HEADS, *HEADS]):
        code, given = code_of(head)
        for at in range(1, len(code)):
            end = ["\n", "\r\n", "\n> ", "  \n   "][at % 4]
            one = f"Aida: {code[:at]}{end}{code[at:]}" if n % 2 else f"{code[:at]}{end}{code[at:]} Aida"
            problems = []
            told = [*in_text(f"{one}\nBakyt: {code}", problems)]
            assert [(x.who, x.outcomes) for x in told] == [("Aida", given), ("Bakyt", given)] and not problems, one
    wrong = code[: len(code) // 2] + "\n" + codes.plain(code_of(HEADS[0])[0])[: len(code) // 2]
    problems = []
    assert [*in_text(wrong, problems)] == [] and problems  # what does not agree is told


@pytest.mark.parametrize("head", ["Gül, [28.11.2026 10:23]", "[Yesterday 10:23 AM] Gül", "Gül  10:23 AM", "10:23 Gül"])
def test_a_name_that_a_chat_puts_above_a_message_with_its_hour_is_whose_it_is(head):
    code, given = code_of("10")
    problems = []
    told = [*in_text(f"7b\n{code}\n{head}\n{code}\n{head}\n10:24 Aida {code}", problems)]
    assert [(one.who, one.outcomes) for one in told] == [("line 2", given), ("Gül", given), ("Aida", given)]
    assert len(problems) == 1 and "in line 1 (7b), 5 (" in problems[0]


def test_who_sent_a_code_is_told_as_a_chat_or_a_form_writes_it():
    """A telephone number whole, for two may differ in its end alone; a cell without its marks, a name without what is not hers."""
    code, given = code_of("02")
    ways = {
        f"28/11/2026, 10:24 - +7 912 345-67-89: {code}": "7 912 345-67-89",
        f"[28.11.26, 10:24:01] +7 912 045-67-88: {code}": "7 912 045-67-88",
        f'"2026/11/28 10:23:45 AM GMT+3","Farid","7b","","{code}"': "Farid, 7b",
        f'"28.11.2026 10:23:45 ÖS GMT+3","Gül","{code}"': "Gül",
        f"2026-11-28T10:23:45.000Z;Guli;{code}": "Guli",
        f"2026-11-28T10:23:45+03:00\tHasan\t{code}": "Hasan",
        f"[28.11.2026, 10:23] ~\u202fInci: {code} \u200e<This message was edited>": "Inci",
        f"\u202eJan\u202c {code}": "Jan",
        f"Nur (2): {code}": "Nur (2)",
    }
    problems = []
    told = [*in_text("\n".join(ways), problems)]
    assert [one.who for one in told] == [*ways.values()] and problems == []
    assert all(one.outcomes == given for one in told)
    [*_], [slip] = in_text("Olga 02-345-67", problems), problems  # what digits remain of a code, where no other is
    assert "too short" in slip


def test_of_a_chat_that_is_pasted_whole_not_every_line_is_told():
    code, problems = code_of("02")[0], []
    chat = [f"28/11/2026, 10:{n % 60:02} - Aida: hello" for n in range(900)]
    assert len([*in_text("\n".join([*chat, f"28/11/2026, 11:00 - Bakyt: {code}"]), problems)]) == 1
    [told] = problems
    assert "in line 1 (- Aida: hello), 2 (" in told and " and 850 more." in told and len(told) < 2000


def test_of_random_lines_no_code_is_made():
    """Not of as many signs as a code has, either, on one line or over two."""
    problems = []
    for _ in range(100):
        lines = []
        for head in HEADS:
            signs = CHANCE.choices(codes.SIGNS, k=codes.signs(held(head)) + CHANCE.choice((0, 0, 1)))
            signs.insert(CHANCE.randrange(len(signs)), CHANCE.choice(("", "-", "-\n")))
            lines.append(head + "".join(signs))
        assert [*in_text("\n".join(lines), problems)] == []


def test_a_name_with_digits_is_no_broken_code():
    code, problems = code_of("10")[0], []
    names = ["Student007", "olga2010", "Ilya-2009", "b2-2026", "aida.k-2010@school.kz"]
    assert [one.who for one in in_text("\n".join(f"{name}: {code}" for name in names), problems)] == names
    assert problems == []
    told = [*in_text(f"Aida {code} {damaged_head(code_of('02')[0])} {code_of('03')[0][:-2]}", problems)]
    assert len(told) == 1 and len(problems) == 2  # what is a code's remains told, beside a whole one


def damaged_head(code: str) -> str:
    return f"X{code[1:]}"


@pytest.mark.parametrize("encoding, read", [("utf-16", True), ("utf-8-sig", True), ("utf-16-le", False), ("cp1254", False), ("zip", False)])  # fmt: skip
def test_a_text_is_read_with_its_names_or_not_at_all(tmp_path, capsys, encoding, read):
    text = f"Çınar;{code_of('02')[0]}\r\nŞirin;{code_of('02')[0]}\r\n"
    content = zipped({"codes.txt": text}) if encoding == "zip" else text.encode(encoding)
    (tmp_path / "codes.txt").write_bytes(content)
    assert main(["class", str(tmp_path / "codes.txt"), "--out", str(tmp_path / "out")]) == (0 if read else 1)
    said = capsys.readouterr()
    assert ("Lesson 02: 2 learners" in said.out) is read and ("no text in UTF-8. Copy" in said.err) is not read
    assert (tmp_path / "out").exists() is read and "No code stands" not in said.err


def class_of(tmp_path, capsys, text: str, status: int = 0):
    """What the command writes of a text, and what it says."""
    (tmp_path / "codes.txt").write_text(text, "utf-8")
    assert main(["class", str(tmp_path / "codes.txt"), "--out", str(tmp_path / "class")]) == status
    html = (tmp_path / "class" / "class.html").read_text("utf-8")
    with open(tmp_path / "class" / "class.csv", encoding="utf-8-sig", newline="") as file:
        return page(html), [*csv.DictReader(file)], capsys.readouterr()


def test_a_class_is_shown_with_who_chose_what_and_what_to_teach_again(tmp_path, capsys):
    there = codes.asked(entries("02"))
    right = {key: next((n for n, item in enumerate(one.items, 1) if item.right), 1) for key, one in there.items()}
    wrong = right | {"02-hosts": next(n for n, item in enumerate(there["02-hosts"].items, 1) if not item.right)}
    answers = {"Aida": right, "Bakyt": wrong, "Dana": wrong | {"02-guest": 0}, "Emil": right | {"02-capitals": codes.outcomes(there["02-capitals"]) - 1}}  # fmt: skip
    lines = [f"{who}: {codes.coded('02', entries('02'), given)}" for who, given in answers.items()]
    soup, rows, said = class_of(tmp_path, capsys, "\n".join(["7b", *lines, lines[0], "Farid: 02-XYZ-1"]), status=1)
    label = there["02-hosts"].items[wrong["02-hosts"] - 1].label.text
    assert "  2 of   4 right  02-hosts; most often wrong: " in said.out and "(2)" in said.out
    assert "To teach again: 02-hosts\n" in said.out and "Lesson 02: 4 learners" in said.out
    assert "line 7, 02-XYZ-1: too short" in said.err and "line 1 (7b)" in said.err
    again = soup.select("h3 + ul > li")
    assert len(again) == 1 and again[0].a["href"] == "#02-hosts" and "2 of 4" in again[0].get_text()
    hosts = soup.find(id="02-hosts")
    drawn = {
        line.strong.get_text(): (line.select_one(".soft") or line.strong).get_text() for line in hosts.select("li")
    }
    assert sorted(drawn.values())[-2:] == ["Aida, Emil", "Bakyt, Dana"] or {"Aida, Emil", "Bakyt, Dana"} < {
        *drawn.values()
    }
    assert any(label[:12] in name and who == "Bakyt, Dana" for name, who in drawn.items()) or "{{" in label
    assert [cell.get_text() for cell in soup.select("tbody th")] == [*answers]
    assert len(rows) == 4 * len(there)
    assert {(row["who"], row["right"]) for row in rows if row["question"] == "02-hosts"} == {("Aida", "yes"), ("Bakyt", "no"), ("Dana", "no"), ("Emil", "yes")}  # fmt: skip
    assert [row["right"] for row in rows if row["who"] == "Dana" and row["question"] == "02-guest"] == [""]
    assert [row["answered"][3:] for row in rows if row["who"] == "Emil"][-1] == "another answer"
    assert "What could not be read" in soup.get_text() and "too short" in soup.get_text()


def test_who_hands_in_twice_counts_once_and_other_answers_count_as_well(tmp_path, capsys):
    one, other = ("02-hosts", 1), ("02-hosts", 2)
    first, second = (codes.coded("02", entries("02"), dict([pair])) for pair in (one, other))
    soup, _, said = class_of(tmp_path, capsys, f"Aida {first}\nAida {first}\nAida {second}\n{first}\n{first}", status=1)
    assert [cell.get_text() for cell in soup.select("tbody th")] == ["Aida", "Aida (2)", "line 4", "line 5"]
    assert "line 3: lesson 02 of Aida is here with other answers; these count as Aida (2)." in said.err
    assert "Counted once, for they are here before: Aida (line 2). Two of one name need a name each." in said.err


def test_of_a_map_the_places_are_told_and_of_nothing_nothing(tmp_path, capsys):
    given = {"02-where": 4}
    soup, rows, said = class_of(tmp_path, capsys, f"Aida {codes.coded('02', entries('02'), given)}")
    assert (
        "D. This is Shusha. " in said.out + soup.find(id="02-where").get_text() and "mark 4 of 5" not in soup.get_text()
    )
    assert [row["answered"][:16] for row in rows if row["question"] == "02-where"] == ["D. This is Shush"]
    soup, *_ = class_of(tmp_path, capsys, f"Aida {codes.coded('02', entries('02'), {})}")
    assert "Two thirds or more" not in soup.get_text()


def test_on_paper_no_column_of_a_class_is_cut_off(tmp_path, capsys, open_page):
    codes_of_all = (f"Learner {n} {code_of(lesson)[0]}" for lesson in ("01", "03") for n in range(3))
    class_of(tmp_path, capsys, "\n".join(codes_of_all))
    tab = open_page((tmp_path / "class" / "class.html").as_uri(), width=672, scheme="dark")  # A4 between its margins
    tab.emulate_media(media="print")
    cut = "[...document.querySelectorAll('.wide')].map(one => one.scrollWidth - one.clientWidth)"
    assert tab.evaluate(cut) == [0, 0] and tab.evaluate("document.documentElement.scrollWidth") <= 672
    card = "getComputedStyle(document.querySelector('.answers')).backgroundColor"
    assert tab.evaluate(card) == "rgb(255, 255, 255)"


def test_names_are_text_wherever_they_are_shown(tmp_path, capsys, open_page):
    soup, rows, _ = class_of(
        tmp_path, capsys, f"{HOSTILE} {code_of('02')[0]}\nx;=1+1 {code_of('02')[0]}\ny\x01z {code_of('02')[0]}"
    )
    lines = (tmp_path / "class" / "class.csv").read_text("utf-8-sig").splitlines()
    assert all(
        re.fullmatch(r'"[^"]*(""[^"]*)*"(,"[^"]*(""[^"]*)*")*', line) for line in lines
    )  # in every country's Excel
    assert len(lines) == len(rows) + 1
    sheet = load_workbook(tmp_path / "class" / "class.xlsx").active
    assert {cell.data_type for line in sheet for cell in line} == {"s", "n"} and "x;=1+1" in {
        cell.value for cell in sheet["A"]
    }
    told = [[text.replace("\x01", "\ufffd") for text in row.values()] for row in rows]
    assert [[cell.value or "" for cell in line] for line in sheet.iter_rows(min_row=2)] == told
    assert not soup.find(["script", "img"]) and HOSTILE[1:20] in soup.get_text()
    tab = open_page((tmp_path / "class" / "class.html").as_uri(), width=390, scheme="dark")
    assert told_by(axe(tab)) == [] and tab.evaluate("document.documentElement.scrollWidth") == 390
    assert not tab.complaints and len(tab.asked) == 1


@pytest.mark.parametrize(
    "name, content, told",
    [
        ("none.txt", "hello\n", "No code stands in line 1 (hello)"),
        ("none.txt", "", "there is no code of this course in it"),
        ("none.json", "{", "none.json"),
        ("my-progress.json", '{"turkic-progress": 1, "questions": 7}', "not a learner's progress. Ask for the file"),
        ("picture.txt", bytes(range(256)), "there is no code of this course in it"),
    ],
)
def test_what_holds_no_code_is_told(tmp_path, capsys, name, content, told):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["class", str(tmp_path / name), "--out", str(tmp_path / "out")]) == 1
    assert told in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_a_file_that_there_is_not_is_told(tmp_path, capsys):
    assert main(["class", str(tmp_path / "nobody.txt")]) == 1
    assert "nobody.txt: No such file or directory. Is it named rightly?" in capsys.readouterr().err


# --- cards ---------------------------------------------------------------------------------------------------------

FILED = {  # by whom, and how: on the alphabet all differ, on the railways two of three agree
    "Aida": {"alphabet": "Traditions", "railways": "Unification", "ots-plus": "none"},
    "Bakyt": {"alphabet": "Knowledge", "railways": "Investments"},
    "Dana": {"alphabet": "Unification", "railways": "Investments"},
}


def filing_code(filed: dict[str, str]) -> str:
    return codes.coded(sorting.HEAD, sorting.coded_cards(), sorting.Filing("", filed).outcomes)


def test_a_class_is_shown_how_it_filed_the_cards_beside_this_course(tmp_path, capsys, open_page):
    lines = [f"{who} {filing_code(filed)}" for who, filed in FILED.items()]
    cut = filing_code(FILED["Aida"])[:-2]
    pasted = "\n".join([*lines, f"Emil {code_of('04')[0]}", f"Farid: {cut}"])
    soup, rows, said = class_of(tmp_path, capsys, pasted, status=1)
    assert "line 5, " + cut + ": too short: a code that begins with F4 has 17 signs, this 15." in said.err
    assert "Lesson 04: 1 learner\n" in said.out and "Lesson 04, the cards: 3 learners\n" in said.out
    assert "  8 Integration of the railway administrations: I Investments 2, U Unification 1 (this course: U Unification)\n" in said.out  # fmt: skip
    assert (
        "  To talk about again, most divided first: card 16\n" in said.out
    )  # of the railways two thirds have one word
    part = soup.find(id="lesson-F4").find_parent("section")
    assert [link["href"] for link in part.select("h3 + p + ul a")] == ["#F4-alphabet"]
    assert "✗" not in part.get_text() and not part.select(".wrong, .right")  # no word is wrong for a card
    assert "A card has no right word" in part.get_text()
    assert [cell.get_text() for cell in part.select("tbody th")] == [*FILED]
    columns = zip(*([cell.get_text() for cell in row.select("td")] for row in part.select("tbody tr, tfoot tr")), strict=True)  # fmt: skip
    assert {("", "", "", "E"), ("T1", "K", "U", "U"), ("U", "I", "I", "U"), ("–", "", "", "R")} < {*columns}
    piles = {
        line.strong.get_text(): (line.select(".soft")[-1].get_text(), bool(line.select(".mark")))
        for line in part.find(id="F4-railways").select("li")
    }
    assert piles == {"I Investments": ("Bakyt, Dana", False), "U Unification": ("Aida", True)}
    assert "Not filed yet. This course: M Mediation. In S1 Tokayev" in part.find(id="F4-dialogue-principle").get_text()
    of_cards = {(row["who"], row["question"]): row for row in rows if row["question"].startswith("F4")}
    assert len(of_cards) == 3 * 16 and {row["right"] for row in of_cards.values()} == {""}
    told = [of_cards["Bakyt", "F4-railways"][column] for column in ("lesson", "answered", "as this course filed it")]
    assert told == ["04", "I Investments", "U Unification"] and not of_cards["Dana", "F4-ots-plus"]["answered"]
    assert {row["as this course filed it"] for row in rows if row["who"] == "Emil"} == {""}
    tab = open_page((tmp_path / "class" / "class.html").as_uri(), width=390, scheme="dark")
    assert told_by(axe(tab)) == [] and tab.evaluate("document.documentElement.scrollWidth") == 390
    for width in (720, 640):  # A4, and Letter with broader margins: nothing of a table is cut off
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(media="print")
        assert tab.evaluate("[...document.querySelectorAll('.wide')].every(box => box.scrollWidth <= box.clientWidth)")


def test_cards_are_read_from_learners_files_once_and_the_invented_classmate_is_nobody(course, tmp_path, capsys):  # noqa: F811
    shutil.copy(ROOT / "notebooks" / sorting.EXAMPLE, course / "notebooks")
    pack = sorting.sort_cards(course / "notebooks" / sorting.MINE)
    pack.live()
    for key, word in FILED["Aida"].items():
        pack.menus[key].value = word
    other = sorting.sort_cards(course / "notebooks" / "neighbour.json")  # looked at here, and no filing of hers
    other.live()
    other.menus["alphabet"].value = "Energy"
    (course / "notebooks" / "neighbour.json").rename(tmp_path / "Bakyt.json")
    for place, of in {course: "2 learners", course / learner.FILE: "1 learner", course / "notebooks" / sorting.MINE: "1 learner"}.items():  # fmt: skip
        assert main(["class", str(place), "--out", str(tmp_path / "out")]) == 0
        assert f"Lesson 04, the cards: {of}\n" in capsys.readouterr().out
        with open(tmp_path / "out" / "class.csv", encoding="utf-8-sig", newline="") as file:
            answered = {row["question"]: row["answered"] for row in csv.DictReader(file) if row["who"] == course.name}
        assert {key: one for key, one in answered.items() if one} == {"F4-alphabet": "T1 Traditions", "F4-railways": "U Unification", "F4-ots-plus": "– none"}  # fmt: skip
    content = json.loads((tmp_path / "Bakyt.json").read_text("utf-8"))
    content["filed"]["moon-base"] = "Trust"
    (tmp_path / "Bakyt.json").write_text(json.dumps(content), "utf-8")
    assert main(["class", str(tmp_path / "Bakyt.json"), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert "E Energy 1" in said.out and "left out 1 of its cards, which are not in this pack" in said.err


# --- a notebook ----------------------------------------------------------------------------------------------------


def answer_some() -> dict[str, int]:
    """Answers one thing of each kind wrongly, as a learner does; gives what that comes to."""
    pick(question("02-hosts"), WRONG["02-hosts"])
    wrong = "abcd".index(WRONG["02-hosts"]) + 1
    exercise = lessons.exercise("02-capitals")
    known, why = exercise.mistakes()[1]
    check("02-capitals", known)
    check("02-capitals", exercise.right())
    check("02-gap-years", exercise.right())
    place = 2 + [*dict.fromkeys(why for _, why in exercise.mistakes())].index(why)
    return {"02-hosts": wrong, "02-capitals": place, "02-gap-years": codes.outcomes(entries("02")["02-gap-years"]) - 1}


def test_a_notebook_has_the_code_of_what_was_answered_first(course):  # noqa: F811
    assert "nothing is remembered" in repr(my_code("02")) and "code" not in repr(progress("02"))
    given = answer_some()
    code = repr(my_code("02"))
    assert {key: one for key, one in codes.decoded(code, entries("02")).items() if one} == given
    assert f"For your teacher, a code of what you answered first: {code}" in repr(progress("02"))
    assert code in my_code("02").html() and code in progress("02").html()
    with pytest.raises(DataError, match="There is no lesson '2'"):
        my_code("2")


@pytest.mark.long
def test_every_kind_of_answer_comes_back_from_a_learner_s_file():
    """As `note` writes it: letters, places, numbers; and nothing, of what can be no answer to the question of today."""
    for lesson in numbers():
        for key, entry in codes.asked(entries(lesson)).items():
            asked = lessons.asked(key)
            for _ in range(3):
                right, wanted = False, CHANCE.randrange(1, codes.outcomes(entry))
                if entry.exercise:
                    continue
                if entry.form == "number":
                    text = [*(reason.label for reason in asked.reasons), "1e9"][wanted - 1]
                elif entry.form == "order":
                    given = [CHANCE.randrange(len(entry.items) + 1) for _ in entry.items]
                    text = asked.written(given)
                    wanted = 1 + sum(2 ** (int(reason.mark[1:]) - 1) for reason in asked.judge(given)[1])
                elif sum(item.right for item in entry.items) > 1:
                    text = asked.written([f"n{n + 1}" for n in range(8) if wanted >> n & 1])
                else:
                    text = "abcdefgh"[wanted - 1]
                done = {"right": right, "tries": 1, "first": text, "edition": asked.edition}
                assert codes.first(entry, asked, done) == wanted, (key, text)
            if not entry.exercise and entry.form != "number":
                assert codes.first(entry, asked, done | {"first": "zzz"}) == 0
    hosts, done = question("02-hosts"), {"right": False, "tries": 1}
    assert codes.first(entries("02")["02-hosts"], hosts, done | {"edition": hosts.edition}) == 0


@pytest.mark.parametrize("what", OTHER)
def test_what_was_answered_to_another_edition_of_a_question_is_told_and_not_misread(course, folder, data, capsys, what):  # noqa: F811
    """In the learner's file: what is asked as before counts, and so does what is answered to the new edition."""
    [lesson] = (ROOT / "notebooks").glob("02-*.ipynb")
    shutil.copy(lesson, course / "notebooks")
    given = answer_some()
    change(what, folder, data)
    older = {"02-hosts"} | ({"02-capitals", "02-gap-years"} if what == "a table" else set())
    now = {key: one for key, one in codes.decoded(repr(my_code("02")), entries("02")).items() if one}
    assert now.items() <= given.items() and given.keys() - now.keys() <= older and "02-hosts" not in now
    assert main(["class", str(course), "--out", str(course / "class")]) == 1
    assert f"{course.name}: not counted, for they were answered in another edition" in (said := capsys.readouterr().err)
    assert all((key in said) is (key not in now) for key in given)
    again = question("02-hosts")
    assert not is_right("questions", "02-hosts", again.edition)
    pick(again, "b")
    assert codes.decoded(repr(my_code("02")), entries("02"))["02-hosts"] == 2
    assert main(["class", str(course), "--out", str(course / "class")]) == (
        1 if given.keys() - now.keys() > {"02-hosts"} else 0
    )


def test_an_answer_without_an_edition_is_told_and_not_counted(tmp_path, capsys):
    """As files had them before editions were noted, or of a question that there is no more."""
    one = {"right": False, "tries": 1, "on": "2026-11-01", "first": "B"}
    there = {"02-hosts": one, "02-gone": one, "02-guest": one | {"edition": question("02-guest").edition}}
    (tmp_path / "Aida.json").write_text(json.dumps({learner.MARK: 1, "questions": there}), "utf-8")
    assert main(["class", str(tmp_path / "Aida.json"), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert "asked something else: 02-hosts, 02-gone." in said.err and "1 right  02-guest" in said.out
    assert "0 of   0 right  02-hosts" in said.out


def test_nobody_in_a_folder_is_taken_for_another(tmp_path, capsys):
    """By the folders' names, as a hub, a shared drive or a zip file of a class has them; and what is not a learner's is not read."""
    one = {"right": False, "tries": 1, "on": "2026-11-01", "first": "B", "edition": question("02-hosts").edition}
    text = json.dumps({learner.MARK: 1, "questions": {"02-hosts": one}})
    there = [
        "7a/Aida/turkic-course/my-progress.json",
        "7b/Aida/turkic-course/My-Progress.JSON",
        "Bakyt.json",
        "7b/b\udcff.json",
    ]
    others = [".ipynb_checkpoints/my-progress.json", "__MACOSX/Aida/._my-progress.json"]
    for name in (*there, *others):
        file = tmp_path / "all" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text if name in there else "\0", "utf-8")
    assert main(["class", str(tmp_path / "all"), "--out", str(tmp_path / "out")]) == 0
    with open(tmp_path / "out" / "class.csv", encoding="utf-8-sig", newline="") as rows:
        who = {row["who"] for row in csv.DictReader(rows)}
    assert who == {"7a/Aida/turkic-course", "7b/Aida/turkic-course", "Bakyt", "7b/b\\udcff"}
    assert main(["class", str(tmp_path / "all" / there[0]), "--out", str(tmp_path / "out")]) == 0
    (tmp_path / "texts").mkdir()
    assert main(["class", str(tmp_path / "texts")]) == 1
    assert "A text with codes is to be named itself." in capsys.readouterr().err


def test_what_cannot_be_read_in_a_folder_is_told_and_costs_nobody_else(tmp_path, capsys, monkeypatch):
    """A link to nowhere, a pipe, which would never end, a folder that is closed to us, and one that is named like a file."""
    one = {"right": False, "tries": 1, "on": "2026-11-01", "first": "B", "edition": question("02-hosts").edition}
    there = tmp_path / "7b"
    (there / "Aida.json").mkdir(parents=True)
    (there / "Aida.json" / learner.FILE).write_text(json.dumps({learner.MARK: 1, "questions": {"02-hosts": one}}))
    (there / "gone.json").symlink_to("nowhere")
    os.mkfifo(there / "pipe.json")
    (there / "Bakyt").mkdir()
    scan, closed = os.scandir, PermissionError(13, "Permission denied", str(there / "Bakyt"))  # to root none is

    def scanned(of):
        if os.fspath(of) == closed.filename:
            raise closed
        return scan(of)

    monkeypatch.setattr(os, "scandir", scanned)
    assert main(["class", str(there), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert "Lesson 02: 1 learner\n" in said.out and said.err.count("\n") == 4
    assert "7b/Bakyt: this folder cannot be read (Permission denied)" in said.err
    assert (
        "7b/gone.json: the file that this leads to is not there" in said.err and "7b/pipe.json: this is no" in said.err
    )


def test_a_packed_class_is_to_be_unpacked(tmp_path, capsys):
    (tmp_path / "class.zip").write_bytes(zipped({f"Aida/{learner.FILE}": "{}"}))
    assert main(["class", str(tmp_path / "class.zip"), "--out", str(tmp_path / "out")]) == 1
    assert "Unpack it, and name the folder" in capsys.readouterr().err


@pytest.mark.long
def test_a_folder_of_learners_files_shows_the_class(course, tmp_path, capsys):  # noqa: F811
    given = answer_some()
    for name in ("Aida", "Bakyt"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / learner.FILE).write_bytes((course / learner.FILE).read_bytes())
    (tmp_path / "class" / "=Dana().json").write_bytes((course / learner.FILE).read_bytes())
    (tmp_path / "class" / "damaged.json").write_text('{"turkic-progress": 1, "questions": []')
    assert main(["class", str(tmp_path / "class"), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert "Lesson 02: 3 learners" in said.out and "damaged.json" in said.err
    with open(tmp_path / "out" / "class.csv", encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["answered"]]
    assert {row["who"] for row in rows} == {"Aida", "Bakyt", "'=Dana()"}  # no formula, in a spreadsheet
    assert {row["question"]: row["right"] for row in rows} == dict.fromkeys(given, "no")
    assert json.loads((course / learner.FILE).read_text("utf-8"))["exercises"]["02-capitals"]["right"]
