"""Centres compared like with like: what each did beside what the network would have done of the same services.

Method: indirect standardisation. Expected is the sum over services of a centre's cases times the service's rate in all
centres; its variance given those rates is hypergeometric (Mantel and Haenszel 1959), for a centre is part of its own
network. Limits of Spiegelhalter 2005, "Handling over-dispersion of performance indicators", with an additive random
effect τ² from z winsorised at a tenth on each side: centres differ in truth, large ones too. A multiplicative φ would
be set by the largest centres and hide every small one. Services of one centre alone say nothing and are left out.

Ratios of two centres standardised so still weigh services differently. So ``find_hidden`` names each pair of which one
is better in every service that both offer and yet looks worse (Simpson 1951).
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.measures.counts.funnel import WINSORISED, find_quantile

INNER, OUTER = 1.959963984540054, 3.090232306167813
"""Standard errors at 95 and 99.8 per cent, as the tails of ``funnel``."""

Cases = Mapping[str, tuple[float, float]]
"""Service → (counted, n) of a centre."""


@dataclass(frozen=True, slots=True)
class LikenedCentre:
    """A centre: shares (0-1) counted and expected over ``n`` cases of services that others offer too, ``alone`` others.

    ``error``: by chance alone; ``outside``: beyond which limits, ``inner`` or ``outer``.
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
        """Counted less expected."""
        return self.observed - self.expected


@dataclass(frozen=True, slots=True)
class Likeness:
    """All centres beside what is expected of their services. ``target``: the pooled share; ``spread``: τ, as a share.

    ``services``: (counted, n) of all centres. ``hidden``: centre → those it is better than in every service that both
    offer, though its pooled share (``raw``) or its difference (``likened``) is the lower.
    """

    target: float
    spread: float
    centres: tuple[LikenedCentre, ...]
    services: Mapping[str, tuple[float, float]]
    raw: Mapping[str, tuple[str, ...]]
    likened: Mapping[str, tuple[str, ...]]


def liken(cases: Mapping[str, Cases], least: float = 1) -> Likeness | None:
    """Compare centres by the services that more than one of them offers; None where fewer than two share any.

    Args:
        cases: centre → service → (counted, n), of a share of which more is better.
        least: cases below which a centre has no place; it is part of the network all the same.

    Raises:
        ValueError: more counted than cases, or less than none.
    """
    kept = {code: {name: pair for name, pair in of.items() if pair[1] > 0} for code, of in sorted(cases.items())}
    if any(not 0 <= top <= n for of in kept.values() for top, n in of.values()):
        raise ValueError("each service counts no more than its cases, and not less than none")
    tops, sizes, offered = defaultdict[str, float](float), defaultdict[str, float](float), defaultdict[str, int](int)
    for of in kept.values():
        for name, (top, n) in of.items():
            tops[name] += top
            sizes[name] += n
            offered[name] += 1
    shared = {name for name, many in offered.items() if many > 1}
    rows = []
    for code, of in kept.items():
        mine = {name: pair for name, pair in of.items() if name in shared}
        n = math.fsum(pair[1] for pair in mine.values())
        if n < max(least, 1):
            continue
        observed = math.fsum(pair[0] for pair in mine.values())
        expected = math.fsum(pair[1] * tops[name] / sizes[name] for name, pair in mine.items())
        variance = math.fsum(_variance(pair[1], tops[name], sizes[name]) for name, pair in mine.items())
        alone = math.fsum(pair[1] for name, pair in of.items() if name not in shared)
        rows.append((code, observed / n, expected / n, n, alone, math.sqrt(variance) / n))
    if len(rows) < 2:
        return None
    differences = [(observed - expected, error) for _, observed, expected, _, _, error in rows]
    spread = math.sqrt(measure_spread([pair for pair in differences if pair[1] > 0]))
    placed = [LikenedCentre(*row, find_outside(row[1] - row[2], row[5], spread)) for row in rows]
    target = math.fsum(tops[name] for name in shared) / math.fsum(sizes[name] for name in shared)
    codes = [row[0] for row in rows]
    of_rows = [kept[code] for code in codes]
    pooled = [math.fsum(top for top, _ in of.values()) / math.fsum(n for _, n in of.values()) for of in of_rows]
    raw, likened = (
        {code: tuple(codes[at] for at in found) for code, found in zip(codes, find_hidden(of_rows, shown), strict=True)}
        for shown in (pooled, [one.difference for one in placed])
    )
    return Likeness(target, spread, tuple(placed), {name: (tops[name], sizes[name]) for name in sizes}, raw, likened)


def find_outside(difference: float, error: float, spread: float) -> str:
    """``outer``, ``inner`` or "": between the limits, or nothing to compare."""
    away, whole = abs(difference), math.hypot(error, spread)
    if error == 0:  # all did the same of these services
        return ""
    return "outer" if away > OUTER * whole else "inner" if away > INNER * whole else ""


def measure_spread(differences: Sequence[tuple[float, float]]) -> float:
    """τ², how far centres lie apart in truth, from (difference, error) of each; 0 where chance explains it.

    φ is the mean of z², z winsorised; τ² = (Iφ − (I − 1)) / (Σw − Σw²/Σw), w = 1/error², and never below 0.
    """
    if len(differences) < 2:
        return 0.0
    ordered = sorted(difference / error for difference, error in differences)
    low, high = find_quantile(ordered, WINSORISED), find_quantile(ordered, 1 - WINSORISED)
    squares = math.fsum(min(high, max(low, z)) ** 2 for z in ordered)  # Iφ
    weights = [error**-2 for _, error in differences]
    room = math.fsum(weights) - math.fsum(w * w for w in weights) / math.fsum(weights)
    return max(0.0, (squares - (len(differences) - 1)) / room)


def find_hidden(cases: Sequence[Cases], shown: Sequence[float]) -> list[list[int]]:
    """For each centre the places of those that are shown above it, though it is better in every service of both.

    Args:
        cases: of each centre.
        shown: by which they are shown, higher is better.
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


def _variance(n: float, top: float, size: float) -> float:
    """Of what a centre counts of a service, when ``top`` of ``size`` cases of all centres fall on them by chance."""
    share = top / size
    return n * (size - n) / (size - 1) * share * (1 - share) if size > 1 else 0.0
