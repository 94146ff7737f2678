"""The evidence: seeds/*.toml as DataFrames, and one claim as a card.

S0 to S4 are five press reports, claim by claim, in our own words; B holds the background records, each with
its address and how sure it is. Nothing here knows a lesson, a map or a table.
"""

from __future__ import annotations

import ast
import re
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from .markup import Card, Markup, long_date
from .validate import DataError, Row, course_path, problem, records

if TYPE_CHECKING:
    import pandas as pd

CLAIM_ID = re.compile(r"\b(?:S[0-4]-\d{2}|B-\d{3})\b")

Kind = Literal[
    "event", "date", "figure", "place", "institution", "proposal", "plan", "route", "priority", "relationship",
    "opinion", "person", "heading", "caption", "boilerplate", "reading", "background",
]  # fmt: skip
Confidence = Literal["confirmed-by-two", "supported-by-source", "contested", "recollection", "no-source"]

CONFIDENCE_WORDS = {
    "confirmed-by-two": "confirmed by two independent sources",
    "supported-by-source": "one source, or sources of one origin",
    "contested": "contested: sources disagree",
    "recollection": "unconfirmed: no stored source says it outright",
    "no-source": "looked for, no source found",
}


class Claim(Row):
    """One thing that one source says. `reading` claims are the course's own, drawn from other claims."""

    id: str = Field(pattern=r"^(S[0-4]-\d{2}|B-\d{3})$")
    paragraph: int | None = Field(default=None, ge=1)
    kind: Kind
    says: str = Field(min_length=1)
    value: float | int | str | None = None
    unit: str | None = None
    qualifier: str | None = None
    printed: str | None = None
    speaker: str | None = None
    voice: Literal["quoted", "retold", "reporter", "furniture", "course"] | None = None
    as_of: str | None = Field(default=None, pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")
    places: tuple[str, ...] = ()
    caveat: str | None = None
    from_: tuple[str, ...] = Field(default=(), alias="from")
    formula: str | None = None
    # background records only
    topic: str | None = None
    confidence: Confidence | None = None
    sources: tuple[str, ...] = ()
    data: dict[str, str | int | float] = {}

    @model_validator(mode="after")
    def _whole(self) -> Claim:
        if (self.value is None) != (self.unit is None):
            raise ValueError("A value needs a unit, and a unit a value: give both or neither.")
        if self.kind == "background":
            if self.paragraph is not None:
                raise ValueError("A background record has no paragraph: take it out.")
            if not (self.confidence and self.topic):
                raise ValueError("A background record needs `topic` and `confidence`.")
            if not self.sources and self.confidence not in ("no-source", "recollection"):
                raise ValueError("Name at least one source, or say confidence = 'no-source'.")
            return self
        if self.paragraph is None or self.speaker is None or self.voice is None:
            raise ValueError("A claim of a report needs `paragraph`, `speaker` and `voice`.")
        if self.kind == "reading":
            if not self.from_:
                raise ValueError('A reading names the claims that it is read from: from = ["S1-05"].')
            if (self.value is None) != (self.formula is None):
                raise ValueError('A reading\'s value is computed: give `formula` with it, as in "S1_05 / 1.65".')
        elif (self.value is None) != (self.printed is None):
            raise ValueError("A report's value needs `printed`, the figure as it stands in the text.")
        return self

    @property
    def source(self) -> str:
        return self.id.split("-")[0]

    @property
    def amount(self) -> str:
        """The value as it is written, with commas between thousands; nothing where there is none."""
        if self.value is None:
            return ""
        return f"{self.value:,}" if isinstance(self.value, (int, float)) else self.value

    @property
    def figures(self) -> str:
        """Everything in this claim that may bear out a figure in a lesson, as one text."""
        parts = [self.says, self.printed, self.as_of, self.caveat, self.formula, *map(str, self.data.values())]
        parts.append(self.amount)
        return " ".join(p for p in parts if p)


class Source(Row):
    """One document: who published it, when, and how we know."""

    id: str = Field(pattern=r"^S[0-4]$")
    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    outlet: str
    outlet_basis: str
    origin: str
    title: str
    date: date
    date_printed: bool
    date_basis: str
    paragraphs: int = Field(ge=1)
    voices: str


class Disagreement(Row):
    """Where sources differ from each other, from themselves, or from the background."""

    id: str = Field(pattern=r"^D-\d{2}$")
    title: str
    between: Literal["reports", "within a report", "report and background", "background"]
    claims: tuple[str, ...] = Field(min_length=1)
    differs: str
    might_explain: str
    real: Literal["yes", "no", "open"]


def _toml(file: Path, rows: str) -> dict:
    """A TOML file that holds a list `rows`; a DataError that names the file if it does not."""
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError([f"{file.name}: this is not TOML in UTF-8: {error}."]) from None
    except OSError as error:
        raise DataError([f"{file.name}: cannot be read ({error.strerror})."]) from None
    if not isinstance(document.get(rows), list):
        raise DataError([f"{file.name}: there are no entries here. Write each under its own line [[{rows}]]."])
    return document


@lru_cache(maxsize=1)
def _evidence() -> tuple[dict[str, Source], dict[str, Claim]]:
    """Reads and checks all of seeds/ once. Raises DataError."""
    sources: dict[str, Source] = {}
    claims: dict[str, Claim] = {}
    problems: list[str] = []
    folder = course_path("seeds")
    for file in [*sorted(folder.glob("S?.toml")), folder / "background.toml"]:
        document = _toml(file, "claim")
        rows = document.pop("claim")
        if file.name != "background.toml":
            head = records(Source, [("the head", document)], file)[0]
            if head.id != file.stem:
                raise DataError([problem(file, "the head", "id", head.id, f"In this file it is {file.stem}.")])
            sources[head.id] = head
        named = [(row.get("id", f"claim {n}"), row) for n, row in enumerate(rows, 1)]
        for n, claim in enumerate(records(Claim, named, file), 1):
            wanted = f"{head.id}-{n:02d}" if file.stem in sources else f"B-{n:03d}"
            if claim.id != wanted:
                mend = f"Ids run without gaps: this should be {wanted}."
                problems.append(problem(file, claim.id, "id", claim.id, mend))
            if claim.paragraph and claim.paragraph > head.paragraphs:
                mend = f"The document has {head.paragraphs} paragraphs."
                problems.append(problem(file, claim.id, "paragraph", claim.paragraph, mend))
            claims[claim.id] = claim
    for claim in claims.values():
        for other in claim.from_:
            if other not in claims:
                problems.append(problem(f"{claim.source}.toml", claim.id, "from", other, "There is no such claim."))
    if problems:
        raise DataError(problems)
    return sources, claims


def claim(claim_id: str) -> Claim:
    """One claim by its id. Raises DataError, naming ids that are near, where there is none."""
    claims = _evidence()[1]
    if claim_id in claims:
        return claims[claim_id]
    source = claim_id.split("-")[0]
    ids = [i for i in claims if i.startswith(source + "-")]
    hint = f"{source} has {ids[0]} to {ids[-1]}." if ids else "Ids look like S3-05 (a report) or B-012 (background)."
    raise DataError([f"There is no claim {claim_id!r}. {hint}"])


def source(source_id: str) -> Source:
    """The record of one of the five reports, S0 to S4. Raises DataError for any other."""
    reports = _evidence()[0]
    if source_id not in reports:
        raise DataError([f"There is no report {source_id!r}. There are: {', '.join(reports)}."])
    return reports[source_id]


def claims(source: str | None = None) -> pd.DataFrame:
    """The claims of one source ("S0" to "S4", or "B" for the background), or of all.

    Columns: id (the index), paragraph, kind, says, value, unit, qualifier, printed, speaker, voice, as_of,
    places, caveat, topic, confidence. `value` is as the source has it, in `unit`; a blank means not given.
    Facts: seeds/*.toml. Raises DataError if a seed file is not in order, or for a source that there is not.
    """
    import pandas as pd

    if source not in (None, "B", *_evidence()[0]):
        raise DataError(
            [f"There is no source {source!r}. There are: {', '.join(_evidence()[0])}, and B for the background."]
        )
    columns = ["id", "paragraph", "kind", "says", "value", "unit", "qualifier", "printed", "speaker", "voice",
               "as_of", "places", "caveat", "topic", "confidence"]  # fmt: skip
    rows = [c.model_dump() for c in _evidence()[1].values() if source in (None, c.source)]
    frame = pd.DataFrame(rows, columns=columns).set_index("id")
    frame["paragraph"] = frame["paragraph"].astype("Int64")
    return frame


def reported() -> pd.DataFrame:
    """What the five reports themselves say: `claims()` without the background and without the course's readings."""
    return claims().query("kind not in ('background', 'reading')")


def sources() -> pd.DataFrame:
    """The five reports. Columns: id (the index), outlet, date, date_printed, title, paragraphs, claims (a count).

    Facts: the heads of seeds/S0.toml to S4.toml; how each date was worked out stands there as `date_basis`.
    """
    import pandas as pd

    reports, all_claims = _evidence()
    rows = [
        {"id": s.id, "outlet": s.outlet, "date": pd.Timestamp(s.date), "date_printed": s.date_printed,
         "title": s.title, "paragraphs": s.paragraphs,
         "claims": sum(c.source == s.id for c in all_claims.values())}
        for s in reports.values()
    ]  # fmt: skip
    return pd.DataFrame(rows).set_index("id")


def disagreements() -> pd.DataFrame:
    """Where the sources differ. Columns: id (the index), title, between, claims, differs, might_explain, real.

    `real` says whether the difference stays once both sides are read with care: yes, no or open.
    Facts: seeds/disagreements.toml. Raises DataError, also for a claim that does not exist.
    """
    import pandas as pd

    file = course_path("seeds") / "disagreements.toml"
    rows = _toml(file, "disagreement")["disagreement"]
    found = records(Disagreement, ((r.get("id", f"entry {n}"), r) for n, r in enumerate(rows, 1)), file)
    known = _evidence()[1]
    lost = [
        problem(file, d.id, "claims", i, "There is no such claim.") for d in found for i in d.claims if i not in known
    ]
    if lost:
        raise DataError(lost)
    return pd.DataFrame([d.model_dump() for d in found]).set_index("id")


def derived(claim_id: str) -> float:
    """The value of a reading, worked out afresh from its `formula` (claim ids with _ for -, numbers, + - * /)."""

    def walk(node: ast.expr) -> float:
        match node:
            case ast.BinOp(left, op, right):
                a, b = walk(left), walk(right)
                match op:
                    case ast.Add():
                        return a + b
                    case ast.Sub():
                        return a - b
                    case ast.Mult():
                        return a * b
                    case ast.Div():
                        return a / b
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.Name(id=name):
                return float(claim(name.replace("_", "-")).value)
        raise DataError([f"{claim_id}: the formula may hold claim ids, numbers and + - * / ( ) only."])

    return walk(ast.parse(claim(claim_id).formula, mode="eval").body)


def said_on(c: Claim) -> str:
    """The date of the report that a claim stands in, as 2025-06-12; nothing for a background record."""
    return "" if c.kind == "background" else source(c.source).date.isoformat()


def where(c: Claim) -> str:
    """Who says a claim, and where it stands, in one plain sentence part."""
    if c.kind == "background":
        return f"Background record on {c.topic}; {CONFIDENCE_WORDS[c.confidence]}"
    report = source(c.source)
    said = {"quoted": f"{c.speaker}, quoted", "retold": f"{c.speaker}, as retold by the report",
            "reporter": "the report in its own voice", "furniture": "the page around the report",
            "course": "a reading by this course"}[c.voice]  # fmt: skip
    return f"{said[0].upper()}{said[1:]}; {report.outlet}, {long_date(report.date)}, paragraph {c.paragraph}"


def cite(claim_id: str) -> Card:
    """One claim as a card: what is said, by whom, where it stands, and what to be careful about."""
    c = claim(claim_id)
    lines = [("Who says it", where(c))]
    if c.value is not None:
        lines.append(("Figure", " ".join(p for p in (c.qualifier, c.amount, c.unit) if p)))
    if c.as_of:
        lines.append(("As of", c.as_of))
    if c.from_:
        lines.append(("Read from", ", ".join(c.from_)))
    if c.formula:
        lines.append(("Worked out as", c.formula))
    if c.caveat:
        lines.append(("Careful", c.caveat))
    if c.sources:
        lines.append(("Sources", Markup("<br> ").join(c.sources)))
    return Card(c.id, c.says, tuple(lines))
