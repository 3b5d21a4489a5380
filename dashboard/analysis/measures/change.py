"""Difference between two figures of a series, and whether it is larger than their errors.

Method: World Bank, Worldwide Governance Indicators: z = (e2 − e1) / √(SE1² + SE2²), a change where |z| > 1.645 (90 %),
between figures of one edition, as each edition re-estimates history.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.analysis.measures.intervals import Z_90, read_std_error


@dataclass(frozen=True, slots=True)
class Change:
    """``difference`` in the unit of the figures, with its arithmetic; all None when refused.

    ``detectable`` is None where the errors are unknown. ``reason`` is empty only for a detectable change:
    ``change_within_error``, ``error_unknown``, or the reason of a refusal (``missing_value``, ``censored_value``,
    ``other_series``, ``other_edition``, ``series_break``, or that of ``refuse_change``).
    """

    difference: float | None
    std_error: float | None
    z: float | None
    detectable: bool | None
    reason: str

    @property
    def is_refused(self) -> bool:
        """True if no difference may be shown at all."""
        return self.difference is None


def measure_change(
    earlier: Mapping[str, Any],
    later: Mapping[str, Any],
    *,
    breaks: Sequence[int] = (),
) -> Change:
    """Return the change between two rows (``dashboard.evidence.dataset.schema.ROWS``) of one country.

    ``breaks`` are the years before each of which the method changed.
    """
    reason = _find_refusal(earlier, later, breaks)
    if reason:
        return refuse_change(reason)
    difference = float(later["value"] - earlier["value"])
    first, second = read_std_error(earlier), read_std_error(later)
    if first is None or second is None:
        return Change(difference, None, None, None, "error_unknown")
    std_error = math.hypot(first, second)
    if std_error == 0:  # a figure published without sampling error: any difference is one
        return Change(difference, 0.0, None, difference != 0, "" if difference else "change_within_error")
    z = difference / std_error
    detectable = abs(z) > Z_90
    return Change(difference, std_error, z, detectable, "" if detectable else "change_within_error")


def refuse_change(reason: str) -> Change:
    """Return a refused change, for a reason that the figures do not show, such as their licence."""
    return Change(None, None, None, None, reason)


def _find_refusal(earlier: Mapping[str, Any], later: Mapping[str, Any], breaks: Sequence[int]) -> str:
    if "censored" in (earlier.get("status"), later.get("status")):
        return "censored_value"
    if earlier.get("value") is None or later.get("value") is None:
        return "missing_value"
    if any(earlier.get(key) != later.get(key) for key in ("indicator", "country", "dimensions", "source", "series")):
        return "other_series"
    if any(earlier.get(key) != later.get(key) for key in ("unit", "edition")):
        return "other_edition"
    if any(earlier["year"] < year <= later["year"] for year in breaks):
        return "series_break"
    return ""
