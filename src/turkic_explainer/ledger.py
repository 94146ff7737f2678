"""The evidence: seeds/*.toml as DataFrames, and one claim as a card.

S0 to S4 are five press reports, claim by claim, in our own words; B holds the background records, each with
its address and how sure it is. Nothing here knows a lesson, a map or a table.
"""

import ast
import operator
import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from .description import described
from .markup import ADDRESS, Card, host, long_date, month, spelled
from .rows import records
from .validate import DataError, Unknown, course_path, problem, read_toml, short

CLAIM_ID = re.compile(r"\b(?:S[0-4]-\d{2}|[BL]-\d{3})\b")
_RECORDS = {"B": "background", "L": "local"}  # that are no report's; a teacher's own stand in her seeds/local.toml

CONFIDENCE_WORDS, _VOICES = (described()["claim"]["fields"][field]["words"] for field in ("confidence", "voice"))
_SIGNS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


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
    for letter, name in _RECORDS.items():
        file = course_path("seeds") / f"{name}.toml"
        if letter != "L" or file.exists():
            yield letter, file


@lru_cache(maxsize=1)
def _evidence() -> tuple[dict[str, Source], dict[str, Claim]]:
    """Reads and checks all of seeds/ once. Raises DataError."""
    heads, rows, wanted = [], [], []
    for source, file in _files():
        head, report = _entries(file, "claim"), source not in _RECORDS
        for n, row in enumerate(head.pop("claim"), 1):
            rows.append((f"{file.name}, {short(row.get('id', f'claim {n}'))}", row))
            wanted.append(f"{source}-{n:0{2 if report else 3}d}")
        heads += [(f"{file.name}, the head", head)] if report else []
    sources, claims, problems = {}, {}, []
    for (place, _), head in zip(heads, records("source", heads), strict=True):
        report = place.split(".")[0]
        sources[report] = Source(**head)
        if head["id"] != report:
            problems.append(problem(place, "id", head["id"], f"In this file it is {report}."))
    for (place, _), number, row in zip(rows, wanted, records("claim", rows), strict=True):
        claim = claims[number] = Claim(from_=row.pop("from"), **row)
        if claim.id != number:
            problems.append(problem(place, "id", claim.id, f"Ids run without gaps: this should be {number}."))
        if claim.paragraph and claim.paragraph > (last := sources[number[:2]].paragraphs):
            problems.append(problem(place, "paragraph", claim.paragraph, f"The document has {last} paragraphs."))
        try:
            claim.statements()
        except (ValueError, IndexError, AttributeError):
            problems.append(problem(place, "parts", claim.parts, described()["claim"]["fields"]["parts"]["mend"]))
    cited = zip((place for place, _ in rows), (claim.from_ for claim in claims.values()), strict=True)
    if problems := problems + _lost("from", cited, claims):
        raise DataError(problems)
    rests = {c.id: {*c.from_, *CLAIM_ID.findall((c.formula or "").replace("_", "-"))} for c in claims.values()}
    try:
        TopologicalSorter(rests).prepare()
    except CycleError as error:
        place = next(place for (place, _), number in zip(rows, wanted, strict=True) if number == error.args[1][0])
        mend = "These claims are read from each other, in a circle: let one of them rest on something else."
        raise DataError([problem(place, "from", ", ".join(error.args[1]), mend)]) from None
    return sources, claims


def _lost(field: str, cited: Iterable[tuple[str, Iterable[str]]], claims: Container[str]) -> list[str]:
    """What is to be told of ids that stand in this field at these places and are no claims."""
    lost = [(place, claim_id) for place, ids in cited for claim_id in ids if claim_id not in claims]
    return [problem(place, field, claim_id, "There is no such claim.") for place, claim_id in lost]


