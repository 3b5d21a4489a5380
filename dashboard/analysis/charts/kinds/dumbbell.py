"""Dumbbell: a row for each country with its figures at two dates, joined where both measure the same."""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.analysis.charts.layers import scale, shape
from dashboard.analysis.charts.layers.frame import Rows, choose_countries
from dashboard.analysis.charts.layers.pairs import Pair, find_pairs
from dashboard.analysis.charts.theme import LOOKS, choose_sides, hold_direction, is_rtl
from dashboard.analysis.charts.words import sentence, wording
from dashboard.locales import format_year

ROW_HEIGHT = 36
MAX_COUNTRIES = 12
NAME_LIMIT, NARROW_LIMIT = 30, 12
NARROW = 560
MIN_DISTANCE_SHARE = 0.25  # share of the axis below which the years of two dots may meet on a telephone


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return a row for each chosen country (all of ``rows`` if none is chosen) near ``options.years``."""
    options = choose_countries(rows, options, MAX_COUNTRIES, "a dumbbell shows")
    countries = options.highlighted
    pairs = find_pairs(rows, countries, options, SHARED_COLUMNS)
    valued = [row for pair in pairs.pairs for row in (pair.first, pair.last) if row]
    data = partial(_build_data, pairs.pairs, valued, options) if valued else None
    return shape.make_chart(
        _draw_shape, data, pairs.rows, pairs.words, sentence.write_subtitle(valued, options), options
    )


def _build_data(pairs: list[Pair], valued: Rows, options: ChartOptions) -> dict[str, Rows]:
    low, high = scale.round_range([row["value"] for row in valued], options.unit)
    return {
        "figures": [
            _make_point(row, end, place, options) | {"beside": _align_year(pair, end, high - low, options)}
            for place, pair in enumerate(pairs)
            for end, row in enumerate((pair.first, pair.last))
            if row
        ],
        "lines": [
            {"row": place, "from": pair.first["value"], "value": pair.last["value"], "slot": options.slot(pair.country)}
            | {"kind": "full" if pair.same else "dashed"}
            for place, pair in enumerate(pairs)
            if pair.first and pair.last and (pair.same or options.insist)
        ],
        "names": [_make_name(pair, place, options) for place, pair in enumerate(pairs)],
        "frame": [{"value": end, "rows": len(pairs)} for end in (low, high)],
    }


def _make_point(row: dict[str, Any], end: int, place: int, options: ChartOptions) -> dict[str, Any]:
    return wording.fill_tooltip(row, options) | {
        "end": end,
        "row": place,
        "value": shape.round_coordinate(row["value"]),
        "slot": options.slot(row["country"]),
        "when": hold_direction(format_year(row["year"], options.lang), options.lang),
    }


def _align_year(pair: Pair, end: int, span: float, options: ChartOptions) -> str:
    """Return how the year of a dot is aligned: away from the other year if they would overlap."""
    if not pair.first or not pair.last:
        return "center"
    difference = pair.last["value"] - pair.first["value"]
    if abs(difference) >= MIN_DISTANCE_SHARE * span:
        return "center"
    rightmost = (difference >= 0) == (end == 1)
    return "left" if rightmost != is_rtl(options.lang) else "right"


def _make_name(pair: Pair, place: int, options: ChartOptions) -> dict[str, Any]:
    name = options.name(pair.country)
    texts = [wording.format_bare_figure(row, options) for row in (pair.first, pair.last) if row]
    arrow = " ← " if is_rtl(options.lang) else " → "
    return {
        "row": place,
        "country": pair.country,
        "slot": options.slot(pair.country),
        "wide": wording.fold_name(name, NAME_LIMIT, options),
        "narrow": hold_direction(name if len(name) <= NARROW_LIMIT else pair.country, options.lang),
        "figures": hold_direction(arrow.join(texts) if texts else "–", options.lang),
    }


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    mirrored = is_rtl(lang)
    far = choose_sides(lang)[1]
    start = f"(width < {NARROW} ? 92 : 232)"  # room of names
    room = f"(width < {NARROW} ? 96 : 130)"  # room of figures
    along = shape.place_along(mirrored=mirrored)
    x = alt.X(
        "value:Q",
        scale=shape.fit_frame("value", along(f"{start} + 14"), along(f"width - {room} - 14")),
        axis=shape.build_figure_axis(f"width < {NARROW} ? 2 : 5", orient="top"),
    )
    y = alt.Y("row:O", axis=None, scale=alt.Scale(padding=0))
    colour = shape.encode_slots(look)[0]
    lines = [
        shape.draw_dataset("lines")
        .transform_filter(f"datum.kind === '{kind}'")
        .mark_rule(strokeWidth=3, opacity=0.6, strokeDash=dash)
        .encode(y, x, x2="from:Q", color=colour)
        for kind, dash in (("full", [1, 0]), ("dashed", [3, 4]))
    ]
    points = shape.draw_dataset("figures")
    dots = [
        points.transform_filter(f"datum.end === {end}")
        .mark_point(filled=False, opacity=1, size=90, strokeWidth=2, fill=fill)
        .encode(x, y, color=colour)
        for end, fill in ((0, look.surface), (1, alt.ExprRef(f"{list(look.palette)}[datum.slot]")))
    ]
    aside = alt.ExprRef("{left: 1, right: -1, center: 0}[datum.beside]")
    when = points.mark_text(
        align=alt.ExprRef("datum.beside"), dx=aside, baseline="top", dy=8, fontSize=10, color=look.muted
    ).encode(x, y, text="when:N")
    size: dict[str, Any] = {"baseline": "middle", "fontSize": 13}
    label = shape.write_lines(f"(width < {NARROW} ? datum.narrow : datum.wide)")
    names = (
        shape.draw_dataset("names")
        .mark_text(**size, fontWeight=600, align=far, **label)
        .encode(y, x=shape.place_x(along(start)), color=colour)
    )
    figures = (
        shape.draw_dataset("names")
        .mark_text(**size, align=far, color=look.text)
        .encode(y, x=shape.place_x(along("width")), text="figures:N")
    )
    targets = shape.draw_targets(points, lang, 400, x, y)
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x)
    chart = alt.layer(frame, *lines, *dots, when, names, figures, targets)
    return shape.finish_shape(chart, lang, theme, ROW_HEIGHT, f"data('frame')[0].rows * {ROW_HEIGHT}")
