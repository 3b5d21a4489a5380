"""Distribution: one dot per country over the range of figures, with the median and the chosen countries named."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.charts.chart import MOST_CHOSEN, SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.charts.layers import scale, shape
from dashboard.charts.layers.frame import find_comparable_countries, find_latest_per_country, strip_rows
from dashboard.charts.theme import LOOKS, hold_direction
from dashboard.charts.words import sentence, wording
from dashboard.locales import format_unit, t
from dashboard.measures.comparability import FEWEST

COLUMNS = SHARED_COLUMNS
BINS = 48
STACK = 190  # pixels the tallest column of dots may take
SMALLEST = 6  # pixels of a dot below which the dots of a bin stand abreast
LANE = 18  # pixels of one line of labels
REST = MOST_CHOSEN
LABEL_LIMIT = 36
NARROWEST = 300  # pixels of the plot on a telephone: labels are kept apart there, so they are everywhere
LETTER = 7.4  # pixels of a letter in a label, generously

Rows = list[dict[str, Any]]


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """The distribution of the latest figures of the group (all countries of ``rows``, where none is given).

    Dots are stacked in columns of equal width; a censored figure has no dot, but stands in ``rows``. Where the licence
    allows figures only as published there is no median, nor of yes and no; claims without a method are drawn, and enter
    none. It is of figures of one series and edition; the others are drawn beside it.
    """
    group = options.group or tuple(rows["country"].unique(maintain_order=True))
    figures = find_latest_per_country(rows, group, options)
    table = figures.to_dicts()
    valued = sorted((row for row in table if row["value"] is not None), key=lambda row: row["value"])
    stated = [row for row in valued if (row["source"], row.get("series")) not in options.claims]
    counted = find_comparable_countries(stated, options.highlighted)
    median = pl.Series([row["value"] for row in stated if row["country"] in counted], dtype=pl.Float64).median()
    enough = len(counted) == len(stated) or len(counted) >= FEWEST
    allowed = enough and not options.as_published and options.unit != "yes_no"
    middle = median if isinstance(median, float) and allowed else None
    words = sentence.describe_distribution(table, middle, counted, options)
    spec = shape.draw(_shape, partial(_datasets, valued, middle, options) if valued else None, words, options)
    shown = strip_rows(table, options, COLUMNS)
    return Chart(spec, shown, words, options.title, sentence.write_subtitle(table, options), options)


def _datasets(valued: Rows, median: float | None, options: ChartOptions) -> dict[str, Rows]:
    low, high = scale.round_range([row["value"] for row in valued], options.unit)
    width = (high - low) / BINS
    stacks: dict[int, int] = {}
    dots = []
    for row in valued:
        column = min(BINS - 1, int((row["value"] - low) / width))
        level = stacks.get(column, 0)
        stacks[column] = level + 1
        slot = options.slot(row["country"])
        dots.append(
            wording.fill_tooltip(row, options)
            | {
                "at": shape.round_coordinate(low + (column + 0.5) * width),
                "level": level,
                "slot": REST if slot is None else slot,
            }
        )
    tallest = max(stacks.values())
    labels: Rows = []
    if median is not None:
        figure = wording.format_figure({"value": median, "status": "normal"}, options)
        middle = t("charts.distribution.median", options.lang, figure=figure)
        labels.append({"at": shape.round_coordinate(median), "slot": REST, "label": middle, "level": -1})
    labels += [
        {key: dot[key] for key in ("at", "slot", "level", "country")}
        | {"label": wording.shorten_name(options.name(dot["country"]), LABEL_LIMIT)}
        for dot in dots
        if dot["slot"] < REST
    ]
    set_out = _set_out(labels, low, high)
    labels = [
        label | {"label": hold_direction(label["label"], options.lang), "lane": lane, "ahead": ahead}
        for label, (lane, ahead) in zip(labels, set_out, strict=True)
    ]
    lanes = max((lane for lane, _ in set_out), default=0) + 1
    frame = [{"at": end, "lanes": lanes, "of": tallest} for end in (low, high)]
    unit = [{"label": hold_direction(format_unit(options.unit, options.lang), options.lang)}]
    return {"dots": dots, "labels": labels, "frame": frame, "unit": unit}


def _set_out(labels: Rows, low: float, high: float) -> list[tuple[int, bool]]:
    """A line for each label, counted from below, and whether its text runs ahead (to the right) of its place.

    No text covers another. Of the ways to let the left ones run ahead and the others back, the one is taken whose
    threads, from a label down to its dot, run through the fewest texts, then the one with the fewest lines.
    """
    places = [(label["at"] - low) / (high - low) for label in labels]
    reach = [(len(label["label"]) * LETTER + 12) / NARROWEST for label in labels]
    order = sorted(range(len(labels)), key=lambda i: places[i])
    candidates = []
    for ahead_count in range(len(labels), -1, -1):
        ahead = set(order[:ahead_count])
        extents = [
            (place, place + reach[i]) if i in ahead else (place - reach[i], place) for i, place in enumerate(places)
        ]
        # from the outside in, so that each new thread passes beside the texts below it
        lanes = _lanes([*order[ahead_count:], *reversed(order[:ahead_count])], extents)
        outside = sum(left < 0 or right > 1 for left, right in extents)
        crossed = sum(extents[j][0] < places[i] < extents[j][1] for i in lanes for j in lanes if lanes[i] > lanes[j])
        candidates.append(
            (outside, crossed, max(lanes.values(), default=-1), [(lanes[i], i in ahead) for i in range(len(labels))])
        )
    return min(candidates, key=lambda way: way[:3])[3]


def _lanes(order: Sequence[int], extents: Sequence[tuple[float, float]]) -> dict[int, int]:
    """The lowest free line above all texts that each one's own would cover."""
    lanes: dict[int, int] = {}
    for i in order:
        under = [lanes[j] for j in lanes if extents[i][0] < extents[j][1] and extents[j][0] < extents[i][1]]
        lanes[i] = 1 + max(under, default=-1)
    return lanes


