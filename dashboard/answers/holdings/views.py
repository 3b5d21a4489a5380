"""Response types of ``answers.holdings``: plain, JSON-safe values, every text in the reader's language."""

from typing import Literal, TypedDict

from dashboard.answers.base.views import Choice
from dashboard.answers.wording.views import MissingKind


class MissingRow(TypedDict):
    indicator: str
    name: str
    theme: str
    theme_text: str
    kind: MissingKind
    kind_text: str
    who: str  # who could supply it
    own: str  # that the country has a figure in its own definition; "" where it has none


class GapKind(TypedDict):
    """A kind of gap with how many indicators of the country have it."""

    kind: MissingKind
    text: str
    definition: str
    count: int
    count_text: str


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
    brief: str  # "19 of 27 · 2018–2024"
    strip: list[StripMark]
