"""Activities under the agreement as submitted by its parties."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

ActivityKind = Literal["advice", "training", "material", "event", "mission"]
ACTIVITY_KINDS: tuple[ActivityKind, ...] = get_args(ActivityKind)

MIN_PEOPLE = 10
"""Women among participants are told only where both they and the others are as many."""


@dataclass(frozen=True, slots=True)
class AgreementActivity:
    """An activity; ``participants`` and ``women`` are None where they were not counted."""

    kind: str  # of ``ACTIVITY_KINDS``
    title: str
    date: str  # ISO
    countries: tuple[str, ...] = ()
    participants: int | None = None
    women: int | None = None
    link: str = ""
    sent_by: str = ""  # ISO3, or the code of an organisation; "" before it is published
    submission: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """Return the date, kind and title that identify the activity."""
        return self.date, self.kind, self.title.casefold()

    @property
    def publishable_women(self) -> int | None:
        """Return the number of women unless they or the others are too few to publish."""
        if self.women is None or self.participants is None:
            return None
        return self.women if min(self.women, self.participants - self.women) >= MIN_PEOPLE else None

    def as_json(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    @staticmethod
    def of(plain: Mapping[str, Any]) -> "AgreementActivity":
        """Return the activity with these plain values."""
        return AgreementActivity(**{**plain, "countries": tuple(plain["countries"])})
