"""A line of figures reduced to its base, its latest figure, and the sums that a regression needs.

Base rule (UN Statistics Division): the value of 2015, or else the first later one; never an earlier one.
"""

import polars as pl

from dashboard.analysis.measures.progress.constants import Rules

PAIR = ("indicator", "country")

ESTIMATED = ("E", "M")
"""Natures of figures that were estimated or modelled (code list of the UN); ``C`` and ``CA`` are a country's own."""

COUNTRY_DATA = ("C", "CA")

OPTIONAL = {
    "status": pl.String, "std_error": pl.Float64, "nature": pl.String, "series": pl.String, "claim": pl.Boolean,
}  # fmt: skip
"""Columns of the figures that may be left out; they are then null."""


def summarise_lines(
    points: pl.LazyFrame, declared: pl.DataFrame, rules: Rules, as_of: int | None = None
) -> pl.DataFrame:
    """Return a row for each indicator and country of ``points``.

    Columns: ``has_figure`` and ``not_applicable`` (of any year); ``points`` (figures since the base year);
    ``base_year``, ``base_value``, ``base_level``, ``base_error`` and the same of ``latest_``; ``mixed`` (estimates
    among country data), ``many_series``, ``claimed`` (a figure without a method among them); and the sums ``n s1 s2 s3
    y0 y1 y2`` of a regression of the level on ``t``, years since the base year. The level is the value, or its distance
    to the declared centre.
    """
    columns = points.collect_schema().names()
    first = int(rules("all", "base_year"))
    rows = points.select(
        *PAIR,
        pl.col("year").cast(pl.Int32),
        pl.col("value").cast(pl.Float64),
        *(name for name in OPTIONAL if name in columns),
    )
    if as_of is not None:
        rows = rows.filter(pl.col("year").is_null() | (pl.col("year") <= as_of))  # without a year: a figure, no point
    status = pl.col("status") if "status" in columns else pl.lit(None, pl.String)
    has_value = pl.col("value").is_finite().fill_null(False) | (status == "censored").fill_null(False)
    everyone = rows.group_by(PAIR).agg(
        has_value.any().alias("has_figure"), (status == "not_applicable").fill_null(False).all().alias("not_applicable")
    )
    since = _add_levels(rows.filter(pl.col("year") >= first, has_value), declared).with_columns(
        t=(pl.col("year") - first).cast(pl.Float64)
    )
    frame = everyone.join(since.group_by(PAIR).agg(_summarise(columns, first)), on=PAIR, how="left").collect()
    if frame.filter(pl.col("distinct") != pl.col("points")).height:
        raise ValueError("two figures of one indicator, country and year: say which one counts before asking")
    return frame.drop("distinct").with_columns(pl.col("points").fill_null(0))


def _add_levels(rows: pl.LazyFrame, declared: pl.DataFrame) -> pl.LazyFrame:
    """``level``: the value, or its distance to the centre of the indicator; null for what is no number."""
    value = pl.when(pl.col("value").is_finite()).then("value")
    centres = declared.filter(pl.col("direction") == "centre").select("indicator", "centre")
    if not centres.height:
        return rows.with_columns(value=value, level=value)
    distance = (pl.col("value") - pl.col("centre")).abs()
    return (
        rows.with_columns(value=value)
        .join(centres.lazy(), on="indicator", how="left")
        .with_columns(level=pl.when(pl.col("centre").is_null()).then("value").otherwise(distance))
    )


def _summarise(columns: list[str], first: int) -> list[pl.Expr]:
    year, t, level = pl.col("year"), pl.col("t"), pl.col("level")
    t_known = pl.when(level.is_not_null()).then(t)  # censored figures have a year and no level
    ends = {"value": "value", "level": "level", **({"std_error": "error"} if "std_error" in columns else {})}
    expressions = [
        pl.len().alias("points"),
        # a sum of as many powers of two has as many binary ones only when they all differ
        pl.lit(2.0).pow(year - first).sum().cast(pl.UInt64).bitwise_count_ones().alias("distinct"),
        year.min().alias("base_year"),
        year.max().alias("latest_year"),
        *(pl.col(name).min_by("year").alias(f"base_{end}") for name, end in ends.items()),
        *(pl.col(name).max_by("year").alias(f"latest_{end}") for name, end in ends.items()),
        level.count().alias("n"),
        t_known.sum().alias("s1"),
        (t_known * t).sum().alias("s2"),
        (t_known * t * t).sum().alias("s3"),
        level.sum().alias("y0"),
        (level * t).sum().alias("y1"),
        (level * t * t).sum().alias("y2"),
    ]
    if "std_error" not in columns:
        expressions += [pl.lit(None, pl.Float64).alias(f"{end}_error") for end in ("base", "latest")]
    nature, series = pl.col("nature"), pl.col("series")
    mixed = nature.is_in(ESTIMATED).any() & nature.is_in(COUNTRY_DATA).any() if "nature" in columns else pl.lit(False)
    many = series.min() != series.max() if "series" in columns else pl.lit(False)
    claimed = pl.col("claim").any() if "claim" in columns else pl.lit(False)
    named = [mixed.alias("mixed"), many.fill_null(False).alias("many_series"), claimed.alias("claimed")]
    return [*expressions, *named]


def select_last_changes(points: pl.LazyFrame, pairs: pl.DataFrame, changes: int) -> pl.DataFrame:
    """Return the figures of the last ``changes`` years of each pair, none before ``base_year``.

    Columns: ``recent`` (their number), and ``recent_year`` and ``recent_value`` of the first.
    """
    window = pairs.lazy().filter(pl.col("latest_value").is_not_null()).select(*PAIR, "base_year", "latest_year")
    year = pl.col("year").cast(pl.Int32)
    near = (year >= pl.max_horizontal(pl.col("latest_year") - changes, "base_year")) & (year <= pl.col("latest_year"))
    return (
        points.select(*PAIR, year, pl.col("value").cast(pl.Float64))
        .filter(pl.col("value").is_finite())
        .join(window, on=PAIR)
        .filter(near)
        .group_by(PAIR)
        .agg(
            pl.len().alias("recent"),
            pl.col("year").min().alias("recent_year"),
            pl.col("value").min_by("year").alias("recent_value"),
        )
        .collect()
    )
