"""Response types of ``answers.indicators``: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.analysis.charts.sparkline import Sparkline
from dashboard.answers.base.views import Choice
from dashboard.answers.freshness.views import DatasetStatus
from dashboard.answers.holdings.views import Breakdown, Coverage, SeriesView
from dashboard.answers.wording.views import Citation, Figure


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


class IndicatorRow(TypedDict):
    """A line of the table of indicators."""

    id: str
    name: str
    definition: str
    unit: str
    theme_text: str
    goals: list[int]
    covered: int
    of: int
    share: str  # of the adopters with a figure, "93%"
    coverage_text: str
    latest: str  # year
    bars: Sparkline  # adopters with a figure, a bar a year
    strength_text: str  # of the strongest link asked about; "" without one
    empty: bool
    why_empty: str


class IndicatorIndex(TypedDict):
    query: str
    total: int
    total_text: str
    with_data: int
    rows: list[IndicatorRow]
    page: int
    pages: int
    sort: str
    themes: list[Choice]
    goals: list[Choice]
    principles: list[Choice]
    strengths: list[Choice]


class BreakdownRow(TypedDict):
    """The groups of one country in one year, and the gap between them in words."""

    iso3: str
    country: str
    figures: list[Figure]  # in the order of the groups
    gap_text: str


class BreakdownView(TypedDict):
    """What the breakdown tab says beside its chart; "" and empty lists where it is not shown."""

    dimension: str
    dimensions: list[Choice]
    sort: str
    sorts: list[Choice]
    groups: list[str]
    rows: list[BreakdownRow]


class Downloads(TypedDict):
    """Addresses of what is on the page, with the number of rows each holds."""

    csv: str
    json: str
    xlsx: str
    metadata: str
    rows: int
    rows_text: str
    xlsx_text: str


class NationalView(TypedDict):
    """One national series: what it says, in whose definition, and what to be careful about."""

    indicator: str
    name: str  # of the indicator under whose number the country publishes it
    iso3: str
    country: str
    label: str  # "National, own definition"
    series: str  # "kaz:16-6-2"
    source_text: str
    homepage: str
    definition: str
    question: str  # "" where the office does not publish it; so are the next two
    population: str
    method: str
    compiled_by: str
    caution: str
    relation_text: str  # how it stands to the official indicator, in a sentence
    evidence_text: str
    unit: str
    figure: Figure  # the latest; says why there is none
    target_text: str  # what the country aims at in this definition, by when, and where it says so; "" for nothing
    points: int
    points_text: str
    chart: str  # address of its trend; "" without figures
    csv: str  # address of its rows; "" without figures
    elsewhere: str  # where its figures stand that are not copied here, and why not; "" where they are


class LinkView(TypedDict):
    """Why an indicator of ours says something about a target, an SDG indicator or a principle."""

    metric: str
    goal: int | None
    target: str
    target_title: str
    sdg_indicator: str
    principle: str
    principle_name: str
    strength: str
    strength_text: str
    strength_meaning: str
    rationale: str


class IndicatorView(TypedDict):
    dataset_status: DatasetStatus
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
    national: list[NationalView]  # countries' own series under this number, kept apart
    citation: str
    citations: list[Citation]  # the same in three forms; none where nothing was gathered
    downloads: Downloads
    related: list[IndicatorCard]
    empty: bool
    why_empty: str
    who_can_supply: str


class TableRow(TypedDict):
    iso3: str
    country: str
    figure: Figure


class TableView(TypedDict):
    """A page of rows: the same rows as chart and download."""

    indicator: str
    title: str
    unit: str
    rows: list[TableRow]
    page: int
    pages: int
    size: int
    total: int
    total_text: str
    downloads: Downloads
