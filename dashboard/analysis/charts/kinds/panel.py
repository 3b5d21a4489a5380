"""Panel: a row for each country, a tile for each year: a figure before adoption, one since, or none.

Form: ``panelView`` (Mou, Liu and Xu 2023, Journal of Statistical Software 107).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import altair as alt

from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.layers import shape
from dashboard.analysis.charts.layers.frame import Rows
from dashboard.analysis.charts.theme import LOOKS, choose_sides, hold_direction, is_rtl
from dashboard.analysis.charts.words import wording
from dashboard.locales import format_number, t

COLUMNS = ("country", "name", "event", "adopted", "year", "period", "admitted", "reasons")
ROW_HEIGHT = 24
HEAD_PX, FOOT_PX = 22, 30  # pixels of years above the tiles, and of the key below

NARROW = 480
MAX_NAME_LETTERS = 20  # of a country's name
PERIODS = ("before", "since", "undated", "none")


@dataclass(frozen=True, slots=True)
class Unit:
    """A country that could be studied: its years with figures, and why an estimate would be refused."""

    country: str
    event: str  # id; "" where the register has none
    when: str  # the event in words
    adopted: int | None  # first year that counts as after it
    years: frozenset[int]
    reasons: tuple[str, ...]  # ids
    said: str  # them in words; "" where none speaks against an estimate
    chosen: bool = False
    to: str = ""  # address of the page with this country's plan

    def classify_year(self, year: int) -> str:
        """Return the period of a year, one of ``PERIODS``."""
        if year not in self.years:
            return "none"
        if self.adopted is None:
            return "undated"
        return "before" if year < self.adopted else "since"

    def count_years(self, period: str) -> int:
        """Return the number of years of a period."""
        return sum(self.classify_year(year) == period for year in self.years)


def build(
    units: Sequence[Unit], years: range, words: ChartWords, options: ChartOptions, *, together: bool = False
) -> Chart:
    """Return the panel.

    ``units`` are the countries in the order of their rows, ``years`` a tile each. ``together``: all countries are parts
    of one estimate; otherwise each has its own.
    """
    rows = [
        {
            "country": unit.country, "name": options.name(unit.country), "event": unit.event,
            "adopted": unit.adopted, "year": year, "period": unit.classify_year(year), "admitted": not unit.reasons,
            "reasons": " ".join(unit.reasons),
        }
        for unit in units
        for year in years
    ]  # fmt: skip
    admitted = t(f"effects.panel.admitted.{'together' if together else 'alone'}", options.lang)
    data = partial(_build_data, units, years, options, admitted) if rows else None
    return shape.make_chart(_draw_shape, data, rows, words, write_subtitle(options.lang, together=together), options)


def measure_height(rows: int) -> int:
    """Return the pixels of a panel of so many rows."""
    return HEAD_PX + rows * ROW_HEIGHT + FOOT_PX


def write_subtitle(lang: str, *, together: bool) -> str:
    """Return the subtitle, which explains tiles and circles."""
    mark = t(f"effects.panel.mark.{'together' if together else 'alone'}", lang)
    return t("effects.panel.subtitle", lang, mark=mark)


def _build_data(units: Sequence[Unit], years: range, options: ChartOptions, admitted: str) -> dict[str, Rows]:
    lang = options.lang
    tiles = [
        {
            "row": row, "column": year - years.start, "period": PERIODS.index(unit.classify_year(year)),
            "country": unit.country, "to": unit.to,
            "name": options.name(unit.country), "when": str(year),
            "figure": t(f"effects.panel.period.{unit.classify_year(year)}", lang), "event": unit.when,
            "note": unit.said or admitted,
        }
        for row, unit in enumerate(units)
        for year in years
    ]  # fmt: skip
    heads = [
        {
            "row": row, "chosen": unit.chosen, "admitted": not unit.reasons,
            "wide": hold_direction(wording.shorten_name(options.name(unit.country), MAX_NAME_LETTERS), lang),
            "narrow": hold_direction(unit.country, lang),
            "before": format_number(unit.count_years("before"), lang),
            "since": format_number(unit.count_years("since"), lang),
            "adopted": None if unit.adopted is None or unit.adopted not in years else unit.adopted - years.start,
        }
        for row, unit in enumerate(units)
    ]  # fmt: skip
    seen = {tile["period"] for tile in tiles}
    keys = [period for at, period in enumerate(PERIODS) if period != "undated" or at in seen]
    every = 5 if len(years) > 8 else 1
    return {
        "tiles": tiles,
        "heads": heads,
        "years": [{"column": year - years.start, "label": str(year)} for year in years if year % every == 0],
        "keys": [
            {
                "at": at,
                "period": PERIODS.index(period),
                "label": hold_direction(t(f"effects.panel.key.{period}", lang), lang),
            }
            for at, period in enumerate(keys)
        ],
        "frame": [{"rows": len(units), "columns": len(years)}],
    }


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    mirrored, (near, far) = is_rtl(lang), choose_sides(lang)
    small = f"width < {NARROW}"
    names, counts = f"({small} ? 40 : 158)", f"({small} ? 58 : 118)"
    wide = f"((width - {names} - {counts}) / data('frame')[0].columns)"
    along = shape.place_along(mirrored=mirrored)
    start = counts if mirrored else names  # years run from left to right in every language, between names and counts
    left = f"{start} + datum.column * {wide}"
    top = f"{HEAD_PX} + datum.row * {ROW_HEIGHT}"
    middle = shape.place_y(f"{top} + {ROW_HEIGHT} / 2")
    fills = [look.sequential[0], look.palette[0], look.rest, look.surface]
    fill = alt.ExprRef(f"{fills}[datum.period]")
    stroke = alt.ExprRef(f"datum.period === {PERIODS.index('none')} ? '{look.hairline}' : '{look.surface}'")
    tooltip = {name: shape.EVENT_TOOLTIP[name] for name in ("name", "when", "figure")}
    tooltip |= {"event": "effects.chart.event", "note": shape.TOOLTIP["note"]}
    first, second, mark = (
        along(f"width - {counts} + {at}")
        for at in (f"({small} ? 20 : 48)", f"({small} ? 43 : 88)", f"({small} ? 53 : 110)")
    )
    heads = shape.draw_dataset("heads")
    named = heads.mark_text(
        baseline="middle", fontSize=12, align=far, color=look.text,
        fontWeight=alt.ExprRef("datum.chosen ? 700 : 400"),
        text=alt.ExprRef(f"{small} ? datum.narrow : datum.wide"),
    ).encode(x=shape.place_x(along(f"{names} - 8")), y=middle)  # fmt: skip
    numbers = [
        heads.mark_text(baseline="middle", fontSize=12, align=far, color=look.text).encode(
            x=shape.place_x(x), y=middle, text=f"{field}:N"
        )
        for field, x in (("before", first), ("since", second))
    ]
    titles = [
        shape.draw_dataset("frame")
        .mark_text(
            baseline="bottom",
            fontSize=11,
            align=far,
            color=look.muted,
            text=alt.ExprRef(f"{small} ? '' : '{hold_direction(t(f'effects.panel.head.{field}', lang), lang)}'"),
        )
        .encode(x=shape.place_x(x), y=shape.place_y(f"{HEAD_PX} - 6"))
        for field, x in (("before", first), ("since", second))
    ]
    admitted = heads.mark_point(
        filled=False, size=56, strokeWidth=1.6, opacity=1, stroke=look.palette[2],
        fill=alt.ExprRef(f"datum.admitted ? '{look.palette[2]}' : '{look.surface}'"),
    ).encode(x=shape.place_x(mark), y=middle)  # fmt: skip
    since = (
        heads.transform_filter("isValid(datum.adopted)")
        .mark_rule(color=look.text, strokeWidth=2)
        .encode(
            x=shape.place_x(f"{start} + datum.adopted * {wide}"),
            y=shape.place_y(f"{top} + 1"),
            y2=shape.place_y2(f"{top} + {ROW_HEIGHT} - 1"),
        )
    )
    tiles = (
        shape.draw_dataset("tiles")
        .mark_rect(fill=fill, stroke=stroke, strokeWidth=1, cursor=alt.ExprRef("datum.to ? 'pointer' : 'default'"))
        .encode(
            x=shape.place_x(f"{left} + .5"),
            x2=shape.place_x2(f"{left} + {wide} - .5"),
            y=shape.place_y(f"{top} + 3"),
            y2=shape.place_y2(f"{top} + {ROW_HEIGHT} - 3"),
            tooltip=shape.build_tooltip(lang, tooltip),
        )
    )
    years = (
        shape.draw_dataset("years")
        .mark_text(baseline="bottom", fontSize=11, color=look.muted, align="center")
        .encode(x=shape.place_x(f"{left} + {wide} / 2"), y=shape.place_y(f"{HEAD_PX} - 6"), text="label:N")
    )
    room = f"({small} ? width / 3 : 170)"
    bottom = f"{HEAD_PX} + data('frame')[0].rows * {ROW_HEIGHT} + {FOOT_PX} / 2"
    at = f"({small} ? 0 : {names}) + datum.at * {room}"
    key = [
        shape.draw_dataset("keys").mark_rect(fill=fill, stroke=stroke, strokeWidth=1).encode(
            x=shape.place_x(along(at)), x2=shape.place_x2(along(f"{at} + 10")),
            y=shape.place_y(f"{bottom} - 5"), y2=shape.place_y2(f"{bottom} + 5"),
        ),
        shape.draw_dataset("keys").mark_text(baseline="middle", fontSize=12, align=near, color=look.text).encode(
            x=shape.place_x(along(f"{at} + 16")), y=shape.place_y(bottom), text="label:N"
        ),
    ]  # fmt: skip
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x=shape.place_x("0"), y=shape.place_y("0"))
    chart = alt.layer(frame, tiles, since, named, *titles, *numbers, admitted, years, *key)
    return shape.finish_shape(
        chart, lang, theme, ROW_HEIGHT, f"{measure_height(0)} + {ROW_HEIGHT} * data('frame')[0].rows"
    )
