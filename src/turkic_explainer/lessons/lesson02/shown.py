"""Where the leaders met: the map, the year explorer and the chart of lesson 02, made from the summits table."""

from typing import Any

import pandas as pd

from ...basemap import base_map, country_name, role
from ...charts import ACCENT, VIOLET, WARM, Forms, in_years
from ...content import Content, records
from ...explorer import Explorer
from ...ledger import reports_in
from ...maps import Boxes, Labels, MapFigure, OfflineMap, framed, laid_out, legend, naming_sheet, point, still, views
from ...markup import Fragment, Markup, table
from ...smallmap import SmallMap, glyph
from ...tables import members, places, summits

__all__ = ("venue_map", "year_explorer", "hosting_chart", "venue_sheet")

# The kinds of summits, with their marks on the chart.
KINDS = {"regular": ("o", ACCENT), "informal": ("D", WARM), "extraordinary": ("^", VIOLET)}
YEARS = SmallMap("years-map")


def _mark(row: dict) -> Markup:
    """The glyph of a summit: by its kind, and hollow while it is only planned."""
    return glyph("planned" if row["status"] == "planned" else row["kind"])


TEXTS = Content("lesson02", mark=_mark, glyph=glyph)


def _point(place: dict, rows: pd.DataFrame) -> dict:
    """A place for the map: a town with every summit that met there, the oldest first, or one that only reports name.

    One of these that lies in no country of the OTS says in which it lies.
    """
    name, reports = place["place"], reports_in([*place["reports"], *rows["claims"].explode()])
    if rows.empty:
        if place["exact"] == "town" and place["country"] not in set(members()["code"]):
            name += f", {country_name(place['country'])}"
        size = [len(name) * 8 + 27 * len(reports) + 30, 24]
        return point(TEXTS, "named", place, size, [glyph("named")], reports=reports, name=name)
    size, met = [max(len(name) * 9 + 27 * len(reports), 57 * len(rows)) + 14, 42], records(rows)
    return point(TEXTS, "town", place, size, [*map(_mark, met)], reports=reports, summits=met)


def venue_map() -> MapFigure:
    """Every summit on record by kind and year, with the other places that the five reports name.

    Facts: `summits()`, `places()`, `members()`; colours for members and observers are as of today's tables.
    """
    every, known = summits(), places()
    rows = every[every["place"].notna()]
    held = rows[rows["status"] == "held"]
    others = known[known["reports"].str.len().gt(0) & ~known.index.isin(rows["place"])]
    by_town = sorted(rows.groupby("place"), key=lambda town: -len(town[1]))  # the widest boxes find their places first
    towns = [_point(records(known.loc[[name]])[0], part) for name, part in by_town]
    points = laid_out([*towns, *(_point(place, rows[:0]) for place in records(others))])
    towns, named = points[: len(towns)], points[len(towns) :]

    map_ = OfflineMap(TEXTS.text("map.title", first=held["year"].min(), last=held["year"].max()), views(points))
    Boxes(towns, TEXTS.text("map.layers.towns")).add_to(map_)
    Boxes(named, TEXTS.text("map.layers.named")).add_to(map_)
    Labels(points).add_to(map_)

    marks = [*KINDS, *["planned"] * (len(held) < len(rows)), "named"]
    key = legend([(glyph(kind), TEXTS.text(f"map.marks.{kind}")) for kind in marks])
    key += TEXTS.pane("off_map", rows=records(every.drop(rows.index)))
    caption = TEXTS.text("map.caption", summits=len(held), towns=held["place"].nunique())
    return framed(map_, caption, key, _listed(rows, others), still(towns, SmallMap("venues-map")))


def _listed(rows: pd.DataFrame, others: pd.DataFrame) -> Markup:
    """The map as tables: the summits that met in a place, and the other places."""
    told = pd.DataFrame([TEXTS.texts("summit", row=row) for row in rows.itertuples()], index=rows.index)
    rows = rows.assign(met=told["when"], summit=told["name"], reports=rows["claims"].map(reports_in))
    rows, others = (some.assign(country=some["country"].map(country_name)) for some in (rows, others))
    rows = rows[["met", "summit", "place", "country", "theme", "reports", "claims"]]
    others = others.rename(columns={"local_name": "local"})[["local", "country", "reports"]]
    return table(rows, TEXTS.text("map.tables.towns"), index=False) + table(others, TEXTS.text("map.tables.named"))


