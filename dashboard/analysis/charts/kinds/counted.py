"""Reported counts, a panel for each country: a step holds a count until the next one is reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt

from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.layers import shape
from dashboard.analysis.charts.layers.frame import Rows, list_columns
from dashboard.analysis.charts.theme import LOOKS, choose_sides, hold_direction, is_rtl
from dashboard.analysis.charts.words import wording
from dashboard.locales import format_number, t

COLUMNS = ("id", "country", "name", "place", "value", "date", "said", "publisher", "address")
PANEL_PX, TOP_PX, PLOT_PX, HEAD_PX = 132, 34, 64, 6  # a panel, above its drawing, the drawing, above all panels
NAME_LIMIT, NARROW_LIMIT = 24, 16


@dataclass(frozen=True, slots=True)
class ReportedCountAt:
    """A reported count of a country on a day."""

    id: str
    country: str
    value: float
    place: str  # "" for the whole country
    date: str
    at: float  # the same as a decimal year
    when: str  # the same in words
    said: str
    publisher: str
    address: str


def build(counts: Sequence[ReportedCountAt], options: ChartOptions) -> Chart:
    """Return a panel for each country with at least two counts, each on its own scale from zero.

    ``counts`` are in the order of the panels, and by day.
    """
    panels: dict[str, list[ReportedCountAt]] = {}
    for count in counts:
        panels.setdefault(count.country, []).append(count)
    drawn = {iso3: own for iso3, own in panels.items() if len(own) > 1}
    words = _describe(drawn, options)
    rows = list_columns([count for own in drawn.values() for count in own], COLUMNS, options)
    data = partial(_build_data, drawn, options) if drawn else None
    return shape.make_chart(_draw_shape, data, rows, words, t("reported.chart.unit", options.lang), options)


def _describe(drawn: Mapping[str, Sequence[ReportedCountAt]], options: ChartOptions) -> ChartWords:
    lang, lead = options.lang, f"{options.title}."
    if not drawn:
        return ChartWords((t("reported.chart.none", lang),), lead=lead)
    parts = [
        t(
            "reported.chart.told",
            lang,
            country=_make_name(own[0], options),
            first=format_number(own[0].value, lang),
            since=own[0].when,
            last=format_number(own[-1].value, lang),
            until=own[-1].when,
        )
        for own in drawn.values()
    ]
    return ChartWords((wording.join_clauses(parts, options),), lead=lead)


def _make_name(count: ReportedCountAt, options: ChartOptions) -> str:
    """Return the country, and the part of it that was counted."""
    name = options.name(count.country)
    return name + t("ui.list.colon", options.lang) + count.place if count.place else name


def _build_data(drawn: Mapping[str, Sequence[ReportedCountAt]], options: ChartOptions) -> dict[str, Rows]:
    lang = options.lang
    marks: Rows = []
    panels: Rows = []
    for place, own in enumerate(drawn.values()):
        first, span = own[0].at, max(own[-1].at - own[0].at, 0.01)
        high = max(count.value for count in own)
        marks += [
            {
                "panel": place,
                "slot": place % len(LOOKS["light"].palette),
                "u": round((count.at - first) / span, 4),
                "v": round(count.value / high, 4),
                "name": _make_name(count, options),
                "when": count.when,
                "figure": format_number(count.value, lang),
                "note": count.said,
                "source": count.publisher,
            }
            for count in own
        ]
        panels.append(
            {
                "panel": place,
                "slot": place % len(LOOKS["light"].palette),
                "wide": wording.fold_name(_make_name(own[0], options), NAME_LIMIT, options),
                "narrow": wording.fold_name(_make_name(own[0], options), NARROW_LIMIT, options),
                "ends": hold_direction(
                    t(
                        "reported.range",
                        lang,
                        low=format_number(own[0].value, lang),
                        high=format_number(own[-1].value, lang),
                    ),
                    lang,
                ),
                "first": own[0].date[:4],
                "until": own[-1].date[:4],
            }
        )
    return {
        "marks": marks,
        "panels": panels,
        "frame": [{"panels": len(drawn)}],
    }


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    across = "(width < 460 ? 1 : width < 800 ? 2 : 3)"
    near, start = choose_sides(lang)[0], "1" if is_rtl(lang) else "0"
    grid = shape.PanelGrid(across, lang, HEAD_PX, PANEL_PX, TOP_PX, PLOT_PX)
    x, y = grid.place_x, grid.place_y
    colour, symbol = shape.encode_slots(look, len(look.palette))
    panels, marks = shape.draw_dataset("panels"), shape.draw_dataset("marks")
    floor, *years = grid.draw_floors(panels, look)
    name: dict[str, Any] = {"align": near, "baseline": "bottom", "fontSize": 13, "fontWeight": 600}
    names = panels.mark_text(**name, text=alt.ExprRef("width < 460 ? datum.narrow : datum.wide")).encode(
        x=x(start), y=y(f"1 + 17 / {PLOT_PX}"), color=colour
    )
    ends = panels.mark_text(align=near, baseline="bottom", fontSize=11, color=look.muted).encode(
        x=x(start), y=y(f"1 + 3 / {PLOT_PX}"), text="ends:N"
    )
    lines = marks.mark_line(strokeWidth=1.8, interpolate="step-after").encode(
        x=x("datum.u"), y=y("datum.v"), color=colour, detail="panel:N", order=alt.Order("u:Q")
    )
    dots = marks.mark_point(filled=True, opacity=1, size=34).encode(
        x=x("datum.u"), y=y("datum.v"), color=colour, shape=symbol
    )
    targets = marks.mark_point(filled=True, opacity=0, size=240).encode(
        x=x("datum.u"), y=y("datum.v"), tooltip=shape.build_tooltip(lang, shape.EVENT_TOOLTIP)
    )
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x=shape.place_x("0"), y=shape.place_y("0"))
    chart = alt.layer(frame, floor, names, ends, *years, lines, dots, targets)
    return shape.finish_shape(chart, lang, theme, PANEL_PX, grid.height)
