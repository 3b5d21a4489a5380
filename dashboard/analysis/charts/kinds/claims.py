"""Counts of countries over time: ours as steps, one for each rule, and published ones as marks.

They count different things and are never joined. A date known only to the month or year is a span, its mark at the end.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import altair as alt

from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.layers import shape
from dashboard.analysis.charts.theme import LOOKS, hold_direction
from dashboard.locales import format_day as day
from dashboard.locales import t

COLUMNS = ("kind", "id", "name", "from", "to", "count", "qualifier", "text", "counts", "source", "source_type")
HEIGHT = 340
DASHES: list[list[float]] = [[1, 0], [9, 4], [6, 3, 1.5, 3], [1.5, 3], [4, 3]]
"""Lines of the chosen rule and of the others, in their order."""
LINE_PX = 17  # pixels a line of words needs
MAX_DIFFERENCE, MAX_DISTANCE = 2, timedelta(days=900)
"""Counts this similar and this soon after one another would have overlapping words."""


@dataclass(frozen=True, slots=True)
class OurCount:
    """Our count by a rule, from ``day`` on."""

    rule: str
    name: str  # the rule in words
    day: date
    count: int


MAX_LISTED = 3  # published counts that a caption lists; of more it has the lowest and the highest


@dataclass(frozen=True, slots=True)
class PublishedCount:
    """A count that somebody published, never one of ours."""

    id: str
    first: date  # the days its date may mean
    last: date
    when: str  # the date in words, as precise as known
    count: int
    qualifier: str
    count_text: str  # "more than 20"
    label: str  # the few words that stand beside the mark
    text: str
    counts: str  # what it counts
    source: str
    source_type: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The content of the chart."""

    rule: str  # the rule the reader chose
    ours: Sequence[OurCount]
    published: Sequence[PublishedCount]
    until: date  # our counts hold until this day
    undated: int = 0  # countries that the chosen rule counts only by events without a date: they join on the last day


def build(counts: Counts, options: ChartOptions) -> Chart:
    """Return the chart of ``counts``."""
    words = describe_claims(counts, options)
    data = partial(_build_data, counts, options)
    return shape.make_chart(
        _draw_shape, data, _make_rows(counts), words, t("register.chart.subtitle", options.lang), options
    )


def describe_claims(counts: Counts, options: ChartOptions) -> ChartWords:
    """Return the words: our count by the chosen rule, the published ones, and why they are not joined."""
    lang = options.lang
    now = next((count for count in reversed(counts.ours) if count.rule == counts.rule), None)
    ranked = sorted(counts.published, key=lambda count: count.count)
    low, high = (f"{count.label} ({count.when})" for count in (ranked[0], ranked[-1])) if ranked else ("", "")
    published = t("charts.comma", lang).join(f"{count.label} ({count.when})" for count in counts.published)
    by_rule = (
        t("register.chart.ours", lang, rule=now.name, count=now.count, date=day(counts.until, lang)) if now else ""
    )
    by_others = t("register.chart.published", lang, list=published) if published else ""
    undated = t("register.chart.undated", lang, count=counts.undated) if counts.undated else ""
    reading = (t("register.chart.apart", lang), t("register.chart.dates", lang), undated)
    ends = t("register.chart.published_ends", lang, low=low, high=high) if len(ranked) > MAX_LISTED else ""
    brief = (by_rule, ends) if ends else ()
    return ChartWords((by_rule, by_others), reading, lead=f"{options.title}.", brief=brief)


def _count_milliseconds(day: date) -> int:
    """Return a day as Vega counts time: milliseconds since 1970 in UTC."""
    return round((datetime.combine(day, time()) - datetime(1970, 1, 1)) / timedelta(milliseconds=1))


def _build_data(counts: Counts, options: ChartOptions) -> dict[str, list[dict[str, Any]]]:
    lang = options.lang
    steps: list[dict[str, Any]] = []
    until = _count_milliseconds(counts.until)
    for slot, rule in enumerate(dict.fromkeys(count.rule for count in counts.ours)):
        own = [count for count in counts.ours if count.rule == rule]
        is_chosen = rule == counts.rule
        dash = 0 if is_chosen else 1 + slot % (len(DASHES) - 1)
        chosen = {"rule": rule, "name": own[0].name, "chosen": is_chosen, "dash": dash}
        points = [(_count_milliseconds(count.day), count.count) for count in own] + [(until, own[-1].count)]
        steps += [{**chosen, "at": at, "count": count, "order": at} for at, count in points]
    last = list({count.rule: count for count in counts.ours}.values())  # the last step of every rule
    ends: list[dict[str, Any]] = [
        {
            "at": until,
            "count": place,
            "chosen": count.rule == counts.rule,
            "label": hold_direction(f"{count.name} {count.count}", lang),
            "short": str(count.count),
        }
        for count, place in zip(last, _spread_ends(last, counts), strict=True)
    ]
    below = _find_below(counts.published)
    marks = [
        {
            "at": _count_milliseconds(count.last),
            "from": _count_milliseconds(count.first),
            "count": count.count,
            "label": hold_direction(count.label, lang),
            "short": hold_direction(count.count_text, lang),
            "claim": count.text,
            "when": count.when,
            "counts": count.counts,
            "source": count.source,
            "below": count.id in below,
        }
        for count in counts.published
    ]
    return {"steps": steps, "ends": ends, "claims": marks}