@shape.cached
def _shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    lanes = f"(data('frame')[0].lanes * {LANE} + 8)"
    inset = 6
    column = f"(width - {2 * inset}) / {BINS}"
    of = "data('frame')[0].of"
    # columns of dots side by side in one bin, where a single one would leave the dots too small to see
    abreast = (
        f"({STACK} / {of} >= min({column}, {SMALLEST}) ? 1"
        f" : ceil({column} / min({column}, sqrt({column} * {STACK} / {of}))))"
    )
    side = f"min({column} / {abreast}, {STACK} / ceil({of} / {abreast}))"
    stack = f"({side} * ceil({of} / {abreast}))"
    shift = f"(datum.level < 0 ? 0 : (datum.level % {abreast} - ({abreast} - 1) / 2) * {side})"
    x = alt.X(
        "at:Q",
        scale=shape.fit_frame("at", str(inset), f"width - {inset}"),
        axis=alt.Axis(
            title=None,
            grid=False,
            format=",~f",
            tickCount=shape.build_expression("width < 460 ? 4 : 8"),
        ),
    )
    palette = [*look.palette, look.rest]
    colour = alt.Color("slot:O", scale=alt.Scale(domain=list(range(REST + 1)), range=palette), legend=None)
    level = f"height - 3 - (floor(datum.level / {abreast}) + 0.5) * {side}"
    dots = shape.draw_dataset("dots").mark_point(
        filled=True,
        size=shape.build_expression(f"PI * pow({side} * 0.45, 2)"),
        opacity=1,
        shape="circle",
        xOffset=shape.build_expression(shift),
    )
    chosen = (
        shape.draw_dataset("dots")
        .transform_filter(f"datum.slot < {REST}")
        .mark_point(
            filled=True,
            size=shape.build_expression(f"PI * pow(max({side} * 0.45, 3.5), 2)"),
            opacity=1,
            xOffset=shape.build_expression(shift),
        )
    )
    labels = shape.draw_dataset("labels")
    threads = labels.mark_rule(
        strokeWidth=1,
        xOffset=shape.build_expression(shift),
        opacity=shape.build_expression(f"datum.slot < {REST} ? 0.7 : 1"),
        strokeDash=shape.build_expression(f"datum.slot < {REST} ? [1, 0] : [4, 3]"),
    ).encode(
        x,
        y=shape.place_y(f"{lanes} - 2 - datum.lane * {LANE}"),
        y2=shape.place_y2(f"datum.level < 0 ? height : height - 3 - (floor(datum.level / {abreast}) + 1) * {side}"),
        color=colour,
    )
    text: dict[str, Any] = {
        "baseline": "middle",
        "fontSize": 13,
        "fontWeight": shape.build_expression(f"datum.slot < {REST} ? 600 : 400"),
        "align": shape.build_expression("datum.ahead ? 'left' : 'right'"),
        "dx": shape.build_expression("datum.ahead ? 5 : -5"),
        "text": shape.build_expression("datum.label"),
        "xOffset": shape.build_expression(shift),
    }
    y = shape.place_y(f"{lanes} - 8 - datum.lane * {LANE}")
    halo = labels.mark_text(**text, stroke=look.surface, strokeWidth=4).encode(x, y=y)
    words = [
        labels.transform_filter(f"datum.slot {test} {REST}").mark_text(**text, color=ink).encode(x, y=y, **channel)
        for test, ink, channel in (("<", look.text, {"color": colour}), ("===", look.muted, {}))
    ]
    unit = shape.draw_dataset("unit").mark_text(align="left", baseline="top", fontSize=12, color=look.muted)
    targets = (
        shape.draw_dataset("dots")
        .mark_point(
            filled=True,
            opacity=0,
            shape="square",
            size=shape.build_expression(f"pow({side}, 2)"),
            xOffset=shape.build_expression(shift),
        )
        .encode(x, y=shape.place_y(level), tooltip=shape.build_tooltip(lang))
    )
    chart = alt.layer(
        shape.draw_dataset("frame").mark_point(opacity=0).encode(x),
        unit.encode(x=shape.place_x(str(inset)), y=shape.place_y("height + 28"), text="label:N"),
        threads,
        dots.encode(x, y=shape.place_y(level), color=colour),
        chosen.encode(x, y=shape.place_y(level), color=colour),
        halo,
        *words,
        shape.look_up_origins(targets).add_params(shape.build_picker()),
    ).add_params(alt.param(name="height", expr=f"{stack} + {lanes} + 8"))
    return shape.finish_shape(chart, lang, theme, None)
