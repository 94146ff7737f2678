"""All editions of some lessons, built as `turkic-explainer handouts` builds them, as tests try them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from turkic_explainer.press.build import EDITIONS, build

NAMES = [e.name for e in EDITIONS if find_spec(f"turkic_explainer.press.{e.maker.split(':')[0]}")]


def built(lessons: Iterable[Path], out: Path, **options) -> dict[str, Path]:
    """Every page of every edition of these lessons, the indexes and the pages of all lessons too, by where it lies in `out`;
    those for students by where they lie in their folder."""
    build(lessons, out, NAMES, say=lambda line: None, **options)
    return {file.relative_to(out).as_posix().removeprefix("students/"): file for file in sorted(out.rglob("*.html"))}
