"""python -m tests.fuzz [N] [--seed S]: damages notebooks, tables and records, N of each, and tells what becomes of them.

Each damage ends in pages, in a table, or in a line that names the file; never in a traceback, and what `MUST` says is
never read without a word. tests/test_fuzz.py runs some of it.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_output

from turkic_explainer import description, ledger, rows, seeds, tables, validate
from turkic_explainer.press import build, checks, cli, dictionary, workspace
from turkic_explainer.press.checks import check_declared, check_facts, check_questions

from .conftest import ROOT, code, forget, lesson, prose

# Seconds of a processor that a command may take over one file, however it was made, on a machine that counts in COUNTED
# seconds. The worst took 1 to 3, in `handouts` and `check`, with much running beside; what is to be found here takes minutes.
SLOWEST, COUNTED = 5.0, 0.2
LONGEST = 200  # characters of a line that tells of it
HUGE = "x" * 300_000
ODD: list[Any] = [
    None, True, 0, -1, 3, 1.5, 10**400, float("nan"), float("inf"), "", " ", "0", "x", "\x00", "\ud800", "a\nb", "{{ 7 }}",
    HUGE, [], [None], [[]], ["x", 3], ["\ud800"], {}, {"": None}, {"a": {"b": [1]}}, {"text/html": 3}, {"text/plain": ["a", None]},
    {"output_type": "stream"}, {"cell_type": "code"}, "../../etc/passwd", "text/html", [["x"] * 1000] * 3,
]  # fmt: skip

# --- notebooks ------------------------------------------------------------------------------------------------------


def small(folder: Path, name: str) -> Path:
    """A lesson with one of each thing that a notebook may hold."""
    outputs = [
        new_output("display_data", {"text/html": "<p>5</p>", "text/plain": "5"}),
        new_output("display_data", {"image/png": "iVBORw==", "image/svg+xml": "<svg/>", "text/plain": "p"}),
        new_output("stream", name="stdout", text="said"),
        new_output("error", ename="KeyError", evalue="x", traceback=["x"]),
    ]
    picture = prose("![a town](attachment:a.png) It met [S4-02](evidence/S4.md#S4-02).", "slide")
    picture["attachments"] = {"a.png": {"image/png": "iVBORw=="}}
    file = lesson(
        folder, prose("# T\n\n## Part (5 minutes)", "slide"), picture, code("1", shows="1"), code("a = ...", "exercise", "worksheet"),
        code("a = 1", "solution"), prose("To the teacher.", "teacher"), new_code_cell("5", execution_count=9, outputs=outputs), name=name,
    )  # fmt: skip
    notebook = json.loads(file.read_text("utf-8"))
    notebook["metadata"]["turkic"] = {"lesson": name[:2], "minutes": 5}
    file.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return file


def nodes(thing: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in a tree of JSON: what it stands in, and under which name or number there."""
    for key in [*thing] if isinstance(thing, dict) else range(len(thing)) if isinstance(thing, list) else ():
        yield thing, key
        yield from nodes(thing[key])


