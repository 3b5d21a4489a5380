"""Lanes: a row for each country of the register, a mark for each dated event, hollow if disputed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.layers import shape
from dashboard.analysis.charts.layers.frame import list_columns
from dashboard.analysis.charts.theme import LOOKS, SYMBOLS, choose_sides, hold_direction, is_rtl
from dashboard.analysis.charts.words import wording
from dashboard.locales import format_number, t

COLUMNS = (
    "event", "country", "name", "date", "precision", "reported", "type", "type_name", "stage", "disputed", "counts",
    "source",
)  # fmt: skip
ROW_HEIGHT = 24
NARROW = 480
DASH_SYMBOL = "M-1,-.25H1V.25H-1Z"
"""Marker of events that reach no rung: a dash."""


@dataclass(frozen=True, slots=True)
class LaneMark:
    """An event; ``at`` is a decimal year, ``stage`` the rung it reaches or ""."""

    event: str
    country: str
    at: float
    date: str  # of the event itself; "" where only its report has one
    precision: str
    when: str  # the date in words
    type: str
    type_name: str
    stage: str
    disputed: bool
    counts: bool
    source: str
    reported: str = ""  # date of the report that names an event without a date


def build(marks: Sequence[LaneMark], stages: Mapping[str, str], today: float, options: ChartOptions) -> Chart:
    """Return a lane for each country, in the order of first appearance.

    ``marks`` are the dated events, oldest first; ``stages`` the names of rungs, lowest first; ``today`` the decimal
    year that lanes run to.
    """
    order = list(dict.fromkeys(mark.country for mark in marks))
    words = _describe(marks, order, options)
    data = _build_data(marks, order, stages, today, options) if marks else {}
    return shape.make_chart(
        _draw_shape,
        (lambda: data) if marks else None,
        list_columns(marks, COLUMNS, options),
        words,
        options.group_label,
        options,
    )


def _build_data(
    marks: Sequence[LaneMark], order: list[str], stages: Mapping[str, str], today: float, options: ChartOptions
) -> dict[str, list[dict[str, Any]]]:
    slots = [*stages, ""]
    first = int(min(mark.at for mark in marks))
    return {
        "marks": [
            {
                "row": order.index(mark.country), "at": round(mark.at, 3), "slot": slots.index(mark.stage),
                "disputed": mark.disputed, "country": mark.country, "name": options.name(mark.country),
                "when": mark.when, "figure": mark.type_name, "source": mark.source,
                "note": t("terms.adoption_status.disputed.name", options.lang) if mark.disputed else "",
            }
            for mark in marks
        ],
        "lanes": [
            {
                "row": place, "country": iso3,
                "from": round(min(m.at for m in marks if m.country == iso3), 3), "at": round(today, 3),
                "wide": hold_direction(wording.fold_name(options.name(iso3), 22, options), options.lang),
                "narrow": hold_direction(iso3, options.lang),
            }
            for place, iso3 in enumerate(order)
        ],
        "keys": [
            {"slot": slot, "label": hold_direction(label, options.lang)}
            for slot, label in enumerate([*stages.values(), t("register.lanes.other", options.lang)])
        ],
        "frame": [{"at": end, "rows": len(order)} for end in (first, round(today + 0.2, 3))],
    }  # fmt: skip


def _describe(marks: Sequence[LaneMark], order: Sequence[str], options: ChartOptions) -> ChartWords:
    if not marks:
        return ChartWords((t("results.pipeline.nothing", options.lang),), lead=f"{options.title}.")
    disputed = sum(mark.disputed for mark in marks)
    words = t(
        "register.lanes.sentence",
        options.lang,
        events=format_number(len(marks), options.lang),
        countries=format_number(len(order), options.lang),
        reported=format_number(sum(bool(mark.reported) for mark in marks), options.lang),
        disputed=format_number(disputed, options.lang),
    )
    return ChartWords((words,), (options.note,))


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    mirrored, (near, far) = is_rtl(lang), choose_sides(lang)
    start = f"(width < {NARROW} ? 44 : 150)"  # room of names
    along = shape.place_along(mirrored=mirrored)
    # Time runs from left to right in every language (docs/decisions/0099); names stand where reading begins.
    span = ("8", f"width - ({start} + 8)") if mirrored else (f"{start} + 8", "width - 8")
    axis = alt.Axis(
        title=None, orient="top", format="d", tickMinStep=1, labelOverlap="greedy", domain=False, ticks=False,
        tickCount=alt.ExprRef(f"width < {NARROW} ? 4 : 12"),
    )  # fmt: skip
    x = alt.X("at:Q", scale=shape.fit_frame("at", *span), axis=axis)
    y = alt.Y("row:O", axis=None, scale=alt.Scale(padding=0))
    colours = [*look.palette[:4], look.rest]
    slots = list(range(5))
    colour = alt.Color("slot:N", scale=alt.Scale(domain=slots, range=colours), legend=None)
    symbol = alt.Shape("slot:N", scale=alt.Scale(domain=slots, range=[*SYMBOLS[:4], DASH_SYMBOL]), legend=None)
    fill = alt.ExprRef(f"datum.disputed ? '{look.surface}' : {colours}[datum.slot]")
    lanes = shape.draw_dataset("lanes").mark_rule(color=look.hairline, strokeWidth=2).encode(y, x, x2="from:Q")
    marks = shape.draw_dataset("marks").mark_point(filled=False, fill=fill, opacity=1, size=80, strokeWidth=1.8)
    names = (
        shape.draw_dataset("lanes")
        .mark_text(
            baseline="middle", fontSize=12, fontWeight=600, align=far, color=look.text,
            text=alt.ExprRef(f"width < {NARROW} ? datum.narrow : datum.wide"),
        )
        .encode(y, x=shape.place_x(along(start)))
    )  # fmt: skip
    room = f"(width < {NARROW} ? width / 2 : 150)"
    place = along(f"(width < {NARROW} ? 0 : {start}) + (datum.slot % (width < {NARROW} ? 2 : 5)) * {room} + 10")
    down = f"height + 16 + floor(datum.slot / (width < {NARROW} ? 2 : 5)) * 18"
    key_marks = (
        shape.draw_dataset("keys").mark_point(filled=True, opacity=1, size=60)
        .encode(x=shape.place_x(place), y=shape.place_y(down), color=colour, shape=symbol)
    )  # fmt: skip
    aside = f"{place} {'-' if mirrored else '+'} 10"
    key_words = (
        shape.draw_dataset("keys").mark_text(baseline="middle", fontSize=12, align=near, color=look.text)
        .encode(x=shape.place_x(aside), y=shape.place_y(down), text="label:N")
    )  # fmt: skip
    targets = (
        shape.look_up_origins(shape.draw_dataset("marks"))
        .mark_point(filled=True, opacity=0, size=400)
        .encode(y, x, tooltip=shape.build_tooltip(lang, shape.EVENT_TOOLTIP))
        .add_params(shape.build_picker())
    )
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x)
    chart = alt.layer(
        frame, lanes, marks.encode(y, x, color=colour, shape=symbol), names, targets, key_marks, key_words
    )
    return shape.finish_shape(chart, lang, theme, ROW_HEIGHT, f"data('frame')[0].rows * {ROW_HEIGHT}")
