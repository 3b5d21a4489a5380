"""Charts of an adoption effect: the synthetic control, the gap among placebos, and an event study."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal, cast, get_args

import altair as alt

from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.layers import scale, shape
from dashboard.analysis.charts.theme import LOOKS, hold_direction
from dashboard.locales import t

EffectKind = Literal["synthetic", "gap", "event_study"]
KINDS: tuple[EffectKind, ...] = get_args(EffectKind)
COLUMNS: dict[EffectKind, tuple[str, ...]] = {
    "synthetic": ("year", "actual", "synthetic", "gap"),
    "gap": ("unit", "name", "year", "gap", "treated"),
    "event_study": ("time", "value", "lower", "upper"),
}
HEIGHT = 320
EVENT_OFFSET_YEARS = 0.5  # years before its first year at which adoption is drawn

Rows = Sequence[dict[str, Any]]


def build(kind: EffectKind, rows: Rows, options: ChartOptions, event: float | None, words: ChartWords) -> Chart:
    """Return a chart of rows with the ``COLUMNS`` of its kind.

    ``event`` is the first year after adoption; None in an event study, where it is 0.
    """
    shown = [dict(row) for row in rows]
    data = partial(_build_data, kind, shown, options, event) if shown else None
    return shape.make_chart(
        _SHAPES[kind], data, shown, words, t(f"effects.chart.{kind}.subtitle", options.lang), options
    )


def _build_data(kind: EffectKind, rows: Rows, options: ChartOptions, event: float | None) -> dict[str, list[Any]]:
    at = "time" if kind == "event_study" else "year"
    values = {"synthetic": ("actual", "synthetic"), "gap": ("gap",), "event_study": ("value", "lower", "upper")}[kind]
    numbers = [row[name] for row in rows for name in values if row[name] is not None]
    if kind != "synthetic":
        numbers.append(0.0)
    low, high = scale.round_range(numbers, "score")
    places = [row[at] for row in rows]
    since = (0.0 if event is None else event) - EVENT_OFFSET_YEARS
    datasets: dict[str, list[Any]] = {
        "frame": [{"at": min(*places, since), "value": low}, {"at": max(*places, since), "value": high}],
        "event": [{"at": since, "label": hold_direction(t("effects.chart.event", options.lang), options.lang)}],
    }
    if kind == "synthetic":
        datasets["lines"] = [
            {"at": row["year"], "value": shape.round_coordinate(row[side]), "side": side}
            for side in ("actual", "synthetic")
            for row in rows
        ]
        last = max(rows, key=lambda row: cast(int, row["year"]))
        datasets["ends"] = [
            {"at": last["year"], "value": shape.round_coordinate(last[side]), "side": side, "label": label}
            for side, word in (("actual", "actual"), ("synthetic", "synthetic_label"))
            for label in (hold_direction(t(f"effects.chart.{word}", options.lang), options.lang),)
        ]
    elif kind == "gap":
        datasets["gaps"] = [
            {
                "at": row["year"],
                "value": shape.round_coordinate(row["gap"]),
                "unit": row["unit"],
                "treated": int(row["treated"]),
            }
            for row in rows
        ]
    else:
        datasets["effects"] = [
            {"at": row["time"], "value": shape.round_coordinate(row["value"]), "before": int(row["time"] < 0)}
            | ({} if row["lower"] is None else {end: shape.round_coordinate(row[end]) for end in ("lower", "upper")})
            for row in rows
        ]
    return datasets


def _make_axes(room: int) -> tuple[alt.X, alt.Y]:
    x = alt.X(
        "at:Q",
        scale=shape.fit_frame("at", "10", f"width - {room}"),
        axis=alt.Axis(title=None, format="d", tickMinStep=1, grid=False, tickCount=alt.ExprRef("width<460?4:8")),
    )
    y = alt.Y(
        "value:Q",
        scale=shape.fit_frame("value"),
        axis=alt.Axis(title=None, domain=False, ticks=False, minExtent=36, tickCount=5, format=",~f"),
    )
    return x, y


def _draw_ground(theme: Theme, x: alt.X, y: alt.Y, *, zero: bool) -> list[alt.Chart]:
    look = LOOKS[theme]
    layers = [
        shape.draw_dataset("frame").mark_point(opacity=0).encode(x, y),
        shape.draw_dataset("event").mark_rule(color=look.muted, strokeDash=[2, 3]).encode(x),
        shape.draw_dataset("event")
        .mark_text(align="left", baseline="top", dx=4, color=look.muted, fontSize=11)
        .encode(x, y=shape.place_y("0"), text="label:N"),
    ]
    if zero:
        layers.append(
            shape.draw_dataset("event")
            .mark_rule(color=look.muted)
            .encode(y=alt.Y("zero:Q"))
            .transform_calculate(zero="0")
        )
    return layers


@shape.cache_shape
def _draw_synthetic(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    x, y = _make_axes(92)
    colour = alt.Color(
        "side:N", scale=alt.Scale(domain=["actual", "synthetic"], range=list(look.palette[:2])), legend=None
    )
    dash = alt.StrokeDash(
        "side:N", scale=alt.Scale(domain=["actual", "synthetic"], range=[[1, 0], [5, 4]]), legend=None
    )
    lines = shape.draw_dataset("lines").mark_line(strokeWidth=2).encode(x, y, color=colour, strokeDash=dash)
    ends = (
        shape.draw_dataset("ends")
        .mark_text(align="left", baseline="middle", dx=8, fontSize=12, fontWeight=600)
        .encode(x, y, color=colour, text="label:N")
    )
    return shape.finish_shape(alt.layer(*_draw_ground(theme, x, y, zero=False), lines, ends), lang, theme, HEIGHT)


@shape.cache_shape
def _draw_gap(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    x, y = _make_axes(12)
    lines = [
        shape.draw_dataset("gaps")
        .transform_filter(f"datum.treated === {treated}")
        .mark_line(strokeWidth=width, color=colour, opacity=opacity)
        .encode(x, y, detail="unit:N")
        for treated, width, colour, opacity in ((0, 1, look.rest, 0.5), (1, 2.5, look.palette[0], 1))
    ]
    return shape.finish_shape(alt.layer(*_draw_ground(theme, x, y, zero=True), *lines), lang, theme, HEIGHT)


@shape.cache_shape
def _draw_event_study(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    x, y = _make_axes(12)
    data = shape.draw_dataset("effects")
    intervals = (
        data.transform_filter("isValid(datum.lower)")
        .mark_rule(strokeWidth=1.5, color=look.palette[0], opacity=0.5)
        .encode(x, alt.Y("lower:Q"), y2="upper:Q")
    )
    points = [
        data.transform_filter(f"datum.before === {before}")
        .mark_point(filled=True, fill=fill, stroke=look.palette[0], strokeWidth=1.6, size=60, opacity=1)
        .encode(x, y)
        for before, fill in ((1, look.surface), (0, look.palette[0]))
    ]
    return shape.finish_shape(alt.layer(*_draw_ground(theme, x, y, zero=True), intervals, *points), lang, theme, HEIGHT)


_SHAPES = {"synthetic": _draw_synthetic, "gap": _draw_gap, "event_study": _draw_event_study}
synthetic, gap, event_study = (partial(build, kind) for kind in KINDS)
"""Builders of the three kinds."""
