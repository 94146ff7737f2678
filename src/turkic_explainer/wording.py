"""How firmly a report words what it tells of: the six wordings, a ball for each, and whose wording is meant."""

from functools import lru_cache

from .ledger import Claim, claim
from .markup import Markup
from .templates import piece

# The firmest first, each with how much of its ball is full, in eighths.
FULL = {"done": 8, "under way": 6, "announced": 4, "supported": 3, "proposed": 2, "wished": 0}
WORDINGS = tuple(FULL)


@lru_cache
def ball(wording: str) -> Markup:
    """A ball that is the fuller the firmer the wording: full where a thing is called done, empty where it is wished."""
    return piece("ball", eighths=FULL[wording])


def claims_in_report(row) -> list[Claim]:
    """The claims that tell of an initiative in the report whose wording is meant, where its record has it."""
    place = row.report, claim(row.outcome).data["paragraph"]
    return [c for c in map(claim, row.claims) if (c.source, str(c.paragraph)) == place]
