"""A country's own series under the number of an indicator."""

from typing import TypedDict

from dashboard.services.views.shared import Figure


class NationalView(TypedDict):
    """One national series: what it says, in whose definition, and what to be careful about."""

    indicator: str
    name: str  # of the indicator under whose number the country publishes it
    iso3: str
    country: str
    label: str  # "National, own definition"
    series: str  # "kaz:16-6-2"
    source_text: str
    homepage: str
    definition: str
    question: str  # "" where the office does not publish it; so are the next two
    population: str
    method: str
    compiled_by: str
    caution: str
    relation_text: str  # how it stands to the official indicator, in a sentence
    evidence_text: str
    unit: str
    figure: Figure  # the latest; says why there is none
    points: int
    points_text: str
    chart: str  # address of its trend; "" without figures
    csv: str  # address of its rows; "" without figures
