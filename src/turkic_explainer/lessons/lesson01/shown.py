"""Who is who: the explorer of countries and bodies and the timeline of lesson 01, made from the tables of bodies.

This module is not called after `tables.bodies`, the function, because a package has only one thing of a name.
"""

from __future__ import annotations

import pandas as pd

from ...basemap import base_map, rings
from ...charts import ACCENT, INK, LINE, SOFT, WARM, chart, drawing
from ...content import Content, records
from ...explorer import Explorer
from ...ledger import claims, sources
from ...markup import Fragment, Markup, spelled, table
from ...paper import task
from ...smallmap import SmallMap
from ...tables import bodies, memberships, milestones, places, states

__all__ = ("bodies_explorer", "timeline_chart", "membership_sheet")

MAP = SmallMap("bodies-map", (15.0, 91.0, 33.5, 56.0))
NOT_ON_RECORD = "not on record"
TEXTS = Content("lesson01")
_SEAT = Markup('<svg class="tx-key tx-seat" viewBox="-8 -8 16 16" aria-hidden="true"><path d="M0-7 2-2H7L3 1 5 6 0 3-5 6-3 1-7-2H-2z"/></svg>')  # fmt: skip


# --- the map -------------------------------------------------------------------------------------------------------


def _features() -> dict[str, dict]:
    """The outline on the base map of each country or entity; one without a code is found by its name."""
    drawn = [f for f in base_map()["features"] if f["properties"]["kind"] == "country"]
    by_code = {f["properties"]["iso2"]: f for f in drawn}
    by_name = {f["properties"]["name"]: f for f in drawn}
    codes, labels = states()["code"], states()["label"]
    return {entity: by_code.get(codes[entity]) or by_name[labels[entity]] for entity in states().index}


def _middle(entity: str) -> tuple[float, float]:
    """Where its code stands on the map: as the base map has it, or in the middle of a small outline."""
    feature = _features()[entity]
    if feature["properties"]["label"]:
        return tuple(feature["properties"]["label"])
    lons, lats = zip(*feature["geometry"]["coordinates"][0], strict=True)
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2


def _name(entity: str) -> str:
    return f"bodies-{list(states().index).index(entity)}"


def _setting() -> Markup:
    """The base map, and the outlines that each state of the explorer shades anew; a page needs them once."""
    shapes = Markup("")
    for entity, feature in _features().items():
        spots = (["{:.1f} {:.1f}".format(*MAP.spot(lat, lon)) for lon, lat in ring] for ring in rings(feature))
        d = "".join(f"M{'L'.join(ring)}z" for ring in spots)
        shapes += Markup('<path id="{}" d="{}"/>').format(_name(entity), d)
    hidden = Markup('<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>{}</defs></svg>')
    return MAP.setting + hidden.format(shapes)


def _picture(shades: dict[str, str], pins: Markup) -> Markup:
    """The map with every outline in the shade that `shades` gives it, and bare where it gives none."""
    uses = Markup("").join(
        Markup('<use href="#{}" class="tx-{}"/>').format(_name(entity), shades.get(entity, "country"))
        for entity in sorted(states().index, key=lambda entity: entity in shades)  # outlines over bare neighbours
    )
    return MAP.picture(pins, uses)


def _code(entity: str) -> Markup:
    """Its code in the middle of its outline; one without a code has its name beside it."""
    row, spot = states().loc[entity], _middle(entity)
    if isinstance(row.code, str):
        return MAP.pin(*spot, Markup('<b class="tx-code">{}</b>').format(row.code))
    return MAP.pin(*spot, Markup(""), row.label)


def _seats(rows: pd.DataFrame) -> Markup:
    """A star for each town in which one of these bodies sits."""
    towns = places().loc[rows["seat"].dropna().unique()]
    return Markup("").join(MAP.pin(town.lat, town.lon, _SEAT, town.Index) for town in towns.itertuples())


def _away(entity: str, rows: pd.DataFrame) -> bool:
    """Whether its code would stand clear of every seat of these bodies on the map."""
    lat, lon = _middle(entity)
    towns = places().loc[rows["seat"].dropna()]
    return all(abs(town.lat - lat) > 2 or abs(town.lon - lon) > 5 for town in towns.itertuples())


# --- the explorer --------------------------------------------------------------------------------------------------


def _shade(role: str, contested: bool = False) -> str:
    """The class that the style sheet draws a role with: on the map, and beside the words that say the same."""
    return "contested" if contested else TEXTS.texts(f"roles.{role}").get("shade", "country")


def _note(row) -> str | None:
    return row.note.removesuffix(".") if isinstance(row.note, str) else None


