"""Weather symbols: the mean of the last five annual changes continues to the target year (Destatis)."""

import polars as pl

from dashboard.analysis.measures.progress.answers import build_answers, choose_first_reason, clip_projection
from dashboard.analysis.measures.progress.constants import Rules
from dashboard.analysis.measures.progress.steps import name_band


def assess_by_weather(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return the symbol and the share of the remaining way that will be missed.

    ``pairs`` have the columns of ``line.select_last_changes``; a missing year in the window is bridged.
    """
    years = (pl.col("latest_year") - pl.col("recent_year")).cast(pl.Float64)
    change = pl.when(years > 0).then((pl.col("latest_value") - pl.col("recent_value")) / years)
    projection = pl.col("latest_value") + change * pl.col("left")
    missed = pl.col("sign") * (pl.col("goal") - projection) / (pl.col("goal") - pl.col("latest_value")).abs()
    symbol = name_band(
        -missed,
        [(-rules("weather", "missed_sun"), "sun"), (-rules("weather", "missed_sun_cloud"), "sun_cloud")],
        "cloud",
    )
    right_way = pl.col("sign") * change > 0
    few = pl.col("recent").fill_null(0) < int(rules("weather", "fewest_points"))
    refused = pl.coalesce(
        pl.when(~(pl.col("met") & (pl.col("silent").is_null()))).then("barred"),
        "one_way",
        choose_first_reason((pl.col("goal").is_null(), "no_target"), (~pl.col("met") & few, "too_few_points")),
    )
    accepted = refused.is_null()
    rated = accepted & ~pl.col("met")
    return build_answers(
        pairs,
        "weather",
        status=pl.when(accepted & pl.col("met"))
        .then(pl.lit("target_met"))
        .when(accepted)
        .then(pl.when(right_way).then(symbol).otherwise(pl.lit("thunderstorm"))),
        reason=pl.coalesce(refused, choose_first_reason((pl.col("met"), "latest_meets_target"))),
        observed=pl.when(rated).then(change),
        required=pl.when(rated & (pl.col("left") > 0)).then((pl.col("goal") - pl.col("latest_value")) / pl.col("left")),
        rate_unit=pl.when(rated).then(pl.lit("units")),
        gap=pl.when(rated).then(missed.clip(lower_bound=0.0)),
        **clip_projection(pl.when(rated).then(projection)),
    )
