"""Survey planning: the answers that a margin needs, the margin of a budget, the power of the 99 per cent test.

A share's half width is z · √(deff · p(1 − p)/n · (N − n)/(N − 1)), solved for n (docs/method.md, planning a survey).
The test counts effective answers, n / deff, and leaves the finite population out, which is on the safe side.
"""

import math
from dataclasses import dataclass

from dashboard.analysis.measures.delivery import target99

Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """The design of a survey; shares are 0-1, and a ``population`` (adults) of 0 is too large to count.

    ``reached`` is the share of respondents who have used the service, ``response`` the share of chosen people who take
    part, ``groups`` the number of groups of equal size to be distinguished.
    """

    population: int
    margin: float
    share: float = 0.5
    deff: float = 1.5
    reached: float = 1.0
    response: float = 1.0
    groups: int = 1


@dataclass(frozen=True, slots=True)
class SampleNeed:
    """People to choose and to interview, and answers about the service."""

    chosen: int
    interviews: int
    answers: int
    enough_people: bool  # False: the population has fewer than would have to be chosen


@dataclass(frozen=True, slots=True)
class Test99:
    """The decisions that the 99 per cent test allows with so many effective answers, and its power."""

    effective: int
    not_met_at_most: int | None
    met_at_least: int | None
    power_of_not_met: float  # were the share ``low``
    power_of_met: float  # were the share ``high``
    low: float
    high: float


def plan_sample(plan: SurveyPlan) -> SampleNeed:
    """Return how many people a margin needs in all groups."""
    _check_plan(plan)
    users = math.floor(plan.population * plan.reached / plan.groups) if plan.population else 0
    in_group = target99.compute_sample_size(plan.margin, plan.deff, plan.share, population=users)
    answers = in_group * plan.groups
    interviews = _inflate(answers, plan.reached)
    chosen = _inflate(interviews, plan.response)
    return SampleNeed(chosen, interviews, answers, not plan.population or chosen <= plan.population)


def count_answers(plan: SurveyPlan, interviews: int) -> int:
    """Return the answers about the service from so many interviews."""
    return math.floor(interviews * plan.reached + 1e-9)


def compute_margin(plan: SurveyPlan, answers: int, groups: int = 1) -> float | None:
    """Return the half width (0-1) within one of ``groups`` of equal size; None without an estimate.

    A census has the margin 0.
    """
    _check_plan(plan)
    in_group = answers // groups
    users = math.floor(plan.population * plan.reached / groups) if plan.population else 0
    if in_group < 2 or (users and users < 2):
        return None
    if users and in_group >= users:
        return 0.0
    correction = (users - in_group) / (users - 1) if users else 1.0
    return Z_95 * math.sqrt(plan.deff * plan.share * (1 - plan.share) / in_group * correction)


def plan_test(answers: int, deff: float, low: float = 0.98, high: float = 0.995) -> Test99 | None:
    """Return what so many answers could decide about 99 per cent; None if they are effectively none.

    ``low`` and ``high`` are the true shares for which the power of "not met" and of "met" is computed.
    """
    effective = math.floor(answers / deff + 1e-9)
    if effective < 1:
        return None
    found = target99.find_critical_counts(effective)
    return Test99(
        effective, found.not_met_at_most, found.met_at_least, target99.compute_power_of_not_met(effective, low),
        target99.compute_power_of_met(effective, high), low, high,
    )  # fmt: skip


def count_fewest_for_met(deff: float) -> int:
    """Return the answers below which 99 per cent can never be shown to be met with this design effect."""
    return math.ceil(target99.count_fewest_answers() * deff - 1e-9)


def _inflate(people: int, share: float) -> int:
    return math.ceil(people / share - 1e-9)


def _check_plan(plan: SurveyPlan) -> None:
    shares = (plan.reached, plan.response)
    if not 0 < plan.margin < 1 or not 0 < plan.share < 1 or not all(0 < share <= 1 for share in shares):
        raise ValueError("a margin, an expected share, and shares above 0 of those reached and responding are needed")
    if plan.deff < 0.1 or plan.groups < 1 or plan.population < 0:
        raise ValueError("a design effect of at least 0.1, a group and no negative population are needed")
