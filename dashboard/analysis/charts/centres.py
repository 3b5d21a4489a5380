"""Data of the charts of service centres: one metric of a country's centres over the last twelve months."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Point:
    """A centre with its share and limits in per cent."""

    centre: str
    name: str
    share: float
    n: int
    limits: tuple[float, float, float, float]  # outer low, inner low, inner high, outer high, at its cases
    outside: Literal["outer", "inner", ""]


@dataclass(frozen=True, slots=True)
class CentreFunnel:
    """Centres, the pooled share in per cent, and the limits by number of cases."""

    target: float
    points: Sequence[Point]
    curve: Sequence[tuple[int, tuple[float, float, float, float]]]
    widened: float = 1.0  # factor of the limits
    apart: bool = False  # differences in points around 0 are drawn, not shares
    hidden: Sequence[tuple[str, Sequence[str]]] = ()
    """Centres, and those shown above each that it beats in every shared service."""


@dataclass(frozen=True, slots=True)
class LikenedPoint:
    """A centre's share and its expected share in per cent; limits and difference in points.

    ``weight``: cases that would leave as much to chance at the pooled share. ``hidden``: names of centres below which
    it stands though it beats them in every shared service.
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
    """Standardised centres, limits by weight, and their true spread (points)."""

    points: Sequence[LikenedPoint]
    curve: Sequence[tuple[int, tuple[float, float, float, float]]]
    spread: float


@dataclass(frozen=True, slots=True)
class CentreTile:
    """A figure of a centre and month (``2026-10``), or in ``kind`` why there is none; ``said`` in words."""

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
    """Figures of all centres; each part is computed when a kind asks for it."""

    @property
    def funnel(self) -> CentreFunnel | None:
        """Shares of the year with limits; None without enough cases or for a metric that is no share."""

    @property
    def likeness(self) -> CentreLikeness | None:
        """Shares of the year and those of the same services elsewhere; None if incomparable."""

    @property
    def months(self) -> Sequence[tuple[str, str]]:
        """(``2026-10``, its short name), oldest first."""

    @property
    def felt(self) -> float:
        """The least difference that people who wait notice."""

    def select_foremost(self, most: int) -> tuple[Sequence[str], str]:
        """Return at most so many centres, and their description if some are left out."""

    def list_tiles(self, centres: Sequence[str]) -> list[CentreTile]:
        """Return every month of these centres, in the order of the centres."""
