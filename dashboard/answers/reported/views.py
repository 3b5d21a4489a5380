"""The shapes of reported figures, as pages and the API show them."""

from typing import TypedDict

from dashboard.analysis.charts.sparkline import Sparkline


class ReportedView(TypedDict):
    """A figure in words, and everything it opens onto."""

    id: str
    lane: str
    value: str  # with its qualifier: "more than 34,000,000"
    unit: str  # "" where the value says it
    counted: str  # in English
    body: str
    place: str  # "" for the whole country
    period: str
    counting: str
    said: str  # by whom, or who printed it
    day: str
    independent: str  # "" where the body speaks of itself
    quote: str
    address: str
    publisher: str
    against: list[str]  # what contradicts it
    opened: str  # when a reviewer opened the page, or that nobody has
    note: str
    send: str  # where a ministry corrects or confirms it; "" where no indicator comes near
    template: str  # of the official figure, for that year


class ReportedLane(TypedDict):
    """Everything reported under one heading of a country, the newest first."""

    id: str
    label: str  # "" where the column says it
    question: str  # that a survey asked, in English; "" where nothing was asked
    caution: str  # what its figures must not be set beside; "" for none
    first: list[ReportedView]  # the one that stands for the lane; one or none
    rest: list[ReportedView]
    rest_text: str  # how many more there are; "" for none
    spark: Sparkline


class ReportedCell(TypedDict):
    """One column of a country: the headings that have something, each named where the column holds several."""

    label: str
    lanes: list[ReportedLane]


class ReportedCountry(TypedDict):
    iso3: str
    name: str
    note: str  # "origin"; "" for an adopter
    cells: list[ReportedCell]


class ReportedOverview(TypedDict):
    columns: list[str]
    countries: list[ReportedCountry]
    without: str  # adopters of which nothing is reported, in one line; "" where there are none
    summary: str
