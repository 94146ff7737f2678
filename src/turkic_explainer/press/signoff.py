"""What was signed off: a fingerprint of every fact that a reader can meet, which only an author's word renews.

A fact is a claim, a disagreement, a row of a table, a question with its answers, a text or a pane, a function that works out an
answer, a cell of a lesson. SIGNED names each with its fingerprint and its first words. `refresh` makes outputs anew, and
with them goes every other witness of what stood there before; this one stays until somebody has seen the change.
"""

import csv
import io
import re
import shlex
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ..files import put, read
from ..validate import DATA, LESSONS, ROOT, DataError, package_path, read_toml
from .folder import digest
from .notebooks import LEADS

SIGNED = "signed-off.txt"  # beside the evidence
_HEAD = """\
# Each fact that a reader can meet, as an author has seen and signed it off: fingerprint, name, first words.
# `turkic-explainer refresh --accept` writes this file, and nothing else does. After a merge, run it again.
"""
_AUTHORS = ("note",)  # fields that no reader sees
_FIRST = ("value", "printed", "as_of", "says")  # of a claim, what its first words are
# What `refresh` writes into prose by itself: links of words and of reports, and LEADS, to the lessons before and after.
_LINK = re.compile(r"\[([^\[\]]{0,1000})\]\((?!https?:)[^()]{0,1000}\)")


class Change(NamedTuple):
    """A fact that is not as it was signed off. `mark` is the fingerprint it had, `first` the words that it began with;
    `now` is its text today. One of the two is empty where the fact is new, or gone."""

    file: str
    entry: str
    mark: str
    first: str
    now: str

    @property
    def name(self) -> str:
        return f"{self.file}:{self.entry}"


def _tree(found: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The facts of what TOML holds: each member of a list that has a name, and every other value."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from _tree(value, f"{name}.{key}".strip("."))
    elif isinstance(found, list) and found and all(isinstance(one, dict) for one in found):
        for number, one in enumerate(found, 1):
            fields = {key: one[key] for key in [*filter(one.get, _FIRST), *one] if key not in _AUTHORS}
            yield one.get("id", f"{name}.{one.get('name', number)}"), ", ".join(f"{k}: {v}" for k, v in fields.items())
    else:
        yield name, str(found)


def _rows(text: str) -> Iterator[tuple[str, str]]:
    """The rows of a CSV file, each named by as many of its first cells as tell it from the others."""
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)  # as `tables` reads it
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    seen = Counter(tuple(row[:n]) for row in rows for n in range(1, len(row) + 1))
    for row in filter(any, rows):
        n = next((n for n in range(1, len(row)) if seen[tuple(row[:n])] == 1), len(row))
        yield " ".join(filter(None, row[:n])), ", ".join(f"{k}: {v}" for k, v in zip(head, row, strict=False) if v)


