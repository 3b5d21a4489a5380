"""The invented figures: made from a formula, the same at every making, and of nobody.

They move as such figures do (a level, a trend, a small swing), so that charts, jumps and comparisons have something to
show. No number here was observed anywhere.
"""

import hashlib
import math
from dataclasses import dataclass

PEOPLE = 1_200
"""Who answered in each invented survey."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How an invented indicator behaves: level in the first year, change a year, and its decimals."""

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
"""Indicator → shape. All of them are sent by countries."""

GROUPED = ("battery_1662_exit", "csat_exit_poll")
"""Indicators with a figure for women and one for men."""


@dataclass(frozen=True, slots=True)
class InventedFigure:
    """One invented figure; ``group`` is ``""``, ``female`` or ``male``."""

    indicator: str
    group: str
    year: int
    value: float
    sample: int | None


def invented(iso3: str, year: int, first: int, *, shift: float = 0.0) -> list[InventedFigure]:
    """The invented figures of a country and year.

    Args:
        iso3: an invented country.
        year: the year.
        first: the first invented year, which has the level of each shape.
        shift: added to every share: what a correction changes.
    """
    made = []
    for indicator, shape in SHAPES.items():
        level = shape.level + _swing(iso3, indicator) * (9 if shape.share else 2)
        value = level + shape.step * (year - first) + _swing(iso3, indicator, str(year)) * (1.4 if shape.share else 0.4)
        if not shape.share:
            whole = indicator == "bodies_integrated"
            made.append(
                InventedFigure(indicator, "", year, float(max(1, round(value))) if whole else round(value, 1), None)
            )
            continue
        total = round(min(96.0, max(4.0, value + shift)), 1)
        made.append(InventedFigure(indicator, "", year, total, PEOPLE))
        if indicator in GROUPED:
            made += [
                InventedFigure(indicator, "female", year, round(total + 1.6, 1), PEOPLE // 2),
                InventedFigure(indicator, "male", year, round(total - 1.6, 1), PEOPLE // 2),
            ]
    return made


def _swing(*names: str) -> float:
    """A number from -1 to 1 that belongs to these names."""
    digest = hashlib.sha256("|".join(("invented", *names)).encode()).digest()
    return math.sin(int.from_bytes(digest[:4]) / 2**32 * math.tau)
