"""What the answers of ``answers.effects`` hold: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.answers.base.views import Choice


class Donor(TypedDict):
    """A country that can be compared with, and why it is proposed."""

    iso3: str
    name: str
    reasons: str
    removed: bool
    own: bool  # the reader says that it runs a one-stop model of its own


class PlanView(TypedDict):
    """A plan before it is fixed: all choices, and what is already known to be missing."""

    name: str  # hash of the plan
    empty: bool  # the outcome has no figures
    method: str
    country: str
    outcome: str
    first: int
    last: int
    years: list[int]
    methods: list[Choice]
    countries: list[Choice]
    outcomes: list[Choice]
    donors: list[Donor]
    donors_text: str
    draws_text: str  # how many of equally near donors are drawn; "" where none are
    text: str  # the plan in a sentence
    source: str
    panel: str  # address of the picture of what an estimate would have to work with
    panel_title: str
    panel_subtitle: str
    panel_height: int  # pixels


class EstimateRow(TypedDict):
    """What the estimate of one outcome in one country says, over all draws of its donors."""

    country: str
    outcome: str
    to: str  # the page with its plan
    difference: str
    p: str
    verdict: str
    why: str  # what speaks against reading it as an effect


class RefusedEstimates(TypedDict):
    """Why nothing is estimated, of which outcomes in which countries."""

    reason: str
    countries: str
    outcomes: str


class EffectsOverview(TypedDict):
    """All adopters and outcomes at once, by the plan that is proposed for each; no rows where none could be made."""

    text: str
    rows: list[EstimateRow]
    refused: list[RefusedEstimates]


class Fact(TypedDict):
    """A label with what stands beside it."""

    label: str
    text: str


class Reason(TypedDict):
    """Why there is no estimate, or why it cannot be told."""

    id: str
    text: str


class WeightRow(TypedDict):
    name: str
    weight: str
    without: str  # mean gap without this donor; "" where it was not left out


class SetRow(TypedDict):
    """The estimate with one donor set."""

    label: str
    donors: str
    estimate: str
    fit: str
    place: str
    floor: str
    note: str


class EventRow(TypedDict):
    time: str
    effect: str
    interval: str


class EffectChart(TypedDict):
    url: str
    title: str
    sentence: str


class ResultView(TypedDict):
    """A result in words. Lists are empty where the method has no such thing or nothing was estimated."""

    verdict: str
    verdict_text: str
    definition: str
    lead: str
    reasons: list[Reason]
    doubts: list[Reason]
    facts: list[Fact]
    charts: list[EffectChart]
    weights: list[WeightRow]
    sets: list[SetRow]
    events: list[EventRow]
    left_out: str
    json: str
