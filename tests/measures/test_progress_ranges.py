"""A projection has a range only where the line has enough figures to show how it wavers."""

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.measures.progress import declarations, ranges

TOLD = declarations([{"indicator": "x", "direction": "higher", "low": 0.0, "high": 100.0}])
FREE = declarations([{"indicator": "x", "direction": "higher"}])


def panel(line: dict[int, float | None]) -> pl.DataFrame:
    rows = [{"indicator": "x", "country": "AAA", "year": year, "value": value} for year, value in line.items()]
    return pl.DataFrame(
        rows, schema={"indicator": pl.String, "country": pl.String, "year": pl.Int32, "value": pl.Float64}
    )


def test_three_figures_and_figures_before_2015_give_no_range() -> None:
    line = {2010: 1.0, 2012: 2.0, 2015: 10.0, 2017: 11.0, 2019: 12.0, 2020: None}
    assert ranges(panel(line), TOLD).is_empty()
    assert ranges(panel({**line, 2021: 13.0}), TOLD).height == 1


def test_steady_growth_goes_on_without_a_range() -> None:
    (found,) = ranges(panel({year: 10 * 1.05 ** (year - 2015) for year in range(2015, 2023)}), FREE).to_dicts()
    assert found["fit"] == "growth"
    for name in ("low", "middle", "high"):
        assert found[name] == pytest.approx(10 * 1.05**15, rel=1e-6)


def test_a_scale_with_negative_values_is_fitted_by_a_straight_line() -> None:
    (found,) = ranges(panel({2015: -1.0, 2017: -0.8, 2019: -0.6, 2021: -0.4}), FREE).to_dicts()
    assert found["fit"] == "linear"
    assert found["middle"] == pytest.approx(0.5)
    scale = declarations([{"indicator": "x", "low": -2.5}])
    (positive,) = ranges(panel({2015: 0.1, 2017: 0.2, 2019: 0.3, 2021: 0.4}), scale).to_dicts()
    assert positive["fit"] == "linear"


def test_the_interval_is_the_textbooks() -> None:
    """y = 1, 3, 2, 4 at 2015 … 2018 with a straight line: slope 0.8, s = √0.9, t(2) = 2.920."""
    (found,) = ranges(panel({2015: 1.0 - 5, 2016: 3.0 - 5, 2017: 2.0 - 5, 2018: 4.0 - 5}), FREE).to_dicts()
    middle = 2.5 - 5 + 0.8 * 13.5
    reach = 2.920 * math.sqrt(0.9) * math.sqrt(1 + 1 / 4 + 13.5**2 / 5)
    assert [found["low"], found["middle"], found["high"]] == pytest.approx([middle - reach, middle, middle + reach])


def test_a_share_near_the_end_of_its_scale_keeps_a_range_inside_it() -> None:
    (found,) = ranges(panel({2016: 90.0, 2018: 94.0, 2020: 95.0, 2022: 97.5, 2024: 98.0}), TOLD).to_dicts()
    assert found["fit"] == "logit"
    assert 98 < found["low"] < found["middle"] < found["high"] < 100


def test_a_line_whose_whole_range_leaves_the_scale_has_none() -> None:
    assert ranges(panel({2015: 70.0, 2016: 80.0, 2017: 90.0, 2018: 100.0}), TOLD).is_empty()


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.integers(2015, 2025), st.floats(0.0, 100.0), min_size=4, max_size=11))
def test_a_range_holds_its_middle_and_stays_inside_the_scale(line: dict[int, float]) -> None:
    for found in ranges(panel(dict(line)), TOLD).to_dicts():
        assert 0 <= found["low"] <= found["middle"] <= found["high"] <= 100
