"""Distribution: a dot for each country over the range of figures, with median and chosen countries named."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import MAX_CHOSEN, SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.analysis.charts.layers import scale, shape
from dashboard.analysis.charts.layers.frame import Rows, find_comparable_countries, find_latest_per_country, strip_rows
from dashboard.analysis.charts.theme import LOOKS, hold_direction
from dashboard.analysis.charts.words import sentence, wording
from dashboard.analysis.measures.comparability import MIN_FIGURES
from dashboard.locales import format_unit, t

BINS = 48
MAX_STACK_PX = 190  # pixels the tallest column of dots may take
MIN_DOT_PX = 6  # pixels of a dot below which the dots of a bin stand abreast
LANE_PX = 18  # pixels of one line of labels
UNCHOSEN_SLOT = MAX_CHOSEN
LABEL_LIMIT = 36
MIN_PLOT_PX = 300  # pixels of the plot on a telephone: labels are kept apart there, so they are everywhere
LETTER_PX = 7.4  # pixels of a letter in a label, generously


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return the distribution of the latest figures of the group, or of all countries of ``rows``.

    A censored figure has no dot, but stands in ``rows``. The median is of figures of one series and edition, without
    claims lacking a method; there is none for yes and no, or if the licence allows figures only as published.
    """
    group = options.group or tuple(rows["country"].unique(maintain_order=True))
    figures = find_latest_per_country(rows, group, options)
    table = figures.to_dicts()
    valued = sorted((row for row in table if row["value"] is not None), key=lambda row: row["value"])
    stated = [row for row in valued if (row["source"], row.get("series")) not in options.claims]
    counted = find_comparable_countries(stated, options.highlighted)
    median = pl.Series([row["value"] for row in stated if row["country"] in counted], dtype=pl.Float64).median()
    enough = len(counted) == len(stated) or len(counted) >= MIN_FIGURES
    allowed = enough and not options.as_published and options.unit != "yes_no"
    middle = median if isinstance(median, float) and allowed else None
    words = sentence.describe_distribution(table, middle, counted, options)
    data = partial(_build_data, valued, middle, options) if valued else None
    shown = strip_rows(table, options, SHARED_COLUMNS)
    return shape.make_chart(_draw_shape, data, shown, words, sentence.write_subtitle(table, options), options)


def _build_data(valued: Rows, median: float | None, options: ChartOptions) -> dict[str, Rows]:
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
                "slot": UNCHOSEN_SLOT if slot is None else slot,
            }
        )
    tallest = max(stacks.values())
    labels: Rows = []
    if median is not None:
        figure = wording.format_figure({"value": median, "status": "normal"}, options)
        middle = t("charts.distribution.median", options.lang, figure=figure)
        labels.append({"at": shape.round_coordinate(median), "slot": UNCHOSEN_SLOT, "label": middle, "level": -1})
    labels += [
        {key: dot[key] for key in ("at", "slot", "level", "country")}
        | {"label": wording.shorten_name(options.name(dot["country"]), LABEL_LIMIT)}
        for dot in dots
        if dot["slot"] < UNCHOSEN_SLOT
    ]
    set_out = _place_labels(labels, low, high)
    labels = [
        label | {"label": hold_direction(label["label"], options.lang), "lane": lane, "ahead": ahead}
        for label, (lane, ahead) in zip(labels, set_out, strict=True)
    ]
    lanes = max((lane for lane, _ in set_out), default=0) + 1
    frame = [{"at": end, "lanes": lanes, "of": tallest} for end in (low, high)]
    unit = [{"label": hold_direction(format_unit(options.unit, options.lang), options.lang)}]
    return {"dots": dots, "labels": labels, "frame": frame, "unit": unit}


def _place_labels(labels: Rows, low: float, high: float) -> list[tuple[int, bool]]:
    """Return a line for each label, counted from below, and whether its text stands right of its place.

    No text covers another. Of the ways to turn left and right labels, the one is taken whose threads cross the fewest
    texts, then the one with the fewest lines.
    """
    places = [(label["at"] - low) / (high - low) for label in labels]
    reach = [(len(label["label"]) * LETTER_PX + 12) / MIN_PLOT_PX for label in labels]
    order = sorted(range(len(labels)), key=lambda i: places[i])
    candidates = []
    for ahead_count in range(len(labels), -1, -1):
        ahead = set(order[:ahead_count])
        extents = [
            (place, place + reach[i]) if i in ahead else (place - reach[i], place) for i, place in enumerate(places)
        ]
        # from the outside in, so that each new thread passes beside the texts below it
        lanes = _choose_lanes([*order[ahead_count:], *reversed(order[:ahead_count])], extents)
        outside = sum(left < 0 or right > 1 for left, right in extents)
        crossed = sum(extents[j][0] < places[i] < extents[j][1] for i in lanes for j in lanes if lanes[i] > lanes[j])
        candidates.append(
            (outside, crossed, max(lanes.values(), default=-1), [(lanes[i], i in ahead) for i in range(len(labels))])
        )
    return min(candidates, key=lambda candidate: candidate[:3])[3]


