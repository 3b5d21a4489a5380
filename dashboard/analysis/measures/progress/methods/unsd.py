"""UN Statistics Division, the custodian: five levels (2026) and three levels (2023), both read second-hand.

The growth since the base year is continued to 2030; the ratio is the share of the way to the target then done. A target
met at the base is judged by whether it still is; one reached since by the ratio.
"""

import polars as pl

from dashboard.analysis.measures.progress.answers import build_answers, choose_first_reason, clip_projection
from dashboard.analysis.measures.progress.constants import MethodId, Rules
from dashboard.analysis.measures.progress.steps import interpolate_score, name_band

FIVE_LEVELS = ("on_track", "moderate", "marginal", "stagnation")
"""The levels of 2026 from the best down; below the last is ``regression``."""


def assess_in_five_levels(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return status and score (0-5, linear within a level) by the note of 2026."""
    pairs = _add_projection(pairs)
    status, score = (
        pl.when(pl.col("goal").is_not_null()).then(by_ratio).otherwise(by_growth)
        for by_ratio, by_growth in zip(
            _classify_in_five(pl.col("share"), "ratio", rules),
            _classify_in_five(pl.col("wanted"), "growth", rules),
            strict=True,
        )
    )
    lost, still_met = pl.col("met_at_base") & ~pl.col("met"), pl.col("met_at_base") & pl.col("met")
    status = pl.when(still_met).then(pl.lit("on_track")).when(lost).then(pl.lit("regression")).otherwise(status)
    score = pl.when(still_met).then(5.0).when(lost).then(0.0).otherwise(score)
    return _build_answers(pairs, "unsd_2026", status, score)


def assess_in_three_levels(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return the status by the note of 2023."""
    pairs = _add_projection(pairs)
    return _build_answers(pairs, "unsd_2023", _classify_pair(rules, "unsd_2023"), None)


def assess_by_basque_office(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return the status by the note of 2023 with the Basque statistical office's own states."""
    within = rules("unsd_2023_basque", "met_within_points")
    percent = (pl.col("low") == 0) & (pl.col("high") == 100)
    end = percent & ((pl.col("goal") == 0) | (pl.col("goal") == 100))
    has_status = pl.col("silent").is_null()
    reached = (pl.col("met") | (pl.col("yes_no") & (pl.col("latest_value") == 1))) & has_status
    near = end & ((pl.col("latest_level") - pl.col("goal")).abs() <= within) & has_status
    pairs = _add_projection(pairs)
    rated = _build_answers(pairs, "unsd_2023_basque", _classify_pair(rules, "unsd_2023_basque"), None)
    state = (
        pl.when("met").then(pl.lit("met"))
        .when(pl.col("status") == "on_track_or_met").then(pl.lit("on_track_not_met"))
        .when(pl.col("status").is_not_null()).then("status")
        .when("not_applicable").then(pl.lit("not_applicable"))
        .when(~pl.col("has_figure")).then(pl.lit("no_data"))
        .otherwise(pl.lit("no_assessment"))
    )  # fmt: skip
    reason = (
        pl.when("reached").then(pl.lit("latest_meets_target"))
        .when("met").then(pl.lit("latest_near_target"))
        .otherwise("reason")
    )  # fmt: skip
    own = (reached.fill_null(value=False).alias("reached"), (reached | near).alias("met"))
    return (
        pl.concat([rated, pairs.select(*own, "not_applicable", "has_figure")], how="horizontal")
        .with_columns(status=state, reason=reason)
        .select(rated.columns)
    )


def classify_in_three_levels(ratio: pl.Expr, growth: pl.Expr, rules: Rules, method: MethodId = "unsd_2023") -> pl.Expr:
    """Return the level of 2023 of a ratio, or of a growth in the wanted direction without a ratio."""

    def level(number: pl.Expr, kind: str) -> pl.Expr:
        cuts = [
            (rules(method, f"{kind}_on_track"), "on_track_or_met"),
            (rules(method, f"{kind}_fair"), "fair_progress_acceleration_needed"),
        ]
        return name_band(number, cuts, "stagnation_or_regression")

    return pl.coalesce(level(ratio, "ratio"), level(growth, "growth"))


def _classify_pair(rules: Rules, method: MethodId) -> pl.Expr:
    to_go = pl.col("goal").is_not_null()
    rated = classify_in_three_levels(pl.when(to_go).then("share"), pl.when(~to_go).then("wanted"), rules, method)
    lost, still_met = pl.col("met_at_base") & ~pl.col("met"), pl.col("met_at_base") & pl.col("met")
    return (
        pl.when(still_met)
        .then(pl.lit("on_track_or_met"))
        .when(lost)
        .then(pl.lit("stagnation_or_regression"))
        .otherwise(rated)
    )


def _classify_in_five(number: pl.Expr, kind: str, rules: Rules) -> tuple[pl.Expr, pl.Expr]:
    def cut(name: str) -> float:
        return rules("unsd_2026", f"{kind}_{name}")

    status = name_band(number, [(cut(name), name) for name in FIVE_LEVELS], "regression")
    knots = [(cut("least"), 0.0)] + [(cut(name), 1.0 + at) for at, name in enumerate(reversed(FIVE_LEVELS))]
    return status, interpolate_score(number, [*knots, (cut("most"), 5.0)])


def _add_projection(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with ``wanted`` growth, the projection ``onward``, and ``share`` of the way then done."""
    share = (pl.col("onward") - pl.col("base_value")) / (pl.col("goal") - pl.col("base_value"))
    return pairs.with_columns(
        wanted=pl.col("sign") * pl.col("growth"),
        onward=pl.col("latest_value") * (1 + pl.col("growth")).pow("left"),
    ).with_columns(share=pl.when(~pl.col("met_at_base")).then(share))


def _build_answers(pairs: pl.DataFrame, method: MethodId, status: pl.Expr, score: pl.Expr | None) -> pl.DataFrame:
    rate_free = pl.col("met_at_base")
    refused = pl.coalesce(
        "barred",
        "one_way",
        choose_first_reason(
            (~rate_free & pl.col("no_growth").is_not_null(), pl.col("no_growth")),
            (pl.col("goal").is_null() & pl.col("near_limit"), "near_natural_limit"),
        ),
    )
    accepted = refused.is_null()
    note = choose_first_reason((pl.col("met") & pl.col("growth").is_null(), "latest_meets_target"))
    ratio_to_go = pl.col("goal") / pl.col("base_value")
    required = ratio_to_go.pow(1 / pl.col("whole")) - 1
    return build_answers(
        pairs,
        method,
        status=pl.when(accepted).then(status),
        reason=pl.coalesce(refused, note),
        score=pl.when(accepted).then(pl.lit(None, pl.Float64) if score is None else score),
        observed=pl.when(accepted).then("growth"),
        required=pl.when(accepted & ~rate_free & (ratio_to_go > 0)).then(required),
        rate_unit=pl.when(accepted & pl.col("growth").is_not_null()).then(pl.lit("growth")),
        ratio=pl.when(accepted).then("share"),
        **clip_projection(pl.when(accepted).then("onward")),
    )
