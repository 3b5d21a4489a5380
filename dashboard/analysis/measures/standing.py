"""Whether a country is better or worse than its peers: its value against their mean (docs/method.md, peers).

The difference d from the mean has the error √(SE² + Σ SEᵢ² ÷ k²). *Better* and *worse*: d is not 0 (two-sided, 90 %);
*similar*: d is below half a standard deviation between countries (two one-sided tests, Schuirmann 1987), both adjusted
over all indicators (Holm 1979); *mixed*: neither, but better than some peers and worse than others.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist, stdev
from typing import Any, Literal

from dashboard.analysis.measures.comparability import MIN_FIGURES
from dashboard.analysis.measures.intervals import read_std_error
from dashboard.analysis.measures.pairwise import ALPHA, PairTest, adjust_holm, compute_p, find_unlike

PeerVerdict = Literal["better", "worse", "mixed", "similar", "cannot_tell"]

MARGIN_SHARE = 0.5
"""Margin of *similar* as a share of the standard deviation between countries (ours, after Norman and others 2003)."""

MIN_SPREAD = 10  # fewest countries a standard deviation between them is made of (ours)


@dataclass(frozen=True, slots=True)
class PeerGap:
    """A country's value and the mean of its peers in one indicator; a positive ``difference`` is better."""

    value: float
    mean: float
    difference: float
    std_error: float
    margin: float | None
    peers: tuple[str, ...]
    better: int
    worse: int


def find_margin(values: Sequence[float]) -> float | None:
    """Return the margin within which countries are similar, from the values of all; None if too few."""
    return MARGIN_SHARE * stdev(values) if len(values) >= MIN_SPREAD else None


def measure_peer_gap(
    country: str,
    tests: Iterable[PairTest],
    figures: Mapping[str, Mapping[str, Any]],
    direction: Literal["higher", "lower"],
    everywhere: Iterable[Mapping[str, Any]],
) -> PeerGap | None:
    """Return the gap to the mean of the comparable peers; None with fewer than ``MIN_FIGURES``.

    Args:
        tests: pairs of the country and its peers; pairs of peers are ignored.
        figures: rows by country, as the pairs were judged on.
        direction: which end is better.
        everywhere: the figures of all countries, from which the margin is made.
    """
    sign = 1 if direction == "higher" else -1
    leads: dict[str, tuple[float, bool]] = {}
    for test in tests:
        if country in (test.first, test.second) and test.difference is not None:
            lead = sign * (test.difference if test.first == country else -test.difference)
            leads[test.second if test.first == country else test.first] = (lead, test.verdict == "different")
    if len(leads) < MIN_FIGURES:
        return None
    own = figures[country]
    mean = math.fsum(figures[peer]["value"] for peer in leads) / len(leads)
    errors = [read_std_error(figures[peer]) or 0.0 for peer in leads]
    return PeerGap(
        value=own["value"],
        mean=mean,
        difference=sign * (own["value"] - mean),
        std_error=math.hypot(read_std_error(own) or 0.0, math.hypot(*errors) / len(leads)),
        margin=find_margin(
            [row["value"] for row in everywhere if row["value"] is not None and not find_unlike(row, own)]
        ),
        peers=tuple(leads),
        better=sum(lead > 0 for lead, is_different in leads.values() if is_different),
        worse=sum(lead < 0 for lead, is_different in leads.values() if is_different),
    )


def judge_gaps(gaps: Sequence[PeerGap]) -> list[PeerVerdict]:
    """Return the verdict on each indicator of a country, all adjusted together."""
    different = [p < ALPHA for p in adjust_holm([compute_p(gap.difference, gap.std_error) for gap in gaps])]
    similar = [p < ALPHA for p in adjust_holm([compute_similarity_p(gap) for gap in gaps])]
    return [_choose_verdict(*case) for case in zip(gaps, different, similar, strict=True)]


def compute_similarity_p(gap: PeerGap) -> float:
    """Return the larger p of the two one-sided tests against the margin; 1 without a margin."""
    if gap.margin is None:
        return 1.0
    room = gap.margin - abs(gap.difference)
    return NormalDist(0.0, gap.std_error).cdf(-room) if gap.std_error else float(room <= 0)


def _choose_verdict(gap: PeerGap, is_different: bool, is_similar: bool) -> PeerVerdict:
    if is_different:
        return "better" if gap.difference > 0 else "worse"
    if gap.better and gap.worse:
        return "mixed"
    return "similar" if is_similar else "cannot_tell"
