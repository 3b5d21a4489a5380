"""Shares with errors from replicate weights: jackknife, balanced half-samples, Fay's variant, bootstrap.

V = Σ f_r (θ_r − θ)² around the figure itself (R's ``mse = TRUE``); degrees of freedom are the rank of the weights less
one.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from dashboard.analysis.measures.surveys.survey import Design, Estimate, Replicates

_TOLERANCE = 1e-10  # of an eigenvalue of the normed products of the weights, the square of R's tolerance (1e-5)

_Matrix = np.ndarray[Any, np.dtype[np.float64]]


def estimate_by_replicates(
    rows: pl.LazyFrame, parts: Mapping[str, pl.Expr], figures: Mapping[str, Sequence[str]], design: Design,
    replicates: Replicates, breakdown: str = "",
) -> dict[str | None, dict[str, Estimate | None]]:  # fmt: skip
    """Return figures as ``linearised.estimate_shares``, with the errors of replicate weights."""
    category = pl.col(breakdown).cast(pl.String) if breakdown else pl.lit(None, pl.String)
    weights = (design.weight, *replicates.columns)
    frame = rows.select(
        category.alias("_category"),
        *(pl.col(name).cast(pl.Float64).alias(f"_weight {at}") for at, name in enumerate(weights)),
        *(expr.cast(pl.Float64).alias(f"part.{name}") for name, expr in parts.items()),
    ).collect(engine="streaming")
    places = {name: [list(parts).index(part) for part in of] for name, of in figures.items()}
    made = {}
    for (key,), group in frame.partition_by("_category", as_dict=True).items():
        if key is not None or not breakdown:
            shares, df = _compute_shares(group, list(parts))
            made[key] = {name: _estimate_figure(shares, of, design, replicates, df) for name, of in places.items()}
    return made


def _compute_shares(group: pl.DataFrame, names: Sequence[str]) -> tuple[tuple[_Matrix, list[int]], int]:
    """Return each part's share by sample and replicate, its respondents, and the degrees of freedom."""
    weights = group.select(pl.col("^_weight .*$")).to_numpy()
    columns = [group[f"part.{name}"] for name in names]
    is_answered = np.column_stack([column.is_not_null().cast(pl.Float64).to_numpy() for column in columns])
    positive = np.column_stack([column.fill_null(0.0).to_numpy() for column in columns])
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = (weights.T @ positive) / (weights.T @ is_answered)  # NaN where nobody of a replicate has answered
    return (shares, [int(count) for count in is_answered.sum(axis=0)]), _compute_rank(weights[:, 1:]) - 1


def _compute_rank(weights: _Matrix) -> int:
    norms = np.sqrt((weights**2).sum(axis=0))
    products = (weights / np.where(norms > 0, norms, 1.0)).T
    return int(np.linalg.matrix_rank(products @ products.T, tol=_TOLERANCE * len(norms), hermitian=True))


def _estimate_figure(
    shares: tuple[_Matrix, list[int]], of: Sequence[int], design: Design, replicates: Replicates, df: int
) -> Estimate | None:
    values, answered = shares
    figure = values[:, of].mean(axis=1)
    n = min(answered[at] for at in of)
    if n < 2 or df < 1 or not np.isfinite(figure).all():
        return None
    variance = float(np.dot(replicates.factors, (figure[1:] - figure[0]) ** 2))
    return Estimate(float(figure[0]), math.sqrt(variance), n, df, None, design.single_psu)
