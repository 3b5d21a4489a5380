"""Trend: up to six countries over the years, with intervals, breaks, gaps and the nature of each figure."""

from functools import partial
from itertools import pairwise
from typing import Any, Literal

import altair as alt
import polars as pl

from dashboard.analysis.charts.chart import MAX_CHOSEN, SHARED_COLUMNS, Chart, ChartOptions, Spec, Theme
from dashboard.analysis.charts.layers import comparing, scale, shape
from dashboard.analysis.charts.layers.frame import Rows, choose_countries, list_figures, strip_rows
from dashboard.analysis.charts.theme import AT_LEAST, AT_MOST, LOOKS, PROVISIONAL, hold_direction, name_year_unit
from dashboard.analysis.charts.words import sentence, wording
from dashboard.locales import t

HEIGHT = 340
LABEL_GAP_PX = 17  # pixels between two labels at the ends of lines
LABELS_PX = 176  # pixels of labels beside the plot
LABEL_LIMIT = 24  # characters of a country's name at the end of its line
FULL_LIMIT = 34  # the same in a wide drawing, on two lines where the name is longer
LETTER_PX = 7.6  # pixels of a letter there
NARROW, WIDE = 460, 900  # below these widths labels are country codes, or cut
Along = Literal["year", "since"]


def build(rows: pl.DataFrame, options: ChartOptions) -> Chart:
    """Return the trend of the chosen countries (all of ``rows`` if none is chosen).

    ``options.breaks`` and ``line`` decide what is joined; ``colours`` keeps each country's colour.
    """
    options = choose_countries(rows, options, MAX_CHOSEN, "a trend shows")
    countries = options.highlighted
    table = list_figures(rows, countries)
    shown = strip_rows(table, options, SHARED_COLUMNS)
    valued = [row for row in table if row["value"] is not None]
    bounds = [row for row in table if row["status"] == "censored"]
    joined = number_runs(table, options)
    stops = len(set(joined.values())) > len({row["country"] for row in valued})
    words = sentence.describe_trend(table, stops, options)
    data = partial(build_datasets, joined, valued, bounds, options, "year") if valued or bounds else None
    words = words.add_reading(options.target_text)
    aimed = options.target is not None
    if options.insist and find_bridges(joined, valued, options):
        words = words.add_reading(comparing.explain_dashes(options))
    return shape.make_chart(
        draw_trend,
        data,
        shown,
        words,
        sentence.write_subtitle(table, options),
        options,
        options.unit == "yes_no",
        "year",
        aimed,
    )


def number_runs(rows: Rows, options: ChartOptions) -> dict[str, int]:
    """Return the number of the run (``comparing.split_runs``) of each row id."""
    runs = comparing.split_runs(rows, options.breaks, options.line)
    return {row["id"]: number for number, run in enumerate(runs, start=1) for row in run}


