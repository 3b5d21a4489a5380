"""Differences beyond rounding between two states of figures, or two sources of one fact (docs/method.md)."""

import statistics
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

import polars as pl

from dashboard.analysis.measures.latest import has_figure
from dashboard.analysis.measures.rounding import convert_to_decimal, count_published_decimals, round_half_away

FACT = ("indicator", "country", "period")
"""What two rows must share to be the same figure: whoever published it, in whatever edition."""

FIGURE_COLUMNS = ("year", "value", "value_text", "source", "series", "edition", "id")
"""What is told of a figure on either side."""

MOVES = (*FACT, "kind", "size", *(f"{name}_{side}" for side in ("before", "after") for name in FIGURE_COLUMNS))
"""``kind`` is ``revised``, ``new``, ``withdrawn`` or ``rounded``: the same figure with more or fewer digits, no
revision, and kept so that steps can be joined. ``size`` is after minus before, null where one of them is no number."""


MIN_COUNTRIES = 10  # fewest countries with a figure whose spread is computed

EXACT_DECIMALS = 10  # decimals beyond which a difference of two numbers is that of their binary fractions


def compare_figures(before: pl.LazyFrame, after: pl.LazyFrame, decimals: Mapping[str, int]) -> pl.DataFrame:
    """Return the facts whose figure differs between two states, as ``MOVES``, sorted by fact.

    Rows without a figure do not count. ``decimals`` are those with which each indicator is shown.
    """
    old, new = (
        rows.filter(has_figure()).sort("id").unique(FACT, keep="first").select(*FACT, *FIGURE_COLUMNS)
        for rows in (before, after)
    )
    both = old.join(new, on=FACT, how="full", coalesce=True, suffix="_after")
    both = both.rename({name: f"{name}_before" for name in FIGURE_COLUMNS})
    has_both = pl.col("value_before").is_not_null() & pl.col("value_after").is_not_null()
    is_same = (
        pl.when(has_both)
        .then(pl.col("value_before") == pl.col("value_after"))
        .otherwise(
            pl.col("value_before").eq_missing(pl.col("value_after"))
            & pl.col("value_text_before").eq_missing(pl.col("value_text_after"))
        )
    )
    moved = both.filter(~is_same).sort(FACT).collect()
    kinds = [
        _classify(row, decimals)
        for row in moved.select(
            "indicator", "id_before", "id_after", "value_before", "value_text_before", "value_after", "value_text_after"
        ).iter_rows(named=True)
    ]
    size = (pl.col("value_after") - pl.col("value_before")).round(EXACT_DECIMALS)
    return moved.with_columns(pl.Series("kind", kinds, dtype=pl.String), size.alias("size")).select(MOVES)


def _classify(row: Mapping[str, object], decimals: Mapping[str, int]) -> str:
    if row["id_before"] is None:
        return "new"
    if row["id_after"] is None:
        return "withdrawn"
    sides = [(row[f"value_{side}"], str(row[f"value_text_{side}"] or "")) for side in ("before", "after")]
    return "revised" if is_revised(*sides[0], *sides[1], decimals.get(str(row["indicator"]), 0)) else "rounded"  # type: ignore[arg-type]


def is_revised(before: float | None, before_text: str, after: float | None, after_text: str, shown: int) -> bool:
    """Return True if a figure changed beyond its rounding.

    That is so if both differ at the ``shown`` decimals and no number could have been published as either. A value that
    is None is a bound; its text is compared.
    """
    if before is None or after is None:
        return (before, before_text.strip()) != (after, after_text.strip())
    if round_half_away(before, shown) == round_half_away(after, shown):
        return False
    digits = _count_digits(before, before_text), _count_digits(after, after_text)
    reach = sum(Decimal(1).scaleb(-number) for number in digits) / 2
    return abs(convert_to_decimal(after) - convert_to_decimal(before)) >= reach


def _count_digits(value: float, text: str) -> int:
    """Return the decimals of a value as published, or its own if the text says it in another way."""
    try:
        same = Decimal(text.strip()) == convert_to_decimal(value)
    except InvalidOperation:
        same = False
    return count_published_decimals(text if same else repr(value))


