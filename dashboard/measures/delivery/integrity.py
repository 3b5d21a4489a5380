"""Bribery met by visitors of a service point: a proxy, never SDG 16.5.1, which asks the population."""

from dataclasses import dataclass

from dashboard.measures.intervals import wilson

PROXY = "proxy, not SDG 16.5.1"
"""What a bribery rate of visitors of one service point is called, wherever it is shown."""


@dataclass(frozen=True, slots=True)
class ServicePoint:
    """Bribery met by visitors of a service point, per cent, with Wilson's 95 per cent interval and its label."""

    share: float
    lower: float
    upper: float
    label: str = PROXY


def service_point_bribery(asked_or_paid: int, valid: int) -> ServicePoint | None:
    """Visitors of a service point who were asked or paid, of valid exit answers; None where nobody answered."""
    if valid == 0:
        return None
    lower, upper = wilson(asked_or_paid, valid)
    return ServicePoint(100 * asked_or_paid / valid, 100 * lower, 100 * upper)
