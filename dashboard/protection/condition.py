"""What is wrong with an installation although it runs, seen from within; for ``doctor`` and ``/readyz``.

``faults(settings) -> list[Fault]``: one line each, with what to do; empty when all is well. Nothing is changed; a file
of a page is written into the data folder and removed, to know whether it can be.
"""

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dashboard.accounts import audit, mail
from dashboard.charts import converter
from dashboard.database import clock
from dashboard.database.engine import Unusable, open_engine, reading, takes_no_writes
from dashboard.dataset import agreement
from dashboard.dataset.store import Dataset, NotPublished
from dashboard.settings import Settings

SKEW = timedelta(minutes=2)
"""How far the clock may be behind what was written, or apart from that of the disk: machines differ a little."""

HELD = "drafts, surveys and raw words that became due since are not destroyed until the server has run on for a week"

PAGE = b"\0" * 4096
AGE = "AGE-SECRET-KEY-1"
BACKUP = re.compile(r"(\d{8}T\d{6})Z\.monitor-backup")


@dataclass(frozen=True, slots=True)
class ConditionFault:
    """Something that is wrong.

    ``public`` is what everybody may read: no path, no host, no words of a library.
    """

    part: str
    public: str
    words: str
    do: str


def faults(settings: Settings, *, tried: bool = False) -> list[ConditionFault]:
    """Everything that is wrong now.

    Args:
        settings: of the installation.
        tried: whether a file is read and a chart drawn to see, which takes seconds; else only where the last one of
            this process failed.
    """
    looks: tuple[Callable[[Settings], Iterator[ConditionFault]], ...] = (_record, _disk, _clock, _mail, _backups)
    found = [fault for look in looks for fault in look(settings)]
    return [*found, *_reading(settings, tried), *_charts(tried)]


def _record(settings: Settings) -> Iterator[ConditionFault]:
    with suppress(Unusable):  # that is said of the database
        if words := agreement.describe_unpublished(settings):
            do = "python -m dashboard dataset publish"
            yield ConditionFault("record", "holds more than readers are served; the log says why", words, do)


def _disk(settings: Settings) -> Iterator[ConditionFault]:
    path = settings.sqlite_path
    folders = {settings.data_dir.resolve(), *([path.parent.resolve()] if path is not None else [])}
    for folder in sorted(one for one in folders if one.is_dir()):
        try:
            with tempfile.NamedTemporaryFile(prefix=".writable-", dir=folder, buffering=0) as made:
                made.write(PAGE)
                os.fsync(made.fileno())
                apart = abs(os.fstat(made.fileno()).st_mtime - time.time())
        except OSError as error:
            words = f"{folder} cannot be written to ({error.strerror})"
            yield ConditionFault(
                "disk", "cannot be written to", words, "Make room, or give the account of the monitor the right"
            )
            continue
        if apart > SKEW.total_seconds():
            words = f"It is {apart:.0f} seconds apart from the clock of the disk {folder}"
            yield ConditionFault("clock", "differs from the clock of the disk", words, "Set the clock (timedatectl)")
    if path is not None and path.is_file() and not os.access(path, os.W_OK):
        yield ConditionFault(
            "disk", "the database cannot be written to", f"{path} may not be written to", f"chmod 600 {path}"
        )
    elif path is None:
        with (
            suppress(Exception),
            reading(open_engine(settings)) as connection,
        ):  # one that does not answer is said elsewhere
            if takes_no_writes(connection):
                words = "PostgreSQL takes no writes: it is a replica, or set to read only"
                do = "Let MONITOR_DATABASE_URL name the primary"
                yield ConditionFault("disk", "the database cannot be written to", words, do)


