"""Shares of many groups with design-based errors, from files of millions of rows.

Taylor linearisation in one pass over the rows: an error needs the totals of sampling units only.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard.analysis.measures.surveys.replicated import estimate_by_replicates
from dashboard.analysis.measures.surveys.survey import Design, Estimate, NotEstimable

Category = str | None
"""A category of a breakdown; None for all rows."""


def estimate_shares(
    rows: pl.LazyFrame, parts: Mapping[str, pl.Expr], figures: Mapping[str, Sequence[str]], design: Design,
    breakdown: str = "",
) -> dict[Category, dict[str, Estimate | None]]:  # fmt: skip
    """Return each figure, the mean of the shares of its parts, by category; None where it has no error.

    Args:
        rows: respondents; strata, sampling units and weights without nulls.
        parts: whether an answer is positive, by name; null is no answer and leaves the denominator.
        figures: the parts of each figure; the covariance of answers of the same people is included.
        breakdown: a column of categories; rows without one are in none. Empty: all rows, as None.

    Raises:
        NotEstimable: ``single_psu``, where the design says so.
    """
    if design.replicates:
        return estimate_by_replicates(rows, parts, figures, design, design.replicates, breakdown)
    stratum = pl.col(design.stratum) if design.stratum else pl.lit(0, pl.UInt32)
    category = pl.col(breakdown) if breakdown else pl.lit(None)
    frame = rows.with_columns(
        stratum.alias("_stratum"), category.alias("_category"), pl.col(design.weight).alias("_weight"),
        *(pl.col(name).alias(to) for name, to in ((design.psu, "_unit"), (design.population, "_population")) if name),
    )  # fmt: skip
    keys = ["_stratum", *(["_unit"] if design.psu else []), *(["_category"] if breakdown else [])]
    several = any(len(names) > 1 for names in figures.values())
    weightless = frame.select((pl.col("_weight") <= 0).any()).collect(engine="streaming").item()
    counted = {
        **({} if design.psu else {"len": pl.lit(1, pl.UInt32)}),
        **({"rows": pl.col("_weight") > 0} if several else {}),
    }
    for name, expr in parts.items():
        is_answered, weight = expr.is_not_null(), pl.col("_weight")
        counted |= {
            f"n.{name}": is_answered,
            f"w.{name}": pl.when(is_answered).then(weight).otherwise(0.0),
            f"y.{name}": pl.when(expr).then(weight).otherwise(0.0),
            **({f"active.{name}": is_answered & (weight > 0)} if weightless else {}),
        }
    population = ["_population"] if design.population else []
    text = pl.col("_category").cast(pl.String) if breakdown else pl.lit(None, pl.String)
    sums = (
        frame.select(*keys, *population, **counted)  # before the groups, not in each: half the time
        .group_by(keys)
        .agg(pl.col(population).first(), pl.col(list(counted)).sum())
        .sort(keys)
        # Where no weight is 0, who answered is who counts: the same sum twice would be a fifth of the time.
        .with_columns(
            text.alias("_category"), *(pl.col(f"n.{name}").alias(f"active.{name}") for name in parts if not weightless)
        )
        .collect(engine="streaming")
    )
    strata = _count_strata(sums, design)
    sums = sums.drop("len", "_population", strict=False)
    summed = sums.group_by("_category", maintain_order=True).agg(pl.exclude("_stratum", "_unit").sum())
    estimates: dict[Category, dict[str, Estimate | None]] = {}
    for totals in summed.filter(pl.col("_category").is_not_null() | pl.lit(not breakdown)).iter_rows(named=True):
        estimates[totals["_category"]] = dict.fromkeys(figures)
    units = _sum_by_unit(sums, summed, figures) if design.psu else _sum_by_row(frame, parts, summed, figures, sums)
    for key, table in units.partition_by("_category", as_dict=True).items():
        if key[0] in estimates:
            totals = summed.filter(pl.col("_category").eq_missing(pl.lit(key[0], pl.String))).row(0, named=True)
            for name, names in figures.items():
                estimates[key[0]][name] = _estimate_figure(name, names, totals, table, strata, design)
    return estimates


def _count_strata(sums: pl.DataFrame, design: Design) -> dict[Any, tuple[float, float]]:
    """Return the sampling units of each stratum and the share of its population that is not drawn."""
    units = pl.col("_unit").n_unique() if design.psu else pl.col("len").sum()
    population = pl.col("_population").first().cast(pl.Float64) if design.population else pl.lit(float("inf"))
    counted = sums.lazy().group_by("_stratum").agg(units.alias("units"), population.alias("population"))
    rows = counted.sort("_stratum").collect().rows()
    alone = [str(stratum) for stratum, count, _ in rows if count < 2]
    if alone and design.single_psu == "refuse":
        raise NotEstimable("single_psu", f"strata with one sampling unit: {', '.join(alone)}")
    return {stratum: (float(count), max(0.0, 1 - count / size)) for stratum, count, size in rows}


def _sum_by_unit(sums: pl.DataFrame, whole: pl.DataFrame, figures: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return sums of linearised units, of their squares, and active units, by stratum and category."""
    totals = whole.lazy().select("_category", pl.selectors.starts_with("w.", "y.").name.suffix(" all"))
    joined = sums.lazy().join(totals, on="_category", nulls_equal=True, how="left")
    made = joined.select(
        "_stratum", "_category",
        *(
            sum(
                (pl.col(f"y.{part}") - pl.col(f"w.{part}") * pl.col(f"y.{part} all") / pl.col(f"w.{part} all"))
                / (len(of) * pl.col(f"w.{part} all"))
                for part in of
            ).alias(f"z.{name}")  # type: ignore[union-attr]
            for name, of in figures.items()
        ),
        *((pl.col(_name_active(of)) > 0).alias(f"active.{name}") for name, of in figures.items()),
    )  # fmt: skip
    units = made.group_by("_stratum", "_category").agg(
        *(pl.col(f"z.{name}").sum() for name in figures),
        *((pl.col(f"z.{name}") ** 2).sum().alias(f"zz.{name}") for name in figures),
        *(pl.col(f"active.{name}").sum() for name in figures),
    )
    return units.collect()


