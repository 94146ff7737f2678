"""The words of the course: terms, bodies and names, each with what it means here; and links to them from the lessons."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import pandas as pd

from .markup import Fragment, Markup
from .tables import members, places, refuse, states, stored
from .templates import piece
from .validate import Unknown

PAGE = "evidence/words.md"  # where the links lead, seen from the lessons
_LINK = re.compile(rf"\[([^\[\]]{{1,1000}})\]\({re.escape(PAGE)}#[\w-]+\)")
# What is no running text: code, links and pictures, headings and labels.
_NO_PROSE = re.compile(r"(`[^`]{0,1000}`|!?\[[^\[\]]{0,1000}\]\([^()]{0,1000}\)|^#.*$|\*\*[^*\n]{1,1000}\*\*)", re.M)


@lru_cache
def _words() -> pd.DataFrame:
    frame = stored("words").copy()
    refuse(frame.loc[frame["word"].str.lower().duplicated(), "word"], "It stands here twice.")
    frame["native"] = frame["native"].fillna(frame["word"].map(places()["local_name"]))
    return frame.set_index("word")


@lru_cache
def _all() -> pd.DataFrame:
    """The words, and the countries of the OTS with their names in their own languages."""
    roles = members()[["entity", "role", "contested", "claims"]]
    countries = states().reset_index()[["entity", "label", "own_names"]].merge(roles, on="entity")
    countries = countries.rename(columns={"label": "word", "own_names": "native"})
    role, listed = countries["role"].map("In the OTS: {}.".format), "Listed by the OTS among its {}s; contested."
    meaning = role.where(countries["contested"].isna(), countries["role"].map(listed.format))
    countries = countries.assign(meaning=meaning, kind="name", linked="no", also=[()] * len(countries))
    columns = ["also", "kind", "linked", "meaning", "native", "claims"]
    frame = pd.concat([_words(), countries.set_index("word")[columns]])
    return frame.sort_index(key=lambda words: words.str.lower())


def glossary() -> pd.DataFrame:
    """The words of the course in alphabetical order, with the members and observers of the OTS among them.

    Columns: word (the index), also (other forms of it), kind (term, body or name), linked (whether lessons link it),
    meaning, native (its form in the languages concerned), claims (empty where the meaning is an ordinary one).
    Facts: data/words.csv; native forms also from `states()` (CLDR) and `places()` (GeoNames).
    """
    return _all().copy()


def slug(word: str) -> str:
    """The word as a link knows it."""
    # In ASCII alone: a browser writes any other letter as %C3..., which JupyterLab then looks for as it is.
    plain = unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode()
    return "word-" + re.sub(r"\W+", "-", plain).strip("-")


@lru_cache
def _by_slug() -> dict[str, tuple]:
    return {slug(row.Index): row for row in _words().sort_index(key=lambda words: words.str.lower()).itertuples()}


def meanings(slugs: Iterable[str]) -> dict[str, tuple]:
    """The rows of the glossary of these slugs, by slug, in alphabetical order: each has its Index (the word), `meaning`
    and `claims`."""
    wanted = set(slugs)
    return {name: row for name, row in _by_slug().items() if name in wanted}


def entries(rows: pd.DataFrame) -> Markup:
    """The meanings of these rows of the glossary as a list; nothing where there are none."""
    return piece("words", rows=[*rows.itertuples()], slug=slug, native=native)


def native(row) -> str:
    """A word's form in its own languages, in brackets; nothing where there is none, or it is the same."""
    return f" ({row.native})" if isinstance(row.native, str) and row.native != row.Index else ""


def words(*wanted: str) -> Fragment:
    """The meanings of these words, or of all, as a list. Raises Unknown for a word that has no entry."""
    if lost := [word for word in wanted if word not in _words().index]:
        raise Unknown("word", lost[0], [*_words().index], "words() shows all that there are.")
    rows = _words().loc[list(wanted)] if wanted else _all()
    text = "\n".join(f"{row.Index}{native(row)}: {row.meaning}" for row in rows.itertuples())
    return Fragment(entries(rows), text)


@lru_cache
def _finder() -> tuple[re.Pattern, dict[str, str]]:
    """A pattern that finds every form of every word, the longest first, and the word that each form belongs to."""
    linked = _words().query("linked == 'yes'")
    forms = {form.lower(): row.Index for row in linked.itertuples() for form in (row.Index, *row.also)}
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.I), forms


def link_words(sources: list[str]) -> list[str]:
    """These pieces of Markdown, in their order, with each word of the glossary linked where it first stands in prose.

    Links of this kind that stand there already are made anew, so that doing it twice changes nothing.
    """
    finder, forms = _finder()
    first: dict[str, re.Match] = {}

    def link(match: re.Match) -> str:
        word = forms[match[0].lower()]
        return f"[{match[0]}]({PAGE}#{slug(word)})" if first.setdefault(word, match) is match else match[0]

    linked = []
    for source in sources:
        parts = _NO_PROSE.split(_LINK.sub(r"\1", source))
        parts[::2] = [finder.sub(link, prose) for prose in parts[::2]]
        linked.append("".join(parts))
    return linked
