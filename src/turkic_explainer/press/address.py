"""Where the students' folder lies on the web, if it does: codes that a phone's camera reads lead to its pages."""

import re
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from ..validate import DataError, problem

_LONGEST = 200  # letters: what a code of two centimetres still shows to a phone


def checked(address: str) -> str:
    """An address as pages are added to it. Raises DataError for what is no folder on the web."""
    try:
        parts = urlsplit(address)
        folder = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query + parts.fragment
    except ValueError:
        folder = False
    if not folder or re.search(r"[\s<>\"'\\\x00-\x1f]", address) or len(address) > _LONGEST:
        mend = "Write where the students' folder lies on the web, such as https://school.example/turkic/"
        raise DataError([problem("--address", "it", address, f"{mend}, in {_LONGEST} letters or less.")])
    return re.sub(r"/(index\.html)?$", "", address) + "/"


def code_to(address: str, lesson: str) -> Markup:
    """A code (QR, ISO/IEC 18004) that leads to a lesson's page at this address, black on white; nothing without one."""
    if not address:
        return Markup("")
    import segno

    from .template import part  # both only where a code is drawn

    page = f"{address}{quote(lesson)}.html"
    drawn = segno.make_qr(page, error="m").svg_inline(
        border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    return part("photographed", Markup(drawn.partition(">")[2]), page, *re.search(r'viewBox="([^"]*)"', drawn).groups())
