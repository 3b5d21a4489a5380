"""Intervals: from published standard errors, of counted shares, and of shares of a survey with a design.

Source of the methods: World Bank, Worldwide Governance Indicators, and Transparency International, Corruption
Perceptions Index: both publish a standard error per figure and draw the estimate ± 1.645 standard errors (90 %).
Counts: Wilson 1927; Clopper and Pearson 1934. Surveys: Korn and Graubard 1998, and R's ``survey`` (``svyciprop``), with
which they agree. A share ± standard errors (Wald) is nowhere: near 0 and 100 per cent it leaves the scale.
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

NOTHING = 1e-12
"""Below this a standard error, or the distance of a share from 0 or 1, is binary rounding."""


def fill_bounds_from_se(rows: Frame) -> Frame:
    """Rows with ``lower``, ``upper`` and ``interval_level`` filled from ``std_error``, for series declared
    ``fill_bounds_from_se``.

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


def read_std_errors() -> pl.Expr:
    """The published standard error; where only a 90 % interval is published, the longer side of it ÷ 1.645.

    The longer one, because at an end of the scale the other is cut off.
    """
    value, lower, upper = pl.col("value"), pl.col("lower"), pl.col("upper")
    side = pl.when(lower <= value, value <= upper).then(pl.max_horizontal(value - lower, upper - value))
    made = pl.when(pl.col("interval_level") == LEVEL_90).then(side / Z_90)
    return pl.coalesce(pl.col("std_error").cast(pl.Float64), made)


def read_std_error(row: Mapping[str, Any]) -> float | None:
    """``read_std_errors`` of one row; None where nothing is published."""
    if row.get("std_error") is not None:
        return float(row["std_error"])
    value, lower, upper = row.get("value"), row.get("lower"), row.get("upper")
    if row.get("interval_level") != LEVEL_90 or value is None or lower is None or upper is None:
        return None
    return float(max(value - lower, upper - value) / Z_90) if lower <= value <= upper else None


def estimate_wilson_interval(satisfied: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson interval of a share (0-1) counted in a simple random sample: 60 of 100 → (0.502, 0.691).

    Raises:
        ValueError: ``n`` is not positive, or more are counted than there are.
    """
    _countable(satisfied, n)
    return _score_limits(satisfied / n, n, NormalDist().inv_cdf((1 + level) / 2))


def estimate_exact_interval(satisfied: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Exact binomial interval of a share (0-1); ``n`` may be an effective sample size, so need not be whole.

    Raises:
        ValueError: as ``wilson``.
    """
    from scipy.special import betaincinv

    _countable(satisfied, n)
    tail = (1 - level) / 2
    lower = 0.0 if satisfied <= NOTHING else float(betaincinv(satisfied, n - satisfied + 1, tail))
    upper = 1.0 if satisfied >= n - NOTHING else float(betaincinv(satisfied + 1, n - satisfied, 1 - tail))
    return lower, upper


def estimate_effective_n(
    p: float, std_error: float, n: float, df: float, *, capped: bool = False, level: float = 0.95
) -> float:
    """Size of the simple random sample that would be as exact: p(1−p)/V·(t(n−1)/t(df))².

    Args:
        p: the share, 0-1.
        std_error: its standard error under the design, 0-1.
        n: valid answers.
        df: PSUs − strata.
        capped: Korn and Graubard's, never above ``n``; a share of 0 or 1, whose error is unknown, has ``n``.
        level: of the interval it is used in.
    """
    if std_error < NOTHING:
        return float(n)
    effective = p * (1 - p) / std_error**2 * (_t(level, n - 1) / _t(level, df)) ** 2
    return min(float(n), effective) if capped else effective


def estimate_design_interval(
    p: float, std_error: float, n: float, df: float, method: DesignInterval = "logit", level: float = 0.95
) -> tuple[float, float]:
    """Interval of a share (0-1) estimated from a survey with a design.

    A share of 0 or 1, for which the other methods are not defined, gets the Korn–Graubard one: never of no width.

    Args:
        p: the share.
        std_error: its standard error under the design.
        n: valid answers.
        df: PSUs − strata.
        method: see ``DesignInterval``.
        level: confidence, 0-1.

    Raises:
        ValueError: no such method; or fewer than two answers or no degrees of freedom, which say nothing of the error.
    """
    if method not in get_args(DesignInterval):
        raise ValueError(f"no interval is called {method!r}: there are {', '.join(get_args(DesignInterval))}")
    if n < 2 or df < 1:
        raise ValueError(f"no interval from {n} answers and {df} degrees of freedom")
    if std_error < NOTHING or not NOTHING < p < 1 - NOTHING:
        return estimate_exact_interval(p * n, n, level)
    if method == "logit":
        margin = _t(level, df) * std_error / (p * (1 - p))
        return _inverse_logit(math.log(p / (1 - p)) - margin), _inverse_logit(math.log(p / (1 - p)) + margin)
    size = estimate_effective_n(p, std_error, n, df, capped=method == "korn-graubard", level=level)
    if method == "wilson":
        return _score_limits(p, size, _t(level, df))
    size = min(size, 2.0**53)  # beyond it a count is no longer exact in binary, and the inverse of beta gives nothing
    return estimate_exact_interval(p * size, size, level)


def _score_limits(p: float, n: float, z: float) -> tuple[float, float]:
    centre, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    lower, upper = (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)
    # at the ends the formula gives the end itself, up to binary rounding
    return 0.0 if p <= 0 else max(0.0, lower), 1.0 if p >= 1 else min(1.0, upper)


def _inverse_logit(x: float) -> float:
    return (1 + math.tanh(x / 2)) / 2


def _t(level: float, df: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + level) / 2))


def _countable(satisfied: float, n: float) -> None:
    if not n > 0 or not 0 <= satisfied <= n:
        raise ValueError(f"{satisfied} of {n} is not a share")
