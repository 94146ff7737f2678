"""How firmly a report words what it tells of: the five wordings, a ball for each, and whose wording is meant."""

from __future__ import annotations

from .ledger import Source, claim, source
from .markup import Markup

WORDINGS = ("done", "under way", "supported", "proposed", "wished")  # the firmest first


def ball(wording: str) -> Markup:
    """A ball that is the fuller the firmer the wording: full where a thing is called done, empty where it is wished."""
    quarters = len(WORDINGS) - 1 - WORDINGS.index(wording)
    ends = {1: "0 1 6 0", 2: "0 1 0 6", 3: "1 1-6 0"}
    full = '<circle r="6" class="tx-full"/>' if quarters == 4 else ""
    part = f'<path class="tx-full" d="M0 0V-6A6 6 0 {ends[quarters]}z"/>' if quarters in ends else ""
    return Markup(
        '<svg class="tx-key tx-ball" viewBox="-8 -8 16 16" aria-hidden="true"><circle r="6"/>{}</svg>'
    ).format(Markup(full + part))


def told_by(row) -> Source:
    """The report whose wording of an initiative is meant, where more than one speaks of it."""
    return source(claim(row.outcome).data["report"])
