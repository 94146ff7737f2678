"""Hostile text: whatever stands in data, in a notebook or in its outputs is shown as text, and none of it runs.

Tried in a real Chromium, with known payloads on every surface, in every edition.
"""

from __future__ import annotations

import json
import re

import folium
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from playwright import sync_api

from turkic_explainer import vocabulary
from turkic_explainer.charts import Forms, chart
from turkic_explainer.explorer import Explorer
from turkic_explainer.files import lesson_files, read
from turkic_explainer.lessons.lesson04 import sorting
from turkic_explainer.maps import Boxes, OfflineMap, framed, laid_out, legend, still
from turkic_explainer.markup import Card, Fragment, Markup, show, table
from turkic_explainer.press.foreign import tame
from turkic_explainer.questions import ask
from turkic_explainer.smallmap import SmallMap

from .conftest import JOURNEY, code, edit, lesson, lesson_with, page, prose
from .editions import built

# Each would set `ran`, in its own window and in the one above, ask the network, or lead away, were it not shown as text.
RUN = "top.ran=ran=1"
OUT = "https://outside.invalid"
PAYLOADS = [
    f"<script>{RUN}</script>",
    f"<ScRiPt/x>{RUN}</sCrIpT >",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<img src=x onerror={RUN}>",
    f"<img/src='{OUT}/i'/onload={RUN}>",
    f"<svg onload={RUN}><script>{RUN}</script><animate onbegin={RUN} attributeName=x /></svg>",
    f"<svg><a xlink:href='javascript:{RUN}'><text>here</text></a><use href='data:image/svg+xml,<svg id=x onload={RUN}>#x'/></svg>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror={RUN}>'>",
    f"<iframe srcdoc='<script>{RUN}</script>'></iframe><iframe src=javascript:{RUN}></iframe>",
    f"<meta http-equiv=refresh content='0;url={OUT}/meta'>",
    f"<base href='{OUT}/'><link rel=stylesheet href='{OUT}/css'>",
    "<style>body *{visibility:hidden!important}</style>",
    f"<form action='{OUT}'><button autofocus onfocus={RUN} formaction='javascript:{RUN}'>here</button></form>",
    f"<details open ontoggle={RUN}><summary>s</summary></details><body onload={RUN} onpageshow={RUN}>",
    f"<object data='data:text/html,<script>{RUN}</script>'></object><embed src='{OUT}/embed'>",
    f"<a href='javascript:{RUN}'>here</a><a href='&#106;ava&Tab;script:{RUN}'>here</a><a href='data:text/html,<script>{RUN}</script>'>here</a>",
    f'" onmouseover="{RUN}" autofocus onfocus="{RUN}" x="',
    f"' onmouseover='{RUN}' autofocus onfocus='{RUN}' x='",
    f"` onmouseover=`{RUN}` x=`",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f"</script><script>{RUN}</script>",
    f"</style></title></textarea></noscript></template></iframe></xmp><img src=x onerror={RUN}>",
    f"<textarea><p title='</textarea><img src=x onerror={RUN}>'></p>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'></p></noscript>",
    f"<!--><img src=x onerror={RUN}>--><!-- --!><img src=x onerror={RUN}> ]]><![CDATA[<img src=x onerror={RUN}>]]>",
    f"{{{{ 7*7 }}}} {{% for x in y %}} {{# x #}} {{{{ ''.__class__.__mro__ }}}} `${{{RUN}}}`",
    f"';{RUN};// \\';{RUN};// \";{RUN};//",
    f"\u2028{RUN}\u2029 \u202e{RUN}\u202c \ufeff",
    f"&lt;script&gt;{RUN}&lt;/script&gt; &#60;img src=x onerror={RUN}&#62; &amp;lt;",
    f"\uff1cscript\uff1e{RUN}\uff1c/script\uff1e <tx-left-0> \ufdd0",
]
CONTROLLED = [
    f"<scr\x00ipt>{RUN}</scr\x00ipt>",
    f"<img\x0bsrc=x\x0conerror={RUN}>",
    f"\x1b[31m<b onclick={RUN}>\x1b[0m\x07\x9b",
]
ALL = " ".join(PAYLOADS)
HEAD = f"heading one <script>{RUN}</script> <img src=x onerror={RUN}> \"' {{{{ 7*7 }}}}"  # without what Markdown takes for its own


