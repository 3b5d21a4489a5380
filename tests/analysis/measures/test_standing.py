"""A country among its peers: five words, each shown by a test, none by the want of one."""

import math
from dataclasses import replace
from itertools import combinations
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.measures.comparability import MIN_FIGURES
from dashboard.analysis.measures.intervals import Z_90
from dashboard.analysis.measures.pairwise import judge_pairs
from dashboard.analysis.measures.standing import (
    MARGIN_SHARE,
    MIN_SPREAD,
    PeerGap,
    find_margin,
    judge_gaps,
    measure_peer_gap,
)

LIKE = {"source": "s", "series": "x", "edition": "e", "unit": "score", "nature": "E", "year": 2023, "status": "normal"}
GAP = PeerGap(0.0, 0.0, 0.0, 0.1, 0.5, ("A", "B", "C", "D", "E"), 0, 0)


def row(country: str, value: float | None, error: float | None = 0.1, **other: object) -> dict[str, object]:
    return {**LIKE, "country": country, "value": value, "std_error": error, **other}


def measure(own: float, others: list[float], direction: str = "higher", error: float = 0.1, **said: object):
    figures = {"OWN": row("OWN", own, error)} | {
        f"P{i:02}": row(f"P{i:02}", v, error, **said) for i, v in enumerate(others)
    }
    tests = judge_pairs(figures, combinations(figures, 2))
    return measure_peer_gap("OWN", tests, figures, direction, figures.values())


def judge(gap: PeerGap) -> str:
    (verdict,) = judge_gaps([gap])
    return verdict


def test_the_gap_is_to_the_mean_with_the_errors_of_all() -> None:
    gap = measure(1.0, [2.0, 2.0, 2.0, 2.0, 4.5], error=0.3)
    assert (gap.value, gap.mean) == (1.0, 2.5)
    assert gap.difference == pytest.approx(-1.5)
    assert gap.std_error == pytest.approx(math.sqrt(0.3**2 + 5 * 0.3**2 / 5**2))
    assert gap.peers == ("P00", "P01", "P02", "P03", "P04")
    assert (gap.better, gap.worse) == (0, 1), "at 0.42 a pair only the peer at 4.5 is beyond the error of ten pairs"
    assert measure(1.0, [2.0] * 5, "lower").difference == pytest.approx(1.0), "a lower value is the better one"


def test_counts_are_those_of_the_pairs_with_the_country_on_either_side() -> None:
    figures = {name: row(name, value) for name, value in
               {"P1": 9.0, "P2": 8.0, "OWN": 5.0, "P3": 1.0, "P4": 5.0, "P5": 0.0}.items()}  # fmt: skip
    tests = judge_pairs(figures, [(two, one) for one, two in combinations(figures, 2)])
    gap = measure_peer_gap("OWN", tests, figures, "higher", [])
    assert (gap.better, gap.worse, len(gap.peers)) == (2, 2, 5)
    gap = measure_peer_gap("OWN", tests, figures, "lower", [])
    assert (gap.better, gap.worse) == (2, 2)
    gap = measure_peer_gap("P1", tests, figures, "lower", [])
    assert (gap.better, gap.worse) == (0, 5)


def test_only_peers_of_like_figures_count_and_too_few_are_no_gap() -> None:
    assert len(measure(1.0, [0.0] * MIN_FIGURES).peers) == MIN_FIGURES
    assert measure(1.0, [0.0] * (MIN_FIGURES - 1)) is None
    assert measure(1.0, [0.0] * 9, year=2022) is None
    assert measure(1.0, [0.0] * 9, edition="f") is None


@pytest.mark.parametrize(
    ("difference", "verdict"),
    [
        (Z_90 * 0.1 * (1 + 1e-9), "better"), (-Z_90 * 0.1 * (1 + 1e-9), "worse"),
        (Z_90 * 0.1, "similar"), (0.0, "similar"),
    ],
)  # fmt: skip
def test_better_begins_just_above_the_error(difference: float, verdict: str) -> None:
    assert judge(replace(GAP, difference=difference)) == verdict