def claim(claim_id: str) -> Claim:
    """One claim by its id. Raises DataError, naming ids that are near, where there is none."""
    claims = _evidence()[1]
    if isinstance(claim_id, str) and claim_id in claims:
        return claims[claim_id]
    source = str(claim_id).split("-")[0].upper()
    ids = [i for i in claims if i.startswith(source + "-")]
    hint = f"{source} has {ids[0]} to {ids[-1]}." if ids else "Ids look like S3-05 (a report) or B-012 (background)."
    bare = re.sub("-0+", "-", str(claim_id).upper())  # S0-5 or s0-05 for S0-05
    raise Unknown("claim", claim_id, [i for i in ids if re.sub("-0+", "-", i) == bare], hint)


def source(source_id: str) -> Source:
    """The record of one of the five reports, S0 to S4. Raises DataError for any other."""
    reports = _evidence()[0]
    if not isinstance(source_id, str) or source_id not in reports:
        raise Unknown("report", source_id, reports)
    return reports[source_id]


def claims(source: str | None = None) -> pd.DataFrame:
    """The claims of one source ("S0" to "S4", "B" for the background, or "L" for a teacher's own), or of all.

    Columns: id (the index), source, paragraph, kind, says, value, unit, qualifier, printed, speaker, voice, as_of,
    places, caveat, topic, confidence. `value` is as the source has it, in `unit`; a blank means not given.
    Facts: seeds/*.toml. Raises DataError if a seed file is not in order, or for a source that there is not.
    """
    reports, every = _evidence()
    if source not in (None, *_RECORDS, *reports):
        raise Unknown("source", source, reports, f"There are: {', '.join(reports)}, and B for the background.")
    rows = [{"source": c.source} | vars(c) for c in every.values() if source in (None, c.source)]
    hidden = ["from_", "formula", "parts", "searched", "languages", "ownership", "sources", "data", "note"]
    return pd.DataFrame(rows).set_index("id").drop(columns=hidden).astype({"paragraph": "Int64"})


def reported() -> pd.DataFrame:
    """What the five reports themselves say: `claims()` without the background and without the course's readings."""
    return claims().query("kind not in ('background', 'reading')")


def sources() -> pd.DataFrame:
    """The five reports. Columns: id (the index), outlet, date, date_printed (yes or no), title, paragraphs, claims (a count).

    Facts: the heads of seeds/S0.toml to S4.toml; how each date was worked out stands there as `date_basis`.
    """
    reports, every = _evidence()
    frame = pd.DataFrame(map(vars, reports.values())).assign(date=lambda rows: pd.to_datetime(rows["date"]))
    frame["date_printed"] = frame["date_printed"].map({True: "yes", False: "no"})  # as it is shown, so it is asked for
    frame["claims"] = frame["id"].map(pd.Series([c.source for c in every.values()]).value_counts())
    return frame.set_index("id")[["outlet", "date", "date_printed", "title", "paragraphs", "claims"]]


def disagreements() -> pd.DataFrame:
    """Where the sources differ. Columns: id (the index), title, between, claims, differs, might_explain, real.

    `real` says whether the difference stays once both sides are read with care: yes, no or open.
    Facts: seeds/disagreements.toml. Raises DataError, also for a claim that does not exist.
    """
    return pd.DataFrame(_disagreements()).set_index("id")


@lru_cache(maxsize=1)
def _disagreements() -> list[dict]:
    file = course_path("seeds") / "disagreements.toml"
    entries = _entries(file, "disagreement")["disagreement"]
    rows = [(f"{file.name}, {short(entry.get('id', f'entry {n}'))}", entry) for n, entry in enumerate(entries, 1)]
    found = records("disagreement", rows)
    cited = [(place, row["claims"]) for (place, _), row in zip(rows, found, strict=True)]
    if lost := _lost("claims", cited, _evidence()[1]):
        raise DataError(lost)
    return found


