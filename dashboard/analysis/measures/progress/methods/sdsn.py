"""SDSN: a score between two bounds, its colour and its arrow (Sustainable Development Report 2025).

Official, but for the arrow's 50 % cut, which is unverified. No rank and no index over goals is computed.
"""

from typing import Any, cast

import polars as pl

from dashboard.analysis.measures.progress.answers import build_answers, choose_first_reason
from dashboard.analysis.measures.progress.constants import Rules

SCORE_TOLERANCE = 1e-9  # scores nearer than this are equal up to rounding


def assess_by_sdsn(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return the colour of the latest figure and the arrow; one figure is enough for a colour."""
    scores = pairs.with_columns(
        first=normalise_value(pl.col("base_value")),
        last=normalise_value(pl.col("latest_value")),
        green=normalise_value(pl.col("sdsn_green")),
        red=normalise_value(pl.col("sdsn_red")),
    )
    refused = pl.coalesce("silent", "one_way", choose_first_reason((pl.col("last").is_null(), "no_bounds")))
    accepted = refused.is_null()
    moving = accepted & pl.col("barred").is_null()
    rate = (pl.col("last") - pl.col("first")) / pl.col("span")
    needed = _compute_needed(pl.col("first"), pl.col("green"), rules)
    return build_answers(
        scores,
        "sdsn",
        status=pl.when(accepted).then(choose_colour(pl.col("last"), pl.col("red"), pl.col("green"))),
        reason=refused,
        score=pl.when(accepted).then("last"),
        base_score=pl.when(moving).then("first"),
        trend=pl.when(moving).then(
            choose_arrow(pl.col("first"), pl.col("last"), pl.col("green"), pl.col("span"), rules)
        ),
        trend_reason=pl.coalesce(refused, "barred"),
        observed=pl.when(moving).then(rate),
        required=pl.when(moving & (needed > 0)).then(needed),
        rate_unit=pl.when(moving).then(pl.lit("score")),
        target=pl.when(accepted).then("sdsn_green"),
    )


def normalise_value(value: pl.Expr) -> pl.Expr:
    """Return a value as 0 (``sdsn_lower``) to 100 (``sdsn_optimum``), never beyond."""
    lower, optimum = pl.col("sdsn_lower"), pl.col("sdsn_optimum")
    return (100 * (value - lower) / (optimum - lower)).clip(0.0, 100.0)


def choose_colour(score: pl.Expr, red: pl.Expr, green: pl.Expr) -> pl.Expr:
    """Return red, orange, yellow or green; a threshold takes the better colour, yellow begins half-way."""
    reached = score + SCORE_TOLERANCE
    return (
        pl.when(score.is_null() | red.is_null() | green.is_null())
        .then(pl.lit(None, pl.String))
        .when(reached >= green)
        .then(pl.lit("green"))
        .when(reached >= (red + green) / 2)
        .then(pl.lit("yellow"))
        .when(reached >= red)
        .then(pl.lit("orange"))
        .otherwise(pl.lit("red"))
    )


def choose_arrow(first: pl.Expr, last: pl.Expr, green: pl.Expr, span: pl.Expr, rules: Rules) -> pl.Expr:
    """Return the arrow of two scores ``span`` years apart, a word of ``TRENDS``."""
    rate, needed = (last - first) / span, _compute_needed(first, green, rules)
    named = {
        "maintaining": (first >= green - SCORE_TOLERANCE) & (last >= green - SCORE_TOLERANCE),
        "decreasing": rate < 0,
        "on_track": (last >= green - SCORE_TOLERANCE) | (rate >= needed - SCORE_TOLERANCE),
        "moderately_improving": rate > rules("sdsn", "trend_moderate_share") * needed,
    }
    chosen: Any = pl.when((first + last + green).is_null()).then(pl.lit(None, pl.String))
    for name, holds in named.items():
        chosen = chosen.when(holds).then(pl.lit(name))
    return cast(pl.Expr, chosen.otherwise(pl.lit("stagnating")))


def _compute_needed(first: pl.Expr, green: pl.Expr, rules: Rules) -> pl.Expr:
    return (green - first) / (rules("all", "target_year") - rules("sdsn", "base_year"))


TRENDS = ("decreasing", "stagnating", "moderately_improving", "on_track", "maintaining")
"""The arrows, the worst first."""
