"""The typed answers of the services: plain, small, JSON-safe, every text already in the reader's language.

A number comes twice: raw (``value``, for sorting and charts) and formatted (``text``, for reading). A figure that is
absent has a ``kind`` of no data and words for it, never 0. Observation ids (``id``) open the provenance drawer.
"""

from typing import Literal, TypedDict

MissingKind = Literal[
    "",
    "not_collected",
    "not_gathered",
    "not_reported",
    "not_applicable",
    "missing",
    "suppressed",
    "not_comparable",
    "censored",
]
"""Why there is no number; ``""`` when there is one. ``not_gathered``: the publisher's series is not in this dataset;
``missing``: the publisher answered without a value; ``censored``: it printed a bound, which is shown as text."""


ChangeKind = Literal["", "rise", "fall", "unclear"]
"""``unclear``: inside the error, or the error is not known. ``""``: nothing to compare, or it may not be compared."""


class Choice(TypedDict):
    """One option of a select box, a tab or a filter."""

    id: str
    label: str
    note: str
    chosen: bool


class Term(TypedDict):
    """A word with its definition (statuses, strengths, natures, kinds of no data …)."""

    id: str
    label: str
    definition: str


class Figure(TypedDict):
    """A value with all it must never lose on the way to the page."""

    id: str  # observation id; "" when nothing was published
    value: float | None
    text: str  # "−0.95", "less than 2.5", or the words of the kind of no data
    quantity: str  # the same with its unit, for sentences: "12.5 %"
    unit: str  # words
    lower: float | None
    upper: float | None
    interval: str  # "between −1.20 and −0.70 (90 %)" or ""
    year: int | None
    period: str
    age: int | None  # full years between the period and the dataset's as-of date
    age_text: str  # "2 years old" or ""
    status: str  # id: normal, estimated, provisional, censored, missing, not_applicable
    status_text: str
    nature_text: str
    source: str  # id of the publisher's room
    source_text: str
    edition: str
    dimensions: str  # words of the breakdown; "" for the total
    kind: MissingKind
    why: str  # words of the kind, and who can supply it; "" when there is a number


class Stand(TypedDict):
    """Where the dataset stands: on every page's footer."""

    version: str
    as_of: str  # ISO date
    as_of_text: str
    published_at: str  # ISO time
    published_text: str
    rows: int
    rows_text: str
    codebook: str
    past: bool  # True when the reader looks at an earlier as-of date
    change: str  # one sentence: what changed since the vintage before; "" for the first


class StripMark(TypedDict):
    """One country's mark in a coverage strip: how old its latest figure is."""

    iso3: str
    name: str
    year: int | None
    state: Literal["recent", "older", "none"]  # recent: at most five years before the as-of date
    text: str  # "Azerbaijan: 2023", "Senegal: no figure"


class Coverage(TypedDict):
    """How many of the adopters (by the rule named) have a figure, and from when."""

    covered: int
    of: int
    first_year: int | None  # of the latest figures
    last_year: int | None
    countries: int  # all countries with a figure
    rows: int
    text: str  # "19 of 27 adopters (agreement signed), latest figures from 2018–2024"
    strip: list[StripMark]


class LinkView(TypedDict):
    """Why an indicator of ours says something about a target, an SDG indicator or a principle."""

    metric: str
    metric_name: str
    goal: int | None
    target: str
    target_title: str
    sdg_indicator: str
    sdg_indicator_title: str
    principle: str
    principle_name: str
    strength: str
    strength_text: str
    strength_meaning: str
    rationale: str


class IndicatorCard(TypedDict):
    """One line of an index of indicators."""

    id: str
    name: str
    definition: str
    unit: str
    theme: str
    theme_text: str
    goals: list[int]
    targets: list[str]
    principles: list[str]
    strength: str  # of the strongest link asked about
    strength_text: str
    rationale: str
    source_text: str
    coverage: Coverage
    empty: bool
    why_empty: str


# ---- overview -------------------------------------------------------------------------------------------------------


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


class Headline(TypedDict):
    """One honest sentence with its uncertainty, and how it was computed."""

    text: str
    uncertainty: str
    gap: str  # how many have an official figure of satisfaction (SDG 16.6.2) in this dataset
    how: str
    indicator: str
    source_text: str
    rising: list[str]  # names
    falling: list[str]
    unclear: int
    without: int


class Tile(TypedDict):
    """One country of the adoption tile map."""

    iso3: str
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


