"""Shared waters and climate: the explorer, the charts and the sheet of lesson 07, made from the two water tables."""

import re
import textwrap
from functools import lru_cache
from typing import Any

import pandas as pd

from ... import ledger
from ...basemap import base_map
from ...charts import ACCENT, INK, SOFT, WARM, Forms, Later
from ...content import Content, records
from ...explorer import Explorer
from ...markup import Fragment, Markup, table
from ...smallmap import SmallMap, glyph
from ...tables import initiatives, places, summits, water_figures, water_topics

__all__ = ("waters_explorer", "caspian_chart", "level_chart", "aral_chart", "measuring_sheet")


SMALL = SmallMap("waters-map", (44.0, 82.0, 35.0, 53.0), 12)  # so small a part needs a finer pen than the whole
_NAMED = {"AZ", "IR", "KG", "KZ", "RU", "TM", "UZ"}  # the shore states of the seas, and the other member in the frame
_PINS = {"Caspian Sea": (44.4, 49.6), "northern Aral Sea": (46.34, 61.01), "southern Aral Sea": (45.1, 58.55)}


@lru_cache
def _rings() -> dict[str, list]:
    """The outlines of countries and waters by their names; the Aral Sea also as its two parts."""
    found = {f.name: f.rings for f in base_map()}
    north, south = sorted(found["Aral Sea"], key=lambda ring: max(lat for _, lat in ring), reverse=True)
    return found | {"northern Aral Sea": [north], "southern Aral Sea": [south]}


def _names() -> list[tuple[str, float, float]]:
    """The countries' names, where the base map has them, or as near to that as lies in the frame; in percent of the map."""
    *_, south, north = SMALL.frame
    spots = [(f.name, *f.label) for f in base_map() if f.iso2 in _NAMED]
    return [(name, *SMALL.at(min(max(lat, south + 0.8), north - 0.8), lon)) for name, lat, lon in spots]


def _item(claim_id: str, text: str = "") -> Markup:
    """One line of a list: what a claim says, and which one it is; of a background record also what to be careful about."""
    c = ledger.claim(claim_id)
    careful = re.sub(r":? https?://\S+", "", c.caveat or "").rstrip(".") if c.kind == "background" else ""
    search = ledger.searched(c) if c.kind == "background" else ""
    return TEXTS.pane("item", id=claim_id, kind=c.kind, text=text or c.says, careful=careful, search=search)


TEXTS = Content("lesson07", item=_item, small=SMALL, glyph=glyph, names=_names, pinned=_PINS)


def _topic(row) -> dict[str, Any]:
    """What one water or plan shows."""
    reports = {r: [i for i in row.claims if i.startswith(r)] for r in sorted(i.split("-")[0] for i in row.claims)}
    promises = records(initiatives().query("outcome == @row.outcome"))
    met, days = summits(), [pd.Timestamp(ledger.source(report).date) for report in reports]
    return {
        "label": row.name,
        "group": row.group,
        "row": row._asdict(),
        "promise": next(iter(promises), None),
        "reports": reports.items(),
        "spots": row.spots.split("; ") if isinstance(row.spots, str) else [],
        "said_in": list(met.loc[met["last_day"].isin(days), "place"]),  # the towns of summits on these days
        "outlines": _rings(),
        "towns": places().to_dict("index"),
    }


def waters_explorer() -> Explorer:
    """The seas, rivers and plans one by one: what the reports say, what is on record since, and which figure is missing.

    Facts: `water_topics()`, `initiatives()`, `summits()` and the claims themselves. The figure that is missing, and who
    would have it, are the course's own questions.
    """
    states = {row.Index: _topic(row) for row in water_topics().itertuples()}
    return TEXTS.explorer("waters", states, setting=SMALL.setting)


