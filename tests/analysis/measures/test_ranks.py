"""Ranks are ranges: as wide as the errors make them."""

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.measures.pairwise import judge_pairs
from dashboard.analysis.measures.ranks import rank_countries
from dashboard.evidence.dataset.schema import ROWS
from tests.reference import Vector, agree, reproduces

KIND = {"source": "s", "series": "x", "edition": "e", "unit": "score", "nature": "E", "year": 2023}


def figures(values, errors=None, status=None):
    return pl.DataFrame(
        [
            {
                "country": f"C{i:02}",
                "value": value,
                "std_error": errors[i] if errors else None,
                "status": status[i] if status else "normal" if value is not None else "missing",
                **KIND,
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


VALUES = st.lists(st.tuples(st.floats(-2.5, 2.5), st.floats(0.01, 1)), min_size=5, max_size=12)


@given(VALUES, st.booleans())
def test_ranges_hold_the_plain_rank_and_swap_ends_with_the_direction(pairs, with_errors):
    values, errors = [p[0] for p in pairs], [p[1] for p in pairs] if with_errors else None
    up, down = rank_countries(figures(values, errors), "higher"), rank_countries(figures(values, errors), "lower")
    n = len(values)
    for i, (best, worst) in enumerate(ranges(up)):
        strictly_above = sum(v > values[i] for v in values)
        below = sum(v < values[i] for v in values)
        assert 1 <= best <= 1 + strictly_above
        assert n - below <= worst <= n
        assert ranges(down)[i] == [n + 1 - worst, n + 1 - best]


@given(VALUES)
def test_ranges_are_counted_from_the_very_pairs_that_a_comparison_shows(pairs):
    """Where a pair is not told apart the ranges of both overlap; where it is, one more place lies behind the better."""
    listed = figures([p[0] for p in pairs], [p[1] for p in pairs])
    rows = {row["country"]: row for row in listed.to_dicts()}
    places = dict(zip(rows, ranges(rank_countries(listed, "higher")), strict=True))
    ahead = dict.fromkeys(rows, 0)
    for it in judge_pairs(rows, combinations(rows, 2)):
        if it.verdict == "alike":
            (best, worst), (best_other, worst_other) = places[it.first], places[it.second]
            assert max(best, best_other) <= min(worst, worst_other)
        else:
            ahead[it.second if it.difference > 0 else it.first] += 1
    assert {country: best - 1 for country, (best, _) in places.items()} == ahead


def test_ranks_are_as_cautious_as_pairs_and_the_more_so_the_more_countries():
    """1.7 errors apart: told apart as the only pair, not as one of ten."""
    lead = 1.7 * (2 * 0.1**2) ** 0.5
    assert ranges(rank_countries(figures([lead, 0.0], [0.1] * 2), "higher", min_n=2)) == [[1, 1], [2, 2]]
    assert ranges(rank_countries(figures([lead, 0.0, 0.0, 0.0, 0.0], [0.1] * 5), "higher")) == [[1, 5]] * 5


@pytest.mark.parametrize(
    ("values", "errors", "step", "places"),
    [
        # 1.645 · √(3² + 4²) = 8.225
        ([8.3, 0.0], [3.0, 4.0], 0.0, [[1, 1], [2, 2]]), ([8.2, 0.0], [3.0, 4.0], 0.0, [[1, 2], [1, 2]]),
        ([0.1, 0.0], None, 0.1, [[1, 1], [2, 2]]),
        ([0.04, 0.0], None, 0.1, [[1, 2], [1, 2]]), ([0.0, 0.0], None, 0.0, [[1, 2], [1, 2]]),
    ],
)  # fmt: skip
def test_two_figures_are_tied_within_their_errors_or_within_half_a_step(values, errors, step, places):
    found = rank_countries(figures(values, errors), "higher", step=step, min_n=2)
    assert ranges(found) == places
    assert found["error_known"].to_list() == [errors == [3.0, 4.0]] * 2
    assert found["rank_reason"].to_list() == ["", ""]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"year": 2022}, "other_year"), ({"year": None}, "no_year"), ({"edition": "f"}, "other_series_or_edition"),
        ({"source": "t"}, "other_series_or_edition"), ({"nature": "C"}, "other_series_or_edition"),
        ({"std_error": None}, "error_for_one_only"),
    ],
)  # fmt: skip
def test_only_figures_of_one_kind_and_year_are_ranked(other, reason):
    rows = figures([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [0.01] * 6).to_dicts()
    rows[5] |= other
    found = rank_countries(pl.DataFrame(rows, schema=ROWS), "higher")
    assert ranges(found) == [[5, 5], [4, 4], [3, 3], [2, 2], [1, 1], [None, None]]
    assert found["rank_reason"].to_list() == [*[""] * 5, reason]
    assert found["error_known"].to_list() == [*[True] * 5, False]


def test_undated_figures_and_figures_of_all_years_have_no_ranks():
    rows = figures([1.0, 2.0, 3.0, 4.0, 5.0]).to_dicts()
    undated = rank_countries(pl.DataFrame([row | {"year": None} for row in rows], schema=ROWS), "higher")
    assert undated["rank_best"].is_null().all()
    assert undated["rank_reason"].to_list() == ["no_year"] * 5
    scattered = pl.DataFrame([row | {"year": 2015 + i} for i, row in enumerate(rows)], schema=ROWS)
    found = rank_countries(scattered, "higher")
    assert found["rank_best"].is_null().all()
    assert sorted(found["rank_reason"]) == ["below_minimum_n", *["other_year"] * 4]


def test_of_two_kinds_that_of_the_chosen_is_ranked_else_the_commoner():
    rows = figures([float(i) for i in range(11)]).to_dicts()
    rows = [row | {"year": 2023 if i < 5 else 2022} for i, row in enumerate(rows)]
    listed = pl.DataFrame(rows, schema=ROWS)
    assert rank_countries(listed, "higher")["rank_best"].to_list() == [*[None] * 5, 6, 5, 4, 3, 2, 1]
    chosen = rank_countries(listed, "higher", chosen=("C00", "C01", "C10"))
    assert chosen["rank_best"].to_list() == [5, 4, 3, 2, 1, *[None] * 6]


def test_a_publisher_with_errors_in_some_editions_has_no_ranks_in_the_others():
    bare = figures([5.0, 4.0, 3.0, 2.0, 1.0])
    assert rank_countries(bare, "higher")["rank_best"].to_list() == [1, 2, 3, 4, 5]
    refused = rank_countries(bare, "higher", needs_error=True)
    assert refused["rank_best"].is_null().all()
    assert set(refused["rank_reason"]) == {"error_unknown"}
    assert rank_countries(figures([5.0, 4.0, 3.0, 2.0, 1.0], [0.01] * 5), "higher", needs_error=True)[
        "rank_best"
    ].to_list() == [1, 2, 3, 4, 5]


def test_a_claim_is_not_ranked_and_makes_the_others_no_more_cautious():
    listed = figures([9.0, 5.0, 4.0, 3.0, 2.0, 1.0], [0.1] * 6)
    found = rank_countries(listed, "higher", claims=("C00",))
    assert ranges(found)[0] == [None, None]
    assert found["rank_reason"][0] == "claim_without_method"
    assert ranges(found)[1:] == ranges(rank_countries(listed[1:], "higher"))
