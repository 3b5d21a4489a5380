"""Response types of ``answers.freshness``: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.answers.base.views import Choice


class DatasetStatus(TypedDict):
    """Where the dataset stands: on every page's footer."""

    version: str
    as_of: str  # ISO date
    as_of_text: str
    published_at: str  # ISO time
    published_text: str  # no page shows it; answers of the API hold it
    rows: int
    rows_text: str
    codebook: str
    past: bool  # True when the reader looks at an earlier as-of date
    change: str  # one sentence: what changed since the vintage before; "" for the first


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
    status: str  # a word of sources.STATUSES
    status_text: str
    status_meaning: str
    newest_text: str  # the newest edition known, of each database where the publisher keeps several; as the next three
    newer_text: str  # that an edition is published which is not held; "" where none is known
    next_text: str
    last_success: str
    last_success_text: str
    copy_text: str  # that it was read from public copies of the publisher's files; "" where it was not
    editions: list[str]
    rows: int
    rows_text: str
    indicators: list[Choice]
    failures: list[FailureView]


class SourcesView(TypedDict):
    dataset_status: DatasetStatus
    sources: list[SourceView]
    text: str
