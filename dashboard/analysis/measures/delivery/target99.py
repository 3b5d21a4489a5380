"""The 99 per cent test with three verdicts: met, not met, cannot tell (docs/method.md).

Exact binomial tails at 5 per cent on each side; with a survey design, Korn–Graubard limits.
"""

import math
from dataclasses import dataclass
from typing import Literal

from dashboard.analysis.measures.counts import binomial
from dashboard.analysis.measures.intervals import estimate_effective_n, estimate_exact_interval

Verdict = Literal["met", "not_met", "cannot_tell"]

TARGET = 0.99
ALPHA = 0.05  # one-sided chance of calling a target met or missed that is neither


@dataclass(frozen=True, slots=True)
class TargetTest:
    """A verdict with the one-sided limits of the true share (0-1)."""

    verdict: Verdict
    lower: float
    upper: float
    n_effective: float


@dataclass(frozen=True, slots=True)
class ExactTargetTest(TargetTest):
    """The verdict on a count, with the chances of so few and of so many if the share were on target."""

    p_below: float
    p_above: float


@dataclass(frozen=True, slots=True)
class CriticalCounts:
    """Counts at which a sample decides: not met up to the first, met from the second on; None if never."""

    not_met_at_most: int | None
    met_at_least: int | None


def judge_count(satisfied: int, n: int, target: float = TARGET, alpha: float = ALPHA) -> ExactTargetTest:
    """Return the verdict on ``satisfied`` out of ``n`` valid answers of a simple random sample."""
    lower, upper = estimate_exact_interval(satisfied, n, 1 - 2 * alpha)
    p_below = binomial.compute_cdf(satisfied, n, target)
    p_above = binomial.compute_survival(satisfied - 1, n, target)
    verdict: Verdict = "not_met" if p_below <= alpha else "met" if p_above <= alpha else "cannot_tell"
    return ExactTargetTest(verdict, lower, upper, float(n), p_below, p_above)


def judge_survey(p: float, n: int, deff: float, df: float, target: float = TARGET, alpha: float = ALPHA) -> TargetTest:
    """Return the verdict on a share (0-1) of a survey, by Korn–Graubard limits; ``df`` is PSUs − strata."""
    if n < 2 or df < 1 or not deff > 0 or not 0 <= p <= 1:
        raise ValueError("a share, two answers, a degree of freedom and a positive design effect are needed")
    level = 1 - 2 * alpha
    size = estimate_effective_n(p, math.sqrt(deff * p * (1 - p) / n), n, df, capped=True, level=level)
    lower, upper = estimate_exact_interval(p * size, size, level)
    verdict: Verdict = "not_met" if upper < target else "met" if lower > target else "cannot_tell"
    return TargetTest(verdict, lower, upper, size)


def find_critical_counts(n: int, target: float = TARGET, alpha: float = ALPHA) -> CriticalCounts:
    """Return the counts at which ``n`` answers decide: 1,000 → not met up to 984, met from 996 on."""
    most = binomial.find_quantile(alpha, n, target)
    while most >= 0 and binomial.compute_cdf(most, n, target) > alpha:
        most -= 1
    least = binomial.find_quantile(1 - alpha, n, target)
    while least <= n and binomial.compute_survival(least - 1, n, target) > alpha:
        least += 1
    return CriticalCounts(most if most >= 0 else None, least if least <= n else None)


def count_fewest_answers(target: float = TARGET, alpha: float = ALPHA) -> int:
    """Return the answers below which the target can never be shown to be met, even if all agree: 299."""
    return math.ceil(math.log(alpha) / math.log(target))


def is_beyond_chance(missed: int, months: int, alpha: float = ALPHA) -> bool:
    """Return True if more months are missed than chance explains when each is on target."""
    return missed > 0 and binomial.compute_survival(missed - 1, months, alpha) <= alpha


def compute_power_of_not_met(n: int, true_share: float, target: float = TARGET, alpha: float = ALPHA) -> float:
    """Return the chance that ``n`` answers say "not met" at a true share (0-1)."""
    most = find_critical_counts(n, target, alpha).not_met_at_most
    return 0.0 if most is None else binomial.compute_cdf(most, n, true_share)


def compute_power_of_met(n: int, true_share: float, target: float = TARGET, alpha: float = ALPHA) -> float:
    """Return the chance that ``n`` answers say "met" at a true share (0-1)."""
    least = find_critical_counts(n, target, alpha).met_at_least
    return 0.0 if least is None else binomial.compute_survival(least - 1, n, true_share)


def compute_sample_size(
    half_width: float, deff: float = 1.0, p: float = TARGET, z: float = 1.959963984540054, population: int = 0
) -> int:
    """Return the answers needed for ``p`` ± ``half_width``, by the normal approximation, for planning.

    A finite ``population`` needs fewer, never more than all of it; 0 means it does not count.
    """
    endless = deff * z * z * p * (1 - p) / half_width**2
    wanted = endless * population / (population - 1 + endless) if population else endless
    # a hair of slack, so that binary rounding does not ask for one person more
    return math.ceil(wanted - 1e-9)
