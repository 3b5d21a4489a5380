"""Countries to compare with, each with its reasons, never chosen by an outcome (docs/method.md, peers).

The first ``MAX_PEERS`` are those a country is judged against, up to ``MIN_NEIGHBOURS`` of its region among them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Reason = Literal["region", "income", "egdi_group", "gdp_per_head", "population", "years_since_opening"]

GDP_RATIO = 1.25
POPULATION_RATIO = 1.5
MAX_YEARS_APART = 3.0

MAX_PEERS = 11  # peers a country is judged against: with it they are as many as a comparison shows

MIN_NEIGHBOURS = 3  # countries of the same region among them, as far as there are any (ours)

EGDI_GROUPS: tuple[tuple[float, str], ...] = ((0.75, "very_high"), (0.5, "high"), (0.25, "middle"), (0.0, "low"))
"""Lowest index of each group of the UN E-Government Survey, the best first."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The facts by which peers are chosen; None or empty is unknown and never a reason."""

    country: str
    region: str = ""
    income: str = ""
    egdi_group: str = ""
    gdp_per_head: float | None = None
    population: float | None = None
    years_since_opening: float | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """A country with the reasons for it, and the reasons that could not be examined."""

    country: str
    reasons: tuple[Reason, ...]
    unknown: tuple[Reason, ...]
    distance: float


def classify_egdi(index: float | None) -> str:
    """Return the group of the E-Government Survey for an index (0-1); empty without an index."""
    return "" if index is None else next((name for least, name in EGDI_GROUPS if index >= least), "")


def rank_peers(focus: Profile, candidates: Iterable[Profile]) -> list[Peer]:
    """Return the candidates with a reason, first the ``MAX_PEERS`` that the focus is judged against.

    Either part is sorted by number of reasons, distance and code.
    """
    found = [_judge_peer(focus, candidate) for candidate in candidates if candidate.country != focus.country]
    suited = (peer for peer in found if peer.reasons)
    ranked = sorted(suited, key=lambda peer: (-len(peer.reasons), peer.distance, peer.country))
    neighbours = [peer for peer in ranked if "region" in peer.reasons][:MIN_NEIGHBOURS]
    further = [peer for peer in ranked if peer not in neighbours][: MAX_PEERS - len(neighbours)]
    return sorted(ranked, key=lambda peer: peer not in neighbours and peer not in further)


def _judge_peer(focus: Profile, candidate: Profile) -> Peer:
    opened = None
    if focus.years_since_opening is not None and candidate.years_since_opening is not None:
        opened = abs(focus.years_since_opening - candidate.years_since_opening)
    verdicts: dict[Reason, bool | None] = {
        "region": _is_same(focus.region, candidate.region),
        "income": _is_same(focus.income, candidate.income),
        "egdi_group": _is_same(focus.egdi_group, candidate.egdi_group),
        "gdp_per_head": _is_near(focus.gdp_per_head, candidate.gdp_per_head, GDP_RATIO),
        "population": _is_near(focus.population, candidate.population, POPULATION_RATIO),
        "years_since_opening": None if opened is None else opened <= MAX_YEARS_APART,
    }
    pairs = ((focus.gdp_per_head, candidate.gdp_per_head), (focus.population, candidate.population))
    apart = [_measure_log_ratio(a, b) for a, b in pairs if a is not None and b is not None]
    return Peer(
        candidate.country,
        tuple(reason for reason, holds in verdicts.items() if holds),
        tuple(reason for reason, holds in verdicts.items() if holds is None),
        sum(apart) / len(apart) if apart else math.inf,
    )


def _is_same(first: str, second: str) -> bool | None:
    return first == second if first and second else None


def _is_near(first: float | None, second: float | None, ratio: float) -> bool | None:
    return None if first is None or second is None else _measure_log_ratio(first, second) <= math.log(ratio)


def _measure_log_ratio(first: float, second: float) -> float:
    """Return |ln ratio|, which is the same in both directions."""
    return abs(math.log(first) - math.log(second))
