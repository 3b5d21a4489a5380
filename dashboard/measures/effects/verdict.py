"""What may be said of an estimate, in four words and never a fifth: none of them says what caused anything.

Source: the project's own rules (docs/decisions/0010-effect-verdicts.md).
"""

from dataclasses import dataclass
from typing import Literal, get_args

from dashboard.measures.effects.admission import Admission, Reason

Word = Literal["consistent_with_effect", "no_detectable_effect", "cannot_tell", "not_identifiable"]
WORDS: tuple[Word, ...] = ("consistent_with_effect", "no_detectable_effect", "cannot_tell", "not_identifiable")

Doubt = Literal[
    "donor_sets_disagree",
    "rests_on_one_donor",
    "gap_before_adoption",
    "no_placebo_in_time",
    "within_error_of_figures",
    "errors_not_published",
    "pre_trend",
]
"""Why a place among the placebos that looks like an effect is not enough, or why it cannot be told."""
DOUBTS: tuple[Doubt, ...] = get_args(Doubt)

ALPHA = 0.10
"""Largest p that stands out. Ten donors, the fewest there may be, have a floor of 0.09."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word, and what it rests on: ``reasons`` of a refusal, or ``doubts``."""

    word: Word
    reasons: tuple[Reason, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def judge_effect(
    admitted: Admission, p: float | None, doubts: tuple[Doubt, ...] = (), *, alpha: float = ALPHA
) -> Verdict:
    """The word for an estimate with this p.

    A refusal is *not identifiable*. A p above ``alpha`` is *no detectable effect*: it does not stand out, which is not
    the same as no effect. A p at or below it is *consistent with an effect*, unless a check speaks against it: then it
    *cannot be told*. Where two donor sets disagree it cannot be told either, whatever the first one's p.
    """
    if admitted.reasons:
        return Verdict("not_identifiable", admitted.reasons)
    if p is None or "donor_sets_disagree" in doubts:
        return Verdict("cannot_tell", (), doubts)
    if p > alpha:
        return Verdict("no_detectable_effect", (), doubts)
    return Verdict("cannot_tell", (), doubts) if doubts else Verdict("consistent_with_effect")
