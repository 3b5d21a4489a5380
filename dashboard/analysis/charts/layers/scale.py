"""Ranges of axes that end on round numbers, and labels kept apart."""

import math
from collections.abc import Sequence
from itertools import pairwise, product

MAX_BASELINE_SHARE = 0.4  # share of the largest value below which the smallest makes the axis start at 0

MAX_LABEL_STEPS = 16  # half heights by which a label may be moved from its mark, up or down

GAP_PX = 3  # pixels between a mark and its label

Box = tuple[float, float, float, float]  # left, right, bottom and top


def choose_step(span: float, ticks: int = 5) -> float:
    """Return the round distance (1, 2 or 5 × 10ⁿ) that puts about ``ticks`` ticks on ``span``."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    rough = span / ticks
    power = 10.0 ** math.floor(math.log10(rough))
    return power * min((1, 2, 5, 10), key=lambda factor: abs(math.log(factor * power / rough)))


def round_range(values: Sequence[float], unit: str = "") -> tuple[float, float]:
    """Return a range with round ends that includes all values, and 0 if values come near it.

    A percentage never gets an axis beyond 0 and 100.
    """
    low, high = min(values), max(values)
    if high - low <= 1e-9 * max(1.0, abs(low), abs(high)):  # one value, but for the last digits of binary floats
        reach = abs(low) * 0.1 if abs(low) > 1e-6 else 1.0
        bottom, top = low - reach, high + reach
    else:
        bottom, top = low, high
    if low >= 0 and (low < MAX_BASELINE_SHARE * high or bottom < 0):
        bottom = 0.0
    width = choose_step(top - bottom)
    bottom, top = math.floor(bottom / width + 1e-9) * width, math.ceil(top / width - 1e-9) * width
    if unit == "percent" and low >= 0 and high <= 100:
        bottom, top = max(bottom, 0.0), min(top, 100.0)
    return round(bottom, 10), round(top, 10)


def spread_apart(
    places: Sequence[float], gap: float, low: float, high: float, lines: Sequence[int] = ()
) -> list[float]:
    """Return ``places`` moved little, until neighbours are ``gap`` apart and all lie in the range.

    In too short a range they are spread evenly. ``gap`` is what labels of one line need; ``lines`` counts the lines of
    each.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    if not order:
        return []
    tall = [lines[i] if lines else 1 for i in order]
    gaps = [gap * (first + second) / 2 for first, second in pairwise(tall)]
    if sum(gaps) >= high - low:
        even = (high - low) / max(1, len(order) - 1)
        return _restore_order(order, [low + even * i for i in range(len(order))])
    moved = [min(max(places[i], low), high) for i in order]
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gaps[i - 1])
    moved[-1] = min(moved[-1], high)
    for i in range(len(moved) - 2, -1, -1):
        moved[i] = min(moved[i], moved[i + 1] - gaps[i])
    return _restore_order(order, moved)


def place_labels(
    marks: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    width: float,
    height: float,
    clear: float,
    others: Sequence[tuple[float, float]] = (),
) -> list[tuple[bool, float]]:
    """Return for each mark whether its label stands before it, and how far above it.

    A label lies in the drawing and covers no mark and no earlier label; of the free places it takes the nearest, then
    the one that covers fewer of ``others``. Everything is in pixels from the lower left corner; ``clear`` is half a
    mark.
    """
    taken: list[Box] = []
    places = []
    for (x, y), (long, tall) in zip(marks, sizes, strict=True):
        free = []
        for step, before in product(range(-MAX_LABEL_STEPS, MAX_LABEL_STEPS + 1), (False, True)):
            rise = step * tall / 2
            left = x - clear - GAP_PX - long if before else x + clear + GAP_PX
            box = (left, left + long, y + rise - tall / 2, y + rise + tall / 2)
            outside = left < 0 or box[1] > width or box[2] < 0 or box[3] > height
            covered = sum(_is_covering(box, mark, clear) for mark in marks) + sum(
                _is_overlapping(box, label) for label in taken
            )
            free.append((outside, covered, abs(step), before, rise, box))
        nearest = min(free)[:3]
        *_, before, rise, box = min(
            (place for place in free if place[:3] == nearest),
            key=lambda place: sum(_is_covering(place[-1], mark) for mark in others),
        )
        taken.append(box)
        places.append((before, rise))
    return places


def _is_covering(box: Box, mark: tuple[float, float], clear: float = 0) -> bool:
    (left, right, bottom, top), (x, y) = box, mark
    return left - clear < x < right + clear and bottom - clear < y < top + clear


def _is_overlapping(box: Box, second: Box) -> bool:
    return box[0] < second[1] and second[0] < box[1] and box[2] < second[3] and second[2] < box[3]


def _restore_order(order: Sequence[int], values: Sequence[float]) -> list[float]:
    result = [0.0] * len(order)
    for index, value in zip(order, values, strict=True):
        result[index] = value
    return result
