"""The Middle Corridor: its map, the ride along it, its cargo and its days, made from the corridor's tables.

Lengths are worked out here on the earth's ellipsoid, so that they can be held against the stated ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from textwrap import fill

import folium
import pandas as pd
from geographiclib.geodesic import Geodesic

from .basemap import base_map, country_names
from .charts import ACCENT, INK, LINE, SOFT, VIOLET, chart, drawing
from .explorer import Explorer
from .ledger import CONFIDENCE_WORDS, claim, source
from .maps import (
    WIDE,
    Boxes,
    Labels,
    MapFigure,
    OfflineMap,
    Shapes,
    framed,
    laid_out,
    legend,
    outline_map,
    still,
)
from .markup import Fragment, Markup, long_date, month, table
from .paper import banked, blanks, matched, task, word_bank
from .smallmap import SmallMap, glyph
from .tables import cargo, journeys, legs, places, stops

CONTEXT = ("Northern route", "sea route")  # what the corridor is compared with
SMALL = SmallMap("corridor-small", (15.5, 112.0, 28.0, 58.5))  # one drawing for all small maps, from Budapest to Xi'an
KINDS = ("terminus", "station", "junction", "gauge change", "port")
_POINTS = (  # drawn on the map without a name, for want of room
    "Shymkent", "Kyzylorda", "Moyynty", "Zhezkazgan", "Saksaulskaya", "Shalkar", "Beyneu", "Ganja", "Ankara", "Brest",
)  # fmt: skip
_MOVED = {"Kazakhstan": (50.6, 68.5), "Türkiye": (40.7, 36.5)}  # names that stops take the place of
_ASIDE = ("Budapest", "Brest")  # west of the first view, which would be half as large with them


# --- stops, legs and ways ------------------------------------------------------------------------------------------


@lru_cache
def _lengths() -> pd.DataFrame:
    rows, known = legs(), stops()
    ends = [(known.loc[row.start], known.loc[row.end]) for row in rows.itertuples()]
    metres = pd.Series([Geodesic.WGS84.Inverse(a.lat, a.lon, b.lat, b.lon)["s12"] for a, b in ends], rows.index)
    rows.insert(rows.columns.get_loc("stated_km"), "computed_km", (metres / 1000).round().astype(int))
    rows.insert(rows.columns.get_loc("note"), "ratio", (rows["stated_km"] * 1000 / metres).round(2))
    return rows


def leg_lengths() -> pd.DataFrame:
    """The legs with the length of the shortest way over the earth beside the stated one.

    Columns: those of `legs()`, and computed_km (whole kilometres along the geodesic between the two stops on the WGS 84
    ellipsoid, by geographiclib) and ratio (stated to computed; missing where no length is stated).
    Facts: `legs()` and `stops()`. A computed length is the least that any track between the two stops can have.
    """
    return _lengths().copy()


def way(start: str, end: str) -> pd.DataFrame:
    """The legs of `leg_lengths()` from one stop of the corridor to another, in riding order.

    Where several legs lead to a stop, the way comes by the first of them in the table: by Khorgos, not by Dostyk.
    Raises ValueError where no way is on record.
    """
    rows = _lengths()
    rows, ridden, at = rows[~rows["branch"].isin(CONTEXT)], [], end
    while at != start:
        before = rows.index[rows["end"] == at].difference(ridden)
        if before.empty:
            raise ValueError(f"No way from {start} to {end} is on record. The stops are those of stops().")
        ridden.insert(0, before[0])
        at = rows.loc[before[0], "start"]
    return rows.loc[ridden]


def rides() -> pd.DataFrame:
    """Every ride from the first stop of the corridor: one a leg, which is the last one ridden.

    Columns: stop (where it ends), leg (the last leg, a row of `legs()`; missing for the first stop, where nothing has
    been ridden), legs (all the legs ridden, in order), km (whole kilometres, at least: the sum of their computed_km),
    borders (changes of country from stop to stop), gauge_changes and ships on the way, the last stop included.
    A leg to which no way from the first stop is on record has no ride.
    """
    rows, known = _lengths(), stops()
    origin = rows["start"].iloc[0]
    found = [(origin, pd.NA, ())]
    for leg in rows[~rows["branch"].isin(CONTEXT)].itertuples():
        try:
            found.append((leg.end, leg.Index, (*way(origin, leg.start).index, leg.Index)))
        except ValueError:
            continue
    frame = pd.DataFrame(found, columns=["stop", "leg", "legs"]).astype({"leg": "Int64"})
    passed = [known.loc[[origin, *rows.loc[list(ridden), "end"]]] for ridden in frame["legs"]]
    frame["km"] = [rows.loc[list(ridden), "computed_km"].sum() for ridden in frame["legs"]]
    frame["borders"] = [(here["country"] != here["country"].shift()).sum() - 1 for here in passed]
    frame["gauge_changes"] = [(here["kind"] == "gauge change").sum() for here in passed]
    frame["ships"] = [(rows.loc[list(ridden), "mode"] == "ship").sum() for ridden in frame["legs"]]
    return frame


def _sure(claim_ids: tuple[str, ...]) -> str:
    """How sure the record is that a stop's row rests on: the first of its claims."""
    return CONFIDENCE_WORDS[claim(claim_ids[0]).confidence]


