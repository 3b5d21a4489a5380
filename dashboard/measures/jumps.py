"""Steps from year to year that are far larger than the steps of their series usually are: a person should look.

Pure: rows in, rows out. A jump is not an error and nothing is left out for it.
"""

import polars as pl

FAR = 12.0
"""Times the median step beyond which a step is a jump. Ours: in the embedded dataset one step in 90 is one."""

FEWEST = 20
"""Steps a series must have before any of them is called unusual. Ours."""

JUMPS = ("indicator", "country", "period", "period_before", "before", "value", "times")
"""``times`` is how many median steps of its indicator the step from ``before`` to ``value`` is."""


def find_jumps(rows: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Jumps that end in one of ``facts``, the largest first.

    Args:
        rows: rows in force, of one or more indicators; shown national totals with values are looked at.
        facts: ``indicator``, ``country`` and ``period`` of the figures that are new or revised.
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
    far = line.filter(pl.col("usual") > 0, pl.col("steps") >= FEWEST, pl.col("step") > FAR * pl.col("usual"))
    return (
        far.join(facts.select("indicator", "country", "period").unique(), on=["indicator", "country", "period"])
        .with_columns((pl.col("step") / pl.col("usual")).alias("times"), pl.col("value_before").alias("before"))
        .sort("times", "indicator", "country", "period", descending=[True, False, False, False])
        .select(JUMPS)
    )
