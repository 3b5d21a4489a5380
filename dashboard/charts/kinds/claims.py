"""Counts of countries over time: ours as steps, one per counting rule, and those that others published as marks.

They are drawn on one axis to show that they count different things, never as one line. A date that is only known to the
month or year is drawn as the span it may lie in, its mark at the end of it.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import altair as alt

from dashboard.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.charts.layers import shape
from dashboard.charts.theme import LOOKS, hold_direction
from dashboard.locales import format_day as day
from dashboard.locales import t

COLUMNS = ("kind", "id", "name", "from", "to", "count", "qualifier", "text", "counts", "source", "source_type")
HEIGHT = 340
DASHES: list[list[float]] = [[1, 0], [9, 4], [6, 3, 1.5, 3], [1.5, 3], [4, 3]]
"""Lines of the chosen rule and of the others, in their order."""
OTHERS = len(DASHES) - 1
LINE = 17  # pixels a line of words needs
CLOSE, NEAR = 2, timedelta(days=900)
"""Counts so alike and so soon after one another would have their words on top of each other."""


@dataclass(frozen=True, slots=True)
class OurCount:
    """Our count by one rule: from ``day`` on there are ``count`` countries."""

    rule: str
    name: str  # the rule in words
    day: date
    count: int


MOST_LISTED = 3
"""Published counts that a caption lists; of more it tells the lowest and the highest."""


@dataclass(frozen=True, slots=True)
class PublishedCount:
    """A count somebody published: never one of ours."""

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
    """What the chart draws."""

    rule: str  # the rule the reader chose
    ours: Sequence[OurCount]
    published: Sequence[PublishedCount]
    until: date  # our counts hold until this day
    undated: int = 0  # countries that the chosen rule counts only by events without a date: they join on the last day


def build(counts: Counts, options: ChartOptions) -> Chart:
    """The chart of ``counts``; ``options`` give language, theme, title, source line and date."""
    words = describe_claims(counts, options)
    spec = shape.draw(_shape, partial(_datasets, counts, options), words, options)
    return Chart(spec, _rows(counts), words, options.title, t("register.chart.subtitle", options.lang), options)


def describe_claims(counts: Counts, options: ChartOptions) -> ChartWords:
    """What is drawn: our count by the chosen rule, the published ones, and why the two are not one line."""
    lang = options.lang
    now = next((it for it in reversed(counts.ours) if it.rule == counts.rule), None)
    ranked = sorted(counts.published, key=lambda it: it.count)
    low, high = (f"{it.label} ({it.when})" for it in (ranked[0], ranked[-1])) if ranked else ("", "")
    published = t("charts.comma", lang).join(f"{it.label} ({it.when})" for it in counts.published)
    by_rule = (
        t("register.chart.ours", lang, rule=now.name, count=now.count, date=day(counts.until, lang)) if now else ""
    )
    by_others = t("register.chart.published", lang, list=published) if published else ""
    undated = t("register.chart.undated", lang, count=counts.undated) if counts.undated else ""
    reading = (t("register.chart.apart", lang), t("register.chart.dates", lang), undated)
    ends = t("register.chart.published_ends", lang, low=low, high=high) if len(ranked) > MOST_LISTED else ""
    brief = (by_rule, ends) if ends else ()
    return ChartWords((by_rule, by_others), reading, lead=f"{options.title}.", brief=brief)


def _at(day: date) -> int:
    """A day as Vega counts time: milliseconds since 1970, so that every viewer draws the same place."""
    return round((datetime.combine(day, time()) - datetime(1970, 1, 1)) / timedelta(milliseconds=1))


def _datasets(counts: Counts, options: ChartOptions) -> dict[str, list[dict[str, Any]]]:
    lang = options.lang
    steps: list[dict[str, Any]] = []
    for slot, rule in enumerate(dict.fromkeys(it.rule for it in counts.ours)):
        those = [it for it in counts.ours if it.rule == rule]
        mine = rule == counts.rule
        chosen = {"rule": rule, "name": those[0].name, "chosen": mine, "dash": 0 if mine else 1 + slot % OTHERS}
        steps += [{**chosen, "at": _at(it.day), "count": it.count, "order": _at(it.day)} for it in those]
        steps.append({**chosen, "at": _at(counts.until), "count": those[-1].count, "order": _at(counts.until)})
    last = list({it.rule: it for it in counts.ours}.values())  # the last step of every rule
    ends: list[dict[str, Any]] = [
        {
            "at": _at(counts.until),
            "count": place,
            "chosen": it.rule == counts.rule,
            "label": hold_direction(f"{it.name} {it.count}", lang),
            "short": str(it.count),
        }
        for it, place in zip(last, _apart(last, counts), strict=True)
    ]
    below = _below(counts.published)
    marks = [
        {
            "at": _at(it.last),
            "from": _at(it.first),
            "count": it.count,
            "label": hold_direction(it.label, lang),
            "short": hold_direction(it.count_text, lang),
            "claim": it.text,
            "when": it.when,
            "counts": it.counts,
            "source": it.source,
            "below": it.id in below,
        }
        for it in counts.published
    ]
    return {"steps": steps, "ends": ends, "claims": marks}


def _apart(ends: Sequence[OurCount], counts: Counts) -> list[float]:
    """Where the names at the ends of the lines stand: at their counts, or so far above the next that both are read."""
    most = max([1, *(it.count for it in counts.ours), *(it.count for it in counts.published)])
    least = LINE / HEIGHT * most
    placed: dict[int, float] = {}
    floor = float("-inf")
    for place in sorted(range(len(ends)), key=lambda at: (ends[at].count, -at)):
        floor = max(float(ends[place].count), floor + least)
        placed[place] = floor
    return [placed[place] for place in range(len(ends))]


def _below(published: Sequence[PublishedCount]) -> set[str]:
    """The counts whose words stand below the mark, because those of a neighbour would run into them."""
    pairs = itertools.combinations(published, 2)
    return {
        (late if late.count < early.count else early).id
        for early, late in pairs
        if abs(late.count - early.count) <= CLOSE and late.last - early.last <= NEAR
    }


def _rows(counts: Counts) -> list[dict[str, Any]]:
    """Every step and every published count, with what it counts."""
    empty = dict.fromkeys(COLUMNS, "")
    ours = [
        empty | {"kind": "ours", "id": it.rule, "name": it.name, "from": it.day.isoformat(), "count": it.count}
        for it in counts.ours
    ]
    published = [
        empty
        | {
            "kind": "published", "id": it.id, "name": it.text, "from": it.first.isoformat(), "to": it.last.isoformat(),
            "count": it.count, "qualifier": it.qualifier, "text": it.count_text, "counts": it.counts,
            "source": it.source, "source_type": it.source_type,
        }
        for it in counts.published
    ]  # fmt: skip
    return ours + published


@shape.cached
def _shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    told = {name: f"register.chart.tooltip.{name}" for name in ("when", "claim", "counts", "source")}
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
        alt.condition("datum.chosen", alt.value(look.palette[0]), alt.value(other)) for other in (look.rest, look.muted)
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
        .encode(x=time_axis, y=count_axis, tooltip=shape.build_tooltip(lang, told))
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
