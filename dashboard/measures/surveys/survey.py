"""How a survey's sample was drawn, and an estimate from it with its error; ``linearised`` makes the estimates."""

from dataclasses import dataclass
from typing import Literal

from dashboard.measures.intervals import DesignInterval, estimate_design_interval

SinglePsu = Literal["refuse", "center", "scale", "skip"]
"""What to do with a stratum of one PSU, in which no error can be seen: refuse, or a rule that is printed with the
result. ``center`` takes the error around the mean of all (R ``adjust``), ``scale`` takes that of the other strata (R
``average``), ``skip`` takes none (R ``certainty``)."""


class NotEstimable(ValueError):
    """Microdata from which nothing may be estimated; ``reason`` is the code."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Design:
    """Columns that say how the sample was drawn, in its first stage.

    The error is that of the first stage (ultimate clusters), as R's ``svydesign(ids = ~psu)`` has it: what later stages
    add is in the differences between PSUs. Finite populations of later stages are not corrected for.

    Args:
        weight: sampling weight, positive where a row counts.
        stratum: stratum of the first stage; empty when not stratified.
        psu: primary sampling unit; empty when units were drawn directly.
        population: PSUs in the population of the row's stratum, for the finite population correction; empty without.
        single_psu: see ``SinglePsu``.
    """

    weight: str
    stratum: str = ""
    psu: str = ""
    population: str = ""
    single_psu: SinglePsu = "refuse"


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate in the unit of its column, with its error; ``deff`` is the design effect (R ``deff=TRUE``)."""

    value: float
    std_error: float
    n: int
    df: int
    deff: float | None
    single_psu: SinglePsu

    def interval(self, method: DesignInterval = "logit", level: float = 0.95) -> tuple[float, float]:
        """Interval of a share (0-1); see ``dashboard.measures.intervals.estimate_design_interval``."""
        return estimate_design_interval(self.value, self.std_error, self.n, self.df, method, level)