def _country(code: str) -> str:
    return country_names().get(code, code)


def _glyph(kind: str) -> Markup:
    return glyph(kind.replace(" ", "-"))


def _ids(ids: Iterable[str]) -> Markup:
    return Markup('<span class="tx-soft">{}</span>').format(" ".join(ids))


def _kind_of_line(leg) -> str:
    """How the style sheets draw a leg: by what carries the goods, thinner on a branch, quiet on another route."""
    if leg.branch in CONTEXT:
        return "north"
    return leg.mode if leg.branch == "common" else f"{leg.mode}-branch"


@lru_cache
def _spots() -> dict[str, tuple[float, float]]:
    return {row.Index: (row.lat, row.lon) for row in stops().itertuples()}


def _ends(leg) -> list[tuple[float, float]]:
    return [_spots()[leg.start], _spots()[leg.end]]


def _lines(rows: pd.DataFrame, kind: Callable[..., str] = _kind_of_line) -> Markup:
    """The legs on a small map; those that follow one another and are of one kind are one line."""
    drawn: list[tuple[str, list]] = []
    for leg in rows.itertuples():
        start, end = _ends(leg)
        if drawn and drawn[-1][0] == kind(leg) and drawn[-1][1][-1] == start:
            drawn[-1][1].append(end)
        else:
            drawn.append((kind(leg), [start, end]))
    return Markup("").join(SMALL.line(points, kind_) for kind_, points in drawn)


# --- the map -------------------------------------------------------------------------------------------------------

_LINES = {
    "rail": "railway that all ways share", "rail-branch": "railway of one branch", "ship": "ship",
    "north": "rail way through Russia, for comparison",
}  # fmt: skip


def _stop(name: str, row) -> dict:
    """One stop for the map: a box with its name, or a mere point."""
    point = name in _POINTS
    facts = (name, _country(row.country), row.kind, row.happens, " ".join(row.claims))
    label = Markup("") if point else Markup("<b>{}</b>").format(name)
    return {
        "lat": row.lat,
        "lon": row.lon,
        "size": [16, 16] if point else [len(name) * 8 + 38, 24],
        "here": point,
        "aside": name in _ASIDE,
        "alt": "{}, {}: {}".format(*facts),
        "html": str(_glyph(row.kind) + label),
        "popup": str(
            Markup('<p class="head">{}, {}</p><p>{}: {} <span class="ids">{}</span></p>').format(
                *facts[:2], row.kind.capitalize(), *facts[3:]
            )
        ),
    }


def _along(rows: pd.DataFrame, parts: int = 8) -> list[dict]:
    """Spots along the legs, so that no box comes to lie on a line."""
    found = []
    for leg in rows.itertuples():
        (south, west), (north, east) = _ends(leg)
        steps = [n / parts for n in range(1, parts)]
        found += [{"lat": south + (north - south) * n, "lon": west + (east - west) * n} for n in steps]
    return found


