"""What lesson 10 draws: the scripts of six state languages, one line a script."""

from ...charts import ACCENT, INK, VIOLET, WARM, Forms
from ...content import Content, records
from ...ledger import claim
from ...markup import Fragment
from ...tables import table

__all__ = ("scripts_chart",)

TEXTS = Content("lesson10")
COLOURS = {"Arabic": VIOLET, "Latin": ACCENT, "Cyrillic": WARM}
FIRST = 1915  # the left edge: in these years all six wrote Arabic letters


def scripts_chart() -> Fragment:
    """In which script the state language of six states was written from 1915 on, and what is planned.

    Facts: the lesson's table of scripts. A script in use goes on to the year in which it was last looked up.
    """
    rows = table("10-scripts")
    states, today = [*dict.fromkeys(rows["state"])], claim("B-346").searched.year
    begins, ends = rows["begins"].fillna(FIRST).astype(int), rows["ends"].fillna(today).astype(int)
    for figure, axes, slim in (forms := Forms(0.6 + 0.62 * len(states), 0.6 + 0.62 * len(states))):
        for row, start, end in zip(rows.itertuples(), begins, ends, strict=True):
            planned, scripts = row.status == "planned", row.script.split(" and ")
            height = states.index(row.state) + 0.13 * planned
            for number, script in enumerate(scripts):  # two that are written side by side
                axes.plot([start, end], [height + 0.13 * number] * 2, color=COLOURS[script], linewidth=2 if planned else 7 / len(scripts),
                          linestyle="--" if planned else "-", solid_capstyle="butt")  # fmt: skip
            said, at, aside, ha, va = "" if slim else row.script, start, 5, "left", "bottom"
            if planned:
                said, at, aside, ha, va = TEXTS.text("scripts.planned"), end, -7, "right", "top"
            look = {"textcoords": "offset points", "ha": ha, "va": va, "color": INK, "fontsize": 12}
            axes.annotate(said, (at, height), (0, aside), **look)
        if slim:  # the short lines have no room for their names
            lines = [axes.plot([], [], color=colour, linewidth=7)[0] for colour in COLOURS.values()]
            figure.legend(lines, [*COLOURS], loc="outside upper center", ncols=3)
        axes.set(yticks=range(len(states)), yticklabels=states)
        axes.set(ylim=(len(states) - 0.4, -0.6), xlim=(FIRST, int(ends.max()) + 1))
    by_state = {state: records(rows[rows["state"] == state]) for state in states}
    return TEXTS.chart("scripts", forms, rows, first=FIRST, states=by_state)
