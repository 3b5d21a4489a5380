"""A survey's plan against computations of another kind: counting, exact sums of chances, and textbook tables."""

import math
from fractions import Fraction
from itertools import accumulate, product

import pytest

from dashboard.analysis.measures.delivery import target99
from dashboard.analysis.measures.surveys import planning
from dashboard.analysis.measures.surveys.planning import SurveyPlan

CASES = [*product((0, 400, 5_000, 7_000_000), (0.01, 0.03, 0.05), (0.5, 0.9), (1.0, 1.6, 2.4))]


@pytest.mark.parametrize(("population", "margin", "share", "deff"), CASES)
def test_the_answers_are_the_fewest_that_keep_the_margin(
    population: int, margin: float, share: float, deff: float
) -> None:
    """By counting up: exact fractions, no formula solved for n."""
    p, z2 = Fraction(str(share)), Fraction(planning.Z_95) ** 2

    def is_within(n: int) -> bool:
        rest = Fraction(population - n, population - 1) if population else Fraction(1)
        return z2 * Fraction(str(deff)) * p * (1 - p) * rest / n <= Fraction(str(margin)) ** 2

    found = planning.plan_sample(SurveyPlan(population, margin, share, deff)).answers
    assert is_within(found)
    assert found == 1 or not is_within(found - 1)
    assert not population or found <= population


@pytest.mark.parametrize(
    ("population", "margin", "answers"),
    [(0, 0.05, 385), (0, 0.03, 1068), (1_000, 0.05, 278), (10_000, 0.05, 370), (100_000, 0.03, 1056), (200, 0.05, 132)],
)  # fmt: skip
def test_the_answers_are_those_of_the_textbooks_table(population: int, margin: float, answers: int) -> None:
    """Krejcie and Morgan's table at 95 per cent and a half (theirs rounds to the nearest; ours up)."""
    assert planning.plan_sample(SurveyPlan(population, margin, deff=1.0)).answers == answers


def test_people_are_lost_on_the_way_to_an_answer() -> None:
    need = planning.plan_sample(SurveyPlan(0, 0.03, deff=1.5, reached=0.6, response=0.7))
    assert (need.answers, need.interviews, need.chosen) == (1_601, 2_669, 3_813)  # ceil(1601/.6), ceil(2669/.7)
    assert need.enough_people
    assert not planning.plan_sample(SurveyPlan(1_000, 0.01, response=0.5)).enough_people
    assert planning.plan_sample(SurveyPlan(0, 0.05, deff=1.0, groups=5)).answers == 5 * 385


@pytest.mark.parametrize(("population", "margin", "share", "deff"), CASES)
def test_the_margin_of_the_answers_is_the_one_that_was_asked_for(
    population: int, margin: float, share: float, deff: float
) -> None:
    plan = SurveyPlan(population, margin, share, deff)
    answers = planning.plan_sample(plan).answers
    reached = planning.compute_margin(plan, answers)
    if population and answers == population:
        assert reached == 0.0
    else:
        assert reached is not None
        assert reached <= margin + 1e-12
        worse = planning.compute_margin(plan, answers - 1)
        assert worse is None or worse > margin


def test_a_margin_of_too_few_or_of_everybody() -> None:
    plan = SurveyPlan(100, 0.05)
    assert (planning.compute_margin(plan, 1), planning.compute_margin(plan, 100)) == (None, 0.0)
    assert planning.compute_margin(plan, 10, groups=10) is None
    whole, fifth = (
        planning.compute_margin(SurveyPlan(0, 0.05), 1_000),
        planning.compute_margin(SurveyPlan(0, 0.05), 1_000, 5),
    )
    assert whole is not None
    assert fifth is not None
    assert fifth / whole == pytest.approx(math.sqrt(5))


def chances(n: int, share: Fraction) -> list[Fraction]:
    """P(X <= k) for every k, added up exactly."""
    return list(accumulate(Fraction(math.comb(n, k)) * share**k * (1 - share) ** (n - k) for k in range(n + 1)))


@pytest.mark.parametrize(("answers", "deff"), [(299, 1.0), (1_000, 1.0), (1_000, 2.5), (298, 1.0), (700, 2.0)])
def test_what_the_test_could_say_is_what_exact_chances_say(answers: int, deff: float) -> None:
    found = planning.plan_test(answers, deff)
    n, on_target = found.effective, chances(found.effective, Fraction(99, 100))
    assert n == int(answers / deff)
    below = [k for k in range(n + 1) if on_target[k] <= Fraction(1, 20)]
    above = [k for k in range(n + 1) if 1 - (on_target[k - 1] if k else 0) <= Fraction(1, 20)]
    assert (found.not_met_at_most, found.met_at_least) == (max(below, default=None), min(above, default=None))
    least = found.met_at_least
    met = 1 - chances(n, Fraction(995, 1000))[least - 1] if least is not None else 0
    assert found.power_of_met == pytest.approx(float(met), abs=1e-12)
    assert found.power_of_not_met == pytest.approx(float(chances(n, Fraction(98, 100))[max(below)]), abs=1e-12)


def test_the_fewest_answers_that_can_show_it() -> None:
    assert [planning.count_fewest_for_met(deff) for deff in (1.0, 1.5, 2.0)] == [299, 449, 598]
    for deff in (1.0, 1.5, 2.0):
        enough, short = (planning.plan_test(planning.count_fewest_for_met(deff) - less, deff) for less in (0, 1))
        assert (enough.met_at_least is None, short.met_at_least is None) == (False, True)
    assert planning.plan_test(1, 2.0) is None
    assert target99.compute_power_of_met(298, 1.0) == 0.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"margin": 0.0}, {"margin": 1.0}, {"share": 0.0}, {"share": 1.0}, {"reached": 0.0}, {"response": 1.1},
        {"deff": 0.0}, {"groups": 0}, {"population": -1}, {"margin": math.nan},
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="needed"):
        planning.plan_sample(SurveyPlan(**{"population": 0, "margin": 0.03, **wrong}))  # type: ignore[arg-type]
