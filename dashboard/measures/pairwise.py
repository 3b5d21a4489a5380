"""Whether the figures of two countries differ by more than their errors, for all pairs of a question at once.

Source of the test: World Bank, Worldwide Governance Indicators: z = (a − b) / √(SEa² + SEb²), at 90 % as for changes
and ranks. Of several pairs some would differ by chance alone, so their p-values are adjusted (Holm 1979), which holds
however the pairs depend on each other: with 90 % confidence no pair called different is the same. One pair alone is
not adjusted.

A pair is judged only within one publisher, series, edition, unit, nature and year, and only with both errors known.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from dashboard.measures.intervals import Z_90, read_std_error

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
"""Two-sided p at |z| = 1.645: one pair is different exactly where a change or a rank would tell two figures apart."""

SERIES = ("source", "series")
EDITION = ("unit", "edition")


@dataclass(frozen=True, slots=True)
class PairTest:
    """The verdict on a pair; ``difference`` is ``one`` minus ``other`` in the unit of the figures.

    ``reason`` is empty unless the verdict is ``cannot_tell``, and only then are the numbers None. ``p`` is two-sided,
    of this pair alone; ``p_adjusted`` is what the verdict rests on.
    """

    one: str
    other: str
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
    """The verdict on each pair, in the order given; all that can be tested are adjusted together.

    Args:
        figures: country → its row (columns of ``dashboard.dataset.schema.ROWS``); who has none is not in it.
        pairs: of which countries.
        refused: country → why its figure is compared with nothing, for what rows do not show: licence, kind, method.
    """
    refused = refused or {}
    asked = list(pairs)
    reasons = [
        _refuse(figures.get(one), figures.get(other), refused.get(one) or refused.get(other)) for one, other in asked
    ]
    tested = [
        _test(one, other, figures[one], figures[other])
        for (one, other), reason in zip(asked, reasons, strict=True)
        if not reason
    ]
    judged = iter(_adjust(tested))
    return [
        PairTest(one, other, "cannot_tell", reason) if reason else next(judged)
        for (one, other), reason in zip(asked, reasons, strict=True)
    ]


def _refuse(
    one: Mapping[str, Any] | None, other: Mapping[str, Any] | None, refused: PairReason | None
) -> PairReason | Literal[""]:
    if one is None or other is None:
        return "no_figure"
    if "censored" in (one.get("status"), other.get("status")):
        return "censored_value"
    if one.get("value") is None or other.get("value") is None:
        return "no_figure"
    if refused:
        return refused
    unlike: tuple[tuple[PairReason, tuple[str, ...]], ...] = (
        ("other_series", SERIES),
        ("other_edition", EDITION),
        ("other_nature", ("nature",)),
    )
    for reason, parts in unlike:
        if any((one.get(part) or "") != (other.get(part) or "") for part in parts):
            return reason
    if one.get("year") is None or other.get("year") is None:
        return "no_year"
    if one["year"] != other["year"]:
        return "other_year"
    return "error_unknown" if read_std_error(one) is None or read_std_error(other) is None else ""


def _test(one: str, other: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> PairTest:
    """The pair by itself; figures published without sampling error differ where they are not the same."""
    difference = float(first["value"] - second["value"])
    error = math.hypot(read_std_error(first) or 0.0, read_std_error(second) or 0.0)
    p = math.erfc(abs(difference) / error / math.sqrt(2)) if error else float(difference == 0)
    return PairTest(one, other, "alike", "", difference, error, p, p)


def _adjust(tested: list[PairTest]) -> list[PairTest]:
    """Holm's step-down: the k-th smallest of m p-values times m − k, never below the one before."""
    adjusted = [0.0] * len(tested)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(tested)), key=lambda it: tested[it].p or 0.0)):
        least = max(least, min(1.0, (len(tested) - rank) * (tested[place].p or 0.0)))
        adjusted[place] = least
    return [
        PairTest(it.one, it.other, "different" if p < ALPHA else "alike", "", it.difference, it.std_error, it.p, p)
        for it, p in zip(tested, adjusted, strict=True)
    ]
