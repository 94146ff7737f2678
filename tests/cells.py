"""Runs the code cells of lessons with what is installed here, without a kernel, and says in JSON what each shows:

    python -m tests.cells notebooks/02-where-they-meet.ipynb ...

A list for each lesson, in it a text for each cell: the HTML that it shows, or else its plain text, or its error.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output


def told(data: list[dict]) -> str:
    """What outputs show, without what only a kernel can make of it."""
    return "\n".join("".join(one.get("text/html") or one.get("text/plain", "")) for one in data)


def ran(file: str) -> list[str]:
    shell, shown = InteractiveShell.instance(), []
    shell.reset()
    for cell in json.loads(Path(file).read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            with capture_output() as displayed:
                done = shell.run_cell("".join(cell["source"]))
            error = done.error_before_exec or done.error_in_exec
            data = [output.data for output in displayed.outputs] + [shell.display_formatter.format(done.result)[0]]
            shown.append(
                f"{type(error).__name__}: {error}" if error else told(data[: len(data) - (done.result is None)])
            )
    return shown


if __name__ == "__main__":
    json.dump([ran(file) for file in sys.argv[1:]], sys.stdout)
