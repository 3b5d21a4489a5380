"""What vintages changed: of one indicator, and of one figure."""

from typing import TypedDict


class RevisionRow(TypedDict):
    """A figure that changed, or that is no longer listed."""

    iso3: str
    country: str
    period: str
    dimensions: str
    kind: str  # revised or vanished
    before: str
    after: str
    difference: str  # with its sign and unit; in words where no number changed
    id_before: str
    id_after: str  # "" when no longer listed
    vintage: int
    vintage_text: str
    date_text: str
    edition_text: str
    reason_text: str
    source_text: str


class RevisionsView(TypedDict):
    """Revised and withdrawn figures of one indicator since a day, newest first."""

    since: str  # ISO date asked for; "" for the whole time
    first: str  # ISO dates between which a day can be asked for
    last: str
    text: str
    more_text: str
    rows: list[RevisionRow]
    json: str
    feed: str


class EarlierValue(TypedDict):
    """A value that a figure had, or has."""

    id: str
    text: str
    edition: str
    since_text: str
    until_text: str
    now: bool
    href: str  # the page as of a day on which it was in force; "" when it was on no day's end
    href_text: str
