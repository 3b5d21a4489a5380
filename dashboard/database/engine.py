"""The database in effect: SQLite by default, PostgreSQL by ``MONITOR_DATABASE_URL``.

``engine(settings) -> Engine``: lazily made, one per URL and process.
``migrate(settings)``: bring the tables up to date; safe when several processes do it at once.
``reading(engine)``, ``writing(engine)``: a connection in one transaction, committed at the end or rolled back.

SQLAlchemy is imported when first used: a server that starts on a current SQLite file needs none of it to know so.
"""

import errno
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.database import file
from dashboard.settings import TRAINING_MARK, Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).with_name("migrations")

HEAD = max(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
"""The newest migration, e.g. ``"0001"``: files in ``migrations/versions`` are named ``<revision>_<subject>.py``."""

CONNECT_SECONDS = 10
"""How long to wait for a server that does not answer."""

ADVICE = "Check MONITOR_DATABASE_URL and that the server runs; for SQLite, that the file is ours and may be written"

MIGRATION_LOCK = 0x5D6  # any constant of our own: PostgreSQL's advisory locks are plain numbers


_PG_READ_ONLY, _PG_FAULTY_STATEMENT = "25006", ("22", "23", "42")
_PG_DISK_FULL = "53100"  # https://www.postgresql.org/docs/current/errcodes-appendix.html


class Unusable(Exception):
    """The database cannot be used; the message says which, why, and what to do. It never shows a password."""


def is_disk_full(error: BaseException) -> bool:
    """True when there was no room on a disk: said by the system, by SQLite or by PostgreSQL."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    driver = getattr(error, "orig", None)
    return getattr(driver, "sqlite_errorcode", None) == file.FULL or (
        getattr(driver, "sqlstate", None) == _PG_DISK_FULL
    )


def list_failures() -> tuple[type[Exception], ...]:
    """The kinds of error that a database may end a request with; ``explain_unavailable`` tells which pass."""
    from sqlalchemy.exc import SQLAlchemyError

    return Unusable, SQLAlchemyError


def explain_unavailable(error: BaseException) -> str:
    """Why the database cannot be used just now, for the log; "" for another error, such as a fault of a statement.

    It is gone, full, locked, damaged, read-only or does not answer: the same request may succeed in a minute.
    """
    from sqlalchemy import exc

    if isinstance(error, Unusable | exc.TimeoutError):
        return " ".join(str(error).split())[:300]
    if not isinstance(error, exc.DBAPIError):
        return ""
    driver = error.orig
    number, state = getattr(driver, "sqlite_errorcode", None), getattr(driver, "sqlstate", None) or ""
    if number == file.FAULTY_STATEMENT or state.startswith(_PG_FAULTY_STATEMENT):
        return ""
    gone = isinstance(error, exc.OperationalError | exc.InterfaceError) or error.connection_invalidated
    if not (gone or number in file.NO_DATABASE or state == _PG_READ_ONLY or type(error) is exc.DatabaseError):
        return ""
    return " ".join(str(driver).split())[:300]


def open_engine(settings: Settings) -> "Engine":
    """The engine of the database in effect; the same object for the same URL. Connects on first use only."""
    return create_engine_for(settings.sqlalchemy_url)


@lru_cache
def create_engine_for(url: str) -> "Engine":
    """The engine of a SQLAlchemy URL (``sqlite:///…`` or ``postgresql+psycopg://…``).

    Its errors do not say what was bound: a citizen's words would stand in the log.

    Raises:
        Unusable: another kind of database.
    """
    from sqlalchemy import create_engine, event, make_url

    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        return create_engine(
            parsed, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": CONNECT_SECONDS}
        )
    if kind != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise Unusable(
            f"MONITOR_DATABASE_URL: {parsed.render_as_string(hide_password=True)} is not supported; "
            "use postgresql+psycopg://… or leave it empty for SQLite in the data directory"
        )
    Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = create_engine(
        parsed, hide_parameters=True, connect_args={"timeout": file.BUSY_SECONDS, "factory": file.Connection}
    )
    _own(made, Path(parsed.database))
    event.listen(made, "begin", _begin_sqlite)
    return made


@contextmanager
def reading(engine: "Engine") -> Iterator["Connection"]:
    """A connection that sees one state of the record throughout, without stopping a writer."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: "Engine") -> Iterator["Connection"]:
    """A connection in one write transaction: committed when the block ends, rolled back when it raises."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def migrate(settings: Settings) -> None:
    """Bring the database to the newest migration. Does nothing, quickly, when it is there already.

    Processes that migrate at once wait for each other: one does it, the others find it done.

    Raises:
        Unusable: the database cannot be reached or read, belongs to a newer version of the product, or is a training
            workspace's although the settings are not, or the other way round.
    """
    _refuse_mixed(settings)
    url = settings.sqlalchemy_url
    if url.startswith("sqlite:///") and file.read_revision(Path(url.removeprefix("sqlite:///"))) == HEAD:
        return
    from sqlalchemy import inspect, text
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
        if database.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        if inspect(connection).has_table("alembic_version"):
            current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if current == HEAD:
                return
            if current is not None and current > HEAD:
                raise Unusable(
                    f"The database {shown} is at migration {current}, this version of the product knows {HEAD}: "
                    "use the newer version of the product, or restore a backup made before"
                )
        _upgrade(connection)


def _refuse_mixed(settings: Settings) -> None:
    """Invented figures and real ones share no folder and no database."""
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


def _own(made: "Engine", path: Path) -> None:
    """Know of every connection which file it has open, and write nothing that would be in no file any more."""
    from sqlalchemy import event

    def opened(connection: Any, _record: object) -> None:
        file.prepare(connection)
        file.hold(path, connection)

    def closed(connection: Any, _record: object) -> None:
        file.forget_connection(path, connection)

    def refuse_lost(connection: "Connection") -> None:
        if connection.get_execution_options().get("writes") and (words := explain_loss(path)):
            raise Unusable(words)

    event.listen(made, "connect", opened)
    event.listen(made, "close", closed)
    event.listen(made, "begin", refuse_lost)
    event.listen(made, "commit", refuse_lost)


def explain_loss(path: Path) -> str:
    """Why this process can no longer write to its SQLite file, and what to do; "" when it can."""
    gone = file.find_loss(path)
    if not gone:
        return ""
    what = f"The database {path}" if gone == "file" else f"The log of the database ({path.name}{file.LOG})"
    return (
        f"{what} was removed or replaced while the monitor has it open: nothing more is written, for it would be "
        "lost. Put it back as it was, or restart the monitor, which goes on with what lies there now"
    )


def _begin_sqlite(connection: "Connection") -> None:
    # A transaction that will write takes the lock at once: one that read first could no longer get it (SQLITE_BUSY).
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def answer_of(connection: "Connection") -> None:
    """Ask the record the least there is to ask; whatever the driver raises when it cannot answer."""
    connection.exec_driver_sql("SELECT 1 FROM vintage LIMIT 1")


def takes_no_writes(connection: "Connection") -> bool:
    """Whether PostgreSQL is a replica, or set to read only."""
    return bool(connection.exec_driver_sql("SELECT current_setting('transaction_read_only')").scalar() == "on")


def exported_snapshot(connection: "Connection") -> str:
    """The name under which ``pg_dump`` sees what this transaction of PostgreSQL sees, as long as it lasts."""
    return str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())


def list_tables(settings: Settings) -> frozenset[str]:
    """The tables that the database holds now; no connection to it is kept, which could hold what is to be replaced."""
    from sqlalchemy import inspect

    used = create_engine_for(settings.sqlalchemy_url)
    try:
        return frozenset(inspect(used).get_table_names())
    finally:
        used.dispose()


def drop(settings: Settings, tables: Collection[str]) -> None:
    """Drop tables with what depends on them (PostgreSQL)."""
    used = create_engine_for(settings.sqlalchemy_url)
    with used.begin() as connection:
        for name in sorted(tables):
            connection.exec_driver_sql(f"DROP TABLE {used.dialect.identifier_preparer.quote(name)} CASCADE")
    used.dispose()
