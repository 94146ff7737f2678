"""The evidence as it is stored: seeds/*.toml, read and checked once. Nothing here knows a lesson, a map or a table."""

import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import SimpleNamespace

from .description import described
from .rows import records
from .validate import DataError, course_path, problem, read_toml, short

CLAIM_ID = re.compile(r"\b(?:S[0-4]-\d{2}|[BL]-\d{3})\b")
RECORDS = {"B": "background", "L": "local"}  # that are no report's; a teacher's own stand in her seeds/local.toml
CONFIDENCE_WORDS = described()["claim"]["fields"]["confidence"]["words"]


class Claim(SimpleNamespace):
    """One thing that one source says; its fields are [claim] in data/tables.toml, with `from_` for `from`.

    Claims of kind `reading` are the course's own, drawn from other claims.
    """

    @property
    def source(self) -> str:
        return self.id.split("-")[0]

    @property
    def amount(self) -> str:
        """The value as it is written, with commas between thousands; nothing where there is none."""
        return f"{self.value:,}" if isinstance(self.value, (int, float)) else self.value or ""

    def statements(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Its parts that have a certainty of their own: the passage, the word for how sure, the sources that have it.

        Raises ValueError where a word or a number in `parts` is none.
        """
        found = []
        for passage, (word, *numbers) in ((passage, sure.split()) for passage, sure in self.parts.items()):
            if passage not in self.says or word not in CONFIDENCE_WORDS or word == self.confidence or "0" in numbers:
                raise ValueError(passage)
            found.append((passage, word, tuple(self.sources[int(number) - 1] for number in numbers)))
        return found

    @property
    def figures(self) -> str:
        """Everything in this claim that may bear out a figure in a lesson, as one text."""
        parts = [self.says, self.printed, self.as_of, self.caveat, self.formula, *map(str, self.data.values())]
        return " ".join(filter(None, [*parts, self.amount]))


class Source(SimpleNamespace):
    """One document: who published it, when, and how we know. Its fields are [source] in data/tables.toml."""


def _entries(file: Path, rows: str) -> dict:
    """A TOML file that holds a list `rows`; a DataError that names the file if it does not."""
    document = read_toml(file)
    entries = document.get(rows)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DataError([f"{file.name}: there are no entries here. Write each under its own line [[{rows}]]."])
    return document


def _files() -> Iterator[tuple[str, Path]]:
    """The files of the evidence, by what the ids of their claims begin with."""
    for file in sorted(course_path("seeds").glob("S?.toml")):
        yield file.stem, file
    for letter, name in RECORDS.items():
        file = course_path("seeds") / f"{name}.toml"
        if letter != "L" or file.exists():
            yield letter, file


@lru_cache(maxsize=1)
def evidence() -> tuple[dict[str, Source], dict[str, Claim]]:
    """Reads and checks all of seeds/ once. Raises DataError."""
    heads, rows, wanted = [], [], []
    for source, file in _files():
        head, report = _entries(file, "claim"), source not in RECORDS
        for n, row in enumerate(head.pop("claim"), 1):
            rows.append((f"{file.name}, {short(row.get('id', f'claim {n}'))}", row))
            wanted.append(f"{source}-{n:0{2 if report else 3}d}")
        heads += [(f"{file.name}, the head", head)] if report else []
    sources, claims, places, problems = {}, {}, {}, []
    for place, head in records("source", heads):
        report = place.split(".")[0]
        sources[report] = Source(**head)
        if head["id"] != report:
            problems.append(problem(place, "id", head["id"], f"In this file it is {report}."))
    for (place, row), number in zip(records("claim", rows), wanted, strict=True):
        places[number] = place
        claim = claims[number] = Claim(from_=row.pop("from"), **row)
        if claim.id != number:
            problems.append(problem(place, "id", claim.id, f"Ids run without gaps: this should be {number}."))
        if claim.paragraph and claim.paragraph > (last := sources[number[:2]].paragraphs):
            problems.append(problem(place, "paragraph", claim.paragraph, f"The document has {last} paragraphs."))
        try:
            claim.statements()
        except (ValueError, IndexError, AttributeError):
            problems.append(problem(place, "parts", claim.parts, described()["claim"]["fields"]["parts"]["mend"]))
    cited = ((places[number], claim.from_) for number, claim in claims.items())
    if problems := problems + _lost("from", cited, claims):
        raise DataError(problems)
    rests = {c.id: {*c.from_, *CLAIM_ID.findall((c.formula or "").replace("_", "-"))} for c in claims.values()}
    try:
        TopologicalSorter(rests).prepare()
    except CycleError as error:
        mend = "These claims are read from each other, in a circle: let one of them rest on something else."
        raise DataError([problem(places[error.args[1][0]], "from", ", ".join(error.args[1]), mend)]) from None
    return sources, claims


def _lost(field: str, cited: Iterable[tuple[str, Iterable[str]]], claims: Container[str]) -> list[str]:
    """What is to be told of ids that stand in this field at these places and are no claims."""
    lost = [(place, claim_id) for place, ids in cited for claim_id in ids if claim_id not in claims]
    return [problem(place, field, claim_id, "There is no such claim.") for place, claim_id in lost]


@lru_cache(maxsize=1)
def disagreements() -> list[dict]:
    """Where the sources differ, read and checked once. Raises DataError."""
    file = course_path("seeds") / "disagreements.toml"
    entries = _entries(file, "disagreement")["disagreement"]
    rows = [(f"{file.name}, {short(entry.get('id', f'entry {n}'))}", entry) for n, entry in enumerate(entries, 1)]
    found = records("disagreement", rows)
    if lost := _lost("claims", ((place, row["claims"]) for place, row in found), evidence()[1]):
        raise DataError(lost)
    return [row for _, row in found]
