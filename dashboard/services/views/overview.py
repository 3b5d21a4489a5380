"""The first page."""

from typing import TypedDict

from dashboard.services.views.shared import Stand


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
    availability: str  # how many pairs of adopter and indicator have a figure, how old, and why the others have none
    news: list[News]
    indicators: int
    indicators_with_data: int
    countries_with_data: int
