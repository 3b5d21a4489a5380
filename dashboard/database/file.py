"""The file of an SQLite record: the one module of the product that opens it, and always through SQLite.

A POSIX lock belongs to a process, not to a descriptor: when a process closes any descriptor of a file, all its locks on
that file are gone. SQLite knows, and keeps its own descriptors while locks stand on them. Whoever opens the file past
SQLite in a running server, if only to read a byte, strips it of its locks: the next command then believes itself alone,
deletes the log beside the file, and what the server writes afterwards is in no file any more.

``integrity(path)``, ``revision(path)``, ``copy(source, target)``: on connections of their own.
``hold(connection, …)``, ``lost(path)``: what this process has open, and whether that still lies on the disk.
"""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

OPEN_SECONDS = 5.0
"""How long to wait for another process that holds the file."""

BUSY_SECONDS = 30
"""How long a writer waits for another one."""

FULL = sqlite3.SQLITE_FULL
"""SQLite's own number for: there is no room on the disk."""

FAULTY_STATEMENT, NO_DATABASE = sqlite3.SQLITE_ERROR, (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""Its numbers for a statement that cannot be run, and for a file that is damaged or something else."""

LOG = "-wal"
PARTS = ("", LOG, "-shm")
"""What is added to the name of the file for itself and for what lies beside it while it is open."""

Mark = tuple[int, int]  # device and inode

_held: dict[Path, WeakKeyDictionary[object, tuple[Mark | None, Mark | None]]] = {}
"""Of each file, by connection of this process: which file and which log it has open; a dropped one has none."""
_lock = Lock()


class Unopened(Exception):
    """The file cannot be opened; the message says why."""


class _Cursor(sqlite3.Cursor):
    """Its errors are errors of the database also where their words, taken from a damaged file, are no text."""

    def execute(self, *given: Any) -> "_Cursor":
        try:
            super().execute(*given)
        except UnicodeDecodeError as error:
            raise sqlite3.DatabaseError("database disk image is malformed") from error
        return self


class Connection(sqlite3.Connection):
    """A connection whose errors can always be read."""

    def cursor(self, factory: Any = _Cursor) -> Any:
        """A cursor whose errors can always be read."""
        return super().cursor(factory)

    def execute(self, *given: Any) -> Any:
        """The same on a cursor of its own."""
        return self.cursor().execute(*given)


def check_integrity(path: Path) -> str:
    """Look through every page, without writing; "" when it is whole, else what is wrong with it.

    Raises:
        Unopened: it is no file, not ours to read, or held by another process for too long.
    """
    if not os.access(path, os.R_OK):
        raise Unopened("Permission denied" if path.exists() else "No such file or directory")
    try:
        with closing(_reader(path)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        raise Unopened(str(error)) from error
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else " ".join(found.split())[:200]


def read_revision(path: Path) -> str | None:
    """The migration it is at; None when there is no such file, it is empty, or cannot be read."""
    if not path.is_file():
        return None
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, factory=Connection)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:  # never migrated, or not a database: what follows will tell
            return None
    return str(row[0]) if row else None


def copy(source: Path, target: Path) -> None:
    """Copy it as of one moment, while others read and write."""
    with closing(_reader(source, BUSY_SECONDS)) as live, closing(sqlite3.connect(target)) as made:
        live.backup(made)


def close_log(path: Path) -> None:
    """Make it one file, whole without a log beside it; for a copy that nobody else has open."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def prepare(connection: Any) -> None:
    """Set a new connection up: a log for readers beside a writer, references that hold, no way around triggers."""
    connection.isolation_level = None  # the engine begins transactions, not the driver's guess
    _write_ahead(connection)
    connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()  # now the log is open, and stays so
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # REPLACE must not slip past the triggers on DELETE


def hold(path: Path, connection: object) -> None:
    """Note what a new connection has open; while it is open, SQLite lets nobody delete the log."""
    marks = _mark(path), _mark(_log(path))
    with _lock:
        _held.setdefault(path, WeakKeyDictionary())[connection] = marks


def forget_connection(path: Path, connection: object) -> None:
    """Forget a connection that is being closed."""
    with _lock:
        if path in _held:
            _held[path].pop(connection, None)


def find_loss(path: Path) -> str:
    """What this process has open and what no longer lies on the disk: "file", "log", or "" when all is there."""
    with _lock:
        held = set(_held[path].values()) if path in _held else set()
    if not held:
        return ""
    file, log = _mark(path), _mark(_log(path))
    if any(one != file for one, _ in held):
        return "file"
    return "log" if any(one != log for _, one in held) else ""


def _reader(path: Path, seconds: float = OPEN_SECONDS) -> Connection:
    made = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=seconds, factory=Connection)
    made.text_factory = lambda text: text.decode(errors="replace")  # names in a damaged file may be no text
    return made


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}{LOG}")


def _mark(path: Path) -> Mark | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _write_ahead(connection: Any) -> None:
    """Switch to WAL; SQLite does not wait here when another process switches at the same moment, so we do."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
