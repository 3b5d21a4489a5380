"""What a gathering would change in what is published: for a person, and for the record of the run.

Pure: rows in, counts out.
"""

from dataclasses import dataclass

import polars as pl

from dashboard.analysis.measures.jumps import find_jumps
from dashboard.evidence.gathering.harmonise.harmonise import FACT, rank_rows

FIGURE = ("value", "value_text", "lower", "upper", "status", "unit", "nature")
"""What must be the same for a fact to count as unchanged."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A fact whose figure changed."""

    country: str
    period: str
    dimensions: str
    before: float | None
    after: float | None

    @property
    def size(self) -> float:
        """Absolute change; 0 where one of the two is no number."""
        return abs(self.after - self.before) if self.before is not None and self.after is not None else 0.0


@dataclass(frozen=True, slots=True)
class Jump:
    """A new or revised figure far from the one before it; ``times`` is in median steps of the series."""

    country: str
    period: str
    after: str  # the period before
    before: float
    value: float
    times: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Counts of facts (country, period, dimensions) of one series against what is published.

    ``missing`` counts facts the publisher lists without a value; ``vanished`` those it no longer lists.
    ``supersedes`` says whether the series must enter a vintage: a figure, the edition or a detail of a row is new.
    """

    new: int
    changed: int
    unchanged: int
    vanished: int
    missing: int
    supersedes: bool
    edition_before: str
    edition_after: str
    largest: tuple[Revision, ...] = ()
    median: float | None = None  # size of the revisions, in the indicator's unit
    gone: tuple[tuple[str, str], ...] = ()  # country and period of the first that vanished
    countries: int = 0  # that are published
    countries_gone: tuple[str, ...] = ()  # of them, those the publisher no longer lists at all
    jumps: tuple[Jump, ...] = ()  # the largest, where something was published before

    def counts(self) -> dict[str, int]:
        """Return the five counts by name."""
        return {name: getattr(self, name) for name in ("new", "changed", "unchanged", "vanished", "missing")}


def compare(rows: pl.DataFrame, current: pl.DataFrame, most: int = 5) -> Difference:
    """Compare a series as gathered with the same series as published.

    Args:
        rows: the gathered series, with the ids its rows would have.
        current: the published rows of the same indicator and source, not superseded.
        most: how many revisions, vanished facts and jumps are named.
    """
    new, old = _facts(rows), _facts(current)
    joined = new.join(old, on=FACT, how="full", coalesce=True, suffix="_before")
    is_new, is_gone = pl.col("here_before").is_null(), pl.col("here").is_null()
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in FIGURE)
    sorted_facts = joined.with_columns(
        pl.when(is_gone)
        .then(pl.lit("vanished"))
        .when(is_new)
        .then(pl.lit("new"))
        .when(same)
        .then(pl.lit("unchanged"))
        .otherwise(pl.lit("changed"))
        .alias("fate")
    )
    count = dict(sorted_facts.group_by("fate").len().rows())
    silent = pl.col("status").is_in(["missing", "not_applicable"])
    revised = (
        sorted_facts.filter(pl.col("fate") == "changed")
        .with_columns((pl.col("value") - pl.col("value_before")).abs().alias("size"))
        .sort("size", *FACT, descending=[True, False, False, False], nulls_last=True)
    )
    vanished = (
        sorted_facts.filter(pl.col("fate") == "vanished")
        .sort(FACT)
        .select("country", "period")
        .unique(maintain_order=True)
    )
    return Difference(
        new=count.get("new", 0),
        changed=count.get("changed", 0),
        unchanged=count.get("unchanged", 0),
        vanished=count.get("vanished", 0),
        missing=new.filter(silent).height,
        supersedes=_standing(rows) != _standing(current),
        edition_before=_edition(current),
        edition_after=_edition(rows),
        largest=tuple(
            Revision(*row) for row in revised.select(*FACT, pl.col("value_before"), pl.col("value")).head(most).rows()
        ),
        median=revised.select(pl.col("size").median()).item(),
        gone=tuple(vanished.head(most).rows()),
        countries=current["country"].n_unique(),
        countries_gone=tuple(sorted(set(current["country"]) - set(rows["country"]))),
        jumps=_jumps(rows, sorted_facts, most) if current.height and rows.height else (),
    )


def _jumps(rows: pl.DataFrame, fates: pl.DataFrame, most: int) -> tuple[Jump, ...]:
    moved = fates.filter(pl.col("fate").is_in(["new", "changed"])).with_columns(
        pl.lit(rows.item(0, "indicator")).alias("indicator")
    )
    largest = find_jumps(rows, moved).head(most)
    return tuple(
        Jump(*row) for row in largest.select("country", "period", "period_before", "before", "value", "times").rows()
    )


def _standing(rows: pl.DataFrame) -> set[tuple[str, bool]]:
    return set(rows.select("id", "primary").rows())


def _facts(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row per fact: the shown one, in a secondary series the first by standing."""
    return (
        rows.sort(*FACT, ~pl.col("primary"), *rank_rows(), "id")
        .unique(FACT, keep="first")
        .select(*FACT, *FIGURE, pl.lit(True).alias("here"))
    )


def _edition(rows: pl.DataFrame) -> str:
    return ", ".join(rows["edition"].drop_nulls().unique().sort())
