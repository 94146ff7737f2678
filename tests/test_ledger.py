"""The evidence is whole, true to its documents, and says in plain words what is wrong with it."""

import hashlib
import re
import subprocess
import tomllib
import unicodedata
from decimal import Decimal
from html import unescape

import pytest

from turkic_explainer import ledger
from turkic_explainer.validate import DataError

from .conftest import HOSTILE, ROOT, edit, forget, stored

REPORTS = sorted(file.stem for file in (ROOT / "seeds").glob("S*.toml"))
FILES = (*REPORTS, "background")
CLAIMS = [ledger.claim(i) for i in ledger.claims().index]
READINGS = [c for c in CLAIMS if c.formula]


def of(report: str) -> list[ledger.Claim]:
    return [c for c in CLAIMS if c.source == report]


def numbers(text: str) -> set[float]:
    """The figures in a text, also inside COP29 and 5th: 4,000 is 4000, and 2025-01-04 holds 2025, 1 and 4."""
    return {float(n.rstrip(",").replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


# --- what is stored ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_claims_are_numbered_from_one_without_gaps(name):
    rows = tomllib.loads((ROOT / "seeds" / f"{name}.toml").read_text("utf-8"))["claim"]
    form = "B-{:03d}" if name == "background" else name + "-{:02d}"
    assert [row["id"] for row in rows] == [form.format(n) for n in range(1, len(rows) + 1)]


def test_no_claim_is_lost_on_the_way_to_the_table():
    rows = [r for name in FILES for r in tomllib.loads((ROOT / "seeds" / f"{name}.toml").read_text("utf-8"))["claim"]]
    assert list(ledger.claims().index) == [r["id"] for r in rows]
    assert ledger.sources()["claims"].to_dict() == {s: len(ledger.claims(s)) for s in REPORTS}


@pytest.mark.parametrize("claim", READINGS, ids=lambda c: c.id)
def test_a_reading_is_what_its_formula_gives(claim):
    """To the precision with which the value is printed, and from the claims that it names."""
    decimals = max(0, -Decimal(str(claim.value)).as_tuple().exponent)
    assert round(ledger.derived(claim.id), decimals) == claim.value
    assert set(re.findall(r"[SB]\d?_\d+", claim.formula)) <= {i.replace("-", "_") for i in claim.from_}


def test_there_are_readings():
    assert READINGS and all(c.kind == "reading" for c in READINGS)


def test_what_a_reading_is_read_from_exists():
    ids = {c.id for c in CLAIMS}
    assert {other for c in CLAIMS for other in c.from_} <= ids


def test_disagreements_are_numbered_and_rest_on_claims():
    rows = ledger.disagreements()
    assert list(rows.index) == [f"D-{n:02d}" for n in range(1, len(rows) + 1)]
    assert {i for ids in rows["claims"] for i in ids} <= {c.id for c in CLAIMS}


def test_a_citation_says_who_where_and_what_to_be_careful_about():
    told = repr(ledger.cite("S1-31"))
    claim = ledger.claim("S1-31")
    assert told.startswith(f"S1-31 · The Astana Times, July 2024: {claim.says}")
    for part in ("quoted", "The Astana Times", "paragraph 11", "almost 3 million tonnes", claim.caveat):
        assert part in told


def test_a_citation_shows_how_a_reading_was_worked_out():
    assert "S1-31 / (S1-30 / 100)" in repr(ledger.cite("S1-55")) and "S1-30, S1-31" in repr(ledger.cite("S1-55"))


@pytest.mark.parametrize("claim_id, hint", [("S1-99", "S1-01 to S1-"), ("B-999", "B-001 to B-"), ("Q7", "S3-05")])
def test_an_unknown_claim_is_named_with_a_way_out(claim_id, hint):
    with pytest.raises(DataError, match=f"{claim_id}.*{hint}"):
        ledger.cite(claim_id)


# --- what is refused -----------------------------------------------------------------------------------------------

FIRST = 'id = "S0-03"\nparagraph = 1\nkind = "place"'
READING = 'from = ["S0-33", "S0-34"]\nvalue = 20.7\nunit = "million people"\nformula = "S0_33 * 1000 / S0_34"\n'
BACKGROUND = 'id = "B-001"\nkind = "background"\ntopic = "summits"\n'

BROKEN = {  # file, what stands there, what stands there instead, and how the one problem begins and what its mend names
    "unknown kind": ("S0", FIRST, FIRST.replace('"place"', '"plaice"'), "S0-03, kind: found 'plaice'", "'place'"),
    "unknown field": ("S0", FIRST, FIRST + '\nplace = "Astana"', "S0-03, place: found 'Astana'", "not known"),
    "a missing field": ("S0", FIRST, FIRST.replace('kind = "place"', ""), "S0-03, kind: found ''", "Add this field"),
    "an empty text": (
        "S0",
        'title = "Meeting of Kazakhstan\'s president with the speakers of the TurkPA parliaments"\n',
        "",
        "the head, title: found ''",
        "Add this field",
    ),
    "a bad checksum": ("S0", 'sha256 = "c77a', 'sha256 = "C77A', "the head, sha256: found 'C77A", "9"),
    "a bad head date": (
        "S0",
        "date = 2025-06-12",
        'date = "12.06.2025"',
        "the head, date: found '12.06.2025'",
        "YYYY-MM-DD",
    ),
    "an id twice": ("S0", 'id = "S0-04"', 'id = "S0-05"', "S0-05, id: found 'S0-05'", "S0-04"),
    "an id of another report": ("S0", 'id = "S0-04"', 'id = "S1-04"', "S1-04, id: found 'S1-04'", "S0-04"),
    "no such paragraph": ("S0", FIRST, FIRST.replace("= 1", "= 99"), "S0-03, paragraph: found 99", "18 paragraphs"),
    "paragraph nought": ("S0", FIRST, FIRST.replace("= 1", "= 0"), "S0-03, paragraph: found 0", "1"),
    "a value without unit": ("S0", 'unit = "term of office"\n', "", "S0-30, ", "unit"),
    "a value not as printed": ("S0", 'printed = "one-term"\n', "", "S0-30, ", "printed"),
    "no speaker": ("S0", 'speaker = "Akorda"\n', "", "S0-05, ", "speaker"),
    "a reading from nothing": ("S0", READING, READING.split("\n", 1)[1], "S0-46, ", "from = ["),
    "a reading from no claim": (
        "S0",
        '["S0-33", "S0-34"]',
        '["S0-33", "S0-77"]',
        "S0-46, from: found 'S0-77'",
        "no such claim",
    ),
    "a reading not computed": ("S0", READING, READING.rsplit("formula", 1)[0], "S0-46, ", "formula"),
    "background, how sure": (
        "background",
        BACKGROUND,
        BACKGROUND.replace('topic = "summits"\n', ""),
        "B-001, ",
        "topic",
    ),
}


@pytest.mark.parametrize("name, old, new, begins, mend", BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_named_with_file_claim_field_and_mend(seeds, name, old, new, begins, mend):
    edit(seeds / f"{name}.toml", old, new)
    with pytest.raises(DataError) as caught:
        ledger.claims()
    [problem] = caught.value.problems
    start = f"{name}.toml, {begins}"
    assert problem.startswith(start)
    assert mend in problem.removeprefix(start)
    assert problem.endswith(".")


def test_a_background_record_without_address_says_so(seeds):
    text = (seeds / "background.toml").read_text("utf-8")
    first = text[: text.index('id = "B-002"')]
    edit(seeds / "background.toml", first, re.sub(r"sources = \[.*?\]\n", "", first, flags=re.S))
    with pytest.raises(DataError, match=r"^background\.toml, B-001, .*no-source"):
        ledger.claims()


@pytest.mark.parametrize("old, new", [
    ("The level reached", "The sea reached"),            # what does not stand in the record
    ("supported-by-source 3", "certain 3"),              # no word for how sure
    ("supported-by-source 3", "supported-by-source 99"),  # no such source
    ("supported-by-source 3", "supported-by-source two"),
    ("supported-by-source 3", "confirmed-by-two 3"),     # no other than of the whole
])  # fmt: skip
def test_a_part_of_a_record_has_a_certainty_of_its_own(seeds, old, new):
    assert [part[1:] for part in ledger.told(ledger.claim("B-143"))["Not all of it is as sure"]]
    line = 'parts = { "The level reached a record low in 2025" = "supported-by-source 3" }'
    edit(seeds / "background.toml", line, line.replace(old, new))
    with pytest.raises(DataError, match=r"^background\.toml, B-143, parts: .*Write passages of `says`"):
        ledger.claims()


@pytest.mark.parametrize("field", ["searched = 2026-11-28\n", 'languages = ["English"]\n'])
def test_what_was_not_found_says_when_and_in_which_languages(seeds, field):
    """A day without languages and languages without a day are refused, and so is a record of nothing found without both."""
    text = (seeds / "background.toml").read_text("utf-8")
    start = text.index('id = "B-133"')
    record = text[start : text.index("[[claim]]", start)]
    assert field in record
    edit(seeds / "background.toml", record, record.replace(field, ""))
    with pytest.raises(DataError) as caught:
        ledger.claims()
    assert all(told.startswith("background.toml, B-133, ") for told in caught.value.problems)
    assert "languages" in " ".join(caught.value.problems)


def test_a_card_says_when_its_record_was_searched_and_whose_outlets_it_rests_on():
    told = repr(ledger.cite("B-019"))
    assert "Searched: 28 November 2026, in English, Russian, Turkish, Kazakh" in told
    assert f"Who owns what it rests on: {ledger.claim('B-019').ownership}" in told
    assert "Searched" not in repr(ledger.cite("B-001"))


def test_a_record_that_says_not_found_has_a_day():
    """Where nothing was found in a search, the record says when that was."""
    silent = re.compile(r"(?<!was )\b(?:no [a-z ]+?|[a-z]+) (?:was|were) (?:not )?found\b|not found", re.I)
    found = [
        c.id for c in CLAIMS if c.kind == "background" and not c.searched and silent.search(f"{c.says} {c.caveat}")
    ]
    assert not found


def test_every_mistake_is_told_not_only_the_first(seeds):
    edit(seeds / "S0.toml", FIRST, FIRST.replace('"place"', '"plaice"').replace("= 1", "= 0"))
    edit(seeds / "S0.toml", 'speaker = "Akorda"\n', "")
    with pytest.raises(DataError) as caught:
        ledger.claims()
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    "old, new", [('id = "S0-03"', 'id = "S0-03'), ("[[claim]]", "[[remark]]")], ids=["not TOML", "no claims"]
)
def test_a_file_that_cannot_be_read_at_all_is_named(seeds, old, new):
    file = seeds / "S0.toml"
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    forget()
    with pytest.raises(DataError, match=r"^S0\.toml"):
        ledger.claims()


@pytest.mark.parametrize(
    "old, new, named",
    [
        ('id = "D-01"', 'id = "D-1"', "disagreements.toml, D-1, id: found 'D-1'"),
        ('["S0-17", "S1-11", "S3-08", "B-119"]', '["S0-17", "S1-99"]', "S1-99"),
        ('["S0-17", "S1-11", "S3-08", "B-119"]', "[]", "disagreements.toml, D-01, claims"),
    ],
    ids=["bad id", "no such claim", "no claims"],
)
def test_a_mistake_in_the_disagreements_is_named(seeds, old, new, named):
    edit(seeds / "disagreements.toml", old, new)
    with pytest.raises(DataError) as caught:
        ledger.disagreements()
    [problem] = caught.value.problems
    assert named in problem
    assert problem.startswith("disagreements.toml, D-")


@pytest.mark.parametrize("formula", ["__import__('os').getcwd()", "S0_33 ** 9", "S0_33 if 1 else 2", "[S0_33][0]"])
def test_a_formula_can_only_do_sums(seeds, formula):
    edit(seeds / "S0.toml", 'formula = "S0_33 * 1000 / S0_34"', f'formula = "{formula}"')
    with pytest.raises(DataError, match="S0-46"):
        ledger.derived("S0-46")


def test_text_in_a_card_is_escaped(seeds):
    edit(seeds / "S4.toml", f'caveat = "{ledger.claim("S4-02").caveat}"', f"caveat = '''{HOSTILE}'''")
    html = ledger.cite("S4-02")._repr_html_()
    assert "<script" not in html and "<img" not in html and "&lt;script&gt;" in html


# --- against the documents -----------------------------------------------------------------------------------------

DOCUMENTS = ROOT.parent / "shared" / "seeds"
needs_documents = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason=f"the five documents belong to their publishers and are not here ({DOCUMENTS})"
)
WORDS = {w: n for n, words in {1: "one first", 2: "two second doubled", 3: "three", 5: "fifth", 7: "seven", 8: "eight",
                               20: "twenty"}.items() for w in words.split()}  # fmt: skip


def document(report: str) -> str:
    return (DOCUMENTS / ledger.source(report).file).read_text("utf-8")


def paragraphs(report: str) -> list[str]:
    return [line for line in document(report).split("\n") if line.strip()]


@needs_documents
@pytest.mark.parametrize("report", REPORTS)
class TestAgainstTheDocument:
    def test_it_is_the_very_document(self, report):
        raw = (DOCUMENTS / ledger.source(report).file).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == ledger.source(report).sha256
        assert len(paragraphs(report)) == ledger.source(report).paragraphs

    def test_every_paragraph_has_a_claim(self, report):
        assert {c.paragraph for c in of(report) if c.kind != "reading"} == set(range(1, len(paragraphs(report)) + 1))

    def test_a_figure_stands_as_printed_and_means_its_value(self, report):
        for claim in (c for c in of(report) if c.printed):
            assert claim.printed in paragraphs(report)[claim.paragraph - 1], claim.id
            spelled = {WORDS[w] for w in re.findall(r"[a-z]+", claim.printed.lower()) if w in WORDS}
            assert numbers(claim.printed) | spelled == {claim.value}, claim.id
            for scale in ("thousand", "million", "billion"):
                assert (scale in claim.printed) == (scale in claim.unit), f"{claim.id}: {scale}"

    def test_no_figure_of_the_document_is_left_out(self, report):
        for n, paragraph in enumerate(paragraphs(report), 1):
            here = [c for c in of(report) if c.paragraph == n]
            recorded = " ".join(t for c in here for t in (c.says, c.printed, c.as_of, c.caveat) if t)
            assert numbers(paragraph) <= numbers(recorded), f"{report}, paragraph {n}"


# Names apart: a name is one word here.
NAMES = {"organization of turkic states": "ots"}


def words(text: str) -> list[str]:
    """The words of a text without case, punctuation, or the difference between one form of a letter and another."""
    text = re.sub(
        "['\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}`]",
        "",
        unicodedata.normalize("NFKC", text).lower(),
    )
    text = " ".join(re.findall(r"\w+", text))
    for name, short in NAMES.items():
        text = text.replace(name, short)
    return text.split()


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


def readable(file) -> str:
    """What a reader sees of a file; of a notebook, its cells and their outputs without HTML's own signs."""
    if file.suffix == ".png":
        return ""
    if file.suffix != ".ipynb":
        return file.read_text("utf-8")
    parts = []
    for cell in stored(file).cells:
        parts.append(cell.source)
        for output in cell.get("outputs", []):
            parts += [output.get("text", ""), *map(str, output.get("data", {}).values())]
    text = "\n\n".join(parts)
    return text + "\n\n" + re.sub(r"<[^>]*>", " ", unescape(text))


@needs_documents
def test_no_file_repeats_a_stretch_of_a_document():
    """Nowhere nine words in a row, and in the evidence itself not even eight."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout  # fmt: skip
    files = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    assert ROOT / "seeds" / "S0.toml" in files
    copied = {length: set().union(*(runs(document(r), length) for r in REPORTS)) for length in (8, 9)}
    found = []
    for file in files:
        length = 8 if file.parent.name == "seeds" else 9
        found += [f"{file.relative_to(ROOT)}: {' '.join(run)}" for run in runs(readable(file), length) & copied[length]]
    assert not found, "\n".join(found)


@needs_documents
def test_a_copied_stretch_would_be_found_whatever_its_form():
    """The check just made is not blind to case, quotation marks, line ends or hyphens."""
    stretch = paragraphs("S1")[6].split()[:12]
    changed = ["\N{LEFT DOUBLE QUOTATION MARK}", " - ", "\n", "*, *"]
    disguised = "".join(w.upper() + changed[n % 4] for n, w in enumerate(stretch))
    assert runs(disguised, 9) & runs(document("S1"), 9)
    assert not runs(" ".join(stretch[:8]), 9) & runs(document("S1"), 9)
