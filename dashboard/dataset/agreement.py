"""Whether database and published dataset belong together, asked before anything is written.

``require(settings)``: quiet when they do. A missing database would otherwise be made anew, filled with the figures that
come with the product, and published over a newer dataset without a word.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.database import file
from dashboard.database.engine import ADVICE, Unusable, open_engine, reading
from dashboard.dataset import force
from dashboard.dataset.wholeness import WAYS_OUT, GoesBack, explain_going_back, read_published
from dashboard.settings import Settings

if TYPE_CHECKING:  # a record that is in order is opened without SQLAlchemy
    from sqlalchemy import Connection


def require(settings: Settings) -> None:
    """Refuse to go on where the database is damaged, or behind what is published.

    Raises:
        GoesBack: the database is gone, older, or holds other figures; the message names the commands that help.
        Unusable: it is damaged, or cannot be opened.
    """
    reason = explain_contradiction(settings)
    if reason:
        raise GoesBack(f"{reason}.")


def explain_contradiction(settings: Settings) -> str:
    """Why the database does not stand behind what is published; "" when it does, or nothing is published.

    Raises:
        Unusable: the database is damaged, or cannot be opened.
    """
    path = settings.sqlite_path
    version, _, _ = read_published(settings.dataset_dir)
    if path is not None:
        if not path.exists() or path.stat().st_size == 0:
            return f"Version {version} is published, but the database {path} is gone. {WAYS_OUT}" if version else ""
        _refuse_damaged(path, bool(version))
    return explain_behind(settings) if version else ""


def explain_behind(settings: Settings) -> str:
    """Why publishing the record would take back what is published; "" when it would not.

    What is published between the look at the record and that at the dataset looks as if the record were behind: it is
    asked once more.

    Raises:
        Unusable: the database cannot be opened or read.
    """
    folder = settings.dataset_dir
    return explain_going_back(folder, list_issued(settings)) and explain_going_back(folder, list_issued(settings))


def describe_unpublished(settings: Settings) -> str:
    """What the record holds that readers are not served; "" where nothing is, and while it is being published.

    The other way round, published figures that the record does not hold, is told by ``explain_contradiction``.

    Raises:
        Unusable: the database cannot be opened or read.
    """
    path = settings.sqlite_path
    if path is not None and not path.is_file():
        return ""
    newest = max((number for number, _ in list_issued(settings)), default=0)
    version, vintage, _ = read_published(settings.dataset_dir)
    if newest <= vintage or force.is_publishing(settings.dataset_dir):
        return ""
    return f"The record ends with vintage {newest}, readers are served {version or 'nothing'}"


def list_issued(settings: Settings) -> list[tuple[int, str]]:
    """Number and digest of each vintage of the record; none where it has no tables yet.

    Raises:
        Unusable: the database cannot be opened or read.
    """
    from sqlalchemy.exc import DBAPIError, OperationalError

    try:
        with reading(open_engine(settings)) as connection:
            return list_issued_on(connection)
    except (DBAPIError, OperationalError) as error:
        reason = " ".join(str(error.orig).split()).rstrip(".?")
        raise Unusable(f"The database cannot be read: {reason}. {ADVICE}") from error


def list_issued_on(connection: "Connection") -> list[tuple[int, str]]:
    """The same, as this connection sees the record."""
    from sqlalchemy import inspect

    from dashboard.database import vintages

    if not inspect(connection).has_table("vintage"):
        return []
    return [(vintage.number, vintage.digest) for vintage in vintages.list_vintages_on(connection)]


def _refuse_damaged(path: Path, is_published: bool) -> None:
    """Look through every page of an SQLite file, without writing to it."""
    try:
        found = file.check_integrity(path)
    except file.Unopened as error:
        raise Unusable(f"The database {path} cannot be opened ({error}). {ADVICE}.") from error
    if found:
        advice = WAYS_OUT if is_published else "Move it away to begin anew, or restore a backup"
        raise Unusable(f"The database {path} is damaged ({found}). {advice}.")
