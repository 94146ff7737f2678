"""What a sentence owes to its claims, and records to each other: a slip is told with its mend, and its mend is let be."""

import re
from datetime import date

import pytest

from turkic_explainer import ledger
from turkic_explainer.files import lesson_files
from turkic_explainer.press import checks, claims

from .conftest import code, edit, lesson, prose, stored
from .test_questions import folder  # noqa: F401

SLIPS = {  # what is written, what is put in its place, the mend, and what is told
    "another number word": ("S0 has him name one term of {} years [S0-31].", "eight", "seven", 'word "eight"'),
    "a compound": ("S1 has {} percent more cargo [S1-30].", "fifty-six", "sixty-five", 'word "fifty-six"'),
    "a times word": ("In S1 Tokayev says that trade has {} [S1-24].", "tripled", "doubled", 'word "tripled"'),
    "a part": ("An agency has {} of it [S1-24].", "half", "double", 'word "half"'),
    "more than the course has": ("Here are all {} reports.", "six", "five", "the course has 5 of them"),
    "a word before a figure": ("S3 has {} 45 billion for 2024 [S3-15].", "just", "more than", "has a word before 45"),
    "a plan": ("By the ministry's count, in 2026 the north {} 34 cubic kilometres [B-234].", "holds", "is to hold", "planned"),
    "for when": ("By one count, Kazakhstan has 20,592,571 people{} [B-250].", "", ", for 2024,", "for 2024. Say when"),
    "one source": ("From 1996 to 2023 {} the sea fell by 8 centimetres a year [B-225].", "", "by one page", "one source"),
    "contested": ("Cargo came to 4,484 thousand tonnes in 2024{} [B-114].", "", ", by one count", "sources disagree"),
    "a part less sure": ("Uzbekistan was still only on the way to full membership in January 2026 {}[B-116].", "", "(one paper) ", "one source"),
    "unconfirmed": ("Trains stop at Shymkent{} [B-087].", "", ", which is unconfirmed", "says it outright"),
    "spoken": ("Trade has doubled{} [S1-24].", "", ", said Tokayev", "said by Kassym-Jomart Tokayev"),
    "not found": ("Of the programme no later source was found [B-169]{}.", "",
                  " (searched on 28 November 2026 in English and Russian)", "searched on 28 November 2026 in English and Russian"),
}  # fmt: skip
FILE = lesson_files()[0]


def told(text: str) -> list[str]:
    """What the check says of a text, with its citations as a lesson has them."""
    cited = re.sub(r"\[([SB]\d?-\d+)\]", lambda m: f"[{m[1]}]({ledger.page_of(m[1])})", text)
    return list(checks.check_prose(prose(cited), FILE))


