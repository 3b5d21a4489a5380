"""The columns in which every method answers, and the reasons of refusals."""

from typing import Any, Literal, cast

import polars as pl

from dashboard.analysis.measures.progress.constants import EDITIONS, MethodId
from dashboard.analysis.measures.progress.line import PAIR

Reason = Literal[
    "too_few_points",
    "growth_undefined_zero",
    "growth_undefined_sign_change",
    "growth_undefined_negative_scale",
    "growth_undefined_rescaled",
    "target_met_at_base_no_rate",
    "latest_meets_target",
    "latest_near_target",
    "not_monotone_use_distance_to_100",
    "not_monotone_use_parity_distance",
    "not_monotone_use_distance_to_centre",
    "near_natural_limit",
    "censored_value",
    "series_break",
    "no_direction_declared",
    "change_within_error",
    "itself_a_growth_rate",
    "yes_no_no_rate",
    "no_target",
    "no_bounds",
    "no_spread",
    "licence_unmodified_only",
    "claim_without_method",
]
"""Why there is no status; the three reasons of a target met explain a status that needs no rate."""

Caution = Literal["short_span", "old_latest", "late_base", "natures_mixed"]

CLIPPED = "projection_clipped_at_limit"
"""The flag of a projection beyond a natural limit: the raw one sets the status, the clipped one is drawn."""

ANSWERS = pl.Schema(
    {
        "indicator": pl.String(),
        "country": pl.String(),
        "method": pl.String(),
        "edition": pl.String(),
        "status": pl.String(),  # a word of this method only; null: refused
        "reason": pl.String(),  # why refused, or on what the status rests; null
        "score": pl.Float64(),  # on the method's own scale
        "trend": pl.String(),  # SDSN's arrow
        "trend_reason": pl.String(),
        "base_year": pl.Int32(),
        "base_value": pl.Float64(),
        "base_error": pl.Float64(),  # standard errors
        "latest_year": pl.Int32(),
        "latest_value": pl.Float64(),
        "latest_error": pl.Float64(),
        "points": pl.UInt32(),  # figures since the base year
        "target": pl.Float64(),  # in the unit of the figures
        "observed": pl.Float64(),  # rate a year
        "required": pl.Float64(),  # rate a year that reaches the target
        "rate_unit": pl.String(),  # growth (0.02 is 2 %), units or score: what the two rates count
        "projection": pl.Float64(),  # in the target year; of the distance where the direction is centre
        "projection_drawn": pl.Float64(),  # within the natural limits
        "flag": pl.String(),
        "ratio": pl.Float64(),
        "gap": pl.Float64(),  # share of the way that will be missing: 0-100 (ESCAP), 0-1 (weather)
        "base_score": pl.Float64(),  # SDSN
        "factor": pl.Float64(),  # Open SDG's C near a natural limit
        "spread": pl.Float64(),  # OECD
        "warnings": pl.List(pl.String()),
    }
)
"""One row for each indicator, country and method."""

_SHARED = (
    *PAIR, "base_year", "base_value", "base_error", "latest_year", "latest_value", "latest_error", "points", "target",
    "warnings",
)  # fmt: skip


def build_answers(pairs: pl.DataFrame, method: MethodId, **columns: pl.Expr) -> pl.DataFrame:
    """Return a frame of ``ANSWERS`` with the columns that pairs share and those of the method."""
    own: dict[str, pl.Expr] = {"method": pl.lit(method), "edition": pl.lit(EDITIONS[method]), **columns}
    return pairs.select(
        (own.get(name, pl.col(name) if name in _SHARED else pl.lit(None))).cast(kind).alias(name)
        for name, kind in ANSWERS.items()
    )


def choose_first_reason(*cases: tuple[pl.Expr, str | pl.Expr]) -> pl.Expr:
    """Return the reason of the first case that is true, else null; null cases do not count."""
    chosen: Any = pl.when(pl.lit(False)).then(pl.lit(None, pl.String))
    for holds, reason in cases:
        chosen = chosen.when(holds.fill_null(False)).then(pl.lit(reason) if isinstance(reason, str) else reason)
    return cast(pl.Expr, chosen.otherwise(pl.lit(None, pl.String)))


def clip_projection(projection: pl.Expr) -> dict[str, pl.Expr]:
    """Return columns of a projection: raw, clipped to the natural limits, and a flag if clipped."""
    inside = pl.min_horizontal(pl.max_horizontal(projection, "low"), "high")  # a limit that is null does not count
    inside = pl.when(projection.is_not_null()).then(inside)
    return {
        "projection": projection,
        "projection_drawn": inside,
        "flag": pl.when(inside != projection).then(pl.lit(CLIPPED)),
    }
