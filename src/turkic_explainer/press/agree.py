"""Whether what stands together belongs together: the fields of a claim, and a citation and its sentence."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache

from .. import ledger

_WORD = re.compile(r"[^\W\d_]{3,}")
_MOST = 3  # words that a citation and its sentence share and that count: the rarest ones
_BETTER = (
    0.7  # of the claims of its source fit no better: 3 of 552 right citations did not reach this, half the wrong ones
)
_SPELT = {"one": 1, "first": 1, "second": 2, "doubled": 2, "three": 3, "fifth": 5, "seven": 7, "eight": 8, "twenty": 20,
          "thirty": 30, "half": 50, "COP29": 29}  # fmt: skip


def values(figures: Callable[[str], set[str]]) -> Iterator[str]:
    """The claims whose value stands neither in digits nor in words where it was printed, or in what the claim says."""
    for claim_id in ledger.claims().index:
        c = ledger.claim(claim_id)
        for field, text in {"printed": c.printed, "says": c.says}.items():
            told = figures(text or "") | {
                str(n) for word, n in _SPELT.items() if re.search(rf"\b{word}\b", text or "", re.I)
            }
            if text and (lost := figures(c.amount) - told):
                yield f"{claim_id}: its value is {c.amount}, but {field!r} has no {', '.join(sorted(lost))}: {text:.60}"


def _stems(text: str) -> set[str]:
    """The words of a text, of each the first six letters, and its figures."""
    return {word[:6].lower() for word in _WORD.findall(text)} | set(re.findall(r"\d[\d.,]*\d|\d", text))


@lru_cache
def _index() -> tuple[dict[str, dict[str, float]], Counter[str]]:
    """Of each word the claims that have it, each with the weight of the word, which is the rarer the higher; and how many
    claims each source has."""
    having: dict[str, list[str]] = defaultdict(list)
    every = [ledger.claim(claim_id) for claim_id in ledger.claims().index]
    for c in every:
        more = (c.unit, c.speaker, c.topic, c.ownership, c.qualifier, *c.places)
        for stem in _stems(" ".join(filter(None, [c.figures, *more]))):
            having[stem].append(c.id)
    weights = {stem: dict.fromkeys(ids, math.log(len(every) / len(ids))) for stem, ids in having.items()}
    return weights, Counter(c.source for c in every)


def fits(claim: ledger.Claim, *texts: str) -> bool:
    """Whether a claim shares more with one of these texts, such as its sentence and its paragraph, than most other claims
    of its source do: figures, names, words of weight."""
    weights, sizes = _index()
    for text in texts:
        shared: dict[str, list[float]] = defaultdict(list)
        for stem in _stems(text):
            for claim_id, weight in weights.get(stem, {}).items():
                if claim_id.startswith(claim.source):
                    shared[claim_id].append(weight)
        scores = {claim_id: sum(sorted(found)[-_MOST:]) for claim_id, found in shared.items()}
        mine = scores.get(claim.id, 0)
        better = sum(score > mine for score in scores.values())
        if mine and better <= (1 - _BETTER) * sizes[claim.source]:
            return True
    return False
