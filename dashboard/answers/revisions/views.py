"""Response types of ``answers.revisions``: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.answers.base.views import Choice
from dashboard.answers.wording.views import Figure


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


class ProvenanceStep(TypedDict):
    """One line of the provenance drawer."""

    id: str
    label: str
    text: str
    href: str


class ProvenanceView(TypedDict):
    id: str
    indicator: str
    indicator_name: str
    iso3: str
    country: str
    period: str
    figure: Figure
    steps: list[ProvenanceStep]  # value → method → series → edition → retrieved → raw record → licence → vintage
    publisher: str
    source_url: str
    edition: str
    licence: str
    licence_url: str
    attribution: str
    raw_sha256: str
    retrieved_at: str
    vintage: int
    superseded: int | None
    superseded_by: str  # observation id that took its place; "" when current or dropped
    earlier: list[EarlierValue]  # all values of this fact, newest first, this one among them
    earlier_text: str  # said when there is only one
    json: str  # address of the same as JSON, as of the same day
    citation: str
    text: str


class DisagreementTally(TypedDict):
    """How many figures of a kind disagree, of those that are given twice."""

    kind: str
    label: str
    definition: str
    count: int
    count_text: str
    compared: int
    text: str


class DisagreementLine(TypedDict):
    """The figure shown and another one of the same fact."""

    indicator: str
    iso3: str
    name: str
    country: str
    period: str
    value: str
    source: str  # publisher and edition
    id: str
    other_value: str
    other_source: str
    other_id: str
    difference: str
    length: str  # of a bar, the farthest apart being the whole; "" where no difference may be told
    reason: str
    to: str


class DisagreementsView(TypedDict):
    text: str
    rule: str  # which of the figures is shown
    counts: list[DisagreementTally]
    kind: str
    rows: list[DisagreementLine]
    total: int
    page: int
    pages: int
    indicators: list[Choice]
    csv: str
    json: str
