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
    apart: bool = False  # differences in points around 0 are drawn, not shares
    hidden: Sequence[tuple[str, Sequence[str]]] = ()
    """Names of centres, and of those above each that it is better than in every service of both."""


@dataclass(frozen=True, slots=True)
class LikenedPoint:
    """A centre beside what its services lead to expect; shares in per cent, limits and difference in points.

    ``weight``: cases that would leave as much to chance at the pooled share. ``hidden``: names of centres that it is
    better than in every service of both, though it stands below them.
    """

    centre: str
    name: str
    observed: float
    expected: float
    cases: float
    weight: int
    limits: tuple[float, float, float, float]
    outside: Literal["outer", "inner", ""]
    hidden: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CentreLikeness:
    """Centres like with like, limits along the weights, and how far they lie apart in truth (points)."""

    points: Sequence[LikenedPoint]
    curve: Sequence[tuple[int, tuple[float, float, float, float]]]
    spread: float


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
    def likeness(self) -> CentreLikeness | None:
        """The year's shares beside what the same services have elsewhere; None where there is nothing to compare."""

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
