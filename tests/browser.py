"""The browser, the accessibility checker and a JupyterLab, for the browser tests and the benchmark alike."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import resources
from pathlib import Path
from socket import SHUT_RDWR, create_connection, create_server
from threading import Thread
from urllib.parse import urlsplit
from urllib.request import url2pathname

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# Names resolve to nothing, so that a page which asks for anything outside does not get it.
OFFLINE = [
    "--no-sandbox",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def axe(frame, within: str = "document") -> list[dict]:
    """The violations of WCAG 2.2 AA and of best practice that axe finds in a page or frame, or in a part of it.

    `within` is JavaScript for what axe is to look at: a node, or what to include and exclude. Frames inside are left
    out: run it on each. axe itself is put into a page once, for it is half a megabyte of script.
    """
    if not frame.evaluate("'axe' in window"):
        frame.evaluate(_axe())
    # A style sheet in a file of its own axe would fetch once more, which the page's policy forbids, and the page would complain.
    for link in reversed(frame.locator('head > link[href$="course.css"]').all()):
        css = Path(url2pathname(urlsplit(link.evaluate("link => link.href")).path)).read_text("utf-8")
        link.evaluate("(link, css) => { link.outerHTML = `<style>${css}</style>`; }", css)
    options = f"{{iframes: false, resultTypes: ['violations'], runOnly: {{type: 'tag', values: {_RULES}}}}}"
    return frame.evaluate(f"axe.run({within}, {options}).then(found => found.violations)")


def told(violations: list[dict]) -> list[str]:
    """Violations as lines to act on."""
    return [f"{v['id']}: {n['html'][:160]} — {n['failureSummary']}" for v in violations for n in v["nodes"]]


def noted(page):
    """A page that notes on itself what it asks for and what it complains of."""
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def unfolded(page):
    """The page with what answers its guesses, and its Deeper parts, opened."""
    page.locator("details:is(.reveal, .deeper)").evaluate_all("all => all.forEach(fold => { fold.open = true; })")
    return page


def choose(page, menu: str, entry: str) -> None:
    """Picks an entry of a menu of JupyterLab, once the notebook's kernel is there.

    Only the status bar names the kernel. The mark beside the notebook says idle before there is one, and then
    JupyterLab asks which kernel to take instead of doing what was picked.
    """
    page.locator(".jp-StatusBar-Widget").get_by_text(re.compile(r"Python 3 \(ipykernel\) \| Idle")).wait_for(
        timeout=60_000
    )
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(f"#jp-mainmenu-{menu.lower()}").get_by_text(entry, exact=True).click()


WAITING = (
    "[...document.querySelectorAll('.jp-InputPrompt')].some(e => e.textContent.includes('*'))"  # a cell for its turn
)


def _until(page, status: str) -> None:
    """Waits until the status bar says so of the kernel. Notebook 7 has none: there, until the mark in its bar says idle, and
    the kernel's name stands beside it, for that mark says idle before there is one as well."""
    idle = page.locator("body[data-notebook]:has(.jp-Notebook-ExecutionIndicator[data-status=idle]) .jp-KernelName")
    there = idle.get_by_text(re.compile(status.removesuffix(r" \| Idle")))
    page.locator(".jp-StatusBar-Widget").get_by_text(re.compile(status)).or_(there).first.wait_for(timeout=60_000)


def run_all(page, has_kernel: bool = True) -> None:
    """Runs the whole lesson by ▶▶ in its bar, as a learner is told to: whether it has a kernel or none any more.

    A lesson that has just been opened has none for a moment: pressed then, ▶▶ asks which kernel to take.
    """
    _until(page, r"ipykernel\) \| Idle" if has_kernel else "No Kernel")
    page.locator(".jp-NotebookPanel:visible [data-jp-item-name=restart-and-run] jp-button").click()
    confirm = page.get_by_role("button", name="Confirm Kernel Restart")
    asked = not has_kernel  # of a kernel that is there, whether it may be restarted: the question can come late
    for _ in range(600):
        if confirm.is_visible():
            confirm.click()
            asked = True
        elif asked and page.evaluate(WAITING):
            break
        page.wait_for_timeout(100)
    page.wait_for_function(f"() => !{WAITING}", timeout=120_000)
    _until(page, r"ipykernel\) \| Idle")