def measure_move(before: float, after: float, spread: float | None) -> float | None:
    """Return the signed move in standard deviations between countries; None without a spread."""
    return (after - before) / spread if spread else None


def measure_spread(values: Sequence[float]) -> float | None:
    """Return the standard deviation between countries; None below ``MIN_COUNTRIES`` values."""
    return statistics.stdev(values) if len(values) >= MIN_COUNTRIES else None


def has_reached(value: float, target: float, direction: str, slack: float = 0.0) -> bool:
    """Return True if a value meets its target or exceeds it in the better direction.

    Of the direction ``centre`` the target is the centre, and values within ``slack`` of it meet it.
    """
    if direction == "centre":
        return abs(convert_to_decimal(value) - convert_to_decimal(target)) <= convert_to_decimal(slack)
    return value >= target if direction == "higher" else value <= target


DISAGREEMENTS = ("indicator", "country", "period", "source", "value", "other_source", "other_value", "difference")
"""``source`` and ``value`` are what pages show; ``difference`` is other minus shown, in the indicator's unit."""

MIN_DATED_RATIO = 10
"""Difference ÷ rounding from which it is no chance that a figure equals that of another year."""


def find_disagreements(rows: pl.DataFrame) -> pl.DataFrame:
    """Return facts of which another source has another figure beyond rounding, largest difference first."""
    return compare_sources(rows).filter(pl.col("difference").abs() > pl.col("rounding")).select(DISAGREEMENTS)


def compare_sources(rows: pl.DataFrame, carried: Sequence[str] = ()) -> pl.DataFrame:
    """Return every fact that two sources publish, with ``rounding`` (one unit of the coarser last digit).

    ``dated`` is the neighbouring year for which the shown source has the other's figure, if that is no chance: one may
    count on 1 January, the other at the year's end. ``carried`` are further columns of both rows, the other's with
    ``other_``.
    """
    fact = ["indicator", "country", "period"]
    published = rows.filter(pl.col("dimensions") == "{}", pl.col("value").is_not_null()).with_columns(
        pl.col("value_text")
        .map_elements(count_published_decimals, return_dtype=pl.Int64)
        .fill_null(0)
        .alias("decimals")
    )
    shown = published.filter("primary").select(*fact, "source", "value", "decimals", *carried)
    alternatives = (
        published.filter(~pl.col("primary"))
        .unique([*fact, "source"], keep="first", maintain_order=True)
        .select(*fact, pl.col("source", "value", "decimals", *carried).name.prefix("other_"))
    )
    return (
        shown.join(alternatives, on=fact)
        .filter(pl.col("source") != pl.col("other_source"))
        .with_columns(
            (pl.col("other_value") - pl.col("value")).alias("difference"),
            pl.lit(10.0).pow(-pl.min_horizontal("decimals", "other_decimals").cast(pl.Float64)).alias("rounding"),
        )
        .pipe(_add_dated, shown)
        .sort(pl.col("difference").abs(), *fact, descending=[True, False, False, False])
        .select(*DISAGREEMENTS, "rounding", "dated", *carried, *(f"other_{name}" for name in carried))
    )


def _add_dated(both: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Add ``dated`` to both figures of a fact."""
    of, beyond = ["indicator", "country", "source"], pl.col("difference").abs() > MIN_DATED_RATIO * pl.col("rounding")
    dated = pl.lit(None, pl.String)
    for name, step in (("after", 1), ("before", -1)):  # the year before is tried first: it is the last to be asked
        other_year = shown.select(
            *of, (pl.col("period").cast(pl.Int64, strict=False) - step).alias("year"), pl.col("value").alias(name)
        )
        both = both.with_columns(pl.col("period").cast(pl.Int64, strict=False).alias("year")).join(
            other_year, on=[*of, "year"], how="left", maintain_order="left"
        )
        same = (pl.col("other_value") - pl.col(name)).abs() <= pl.col("rounding") / 2
        dated = pl.when(beyond & same).then((pl.col("year") + step).cast(pl.String)).otherwise(dated)
    return both.with_columns(dated.alias("dated"))
