"""Connections, transactions and migrations of the database: SQLite, or PostgreSQL by ``MONITOR_DATABASE_URL``.

SQLAlchemy is imported on first use, to start a server quickly on a current SQLite file.
"""

import errno
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.evidence.database import file
from dashboard.settings import TRAINING_MARK, Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).with_name("migrations")

HEAD_REVISION = max(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
"""The newest migration, e.g. ``"0001"``: files in ``migrations/versions`` are named ``<revision>_<subject>.py``."""

CONNECT_TIMEOUT_S = 10
"""How long to wait for a server that does not answer."""

ADVICE = "Check MONITOR_DATABASE_URL and that the server runs; for SQLite, that the file is ours and may be written"

MIGRATION_LOCK = 0x5D6  # any constant of our own: PostgreSQL's advisory locks are plain numbers

_PG_READ_ONLY, _PG_FAULTY_STATEMENT = "25006", ("22", "23", "42")
_PG_DISK_FULL = "53100"  # https://www.postgresql.org/docs/current/errcodes-appendix.html


class Unusable(Exception):
    """The database cannot be used; the message says why and what to do, without passwords."""


def is_disk_full(error: BaseException) -> bool:
    """Return True if the system, SQLite or PostgreSQL reported a full disk."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    driver = getattr(error, "orig", None)
    return getattr(driver, "sqlite_errorcode", None) == file.DISK_FULL_CODE or (
        getattr(driver, "sqlstate", None) == _PG_DISK_FULL
    )


def list_database_errors() -> tuple[type[Exception], ...]:
    """Return the exceptions a database may raise; see ``explain_unavailable`` for temporary ones."""
    from sqlalchemy.exc import SQLAlchemyError

    return Unusable, SQLAlchemyError


def explain_unavailable(error: BaseException) -> str:
    """Return why the database is unavailable for now, or "" for any other error.

    A database that is gone, full, locked, damaged, read-only or silent may answer the same request in a minute.
    """
    from sqlalchemy import exc

    if isinstance(error, Unusable | exc.TimeoutError):
        return " ".join(str(error).split())[:300]
    if not isinstance(error, exc.DBAPIError):
        return ""
    driver = error.orig
    number, state = getattr(driver, "sqlite_errorcode", None), getattr(driver, "sqlstate", None) or ""
    if number == file.STATEMENT_ERROR_CODE or state.startswith(_PG_FAULTY_STATEMENT):
        return ""
    gone = isinstance(error, exc.OperationalError | exc.InterfaceError) or error.connection_invalidated
    if not (gone or number in file.NOT_A_DATABASE_CODES or state == _PG_READ_ONLY or type(error) is exc.DatabaseError):
        return ""
    return " ".join(str(driver).split())[:300]


def open_engine(settings: Settings) -> "Engine":
    """Return the engine of the configured database, the same for each URL; it connects on first use."""
    return create_engine_for(settings.sqlalchemy_url)


@lru_cache
def create_engine_for(url: str) -> "Engine":
    """Return the engine of a ``sqlite:///…`` or ``postgresql+psycopg://…`` URL, else raise Unusable.

    Error messages omit bound parameters, so that citizens' words do not reach the log.
    """
    from sqlalchemy import create_engine, event, make_url

    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        return create_engine(
            parsed, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": CONNECT_TIMEOUT_S}
        )
    if kind != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise Unusable(
            f"MONITOR_DATABASE_URL: {parsed.render_as_string(hide_password=True)} is not supported; "
            "use postgresql+psycopg://… or leave it empty for SQLite in the data directory"
        )
    Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(
        parsed, hide_parameters=True, connect_args={"timeout": file.BUSY_TIMEOUT_S, "factory": file.Connection}
    )
    _watch_file(engine, Path(parsed.database))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def reading(engine: "Engine") -> Iterator["Connection"]:
    """Open a connection that sees a single state of the database and does not block writers."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: "Engine") -> Iterator["Connection"]:
    """Open a write transaction, committed at the end of the block and rolled back on an exception."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def migrate(settings: Settings) -> None:
    """Migrate the database to the newest version; concurrent calls wait for each other.

    Raises:
        Unusable: the database cannot be read, is newer than the product, or belongs to a training workspace while
            the settings do not, or vice versa.
    """
    _refuse_mixed_workspace(settings)
    url = settings.sqlalchemy_url
    if url.startswith("sqlite:///") and file.read_revision(Path(url.removeprefix("sqlite:///"))) == HEAD_REVISION:
        return
    from sqlalchemy.exc import DatabaseError

    database = create_engine_for(url)
    path = settings.sqlite_path
    if path is not None and not path.exists():
        with suppress(OSError):  # what follows will tell
            path.touch(mode=0o600)  # its journals take after it
    shown = database.url.render_as_string(hide_password=True)
    try:
        database.connect().close()
    except DatabaseError as error:
        reason = " ".join(str(error.orig).split()).rstrip(".?")
        raise Unusable(f"The database {shown} cannot be used: {reason}. {ADVICE}") from error
    with writing(database) as connection:
        migrate_on(connection)


def migrate_on(connection: "Connection") -> None:
    """Migrate the database to the newest version within an open write transaction.

    Raises:
        Unusable: the database is newer than the product.
    """
    from sqlalchemy import inspect, text

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    if inspect(connection).has_table("alembic_version"):
        current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if current == HEAD_REVISION:
            return
        if current is not None and current > HEAD_REVISION:
            shown = connection.engine.url.render_as_string(hide_password=True)
            raise Unusable(
                f"The database {shown} is at migration {current}, "
                f"this version of the product knows {HEAD_REVISION}: "
                "use the newer version of the product, or restore a backup made before"
            )
    _upgrade(connection)


def _refuse_mixed_workspace(settings: Settings) -> None:
    """Raise Unusable if invented and real figures would share a folder or database."""
    url = settings.sqlalchemy_url
    folders = {settings.data_dir, *([Path(url[10:]).parent] if url.startswith("sqlite:///") else [])}
    marked = [folder for folder in folders if (folder / TRAINING_MARK).is_file()]
    if marked and not settings.training:
        raise Unusable(f"{marked[0]} is a training workspace with invented figures: choose another MONITOR_DATA_DIR")
    if settings.training and len(marked) < len(folders):
        raise Unusable(
            f"{settings.data_dir} is no training workspace: make one with `python -m dashboard training`, "
            "or leave MONITOR_TRAINING out"
        )
    if settings.training and not url.startswith("sqlite:///"):
        raise Unusable("A training workspace has a database of its own: leave MONITOR_DATABASE_URL out")


def _upgrade(connection: "Connection") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _watch_file(engine: "Engine", path: Path) -> None:
    """Track the file each connection has open, and refuse to write to a file that was removed."""
    from sqlalchemy import event

    def open_connection(connection: Any, _record: object) -> None:
        file.configure_connection(connection)
        file.remember_connection(path, connection)

    def close_connection(connection: Any, _record: object) -> None:
        file.forget_connection(path, connection)

    def refuse_lost_file(connection: "Connection") -> None:
        if connection.get_execution_options().get("writes") and (reason := explain_loss(path)):
            raise Unusable(reason)

    event.listen(engine, "connect", open_connection)
    event.listen(engine, "close", close_connection)
    event.listen(engine, "begin", refuse_lost_file)
    event.listen(engine, "commit", refuse_lost_file)


def explain_loss(path: Path) -> str:
    """Return why this process can no longer write to its SQLite file, or "" if it can."""
    loss = file.find_loss(path)
    if not loss:
        return ""
    name = f"The database {path}" if loss == "file" else f"The log of the database ({path.name}{file.LOG_SUFFIX})"
    return (
        f"{name} was removed or replaced while the monitor has it open: nothing more is written, for it would be "
        "lost. Put it back as it was, or restart the monitor, which goes on with what lies there now"
    )


def _begin_sqlite(connection: "Connection") -> None:
    # A transaction that will write takes the lock at once: one that read first could no longer get it (SQLITE_BUSY).
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def ping_database(connection: "Connection") -> None:
    """Run the cheapest query; the driver raises if the database does not answer."""
    connection.exec_driver_sql("SELECT 1 FROM vintage LIMIT 1")


def is_read_only(connection: "Connection") -> bool:
    """Return True if PostgreSQL is a replica or read-only."""
    return bool(connection.exec_driver_sql("SELECT current_setting('transaction_read_only')").scalar() == "on")


def export_snapshot(connection: "Connection") -> str:
    """Return the snapshot id that lets ``pg_dump`` see this PostgreSQL transaction's state."""
    return str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())


def list_tables(settings: Settings) -> frozenset[str]:
    """Return the names of the database's tables, keeping no connection open."""
    from sqlalchemy import inspect

    engine = create_engine_for(settings.sqlalchemy_url)
    try:
        return frozenset(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def drop_tables(settings: Settings, tables: Collection[str]) -> None:
    """Drop tables and all that depends on them (PostgreSQL)."""
    engine = create_engine_for(settings.sqlalchemy_url)
    with engine.begin() as connection:
        for name in sorted(tables):
            connection.exec_driver_sql(f"DROP TABLE {engine.dialect.identifier_preparer.quote(name)} CASCADE")
    engine.dispose()
