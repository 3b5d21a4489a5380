"""Every event of the register with a date or a dated report, a lane a country: the picture of the adoption page."""

from dashboard.analysis.charts.chart import Chart, Theme
from dashboard.analysis.charts.kinds.lanes import LaneMark, build
from dashboard.answers.adoption.counting import describe_count, list_adopters, list_origins, register
from dashboard.answers.adoption.pipeline import STAGES, convert_to_decimal_year, describe_date, place_event
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_countries, label_chart, list_country_names, translate_term
from dashboard.evidence.codebook.model import AdoptionEvent, CountingRule
from dashboard.evidence.codebook.register.adoption import RUNGS, is_counted
from dashboard.locales import t


def draw_lanes(ctx: Context, rule: CountingRule, theme: Theme) -> Chart:
    """Draw the events of the origin and of the countries the rule counts, a lane each."""
    group = (*list_origins(ctx), *list_adopters(ctx, rule))
    events = sorted(
        (event for iso3 in group for event in register(ctx)[iso3].events if event.date_or_report),
        key=lambda event: event.date_or_report,
    )
    options = label_chart(
        ctx,
        theme,
        t("register.lanes.title", ctx.lang),
        t("results.pipeline.source", ctx.lang),
        names=list_country_names(ctx),
        note=_explain_uncounted(ctx, {event.iso3 for event in events}),
        group_label=describe_count(ctx, rule, len(list_adopters(ctx, rule))),
    )
    stages: dict[str, str] = {stage: translate_term(ctx, "adoption_status", stage) for stage in STAGES}
    return build([_make_mark(ctx, event) for event in events], stages, convert_to_decimal_year(ctx.today), options)


def _explain_uncounted(ctx: Context, drawn: set[str]) -> str:
    """Return the note that the origin has a lane and is not counted; "" where it has none."""
    uncounted = [iso3 for iso3 in list_origins(ctx) if iso3 in drawn]
    return t("register.lanes.origin", ctx.lang, origin=join_countries(ctx, uncounted)) if uncounted else ""


def _make_mark(ctx: Context, event: AdoptionEvent) -> LaneMark:
    stage = RUNGS.get(event.type, "") if is_counted(event) else ""
    return LaneMark(
        event=event.id,
        country=event.iso3,
        at=place_event(ctx, event),
        date=event.date,
        precision=event.precision,
        when=describe_date(ctx, event),
        type=event.type,
        type_name=translate_term(ctx, "event_type", event.type, ""),
        stage=stage if stage in STAGES else "",
        disputed=event.disputed,
        counts=is_counted(event),
        source=event.source_title,
        reported=event.reported,
    )
