"""Synthetic control of one country: a weighted mean of donors that moved alike before adoption.

Method: Abadie and Gardeazabal 2003; Abadie, Diamond and Hainmueller 2010. The outcomes of all years before adoption
count alike, so the weights minimise the pre RMSPE, which has one minimum.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.analysis.measures.effects.placebos import PlaceboRank, compute_rmspe, divide_rmspe, rank_among_placebos

Panel = Mapping[str, Mapping[int, float]]
"""Unit → year → outcome."""

Step = Callable[[], None]
"""Called after each fit, so that a long run can be followed and stopped."""

MIN_WEIGHT = 0.01  # A donor with less weight is not left out in turn: it would change nothing


@dataclass(frozen=True, slots=True)
class Fit:
    """A country and its synthetic control; ``gaps`` are actual − synthetic by year."""

    weights: dict[str, float]
    synthetic: dict[int, float]
    gaps: dict[int, float]
    pre_rmspe: float
    post_rmspe: float
    ratio: float
    att: float  # mean gap after adoption
    att_se: float | None  # standard deviation of those gaps ÷ √n; None for one year. No measure of uncertainty.


@dataclass(frozen=True, slots=True)
class Placebos:
    """Every donor treated in turn: gaps and ratios of all units."""

    rank: PlaceboRank
    ratios: dict[str, float]
    gaps: dict[str, dict[int, float]]


def ignore_step() -> None:
    """Do nothing after a fit."""


def fit(
    panel: Panel,
    treated: str,
    donors: Sequence[str],
    pre: Sequence[int],
    post: Sequence[int],
    *,
    between: Sequence[int] = (),
    weights: Mapping[str, float] | None = None,
) -> Fit:
    """Return the synthetic control of ``treated`` made of ``donors``.

    Args:
        panel: outcomes, complete for all units and years.
        pre: years the weights are fitted on.
        post: years the effect is read from.
        between: years that are drawn and in neither sum.
        weights: weights of another method; None to minimise the pre RMSPE.
    """
    names = sorted(set(donors) - {treated})
    if not (names and pre and post):
        raise ValueError("a synthetic control needs donors, and years before and after")
    shares = find_weights(panel, treated, names, pre) if weights is None else dict(weights)
    years = sorted({*pre, *between, *post})
    synthetic = {year: sum(shares[name] * panel[name][year] for name in names) for year in years}
    gaps = {year: panel[treated][year] - synthetic[year] for year in years}
    before, after = compute_rmspe(gaps[year] for year in pre), compute_rmspe(gaps[year] for year in post)
    effects = [gaps[year] for year in sorted(post)]
    error = statistics.stdev(effects) / len(effects) ** 0.5 if len(effects) > 1 else None
    return Fit(shares, synthetic, gaps, before, after, divide_rmspe(before, after), statistics.fmean(effects), error)


def place_among_donors(
    panel: Panel,
    treated: str,
    donors: Sequence[str],
    pre: Sequence[int],
    post: Sequence[int],
    *,
    step: Step = ignore_step,
) -> Placebos:
    """Return the placebos of all donors, none of which uses the treated unit, and its rank among them."""
    names = sorted(set(donors) - {treated})
    if len(names) < 2:
        raise ValueError("placebos need two donors")
    fits = {}
    for name in (treated, *names):
        fits[name] = fit(panel, name, [donor for donor in names if donor != name], pre, post)
        step()
    ratios = {name: placebo.ratio for name, placebo in fits.items()}
    gaps = {name: placebo.gaps for name, placebo in fits.items()}
    return Placebos(rank_among_placebos(ratios, treated), ratios, gaps)


def leave_one_out(
    panel: Panel, treated: str, full_fit: Fit, pre: Sequence[int], post: Sequence[int], *, step: Step = ignore_step
) -> dict[str, Fit]:
    """Return the fits without each donor that carries weight; empty if there is only one donor."""
    carrying = [name for name, weight in full_fit.weights.items() if weight > MIN_WEIGHT]
    if len(full_fit.weights) < 2:
        return {}
    fits = {}
    for left in carrying:
        fits[left] = fit(panel, treated, [name for name in full_fit.weights if name != left], pre, post)
        step()
    return fits


def fit_earlier_adoption(
    panel: Panel, treated: str, donors: Sequence[str], pre: Sequence[int], *, least: tuple[int, int] = (5, 2)
) -> tuple[int, Fit] | None:
    """Return the fit as if adoption had come after two thirds of ``pre``, with that year, if long enough."""
    years = sorted(pre)
    cut = max(least[0], (2 * len(years)) // 3)
    if len(years) - cut < least[1]:
        return None
    return years[cut], fit(panel, treated, donors, years[:cut], years[cut:])


def scale_fit(panel: Panel, donors: Sequence[str], pre: Sequence[int], pre_rmspe: float) -> float:
    """Return pre RMSPE ÷ standard deviation of the donors' means before adoption."""
    means = [statistics.fmean(panel[name][year] for year in pre) for name in donors]
    if len(means) < 2:
        raise ValueError("one donor has no spread")
    spread = statistics.stdev(means)
    return pre_rmspe / spread if spread > 0 else float("inf") if pre_rmspe > 0 else 0.0


def find_weights(panel: Panel, treated: str, donors: Sequence[str], pre: Sequence[int]) -> dict[str, float]:
    """Return the shares of ``donors`` whose mean is nearest to ``treated`` in ``pre``, by least squares.

    Levels are relative to the treated unit, so the mean should be near zero. A further row of ones, to sum to 1, makes
    non-negative least squares proportional to the best shares: for a scale s and shares v it minimises s² ·
    distance(v)² + (1 − s)².
    """
    from scipy.optimize import nnls

    apart = np.array([[panel[name][year] - panel[treated][year] for name in donors] for year in pre])
    size = float(np.abs(apart).max())
    if size == 0:
        return dict.fromkeys(donors, 1 / len(donors))
    found, _ = nnls(np.vstack([apart / size, np.ones(len(donors))]), np.array([0.0] * len(pre) + [1.0]))
    return dict(zip(donors, map(float, found / found.sum()), strict=True))
