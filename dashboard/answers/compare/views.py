"""What the answers of ``answers.compare`` hold: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.answers.base.views import Choice
from dashboard.answers.freshness.views import DatasetStatus
from dashboard.answers.wording.views import ChangeKind, Figure


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


class ComparedPart(TypedDict):
    """A part of what makes figures comparable, and what it is for each country, in the order of the countries."""

    id: str
    label: str
    definition: str
    values: list[str]
    differs: bool


class PairHead(TypedDict):
    """A column of the triangle of pairs."""

    iso3: str
    name: str


class PairCell(TypedDict):
    """The verdict on one pair: a sign, its kind (``higher``, ``lower``, ``alike`` or ``cannot_tell``) and its words."""

    sign: str
    kind: str
    text: str


class PairRow(TypedDict):
    """A country against those before it: ``higher`` is the country of the row."""

    iso3: str
    name: str
    cells: list[PairCell]


class PairsView(TypedDict):
    """Which countries differ beyond the margin of error; a triangle where any of several pairs can be told."""

    text: str
    where: str  # edition, year and confidence; "" where no pair can be told
    heads: list[PairHead]
    rows: list[PairRow]


class ComparedMetric(TypedDict):
    """One of up to four indicators, with all that keeps its figures from being compared."""

    id: str
    name: str
    unit: str
    edition: str  # of the latest figures, in words
    lines: list[CompareLine]
    pairs: PairsView
    earlier: list[str]  # what the last edition with errors said, where the one shown has none: history, for a fold
    chips: list[Chip]
    countries: list[str]  # names of those with a figure: the columns of ``parts``
    parts: list[ComparedPart]
    verdict: str  # whether the latest figures measure the same, in a sentence
    notes: list[str]  # definitions of national law: series of a country's own, which are not drawn here
    empty: bool
    why_empty: str


class HeatCell(TypedDict):
    """The latest figure, the trend as far as it can be told, the age, and a shade from 1 (low) to 5 (high); 0: none."""

    metric: str
    label: str  # whose figure of what, for screen readers
    figure: Figure
    change: ChangeKind
    arrow: str
    change_text: str
    shade: int


class HeatRow(TypedDict):
    iso3: str
    name: str
    cells: list[HeatCell]


class Started(TypedDict):
    """From which event a country's years are counted, or why it is not drawn."""

    iso3: str
    name: str
    drawn: bool
    text: str
    disputed: bool
    source: str
    reference: str
    note: str


class CompareView(TypedDict):
    dataset_status: DatasetStatus
    indicator: str
    name: str
    unit: str
    line: bool
    countries: list[Choice]
    chips: list[Chip]
    metrics: list[ComparedMetric]
    heat: list[HeatRow]
    heat_text: str  # how shades and arrows come about
    starts: list[Started]
    too_many: str  # words when more than twelve were asked for
    empty: bool
    why_empty: str
