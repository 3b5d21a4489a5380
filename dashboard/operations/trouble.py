"""What the system says when something cannot be done, as one sentence: what, where, and what to do."""

import errno
from collections.abc import Callable
from pathlib import Path

from dashboard.codebook import CodebookError
from dashboard.database.engine import Unusable, is_disk_full
from dashboard.dataset.publication import Unpublished
from dashboard.dataset.publish import EmptyRecord
from dashboard.dataset.store import NotPublished
from dashboard.dataset.wholeness import GoesBack
from dashboard.gathering.embedded import DamagedEmbedded
from dashboard.settings import FaultySettings

EXPLAINED = (CodebookError, Unusable, EmptyRecord, NotPublished, GoesBack, DamagedEmbedded, FaultySettings, Unpublished)
"""Errors whose message is a sentence for people already."""

_WHY = {
    errno.EACCES: "is not ours to use: give the account that runs the monitor the right to it",
    errno.EPERM: "is not ours to use: give the account that runs the monitor the right to it",
    errno.EROFS: "cannot be written to: it lies on a read-only file system; let MONITOR_DATA_DIR name another folder",
    errno.ENOTDIR: "is needed as a folder, but it (or one above it) is a file: move it away",
    errno.EEXIST: "is needed as a folder, but it is a file: move it away",
    errno.EISDIR: "is needed as a file, but it is a folder",
    errno.ENOENT: "does not exist: check how it is written, or MONITOR_DATA_DIR",
    errno.EMFILE: "could not be opened: too many files are open; raise the limit (`ulimit -n 65536`)",
    errno.ENAMETOOLONG: "has a name that is too long: let MONITOR_DATA_DIR name a shorter folder",
}


def in_words(error: BaseException) -> str | None:
    """The sentence for an error that people can do something about; None for one that is a fault of the product."""
    if is_disk_full(error):
        where = f" of {error.filename}" if isinstance(error, OSError) and error.filename else ""
        return f"There is no room left on the disk{where}: free some, then try again. What was published stays."
    kind = type(error)
    if kind.__module__.startswith("sqlalchemy.") and kind.__name__ in ("ArgumentError", "NoSuchModuleError"):
        return (
            "MONITOR_DATABASE_URL cannot be read: use postgresql+psycopg://user:password@host:port/name, "
            "or leave it empty for SQLite in the data folder."
        )
    if isinstance(error, OSError) and error.filename is not None and error.errno in _WHY:
        return f"{Path(str(error.filename))} {_WHY[error.errno]}."
    if isinstance(error, EXPLAINED) or isinstance(error.__cause__, EXPLAINED):
        words = str(error).strip()
        return words if words.endswith((".", "!", "?")) else f"{words}."
    return None


def run_with_errors_in_words(work: Callable[[], object], say: Callable[[str], object]) -> int:
    """Do ``work``; say in a sentence what stood in the way. Gives the exit code: 0, or 1."""
    try:
        work()
    except Exception as error:
        words = in_words(error)
        if words is None:
            raise
        say(words)
        return 1
    return 0
