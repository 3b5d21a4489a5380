"""Integrity and institutions: the official definitions of SDG 16.5, 16.6.1 and 16.7, and checks of published indices.

Source of the methods: United Nations, metadata of the indicators named; PEFA, indicator PI-1; Transparency
International, method of the Corruption Perceptions Index; UN DESA, E-Government Survey. Shares are in per cent.
No page shows them yet but ``service_point_bribery``: published figures are shown as printed. They are the method
that is promised, and reference values check them.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.measures.intervals import interval_90, wilson

CPI_COMPARABLE_FROM = 2012
"""First year of the Corruption Perceptions Index on the present scale."""

EGDI_ROUNDING = 5e-5
"""By how much the published index may differ from the mean of its parts, all of them rounded."""

EXECUTION_TARGET = 100.0
"""Per cent of the approved budget: the target of 16.6.1, which can be missed on both sides."""

PEFA_BANDS: tuple[tuple[Literal["A", "B", "C"], float, float], ...] = (
    ("A", 95, 105), ("B", 90, 110), ("C", 85, 115),
)  # fmt: skip
"""PEFA PI-1: per cent of the approved budget within which at least two of three years lie; edges count as inside."""

PROXY = "proxy, not SDG 16.5.1"
"""What a bribery rate of visitors of one service point is called, wherever it is shown."""


@dataclass(frozen=True, slots=True)
class BriberyOfPersons:
    """16.5.1 (``value``), and the share that paid, which is another series; per cent of those with a contact."""

    value: float
    paid_only: float


@dataclass(frozen=True, slots=True)
class Firm:
    """A surveyed firm: its weight, how many of the six transactions it had, for how many a bribe was requested."""

    weight: float
    transactions: int
    requests: int
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Execution:
    """Executed in per cent of the approved budget, and how far that is from 100."""

    value: float
    distance: float


@dataclass(frozen=True, slots=True)
class DecisionMaking:
    """16.7.2: per cent who find decisions inclusive, who find them responsive, and the mean of the two."""

    inclusive: float
    responsive: float
    average: float


@dataclass(frozen=True, slots=True)
class Representation:
    """Share of a group in public service over its share in the population; 1 is parity."""

    ratio: float
    distance: float


@dataclass(frozen=True, slots=True)
class IndexScore:
    """Score of the Corruption Perceptions Index with its standard error and 90 per cent interval."""

    score: float
    std_error: float
    lower: float
    upper: float
    sources: int


@dataclass(frozen=True, slots=True)
class ServicePoint:
    """Bribery met by visitors of a service point, per cent, with Wilson's 95 per cent interval and its label."""

    share: float
    lower: float
    upper: float
    label: str = PROXY


def bribery_of_persons(with_contact: int, paid: int, asked_only: int) -> BriberyOfPersons | None:
    """SDG 16.5.1: who paid or was asked, each person once, of those with a contact with a public official.

    Whoever had no contact is in no denominator: dividing by all interviewed is another figure. None without contacts.

    Raises:
        ValueError: more persons than had a contact.
    """
    if min(paid, asked_only) < 0 or paid + asked_only > with_contact:
        raise ValueError("each person counts once: paid + asked only cannot exceed those with a contact")
    if with_contact == 0:
        return None
    return BriberyOfPersons(100 * (paid + asked_only) / with_contact, 100 * paid / with_contact)


def bribery_of_firms(firms: Iterable[Firm]) -> float | None:
    """SDG 16.5.2: weighted per cent of firms with a transaction that met a request; refusing to answer counts as one.

    None where no firm had any of the six transactions. That firms without one leave the denominator is this product's
    reading of the metadata.
    """
    dealing = [firm for firm in firms if firm.transactions > 0]
    weight = math.fsum(firm.weight for firm in dealing)
    if weight == 0:
        return None
    return 100 * math.fsum(firm.weight for firm in dealing if firm.requests > 0 or firm.refused) / weight


def budget_execution(executed: float, approved: float) -> Execution | None:
    """SDG 16.6.1 of one year; None where nothing was approved."""
    if approved == 0:
        return None
    value = 100 * executed / approved
    return Execution(value, abs(value - EXECUTION_TARGET))


def pefa_band(years: Sequence[float]) -> Literal["A", "B", "C", "D"]:
    """PEFA PI-1 from three years' executed budgets in per cent of the approved: 97, 108, 94 → B.

    Raises:
        ValueError: not three years.
    """
    if len(years) != 3:
        raise ValueError(f"PI-1 looks at three years, not {len(years)}")
    for band, low, high in PEFA_BANDS:
        if sum(low <= year <= high for year in years) >= 2:
            return band
    return "D"


def decision_making(inclusive: Sequence[float], responsive: Sequence[float]) -> DecisionMaking:
    """SDG 16.7.2 from the per cent of each of the three positive answers of both questions."""
    first, second = math.fsum(inclusive), math.fsum(responsive)
    return DecisionMaking(first, second, (first + second) / 2)


def representation(in_service: float, in_population: float) -> Representation | None:
    """SDG 16.7.1(b): 0.38 of the service and 0.51 of the population → 0.745, 0.255 from parity."""
    if in_population == 0:
        return None
    ratio = in_service / in_population
    return Representation(ratio, abs(1 - ratio))


def index_score(sources: Sequence[float]) -> IndexScore:
    """Corruption Perceptions Index from its standardised sources: their mean, s/√n, and ± 1.645 standard errors.

    For checking published scores; the licence forbids publishing an index of one's own.

    Raises:
        ValueError: fewer than two sources, which have no error.
    """
    n = len(sources)
    if n < 2:
        raise ValueError("an error needs two sources")
    score = math.fsum(sources) / n
    error = math.sqrt(math.fsum((source - score) ** 2 for source in sources) / (n - 1) / n)
    return IndexScore(score, error, *interval_90(score, error), n)


def egdi(online_services: float, telecommunication: float, human_capital: float) -> float:
    """E-Government Development Index: mean of its three parts."""
    return (online_services + telecommunication + human_capital) / 3


def egdi_agrees(published: float, online_services: float, telecommunication: float, human_capital: float) -> bool:
    """Whether a published index is the mean of its published parts, allowing for their rounding."""
    return abs(published - egdi(online_services, telecommunication, human_capital)) <= EGDI_ROUNDING


def service_point_bribery(asked_or_paid: int, valid: int) -> ServicePoint | None:
    """Visitors of a service point who were asked or paid, of valid exit answers; None where nobody answered."""
    if valid == 0:
        return None
    lower, upper = wilson(asked_or_paid, valid)
    return ServicePoint(100 * asked_or_paid / valid, 100 * lower, 100 * upper)
