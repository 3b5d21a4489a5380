"""The chart of centres over time: the origin and the adopters of a counting rule, as reported."""

from dashboard.analysis.charts.chart import Chart, ChartOptions, Theme
from dashboard.analysis.charts.kinds.counted import ReportedCountAt, build
from dashboard.answers.adoption.counting import list_adopters, list_origins
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import describe_as_of, list_country_names, sort_by_name
from dashboard.answers.reported.figures import (
    convert_to_decimal_year,
    list_centres,
    list_reported,
    say_who,
    write_period,
    write_place,
)
from dashboard.evidence.codebook.model import CountingRule
from dashboard.locales import t
from dashboard.locales.notice import notice


def draw_centres(ctx: Context, rule: CountingRule, theme: Theme) -> Chart:
    """Draw the counts of centres of each country that reported two or more for the whole country."""
    options = ChartOptions(
        lang=ctx.lang,
        notice=notice(ctx.lang),
        theme=theme,
        title=t("reported.chart.title", ctx.lang),
        names=list_country_names(ctx),
        source_line=t("reported.chart.source", ctx.lang),
        as_of=describe_as_of(ctx),
    )
    counts = [
        ReportedCountAt(
            id=centre.id,
            country=iso3,
            value=centre.value,
            place="" if centre.is_national else write_place(centre, ctx.lang),
            date=centre.until,
            at=convert_to_decimal_year(centre.until),
            when=write_period(centre, ctx.lang),
            said=say_who(centre, ctx.lang),
            publisher=centre.publisher,
            address=centre.address,
        )
        for iso3 in (*list_origins(ctx), *sort_by_name(ctx, list_adopters(ctx, rule)))
        for centre in list_centres(list_reported(iso3))
    ]
    return build(counts, options)
