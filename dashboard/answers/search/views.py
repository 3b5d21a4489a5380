"""Response types of ``answers.search``: plain, JSON-safe values, every text in the reader's language."""

from typing import Literal

from typing_extensions import TypedDict  # the API describes these, which needs it before Python 3.12

Match = Literal["exact", "begins", "words", "holds", "mentions", "near"]


class SearchHit(TypedDict):
    """One thing found, what it is, and whether a reader will find figures there."""

    kind: str
    kind_text: str
    id: str
    title: str
    href: str  # path on this site
    match: Match
    found_by: str  # the name that was found, where it is not the title: “Ivory Coast”
    figures: str  # "19 of 27 adopters …", or why there are none; "" where the question does not arise
    has_figures: bool | None  # None: the question does not arise


class SearchGroup(TypedDict):
    """Hits of one group, the best first; ``total`` says how many there are."""

    id: str
    label: str
    total: int
    hits: list[SearchHit]


class SearchView(TypedDict):
    """What was found, and apart from it what may have been meant. Nothing in ``near`` is ever an answer."""

    dataset: str
    as_of: str
    query: str
    total: int
    text: str  # what was found, or that nothing was and what is searched
    groups: list[SearchGroup]
    near_label: str
    near: list[SearchHit]


class CrossedFigure(TypedDict):
    """The latest figure of a country on an indicator, both named in one question."""

    country: str
    indicator: str
    value: str  # with its unit; the kind of no data in words where there is none
    found: bool
    year: str  # "" where there is no figure
    age: str
    source: str
    figure_href: str
    country_href: str
    indicator_href: str