def _spread_ends(ends: Sequence[OurCount], counts: Counts) -> list[float]:
    """Return where the names at the ends of the lines stand, far enough apart to be read."""
    most = max([1, *(count.count for count in counts.ours), *(count.count for count in counts.published)])
    least = LINE_PX / HEIGHT * most
    placed: dict[int, float] = {}
    floor = float("-inf")
    for place in sorted(range(len(ends)), key=lambda at: (ends[at].count, -at)):
        floor = max(float(ends[place].count), floor + least)
        placed[place] = floor
    return [placed[place] for place in range(len(ends))]


def _find_below(published: Sequence[PublishedCount]) -> set[str]:
    """Return the counts whose words stand below the mark, as those of a neighbour would overlap."""
    pairs = itertools.combinations(published, 2)
    return {
        (late if late.count < early.count else early).id
        for early, late in pairs
        if abs(late.count - early.count) <= MAX_DIFFERENCE and late.last - early.last <= MAX_DISTANCE
    }


def _make_rows(counts: Counts) -> list[dict[str, Any]]:
    """Return every step and every published count, with what it counts."""
    empty = dict.fromkeys(COLUMNS, "")
    ours = [
        empty
        | {"kind": "ours", "id": count.rule, "name": count.name, "from": count.day.isoformat(), "count": count.count}
        for count in counts.ours
    ]
    published = [
        empty
        | {
            "kind": "published", "id": count.id, "name": count.text, "from": count.first.isoformat(),
            "to": count.last.isoformat(), "count": count.count, "qualifier": count.qualifier,
            "text": count.count_text, "counts": count.counts, "source": count.source,
            "source_type": count.source_type,
        }
        for count in counts.published
    ]  # fmt: skip
    return ours + published


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    tooltip = {name: f"register.chart.tooltip.{name}" for name in ("when", "claim", "counts", "source")}
    time_axis = alt.X(
        "at:T",
        title=None,
        scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(format="%Y", tickCount=alt.TimeIntervalStep(interval="year", step=2), grid=False),
    )
    count_axis = alt.Y(
        "count:Q",
        title=None,
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(orient="left", tickMinStep=1, domain=False, ticks=False),
    )
    colour, ink = (
        alt.condition("datum.chosen", alt.value(look.palette[0]), alt.value(quiet)) for quiet in (look.rest, look.muted)
    )
    wide = "width >= 700"
    steps = (
        shape.draw_dataset("steps")
        .mark_line(interpolate="step-after")
        .encode(
            x=time_axis,
            y=count_axis,
            detail="rule:N",
            order="order:Q",
            color=colour,
            strokeWidth=alt.condition("datum.chosen", alt.value(2.5), alt.value(1.4)),
            strokeDash=alt.StrokeDash(
                "dash:O", scale=alt.Scale(domain=list(range(len(DASHES))), range=DASHES), legend=None
            ),
        )
    )
    ends = (
        shape.draw_dataset("ends")
        .mark_text(align="left", dx=8, baseline="middle", fontSize=12)
        .encode(x=time_axis, y=count_axis, color=ink, text="shown:N")
        .transform_calculate(shown=f"{wide} ? datum.label : datum.short")
    )
    spans = (
        shape.draw_dataset("claims")
        .mark_rule(strokeWidth=1.5, color=look.palette[1])
        .encode(x=alt.X("from:T"), x2="at:T", y=count_axis)
    )
    marks = (
        shape.draw_dataset("claims")
        .mark_point(shape="diamond", size=80, filled=True, opacity=1, color=look.palette[1])
        .encode(x=time_axis, y=count_axis, tooltip=shape.build_tooltip(lang, tooltip))
    )

    def words(where: str, dy: int, **style: Any) -> Any:
        chart = shape.draw_dataset("claims").transform_filter(where)
        chart = chart.transform_calculate(shown=f"{wide} ? datum.label : datum.short")
        chart = chart.mark_text(align="right", dx=-10, dy=dy, baseline="middle", **style)
        return chart.encode(x=time_axis, y=count_axis, text="shown:N")

    halo = {"stroke": look.surface, "strokeWidth": 4, "strokeJoin": "round", "color": look.surface}
    places = (("!datum.below", -9), ("datum.below", 11))
    labels = [words(where, dy, **style) for style in (halo, {"color": look.palette[1]}) for where, dy in places]
    return shape.finish_shape(alt.layer(steps, spans, ends, *labels, marks), lang, theme, HEIGHT)
