"""Funnel plots: which centres differ from the others beyond chance, given their number of cases.

Method: Spiegelhalter 2005: exact binomial limits around the pooled share, interpolated between counts; over-dispersion
from winsorised z on the square-root arcsine scale. A centre outside differs; it need not be bad.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.analysis.measures.counts import binomial

TAILS = (0.001, 0.025, 0.975, 0.999)  # chances below each limit: two outer, two inner

WINSORISED_SHARE = 0.1
"""Share of centres at each end whose z is winsorised before over-dispersion is measured."""


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Control limits of a share (0-1) for ``n`` cases: ``outer`` 99.8 per cent, ``inner`` 95 per cent."""

    n: int
    outer_low: float
    inner_low: float
    inner_high: float
    outer_high: float

    def find_breached(self, share: float) -> str:
        """Return the limits that a share lies outside of: ``outer``, ``inner`` or ""."""
        if share < self.outer_low or share > self.outer_high:
            return "outer"
        return "inner" if share < self.inner_low or share > self.inner_high else ""


@dataclass(frozen=True, slots=True)
class PlacedCentre:
    """A centre in the funnel: its share (0-1), cases, limits, and those it lies outside of."""

    share: float
    n: int
    limits: FunnelLimits
    outside: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """All centres around the pooled share. Limits are widened by √``dispersion`` where it is above 1."""

    target: float
    dispersion: float
    places: tuple[PlacedCentre, ...]

    @property
    def widened(self) -> bool:
        """True if centres scatter beyond chance, so that the limits were widened."""
        return self.dispersion > 1


def compute_limit(n: int, target: float, tail: float) -> float:
    """Return the share below which chance puts ``tail`` of samples of ``n`` cases, interpolated.

    r is the smallest count with F(r) ≥ tail, α = (F(r) − tail)/(F(r) − F(r − 1)); the limit is (r − α)/n.
    """
    count = binomial.find_quantile(tail, n, target)
    up_to, before = binomial.compute_cdf(count, n, target), binomial.compute_cdf(count - 1, n, target)
    inside = (up_to - tail) / (up_to - before)
    return max(0.0, (count - inside) / n)


def compute_limits(n: int, target: float, dispersion: float = 1.0) -> FunnelLimits:
    """Return the four limits for ``n`` cases, widened by √``dispersion`` where that is above 1."""
    if n < 1 or not 0 <= target <= 1:
        raise ValueError(f"no limits for {n} cases around {target}")
    if target in (0.0, 1.0):
        return FunnelLimits(n, *(target,) * 4)
    widen = math.sqrt(max(1.0, dispersion))
    bounds = (min(1.0, max(0.0, target + widen * (compute_limit(n, target, tail) - target))) for tail in TAILS)
    return FunnelLimits(n, *bounds)


def place_on_funnel(cases: Sequence[tuple[int, int]], *, disperse: bool = True) -> Funnel | None:
    """Return the place of each centre's (counted, n) around their pooled share; None without centres.

    ``disperse`` widens the limits for over-dispersion.
    """
    if not cases:
        return None
    if any(n < 1 or not 0 <= counted <= n for counted, n in cases):
        raise ValueError("each centre has at least one case, and counts no more than its cases")
    target = sum(counted for counted, _ in cases) / sum(n for _, n in cases)
    spread = measure_dispersion(cases, target) if disperse else 1.0
    points = []
    for counted, n in cases:
        bounds = compute_limits(n, target, spread)
        points.append(PlacedCentre(counted / n, n, bounds, bounds.find_breached(counted / n)))
    return Funnel(target, spread, tuple(points))


def measure_dispersion(cases: Sequence[tuple[int, int]], target: float) -> float:
    """Return the mean of z² over centres, winsorised by a tenth at each end; 1 is chance.

    The tenth is an interpolated quantile, so that of a handful of centres too the outlier is pulled in and does not
    widen the limits until it lies within them.
    """
    centre = math.asin(math.sqrt(target))
    z = sorted(2 * math.sqrt(n) * (math.asin(math.sqrt(counted / n)) - centre) for counted, n in cases)
    low, high = find_quantile(z, WINSORISED_SHARE), find_quantile(z, 1 - WINSORISED_SHARE)
    return math.fsum(min(high, max(low, score)) ** 2 for score in z) / len(z)


def find_quantile(ordered: Sequence[float], share: float) -> float:
    """Return the quantile of sorted numbers as R's type 7, interpolated between neighbours."""
    at = share * (len(ordered) - 1)
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])
