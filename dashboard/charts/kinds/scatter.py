"""Scatter: two indicators, a dot per country, the chosen named: who stands where, never what follows from what."""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.charts.chart import MOST_CHOSEN, SHARED_COLUMNS, Across, Chart, ChartOptions, Spec, Theme
from dashboard.charts.layers import comparing, scale, shape
from dashboard.charts.theme import LOOKS, SYMBOLS, hold_direction
from dashboard.charts.words import wording
from dashboard.locales import format_unit, format_year, t
from dashboard.measures.latest import WINDOW

COLUMNS = (*SHARED_COLUMNS, "across_value", "across_year", "across_id")
HEIGHT = 380
REST = MOST_CHOSEN
NARROW = 560
NARROWEST = 250
START, WIDE_ROOM, NARROW_ROOM = 12, 120, 40  # pixels before the axis, and behind it for names
NAME_LIMIT = 24
LETTER = 7.5  # pixels of a letter of a name, more than most take
CLEAR = 7  # pixels of a mark to each side of its middle

Row = dict[str, Any]


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Every country of ``rows`` with both figures: of the latest year that both share, or at most two years apart.

    With ``options.year`` it is the year nearest to that one, at most two years from it.

    Raises:
        ValueError: more than six countries are chosen, or no second indicator is given.
    """
    across, chosen = options.across, options.highlighted
    if across is None:
        raise ValueError("a scatter needs a second indicator")
    if len(chosen) > MOST_CHOSEN:
        raise ValueError(f"a scatter names {MOST_CHOSEN} countries at most, not {len(chosen)}")
    up, along = _by_country(rows, options.year), _by_country(across.rows, options.year)
    pairs = [pair for iso3, history in up.items() if (pair := _pair(history, along.get(iso3, []), options.year))]
    pairs.sort(key=lambda pair: pair[0]["country"] in chosen)  # the chosen on top
    other = ChartOptions(lang=options.lang, unit=across.unit, decimals=across.decimals, names=options.names)
    named = [pair for iso3 in chosen for pair in pairs if pair[0]["country"] == iso3]
    missing = [options.name(iso3) for iso3 in chosen if iso3 not in {pair[0]["country"] for pair in named}]
    texts = [_pair_text(pair, options, other) for pair in named]
    mixed = sum(one["year"] != two["year"] for one, two in pairs)
    all_years = sorted({row["year"] for pair in pairs for row in pair})
    words = comparing.describe_scatter(texts, len(pairs), missing, mixed, options, differ=len(all_years) > 1)
    data = partial(_datasets, pairs, named, across, options, other) if pairs else None
    spec = shape.draw(_shape, data, words, options)
    subtitle = t("compare.chart.scatter_subtitle", options.lang, title=options.title, across=across.title)
    if pairs:
        subtitle += f" · {wording.format_years(all_years[0], all_years[-1], options)}"
    return Chart(spec, _rows(pairs, options), words, options.title, subtitle, options)


def _by_country(rows: pl.DataFrame, near: int | None) -> dict[str, list[Row]]:
    known = rows.filter(pl.col("primary").fill_null(True), pl.col("value").is_not_null()).sort("country", "year")
    by_country: dict[str, list[Row]] = {}
    for row in known.iter_rows(named=True):
        if near is None or abs(row["year"] - near) <= WINDOW:
            by_country.setdefault(row["country"], []).append(row)
    return by_country


def _pair(up: list[Row], along: list[Row], asked: int | None) -> tuple[Row, Row] | None:
    """The two figures of one year that is nearest to the one asked for, else the latest; where there is no such year,
    two that are at most two years apart.
    """

    def fits(pair: tuple[Row, Row]) -> tuple[bool, int, int, int]:
        one, two = (row["year"] for row in pair)
        off = 0 if asked is None else abs(one - asked) + abs(two - asked)
        return one == two, -off, one, two

    near = [(one, two) for one in up for two in along if abs(one["year"] - two["year"]) <= WINDOW]
    return max(near, key=fits, default=None)


def _pair_text(pair: tuple[Row, Row], options: ChartOptions, other: ChartOptions) -> str:
    one, two = comparing.write_with_year(pair[0], options), comparing.write_with_year(pair[1], other)
    name = options.name(pair[0]["country"])
    return t("compare.chart.scatter_country", options.lang, name=name, figure=one, across=two)


def _rows(pairs: list[tuple[Row, Row]], options: ChartOptions) -> list[Row]:
    return [
        {column: one.get(column) for column in SHARED_COLUMNS}
        | {"name": options.name(one["country"])}
        | {"across_value": two["value"], "across_year": two["year"], "across_id": two["id"]}
        for one, two in pairs
    ]


def _datasets(
    pairs: list[tuple[Row, Row]],
    named: list[tuple[Row, Row]],
    across: Across,
    options: ChartOptions,
    other: ChartOptions,
) -> dict[str, list[Row]]:
    low, high = scale.round_range([one["value"] for one, _ in pairs], options.unit)
    left, right = scale.round_range([two["value"] for _, two in pairs], across.unit)
    labels = [wording.fold_name(options.name(one["country"]), NAME_LIMIT, options) for one, _ in named]
    codes = [one["country"] for one, _ in named]
    rest = [pair for pair in pairs if pair[0]["country"] not in codes]

    def put(texts: list[str], width: int, room: int) -> list[dict[str, Any]]:
        """Side and height of the names in the narrowest drawing that has them: in a wider one they cover less of it."""
        marks = [
            (
                START + (width - START - room) * (two["value"] - left) / (right - left),
                HEIGHT * (one["value"] - low) / (high - low),
            )
            for one, two in (*named, *rest)
        ]
        lines = [text.split("\n") for text in texts]
        sizes = [(LETTER * max(map(len, these)), shape.LINE_HEIGHT * len(these)) for these in lines]
        places = scale.place_labels(marks[: len(named)], sizes, width, HEIGHT, CLEAR, marks[len(named) :])
        return [
            {"before": before, "place": shape.round_coordinate(one["value"] + rise * (high - low) / HEIGHT)}
            for (one, _), (before, rise) in zip(named, places, strict=True)
        ]

    return {
        "dots": [_dot(pair, options, other) for pair in pairs],
        "ends": [
            {"country": code, "slot": options.slot(code), "at": shape.round_coordinate(two["value"])}
            | {"wide": {"label": label} | wide, "narrow": {"label": code} | narrow}
            for (_, two), code, label, wide, narrow in zip(
                named, codes, labels, put(labels, NARROW, WIDE_ROOM), put(codes, NARROWEST, NARROW_ROOM), strict=True
            )
        ],
        "frame": [{"value": low, "at": left}, {"value": high, "at": right}],
        "titles": [
            {"side": "up", "label": _titled(options.title, options.unit, options)},
            {"side": "along", "label": _titled(across.title, across.unit, options)},
        ],
    }


def _titled(title: str, unit: str, options: ChartOptions) -> str:
    return hold_direction(f"{wording.shorten_name(title, 60)} · {format_unit(unit, options.lang)}", options.lang)


def _dot(pair: tuple[Row, Row], options: ChartOptions, other: ChartOptions) -> Row:
    one, two = pair
    slot = options.slot(one["country"])
    return {
        "country": one["country"],
        "name": options.name(one["country"]),
        "year": one["year"],
        "value": shape.round_coordinate(one["value"]),
        "at": shape.round_coordinate(two["value"]),
        "slot": REST if slot is None else slot,
        "figure": f"{wording.format_bare_figure(one, options)} ({format_year(one['year'], options.lang)})",
        "across": f"{wording.format_bare_figure(two, other)} ({format_year(two['year'], options.lang)})",
        "mixed": one["year"] != two["year"],
    }


@shape.cached
def _shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    room = f"(width < {NARROW} ? {NARROW_ROOM} : {WIDE_ROOM})"
    x_axis = alt.Axis(
        title=None, format=",~f", grid=True, tickCount=shape.build_expression(f"width < {NARROW} ? 3 : 6")
    )
    x = alt.X("at:Q", scale=shape.fit_frame("at", f"{START}", f"width - {room}"), axis=x_axis)
    y_axis = alt.Axis(title=None, format=",~f", domain=False, ticks=False, tickCount=5, minExtent=36)
    y = alt.Y("value:Q", scale=shape.fit_frame("value"), axis=y_axis)
    slots = list(range(REST + 1))
    colour = alt.Color("slot:N", scale=alt.Scale(domain=slots, range=[*look.palette, look.rest]), legend=None)
    symbol = alt.Shape("slot:N", scale=alt.Scale(domain=slots, range=[*SYMBOLS, "circle"]), legend=None)
    dots = shape.draw_dataset("dots")
    others = (
        dots.transform_filter(f"datum.slot === {REST}")
        .mark_point(
            filled=False,
            opacity=0.75,
            size=26,
            strokeWidth=1,
            fill=shape.build_expression(f"datum.mixed ? '{look.surface}' : '{look.rest}'"),
        )
        .encode(x, y, color=colour)
    )
    chosen = (
        dots.transform_filter(f"datum.slot < {REST}")
        .mark_point(
            filled=False,
            opacity=1,
            size=90,
            strokeWidth=1.8,
            fill=shape.build_expression(f"datum.mixed ? '{look.surface}' : {list(look.palette)}[datum.slot]"),
        )
        .encode(x, y, color=colour, shape=symbol)
    )
    name = f"(width < {NARROW} ? datum.narrow : datum.wide)"
    label: dict[str, Any] = {
        "align": shape.build_expression(f"{name}.before ? 'right' : 'left'"),
        "baseline": "middle",
        "fontSize": 13,
        "fontWeight": 600,
        "dx": shape.build_expression(f"{name}.before ? {-CLEAR - scale.GAP} : {CLEAR + scale.GAP}"),
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
            limit=shape.build_expression("width"),
        )
        .encode(x=shape.place_x(across), y=shape.place_y(down), text="label:N")
        for side, across, down in (("up", "0", "-10"), ("along", "width", "height + 30"))
    ]
    told = {"name": shape.TOLD["name"], "figure": "compare.chart.up", "across": "compare.chart.along"}
    tooltip = shape.build_tooltip(lang, told)
    targets = (
        dots.mark_point(filled=True, opacity=0, size=120).encode(x, y, tooltip=tooltip).add_params(shape.build_picker())
    )
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x, y)
    chart = alt.layer(frame, others, chosen, halo, names, *heads, targets)
    return shape.finish_shape(chart, lang, theme, HEIGHT)
