"""What changed between two vintages, figure by figure and per indicator, and what each vintage brought.

``changes(before, after) -> LazyFrame`` of ``CHANGES``; ``summary(changes) -> LazyFrame`` of ``SUMMARY``;
``log(dataset, after, indicators) -> LazyFrame`` of ``vintage`` and ``CHANGES``.
"""

from collections.abc import Iterable

import polars as pl

from dashboard.dataset.store import Dataset

FACT = ("indicator", "source", "series", "country", "period", "dimensions", "turn")
"""What two rows must share to be the same fact. ``turn`` numbers rows that share all the rest (natures of one fact)."""

FIGURE = ("value", "value_text", "lower", "upper", "std_error", "status", "unit", "nature")
"""What must be the same for a figure not to be revised."""

KINDS = ("new", "revised", "reissued", "vanished")
"""``reissued``: the same figure with another edition, source detail or footnote."""

CHANGES = (
    "indicator", "source", "series", "country", "period", "dimensions", "kind", "before", "after", "size",
    "status_before", "status_after", "edition_before", "edition_after", "id_before", "id_after",
)  # fmt: skip
"""``before`` and ``after`` are values, ``size`` is the absolute difference (null when one of them is no number)."""

SUMMARY = ("indicator", *KINDS, "median_size", "largest_size")
"""Counts per kind; sizes are those of revised figures, in the unit of the indicator."""


def find_changes(before: Dataset, after: Dataset) -> pl.LazyFrame:
    """Figures that differ between two states of the dataset (``dataset.as_of(…)``), by fact.

    Rows of both that have the same id are the same figure and are left out.
    """
    old, new = _figures(before), _figures(after)
    gone, come = old.join(new, on="id", how="anti"), new.join(old, on="id", how="anti")
    return _compared(gone, come, FACT).select(CHANGES).sort(*CHANGES[:7], "id_before", "id_after")


def log(dataset: Dataset, after: int = 0, indicators: Iterable[str] | None = None) -> pl.LazyFrame:
    """What each vintage brought: ``vintage`` and ``CHANGES``, for the vintages after ``after`` up to the one shown.

    A figure that changed twice is told twice. Unsorted: readers choose the order.
    """
    rows = dataset.ever(indicators)
    columns = ("id", *FACT[:-1], *FIGURE, "edition")
    come = rows.filter(pl.col("vintage").is_between(after + 1, dataset.vintage)).select("vintage", *columns)
    gone = rows.filter(pl.col("superseded").is_between(after + 1, dataset.vintage)).select(
        pl.col("superseded").alias("vintage"), *columns
    )
    return _compared(gone, come, ("vintage", *FACT)).select("vintage", *CHANGES)


def _compared(gone: pl.LazyFrame, come: pl.LazyFrame, fact: tuple[str, ...]) -> pl.LazyFrame:
    joined = _numbered(gone, fact).join(_numbered(come, fact), on=fact, how="full", coalesce=True, suffix="_after")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_after")) for name in FIGURE)
    kind = (
        pl.when(pl.col("id").is_null())
        .then(pl.lit("new"))
        .when(pl.col("id_after").is_null())
        .then(pl.lit("vanished"))
        .when(same)
        .then(pl.lit("reissued"))
        .otherwise(pl.lit("revised"))
    )
    return joined.with_columns(
        kind.alias("kind"),
        pl.col("value").alias("before"),
        pl.col("value_after").alias("after"),
        (pl.col("value_after") - pl.col("value")).abs().alias("size"),
        pl.col("status", "edition", "id").name.suffix("_before"),
    )


def summarise_changes(changes: pl.LazyFrame) -> pl.LazyFrame:
    """Per indicator, how many figures are new, revised, reissued and vanished, and how large the revisions are."""
    revised = pl.col("size").filter(pl.col("kind") == "revised")
    counts = ((pl.col("kind") == kind).sum().alias(kind) for kind in KINDS)
    return (
        changes.group_by("indicator")
        .agg(*counts, revised.median().alias("median_size"), revised.max().alias("largest_size"))
        .select(SUMMARY)
        .sort("indicator")
    )


def _figures(dataset: Dataset) -> pl.LazyFrame:
    return dataset.scan().select("id", *FACT[:-1], *FIGURE, "edition")


def _numbered(rows: pl.LazyFrame, fact: tuple[str, ...]) -> pl.LazyFrame:
    turn = pl.int_range(pl.len()).over(fact[:-1]).alias("turn")
    return rows.sort("nature", "id").with_columns(turn)
