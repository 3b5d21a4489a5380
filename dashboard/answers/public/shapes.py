"""The shapes of the API's answers: a contract with strangers' programs, so apart from what pages need.

``typing_extensions.TypedDict``, because Pydantic builds the OpenAPI schema from these on Python 3.11.
"""

from typing import Literal, NotRequired

from typing_extensions import TypedDict


class Row(TypedDict):
    """An observation: the fourteen columns of the published dataset, in their order."""

    id: str
    indicator: str
    country: str
    period: str
    dimensions: dict[str, str]
    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    status: str
    nature: str
    source: str
    edition: str
    retrieved_at: str


class Rows(TypedDict):
    dataset: str
    as_of: str
    rows: list[Row]
    next: str | None


class BulkFile(TypedDict):
    form: str
    media_type: str
    url: str
    bytes: int
    sha256: str


class BulkFiles(TypedDict):
    dataset: str
    as_of: str
    rows: int
    withheld: list[str]
    files: list[BulkFile]


class Oembed(TypedDict):
    version: str
    type: str
    title: str
    provider_name: str
    provider_url: str
    html: str
    width: int
    height: int


class Vintage(TypedDict):
    number: int
    created_at: str
    note: str
    page: str  # address of its page, which never changes


class FrameworkChange(TypedDict):
    """What the review of 2025 changed in the SDG indicator framework, or is said to have."""

    code: str
    kind: Literal["new", "revised", "unconfirmed"]
    title_before: str  # as the framework words it, in English; "" for a new indicator
    title_after: str
    evidence: str
    proof: str  # an address; "" where none was found


class Framework(TypedDict):
    """The edition of the SDG indicator framework, and what of its last review is entered."""

    edition: str
    announced: int  # changes that the review proposed
    entered: int
    text: str
    changes: list[FrameworkChange]


class Meta(TypedDict):
    title: str
    dataset: str
    as_of: str
    published_at: str
    rows: int
    vintage: Vintage
    codebook: str
    stamp: str
    indicators: int
    indicators_with_data: int
    countries: int
    countries_with_data: int
    languages: list[str]
    chart_kinds: list[str]
    counting_rules: list[str]
    sdg_framework: Framework
    documentation: str
    openapi: str


class LinkEntry(TypedDict):
    target: str
    sdg_indicator: str
    principle: str
    strength: Literal["direct", "proxy", "enabling"]
    rationale: str


class SeriesEntry(TypedDict):
    source: str
    series: str
    role: Literal["primary", "secondary", "national"]
    page: str  # address of its page, which never changes


class CoverageEntry(TypedDict):
    rows: int
    countries: int
    first_year: int | None
    last_year: int | None


class IndicatorEntry(TypedDict):
    id: str
    name: str
    definition: str
    unit: str
    decimals: int
    direction: Literal["higher", "lower", "centre", "none"]
    centre: float | None
    lower_bound: float | None
    upper_bound: float | None
    target_value: float | None
    target_year: int | None
    target_source: str
    target_set_by: Literal["framework", "definition", "project"] | None
    evidence_level: int  # at best; a row's own source may be worth less
    theme: str
    line: bool
    break_years: list[int]
    comparability: dict[str, str]  # part of the key → what holds for every figure; what no source states is not there
    caveats: list[str]
    rights_hook: str
    rights_hook_checked: str
    links: list[LinkEntry]
    series: list[SeriesEntry]
    coverage: CoverageEntry


class Indicators(TypedDict):
    dataset: str
    as_of: str
    indicators: list[IndicatorEntry]
    next: NotRequired[str | None]


class Indicator(TypedDict):
    dataset: str
    as_of: str
    indicator: IndicatorEntry


class CountryEntry(TypedDict):
    iso3: str
    iso2: str
    m49: str
    name: str
    region: str
    subregion: str
    continent: str
    world_bank_region: str
    income: str
    ldc: bool
    lldc: bool
    sids: bool
    adoption_status: str
    adoption_disputed: bool
    adoption_origin: bool  # the country of the model: it has a status and enters no count
    indicators_with_data: int


