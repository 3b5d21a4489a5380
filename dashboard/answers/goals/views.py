"""Response types of ``answers.goals``: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.answers.indicators.views import IndicatorCard
from dashboard.answers.wording.views import EvidenceBar, Term


class GoalCard(TypedDict):
    number: int
    title: str
    short: str
    colour: str
    targets: int
    indicators: int  # of ours
    with_data: int
    text: str
    bar: EvidenceBar  # indicators by their strongest link to the goal


class TargetCard(TypedDict):
    code: str
    title: str
    title_lang: str
    kind: str  # outcome or means
    indicators: list[IndicatorCard]
    bar: EvidenceBar


class GoalView(TypedDict):
    number: int
    title: str
    title_lang: str  # "en" where the language has no title
    title_note: str  # that the title is a translation of ours; ""
    short: str
    colour: str
    targets: list[TargetCard]  # those something of ours maps to
    others: list["TargetCard"]  # the rest, without indicators
    text: str
    strengths: list[Term]


class SdgIndicatorCard(TypedDict):
    code: str
    title: str
    title_lang: str
    custodian: str
    tier: str
    tier_text: str  # with the day it is known of
    unsd_code: str
    indicators: int


class TargetView(TypedDict):
    code: str
    goal: int
    goal_short: str
    colour: str
    title: str
    title_lang: str  # "en" where the language has no title
    title_note: str  # that the title is a translation of ours; ""
    kind: str
    kind_text: str
    sdg_indicators: list[SdgIndicatorCard]
    indicators: list[IndicatorCard]
    text: str


class Evidence(TypedDict):
    """How much is known here about a principle or a theme. ``place`` 1 is the weakest; equals share a place."""

    place: int
    place_text: str
    strongest: str  # strength of the strongest link of an indicator with figures; "" when none has any
    indicators: int
    with_figures: int
    figures_text: str  # "4 of 9"
    covered: int  # adopters in the best covered indicator
    coverage_text: str  # "14 of 14"
    latest: int  # newest of the adopters' latest figures; 0 when there are none
    latest_text: str  # "2012 to 2024"
    text: str
    bar: EvidenceBar


class PrincipleView(TypedDict):
    id: str
    order: int
    group: str
    group_text: str
    name: str
    strategies: list[str]
    verified: bool
    note: str
    indicators: list[IndicatorCard]
    evidence: Evidence


class ThemeView(TypedDict):
    id: str
    label: str
    definition: str
    indicators: list[IndicatorCard]
    evidence: Evidence
