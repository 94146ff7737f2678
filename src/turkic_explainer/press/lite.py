"""The course as one folder of static files, for any web host and for a stick: the students' pages, and the lessons to be
run in JupyterLite, JupyterLab in the browser, whose kernel is Python in the browser, Pyodide. It asks no outside address.

What Pyodide has no wheel for in the folders that are given comes from the packages that are installed here: they are
packed again, so that the browser gets what was tested, and a build needs no network. Every package is loaded when a kernel
starts: a lesson's first cell is an import like any other.
"""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from importlib import metadata, util
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name as _plain

from ..course import cited
from ..files import lesson_files, put, remembered
from ..validate import COURSE, LESSONS, ROOT, DataError, course_path, read_toml
from .build import EDITIONS, build
from .copies import beside, without_answers
from .folder import inside, zipped
from .template import TEMPLATES

_LITE = read_toml(Path(__file__).with_suffix(".toml"))
PYODIDE, STARTED = _LITE["pyodide"], _LITE["started"]
_STDLIB = "python_stdlib.zip"
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", _STDLIB, "pyodide-lock.json")
_WORKER, _THEIRS, LIST = "service-worker.js", "service-worker-lite.js", "files.json"
EXTENSIONS = Path(sys.prefix, "share", "jupyter", "labextensions")
KERNEL = "@jupyterlite/pyodide-kernel-extension"
_OVERRIDES = Path(__file__).with_name("jupyter") / "labconfig" / "default_setting_overrides.json"
_COMPILED = re.compile(r"\.(so|pyd)$")
_UNUSED = re.compile(r"\.(so|pyd|pyc|map)$|-src\.|^\.\./")  # nor scripts to be read, beside those that run
# What only a compiler, a type checker or a test reads, and the colours of other languages.
_SPARE = re.compile(r"\.(pyi|pxd|[ach])$|/tests/|^numpy/f2py/|^pygments/lexers/(?!__init__|_mapping|python|special)|/$")


def write(lessons: list[Path], pyodide: list[Path], out: Path, say: Callable[[str], None]) -> int:
    """Makes the site of these lessons in `out`; gives its size in bytes. `pyodide` are the folders with Pyodide's files.

    What an earlier run made in `out` is replaced, and any other file there stays. Raises DataError in plain words where a
    tool or a file is missing, or where `out` holds something that is no such site.
    """
    if not util.find_spec("jupyterlite_core") or not (EXTENSIONS / KERNEL).is_dir():
        raise DataError(
            ["The browser's JupyterLab is not installed. Start with: uv run --group site turkic-explainer site"]
        )
    if out.is_dir() and any(out.iterdir()) and not (out / _THEIRS).is_file():
        raise DataError(
            [f"{out}: there are files in it that are no site of this course. Name another folder with --out."]
        )
    runtime = Runtime(pyodide)
    with TemporaryDirectory(prefix="turkic-site-") as home:
        made = Path(home, "site")
        for name, content in contents(lessons):
            put(Path(home, "contents", name), content)
        packages = runtime.packages()
        say(f"Python for the browser: {len(packages)} files, {sum(map(len, packages.values())) / 1e6:.0f} MB")
        _jupyterlite(Path(home), made)
        for name, content in packages.items():
            put(made / "static" / "pyodide" / name, content)
        editions = [e.name for e in EDITIONS if e.entrance == "students" and e.name != "notebook"]
        build(lessons, Path(home, "pages"), editions, lab="lab/index.html?path=", say=say)
        shutil.copytree(Path(home, "pages", "students"), made, dirs_exist_ok=True)
        _finished(made)
        for name in listed(out):
            (out / name).unlink(missing_ok=True)
        shutil.copytree(made, out, dirs_exist_ok=True)
        return sum(file.stat().st_size for file in made.rglob("*") if file.is_file())


# --- the lessons ---------------------------------------------------------------------------------------------------


def contents(lessons: list[Path]) -> Iterator[tuple[str, bytes]]:
    """The files that a learner finds in JupyterLab: the lessons without answers, the evidence, and the mark of a course
    folder, by which the course keeps her progress beside them, in her browser."""
    for file in lessons:
        notebook = without_answers(json.loads(file.read_bytes()))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
            if cell["cell_type"] == "code":
                # JupyterLite has no signatures. These outputs are ours, so maps and explorers show before any kernel.
                cell["metadata"]["trusted"] = True
                for data in (output.get("data", {}) for output in cell["outputs"]):
                    data.update({kind: "".join(data[kind]) for kind in data if isinstance(data[kind], list)})
        yield file.name, _json(notebook)
    for folder in dict.fromkeys((course_path("notebooks"), *(file.parent for file in lessons))):
        for file in beside(folder):
            yield file.relative_to(folder).as_posix(), file.read_bytes()
    yield COURSE, _json({})


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()


# --- Python in the browser -----------------------------------------------------------------------------------------