def _year(year: int, rows: pd.DataFrame) -> dict[str, Any]:
    """What one year shows: its meetings on the map and in words, and how many there had been before."""
    now, before = rows[rows["year"] == year], rows[rows["year"] < year]
    held = rows.loc[rows["status"] == "held", "year"]
    not_yet = [
        f for f in base_map() if role(f) != role(f, year)
    ]  # countries that were nothing yet of what they are now
    not_yet += [f for f in base_map() if not_yet and f.kind in ("sea", "lake")]  # and the waters over them
    return {
        "label": str(year),
        "now": records(now),
        "held": (held == year).sum(),
        "so_far": (held <= year).sum(),
        "earlier": [town for town in before["place"].dropna().unique() if town not in set(now["place"])],
        "towns": places().to_dict("index"),
        "small": YEARS,
        "not_yet": Markup("").join(YEARS.outline(f.rings, role(f, year)) for f in not_yet),
    }


def year_explorer() -> Explorer:
    """Year by year: who met where, on a small map and in words. One state a year, years without a summit included.

    Facts: `summits()` and `places()`; the shades are of that year, by `members()`.
    """
    rows = summits()
    states = {str(year): _year(year, rows) for year in range(rows["year"].min(), rows["year"].max() + 1)}
    return TEXTS.explorer("years", states, setting=YEARS.setting)


def hosting_chart() -> Fragment:
    """Who hosted which kind of summit in which year; an online meeting stands with its chair, as an empty mark.

    Facts: `summits()`. Planned meetings are left out.
    """
    rows = summits().query("status == 'held'")
    hosts = rows.groupby("country")["year"].agg(["size", "min"])
    hosts = hosts.sort_values(["size", "min"], ascending=[True, False])["size"].rename(country_name)
    height = {host: n for n, host in enumerate(hosts.index)}
    years = range(rows["year"].min(), rows["year"].max() + 1)
    for _, axes, slim in (forms := Forms(3.9, 3.9)):
        for row in rows.itertuples():
            shape, colour = KINDS[row.kind]
            look = {"markeredgecolor": colour, "markerfacecolor": colour if row.mode == "in person" else "none"}
            spot = in_years(row.last_day, middle=True), height[country_name(row.country)]
            axes.plot(*spot, shape, markersize=9, markeredgewidth=1.8, **look)
        axes.set(yticks=range(len(hosts)), yticklabels=[f"{host}  {n}" for host, n in hosts.items()])
        axes.set(xticks=years[:: 4 if slim else 2], ylim=(-0.6, len(hosts) - 0.4))
        axes.grid(axis="y")
    by_host = pd.crosstab(rows["country"].map(country_name).rename("host"), rows["kind"])[list(KINDS)]
    by_host = by_host.assign(all=by_host.sum(axis=1)).sort_values("all", ascending=False, kind="stable").reset_index()
    most, empty = list(hosts.index[hosts == hosts.max()])[::-1], len({*years} - {*rows["year"]})
    names = {"summits": len(rows), "years": years, "hosts": hosts[::-1].to_dict(), "most": most, "empty": empty}
    return TEXTS.chart("hosting", forms, by_host, **names)


def venue_sheet() -> Fragment:
    """For paper: an outline map with a number for each town in which a summit was held, lines for the names, and a key.

    Facts: the summits of `summits()` that were held in a place, and `places()`.
    """
    met = summits().query("status == 'held'").dropna(subset="place")
    held = met["place"].value_counts()
    towns = places().loc[held.index].sort_values("lon")[["lat", "lon"]]
    small = SmallMap("venues-sheet", (16.0, 83.0, 34.5, 54.0), 14)
    points = {town: (row.lat, row.lon) for town, row in towns.iterrows()}
    days = list(zip(met["last_day"], met["place"], strict=True))
    return naming_sheet(TEXTS, small, points, towns=len(towns), days=days, again=sorted(held.index[held > 1]))
