"""ESCAP-style current status and anticipated progress.

Source: UN ESCAP, progress assessment methodology. Index and names of the classes are official, the cuts unverified;
the weights of the regression are ours, because the official ones are not established.
"""

import polars as pl

from dashboard.measures.progress.answers import build_answers, choose_first_reason, clip_projection
from dashboard.measures.progress.constants import Rules
from dashboard.measures.progress.steps import name_band


def assess_by_escap(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """``score`` is the current status index (10: the target is reached), ``gap`` the share of the way that will be
    missing in the target year, ``status`` its class.

    A line that is worse than at its base is never called better than ``reverse``, whatever its regression says (ours).
    """
    slope, projection = fit_weighted_line(rules)
    pairs = pairs.with_columns(slope=slope, onward=projection).with_columns(onward=_possible(pl.col("onward")))
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
    beside = choose_first_reason(
        (pl.col("met") & pl.col("met_at_base"), "target_met_at_base_no_rate"), (pl.col("met"), "latest_meets_target")
    )
    rated = accepted & ~rate_free
    return build_answers(
        pairs,
        "escap",
        status=pl.when(accepted).then(status),
        reason=pl.coalesce(refused, beside),
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
    """0 at the base, 10 at the target, negative when things got worse.

    For a centre, levels are distances to it and the target is 0: ESCAP's parity form.
    """
    return rules("escap", "status_most") * sign * (latest - base) / (target - base).abs()


def measure_anticipated_gap(base: pl.Expr, projected: pl.Expr, target: pl.Expr, sign: pl.Expr) -> pl.Expr:
    """Percent of the way from base to target that the projection leaves; 0 when it meets the target."""
    missing = 100 * (target - projected).abs() / (target - base).abs()
    return pl.when(sign * (projected - target) >= 0).then(0.0).otherwise(missing)


def classify_gap(gap: pl.Expr, rules: Rules) -> pl.Expr:
    """``maintain`` up to 10 %, ``accelerate`` up to 100 %, ``reverse`` above; the cut points are unverified."""
    cuts = [(-rules("escap", f"gap_{name}"), name) for name in ("maintain", "accelerate")]
    return name_band(-gap, cuts, "reverse")


def fit_weighted_line(rules: Rules) -> tuple[pl.Expr, pl.Expr]:
    """Slope a year and value in the target year of the weighted regression, from the sums of ``lines``.

    Weights are (t − t_first + 1)/(t_last − t_first + 1); their common divisor does not matter to the line.
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


def _possible(projection: pl.Expr) -> pl.Expr:
    """A distance to a centre cannot be negative."""
    return pl.when(pl.col("one_way").is_not_null()).then(projection.clip(0.0)).otherwise(projection)
