"""Questions and words for a school's own tools: each file is read back as its tool reads it, question by question.

Anki's own reader takes the words in, openpyxl the spreadsheets, Chromium the page in a frame of a learning platform. That
platform is one of this file's own, as strict as SCORM 1.2 on the order of calls and on what each may say; the processing of
answers in QTI is worked out here as well, and Moodle's XML is read as its question/format/xml does.
"""

from __future__ import annotations

import base64
import io
import json
import re
import sqlite3
import zipfile
from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from PIL import Image

from turkic_explainer import glossary, vocabulary
from turkic_explainer.files import lesson_files
from turkic_explainer.lessons import keys, numbers
from turkic_explainer.maps import script_digests
from turkic_explainer.press import quiz
from turkic_explainer.press.asked import Answer, Chosen, Question
from turkic_explainer.press.cli import main
from turkic_explainer.press.quiz import FORMATS
from turkic_explainer.press.workspace import prepare

from .conftest import HOSTILE, edit, forget, loads, matrix, skip_or_fail

FILES = {file.name[:2]: file for file in lesson_files()}
QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
# In these two lessons is every kind of question.
lessons = pytest.mark.parametrize("lesson", matrix(numbers(), "03", "04"))


@lru_cache
def chosen(number: str) -> Chosen:
    return Chosen(FILES[number])


@lru_cache
def made(name: str, *of: str) -> tuple[dict[str, bytes], list[str]]:
    """The files of a format for these lessons, and what was told of them."""
    told: list[str] = []
    files = FORMATS[name]([chosen(number) for number in of], told.append)
    return {path: content for path, content in files.items() if content}, told


