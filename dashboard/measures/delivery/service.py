"""Rates of public services. Numerators are added up, denominators are added up, then one is divided by the other.

Method: docs/method.md, service metrics; the cost follows the definition of the UK government service. Where a
denominator is 0 a metric does not apply.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Rate:
    """A ratio with what it was made of. ``value`` is None where it does not apply (``kind`` ``not_applicable``)."""

    value: float | None
    numerator: float
    denominator: float

    @property
    def kind(self) -> str:
        """``value`` or ``not_applicable``."""
        return "not_applicable" if self.value is None else "value"


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of a completed transaction, in local currency and at purchasing power parity (None without a rate)."""

    local: float
    ppp: float | None


def pool_rate(parts: Iterable[tuple[float, float]], per: float = HUNDRED) -> Rate:
    """Rate of several centres or periods from (numerator, denominator) pairs: 10/20 and 900/1000 → 89.2 per cent.

    Raises:
        ValueError: a negative number.
    """
    pairs = list(parts)
    if any(min(pair) < 0 for pair in pairs):
        raise ValueError("counts are not negative")
    numerator = math.fsum(pair[0] for pair in pairs)
    denominator = math.fsum(pair[1] for pair in pairs)
    return Rate(per * numerator / denominator if denominator else None, numerator, denominator)


def compute_cost_per_transaction(cost: float, completed: int, ppp_rate: float | None = None) -> Cost | None:
    """Full cost (staff, technology, overhead) per completed transaction; None where none was completed.

    Args:
        cost: in local currency.
        completed: transactions.
        ppp_rate: units of local currency per international dollar; its date belongs beside the figure.
    """
    if completed == 0:
        return None
    local = cost / completed
    return Cost(local, local / ppp_rate if ppp_rate else None)
