"""What stands in the way of the product, and what to do about it: looked at in turn, nothing changed.

``examine(settings) -> list[Finding]``: every part with what was found, good or bad.
"""

import contextlib
import fcntl
import json
import os
import platform
import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from dashboard.dataset import agreement
from dashboard.dataset.store import Damaged, Dataset, NotPublished
from dashboard.operations.retention import backups
from dashboard.operations.supervision import LOCK, start_command
from dashboard.operations.trouble import in_words
from dashboard.protection.condition import faults
from dashboard.settings import Settings, find_unknown_variables

Mark = Literal["ok", "look", "bad"]

LEAST_FREE, SCARCE = 500_000_000, 2_000_000_000
"""Bytes on the disk below which it does not go on, and below which it will not for long."""

ANSWERS_WITHIN = 5.0
"""Seconds that a server of this machine may take to say how it is."""

FEWEST_FILES = 4096


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found of one part; ``do`` says what helps, "" where nothing needs to be done."""

    part: str
    mark: Mark
    words: str
    do: str = ""


def examine(settings: Settings, *, tried: bool = False) -> list[Diagnosis]:
    """Look at every part; what cannot be looked at is a finding too.

    Args:
        settings: of the installation.
        tried: whether a file is read and a chart drawn, too, which takes seconds.
    """
    parts: tuple[tuple[str, Callable[[Settings], Iterator[Diagnosis]]], ...] = (
        ("versions", _versions), ("folder", _folder), ("disk", _disk), ("port", _port),
        ("database", _database), ("redis", _redis), ("dataset", _dataset), ("publishers", _publishers),
        ("backups", _backups), ("settings", _settings), ("audit", _audit),
        ("condition", lambda one: _condition(one, tried)),
    )  # fmt: skip
    findings: list[Diagnosis] = []
    for part, look in parts:
        try:
            findings += look(settings)
        except Exception as error:
            findings.append(
                Diagnosis(part, "bad", in_words(error) or f"could not be looked at ({type(error).__name__})")
            )
    return findings


def _versions(_: Settings) -> Iterator[Diagnosis]:
    from importlib.metadata import version

    well = (3, 11) <= sys.version_info[:2] <= (3, 13)
    words = f"Python {platform.python_version()}, reflex {version('reflex')}, polars {version('polars')}"
    yield Diagnosis("versions", "ok" if well else "bad", words, "" if well else "Use Python 3.11, 3.12 or 3.13.")


def _folder(settings: Settings) -> Iterator[Diagnosis]:
    folder = settings.data_dir.resolve()
    if not folder.exists():
        yield Diagnosis("folder", "look", f"{folder} does not exist yet", "The first start makes it.")
    elif not folder.is_dir():
        yield Diagnosis("folder", "bad", f"{folder} is a file", "Move it away, or let MONITOR_DATA_DIR name a folder.")
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Diagnosis(
            "folder", "bad", f"{folder} may not be written to", "Give the account of the monitor the right."
        )
    else:
        yield Diagnosis("folder", "ok", str(folder))


def _disk(settings: Settings) -> Iterator[Diagnosis]:
    place = next(path for path in (settings.data_dir.resolve(), *settings.data_dir.resolve().parents) if path.exists())
    free = shutil.disk_usage(place).free
    mark: Mark = "bad" if free < LEAST_FREE else "look" if free < SCARCE else "ok"
    yield Diagnosis("disk", mark, f"{free / 1e9:.1f} GB are free", "" if mark == "ok" else "Make room on the disk.")


def _condition(settings: Settings, tried: bool) -> Iterator[Diagnosis]:
    """What is wrong although it runs; the clock is said in any case."""
    found = faults(settings, tried=tried)
    for fault in found:
        yield Diagnosis(fault.part, "look" if fault.part in ("backups", "mail") else "bad", fault.words, f"{fault.do}.")
    if not any(fault.part == "clock" for fault in found):
        yield Diagnosis("clock", "ok", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    for part, words in (("reading", "A file was read"), ("charts", "A chart was drawn")):
        if tried and not any(fault.part == part for fault in found):
            yield Diagnosis(part, "ok", words)


def _port(settings: Settings) -> Iterator[Diagnosis]:
    lock = settings.data_dir / LOCK
    if lock.exists():
        with lock.open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                text = file.read()
                yield Diagnosis("port", "ok", f"A server of this folder runs: {text}")
                yield from _server(text)
                return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.port))
        except OSError as error:
            words = f"Port {settings.port} cannot be used ({error.strerror})"
            yield Diagnosis("port", "bad", words, f"Choose another: {start_command('…', training=settings.training)}")
            return
    yield Diagnosis("port", "ok", f"Port {settings.port} is free")


def _server(text: str) -> Iterator[Diagnosis]:
    """What the server that runs says of itself: it alone knows which files it has open."""
    try:
        port = int(json.loads(text)["port"])
    except (ValueError, KeyError, TypeError):
        return
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by way of a proxy
    try:
        with direct.open(f"http://127.0.0.1:{port}/readyz", timeout=ANSWERS_WITHIN) as reply:
            state = json.load(reply)
    except urllib.error.HTTPError as error:  # it is not ready, and says why
        state = json.load(error)
    except (OSError, ValueError):
        do = "It may still be starting; else look at its log (serve.log), and restart it."
        yield Diagnosis("server", "look", f"It does not answer at port {port} of this machine", do)
        return
    for part, words in state["checks"].items():
        if words != "ok":
            mark: Mark = "look" if state["status"] == "degraded" else "bad"
            yield Diagnosis("server", mark, f"It says of {part}: {words}", "Look at its log (serve.log).")


def _database(settings: Settings) -> Iterator[Diagnosis]:
    reason = agreement.explain_contradiction(settings)
    if reason:
        yield Diagnosis("database", "bad", f"{reason}.")
        return
    kind = "PostgreSQL" if settings.sqlite_path is None else f"SQLite in {settings.sqlite_path}"
    path = settings.sqlite_path
    if path is not None and not path.exists():
        if settings.data_dir.is_dir() or not settings.data_dir.exists():  # of a file, the folder's finding speaks
            yield Diagnosis("database", "look", f"{kind}, which does not exist yet", "The first start makes it.")
        return
    vintages = len(agreement.list_issued(settings))
    yield Diagnosis("database", "ok", f"{kind}, {vintages} vintage{'' if vintages == 1 else 's'}")
    if path is not None and path.stat().st_mode & 0o077:
        yield Diagnosis("database", "look", "Others may read its file", f"chmod 600 {path}")


def _redis(settings: Settings) -> Iterator[Diagnosis]:
    if settings.redis_url is None:
        return
    import redis

    client = redis.Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=3, socket_connect_timeout=3)
    try:
        client.ping()
    except redis.RedisError as error:
        do = "Check MONITOR_REDIS_URL and that it runs: without it no page's controls work."
        yield Diagnosis("redis", "bad", f"It cannot be used ({type(error).__name__})", do)
        return
    finally:
        client.close()
    if settings.sqlite_path is not None:
        do = "Set MONITOR_DATABASE_URL, or leave MONITOR_REDIS_URL out."
        yield Diagnosis("redis", "look", "Several servers need PostgreSQL, too", do)
        return
    yield Diagnosis("redis", "ok", "It answers")


def _dataset(settings: Settings) -> Iterator[Diagnosis]:
    try:
        dataset = Dataset.current(settings.dataset_dir)
    except Damaged as error:
        yield Diagnosis("dataset", "bad", f"{str(error).rstrip('.')}.")
        return
    except NotPublished as error:
        yield Diagnosis("dataset", "look", str(error).rstrip("."), "The first start publishes one.")
        return
    faults = dataset.verify()
    if faults:
        words = f"{dataset.version}: {faults[0]}" + (f" and {len(faults) - 1} more" if len(faults) > 1 else "")
        yield Diagnosis("dataset", "bad", words, "python -m dashboard dataset publish")
    else:
        yield Diagnosis("dataset", "ok", f"{dataset.version}: {len(dataset.manifest['files'])} files, all as published")


def _publishers(settings: Settings) -> Iterator[Diagnosis]:
    with contextlib.suppress(NotPublished):
        outcomes = Dataset.current(settings.dataset_dir).outcomes()
        failing = [outcome for outcome in outcomes if outcome["state"] == "failed"]
        if failing:
            sources = ", ".join(sorted({outcome["source"] for outcome in failing}))
            words = f"{len(failing)} series failed last, of {sources}"
            yield Diagnosis("publishers", "look", words, "python -m dashboard dataset status says why.")
        else:
            yield Diagnosis("publishers", "ok", "No series failed last")


def _backups(settings: Settings) -> Iterator[Diagnosis]:
    files = backups(settings.data_dir / "backups")
    if not files:
        yield Diagnosis("backups", "look", "There is none in the data folder", "python -m dashboard backup create")
        return
    age = datetime.now(UTC) - files[0][0]
    if age <= timedelta(hours=settings.backup_hours):  # of an old one `condition` tells
        yield Diagnosis("backups", "ok", f"The newest is {age / timedelta(days=1):.1f} days old")


def _audit(settings: Settings) -> Iterator[Diagnosis]:
    """Whether the audit trail is what was written, and holds every end of it that was published."""
    if not settings.accounts.enabled:
        return
    from dashboard.accounts import audit
    from dashboard.database.engine import open_engine

    verdict = audit.verify(open_engine(settings))
    if verdict.broken:
        do = "Compare with an export or a backup, and find out who had access to the database."
        yield Diagnosis("audit", "bad", f"The audit trail is broken: {verdict.fault}", do)
    else:
        yield Diagnosis("audit", "ok", f"{verdict.entries} entries, all as they were written")


def _settings(settings: Settings) -> Iterator[Diagnosis]:
    import resource

    yield Diagnosis("settings", "ok", f"Origin {settings.origin}")
    if settings.public_url and not settings.security_contact:
        do = "Set MONITOR_SECURITY_CONTACT (mailto:… or https://…)."
        yield Diagnosis("settings", "look", "Nobody is named to whom a weakness is reported", do)
    if settings.public_url and settings.backup_key is None:
        yield Diagnosis(
            "settings", "look", "Backups are not encrypted", "Set MONITOR_BACKUP_KEY, and keep it elsewhere."
        )
    for name, nearest in find_unknown_variables().items():
        do = f"Did you mean {nearest}? See docs/operator.md." if nearest else "See docs/operator.md, or take it out."
        yield Diagnosis("settings", "look", f"{name} is no setting and does nothing", do)
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if 0 <= files < FEWEST_FILES:
        do = f"Raise the limit: ulimit -Hn {FEWEST_FILES}"
        yield Diagnosis("settings", "look", f"Only {files} files and connections may be open", do)
    secret = Path(".env")
    if secret.is_file() and secret.stat().st_mode & 0o077:
        yield Diagnosis("settings", "look", "Others may read .env", "chmod 600 .env")
