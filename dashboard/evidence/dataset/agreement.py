"""Check that database and published dataset match before anything is written.

A missing database would otherwise be recreated and its embedded figures published over a newer dataset.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.evidence.database import file
from dashboard.evidence.database.engine import ADVICE, Unusable, open_engine, reading
from dashboard.evidence.dataset import force
from dashboard.evidence.dataset.wholeness import RECOVERY_ADVICE, RecordBehind, explain_going_back, read_published
from dashboard.settings import Settings

if TYPE_CHECKING:  # a record that is in order is opened without SQLAlchemy
    from sqlalchemy import Connection


def require_agreement(settings: Settings) -> None:
    """Raise RecordBehind or Unusable if the database is damaged or behind the published dataset."""
    if reason := explain_contradiction(settings):
        raise RecordBehind(f"{reason}.")


def explain_contradiction(settings: Settings) -> str:
    """Return why the database does not match the published dataset, or "".

    Raises:
        Unusable: the database is damaged or cannot be opened.
    """
    path = settings.sqlite_path
    version, _, _ = read_published(settings.dataset_dir)
    if path is not None:
        if not path.exists() or path.stat().st_size == 0:
            return (
                f"Version {version} is published, but the database {path} is gone. {RECOVERY_ADVICE}" if version else ""
            )
        _refuse_damaged(path, bool(version))
    return explain_record_behind(settings) if version else ""


def explain_record_behind(settings: Settings) -> str:
    """Return why publishing the record would take back published figures, or "".

    A publication between reading record and dataset looks the same, so a contradiction is checked twice.
    """
    folder = settings.dataset_dir
    return explain_going_back(folder, list_digests(settings)) and explain_going_back(folder, list_digests(settings))


def describe_unpublished(settings: Settings) -> str:
    """Describe what the record holds that is not published; "" if nothing, or while publishing."""
    path = settings.sqlite_path
    if path is not None and not path.is_file():
        return ""
    newest = max((number for number, _ in list_digests(settings)), default=0)
    version, vintage, _ = read_published(settings.dataset_dir)
    if newest <= vintage or force.is_publishing(settings.dataset_dir):
        return ""
    return f"The record ends with vintage {newest}, readers are served {version or 'nothing'}"


def list_digests(settings: Settings) -> list[tuple[int, str]]:
    """Return number and digest of each vintage; empty if there are no tables yet.

    Raises:
        Unusable: the database cannot be opened or read.
    """
    from sqlalchemy.exc import DBAPIError, OperationalError

    try:
        with reading(open_engine(settings)) as connection:
            return list_digests_on(connection)
    except (DBAPIError, OperationalError) as error:
        reason = " ".join(str(error.orig).split()).rstrip(".?")
        raise Unusable(f"The database cannot be read: {reason}. {ADVICE}") from error


def list_digests_on(connection: "Connection") -> list[tuple[int, str]]:
    """Return number and digest of each vintage within an open transaction."""
    from sqlalchemy import inspect

    from dashboard.evidence.database import vintages

    if not inspect(connection).has_table("vintage"):
        return []
    return vintages.list_digests_on(connection)


def _refuse_damaged(path: Path, is_published: bool) -> None:
    """Raise Unusable if the SQLite file is damaged; nothing is written to it."""
    try:
        damage = file.check_integrity(path)
    except file.CannotOpen as error:
        raise Unusable(f"The database {path} cannot be opened ({error}). {ADVICE}.") from error
    if damage:
        advice = RECOVERY_ADVICE if is_published else "Move it away to begin anew, or restore a backup"
        raise Unusable(f"The database {path} is damaged ({damage}). {advice}.")
