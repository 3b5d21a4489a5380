"""What an indicator is broken down by, and the people of a group in words."""

import json
from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from dashboard.analysis.charts.chart import MAX_CHOSEN
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.words import name_dimension
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import has, t


def list_dimensions(ctx: Context, metric: str) -> Mapping[str, tuple[str, ...]]:
    """Map each breakdown of an indicator to its categories.

    Only of figures broken down by it alone, where some country has two categories in one year.
    """
    return _dimensions(ctx.timeless, metric)


@kept(256)
def _dimensions(ctx: Context, metric: str) -> Mapping[str, tuple[str, ...]]:
    conditions = (pl.col("primary"), pl.col("dimensions") != "{}", pl.col("value").is_not_null())
    rows = ctx.dataset.rows(metric).filter(*conditions).select("country", "year", "dimensions").unique().collect()
    countries = dict(rows.group_by("dimensions").agg(pl.col("country").n_unique()).sort("dimensions").iter_rows())
    categories: dict[str, dict[str, str]] = {}  # breakdown → category → dimensions as the rows have them
    for text in countries:
        pairs = json.loads(text)
        if len(pairs) == 1:
            ((name, value),) = pairs.items()
            categories.setdefault(name, {})[value] = text
    paired = {
        name: _paired(rows.filter(pl.col("dimensions").is_in(list(own.values())))) for name, own in categories.items()
    }
    ordered = sorted((name for name in categories if paired[name]), key=lambda name: (-paired[name], name))
    return MappingProxyType({name: _in_order(categories[name], countries) for name in ordered})


def _in_order(categories: Mapping[str, str], countries: Mapping[str, int]) -> tuple[str, ...]:
    """Order categories as published; if a chart has too few marks, by how many countries have them."""
    if len(categories) <= MAX_CHOSEN:
        return tuple(categories)
    return tuple(sorted(categories, key=lambda value: (-countries[categories[value]], value)))


def _paired(rows: pl.DataFrame) -> int:
    """Count the countries that have figures of at least two groups in one year."""
    return rows.group_by("country", "year").len().filter(pl.col("len") > 1)["country"].n_unique()


def name_people(ctx: Context, dimension: str, category: str) -> str:
    """Name the people of a group inside a sentence, such as ``women``; else the group itself."""
    key = f"breakdown.people.{dimension.lower().replace(' ', '_')}.{category.lower()}"
    return t(key, ctx.lang) if has(key) else name_dimension(ctx, dimension, category)


def check_dimension(ctx: Context, metric: Metric, dimension: str) -> str:
    """Return the breakdown asked for, or the first there is.

    Raises:
        Unknown: the dataset has no such breakdown of the indicator; those there are are suggested.
    """
    there = list_dimensions(ctx, metric.id)
    named = {name.lower(): name for name in there}
    if not dimension and there:
        return next(iter(there))
    if not there:
        words = f"The dataset holds no breakdown of {metric.id}, only totals: ask for another kind of chart."
        raise Unknown("breakdown", dimension[:40] or metric.id, message=words)
    if dimension.lower() not in named:
        raise Unknown("breakdown", dimension or metric.id, tuple(there))
    return named[dimension.lower()]
