"""Ranking: each country's latest figure with its interval, its year and its range of ranks."""

from collections import Counter
from functools import partial
from itertools import pairwise
from typing import Any, Literal

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import MAX_CHOSEN, SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.analysis.charts.layers import scale, shape
from dashboard.analysis.charts.layers.frame import Rows, find_latest_per_country, strip_rows
from dashboard.analysis.charts.theme import AT_LEAST, AT_MOST, LOOKS, Side, choose_sides, hold_direction, is_rtl
from dashboard.analysis.charts.words import sentence, wording
from dashboard.analysis.measures.ranks import rank_countries
from dashboard.analysis.measures.rounding import count_published_decimals
from dashboard.locales import format_unit, t

COLUMNS = (*SHARED_COLUMNS, "rank_best", "rank_worst", "rank_reason")
ROW_HEIGHT = 24
MAX_ROWS = 45
END_ROWS = 5  # rows always drawn at both ends of a longer list
NEIGHBOUR_ROWS = 3  # rows drawn on each side of a chosen country
UNCHOSEN_SLOT = MAX_CHOSEN  # slot of countries that were not chosen

NAME_LIMIT, NARROW_LIMIT = 34, 13  # characters of a name before it is cut, or gives way to the code
NARROW, WIDE = 560, 900
ROOM_PX, RANKS_PX = 310, 64  # pixels of names and places, and of places alone
YEAR_PX, YEARS_PX = 46, 88  # pixels of a year, and of a span of years
LETTER_PX = 7
MAX_HEAD_LETTERS = 6


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return the ranking of the group, or of all countries of ``rows``.

    Of more than 45 countries the first, the last and the neighbours of the chosen are drawn; all stand in ``rows``.
    Countries without a figure are drawn only if chosen.
    """
    group = options.group or tuple(rows["country"].unique(maintain_order=True))
    figures = find_latest_per_country(rows, group, options)
    ranked = _add_ranks(figures, options)
    table = _sort_countries(ranked, options)
    listed = table.to_dicts()
    valued = [row for row in listed if row["value"] is not None]
    lines = _make_lines(listed, options)
    words = sentence.describe_ranking(listed, sum(line["kind"] == "figure" for line in lines), options)
    data = partial(_build_data, lines, valued, options) if valued else None
    shown = strip_rows(listed, options, COLUMNS)
    return shape.make_chart(_draw_shape, data, shown, words, sentence.write_subtitle(listed, options), options)


def _add_ranks(figures: pl.DataFrame, options: ChartOptions) -> pl.DataFrame:
    """Return the figures with the range of ranks of each that may have one."""
    listed = figures.to_dicts()
    return rank_countries(
        figures,
        options.direction,
        centre=options.centre,
        step=_find_step(figures),
        as_published=bool(options.as_published),
        needs_error=options.needs_error,
        claims=[row["country"] for row in listed if (row["source"], row["series"]) in options.claims],
        chosen=options.highlighted,
    )


def _find_step(figures: pl.DataFrame) -> float:
    """Return the publisher's rounding step: the finest printed."""
    texts = [text for text in figures.filter(pl.col("value").is_not_null())["value_text"] if text]
    return float(10.0 ** -max(map(count_published_decimals, texts))) if texts else 0.0


def _sort_countries(table: pl.DataFrame, options: ChartOptions) -> pl.DataFrame:
    """Return the best first; bounds and missing figures last, in the order of the group."""
    if options.direction == "centre":
        return table.sort((pl.col("value") - options.centre).abs(), nulls_last=True, maintain_order=True)
    return table.sort("value", descending=options.direction != "lower", nulls_last=True, maintain_order=True)


def choose_places(count: int, chosen: list[int]) -> list[int]:
    """Return which ordered rows are drawn: all up to 45, else both ends and neighbours of the chosen."""
    if count <= MAX_ROWS:
        return list(range(count))
    ends = {*range(END_ROWS), *range(count - END_ROWS, count)}
    for reach in range(NEIGHBOUR_ROWS, -1, -1):
        near = {index for place in chosen for index in range(place - reach, place + reach + 1) if 0 <= index < count}
        if _count_rows(shown_places := ends | near) <= MAX_ROWS:
            break
    longer = END_ROWS
    while _count_rows(more := shown_places | {longer, count - 1 - longer}) <= MAX_ROWS:  # room left: more of both ends
        shown_places, longer = more, longer + 1
    return sorted(shown_places)


def _count_rows(shown_places: set[int]) -> int:
    """Return the rows these places take, the counted gaps between them included."""
    return len(shown_places) + sum(later - earlier > 1 for earlier, later in pairwise(sorted(shown_places)))