def plain(text: str) -> str:
    """Text without what is changed on purpose: kinds of quotes, blanks, a backslash before a quote, and _ in a heading."""
    for curly, straight in zip("‘’“”", "''\"\"", strict=True):
        text = text.replace(curly, straight)
    return re.sub(r"[\s_\\\ufeff\ufdd0\ufffd\x00-\x1f\x7f-\x9f]", "", text)


# --- every surface with the payloads on it -------------------------------------------------------------------------


def hostile_explorer():
    told = Markup("<p>{}</p>").format(f"pane {ALL}")
    return Explorer(
        "hostile", f"title {ALL}", (("a", f"first {ALL}"), ("b", f"second {ALL}")), lambda state: told, start="a",
        groups={"b": f"group {ALL}"}, paper_end=told,
    )  # fmt: skip


def hostile_question():
    return ask(
        "hostile", f"question {ALL}", (f"right {ALL}", True, f"reason {ALL}"), ("other", False, f"no reason {ALL}")
    )


def hostile_table():
    return show(pd.DataFrame({f"column {ALL}": [f"cell {ALL}"], "b": [f"long {ALL}"]}), f"caption {ALL}", index=False)


def hostile_chart():
    said = ALL.replace("$", "")  # a dollar begins mathematics in matplotlib
    for _, axes, _ in (forms := Forms(3, 3)):
        axes.set_title(f"drawn {said}")
        axes.set_xticks([0], [f"tick {said}"])
    return chart("hostile", forms, f"told {ALL}", f"alt {ALL}", table(pd.DataFrame({"a": [ALL]}), ALL))


def hostile_map():
    said = Markup("<p>{}</p>").format
    point = {
        "name": f"name {ALL}", "lat": 40.0, "lon": 50.0, "size": [60, 24], "alt": f"spot {ALL}",
        "html": str(said(f"box {ALL}")), "popup": str(said(f"popup {ALL}")),
    }  # fmt: skip
    points = laid_out([point])
    shown = OfflineMap(f"map {ALL}", {2: [(500, 300, 700, 400)]})
    Boxes(points, f"layer {ALL}").add_to(shown)
    small = SmallMap("hostile-map")
    key = legend([(Markup(""), f"key {ALL}")])
    return framed(shown, f"seen {ALL}", key, table(pd.DataFrame({"a": [ALL]}), ALL), still(points, small))


def hostile_words():
    columns = {"meaning": f"meaning {ALL}", "native": f"native {ALL}", "claims": (f"claim {ALL}",)}
    return Fragment(vocabulary.entries(pd.DataFrame([columns], index=[f"word {ALL}"])), "words")


def hostile_filing(folder):
    file = folder / "filing.json"
    card, word = next(iter(sorting.ours().filed.items()))
    sorting.put_json(
        file, {sorting.MARK: 1, "name": f"<img src=x onerror={RUN}>", "filed": {card: word, ALL: word, "x": ALL}}
    )
    return sorting.compare_filings(file)


SURFACES = {
    "explorer": (hostile_explorer, ["title", "first", "second", "group", "pane"]),
    "question": (hostile_question, ["question", "right", "reason"]),
    "table": (hostile_table, ["column", "cell", "long", "caption"]),
    "card": (lambda: Card(f"id {ALL}", f"lead {ALL}", ((f"key {ALL}", f"value {ALL}"),)), ["id", "lead", "key", "value"]),
    "chart": (hostile_chart, ["told"]),
    "map": (hostile_map, ["key", "seen"]),
    "words": (hostile_words, ["word", "native", "meaning", "claim"]),
}  # fmt: skip
SHOWN = [name for _, names in SURFACES.values() for name in names]


def html_of(shown) -> str:
    return shown._repr_mimebundle_()["text/html"] if isinstance(shown, Explorer) else shown._repr_html_()


def shows(output_html: str, *tags: str):
    return _cell(
        [new_output("execute_result", {"text/html": output_html, "text/plain": f"plain {ALL}"}, execution_count=1)],
        *tags,
    )


