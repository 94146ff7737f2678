"""The drawings of the charts, which `refresh` stores: a lesson looks them up there, and matplotlib need not be loaded, or be there."""

from contextlib import suppress

import turkic_explainer as front

from ..drawing import ASKED, Drawing, svg
from ..files import leafed, lesson_files, put_all
from ..validate import DATA

FOLDER = DATA / "charts"


def shown() -> dict[str, Drawing]:
    """Every drawing that a cell of a lesson shows, by the name of its file."""
    cells = [cell for file in lesson_files() for cell in leafed(file)[1]]
    names = {name: getattr(front, name) for name in front.__all__}
    ASKED.clear()
    for source in [source for _, source, html in cells if 'class="tx-drawn"' in html]:
        with suppress(NameError):  # it needs an earlier cell: such a chart is drawn when it is shown
            exec(source, dict(names))
    return dict(ASKED)


def written(anew: bool = True) -> list[str]:
    """Stores the drawings that are not there yet, or `anew` all of them, and takes away what no lesson shows. Names what changed."""
    wanted = {FOLDER / name: drawing for name, drawing in shown().items()}
    gone = [file for file in FOLDER.glob("*.svg") if file not in wanted]
    for file in gone:
        file.unlink()
    drawn = {file: svg(drawing) for file, drawing in wanted.items() if anew or not file.exists()}
    return [*(file.name for file in gone), *put_all(drawn)]


def stale() -> list[str]:
    """A line for each drawing that is not stored, or that no lesson shows any more."""
    there = {file.name for file in FOLDER.glob("*.svg")}
    return [
        f"data/charts/{name}: not as the lessons show it now. Run `refresh`." for name in sorted(there ^ set(shown()))
    ]
