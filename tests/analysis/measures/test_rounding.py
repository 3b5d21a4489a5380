"""Figures are rounded once, half away from zero, and never onto a bound that was not reached."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.measures.rounding import (
    choose_decimals,
    count_published_decimals,
    round_for_print,
    round_half_away,
)
from tests.reference import Vector, agree, reproduces


@reproduces("comparison", "half_up_display_rounding")
def test_halves_go_away_from_zero_as_the_method_says(vector: Vector) -> None:
    values, decimals = vector["inputs"]["values"], vector["inputs"]["decimals"]
    agree(vector, {"display": [str(round_half_away(v, d)) for v, d in zip(values, decimals, strict=True)]})


@reproduces("comparison", "no_rounding_onto_a_bound")
def test_a_share_below_one_is_never_shown_as_100_per_cent(vector: Vector) -> None:
    inputs = vector["inputs"]
    share = round_for_print(Decimal(100) * inputs["k"] / inputs["n"], inputs["decimals"], "percent")
    agree(vector, {"display": f"{share.sign} {share.value} %"})


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "expected"),
    [
        (0.4, 0, "percent", "<1"),
        (0.04, 1, "percent", "<0.1"),
        (99.96, 1, "percent", ">99.9"),
        (100, 0, "percent", "100"),
        (0, 1, "percent", "0.0"),
        (99.96, 1, "index", "100.0"),
        (-0.4, 0, "percent", "0"),
        (103.2, 0, "percent", "103"),
    ],
)
def test_bounds_of_a_percentage(value, decimals, unit, expected):
    result = round_for_print(value, decimals, unit)
    assert f"{result.sign}{result.value}" == expected


def test_minus_zero_is_zero():
    assert str(round_half_away(-0.001, 1)) == "0.0"


def test_missing_is_refused_not_rounded():
    with pytest.raises(ValueError, match="missing"):
        round_half_away(float("nan"), 1)


def test_a_wide_error_takes_the_decimals_from_a_percentage_only():
    assert choose_decimals(1, "percent", 2.4) == 0
    assert choose_decimals(1, "percent", 2.0) == 1
    assert choose_decimals(1, "percent", None) == 1
    assert choose_decimals(2, "index", 2.4) == 2


@pytest.mark.parametrize(("text", "decimals"), [("62.45", 2), ("<2.5", 1), ("18", 0), ("7e-3", 3), ("", 0), ("NaN", 0)])
def test_decimals_as_published(text, decimals):
    assert count_published_decimals(text) == decimals


@given(st.decimals(-1000, 1000, places=4), st.integers(0, 3))
def test_rounding_moves_a_figure_by_half_a_step_at_most_and_keeps_signs_symmetric(value, decimals):
    rounded = round_half_away(value, decimals)
    assert abs(rounded - value) <= Decimal(1).scaleb(-decimals) / 2
    assert round_half_away(-value, decimals) == -rounded
    assert round_half_away(rounded, decimals) == rounded


@given(st.floats(0, 100, exclude_min=True, exclude_max=True), st.integers(0, 2))
def test_an_open_percentage_never_prints_as_0_or_100(value, decimals):
    result = round_for_print(value, decimals, "percent")
    assert 0 < result.value < 100


@pytest.mark.parametrize(
    ("text", "decimals"),
    [("1e3", 0), ("1.50", 2), ("≥ 1,234.5", 1), ("Infinity", 0), (" 7.25 ", 2), ("1.5e1", 0), ("1.25e1", 1)],
)
def test_decimals_as_written(text, decimals):
    assert count_published_decimals(text) == decimals


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (62.45, 1, "62.5"),
        (-0.05, 1, "-0.1"),
        (-0.04, 1, "0.0"),
        (1250, -2, "1.3E+3"),
        ("0.005", 2, "0.01"),
    ],
)
def test_a_half_goes_away_from_zero(value, decimals, expected):
    assert str(round_half_away(value, decimals)) == expected
