"""Funnel: each centre's share against its cases, between limits that chance alone would keep.

A small centre may lie far from the others without differing from them; the limits say how far. Outside is "differs".
"""

from typing import Any

import altair as alt

from dashboard.charts.centres import CentreFigures, Funnel, Point
from dashboard.charts.chart import Chart, ChartOptions, Spec, Theme
from dashboard.charts.layers import shape
from dashboard.charts.theme import LOOKS, directed
from dashboard.charts.words.wording import short_name
from dashboard.locales import number, quantity, t

COLUMNS = (
    "centre", "name", "share", "n", "target", "outer_low", "inner_low", "inner_high", "outer_high", "outside",
)  # fmt: skip
HEIGHT = 280
WORDS = 24  # letters of a name beside its mark

Rows = list[dict[str, Any]]


def build(figures: CentreFigures, options: ChartOptions) -> Chart:
    """The funnel; words alone where no centre has enough cases."""
    funnel = figures.funnel
    words = sentence(funnel, options)
    if funnel is None:
        spec = shape.once(lambda: shape.in_words(words, options.lang, options.theme))
        return Chart(spec, [], words, options.title, options.group_label, options)
    spec = shape.once(lambda: shape.attach(_shape(options.lang, options.theme), _datasets(funnel, options)))
    return Chart(spec, [_row(one, funnel) for one in funnel.points], words, options.title, options.group_label, options)


def sentence(funnel: Funnel | None, options: ChartOptions) -> str:
    """How many centres, around which share, and which differ by more than chance."""
    lang = options.lang
    if funnel is None:
        return t("delivery.chart.funnel_none", lang)
    outside = [one.name for one in funnel.points if one.outside == "outer"]
    text = t(
        "delivery.chart.funnel",
        lang,
        centres=number(len(funnel.points), lang),
        share=quantity(funnel.target, "percent", lang, 1),
    )
    names = t("charts.comma", lang).join(outside)
    inside = "inside_widened" if funnel.widened > 1 else "inside"
    outside_text = t("delivery.chart.outside", lang, names=names) if outside else t(f"delivery.chart.{inside}", lang)
    factor = t("delivery.country.widened", lang, factor=number(funnel.widened, lang, 2)) if funnel.widened > 1 else ""
    return " ".join(filter(None, (text, outside_text, factor)))


def _row(one: Point, funnel: Funnel) -> dict[str, Any]:
    held = (one.centre, one.name, one.share, one.n, funnel.target, *one.limits, one.outside)
    return dict(zip(COLUMNS, held, strict=True))


def _datasets(funnel: Funnel, options: ChartOptions) -> dict[str, Rows]:
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
            "label": directed(short_name(one.name, WORDS), lang) if one.outside == "outer" else "",
            "name": one.name,
            "figure": quantity(one.share, "percent", lang, 1),
            "cases": number(one.n, lang),
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
            {"n": min(n for n, _ in funnel.curve), "share": round(max(0.0, low - room), 2)},
            {"n": round(most * 1.08), "share": round(min(100.0, high + room), 2)},
        ],
        "unit": [{"label": directed(t("delivery.chart.share_axis", lang), lang)}],
    }


@shape.cached
def _shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    x = alt.X(
        "n:Q",
        scale=alt.Scale(domain=shape.framed("n"), zero=False, nice=False),
        axis=alt.Axis(
            title=directed(t("delivery.chart.cases_axis", lang), lang), format="~s", grid=False,
            tickCount=shape.expression("width < 460 ? 4 : 8"),
        ),
    )  # fmt: skip
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=shape.framed("share"), zero=False, nice=False),
        axis=alt.Axis(title=None, domain=False, ticks=False, minExtent=34, tickCount=5),
    )
    inner, outer = (
        shape.named("curve")
        .transform_filter(f"datum.kind === '{kind}'")
        .mark_line(interpolate="monotone", strokeWidth=1.2, color=look.muted, strokeDash=dash)
        .encode(x, y, detail="line:N")
        for kind, dash in (("inner", [1, 0]), ("outer", [5, 3]))
    )
    target = shape.named("target").mark_rule(strokeWidth=1.2, color=look.text).encode(y=y)
    points = shape.named("points")
    marks = points.mark_point(
        filled=True, opacity=1, size=64,
        fill=shape.expression(f"datum.outside ? '{look.palette[1]}' : '{look.palette[0]}'"),
        shape=shape.expression("datum.outside ? 'diamond' : 'circle'"),
    )  # fmt: skip
    tooltip = [
        alt.Tooltip(field=field, type="nominal", title=title)
        for field, title in (
            ("name", t("delivery.country.centre", lang)),
            ("figure", t("charts.tooltip.figure", lang)),
            ("cases", t("delivery.chart.cases_axis", lang)),
        )
    ]
    labels: dict[str, Any] = {
        "align": shape.expression("datum.n > 0.7 * data('frame')[1].n ? 'right' : 'left'"),
        "dx": shape.expression("datum.n > 0.7 * data('frame')[1].n ? -9 : 9"),
        "baseline": "middle",
        "fontSize": 12,
    }
    unit = shape.named("unit").mark_text(align="left", baseline="bottom", fontSize=12, color=look.muted)
    chart = alt.layer(
        shape.named("frame").mark_point(opacity=0).encode(x, y),
        unit.encode(x=shape.x_at("0"), y=shape.y_at("-8"), text="label:N"),
        inner,
        outer,
        target,
        marks.encode(x, y, tooltip=tooltip),
        points.mark_text(**labels, stroke=look.surface, strokeWidth=4).encode(x, y, text="label:N"),
        points.mark_text(**labels, color=look.text).encode(x, y, text="label:N"),
    )
    return shape.finished(chart, lang, theme, HEIGHT)
