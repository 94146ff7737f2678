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
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import reload
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LESSONS, DATA = "src/turkic_explainer/lessons/lesson*", "src/turkic_explainer/data"
PARTS = {  # whom a spoilt course has in the place of somebody or something else
    **{name: rest for names in ("Kazakhstan Uzbekistan Azerbaijan Hungary Kyrgyzstan Türkiye Turkmenistan", "Tokayev Erdoğan Aliyev Mirziyoyev",
       "Astana Baku Ankara Shusha Turkistan Gabala") for name in names.split() for rest in [names.split()]},
}  # fmt: skip
NUMBERS = "two three four five six seven eight nine ten".split()
ID = re.compile(r"\b(?:S[0-4]-\d\d|B-\d{3})\b")
IDS = [
    i
    for file in sorted(ROOT.glob("seeds/*.toml"))
    for i in re.findall(rf'^id = "({ID.pattern})"', file.read_text("utf-8"), re.M)
]

# --- how a text is spoilt: each takes a text, and gives another one, or none where it has nothing to spoil -----------


def _one(pattern: str, put: Callable[[re.Match, random.Random], str]) -> Callable[[str, random.Random], str | None]:
    """Spoils one of the places that a pattern finds."""

    def spoil(text: str, chance: random.Random) -> str | None:
        places = [*re.finditer(pattern, text)]
        if not places:
            return None
        place = chance.choice(places)
        return f"{text[: place.start()]}{put(place, chance)}{text[place.end() :]}"

    return spoil


def _digit(place: re.Match, chance: random.Random) -> str:
    figure = place[0]
    at = chance.choice([n for n, letter in enumerate(figure) if letter.isdigit()])
    return figure[:at] + chance.choice([d for d in "123456789" if d != figure[at]]) + figure[at + 1 :]


def _another(place: re.Match, chance: random.Random) -> str:
    """Another claim of the same source, near this one or not."""
    return chance.choice([one for one in IDS if one.split("-")[0] == place[0].split("-")[0] and one != place[0]])


