"""Invented figures from a formula, the same at every making.

They have a level, a trend and a small swing, so that charts, jumps and comparisons have something to show.
"""

import hashlib
import math
from dataclasses import dataclass

RESPONDENTS = 1_200
"""Respondents of each invented survey."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How an invented indicator behaves: level in the first year, yearly step, and whether it is a share."""

    level: float
    step: float
    share: bool = True  # a share of people in per cent, with groups


SHAPES = {
    "battery_1662_exit": Shape(58.0, 2.1),
    "csat_exit_poll": Shape(66.0, 1.2),
    "item_timeliness": Shape(52.0, 2.8),
    "item_equal_treatment": Shape(61.0, 0.9),
    "complaints_in_time": Shape(71.0, 1.7),
    "digital_take_up": Shape(24.0, 6.0),
    "wait_within_standard": Shape(63.0, 2.4),
    "waiting_median": Shape(19.0, -0.9, share=False),
    "bodies_integrated": Shape(6.0, 3.0, share=False),
}
"""The shape of each indicator that countries send."""

GROUPED = ("battery_1662_exit", "csat_exit_poll")
"""Indicators with a figure for women and one for men."""


@dataclass(frozen=True, slots=True)
class InventedFigure:
    """An invented figure; ``group`` is ``""``, ``female`` or ``male``."""

    indicator: str
    group: str
    year: int
    value: float
    sample: int | None


def make_figures(iso3: str, year: int, first: int, *, shift: float = 0.0) -> list[InventedFigure]:
    """Return the invented figures of a country and year.

    ``first`` is the year with the level of each shape; ``shift`` is added to every share, as a correction would.
    """
    figures = []
    for indicator, shape in SHAPES.items():
        level = shape.level + _compute_swing(iso3, indicator) * (9 if shape.share else 2)
        value = (
            level
            + shape.step * (year - first)
            + _compute_swing(iso3, indicator, str(year)) * (1.4 if shape.share else 0.4)
        )
        if not shape.share:
            is_count = indicator == "bodies_integrated"
            figures.append(
                InventedFigure(indicator, "", year, float(max(1, round(value))) if is_count else round(value, 1), None)
            )
            continue
        total = round(min(96.0, max(4.0, value + shift)), 1)
        figures.append(InventedFigure(indicator, "", year, total, RESPONDENTS))
        if indicator in GROUPED:
            figures += [
                InventedFigure(indicator, "female", year, round(total + 1.6, 1), RESPONDENTS // 2),
                InventedFigure(indicator, "male", year, round(total - 1.6, 1), RESPONDENTS // 2),
            ]
    return figures


def _compute_swing(*names: str) -> float:
    """Return a number from -1 to 1 that depends only on these names."""
    digest = hashlib.sha256("|".join(("invented", *names)).encode()).digest()
    return math.sin(int.from_bytes(digest[:4]) / 2**32 * math.tau)
