"""Metrics of public services. Numerators are added up, denominators are added up, then one is divided by the other.

Method: docs/method.md, service metrics. Take-up, completion and cost follow the definitions of the UK government
service; kappa is Cohen 1960; the rest is the project's own. Where a denominator is 0 a metric does not apply.
Pages use ``pooled`` and ``cost_per_transaction``; the others no page shows yet: they are the method that is promised,
and reference values check them.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HUNDRED = 100.0

COMPLAINTS_PER = 10_000.0


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
class Waiting:
    """Waiting times in minutes, and the share (0-1) within the standard. There is no mean: long waits drown it."""

    n: int
    median: float
    p90: float
    within_standard: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of a completed transaction, in local currency and at purchasing power parity (None without a rate)."""

    local: float
    ppp: float | None


@dataclass(frozen=True, slots=True)
class Complaints:
    """Complaints per 10,000 transactions by period. ``arrow`` is always None: a rise may mean easier complaining."""

    rates: tuple[Rate, ...]
    arrow: None = None
    reason: str = "ambiguous_direction"


def pooled(parts: Iterable[tuple[float, float]], per: float = HUNDRED) -> Rate:
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


def _part(part: float, whole: float, per: float = HUNDRED) -> Rate:
    if part > whole:
        raise ValueError(f"{part} of {whole}: the part is larger than the whole")
    return pooled([(part, whole)], per)


def completion(completed: int, started: int) -> Rate:
    """Per cent of applications begun that were completed."""
    return _part(completed, started)


def digital_take_up(completed_online: int, completed_all: int) -> Rate:
    """Per cent of completed transactions that were completed online; wants an inclusion view beside it."""
    return _part(completed_online, completed_all)


def no_show(booked: int, used: int) -> Rate:
    """Per cent of bookings nobody came for; ``numerator`` is how many."""
    return _part(booked - used, booked)


def availability(agreed: float, down: float) -> Rate:
    """Per cent of the agreed minutes in which a channel worked: 43.83 of 43,830 down → 99.9."""
    return _part(agreed - down, agreed)


def coverage(within_reach: int, population: int) -> Rate:
    """Per cent of people within the stated travel time of a centre or a mobile visit."""
    return _part(within_reach, population)


def mystery_shopping(visits: Iterable[tuple[int, int]]) -> Rate:
    """Score 0-100 from (criteria met, criteria applicable) of each visit, pooled over visits."""
    return pooled(visits)


def complaints(counts: Sequence[tuple[int, int]]) -> Complaints:
    """Rates of (complaints, transactions) of each period, without an arrow between them."""
    return Complaints(tuple(pooled([pair], COMPLAINTS_PER) for pair in counts))


def cost_per_transaction(cost: float, completed: int, ppp_rate: float | None = None) -> Cost | None:
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


def waiting(minutes: Sequence[float], standard: float) -> Waiting | None:
    """Median, 90th percentile (linear interpolation) and share within the standard; None where nobody waited.

    Medians of centres cannot be pooled from medians: give all waiting times at once.
    """
    if not minutes:
        return None
    ordered = sorted(minutes)
    within = sum(minute <= standard for minute in ordered) / len(ordered)
    return Waiting(len(ordered), _quantile(ordered, 0.5), _quantile(ordered, 0.9), within)


def kappa(table: Sequence[Sequence[int]]) -> float | None:
    """Cohen's kappa of two raters from their square table of counts; None where chance alone would agree always.

    Raises:
        ValueError: the table is not square.
    """
    if any(len(row) != len(table) for row in table):
        raise ValueError("two raters who use the same categories give a square table")
    n = sum(map(sum, table))
    if n == 0:
        return None
    agreed = sum(row[at] for at, row in enumerate(table)) / n
    by_chance = sum(sum(row) * sum(other[at] for other in table) for at, row in enumerate(table)) / n**2
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def _quantile(ordered: Sequence[float], q: float) -> float:
    """By linear interpolation between order statistics (R type 7)."""
    place = (len(ordered) - 1) * q
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