@pytest.mark.parametrize("text, slip, mend, named", SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told_and_its_mend_is_let_be(text, slip, mend, named):
    [problem] = told(text.format(slip))
    assert named in problem, problem
    assert told(text.format(mend)) == []


@pytest.mark.parametrize("text", [
    "One of the two came first, and both are here [S1-24], said Tokayev.",     # one and two are not read
    "Look at three of them.\n\nTrade doubled, said Tokayev [S1-24].",          # nor what counts in a paragraph of its own
    "Has it fallen by 8 centimetres a year [B-225]?",                          # a question says nothing
    "The page of a weather service tells more. It fell by 8 centimetres a year [B-225].",  # said one sentence before
    "The two signed an agreement on joint management on 15 November 2025 [B-145].",  # of this record another part is less sure
    "S1 has trade as its third topic, said Tokayev [S1-24].",                                      # which one, not how much
])  # fmt: skip
def test_what_is_no_slip_is_let_be(text):
    assert told(text) == []


def test_most_number_words_in_prose_cannot_be_changed_unseen():
    """Each of three to twelve that stands in a paragraph with a citation, one up: three of four agree with no claim then."""
    order = "three four five six seven eight nine ten eleven twelve thirteen".split()
    seen, unseen = 0, []
    for file in lesson_files():
        for cell in stored(file).cells:
            for paragraph in cell.source.split("\n\n") if cell.cell_type == "markdown" else ():
                for match in (
                    re.finditer(rf"\b(?:{'|'.join(order[:-1])})\b", paragraph) if "](evid" in paragraph else ()
                ):
                    other = order[order.index(match[0]) + 1]
                    changed = paragraph[: match.start()] + other + paragraph[match.end() :]
                    if list(checks.check_prose(prose(changed), file)):
                        seen += 1
                    else:
                        unseen.append(f"{file.stem}: {changed[max(0, match.start() - 40) : match.end() + 20]}")
    assert seen > 15 and seen >= 3 * len(unseen), (seen, unseen)


@pytest.mark.parametrize("number, file, old, new, named", [
    ("07", "questions.md", "Less than a quarter", "Less than a quarter, half or three", ['word "three"', "share"]),
    ("10", "questions.md", "from 1991 to 1993, says a thesis (B-347)", "from 1991 to 1993 (B-347)", ["B-347"]),
    ("03", "questions.md", 'Not always, says one page: {{ claim("B-225").caveat', 'No. {{ claim("B-225").says }} {{ claim("B-225").caveat', ["B-225", "sea"]),
    ("06", "shown.toml", "For 2023 Kazakh figures", "For 2031 Kazakh figures", ["lesson06/shown.toml, sums.each.pace.limit", "2031"]),
    ("04", "shown.toml", "Eight letters, eight words", "All nine letters, eight words", ["turktime.title", "course has 8"]),
    ("05", "pairs.html.j2", "last searched for on", "last searched for in 2031, on", ["lesson05/pairs.html.j2", "2031"]),
])  # fmt: skip
def test_questions_captions_and_panes_are_read(folder, number, file, old, new, named):  # noqa: F811
    [stored_lesson] = [one for one in lesson_files() if one.stem.startswith(number)]
    assert [*checks.check_questions(number), *checks.check_shown(stored_lesson, number)] == []
    edit(folder / f"lesson{number}" / file, old, new)
    [problem] = [*checks.check_questions(number), *checks.check_shown(stored_lesson, number)]
    assert all(part in problem for part in named), problem


def test_ids_that_there_are_not_are_told_elsewhere(folder, tmp_path):  # noqa: F811
    (folder / "lesson06" / "odd.html.j2").write_bytes(b'<p>\xff {{ claim("B-999").says }} (B-999)</p>')
    small = lesson(tmp_path, prose("# A title"), code("1", html="<p>B-999</p>"))
    assert not [line for line in checks.check_shown(small, "06") if "odd" in line or "B-999" in line]


# --- the records ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("old, new, named", [
    ("speaker-of-kyrgyz-parliament-meets-turkpa-secretary-general (2026-01-16)",
     "speaker-of-kyrgyz-parliament-meets-turkpa-secretary-general (2025-01-16)", ["B-030 and B-116", "another day", "2025-01-16"]),
    ("council_of_elders-3840943 (Azertag, 4 Nov 2025)", "council_of_elders-3840943 (Trend, 4 Nov 2025)", []),
    ("(Turkish Cypriot ministry, 5 May 2025)", "(Trend, 5 May 2025)", ["another publisher", "Trend and Turkish Cypriot ministry"]),
    ('says = "Area of Kazakhstan:', 'says = "Area of Azerbaijan:', ["B-256 and B-257", "for one thing"]),
    ('ownership = "All its sources are outlets in Azerbaijan"\nsources = [\n  "https://shusha.org',
     'sources = [\n  "https://shusha.org', ["B-017", "ownership"]),
])  # fmt: skip
def test_records_that_cannot_both_be_right_are_told(seeds, old, new, named):
    assert [*claims.unlike(), *claims.unowned()] == []
    edit(seeds / "background.toml", old, new)
    problems = [*claims.unlike(), *claims.unowned()]
    assert (len(problems) > 0) == bool(named)
    assert all(all(part in problem for part in named) for problem in problems[:1]), problems


def test_a_plan_of_more_than_a_year_ago_is_named_with_its_last_search():
    assert claims.old_plans(date(2021, 1, 1)) == []
    named = claims.old_plans(date(2026, 11, 28))
    assert "B-121 (as of 2025-05-21, last searched 2026-11-28)" in named
    assert not [line for line in named if line.startswith("B-013")]  # of this year
    assert len(claims.old_plans(date(2028, 2, 29))) > len(named)


def test_old_plans_are_a_note_at_the_end_and_no_failure(tmp_path):
    said = []
    small = [lesson(tmp_path, prose("# A title"), name=f"{name}.ipynb") for name in ("01-a", "02-b")]
    assert checks.preflight(small, run=False, say=said.append) == []
    assert said[-1].startswith("Plans of more than a year ago, to be looked up again: B-120 (as of ")


def test_a_card_of_two_sources_of_one_side_says_so_wherever_it_is_shown():
    owned = ledger.claim("B-017")
    assert ledger.sure(owned) == "two sources or more say it. All its sources are outlets in Azerbaijan"
    assert ledger.sure(ledger.claim("B-019")) == "one source, or sources of one origin"
    assert ledger.sure(ledger.claim("S1-24")) == ""
