"""Response types of ``answers.progress``: plain, JSON-safe values, every text in the reader's language."""

from typing import Literal, TypedDict

from dashboard.answers.base.views import Choice
from dashboard.answers.freshness.views import DatasetStatus

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


class ProgressVerdict(TypedDict):
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
    ratio: float | None
    base: End  # the first figure since 2015
    latest: End  # the latest figure of any year; a verdict rests on it where it is not of before 2015
    points: int
    target: float | None
    target_text: str
    projection: float | None
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

    dataset_status: DatasetStatus
    indicator: str
    name: str
    methods: list[MethodChoice]
    verdicts: list[ProgressVerdict]
    ranges: list[Range]
    range_method: str  # how the ranges are made, and what they do not know
    without: str  # countries asked for that have no figure at all; ""


class CountryProgress(TypedDict):
    """One country, all indicators with figures, one method."""

    dataset_status: DatasetStatus
    iso3: str
    name: str
    methods: list[MethodChoice]
    verdicts: list[ProgressVerdict]
    text: str  # how many verdicts and refusals


class SideBySide(TypedDict):
    """All methods on one line: why they disagree can be read from their arithmetic."""

    dataset_status: DatasetStatus
    indicator: str
    name: str
    iso3: str
    country: str
    verdicts: list[ProgressVerdict]
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
    dataset_status: DatasetStatus
    rule: str
    rule_text: str
    methods: list[MethodChoice]
    rows: list[ProgrammeRow]


class GoalCell(TypedDict):
    """A goal in a country: verdicts are counted, never averaged into one."""

    goal: int
    iso3: str
    letters: str  # "2 ↑ 1 ↓": how many of each sign
    tone: Tone  # of the worst verdict
    assessed: int
    refused: int
    text: str


class Matrix(TypedDict):
    dataset_status: DatasetStatus
    methods: list[MethodChoice]
    goals: list[Choice]
    countries: list[Choice]
    cells: list[GoalCell]
    legend: list[str]


class ResultRow(TypedDict):
    """One line. Of the programme, baseline and latest say how many adopters have one; there is no average."""

    indicator: str
    name: str
    theme: str
    theme_text: str
    goals: list[int]  # by direct links only
    baseline: str
    milestones: str  # "" where none is set
    target: str  # "" where none is set
    target_source: str
    latest: str
    status: str  # a word of the method; "" without a verdict, and for the programme
    status_text: str
    tone: Tone
    sign: str
    detail: str  # why there is no status and what can be said instead; ""
    counts: list[StatusCount]  # of the programme: adopters by status
    level: int  # evidence level of the latest figure, 1-4; of the programme the lowest; 0 where none is declared
    level_text: str
    self_reported: bool  # level 1 or 2
    figure_edition: str  # of the latest figure; "" of the programme


class ProgressResults(TypedDict):
    """The frame of one country (``iso3``) or of the programme (``iso3`` is "")."""

    dataset_status: DatasetStatus
    iso3: str
    name: str
    rule: str
    rule_text: str
    method: str
    method_name: str
    status_title: str  # of the column of statuses: it names the method
    methods: list[MethodChoice]
    statuses: list[Choice]  # that occur, to filter by
    rows: list[ResultRow]
    text: str  # how many rows, verdicts and refusals
    self_reported_text: str
    milestones_text: str  # said where no milestone is set at all; ""


Outcome = Literal["met", "not_met", "cannot_tell"]


class PromiseRow(TypedDict):
    """One published satisfaction figure held against 99 %."""

    country: str
    when: str
    figure: str
    outcome: Outcome
    outcome_text: str
    reason: str
    source: str


class Promise(TypedDict):
    """The 99 % promise as a test with three answers."""

    text: str
    rule: str  # how the test decides
    rows: list[PromiseRow]


class VerdictShare(TypedDict):
    """The part of a bar of verdicts that has one status, or one sign."""

    status: str  # a code of a status; ``refused``, or a tone where methods are compared
    text: str
    tone: Tone
    sign: str
    count: int
    share: str  # "25 %"


class GoalAnswer(TypedDict):
    """What one method says of a goal in a country: how many of its direct indicators have which status."""

    goal: int
    name: str
    text: str


class StatusBeside(TypedDict):
    """The status of an indicator by a second method; its words say so where there is none."""

    status: str
    status_text: str
    tone: Tone
    sign: str


class MethodBar(TypedDict):
    """What one method says of the lines that all methods are asked about."""

    id: str
    name: str
    asks: str
    text: str  # the counts in words
    shares: list[VerdictShare]


class VerdictSummary(TypedDict):
    """Verdicts of a country or of the programme: statuses by the method chosen, signs by every method."""

    text: str
    shares: list[VerdictShare]
    methods: list[MethodBar]


class Bullet(TypedDict):
    """Where baseline, latest figure and target lie on one scale ("40.00%"), or the verdicts of the adopters."""

    base: str  # "" where there is none
    latest: str  # "" where nothing can be drawn
    target: str
    start: str  # of the line from baseline to latest figure
    width: str
    shares: list[VerdictShare]  # of the programme
    text: str  # the shares in words; "" without
    age: str  # that a figure is over five years old; ""


class Limitation(TypedDict):
    """One thing the figures cannot say, counted."""

    id: str
    count: str
    text: str
