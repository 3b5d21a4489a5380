"""The index of indicators, one indicator, and the table."""

from typing import TypedDict

from dashboard.services.views.national import NationalView
from dashboard.services.views.shared import Choice, Coverage, Figure, IndicatorCard, LinkView, Stand


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
    rows_text: str
    licence: str
    licence_url: str
    homepage: str


class Breakdown(TypedDict):
    """A disaggregation the dataset holds: its name and its categories."""

    id: str
    label: str
    values: list[Choice]


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


class Citation(TypedDict):
    """The reference in one form, with the words of the button that copies it."""

    id: str  # un, apa, bibtex
    label: str
    text: str
    copy_text: str
    copied_text: str


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
    national: list[NationalView]  # countries' own series under this number, kept apart
    citation: str
    citations: list[Citation]  # the same in three forms; none where nothing was gathered
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
