"""turkic-explainer lab | prepare | handouts | quiz | class | site | check | refresh"""

import argparse
import atexit
import os
import shutil
import sys
import tempfile
import tomllib
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..validate import DataError, Lacking, course_folder, package_path, short

# Of [lab], what nothing else brings.
_LAB = ("jupyterlab", "matplotlib", "nbclient", "resvg_py", "segno", "smartypants")
_TYPES = {"FOLDER": Path, "FILE": Path, "PORT": int}
_say = partial(print, flush=True)


def _parser() -> argparse.ArgumentParser:
    """The command line as commands.toml describes it. A command NAME runs the function _NAME."""
    parser = argparse.ArgumentParser(
        prog="turkic-explainer", description="A course on the Organization of Turkic States."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, about in tomllib.loads(Path(__file__).with_name("commands.toml").read_text("utf-8")).items():
        options = about.pop("options")
        command = commands.add_parser(name, **about)
        command.set_defaults(run=globals()[f"_{name}"])
        for option, settings in options.items():
            as_type = {"type": _TYPES[settings["metavar"]]} if settings.get("metavar") in _TYPES else {}
            command.add_argument(option, **settings, **as_type)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Runs one command. A user's mistake is told in plain lines on standard error, with exit code 1, not a traceback."""
    try:
        _run_command(argv)
        sys.stdout.flush()
        return 0
    except DataError as error:
        problems = error.problems
    except BrokenPipeError:  # whoever read along has gone, as `head` does after its lines
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        problems = ["Stopped: nobody reads on."]
    except OSError as error:
        lost = isinstance(error, FileNotFoundError)
        mend = "Is it named rightly?" if lost else "Is it in use, or not yours to write?"
        problems = [f"{error.filename or 'A file'}: {error.strerror or error}. {mend}"]
    except KeyboardInterrupt:
        print("\nStopped. Nothing half-done was kept.", file=sys.stderr)
        return 130
    print(*(short(line, 200) for line in problems), sep="\n", file=sys.stderr)
    return 1


def _run_command(argv: list[str] | None) -> None:
    parser = _parser()
    options, options.more = parser.parse_known_args(argv)
    if options.more and options.command != "lab":
        parser.error(f"unknown option: {' '.join(options.more)}")
    if options.command != "prepare" and (missing := [name for name in _LAB if not find_spec(name)]):
        raise Lacking(f"turkic-explainer {options.command}", ", ".join(missing))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that cannot show a letter shows its number instead of failing
            stream.reconfigure(errors="backslashreplace")
    # The kernel of this installation, whatever other kernels the user has.
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    _lend_a_home()
    options.run(options)


def _lend_a_home() -> None:
    """Where the user's home cannot be written, Jupyter, IPython and matplotlib get a folder that is removed at the end."""
    try:
        from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir
    except ModuleNotFoundError:  # no Jupyter here, and nothing to be written for it
        return
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


def _lessons(folder: Path | None, numbers: list[str]) -> list[Path]:
    """The lessons of these numbers, or all of them. Raises DataError for a number that no lesson has."""
    from ..files import lesson_files

    files = lesson_files(folder)
    unknown = [n for n in numbers if not any(f.name.startswith(n) for f in files)]
    if unknown:
        raise DataError([f"There is no lesson {', '.join(unknown)}. There are: {', '.join(f.stem for f in files)}."])
    return [f for f in files if not numbers or f.name.startswith(tuple(numbers))]


def _worked_in(options: argparse.Namespace) -> Path | None:
    """The course folder that is worked in, if its lessons are to be read, and then it says so."""
    from .workspace import edition_of

    folder = None if options.notebooks else course_folder()
    if folder and (folder / "notebooks").is_dir():
        options.notebooks = folder / "notebooks"
        what = {
            "teacher": "its lessons, questions and evidence",
            "learner": "its lessons, which have no solutions and no notes for the teacher (for these: `lab --teacher`)",
        }
        _say(f"Reading your course folder {folder}: {what[edition_of(folder)]}.")
        return folder
    return None


def _lab(options: argparse.Namespace) -> None:
    from .workspace import NAMES, edition_of, prepare

    [lesson, *_] = _lessons(package_path("notebooks"), [options.lesson])
    edition, here = "teacher" if options.teacher else "learner", course_folder()
    if options.workspace is None and here and edition_of(here) == edition:
        options.workspace = here
    folder = (options.workspace or Path(NAMES[edition])).resolve()
    _say(*prepare(folder, edition), sep="\n")
    _lend_settings()
    from jupyterlab.labapp import LabApp

    settings: dict[str, Any] = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.root_dir": folder,
        "ServerApp.preferred_dir": folder,  # a learner's own settings may point elsewhere
        "FileContentsManager.root_dir": folder,
        "LabApp.default_url": f"/lab/tree/notebooks/{lesson.name}",
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    if options.port is not None:
        settings["port"] = options.port
    flags = ["--no-browser"] * options.no_browser
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # a container, a Codespace: JupyterLab would end with a warning
        _say("You are root, so the lessons run with root's rights: on this machine only (127.0.0.1), with a token.")
        flags.append("--allow-root")
    LabApp.launch_instance([*(f"--{name}={value}" for name, value in settings.items()), *flags, *options.more])


def _lend_settings() -> None:
    """Our settings of JupyterLab, for this process only: the learner's own stay as they are."""
    paths = [str(Path(__file__).with_name("jupyter")), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))


