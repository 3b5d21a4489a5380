"""Select boxes and what stands around a chart."""

from typing import TypedDict

from dashboard.services.views.shared import Choice


class CountryOption(TypedDict):
    iso3: str
    name: str
    group: str  # words: "Origin", "Operating", "Signed", … or the region
    adopter: bool


class IndicatorOption(TypedDict):
    id: str
    name: str
    theme: str
    theme_text: str
    unit: str
    empty: bool


class Options(TypedDict):
    """What select boxes need, in the order they show it."""

    countries: list[CountryOption]
    indicators: list[IndicatorOption]
    rules: list[Choice]
    languages: list[Choice]


class ChartText(TypedDict):
    """What a page shows around a chart without fetching it."""

    title: str
    subtitle: str
    sentence: str
    rows: int
    rows_text: str
    json_url: str
    svg_url: str
    png_url: str
    csv_url: str