def find_bridges(
    joined: dict[str, int], rows: Rows, options: ChartOptions
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return neighbouring figures of a country that are unequal, which a reader may insist on joining.

    A gap in the years is no such difference.
    """
    return [
        (earlier, later)
        for earlier, later in pairwise(rows)
        if earlier["country"] == later["country"]
        and joined[earlier["id"]] != joined[later["id"]]
        and (not (options.line or options.unit == "yes_no") or comparing.is_unequal(earlier, later, options.breaks))
    ]


def choose_mark(row: dict[str, Any]) -> str:
    """Return how a figure is drawn: ``full``, ``hollow`` (estimated or modelled) or ``provisional``."""
    if row["status"] == "provisional":
        return "provisional"
    return "hollow" if row["status"] == "estimated" or row["nature"] in ("E", "M") else "full"


def build_datasets(
    joined: dict[str, int], rows: Rows, bounds: Rows, options: ChartOptions, along: Along
) -> dict[str, Rows]:
    """Return the data of a trend along calendar years, or years since the event of each country."""

    def place_row(row: dict[str, Any]) -> dict[str, Any]:
        place = {"country": row["country"], "year": row["year"]}
        return place | ({"since": row["year"] - options.starts[row["country"]]} if along == "since" else {})

    points = [
        {
            "slot": options.slot(row["country"]),
            "value": shape.round_coordinate(row["value"]),
            "run": joined[row["id"]],
            "mark": choose_mark(row),
        }
        | shape.carry_ends(row)
        | place_row(row)
        for row in rows
    ]
    limits = [
        {
            "slot": options.slot(row["country"]),
            "value": row["upper"] if row["upper"] is not None else row["lower"],
            "mark": "at_most" if row["upper"] is not None else "at_least",
        }
        | place_row(row)
        for row in bounds
        if row["upper"] is not None or row["lower"] is not None
    ]
    years = [point[along] for point in points + limits] + ([0] if along == "since" else [])
    low, high = scale.round_range(
        [point["value"] for point in points + limits]
        + [point[end] for point in points for end in ("lower", "upper") if end in point]
        + ([] if options.target is None else [options.target]),
        options.unit,
    )
    if options.unit == "yes_no":
        low, high = -0.2, 1.2
    first, last = min(years), max(years)
    frame = [{along: first, "value": low}, {along: last, "value": high}]
    if first == last:  # a single year stands in the middle, not on the axis
        frame = [{along: first - 1, "value": low}, {along: last + 1, "value": high}]
    crossed = find_bridges(joined, rows, options) if options.insist else []
    ends = _make_ends(points + limits, low, high, options, along)
    longest = max(len(line) for end in ends for line in end["full"].split("\n"))
    room = max(LABELS_PX, round(14 + LETTER_PX * longest))
    frame = [{**corner, "room": room} for corner in frame]  # in each: a page may keep one and change the other
    label = hold_direction(options.target_text, options.lang)
    return {
        "figures": points,
        "bounds": limits,
        "bridges": [
            {
                "slot": options.slot(row["country"]),
                "run": number,
                "value": shape.round_coordinate(row["value"]),
            }
            | place_row(row)
            for number, ends in enumerate(crossed)
            for row in ends
        ],
        "ends": ends,
        "breaks": _make_breaks(first, last, options)
        if along == "year"
        else [{"since": 0, "label": hold_direction(options.start_label, options.lang)}],
        "columns": _make_columns(
            rows + [row for row in bounds if row["year"] is not None], first, last, options, along
        ),
        "frame": frame,
        "unit": [{"label": wording.write_axis_title(options)}],
    } | ({} if options.target is None else {"aims": [{"value": options.target, "label": label}]})


def _make_columns(rows: Rows, first: int, last: int, options: ChartOptions, along: Along) -> Rows:
    """Return a column for each year, whose tooltip names every country."""
    texts: dict[int, dict[str, str]] = {}
    for row in rows:
        at = row["year"] - options.starts[row["country"]] if along == "since" else row["year"]
        texts.setdefault(at, {})[row["country"]] = wording.summarise_figure(row, options)
    none = t("charts.no_figure", options.lang)
    return [
        {
            along: at,
            "begin": at - 0.5,
            "end": at + 0.5,
            "said": {"title": f"{at:+d}".replace("-", "−") if along == "since" and at else str(at)}
            | {options.name(iso3): texts[at].get(iso3, none) for iso3 in options.highlighted},
        }
        for at in range(first, last + 1)
        if at in texts
    ]


def _make_ends(points: Rows, low: float, high: float, options: ChartOptions, along: Along) -> Rows:
    """Return labels beside the last figure of each country, kept apart."""
    last: dict[str, dict[str, Any]] = {}
    for point in points:
        if point["country"] not in last or point["year"] >= last[point["country"]]["year"]:
            last[point["country"]] = point
    full = {iso3: wording.fold_name(options.name(iso3), FULL_LIMIT, options) for iso3 in last}
    gap = LABEL_GAP_PX * (high - low) / HEIGHT
    tall = [1 + name.count("\n") for name in full.values()]
    places = scale.spread_apart([point["value"] for point in last.values()], gap, low, high, tall)
    return [
        {
            "country": iso3,
            "slot": point["slot"],
            along: point[along],
            "value": point["value"],
            "place": place,
            "code": iso3,
            "label": hold_direction(wording.shorten_name(options.name(iso3), LABEL_LIMIT), options.lang),
            "full": full[iso3],
        }
        for (iso3, point), place in zip(last.items(), places, strict=True)
    ]


def _make_breaks(first: int, last: int, options: ChartOptions) -> Rows:
    inside = [year for year in sorted(options.breaks) if first < year <= last]
    words = hold_direction(t("charts.trend.break", options.lang), options.lang)
    return [{"year": year - 0.5, "label": words if place == 0 else ""} for place, year in enumerate(inside)]


def choose_ticks(yes_no: bool, lang: str) -> dict[str, Any]:
    """Return the ticks of the axis of values: numbers, or the words yes and no."""
    if not yes_no:
        return {"tickCount": 5, "format": ",~f"}
    yes, no = (hold_direction(t(f"units.yes_no.{answer}", lang), lang) for answer in ("yes", "no"))
    return {"values": [0, 1], "labelExpr": f"datum.value ? '{yes}' : '{no}'"}


@shape.cache_shape
def draw_trend(lang: str, theme: Theme, yes_no: bool, along: Along, aimed: bool = False) -> Spec:
    """Return the shape of a trend along calendar years or years since an event; ``aimed``: with a target."""
    look = LOOKS[theme]
    room = f"(width < {NARROW} ? 48 : width < {WIDE} ? {LABELS_PX} : data('frame')[0].room)"
    over, lit, span, zoom = shape.build_crosshair(along)
    pick = alt.selection_point(name=shape.PICK, fields=["country", along], toggle=False)
    seen = shape.is_in_zoom(along)
    framed = f"zoom || [data('frame')[0].{along}, data('frame')[1].{along}]"
    across = alt.Scale(
        domain=alt.ExprRef(framed),
        zero=False,
        nice=False,
        range=[alt.ExprRef("10"), alt.ExprRef(f"width - {room}")],
    )
    years = alt.Axis(
        title=hold_direction(name_year_unit(lang), lang) if along == "since" else None,
        labelExpr="datum.value ? format(datum.value, '+d') : '0'" if along == "since" else alt.Undefined,
        format="d",
        tickMinStep=1,
        labelFlush=False,
        labelOverlap="greedy",
        labelSeparation=8,
        grid=False,
        tickCount=alt.ExprRef("width < 460 ? 4 : 8"),
    )
    x = alt.X(f"{along}:Q", scale=across, axis=years)
    y = alt.Y(
        "value:Q",
        scale=shape.fit_frame("value"),
        axis=alt.Axis(title=None, domain=False, ticks=False, minExtent=36, **choose_ticks(yes_no, lang)),
    )
    colour, symbol = shape.encode_slots(look)
    size = "(width < 460 ? 22 : 42)"

    unit = shape.draw_dataset("unit").mark_text(align="left", baseline="bottom", fontSize=12, color=look.muted)
    frame = shape.draw_dataset("frame").transform_filter(seen).mark_point(opacity=0).encode(x, y)
    breaks = shape.draw_dataset("breaks").transform_filter(seen).mark_rule(color=look.muted, strokeDash=[2, 3])
    breaks_text = (
        shape.draw_dataset("breaks")
        .transform_filter(seen)
        .mark_text(align="left", baseline="top", dx=4, color=look.muted, fontSize=11)
    )
    aims = []
    if aimed:
        aim = shape.draw_dataset("aims").encode(y)
        aims = [
            aim.mark_rule(color=look.muted, strokeDash=[6, 3]).encode(
                x=shape.place_x("10"), x2=shape.place_x2(f"width - {room}")
            ),
            aim.mark_text(align="left", baseline="top", dy=3, color=look.muted, fontSize=11).encode(
                x=shape.place_x("10"), text="label:N"
            ),
        ]
    intervals = (
        shape.draw_dataset("figures")
        .transform_filter(f"isValid(datum.lower) && ({seen})")
        .mark_rule(
            strokeWidth=alt.ExprRef("width < 460 ? 1 : 1.5"),
            opacity=alt.ExprRef(f"0.4 * {shape.DIMMED}"),
        )
        .encode(x, alt.Y("lower:Q"), y2="upper:Q", color=colour)
    )
    dimmed = alt.ExprRef(shape.DIMMED)
    lines = (
        shape.draw_dataset("figures")
        .transform_filter(seen)
        .mark_line(strokeWidth=2, strokeJoin="round", opacity=dimmed)
        .encode(x, y, color=colour, detail="run:N")
    )
    bridged = (
        shape.draw_dataset("bridges")
        .transform_filter(seen)
        .mark_line(strokeWidth=1.5, strokeDash=[3, 4], opacity=dimmed)
        .encode(x, y, color=colour, detail="run:N")
    )
    marks = [
        shape.draw_dataset("figures")
        .transform_filter(f"datum.mark === '{choose_mark}' && ({seen})")
        .mark_point(
            filled=False,
            fill=look.surface if choose_mark == "hollow" else alt.ExprRef(f"{list(look.palette)}[datum.slot]"),
            opacity=dimmed,
            size=alt.ExprRef(size),
            strokeWidth=1.6,
            shape=PROVISIONAL,  # where no country's own symbol is encoded
        )
        .encode(x, y, color=colour, **({} if choose_mark == "provisional" else {"shape": symbol}))
        for choose_mark in ("full", "hollow", "provisional")
    ]
    bounds = [
        shape.draw_dataset("bounds")
        .transform_filter(f"datum.mark === '{choose_mark}' && ({seen})")
        .mark_point(filled=False, opacity=dimmed, size=110, strokeWidth=1.6, shape=path)
        .encode(x, y, color=colour)
        for choose_mark, path in (("at_most", AT_MOST), ("at_least", AT_LEAST))
    ]
    label: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": 13, "fontWeight": 600}
    label |= shape.write_lines(f"(width < {NARROW} ? datum.code : width < {WIDE} ? datum.label : datum.full)")
    ends = shape.draw_dataset("ends")
    leaders = (
        ends.transform_filter(seen)
        .mark_rule(strokeWidth=1, strokeDash=[1, 3], color=look.rest)
        .encode(x, y, x2=shape.place_x2(f"width - {room} + 10"), y2="place:Q")
    )
    label_place = {"x": shape.place_x(f"width - {room} + 14"), "y": alt.Y("place:Q")}
    silent = alt.TooltipValue(None)  # a mark with a tooltip hears the pointer
    halo = ends.mark_text(**label, stroke=look.surface, strokeWidth=4).encode(**label_place)
    names = ends.mark_text(**label, opacity=dimmed).encode(**label_place, color=colour, tooltip=silent)
    text_expression = alt.ExprRef("datum.said")
    columns = (
        shape.draw_dataset("columns")
        .transform_filter(seen)
        .mark_rect(opacity=0, tooltip=text_expression)
        .encode(
            alt.X("begin:Q", scale=across, axis=years),
            x2="end:Q",
            y=shape.place_y("0"),
            y2=shape.place_y2("height"),
        )
        .properties(name="columns")
        .add_params(over, lit, span)
    )
    hair = (
        shape.draw_dataset("columns")
        .transform_filter(shape.is_over(along))
        .mark_rule(color=look.muted, strokeWidth=1)
        .encode(x, y=shape.place_y("0"), y2=shape.place_y2("height"))
    )
    picked = f"pick.country && pick.country[0] === datum.country && pick.{along}[0] === datum.{along}"
    rings = [
        shape.draw_dataset(data)
        .transform_filter(where)
        .mark_point(filled=False, size=150, strokeWidth=wide, color=look.text, opacity=1)
        .encode(x, y)
        for data, where, wide in (
            ("figures", f"{shape.is_over(along)} && ({seen})", 1.2),
            ("figures", f"{picked} && ({seen})", 2.4),
        )
    ]
    targets = [
        shape.draw_dataset(data)
        .transform_filter(seen)
        .transform_lookup(
            lookup=along, from_=alt.LookupData(data=alt.NamedData(name="columns"), key=along, fields=["said"])
        )
        .mark_point(filled=True, opacity=0, size=260, tooltip=text_expression, cursor="pointer")
        .encode(x, y)
        .properties(name="targets" if data == "figures" else "held")
        for data in ("figures", "bounds")
    ]
    targets[0] = targets[0].add_params(pick)
    chart = alt.layer(
        frame,
        unit.encode(x=shape.place_x("0"), y=shape.place_y("-12"), text="label:N"),
        breaks.encode(x),
        breaks_text.encode(x, y=shape.place_y("0"), text="label:N"),
        *aims,
        intervals,
        lines,
        bridged,
        leaders,
        *marks,
        *bounds,
        hair,
        *rings,
        halo,
        names,
        columns,
        *targets,
    ).add_params(zoom)
    return shape.finish_shape(chart, lang, theme, HEIGHT)