def _clock(settings: Settings) -> Iterator[ConditionFault]:
    now, newest, leapt = datetime.now(UTC), list[tuple[datetime, str]](), None
    with suppress(NotPublished):
        newest.append((Dataset.current(settings.dataset_dir).created_at, "vintage"))
    if settings.sqlite_path is None or settings.sqlite_path.is_file():
        with suppress(Exception):  # a database that cannot be read is said elsewhere
            if (moment := audit.newest(open_engine(settings))) is not None:
                newest.append((moment, "entry of the audit trail"))
            leapt = clock.find_leap(open_engine(settings), now)
    if leapt:
        words = f"It leapt from {leapt[0]:%Y-%m-%d %H:%M} to {leapt[1]:%Y-%m-%d %H:%M} UTC: {HELD}"
        do = "Set the clock; if it is right, python -m dashboard doctor --clock-is-right"
        yield ConditionFault("clock", "has leapt ahead: nothing that became due since is destroyed", words, do)
        return
    for moment, what in newest:
        if moment > now + SKEW:
            words = f"It says {now:%Y-%m-%d %H:%M}, before the newest {what} ({moment:%Y-%m-%d %H:%M} UTC)"
            yield ConditionFault("clock", "is behind what was written", words, "Set the clock (timedatectl)")
            return


def _mail(settings: Settings) -> Iterator[ConditionFault]:
    if mail.configured(settings) and (failed := mail.trouble(settings)):
        words = f"None was taken since {failed[0]:%Y-%m-%d %H:%M} UTC: {failed[1]}"
        yield ConditionFault(
            "mail", "is not taken by the server", words, "Check MONITOR_MAIL__…, and that the mail server runs"
        )


def _backups(settings: Settings) -> Iterator[ConditionFault]:
    if settings.backup_key and not settings.backup_identity.upper().startswith(AGE):
        words = f"MONITOR_BACKUP_KEY is no age key ({AGE}…): no backup is made"
        yield ConditionFault(
            "backups", "none is made: the key is none", words, "python -m dashboard backup key makes one"
        )
    newest = newest_backup(settings.data_dir / "backups")
    if newest is None:
        return
    age = datetime.now(UTC) - newest
    if age > timedelta(hours=settings.backup_hours):
        words = f"The newest is {age / timedelta(days=1):.1f} days old"
        yield ConditionFault(
            "backups", "the newest is old", words, "python -m dashboard backup create, daily (deploy/systemd)"
        )


def newest_backup(folder: Path) -> datetime | None:
    """The moment of the newest backup in a folder; None where there is none."""
    moments = []
    for path in folder.glob("*"):
        if named := BACKUP.fullmatch(path.name):
            with suppress(ValueError):
                moments.append(datetime.strptime(named[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC))
    return max(moments, default=None)


def _reading(settings: Settings, tried: bool) -> Iterator[ConditionFault]:
    from dashboard.submissions.reading import process  # what reads files is needed only where some are sent

    if not (tried or process.trouble()):
        return
    if reason := _not_read(settings):
        do = "Look in the log for what the sandbox said, and whether this machine has processes and memory left"
        yield ConditionFault(
            "reading", "files that are sent cannot be read", f"The process that reads files: {reason}", do
        )


def _not_read(settings: Settings) -> str:
    """Why a small file cannot be read; "" when it can."""
    import polars as pl

    from dashboard.submissions.model import ReadingBusy, UploadRefused
    from dashboard.submissions.reading import process
    from dashboard.submissions.reading.child import HISTORY

    with tempfile.TemporaryDirectory(prefix="condition-") as folder:
        file = Path(folder) / "f.csv"
        file.write_text("indicator,country,year,value\n", encoding="utf-8")
        try:
            process.read_file(
                file, file.name, country="AZE", period="2024", today=date(2025, 1, 1),
                history=pl.DataFrame(schema=HISTORY), seconds=20,
            )  # fmt: skip
        except ReadingBusy:
            return ""
        except UploadRefused as error:
            return str(error) if process.trouble() or error.code == "too_costly" else ""
        except (OSError, ValueError) as error:
            return f"it does not start ({error})"
    return ""


def _charts(tried: bool) -> Iterator[ConditionFault]:
    if not (tried or converter.is_in_trouble()):
        return
    try:
        converter.convert_to_vega('{"mark": "point", "data": {"values": []}}', "6.4")
    except (ValueError, OSError) as error:
        do = "Look in the log, and reinstall vl-convert-python where it cannot be started"
        yield ConditionFault("charts", "cannot be drawn", f"The process that draws: {error}", do)
