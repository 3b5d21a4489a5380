"""Slope: each country at two dates, joined where both figures measure the same."""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import MAX_CHOSEN, SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.analysis.charts.layers import comparing, scale, shape
from dashboard.analysis.charts.layers.frame import Rows, choose_countries
from dashboard.analysis.charts.layers.pairs import Pairs, find_pairs
from dashboard.analysis.charts.theme import LOOKS, hold_direction
from dashboard.analysis.charts.words import sentence, wording
from dashboard.locales import format_year

HEIGHT = 340
LABEL_GAP_PX = 18
NARROW, WIDE = 560, 900
NAME_LIMIT = 28


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return the chosen countries (all of ``rows`` if none is chosen) near ``options.years``."""
    options = choose_countries(rows, options, MAX_CHOSEN, "a slope shows")
    countries = options.highlighted
    pairs = find_pairs(rows, countries, options, SHARED_COLUMNS)
    valued = [row for pair in pairs.pairs for row in (pair.first, pair.last) if row]
    data = partial(_build_data, pairs, valued, options) if valued else None
    return shape.make_chart(
        _draw_shape, data, pairs.rows, pairs.words, sentence.write_subtitle(valued, options), options
    )


def _build_data(pairs: Pairs, rows: Rows, options: ChartOptions) -> dict[str, Rows]:
    low, high = scale.round_range([row["value"] for row in rows], options.unit)
    points = [
        _make_point(row, end, options) for pair in pairs.pairs for end, row in enumerate((pair.first, pair.last)) if row
    ]
    return {
        "figures": points,
        "lines": [
            {
                "end": end,
                "value": shape.round_coordinate(row["value"]),
                "slot": options.slot(pair.country),
                "run": pair.country,
            }
            | {"kind": "full" if pair.same else "dashed"}
            for pair in pairs.pairs
            if pair.both and (pair.same or options.insist)
            for end, row in enumerate((pair.first, pair.last))
            if row
        ],
        "ends": [label for end in (0, 1) for label in _make_labels(pairs, end, low, high, options)],
        "heads": [
            {"end": end, "label": hold_direction(format_year(when, options.lang), options.lang)}
            for end, when in enumerate(pairs.dates)
            if end == 1 or pairs.dates[0] != pairs.dates[1]
        ],
        "frame": [{"value": low}, {"value": high}],
    }


def _make_point(row: dict[str, Any], end: int, options: ChartOptions) -> dict[str, Any]:
    return wording.fill_tooltip(row, options) | {
        "end": end,
        "value": shape.round_coordinate(row["value"]),
        "slot": options.slot(row["country"]),
    }


def _make_labels(pairs: Pairs, end: int, low: float, high: float, options: ChartOptions) -> Rows:
    """Return figures at the first date, and figures with names at the last that a country has."""
    ends = [(pair, row) for pair in pairs.pairs if (row := (pair.first, pair.last)[end])]
    gap = LABEL_GAP_PX * (high - low) / HEIGHT
    places = scale.spread_apart([row["value"] for _, row in ends], gap, low, high)
    labels = []
    for (pair, row), place in zip(ends, places, strict=True):
        odd = row["year"] != pairs.dates[end]
        figure = comparing.write_with_year(row, options) if odd else wording.format_bare_figure(row, options)
        named = end == 1 or pair.last is None
        name = options.name(pair.country)
        full = f"{figure}  {name}" if named else figure
        wide = f"{figure}  {wording.shorten_name(name, NAME_LIMIT)}" if named else figure
        narrow = f"{figure} {pair.country}" if named else figure
        labels.append(
            {
                "end": end,
                "value": shape.round_coordinate(row["value"]),
                "place": place,
                "slot": options.slot(pair.country),
            }
            | {"full": hold_direction(full, options.lang), "wide": hold_direction(wide, options.lang)}
            | {"narrow": hold_direction(narrow, options.lang), "country": pair.country}
        )
    return labels


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    start = f"(width < {NARROW} ? 84 : width * 0.22)"
    end = f"(width - (width < {NARROW} ? 122 : width * 0.38))"
    x = alt.X(
        "end:Q",
        axis=None,
        scale=alt.Scale(domain=[0, 1], range=[alt.ExprRef(start), alt.ExprRef(end)], nice=False),
    )
    y, place = (alt.Y(f"{field}:Q", scale=shape.fit_frame("value"), axis=None) for field in ("value", "place"))
    colour, symbol = shape.encode_slots(look)
    heads = shape.draw_dataset("heads")
    rules = heads.mark_rule(color=look.hairline).encode(x)
    titles = heads.mark_text(baseline="bottom", fontSize=13, fontWeight=600, color=look.text).encode(
        x, y=shape.place_y("-10"), text="label:N"
    )
    lines = [
        shape.draw_dataset("lines")
        .transform_filter(f"datum.kind === '{kind}'")
        .mark_line(strokeWidth=2, strokeDash=dash)
        .encode(x, y, color=colour, detail="run:N")
        for kind, dash in (("full", [1, 0]), ("dashed", [3, 4]))
    ]
    points = (
        shape.draw_dataset("figures")
        .mark_point(filled=True, opacity=1, size=52)
        .encode(x, y, color=colour, shape=symbol)
    )
    label: dict[str, Any] = {"baseline": "middle", "fontSize": 13, "fontWeight": 600}
    text = alt.ExprRef(f"width < {NARROW} ? datum.narrow : width < {WIDE} ? datum.wide : datum.full")
    names = [
        shape.draw_dataset("ends")
        .transform_filter(f"datum.end === {side}")
        .mark_text(**label, align="left" if side else "right", dx=12 if side else -12, text=text)
        .encode(x, place, color=colour)
        for side in (0, 1)
    ]
    targets = shape.draw_targets(shape.draw_dataset("figures"), lang, 300, x, y)
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(y=y)
    chart = alt.layer(frame, rules, titles, *lines, points, *names, targets)
    return shape.finish_shape(chart, lang, theme, HEIGHT)
