"""Frames worked out from the rows once, at publication: latest figures, coverage, and where an id is found."""

import polars as pl

PLACE = ("indicator", "country")


def select_shown(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Of rows in force, those pages show first: primary, of the whole country, with a value."""
    return rows.filter(pl.col("primary"), pl.col("dimensions") == "{}", pl.col("value").is_not_null())


def select_latest(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Of rows in force, the shown one of the latest year per indicator and country; one of no year only if alone."""
    return select_shown(rows).sort(*PLACE, "year", "id").unique(PLACE, keep="last", maintain_order=True)


def count_coverage(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Shown rows per indicator and country: ``points``, ``first_year``, ``last_year``."""
    year = pl.col("year")
    counts = (year.n_unique().alias("points"), year.min().alias("first_year"), year.max().alias("last_year"))
    return select_shown(rows).group_by(PLACE).agg(*counts).sort(PLACE)


def index(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Id → indicator of all rows, superseded or not, by id."""
    return rows.select("id", "indicator").unique().sort("id")