def _line_key(kind: str) -> Markup:
    return Markup(
        '<svg class="tx-key tx-wide" viewBox="0 0 32 16" aria-hidden="true"><path class="tx-way tx-{}" d="M1 8H31"/></svg>'
    ).format(kind)


def corridor_map() -> MapFigure:
    """The corridor with its branches, what happens at each stop, and the routes it is compared with.

    Under it two tables: the stops, and the legs with their computed and stated lengths.
    Facts: `stops()`, `leg_lengths()`, and `members()` for the shades.
    """
    known, rows = stops(), leg_lengths()
    ours = ~rows["branch"].isin(CONTEXT)
    along = _along(rows)
    points = [_stop(name, row) for name, row in known.iterrows()]
    points = laid_out(sorted(points, key=lambda p: (not p["here"], p["lon"])), WIDE, along)
    seen = [p for p in points if not p["aside"]]
    edges = [[end(p[x] for p in seen) for x in ("lat", "lon")] for end in (min, max)]

    map_ = OfflineMap("The Middle Corridor from Xi'an to Europe", edges, WIDE)
    for name, part in {"Other routes": rows[~ours], "The corridor": rows[ours]}.items():
        ways = [
            ("polyline", f"way {_kind_of_line(leg)}", [[spot[::-1] for spot in _ends(leg)]])
            for leg in part.itertuples()
        ]
        Shapes(ways, name).add_to(map_)
    Boxes(points, "Stops").add_to(map_)
    Labels(points, _MOVED).add_to(map_)
    folium.LayerControl(collapsed=True).add_to(map_)

    key = legend([*((_line_key(k), name) for k, name in _LINES.items()), *((_glyph(k), k) for k in KINDS)])
    told = known.assign(country=known["country"].map(_country), how_sure=known["claims"].map(_sure))
    told = told[["country", "kind", "happens", "how_sure", "claims"]]
    listed = table(told, "Stops of the corridor and of the routes it is compared with")
    listed += table(
        pd.DataFrame(
            {
                "leg": rows["start"] + " to " + rows["end"],
                "way": rows["branch"] + ", " + rows["mode"],
                "km": rows["computed_km"],
                "stated": rows["stated_km"],
                "ratio": rows["ratio"],
                "note": rows["note"],
                "claims": rows["claims"],
            }
        ),
        "Legs: kilometres of the shortest way over the earth, and as a source states them",
        index=False,
    )
    caption = (
        f"{int(ours.sum())} legs between {len(set(rows[ours][['start', 'end']].to_numpy().flat))} stops. Each leg is "
        "drawn straight from stop to stop; the tracks wind, and ships do not sail straight either. The rail way through "
        "Russia is schematic, and of the sea way from Asia only Suez is on this map. Open a box to read what happens there."
    )
    return framed(map_, caption, key, listed, still(points, SMALL, _lines(rows), along))


# --- who draws what ------------------------------------------------------------------------------------------------

_REPORTED = {  # what each report lets a reader draw: by which claims, and in a word
    "S2": ("a chain of countries", ("S2-46", "S2-68")),
    "S1": ("a name, a sea and a port", ("S1-25", "S1-32", "S1-33")),
    "S3": ("a name", ("S3-17",)),
    "S0": ("no route", ("S0-36",)),
    "S4": ("no route", ("S4-27",)),
}


@lru_cache
def _labels() -> dict[str, tuple[float, float]]:
    """Where the base map writes the names of countries and seas."""
    named = (feature["properties"] for feature in base_map()["features"])
    return {p["name"]: tuple(p["label"]) for p in named if p["label"]}


def _count(number: int) -> Markup:
    """A numbered mark, where names would lie one upon the other."""
    return Markup(
        '<svg class="tx-key tx-count" viewBox="-8 -8 16 16" aria-hidden="true"><circle r="7"/><text y="3.5">{}</text></svg>'
    ).format(number)


