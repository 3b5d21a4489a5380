"""Calendar heatmap: a line for each centre, a tile for each month, hollow without a figure."""

from collections.abc import Sequence
from functools import partial

import altair as alt

from dashboard.analysis.charts.centres import CentreFigures, CentreTile
from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.layers import shape
from dashboard.analysis.charts.layers.frame import Rows, list_columns
from dashboard.analysis.charts.theme import LOOKS, hold_direction
from dashboard.analysis.charts.words.wording import shorten_name
from dashboard.locales import format_day, t

COLUMNS = ("centre", "name", "month", "kind", "value", "lower", "upper", "n")
ROW_HEIGHT = 26
MAX_NAME_LETTERS = 26  # letters of a centre's name
HEAD_PX = 40
MAX_ROWS = 24  # most centres with a line; the words below the drawing name them


def build(figures: CentreFigures, options: ChartOptions) -> Chart:
    """Return the calendar of the foremost centres, or words alone if no tile has a figure."""
    shown, selection = figures.select_foremost(MAX_ROWS)
    tiles, months = figures.list_tiles(shown), figures.months
    rows = list_columns(tiles, COLUMNS)
    words = describe_calendar(selection, tiles, options)
    has_figure = any(tile.value is not None for tile in tiles)
    data = partial(_build_data, tiles, months, options, figures.felt) if has_figure else None
    return shape.make_chart(_draw_shape, data, rows, words, options.group_label, options)


def describe_calendar(selection: str, tiles: Sequence[CentreTile], options: ChartOptions) -> ChartWords:
    """Return the words: centres drawn, the highest and lowest figure, and how many tiles have none."""
    lang = options.lang
    valued = [tile for tile in tiles if tile.value is not None]
    if not valued:
        return ChartWords((selection, t("delivery.chart.calendar_none", lang)))
    top = max(valued, key=lambda tile: tile.value or 0.0)
    low = min(valued, key=lambda tile: tile.value or 0.0)
    if top.said == low.said:
        text = t("delivery.chart.calendar_level", lang, figure=top.said)
    else:
        text = t(
            "delivery.chart.calendar", lang,
            high=top.said, high_centre=top.name, high_month=format_day(top.month, lang),
            low=low.said, low_centre=low.name, low_month=format_day(low.month, lang),
        )  # fmt: skip
    none = len(tiles) - len(valued)
    missing = t("delivery.chart.calendar_missing", lang, count=none) if none else ""
    return ChartWords((selection, text), (missing,)) if selection else ChartWords((text, missing))


def _build_data(
    tiles: Sequence[CentreTile], months: Sequence[tuple[str, str]], options: ChartOptions, felt: float
) -> dict[str, Rows]:
    lang, look = options.lang, LOOKS[options.theme]
    order = list(dict.fromkeys(tile.centre for tile in tiles))
    places = {month: at for at, (month, _) in enumerate(months)}
    values = [tile.value for tile in tiles if tile.value is not None]
    low, high = min(values), max(values)
    reach = max(high - low, felt) or 1.0
    steps = len(look.sequential)
    marks = []
    for tile in tiles:
        step = 0 if tile.value is None else min(steps - 1, int(steps * (tile.value - low) / reach))
        marks.append(
            {
                "row": order.index(tile.centre),
                "column": places[tile.month],
                "colour": look.surface if tile.value is None else look.sequential[step],
                "ink": look.muted if tile.value is None else look.inks[step],
                "hollow": tile.value is None,
                "short": tile.short or "–",
                "name": tile.name,
                "when": format_day(tile.month, lang),
                "figure": tile.said,
            }
        )
    names = {tile.centre: tile.name for tile in tiles}
    frame = [{"rows": len(order), "columns": len(months)}]
    return {
        "tiles": marks,
        "frame": frame,
        "names": [
            {"row": at, "label": hold_direction(shorten_name(names[centre], MAX_NAME_LETTERS), lang)}
            for at, centre in enumerate(order)
        ],
        "months": [{"column": at, "label": short} for at, (_, short) in enumerate(months)],
    }


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    room = "(width < 560 ? 96 : 176)"
    wide = f"((width - {room}) / data('frame')[0].columns)"
    head = f"({wide} < 40 ? {HEAD_PX} : {HEAD_PX} / 2)"  # room for months aslant, or upright
    left = f"{room} + datum.column * {wide}"
    top = f"{head} + datum.row * {ROW_HEIGHT}"
    tooltip = {"name": "delivery.country.centre", "when": "charts.tooltip.year", "figure": "charts.tooltip.figure"}
    tiles = shape.draw_dataset("tiles")
    chart = alt.layer(
        shape.draw_dataset("frame")
        .mark_point(opacity=0)
        .encode(x=shape.place_x("0"), y=shape.place_y("0")),  # read by expressions
        shape.draw_dataset("names")
        .mark_text(align="left", baseline="middle", fontSize=12, color=look.text, limit=alt.ExprRef(f"{room} - 6"))
        .encode(x=shape.place_x("0"), y=shape.place_y(f"{top} + {ROW_HEIGHT} / 2"), text="label:N"),
        shape.draw_dataset("months")
        .mark_text(
            align="left",
            baseline="bottom",
            fontSize=11,
            color=look.muted,
            angle=alt.ExprRef(f"{wide} < 40 ? 315 : 0"),
            dx=alt.ExprRef(f"{wide} < 40 ? 0 : -14"),
        )
        .encode(x=shape.place_x(f"{left} + {wide} / 2"), y=shape.place_y(f"{head} - 6"), text="label:N"),
        tiles.mark_rect(
            fill=alt.ExprRef("datum.colour"),
            stroke=alt.ExprRef(f"datum.hollow ? '{look.hairline}' : '{look.surface}'"),
            strokeWidth=1,
        ).encode(
            x=shape.place_x(f"{left} + 1"),
            x2=shape.place_x2(f"{left} + {wide} - 1"),
            y=shape.place_y(f"{top} + 1"),
            y2=shape.place_y2(f"{top} + {ROW_HEIGHT} - 1"),
            tooltip=shape.build_tooltip(lang, tooltip),
        ),
        tiles.mark_text(
            baseline="middle",
            fontSize=11,
            color=alt.ExprRef("datum.ink"),
            opacity=alt.ExprRef(f"{wide} < 26 ? 0 : 1"),
        ).encode(x=shape.place_x(f"{left} + {wide} / 2"), y=shape.place_y(f"{top} + {ROW_HEIGHT} / 2"), text="short:N"),
    )
    return shape.finish_shape(chart, lang, theme, ROW_HEIGHT, f"{head} + {ROW_HEIGHT} * data('frame')[0].rows")
