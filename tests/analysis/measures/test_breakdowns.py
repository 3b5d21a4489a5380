"""Nobody who adds and subtracts what is published of a survey comes to a figure of a few respondents."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from dashboard.analysis.measures.surveys.breakdowns import choose_hidden_categories

FEW = 30


def types(*rows: tuple[object, ...]) -> pl.DataFrame:
    """Combinations of two categories with how many respondents are in them."""
    return pl.DataFrame(rows, schema=["one", "other", "n"], orient="row")


def hidden(table: pl.DataFrame, *breakdowns: str) -> dict[str, frozenset[str | None]]:
    return choose_hidden_categories(table, breakdowns or ("one", "other"), ["n"], FEW)


def published(table: pl.DataFrame, found: dict[str, frozenset[str | None]]) -> np.ndarray:
    """One line a published figure, the total first: which combinations it is of."""
    lines = [np.ones(table.height)]
    for breakdown, not_shown in found.items():
        for category in table[breakdown].unique().to_list():
            if category not in not_shown:
                lines.append((table[breakdown] == category).fill_null(value=False).to_numpy().astype(float))
    return np.array(lines)


def least_and_most(
    table: pl.DataFrame, shown: np.ndarray, cell: np.ndarray, positive: np.ndarray
) -> tuple[float, float]:
    """How many positive answers a reader may think a cell has, knowing how many respondents every combination has."""
    bounds = [(0, n) for n in table["n"]]
    ends = [linprog(sign * cell, A_eq=shown, b_eq=shown @ positive, bounds=bounds).fun * sign for sign in (1, -1)]
    return ends[0], ends[1]


def test_what_is_left_of_a_total_is_never_a_few_respondents():
    two = types(("A", "x", 20), ("B", "x", 2), ("C", "x", 40), ("D", "x", 300))
    assert hidden(two, "one") == {"one": frozenset("ABC")}  # A and B are 22 together
    enough = types(("A", "x", 20), ("B", "x", 12), ("C", "x", 40), ("D", "x", 300))
    assert hidden(enough, "one") == {"one": frozenset("AB")}


def test_those_who_state_no_category_are_not_left_over_either():
    assert hidden(types(("F", "x", 300), ("M", "x", 200), (None, "x", 3)), "one") == {"one": frozenset({"M", None})}
    assert hidden(types(("F", "x", 300), ("M", "x", 200), (None, "x", 30)), "one") == {"one": frozenset({None})}


def test_regions_that_lie_within_urban_and_rural_do_not_give_each_other_away():
    nested = types(("A", "URBAN", 20), ("C", "URBAN", 200), ("B", "RURAL", 150), ("D", "RURAL", 300))
    alone = hidden(nested, "one")["one"]
    assert alone == frozenset("AB")  # enough for the regions by themselves, but URBAN less C is A
    found = hidden(nested)
    assert found == {"one": frozenset("ABC"), "other": frozenset({"URBAN"})}
    positive = np.array([7.0, 90, 61, 144])
    cell = np.array([1.0, 0, 0, 0])
    naive = published(nested, {"one": alone, "other": frozenset()})
    assert least_and_most(nested, naive, cell, positive) == pytest.approx((7, 7))  # the attack that must fail below
    least, most = least_and_most(nested, published(nested, found), cell, positive)
    assert most - least == pytest.approx(20)


def test_two_shown_breakdowns_do_not_subtract_to_a_few():
    def rural_of_a(n: int) -> pl.DataFrame:
        return types(("A", "URBAN", 200), ("A", "RURAL", n), ("B", "URBAN", 90), ("C", "RURAL", 400))

    assert any(hidden(rural_of_a(5)).values())  # nothing is small, but A and B less URBAN are those five
    assert not any(hidden(rural_of_a(30)).values())


def test_each_question_is_protected_by_its_own_answers():
    table = types(("F", "x", 300), ("M", "x", 200)).with_columns(other_question=pl.Series([400, 12]))
    assert choose_hidden_categories(table, ["one"], ["n", "other_question"], FEW) == {"one": frozenset("FM")}


COUNTS = st.lists(st.sampled_from([0, 0, 1, 4, 12, 29, 30, 45, 120]), min_size=12, max_size=12)


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.randoms(use_true_random=False))
def test_no_sum_or_difference_of_published_figures_is_of_a_few(counts, chance):
    table = pl.DataFrame(
        [(one, other, n) for (one, other), n in zip(
            [(one, other) for one in ("A", "B", "C", None) for other in ("x", "y", None)], counts, strict=True) if n],
        schema={"one": pl.String, "other": pl.String, "n": pl.Int64}, orient="row",
    )  # fmt: skip
    if table["n"].sum() < FEW or table.height < 2:
        return
    shown = published(table, hidden(table))
    n = table["n"].to_numpy()
    # every set of combinations: its figure must not be a sum of published ones where few respondents are in it
    for size in range(1, table.height):
        for chosen in combinations(range(table.height), size):
            if n[list(chosen)].sum() < FEW:
                told = np.isin(np.arange(table.height), chosen).astype(float)
                kept = shown.T @ np.linalg.lstsq(shown.T, told, rcond=None)[0]
                assert np.abs(kept - told).max() > 1e-6, (table, chosen)
