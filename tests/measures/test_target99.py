"""Whether 99 per cent is reached is met, not met or cannot be told; few answers can never show that it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures.delivery import target99
from tests.reference import Vector, agree, reproduces


@reproduces("target99", "exact_binomial_three_verdicts")
def test_counts(vector: Vector) -> None:
    inputs = vector["inputs"]
    found = target99.verdict_of_count(inputs["k"], inputs["n"], inputs["target"], inputs["alpha_one_sided"])
    agree(vector, {
        "p_below": found.p_below, "p_above": found.p_above, "cp_90": [found.lower, found.upper],
        "verdict": found.verdict,
    })  # fmt: skip


@reproduces("target99", "korn_graubard_one_sided_three_verdicts")
def test_surveys_with_a_design(vector: Vector) -> None:
    p, n, deff, df, target, alpha = vector["inputs"].values()
    found = target99.verdict_of_survey(p, n, deff, df, target, alpha)
    # n_eff is printed with four decimals
    assert found.n_effective == pytest.approx(vector["expected"]["n_eff"], abs=5e-5, rel=0)
    agree(vector, {
        "n_eff": vector["expected"]["n_eff"], "lower_95_one_sided": found.lower, "upper_95_one_sided": found.upper,
        "verdict": found.verdict,
    })  # fmt: skip


@reproduces("target99", "exact_binomial_critical_counts")
def test_critical_counts(vector: Vector) -> None:
    found = [target99.critical(n) for n in vector["inputs"]["n"]]
    agree(vector, {
        "not_met_if_k_at_most": [it.not_met_at_most for it in found],
        "met_if_k_at_least": [it.met_at_least for it in found],
    })  # fmt: skip


@reproduces("target99", "power_of_not_met_verdict")
def test_power(vector: Vector) -> None:
    inputs = vector["inputs"]
    agree(vector, {"power": [target99.power_of_not_met(n, inputs["true_p"]) for n in inputs["n"]]})


@reproduces("target99", "score_test_for_contrast")
def test_the_normal_test_is_too_eager(vector: Vector) -> None:
    k, n, target = vector["inputs"].values()
    exact = target99.verdict_of_count(k, n, target)
    agree(vector, {"exact_p": exact.p_below, "score_p": target99.score_p(k, n, target)})
    assert target99.score_p(k, n, target) < exact.p_below


@reproduces("target99", "sample_size_for_margin")
def test_sample_size(vector: Vector) -> None:
    p, half_width, z, deffs = vector["inputs"].values()
    agree(vector, {"n": [target99.sample_size(half_width, deff, p, z) for deff in deffs]})


def test_fewer_than_299_answers_can_never_show_that_the_target_is_met():
    assert target99.fewest_answers() == 299
    assert target99.verdict_of_count(298, 298).verdict == "cannot_tell"
    assert target99.verdict_of_count(299, 299).verdict == "met"
    assert target99.critical(298).met_at_least is None


COUNTS = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(max(0, n - 60), n), st.just(n)))


@given(COUNTS)
def test_the_tails_the_interval_and_the_critical_counts_say_the_same(counts):
    k, n = counts
    found, limits = target99.verdict_of_count(k, n), target99.critical(n)
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
    plain = target99.verdict_of_survey(k / n, n, 1.0, n - 1)
    clustered = target99.verdict_of_survey(k / n, n, deff, n - 1)
    assert clustered.verdict in (plain.verdict, "cannot_tell")
    assert clustered.lower <= plain.lower + 1e-9
    assert clustered.upper >= plain.upper - 1e-9


def test_a_survey_without_degrees_of_freedom_is_refused():
    with pytest.raises(ValueError, match="degree of freedom"):
        target99.verdict_of_survey(0.99, 500, 1.5, 0)
    with pytest.raises(ValueError, match="share"):
        target99.verdict_of_count(11, 10)


def test_tiny_samples_with_nobody_satisfied_decide_nothing_wrongly():
    assert target99.critical(1) == target99.Critical(0, None)
    assert target99.power_of_not_met(1, 0.5) == pytest.approx(0.5)
