"""The evidence: claims and sources one by one and as DataFrames, what is said of a claim, and one claim as a card.

S0 to S4 are five press reports, claim by claim, in our own words; B holds the background records, each with
its address and how sure it is. Nothing here knows a lesson, a map or a table.
"""

import ast
import operator
import re
from collections.abc import Iterable

import pandas as pd

from . import seeds
from .description import described
from .markup import ADDRESS, Card, host, long_date, month, spelled
from .seeds import CLAIM_ID as CLAIM_ID  # for those who import it from here
from .seeds import CONFIDENCE_WORDS, RECORDS, Claim, Source, evidence
from .validate import DataError, Unknown, short

_VOICES = described()["claim"]["fields"]["voice"]["words"]
_SIGNS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def claim(claim_id: str) -> Claim:
    """One claim by its id. Raises DataError, naming ids that are near, where there is none."""
    claims = evidence()[1]
    if isinstance(claim_id, str) and claim_id in claims:
        return claims[claim_id]
    source = str(claim_id).split("-")[0].upper()
    ids = [i for i in claims if i.startswith(source + "-")]
    hint = f"{source} has {ids[0]} to {ids[-1]}." if ids else "Ids look like S3-05 (a report) or B-012 (background)."
    bare = re.sub("-0+", "-", str(claim_id).upper())  # S0-5 or s0-05 for S0-05
    raise Unknown("claim", claim_id, [i for i in ids if re.sub("-0+", "-", i) == bare], hint)


def source(source_id: str) -> Source:
    """The record of one of the five reports, S0 to S4. Raises DataError for any other."""
    reports = evidence()[0]
    if not isinstance(source_id, str) or source_id not in reports:
        raise Unknown("report", source_id, reports)
    return reports[source_id]


def claims(source: str | None = None) -> pd.DataFrame:
    """The claims of one source ("S0" to "S4", "B" for the background, or "L" for a teacher's own), or of all.

    Columns: id (the index), source, paragraph, kind, says, value, unit, qualifier, printed, speaker, voice, as_of,
    places, caveat, topic, confidence. `value` is as the source has it, in `unit`; a blank means not given.
    Facts: seeds/*.toml. Raises DataError if a seed file is not in order, or for a source that there is not.
    """
    reports, every = evidence()
    if source not in (None, *RECORDS, *reports):
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
    reports, every = evidence()
    frame = pd.DataFrame(map(vars, reports.values())).assign(date=lambda rows: pd.to_datetime(rows["date"]))
    frame["date_printed"] = frame["date_printed"].map({True: "yes", False: "no"})  # as it is shown, so it is asked for
    frame["claims"] = frame["id"].map(pd.Series([c.source for c in every.values()]).value_counts())
    return frame.set_index("id")[["outlet", "date", "date_printed", "title", "paragraphs", "claims"]]


def disagreements() -> pd.DataFrame:
    """Where the sources differ. Columns: id (the index), title, between, claims, differs, might_explain, real.

    `real` says whether the difference stays once both sides are read with care: yes, no or open.
    Facts: seeds/disagreements.toml. Raises DataError, also for a claim that does not exist.
    """
    return pd.DataFrame(seeds.disagreements()).set_index("id")


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


def reports_in(claim_ids: Iterable[str]) -> list[str]:
    """The reports that these claims are from."""
    return sorted({i.split("-")[0] for i in claim_ids if i.startswith("S")})


def said_on(c: Claim) -> str:
    """The date of the report that a claim stands in, as 2025-06-12; nothing for a background record."""
    return "" if c.kind == "background" else source(c.source).date.isoformat()


def page_of(claim_id: str) -> str:
    """Where a claim is read, seen from the lessons: in a text that `refresh` writes, under a heading of its own."""
    return f"evidence/{RECORDS.get(claim_id[0], claim_id[:2])}.md#{claim_id}"


def named(source_id: str) -> str:
    """A source by what it is: The Astana Times, July 2024; or background record, for B, and local record, for L."""
    if source_id in RECORDS:
        return f"{RECORDS[source_id]} record"
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
