"""Ranks are ranges: as wide as the errors make them."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.dataset.schema import ROWS
from dashboard.measures.ranks import rank_countries
from tests.reference import Vector, agree, reproduces


def figures(values, errors=None, status=None):
    return pl.DataFrame(
        [
            {
                "country": f"C{i:02}",
                "value": value,
                "std_error": errors[i] if errors else None,
                "status": status[i] if status else "normal" if value is not None else "missing",
            }
            for i, value in enumerate(values)
        ],
        schema=ROWS,
    )


def ranges(frame):
    return [list(pair) for pair in frame.select("rank_best", "rank_worst").rows()]


@reproduces("comparison", "rank_interval_pairwise_90")
def test_rank_intervals_of_the_method(vector: Vector) -> None:
    ranked = rank_countries(figures(vector["inputs"]["estimates"], vector["inputs"]["se"]), "higher")
    agree(vector, {"rank_intervals": ranges(ranked)})
    assert ranked["error_known"].all()


def test_without_errors_only_equal_figures_are_tied_and_the_error_is_said_to_be_unknown():
    ranked = rank_countries(figures([62.5, 62.4, 62.4, 60.0, 10.0]), "higher", step=0.1)
    assert ranges(ranked) == [[1, 1], [2, 3], [2, 3], [4, 4], [5, 5]]
    assert not ranked["error_known"].any()


def test_where_only_90_per_cent_intervals_are_published_ranks_are_as_wide_as_these():
    told = figures([90.0, 75.0, 20.0, 15.0, 1.0], [10.0] * 5)
    bounds = {"lower": pl.col("value") - 16.45, "upper": pl.col("value") + 16.45, "interval_level": pl.lit(90.0)}
    ranked = rank_countries(told.with_columns(**bounds, std_error=pl.lit(None, pl.Float64)), "higher")
    assert ranges(ranked) == ranges(rank_countries(told, "higher")) == [[1, 2], [1, 2], [3, 5], [3, 5], [3, 5]]
    assert ranked["error_known"].all()


def test_lower_is_better_and_nearness_to_a_centre():
    assert ranges(rank_countries(figures([5.0, 1.0, 2.0, 3.0, 4.0]), "lower"))[:2] == [[5, 5], [1, 1]]
    near = rank_countries(figures([100.0, 103.0, 96.0, 110.0, 80.0]), "centre", centre=100)
    assert ranges(near) == [[1, 1], [2, 2], [3, 3], [4, 4], [5, 5]]
    with pytest.raises(ValueError, match="centre"):
        rank_countries(figures([1.0]), "centre")


def test_no_rank_without_a_direction_without_enough_figures_or_for_a_missing_one():
    undirected = rank_countries(figures([1.0, 2.0, 3.0, 4.0, 5.0]), "none")
    assert undirected["rank_best"].is_null().all()
    assert set(undirected["rank_reason"]) == {"no_direction_declared"}
    few = rank_countries(figures([1.0, 2.0, 3.0, 4.0]), "higher")
    assert few["rank_best"].is_null().all()
    assert set(few["rank_reason"]) == {"below_minimum_n"}
    closed = rank_countries(figures([1.0, 2.0, 3.0, 4.0, 5.0]), "higher", as_published=True)
    assert closed["rank_best"].is_null().all()
    assert set(closed["rank_reason"]) == {"licence_unmodified_only"}
    gaps = rank_countries(
        figures([1.0, None, 3.0, 4.0, 5.0, 6.0, None], status=["normal", "missing", *["normal"] * 4, "censored"]),
        "higher",
    )
    assert ranges(gaps)[1] == [None, None]
    assert ranges(gaps)[0] == [5, 5]
    assert gaps["rank_reason"].to_list()[1] == "no_figure"
    assert gaps["rank_reason"].to_list()[6] == "censored_value"


VALUES = st.lists(st.tuples(st.floats(-2.5, 2.5), st.one_of(st.none(), st.floats(0.01, 1))), min_size=5, max_size=12)


@given(VALUES)
def test_ranges_hold_the_plain_rank_and_swap_ends_with_the_direction(pairs):
    values, errors = [p[0] for p in pairs], [p[1] for p in pairs]
    up, down = rank_countries(figures(values, errors), "higher"), rank_countries(figures(values, errors), "lower")
    n = len(values)
    for i, (best, worst) in enumerate(ranges(up)):
        strictly_above = sum(v > values[i] for v in values)
        below = sum(v < values[i] for v in values)
        assert 1 <= best <= 1 + strictly_above
        assert n - below <= worst <= n
        assert ranges(down)[i] == [n + 1 - worst, n + 1 - best]


@pytest.mark.parametrize(
    ("values", "errors", "step", "places"),
    [
        # 1.645 · √(3² + 4²) = 8.225
        ([8.3, 0.0], [3.0, 4.0], 0.0, [[1, 1], [2, 2]]), ([8.2, 0.0], [3.0, 4.0], 0.0, [[1, 2], [1, 2]]),
        ([8.3, 0.0], [3.0, None], 0.0, [[1, 1], [2, 2]]), ([0.1, 0.0], None, 0.1, [[1, 1], [2, 2]]),
        ([0.04, 0.0], None, 0.1, [[1, 2], [1, 2]]), ([0.0, 0.0], None, 0.0, [[1, 2], [1, 2]]),
    ],
)  # fmt: skip
def test_two_figures_are_tied_within_their_errors_or_within_half_a_step(values, errors, step, places):
    found = rank_countries(figures(values, errors), "higher", step=step, min_n=2)
    assert ranges(found) == places
    assert found["error_known"].to_list() == [errors == [3.0, 4.0]] * 2
    assert found["rank_reason"].to_list() == ["", ""]


def test_an_error_is_known_only_where_it_is_of_all_that_one_is_compared_with():
    found = rank_countries(figures([5.0, 4.0, 3.0, 2.0, 1.0], [0.1, 0.1, None, 0.1, 0.1]), "higher")
    assert not found["error_known"].any()
    assert ranges(found) == [[at, at] for at in range(1, 6)]
