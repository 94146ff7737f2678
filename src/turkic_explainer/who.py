"""Who is who: the explorer of countries and bodies and the timeline of lesson 01, made from the tables of bodies.

This module is not called after `tables.bodies`, the function, because a package has only one thing of a name.
"""

from __future__ import annotations

import pandas as pd

from .basemap import base_map, rings
from .charts import ACCENT, INK, LINE, SOFT, WARM, chart, drawing
from .explorer import Explorer
from .ledger import claims, sources
from .markup import Fragment, Markup, long_date, spelled, table
from .paper import task
from .smallmap import SmallMap
from .tables import bodies, memberships, milestones, places, states

MAP = SmallMap("bodies-map", (15.0, 91.0, 33.5, 56.0))
NOT_ON_RECORD = "not on record"
_PLURAL = {"member": "Members", "observer": "Observers", "took part": "Took part in meetings",
           "not a member": "Not a member", "sources differ": "Sources differ", NOT_ON_RECORD: "Not on record"}  # fmt: skip
_SHADES = {"member": "member", "observer": "observer", "took part": "guest", "sources differ": "differs"}
_SEAT = Markup('<svg class="tx-key tx-seat" viewBox="-8 -8 16 16" aria-hidden="true"><path d="M0-7 2-2H7L3 1 5 6 0 3-5 6-3 1-7-2H-2z"/></svg>')  # fmt: skip


# --- how it is told, everywhere alike ------------------------------------------------------------------------------


def _shade(role: str, contested: bool = False) -> str:
    """The class that the style sheet draws a role with: on the map, and beside the words that say the same."""
    return "contested" if contested else _SHADES.get(role, "country")


def _swatch(role: str, contested: bool = False) -> Markup:
    return Markup('<span class="tx-key tx-shade tx-{}"></span>').format(_shade(role, contested))


def _ids(*groups: tuple[str, ...]) -> Markup:
    once = dict.fromkeys(i for ids in groups for i in ids)
    return Markup('<span class="tx-soft tx-ids">{}</span>').format(" ".join(once))


def _note(row, called: str = "") -> Markup:
    """The note of a membership on a line of its own; nothing where there is none."""
    if not isinstance(row.note, str):
        return Markup("")
    return Markup('<br><span class="tx-note">{}{}.</span>').format(called, row.note.removesuffix("."))


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


def _pane(title: str, map_: Markup, about: Markup, lines: Markup) -> Markup:
    return Markup('<p class="tx-state">{}</p><div class="tx-two"><div>{}<p>{}</p></div><ul>{}</ul></div>').format(
        title, map_, about, lines
    )


def _body(key: str) -> Markup:
    """One body: since when, where, who is in it as what, and on whom no record was found."""
    body, found = bodies().loc[key], memberships().query("body == @key")
    groups = found.groupby(["role", "contested"], sort=False)
    lines = Markup("").join(_role(*kind, rows, f"{body.since:%Y-%m-%d}") for kind, rows in groups)
    absent = states().loc[~states().index.isin(found["entity"]), "label"]
    if len(absent):
        lines += _line(NOT_ON_RECORD, False, _PLURAL[NOT_ON_RECORD], ", ".join(absent))
    inside = found[found["entity"].isin(states().index) & (found["role"] != "not a member")]
    shades = {row.entity: _shade(row.role, row.contested) for row in inside.itertuples()}
    here = bodies().loc[[key]]
    pins = Markup("").join(_code(entity) for entity in shades if _away(entity, here)) + _seats(here)
    seat = Markup("Seat: {}{}.").format(_SEAT, body.seat) if isinstance(body.seat, str) else "No seat on record."
    about = Markup("<strong>{}:</strong> {}. {} {} {}").format(
        long_date(body.since), body.basis, seat, body.tie, _ids(body.claims)
    )
    return _pane(body.body, _picture(shades, pins), about, lines)


def _line(role: str, contested: bool, head: str, told: str, notes: str = "", ids: str = "") -> Markup:
    return Markup("<li>{}<strong>{}:</strong> {}.{} {}</li>").format(_swatch(role, contested), head, told, notes, ids)


