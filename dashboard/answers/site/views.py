"""Response types of ``answers.site``: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.analysis.charts.sparkline import Sparkline
from dashboard.answers.adoption.views import Counting, Legend, Tile
from dashboard.answers.freshness.views import DatasetStatus
from dashboard.answers.mapping.small import SmallMapping


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


class LevelDot(TypedDict):
    """A country's level on a scale from 0 to 100."""

    iso3: str
    at: str
    text: str


class LevelLane(TypedDict):
    """Levels by one way to know satisfaction; lanes are never joined."""

    id: str
    label: str
    dots: list[LevelDot]
    text: str  # the same in words, or that there is none


class KpiTile(TypedDict):
    """One of the four figures the overview opens with; each says how it is known and where it leads."""

    id: str
    label: str
    value: str
    text: str
    spark: Sparkline
    dots: list[Dot]
    lines: list[LabelledFigure]
    lanes: list[LevelLane]
    mark: str  # by whom the figures are reported; "" where publishers have them
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
