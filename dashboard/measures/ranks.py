"""Ranks as ranges: the places a country could hold given the errors of all figures.

Method: the project's own (docs/method.md, rank ranges): best = 1 + how many are significantly better at 90 %, worst =
n − how many are significantly worse. Without standard errors two figures are tied when they are the same at the
publisher's rounding step, and the error is said to be unknown.
"""

from collections.abc import Collection
from typing import Literal

import polars as pl

from dashboard.measures.intervals import Z_90, read_std_errors
from dashboard.measures.latest import has_figure

Direction = Literal["higher", "lower", "centre", "none"]

MIN_RANKED = 5
"""Fewest countries with a figure that are ranked at all (ours)."""


def rank_countries(
    figures: pl.DataFrame,
    direction: Direction,
    *,
    centre: float | None = None,
    step: float = 0.0,
    min_n: int = MIN_RANKED,
    as_published: bool = False,
    claims: Collection[str] = (),
    apart: Collection[str] = (),
) -> pl.DataFrame:
    """``figures`` (one row per country) with the range of ranks of each.

    Added columns: ``rank_best`` and ``rank_worst`` (1 is best), ``error_known`` and ``rank_reason``, which says why a
    row has no rank: ``no_figure``, ``censored_value``, ``claim_without_method``, ``other_series_or_edition``,
    ``licence_unmodified_only``, ``no_direction_declared`` or ``below_minimum_n``.

    Args:
        figures: rows with ``country``, ``value``, ``status`` and what ``intervals.read_std_errors`` reads; null values
        are
            not ranked.
        direction: which end is better; ``none`` gives no ranks.
        centre: the best value, where ``direction`` is ``centre``: ranked by distance to it.
        step: the publisher's rounding step, in the unit of the value.
        min_n: fewest figures that are ranked.
        as_published: the licence allows figures only as published, so nothing is ranked.
        claims: countries whose figure is a claim without a method: it is not ranked.
        apart: countries whose figure is of another series or edition than those ranked: it is not ranked.

    Raises:
        ValueError: ``direction`` is ``centre`` and no centre is given.
    """
    if direction == "centre" and centre is None:
        raise ValueError("direction 'centre' needs the value of the centre")
    claim, other = (pl.col("country").is_in(list(countries)) for countries in (claims, apart))
    ranked = figures.filter(pl.col("value").is_not_null() & (pl.col("status") != "censored") & ~claim & ~other)
    refusal = "no_direction_declared" if direction == "none" else "below_minimum_n" if ranked.height < min_n else ""
    refusal = "licence_unmodified_only" if as_published else refusal
    unit = ranked.select("country", goodness=_goodness(direction, centre), std_error=read_std_errors())
    places = unit.join(unit, how="cross", suffix="_other").filter(pl.col("country") != pl.col("country_other"))
    lead = pl.col("goodness") - pl.col("goodness_other")
    both = pl.col("std_error").is_not_null() & pl.col("std_error_other").is_not_null()
    margin = (
        pl.when(both)
        .then(Z_90 * (pl.col("std_error").pow(2) + pl.col("std_error_other").pow(2)).sqrt())
        # half a step of slack: figures one step apart are told apart, equal ones are not, whatever binary floats do
        .otherwise(pl.lit(step / 2))
    )
    counted = places.group_by("country").agg(
        better=(-lead > margin).sum().cast(pl.Int32),
        worse=(lead > margin).sum().cast(pl.Int32),
        error_known=both.all(),
    )
    n = ranked.height
    given = pl.lit(refusal == "") & pl.col("better").is_not_null()
    return (
        figures.join(counted, on="country", how="left", maintain_order="left")
        .with_columns(
            rank_best=pl.when(given).then(1 + pl.col("better")).otherwise(None),
            rank_worst=pl.when(given).then(n - pl.col("worse")).otherwise(None),
            error_known=pl.col("error_known").fill_null(False),
            rank_reason=pl.when(~has_figure())
            .then(pl.lit("no_figure"))
            .when(pl.col("status") == "censored")
            .then(pl.lit("censored_value"))
            .when(claim)
            .then(pl.lit("claim_without_method"))
            .when(other)
            .then(pl.lit("other_series_or_edition"))
            .otherwise(pl.lit(refusal)),
        )
        .drop("better", "worse")
    )


def _goodness(direction: Direction, centre: float | None) -> pl.Expr:
    """Larger is better."""
    if direction == "lower":
        return -pl.col("value")
    if direction == "centre":
        return -(pl.col("value") - pl.lit(centre)).abs()
    return pl.col("value")
