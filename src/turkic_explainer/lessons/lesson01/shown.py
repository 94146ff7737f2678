"""Who is who: the explorer of countries and bodies and the timeline of lesson 01, made from the tables of bodies."""

from textwrap import fill
from typing import Any

import pandas as pd

from ...basemap import base_map
from ...charts import ACCENT, INK, LINE, SOFT, WARM, Forms, chart, in_years
from ...content import Content, records
from ...explorer import Explorer
from ...ledger import claims, sources
from ...markup import Fragment, table, task
from ...smallmap import SmallMap, glyph
from ...tables import bodies, memberships, milestones, places, states

__all__ = ("bodies_explorer", "timeline_chart", "membership_sheet")

MAP = SmallMap("bodies-map", (15.0, 91.0, 33.5, 56.0))


def _outlines() -> pd.DataFrame:
    """The countries and entities: what the outline of each is called on the page (`shape`), its lines (`rings`), and where
    its code stands: as the base map has it, or in the middle of a small outline (`lat`, `lon`)."""
    known = {term: f for f in base_map() if f.kind == "country" for term in (f.name, f.iso2)}
    found = []
    for number, row in enumerate(states().itertuples()):
        feature = known.get(row.code) or known[row.label]  # one without a code is found by its name
        lons, lats = zip(*feature.rings[0], strict=True)
        middle = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        found.append((f"bodies-{number}", feature.rings, *(feature.label or middle)))
    return pd.DataFrame(found, columns=["shape", "rings", "lat", "lon"], index=states().index)


def _path(ring: list) -> str:
    return f"M{'L'.join('{:.1f} {:.1f}'.format(*MAP.spot(lat, lon)) for lon, lat in ring)}z"


TEXTS = Content("lesson01", small=MAP, glyph=glyph, path=_path)


def _shaded(shades: dict[str, str]) -> list[dict]:
    """Every outline with the shade that it is given here; those that have one lie over their bare neighbours."""
    rows = _outlines().assign(shade=lambda rows: rows.index.map(shades.get))
    return records(rows.sort_values("shade", key=pd.Series.notna, kind="stable"))


def _seats(rows: pd.DataFrame) -> pd.DataFrame:
    """The towns in which these bodies sit."""
    return places().loc[rows["seat"].dropna().unique()]


def _found() -> pd.DataFrame:
    """`memberships()`, each row with the name of the country, what those of its kind are called, and their shade."""
    rows, roles = memberships(), TEXTS.texts("roles")
    many, shades = (rows["role"].map(lambda role, term=term: roles[role][term]) for term in ("many", "shade"))
    return rows.assign(
        label=rows["entity"].map(states()["label"]).fillna(rows["entity"]),
        called=many.mask(rows["contested"], many + ", contested"),
        shade=shades.mask(rows["contested"], "contested"),
        note=rows["note"].str.removesuffix("."),
    )


def _body(key: str) -> dict[str, Any]:
    """One body: since when, where, who is in it as what, and on whom no record was found."""
    body, found = bodies().loc[[key]], _found().query("body == @key")
    since = found["since"].fillna(f"{body.at[key, 'since']:%Y-%m-%d}")
    found = found.assign(later=(since != f"{body.at[key, 'since']:%Y-%m-%d}") & (found["role"] != "took part"))
    inside = found[found["entity"].isin(states().index) & (found["role"] != "not a member")].set_index("entity")
    named, towns = states().join(_outlines()).loc[inside.index], _seats(body)
    clear = [
        not ((towns["lat"] - row.lat).abs().le(2) & (towns["lon"] - row.lon).abs().le(5)).any()
        for row in named.itertuples()
    ]
    return {
        "label": body.at[key, "short"],
        "group": TEXTS.text("who.bodies"),
        "body": records(body)[0],
        "shapes": _shaded(inside["shade"].to_dict()),
        "named": records(named[clear]),  # whose codes stand clear of the towns
        "seats": records(towns),
        "groups": {called: records(rows) for called, rows in found.groupby("called", sort=False)},
        "absent": list(states().loc[~states().index.isin(found["entity"]), "label"]),
    }


def _country(entity: str) -> dict[str, Any]:
    """One country or entity: its names and size, and what it is in each of the bodies."""
    state = states().join(_outlines()).loc[[entity]]
    found = _found().query("entity == @entity").set_index("body")
    seated = bodies()[bodies()["seat"].map(places()["country"]) == state.at[entity, "code"]]
    coded = pd.notna(state.at[entity, "code"])
    in_each = bodies()[["short"]].join(found).set_index("short").astype({"contested": object})
    return {
        "label": state.at[entity, "label"],
        "group": TEXTS.text("who.countries"),
        "body": None,
        "state": records(state)[0],
        "shapes": _shaded({entity: "contested" if found["contested"].any() else "here"}),
        "named": [] if coded else records(state),
        "seats": records(_seats(seated)) if coded else [],
        "seated": list(seated["short"]),
        "found": {row["short"]: row for row in records(in_each)},
    }


def bodies_explorer() -> Explorer:
    """Who is in what, from both ends: pick a country or entity and see its bodies, or a body and see who is in it.

    Facts: `states()`, `bodies()`, `memberships()`, `places()`.
    """
    rows = states()
    keys = rows["code"].fillna(rows["label"].str.replace(" ", "-")).str.lower()  # kz, or northern-cyprus
    shown = {key: _country(entity) for key, entity in zip(keys, rows.index, strict=True)}
    shown |= {key: _body(key) for key in bodies().index}
    setting = MAP.setting + TEXTS.pane("outlines", rows=records(_outlines()))
    return TEXTS.explorer("who", shown, start="ots", setting=setting)


