"""On an edge, one step beside it, and without a target: which side a reader is told, by hand."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.measures.progress import RULES, MethodId, declarations, progress
from dashboard.measures.progress.methods.escap import anticipated_gap, gap_class
from dashboard.measures.progress.methods.sdsn import arrow, colour, goal_colours, rescaled
from dashboard.measures.progress.methods.unsd import three
from dashboard.measures.progress.steps import bands, interpolated

NONE = pl.lit(None, pl.Float64)
PERCENT = {"low": 0.0, "high": 100.0}
Points = dict[int, float | None]


def rows_of(points: Points, country: str = "AAA", **columns: Any) -> pl.DataFrame:
    told = [{"indicator": "x", "country": country, "year": year, "value": value} for year, value in points.items()]
    frame = pl.DataFrame(told, schema={"indicator": pl.String, "country": pl.String, "year": pl.Int32, "value": float})
    return frame.with_columns(**{name: pl.Series(values) for name, values in columns.items()})


def asked(method: MethodId, points: Points, as_of: int | None = 2025, **declared: Any) -> dict[str, Any]:
    told = declarations([{"indicator": "x", "direction": "higher"} | declared])
    return progress(rows_of(points), told, methods=(method,), as_of=as_of).row(0, named=True)


def value_of(expression: pl.Expr) -> Any:
    return pl.select(expression.alias("x")).item()


def test_an_edge_belongs_to_the_better_band_and_no_number_to_none() -> None:
    cuts = [(2.0, "good"), (1.0, "fair")]
    found = [value_of(bands(pl.lit(one), cuts, "poor")) for one in (2.0, 1.999, 1.0, 0.999)]
    assert found == ["good", "fair", "fair", "poor"]
    assert value_of(bands(NONE, cuts, "poor")) is None
    knots = [(-1.0, -5.0), (0.0, 0.0), (4.0, 2.0)]
    scores = [value_of(interpolated(pl.lit(one), knots)) for one in (-9.0, -0.5, 0.0, 1.0, 4.0, 99.0)]
    assert scores == [-5.0, -2.5, 0.0, 0.5, 2.0, 2.0]


@pytest.mark.parametrize(
    ("ratio", "growth", "level"),
    [
        (0.95, None, "on_track_or_met"), (0.94, None, "fair_progress_acceleration_needed"),
        (0.1, None, "fair_progress_acceleration_needed"), (0.09, 0.5, "stagnation_or_regression"),
        (None, 0.02, "on_track_or_met"), (None, 0.019, "fair_progress_acceleration_needed"),
        (None, 0.005, "fair_progress_acceleration_needed"), (None, 0.0049, "stagnation_or_regression"),
    ],
)  # fmt: skip
def test_three_levels_of_a_ratio_or_else_of_growth(ratio: float | None, growth: float | None, level: str) -> None:
    assert value_of(three(pl.lit(ratio, pl.Float64), pl.lit(growth, pl.Float64), RULES)) == level


@pytest.mark.parametrize(
    ("points", "as_of", "warnings"),
    [
        ({2015: 1.0, 2018: 2.0}, 2023, []),  # three years apart, five years old
        ({2015: 1.0, 2018: 2.0}, 2024, ["old_latest"]),
        ({2015: 1.0, 2017: 2.0}, 2020, ["short_span"]),
        ({2018: 1.0, 2022: 2.0}, 2025, []),
        ({2019: 1.0, 2022: 2.0}, 2025, ["late_base"]),
        ({2016: 1.0}, 2016, []),  # one figure spans nothing
        ({2015: 1.0, 2017: 2.0}, None, ["short_span"]),
    ],
)
def test_care_is_called_for_beyond_an_edge_and_not_on_it(points: Points, as_of: int, warnings: list[str]) -> None:
    assert asked("unsd_2026", points, as_of)["warnings"] == warnings


def test_only_figures_up_to_the_year_asked_for_are_looked_at() -> None:
    points: Points = {2014: 1.0, 2015: 2.0, 2020: 4.0, 2021: 8.0}
    assert [asked("escap", points, as_of, target=9)["latest_value"] for as_of in (2020, 2021, None)] == [4, 8, 8]
    assert asked("escap", points, 2020, target=9)["points"] == 2


@pytest.mark.parametrize(
    ("base", "latest", "declared", "reason"),
    [
        (95.0, 96.0, PERCENT, "near_natural_limit"), (94.9, 96.0, PERCENT, None),
        (96.0, 96.0, PERCENT, "near_natural_limit"),
        (95.0, 94.0, PERCENT, None),  # away from the limit there is room
        (5.0, 4.0, PERCENT | {"direction": "lower"}, "near_natural_limit"),
        (5.1, 4.0, PERCENT | {"direction": "lower"}, None), (5.0, 6.0, PERCENT, None),
        (95.0, 96.0, PERCENT | {"target": 100.0}, None), (95.0, 96.0, {"high": 100.0}, None),
        (14.5, 14.6, {"low": 5.0, "high": 15.0}, "near_natural_limit"),
        (14.4, 14.6, {"low": 5.0, "high": 15.0}, None),
    ],
)  # fmt: skip
def test_within_a_twentieth_of_the_scale_of_its_limit_there_is_no_room_to_grow(
    base: float, latest: float, declared: dict[str, Any], reason: str | None
) -> None:
    for method in ("unsd_2026", "unsd_2023", "eurostat"):
        found = asked(method, {2015: base, 2023: latest}, **declared)
        assert (found["reason"], found["rate_unit"]) == (reason, None if reason else "growth")
        assert (found["observed"] is None, found["projection"] is None) == (reason is not None,) * 2


@pytest.mark.parametrize(
    ("points", "declared", "reason"),
    [
        ({2015: 0.0, 2023: 4.0}, {}, "growth_undefined_zero"), ({2015: 4.0, 2023: 0.0}, {}, "growth_undefined_zero"),
        ({2015: -1.0, 2023: 1.0}, {}, "growth_undefined_sign_change"),
        ({2015: -2.0, 2023: -1.0}, {}, "growth_undefined_negative_scale"),
        ({2015: 1.0, 2023: 2.0}, {"low": -2.5}, "growth_undefined_negative_scale"),
        ({2015: 1.0, 2023: 2.0}, {"rescaled": True}, "growth_undefined_rescaled"),
        ({2015: 1.0, 2023: 2.0}, {"low": 0.0}, None), ({2015: 1.0, 2023: 2.0},
        {"is_rate": True}, "itself_a_growth_rate"),
        ({2015: 0.0, 2023: 0.0}, {"yes_no": True}, "yes_no_no_rate"),
        ({2015: 1.0, 2023: 2.0}, {"unmodified": True}, "licence_unmodified_only"),
        ({2023: 2.0}, {}, "too_few_points"), ({}, {}, "too_few_points"),
        ({2015: 1.0, 2023: 2.0}, {"direction": "none"}, "no_direction_declared"),
        ({2015: 1.0, 2023: 2.0}, {"direction": "centre"}, "no_direction_declared"),
        ({2015: 1.0, 2023: 2.0}, {"direction": "centre", "centre": 3.0}, "not_monotone_use_distance_to_centre"),
    ],
)  # fmt: skip
def test_growth_is_refused_with_its_reason(points: Points, declared: dict[str, Any], reason: str | None) -> None:
    for method in ("unsd_2026", "unsd_2023", "eurostat", "statcan"):
        found = asked(method, points or {2015: None}, **declared)
        assert (found["reason"], found["status"] is None) == (reason, reason is not None)


@pytest.mark.parametrize(
    ("points", "declared", "states"),
    [
        # unsd_2026, unsd_2023, eurostat, statcan, escap, weather; then reason and score of each
        ({2015: 50.0, 2023: 80.0}, {"target": 80.0},
         ["on_track", "on_track_or_met", *["target_met"] * 4]),
        ({2015: 80.0, 2023: 79.9}, {"target": 80.0},
         ["regression", "stagnation_or_regression", "movement_away", "deterioration", "reverse", "too_few_points"]),
        ({2015: 80.0, 2023: 80.0}, {"target": 80.0}, ["on_track", "on_track_or_met", *["target_met"] * 4]),
        ({2015: 20.0, 2023: 20.1}, {"target": 20.0, "direction": "lower"},
         ["regression", "stagnation_or_regression", "movement_away", "deterioration", "reverse", "too_few_points"]),
        ({2015: 50.0, 2023: 20.0}, {"target": 20.0, "direction": "lower"},
         ["on_track", "on_track_or_met", *["target_met"] * 4]),
        ({2015: 50.0, 2023: 50.0}, {"target": 80.0},
         ["stagnation", "stagnation_or_regression", "insufficient_progress", "limited_progress", "accelerate",
          "too_few_points"]),
        # doubled in ten years: without a target growth alone is judged, 7.2 % a year
        ({2015: 20.0, 2025: 40.0}, {}, ["on_track", "on_track_or_met", "significant_progress", "substantial_progress",
                                        "no_target", "no_target"]),
        ({2015: 40.0, 2025: 20.0}, {}, ["regression", "stagnation_or_regression", "significant_movement_away",
                                        "deterioration", "no_target", "no_target"]),
        # 40 → 20 → 14.14 in 2030: 25.9 of the 30 points are done, a ratio of growth of 0.5
        ({2015: 40.0, 2025: 20.0}, {"target": 10.0, "direction": "lower"},
         ["moderate", "fair_progress_acceleration_needed", "moderate_progress", "moderate_progress", "maintain",
          "too_few_points"]),
    ],
)  # fmt: skip
def test_a_met_a_lost_and_an_open_target(points: Points, declared: dict[str, Any], states: list[str]) -> None:
    methods: tuple[MethodId, ...] = ("unsd_2026", "unsd_2023", "eurostat", "statcan", "escap", "weather")
    found = [asked(method, points, **declared) for method in methods]
    assert [one["status"] or one["reason"] for one in found] == states


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
    gap = anticipated_gap(pl.lit(100.0), pl.lit(100.0), pl.lit(100.0), pl.lit(1.0))
    assert pl.select(gap).item() == 0


@pytest.mark.parametrize(
    ("gap", "name"), [(10.0, "maintain"), (10.1, "accelerate"), (100.0, "accelerate"), (100.1, "reverse")]
)
def test_classes_of_the_anticipated_gap(gap: float, name: str) -> None:
    assert value_of(gap_class(pl.lit(gap), RULES)) == name


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
    told = declarations([{"indicator": "x", "direction": "higher", "target": 11.0}])
    found = progress(rows, told, methods=("oecd",)).row(0, named=True)
    assert found["score"] == (score and pytest.approx(score))
    assert (found["reason"], found["spread"] is None) == ((None, False) if score else ("no_spread", True))
    same = rows.with_columns(value=pl.lit(5.0))
    assert progress(same, told, methods=("oecd",))["reason"][0] == "no_spread"
    assert progress(same.with_columns(value=pl.lit(11.0)), told, methods=("oecd",))["status"][0] == "target_met"


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
    ("score", "shade", "on_three"),
    [(0.0, "red", 0.0), (20.0, "red", 0.5), (39.9, "red", 0.9975), (40.0, "orange", 1.0), (59.9, "orange", 1.4975),
     (60.0, "yellow", 1.5), (79.9, "yellow", 1.9975), (80.0, "green", 2.0), (90.0, "green", 2.5),
     (100.0, "green", 3.0)],
)  # fmt: skip
def test_a_colour_begins_on_its_threshold(score: float, shade: str, on_three: float) -> None:
    red, green = pl.lit(40.0), pl.lit(80.0)
    assert value_of(colour(pl.lit(score), red, green)) == shade
    assert value_of(rescaled(pl.lit(score), red, green, RULES)) == pytest.approx(on_three)
    assert [value_of(colour(*one)) for one in ((NONE, red, green), (red, NONE, green), (red, red, NONE))] == [None] * 3


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
    assert value_of(arrow(pl.lit(first), pl.lit(last), pl.lit(80.0), pl.lit(8.0), RULES)) == trend
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
    ("scores", "shade", "mean"),
    [
        ([30.0, 30.0, 90.0], "red", 0.75), ([0.0, 41.0, 99.0], "orange", 0.5125),  # only both make it red
        ([79.0, 100.0], "yellow", 2.4875), ([80.0, 80.0, 81.0], "green", 2.0),  # only both make it green
        ([60.0, 60.0], "yellow", 1.5), ([59.0, 60.0], "orange", 1.4875), ([79.9996, 79.9996], "green", 2.0),
        ([50.0, None], "orange", 1.25), ([50.0, None, None], "grey", 1.25), ([None], "grey", None),
    ],
)  # fmt: skip
def test_the_two_worst_of_half_the_indicators_colour_a_goal(
    scores: list[float | None], shade: str, mean: float | None
) -> None:
    table = pl.DataFrame({"score": scores}, schema={"score": pl.Float64}).with_columns(
        goal=pl.lit(16), red=pl.lit(40.0), green=pl.lit(80.0)
    )
    found = goal_colours(table, RULES).row(0, named=True)
    assert (found["colour"], found["mean_two_worst"]) == (shade, mean and pytest.approx(mean))
    assert (found["with_data"], found["indicators"]) == (sum(one is not None for one in scores), len(scores))


@pytest.mark.parametrize(
    ("points", "declared", "factor", "told"),
    [
        ({2015: 50.0, 2023: 60.0}, PERCENT, 1 - 0.5**4.44, "substantial_progress"),
        ({2015: 100.0, 2023: 100.5}, PERCENT, None, "near_natural_limit"),
        ({2015: 150.0, 2023: 151.0}, {"high": 100.0}, 1 - 0.5**4.44, "limited_progress"),
        ({2015: 210.0, 2023: 211.0}, {"high": 100.0}, 1.0, "limited_progress"),
        ({2015: 50.0, 2023: 60.0}, {}, None, "substantial_progress"),
        ({2015: 50.0, 2023: 40.0}, PERCENT | {"direction": "lower"}, None, "substantial_progress"),
        ({2015: 99.0, 2023: 99.15}, PERCENT, 1 - 0.99**4.44, "limited_progress"),
        ({2015: 99.0, 2023: 99.2}, PERCENT, 1 - 0.99**4.44, "moderate_progress"),
    ],
)  # fmt: skip
def test_near_a_limit_less_growth_is_as_good(
    points: Points, declared: dict[str, Any], factor: float | None, told: str
) -> None:
    """At 99 of 100 the cut of half a per cent a year shrinks to 0.0218 %: 99 → 99.173 in eight years."""
    found = asked("statcan", points, **declared)
    assert found["factor"] == (factor and pytest.approx(factor))
    assert (found["status"] or found["reason"]) == told


def test_a_target_of_nothing_or_of_the_other_sign_has_no_growth_that_leads_there() -> None:
    falling: Points = {2015: 50.0, 2023: 40.0}
    for target, reason in ((0.0, "growth_undefined_zero"), (-1.0, "growth_undefined_sign_change")):
        for method in ("eurostat", "statcan"):
            found = asked(method, falling, target=target, direction="lower")
            assert (found["status"], found["reason"]) == (None, reason)
        # the share of the way needs none
        found = asked("unsd_2026", falling, target=target, direction="lower")
        onward = 40 * 0.8 ** (7 / 8)
        assert found["ratio"] == pytest.approx((50 - onward) / (50 - target))
        assert (found["projection"], found["required"]) == (pytest.approx(onward), None)


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


@pytest.mark.parametrize(
    ("points", "target", "status"),
    [({2015: 0.0, 2023: 5.0}, 0.0, "regression"), ({2015: 5.0, 2023: 0.0}, 0.0, "on_track"),
     ({2015: 0.0, 2023: 0.0}, 0.0, "on_track"),
     ({2015: -1.0, 2023: 1.0}, 0.5, "regression"), ({2015: 5.0, 2023: 0.0}, -1.0, None)],
)  # fmt: skip
def test_a_met_or_lost_target_needs_no_growth_to_be_called_so(
    points: Points, target: float, status: str | None
) -> None:
    found = asked("unsd_2026", points, target=target, direction="lower")
    assert found["status"] == status
    assert [found[name] for name in ("required", "rate_unit", "observed", "projection")] == [None] * 4
    assert found["reason"] == {"regression": None, "on_track": "latest_meets_target"}.get(
        status or "", "growth_undefined_zero"
    )


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


@pytest.mark.parametrize(
    ("natures", "series", "warnings", "reason"),
    [
        (["C", "CA", "C"], ["s"] * 3, [], None), (["E", "M", "E"], ["s"] * 3, [], None), (["C", "M", "C"],
        ["s"] * 3, ["natures_mixed"], None),
        (["CA", "CA", "E"], ["s"] * 3, ["natures_mixed"], None), (["C", None, "G"], ["s"] * 3, [], None),
        (["C"] * 3, [None, "s", "s"], [], None), (["C"] * 3, ["s", "t", "s"], [], "series_break"),
    ],
)  # fmt: skip
def test_estimates_beside_country_data_are_said_and_another_series_is_a_break(
    natures: list[str | None], series: list[str | None], warnings: list[str], reason: str | None
) -> None:
    rows = rows_of({2015: 1.0, 2020: 2.0, 2024: 3.0}, nature=natures, series=series)
    told = declarations([{"indicator": "x", "direction": "higher"}])
    found = progress(rows, told, methods=("unsd_2026",), as_of=2025).row(0, named=True)
    assert (found["warnings"], found["reason"]) == (warnings, reason)


@pytest.mark.parametrize(
    ("points", "status", "state", "reason"),
    [
        ({2015: None, 2020: None}, ["missing", "missing"], "no_data", "too_few_points"),
        ({2015: None, 2020: None}, ["not_applicable"] * 2, "not_applicable", "too_few_points"),
        ({2015: None, 2020: None}, ["not_applicable", "missing"], "no_data", "too_few_points"),
        ({2010: 1.0, 2020: None}, ["normal", "missing"], "no_assessment", "too_few_points"),
        ({2015: 1.0, 2020: None}, ["normal", "censored"], "no_assessment", "censored_value"),
        ({2015: None, 2020: 2.0}, ["censored", "normal"], "no_assessment", "censored_value"),
        ({2015: float("inf"), 2020: float("nan")}, ["normal", "normal"], "no_data", "too_few_points"),
    ],
)  # fmt: skip
def test_silence_a_bound_and_what_does_not_apply_are_told_apart(
    points: Points, status: list[str], state: str, reason: str
) -> None:
    told = declarations([{"indicator": "x", "direction": "higher"}])
    found = progress(rows_of(points, status=status), told, methods=("unsd_2023_basque",)).row(0, named=True)
    assert (found["status"], found["reason"]) == (state, reason)


def test_a_figure_without_a_year_is_a_figure_and_no_point() -> None:
    told = declarations([{"indicator": "x", "direction": "higher"}])
    undated = rows_of({2015: 5.0}).with_columns(year=pl.lit(None, pl.Int32))
    for as_of in (None, 2025):
        found = progress(undated, told, methods=("unsd_2023_basque",), as_of=as_of).row(0, named=True)
        assert (found["status"], found["points"]) == ("no_assessment", 0)
    both = pl.concat([undated, rows_of({2015: 1.0, 2020: 2.0})])
    assert progress(both, told, methods=("unsd_2026",), as_of=2020)["points"].to_list() == [2]


@pytest.mark.parametrize(
    ("latest", "declared", "state"),
    [
        (99.0, PERCENT | {"target": 100.0}, "met"), (98.9, PERCENT | {"target": 100.0}, "on_track_not_met"),
        (99.0, {"target": 100.0}, "on_track_not_met"),
        (99.0, {"low": 0.0, "high": 200.0, "target": 100.0}, "on_track_not_met"),
        (1.0, PERCENT | {"target": 0.0, "direction": "lower"}, "met"),
        (1.1, PERCENT | {"target": 0.0, "direction": "lower"}, "on_track_not_met"),
        (79.5, PERCENT | {"target": 80.0}, "on_track_not_met"), (80.0, PERCENT | {"target": 80.0}, "met"),
        (80.0, PERCENT | {"target": 80.0, "unmodified": True}, "no_assessment"), (1.0, {"yes_no": True}, "met"),
        (1.0, {"yes_no": True, "direction": None}, "no_assessment"),
    ],
)  # fmt: skip
def test_within_a_point_of_the_end_of_a_percentage_the_basque_office_calls_it_met(
    latest: float, declared: dict[str, Any], state: str
) -> None:
    assert asked("unsd_2023_basque", {2015: 20.0, 2023: latest}, **declared)["status"] == state


@pytest.mark.parametrize(
    ("latest", "declared", "weather", "others"),
    [
        (80.0, {"breaks": [2019]}, "target_met", "series_break"),
        (80.0, {"is_rate": True}, "target_met", "itself_a_growth_rate"),
        (80.0, {"unmodified": True}, "licence_unmodified_only", "licence_unmodified_only"),
        (79.0, {"breaks": [2019]}, "series_break", "series_break"),
    ],
)  # fmt: skip
def test_that_a_target_is_met_needs_no_change(
    latest: float, declared: dict[str, Any], weather: str, others: str
) -> None:
    line: Points = {2015: 70.0, 2018: 72.0, 2019: 73.0, 2020: 74.0, 2022: latest}
    for method, told in (("weather", weather), ("unsd_2026", others), ("escap", others)):
        found = asked(method, line, target=80.0, **declared)  # type: ignore[arg-type]
        assert (found["status"] or found["reason"]) == told


def test_a_countrys_target_is_its_own_and_an_empty_table_changes_nothing() -> None:
    rows = pl.concat([rows_of({2015: 60.0, 2023: 72.0}, country) for country in ("AAA", "BBB")])
    told = declarations([{"indicator": "x", "direction": "higher", "target": 80.0}])
    own = pl.DataFrame({"indicator": ["x"], "country": ["BBB"], "target": [70.0]})
    found = progress(rows, told, methods=("escap",), targets=own)
    assert found.select("country", "target", "status").rows() == [
        ("AAA", 80.0, "maintain"),
        ("BBB", 70.0, "target_met"),
    ]
    assert progress(rows, told, targets=own.clear()).equals(progress(rows, told))
    with pytest.raises(ValueError, match="declared twice"):
        progress(rows, pl.concat([told, told]))
