"""Figures on services that somebody reported, quoted with their sentence.

They are not observations and not part of ``Codebook``: only ``answers.reported`` may read them (``pyproject.toml``).
"""

from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from pathlib import Path

from dashboard.evidence.codebook.check import read_valid_tables
from dashboard.evidence.codebook.loader import find_folder

FILE = "reported_figures.csv"


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A number quoted from a page, what it counts and who reported it."""

    id: str
    country: str
    body: str
    lane: str  # under which heading it is shown
    measure: str  # figures of one measure, body and place may stand in one line
    counted: str  # in our words, as far as the page says it
    value: float
    value_high: float | None  # the high end of a range
    qualifier: str
    unit: str
    since: str  # the first day it covers, "" for a point in time or where it is not known
    until: str  # the last day, as precise as it is known
    counting: str  # since the start, of a period, at a point in time, of a survey or an inspection
    scope: str  # ``national``, or the place or body that it is of
    speaker: str  # "" where the sentence does not show who speaks or measures
    source_kind: str
    independent: bool  # measured by another body than the one that delivers the service
    metric: str  # the metric of the codebook that it is, or comes near
    fit: str
    publisher: str
    published: str
    day_basis: str  # whether the day is printed, follows from the page, or was not seen
    quote: str
    address: str
    contradicts: tuple[str, ...]  # ids of reported figures or of adoption events
    note: str

    @property
    def is_national(self) -> bool:
        """Return True if the figure covers the whole country."""
        return self.scope.startswith("national")

    @property
    def decimals(self) -> int:
        """Return the number of decimals as published."""
        return max(len(str(value).rstrip("0").partition(".")[2]) for value in (self.value, self.value_high or 0.0))


@lru_cache(maxsize=1)
def load_reported_figures() -> tuple[ReportedFigure, ...]:
    """Return the reported figures of the codebook in effect, ordered by country, measure and date."""
    return read_reported_figures(find_folder())


def read_reported_figures(folder: Path) -> tuple[ReportedFigure, ...]:
    """Return the reported figures of ``folder``, or raise CodebookError if it has errors."""
    figures = (row.build(ReportedFigure) for row in read_valid_tables(folder)[FILE])
    return tuple(sorted(figures, key=attrgetter("country", "measure", "until", "id")))
