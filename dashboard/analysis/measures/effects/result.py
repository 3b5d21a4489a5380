"""The figures of a plan, and its result as one value that can be stored as JSON."""

from dataclasses import dataclass

from typing_extensions import TypedDict

from dashboard.analysis.measures.effects.admission import Admission, Reason
from dashboard.analysis.measures.effects.plan import Plan, hash_plan
from dashboard.analysis.measures.effects.staggered import Effect
from dashboard.analysis.measures.effects.synthetic import Panel
from dashboard.analysis.measures.effects.verdict import Doubt


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of a plan and the facts about them in the catalogue.

    ``errors`` are published standard errors by unit and year. ``with_errors`` says that the figures are estimates with
    errors (the Worldwide Governance Indicators), even if this edition lacks them.
    """

    panel: Panel
    independent: bool
    breaks: tuple[int, ...] = ()
    errors: Panel | None = None
    with_errors: bool = False
    precision: str = "year"
    dated: bool = True
    derivable: bool = True
    tied: bool = True  # a theory ties it to the model
    disputed: bool = False  # sources contradict each other about the opening


class DonorSet(TypedDict):
    """The estimate with one set of donors."""

    donors: list[str]
    att: float | None
    pre_rmspe: float | None
    post_rmspe: float | None
    ratio: float | None
    relative_fit: float | None
    p: float | None
    rank: int | None
    floor: float
    reasons: list[Reason]


class Draw(TypedDict):
    """The estimate with one draw of equally near donors; without numbers if refused."""

    number: int
    donors: list[str]
    att: float | None
    relative_fit: float
    p: float | None
    reasons: list[Reason]


class InTime(TypedDict):
    """The estimate as if adoption had happened in ``year``, before it did."""

    year: int
    att: float
    ratio: float


class EffectRow(TypedDict):
    """An effect in the unit of the outcome, 95 % interval where there is an error."""

    group: int | None
    time: int
    value: float
    lower: float | None
    upper: float | None


class Line(TypedDict):
    """A year of the treated country: actual, synthetic, and the gap between them."""

    year: int
    actual: float
    synthetic: float
    gap: float


class Result(TypedDict):
    """The result of a plan; what a method lacks is empty, and refused numbers are None, never 0."""

    plan: str
    method: str
    verdict: str
    reasons: list[Reason]
    doubts: list[Doubt]
    counts: dict[str, int]
    left_out: list[str]
    estimate: float | None
    p: float | None
    draws: list[Draw]
    shown_draw: int | None
    floor: float | None
    weights: dict[str, float]
    path: list[Line]
    placebo_gaps: dict[str, dict[int, float]]
    ratios: dict[str, float]
    sets: list[DonorSet]
    left_one_out: dict[str, float]
    in_time: InTime | None
    error_interval: tuple[float, float] | None
    group_time: list[EffectRow]
    event_study: list[EffectRow]
    pre_p: float | None


def refuse_result(plan: Plan, admitted: Admission, counts: dict[str, int], left_out: list[str]) -> Result:
    """Return the result of a plan that is not carried out, or not yet."""
    return Result(
        plan=hash_plan(plan), method=plan.method, verdict="not_identifiable", reasons=list(admitted.reasons), doubts=[],
        counts=counts, left_out=left_out, estimate=None, p=None, draws=[], shown_draw=None,
        floor=None, weights={}, path=[], placebo_gaps={},
        ratios={}, sets=[], left_one_out={}, in_time=None, error_interval=None, group_time=[], event_study=[],
        pre_p=None,
    )  # fmt: skip


def build_effect_row(group: int | None, time: int, effect: Effect) -> EffectRow:
    """Return an effect as a row with its interval."""
    lower, upper = effect.interval or (None, None)
    return EffectRow(group=group, time=time, value=effect.value, lower=lower, upper=upper)
