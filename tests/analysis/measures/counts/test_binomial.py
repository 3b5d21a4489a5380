"""The binomial distribution against scipy.stats, which asks the same of Boost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from dashboard.analysis.measures.counts import binomial

SHARES = st.one_of(st.floats(0.0001, 0.9999), st.sampled_from((0.0, 1.0, 0.5, 0.05, 0.99, 1e-6, 1 - 1e-6)))
CASES = st.integers(1, 1_000_000)


@given(n=CASES, share=SHARES, part=st.floats(-0.1, 1.1))
def test_chances_are_those_of_the_library(n: int, share: float, part: float) -> None:
    for count in {round(n * part), round(n * share), -1, 0, n - 1, n, n + 1}:
        assert binomial.compute_cdf(count, n, share) == pytest.approx(binom.cdf(count, n, share), rel=1e-9, abs=1e-290)
        assert binomial.compute_survival(count, n, share) == pytest.approx(
            binom.sf(count, n, share), rel=1e-9, abs=1e-290
        )


@given(n=CASES, share=SHARES, chance=st.one_of(st.floats(0.0001, 0.9999), st.sampled_from((0.001, 0.025, 0.95))))
def test_a_quantile_is_the_first_count_that_reaches_its_chance(n: int, share: float, chance: float) -> None:
    count = binomial.find_quantile(chance, n, share)
    assert binomial.compute_cdf(count, n, share) >= chance
    assert count == 0 or binomial.compute_cdf(count - 1, n, share) < chance


def test_a_quantile_that_is_met_exactly_is_taken() -> None:
    """Of two tosses, at most none in a quarter, at most one in three quarters."""
    assert [binomial.find_quantile(chance, 2, 0.5) for chance in (0.25, 0.26, 0.75, 0.76)] == [0, 1, 1, 2]
