"""Observations a page at a time, or all in one stream: the same rows in the same order.

Order: indicator, country, year; within a year the primary series first, in it the national total first.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

import polars as pl

from dashboard.analysis.reports.csv_text import write_header, write_line
from dashboard.answers.base.cache import find_cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.rows import NATIONAL_WHOLE, count_rows, limit_years, order_rows, read_primary_rows
from dashboard.answers.holdings.cursors import read_cursor, write_cursor
from dashboard.answers.public.shapes import Row, Rows
from dashboard.evidence.dataset.schema import PUBLIC

CHUNK = 2000
"""Rows turned into text at a time."""

FEW = 100
"""Rows that are written before a thread to write them in has begun."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which observations: ids and codes that exist; empty means all. ``totals``: without breakdowns.

    ``national``: (source, series) of a country's own series, which is then all there is.
    """

    indicators: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    totals: bool = False
    primary: bool = True
    national: tuple[str, str] | None = None
    series: str = ""  # as the address says it: "" primary, "all", or the code of a national series


def make_cursor(ctx: Context, selection: object, position: int) -> str:
    """Return a cursor that holds for the same question (by its ``repr``) to the same dataset."""
    return write_cursor((ctx.dataset.version, ctx.dataset.vintage, selection), position)


def read_start(ctx: Context, selection: object, cursor: str | None) -> int:
    """Return the position a cursor stands for; 0 without one.

    Raises:
        Invalid: it is no cursor of ours, or one of another question or another dataset.
    """
    return read_cursor((ctx.dataset.version, ctx.dataset.vintage, selection), cursor)


def read_page(ctx: Context, selection: Selection, limit: int, start: int = 0, columns: Sequence[str] = PUBLIC) -> Rows:
    """Return ``limit`` rows from a position on, with the cursor of the next page, None at the end."""
    frame = _slice(ctx, selection, start, limit + 1)
    more = frame.height > limit
    return Rows(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        rows=_keep(_public_rows(frame.head(limit) if more else frame), columns),
        next=make_cursor(ctx, selection, start + limit) if more else None,
    )


def has_few_rows(ctx: Context, selection: Selection) -> bool:
    """Return True if the rows are in memory and at most ``FEW`` in all years."""
    if not _at_hand(selection) or not selection.countries:
        return False
    rows = find_cached(lambda: count_rows(ctx, selection.indicators[0], selection.countries))
    return rows is not None and rows <= FEW


def build_public_row(row: dict[str, Any]) -> Row:
    """Return a row as the API gives it: the columns of ``PUBLIC``, the breakdown as an object."""
    public = {name: row[name] for name in PUBLIC}
    public["dimensions"] = _breakdown(row["dimensions"])
    if isinstance(row["retrieved_at"], datetime):
        public["retrieved_at"] = f"{row['retrieved_at'].isoformat()[:19]}Z"
    return cast(Row, public)


def _public_rows(frame: pl.DataFrame) -> list[Row]:
    """Return all rows of a frame as the API gives them, column by column: a third of the time."""
    columns = {name: frame.get_column(name) for name in PUBLIC}
    values = {name: column.to_list() for name, column in columns.items() if name != "retrieved_at"}
    values["dimensions"] = [_breakdown(text) for text in values["dimensions"]]
    values["retrieved_at"] = [_moment(at) for at in columns["retrieved_at"].cast(pl.Int64).to_list()]
    in_order = (values[name] for name in PUBLIC)
    return [cast(Row, dict(zip(PUBLIC, row, strict=False))) for row in zip(*in_order, strict=True)]


def _breakdown(text: str) -> dict[str, str]:
    return cast(dict[str, str], json.loads(text)) if text != "{}" else {}


@lru_cache(maxsize=1024)
def _moment(at: int) -> str:
    """Write a time in microseconds as the API does; rows that came together share it."""
    return f"{datetime.fromtimestamp(at // 1_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _keep(rows: list[Row], columns: Sequence[str]) -> list[Row]:
    """Return the rows with some of their columns."""
    if tuple(columns) == PUBLIC:
        return rows
    return [cast(Row, {name: row[name] for name in columns}) for row in rows]  # type: ignore[literal-required]


def choose_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of these names in their usual order; all where none is named.

    Raises:
        Unknown: there is no such column.
    """
    for name in names:
        if name not in PUBLIC:
            raise Unknown("field", name, PUBLIC)
    return tuple(name for name in PUBLIC if name in names) or PUBLIC


def read_rows(
    ctx: Context, selection: Selection, limit: int | None = None, start: int = 0, columns: Sequence[str] = PUBLIC
) -> list[dict[str, Any]]:
    """Return the same rows as plain values, the breakdown as its canonical text."""
    return _slice(ctx, selection, start, limit)[list(columns)].to_dicts()


def stream_csv(
    ctx: Context,
    selection: Selection,
    limit: int | None = None,
    start: int = 0,
    mark: bytes = b"",
    columns: Sequence[str] = PUBLIC,
) -> Iterator[bytes]:
    """Yield the same rows as CSV, some thousand at a time, after ``mark`` and the header.

    All rows are read before the first chunk is given: whatever can go wrong goes wrong while it can still be said.
    """
    frame = _slice(ctx, selection, start, limit)[list(columns)]

    def chunks() -> Iterator[bytes]:
        yield mark + write_header(columns).encode()
        for part in frame.iter_slices(CHUNK):
            yield "".join(write_line(row, columns) for row in part.iter_rows(named=True)).encode()

    return chunks()


def count_selected(ctx: Context, selection: Selection) -> int:
    """Count the rows of a selection."""
    return int(select_observations(ctx, selection).select(pl.len()).collect().item())


def select_observations(ctx: Context, selection: Selection) -> pl.LazyFrame:
    """Select rows with all columns of the dataset; they are in order only if ``_at_hand``."""
    if _at_hand(selection):
        return _cut_out(ctx, selection).lazy()
    rows = ctx.dataset.scan(selection.indicators or None)
    if selection.countries:
        rows = rows.filter(pl.col("country").is_in(list(selection.countries)))
    rows = limit_years(rows, selection.first, selection.last)
    if selection.totals:
        own = selection.national or not selection.primary  # a country's own total carries the mark that it is national
        rows = rows.filter(pl.col("dimensions").is_in(NATIONAL_WHOLE if own else ["{}"]))
    if selection.national:
        source, series = selection.national
        rows = rows.filter(pl.col("source") == source, pl.col("series") == series)
    elif selection.primary:
        rows = rows.filter(pl.col("primary"))
    return rows


def _slice(ctx: Context, selection: Selection, start: int, limit: int | None) -> pl.DataFrame:
    if _at_hand(selection):
        return _cut_out(ctx, selection).slice(start, limit)
    return select_observations(ctx, selection).sort(order_rows()).slice(start, limit).select(PUBLIC).collect()


def _at_hand(selection: Selection) -> bool:
    """Return True if the rows are primary ones of one indicator, which stay in memory in order."""
    return len(selection.indicators) == 1 and selection.primary and not selection.national


def _cut_out(ctx: Context, selection: Selection) -> pl.DataFrame:
    """Return the rows of a selection that is ``_at_hand``, in their order."""
    rows = read_primary_rows(ctx, selection.indicators[0], selection.countries or None, selection.first, selection.last)
    return rows.filter(pl.col("dimensions") == "{}") if selection.totals else rows
