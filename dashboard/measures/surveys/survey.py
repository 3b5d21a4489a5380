"""Estimates from microdata with a survey design, and their errors. The only module that knows ``svy``.

Taylor linearisation with strata, primary sampling units (PSUs), weights and finite population correction, as R's
``survey`` does it. A part of the population is a domain: rows are never filtered first, which would understate errors.
No page shows an ``association`` yet: reference values check it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
import polars.selectors as cs

from dashboard.measures.intervals import DesignInterval, design_interval

if TYPE_CHECKING:
    import svy

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

    @property
    def n_effective(self) -> float | None:
        """Size of the simple random sample that would be as exact: n / deff."""
        return effective_sample_size(self.n, self.deff) if self.deff else None

    def interval(self, method: DesignInterval = "logit", level: float = 0.95) -> tuple[float, float]:
        """Interval of a share (0-1); see ``dashboard.measures.intervals.design_interval``."""
        return design_interval(self.value, self.std_error, self.n, self.df, method, level)


@dataclass(frozen=True, slots=True)
class Association:
    """Rao and Scott's test that two columns are independent, second order: F, its degrees of freedom, p."""

    f: float
    df_numerator: float
    df_denominator: float
    p: float


def effective_sample_size(n: float, deff: float) -> float:
    """n / deff: 1,200 answers with a design effect of 1.8 say as much as 666.7 of a simple random sample.

    Raises:
        ValueError: the design effect is not positive.
    """
    if not deff > 0:
        raise ValueError(f"a design effect is positive, not {deff}")
    return n / deff


def proportion(rows: pl.DataFrame, positive: pl.Expr, design: Design, *, among: pl.Expr | None = None) -> Estimate:
    """Share (0-1) of rows that are ``positive`` among those of the domain ``among``, all rows without one.

    Rows where ``positive`` is null answered nothing: they leave the denominator, not the design.

    Raises:
        NotEstimable: ``missing_weight``, ``missing_design``, ``single_psu`` or ``no_answers``.
    """
    return mean(rows, positive, design, among=among)


def mean(rows: pl.DataFrame, column: pl.Expr, design: Design, *, among: pl.Expr | None = None) -> Estimate:
    """Mean of a column; nulls leave the denominator. Raises as ``proportion``."""
    sample, n = _sample(rows, {"y": column.cast(pl.Float64)}, design, among)
    estimate = sample.estimation.mean("y", where=pl.col("among"), deff=_reference(rows, design))
    return _estimate(estimate, n, design)


def total(
    rows: pl.DataFrame, column: pl.Expr, design: Design, *, among: pl.Expr | None = None, deff: bool = True
) -> Estimate:
    """Weighted total of a column in the population; without a design effect where a column may be 0 throughout.

    Raises as ``proportion``.
    """
    sample, n = _sample(rows, {"y": column.cast(pl.Float64)}, design, among)
    reference: dict[str, Any] = {"deff": _reference(rows, design)} if deff else {}
    estimate = sample.estimation.total("y", where=pl.col("among"), **reference)
    return _estimate(estimate, n, design)


def ratio(
    rows: pl.DataFrame, numerator: pl.Expr, denominator: pl.Expr, design: Design, *, among: pl.Expr | None = None
) -> Estimate:
    """Total of one column over total of another. Raises as ``proportion``."""
    sample, n = _sample(rows, {"y": numerator.cast(pl.Float64), "x": denominator.cast(pl.Float64)}, design, among)
    return _estimate(sample.estimation.ratio("y", "x", where=pl.col("among")), n, design)


def association(rows: pl.DataFrame, one: str, other: str, design: Design) -> Association:
    """Rao–Scott test of independence of two columns of categories. Raises as ``proportion``."""
    sample, _ = _sample(rows, {"y": pl.col(one), "x": pl.col(other)}, design, None)
    stats = sample.categorical.tabulate("y", "x", where=pl.col("among"), drop_nulls=True).stats
    tested = stats and stats.f
    if not tested or not tested.df_num:
        raise NotEstimable("no_answers", "a table with one row or one column has no test")
    return Association(float(tested.value), float(tested.df_num), float(tested.df_den), float(tested.p_value))


def _sample(
    rows: pl.DataFrame, columns: dict[str, pl.Expr], design: Design, among: pl.Expr | None
) -> tuple["svy.Sample", int]:
    """The sample with the columns under their new names and ``among``: in the domain and answered; and their number."""
    import svy

    named = [name for name in (design.stratum, design.psu, design.population) if name]
    for name in [design.weight, *named]:
        if name not in rows.columns:
            reason = "missing_weight" if name == design.weight else "missing_design"
            raise NotEstimable(reason, f"the file has no column {name!r}")
    weights = rows[design.weight].cast(pl.Float64)
    if weights.is_null().any() or weights.is_nan().any() or (weights < 0).any():
        raise NotEstimable("missing_weight", f"column {design.weight!r} has rows without a weight")
    if any(rows[name].is_null().any() for name in named):
        raise NotEstimable("missing_design", "rows lack their stratum, sampling unit or population")
    inside = pl.lit(True) if among is None else among.fill_null(False)
    answered = pl.all_horizontal(expr.is_not_null() for expr in columns.values())
    prepared = rows.select(
        *(expr.alias(name) for name, expr in columns.items()),
        weight=weights,
        among=inside & answered,
        **{part: pl.col(getattr(design, part)) for part in ("stratum", "psu") if getattr(design, part)},
        **({"population": pl.col(design.population).cast(pl.Float64)} if design.population else {}),
    ).with_columns(cs.float().fill_null(0.0))  # outside the domain, where they count for nothing
    n = int(prepared["among"].sum())
    if n < 2 or not (prepared.filter("among")["weight"] > 0).any():
        raise NotEstimable("no_answers", f"{n} answers are too few to estimate anything from")
    _refuse_single(prepared, design)
    declared: dict[str, Any] = {
        "stratum": "stratum" if design.stratum else None,
        "psu": "psu" if design.psu else None,
        "pop_size": "population" if design.population else None,
        "singleton": None if design.single_psu == "refuse" else design.single_psu,
    }
    return svy.Sample(prepared, svy.Design(wgt="weight", **declared)), n


def _refuse_single(prepared: pl.DataFrame, design: Design) -> None:
    if design.single_psu != "refuse":
        return
    strata = prepared.group_by("stratum" if design.stratum else pl.lit(0).alias("stratum"))
    units = strata.agg((pl.col("psu").n_unique() if design.psu else pl.len()).alias("units"))
    alone = units.filter(pl.col("units") < 2)["stratum"].to_list()
    if alone:
        raise NotEstimable("single_psu", f"strata with one sampling unit: {', '.join(sorted(map(str, alone)))}")


def _reference(rows: pl.DataFrame, design: Design) -> Literal["wor", "wr"]:
    """Without replacement, as R; where the weights do not add up to a population, with it."""
    return "wor" if float(rows[design.weight].cast(pl.Float64).sum()) > rows.height else "wr"


def _estimate(estimate: Any, n: int, design: Design) -> Estimate:
    if isinstance(estimate, Sequence):  # pragma: no cover - one column was asked for
        raise TypeError("one estimate was asked for")
    one = estimate.estimates[0]
    deff = None if one.deff is None else float(one.deff)
    return Estimate(float(one.est), float(one.se), n, int(one.df), deff, design.single_psu)
