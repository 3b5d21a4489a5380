"""What an indicator is broken down by, and the people of a group in words."""

import json
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from dashboard.codebook.model import Metric
from dashboard.locales import has, t
from dashboard.services.context import Context
from dashboard.services.errors import Unknown
from dashboard.services.words import dimension_words


def dimensions_of(ctx: Context, metric: str) -> Mapping[str, tuple[str, ...]]:
    """Breakdown → its categories, of figures broken down by it and nothing else; that of most countries first."""
    return _dimensions(ctx.timeless() if ctx.as_of is None else ctx, metric)


@lru_cache(maxsize=256)
def _dimensions(ctx: Context, metric: str) -> Mapping[str, tuple[str, ...]]:
    import polars as pl

    rows = ctx.dataset.rows(metric).filter(
        pl.col("primary"), pl.col("dimensions") != "{}", pl.col("value").is_not_null()
    )
    held = rows.group_by("dimensions").agg(countries=pl.col("country").n_unique()).sort("dimensions").collect()
    found: dict[str, list[str]] = {}
    most: dict[str, int] = {}
    for text, countries in held.iter_rows():
        pairs = json.loads(text)
        if len(pairs) == 1:
            ((name, value),) = pairs.items()
            found.setdefault(name, []).append(value)
            most[name] = max(most.get(name, 0), countries)
    several = {name: tuple(values) for name, values in found.items() if len(values) > 1}
    return MappingProxyType(dict(sorted(several.items(), key=lambda pair: (-most[pair[0]], pair[0]))))


def people(ctx: Context, dimension: str, category: str) -> str:
    """The people of a group inside a sentence: ``women``; the group's name where there is no word for them."""
    key = f"breakdown.people.{dimension.lower().replace(' ', '_')}.{category.lower()}"
    return t(key, ctx.lang) if has(key) else dimension_words(ctx, dimension, category)


def checked_dimension(ctx: Context, metric: Metric, dimension: str) -> str:
    """The breakdown asked for, or the first there is.

    Raises:
        Unknown: the dataset has no such breakdown of the indicator; those there are are suggested.
    """
    there = dimensions_of(ctx, metric.id)
    named = {name.lower(): name for name in there}
    if not dimension and there:
        return next(iter(there))
    if dimension.lower() not in named:
        raise Unknown("breakdown", dimension[:40] or metric.id, tuple(there))
    return named[dimension.lower()]
