"""What the answers of ``answers.changes`` hold: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict, cast

from dashboard.answers.base.views import Choice


class ChangeCount(TypedDict):
    """How many changes there are of a kind."""

    kind: str  # one of ``query.KINDS``
    label: str
    definition: str
    count: int
    count_text: str


class ChangedLine(TypedDict):
    """One change by name; of new and withdrawn figures all of a country and an indicator."""

    kind: str
    indicator: str  # "" of a claim
    iso3: str  # likewise
    name: str  # of the indicator; of a claim what was claimed
    country: str
    period: str
    before: str
    after: str
    difference: str  # with its sign and unit; "" where there is none to tell
    note: str
    to: str  # where it is shown
    id_before: str  # of the observation; "" where there was none, or several
    id_after: str


BLANK = cast(ChangedLine, dict.fromkeys(ChangedLine.__annotations__, ""))
"""A line before it is filled in."""


class LargestMove(TypedDict):
    """A bar of the picture: how far a figure moved, as a share of its scale or of the old figure."""

    indicator: str
    iso3: str
    name: str
    country: str
    period: str
    text: str  # "61.4 → 63.2 %"
    difference: str
    rose: bool
    length: str  # of the longest bar: "37.5%"
    to: str
    id_after: str


class ChangesBetween(TypedDict):
    """What changed between the state of one day and that of another."""

    since: str  # ISO date of the state compared with
    until: str
    asked: str  # the day asked for, where it lies before the first dataset; "" elsewhere
    first: str  # ISO dates between which a day can be asked for
    last: str
    method: str
    text: str  # the answer in a sentence
    beside: str  # what the sentence leaves out
    counts: list[ChangeCount]
    largest: list[LargestMove]
    kind: str
    rows: list[ChangedLine]
    total: int
    page: int
    pages: int
    methods: list[Choice]
    indicators: list[Choice]
    csv: str
    json: str
