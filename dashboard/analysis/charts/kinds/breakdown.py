"""Breakdown: groups within each country on one axis, the range between them, and the gap in words."""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import MAX_CHOSEN, SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.analysis.charts.layers import scale, shape
from dashboard.analysis.charts.layers.frame import Rows, strip_rows
from dashboard.analysis.charts.theme import LOOKS, choose_sides, hold_direction, is_rtl
from dashboard.analysis.charts.words import gap_words, wording
from dashboard.analysis.measures.breakdown import GAP_SCHEMA, add_gaps, select_dimension, select_latest_year
from dashboard.locales import format_unit, format_year

COLUMNS = (*SHARED_COLUMNS, "dimension", "category", "category_name", *GAP_SCHEMA, "gap_text")
MAX_ROWS = 40
MAX_GROUPS = MAX_CHOSEN
ROW_PX, ROW_NARROW_PX = 32, 68  # pixels a country takes
NARROW = 620
NAME_LIMIT, NARROW_LIMIT = 26, 14
MAX_WORDS_PX = 460  # pixels the words of gaps may take at the end of their rows
LETTER_PX, KEY_PX = 7.2, 30  # pixels of a letter of a key, and of its mark with the space after it


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return the groups of ``options.dimension`` in the countries of the group, or of all ``rows``.

    Only rows broken down by this dimension alone are used, of one year per country: the latest with two groups. The
    first six groups are drawn, in the order of ``options.categories``; all stand in ``rows``. Countries without a
    figure are drawn only if chosen.
    """
    group = options.group or tuple(rows["country"].unique(maintain_order=True))
    parts = rows.filter(pl.col("country").is_in(list(group))).pipe(select_dimension, options.dimension)
    table = _sort_countries(
        add_gaps(select_latest_year(_sort_groups(parts, options)), options.dimension), group, options
    )
    gap_texts = {row["country"]: gap_words.describe_gap(row, options) for row in table.iter_rows(named=True)}
    table = table.with_columns(gap_text=pl.col("country").replace_strict(gap_texts, return_dtype=pl.String))
    listed = table.to_dicts()
    words = gap_words.describe_gaps(listed, options)
    valued = [row for row in listed if row["value"] is not None]
    data = partial(_build_data, listed, valued, options) if valued else None
    shown = strip_rows(listed, options, COLUMNS)
    return shape.make_chart(_draw_shape, data, shown, words, gap_words.write_gap_subtitle(valued, options), options)


def _sort_groups(rows: pl.DataFrame, options: ChartOptions) -> pl.DataFrame:
    order = pl.col("category").replace_strict(
        {code: place for place, code in enumerate(options.categories)},
        default=len(options.categories),
        return_dtype=pl.Int32,
    )
    return rows.filter(pl.col("category").is_in(list(options.categories))).sort(
        "country", order, "edition", descending=[False, False, True]
    )


def _sort_countries(table: pl.DataFrame, group: tuple[str, ...], options: ChartOptions) -> pl.DataFrame:
    """Return countries by gap or name; those without a gap, then without a figure, last."""
    first = table.unique("country", keep="first", maintain_order=True)
    gaps = dict(zip(first["country"], first["gap"], strict=True))
    by_name = sorted(group, key=lambda iso3: options.name(iso3).casefold())
    if options.sort == "gap":
        by_name.sort(key=lambda iso3: (iso3 not in gaps, gaps.get(iso3) is None, -(gaps.get(iso3) or 0.0)))
    order = pl.DataFrame({"country": by_name}, schema={"country": pl.String}).with_row_index("place")
    return (
        order.join(table, on="country", how="left", maintain_order="left_right")
        .with_columns(
            pl.col("status").fill_null("missing"),
            dimension=pl.lit(options.dimension),
            category_name=pl.col("category").replace_strict(
                dict(options.categories), default=None, return_dtype=pl.String
            ),
        )
        .sort("place", maintain_order=True)
        .drop("place")
    )


def _build_data(listed: Rows, rows: Rows, options: ChartOptions) -> dict[str, Rows]:
    places = {code: slot for slot, code in enumerate(options.categories) if slot < MAX_GROUPS}
    having = {row["country"] for row in rows}
    countries = [c for c in dict.fromkeys(row["country"] for row in listed) if c in having or c in options.highlighted]
    row_of = {iso3: number for number, iso3 in enumerate(_choose_rows(countries, options))}
    marks = [
        wording.fill_tooltip(row, options)
        | {
            "row": row_of[row["country"]],
            "value": shape.round_coordinate(row["value"]),
            "slot": places[row["category"]],
        }
        | {"group": row["category_name"], "when": format_year(row["year"], options.lang)}
        | shape.carry_ends(row)
        for row in rows
        if row["country"] in row_of and row["category"] in places
    ]
    for mark in marks:
        del mark["year"]  # a mark is a group: it does not lead to the country's total of that year
    ends = [mark[end] for mark in marks for end in ("value", "lower", "upper") if end in mark]
    low, high = scale.round_range(ends, options.unit)
    lines = [_make_line(iso3, number, listed, marks, options) for iso3, number in row_of.items()]
    room = 16 + LETTER_PX * max(len(line["words"]) for line in lines)
    return {
        "marks": marks,
        "lines": lines,
        "keys": _make_keys([label for code, label in options.categories.items() if code in places], options),
        "frame": [{"value": end, "rows": len(row_of), "room": round(min(room, MAX_WORDS_PX))} for end in (low, high)],
        "unit": [{"label": hold_direction(format_unit(options.unit, options.lang), options.lang)}],
    }


def _choose_rows(countries: list[str], options: ChartOptions) -> list[str]:
    """Return at most ``MAX_ROWS`` countries, the chosen always among them."""
    if len(countries) <= MAX_ROWS:
        return countries
    unchosen = [iso3 for iso3 in countries if iso3 not in options.highlighted]
    room = set(unchosen[: MAX_ROWS - len(options.highlighted)])
    return [iso3 for iso3 in countries if iso3 in options.highlighted or iso3 in room]


def _make_line(iso3: str, number: int, listed: Rows, marks: Rows, options: ChartOptions) -> dict[str, Any]:
    own = next(row for row in listed if row["country"] == iso3)
    values = [mark["value"] for mark in marks if mark["row"] == number]
    name = options.name(iso3)
    line = {
        "row": number,
        "chosen": iso3 in options.highlighted,
        "wide": wording.fold_name(name, NAME_LIMIT, options),
        "narrow": hold_direction(name if len(name) <= NARROW_LIMIT else iso3, options.lang),
        "words": hold_direction(gap_words.describe_gap(own, options, interval=False), options.lang),
        "short": hold_direction(gap_words.describe_gap(own, options, short=True), options.lang),
    }
    return line | ({"low": min(values), "high": max(values)} if values else {})


def _make_keys(labels: list[str], options: ChartOptions) -> Rows:
    """Return the mark of each group with its name, in lines that fit a wide and a narrow drawing."""
    keys: Rows = [{"slot": slot, "label": hold_direction(label, options.lang)} for slot, label in enumerate(labels)]
    for form, room in (("wide", 880.0), ("narrow", 300.0)):
        at, line = 0.0, 0
        for key, label in zip(keys, labels, strict=True):
            length = KEY_PX + len(label) * LETTER_PX
            if at and at + length > room:
                at, line = 0.0, line + 1
            key[f"{form}_at"], key[f"{form}_line"] = round(at), line
            at += length
        for key in keys:
            key[f"{form}_up"] = (line - key[f"{form}_line"]) * 20 + 22
    return keys


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    mirrored = is_rtl(lang)
    near, far = choose_sides(lang)
    narrow = f"(width < {NARROW})"
    start, end = f"({narrow} ? 4 : 190)", f"({narrow} ? 4 : data('frame')[0].room)"
    step = f"({narrow} ? {ROW_NARROW_PX} : {ROW_PX})"
    middle = f"(datum.row * {step} + ({narrow} ? 49 : {ROW_PX // 2}))"
    head = f"(datum.row * {step} + ({narrow} ? 12 : {ROW_PX // 2}))"
    along = shape.place_along(mirrored=mirrored)
    x = alt.X(
        "value:Q",
        scale=shape.fit_frame("value", along(f"{start} + 8"), along(f"width - {end} - 8")),
        axis=shape.build_figure_axis(f"{narrow} ? 4 : 6"),
    )
    colour, symbol = shape.encode_slots(look, MAX_GROUPS)
    weight = alt.ExprRef("datum.chosen ? 600 : 400")
    ink = alt.ExprRef(f"datum.chosen ? '{look.text}' : '{look.muted}'")
    y = shape.place_y(middle)

    lines, marks, keys = shape.draw_dataset("lines"), shape.draw_dataset("marks"), shape.draw_dataset("keys")
    ranges = (
        lines.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=3, color=look.rest)
        .encode(alt.X("low:Q"), x2="high:Q", y=y)
    )
    intervals = (
        marks.transform_filter("isValid(datum.lower)")
        .mark_rule(strokeWidth=1.4, opacity=0.6)
        .encode(alt.X("lower:Q"), x2="upper:Q", y=y, color=colour)
    )
    points = marks.mark_point(filled=True, opacity=1, size=70, stroke=look.surface, strokeWidth=0.7).encode(
        x, y=y, color=colour, shape=symbol
    )
    size: dict[str, Any] = {"baseline": "middle", "fontSize": 13, "fontWeight": weight, "color": ink}
    names = lines.mark_text(**size, align=near, **shape.write_lines(f"({narrow} ? datum.narrow : datum.wide)")).encode(
        x=shape.place_x(along("0")), y=shape.place_y(head)
    )
    words = lines.mark_text(
        baseline="middle",
        fontSize=alt.ExprRef(f"{narrow} ? 12 : 13"),
        color=ink,
        text=alt.ExprRef(f"{narrow} ? datum.short : datum.words"),
        align=alt.ExprRef(f"{narrow} ? '{near}' : '{far}'"),  # below the name, or at the end of its row
    ).encode(
        x=shape.place_x(f"{narrow} ? {along('0')} : {along('width')}"),
        y=shape.place_y(f"datum.row * {step} + ({narrow} ? 29 : {ROW_PX // 2})"),
    )
    at = f"({narrow} ? datum.narrow_at : datum.wide_at)"
    up = shape.place_y(f"-({narrow} ? datum.narrow_up : datum.wide_up)")
    key_marks = keys.mark_point(filled=True, opacity=1, size=70).encode(
        x=shape.place_x(along(f"{at} + 6")), y=up, color=colour, shape=symbol
    )
    key_words = keys.mark_text(baseline="middle", align=near, fontSize=12, color=look.text).encode(
        x=shape.place_x(along(f"{at} + 16")), y=up, text="label:N"
    )
    unit = shape.draw_dataset("unit").mark_text(align=near, baseline="top", fontSize=12, color=look.muted)
    unit = unit.encode(x=shape.place_x(along(f"{start} + 8")), y=shape.place_y("height + 26"), text="label:N")
    tooltip = {"name": shape.TOOLTIP["name"], "group": "breakdown.chart.group", "when": shape.TOOLTIP["year"]}
    tooltip |= {name: shape.TOOLTIP[name] for name in ("figure", "interval", "note", "source")}
    targets = shape.look_up_origins(marks).mark_point(opacity=0, filled=True, size=220)
    targets = targets.encode(x, y=y, tooltip=shape.build_tooltip(lang, tooltip))
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x)
    chart = alt.layer(frame, ranges, intervals, points, names, words, key_marks, key_words, unit, targets)
    return shape.finish_shape(chart, lang, theme, ROW_PX, f"data('frame')[0].rows * {step}")
