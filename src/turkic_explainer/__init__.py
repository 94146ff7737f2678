"""Turkic Explainer: a course on the Organization of Turkic States whose every figure has a source.

A notebook imports from here and from nowhere deeper. Names are loaded when they are first used, so that
`import turkic_explainer` costs next to nothing and a lesson without a map never loads folium.
"""

from importlib import import_module

_HOME = {  # fmt: skip
    "ledger": ("cite", "claims", "sources", "disagreements"),
    "tables": (
        "summits", "places", "members", "stops", "legs", "cargo", "journeys", "priorities", "initiatives", "trade",
        "bodies", "memberships", "states", "milestones",
        "water_topics", "water_figures",
        "steps", "event_counts",
    ),
    "markup": ("show",),
    "lessons.lesson01.shown": ("bodies_explorer", "timeline_chart", "membership_sheet"),
    "lessons.lesson02.shown": ("venue_map", "year_explorer", "hosting_chart", "venue_sheet"),
    "lessons.lesson03.ways": ("leg_lengths", "way"),
    "lessons.lesson03.shown": (
        "corridor_map", "route_explorer", "ride_explorer", "cargo_chart", "travel_times", "corridor_sheet",
    ),
    "lessons.lesson04.shown": ("turktime_explorer", "turktime_uses", "letters_chart"),
    "lessons.lesson04.sorting": ("sort_cards", "compare_filings"),
    "lessons.lesson05.shown": ("promise_explorer", "promise_timeline", "side_by_side", "wording_chart", "outcome_sheet"),
    "lessons.lesson06.shown": ("visit_explorer", "trade_chart", "members_trade_chart", "sum_explorer"),
    "lessons.lesson07.shown": ("waters_explorer", "caspian_chart", "level_chart", "aral_chart", "measuring_sheet"),
    "lessons.lesson08.shown": ("reports_explorer", "voices_chart", "phrases_explorer", "disagreements_explorer", "protocol"),
    "lessons": ("question", "check", "progress"),
    "vocabulary": ("glossary", "words"),
    "course": ("course_map",),
}
__all__ = sorted(name for names in _HOME.values() for name in names)


def __getattr__(name: str):
    for module, names in _HOME.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"turkic_explainer has no {name!r}. It has: {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return __all__
