"""The shape of what the API says of availability; the others are in ``shapes``."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

Gap = Literal[
    "not_collected", "not_gathered", "not_reported", "not_applicable", "suppressed", "not_comparable", "missing"
]


class AvailableCountry(TypedDict):
    """A column of the matrix."""

    iso3: str
    name: str
    covered: int  # indicators with a figure


class AvailableIndicator(TypedDict):
    """A row of the matrix. ``points``, ``first``, ``latest`` and ``gap`` have one place per country, in their order.

    ``points`` counts years with a figure; where there is none ``latest`` is null and ``gap`` says why. All are null
    where the cell was not asked for (``gap=``).
    """

    id: str
    name: str
    theme: str
    theme_name: str
    goals: list[int]
    unit: str
    covered: int  # countries with a figure
    points: list[int | None]
    first: list[int | None]
    latest: list[int | None]
    gap: list[Gap | None]


class GapEntry(TypedDict):
    id: Gap
    name: str
    definition: str
    cells: int


class Availability(TypedDict):
    dataset: str
    as_of: str
    rule: str
    text: str
    recent: int  # figures of this year or later are drawn as recent
    cells: int
    with_figure: int
    countries: list[AvailableCountry]
    indicators: list[AvailableIndicator]
    gaps: list[GapEntry]
    next: NotRequired[str | None]
