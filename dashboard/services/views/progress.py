"""Progress towards targets: a verdict always carries its method's name and its arithmetic."""

from typing import Literal, TypedDict

from dashboard.services.views.shared import Choice, Stand

Tone = Literal["met", "good", "middle", "bad", "none"]
"""For colours only: a word of one method is not a word of another. ``none``: no verdict."""


class MethodChoice(TypedDict):
    """A method one may choose."""

    id: str
    name: str
    edition: str
    asks: str  # the question it answers, in a sentence
    chosen: bool


class End(TypedDict):
    """A figure at the end of a line."""

    year: int | None
    value: float | None
    text: str  # "72.0 % (2023)", or "" when there is none


class Verdict(TypedDict):
    """What one method says of one country on one indicator, or why it says nothing."""

    indicator: str
    name: str
    iso3: str
    country: str
    method: str
    method_name: str  # never show the status without it
    edition: str
    status: str  # "" when refused
    status_text: str
    definition: str  # of the status
    tone: Tone
    trend: str  # SDSN's arrow; ""
    trend_text: str
    reason: str  # of a refusal, or of a met target; ""
    reason_text: str
    instead: str  # what can be said instead of a status; ""
    score: float | None
    score_text: str
    ratio: float | None
    base: End  # the first figure since 2015
    latest: End  # the latest figure of any year; a verdict rests on it where it is not of before 2015
    points: int
    target: float | None
    target_text: str
    projection: float | None
    projection_text: str
    warnings: list[str]
    why: list[str]  # the arithmetic as sentences, step by step


class Range(TypedDict):
    """Where the line may be in 2030, with the spread of its own figures; only from four figures on."""

    iso3: str
    country: str
    year: int
    middle: float
    low: float
    high: float
    text: str


class IndicatorProgress(TypedDict):
    """One indicator, some countries, one method."""

    stand: Stand
    indicator: str
    name: str
    methods: list[MethodChoice]
    verdicts: list[Verdict]
    ranges: list[Range]
    range_method: str  # how the ranges are made, and what they do not know
    without: str  # countries asked for that have no figure at all; ""


class CountryProgress(TypedDict):
    """One country, all indicators with figures, one method."""

    stand: Stand
    iso3: str
    name: str
    methods: list[MethodChoice]
    verdicts: list[Verdict]
    text: str  # how many verdicts and refusals


class SideBySide(TypedDict):
    """All methods on one line: why they disagree can be read from their arithmetic."""

    stand: Stand
    indicator: str
    name: str
    iso3: str
    country: str
    verdicts: list[Verdict]
    text: str


class StatusCount(TypedDict):
    status: str
    text: str
    tone: Tone
    count: int
    countries: list[str]  # ISO3


class ProgrammeRow(TypedDict):
    """One indicator over the adopters."""

    indicator: str
    name: str
    counts: list[StatusCount]
    refused: int
    of: int
    text: str


class ProgrammeProgress(TypedDict):
    stand: Stand
    rule: str
    rule_text: str
    methods: list[MethodChoice]
    rows: list[ProgrammeRow]


class MatrixCell(TypedDict):
    """A goal in a country: verdicts are counted, never averaged into one."""

    goal: int
    iso3: str
    letters: str  # "2 ↑ 1 ↓": how many of each sign
    tone: Tone  # of the worst verdict
    judged: int
    refused: int
    text: str


class Matrix(TypedDict):
    stand: Stand
    methods: list[MethodChoice]
    goals: list[Choice]
    countries: list[Choice]
    cells: list[MatrixCell]
    legend: list[str]
