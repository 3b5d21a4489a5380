"""Intervals of estimates with published standard errors, of counted shares, and of survey shares.

Published errors: ± 1.645 standard errors (90 %). Counts: Wilson 1927; Clopper and Pearson 1934. Surveys: Korn and
Graubard 1998, as R's ``svyciprop``. Wald intervals are not used: near 0 and 100 per cent they leave the scale.
"""

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any, Literal, TypeVar, get_args

import polars as pl

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

Z_90 = 1.645
"""Standard errors on each side of an estimate that make a 90 % interval, as the World Bank and Transparency
International round it."""

LEVEL_90 = 90.0

DesignInterval = Literal["logit", "beta", "korn-graubard", "wilson"]
"""Intervals of a share of a survey: ``logit`` is the default, ``korn-graubard`` for small samples and tests of a
target, ``beta`` is R's ``beta``, ``wilson`` is offered beside them."""

NEGLIGIBLE = 1e-12  # below this a standard error, or the distance of a share from 0 or 1, is binary rounding


def fill_bounds_from_se(rows: Frame) -> Frame:
    """Return rows with missing bounds filled from ``std_error``; published bounds stay as they are."""
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


def read_std_errors() -> pl.Expr:
    """Return the standard error as an expression: published, or half of a 90 % interval ÷ 1.645.

    The longer half, because the other is cut off at an end of the scale.
    """
    value, lower, upper = pl.col("value"), pl.col("lower"), pl.col("upper")
    side = pl.when(lower <= value, value <= upper).then(pl.max_horizontal(value - lower, upper - value))
    made = pl.when(pl.col("interval_level") == LEVEL_90).then(side / Z_90)
    return pl.coalesce(pl.col("std_error").cast(pl.Float64), made)


def read_std_error(row: Mapping[str, Any]) -> float | None:
    """Return the standard error of one row as ``read_std_errors``; None if nothing is published."""
    if row.get("std_error") is not None:
        return float(row["std_error"])
    value, lower, upper = row.get("value"), row.get("lower"), row.get("upper")
    if row.get("interval_level") != LEVEL_90 or value is None or lower is None or upper is None:
        return None
    return float(max(value - lower, upper - value) / Z_90) if lower <= value <= upper else None


def estimate_wilson_interval(satisfied: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return the Wilson interval of a share (0-1) in a simple random sample: 60 of 100 → (0.502, 0.691)."""
    _check_counts(satisfied, n)
    return _compute_score_limits(satisfied / n, n, NormalDist().inv_cdf((1 + level) / 2))


def estimate_exact_interval(satisfied: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return the exact binomial interval of a share (0-1); ``n`` may be an effective sample size."""
    from scipy.special import betaincinv

    _check_counts(satisfied, n)
    tail = (1 - level) / 2
    lower = 0.0 if satisfied <= NEGLIGIBLE else float(betaincinv(satisfied, n - satisfied + 1, tail))
    upper = 1.0 if satisfied >= n - NEGLIGIBLE else float(betaincinv(satisfied + 1, n - satisfied, 1 - tail))
    return lower, upper


def estimate_effective_n(
    p: float, std_error: float, n: float, df: float, *, capped: bool = False, level: float = 0.95
) -> float:
    """Return the size of the simple random sample with the same error: p(1−p)/V·(t(n−1)/t(df))².

    ``capped`` is Korn and Graubard's rule: never above ``n``. A share of 0 or 1, whose error is unknown, has ``n``.
    """
    if std_error < NEGLIGIBLE:
        return float(n)
    effective = p * (1 - p) / std_error**2 * (_find_t_quantile(level, n - 1) / _find_t_quantile(level, df)) ** 2
    return min(float(n), effective) if capped else effective


def estimate_design_interval(
    p: float, std_error: float, n: float, df: float, method: DesignInterval = "logit", level: float = 0.95
) -> tuple[float, float]:
    """Return the interval of a share (0-1) of a survey; shares of 0 or 1 get the Korn–Graubard one.

    Args:
        std_error: its standard error under the design.
        n: valid answers.
        df: PSUs − strata.
        level: confidence, 0-1.
    """
    if method not in get_args(DesignInterval):
        raise ValueError(f"no interval is called {method!r}: there are {', '.join(get_args(DesignInterval))}")
    if n < 2 or df < 1:
        raise ValueError(f"no interval from {n} answers and {df} degrees of freedom")
    if std_error < NEGLIGIBLE or not NEGLIGIBLE < p < 1 - NEGLIGIBLE:
        return estimate_exact_interval(p * n, n, level)
    if method == "logit":
        margin = _find_t_quantile(level, df) * std_error / (p * (1 - p))
        return _invert_logit(math.log(p / (1 - p)) - margin), _invert_logit(math.log(p / (1 - p)) + margin)
    size = estimate_effective_n(p, std_error, n, df, capped=method == "korn-graubard", level=level)
    if method == "wilson":
        return _compute_score_limits(p, size, _find_t_quantile(level, df))
    size = min(size, 2.0**53)  # beyond it a count is no longer exact in binary, and the inverse of beta gives nothing
    return estimate_exact_interval(p * size, size, level)


def _compute_score_limits(p: float, n: float, z: float) -> tuple[float, float]:
    centre, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    lower, upper = (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)
    # at the ends the formula gives the end itself, up to binary rounding
    return 0.0 if p <= 0 else max(0.0, lower), 1.0 if p >= 1 else min(1.0, upper)


def _invert_logit(x: float) -> float:
    return (1 + math.tanh(x / 2)) / 2


def _find_t_quantile(level: float, df: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + level) / 2))


def _check_counts(satisfied: float, n: float) -> None:
    if not n > 0 or not 0 <= satisfied <= n:
        raise ValueError(f"{satisfied} of {n} is not a share")
