"""Placebo statistics of a synthetic control (Abadie, Diamond and Hainmueller 2010, JASA 105)."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

MIN_PRE_RMSPE = 1e-12  # smaller pre RMSPEs count as this, so that a perfect fit has a ratio


@dataclass(frozen=True, slots=True)
class PlaceboRank:
    """The treated unit's rank by ratio (1: largest) among ``units``; ``floor`` is the smallest possible p."""

    rank: int
    units: int
    p: float
    floor: float


def compute_rmspe(gaps: Iterable[float]) -> float:
    """Return the root of the mean squared gap."""
    return math.sqrt(fmean(gap * gap for gap in gaps))


def divide_rmspe(pre_rmspe: float, post_rmspe: float) -> float:
    """Return post RMSPE ÷ pre RMSPE."""
    return post_rmspe / max(pre_rmspe, MIN_PRE_RMSPE)


def compute_least_p(donors: int) -> float:
    """Return the smallest p that so many donors allow: 1 ÷ (donors + 1)."""
    return 1 / (donors + 1)


def rank_among_placebos(ratios: Mapping[str, float], treated: str) -> PlaceboRank:
    """Return the rank of ``treated``, ties counted against it, and p = rank ÷ number of units."""
    rank = sum(value >= ratios[treated] for value in ratios.values())
    return PlaceboRank(rank, len(ratios), rank / len(ratios), compute_least_p(len(ratios) - 1))
