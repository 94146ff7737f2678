"""A teacher makes a lesson her own: a part dropped, a source of her own, a question changed, another language."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from turkic_explainer import ledger, spoken
from turkic_explainer.content import SHARED
from turkic_explainer.maps import OfflineMap
from turkic_explainer.press import dictionary
from turkic_explainer.press.template import TEMPLATES, part
from turkic_explainer.press.workspace import prepare
from turkic_explainer.spoken import script, texts_in, translated
from turkic_explainer.validate import DATA, LESSONS, DataError, language, language_of, speaking

from .conftest import JOURNEY, forget, page

TEMPLATE = '<nav aria-label="In it"><p class="x">From {{ a }} to {{ b }}{% if c %}, at last{% endif %}</p><style>.a{color:red}</style></nav>'
OWN = """[[claim]]
id = "L-001"
kind = "background"
topic = "our town"
says = "In May 2026 the mayor invited the summit of 2031 to our town."
as_of = "2026-05-12"
confidence = "supported-by-source"
sources = ["https://example.org/town (Example Daily, 12 May 2026)"]
"""


@pytest.fixture
def hers(tmp_path, monkeypatch):
    """A teacher's course folder, worked in."""
    prepare(tmp_path / "hers", "teacher")
    monkeypatch.chdir(tmp_path / "hers")
    forget()
    yield tmp_path / "hers"
    forget()


def words(folder, **said: str) -> None:
    lines = (
        f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(text, ensure_ascii=False)}" for key, text in said.items()
    )
    (folder / "lessons" / "fixed-words.tr.toml").write_text("\n".join(lines), "utf-8")
    forget()


# --- one file of words ---------------------------------------------------------------------------------------------


def test_a_template_knows_its_texts_and_is_otherwise_left_alone():
    assert texts_in(TEMPLATE) == ["In it", "From {{ a }} to {{ b }}", ", at last"]
    for file in [*TEMPLATES.glob("*.html.j2"), *LESSONS.glob("*/*.html.j2")]:
        source = file.read_text("utf-8")
        assert spoken.each_text(source, lambda english, _: english) == source, file.name


def test_the_file_of_words_has_every_text_once():
    found = tomllib.loads((DATA / "fixed-words.toml").read_text("utf-8"))
    assert {
        "In this lesson",
        "Why?",
        "Yes.",
        "Guess.",
        "Nothing found. Try fewer or shorter words.",
        "The same as a table",
        "Key to the worksheet",
    } <= set(found)
    assert (
        not any(found.values())
        and (DATA / "fixed-words.toml").read_text("utf-8") == dictionary.FILES["fixed-words.toml"]()
    )


def test_a_translation_stands_in_its_place_and_the_rest_stays_english(hers):
    words(hers, **{"In it": "İçinde", "From {{ a }} to {{ b }}": "{{ b }} varış, {{ a }} kalkış", ", at last": ""})
    with speaking("tr"):
        made = translated(TEMPLATE)
    assert made == TEMPLATE.replace("In it", "İçinde").replace(
        "From {{ a }} to {{ b }}", "{{ b }} varış, {{ a }} kalkış"
    )
    assert translated(TEMPLATE) == TEMPLATE


def test_a_translation_is_text_and_reaches_nothing(hers):
    words(
        hers,
        **{"In it": '"><script>x</script>', "From {{ a }} to {{ b }}": "{{ a.__class__ }}{% include 'x' %}<b>{{ b }}"},
    )
    with speaking("tr"):
        made = translated(TEMPLATE)
    assert (
        "<script>" not in made and "<b>" not in made and "{{ a" not in made and made.count("{%") == TEMPLATE.count("{%")
    )
    assert "{{ b }}" in made
    with speaking("tr"):
        assert script('tell("This was the last one.");') == 'tell("This was the last one.");'
    words(hers, **{"This was the last one.": '</script>"'})
    with speaking("tr"):
        assert script('tell("This was the last one.");') == 'tell("\\u003c/script>\\"");'


def test_a_file_of_words_that_is_not_in_order_is_told(hers):
    (hers / "lessons" / "fixed-words.tr.toml").write_text('"Why?" = 3', "utf-8")
    forget()
    with speaking("tr"), pytest.raises(DataError, match="fixed-words.tr.toml, Why[?]: found 3. Write a text"):
        spoken.said("Why?")


@pytest.mark.parametrize(
    "about, said",
    [
        ({"lang": "tr"}, "tr"),
        ({"lang": "kk-Latn"}, "kk-Latn"),
        ({}, "en"),
        ({"lang": '"><x'}, "en"),
        ("tr", "en"),
        ({"lang": None}, "en"),
    ],
)
def test_a_lesson_says_its_language(about, said):
    assert language_of({"metadata": {"turkic": about}}) == said and language() == "en"


# --- a lesson of her own -------------------------------------------------------------------------------------------


