"""Tables derived from the rows at publication: latest figures, coverage and the index of ids."""

import polars as pl

PLACE = ("indicator", "country")


def select_shown(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Filter current rows to those that pages show: primary, national total, with a value."""
    return rows.filter(pl.col("primary"), pl.col("dimensions") == "{}", pl.col("value").is_not_null())


def select_latest(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Select the shown row of the latest year per indicator and country."""
    return select_shown(rows).sort(*PLACE, "year", "id").unique(PLACE, keep="last", maintain_order=True)


def count_coverage(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Count shown rows per indicator and country: ``points``, ``first_year``, ``last_year``."""
    year = pl.col("year")
    counts = (year.n_unique().alias("points"), year.min().alias("first_year"), year.max().alias("last_year"))
    return select_shown(rows).group_by(PLACE).agg(*counts).sort(PLACE)


def index_ids(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return the indicator of every id, superseded or not, ordered by id."""
    return rows.select("id", "indicator").unique().sort("id")
