"""Lessons as files: found, run, and stored in one canonical form, so that running them again changes no byte."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from ..course import heading
from ..files import lesson_files, read
from ..ledger import CLAIM_ID, named, page_of
from ..validate import DataError, language_of
from ..vocabulary import PAGE, link_words
from .copies import HELD_BACK
from .hour import COLLAPSED, DEEPER, timed
from .saving import LIVE

# Links as they were before there was evidence to be read: to the seeds, and to the lesson of words.
_OLD_CITATION = re.compile(rf"\[({CLAIM_ID.pattern})\]\(\.\./seeds/[\w.]+\)")
# Where a lesson says at its beginning what it rests on, each report is called by what it is, and leads to its claims.
_RESTS_ON = re.compile(r"\*\*Sources\*\* [^*\n]*")
_REPORT = re.compile(r"\[(S[0-4]) \([^\[\]]{0,1000}\)\]\([^()]{0,1000}\)|(?<!to )\b(S[0-4])\b(?! to |-)")
_OLD_WORD = re.compile(r"\]\(09-words\.ipynb(#word-[\w-]+)\)")
LEADS = re.compile(r"^\*\*(?:Before|Next):\*\* .*\Z", re.M | re.S)
_SENTENCE = re.compile(r"(?<=[.?!:])\s(?=[A-Z*\[\"])")
# What a run or an open window leaves in metadata. All else that others have put there, as nbgrader does, stays.
_PASSING = {"execution", "ExecuteTime", "collapsed", COLLAPSED, "scrolled", "trusted", "widgets", "signature"}
_QUIET = ("IPKernelApp.log_level=ERROR", "IPKernelApp.capture_fd_output=False", "HistoryManager.enabled=False")
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def run(file: Path) -> NotebookNode:
    """Runs a lesson from top to bottom in a new kernel and gives it back in canonical form; the file is left alone.

    Raises DataError naming the cell that failed.
    """
    notebook, failed = read(file), []
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=120,
        startup_timeout=300,  # on a busy machine
        coalesce_streams=True,  # a busy machine may send what one cell prints in pieces
        shutdown_kernel="immediate",  # nothing is left to save, and a graceful end sometimes takes seconds
        resources={"metadata": {"path": str(file.parent)}},
        # Nothing but what the cells themselves show comes into the outputs: not what the kernel says of a busy machine
        # ("IOStream.flush timed out"), nor of a history that another kernel has locked.
        extra_arguments=[f"--{option}" for option in _QUIET],
        on_cell_error=lambda cell_index, **_: failed.append(cell_index + 1),
    )
    try:
        client.execute(env=os.environ | {"TURKIC_LANG": language_of(notebook)})
    except CellExecutionError as error:
        raise DataError([f"{file.name}, cell {failed[0]}: {error.ename}: {error.evalue}"]) from None
    except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
        raise DataError([f"{file.name}: the kernel gave up while running it: {str(error).splitlines()[0]}"]) from None
    notebook = canonical(notebook)
    if "lesson" in notebook.metadata.get("turkic", {}):
        with suppress(DataError):  # of a lesson beside it that cannot be read no title is known: the line stays
            notebook.cells[-1].source = LEADS.sub(lambda _: leads(file), notebook.cells[-1].source)
        timed(notebook)
    return notebook


def leads(file: Path) -> str:
    """The last line of a lesson: links to the lessons before and after it, by their titles as they are stored now."""
    others = {file: read(file) for file in lesson_files(file.parent)}
    lessons = [other for other, notebook in others.items() if "lesson" in notebook.metadata.get("turkic", {})]
    at, found = lessons.index(file), []
    for word, near in (("Before", lessons[:at][-1:]), ("Next", lessons[at + 1 :][:1])):
        found += [f"**{word}:** [{heading(others[other])}]({other.name})." for other in near]
    return " ".join(found)


def canonical(notebook: NotebookNode) -> NotebookNode:
    """The one form in which lessons are stored: no kernel's version, no time, no live widget, cells counted from 1,
    Deeper parts closed, and in a lesson's prose each word of the glossary linked where it is first used."""
    metadata = _lasting(notebook.metadata) | {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    cells, count = [], 0
    for cell in notebook.cells:
        kept = NotebookNode(_lasting(cell.metadata))
        cell = NotebookNode(cell | {"metadata": kept, "source": cell.source.strip("\n")})
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = [_canonical_output(output, count) for output in cell.outputs]
        elif cell.cell_type == "markdown":
            cell.source = _OLD_CITATION.sub(lambda link: f"[{link[1]}]({page_of(link[1])})", cell.source)
            cell.source = _OLD_WORD.sub(rf"]({PAGE}\1)", cell.source)
            cell.source = _RESTS_ON.sub(lambda line: _REPORT.sub(_report, line[0]), cell.source)
            if DEEPER.match(cell.source):
                cell.metadata[COLLAPSED] = True
        cells.append(cell)
    if "lesson" in metadata.get("turkic", {}):
        prose = [c for c in cells if c.cell_type == "markdown" and not HELD_BACK & set(c.metadata.get("tags", []))]
        for cell, source in zip(prose, link_words([c.source for c in prose]), strict=True):
            cell.source = source
    return NotebookNode(cells=cells, metadata=NotebookNode(metadata), nbformat=4, nbformat_minor=5)


def _lasting(metadata: NotebookNode) -> dict[str, Any]:
    return {name: value for name, value in metadata.items() if name not in _PASSING}


def _report(found: re.Match) -> str:
    report = found[1] or found[2]
    return f"[{report} ({named(report)})](evidence/{report}.md)"


def _canonical_output(output: NotebookNode, count: int) -> NotebookNode:
    output = NotebookNode(output)
    if "execution_count" in output:
        output.execution_count = count
    if "data" in output:
        output.data = {mime: data for mime, data in sorted(output.data.items()) if mime != LIVE}
        output.metadata = {}
    return output


def dumps(notebook: NotebookNode) -> str:
    """A notebook as the text of its file."""
    return nbformat.writes(notebook) + "\n"


def text(notebook: NotebookNode) -> str:
    """A notebook as a text to be reviewed: its cells with their tags, a line a sentence, and what they show in plain words."""
    parts = []
    for cell in notebook.cells:
        about = ", ".join([cell.id, *cell.metadata.get("tags", [])])
        parts.append(f"<!-- {about} -->")
        if cell.cell_type == "code":
            parts.append(f"```python\n{cell.source}\n```")
            shown = [output.get("text", output.get("data", {}).get("text/plain", "")) for output in cell.outputs]
            parts += [f"```text\n{told.rstrip()}\n```" for told in shown if told]
        else:
            parts.append("\n".join(_SENTENCE.sub("\n", line) for line in cell.source.splitlines()))
    return "\n\n".join(parts) + "\n"


def text_file(file: Path) -> Path:
    """Where the text of a lesson lies: beside it, in the folder `text`."""
    return file.parent / "text" / f"{file.stem}.md"
