"""Is 99 per cent reached? A test with three answers: met, not met, cannot tell.

Method: the project's own (docs/method.md, the 99 per cent target): exact binomial tails at 5 per cent on each side, the
same as the 90 per cent Clopper–Pearson interval against the target; with a survey design, Korn–Graubard limits.
``measures.surveys.planning`` asks how many answers would decide, and how often they would.
"""

import math
from dataclasses import dataclass
from typing import Literal

from dashboard.measures.counts import binomial
from dashboard.measures.intervals import estimate_effective_n, estimate_exact_interval

Verdict = Literal["met", "not_met", "cannot_tell"]

TARGET = 0.99
ALPHA = 0.05
"""Chance, on each side, of calling a target met or missed that is neither."""


@dataclass(frozen=True, slots=True)
class Tested:
    """Verdict with its arithmetic: ``lower`` and ``upper`` are one-sided limits of the true share (0-1)."""

    verdict: Verdict
    lower: float
    upper: float
    n_effective: float


@dataclass(frozen=True, slots=True)
class ExactlyTested(Tested):
    """Verdict of a count: chance of so few (``p_below``) and of so many (``p_above``) were the share on target."""

    p_below: float
    p_above: float


@dataclass(frozen=True, slots=True)
class Critical:
    """Counts at which a sample decides: not met up to the first, met from the second on; None where never."""

    not_met_at_most: int | None
    met_at_least: int | None


def judge_count(satisfied: int, n: int, target: float = TARGET, alpha: float = ALPHA) -> ExactlyTested:
    """Verdict of ``satisfied`` out of ``n`` valid answers of a simple random sample.

    Raises:
        ValueError: no answers, or more satisfied than answers.
    """
    lower, upper = estimate_exact_interval(satisfied, n, 1 - 2 * alpha)
    below = binomial.compute_cdf(satisfied, n, target)
    above = binomial.compute_survival(satisfied - 1, n, target)
    verdict: Verdict = "not_met" if below <= alpha else "met" if above <= alpha else "cannot_tell"
    return ExactlyTested(verdict, lower, upper, float(n), below, above)


def judge_survey(p: float, n: int, deff: float, df: float, target: float = TARGET, alpha: float = ALPHA) -> Tested:
    """Verdict of a share (0-1) of a survey: Korn–Graubard limits against the target.

    Args:
        p: the weighted share.
        n: valid answers.
        deff: design effect of the share.
        df: PSUs − strata.
        target: the target, 0-1.
        alpha: one-sided.

    Raises:
        ValueError: no answers, no degrees of freedom, or a design effect that is not positive.
    """
    if n < 2 or df < 1 or not deff > 0 or not 0 <= p <= 1:
        raise ValueError("a share, two answers, a degree of freedom and a positive design effect are needed")
    level = 1 - 2 * alpha
    size = estimate_effective_n(p, math.sqrt(deff * p * (1 - p) / n), n, df, capped=True, level=level)
    lower, upper = estimate_exact_interval(p * size, size, level)
    verdict: Verdict = "not_met" if upper < target else "met" if lower > target else "cannot_tell"
    return Tested(verdict, lower, upper, size)


def find_critical_counts(n: int, target: float = TARGET, alpha: float = ALPHA) -> Critical:
    """The counts at which ``n`` valid answers decide: 1,000 → not met up to 984, met from 996 on."""
    most = binomial.find_quantile(alpha, n, target)
    while most >= 0 and binomial.compute_cdf(most, n, target) > alpha:
        most -= 1
    least = binomial.find_quantile(1 - alpha, n, target)
    while least <= n and binomial.compute_survival(least - 1, n, target) > alpha:
        least += 1
    return Critical(most if most >= 0 else None, least if least <= n else None)


def count_fewest_answers(target: float = TARGET, alpha: float = ALPHA) -> int:
    """Valid answers below which the target can never be shown to be met, even if all are satisfied: 299."""
    return math.ceil(math.log(alpha) / math.log(target))


def is_beyond_chance(missed: int, months: int, alpha: float = ALPHA) -> bool:
    """Whether more months are called missed than chance calls so when each is on target: of twelve, three or more."""
    return missed > 0 and binomial.compute_survival(missed - 1, months, alpha) <= alpha


def compute_power_of_not_met(n: int, true_share: float, target: float = TARGET, alpha: float = ALPHA) -> float:
    """Chance that ``n`` answers say "not met" when the true share is ``true_share`` (0-1)."""
    most = find_critical_counts(n, target, alpha).not_met_at_most
    return 0.0 if most is None else binomial.compute_cdf(most, n, true_share)


def compute_power_of_met(n: int, true_share: float, target: float = TARGET, alpha: float = ALPHA) -> float:
    """Chance that ``n`` answers say "met" when the true share is ``true_share`` (0-1)."""
    least = find_critical_counts(n, target, alpha).met_at_least
    return 0.0 if least is None else binomial.compute_survival(least - 1, n, true_share)


def sample_size(
    half_width: float, deff: float = 1.0, p: float = TARGET, z: float = 1.959963984540054, population: int = 0
) -> int:
    """Answers wanted for an interval of ± ``half_width`` around ``p``, by the normal approximation: to plan with.

    Of a ``population`` of finite size fewer, and never more than all of it; 0: it does not count.
    """
    endless = deff * z * z * p * (1 - p) / half_width**2
    wanted = endless * population / (population - 1 + endless) if population else endless
    # a hair of slack, so that binary rounding does not ask for one person more
    return math.ceil(wanted - 1e-9)