def test_similar_needs_a_margin_that_the_difference_is_shown_to_be_within() -> None:
    """One-sided at 90 %: 1.2817 errors of room, though no difference is found in any of these."""
    wide = replace(GAP, std_error=1.0, difference=0.1)
    room = 1.2817
    assert judge(replace(wide, margin=0.1 + room + 1e-4)) == "similar"
    assert judge(replace(wide, margin=0.1 + room - 1e-3)) == "cannot_tell"
    assert judge(replace(wide, margin=None)) == "cannot_tell"


def test_mixed_is_better_than_some_and_worse_than_others_where_the_mean_tells_nothing() -> None:
    assert judge(replace(GAP, better=1, worse=1)) == "mixed", "though the mean is similar"
    assert judge(replace(GAP, better=0, worse=3)) == "similar"
    assert judge(replace(GAP, better=1, worse=0, margin=None)) == "cannot_tell"
    assert judge(replace(GAP, better=1, worse=1, difference=9.0)) == "better"


def test_indicators_are_judged_together() -> None:
    """z of 2 (p 0.046) is beyond the error alone and the last of three, not the first of three that are alike."""
    faint, none, sure = replace(GAP, difference=0.2), replace(GAP, difference=0.0), replace(GAP, difference=9.0)
    assert judge_gaps([faint]) == ["better"]
    assert judge_gaps([none, faint, none])[1] != "better"
    assert judge_gaps([sure, faint, sure]) == ["better", "better", "better"]
    narrow = replace(GAP, margin=0.15)
    assert judge_gaps([narrow]) == ["similar"]
    assert judge_gaps([narrow, sure, sure]) == ["cannot_tell", "better", "better"]


def test_figures_without_sampling_error_are_similar_only_within_the_margin() -> None:
    exact = replace(GAP, std_error=0.0)
    assert judge(exact) == "similar"
    assert judge(replace(exact, margin=0.0)) == "cannot_tell"
    assert judge(replace(exact, difference=1e-9)) == "better"


def test_the_margin_is_a_share_of_the_spread_of_enough_countries() -> None:
    values = [float(value) for value in range(MIN_SPREAD)]
    assert find_margin(values) == pytest.approx(MARGIN_SHARE * stdev(values))
    assert find_margin(values[:-1]) is None
    gap = measure(1.0, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    assert gap.margin == pytest.approx(MARGIN_SHARE * stdev([1.0, *map(float, range(9))]))
    figures = {f"P{i}": row(f"P{i}", float(i)) for i in range(9)} | {"OWN": row("OWN", 3.0)}
    elsewhere = [*figures.values(), *(row("Q", 100.0, year=2022) for _ in range(9)), row("R", None)]
    tests = judge_pairs(figures, combinations(figures, 2))
    own = [figure["value"] for figure in figures.values()]
    assert measure_peer_gap("OWN", tests, figures, "higher", elsewhere).margin == pytest.approx(0.5 * stdev(own))


numbers = st.floats(-3, 3, allow_nan=False)


@given(st.lists(st.tuples(numbers, st.floats(0.01, 1), st.floats(0.01, 2)), min_size=1, max_size=8))
def test_turning_the_direction_swaps_better_and_worse_and_nothing_else(gaps) -> None:
    straight = [replace(GAP, difference=d, std_error=error, margin=margin) for d, error, margin in gaps]
    turned = [replace(gap, difference=-gap.difference) for gap in straight]
    swap = {"better": "worse", "worse": "better"}
    assert [swap.get(it, it) for it in judge_gaps(straight)] == judge_gaps(turned)


@given(st.lists(st.tuples(numbers, st.floats(0.01, 1)), min_size=2, max_size=6), st.floats(0.1, 2))
def test_one_more_indicator_never_makes_a_verdict_surer(gaps, margin) -> None:
    all_gaps = [replace(GAP, difference=d, std_error=error, margin=margin) for d, error in gaps]
    for one, verdict in zip(all_gaps, judge_gaps(all_gaps), strict=True):
        if verdict in ("better", "worse"):
            assert judge(one) == verdict
        if verdict == "similar":
            assert judge(one) in ("similar", "better", "worse")
