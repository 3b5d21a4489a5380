"""A plan carried out: admission, estimate, placebos, checks and the word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from dashboard.measures.effects.admission import Admission, AdmissionFacts, decide_admission
from dashboard.measures.effects.placebos import PlaceboRank, compute_least_p
from dashboard.measures.effects.plan import Plan
from dashboard.measures.effects.result import DonorSet, InTime, Line, Outcome, Result, build_effect_row, refuse_result
from dashboard.measures.effects.staggered import (
    RANDOMISED,
    Randomised,
    estimate_event_mean,
    estimate_staggered,
    randomise_adoption,
)
from dashboard.measures.effects.synthetic import (
    Fit,
    Panel,
    Step,
    fit,
    fit_earlier_adoption,
    leave_one_out,
    place_among_donors,
    scale_fit,
)
from dashboard.measures.effects.verdict import ALPHA, Doubt, judge_effect

ERROR_DRAWS = 100
"""Draws of the figures from their published standard errors."""

Follow = Callable[[int, int], None]
"""Called with (steps done, steps in all); an exception it raises ends the run."""


def run(plan: Plan, outcome: Outcome, follow: Follow = lambda done, of: None) -> Result:
    """The result of a plan. The same plan and figures always give the same result."""
    by = _synthetic if plan.method == "synthetic_control" else _staggered
    return by(plan, outcome, follow)


def complete(panel: Panel, unit: str, years: Sequence[int]) -> bool:
    """Whether a unit has a figure for every year."""
    return all(year in panel.get(unit, {}) for year in years)


def _split(plan: Plan, outcome: Outcome) -> tuple[list[int], list[int], list[str]]:
    """Years with a figure before and after the adoption, where it is dated, and the donors that have all of them."""
    if not plan.treated:
        return [], [], []
    one = plan.treated[0]
    years = [year for year in sorted(outcome.panel.get(one.country, {})) if plan.first <= year <= plan.last]
    donors = sorted(name for name in set(plan.donors) if years and complete(outcome.panel, name, years))
    if not outcome.dated:
        return [], [], donors
    return [year for year in years if year < one.year], [year for year in years if year >= one.year], donors


def _facts(plan: Plan, outcome: Outcome, pre: int, post: int, controls: int, treated: int) -> AdmissionFacts:
    return AdmissionFacts(
        method=plan.method,
        dated=outcome.dated,
        precision=outcome.precision,
        independent=outcome.independent,
        derivable=outcome.derivable,
        exists_before=pre > 0,
        breaks_inside=any(plan.first < year <= plan.last for year in outcome.breaks),
        treated=treated if plan.method == "callaway_santanna" else None,
        controls=controls,
        pre=pre,
        post=post,
    )


def foresee_admission(plan: Plan, outcome: Outcome) -> tuple[Admission, int]:
    """Whether a synthetic control of this plan can be estimated, as far as is known before weights are, and the number
    of its years after adoption."""
    pre, post, donors = _split(plan, outcome)
    return decide_admission(_facts(plan, outcome, len(pre), len(post), len(donors), len(plan.treated))), len(post)


def _synthetic(plan: Plan, outcome: Outcome, follow: Follow) -> Result:
    pre, post, donors = _split(plan, outcome)
    left_out = sorted(set(plan.donors) - set(donors))
    counts = {"pre": len(pre), "post": len(post), "donors": len(donors), "treated": len(plan.treated)}
    facts = _facts(plan, outcome, len(pre), len(post), len(donors), len(plan.treated))
    admitted = decide_admission(facts)
    if admitted.reasons:
        return refuse_result(plan, admitted, counts, left_out)

    panel, one = outcome.panel, plan.treated[0]
    others = sorted(set(donors) - set(plan.other_models))
    sets = [donors, others] if len(others) < len(donors) else [donors]
    steps = sum(len(names) + 1 for names in sets) + len(donors) + (ERROR_DRAWS if outcome.errors else 0)
    step = _counter(follow, steps)
    whole = fit(panel, one.country, donors, pre, post)
    step()
    near = scale_fit(panel, donors, pre, whole.pre_rmspe)
    admitted = decide_admission(replace(facts, relative_fit=near))
    result = refuse_result(plan, admitted, counts, left_out)
    shown = pre if admitted.reasons else [*pre, *post]
    result["path"] = [
        Line(year=year, actual=panel[one.country][year], synthetic=whole.synthetic[year], gap=whole.gaps[year])
        for year in shown
    ]
    result["weights"] = whole.weights
    result["floor"] = compute_least_p(len(donors))
    if admitted.reasons:
        result["sets"] = [_donor_set(donors, whole, near, None, admitted)]
        follow(steps, steps)
        return result
    spaces = place_among_donors(panel, one.country, donors, pre, post, step=step)
    results = [_donor_set(donors, whole, near, spaces.rank, admitted)]
    if len(sets) > 1:
        results.append(_other_set(panel, one.country, others, pre, post, facts, step))
    without = leave_one_out(panel, one.country, whole, pre, post, step=step)
    earlier = fit_earlier_adoption(panel, one.country, donors, pre)
    interval = _error_interval(
        plan,
        outcome,
        [one.country, *donors],
        sorted({*pre, *post}),
        lambda drawn: fit(drawn, one.country, donors, pre, post).att,
        step,
    )
    doubts = _doubts(outcome, whole, without, earlier, interval, results)
    word = judge_effect(admitted, spaces.rank.p, doubts)
    result |= {
        "verdict": word.word,
        "doubts": list(word.doubts),
        "sets": results,
        "estimate": whole.att,
        "p": spaces.rank.p,
        "placebo_gaps": spaces.gaps,
        "ratios": spaces.ratios,
        "left_one_out": {name: one_less.att for name, one_less in without.items()},
        "in_time": InTime(year=earlier[0], att=earlier[1].att, ratio=earlier[1].ratio) if earlier else None,
        "error_interval": interval,
    }
    follow(steps, steps)
    return result


def _donor_set(names: list[str], one: Fit, near: float, rank: PlaceboRank | None, admitted: Admission) -> DonorSet:
    """What a set of donors says; without a rank, for its reasons, only how close it fits."""
    return DonorSet(
        donors=names,
        att=one.att if rank else None,
        pre_rmspe=one.pre_rmspe,
        post_rmspe=one.post_rmspe if rank else None,
        ratio=one.ratio if rank else None,
        relative_fit=near,
        p=rank.p if rank else None,
        rank=rank.rank if rank else None,
        floor=compute_least_p(len(names)),
        reasons=list(admitted.reasons),
    )


def _other_set(
    panel: Panel, treated: str, names: list[str], pre: list[int], post: list[int], facts: AdmissionFacts, step: Step
) -> DonorSet:
    """The estimate without the donors that run a one-stop model of their own."""
    fewer = replace(facts, controls=len(names))
    admitted = decide_admission(fewer)
    if admitted.reasons:
        return DonorSet(
            donors=names, att=None, pre_rmspe=None, post_rmspe=None, ratio=None, relative_fit=None, p=None, rank=None,
            floor=compute_least_p(len(names)), reasons=list(admitted.reasons),
        )  # fmt: skip
    one = fit(panel, treated, names, pre, post)
    near = scale_fit(panel, names, pre, one.pre_rmspe)
    admitted = decide_admission(replace(fewer, relative_fit=near))
    spaces = None if admitted.reasons else place_among_donors(panel, treated, names, pre, post, step=step)
    return _donor_set(names, one, near, spaces.rank if spaces else None, admitted)


def _error_interval(
    plan: Plan, outcome: Outcome, units: list[str], years: list[int], mean: Callable[[Panel], float], step: Step
) -> tuple[float, float] | None:
    """5th and 95th percentile of ``mean`` when the figures are drawn from their errors; None: one has no error.

    Each figure is drawn by itself. Errors of one country go together over the years, so that this is cautious.
    """
    errors = outcome.errors or {}
    if not all(complete(errors, unit, years) for unit in units):
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


def _doubts(
    outcome: Outcome,
    whole: Fit,
    without: Mapping[str, Fit],
    earlier: tuple[int, Fit] | None,
    interval: tuple[float, float] | None,
    sets: Sequence[DonorSet],
) -> tuple[Doubt, ...]:
    doubts: list[Doubt] = [*_set_doubts(sets)]
    if any(one.att * whole.att <= 0 for one in without.values()):
        doubts.append("rests_on_one_donor")
    if earlier is None:
        doubts.append("no_placebo_in_time")
    elif abs(earlier[1].att) >= abs(whole.att) / 2:
        doubts.append("gap_before_adoption")
    return (*doubts, *_error_doubts(outcome, interval))


def _set_doubts(sets: Sequence[DonorSet]) -> tuple[Doubt, ...]:
    if len(sets) < 2 or sets[0]["p"] is None or sets[1]["p"] is None:
        return ()
    same_sign = (sets[1]["att"] or 0) * (sets[0]["att"] or 0) > 0
    found = sets[0]["p"] <= ALPHA
    return ("donor_sets_disagree",) if found != (sets[1]["p"] <= ALPHA) or (found and not same_sign) else ()


def _error_doubts(outcome: Outcome, interval: tuple[float, float] | None) -> tuple[Doubt, ...]:
    if interval is None:
        return ("errors_not_published",) if outcome.with_errors else ()
    return ("within_error_of_figures",) if interval[0] <= 0 <= interval[1] else ()


def _staggered(plan: Plan, outcome: Outcome, follow: Follow) -> Result:
    years = list(range(plan.first, plan.last + 1))
    panel = outcome.panel
    treated = {it.country: it.year for it in plan.treated if complete(panel, it.country, years)}
    inside = {country: year for country, year in treated.items() if plan.first < year <= plan.last}
    controls = sorted(name for name in set(plan.donors) if complete(panel, name, years))
    left_out = sorted({it.country for it in plan.treated} - set(inside)) + sorted(set(plan.donors) - set(controls))
    pre = min((year - plan.first for year in inside.values()), default=0)
    post = min((plan.last - year + 1 for year in inside.values()), default=0)
    counts = {"pre": pre, "post": post, "donors": len(controls), "treated": len(inside)}
    facts = _facts(plan, outcome, pre, post, len(controls), len(inside))
    admitted = decide_admission(facts)
    result = refuse_result(plan, admitted, counts, left_out)
    if admitted.reasons:
        return result
    others = sorted(set(controls) - set(plan.other_models))
    sets = [controls, others] if len(others) < len(controls) else [controls]
    held = _cut(panel, [*inside, *controls], years)
    estimate = estimate_staggered(held, inside)
    steps = len(sets) * (RANDOMISED - 1) + (ERROR_DRAWS if outcome.errors else 0)
    step = _counter(follow, steps)
    lots = randomise_adoption(held, inside, seed=plan.seed, step=step)
    results = [_lots_set(controls, estimate.event_mean, lots, admitted)]
    if len(sets) > 1:
        results.append(_other_lots_set(plan, _cut(panel, [*inside, *others], years), inside, others, facts, step))
    interval = _error_interval(plan, outcome, list(held), years, lambda drawn: estimate_event_mean(drawn, inside), step)
    moving: tuple[Doubt, ...] = ("pre_trend",) if lots.pre_p is not None and lots.pre_p <= ALPHA else ()
    doubts = (*_set_doubts(results), *moving, *_error_doubts(outcome, interval))
    word = judge_effect(admitted, lots.p, doubts)
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
            build_effect_row(group, year, one) for (group, year), one in sorted(estimate.by_group_year.items())
        ],
        "event_study": [build_effect_row(None, at, one) for at, one in sorted(estimate.by_event_time.items())],
    }
    follow(steps, steps)
    return result


def _cut(panel: Panel, units: Sequence[str], years: Sequence[int]) -> Panel:
    return {unit: {year: panel[unit][year] for year in years} for unit in units}


def _other_lots_set(
    plan: Plan, held: Panel, adopted: Mapping[str, int], names: list[str], facts: AdmissionFacts, step: Step
) -> DonorSet:
    """Group-time effects without the donors that run a one-stop model of their own."""
    admitted = decide_admission(replace(facts, controls=len(names)))
    if admitted.reasons:
        return _lots_set(names, None, None, admitted)
    lots = randomise_adoption(held, adopted, seed=plan.seed, step=step)
    return _lots_set(names, estimate_event_mean(held, adopted), lots, admitted)


def _lots_set(names: list[str], mean: float | None, lots: Randomised | None, admitted: Admission) -> DonorSet:
    return DonorSet(
        donors=names, att=mean, pre_rmspe=None, post_rmspe=None, ratio=None, relative_fit=None,
        p=lots.p if lots else None, rank=None, floor=1 / RANDOMISED, reasons=list(admitted.reasons),
    )  # fmt: skip


def _counter(follow: Follow, steps: int) -> Step:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        follow(min(done, steps), steps)

    return step
