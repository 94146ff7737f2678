"""Tasks for paper: a sheet with room to write, and its key, which an edition can keep back."""

from .markup import Fragment, Markup
from .templates import piece


def task(title: str, to_do: str, body: Markup, answers: Markup, text: str) -> Fragment:
    """A sheet to work on: what it is called, what is to be done, the sheet itself, and its key.

    `text` is what a screen without HTML shows under the title; like the sheet, it does not give the answers away.
    """
    sheet = piece("task", title=title, to_do=to_do, body=body, answers=answers)
    return Fragment(sheet, f"{title}\n{to_do}\n{text}")
