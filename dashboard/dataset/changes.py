"""What changed between two vintages, figure by figure and per indicator.

``changes(before, after) -> LazyFrame`` of ``CHANGES``; ``summary(changes) -> LazyFrame`` of ``SUMMARY``.
"""

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


def changes(before: Dataset, after: Dataset) -> pl.LazyFrame:
    """Figures that differ between two states of the dataset (``dataset.as_of(…)``), by fact.

    Rows of both that have the same id are the same figure and are left out.
    """
    old, new = _told(before), _told(after)
    gone, come = old.join(new, on="id", how="anti"), new.join(old, on="id", how="anti")
    joined = _numbered(gone).join(_numbered(come), on=FACT, how="full", coalesce=True, suffix="_after")
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
    return (
        joined.with_columns(
            kind.alias("kind"),
            pl.col("value").alias("before"),
            pl.col("value_after").alias("after"),
            (pl.col("value_after") - pl.col("value")).abs().alias("size"),
            pl.col("status", "edition", "id").name.suffix("_before"),
        )
        .select(CHANGES)
        .sort(*CHANGES[:7], "id_before", "id_after")
    )


def summary(changes: pl.LazyFrame) -> pl.LazyFrame:
    """Per indicator, how many figures are new, revised, reissued and vanished, and how large the revisions are."""
    revised = pl.col("size").filter(pl.col("kind") == "revised")
    counts = ((pl.col("kind") == kind).sum().alias(kind) for kind in KINDS)
    return (
        changes.group_by("indicator")
        .agg(*counts, revised.median().alias("median_size"), revised.max().alias("largest_size"))
        .select(SUMMARY)
        .sort("indicator")
    )


def _told(dataset: Dataset) -> pl.LazyFrame:
    return dataset.scan().select("id", *FACT[:-1], *FIGURE, "edition")


def _numbered(rows: pl.LazyFrame) -> pl.LazyFrame:
    turn = pl.int_range(pl.len()).over(FACT[:-1]).alias("turn")
    return rows.sort("nature", "id").with_columns(turn)
