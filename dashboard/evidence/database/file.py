"""Access to the SQLite file, which no other module may open.

Closing any descriptor of a file drops all POSIX locks of the process on it: opening the file without SQLite would let
another process delete the log while the server writes to it.
"""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

OPEN_TIMEOUT_S = 5.0
"""How long to wait for another process that holds the file."""

BUSY_TIMEOUT_S = 30
"""How long a writer waits for another one."""

DISK_FULL_CODE = sqlite3.SQLITE_FULL
"""SQLite's own number for: there is no room on the disk."""

STATEMENT_ERROR_CODE, NOT_A_DATABASE_CODES = sqlite3.SQLITE_ERROR, (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""Its numbers for a statement that cannot be run, and for a file that is damaged or something else."""

LOG_SUFFIX = "-wal"
FILE_SUFFIXES = ("", LOG_SUFFIX, "-shm")
"""What is added to the name of the file for itself and for what lies beside it while it is open."""

FileIdentity = tuple[int, int]  # device and inode

_open_files: dict[Path, WeakKeyDictionary[object, tuple[FileIdentity | None, FileIdentity | None]]] = {}
"""Of each file, by connection of this process: which file and which log it has open; a dropped one has none."""
_lock = Lock()


class CannotOpen(Exception):
    """The file cannot be opened; the message says why."""


class _Cursor(sqlite3.Cursor):
    """A cursor that raises DatabaseError also if SQLite's message, taken from a damaged file, is no text."""

    def execute(self, *args: Any) -> "_Cursor":
        try:
            super().execute(*args)
        except UnicodeDecodeError as error:
            raise sqlite3.DatabaseError("database disk image is malformed") from error
        return self


class Connection(sqlite3.Connection):
    """A connection that uses ``_Cursor``."""

    def cursor(self, factory: Any = _Cursor) -> Any:
        """Return a new cursor."""
        return super().cursor(factory)

    def execute(self, *args: Any) -> Any:
        """Execute a statement on a new cursor."""
        return self.cursor().execute(*args)


def check_integrity(path: Path) -> str:
    """Check every page without writing; return "" or a description of the damage.

    Raises:
        CannotOpen: the file is missing, unreadable, or locked by another process for too long.
    """
    if not os.access(path, os.R_OK):
        raise CannotOpen("Permission denied" if path.exists() else "No such file or directory")
    try:
        with closing(_open_read_only(path)) as connection:
            (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        raise CannotOpen(str(error)) from error
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if result == "ok" else " ".join(result.split())[:200]


def read_revision(path: Path) -> str | None:
    """Return the migration of the file, or None if it is missing, empty or unreadable."""
    if not path.is_file():
        return None
    with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, factory=Connection)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:  # never migrated, or not a database: what follows will tell
            return None
    return str(row[0]) if row else None


def copy_database(source: Path, target: Path) -> None:
    """Copy a consistent state of the database while others read and write."""
    with closing(_open_read_only(source, BUSY_TIMEOUT_S)) as live, closing(sqlite3.connect(target)) as made:
        live.backup(made)


def merge_log(path: Path) -> None:
    """Merge the log of an unused copy into the file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def configure_connection(connection: Any) -> None:
    """Configure a new connection: write-ahead log, foreign keys and recursive triggers."""
    connection.isolation_level = None  # the engine begins transactions, not the driver's guess
    _enable_write_ahead_log(connection)
    connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()  # now the log is open, and stays so
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # REPLACE must not slip past the triggers on DELETE


def remember_connection(path: Path, connection: object) -> None:
    """Remember the file and log that a new connection has open; SQLite then keeps the log."""
    marks = _identify_file(path), _identify_file(_locate_log(path))
    with _lock:
        _open_files.setdefault(path, WeakKeyDictionary())[connection] = marks


def forget_connection(path: Path, connection: object) -> None:
    """Forget a connection that is being closed."""
    with _lock:
        if path in _open_files:
            _open_files[path].pop(connection, None)


def find_loss(path: Path) -> str:
    """Return "file" or "log" if that was removed or replaced while open, else ""."""
    with _lock:
        opened = set(_open_files[path].values()) if path in _open_files else set()
    if not opened:
        return ""
    file, log = _identify_file(path), _identify_file(_locate_log(path))
    if any(opened_file != file for opened_file, _ in opened):
        return "file"
    return "log" if any(opened_log != log for _, opened_log in opened) else ""


def _open_read_only(path: Path, seconds: float = OPEN_TIMEOUT_S) -> Connection:
    made = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=seconds, factory=Connection)
    made.text_factory = lambda text: text.decode(errors="replace")  # names in a damaged file may be no text
    return made


def _locate_log(path: Path) -> Path:
    return path.with_name(f"{path.name}{LOG_SUFFIX}")


def _identify_file(path: Path) -> FileIdentity | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _enable_write_ahead_log(connection: Any) -> None:
    """Switch to WAL, retrying while another process switches: SQLite does not wait here."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
