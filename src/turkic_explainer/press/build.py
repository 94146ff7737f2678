"""Builds the editions: only what changed, and every file finished aside before it comes, whole, to its place.

While nothing has changed, nothing heavy is loaded: what turns notebooks into pages is imported where it is used.
One process does it all. Made in parallel, the files would be ready no sooner: most of a build is the loading of pandas
and nbconvert, which every process would have to do again.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import remembered
from ..validate import ROOT, DataError, course_path, short, speaking
from .folder import HOME, Folder, digest, opened, zipped

if TYPE_CHECKING:
    from .blocks import Lesson


@dataclass(frozen=True)
class Edition:
    """What `turkic-explainer handouts --edition NAME` makes: a file of each lesson, in this folder of the whole.

    `maker` is its exporter, by module and name. It makes files of the lessons that have a cell with one of these `tags`
    (`task` is one that asks something), or of all where there are none; `all` says whether there is one file of all lessons
    as well, for printing. `options` are those of a build that its exporter knows.
    """

    name: str
    folder: str
    maker: str
    ending: str = ".html"
    tags: frozenset[str] = frozenset()
    all: bool = True
    options: tuple[str, ...] = ()

    @property
    def entrance(self) -> str:
        """Whose it is, and the folder of the whole that they are given: one of ENTRANCES."""
        return self.folder.partition("/")[0]

    def path(self, name: str) -> str:
        """Where its file of this name is, seen from the folder of the whole."""
        return f"{self.folder}{name}{self.ending}"


_ON_PAPER = frozenset({"worksheet", "paper", "task"})
EDITIONS = (
    Edition("student", "students/", "pages:HandoutExporter", options=("code",)),
    Edition("worksheet", "students/worksheets/", "worksheets:WorksheetExporter", tags=_ON_PAPER, options=("address",)),
    Edition("worksheet-docx", "students/worksheets/", "office:DocxExporter", ".docx", _ON_PAPER, False, ("address",)),
    Edition("worksheet-odt", "students/worksheets/", "office:OdtExporter", ".odt", _ON_PAPER, False, ("address",)),
    Edition("student-slides", "students/slides/", "slides:StudentSlidesExporter", tags=frozenset({"slide"}), all=False),
    Edition("notebook", "students/notebooks/", "pages:StudentNotebookExporter", ".ipynb", all=False),
    Edition("teacher", "teacher/", "pages:TeacherExporter"),
    Edition("key", "teacher/keys/", "worksheets:KeyExporter", tags=_ON_PAPER),
    Edition("slides", "teacher/slides/", "slides:SlidesExporter", tags=frozenset({"slide"}), all=False),
)
# Each is a folder with an index of its own, and is packed into a zip file. Students get the first one and nothing of the
# other; a teacher gets both, for her index leads to the students' pages as well.
ENTRANCES = {"students": ("students",), "teacher": ("students", "teacher")}
ALL, INDEX, SHEET = "all", "index.html", "course.css"
_WHOLE = ("index", "sheet", "zip")  # what is made once for each entrance
_PICTURE = re.compile(r"(?<![^\s()<>\"'\[\]])[^\s()<>\"'\[\]]+\.(?:png|jpe?g|gif|svg|webp)", re.I)
_TASK = re.compile(r"^(?:\*\*(?:Guess|Ask|Look)\.\*\*|question\()", re.M)
_ASKED_FOR = f'<link rel="stylesheet" href="{SHEET}">\n'
_LINKS = {  # to another lesson, in a file with this ending
    ".html": re.compile(
        r'<a [^<>]*?href="(?P<to>[\w-]+)\.html[^"]*"[^<>]*>(?:<span>)?(?P<label>.*?)(?:</span>)?</a>', re.S
    ),
    ".ipynb": re.compile(r"\[(?P<label>[^\[\]]{0,1000})\]\((?:\.\./)?(?P<to>[\w-]+)\.ipynb[^()]{0,1000}\)"),
}


class Source:
    """A lesson as a file, before anything heavy has looked at it: its `tags`, the lessons that it `leads` to, and a `digest`
    of the notebook and of the pictures beside it that it may show."""

    def __init__(self, file: Path):
        self.file, self.name = file, file.stem
        self.raw, self.tags, prose = b"", set(), ""
        try:
            self.raw = file.read_bytes() if file.is_file() else b""  # no pipe, which would never end
            cells = json.loads(self.raw)["cells"]
            self.tags = {str(tag) for cell in cells for tag in cell["metadata"].get("tags", [])}
            prose = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
            self.tags |= {"task"} if _TASK.search("\n".join("".join(cell["source"]) for cell in cells)) else set()
            self.readable = bool(cells)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.readable = False  # what is wrong is told when a page is to be made of it
        self.leads = {found["to"] for found in _LINKS[".ipynb"].finditer(prose)}
        named = sorted(name for name in set(_PICTURE.findall(prose)) if ":" not in name)
        pictures = [picture for name in named if (picture := file.parent / name).is_file()]
        self.digest = digest(self.name, self.raw, *(part for f in pictures for part in (f.name, f.read_bytes())))

    @cached_property
    def lesson(self) -> "Lesson":
        """The lesson, looked over. Raises DataError, in plain words, where no page can be made of it."""
        from .blocks import Lesson
        from .intake import take

        return Lesson(self.name, self.file.parent, take(self.file))


@dataclass(frozen=True)
class Product:
    """A file to be made: `make` gives its text, `inputs` is the fingerprint of all that goes into it."""

    path: str
    edition: str
    sources: list[Source]
    inputs: str
    make: Callable[[], str | bytes]

    @property
    def lesson(self) -> str:
        """The name of the one lesson that it is made of; nothing where there are more or none."""
        return self.sources[0].name if len(self.sources) == 1 else ""


def common_inputs() -> str:
    """A fingerprint of everything that goes into all pages alike: our code, tables and templates, the evidence, and the
    name and version of every installed package."""
    folders = (ROOT, course_path("seeds"), course_path("lessons"))
    found = sorted(Path(where, name) for folder in folders for where, _, names in os.walk(folder) for name in names)
    # Another Python may be at work on its own compiled files at this moment, and they say nothing new.
    ours = [f for f in found if f.parent.name != "__pycache__" and f.suffix != ".ipynb"]
    parts = [part for f in ours for part in (f.name, f.read_bytes())]
    # A package's folder of this kind bears its version in its name.
    names = {name for folder in filter(os.path.isdir, sys.path) for name in os.listdir(folder)}
    installed = sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))
    return digest(sys.version, *installed, *parts)


def unlinked(text: str | bytes, ending: str, lacks: set[str]) -> str | bytes:
    """A file's text with no more than the label where it leads to one of these lessons. A page that leads nowhere then asks
    for no style by which it would know that others lie beside it."""
    text = _LINKS[ending].sub(lambda found: found["label" if found["to"] in lacks else 0], text) if lacks else text
    return text.replace(_ASKED_FOR, "") if ending == ".html" and 'class="to"' not in text else text


def build(
    lessons: Iterable[Path], out: Path, editions: Iterable[str] = ("student",), *,
    code: bool = False, address: str = "", lab: str = "", only: Iterable[str] = (), say: Callable[[str], None] = print,
) -> list[Path]:  # fmt: skip
    """Makes these editions of the lessons in `out`; for students and for the teacher an index of all that is there, and a
    zip file; gives the lessons' files.

    `only` names the lessons to make where not all are wanted; the others' files are then left as they are. `code` shows
    all code on the students' pages. `address` is where the students' folder lies on the web, if it does: codes to be
    photographed lead to its pages. `lab` begins the address at which a lesson is run in the browser, if it can be: the
    students' index leads there. What is up to date is not made again. A lesson that is no longer among `lessons`
    loses the files that we made of it, except for those that were changed since. `say` is told how far it is.

    Whatever happens in between, each file is whole, as it was or as it will be, and the next run makes what is missing.
    Raises DataError naming the lessons that do not convert; their last pages stay, and everything else is made.
    """
    wanted, options = set(editions), {"code": code, "address": address, "lab": lab}
    with opened(out) as folder:
        building = _Build(folder, list(lessons), set(only), options, say)
        return building.run([e for e in EDITIONS if e.name in wanted])


class _Build:
    def __init__(self, folder: Folder, lessons: list[Path], only: set[str], options: dict, say: Callable[[str], None]):
        self.folder, self.say, self.options, self.common = folder, say, options, common_inputs()
        self.sources = [Source(file) for file in lessons if not only or file.stem in only]
        self.whole = not only
        self.failed: set[str] = set()  # lessons
        self.problems: list[str] = []

    def run(self, editions: list[Edition]) -> list[Path]:
        files, cards = list(self.files(editions)), list(self.cards())
        todo = [p for p in files if not self.folder.is_made(p.path, p.inputs)]
        before = {e for e in ENTRANCES if f"{e}/{INDEX}" in self.folder.made}
        last = len(todo) + 2 * len(before | {p.path.partition("/")[0] for p in files})
        for number, product in enumerate(todo, 1):
            self.make(product, f"[{number}/{last}] ")
        for product in cards:
            self.make(product)
        self.take_away({e.name for e in editions}, {p.path for p in files})
        there = {path.partition("/")[0] for path, entry in self.folder.made.items() if entry["edition"] not in _WHOLE}
        for path, entry in list(self.folder.made.items()):
            if entry["edition"] in _WHOLE and path.partition("/")[0].removesuffix(".zip") not in there:
                self.away(path)
        number = len(todo)
        for entrance in (e for e in ENTRANCES if e in there):
            self.make(Product(f"{entrance}/{SHEET}", "sheet", [], self.common, partial(self.sheet, entrance)))
            for made in (self.index, self.packed):
                number += 1
                self.make(made(entrance), f"[{number}/{last}] ")
        if same := len(files) - len(todo):
            self.say(f"{same} file{'s are' if same > 1 else ' is'} as before, up to date")
        for card in cards:
            if card.lesson not in self.failed:
                for line in remembered(self.folder.root / card.path).get("remarks", []):
                    self.say(f"careful: {line}")
        if self.problems:
            raise DataError(self.problems)
        return [self.folder.root / p.path for p in files if p.lesson]

    # --- what is wanted --------------------------------------------------------------------------------------------

    def files(self, editions: list[Edition]) -> Iterator[Product]:
        """What readers get, but for the index."""
        for edition in editions:
            sources = [s for s in self.sources if not s.readable or not edition.tags or s.tags & edition.tags]
            groups = {s.name: [s] for s in sources}
            if edition.all and self.whole and len(sources) > 1:
                groups[ALL] = sources
            for name, group in groups.items():
                option = repr(self.of(edition)) if edition.options else ""
                leads = set().union(*(s.leads for s in group)) if edition.ending in _LINKS else set()
                lacks = leads - self.there(edition, sources)
                inputs = digest(self.common, edition.name, option, *(s.digest for s in group), *sorted(lacks))
                made = partial(self.page, edition, group, lacks)
                yield Product(edition.path(name), edition.name, group, inputs, made)
            if edition.name == "notebook":
                yield from self.beside(edition, sources)

    def there(self, edition: Edition, sources: list[Source]) -> set[str]:
        """The lessons of which a file of an edition is there, or will be."""
        before = {e["lesson"] for e in self.folder.made.values()} - {""} if not self.whole else set()
        return {s.name for s in sources} | {lesson for lesson in before if edition.path(lesson) in self.folder.made}

    def of(self, edition: Edition) -> dict[str, Any]:
        """The options of the build that go into an edition."""
        return {name: self.options[name] for name in edition.options}

    def beside(self, edition: Edition, sources: list[Source]) -> Iterator[Product]:
        """What notebooks need where they are run: the evidence that they link to, and the small files that they read."""
        folders = {s.file.parent for s in sources}
        examples = [f for folder in folders for f in folder.glob("*-example.json")]
        files = {f"{edition.folder}{f.name}": f for f in examples}
        if any(re.search(rb"\]\((?:evidence|\.\./seeds)/", s.raw) for s in sources):
            evidence = (f for folder in (course_path("notebooks"), *folders) for f in folder.glob("evidence/*.md"))
            files |= {f"{edition.folder}evidence/{f.name}": f for f in evidence}
        there = self.there(edition, sources)
        for path, file in sorted(files.items()):
            text = file.read_text("utf-8")
            lacks = {found["to"] for found in _LINKS[".ipynb"].finditer(text)} - there
            text = unlinked(text, edition.ending, lacks)
            yield Product(path, edition.name, [], digest(text), partial(str, text))

    def cards(self) -> Iterator[Product]:
        """What the index tells of each lesson, and the build of how it was run."""
        for s in self.sources:
            path = f"{HOME}/cards/{s.name}.json"
            yield Product(path, "card", [s], digest(self.common, s.digest), partial(self.card, s))

    def index(self, entrance: str) -> Product:
        """The index of everything that is there for whoever comes in here."""

        def make() -> str:
            from .site import index

            editions = [e for e in EDITIONS if e.entrance in ENTRANCES[entrance]]
            lab = self.options["lab"] if entrance == "students" else ""
            return index(self.folder, editions, entrance, self.options["address"], lab)

        told, made = (HOME, *ENTRANCES[entrance]), self.folder.made.items()
        parts = ((path, entry) for path, entry in made if path.partition("/")[0] in told)
        there = sorted((path, entry["is"]) for path, entry in parts if entry["edition"] not in _WHOLE)
        inputs = digest(self.common, entrance, json.dumps(there), self.options["address"], self.options["lab"])
        return Product(f"{entrance}/{INDEX}", "index", [], inputs, make)

    def sheet(self, entrance: str) -> str:
        """The style sheet in an entrance, by which a page knows that it lies there as well: it shows its links to the other
        pages, and the index no longer says that it must be unpacked. No script could find that out of a file."""
        from .template import asset

        return asset(f"{entrance}.css")

    def packed(self, entrance: str) -> Product:
        """All that is there for whoever comes in here, as it stands there now, as a zip file of the same bytes each time."""
        there = [p for p in sorted(self.folder.made) if p.startswith(tuple(f"{name}/" for name in ENTRANCES[entrance]))]
        inputs = digest(*(part for path in there for part in (path, self.folder.now(path) or "")))

        def make() -> bytes:
            return zipped({path: (self.folder.root / path).read_bytes() for path in there})

        return Product(f"{entrance}.zip", "zip", [], inputs, make)

    def take_away(self, editions: set[str], wanted: set[str]) -> None:
        """What we made of lessons that are gone, and what is no longer made of those that are there."""
        here = {s.name for s in self.sources}
        for path, entry in list(self.folder.made.items()):
            lesson, edition = entry["lesson"], entry["edition"]
            gone = self.whole and lesson and lesson not in here
            unwanted = edition in editions and path not in wanted and (self.whole or lesson in here)
            if gone or unwanted:
                self.away(path, edition != "card")

    def away(self, path: str, told: bool = True) -> None:
        """Takes a file away, unless somebody changed it."""
        if self.folder.is_changed(path):
            self.folder.forget(path)
            self.say(f"left as you changed it: {path} (its lesson is gone)")
            return
        with self.noted(path):
            self.folder.remove(path)
            if told:
                self.say(f"taken away: {path} (its lesson is gone, or has nothing for it)")

    # --- what makes it ---------------------------------------------------------------------------------------------

    def page(self, edition: Edition, sources: list[Source], lacks: set[str]) -> str | bytes:
        """A lesson's file of an edition, or that of all lessons; `lacks` are those that it would lead to, and are not there.
        It speaks the language of its lessons, or English, where they have several."""
        module, name = edition.maker.split(":")
        exporter = getattr(import_module(f".{module}", __package__), name)(**self.of(edition))
        lessons = [s.lesson for s in sources]
        languages = {lesson.language for lesson in lessons}
        with speaking(languages.pop() if len(languages) == 1 else "en"):
            made = exporter.page(lessons)
            if len(lessons) > 1:
                from .site import together

                made = together(made, lessons)
            return unlinked(made, edition.ending, lacks)

    def card(self, source: Source) -> str:
        from .intake import remarks
        from .site import card

        words = {"remarks": remarks(source.file, source.lesson.notebook)}
        return json.dumps(card(source.lesson) | words, ensure_ascii=False)

    def make(self, product: Product, place: str = "") -> None:
        """Makes a file, unless it is up to date or somebody else's. What goes wrong is kept for the end."""
        folder, path = self.folder, product.path
        if folder.is_made(path, product.inputs):
            return
        if broken := [s.name for s in product.sources if s.name in self.failed]:
            if not product.lesson:
                left = "left as it was" if path in folder.made else "not made"
                self.say(f"{place}{path}: {left}, for a lesson in it was not converted ({', '.join(broken)})")
            return
        theirs = folder.is_theirs(path)
        if not (theirs and path in folder.made):
            content = self.content(product)
            if content is None:
                return
            theirs = theirs and folder.now(path) != digest(content)
        if theirs and (path.endswith(".ipynb") or path in folder.made):
            mend = "to get the course's version, rename yours and start again"
            self.say(f"{place}{path}: left as you changed it ({mend})")
        elif theirs:
            mend = "Name another folder with --out."
            self.problems.append(f"{folder.root / path}: this file is not ours, so it was left. {mend}")
        else:
            problems = len(self.problems)
            with self.noted(path):
                folder.add(path, content, product.lesson, product.edition, product.inputs)
            if place and len(self.problems) == problems:
                self.say(f"{place}{path}: {len(content) / 1000:.0f} kB")

    @contextmanager
    def noted(self, path: str) -> Iterator[None]:
        """What keeps us from a file is told at the end; the other files are made."""
        try:
            yield
        except OSError as error:
            mend = "Is it open somewhere? Close it, and start again."
            self.problems.append(f"{self.folder.root / path}: cannot be changed ({error.strerror}). {mend}")

    def content(self, product: Product) -> bytes | None:
        """What a file is to hold; nothing where it cannot be made, and then its lesson has failed."""
        of = product.sources[0].file.name if product.sources else product.path  # the index is made of no lesson
        try:
            made = product.make()
            return made if isinstance(made, bytes) else made.encode("utf-8", "backslashreplace")
        except DataError as error:
            why = str(error)
        except Exception as error:  # whatever a notebook from anywhere brings about, the others are made
            at = [f", cell {s.lesson.at}" for s in product.sources if "lesson" in vars(s) and s.lesson.at]
            first = short(next(iter(str(error).splitlines()), ""), 80)
            why = f"{of}{at[-1] if at else ''}: {type(error).__name__}: {first}"
        if product.sources:
            self.failed.add(product.sources[0].name)
        self.problems.append(f"{of} was not {'converted' if product.sources else 'made'}: {why}")
        return None
