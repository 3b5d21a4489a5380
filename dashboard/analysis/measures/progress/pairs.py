"""Lines prepared for the methods: direction, whether the target is met, and what forbids a status."""

import polars as pl

from dashboard.analysis.measures.progress.answers import choose_first_reason
from dashboard.analysis.measures.progress.constants import Rules
from dashboard.analysis.measures.progress.line import PAIR


def prepare_pairs(
    lines: pl.DataFrame, declared: pl.DataFrame, targets: pl.DataFrame | None, rules: Rules, as_of: int | None
) -> pl.DataFrame:
    """Return ``lines`` with their declarations and the columns that all methods use.

    ``sign`` is +1 where more is better and −1 where less is; ``goal`` the target on the scale of the levels, 0 for a
    centre; ``met_at_base`` and ``met`` whether the first and the latest figure reach it; ``growth`` the yearly growth,
    or the reason ``no_growth``; ``barred`` forbids a status of a change, ``silent`` any status; ``one_way`` a method of
    one direction only.
    """
    pairs = lines.join(declared, on="indicator", how="left")
    if targets is not None and targets.height:
        own = targets.select(*PAIR, pl.col("target").alias("own_target"))
        pairs = pairs.join(own, on=PAIR, how="left", validate="m:1").with_columns(
            target=pl.coalesce("own_target", "target")
        )
    pairs = pairs.with_columns(_make_scale_columns()).with_columns(_make_level_columns())
    pairs = pairs.with_columns(broken=_has_break(pairs) | pl.col("many_series"))
    pairs = pairs.with_columns(
        span=pl.col("latest_year") - pl.col("base_year"),
        left=(int(rules("all", "target_year")) - pl.col("latest_year")).clip(0),
        whole=int(rules("all", "target_year")) - pl.col("base_year"),
        silent=_find_silent_reason(),
        no_growth=_find_no_growth_reason(),
        one_way=choose_first_reason(
            (_is_centred() & (pl.col("centre") == 100), "not_monotone_use_distance_to_100"),
            (_is_centred() & (pl.col("centre") == 1), "not_monotone_use_parity_distance"),
            (_is_centred(), "not_monotone_use_distance_to_centre"),
        ),
    )
    growth = (pl.col("latest_value") / pl.col("base_value")).pow(1 / pl.col("span")) - 1
    return pairs.with_columns(
        barred=pl.coalesce("silent", _find_barred_reason(rules)),
        growth=pl.when(pl.col("no_growth").is_null() & (pl.col("span") > 0)).then(growth),
        near_limit=_is_near_limit(rules),
        warnings=_list_warnings(rules, as_of),
    )


def _is_centred() -> pl.Expr:
    return pl.col("direction") == "centre"


def _make_scale_columns() -> list[pl.Expr]:
    sign = pl.when(pl.col("direction") == "higher").then(1.0).when(pl.col("direction").is_in(["lower", "centre"]))
    return [
        sign.then(-1.0).alias("sign"),
        pl.when(_is_centred()).then("centre").otherwise("target").alias("target"),
        pl.when(_is_centred() & pl.col("centre").is_not_null()).then(0.0).otherwise("target").alias("goal"),
        pl.when(_is_centred()).then(pl.col("band").fill_null(0.0)).otherwise(0.0).alias("slack"),
    ]


def _make_level_columns() -> list[pl.Expr]:
    def reached(level: str) -> pl.Expr:
        return (pl.col("sign") * (pl.col(level) - pl.col("goal")) >= -pl.col("slack")).fill_null(False)

    return [
        reached("base_level").alias("met_at_base"),
        reached("latest_level").alias("met"),
        (pl.col("sign") * (pl.col("latest_level") - pl.col("base_level")) < 0).fill_null(False).alias("worse"),
    ]


def _has_break(pairs: pl.DataFrame) -> pl.Expr:
    """Return True where a declared break lies between base and latest."""
    breaks = (
        pairs.select(*PAIR, "base_year", "latest_year", "breaks")
        .filter(pl.col("breaks").list.len() > 0)
        .explode("breaks")
        .filter(pl.col("breaks") > pl.col("base_year"), pl.col("breaks") <= pl.col("latest_year"))
        .select(pl.struct(PAIR))
        .to_series()
        .unique()
    )
    return pl.struct(PAIR).is_in(breaks.implode()) if breaks.len() else pl.lit(False)


def _find_silent_reason() -> pl.Expr:
    """Return what forbids any status, even of a state."""
    return choose_first_reason(
        (pl.col("sign").is_null() | (_is_centred() & pl.col("centre").is_null()), "no_direction_declared"),
        ((pl.col("points") > 0) & pl.col("latest_value").is_null(), "censored_value"),
        (pl.col("points") < 1, "too_few_points"),
        (pl.col("unmodified"), "licence_unmodified_only"),
        (pl.col("claimed"), "claim_without_method"),
    )


def _find_barred_reason(rules: Rules) -> pl.Expr:
    """Return what forbids a status of a change."""
    error = (pl.col("base_error").pow(2) + pl.col("latest_error").pow(2)).sqrt()
    change = (pl.col("latest_value") - pl.col("base_value")).abs()
    within = (error > 0) & (change <= rules("all", "error_z") * error) & ~pl.col("met")
    return choose_first_reason(
        ((pl.col("points") > 0) & pl.col("base_value").is_null(), "censored_value"),
        (pl.col("points") < int(rules("all", "fewest_points")), "too_few_points"),
        (pl.col("broken"), "series_break"),
        (pl.col("is_rate"), "itself_a_growth_rate"),
        (within, "change_within_error"),
        (pl.col("yes_no") & ~pl.col("met") & ~pl.col("met_at_base"), "yes_no_no_rate"),
    )


def _find_no_growth_reason() -> pl.Expr:
    base, latest = pl.col("base_value"), pl.col("latest_value")
    return choose_first_reason(
        ((base == 0) | (latest == 0), "growth_undefined_zero"),
        (base * latest < 0, "growth_undefined_sign_change"),
        ((base < 0) | (latest < 0) | (pl.col("low") < 0), "growth_undefined_negative_scale"),
        (pl.col("rescaled"), "growth_undefined_rescaled"),
    )


def _is_near_limit(rules: Rules) -> pl.Expr:
    """Return True where the base is within 5 % of the scale of the limit it should approach.

    A change in the wrong direction is never hidden by this rule.
    """
    limit = pl.when(pl.col("sign") > 0).then("high").otherwise("low")
    room = rules("all", "near_limit_share") * (pl.col("high") - pl.col("low"))
    return ((limit - pl.col("base_value")).abs() <= room).fill_null(False) & ~pl.col("worse")


def _list_warnings(rules: Rules, as_of: int | None) -> pl.Expr:
    short = (pl.col("span") > 0) & (pl.col("span") < rules("all", "short_span_years"))
    old = pl.lit(as_of, pl.Int32) - pl.col("latest_year") > rules("all", "old_latest_years")
    late = pl.col("base_year") > rules("all", "late_base_after")
    conditions = {"short_span": short, "old_latest": old, "late_base": late, "natures_mixed": pl.col("mixed")}
    return pl.concat_list([pl.when(holds).then(pl.lit(name)) for name, holds in conditions.items()]).list.drop_nulls()
