"""Column types for SQLite and PostgreSQL, and fast transfer between Polars frames and tables."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, DateTime, Dialect, Executable
from sqlalchemy.types import TypeDecorator

CHUNK_ROWS = 500
"""Rows turned into Python values at a time: measured, more are slower (they leave the processor's cache)."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC with microseconds, always timezone-aware in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC, refusing naive datetimes."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: give moments in UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def append_frame(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Append all rows of ``frame`` to ``table``, whose columns have the same names."""
    append_rows(connection, table, frame.columns, _iterate_rows(frame))


def append_rows(connection: Connection, table: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Append rows to ``table``; ``names`` are the columns of their values.

    SQLite uses ``executemany``, PostgreSQL ``COPY``, within the connection's transaction.
    """
    columns = ", ".join(f'"{name}"' for name in names)
    cursor: Any = connection.connection.cursor()
    try:
        if connection.dialect.name == "postgresql":
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(names))
            cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)  # noqa: S608
    finally:
        cursor.close()


def read_frame(connection: Connection, statement: Executable, schema: pl.Schema) -> pl.DataFrame:
    """Return the rows of a query as a frame; ``schema`` names its columns in the query's order.

    Driver values are used as they are, so columns must be texts, numbers or booleans.
    """
    result: Any = connection.execute(statement)
    parts = []
    while rows := result.cursor.fetchmany(CHUNK_ROWS):
        columns = zip(schema.items(), zip(*rows, strict=True), strict=True)
        parts.append(pl.DataFrame([pl.Series(name, values, dtype=dtype) for (name, dtype), values in columns]))
    result.close()
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _iterate_rows(frame: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    for part in frame.iter_slices(CHUNK_ROWS):
        yield from zip(*(column.to_list() for column in part), strict=True)
