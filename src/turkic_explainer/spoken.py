"""What pages say in another language than English: the fixed words of all templates and texts, from one file of words.

Templates are written in English. `data/fixed-words.toml`, which `refresh` writes, has all that is typed in them, in
shared/shown.toml and in the press; a copy of it in a teacher's folder, `lessons/fixed-words.tr.toml`, says the same in
Turkish for lessons whose metadata say `"turkic": {"lang": "tr"}`. What it leaves empty stays English.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from markupsafe import escape

from .validate import DataError, course_path, language, problem, read_toml

FIXED = "fixed-words.toml"
_OPAQUE = re.compile(r"(\{\{.*?\}\})|\{%.*?%\}|\{#.*?#\}|<(style|script)\b.*?</\2>", re.S)
_TEXT = re.compile(r'(?:(?<=>)|^)[^<>]+|(?<=\baria-label=")[^"<>]+|(?<=\balt=")[^"<>]+')
_WORD = re.compile(r"[^\W\d_]{2}")
_IN_SCRIPT = re.compile(r'"([A-Z][^"\\\n]* [^"\\\n]*)"')
_ASKED, _BLOCK = 0xF0000, 0x100000  # private signs from here on stand for expressions, and for what no text goes beyond
_PIECE = re.compile(r"[^\U00100000-\U0010ffff]+")


def words_file(spoken: str) -> Path:
    """Where a teacher's words in this language stand, if she has any."""
    return course_path("lessons") / FIXED.replace(".toml", f".{spoken}.toml")


@lru_cache
def _words(spoken: str) -> dict[str, str]:
    """What stands for which English text. Raises DataError for a file that is not in order."""
    file = words_file(spoken)
    found = read_toml(file) if file.is_file() else {}
    if wrong := [key for key, text in found.items() if not isinstance(text, str)]:
        raise DataError([problem(file.name, key, found[key], "Write a text, in quotation marks.") for key in wrong])
    return {key: text for key, text in found.items() if text.strip()}


def said(text: str) -> str:
    """A fixed text in the language that is spoken, or in English where that has no word for it."""
    spoken = language()
    return text if spoken == "en" else _words(spoken).get(" ".join(text.split()), text)


def each_text(source: str, do: Callable[[str, list[str]], str]) -> str:
    """A template of HTML with each of its texts replaced. A text knows the expressions in it, and ends at a tag or a block."""
    hidden: dict[str, str] = {}

    def hide(found: re.Match) -> str:
        sign = chr((_ASKED if found[1] else _BLOCK) + len(hidden))
        hidden[sign] = found[0]
        return sign

    def back(text: str) -> str:
        return "".join(hidden.get(sign, sign) for sign in text)

    def done(piece: re.Match) -> str:
        core = piece[0].strip()
        if not _WORD.search(core):
            return piece[0]
        return piece[0].replace(core, do(back(core), [hidden[sign] for sign in core if sign in hidden]), 1)

    return back(_TEXT.sub(lambda text: _PIECE.sub(done, text[0]), _OPAQUE.sub(hide, source)))


def translated(source: str) -> str:
    """A template of HTML in the language that is spoken. A translation is text: of code it may hold the expressions of the
    English text, in any order, and nothing else."""

    def translate(english: str, inside: list[str]) -> str:
        text = said(english)
        if text == english:
            return english
        known = "|".join(map(re.escape, inside)) or "(?!)"
        parts = re.split(f"({known})", text)
        return "".join(p if n % 2 else str(escape(p)).replace("{", "&#123;") for n, p in enumerate(parts))

    return source if language() == "en" else each_text(source, translate)


def script(source: str) -> str:
    """A script with its sentences in the language that is spoken."""
    return _IN_SCRIPT.sub(lambda found: json.dumps(said(found[1]), ensure_ascii=False).replace("<", r"\u003c"), source)


def texts_in(source: str) -> list[str]:
    """The texts of a template of HTML, as a file of words has them."""
    found: list[str] = []
    each_text(source, lambda english, _: found.append(" ".join(english.split())) or english)
    return found


def sentences_in(source: str) -> list[str]:
    """The sentences of a script."""
    return _IN_SCRIPT.findall(source)
