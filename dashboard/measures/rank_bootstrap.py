"""Ranks of groups as ranges from microdata: sampling units drawn again and again, the groups ranked each time.

Method: the project's own (docs/method.md, rank ranges); a bootstrap of primary sampling units within strata, with
Rao and Wu's rescaled weights, so that two units in a stratum suffice. The range is that of the 5th to 95th percentile.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from dashboard.measures.ranks import MIN_RANKED
from dashboard.measures.survey import Design, NotEstimable

REPLICATES = 1000
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class RankRange:
    """Places a group could hold (1 is best), and its share (0-1) in the sample as it is."""

    best: int
    worst: int
    share: float


def bootstrap_ranks(
    samples: Mapping[str, pl.DataFrame],
    positive: pl.Expr,
    design: Design,
    *,
    seed: int,
    higher_is_better: bool = True,
    replicates: int = REPLICATES,
    min_n: int = MIN_RANKED,
) -> dict[str, RankRange]:
    """The range of ranks of each independent sample, such as one country's survey; empty for fewer than ``min_n``.

    Args:
        samples: name → respondents, with the columns of ``design``.
        positive: whether a row counts; null leaves the denominator.
        design: weight, stratum and primary sampling unit; no unit: respondents were drawn directly.
        seed: of the draws, so that a result can be repeated.
        higher_is_better: which end is place 1.
        replicates: draws.
        min_n: fewest groups that are ranked.

    Raises:
        NotEstimable: ``single_psu`` or ``no_answers`` in one of the samples.
    """
    import numpy as np

    if len(samples) < min_n:
        return {}
    draws = np.random.default_rng(seed)
    drawn, shares = [], []
    for rows in samples.values():
        units = _units(rows, positive, design)
        shares.append(float(units["yes"].to_numpy().sum() / units["all"].to_numpy().sum()))
        yes, every = np.zeros(replicates), np.zeros(replicates)
        for stratum in units.partition_by("stratum"):
            m = stratum.height
            if m < 2:
                raise NotEstimable("single_psu", "a stratum with one sampling unit cannot be drawn from")
            times = draws.multinomial(m - 1, [1 / m] * m, size=replicates) * (m / (m - 1))
            yes += times @ stratum["yes"].to_numpy()
            every += times @ stratum["all"].to_numpy()
        if not (every > 0).all():
            raise NotEstimable("no_answers", "too few sampling units answered to draw from them")
        drawn.append(yes / every)
    goodness = np.array(drawn) * (1 if higher_is_better else -1)
    better = (goodness[None, :, :] > goodness[:, None, :] + 1e-12).sum(axis=1)  # how many beat each group in each draw
    ends = np.quantile(1 + better, (LOW, HIGH), axis=1, method="closest_observation")
    return {name: RankRange(int(ends[0][at]), int(ends[1][at]), shares[at]) for at, name in enumerate(samples)}


def _units(rows: pl.DataFrame, positive: pl.Expr, design: Design) -> pl.DataFrame:
    """Per sampling unit: stratum, and weighted numbers of positive and of all answers."""
    yes = positive.cast(pl.Float64)
    units = (
        rows.with_row_index("row")
        .select(
            stratum=pl.col(design.stratum) if design.stratum else pl.lit(0),
            psu=pl.col(design.psu) if design.psu else pl.col("row"),
            yes=pl.col(design.weight) * yes.fill_null(0.0),
            all=pl.col(design.weight) * yes.is_not_null(),
        )
        .group_by("stratum", "psu", maintain_order=True)
        .agg(pl.col("yes", "all").sum())
    )
    if not units["all"].sum() > 0:
        raise NotEstimable("no_answers", "nobody answered")
    return units
