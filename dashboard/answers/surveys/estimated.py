"""Shares estimated on this installation from microdata of a public survey, shown like quoted results.

Each result (``submissions.microdata.results``) is a series of its own, as of every survey of others.
"""

from dataclasses import dataclass
from pathlib import Path

from dashboard.contributions.submissions.microdata.results import EstimatedResult, load_results
from dashboard.evidence.codebook.register.surveys import SurveyFigure, SurveySeries


@dataclass(frozen=True, slots=True)
class EstimatedFigure(SurveyFigure):
    """A result with the interval that follows from the weights and sampling units of the survey."""

    lower: str
    upper: str


def load_estimated_series(folder: Path, iso3: str) -> list[SurveySeries]:
    """Return the estimated series of a country; none where no round is switched on."""
    return [_build_series(result) for result in load_results(folder) if result.country == iso3]


def _build_series(result: EstimatedResult) -> SurveySeries:
    series = f"{result.country.lower()}_{result.round}_{result.topic}"
    figure = EstimatedFigure(
        id=f"{result.country}-{result.round}-{result.topic}",
        series=series,
        year=result.year,
        value=result.value,
        n=str(result.n),
        n_is="clustered",  # a margin as of a simple random sample would be too small
        fieldwork_start=result.fieldwork_start,
        fieldwork_end=result.fieldwork_end,
        url=result.url,
        quote=result.question,
        lower=result.lower,
        upper=result.upper,
    )
    return SurveySeries(
        id=series,
        country=result.country,
        topic=result.topic,
        survey=result.survey,
        organisation=result.organisation,
        independence="independent",
        question=result.question,
        population=result.population,
        base="users",
        unit="percent",
        line=False,
        compare=result.compare,
        licence=result.terms,
        figures=(figure,),
    )
