"""The evidence as texts beside the lessons: a heading for each claim and each word, where links in JupyterLab land.

A link into a Markdown file opens its preview at that heading, without a kernel; one into a TOML file or into another
notebook does not. Nothing of the data is Markdown or HTML there: all of it is escaped.
"""

import re
from collections import defaultdict
from pathlib import Path

from nbformat import NotebookNode

from .. import course, ledger, vocabulary
from ..content import capital
from ..files import holds, lesson_files, put_all, read
from ..markup import ADDRESS, host, long_date
from .blocks import output_html
from .copies import HELD_BACK
from .hour import cells, together
from .template import filled

_MARKS = re.compile(r"([\\`*_\[\]{}#|~!])")
_LIST = re.compile(r"^(\d*)([-+=.)])")  # what would begin a list, or make a heading of the line above
_WORD = re.compile(rf"\({re.escape(vocabulary.PAGE)}#([\w-]+)\)")
_NAMED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})  # a $ would begin a formula


def plain(text: str) -> str:
    """A text of the data as Markdown that shows just this text, with each address and each claim in it as a link."""
    parts = re.split(f"{ADDRESS.pattern}|({ledger.CLAIM_ID.pattern})", " ".join(text.split()))
    return _LIST.sub(r"\1\\\2", "".join(map(_part, parts[::3], [*parts[1::3], None], [*parts[2::3], None])))


def _part(text: str, address: str | None, claim_id: str | None) -> str:
    """A piece of text, and the address or the claim that follows it."""
    text = _MARKS.sub(r"\\\1", text).translate(_NAMED)
    if address:
        return f"{text}[{host(address)}]({address.replace('&', '&amp;').replace('$', '%24')})"
    return text + (f"[{claim_id}]({ledger.page_of(claim_id).removeprefix('evidence/')})" if claim_id else "")


def texts(lessons: list[Path]) -> dict[str, str]:
    """The files of the folder `evidence` beside these lessons, by their names, each claim with the lessons that cite it."""
    words = {"plain": plain, "users": _users(lessons), "capital": capital, "long_date": long_date, "told": ledger.told}
    files: dict[str, dict[str, list[ledger.Claim]]] = {}
    for c in map(ledger.claim, ledger.claims().index):
        name, part = ledger.page_of(c.id).split("#")[0], c.topic or f"paragraph {c.paragraph}"
        files.setdefault(Path(name).name, {}).setdefault(part, []).append(c)
    made = {}
    for name, parts in files.items():
        source = ledger.source(name[:2]) if name[0] == "S" else None
        made[name] = filled("claims.md.j2", source=source, parts=parts, **words)
    rows = ledger.disagreements().reset_index().itertuples()
    made["disagreements.md"] = filled("disagreements.md.j2", rows=[*rows], **words)
    rows = vocabulary.glossary().reset_index().itertuples()
    return made | {"words.md": filled("words.md.j2", rows=[*rows], slug=vocabulary.slug, **words)}


def _users(lessons: list[Path]) -> dict[str, list[tuple[str, str, str]]]:
    """Of each claim, and of each word by its slug, the lessons that a reader meets it in: number, title and link."""
    users: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for file in lessons:
        notebook = read(file)
        for name, cell in met(notebook).items() if "lesson" in notebook.metadata.get("turkic", {}) else ():
            users[name].append((file.stem[:2], course.heading(notebook) or file.stem, f"{file.name}#cell-id={cell}"))
    return users


def met(notebook: NotebookNode) -> dict[str, str]:
    """The claims and the words that every reader of a lesson meets in its prose or in what its cells show, each with the
    id of the first such cell, of prose if there is one: in a lesson that is open, JupyterLab goes there. In a Deeper part,
    which may be closed, it goes to the heading."""
    places: dict[str, str] = {}
    rows = together(found for found in cells(notebook) if not HELD_BACK & found[2])
    found = [(deeper, cell, row[0][1].id if deeper else cell.id) for deeper, row in rows for _, cell, _ in row]
    for _, cell, place in sorted(found, key=lambda one: (one[0], one[1].cell_type == "code")):
        text = course.seen(cell.source if cell.cell_type == "markdown" else output_html(cell))
        for name in [*ledger.CLAIM_ID.findall(text), *_WORD.findall(text)]:
            places.setdefault(name, place)
    return places


def _made(folder: Path) -> dict[Path, str]:
    """The files of evidence that lessons in this folder lead to, and what is in them."""
    lessons = lesson_files(folder)
    if not any(b"](evidence/" in file.read_bytes() for file in lessons if file.is_file()):
        return {}
    return {folder / "evidence" / name: text.strip() + "\n" for name, text in texts(lessons).items()}


def stale(folder: Path) -> list[Path]:
    """Those of these files that are not what they would be now."""
    return [file for file, text in _made(folder).items() if not holds(file, text)]


def written(folder: Path) -> list[str]:
    """Writes the evidence beside the lessons in this folder, and names the files that were not up to date."""
    return put_all(_made(folder))