def _prepare(options: argparse.Namespace) -> None:
    from .workspace import prepare, version

    program = shutil.which(options.then[0]) if options.then else ""
    if program is None:
        raise DataError([f"{options.then[0]}: there is no such command here."])
    folder = options.folder.resolve()
    try:
        _say(*prepare(folder), f"Version of the course: {version(folder)}", sep="\n")
    except Exception as error:
        if not program:
            raise
        # A learner whose disk is full, or whose folder is out of order in whatever way, needs the server to mend that.
        _say(error if isinstance(error, DataError) else f"{folder}: {error!r}", file=sys.stderr)
    if not program:
        return
    _lend_settings()
    try:
        os.execv(program, options.then)
    except OSError as error:
        raise DataError([f"{program}: cannot be started ({error.strerror})."]) from None


def _handouts(options: argparse.Namespace) -> None:
    from .address import checked
    from .build import EDITIONS, ENTRANCES, INDEX, build

    address = checked(options.address) if options.address else ""
    folder = _worked_in(options)
    files, wanted = _lessons(options.notebooks, []), _lessons(options.notebooks, options.lessons)
    problems, made = _run_again(folder, wanted) if folder else [], []
    # Other lessons have pages of their own: those of the course, which may be here, stay.
    out = options.out or (folder or options.notebooks or Path()) / "handouts"
    editions = options.edition or [edition.name for edition in EDITIONS]
    only = [file.stem for file in wanted] if options.lessons else []
    try:
        made = build(files, out, editions, code=options.code, address=address, only=only, say=_say)
    except DataError as error:
        problems += error.problems
    if problems:
        raise DataError(problems)
    doors = [name for name in ENTRANCES if (out / name / INDEX).is_file()]
    told, packed = " or ".join(f"{name}/{INDEX}" for name in doors), ", ".join(f"{name}.zip" for name in doors)
    made_in = f"{len(made)} file{'s' * (len(made) != 1)} of lessons in {out.resolve()}"
    print(f"{made_in}. Open {told} there; packed: {packed}.")


def _quiz(options: argparse.Namespace) -> None:
    from .quiz import FORMATS, write

    files = _own_or_ours(options.lessons)
    made = list(write(files, options.format or FORMATS, options.out, _say))
    print(f"{len(made)} file{'s' * (len(made) != 1)} in {options.out.resolve()}.")


def _class(options: argparse.Namespace) -> None:
    from .classroom import write

    told, problems = write(options.file, options.out)
    print(*told, f"class.html, class.xlsx and class.csv in {options.out.resolve()}.", sep="\n")
    if problems:
        raise DataError([*problems, "All else was read."])


def _site(options: argparse.Namespace) -> None:
    from .lite import write

    size = write(_own_or_ours([]), options.pyodide, options.out, _say)
    print(
        f"{size / 1e6:.0f} MB in {options.out.resolve()}. To try it, in that folder: python -m http.server -b 127.0.0.1"
    )


def _own_or_ours(numbers: list[str]) -> list[Path]:
    """The lessons of these numbers: a teacher's own, run again where she changed what they rest on, or the course's.
    Raises DataError where one of hers does not run."""
    files, folder = _lessons(None, numbers), course_folder()
    if folder and folder in files[0].parents:
        _say(f"Reading your course folder {folder}: its lessons, questions and evidence.")
        if problems := _run_again(folder, files):
            raise DataError(problems)
    return files


