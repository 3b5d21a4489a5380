"""What the answers of ``services.site`` hold: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.charts.sparkline import Sparkline
from dashboard.services.adoption.views import Counting, Legend, Tile
from dashboard.services.freshness.views import DatasetStatus
from dashboard.services.mapping.small import SmallMapping


class Headline(TypedDict):
    """One honest sentence with its uncertainty, and how it was computed."""

    text: str
    uncertainty: str
    gap: str  # how many have an official figure of satisfaction (SDG 16.6.2) in this dataset
    how: str


class ThemeCoverage(TypedDict):
    """How many adopters have at least one figure of a theme, and how old it is."""

    theme: str
    label: str
    covered: int
    of: int
    share: str  # of possible figures (countries × indicators) that there are, as a length: "37%"
    share_text: str  # the same in words of the language
    indicators: int  # with data
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


class Dot(TypedDict):
    """One country in a row of dots."""

    iso3: str
    tone: str  # rose, unclear, fell
    text: str  # "Uzbekistan: rose"


class LabelledFigure(TypedDict):
    """A label with its figure."""

    label: str
    value: str


class KpiTile(TypedDict):
    """One of the four figures the overview opens with; each says how it is known and where it leads."""

    id: str
    label: str
    value: str
    text: str
    spark: Sparkline
    dots: list[Dot]
    lines: list[LabelledFigure]
    how: str
    to: str


class OverviewView(TypedDict):
    kpis: list[KpiTile]
    dataset_status: DatasetStatus
    purpose: str
    counting: Counting
    headline: Headline
    tiles: list[Tile]
    legend: list[Legend]
    mapping: SmallMapping
    coverage: list[ThemeCoverage]
    availability: str  # how many pairs of adopter and indicator have a figure, how old, and why the others have none
    news: list[News]
    indicators: int
