"""Planning a survey: answers that a margin needs, the margin a budget buys, what the 99 per cent test could say.

Method: ours from textbook parts (docs/method.md, planning a survey). A share's half width is z · √(deff · p(1 − p)/n ·
(N − n)/(N − 1)), with the design effect held against a simple random sample without replacement; solved for n. It is to
plan with: what is published has the interval of the sample that came. The 99 per cent test counts effective answers,
n / deff, and leaves the finite population out, which is on the safe side.
"""

import math
from dataclasses import dataclass

from dashboard.measures.delivery import target99

Z = 1.959963984540054
"""Of an interval of 95 per cent."""


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """What a survey is to be like. Shares are 0-1; ``population`` is of adults, 0: too large to count.

    ``reached`` is the share of those asked who have used the service and so answer about it, ``response`` the share of
    those chosen who are met and take part, ``groups`` how many groups of one size are to be told apart.
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
    """People on the way to an answer: chosen, interviewed, and with an answer about the service."""

    chosen: int
    interviews: int
    answers: int
    enough_people: bool  # False: the population has fewer than would have to be chosen


@dataclass(frozen=True, slots=True)
class Test99:
    """What the 99 per cent test can say with so many effective answers, and how often it would."""

    effective: int
    not_met_at_most: int | None
    met_at_least: int | None
    power_of_not_met: float  # were the share ``low``
    power_of_met: float  # were the share ``high``
    low: float
    high: float


def plan_sample(plan: SurveyPlan) -> SampleNeed:
    """How many people a margin needs, in each of the groups.

    Raises:
        ValueError: a share, margin or design effect that cannot be.
    """
    _demand(plan)
    users = math.floor(plan.population * plan.reached / plan.groups) if plan.population else 0
    in_group = target99.sample_size(plan.margin, plan.deff, plan.share, population=users)
    answers = in_group * plan.groups
    interviews = _raised(answers, plan.reached)
    chosen = _raised(interviews, plan.response)
    return SampleNeed(chosen, interviews, answers, not plan.population or chosen <= plan.population)


def count_answers(plan: SurveyPlan, interviews: int) -> int:
    """Answers about the service that so many interviews give."""
    return math.floor(interviews * plan.reached + 1e-9)


def compute_margin(plan: SurveyPlan, answers: int, groups: int = 1) -> float | None:
    """The half width (0-1) that so many answers give within one of ``groups`` of one size; None where there is none.

    Answers of everybody have no margin: 0.
    """
    _demand(plan)
    in_group = answers // groups
    users = math.floor(plan.population * plan.reached / groups) if plan.population else 0
    if in_group < 2 or (users and users < 2):
        return None
    if users and in_group >= users:
        return 0.0
    rest = (users - in_group) / (users - 1) if users else 1.0
    return Z * math.sqrt(plan.deff * plan.share * (1 - plan.share) / in_group * rest)


def plan_test(answers: int, deff: float, low: float = 0.98, high: float = 0.995) -> Test99 | None:
    """What so many answers could say of the 99 per cent target; None where they count for less than one.

    Args:
        answers: valid answers.
        deff: design effect of the share.
        low: a true share below the target, of which the chance is told to be called "not met".
        high: one above it, of which the chance is told to be called "met".
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
    """Answers below which 99 per cent can never be shown to be met with this design effect."""
    return math.ceil(target99.count_fewest_answers() * deff - 1e-9)


def _raised(people: int, share: float) -> int:
    return math.ceil(people / share - 1e-9)


def _demand(plan: SurveyPlan) -> None:
    shares = (plan.reached, plan.response)
    if not 0 < plan.margin < 1 or not 0 < plan.share < 1 or not all(0 < one <= 1 for one in shares):
        raise ValueError("a margin, an expected share, and shares above 0 of those reached and responding are needed")
    if plan.deff < 0.1 or plan.groups < 1 or plan.population < 0:
        raise ValueError("a design effect of at least 0.1, a group and no negative population are needed")
