"""The shapes of what the API says of changes; the others are in ``shapes``."""

from typing import Literal

from typing_extensions import TypedDict


class ChangeCounts(TypedDict):
    new: int
    revised: int
    reissued: int
    vanished: int


class SourceChanges(TypedDict):
    """What a vintage brought of one publisher; ``editions`` are those of the figures that came."""

    source: str
    title: str
    editions: list[str]
    counts: ChangeCounts


class VintageChanges(TypedDict):
    number: int
    created_at: str
    note: str
    counts: ChangeCounts
    sources: list[SourceChanges]


class Change(TypedDict):
    """One figure that came, changed or went with a vintage. ``size`` is the absolute difference of two numbers.

    It is null where the licence allows figures only as published.
    """

    vintage: int
    kind: Literal["new", "revised", "reissued", "vanished"]
    reason: Literal["first_vintage", "newly_listed", "new_edition", "same_edition", "no_longer_listed"]
    indicator: str
    country: str
    period: str
    dimensions: dict[str, str]
    source: str
    series: str
    before: float | None
    after: float | None
    size: float | None
    status_before: str | None
    status_after: str | None
    edition_before: str | None
    edition_after: str | None
    id_before: str | None
    id_after: str | None


class Changes(TypedDict):
    dataset: str
    as_of: str
    after: int
    until: int
    vintages: list[VintageChanges]
    rows: list[Change]
    next: str | None
