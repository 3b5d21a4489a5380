"""Estimates of a survey by the library ``svy``: what ours are held against. Nothing of the product knows it."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import polars.selectors as cs
import svy

from dashboard.analysis.measures.surveys.satisfaction import POSITIVE, VALID
from dashboard.analysis.measures.surveys.survey import Design, Estimate


def share(rows: pl.DataFrame, positive: pl.Expr, design: Design, among: pl.Expr | None = None) -> Estimate:
    """Share (0-1) of ``positive`` rows among those of the domain; null answered nothing and leaves the denominator."""
    sample, n = _sample(rows, positive.cast(pl.Float64), design, among)
    return _estimate(sample.estimation.mean("y", where=pl.col("among")), n, design)


def satisfaction(
    rows: pl.DataFrame, attributes: Sequence[str], overall: str, design: Design, among: pl.Expr | None = None
) -> tuple[Estimate, Estimate]:
    """16.6.2 of respondents: the mean of the shares of the attributes, with their covariance, and the overall share."""
    inside = rows if among is None else rows.filter(among)
    weighed = inside.select((pl.col(design.weight) * pl.col(it).is_in(VALID)).sum().alias(it) for it in attributes)
    of = [share(rows, _positive(it), design, among) for it in attributes]
    terms = [
        (_positive(it).cast(pl.Float64) - found.value).fill_null(0.0) / (len(attributes) * weighed[it].item())
        for it, found in zip(attributes, of, strict=True)
    ]
    sample, n = _sample(rows, pl.sum_horizontal(terms), design, among)
    error = _estimate(sample.estimation.total("y", where=pl.col("among")), n, design)
    mean = sum(found.value for found in of) / len(of)
    return Estimate(mean, error.std_error, n, error.df, None, design.single_psu), share(
        rows, _positive(overall), design, among
    )


def _positive(column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_in(VALID)).then(pl.col(column).is_in(POSITIVE))


def _sample(rows: pl.DataFrame, y: pl.Expr, design: Design, among: pl.Expr | None) -> tuple[svy.Sample, int]:
    inside = pl.lit(True) if among is None else among.fill_null(False)
    prepared = rows.select(
        y.alias("y"),
        weight=pl.col(design.weight).cast(pl.Float64),
        among=inside & y.is_not_null(),
        **{part: pl.col(getattr(design, part)) for part in ("stratum", "psu") if getattr(design, part)},
        **({"population": pl.col(design.population).cast(pl.Float64)} if design.population else {}),
    ).with_columns(cs.float().fill_null(0.0))  # outside the domain, where they count for nothing
    declared: dict[str, Any] = {
        "stratum": "stratum" if design.stratum else None,
        "psu": "psu" if design.psu else None,
        "pop_size": "population" if design.population else None,
        "singleton": None if design.single_psu == "refuse" else design.single_psu,
    }
    return svy.Sample(prepared, svy.Design(wgt="weight", **declared)), int(prepared["among"].sum())


def _estimate(estimate: Any, n: int, design: Design) -> Estimate:
    one = estimate.estimates[0]
    return Estimate(float(one.est), float(one.se), n, int(one.df), None, design.single_psu)
