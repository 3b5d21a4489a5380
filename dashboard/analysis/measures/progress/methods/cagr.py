"""Growth against the growth needed: Eurostat's method and Statistics Canada's, as published with Open SDG 2.4.

Second-hand for Eurostat. Open SDG replaces a zero by 0.001; here it is refused, as 0.001 would decide the answer.
"""

import polars as pl

from dashboard.analysis.measures.progress.answers import build_answers, choose_first_reason, clip_projection
from dashboard.analysis.measures.progress.constants import MethodId, Rules
from dashboard.analysis.measures.progress.steps import interpolate_score, name_band


def assess_by_eurostat(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return the status by the ratio of growth, or by growth alone without a target."""
    status = pl.coalesce(classify_by_eurostat(pl.col("against"), pl.col("free"), rules), _name_loss("movement_away"))
    nothing = pl.lit(None, pl.Float64)
    return _build_answers(_add_rates(pairs), "eurostat", status, nothing, nothing, pl.col("near_limit"))


def assess_by_statcan(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return status and score (−5 to 5); near a natural limit cuts without target shrink by the factor C."""
    factor = compute_limit_factor(pl.col("base_value"), pl.col("high"), rules)
    upwards = pl.col("goal").is_null() & (pl.col("sign") > 0)
    rated = (
        _add_rates(pairs)
        .with_columns(c=pl.when(upwards).then(factor))
        .with_columns(eased=pl.col("free") / pl.col("c").fill_null(1.0))  # that is multiplying all cuts
    )
    status = pl.coalesce(classify_by_statcan(pl.col("against"), pl.col("eased"), rules), _name_loss("deterioration"))
    score = score_by_statcan(pl.col("against"), pl.col("eased"), rules)
    stuck = pl.col("near_limit") & (pl.col("c").fill_null(0.0) <= 0)
    return _build_answers(rated, "statcan", status, score, pl.col("c"), stuck)


def classify_by_eurostat(ratio: pl.Expr, growth: pl.Expr, rules: Rules) -> pl.Expr:
    """Return the class of a ratio, or of a growth in the wanted direction without a ratio."""

    def cuts(*names: tuple[str, str]) -> list[tuple[float, str]]:
        return [(rules("eurostat", constant), name) for constant, name in names]

    with_target = name_band(
        ratio,
        cuts(
            ("ratio_significant", "significant_progress"),
            ("ratio_moderate", "moderate_progress"),
            ("ratio_insufficient", "insufficient_progress"),
        ),
        "movement_away",
    )
    without = name_band(
        growth,
        cuts(
            ("growth_significant", "significant_progress"),
            ("growth_moderate", "moderate_progress"),
            ("growth_moderate_away", "moderate_movement_away"),
        ),
        "significant_movement_away",
    )
    return pl.coalesce(with_target, without)


def classify_by_statcan(ratio: pl.Expr, growth: pl.Expr, rules: Rules) -> pl.Expr:
    """Return the class of a ratio, or of a growth in the wanted direction without a ratio."""
    words = (
        ("substantial", "substantial_progress"),
        ("moderate", "moderate_progress"),
        ("limited", "limited_progress"),
    )

    def level(number: pl.Expr, kind: str) -> pl.Expr:
        return name_band(number, [(rules("statcan", f"{kind}_{cut}"), name) for cut, name in words], "deterioration")

    return pl.coalesce(level(ratio, "ratio"), level(growth, "growth"))


def score_by_statcan(ratio: pl.Expr, growth: pl.Expr, rules: Rules) -> pl.Expr:
    """Return the score of a ratio or a growth, linear between the published points."""

    def at(name: str) -> float:
        return rules("statcan", name)

    most, half = at("score_most"), at("score_substantial")
    by_ratio = interpolate_score(
        ratio, [(at("ratio_score_least"), -most), (at("ratio_score_zero"), 0.0), (at("ratio_score_most"), most)]
    )
    by_growth = interpolate_score(
        growth,
        [
            (at("growth_score_least"), -most),
            (at("growth_score_below"), -half),
            (at("growth_score_zero"), 0.0),
            (at("growth_score_above"), half),
            (at("growth_score_most"), most),
        ],
    )
    return pl.coalesce(by_ratio, by_growth)


def compute_limit_factor(base: pl.Expr, limit: pl.Expr, rules: Rules) -> pl.Expr:
    """Return C = 1 − (base/limit)^4.44, mirrored beyond the limit; null without a limit."""
    share = (1 - (base - limit).abs() / limit).clip(0.0)
    return 1 - share.pow(rules("statcan", "limit_exponent"))


def _add_rates(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with ``needed`` growth to the target, and ``against``, the ratio of growth to it.

    Both are null where a zero, a change of sign or a target met at base forbids them. ``free`` is growth in the wanted
    direction without a target.
    """
    ratio_to_go, wanted = pl.col("goal") / pl.col("base_value"), pl.col("sign") * pl.col("growth")
    return pairs.with_columns(
        needed=pl.when(~pl.col("met_at_base") & (ratio_to_go > 0)).then(ratio_to_go.pow(1 / pl.col("whole")) - 1),
        free=pl.when(pl.col("goal").is_null()).then(wanted),
    ).with_columns(against=wanted / pl.col("needed").abs())


def _name_loss(word: str) -> pl.Expr:
    """Return the status of a target met at base and missed since, which needs no rate."""
    return pl.when(pl.col("met_at_base") & ~pl.col("met")).then(pl.lit(word))


def _build_answers(
    pairs: pl.DataFrame, method: MethodId, status: pl.Expr, score: pl.Expr, factor: pl.Expr, stuck: pl.Expr
) -> pl.DataFrame:
    to_go = pl.col("goal").is_not_null() & ~pl.col("met_at_base")
    refused = pl.coalesce(
        "barred",
        "one_way",
        choose_first_reason(
            (pl.col("met") & pl.col("met_at_base"), "target_met_at_base_no_rate"),
            (pl.col("met"), "latest_meets_target"),
            (~pl.col("met_at_base") & pl.col("no_growth").is_not_null(), pl.col("no_growth")),
            (to_go & (pl.col("goal") == 0), "growth_undefined_zero"),
            (to_go & (pl.col("goal") / pl.col("base_value") < 0), "growth_undefined_sign_change"),
            (pl.col("goal").is_null() & stuck, "near_natural_limit"),
        ),
    )
    met = refused.is_in(["target_met_at_base_no_rate", "latest_meets_target"])
    accepted = refused.is_null()
    return build_answers(
        pairs,
        method,
        status=pl.when(accepted).then(status).when(met).then(pl.lit("target_met")),
        reason=refused,
        score=pl.when(accepted).then(score),
        observed=pl.when(accepted).then("growth"),
        required=pl.when(accepted).then("needed"),
        rate_unit=pl.when(accepted & pl.col("growth").is_not_null()).then(pl.lit("growth")),
        ratio=pl.when(accepted).then("against"),
        factor=pl.when(accepted).then(factor),
        **clip_projection(pl.when(accepted).then(pl.col("latest_value") * (1 + pl.col("growth")).pow("left"))),
    )
