"""An output carries the style that it needs: every rule that touches something in it, and little else."""

import re
from collections import Counter

import pandas as pd
import pytest
import soupsieve

import turkic_explainer
from turkic_explainer.markup import ABOVE_HOST, in_page, outputs_css, show, style

from .conftest import page
from .test_explorers import EXPLORERS

_STATE = r"::[\w-]+|:(?:hover|focus-visible|checked|first-letter|target)"
ALL_OF_CSS = getattr(soupsieve, "NOSTRICT", 0)  # from version 3 on, it takes :has(a>b) only when told to
STATES = re.compile(rf":not\((?:{_STATE})\)|{_STATE}")
OUTPUTS = {name: explorer.html() for name, explorer in EXPLORERS.items() if not name[0].isdigit()}
OUTPUTS |= {"cards": turkic_explainer.sort_cards().html(), "words": turkic_explainer.words().body,
            "map": turkic_explainer.venue_map().body, "card": turkic_explainer.cite("S0-23").body}  # fmt: skip


def rules(sheet: str) -> list[str]:
    """Every rule of a style sheet, also those inside an @media, with one selector each."""
    found = re.findall(r"([^{}]+)(\{[^{}]*\})", re.sub(r"/\*.*?\*/", "", sheet, flags=re.S))
    return [part.strip() + declared for listed, declared in found for part in re.split(r",(?![^(]*\))", listed)]


RULES = rules(re.sub(r"\.tx(?![\w-])", ABOVE_HOST, outputs_css()))


def touches(soup, rule: str) -> bool:
    """Whether a rule of the style sheet applies to anything here, whatever a reader hovers over or picks."""
    selectors = STATES.sub("", rule.partition("{")[0])
    parts = [part for part in re.split(r",(?![^(]*\))", selectors) if part.strip() not in ("", "*")]
    return any(soup.select_one(part, flags=ALL_OF_CSS) for part in parts)


def bones(html: str):
    """A page without what no rule can look at, and without the third of three pieces beside each other that are then alike:
    what a rule touches in a long output, it touches in this short one."""
    soup = page(html)
    for text in soup.find_all(string=True):
        text.extract()
    for tag in [*soup.find_all(True)][::-1]:  # from within
        tag.attrs = {
            name: value
            for name, value in tag.attrs.items()
            if name not in ("d", "points", "href", "style", "srcdoc", "transform")
        }
        seen = Counter()
        for child in tag.find_all(recursive=False):
            seen[str(child)] += 1
            if seen[str(child)] > 2:
                child.decompose()
    return soup


@pytest.mark.parametrize("html", OUTPUTS.values(), ids=OUTPUTS)
def test_every_rule_that_applies_is_there(html):
    html = in_page(html)
    soup, kept = bones(re.sub(r"<style class=\"tx-style\">.*?</style>", "", html, flags=re.S)), set(rules(style(html)))
    missing = [rule for rule in RULES if rule not in kept and touches(soup, rule)]
    assert missing == []


def test_a_style_sheet_says_nothing_of_what_its_output_does_not_have():
    """It holds for the whole notebook, and would win over what an earlier one says of an element of two classes."""
    found = style('<p class="tx-right">Yes.</p>')
    assert "tx-right{" in found and "tx-wrong" not in found


def test_what_is_not_there_brings_no_rules():
    found = style('<p class="tx-soft">plain</p>')
    assert "tx-soft" in found and "tx-explorer" not in found and "tx-frame" not in found and len(found) < 4000


def test_a_table_has_its_index_in_front_where_that_has_a_name():
    rows = pd.DataFrame({"town": ["Baku", "Astana"], "times": [2, 3]})
    assert str(show(rows, "Towns")) == "Towns\n  Baku  2\n  Astana  3"
    assert str(show(rows.set_index("town"), "Towns")) == "Towns\n  Baku  2\n  Astana  3"
    assert str(show(rows.set_index("town"), "Towns", index=False)) == "Towns\n  2\n  3"
    assert str(show(rows["town"].value_counts(), "Towns")) == "Towns\n  Baku  1\n  Astana  1"
