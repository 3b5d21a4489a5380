"""What several answers share: a figure, a choice, a coverage strip, a link, where the dataset stands."""

from typing import Literal, TypedDict

MissingKind = Literal[
    "",
    "not_collected",
    "not_gathered",
    "not_reported",
    "not_applicable",
    "missing",
    "suppressed",
    "not_comparable",
    "censored",
]
"""Why there is no number; ``""`` when there is one. ``not_gathered``: the publisher's series is not in this dataset;
``missing``: the publisher answered without a value; ``censored``: it printed a bound, which is shown as text."""


ChangeKind = Literal["", "rise", "fall", "unclear"]
"""``unclear``: inside the error, or the error is not known. ``""``: nothing to compare, or it may not be compared."""


class Choice(TypedDict):
    """One option of a select box, a tab or a filter."""

    id: str
    label: str
    note: str
    chosen: bool


class Term(TypedDict):
    """A word with its definition (statuses, strengths, natures, kinds of no data …)."""

    id: str
    label: str
    definition: str


class Figure(TypedDict):
    """A value with all it must never lose on the way to the page."""

    id: str  # observation id; "" when nothing was published
    value: float | None
    text: str  # "−0.95", "less than 2.5", or the words of the kind of no data
    quantity: str  # the same with its unit, for sentences: "12.5 %"
    unit: str  # words
    lower: float | None
    upper: float | None
    interval: str  # "between −1.20 and −0.70 (90 %)" or ""
    year: int | None
    period: str
    age: int | None  # full years between the period and the dataset's as-of date
    age_text: str  # "2 years old" or ""
    status: str  # id: normal, estimated, provisional, censored, missing, not_applicable
    status_text: str
    nature_text: str
    source: str  # id of the publisher's room
    source_text: str
    edition: str
    dimensions: str  # words of the breakdown; "" for the total
    kind: MissingKind
    why: str  # words of the kind, and who can supply it; "" when there is a number


class Stand(TypedDict):
    """Where the dataset stands: on every page's footer."""

    version: str
    as_of: str  # ISO date
    as_of_text: str
    published_at: str  # ISO time
    published_text: str
    rows: int
    rows_text: str
    codebook: str
    past: bool  # True when the reader looks at an earlier as-of date
    change: str  # one sentence: what changed since the vintage before; "" for the first


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
    strip: list[StripMark]


class LinkView(TypedDict):
    """Why an indicator of ours says something about a target, an SDG indicator or a principle."""

    metric: str
    metric_name: str
    goal: int | None
    target: str
    target_title: str
    sdg_indicator: str
    sdg_indicator_title: str
    principle: str
    principle_name: str
    strength: str
    strength_text: str
    strength_meaning: str
    rationale: str


class IndicatorCard(TypedDict):
    """One line of an index of indicators."""

    id: str
    name: str
    definition: str
    unit: str
    theme: str
    theme_text: str
    goals: list[int]
    targets: list[str]
    principles: list[str]
    strength: str  # of the strongest link asked about
    strength_text: str
    rationale: str
    source_text: str
    coverage: Coverage
    empty: bool
    why_empty: str
