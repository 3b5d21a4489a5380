"""What a chart is drawn from: the countries it is about and its rows, each found once and handed on."""

import polars as pl

from dashboard.answers.adoption.counting import DEFAULT_RULE, list_adopters
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, is_dated, limit_years, read_primary_rows, select_own_totals
from dashboard.answers.base.words import sort_by_name, translate_term
from dashboard.answers.charts.query import ChartQuery
from dashboard.locales import format_period, t


def read_rows(query: ChartQuery, group: tuple[str, ...]) -> pl.DataFrame:
    """Return the primary national totals drawn; a country's own series counts as primary in its chart."""
    shape = query.shape
    countries = None if shape.countries == "all" else group
    dateless = query.near is not None or shape.period == "dates"
    first, last = (None, None) if dateless else (query.first, query.last)
    if query.own is None:
        return read_primary_rows(
            query.ctx, query.metric, countries, first, last, groups=shape.by_groups, undated=shape.undated
        )
    rows = select_own_totals(query.ctx, query.own).with_columns(primary=pl.lit(value=True))
    if countries is not None:
        rows = rows.filter(pl.col("country").is_in(list(countries)))
    return limit_years(rows if shape.undated else rows.filter(is_dated()), first, last).collect()


def find_group(query: ChartQuery) -> tuple[tuple[str, ...], str]:
    """Return the countries a chart is about and their group in words, "" where it is those chosen or all."""
    ctx, countries = query.ctx, query.shape.countries
    if countries == "chosen":
        return query.countries, ""
    if countries == "all":
        return _list_everyone(ctx.timeless, query.metric), ""
    label = t("answers.image.group", ctx.lang, rule=translate_term(ctx, "counting_rule", DEFAULT_RULE))
    return tuple(dict.fromkeys([*query.countries, *sort_by_name(ctx, list_adopters(ctx))])), label


@kept(64)
def _list_everyone(ctx: Context, metric: str) -> tuple[str, ...]:
    """Return every country or area on the tile map, and those the publisher lists besides."""
    latest = find_latest(ctx, metric)
    return tuple(iso3 for iso3, country in ctx.book.countries.items() if country.tile is not None or iso3 in latest)


def explain_undated(query: ChartQuery) -> str:
    """Return how many figures are left out because their year is not published; "" for none.

    A scatter draws all countries, so all count, and both its indicators.
    """
    if query.shape.undated or query.series:
        return ""
    spans = []
    for metric in (query.metric, query.second) if query.second else (query.metric,):
        latest = find_latest(query.ctx, metric)
        drawn = latest if query.second else query.countries
        spans += [latest[iso3]["period"] for iso3 in drawn if iso3 in latest and latest[iso3]["year"] is None]
    if not spans:
        return ""
    words = ", ".join(sorted({format_period(span, query.ctx.lang) for span in spans}))
    return t("period.not_drawn", query.ctx.lang, count=len(spans), years=words)