def damaged(raw: bytes, rng: random.Random) -> tuple[str, bytes]:
    """A notebook that was damaged in some way, and the name of the way."""
    kind = rng.choice(
        ["bytes", "other", "format", "ids", "metadata", *["value", "value", "gone", "nested", "twice"] * 2]
    )
    if kind == "bytes":
        at = rng.randrange(len(raw))
        return kind, rng.choice([
            raw[:at], b"", b"\xff\xfe" + raw, b"\xef\xbb\xbf" + raw, raw.decode().encode("utf-16"), raw[:at] + b"\x00" + raw[at:],
            raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1 :], raw.replace(b"e", b"\xe9"), raw[:at] + b"9" * 6000 + raw[at:],
        ])  # fmt: skip
    if kind == "other":
        deep = "[" * 100_000 + "]" * 100_000
        return kind, rng.choice(["[]", "3", "null", '"x"', "{}", '{"cells": []}', '{"cells": null, "metadata": {}}', deep, "\ud800",
                                 raw.decode().replace('"# T', '"\\ud800# T')]).encode("utf-8", "surrogatepass")  # fmt: skip
    notebook = json.loads(raw)
    _damage(notebook, kind, rng)
    try:
        return kind, json.dumps(notebook, indent=1, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return kind, json.dumps(notebook).encode()


def _damage(notebook: dict[str, Any], kind: str, rng: random.Random) -> None:
    """Damages what JSON makes of a notebook."""
    places = [*nodes(notebook)]
    where, key = rng.choice(places)
    if kind == "value":
        where[key] = rng.choice(ODD)
    elif kind == "gone":
        del where[key]
    elif kind == "nested":
        deep: Any = where[key]
        for _ in range(rng.choice([1, 2, 500])):
            deep = rng.choice([[deep], {"x": deep}])
        where[key] = deep
    elif kind == "twice":
        many = rng.choice([one[key] for one, key in places if isinstance(one[key], list)])
        many += many[-1:] * rng.choice([1, 2000])
    elif kind == "format":
        notebook[rng.choice(["nbformat", "nbformat_minor"])] = rng.choice([*ODD[:15], 1, 2, 3, 5, 99, "4"])
    elif kind == "ids":
        for cell in notebook["cells"][rng.randrange(6) :]:
            cell["id"] = rng.choice([notebook["cells"][0].get("id", ""), *ODD[:15], "a b", "x" * 65])
            if rng.random() < 0.5:
                del cell["id"]
    else:
        cell = rng.choice([notebook, *notebook["cells"]])
        name = rng.choice(
            ["tags", "jupyter", "slideshow", "turkic", "kernelspec", "language_info", "widgets", "authors", "title"]
        )
        cell["metadata"][name] = rng.choice(ODD)


def told(arguments: list[str]) -> tuple[int, str]:
    """What the program gives back and says, in this process."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = cli.main(arguments)
    return status, said.getvalue()


def too_slow(seconds: float) -> list[str]:
    """What is wrong with so many seconds; a slow machine, which is timed when it matters, has as many more of them."""
    if seconds > SLOWEST:
        start = time.process_time()
        sum(n * n for n in range(2_000_000))
        if seconds > SLOWEST * max(1, (time.process_time() - start) / COUNTED):
            return [f"{seconds:.0f} s"]
    return []


def amiss(said: str) -> list[str]:
    """What no message may be."""
    lines = said.splitlines()
    found = [f"a long line: {line[:90]}…" for line in lines if len(line) > LONGEST]
    return found + [
        f"no message: {line}" for line in lines if line.startswith("None") or "Traceback" in line or ": None:" in line
    ]


class Notebooks:
    """A small course, one lesson of which is damaged again and again."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch):
        self.folder, self.out, self.mine = folder / "notebooks", folder / "out", folder / "mine"
        self.sound = small(self.folder, "94-sound.ipynb")
        self.hurt = small(self.folder, "95-hurt.ipynb")
        self.raw = self.hurt.read_bytes()
        patch.setattr(NotebookClient, "execute", lambda client, **_: client.nb)  # what a kernel does is not tried here
        patch.setattr(checks, "check_facts", lambda: [])  # nor what is the same each time
        patch.setattr(build, "common_inputs", lambda: "")
        for kind in ("DATA", "CONFIG", "RUNTIME"):
            patch.setenv(f"JUPYTER_{kind}_DIR", str(folder / "jupyter" / kind.lower()))
        course = folder / "course"
        for number, name in enumerate(("94-sound.ipynb", "95-hurt.ipynb")):
            small(course / "notebooks", name)
            small(course / "newer" / "notebooks", name)
            if number:  # the course has a correction, so that what became of the lesson here is looked at
                file = course / "newer" / "notebooks" / name
                file.write_text(
                    file.read_text("utf-8").replace("To the teacher.", "Dear teacher.").replace("It met", "They met"),
                    "utf-8",
                )
            (course / "newer" / "seeds").mkdir(parents=True, exist_ok=True)
        self.course, self.patch = course, patch

    def broken(self, rng: random.Random) -> tuple[str, list[str]]:
        """The kind of a damage, and what went wrong with it."""
        kind, content = damaged(self.raw, rng)
        return kind, [f"{kind}: {line}" for line in self.tried(content)]

    def tried(self, content: bytes) -> list[str]:
        wrong = []
        where = ["--notebooks", str(self.folder)]
        for command in (["handouts", "--out", str(self.out)], ["check", "--quick"], ["refresh"]):
            self.hurt.write_bytes(content)
            shutil.rmtree(self.out, ignore_errors=True)
            start = time.process_time()
            try:
                status, said = told([*command, *where])
            except BaseException:
                wrong.append(f"{command[0]}: {traceback.format_exc(limit=-3)}")
                continue
            wrong += [f"{command[0]}: {line}" for line in amiss(said)]
            wrong += [f"{command[0]}: {line}" for line in too_slow(time.process_time() - start)]
            if status and "95-hurt" not in said:
                wrong.append(f"{command[0]}: failed and did not name it: {said[-300:]}")
            made = {"handouts": self.out.joinpath("students", "94-sound.html").exists(), "refresh": "] 94-sound: " in said,
                    "check": "] 94-sound: " in said}  # fmt: skip
            if not made[command[0]]:
                wrong.append(f"{command[0]}: the sound lesson was not made: {said[-300:]}")
        try:
            self.lab(content)
        except BaseException:
            wrong.append(f"lab: {traceback.format_exc(limit=-3)}")
        return wrong

    def lab(self, content: bytes) -> None:
        """A learner's folder is made, her lesson is damaged, and the course has a newer one."""
        shutil.rmtree(self.mine, ignore_errors=True)
        for course in (self.course, self.course / "newer"):
            self.patch.setattr(workspace, "package_path", lambda name, course=course: course / name)
            said = workspace.prepare(self.mine)
            (self.mine / "notebooks" / "95-hurt.ipynb").write_bytes(content)
        assert not amiss("\n".join(said)), said


# --- tables and records ---------------------------------------------------------------------------------------------

CELLS = [
    "", " ", "0", "1", "-1", "1_000", "1,000", "１２", "1e5", "nan", "inf", "9" * 6000, "../../etc/passwd", "=cmd|' /C calc'!A0",
    "a\x00b", HUGE, "[[1]]", '{"a": 1}', "0000", "0001-01-01", "9999-12-31", "2025-02-30", "1970-01-01T00:00", "\u202ex", "S9-99", "B-999",
    "S1-01 S1-01", "true", "<b>x</b>", "{{ 7 }}", "x_y", "tr_XX zz", "{}".format("S1-01 " * 20_000),
]  # fmt: skip
VALUES = [
    "0", "-1", "1_000", "1e400", "nan", "inf", "true", '""', '" "', '"0"', "[]", "[[1]]", "[3]", "{}", "{ a = [1] }", "{ a = { b = 1 } }",
    "0001-01-01", "9999-12-31", "07:00:00", "1970-01-01T00:00:00Z", '"\\u0000"', f'"{HUGE}"', "0x" + "f" * 6000, "9" * 5000, "1" * 30,
    '"../../etc/passwd"', '"=cmd|x!A0"', '["S9-99"]', '["S1-01", "S1-01"]', "[" * 3000 + "]" * 3000, '"{{ 7 // 0 }}"', '"S1_01 / 0"', '"(' * 1,
    '"' + "(" * 5000 + '"', '"S1_01 ** 9"', '"B-1"',
]  # fmt: skip
LINES = [
    "# x", "# X!", "# Exercise: level", "- [ ] a", "- [x] b", "  {{ 7 }}", "{{ " * 2000, "{{ 'x' * 10 ** 9 }}", "{{ claim('S9-99').value }}",
    "{{ claim('B-001').__class__ }}", "{{ claim('S1-05').value | decimals('x') }}", "Right: {{ 1 }}", "Decimals: " + "9" * 5000,
    "Decimals: ²", "Decimals: 10000", "Claims: S9-99", "\x00", HUGE, "\t- x", "```python", "1. {{ [" + "[" * 2000, "Unsourced: 1e999",
]  # fmt: skip


def _csv(text: str, rng: random.Random) -> tuple[str, str, bool]:
    """A damaged table, the kind of damage, and whether it must be refused."""
    header, *lines = csv.reader(io.StringIO(text))
    kind = rng.choice(["cell", "cell", "cell", "twice", "emptied", "column", "ragged", "text"])
    must = kind in ("twice", "emptied", "ragged")
    at = rng.randrange(len(lines))
    if kind == "cell":
        column, odd = rng.randrange(len(header)), rng.choice(CELLS)
        lines[at][column] = odd
        must = any(odd.startswith(bad) for bad in ("a\x00", "xxxx", "=cmd", "9" * 5000, "S1-01 S1-01 S1-01")) or (
            header[column] == "country" and odd != "") or (
            header[column] in ("day", "since", "said", "first_day", "last_day", "start", "end") and odd in ("0", "1_000", "0001-01-01", "9999-12-31"))  # fmt: skip
        kind = f"cell {header[column]} = {odd[:20]!r}"
    elif kind == "twice":
        lines.insert(rng.randrange(len(lines)), lines[at])
    elif kind == "emptied":
        lines = []
    elif kind == "column":
        header[rng.randrange(len(header))] = rng.choice([*header, "x", ""])
    elif kind == "ragged":
        lines[at] = lines[at][:-1] if rng.random() < 0.5 else [*lines[at], "x"]
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows([header, *lines])
    text = made.getvalue()
    if kind == "text":
        at = rng.randrange(len(text))
        text = rng.choice(
            [
                text[:at],
                "",
                text[:at] + '"' + text[at:],
                text[:at] + "\x00" + text[at:],
                "\ufeff" + text,
                text.replace(",", ";"),
            ]
        )
    return kind, text, must


def _toml(text: str, rng: random.Random) -> tuple[str, str, bool]:
    """Damaged TOML, the kind of damage, and whether it must be refused."""
    lines = text.splitlines()
    fields = [n for n, line in enumerate(lines) if re.match(r"[\w.]+ = ", line)]
    kind, at = rng.choice(["value", "value", "value", "gone", "twice", "entry", "text", "inner"]), rng.choice(fields)
    must, name = False, lines[at].split(" = ")[0]
    if kind == "value":
        odd = rng.choice(VALUES)
        lines[at] = f"{name} = {odd}"
        must = odd.startswith(("0x", "9999999", '"\\u0000', '"xxxxxx', "[[[")) or (
            name in ("date", "as_of", "searched") and odd in ("0", "0001-01-01", "9999-12-31", "1_000"))  # fmt: skip
        kind = f"{name} = {odd[:20]}"
    elif kind == "inner":
        inside = [*re.finditer(r'"[^"]*"|\b\d+\b', lines[at])]
        if inside:
            one = rng.choice(inside)
            lines[at] = lines[at][: one.start()] + rng.choice(VALUES) + lines[at][one.end() :]
    elif kind == "gone":
        del lines[at]
    elif kind == "twice":
        lines.insert(at, lines[at])
        must = True
    elif kind == "entry":
        heads = [n for n, line in enumerate(lines) if line.startswith("[[")] or [0]
        head = rng.choice(heads)
        end = next((n for n in heads if n > head), len(lines))
        lines[end:end] = lines[head:end]
        must = "[[claim]]" in lines or "[[disagreement]]" in lines
    text = "\n".join(lines)
    if kind == "text":
        at = rng.randrange(len(text))
        text = rng.choice(
            [text[:at], "", text[:at] + "\x00" + text[at:], text[:at] + '"' + text[at:], text[:at] + "[[" + text[at:]]
        )
    return kind, text, must


def _lines(text: str, rng: random.Random) -> tuple[str, str, bool]:
    """Damaged questions, the kind of damage, and whether they must be refused."""
    lines = text.splitlines()
    kind, at = rng.choice(["put in", "put in", "instead", "gone", "twice", "text"]), rng.randrange(len(lines))
    odd = rng.choice(LINES)
    if kind in ("put in", "instead"):
        lines[at : at + (kind == "instead")] = [odd]
        kind = f"{kind} {odd[:20]!r}"
    elif kind == "gone":
        del lines[at]
    elif kind == "twice":
        lines[at:at] = lines[at : at + rng.choice([1, 30])]
    text = "\n".join(lines)
    if kind == "text":
        at = rng.randrange(len(text))
        text = rng.choice(
            [text[:at], "", text[:at] + "\x00" + text[at:], "\ufeff" + text, text[:at] + "\ud800" + text[at:]]
        )
    return kind, text, "\x00" in text or HUGE in text


class Data:
    """A copy of the tables, the evidence and the lessons' texts, one file of which is damaged again and again."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch):
        self.data = shutil.copytree(validate.DATA, folder / "data", ignore=shutil.ignore_patterns("*.js", "*.json"))
        self.hers = folder / "hers"
        shutil.copytree(ROOT / "seeds", self.hers / "seeds")
        for text in (*validate.LESSONS.glob("lesson*/questions.md"), *validate.LESSONS.glob("*/shown.toml")):
            to = self.hers / "lessons" / text.parent.name / text.name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, to)
        (self.hers / validate.COURSE).write_text("{}")
        patch.chdir(self.hers)
        patch.setattr(tables, "DATA", self.data)
        described = description.described

        def ours(file: Path = self.data / "tables.toml") -> dict:
            return described(file)

        for module in (description, rows, tables, seeds, ledger, dictionary):
            patch.setattr(module, "described", ours)
        self.files = [*self.data.glob("*.csv")] * 2 + [self.data / "tables.toml"] * 8
        self.files += [*self.hers.glob("seeds/*.toml")] * 4 + [*self.hers.glob("lessons/*/*")]
        self.files.sort()

    def broken(self, rng: random.Random) -> tuple[str, list[str]]:
        """The kind of a damage, and what went wrong with it."""
        file = rng.choice(self.files)
        kind, text, must = {".csv": _csv, ".toml": _toml, ".md": _lines}[file.suffix](file.read_text("utf-8"), rng)
        wrong = self.tried(file, text.encode("utf-8", "surrogatepass"), must and file.name != "tables.toml")
        return f"{file.suffix} {kind.split(' ')[0]}", [
            f"{file.parent.name}/{file.name}, {kind}: {line}" for line in wrong
        ]

    def tried(self, file: Path, content: bytes, must: bool) -> list[str]:
        before = file.read_bytes()
        file.write_bytes(content)
        forget()
        start, said = time.process_time(), []
        try:
            said = self.read(file)
        except BaseException:
            return [traceback.format_exc(limit=-3)]
        finally:
            file.write_bytes(before)
            forget()
        wrong = amiss("\n".join(validate.short(line, LONGEST) for line in said))  # as the program does
        wrong += too_slow(time.process_time() - start)
        if must and not said:
            wrong.append("read without a word")
        if said and not any(file.stem in line or file.parent.name in line for line in said):
            wrong.append(f"the file is not named: {said[0][:150]}")
        return wrong

    def read(self, file: Path) -> list[str]:
        """What the course says of a damaged file of its own."""
        if file.suffix == ".csv":
            return _problems(lambda: tables.stored(file.stem) if file.stem == "words" else tables.table(file.stem))
        number = file.parent.name.removeprefix("lesson")
        if file.parent.name == "shared":
            return _problems(lambda: validate.read_toml(file))
        if number.isdigit():
            return _problems(lambda: [*check_questions(number), *check_declared(number)])
        return _problems(check_facts)


def _problems(work: Callable) -> list[str]:
    try:
        found = work()
    except validate.DataError as error:
        return error.problems
    return found if isinstance(found, list) else []


# --- many of them ---------------------------------------------------------------------------------------------------


def fuzzed(what: type, count: int, seed: int) -> tuple[Counter, list[str]]:
    """How many of each kind were tried, and what went wrong."""
    kinds, wrong, rng = Counter(), [], random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        tried = what(Path(folder), patch)
        for number in range(count):
            kind, lines = tried.broken(rng)
            kinds[kind] += 1
            wrong += [f"{seed}/{number} {line}" for line in lines]
        patch.undo()
    forget()
    return kinds, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", nargs="?", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failed = 0
    for what in (Notebooks, Data):
        start = time.process_time()
        kinds, wrong = fuzzed(what, options.number, options.seed)
        print(*wrong, sep="\n")
        print(
            f"{what.__name__}: {sum(kinds.values())} tried in {time.process_time() - start:.0f} s, {len(wrong)} things wrong. {dict(kinds)}"
        )
        failed += len(wrong)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
