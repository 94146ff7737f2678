"""Where the students' folder lies on the web, if it does: codes that a phone's camera reads lead to its pages."""

import re
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from ..validate import DataError, problem

_LONGEST = 200  # letters: what a code of two centimetres still shows to a phone


def checked(address: str) -> str:
    """An address as pages are added to it, in the letters that every camera reads alike. Raises DataError for what is no
    folder on the web."""
    whole = ""
    try:
        parts = urlsplit(address.strip())
        name, *port = parts.netloc.split(":", 1)
        host = ":".join([name.encode("idna").decode(), *port])
        path = quote(re.sub(r"/+(index\.html)?$", "", parts.path), safe="/%:@!$&()*+,;=")
        if re.fullmatch(r"[\w.:[\]-]+", host) and parts.port != 0 and not path.endswith((".html", ".zip")):
            whole = f"{parts.scheme}://{host}{path}/"
    except ValueError:
        pass
    if not re.match("https?:", whole) or parts.query + parts.fragment or len(whole) > _LONGEST:
        mend = "Write where the students' folder lies on the web, such as https://school.example/turkic/"
        raise DataError(
            [problem("--address", "it", address, f"{mend}, without ? and #, in {_LONGEST} letters or less.")]
        )
    return whole


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
