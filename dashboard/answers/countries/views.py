"""What the answers of ``answers.countries`` hold: plain, JSON-safe values, every text in the reader's language."""

from typing import Literal, NotRequired, TypedDict

from typing_extensions import (
    TypedDict as Described,
)

from dashboard.analysis.charts.sparkline import Sparkline
from dashboard.answers.adoption.views import DocumentNote, RegisterRow, Sought, TargetNote
from dashboard.answers.base.views import Choice
from dashboard.answers.countries.heart import GlanceRow
from dashboard.answers.countries.worklist import WorkRow
from dashboard.answers.freshness.views import DatasetStatus
from dashboard.answers.holdings.views import GapKind
from dashboard.answers.indicators.views import NationalView
from dashboard.answers.progress.views import Tone
from dashboard.answers.wording.views import ChangeKind, Figure, Term


class AdoptionView(TypedDict):
    iso3: str
    name: str
    status: str
    status_text: str
    definition: str
    disputed: bool
    support: str
    support_text: str  # "" where there is no status to support
    opened: str
    opened_text: str
    origin: bool
    rules: list[str]  # ids of the counting rules that count the country
    text: str
    events: list[RegisterRow]


Directness = Literal["direct", "indirect", "no_figure", "not_measured"]
"""How directly a goal is measured for a country: by an indicator with a direct link, by proxies or enabling conditions
only, by no figure though there are indicators, or by no indicator of ours."""


class GoalMark(TypedDict):
    """How many direct indicators of a goal have one sign by the named method."""

    tone: Tone
    sign: str
    count: int
    text: str


class GoalStrip(TypedDict):
    """One goal in the country's strip: what can be said about it here. Never a grade."""

    number: int
    short: str
    colour: str
    indicators: int
    with_data: int
    newest: int | None
    evidence: Directness
    letter: str
    marks: list[GoalMark]  # empty where no direct indicator has a status
    direct: int
    text: str
    status_text: str


class Median(TypedDict):
    """Median of countries' latest figures in the window; ours, not the publisher's."""

    group: str  # region, income, world, adopters
    label: str
    value: float | None
    text: str
    n: int
    of: int  # countries of the group
    first_year: int | None
    last_year: int | None


class MedianRow(TypedDict):
    """One figure behind a median."""

    iso3: str
    name: str
    figure: Figure
    middle: bool  # it is the median, or one of the two it lies between
    own: bool  # of the country whose page it is


class MedianView(TypedDict):
    """A median opened: how it follows from its figures, lowest first."""

    title: str
    text: str
    rows: list[MedianRow]


class CountryRow(TypedDict):
    indicator: str
    name: str
    unit: str
    direction: str
    direction_text: str
    brief: bool  # whether the brief of two pages has the row
    limit_low: float | None  # natural ends of the scale, of its axis too
    limit_high: float | None
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


class Reported(TypedDict):
    """What was said of satisfaction: a quotation with date and source, not a figure of the dataset."""

    metric: str
    metric_text: str
    value_text: str
    date_text: str
    source: str
    note: str
    evidence_level: int  # 1-4, see docs/method.md
    evidence_text: str


class VoiceFigure(TypedDict):
    """A published figure on satisfaction."""

    indicator: str
    name: str
    unit: str
    figure: Figure


class Voice(TypedDict):
    """One of three ways to know how satisfied people are; they are never put in one line."""

    id: str  # agency, users, household
    label: str
    definition: str
    reports: list[Reported]
    figures: list[VoiceFigure]
    empty: str  # why there is nothing; "" where there is something


class WeakRow(TypedDict):
    """Where a country stands among others in one indicator."""

    indicator: str
    name: str
    text: str
    share: float  # of other countries that are better beyond the errors, 0-1


class LaneFigure(TypedDict):
    """One figure on satisfaction, on a scale from 0 to 100."""

    name: str
    figure: Figure
    badge: str  # "national definition" … or ""
    at: str  # place on the scale, "81.3%"; "" where it is no percentage
    start: str  # of the interval on the scale; "" where none is published
    width: str
    to: str


