"""SDG 16.6.2, satisfaction with public services: areas, attributes, scale, and bounds of nonresponse.

Sources: United Nations, metadata of indicator 16.6.2; Manski (bounds).
"""

from collections.abc import Mapping
from dataclasses import dataclass

_EDUCATION = ("accessibility", "affordability", "quality_of_facilities", "equal_treatment", "effective_delivery")
AREAS: Mapping[str, tuple[str, ...]] = {
    "healthcare": ("accessibility", "affordability", "quality_of_facilities", "equal_treatment", "courtesy"),
    "primary_education": _EDUCATION,
    "secondary_education": _EDUCATION,
    "government_services": ("accessibility", "affordability", "effective_process", "equal_treatment", "timeliness"),
}
"""Service area → its five attributes. Areas are never merged."""

POSITIVE = (2, 3)
"""Codes of agree and strongly agree, satisfied and very satisfied; 0 and 1 are the others. There is no midpoint."""

VALID = (0, 1, 2, 3)

NO_ANSWER: Mapping[int, str] = {97: "not_applicable", 98: "do_not_know", 99: "refused"}
"""Codes that leave the denominator of their own question, and are counted beside it."""


@dataclass(frozen=True, slots=True)
class NonresponseBounds:
    """The share (0-1) of all invited people if the silent were all dissatisfied or all satisfied."""

    of_responders: float
    response_rate: float
    lower: float
    upper: float


def bound_nonresponse(invited: int, responded: int, satisfied: int) -> NonresponseBounds | None:
    """Return the worst and best case for all invited people; None if nobody answered."""
    if not 0 <= satisfied <= responded <= invited:
        raise ValueError("satisfied ≤ responded ≤ invited does not hold")
    if responded == 0:
        return None
    silent = invited - responded
    return NonresponseBounds(
        satisfied / responded, responded / invited, satisfied / invited, (satisfied + silent) / invited
    )
