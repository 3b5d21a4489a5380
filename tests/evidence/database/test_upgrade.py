"""An installation of the last release, with rows in every table, is upgraded, and every row is there as it was.

The tables are those that the migrations of that release make, whatever the models say today; the rows are made of their
columns, so that a table nobody thought of is filled as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, inspect, select

from dashboard.evidence.database.engine import HEAD_REVISION, MIGRATIONS, create_engine_for, migrate, reading, writing
from dashboard.settings import Settings
from tests.checks import all_of

RELEASED = "0015"
"""The newest migration of the last release; moved on with each release."""

ROWS = 3
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
SAID: dict[tuple[str, str], Any] = {
    ("audit", "action"): "account.invited",  # later migrations read the trail
    ("audit", "subject"): "account {number}",
    ("account", "role"): "contributor",
    ("account", "state"): "active",
    ("submission", "approved_by"): 7,  # four eyes: not who sent it
}
"""What a later migration, or a rule of the table, looks at; ``{number}`` is that of the row."""

GONE = {"voice_access": (), "voice_count": ("endpoint",), "voice_endpoint": (), "voice_proposal": ()}
"""What migrations since that release take away on purpose: columns of a table, or the table where none are named."""

Rows = dict[str, list[dict[str, Any]]]


def to_release(connection: Connection, revision: str) -> None:
    """Make the tables as the release of this migration had them."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def fill(connection: Connection) -> Rows:
    """Rows in every table there is; gives them as they are read again."""
    there = _tables(connection)
    with _past_triggers(connection):
        for table in there.sorted_tables:
            if table.name != "alembic_version":
                connection.execute(table.insert(), [_row(table, number) for number in range(1, ROWS + 1)])
    return held(connection, there)


@contextmanager
def _past_triggers(connection: Connection) -> Iterator[None]:
    """They let nothing be added to the record but a whole vintage; they stand again afterwards, as before."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
        return
    triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all()
    assert triggers
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, words in triggers:
        connection.exec_driver_sql(words)


def held(connection: Connection, tables: MetaData) -> Rows:
    """All rows of these tables, of these columns, in the order of their key."""
    found: Rows = {}
    for table in tables.sorted_tables:
        if table.name != "alembic_version":
            order = list(table.primary_key.columns) or list(table.columns)
            found[table.name] = [dict(row) for row in connection.execute(select(table).order_by(*order)).mappings()]
    return found


def _tables(connection: Connection) -> MetaData:
    there = MetaData()
    there.reflect(connection)
    return there


def _without_gone(tables: MetaData, rows: Rows) -> tuple[MetaData, Rows]:
    """Tables and rows of the release, less what was taken away on purpose."""
    kept = MetaData()
    for table in tables.sorted_tables:
        gone = GONE.get(table.name, ())
        if gone != () or table.name not in GONE:
            columns = [sa.Column(it.name, it.type, primary_key=it.primary_key) for it in table.columns]
            sa.Table(table.name, kept, *(it for it in columns if it.name not in gone))
    left = {
        name: [{key: value for key, value in row.items() if key not in GONE.get(name, ())} for row in of]
        for name, of in rows.items()
        if name in kept.tables
    }
    return kept, left


def _row(table: Table, number: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
        if (table.name, column.name) in SAID:
            said = SAID[table.name, column.name]
            row[column.name] = said.format(number=number) if isinstance(said, str) else said
        elif column.foreign_keys:
            row[column.name] = _like(next(iter(column.foreign_keys)).column, number)
        else:
            row[column.name] = _like(column, number)
    return row


def _like(column: "sa.Column[Any]", number: int) -> Any:
    """A value of the column's type, another one for each row."""
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return number == 1
    if isinstance(kind, sa.Integer):
        return number
    if isinstance(kind, sa.Numeric | sa.Float):
        return number + 0.5
    if isinstance(kind, sa.DateTime):
        moment = MOMENT + timedelta(days=number)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return date(2026, 1, number)
    if isinstance(kind, sa.JSON):
        return {"number": number}
    if isinstance(kind, sa.LargeBinary):
        return f"{column.name} {number}".encode()
    assert isinstance(kind, sa.String), f"{column}: {kind!r} needs a value of its own here"
    text = f"{column.name} {number}"
    return text if kind.length is None else text[-kind.length :]


def test_every_row_of_the_last_release_is_there_after_an_upgrade(empty_database_url: str) -> None:
    record = create_engine_for(empty_database_url)
    with writing(record) as connection:
        to_release(connection, RELEASED)
        before = _tables(connection)
        rows = fill(connection)
    assert all_of(len(of) == ROWS for of in rows.values())
    assert len(rows) > 30
    migrate(Settings(database_url=empty_database_url))
    with reading(record) as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD_REVISION
        left = set(inspect(connection).get_table_names())
        dropped = {table for table, columns in GONE.items() if not columns}
        assert set(rows) - left == dropped, f"tables are gone: {set(rows) - left}"
        kept, rows = _without_gone(before, rows)
        assert held(connection, kept) == rows
    migrate(Settings(database_url=empty_database_url))  # and once more changes nothing
    with reading(record) as connection:
        assert held(connection, kept) == rows
    record.dispose()
