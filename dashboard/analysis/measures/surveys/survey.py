"""The design of a survey's sample, and an estimate with its error; ``linearised`` and ``replicated`` make them."""

from dataclasses import dataclass
from typing import Literal

from dashboard.analysis.measures.intervals import DesignInterval, estimate_design_interval

SinglePsu = Literal["refuse", "center", "scale", "skip"]
"""What to do with a stratum of one PSU, in which no error can be seen: ``refuse``; or take the error around the mean
of all (``center``, R ``adjust``), that of the other strata (``scale``, R ``average``) or none (``skip``, R
``certainty``)."""

ReplicateMethod = Literal["jk1", "jkn", "brr", "fay", "bootstrap"]
"""Jackknife of all units or by stratum, balanced half-samples without or with Fay's factor, or bootstrap."""


class NotEstimable(ValueError):
    """Microdata that allow no estimate; ``reason`` is the code."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Replicates:
    """Columns of replicate weights, which describe the sample instead of strata and sampling units.

    Args:
        columns: full weights (R ``combined.weights``), a column for each replicate.
        method: how they were made.
        stated: factor ρ of ``fay``; of ``jkn`` (units − 1) ÷ units of each replicate's stratum, or one for all; of the
            others a factor that replaces the usual one.
    """

    columns: tuple[str, ...]
    method: ReplicateMethod
    stated: tuple[float, ...] = ()

    @property
    def factors(self) -> tuple[float, ...]:
        """Weights of the squared distance of each of R replicates.

        (R − 1) ÷ R for ``jk1``, 1 ÷ R for ``brr``, 1 ÷ (R (1 − ρ)²) for ``fay``, 1 ÷ (R − 1) for ``bootstrap``.
        """
        count = len(self.columns)
        if self.method == "fay":
            return (1 / (count * (1 - self.stated[0]) ** 2),) * count
        if self.stated:
            return self.stated * count if len(self.stated) == 1 else self.stated
        return ({"jk1": (count - 1) / count, "brr": 1 / count, "bootstrap": 1 / (count - 1)}[self.method],) * count


@dataclass(frozen=True, slots=True)
class Design:
    """Columns that describe the first stage of a sample, as R's ``svydesign(ids = ~psu)``.

    Args:
        weight: sampling weight, positive where a row counts.
        stratum: stratum of the first stage; empty when not stratified.
        psu: primary sampling unit; empty when units were drawn directly.
        population: PSUs in the population of the stratum, for the finite population correction; empty without.
        replicates: replicate weights, which replace everything but the weight.
    """

    weight: str
    stratum: str = ""
    psu: str = ""
    population: str = ""
    single_psu: SinglePsu = "refuse"
    replicates: Replicates | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate in the unit of its column, with its error; ``deff`` is the design effect (R ``deff=TRUE``)."""

    value: float
    std_error: float
    n: int
    df: int
    deff: float | None
    single_psu: SinglePsu

    def estimate_interval(self, method: DesignInterval = "logit", level: float = 0.95) -> tuple[float, float]:
        """Return the interval of a share (0-1), see ``intervals.estimate_design_interval``."""
        return estimate_design_interval(self.value, self.std_error, self.n, self.df, method, level)
