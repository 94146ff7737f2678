"""Three forms of a lesson made one, cell by cell: what was given last time, what became of it, and what is given now.

nbdime merges notebooks as well, line by line inside a cell. It needs the whole notebook that was given, 20 MB and four
packages more, and a second to load; and two changes of one cell become marks of conflict, which no learner could run.
"""

import hashlib
from collections.abc import Iterable

_NEWER = "**The course has a newer form of the cell above.** You changed that cell, so yours stays. The course's is:"


def source(cell: dict) -> str:
    """The text of a cell, which a file holds as lines."""
    return "".join(cell["source"])


def fingerprint(cell: dict) -> str:
    """What a person writes in a cell: its kind and its text. Outputs, counts and metadata come from running it."""
    return hashlib.sha256(f"{cell['cell_type']}\n{source(cell).rstrip()}".encode()).hexdigest()[:16]


def prints(cells: Iterable[dict]) -> dict[str, str]:
    """The fingerprints of cells by their ids, in their order."""
    return {cell.get("id"): fingerprint(cell) for cell in cells}


def _named(cells: list[dict], given: dict[str, str]) -> dict[str, dict]:
    """Cells by their ids. One whose id a tool has dropped is known by its text; else it gets an id, as a copy does."""
    known: dict[str, dict] = {}
    lost = {mark: name for name, mark in given.items() if name not in {cell.get("id") for cell in cells}}
    for number, cell in enumerate(cells):
        name = cell.get("id")
        if name is None or name in known:
            name = lost.pop(fingerprint(cell), f"own-{number}-{fingerprint(cell)}")
        known[name] = cell | {"id": name}
    return known


def _woven(first: Iterable[str], second: Iterable[str]) -> list[str]:
    """The names of `first` in their order; each other one of `second` comes behind the one that it follows there."""
    order, at = list(first), -1
    for name in second:
        if name in order:
            at = order.index(name)
        else:
            at += 1
            order.insert(at, name)
    return order


def _beside(cell: dict) -> dict:
    """The course's form of a cell that its reader has changed too: as text, so that it does not run as well."""
    text = f"```python\n{source(cell)}\n```" if cell["cell_type"] == "code" else source(cell)
    lines = f"{_NEWER}\n\n{text}".splitlines(keepends=True)
    return {"id": f"{cell['id'][:50]}-newer", "cell_type": "markdown", "metadata": {}, "source": lines}


def merged(given: dict[str, str], mine: list[dict], ours: list[dict]) -> tuple[list[dict], int]:
    """The cells of a lesson with what its reader wrote and what the course corrected, and how many cells both changed.

    `given` are the fingerprints of the cells that the course gave last time. A cell that only one side changed, added
    or took away is as that side has it. Where both changed it the reader's stays, and the course's follows it as text.
    The cells stand as the course has them now, unless the reader has moved some.
    """
    here, now = _named(mine, given), {cell["id"]: cell for cell in ours}
    moved = [name for name in here if name in given] != [name for name in given if name in here]
    made, both = [], 0
    for name in _woven(here, now) if moved else _woven(now, here):
        hers, course, was = here.get(name), now.get(name), given.get(name)
        if hers is None:  # new, or taken away by its reader
            made += [course] if was is None else []
        elif course is None:  # the reader's own, or taken away by the course
            made += [] if fingerprint(hers) == was else [hers]
        elif fingerprint(hers) in (was, fingerprint(course)):
            made.append(course)
        elif fingerprint(course) == was:
            made.append(hers)
        else:
            newer, both = _beside(course), both + 1
            old = here.get(newer["id"])
            if old and source(old).startswith(_NEWER) and source(old) != source(newer):
                here[newer["id"]] = newer  # what an earlier release put there is out of date
            made += [hers] if old else [hers, newer]
    return made, both
