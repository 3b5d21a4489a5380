"""What holds of progress whatever the figures are: the promises a reader may rely on."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dashboard.analysis.measures.progress.answers import ANSWERS
from dashboard.analysis.measures.progress.constants import CONSTANTS, METHODS, Rules
from dashboard.analysis.measures.progress.declared import build_declarations
from dashboard.analysis.measures.progress.panel import assess_progress
from tests.checks import all_of

POSITIVE = ("higher", "lower")
GOOD = {
    "on_track", "moderate", "marginal", "on_track_or_met", "on_track_not_met", "fair_progress_acceleration_needed",
    "met", "significant_progress", "moderate_progress", "insufficient_progress", "substantial_progress",
    "limited_progress", "maintain", "accelerate", "sun", "sun_cloud", "cloud", "target_met",
}  # fmt: skip
"""Statuses that say that things got better."""

BAD = {
    "regression", "stagnation_or_regression", "movement_away", "moderate_movement_away", "significant_movement_away",
    "deterioration", "reverse", "thunderstorm",
}  # fmt: skip

YEARS = st.integers(2010, 2025)
VALUES = st.floats(0.5, 99.5).map(lambda value: round(value, 3))
LINES = st.dictionaries(YEARS, VALUES, min_size=0, max_size=12)
TARGETS = st.one_of(st.none(), VALUES)
CASES = st.lists(st.tuples(LINES, TARGETS, st.sampled_from(POSITIVE)), min_size=1, max_size=12)
"""Figures by year, target and direction of some indicators: one call judges them all."""

RATED = [method for method in METHODS if method not in ("sdsn", "oecd", "unsd_2023_basque")]
BOUNDS = dict(zip(("sdsn_lower", "sdsn_red", "sdsn_green", "sdsn_optimum"), (5.0, 40.0, 70.0, 95.0), strict=True))
few = settings(max_examples=12, deadline=None)

Row = dict[str, Any]
Line = Mapping[int, float | None]


def panel(*lines: Line) -> pl.DataFrame:
    rows = [
        {"indicator": f"i{at}", "country": "AAA", "year": year, "value": value}
        for at, line in enumerate(lines)
        for year, value in line.items()
    ]
    schema = {"indicator": pl.String, "country": pl.String, "year": pl.Int32, "value": pl.Float64}
    return pl.DataFrame(rows, schema=schema)


def judged_all(lines: Sequence[Line], declared: Sequence[Mapping[str, Any]]) -> list[dict[str, Row]]:
    """For each line, method → answer; nothing for a line without years."""
    told = build_declarations(
        [{"indicator": f"i{at}", "direction": "higher", "spread": 8.0, **one} for at, one in enumerate(declared)]
    )
    found: list[dict[str, Row]] = [{} for _ in lines]
    for row in assess_progress(panel(*lines), told, as_of=2025).iter_rows(named=True):
        found[int(row["indicator"][1:])][row["method"]] = row | {"indicator": ""}
    return found


def assessed(line: Line, **declared: Any) -> dict[str, Row]:
    return judged_all([line], [declared])[0]


def near(one: Any, other: Any) -> bool:
    both = one is not None and other is not None
    return one == other or (both and math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-7))


def same(row: Row, other: Row) -> bool:
    """Whether two answers say the same, numbers up to the order of adding."""
    return all(near(row[name], other[name]) if kind == pl.Float64 else row[name] == other[name]
               for name, kind in ANSWERS.items())  # fmt: skip


def on_an_edge(row: Row) -> bool:
    """Whether a number is so near to a cut that rounding may carry it over."""
    cuts = [one.value for one in CONSTANTS if one.method in (row["method"], "all")]
    numbers = [row[name] for name in ("ratio", "observed", "score", "gap") if row[name] is not None]
    if row["required"] and row["observed"] is not None:
        numbers.append(row["observed"] / row["required"])
    return any(abs(number - cut) < 1e-6 for number in numbers for cut in [*cuts, 0.0, 100.0])


def verdict(row: Row) -> tuple[Any, ...]:
    return row["status"], row["reason"], row["trend"], row["trend_reason"]


@few
@given(CASES, st.floats(0.01, 100.0))
def test_the_unit_of_the_figures_changes_no_verdict(cases: list[Any], factor: float) -> None:
    told = [
        {"target": target, "direction": direction, "low": 0.0, "high": 100.0, "spread": 8.0, **BOUNDS}
        for _, target, direction in cases
    ]
    scaled = [
        {name: value * factor if isinstance(value, float) else value for name, value in one.items()} for one in told
    ]
    lines = [line for line, _, _ in cases]
    larger = [{year: value * factor for year, value in line.items()} for line in lines]
    for first, second in zip(judged_all(lines, told), judged_all(larger, scaled), strict=True):
        for method, row in first.items():
            if method == "unsd_2023_basque":  # its point is a percentage point
                continue
            for name in ("ratio", "gap", "score", "base_score"):
                assert near(row[name], second[method][name]), (method, name)
            assert on_an_edge(row) or verdict(row) == verdict(second[method])


@few
@given(CASES)
def test_a_falling_indicator_is_judged_as_the_rising_one_it_mirrors(cases: list[Any]) -> None:
    """Methods that look at differences see 100 − x with less better exactly as x with more better."""
    there = judged_all([line for line, _, _ in cases], [{"target": target, **BOUNDS} for _, target, _ in cases])
    mirrored = [{year: 100 - value for year, value in line.items()} for line, _, _ in cases]
    bounds = {name: 100 - value for name, value in BOUNDS.items()}
    told = [
        {"direction": "lower", "target": None if target is None else 100 - target, **bounds} for _, target, _ in cases
    ]
    for first, second in zip(there, judged_all(mirrored, told), strict=True):
        for method in {"escap", "sdsn", "oecd", "weather"} & set(first):
            row, other = first[method], second[method]
            assert near(row["score"], other["score"])
            assert on_an_edge(row) or verdict(row) == verdict(other)


@few
@given(CASES)
def test_growth_wanted_and_unwanted_is_never_both_progress(cases: list[Any]) -> None:
    lines = [line for line, _, _ in cases]
    up, down = (judged_all(lines, [{"direction": one}] * len(lines)) for one in POSITIVE)
    for first, second in zip(up, down, strict=True):
        for method in {"unsd_2026", "unsd_2023", "eurostat", "statcan"} & set(first):
            assert first[method]["observed"] == second[method]["observed"]
            if first[method]["observed"]:
                assert not {first[method]["status"], second[method]["status"]} <= GOOD


def reached(value: float, target: float | None, direction: str) -> bool:
    return target is not None and (value >= target if direction == "higher" else value <= target)


@few
@given(CASES)
def test_a_target_that_is_met_is_never_called_a_regression(cases: list[Any]) -> None:
    lines, told = _told(cases)
    for (line, target, direction), found in zip(cases, judged_all(lines, told), strict=True):
        since = {year: value for year, value in line.items() if year >= 2015}
        if since and reached(since[max(since)], target, direction):
            assert {row["status"] for row in found.values()} & BAD == set()


@few
@given(CASES)
def test_the_wrong_direction_is_never_a_positive_class(cases: list[Any]) -> None:
    lines, told = _told(cases)
    for (line, target, direction), found in zip(cases, judged_all(lines, told), strict=True):
        since = {year: value for year, value in line.items() if year >= 2015}
        if len(since) < 2:
            continue
        first, last = since[min(since)], since[max(since)]
        if (last < first if direction == "higher" else last > first) and not reached(last, target, direction):
            for method in RATED:
                if method != "weather" and found[method]["reason"] != "no_target":  # weather sees the last years only
                    assert found[method]["status"] in BAD, method
                    assert (found[method]["score"] or 0) <= 1


@few
@given(CASES)
def test_a_wrong_turn_of_the_last_five_years_is_a_thunderstorm(cases: list[Any]) -> None:
    lines, told = _told(cases)
    for (_, _, direction), found in zip(cases, judged_all(lines, told), strict=True):
        change = found["weather"]["observed"] if found else None
        if change is not None and (change <= 0 if direction == "higher" else change >= 0):
            assert found["weather"]["status"] == "thunderstorm"


@few
@given(CASES, YEARS)
def test_a_year_without_a_figure_changes_nothing(cases: list[Any], year: int) -> None:
    lines, told = _told([case for case in cases if case[0]])
    gaps = [{year: None, **line} for line in lines]
    for with_gap, without in zip(judged_all(gaps, told), judged_all(lines, told), strict=True):
        assert set(with_gap) == set(without)
        assert all_of(same(row, with_gap[method]) for method, row in without.items())


@few
@given(CASES, st.randoms())
def test_the_order_of_rows_does_not_matter(cases: list[Any], random: Any) -> None:
    lines, told = _told(cases)
    rows, declared = panel(*lines), build_declarations([{"indicator": f"i{at}", **one} for at, one in enumerate(told)])
    order = list(range(rows.height))
    random.shuffle(order)
    shuffled, plain = assess_progress(rows[order], declared), assess_progress(rows, declared)
    assert_frame_equal(shuffled, plain, check_exact=False, rel_tol=1e-9, abs_tol=1e-9)


@few
@given(CASES)
def test_projections_are_drawn_inside_the_scale_and_flagged_where_moved(cases: list[Any]) -> None:
    for found in judged_all(*_told(cases)):
        for row in found.values():
            if row["projection"] is None:
                assert (row["projection_drawn"], row["flag"]) == (None, None)
            else:
                assert 0 <= row["projection_drawn"] <= 100
                assert (row["flag"] is not None) == (row["projection"] != row["projection_drawn"])


@few
@given(CASES, st.sampled_from([*POSITIVE, "centre", "none", None]))
def test_a_refusal_has_a_reason_and_no_number_and_no_number_is_infinite(
    cases: list[Any], direction: str | None
) -> None:
    lines, told = _told(cases)
    for found in judged_all(lines, [{**one, "direction": direction, "centre": 50.0} for one in told]):
        for row in found.values():
            refused = row["status"] in (None, "no_assessment", "no_data")
            assert not refused or row["reason"]
            numbers = {name: row[name] for name, kind in ANSWERS.items() if kind == pl.Float64}
            assert all(math.isfinite(one) for one in numbers.values() if one is not None), row["method"]
            if refused:
                assert [numbers[name] for name in ("score", "ratio", "gap", "observed", "projection")] == [None] * 5


def _told(cases: Sequence[Any]) -> tuple[list[Line], list[dict[str, Any]]]:
    told = [{"target": target, "direction": one, "low": 0.0, "high": 100.0, **BOUNDS} for _, target, one in cases]
    return [line for line, _, _ in cases], told


def test_two_figures_of_one_year_are_refused() -> None:
    rows = pl.concat([panel({2015: 1.0, 2020: 2.0}), panel({2020: 3.0})])
    with pytest.raises(ValueError, match="two figures"):
        assess_progress(rows, build_declarations([{"indicator": "i0", "direction": "higher"}]))


def test_lazy_and_eager_panels_give_the_same() -> None:
    rows, told = panel({2015: 1.0, 2020: 2.0}), build_declarations([{"indicator": "i0", "direction": "higher"}])
    assert assess_progress(rows.lazy(), told).equals(assess_progress(rows, told))
    assert assess_progress(rows, told).schema == ANSWERS


def test_states_of_the_basque_variant() -> None:
    def state(line: dict[int, float | None], **declared: Any) -> tuple[Any, Any]:
        row = assessed(line, **declared)["unsd_2023_basque"]
        return row["status"], row["reason"]

    percent = {"low": 0, "high": 100, "target": 100}
    assert state({2015: 90.0, 2023: 100.0}, **percent) == ("met", "latest_meets_target")
    assert state({2015: 90.0, 2023: 99.2}, **percent) == ("met", "latest_near_target"), "it does not meet it"
    none = {"low": 0, "high": 100, "target": 0, "direction": "lower"}
    assert state({2015: 9.0, 2023: 0.4}, **none) == ("met", "latest_near_target")
    assert state({2015: 90.0, 2023: 98.8}, **percent)[0] == "on_track_not_met"
    assert state({2015: 0.0, 2023: 1.0}, yes_no=True) == ("met", "latest_meets_target")
    assert state({2015: 0.0, 2023: 0.0}, yes_no=True) == ("no_assessment", "yes_no_no_rate")
    assert state({2023: 50.0}, **percent) == ("no_assessment", "too_few_points")
    assert state({2023: None}, **percent) == ("no_data", "too_few_points")
    silent = panel({2023: None}).with_columns(status=pl.lit("not_applicable"))
    told = build_declarations([{"indicator": "i0", "direction": "higher"}])
    assert assess_progress(silent, told, methods=["unsd_2023_basque"])["status"].to_list() == ["not_applicable"]


def test_every_constant_says_whose_it_is_and_is_named_once() -> None:
    names = [(one.method, one.constant) for one in CONSTANTS]
    assert len(set(names)) == len(names)
    assert all_of(one.source for one in CONSTANTS)
    assert {one.method for one in CONSTANTS} == {"all", *METHODS}


def test_an_edited_constant_moves_the_verdict() -> None:
    rows, told = (
        panel({2015: 60.0, 2023: 71.0}),
        build_declarations([{"indicator": "i0", "direction": "higher", "target": 80}]),
    )
    plain = assess_progress(rows, told, methods=["unsd_2026"])
    stricter = [replace(one, value=1.2) if one.constant == "ratio_on_track" else one for one in CONSTANTS]
    assert plain["status"].item() == "on_track"
    assert assess_progress(rows, told, methods=["unsd_2026"], rules=Rules(stricter))["status"].item() == "moderate"