class Lane(TypedDict):
    """One of three ways to know how satisfied people are; they are never joined."""

    id: str  # household, users, agency
    label: str
    definition: str
    figures: list[LaneFigure]
    reports: list[Reported]
    empty: str


class SummaryRow(TypedDict):
    """One indicator of integrity or service: latest figure, its course, its place among peers."""

    indicator: str
    name: str
    to: str
    figure: Figure
    spark: Sparkline
    change: ChangeKind
    change_text: str
    at: str  # place of the country between the ends of ``scale``; "" without peers
    peers_at: str  # place of the peers' median
    peers_text: str


class SummaryView(TypedDict):
    """The first screen of a country."""

    lanes: list[Lane]
    rows: list[SummaryRow]
    peers_label: str
    goals: list[GoalStrip]  # those measured here
    unmeasured: str  # the others in one sentence
    strongest: list[WeakRow]
    weakest: list[WeakRow]


class StandingRow(TypedDict):
    """The verdict on one indicator against the peers, and how many of them it rests on."""

    indicator: str
    name: str
    place: str  # better, worse, mixed, similar, cannot_tell
    place_text: str
    figure: str
    year: str
    text: str  # how many peers it is worse and better than
    detail: str  # how far from the mean of the peers, with its error and the margin of "similar"
    peers: list[str]  # those of the country's peers whose figures can be compared with its own


class StandingView(TypedDict):
    """Where a country stands among its peers: the sentence, what it cannot say, and what it rests on."""

    text: str
    caution: str  # which verdicts rest on the same sources, and how many there cannot be
    missing: str  # on how many indicators there is no verdict, and why; "" where that is in ``text``
    where: str  # editions, years, confidence; "" without a verdict
    peers: str  # who they are
    judged_against: list[str]  # the same by code, as /api/v1/peers has them
    compare: str  # address of the comparison with all of them
    rows: list[StandingRow]


class CountryView(TypedDict):
    summary: SummaryView
    standing: StandingView
    dataset_status: DatasetStatus
    iso3: str
    iso2: str
    m49: str
    name: str
    facts: list[Term]  # region, income, groups
    adoption: AdoptionView
    strip: list[GoalStrip]
    strip_how: str
    strip_legend: list[str]
    voices: list[Voice]
    legal: list[DocumentNote]  # of the acts, those that the model stands on
    acts: list[DocumentNote]  # most of them read in excerpts, as the next two
    plans: list[DocumentNote]
    targets: list[TargetNote]
    sought: list[Sought]
    themes: list[ThemeRows]
    national: list[NationalView]  # the country's own series, kept apart
    national_note: str
    missing: list[WorkRow]
    missing_text: str
    missing_kinds: list[GapKind]
    missing_csv: str  # address
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


class CountryLine(CountryCard):
    """A country in the table, with its pictures."""

    heart: GlanceRow


class CountryIndex(TypedDict):
    """One page of the countries that match, with what one may choose."""

    cards: list[CountryLine]
    total: int
    total_text: str
    page: int
    pages: int
    statuses: list[Choice]
    regions: list[Choice]
    sorts: list[Choice]


ReasonId = Literal["region", "income", "egdi_group", "gdp_per_head", "population", "years_since_opening"]


class PeerReason(Described):
    """Why a country is proposed, with the values of both."""

    id: ReasonId
    label: str
    text: str


class PeerEntry(Described):
    """A proposed country; ``unknown`` names what could not be looked at, since a value of one of the two is missing."""

    iso3: str
    name: str
    reasons: list[PeerReason]
    unknown: list[ReasonId]
    unknown_text: str
    adoption_status: str
    adoption_text: str


class PeersView(Described):
    """Peers of a country: most reasons first, then the nearest in GDP per head and population."""

    dataset: str
    as_of: str
    country: str
    name: str
    text: str  # how peers are chosen, and by what never
    missing: list[ReasonId]  # what is not known of the country itself, so is nobody's reason
    missing_text: str
    sources: list[str]  # publishers of the figures that stand in reasons
    total: int  # countries with a reason; ``peers`` holds the first of them
    peers: list[PeerEntry]
    next: NotRequired[str | None]
