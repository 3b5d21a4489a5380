"""ESCAP: current status and anticipated progress (UN ESCAP, progress assessment methodology).

Index and class names are official, the cuts unverified; the regression weights are ours, as ESCAP's are not known.
"""

import polars as pl

from dashboard.analysis.measures.progress.answers import build_answers, choose_first_reason, clip_projection
from dashboard.analysis.measures.progress.constants import Rules
from dashboard.analysis.measures.progress.steps import name_band


def assess_by_escap(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return the current status index (10: target reached), the share of the way missing, and its class.

    A line that is worse than at its base is never better than ``reverse``, whatever its regression says (ours).
    """
    slope, projection = fit_weighted_line(rules)
    pairs = pairs.with_columns(slope=slope, onward=projection).with_columns(onward=_clip_distance(pl.col("onward")))
    gap = measure_anticipated_gap(pl.col("base_level"), pl.col("onward"), pl.col("goal"), pl.col("sign"))
    pairs = pairs.with_columns(missing=gap)
    rate_free = pl.col("met") | pl.col("met_at_base")
    lost = pl.col("met_at_base") & ~pl.col("met")
    status = (
        pl.when(pl.col("met"))
        .then(pl.lit("target_met"))
        .when(lost | pl.col("worse"))
        .then(pl.lit("reverse"))
        .otherwise(classify_gap(pl.col("missing"), rules))
    )
    refused = pl.coalesce("barred", choose_first_reason((pl.col("goal").is_null(), "no_target")))
    accepted = refused.is_null()
    note = choose_first_reason(
        (pl.col("met") & pl.col("met_at_base"), "target_met_at_base_no_rate"), (pl.col("met"), "latest_meets_target")
    )
    rated = accepted & ~rate_free
    return build_answers(
        pairs,
        "escap",
        status=pl.when(accepted).then(status),
        reason=pl.coalesce(refused, note),
        score=pl.when(accepted & ~pl.col("met_at_base")).then(
            score_current_status(pl.col("base_level"), pl.col("latest_level"), pl.col("goal"), pl.col("sign"), rules)
        ),
        observed=pl.when(accepted).then("slope"),
        required=pl.when(rated).then((pl.col("goal") - pl.col("base_level")) / pl.col("whole")),
        rate_unit=pl.when(accepted).then(pl.lit("units")),
        gap=pl.when(rated).then("missing"),
        **clip_projection(pl.when(accepted).then("onward")),
    )


def score_current_status(base: pl.Expr, latest: pl.Expr, target: pl.Expr, sign: pl.Expr, rules: Rules) -> pl.Expr:
    """Return 0 at the base, 10 at the target, negative if worse; a centre's target distance is 0."""
    return rules("escap", "status_most") * sign * (latest - base) / (target - base).abs()


def measure_anticipated_gap(base: pl.Expr, projected: pl.Expr, target: pl.Expr, sign: pl.Expr) -> pl.Expr:
    """Return the percent of the way from base to target that the projection leaves."""
    missing = 100 * (target - projected).abs() / (target - base).abs()
    return pl.when(sign * (projected - target) >= 0).then(0.0).otherwise(missing)


def classify_gap(gap: pl.Expr, rules: Rules) -> pl.Expr:
    """Return ``maintain`` up to 10 %, ``accelerate`` up to 100 %, else ``reverse`` (unverified cuts)."""
    cuts = [(-rules("escap", f"gap_{name}"), name) for name in ("maintain", "accelerate")]
    return name_band(-gap, cuts, "reverse")


def fit_weighted_line(rules: Rules) -> tuple[pl.Expr, pl.Expr]:
    """Return slope a year and value in the target year of the weighted regression, from the sums of lines.

    Weights are t − t_first + 1; their common divisor does not matter.
    """
    base = rules("all", "base_year")
    before = pl.col("base_year") - base - rules("escap", "weight_first_year")
    w = pl.col("s1") - before * pl.col("n")
    wt = pl.col("s2") - before * pl.col("s1")
    wtt = pl.col("s3") - before * pl.col("s2")
    wy = pl.col("y1") - before * pl.col("y0")
    wty = pl.col("y2") - before * pl.col("y1")
    slope = (w * wty - wt * wy) / (w * wtt - wt * wt)
    return slope, wy / w + slope * (rules("all", "target_year") - base - wt / w)


def _clip_distance(projection: pl.Expr) -> pl.Expr:
    """Return the projection, never negative if it is a distance to a centre."""
    return pl.when(pl.col("one_way").is_not_null()).then(projection.clip(0.0)).otherwise(projection)
