"""Rates of counted events per transaction, their ratio, and tests of many ratios.

Garwood 1936; conditional exact test; Benjamini and Hochberg 1995. Reporting only ratios of at least 1.2 is ours.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.analysis.measures.intervals import estimate_exact_interval

PER_TRANSACTIONS = 10_000
MIN_RATIO = 1.2
ALARM_CHANCE = 0.001  # chance of a month with more complaints than its bound if nothing changed

FALSE_DISCOVERIES = 0.05  # share of reported changes that may be due to chance alone


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
    """The rate now over the rate before, its limits (None: unlimited) and the exact two-sided ``p``."""

    value: float | None
    lower: float
    upper: float | None
    p: float


def estimate_event_rate(
    events: int, transactions: int, per: int = PER_TRANSACTIONS, level: float = 0.95
) -> EventRate | None:
    """Return the rate of events per ``per`` transactions, or None without transactions."""
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


def bound_events(events: int, transactions: int, coming: int, chance: float = ALARM_CHANCE) -> int:
    """Return the most events expected in coming transactions, but for ``chance``: 12 in 1,000, of 100 → 6.

    The rate is as uncertain as its own events leave it (Jeffreys' prior), so the count is negative binomial.
    """
    from scipy.special import nbdtrik

    if min(events, coming) < 0 or transactions < 1:
        raise ValueError("counts are not negative, and a rate needs transactions")
    return math.ceil(float(nbdtrik(1 - chance, events + 0.5, transactions / (transactions + coming))))


def estimate_rate_ratio(now: tuple[int, int], before: tuple[int, int], level: float = 0.95) -> Ratio | None:
    """Return the ratio of two (events, transactions) rates: 30 against 15 in 10,000 → 2.00, 1.04 to 4.00.

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
    """Return which of many tests are significant at a false discovery rate ``q`` (Benjamini–Hochberg)."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    last = 0
    for rank, at in enumerate(order, start=1):
        if p_values[at] <= q * rank / len(order):
            last = rank
    discovered = set(order[:last])
    return [at in discovered for at in range(len(p_values))]


def find_ratios_beyond_chance(
    ratios: Sequence[Ratio], q: float = FALSE_DISCOVERIES, least: float = MIN_RATIO
) -> list[bool]:
    """Return which ratios are discoveries and at least ``least``, or at most its inverse."""
    found = find_discoveries([ratio.p for ratio in ratios], q)
    return [
        is_found and (ratio.value is None or ratio.value >= least or ratio.value <= 1 / least)
        for ratio, is_found in zip(ratios, found, strict=True)
    ]
