"""Scores, gaps, colours, arrows and symbols on their edges, by hand."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.measures.progress.declared import build_declarations
from dashboard.analysis.measures.progress.methods.escap import classify_gap, measure_anticipated_gap
from dashboard.analysis.measures.progress.methods.sdsn import choose_arrow, choose_colour
from dashboard.analysis.measures.progress.panel import RULES, assess_progress
from tests.analysis.measures.series import NONE, Points, asked, rows_of, value_of


@pytest.mark.parametrize(
    ("points", "score", "reason"),
    [
        ({2015: 50.0, 2023: 80.0}, 10.0, "latest_meets_target"),
        ({2015: 80.0, 2023: 85.0}, None, "target_met_at_base_no_rate"),
        ({2015: 80.0, 2023: 79.0}, None, None), ({2015: 50.0, 2023: 65.0}, 5.0, None),
        ({2015: 50.0, 2023: 35.0}, -5.0, None),
    ],
)  # fmt: skip
def test_the_current_status_is_ten_on_the_target_and_none_where_the_way_began_there(
    points: Points, score: float | None, reason: str | None
) -> None:
    found = asked("escap", points, target=80.0)
    assert (found["score"], found["reason"]) == (score, reason)
    rated = score is not None and score < 10
    assert found["required"] == (2.0 if rated else None)  # 30 points in 15 years
    assert (found["gap"] is not None) == rated


def test_a_target_met_at_the_base_and_kept_leaves_no_gap() -> None:
    gap = measure_anticipated_gap(pl.lit(100.0), pl.lit(100.0), pl.lit(100.0), pl.lit(1.0))
    assert pl.select(gap).item() == 0


@pytest.mark.parametrize(
    ("gap", "name"), [(10.0, "maintain"), (10.1, "accelerate"), (100.0, "accelerate"), (100.1, "reverse")]
)
def test_classes_of_the_anticipated_gap(gap: float, name: str) -> None:
    assert value_of(classify_gap(pl.lit(gap), RULES)) == name


@pytest.mark.parametrize(
    ("a_year", "symbol", "missed"),
    [(10.0, "sun", 0.0), (11.0, "sun", 0.0), (9.5, "sun", 0.05), (9.4, "sun_cloud", 0.06), (8.0, "sun_cloud", 0.2),
     (7.9, "cloud", 0.21), (0.1, "cloud", 0.99), (0.0, "thunderstorm", 1.0), (-1.0, "thunderstorm", 1.1)],
)  # fmt: skip
def test_the_weather_of_the_last_five_changes(a_year: float, symbol: str, missed: float) -> None:
    """Fifty of a hundred in 2025, five years before the target year; what was before 2020 does not count."""
    line: Points = {2017: 90.0, 2019: 1.0} | {2020 + at: 50.0 - (5 - at) * a_year for at in (0, 2, 3, 5)}
    found = asked("weather", line, target=100.0)
    assert (found["status"], found["gap"]) == (symbol, pytest.approx(missed))
    assert (found["observed"], found["required"], found["rate_unit"]) == (pytest.approx(a_year), 10.0, "units")
    assert found["projection"] == pytest.approx(50 + 5 * a_year)
    few = {year: value for year, value in line.items() if year != 2022}
    assert (asked("weather", few, target=100.0)["status"], asked("weather", few, target=100.0)["reason"]) == (
        None, "too_few_points",
    )  # fmt: skip


def test_in_the_target_year_nothing_is_left_to_be_done() -> None:
    line: Points = {2026 + at: 50.0 + at for at in range(5)}
    found = asked("weather", line, None, target=100.0)
    assert (found["status"], found["projection"], found["required"], found["gap"]) == ("cloud", 54.0, None, 1.0)
    beyond = asked("unsd_2026", {2015: 50.0, 2031: 60.0}, None, target=100.0)
    assert (beyond["projection"], beyond["ratio"]) == (pytest.approx(60), pytest.approx(0.2))


@pytest.mark.parametrize(("countries", "score"), [(10, 10 / 3.0276503540974917), (9, None)])
def test_the_spread_is_that_of_ten_countries_or_of_none(countries: int, score: float | None) -> None:
    """The standard deviation of 1 to 10 is √(55/6)."""
    rows = pl.concat([rows_of({2023: float(at + 1)}, f"C{at}") for at in range(countries)])
    told = build_declarations([{"indicator": "x", "direction": "higher", "target": 11.0}])
    found = assess_progress(rows, told, methods=("oecd",)).row(0, named=True)
    assert found["score"] == (score and pytest.approx(score))
    assert (found["reason"], found["spread"] is None) == ((None, False) if score else ("no_spread", True))
    claim = rows_of({2023: 500.0}, "CLM").with_columns(claim=pl.lit(value=True))
    beside = assess_progress(pl.concat([rows, claim], how="diagonal"), told, methods=("oecd",))
    assert beside.filter(pl.col("country") == "C0")["spread"].to_list() == [found["spread"]], "a claim moves no status"
    same = rows.with_columns(value=pl.lit(5.0))
    assert assess_progress(same, told, methods=("oecd",))["reason"][0] == "no_spread"
    assert assess_progress(same.with_columns(value=pl.lit(11.0)), told, methods=("oecd",))["status"][0] == "target_met"


@pytest.mark.parametrize(
    ("value", "declared", "told"),
    [(79.9, {}, "small_distance"), (80.0, {}, "target_met"), (None, {}, "too_few_points"),
     (50.0, {"target": None}, "no_target"),
     (0.0, {"yes_no": True, "target": 1.0}, "yes_no_no_rate"), (1.0, {"yes_no": True, "target": 1.0}, "target_met"),
     (81.0, {"direction": "centre", "centre": 80.0, "band": 1.0}, "target_met"),
     (78.9, {"direction": "centre", "centre": 80.0, "band": 1.0}, "small_distance"),
     (96.1, {"direction": "centre", "centre": 80.0, "band": 1.0}, "large_distance")],
)  # fmt: skip
def test_a_distance_ends_on_the_target_and_in_the_band_around_a_centre(
    value: float | None, declared: dict[str, Any], told: str
) -> None:
    found = asked("oecd", {2023: value}, **({"target": 80.0, "spread": 8.0} | declared))
    assert (found["status"] or found["reason"]) == told


@pytest.mark.parametrize(
    ("score", "shade"),
    [(0.0, "red"), (39.9, "red"), (40.0, "orange"), (59.9, "orange"), (60.0, "yellow"), (79.9, "yellow"),
     (80.0, "green"), (100.0, "green")],
)  # fmt: skip
def test_a_colour_begins_on_its_threshold(score: float, shade: str) -> None:
    red, green = pl.lit(40.0), pl.lit(80.0)
    assert value_of(choose_colour(pl.lit(score), red, green)) == shade
    assert [value_of(choose_colour(*one)) for one in ((NONE, red, green), (red, NONE, green), (red, red, NONE))] == [
        None
    ] * 3


@pytest.mark.parametrize(
    ("first", "last", "trend"),
    [
        (80.0, 80.0, "maintaining"), (79.0, 80.0, "on_track"), (80.0, 79.0, "decreasing"), (90.0, 85.0, "maintaining"),
        (50.0, 66.0, "on_track"), (50.0, 65.9, "moderately_improving"), (50.0, 58.1, "moderately_improving"),
        (50.0, 58.0, "stagnating"), (50.0, 50.0, "stagnating"), (50.0, 49.9, "decreasing"),
    ],
)  # fmt: skip
def test_arrows_on_their_edges(first: float, last: float, trend: str) -> None:
    """Eight years; from 50 to 80 in fifteen are two points a year, of which half is one."""
    assert value_of(choose_arrow(pl.lit(first), pl.lit(last), pl.lit(80.0), pl.lit(8.0), RULES)) == trend
    found = asked(
        "sdsn", {2015: first, 2023: last}, sdsn_lower=0.0, sdsn_red=40.0, sdsn_green=80.0, sdsn_optimum=100.0
    )  # fmt: skip
    needed = pytest.approx((80 - first) / 15) if first < 80 else None
    assert (found["trend"], found["observed"], found["required"]) == (trend, pytest.approx((last - first) / 8), needed)
    assert (found["base_score"], found["score"], found["rate_unit"]) == (
        pytest.approx(first),
        pytest.approx(last),
        "score",
    )


def test_a_colour_needs_one_figure_and_bounds_and_an_arrow_two_figures() -> None:
    bounds = {"sdsn_lower": 0.0, "sdsn_red": 40.0, "sdsn_green": 80.0, "sdsn_optimum": 100.0}
    one, unbound = asked("sdsn", {2023: 120.0}, **bounds), asked("sdsn", {2015: 1.0, 2023: 50.0})
    assert (one["status"], one["score"], one["trend"], one["trend_reason"]) == ("green", 100.0, None, "too_few_points")
    assert (unbound["status"], unbound["reason"], unbound["trend"]) == (None, "no_bounds", None)


@pytest.mark.parametrize(
    ("ratio", "level", "score", "of_statcan"),
    [
        (-0.5, "regression", 0.0, -5 * 11 / 12), (-0.25, "regression", 0.5, -5 * 8.5 / 12),
        (0.05, "stagnation", 1.5, -5 * 5.5 / 12),
        (0.09, "stagnation", 1.9, -2.125), (0.11, "marginal", 2.025, -5 * 4.9 / 12), (0.3, "marginal", 2.5, -1.25),
        (0.725, "moderate", 3.5, 5 * 0.125 / 0.7), (0.94, "moderate", 3 + 44 / 45, 5 * 0.34 / 0.7),
        (0.96, "on_track", 4 + 1 / 55, 5 * 0.36 / 0.7), (1.225, "on_track", 4.5, 5 * 0.625 / 0.7),
    ],
)  # fmt: skip
def test_scores_by_the_ratio_are_linear_between_the_published_points(
    ratio: float, level: str, score: float, of_statcan: float
) -> None:
    """Ten years of 2 % a year, or of −1 %: the target is put where the ratio is the one asked for."""
    growth = 0.02 if ratio > 0 else -0.01
    line: Points = {2015: 100.0, 2025: 100 * (1 + growth) ** 10}
    found = asked("unsd_2026", line, target=100 + 100 * ((1 + growth) ** 15 - 1) / ratio)
    assert (found["status"], found["score"], found["ratio"]) == (level, pytest.approx(score), pytest.approx(ratio))
    found = asked("statcan", line, target=100 * (1 + growth / ratio) ** 15)
    assert (found["score"], found["ratio"]) == (pytest.approx(of_statcan), pytest.approx(ratio))
    assert (found["observed"], found["required"]) == (pytest.approx(growth), pytest.approx(growth / ratio))


@pytest.mark.parametrize(
    ("growth", "score", "of_statcan"),
    [
        (-0.06, 0.0, -5.0), (-0.025, 0.5, -5.0), (-0.01, 0.8, -3.75), (0.0025, 1.5, -1.25), (0.005, 2.0, 0.0),
        (0.01, 2 + 2 / 3, 1.25),
        (0.0125, 3.0, 1.875), (0.0175, 3 + 2 / 3, 3.75), (0.02, 4.0, 5.0), (0.035, 4.5, 5.0), (0.06, 5.0, 5.0),
    ],
)  # fmt: skip
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_scores_without_a_target_are_those_of_growth_in_the_wanted_direction(
    growth: float, score: float, of_statcan: float, direction: str
) -> None:
    line: Points = {2015: 100.0, 2025: 100 * (1 + (growth if direction == "higher" else -growth)) ** 10}
    found = [asked(method, line, direction=direction)["score"] for method in ("unsd_2026", "statcan")]
    assert found == pytest.approx([score, of_statcan], abs=1e-6)


LINES = st.dictionaries(st.integers(2013, 2026), st.floats(-50, 150), min_size=4, max_size=12)


@settings(max_examples=15, deadline=None)
@given(LINES.filter(lambda line: sum(year >= 2015 for year in line) > 1), st.sampled_from(["higher", "centre"]))
def test_the_weighted_line_is_that_of_a_library(line: Points, direction: str) -> None:
    """Least squares by numpy, weights 1 in the first year since 2015 and one more with each year after it."""
    since = {year: abs(value - 300) if direction == "centre" else value for year, value in line.items() if year >= 2015}
    weights = [(year - min(since) + 1) ** 0.5 for year in since]
    slope, level = np.polyfit([year - 2030 for year in since], list(since.values()), 1, w=weights)
    found = asked("escap", line, None, direction=direction, centre=300.0, target=1000.0)
    assert found["observed"] == pytest.approx(slope, abs=1e-6)
    assert found["projection"] == pytest.approx(max(level, 0) if direction == "centre" else level, abs=1e-5)
    assert found["points"] == len(since)
