"""Intervals come from published errors, from counts or from a design; they hold the estimate and stay on the scale."""

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.analysis.measures.intervals import (
    estimate_design_interval,
    estimate_effective_n,
    estimate_exact_interval,
    estimate_wilson_interval,
    fill_bounds_from_se,
    read_std_error,
    read_std_errors,
)
from tests.reference import Vector, agree, reproduces

ESTIMATES = st.floats(-5, 5)
ERRORS = st.floats(0, 3)


def test_bounds_are_added_where_an_error_is_published_and_stay_null_elsewhere(frame):
    rows = frame(
        {"country": "AAA", "year": 2020, "value": 1.0, "std_error": 0.1},
        {"country": "BBB", "year": 2020, "value": 1.0},
        {"country": "CCC", "year": 2020, "value": None, "std_error": 0.1, "status": "missing"},
        {
            "country": "DDD",
            "year": 2020,
            "value": 1.0,
            "std_error": 0.1,
            "lower": 0.5,
            "upper": 1.5,
            "interval_level": 95,
        },
        {"country": "EEE", "year": 2020, "value": 1.0, "std_error": 0.1, "upper": 1.3},
        {"country": "FFF", "year": 2020, "value": 1.0, "std_error": 0.1, "lower": 0.7},
    )
    filled = fill_bounds_from_se(rows).select("lower", "upper", "interval_level").rows()
    assert (filled[0], filled[1]) == (pytest.approx((0.8355, 1.1645, 90.0)), (None, None, None))
    assert filled[2] == (None, None, None)
    assert filled[3:] == [(0.5, 1.5, 95.0), (None, 1.3, None), (0.7, None, None)]
    assert fill_bounds_from_se(rows.lazy()).collect().equals(fill_bounds_from_se(rows))


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"std_error": 2.0, "lower": 0.0, "upper": 90.0, "interval_level": 90.0}, 2.0),
        ({"lower": 43.42, "upper": 56.58, "interval_level": 90.0}, 4.0),
        ({"value": 98.0, "lower": 91.42, "upper": 100.0, "interval_level": 90.0}, 4.0),  # cut off where the scale ends
        ({"value": 1.0, "lower": 0.0, "upper": 7.58, "interval_level": 90.0}, 4.0),
        ({"lower": 43.42, "upper": 56.58, "interval_level": 95.0}, None),
        ({"lower": 43.42, "upper": 56.58}, None), ({"lower": 43.42, "interval_level": 90.0}, None),
        ({"value": None, "lower": 43.42, "upper": 56.58, "interval_level": 90.0}, None),
        ({"value": 60.0, "lower": 43.42, "upper": 56.58, "interval_level": 90.0}, None), ({}, None),
    ],
)  # fmt: skip
def test_the_error_of_a_figure_is_the_published_one_or_that_of_its_90_per_cent_interval(frame, row, error):
    rows = frame({"country": "AAA", "year": 2020, "value": 50.0} | row)
    expected = None if error is None else pytest.approx(error)
    assert rows.select(read_std_errors()).item() == expected
    assert read_std_error(rows.row(0, named=True)) == expected


@given(ESTIMATES, ERRORS)
def test_the_interval_is_around_the_estimate(value, error):
    rows = pl.DataFrame(
        {"value": [value], "std_error": [error], "lower": [None], "upper": [None], "interval_level": [None]},
        schema=dict.fromkeys(("value", "std_error", "lower", "upper", "interval_level"), pl.Float64),
    )
    lower, upper = fill_bounds_from_se(rows).select("lower", "upper").row(0)
    assert lower <= value <= upper
    assert upper - value == pytest.approx(value - lower)


@reproduces("intervals")
def test_intervals_of_counts(vector: Vector) -> None:
    k, n, level = (vector["inputs"][key] for key in ("k", "n", "level"))
    agree(
        vector,
        {
            "p": k / n,
            "wilson": estimate_wilson_interval(k, n, level),
            "clopper_pearson": estimate_exact_interval(k, n, level),
        },
    )


COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_a_counted_share_lies_in_its_interval_which_lies_on_the_scale_and_is_never_of_no_width(counts, level):
    k, n = counts
    for interval in (estimate_wilson_interval, estimate_exact_interval):
        lower, upper = interval(k, n, level)
        assert 0 <= lower <= k / n <= upper <= 1
        assert upper > lower
        assert interval(n - k, n, level) == pytest.approx((1 - upper, 1 - lower), abs=1e-9)


@pytest.mark.parametrize(("k", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_has_no_interval(k, n):
    for interval in (estimate_wilson_interval, estimate_exact_interval):
        with pytest.raises(ValueError, match="not a share"):
            interval(k, n)


METHODS = st.sampled_from(["logit", "beta", "korn-graubard", "wilson"])


@given(st.floats(0, 1), st.floats(0, 0.2), st.integers(2, 3000), st.integers(1, 200), METHODS)
@example(0.875, 1e-9, 2, 1, "beta")  # as exact as 1e17 answers
def test_a_surveyed_share_lies_in_its_interval_which_lies_on_the_scale(p, error, n, df, method):
    lower, upper = estimate_design_interval(p, error, n, df, method)
    assert -1e-9 <= lower <= p + 1e-9
    assert p - 1e-9 <= upper <= 1 + 1e-9


@given(st.sampled_from([0.0, 1.0]), st.integers(2, 3000), st.integers(1, 200), METHODS)
def test_all_or_none_never_has_an_interval_of_no_width(p, n, df, method):
    lower, upper = estimate_design_interval(p, 0.0, n, df, method)
    assert upper - lower > 0
    assert p in (lower, upper)


def test_an_effective_sample_never_exceeds_the_answers_in_korn_and_graubards():
    assert estimate_effective_n(0.5, 0.01, 1000, 30) > 1000
    assert estimate_effective_n(0.5, 0.01, 1000, 30, capped=True) == 1000


@pytest.mark.parametrize("method", ["logit", "beta", "korn-graubard", "wilson"])
def test_two_answers_and_one_degree_of_freedom_are_enough_and_fewer_are_not(method):
    assert estimate_design_interval(0.5, 0.1, 2, 1, method)[0] < 0.5
    for n, df in ((1, 1), (2, 0)):
        with pytest.raises(ValueError, match="no interval"):
            estimate_design_interval(0.5, 0.1, n, df, method)
    # all or none, and an error of nothing, have the exact interval of so many answers
    for p, error in ((0.0, 0.1), (1.0, 0.1), (0.3, 0.0)):
        assert estimate_design_interval(p, error, 40, 5, method) == estimate_exact_interval(p * 40, 40)


def test_an_interval_that_does_not_exist_is_refused_by_name():
    with pytest.raises(ValueError, match="no interval is called 'wald': there are logit, beta"):
        estimate_design_interval(0.5, 0.1, 100, 10, "wald")


def test_a_share_without_an_error_has_as_many_answers_as_it_has():
    assert estimate_effective_n(1.0, 0.0, 40, 5) == estimate_effective_n(0.3, 0.0, 40, 5, capped=True) == 40
    # the same degrees of freedom: p(1 - p)/V alone
    assert estimate_effective_n(0.2, 0.04, 31, 30) == pytest.approx(0.2 * 0.8 / 0.04**2)
