"""The adoption pipeline over time, from the register's dated events, under the reader's counting rule."""

import calendar
import datetime

from dashboard.analysis.charts.chart import Chart, Theme
from dashboard.analysis.charts.kinds.pipeline import StageStep, build
from dashboard.answers.adoption.counting import DEFAULT_RULE, check_rule, describe_count, list_adopters, register
from dashboard.answers.adoption.views import Pipeline, PipelineStep
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import label_chart, list_country_names, name_country, sort_by_name, translate_term
from dashboard.evidence.codebook.model import AdoptionEvent, AdoptionStatus, CountingRule
from dashboard.evidence.codebook.register.adoption import LADDER, RUNGS, is_counted
from dashboard.evidence.codebook.register.history import read_last_day
from dashboard.locales import format_day, t

STAGES = LADDER[1:]
"""Rungs a country can reach, lowest first."""


@cached
def view_pipeline(ctx: Context, rule: str = DEFAULT_RULE) -> Pipeline:
    """Return the dated steps, and the events without a date.

    Raises:
        Invalid: no such counting rule.
    """
    steps = _list_steps(ctx, rule)
    undated = [
        event
        for iso3 in sort_by_name(ctx, list_adopters(ctx, check_rule(rule)))
        for event in register(ctx)[iso3].events
        if is_counted(event) and not event.date_or_report and event.type in RUNGS
    ]
    return Pipeline(
        text=t("results.pipeline.text", ctx.lang),
        steps=[_view_step(ctx, event, stage) for event, stage, _ in steps],
        undated=[_view_step(ctx, event, RUNGS[event.type]) for event in undated],
        undated_text=t("results.pipeline.undated", ctx.lang, count=len(undated)) if undated else "",
    )


def draw_pipeline(ctx: Context, rule: CountingRule, theme: Theme) -> Chart:
    """Draw how many countries had reached each stage, over time."""
    options = label_chart(
        ctx,
        theme,
        t("results.pipeline.title", ctx.lang),
        t("results.pipeline.source", ctx.lang),
        names=list_country_names(ctx),
        group_label=describe_count(ctx, rule, len(list_adopters(ctx, rule))),
    )
    stages: dict[str, str] = {stage: translate_term(ctx, "adoption_status", stage) for stage in STAGES}
    steps = [_make_step(ctx, event, stage, change) for event, stage, change in _list_steps(ctx, rule)]
    return build(steps, stages, convert_to_decimal_year(ctx.today), options)


def _list_steps(ctx: Context, rule: str) -> list[tuple[AdoptionEvent, AdoptionStatus, int]]:
    """Return event, rung and +1 for reaching it or −1 for leaving it, by date and country.

    A country reaches a rung with its first dated event at or above it: a centre that opens before anything is signed
    carries it past the lower rungs too. An event without a date stands at that of the report that names it.
    Where all centres closed, pilot and operation end with that date.
    """
    steps: list[tuple[float, int, AdoptionEvent, AdoptionStatus, int]] = []
    for iso3 in sort_by_name(ctx, list_adopters(ctx, check_rule(rule))):
        country = register(ctx)[iso3]
        dated = [event for event in country.events if is_counted(event) and event.date_or_report]
        rungs = [event for event in dated if event.type in RUNGS]
        closures = [event for event in dated if event.type == "all_centres_closed"]
        for place, stage in enumerate(STAGES, start=1):
            reaching = [event for event in rungs if LADDER.index(RUNGS[event.type]) >= place]
            if not reaching:
                continue
            first = min(reaching, key=lambda event: place_event(ctx, event))
            steps.append((place_event(ctx, first), place, first, stage, 1))
            if country.status == "closed" and closures and stage in ("pilot", "operating"):
                steps.append((place_event(ctx, closures[-1]), place, closures[-1], stage, -1))
    return [(event, stage, change) for _, _, event, stage, change in sorted(steps, key=lambda step: step[:2])]


def _make_step(ctx: Context, event: AdoptionEvent, stage: str, change: int) -> StageStep:
    return StageStep(
        event=event.id,
        country=event.iso3,
        stage=stage,
        at=place_event(ctx, event),
        date=event.date,
        precision=event.precision,
        when=describe_date(ctx, event),
        type=event.type,
        type_name=translate_term(ctx, "event_type", event.type, ""),
        change=change,
        disputed=event.disputed,
        source=event.source_title,
        reported=event.reported,
    )


def _view_step(ctx: Context, event: AdoptionEvent, stage: str) -> PipelineStep:
    return PipelineStep(
        iso3=event.iso3,
        country=name_country(ctx, event.iso3),
        stage=stage,
        stage_text=translate_term(ctx, "adoption_status", stage),
        date_text=describe_date(ctx, event),
        type_text=translate_term(ctx, "event_type", event.type, ""),
        evidence=event.evidence_level,
        source=event.source_title,
        disputed=event.disputed,
    )


def describe_date(ctx: Context, event: AdoptionEvent) -> str:
    """Return the date of an event as precisely as it is known, or that of its report."""
    if event.reported and not event.date:
        return t("register.table.reported", ctx.lang, date=format_day(event.reported, ctx.lang))
    return format_day(event.date, ctx.lang, event.precision) if event.date else ""


def place_event(ctx: Context, event: AdoptionEvent) -> float:
    """Return the last day an event can have been as a year, so that no step comes too early."""
    return convert_to_decimal_year(min(read_last_day(event.date_or_report) or ctx.today, ctx.today))


def convert_to_decimal_year(day: datetime.date) -> float:
    """Return a day as a year and its fraction."""
    return day.year + (day.timetuple().tm_yday - 1) / (366 if calendar.isleap(day.year) else 365)