def _make_lines(listed: Rows, options: ChartOptions) -> Rows:
    """Return the rows as drawn: figures, counted gaps, and the chosen without a figure."""
    valued = [row for row in listed if row["value"] is not None]
    usual = _find_usual_year(valued)
    shown_places = choose_places(
        len(valued), [i for i, row in enumerate(valued) if row["country"] in options.highlighted]
    )
    lines: Rows = []
    previous = -1
    for place in shown_places:
        if place - previous > 1:
            left_out = t("charts.ranking.between", options.lang, count=place - previous - 1)
            lines.append({"kind": "gap", "label": hold_direction(left_out, options.lang)})
        lines.append(_make_line(valued[place], usual, options))
        previous = place
    unvalued = [row for row in listed if row["value"] is None]
    bounds = [row for row in unvalued if row["status"] == "censored"]
    if len(lines) + len(bounds) > MAX_ROWS:
        bounds = [row for row in bounds if row["country"] in options.highlighted]
    lines += [_make_line(row, usual, options) for row in bounds]
    lines += [
        _make_head(row, options)
        | {"kind": "none", "label": hold_direction(wording.explain_missing(row, options), options.lang)}
        for row in unvalued
        if row["country"] in options.highlighted and row["status"] != "censored"
    ]
    return [line | {"row": number} for number, line in enumerate(lines)]


def _build_data(lines: Rows, valued: Rows, options: ChartOptions) -> dict[str, Rows]:
    longest = max(len(options.name(line["country"])) for line in lines if "country" in line)
    room = max(ROOM_PX, RANKS_PX + LETTER_PX * longest)
    years = YEARS_PX if any(line.get("spanned") for line in lines) else YEAR_PX
    frame = [{"value": end, "rows": len(lines), "room": room, "years": years} for end in _find_range(valued)]
    return {"lines": lines, "frame": frame, "heads": _make_heads(lines, options)}


def _make_heads(lines: Rows, options: ChartOptions) -> Rows:
    """Return headers of the columns that exist; a long unit stands in the subtitle alone."""
    heads = {"year": t("charts.ranking.year_header", options.lang)}
    if any("place" in line for line in lines):
        heads["place"] = t("charts.ranking.place_header", options.lang)
    if len(format_unit(options.unit, options.lang)) <= MAX_HEAD_LETTERS:
        heads["figure"] = format_unit(options.unit, options.lang)
    return [{"column": column, "label": hold_direction(label, options.lang)} for column, label in heads.items()]


def _find_usual_year(valued: Rows) -> int | None:
    """Return the year of more than half of the figures, or None; figures of other years are marked."""
    counted = Counter(row["year"] for row in valued if row["year"] is not None).most_common(1)
    return counted[0][0] if counted and 2 * counted[0][1] > len(valued) else None


def _make_head(row: dict[str, Any], options: ChartOptions) -> dict[str, Any]:
    name = options.name(row["country"])
    slot = options.slot(row["country"])
    return {
        "country": row["country"],
        "slot": UNCHOSEN_SLOT if slot is None else slot,
        "label_wide": hold_direction(wording.shorten_name(name, NAME_LIMIT), options.lang),
        "label_narrow": hold_direction(name if len(name) <= NARROW_LIMIT else row["country"], options.lang),
    } | ({"label_full": hold_direction(name, options.lang)} if len(name) > NAME_LIMIT else {})


def _make_line(row: dict[str, Any], usual: int | None, options: ChartOptions) -> dict[str, Any]:
    best, worst = row["rank_best"], row["rank_worst"]
    line = _make_head(row, options) | wording.fill_tooltip(row, options)
    line |= {
        "kind": "figure",
        "shown": wording.format_bare_figure(row, options),
        "when": wording.format_when(row, options),
    }
    if row["value"] is None:
        bound = row["upper"] if row["upper"] is not None else row["lower"]
        return line | {"kind": "at_most" if row["upper"] is not None else "at_least", "value": bound}
    line |= {
        "value": shape.round_coordinate(row["value"]),
        "odd": usual not in (None, row["year"]),
        "spanned": row["year"] is None,
    }
    line |= shape.carry_ends(row)
    if best is not None:
        line["place"] = wording.format_span(best, worst, options)
    return line


