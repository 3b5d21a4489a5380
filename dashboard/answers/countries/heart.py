"""What this monitor is about, of many countries at a glance: satisfaction, control of corruption, online services."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import polars as pl

from dashboard.analysis.charts.layers.comparing import split_runs
from dashboard.analysis.charts.sparkline import NONE, Sparkline, draw_sparkline
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_latest, select_lean_totals
from dashboard.answers.base.words import name_metric
from dashboard.answers.wording.changes import describe_change_since_base
from dashboard.answers.wording.figures import build_figure
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import t

SATISFACTION = "sat_overall_hlth"
"""Of the four areas of SDG 16.6.2, which are never merged, the one that most countries have figures of."""

CORRUPTION = "wgi_cc"
SERVICE = "egov_osi"
MIN_POINTS = 3
"""Figures that a course needs: two are no trend."""


class SmallPicture(TypedDict):
    """A figure of one country on the scale of its indicator, with interval and course where there are any."""

    indicator: str
    name: str
    value: str  # with its year; the kind of no data in words
    missing: bool
    at: str  # place on the scale: "37.5%"; "" without a figure
    start: str  # of the interval; "" without one
    width: str
    spark: Sparkline
    change: str  # rise, fall, unclear … ("" where nothing may be compared)
    change_text: str  # the change in words
    text: str  # what the picture shows, in words


class GlanceRow(TypedDict):
    """The three pictures of a country."""

    satisfaction: SmallPicture
    corruption: SmallPicture
    service: SmallPicture


def draw_glances(ctx: Context, countries: Sequence[str]) -> dict[str, GlanceRow]:
    """Return ISO3 → its pictures; a column is of one indicator, so that rows can be compared."""
    metrics = ctx.book.metrics
    courses = list_courses(ctx, countries)
    return {
        iso3: GlanceRow(
            satisfaction=_draw(ctx, metrics[SATISFACTION], iso3),
            corruption=_draw_corruption(ctx, iso3, courses.get(iso3, [])),
            service=_draw(ctx, metrics[SERVICE], iso3),
        )
        for iso3 in countries
    }


def list_courses(ctx: Context, countries: Sequence[str]) -> Mapping[str, list[Row]]:
    """Return ISO3 → figures of the control of corruption, by year."""
    rows = (
        select_lean_totals(ctx, [CORRUPTION])
        .filter(pl.col("country").is_in(list(countries)), pl.col("value").is_not_null())
        .sort("country", "year")
        .collect()
    )
    courses: dict[str, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        courses.setdefault(row["country"], []).append(row)
    return courses


def draw_course(metric: Metric, rows: Sequence[Row], least: float = 0.0) -> Sparkline:
    """Draw a country's figures by year as a small line, broken where the trend is."""
    runs = split_runs([row for row in rows if row["year"] is not None], metric.break_years, metric.line)
    return draw_sparkline(*([(row["year"], row["value"]) for row in run] for run in runs), least=least)


def _draw(ctx: Context, metric: Metric, iso3: str) -> SmallPicture:
    figure = build_figure(ctx, metric, find_latest(ctx, metric.id).get(iso3))
    low, high = metric.expected
    value, lower, upper = figure["value"], figure["lower"], figure["upper"]

    def place(number: float | None) -> float | None:
        if number is None or low is None or high is None:
            return None
        return 100 * min(max((number - low) / (high - low), 0.0), 1.0)

    at, start, end = place(value), place(lower), place(upper)
    words = f"{figure['quantity']} ({figure['period']})" if value is not None else figure["text"]
    colon = t("ui.list.colon", ctx.lang)
    return SmallPicture(
        indicator=metric.id,
        name=name_metric(ctx, metric.id),
        value=words,
        missing=value is None,
        at="" if at is None else f"{at:.1f}%",
        start="" if start is None or end is None else f"{start:.1f}%",
        width="" if start is None or end is None else f"{end - start:.1f}%",
        spark=NONE,
        change="",
        change_text="",
        text=colon.join((name_metric(ctx, metric.id), words)),
    )


def _draw_corruption(ctx: Context, iso3: str, course: Sequence[Row]) -> SmallPicture:
    """Draw the newest figure with its interval, the course and the change since the base year."""
    metric = ctx.book.metrics[CORRUPTION]
    picture = _draw(ctx, metric, iso3)
    change = describe_change_since_base(ctx, metric, course)
    picture["spark"] = draw_course(metric, course, least=0.5) if len(course) >= MIN_POINTS else NONE
    picture["change"], picture["change_text"] = change.kind, change.text
    picture["text"] = t("ui.list.semicolon", ctx.lang).join(part for part in (picture["text"], change.text) if part)
    return picture