def _role(role: str, contested: bool, rows: pd.DataFrame, founded: str) -> Markup:
    """All who are in a body as the same thing; a day where it differs from the founding, a note where there is one."""
    named, notes = [], Markup("")
    for row in rows.itertuples():
        called = states()["label"].get(row.entity, row.entity)
        later = isinstance(row.since, str) and row.since != founded and role != "took part"
        named.append(f"{called} (since {spelled(row.since)})" if later else called)
        notes += _note(row, f"{called}: ")
    head = f"{_PLURAL[role]}, contested" if contested else _PLURAL[role]
    return _line(role, contested, head, ", ".join(named), notes, _ids(*rows["claims"]))


def _country(entity: str) -> Markup:
    """One country or entity: its names and size, and what it is in each of the bodies."""
    row, found = states().loc[entity], memberships().query("entity == @entity").set_index("body")
    lines = Markup("").join(_in_body(body, found) for body in bodies().itertuples())
    seated = bodies()[bodies()["seat"].map(places()["country"]) == row.code]
    people = f"{row.people:,} people in 2024" if pd.notna(row.people) else "Number of people not on record"
    home = (
        Markup("Home of {}{}.").format(_SEAT, ", ".join(seated["short"]))
        if len(seated)
        else "Home of none of these bodies."
    )
    about = Markup("{}, {:,} square kilometres. {} {}").format(people, row.area, home, _ids(row.claims))
    pins = _seats(seated) if isinstance(row.code, str) else _code(entity)
    own = row.own_names if isinstance(row.own_names, str) else f"it calls itself: {entity}"
    shade = "contested" if found["contested"].any() else "here"
    return _pane(f"{row.label} ({own})", _picture({entity: shade}, pins), about, lines)


def _in_body(body, found: pd.DataFrame) -> Markup:
    """What the records say of one country in one body."""
    if body.Index not in found.index:
        return _line(NOT_ON_RECORD, False, body.short, NOT_ON_RECORD)
    row = found.loc[body.Index]
    told = f"{row.role}, contested" if row.contested else row.role
    if isinstance(row.since, str):
        told += f"{'' if row.role == 'took part' else ' since'} {spelled(row.since)}"
    return _line(row.role, row.contested, body.short, told, _note(row), _ids(row.claims))


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
        "Pick a country or entity, or a body",
        tuple(picks),
        lambda state: _country(countries[state]) if state in countries else _body(state),
        start="ots",
        setting=_setting(),
        groups={picks[0][0]: "A country or entity", bodies().index[0]: "A body"},
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
    older = " and ".join(reports.index[reports["date"] < newest.start]) or "none"
    caption = (
        f"Each line is one body, from its beginning to {long_date(last)}, the newest day in our records. The organization "
        "has a line for each of its two names. The upright marks are the five reports: they stand close together at the "
        f"end, and only {older} came before the youngest body, the {newest.what}."
    )
    alt = (
        f"Timeline from {first.start.year} to {last.year}. Beginnings: "
        + ", ".join(f"{line.what} {line.start.year}" for line in lines[::-1].itertuples())
        + f". Reports: {', '.join(f'{r.Index} {r.date:%B %Y}' for r in reports.itertuples())}."
    )
    tables = table(listed, "What begins when", index=False) + table(reports, "The five reports, oldest first")
    return chart("timeline", figure, caption, alt, tables)


def _mark_reports(axes, top: int) -> None:
    """An upright line for each report at its date; their names stand side by side below, where there is room."""
    reports = sources()["date"].sort_values()
    feet = [_year(reports.iloc[-1]) + 1.6 - 1.7 * (len(reports) - 1 - number) for number in range(len(reports))]
    for foot, (name, day) in zip(feet, reports.items(), strict=True):
        axes.plot([foot, _year(day), _year(day)], [-1.2, -0.45, top - 0.6], color=INK, linewidth=1, zorder=3)
        axes.annotate(name, (foot, -1.3), ha="center", va="top", color=INK, fontweight="bold")
    axes.annotate("the five reports", (feet[0] - 1, -1.3), ha="right", va="top", color=SOFT)


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
    to_do = "Write M for member and O for observer. Leave empty what is neither, or what no record says."
    title = f"Who is in which of {len(kept)} bodies?"
    told = Markup("<p>M: member. O: observer. *: contested. ?: sources differ. Empty: neither, or not on record.</p>")
    return task(
        title,
        to_do,
        Markup('<div class="tx-grid">{}</div>').format(table(grid.map(lambda _: ""), "Countries and bodies")),
        told + Markup('<div class="tx-grid">{}</div>').format(table(grid, "Countries and bodies, filled in")),
        f"Bodies: {', '.join(grid.columns)}\nCountries: {', '.join(grid.index)}",
    )
