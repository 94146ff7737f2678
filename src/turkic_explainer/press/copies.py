"""What a learner gets of a lesson: the tasks, without the teacher's cells, the solutions and what is for paper."""

from __future__ import annotations

from copy import deepcopy

HELD_BACK = frozenset({"teacher", "solution", "paper"})  # tags of cells that a learner does not get


def without_answers(notebook: dict) -> dict:
    """A copy of a lesson without the cells that are not for learners, and without what answers a guess before its cell is
    run: the outputs of cells tagged `reveal`. Its code cells are counted from 1 again.

    `notebook` is one of nbformat's, or what JSON makes of its file: `lab` does this at each start, with nothing loaded.
    """
    copy = deepcopy(notebook)
    copy["cells"] = [cell for cell in copy["cells"] if not HELD_BACK & set(cell["metadata"].get("tags", []))]
    for cell in copy["cells"]:
        if "outputs" in cell and "reveal" in cell["metadata"].get("tags", []):
            cell["outputs"] = []
    for count, cell in enumerate((cell for cell in copy["cells"] if cell.get("execution_count")), 1):
        for counted in (cell, *(output for output in cell["outputs"] if "execution_count" in output)):
            counted["execution_count"] = count
    if "turkic" in copy["metadata"]:
        copy["metadata"]["turkic"]["edition"] = "learner"
    return copy
