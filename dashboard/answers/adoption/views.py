"""What the answers of ``answers.adoption`` hold: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.answers.base.references import ReferencePart


class RuleChoice(TypedDict):
    """A rule of counting countries, with what it gives today."""

    id: str
    label: str
    definition: str
    count: int
    disputed: int
    chosen: bool


class Claim(TypedDict):
    """A count somebody published, with what it counts."""

    when: str
    claim: str
    count_text: str
    counts: str
    source: str
    note: str


class Counting(TypedDict):
    """How many countries, by which rule. The origin country is never counted."""

    rule: str
    count: int
    text: str  # "14 countries by the rule “agreement signed”, 3 of them disputed"
    disputed: int
    disputed_text: str  # names
    rules: list[RuleChoice]
    claims: list[Claim]
    note: str


class Tile(TypedDict):
    """One country of the adoption tile map."""

    iso3: str
    iso2: str  # what has room in the square
    name: str
    column: int
    row: int
    status: str
    status_text: str
    disputed: bool
    counted: bool
    origin: bool
    text: str  # the whole in words, for title and screen reader


class Legend(TypedDict):
    """One entry of the map's legend."""

    id: str
    label: str
    definition: str
    count: int


class PipelineStep(TypedDict):
    """One country reaching one rung, or falling back from one, with the event it rests on."""

    iso3: str
    country: str
    stage: str
    stage_text: str
    date_text: str  # "" where the register has no date
    type_text: str
    evidence: str  # E1-E4
    source: str
    disputed: bool


class Pipeline(TypedDict):
    """Dated steps in their order, and beside them the events without a date."""

    text: str
    steps: list[PipelineStep]
    undated: list[PipelineStep]
    undated_text: str


class RegisterRow(TypedDict):
    """One event as the page and the file show it."""

    id: str
    country: str  # ISO3
    name: str
    type: str
    type_text: str
    date: str
    date_text: str  # as precise as known, never completed
    precision: str
    reported: str
    reported_text: str  # when a source named it as a fact, where the event has no date; "" otherwise
    local_name: str
    scope: str
    source: str
    source_ref: str
    source_parts: list[ReferencePart]
    source_type: str
    source_type_text: str
    evidence: str
    evidence_text: str
    stance: str
    stance_text: str
    disputed: bool
    review_state: str
    review_text: str
    counts: bool
    counts_text: str  # whether it moves a status, and why
    note: str


class PublishedClaim(TypedDict):
    """A count that somebody published, beside ours of the same day by the chosen rule."""

    id: str
    when: str
    claim: str
    count_text: str
    counts: str
    source: str
    source_type: str
    differs: str
    ours: str
    note: str


class Rung(TypedDict):
    """One rung of the ladder with the countries on it."""

    id: str
    label: str
    definition: str
    number: int
    countries: list[str]  # names, the disputed ones marked


class AgreementFact(TypedDict):
    """A fact of the Contribution Agreement."""

    id: str
    kind: str
    kind_text: str
    text: str
    date_text: str
    source: str
    note: str


class DocumentNote(TypedDict):
    """A law, strategy, activity or text: what it is, how and how surely it was read, and where."""

    id: str
    country: str  # ISO3; "" where it is of no single country
    name: str
    kind_text: str
    title: str  # in English, or as published
    original: str  # in its own language
    symbol: str
    date: str
    date_text: str
    body: str
    content: str  # in English
    detail: str  # in the reader's language: its state, whether it names the model
    confidence: str
    read_text: str  # "Read in an excerpt …"; "" for records of the register
    quote: str
    note: str
    source: str
    source_ref: str
    source_parts: list[ReferencePart]


class TargetNote(TypedDict):
    """A target of a country's own that counts what no indicator here counts."""

    id: str
    country: str
    name: str
    kind_text: str
    counts: str  # what it counts, in English
    value_text: str
    year: str
    baseline: str
    nearest: str  # which indicator comes closest; "" for none
    body: str
    confidence: str
    read_text: str
    quote: str
    note: str
    source: str
    source_ref: str
    source_parts: list[ReferencePart]


class Sought(TypedDict):
    """What was looked for and not found."""

    question: str
    what: str
    nearest: str
    owner: str


class GroupCountry(TypedDict):
    """A country of a group with its status."""

    iso3: str
    name: str
    status: str
    text: str


class GroupRow(TypedDict):
    """A continent, income group or group of the United Nations."""

    label: str
    count: int  # countries with any recorded contact
    signed: int  # of them, signed or further
    operating: int
    countries: list[GroupCountry]  # the furthest first


class GroupTable(TypedDict):
    """The countries of the register by one way of grouping."""

    id: str
    title: str
    rows: list[GroupRow]


class DocumentCount(TypedDict):
    """How many acts, strategies and targets of its own are known of a country."""

    iso3: str
    name: str
    acts: int
    strategies: int
    targets: int


class RegisterDocuments(TypedDict):
    """What the open tab of the register's page shows of documents."""

    activities: list[DocumentNote]
    texts: list[DocumentNote]
    documents: list[DocumentCount]
    groups: list[GroupTable]


class Named(TypedDict):
    """Something the counts do not show, of one country."""

    country: str
    name: str
    text: str
    event: str  # id of the first event that shows it


class RegisterView(TypedDict):
    """All of the page but its table."""

    counting: Counting
    claims: list[PublishedClaim]
    ladder: list[Rung]
    tiles: list[Tile]
    legend: list[Legend]
    agreement: list[AgreementFact]
    organisations: list[AgreementFact]
    shared: list[Named]  # credit goes to other models too
    predate: list[Named]  # centres are older than the first agreement
    twice: list[Named]  # two sources disagree: two rows


class RegisterTable(TypedDict):
    """The events asked for."""

    rows: list[RegisterRow]
    total_text: str
    shown: int
    total: int
    csv: str
    json: str
    csv_text: str
