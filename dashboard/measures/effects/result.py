"""The figures a plan is carried out on, and all that it gives, in one value that can be stored as JSON."""

from dataclasses import dataclass

from typing_extensions import TypedDict

from dashboard.measures.effects.admission import Admission, Reason
from dashboard.measures.effects.plan import Plan, plan_hash
from dashboard.measures.effects.staggered import Effect
from dashboard.measures.effects.synthetic import Panel
from dashboard.measures.effects.verdict import Doubt, judge_effect


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of a plan and what the catalogue says of them.

    ``errors`` are published standard errors, unit → year → error, where any are at hand; ``with_errors`` says that its
    figures are estimates with errors (the Worldwide Governance Indicators), even if this edition lacks them.
    """

    panel: Panel
    independent: bool
    breaks: tuple[int, ...] = ()
    errors: Panel | None = None
    with_errors: bool = False
    precision: str = "year"
    dated: bool = True
    derivable: bool = True


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


class InTime(TypedDict):
    """The estimate as if adoption had come in ``year``, before it did."""

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
    """All that a plan gives. What a method does not have is empty; numbers that were refused are absent, never 0."""

    plan: str
    method: str
    verdict: str
    reasons: list[Reason]
    doubts: list[Doubt]
    counts: dict[str, int]
    left_out: list[str]
    estimate: float | None
    p: float | None
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
    """The result of a plan that is not carried out, or not yet."""
    word = judge_effect(admitted, None)
    return Result(
        plan=plan_hash(plan), method=plan.method, verdict=word.word, reasons=list(word.reasons), doubts=[],
        counts=counts, left_out=left_out, estimate=None, p=None, floor=None, weights={}, path=[], placebo_gaps={},
        ratios={}, sets=[], left_one_out={}, in_time=None, error_interval=None, group_time=[], event_study=[],
        pre_p=None,
    )  # fmt: skip


def build_effect_row(group: int | None, time: int, one: Effect) -> EffectRow:
    """An effect as a row, with its interval."""
    lower, upper = one.interval or (None, None)
    return EffectRow(group=group, time=time, value=one.value, lower=lower, upper=upper)