def _drawn_by(report: str) -> Markup:
    """What one report lets us draw: the places that its claims name, and a line only where it gives an order."""
    head, ids = _REPORTED[report]
    spots = dict.fromkeys(place for i in ids if claim(i).kind != "reading" for place in claim(i).places)
    towns = places()
    found = {
        name: (towns.at[name, "lat"], towns.at[name, "lon"]) if name in towns.index else _labels().get(name)
        for name in spots
    }
    found = {name: spot for name, spot in found.items() if spot}
    chain = SMALL.line(found.values(), "said") if report == "S2" else Markup("")
    pins = Markup("").join(SMALL.pin(*spot, _count(n)) for n, spot in enumerate(found.values(), 1))
    said = Markup("").join(Markup("<li>{} {}</li>").format(claim(i).says, _ids([i])) for i in ids)
    drawn = (
        f"On the map: {', '.join(f'{n} {name}' for n, name in enumerate(found, 1))}." if found else "Nothing to draw."
    )
    lost = [name for name in spots if name not in found]
    off = f" Named, but no point on a map: {', '.join(lost)}." if lost else ""
    return Markup(
        '<p class="tx-state">{}, {}: {}</p><div class="tx-two">{}<div><ul>{}</ul><p class="tx-soft">{}{}</p></div></div>'
    ).format(report, long_date(source(report).date), head, SMALL.picture(pins, chain), said, drawn, off)


def _drawn_by_records() -> Markup:
    """What the background records draw: the ways, branch by branch, and the stops that no source confirms."""
    known, rows = stops(), legs()
    pins = Markup("").join(
        SMALL.pin(row.lat, row.lon, _glyph(row.kind))
        for row in known.itertuples()
        if row.kind not in ("station", "junction")
    )

    def told(name: str) -> str:
        return name + " (unconfirmed)" * (claim(known.at[name, "claims"][0]).confidence == "recollection")

    items = Markup("")
    for branch, part in rows.groupby("branch", sort=False):
        names = dict.fromkeys(name for leg in part.itertuples() for name in (leg.start, leg.end))
        head = "On every way" if branch == "common" else f"{branch[0].upper()}{branch[1:]}"
        items += Markup("<li><strong>{}</strong>: {}</li>").format(head, ", ".join(map(told, names)))
    return Markup(
        '<p class="tx-state">Background records: one line that divides and meets again</p><div class="tx-two">{}<div><ul>{}</ul>'
        '<p class="tx-soft">Unconfirmed: none of our sources says outright that trains run there. The records of each stop '
        "stand in the table under the large map.</p></div></div>"
    ).format(SMALL.picture(pins, _lines(rows)), items)


def route_explorer() -> Explorer:
    """Source by source, what can be drawn of the route from its words alone.

    Facts: the claims of the five reports on the route; `stops()` and `legs()` with their records.
    """

    def show(state: str) -> Markup:
        return _drawn_by(state) if state in _REPORTED else _drawn_by_records()

    states = (*((report, report) for report in _REPORTED), ("B", "The background records"))
    return Explorer("sources", "Who draws what?", states, show, start=states[0][0], setting=SMALL.setting)


# --- the ride ------------------------------------------------------------------------------------------------------

_PARTS = {  # the headings of the ride, by the branch of its last leg
    "Khorgos": "Out of China, and by Khorgos through Kazakhstan",
    "Dostyk": "Or by Dostyk, to the same junction",
    "common": "Together again (ridden by Khorgos): to the Caspian Sea, across it, and on to Tbilisi",
    "Kuryk ferry": "Or from Kuryk, by ferry",
    "Kars": "From Tbilisi by Kars to Istanbul, and on",
    "Black Sea": "Or from Tbilisi to the Black Sea",
}
_ALSO = {"Alat port": ("Baku",), "Poti": ("Black Sea ports",), "Batumi": ("Black Sea ports",)}  # as journeys() has them


def _part(ride) -> str:
    """Under which heading a ride stands: by its last leg, or with Khorgos as long as the way has not divided."""
    branches = [_lengths().at[leg, "branch"] for leg in ride.legs]
    return branches[-1] if set(branches) - {"common"} else "Khorgos"


