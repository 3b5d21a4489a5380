"""Axes end on round numbers, and labels keep apart."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.analysis.charts.layers.scale import GAP_PX, place_labels, round_range, spread_apart

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("values", "unit", "expected"),
    [
        ((-1.9, 1.1), "", (-2, 1.5)),
        ((61, 66), "", (61, 66)),
        ((5, 99.9), "percent", (0, 100)),
        ((0.05, 0.9), "", (0, 1)),
        ((1000, 90000), "", (0, 100000)),
    ],
)
def test_ranges_are_round(values, unit, expected):
    assert round_range(values, unit) == pytest.approx(expected)


@given(VALUES)
def test_a_range_holds_every_value_and_is_never_empty(values):
    low, high = round_range(values)
    assert low < high
    slack = 1e-8 * (high - low) + 1e-9
    assert low - slack <= min(values)
    assert max(values) <= high + slack


@given(st.lists(st.floats(0, 100), max_size=8), st.floats(0.1, 30))
def test_labels_keep_their_order_their_distance_and_their_range(places, gap):
    moved = spread_apart(places, gap, 0, 100)
    assert len(moved) == len(places)
    ordered = sorted(moved)
    room = gap if gap * (len(places) - 1) < 100 else 100 / max(1, len(places) - 1)
    assert all(later - earlier >= room - 1e-6 for earlier, later in pairwise(ordered))
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in moved)
    assert [places[i] for i in sorted(range(len(places)), key=lambda i: (moved[i], i))] == sorted(places)


def test_labels_of_two_lines_take_more_room_than_their_neighbours():
    assert spread_apart([50, 50, 50], 10, 0, 100, [1, 2, 1]) == pytest.approx([50, 65, 80])


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300)), max_size=6))
@example([(0, 0), (0, 0), (0, 0), (0, 2), (0, 1), (0, 0)])  # all in one corner
@example([(70, 0), (90, 0)])  # one before its mark, where the other's begins
def test_a_label_covers_no_mark_and_no_other_label_and_lies_in_the_drawing(marks):
    wide, tall, clear = 80, 16, 7
    boxes = []
    for (x, y), (before, rise) in zip(
        marks, place_labels(marks, [(wide, tall)] * len(marks), 520, 300, clear), strict=True
    ):
        left = x - clear - GAP_PX - wide if before else x + clear + GAP_PX
        boxes.append((left, left + wide, y + rise - tall / 2, y + rise + tall / 2))
    for left, right, bottom, top in boxes:
        assert bottom >= -1e-9
        assert top <= 300 + 1e-9
        assert not [(x, y) for x, y in marks if left < x < right and bottom < y < top]
    for at, one in enumerate(boxes):
        for other in boxes[:at]:
            assert one[0] >= other[1] or other[0] >= one[1] or one[2] >= other[3] - 1e-9 or other[2] >= one[3] - 1e-9


def test_a_label_stands_after_its_mark_unless_another_is_in_its_way():
    size = [(80, 16)] * 2
    assert place_labels([(50, 100), (300, 100)], size, 500, 300, 7) == [(False, 0), (False, 0)]
    assert place_labels([(200, 100), (260, 100)], size, 500, 300, 7) == [(True, 0), (False, 0)]
    assert place_labels([(200, 100)], size[:1], 500, 300, 7, others=[(230, 100)]) == [(True, 0)]
    assert place_labels([(200, 100)], size[:1], 220, 300, 7) == [(True, 0)]
