"""The adoption register and the page of one country."""

from typing import Literal, TypedDict

from dashboard.services.views.national import NationalView
from dashboard.services.views.progress import Tone
from dashboard.services.views.shared import ChangeKind, Choice, Figure, MissingKind, Stand, Term


class EventView(TypedDict):
    id: str
    type: str
    type_text: str
    filed_type: str
    date: str
    date_text: str  # as precise as known, never completed
    local_name: str
    scope: str
    source: str
    source_ref: str
    source_type: str
    evidence: str  # E1–E4
    evidence_text: str
    stance: str
    stance_text: str
    disputed: bool
    review_state: str
    counts: bool  # a draft or a row that is context or contradiction does not count
    note: str


class AdoptionView(TypedDict):
    iso3: str
    name: str
    status: str
    status_text: str
    definition: str
    disputed: bool
    support: str
    support_text: str
    opened: str
    opened_text: str
    origin: bool
    rules: list[str]  # ids of the counting rules that count the country
    text: str
    events: list[EventView]


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
    direct_with_data: int
    text: str
    status_text: str


class GoalVerdict(TypedDict):
    """What one mark of the strip is made of; the method is named once for all."""

    indicator: str
    name: str
    goals: list[int]
    sign: str  # "" without a status
    tone: Tone
    status_text: str
    base_text: str
    latest_text: str
    reason_text: str
    why: list[str]


class Median(TypedDict):
    """Median of countries' latest figures in the window; ours, not the publisher's."""

    group: str  # region, income, world, adopters
    label: str
    value: float | None
    text: str
    n: int
    first_year: int | None
    last_year: int | None


class CountryRow(TypedDict):
    indicator: str
    name: str
    unit: str
    direction: str
    direction_text: str
    brief: bool  # whether the printed brief has the row
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
    in_brief: bool  # whether the printed brief has a row of it
    rows: list[CountryRow]


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


class Reported(TypedDict):
    """What an agency said of itself: a quotation with date and source, not a figure of the dataset."""

    metric: str
    metric_text: str
    value_text: str
    date_text: str
    source: str
    note: str


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


class LegalNote(TypedDict):
    """A decree, law or draft of the country."""

    title: str
    kind_text: str
    symbol: str
    date_text: str
    date: str
    body: str
    content: str
    source: str


class WeakRow(TypedDict):
    indicator: str
    name: str
    text: str


class CountryView(TypedDict):
    stand: Stand
    iso3: str
    iso2: str
    m49: str
    name: str
    facts: list[Term]  # region, income, groups
    adoption: AdoptionView
    strip: list[GoalStrip]
    strip_how: str
    strip_legend: list[str]
    verdicts: list[GoalVerdict]
    voices: list[Voice]
    reported: list[Reported]  # by the agency, on anything but satisfaction
    legal: list[LegalNote]
    themes: list[ThemeRows]
    national: list[NationalView]  # the country's own series, kept apart
    national_note: str
    missing: list[MissingRow]
    missing_text: str
    missing_kinds: list[GapKind]
    missing_csv: str  # address
    weakest: list[WeakRow]
    weakest_how: str
    with_data: int
    total: int
    text: str
    medians_how: str
    sources_text: str  # of all figures of the page
    address: str  # of the page, for print
    left_out: int  # rows that the printed brief leaves to the page


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


class CountryIndex(TypedDict):
    """One page of the countries that match, with what one may choose."""

    cards: list[CountryCard]
    total: int
    total_text: str
    page: int
    pages: int
    statuses: list[Choice]
    regions: list[Choice]
    sorts: list[Choice]
