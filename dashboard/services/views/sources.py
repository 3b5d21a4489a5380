"""Sources, method, and the way of one figure."""

from typing import TypedDict

from dashboard.services.views.changes import EarlierValue
from dashboard.services.views.shared import Choice, Figure, Stand, Term


class FailureView(TypedDict):
    series: str
    indicator: str
    indicator_name: str
    reason: str
    detail: str  # the log's own words, in English, with address and place
    meaning: str
    when: str


class SourceView(TypedDict):
    id: str
    title: str
    publisher: str
    homepage: str
    licence: str
    licence_url: str
    attribution: str
    redistribution: str
    redistribution_text: str
    evidence_level: int
    evidence_text: str
    status: str  # current, overdue, failing, waiting, never
    status_text: str
    status_meaning: str
    cadence_text: str  # of each database where the publisher keeps several
    last_success: str
    last_success_text: str
    age_text: str
    next_due_text: str
    overdue: bool
    editions: list[str]
    rows: int
    rows_text: str
    indicators: list[Choice]
    failures: list[FailureView]


class SourcesView(TypedDict):
    stand: Stand
    sources: list[SourceView]
    text: str


class MethodSection(TypedDict):
    id: str
    title: str
    text: str
    terms: list[Term]


class MethodView(TypedDict):
    stand: Stand
    sections: list[MethodSection]


class Step(TypedDict):
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
    steps: list[Step]  # value → method → series → edition → retrieved → raw record → licence → vintage
    publisher: str
    source_url: str
    edition: str
    licence: str
    licence_url: str
    attribution: str
    raw_sha256: str
    retrieved_at: str
    vintage: int
    vintage_date: str
    superseded: int | None
    superseded_date: str
    superseded_by: str  # observation id that took its place; "" when current or dropped
    earlier: list[EarlierValue]  # all values of this fact, newest first, this one among them
    earlier_text: str  # said when there is only one
    json: str  # address of the same as JSON, as of the same day
    citation: str
    text: str