def test_a_source_of_her_own_is_a_claim_like_any_other(hers):
    (hers / "seeds" / "local.toml").write_text(OWN, "utf-8")
    forget()
    assert ledger.claim("L-001").source == "L" and ledger.page_of("L-001") == "evidence/local.md#L-001"
    told = repr(ledger.cite("L-001"))
    assert (
        "L-001 · local record" in told
        and "Local record on our town; one source" in told
        and "https://example.org/town" in told
    )
    (hers / "seeds" / "local.toml").write_text(OWN.replace("sources", "# sources"), "utf-8")
    forget()
    with pytest.raises(DataError, match="^local.toml, L-001, .*Name at least one source"):
        ledger.claims()


@pytest.mark.long
def test_a_teacher_changes_a_lesson_and_all_editions_show_it(hers):
    """In one afternoon: a part dropped, a paragraph and an Ask of her own, a question changed, the page in Turkish."""
    file = hers / "notebooks" / f"{JOURNEY}.ipynb"
    notebook = json.loads(file.read_text("utf-8"))
    heads = [n for n, cell in enumerate(notebook["cells"]) if "".join(cell["source"]).startswith("## ")]
    dropped = "".join(notebook["cells"][heads[1]]["source"]).split("\n")[0].removeprefix("## ").partition(" (")[0]
    del notebook["cells"][heads[1] : heads[2]]
    notebook["metadata"]["turkic"]["lang"] = "tr"
    text = "Belediye başkanı zirveyi davet etti [L-001](evidence/local.md#L-001).\n\n**Ask.** Sizin şehriniz?"
    notebook["cells"].insert(2, {"cell_type": "markdown", "id": "ours", "metadata": {}, "source": text})
    file.write_text(json.dumps(notebook), "utf-8")
    (hers / "seeds" / "local.toml").write_text(OWN, "utf-8")
    questions = hers / "lessons" / f"lesson{JOURNEY[:2]}" / "questions.md"
    changed, one = re.subn(
        r"(?s)(\n# turkistan\n.*?\n- \[ \] )[^\n]+", r"\1Hiçbiri", questions.read_text("utf-8"), count=1
    )
    assert one == 1  # this question stands on paper as well
    questions.write_text(changed, "utf-8")
    words(
        hers,
        **{
            "In this lesson": "Bu derste",
            "Why?": "Neden?",
            "Ask.": "Sor.",
            "Not quite.": "Tam değil.",
            "{{ many }} minutes": "{{ many }} dakika",
        },
    )
    command = [sys.executable, "-m", "turkic_explainer.press.cli", "handouts", JOURNEY[:2]]
    done = subprocess.run(command, cwd=hers, capture_output=True, text=True, env=os.environ | {"HOME": str(hers)})
    assert done.returncode == 0, done.stdout + done.stderr
    made = {
        kind: (hers / "handouts" / kind / f"{JOURNEY}.html").read_text("utf-8")
        for kind in ("students", "teacher", "students/worksheets", "teacher/slides", "teacher/keys")
    }
    assert {page(html).html["lang"] for html in made.values()} == {"tr"}
    assert all("L-001" in html and "Sizin şehriniz?" in html for kind, html in made.items() if kind != "teacher/keys")
    assert not [kind for kind, html in made.items() if dropped in page(html).get_text()]
    for kind in ("students", "teacher", "students/worksheets"):
        assert "Hiçbiri" in made[kind]
    student = page(made["students"])
    assert "Bu derste" in student.header.text and "Tam değil." in student.main.text and "dakika" in student.main.text
    assert "Sor." in student.main.text and "example.org" in student.select_one(".notes").text
    index = (hers / "handouts" / "students" / "index.html").read_text("utf-8")
    assert "Neden?" in made["students/worksheets"] and 'lang="tr"' in index
    assert "L-001" in (hers / "notebooks" / "evidence" / "local.md").read_text("utf-8")
    # What she wrote stays when the course brings corrections, and so does the language.
    shutil.copy(file, file.with_suffix(".before"))
    prepare(hers, "teacher")
    again = json.loads(file.read_text("utf-8"))
    assert again["metadata"]["turkic"]["lang"] == "tr" and any(
        "Sizin şehriniz?" in "".join(cell["source"]) for cell in again["cells"]
    )


def test_small_pieces_speak_the_language_too(hers):
    words(hers, **{"Solution": "Çözüm"})
    with speaking("tr"):
        assert "Çözüm" in part("solution", "x")
    assert "Solution" in part("solution", "x")


def test_a_slip_in_a_translation_is_told_where_it_stands(hers):
    english = tomllib.loads((LESSONS / "shared" / "shown.toml").read_text("utf-8"))["question"]["check"]
    words(hers, **{english: "{{ nothing_of_that_name }}"})
    with speaking("tr"), pytest.raises(DataError, match=f"^lessons/fixed-words.tr.toml, '{english}': 'nothing_of"):
        SHARED.text("question.check")
    assert SHARED.text("question.check") == english


def test_the_credit_on_a_map_is_text(hers):
    credit = tomllib.loads((LESSONS / "shared" / "shown.toml").read_text("utf-8"))["map"]["credit"]
    words(hers, **{credit: "<img src=x onerror=alert(2)>"})
    with speaking("tr"):
        made = OfflineMap("", {0: [(40, 50), (41, 60)]}).document()
    assert "\\u003cimg" not in made and "\\u0026lt;img src=x onerror=alert(2)\\u0026gt;" in made
