"""The folder that a build fills: what was made there, by whom it was changed since, and how new files come into it.

Beside the files themselves, in HOME, it holds what a build has to remember:

    made.json    each file that was made: of which lesson and edition, out of what, and what it was then
    lock         held by the run that is at work; the system lets go of it when that run dies
    aside/       files in the making. A run that dies while it makes them leaves the last build as it was
    moves.json   what is finished and has to be moved. A run that dies while it moves is completed by the next one
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ..files import put_json, remembered
from ..validate import DataError

HOME = ".turkic-explainer"
MARK = b"Turkic Explainer</title>"  # stands in the head of each page that we make


def digest(*parts: bytes | str) -> str:
    """One fingerprint of all these parts, in their order."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part.encode() if isinstance(part, str) else part).digest())
    return whole.hexdigest()


@contextmanager
def opened(root: Path) -> Iterator[Folder]:
    """The folder, for one run alone. What an earlier run left unfinished is first completed, or thrown away.

    Raises DataError where files cannot be put there, or where another run is at work.
    """
    try:
        (root / HOME).mkdir(parents=True, exist_ok=True)
        lock = open(root / HOME / "lock", "a+")  # noqa: SIM115 (closed below, after everything else)
    except OSError as error:
        mend = "Name another folder with --out."
        raise DataError([f"{root}: no pages can be put there ({error.strerror}). {mend}"]) from None
    with lock:
        if not _held(lock):
            lock.seek(0)
            who = f" (process {said})" if (said := lock.read(20).strip()) else ""
            raise DataError([f"{root}: another run{who} is making pages there. Wait until it is done, and start again."])
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        folder = Folder(root)
        for half in folder.home.glob(".*.part"):  # what a run left that died while it wrote one of the files above
            half.unlink()
        folder.settle()
        try:
            yield folder
        finally:
            folder.clear()


def _held(lock) -> bool:
    """Whether this run now holds the lock. Not the file is the lock: what the dead leave behind keeps nobody out."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            lock.seek(1 << 20)  # beyond the text, which stays readable
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class Folder:
    """`made` tells of each file here that we made; `words` of what there was to say of each lesson then."""

    def __init__(self, root: Path):
        self.root, self.home = root, root / HOME
        self._aside, self._moves = self.home / "aside", self.home / "moves.json"
        self._read()
        self._new: dict[str, dict[str, str]] = {}
        self._gone: list[str] = []

    def _read(self) -> None:
        known = remembered(self.home / "made.json")
        self.made: dict[str, dict[str, str]] = {
            p: e for p, e in known.get("made", {}).items() if _inside(p) and isinstance(e, dict)
        }
        self.words: dict[str, list[str]] = known.get("words", {})

    # --- what stands here ------------------------------------------------------------------------------------------

    def now(self, path: str) -> str | None:
        """The fingerprint of a file as it is; None where there is none."""
        try:
            return digest((self.root / path).read_bytes())
        except OSError:
            return None

    def is_made(self, path: str, inputs: str) -> bool:
        """Whether a file was made out of just this, and is still as it was made."""
        entry = self.made.get(path)
        return entry is not None and entry.get("from") == inputs and entry.get("is") == self.now(path)

    def is_changed(self, path: str) -> bool:
        """Whether a file stands here that is not as we made it: somebody worked on it, or put it there."""
        now = self.now(path)
        return now is not None and now != self.made.get(path, {}).get("is")

    def is_foreign(self, path: str) -> bool:
        """Whether something stands here that we never made."""
        file = self.root / path
        if path in self.made or not os.path.lexists(file):
            return False
        try:
            with open(file, "rb") as opened_file:
                return MARK not in opened_file.read(1 << 16)
        except OSError:
            return True

    # --- what comes and goes ---------------------------------------------------------------------------------------

    def add(self, path: str, text: str, lesson: str, edition: str, inputs: str) -> int:
        """Finishes a file aside; `commit` moves it to its place. Gives its size in bytes."""
        content, file = text.encode("utf-8", "backslashreplace"), self._aside / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self._new[path] = {"lesson": lesson, "edition": edition, "from": inputs, "is": digest(content)}
        return len(content)

    def drop(self, path: str) -> None:
        """Takes a file away, once `commit` is reached."""
        self._gone.append(path)

    def coming(self) -> dict[str, dict[str, str]]:
        """What will have been made after `commit`."""
        return {p: e for p, e in (self.made | self._new).items() if p not in self._gone}

    def file(self, path: str) -> Path:
        """Where a file is to be read now: aside if it is not moved yet."""
        return self._aside / path if path in self._new else self.root / path

    def commit(self) -> None:
        """Moves everything to its place. Once this has begun, it is finished: by this run or by the next one."""
        after = {"turkic-handouts": 1, "made": self.coming(), "words": self.words}
        if not self._new and not self._gone and after == remembered(self.home / "made.json"):
            return
        was = {path: self.now(path) for path in [*self._new, *self._gone]}
        put_json(self._moves, {"turkic-moves": 1, "new": sorted(self._new), "gone": self._gone, "was": was, "after": after})
        self._new, self._gone = {}, []
        self.settle()

    def settle(self) -> None:
        """Completes the moves that are written down, if any, and clears what is left of a run that got less far."""
        moves = remembered(self._moves)
        if moves.get("turkic-moves") != 1:
            moves = {}
        stuck = []
        for path in filter(_inside, moves.get("new", [])):
            target, entry = self.root / path, moves["after"]["made"][path]
            if not (self._aside / path).exists():
                continue  # moved already
            if path.endswith(".ipynb") and self.now(path) not in (moves["was"][path], entry["is"], None):
                continue  # somebody worked on it since
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(self._aside / path, target)
            except OSError as error:
                stuck.append(f"{target}: cannot be written ({error.strerror}). Is it open somewhere? Close it, and start again.")
        for path in filter(_inside, moves.get("gone", [])):
            if self.now(path) == moves["was"][path]:
                try:
                    (self.root / path).unlink(missing_ok=True)
                except OSError as error:
                    stuck.append(f"{self.root / path}: cannot be taken away ({error.strerror}). Close it, and start again.")
        if stuck:
            raise DataError(stuck)
        if moves:
            put_json(self.home / "made.json", moves["after"])
            self._moves.unlink()
            self._read()
        self.clear()

    def clear(self) -> None:
        """Throws away what is in the making, unless it only waits to be moved."""
        if not self._moves.exists():
            shutil.rmtree(self._aside, ignore_errors=True)
            self._new, self._gone = {}, []


def _inside(path: str) -> bool:
    """Whether a path from a file that others may have written stays in the folder."""
    return not PurePosixPath(path).is_absolute() and ".." not in path and ":" not in path
