"""The Middle Corridor: its map, the ride along it, its cargo and its days, made from the corridor's tables."""

from dataclasses import replace
from textwrap import fill
from typing import Any

import pandas as pd

from ... import maps
from ...basemap import base_map, country_name
from ...charts import ACCENT, INK, SOFT, VIOLET, Forms, Later
from ...content import Content, records
from ...explorer import Explorer
from ...ledger import CONFIDENCE_WORDS, claim
from ...markup import Fragment, Markup, piece, table
from ...smallmap import SmallMap, glyph
from ...tables import cargo, journeys, places, stops
from .ways import CONTEXT, leg_lengths, rides, way

__all__ = (
    "corridor_map",
    "route_explorer",
    "ride_explorer",
    "cargo_chart",
    "travel_times",
    "corridor_sheet",
    "straight_way",
)

SMALL = SmallMap("corridor-small", (15.5, 112.0, 28.0, 58.5))  # one drawing for all small maps, from Budapest to Xi'an


def _span(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


TEXTS = Content("lesson03", small=SMALL, mark=glyph, span=_span)


def _legs() -> pd.DataFrame:
    """`leg_lengths()` as they are drawn: the `ends` of each (lat, lon), whether it is of another route (`other`), and its
    `look`: what carries the goods, thinner on a branch, quiet on another route.
    """
    rows, spots = leg_lengths(), {row.Index: (row.lat, row.lon) for row in stops().itertuples()}
    rows["other"] = rows["branch"].isin(CONTEXT)
    rows["look"] = rows["mode"].where(rows["branch"] == "common", rows["mode"] + "-branch").mask(rows["other"], "north")
    return rows.assign(ends=[(spots[start], spots[end]) for start, end in zip(rows["start"], rows["end"], strict=True)])


def _lines(rows: pd.DataFrame, look: str = "look") -> Markup:
    """The legs on a small map; those that follow one another and look alike are one line."""
    drawn: list[tuple[str, list]] = []
    for kind, (start, end) in zip(rows[look], rows["ends"], strict=True):
        if drawn and drawn[-1][0] == kind and drawn[-1][1][-1] == start:
            drawn[-1][1].append(end)
        else:
            drawn.append((kind, [start, end]))
    return Markup("").join(SMALL.line(points, kind) for kind, points in drawn)


_KINDS = ("terminus", "station", "junction", "gauge change", "port")


def _stop(stop: dict, layout: dict) -> dict:
    """One stop for the map: a box with its name, or a mere point."""
    name = stop["stop"]
    bare = name in layout["nameless"]
    size = [16, 16] if bare else [len(name) * 8 + 38, 24]
    shown = maps.point(TEXTS, "stop", stop, size, [glyph(stop["kind"])], named=not bare)
    return shown | {"here": bare, "aside": name in layout["aside"], "quiet": maps.NEAR * (name in layout["quiet"])}


def _lands(names: list[str]) -> list[dict]:
    """Countries that are named on the map in boxes of their own, for the stops leave no room for their names."""
    spots = {spot["name"]: spot | {"role": kind} for spot, kind in maps.names()}
    return [maps.point(TEXTS, "land", spots[name], [len(name) * 8 + 10, 20]) | {"quiet": 3} for name in names]


def _along(rows: pd.DataFrame) -> list[dict]:
    """Spots along the legs, so that no box comes to lie on a line."""
    return [
        {"lat": south + (north - south) * n, "lon": west + (east - west) * n}
        for (south, west), (north, east) in rows["ends"]
        for n in (eighth / 8 for eighth in range(1, 8))
    ]


def corridor_map() -> maps.MapFigure:
    """The corridor with its branches, what happens at each stop, and the routes it is compared with.

    Facts: `stops()`, `leg_lengths()`, and `members()` for the shades.
    """
    rows, layout, layers = _legs(), TEXTS.texts("map.layout"), TEXTS.texts("map.layers")
    ours, along = rows[~rows["other"]], _along(rows)
    points = [_stop(stop, layout) for stop in records(stops())]
    points = sorted(points, key=lambda p: (not p["here"], p["lon"]))
    bare = sum(p["here"] for p in points)  # these have their places; then countries are named as near as can be
    points = maps.laid_out([*points[:bare], *_lands(layout["lands"]), *points[bare:]], along)

    map_ = maps.OfflineMap(TEXTS.text("map.title"), maps.views(points))
    for name, part in (("others", rows[rows["other"]]), ("corridor", ours)):
        ways = [(look, [spot[::-1] for spot in ends]) for look, ends in zip(part["look"], part["ends"], strict=True)]
        maps.Shapes([("polyline", f"way {look}", [line]) for look, line in ways], layers[name]).add_to(map_)
    maps.Boxes(points, layers["stops"]).add_to(map_)
    maps.Labels(points, layout["moved"] | dict.fromkeys(layout["lands"])).add_to(map_)

    lines = [(TEXTS.pane("line", kind=kind), label) for kind, label in TEXTS.texts("map.lines").items()]
    key = maps.legend([*lines, *((glyph(kind), kind) for kind in _KINDS)])
    caption = TEXTS.text("map.caption", legs=len(ours), stops=len({*ours["start"], *ours["end"]}))
    return maps.framed(map_, caption, key, _tables(), maps.still(points, SMALL, _lines(rows), along), from_east=True)


def _tables() -> Markup:
    """The stops and the legs. How sure the first record is that a stop rests on stands in a column of its own."""
    sure = [CONFIDENCE_WORDS[claim(first).confidence] for first, *_ in stops()["claims"]]
    known = stops().assign(country=stops()["country"].map(country_name), how_sure=sure)
    rows = leg_lengths().rename(columns={"computed_km": "km", "stated_km": "stated"})
    rows = rows.assign(leg=rows["start"] + " to " + rows["end"], way=rows["branch"] + ", " + rows["mode"])
    rows = rows[["leg", "way", "km", "stated", "ratio", "note", "claims"]]
    told = table(known[["country", "kind", "happens", "how_sure", "claims"]], TEXTS.text("map.stops"))
    return told + table(rows, TEXTS.text("map.legs"), index=False)


def _drawn_by(report: dict) -> dict[str, Any]:
    """What one report lets us draw: the places that its claims name, and a line only where it gives an order."""
    spots = {f.name: f.label for f in base_map() if f.label}
    spots |= {row.Index: (row.lat, row.lon) for row in places().itertuples()}
    cited = [c for c in map(claim, report["claims"]) if c.kind != "reading"]
    named = list(dict.fromkeys(place for c in cited for place in c.places))
    found, lost = {name: spots[name] for name in named if name in spots}, [name for name in named if name not in spots]
    return {"label": report["id"], "report": report, "found": found, "lost": lost}


def route_explorer() -> Explorer:
    """Source by source, what can be drawn of the route from its words alone: those of a report, or of the background records.

    Facts: the claims of the five reports on the route; `stops()` and `legs()` with their records.
    """
    rows = _legs()
    by_branch = rows.groupby("branch", sort=False)[["start", "end"]]
    branches = {branch: list(pd.unique(ends.to_numpy().ravel())) for branch, ends in by_branch}
    states = {report["id"]: _drawn_by(report) for report in TEXTS.texts("sources.reports")}
    on_record = {"stops": stops().to_dict("index"), "branches": branches, "lines": _lines(rows)}
    states["B"] = {"label": TEXTS.text("sources.records"), "report": None, **on_record}
    return TEXTS.explorer("sources", states, setting=SMALL.setting)


_WAYS = "corridor-ways"  # the symbol of all legs as quiet lines, drawn once and used by every state of the ride


def _days(stop: str) -> pd.DataFrame:
    """What `journeys()` holds on the days to a stop, each with its own beginning and its speaker."""
    rows = journeys().query("route == 'Middle Corridor' and unit == 'days'")
    names = (stop, *TEXTS.texts("ride.also").get(stop, ()))
    return rows[[any(name in end for name in names) for end in rows["stretch"].str.partition(" to ")[2]]]


def _ride(ride, rows: pd.DataFrame) -> dict[str, Any]:
    """One state of the ride: where we are, what happens here, and what has added up."""
    ridden = rows.loc[list(ride.legs)]
    return {
        "label": ride.label,
        "group": ride.part,
        "ride": ride,
        "stop": records(stops().loc[[ride.stop]])[0],
        "leg": next(iter(records(ridden[-1:])), None),
        "origin": rows["start"].iloc[0],
        "days": records(_days(ride.stop)),
        "ways": _WAYS,
        "ridden": _lines(ridden, "mode"),
    }


def ride_explorer() -> Explorer:
    """Stage by stage from Xi'an: the map follows, and kilometres, borders, changes of gauge and ships add up.

    A state a leg. Where the two ways through Kazakhstan have met, the ride goes on by Khorgos.
    Facts: `rides()`, `leg_lengths()`, `stops()` and `journeys()`.
    """
    rows, found, parts = _legs(), rides().copy(), TEXTS.texts("ride.parts")
    # A ride stands under the branch of its last leg, or under Khorgos as long as the way has not divided.
    branches = [list(rows.loc[list(ridden), "branch"]) for ridden in found["legs"]]
    found["part"] = [way[-1] if {*way} - {"common"} else "Khorgos" for way in branches]
    found = found.sort_values("part", key=lambda part: part.map([*parts].index), kind="stable")
    found["via"] = found["leg"].map(rows["start"]).fillna("")
    found["label"] = found["stop"].mask(found["stop"].duplicated(), found["stop"] + " from " + found["via"])
    found["part"] = found["part"].map(parts)
    names = {"label": "stop", "via": "from", "km": "km at least", "borders": "borders crossed"}
    listed = found[["label", "via", "km", "borders", "gauge_changes", "ships"]].rename(columns=names)
    listed = table(listed, TEXTS.text("ride.table", origin=found["stop"].iloc[0]), index=False)
    states = {f"s{n}": _ride(ride, rows) for n, ride in enumerate(found.itertuples())}
    explorer = TEXTS.explorer("ride", states, setting=SMALL.setting + SMALL.unseen(_WAYS, _lines(rows)))
    return replace(explorer, paper_end=TEXTS.pane("ride_table", table=listed))


def straight_way(start: str, end: str, stated_km: float) -> Fragment:
    """How long the way from one stop to another is if each leg is straight, held against a stated length in kilometres.

    Facts: `leg_lengths()`. Raises ValueError where no such way is on record.
    """
    line = TEXTS.text("straight", stated=stated_km, straight=int(way(start, end)["computed_km"].sum()))
    return Fragment(piece("working", lines=[line]), line)


def cargo_chart() -> Fragment:
    """Tonnes on the corridor, a bar a year; a contested year is hatched, and what was expected of the last is an outline.

    Facts: `cargo()`, one series by the transport ministry of Kazakhstan, and the record of what was expected.
    """
    rows, expected = cargo(), claim("B-219")
    year, hoped = int(rows.index[-1]), float(expected.value) * 1000  # the record gives million tonnes
    contested = list(rows.index[rows["confidence"] == "contested"])
    for _, axes, _ in (forms := Forms(4.4, 4.4)):
        for row in rows.itertuples():
            look = {"facecolor": "none", "hatch": "//"} if row.Index in contested else {"facecolor": ACCENT}
            axes.bar(row.Index, row.thousand_tonnes, 0.62, edgecolor=ACCENT, linewidth=1.8, **look)
            axes.text(row.Index, row.thousand_tonnes + 70, f"{row.thousand_tonnes:,}", ha="center", va="bottom")
        axes.bar(year, hoped, 0.84, facecolor="none", edgecolor=SOFT, linewidth=1.6, linestyle=(0, (4, 3)))
        axes.text(year, hoped + 70, f"{hoped:,.0f}\nexpected", ha="center", va="bottom", color=SOFT)
        years = [f"{one}\n{'contested' * (one in contested)}" for one in rows.index]
        axes.set(xticks=rows.index, xticklabels=years, yticks=[], ylim=(0, hoped * 1.2))
    falls = list(rows.index[rows["thousand_tonnes"].diff() < 0])
    listed = rows.assign(confidence=rows["confidence"].map(CONFIDENCE_WORDS)).reset_index()
    names = {"falls": falls, "contested": contested, "year": year, "expected": expected, "hoped": hoped}
    return TEXTS.chart("cargo", forms, listed, rows=records(rows), **names)


_VIEWS = {  # how the chart marks the journeys: on the corridor by view, then the other routes
    "promotes": ("o", ACCENT), "studies": ("s", INK), "compares": ("D", VIOLET), "other": ("s", INK),
}  # fmt: skip


def _journey(axes: Later, depth: float, row, shape: str, colour: str, slim: bool) -> float:
    """Writes and draws one journey at this depth, and gives the depth of the next: its words over its mark, or left of it."""
    label = fill(TEXTS.text("days.row", row=row), 56 if slim else 68)
    step = 0.17 * (label.count("\n") + 1)
    middle = depth + (step + 0.14 if slim else step / 2)  # of what it is drawn with
    axes.text(0 if slim else -_BESIDE, depth, label, fontsize=12, va="top")
    if row.unit != "days":
        told = fill(f"{row.low:g} {row.unit}, {row.before}", 44 if slim else 42)
        axes.text(0, depth + step + 0.04 if slim else middle, told, va="top" if slim else "center", color=colour)
        return depth + step + (0.5 if slim else 0.16)
    look = {"mfc": "none", "linewidth": 1.5} if "promised" in row.stretch else {"linewidth": 6}
    axes.plot([row.low, row.high], [middle] * 2, shape, ls="-", color=colour, markersize=8, **look)
    axes.text(row.high + (2.5 if slim else 2), middle, f"{_span(row.low, row.high)} days", va="center")
    return depth + step + (0.36 if slim else 0.05)


_BESIDE = 131  # how many days' length the words take that stand left of the marks


def travel_times() -> Fragment:
    """The days that were given for the corridor and for the other routes, side by side, each with its stretch and speaker.

    Facts: `journeys()`; what was given as a ratio is written out, and costs stand only in the table.
    """
    rows = journeys()
    drawn = rows[rows["unit"] != "times the cost"]
    group = drawn["view"].where(drawn["route"] == "Middle Corridor", "other")
    for figure, axes, slim in (forms := Forms(1, 1, layout=None)):  # how high it is, its rows tell
        left, depth = 0 if slim else -_BESIDE, 0.3  # in inches from the top of the figure
        for view, look in _VIEWS.items():
            if (group == view).any():
                middle, heading = depth + (0.18 if slim else 0.13), TEXTS.text(f"days.views.{view}")
                axes.text(left, middle, heading, fontweight="bold", va="center")
                depth += 0.4 if slim else 0.27
            for row in drawn[group == view].itertuples():
                depth = _journey(axes, depth, row, *look, slim)
        figure.set_figheight(depth)
        axes.set(xticks=range(0, 61, 10), xlim=(left, 87), ylim=(depth, 0.3), yticks=[])
        axes.set_position((0.01, 0, 0.98, 1 - 0.3 / depth))
        axes.xaxis.tick_top()
        axes.grid(axis="x")
    listed = rows[["route", "stretch", "low", "high", "unit", "before", "who", "said", "view", "claims"]]
    return TEXTS.chart("days", forms, listed, rows=records(drawn[drawn["unit"] == "days"]))


_SEA = (38.4, 51.4)  # where its letter stands: in its south, where no line crosses it


def corridor_sheet(drawn: bool = True) -> Fragment:
    """For paper: the corridor as lines on an outline map, its stops to name by number and its sea by letter, and a key;
    or, where it is not `drawn` yet, an outline map with its two ends alone, to draw it on.

    Numbered are the stops at which something happens to the goods (all but mere stations), from east to west; those that
    the core of the lesson does not name are given. The first one lies east of the map, which is larger for it. Facts: `stops()` and `legs()`.
    """
    if not drawn:
        ends = stops().loc[["Xi'an", "Istanbul"], ["lat", "lon"]]
        places = dict(zip(ends.index, ends.itertuples(index=False, name=None), strict=True))
        small = SmallMap("draw-sheet", (24.0, 111.0, 32.0, 52.0), 10)
        return maps.naming_sheet(TEXTS, small, {}, places, given=places, part="draw")
    small = SmallMap("corridor-sheet", (17.0, 90.5, 34.0, 53.0), 13)
    rows = _legs()
    ours = rows[~rows["other"]]
    known = stops().loc[pd.unique(ours[["start", "end"]].to_numpy().ravel())]
    named = known[(known["kind"] != "station") & (known["lon"] < small.frame[1])].sort_values("lon", ascending=False)
    points = dict(zip(named.index, zip(named["lat"], named["lon"], strict=True), strict=True))
    lines = Markup("").join(map(small.line, ours["ends"], ours["look"]))
    changes, ports = (list(named.index[named["kind"] == kind]) for kind in ("gauge change", "port"))
    return maps.naming_sheet(
        TEXTS, small, points, {TEXTS.text("sheet.sea"): _SEA}, lines, _along(ours),
        {*points} - {*TEXTS.texts("sheet.asked")}, stops=len(named), origin=ours["start"].iloc[0], changes=changes, ports=ports,
    )  # fmt: skip
