"""What a lesson shows in words: how a template is laid out, and how a slip in one is told."""

import pytest
from jinja2 import FileSystemLoader

from turkic_explainer import content
from turkic_explainer.validate import DataError

from .conftest import HOSTILE, forget


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Writes the files of a lesson, and gives its content."""
    monkeypatch.setattr(content, "LESSONS", tmp_path)
    monkeypatch.setattr(content.ENVIRONMENT, "loader", FileSystemLoader(tmp_path))
    forget()

    def write(**texts: str) -> content.Content:
        (tmp_path / "lesson10").mkdir(exist_ok=True)
        for name, text in texts.items():
            file = "shown.toml" if name == "shown" else f"{name}.html.j2"
            (tmp_path / "lesson10" / file).write_text(text, "utf-8")
        return content.Content("lesson10")

    yield write
    forget()


@pytest.mark.parametrize(
    "text, html",
    [
        ("<p>\n  one\n\n  two\n</p>\n", "<p>one two</p>"),
        ("<p>one</p>\n<p>two</p> <p>three</p>", "<p>one</p><p>two</p> <p>three</p>"),
        ("{% if true %}\n one {% endif %}\n two", "one two"),
        ("{# a note #}\n\none\n{# another #}\ntwo", "onetwo"),
        ("{{ 1 }}\n{{ 2 }}<b>\n{{ 3 }}\n</b>", "1 2<b>3</b>"),
        ("<p>{{ [1,\n  2]\n  | join }}</p>", "<p>12</p>"),
    ],
)
def test_a_line_break_beside_a_tag_stands_for_nothing_and_any_other_for_a_blank(files, text, html):
    assert files(pane=text).pane("pane") == html


def test_what_is_put_in_is_text(files):
    texts = files(pane="<p>{{ texts('a.b') }}{{ name }}</p>", shown="a.b = '{{ 1 }} < 2 '")
    assert texts.pane("pane", name=HOSTILE) == content.Markup("<p>1 &lt; 2 {}</p>").format(HOSTILE)


def test_lists_and_tables_of_texts_are_filled_in(files):
    texts = files(shown="[a]\nb = ['{{ n }} seas']\nc.d = 3\nc.e = '{{ n + 1 }}'")
    assert texts.texts("a", n=2) == {"b": ["2 seas"], "c": {"d": 3, "e": "3"}}


@pytest.mark.parametrize(
    "outer, inner, told",
    [
        ("<p>\n{{ nme }}", "", "lesson10/outer.html.j2, line 2: 'nme' is undefined"),
        ("<p>\n\n{% if 1 = 2 %}{% endif %}", "", "lesson10/outer.html.j2, line 3: expected token"),
        (
            "<p>\n{% include 'lesson10/inner.html.j2' %}",
            "<p>\n</p>\n{{ nme }}",
            "lesson10/inner.html.j2, line 3: 'nme' is",
        ),
        (
            "<p>\n{% include 'lesson10/inner.html.j2' %}",
            "{{ 1 | nme }}",
            "lesson10/inner.html.j2, line 1: No filter named",
        ),
        ("{{ texts('a.b') }}", "", "lesson10/shown.toml, a.b: 'nme' is undefined. Mend the template there."),
        ("{{ texts('a.c') }}", "", "lesson10/shown.toml: there is nothing under 'a.c'. Write it there."),
    ],
)
def test_a_slip_is_told_with_its_file_and_line(files, outer, inner, told):
    with pytest.raises(DataError) as error:
        files(outer=outer, inner=inner, shown="a.b = '{{ nme }}'").pane("outer")
    assert str(error.value).startswith(told)


def test_an_explorer_is_made_of_its_states(files):
    texts = files(rivers="<p>{{ km }}</p>", shown="rivers.title = 'Which of {{ n }}?'")
    states = {
        "ural": {"label": "Ural", "group": "To the Caspian", "km": 2428},
        "kura": {"label": "Kura", "group": "To the Caspian", "km": 1515},
        "ili": {"label": "Ili", "group": "Elsewhere", "km": 1439},
    }
    explorer = texts.explorer("rivers", states, n=3)
    assert (explorer.key, explorer.title, explorer.start) == ("rivers", "Which of 3?", "ural")
    assert explorer.states == (("ural", "Ural"), ("kura", "Kura"), ("ili", "Ili"))
    assert explorer.groups == {"ural": "To the Caspian", "ili": "Elsewhere"}
    assert explorer.pane("kura") == "<p>1515</p>"
