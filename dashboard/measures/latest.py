"""One figure per country: the latest, or the nearest to a reference year.

Method: the project's own (docs/method.md, year window): reference year ± 2, the nearest year wins, of two equally near
the later.
"""

from collections.abc import Sequence

import polars as pl

WINDOW = 2
"""Years before and after the reference year whose figures may stand for it."""


def has_figure() -> pl.Expr:
    """Rows that say something: a value, or a censored one, whose bound was published (``<2.5``)."""
    return pl.col("value").is_not_null() | (pl.col("status") == "censored")


def select_latest(rows: pl.LazyFrame, countries: Sequence[str], this_year: int | None = None) -> pl.LazyFrame:
    """The latest figure of each country, with all columns of its row and ``age`` in years.

    Args:
        rows: rows of one indicator, one per country and year.
        countries: ISO3 codes asked for. Each has exactly one row in the answer, in this order; a country without any
            figure keeps its latest row that says why, or has nulls and the status ``missing``.
        this_year: the year ages are counted to; null ages without it.
    """
    return _best_per_country(rows, countries, [has_figure(), pl.col("year")], this_year)


def select_nearest(rows: pl.LazyFrame, countries: Sequence[str], year: int, window: int = WINDOW) -> pl.LazyFrame:
    """The figure of each country nearest to ``year``; a country with none in the window is listed as missing.

    Same columns and order as ``select_latest``; ``age`` is counted to ``year`` and negative for later figures.
    """
    near = rows.filter((pl.col("year") - year).abs() <= window)
    return _best_per_country(near, countries, [has_figure(), -(pl.col("year") - year).abs(), pl.col("year")], year)


def _best_per_country(
    rows: pl.LazyFrame, countries: Sequence[str], order: list[pl.Expr], this_year: int | None
) -> pl.LazyFrame:
    best = rows.sort(*order, descending=True, nulls_last=True).unique("country", keep="first", maintain_order=True)
    requested = pl.LazyFrame({"country": list(dict.fromkeys(countries))}, schema={"country": pl.String})
    reference = pl.lit(this_year, dtype=pl.Int32)
    return requested.join(best, on="country", how="left", maintain_order="left").with_columns(
        status=pl.col("status").fill_null("missing"),
        age=pl.when(has_figure()).then(reference - pl.col("year")).otherwise(None),
    )
