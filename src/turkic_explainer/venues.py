"""Where the leaders met: the map, the year explorer and the chart of lesson 02, made from the summits table."""

from __future__ import annotations

import folium
import pandas as pd

from .basemap import country_names
from .charts import ACCENT, LINE, VIOLET, WARM, chart, drawing
from .explorer import Explorer
from .maps import Boxes, Labels, MapFigure, OfflineMap, framed, laid_out, legend, outline_map, still
from .markup import Fragment, Markup, long_date, table
from .paper import banked, blanks, matched, task, word_bank
from .smallmap import SmallMap, glyph
from .tables import places, summits

KINDS = {"regular": "regular summit", "informal": "informal summit", "extraordinary": "extraordinary summit"}


# --- how a summit is told, everywhere alike ------------------------------------------------------------------------


def summit_name(row) -> str:
    """9th regular summit; Informal summit"""
    if row.kind != "regular":
        return KINDS[row.kind].capitalize()
    n = row.number
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending} {KINDS[row.kind]}"


def when(row) -> str:
    """The day the heads of state met, or what is known of it."""
    return f"planned for {row.year}" if row.status == "planned" else long_date(row.last_day)


def where(row) -> str:
    """Gabala, Azerbaijan; online, chaired from Kazakhstan; Türkiye, city not on record"""
    country = country_names().get(row.country, row.country)
    if row.mode == "online":
        return f"online, chaired from {country}"
    return f"{row.place}, {country}" if isinstance(row.place, str) else f"{country}, city not on record"


def mark(row) -> Markup:
    """The glyph of a summit: by its kind, and hollow while it is only planned."""
    return glyph("planned" if row.status == "planned" else row.kind)


def _theme(row) -> str:
    return f" Theme: {row.theme}." if isinstance(row.theme, str) else ""


def _reports(ids: tuple[str, ...]) -> list[str]:
    return sorted({i.split("-")[0] for i in ids if i.startswith("S")})


def _tags(reports: list[str]) -> Markup:
    return Markup("").join(Markup('<span class="tag">{}</span>').format(s) for s in reports)


# --- the map -------------------------------------------------------------------------------------------------------


def _venue(name: str, rows: pd.DataFrame) -> dict:
    """One town for the map: every summit that met there, side by side, the oldest first."""
    place = places().loc[name]
    country = country_names().get(place.country, place.country)
    reports = _reports(place.reports + tuple(i for ids in rows["claims"] for i in ids))
    chips, lines, told = Markup(""), Markup(""), []
    for row in rows.itertuples():
        chips += Markup('<span class="chip">{}{}</span>').format(mark(row), row.year)
        lines += Markup('<li><strong>{}</strong>, {}.{} <span class="ids">{}</span></li>').format(
            summit_name(row), when(row), _theme(row), " ".join(row.claims)
        )
        told.append(f"{KINDS[row.kind]} {'planned for ' * (row.status == 'planned')}{row.year}")
    local = "" if place.local_name == name else f" ({place.local_name})"
    named = f"; spoken of in {', '.join(reports)}" if reports else ""
    return {
        "lat": place.lat,
        "lon": place.lon,
        "size": [max(len(name) * 9 + 27 * len(reports), 57 * len(rows)) + 14, 42],
        "alt": f"{name}, {country}: {', '.join(told)}{named}",
        "html": str(Markup("<b>{}</b>{}<br>{}").format(name, _tags(reports), chips)),
        "popup": str(Markup('<p class="head">{}{}, {}</p><ul>{}</ul>').format(name, local, country, lines)),
    }


def _named_place(name: str, row) -> dict:
    """One place that the reports name although no summit met there."""
    reports = _reports(row.reports)
    note = f" The point stands for {row.note}." if row.exact == "region" and isinstance(row.note, str) else ""
    return {
        "lat": row.lat,
        "lon": row.lon,
        "size": [len(name) * 8 + 27 * len(reports) + 30, 24],
        "alt": f"{name}: named in {', '.join(reports)}, no summit met there",
        "html": str(Markup("{}{}{}").format(glyph("named"), name, _tags(reports))),
        "popup": str(
            Markup('<p class="head">{} ({})</p><p>Named in {}: {}. No summit met here.{}</p>').format(
                name, row.local_name, ", ".join(reports), " ".join(row.reports), note
            )
        ),
    }


