"""What differs between two states of figures, or between two sources of one fact, and is more than rounding; how far.

Pure: frames and numbers in, frames and numbers out. Method: the project's own (docs/method.md, what changed).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

import polars as pl

from dashboard.measures.latest import has_figure
from dashboard.measures.rounding import convert_to_decimal, count_published_decimals, round_half_away

FACT = ("indicator", "country", "period")
"""What two rows must share to be the same figure: whoever published it, in whatever edition."""

CARRIED = ("year", "value", "value_text", "source", "series", "edition", "id")
"""What is told of a figure on either side."""

MOVES = (*FACT, "kind", "size", *(f"{name}_{side}" for side in ("before", "after") for name in CARRIED))
"""``size`` is after minus before, null where one of them is no number."""

KINDS = ("revised", "new", "withdrawn", "rounded")
"""``rounded``: the same figure with more or fewer digits; no revision, and kept so that steps can be joined."""


NOISE = 10
"""Decimals beyond which a difference of two numbers is that of their binary fractions."""


def compare_figures(before: pl.LazyFrame, after: pl.LazyFrame, decimals: Mapping[str, int]) -> pl.DataFrame:
    """Facts whose figure is not the same in two states, in ``MOVES``, by fact.

    What is new or withdrawn is a figure: a row that only says why there is none is no figure. Of rows that share a fact
    the first by id counts.

    Args:
        before: rows of the earlier state: ``FACT``, ``CARRIED`` and ``status``.
        after: rows of the later state.
        decimals: indicator → the decimals its figures are shown with.
    """
    old, new = (
        rows.filter(has_figure()).sort("id").unique(FACT, keep="first").select(*FACT, *CARRIED)
        for rows in (before, after)
    )
    both = old.join(new, on=FACT, how="full", coalesce=True, suffix="_after")
    both = both.rename({name: f"{name}_before" for name in CARRIED})
    known = pl.col("value_before").is_not_null() & pl.col("value_after").is_not_null()
    same = (
        pl.when(known)
        .then(pl.col("value_before") == pl.col("value_after"))
        .otherwise(
            pl.col("value_before").eq_missing(pl.col("value_after"))
            & pl.col("value_text_before").eq_missing(pl.col("value_text_after"))
        )
    )
    moved = both.filter(~same).sort(FACT).collect()
    kinds = [
        _classify(row, decimals)
        for row in moved.select(
            "indicator", "id_before", "id_after", "value_before", "value_text_before", "value_after", "value_text_after"
        ).iter_rows(named=True)
    ]
    size = (pl.col("value_after") - pl.col("value_before")).round(NOISE)
    return moved.with_columns(pl.Series("kind", kinds, dtype=pl.String), size.alias("size")).select(MOVES)


def _classify(row: Mapping[str, object], decimals: Mapping[str, int]) -> str:
    if row["id_before"] is None:
        return "new"
    if row["id_after"] is None:
        return "withdrawn"
    sides = [(row[f"value_{side}"], str(row[f"value_text_{side}"] or "")) for side in ("before", "after")]
    return "revised" if is_revised(*sides[0], *sides[1], decimals.get(str(row["indicator"]), 0)) else "rounded"  # type: ignore[arg-type]


def is_revised(before: float | None, before_text: str, after: float | None, after_text: str, shown: int) -> bool:
    """Whether a figure says something else than before, rather than the same with more or fewer digits.

    It does where both read differently at the decimals shown, and no number in between could have been published as
    either.

    Args:
        before: the earlier value; None of a bound, which its text says.
        before_text: as it was published.
        after: the later value.
        after_text: as it was published.
        shown: decimals of the indicator on pages.
    """
    if before is None or after is None:
        return (before, before_text.strip()) != (after, after_text.strip())
    if round_half_away(before, shown) == round_half_away(after, shown):
        return False
    written = _count_digits(before, before_text), _count_digits(after, after_text)
    reach = sum(Decimal(1).scaleb(-digits) for digits in written) / 2
    return abs(convert_to_decimal(after) - convert_to_decimal(before)) >= reach


def _count_digits(value: float, text: str) -> int:
    """Decimals of a value as published; of the value itself where the text is of another unit or says it in words."""
    try:
        same = Decimal(text.strip()) == convert_to_decimal(value)
    except InvalidOperation:
        same = False
    return count_published_decimals(text if same else repr(value))


def measure_move(before: float, after: float, low: float | None, high: float | None) -> float | None:
    """How far a figure moved, with its sign: a share of its scale, or of the larger figure where the scale is open.

    Args:
        before: the earlier value.
        after: the later value.
        low: where the scale begins; None: it is open.
        high: where it ends.

    Returns:
        None where both are zero and the scale is open: there is nothing to compare with.
    """
    whole = high - low if low is not None and high is not None else max(abs(before), abs(after))
    return (after - before) / whole if whole else None


def has_reached(value: float, target: float, direction: str, slack: float = 0.0) -> bool:
    """Whether a value meets its target exactly or goes beyond it.

    Args:
        value: the figure.
        target: of the same unit; of a ``centre`` the centre itself.
        direction: ``higher``, ``lower`` or ``centre``: which way is better.
        slack: how far from a centre still counts as on it.
    """
    if direction == "centre":
        return abs(convert_to_decimal(value) - convert_to_decimal(target)) <= convert_to_decimal(slack)
    return value >= target if direction == "higher" else value <= target


DISAGREEMENTS = ("indicator", "country", "period", "source", "value", "other_source", "other_value", "difference")
"""``source`` and ``value`` are what pages show; ``difference`` is other minus shown, in the indicator's unit."""

