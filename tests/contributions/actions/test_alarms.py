"""Unchanged centres raise few alarms and a real fall is found; the arithmetic of it, on examples worked out by hand."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from dashboard.analysis.measures.counts.surveillance import (
    MIN_CASES,
    MIN_CENTRES,
    MIN_MONTH_PAIRS,
    Courses,
    Differences,
    Scatter,
    find_changes,
    find_outliers,
    make_courses,
    measure_differences,
    measure_scatter,
    select_months,
    solve_scatter,
)
from dashboard.answers.method.method import ALARMS
from tests.contributions.actions.alarms import UNCHANGED, World, count_alarms, months_to_find

SMALL = {"centres": 20, "history": 15, "watched": 4}


def test_centres_with_seasons_and_scatter_raise_hardly_an_alarm() -> None:
    """Of 20 centres in four months; limits that do not overlap called dozens."""
    assert count_alarms(World(scatter=2, season=4, waiting_season=30, **SMALL)) <= 2


def test_a_real_fall_is_found_in_a_season() -> None:
    assert months_to_find(World(fall=10, season=4, **SMALL)) <= 4


def courses(tops: list[list[float]], lows: list[list[float]], seen: list[list[bool]] | None = None) -> Courses:
    there = np.array(lows) > 0 if seen is None else np.array(seen)
    return Courses(np.array(tops, dtype=float), np.array(lows, dtype=float), there)


def test_a_difference_is_of_months_that_were_sent_on_both_sides() -> None:
    """The second month has nothing before it, and is left out of both sides."""
    of = courses([[90, 0, 50, 10]], [[100, 0, 100, 100]])
    found = measure_differences(of, [(2, [0]), (3, [1])])
    assert found.values[0] == pytest.approx(2 * math.asin(math.sqrt(0.5)) - 2 * math.asin(math.sqrt(0.9)))
    assert (found.sampling[0], found.months[0]) == (pytest.approx(2 / 100), 2.0)


def test_several_earlier_years_are_pooled() -> None:
    found = measure_differences(courses([[90, 60, 50]], [[100, 300, 100]]), [(2, [1, 0])])
    assert found.values[0] == pytest.approx(2 * math.asin(math.sqrt(0.5)) - 2 * math.asin(math.sqrt(150 / 400)))
    assert (found.sampling[0], found.months[0]) == (pytest.approx(1 / 100 + 1 / 400), 1.5)


@pytest.mark.parametrize(("n", "compared"), [(MIN_CASES - 1, False), (MIN_CASES, True)])
@pytest.mark.parametrize("side", [0, 1])
def test_fewer_than_thirty_on_a_side_are_not_compared(n: int, compared: bool, side: int) -> None:
    lows = [100.0, 100.0]
    lows[side] = n
    assert bool(measure_differences(courses([[10, 10]], [lows]), [(1, [0])]).is_compared[0]) is compared


def test_months_told_with_a_later_one_count_as_sent() -> None:
    """Ten people of two months are told in the second: the first has no counts and is no gap."""
    of = courses([[0, 90, 0, 45]], [[0, 100, 0, 50]], [[True] * 4])
    found = measure_differences(of, [(2, [0]), (3, [1])])
    assert found.values[0] == pytest.approx(0)
    assert found.months[0] == 1.0


def test_what_all_centres_share_is_taken_off_from_ten_on() -> None:
    values = np.full(MIN_CENTRES, 0.3)
    of = Differences(values, np.full(MIN_CENTRES, 0.01), np.ones(MIN_CENTRES))
    assert of.find_shared() == pytest.approx(0.3)
    assert of.select([True] * (MIN_CENTRES - 1) + [False]).find_shared() == 0.0


def test_scatter_is_found_and_none_where_counting_explains_it() -> None:
    chance = np.random.default_rng(3)
    sampling, months = np.full(4000, 0.01), np.full(4000, 2.0)
    noisy = chance.normal(0, np.sqrt(0.01 + 2 * 0.004), 4000)
    assert solve_scatter(noisy, sampling, months) == pytest.approx(0.004, rel=0.25)
    assert solve_scatter(chance.normal(0, 0.09, 4000), sampling, months) == 0.0
    far = noisy.copy()
    far[:400] += 2  # a tenth did change
    assert solve_scatter(far, sampling, months) < 0.008


def test_large_and_small_centres_have_one_scatter() -> None:
    chance = np.random.default_rng(4)
    sampling = np.where(np.arange(4000) % 2, 0.0001, 0.02)
    values = chance.normal(0, np.sqrt(sampling + 0.004), 4000)
    assert solve_scatter(values, sampling, np.ones(4000)) == pytest.approx(0.004, rel=0.25)


@pytest.mark.parametrize(("months", "known"), [(MIN_MONTH_PAIRS, False), (MIN_MONTH_PAIRS + 1, True)])
def test_scatter_needs_ten_neighbouring_months(months: int, known: bool) -> None:
    assert (measure_scatter(courses([[50.0] * months], [[100.0] * months]), []) is not None) is known


def test_between_years_may_scatter_more_than_between_months() -> None:
    """Centres that drift: every month near the one before, every year far from the one before."""
    drift = np.random.default_rng(5).normal(0, 0.02, (40, 30)).cumsum(axis=1)
    tops = 10_000 * np.clip(0.6 + drift - drift[:, [15]], 0.05, 0.95)
    of = Courses(tops, np.full((40, 30), 10_000.0), np.ones((40, 30), dtype=bool))
    near, far = measure_scatter(of, []), measure_scatter(of, [[(29, [17])]])
    assert near is not None and far is not None  # noqa: PT018
    assert far.variance > 3 * near.variance


def test_one_of_many_that_fell_is_found_and_a_fall_of_all_is_the_countrys() -> None:
    even = np.random.default_rng(6).normal(0, 0.1, 50)
    scatter = Scatter(0.0, 600)
    of = Differences(even.copy(), np.full(50, 0.01), np.ones(50))
    assert not find_changes(of, scatter, higher_is_better=True).worse.any()
    of.values[7] -= 1
    assert list(np.flatnonzero(find_changes(of, scatter, higher_is_better=True).worse)) == [7]
    assert not find_changes(of, scatter, higher_is_better=False).worse.any()
    everywhere = find_changes(Differences(even - 0.4, np.full(50, 0.01), np.ones(50)), scatter, higher_is_better=True)
    assert (everywhere.everywhere, everywhere.worse.any()) == (True, False)
    assert not find_changes(of, scatter, higher_is_better=True).everywhere


def test_an_outlier_is_beyond_the_scatter_of_all() -> None:
    narrow, wide = [0.8, 0.81, 0.79, 0.8, 0.8, 0.81, 0.79, 0.8, 0.6], [0.9, 0.7, 0.85, 0.75, 0.8, 0.65, 0.95, 0.8, 0.6]
    assert find_outliers(narrow, [1000] * 9) == [False] * 8 + [True]
    assert not any(find_outliers(wide, [1000] * 9))


def test_waiting_is_a_share_beyond_the_edge_nearest_to_the_half_and_to_the_tenth() -> None:
    of = make_courses([], [], [[True, True]], [[[40, 15, 35, 10], [40, 15, 35, 10]]])
    half, tenth = select_months(of, 0.5, 0, 1), select_months(of, 0.1, 1, 1)
    assert (half.tops.tolist(), half.lows.tolist()) == ([[45.0, 45.0]], [[100.0, 100.0]])
    assert (tenth.tops.tolist(), tenth.seen.tolist()) == ([[10.0]], [[True]])


def test_the_pages_of_the_method_tell_what_the_command_prints_within_its_limits() -> None:
    told = [ALARMS[name] for name in ("chance", "scatter", "season", "waiting")]
    assert [limit >= found for (_, _, limit), found in zip(UNCHANGED, told, strict=False)] == [True] * 4
    table = (Path(__file__).parents[3] / "docs/method.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^\| .* \| (\d+) \| \d+ \| \d+ \|$", table) == [str(one) for one in told]
