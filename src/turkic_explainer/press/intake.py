"""What may become a page: a notebook is looked over first, and what is wrong with it is said in plain words."""

from __future__ import annotations

from pathlib import Path

from nbformat import NotebookNode

from ..files import read
from ..validate import DataError
from .blocks import Lesson

MOST = 10_000_000  # bytes of output: far beyond any lesson, and every page would carry it
_REFRESH = "Run it (Run All, and save; or `turkic-explainer refresh`)"


class LessonAtWork(Lesson):
    """A lesson that knows which of its cells is being turned into a page, in case that fails."""

    at = 0

    def cells(self, without=frozenset()):
        for number, cell, tags in super().cells(without):
            object.__setattr__(self, "at", number)
            yield number, cell, tags
        object.__setattr__(self, "at", 0)


def take(file: Path) -> NotebookNode:
    """The notebook, if pages can be made of it. Raises DataError, in plain words with the mend, if not."""
    if file.is_dir():
        raise DataError([f"{file.name}: this is a folder, not a notebook. Move it elsewhere."])
    if file.is_file() and file.stat().st_size == 0:
        raise DataError([f"{file.name}: this file is empty. Restore it from a copy."])
    notebook = read(file)
    if not notebook.cells:
        raise DataError([f"{file.name}: this notebook has no cells. Write some, or take it away."])
    language = _language(notebook)
    if language not in ("", "python"):
        raise DataError([f"{file.name}: this notebook is in {language[:20]}, and lessons are in Python. Take it away."])
    sizes = {number: sum(len(str(output)) for output in cell.outputs) for number, cell in _code(notebook)}
    if sum(sizes.values()) > MOST:
        number = max(sizes, key=sizes.get)
        mend = "Show less there, run it and save."
        raise DataError(
            [f"{file.name}, cell {number}: shows {sizes[number] / 1e6:.0f} MB, too much for any page. {mend}"]
        )
    return notebook


def remarks(file: Path, notebook: NotebookNode) -> list[str]:
    """What a teacher should know of a page that was made all the same."""
    cells = [(number, cell) for number, cell in _code(notebook) if cell.source.strip()]
    found, counts = [], [cell.execution_count for _, cell in cells]
    not_run = [number for number, cell in cells if cell.execution_count is None]
    if not_run:
        found.append(f"{file.name}: {_cells(not_run)} not run, so what would be shown there is missing. {_REFRESH}.")
    elif counts != list(range(1, len(counts) + 1)):
        first = next(number for (number, _), count, n in zip(cells, counts, range(1, len(counts) + 1)) if count != n)  # noqa: B905
        found.append(f"{file.name}: the cells were not run in order, from cell {first} on; what is shown may be out of date. "
                     f"{_REFRESH}; `turkic-explainer check` tells for sure.")  # fmt: skip
    elif cells and not any(cell.outputs for _, cell in cells) and len(cells) > 1:
        found.append(f"{file.name}: no cell shows anything: the outputs were cleared. {_REFRESH}.")
    failed = [number for number, cell in cells if any(o.output_type == "error" for o in cell.outputs)]
    if failed:
        found.append(f"{file.name}: an error message is shown in {_cells(failed, '')}. Mend it, and run it again.")
    return found


def _code(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    return [(number, cell) for number, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]


def _language(notebook: NotebookNode) -> str:
    """The language of a notebook's kernel in small letters; nothing where the notebook does not say."""
    kernel, info = notebook.metadata.get("kernelspec", {}), notebook.metadata.get("language_info", {})
    return str(kernel.get("language") or info.get("name") or "").lower()


def _cells(numbers: list[int], verb: str = " was| were") -> str:
    """cell 3 was; cells 3, 4 and 9 were"""
    one, _, many = verb.partition("|")
    if len(numbers) == 1:
        return f"cell {numbers[0]}{one}"
    shown = ", ".join(map(str, numbers[:-1])) if len(numbers) < 9 else f"{numbers[0]}, {numbers[1]} …"
    return f"cells {shown} and {numbers[-1]}{many}"
