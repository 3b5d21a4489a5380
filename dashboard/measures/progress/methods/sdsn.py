"""SDSN: a score between two bounds, its colour and its arrow.

Source: SDSN, Sustainable Development Report 2025, codebook and dashboard rules (official; the arrow's 50 % cut is
unverified). The direction is in the order of the bounds. The monitor computes neither a rank nor an index over goals.
"""

from typing import Any, cast

import polars as pl

from dashboard.measures.progress.answers import build_answers, choose_first_reason
from dashboard.measures.progress.constants import Rules

SAME = 1e-9
"""Two scores nearer than this are one: what computing them differently may add."""


def assess_by_sdsn(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """``status`` is the colour of the latest figure, ``trend`` the arrow. One figure is enough for a colour."""
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
    needed = _needed(pl.col("first"), pl.col("green"), rules)
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
    """0 at the lower bound, 100 at the optimum, never beyond; from the columns ``sdsn_lower`` and ``sdsn_optimum``."""
    lower, optimum = pl.col("sdsn_lower"), pl.col("sdsn_optimum")
    return (100 * (value - lower) / (optimum - lower)).clip(0.0, 100.0)


def choose_colour(score: pl.Expr, red: pl.Expr, green: pl.Expr) -> pl.Expr:
    """red, orange, yellow or green. A score on a threshold takes the better colour.

    Args:
        score: 0-100.
        red: the score under which it is red.
        green: the score from which it is green; yellow begins half-way.
    """
    reached = score + SAME
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
    """maintaining, decreasing, on_track, moderately_improving or stagnating, from two scores ``span`` years apart."""
    rate, needed = (last - first) / span, _needed(first, green, rules)
    named = {
        "maintaining": (first >= green - SAME) & (last >= green - SAME),
        "decreasing": rate < 0,
        "on_track": (last >= green - SAME) | (rate >= needed - SAME),
        "moderately_improving": rate > rules("sdsn", "trend_moderate_share") * needed,
    }
    chosen: Any = pl.when((first + last + green).is_null()).then(pl.lit(None, pl.String))
    for name, holds in named.items():
        chosen = chosen.when(holds).then(pl.lit(name))
    return cast(pl.Expr, chosen.otherwise(pl.lit("stagnating")))


def _needed(first: pl.Expr, green: pl.Expr, rules: Rules) -> pl.Expr:
    return (green - first) / (rules("all", "target_year") - rules("sdsn", "base_year"))


TRENDS = ("decreasing", "stagnating", "moderately_improving", "on_track", "maintaining")
"""The arrows, the worst first."""
