"""Projection: the figures of one country, and beside them the range in which its line may be in the target year.

The range is made by ``dashboard.measures.progress.ranges`` (docs/method.md, progress): a fit with the spread of the
figures around it. It is drawn apart from the figures, dashed and hollow, and is left out with its reason where there is
none: too few figures, a break, a scale of yes and no, or a licence that allows figures only as published.
"""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.charts.chart import SHARED_COLUMNS, Chart, ChartOptions, ChartWords, Projection, Spec, Theme
from dashboard.charts.kinds import trend
from dashboard.charts.layers import scale, shape
from dashboard.charts.layers.frame import list_figures, strip_rows
from dashboard.charts.theme import LOOKS, hold_direction
from dashboard.charts.words import sentence, wording
from dashboard.locales import format_quantity, isolate_ltr, t

COLUMNS = ("group", *SHARED_COLUMNS)
HEIGHT = 300
LABEL_GAP = 17
NARROW = 460

Rows = list[dict[str, Any]]


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """The figures of the first chosen country and ``options.projection``; without one, ``options.note`` says why.

    The last of the rows is the projection (its middle, and the ends of the range); ``group`` names it.
    """
    table = list_figures(rows, options.highlighted[:1])
    known = [row for row in table if row["value"] is not None]
    empty = dict.fromkeys(COLUMNS)
    shown = [empty | {"group": ""} | row for row in strip_rows(table, options, SHARED_COLUMNS)]
    words = _describe(table, known, options)
    if known and (ahead := options.projection) is not None:
        shown.append(empty | _row(known[-1], ahead, options))
    data = partial(_datasets, table, known, options) if known else None
    spec = shape.draw(_shape, data, words, options, options.unit == "yes_no")
    return Chart(spec, shown, words, options.title, sentence.write_subtitle(table, options), options)


def _row(last: dict[str, Any], ahead: Projection, options: ChartOptions) -> dict[str, Any]:
    """The projection as a row of the table: no figure of any publisher, so it has no source, edition or id."""
    return {
        "group": t("results.projection.row", options.lang),
        "country": last["country"],
        "name": options.name(last["country"]),
        "period": str(ahead.year),
        "value": ahead.middle,
        "lower": ahead.low,
        "upper": ahead.high,
        "interval_level": ahead.level,
        "unit": last["unit"],
        "status": "estimated",
    }


def _describe(table: Rows, rows: Rows, options: ChartOptions) -> ChartWords:
    name, lead = options.name(options.highlighted[0]), f"{options.title}."
    if not rows:
        if wording.is_unexplained(table[0], options):
            return sentence.say_none_for([name], options)
        why = wording.explain_missing(table[0], options)
        return ChartWords((t("results.projection.no_figure", options.lang, country=name, why=why),), lead=lead)
    figure = wording.format_figure(rows[-1], options)
    told = [t("results.projection.latest", options.lang, country=name, figure=figure, year=rows[-1]["period"])]
    if options.target is not None:
        told.append(t("results.projection.target", options.lang, target=_written(options.target, options)))
    ahead = options.projection
    further = ahead.text if ahead else t("results.projection.refused", options.lang, reason=options.note)
    return ChartWords((wording.join_clauses(told, options), further), (ahead.method if ahead else "",), lead)


def _written(value: float, options: ChartOptions) -> str:
    return format_quantity(value, options.unit, options.lang, options.decimals)


def _datasets(table: Rows, rows: Rows, options: ChartOptions) -> dict[str, Rows]:
    joined = trend.number_runs(table, options)
    points = [
        wording.fill_tooltip(row, options)
        | {"value": shape.round_coordinate(row["value"]), "run": joined[row["id"]], "mark": trend.mark(row)}
        | shape.carry_ends(row)
        for row in rows
    ]
    ahead, target = options.projection, options.target
    values = [point[end] for point in points for end in ("value", "lower", "upper") if end in point]
    values += [] if ahead is None else [ahead.low, ahead.high]
    values += [] if target is None else [target]
    low, high = (-0.2, 1.2) if options.unit == "yes_no" else scale.round_range(values, options.unit)
    last = points[-1]
    years = [point["year"] for point in points] + ([ahead.year] if ahead else [])
    return {
        "figures": points,
        "path": []
        if ahead is None
        else [
            {"year": last["year"], "value": last["value"]},
            {"year": ahead.year, "value": shape.round_coordinate(ahead.middle)},
        ],
        "range": []
        if ahead is None
        else [
            {"year": ahead.year, "value": shape.round_coordinate(ahead.middle), "low": ahead.low, "high": ahead.high}
        ],
        "labels": [] if ahead is None else _labels(ahead, low, high, options),
        "target": [] if target is None else [_aim(target, low, high, options)],
        "frame": [{"year": min(years), "value": low}, {"year": max(*years, min(years) + 1), "value": high}],
        "unit": [{"label": wording.write_axis_title(options)}],
    }


