"""Equity gap: the best group minus the worst, with its error.

Method: docs/method.md, equity gap; textbook difference of independent estimates.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class GapGroup:
    """A group's share (0-1) and standard error. ``usable`` is False for a hidden cell or one flagged as unreliable."""

    share: float
    std_error: float
    usable: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """Points between the best and the worst group, with the interval; the names of both."""

    best: str
    worst: str
    points: float
    std_error: float
    lower: float
    upper: float


def measure_gap(groups: Mapping[str, GapGroup], level: float = 0.95) -> Gap | None:
    """The gap between independent samples: 82 and 71 per cent (errors 1.5 and 2.2) → 11 points, 5.8 to 16.2.

    Groups of one clustered sample are not independent: use the joint covariance there. None with fewer than two usable
    groups: no gap is made of hidden or unreliable figures.
    """
    usable = {name: group for name, group in groups.items() if group.usable}
    if len(usable) < 2:
        return None
    best = max(usable, key=lambda name: usable[name].share)
    worst = min(reversed(list(usable)), key=lambda name: usable[name].share)
    points = 100 * (usable[best].share - usable[worst].share)
    error = 100 * math.hypot(usable[best].std_error, usable[worst].std_error)
    margin = NormalDist().inv_cdf((1 + level) / 2) * error
    return Gap(best, worst, points, error, points - margin, points + margin)
