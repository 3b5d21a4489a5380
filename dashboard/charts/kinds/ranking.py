"""Ranking: the latest figure of each country with its interval, its year and the range of places it could hold."""

from collections import Counter
from functools import partial
from itertools import pairwise
from typing import Any, Literal

import altair as alt
import polars as pl

from dashboard.charts.chart import MOST_CHOSEN, SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.charts.layers import scale, shape
from dashboard.charts.layers.frame import find_comparable_countries, find_latest_per_country, strip_rows
from dashboard.charts.theme import AT_LEAST, AT_MOST, LOOKS, Side, choose_sides, hold_direction, is_rtl
from dashboard.charts.words import sentence, wording
from dashboard.locales import format_unit, t
from dashboard.measures.ranks import rank_countries
from dashboard.measures.rounding import count_published_decimals

COLUMNS = (*SHARED_COLUMNS, "rank_best", "rank_worst", "rank_reason")
ROW_HEIGHT = 24
MOST_ROWS = 45
ENDS = 5  # rows always drawn at both ends of a longer list
NEIGHBOURS = 3  # rows drawn on each side of a chosen country
REST = MOST_CHOSEN  # slot of countries that were not chosen

NAME_LIMIT, NARROW_LIMIT = 34, 13  # characters of a name before it is cut, or gives way to the code
NARROW, WIDE = 560, 900
ROOM, ASIDE = 310, 64  # pixels of names and places, and of places alone
YEAR, YEARS = 46, 88  # pixels of a year, and of a span of years
LETTER = 7
LONGEST_HEAD = 6

Rows = list[dict[str, Any]]


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """The ranking of the group (all countries of ``rows``, where none is given).

    Of more than 45 countries the first, the last and the neighbours of the chosen are drawn; the others are counted
    where they are left out and stand in ``rows``. Countries without a figure are drawn where they were chosen. Figures
    without errors get no places where an earlier edition has them: the words tell those, of that edition.
    """
    group = options.group or tuple(rows["country"].unique(maintain_order=True))
    figures = find_latest_per_country(rows, group, options)
    listed = figures.to_dicts()
    ranked, judged = _rank(figures, options), []
    if options.judged:
        judged = _rank(find_latest_per_country(options.judged.rows, group, options), options).to_dicts()
        ranked = ranked.with_columns(
            pl.lit(None, pl.Int32).alias("rank_best"),
            pl.lit(None, pl.Int32).alias("rank_worst"),
            rank_reason=pl.when(pl.col("rank_best").is_not_null())
            .then(pl.lit("judged_in_other_edition"))
            .otherwise("rank_reason"),
        )
    table = _ordered(ranked, options)
    listed = table.to_dicts()
    valued = [row for row in listed if row["value"] is not None]
    lines = _lines(listed, options)
    words = sentence.describe_ranking(listed, sum(line["kind"] == "figure" for line in lines), options, judged)
    spec = shape.draw(_shape, partial(_datasets, lines, valued, options) if valued else None, words, options)
    shown = strip_rows(listed, options, COLUMNS)
    return Chart(spec, shown, words, options.title, sentence.write_subtitle(listed, options), options)


def _rank(figures: pl.DataFrame, options: ChartOptions) -> pl.DataFrame:
    """The figures with the range of places of each that may have one."""
    listed = figures.to_dicts()
    claims = {row["country"] for row in listed if (row["source"], row["series"]) in options.claims}
    counted = find_comparable_countries([row for row in listed if row["country"] not in claims], options.highlighted)
    return rank_countries(
        figures,
        options.direction,
        centre=options.centre,
        step=_step(figures),
        as_published=bool(options.as_published),
        claims=claims,
        apart=[row["country"] for row in listed if row["value"] is not None and row["country"] not in counted],
    )


def _step(figures: pl.DataFrame) -> float:
    """The publisher's rounding step: the finest printed."""
    texts = [text for text in figures.filter(pl.col("value").is_not_null())["value_text"] if text]
    return float(10.0 ** -max(map(count_published_decimals, texts))) if texts else 0.0


def _ordered(table: pl.DataFrame, options: ChartOptions) -> pl.DataFrame:
    """Best first; bounds and missing figures last, in the order of the group."""
    if options.direction == "centre":
        return table.sort((pl.col("value") - options.centre).abs(), nulls_last=True, maintain_order=True)
    return table.sort("value", descending=options.direction != "lower", nulls_last=True, maintain_order=True)


def choose_places(count: int, chosen: list[int]) -> list[int]:
    """Which of ``count`` ordered rows are drawn: all up to 45; else both ends and the neighbours of the chosen."""
    if count <= MOST_ROWS:
        return list(range(count))
    ends = {*range(ENDS), *range(count - ENDS, count)}
    for reach in range(NEIGHBOURS, -1, -1):
        near = {beside for place in chosen for beside in range(place - reach, place + reach + 1) if 0 <= beside < count}
        if _length(shown_places := ends | near) <= MOST_ROWS:
            break
    longer = ENDS
    while _length(more := shown_places | {longer, count - 1 - longer}) <= MOST_ROWS:  # room left: more of both ends
        shown_places, longer = more, longer + 1
    return sorted(shown_places)


def _length(shown_places: set[int]) -> int:
    """Rows these places take, the counted gaps between them included."""
    return len(shown_places) + sum(later - earlier > 1 for earlier, later in pairwise(sorted(shown_places)))


