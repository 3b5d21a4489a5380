"""What stands in the way of the product, and what to do about it: looked at in turn, nothing changed.

``examine(settings) -> list[Finding]``: every part with what was found, good or bad.
"""

import contextlib
import fcntl
import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from dashboard.dataset import agreement
from dashboard.dataset.store import Damaged, Dataset, NotPublished
from dashboard.operations.retention import backups
from dashboard.operations.supervision import LOCK, start_command
from dashboard.operations.trouble import in_words
from dashboard.settings import Settings, unknown_variables

Mark = Literal["ok", "look", "bad"]

LEAST_FREE, SCARCE = 500_000_000, 2_000_000_000
"""Bytes on the disk below which it does not go on, and below which it will not for long."""

FEWEST_FILES = 4096
OLDEST_BACKUP = 2.0
"""Days after which the newest backup is old."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part; ``do`` says what helps, "" where nothing needs to be done."""

    part: str
    mark: Mark
    words: str
    do: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at every part; what cannot be looked at is a finding too."""
    parts: tuple[tuple[str, Callable[[Settings], Iterator[Finding]]], ...] = (
        ("versions", _versions), ("folder", _folder), ("disk", _disk), ("clock", _clock), ("port", _port),
        ("database", _database), ("redis", _redis), ("dataset", _dataset), ("publishers", _publishers),
        ("backups", _backups), ("settings", _settings),
    )  # fmt: skip
    findings: list[Finding] = []
    for part, look in parts:
        try:
            findings += look(settings)
        except Exception as error:
            findings.append(Finding(part, "bad", in_words(error) or f"could not be looked at ({type(error).__name__})"))
    return findings


def _versions(_: Settings) -> Iterator[Finding]:
    from importlib.metadata import version

    well = (3, 11) <= sys.version_info[:2] <= (3, 13)
    words = f"Python {platform.python_version()}, reflex {version('reflex')}, polars {version('polars')}"
    yield Finding("versions", "ok" if well else "bad", words, "" if well else "Use Python 3.11, 3.12 or 3.13.")


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir.resolve()
    if not folder.exists():
        yield Finding("folder", "look", f"{folder} does not exist yet", "The first start makes it.")
    elif not folder.is_dir():
        yield Finding("folder", "bad", f"{folder} is a file", "Move it away, or let MONITOR_DATA_DIR name a folder.")
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("folder", "bad", f"{folder} may not be written to", "Give the account of the monitor the right.")
    else:
        yield Finding("folder", "ok", str(folder))


def _disk(settings: Settings) -> Iterator[Finding]:
    place = next(path for path in (settings.data_dir.resolve(), *settings.data_dir.resolve().parents) if path.exists())
    free = shutil.disk_usage(place).free
    mark: Mark = "bad" if free < LEAST_FREE else "look" if free < SCARCE else "ok"
    yield Finding("disk", mark, f"{free / 1e9:.1f} GB are free", "" if mark == "ok" else "Make room on the disk.")


def _clock(settings: Settings) -> Iterator[Finding]:
    now = datetime.now(UTC)
    with contextlib.suppress(NotPublished):
        newest = Dataset.current(settings.dataset_dir).created_at
        if newest > now:
            words = f"It is before the newest vintage ({newest:%Y-%m-%d %H:%M})"
            yield Finding("clock", "bad", words, "Set the clock.")
            return
    yield Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC")


def _port(settings: Settings) -> Iterator[Finding]:
    lock = settings.data_dir / LOCK
    if lock.exists():
        with lock.open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                yield Finding("port", "ok", f"A server of this folder runs: {file.read()}")
                return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.port))
        except OSError as error:
            words = f"Port {settings.port} cannot be used ({error.strerror})"
            yield Finding("port", "bad", words, f"Choose another: {start_command('…', training=settings.training)}")
            return
    yield Finding("port", "ok", f"Port {settings.port} is free")


def _database(settings: Settings) -> Iterator[Finding]:
    reason = agreement.contradiction(settings)
    if reason:
        yield Finding("database", "bad", f"{reason}.")
        return
    kind = "PostgreSQL" if settings.sqlite_path is None else f"SQLite in {settings.sqlite_path}"
    path = settings.sqlite_path
    if path is not None and not path.exists():
        if settings.data_dir.is_dir() or not settings.data_dir.exists():  # of a file, the folder's finding speaks
            yield Finding("database", "look", f"{kind}, which does not exist yet", "The first start makes it.")
        return
    vintages = len(agreement.issued(settings))
    yield Finding("database", "ok", f"{kind}, {vintages} vintage{'' if vintages == 1 else 's'}")
    if path is not None and path.stat().st_mode & 0o077:
        yield Finding("database", "look", "Others may read its file", f"chmod 600 {path}")


def _redis(settings: Settings) -> Iterator[Finding]:
    if settings.redis_url is None:
        return
    import redis

    client = redis.Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=3, socket_connect_timeout=3)
    try:
        client.ping()
    except redis.RedisError as error:
        do = "Check MONITOR_REDIS_URL and that it runs: without it no page's controls work."
        yield Finding("redis", "bad", f"It cannot be used ({type(error).__name__})", do)
        return
    finally:
        client.close()
    if settings.sqlite_path is not None:
        do = "Set MONITOR_DATABASE_URL, or leave MONITOR_REDIS_URL out."
        yield Finding("redis", "look", "Several servers need PostgreSQL, too", do)
        return
    yield Finding("redis", "ok", "It answers")


def _dataset(settings: Settings) -> Iterator[Finding]:
    try:
        dataset = Dataset.current(settings.dataset_dir)
    except Damaged as error:
        yield Finding("dataset", "bad", f"{str(error).rstrip('.')}.")
        return
    except NotPublished as error:
        yield Finding("dataset", "look", str(error).rstrip("."), "The first start publishes one.")
        return
    faults = dataset.verify()
    if faults:
        words = f"{dataset.version}: {faults[0]}" + (f" and {len(faults) - 1} more" if len(faults) > 1 else "")
        yield Finding("dataset", "bad", words, "python -m dashboard dataset publish")
    else:
        yield Finding("dataset", "ok", f"{dataset.version}: {len(dataset.manifest['files'])} files, all as published")


def _publishers(settings: Settings) -> Iterator[Finding]:
    with contextlib.suppress(NotPublished):
        outcomes = Dataset.current(settings.dataset_dir).outcomes()
        failing = [outcome for outcome in outcomes if outcome["state"] == "failed"]
        if failing:
            sources = ", ".join(sorted({outcome["source"] for outcome in failing}))
            words = f"{len(failing)} series failed last, of {sources}"
            yield Finding("publishers", "look", words, "python -m dashboard dataset status says why.")
        else:
            yield Finding("publishers", "ok", "No series failed last")


def _backups(settings: Settings) -> Iterator[Finding]:
    files = backups(settings.data_dir / "backups")
    if not files:
        yield Finding("backups", "look", "There is none in the data folder", "python -m dashboard backup create")
        return
    age = (datetime.now(UTC) - files[0][0]).total_seconds() / 86_400
    mark: Mark = "look" if age > OLDEST_BACKUP else "ok"
    do = "python -m dashboard backup create, daily (deploy/systemd)" if mark == "look" else ""
    yield Finding("backups", mark, f"The newest is {age:.1f} days old", do)


def _settings(settings: Settings) -> Iterator[Finding]:
    import resource

    yield Finding("settings", "ok", f"Origin {settings.origin}")
    if settings.public_url and not settings.security_contact:
        do = "Set MONITOR_SECURITY_CONTACT (mailto:… or https://…)."
        yield Finding("settings", "look", "Nobody is named to whom a weakness is reported", do)
    if settings.public_url and settings.backup_key is None:
        yield Finding("settings", "look", "Backups are not encrypted", "Set MONITOR_BACKUP_KEY, and keep it elsewhere.")
    for name, nearest in unknown_variables().items():
        do = f"Did you mean {nearest}? See docs/operator.md." if nearest else "See docs/operator.md, or take it out."
        yield Finding("settings", "look", f"{name} is no setting and does nothing", do)
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if 0 <= files < FEWEST_FILES:
        do = f"Raise the limit: ulimit -Hn {FEWEST_FILES}"
        yield Finding("settings", "look", f"Only {files} files and connections may be open", do)
    secret = Path(".env")
    if secret.is_file() and secret.stat().st_mode & 0o077:
        yield Finding("settings", "look", "Others may read .env", "chmod 600 .env")
