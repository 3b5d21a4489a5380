"""A projection has a range only where the line has enough figures to show how it wavers."""

import math
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.measures.progress.declared import build_declarations
from dashboard.analysis.measures.progress.ranges import project_ranges

TOLD = build_declarations([{"indicator": "x", "direction": "higher", "low": 0.0, "high": 100.0}])
FREE = build_declarations([{"indicator": "x", "direction": "higher"}])


def panel(line: dict[int, float | None]) -> pl.DataFrame:
    rows = [{"indicator": "x", "country": "AAA", "year": year, "value": value} for year, value in line.items()]
    return pl.DataFrame(
        rows, schema={"indicator": pl.String, "country": pl.String, "year": pl.Int32, "value": pl.Float64}
    )


def test_three_figures_and_figures_before_2015_give_no_range() -> None:
    line = {2010: 1.0, 2012: 2.0, 2015: 10.0, 2017: 11.0, 2019: 12.0, 2020: None}
    assert project_ranges(panel(line), TOLD).is_empty()
    assert project_ranges(panel({**line, 2021: 13.0}), TOLD).height == 1


def test_steady_growth_goes_on_without_a_range() -> None:
    (found,) = project_ranges(panel({year: 10 * 1.05 ** (year - 2015) for year in range(2015, 2023)}), FREE).to_dicts()
    assert found["fit"] == "growth"
    for name in ("low", "middle", "high"):
        assert found[name] == pytest.approx(10 * 1.05**15, rel=1e-6)


def test_a_scale_with_negative_values_is_fitted_by_a_straight_line() -> None:
    (found,) = project_ranges(panel({2015: -1.0, 2017: -0.8, 2019: -0.6, 2021: -0.4}), FREE).to_dicts()
    assert (found["fit"], found["middle"]) == ("linear", pytest.approx(0.5))
    scale = build_declarations([{"indicator": "x", "low": -2.5}])
    (positive,) = project_ranges(panel({2015: 0.1, 2017: 0.2, 2019: 0.3, 2021: 0.4}), scale).to_dicts()
    assert positive["fit"] == "linear"


def test_the_interval_is_the_textbooks() -> None:
    """y = 1, 3, 2, 4 at 2015 … 2018 with a straight line: slope 0.8, s = √0.9, t(2) = 2.920."""
    (found,) = project_ranges(panel({2015: 1.0 - 5, 2016: 3.0 - 5, 2017: 2.0 - 5, 2018: 4.0 - 5}), FREE).to_dicts()
    middle = 2.5 - 5 + 0.8 * 13.5
    reach = 2.920 * math.sqrt(0.9) * math.sqrt(1 + 1 / 4 + 13.5**2 / 5)
    assert [found["low"], found["middle"], found["high"]] == pytest.approx([middle - reach, middle, middle + reach])


def test_a_share_near_the_end_of_its_scale_keeps_a_range_inside_it() -> None:
    (found,) = project_ranges(panel({2016: 90.0, 2018: 94.0, 2020: 95.0, 2022: 97.5, 2024: 98.0}), TOLD).to_dicts()
    assert found["fit"] == "logit"
    assert 98 < found["low"] < found["middle"] < found["high"] < 100


def test_a_line_whose_whole_range_leaves_the_scale_has_none() -> None:
    assert project_ranges(panel({2015: 70.0, 2016: 80.0, 2017: 90.0, 2018: 100.0}), TOLD).is_empty()


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.integers(2015, 2025), st.floats(0.0, 100.0), min_size=4, max_size=11))
def test_a_range_holds_its_middle_and_stays_inside_the_scale(line: dict[int, float]) -> None:
    for found in project_ranges(panel(dict(line)), TOLD).to_dicts():
        assert 0 <= found["low"] <= found["middle"] <= found["high"] <= 100


def judged(line: dict[int, float | None], told: pl.DataFrame = FREE, as_of: int | None = None) -> dict[str, Any]:
    (found,) = project_ranges(panel(line), told, as_of=as_of).to_dicts()
    return found


