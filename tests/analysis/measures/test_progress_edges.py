"""On an edge, one step beside it, and without a target: which side a reader is told, by hand."""

import random
from typing import Any

import polars as pl
import pytest

from dashboard.analysis.measures.progress.constants import MethodId
from dashboard.analysis.measures.progress.declared import build_declarations
from dashboard.analysis.measures.progress.methods.unsd import classify_in_three_levels
from dashboard.analysis.measures.progress.panel import RULES, assess_progress
from dashboard.analysis.measures.progress.steps import interpolate_score, name_band
from tests.analysis.measures.series import NONE, PERCENT, Points, asked, rows_of, value_of


def test_an_edge_belongs_to_the_better_band_and_no_number_to_none() -> None:
    cuts = [(2.0, "good"), (1.0, "fair")]
    found = [value_of(name_band(pl.lit(one), cuts, "poor")) for one in (2.0, 1.999, 1.0, 0.999)]
    assert found == ["good", "fair", "fair", "poor"]
    assert value_of(name_band(NONE, cuts, "poor")) is None
    knots = [(-1.0, -5.0), (0.0, 0.0), (4.0, 2.0)]
    scores = [value_of(interpolate_score(pl.lit(one), knots)) for one in (-9.0, -0.5, 0.0, 1.0, 4.0, 99.0)]
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
    assert value_of(classify_in_three_levels(pl.lit(ratio, pl.Float64), pl.lit(growth, pl.Float64), RULES)) == level


@pytest.mark.parametrize(
    ("points", "as_of", "warnings"),
    [
        ({2015: 1.0, 2018: 2.0}, 2023, []),  # three years apart, five years old
        ({2015: 1.0, 2018: 2.0}, 2024, ["old_latest"]),
        ({2015: 1.0, 2017: 2.0}, 2020, ["short_span"]),
        ({2015: 1.0, 2017: 2.0}, 2025, ["short_span", "old_latest"]),
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
    ("points", "target", "status"),
    [({2015: 0.0, 2023: 5.0}, 0.0, "regression"), ({2015: 5.0, 2023: 0.0}, 0.0, None),
     ({2015: 0.0, 2023: 0.0}, 0.0, "on_track"),
     ({2015: -1.0, 2023: 1.0}, 0.5, "regression"), ({2015: 5.0, 2023: 0.0}, -1.0, None)],
)  # fmt: skip
def test_only_a_target_that_was_met_at_the_base_needs_no_growth(
    points: Points, target: float, status: str | None
) -> None:
    """One that is reached since, from or to zero, was called met; the note knows no such exception."""
    found = asked("unsd_2026", points, target=target, direction="lower")
    assert found["status"] == status
    assert [found[name] for name in ("required", "rate_unit", "observed", "projection")] == [None] * 4
    assert found["reason"] == {"regression": None, "on_track": "latest_meets_target"}.get(
        status or "", "growth_undefined_zero"
    )


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
    told = build_declarations([{"indicator": "x", "direction": "higher"}])
    found = assess_progress(rows, told, methods=("unsd_2026",), as_of=2025).row(0, named=True)
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
    told = build_declarations([{"indicator": "x", "direction": "higher"}])
    found = assess_progress(rows_of(points, status=status), told, methods=("unsd_2023_basque",)).row(0, named=True)
    assert (found["status"], found["reason"]) == (state, reason)


def test_a_figure_without_a_year_is_a_figure_and_no_point() -> None:
    told = build_declarations([{"indicator": "x", "direction": "higher"}])
    undated = rows_of({2015: 5.0}).with_columns(year=pl.lit(None, pl.Int32))
    for as_of in (None, 2025):
        found = assess_progress(undated, told, methods=("unsd_2023_basque",), as_of=as_of).row(0, named=True)
        assert (found["status"], found["points"]) == ("no_assessment", 0)
    both = pl.concat([undated, rows_of({2015: 1.0, 2020: 2.0})])
    assert assess_progress(both, told, methods=("unsd_2026",), as_of=2020)["points"].to_list() == [2]


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
    told = build_declarations([{"indicator": "x", "direction": "higher", "target": 80.0}])
    own = pl.DataFrame({"indicator": ["x"], "country": ["BBB"], "target": [70.0]})
    found = assess_progress(rows, told, methods=("escap",), targets=own)
    assert found.select("country", "target", "status").rows() == [
        ("AAA", 80.0, "maintain"),
        ("BBB", 70.0, "target_met"),
    ]
    assert assess_progress(rows, told, targets=own.clear()).equals(assess_progress(rows, told))
    with pytest.raises(ValueError, match="declared twice"):
        assess_progress(rows, pl.concat([told, told]))


def level_by_the_note(base: float, latest: float, years: int, left: int, target: float, higher: bool) -> str | None:
    """The five levels of 2026 read from the note, figure by figure: an implementation of its own, without frames."""

    def meets(value: float) -> bool:
        return value >= target if higher else value <= target

    if meets(base):
        return "on_track" if meets(latest) else "regression"
    if base <= 0 or latest <= 0:
        return None
    ratio = (latest * (1 + ((latest / base) ** (1 / years) - 1)) ** left - base) / (target - base)
    cuts = ((0.95, "on_track"), (0.5, "moderate"), (0.1, "marginal"), (0.0, "stagnation"))
    return next((level for least, level in cuts if ratio >= least), "regression")


def test_levels_are_those_of_the_note_on_500_panels_with_targets_met_lost_and_reached() -> None:
    lots, reached = random.Random(20261201), 0
    for _ in range(500):
        higher = lots.random() < 0.5
        base, latest, target = (float(lots.choice((0, 5, 10, 20, 40, 60, 80))) for _ in range(3))
        year = lots.randint(2017, 2024)
        found = asked("unsd_2026", {2015: base, year: latest}, target=target, direction="higher" if higher else "lower")
        expected = level_by_the_note(base, latest, year - 2015, 2030 - year, target, higher)
        assert found["status"] == expected, (base, latest, year, target, higher)
        reached += expected is None and (latest >= target if higher else latest <= target)
        if expected is None:
            assert found["reason"] == "growth_undefined_zero"
    assert reached > 10, "targets reached from or to zero are among them"
