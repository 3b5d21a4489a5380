"""SDSN: a score between two bounds, its colour, its arrow, and the rule for a whole goal.

Source: SDSN, Sustainable Development Report 2025, codebook and dashboard rules (official; the arrow's 50 % cut is
unverified). The direction is in the order of the bounds. The monitor computes neither a rank nor an index over goals.
No page shows ``goal_colours``, with ``rescaled``, yet: it is the method promised, and reference values check it.
"""

from typing import Any, cast

import polars as pl

from dashboard.measures.progress.answers import answers, first_reason
from dashboard.measures.progress.constants import Rules
from dashboard.measures.progress.steps import bands

SAME = 1e-9
"""Two scores nearer than this are one: what computing them differently may add."""


def sdsn(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """``status`` is the colour of the latest figure, ``trend`` the arrow. One figure is enough for a colour."""
    scores = pairs.with_columns(
        first=normalised(pl.col("base_value")),
        last=normalised(pl.col("latest_value")),
        green=normalised(pl.col("sdsn_green")),
        red=normalised(pl.col("sdsn_red")),
    )
    refused = pl.coalesce("silent", "one_way", first_reason((pl.col("last").is_null(), "no_bounds")))
    accepted = refused.is_null()
    moving = accepted & pl.col("barred").is_null()
    rate = (pl.col("last") - pl.col("first")) / pl.col("span")
    needed = _needed(pl.col("first"), pl.col("green"), rules)
    return answers(
        scores,
        "sdsn",
        status=pl.when(accepted).then(colour(pl.col("last"), pl.col("red"), pl.col("green"))),
        reason=refused,
        score=pl.when(accepted).then("last"),
        base_score=pl.when(moving).then("first"),
        trend=pl.when(moving).then(arrow(pl.col("first"), pl.col("last"), pl.col("green"), pl.col("span"), rules)),
        trend_reason=pl.coalesce(refused, "barred"),
        observed=pl.when(moving).then(rate),
        required=pl.when(moving & (needed > 0)).then(needed),
        rate_unit=pl.when(moving).then(pl.lit("score")),
        target=pl.when(accepted).then("sdsn_green"),
    )


def normalised(value: pl.Expr) -> pl.Expr:
    """0 at the lower bound, 100 at the optimum, never beyond; from the columns ``sdsn_lower`` and ``sdsn_optimum``."""
    lower, optimum = pl.col("sdsn_lower"), pl.col("sdsn_optimum")
    return (100 * (value - lower) / (optimum - lower)).clip(0.0, 100.0)


def colour(score: pl.Expr, red: pl.Expr, green: pl.Expr, epsilon: float = SAME) -> pl.Expr:
    """red, orange, yellow or green. A score on a threshold takes the better colour.

    Args:
        score: 0-100.
        red: the score under which it is red.
        green: the score from which it is green; yellow begins half-way.
        epsilon: how far under a threshold still counts as on it: ``rounded_scores_epsilon`` for published scores.
    """
    reached = score + epsilon
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


LEAST_APART = 10.0
"""Points of score that red and green thresholds are at least apart: so much smaller is an error on the scale of 0-3."""


def _reached(score: pl.Expr, epsilon: float) -> pl.Expr:
    """The score, on a threshold where it is published a rounding under it."""
    for threshold in (pl.col("red"), pl.col("green")):
        score = pl.when((score < threshold) & (score + epsilon >= threshold)).then(threshold).otherwise(score)
    return score


def rescaled(score: pl.Expr, red: pl.Expr, green: pl.Expr, rules: Rules) -> pl.Expr:
    """The score on 0-3, linear between 0, the red threshold (1), the green one (2) and 100 (3)."""
    at_red, at_green, most = (rules("sdsn", f"rescaled_{name}") for name in ("red", "green", "most"))
    return (
        pl.when(score >= green)
        .then(at_green + (most - at_green) * (score - green) / (100 - green))
        .when(score >= red)
        .then(at_red + (at_green - at_red) * (score - red) / (green - red))
        .otherwise(at_red * score / red)
    )


def arrow(first: pl.Expr, last: pl.Expr, green: pl.Expr, span: pl.Expr, rules: Rules) -> pl.Expr:
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


def goal_colours(scores: pl.DataFrame, rules: Rules, by: str = "goal") -> pl.DataFrame:
    """A row per goal: ``mean_two_worst`` (0-3), ``colour``, ``score`` (mean), ``with_data``, ``indicators``.

    The two worst indicators decide; red only if both are red, green only if both are green, grey where fewer than half
    of the goal's indicators have data.

    Args:
        scores: one row per indicator: ``by``, ``score``, ``red`` and ``green`` (scores); a null score has no data.
        rules: the constants.
        by: the column that names the goal, or goal and country joined.
    """
    worst, epsilon = int(rules("sdsn", "worst_averaged")), rules("sdsn", "rounded_scores_epsilon")
    reached = _reached(pl.col("score"), epsilon)
    placed = scores.with_columns(
        at=rescaled(reached, pl.col("red"), pl.col("green"), rules),
        shade=colour(pl.col("score"), pl.col("red"), pl.col("green"), epsilon),
    )
    worst_two = pl.col("at").sort_by("at", nulls_last=True).head(worst)
    shades = pl.col("shade").sort_by("at", nulls_last=True).head(worst).drop_nulls()
    colours = placed.group_by(by, maintain_order=True).agg(
        worst_two.mean().alias("mean_two_worst"),
        (shades == "red").all().alias("all_red"),
        (shades == "green").all().alias("all_green"),
        pl.col("score").mean(),
        pl.col("score").count().alias("with_data"),
        pl.len().alias("indicators"),
    )
    mean = pl.col("mean_two_worst")
    cuts = [
        (rules("sdsn", "rescaled_green"), "green"),
        (rules("sdsn", "rescaled_orange"), "yellow"),
        (rules("sdsn", "rescaled_red"), "orange"),
    ]
    plain = bands(mean + epsilon / LEAST_APART, cuts, "red")
    capped = (
        pl.when((plain == "red") & ~pl.col("all_red"))
        .then(pl.lit("orange"))
        .when((plain == "green") & ~pl.col("all_green"))
        .then(pl.lit("yellow"))
        .otherwise(plain)
    )
    enough = pl.col("with_data") >= rules("sdsn", "goal_least_share") * pl.col("indicators")
    return colours.select(
        by,
        "mean_two_worst",
        pl.when(enough & mean.is_not_null()).then(capped).otherwise(pl.lit("grey")).alias("colour"),
        "score",
        "with_data",
        "indicators",
    )


__all__ = [
    "TRENDS", "arrow", "colour", "goal_colours", "normalised", "rescaled", "sdsn",
]  # fmt: skip
