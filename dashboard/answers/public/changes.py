"""The shapes of what the API says of changes; the others are in ``shapes``."""

from typing import Literal, NotRequired

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
    page: str  # address of its page, which never changes
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


class BetweenRow(TypedDict):
    """One change between two days. ``before`` and ``after`` are values in full precision; published texts of bounds;
    words of statuses and answers. ``difference`` is after minus before of two numbers.

    It is null where the licence allows figures only as published.
    """

    kind: str
    indicator: str
    indicator_name: str
    country: str
    country_name: str
    period: str
    before: float | str | None
    after: float | str | None
    difference: float | None
    note: str
    id_before: str
    id_after: str


class BetweenAnswer(TypedDict):
    """``counts``: of every kind, and of figures that only gained or lost digits (``rounded``); ``total``: rows of the
    kind asked for, of which ``rows`` are the first."""

    dataset: str
    since: str
    as_of: str
    method: str
    text: str
    counts: dict[str, int]
    total: int
    rows: list[BetweenRow]
    next: NotRequired[str | None]


class DisagreementRow(TypedDict):
    """A figure shown and another one of the same fact: by another publisher, by the country's own office in its own
    definition, or in an earlier edition. ``difference`` is other minus shown.

    It is null where a licence allows figures only as published.
    """

    kind: str
    indicator: str
    indicator_name: str
    country: str
    country_name: str
    period: str
    value: float
    source: str
    edition: str
    other_value: float
    other_source: str
    other_edition: str
    difference: float | None
    reason: str
    rule: str
    id: str
    other_id: str


class DisagreementAnswer(TypedDict):
    """``counts`` by kind of ``compared``, the facts that are given twice; ``rows`` are the first of ``total``."""

    dataset: str
    as_of: str
    text: str
    counts: dict[str, int]
    compared: dict[str, int]
    total: int
    rows: list[DisagreementRow]
    next: NotRequired[str | None]
