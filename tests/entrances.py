"""What a students' folder must not hold, read from the lessons, and every form in which a file could hold it all the same."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

from turkic_explainer.files import read
from turkic_explainer.press.blocks import output_html, questions

LONG = 10  # words in a row that are told from any others
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/_-]{4}|%2[BbFf]){12,}={0,2}")
_CITED = re.compile(r" ?\[(?:S\d|B)-\d+\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")


def rows(text: str) -> set[str]:
    """Each row of so many words in a text, whatever stands between them."""
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[n : n + LONG]) for n in range(len(words) - LONG + 1)}


class Kept:
    """What is kept from students in the course: `words` in rows, with the lesson and the cell that they are of. `reasons`
    are those of the questions, which a page tells whoever answers; a sheet must not. `solutions` are the letters of lines
    of code, which a page has folded away; nothing else may have them."""

    def __init__(self, files: list[Path]):
        self.words: dict[str, str] = {}
        self.reasons: dict[str, str] = {}
        self.solutions: dict[str, str] = {}
        self.cells: dict[str, str] = {}  # the text of each cell that is kept back, by its lesson and its id
        told: set[str] = set()
        for file in files:
            for cell in read(file).cells:
                tags, text = set(cell.metadata.get("tags", [])), _LINK.sub(r"\1", cell.source)
                if cell.cell_type == "markdown" and tags & {"teacher", "answer"}:
                    self.cells[f"{file.stem} {cell.id}"] = text
                    self.words |= dict.fromkeys(rows(text), f"{file.stem} {cell.id}")
                elif cell.cell_type == "markdown":
                    told |= rows(text) | rows(_CITED.sub("", cell.source))  # an index has no citations
                elif "solution" in tags and cell.outputs:
                    lines = cell.outputs[0].data["text/plain"].partition("\n")[2]
                    self.solutions[re.sub(r"\W", "", lines)] = file.stem
                elif asked := questions(output_html(cell)):
                    reasons = {row: file.stem for one in asked for _, _, why in one.answers for row in rows(why)}
                    self.reasons |= reasons
                    shown = [text for one in asked for text in (one.text, *one.choices, str(one.picture))]
                    told |= {row for text in shown for row in rows(text)}
                else:
                    shown = "\n".join(str(part) for output in cell.outputs for part in output.get("data", {}).values())
                    told |= {row for text in forms(shown.encode(), 1) for row in rows(text)}
        for evidence in files[0].parent.glob("evidence/*.md"):
            told |= rows(_LINK.sub(r"\1", evidence.read_text("utf-8")))
        # A model answer may say what the lesson or a claim says as well: it is then nothing to be kept.
        self.reasons = {row: of for row, of in self.reasons.items() if row not in told}
        told |= self.reasons.keys()
        self.words = {row: where for row, where in self.words.items() if row not in told}

    def found(self, path: str, content: bytes) -> set[str]:
        """What of it a file of the students' folder holds: of which lesson and cell."""
        own_page, sheet = re.fullmatch(r"[\w-]+\.html", path) and path != "index.html", "worksheets/" in path
        found: set[str] = set()
        for text in forms(content):
            words = rows(text)
            found |= {self.words[row] for row in words & self.words.keys()}
            if sheet:
                found |= {f"a reason of {self.reasons[row]}" for row in words & self.reasons.keys()}
            if not own_page:
                squeezed = re.sub(r"\W", "", text)
                found |= {f"a solution of {of}" for lines, of in self.solutions.items() if lines in squeezed}
        return found


def forms(content: bytes, deep: int = 4) -> Iterator[str]:
    """The texts that a file's bytes may be read as: as they are and without tags, with what is escaped as in HTML, JSON or
    an address, what is packed in a zip, and what is written in base64, and all this again in what is found so."""
    if content.startswith(b"PK\x03\x04") and deep:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield "\n".join([*archive.namelist(), str(archive.comment)])
            for name in archive.namelist():
                yield from forms(archive.read(name), deep - 1)
        return
    text = content.decode("utf-8", "ignore")
    plain = html.unescape(html.unescape(text))
    if "%" in plain:
        plain += "\n" + unquote(plain)
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda sign: chr(int(sign[1], 16)), plain)
    plain = re.sub(r'\\[nrt]|\\(["\\/])', lambda sign: sign[1] or " ", plain)
    yield plain
    if "<" in plain:
        yield re.sub(r"<[^<>]*>", " ", plain)
        yield re.sub(r"<[^<>]*>", "", plain)
    for piece in _BASE64.finditer(content) if deep else ():
        raw = unquote(piece[0].decode()).encode().translate(bytes.maketrans(b"-_", b"+/"))
        with suppress(ValueError):
            raw = b64decode(raw + b"=" * (-len(raw) % 4))
            with suppress(zlib.error):
                raw = zlib.decompressobj(47).decompress(raw)
            if raw[:4] not in (b"\x89PNG", b"\xff\xd8\xff\xe0"):
                yield from forms(raw, deep - 1)
