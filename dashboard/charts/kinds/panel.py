"""Panel: a row per country, a tile per year: a figure before adoption, one since, or none.

It shows what an estimate of adoption's effect has to work with and none of the figures themselves, so that it can be
looked at before a plan is fixed. Source of the form: ``panelView`` (Mou, Liu and Xu 2023, Journal of Statistical
Software 107).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt

from dashboard.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.charts.layers import shape
from dashboard.charts.theme import LOOKS, choose_sides, hold_direction, is_rtl
from dashboard.charts.words import wording
from dashboard.locales import format_number, t

COLUMNS = ("country", "name", "event", "adopted", "year", "period", "admitted", "reasons")
ROW_HEIGHT = 24
HEAD, FOOT = 22, 30
"""Pixels above the tiles, for years, and below them, for the key."""

NARROW = 480
LETTERS = 20  # of a country's name
PERIODS = ("before", "since", "undated", "none")

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A country that could be studied: the years it has figures of, and why an estimate would be refused."""

    country: str
    event: str  # id; "" where the register has none
    when: str  # the event in words
    adopted: int | None  # first year that counts as after it
    years: frozenset[int]
    reasons: tuple[str, ...]  # ids
    said: str  # them in words; "" where none speaks against an estimate
    chosen: bool = False
    to: str = ""  # address of the page with this country's plan

    def period(self, year: int) -> str:
        """What stands in the tile of a year: one of ``PERIODS``."""
        if year not in self.years:
            return "none"
        if self.adopted is None:
            return "undated"
        return "before" if year < self.adopted else "since"

    def count(self, period: str) -> int:
        """Years of a period."""
        return sum(self.period(year) == period for year in self.years)


def build(
    units: Sequence[Unit], years: range, words: ChartWords, options: ChartOptions, *, together: bool = False
) -> Chart:
    """The panel.

    Args:
        units: the countries in the order of their rows.
        years: the window, a tile each.
        words: what the chart shows.
        options: title, names, language and what is printed inside images.
        together: all countries are parts of one estimate; otherwise each has its own.
    """
    rows = [
        {
            "country": one.country, "name": options.name(one.country), "event": one.event, "adopted": one.adopted,
            "year": year, "period": one.period(year), "admitted": not one.reasons, "reasons": " ".join(one.reasons),
        }
        for one in units
        for year in years
    ]  # fmt: skip
    way = "together" if together else "alone"
    admitted = t(f"effects.panel.admitted.{way}", options.lang)
    spec = shape.draw(_shape, partial(_datasets, units, years, options, admitted) if rows else None, words, options)
    return Chart(spec, rows, words, options.title, write_subtitle(options.lang, together=together), options)


def measure_height(rows: int) -> int:
    """Pixels of a panel of so many rows."""
    return HEAD + rows * ROW_HEIGHT + FOOT


def write_subtitle(lang: str, *, together: bool) -> str:
    """What stands below the title: what tiles and circles are."""
    way = "together" if together else "alone"
    return t("effects.panel.subtitle", lang, mark=t(f"effects.panel.mark.{way}", lang))


def _datasets(units: Sequence[Unit], years: range, options: ChartOptions, admitted: str) -> dict[str, Rows]:
    lang = options.lang
    tiles = [
        {
            "row": row, "column": year - years.start, "period": PERIODS.index(one.period(year)),
            "country": one.country, "to": one.to,
            "name": options.name(one.country), "when": str(year),
            "figure": t(f"effects.panel.period.{one.period(year)}", lang), "event": one.when,
            "note": one.said or admitted,
        }
        for row, one in enumerate(units)
        for year in years
    ]  # fmt: skip
    heads = [
        {
            "row": row, "chosen": one.chosen, "admitted": not one.reasons,
            "wide": hold_direction(wording.shorten_name(options.name(one.country), LETTERS), lang),
            "narrow": hold_direction(one.country, lang),
            "before": format_number(one.count("before"), lang), "since": format_number(one.count("since"), lang),
            "adopted": None if one.adopted is None or one.adopted not in years else one.adopted - years.start,
        }
        for row, one in enumerate(units)
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


@shape.cached
def _shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    mirrored, (near, far) = is_rtl(lang), choose_sides(lang)
    small = f"width < {NARROW}"
    names, counts = f"({small} ? 40 : 158)", f"({small} ? 58 : 118)"
    wide = f"((width - {names} - {counts}) / data('frame')[0].columns)"
    along = shape.place_along(mirrored=mirrored)
    start = counts if mirrored else names  # years run from left to right in every language, between names and counts
    left = f"{start} + datum.column * {wide}"
    top = f"{HEAD} + datum.row * {ROW_HEIGHT}"
    middle = shape.place_y(f"{top} + {ROW_HEIGHT} / 2")
    fills = [look.sequential[0], look.palette[0], look.rest, look.surface]
    fill = shape.build_expression(f"{fills}[datum.period]")
    stroke = shape.build_expression(f"datum.period === {PERIODS.index('none')} ? '{look.hairline}' : '{look.surface}'")
    told = {name: shape.TOLD_OF_EVENTS[name] for name in ("name", "when", "figure")}
    told |= {"event": "effects.chart.event", "note": shape.TOLD["note"]}
    first, second, mark = (
        along(f"width - {counts} + {at}")
        for at in (f"({small} ? 20 : 48)", f"({small} ? 43 : 88)", f"({small} ? 53 : 110)")
    )
    heads = shape.draw_dataset("heads")
    named = heads.mark_text(
        baseline="middle", fontSize=12, align=far, color=look.text,
        fontWeight=shape.build_expression("datum.chosen ? 700 : 400"),
        text=shape.build_expression(f"{small} ? datum.narrow : datum.wide"),
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
            text=shape.build_expression(
                f"{small} ? '' : '{hold_direction(t(f'effects.panel.head.{field}', lang), lang)}'"
            ),
        )
        .encode(x=shape.place_x(x), y=shape.place_y(f"{HEAD} - 6"))
        for field, x in (("before", first), ("since", second))
    ]
    admitted = heads.mark_point(
        filled=False, size=56, strokeWidth=1.6, opacity=1, stroke=look.palette[2],
        fill=shape.build_expression(f"datum.admitted ? '{look.palette[2]}' : '{look.surface}'"),
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
        .mark_rect(
            fill=fill, stroke=stroke, strokeWidth=1, cursor=shape.build_expression("datum.to ? 'pointer' : 'default'")
        )
        .encode(
            x=shape.place_x(f"{left} + .5"),
            x2=shape.place_x2(f"{left} + {wide} - .5"),
            y=shape.place_y(f"{top} + 3"),
            y2=shape.place_y2(f"{top} + {ROW_HEIGHT} - 3"),
            tooltip=shape.build_tooltip(lang, told),
        )
    )
    years = (
        shape.draw_dataset("years")
        .mark_text(baseline="bottom", fontSize=11, color=look.muted, align="center")
        .encode(x=shape.place_x(f"{left} + {wide} / 2"), y=shape.place_y(f"{HEAD} - 6"), text="label:N")
    )
    room = f"({small} ? width / 3 : 170)"
    bottom = f"{HEAD} + data('frame')[0].rows * {ROW_HEIGHT} + {FOOT} / 2"
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
    tall = alt.param(name="height", expr=f"{measure_height(0)} + {ROW_HEIGHT} * data('frame')[0].rows")
    return shape.finish_shape(chart.add_params(tall), lang, theme, ROW_HEIGHT)  # any number: the parameter counts
