"""What charts of service centres are drawn from: one metric of a country's centres over the last twelve months."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Point:
    """A centre: share and limits in per cent."""

    centre: str
    name: str
    share: float
    n: int
    limits: tuple[float, float, float, float]  # outer low, inner low, inner high, outer high, at its cases
    outside: Literal["outer", "inner", ""]


@dataclass(frozen=True, slots=True)
class CentreFunnel:
    """Centres, the pooled share in per cent, and the limits along the cases: (n, the four)."""

    target: float
    points: Sequence[Point]
    curve: Sequence[tuple[int, tuple[float, float, float, float]]]
    widened: float = 1.0  # factor of the limits


@dataclass(frozen=True, slots=True)
class CentreTile:
    """A figure of a centre and month (``2026-10``). ``kind`` says why there is no value; ``said`` is it in words."""

    centre: str
    name: str
    month: str
    kind: str
    value: float | None
    lower: float | None
    upper: float | None
    n: float
    said: str
    short: str  # in the tile; "" for none


class CentreFigures(Protocol):
    """The figures of all centres; each part is worked out when a kind asks for it."""

    @property
    def funnel(self) -> CentreFunnel | None:
        """The year's shares between their limits; None where no centre has enough cases, or the metric is no share."""

    @property
    def months(self) -> Sequence[tuple[str, str]]:
        """(``2026-10``, its short name), oldest first."""

    @property
    def felt(self) -> float:
        """The least difference that means something to those who wait."""

    def foremost(self, most: int) -> tuple[Sequence[str], str]:
        """At most so many centres, and which these are in words where not all are among them."""

    def tiles(self, centres: Sequence[str]) -> list[CentreTile]:
        """Every month of these centres, centres in this order."""
