"""Scatter: two indicators, a dot for each country, the chosen named, without claiming a relation."""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import MAX_CHOSEN, SHARED_COLUMNS, Across, Chart, ChartOptions, Spec, Theme
from dashboard.analysis.charts.layers import comparing, scale, shape
from dashboard.analysis.charts.theme import LOOKS, SYMBOLS, hold_direction
from dashboard.analysis.charts.words import wording
from dashboard.analysis.measures.latest import WINDOW_YEARS
from dashboard.locales import format_unit, format_year, t

COLUMNS = (*SHARED_COLUMNS, "across_value", "across_year", "across_id")
HEIGHT = 380
UNCHOSEN_SLOT = MAX_CHOSEN
NARROW = 560
MIN_WIDTH_PX = 250
START, WIDE_ROOM, NARROW_ROOM = 12, 120, 40  # pixels before the axis, and behind it for names
NAME_LIMIT = 24
LETTER_PX = 7.5  # pixels of a letter of a name, more than most take
MARK_RADIUS_PX = 7  # pixels of a mark to each side of its middle

Row = dict[str, Any]


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return every country of ``rows`` with both figures: of the latest common year, or two years apart.

    With ``options.year`` it is the nearest year, at most two years from it.
    """
    across, chosen = options.across, options.highlighted
    if across is None:
        raise ValueError("a scatter needs a second indicator")
    if len(chosen) > MAX_CHOSEN:
        raise ValueError(f"a scatter names {MAX_CHOSEN} countries at most, not {len(chosen)}")
    up, along = _group_by_country(rows, options.year), _group_by_country(across.rows, options.year)
    pairs = [pair for iso3, history in up.items() if (pair := _choose_pair(history, along.get(iso3, []), options.year))]
    pairs.sort(key=lambda pair: pair[0]["country"] in chosen)  # the chosen on top
    across_options = ChartOptions(lang=options.lang, unit=across.unit, decimals=across.decimals, names=options.names)
    named = [pair for iso3 in chosen for pair in pairs if pair[0]["country"] == iso3]
    missing = [options.name(iso3) for iso3 in chosen if iso3 not in {pair[0]["country"] for pair in named}]
    texts = [_write_pair(pair, options, across_options) for pair in named]
    mixed = sum(first["year"] != second["year"] for first, second in pairs)
    all_years = sorted({row["year"] for pair in pairs for row in pair})
    words = comparing.describe_scatter(texts, len(pairs), missing, mixed, options, differ=len(all_years) > 1)
    data = partial(_build_data, pairs, named, across, options, across_options) if pairs else None
    subtitle = t("compare.chart.scatter_subtitle", options.lang, title=options.title, across=across.title)
    if pairs:
        subtitle += f" · {wording.format_years(all_years[0], all_years[-1], options)}"
    return shape.make_chart(_draw_shape, data, _make_rows(pairs, options), words, subtitle, options)


def _group_by_country(rows: pl.DataFrame, near: int | None) -> dict[str, list[Row]]:
    valued = rows.filter(pl.col("primary").fill_null(True), pl.col("value").is_not_null()).sort("country", "year")
    by_country: dict[str, list[Row]] = {}
    for row in valued.iter_rows(named=True):
        if near is None or abs(row["year"] - near) <= WINDOW_YEARS:
            by_country.setdefault(row["country"], []).append(row)
    return by_country


def _choose_pair(up: list[Row], along: list[Row], asked: int | None) -> tuple[Row, Row] | None:
    """Return both figures of the year nearest to the one asked for, else the latest; else two near years."""

    def rate_pair(pair: tuple[Row, Row]) -> tuple[bool, int, int, int]:
        first, second = (row["year"] for row in pair)
        off = 0 if asked is None else abs(first - asked) + abs(second - asked)
        return first == second, -off, first, second

    near = [(first, second) for first in up for second in along if abs(first["year"] - second["year"]) <= WINDOW_YEARS]
    return max(near, key=rate_pair, default=None)


def _write_pair(pair: tuple[Row, Row], options: ChartOptions, across_options: ChartOptions) -> str:
    first, second = comparing.write_with_year(pair[0], options), comparing.write_with_year(pair[1], across_options)
    name = options.name(pair[0]["country"])
    return t("compare.chart.scatter_country", options.lang, name=name, figure=first, across=second)


def _make_rows(pairs: list[tuple[Row, Row]], options: ChartOptions) -> list[Row]:
    return [
        {column: first.get(column) for column in SHARED_COLUMNS}
        | {"name": options.name(first["country"])}
        | {"across_value": second["value"], "across_year": second["year"], "across_id": second["id"]}
        for first, second in pairs
    ]


def _build_data(
    pairs: list[tuple[Row, Row]],
    named: list[tuple[Row, Row]],
    across: Across,
    options: ChartOptions,
    across_options: ChartOptions,
) -> dict[str, list[Row]]:
    low, high = scale.round_range([first["value"] for first, _ in pairs], options.unit)
    left, right = scale.round_range([second["value"] for _, second in pairs], across.unit)
    labels = [wording.fold_name(options.name(first["country"]), NAME_LIMIT, options) for first, _ in named]
    codes = [first["country"] for first, _ in named]
    unnamed = [pair for pair in pairs if pair[0]["country"] not in codes]

    def place_names(texts: list[str], width: int, room: int) -> list[dict[str, Any]]:
        """Return side and height of the names, placed for the narrowest drawing that has them."""
        marks = [
            (
                START + (width - START - room) * (second["value"] - left) / (right - left),
                HEIGHT * (first["value"] - low) / (high - low),
            )
            for first, second in (*named, *unnamed)
        ]
        lines = [text.split("\n") for text in texts]
        sizes = [(LETTER_PX * max(map(len, own_lines)), shape.LINE_HEIGHT_PX * len(own_lines)) for own_lines in lines]
        places = scale.place_labels(marks[: len(named)], sizes, width, HEIGHT, MARK_RADIUS_PX, marks[len(named) :])
        return [
            {"before": before, "place": shape.round_coordinate(first["value"] + rise * (high - low) / HEIGHT)}
            for (first, _), (before, rise) in zip(named, places, strict=True)
        ]

    return {
        "dots": [_make_dot(pair, options, across_options) for pair in pairs],
        "ends": [
            {"country": code, "slot": options.slot(code), "at": shape.round_coordinate(second["value"])}
            | {"wide": {"label": label} | wide, "narrow": {"label": code} | narrow}
            for (_, second), code, label, wide, narrow in zip(
                named,
                codes,
                labels,
                place_names(labels, NARROW, WIDE_ROOM),
                place_names(codes, MIN_WIDTH_PX, NARROW_ROOM),
                strict=True,
            )
        ],
        "frame": [{"value": low, "at": left}, {"value": high, "at": right}],
        "titles": [
            {"side": "up", "label": _write_title(options.title, options.unit, options)},
            {"side": "along", "label": _write_title(across.title, across.unit, options)},
        ],
    }


def _write_title(title: str, unit: str, options: ChartOptions) -> str:
    return hold_direction(f"{wording.shorten_name(title, 60)} · {format_unit(unit, options.lang)}", options.lang)


def _make_dot(pair: tuple[Row, Row], options: ChartOptions, across_options: ChartOptions) -> Row:
    first, second = pair
    slot = options.slot(first["country"])
    return {
        "country": first["country"],
        "name": options.name(first["country"]),
        "year": first["year"],
        "value": shape.round_coordinate(first["value"]),
        "at": shape.round_coordinate(second["value"]),
        "slot": UNCHOSEN_SLOT if slot is None else slot,
        "figure": f"{wording.format_bare_figure(first, options)} ({format_year(first['year'], options.lang)})",
        "across": f"{wording.format_bare_figure(second, across_options)} ({format_year(second['year'], options.lang)})",
        "mixed": first["year"] != second["year"],
    }


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    room = f"(width < {NARROW} ? {NARROW_ROOM} : {WIDE_ROOM})"
    x_axis = alt.Axis(title=None, format=",~f", grid=True, tickCount=alt.ExprRef(f"width < {NARROW} ? 3 : 6"))
    x = alt.X("at:Q", scale=shape.fit_frame("at", f"{START}", f"width - {room}"), axis=x_axis)
    y_axis = alt.Axis(title=None, format=",~f", domain=False, ticks=False, tickCount=5, minExtent=36)
    y = alt.Y("value:Q", scale=shape.fit_frame("value"), axis=y_axis)
    slots = list(range(UNCHOSEN_SLOT + 1))
    colour = alt.Color("slot:N", scale=alt.Scale(domain=slots, range=[*look.palette, look.rest]), legend=None)
    symbol = alt.Shape("slot:N", scale=alt.Scale(domain=slots, range=[*SYMBOLS, "circle"]), legend=None)
    dots = shape.draw_dataset("dots")
    unchosen = (
        dots.transform_filter(f"datum.slot === {UNCHOSEN_SLOT}")
        .mark_point(
            filled=False,
            opacity=0.75,
            size=26,
            strokeWidth=1,
            fill=alt.ExprRef(f"datum.mixed ? '{look.surface}' : '{look.rest}'"),
        )
        .encode(x, y, color=colour)
    )
    chosen = (
        dots.transform_filter(f"datum.slot < {UNCHOSEN_SLOT}")
        .mark_point(
            filled=False,
            opacity=1,
            size=90,
            strokeWidth=1.8,
            fill=alt.ExprRef(f"datum.mixed ? '{look.surface}' : {list(look.palette)}[datum.slot]"),
        )
        .encode(x, y, color=colour, shape=symbol)
    )
    name = f"(width < {NARROW} ? datum.narrow : datum.wide)"
    label: dict[str, Any] = {
        "align": alt.ExprRef(f"{name}.before ? 'right' : 'left'"),
        "baseline": "middle",
        "fontSize": 13,
        "fontWeight": 600,
        "dx": alt.ExprRef(f"{name}.before ? {-MARK_RADIUS_PX - scale.GAP_PX} : {MARK_RADIUS_PX + scale.GAP_PX}"),
    }
    label |= shape.write_lines(f"{name}.label")
    place = shape.place_y(f"scale('y', {name}.place)")
    halo = shape.draw_dataset("ends").mark_text(**label, stroke=look.surface, strokeWidth=4).encode(x, place)
    names = shape.draw_dataset("ends").mark_text(**label).encode(x, place, color=colour)
    heads = [
        shape.draw_dataset("titles")
        .transform_filter(f"datum.side === '{side}'")
        .mark_text(
            align="left" if side == "up" else "right",
            baseline="bottom" if side == "up" else "top",
            fontSize=12,
            color=look.muted,
            limit=alt.ExprRef("width"),
        )
        .encode(x=shape.place_x(across), y=shape.place_y(down), text="label:N")
        for side, across, down in (("up", "0", "-10"), ("along", "width", "height + 30"))
    ]
    tooltip_fields = {"name": shape.TOOLTIP["name"], "figure": "compare.chart.up", "across": "compare.chart.along"}
    tooltip = shape.build_tooltip(lang, tooltip_fields)
    targets = (
        dots.mark_point(filled=True, opacity=0, size=120).encode(x, y, tooltip=tooltip).add_params(shape.build_picker())
    )
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x, y)
    chart = alt.layer(frame, unchosen, chosen, halo, names, *heads, targets)
    return shape.finish_shape(chart, lang, theme, HEIGHT)
