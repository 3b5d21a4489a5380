"""Effects by group and time where countries adopt in different years, against those that never do.

Method: Callaway and Sant'Anna 2021, by ``diff-diff``. With few treated countries the standard errors are too small, so
the rank of the mean among randomised adoptions is added.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Any

import numpy as np

from dashboard.analysis.measures.effects.synthetic import Panel, Step, ignore_step

RANDOM_DRAWS = 999  # draws of who adopted when

Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Effect:
    """An estimate in the unit of the outcome, with its standard error where there is one."""

    value: float
    std_error: float | None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % normal interval, or None without an error."""
        if self.std_error is None:
            return None
        return self.value - Z_95 * self.std_error, self.value + Z_95 * self.std_error


@dataclass(frozen=True, slots=True)
class Staggered:
    """Group-time effects and their means.

    ``by_group_year`` is keyed by first year of adoption and year, ``by_event_time`` by years since adoption; years
    before adoption are pre-trends. ``simple`` weights every treated country and year after adoption alike,
    ``event_mean`` every year since adoption.
    """

    by_group_year: dict[tuple[int, int], Effect]
    by_event_time: dict[int, Effect]
    simple: Effect
    event_mean: float
    treated: int
    controls: int


@dataclass(frozen=True, slots=True)
class Randomised:
    """Share of ``draws`` (the real one included) with as large an absolute mean after and before adoption."""

    p: float
    pre_p: float | None
    draws: int


def estimate_staggered(panel: Panel, adopted: Mapping[str, int]) -> Staggered:
    """Return effects of adoption (unit → first year) against the units of ``panel`` that never adopt.

    Doubly robust, without covariates; before adoption each year is compared with the one before it.
    """
    import pandas as pd
    from diff_diff import CallawaySantAnna

    years = _list_years(panel, adopted)
    rows = [
        {"unit": unit, "year": year, "y": line[year], "first": adopted.get(unit, 0)}
        for unit, line in sorted(panel.items())
        for year in years
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of noise-free panels: a standard error of zero has no t value
        result: Any = CallawaySantAnna(control_group="never_treated", estimation_method="dr", cband=False).fit(
            pd.DataFrame(rows), outcome="y", unit="unit", time="year", first_treat="first"
        )
        events: Any = result.aggregate("event_study")
    cells = {
        (int(group), int(year)): _make_effect(cell["effect"], cell["se"])
        for (group, year), cell in result.group_time_effects.items()
    }
    by_time = {
        int(at): _make_effect(value, error)
        for at, value, error, base in zip(events.event_time, events.att, events.se, events.is_reference, strict=True)
        if not base
    }
    return Staggered(
        by_group_year=cells,
        by_event_time=by_time,
        simple=_make_effect(result.overall_att, result.overall_se),
        event_mean=fmean(effect.value for at, effect in by_time.items() if at >= 0),
        treated=len(adopted),
        controls=len(panel) - len(adopted),
    )


def randomise_adoption(
    panel: Panel, adopted: Mapping[str, int], *, seed: int, draws: int = RANDOM_DRAWS, step: Step = ignore_step
) -> Randomised:
    """Return how the mean after adoption ranks among random assignments of the same adoption years."""
    years = _list_years(panel, adopted)
    units = sorted(panel)
    values = np.array([[panel[unit][year] for year in years] for unit in units])
    lots = np.random.default_rng(seed)
    starts = np.array([adopted.get(unit, 0) for unit in units])
    real = _estimate_event_means(values, years, starts)
    after, before = 1, 1
    for _ in range(draws - 1):
        post, pre = _estimate_event_means(values, years, lots.permutation(starts))
        after += abs(post) >= abs(real[0]) - 1e-12
        before += pre is not None and real[1] is not None and pre >= real[1] - 1e-12
        step()
    return Randomised(after / draws, None if real[1] is None else before / draws, draws)


def estimate_event_mean(panel: Panel, adopted: Mapping[str, int]) -> float:
    """Return ``Staggered.event_mean`` alone, quickly enough for many draws of the figures."""
    years, units = _list_years(panel, adopted), sorted(panel)
    values = np.array([[panel[unit][year] for year in years] for unit in units])
    return _estimate_event_means(values, years, np.array([adopted.get(unit, 0) for unit in units]))[0]


def _estimate_event_means(values: Any, years: Sequence[int], starts: Any) -> tuple[float, float | None]:
    """Return the mean effect after adoption and the mean absolute effect before it."""
    never = values[starts == 0].mean(axis=0)
    at: dict[int, list[tuple[float, int]]] = {}
    for group in sorted({int(start) for start in starts if start}):
        mine = values[starts == group]
        size, apart = len(mine), mine.mean(axis=0) - never
        base = years.index(group) - 1
        for earlier, later in pairwise(range(len(years))):
            change = apart[later] - apart[base if years[later] >= group else earlier]
            at.setdefault(years[later] - group, []).append((float(change), size))
    means = {time: sum(v * n for v, n in values) / sum(n for _, n in values) for time, values in at.items()}
    pre = [abs(mean) for time, mean in means.items() if time < 0]
    return fmean([mean for time, mean in means.items() if time >= 0]), fmean(pre) if pre else None


def _list_years(panel: Panel, adopted: Mapping[str, int]) -> list[int]:
    kinds = {tuple(sorted(line)) for line in panel.values()}
    if len(kinds) != 1:
        raise ValueError("the units do not have the same years")
    years = list(kinds.pop())
    if not adopted or not set(panel) - set(adopted):
        raise ValueError("nobody adopts, or everybody does")
    if any(start not in years[1:] for start in adopted.values()):
        raise ValueError("adoption lies outside the years, or in the first of them")
    return years


def _make_effect(value: float, error: float) -> Effect:
    has_error = error is not None and math.isfinite(error)
    return Effect(float(value), float(error) if has_error else None)
