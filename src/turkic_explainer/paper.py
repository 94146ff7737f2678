"""Tasks for paper: a sheet with room to write, and its key, which an edition can keep back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .markup import Fragment, Markup


def answer_key(answers: Markup) -> Markup:
    """The key of a task: folded on a screen, and known by its class to the worksheet, which takes it to a page of its own."""
    return Markup('<details class="tx-answer-key"><summary>Key</summary>{}</details>').format(answers)


def task(title: str, to_do: str, body: Markup, answers: Markup, text: str) -> Fragment:
    """A sheet to work on: what it is called, what is to be done, the sheet itself, and its key.

    `text` is what a screen without HTML shows under the title; like the sheet, it does not give the answers away.
    """
    sheet = Markup('<div class="tx-task"><p class="tx-state">{}</p><p>{}</p>{}{}</div>')
    return Fragment(sheet.format(title, to_do, body, answer_key(answers)), f"{title}\n{to_do}\n{text}")


def blanks(count: int, letters: int = 0) -> Markup:
    """Numbered lines to write names on, and after them lettered ones."""
    lettered = Markup("").join(Markup('<li class="tx-letter-blank">{}</li>').format(chr(65 + n)) for n in range(letters))
    numbered = Markup("").join(Markup("<li>{}</li>").format(n) for n in range(1, count + 1))
    return Markup('<ul class="tx-blanks">{}{}</ul>').format(numbered, lettered)


def word_bank(words: Iterable[str]) -> list[str]:
    """Words to choose from, in alphabetical order, so that their order gives nothing away."""
    return sorted(set(words))


def banked(words: list[str]) -> Markup:
    """A word bank as it stands on a sheet."""
    return Markup('<p class="tx-bank"><strong>Names to choose from:</strong> {}</p>').format("\u00a0· ".join(words))


def matched(answers: Mapping[object, str]) -> Markup:
    """The key of a sheet: each number or letter with its answer."""
    pairs = Markup(", ").join(Markup("<b>{}</b> {}").format(*pair) for pair in answers.items())
    return Markup("<p>{}</p>").format(pairs)
