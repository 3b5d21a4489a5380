"""Jumps: steps from year to year that are far larger than usual in their indicator, for a person to look at."""

import polars as pl

JUMP_RATIO = 12.0
"""Times the median step beyond which a step is a jump. Ours: in the embedded dataset one step in 90 is one."""

MIN_STEPS = 20
"""Steps a series must have before any of them is called unusual. Ours."""

JUMPS = ("indicator", "country", "period", "period_before", "before", "value", "times")
"""``times`` is how many median steps of its indicator the step from ``before`` to ``value`` is."""


def find_jumps(rows: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the jumps that end in one of ``facts``, the largest first.

    Args:
        rows: rows in force, of one or more indicators; only national totals on pages are examined.
        facts: ``indicator``, ``country`` and ``period`` of the new or revised figures.
    """
    line = (
        rows.filter(pl.col("primary"), pl.col("dimensions") == "{}", pl.col("value").is_not_null())
        .sort("indicator", "country", "year")
        .with_columns(
            pl.col("value", "period").shift(1).over("indicator", "country").name.suffix("_before"),
            pl.col("year").diff().over("indicator", "country").alias("span"),
        )
        .filter(pl.col("span") > 0)
        .with_columns(((pl.col("value") - pl.col("value_before")).abs() / pl.col("span")).alias("step"))
        .with_columns(
            pl.col("step").median().over("indicator").alias("usual"), pl.len().over("indicator").alias("steps")
        )
    )
    is_jump = pl.col("step") > JUMP_RATIO * pl.col("usual")
    jumps = line.filter(pl.col("usual") > 0, pl.col("steps") >= MIN_STEPS, is_jump)
    return (
        jumps.join(facts.select("indicator", "country", "period").unique(), on=["indicator", "country", "period"])
        .with_columns((pl.col("step") / pl.col("usual")).alias("times"), pl.col("value_before").alias("before"))
        .sort("times", "indicator", "country", "period", descending=[True, False, False, False])
        .select(JUMPS)
    )