class Runtime:
    """What is served beside Pyodide: its files, and the packages in its list of what there is."""

    def __init__(self, folders: list[Path]):
        self.folders = folders
        if missing := [name for name in CORE if not self.found(name)]:
            raise DataError([
                f"{missing[0]}: not found in {', '.join(map(str, folders))}. It is a part of Pyodide {PYODIDE}: unpack "
                f"pyodide-{PYODIDE}.tar.bz2 from its releases on GitHub, and name that folder with --pyodide."
            ])  # fmt: skip
        self.lock = json.loads(self.found(CORE[-1]).read_bytes())
        if (version := self.lock["info"]["version"]) != PYODIDE:
            raise DataError(
                [f"{self.found(CORE[-1])}: this is Pyodide {version}, and JupyterLite's kernel needs {PYODIDE}."]
            )
        self.named = {_plain(name): name for name in self.lock["packages"]}
        self.kernel = {_plain(f.name.split("-")[0]): f for f in (EXTENSIONS / KERNEL).glob("static/pypi/*.whl")}
        self.taken: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {name: self.found(name).read_bytes() for name in CORE[:-1]}

    def found(self, name: str) -> Path | None:
        return next((folder / name for folder in self.folders if (folder / name).is_file()), None)

    def packages(self) -> dict[str, bytes]:
        """All these files by their names."""
        try:
            self.files[_STDLIB] = zipped(_lighter(_unzipped(self.files[_STDLIB])))
        except zipfile.BadZipFile:
            raise DataError([f"{self.found(_STDLIB)}: not as Pyodide {PYODIDE} has it. Get it once more."]) from None
        for name in STARTED:
            self.take(name)
        self.files[CORE[-1]] = _json(self.lock | {"packages": self.taken})
        return self.files

    def take(self, name: str) -> None:
        """Takes a package and all that it needs: Pyodide's, where it lies in the folders, or else the one that is here."""
        plain = _plain(name)
        if plain in map(_plain, self.taken):
            return
        theirs = self.lock["packages"].get(self.named.get(plain), {})
        if plain in _LITE["empty"]:
            self.add(name, "0", [], {})
        elif plain in self.kernel:
            file = self.kernel[plain]
            self.enter(name, file.name.split("-")[1], file.name, file.read_bytes(), [])
        elif theirs and (file := self.found(theirs["file_name"])):
            if hashlib.sha256(content := file.read_bytes()).hexdigest() != theirs["sha256"]:
                raise DataError([f"{file}: not as Pyodide {PYODIDE} has it. Get it once more."])
            self.files[file.name] = content = zipped(_lighter(_unzipped(content)))
            self.taken[self.named[plain]] = theirs | {"sha256": hashlib.sha256(content).hexdigest()}
            for needed in theirs["depends"]:
                self.take(needed)
        else:
            self.pack(name, theirs)

    def pack(self, name: str, theirs: dict[str, Any]) -> None:
        """Packs a package as it is installed here, without what is compiled, and takes what it needs."""
        here = metadata.distribution(name)
        python, browser = self.lock["info"]["python"], {"sys_platform": "emscripten", "extra": ""}
        browser |= {"python_full_version": python, "python_version": python.rpartition(".")[0]}
        asked = [Requirement(line) for line in here.requires or []]
        needed = [r.name for r in asked if not r.marker or r.marker.evaluate(browser)]
        files = {f.as_posix(): f.locate() for f in here.files or []}
        if _plain(name) not in _LITE["faster"] and any(map(_COMPILED.search, files)):
            wheel = theirs.get("file_name", f"a wheel of {name}")
            raise DataError(
                [f"{wheel}: not found in {', '.join(map(str, self.folders))}. It comes with Pyodide {PYODIDE}."]
            )
        parts = {n: f.read_bytes() for n, f in files.items() if not _UNUSED.search(n) and f.is_file()}
        if name == STARTED[-1]:
            parts = {n: content for n, content in parts.items() if ".dist-info/" in n} | dict(course_files())
            self.add(name, here.version, needed, parts)  # as it is written: a learner may read it
        else:
            self.add(name, here.version, needed, _lighter(parts))
        for one in needed:
            self.take(one)

    def add(self, name: str, version: str, needed: list[str], parts: dict[str, bytes | str]) -> None:
        stem = f"{_plain(name).replace('-', '_')}-{version}"
        parts = parts or {f"{stem}.dist-info/{part}": text for part, text in _LITE["about"].items()}
        self.enter(name, version, f"{stem}-py3-none-any.whl", zipped(parts), needed)

    def enter(self, name: str, version: str, file: str, content: bytes, needed: list[str]) -> None:
        self.files[file] = content
        self.taken[_plain(name)] = {
            "name": name, "version": version, "file_name": file, "sha256": hashlib.sha256(content).hexdigest(), "imports": [],
            "depends": [_plain(one) for one in needed], "install_dir": "site", "package_type": "package", "unvendored_tests": False,
        }  # fmt: skip


