"""A change is one only where it is larger than the errors, and is refused where the figures do not compare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.measures.change import measure_change
from dashboard.analysis.measures.intervals import fill_bounds_from_se
from tests.reference import Vector, agree, reproduces

ROW = {
    "indicator": "wgi_cc", "country": "AZE", "dimensions": "{}", "source": "wgi", "series": "CC", "unit": "index",
    "edition": "2024", "status": "normal", "value": 1.0, "std_error": None, "year": 2015,
}  # fmt: skip


def pair(first, second):
    return ROW | first, ROW | {"year": 2023} | second


@reproduces("integrity", "wgi_interval_and_change")
def test_change_with_both_errors(vector: Vector, frame) -> None:
    (v1, v2), (s1, s2) = vector["inputs"]["est"], vector["inputs"]["se"]
    found = measure_change(*pair({"value": v1, "std_error": s1}, {"value": v2, "std_error": s2}))
    rows = frame(*({"country": "AZE", "year": 2015, "value": v, "std_error": s} for v, s in ((v1, s1), (v2, s2))))
    agree(vector, {
        "interval_90": fill_bounds_from_se(rows).select("lower", "upper").rows(),
        "difference": found.difference, "se_difference": found.std_error, "z": found.z,
        "significant_90": found.detectable,
    })  # fmt: skip
    assert found.reason == ("" if found.detectable else "change_within_error")


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        ({"edition": "2025"}, "other_edition"),
        ({"unit": "score"}, "other_edition"),
        ({"series": "CC.SC"}, "other_series"),
        ({"source": "owid"}, "other_series"),
        ({"value": None, "status": "missing"}, "missing_value"),
        ({"value": None, "status": "censored"}, "censored_value"),
    ],
)
def test_figures_that_do_not_compare_give_no_number(later, reason):
    found = measure_change(*pair({}, later))
    assert (found.difference, found.z, found.detectable, found.reason) == (None, None, None, reason)


def test_a_method_break_between_the_years_is_refused_and_one_at_the_first_year_is_not():
    assert measure_change(*pair({}, {}), breaks=(2018,)).reason == "series_break"
    assert measure_change(*pair({}, {}), breaks=(2015,)).reason == "error_unknown"


def test_without_errors_the_difference_is_given_but_not_judged():
    found = measure_change(*pair({"value": 60.0}, {"value": 72.0}))
    assert (found.difference, found.detectable, found.reason) == (12.0, None, "error_unknown")


def test_where_only_a_90_per_cent_interval_is_published_a_change_is_judged_by_it():
    first = {"value": 50.0, "lower": 43.42, "upper": 56.58, "interval_level": 90.0}
    later = {"value": 60.0, "lower": 53.42, "upper": 66.58, "interval_level": 90.0}
    found = measure_change(*pair(first, later))
    assert (found.std_error, found.detectable) == (pytest.approx(32**0.5), True)
    nearer = later | {"value": 59.0, "lower": 52.42, "upper": 65.58}
    assert measure_change(*pair(first, nearer)).reason == "change_within_error"


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 2), st.floats(0, 2))
def test_turning_time_round_turns_the_sign_only(v1, v2, s1, s2):
    there = measure_change(*pair({"value": v1, "std_error": s1}, {"value": v2, "std_error": s2}))
    back = measure_change(*pair({"value": v2, "std_error": s2}, {"value": v1, "std_error": s1}))
    assert there.difference == -back.difference
    assert there.detectable is back.detectable


@pytest.mark.parametrize(
    ("difference", "errors", "z", "reason"),
    [
        (8.23, (3.0, 4.0), 1.646, ""), (-8.23, (3.0, 4.0), -1.646, ""),
        (8.22, (3.0, 4.0), 1.644, "change_within_error"),
        (0.1, (0.0, 0.0), None, ""), (0.0, (0.0, 0.0), None, "change_within_error"),
        (9.0, (3.0, None), None, "error_unknown"), (9.0, (None, 3.0), None, "error_unknown"),
    ],
)  # fmt: skip
def test_a_change_is_one_beyond_1645_errors_of_both(difference, errors, z, reason):
    first, second = errors
    found = measure_change(*pair({"value": 1.0, "std_error": first}, {"value": 1.0 + difference, "std_error": second}))
    assert (found.difference, found.reason) == (pytest.approx(difference), reason)
    assert found.z == (z and pytest.approx(z))
    assert found.detectable is (None if None in errors else reason == "")
    assert not found.is_refused


@pytest.mark.parametrize(
    ("first", "second", "how", "reason"),
    [
        ({"status": "censored", "value": None}, {}, {}, "censored_value"), ({"value": None}, {}, {}, "missing_value"),
        ({}, {}, {"breaks": (2023,)}, "series_break"), ({}, {}, {"breaks": (2016, 2030)}, "series_break"),
        ({}, {}, {"breaks": (2015, 2024)}, "error_unknown"),
        ({}, {"country": "GEO"}, {}, "other_series"), ({}, {"dimensions": "x"}, {}, "other_series"),
    ],
)  # fmt: skip
def test_what_stands_between_two_figures(first, second, how, reason):
    assert measure_change(*pair(first, second), **how).reason == reason
