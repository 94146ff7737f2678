"""What a learner gets of a lesson: the tasks, without the teacher's cells, the solutions and what is for paper."""

from __future__ import annotations

_KEPT_BACK = frozenset({"teacher", "solution", "paper"})


def without_answers(notebook: dict) -> dict:
    """A copy of a lesson without the cells that are not for learners; its code cells are counted from 1 again.

    `notebook` is one of nbformat's, or what JSON makes of its file: `lab` does this at each start, and loads nothing for it.
    """
    node = type(notebook)
    cells = [node(cell) for cell in notebook["cells"] if not _KEPT_BACK & set(cell["metadata"].get("tags", []))]
    for count, cell in enumerate((cell for cell in cells if cell.get("execution_count")), 1):
        cell["execution_count"] = count
        outputs = (node(output) for output in cell["outputs"])
        cell["outputs"] = [node(o | {"execution_count": count}) if "execution_count" in o else o for o in outputs]
    metadata = node(notebook["metadata"])
    if "turkic" in metadata:
        metadata["turkic"] = node(metadata["turkic"] | {"edition": "learner"})
    return node(notebook | {"cells": cells, "metadata": metadata})
