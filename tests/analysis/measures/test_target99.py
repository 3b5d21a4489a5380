"""Whether 99 per cent is reached is met, not met or cannot be told; few answers can never show that it is."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.measures.delivery import target99
from tests.reference import Vector, agree, reproduces


@reproduces("target99", "exact_binomial_three_verdicts")
def test_counts(vector: Vector) -> None:
    inputs = vector["inputs"]
    found = target99.judge_count(inputs["k"], inputs["n"], inputs["target"], inputs["alpha_one_sided"])
    agree(vector, {
        "p_below": found.p_below, "p_above": found.p_above, "cp_90": [found.lower, found.upper],
        "verdict": found.verdict,
    })  # fmt: skip


@reproduces("target99", "korn_graubard_one_sided_three_verdicts")
def test_surveys_with_a_design(vector: Vector) -> None:
    p, n, deff, df, target, alpha = vector["inputs"].values()
    found = target99.judge_survey(p, n, deff, df, target, alpha)
    # n_eff is printed with four decimals
    assert found.n_effective == pytest.approx(vector["expected"]["n_eff"], abs=5e-5, rel=0)
    agree(vector, {
        "n_eff": vector["expected"]["n_eff"], "lower_95_one_sided": found.lower, "upper_95_one_sided": found.upper,
        "verdict": found.verdict,
    })  # fmt: skip


@reproduces("target99", "exact_binomial_critical_counts")
def test_critical_counts(vector: Vector) -> None:
    found = [target99.find_critical_counts(n) for n in vector["inputs"]["n"]]
    agree(vector, {
        "not_met_if_k_at_most": [it.not_met_at_most for it in found],
        "met_if_k_at_least": [it.met_at_least for it in found],
    })  # fmt: skip


@reproduces("target99", "power_of_not_met_verdict")
def test_power(vector: Vector) -> None:
    inputs = vector["inputs"]
    agree(vector, {"power": [target99.compute_power_of_not_met(n, inputs["true_p"]) for n in inputs["n"]]})


@reproduces("target99", "sample_size_for_margin")
def test_sample_size(vector: Vector) -> None:
    p, half_width, z, deffs = vector["inputs"].values()
    agree(vector, {"n": [target99.compute_sample_size(half_width, deff, p, z) for deff in deffs]})


def test_fewer_than_299_answers_can_never_show_that_the_target_is_met():
    assert target99.count_fewest_answers() == 299
    assert target99.judge_count(298, 298).verdict == "cannot_tell"
    assert target99.judge_count(299, 299).verdict == "met"
    assert target99.find_critical_counts(298).met_at_least is None


COUNTS = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(max(0, n - 60), n), st.just(n)))


@given(COUNTS)
def test_the_tails_the_interval_and_the_critical_counts_say_the_same(counts):
    k, n = counts
    found, limits = target99.judge_count(k, n), target99.find_critical_counts(n)
    by_interval = "not_met" if found.upper < 0.99 else "met" if found.lower > 0.99 else "cannot_tell"
    by_count = (
        "not_met"
        if limits.not_met_at_most is not None and k <= limits.not_met_at_most
        else "met"
        if limits.met_at_least is not None and k >= limits.met_at_least
        else "cannot_tell"
    )
    assert found.verdict == by_interval == by_count


@given(COUNTS.filter(lambda counts: counts[1] > 2), st.floats(1, 5))
def test_a_design_effect_never_makes_a_verdict_firmer(counts, deff):
    k, n = counts
    plain = target99.judge_survey(k / n, n, 1.0, n - 1)
    clustered = target99.judge_survey(k / n, n, deff, n - 1)
    assert clustered.verdict in (plain.verdict, "cannot_tell")
    assert clustered.lower <= plain.lower + 1e-9
    assert clustered.upper >= plain.upper - 1e-9


def test_a_survey_without_degrees_of_freedom_is_refused():
    with pytest.raises(ValueError, match="degree of freedom"):
        target99.judge_survey(0.99, 500, 1.5, 0)
    with pytest.raises(ValueError, match="share"):
        target99.judge_count(11, 10)


def test_tiny_samples_with_nobody_satisfied_decide_nothing_wrongly():
    assert target99.find_critical_counts(1) == target99.CriticalCounts(0, None)
    assert target99.compute_power_of_not_met(1, 0.5) == pytest.approx(0.5)


@pytest.mark.parametrize("alpha", [0.25, 0.05, 0.02])
@pytest.mark.parametrize("target", [0.5, 0.9, 0.99])
def test_critical_counts_are_the_last_and_the_first_whose_tail_is_no_larger_than_alpha(target, alpha):
    """Tails are added up from single chances, one number of answers after the other."""
    for n in range(1, 40):
        chances = [math.comb(n, k) * target**k * (1 - target) ** (n - k) for k in range(n + 1)]
        low = [k for k in range(n + 1) if math.fsum(chances[: k + 1]) <= alpha + 1e-12]
        high = [k for k in range(n + 1) if math.fsum(chances[k:]) <= alpha + 1e-12]
        found = target99.find_critical_counts(n, target, alpha)
        assert (found.not_met_at_most, found.met_at_least) == (max(low, default=None), min(high, default=None))


def test_a_chance_of_exactly_alpha_decides():
    """A quarter of the samples of two have nobody where the target is one half."""
    assert target99.judge_count(0, 2, 0.5, 0.25).verdict == "not_met"
    assert target99.judge_count(0, 2, 0.5, 0.24).verdict == "cannot_tell"
    assert target99.judge_count(1, 1, 0.25, 0.25).verdict == "met"
    assert target99.judge_count(1, 1, 0.25, 0.24).verdict == "cannot_tell"
    assert (target99.count_fewest_answers(0.5, 0.25), target99.count_fewest_answers(0.5, 0.24)) == (2, 3)


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ((0.99, 2, 1.0, 1), "cannot_tell"), ((0.0, 100, 1.0, 1), "not_met"), ((1.0, 400, 1.0, 1), "met"),
        ((0.5, 1, 1.0, 1), None), ((0.5, 2, 1.0, 0), None), ((0.5, 2, 0.0, 1), None), ((-0.1, 2, 1.0, 1), None),
        ((1.1, 2, 1.0, 1), None),
    ],
)  # fmt: skip
def test_a_survey_is_judged_from_two_answers_a_degree_of_freedom_and_a_share(told, verdict):
    if verdict is None:
        with pytest.raises(ValueError, match="are needed"):
            target99.judge_survey(*told)
    else:
        assert target99.judge_survey(*told).verdict == verdict


def test_the_size_to_plan_with_by_hand():
    assert target99.compute_sample_size(0.1, 2.0, 0.5, 2.0) == 200  # 2 · 4 · 0.25 / 0.01
    assert target99.compute_sample_size(0.1, 2.01, 0.5, 2.0) == 201


def test_a_design_that_is_more_exact_than_chance_makes_no_more_answers_than_there_are():
    assert target99.judge_survey(0.9, 500, 0.5, 499).n_effective == 500
    assert target99.judge_survey(0.9, 500, 2.0, 499).n_effective == pytest.approx(250)
