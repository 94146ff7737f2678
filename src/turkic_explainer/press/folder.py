"""The folder that a build fills: what was made there, by whom it was changed since, and how a file comes into it whole.

Beside the files themselves, in HOME, it holds what a build has to remember:

    made.json    each file that was made: of which lesson and edition, out of what, what it is and what stood there before
    cards/       what the index tells of each lesson
    lock.sqlite  locked by the run that is at work, whose process is named in `process`; the system lets go of it when
                 that run dies
"""

import hashlib
import io
import os
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path, PureWindowsPath

from ..files import put_json, remembered
from ..validate import DataError

HOME = ".turkic-explainer"
MARK = b"Turkic Explainer</title>"  # stands in the head of each page that we make


def digest(*parts: bytes | str) -> str:
    """One fingerprint of all these parts, in their order."""
    whole = hashlib.sha256()
    for part in parts:
        # A file's name may be no UTF-8.
        whole.update(hashlib.sha256(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part).digest())
    return whole.hexdigest()


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """These files, by their names, in a zip file of the same bytes each time: it has no day and no owner."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name.encode("utf-8", "replace").decode())  # a file's name may be no UTF-8
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED  # as .odt wants it
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return file.getvalue()


@contextmanager
def opened(root: Path) -> Iterator["Folder"]:
    """The folder, for one run alone. Raises DataError where files cannot be put there, or where another run is at work."""
    home = root / HOME
    process = home / "process"
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(home / "lock.sqlite", timeout=0)  # an empty database: SQLite can lock it on every system
        lock.execute("BEGIN EXCLUSIVE")
        process.write_text(str(os.getpid()))
    except (OSError, sqlite3.Error) as error:
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
            why = getattr(error, "strerror", error)
            raise DataError([f"{root}: no pages can be put there ({why}). Name another folder with --out."]) from None
        who = f" (process {process.read_text()})" if process.exists() else ""
        mend = "Wait until it is done, and start again."
        raise DataError([f"{root}: another run{who} is making pages there. {mend}"]) from None
    with closing(lock):
        for half in home.glob(".*.part"):  # what a run left that died while it wrote
            half.unlink()
        yield Folder(root)


class Folder:
    """`made` tells of each file here that we made and that is still there."""

    def __init__(self, root: Path):
        self.root, self.home = root, root / HOME
        made = remembered(self.home / "made.json").get("made", {})
        self.made = {path: entry for path, entry in made.items() if inside(path) and (root / path).exists()}

    def now(self, path: str) -> str | None:
        """The fingerprint of a file as it is; None where there is none."""
        with suppress(OSError):
            return digest((self.root / path).read_bytes())

    def is_made(self, path: str, inputs: str) -> bool:
        """Whether a file was made out of just this, and is still as it was made."""
        entry = self.made.get(path)
        return entry is not None and entry["from"] == inputs and entry["is"] == self.now(path)

    def is_changed(self, path: str) -> bool:
        """Whether a file stands here that is not as we made it: somebody worked on it, or put it there."""
        entry = self.made.get(path, {})
        return self.now(path) not in (None, entry.get("is"), entry.get("was"))

    def is_theirs(self, path: str) -> bool:
        """Whether a file stands here that is not ours to write over: one that was changed since, or that we never made."""
        file = self.root / path
        if path.startswith(HOME) or not os.path.lexists(file):
            return False
        if path in self.made:
            return self.is_changed(path)
        try:
            return MARK not in file.read_bytes()[: 1 << 16]
        except OSError:
            return True

    def add(self, path: str, content: bytes, lesson: str, edition: str, inputs: str) -> None:
        """Puts a file in its place. It is finished aside, so that a half-written one never stands there."""
        file, half = self.root / path, self.home / ".file.part"
        file.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
        # Remembered before it is there: where a run is killed in between, what stands there is known for ours all the same.
        state = {"from": inputs, "is": digest(content), "was": self.now(path)}
        self.made[path] = {"lesson": lesson, "edition": edition} | state
        self._remember()
        os.replace(half, file)

    def offer(self, path: str, content: bytes | None, edition: str, say: Callable[[str], None]) -> bool:
        """Puts in a file, or takes it away where it is to have no content any more. One that is not ours to write over stays,
        and is told. Gives whether the file was put there."""
        if self.is_theirs(path):
            say(f"left as you changed it: {path} (move it elsewhere to have it made anew)")
        elif content:
            self.add(path, content, "", edition, digest(content))
            return True
        elif path in self.made:  # of an earlier run
            self.remove(path)
        return False

    def remove(self, path: str) -> None:
        """Takes a file away."""
        (self.root / path).unlink(missing_ok=True)
        self.forget(path)

    def forget(self, path: str) -> None:
        """Leaves a file to whoever changed it."""
        del self.made[path]
        self._remember()

    def _remember(self) -> None:
        put_json(self.home / "made.json", {"turkic-handouts": 1, "made": self.made})


def inside(path: str) -> bool:
    """Whether a path from a file that others may have written stays in the folder."""
    parts = PureWindowsPath(path)  # which knows all that leads out of a folder on any system
    return not parts.anchor and ".." not in parts.parts
