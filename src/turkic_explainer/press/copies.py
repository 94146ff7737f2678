"""What a learner gets of a lesson: the tasks, without the teacher's cells, the solutions and what is for paper."""

from copy import deepcopy
from pathlib import Path

GUESSED = "After your guess:"  # stands for a text that is folded away, and over it once it is open
AND_MORE = "And more:"  # does so for the next one, where two texts in a row are folded away
HELD_BACK = frozenset({"teacher", "answer", "solution", "paper"})  # tags of cells that a learner does not get


def without_answers(notebook: dict) -> dict:
    """A copy of a lesson without the cells that are not for learners, and without what answers a guess before its cell is
    run: of cells tagged `reveal`, outputs are left out, and texts are folded away: JupyterLab opens them when they are run.
    Its code cells are counted from 1 again.

    `notebook` is one of nbformat's, or what JSON makes of its file: `lab` does this at each start, with nothing loaded.
    """
    copy = deepcopy(notebook)
    copy["cells"] = [cell for cell in copy["cells"] if not HELD_BACK & set(cell["metadata"].get("tags", []))]
    follows = False  # on a text that is folded away
    for cell in copy["cells"]:
        folded = "reveal" in cell["metadata"].get("tags", []) and "outputs" not in cell
        if folded:
            text, first = cell["source"], AND_MORE if follows else GUESSED  # a text, or as a file has it, in lines
            cell["source"] = f"{first}\n\n{text}" if isinstance(text, str) else [f"{first}\n", "\n", *text]
            cell["metadata"]["jupyter"] = {"source_hidden": True}
        elif "reveal" in cell["metadata"].get("tags", []):
            cell["outputs"] = []
        follows = folded
    for count, cell in enumerate((cell for cell in copy["cells"] if cell.get("execution_count")), 1):
        for counted in (cell, *(output for output in cell["outputs"] if "execution_count" in output)):
            counted["execution_count"] = count
    if "turkic" in copy["metadata"]:
        copy["metadata"]["turkic"]["edition"] = "learner"
    return copy


def beside(folder: Path) -> list[Path]:
    """What lessons in a folder read or lead to: an invented classmate's files, and the evidence."""
    return [*folder.glob("*-example.json"), *folder.glob("evidence/*.md")]
