"""What a chart is drawn from: its rows, the countries it is about, and the names of what is in it."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

import polars as pl

from dashboard.charts.chart import Across
from dashboard.codebook.model import text
from dashboard.locales import t
from dashboard.services.adoption.counting import DEFAULT_RULE, adopters
from dashboard.services.adoption.events import starts
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.lookup import find_metric, find_national
from dashboard.services.base.rows import dated, in_years, latest_of, own_totals, primary_rows, stats_of
from dashboard.services.base.words import by_name, term
from dashboard.services.charts.query import ChartQuery
from dashboard.services.holdings.dimensions import dimensions_of
from dashboard.services.wording.changes import BASE_YEAR


def rows_of(query: ChartQuery, year: int | None) -> pl.DataFrame:
    """Primary national totals: of the chosen countries for a trend, of the group for a ranking, of all otherwise.

    Of a country's own series its totals; they count as primary in the one chart that is theirs.
    """
    countries = None if query.shape.countries == "all" else group_of(query)
    span = (query.first, query.last) if year is None and query.shape.period != "dates" else (None, None)
    if query.series:
        return _own_rows(query, countries, *span)
    shape = query.shape
    return primary_rows(query.ctx, query.metric, countries, *span, groups=shape.by_groups, undated=shape.undated)


def _own_rows(
    query: ChartQuery, countries: Collection[str] | None, first: int | None, last: int | None
) -> pl.DataFrame:
    """The same of a country's own series."""
    own = find_national(query.ctx.book.metrics[query.metric], query.series)
    rows = own_totals(query.ctx, own).with_columns(primary=pl.lit(value=True))
    if countries is not None:
        rows = rows.filter(pl.col("country").is_in(list(countries)))
    if not query.shape.undated:
        rows = rows.filter(dated())
    return in_years(rows, first, last).collect()


def categories_of(query: ChartQuery, words: Callable[[Context, str, str], str]) -> dict[str, str]:
    """The groups of the breakdown asked for, in words."""
    if not query.dimension:
        return {}
    there = dimensions_of(query.ctx, query.metric)[query.dimension]
    return {category: words(query.ctx, query.dimension, category) for category in there}


def group_of(query: ChartQuery) -> tuple[str, ...]:
    """The countries a chart is about: those chosen, in a ranking with the adopters, else all there are."""
    if query.shape.countries == "chosen":
        return query.countries
    if query.shape.countries == "adopters":
        return tuple(dict.fromkeys([*query.countries, *by_name(query.ctx, adopters(query.ctx))]))
    return _everyone(query.ctx.timeless, query.metric)


@kept(64)
def _everyone(ctx: Context, metric: str) -> tuple[str, ...]:
    """Every country or area with a square on the tile map, and those the publisher lists besides."""
    latest = latest_of(ctx, metric)
    return tuple(iso3 for iso3, country in ctx.book.countries.items() if country.tile is not None or iso3 in latest)


def group_label(query: ChartQuery) -> str:
    """The group in words, with its counting rule; "" where it is everyone."""
    if query.shape.countries != "adopters":
        return ""
    return t("answers.image.group", query.ctx.lang, rule=term(query.ctx, "counting_rule", DEFAULT_RULE))


@kept(4)
def tiles(ctx: Context) -> Mapping[str, tuple[int, int]]:
    """ISO3 → square of the tile map."""
    return MappingProxyType({iso3: it.tile for iso3, it in ctx.book.countries.items() if it.tile is not None})


def compared_options(query: ChartQuery) -> dict[str, Any]:
    """The options of a chart that only comparisons have, for ``dataclasses.replace``."""
    options: dict[str, Any] = {"insist": query.unequal}
    if query.shape.needs_second:
        options["across"] = _across(query)
    if query.shape.from_event:
        options |= {
            "starts": {start.iso3: start.year for start in starts(query.ctx, query.event) if start.year},
            "start_label": term(query.ctx, "event_type", query.event, ""),
        }
    if query.shape.period == "dates":
        years = _dates(query)
        options["years"] = years if None not in years else None
    return options


def _dates(query: ChartQuery) -> tuple[int | None, int | None]:
    """The two dates compared: those chosen, or else 2015, the base of the Goals, and the latest year with figures."""
    held = stats_of(query.ctx, query.metric).years
    if not held:
        return query.first, query.last
    base = BASE_YEAR if held[0] <= BASE_YEAR < held[-1] else held[0]
    return query.first or base, query.last or held[-1]


def _across(query: ChartQuery) -> Across:
    metric = find_metric(query.ctx, query.second)
    totals = pl.col("primary"), pl.col("dimensions") == "{}"
    rows = query.ctx.dataset.rows(query.second).filter(*totals, dated())
    if query.first != query.last:
        rows = in_years(rows, query.first, query.last)
    return Across(rows.collect(), text(metric.name, query.ctx.lang), metric.unit, metric.decimals)
