"""Funnel: each centre's share against its cases, between limits that chance alone would keep.

A small centre may lie far from the others without differing from them; the limits say how far. Outside is "differs".
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import altair as alt

from dashboard.charts.centres import CentreFigures, CentreFunnel, Point
from dashboard.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.charts.layers import shape
from dashboard.charts.theme import LOOKS, hold_direction
from dashboard.charts.words.wording import shorten_name
from dashboard.locales import format_number, format_quantity, t

COLUMNS = (
    "centre", "name", "share", "n", "target", "outer_low", "inner_low", "inner_high", "outer_high", "outside",
)  # fmt: skip
HEIGHT = 280
NAMED = 3  # centres named in a sentence
WORDS = 24  # letters of a name beside its mark

Rows = list[dict[str, Any]]


def build(figures: CentreFigures, options: ChartOptions) -> Chart:
    """The funnel; words alone where no centre has enough cases."""
    funnel = figures.funnel
    rows = [_row(one, funnel) for one in funnel.points] if funnel else []
    return draw_funnel(funnel, rows, describe_funnel(funnel, options), options)


def draw_funnel(funnel: CentreFunnel | None, rows: Rows, words: ChartWords, options: ChartOptions) -> Chart:
    """Points between limits, with these rows and words; the words alone where there is no funnel."""
    spec = shape.draw(_shape, partial(_datasets, funnel, options) if funnel else None, words, options)
    return Chart(spec, rows, words, options.title, options.group_label, options)


def describe_funnel(funnel: CentreFunnel | None, options: ChartOptions) -> ChartWords:
    """How many centres, around which share, and which differ by more than chance."""
    lang = options.lang
    if funnel is None:
        return ChartWords((t("delivery.chart.funnel_none", lang),))
    outside = [one.name for one in funnel.points if one.outside == "outer"]
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
    """A sentence for each centre that is better, service by service, than centres shown above it."""
    return [t("delivery.alike.hidden", lang, name=name, names=list_names(others, lang)) for name, others in hidden]


def list_names(names: Sequence[str], lang: str) -> str:
    """The first names, and how many more."""
    more = len(names) - NAMED
    listed = t("charts.comma", lang).join(names[:NAMED])
    return listed if more <= 0 else t("delivery.alike.and_more", lang, names=listed, n=format_number(more, lang))


def _row(one: Point, funnel: CentreFunnel) -> dict[str, Any]:
    held = (one.centre, one.name, one.share, one.n, funnel.target, *one.limits, one.outside)
    return dict(zip(COLUMNS, held, strict=True))


def _datasets(funnel: CentreFunnel, options: ChartOptions) -> dict[str, Rows]:
    lang = options.lang
    most = max(one.n for one in funnel.points)
    limits = [edge for _, four in funnel.curve for edge in four]
    low = min(limits + [one.share for one in funnel.points])
    high = max(limits + [one.share for one in funnel.points])
    room = max(0.5, 0.04 * (high - low))
    points = [
        {
            "n": one.n,
            "share": round(one.share, 4),
            "outside": one.outside == "outer",
            "label": hold_direction(shorten_name(one.name, WORDS), lang) if one.outside == "outer" else "",
            "name": one.name,
            "figure": format_quantity(one.share, "percentage_points", lang, 1, signed=True)
            if funnel.apart
            else format_quantity(one.share, "percent", lang, 1),
            "cases": format_number(one.n, lang),
        }
        for one in funnel.points
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


@shape.cached
def _shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    x = alt.X(
        "n:Q",
        scale=shape.fit_frame("n"),
        axis=alt.Axis(
            title=hold_direction(t("delivery.chart.cases_axis", lang), lang), format="~s", grid=False,
            tickCount=shape.build_expression("width < 460 ? 4 : 8"),
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
        fill=shape.build_expression(f"datum.outside ? '{look.palette[1]}' : '{look.palette[0]}'"),
        shape=shape.build_expression("datum.outside ? 'diamond' : 'circle'"),
    )  # fmt: skip
    told = {
        "name": "delivery.country.centre",
        "figure": "charts.tooltip.figure",
        "cases": "delivery.chart.cases_axis",
    }
    labels: dict[str, Any] = {
        "align": shape.build_expression("datum.n > 0.7 * data('frame')[1].n ? 'right' : 'left'"),
        "dx": shape.build_expression("datum.n > 0.7 * data('frame')[1].n ? -9 : 9"),
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
        marks.encode(x, y, tooltip=shape.build_tooltip(lang, told)),
        points.mark_text(**labels, stroke=look.surface, strokeWidth=4).encode(x, y, text="label:N"),
        points.mark_text(**labels, color=look.text).encode(x, y, text="label:N"),
    )
    return shape.finish_shape(chart, lang, theme, HEIGHT)
