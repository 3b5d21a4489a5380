"""Funnel: each centre's share by its cases, between limits of chance.

A small centre may lie far from the others without differing from them. Outside means "differs".
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import altair as alt

from dashboard.analysis.charts.centres import CentreFigures, CentreFunnel, Point
from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.layers import shape
from dashboard.analysis.charts.layers.frame import Rows
from dashboard.analysis.charts.theme import LOOKS, hold_direction
from dashboard.analysis.charts.words.wording import shorten_name
from dashboard.locales import format_number, format_quantity, t

COLUMNS = (
    "centre", "name", "share", "n", "target", "outer_low", "inner_low", "inner_high", "outer_high", "outside",
)  # fmt: skip
HEIGHT = 280
MAX_NAMED = 3  # centres named in a sentence
MAX_NAME_LETTERS = 24  # letters of a name beside its mark


def build(figures: CentreFigures, options: ChartOptions) -> Chart:
    """Return the funnel, or words alone if no centre has enough cases."""
    funnel = figures.funnel
    rows = [_make_row(point, funnel) for point in funnel.points] if funnel else []
    return draw_funnel(funnel, rows, describe_funnel(funnel, options), options)


def draw_funnel(funnel: CentreFunnel | None, rows: Rows, words: ChartWords, options: ChartOptions) -> Chart:
    """Return points between limits, or words alone without a funnel."""
    data = partial(_build_data, funnel, options) if funnel else None
    return shape.make_chart(_draw_shape, data, rows, words, options.group_label, options)


def describe_funnel(funnel: CentreFunnel | None, options: ChartOptions) -> ChartWords:
    """Return the words: how many centres, around which share, and which differ beyond chance."""
    lang = options.lang
    if funnel is None:
        return ChartWords((t("delivery.chart.funnel_none", lang),))
    outside = [point.name for point in funnel.points if point.outside == "outer"]
    text = t(
        "delivery.chart.funnel",
        lang,
        centres=format_number(len(funnel.points), lang),
        share=format_quantity(funnel.target, "percent", lang, 1),
    )
    names = t("charts.comma", lang).join(outside)
    inside = "inside_widened" if funnel.widened > 1 else "inside"
    outside_text = t("delivery.chart.outside", lang, names=names) if outside else t(f"delivery.chart.{inside}", lang)
    factor = (
        t("delivery.country.widened", lang, factor=format_number(funnel.widened, lang, 2)) if funnel.widened > 1 else ""
    )
    limits = t("delivery.chart.funnel_limits", lang)
    return ChartWords((text, outside_text), (limits, factor, *describe_hidden(funnel.hidden, lang)))


def describe_hidden(hidden: Sequence[tuple[str, Sequence[str]]], lang: str) -> list[str]:
    """Return a sentence for each centre that beats, service by service, centres shown above it."""
    return [t("delivery.alike.hidden", lang, name=name, names=list_names(above, lang)) for name, above in hidden]


def list_names(names: Sequence[str], lang: str) -> str:
    """Return the first names, and how many more."""
    more = len(names) - MAX_NAMED
    listed = t("charts.comma", lang).join(names[:MAX_NAMED])
    return listed if more <= 0 else t("delivery.alike.and_more", lang, names=listed, n=format_number(more, lang))


def _make_row(point: Point, funnel: CentreFunnel) -> dict[str, Any]:
    values = (point.centre, point.name, point.share, point.n, funnel.target, *point.limits, point.outside)
    return dict(zip(COLUMNS, values, strict=True))


def _build_data(funnel: CentreFunnel, options: ChartOptions) -> dict[str, Rows]:
    lang = options.lang
    most = max(point.n for point in funnel.points)
    limits = [edge for _, four in funnel.curve for edge in four]
    low = min(limits + [point.share for point in funnel.points])
    high = max(limits + [point.share for point in funnel.points])
    room = max(0.5, 0.04 * (high - low))
    points = [
        {
            "n": point.n,
            "share": round(point.share, 4),
            "outside": point.outside == "outer",
            "label": hold_direction(shorten_name(point.name, MAX_NAME_LETTERS), lang)
            if point.outside == "outer"
            else "",
            "name": point.name,
            "figure": format_quantity(point.share, "percentage_points", lang, 1, signed=True)
            if funnel.apart
            else format_quantity(point.share, "percent", lang, 1),
            "cases": format_number(point.n, lang),
        }
        for point in funnel.points
    ]
    kinds = ("outer", "inner", "inner", "outer")
    curve = [
        {"n": n, "line": line, "kind": kinds[line], "share": round(edge, 4)}
        for n, four in funnel.curve
        for line, edge in enumerate(four)
    ]
    return {
        "points": points,
        "curve": curve,
        "target": [{"share": round(funnel.target, 4)}],
        "frame": [
            {
                "n": min(n for n, _ in funnel.curve),
                "share": round(low - room if funnel.apart else max(0.0, low - room), 2),
            },
            {"n": round(most * 1.08), "share": round(high + room if funnel.apart else min(100.0, high + room), 2)},
        ],
        "unit": [
            {"label": hold_direction(t(f"delivery.{'alike.axis' if funnel.apart else 'chart.share_axis'}", lang), lang)}
        ],
    }


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    x = alt.X(
        "n:Q",
        scale=shape.fit_frame("n"),
        axis=alt.Axis(
            title=hold_direction(t("delivery.chart.cases_axis", lang), lang), format="~s", grid=False,
            tickCount=alt.ExprRef("width < 460 ? 4 : 8"),
        ),
    )  # fmt: skip
    y = alt.Y(
        "share:Q",
        scale=shape.fit_frame("share"),
        axis=alt.Axis(title=None, domain=False, ticks=False, minExtent=34, tickCount=5),
    )
    inner, outer = (
        shape.draw_dataset("curve")
        .transform_filter(f"datum.kind === '{kind}'")
        .mark_line(interpolate="monotone", strokeWidth=1.2, color=look.muted, strokeDash=dash)
        .encode(x, y, detail="line:N")
        for kind, dash in (("inner", [1, 0]), ("outer", [5, 3]))
    )
    target = shape.draw_dataset("target").mark_rule(strokeWidth=1.2, color=look.text).encode(y=y)
    points = shape.draw_dataset("points")
    marks = points.mark_point(
        filled=True, opacity=1, size=64,
        fill=alt.ExprRef(f"datum.outside ? '{look.palette[1]}' : '{look.palette[0]}'"),
        shape=alt.ExprRef("datum.outside ? 'diamond' : 'circle'"),
    )  # fmt: skip
    tooltip = {
        "name": "delivery.country.centre",
        "figure": "charts.tooltip.figure",
        "cases": "delivery.chart.cases_axis",
    }
    labels: dict[str, Any] = {
        "align": alt.ExprRef("datum.n > 0.7 * data('frame')[1].n ? 'right' : 'left'"),
        "dx": alt.ExprRef("datum.n > 0.7 * data('frame')[1].n ? -9 : 9"),
        "baseline": "middle",
        "fontSize": 12,
    }
    unit = shape.draw_dataset("unit").mark_text(align="left", baseline="bottom", fontSize=12, color=look.muted)
    chart = alt.layer(
        shape.draw_dataset("frame").mark_point(opacity=0).encode(x, y),
        unit.encode(x=shape.place_x("0"), y=shape.place_y("-8"), text="label:N"),
        inner,
        outer,
        target,
        marks.encode(x, y, tooltip=shape.build_tooltip(lang, tooltip)),
        points.mark_text(**labels, stroke=look.surface, strokeWidth=4).encode(x, y, text="label:N"),
        points.mark_text(**labels, color=look.text).encode(x, y, text="label:N"),
    )
    return shape.finish_shape(chart, lang, theme, HEIGHT)
