"""Countries to compare with, each with its reasons. Never chosen by an outcome.

Method: the project's own (docs/method.md, peers); the ratios of 1.25 (GDP per head) and 1.5 (population) follow the
code of Our World in Data. Most reasons come first, then the nearest; who has no reason is not offered.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

Reason = Literal["region", "income", "egdi_group", "gdp_per_head", "population", "years_since_opening"]

GDP_RATIO = 1.25
POPULATION_RATIO = 1.5
YEARS = 3.0

EGDI_GROUPS: tuple[tuple[float, str], ...] = ((0.75, "very_high"), (0.5, "high"), (0.25, "middle"), (0.0, "low"))
"""Lowest index of each group of the UN E-Government Survey, the best first."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What peers are chosen by; None or empty is unknown, which is never a reason."""

    country: str
    region: str = ""
    income: str = ""
    egdi_group: str = ""
    gdp_per_head: float | None = None
    population: float | None = None
    years_since_opening: float | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """A country with the reasons for it, and what could not be looked at because either of the two lacks it.

    ``distance`` is the mean of |ln ratio| of GDP per head and of population, infinite when neither is known of both.
    """

    country: str
    reasons: tuple[Reason, ...]
    unknown: tuple[Reason, ...]
    distance: float


def classify_egdi(index: float | None) -> str:
    """Group of the E-Government Survey an index (0-1) falls in; empty when there is none."""
    return "" if index is None else next((name for least, name in EGDI_GROUPS if index >= least), "")


def rank_peers(focus: Profile, candidates: Iterable[Profile]) -> list[Peer]:
    """The candidates with a reason: most reasons first, then the smallest distance, then by code."""
    listed = [_peer(focus, other) for other in candidates if other.country != focus.country]
    return sorted((it for it in listed if it.reasons), key=lambda it: (-len(it.reasons), it.distance, it.country))


def _peer(focus: Profile, other: Profile) -> Peer:
    verdicts: dict[Reason, bool | None] = {
        "region": _same(focus.region, other.region),
        "income": _same(focus.income, other.income),
        "egdi_group": _same(focus.egdi_group, other.egdi_group),
        "gdp_per_head": _both(focus.gdp_per_head, other.gdp_per_head, lambda a, b: _apart(a, b) <= math.log(GDP_RATIO)),
        "population": _both(
            focus.population, other.population, lambda a, b: _apart(a, b) <= math.log(POPULATION_RATIO)
        ),
        "years_since_opening": _both(
            focus.years_since_opening, other.years_since_opening, lambda a, b: abs(a - b) <= YEARS
        ),
    }
    pairs = ((focus.gdp_per_head, other.gdp_per_head), (focus.population, other.population))
    apart = [_apart(a, b) for a, b in pairs if a is not None and b is not None]
    return Peer(
        other.country,
        tuple(reason for reason, holds in verdicts.items() if holds),
        tuple(reason for reason, holds in verdicts.items() if holds is None),
        sum(apart) / len(apart) if apart else math.inf,
    )


def _same(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _both(one: float | None, other: float | None, holds: Callable[[float, float], bool]) -> bool | None:
    return None if one is None or other is None else holds(one, other)


def _apart(one: float, other: float) -> float:
    """|ln ratio|: the same whichever of the two is asked from."""
    return abs(math.log(one) - math.log(other))
