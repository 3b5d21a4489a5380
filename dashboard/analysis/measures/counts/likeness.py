"""Centres compared like with like: each against what the network would have done for the same services.

Indirect standardisation with hypergeometric variance (Mantel and Haenszel 1959) and an additive random effect τ² from
winsorised z (Spiegelhalter 2005). Services of one centre alone are left out. ``find_hidden`` names each pair of which
one centre is better in every shared service and yet looks worse (Simpson 1951).
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.analysis.measures.counts.funnel import WINSORISED_SHARE, find_quantile

INNER, OUTER = 1.959963984540054, 3.090232306167813
"""Standard errors at 95 and 99.8 per cent, as the tails of ``funnel``."""

Cases = Mapping[str, tuple[float, float]]
"""Service → (counted, n) of a centre."""


@dataclass(frozen=True, slots=True)
class LikenedCentre:
    """A centre's observed and expected shares (0-1) of ``n`` cases of shared services; ``alone``: others.

    ``error`` is of chance alone; ``outside`` names the limits exceeded, ``inner`` or ``outer``.
    """

    code: str
    observed: float
    expected: float
    n: float
    alone: float
    error: float
    outside: str

    @property
    def difference(self) -> float:
        """Observed minus expected."""
        return self.observed - self.expected


@dataclass(frozen=True, slots=True)
class Likeness:
    """All centres with the shares expected of their services; ``spread`` is τ, as a share.

    ``hidden``: for each centre those it is better than in every shared service, though its pooled share (``raw``) or
    its difference (``likened``) is lower.
    """

    target: float
    spread: float
    centres: tuple[LikenedCentre, ...]
    services: Mapping[str, tuple[float, float]]
    raw: Mapping[str, tuple[str, ...]]
    likened: Mapping[str, tuple[str, ...]]


def compare_alike(cases: Mapping[str, Cases], least: float = 1) -> Likeness | None:
    """Return centres standardised over the services that several of them offer; None with fewer than two.

    Args:
        cases: (counted, n) by centre and service, of a share of which more is better.
        least: fewest cases of a centre that is placed; smaller ones are part of the network all the same.
    """
    nonempty = {code: {name: pair for name, pair in of.items() if pair[1] > 0} for code, of in sorted(cases.items())}
    if any(not 0 <= top <= n for of in nonempty.values() for top, n in of.values()):
        raise ValueError("each service counts no more than its cases, and not less than none")
    tops, sizes, offered = defaultdict[str, float](float), defaultdict[str, float](float), defaultdict[str, int](int)
    for of in nonempty.values():
        for name, (top, n) in of.items():
            tops[name] += top
            sizes[name] += n
            offered[name] += 1
    shared = {name for name, many in offered.items() if many > 1}
    rows = []
    for code, of in nonempty.items():
        mine = {name: pair for name, pair in of.items() if name in shared}
        n = math.fsum(pair[1] for pair in mine.values())
        if n < max(least, 1):
            continue
        observed = math.fsum(pair[0] for pair in mine.values())
        expected = math.fsum(pair[1] * tops[name] / sizes[name] for name, pair in mine.items())
        variance = math.fsum(_compute_variance(pair[1], tops[name], sizes[name]) for name, pair in mine.items())
        alone = math.fsum(pair[1] for name, pair in of.items() if name not in shared)
        rows.append((code, observed / n, expected / n, n, alone, math.sqrt(variance) / n))
    if len(rows) < 2:
        return None
    differences = [(observed - expected, error) for _, observed, expected, _, _, error in rows]
    spread = math.sqrt(measure_spread([pair for pair in differences if pair[1] > 0]))
    placed = [LikenedCentre(*row, find_outside(row[1] - row[2], row[5], spread)) for row in rows]
    target = math.fsum(tops[name] for name in shared) / math.fsum(sizes[name] for name in shared)
    codes = [row[0] for row in rows]
    of_rows = [nonempty[code] for code in codes]
    pooled = [math.fsum(top for top, _ in of.values()) / math.fsum(n for _, n in of.values()) for of in of_rows]
    raw, likened = (
        {code: tuple(codes[at] for at in found) for code, found in zip(codes, find_hidden(of_rows, shown), strict=True)}
        for shown in (pooled, [centre.difference for centre in placed])
    )
    return Likeness(target, spread, tuple(placed), {name: (tops[name], sizes[name]) for name in sizes}, raw, likened)


def find_outside(difference: float, error: float, spread: float) -> str:
    """Return the limits that a difference exceeds: ``outer``, ``inner`` or ""."""
    size, total = abs(difference), math.hypot(error, spread)
    if error == 0:  # all did the same in these services
        return ""
    return "outer" if size > OUTER * total else "inner" if size > INNER * total else ""


def measure_spread(differences: Sequence[tuple[float, float]]) -> float:
    """Return τ², the variance between centres, from (difference, error) pairs; 0 if chance explains it.

    φ is the mean of winsorised z²; τ² = (Iφ − (I − 1)) / (Σw − Σw²/Σw), w = 1/error², and never below 0.
    """
    if len(differences) < 2:
        return 0.0
    ordered = sorted(difference / error for difference, error in differences)
    low, high = find_quantile(ordered, WINSORISED_SHARE), find_quantile(ordered, 1 - WINSORISED_SHARE)
    squares = math.fsum(min(high, max(low, z)) ** 2 for z in ordered)  # Iφ
    weights = [error**-2 for _, error in differences]
    room = math.fsum(weights) - math.fsum(w * w for w in weights) / math.fsum(weights)
    return max(0.0, (squares - (len(differences) - 1)) / room)


def find_hidden(cases: Sequence[Cases], shown: Sequence[float]) -> list[list[int]]:
    """Return for each centre those shown above it though it is better in every shared service.

    ``shown`` is the figure by which centres are shown, higher being better.
    """
    names = {name: at for at, name in enumerate(sorted({name for of in cases for name in of}))}
    shares = np.full((len(cases), max(1, len(names))), np.nan)
    for place, of in enumerate(cases):
        for name, (top, n) in of.items():
            if n > 0:
                shares[place, names[name]] = top / n
    found = []
    for place, mine in enumerate(shares):
        apart = mine - shares  # nan where one of both does not offer it
        offered = ~np.isnan(apart)
        better = offered.any(axis=1) & np.where(offered, apart > 0, True).all(axis=1)
        found.append([int(other) for other in np.flatnonzero(better) if shown[place] < shown[int(other)]])
    return found


def _compute_variance(n: float, top: float, size: float) -> float:
    """Return the hypergeometric variance of a centre's count, if ``top`` of ``size`` cases count in all."""
    share = top / size
    return n * (size - n) / (size - 1) * share * (1 - share) if size > 1 else 0.0