@pytest.mark.parametrize(("figures", "t"), [(4, 2.920), (6, 2.132), (17, 1.753), (25, 1.753)])
def test_growth_and_shares_are_fitted_on_their_own_scales(figures: int, t: float) -> None:
    """The textbook's interval again, of logarithms and of logits: y goes up and down around a line by a tenth."""
    years = [2015 + at for at in range(figures)]
    y = [0.2 + 0.05 * at + 0.1 * (-1) ** at for at in range(figures)]
    x = [year - 2030 for year in years]
    mean_x, mean_y = sum(x) / figures, sum(y) / figures
    sxx = sum((one - mean_x) ** 2 for one in x)
    slope = sum((one - mean_x) * (value - mean_y) for one, value in zip(x, y, strict=True)) / sxx
    middle = mean_y - slope * mean_x
    residual = sum((value - middle - slope * one) ** 2 for one, value in zip(x, y, strict=True))
    reach = t * math.sqrt(residual / (figures - 2) * (1 + 1 / figures + mean_x**2 / sxx))
    ends = (middle - reach, middle, middle + reach)
    found = judged({year: math.exp(one) for year, one in zip(years, y, strict=True)})
    assert (found["fit"], found["n"]) == ("growth", figures)
    assert [found[name] for name in ("low", "middle", "high")] == pytest.approx([math.exp(one) for one in ends])
    scale = build_declarations([{"indicator": "x", "low": 10.0, "high": 30.0}])
    found = judged({year: 10 + 20 / (1 + math.exp(-one)) for year, one in zip(years, y, strict=True)}, scale)
    assert found["fit"] == "logit"
    assert [found[name] for name in ("low", "middle", "high")] == pytest.approx(
        [10 + 20 / (1 + math.exp(-one)) for one in ends]
    )


@pytest.mark.parametrize(
    ("line", "told", "fit"),
    [
        ((0.0, 1.0, 2.0, 4.0), {}, "linear"), ((1.0, 1.0, 2.0, 4.0), {}, "growth"),
        ((1.0, 1.0, 2.0, 4.0), {"low": 0.0}, "growth"),
        ((1.0, 1.0, 2.0, 4.0), {"low": -1.0}, "linear"), ((0.0, 1.0, 2.0, 0.5), {"low": 0.0, "high": 10.0}, "linear"),
        ((1.0, 1.0, 2.0, 10.0), {"low": 0.0, "high": 10.0}, "linear"),
        ((1.0, 1.0, 2.0, 9.9), {"low": 0.0, "high": 10.0}, "logit"),
        ((-1.0, 1.0, 2.0, 4.0), {"low": -5.0, "high": 5.0}, "logit"),
    ],
)  # fmt: skip
def test_the_scale_and_the_figures_choose_what_is_fitted(
    line: tuple[float, ...], told: dict[str, float], fit: str
) -> None:
    figures = dict(enumerate(line, start=2015))
    assert judged(figures, build_declarations([{"indicator": "x"} | told]))["fit"] == fit


def test_figures_after_the_year_asked_for_are_not_looked_at() -> None:
    line = {2015 + at: 10.0 + at + at % 2 for at in range(6)}
    cut = {year: value for year, value in line.items() if year <= 2019}
    assert judged(line, as_of=2019) == judged(cut) != judged(line)
    assert project_ranges(panel(line), FREE, as_of=2017).is_empty()


@pytest.mark.parametrize(("slope", "height"), [(6.0, 0), (-6.0, 0), (0.5, 1)])
def test_a_straight_line_beyond_either_end_has_no_range_and_one_inside_has(slope: float, height: int) -> None:
    """Steady from 0 or from 100: in 2030 a slope of six a year is at an end of the scale, one of a half is not."""
    start = 0.0 if slope > 0 else 100.0
    found = project_ranges(panel({2015 + at: start + slope * at * 1.2 for at in range(4)}), TOLD)
    assert found.height == height