def _off_map(rows: pd.DataFrame) -> Markup:
    """The meetings that have no point on a map: held online, or planned with the city still open."""
    items = Markup("").join(
        Markup("<li>{}<span>{} {}, {}</span></li>").format(mark(r), summit_name(r), when(r), where(r))
        for r in rows.itertuples()
    )
    why = "Not on the map, because no place is known or there was none:"
    return Markup('<p><strong>{}</strong></p><ul class="tx-legend">{}</ul>').format(why, items) if items else items


def venue_map() -> MapFigure:
    """Every summit on record by kind and year, with the other places that the five reports name.

    A venue shows all its summits side by side; S0 to S4 beside a name say which reports name the town or speak of a
    summit that met there. Online and planned meetings have no point and are listed under the map.
    Facts: `summits()`, `places()`, `members()`; colours for members and observers are as of today's tables.
    """
    all_rows, known, names = summits(), places(), country_names()
    rows = all_rows[all_rows["place"].notna()]
    others = known[known["reports"].str.len().gt(0) & ~known.index.isin(rows["place"])]
    towns = sorted(rows.groupby("place"), key=lambda town: -len(town[1]))  # the widest boxes find their places first
    points = laid_out([_venue(*town) for town in towns] + [_named_place(*place) for place in others.iterrows()])
    venues, named = points[: len(towns)], points[len(towns) :]

    edges = [[end(p[x] for p in points) for x in ("lat", "lon")] for end in (min, max)]
    held = rows[rows["status"] == "held"]
    map_ = OfflineMap(f"Where the Turkic states' leaders met, {held['year'].min()} to {held['year'].max()}", edges)
    Boxes(venues, "Summits").add_to(map_)
    Boxes(named, "Other places in the five reports").add_to(map_)
    Labels(points).add_to(map_)
    folium.LayerControl(collapsed=True).add_to(map_)

    keys = [(glyph(kind), name) for kind, name in KINDS.items()]
    if len(held) < len(rows):
        keys.append((glyph("planned"), "planned summit"))
    key = legend([*keys, (glyph("named"), "place named in a report, no summit")])
    told = rows.assign(
        met=[when(r) for r in rows.itertuples()],
        summit=[summit_name(r) for r in rows.itertuples()],
        country=rows["country"].map(names),
        reports=rows["claims"].map(_reports),
    )[["met", "summit", "place", "country", "theme", "reports", "claims"]]
    named_rows = others.assign(local=others["local_name"], country=others["country"].map(names))
    listed = table(told, "Summits that met in a place, oldest first", index=False)
    listed += table(named_rows[["local", "country", "reports"]], "Other places that the five reports name")
    caption = (
        f"{len(held)} summits in {held['place'].nunique()} towns. A tag, S0 to S4, marks a report that names "
        "the town or speaks of a summit that met there. Open a box for dates, themes and claims."
    )
    return framed(map_, caption, key + _off_map(all_rows.drop(rows.index)), listed, still(venues, SmallMap("venues-map")))


# --- the year explorer ---------------------------------------------------------------------------------------------


def _year(year: int, rows: pd.DataFrame, small: SmallMap) -> Markup:
    """What one year shows: its meetings on the map and in words, and how many there had been before."""

    def pin(name: str, glyph_: Markup, label: str = "") -> Markup:
        town = places().loc[name]
        return small.pin(town.lat, town.lon, glyph_, label)

    now, before = rows[rows["year"] == year], rows[rows["year"] < year]
    dot = glyph("earlier")
    pins = [pin(name, dot) for name in before["place"].dropna().unique() if name not in set(now["place"])]
    pins += [pin(row.place, mark(row), row.place) for row in now.dropna(subset="place").itertuples()]
    items = Markup("").join(
        Markup('<li>{} <strong>{}</strong>: {}, {}.{} <span class="tx-soft">{}</span></li>').format(
            mark(r), summit_name(r), where(r), when(r), _theme(r), " ".join(r.claims)
        )
        for r in now.itertuples()
    )
    met = int((now["status"] == "held").sum())
    none = "a summit is planned" if len(now) else "no summit on record"
    head = {0: none, 1: "one summit"}.get(met, f"{met} summits")
    return Markup(
        '<p class="tx-state">{}: {}</p><div class="tx-two">{}<div><ul>{}</ul>'
        '<p class="tx-soft">Held since {}, this year included: {}. Small dots: towns of earlier years.</p></div></div>'
    ).format(
        year,
        head,
        small.picture(Markup("").join(pins)),
        items,
        rows["year"].min(),
        int((before["status"] == "held").sum()) + met,
    )


