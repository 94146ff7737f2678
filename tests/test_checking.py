"""Pages that check themselves, and that remember: an exercise's box says what `check` says, by hand and by keyboard, and is not
there without a script; what was answered stands there again, until it is forgotten, and nowhere else."""

import json
import random

import pandas as pd
import pytest

from turkic_explainer import codes, lessons
from turkic_explainer.answers import Exercise, plain
from turkic_explainer.content import SHARED
from turkic_explainer.files import lesson_files
from turkic_explainer.lessons.lesson04.sorting import coded_cards
from turkic_explainer.press.blocks import Lesson
from turkic_explainer.press.build import unlinked
from turkic_explainer.press.pages import HandoutExporter, TeacherExporter
from turkic_explainer.press.quiz import ScormExporter
from turkic_explainer.press.template import asset

from .browser import axe, told, unfolded
from .conftest import matrix, page, stored
from .test_exercises import BY_HAND, KEYS, given, worked_out

STRANGE = ["", "  ", "many", "yes", "True, False, True", "S9", "x 7", "7 or 8", "1e400", "9" * 20, "-1", "0", "S0 S1", "a,b",
           "1,800", "2 million", "\u0661\u0666", "\uff11\uff16", "\u20135", "\u201426,94"]  # fmt: skip


def typed(key: str) -> set[str]:
    """An exercise's answers as people type them: those by hand, in many forms, and what is no answer."""
    exercise, found = worked_out(key), {*STRANGE}
    many = isinstance(exercise.right(), list)
    answers = [
        given(key, source) for source in (*BY_HAND[key]["right"], *(wrong for wrong, _ in BY_HAND[key]["wrong"]))
    ]
    for answer in [*answers, exercise.right(), *exercise.also(), *(known for known, _ in exercise.mistakes())]:
        match plain(answer, many):
            case bool() | pd.DataFrame():
                continue
            case int() | float() as number:
                texts = {f"{number:.{digits}f}" for digits in range(5)} | {str(number), f"{number:,}"}
                found |= {f"{before}{text}{behind}" for text in texts | {text.replace(".", ",") for text in texts} for before in ("", " about ", "~") for behind in ("", " %", " of them.")}  # fmt: skip
            case [*parts]:
                texts = [str(part) for part in parts]
                found |= {
                    between.join(texts[::way])
                    for between in (", ", ",", " and ", "; ", " & ", " ", ", and ", "/", " ve ", " И ", "”, “", "»; «")
                    for way in (1, -1)
                }
                found |= {", ".join(texts).upper() + ".", f"[{', '.join(map(repr, texts))}]", ", ".join(texts[1:]), ", ".join([*texts, "else"])}  # fmt: skip
            case other:
                found.add(str(other))
        if isinstance(answer, str):
            found.add(answer)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The pages of a lesson with a sorted pack and two exercises, of some editions, in a folder where no other lies."""
    [file] = [file for file in lesson_files() if file.stem.startswith("04")]
    folder, of = tmp_path_factory.mktemp("made"), Lesson(file.stem, file.parent, stored(file))
    for exporter in (HandoutExporter, TeacherExporter, ScormExporter):
        leads = {other.stem for other in lesson_files()}
        (folder / f"{exporter.__name__}.html").write_text(unlinked(exporter().page([of]), ".html", leads), "utf-8")
    return {file.stem.removesuffix("Exporter"): file for file in folder.iterdir()}


SOME = ["00-undated", "01-hungary", "02-gap-years", "03-total", "03-winding", "07-level"]


@pytest.mark.parametrize(
    "keys, most", [(SOME, 60), pytest.param(KEYS, 10_000, marks=pytest.mark.long)], ids=["some", "all"]
)
def test_a_page_judges_every_answer_as_the_notebook_does(open_page, made, keys, most):
    tab, known = open_page(made["Teacher"].as_uri()), 0
    for key in keys:
        exercise, texts = worked_out(key), sorted(typed(key))
        texts = random.Random(key).sample(texts, min(most, len(texts)))
        whys = [*dict.fromkeys(why for _, why in exercise.mistakes())]
        task = json.loads(json.dumps(exercise.on_page()))  # as a page has it
        said = tab.evaluate("([texts, task]) => texts.map(text => verdict(text, task))", [texts, task])
        for text, (kind, words, *why) in zip(texts, said, strict=True):
            wanted, facts = exercise.verdict(text)
            assert kind == wanted, (key, text)
            assert words == (task["said"]["blank"] if kind == "blank" else SHARED.text(f"exercise.{kind}", **facts)), (
                key,
                text,
            )
            assert why == ([whys.index(facts["why"])] if kind == "known" else []), (key, text)
            known += kind == "known"
        assert {"right", "known"} < {kind for kind, *_ in said}, key
        assert None not in task["right"], key
    assert known > 12 * len(keys) and not tab.complaints


def test_a_page_rounds_as_the_notebook_does(open_page, made):
    """Numbers at random, and those that lie in the middle, which Python by itself would round to the even one."""
    chance = random.Random(16)
    numbers = [n + half for n in range(-6, 7) for half in (0.5, 0.25, 0.125, 0.005, 0.015)] + [chance.uniform(-999, 999) for _ in range(60)]  # fmt: skip
    cases = []
    for number in numbers:
        exercise = Exercise(lambda number=number: number, "a number", ("?",), decimals=chance.randrange(4))
        task = exercise.on_page()
        cases += [(f"{number + off:.{digits}f}", task, exercise) for digits in range(5) for off in (0, 0.5, -0.01)]
    tab = open_page(made["Teacher"].as_uri())
    said = tab.evaluate("all => all.map(([text, task]) => verdict(text, task)[0])", [case[:2] for case in cases])
    differ = [
        (text, exercise.right(), kind)
        for (text, _, exercise), kind in zip(cases, said, strict=True)
        if exercise.verdict(text)[0] != kind
    ]
    assert differ == []
    assert Exercise(lambda: 2.5, "a number", ("?",), decimals=0).judge("3")[0]  # as a school rounds


@pytest.mark.parametrize(
    "text, right",
    [
        ("\u20131,8", False),
        ("1,8", True),
        ("1.8", True),
        ("about 1,82", True),
        ("~ 1.8 million t", True),
        ("1.7", False),
        ("S1.8", False),
    ],
)
def test_a_number_is_right_as_a_person_writes_it(text, right):
    assert worked_out("03-total").judge(text)[0] is right
    assert worked_out("07-level").judge("\u201326,94 m")[0]  # the minus that a phone sets
    assert (
        worked_out("02-gap-years").judge("2016, and 2017.")[0] and worked_out("00-undated").judge("S0 & s1 AND S2")[0]
    )


def test_what_is_right_does_not_stand_in_plain_sight(made):
    soup = page(made["Handout"].read_text("utf-8"))
    boxes = soup.select("form.answer-box")
    assert [box.has_attr("hidden") for box in boxes] == [True, True]
    for box in boxes:
        assert box.label.get_text().startswith("Your answer, a ") and "only_said" not in str(box)
        assert not {"S3", "16", "Right."} & {*box.get_text(" ").split()} and "right" not in box["data-task"]


@pytest.mark.parametrize("edition", matrix(["Handout", "Teacher", "Scorm"], "Handout"))
def test_without_a_script_no_box_is_there_and_the_answer_is_folded_as_before(open_page, made, edition):
    tab = open_page(made[edition].as_uri(), javascript=False)
    assert not tab.locator(".answer-box:visible, .kept:visible").count() and tab.locator(".answer-box").count() == 2
    assert tab.locator("details.solution" if edition != "Teacher" else ".solution-open").count() == 2


def test_a_box_by_keyboard(open_page, made):
    tab = unfolded(open_page(made["Handout"].as_uri()))
    box, keys = tab.locator(".answer-box").first, tab.keyboard
    box.get_by_label("Your answer, a whole number:").focus()
    status = box.get_by_role("status")
    for text, words in {"": "write your answer into the box", "12": "Add those that are wished for", "many": "this is a text", "16 of them": "Right."}.items():  # fmt: skip
        tab.evaluate("document.activeElement.select()")
        keys.press("Delete")
        keys.type(text)
        keys.press("Enter")
        assert words in status.inner_text()
    keys.press("Tab")
    keys.press("Space")  # which checks once more
    assert status.inner_text() == "Right."
    keys.press("Tab")
    steps = worked_out("04-only-said").hints
    for number in range(1, len(steps) + 1):
        box.get_by_text("Hint").focus()
        keys.press("Enter")
        shown = box.locator("li")
        assert shown.count() == number and shown.last.inner_text() == steps[number - 1].replace("`", "")
        assert shown.last.evaluate("step => step === document.activeElement")  # so that it is read out
    assert box.get_by_text("Hint").is_disabled() and not tab.complaints


@pytest.mark.parametrize("width, scheme", [pytest.param(1280, "light", marks=pytest.mark.long), (390, "dark")])
def test_a_page_that_was_answered_is_sound(open_page, made, width, scheme):
    tab = unfolded(open_page(made["Handout"].as_uri(), width=width, scheme=scheme))
    for box in tab.locator(".answer-box").all():
        box.locator("input").fill("7")
        for name in ("Check", "Hint"):
            button = box.get_by_text(name)
            button.click()
            assert min(button.bounding_box()["height"], button.bounding_box()["width"]) >= 24
    assert tab.locator(".kept code").is_visible()
    assert told(axe(tab, "{include: [['.answer-box'], ['.kept']]}")) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.emulate_media(media="print")
    assert not tab.locator(".answer-box:visible, .kept:visible").count()


def answered(tab) -> None:
    """Answers one thing of each kind: a wrong one picked, several, an order in part, an exercise, a guess, a card."""
    unfolded(tab)
    tab.locator(".tx-of-q-04-none").get_by_text("B. ").click()
    several = tab.locator(".tx-several[class*=q-04-]").first
    several.locator("input").nth(1).check()
    several.locator("input").nth(2).check()
    several.get_by_text("Check").click()
    several.locator("input").nth(0).check()  # which is not what was answered first
    order = tab.locator(".tx-order[class*=q-04-]").first
    order.locator("select").nth(0).select_option(index=2)
    order.get_by_text("Check").click()
    box = tab.locator(".answer-box").first
    for text in ("12", "16"):
        box.locator("input").fill(text)
        box.get_by_text("Check").click()
    tab.locator("input.tx-guess, .tx-guess > input").first.fill("mine")
    tab.locator(".tx-pack select").first.select_option(index=1)
    tab.locator("h1").click()


def seen(tab) -> list:
    return tab.evaluate("""[...document.querySelectorAll('.tx-question,.answer-box,.tx-guess,.tx-pack')].map(task => [
        [...task.querySelectorAll('input,select,textarea')].map(field => field.type === 'checkbox' ? field.checked : field.value),
        [...task.querySelectorAll('details')].map(fold => fold.open), task.querySelector('[role=status]')?.textContent])""")


def test_a_page_remembers_what_was_answered_until_it_is_told_to_forget(open_page, made):
    tab = open_page(made["Handout"].as_uri())
    assert tab.locator(".kept").is_hidden()
    empty = seen(unfolded(tab))
    answered(tab)
    before, place = seen(tab), tab.locator(".kept")
    code = place.locator("code").inner_text()
    entries = lessons.entries("04")
    found = {key: one for key, one in codes.decoded(code, entries).items() if one}
    order = next(found.pop(key) for key in [*found] if entries[key].form == "order")
    several = next(found.pop(k) for k in [*found] if codes.outcomes(entries[k]) == 64)
    assert found == {"04-none": 2, "04-only-said": 3} and several == 0b110 and order >= 1
    handed, cards = tab.locator(".tx-handed code"), coded_cards()
    filed = {"F4-baku-yerevan-platform": 1}  # its first word, Traditions
    assert handed.inner_text() == codes.coded("F4", cards, filed) and handed.is_visible()
    tab.reload()
    assert place.locator("code").inner_text() == code and handed.inner_text() == codes.coded("F4", cards, filed)
    unfolded(tab)
    assert seen(tab) == before and before != empty
    tab.get_by_text("Forget my answers").click()
    assert "are forgotten" in place.inner_text() and place.locator("code").is_hidden() and handed.is_hidden()
    assert seen(tab) == empty
    tab.reload()
    assert seen(unfolded(tab)) == empty and place.is_hidden() and not tab.complaints


def test_half_an_answer_is_no_first_answer(open_page, made):
    """Where Check was opened before anything was ticked or chosen, too: each change has to be checked."""
    tab, entries = unfolded(open_page(made["Handout"].as_uri())), lessons.entries("04")
    code = tab.locator(".kept code")
    for kind, part in {"several": "input", "order": "select"}.items():
        task = tab.locator(f".tx-{kind}[class*=q-04-]").first
        task.get_by_text("Check").click()
        for n, field in enumerate(task.locator(part).all(), 1):
            assert code.is_hidden()
            field.check() if kind == "several" else field.select_option(index=n)
        assert not task.locator(".tx-check[open]").count()
        task.get_by_text("Check").click()
        code.wait_for()
        [outcome] = [one for one in codes.decoded(code.inner_text(), entries).values() if one]
        assert outcome == 0b111111 if kind == "several" else outcome
        tab.get_by_text("Forget my answers").click()
    assert not tab.complaints


def test_two_tabs_of_a_lesson_keep_what_was_answered_in_either(open_page, made):
    older = unfolded(open_page(made["Handout"].as_uri()))
    newer = older.context.new_page()
    newer.goto(older.url)
    box = [unfolded(tab).locator(".answer-box") for tab in (newer, older)]
    for n, at in enumerate(box):
        at.nth(n).locator("input").fill("12")
        at.nth(n).get_by_text("Check").click()
    newer.reload()
    code = newer.locator(".kept code").inner_text()
    assert code == older.locator(".kept code").inner_text()
    assert sum(map(bool, codes.decoded(code, lessons.entries("04")).values())) == 2


@pytest.mark.parametrize("changed", ["one", "all"])
def test_what_was_answered_to_other_questions_is_told_and_not_shown(open_page, made, changed):
    """What is asked as before stays, and counts."""
    tab = open_page(made["Handout"].as_uri())
    answered(tab)
    before = codes.decoded(tab.locator(".kept code").inner_text(), lessons.entries("04"))
    tab.evaluate("""changed => { const all = JSON.parse(localStorage['turkic-answers']), was = all['04']; was.version++; all['99'] = 1;
        for (const key in was.editions) if (changed === 'all' || key === '04-none') was.editions[key] = 'other';
        localStorage['turkic-answers'] = JSON.stringify(all); }""", changed)  # fmt: skip
    tab.reload()
    place, known = tab.locator(".kept"), tab.locator(".kept code")
    assert "Some questions here have changed since" in place.inner_text()
    assert not tab.locator(".tx-of-q-04-none details[open]").count()
    assert tab.evaluate("JSON.parse(localStorage['turkic-answers'])['99']") == 1  # another page's, which stays
    if changed == "all":
        assert known.is_hidden() and not tab.locator(".answer-box input").first.input_value()
    else:
        assert codes.decoded(known.inner_text(), lessons.entries("04")) == before | {"04-none": 0}
    tab.reload()
    assert "have changed" not in place.text_content() and not tab.complaints  # it is told once


@pytest.mark.long
def test_where_nothing_may_be_kept_a_page_says_so_and_has_its_code(open_page, made):
    tab = open_page("about:blank")
    tab.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    tab.goto(made["Handout"].as_uri())
    assert tab.locator(".kept").is_hidden()
    answered(tab)
    assert "keeps nothing for this page" in tab.locator(".kept").inner_text()
    assert tab.locator(".kept code").is_visible() and not tab.complaints
    tab.get_by_text("Forget my answers").click()
    assert not tab.complaints


@pytest.mark.parametrize("damaged", ["{", "null", '"x"', '{"04": 5}'])
def test_what_is_kept_and_damaged_is_written_over(open_page, made, damaged):
    """Else nothing would be kept for any lesson in that browser ever again."""
    tab = open_page(made["Handout"].as_uri())
    tab.evaluate("text => localStorage.setItem('turkic-answers', text)", damaged)
    tab.reload()
    answered(tab)
    code = tab.locator(".kept code").inner_text()
    assert "is kept on this device" in tab.locator(".kept").inner_text()
    tab.reload()
    assert tab.locator(".kept code").inner_text() == code and not tab.complaints


def test_an_older_browser_can_read_the_scripts():
    """One rule of Safari before 16.4 that a script must not break, for then nothing of it runs: no look behind in patterns."""
    assert not any("(?<" in asset(name) for name in ("tasks.js", "kept.js"))


def test_only_a_student_s_page_remembers(made):
    """The teacher's would show answers to the class, and a learning platform keeps its own."""
    for edition, keeps in {"Handout": True, "Teacher": False, "Scorm": False}.items():
        html = made[edition].read_text("utf-8")
        assert ("turkic-answers" in html, 'class="kept"' in html) == (keeps, keeps)
