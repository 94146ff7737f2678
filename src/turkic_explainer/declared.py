"""What a lesson declares in its shown.toml and needs no Python for: explorers and charts, each made from a table of the
course or of the lesson's own. README, "Write a lesson", shows how.
"""

from typing import Any

import pandas as pd

from . import charts
from .content import Content, records
from .description import TEXT, form_slips, own
from .explorer import Explorer
from .lessons import names
from .markup import Fragment, long_date
from .markup import table as listed
from .tables import own_tables, table
from .validate import LESSONS, DataError, Unknown, heard, problem, read_toml

_TERMS = {
    "explorers": {"title!": TEXT, "table!": TEXT, "key!": TEXT, "label!": TEXT, "pane!": TEXT, "start": TEXT},
    "charts": {"table!": TEXT, "kind!": TEXT, "label!": TEXT, "value!": TEXT, "unit": TEXT, "heading!": TEXT,
               "caption!": TEXT, "alt!": TEXT},
}  # fmt: skip
_COLUMNS = ("key", "label", "value")  # the terms that name a column


def declared(number: str, kind: str) -> dict[str, Any]:
    """What a lesson's shown.toml has under "explorers" or "charts", as it stands there, by keys such as 12-rivers."""
    file = heard(LESSONS / f"lesson{number}" / "shown.toml")
    found = read_toml(file, f"{file.parent.name}/{file.name}").get(kind, {}) if file.exists() else {}
    return {f"{number}-{name}": terms for name, terms in found.items()}


def _sound(key: str, kind: str) -> tuple[dict[str, Any], pd.DataFrame]:
    """A declaration and the rows of its table. Raises DataError for slips: with place, what stands there, and the mend."""
    there, place = declared(key[:2], kind), own(key, kind)
    if key not in there:
        raise Unknown(kind.removesuffix("s"), key, there, f"{place}: there are {', '.join(there) or 'none yet'}.")
    if slips := form_slips(there[key], _TERMS[kind], place):
        raise DataError(slips)
    found, name = there[key], there[key]["table"]
    try:
        rows = table(f"{key[:2]}-{name}" if f"{key[:2]}-{name}" in own_tables() else name)
    except DataError as error:
        raise DataError([f"{place}, table: {line}" for line in error.problems]) from None
    rows = rows.reset_index() if rows.index.name else rows
    mend = f"There is no such column. There are: {', '.join(rows.columns)}."
    slips = [problem(place, term, found[term], mend) for term in _COLUMNS if term in found and found[term] not in rows]
    if found.get("kind", "bars") not in charts.KINDS:
        slips.append(problem(place, "kind", found["kind"], f"Write one of: {', '.join(charts.KINDS)}."))
    if not slips and "value" in found:
        if not pd.api.types.is_numeric_dtype(rows[found["value"]]):
            slips.append(problem(place, "value", found["value"], "Name a column of whole or other numbers."))
        rows = rows.dropna(subset=found["value"])
    if not slips and rows.empty:
        slips.append(problem(place, "table", name, "There is nothing in it to show yet: fill it."))
    if slips:
        raise DataError(slips)
    return found, rows


def _labels(rows: pd.Series) -> list:
    return [long_date(label) if isinstance(label, pd.Timestamp) else label for label in rows]


def explore(key: str) -> Explorer:
    """An explorer by its key, such as "12-rivers": a state a row of its table, with the pane that [explorers.rivers] writes.
    A pane may call the functions of the lesson's figures.py, as its questions do.

    Raises DataError, with file, place and mend, for what is amiss in the lesson's shown.toml.
    """
    found, rows = _sound(key, "explorers")
    place, content = own(key, "explorers"), Content(f"lesson{key[:2]}", **names(key[:2]))
    states = [str(state) for state in rows[found["key"]]]
    start = found.get("start", states[0])
    if start not in states:
        raise DataError([problem(place, "start", start, f"Write one of: {', '.join(states)}.")])
    if len(set(states)) < len(states):
        raise DataError([problem(place, "key", found["key"], "No two rows may have the same key.")])
    panes = {
        state: content.pane_of(found["pane"], f"explorers.{key[3:]}.pane", row=row)
        for state, row in zip(states, records(rows), strict=True)
    }
    labels = zip(states, map(str, _labels(rows[found["label"]])), strict=True)
    try:
        return Explorer(f"e-{key}", found["title"], tuple(labels), panes.__getitem__, start=start)
    except ValueError as error:
        raise DataError([problem(place, "key", found["key"], str(error))]) from None


def chart(key: str) -> Fragment:
    """A chart by its key, such as "12-rivers", as [charts.rivers] of the lesson's shown.toml declares it.

    Its caption and alt text may look up the `rows` of the table. Raises DataError, with file, place and mend, for slips.
    """
    found, rows = _sound(key, "charts")
    label, value = found["label"], found["value"]
    forms = charts.drawn(found["kind"], _labels(rows[label]), rows[value].tolist(), found.get("unit", ""))
    said = Content(f"lesson{key[:2]}").texts(f"charts.{key[3:]}", rows=records(rows))
    shown = rows[list(dict.fromkeys([label, value, *rows.columns.intersection(["claims"])]))]
    return charts.chart(f"c-{key}", forms, said["caption"], said["alt"], listed(shown, said["heading"], index=False))


MADE = {"explorers": explore, "charts": chart}