def _find_range(valued: Rows) -> tuple[float, float]:
    ends = [row[end] for row in valued for end in ("value", "lower", "upper") if row[end] is not None]
    low, high = min(ends), max(ends)
    return (low, high) if low < high else scale.round_range(ends)


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    mirrored = is_rtl(lang)
    near, far = choose_sides(lang)
    start = f"(width < {NARROW} ? 142 : width < {WIDE} ? {ROOM_PX} : data('frame')[0].room)"  # room of names and places
    years = "data('frame')[0].years"
    end = f"({years} + (width < {NARROW} ? 48 : 74))"  # room of figures and years
    along = shape.place_along(mirrored=mirrored)
    x = alt.X(
        "value:Q",
        scale=shape.fit_frame("value", along(f"{start} + 8"), along(f"width - {end} - 8")),
        axis=shape.build_figure_axis(f"width < {NARROW} ? 2 : 5", orient="top"),
    )
    y = alt.Y("row:O", axis=None, scale=alt.Scale(padding=0))
    palette = [*look.palette, look.rest]
    colour = alt.Color("slot:O", scale=alt.Scale(domain=list(range(UNCHOSEN_SLOT + 1)), range=palette), legend=None)
    lines = shape.draw_dataset("lines")
    figures = lines.transform_filter("datum.kind === 'figure'")
    named_lines = lines.transform_filter("datum.kind !== 'gap'")
    chosen_weight = alt.ExprRef(f"datum.slot < {UNCHOSEN_SLOT} ? 600 : 400")
    chosen_colour = alt.ExprRef(f"datum.slot < {UNCHOSEN_SLOT} ? '{look.text}' : '{look.muted}'")
    label_wide = f"(width >= {WIDE} && datum.label_full || datum.label_wide)"
    label = alt.ExprRef(f"width < {NARROW} ? datum.label_narrow : {label_wide}")
    size: dict[str, Any] = {"baseline": "middle", "fontSize": 13}

    names = named_lines.mark_text(**size, align=far, text=label, fontWeight=chosen_weight, color=chosen_colour).encode(
        y, x=shape.place_x(along(f"{start} - {RANKS_PX}"))
    )
    places = (
        figures.transform_filter("isValid(datum.place)")
        .mark_text(**size, align="center", fontWeight=chosen_weight, color=chosen_colour)
        .encode(y, x=shape.place_x(along(f"{start} - 30")), text="place:N")
    )
    intervals = (
        figures.transform_filter("isValid(datum.lower)")
        .mark_rule(strokeWidth=2, opacity=0.55)
        .encode(y, alt.X("lower:Q"), x2="upper:Q", color=colour)
    )
    dots = [
        figures.transform_filter(f"{'' if spanned else '!'}datum.spanned")
        .mark_point(filled=not spanned, opacity=1, size=alt.ExprRef(f"width < {NARROW} ? 30 : 64"))
        .encode(x, y, color=colour)
        for spanned in (False, True)  # hollow: a figure of a year that is not published
    ]
    bounds = [
        lines.transform_filter(f"datum.kind === '{kind}'")
        .mark_point(filled=False, opacity=1, size=90, strokeWidth=1.6, shape=path, angle=angle)
        .encode(x, y, color=colour)
        # the value lies on the low side of an upper bound: the mark is turned along the axis
        for kind, path, angle in (
            ("at_most", AT_MOST, 270 if mirrored else 90),
            ("at_least", AT_LEAST, 270 if mirrored else 90),
        )
    ]
    valued = lines.transform_filter("isValid(datum.figure)")
    shown = valued.mark_text(**size, align=far, fontWeight=chosen_weight, color=chosen_colour).encode(
        y, x=shape.place_x(along(f"width - {years}")), text="shown:N"
    )
    when = valued.mark_text(
        **size,
        align=far,
        color=alt.ExprRef(f"datum.odd ? '{look.text}' : '{look.muted}'"),
        fontWeight=alt.ExprRef("datum.odd ? 600 : 400"),
    ).encode(y, x=shape.place_x(along("width")), text="when:N")
    reasons = (
        lines.transform_filter("datum.kind === 'none'")
        .mark_text(**size, align=near, color=look.muted, fontStyle="italic")
        .encode(y, x=shape.place_x(along(f"{start} + 8")), text="label:N")
    )
    gaps = (
        lines.transform_filter("datum.kind === 'gap'")
        .mark_text(baseline="middle", fontSize=12, align=near, color=look.muted)
        .encode(y, x=shape.place_x(along(f"{start} + 8")), text="label:N")
    )
    targets = (
        shape.look_up_origins(valued)
        .mark_bar(opacity=0)
        .encode(y, x=shape.place_x("0"), x2=shape.place_x2("width"), tooltip=shape.build_tooltip(lang))
        .add_params(shape.build_picker())
    )
    columns: tuple[tuple[str, str, Side | Literal["center"]], ...] = (
        ("place", f"{start} - 30", "center"),
        ("figure", f"width - {years}", far),
        ("year", "width", far),
    )
    heads = shape.draw_dataset("heads")
    head: dict[str, Any] = {"baseline": "bottom", "fontSize": 12, "color": look.muted}
    titles = [
        heads.transform_filter(f"datum.column === '{column}'")
        .mark_text(**head, align=align)
        .encode(x=shape.place_x(along(place)), y=shape.place_y("-6"), text="label:N")
        for column, place, align in columns
    ]
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x)
    chart = alt.layer(frame, intervals, *dots, *bounds, names, places, shown, when, reasons, gaps, *titles, targets)
    return shape.finish_shape(chart, lang, theme, ROW_HEIGHT, f"data('frame')[0].rows * {ROW_HEIGHT}")