figure = _one(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?![\w-]| minutes)(?![^(\[{`]*[)\]}`])", _digit)
any_digit = _one(r"\d+", _digit)
word = _one(rf"\b(?:{'|'.join(NUMBERS)})\b", lambda p, chance: chance.choice([n for n in NUMBERS if n != p[0]]))
no = _one(
    r"\b(is|are|was|were|has|had|can|will|did|does)( not)?\b(?=[^)\]]*(?:[(\[]|$))",
    lambda p, _: p[1] + " not" * (not p[2]),
)
name = _one(rf"\b(?:{'|'.join(PARTS)})\b", lambda p, chance: chance.choice([n for n in PARTS[p[0]] if n != p[0]]))
claim = _one(ID.pattern, _another)
real = _one(r"yes|no|open", lambda p, chance: chance.choice([n for n in ("yes", "no", "open") if n != p[0]]))
confidence = _one(r"[a-z-]+", lambda p, _: "supported-by-source" if p[0] == "confirmed-by-two" else "confirmed-by-two")


def cited(text: str, chance: random.Random) -> str | None:
    """Another claim, and the link leads to it."""
    places = [place for place in re.finditer(r"\[([SB]\d?-\d+)\]\((evidence/\w+\.md)#\1\)", text)]
    if not places:
        return None
    place = chance.choice(places)
    other = _another(ID.match(place[1]), chance)
    return f"{text[: place.start()]}[{other}]({place[2]}#{other}){text[place.end() :]}"


def moved(text: str, chance: random.Random) -> str:
    """The [x] at another answer."""
    right, others = text.index("[x]"), [place.start() for place in re.finditer(r"\[ \]", text)]
    letters = [*text.replace("[x]", "[ ]", 1)]
    at = chance.choice([place for place in others if place != right])
    letters[at + 1] = "x"
    return "".join(letters)


def swapped(text: str, _: random.Random) -> str:
    """The first look-up for the last, and the last for the first."""
    return re.sub(r"(?s)^({{.*?}})(.*)({{.*?}})$", r"\3\2\1", text)


# --- which facts: files, a pattern whose group is the fact, and how it is spoilt --------------------------------------

CLAIMS, QUESTIONS, SHOWN = "seeds/[SB]?.toml seeds/background.toml", f"{LESSONS}/questions.md", f"{LESSONS}/shown.toml"
PROSE, NOTEBOOKS = r"(?s)^(?!#)(.+)$", "notebooks/[0-9]*.ipynb"
ANSWERS = r"(?m)((?:^- \[[ xX]\].*\n(?:^  .*\n)+){2,})"
KINDS: dict[str, tuple[str, str, Callable]] = {
    "prose: a figure": (NOTEBOOKS, PROSE, figure),
    "prose: a number word": (NOTEBOOKS, PROSE, word),
    "prose: another claim cited": (NOTEBOOKS, PROSE, cited),
    "prose: a not": (NOTEBOOKS, PROSE, no),
    "prose: a name": (NOTEBOOKS, PROSE, name),
    "question: the right answer": (QUESTIONS, ANSWERS, moved),
    "question: a figure in it": (QUESTIONS, r"(?m)^((?!Claims|Unsourced)[A-Z].*)$", figure),
    "question: a figure in an answer or a reason": (QUESTIONS, r"(?m)^(?:  |- \[.\] )(.*)$", figure),
    "question: a not": (QUESTIONS, r"(?m)^(?:  |- \[.\] )(.*)$", no),
    "question: a claim it names": (QUESTIONS, r"(?m)^Claims: (.*)$", claim),
    "exercise: a hint": (QUESTIONS, r"(?m)^\d\. (.*)$", lambda t, c: figure(t, c) or no(t, c) or word(t, c)),
    "exercise: the right answer": (QUESTIONS, r"(?s)\nRight: ({{(?:(?!\n# ).)*?\n- {{.*?}})", swapped),
    "exercise: how it is worked out": (f"{LESSONS}/figures.py", r"(?m)^    (?!\"\"\")(.*)$", any_digit),
    "claim: value": (CLAIMS, r"(?m)^value = (.*)$", any_digit),
    "claim: printed": (CLAIMS, r"(?m)^printed = (.*)$", lambda t, c: any_digit(t, c) or word(t, c)),
    "claim: says, a figure": (CLAIMS, r'(?m)^says = "(.*)"$', figure),
    "claim: says, a not": (CLAIMS, r'(?m)^says = "(.*)"$', no),
    "claim: says, a name": (CLAIMS, r'(?m)^says = "(.*)"$', name),
    "claim: as_of": (CLAIMS, r'(?m)^as_of = "(.*)"$', any_digit),
    "claim: caveat": (CLAIMS, r'(?m)^caveat = "(.*)"$', lambda t, c: figure(t, c) or no(t, c)),
    "claim: confidence": (CLAIMS, r'(?m)^confidence = "(.*)"$', confidence),
    "claim: a source": (CLAIMS, r'(?m)^  "(http.*)",$', any_digit),
    "claim: data": (CLAIMS, r"(?m)^data = (.*)$", any_digit),
    "disagreement: its claims": ("seeds/disagreements.toml", r"(?m)^claims = (.*)$", claim),
    "disagreement: what differs": ("seeds/disagreements.toml", r'(?m)^differs = "(.*)"$', lambda t, c: figure(t, c) or no(t, c)),
    "disagreement: real": ("seeds/disagreements.toml", r'(?m)^real = "(.*)"$', real),
    "word list": (f"{DATA}/words.csv", r"(?m)^(?!word,)(.*)$", lambda t, c: name(t, c) or no(t, c) or word(t, c) or any_digit(t, c)),
    "table: a coordinate": (f"{DATA}/places.csv {DATA}/stops.csv", r"(?m),(\d+\.\d+),", any_digit),
    "table: a number": (f"{DATA}/*.csv", r"(?m)^(?!\w+,\w+,)(.*)$", _one(r"(?<=,)\d[\d.-]*(?=,)", _digit)),
    "table: a claim": (f"{DATA}/*.csv", r"(?m)^(.*)$", claim),
    "table: a name": (f"{DATA}/*.csv", r"(?m)^(.*)$", name),
    "caption or label": (SHOWN, r'(?m)^(?:\w+ = "(?=.* ))?([^"=\n]{25,}?)\\?"*$', lambda t, c: no(t, c) or word(t, c) or figure(t, c) or name(t, c)),
    "pane": (f"{LESSONS}/*.html.j2", r"(?m)>([^<{}]{12,})<", lambda t, c: no(t, c) or name(t, c) or _one(r"\b[a-z]{4,}\b", lambda p, _: "never")(t, c)),
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
        first = next((n for n, (a, b) in enumerate(zip(self.old, self.new, strict=False)) if a != b), 0)
        cut = max(first - 25, 0)
        return f"{self.kind}: {self.file.removeprefix('src/turkic_explainer/')}: {self.old[cut : first + 25]!r} -> {self.new[cut : first + 25]!r}"

    def put(self, root: Path) -> None:
        """Spoils the file in a copy of the course."""
        file, text = root / self.file, (root / self.file).read_text("utf-8")
        notebook = json.loads(text) if self.cell is not None else None
        whole = "".join(notebook["cells"][self.cell]["source"]) if notebook else text
        whole = whole[: self.at] + self.new + whole[self.at + len(self.old) :]
        if notebook:
            notebook["cells"][self.cell]["source"] = whole
            whole = json.dumps(notebook, ensure_ascii=False)
        file.write_text(whole, "utf-8")


def facts(kind: str, root: Path = ROOT) -> Iterator[tuple[str, int | None, re.Match]]:
    """The places where facts of a kind stand."""
    globs, pattern, _ = KINDS[kind]
    for file in sorted(file for glob in globs.split() for file in root.glob(glob)):
        path, texts = file.relative_to(root).as_posix(), [(None, file.read_text("utf-8"))]
        if file.suffix == ".ipynb":
            cells = json.loads(texts[0][1])["cells"]
            texts = [(n, "".join(cell["source"])) for n, cell in enumerate(cells) if cell["cell_type"] == "markdown"]
        yield from ((path, cell, match) for cell, text in texts for match in re.finditer(pattern, text))


def changes(number: int, seed: int = 0) -> list[Change]:
    """So many changes, as evenly over all kinds as there are facts of them, no fact twice."""
    made: dict[str, list[Change]] = {}
    for kind, (_, _, spoil) in KINDS.items():
        chance, made[kind] = random.Random(f"{seed} {kind}"), []
        places = [*facts(kind)]
        chance.shuffle(places)
        for path, cell, match in places:
            new = spoil(match[1], chance)
            if new is not None and new != match[1]:
                made[kind].append(Change(kind, path, cell, match.start(1), match[1], new))
            if len(made[kind]) * len(KINDS) >= 2 * number + len(KINDS):
                break
    rounds = [of_kind[n] for n in range(number) for of_kind in made.values() if n < len(of_kind)]
    return rounds[:number]


# --- whether it is noticed: in the copy, whose package is the one that is imported --------------------------------------


def noticed(todo: list[Change], root: Path) -> Iterator[tuple[bool, str]]:
    """Of each change whether what was signed off notices it, and the first thing that a comparison finds."""
    from turkic_explainer.files import lesson_files, read
    from turkic_explainer.press import checks, signoff

    from .conftest import forget

    assert Path(signoff.__file__).is_relative_to(root), "this is not the copy's own package"
    there, known = signoff.files(), signoff.signed()
    names = {file: name for name, file in there.items()}
    prose = {file: [c for c in read(file).cells if c.cell_type == "markdown"] for file in lesson_files()}

    def found(changed: Path) -> Iterator[str]:
        """What the check finds that has to do with this file. The words and the texts of a lesson decide nothing elsewhere."""
        of_lesson = changed.parent.name.removeprefix("lesson") if changed.parent.parent.name == "lessons" else ""
        if changed.suffix == ".py":
            reload(sys.modules[f"turkic_explainer.lessons.lesson{of_lesson}.figures"])
        if changed.suffix in (".toml", ".csv"):
            yield from checks.check_facts() or [*checks.miscomputed(), *checks.agree.facts(checks.figures)]
        if changed.suffix == ".ipynb":
            notebook = read(changed)
            yield from checks.check_time(notebook, changed) if "lesson" in notebook.metadata["turkic"] else ()
            cells = {changed: [cell for cell in notebook.cells if cell.cell_type == "markdown"]}
        else:
            cells = prose if changed.parent.name == "seeds" else {}
        for file, of_file in cells.items():
            for cell in of_file:
                yield from checks.check_prose(cell, file)
        everywhere = checks.lessons.numbers() if changed.suffix != ".ipynb" and changed.name != "words.csv" else ()
        for number in [of_lesson] if of_lesson else everywhere:
            yield from checks.check_declared(number)
            yield from checks.check_questions(number)

    for file in (
        lesson_files()[0],
        root / "seeds" / "S0.toml",
    ):  # the second looks at everything, and loads all modules
        assert not [*found(file)], "the course is not in order before anything is changed"
    assert not [*signoff.check_signed()], "not everything is signed off"
    for change in todo:
        file = root / change.file
        sound = file.read_bytes()
        change.put(root)
        forget()
        try:
            by_mark = bool(signoff.changes(names[file], file, known[names[file]]))
        except signoff.DataError:
            by_mark = True  # it cannot be read, which the check says
        try:
            by_comparing = next(found(file), "")
        except Exception as error:  # a function of a lesson that gives up
            by_comparing = f"{type(error).__name__}: {error}"
        yield by_mark, by_comparing
        file.write_bytes(sound)
        if file.suffix == ".py":
            next(found(file), "")  # its module is as it was


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
    assert all(process.returncode == 0 for process in running), "a process failed: see above"
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
    for kind, all_ in [*Counter(change.kind for change, *_ in told).items(), ("all", len(told))]:
        of_kind = [answer for change, *answer in told if kind in (change.kind, "all")]
        either, compared = sum(mark or bool(found) for mark, found in of_kind), sum(bool(found) for _, found in of_kind)
        print(f"{kind:46}{all_:8}{either:8}{compared:14}")
    print(f"{perf_counter() - start:.0f} seconds.")
    lost = [str(change) for change, mark, found in told if not mark and not found]
    print("\nNot noticed:", *lost or ["nothing"], sep="\n  ")
    if options.unsigned:
        print(
            "\nNoticed by a fingerprint alone:", *(str(c) for c, mark, found in told if mark and not found), sep="\n  "
        )


if __name__ == "__main__":
    main()