def _cell(outputs, *tags: str, source: str = "1"):
    return new_code_cell(source, execution_count=1, outputs=outputs, metadata={"tags": [*tags]})


def prose_cells():
    """The payloads in every place that Markdown has, each by itself, for each may break what follows."""
    for n, payload in enumerate([*PAYLOADS, *CONTROLLED]):
        one_line = payload.replace("\u2028", " ").replace("\u2029", " ")
        places = [
            payload, f"- {payload}\n- {payload}", f"> {payload}", f"**{payload}** *{payload}*", f"`{payload}`",
            f"    {payload}", f"[{payload}](https://a.invalid)", f"[x]({payload})", f"[x](<{payload}>)", f'[x](06-b.ipynb "{payload}")',
            f"![{payload}](p.png)", f"![{payload}](town.png)", f"![x]({payload})", f'![x](p.png "{payload}")',
            f"![{payload}](attachment:a.png)", f"![x](attachment:{payload})", f"$${payload}$$", f"$ {payload} $",
            f"\\begin{{{payload}}}x\\end{{{payload}}}", f"```\n{payload}\n```", f"```mermaid\n{payload}\n```",
            f"```{payload}\nx\n```", f"[{payload}](evidence/words.md#word-{payload})", f"[S4-02](../seeds/{payload})",
            f"<div>{payload}</div>", f"[x][{n}]\n\n[{n}]: {payload}", f"<javascript:{RUN}>", f"[x](java\tscript:{RUN})",
            f"[x](JaVaScRiPt:{RUN})", f"[x](&#x6a;avascript:{RUN})", f"[x](<java\nscript:{RUN}>)", f"[x](data:text/html,{payload})",
            f"[x](vbscript:{RUN}) [x](blob:x) [x](  javascript:{RUN})",
        ]  # fmt: skip
        text = "\n\n".join(places)
        cell = new_markdown_cell(f"{text}\n\n## heading {one_line}\n\n| a {one_line} | b |\n|---|---|\n| {one_line} | c |\n\n"
                                 f"**Guess.** {one_line} **Ask.** What is {one_line}?")  # fmt: skip
        cell["attachments"] = {"a.png": {"image/png": f'iVBORw=="{payload}'}}
        yield cell


