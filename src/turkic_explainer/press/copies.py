"""The student's notebook: a lesson without its solutions and the teacher's cells, to be worked on in JupyterLab."""

from __future__ import annotations

from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode

from .blocks import Lesson
from .notebooks import canonical, dumps

_KEPT_BACK = frozenset({"teacher", "solution", "paper"})


def without_answers(notebook: NotebookNode) -> NotebookNode:
    """A copy of a lesson without the cells that are not for students, and without what answers a guess before its cell is
    run: the outputs of cells tagged `reveal`. What is left is in canonical form."""
    cells = [(cell, set(cell.metadata.get("tags", []))) for cell in notebook.cells]
    kept = [
        NotebookNode(cell | {"outputs": []}) if cell.cell_type == "code" and "reveal" in tags else cell
        for cell, tags in cells
        if not _KEPT_BACK & tags
    ]
    return canonical(NotebookNode(notebook | {"cells": kept}))


class StudentNotebookExporter(Exporter):
    """A lesson as a notebook for students: the tasks, but no solutions and nothing for the teacher."""

    export_from_notebook = "Turkic Explainer notebook for students"
    file_extension = ".ipynb"
    output_mimetype = "application/json"

    def from_notebook_node(self, nb, resources=None, **kw):
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return dumps(without_answers(nb)), resources

    def page(self, lessons: list[Lesson]) -> str:
        """The notebook for students of one lesson."""
        [lesson] = lessons
        return dumps(without_answers(lesson.notebook))