def _sum_by_row(
    frame: pl.LazyFrame, parts: Mapping[str, pl.Expr], whole: pl.DataFrame, figures: Mapping[str, Sequence[str]],
    sums: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Return the same as ``_sum_by_unit`` where every respondent is a unit, in a second pass."""
    totals = whole.select("_category", pl.selectors.starts_with("w.", "y.").name.suffix(" all")).lazy()
    texts = frame.with_columns(pl.col("_category").cast(pl.String))
    joined = texts.join(totals, on="_category", nulls_equal=True, how="left")
    terms = {
        name: pl.sum_horizontal(
            (pl.col("_weight") * (parts[part].cast(pl.Float64) - pl.col(f"y.{part} all") / pl.col(f"w.{part} all")))
            / (len(of) * pl.col(f"w.{part} all"))
            for part in of
        )
        for name, of in figures.items()
    }
    squares = joined.group_by("_stratum", "_category").agg(
        *(term.sum().alias(f"z.{name}") for name, term in terms.items()),
        *((term**2).sum().alias(f"zz.{name}") for name, term in terms.items()),
    )
    active = sums.select(
        "_stratum", "_category", *(pl.col(_name_active(of)).alias(f"active.{name}") for name, of in figures.items())
    )
    return squares.collect(engine="streaming").join(active, on=["_stratum", "_category"], nulls_equal=True)


def _name_active(of: Sequence[str]) -> str:
    """Return the column that counts active units of a figure; a mean of several counts all rows."""
    return f"active.{of[0]}" if len(of) == 1 else "rows"


def _estimate_figure(
    name: str, of: Sequence[str], totals: Mapping[str, Any], table: pl.DataFrame,
    strata: Mapping[Any, tuple[float, float]], design: Design,
) -> Estimate | None:  # fmt: skip
    n = min(totals[f"n.{part}"] for part in of)
    if n < 2 or not all(totals[f"w.{part}"] > 0 for part in of):
        return None
    value = sum(totals[f"y.{part}"] / totals[f"w.{part}"] for part in of) / len(of)
    variance, df, alone, there = 0.0, 0, 0, 0
    for stratum, z, zz, active in table.select("_stratum", f"z.{name}", f"zz.{name}", f"active.{name}").iter_rows():
        units, left = strata[stratum]
        df += max(0, int(active) - 1)
        there += active > 0
        if units > 1:
            variance += left * units / (units - 1) * max(0.0, zz - z * z / units)
        elif active:
            alone += 1
            variance += left * z * z if design.single_psu == "center" else 0.0
    if alone and design.single_psu == "scale":
        if alone == there:
            return None
        variance *= there / (there - alone)
    return Estimate(value, math.sqrt(variance), n, df, None, design.single_psu)
