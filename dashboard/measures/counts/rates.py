"""Rates of counted events per transaction, their ratio, and many of them looked at at once.

Method: exact Poisson limits (Garwood 1936) of a rate; conditional exact test and limits of the ratio of two rates;
Benjamini and Hochberg 1995 over all pairs looked at. That only ratios of at least 1.2 are told is the project's own.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.measures.intervals import estimate_exact_interval

PER = 10_000
LEAST_RATIO = 1.2
UNLIKELY = 0.001
"""Chance of a month with more complaints than its bound, were nothing different."""

FALSE_DISCOVERIES = 0.05
"""Share of what is told to have changed that may have changed by chance alone."""


@dataclass(frozen=True, slots=True)
class EventRate:
    """Events per 10,000 transactions with exact 95 per cent limits."""

    value: float
    lower: float
    upper: float
    events: int
    transactions: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """Rate now over rate before; limits are None where they have no end. ``p`` is two-sided and exact."""

    value: float | None
    lower: float
    upper: float | None
    p: float


def estimate_event_rate(events: int, transactions: int, per: int = PER, level: float = 0.95) -> EventRate | None:
    """Rate of events per ``per`` transactions; None where there was no transaction.

    Raises:
        ValueError: a negative count.
    """
    from scipy.special import gammaincinv

    if events < 0 or transactions < 0:
        raise ValueError("counts are not negative")
    if transactions == 0:
        return None
    tail = (1 - level) / 2
    lower = float(gammaincinv(events, tail)) if events else 0.0
    upper = float(gammaincinv(events + 1, 1 - tail))
    scale = per / transactions
    return EventRate(events * scale, lower * scale, upper * scale, events, transactions)


def bound_events(events: int, transactions: int, coming: int, chance: float = UNLIKELY) -> int:
    """Events that so many coming transactions have at most, but for ``chance``: 12 in 1,000, of 100 coming → 6.

    The rate is as uncertain as its own events leave it (Jeffreys' prior), so the count to come is negative binomial.

    Raises:
        ValueError: a negative count, or no transactions to judge by.
    """
    from scipy.special import nbdtrik

    if min(events, coming) < 0 or transactions < 1:
        raise ValueError("counts are not negative, and a rate needs transactions")
    return math.ceil(float(nbdtrik(1 - chance, events + 0.5, transactions / (transactions + coming))))


def estimate_rate_ratio(now: tuple[int, int], before: tuple[int, int], level: float = 0.95) -> Ratio | None:
    """Ratio of two rates, each (events, transactions): 30 in 10,000 against 15 in 10,000 → 2.00, 1.04 to 4.00.

    Given k₁ + k₂ events in all, k₁ is binomial with p = R·t₁/(R·t₁ + t₂). None without transactions or events.
    """
    from scipy.stats import binomtest

    (first, t1), (second, t2) = now, before
    if min(t1, t2) <= 0 or first + second == 0:
        return None
    low, high = estimate_exact_interval(first, first + second, level)
    lower = low / (1 - low) * t2 / t1
    upper = high / (1 - high) * t2 / t1 if second else None
    value = first / second * t2 / t1 if second else None
    return Ratio(value, lower, upper, float(binomtest(first, first + second, t1 / (t1 + t2)).pvalue))


def find_discoveries(p_values: Sequence[float], q: float = FALSE_DISCOVERIES) -> list[bool]:
    """Which of many tests stand when a share ``q`` of those told may be false (Benjamini–Hochberg)."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    last = 0
    for rank, at in enumerate(order, start=1):
        if p_values[at] <= q * rank / len(order):
            last = rank
    stands = set(order[:last])
    return [at in stands for at in range(len(p_values))]


def find_ratios_beyond_chance(
    ratios: Sequence[Ratio], q: float = FALSE_DISCOVERIES, least: float = LEAST_RATIO
) -> list[bool]:
    """Which ratios are told: those that stand among all, and are at least ``least`` or at most its inverse."""
    large = [one.value is None or one.value >= least or one.value <= 1 / least for one in ratios]
    stand = find_discoveries([one.p for one in ratios], q)
    return [a and b for a, b in zip(stand, large, strict=True)]
