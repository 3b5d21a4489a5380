"""Synthetic control of one country: a weighted mean of others that went the same way before adoption.

Weights are found by ``pysyncon``. Source of the method: Abadie and Gardeazabal 2003, American Economic Review 93;
Abadie, Diamond and Hainmueller 2010. Unless predictors are given, the predictors are the outcomes of every year before
adoption, each with the same importance in the unit of the outcome: the weights then minimise the pre RMSPE, which has
one least value and no starting point to depend on.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.measures.effects.placebos import PlaceboRank, compute_rmspe, divide_rmspe, rank_among_placebos

Panel = Mapping[str, Mapping[int, float]]
"""Unit → year → outcome."""

Predictors = Mapping[str, Sequence[float]]
"""Unit → predictors, in the same order for all."""

Step = Callable[[], None]
"""Called after each fit, so that a long run can be followed and stopped."""

SHOWN_WEIGHT = 0.01
"""A donor with less is not left out in turn: it would change nothing."""

_SCALES = (1e2, 1e3, 1e1, 1e4, 1e5)
"""Scales of the importances: the solver's tolerance is absolute, and from a steep start it may stop at once."""

_NEAR = 0.01
"""How much of the mean square found may be above the least one before another scale is tried."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A country beside its synthetic one. ``gaps`` are actual − synthetic by year, in the unit of the outcome."""

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
    """Every donor treated in turn: their gaps and ratios beside those of the treated unit."""

    rank: PlaceboRank
    ratios: dict[str, float]
    gaps: dict[str, dict[int, float]]


def follow_nothing() -> None:
    """The step of a run that nobody follows."""


def fit(
    panel: Panel,
    treated: str,
    donors: Sequence[str],
    pre: Sequence[int],
    post: Sequence[int],
    *,
    predictors: Predictors | None = None,
    between: Sequence[int] = (),
) -> Fit:
    """The synthetic ``treated`` made of ``donors``.

    Args:
        panel: outcomes, complete for all units and years named.
        treated: the treated unit.
        donors: the others. Their order does not matter.
        pre: years the weights are fitted on.
        post: years the effect is read from.
        predictors: what is fitted instead of the outcome; their importances are then searched for, as the authors do.
        between: years that are drawn and in neither sum.

    Raises:
        ValueError: no donor, or no year before or after.
        KeyError: the panel is not complete.
    """
    names = sorted(set(donors) - {treated})
    if not (names and pre and post):
        raise ValueError("a synthetic control needs donors, and years before and after")
    weights = _weights(panel, treated, names, sorted(pre), predictors)
    years = sorted({*pre, *between, *post})
    synthetic = {year: sum(weights[name] * panel[name][year] for name in names) for year in years}
    gaps = {year: panel[treated][year] - synthetic[year] for year in years}
    before, after = compute_rmspe(gaps[year] for year in pre), compute_rmspe(gaps[year] for year in post)
    effects = [gaps[year] for year in sorted(post)]
    error = statistics.stdev(effects) / len(effects) ** 0.5 if len(effects) > 1 else None
    return Fit(weights, synthetic, gaps, before, after, divide_rmspe(before, after), statistics.fmean(effects), error)


def place_among_donors(
    panel: Panel,
    treated: str,
    donors: Sequence[str],
    pre: Sequence[int],
    post: Sequence[int],
    *,
    predictors: Predictors | None = None,
    step: Step = follow_nothing,
) -> Placebos:
    """Each donor treated in turn, the treated unit in no donor set; the place of the treated one among all.

    Raises:
        ValueError: fewer than two donors.
    """
    names = sorted(set(donors) - {treated})
    if len(names) < 2:
        raise ValueError("placebos need two donors")
    fits = {}
    for name in (treated, *names):
        others = [it for it in names if it != name]
        fits[name] = fit(panel, name, others, pre, post, predictors=predictors)
        step()
    ratios = {name: one.ratio for name, one in fits.items()}
    return Placebos(rank_among_placebos(ratios, treated), ratios, {name: one.gaps for name, one in fits.items()})


