"""Tile map: an equal square for each country, no borders, coloured by class of the latest figure."""

from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.analysis.charts.layers import classes, shape
from dashboard.analysis.charts.layers.frame import Rows, find_latest_per_country, strip_rows
from dashboard.analysis.charts.theme import LOOKS
from dashboard.analysis.charts.words import sentence

MIN_CODES_PX = 560  # width from which codes of countries fit into their squares


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return the tile map of the group, or of all countries of ``rows``.

    ``options.tiles`` places the squares; without fixed ``classes`` there are five of equal numbers.
    """
    if not options.tiles:
        raise ValueError("a map needs options.tiles: the column and row of each country's square")
    group = options.group or tuple(rows["country"].unique(maintain_order=True))
    figures = find_latest_per_country(rows, group, options)
    table = figures.to_dicts()
    words = sentence.describe_tilemap(table, options)
    columns, down = (1 + max(place[axis] for place in options.tiles.values()) for axis in (0, 1))
    some = any(row["value"] is not None or row["status"] == "censored" for row in table)
    data = partial(_build_data, table, options) if some else None
    shown = strip_rows(table, options, SHARED_COLUMNS)
    return shape.make_chart(
        _draw_shape, data, shown, words, sentence.write_subtitle(table, options), options, columns, down
    )


def _build_data(table: Rows, options: ChartOptions) -> dict[str, Rows]:
    inner = classes.choose_inner_limits(table, options)
    tiles = [
        classes.mark_place(row, inner, options, **dict(zip("xy", options.tiles[row["country"]], strict=True)))
        for row in table
        if row["country"] in options.tiles
    ]
    countries = {tile["country"] for tile in tiles}
    outside = [{"x": x, "y": y} for iso3, (x, y) in options.tiles.items() if iso3 not in countries]
    kinds = [kind for kind in ("none", "not_applicable", "censored") if any(tile["kind"] == kind for tile in tiles)]
    kinds += ["outside"] if outside else []
    return {"tiles": tiles, "outside": outside} | classes.build_legend(table, inner, kinds, options)


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme, columns: int, rows: int) -> Spec:
    look = LOOKS[theme]
    side = f"(width / {columns})"
    grid = f"({side} * {rows})"

    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.5, columns - 0.5], nice=False, zero=False))
    y = alt.Y(
        "y:Q",
        axis=None,
        scale=alt.Scale(
            domain=[-0.5, rows - 0.5],
            nice=False,
            zero=False,
            range=[classes.LEGEND_PX, alt.ExprRef(f"{classes.LEGEND_PX} + {grid}")],
        ),
    )
    square: dict[str, Any] = {"shape": "square", "size": alt.ExprRef(f"pow({side} * 0.92, 2)"), "opacity": 1}
    inset = alt.ExprRef(f"pow({side} * 0.92 - 1.2, 2)")

    outside = shape.draw_dataset("outside").mark_point(
        shape="square",
        filled=True,
        opacity=1,
        size=alt.ExprRef(f"pow({side} * 0.3, 2)"),
        color=look.hairline,
    )
    tiles = shape.draw_dataset("tiles")
    figures = tiles.transform_filter("datum.kind === 'figure'").mark_point(**square, strokeOpacity=0)
    empty = tiles.transform_filter("datum.kind !== 'figure'")
    frames = empty.mark_point(
        shape="square",
        size=inset,
        fill=look.surface,
        opacity=1,
        stroke=alt.ExprRef(f"datum.kind === 'censored' ? '{look.text}' : '{look.rest}'"),
        strokeWidth=1.2,
    )
    hatches = tiles.transform_filter("datum.kind === 'none'").mark_point(
        shape=classes.HATCH, size=inset, fill=None, stroke=look.rest, strokeWidth=0.8, opacity=0.55
    )
    chosen = tiles.transform_filter("datum.chosen").mark_point(
        shape="square", size=square["size"], fill=None, stroke=look.text, strokeWidth=2.4, opacity=1
    )
    inks = list(look.inks)
    codes = tiles.mark_text(
        baseline="middle",
        fontSize=alt.ExprRef(f"min(13, {side} * 0.37)"),
        fontWeight=600,
        opacity=alt.ExprRef(f"width < {MIN_CODES_PX} ? 0 : 1"),
        color=alt.ExprRef(f"datum.kind === 'figure' ? {inks}[datum.class] : '{look.text}'"),
    )
    targets = (
        shape.look_up_origins(tiles)
        .mark_point(**(square | {"opacity": 0}), filled=True)
        .encode(x, y, tooltip=shape.build_tooltip(lang))
    )
    targets = targets.add_params(shape.build_picker())

    chart = alt.layer(
        outside.encode(x, y),
        figures.encode(x, y, classes.fill(theme)),
        frames.encode(x, y),
        hatches.encode(x, y),
        chosen.encode(x, y),
        codes.encode(x, y, text="country:N"),
        *classes.draw_legend(lang, theme),
        targets,
    )
    return shape.finish_shape(chart, lang, theme, None, f"{classes.LEGEND_PX} + {grid}")
