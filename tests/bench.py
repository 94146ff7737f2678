"""python -m tests.bench: the design's measures, side by side with the stock tools, in one run.

Prints medians and ratios and asserts nothing. Takes a few minutes; --rounds N changes how often each is measured,
--editions measures the editions alone. --kills N kills N builds of all editions instead, and tells what is left of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .browser import CHROMIUM, OFFLINE, axe, run_all, scroll_to, started_lab

LIBRARIES = "import pandas, folium, ipywidgets"
FRONT_DOOR = LIBRARIES + "; from turkic_explainer import *"
USAGE = "import resource, sys; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, file=sys.stderr)"


def python(code: str) -> tuple[float, float]:
    """Seconds and megabytes of a fresh Python that runs `code`."""
    start = time.perf_counter()
    settings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}  # compiling is not importing
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{USAGE}"], capture_output=True, text=True, check=True, env=settings
    )
    return time.perf_counter() - start, float(done.stderr.split()[-1])


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def line(what: str, ours: float, theirs: float | None = None, unit: str = "s", note: str = "") -> None:
    ratio = f"{ours / theirs:8.2f}" if theirs else " " * 8
    stock = f"{theirs:10.2f}" if theirs is not None else " " * 10
    print(f"{what:58}{ours:10.2f}{stock}{ratio}  {unit}  {note}", flush=True)


def looked_at(pages: dict[str, str]) -> dict[str, tuple[int, int]]:
    """For each page, how many outside addresses a browser tried to load, and how many violations axe finds."""
    if CHROMIUM is None:
        print("no Chromium here: outside addresses and axe violations are not measured")
        return {}
    from playwright.sync_api import sync_playwright

    found = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OFFLINE)
        for name, html in pages.items():
            file, page, asked = Path(folder) / "page.html", browser.new_page(), set()
            file.write_text(html, "utf-8")
            page.on("request", lambda r, asked=asked: asked.add(r.url) if r.url.startswith("http") else None)
            page.goto(file.as_uri())
            page.wait_for_timeout(1000)
            found[name] = len(asked), sum(len(v["nodes"]) for v in axe(page))
            page.close()
        browser.close()
    return found


# Clicks through the choices in turn; for each, the milliseconds until what is shown has changed.
CLICKS = """async ([choices, pane, rounds]) => {
  const times = [];
  const shown = () => [...document.querySelectorAll(pane)].filter(e => e.offsetParent).map(e => e.textContent).join();
  for (let n = 1; n <= rounds; n++) {
    const buttons = [...document.querySelectorAll(choices)];  // anew: a widget may draw its own again
    const before = shown(), start = performance.now();
    buttons[n % buttons.length].click();
    while (shown() === before) {
      if (performance.now() - start > 5000) throw new Error(`choice ${n} of ${buttons.length} changed nothing of ${before.length} characters`);
      await new Promise(requestAnimationFrame);
    }
    times.push(performance.now() - start);
  }
  return times;
}"""


def clicks(rounds: int = 30) -> tuple[float, float]:
    """Median milliseconds from a click to the changed view: in the page that needs no kernel, and in JupyterLab."""
    from playwright.sync_api import sync_playwright

    from turkic_explainer import ride_explorer
    from turkic_explainer.files import lesson_files
    from turkic_explainer.press.build import build

    from .conftest import lesson_with

    first, riding = lesson_files()[0].stem, lesson_with("ride_explorer()")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OFFLINE)
        page = browser.new_page()
        [made] = build([f for f in lesson_files() if f.stem == riding], Path(folder), say=str)
        page.goto(made.as_uri())
        still = page.evaluate(CLICKS, [".tx-of-ride summary", ".tx-of-ride .tx-panel", rounds])
        with started_lab(Path(folder)) as (address, _):
            page = browser.new_page()
            page.goto(address.replace(first, riding))
            run_all(page)
            scroll_to(page, ride_explorer().title, "ride")
            live = page.evaluate(
                CLICKS, ["[data-live=ride] input[type=radio]", "[data-live=ride] > .widget-html:last-child", rounds]
            )
        browser.close()
    return statistics.median(still), statistics.median(live)


def editions(rounds: range) -> None:
    """What each edition weighs, and how long it takes: beside stock pages of the same notebooks, in one process; and all
    of them by the program itself, from nothing and with nothing changed."""
    from nbconvert import HTMLExporter

    from turkic_explainer.files import lesson_files
    from turkic_explainer.press.build import ALL, EDITIONS, build

    lessons, stock = lesson_files(), HTMLExporter()
    stock.from_filename(str(lessons[0]))  # what is loaded once
    for edition in EDITIONS:
        ours, theirs, again = [], [], []
        for _ in rounds:
            with tempfile.TemporaryDirectory() as folder:
                ours.append(timed(lambda: build(lessons, Path(folder), [edition.name], say=str)))
                again.append(timed(lambda: build(lessons, Path(folder), [edition.name], say=str)))
                made = {
                    f.stem: f.stat().st_size / 1000 for f in (Path(folder) / edition.folder).glob(f"*{edition.ending}")
                }
            theirs.append(timed(lambda: [stock.from_filename(str(f)) for f in lessons]))
        made.pop("index", None)
        whole = made.pop(ALL, 0)
        name, median = f"edition {edition.name}", statistics.median
        line(
            f"{name}, made",
            median(ours),
            median(theirs),
            note=f"with its index; median ratio {median(o / t for o, t in zip(ours, theirs, strict=True)):.2f}",
        )
        line(f"{name}, nothing changed", median(again), median(ours), note="beside: made from nothing")
        line(
            f"{name}, {len(made)} files, the heaviest",
            max(made.values()),
            unit="kB",
            note=f"all {sum(made.values()):.0f} kB; {ALL} {whole:.0f} kB",
        )
    full, again = [], []
    for _ in rounds:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "turkic_explainer.press.cli", "handouts", "--out", folder]
            full.append(timed(lambda: subprocess.run(command, capture_output=True, check=True)))
            again.append(timed(lambda: subprocess.run(command, capture_output=True, check=True)))
    line(
        "turkic-explainer handouts, nothing changed",
        statistics.median(again),
        statistics.median(full),
        note="beside: from nothing",
    )


def kills(rounds: int) -> None:
    """Kills a build of all editions at a random moment, again and again, and looks at what is there then and afterwards.

    Each build is to take the place of the one before. Each is a process of its own, forked from this one, which has loaded
    everything already: so all moments are moments of the build.
    """
    from turkic_explainer.files import lesson_files
    from turkic_explainer.press.build import EDITIONS, build
    from turkic_explainer.press.folder import HOME

    names = [edition.name for edition in EDITIONS]

    def seen(out: Path) -> dict[str, str]:
        found = {f.relative_to(out).as_posix(): f for f in out.rglob("*") if f.is_file()}
        return {p: hashlib.sha256(f.read_bytes()).hexdigest() for p, f in found.items() if not p.startswith(".")}

    def begun(source: Path, out: Path) -> int:
        """The process of a build that has just begun."""
        child = os.fork()
        if not child:
            try:
                build(lesson_files(source), out, names, say=str)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        return child

    def finished(source: Path, out: Path) -> None:
        if os.waitpid(begun(source, out), 0)[1]:
            raise RuntimeError(f"{source.name} was not built")

    with tempfile.TemporaryDirectory() as folder:
        root, out = Path(folder), Path(folder) / "out"
        sources = [shutil.copytree(lesson_files()[0].parent, root / name) for name in ("first", "second")]
        for file in lesson_files(sources[1]):
            notebook = json.loads(file.read_text("utf-8"))
            notebook["cells"][0]["source"].append("\n\nThis is the second one.")
            file.write_text(json.dumps(notebook), "utf-8")
        build(lesson_files(sources[0]), out, names, say=str)
        seconds = statistics.median(
            timed(partial(finished, source, root / f"made-{n}")) for n, source in enumerate(sources)
        )
        wanted = [seen(root / f"made-{n}") for n in range(2)]
        counts = dict.fromkeys(
            ("old", "new", "between", "torn", "over before the kill", "not completed by the next run"), 0
        )
        for number in range(rounds):
            old, new = number % 2, (number + 1) % 2
            child = begun(sources[new], out)
            time.sleep(random.uniform(0, seconds))
            os.kill(child, signal.SIGKILL)
            counts["over before the kill"] += not os.WIFSIGNALED(os.waitpid(child, 0)[1])
            found = seen(out)
            torn = [p for p, is_ in found.items() if is_ not in (wanted[old].get(p), wanted[new].get(p))]
            counts[
                "torn" if torn else "old" if found == wanted[old] else "new" if found == wanted[new] else "between"
            ] += 1
            finished(sources[new], out)
            counts["not completed by the next run"] += seen(out) != wanted[new] or any((out / HOME).glob(".*"))
    print(
        f"{rounds} builds of {len(wanted[0])} files killed within {seconds:.1f} s: "
        + ", ".join(f"{what} {n}" for what, n in counts.items())
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--editions", action="store_true")
    parser.add_argument("--kills", type=int, metavar="N")
    options = parser.parse_args()
    rounds = range(options.rounds)
    if options.kills:
        kills(options.kills)
        return
    print(f"{'':58}{'ours':>10}{'stock':>10}{'ratio':>8}")
    if options.editions:
        editions(rounds)
        return

    imports = {
        code: [python(code) for _ in rounds] for code in ("pass", LIBRARIES, "import turkic_explainer", FRONT_DOOR)
    }
    seconds, memory = (
        {c: statistics.median(m[k] for m in measured) for c, measured in imports.items()} for k in (0, 1)
    )
    libraries, bare = seconds[LIBRARIES] - seconds["pass"], seconds["pass"]
    line(
        "import turkic_explainer, beyond bare Python",
        seconds["import turkic_explainer"] - bare,
        libraries,
        note="stock: pandas, folium, ipywidgets",
    )
    line(
        "every public name, beyond those libraries",
        seconds[FRONT_DOOR] - bare - libraries,
        libraries,
        note="nbformat, which course_map loads, is most of it",
    )
    line("memory after import turkic_explainer", memory["import turkic_explainer"], memory[LIBRARIES], "MB")
    line("memory after every public name", memory[FRONT_DOOR], memory[LIBRARIES], "MB")

    import folium
    import nbformat
    from nbconvert import HTMLExporter

    from turkic_explainer import venue_map
    from turkic_explainer.files import lesson_files, read
    from turkic_explainer.press.notebooks import run
    from turkic_explainer.press.pages import HandoutExporter

    lessons = lesson_files()
    empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LIBRARIES + ", matplotlib.figure")])
    with tempfile.TemporaryDirectory() as folder:
        start = Path(folder) / "00-start.ipynb"
        nbformat.write(empty, start)
        kernel = statistics.median(timed(lambda: run(start)) for _ in rounds)
        for lesson in lessons:
            whole = statistics.median(timed(lambda: run(lesson)) for _ in rounds)
            line(f"{lesson.stem}, run beyond kernel and imports", whole - kernel, note=f"whole run {whole:.2f} s")

    stock, own = HTMLExporter(), HandoutExporter()
    pages = {name: [e.from_filename(str(f))[0] for f in lessons] for name, e in (("stock", stock), ("own", own))}
    editions(rounds)
    for number, file in enumerate(lessons):
        own_page, stock_page = pages["own"][number], pages["stock"][number]
        line(f"page of {file.stem}", len(own_page.encode()) / 1000, len(stock_page.encode()) / 1000, "kB")
        seen = looked_at({"own": own_page, "stock": stock_page})
        for n, (what, unit) in enumerate((("outside addresses tried by", "URLs"), ("axe violations in", "nodes"))):
            if seen:
                line(f"{what} {file.stem}", seen["own"][n], seen["stock"][n], unit)

    def digests(make: Callable[[], str]) -> int:
        return len({hashlib.sha256(make().encode()).hexdigest() for _ in rounds})

    line(
        "different maps in as many rounds",
        digests(lambda: venue_map()._repr_html_()),
        digests(lambda: folium.Map()._repr_html_()),
        "maps",
    )
    if CHROMIUM:
        still, live = clicks()
        line("from a click to the changed view, page without a kernel", still, unit="ms")
        line("from a click to the changed view, live in JupyterLab", live, unit="ms")
    cells = [c for f in lessons for c in read(f).cells if c.cell_type == "code"]
    line("longest code cell", max(len(c.source.splitlines()) for c in cells), unit="lines")


if __name__ == "__main__":
    main()
