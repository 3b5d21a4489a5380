"""Which centres changed beyond chance and usual scatter, against earlier months and other centres.

Method: docs/method.md, changes of centres. Shares on the scale 2·asin √p (Anscombe 1948); an additive variance between
months from the median of absolute differences (Spiegelhalter 2005); Benjamini and Hochberg 1995 over the centres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dashboard.analysis.measures.counts.rates import FALSE_DISCOVERIES, find_discoveries

Array = np.ndarray

MIN_CASES = 30  # fewest cases on either side of a difference (ours)

MIN_CENTRES = 10  # fewest centres whose median counts as a change that all share (ours)

MIN_MONTH_PAIRS = 10
"""Fewest differences of neighbouring months from which scatter is measured; below, no change is reported (ours)."""

MIN_YEAR_PAIRS = 20  # fewest differences between years from which scatter is measured as well (ours)

WINDOW_MONTHS = 12  # months whose comparisons measure the scatter of centres

NORMAL_QUARTILE = 0.6744897501960817  # half of a normal distribution lies within so many standard deviations

CHANGE_ALPHA = 0.025  # one-sided chance of calling a difference a change that is none

Direction = Literal["better", "unclear", "worse"]

Pairs = Sequence[tuple[int, Sequence[int]]]
"""Positions of months, each with the earlier months it is compared with."""


@dataclass(frozen=True, slots=True)
class Courses:
    """Counts of a share by centre (rows) and month (columns); of histograms ``tops`` has bins, too.

    ``seen`` marks the months that a centre sent; counts merged into another month are 0 and still seen.
    """

    tops: Array
    lows: Array
    seen: Array


@dataclass(frozen=True, slots=True)
class Differences:
    """Each centre's share now less before, on the transformed scale; NaN if not compared.

    ``sampling`` is its variance from counting, ``months`` the factor of the variance between months.
    """

    values: Array
    sampling: Array
    months: Array

    @property
    def is_compared(self) -> Array:
        """Which centres are compared."""
        return np.asarray(~np.isnan(self.values))

    def select(self, centres: Sequence[bool]) -> "Differences":
        """Return the differences of some centres alone."""
        return Differences(np.where(centres, self.values, np.nan), self.sampling, self.months)

    def subtract(self, other: "Differences") -> "Differences":
        """Return each difference less another that shares no month with it."""
        return Differences(self.values - other.values, self.sampling + other.sampling, self.months + other.months)

    def find_shared(self) -> float:
        """Return the change that all centres share: their median, or 0 with fewer than ``MIN_CENTRES``."""
        compared = self.values[self.is_compared]
        return float(np.median(compared)) if len(compared) >= MIN_CENTRES else 0.0


@dataclass(frozen=True, slots=True)
class Scatter:
    """Variance between months beyond that of counting, and how many differences it was measured on."""

    variance: float
    n: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Standardised difference of each centre (NaN: not compared), and whether it got worse.

    ``shared`` is the change that all centres share on the transformed scale, ``everywhere`` whether that is beyond
    chance.
    """

    z: Array
    worse: Array
    shared: float
    everywhere: bool


def make_courses(
    tops: Sequence[Sequence[float]],
    lows: Sequence[Sequence[float]],
    seen: Sequence[Sequence[bool]],
    bins: Sequence[Sequence[Sequence[int]]] | None = None,
) -> Courses:
    """Return courses of counts by centre and month, or of histograms for ``select_months`` to cut."""
    if bins is not None:
        counts = np.array(bins, dtype=float)
        return Courses(counts, counts.sum(axis=2), np.array(seen, dtype=bool))
    return Courses(np.array(tops, dtype=float), np.array(lows, dtype=float), np.array(seen, dtype=bool))


def select_months(courses: Courses, beyond: float, first: int, last: int) -> Courses:
    """Return the columns from ``first`` to ``last``; of histograms the cases beyond an edge.

    The edge of a centre is that beyond which, over all those months, a share nearest to ``beyond`` (0-1) lies.
    """
    months = slice(max(0, first), last + 1)
    tops, lows, seen = courses.tops[:, months], courses.lows[:, months], courses.seen[:, months]
    if tops.ndim == 2:
        return Courses(tops, lows, seen)
    total = tops.sum(axis=1)
    further = total[:, ::-1].cumsum(axis=1)[:, ::-1]  # from each bin on
    shares = further / np.maximum(1, total.sum(axis=1, keepdims=True))
    edges = 1 + np.argmin(np.abs(shares[:, 1:] - beyond), axis=1)
    later = np.arange(tops.shape[2]) >= edges[:, None]
    return Courses((tops * later[:, None, :]).sum(axis=2), lows, seen)


def measure_differences(courses: Courses, pairs: Pairs) -> Differences:
    """Return the shares of some months against those of earlier ones, where both sides have a month."""
    shape = courses.lows.shape[0]
    top, low, count, top_before, low_before, count_before = (np.zeros(shape) for _ in range(6))
    for month, earlier in pairs:
        available = [at for at in earlier if 0 <= at < month]
        if not 0 <= month < courses.lows.shape[1] or not available:
            continue
        both = courses.seen[:, [month]] & courses.seen[:, available]
        matched = both.any(axis=1)
        top, low, count = (
            top + courses.tops[:, month] * matched,
            low + courses.lows[:, month] * matched,
            count + matched,
        )
        top_before = top_before + (courses.tops[:, available] * both).sum(axis=1)
        low_before = low_before + (courses.lows[:, available] * both).sum(axis=1)
        count_before = count_before + both.sum(axis=1)
    enough = (low >= MIN_CASES) & (low_before >= MIN_CASES)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(enough, transform_share(top, low) - transform_share(top_before, low_before), np.nan)
        sampling, months = (np.where(enough, 1 / a + 1 / b, 1.0) for a, b in ((low, low_before), (count, count_before)))
    return Differences(values, sampling, months)


