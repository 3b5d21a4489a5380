"""Check the rows of a vintage and split them into batches and observations before writing."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import polars as pl

from dashboard.evidence.database.observations import BATCH_COLUMNS, OBSERVATION_COLUMNS, ROW_COLUMNS
from data_sources.contract import SPAN, STATUSES, extract_year

S = TypeVar("S")
T = TypeVar("T")

PERIOD_PATTERN = rf"^\d{{4}}$|{SPAN}"

STATUSES_WITHOUT_VALUE = ("censored", "missing", "not_applicable")

REQUIRED_TEXTS = ("id", "indicator", "source", "series", "country", "period", "dimensions", "status", "raw_sha256")
"""Texts without which an observation is none."""

REQUIRED_COLUMNS = tuple(name for name in ROW_COLUMNS if name not in ("vintage", "superseded"))
"""The columns ``write`` takes from ``added``."""


def split_by_indicator(frames: Iterable[pl.DataFrame]) -> list[pl.DataFrame]:
    """Regroup rows into one frame per indicator, ordered by name."""
    by_name: dict[str, list[pl.DataFrame]] = {}
    for frame in frames:
        if absent := [name for name in REQUIRED_COLUMNS if name not in frame.columns]:
            raise ValueError(f"Rows lack the columns {', '.join(absent)}")
        for part in frame.select(REQUIRED_COLUMNS).partition_by("indicator"):
            by_name.setdefault(part.item(0, "indicator") or "", []).append(part)
    return [pl.concat(by_name[name]) for name in sorted(by_name)]


def map_ahead(work: Callable[[S], T], parts: Iterable[S]) -> Iterator[T]:
    """Map ``work`` over ``parts``, computing the next result in a thread while the current one is used."""
    coming: Future[T] | None = None
    with ThreadPoolExecutor(1) as worker:
        for part in parts:
            ready, coming = coming, worker.submit(work, part)
            if ready is not None:
                yield ready.result()
        if coming is not None:
            yield coming.result()


def prepare_rows(number: int, part: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return an indicator's checked rows and the batches and observations to store."""
    rows = _check_rows(part)
    return rows, *_split_batches(number, rows)


def _check_rows(added: pl.DataFrame) -> pl.DataFrame:
    """Return an indicator's rows with the database's columns and types, or raise ValueError.

    Ids depend on the indicator, so duplicates can be found within each indicator.
    """
    try:
        added = added.select(
            pl.col(name).cast({**BATCH_COLUMNS, **OBSERVATION_COLUMNS, "year": pl.Int32()}[name])
            for name in REQUIRED_COLUMNS
        )
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"Rows have a column of another type: {error}") from error
    text_columns = [name for name, dtype in added.schema.items() if dtype == pl.String and name not in REQUIRED_TEXTS]
    added = added.with_columns(pl.col(text_columns).fill_null(""))  # an annotation that is absent is empty
    numbers = [name for name, dtype in added.schema.items() if dtype == pl.Float64]
    empty = pl.col("status").is_in(STATUSES_WITHOUT_VALUE)
    rules = {
        f"one of {', '.join(REQUIRED_TEXTS)} is empty": pl.any_horizontal(pl.col(*REQUIRED_TEXTS).fill_null("") == ""),
        "retrieved_at or primary is absent": pl.any_horizontal(pl.col("retrieved_at", "primary").is_null()),
        "period is neither a year nor a span of years": ~pl.col("period").str.contains(PERIOD_PATTERN),
        "id is not 16 hexadecimal digits": ~pl.col("id").str.contains("^[0-9a-f]{16}$"),
        "year does not agree with period": extract_year().ne_missing(pl.col("year")),
        "status is unknown": ~pl.col("status").is_in(STATUSES),
        "a number is not finite": pl.any_horizontal(~pl.col(*numbers).is_finite()),
        "a value stands where its status says there is none": empty & pl.col("value").is_not_null(),
        "a value is absent without a status that says why": ~empty & pl.col("value").is_null(),
        "an id occurs twice": pl.col("id").is_duplicated(),
    }
    broken = added.lazy().select(expression.any().alias(rule) for rule, expression in rules.items()).collect()
    for rule, expression in rules.items():
        if broken.item(0, rule):
            row = added.filter(expression).row(0, named=True)
            where = {name: row[name] for name in ("indicator", "source", "series", "country", "period", "dimensions")}
            raise ValueError(f"Rows break a rule of the record: {rule} (first at {where}, value {row['value_text']!r})")
    return added


def _split_batches(number: int, added: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return batches and observations, numbered from 1 and ordered by content only."""
    shared = list(BATCH_COLUMNS)
    batches = added.select(shared).unique().sort(shared)
    batches = batches.select(
        pl.int_range(1, 1 + pl.len(), dtype=pl.Int64).alias("number"),
        pl.lit(number).alias("vintage"),
        *shared,
    )
    keyed = added.join(batches.select("number", *shared), on=shared, nulls_equal=True)
    return batches, keyed.select(pl.col("number").alias("batch"), *OBSERVATION_COLUMNS).sort("batch", "id")