def _body(key: str) -> Markup:
    """One body: since when, where, who is in it as what, and on whom no record was found."""
    body, found = bodies().loc[key], memberships().query("body == @key")
    groups = found.groupby(["role", "contested"], sort=False)
    lines = [_role(*kind, rows, f"{body.since:%Y-%m-%d}") for kind, rows in groups]
    absent = states().loc[~states().index.isin(found["entity"]), "label"]
    if len(absent):
        lines.append(_line(NOT_ON_RECORD, False, None, ", ".join(absent)))
    inside = found[found["entity"].isin(states().index) & (found["role"] != "not a member")]
    shades = {row.entity: _shade(row.role, row.contested) for row in inside.itertuples()}
    here = bodies().loc[[key]]
    pins = Markup("").join(_code(entity) for entity in shades if _away(entity, here)) + _seats(here)
    return TEXTS.pane(
        "pane", title=body.body, picture=_picture(shades, pins), body=records(here)[0], star=_SEAT, lines=lines
    )


def _line(role: str, contested: bool, head: str | None, told: str, notes=(), claims=()) -> dict:
    """One line of a list; without a head of its own it begins with what all who are in a body as the same are called."""
    many = TEXTS.texts(f"roles.{role}")["many"] + (", contested" if contested else "")
    return {"shade": _shade(role, contested), "head": head or many, "told": told, "notes": notes, "claims": claims}


def _role(role: str, contested: bool, rows: pd.DataFrame, founded: str) -> dict:
    """All who are in a body as the same thing; a day where it differs from the founding, a note where there is one."""
    called = states()["label"].reindex(rows["entity"]).fillna(pd.Series(rows["entity"].values, rows["entity"]))
    later = [isinstance(since, str) and since != founded and role != "took part" for since in rows["since"]]
    since = [f" (since {spelled(day)})" if late else "" for day, late in zip(rows["since"], later, strict=True)]
    notes = [(who, note) for who, row in zip(called, rows.itertuples(), strict=True) if (note := _note(row))]
    told = ", ".join(who + day for who, day in zip(called, since, strict=True))
    return _line(role, contested, None, told, notes, [i for ids in rows["claims"] for i in ids])


def _country(entity: str) -> Markup:
    """One country or entity: its names and size, and what it is in each of the bodies."""
    row, found = states().loc[entity], memberships().query("entity == @entity").set_index("body")
    seated = bodies()[bodies()["seat"].map(places()["country"]) == row.code]
    own = row.own_names if isinstance(row.own_names, str) else TEXTS.text("who.own_name", entity=entity)
    return TEXTS.pane(
        "pane",
        title=f"{row.label} ({own})",
        picture=_picture(
            {entity: "contested" if found["contested"].any() else "here"},
            _seats(seated) if isinstance(row.code, str) else _code(entity),
        ),
        body=None,
        state=records(states().loc[[entity]])[0],
        seated=list(seated["short"]),
        star=_SEAT,
        lines=[_in_body(body, found) for body in bodies().itertuples()],
    )


def _in_body(body, found: pd.DataFrame) -> dict:
    """What the records say of one country in one body."""
    if body.Index not in found.index:
        return _line(NOT_ON_RECORD, False, body.short, NOT_ON_RECORD)
    row = found.loc[body.Index]
    told = f"{row.role}, contested" if row.contested else row.role
    if isinstance(row.since, str):
        told += f"{'' if row.role == 'took part' else ' since'} {spelled(row.since)}"
    notes = [("", note)] if (note := _note(row)) else []
    return _line(row.role, row.contested, body.short, told, notes, row.claims)


def _key(row) -> str:
    """What the explorer knows a country or entity by: kz, or northern-cyprus where there is no code."""
    return row.code.lower() if isinstance(row.code, str) else row.label.lower().replace(" ", "-")


def bodies_explorer() -> Explorer:
    """Who is in what, from both ends: pick a country or entity and see its bodies, or a body and see who is in it.

    One state for each row of `states()` and of `bodies()`. What no record tells is said to be not on record.
    Facts: `states()`, `bodies()`, `memberships()`, `places()`.
    """
    countries = {_key(row): row.Index for row in states().itertuples()}
    picks = [(key, states()["label"][entity]) for key, entity in countries.items()]
    picks += [(key, short) for key, short in bodies()["short"].items()]
    return Explorer(
        "who",
        TEXTS.text("who.title"),
        tuple(picks),
        lambda state: _country(countries[state]) if state in countries else _body(state),
        start="ots",
        setting=_setting(),
        groups={picks[0][0]: TEXTS.text("who.countries"), bodies().index[0]: TEXTS.text("who.bodies")},
    )


# --- the timeline --------------------------------------------------------------------------------------------------


def _year(day: pd.Timestamp) -> float:
    """A day as a number of years, for an axis."""
    return day.year + (day.day_of_year - 1) / 366


def _last_day() -> pd.Timestamp:
    """The newest day that a background record is true of."""
    days = claims("B")["as_of"].dropna()
    return pd.Timestamp(days[days.str.len() == 10].max())


