"""Whether a question about adoption can be answered: the needs of each method, and the reasons of a refusal.

The rules are the project's own (docs/method.md, adoption effect). A refusal gives no estimate.
"""

import math
from dataclasses import dataclass
from typing import Literal, get_args

MethodName = Literal["synthetic_control", "callaway_santanna"]
METHODS: tuple[MethodName, ...] = ("synthetic_control", "callaway_santanna")

Reason = Literal[
    "no_treatment_date",
    "treatment_date_not_precise",
    "outcome_without_theory",
    "outcome_not_independent",
    "outcome_as_published_only",
    "no_pre_period",
    "outcome_series_break",
    "too_few_treated",
    "too_few_controls",
    "too_few_pre_points",
    "too_few_post_points",
    "too_few_donors",
    "poor_pre_fit",
    "perfect_pre_fit",
]
"""Why nothing is estimated, in the order in which reasons are looked for."""
REASONS: tuple[Reason, ...] = get_args(Reason)

SHOWN: Literal["estimate_shown_with_placebos"] = "estimate_shown_with_placebos"
REFUSED: Literal["not_identifiable"] = "not_identifiable"

PRECISE = ("day", "month", "year")  # precisions of a date that suffice: the outcomes are yearly


@dataclass(frozen=True, slots=True)
class Needs:
    """The fewest of each kind that a method needs, and its range of the relative pre RMSPE."""

    pre: int
    post: int
    controls: int
    treated: int = 1
    best_fit: float = 0.0
    worst_fit: float = math.inf


NEEDS: dict[MethodName, Needs] = {
    "synthetic_control": Needs(pre=8, post=3, controls=10, best_fit=1e-4, worst_fit=0.25),
    "callaway_santanna": Needs(pre=3, post=2, controls=10, treated=3),
}


@dataclass(frozen=True, slots=True)
class AdmissionFacts:
    """The facts by which a question is admitted; None is not known yet and not judged.

    ``controls`` are the donors of a synthetic control, or the countries never treated. ``relative_fit`` (pre RMSPE ÷
    standard deviation of the donors' means before adoption) is known once weights are.
    """

    method: MethodName
    dated: bool = True
    precision: str = "year"
    tied: bool = True  # a theory ties the outcome to the model
    independent: bool = True
    derivable: bool = True  # the licence allows figures derived from the outcome's
    exists_before: bool = True
    breaks_inside: bool = False
    treated: int | None = None
    controls: int | None = None
    pre: int | None = None
    post: int | None = None
    relative_fit: float | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """``verdict`` is ``SHOWN``, or ``REFUSED`` with its first ``reason`` and all ``reasons``."""

    verdict: Literal["estimate_shown_with_placebos", "not_identifiable"]
    reason: Reason | None
    reasons: tuple[Reason, ...]


def decide_admission(facts: AdmissionFacts) -> Admission:
    """Return whether an estimate may be shown, and if not, every reason why."""
    needs = NEEDS[facts.method]
    synthetic = facts.method == "synthetic_control"
    cases: tuple[tuple[bool, Reason], ...] = (
        (not facts.dated, "no_treatment_date"),
        (facts.dated and facts.precision not in PRECISE, "treatment_date_not_precise"),
        (not facts.tied, "outcome_without_theory"),
        (not facts.independent, "outcome_not_independent"),
        (not facts.derivable, "outcome_as_published_only"),
        (not facts.exists_before, "no_pre_period"),
        (facts.breaks_inside, "outcome_series_break"),
        (_is_below(facts.treated, needs.treated), "too_few_treated"),
        (not synthetic and _is_below(facts.controls, needs.controls), "too_few_controls"),
        (facts.exists_before and _is_below(facts.pre, needs.pre), "too_few_pre_points"),
        (_is_below(facts.post, needs.post), "too_few_post_points"),
        (synthetic and _is_below(facts.controls, needs.controls), "too_few_donors"),
        (facts.relative_fit is not None and facts.relative_fit > needs.worst_fit, "poor_pre_fit"),
        (_is_below(facts.relative_fit, needs.best_fit), "perfect_pre_fit"),
    )
    reasons = tuple(reason for holds, reason in cases if holds)
    return Admission(REFUSED, reasons[0], reasons) if reasons else Admission(SHOWN, None, ())


def _is_below(number: float | None, least: float) -> bool:
    return number is not None and number < least