def derived(claim_id: str) -> float:
    """The value of a reading, worked out afresh from its `formula` (claim ids with _ for -, numbers, + - * /)."""

    def walk(node: ast.expr) -> float:
        match node:
            case ast.BinOp(left, op, right) if type(op) in _SIGNS:
                return _SIGNS[type(op)](walk(left), walk(right))
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.Name(id=name):
                return float(claim(name.replace("_", "-")).value)
        raise DataError([f"{claim_id}: the formula may hold claim ids, numbers and + - * / ( ) only."])

    try:
        return walk(ast.parse(claim(claim_id).formula, mode="eval").body)
    except DataError:
        raise
    except Exception as error:  # a formula that is none, a division by nothing, a claim without a figure
        told = f"{type(error).__name__}: {short(str(error))}"
        raise DataError([f"{claim_id}: its formula gives nothing ({told}). Correct it."]) from None


def said_on(c: Claim) -> str:
    """The date of the report that a claim stands in, as 2025-06-12; nothing for a background record."""
    return "" if c.kind == "background" else source(c.source).date.isoformat()


def page_of(claim_id: str) -> str:
    """Where a claim is read, seen from the lessons: in a text that `refresh` writes, under a heading of its own."""
    return f"evidence/{_RECORDS.get(claim_id[0], claim_id[:2])}.md#{claim_id}"


def named(source_id: str) -> str:
    """A source by what it is: The Astana Times, July 2024; or background record, for B, and local record, for L."""
    if source_id in _RECORDS:
        return f"{_RECORDS[source_id]} record"
    return f"{source(source_id).outlet}, {month(source(source_id).date.isoformat())}"


def where(c: Claim) -> str:
    """Who says a claim, and where it stands, in one plain sentence part."""
    if c.kind == "background":
        return f"{named(c.source).capitalize()} on {c.topic}; {CONFIDENCE_WORDS[c.confidence]}"
    report, who = source(c.source), _VOICES[c.voice].format(c.speaker)
    return f"{who[0].upper()}{who[1:]}; {report.outlet}, {long_date(report.date)}, paragraph {c.paragraph}"


def sure(c: Claim) -> str:
    """How sure a background record is, and whose outlets it rests on where it rests on two sources or more; else nothing."""
    owned = f". {c.ownership}" if c.ownership and c.confidence == "confirmed-by-two" else ""
    return CONFIDENCE_WORDS[c.confidence] + owned if c.confidence else ""


def searched(c: Claim) -> str:
    """When and in which languages a record was last searched for, in words; nothing where that was not kept."""
    return f"{long_date(c.searched)}, in {', '.join(c.languages)}" if c.searched else ""


def told(c: Claim) -> dict[str, tuple[str, ...]]:
    """All that is told of a claim below what it says, by headings: each one text, or one for each source."""
    figure = " ".join(filter(None, (c.qualifier, c.amount, c.unit)))
    lines = {
        "Who says it": where(c),
        "Figure": figure if c.amount and "ordinal" not in c.unit else "",
        "As of": spelled(c.as_of) if c.as_of and c.as_of != said_on(c) else "",
        "Read from": ", ".join(c.from_),
        "Worked out as": (c.formula or "").replace("_", "-"),
        "Careful": c.caveat,
        "Searched": searched(c),
        "Who owns what it rests on": c.ownership,
        "Not all of it is as sure": tuple(f"“{said}”: {_part(word, which)}" for said, word, which in c.statements()),
        "Sources": c.sources,
    }
    return {head: said if isinstance(said, tuple) else (said,) for head, said in lines.items() if said}


def _part(word: str, which: tuple[str, ...]) -> str:
    """How sure a part is, and where it stands."""
    hosts = dict.fromkeys(host(address[0]) for line in which if (address := ADDRESS.search(line)))
    return CONFIDENCE_WORDS[word] + (f" ({', '.join(hosts)})" if hosts else "")


def cite(claim_id: str) -> Card:
    """One claim as a card: what is said, by whom, where it stands, what to be careful about, and its sources as links."""
    c = claim(claim_id)
    return Card(f"{c.id} · {named(c.source)}", c.says, tuple(told(c).items()))
