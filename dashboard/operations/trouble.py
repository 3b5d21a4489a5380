"""Explain errors that an operator can do something about."""

import errno
from collections.abc import Callable
from pathlib import Path

from dashboard.evidence.codebook import CodebookError
from dashboard.evidence.database.engine import Unusable, is_disk_full
from dashboard.evidence.dataset.publication import Unpublished
from dashboard.evidence.dataset.publish import EmptyRecord
from dashboard.evidence.dataset.store import NotPublished
from dashboard.evidence.dataset.wholeness import RecordBehind
from dashboard.evidence.gathering.embedded import DamagedEmbedded
from dashboard.settings import FaultySettings

EXPLAINED_ERRORS = (
    CodebookError,
    Unusable,
    EmptyRecord,
    NotPublished,
    RecordBehind,
    DamagedEmbedded,
    FaultySettings,
    Unpublished,
)
"""Errors whose message is already a sentence for people."""

_REASONS = {
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


def explain_error(error: BaseException) -> str | None:
    """Return a sentence for an error that an operator can act on; None for a fault of the product."""
    if is_disk_full(error):
        where = f" of {error.filename}" if isinstance(error, OSError) and error.filename else ""
        return f"There is no room left on the disk{where}: free some, then try again. What was published stays."
    kind = type(error)
    if kind.__module__.startswith("sqlalchemy.") and kind.__name__ in ("ArgumentError", "NoSuchModuleError"):
        return (
            "MONITOR_DATABASE_URL cannot be read: use postgresql+psycopg://user:password@host:port/name, "
            "or leave it empty for SQLite in the data folder."
        )
    if isinstance(error, OSError) and error.filename is not None and error.errno in _REASONS:
        return f"{Path(str(error.filename))} {_REASONS[error.errno]}."
    if isinstance(error, EXPLAINED_ERRORS) or isinstance(error.__cause__, EXPLAINED_ERRORS):
        words = str(error).strip()
        return words if words.endswith((".", "!", "?")) else f"{words}."
    return None


def run_explaining_errors(work: Callable[[], object], say: Callable[[str], object]) -> int:
    """Run ``work``, explain an error through ``say``, and return the exit code: 0 or 1."""
    try:
        work()
    except Exception as error:
        words = explain_error(error)
        if words is None:
            raise
        say(words)
        return 1
    return 0
