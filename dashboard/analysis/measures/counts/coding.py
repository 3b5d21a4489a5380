"""Agreement of coders (Krippendorff 2011), and the probability from which a classifier may answer.

That is the lowest at which the one-sided 90 per cent Wilson limit of precision reaches 0.90 (ours).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.analysis.measures.intervals import estimate_wilson_interval

MIN_PRECISION = 0.90
MIN_LABELS = 50
"""Fewest labels of a language on which a classifier that was not trained on them is judged (ours)."""

MIN_ALPHA = 0.67  # Alpha below which counts of a theme carry a caution (Krippendorff: no conclusions below)


@dataclass(frozen=True, slots=True)
class ThresholdEvidence:
    """A threshold's answers on labels held out of training: ``answered`` of ``n``, ``right`` of these.

    ``lower`` is the one-sided 90 per cent limit of precision; ``threshold`` is None if it must not answer at all.
    """

    threshold: float | None
    n: int
    answered: int
    right: int
    lower: float | None

    @property
    def coverage(self) -> float:
        """Share (0-1) of cases that it answers."""
        return self.answered / self.n if self.n else 0.0

    @property
    def precision(self) -> float | None:
        """Share (0-1) of its answers that are right, or None without answers."""
        return self.right / self.answered if self.answered else None


def find_threshold(
    answers: Sequence[tuple[float, bool]], precision: float = MIN_PRECISION, fewest: int = MIN_LABELS
) -> ThresholdEvidence:
    """Return the lowest probability from which held-out (probability, right) pairs are precise enough.

    Equal probabilities stand or fall together. With fewer than ``fewest`` pairs it abstains.
    """
    n = len(answers)
    silent = ThresholdEvidence(None, n, 0, 0, None)
    if n < fewest:
        return silent
    best, right = silent, 0
    ordered = sorted(answers, key=lambda answer: -answer[0])
    for answered, (probability, correct) in enumerate(ordered, start=1):
        right += correct
        if answered < n and ordered[answered][0] == probability:
            continue
        lower = estimate_wilson_interval(right, answered, 0.8)[0]  # two-sided 80 per cent: one-sided 90
        if lower >= precision:
            best = ThresholdEvidence(probability, n, answered, right, lower)
    return best


def compute_krippendorff_alpha(units: Sequence[Sequence[object]]) -> float | None:
    """Return nominal alpha of the codes of each unit: 1 is full agreement, 0 what chance gives.

    None if no unit has two codes, or all codes are the same.
    """
    weights: dict[tuple[object, object], float] = {}
    for unit in units:
        codes = Counter(code for code in unit if code is not None)
        m = sum(codes.values())
        if m < 2:
            continue
        for first, k in codes.items():
            for second, count in codes.items():
                both = k * (count - (first == second)) / (m - 1)
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
