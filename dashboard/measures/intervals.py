"""Intervals from published standard errors.

Source of the method: World Bank, Worldwide Governance Indicators, and Transparency International, Corruption
Perceptions Index: both publish a standard error per figure and draw the estimate ± 1.645 standard errors (90 %).
"""

from typing import TypeVar

import polars as pl

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

Z_90 = 1.645
"""Standard errors on each side of an estimate that make a 90 % interval, as the publishers round it."""

LEVEL_90 = 90.0


def interval_90(value: float, std_error: float) -> tuple[float, float]:
    """The 90 % interval of an estimate, in the unit of the estimate: −0.95 with 0.16 → (−1.2132, −0.6868)."""
    return value - Z_90 * std_error, value + Z_90 * std_error


def se_90(rows: Frame) -> Frame:
    """Rows with ``lower``, ``upper`` and ``interval_level`` filled from ``std_error``, for series declared ``se_90``.

    Only where value and standard error exist and the publisher gave no bounds: published bounds stay as they are, and
    where the error is unknown the interval stays null.
    """
    fill = (
        pl.col("value").is_not_null()
        & pl.col("std_error").is_not_null()
        & pl.col("lower").is_null()
        & pl.col("upper").is_null()
    )
    margin = Z_90 * pl.col("std_error")
    return rows.with_columns(
        lower=pl.when(fill).then(pl.col("value") - margin).otherwise(pl.col("lower")),
        upper=pl.when(fill).then(pl.col("value") + margin).otherwise(pl.col("upper")),
        interval_level=pl.when(fill).then(pl.lit(LEVEL_90)).otherwise(pl.col("interval_level")),
    )
