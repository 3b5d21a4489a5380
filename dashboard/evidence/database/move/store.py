"""Copy every table of the SQLite database into an empty PostgreSQL database: all of it, proven equal, or nothing."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from sqlalchemy import JSON, Connection, MetaData, Table, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from dashboard.evidence.database import file
from dashboard.evidence.database.columns import CHUNK_ROWS, append_rows
from dashboard.evidence.database.engine import HEAD_REVISION, migrate_on, open_engine, writing
from dashboard.settings import Settings

VERSION_TABLE = "alembic_version"
"""The one table that is not copied: both databases are at the same migration."""

Row = tuple[Any, ...]


class NotMoved(Exception):
    """Nothing was moved, and both databases are as they were; the message says why."""


def move_database(source: Settings, target: Settings) -> dict[str, int]:
    """Copy all tables into the target's empty database, in one transaction, and compare both sides.

    Returns:
        Number of rows by table.

    Raises:
        NotMoved: source or target is unfit, the target is not empty or cannot be reached, or a table differs.
        Unusable: the target is newer than the product, or the source's file was removed meanwhile.
    """
    _refuse_unfit(source, target)
    try:
        # The source is opened for writing so that nobody else writes to it, and closed before the target commits.
        with writing(open_engine(target)) as there, writing(open_engine(source)) as here:
            _refuse_filled(there)
            migrate_on(there)
            return _copy_tables(here, there)
    except (SQLAlchemyError, psycopg.Error, ValueError) as error:
        raise NotMoved(f"Nothing was moved: {_explain(error)}") from error


def _refuse_unfit(source: Settings, target: Settings) -> None:
    path = source.sqlite_path
    if source.training:
        raise NotMoved("A training workspace holds invented figures and stays on SQLite")
    if path is None:
        raise NotMoved("MONITOR_DATABASE_URL names no SQLite database: only from SQLite can be moved")
    if not target.sqlalchemy_url.startswith("postgresql+psycopg://"):
        raise NotMoved("The target is no PostgreSQL database: write postgresql://user:password@host/name")
    if not path.exists():
        raise NotMoved(f"There is no database {path}: nothing to move")
    if (revision := file.read_revision(path)) != HEAD_REVISION:
        raise NotMoved(
            f"The database {path} is at migration {revision or 'none'}, this version of the product at "
            f"{HEAD_REVISION}: start the server of this version once, stop it, and move then"
        )


def _refuse_filled(there: Connection) -> None:
    for name in inspect(there).get_table_names():
        statement = f'SELECT 1 FROM "{name}" LIMIT 1'  # noqa: S608 - names come from the schema
        if name != VERSION_TABLE and there.exec_driver_sql(statement).first():
            raise NotMoved(f"The target is not empty (its table {name} has rows): name an empty database")


def _copy_tables(here: Connection, there: Connection) -> dict[str, int]:
    tables = _list_tables(here, there)
    for table in tables:  # the triggers refuse sealed vintages and superseded figures, which the source has in order
        there.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
    copied = {table.name: _copy_table(here, there, table) for table in tables}
    for table in tables:
        found = _Tally()
        for _ in found.count(_read_rows(there, table)):
            pass
        if found != copied[table.name]:
            raise NotMoved(f"Nothing was moved: table {table.name} did not arrive as it was")
    for table in tables:
        there.exec_driver_sql(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')
        _set_sequences(there, table)
    return {name: tally.rows for name, tally in copied.items()}


def _list_tables(here: Connection, there: Connection) -> list[Table]:
    """Return the target's tables, those that others refer to first; refuse a source with anything else."""
    known, held = MetaData(), MetaData()
    known.reflect(there)
    held.reflect(here)
    for name, table in held.tables.items():
        if name not in known.tables or known.tables[name].columns.keys() != table.columns.keys():
            raise NotMoved(f"Table {name} of the source is not as the product makes it: it would not be moved whole")
    return [table for table in known.sorted_tables if table.name in held.tables and table.name != VERSION_TABLE]


def _copy_table(here: Connection, there: Connection, table: Table) -> "_Tally":
    tally = _Tally()
    try:
        append_rows(there, table.name, table.columns.keys(), tally.count(_read_rows(here, table)))
    except (SQLAlchemyError, psycopg.Error, ValueError) as error:
        raise NotMoved(f"Nothing was moved: table {table.name}: {_explain(error)}") from error
    return tally


def _read_rows(connection: Connection, table: Table) -> Iterator[Row]:
    """Yield rows in the same Python values from either engine; JSON as the text that was written."""
    names = (f'CAST("{it.name}" AS TEXT)' if isinstance(it.type, JSON) else f'"{it.name}"' for it in table.columns)
    convert = [_CONVERSIONS.get(column.type.python_type, _keep) for column in table.columns]
    statement = f'SELECT {", ".join(names)} FROM "{table.name}"'  # noqa: S608 - names come from the schema
    rows = connection.exec_driver_sql(statement, execution_options={"yield_per": CHUNK_ROWS})
    for row in rows:
        yield tuple(None if value is None else change(value) for change, value in zip(convert, row, strict=True))


def _keep(value: Any) -> Any:
    return value


def _read_moment(value: str | datetime) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _read_day(value: str | date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


_CONVERSIONS: dict[type, Callable[[Any], Any]] = {bool: bool, float: float, datetime: _read_moment, date: _read_day}
"""By Python type: SQLite keeps booleans as numbers, and moments (in UTC) and days as text."""


@dataclass
class _Tally:
    """Count and digest of rows; a sum of hashes, since the engines return rows in different orders."""

    rows: int = 0
    digest: int = 0

    def count(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows as they are, and include each."""
        for row in rows:
            self.rows += 1
            self.digest += int.from_bytes(hashlib.sha256(repr(row).encode()).digest())
            yield row


def _set_sequences(there: Connection, table: Table) -> None:
    """Let the next row get a number after the highest; an empty table begins with 1 as it is."""
    for column in table.primary_key:
        if column.server_default is not None:
            there.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', '{column.name}'), max(\"{column.name}\")) "  # noqa: S608
                f'FROM "{table.name}" HAVING max("{column.name}") IS NOT NULL'
            )


def _explain(error: Exception) -> str:
    """Return why, without the values of rows, which PostgreSQL adds as context."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    message = cause.diag.message_primary if isinstance(cause, psycopg.Error) else None
    return " ".join((message or str(cause)).split())[:300].rstrip(".")
