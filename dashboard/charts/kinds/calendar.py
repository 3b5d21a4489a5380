"""Calendar heatmap: one line a centre, one tile a month, stronger where the figure is higher, hollow where none is."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import altair as alt

from dashboard.charts.centres import CentreFigures, CentreTile
from dashboard.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.charts.layers import shape
from dashboard.charts.theme import LOOKS, hold_direction
from dashboard.charts.words.wording import shorten_name
from dashboard.locales import format_day, t

COLUMNS = ("centre", "name", "month", "kind", "value", "lower", "upper", "n")
ROW_HEIGHT = 26
WORDS = 26  # letters of a centre's name
HEAD = 40
MOST_ROWS = 24
"""Centres that have a line; which ones is said below the drawing."""

Rows = list[dict[str, Any]]


def build(figures: CentreFigures, options: ChartOptions) -> Chart:
    """The calendar of the centres that have a line; words alone where no tile has a figure."""
    shown, which = figures.foremost(MOST_ROWS)
    tiles, months = figures.tiles(shown), figures.months
    rows = [{name: getattr(one, name) for name in COLUMNS} for one in tiles]
    words = describe_calendar(which, tiles, options)
    some = any(one.value is not None for one in tiles)
    data = partial(_datasets, tiles, months, options, figures.felt) if some else None
    spec = shape.draw(_shape, data, words, options)
    return Chart(spec, rows, words, options.title, options.group_label, options)


def describe_calendar(which: str, tiles: Sequence[CentreTile], options: ChartOptions) -> ChartWords:
    """Which centres are drawn, the highest and the lowest figure, whose and when, and how many tiles have none."""
    lang = options.lang
    valued = [one for one in tiles if one.value is not None]
    if not valued:
        return ChartWords((which, t("delivery.chart.calendar_none", lang)))
    top = max(valued, key=lambda one: one.value or 0.0)
    low = min(valued, key=lambda one: one.value or 0.0)
    if top.said == low.said:
        text = t("delivery.chart.calendar_level", lang, figure=top.said)
    else:
        text = t(
            "delivery.chart.calendar", lang, high=top.said, high_centre=top.name, high_month=_month(top.month, lang),
            low=low.said, low_centre=low.name, low_month=_month(low.month, lang),
        )  # fmt: skip
    none = len(tiles) - len(valued)
    missing = t("delivery.chart.calendar_missing", lang, count=none) if none else ""
    return ChartWords((which, text), (missing,)) if which else ChartWords((text, missing))


def _month(month: str, lang: str) -> str:
    return format_day(month, lang)


def _datasets(
    tiles: Sequence[CentreTile], months: Sequence[tuple[str, str]], options: ChartOptions, felt: float
) -> dict[str, Rows]:
    lang, look = options.lang, LOOKS[options.theme]
    order = list(dict.fromkeys(one.centre for one in tiles))
    places = {month: at for at, (month, _) in enumerate(months)}
    values = [one.value for one in tiles if one.value is not None]
    low, high = min(values), max(values)
    reach = max(high - low, felt) or 1.0
    steps = len(look.sequential)
    marks = []
    for one in tiles:
        step = 0 if one.value is None else min(steps - 1, int(steps * (one.value - low) / reach))
        marks.append(
            {
                "row": order.index(one.centre),
                "column": places[one.month],
                "colour": look.surface if one.value is None else look.sequential[step],
                "ink": look.muted if one.value is None else look.inks[step],
                "hollow": one.value is None,
                "short": one.short or "–",
                "name": one.name,
                "when": _month(one.month, lang),
                "figure": one.said,
            }
        )
    names = {one.centre: one.name for one in tiles}
    frame = [{"rows": len(order), "columns": len(months)}]
    return {
        "tiles": marks,
        "frame": frame,
        "names": [
            {"row": at, "label": hold_direction(shorten_name(names[centre], WORDS), lang)}
            for at, centre in enumerate(order)
        ],
        "months": [{"column": at, "label": short} for at, (_, short) in enumerate(months)],
    }


@shape.cached
def _shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    room = "(width < 560 ? 96 : 176)"
    wide = f"((width - {room}) / data('frame')[0].columns)"
    head = f"({wide} < 40 ? {HEAD} : {HEAD} / 2)"  # room for months aslant, or upright
    left = f"{room} + datum.column * {wide}"
    top = f"{head} + datum.row * {ROW_HEIGHT}"
    told = {"name": "delivery.country.centre", "when": "charts.tooltip.year", "figure": "charts.tooltip.figure"}
    tiles = shape.draw_dataset("tiles")
    chart = alt.layer(
        shape.draw_dataset("frame")
        .mark_point(opacity=0)
        .encode(x=shape.place_x("0"), y=shape.place_y("0")),  # read by expressions
        shape.draw_dataset("names")
        .mark_text(
            align="left", baseline="middle", fontSize=12, color=look.text, limit=shape.build_expression(f"{room} - 6")
        )
        .encode(x=shape.place_x("0"), y=shape.place_y(f"{top} + {ROW_HEIGHT} / 2"), text="label:N"),
        shape.draw_dataset("months")
        .mark_text(
            align="left",
            baseline="bottom",
            fontSize=11,
            color=look.muted,
            angle=shape.build_expression(f"{wide} < 40 ? 315 : 0"),
            dx=shape.build_expression(f"{wide} < 40 ? 0 : -14"),
        )
        .encode(x=shape.place_x(f"{left} + {wide} / 2"), y=shape.place_y(f"{head} - 6"), text="label:N"),
        tiles.mark_rect(
            fill=shape.build_expression("datum.colour"),
            stroke=shape.build_expression(f"datum.hollow ? '{look.hairline}' : '{look.surface}'"),
            strokeWidth=1,
        ).encode(
            x=shape.place_x(f"{left} + 1"),
            x2=shape.place_x2(f"{left} + {wide} - 1"),
            y=shape.place_y(f"{top} + 1"),
            y2=shape.place_y2(f"{top} + {ROW_HEIGHT} - 1"),
            tooltip=shape.build_tooltip(lang, told),
        ),
        tiles.mark_text(
            baseline="middle",
            fontSize=11,
            color=shape.build_expression("datum.ink"),
            opacity=shape.build_expression(f"{wide} < 26 ? 0 : 1"),
        ).encode(x=shape.place_x(f"{left} + {wide} / 2"), y=shape.place_y(f"{top} + {ROW_HEIGHT} / 2"), text="short:N"),
    )
    height = alt.param(name="height", expr=f"{head} + {ROW_HEIGHT} * data('frame')[0].rows")
    return shape.finish_shape(chart.add_params(height), lang, theme, ROW_HEIGHT)  # any number: the parameter counts
