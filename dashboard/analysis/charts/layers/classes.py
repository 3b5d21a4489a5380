"""Classes of a map: five of about equal numbers or between fixed limits, their colours, and the legend."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import ChartOptions, Theme
from dashboard.analysis.charts.layers import shape
from dashboard.analysis.charts.layers.frame import Rows
from dashboard.analysis.charts.theme import LOOKS, choose_sides, hold_direction, is_rtl
from dashboard.analysis.charts.words import wording
from dashboard.analysis.measures.rounding import round_half_away
from dashboard.locales import format_unit, t

CLASSES = 5
COLOURS = {1: (3,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
"""Places in the sequential palette by number of classes."""

LEGEND_PX = 84  # pixels of the legend, above the map so that a first screen includes it

HATCH = "M-.9,-.2L-.2,-.9M-.9,.9L.9,-.9M.2,.9L.9,.2"

KEYS = {"grey": "worldmap.key", "outlined": "charts.map.none"}
"""Words of marks that only a map with boundaries has."""


def choose_limits(values: Sequence[float], decimals: int, fixed: Sequence[float] = ()) -> list[float]:
    """Return the inner limits of the classes; a value on a limit belongs to the class above it.

    Fixed limits within the figures, or those of five equally large classes, rounded as figures are shown.
    """
    if fixed:
        return [limit for limit in sorted(fixed) if min(values) < limit <= max(values)]
    ordered = pl.Series(sorted(values), dtype=pl.Float64)
    cuts = [ordered.quantile(part / CLASSES, "linear") for part in range(1, CLASSES)]
    rounded = sorted({float(round_half_away(cut, decimals)) for cut in cuts if cut is not None})
    return [cut for cut in rounded if ordered[0] < cut <= ordered[-1]]


def choose_inner_limits(table: Rows, options: ChartOptions) -> list[float]:
    """Return the limits for the figures of a map, with 0.5 between no and yes."""
    values = [row["value"] for row in table if row["value"] is not None]
    if options.unit == "yes_no":
        return [0.5]
    return choose_limits(values, options.decimals, options.classes) if values else []


def classify_row(row: dict[str, Any]) -> str:
    """Return ``figure``, or the mark of a place without one: ``none``, ``censored``, ``not_applicable``."""
    if row["value"] is not None:
        return "figure"
    return row["status"] if row["status"] in ("censored", "not_applicable") else "none"


def choose_colour(value: float | None, inner: Sequence[float]) -> int:
    """Return the class of a value, as its place in the sequential palette."""
    return COLOURS[len(inner) + 1][0 if value is None else sum(value >= limit for limit in inner)]


def mark_place(row: dict[str, Any], inner: Sequence[float], options: ChartOptions, **where: float) -> dict[str, Any]:
    """Return the mark of a country on a map: its tooltip, whether it was chosen, its kind and its class."""
    has_figure = row["value"] is not None or row["status"] == "censored"
    words = wording.fill_tooltip(row, options) if has_figure else wording.fill_missing_tooltip(row, options)
    chosen = {"chosen": True} if row["country"] in options.highlighted else {}
    return words | where | chosen | {"kind": classify_row(row), "class": choose_colour(row["value"], inner)}


def build_legend(table: Rows, inner: Sequence[float], kinds: Sequence[str], options: ChartOptions) -> dict[str, Rows]:
    """Return the datasets of ``draw_legend``: classes with limits, marks of ``kinds``, and the unit."""
    values = [row["value"] for row in table if row["value"] is not None]
    keys = [
        {
            "i": i,
            "kind": kind,
            "label": hold_direction(t(KEYS.get(kind, f"charts.map.{kind}"), options.lang), options.lang),
        }
        for i, kind in enumerate(kinds)
    ]
    return {
        "classes": _make_segments(values, inner, options) if values else [],
        "keys": keys,
        "unit": [{"label": hold_direction(format_unit(options.unit, options.lang), options.lang)}] if values else [],
    }


def _make_segments(values: Sequence[float], inner: Sequence[float], options: ChartOptions) -> Rows:
    """Return a segment for each class, with the limits at its ends."""
    colours = COLOURS[len(inner) + 1]
    ends = [min(values), *inner, max(values)]

    def label(value: float) -> str:
        return wording.format_bare_figure({"value": value, "status": "normal"}, options)

    segments = [
        {"i": i, "of": len(colours), "class": colour, "from": label(ends[i]), "to": label(ends[i + 1])}
        for i, colour in enumerate(colours)
    ]
    if options.unit == "yes_no":  # a class is a word, not a range
        for segment, value in zip(segments, (0.0, 1.0), strict=True):
            segment |= {"from": "", "to": "", "word": label(value)}
    return segments


def fill(theme: Theme) -> alt.Fill:
    """Colour by ``class``."""
    scale = alt.Scale(domain=list(range(CLASSES)), range=list(LOOKS[theme].sequential))
    return alt.Fill("class:O", scale=scale, legend=None)


def draw_legend(lang: str, theme: Theme) -> list[alt.Chart]:
    """Return the legend, ``LEGEND_PX`` pixels high, at the top of the drawing."""
    look = LOOKS[theme]
    mirrored = is_rtl(lang)
    start, end = choose_sides(lang)
    bar = "min(width, 460)"

    def along(distance: str) -> str:
        """A position counted from the side where reading starts; the map itself is never mirrored."""
        return f"width - ({distance})" if mirrored else distance

    classes = shape.draw_dataset("classes")
    low = f"datum.i * {bar} / datum.of"
    high = f"(datum.i + 1) * {bar} / datum.of"
    swatches = classes.mark_rect(strokeOpacity=0).encode(
        x=shape.place_x(along(low)),
        x2=shape.place_x2(along(high)),
        y=shape.place_y("18"),
        y2=shape.place_y2("30"),
        fill=fill(theme),
    )
    limit: dict[str, Any] = {"baseline": "top", "fontSize": 12, "color": look.muted}
    firsts = classes.transform_filter("datum.i === 0").mark_text(**limit, align=start)
    firsts = firsts.encode(x=shape.place_x(along("0")), y=shape.place_y("35"), text="from:N")
    inner = classes.transform_filter("datum.i > 0").mark_text(**limit, align="center")
    inner = inner.encode(x=shape.place_x(along(low)), y=shape.place_y("35"), text="from:N")
    lasts = classes.transform_filter("datum.i === datum.of - 1").mark_text(**limit, align=end)
    lasts = lasts.encode(x=shape.place_x(along(bar)), y=shape.place_y("35"), text="to:N")
    words = classes.transform_filter("isValid(datum.word)").mark_text(**limit, align="center")
    words = words.encode(
        x=shape.place_x(along(f"(datum.i + 0.5) * {bar} / datum.of")), y=shape.place_y("35"), text="word:N"
    )
    unit = shape.draw_dataset("unit").mark_text(baseline="top", fontSize=12, align=start, color=look.muted)
    unit = unit.encode(x=shape.place_x(along("0")), y=shape.place_y("0"), text="label:N")

    keys = shape.draw_dataset("keys")
    column = "(width < 460 ? 110 : 150) * datum.i"
    key_y = shape.place_y("64")
    swatch: dict[str, Any] = {"shape": "square", "size": 130, "opacity": 1, "strokeWidth": 1.2}
    grey = "datum.kind === 'outside' || datum.kind === 'grey'"
    key_frames = keys.mark_point(
        **swatch,
        fill=alt.ExprRef(f"{grey} ? '{look.hairline}' : '{look.surface}'"),
        stroke=alt.ExprRef(f"{grey} ? '{look.hairline}' : datum.kind === 'censored' ? '{look.text}' : '{look.rest}'"),
    ).encode(x=shape.place_x(along(f"{column} + 7")), y=key_y)
    key_hatches = (
        keys.transform_filter("datum.kind === 'none'")
        .mark_point(shape=HATCH, size=130, fill=None, stroke=look.rest, strokeWidth=0.8, opacity=0.55)
        .encode(x=shape.place_x(along(f"{column} + 7")), y=key_y)
    )
    key_texts = keys.mark_text(baseline="middle", fontSize=12, align=start, color=look.muted).encode(
        x=shape.place_x(along(f"{column} + 20")), y=key_y, text="label:N"
    )
    return [swatches, firsts, inner, lasts, words, unit, key_frames, key_hatches, key_texts]
