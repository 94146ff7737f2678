"""turkic-explainer lab | handouts | check | refresh"""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from ..validate import DataError

_EDITIONS = ("student", "teacher", "worksheet", "slides", "notebook")


def main(argv: list[str] | None = None) -> int:
    """Runs one command. A user's mistake is told in plain lines on standard error, with exit code 1, not a traceback."""
    parser = argparse.ArgumentParser(
        prog="turkic-explainer", description="A course on the Organization of Turkic States."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    lab = commands.add_parser("lab", help="copy the lessons into your own folder and open them in JupyterLab",
                              epilog="Any other option is passed on to JupyterLab; write it as --name=value.")  # fmt: skip
    lab.add_argument(
        "lesson", nargs="?", default="00", metavar="LESSON", help="the lesson to open, such as 02 (default: 00)"
    )
    lab.add_argument("--workspace", type=Path, default=Path("turkic-course"), metavar="FOLDER",
                     help="your folder with the lessons (default: turkic-course, here)")  # fmt: skip
    lab.add_argument("--no-browser", action="store_true", help="start JupyterLab without opening a browser")
    lab.add_argument("--port", type=int, help="the port to listen on (default: 8888, or the next that is free)")
    lab.set_defaults(run=_lab)

    handouts = commands.add_parser("handouts", help="make pages, worksheets, slides and notebooks of the lessons, and an index of all",
                                   epilog=f"Editions: {', '.join(_EDITIONS)}. Only what has changed is made again.")  # fmt: skip
    handouts.add_argument("lessons", nargs="*", metavar="LESSON", help="lessons by number, such as 02 (default: all)")
    handouts.add_argument("--edition", action="append", choices=_EDITIONS, metavar="NAME",
                          help="make this edition only; may be given several times (default: all)")  # fmt: skip
    handouts.add_argument(
        "--out", type=Path, default=Path("handouts"), metavar="FOLDER", help="where to (default: handouts)"
    )
    handouts.add_argument("--code", action="store_true",
                          help="show the code of every cell on the students' pages, not only of exercises")  # fmt: skip
    handouts.add_argument("--notebooks", type=Path, metavar="FOLDER", help="your own lessons instead of the course's")
    handouts.set_defaults(run=_handouts)

    check = commands.add_parser("check", help="look over the lessons before class or before a commit")
    check.add_argument("--notebooks", type=Path, metavar="FOLDER", help="your own lessons instead of the course's")
    check.add_argument(
        "--quick", action="store_true", help="leave out running the lessons to see whether outputs are stale"
    )
    check.set_defaults(run=_check)

    refresh = commands.add_parser("refresh", help="for authors: run the lessons and store their outputs")
    refresh.add_argument("lessons", nargs="*", metavar="LESSON", help="lessons by number, such as 02 (default: all)")
    refresh.add_argument("--notebooks", type=Path, metavar="FOLDER", help="your own lessons instead of the course's")
    refresh.set_defaults(run=_refresh)

    options, options.more = parser.parse_known_args(argv)
    if options.more and options.command != "lab":
        parser.error(f"unknown option: {' '.join(options.more)}")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that cannot show a letter shows its number instead of failing
            stream.reconfigure(errors="backslashreplace")
    # The kernel of this installation, whatever other kernels the user has.
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    try:
        _lend_a_home()
        return options.run(options)
    except DataError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}. Is it in use, or not yours to write?", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Nothing half-done was kept.", file=sys.stderr)
        return 130


def _lend_a_home() -> None:
    """Where the user's home cannot be written, Jupyter, IPython and matplotlib get a folder that is removed at the end."""
    from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir

    closed = []
    for folder in map(Path, (jupyter_config_dir(), jupyter_data_dir(), jupyter_runtime_dir())):
        nearest = next(f for f in (folder, *folder.parents) if os.path.exists(f))
        if not os.access(nearest, os.W_OK):
            closed.append(folder)
    if closed:
        home = Path(tempfile.mkdtemp(prefix="turkic-home-"))
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
        os.environ.update({name: str(home / name) for name in names})
        print(f"{closed[0]}: this folder of Jupyter's cannot be written. The course works all the same; only JupyterLab's "
              "settings are forgotten at the end.", file=sys.stderr)  # fmt: skip


def _chosen(folder: Path | None, numbers: list[str]) -> list[Path]:
    """The lessons of these numbers, or all of them. Raises DataError for a number that no lesson has."""
    from ..files import lesson_files

    files = lesson_files(folder)
    unknown = [n for n in numbers if not any(f.name.startswith(n) for f in files)]
    if unknown:
        raise DataError([f"There is no lesson {', '.join(unknown)}. There are: {', '.join(f.stem for f in files)}."])
    return [f for f in files if not numbers or any(f.name.startswith(n) for n in numbers)]


def _lab(options: argparse.Namespace) -> int:
    from .workspace import prepare

    [lesson, *_] = _chosen(None, [options.lesson])
    folder = options.workspace.resolve()
    print(*prepare(folder), sep="\n", flush=True)
    # For this process only: the learner's own JupyterLab settings stay as they are.
    paths = [str(Path(__file__).with_name("jupyter")), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    from jupyterlab.labapp import LabApp

    arguments = [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.preferred_dir={folder}",  # a learner's own settings may point elsewhere
        f"--FileContentsManager.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/notebooks/{lesson.name}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # a container, a Codespace: JupyterLab would end with a warning
        print("You are root, so the lessons run with root's rights: on this machine only (127.0.0.1), with a token.", flush=True)
        arguments.append("--allow-root")
    if options.no_browser:
        arguments.append("--no-browser")
    if options.port is not None:
        arguments.append(f"--port={options.port}")
    LabApp.launch_instance([*arguments, *options.more])
    return 0


def _handouts(options: argparse.Namespace) -> int:
    from ..files import lesson_files
    from .build import INDEX, build

    files = lesson_files(options.notebooks)
    only = [file.stem for file in _chosen(options.notebooks, options.lessons)] if options.lessons else []
    made = build(files, options.out, options.edition or _EDITIONS, code=options.code, only=only,
                 say=lambda line: print(line, flush=True))  # fmt: skip
    print(f"{len(made)} file{'s' * (len(made) != 1)} of lessons in {options.out.resolve()}. Open {INDEX} there.")
    return 0


def _refresh(options: argparse.Namespace) -> int:
    from ..files import put
    from .dictionary import written
    from .notebooks import dumps, run, text, text_file

    files = _chosen(options.notebooks, options.lessons)
    for name in written():
        print(f"{name}: written anew from tables.toml")
    for number, file in enumerate(files, 1):
        notebook = run(file)
        changed = dumps(notebook) != file.read_text("utf-8")
        if changed:
            put(file, dumps(notebook).encode())
        if text_file(file).parent.is_dir():  # in a clone, for whoever reviews a change
            put(text_file(file), text(notebook).encode())
        print(f"[{number}/{len(files)}] {file.stem}: {'outputs stored' if changed else 'no change'}", flush=True)
    return 0


def _check(options: argparse.Namespace) -> int:
    from ..files import lesson_files
    from .checks import preflight

    files = lesson_files(options.notebooks)
    problems = preflight(files, run=not options.quick, say=print)
    if problems:
        raise DataError([*problems, f"{len(problems)} thing{'s' * (len(problems) != 1)} to mend."])
    print("All in order.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
