"""What the answers of ``services.effects`` hold: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.services.base.views import Choice


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
    country_name: str
    outcome: str
    unit_text: str
    event: str
    first: int
    last: int
    years: list[int]
    methods: list[Choice]
    countries: list[Choice]
    outcomes: list[Choice]
    events: list[Choice]
    donors: list[Donor]
    donors_text: str
    text: str  # the plan in a sentence
    source: str
    panel: str  # address of the picture of what an estimate would have to work with
    panel_title: str
    panel_subtitle: str
    panel_height: int  # pixels


class EffectLink(TypedDict):
    """An outcome, and the page with its plan; ``why`` says what speaks against an answer."""

    name: str
    to: str
    why: str


class AdopterEffects(TypedDict):
    """What the estimates of one adopter say, outcome by outcome; those that cannot be made by their reasons."""

    iso3: str
    name: str
    consistent: list[EffectLink]
    undetected: list[EffectLink]
    unclear: list[EffectLink]
    refused: str


class EffectsOverview(TypedDict):
    """All adopters and outcomes at once, by the plan that is proposed for each; no rows while they are being made."""

    text: str
    rows: list[AdopterEffects]


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
