"""Map: one square of equal size per country, no borders, coloured by class of the latest figure."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from dashboard.charts import sentence, shape, wording
from dashboard.charts.chart import SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.charts.frame import one_each, plain_rows
from dashboard.charts.theme import LOOKS, directed, rtl, sides
from dashboard.locales import t, unit_label
from dashboard.measures.rounding import half_away

COLUMNS = SHARED_COLUMNS
CLASSES = 5
COLOURS = {1: (3,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
"""Places in the sequential palette that so many classes take."""

LEGIBLE = 560
"""Width from which codes of countries fit into their squares."""

LEGEND = 96  # pixels below the squares
HATCH = "M-.9,-.2L-.2,-.9M-.9,.9L.9,-.9M.2,.9L.9,.2"

Rows = list[dict[str, Any]]


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """The tile map of the group (all countries of ``rows``, where none is given); other tiles only give orientation.

    Args:
        rows: columns of ``dashboard.dataset.schema.ROWS``, one indicator.
        options: ``tiles`` places the squares; ``classes`` are fixed limits, otherwise five classes of equal numbers.

    Raises:
        ValueError: no tiles were given.
    """
    if not options.tiles:
        raise ValueError("a map needs options.tiles: the column and row of each country's square")
    group = options.group or tuple(rows["country"].unique(maintain_order=True))
    figures = one_each(rows, group, options)
    table = figures.to_dicts()
    words = sentence.tilemap(table, options)
    if not any(row["value"] is not None or row["status"] == "censored" for row in table):
        spec = shape.in_words(words, options.lang, options.theme)
    else:
        columns = max(column for column, _ in options.tiles.values()) + 1
        down = max(row for _, row in options.tiles.values()) + 1
        spec = shape.attach(_shape(options.lang, options.theme, columns, down), _datasets(table, options))
    shown = plain_rows(figures, options, COLUMNS)
    return Chart(spec, shown, words, options.title, sentence.subtitle(table, options), options)


def limits(values: Sequence[float], decimals: int, fixed: Sequence[float] = ()) -> list[float]:
    """Inner limits of the classes; a value on a limit belongs to the class above it.

    Fixed ones where given; otherwise those of five equally large classes, rounded as figures are shown, fewer where
    values repeat.
    """
    if fixed:
        return sorted(fixed)
    ordered = pl.Series(sorted(values), dtype=pl.Float64)
    cuts = [ordered.quantile(part / CLASSES, "linear") for part in range(1, CLASSES)]
    rounded = sorted({float(half_away(cut, decimals)) for cut in cuts if cut is not None})
    return [cut for cut in rounded if ordered[0] < cut <= ordered[-1]]


def _datasets(table: Rows, options: ChartOptions) -> dict[str, Rows]:
    values = [row["value"] for row in table if row["value"] is not None]
    inner = [0.5] if options.unit == "yes_no" else limits(values, options.decimals, options.classes) if values else []
    colours = COLOURS[len(inner) + 1]
    tiles = [
        _tile(row, options) | {"kind": _kind(row), "class": colours[_class(row["value"], inner)]}
        for row in table
        if row["country"] in options.tiles
    ]
    drawn = {tile["country"] for tile in tiles}
    outside = [{"x": x, "y": y} for iso3, (x, y) in options.tiles.items() if iso3 not in drawn]
    kinds = [kind for kind in ("none", "not_applicable", "censored") if any(tile["kind"] == kind for tile in tiles)]
    keys = [
        {"i": i, "kind": kind, "label": directed(t(f"charts.map.{kind}", options.lang), options.lang)}
        for i, kind in enumerate([*kinds, *(["outside"] if outside else [])])
    ]
    return {
        "tiles": tiles,
        "outside": outside,
        "classes": _legend(values, inner, options) if values else [],
        "keys": keys,
        "unit": [{"label": directed(unit_label(options.unit, options.lang), options.lang)}] if values else [],
    }


def _kind(row: dict[str, Any]) -> str:
    if row["value"] is not None:
        return "figure"
    return row["status"] if row["status"] in ("censored", "not_applicable") else "none"


def _class(value: float | None, inner: Sequence[float]) -> int:
    return 0 if value is None else sum(value >= limit for limit in inner)


def _tile(row: dict[str, Any], options: ChartOptions) -> dict[str, Any]:
    x, y = options.tiles[row["country"]]
    has_figure = row["value"] is not None or row["status"] == "censored"
    words = wording.tooltip(row, options) if has_figure else wording.no_figure_tooltip(row, options)
    chosen = {"chosen": True} if row["country"] in options.highlighted else {}
    return words | {"x": x, "y": y} | chosen


def _legend(values: Sequence[float], inner: Sequence[float], options: ChartOptions) -> Rows:
    """One segment per class with the limits at its ends."""
    colours = COLOURS[len(inner) + 1]
    ends = [min(values), *inner, max(values)]

    def label(value: float) -> str:
        return wording.bare({"value": value, "status": "normal"}, options)

    segments = [
        {"i": i, "of": len(colours), "class": colour, "from": label(ends[i]), "to": label(ends[i + 1])}
        for i, colour in enumerate(colours)
    ]
    if options.unit == "yes_no":  # a class is a word, not a range
        for segment, value in zip(segments, (0.0, 1.0), strict=True):
            segment |= {"from": "", "to": "", "word": label(value)}
    return segments


@shape.kept
def _shape(lang: str, theme: Theme, columns: int, rows: int) -> Spec:
    look = LOOKS[theme]
    mirrored = rtl(lang)
    side = f"(width / {columns})"
    grid = f"({side} * {rows})"
    bar = "min(width, 460)"

    def along(distance: str) -> str:
        """A position of the legend, counted from the side where reading starts; the map itself is never mirrored."""
        return f"width - ({distance})" if mirrored else distance

    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.5, columns - 0.5], nice=False, zero=False))
    y = alt.Y(
        "y:Q",
        axis=None,
        scale=alt.Scale(
            domain=[-0.5, rows - 0.5], nice=False, zero=False, range=[shape.expression("0"), shape.expression(grid)]
        ),
    )
    fill = alt.Fill("class:O", scale=alt.Scale(domain=list(range(CLASSES)), range=list(look.sequential)), legend=None)
    square: dict[str, Any] = {"shape": "square", "size": shape.expression(f"pow({side} * 0.92, 2)"), "opacity": 1}
    inset = shape.expression(f"pow({side} * 0.92 - 1.2, 2)")
    start, end = sides(lang)

    outside = shape.named("outside").mark_point(
        shape="square", filled=True, opacity=1, size=shape.expression(f"pow({side} * 0.3, 2)"), color=look.hairline
    )
    tiles = shape.named("tiles")
    figures = tiles.transform_filter("datum.kind === 'figure'").mark_point(**square, strokeOpacity=0)
    empty = tiles.transform_filter("datum.kind !== 'figure'")
    frames = empty.mark_point(
        shape="square",
        size=inset,
        fill=look.surface,
        opacity=1,
        stroke=shape.expression(f"datum.kind === 'censored' ? '{look.text}' : '{look.rest}'"),
        strokeWidth=1.2,
    )
    hatches = tiles.transform_filter("datum.kind === 'none'").mark_point(
        shape=HATCH, size=inset, fill=None, stroke=look.rest, strokeWidth=0.8, opacity=0.55
    )
    chosen = tiles.transform_filter("datum.chosen").mark_point(
        shape="square", size=square["size"], fill=None, stroke=look.text, strokeWidth=2.4, opacity=1
    )
    inks = list(look.inks)
    codes = tiles.mark_text(
        baseline="middle",
        fontSize=shape.expression(f"min(13, {side} * 0.37)"),
        fontWeight=600,
        opacity=shape.expression(f"width < {LEGIBLE} ? 0 : 1"),
        color=shape.expression(f"datum.kind === 'figure' ? {inks}[datum.class] : '{look.text}'"),
    )
    targets = (
        shape.with_origins(tiles)
        .mark_point(**(square | {"opacity": 0}), filled=True)
        .encode(x, y, tooltip=shape.tooltip(lang))
    )
    targets = targets.add_params(shape.picker())

    classes = shape.named("classes")
    low = f"datum.i * {bar} / datum.of"
    high = f"(datum.i + 1) * {bar} / datum.of"
    swatches = classes.mark_rect(strokeOpacity=0).encode(
        x=shape.x_at(along(low)),
        x2=shape.x2_at(along(high)),
        y=shape.y_at(f"{grid} + 30"),
        y2=shape.y2_at(f"{grid} + 42"),
        fill=fill,
    )
    limit: dict[str, Any] = {"baseline": "top", "fontSize": 12, "color": look.muted}
    firsts = classes.transform_filter("datum.i === 0").mark_text(**limit, align=start)
    firsts = firsts.encode(x=shape.x_at(along("0")), y=shape.y_at(f"{grid} + 47"), text="from:N")
    inner = classes.transform_filter("datum.i > 0").mark_text(**limit, align="center")
    inner = inner.encode(x=shape.x_at(along(low)), y=shape.y_at(f"{grid} + 47"), text="from:N")
    lasts = classes.transform_filter("datum.i === datum.of - 1").mark_text(**limit, align=end)
    lasts = lasts.encode(x=shape.x_at(along(bar)), y=shape.y_at(f"{grid} + 47"), text="to:N")
    words = classes.transform_filter("isValid(datum.word)").mark_text(**limit, align="center")
    words = words.encode(
        x=shape.x_at(along(f"(datum.i + 0.5) * {bar} / datum.of")), y=shape.y_at(f"{grid} + 47"), text="word:N"
    )
    unit = shape.named("unit").mark_text(baseline="top", fontSize=12, align=start, color=look.muted)
    unit = unit.encode(x=shape.x_at(along("0")), y=shape.y_at(f"{grid} + 12"), text="label:N")

    keys = shape.named("keys")
    column = "(width < 460 ? 110 : 150) * datum.i"
    key_y = shape.y_at(f"{grid} + 78")
    swatch: dict[str, Any] = {"shape": "square", "size": 130, "opacity": 1, "strokeWidth": 1.2}
    key_frames = keys.mark_point(
        **swatch,
        fill=shape.expression(f"datum.kind === 'outside' ? '{look.hairline}' : '{look.surface}'"),
        stroke=shape.expression(
            f"datum.kind === 'outside' ? '{look.hairline}' : datum.kind === 'censored' ? '{look.text}' : '{look.rest}'"
        ),
    ).encode(x=shape.x_at(along(f"{column} + 7")), y=key_y)
    key_hatches = (
        keys.transform_filter("datum.kind === 'none'")
        .mark_point(shape=HATCH, size=130, fill=None, stroke=look.rest, strokeWidth=0.8, opacity=0.55)
        .encode(x=shape.x_at(along(f"{column} + 7")), y=key_y)
    )
    key_texts = keys.mark_text(baseline="middle", fontSize=12, align=start, color=look.muted).encode(
        x=shape.x_at(along(f"{column} + 20")), y=key_y, text="label:N"
    )
    chart = alt.layer(
        outside.encode(x, y),
        figures.encode(x, y, fill),
        frames.encode(x, y),
        hatches.encode(x, y),
        chosen.encode(x, y),
        codes.encode(x, y, text="country:N"),
        swatches,
        firsts,
        inner,
        lasts,
        words,
        unit,
        key_frames,
        key_hatches,
        key_texts,
        targets,
    ).add_params(alt.param(name="height", expr=f"{grid} + {LEGEND}"))
    return shape.finished(chart, lang, theme, None)