def _lines(listed: Rows, options: ChartOptions) -> Rows:
    """The rows as drawn: figures, counted gaps, and the chosen that have none."""
    valued = [row for row in listed if row["value"] is not None]
    usual = _usual_year(valued)
    shown_places = choose_places(
        len(valued), [i for i, row in enumerate(valued) if row["country"] in options.highlighted]
    )
    lines: Rows = []
    previous = -1
    for place in shown_places:
        if place - previous > 1:
            left_out = t("charts.ranking.between", options.lang, count=place - previous - 1)
            lines.append({"kind": "gap", "label": hold_direction(left_out, options.lang)})
        lines.append(_line(valued[place], usual, options))
        previous = place
    others = [row for row in listed if row["value"] is None]
    bounds = [row for row in others if row["status"] == "censored"]
    if len(lines) + len(bounds) > MOST_ROWS:
        bounds = [row for row in bounds if row["country"] in options.highlighted]
    lines += [_line(row, usual, options) for row in bounds]
    lines += [
        _head(row, options)
        | {"kind": "none", "label": hold_direction(wording.explain_missing(row, options), options.lang)}
        for row in others
        if row["country"] in options.highlighted and row["status"] != "censored"
    ]
    return [line | {"row": number} for number, line in enumerate(lines)]


def _datasets(lines: Rows, valued: Rows, options: ChartOptions) -> dict[str, Rows]:
    longest = max(len(options.name(line["country"])) for line in lines if "country" in line)
    room = max(ROOM, ASIDE + LETTER * longest)
    years = YEARS if any(line.get("spanned") for line in lines) else YEAR
    frame = [{"value": end, "rows": len(lines), "room": room, "years": years} for end in _range(valued)]
    return {"lines": lines, "frame": frame, "heads": _heads(lines, options)}


def _heads(lines: Rows, options: ChartOptions) -> Rows:
    """Headers of the columns that are there; a long unit stands in the subtitle alone."""
    heads = {"year": t("charts.ranking.year_header", options.lang)}
    if any("place" in line for line in lines):
        heads["place"] = t("charts.ranking.place_header", options.lang)
    if len(format_unit(options.unit, options.lang)) <= LONGEST_HEAD:
        heads["figure"] = format_unit(options.unit, options.lang)
    return [{"column": column, "label": hold_direction(label, options.lang)} for column, label in heads.items()]


def _usual_year(valued: Rows) -> int | None:
    """The year of more than half of the figures: others are marked. None where no year is usual."""
    counted = Counter(row["year"] for row in valued if row["year"] is not None).most_common(1)
    return counted[0][0] if counted and 2 * counted[0][1] > len(valued) else None


def _head(row: dict[str, Any], options: ChartOptions) -> dict[str, Any]:
    name = options.name(row["country"])
    slot = options.slot(row["country"])
    return {
        "country": row["country"],
        "slot": REST if slot is None else slot,
        "label_wide": hold_direction(wording.shorten_name(name, NAME_LIMIT), options.lang),
        "label_narrow": hold_direction(name if len(name) <= NARROW_LIMIT else row["country"], options.lang),
    } | ({"label_full": hold_direction(name, options.lang)} if len(name) > NAME_LIMIT else {})


def _line(row: dict[str, Any], usual: int | None, options: ChartOptions) -> dict[str, Any]:
    best, worst = row["rank_best"], row["rank_worst"]
    line = _head(row, options) | wording.fill_tooltip(row, options)
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
    if row["lower"] is not None and row["upper"] is not None:
        line |= {"lower": shape.round_coordinate(row["lower"]), "upper": shape.round_coordinate(row["upper"])}
    if best is not None:
        line["place"] = wording.format_span(best, worst, options)
    return line


def _range(valued: Rows) -> tuple[float, float]:
    ends = [row[end] for row in valued for end in ("value", "lower", "upper") if row[end] is not None]
    low, high = min(ends), max(ends)
    return (low, high) if low < high else scale.round_range(ends)


@shape.cached
def _shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    mirrored = is_rtl(lang)
    near, far = choose_sides(lang)
    start = f"(width < {NARROW} ? 142 : width < {WIDE} ? {ROOM} : data('frame')[0].room)"  # room of names and places
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
    colour = alt.Color("slot:O", scale=alt.Scale(domain=list(range(REST + 1)), range=palette), legend=None)
    lines = shape.draw_dataset("lines")
    figures = lines.transform_filter("datum.kind === 'figure'")
    named_lines = lines.transform_filter("datum.kind !== 'gap'")
    chosen_weight = shape.build_expression(f"datum.slot < {REST} ? 600 : 400")
    chosen_colour = shape.build_expression(f"datum.slot < {REST} ? '{look.text}' : '{look.muted}'")
    whole = f"(width >= {WIDE} && datum.label_full || datum.label_wide)"
    label = shape.build_expression(f"width < {NARROW} ? datum.label_narrow : {whole}")
    size: dict[str, Any] = {"baseline": "middle", "fontSize": 13}

    names = named_lines.mark_text(**size, align=far, text=label, fontWeight=chosen_weight, color=chosen_colour).encode(
        y, x=shape.place_x(along(f"{start} - {ASIDE}"))
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
        .mark_point(filled=not spanned, opacity=1, size=shape.build_expression(f"width < {NARROW} ? 30 : 64"))
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
    known = lines.transform_filter("isValid(datum.figure)")
    shown = known.mark_text(**size, align=far, fontWeight=chosen_weight, color=chosen_colour).encode(
        y, x=shape.place_x(along(f"width - {years}")), text="shown:N"
    )
    when = known.mark_text(
        **size,
        align=far,
        color=shape.build_expression(f"datum.odd ? '{look.text}' : '{look.muted}'"),
        fontWeight=shape.build_expression("datum.odd ? 600 : 400"),
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
        shape.look_up_origins(known)
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
    chart = chart.add_params(alt.param(name="height", expr=f"data('frame')[0].rows * {ROW_HEIGHT}"))
    return shape.finish_shape(chart, lang, theme, ROW_HEIGHT)  # any number: Vega-Lite expects one; the parameter counts