def opened(content: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None and {entry.date_time[0] for entry in archive.infolist()} == {1980}
    return archive


def hostile(kind: str) -> SimpleNamespace:
    """A lesson with one question of a kind, in which every text would be markup, or end what it stands in."""
    text = f"{HOSTILE} ]]> é"
    answers = tuple(
        Answer(f"n{n}", f"{n} {text}", n == 1 or kind == "order", f"{n} why {text}", str(n), "0") for n in (1, 2, 3)
    )
    if kind == "several":
        answers = (*answers[:2], Answer("n3", f"3 {text}", True, f"3 why {text}"))
    asked = Question("99-hostile", kind, text, answers, answers[::-1] if kind == "order" else (), other=f"0 {text}")
    return SimpleNamespace(number="99", title=f"A/B {text}", language="en", questions=[asked])


def test_all_kinds_are_in_what_the_fast_tests_read():
    assert {q.kind for number in ("03", "04") for q in chosen(number).questions} == {
        "pick",
        "several",
        "order",
        "number",
        "map",
    }


@pytest.mark.long
def test_every_question_of_the_course_is_taken():
    assert [q.key for number in numbers() for q in chosen(number).questions] == keys("questions")


# --- Moodle --------------------------------------------------------------------------------------------------------

# The fractions that Moodle's importer takes; any other it refuses, with the whole file.
_FRACTIONS = "100 90 83.33333 80 75 70 66.66667 60 50 40 33.33333 30 25 20 16.66667 14.28571 12.5 11.11111 10 5 0"


def moodle_text(tag: ElementTree.Element) -> str:
    """The text of a field, whose HTML is sound."""
    assert tag.get("format") == "html"
    soup = BeautifulSoup(tag.findtext("text"), "html.parser")
    assert not soup.find(["script"]) and all(
        image["src"].startswith("@@PLUGINFILE@@/") for image in soup.find_all("img")
    )
    return soup.get_text()


def check_moodle(tag: ElementTree.Element, q: Question) -> None:
    kinds = {"order": "ordering", "number": "numerical"}
    assert tag.get("type") == kinds.get(q.kind, "multichoice") and tag.findtext("name/text") == q.key
    assert moodle_text(tag.find("questiontext")).startswith(q.text)
    answers = tag.findall("answer")
    fractions = [float(one.get("fraction")) for one in answers]
    if q.kind == "order":
        assert [moodle_text(one) for one in answers] == [one.label for one in q.answers]
        assert tag.findtext("selecttype") == "ALL" and int(tag.findtext("selectcount")) == len(answers) > 2
        why = moodle_text(tag.find("generalfeedback"))
        assert all(f"{one.label} {one.why}" in why for one in q.answers)
        return
    assert all(any(abs(abs(given) - float(known)) < 1e-4 for known in _FRACTIONS.split()) for given in fractions)
    if q.kind == "number":
        *answers, other = answers
        assert other.findtext("text") == "*" and fractions.pop() == 0 and moodle_text(other.find("feedback")) == q.other
        spans = [(one.findtext("text"), one.findtext("tolerance")) for one in answers]
        assert spans == [(one.number, one.off) for one in q.answers] and tag.findtext("units/unit/unit_name") == (
            q.unit or None
        )
    else:
        assert [moodle_text(one) for one in answers] == [one.label for one in q.answers]
        assert tag.findtext("single") == ("false" if q.kind == "several" else "true")
    assert [given > 0 for given in fractions] == [one.right for one in q.answers]
    assert abs(sum(given for given in fractions if given > 0) - 100) < 1e-3
    if q.kind == "several":  # all that can be ticked brings nothing
        assert abs(sum(fractions)) < 1e-3
    assert [moodle_text(one.find("feedback")) for one in answers] == [one.why for one in q.answers]


@lessons
def test_moodle_has_each_question_with_its_reasons(lesson):
    [(_, content)] = made("moodle", lesson)[0].items()
    category, *tags = ElementTree.fromstring(content).findall("question")
    assert category.findtext("category/text").startswith(f"$course$/top/Turkic Explainer/{lesson} ")
    assert len({tag.findtext("idnumber") for tag in tags}) == len(tags)
    for tag, q in zip(tags, chosen(lesson).questions, strict=True):
        check_moodle(tag, q)
        files = {file.get("name"): base64.b64decode(file.text) for file in tag.findall("questiontext/file")}
        assert files == ({f"{q.key}.png": q.picture} if q.kind == "map" else {})
        assert ("@@PLUGINFILE@@" in tag.findtext("questiontext/text")) == bool(files)


# --- QTI -----------------------------------------------------------------------------------------------------------


def processed(item: ElementTree.Element, response: list[str]) -> tuple[float, set[str]]:
    """What an answer brings, and the feedback that it is told, by the rules in the item and those of QTI 2.1."""
    cardinality = item.find(f"{QTI}responseDeclaration").get("cardinality")
    right = [value.text for value in item.findall(f"{QTI}responseDeclaration/{QTI}correctResponse/{QTI}value")]
    alike = sorted if cardinality == "multiple" else list
    outcomes = {one.get("identifier"): [] for one in item.findall(f"{QTI}outcomeDeclaration")} | {"SCORE": ["0"]}

    def value(of: ElementTree.Element):
        name = of.tag.removeprefix(QTI)
        if name == "baseValue":
            return [of.text]
        if name in ("variable", "correct"):
            return {"variable": response, "correct": right}[name]
        if name == "index":
            return value(of[0])[int(of.get("n")) - 1 : int(of.get("n"))]
        one, other = map(value, of)
        if name == "match":
            return alike(one) == alike(other)
        assert name == "equal"
        off = float((of.get("tolerance") or "0 0").split()[0])
        assert (of.get("toleranceMode") == "absolute") == bool(off)
        return abs(float(one[0]) - float(other[0])) <= off

    def run(rules) -> None:
        for rule in rules:
            if rule.tag == f"{QTI}setOutcomeValue":
                assert rule.get("identifier") in outcomes
                outcomes[rule.get("identifier")] = value(rule[0])
            else:
                assert rule.tag == f"{QTI}responseCondition"
                for branch in rule:
                    last = branch.tag == f"{QTI}responseElse"
                    if last or value(branch[0]):
                        run(branch if last else branch[1:])
                        break

    run(item.find(f"{QTI}responseProcessing"))
    shown = {
        "".join(one.itertext())
        for one in item.findall(f"{QTI}modalFeedback")
        if one.get("identifier") in outcomes[one.get("outcomeIdentifier")]
    }
    return float(outcomes["SCORE"][0]), shown


def tries(q: Question) -> list[tuple[list[str], bool, list[Answer]]]:
    """Answers to a question: each with whether it is right, and the answers whose reasons it deserves."""
    rights = [one for one in q.answers if one.right]
    if q.kind == "several":
        some = [(rights[::-1], True), (rights[:1], False), ([*q.answers], False)]
        return [([one.mark for one in ticked], right, ticked) for ticked, right in some]
    if q.kind == "order":
        first, second, *rest = q.answers
        placed = [([*q.answers], True, [*q.answers]), ([second, first, *rest], False, rest)]
        return [([one.mark for one in row], right, told) for row, right, told in placed]
    if q.kind == "number":
        near = [(f"{float(one.number) + float(one.off) * 0.9}", one) for one in q.answers]
        return [([number], one.right, [one]) for number, one in near] + [(["-98765"], False, [])]
    return [([one.mark], one.right, [one]) for one in q.answers]


def check_qti(item: ElementTree.Element, q: Question) -> None:
    assert item.get("identifier") == f"q-{q.key}" and q.text in "".join(item.find(f"{QTI}itemBody").itertext())
    kinds = {"order": "order", "number": "textEntry", "map": "hotspot"}
    interaction = item.find(f".//{QTI}{kinds.get(q.kind, 'choice')}Interaction")
    choices = {
        one.get("identifier"): one.text or one.get("hotspotLabel") for one in interaction if one.get("identifier")
    }
    assert list(choices) == [one.mark for one in (q.choices or q.answers) if q.kind != "number"]
    assert all(choices[one.mark] == one.label for one in q.answers if q.kind != "number")
    for response, right, told in tries(q):
        score, shown = processed(item, response)
        assert score == right, (q.key, response)
        assert len(shown) == (len({one.why for one in told}) or 1)
        assert all(any(text.endswith(one.why) for text in shown) for one in told), (q.key, response, shown)


@lessons
def test_qti_has_each_question_and_judges_each_answer_as_the_course_does(lesson):
    archive = opened(made("qti", lesson)[0]["qti.zip"])
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    named = [file.get("href") for file in manifest.iter() if file.tag.endswith("}file")]
    assert sorted([*named, "imsmanifest.xml"]) == sorted(archive.namelist())
    test = ElementTree.fromstring(archive.read("test.xml"))
    refs = test.iter(f"{QTI}assessmentItemRef")
    [whole] = test.findall(f"{QTI}outcomeProcessing/{QTI}setOutcomeValue")
    assert [one.get("variableIdentifier") for one in whole.findall(f"{QTI}sum/{QTI}testVariables")] == ["SCORE"]
    assert whole.get("identifier") in [one.get("identifier") for one in test.findall(f"{QTI}outcomeDeclaration")]
    for ref, q in zip(refs, chosen(lesson).questions, strict=True):
        item = ElementTree.fromstring(archive.read(ref.get("href")))
        check_qti(item, q)
        if q.kind == "map":
            check_hotspots(item, q, archive.read(f"pictures/{q.key}.png"))


def check_hotspots(item: ElementTree.Element, q: Question, picture: bytes) -> None:
    """The picture is of the size that is told, and each spot lies on a letter, which is black on white."""
    shown, seen = item.find(f".//{QTI}object"), Image.open(io.BytesIO(picture)).convert("L")
    assert (int(shown.get("width")), int(shown.get("height"))) == seen.size and shown.text == q.alt
    spots = [tuple(map(int, one.get("coords").split(","))) for one in item.iter(f"{QTI}hotspotChoice")]
    for x, y, radius in spots:
        around = seen.crop((x - 12, y - 12, x + 13, y + 13))
        dark = sum(around.histogram()[:128])
        assert radius < x < seen.width - radius and 0.05 < dark / 625 < 0.95, (q.key, x, y, dark)
    assert len(spots) == len({(x, y) for x, y, _ in spots}) == len(q.answers)


# --- spreadsheets --------------------------------------------------------------------------------------------------


def rows(content: bytes) -> list[list]:
    return [
        [cell for cell in row] for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    ]


@lessons
def test_kahoot_and_quizizz_have_what_fits_and_all_else_is_told(lesson):
    files, told = made("sheet", lesson)
    by_text = {q.text: q for q in chosen(lesson).questions}
    for tool, above, text, options in (("Kahoot", 8, 1, slice(2, 6)), ("Quizizz", 2, 0, slice(2, 7))):
        found = []
        for name, content in files.items():
            if not name.startswith(tool.lower()):
                continue
            for number, row in enumerate(rows(content)[above:], 1):
                q, labels = by_text[row[text]], [one for one in row[options] if one]
                found.append(q)
                rights = {one.label for one in q.answers if one.right}
                assert sorted(labels) == sorted(one.label for one in q.answers)
                assert {labels[int(n) - 1] for n in (row[7]).split(",")} == rights
                long = len(q.text) > 120 or max(map(len, labels)) > 75
                if tool == "Kahoot":
                    assert row[0] == number and row[6] == 60 and ("to-shorten" in name) == long
                    assert long == any(f"Kahoot: {q.key} stands in {name}: " in line for line in told)
                else:
                    assert row[1] == ("Checkbox" if q.kind == "several" else "Multiple Choice") and row[8] == 60
                    assert row[10] == " ".join(one.why for one in q.answers if one.right)
        left = {q.key for q in by_text.values() if q not in found}
        assert left == {line.split()[1] for line in told if line.startswith(tool) and "is left out: " in line}
        numbers_ = {q.key for q in found if q.kind == "number"}
        assert numbers_ == {line.split()[1] for line in told if line.startswith(tool) and "a number to type" in line}


@pytest.mark.parametrize("lesson", ["03", "06"])
def test_the_digits_of_a_number_do_not_tell_that_it_is_right(lesson):
    for q in (q for q in chosen(lesson).questions if q.kind == "number"):
        digits = {len(one.label.split()[0].partition(".")[2]) for one in q.answers}
        assert max(digits) <= 2 and (0 in digits) == (digits == {0}), [one.label for one in q.answers]
        for one in q.answers:
            assert abs(float(one.label.split()[0].replace(",", "")) - float(one.number)) <= float(one.off) / 2


def test_spreadsheets_have_the_lines_of_the_tools_own_templates():
    files = made("sheet", "03")[0]
    kahoot, quizizz = rows(files["kahoot-03.xlsx"]), rows(files["quizizz-03.xlsx"])
    assert kahoot[7][1:4] == [
        "Question - max 120 characters",
        "Answer 1 - max 75 characters",
        "Answer 2 - max 75 characters",
    ]
    assert kahoot[7][7] == "Correct answer(s) - choose at least one"
    assert quizizz[0][:3] == ["Question Text", "Question Type", "Option 1"] and quizizz[0][10] == "Answer explanation"


# --- Anki ----------------------------------------------------------------------------------------------------------


def cards(content: bytes) -> dict[str, list[str]]:
    """The fields of each note, by its first one."""
    archive = opened(content)
    assert json.loads(archive.read("media")) == {}
    with sqlite3.connect(":memory:") as base:
        base.deserialize(archive.read("collection.anki2"))
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        [(models, decks)] = base.execute("SELECT models, decks FROM col").fetchall()
        [model] = json.loads(models).values()
        found = base.execute(
            "SELECT n.flds, n.mid, c.did FROM notes n JOIN cards c ON c.nid = n.id ORDER BY c.due"
        ).fetchall()
        assert {mid for _, mid, _ in found} == {model["id"]} and {str(did) for *_, did in found} < {*json.loads(decks)}
    notes = [[BeautifulSoup(part, "html.parser").get_text() for part in fields.split("\x1f")] for fields, *_ in found]
    assert {len(fields) for fields in notes} == {len(model["flds"])}
    return {fields[0]: fields for fields in notes}


def test_anki_has_every_word_with_its_meaning():
    words, found = glossary(), cards(made("anki", "09")[0]["words.apkg"])
    assert list(found) == list(words.index)
    for row in words.itertuples():
        assert found[row.Index][2:] == [row.meaning, " ".join(row.claims)]
        assert found[row.Index][1] == (
            "" if row.native in (row.Index, None) or row.native != row.native else row.native
        )


def test_anki_has_the_words_of_some_lessons():
    found = cards(made("anki", "03")[0]["words.apkg"])
    assert {"TEU", "Middle Corridor"} < {*found} and len(found) < len(glossary()) / 2


@pytest.mark.long
def test_anki_itself_takes_the_words_in_once_and_mends_them(tmp_path, monkeypatch):
    try:
        from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
        from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS as ALWAYS
    except ImportError:
        skip_or_fail("no Anki here (uv run --group tools)")
    content = made("anki", "09")[0]["words.apkg"]
    (tmp_path / "words.apkg").write_bytes(content)
    collection = Collection(str(tmp_path / "c.anki2"))
    try:
        request = ImportAnkiPackageRequest(
            package_path=str(tmp_path / "words.apkg"), options=ImportAnkiPackageOptions()
        )
        assert len(collection.import_anki_package(request).log.new) == len(glossary())
        log = collection.import_anki_package(request).log
        assert len(log.new) == 0 and len(log.duplicate) == len(glossary())
        monkeypatch.setattr(vocabulary, "glossary", lambda: glossary().assign(meaning="It means something else."))
        (tmp_path / "words.apkg").write_bytes(FORMATS["anki"]([chosen("09")], print)["words.apkg"])
        request.options.update_notes = ALWAYS
        assert len(collection.import_anki_package(request).log.updated) == len(glossary())
        (tmp_path / "words.apkg").write_bytes(content)
        assert len(collection.import_anki_package(request).log.updated) == len(glossary())
        assert "Turkic Explainer: the words" in [deck.name for deck in collection.decks.all_names_and_ids()]
        wanted = cards(content)
        for number in collection.find_notes(""):
            note = collection.get_note(number)
            [card] = note.cards()
            assert [BeautifulSoup(text, "html.parser").get_text() for text in note.values()] == wanted[note["Word"]]
            assert (
                note["Word"] in card.question()
                and note["Meaning"] in card.answer()
                and note["Meaning"] not in card.question()
            )
        assert collection.fix_integrity()[1]
    finally:
        collection.close()


# --- SCORM ---------------------------------------------------------------------------------------------------------


def test_scorm_is_a_page_alone_with_a_script_that_its_policy_lets_run():
    archive = opened(made("scorm", "03")[0]["scorm-03.zip"])
    assert archive.namelist() == ["imsmanifest.xml", "index.html"]
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    [resource] = (tag for tag in manifest.iter() if tag.tag.endswith("}resource"))
    assert resource.get("href") == "index.html" and "sco" in resource.attrib.values()
    html = archive.read("index.html").decode()
    soup = BeautifulSoup(html, "html.parser")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert loads(html) == [] and "LMSInitialize" in soup.find_all("script")[-1].string
    assert {*script_digests(f"<script>{soup.find_all('script')[-1].string}</script>")} <= {
        *re.findall(r"sha256-[^']+", policy)
    }
    assert not [link["href"] for link in soup.find_all("a") if not link.get("href", "#").startswith(("#", "http"))]


def test_a_page_without_questions_is_told(capsys, tmp_path):
    assert main(["quiz", "09", "--format", "scorm", "--format", "qti", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert told == f"09-words has no questions: only its words can be had, as --format anki.\n0 files in {tmp_path}.\n"


# A learning platform as SCORM 1.2 describes it: calls in their order, elements that there are, and each in its own form. What is
# against that is noted as an error. `kept` is what it had from the last visit.
LMS = """<!DOCTYPE html><script>
const kept = JSON.parse(sessionStorage.kept ?? "{}"), errors = [], said = [];
let state = "before", count = Number(sessionStorage.count ?? 0);
const number = text => /^\\d+(\\.\\d+)?$/.test(text) && Number(text) <= 100;
const FORMS = {
  "cmi.core.score.raw": number, "cmi.core.score.min": number, "cmi.core.score.max": number,
  "cmi.core.lesson_status": text => ["passed", "completed", "failed", "incomplete", "browsed"].includes(text),
  "cmi.core.exit": text => ["time-out", "suspend", "logout", ""].includes(text),
  "cmi.suspend_data": text => text.length <= 4096,
  "id": text => /^[\\w-]{1,255}$/.test(text), "result": text => ["correct", "wrong"].includes(text),
  "type": text => ["choice", "sequencing", "numeric"].includes(text), "student_response": text => /^([a-h](,[a-h])*|-?\\d+(\\.\\d+)?)$/.test(text),
};
const wrong = text => { errors.push(text); return "false"; };
window.API = {
  LMSInitialize: given => state === "before" && given === "" ? (state = "running", "true") : wrong("initialize"),
  LMSFinish: given => { if (state !== "running" || given !== "") return wrong("finish"); state = "done";
    sessionStorage.kept = JSON.stringify(kept); sessionStorage.count = count; return "true"; },
  LMSCommit: given => state === "running" && given === "" ? "true" : wrong("commit"),
  LMSGetValue: name => { if (state !== "running") wrong(name); if (name === "cmi.interactions._count") return String(count);
    if (name !== "cmi.suspend_data") wrong(name); return kept[name] ?? ""; },
  LMSSetValue: (name, value) => {
    const [, at, part] = name.match(/^cmi\\.interactions\\.(\\d+)\\.(\\w+)$/) ?? [], form = FORMS[part ?? name];
    if (state !== "running" || typeof value !== "string" || !form || !form(value)) return wrong(`${name} = ${value}`);
    if (part) { if (Number(at) > count || part === "id" && Number(at) !== count) return wrong(name); if (part === "id") count++; said.push([Number(at), part, value]); }
    else kept[name] = value;
    return "true";
  },
  LMSGetLastError: () => "0", LMSGetErrorString: () => "", LMSGetDiagnostic: () => "",
};
</script><iframe src="index.html" style="width: 1200px; height: 800px"></iframe>"""


@pytest.fixture
def platform(open_page):
    """Opens the page of a lesson in a frame of the platform; gives the outer page and the frame."""
    page = open_page("about:blank")

    def opened_in(lesson: str, around: str = LMS):
        html = zipfile.ZipFile(io.BytesIO(made("scorm", lesson)[0][f"scorm-{lesson}.zip"])).read("index.html").decode()
        page.unroute_all()
        page.route("**/*", lambda asked: asked.fulfill(
            body=html if asked.request.url.endswith("index.html") else around, content_type="text/html; charset=utf-8"
        ))  # fmt: skip
        page.goto("http://school.example/")
        frame = page.wait_for_selector("iframe").content_frame()
        frame.locator(".reported").wait_for()
        return page, frame

    return opened_in


def answered(frame, q: Question, right: bool) -> None:
    """Answers a question as a learner does, and then the other way round, which is too late."""
    task = frame.locator(f"fieldset.tx-of-q-{q.key}")
    for to_be in (right, not right):
        if q.kind in ("pick", "map"):
            at = [one.right for one in q.answers].index(to_be)
            task.locator(".tx-panels > details > summary").nth(at).click()
            continue
        if q.kind == "several":
            for box, one in zip(task.locator("input").all(), q.answers, strict=True):
                box.set_checked(
                    one.right or (not to_be and one is q.answers[-1]) or (not to_be and one is q.answers[0])
                )
        elif q.kind == "order":
            places = [int(one.mark[1:]) for one in q.choices]
            for menu, place in zip(task.locator("select").all(), places if to_be else places[::-1], strict=True):
                menu.select_option(index=place)
        else:
            task.locator("input").fill(q.answers[0 if to_be else 1].number)
        if not task.locator(".tx-check").evaluate("fold => fold.open"):
            task.locator(".tx-check > summary").click()
    frame.page.wait_for_timeout(50)  # a fold says a moment later that it was opened


@pytest.mark.long
@pytest.mark.parametrize("lesson, turn", [*((lesson, 0) for lesson in numbers()), ("03", 1), ("04", 1)])
def test_scorm_reports_first_answers_and_goes_on_where_it_was_left(platform, lesson, turn):
    """Every other question is answered rightly at first; in the other `turn`, the others."""
    page, frame = platform(lesson)
    frame.locator("details:is(.reveal, .deeper)").evaluate_all("all => all.forEach(fold => { fold.open = true; })")
    there = [q for q in chosen(lesson).questions if frame.locator(f".tx-of-q-{q.key}").count()]
    deeper = {q.key for q in there if frame.locator(f"details.deeper .tx-of-q-{q.key}").count()}
    core = [q for q in there if q.key not in deeper]
    assert len(core) >= 3
    there = [*core, *(q for q in there if q.key in deeper)]
    halves, wanted = (there[:2], there[2:]), {q.key: n % 2 == turn for n, q in enumerate(there)}
    for visit, half in enumerate(halves):
        for q in half:
            answered(frame, q, wanted[q.key])
        done = [q for q in there if q in halves[0] or visit]
        right = sum(wanted[q.key] for q in core if q in done)
        assert f": {right} of {len(core)} right" in frame.locator(".reported").inner_text()
        kept, errors, said = page.evaluate("[kept, errors, said]")
        assert errors == []
        assert kept["cmi.core.score.raw"] == str(int(100 * right / len(core) + 0.5))
        assert kept["cmi.core.lesson_status"] == ("completed" if visit else "incomplete")
        assert kept["cmi.core.exit"] == "suspend"  # a later look at a lesson that is done finds it so, too
        assert {value: part for _, part, value in said if part == "id"}.keys() == {q.key for q in half}
        results = [value == "correct" for _, part, value in said if part == "result"]
        assert results == [wanted[q.key] for q in half]
        frame.evaluate("location.replace('about:blank')")
        page.wait_for_function("state === 'done'")
        assert page.evaluate("errors") == []
        if not visit:
            page, frame = platform(lesson)
            frame.locator("details:is(.reveal, .deeper)").evaluate_all(
                "all => all.forEach(fold => { fold.open = true; })"
            )
    assert [c for c in page.complaints if "Failed to load" not in c] == []


@pytest.mark.long
def test_scorm_counts_no_answer_to_another_edition_of_a_question(platform):
    page, frame = platform("02")
    frame.locator("details:is(.reveal, .deeper)").evaluate_all("all => all.forEach(fold => { fold.open = true; })")
    core = "fieldset.tx-of-q-{}:not(details.deeper *)"
    two = [q for q in chosen("02").questions if q.kind == "pick" and frame.locator(core.format(q.key)).count()][:2]
    for q in two:
        answered(frame, q, True)
    assert ": 2 of " in frame.locator(".reported").inner_text()
    frame.evaluate("location.replace('about:blank')")
    page.wait_for_function("state === 'done'")
    page.evaluate("""key => { kept["cmi.suspend_data"] = kept["cmi.suspend_data"].replace(RegExp(key + "=\\\\w+"), key + "=other");
                             sessionStorage.kept = JSON.stringify(kept); }""", two[0].key)  # fmt: skip
    _, frame = platform("02")
    assert ": 1 of " in frame.locator(".reported").inner_text()


@pytest.mark.long
def test_without_a_platform_the_page_says_so_and_works(platform):
    page, frame = platform("03", "<!DOCTYPE html><iframe src='index.html'></iframe>")
    assert "told to nobody" in frame.locator(".reported").inner_text()
    answered(frame, next(q for q in chosen("03").questions if q.kind == "order"), True)
    assert "told to nobody" in frame.locator(".reported").inner_text() and page.complaints == []


# --- all of them ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["pick", "several", "order", "number"])
def test_text_stays_text(kind):
    lesson = hostile(kind)
    [q] = lesson.questions
    _, tag = ElementTree.fromstring(FORMATS["moodle"]([lesson], print)["moodle.xml"]).findall("question")
    check_moodle(tag, q)
    archive = opened(FORMATS["qti"]([lesson], print)["qti.zip"])
    check_qti(ElementTree.fromstring(archive.read("items/99-hostile.xml")), q)
    assert "title" in ElementTree.fromstring(archive.read("test.xml")).attrib
    for content in filter(None, FORMATS["sheet"]([lesson], lambda line: None).values()):
        [row] = [row for row in rows(content) if q.text in row]
        rights = [n for n, one in enumerate(q.answers, 1) if one.right]
        assert row[7] == ",".join(map(str, rights)) and all(one.label in row for one in q.answers)


def test_the_bytes_are_the_same_each_time():
    again = Chosen(FILES["03"])
    for name, write in FORMATS.items():
        found = write([again], lambda line: None)
        assert {path: content for path, content in found.items() if content} == made(name, "03")[0], name


def test_the_command_writes_what_is_asked_for_and_keeps_what_was_changed(capsys, tmp_path):
    out = tmp_path / "for Moodle"
    assert main(["quiz", "04", "--format", "moodle", "--format", "anki", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"2 files in {out}.\n"
    assert (out / "moodle.xml").read_bytes() == made("moodle", "04")[0]["moodle.xml"]
    (out / "moodle.xml").write_text("mine")
    assert main(["quiz", "04", "--format", "moodle", "--format", "anki", "--out", str(out)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == ["left as you changed it: moodle.xml (move it elsewhere to have it made anew)", f"1 file in {out}."]
    assert (out / "moodle.xml").read_text() == "mine"


def test_a_sheet_in_which_nothing_is_to_stand_any_more_goes(tmp_path, monkeypatch):
    """What a teacher has shortened would else be taken in twice, long and short."""
    lesson, said = hostile("pick"), []
    [asked], files = lesson.questions, [FILES["03"]]
    q = replace(asked, text="Short?", answers=tuple(replace(one, label=one.mark) for one in asked.answers))
    monkeypatch.setattr(quiz, "Chosen", lambda file: lesson)
    lesson.file, lesson.questions = files[0], [replace(asked, text="long " * 30)]
    names = ["kahoot-99-to-shorten.xlsx", "quizizz-99.xlsx"]
    assert [path.name for path in quiz.write(files, ["sheet"], tmp_path, said.append)] == names
    longest = max(len(one.label) for one in asked.answers)
    assert f"150 characters, more than 120 and an answer has {longest} characters, more than 75." in said[0]
    lesson.questions = [q]
    made_now = [path.name for path in quiz.write(files, ["sheet"], tmp_path, said.append)]
    assert made_now == ["kahoot-99.xlsx", "quizizz-99.xlsx"] == sorted(path.name for path in tmp_path.glob("*.xlsx"))


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["99"], "There is no lesson 99. There are: 00-start-here, "),
        (
            ["03", "--format", "moodle", "--out", "{file}/in"],
            "{file}/in: no pages can be put there (Not a directory). Name another",
        ),
    ],
)
def test_a_mistake_is_told_in_a_line(capsys, tmp_path, arguments, told):
    (tmp_path / "file").write_text("")
    named = str(tmp_path / "file")
    assert main(["quiz", *(part.replace("{file}", named) for part in arguments)]) == 1
    error = capsys.readouterr().err
    assert error.startswith(told.replace("{file}", named)) and error.count("\n") == 1 and "Traceback" not in error


def test_an_unknown_format_is_told_with_those_there_are(capsys):
    with pytest.raises(SystemExit, match="^2$"):
        main(["quiz", "--format", "word"])
    told = capsys.readouterr().err
    assert all(name in told for name in FORMATS)


@pytest.mark.long
def test_a_teachers_own_questions_are_taken(capsys, tmp_path, monkeypatch, own_jupyter):
    prepare(tmp_path / "course", "teacher")
    monkeypatch.chdir(tmp_path / "course")
    edit(tmp_path / "course" / "lessons" / "lesson04" / "questions.md", "# firm\n", "# firm\nMine? ")
    try:
        assert main(["quiz", "04", "--format", "qti"]) == 0
        told = capsys.readouterr().out.splitlines()
        assert told[0].startswith(f"Reading your course folder {tmp_path / 'course'}: ") and told[-1].startswith(
            "1 file in "
        )
        with zipfile.ZipFile("quiz/qti.zip") as archive:
            assert b"<prompt>Mine? " in archive.read("items/04-firm.xml")
    finally:
        monkeypatch.undo()
        forget()
