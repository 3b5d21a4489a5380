"""What only some kinds are drawn with, by the flag of their entry: options of a chart beside those all have."""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast

import polars as pl

from dashboard.analysis.charts.atlas import Atlas, read_atlas
from dashboard.analysis.charts.chart import Across
from dashboard.analysis.charts.registry import ChartKind
from dashboard.answers.adoption.events import list_starts
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, find_stats, is_dated, limit_years
from dashboard.answers.base.words import name_dimension, translate_term
from dashboard.answers.charts.query import ChartQuery
from dashboard.answers.holdings.dimensions import list_dimensions, name_people
from dashboard.answers.holdings.medians import list_groups_beside
from dashboard.answers.progress.projection import find_projection_options
from dashboard.answers.wording.changes import BASE_YEAR
from dashboard.answers.wording.evidence import is_claim
from dashboard.answers.wording.publishers import is_unmodified_only, title_publisher
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import t
from dashboard.runtime.release import SHAPES


@lru_cache(maxsize=1)
def _load_atlas() -> Atlas:
    """Read the shapes once; a hash in their ``url`` gives a new file a new address."""
    content = SHAPES.read_bytes()
    return read_atlas(json.loads(content), f"/{SHAPES.name}?v={hashlib.sha256(content).hexdigest()[:12]}")


def add_boundaries(query: ChartQuery) -> dict[str, Any]:
    """Return the shapes of countries."""
    return {"atlas": _load_atlas()}


def add_squares(query: ChartQuery) -> dict[str, Any]:
    """Return the squares of the tile map."""
    return {"tiles": _list_tiles(query.ctx.timeless)}


@kept(4)
def _list_tiles(ctx: Context) -> Mapping[str, tuple[int, int]]:
    return MappingProxyType(
        {iso3: country.tile for iso3, country in ctx.book.countries.items() if country.tile is not None}
    )


def add_breakdown(query: ChartQuery) -> dict[str, Any]:
    """Return the breakdown with its groups in words, and the order of the countries."""
    ctx, name = query.ctx, query.dimension
    there = list_dimensions(ctx, query.metric)[name]
    return {
        "dimension": name,
        "dimension_name": name_dimension(ctx, name),
        "categories": {category: name_dimension(ctx, name, category) for category in there},
        "people": {category: name_people(ctx, name, category) for category in there},
        "sort": "name" if query.sort == "name" else "gap",
    }


def add_medians(query: ChartQuery) -> dict[str, Any]:
    """Return groups and limits beside a country, or the reason why there are no groups."""
    ctx, metric = query.ctx, query.indicator
    own = find_latest(ctx, metric.id).get(query.countries[0])
    ends = (metric.limit_low, metric.limit_high)
    limits = cast(tuple[float, float], ends) if None not in ends else None
    if own is not None and is_unmodified_only(own["source"]):
        return {"limits": limits, "note": t("answers.medians.licence", ctx.lang, source=title_publisher(own["source"]))}
    if own is not None and is_claim(metric, own):
        return {"limits": limits, "note": t("answers.medians.claim", ctx.lang)}
    return {"limits": limits, "groups": list_groups_beside(ctx, metric.id, query.countries[0])}


def add_projection(query: ChartQuery) -> dict[str, Any]:
    """Return where the line may be in the target year, or why that is not said."""
    return find_projection_options(query.ctx, query.indicator, query.countries[0], query.last)


def add_second_indicator(query: ChartQuery) -> dict[str, Any]:
    """Return the figures of the indicator on the horizontal axis."""
    metric = query.ctx.book.metrics[query.second]
    totals = pl.col("primary"), pl.col("dimensions") == "{}"
    rows = query.ctx.dataset.rows(metric.id).filter(*totals, is_dated())
    if query.first != query.last:
        rows = limit_years(rows, query.first, query.last)
    return {"across": Across(rows.collect(), choose_text(metric.name, query.ctx.lang), metric.unit, metric.decimals)}


def add_event(query: ChartQuery) -> dict[str, Any]:
    """Return the year of the event in each country, and the event in words."""
    return {
        "starts": {start.iso3: start.year for start in list_starts(query.ctx, query.event) if start.year},
        "start_label": translate_term(query.ctx, "event_type", query.event, ""),
    }


def add_dates(query: ChartQuery) -> dict[str, Any]:
    """Return the two dates compared; by default 2015, the base of the Goals, and the latest year."""
    first, last = query.first, query.last
    if years := find_stats(query.ctx, query.metric).years:
        base = BASE_YEAR if years[0] <= BASE_YEAR < years[-1] else years[0]
        first, last = first or base, last or years[-1]
    return {"years": (first, last) if first is not None and last is not None else None}


PARTS: dict[str, Callable[[ChartQuery], dict[str, Any]]] = {
    "boundaries": add_boundaries,
    "squares": add_squares,
    "by_groups": add_breakdown,
    "beside_medians": add_medians,
    "projects": add_projection,
    "needs_second": add_second_indicator,
    "from_event": add_event,
    "between_dates": add_dates,
}
"""Flag of a ``ChartKind`` → what its charts are drawn with besides."""


def list_parts(shape: ChartKind) -> list[Callable[[ChartQuery], dict[str, Any]]]:
    """Return the functions that add the options only this kind has."""
    return [part for flag, part in PARTS.items() if getattr(shape, flag)]
