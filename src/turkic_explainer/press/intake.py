"""What may become a page: a notebook is looked over first, and what is wrong with it is said in plain words."""

from pathlib import Path

from nbformat import NotebookNode

from ..content import and_
from ..files import read
from ..validate import DataError

MOST = 10_000_000  # bytes of output: far beyond any lesson, and every page would carry it
_REFRESH = "Run All and save, or `turkic-explainer refresh`; `check` tells for sure"


def take(file: Path) -> NotebookNode:
    """The notebook, if pages can be made of it. Raises DataError, in plain words with the mend, if not."""
    notebook = read(file)
    kernel, info = notebook.metadata.get("kernelspec", {}), notebook.metadata.get("language_info", {})
    language = str(kernel.get("language") or info.get("name") or "python").lower()
    if language != "python":
        raise DataError([f"{file.name}: this notebook is in {language[:20]}, and lessons are in Python. Take it away."])
    sizes = {number: sum(len(str(output)) for output in cell.outputs) for number, cell in _code(notebook)}
    if sum(sizes.values()) > MOST:
        number = max(sizes, key=sizes.get)
        what = f"shows {sizes[number] / 1e6:.0f} MB, too much for any page"
        raise DataError([f"{file.name}, cell {number}: {what}. Show less there, run it and save."])
    return notebook


def remarks(file: Path, notebook: NotebookNode) -> list[str]:
    """What a teacher should know of a page that was made all the same."""
    cells = [(number, cell) for number, cell in _code(notebook) if cell.source.strip()]
    not_run = [number for number, cell in cells if cell.execution_count is None]
    disordered = [number for count, (number, cell) in enumerate(cells, 1) if cell.execution_count != count]
    failed = [number for number, cell in cells if any(output.output_type == "error" for output in cell.outputs)]
    found = []
    if not_run:
        found.append(f"not run: {_listed(not_run)}, so what would be shown there is missing. {_REFRESH}.")
    elif disordered:
        where = f"from cell {disordered[0]} on; what is shown may be out of date"
        found.append(f"the cells were not run in order, {where}. {_REFRESH}.")
    elif len(cells) > 1 and not any(cell.outputs for _, cell in cells):
        found.append(f"no cell shows anything: the outputs were cleared. {_REFRESH}.")
    if failed:
        found.append(f"an error message is shown in {_listed(failed)}. Mend it, and run it again.")
    return [f"{file.name}: {remark}" for remark in found]


def _code(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    return [(number, cell) for number, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]


def _listed(numbers: list[int]) -> str:
    """cell 3; cells 3, 4 and 9"""
    shown = numbers if len(numbers) < 9 else [numbers[0], f"{numbers[1]} …", numbers[-1]]
    return f"cell{'s' * (len(numbers) > 1)} {and_(shown)}"
