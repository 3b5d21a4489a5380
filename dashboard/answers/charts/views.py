"""What the answers of ``answers.charts`` hold: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict

from dashboard.answers.base.views import Choice


class CountryOption(TypedDict):
    iso3: str
    name: str
    group: str  # words: "Origin", "Operating", "Signed", … or the region


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
