"""Arithmetic of placebos: how far a country leaves its synthetic one, among how far the others do.

Source of the method: Abadie, Diamond and Hainmueller 2010, Journal of the American Statistical Association 105.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NOTHING = 1e-12
"""A pre RMSPE below is taken for this, so that a perfect fit has a ratio."""


@dataclass(frozen=True, slots=True)
class PlaceboRank:
    """Place of the treated unit by its ratio (1: the largest) among ``units``; ``floor`` is the smallest possible p."""

    rank: int
    units: int
    p: float
    floor: float


def compute_rmspe(gaps: Iterable[float]) -> float:
    """Root of the mean squared gap, in the unit of the outcome.

    Raises:
        ValueError: there is no gap.
    """
    squares = [gap * gap for gap in gaps]
    if not squares:
        raise ValueError("no gap, no mean")
    return math.sqrt(math.fsum(squares) / len(squares))


def divide_rmspe(pre_rmspe: float, post_rmspe: float) -> float:
    """Post RMSPE ÷ pre RMSPE."""
    return post_rmspe / max(pre_rmspe, NOTHING)


def compute_least_p(donors: int) -> float:
    """The smallest p that so many donors allow: 1 ÷ (donors + 1)."""
    return 1 / (donors + 1)


def rank_among_placebos(ratios: Mapping[str, float], treated: str) -> PlaceboRank:
    """The place of ``treated``, ties counted against it, and p = place ÷ number of units."""
    rank = sum(value >= ratios[treated] for value in ratios.values())
    return PlaceboRank(rank, len(ratios), rank / len(ratios), compute_least_p(len(ratios) - 1))
