"""Breakdown: groups within each country on one axis, the range between them, and the gap in words."""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.charts.chart import MOST_CHOSEN, SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.charts.layers import scale, shape
from dashboard.charts.layers.frame import strip_rows
from dashboard.charts.theme import LOOKS, choose_sides, hold_direction, is_rtl
from dashboard.charts.words import gap_words, wording
from dashboard.locales import format_unit, format_year
from dashboard.measures.breakdown import GAP, add_gaps, select_dimension, select_latest_year

COLUMNS = (*SHARED_COLUMNS, "dimension", "category", "category_name", *GAP, "gap_text")
MOST_ROWS = 40
MOST_GROUPS = MOST_CHOSEN
ROW, ROW_NARROW = 32, 68  # pixels a country takes
NARROW = 620
NAME_LIMIT, NARROW_LIMIT = 26, 14
MOST_ROOM = 460  # pixels the words of gaps may take at the end of their rows
LETTER, KEY = 7.2, 30  # pixels of a letter of a key, and of its mark with the space after it

Rows = list[dict[str, Any]]


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """The groups of ``options.dimension`` in the countries of the group (all of ``rows``, where none is given).

    Args:
        rows: columns of ``dashboard.dataset.schema.ROWS``, one indicator; only rows that are broken down by this
            dimension and by nothing else are taken, so that totals never stand among their parts.
        options: ``categories`` names the groups in the order of their marks; ``sort`` is by gap or by name.

    One year per country: the latest with two groups. Of more than six groups the first six are drawn, all stand in
    ``rows``. Countries without a figure are drawn where they were chosen.
    """
    group = options.group or tuple(rows["country"].unique(maintain_order=True))
    parts = rows.filter(pl.col("country").is_in(list(group))).pipe(select_dimension, options.dimension)
    table = _ordered(add_gaps(select_latest_year(_in_order(parts, options)), options.dimension), group, options)
    gap_texts = {row["country"]: gap_words.describe_gap(row, options) for row in table.iter_rows(named=True)}
    table = table.with_columns(gap_text=pl.col("country").replace_strict(gap_texts, return_dtype=pl.String))
    listed = table.to_dicts()
    words = gap_words.describe_gaps(listed, options)
    known = [row for row in listed if row["value"] is not None]
    spec = shape.draw(_shape, partial(_datasets, listed, known, options) if known else None, words, options)
    shown = strip_rows(listed, options, COLUMNS)
    return Chart(spec, shown, words, options.title, gap_words.write_gap_subtitle(known, options), options)


def _in_order(rows: pl.DataFrame, options: ChartOptions) -> pl.DataFrame:
    order = pl.col("category").replace_strict(
        {code: place for place, code in enumerate(options.categories)},
        default=len(options.categories),
        return_dtype=pl.Int32,
    )
    return rows.filter(pl.col("category").is_in(list(options.categories))).sort(
        "country", order, "edition", descending=[False, False, True]
    )


def _ordered(table: pl.DataFrame, group: tuple[str, ...], options: ChartOptions) -> pl.DataFrame:
    """Countries by gap, the largest first, or by name; those without a gap, then without a figure, last."""
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


def _datasets(listed: Rows, rows: Rows, options: ChartOptions) -> dict[str, Rows]:
    places = {code: slot for slot, code in enumerate(options.categories) if slot < MOST_GROUPS}
    having = {row["country"] for row in rows}
    countries = [c for c in dict.fromkeys(row["country"] for row in listed) if c in having or c in options.highlighted]
    row_of = {iso3: number for number, iso3 in enumerate(_rows_shown(countries, options))}
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
    lines = [_line(iso3, number, listed, marks, options) for iso3, number in row_of.items()]
    room = 16 + LETTER * max(len(line["words"]) for line in lines)
    return {
        "marks": marks,
        "lines": lines,
        "keys": _keys([label for code, label in options.categories.items() if code in places], options),
        "frame": [{"value": end, "rows": len(row_of), "room": round(min(room, MOST_ROOM))} for end in (low, high)],
        "unit": [{"label": hold_direction(format_unit(options.unit, options.lang), options.lang)}],
    }