def measuring_sheet() -> Fragment:
    """A sheet to fill in: for each water or plan, the reports' words, and room for a figure, its unit and its owner.

    Facts: `water_topics()`. The room is empty on purpose; `waters_explorer()` shows what the course would ask for.
    """
    rows = water_topics().reset_index()
    sheet = pd.DataFrame({"water or plan": rows["name"], "words of the reports": rows["words"]})
    sheet = sheet.assign(**{"I would measure": "", "unit": "", "who has it": "", "my three": "☐"})
    caption = TEXTS.text("sheet.caption")
    lines = [f"  {row.name}: {row.words}" for row in rows.itertuples(index=False)]
    return Fragment(TEXTS.pane("sheet", sheet=table(sheet, caption, index=False)), "\n".join([caption, *lines]))


def _signed(value: float) -> str:
    """13, -8 or -29.18, with a minus sign as long as a plus."""
    return f"{value:+g}".replace("-", "−")


def caspian_chart() -> Fragment:
    """How fast the Caspian Sea fell or rose, period by period: as wide as the period is long, as high as the change a year.

    Facts: `water_figures()`, change of level. The level itself is not drawn: no record gives it year by year.
    """
    rows = water_figures().query("quantity == 'change of level'")
    for _, axes, slim in (forms := Forms(3.9, 4.4)):
        for row in rows.itertuples():
            colour, below, va = (ACCENT, -1, "top") if row.value > 0 else (WARM, 1, "bottom")
            for look in ({"facecolor": colour, "alpha": 0.25}, {"fill": False, "edgecolor": colour, "linewidth": 1.8}):
                axes.bar(row.first, row.value, row.years, align="edge", **look)
            middle, period = row.first + row.years / 2, f"{row.first}–{row.last}"
            label = f"{_signed(row.value)} cm{chr(10) if slim else ' '}a year\n{row.years} years"
            axes.text(middle, row.value / 2, label, ha="center", va="center", fontsize=10.5 if slim else 13)
            axes.text(middle, below, period, ha="center", va=va, color=SOFT, fontsize=11 if slim else 13)
        axes.axhline(0, color=INK, linewidth=1)
        axes.spines["bottom"].set_visible(False)
        axes.set(xticks=[], yticks=[-8, -4, 0, 4, 8, 12], yticklabels=["−8", "−4", "0", "+4", "+8", "+12"])
        axes.set(ylabel="centimetres a year", xlim=(rows["first"].min() - 1, rows["last"].max() + 2))
        axes.set(ylim=(rows["value"].min() - 1.5, rows["value"].max() + 1.5))
    listed = rows[["when", "years", "value", "claims"]].rename(columns={"value": "centimetres a year"})
    return TEXTS.chart("caspian", forms, listed, rows=records(rows), signed=_signed)


def _metres(row) -> str:
    """26 to 27; more than 29; 29.18"""
    end = "" if pd.isna(row.to) else f" to {abs(row.to):g}"
    return f"{row.bound} {abs(row.value):g}{end}".strip()


def _level_rows() -> pd.DataFrame:
    """The levels on record, and the level to which the fall that is still to come would lead, worked out from 2024."""
    rows = water_figures().query("water == 'Caspian Sea'")
    levels, fall = rows.query("quantity == 'level'"), rows.query("quantity == 'change to come'").iloc[0]
    [start] = levels.query("first == 2024")["value"]
    when = TEXTS.text("levels.fall", metres=f"{abs(fall['value']):g}")
    reached = {**fall, "value": round(start + fall["value"], 2), "when": when, "kind": "worked out"}
    rows = pd.concat([levels, pd.DataFrame([reached])], ignore_index=True)
    return rows.assign(metres=[_metres(row) for row in rows.itertuples()])


