"""What a chart is drawn from: its rows, the countries it is about, and the names of what is in it."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from dashboard.codebook.model import text
from dashboard.locales import t
from dashboard.services.charting_compared import BETWEEN_DATES, OF_THE_CHOSEN
from dashboard.services.context import Context
from dashboard.services.counting import DEFAULT_RULE, adopters
from dashboard.services.dimensions import dimensions_of
from dashboard.services.find import find_national
from dashboard.services.publishers import publishers
from dashboard.services.reading import latest_of, own_totals, primary_rows
from dashboard.services.words import by_name, term

if TYPE_CHECKING:
    import polars as pl

    from dashboard.services.charting import Asked

AMONG_ADOPTERS = ("ranking", "breakdown")
"""Kinds that show the chosen countries among the adopters."""


def rows_of(asked: "Asked", year: int | None) -> "pl.DataFrame":
    """Primary national totals: of the chosen countries for a trend, of the group for a ranking, of all otherwise.

    Of a country's own series its totals; they count as primary in the one chart that is theirs.
    """
    import polars as pl

    if asked.series:
        own = find_national(asked.ctx.book.metrics[asked.metric], asked.series)
        rows = own_totals(asked.ctx, own).with_columns(primary=pl.lit(value=True))
    else:
        rows = primary_rows(asked.ctx, asked.metric).lazy()
        rows = rows.filter((pl.col("dimensions") == "{}") != (asked.kind == "breakdown"))
    if asked.kind in OF_THE_CHOSEN:
        rows = rows.filter(pl.col("country").is_in(list(asked.countries)))
    elif asked.kind in AMONG_ADOPTERS:
        rows = rows.filter(pl.col("country").is_in(list(group_of(asked))))
    if year is None and asked.kind not in BETWEEN_DATES:
        if asked.first is not None:
            rows = rows.filter(pl.col("year") >= asked.first)
        if asked.last is not None:
            rows = rows.filter(pl.col("year") <= asked.last)
    return rows.collect()


def categories_of(asked: "Asked", words: Callable[[Context, str, str], str]) -> dict[str, str]:
    """The groups of the breakdown asked for, in words."""
    if not asked.dimension:
        return {}
    there = dimensions_of(asked.ctx, asked.metric)[asked.dimension]
    return {category: words(asked.ctx, asked.dimension, category) for category in there}


def group_of(asked: "Asked") -> tuple[str, ...]:
    """The countries a chart is about: those chosen, in a ranking with the adopters, else all there are."""
    if asked.kind in OF_THE_CHOSEN:
        return asked.countries
    if asked.kind in AMONG_ADOPTERS:
        return tuple(dict.fromkeys([*asked.countries, *by_name(asked.ctx, adopters(asked.ctx))]))
    return _everyone(asked.ctx.timeless(), asked.metric)


@lru_cache(maxsize=64)
def _everyone(ctx: Context, metric: str) -> tuple[str, ...]:
    """Every country or area with a square on the tile map, and those the publisher lists besides."""
    told = latest_of(ctx, metric)
    return tuple(iso3 for iso3, country in ctx.book.countries.items() if country.tile is not None or iso3 in told)


def group_label(asked: "Asked") -> str:
    """The group in words, with its counting rule; "" where it is everyone."""
    if asked.kind not in AMONG_ADOPTERS:
        return ""
    return t("answers.image.group", asked.ctx.lang, rule=term(asked.ctx, "counting_rule", DEFAULT_RULE))


@lru_cache(maxsize=16)
def _names_of(lang: str, ctx: Context) -> Mapping[str, str]:
    return MappingProxyType({iso3: text(country.name, lang) for iso3, country in ctx.book.countries.items()})


def names(ctx: Context) -> Mapping[str, str]:
    """ISO3 → name of every country and area."""
    return _names_of(ctx.lang, ctx.timeless())


def titles() -> Mapping[str, str]:
    """Publisher → its title."""
    return {source: info.title for source, info in publishers().items()}


@lru_cache(maxsize=4)
def tiles(ctx: Context) -> Mapping[str, tuple[int, int]]:
    """ISO3 → square of the tile map."""
    return MappingProxyType({iso3: it.tile for iso3, it in ctx.book.countries.items() if it.tile is not None})