def _choose_lanes(order: Sequence[int], extents: Sequence[tuple[float, float]]) -> dict[int, int]:
    """Return the lowest free line above all texts that each label would cover."""
    lanes: dict[int, int] = {}
    for i in order:
        under = [lanes[j] for j in lanes if extents[i][0] < extents[j][1] and extents[j][0] < extents[i][1]]
        lanes[i] = 1 + max(under, default=-1)
    return lanes


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    lanes = f"(data('frame')[0].lanes * {LANE_PX} + 8)"
    inset = 6
    column = f"(width - {2 * inset}) / {BINS}"
    of = "data('frame')[0].of"
    # columns of dots side by side in one bin, where a single one would leave the dots too small to see
    abreast = (
        f"({MAX_STACK_PX} / {of} >= min({column}, {MIN_DOT_PX}) ? 1"
        f" : ceil({column} / min({column}, sqrt({column} * {MAX_STACK_PX} / {of}))))"
    )
    side = f"min({column} / {abreast}, {MAX_STACK_PX} / ceil({of} / {abreast}))"
    stack = f"({side} * ceil({of} / {abreast}))"
    shift = f"(datum.level < 0 ? 0 : (datum.level % {abreast} - ({abreast} - 1) / 2) * {side})"
    x = alt.X(
        "at:Q",
        scale=shape.fit_frame("at", str(inset), f"width - {inset}"),
        axis=alt.Axis(
            title=None,
            grid=False,
            format=",~f",
            tickCount=alt.ExprRef("width < 460 ? 4 : 8"),
        ),
    )
    palette = [*look.palette, look.rest]
    colour = alt.Color("slot:O", scale=alt.Scale(domain=list(range(UNCHOSEN_SLOT + 1)), range=palette), legend=None)
    level = f"height - 3 - (floor(datum.level / {abreast}) + 0.5) * {side}"
    dots = shape.draw_dataset("dots").mark_point(
        filled=True,
        size=alt.ExprRef(f"PI * pow({side} * 0.45, 2)"),
        opacity=1,
        shape="circle",
        xOffset=alt.ExprRef(shift),
    )
    chosen = (
        shape.draw_dataset("dots")
        .transform_filter(f"datum.slot < {UNCHOSEN_SLOT}")
        .mark_point(
            filled=True,
            size=alt.ExprRef(f"PI * pow(max({side} * 0.45, 3.5), 2)"),
            opacity=1,
            xOffset=alt.ExprRef(shift),
        )
    )
    labels = shape.draw_dataset("labels")
    threads = labels.mark_rule(
        strokeWidth=1,
        xOffset=alt.ExprRef(shift),
        opacity=alt.ExprRef(f"datum.slot < {UNCHOSEN_SLOT} ? 0.7 : 1"),
        strokeDash=alt.ExprRef(f"datum.slot < {UNCHOSEN_SLOT} ? [1, 0] : [4, 3]"),
    ).encode(
        x,
        y=shape.place_y(f"{lanes} - 2 - datum.lane * {LANE_PX}"),
        y2=shape.place_y2(f"datum.level < 0 ? height : height - 3 - (floor(datum.level / {abreast}) + 1) * {side}"),
        color=colour,
    )
    text: dict[str, Any] = {
        "baseline": "middle",
        "fontSize": 13,
        "fontWeight": alt.ExprRef(f"datum.slot < {UNCHOSEN_SLOT} ? 600 : 400"),
        "align": alt.ExprRef("datum.ahead ? 'left' : 'right'"),
        "dx": alt.ExprRef("datum.ahead ? 5 : -5"),
        "text": alt.ExprRef("datum.label"),
        "xOffset": alt.ExprRef(shift),
    }
    y = shape.place_y(f"{lanes} - 8 - datum.lane * {LANE_PX}")
    halo = labels.mark_text(**text, stroke=look.surface, strokeWidth=4).encode(x, y=y)
    words = [
        labels.transform_filter(f"datum.slot {test} {UNCHOSEN_SLOT}")
        .mark_text(**text, color=ink)
        .encode(x, y=y, **channel)
        for test, ink, channel in (("<", look.text, {"color": colour}), ("===", look.muted, {}))
    ]
    unit = shape.draw_dataset("unit").mark_text(align="left", baseline="top", fontSize=12, color=look.muted)
    targets = (
        shape.draw_dataset("dots")
        .mark_point(
            filled=True,
            opacity=0,
            shape="square",
            size=alt.ExprRef(f"pow({side}, 2)"),
            xOffset=alt.ExprRef(shift),
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
    )
    return shape.finish_shape(chart, lang, theme, None, f"{stack} + {lanes} + 8")
