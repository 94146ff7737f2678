"""What HTML of an output may stand on a page: this course's own, and any other that is as tame.

A notebook may come from anywhere, and its outputs may hold anything. HTML is let through only where all of it is
written in the few forms below, in which a browser can read nothing else than is written: tags and attributes from a
list, every value in double quotes and without angle brackets, no comment, no element whose text has rules of its own.
There is nothing to be taken away or mended in it, so there is no mending to get round.
"""

import re

_TAGS = (
    "a|abbr|b|blockquote|br|caption|circle|clipPath|code|col|colgroup|dd|defs|del|details|div|dl|dt|ellipse|em|fieldset|"
    "figcaption|figure|g|h[1-6]|hr|i|img|input|ins|kbd|label|legend|li|line|mark|ol|option|p|path|pattern|polygon|polyline|pre|q|"
    "rect|s|samp|select|small|span|strong|sub|summary|sup|svg|symbol|table|tbody|td|text|tfoot|th|thead|tr|tspan|u|ul|var"
)
_PLAIN = (
    "align|alt|aria-[a-z]+|border|checked|class|clip-path|colspan|cx|cy|d|data-state|dir|fill|for|headers|height|hidden|id|"
    "lang|name|open|patternUnits|placeholder|points|r|role|rows|rowspan|rx|ry|scope|span|stroke(?:-[a-z]+)?|title|transform|"
    "translate|type|valign|version|viewBox|width|x|x1|x2|xmlns(?::xlink)?|y|y1|y2"
)
# Nothing that could lay an output over the rest of the page: no place but the one within a map, and no size but its own.
_DECLARATION = (
    r"(?:--least|background-color|color|fill|fill-opacity|font-family|font-size|font-style|font-weight|left|opacity|"
    r"stroke(?:-[a-z]+)?|text-align|text-anchor|text-decoration|top|width)"
    r": ?(?:var\(--[a-z]+\)|url\(#[\w-]+\)|rgba?\([\d., %]+\)|[\w.,%#' -])*+"
)
_STYLED = rf"{_DECLARATION}(?:; ?{_DECLARATION})*+(?:; ?)?|position:absolute"
_ATTRIBUTE = rf'(?:{_PLAIN})(?:="[^"<>]*+"|(?=[ \t\r\n/>]))|style="(?:{_STYLED})?"|tabindex="(?:0|-1)"|(?:xlink:)?href="#[^"<>]*+"'
_LEADING = r'href="(?:https?://|mailto:)[^"<>]*+"|src="data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*+"'
_GAP = r"[ \t\r\n]"
_SETTINGS = rf"(?:{_GAP}++(?:{_ATTRIBUTE}|{_LEADING}))*+{_GAP}*+"
_DRAWN = '<style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>'  # matplotlib's, in each chart
_MAP = r"""<iframe class="tx-frame tx-no-paper" sandbox="allow-scripts" title="[^"<>]*+" srcdoc='[^']*+'></iframe>"""
_DRAWING = r'<img class="tx-(?:still|plain)" alt="[^"<>]*+" src="data:image/svg\+xml;base64,[A-Za-z0-9+/=]*+">'
_TAME = re.compile(
    rf"(?:[^<]++|<(?:{_TAGS}){_SETTINGS}/?>|</(?:{_TAGS})>"
    rf"|<use(?:{_GAP}++(?:{_ATTRIBUTE}))*+{_GAP}*+/?>|</use>|<textarea{_SETTINGS}></textarea>|{re.escape(_DRAWN)}|{_MAP}|{_DRAWING})*+"
)
_TAG = re.compile(r"<(/?)([a-zA-Z0-9]+)[^<>]*?(/?)>")
_VOID = frozenset({"br", "col", "hr", "img", "input"})  # never closed, so nothing stands in them
# Our own have 5,000 tags at most, and go 30 deep; what reads a page takes many seconds over many more.
_MOST, _DEEPEST = 10_000, 100
_STYLE_OR_KEPT = re.compile(rf"({_MAP}|{re.escape(_DRAWN)})|<style[^<>]*>[^<]*</style>")


def tame(html: str) -> str | None:
    """The HTML of an output as a page may hold it, or None where it may not.

    Style sheets are left out, but for that of a chart: a page has one of its own.
    """
    html = _STYLE_OR_KEPT.sub(lambda match: match[1] or "", html)  # a map's own style sheets stay in its frame
    return html if _TAME.fullmatch(html) and _light(html) else None


def _light(html: str) -> bool:
    """Whether its tags are few enough, and stand in few enough others, to be read in a moment."""
    tags, depth = _TAG.findall(html), 0
    for closing, name, empty in tags:
        depth += -1 if closing else not empty and name not in _VOID
        if depth > _DEEPEST:
            return False
    return len(tags) <= _MOST
