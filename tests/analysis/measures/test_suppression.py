"""No hidden cell can be worked out from what is shown: not from a row, a column, a total or two views together."""

from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.measures.surveys.suppression import (
    THRESHOLD,
    Cell,
    HiddenCounts,
    Suppressed,
    is_unanimous,
    suppress,
)
from tests.reference import Vector, agree, reproduces


def feasible(suppressed: Suppressed, cell: Cell, hidden: Iterable[Cell] | None = None) -> tuple[float, float]:
    """Least and largest count of a cell that agree with everything shown: what a reader can work out."""
    unknown = frozenset(suppressed.hidden if hidden is None else hidden)
    if cell not in unknown:
        return float(suppressed.counts[cell]), float(suppressed.counts[cell])
    system = HiddenCounts(suppressed.counts, suppressed.shape, unknown)
    return system.find_extreme(cell, 1.0)[cell], system.find_extreme(cell, -1.0)[cell]


@reproduces("suppression")
def test_small_cells_and_those_that_protect_them(vector: Vector) -> None:
    inputs = vector["inputs"]
    found = suppress(inputs["table"], inputs["threshold"])
    (small,) = found.primary
    agree(vector, {
        "primary": [list(cell) for cell in found.primary],
        "a_valid_suppressed_set": sorted(list(cell) for cell in found.hidden),
        "feasible_range_of_primary": feasible(found, small),
        "feasible_range_if_primary_only": feasible(found, small, found.primary),
    })  # fmt: skip


def test_a_single_row_hides_its_total_too_since_every_column_total_is_a_cell():
    found = suppress([[4, 30, 40]])
    assert (0, 0) in found.hidden
    least, largest = feasible(found, (0, 0))
    assert largest > least


def test_two_filters_do_not_subtract_to_a_hidden_cell():
    by_sex_and_region = [[[40, 50], [60, 30]], [[3, 70], [80, 90]]]  # service × sex × region
    found = suppress(by_sex_and_region)
    assert (1, 0, 0) in found.primary
    for cell in found.hidden:
        least, largest = feasible(found, cell)
        assert largest - least >= 1
    assert found.hidden == set(product((0, 1), repeat=3))


def test_large_tables_and_empty_cells_are_shown_whole():
    assert not suppress([[10, 20], [30, 0]]).hidden
    assert suppress([[10, 20], [30, 0]]).shown[(2, 2)] == 60


@pytest.mark.parametrize("table", [[[1, 2], [3]], [], [[]], [[1.5]], [[-1]], [[None]]])
def test_what_is_no_table_of_counts_is_refused(table):
    with pytest.raises((ValueError, IndexError)):
        suppress(table)


def test_flags_of_shown_cells():
    assert is_unanimous(0, 12)
    assert is_unanimous(12, 12)
    assert not is_unanimous(11, 12)
    assert not is_unanimous(40, 40)


def lists(sizes):
    """Nested lists of counts of this shape."""
    inner = lists(sizes[1:]) if len(sizes) > 1 else st.integers(0, 40)
    return st.lists(inner, min_size=sizes[0], max_size=sizes[0])


TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(lists)
CUBES = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)).flatmap(lists)


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_suppression_never_leaks_by_subtraction(table):
    found = suppress(table)
    assert found.primary <= found.hidden
    assert all(found.counts[cell] == 0 or found.counts[cell] >= THRESHOLD for cell in found.shown)
    rows, columns = found.shape
    for line in [
        *([(row, column) for column in range(columns + 1)] for row in range(rows + 1)),
        *([(row, column) for row in range(rows + 1)] for column in range(columns + 1)),
    ]:
        assert len(found.hidden.intersection(line)) != 1
    for cell in product(range(rows + 1), range(columns + 1)):
        least, largest = feasible(found, cell)
        assert least - 1e-6 <= found.counts[cell] <= largest + 1e-6
        assert (cell in found.hidden) == (largest - least >= 0.5)


@settings(max_examples=15, deadline=None)
@given(CUBES)
def test_no_combination_of_filters_leaks(cube):
    found = suppress(cube)
    for cell in found.hidden:
        least, largest = feasible(found, cell)
        assert largest - least >= 0.5
    assert all(found.counts[cell] == 0 or found.counts[cell] >= THRESHOLD for cell in found.shown)


INF = float("inf")


@pytest.mark.parametrize(
    ("table", "hidden", "least", "largest"),
    [
        # the fewest respondents of row and column, and what both would give away
        ([[4, 30, 40], [50, 60, 70], [80, 90, 100]], [(0, 0), (0, 1), (1, 0), (1, 1)], 0, 34),
        # an empty cell protects nothing while another can
        ([[4, 0, 40], [50, 60, 70], [80, 90, 100]], [(0, 0), (0, 2), (1, 0), (1, 2)], 0, 44),
        ([[9], [10]], [(0, 0), (0, 1), (1, 0), (1, 1)], 0, 19),
        ([4, 30, 40], [(0,), (1,)], 0, 34), ([4, 5, 40], [(0,), (1,)], 0, 9), ([40, 30, 9], [(1,), (2,)], 0, 39),
        ([4], [(0,), (1,)], 0, INF), ([9, 0], [(0,), (2,)], 0, INF), ([10, 0], [], 10, 10), ([9, 10], [(0,),
        (1,)], 0, 19),
    ],
)  # fmt: skip
def test_the_cells_that_are_hidden_and_what_a_reader_can_still_work_out(table, hidden, least, largest):
    found = suppress(table)
    assert sorted(found.hidden) == hidden
    small = next(
        cell for cell, count in sorted(found.counts.items()) if count == min(filter(None, found.counts.values()))
    )
    assert feasible(found, small) == pytest.approx((least, largest), abs=1e-6)


def test_another_threshold_hides_other_cells():
    assert suppress([[4, 5], [6, 7]], threshold=4).hidden == frozenset()
    assert suppress([[4, 5], [6, 7]], threshold=5).primary == {(0, 0)}
    with pytest.raises(ValueError, match="is not a count"):
        suppress([[True, 3]])


@pytest.mark.parametrize(
    ("positive", "n", "told"),
    [(0, 1, True), (1, 1, True), (0, 29, True), (29, 29, True), (0, 30, False), (1, 29, False), (0, 0, False)],
)
def test_all_or_none_of_fewer_than_thirty_tells_of_each(positive, n, told):
    assert is_unanimous(positive, n) is told
