"""Diagnose an installation: examine every part without changing anything."""

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

from dashboard.evidence.dataset import agreement
from dashboard.evidence.dataset.store import Damaged, Dataset, NotPublished
from dashboard.interfaces.protection.condition import find_faults
from dashboard.operations.retention import list_backups
from dashboard.operations.supervision import LOCK, format_start_command
from dashboard.operations.trouble import explain_error
from dashboard.settings import Settings, find_unknown_variables

Mark = Literal["ok", "look", "bad"]

MIN_FREE_BYTES, SCARCE_BYTES = 500_000_000, 2_000_000_000
"""Bytes on the disk below which it does not go on, and below which it will not for long."""

ANSWER_TIMEOUT_S = 5.0
"""Time that a server of this machine has to report its state."""

MIN_OPEN_FILES = 4096


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The finding on a part; ``do`` is the remedy, "" where none is needed."""

    part: str
    mark: Mark
    words: str
    do: str = ""


def examine(settings: Settings, *, tried: bool = False) -> list[Diagnosis]:
    """Examine every part; a part that cannot be examined is a finding too.

    ``tried``: also read a file and draw a chart, which takes seconds.
    """
    parts: tuple[tuple[str, Callable[[Settings], Iterator[Diagnosis]]], ...] = (
        ("versions", _check_versions), ("folder", _check_folder), ("disk", _check_disk), ("port", _check_port),
        ("database", _check_database), ("redis", _check_redis), ("dataset", _check_dataset),
        ("publishers", _check_publishers), ("editions", _check_editions),
        ("backups", _check_backups), ("settings", _check_settings), ("audit", _check_audit), ("voice", _check_voice),
        ("condition", lambda configured: _check_condition(configured, tried)),
    )  # fmt: skip
    diagnoses: list[Diagnosis] = []
    for part, check in parts:
        try:
            diagnoses += check(settings)
        except Exception as error:
            diagnoses.append(
                Diagnosis(part, "bad", explain_error(error) or f"could not be looked at ({type(error).__name__})")
            )
    return diagnoses


def _check_versions(_: Settings) -> Iterator[Diagnosis]:
    from importlib.metadata import version

    well = (3, 11) <= sys.version_info[:2] <= (3, 13)
    words = f"Python {platform.python_version()}, reflex {version('reflex')}, polars {version('polars')}"
    yield Diagnosis("versions", "ok" if well else "bad", words, "" if well else "Use Python 3.11, 3.12 or 3.13.")


def _check_folder(settings: Settings) -> Iterator[Diagnosis]:
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


def _check_disk(settings: Settings) -> Iterator[Diagnosis]:
    place = next(path for path in (settings.data_dir.resolve(), *settings.data_dir.resolve().parents) if path.exists())
    free = shutil.disk_usage(place).free
    mark: Mark = "bad" if free < MIN_FREE_BYTES else "look" if free < SCARCE_BYTES else "ok"
    yield Diagnosis("disk", mark, f"{free / 1e9:.1f} GB are free", "" if mark == "ok" else "Make room on the disk.")


def _check_condition(settings: Settings, tried: bool) -> Iterator[Diagnosis]:
    """Yield the faults of the running installation; the clock is reported in any case."""
    found = find_faults(settings, is_thorough=tried)
    for fault in found:
        yield Diagnosis(fault.part, "look" if fault.part in ("backups", "mail") else "bad", fault.words, f"{fault.do}.")
    if not any(fault.part == "clock" for fault in found):
        yield Diagnosis("clock", "ok", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    for part, words in (("reading", "A file was read"), ("charts", "A chart was drawn")):
        if tried and not any(fault.part == part for fault in found):
            yield Diagnosis(part, "ok", words)


def _check_port(settings: Settings) -> Iterator[Diagnosis]:
    lock = settings.data_dir / LOCK
    if lock.exists():
        with lock.open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                text = file.read()
                yield Diagnosis("port", "ok", f"A server of this folder runs: {text}")
                yield from _check_server(text)
                return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.port))
        except OSError as error:
            words = f"Port {settings.port} cannot be used ({error.strerror})"
            yield Diagnosis(
                "port", "bad", words, f"Choose another: {format_start_command('…', training=settings.training)}"
            )
            return
    yield Diagnosis("port", "ok", f"Port {settings.port} is free")


def _check_server(text: str) -> Iterator[Diagnosis]:
    """Yield what the running server reports: it alone knows which files it has open."""
    try:
        port = int(json.loads(text)["port"])
    except (ValueError, KeyError, TypeError):
        return
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by way of a proxy
    try:
        with direct.open(f"http://127.0.0.1:{port}/readyz", timeout=ANSWER_TIMEOUT_S) as reply:
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


def _check_database(settings: Settings) -> Iterator[Diagnosis]:
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
    vintages = len(agreement.list_digests(settings))
    yield Diagnosis("database", "ok", f"{kind}, {vintages} vintage{'' if vintages == 1 else 's'}")
    if path is not None and path.stat().st_mode & 0o077:
        yield Diagnosis("database", "look", "Others may read its file", f"chmod 600 {path}")


def _check_redis(settings: Settings) -> Iterator[Diagnosis]:
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


def _check_dataset(settings: Settings) -> Iterator[Diagnosis]:
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


def _check_publishers(settings: Settings) -> Iterator[Diagnosis]:
    with contextlib.suppress(NotPublished):
        outcomes = Dataset.current(settings.dataset_dir).outcomes()
        failing = [outcome for outcome in outcomes if outcome["state"] == "failed"]
        if failing:
            sources = ", ".join(sorted({outcome["source"] for outcome in failing}))
            words = f"{len(failing)} series failed last, of {sources}"
            yield Diagnosis("publishers", "look", words, "python -m dashboard dataset status says why.")
        else:
            yield Diagnosis("publishers", "ok", "No series failed last")


def _check_editions(_: Settings) -> Iterator[Diagnosis]:
    """Yield known published editions that are not held."""
    from dashboard.answers.base.context import open_context
    from dashboard.answers.freshness.editions import describe_newer, list_editions
    from dashboard.answers.wording.publishers import list_publishers

    with contextlib.suppress(NotPublished):
        ctx = open_context()
        for edition in (
            edition for source in list_publishers() for edition in list_editions(ctx, source) if edition.is_behind
        ):
            do = f"python -m dashboard gather --source {edition.source}"
            yield Diagnosis("editions", "look", describe_newer(ctx, edition).rstrip("."), do)


def _check_backups(settings: Settings) -> Iterator[Diagnosis]:
    files = list_backups(settings.data_dir / "backups")
    if not files:
        yield Diagnosis("backups", "look", "There is none in the data folder", "python -m dashboard backup create")
        return
    age = datetime.now(UTC) - files[0][0]
    if age <= timedelta(hours=settings.backup_hours):  # of an old one `condition` tells
        yield Diagnosis("backups", "ok", f"The newest is {age / timedelta(days=1):.1f} days old")


def _check_audit(settings: Settings) -> Iterator[Diagnosis]:
    """Verify the audit trail and its published heads."""
    if not settings.accounts.enabled:
        return
    from dashboard.accounts import audit
    from dashboard.evidence.database.engine import open_engine

    verdict = audit.verify(open_engine(settings))
    if verdict.broken:
        do = "Compare with an export or a backup, and find out who had access to the database."
        yield Diagnosis("audit", "bad", f"The audit trail is broken: {verdict.fault}", do)
    else:
        yield Diagnosis("audit", "ok", f"{verdict.entries} entries, all as they were written")


def _check_voice(settings: Settings) -> Iterator[Diagnosis]:
    """Compare the keys of the settings with those that sealed words of citizens."""
    if not settings.voice.keys:
        return
    from dashboard.contributions.voice.inbox import keyring
    from dashboard.contributions.voice.store import count_sealed
    from dashboard.evidence.database.engine import open_engine

    keys = keyring(settings)
    lost = {name: count for name, count in count_sealed(open_engine(settings)).items() if name not in keys.names}
    for name, count in lost.items():
        words = f"Key {name} sealed {count:,} {'text' if count == 1 else 'texts'}, and is not set"
        yield Diagnosis(
            "voice", "bad", words, "Put it back into MONITOR_VOICE__KEYS, or run voice rotate where it was renamed."
        )
    if not lost:
        yield Diagnosis("voice", "ok", f"Key {keys.current} seals; every sealed word has its key")


def _check_settings(settings: Settings) -> Iterator[Diagnosis]:
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
    if 0 <= files < MIN_OPEN_FILES:
        do = f"Raise the limit: ulimit -Hn {MIN_OPEN_FILES}"
        yield Diagnosis("settings", "look", f"Only {files} files and connections may be open", do)
    secret = Path(".env")
    if secret.is_file() and secret.stat().st_mode & 0o077:
        yield Diagnosis("settings", "look", "Others may read .env", "chmod 600 .env")
