"""What a chart is drawn from: its rows, the countries it is about, and the names of what is in it."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import polars as pl

from dashboard.charts.chart import Across
from dashboard.codebook.model import text
from dashboard.locales import t
from dashboard.services.adoption.counting import DEFAULT_RULE, adopters
from dashboard.services.adoption.events import starts
from dashboard.services.base.context import Context
from dashboard.services.base.lookup import find_metric, find_national
from dashboard.services.base.rows import latest_of, own_totals, primary_rows, stats_of
from dashboard.services.base.words import by_name, term
from dashboard.services.charts.query import ChartQuery
from dashboard.services.holdings.dimensions import dimensions_of
from dashboard.services.wording.changes import BASE_YEAR
from dashboard.services.wording.publishers import publishers


def rows_of(asked: ChartQuery, year: int | None) -> pl.DataFrame:
    """Primary national totals: of the chosen countries for a trend, of the group for a ranking, of all otherwise.

    Of a country's own series its totals; they count as primary in the one chart that is theirs.
    """
    if asked.series:
        own = find_national(asked.ctx.book.metrics[asked.metric], asked.series)
        rows = own_totals(asked.ctx, own).with_columns(primary=pl.lit(value=True))
    else:
        rows = primary_rows(asked.ctx, asked.metric).lazy()
        rows = rows.filter((pl.col("dimensions") == "{}") != asked.shape.by_groups)
    if asked.shape.countries == "chosen":
        rows = rows.filter(pl.col("country").is_in(list(asked.countries)))
    elif asked.shape.countries == "adopters":
        rows = rows.filter(pl.col("country").is_in(list(group_of(asked))))
    if not asked.shape.undated:
        rows = rows.filter(pl.col("year").is_not_null() | pl.col("value").is_null())
    if year is None and asked.shape.period != "dates":
        if asked.first is not None:
            rows = rows.filter(pl.col("year") >= asked.first)
        if asked.last is not None:
            rows = rows.filter(pl.col("year") <= asked.last)
    return rows.collect()


def categories_of(asked: ChartQuery, words: Callable[[Context, str, str], str]) -> dict[str, str]:
    """The groups of the breakdown asked for, in words."""
    if not asked.dimension:
        return {}
    there = dimensions_of(asked.ctx, asked.metric)[asked.dimension]
    return {category: words(asked.ctx, asked.dimension, category) for category in there}


def group_of(asked: ChartQuery) -> tuple[str, ...]:
    """The countries a chart is about: those chosen, in a ranking with the adopters, else all there are."""
    if asked.shape.countries == "chosen":
        return asked.countries
    if asked.shape.countries == "adopters":
        return tuple(dict.fromkeys([*asked.countries, *by_name(asked.ctx, adopters(asked.ctx))]))
    return _everyone(asked.ctx.timeless(), asked.metric)


@lru_cache(maxsize=64)
def _everyone(ctx: Context, metric: str) -> tuple[str, ...]:
    """Every country or area with a square on the tile map, and those the publisher lists besides."""
    told = latest_of(ctx, metric)
    return tuple(iso3 for iso3, country in ctx.book.countries.items() if country.tile is not None or iso3 in told)


def group_label(asked: ChartQuery) -> str:
    """The group in words, with its counting rule; "" where it is everyone."""
    if asked.shape.countries != "adopters":
        return ""
    return t("answers.image.group", asked.ctx.lang, rule=term(asked.ctx, "counting_rule", DEFAULT_RULE))


def titles() -> Mapping[str, str]:
    """Publisher → its title."""
    return {source: info.title for source, info in publishers().items()}


@lru_cache(maxsize=4)
def tiles(ctx: Context) -> Mapping[str, tuple[int, int]]:
    """ISO3 → square of the tile map."""
    return MappingProxyType({iso3: it.tile for iso3, it in ctx.book.countries.items() if it.tile is not None})


def compared_options(asked: ChartQuery) -> dict[str, Any]:
    """The options of a chart that only comparisons have, for ``dataclasses.replace``."""
    options: dict[str, Any] = {"insist": asked.unequal}
    if asked.shape.needs_second:
        options["across"] = _across(asked)
    if asked.shape.from_event:
        options |= {
            "starts": {start.iso3: start.year for start in starts(asked.ctx, asked.event) if start.year},
            "start_label": term(asked.ctx, "event_type", asked.event, ""),
        }
    if asked.shape.period == "dates":
        years = _dates(asked)
        options["years"] = years if None not in years else None
    return options


def _dates(asked: ChartQuery) -> tuple[int | None, int | None]:
    """The two dates compared: those chosen, or else 2015, the base of the Goals, and the latest year with figures."""
    held = stats_of(asked.ctx, asked.metric).years
    if not held:
        return asked.first, asked.last
    base = BASE_YEAR if held[0] <= BASE_YEAR < held[-1] else held[0]
    return asked.first or base, asked.last or held[-1]


def _across(asked: ChartQuery) -> Across:
    metric = find_metric(asked.ctx, asked.second)
    rows = asked.ctx.dataset.rows(asked.second).filter(pl.col("primary"), pl.col("dimensions") == "{}")
    if asked.first is not None and asked.first != asked.last:
        rows = rows.filter(pl.col("year") >= asked.first)
    if asked.last is not None and asked.first != asked.last:
        rows = rows.filter(pl.col("year") <= asked.last)
    return Across(rows.collect(), text(metric.name, asked.ctx.lang), metric.unit, metric.decimals)