def year_explorer() -> Explorer:
    """Year by year: who met where, on a small map and in words. One state a year, years without a summit included.

    Facts: `summits()` and `places()`.
    """
    rows, small = summits(), SmallMap("years-map")
    years = [str(year) for year in range(rows["year"].min(), rows["year"].max() + 1)]
    return Explorer(
        "years",
        "Which year?",
        tuple((year, year) for year in years),
        lambda state: _year(int(state), rows, small),
        start=years[0],
        setting=small.setting,
    )


# --- the chart -----------------------------------------------------------------------------------------------------

_CHART_MARKS = {"regular": ("o", ACCENT), "informal": ("D", WARM), "extraordinary": ("^", VIOLET)}


def hosting_chart() -> Fragment:
    """Who hosted which kind of summit in which year; an online meeting stands with its chair, as an empty mark.

    Facts: `summits()`. Planned meetings are left out.
    """
    names, rows = country_names(), summits().query("status == 'held'")
    hosts = rows.groupby("country")["year"].agg(["size", "min"])
    hosts = hosts.sort_values(["size", "min"], ascending=[True, False])["size"]
    height = {country: n for n, country in enumerate(hosts.index)}
    years = range(rows["year"].min(), rows["year"].max() + 1)
    with drawing(9, 3.9) as (figure, axes):
        for row in rows.itertuples():
            shape, colour = _CHART_MARKS[row.kind]
            x = row.year + (row.last_day.day_of_year - 183) / 366  # a year's label stands in its middle
            face = colour if row.mode == "in person" else "none"
            axes.plot(
                x,
                height[row.country],
                shape,
                markersize=9,
                markerfacecolor=face,
                markeredgecolor=colour,
                markeredgewidth=1.8,
            )
        axes.set_yticks(range(len(hosts)), [f"{names.get(country, country)}  {n}" for country, n in hosts.items()])
        axes.set_xticks(years[::2])
        axes.grid(axis="y", color=LINE, linewidth=0.8)
        axes.set_ylim(-0.6, len(hosts) - 0.4)
    counts = {names.get(country, country): int(n) for country, n in hosts[::-1].items()}
    most = [name for name, n in counts.items() if n == max(counts.values())]
    empty = set(years) - set(rows["year"])
    caption = (
        "Each mark is one meeting of heads of state, placed by its date and its host: a circle for a regular summit, "
        "a diamond for an informal one, a triangle for an extraordinary one. An empty mark was online and stands with "
        f"the country in the chair. {' and '.join(most)} {'has' if len(most) == 1 else 'have'} the fullest "
        f"row{'s' * (len(most) > 1)}. {len(empty)} of the years have no mark at all: look for them."
    )
    alt = (
        f"{len(rows)} summits by host and year, {years[0]} to {years[-1]}. Meetings per host: "
        f"{', '.join(f'{name} {n}' for name, n in counts.items())}."
    )
    by_host = pd.crosstab(rows["country"].map(names).rename("host"), rows["kind"])[list(KINDS)]
    by_host = by_host.assign(all=by_host.sum(axis=1)).sort_values("all", ascending=False, kind="stable")
    return chart("hosting", figure, caption, alt, table(by_host, "Summits held, by host or chair and by kind"))


# --- on paper ------------------------------------------------------------------------------------------------------


def venue_sheet() -> Fragment:
    """For paper: an outline map with a number for each town in which a summit was held, lines for the names, and a key.

    The towns are numbered from west to east; the names to choose from stand in alphabetical order.
    Facts: the summits of `summits()` that were held in a place, and `places()`.
    """
    held = summits().query("status == 'held'")["place"].value_counts()
    towns = places().loc[held.index].sort_values("lon")
    bank = word_bank(towns.index)
    picture = outline_map(
        f"Outline map with {len(towns)} numbered towns", SmallMap("venues-sheet", (16.0, 83.0, 34.5, 54.0), 14),
        list(zip(towns["lat"], towns["lon"], strict=True)),
    )  # fmt: skip
    return task(
        f"{len(towns)} towns where the leaders met",
        "Write the name of each town beside its number. Then ring the numbers of the towns that have seen more than one summit.",
        picture + blanks(len(towns)) + banked(bank),
        matched(dict(enumerate(towns.index, 1)))
        + Markup("<p>More than one summit: {}.</p>").format(", ".join(sorted(held.index[held > 1]))),
        f"Towns to choose from: {', '.join(bank)}",
    )