def _span(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _days(stop: str) -> Markup:
    """What journeys() holds on the days to a stop, each with its own beginning and its speaker."""
    rows = journeys().query("route == 'Middle Corridor' and unit == 'days'")
    rows = rows[
        [
            any(name in stretch.partition(" to ")[2] for name in (stop, *_ALSO.get(stop, ())))
            for stretch in rows["stretch"]
        ]
    ]
    if rows.empty:
        return Markup("<li>Days to here: no figure on record.</li>")
    return Markup("").join(
        Markup("<li><strong>{} days</strong>, {} ({}, {}) {}</li>").format(
            _span(row.low, row.high), row.stretch, row.who, month(row.said), _ids(row.claims)
        )
        for row in rows.itertuples()
    )


def _last_leg(ridden: pd.DataFrame) -> Markup:
    """How one comes to a stop: by the last leg ridden, its two lengths, and what its note says of them."""
    if ridden.empty:
        return Markup("")
    *_, leg = ridden.itertuples()
    stated = (
        "no length stated" if pd.isna(leg.stated_km) else f"{leg.stated_km:,.0f} km stated, {leg.ratio:g} times as much"
    )
    note = f" {leg.note}" if isinstance(leg.note, str) else ""
    return Markup("<li>This leg, by {} from {}: {:,} km straight; {}.{}</li>").format(
        leg.mode, leg.start, leg.computed_km, stated, note
    )


_WAYS = "corridor-ways"  # the symbol of all legs as quiet lines, drawn once and used by every state of the ride


def _ways() -> Markup:
    return Markup(
        '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><symbol id="{}" viewBox="{}">{}</symbol></svg>'
    ).format(_WAYS, SMALL.view, _lines(legs()))


def _ride(ride) -> Markup:
    """One state of the ride: where we are, what happens here, and what has added up."""
    here, rows = stops().loc[ride.stop], _lengths()
    ridden = rows.loc[list(ride.legs)]
    pin = SMALL.pin(here.lat, here.lon, _glyph(here.kind), ride.stop)
    lines = Markup('<use href="#{}"/>{}').format(_WAYS, _lines(ridden, lambda leg: leg.mode))
    return Markup(
        '<p class="tx-state">{}, {}: {}</p><div class="tx-two">{}<div><p>{} {}</p><ul>'
        "<li><strong>{}</strong></li>"
        "<li>Borders crossed: {}. Changes of gauge: {}. Ships: {}.</li>{}{}</ul></div></div>"
    ).format(
        ride.stop, _country(here.country), here.kind, SMALL.picture(pin, lines),
        here.happens, _ids(here.claims),
        f"At least {ride.km:,} km from {rows['start'].iloc[0]}" if ride.legs else "The ride begins here.",
        ride.borders, ride.gauge_changes, ride.ships,
        _last_leg(ridden), _days(ride.stop),
    )  # fmt: skip


def ride_explorer() -> Explorer:
    """Stage by stage from Xi'an: the map follows, and kilometres, borders, changes of gauge and ships add up.

    A state a leg. Where the two ways through Kazakhstan have met, the ride goes on by Khorgos. On paper the states
    stand without their maps, and once more as the rows of a table.
    Facts: `rides()`, `leg_lengths()`, `stops()` and `journeys()`.
    """
    found = rides()
    found["part"] = [_part(ride) for ride in found.itertuples()]
    found = found.sort_values("part", key=lambda part: part.map(list(_PARTS).index), kind="stable")
    found["via"] = found["leg"].map(lambda leg: "" if pd.isna(leg) else _lengths().at[leg, "start"])
    twice = found["stop"].duplicated()
    found["label"] = found["stop"].where(~twice, found["stop"] + " from " + found["via"])
    found.index = [f"s{n}" for n in range(len(found))]
    told = found[["label", "via", "km", "borders", "gauge_changes", "ships"]].rename(
        columns={"label": "stop", "via": "from", "km": "km at least", "borders": "borders crossed"}
    )
    paper = Markup('<div class="tx-paper-only">{}</div>').format(
        table(told, f"The ride from {found['stop'].iloc[0]}, stop by stop", index=False)
    )
    return Explorer(
        "ride",
        "Ride to which stop?",
        tuple(found["label"].items()),
        lambda state: _ride(found.loc[state]),
        start=found.index[0],
        setting=SMALL.setting + _ways(),
        groups={part.index[0]: _PARTS[name] for name, part in found.groupby("part", sort=False)},
        paper_end=paper,
    )


# --- the charts ----------------------------------------------------------------------------------------------------


def cargo_chart() -> Fragment:
    """Tonnes on the corridor, a bar a year; a contested year is hatched, and what was expected of the last is an outline.

    Facts: `cargo()`, one series by the transport ministry of Kazakhstan, and the record of what was expected.
    """
    rows, expected = cargo(), claim("B-219")
    year, hoped = int(rows.index[-1]), float(expected.value) * 1000  # the record gives million tonnes
    with drawing(5.4, 4.4) as (figure, axes):
        for row in rows.itertuples():
            contested = row.confidence == "contested"
            axes.bar(
                row.Index, row.thousand_tonnes, 0.62, facecolor="none" if contested else ACCENT, edgecolor=ACCENT,
                linewidth=1.8, hatch="//" if contested else None,
            )  # fmt: skip
            axes.text(row.Index, row.thousand_tonnes + 70, f"{row.thousand_tonnes:,}", ha="center", va="bottom")
        axes.bar(year, hoped, 0.84, facecolor="none", edgecolor=SOFT, linewidth=1.6, linestyle=(0, (4, 3)))
        axes.text(year, hoped + 70, f"{hoped:,.0f}\nexpected", ha="center", va="bottom", color=SOFT)
        marks = {y: f"{y}\n{'contested' * (row.confidence == 'contested')}" for y, row in rows.iterrows()}
        axes.set_xticks(list(marks), list(marks.values()))
        axes.set_yticks([])
        axes.set_ylim(0, hoped * 1.2)
    falls = [y for y, change in rows["thousand_tonnes"].diff().items() if change < 0]
    contested = list(rows.index[rows["confidence"] == "contested"])
    caption = (
        f"Thousand tonnes of cargo a year, in one series of Kazakhstan's transport ministry. It fell in "
        f"{_and(falls)}, and rose in the other years after the first. The hatched bars, {_and(contested)}, are contested: other official "
        f"counts give other figures. The dashed outline is what was expected for {year} in {month(expected.as_of)}."
    )
    alt = (
        f"Cargo on the Middle Corridor in thousand tonnes: {', '.join(f'{y} {n:,}' for y, n in rows['thousand_tonnes'].items())}. "
        f"Contested: {_and(contested)}. Expected for {year}: {hoped:,.0f}."
    )
    told = rows.assign(confidence=rows["confidence"].map(CONFIDENCE_WORDS))
    return chart(
        "cargo",
        figure,
        caption,
        alt,
        table(told, "Cargo on the Middle Corridor by year; TEU: containers in units of twenty feet"),
    )


def _and(items: list) -> str:
    *most, last = map(str, items)
    return f"{', '.join(most)} and {last}" if most else last


_VIEWS = {  # how the chart heads and marks the journeys: on the corridor by view, then the other routes
    "promotes": ("The Middle Corridor, by those who promote it", "o", ACCENT),
    "doubts": ("The Middle Corridor, by one who doubts", "s", INK),
    "compares": ("The Middle Corridor, by those who compare", "D", VIOLET),
    "other": ("The other routes", "s", INK),
}


def _stretch(row) -> str:
    """From where to where a journey goes, with its route if that is another one."""
    stretch = row.stretch.replace("not on record", "stretch not on record")
    return stretch if row.route == "Middle Corridor" else f"{row.route}: {stretch}"


def travel_times() -> Fragment:
    """The days that were given for the corridor and for the other routes, side by side, each with its stretch and speaker.

    Facts: `journeys()`; what was given as a ratio is written out, and costs stand only in the table.
    """
    rows = journeys()
    drawn = rows[rows["unit"] != "times the cost"]
    group = drawn["view"].where(drawn["route"] == "Middle Corridor", "other")
    with drawing(5.4, 1, layout=None) as (figure, axes):
        axes.set_position((0.01, 0, 0.98, 1))
        depth = 0.3  # inches from the top of the figure
        for view, (head, shape, colour) in _VIEWS.items():
            if not (group == view).any():
                continue
            axes.text(0, depth + 0.25, head, fontweight="bold", va="center")
            depth += 0.5
            for row in drawn[group == view].itertuples():
                label = fill(f"{_stretch(row)}: {row.who}, {month(row.said)}", 68)
                axes.text(0, depth, label, fontsize=10.5, va="top")
                depth += 0.18 * (label.count("\n") + 1) + 0.14
                if row.unit == "days":
                    promised = {"mfc": "none", "linewidth": 1.5} if "promised" in row.stretch else {"linewidth": 6}
                    axes.plot([row.low, row.high], [depth] * 2, shape, ls="-", color=colour, markersize=8, **promised)
                    axes.text(row.high + 1.5, depth, f"{_span(row.low, row.high)} days", va="center")
                else:
                    axes.text(0, depth - 0.1, fill(f"{row.low:g} {row.unit}, {row.before}", 52), va="top", color=colour)
                    depth += 0.2
                depth += 0.24
        figure.set_figheight(depth)
        axes.set_xticks(range(0, 61, 10))
        axes.set_xlim(0, 78)
        axes.set_ylim(depth, 0.3)
        axes.set_position((0.01, 0, 0.98, 1 - 0.3 / depth))
        axes.set_yticks([])
        axes.xaxis.tick_top()
        axes.grid(axis="x", color=LINE, linewidth=0.8)
    caption = (
        "Days on the way, as somebody gave them: a mark for one figure, a bar for a range, hollow where it was only "
        "promised. Read the stretch first: it is seldom the same one twice, and often not on record."
    )
    days = drawn[drawn["unit"] == "days"]
    alt = "Days by route, stretch and speaker. " + " ".join(
        f"{row.route}, {row.stretch}: {_span(row.low, row.high)} days ({row.who}, {month(row.said)}; {row.view})."
        for row in days.itertuples()
    )
    columns = ["route", "stretch", "low", "high", "unit", "before", "who", "said", "view", "claims"]
    return chart(
        "days",
        figure,
        caption,
        alt,
        table(rows[columns], "Times and costs, in the order in which they were said", index=False),
    )


# --- on paper ------------------------------------------------------------------------------------------------------

_SEA, _SEA_AT = "Caspian Sea", (38.4, 51.4)  # in its south, where no line crosses it


def corridor_sheet() -> Fragment:
    """For paper: the corridor as lines on an outline map, its stops to name by number and its sea by letter, and a key.

    Named are the stops at which something happens to the goods (all but mere stations), numbered from east to west.
    The first one lies east of the map, which is larger for it. Facts: `stops()` and `legs()`.
    """
    small = SmallMap("corridor-sheet", (17.0, 90.5, 34.0, 53.0), 13)
    ours = legs()[~legs()["branch"].isin(CONTEXT)]
    known = stops().loc[list(dict.fromkeys(ours[["start", "end"]].to_numpy().flat))]
    named = known[(known["kind"] != "station") & (known["lon"] < small.frame[1])].sort_values("lon", ascending=False)
    lines = Markup("").join(small.line(_ends(leg), _kind_of_line(leg)) for leg in ours.itertuples())
    picture = outline_map(
        f"Outline map of the Middle Corridor with {len(named)} numbered stops", small,
        list(zip(named["lat"], named["lon"], strict=True)), lines, _along(ours), [_SEA_AT],
    )  # fmt: skip
    bank = word_bank([*named.index, _SEA])
    return task(
        "The Middle Corridor, without its names",
        f"The line comes from {ours['start'].iloc[0]}, east of this map. Full lines are rails, dashed lines are ships. Name the {len(named)} stops, and the sea "
        "marked A. Then mark with a G where the goods change the gauge, and with a P each port.",
        picture + blanks(len(named), 1) + banked(bank),
        matched({"A": _SEA} | dict(enumerate(named.index, 1)))
        + Markup("<p>Changes of gauge: {}. Ports: {}.</p>").format(
            *(", ".join(named.index[named["kind"] == kind]) for kind in ("gauge change", "port"))
        ),
        f"Names to choose from: {', '.join(bank)}",
    )