class Countries(TypedDict):
    dataset: str
    as_of: str
    countries: list[CountryEntry]
    next: NotRequired[str | None]


class Country(TypedDict):
    dataset: str
    as_of: str
    country: CountryEntry
    adoption: "AdoptionEntry"
    latest: list[Row]  # the latest primary national total of each indicator
    national: list["NationalEntry"]  # the country's own series, never among the others


class NationalEntry(TypedDict):
    """A country's own series under the number of an indicator, in its own definition."""

    indicator: str
    source: str
    series: str
    relation: Literal["own_definition", "similar"]
    definition: str
    question: str  # "" where the office does not publish it; so are population and method
    population: str
    method: str
    compiled_by: str
    caution: str
    evidence_level: int
    points: int
    latest: Row | None
    chart: str  # address of its specification; "" without figures
    csv: str


class EventEntry(TypedDict):
    id: str
    type: str
    filed_type: str
    date: str
    precision: Literal["day", "month", "year", "unknown"]
    local_name: str
    scope: str
    source_title: str
    source_ref: str
    source_type: str
    evidence_level: str
    stance: Literal["supports", "contradicts", "context"]
    disputed: bool
    review_state: Literal["draft", "reviewed", "disputed"]
    centres_predate_agreement: bool
    note: str


class AdoptionEntry(TypedDict):
    country: str
    status: str
    disputed: bool
    support: str
    opened: str
    origin: bool
    counted_by: list[str]
    events: list[EventEntry]


class CountEntry(TypedDict):
    count: int
    disputed: int
    countries: list[str]


class ClaimEntry(TypedDict):
    date: str
    claim: str
    count: int
    qualifier: str
    what_is_counted: str
    source_ref: str
    source_type: str
    note: str


class AgreementEntry(TypedDict):
    id: str
    kind: Literal["milestone", "activity", "continents", "participation"]
    text: str
    number: int | None
    qualifier: str
    date: str
    precision: Literal["day", "month", "year", "unknown"]
    source_title: str
    source_ref: str
    source_type: str
    review_state: Literal["draft", "reviewed", "disputed"]
    note: str


class AdoptionRegister(TypedDict):
    dataset: str
    as_of: str
    counts: dict[str, CountEntry]  # by counting rule
    claims: list[ClaimEntry]  # counts published by others
    agreement: list[AgreementEntry]  # facts of the Contribution Agreement, none of them a country's adoption
    register: list[AdoptionEntry]
    next: NotRequired[str | None]


class PublisherEntry(TypedDict):
    id: str
    title: str
    publisher: str
    homepage: str
    licence: str
    licence_url: str
    attribution: str
    redistribution: str
    evidence_level: int


class ReceivedEntry(TypedDict):
    sha256: str
    url: str
    origin: str  # where the bytes came from, when not from url itself
    retrieved_at: str
    note: str


class HistoryEntry(TypedDict):
    """One value a fact had: from the vintage that brought it until, not including, the one that ended it."""

    id: str
    value: float | None
    value_text: str
    status: str
    edition: str
    vintage: Vintage
    superseded: Vintage | None


class Provenance(TypedDict):
    dataset: str
    as_of: str
    page: str  # address of the figure's page, which never changes
    observation: Row
    series: str
    value_text: str
    interval_level: float | None
    std_error: float | None
    source_detail: str
    made: dict[str, str]  # how a submitted figure was made: field of *Method* → what was answered; {} of all others
    footnote: str
    primary: bool
    publisher: PublisherEntry
    received: ReceivedEntry
    vintage: Vintage
    superseded: Vintage | None
    superseded_by: str
    history: list[HistoryEntry]
    citation: str


class Fault(TypedDict):
    parameter: str
    detail: str


class Problem(TypedDict, total=False):
    """RFC 9457; ``errors`` with 422, ``suggestions`` with 404."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault]
    kind: str
    name: str
    suggestions: list[str]
