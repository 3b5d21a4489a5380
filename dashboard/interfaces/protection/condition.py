"""Find what is wrong with a running installation, for ``doctor`` and ``/readyz``.

Nothing is changed; a page is written into the data folder and removed, to know whether it can be.
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
from dashboard.analysis.charts import converter
from dashboard.evidence.database import clock
from dashboard.evidence.database.engine import Unusable, is_read_only, open_engine, reading
from dashboard.evidence.dataset import agreement
from dashboard.evidence.dataset.store import Dataset, NotPublished
from dashboard.runtime.renderer import Renderer
from dashboard.settings import Settings

MAX_SKEW = timedelta(minutes=2)
"""Largest accepted difference between clocks."""

DESTRUCTION_PAUSED = (
    "drafts, surveys and raw words that became due since are not destroyed until the server has run on for a week"
)

PROBE_BYTES = b"\0" * 4096
KEY_PREFIX = "AGE-SECRET-KEY-1"
BACKUP_NAME = re.compile(r"(\d{8}T\d{6})Z\.monitor-backup")


@dataclass(frozen=True, slots=True)
class ConditionFault:
    """A fault with its remedy; ``public`` names no path, host or library and may be shown to anybody."""

    part: str
    public: str
    words: str
    do: str


def find_faults(settings: Settings, *, is_thorough: bool = False) -> list[ConditionFault]:
    """Return everything that is wrong now.

    ``is_thorough``: read a file and draw a chart to see, which takes seconds; else only where the last attempt failed.
    """
    checks: tuple[Callable[[Settings], Iterator[ConditionFault]], ...] = (
        _check_record,
        _check_disk,
        _check_clock,
        _check_mail,
        _check_backups,
    )
    faults = [fault for check in checks for fault in check(settings)]
    return [*faults, *_check_reading(settings, is_thorough), *_check_charts(is_thorough), *_check_pages()]


def _check_record(settings: Settings) -> Iterator[ConditionFault]:
    with suppress(Unusable):  # that is said of the database
        if words := agreement.describe_unpublished(settings):
            do = "python -m dashboard dataset publish"
            yield ConditionFault("record", "holds more than readers are served; the log says why", words, do)


def _check_disk(settings: Settings) -> Iterator[ConditionFault]:
    path = settings.sqlite_path
    folders = {settings.data_dir.resolve(), *([path.parent.resolve()] if path is not None else [])}
    for folder in sorted(folder for folder in folders if folder.is_dir()):
        try:
            with tempfile.NamedTemporaryFile(prefix=".writable-", dir=folder, buffering=0) as probe:
                probe.write(PROBE_BYTES)
                os.fsync(probe.fileno())
                skew_s = abs(os.fstat(probe.fileno()).st_mtime - time.time())
        except OSError as error:
            words = f"{folder} cannot be written to ({error.strerror})"
            yield ConditionFault(
                "disk", "cannot be written to", words, "Make room, or give the account of the monitor the right"
            )
            continue
        if skew_s > MAX_SKEW.total_seconds():
            words = f"It is {skew_s:.0f} seconds apart from the clock of the disk {folder}"
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
            if is_read_only(connection):
                words = "PostgreSQL takes no writes: it is a replica, or set to read only"
                do = "Let MONITOR_DATABASE_URL name the primary"
                yield ConditionFault("disk", "the database cannot be written to", words, do)


def _check_clock(settings: Settings) -> Iterator[ConditionFault]:
    now, moments, leap = datetime.now(UTC), list[tuple[datetime, str]](), None
    with suppress(NotPublished):
        moments.append((Dataset.current(settings.dataset_dir).created_at, "vintage"))
    if settings.sqlite_path is None or settings.sqlite_path.is_file():
        with suppress(Exception):  # a database that cannot be read is said elsewhere
            if (moment := audit.find_last_moment(open_engine(settings))) is not None:
                moments.append((moment, "entry of the audit trail"))
            leap = clock.find_leap(open_engine(settings), now)
    if leap:
        words = f"It leapt from {leap[0]:%Y-%m-%d %H:%M} to {leap[1]:%Y-%m-%d %H:%M} UTC: {DESTRUCTION_PAUSED}"
        do = "Set the clock; if it is right, python -m dashboard doctor --clock-is-right"
        yield ConditionFault("clock", "has leapt ahead: nothing that became due since is destroyed", words, do)
        return
    for moment, name in moments:
        if moment > now + MAX_SKEW:
            words = f"It says {now:%Y-%m-%d %H:%M}, before the newest {name} ({moment:%Y-%m-%d %H:%M} UTC)"
            yield ConditionFault("clock", "is behind what was written", words, "Set the clock (timedatectl)")
            return


def _check_mail(settings: Settings) -> Iterator[ConditionFault]:
    if mail.is_configured(settings) and (failure := mail.read_failure(settings)):
        words = f"None was taken since {failure[0]:%Y-%m-%d %H:%M} UTC: {failure[1]}"
        yield ConditionFault(
            "mail", "is not taken by the server", words, "Check MONITOR_MAIL__…, and that the mail server runs"
        )


def _check_backups(settings: Settings) -> Iterator[ConditionFault]:
    if settings.backup_key and not settings.backup_identity.upper().startswith(KEY_PREFIX):
        words = f"MONITOR_BACKUP_KEY is no age key ({KEY_PREFIX}…): no backup is made"
        yield ConditionFault(
            "backups", "none is made: the key is none", words, "python -m dashboard backup key makes one"
        )
    newest = find_newest_backup(settings.data_dir / "backups")
    if newest is None:
        return
    age = datetime.now(UTC) - newest
    if age > timedelta(hours=settings.backup_hours):
        words = f"The newest is {age / timedelta(days=1):.1f} days old"
        yield ConditionFault(
            "backups", "the newest is old", words, "python -m dashboard backup create, daily (deploy/systemd)"
        )


def find_newest_backup(folder: Path) -> datetime | None:
    """Return the moment of the newest backup in a folder, or None."""
    moments = []
    for path in folder.glob("*"):
        if match := BACKUP_NAME.fullmatch(path.name):
            with suppress(ValueError):
                moments.append(datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC))
    return max(moments, default=None)


def _check_reading(settings: Settings, is_thorough: bool) -> Iterator[ConditionFault]:
    from dashboard.contributions.submissions.reading import (
        process,  # what reads files is needed only where some are sent
    )

    if not (is_thorough or process.trouble()):
        return
    if reason := _try_reading(settings):
        do = "Look in the log for what the sandbox said, and whether this machine has processes and memory left"
        yield ConditionFault(
            "reading", "files that are sent cannot be read", f"The process that reads files: {reason}", do
        )


def _try_reading(settings: Settings) -> str:
    """Return why a small file cannot be read; "" when it can."""
    import polars as pl

    from dashboard.contributions.submissions.model import ReadingBusy, UploadRefused
    from dashboard.contributions.submissions.reading import process
    from dashboard.contributions.submissions.reading.child import HISTORY

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


def _check_charts(is_thorough: bool) -> Iterator[ConditionFault]:
    if not (is_thorough or converter.has_failed()):
        return
    try:
        converter.convert_to_vega('{"mark": "point", "data": {"values": []}}', "6.4")
    except (ValueError, OSError) as error:
        do = "Look in the log, and reinstall vl-convert-python where it cannot be started"
        yield ConditionFault("charts", "cannot be drawn", f"The process that draws: {error}", do)


def _check_pages() -> Iterator[ConditionFault]:
    if Renderer.has_failed:
        do = (
            "Look in the log for what Node said, and whether this machine has memory left; the next page starts another"
        )
        yield ConditionFault("pages", "leave without their figures", "The process that renders pages ended", do)
