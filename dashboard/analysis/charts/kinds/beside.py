"""Beside: a country's figure with its interval, and below it the medians of groups, on one axis.

A median is of at least ``MIN_FIGURES`` like figures near the country's year (docs/method.md, medians).
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import SHARED_COLUMNS, Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.layers import scale, shape
from dashboard.analysis.charts.layers.frame import Rows, find_latest_per_country, strip_rows
from dashboard.analysis.charts.theme import LOOKS, choose_sides, hold_direction, is_rtl
from dashboard.analysis.charts.words import sentence, wording
from dashboard.analysis.measures.comparability import LIKE_COLUMNS, MIN_FIGURES
from dashboard.analysis.measures.latest import select_nearest
from dashboard.locales import isolate_ltr, t

COLUMNS = ("group", "n", "group_countries", "first_year", "last_year", *SHARED_COLUMNS)
ROW_HEIGHT = 46
NARROW = 560
NARROW_LABEL = 20  # characters of a line of a label on a telephone, at least
NARROW_LINE = 42  # characters of such a line with the figure beside it
COUNT = "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return the latest figure of the first chosen country and the medians of ``options.groups``.

    A group with too few like figures has a row without a value. Without a figure of the country there are only words.
    """
    own = find_latest_per_country(rows, options.highlighted[:1], options)
    row = own.to_dicts()[0]
    groups = _find_medians(rows, row, options) if row["value"] is not None else []
    words = _describe(row, groups, options)
    data = None if row["value"] is None else partial(_build_data, row, groups, options)
    empty = dict.fromkeys(COLUMNS)
    first = empty | {"group": ""} | strip_rows([row], options, SHARED_COLUMNS)[0]
    shown = [first, *(empty | {"unit": row["unit"], **group} for group in groups)]
    return shape.make_chart(_draw_shape, data, shown, words, sentence.write_subtitle([row], options), options)


def _find_medians(rows: pl.DataFrame, own: dict[str, Any], options: ChartOptions) -> Rows:
    same = [pl.col(name).eq_missing(own[name]) for name in LIKE_COLUMNS]
    like = rows.filter(pl.col("primary").fill_null(True), *same)
    medians = []
    for label, members in options.groups.items():
        values = select_nearest(like.lazy(), members, own["year"]).filter(pl.col("value").is_not_null()).collect()
        median = values["value"].median() if values.height >= MIN_FIGURES else None
        medians.append(
            {
                "group": label,
                "n": values.height,
                "group_countries": len(members),
                "first_year": values["year"].min(),
                "last_year": values["year"].max(),
                "value": median,
                "status": "missing" if median is None else "normal",
            }
        )
    return medians


def _write_basis(group: dict[str, Any], options: ChartOptions) -> str:
    years = wording.format_years(group["first_year"], group["last_year"], options)
    return t(
        "country.beside.of",
        options.lang,
        years=years,
        count=isolate_ltr(f"{COUNT}{group['n']}/{group['group_countries']}"),
    )


def _write_median(group: dict[str, Any], options: ChartOptions) -> str:
    """Return the median in words, with years and number, or that there are too few figures."""
    if group["value"] is None:
        return t("country.beside.few", options.lang, count=str(group["n"]))
    return t(
        "country.beside.median",
        options.lang,
        value=wording.format_figure(group, options),
        of=_write_basis(group, options),
    )


def _describe(own: dict[str, Any], groups: Sequence[dict[str, Any]], options: ChartOptions) -> ChartWords:
    name, lead = options.name(own["country"]), f"{options.title}."
    if own["value"] is None:
        if wording.is_unexplained(own, options):
            return sentence.say_none_for([name], options)
        why = (
            wording.format_figure(own, options)
            if own["status"] == "censored"
            else wording.explain_missing(own, options)
        )
        return ChartWords((t("country.beside.none", options.lang, country=name, why=why),), lead=lead)
    parts = [f"{group['group']} {_write_median(group, options)}" for group in groups]
    medians = t("ui.list.semicolon", options.lang).join(parts)
    medians_text = t("country.beside.medians", options.lang, medians=medians) if parts else ""
    own_text = t("country.beside.own", options.lang, country=name, value=_format_own(own, options), year=own["period"])
    return ChartWords((own_text, medians_text), ("" if parts else options.note,), lead)


def _format_own(row: dict[str, Any], options: ChartOptions) -> str:
    figure = wording.format_figure(row, options)
    if row["lower"] is None or row["upper"] is None:
        return figure
    return t("ui.list.comma", options.lang).join((figure, wording.format_interval(row, options)))


def _fold_narrow(label: str, figure: str, options: ChartOptions) -> str:
    return wording.fold_name(label, max(NARROW_LABEL, NARROW_LINE - len(figure)), options)


