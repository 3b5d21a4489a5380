"""Prediction interval of a line in the target year: least squares with the spread of the figures around it.

Textbook 90 % interval, ± t · s · √(1 + 1/n + (T − mean year)² / Sxx), of logits on a scale with two ends, else of
logarithms, or of values where a figure is at an end or not positive. Independent years make it too narrow.
"""

import polars as pl

from dashboard.analysis.measures.progress.constants import Rules
from dashboard.analysis.measures.progress.declared import complete_declarations
from dashboard.analysis.measures.progress.line import PAIR
from dashboard.analysis.measures.progress.panel import RULES

LEVEL = 90.0  # percent of the prediction interval

T_95 = (
    6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753,
)  # fmt: skip
"""Student's t, 95th percentile, for 1 to 15 degrees of freedom; the last is used beyond, slightly too wide."""


def project_ranges(
    points: pl.DataFrame | pl.LazyFrame, declared: pl.DataFrame, *, as_of: int | None = None, rules: Rules = RULES
) -> pl.DataFrame:
    """Return ``n``, ``fit`` (``logit``, ``growth``, ``linear``), ``middle``, ``low``, ``high`` of each line.

    All three numbers lie within the declared limits. Lines with fewer than four figures since the base year are left
    out, and those whose whole range would lie beyond a limit.
    """
    completed, target = complete_declarations(declared), rules("all", "target_year")
    rows = points.lazy().filter(pl.col("year") >= int(rules("all", "base_year")), pl.col("value").is_finite())
    if as_of is not None:
        rows = rows.filter(pl.col("year") <= as_of)
    limits = completed.lazy().select("indicator", "low", "high")
    joined = rows.select(*PAIR, "year", "value").join(limits, on="indicator", how="left")
    value, bounded = pl.col("value"), pl.col("low").is_not_null() & pl.col("high").is_not_null()
    share = (value - pl.col("low")) / (pl.col("high") - pl.col("low"))
    inside = (bounded & (share.min().over(PAIR) > 0) & (share.max().over(PAIR) < 1)).fill_null(False)
    grows = ~bounded & (value.min().over(PAIR) > 0) & (pl.col("low").fill_null(0.0) >= 0)
    fit = pl.when(inside).then(pl.lit("logit")).when(grows).then(pl.lit("growth")).otherwise(pl.lit("linear"))
    fitted = joined.with_columns(
        fit=fit, share=pl.when(inside).then(share), whole=pl.when(grows).then(value)
    ).with_columns(
        y=pl.coalesce((pl.col("share") / (1 - pl.col("share"))).log(), pl.col("whole").log(), "value"),
        x=pl.col("year") - target,
    )
    x, y = pl.col("x"), pl.col("y")
    sxx = ((x - x.mean()).pow(2)).sum()
    slope = ((x - x.mean()) * (y - y.mean())).sum() / sxx
    summed = (
        fitted.group_by(PAIR)
        .agg(
            pl.len().alias("n"),
            pl.col("fit", "low", "high").first(),
            slope.alias("slope"),
            x.mean().alias("mean_x"),
            y.mean().alias("mean_y"),
            sxx.alias("sxx"),
            (y - y.mean()).pow(2).sum().alias("syy"),
        )
        .filter(pl.col("n") >= int(rules("all", "range_fewest_points")))
    )
    n, free = pl.col("n").cast(pl.Float64), pl.col("n").cast(pl.Int64) - 2
    residual = ((pl.col("syy") - pl.col("slope").pow(2) * pl.col("sxx")).clip(0.0) / free).sqrt()
    quantile = pl.lit(pl.Series(T_95)).gather(free.clip(1, len(T_95)) - 1)
    reach = quantile * residual * (1 + 1 / n + pl.col("mean_x").pow(2) / pl.col("sxx")).sqrt()
    middle = pl.col("mean_y") - pl.col("slope") * pl.col("mean_x")

    low, high = pl.col("limit_low"), pl.col("limit_high")

    def transform_back(number: pl.Expr) -> pl.Expr:
        share = low + (high - low) / (1 + (-number).exp())
        value = pl.when(pl.col("fit") == "logit").then(share).when(pl.col("fit") == "growth").then(number.exp())
        return pl.min_horizontal(pl.max_horizontal(value.otherwise(number), low), high)

    return (
        summed.rename({"low": "limit_low", "high": "limit_high"})
        .select(
            *PAIR,
            "n",
            "fit",
            transform_back(middle).alias("middle"),
            transform_back(middle - reach).alias("low"),
            transform_back(middle + reach).alias("high"),
            (((middle + reach) <= low) | ((middle - reach) >= high)).fill_null(False).alias("beyond"),
        )
        .filter(~(pl.col("beyond") & (pl.col("fit") == "linear")))
        .drop("beyond")
        .sort(PAIR)
        .collect()
    )
