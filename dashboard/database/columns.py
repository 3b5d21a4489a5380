"""Column types that mean the same in SQLite and PostgreSQL, and many rows of them at once.

Between Polars frames and the database rows go as fast as its driver does.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, DateTime, Dialect, Executable
from sqlalchemy.types import TypeDecorator

CHUNK = 500
"""Rows turned into Python values at a time: measured, more are slower (they leave the processor's cache)."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, with microseconds: always aware in Python; SQLite, which has no zones, keeps the UTC digits."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware moments only: a naive one would silently change its meaning."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: give moments in UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def load(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Append all rows of ``frame`` to ``table``, whose columns are named alike.

    SQLite takes them by ``executemany``, PostgreSQL by ``COPY``, within the connection's transaction.
    """
    columns = ", ".join(f'"{name}"' for name in frame.columns)
    cursor: Any = connection.connection.cursor()
    try:
        if connection.dialect.name == "postgresql":
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in _tuples(frame):
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * frame.width)
            cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', _tuples(frame))  # noqa: S608
    finally:
        cursor.close()


def read(connection: Connection, statement: Executable, schema: pl.Schema) -> pl.DataFrame:
    """The rows of a query as a frame; ``schema`` names its columns in the query's order.

    Columns are texts, numbers and truth values: driver values are taken as they are.
    """
    result: Any = connection.execute(statement)
    parts = []
    while rows := result.cursor.fetchmany(CHUNK):
        columns = zip(schema.items(), zip(*rows, strict=True), strict=True)
        parts.append(pl.DataFrame([pl.Series(name, values, dtype=dtype) for (name, dtype), values in columns]))
    result.close()
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _tuples(frame: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    for part in frame.iter_slices(CHUNK):
        yield from zip(*(column.to_list() for column in part), strict=True)
