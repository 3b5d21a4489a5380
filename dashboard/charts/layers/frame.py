"""The figures a chart is about: one row per country and period, in the reader's order."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboard.charts.chart import ChartOptions
from dashboard.measures.latest import latest, nearest


def figures_of(rows: pl.DataFrame, countries: Sequence[str]) -> pl.DataFrame:
    """The primary rows of ``countries`` in their order, then by year; a country without rows has one, missing."""
    order = pl.LazyFrame({"country": list(countries)}, schema={"country": pl.String})
    primary = rows.lazy().filter(pl.col("primary").fill_null(True))
    primary = primary.sort("dimensions", "year", nulls_last=True, maintain_order=True)
    figures = order.join(primary, on="country", how="left", maintain_order="left_right")
    return figures.with_columns(pl.col("status").fill_null("missing")).collect()


def latest_per_country(rows: pl.DataFrame, countries: Sequence[str], options: ChartOptions) -> pl.DataFrame:
    """The latest figure of each country, or the one nearest to the reference year; a country without has a null."""
    primary = rows.filter(pl.col("primary").fill_null(True)).lazy()
    if options.year is None:
        return latest(primary, countries).collect()
    return nearest(primary, countries, options.year).collect()


def plain_rows(figures: pl.DataFrame, options: ChartOptions, columns: Sequence[str]) -> list[dict[str, Any]]:
    """The rows as table and file show them; nulls stay None."""
    codes = figures["country"]
    names = pl.Series("name", [options.name(iso3) for iso3 in codes], dtype=pl.String)
    return figures.lazy().with_columns(names).select(columns).collect().to_dicts()