def _aim(target: float, low: float, high: float, options: ChartOptions) -> dict[str, Any]:
    """The line of the target; its words stand on the side where there is room."""
    words = t("results.projection.aim", options.lang, target=_written(target, options))
    return {"value": target, "low": target - low < (high - low) / 2, "label": hold_direction(words, options.lang)}


def _labels(ahead: Projection, low: float, high: float, options: ChartOptions) -> Rows:
    """The three numbers of the range beside it, kept apart."""
    numbers = (ahead.low, ahead.middle, ahead.high)
    places = scale.spread_apart(list(numbers), LABEL_GAP * (high - low) / HEIGHT, low, high)
    return [
        {"place": place, "middle": number == 1, "label": isolate_ltr(_written(value, options))}
        for number, (value, place) in enumerate(zip(numbers, places, strict=True))
    ]


@shape.cached
def _shape(lang: str, theme: Theme, yes_no: bool) -> Spec:
    look = LOOKS[theme]
    room = f"(width < {NARROW} ? 64 : 110)"
    x = alt.X(
        "year:Q",
        scale=shape.fit_frame("year", "10", f"width - {room}"),
        axis=alt.Axis(title=None, format="d", tickMinStep=1, labelOverlap="greedy", labelSeparation=8, grid=False,
                      labelFlush=False, tickCount=shape.build_expression(f"width < {NARROW} ? 4 : 8")),
    )  # fmt: skip
    y = alt.Y(
        "value:Q",
        scale=shape.fit_frame("value"),
        axis=alt.Axis(title=None, domain=False, ticks=False, minExtent=36, **trend.choose_ticks(yes_no, lang)),
    )
    colour = look.palette[0]
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x, y)
    unit = shape.draw_dataset("unit").mark_text(align="left", baseline="bottom", fontSize=12, color=look.muted)
    unit = unit.encode(x=shape.place_x("0"), y=shape.place_y("-8"), text="label:N")
    aim = shape.draw_dataset("target")
    aims = [
        aim.mark_rule(color=look.muted, strokeWidth=1).encode(
            y, x=shape.place_x("0"), x2=shape.place_x2(f"width - {room} + 6")
        ),
        aim.mark_text(
            align="left",
            baseline="middle",
            dx=4,
            dy=shape.build_expression("datum.low ? -10 : 10"),
            fontSize=12,
            color=look.muted,
        ).encode(y, x=shape.place_x("0"), text="label:N"),
    ]
    figures = shape.draw_dataset("figures")
    intervals = (
        figures.transform_filter("isValid(datum.lower)")
        .mark_rule(strokeWidth=1.5, opacity=0.4, color=colour)
        .encode(x, alt.Y("lower:Q"), y2="upper:Q")
    )
    lines = figures.mark_line(strokeWidth=2, strokeJoin="round", color=colour).encode(x, y, detail="run:N")
    marks = [
        figures.transform_filter(f"datum.mark {'===' if hollow else '!=='} 'hollow'")
        .mark_point(filled=False, fill=look.surface if hollow else colour, color=colour, opacity=1, size=36)
        .encode(x, y)
        for hollow in (False, True)
    ]
    ahead = shape.draw_dataset("range")
    beyond = [
        shape.draw_dataset("path").mark_line(strokeWidth=1.5, strokeDash=[4, 4], color=colour).encode(x, y),
        ahead.mark_rule(strokeWidth=9, opacity=0.3, color=colour).encode(x, alt.Y("low:Q"), y2="high:Q"),
        ahead.mark_point(filled=False, fill=look.surface, color=colour, opacity=1, size=60).encode(x, y),
    ]
    weight = shape.build_expression("datum.middle ? 600 : 400")
    labels = (
        shape.draw_dataset("labels")
        .mark_text(align="left", baseline="middle", fontSize=13, fontWeight=weight, color=look.text)
        .encode(x=shape.place_x(f"width - {room} + 14"), y=alt.Y("place:Q"), text="label:N")
    )
    targets = shape.draw_targets(figures, lang, 260, x, y)
    layers = (frame, unit, *aims, intervals, lines, *beyond, *marks, labels, targets)
    return shape.finish_shape(alt.layer(*layers), lang, theme, HEIGHT)
