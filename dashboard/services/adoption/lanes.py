"""Every event of the register with a date or a dated report, a lane a country: the picture of the adoption page."""

from dashboard.charts.chart import Chart, ChartOptions, Theme
from dashboard.charts.kinds.lanes import Mark, build
from dashboard.codebook.model import AdoptionEvent, CountingRule
from dashboard.codebook.register.adoption import RUNGS, counts
from dashboard.locales import t
from dashboard.services.adoption.counting import adopters, counted_text, origins, register
from dashboard.services.adoption.pipeline import STAGES, decimal_year, event_date, words_of_date
from dashboard.services.base.context import Context
from dashboard.services.base.notice import notice
from dashboard.services.base.words import as_of_text, country_name, listed, names, term


def chart(ctx: Context, rule: CountingRule, theme: Theme) -> Chart:
    """The events of the origin and of the countries the rule counts."""
    group = (*origins(ctx), *adopters(ctx, rule))
    events = sorted(
        (event for iso3 in group for event in register(ctx)[iso3].events if event.known), key=lambda event: event.known
    )
    options = ChartOptions(
        lang=ctx.lang,
        notice=notice(ctx.lang),
        theme=theme,
        title=t("register.lanes.title", ctx.lang),
        names=names(ctx),
        note=_drawn_uncounted(ctx, {event.iso3 for event in events}),
        group_label=counted_text(ctx, rule, len(adopters(ctx, rule))),
        source_line=t("results.pipeline.source", ctx.lang),
        as_of=as_of_text(ctx),
    )
    stages: dict[str, str] = {stage: term(ctx, "adoption_status", stage) for stage in STAGES}
    return build([_mark(ctx, event) for event in events], stages, decimal_year(ctx.today), options)


def _drawn_uncounted(ctx: Context, drawn: set[str]) -> str:
    """That the origin has a lane and is not among the countries counted, so that the two numbers are not one."""
    uncounted = [country_name(ctx, iso3) for iso3 in origins(ctx) if iso3 in drawn]
    return t("register.lanes.origin", ctx.lang, origin=listed(ctx, uncounted)) if uncounted else ""


def _mark(ctx: Context, event: AdoptionEvent) -> Mark:
    stage = RUNGS.get(event.type, "") if counts(event) else ""
    return Mark(
        event=event.id,
        country=event.iso3,
        at=event_date(ctx, event),
        date=event.date,
        precision=event.precision,
        when=words_of_date(ctx, event),
        type=event.type,
        type_name=term(ctx, "event_type", event.type, ""),
        stage=stage if stage in STAGES else "",
        disputed=event.disputed,
        counts=counts(event),
        source=event.source_title,
        reported=event.reported,
    )
