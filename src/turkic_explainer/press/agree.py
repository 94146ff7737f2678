"""Whether what stands together belongs together: the fields of a claim, a row and its claims, a citation and its sentence."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from .. import ledger, tables
from ..description import described, stored_fields
from .claims import figures, number_words

_WORD = re.compile(r"[^\W\d_]{3,}")
_LEAST = 0.5  # what a claim must share at least: a word that most claims have weighs less
_MOST = 3  # words that a citation and its sentence share and that count: the rarest ones
# Which part of the claims of its source may fit no better than a claim. Of right citations in prose 3 of 552 did not reach
# it (each sentence said more once it was mended), of wrong ones 57 percent; in tables and disagreements none of 1,039, and 39.
_IN_PROSE, _IN_ROWS = 0.7, 0.4
_SPELT = {"first": "1", "second": "2", "fifth": "5", "cop29": "29"}  # besides number words
_SPELT_OUT = re.compile(rf"\b(?:{'|'.join(_SPELT)})\b", re.I)
_OURS = ("corrections",)  # their days are the course's own


def facts() -> Iterator[str]:
    """What disagrees in the evidence and the tables: a value and its claim, a row or a disagreement and what it cites."""
    for claim_id in ledger.claims().index:
        c = ledger.claim(claim_id)
        for field, text in {"printed": c.printed, "says": c.says}.items():
            if text and (lost := figures(c.amount) - _told(text)):
                yield f"{claim_id}: its value is {c.amount}, but {field} has no {', '.join(sorted(lost))}: {text:.60}"
    for d in ledger.disagreements().itertuples():
        yield from _strange(f"disagreements.toml, {d.Index}", d.claims, f"{d.title} {d.differs}", d.might_explain or "")
    for name, about in described().items():
        if "path" in about and name not in _OURS:
            fields = stored_fields(name)
            for place, row in tables.stored(name).iterrows():
                yield from _row(place, {field: (terms, row[field]) for field, terms in fields.items()})


def _told(text: str) -> set[str]:
    return figures(text) | {*number_words(text).values()} | {_SPELT[word.lower()] for word in _SPELT_OUT.findall(text)}


def _row(place: str, row: dict[str, tuple[dict, Any]]) -> Iterator[str]:
    """The numbers, years and days of a row that no claim has which it cites, and the claims that do not fit it."""
    cited = [claim_id for terms, ids in row.values() if terms.get("evidence") for claim_id in ids or ()]
    claims = [ledger.claim(claim_id) for claim_id in cited]
    borne = _told(" ".join(part for c in claims for part in (c.figures, *c.sources, ledger.said_on(c))))
    for field, (terms, found) in row.items() if claims else ():
        text = str(found).removesuffix(" 00:00:00").lstrip("-")
        if terms["type"] in ("date", "day"):
            text = re.sub(r"^(\d{4})-\d\d$", r"\1", text)  # a month stands in words
        elif terms["type"] not in ("integer", "number"):
            continue
        if figures(text) - borne:
            yield f"{place}, {field}: found {text}. No claim that the row cites has it: correct it, or cite the claim."
    told = " ".join(str(found) for terms, found in row.values() if not terms.get("evidence"))
    yield from _strange(place, cited, told)


def _strange(place: str, cited: list[str], *texts: str) -> Iterator[str]:
    for claim_id in cited:
        if not fits(ledger.claim(claim_id), *texts, better=_IN_ROWS):
            yield f"{place}, claims: {claim_id} shares next to nothing with what stands here. Is it the claim that is meant?"


def _stems(text: str) -> set[str]:
    """The words of a text, of each the first six letters, and its figures."""
    return {word[:6].lower() for word in _WORD.findall(text)} | set(re.findall(r"\d[\d.,]*\d|\d", text))


@lru_cache
def _index() -> tuple[dict[str, dict[str, dict[str, float]]], Counter[str]]:
    """Of each source, of each word the claims that have it, each with the weight of the word, which is the higher the rarer it
    is; and how many claims each source has."""
    having: dict[str, list[ledger.Claim]] = defaultdict(list)
    every = [ledger.claim(claim_id) for claim_id in ledger.claims().index]
    for c in every:
        more = (c.unit, c.speaker, c.topic, c.ownership, c.qualifier, *c.places)
        for stem in _stems(" ".join(filter(None, [c.figures, *more]))):
            having[stem].append(c)
    weights: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for stem, found in having.items():
        for c in found:
            weights[c.source][stem][c.id] = math.log(len(every) / len(found))
    return weights, Counter(c.source for c in every)


def fits(claim: ledger.Claim, *texts: str, better: float = _IN_PROSE) -> bool:
    """Whether a claim shares more with one of these texts, such as its sentence and its paragraph, than this part of the
    claims of its source do: figures, names, words of weight."""
    weights, sizes = _index()
    for text in texts:
        shared: dict[str, list[float]] = defaultdict(list)
        for stem in _stems(text):
            for claim_id, weight in weights[claim.source].get(stem, {}).items():
                shared[claim_id].append(weight)
        scores = {claim_id: sum(sorted(found)[-_MOST:]) for claim_id, found in shared.items()}
        mine = scores.get(claim.id, 0)
        if mine > _LEAST and sum(score > mine for score in scores.values()) <= (1 - better) * sizes[claim.source]:
            return True
    return False
