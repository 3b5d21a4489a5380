"""Pipeline: how many countries had reached each rung of the register by when, with a mark for every event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt

from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.layers import scale, shape
from dashboard.analysis.charts.layers.frame import Rows, list_columns
from dashboard.analysis.charts.theme import LOOKS, hold_direction
from dashboard.analysis.charts.words import wording
from dashboard.locales import format_number, t

COLUMNS = (
    "event", "country", "name", "stage", "stage_name", "date", "precision", "reported", "type", "type_name", "count",
    "disputed", "source",
)  # fmt: skip
HEIGHT = 320
LABEL_GAP_PX = 17
NARROW = 460


@dataclass(frozen=True, slots=True)
class StageStep:
    """A country reaching a rung (``change`` 1) or leaving it (−1); ``at`` is a decimal year."""

    event: str
    country: str
    stage: str
    at: float
    date: str  # of the event itself; "" where only its report has one
    precision: str
    when: str  # the date in words
    type: str
    type_name: str
    change: int
    disputed: bool
    source: str
    reported: str = ""  # date of the report that names an event without a date


def build(steps: Sequence[StageStep], stages: Mapping[str, str], today: float, options: ChartOptions) -> Chart:
    """Return a stepped line for each rung.

    ``stages`` are the names of rungs, lowest first: the order of colours and marks; ``today`` is the decimal year that
    the lines run to.
    """
    counts = dict.fromkeys(stages, 0)
    rows: Rows = []
    marks = []
    for step in sorted(steps, key=lambda step: step.at):
        counts[step.stage] += step.change
        own = {"stage_name": stages[step.stage], "count": counts[step.stage]}
        rows += list_columns([step], COLUMNS, options, **own)
        marks.append(_make_mark(step, counts[step.stage], list(stages), stages, options))
    words = _describe(rows, counts, stages, options)
    data = partial(_build_data, marks, counts, stages, today, options) if rows else None
    return shape.make_chart(_draw_shape, data, rows, words, options.group_label, options)


def _make_mark(
    step: StageStep, count: int, order: list[str], stages: Mapping[str, str], options: ChartOptions
) -> dict[str, Any]:
    note = step.type_name
    if step.disputed:
        note = f"{note} · {t('terms.adoption_status.disputed.name', options.lang)}"
    return {
        "slot": order.index(step.stage),
        "at": round(step.at, 4),
        "count": count,
        "disputed": step.disputed,
        "name": options.name(step.country),
        "when": step.when,
        "figure": stages[step.stage] + t("ui.list.colon", options.lang) + format_number(count, options.lang),
        "note": note,
        "source": step.source,
    }


def _build_data(
    marks: Rows, counts: Mapping[str, int], stages: Mapping[str, str], today: float, options: ChartOptions
) -> dict[str, Rows]:
    first = int(min(mark["at"] for mark in marks))
    high = max(mark["count"] for mark in marks) + 1
    lines: Rows = []
    for slot, stage in enumerate(stages):
        own = [mark for mark in marks if mark["slot"] == slot]
        lines.append({"slot": slot, "at": first, "count": 0})
        lines += [{"slot": slot, "at": mark["at"], "count": mark["count"]} for mark in own]
        lines.append({"slot": slot, "at": round(today, 4), "count": counts[stage]})
    places = scale.spread_apart(list(counts.values()), LABEL_GAP_PX * high / HEIGHT, 0, high)
    ends = [
        {
            "slot": slot,
            "at": round(today, 4),
            "count": counts[stage],
            "place": place,
            "wide": hold_direction(f"{name} {format_number(counts[stage], options.lang)}", options.lang),
            "narrow": format_number(counts[stage], options.lang),
        }
        for slot, ((stage, name), place) in enumerate(zip(stages.items(), places, strict=True))
    ]
    return {
        "lines": lines,
        "marks": marks,
        "ends": ends,
        "keys": [
            {"slot": slot, "label": hold_direction(name, options.lang), "line": slot}
            for slot, name in enumerate(stages.values())
        ],
        "frame": [{"at": first, "count": 0}, {"at": round(today, 4), "count": high}],
        "unit": [{"label": hold_direction(t("results.pipeline.unit", options.lang), options.lang)}],
    }


def _describe(rows: Rows, counts: Mapping[str, int], stages: Mapping[str, str], options: ChartOptions) -> ChartWords:
    lang, lead = options.lang, f"{options.title}."
    if not rows:
        return ChartWords((t("results.pipeline.nothing", lang),), lead=lead)
    parts = [
        t("results.pipeline.part", lang, stage=name, count=format_number(counts[stage], lang))
        for stage, name in stages.items()
    ]
    counts_text = wording.join_clauses([t("charts.comma", lang).join(parts)], options)
    disputed = sum(1 for row in rows if row["disputed"])
    return ChartWords(
        (counts_text, t("results.pipeline.disputed", lang, count=disputed) if disputed else ""), lead=lead
    )


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    room = f"(width < {NARROW} ? 34 : 190)"
    x = alt.X(
        "at:Q",
        scale=shape.fit_frame("at", "10", f"width - {room}"),
        axis=alt.Axis(
            title=None, format="d", tickMinStep=1, labelOverlap="greedy", labelSeparation=8, grid=False,
            tickCount=alt.ExprRef(f"width < {NARROW} ? 4 : 8"),
        ),
    )  # fmt: skip
    y = alt.Y(
        "count:Q",
        scale=alt.Scale(domain=shape.read_domain("count"), nice=False),
        axis=alt.Axis(title=None, domain=False, ticks=False, minExtent=28, tickMinStep=1, tickCount=5, format="d"),
    )
    colour, symbol = shape.encode_slots(look, len(look.palette))
    stepped = shape.draw_dataset("lines").mark_line(interpolate="step-after", strokeWidth=2)
    lines = stepped.encode(x, y, color=colour, detail="slot:N")
    marks = shape.draw_dataset("marks").mark_point(
        filled=False,
        fill=alt.ExprRef(f"datum.disputed ? '{look.surface}' : {list(look.palette)}[datum.slot]"),
        opacity=1,
        size=alt.ExprRef(f"width < {NARROW} ? 24 : 46"),
        strokeWidth=1.6,
    )
    ends = shape.draw_dataset("ends")
    label: dict[str, Any] = {
        "align": "left",
        "baseline": "middle",
        "fontSize": 13,
        "fontWeight": 600,
        "text": alt.ExprRef(f"width < {NARROW} ? datum.narrow : datum.wide"),
    }
    label_place = {"x": shape.place_x(f"width - {room} + 12"), "y": alt.Y("place:Q")}
    narrow_only = alt.ExprRef(f"width < {NARROW} ? 1 : 0")
    up = "4 + datum.line * 17"
    key_marks = (
        shape.draw_dataset("keys")
        .mark_point(filled=True, opacity=narrow_only, size=46)
        .encode(x=shape.place_x("20"), y=shape.place_y(up), color=colour, shape=symbol)
    )
    key_words = (
        shape.draw_dataset("keys")
        .mark_text(align="left", baseline="middle", fontSize=12, color=look.text, opacity=narrow_only)
        .encode(x=shape.place_x("30"), y=shape.place_y(up), text="label:N")
    )
    unit = shape.draw_dataset("unit").mark_text(align="left", baseline="bottom", fontSize=12, color=look.muted)
    targets = shape.look_up_origins(shape.draw_dataset("marks")).mark_point(filled=True, opacity=0, size=260)
    chart = alt.layer(
        shape.draw_dataset("frame").mark_point(opacity=0).encode(x, y),
        unit.encode(x=shape.place_x("0"), y=shape.place_y("-12"), text="label:N"),
        lines,
        marks.encode(x, y, color=colour, shape=symbol),
        ends.mark_text(**label, stroke=look.surface, strokeWidth=4).encode(**label_place),
        ends.mark_text(**label).encode(**label_place, color=colour),
        key_marks,
        key_words,
        targets.encode(x, y, tooltip=shape.build_tooltip(lang, shape.EVENT_TOOLTIP)),
    )
    return shape.finish_shape(chart, lang, theme, HEIGHT)
