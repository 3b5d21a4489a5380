"""Which centres changed beyond chance and usual scatter, against the same months of earlier years and other centres.

Method: docs/method.md, changes of centres. Shares on the scale 2·asin √p, where a share of n cases has variance 1/n
(Anscombe 1948); an additive variance between months, as in funnels with random effects (Spiegelhalter 2005), found by
the median of absolute differences, so that centres that did change do not widen it; Benjamini and Hochberg 1995 over
the centres of a metric. With over-dispersion and false discoveries as in Spiegelhalter et al. 2012, "Statistical
methods for healthcare regulation", of which the cumulative sum is left out: decision 80.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dashboard.measures.counts.rates import FALSE_DISCOVERIES, find_discoveries

Array = np.ndarray

LEAST = 30
"""Fewest cases on either side of a difference (ours)."""

MANY = 10
"""Fewest centres whose median is taken as what all of them share (ours)."""

FEWEST = 10
"""Fewest neighbouring months from which scatter is measured; below, nothing is said to have changed (ours)."""

POOLED = 20
"""Fewest differences between years from which scatter is measured, beside that of neighbouring months (ours)."""

WINDOWS = 12
"""Months whose comparisons tell how centres scatter."""

HALF_NORMAL = 0.6744897501960817
"""Half of a normal distribution lies within so many standard deviations."""

JUDGED = 0.025
"""Chance, on each side, of calling one difference a change that is none."""

Judged = Literal["better", "unclear", "worse"]

Pairs = Sequence[tuple[int, Sequence[int]]]
"""Months, by place, each with the earlier ones it is compared with."""


@dataclass(frozen=True, slots=True)
class Courses:
    """Counts above and below the line of a share: a row a centre, a column a month; of histograms all bins above it.

    ``seen`` is where a centre sent the month; of people it may be told with another, so that both counts are 0 there.
    """

    tops: Array
    lows: Array
    seen: Array


@dataclass(frozen=True, slots=True)
class Differences:
    """Of every centre the share now less the share before, on the scale of the method; NaN where not compared.

    ``sampling`` is the variance that counting gives it, ``months`` what the variance between months is multiplied with.
    """

    values: Array
    sampling: Array
    months: Array

    @property
    def there(self) -> Array:
        """Which centres are compared."""
        return np.asarray(~np.isnan(self.values))

    def only(self, centres: Sequence[bool]) -> "Differences":
        """The same of some centres alone."""
        return Differences(np.where(centres, self.values, np.nan), self.sampling, self.months)

    def less(self, other: "Differences") -> "Differences":
        """Of every centre one difference less another that shares no month with it."""
        return Differences(self.values - other.values, self.sampling + other.sampling, self.months + other.months)

    def shared(self) -> float:
        """What all centres share: their median, 0 of fewer than ``MANY``."""
        there = self.values[self.there]
        return float(np.median(there)) if len(there) >= MANY else 0.0


@dataclass(frozen=True, slots=True)
class Scatter:
    """Variance between months beyond that of counting, and how many differences it was measured on."""

    variance: float
    n: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Of every centre the standardised difference (NaN: not compared) and whether it stands as got worse.

    ``shared`` is what all centres share on the scale of the method, ``everywhere`` whether that is beyond chance.
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
    """Courses of counts by centre and month, or of histograms by centre, month and bin, which ``cut`` makes a share."""
    if bins is not None:
        held = np.array(bins, dtype=float)
        return Courses(held, held.sum(axis=2), np.array(seen, dtype=bool))
    return Courses(np.array(tops, dtype=float), np.array(lows, dtype=float), np.array(seen, dtype=bool))


def cut(of: Courses, beyond: float, first: int, last: int) -> Courses:
    """The columns from ``first`` to ``last``; of histograms the cases beyond an edge.

    The edge of a centre is the one beyond which, over all those months, a share nearest to ``beyond`` (0-1) lies.
    """
    months = slice(max(0, first), last + 1)
    tops, lows, seen = of.tops[:, months], of.lows[:, months], of.seen[:, months]
    if tops.ndim == 2:
        return Courses(tops, lows, seen)
    whole = tops.sum(axis=1)
    further = whole[:, ::-1].cumsum(axis=1)[:, ::-1]  # from each bin on
    shares = further / np.maximum(1, whole.sum(axis=1, keepdims=True))
    edges = 1 + np.argmin(np.abs(shares[:, 1:] - beyond), axis=1)
    later = np.arange(tops.shape[2]) >= edges[:, None]
    return Courses((tops * later[:, None, :]).sum(axis=2), lows, seen)


def compare(of: Courses, pairs: Pairs) -> Differences:
    """The shares of some months against those of earlier ones, of months that have one on both sides."""
    shape = of.lows.shape[0]
    top, low, count, top_before, low_before, count_before = (np.zeros(shape) for _ in range(6))
    for month, earlier in pairs:
        known = [at for at in earlier if 0 <= at < month]
        if not 0 <= month < of.lows.shape[1] or not known:
            continue
        both = of.seen[:, [month]] & of.seen[:, known]
        matched = both.any(axis=1)
        top, low, count = top + of.tops[:, month] * matched, low + of.lows[:, month] * matched, count + matched
        top_before = top_before + (of.tops[:, known] * both).sum(axis=1)
        low_before = low_before + (of.lows[:, known] * both).sum(axis=1)
        count_before = count_before + both.sum(axis=1)
    enough = (low >= LEAST) & (low_before >= LEAST)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(enough, scale(top, low) - scale(top_before, low_before), np.nan)
        sampling, months = (np.where(enough, 1 / a + 1 / b, 1.0) for a, b in ((low, low_before), (count, count_before)))
    return Differences(values, sampling, months)


def scale(top: Array, low: Array) -> Array:
    """2·asin √(top ÷ low): variance 1 ÷ low, whatever the share."""
    return np.asarray(2 * np.arcsin(np.sqrt(top / low)))


def solve_scatter(values: Array, sampling: Array, months: Array) -> float:
    """The variance between months with which half of the standardised differences lie where half of a normal do."""

    def middle(variance: float) -> float:
        return float(np.median(np.abs(values) / np.sqrt(sampling + variance * months)))

    low, high = 0.0, float(np.max(values**2 / months) / HALF_NORMAL**2)
    if middle(0.0) <= HALF_NORMAL:
        return 0.0
    for _ in range(60):
        mid = (low + high) / 2
        low, high = (mid, high) if middle(mid) > HALF_NORMAL else (low, mid)
    return high


def measure_scatter(of: Courses, windows: Sequence[Pairs]) -> Scatter | None:
    """Scatter between neighbouring months, or between the two sides of earlier comparisons where that is larger.

    Args:
        of: the courses, up to and with the newest month.
        windows: comparisons of the kind that is to be judged, this one and earlier ones.
    """
    months = range(1, of.lows.shape[1])
    neighbours = [compare(of, [(month, [month - 1])]) for month in months]
    near = _pool(neighbours)
    if near is None or len(near.values) < FEWEST:
        return None
    variance = solve_scatter(near.values, near.sampling, near.months)
    far = _pool([compare(of, pairs) for pairs in windows])
    if far is not None and len(far.values) >= POOLED:
        variance = max(variance, solve_scatter(far.values, far.sampling, far.months))
    return Scatter(variance, len(near.values))


def _pool(found: Sequence[Differences]) -> Differences | None:
    """Differences of several months as one row, each without what the centres of its month share."""
    parts = []
    for one in found:
        there = one.there
        parts.append((one.values[there] - one.shared(), one.sampling[there], one.months[there]))
    return Differences(*map(np.concatenate, zip(*parts, strict=True))) if parts else None


def standardise(of: Differences, scatter: Scatter) -> Array:
    """Each difference, without what all centres share, in standard deviations of counting and scatter."""
    return np.asarray((of.values - of.shared()) / np.sqrt(of.sampling + scatter.variance * of.months))


def find_changes(of: Differences, scatter: Scatter, *, higher_is_better: bool, q: float = FALSE_DISCOVERIES) -> Changes:
    """Which centres got worse beyond chance and scatter, a share ``q`` of them perhaps by chance alone."""
    z = standardise(of, scatter) * (1 if higher_is_better else -1)
    there = np.flatnonzero(~np.isnan(z))
    worse = np.zeros(len(z), dtype=bool)
    worse[there] = find_discoveries(list(tail(z[there], scatter)), q)
    shared = of.shared()
    if len(there) < MANY:
        return Changes(z, worse, shared, everywhere=False)
    # the median of so many differences has π/2 times the variance of their mean
    variance = np.pi / 2 * np.median((of.sampling + scatter.variance * of.months)[there]) / len(there)
    down = shared * (1 if higher_is_better else -1) / np.sqrt(variance)
    return Changes(z, worse, shared, everywhere=bool(tail(np.array([down]), scatter)[0] <= q / 2))


def judge_difference(of: Differences, row: int, scatter: Scatter, *, higher_is_better: bool) -> Judged | None:
    """What became of one centre: better or worse where its difference lies beyond the 95 per cent limits of none.

    None where it was not compared. One difference is judged, named beforehand: nothing is held over others.
    """
    z = standardise(of, scatter)[row] * (1 if higher_is_better else -1)
    if np.isnan(z):
        return None
    low, high = tail(np.array([z, -z]), scatter)
    return "worse" if low <= JUDGED else "better" if high <= JUDGED else "unclear"


def find_outliers(shares: Sequence[float], n: Sequence[float], q: float = FALSE_DISCOVERIES) -> list[bool]:
    """Which centres lie lower than chance and the scatter of all centres around their median allow, as ``q`` tells."""
    cases = np.array(n, dtype=float)
    values = scale(np.array(shares) * cases, cases)
    of = Differences(values - np.median(values), 1 / cases, np.ones(len(cases)))
    scatter = Scatter(solve_scatter(of.values, of.sampling, of.months), len(cases))
    return find_discoveries(list(tail(of.values / np.sqrt(of.sampling + scatter.variance), scatter)), q)


def tail(z: Array, scatter: Scatter) -> Array:
    """Chance of so low a standardised difference: of Student's t, for scatter is measured too.

    A median of differences tells about a third of what as many independent squares would.
    """
    from scipy.special import stdtr

    return np.asarray(stdtr(max(1.0, scatter.n / 3), z))