def transform_share(top: Array, low: Array) -> Array:
    """Return 2·asin √(top ÷ low), whose variance is 1 ÷ low for any share."""
    return np.asarray(2 * np.arcsin(np.sqrt(top / low)))


def solve_scatter(values: Array, sampling: Array, months: Array) -> float:
    """Return the variance between months that gives standardised differences a normal's median."""

    def find_median(variance: float) -> float:
        return float(np.median(np.abs(values) / np.sqrt(sampling + variance * months)))

    low, high = 0.0, float(np.max(values**2 / months) / NORMAL_QUARTILE**2)
    if find_median(0.0) <= NORMAL_QUARTILE:
        return 0.0
    for _ in range(60):
        mid = (low + high) / 2
        low, high = (mid, high) if find_median(mid) > NORMAL_QUARTILE else (low, mid)
    return high


def measure_scatter(courses: Courses, windows: Sequence[Pairs]) -> Scatter | None:
    """Return the scatter of neighbouring months, or of earlier comparisons if that is larger.

    Args:
        courses: the courses, up to and with the newest month.
        windows: comparisons of the kind to be judged, this one and earlier ones.
    """
    months = range(1, courses.lows.shape[1])
    neighbours = [measure_differences(courses, [(month, [month - 1])]) for month in months]
    near = _pool(neighbours)
    if near is None or len(near.values) < MIN_MONTH_PAIRS:
        return None
    variance = solve_scatter(near.values, near.sampling, near.months)
    far = _pool([measure_differences(courses, pairs) for pairs in windows])
    if far is not None and len(far.values) >= MIN_YEAR_PAIRS:
        variance = max(variance, solve_scatter(far.values, far.sampling, far.months))
    return Scatter(variance, len(near.values))


def _pool(found: Sequence[Differences]) -> Differences | None:
    """Return differences of several months in one row, each less the change that its centres share."""
    parts = []
    for differences in found:
        compared = differences.is_compared
        values = differences.values[compared] - differences.find_shared()
        parts.append((values, differences.sampling[compared], differences.months[compared]))
    return Differences(*map(np.concatenate, zip(*parts, strict=True))) if parts else None


def standardise(differences: Differences, scatter: Scatter) -> Array:
    """Return each difference less the shared change, in standard deviations of counting and scatter."""
    return np.asarray(
        (differences.values - differences.find_shared())
        / np.sqrt(differences.sampling + scatter.variance * differences.months)
    )


def find_changes(
    differences: Differences, scatter: Scatter, *, higher_is_better: bool, q: float = FALSE_DISCOVERIES
) -> Changes:
    """Return which centres got worse beyond chance and scatter, at a false discovery rate ``q``."""
    z = standardise(differences, scatter) * (1 if higher_is_better else -1)
    compared = np.flatnonzero(~np.isnan(z))
    worse = np.zeros(len(z), dtype=bool)
    worse[compared] = find_discoveries(list(compute_tail(z[compared], scatter)), q)
    shared = differences.find_shared()
    if len(compared) < MIN_CENTRES:
        return Changes(z, worse, shared, everywhere=False)
    # the median of so many differences has π/2 times the variance of their mean
    variances = (differences.sampling + scatter.variance * differences.months)[compared]
    variance = np.pi / 2 * np.median(variances) / len(compared)
    down = shared * (1 if higher_is_better else -1) / np.sqrt(variance)
    return Changes(z, worse, shared, everywhere=bool(compute_tail(np.array([down]), scatter)[0] <= q / 2))


def judge_difference(
    differences: Differences, row: int, scatter: Scatter, *, higher_is_better: bool
) -> Direction | None:
    """Return whether one centre, named beforehand, got better or worse beyond 95 per cent limits.

    None if it was not compared.
    """
    z = standardise(differences, scatter)[row] * (1 if higher_is_better else -1)
    if np.isnan(z):
        return None
    low, high = compute_tail(np.array([z, -z]), scatter)
    return "worse" if low <= CHANGE_ALPHA else "better" if high <= CHANGE_ALPHA else "unclear"


def find_outliers(shares: Sequence[float], n: Sequence[float], q: float = FALSE_DISCOVERIES) -> list[bool]:
    """Return which centres lie lower than chance and the scatter around the median allow."""
    cases = np.array(n, dtype=float)
    values = transform_share(np.array(shares) * cases, cases)
    differences = Differences(values - np.median(values), 1 / cases, np.ones(len(cases)))
    scatter = Scatter(solve_scatter(differences.values, differences.sampling, differences.months), len(cases))
    return find_discoveries(
        list(compute_tail(differences.values / np.sqrt(differences.sampling + scatter.variance), scatter)), q
    )


def compute_tail(z: Array, scatter: Scatter) -> Array:
    """Return the chance of so low a standardised difference, of Student's t, as scatter is estimated.

    A median of differences is worth about a third of as many independent squares.
    """
    from scipy.special import stdtr

    return np.asarray(stdtr(max(1.0, scatter.n / 3), z))