def timeline_chart() -> Fragment:
    """From independence to the newest background record: each body from its beginning on, with a mark for each report.

    Facts: `bodies()`, `milestones()`, `sources()`. The organization has a line for each of its two names.
    """
    last, marks = _last_day(), milestones()
    colours = marks["kind"].map({"summits": SOFT, "name": WARM})
    spans = marks.assign(colour=colours).dropna(subset="colour")
    others = bodies().drop(index="ots").rename(columns={"short": "what", "since": "start"}).assign(colour=ACCENT)
    columns = ["what", "start", "end", "colour"]
    lines = pd.concat([spans[columns], others.reindex(columns=columns)])
    lines = lines.sort_values("start", kind="stable", ascending=False, ignore_index=True)
    reports = sources()[["outlet", "date", "title"]].sort_values("date")
    first = marks.set_index("kind").loc["independence"]
    with drawing(9, 5.4) as (figure, axes):
        for height, line in enumerate(lines.itertuples()):
            start, end = _year(line.start), _year(line.end if pd.notna(line.end) else last)
            axes.plot([start, end], [height, height], color=line.colour, linewidth=7, solid_capstyle="butt")
            beside = line.start.year > 2005  # before that there is no room to the left
            edge = min(start, _year(reports["date"].iloc[0])) if beside else start
            axes.annotate(f"{line.what}  {line.start.year}", (edge, height), (-6, 0) if beside else (0, 7), color=INK,
                          textcoords="offset points", ha="right" if beside else "left", va="center" if beside else "bottom")  # fmt: skip
        axes.vlines(_year(marks["end"].max()), *sorted(lines.index[lines["colour"] == WARM]), color=WARM, linewidth=1.5)
        axes.axvline(_year(first.end), color=LINE, linewidth=1.5, zorder=0)
        told = f"{first.what}  {first.end.year}"
        axes.annotate(told, (_year(first.end), len(lines)), (5, 4), textcoords="offset points", color=SOFT)
        _mark_reports(axes, len(lines))
        axes.set_ylim(-1.9, len(lines) + 0.6)
        axes.set_xlim(first.start.year, last.year + 2.2)
        axes.set_xticks(range(1995, last.year, 5))
        axes.set_yticks([])
    rows = [(row.what, row.start, row.end, row.claims) for row in marks.itertuples()]
    rows += [(row.body, row.start, pd.NaT, row.claims) for row in others.itertuples()]
    listed = pd.DataFrame(rows, columns=["what", "from", "to", "claims"]).sort_values("from", kind="stable")
    newest = lines.iloc[0]
    texts = TEXTS.texts(
        "timeline",
        last=last,
        older=list(reports.index[reports["date"] < newest.start]),
        newest=newest,
        first=first,
        lines=list(lines[::-1].itertuples()),
        reports=records(reports),
    )
    tables = table(listed, texts["table"], index=False) + table(reports, texts["reports"])
    return chart("timeline", figure, texts["caption"], texts["alt"], tables)


def _mark_reports(axes, top: int) -> None:
    """An upright line for each report at its date; their names stand side by side below, where there is room."""
    reports = sources()["date"].sort_values()
    feet = [_year(reports.iloc[-1]) + 1.6 - 1.7 * (len(reports) - 1 - number) for number in range(len(reports))]
    for foot, (name, day) in zip(feet, reports.items(), strict=True):
        axes.plot([foot, _year(day), _year(day)], [-1.2, -0.45, top - 0.6], color=INK, linewidth=1, zorder=3)
        axes.annotate(name, (foot, -1.3), ha="center", va="top", color=INK, fontweight="bold")
    axes.annotate(TEXTS.text("timeline.marks"), (feet[0] - 1, -1.3), ha="right", va="top", color=SOFT)


# --- on paper ------------------------------------------------------------------------------------------------------

_LETTERS = {"member": "M", "observer": "O", "sources differ": "?"}


def membership_sheet() -> Fragment:
    """For paper: a grid of countries and bodies to fill in with M and O, and the same grid filled in as its key.

    Only bodies whose members are on record have a column. Facts: `memberships()`, `bodies()` and `states()`.
    """
    rows = memberships()
    kept = [body for body, part in rows.groupby("body", sort=False) if (part["role"] == "member").any()]
    letters = rows["role"].map(_LETTERS) + rows["contested"].map({True: "*", False: ""})
    letters = rows.assign(letter=letters).pivot(index="entity", columns="body", values="letter")
    grid = letters.reindex(index=states().index, columns=kept).fillna("")
    grid = grid.rename(index=states()["label"], columns=bodies()["short"]).rename_axis("country")
    texts = TEXTS.texts("sheet", n=len(kept))
    sheet = Markup('<div class="tx-grid">{}</div>')
    full = Markup("<p>{}</p>").format(texts["letters"]) + sheet.format(table(grid, texts["full"]))
    return task(
        texts["title"],
        texts["to_do"],
        sheet.format(table(grid.map(lambda _: ""), texts["empty"])),
        full,
        f"Bodies: {', '.join(grid.columns)}\nCountries: {', '.join(grid.index)}",
    )
