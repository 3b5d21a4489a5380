"""Rounding for display: once, at the end, half away from zero, never onto a bound that was not reached."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

Number = int | float | str | Decimal

WIDE_ERROR = 2.0  # points of standard error above which a percentage is shown without decimals


@dataclass(frozen=True, slots=True)
class RoundedFigure:
    """A rounded figure; ``sign`` is ``<`` or ``>`` if rounding alone would have made it 0 or 100 per cent."""

    sign: Literal["", "<", ">"]
    value: Decimal


def convert_to_decimal(value: Number) -> Decimal:
    """Return a number in decimal as it prints: 62.45 is 62.45, not the nearest binary fraction."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise ValueError(f"{value!r} is not a figure: a missing value is shown by its reason, not rounded")
    return exact


def round_half_away(value: Number, decimals: int) -> Decimal:
    """Return ``value`` rounded half away from zero: 2.5 → 3, 62.45 → 62.5, −0.05 → −0.1."""
    rounded = convert_to_decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def round_for_print(value: Number, decimals: int, unit: str = "") -> RoundedFigure:
    """Return ``value`` as it may be printed: a percentage of 99.96 is ``> 99``, one of 0.4 is ``< 1``."""
    exact, rounded = convert_to_decimal(value), round_half_away(value, decimals)
    step = Decimal(1).scaleb(-decimals)
    if unit == "percent" and exact < 100 and rounded == 100:
        return RoundedFigure(">", rounded - step)
    if unit == "percent" and exact > 0 and rounded == 0:
        return RoundedFigure("<", step)
    return RoundedFigure("", rounded)


def choose_decimals(decimals: int, unit: str, std_error: float | None) -> int:
    """Return the decimals worth showing: none for a percentage whose standard error is over 2 points."""
    return 0 if unit == "percent" and std_error is not None and std_error > WIDE_ERROR else decimals


def count_published_decimals(text: str) -> int:
    """Return the decimals of a published text: "62.45" has 2, "<2.5" 1, "7e-3" 3, "18" none."""
    try:
        exponent = Decimal(text.strip().lstrip("<>=≤≥ ").replace(",", "")).as_tuple().exponent
    except InvalidOperation:
        return 0
    return max(0, -exponent) if isinstance(exponent, int) else 0
