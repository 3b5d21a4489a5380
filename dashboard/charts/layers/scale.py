"""Ranges of axes that end on round numbers, and labels kept apart."""

import math
from collections.abc import Sequence
from itertools import pairwise, product

BASELINE_SHARE = 0.4
"""Where the smallest value is below this share of the largest, the axis starts at 0; indices keep their own range."""

LABEL_STEPS = 12
"""Halves of its height by which a label may be moved from its mark, up or down."""

GAP = 3
"""Pixels between a mark and its label."""

Box = tuple[float, float, float, float]  # left, right, bottom and top


def choose_step(span: float, ticks: int = 5) -> float:
    """The round distance (1, 2 or 5 × 10ⁿ) that puts about ``ticks`` ticks on ``span``."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    rough = span / ticks
    power = 10.0 ** math.floor(math.log10(rough))
    return power * min((1, 2, 5, 10), key=lambda factor: abs(math.log(factor * power / rough)))


def round_range(values: Sequence[float], unit: str = "") -> tuple[float, float]:
    """A range with round ends that holds all values; 0 is its start where values come near it.

    A percentage between 0 and 100 never gets an axis beyond them.

    Raises:
        ValueError: there are no values.
    """
    low, high = min(values), max(values)
    if high - low <= 1e-9 * max(1.0, abs(low), abs(high)):  # one value, but for the last digits of binary floats
        reach = abs(low) * 0.1 if abs(low) > 1e-6 else 1.0
        bottom, top = low - reach, high + reach
    else:
        bottom, top = low, high
    if low >= 0 and (low < BASELINE_SHARE * high or bottom < 0):
        bottom = 0.0
    width = choose_step(top - bottom)
    bottom, top = math.floor(bottom / width + 1e-9) * width, math.ceil(top / width - 1e-9) * width
    if unit == "percent" and low >= 0 and high <= 100:
        bottom, top = max(bottom, 0.0), min(top, 100.0)
    return round(bottom, 10), round(top, 10)


def spread_apart(
    places: Sequence[float], gap: float, low: float, high: float, lines: Sequence[int] = ()
) -> list[float]:
    """``places`` moved as little as a single pass can, until neighbours are ``gap`` apart and all lie in the range.

    Where the range is too short for all of them, they are spread evenly over it. ``gap`` is what labels of one line
    need; ``lines`` says how many each has, where some have more.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    if not order:
        return []
    tall = [lines[i] if lines else 1 for i in order]
    gaps = [gap * (one + other) / 2 for one, other in pairwise(tall)]
    if sum(gaps) >= high - low:
        even = (high - low) / max(1, len(order) - 1)
        return _placed(order, [low + even * i for i in range(len(order))])
    moved = [min(max(places[i], low), high) for i in order]
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gaps[i - 1])
    moved[-1] = min(moved[-1], high)
    for i in range(len(moved) - 2, -1, -1):
        moved[i] = min(moved[i], moved[i + 1] - gaps[i])
    return _placed(order, moved)


def place_labels(
    marks: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    width: float,
    height: float,
    clear: float,
    others: Sequence[tuple[float, float]] = (),
) -> list[tuple[bool, float]]:
    """For each mark whether its label stands before it instead of after it, and how far above it.

    A label lies in the drawing and covers no mark of ``marks`` and no label placed before it; of the places that are
    free it takes the nearest, and of two as near the one that covers fewer of ``others``. Everything is in pixels from
    the lower left corner; ``clear`` is the room a mark takes on each side of its middle.
    """
    taken: list[Box] = []
    places = []
    for (x, y), (long, tall) in zip(marks, sizes, strict=True):
        free = []
        for step, before in product(range(-LABEL_STEPS, LABEL_STEPS + 1), (False, True)):
            rise = step * tall / 2
            left = x - clear - GAP - long if before else x + clear + GAP
            box = (left, left + long, y + rise - tall / 2, y + rise + tall / 2)
            outside = left < 0 or box[1] > width or box[2] < 0 or box[3] > height
            covered = sum(_covers(box, mark, clear) for mark in marks) + sum(_overlap(box, one) for one in taken)
            free.append((outside, covered, abs(step), before, rise, box))
        nearest = min(free)[:3]
        *_, before, rise, box = min(
            (one for one in free if one[:3] == nearest), key=lambda one: sum(_covers(one[-1], mark) for mark in others)
        )
        taken.append(box)
        places.append((before, rise))
    return places


def _covers(box: Box, mark: tuple[float, float], clear: float = 0) -> bool:
    (left, right, bottom, top), (x, y) = box, mark
    return left - clear < x < right + clear and bottom - clear < y < top + clear


def _overlap(box: Box, other: Box) -> bool:
    return box[0] < other[1] and other[0] < box[1] and box[2] < other[3] and other[2] < box[3]


def _placed(order: Sequence[int], values: Sequence[float]) -> list[float]:
    result = [0.0] * len(order)
    for index, value in zip(order, values, strict=True):
        result[index] = value
    return result