def timeline_chart() -> Fragment:
    """From independence to the newest background record: each body from its beginning on, with a mark for each report.

    Facts: `bodies()`, `milestones()`, `sources()`. The organization has a line for each of its two names.
    """
    days = claims("B")["as_of"].dropna()
    last, marks = pd.Timestamp(days[days.str.len() == 10].max()), milestones()
    spans = marks.assign(colour=marks["kind"].map({"summits": SOFT, "name": WARM})).dropna(subset="colour")
    others = bodies().drop(index="ots").rename(columns={"body": "whole", "short": "what", "since": "start"})
    lines = pd.concat([spans, others.assign(colour=ACCENT, end=pd.NaT)])
    lines = lines.sort_values("start", kind="stable", ascending=False, ignore_index=True)
    reports = sources()[["outlet", "date", "title"]].sort_values("date")
    first = marks.set_index("kind").loc["independence"]
    for _, axes, slim in (forms := Forms(5.4, 5.8)):
        for height, line in enumerate(lines.itertuples()):
            start, end = in_years(line.start), in_years(line.end if pd.notna(line.end) else last)
            axes.plot([start, end], [height, height], color=line.colour, linewidth=7, solid_capstyle="butt")
            at, aside, ha, va = start, (0, 7), "left", "bottom"
            if line.start.year > 2005:  # before that there is no room to the left
                at, aside, ha, va = min(start, in_years(reports["date"].iloc[0])), (-6, 0), "right", "center"
            said = f"{line.what}  {line.start.year}"
            axes.annotate(said, (at, height), aside, color=INK, textcoords="offset points", ha=ha, va=va)
        renamed = sorted(lines.index[lines["colour"] == WARM])
        axes.vlines(in_years(marks["end"].max()), *renamed, color=WARM, linewidth=1.5)
        axes.axvline(in_years(first.end), color=LINE, linewidth=1.5, zorder=0)
        label = fill(f"{first.what}  {first.end.year}", 45 if slim else 99)
        axes.annotate(label, (in_years(first.end), len(lines)), (5, 4), textcoords="offset points", color=SOFT)
        _mark_reports(axes, len(lines), 2.7 if slim else 1.7)
        axes.set(ylim=(-1.9, len(lines) + 0.6), xlim=(first.start.year, last.year + 2.2))
        axes.set(xticks=range(1995, last.year, 10 if slim else 5), yticks=[])
    listed = pd.concat([marks, others.assign(what=others["whole"])]).sort_values("start", kind="stable")
    listed = listed.rename(columns={"start": "from", "end": "to"})[["what", "from", "to", "claims"]]
    names = {"newest": lines.iloc[0], "older": list(reports.index[reports["date"] < lines.at[0, "start"]])}
    names |= {"last": last, "first": first, "lines": records(lines[::-1]), "reports": records(reports)}
    texts = TEXTS.texts("timeline", **names)
    tables = table(listed, texts["table"], index=False) + table(reports, texts["reports"])
    return chart("timeline", forms, texts["caption"], texts["alt"], tables)


def _mark_reports(axes, top: int, apart: float) -> None:
    """An upright line for each report at its date; their names stand below, so many years apart, where there is room."""
    reports = sources()["date"].sort_values()
    feet = [in_years(reports.iloc[-1]) + 1.6 - apart * (len(reports) - 1 - number) for number in range(len(reports))]
    for foot, (name, day) in zip(feet, reports.items(), strict=True):
        axes.plot([foot, in_years(day), in_years(day)], [-1.2, -0.45, top - 0.6], color=INK, linewidth=1, zorder=3)
        axes.annotate(name, (foot, -1.3), ha="center", va="top", color=INK, fontweight="bold")
    axes.annotate(TEXTS.text("timeline.marks"), (feet[0] - 0.6 * apart, -1.3), ha="right", va="top", color=SOFT)


def membership_sheet() -> Fragment:
    """For paper: the lists of the bodies, a grid to fill in from them with M and O, and that grid filled in as its key.

    Only bodies whose members are on record have a column. Facts: `memberships()`, `bodies()` and `states()`.
    """
    rows, roles = memberships(), TEXTS.texts("roles")
    letters = rows["role"].map(lambda role: roles[role].get("letter")) + rows["contested"].map({True: "*", False: ""})
    kept = rows.loc[rows["role"] == "member", "body"].unique()
    grid = rows.assign(letter=letters).pivot(index="entity", columns="body", values="letter")
    grid = grid.reindex(index=states().index, columns=kept).fillna("")
    grid = grid.rename(index=states()["label"], columns=bodies()["short"]).rename_axis("country")
    found = _found()
    found = found[found["entity"].isin(states().index) & found["body"].isin(kept)]
    lists = {
        bodies().at[key, "short"]: {called: list(rows["label"]) for called, rows in of.groupby("called", sort=False)}
        for key, of in found.groupby("body", sort=False)
    }
    texts = TEXTS.texts("sheet", n=len(kept))
    empty, full = table(grid.map(lambda _: ""), texts["empty"]), table(grid, texts["full"])
    sheet = TEXTS.pane("grid", letters="", lists=lists, grid=empty)
    key = TEXTS.pane("grid", letters=texts["letters"], lists={}, grid=full)
    told = f"Bodies: {', '.join(grid.columns)}\nCountries: {', '.join(grid.index)}"
    return task(texts["title"], texts["to_do"], sheet, key, told)
