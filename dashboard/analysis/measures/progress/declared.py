"""Declarations of indicators for progress: direction, target and limits."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

DECLARED = pl.Schema(
    {
        "indicator": pl.String(),
        "direction": pl.String(),  # higher, lower, centre; anything else, or null: no status is given
        "centre": pl.Float64(),  # the best value, where the direction is centre
        "band": pl.Float64(),  # values this near to the centre meet the target; null: 0
        "target": pl.Float64(),  # in the unit of the figures; null: none
        "low": pl.Float64(),  # natural limits of the scale; null: none
        "high": pl.Float64(),
        "breaks": pl.List(pl.Int32()),  # a method break lies before each of these years
        "is_rate": pl.Boolean(),  # the figures are growth rates themselves
        "rescaled": pl.Boolean(),  # an estimate moved onto a scale whose zero is arbitrary: growth says nothing
        "yes_no": pl.Boolean(),  # 1 is yes, 0 is no
        "unmodified": pl.Boolean(),  # the licence forbids figures derived from these; null: it does not
        "sdsn_lower": pl.Float64(),  # SDSN's bounds and thresholds, in the unit of the figures
        "sdsn_red": pl.Float64(),
        "sdsn_green": pl.Float64(),
        "sdsn_optimum": pl.Float64(),
        "spread": pl.Float64(),  # standard deviation of the peers; null: that of all countries of the panel
    }
)
"""One row an indicator; a column that is not given is null throughout."""

TARGETS = pl.Schema({"indicator": pl.String(), "country": pl.String(), "target": pl.Float64()})
"""Targets countries set themselves; they take the place of the indicator's for that country."""


def build_declarations(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Return a frame of ``DECLARED`` from mappings; missing keys are null."""
    return pl.DataFrame([{name: row.get(name) for name in DECLARED} for row in rows], schema=DECLARED)


def complete_declarations(declared: pl.DataFrame) -> pl.DataFrame:
    """Return ``declared`` with exactly the columns of ``DECLARED``."""
    if declared["indicator"].is_duplicated().any():
        raise ValueError("an indicator is declared twice")
    return declared.select(
        (pl.col(name).cast(kind) if name in declared.columns else pl.lit(None, kind).alias(name))
        for name, kind in DECLARED.items()
    )
