"""HTML as templates: how they are laid out, and where those of the whole course lie."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from .spoken import translated
from .validate import LESSONS, language


class Spoken(Extension):
    """What is typed in a template of HTML stands on a page in the language that is spoken."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return translated(source) if (name or "").endswith(".html.j2") else source


class _LaidOut(Extension):
    """A template of HTML is laid out to be read: a line break beside a tag stands for nothing, any other for a blank."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        tokens = list(stream)  # without comments: what stands beside one is text beside text
        for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
            if token.type == "data" and (stream.name or "").endswith(".html.j2"):
                text = re.sub(r"\s*\n\s*", "\n", token.value)  # one break, and no sign of it where a tag is beside it
                text = re.sub(r"(?<=>)\n|\n(?=<)", "", text)
                if before is None or before.type in ("block_end", "data"):
                    text = text.removeprefix("\n")
                if after is None or after.type in ("block_begin", "data"):
                    text = text.removesuffix("\n")
                token = Token(token.lineno, "data", text.replace("\n", " "))
            yield token


# It knows nothing of the evidence: `content` adds that for the lessons. A text from a teacher's folder reaches no
# further than what it is given, for a folder may come from somebody else.
ENVIRONMENT = SandboxedEnvironment(
    loader=FileSystemLoader(LESSONS),
    autoescape=lambda name: (name or "").endswith(".html.j2"),  # a text is escaped where it is put into a page
    undefined=StrictUndefined,
    extensions=[Spoken, _LaidOut],
)


@lru_cache
def _speaking(spoken: str) -> SandboxedEnvironment:
    return ENVIRONMENT if spoken == "en" else ENVIRONMENT.overlay(loader=FileSystemLoader(LESSONS))


def environment() -> SandboxedEnvironment:
    """The templates in the language that is spoken."""
    return _speaking(language())


def piece(template: str, **names: Any) -> Markup:
    """The template `lessons/shared/NAME.html.j2` filled in. What is put in is escaped, unless it is Markup."""
    return Markup(environment().get_template(f"shared/{template}.html.j2").render(names))
