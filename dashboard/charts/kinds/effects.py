"""Charts of an adoption effect: a country beside its synthetic one, its gap among those of placebos, an event study.

They draw the result of a plan and no rows of the dataset, so they are built from plain rows and have addresses of their
own (``/api/v1/effects/{job}/…``).
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal, cast, get_args

import altair as alt

from dashboard.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.charts.layers import scale, shape
from dashboard.charts.theme import LOOKS, hold_direction
from dashboard.locales import t

EffectKind = Literal["synthetic", "gap", "event_study"]
KINDS: tuple[EffectKind, ...] = get_args(EffectKind)
COLUMNS: dict[EffectKind, tuple[str, ...]] = {
    "synthetic": ("year", "actual", "synthetic", "gap"),
    "gap": ("unit", "name", "year", "gap", "treated"),
    "event_study": ("time", "value", "lower", "upper"),
}
HEIGHT = 320
EDGE = 0.5
"""How far before its first year adoption is drawn."""

Rows = Sequence[dict[str, Any]]


def build(kind: EffectKind, rows: Rows, options: ChartOptions, event: float | None, words: ChartWords) -> Chart:
    """A chart of these rows, which have the columns of its kind; ``COLUMNS`` are also those of its file.

    Args:
        kind: which chart.
        rows: what is drawn, values in the unit of the outcome.
        options: language, theme, title, unit and source line.
        event: the first year after adoption; None in an event study, where it is 0.
        words: what the chart shows.
    """
    shown = [dict(row) for row in rows]
    data = partial(_datasets, kind, shown, options, event) if shown else None
    spec = shape.draw(_SHAPES[kind], data, words, options)
    return Chart(spec, shown, words, options.title, t(f"effects.chart.{kind}.subtitle", options.lang), options)


def _datasets(kind: EffectKind, rows: Rows, options: ChartOptions, event: float | None) -> dict[str, list[Any]]:
    at = "time" if kind == "event_study" else "year"
    values = {"synthetic": ("actual", "synthetic"), "gap": ("gap",), "event_study": ("value", "lower", "upper")}[kind]
    numbers = [row[name] for row in rows for name in values if row[name] is not None]
    if kind != "synthetic":
        numbers.append(0.0)
    low, high = scale.round_range(numbers, "score")
    places = [row[at] for row in rows]
    since = (0.0 if event is None else event) - EDGE
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


def _axes(room: int) -> tuple[alt.X, alt.Y]:
    x = alt.X(
        "at:Q",
        scale=shape.fit_frame("at", "10", f"width - {room}"),
        axis=alt.Axis(
            title=None, format="d", tickMinStep=1, grid=False, tickCount=shape.build_expression("width<460?4:8")
        ),
    )
    y = alt.Y(
        "value:Q",
        scale=shape.fit_frame("value"),
        axis=alt.Axis(title=None, domain=False, ticks=False, minExtent=36, tickCount=5, format=",~f"),
    )
    return x, y


def _ground(theme: Theme, x: alt.X, y: alt.Y, *, zero: bool) -> list[alt.Chart]:
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


@shape.cached
def _synthetic(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    x, y = _axes(92)
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
    return shape.finish_shape(alt.layer(*_ground(theme, x, y, zero=False), lines, ends), lang, theme, HEIGHT)


@shape.cached
def _gap(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    x, y = _axes(12)
    lines = [
        shape.draw_dataset("gaps")
        .transform_filter(f"datum.treated === {treated}")
        .mark_line(strokeWidth=width, color=colour, opacity=opacity)
        .encode(x, y, detail="unit:N")
        for treated, width, colour, opacity in ((0, 1, look.rest, 0.5), (1, 2.5, look.palette[0], 1))
    ]
    return shape.finish_shape(alt.layer(*_ground(theme, x, y, zero=True), *lines), lang, theme, HEIGHT)


@shape.cached
def _event_study(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    x, y = _axes(12)
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
    return shape.finish_shape(alt.layer(*_ground(theme, x, y, zero=True), intervals, *points), lang, theme, HEIGHT)


_SHAPES = {"synthetic": _synthetic, "gap": _gap, "event_study": _event_study}
synthetic, gap, event_study = (partial(build, kind) for kind in KINDS)
"""The builders of the three, as ``build`` without its first argument."""
