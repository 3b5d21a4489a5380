"""The chart of counts of countries by address: ours by each rule over time, and those that others published."""

from datetime import date as day

from dashboard.analysis.charts.chart import Chart, ChartOptions, Theme
from dashboard.analysis.charts.kinds.claims import Counts, OurCount, PublishedCount, build
from dashboard.answers.adoption.counting import describe_published_count
from dashboard.answers.adoption.register_page import describe_claim
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import describe_as_of, translate_term
from dashboard.evidence.codebook.model import CountingRule, ReportedCount, choose_text
from dashboard.evidence.codebook.register.adoption import count_countries, list_reported_counts
from dashboard.evidence.codebook.register.history import build_history, read_first_day, read_last_day
from dashboard.locales import format_day, t
from dashboard.locales.notice import notice


def draw_claims(ctx: Context, rule: CountingRule, theme: Theme) -> Chart:
    """Our counts by each rule as steps, those of others as marks."""
    options = ChartOptions(
        lang=ctx.lang,
        notice=notice(ctx.lang),
        theme=theme,
        title=t("register.chart.title", ctx.lang),
        source_line=t("register.chart.source", ctx.lang),
        as_of=describe_as_of(ctx),
    )
    ours, undated = [], 0
    for known, steps in build_history(ctx.book).items():
        name, now = translate_term(ctx, "counting_rule", known), count_countries(ctx.book, known).number
        ours += [OurCount(known, name, step.day, len(step.countries)) for step in steps]
        if steps and now != len(steps[-1].countries):
            ours.append(OurCount(known, name, ctx.today, now))
            undated = now - len(steps[-1].countries) if known == rule else undated
    published = [
        _published(ctx, it, first, last)
        for it in list_reported_counts(ctx.book)
        if (first := read_first_day(it.date)) and (last := read_last_day(it.date))
    ]
    return build(Counts(rule, ours, published, ctx.today, undated), options)


def _published(ctx: Context, it: ReportedCount, first: day, last: day) -> PublishedCount:
    return PublishedCount(
        id=it.id,
        first=first,
        last=last,
        when=format_day(it.date, ctx.lang, it.precision),
        count=it.count,
        qualifier=it.qualifier,
        count_text=describe_published_count(it, ctx.lang),
        label=describe_claim(it, "short", ctx.lang) or describe_published_count(it, ctx.lang),
        text=choose_text(it.claim, ctx.lang),
        counts=choose_text(it.what_is_counted, ctx.lang),
        source=it.source_ref,
        source_type=translate_term(ctx, "event_source", it.source_type, ""),
    )
