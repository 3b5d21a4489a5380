"""What a median beside a country's figure is made of: every figure, and which of them are in the middle."""

from dashboard.codebook.model import text
from dashboard.locales import number, t
from dashboard.services.base.cache import cached
from dashboard.services.base.context import Context
from dashboard.services.base.lookup import find_country, find_metric
from dashboard.services.base.words import country_name
from dashboard.services.countries.views import MedianRow, MedianView
from dashboard.services.holdings.medians import figures_behind, groups_of
from dashboard.services.wording.figures import figure, written


@cached
def median_view(ctx: Context, iso3: str, indicator: str, group: str) -> MedianView:
    """The figures behind the median of a group (region, income, world, adopters) around a country's latest figure.

    Without rows where there is no such group or too few like figures.

    Raises:
        Unknown: no such country or indicator.
    """
    country, metric = find_country(ctx, iso3), find_metric(ctx, indicator)
    label, members = groups_of(ctx, country).get(group, ("", ()))
    rows = figures_behind(ctx, metric.id, country.iso3, members)
    middle = {(len(rows) - 1) // 2, len(rows) // 2}
    value = sum(rows[place]["value"] for place in middle) / len(middle) if rows else None
    return MedianView(
        title=t("country.median.title", ctx.lang, indicator=text(metric.name, ctx.lang), group=label),
        text=""
        if value is None
        else t(
            "country.median.odd" if len(middle) == 1 else "country.median.even",
            ctx.lang,
            value=written(ctx, metric, value, unit=True),
            n=number(len(rows), ctx.lang),
        ),
        rows=[
            MedianRow(
                iso3=row["country"],
                name=country_name(ctx, row["country"]),
                figure=figure(ctx, metric, row),
                middle=place in middle,
                own=row["country"] == country.iso3,
            )
            for place, row in enumerate(rows)
        ],
    )
