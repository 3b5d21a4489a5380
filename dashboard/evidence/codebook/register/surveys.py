"""Surveys of the public by other bodies than the service office: quoted results.

They differ in question, population and base, so two are never joined, ranked or averaged. Only ``answers.surveys``
reads them (``pyproject.toml``).
"""

from dataclasses import dataclass
from functools import lru_cache

from dashboard.evidence.codebook.check import read_valid_tables
from dashboard.evidence.codebook.loader import find_folder
from dashboard.evidence.codebook.register.tables import SURVEY_TOPICS


@dataclass(frozen=True, slots=True)
class SurveyFigure:
    """A printed result of a survey with its sentence."""

    id: str
    series: str
    year: int
    value: str  # as printed, so that 3.70 keeps its zero
    n: str  # people asked, "" where no page prints it
    n_is: str  # whether ``n`` counts the population of the question or the whole sample around it
    fieldwork_start: str
    fieldwork_end: str
    url: str
    quote: str


@dataclass(frozen=True, slots=True)
class SurveySeries:
    """A question of a survey in one country and its results by year."""

    id: str
    country: str
    topic: str
    survey: str
    organisation: str
    independence: str  # ``independent``, or ``state``: a state body, but not the office that serves
    question: str
    population: str
    base: str
    unit: str
    line: bool  # whether its makers compare its years
    compare: str  # what it must not be set beside, "" where nothing needs saying
    licence: str
    figures: tuple[SurveyFigure, ...]


@lru_cache(maxsize=1)
def load_survey_series() -> tuple[SurveySeries, ...]:
    """Return the survey series of the codebook in effect, by country and topic."""
    tables = read_valid_tables(find_folder())
    figures = sorted((row.build(SurveyFigure) for row in tables["survey_figures.csv"]), key=lambda figure: figure.year)
    series = (
        row.build(SurveySeries, figures=tuple(figure for figure in figures if figure.series == row["id"]))
        for row in tables["survey_series.csv"]
    )
    return tuple(sorted(series, key=lambda entry: (entry.country, SURVEY_TOPICS.index(entry.topic), entry.id)))
