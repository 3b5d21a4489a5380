"""Activities under the agreement as its parties send them: published by four eyes, never read out of an excerpt."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

ActivityKind = Literal["advice", "training", "material", "event", "mission"]
ACTIVITY_KINDS: tuple[ActivityKind, ...] = get_args(ActivityKind)

LEAST_PEOPLE = 10
"""Women among participants are told only where both they and the others are as many."""


@dataclass(frozen=True, slots=True)
class AgreementActivity:
    """One activity; ``participants`` and ``women`` are None where they were not counted, which is not 0."""

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
        """What there is one activity of."""
        return self.date, self.kind, self.title.casefold()

    @property
    def told_women(self) -> int | None:
        """The women, where neither they nor the others are few; None otherwise."""
        if self.women is None or self.participants is None:
            return None
        return self.women if min(self.women, self.participants - self.women) >= LEAST_PEOPLE else None

    def as_json(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)

    @staticmethod
    def of(plain: Mapping[str, Any]) -> "AgreementActivity":
        """The activity whose plain values these are."""
        return AgreementActivity(**{**plain, "countries": tuple(plain["countries"])})
