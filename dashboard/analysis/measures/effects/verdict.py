"""The verdict on an estimate, in five words of which none claims a cause (docs/decisions/0010-effect-verdicts.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from dashboard.analysis.measures.effects.admission import Admission, Reason

Word = Literal["consistent_with_effect", "no_detectable_effect", "not_robust", "cannot_tell", "not_identifiable"]
WORDS: tuple[Word, ...] = get_args(Word)

Doubt = Literal[
    "donor_sets_disagree",
    "rests_on_one_donor",
    "gap_before_adoption",
    "no_placebo_in_time",
    "within_error_of_figures",
    "errors_not_published",
    "pre_trend",
    "opening_disputed",
]
"""Why a rank among the placebos that looks like an effect is not enough, or cannot be judged."""
DOUBTS: tuple[Doubt, ...] = get_args(Doubt)

ALPHA = 0.10
"""Largest p that stands out. Ten donors, the fewest there may be, have a floor of 0.09."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word, with the ``reasons`` of a refusal or the ``doubts``."""

    word: Word
    reasons: tuple[Reason, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def judge_effect(
    admitted: Admission, ps: Sequence[float | None], doubts: tuple[Doubt, ...] = (), *, alpha: float = ALPHA
) -> Verdict:
    """Return the verdict on an estimate, from one p for each draw of its donors (None: not judged).

    A refusal is *not identifiable*; p above ``alpha`` in every draw is *no detectable effect*, in some draws *not
    robust*. Otherwise it is *consistent with an effect*, or *cannot tell* if a check speaks against it. Disagreeing
    donor sets cannot be told either, unless the draws disagree already.
    """
    if admitted.reasons:
        return Verdict("not_identifiable", admitted.reasons)
    stands_out = [p is not None and p <= alpha for p in ps]
    if any(stands_out) and not all(stands_out):
        return Verdict("not_robust", (), doubts)
    if "donor_sets_disagree" in doubts:
        return Verdict("cannot_tell", (), doubts)
    if not any(stands_out):
        return Verdict("no_detectable_effect", (), doubts)
    return Verdict("cannot_tell", (), doubts) if doubts else Verdict("consistent_with_effect")
