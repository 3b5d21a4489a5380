"""Where two sources give different figures for the same fact: reported, never averaged.

Pure: rows in, rows out.
"""

import polars as pl

from dashboard.measures.rounding import count_published_decimals

DISAGREEMENTS = ("indicator", "country", "period", "source", "value", "other_source", "other_value", "difference")
"""``source`` and ``value`` are what pages show; ``difference`` is other minus shown, in the indicator's unit."""


def find_disagreements(rows: pl.DataFrame) -> pl.DataFrame:
    """Facts of which another source gives another figure, beyond what rounding explains; largest differences first.

    Args:
        rows: rows in force, of one or more indicators; national totals with values are compared.
    """
    return compare_sources(rows).filter(pl.col("difference").abs() > pl.col("rounding")).select(DISAGREEMENTS)


def compare_sources(rows: pl.DataFrame) -> pl.DataFrame:
    """Every fact that two sources give: ``DISAGREEMENTS`` and ``rounding``, one unit of the coarser last digit."""
    fact = ["indicator", "country", "period"]
    known = rows.filter(pl.col("dimensions") == "{}", pl.col("value").is_not_null()).with_columns(
        pl.col("value_text")
        .map_elements(count_published_decimals, return_dtype=pl.Int64)
        .fill_null(0)
        .alias("decimals")
    )
    shown = known.filter("primary").select(*fact, "source", "value", "decimals")
    other = (
        known.filter(~pl.col("primary"))
        .unique([*fact, "source"], keep="first", maintain_order=True)
        .select(*fact, pl.col("source", "value", "decimals").name.prefix("other_"))
    )
    return (
        shown.join(other, on=fact)
        .filter(pl.col("source") != pl.col("other_source"))
        .with_columns(
            (pl.col("other_value") - pl.col("value")).alias("difference"),
            pl.lit(10.0).pow(-pl.min_horizontal("decimals", "other_decimals").cast(pl.Float64)).alias("rounding"),
        )
        .sort(pl.col("difference").abs(), *fact, descending=[True, False, False, False])
        .select(*DISAGREEMENTS, "rounding")
    )
