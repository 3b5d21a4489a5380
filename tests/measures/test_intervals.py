"""Intervals come from published standard errors, and only from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures.intervals import interval_90, se_90

ESTIMATES = st.floats(-5, 5)
ERRORS = st.floats(0, 3)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_governance_indicators_intervals(vectors, number):
    vector = vectors[f"integrity.wgi.change.{number}"]
    pairs = zip(vector["inputs"]["est"], vector["inputs"]["se"], strict=True)
    assert [interval_90(e, s) for e, s in pairs] == [
        pytest.approx(bounds, abs=vector["tolerance"]) for bounds in vector["expected"]["interval_90"]
    ]


def test_the_corruption_index_interval(vectors):
    vector = vectors["integrity.cpi"]
    expected = vector["expected"]
    assert interval_90(expected["score"], expected["se"]) == pytest.approx(expected["ci_90"], abs=vector["tolerance"])


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
    )
    filled = se_90(rows).select("lower", "upper", "interval_level").rows()
    assert filled[0] == pytest.approx((0.8355, 1.1645, 90.0))
    assert filled[1] == (None, None, None)
    assert filled[2] == (None, None, None)
    assert filled[3] == (0.5, 1.5, 95.0)
    assert se_90(rows.lazy()).collect().equals(se_90(rows))


@given(ESTIMATES, ERRORS)
def test_the_interval_is_around_the_estimate(value, error):
    lower, upper = interval_90(value, error)
    assert lower <= value <= upper
    assert upper - value == pytest.approx(value - lower)
