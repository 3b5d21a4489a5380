"""The chart of counts of countries by address: ours by each rule over time, and those that others published."""

from datetime import date as day

from dashboard.analysis.charts.chart import Chart, Theme
from dashboard.analysis.charts.kinds.claims import Counts, OurCount, PublishedCount, build
from dashboard.answers.adoption.counting import describe_published_count
from dashboard.answers.adoption.register_page import describe_claim
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import label_chart, translate_term
from dashboard.evidence.codebook.model import CountingRule, ReportedCount, choose_text
from dashboard.evidence.codebook.register.adoption import count_countries, list_reported_counts
from dashboard.evidence.codebook.register.history import build_history, read_first_day, read_last_day
from dashboard.locales import format_day, t


def draw_claims(ctx: Context, rule: CountingRule, theme: Theme) -> Chart:
    """Draw our counts by each rule as steps, those of others as marks."""
    options = label_chart(ctx, theme, t("register.chart.title", ctx.lang), t("register.chart.source", ctx.lang))
    ours, undated = [], 0
    for other, steps in build_history(ctx.book).items():
        name, now = translate_term(ctx, "counting_rule", other), count_countries(ctx.book, other).number
        ours += [OurCount(other, name, step.day, len(step.countries)) for step in steps]
        if steps and now != len(steps[-1].countries):
            ours.append(OurCount(other, name, ctx.today, now))
            undated = now - len(steps[-1].countries) if other == rule else undated
    published = [
        _place_published(ctx, count, first, last)
        for count in list_reported_counts(ctx.book)
        if (first := read_first_day(count.date)) and (last := read_last_day(count.date))
    ]
    return build(Counts(rule, ours, published, ctx.today, undated), options)


def _place_published(ctx: Context, count: ReportedCount, first: day, last: day) -> PublishedCount:
    return PublishedCount(
        id=count.id,
        first=first,
        last=last,
        when=format_day(count.date, ctx.lang, count.precision),
        count=count.count,
        qualifier=count.qualifier,
        count_text=describe_published_count(count, ctx.lang),
        label=describe_claim(count, "short", ctx.lang) or describe_published_count(count, ctx.lang),
        text=choose_text(count.claim, ctx.lang),
        counts=choose_text(count.what_is_counted, ctx.lang),
        source=count.source_ref,
        source_type=translate_term(ctx, "event_source", count.source_type, ""),
    )
