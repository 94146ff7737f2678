"""Figures, drawn by matplotlib as SVG: text stays text, colours follow the page, and the bytes are the same twice."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pandas as pd

from .maps import KINDS, country_names
from .markup import Fragment, Markup, table
from .tables import summits

if TYPE_CHECKING:  # matplotlib is loaded by the first chart, not by a lesson's import line
    from matplotlib.figure import Figure

# What stands here is replaced in the SVG by the page's own colours, so that a chart follows dark mode and paper.
INK, SOFT, LINE = "#010101", "#020202", "#030303"
COLOURS = {"regular": "#040404", "informal": "#050505", "extraordinary": "#060606"}
_VARIABLES = {INK: "ink", SOFT: "soft", LINE: "line", "#040404": "accent", "#050505": "warm", "#060606": "violet"}
MARKS = {"regular": "o", "informal": "D", "extraordinary": "^"}
_RC = {
    "svg.fonttype": "none", "svg.hashsalt": "turkic-explainer", "font.family": "DejaVu Sans", "font.size": 13,
    "text.color": INK, "axes.edgecolor": LINE, "axes.labelcolor": SOFT, "xtick.color": SOFT, "ytick.color": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
}  # fmt: skip


def chart(canvas: Figure, caption: str, alt: str, rows: Markup) -> Fragment:
    """A matplotlib figure in a page: with a caption that says what to see, an alt text, and its numbers as a table."""
    import matplotlib

    out = io.StringIO()
    with matplotlib.rc_context(_RC):
        canvas.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = out.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.S)
    for colour, name in _VARIABLES.items():
        svg = svg.replace(colour, f"var(--{name})")
    svg = svg.replace("'DejaVu Sans'", "system-ui, 'DejaVu Sans'")
    svg = re.sub(r'<svg ', f'<svg role="img" aria-label="{Markup.escape(alt)}" ', svg, count=1)
    body = Markup(
        '<figure><div class="tx-scroll" role="group" tabindex="0" aria-label="Chart">{}</div><figcaption>{}</figcaption><details><summary>The same as a table</summary>{}</details></figure>'
    ).format(Markup(svg), caption, rows)
    return Fragment(body, f"Chart: {alt}")


def hosting_chart() -> Fragment:
    """Who hosted which kind of summit in which year; online meetings stand with their chair, ringed.

    Facts: `summits()`. Planned meetings are left out.
    """
    import matplotlib
    from matplotlib.figure import Figure  # without pyplot there is no window to open, on any machine

    names, rows = country_names(), summits().query("status == 'held'")
    hosts = rows.groupby("country")["year"].agg(["size", "min"]).sort_values(["size", "min"], ascending=[True, False])
    with matplotlib.rc_context(_RC):
        canvas = Figure(figsize=(9, 3.9), layout="constrained")
        axes = canvas.subplots()
        for kind, group in rows.groupby("kind", sort=False):
            for mode, part in group.groupby("mode"):
                face = COLOURS[kind] if mode == "in person" else "none"
                axes.scatter(part["year"] + (part["last_day"].dt.dayofyear - 183) / 366, part["country"].map(list(hosts.index).index),
                             s=90, marker=MARKS[kind], facecolor=face, edgecolor=COLOURS[kind], linewidth=1.8, zorder=3)  # fmt: skip
        axes.set_yticks(range(len(hosts)), [f"{names[c]}  {n}" for c, n in hosts["size"].items()])
        axes.set_xticks(range(rows["year"].min(), rows["year"].max() + 1, 2))
        axes.grid(axis="y", color=LINE, linewidth=0.8)
        axes.tick_params(length=0)
        axes.set_ylim(-0.6, len(hosts) - 0.4)
    counts = {names[c]: int(n) for c, n in hosts["size"][::-1].items()}
    told = ", ".join(f"{name} {n}" for name, n in counts.items())
    most = [name for name, n in counts.items() if n == max(counts.values())]
    empty = sorted(set(range(rows["year"].min(), rows["year"].max())) - set(rows["year"]))
    caption = (
        "Each mark is one meeting of heads of state, placed by its date and its host: a circle for a regular summit, a diamond "
        "for an informal one, a triangle for an extraordinary one. An empty mark was online and stands with the country in the "
        f"chair. {' and '.join(most)} {'has' if len(most) == 1 else 'have'} the fullest row{'s' * (len(most) > 1)}. "
        f"{len(empty)} of the years have no mark at all: look for them."
    )
    alt = f"Chart of {len(rows)} summits by host and year, {rows['year'].min()} to {rows['year'].max()}. Meetings per host: {told}."
    by_host = pd.crosstab(rows["country"].map(names).rename("host"), rows["kind"])[list(KINDS)].assign(all=lambda f: f.sum(axis=1))
    listed = table(by_host.sort_values("all", ascending=False, kind="stable"), "Summits held, by host or chair and by kind")
    return chart(canvas, caption, alt, listed)
