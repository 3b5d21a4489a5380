"""How a survey's sample was drawn, and an estimate with its error; ``linearised`` and ``replicated`` make them."""

from dataclasses import dataclass
from typing import Literal

from dashboard.measures.intervals import DesignInterval, estimate_design_interval

SinglePsu = Literal["refuse", "center", "scale", "skip"]
"""What to do with a stratum of one PSU, in which no error can be seen: refuse, or a rule that is printed with the
result. ``center`` takes the error around the mean of all (R ``adjust``), ``scale`` takes that of the other strata (R
``average``), ``skip`` takes none (R ``certainty``)."""


ReplicateMethod = Literal["jk1", "jkn", "brr", "fay", "bootstrap"]
"""How replicates of a sample were made: one unit left out of all, or of its stratum; balanced half-samples, whole or
shrunk by Fay's factor; samples drawn anew from the sample."""


class NotEstimable(ValueError):
    """Microdata from which nothing may be estimated; ``reason`` is the code."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Replicates:
    """Columns of replicate weights, which say how the sample was drawn instead of strata and sampling units.

    Args:
        columns: whole weights (R ``combined.weights``), one column a replicate.
        method: how they were made.
        stated: of ``fay`` its factor ρ; of ``jkn`` the factor of each replicate, (units − 1) ÷ units of its stratum, or
            one for all. Of the others one for all, in place of the usual.
    """

    columns: tuple[str, ...]
    method: ReplicateMethod
    stated: tuple[float, ...] = ()

    @property
    def factors(self) -> tuple[float, ...]:
        """By what the squared distance of each replicate counts: with R replicates (R − 1) ÷ R of ``jk1``, 1 ÷ R of
        ``brr``, 1 ÷ (R (1 − ρ)²) of ``fay``, 1 ÷ (R − 1) of ``bootstrap``.
        """
        count = len(self.columns)
        if self.method == "fay":
            return (1 / (count * (1 - self.stated[0]) ** 2),) * count
        if self.stated:
            return self.stated * count if len(self.stated) == 1 else self.stated
        return ({"jk1": (count - 1) / count, "brr": 1 / count, "bootstrap": 1 / (count - 1)}[self.method],) * count


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
        replicates: weights that say it instead; nothing else but the weight is used then.
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

    def interval(self, method: DesignInterval = "logit", level: float = 0.95) -> tuple[float, float]:
        """Interval of a share (0-1); see ``dashboard.measures.intervals.estimate_design_interval``."""
        return estimate_design_interval(self.value, self.std_error, self.n, self.df, method, level)
