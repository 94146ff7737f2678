"""Builds the editions: only what changed, and every file finished aside first and only then moved, whole, to its place.

While nothing has changed, nothing heavy is loaded: what turns notebooks into pages is imported where it is used.
One process does it all. Made in parallel, the files would be ready no sooner: most of a build is the loading of pandas
and nbconvert, which every process would have to do again.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..validate import ROOT, DataError, course_path
from .folder import HOME, Folder, digest, opened

if TYPE_CHECKING:
    from .intake import Watched


@dataclass(frozen=True)
class Edition:
    """What `turkic-explainer handouts --edition NAME` makes: a file of each lesson, in this folder of the whole.

    `maker` is its exporter, by module and name. It makes files of the lessons that have a cell with one of these `tags`,
    or of all where there are none; `all` says whether there is one file of all lessons as well, for printing.
    """

    name: str
    folder: str
    maker: str
    ending: str = ".html"
    tags: frozenset[str] = frozenset()
    all: bool = True

    def path(self, name: str) -> str:
        """Where its file of this name is, seen from the folder of the whole."""
        return f"{self.folder}{name}{self.ending}"


EDITIONS = (
    Edition("student", "", "pages:HandoutExporter"),
    Edition("teacher", "teacher/", "pages:TeacherExporter"),
    Edition("worksheet", "worksheets/", "worksheets:WorksheetExporter", tags=frozenset({"worksheet", "paper", "exercise"})),
    Edition("slides", "slides/", "slides:SlidesExporter", tags=frozenset({"slide"}), all=False),
    Edition("notebook", "notebooks/", "copies:StudentNotebookExporter", ".ipynb", all=False),
)
ALL, INDEX = "all", "index.html"


def card_path(name: str) -> str:
    """Where it stands what the index tells of a lesson."""
    return f"{HOME}/cards/{name}.json"


@dataclass(frozen=True)
class Source:
    """A lesson as a file, before anything heavy has looked at it."""

    file: Path

    @property
    def name(self) -> str:
        return self.file.stem

    @cached_property
    def raw(self) -> bytes | None:
        """Its bytes; None where it cannot be read."""
        try:
            return self.file.read_bytes()
        except OSError:
            return None

    @cached_property
    def _cells(self) -> list[dict[str, Any]]:
        try:
            return [c for c in json.loads(self.raw or b"")["cells"] if isinstance(c, dict)]
        except (ValueError, KeyError, TypeError, RecursionError):
            return []

    @cached_property
    def tags(self) -> set[str]:
        metadata = [cell.get("metadata") for cell in self._cells]
        return {str(tag) for m in metadata if isinstance(m, dict) for tag in m.get("tags") or []}

    @cached_property
    def digest(self) -> str | None:
        """A fingerprint of the notebook and of the pictures beside it that it may show; None where it cannot be read."""
        if self.raw is None:
            return None
        prose = "".join("".join(c.get("source") or "") for c in self._cells if c.get("cell_type") == "markdown")
        named = sorted(set(re.findall(r"[^\s()<>\"'\[\]]+\.(?:png|jpe?g|gif|svg|webp)", prose, re.I)))
        files = [self.file.parent / name for name in named if ":" not in name]
        return digest(self.name, self.raw, *(part for f in files if f.is_file() for part in (f.name, f.read_bytes())))

    @cached_property
    def lesson(self) -> Watched:
        """The lesson, looked over. Raises DataError, in plain words, where no page can be made of it."""
        from .intake import Watched, take

        return Watched(self.file.stem, self.file.parent, take(self.file))


@dataclass
class Product:
    """A file to be made: `make` gives its text, `inputs` is the fingerprint of all that goes into it."""

    path: str
    edition: str
    sources: list[Source]
    inputs: str
    make: Callable[[], str] = field(repr=False)


def house() -> str:
    """A fingerprint of everything that goes into all pages alike: our code, tables and templates, the evidence, and the
    name and version of every installed package."""
    # Another Python may be at work on its own compiled files at this moment, and they say nothing new.
    ours = [f for f in _files(ROOT) if f.parent.name != "__pycache__" and f.suffix != ".ipynb"]
    parts = [part for f in (*ours, *_files(course_path("seeds"))) for part in (f.name, f.read_bytes())]
    installed = {
        name for folder in filter(os.path.isdir, sys.path) for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info"))
    }  # a package's folder of this kind bears its version in its name
    return digest(sys.version, *sorted(installed), *parts)


def _files(folder: Path) -> list[Path]:
    return sorted(Path(where, name) for where, _, names in os.walk(folder) for name in names)


def build(
    lessons: Iterable[Path], out: Path, editions: Iterable[str] = ("student",), *,
    code: bool = False, only: Iterable[str] = (), say: Callable[[str], None] = print,
) -> list[Path]:  # fmt: skip
    """Makes these editions of the lessons in `out`, and an index of all that is there; gives the lessons' files.

    `only` names the lessons to make where not all are wanted; the others' files are then left as they are. `code` shows
    all code on the students' pages. What is up to date is not made again. A lesson that is no longer among `lessons`
    loses the files that we made of it, except for those that were changed since. `say` is told how far it is.

    Whatever happens in between, the last whole build stays as it was until all files of the next one are whole. Raises
    DataError naming the lessons that do not convert; their last pages stay, and everything else is made.
    """
    with opened(out) as folder:
        return _Build(folder, [Source(file) for file in lessons], set(only), code, say).run(
            [edition for edition in EDITIONS if edition.name in set(editions)]
        )


class _Build:
    def __init__(self, folder: Folder, sources: list[Source], only: set[str], code: bool, say: Callable[[str], None]):
        self.folder, self.say, self.code, self.house = folder, say, code, house()
        self.all = sources
        self.chosen = [s for s in sources if not only or s.name in only]
        self.whole = not only
        self.failed: dict[str, list[str]] = {}  # by lesson
        self.kept: list[str] = []  # notebooks that somebody works on

    def run(self, editions: list[Edition]) -> list[Path]:
        folder = self.folder
        wanted = [*self.files(editions), *self.cards()]
        todo = [p for p in wanted if not folder.is_made(p.path, p.inputs)]
        foreign = [p.path for p in todo if not p.path.startswith(HOME) and not p.path.endswith(".ipynb") and folder.is_foreign(p.path)
                   and folder.now(p.path) != p.inputs]  # what lies beside notebooks may lie there already
        kept = [p for p in todo if p.path.endswith(".ipynb") and folder.is_changed(p.path) and folder.made.get(p.path, {}).get("from") == p.inputs]
        todo = [p for p in todo if p not in kept and p.path not in foreign]
        self.take_away(editions, {p.path for p in wanted})
        shown = [p for p in todo if not p.path.startswith(HOME)]
        for p in todo:
            self.make(p, f"[{shown.index(p) + 1}/{len(shown) + 1}] " if p in shown else "")  # one more: the index
        if folder.is_foreign(INDEX):
            foreign.append(INDEX)
        else:
            self.index(len(shown) + 1)
        for source in self.chosen:
            if "lesson" in vars(source) and not self.failed.get(source.name):
                folder.words[source.name] = self.remarks(source)
        folder.commit()
        if same := sum(not p.path.startswith(HOME) for p in wanted) - len(shown) - len(kept) - len(foreign):
            self.say(f"{same} file{'s are' if same > 1 else ' is'} as before, up to date")
        for path in [*self.kept, *(p.path for p in kept)]:
            self.say(f"left as you changed it: {path} (to get the course's version, rename yours and start again)")
        for line in (line for source in self.chosen for line in folder.words.get(source.name, [])):
            self.say(f"careful: {line}")
        problems = [line for lines in self.failed.values() for line in dict.fromkeys(lines)]
        problems += [f"{folder.root / path}: this file is not ours, so it was left. Name another folder with --out." for path in foreign]
        if problems:
            raise DataError(problems)
        return [folder.root / p.path for p in wanted if len(p.sources) == 1 and not p.path.startswith(HOME)]

    # --- what is wanted --------------------------------------------------------------------------------------------

    def files(self, editions: list[Edition]) -> Iterable[Product]:
        for edition in editions:
            option = repr(self.code) if edition.name == "student" else ""
            sources = [s for s in self.chosen if s.raw is None or not edition.tags or s.tags & edition.tags]
            for s in sources:
                inputs = digest(self.house, edition.name, option, s.digest or "")
                yield Product(edition.path(s.name), edition.name, [s], inputs, lambda e=edition, s=s: self.one(e, s))
            if edition.all and self.whole and len(sources) > 1:
                inputs = digest(self.house, edition.name, option, *(s.digest or "" for s in sources))
                yield Product(edition.path(ALL), edition.name, sources, inputs, lambda e=edition, s=sources: self.together(e, s))
            if edition.name == "notebook":
                yield from self.beside(edition, sources)

    def beside(self, edition: Edition, sources: list[Source]) -> Iterable[Product]:
        """What notebooks need where they are run: the evidence that they link to, and the small files that they read."""
        cites = any(b"../seeds/" in (s.raw or b"") for s in sources)
        files = {f"seeds/{f.name}": f for f in _files(course_path("seeds")) if cites}
        files |= {f"{edition.folder}{f.name}": f for folder in {s.file.parent for s in sources} for f in folder.glob("*-example.json")}
        for path, file in sorted(files.items()):
            text = file.read_text("utf-8")
            yield Product(path, edition.name, [], digest(text), lambda text=text: text)

    def cards(self) -> Iterable[Product]:
        for s in self.chosen:
            inputs = digest(self.house, "card", s.digest or "")
            yield Product(card_path(s.name), "card", [s], inputs, lambda s=s: self.card(s))

    def take_away(self, editions: list[Edition], wanted: set[str]) -> None:
        """What we made of lessons that are gone, and what is no longer made of those that are there."""
        there, names = {s.name for s in self.all}, {e.name for e in editions}
        unreadable = {s.name for s in self.chosen if not s._cells}
        for path, entry in list(self.folder.made.items()):
            lesson, edition = entry["lesson"], entry["edition"]
            gone = self.whole and lesson and lesson not in there
            dropped = lesson in {s.name for s in self.chosen} - unreadable and edition in names and path not in wanted
            dropped |= self.whole and not lesson and edition in names and path not in wanted
            if not (gone or dropped):
                continue
            if self.folder.is_changed(path):
                self.say(f"left as you changed it: {path} (its lesson is gone)")
                del self.folder.made[path]
            else:
                self.folder.drop(path)
                if not path.startswith(HOME):
                    self.say(f"taken away: {path} (its lesson is gone, or has nothing for it)")
            self.folder.words.pop(lesson, None) if gone else None

    # --- what makes it ---------------------------------------------------------------------------------------------

    def exporter(self, edition: Edition):
        module, name = edition.maker.split(":")
        options = {"code": self.code} if edition.name == "student" else {}
        return getattr(import_module(f".{module}", __package__), name)(**options)

    def one(self, edition: Edition, source: Source) -> str:
        return self.exporter(edition).page([source.lesson])

    def together(self, edition: Edition, sources: list[Source]) -> str:
        from .site import together

        return together(self.exporter(edition), [s.lesson for s in sources])

    def card(self, source: Source) -> str:
        from .site import card

        return json.dumps(card(source.lesson), ensure_ascii=False)

    def remarks(self, source: Source) -> list[str]:
        from .intake import remarks

        return remarks(source.file, source.lesson.notebook)

    def make(self, product: Product, place: str) -> None:
        """Makes one file. What goes wrong is kept for the end, by lesson."""
        if broken := [s for s in product.sources if self.failed.get(s.name)]:
            if len(product.sources) > 1:
                left = "left as it was" if product.path in self.folder.made else "not made"
                self.say(f"{place}{product.path}: {left}, for a lesson in it was not converted ({', '.join(s.name for s in broken)})")
            return
        try:
            text = product.make()
        except DataError as error:
            self.fail(product, str(error))
        except Exception as error:  # whatever a notebook from anywhere brings about, the others are made
            at = [f", cell {s.lesson.at}" for s in product.sources if "lesson" in vars(s) and s.lesson.at]
            said = str(error).splitlines() or [""]
            self.fail(product, f"{product.sources[0].file.name}{at[-1] if at else ''}: {type(error).__name__}: {said[0]}")
        else:
            if product.path.endswith(".ipynb") and self.folder.is_changed(product.path) and self.folder.now(product.path) != digest(text):
                self.kept.append(product.path)
                return
            [lesson] = [s.name for s in product.sources] if len(product.sources) == 1 else [""]
            size = self.folder.add(product.path, text, lesson, product.edition, product.inputs)
            if place:
                self.say(f"{place}{product.path}: {size / 1000:.0f} kB")

    def fail(self, product: Product, error: str) -> None:
        source = product.sources[0]
        self.failed.setdefault(source.name, []).append(f"{source.file.name} was not converted: {error}")

    def index(self, total: int) -> None:
        """The index of everything that will then be there."""
        coming = self.folder.coming()
        inputs = digest(self.house, json.dumps(sorted((p, e["is"]) for p, e in coming.items() if p != INDEX)))
        if self.folder.is_made(INDEX, inputs):
            return
        from .site import index

        text = index(self.folder, EDITIONS)
        size = self.folder.add(INDEX, text, "", "index", inputs)
        self.say(f"[{total}/{total}] {INDEX}: {size / 1000:.0f} kB")
