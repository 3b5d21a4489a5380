"""Whether a question about adoption can be answered at all: what each method needs, and the reason of a refusal.

Source of the requirements: the project's own rules (docs/method.md, adoption effect). A refusal gives no estimate.
"""

from dataclasses import dataclass
from typing import Literal, get_args

MethodName = Literal["synthetic_control", "callaway_santanna"]
METHODS: tuple[MethodName, ...] = ("synthetic_control", "callaway_santanna")

Reason = Literal[
    "no_treatment_date",
    "treatment_date_not_precise",
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
]
"""Why nothing is estimated, in the order in which reasons are looked for."""
REASONS: tuple[Reason, ...] = get_args(Reason)

SHOWN: Literal["estimate_shown_with_placebos"] = "estimate_shown_with_placebos"
REFUSED: Literal["not_identifiable"] = "not_identifiable"

PRECISE = ("day", "month", "year")
"""How well an event must be dated: the outcomes are yearly."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Fewest of what a method needs; ``worst_fit`` is the largest relative pre RMSPE."""

    pre: int
    post: int
    controls: int
    treated: int = 1
    worst_fit: float | None = None


NEEDS: dict[MethodName, Needs] = {
    "synthetic_control": Needs(pre=8, post=3, controls=10, worst_fit=0.25),
    "callaway_santanna": Needs(pre=3, post=2, controls=10, treated=3),
}


@dataclass(frozen=True, slots=True)
class AdmissionFacts:
    """What is known of a question before it is asked; None: not known yet, and not judged.

    ``controls`` are the donors of a synthetic control, or the countries never treated. ``relative_fit`` is known only
    once weights are: pre RMSPE ÷ standard deviation of the donors' means before adoption.
    """

    method: MethodName
    dated: bool = True
    precision: str = "year"
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
    """Whether an estimate may be shown, and if not, every reason why."""
    needs = NEEDS[facts.method]
    synthetic = facts.method == "synthetic_control"
    cases: tuple[tuple[bool, Reason], ...] = (
        (not facts.dated, "no_treatment_date"),
        (facts.dated and facts.precision not in PRECISE, "treatment_date_not_precise"),
        (not facts.independent, "outcome_not_independent"),
        (not facts.derivable, "outcome_as_published_only"),
        (not facts.exists_before, "no_pre_period"),
        (facts.breaks_inside, "outcome_series_break"),
        (_below(facts.treated, needs.treated), "too_few_treated"),
        (not synthetic and _below(facts.controls, needs.controls), "too_few_controls"),
        (facts.exists_before and _below(facts.pre, needs.pre), "too_few_pre_points"),
        (_below(facts.post, needs.post), "too_few_post_points"),
        (synthetic and _below(facts.controls, needs.controls), "too_few_donors"),
        (
            needs.worst_fit is not None and facts.relative_fit is not None and facts.relative_fit > needs.worst_fit,
            "poor_pre_fit",
        ),
    )
    reasons = tuple(reason for holds, reason in cases if holds)
    return Admission(REFUSED, reasons[0], reasons) if reasons else Admission(SHOWN, None, ())


def _below(number: int | None, least: int) -> bool:
    return number is not None and number < least
