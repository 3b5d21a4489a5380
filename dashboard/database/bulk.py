"""Many rows at once between Polars frames and the database, as fast as its driver goes."""

from collections.abc import Iterator
from typing import Any

import polars as pl
from sqlalchemy import Connection, Executable

CHUNK = 500
"""Rows turned into Python values at a time: measured, more are slower (they leave the processor's cache)."""


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
