"""Projection: a country's figures, and the range in which its line may be in the target year.

The range is of ``dashboard.analysis.measures.progress.ranges``; where there is none the reason is given.
"""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import SHARED_COLUMNS, Chart, ChartOptions, ChartWords, Projection, Spec, Theme
from dashboard.analysis.charts.kinds import trend
from dashboard.analysis.charts.layers import scale, shape
from dashboard.analysis.charts.layers.frame import Rows, list_figures, strip_rows
from dashboard.analysis.charts.theme import LOOKS, hold_direction
from dashboard.analysis.charts.words import sentence, wording
from dashboard.locales import format_quantity, isolate_ltr, t

COLUMNS = ("group", *SHARED_COLUMNS)
HEIGHT = 300
LABEL_GAP_PX = 17
NARROW = 460


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return the figures of the first chosen country and ``options.projection``, or why there is none.

    The last of the rows is the projection (its middle, and the ends of the range); ``group`` names it.
    """
    table = list_figures(rows, options.highlighted[:1])
    valued = [row for row in table if row["value"] is not None]
    empty = dict.fromkeys(COLUMNS)
    shown = [empty | {"group": ""} | row for row in strip_rows(table, options, SHARED_COLUMNS)]
    words = _describe(table, valued, options)
    if valued and (ahead := options.projection) is not None:
        shown.append(empty | _make_row(valued[-1], ahead, options))
    data = partial(_build_data, table, valued, options) if valued else None
    return shape.make_chart(
        _draw_shape, data, shown, words, sentence.write_subtitle(table, options), options, options.unit == "yes_no"
    )


def _make_row(last: dict[str, Any], ahead: Projection, options: ChartOptions) -> dict[str, Any]:
    """Return the projection as a row, without source, edition and id, as nobody published it."""
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
    sentences = [t("results.projection.latest", options.lang, country=name, figure=figure, year=rows[-1]["period"])]
    if options.target is not None:
        sentences.append(t("results.projection.target", options.lang, target=_format_value(options.target, options)))
    ahead = options.projection
    further = ahead.text if ahead else t("results.projection.refused", options.lang, reason=options.note)
    return ChartWords((wording.join_clauses(sentences, options), further), (ahead.method if ahead else "",), lead)


def _format_value(value: float, options: ChartOptions) -> str:
    return format_quantity(value, options.unit, options.lang, options.decimals)


def _build_data(table: Rows, rows: Rows, options: ChartOptions) -> dict[str, Rows]:
    joined = trend.number_runs(table, options)
    points = [
        wording.fill_tooltip(row, options)
        | {"value": shape.round_coordinate(row["value"]), "run": joined[row["id"]], "mark": trend.choose_mark(row)}
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
        "labels": [] if ahead is None else _make_labels(ahead, low, high, options),
        "target": [] if target is None else [_make_aim(target, low, high, options)],
        "frame": [{"year": min(years), "value": low}, {"year": max(*years, min(years) + 1), "value": high}],
        "unit": [{"label": wording.write_axis_title(options)}],
    }


def _make_aim(target: float, low: float, high: float, options: ChartOptions) -> dict[str, Any]:
    """Return the line of the target, its words on the side with room."""
    words = t("results.projection.aim", options.lang, target=_format_value(target, options))
    return {"value": target, "low": target - low < (high - low) / 2, "label": hold_direction(words, options.lang)}


def _make_labels(ahead: Projection, low: float, high: float, options: ChartOptions) -> Rows:
    """Return the three numbers of the range beside it, kept apart."""
    numbers = (ahead.low, ahead.middle, ahead.high)
    places = scale.spread_apart(list(numbers), LABEL_GAP_PX * (high - low) / HEIGHT, low, high)
    return [
        {"place": place, "middle": number == 1, "label": isolate_ltr(_format_value(value, options))}
        for number, (value, place) in enumerate(zip(numbers, places, strict=True))
    ]


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme, yes_no: bool) -> Spec:
    look = LOOKS[theme]
    room = f"(width < {NARROW} ? 64 : 110)"
    x = alt.X(
        "year:Q",
        scale=shape.fit_frame("year", "10", f"width - {room}"),
        axis=alt.Axis(title=None, format="d", tickMinStep=1, labelOverlap="greedy", labelSeparation=8, grid=False,
                      labelFlush=False, tickCount=alt.ExprRef(f"width < {NARROW} ? 4 : 8")),
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
            dy=alt.ExprRef("datum.low ? -10 : 10"),
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
    weight = alt.ExprRef("datum.middle ? 600 : 400")
    labels = (
        shape.draw_dataset("labels")
        .mark_text(align="left", baseline="middle", fontSize=13, fontWeight=weight, color=look.text)
        .encode(x=shape.place_x(f"width - {room} + 14"), y=alt.Y("place:Q"), text="label:N")
    )
    targets = shape.draw_targets(figures, lang, 260, x, y)
    layers = (frame, unit, *aims, intervals, lines, *beyond, *marks, labels, targets)
    return shape.finish_shape(alt.layer(*layers), lang, theme, HEIGHT)