BEYOND_CHANCE = 10
"""So many times the rounding must two figures differ before it says anything that one equals another year's."""


def find_disagreements(rows: pl.DataFrame) -> pl.DataFrame:
    """Facts of which another source gives another figure, beyond what rounding explains; largest differences first.

    Args:
        rows: rows in force, of one or more indicators; national totals with values are compared.
    """
    return compare_sources(rows).filter(pl.col("difference").abs() > pl.col("rounding")).select(DISAGREEMENTS)


def compare_sources(rows: pl.DataFrame, carried: Sequence[str] = ()) -> pl.DataFrame:
    """Every fact that two sources give: ``DISAGREEMENTS``, ``rounding``, one unit of the coarser last digit, ``dated``.

    ``dated`` is the year before or after for which the shown source gives the other's figure, where they differ by more
    than chance makes equal: one may count on 1 January, the other at the year's end. None otherwise.

    ``carried``: further columns of both rows; those of the other begin with ``other_``.
    """
    fact = ["indicator", "country", "period"]
    known = rows.filter(pl.col("dimensions") == "{}", pl.col("value").is_not_null()).with_columns(
        pl.col("value_text")
        .map_elements(count_published_decimals, return_dtype=pl.Int64)
        .fill_null(0)
        .alias("decimals")
    )
    shown = known.filter("primary").select(*fact, "source", "value", "decimals", *carried)
    other = (
        known.filter(~pl.col("primary"))
        .unique([*fact, "source"], keep="first", maintain_order=True)
        .select(*fact, pl.col("source", "value", "decimals", *carried).name.prefix("other_"))
    )
    return (
        shown.join(other, on=fact)
        .filter(pl.col("source") != pl.col("other_source"))
        .with_columns(
            (pl.col("other_value") - pl.col("value")).alias("difference"),
            pl.lit(10.0).pow(-pl.min_horizontal("decimals", "other_decimals").cast(pl.Float64)).alias("rounding"),
        )
        .pipe(_date, shown)
        .sort(pl.col("difference").abs(), *fact, descending=[True, False, False, False])
        .select(*DISAGREEMENTS, "rounding", "dated", *carried, *(f"other_{name}" for name in carried))
    )


def _date(both: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """``dated`` beside both figures of a fact."""
    of, beyond = ["indicator", "country", "source"], pl.col("difference").abs() > BEYOND_CHANCE * pl.col("rounding")
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