def leave_one_out(
    panel: Panel, treated: str, whole: Fit, pre: Sequence[int], post: Sequence[int], *, step: Step = follow_nothing
) -> dict[str, Fit]:
    """Donor → the fit without it, for the donors that carry weight in ``whole``; empty where only one does."""
    carrying = [name for name, weight in whole.weights.items() if weight > SHOWN_WEIGHT]
    if len(whole.weights) < 2:
        return {}
    fits = {}
    for left in carrying:
        fits[left] = fit(panel, treated, [name for name in whole.weights if name != left], pre, post)
        step()
    return fits


def fit_earlier_adoption(
    panel: Panel, treated: str, donors: Sequence[str], pre: Sequence[int], *, least: tuple[int, int] = (5, 2)
) -> tuple[int, Fit] | None:
    """The fit as if adoption had come after two thirds of ``pre``, with that year; None where ``pre`` is too short."""
    years = sorted(pre)
    cut = max(least[0], (2 * len(years)) // 3)
    if len(years) - cut < least[1]:
        return None
    return years[cut], fit(panel, treated, donors, years[:cut], years[cut:])


def scale_fit(panel: Panel, donors: Sequence[str], pre: Sequence[int], pre_rmspe: float) -> float:
    """pre RMSPE ÷ standard deviation of the donors' means before adoption: what small and large gaps are.

    Raises:
        ValueError: fewer than two donors.
    """
    means = [statistics.fmean(panel[name][year] for year in pre) for name in donors]
    if len(means) < 2:
        raise ValueError("one donor has no spread")
    spread = statistics.stdev(means)
    return pre_rmspe / spread if spread > 0 else float("inf") if pre_rmspe > 0 else 0.0


def _weights(
    panel: Panel, treated: str, donors: list[str], pre: list[int], predictors: Predictors | None
) -> dict[str, float]:
    import pandas as pd
    from pysyncon import Synth

    def outcomes(name: str) -> list[float]:
        return [panel[name][year] for year in pre]

    one = pd.Series(outcomes(treated), index=pre, name=treated)
    others = pd.DataFrame({name: outcomes(name) for name in donors}, index=pre)
    synth: Any = Synth()
    if predictors is not None:
        wanted = pd.Series(list(predictors[treated]), name=treated)
        given = pd.DataFrame({name: list(predictors[name]) for name in donors})
        synth.fit(X0=given, X1=wanted, Z0=others, Z1=one)
    else:
        # Weights sum to 1, so levels may be taken from the treated unit's: the solver then sees differences only.
        apart, zero = others.sub(one, axis=0), one - one
        scale = pd.concat([apart, zero], axis=1).std(axis=1)
        telling = scale > 0
        if not telling.any():
            return dict.fromkeys(donors, 1 / len(donors))
        apart, zero, scale = apart[telling], zero[telling], scale[telling]
        return dict(zip(donors, _closest(apart, zero, scale), strict=True))
    return dict(zip(donors, _shares(synth.W), strict=True))


def _closest(apart: Any, zero: Any, scale: Any) -> list[float]:
    """Weights with the least mean square of ``apart`` (years × donors, levels from the treated unit's).

    Each solution is checked: over shares, ``w·∇ − min ∇`` is the most that the least value can lie below. Where a scale
    fails the next one is tried, and the best of all is taken.
    """
    from pysyncon import Synth

    differences = apart.to_numpy() / float((scale**2).mean()) ** 0.5
    candidates: list[tuple[float, list[float]]] = []
    for sharp in _SCALES:
        synth: Any = Synth()
        importance = (scale**2 / (scale**2).mean()).to_numpy() * sharp / len(scale)
        synth.fit(X0=apart, X1=zero, Z0=apart, Z1=zero, custom_V=importance)
        weights = _shares(synth.W)
        rest = differences @ np.array(weights)
        square, slope = float(rest @ rest), differences.T @ rest
        candidates.append((square, weights))
        if float(slope @ np.array(weights) - slope.min()) <= _NEAR * square / 2 + 1e-6:
            break
    return min(candidates)[1]


def _shares(weights: Any) -> list[float]:
    positive = [max(float(weight), 0.0) for weight in weights]
    return [weight / sum(positive) for weight in positive]
