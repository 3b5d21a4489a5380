"""How far coders agree, and from which probability on a classifier may answer.

Methods: Krippendorff's alpha for nominal data (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"); the
threshold is the project's own: the lowest at which the one-sided 90 per cent Wilson limit of precision holds 0.90.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.measures.intervals import estimate_wilson_interval

PRECISION = 0.90
MIN_LABELS = 50
"""Fewest labels of a language on which a classifier that was not trained on them is judged (ours)."""

AGREE = 0.67
"""Alpha below which counts of a theme carry a caution (Krippendorff: no conclusions below)."""


@dataclass(frozen=True, slots=True)
class ThresholdEvidence:
    """What a threshold holds on labels not trained on: how many it answers (``answered`` of ``n``) and how rightly.

    ``lower`` is the one-sided 90 per cent limit of precision. ``threshold`` is None where it must not answer at all.
    """

    threshold: float | None
    n: int
    answered: int
    right: int
    lower: float | None

    @property
    def coverage(self) -> float:
        """Share (0-1) it answers."""
        return self.answered / self.n if self.n else 0.0

    @property
    def precision(self) -> float | None:
        """Share (0-1) of its answers that are right; None where it gives none."""
        return self.right / self.answered if self.answered else None


def find_threshold(
    answers: Sequence[tuple[float, bool]], precision: float = PRECISION, fewest: int = MIN_LABELS
) -> ThresholdEvidence:
    """The lowest probability from which on answers are right often enough, from (probability, right) held out.

    Equal probabilities stand or fall together. Fewer than ``fewest`` answers: it abstains altogether.
    """
    n = len(answers)
    silent = ThresholdEvidence(None, n, 0, 0, None)
    if n < fewest:
        return silent
    best, right = silent, 0
    ordered = sorted(answers, key=lambda one: -one[0])
    for answered, (probability, correct) in enumerate(ordered, start=1):
        right += correct
        if answered < n and ordered[answered][0] == probability:
            continue
        lower = estimate_wilson_interval(right, answered, 0.8)[0]  # two-sided 80 per cent: one-sided 90
        if lower >= precision:
            best = ThresholdEvidence(probability, n, answered, right, lower)
    return best


def compute_krippendorff_alpha(units: Sequence[Sequence[object]]) -> float | None:
    """Krippendorff's alpha, nominal, of the codes given to each unit (one sequence per unit; missing left out).

    1 is full agreement, 0 what chance gives. None where no unit has two codes, or all codes are one and the same.
    """
    weights: dict[tuple[object, object], float] = {}
    for unit in units:
        codes = Counter(code for code in unit if code is not None)
        m = sum(codes.values())
        if m < 2:
            continue
        for first, k in codes.items():
            for second, other in codes.items():
                both = k * (other - (first == second)) / (m - 1)
                weights[first, second] = weights.get((first, second), 0.0) + both
    totals: dict[object, float] = {}
    for (first, _), weight in weights.items():
        totals[first] = totals.get(first, 0.0) + weight
    n = sum(totals.values())
    if n < 2:
        return None
    by_chance = (n * n - sum(total**2 for total in totals.values())) / (n - 1)
    if by_chance <= 0:
        return None
    differ = sum(weight for (first, second), weight in weights.items() if first != second)
    return 1 - differ / by_chance
