"""The browser, the accessibility checker and a JupyterLab, for the browser tests and the benchmark alike."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# Names resolve to nothing, so that a page which asks for anything outside does not get it.
OFFLINE = [
    "--no-sandbox",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe(frame, within: str = "document") -> list[dict]:
    """The violations of WCAG 2.2 AA and of best practice that axe finds in a page or frame, or in a part of it.

    `within` is a JavaScript expression for that part. Frames inside are left out: run it on each.
    """
    frame.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    options = f"{{iframes: false, resultTypes: ['violations'], runOnly: {{type: 'tag', values: {_RULES}}}}}"
    return frame.evaluate(f"axe.run({within}, {options})")["violations"]


IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'  # seen once a notebook's kernel is ready


@contextmanager
def started_lab(home: Path) -> Iterator[tuple[str, Path]]:
    """`turkic-explainer lab` as a learner starts it, in an empty home; gives its address and its folder."""
    command = [sys.executable, "-m", "turkic_explainer.cli", "lab", "--workspace", str(home / "course"), "--no-browser"]
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")  # the server has no way out either
    process = subprocess.Popen(
        [*command, "--port", "0", "--allow-root"], env=os.environ | nowhere | {"HOME": str(home)}, cwd=home,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/lab\S*\?token=\w{20,}", line):
            break
    else:
        raise RuntimeError("JupyterLab did not start:\n" + "".join(said))
    try:
        yield found[0], home / "course"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