def _unzipped(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _lighter(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a package without what nothing reads here."""
    return {name: content for name, content in parts.items() if not _SPARE.search(name)}


def course_files() -> Iterator[tuple[str, bytes]]:
    """The helper with what it reads, as it stands in a wheel: of the press, only what speaks to a learner."""
    for file in sorted(ROOT.rglob("*")):
        path = file.relative_to(ROOT.parent).as_posix()
        spoken = "/press/" not in path or file.name in ("__init__.py", "mistakes.py")
        if file.is_file() and file.suffix != ".pyc" and spoken:
            yield path, file.read_bytes()
    hers = course_path("lessons")  # in a teacher's folder: the texts that she changed, and those of lessons of her own
    for file in sorted(hers.rglob("*.*") if hers != LESSONS else ()):
        yield f"{ROOT.name}/lessons/{file.relative_to(hers).as_posix()}", file.read_bytes()
    for file in sorted(course_path("seeds").glob("*.toml")):
        yield f"{ROOT.name}/seeds/{file.name}", file.read_bytes()
    for file in lesson_files():  # of the lessons it reads the tasks and their names, and which claims they name
        notebook = without_answers(json.loads(file.read_bytes()))
        for cell in notebook["cells"]:
            cell |= {"outputs": []} if "outputs" in cell else {}
        named = {"cell_type": "markdown", "id": "named", "metadata": {}, "source": " ".join(sorted(cited(file)))}
        yield f"{ROOT.name}/notebooks/{file.name}", _json(notebook | {"cells": [*notebook["cells"], named]})
    version = metadata.version(STARTED[-1])
    yield f"{ROOT.name}-{version}.data/data/etc/ipython/ipython_config.json", _json(_LITE["ipython"])


# --- JupyterLab ----------------------------------------------------------------------------------------------------


def _jupyterlite(home: Path, made: Path) -> None:
    """Makes JupyterLite with what lies in `contents`."""
    config = _LITE["build"] | {
        "contents": [str(home / "contents")],
        "output_dir": str(made),
        "cache_dir": str(home / "cache"),
        "federated_extensions": [str(EXTENSIONS / name) for name in (KERNEL, "@jupyter-widgets/jupyterlab-manager")],
    }
    settings = deepcopy(_LITE["settings"])
    settings["settingsOverrides"] |= json.loads(_OVERRIDES.read_text("utf-8"))
    settings["litePluginSettings"][f"{KERNEL}:kernel"]["loadPyodideOptions"] = {"packages": STARTED}
    hidden = {"allow_hidden": True}  # the mark of a course folder
    put(home / "lite" / "jupyter_lite_config.json", _json({"LiteBuildConfig": config, "ContentsManager": hidden}))
    put(home / "lite" / "jupyter-lite.json", _json({"jupyter-lite-schema-version": 0, "jupyter-config-data": settings}))
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build"], cwd=home / "lite", capture_output=True, text=True,
        env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    if done.returncode:
        raise DataError(["JupyterLite could not be built:", *(done.stdout + done.stderr).splitlines()[-5:]])


# --- the whole -----------------------------------------------------------------------------------------------------

_FIRST = ("static/pyodide/", "lab/", "build/", "extensions/", "api/", "files/")  # what lessons run on


def _finished(site: Path) -> None:
    """Puts in the worker that keeps the site on a device, and has it there before JupyterLite asks for it."""
    version = json.loads((site / "jupyter-lite.json").read_text("utf-8"))["jupyter-config-data"]["appVersion"]
    lab = site / "lab" / "index.html"
    start = f"<head><script>{(TEMPLATES / 'lab.js').read_text('utf-8').strip().replace('VERSION', version)}</script>"
    put(lab, lab.read_text("utf-8").replace("<head>", start, 1).encode())
    (site / _WORKER).rename(site / _THEIRS)
    shutil.copy(TEMPLATES / _WORKER, site)
    for file in (site / "build").glob("fa-*[!2]"):  # fonts for browsers that cannot run Pyodide; others take .woff2
        file.unlink()
    (site / ".nojekyll").touch()  # GitHub Pages would leave out what begins with a dot
    put(site / LIST, listing(site))


def listing(site: Path) -> bytes:
    """All files of a site, in the order in which they are fetched, and what they hold: what its worker goes by."""
    files = [file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file() and file != site / LIST]
    files.sort(key=lambda name: (next((n for n, f in enumerate(_FIRST) if name.startswith(f)), len(_FIRST)), name))
    digests = {name: hashlib.sha256((site / name).read_bytes()).digest() for name in files}
    return json.dumps({name: base64.b64encode(digest).decode() for name, digest in digests.items()}).encode()


def listed(site: Path) -> list[str]:
    """The files of a site, as its list has them."""
    return [name for name in remembered(site / LIST) if inside(name)]