class ThemeCoverage(TypedDict):
    """How many adopters have at least one figure of a theme, and how old it is."""

    theme: str
    label: str
    covered: int
    of: int
    indicators: int  # with data
    indicators_total: int
    oldest: int | None
    newest: int | None
    text: str
    age_text: str


class News(TypedDict):
    """One thing that came with a vintage."""

    date: str
    date_text: str
    title: str
    text: str
    source: str


class OverviewView(TypedDict):
    stand: Stand
    purpose: str
    counting: Counting
    headline: Headline
    tiles: list[Tile]
    tile_columns: int
    tile_rows: int
    legend: list[Legend]
    coverage: list[ThemeCoverage]
    news: list[News]
    indicators: int
    indicators_with_data: int
    countries_with_data: int


# ---- goals, targets, principles, themes -----------------------------------------------------------------------------


class GoalCard(TypedDict):
    number: int
    title: str
    short: str
    colour: str
    targets: int
    indicators: int  # of ours
    with_data: int
    text: str


class TargetCard(TypedDict):
    code: str
    title: str
    kind: str  # outcome or means
    indicators: list[IndicatorCard]


class GoalView(TypedDict):
    number: int
    title: str
    short: str
    colour: str
    targets: list[TargetCard]  # those something of ours maps to
    others: list["TargetCard"]  # the rest, without indicators
    text: str
    strengths: list[Term]


class SdgIndicatorCard(TypedDict):
    code: str
    title: str
    custodian: str
    tier: str
    as_of_text: str
    unsd_code: str
    indicators: int


class TargetView(TypedDict):
    code: str
    goal: int
    goal_short: str
    colour: str
    title: str
    kind: str
    kind_text: str
    sdg_indicators: list[SdgIndicatorCard]
    indicators: list[IndicatorCard]
    text: str


class SdgIndicatorView(TypedDict):
    code: str
    title: str
    title_note: str  # when the translation follows an older text
    target: str
    target_title: str
    goal: int
    goal_short: str
    colour: str
    custodian: str
    tier: str
    tier_text: str
    unsd_code: str
    indicators: list[IndicatorCard]
    text: str  # says so when no metric of ours maps to it


class PrincipleView(TypedDict):
    id: str
    order: int
    group: str
    group_text: str
    name: str
    strategies: list[str]
    verified: bool
    note: str
    indicators: list[IndicatorCard]


class ThemeView(TypedDict):
    id: str
    label: str
    definition: str
    indicators: list[IndicatorCard]


# ---- indicator ------------------------------------------------------------------------------------------------------


class IndicatorIndex(TypedDict):
    query: str
    total: int
    total_text: str
    with_data: int
    indicators: list[IndicatorCard]
    themes: list[Choice]
    goals: list[Choice]
    principles: list[Choice]


class SeriesView(TypedDict):
    """A publisher's series that feeds the indicator."""

    source: str
    source_text: str
    series: str
    role: str  # primary or secondary
    role_text: str
    editions: list[str]
    first_year: int | None
    last_year: int | None
    rows: int
    licence: str
    licence_url: str
    homepage: str


class Breakdown(TypedDict):
    """A disaggregation the dataset holds: its name and its categories."""

    id: str
    label: str
    values: list[Choice]


class Downloads(TypedDict):
    """Addresses of what is on the page, with the number of rows each holds."""

    csv: str
    json: str
    rows: int
    rows_text: str


class IndicatorView(TypedDict):
    stand: Stand
    id: str
    name: str
    definition: str
    unit: str
    decimals: int
    direction: str  # higher, lower, centre, none
    direction_text: str
    theme: str
    theme_text: str
    target_text: str  # the numeric target and where it comes from; "" when there is none
    line: bool  # False: points per edition or survey, never joined
    source_text: str
    updated_text: str
    next_text: str
    range_text: str
    coverage: Coverage
    chart_kinds: list[Choice]
    countries: list[Choice]  # the chosen ones, or the default selection
    periods: list[int]
    know: list[str]  # what you should know, at most three
    computed: list[str]  # how it is computed, step by step
    links: list[LinkView]
    rights_hook: str
    rights_checked: str
    breakdowns: list[Breakdown]
    series: list[SeriesView]
    citation: str
    downloads: Downloads
    related: list[IndicatorCard]
    empty: bool
    why_empty: str
    who_can_supply: str


class Column(TypedDict):
    id: str
    label: str
    numeric: bool


