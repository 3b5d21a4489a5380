"""Small multiples: a small panel for each country on one scale, for more countries than a chart can tell apart."""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.analysis.charts.kinds import trend
from dashboard.analysis.charts.layers import comparing, scale, shape
from dashboard.analysis.charts.layers.frame import Rows, choose_countries, list_figures, strip_rows
from dashboard.analysis.charts.theme import LOOKS, choose_sides, hold_direction, is_rtl
from dashboard.analysis.charts.words import sentence, wording
from dashboard.locales import format_year, t

MAX_COUNTRIES = 12
HEAD_PX = 30  # pixels above the panels
PANEL_PX = 132  # pixels of height, title and years included
TOP_PX, PLOT_PX = 30, 68  # of it: above the drawing, and the drawing
NAME_LIMIT, NARROW_LIMIT = 24, 18


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return a panel for each of the chosen countries (all of ``rows`` if none is chosen), in order."""
    options = choose_countries(rows, options, MAX_COUNTRIES, "small multiples show")
    countries = options.highlighted
    table = list_figures(rows, countries)
    valued = [row for row in table if row["value"] is not None]
    joined = trend.number_runs(table, options)
    latest = {row["country"]: row for row in valued}
    stops = len(set(joined.values())) > len(latest)
    silent = [options.name(iso3) for iso3 in countries if iso3 not in latest]
    if valued:
        words = comparing.describe_multiples(list(latest.values()), silent, stops, options)
    else:
        words = sentence.say_nothing_found([{}] * len(countries), options)
    data = partial(_build_data, countries, valued, joined, options) if valued else None
    shown = strip_rows(table, options, SHARED_COLUMNS)
    return shape.make_chart(_draw_shape, data, shown, words, sentence.write_subtitle(table, options), options)


def _build_data(
    countries: tuple[str, ...], rows: Rows, joined: dict[str, int], options: ChartOptions
) -> dict[str, Rows]:
    low, high = scale.round_range([row["value"] for row in rows], options.unit)
    years = [row["year"] for row in rows]
    first, span = min(years), max(1, max(years) - min(years))
    latest = {row["country"]: row for row in rows}
    panels = {iso3: place for place, iso3 in enumerate(countries)}
    none = t("charts.no_figure", options.lang)
    by_year = {at: {options.name(iso3): none for iso3 in countries} for at in years}
    for row in rows:
        by_year[row["year"]][options.name(row["country"])] = wording.format_figure(row, options)
    return {
        "figures": [
            {
                "country": row["country"],
                "year": row["year"],
                "dated": hold_direction(comparing.write_with_year(row, options), options.lang),
                "slot": options.slot(row["country"]),
                "panel": panels[row["country"]],
                "run": joined[row["id"]],
                "u": round((row["year"] - first) / span, 4),
                "v": round((row["value"] - low) / (high - low), 4),
            }
            | ({"last": True} if row is latest[row["country"]] else {})
            for row in rows
        ],
        "panels": [
            {
                "panel": place,
                "slot": options.slot(iso3),
                "wide": wording.fold_name(options.name(iso3), NAME_LIMIT, options),
                "narrow": wording.fold_name(options.name(iso3), NARROW_LIMIT, options),
                "latest": hold_direction(
                    comparing.write_with_year(latest[iso3], options) if iso3 in latest else none, options.lang
                ),
                "first": format_year(first, options.lang),
                "until": format_year(max(years), options.lang),
            }
            for iso3, place in panels.items()
        ],
        "years": [
            {
                "year": at,
                "u": round((at - first) / span, 4),
                "said": {"title": format_year(at, options.lang)} | by_year[at],
            }
            for at in sorted(by_year)
        ],
        "frame": [{"panels": len(countries), "half": round(0.5 / span, 4)}],
        "scale": [{"label": hold_direction(_format_scale(low, high, options), options.lang)}],
    }


def _format_scale(low: float, high: float, options: ChartOptions) -> str:
    ends = (wording.format_figure({"value": end, "status": "normal"}, options) for end in (low, high))
    return t("compare.chart.scale", options.lang, **dict(zip(("low", "high"), ends, strict=True)))


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    across = "(width < 460 ? 2 : width < 800 ? 3 : 4)"
    near, start = choose_sides(lang)[0], "1" if is_rtl(lang) else "0"
    grid = shape.PanelGrid(across, lang, HEAD_PX, PANEL_PX, TOP_PX, PLOT_PX)
    x, y = grid.place_x, grid.place_y
    colour, symbol = shape.encode_slots(look)
    panels, figures = shape.draw_dataset("panels"), shape.draw_dataset("figures")
    floor, *years = grid.draw_floors(panels, look)
    names = panels.mark_text(
        align=near,
        baseline="bottom",
        fontSize=13,
        fontWeight=600,
        **shape.write_lines("(width < 460 ? datum.narrow : datum.wide)", raised=1),
    ).encode(x=x(start), y=y(f"1 + 15 / {PLOT_PX}"), color=colour)
    over, *_ = shape.build_crosshair("year")
    below: dict[str, Any] = {"align": near, "baseline": "bottom", "fontSize": 11, "color": look.muted}
    latest = panels.mark_text(**below, opacity=alt.ExprRef("over.year ? 0 : 1")).encode(
        x=x(start), y=y(f"1 + 1 / {PLOT_PX}"), text="latest:N"
    )
    year_under = figures.transform_filter(shape.is_over("year"))
    at_year = year_under.mark_text(**below).encode(x=x(start), y=y(f"1 + 1 / {PLOT_PX}"), text="dated:N")
    rings = year_under.mark_point(filled=False, size=90, strokeWidth=1.4, opacity=1).encode(
        x=x("datum.u"), y=y("datum.v"), color=colour
    )
    tooltip = alt.ExprRef("datum.said")
    words_of_year = alt.LookupData(data=alt.NamedData(name="years"), key="year", fields=["said"])
    half = "data('frame')[0].half"
    columns = (
        shape.draw_dataset("years")
        .transform_calculate(panel="sequence(0, data('frame')[0].panels)")
        .transform_flatten(["panel"])
        .mark_rect(opacity=0, tooltip=tooltip)
        .encode(
            x=x(f"datum.u - {half}"),
            x2=shape.place_x2(f"({grid.column} + 0.04 + 0.86 * (datum.u + {half})) * {grid.width}"),
            y=y("1"),
            y2=shape.place_y2(f"{grid.head} + {PLOT_PX}"),
        )
        .properties(name="columns")
        .add_params(over)
    )
    order = alt.Order("u:Q")
    lines = figures.mark_line(strokeWidth=1.8, strokeJoin="round").encode(
        x=x("datum.u"), y=y("datum.v"), color=colour, detail="run:N", order=order
    )
    dots = figures.mark_point(filled=True, opacity=1, size=alt.ExprRef("datum.last ? 40 : 7")).encode(
        x=x("datum.u"), y=y("datum.v"), color=colour, shape=symbol
    )
    words = shape.draw_dataset("scale").mark_text(align=near, baseline="top", fontSize=12, color=look.muted)
    targets = (
        figures.transform_lookup(lookup="year", from_=words_of_year)
        .mark_point(filled=True, opacity=0, size=90, tooltip=tooltip)
        .encode(x=x("datum.u"), y=y("datum.v"))
        .add_params(shape.build_picker())
    )
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x=shape.place_x("0"), y=shape.place_y("0"))
    chart = alt.layer(
        frame,
        words.encode(x=shape.place_x(f"{start} * width"), y=shape.place_y("0"), text="label:N"),
        floor,
        names,
        latest,
        *years,
        lines,
        dots,
        at_year,
        rings,
        columns,
        targets,
    )
    return shape.finish_shape(
        chart, lang, theme, PANEL_PX, f"{HEAD_PX} + ceil(data('frame')[0].panels / {across}) * {PANEL_PX}"
    )
