"""OECD: standard deviations of the peers between a figure and its target (Measuring Distance to the SDG Targets).

Second-hand; the bands are unverified. The peers are all countries with a figure (ours), without unmethodical claims.
"""

import polars as pl

from dashboard.analysis.measures.progress.answers import build_answers, choose_first_reason
from dashboard.analysis.measures.progress.constants import Rules


def assess_by_oecd(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return the distance (0 when the target is met) and its band; one figure is enough."""
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
    distance = (pl.col("sign") * (pl.col("goal") - pl.col("latest_level")) / pl.col("spread")).clip(lower_bound=0.0)
    band = (
        pl.when(pl.col("met"))
        .then(pl.lit("target_met"))
        .when(distance <= rules("oecd", "band_small"))
        .then(pl.lit("small_distance"))
        .when(distance <= rules("oecd", "band_medium"))
        .then(pl.lit("medium_distance"))
        .otherwise(pl.lit("large_distance"))
    )
    return build_answers(
        pairs,
        "oecd",
        status=pl.when(accepted).then(band),
        reason=pl.coalesce(refused, choose_first_reason((pl.col("met"), "latest_meets_target"))),
        score=pl.when(accepted).then(pl.when(pl.col("met")).then(0.0).otherwise(distance)),
        spread=pl.when(accepted).then("spread"),
    )
