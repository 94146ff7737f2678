"""The browser and the accessibility checker, for the browser tests and the benchmark alike."""

from __future__ import annotations

import shutil
from importlib import resources

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