def _run_again(folder: Path, wanted: list[Path]) -> list[str]:
    """Runs the lessons of a teacher's folder whose questions or evidence she changed, as `_run_all` does."""
    from .workspace import behind

    lessons = [file for file in behind(folder) if file in wanted]
    if lessons:
        _say("You have changed questions or evidence: what rests on them is run first.")
    problems = _run_all(lessons)
    if lessons and not problems:
        from . import evidence

        evidence.written(folder / "notebooks")
    return problems


def _run_all(lessons: list[Path]) -> list[str]:
    """Runs lessons and stores their outputs. Gives what is wrong with those that do not run, which stay as they are."""
    problems = []
    for number, file in enumerate(lessons, 1):
        try:
            done = "outputs stored" if _run(file) else "no change"
        except DataError as error:
            done, problems = "left as it was", problems + error.problems
        _say(f"[{number}/{len(lessons)}] {file.stem}: {done}")
    return problems


def _run(file: Path) -> bool:
    """Runs a lesson and stores its outputs; whether that changed the file. Raises DataError if it does not run."""
    from ..files import put
    from .notebooks import dumps, run, text, text_file
    from .workspace import was_run

    notebook = run(file)
    changed = dumps(notebook) != file.read_text("utf-8")
    if changed:
        put(file, dumps(notebook).encode("utf-8", "backslashreplace"))
    if text_file(file).parent.is_dir():  # in a clone, for whoever reviews a change
        put(text_file(file), text(notebook).encode("utf-8", "backslashreplace"))
    if course_folder() and file.parent == course_folder() / "notebooks":
        was_run(course_folder(), file)
    return changed


def _refresh(options: argparse.Namespace) -> None:
    from . import dictionary, drawings, evidence

    folder = _worked_in(options)
    if options.accept is not None and options.notebooks:
        raise DataError(["--accept signs off the course's own facts. In a folder of your own nothing needs it."])
    files = _lessons(options.notebooks, options.lessons)
    for name in () if folder else dictionary.written():  # the tables are the course's, also for a teacher
        print(f"{name}: written anew from the tables")
    drawn = [] if options.notebooks else drawings.written()  # what the lessons show comes from there
    problems = _run_all(files[::-1])  # lesson 00 last: it counts the claims that the others show
    drawn += [] if options.notebooks or problems else drawings.written(anew=False)
    for name in drawn:
        print(f"charts/{name}: drawn anew, or taken away")
    try:
        for name in evidence.written(files[0].parent):
            print(f"evidence/{name}: written anew from the evidence and the list of words")
    except DataError as error:
        problems += [line for line in error.problems if line not in problems]
    if problems:
        raise DataError(problems)
    if not options.notebooks:
        _sign_off(options.accept)


def _sign_off(names: list[str] | None) -> None:
    """Shows each fact that is not as it was signed off, with what stood there before; signs off those of these names, or
    all where there is none. Without `names` it asks, where there is somebody to ask. Raises DataError."""
    from . import signoff

    found, problems = signoff.unsigned()
    if problems:
        raise DataError(problems)
    wanted = signoff.named(found, names) if names is not None else []
    for change in found:
        print(*signoff.told(change), sep="\n")
    if found and names is None and sys.stdin.isatty():
        print(f"Sign off {len(found)} facts, so that the check takes them for right? [y/N] ", end="", flush=True)
        wanted = found if sys.stdin.readline().strip().lower() in ("y", "yes") else []
    if wanted:
        signoff.accept(wanted)
    if found:
        left = len(found) - len(wanted)
        print(
            f"{len(wanted)} signed off, {left} not{': look at them, then add --accept, or --accept NAME' * bool(left)}."
        )


def _check(options: argparse.Namespace) -> None:
    from .checks import preflight
    from .signoff import check_signed

    _worked_in(options)
    problems = preflight(_lessons(options.notebooks, []), run=not options.quick, minutes=options.minutes)
    if not options.notebooks:  # what somebody changes in a folder of her own is hers
        from .drawings import stale

        problems += [line for line in [*check_signed(), *stale()] if line not in problems]
    if problems:
        raise DataError([*problems, f"{len(problems)} thing{'s' * (len(problems) != 1)} to mend."])
    print("All in order.")


if __name__ == "__main__":
    sys.exit(main())
