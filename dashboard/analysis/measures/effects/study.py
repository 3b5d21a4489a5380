"""Run a plan: admission, estimate, placebos, checks and the verdict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from dashboard.analysis.measures.effects.admission import Admission, AdmissionFacts, decide_admission
from dashboard.analysis.measures.effects.placebos import compute_least_p
from dashboard.analysis.measures.effects.plan import Plan
from dashboard.analysis.measures.effects.result import (
    DonorSet,
    Draw,
    InTime,
    Line,
    Outcome,
    Result,
    build_effect_row,
    refuse_result,
)
from dashboard.analysis.measures.effects.staggered import (
    RANDOM_DRAWS,
    estimate_event_mean,
    estimate_staggered,
    randomise_adoption,
)
from dashboard.analysis.measures.effects.synthetic import (
    Fit,
    Panel,
    Placebos,
    Step,
    fit,
    fit_earlier_adoption,
    ignore_step,
    leave_one_out,
    place_among_donors,
    scale_fit,
)
from dashboard.analysis.measures.effects.verdict import ALPHA, Doubt, judge_effect

ERROR_DRAWS = 100  # draws of the figures from their published standard errors

ProgressCallback = Callable[[int, int], None]
"""Called with (steps done, steps in all); an exception it raises ends the run."""


def run_study(plan: Plan, outcome: Outcome, follow: ProgressCallback = lambda done, of: None) -> Result:
    """Return the result of a plan; the same plan and figures always give the same result."""
    method = _run_synthetic if plan.method == "synthetic_control" else _run_staggered
    return method(plan, outcome, follow)


def is_complete(panel: Panel, unit: str, years: Sequence[int]) -> bool:
    """Return True if a unit has a figure for every year."""
    return all(year in panel.get(unit, {}) for year in years)


def _split_years(plan: Plan, outcome: Outcome) -> tuple[list[int], list[int], Plan]:
    """Return the years before and after a dated adoption, and the plan with the complete donors."""
    if not plan.treated:
        return [], [], replace(plan, donors=(), tied=(), drawn=0)
    treated = plan.treated[0]
    years = [year for year in sorted(outcome.panel.get(treated.country, {})) if plan.first <= year <= plan.last]
    donors, tied = (
        tuple(name for name in names if years and is_complete(outcome.panel, name, years))
        for names in (plan.donors, plan.tied)
    )
    usable = replace(plan, donors=donors, tied=tied, drawn=min(plan.drawn, len(set(tied) - set(donors))))
    if not outcome.dated:
        return [], [], usable
    return [year for year in years if year < treated.year], [year for year in years if year >= treated.year], usable


def _count_donors(plan: Plan) -> int:
    return len(set(plan.donors)) + plan.drawn


def _collect_facts(plan: Plan, outcome: Outcome, pre: int, post: int, controls: int, treated: int) -> AdmissionFacts:
    return AdmissionFacts(
        method=plan.method,
        dated=outcome.dated,
        precision=outcome.precision,
        tied=outcome.tied,
        independent=outcome.independent,
        derivable=outcome.derivable,
        exists_before=pre > 0 or not outcome.dated,
        breaks_inside=any(plan.first < year <= plan.last for year in outcome.breaks),
        treated=treated if plan.method == "callaway_santanna" else None,
        controls=controls,
        pre=pre if outcome.dated else None,
        post=post if outcome.dated else None,
    )


def foresee_admission(plan: Plan, outcome: Outcome) -> tuple[Admission, int]:
    """Return the admission of a synthetic control before weights are known, and its years after adoption."""
    pre, post, usable = _split_years(plan, outcome)
    facts = _collect_facts(plan, outcome, len(pre), len(post), _count_donors(usable), len(plan.treated))
    return decide_admission(facts), len(post)


@dataclass(frozen=True, slots=True)
class _DrawEstimate:
    """The estimate with one draw of donors; without placebos if refused."""

    donors: list[str]
    fit: Fit
    relative_fit: float
    admitted: Admission
    placebos: Placebos | None


def _estimate_draw(
    panel: Panel, treated: str, donors: list[str], pre: list[int], post: list[int], facts: AdmissionFacts, step: Step
) -> _DrawEstimate:
    fitted = fit(panel, treated, donors, pre, post)
    relative_fit = scale_fit(panel, donors, pre, fitted.pre_rmspe)
    admitted = decide_admission(replace(facts, controls=len(donors), relative_fit=relative_fit))
    placebos = None if admitted.reasons else place_among_donors(panel, treated, donors, pre, post)
    step()
    return _DrawEstimate(donors, fitted, relative_fit, admitted, placebos)


def _run_synthetic(plan: Plan, outcome: Outcome, follow: ProgressCallback) -> Result:
    pre, post, usable = _split_years(plan, outcome)
    counts = {"pre": len(pre), "post": len(post), "donors": _count_donors(usable), "treated": len(plan.treated)}
    left_out = sorted({*plan.donors, *plan.tied} - {*usable.donors, *usable.tied})
    facts = _collect_facts(plan, outcome, len(pre), len(post), counts["donors"], len(plan.treated))
    admitted = decide_admission(facts)
    if admitted.reasons:
        return refuse_result(plan, admitted, counts, left_out)

    panel, treated, sets = outcome.panel, plan.treated[0].country, usable.draw_donors()
    steps = len(sets) + (ERROR_DRAWS if outcome.errors else 0)
    step = _count_steps(follow, steps)
    draws = [_estimate_draw(panel, treated, donors, pre, post, facts, step) for donors in sets]
    ranked = sorted((draw.placebos.rank.p, at) for at, draw in enumerate(draws) if draw.placebos is not None)
    at = ranked[len(ranked) // 2][1] if ranked else 0
    shown = draws[at]
    fitted, placebos, donors = shown.fit, shown.placebos, shown.donors
    result = refuse_result(plan, shown.admitted, counts, left_out)
    result |= {
        "draws": [_list_draw(number, draw) for number, draw in enumerate(draws, 1)],
        "shown_draw": at + 1,
        "path": [
            Line(year=year, actual=panel[treated][year], synthetic=fitted.synthetic[year], gap=fitted.gaps[year])
            for year in (pre if placebos is None else [*pre, *post])
        ],
        "weights": fitted.weights,
        "floor": compute_least_p(len(donors)),
        "sets": [_describe_draw(shown)],
    }
    if placebos is None:
        follow(steps, steps)
        return result
    independent = sorted(set(donors) - set(plan.other_models))
    if len(independent) < len(donors):
        admitted = decide_admission(replace(facts, controls=len(independent)))
        result["sets"].append(
            _make_donor_set(independent, admitted, compute_least_p(len(independent)))
            if admitted.reasons
            else _describe_draw(_estimate_draw(panel, treated, independent, pre, post, facts, ignore_step))
        )
    without = leave_one_out(panel, treated, fitted, pre, post)
    earlier = fit_earlier_adoption(panel, treated, donors, pre)
    interval = _estimate_error_interval(
        plan,
        outcome,
        [treated, *donors],
        sorted({*pre, *post}),
        lambda drawn: fit(drawn, treated, donors, pre, post).att,
        step,
    )
    doubts = _find_doubts(outcome, fitted, without, earlier, interval, result["sets"])
    # a draw whose mean gap has the other sign does not stand out in the same way
    ps = [draw.placebos.rank.p if draw.placebos and draw.fit.att * fitted.att > 0 else None for draw in draws]
    word = judge_effect(shown.admitted, ps, doubts)
    result |= {
        "verdict": word.word,
        "doubts": list(word.doubts),
        "estimate": fitted.att,
        "p": placebos.rank.p,
        "placebo_gaps": placebos.gaps,
        "ratios": placebos.ratios,
        "left_one_out": {name: reduced.att for name, reduced in without.items()},
        "in_time": InTime(year=earlier[0], att=earlier[1].att, ratio=earlier[1].ratio) if earlier else None,
        "error_interval": interval,
    }
    follow(steps, steps)
    return result


def _list_draw(number: int, draw: _DrawEstimate) -> Draw:
    return Draw(
        number=number,
        donors=draw.donors,
        att=draw.fit.att if draw.placebos else None,
        relative_fit=draw.relative_fit,
        p=draw.placebos.rank.p if draw.placebos else None,
        reasons=list(draw.admitted.reasons),
    )


def _make_donor_set(donors: list[str], admitted: Admission, floor: float, **numbers: Any) -> DonorSet:
    """Return an estimate with one set of donors; numbers that are not passed are None."""
    names = ("att", "pre_rmspe", "post_rmspe", "ratio", "relative_fit", "p", "rank")
    estimate = {name: numbers.get(name) for name in names}
    return cast(DonorSet, {"donors": donors, **estimate, "floor": floor, "reasons": list(admitted.reasons)})


def _describe_draw(draw: _DrawEstimate) -> DonorSet:
    """Return the estimate of a draw; if refused, only how closely it fits."""
    fitted, numbers = draw.fit, dict[str, Any]()
    if draw.placebos:
        rank = draw.placebos.rank
        numbers = {"att": fitted.att, "post_rmspe": fitted.post_rmspe, "ratio": fitted.ratio}
        numbers |= {"p": rank.p, "rank": rank.rank}
    numbers |= {"pre_rmspe": fitted.pre_rmspe, "relative_fit": draw.relative_fit}
    return _make_donor_set(draw.donors, draw.admitted, compute_least_p(len(draw.donors)), **numbers)


def _estimate_error_interval(
    plan: Plan, outcome: Outcome, units: list[str], years: list[int], mean: Callable[[Panel], float], step: Step
) -> tuple[float, float] | None:
    """Return the 5th and 95th percentile of ``mean`` over draws of the figures from their errors.

    None if any figure lacks an error. Figures are drawn independently, which is cautious: a country's errors correlate.
    """
    errors = outcome.errors or {}
    if not all(is_complete(errors, unit, years) for unit in units):
        return None
    value = np.array([[outcome.panel[unit][year] for year in years] for unit in units])
    error = np.array([[errors[unit][year] for year in years] for unit in units])
    lots, estimates = np.random.default_rng(plan.seed), []
    for _ in range(ERROR_DRAWS):
        sample = lots.normal(value, error)
        panel = {unit: dict(zip(years, map(float, sample[at]), strict=True)) for at, unit in enumerate(units)}
        estimates.append(mean(panel))
        step()
    low, high = np.quantile(estimates, (0.05, 0.95))
    return float(low), float(high)


def _find_doubts(
    outcome: Outcome,
    fitted: Fit,
    without: Mapping[str, Fit],
    earlier: tuple[int, Fit] | None,
    interval: tuple[float, float] | None,
    sets: Sequence[DonorSet],
) -> tuple[Doubt, ...]:
    doubts: list[Doubt] = [*_compare_sets(sets)]
    if any(reduced.att * fitted.att <= 0 for reduced in without.values()):
        doubts.append("rests_on_one_donor")
    if earlier is None:
        doubts.append("no_placebo_in_time")
    elif abs(earlier[1].att) >= abs(fitted.att) / 2:
        doubts.append("gap_before_adoption")
    if outcome.disputed:
        doubts.append("opening_disputed")
    return (*doubts, *_find_error_doubts(outcome, interval))


def _compare_sets(sets: Sequence[DonorSet]) -> tuple[Doubt, ...]:
    if len(sets) < 2 or sets[0]["p"] is None or sets[1]["p"] is None:
        return ()
    same_sign = (sets[1]["att"] or 0) * (sets[0]["att"] or 0) > 0
    found = sets[0]["p"] <= ALPHA
    return ("donor_sets_disagree",) if found != (sets[1]["p"] <= ALPHA) or (found and not same_sign) else ()


def _find_error_doubts(outcome: Outcome, interval: tuple[float, float] | None) -> tuple[Doubt, ...]:
    if interval is None:
        return ("errors_not_published",) if outcome.with_errors else ()
    return ("within_error_of_figures",) if interval[0] <= 0 <= interval[1] else ()


def _run_staggered(plan: Plan, outcome: Outcome, follow: ProgressCallback) -> Result:
    years = list(range(plan.first, plan.last + 1))
    panel = outcome.panel
    treated = {unit.country: unit.year for unit in plan.treated if is_complete(panel, unit.country, years)}
    inside = {country: year for country, year in treated.items() if plan.first < year <= plan.last}
    controls = sorted(name for name in set(plan.donors) if is_complete(panel, name, years))
    left_out = sorted({unit.country for unit in plan.treated} - set(inside)) + sorted(set(plan.donors) - set(controls))
    pre = min((year - plan.first for year in inside.values()), default=0)
    post = min((plan.last - year + 1 for year in inside.values()), default=0)
    counts = {"pre": pre, "post": post, "donors": len(controls), "treated": len(inside)}
    facts = _collect_facts(plan, outcome, pre, post, len(controls), len(inside))
    admitted = decide_admission(facts)
    result = refuse_result(plan, admitted, counts, left_out)
    if admitted.reasons:
        return result
    independent = sorted(set(controls) - set(plan.other_models))
    sets = [controls, independent] if len(independent) < len(controls) else [controls]
    complete = _cut_panel(panel, [*inside, *controls], years)
    estimate = estimate_staggered(complete, inside)
    steps = len(sets) * (RANDOM_DRAWS - 1) + (ERROR_DRAWS if outcome.errors else 0)
    step = _count_steps(follow, steps)
    lots = randomise_adoption(complete, inside, seed=plan.seed, step=step)
    results = [_make_donor_set(controls, admitted, 1 / RANDOM_DRAWS, att=estimate.event_mean, p=lots.p)]
    if len(sets) > 1:
        reduced = _cut_panel(panel, [*inside, *independent], years)
        admitted_reduced = decide_admission(replace(facts, controls=len(independent)))
        numbers = {}
        if not admitted_reduced.reasons:
            p = randomise_adoption(reduced, inside, seed=plan.seed, step=step).p
            numbers = {"att": estimate_event_mean(reduced, inside), "p": p}
        results.append(_make_donor_set(independent, admitted_reduced, 1 / RANDOM_DRAWS, **numbers))
    interval = _estimate_error_interval(
        plan, outcome, list(complete), years, lambda drawn: estimate_event_mean(drawn, inside), step
    )
    moving: tuple[Doubt, ...] = ("pre_trend",) if lots.pre_p is not None and lots.pre_p <= ALPHA else ()
    doubts = (*_compare_sets(results), *moving, *_find_error_doubts(outcome, interval))
    word = judge_effect(admitted, [lots.p], doubts)
    result |= {
        "verdict": word.word,
        "doubts": list(word.doubts),
        "sets": results,
        "estimate": estimate.event_mean,
        "p": lots.p,
        "floor": 1 / lots.draws,
        "pre_p": lots.pre_p,
        "error_interval": interval,
        "group_time": [
            build_effect_row(group, year, effect) for (group, year), effect in sorted(estimate.by_group_year.items())
        ],
        "event_study": [build_effect_row(None, at, effect) for at, effect in sorted(estimate.by_event_time.items())],
    }
    follow(steps, steps)
    return result


def _cut_panel(panel: Panel, units: Sequence[str], years: Sequence[int]) -> Panel:
    return {unit: {year: panel[unit][year] for year in years} for unit in units}


def _count_steps(follow: ProgressCallback, steps: int) -> Step:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        follow(min(done, steps), steps)

    return step