def foreign_outputs():
    """What the cells of a class may show, each as HTML of its own and in every other form that an output has."""
    frame = pd.DataFrame({f"<b onclick={RUN}>": [ALL]})
    for payload in [*PAYLOADS, *CONTROLLED]:
        yield {"text/html": payload}
        yield {"text/html": f"<p>{payload}</p>"}
        yield {"text/html": f'<table class="dataframe"><tr><td title="{payload}">{payload}</td></tr></table>'}
        yield {"text/html": f"<p title='{payload}'>x</p>"}
        yield {"text/html": f'<fieldset class="tx-explorer tx-question" id="{payload}">{payload}</fieldset>'}
        yield {"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg'>{payload}</svg>", "text/plain": payload}
        yield {"image/png": f'iVBORw=="{payload}', "text/plain": payload}
        for kind in ("text/plain", "text/latex", "text/markdown", "application/javascript", "application/json"):
            yield {kind: payload, "text/plain": payload}
    yield {"text/html": frame._repr_html_()}
    yield {"text/html": frame.to_html(escape=False)}
    yield {"text/html": folium.Map(location=[40, 50])._repr_html_()}
    yield {"text/html": f"<iframe class=\"tx-frame tx-no-paper\" sandbox=\"allow-scripts\" title=\"t\" srcdoc='<script>{RUN}</script>'"
                        f" src=\"javascript:{RUN}\"></iframe>"}  # fmt: skip
    yield {
        "text/html": f'<iframe class="tx-frame" sandbox="allow-scripts allow-same-origin" title="t" srcdoc=\'<script>{RUN}</script>\'></iframe>'
    }
    yield {"text/html": f"<style>#q-x .tx-panel{{display:none}}</style><script>{RUN}</script>"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A lesson with the payloads on every surface, in every edition."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "town.png").write_bytes(b"\x89PNG")
    tags = ("worksheet", "slide", "picture")
    cells = [new_markdown_cell(f"# {HEAD}\n\n**You will be able to** read {ALL}.", metadata={"tags": ["slide"]})]
    cells += [shows(html_of(make()), *tags) for make, _ in SURFACES.values()]
    cells += [shows(hostile_filing(folder)._repr_html_(), *tags)]
    for cell in prose_cells():
        for kind in (["slide"], ["teacher"], ["exercise", "worksheet"], ["solution"]):
            cells.append(new_markdown_cell(cell.source, metadata={"tags": kind}, attachments=cell.attachments))
    foreign = [new_output("display_data", data) for data in foreign_outputs()]
    for text in [*PAYLOADS, *CONTROLLED]:
        foreign.append(new_output("stream", name="stdout", text=f"stream {text}"))
        foreign.append(new_output("error", ename=text, evalue=text, traceback=[f"traceback {text}"]))
    for kind in (["slide", "worksheet"], ["solution"]):
        cells.append(_cell(foreign, *kind, source=f"source {ALL}"))
    cells.append(_cell([], "exercise", "worksheet", source=f"task {ALL}"))
    file = lesson(folder / "notebooks", *cells, name="05-small.ipynb")
    edit(
        file,
        '"kernelspec": {',
        f'"turkic": {{"lesson": {json.dumps(f"number {ALL}")}, "minutes": {json.dumps(f"minutes {ALL}")}}},\n  "kernelspec": {{',
    )
    other = lesson(
        folder / "notebooks", new_markdown_cell("# Another"), name="06-other.ipynb"
    )  # with one there is no page of all
    return built([file, other], folder / "out", code=True)


@pytest.fixture
def watched(chromium):
    """A browser's page that notes whatever hostile text could make it do."""
    context = chromium.new_context()
    page = context.new_page()
    page.done, page.stopped = [], set()
    context.on("page", lambda other: page.done.append(f"opened {other.url}") if other != page else None)
    page.on("dialog", lambda d: (page.done.append(f"dialog {d.message}"), d.dismiss()))
    page.on("download", lambda d: page.done.append(f"download {d.url}"))
    page.on(
        "request",
        lambda r: (
            page.done.append(f"asked {r.url}") if not r.url.startswith(("file:", "data:", "about:", "blob:")) else None
        ),
    )
    # What the policy stops is told as a request as well, and then as one that it stopped.
    page.on("requestfailed", lambda r: page.stopped.add(f"asked {r.url}") if r.failure == "csp" else None)
    yield page
    context.close()


def ran(page) -> list[str]:
    """What has run or happened so far on a page of ours, and in its frames."""
    return [*stirred(page), *(f"ran in {frame.url}" for frame in page.frames[1:] if frame.evaluate("globalThis.ran"))]


def stirred(page) -> list[str]:
    """What has happened on a page with planted frames, which may never finish: they would tell the page above."""
    return [*(d for d in page.done if d not in page.stopped), *(["ran"] if page.evaluate("globalThis.ran") else [])]


# What could still run, load or lead away, if somebody touched it: none of it may be in a page or a frame.
WAITING = """() => [...document.querySelectorAll('*')].flatMap(e => {
  const found = [...e.attributes].filter(a => /^on/i.test(a.name)
    || (/^(href|src|action|formaction|xlink:href|data|poster|srcset)$/i.test(a.name)
        && /^(javascript|vbscript|data:(?!image\\/))/i.test(a.value.replace(/[\\0-\\x20]/g, ''))));
  if (e.matches('head > link[rel=stylesheet]:is([href="course.css"],[href="../students/course.css"])')) return [];
  const named = /^(base|object|embed|link|applet|frame|math|foreignobject|animate|set)$/i.test(e.localName)
    || (e.localName === 'form' && e.method !== 'dialog') || (e.localName === 'meta' && /refresh/i.test(e.httpEquiv)) || (e.localName === 'iframe' && e.getAttribute('sandbox') !== 'allow-scripts');
  return found.length || named ? [e.outerHTML.slice(0, 200)] : [];
})"""


def opened_up(page) -> None:
    """Shows everything that a page holds: folded parts and all states."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.name = ''; d.open = true; })")
    page.add_style_tag(content=".tx .tx-panel,.tx .tx-paper-only{display:block!important}")


def test_nothing_runs_in_any_edition(pages, watched):
    assert {"05-small.html", "teacher/05-small.html", "worksheets/05-small.html", "index.html", "all.html"} <= set(
        pages
    )
    for path, file in pages.items():
        watched.goto(file.as_uri())
        opened_up(watched)
        watched.wait_for_timeout(200)
        assert ran(watched) == [], path
        assert watched.url.partition("#")[0] == file.as_uri(), path
        assert [w for frame in watched.frames for w in frame.evaluate(WAITING)] == [], path


@pytest.mark.parametrize("path", ["05-small.html", "teacher/05-small.html", "all.html"])
def test_text_is_shown_as_text(pages, watched, path):
    watched.goto(pages[path].as_uri())
    opened_up(watched)
    told = plain(watched.inner_text("body"))
    assert plain(HEAD) in told
    expected = [*SHOWN, "source", "number", "minutes"]
    if path == "all.html":
        expected = [name for name in expected if name not in ("number", "minutes")]
    if (
        path == "teacher/05-small.html"
    ):  # of a question it says more than its states do, and it shows code where it is a task
        expected = [name for name in expected if name not in ("source", "minutes")]
    sent = {name: f"{name} {ALL}" for name in expected}
    sent["lead"] = sent["lead"].replace("`", "")  # what stands between backticks there is set as code
    assert [name for name, text in sent.items() if plain(text) not in told] == []
    assert [p for p in PAYLOADS if plain(f"stream {p}") not in told or plain(f"traceback {p}") not in told] == []


def test_the_index_shows_and_finds_text_as_text(pages, watched):
    watched.goto(pages["index.html"].as_uri())
    assert plain(HEAD) in plain(watched.inner_text("main"))
    watched.get_by_role("searchbox").fill("onerror")
    watched.locator("#found li").first.wait_for()
    assert plain(f"onerror={RUN}>") in plain(watched.inner_text("#found"))
    assert ran(watched) == [] and watched.evaluate(WAITING) == []


def test_a_map_shows_text_as_text(pages, watched):
    watched.goto(pages["05-small.html"].as_uri())
    [frame] = [f for f in watched.frames if f != watched.main_frame and f.query_selector(".box")]
    box = frame.get_by_role("button", name="spot")
    assert box.get_attribute("aria-label") == f"spot {ALL}"
    assert plain(f"box {ALL}") in plain(box.inner_text())
    box.press("Enter")
    assert plain(f"popup {ALL}") in plain(frame.locator(".leaflet-popup-content").inner_text())
    assert plain(f"layer {ALL}") in plain(frame.locator(".leaflet-control-layers").text_content())
    assert plain(frame.title()) == plain(f"map {ALL}") == plain(frame.locator("h1").text_content())
    assert ran(watched) == [] and frame.evaluate(WAITING) == []


# --- no policy to help, and nothing but the policy ------------------------------------------------------------------


def test_our_own_outputs_need_no_policy(watched, tmp_path):
    """As JupyterLab shows them: put into a page that lets everything run."""
    live = [
        part.value
        for make in (hostile_explorer, hostile_question)
        for part in make().live().children
        if hasattr(part, "value")
    ]
    shown = [html_of(make()) for make, _ in SURFACES.values()] + [str(value) for value in live if "<" in str(value)]
    assert len(shown) > len(SURFACES) + 3
    file = tmp_path / "bare.html"
    file.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>t</title>{''.join(shown)}<main></main>", "utf-8")
    watched.goto(file.as_uri())
    watched.evaluate("parts => parts.forEach(part => { document.querySelector('main').innerHTML += part; })", shown)
    opened_up(watched)
    watched.wait_for_timeout(300)
    assert ran(watched) == []
    assert watched.evaluate(WAITING) == []


@pytest.mark.parametrize(
    "path",
    [
        f"{JOURNEY}.html",
        f"teacher/{lesson_with('corridor_map()')}.html",
        f"worksheets/{JOURNEY}.html",
        f"slides/{JOURNEY}.html",
        "index.html",
    ],
)
def test_the_policy_alone_stops_what_slipped_through(course_pages, watched, tmp_path, path):
    """The payloads raw in a finished page. Only a link and a refresh are no script: these must not be in a page at all."""
    page = course_pages[path].read_text("utf-8")
    planted = "</p></div>".join(p for p in PAYLOADS if "refresh" not in p and "<body" not in p)
    file = tmp_path / "page.html"
    file.write_text(page.replace("</main>", f"<div id=planted>{planted}</div></main>"), "utf-8")
    assert "id=planted" in file.read_text("utf-8")
    watched.goto(file.as_uri())
    for link in watched.locator("#planted a[href^=javascript]").all():
        link.dispatch_event("click")
    watched.evaluate(
        "document.querySelectorAll('#planted *').forEach(e => ['mouseover', 'focus', 'click', 'toggle', 'error', 'load'].forEach(n => e.dispatchEvent(new Event(n))))"
    )
    watched.wait_for_timeout(300)
    assert stirred(watched) == []
    assert watched.url.partition("#")[0] == file.as_uri()


def test_what_runs_would_be_noticed(watched, tmp_path):
    """Without escaping and without a policy the payloads do run."""
    file = tmp_path / "bare.html"
    noticed = []
    for payload in PAYLOADS:
        file.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>t</title><p>{payload}", "utf-8")
        try:
            watched.goto(file.as_uri())
            watched.wait_for_timeout(30)
            noticed.append(bool(stirred(watched) or watched.evaluate(WAITING)))
        except sync_api.Error:  # it leads away
            noticed.append(True)
        watched.done.clear()
    assert sum(noticed) >= 20


def test_a_frame_that_copies_ours_stays_shut_in(watched, tmp_path):
    """A map's frame may run its scripts. One planted in its exact form can reach neither the page nor the network."""
    evil = ("for (const step of [() => { top.ran = 1 }, () => { parent.document.body.innerHTML = '' }, () => fetch('https://outside.invalid'),"
            "() => { top.location = 'https://outside.invalid' }, () => open('https://outside.invalid'), () => alert(1), () => localStorage.x = 1,"
            "() => { new Image().src = 'https://outside.invalid/i' }]) try { step() } catch (error) {} document.title = 'ran';")  # fmt: skip
    planted = f'<iframe class="tx-frame tx-no-paper" sandbox="allow-scripts" title="t" srcdoc=\'<script>{evil.replace(chr(39), "&#39;")}</script>\'></iframe>'
    assert tame(planted) == planted
    [page] = [
        f
        for p, f in built([lesson(tmp_path, prose("# T"), code("1", html=planted))], tmp_path / "out").items()
        if p == "05-small.html"
    ]
    watched.goto(page.as_uri())
    watched.wait_for_timeout(500)
    assert watched.frames[1].title() == "ran", "the script did not run at all, so that nothing was tried"
    assert ran(watched) == [] and watched.url == page.as_uri() and watched.locator("h1").inner_text() == "T"


# --- what is let through, and what is not ---------------------------------------------------------------------------


@pytest.mark.parametrize("html", [
    "<b>bold</b> &amp; <br/> 1 &lt; 2", pd.DataFrame({"a": [1], "b": ["<i>"]}).to_html(), pd.DataFrame({"a": [1]})._repr_html_(),
    '<a href="https://a.b/c?d=1&amp;e">out</a>', '<img src="data:image/png;base64,iVBORw==" alt="x">',
    '<p style="color: red; text-align: right;">x</p>', '<table><tr><td colspan="2" >x</td></tr></table>',
])  # fmt: skip
def test_harmless_html_is_shown(html):
    assert tame(html) is not None


@pytest.mark.parametrize("html", [
    "<p style='position:fixed'>x</p>", '<p style="position:fixed;inset:0">x</p>', '<p style="background:url(https://a.b)">x</p>',
    '<a href="javascript:x">x</a>', '<a href=" javascript:x">x</a>', '<a href="https://a.b" onclick="x">x</a>', "<p onclick=x>", "<p title=x>",
    '<p title="a>b">', '<img src="https://a.b/c.png">', '<img src="data:image/svg+xml;base64,AA==">', "<p/onclick=x>", '<p title="x"onclick="y">',
    "<!-- x -->", "<![CDATA[x]]>", "<?x?>", "<p", "a < b", "<textarea>x</textarea>", "<title>x</title>", "<noscript>x</noscript>",
    '<use href="https://a.b/c#d"/>', '<use xlink:href="data:x"/>', "<math></math>", "<template></template>", "<marquee>x</marquee>",
    '<section data-background-iframe="https://a.b">x</section>', "<p\x0conclick='x'>", "<p\u00a0class=\"x\">", "<scr\x00ipt>x</script>",
    '<iframe class="tx-frame tx-no-paper" sandbox="allow-scripts allow-popups" title="x" srcdoc=\'x\'></iframe>',
    '<iframe class="tx-frame tx-no-paper" sandbox="allow-scripts" title="x" srcdoc=\'x\'>x</iframe>', '<p tabindex="5">x</p>',
    '<button>x</button>', '<input type="image" src="https://a.b">', '<p contenteditable="true">x</p>', '<p accesskey="x">x</p>',
])  # fmt: skip
def test_other_html_is_not(html):
    assert tame(html) is None


def test_a_style_sheet_of_others_is_left_out_and_the_rest_stays():
    assert tame("<style>p{display:none}</style><p>x</p>") == "<p>x</p>"
    assert tame(pd.DataFrame({"a": [1]}).style.to_html()) is not None
    assert tame("<style><style></style>p{}</style>") is None


def test_every_output_of_the_course_is_let_through():
    outputs = [
        o["data"]["text/html"]
        for f in lesson_files()
        for c in read(f).cells
        for o in c.get("outputs", [])
        if "text/html" in o.get("data", {})
    ]
    assert len(outputs) > 100 and [html[:200] for html in outputs if tame(html) is None] == []


def test_html_that_is_not_let_through_is_shown_as_its_source(tmp_path):
    folium_map = folium.Map(location=[40, 50])._repr_html_()
    cells = [
        code("1", html="<form><p>mine</p></form>"),
        code("2", html=folium_map),
        code("3", html=f"<form>{'x' * 5000}</form>"),
    ]
    soup = page((built([lesson(tmp_path, prose("# T"), *cells)], tmp_path / "out")["05-small.html"]).read_text("utf-8"))
    shown = [output.get_text() for output in soup.select(".output")]
    assert "<form><p>mine</p></form>" in shown[0] and "source" in shown[0]
    assert "needs the network" in shown[1] and len(shown[1]) < 200
    assert "left out" in shown[2] and len(shown[2]) < 200


def test_pictures_come_from_the_lessons_folder_alone(tmp_path):
    here = tmp_path / "notebooks"
    (here / "images").mkdir(parents=True)
    for file in (here / "images" / "in.png", tmp_path / "out.png", here / "secret.txt"):
        file.write_bytes(b"\x89PNG")
    (here / "link.png").symlink_to(tmp_path / "out.png")
    named = [
        "images/in.png",
        "../out.png",
        str(tmp_path / "out.png"),
        "link.png",
        "secret.txt",
        "https://outside.invalid/a.png",
        "gone.png",
    ]
    made = lesson(here, prose("# T\n\n" + "\n\n".join(f"![picture {n}]({name})" for n, name in enumerate(named))))
    soup = page(built([made], tmp_path / "built")["05-small.html"].read_text("utf-8"))
    assert [img["alt"] for img in soup.find_all("img")] == ["picture 0"]
    assert all(f"[picture {n}]" in soup.main.get_text() for n in range(1, len(named)))


def test_a_picture_attached_to_a_cell_is_put_into_the_page(tmp_path):
    cell = prose("# T\n\n![A town](attachment:a.png)")
    cell["attachments"] = {"a.png": {"image/png": "iVBORw==\n"}}
    [img] = page(built([lesson(tmp_path, cell)], tmp_path / "out")["05-small.html"].read_text("utf-8")).find_all("img")
    assert img["src"] == "data:image/png;base64,iVBORw==" and img["alt"] == "A town"


def test_a_drawing_is_shown_as_a_picture_in_which_nothing_runs(tmp_path):
    cell = code("1", shows="A drawing")
    cell.outputs[0].data["image/svg+xml"] = "<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"
    soup = page(built([lesson(tmp_path, prose("# T"), cell)], tmp_path / "out")["05-small.html"].read_text("utf-8"))
    assert soup.img["src"].startswith("data:image/svg+xml;base64,") and soup.img["alt"] == "A drawing" and not soup.svg