def fingers(page, *ways: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """Puts a finger on the screen for each way, moves them all from its start to its end, and takes them off."""
    session, steps = page.context.new_cdp_session(page), 12
    for step in range(steps + 1):
        points = [
            {"x": x + (to_x - x) * step / steps, "y": y + (to_y - y) * step / steps, "id": n}
            for n, ((x, y), (to_x, to_y)) in enumerate(ways)
        ]
        session.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": points})
        page.wait_for_timeout(16)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(400)


def in_map(tab, box) -> dict[str, float]:
    """Where a box of the map lies on the slide that is shown: a frame that is enlarged has pixels of its own."""
    inner = box.evaluate(
        "e => { const {x, y, width, height} = e.getBoundingClientRect(); return {x, y, width, height}; }"
    )
    frame = tab.locator(".present iframe.tx-frame").evaluate(
        "e => { const {x, y, width} = e.getBoundingClientRect(); return {x, y, width}; }"
    )
    scale = frame["width"] / box.evaluate("innerWidth")
    return {
        "x": frame["x"] + inner["x"] * scale,
        "y": frame["y"] + inner["y"] * scale,
        "width": inner["width"] * scale,
        "height": inner["height"] * scale,
    }


def click_in_map(tab, name: str) -> None:
    tab.wait_for_timeout(800)  # until the frame has its size, and the map its view
    named = tab.frame_locator(".present iframe.tx-frame").get_by_role("button", name=re.compile(f"^{name}"))
    box = in_map(tab, named.locator(".in"))
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


# A live explorer is the widget box whose first line is the explorer's title.
FIND = """([title, key]) => {
  const box = [...document.querySelectorAll('.widget-vbox')].find(b => b.checkVisibility() && b.firstElementChild.querySelector('.tx-state')?.textContent === title);
  box?.setAttribute('data-live', key);
  return box !== undefined;
}"""


def scroll_to(page, title: str, key: str) -> None:
    """Scrolls down until the live explorer of this title is there, and marks it: JupyterLab takes out what lies far away.
    Deeper parts on the way are opened, as a learner opens them."""
    panel = page.locator(".jp-WindowedPanel-outer:visible")
    for _ in range(300):  # from here to the foot, and then from the top
        page.wait_for_timeout(100)
        if page.evaluate(FIND, [title, key]):
            return
        deeper(page)
        panel.evaluate(
            "e => e.scrollTop + e.clientHeight < e.scrollHeight - 5 ? e.scrollBy(0, e.clientHeight / 2) : e.scrollTo(0, 0)"
        )
    raise RuntimeError(f"{key} is not shown live")


def deeper(page, parts: int = 0) -> None:
    """Opens the Deeper parts that are there, by the button under their headings, once there are so many."""
    closed = page.locator(".jp-showHiddenCellsButton:visible")
    page.wait_for_function(
        "n => [...document.querySelectorAll('.jp-showHiddenCellsButton')].filter(e => e.checkVisibility()).length >= n",
        arg=parts,
    )
    while closed.count():
        closed.first.click()


class Wire:
    """A way to a server that can be cut, as a network is: what is under way ends, and nothing new comes through."""

    def __init__(self, port: int):
        self.whole, self._ends, self._to = True, [], port
        self._door = create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            near = self._door.accept()[0]
            if self.whole:
                far = create_connection(("127.0.0.1", self._to))
                self._ends += [near, far]
                for ends in ((near, far), (far, near)):
                    Thread(target=self._pass, args=ends, daemon=True).start()
            else:
                near.close()

    def _pass(self, one, other) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(SHUT_RDWR)

    def cut(self) -> None:
        self.whole = False
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(SHUT_RDWR)


def listens(address: str) -> None:
    """Waits until somebody listens there: JupyterLab says its address a moment before it does."""
    for _ in range(300):
        with suppress(ConnectionRefusedError):
            create_connection(("127.0.0.1", int(re.search(r":(\d+)", address)[1]))).close()
            return
        time.sleep(0.1)
    raise TimeoutError(f"nobody listens at {address}")


@contextmanager
def started_lab(home: Path, teacher: bool = True) -> Iterator[tuple[str, Path]]:
    """`turkic-explainer lab` in an empty home, as a teacher or a learner starts it; gives its address and its folder."""
    command = [
        sys.executable,
        "-m",
        "turkic_explainer.press.cli",
        "lab",
        "--workspace",
        str(home / "course"),
        "--no-browser",
        *["--teacher"] * teacher,
    ]
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")  # the server has no way out either
    process = subprocess.Popen(
        [*command, "--port", "0"], env=os.environ | nowhere | {"HOME": str(home)}, cwd=home,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/lab\S*\?token=\w{20,}", line):
            break
    else:
        raise RuntimeError("JupyterLab did not start:\n" + "".join(said))
    Thread(target=process.stdout.read, daemon=True).start()  # what it says later must not fill the pipe and hold it up
    listens(found[0])
    try:
        yield found[0], home / "course"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