def _level(axes: Later, at: int, row, slim: bool) -> None:
    """One level: in a column of its own, the deeper the lower, or in a row of its own, under its words, the deeper the
    farther right."""
    colour = ACCENT if row.kind == "reported" else WARM
    look = {"facecolor": colour if row.kind == "reported" else "none", "edgecolor": colour, "linewidth": 1.8}
    spot = (lambda along: (along, at)) if slim else (lambda along: (at, along))
    if pd.notna(row.to):
        (axes.barh if slim else axes.bar)(at, row.to - row.value, 0.34, row.value, **look)
    else:
        axes.scatter(*spot(row.value), 100, **look)
    if row.bound:
        arrow = {"arrowstyle": "->", "color": colour}
        axes.annotate("", spot(row.value - 1.1), spot(row.value - 0.15), arrowprops=arrow)
    if slim:
        axes.text(-25.5, at - 0.26, f"{row.when}: {row.metres}", va="bottom", fontsize=12)
    else:
        beside, middle = (0.14, row.value) if pd.isna(row.to) else (0.24, (row.value + row.to) / 2)
        axes.text(at + beside, middle, row.metres, va="center")


def level_chart() -> Fragment:
    """The levels of the Caspian Sea that the records give, and two figures for 2050 from one and the same page.

    Facts: `water_figures()`, level and change to come; the second figure for 2050 is worked out from these.
    """
    rows = _level_rows()
    depths, label, ends = range(-34, -25, 2), TEXTS.text("levels.axis"), (-34.6, -25.4)
    metres = [f"{-depth}" for depth in depths]
    for _, axes, slim in (forms := Forms(4.6, 5.4)):
        for at, row in enumerate(rows.itertuples()):
            _level(axes, at, row, slim)
        if slim:
            axes.set(xticks=depths, xticklabels=metres, yticks=[], xlabel=label)
            axes.set(ylim=(len(rows) - 0.6, -0.7), xlim=ends[::-1])
        else:
            axes.set_xticks(range(len(rows)), [textwrap.fill(when, 15) for when in rows["when"]], fontsize=12.5)
            axes.set(yticks=depths, yticklabels=metres, ylabel=label, xlim=(-0.5, len(rows) - 0.2), ylim=ends)
        axes.grid(axis="x" if slim else "y")
        axes.set_axisbelow(True)
    return TEXTS.chart("levels", forms, rows[["when", "metres", "kind", "claims"]], rows=records(rows))


def aral_chart() -> Fragment:
    """Water in the northern part of the Aral Sea, as the ministry of Kazakhstan gave it at four times, and as planned.

    Facts: `water_figures()`, volume. The lines are the sea of 2015, and twice the first figure, worked out here.
    """
    rows = water_figures().query("quantity == 'volume'")
    double = 2 * rows["value"].iloc[0]
    [full] = water_figures().query("quantity == 'earlier volume' and first == 2015")["value"]
    look = {"reported": ("solid", 0.35), "contested": ("solid", 0), "planned": ("dashed", 0)}
    for _, axes, slim in (forms := Forms(4.4, 4.4)):
        for x, row in enumerate(rows.itertuples()):
            line, fill = look[row.kind]
            axes.bar(x, row.value, 0.6, facecolor=ACCENT, alpha=fill)
            axes.bar(x, row.value, 0.6, fill=False, edgecolor=ACCENT, linewidth=1.8, linestyle=line)
            axes.text(x, row.value - 0.9, f"{row.value:g}", ha="center", va="top")
        axes.axhline(double, color=WARM, linewidth=1.8, linestyle="dotted")
        axes.text(-0.4, double + 0.6, TEXTS.text("aral.double", double=double), ha="left", va="bottom", color=WARM)
        axes.axhline(full, color=INK, linewidth=1.2)
        axes.text(-0.4, full + 0.6, TEXTS.text("aral.full", full=full), ha="left", va="bottom")
        names = [textwrap.fill(when, 9 if slim else 15) for when in rows["when"]]
        axes.set_xticks(range(len(rows)), names, fontsize=11.5 if slim else 12.5)
        axes.set(yticks=range(0, 41, 10), ylabel="cubic kilometres", axisbelow=True, ylim=(0, 41))
        axes.grid(axis="y")
    listed = rows[["when", "value", "kind", "claims"]].rename(columns={"value": "cubic kilometres"})
    return TEXTS.chart("aral", forms, listed, rows=records(rows), double=double, full=full)
