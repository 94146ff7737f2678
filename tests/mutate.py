"""Changes single facts in copies of the course, one at a time, and counts which of them the check notices.

    python -m tests.mutate [N] [--seed S] [--unsigned] [--workers 2]

Twice it is asked whether a change is noticed: by what was signed off, and by comparisons alone, as when an author signs
off her own slip. For the second, outputs and evidence count as refreshed: that they are stale is no witness.
With `--unsigned` what nothing but a fingerprint notices is listed as well.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import reload
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "src/turkic_explainer/"
ID = re.compile(r"\b(?:S[0-4]-\d\d|B-\d{3})\b")
IDS = [
    i
    for f in sorted(ROOT.glob("seeds/*.toml"))
    for i in re.findall(rf'(?m)^id = "({ID.pattern})"', f.read_text("utf-8"))
]
NAMES = ("Kazakhstan Uzbekistan Azerbaijan Hungary Kyrgyzstan Türkiye Turkmenistan", "Tokayev Erdoğan Aliyev Mirziyoyev",
         "Astana Baku Ankara Shusha Turkistan Gabala")  # fmt: skip
PEERS = {name: names.split() for names in NAMES for name in names.split()}
NUMBERS = "two three four five six seven eight nine ten".split()
REAL, SURE = ("yes", "no", "open"), ("confirmed-by-two", "supported-by-source", "contested")

# --- how a text is spoilt: each gives another text, or none where there is nothing to spoil ----------------------------

Spoil = Callable[[str, random.Random], str | None]


def one(pattern: str, put: Callable[[re.Match, random.Random], str]) -> Spoil:
    """Spoils one of the places that a pattern finds."""

    def spoil(text: str, chance: random.Random) -> str | None:
        if not (places := [*re.finditer(pattern, text)]):
            return None
        place = chance.choice(places)
        return f"{text[: place.start()]}{put(place, chance)}{text[place.end() :]}"

    return spoil


def other(words: list[str] | tuple[str, ...], word: str, chance: random.Random) -> str:
    return chance.choice([another for another in words if another != word])


def another_digit(place: re.Match, chance: random.Random) -> str:
    figure = place[0]
    at = chance.choice([n for n, letter in enumerate(figure) if letter.isdigit()])
    return figure[:at] + other("123456789", figure[at], chance) + figure[at + 1 :]


def another_id(place: re.Match, chance: random.Random) -> str:
    """Another claim of the same source."""
    return other([i for i in IDS if i.split("-")[0] == place[0].split("-")[0]], place[0], chance)


def another_link(place: re.Match, chance: random.Random) -> str:
    return place[0].replace(place[1], another_id(ID.match(place[1]), chance))


def first_of(*ways: Spoil) -> Spoil:
    return lambda text, chance: next(filter(None, (spoil(text, chance) for spoil in ways)), None)


def moved(text: str, chance: random.Random) -> str:
    """The [x] at another answer."""
    places = [place.start() for place in re.finditer(r"\[ \]", text)]
    at = chance.choice(places)
    return re.sub(r"\[x\]|\[ \]", lambda box: "[x]" if box.start() == at else "[ ]", text)


def swapped(text: str, _: random.Random) -> str:
    """The first look-up for the last, and the last for the first."""
    return re.sub(r"(?s)^({{.*?}})(.*)({{.*?}})$", r"\3\2\1", text)


digit, claim = one(r"\d+", another_digit), one(ID.pattern, another_id)
figure = one(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?![\w-]| minutes)(?![^(\[{`]*[)\]}`])", another_digit)
word = one(rf"\b(?:{'|'.join(NUMBERS)})\b", lambda place, chance: other(NUMBERS, place[0], chance))
no = one(
    r"\b(is|are|was|were|has|had|can|will|did|does)( not)?\b(?=[^)\]]*(?:[(\[]|$))",
    lambda p, _: p[1] + " not" * (not p[2]),
)
name = one(rf"\b(?:{'|'.join(PEERS)})\b", lambda place, chance: other(PEERS[place[0]], place[0], chance))
cited = one(r"\[([SB]\d?-\d+)\]\(evidence/\w+\.md#\1\)", another_link)
any_of = first_of(no, word, figure, name)

# --- which facts: files, a pattern whose group is the fact, how it is spoilt -------------------------------------------

CLAIMS, QUESTIONS, DATA = (
    "seeds/S?.toml seeds/background.toml",
    f"{PACKAGE}lessons/lesson*/questions.md",
    f"{PACKAGE}data",
)
PROSE, ANSWER, DISAGREE = "notebooks/[0-9]*.ipynb", r"(?m)^(?:  |- \[.\] )(.*)$", "seeds/disagreements.toml"
KINDS: dict[str, tuple[str, str, Spoil]] = {
    **{f"prose: {what}": (PROSE, r"(?s)^(?!#)(.+)$", spoil) for what, spoil in {
        "a figure": figure, "a number word": word, "another claim cited": cited, "a not": no, "a name": name}.items()},
    "question: the right answer": (QUESTIONS, r"(?m)((?:^- \[[ xX]\].*\n(?:^  .*\n)+){2,})", moved),
    "question: a figure in it": (QUESTIONS, r"(?m)^((?!Claims|Unsourced)[A-Z].*)$", figure),
    "question: a figure in an answer or reason": (QUESTIONS, ANSWER, figure),
    "question: a not": (QUESTIONS, ANSWER, no),
    "question: a claim it names": (QUESTIONS, r"(?m)^Claims: (.*)$", claim),
    "exercise: a hint": (QUESTIONS, r"(?m)^\d\. (.*)$", any_of),
    "exercise: the right answer": (QUESTIONS, r"(?s)\nRight: ({{(?:(?!\n# ).)*?\n- {{.*?}})", swapped),
    "exercise: how it is worked out": (f"{PACKAGE}lessons/lesson*/figures.py", r"(?m)^    (?!\"\"\")(.*)$", digit),
    "claim: value": (CLAIMS, r"(?m)^value = (.*)$", digit),
    "claim: printed": (CLAIMS, r"(?m)^printed = (.*)$", first_of(digit, word)),
    **{f"claim: says, {what}": (CLAIMS, r'(?m)^says = "(.*)"$', spoil) for what, spoil in {
        "a figure": figure, "a not": no, "a name": name}.items()},
    "claim: as_of": (CLAIMS, r'(?m)^as_of = "(.*)"$', digit),
    "claim: caveat": (CLAIMS, r'(?m)^caveat = "(.*)"$', any_of),
    "claim: how sure": (CLAIMS, r'(?m)^confidence = "(.*)"$', one(".+", lambda p, chance: other(SURE, p[0], chance))),
    "claim: a source": (CLAIMS, r'(?m)^  "(http.*)",$', digit),
    "claim: data": (CLAIMS, r"(?m)^data = (.*)$", digit),
    "disagreement: its claims": (DISAGREE, r"(?m)^claims = (.*)$", claim),
    "disagreement: what differs": (DISAGREE, r'(?m)^differs = "(.*)"$', any_of),
    "disagreement: real": (DISAGREE, r'(?m)^real = "(.*)"$', one(".+", lambda p, chance: other(REAL, p[0], chance))),
    "word list": (f"{DATA}/words.csv", r"(?m)^(?!word,)(.*)$", first_of(any_of, digit)),
    "table: a coordinate": (f"{DATA}/places.csv {DATA}/stops.csv", r"(?m),(\d+\.\d+),", digit),
    "table: a number": (f"{DATA}/*.csv", r"(?m)^(?!\w+,\w+,)(.*)$", one(r"(?<=,)\d[\d.-]*(?=,)", another_digit)),
    "table: a claim": (f"{DATA}/*.csv", r"(?m)^(.*)$", claim),
    "table: a name": (f"{DATA}/*.csv", r"(?m)^(.*)$", name),
    "caption or label": (f"{PACKAGE}lessons/*/shown.toml", r'(?m)^(?!#)(?:\w+ = "(?=.* ))?([^"=#\n]{25,}?)\\?"*$', any_of),
    "pane": (f"{PACKAGE}lessons/lesson*/*.html.j2", r"(?m)>([^<{}]{12,})<", first_of(any_of, one("[a-z]{4,}", lambda p, _: "never"))),
}  # fmt: skip


class Change(NamedTuple):
    """A spoilt fact: of which kind, in which file, in which cell of it (of a notebook), what stood there and what stands."""

    kind: str
    file: str
    cell: int | None
    at: int
    old: str
    new: str

    def __str__(self) -> str:
        cut = max(next((n for n, (a, b) in enumerate(zip(self.old, self.new, strict=False)) if a != b), 0) - 25, 0)
        return f"{self.kind}: {self.file.removeprefix(PACKAGE)}: {self.old[cut : cut + 60]!r} -> {self.new[cut : cut + 60]!r}"

    def put(self, file: Path) -> None:
        """Spoils this file, a copy of the one that is named."""
        text = file.read_text("utf-8")
        notebook = json.loads(text) if self.cell is not None else None
        whole = "".join(notebook["cells"][self.cell]["source"]) if notebook else text
        whole = whole[: self.at] + self.new + whole[self.at + len(self.old) :]
        if notebook:
            notebook["cells"][self.cell]["source"] = whole
        file.write_text(json.dumps(notebook, ensure_ascii=False) if notebook else whole, "utf-8")


def places(kind: str) -> Iterator[tuple[str, int | None, re.Match]]:
    """Where facts of a kind stand: file, cell and match."""
    globs, pattern, _ = KINDS[kind]
    for file in sorted(file for glob in globs.split() for file in ROOT.glob(glob)):
        path, texts = file.relative_to(ROOT).as_posix(), [(None, file.read_text("utf-8"))]
        if file.suffix == ".ipynb":
            cells = json.loads(texts[0][1])["cells"]
            texts = [(n, "".join(cell["source"])) for n, cell in enumerate(cells) if cell["cell_type"] == "markdown"]
        yield from ((path, cell, match) for cell, text in texts for match in re.finditer(pattern, text))


def changes(number: int, seed: int = 0) -> list[Change]:
    """So many changes, as evenly over all kinds as there are facts of them, no fact twice."""
    made: dict[str, list[Change]] = {}
    for kind, (_, _, spoil) in KINDS.items():
        chance, made[kind], found = random.Random(f"{seed} {kind}"), [], [*places(kind)]
        chance.shuffle(found)
        for path, cell, match in found:
            new = spoil(match[1], chance)
            if new is not None and new != match[1]:
                made[kind].append(Change(kind, path, cell, match.start(1), match[1], new))
            if len(made[kind]) > 2 * number // len(KINDS):
                break
    return [of_kind[n] for n in range(number) for of_kind in made.values() if n < len(of_kind)][:number]


# --- whether it is noticed: in the copy, whose package is the one that is imported --------------------------------------


def found(changed: Path, prose: dict[Path, list]) -> Iterator[str]:
    """What the check finds that can have to do with this file; `prose` are the cells of the lessons as they are. The words,
    and the texts of a lesson, decide nothing elsewhere."""
    from turkic_explainer.files import read
    from turkic_explainer.press import checks, hour

    of_lesson = changed.parent.name.removeprefix("lesson") if changed.parent.parent.name == "lessons" else ""
    if changed.suffix == ".py":
        reload(sys.modules[f"turkic_explainer.lessons.lesson{of_lesson}.figures"])
    if changed.suffix in (".toml", ".csv"):
        yield from checks.check_facts() or [*checks.miscomputed(), *checks.agree.facts()]
    cells = prose if changed.parent.name == "seeds" else {}
    if changed.suffix == ".ipynb":
        notebook = read(changed)
        yield from (slip for _, slip in hour.slips(notebook)) if "lesson" in notebook.metadata["turkic"] else ()
        cells = {changed: [cell for cell in notebook.cells if cell.cell_type == "markdown"]}
    for file, of_file in cells.items():
        for cell in of_file:
            yield from checks.check_prose(cell, file)
    everywhere = checks.lessons.numbers() if changed.suffix != ".ipynb" and changed.name != "words.csv" else ()
    for number in [of_lesson] if of_lesson else everywhere:
        yield from checks.check_declared(number)
        yield from checks.check_questions(number)


def noticed(todo: list[Change], root: Path) -> Iterator[tuple[bool, str]]:
    """Of each change whether what was signed off notices it, and the first thing that a comparison finds."""
    from turkic_explainer.files import lesson_files, read
    from turkic_explainer.press import signoff

    from .conftest import forget

    assert Path(signoff.__file__).is_relative_to(root), "this is not the copy's own package"
    known, names = signoff.signed(), {file: name for name, file in signoff.files().items()}
    prose = {file: [c for c in read(file).cells if c.cell_type == "markdown"] for file in lesson_files()}
    for file in (
        lesson_files()[0],
        root / "seeds" / "S0.toml",
    ):  # the second looks at everything, and loads all modules
        assert not [*found(file, prose)], "the course is not in order before anything is changed"
    assert not [*signoff.check_signed()], "not everything is signed off"
    for change in todo:
        file = root / change.file
        sound = file.read_bytes()
        change.put(file)
        forget()
        try:
            by_mark = bool(signoff.changes(names[file], file, known[names[file]]))
        except signoff.DataError:
            by_mark = True  # it cannot be read, which the check says
        try:
            by_comparing = next(found(file, prose), "")
        except Exception as error:  # a function of a lesson that gives up
            by_comparing = f"{type(error).__name__}: {error}"
        yield by_mark, by_comparing
        file.write_bytes(sound)
        if file.suffix == ".py":
            next(found(file, prose), "")  # its module is as it was


def tried(todo: list[Change], workers: int = 2) -> list[tuple[Change, bool, str]]:
    """The changes, each with what `noticed` says of it. Each process has a copy of the course of its own."""
    with tempfile.TemporaryDirectory() as folder:
        running = []
        for n in range(workers):
            root = Path(folder).resolve() / str(n)
            for part in ("src", "seeds", "notebooks", "tests"):
                shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
            (root / "todo.json").write_text(json.dumps(todo[n::workers]), "utf-8")
            env = os.environ | {"PYTHONPATH": str(root / "src"), "PYTHONIOENCODING": "utf-8"}
            command = [sys.executable, "-m", "tests.mutate", "--copy"]
            running.append(subprocess.Popen(command, cwd=root, env=env, stdout=subprocess.PIPE, encoding="utf-8"))
        told = [[json.loads(line) for line in process.communicate()[0].splitlines()] for process in running]
    assert not any(process.returncode for process in running), "a process failed: see above"
    return [(change, *told[n % workers][n // workers]) for n, change in enumerate(todo)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutate", description=__doc__.split("\n")[0])
    parser.add_argument("number", nargs="?", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--unsigned", action="store_true", help="list what only a fingerprint notices")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--copy", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.copy:
        for answer in noticed([Change(*one) for one in json.loads(Path("todo.json").read_text("utf-8"))], Path.cwd()):
            print(json.dumps(answer), flush=True)
        return
    start = perf_counter()
    told = tried(changes(options.number, options.seed), options.workers)
    print(f"{'kind':46}{'changed':>8}{'noticed':>8}{'by comparing':>14}")
    for kind in [*KINDS, "all"]:
        of_kind = [(mark, bool(found)) for change, mark, found in told if kind in (change.kind, "all")]
        print(f"{kind:46}{len(of_kind):8}{sum(map(any, of_kind)):8}{sum(found for _, found in of_kind):14}")
    print(f"{perf_counter() - start:.0f} seconds.")
    print("\nNot noticed:", *[str(c) for c, mark, found in told if not mark and not found] or ["nothing"], sep="\n  ")
    if options.unsigned:
        print(
            "\nNoticed by a fingerprint alone:", *(str(c) for c, mark, found in told if mark and not found), sep="\n  "
        )


if __name__ == "__main__":
    main()
