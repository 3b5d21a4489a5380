"""Rates of public services, pooled by adding up numerators and denominators (docs/method.md, service metrics)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Rate:
    """A ratio with its parts; ``value`` is None if the denominator is 0 (``kind`` ``not_applicable``)."""

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


def pool_rate(parts: Iterable[tuple[float, float]], per: float = PERCENT) -> Rate:
    """Return the pooled rate of (numerator, denominator) pairs: 10/20 and 900/1000 → 89.2 per cent."""
    pairs = list(parts)
    if any(min(pair) < 0 for pair in pairs):
        raise ValueError("counts are not negative")
    numerator = math.fsum(pair[0] for pair in pairs)
    denominator = math.fsum(pair[1] for pair in pairs)
    return Rate(per * numerator / denominator if denominator else None, numerator, denominator)


def compute_cost_per_transaction(cost: float, completed: int, ppp_rate: float | None = None) -> Cost | None:
    """Return the full cost per completed transaction; None if none was completed.

    ``ppp_rate`` is local currency per international dollar.
    """
    if completed == 0:
        return None
    local = cost / completed
    return Cost(local, local / ppp_rate if ppp_rate else None)
