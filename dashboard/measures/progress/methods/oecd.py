"""OECD distance: how many standard deviations of the peers a figure is from its target.

Source: OECD, Measuring Distance to the SDG Targets (second-hand; the bands are unverified). The peers are all countries
with a figure, not the few adopters, whose spread is too noisy (ours); claims without a method are in no spread.
"""

import polars as pl

from dashboard.measures.progress.answers import build_answers, choose_first_reason
from dashboard.measures.progress.constants import Rules


def assess_by_oecd(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """``score`` is the distance, 0 when the target is met; ``status`` its band. One figure is enough."""
    peers = (
        pairs.filter(pl.col("silent").is_null())
        .group_by("indicator")
        .agg(pl.col("latest_value").std().alias("peers_spread"), pl.col("latest_value").count().alias("peers"))
    )
    enough = pl.col("peers") >= int(rules("oecd", "spread_least_countries"))
    pairs = pairs.join(peers, on="indicator", how="left").with_columns(
        spread=pl.coalesce("spread", pl.when(enough).then("peers_spread"))
    )
    refused = pl.coalesce(
        "silent",
        choose_first_reason(
            (pl.col("goal").is_null(), "no_target"),
            (pl.col("yes_no") & ~pl.col("met"), "yes_no_no_rate"),
            (~pl.col("met") & ~(pl.col("spread") > 0).fill_null(False), "no_spread"),
        ),
    )
    accepted = refused.is_null()
    away = measure_distance(pl.col("latest_level"), pl.col("goal"), pl.col("spread"), pl.col("sign"))
    band = (
        pl.when(pl.col("met"))
        .then(pl.lit("target_met"))
        .when(away <= rules("oecd", "band_small"))
        .then(pl.lit("small_distance"))
        .when(away <= rules("oecd", "band_medium"))
        .then(pl.lit("medium_distance"))
        .otherwise(pl.lit("large_distance"))
    )
    return build_answers(
        pairs,
        "oecd",
        status=pl.when(accepted).then(band),
        reason=pl.coalesce(refused, choose_first_reason((pl.col("met"), "latest_meets_target"))),
        score=pl.when(accepted).then(pl.when(pl.col("met")).then(0.0).otherwise(away)),
        spread=pl.when(accepted).then("spread"),
    )


def measure_distance(level: pl.Expr, target: pl.Expr, spread: pl.Expr, sign: pl.Expr) -> pl.Expr:
    """(target − level) ÷ spread in the wanted direction, never below 0."""
    return (sign * (target - level) / spread).clip(lower_bound=0.0)
