"""The chart of counts of countries by address: ours by each rule over time, and those that others published."""

from datetime import date as day
from typing import TYPE_CHECKING

from dashboard.codebook.model import CountingRule, ReportedCount, text
from dashboard.codebook.register.adoption import claims, count
from dashboard.codebook.register.history import first_day, history, last_day
from dashboard.locales import date, t
from dashboard.services.adoption.counting import stated
from dashboard.services.adoption.register_page import claim_words
from dashboard.services.base.context import Context
from dashboard.services.base.notice import notice
from dashboard.services.base.words import as_of_text, term

if TYPE_CHECKING:
    from dashboard.charts.chart import Chart, Theme
    from dashboard.charts.kinds.claims import PublishedCount


def chart(ctx: Context, rule: CountingRule, theme: "Theme") -> "Chart":
    """Our counts by each rule as steps, those of others as marks."""
    from dashboard.charts.chart import ChartOptions
    from dashboard.charts.kinds.claims import Counts, OurCount, build

    options = ChartOptions(
        lang=ctx.lang,
        notice=notice(ctx.lang),
        theme=theme,
        title=t("register.chart.title", ctx.lang),
        source_line=t("register.chart.source", ctx.lang),
        as_of=as_of_text(ctx),
    )
    ours, undated = [], 0
    for known, steps in history(ctx.book).items():
        name, now = term(ctx, "counting_rule", known), count(ctx.book, known).number
        ours += [OurCount(known, name, step.day, len(step.countries)) for step in steps]
        if steps and now != len(steps[-1].countries):
            ours.append(OurCount(known, name, ctx.today, now))
            undated = now - len(steps[-1].countries) if known == rule else undated
    published = [
        _published(ctx, it, first, last)
        for it in claims(ctx.book)
        if (first := first_day(it.date)) and (last := last_day(it.date))
    ]
    return build(Counts(rule, ours, published, ctx.today, undated), options)


def _published(ctx: Context, it: ReportedCount, first: day, last: day) -> "PublishedCount":
    from dashboard.charts.kinds.claims import PublishedCount

    return PublishedCount(
        id=it.id,
        first=first,
        last=last,
        when=date(it.date, ctx.lang, it.precision),
        count=it.count,
        qualifier=it.qualifier,
        count_text=stated(it, ctx.lang),
        label=claim_words(it, "short", ctx.lang) or stated(it, ctx.lang),
        text=text(it.claim, ctx.lang),
        counts=text(it.what_is_counted, ctx.lang),
        source=it.source_ref,
        source_type=term(ctx, "event_source", it.source_type, ""),
    )
