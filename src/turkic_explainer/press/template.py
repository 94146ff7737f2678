"""What stands in templates/: whole pages, the small pieces of HTML that they are put together from, styles and scripts."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from smartypants import Attr, smartypants

from .. import vocabulary
from ..content import SHARED
from ..markup import Markup, linked, outputs_css
from ..spoken import script
from ..templates import Spoken
from ..validate import language

TEMPLATES = Path(__file__).with_name("templates")

_UNSET = re.compile(r"<(iframe|svg|style|script|pre)\b.*?</\1>", re.S)
_TEXT = re.compile(r">[^<]+")
# Text without a quote, which smartypants need not see, slow as it is: unless a quote alone comes next, which looks back at it.
_QUOTELESS = re.compile(r"""(?<=>)[^<>"'&\\]++(?=<)(?!(?:<[^<>]*>)+["']<)""")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)  # HTML has no place for these


@lru_cache
def _speaking(spoken: str) -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, extensions=[Spoken])
    environment.filters |= {"typeset": typeset, "linked": linked}
    # The fixed words of all pages are those of lessons/shared/shown.toml.
    environment.globals |= {"words": SHARED.texts, "css": css, "asset": asset, "native": vocabulary.native}
    return environment


def part(name: str, *values: Any) -> Markup:
    """A piece of a page: the macro of this name in parts.html.j2. What is not Markup is escaped."""
    return getattr(_speaking(language()).get_template("parts.html.j2").module, name)(*values)


def filled(template: str, **values: Any) -> str:
    """A template with these values; what is not Markup is escaped where it is HTML."""
    return _speaking(language()).get_template(template).render(**values)


def whole_page(template: str, **values: Any) -> str:
    """A page in the language that is spoken: a template with these values, and no sign that HTML and XML do not know."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", filled(template, lang=language(), **values))


def asset(name: str) -> Markup:
    """A style sheet of the templates, or a script, in the language that is spoken."""
    return _asset(name, language() if name.endswith(".js") else "en")


@lru_cache
def _asset(name: str, spoken: str) -> Markup:
    text = (TEMPLATES / name).read_text("utf-8").strip()
    if name.endswith(".js") and "/" not in name:  # one of ours: what it says to its author does not travel
        text = re.sub(r"^\s*(?://.*\n)?", "", text, flags=re.M)
    return Markup(text if spoken == "en" else script(text))


def css(*names: str) -> Markup:
    """Style sheets of the templates, and after them that of all outputs."""
    sheets = Markup("").join(Markup("{}\n").format(asset(name)) for name in names) + outputs_css()
    return Markup(re.sub(r"/\*.*?\*/", "", sheets, flags=re.S))


def typeset(page: str) -> Markup:
    """HTML with the quotes and apostrophes that print has. Attributes, code, drawings and maps are left as they are."""
    left: list[str] = []

    def keep(match: re.Match) -> str:
        left.append(match[0])
        return f"<tx-left-{len(left) - 1}>"

    page = _UNSET.sub(keep, page)
    page = _TEXT.sub(lambda text: text[0].replace("&#34;", '"').replace("&quot;", '"').replace("&#39;", "'"), page)
    page = _QUOTELESS.sub(keep, page)
    return Markup(re.sub(r"<tx-left-(\d+)>", lambda match: left[int(match[1])], smartypants(page, Attr.q | Attr.u)))