def _pieces(text: str, begin: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The parts of a text that begin with such a line, each by the last word of it; and what stands before the first."""
    before, *found = re.split(f"(?m)^({begin})", text)
    yield "top", before
    yield from ((prefix + begun.split()[-1], begun + part) for begun, part in zip(found[::2], found[1::2], strict=True))


def facts(file: Path) -> dict[str, str]:
    """The facts of a file by their names, each as one line. Raises DataError for a file that cannot be read."""
    try:
        text = "" if file.suffix == ".ipynb" else file.read_text("utf-8-sig")
        match file.suffix:
            case ".toml":
                found = _tree(read_toml(file))
            case ".md":
                found = _pieces(text, r"# (?:\w+: )?[a-z0-9-]+$", f"{file.parent.name[-2:]}-")
            case ".ipynb":
                found = ((cell.id, _LINK.sub(r"\1", LEADS.sub("", cell.source))) for cell in read(file).cells)
            case ".csv":
                found = _rows(text)
            case ".py":
                found = _pieces(text, r"(?:def|class) \w+")
            case _:
                found = [("pane", text)]
        told: dict[str, str] = {}
        for name, part in found:  # what stands there twice is one fact, and longer
            name = " ".join(name.split())
            told[name] = " ".join([told.get(name, ""), *part.split()]).strip()
        return {name: text for name, text in told.items() if text}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError([f"{file.name}: cannot be read ({error})."]) from None


def files() -> dict[str, Path]:
    """The files that hold facts, by their names: those of the course itself, whoever's folder is worked in."""
    seeds, notebooks = package_path("seeds"), package_path("notebooks")
    found = [*seeds.glob("*.toml"), *notebooks.glob("*.ipynb"), *DATA.glob("*.csv"), DATA / "tables.toml"]
    for kind in ("questions.md", "figures.py", "*.toml", "*.csv", "*.html.j2"):
        found += LESSONS.glob(f"*/{kind}")
    roots = {seeds: seeds.parent, notebooks: notebooks.parent}
    return {file.relative_to(roots.get(file.parent, ROOT)).as_posix(): file for file in sorted(found)}


def signed() -> dict[str, dict[str, tuple[str, str]]]:
    """What was signed off: by files and by names, the fingerprint and the first words of each fact."""
    known: dict[str, dict[str, tuple[str, str]]] = {}
    store = package_path("seeds") / SIGNED
    for line in store.read_text("utf-8").splitlines() if store.is_file() else ():
        if line.startswith("## "):
            of_file = known.setdefault(line[3:], {})
        elif len(parts := line.split("\t")) == 3 and known:
            of_file[parts[1]] = parts[0], parts[2]
    return known


def _mark(text: str) -> str:
    return digest(text)[:12]


def changes(name: str, file: Path | None, known: dict[str, tuple[str, str]]) -> list[Change]:
    """The facts of a file, or of one that is gone, that are not as they were signed off."""
    now = facts(file) if file else {}
    found = [Change(name, entry, *known.get(entry, ("", "")), text) for entry, text in now.items()]
    found += [Change(name, entry, *signature, "") for entry, signature in known.items() if entry not in now]
    return [change for change in found if not change.now or change.mark != _mark(change.now)]


def unsigned() -> tuple[list[Change], list[str]]:
    """All facts that are not as they were signed off, and what is wrong with files that cannot be read."""
    there, known, found, problems = files(), signed(), [], []
    for name in dict.fromkeys([*there, *known]):
        try:
            found += changes(name, there.get(name), known.get(name, {}))
        except DataError as error:
            problems += error.problems
    return found, problems


def check_signed() -> Iterator[str]:
    """A line for each fact that was changed, with the mend; one for a whole file that nobody has signed off."""
    found, problems = unsigned()
    yield from problems
    new = Counter(change.file for change in found if not change.mark)
    for name, count in new.items():
        if count > 5:
            yield f"{name}: {count} facts are new and not signed off. {_mend(name)}"
    alike = Counter(change.entry for change in found)
    for change in found:
        if change.mark or new[change.file] <= 5:
            what = "is gone" if not change.now else "was changed" if change.mark else "is new"
            mend = _mend(change.entry if alike[change.entry] == 1 else change.name)
            yield f"{change.file}, {change.entry:.60}: it {what}, and is not signed off. {mend}"


def _mend(name: str) -> str:
    return f"Put it back, or sign it off: `turkic-explainer refresh --accept {shlex.quote(name)}`."


# --- what stood there before ---------------------------------------------------------------------------------------


@lru_cache
def _git(folder: Path, *words: str) -> bytes:
    """What git says in a folder; nothing where there is no git, or no repository."""
    with suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True, timeout=30).stdout
    return b""


@lru_cache
def _version(file: Path, commit: str) -> dict[str, str]:
    """The facts of a file as they were in a commit."""
    with tempfile.TemporaryDirectory() as folder, suppress(DataError):
        old = Path(folder) / file.parent.name / file.name
        put(old, _git(file.parent, "show", f"{commit}:./{file.name}"))
        return facts(old)
    return {}


def before(change: Change) -> str:
    """The text that was signed off, from one of the last 20 versions in git; nothing where none of them has it."""
    if (file := files().get(change.file)) and change.mark:
        for commit in _git(file.parent, "log", "-20", "--format=%h", "--", file.name).decode().split():
            text = _version(file, commit).get(change.entry, "")
            if _mark(text) == change.mark:
                return text
    return ""


def told(change: Change) -> list[str]:
    """A change in three lines: its name, what stood there and what stands, from a little before the first difference."""
    was, now, cut = before(change), change.now, 0
    if was and now:
        cut = next((n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now)))
        cut = was.rfind(" ", 0, max(cut - 30, 0)) + 1
    elif change.mark and not was:  # git does not have it
        was = f"{change.first} …"
    lines = [change.name]
    for head, text in {"before": was[cut:], "now": now[cut:]}.items():
        lines.append(f"  {head:7}{'…' * (cut > 0)}{text[:150] or '(nothing)'}{'…' * (len(text) > 150)}")
    return lines


def accept(wanted: list[Change]) -> None:
    """Signs these changes off: writes SIGNED."""
    known = signed()
    for change in wanted:
        of_file = known.setdefault(change.file, {})
        of_file.pop(change.entry, None)
        if change.now:
            of_file[change.entry] = _mark(change.now), change.now[:70].strip()
    lines = [_HEAD]
    for name, of_file in sorted(known.items()):
        lines += [f"## {name}\n"] * bool(of_file)
        lines += [f"{mark}\t{entry}\t{first}\n" for entry, (mark, first) in sorted(of_file.items())]
    put(package_path("seeds") / SIGNED, "".join(lines).encode())


def named(found: list[Change], names: list[str]) -> list[Change]:
    """Those of these changes that have one of these names: of a fact, as B-123 or seeds/S1.toml:title, or a part of that of
    a file, as lesson07. All, where no name is given. Raises DataError for a name that none has."""

    def has(change: Change, name: str) -> bool:
        return name in (change.entry, change.name) or name in change.file

    if lost := [name for name in names if not any(has(change, name) for change in found)]:
        raise DataError([f"No change is called {', '.join(lost)}: see `turkic-explainer check --quick`."])
    return [change for change in found if not names or any(has(change, name) for name in names)]
