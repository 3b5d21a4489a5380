"""Tests whether the figures of two countries differ beyond their errors, for all pairs of a question at once.

Method: World Bank, Worldwide Governance Indicators: z = (a − b) / √(SEa² + SEb²), at 90 %, adjusted over several pairs
(Holm 1979). A pair is judged only within one publisher, series, edition, unit, nature and year, with both errors known.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from dashboard.analysis.measures.intervals import Z_90, read_std_error

PairVerdict = Literal["different", "alike", "cannot_tell"]

PairReason = Literal[
    "no_figure",
    "censored_value",
    "answer",
    "licence",
    "claim",
    "other_series",
    "other_edition",
    "other_nature",
    "no_year",
    "other_year",
    "error_unknown",
]
"""Why a pair cannot be told, in the order in which reasons are looked for."""
REASONS: tuple[PairReason, ...] = get_args(PairReason)

ALPHA = math.erfc(Z_90 / math.sqrt(2))
"""Two-sided p at |z| = 1.645: one pair is different exactly where a change would be detected."""

UNLIKE: tuple[tuple[PairReason, tuple[str, ...]], ...] = (
    ("other_series", ("source", "series")),
    ("other_edition", ("unit", "edition")),
    ("other_nature", ("nature",)),
)
"""Why two figures are not of one kind, and the columns in which they then differ."""


@dataclass(frozen=True, slots=True)
class PairTest:
    """The verdict on a pair; ``difference`` is ``first`` minus ``second`` in the unit of the figures."""

    first: str
    second: str
    verdict: PairVerdict
    reason: PairReason | Literal[""] = ""
    difference: float | None = None
    std_error: float | None = None
    p: float | None = None
    p_adjusted: float | None = None


def judge_pairs(
    figures: Mapping[str, Mapping[str, Any]],
    pairs: Iterable[tuple[str, str]],
    refused: Mapping[str, PairReason] | None = None,
) -> list[PairTest]:
    """Return the verdict on each pair in order; all testable pairs are adjusted together.

    Args:
        figures: rows (``dashboard.evidence.dataset.schema.ROWS``) by country.
        refused: reasons by country that rows do not show (licence, kind, method) against any comparison.
    """
    refused = refused or {}
    asked = list(pairs)
    errors = {country: read_std_error(row) for country, row in figures.items()}
    reasons: list[PairReason | Literal[""]] = [
        _refuse(figures.get(first), figures.get(second), refused.get(first) or refused.get(second))
        or ("error_unknown" if errors[first] is None or errors[second] is None else "")
        for first, second in asked
    ]
    gaps = [
        (float(figures[a]["value"] - figures[b]["value"]), math.hypot(errors[a] or 0.0, errors[b] or 0.0))
        for (a, b), reason in zip(asked, reasons, strict=True)
        if not reason
    ]
    p_values = [compute_p(*gap) for gap in gaps]
    tested = zip(gaps, p_values, adjust_holm(p_values), strict=True)
    judged = []
    for (first, second), reason in zip(asked, reasons, strict=True):
        if reason:
            judged.append(PairTest(first, second, "cannot_tell", reason))
            continue
        (difference, std_error), p, adjusted = next(tested)
        verdict: PairVerdict = "different" if adjusted < ALPHA else "alike"
        judged.append(PairTest(first, second, verdict, "", difference, std_error, p, adjusted))
    return judged


def find_unlike(first: Mapping[str, Any], second: Mapping[str, Any]) -> PairReason | Literal[""]:
    """Return the gravest respect in which two figures are not of one kind; "" if they may be compared."""
    for reason, parts in UNLIKE:
        for part in parts:
            if (first.get(part) or "") != (second.get(part) or ""):
                return reason
    if first.get("year") is None or second.get("year") is None:
        return "no_year"
    return "other_year" if first["year"] != second["year"] else ""


def compute_p(difference: float, std_error: float) -> float:
    """Return the two-sided p of a difference; without sampling error any difference is certain."""
    return math.erfc(abs(difference) / std_error / math.sqrt(2)) if std_error else float(difference == 0)


def adjust_holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted by Holm's step-down: the k-th smallest of m times m + 1 − k, rising."""
    adjusted = [0.0] * len(p_values)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = least
    return adjusted


def _refuse(
    first: Mapping[str, Any] | None, second: Mapping[str, Any] | None, refused: PairReason | None
) -> PairReason | Literal[""]:
    if first is None or second is None:
        return "no_figure"
    if "censored" in (first.get("status"), second.get("status")):
        return "censored_value"
    if first.get("value") is None or second.get("value") is None:
        return "no_figure"
    return refused or find_unlike(first, second)
