"""The adoption register and the page of one country."""

from typing import TypedDict

from dashboard.services.views.national import NationalView
from dashboard.services.views.shared import ChangeKind, Figure, MissingKind, Stand, Term


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


class GoalStrip(TypedDict):
    """One goal in the country's strip: what can be said about it here. Never a grade."""

    number: int
    short: str
    colour: str
    indicators: int
    with_data: int
    newest: int | None
    text: str


class Median(TypedDict):
    """Median of countries' latest figures in the window; ours, not the publisher's."""

    group: str  # region, world, adopters
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


class MissingRow(TypedDict):
    indicator: str
    name: str
    theme: str
    theme_text: str
    kind: MissingKind
    kind_text: str
    who: str  # who could supply it
    own: str  # that the country has a figure in its own definition; "" where it has none


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
    themes: list[ThemeRows]
    national: list[NationalView]  # the country's own series, kept apart
    national_note: str
    missing: list[MissingRow]
    missing_text: str
    weakest: list[WeakRow]
    weakest_how: str
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
