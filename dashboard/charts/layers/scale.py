"""Ranges of axes that end on round numbers, and labels kept apart."""

import math
from collections.abc import Sequence
from itertools import pairwise

BASELINE_SHARE = 0.4
"""Where the smallest value is below this share of the largest, the axis starts at 0; indices keep their own range."""


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


def _placed(order: Sequence[int], values: Sequence[float]) -> list[float]:
    result = [0.0] * len(order)
    for index, value in zip(order, values, strict=True):
        result[index] = value
    return result
