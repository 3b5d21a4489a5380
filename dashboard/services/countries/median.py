"""What a median beside a country's figure is made of: every figure, and which of them are in the middle."""

from dashboard.codebook.model import choose_text
from dashboard.locales import format_number, t
from dashboard.services.base.cache import cached
from dashboard.services.base.context import Context
from dashboard.services.base.lookup import find_country, find_metric
from dashboard.services.base.words import name_country
from dashboard.services.countries.views import MedianRow, MedianView
from dashboard.services.holdings.medians import find_groups, list_figures_behind
from dashboard.services.wording.figures import build_figure, format_value


@cached
def view_median(ctx: Context, iso3: str, indicator: str, group: str) -> MedianView:
    """The figures behind the median of a group (region, income, world, adopters) around a country's latest figure.

    Without rows where there is no such group or too few like figures.

    Raises:
        Unknown: no such country or indicator.
    """
    country, metric = find_country(ctx, iso3), find_metric(ctx, indicator)
    label, members = find_groups(ctx, country).get(group, ("", ()))
    rows = list_figures_behind(ctx, metric.id, country.iso3, members)
    middle = {(len(rows) - 1) // 2, len(rows) // 2}
    value = sum(rows[place]["value"] for place in middle) / len(middle) if rows else None
    return MedianView(
        title=t("country.median.title", ctx.lang, indicator=choose_text(metric.name, ctx.lang), group=label),
        text=""
        if value is None
        else t(
            "country.median.odd" if len(middle) == 1 else "country.median.even",
            ctx.lang,
            value=format_value(ctx, metric, value, unit=True),
            n=format_number(len(rows), ctx.lang),
        ),
        rows=[
            MedianRow(
                iso3=row["country"],
                name=name_country(ctx, row["country"]),
                figure=build_figure(ctx, metric, row),
                middle=place in middle,
                own=row["country"] == country.iso3,
            )
            for place, row in enumerate(rows)
        ],
    )