def _rows_shown(countries: list[str], options: ChartOptions) -> list[str]:
    """At most ``MOST_ROWS`` countries, the chosen always among them."""
    if len(countries) <= MOST_ROWS:
        return countries
    rest = [iso3 for iso3 in countries if iso3 not in options.highlighted]
    room = set(rest[: MOST_ROWS - len(options.highlighted)])
    return [iso3 for iso3 in countries if iso3 in options.highlighted or iso3 in room]


def _line(iso3: str, number: int, listed: Rows, marks: Rows, options: ChartOptions) -> dict[str, Any]:
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


def _keys(labels: list[str], options: ChartOptions) -> Rows:
    """The mark of each group with its name, in lines that fit a wide and a narrow drawing."""
    keys: Rows = [{"slot": slot, "label": hold_direction(label, options.lang)} for slot, label in enumerate(labels)]
    for form, room in (("wide", 880.0), ("narrow", 300.0)):
        at, line = 0.0, 0
        for key, label in zip(keys, labels, strict=True):
            length = KEY + len(label) * LETTER
            if at and at + length > room:
                at, line = 0.0, line + 1
            key[f"{form}_at"], key[f"{form}_line"] = round(at), line
            at += length
        for key in keys:
            key[f"{form}_up"] = (line - key[f"{form}_line"]) * 20 + 22
    return keys


@shape.cached
def _shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    mirrored = is_rtl(lang)
    near, far = choose_sides(lang)
    narrow = f"(width < {NARROW})"
    start, end = f"({narrow} ? 4 : 190)", f"({narrow} ? 4 : data('frame')[0].room)"
    step = f"({narrow} ? {ROW_NARROW} : {ROW})"
    middle = f"(datum.row * {step} + ({narrow} ? 49 : {ROW // 2}))"
    head = f"(datum.row * {step} + ({narrow} ? 12 : {ROW // 2}))"
    along = shape.place_along(mirrored=mirrored)
    x = alt.X(
        "value:Q",
        scale=shape.fit_frame("value", along(f"{start} + 8"), along(f"width - {end} - 8")),
        axis=shape.build_figure_axis(f"{narrow} ? 4 : 6"),
    )
    colour, symbol = shape.encode_slots(look, MOST_GROUPS)
    weight = shape.build_expression("datum.chosen ? 600 : 400")
    ink = shape.build_expression(f"datum.chosen ? '{look.text}' : '{look.muted}'")
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
        fontSize=shape.build_expression(f"{narrow} ? 12 : 13"),
        color=ink,
        text=shape.build_expression(f"{narrow} ? datum.short : datum.words"),
        align=shape.build_expression(f"{narrow} ? '{near}' : '{far}'"),  # below the name, or at the end of its row
    ).encode(
        x=shape.place_x(f"{narrow} ? {along('0')} : {along('width')}"),
        y=shape.place_y(f"datum.row * {step} + ({narrow} ? 29 : {ROW // 2})"),
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
    told = {"name": shape.TOLD["name"], "group": "breakdown.chart.group", "when": shape.TOLD["year"]}
    told |= {name: shape.TOLD[name] for name in ("figure", "interval", "note", "source")}
    targets = shape.look_up_origins(marks).mark_point(opacity=0, filled=True, size=220)
    targets = targets.encode(x, y=y, tooltip=shape.build_tooltip(lang, told))
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x)
    chart = alt.layer(frame, ranges, intervals, points, names, words, key_marks, key_words, unit, targets)
    return shape.finish_shape(
        chart.add_params(alt.param(name="height", expr=f"data('frame')[0].rows * {step}")), lang, theme, ROW
    )