def _build_data(own: dict[str, Any], groups: Sequence[dict[str, Any]], options: ChartOptions) -> dict[str, Rows]:
    short = f"{wording.format_figure(own, options)} ({own['period']})"
    first = wording.fill_tooltip(own, options) | {
        "row": 0,
        "own": True,
        "value": shape.round_coordinate(own["value"]),
        "label": hold_direction(options.name(own["country"]), options.lang),
        "label_narrow": _fold_narrow(options.name(own["country"]), short, options),
        "shown": hold_direction(f"{_format_own(own, options)} ({own['period']})", options.lang),
        "shown_narrow": hold_direction(short, options.lang),
    }
    marks = [first | shape.carry_ends(own)]
    for number, group in enumerate(groups, start=1):
        mark = {
            "row": number,
            "own": False,
            "label": hold_direction(group["group"], options.lang),
            "label_narrow": _fold_narrow(group["group"], _write_median(group, options), options),
            "shown": hold_direction(_write_median(group, options), options.lang),
            "shown_narrow": hold_direction(_write_median(group, options), options.lang),
        }
        marks.append(mark if group["value"] is None else mark | {"value": shape.round_coordinate(group["value"])})
    ends = _find_range(own, groups, options)
    return {"marks": marks, "frame": [{"value": end, "rows": len(marks)} for end in ends]}


def _find_range(own: dict[str, Any], groups: Sequence[dict[str, Any]], options: ChartOptions) -> tuple[float, float]:
    """Return the natural limits of the scale if it has both, else round ends around all marks."""
    numbers = [own["value"], own["lower"], own["upper"], *(group["value"] for group in groups)]
    values = [value for value in numbers if value is not None]
    if options.limits is None:
        return scale.round_range(values, options.unit)
    return min(options.limits[0], *values), max(options.limits[1], *values)


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    mirrored = is_rtl(lang)
    near, far = choose_sides(lang)
    start, end = ("width", "0") if mirrored else ("0", "width")
    ends = ("width - 8", "8") if mirrored else ("8", "width - 8")
    axis = shape.build_figure_axis("width < 560 ? 3 : 6", orient="bottom", grid=True)
    x = alt.X("value:Q", scale=shape.fit_frame("value", *ends), axis=axis)
    y = alt.Y("row:O", axis=None, scale=alt.Scale(padding=0))
    marks = shape.draw_dataset("marks")
    valued = marks.transform_filter("isValid(datum.value)")
    bands = marks.mark_rect(fill=look.surface).encode(
        x=shape.place_x("0"),
        x2=shape.place_x2("width"),
        y=shape.place_y(f"datum.row * {ROW_HEIGHT}"),
        y2=shape.place_y2(f"datum.row * {ROW_HEIGHT} + 26"),
    )
    text: dict[str, Any] = {"baseline": "middle", "fontSize": 13, "yOffset": -10}
    weight = alt.ExprRef("datum.own ? 600 : 400")
    colour = alt.ExprRef(f"datum.own ? '{look.text}' : '{look.muted}'")
    label, figure = (
        shape.write_lines(f"(width < {NARROW} ? datum.{field}_narrow : datum.{field})") for field in ("label", "shown")
    )
    labels = marks.mark_text(**text, align=near, **label, fontWeight=weight, color=colour).encode(
        y, x=shape.place_x(start)
    )
    shown = marks.mark_text(**text, align=far, **figure, fontWeight=weight, color=colour).encode(
        y, x=shape.place_x(end)
    )
    lines = marks.mark_rule(color=look.hairline, yOffset=9).encode(
        y, x=shape.place_x("8"), x2=shape.place_x2("width - 8")
    )
    intervals = (
        marks.transform_filter("isValid(datum.lower)")
        .mark_rule(strokeWidth=2, color=look.palette[0], yOffset=9)
        .encode(y, alt.X("lower:Q"), x2="upper:Q")
    )
    owned = (
        valued.transform_filter("datum.own")
        .mark_point(filled=True, opacity=1, size=110, color=look.palette[0], yOffset=9)
        .encode(x, y)
    )
    medians = (
        valued.transform_filter("!datum.own")
        .mark_point(shape="diamond", filled=False, opacity=1, size=80, strokeWidth=1.6, color=look.muted, yOffset=9)
        .encode(x, y)
    )
    targets = (
        shape.look_up_origins(marks.transform_filter("datum.own"))
        .mark_bar(opacity=0)
        .encode(y, x=shape.place_x("0"), x2=shape.place_x2("width"), tooltip=shape.build_tooltip(lang))
        .add_params(shape.build_picker())
    )
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x)
    chart = alt.layer(frame, bands, lines, intervals, medians, owned, labels, shown, targets)
    return shape.finish_shape(chart, lang, theme, ROW_HEIGHT, f"data('frame')[0].rows * {ROW_HEIGHT}")