class TableRow(TypedDict):
    iso3: str
    country: str
    figure: Figure


class TableView(TypedDict):
    """A page of rows: the same rows as chart and download."""

    indicator: str
    title: str
    unit: str
    columns: list[Column]
    rows: list[TableRow]
    page: int
    pages: int
    size: int
    total: int
    total_text: str
    downloads: Downloads


# ---- country --------------------------------------------------------------------------------------------------------


class EventView(TypedDict):
    id: str
    type: str
    type_text: str
    filed_type: str
    date: str
    date_text: str  # as precise as known, never completed
    local_name: str
    scope: str
    source: str
    source_ref: str
    source_type: str
    evidence: str  # E1–E4
    evidence_text: str
    stance: str
    stance_text: str
    disputed: bool
    review_state: str
    counts: bool  # a draft or a row that is context or contradiction does not count
    note: str


class AdoptionView(TypedDict):
    iso3: str
    name: str
    status: str
    status_text: str
    definition: str
    disputed: bool
    support: str
    support_text: str
    opened: str
    opened_text: str
    origin: bool
    rules: list[str]  # ids of the counting rules that count the country
    text: str
    events: list[EventView]


class GoalStrip(TypedDict):
    """One goal in the country's strip: what can be said about it here. Never a grade."""

    number: int
    short: str
    colour: str
    indicators: int
    with_data: int
    newest: int | None
    text: str


class Median(TypedDict):
    """Median of countries' latest figures in the window; ours, not the publisher's."""

    group: str  # region, world, adopters
    label: str
    value: float | None
    text: str
    n: int
    first_year: int | None
    last_year: int | None


class CountryRow(TypedDict):
    indicator: str
    name: str
    unit: str
    direction: str
    direction_text: str
    figure: Figure
    medians: list[Median]
    compare_note: str  # why there is no comparison, or that years are mixed
    change: ChangeKind
    change_text: str


class ThemeRows(TypedDict):
    theme: str
    label: str
    note: str
    rows: list[CountryRow]


class MissingRow(TypedDict):
    indicator: str
    name: str
    theme: str
    theme_text: str
    kind: MissingKind
    kind_text: str
    who: str  # who could supply it


class WeakRow(TypedDict):
    indicator: str
    name: str
    text: str


class CountryView(TypedDict):
    stand: Stand
    iso3: str
    iso2: str
    m49: str
    name: str
    facts: list[Term]  # region, income, groups
    adoption: AdoptionView
    strip: list[GoalStrip]
    themes: list[ThemeRows]
    missing: list[MissingRow]
    missing_text: str
    weakest: list[WeakRow]
    weakest_how: str
    with_data: int
    total: int
    text: str
    medians_how: str


class CountryCard(TypedDict):
    iso3: str
    iso2: str
    m49: str
    name: str
    region: str
    status: str
    status_text: str
    disputed: bool
    with_data: int


# ---- compare --------------------------------------------------------------------------------------------------------


class CompareLine(TypedDict):
    iso3: str
    name: str
    points: int
    first_year: int | None
    last_year: int | None
    latest: Figure
    change: ChangeKind
    change_text: str


class Chip(TypedDict):
    """A way in which the countries' figures differ, or a caution for all of them."""

    id: str
    label: str
    text: str


class CompareView(TypedDict):
    stand: Stand
    indicator: str
    name: str
    unit: str
    line: bool
    countries: list[Choice]
    lines: list[CompareLine]
    chips: list[Chip]
    table: TableView
    too_many: str  # words when more than six were asked for
    empty: bool
    why_empty: str


# ---- sources, method, provenance ------------------------------------------------------------------------------------


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
    cadence_text: str
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
    citation: str
    text: str


# ---- choices --------------------------------------------------------------------------------------------------------


class CountryOption(TypedDict):
    iso3: str
    name: str
    group: str  # words: "Origin", "Operating", "Signed", … or the region
    adopter: bool


class IndicatorOption(TypedDict):
    id: str
    name: str
    theme: str
    theme_text: str
    unit: str
    empty: bool


class Options(TypedDict):
    """What select boxes need, in the order they show it."""

    countries: list[CountryOption]
    indicators: list[IndicatorOption]
    rules: list[Choice]
    languages: list[Choice]


class ChartText(TypedDict):
    """What a page shows around a chart without fetching it."""

    title: str
    subtitle: str
    sentence: str
    rows: int
    rows_text: str
    json_url: str
    svg_url: str
    png_url: str
    csv_url: str
