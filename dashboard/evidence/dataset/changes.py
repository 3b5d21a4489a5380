"""Compare two vintages figure by figure, and list what each vintage changed."""

from collections.abc import Iterable

import polars as pl

from dashboard.evidence.dataset.store import Dataset

FACT_COLUMNS = ("indicator", "source", "series", "country", "period", "dimensions", "turn")
"""What two rows must share to be the same fact. ``turn`` numbers rows that share all the rest (natures of one fact)."""

FIGURE_COLUMNS = ("value", "value_text", "lower", "upper", "std_error", "status", "unit", "nature")
"""What must be the same for a figure not to be revised."""

KINDS = ("new", "revised", "reissued", "vanished")
"""``reissued``: the same figure with another edition, source detail or footnote."""

CHANGE_COLUMNS = (
    "indicator", "source", "series", "country", "period", "dimensions", "kind", "before", "after", "size",
    "status_before", "status_after", "edition_before", "edition_after", "id_before", "id_after",
)  # fmt: skip
"""``before`` and ``after`` are values, ``size`` is the absolute difference (null when one of them is no number)."""

SUMMARY_COLUMNS = ("indicator", *KINDS, "median_size", "largest_size")
"""Counts per kind; sizes are those of revised figures, in the unit of the indicator."""


def find_changes(before: Dataset, after: Dataset) -> pl.LazyFrame:
    """Return the figures that differ between two states of the dataset (``dataset.as_of(…)``)."""
    old, new = _select_figures(before), _select_figures(after)
    gone, come = old.join(new, on="id", how="anti"), new.join(old, on="id", how="anti")
    return _compare(gone, come, FACT_COLUMNS).select(CHANGE_COLUMNS).sort(*CHANGE_COLUMNS[:7], "id_before", "id_after")


def read_change_log(dataset: Dataset, after: int = 0, indicators: Iterable[str] | None = None) -> pl.LazyFrame:
    """Return the changes of each vintage after ``after`` up to the one shown, unsorted."""
    rows = dataset.ever(indicators)
    columns = ("id", *FACT_COLUMNS[:-1], *FIGURE_COLUMNS, "edition")
    come = rows.filter(pl.col("vintage").is_between(after + 1, dataset.vintage)).select("vintage", *columns)
    gone = rows.filter(pl.col("superseded").is_between(after + 1, dataset.vintage)).select(
        pl.col("superseded").alias("vintage"), *columns
    )
    return _compare(gone, come, ("vintage", *FACT_COLUMNS)).select("vintage", *CHANGE_COLUMNS)


def _compare(gone: pl.LazyFrame, come: pl.LazyFrame, fact: tuple[str, ...]) -> pl.LazyFrame:
    joined = _number_turns(gone, fact).join(
        _number_turns(come, fact), on=fact, how="full", coalesce=True, suffix="_after"
    )
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_after")) for name in FIGURE_COLUMNS)
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
    """Count new, revised, reissued and vanished figures per indicator and measure the revisions."""
    revised = pl.col("size").filter(pl.col("kind") == "revised")
    counts = ((pl.col("kind") == kind).sum().alias(kind) for kind in KINDS)
    return (
        changes.group_by("indicator")
        .agg(*counts, revised.median().alias("median_size"), revised.max().alias("largest_size"))
        .select(SUMMARY_COLUMNS)
        .sort("indicator")
    )


def _select_figures(dataset: Dataset) -> pl.LazyFrame:
    return dataset.scan().select("id", *FACT_COLUMNS[:-1], *FIGURE_COLUMNS, "edition")


def _number_turns(rows: pl.LazyFrame, fact: tuple[str, ...]) -> pl.LazyFrame:
    turn = pl.int_range(pl.len()).over(fact[:-1]).alias("turn")
    return rows.sort("nature", "id").with_columns(turn)
