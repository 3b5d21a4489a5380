"""A backup is whole or refused, and what is restored from it has the digests it was made of, on either engine."""

import errno
import hashlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from dashboard.contributions.submissions import inbox
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import HEAD_REVISION, create_engine_for, open_engine
from dashboard.evidence.dataset import agreement
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Dataset
from dashboard.operations import backup
from dashboard.operations.archive import (
    FORMER_MAGIC,
    BadArchive,
    is_encrypted,
    make_key,
    open_for_reading,
    open_for_writing,
)
from dashboard.operations.backup import SUFFIX, NotRestored
from dashboard.operations.retention import RetentionRule, list_backups, prune
from dashboard.operations.supervision import hold_folder
from dashboard.settings import AccountSettings, Settings
from tests.evidence.database.figures import figure, figures, issue
from tests.operations.keys import KEY

needs_client = pytest.mark.needs("pg_dump", "pg_restore")


@pytest.fixture
def filled(record: Engine, monitor_settings: Settings) -> Settings:
    """Two vintages, published, with a raw reply."""
    first = figures(figure(60.0), figure(70.0, country="GEO"))
    issue(record, first)
    publish(record, monitor_settings.dataset_dir)
    issue(record, figures(figure(61.5)), first.filter(country="AZE")["id"])
    publish(record, monitor_settings.dataset_dir)
    raw = monitor_settings.raw_dir / "ab" / "abcd.gz"
    raw.parent.mkdir(parents=True)
    raw.write_bytes(b"a reply")
    for name in SENT:
        (inbox.folder(monitor_settings) / name).parent.mkdir(exist_ok=True)
        (inbox.folder(monitor_settings) / name).write_bytes(name.encode())
    return monitor_settings


SENT = (f"files/{'a' * 64}", f"sealed/{'b' * 32}", "incoming/cut-short.part")


def _lose(settings: Settings) -> None:
    """Everything is gone."""
    if settings.sqlite_path is not None:
        create_engine_for(settings.sqlalchemy_url).dispose()
        shutil.rmtree(settings.sqlite_path.parent)
    else:
        with (
            create_engine_for(settings.sqlalchemy_url)
            .connect()
            .execution_options(isolation_level="AUTOCOMMIT") as connection
        ):
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    shutil.rmtree(settings.data_dir)


@needs_client
@pytest.mark.parametrize("key", ["", KEY])
def test_the_drill_of_the_guide(filled: Settings, tmp_path: Path, key: str) -> None:
    """Back up, lose everything, restore: the same digests, rows and files."""
    settings = filled.model_copy(update={"backup_key": SecretStr(key) if key else None})
    before = agreement.list_digests(settings)
    dataset = Dataset.current(settings.dataset_dir)
    version, rows = dataset.version, dataset.ever().collect()
    path, _ = backup.create(settings, tmp_path / "safe")
    assert is_encrypted(path) is bool(key)
    assert path.stat().st_mode & 0o777 == 0o600
    contents = backup.verify(path, key)
    assert (contents.version, list(contents.vintages)) == (version, before)
    _lose(settings)
    assert backup.restore(settings, path).vintages == tuple(before)
    assert agreement.list_digests(settings) == before
    agreement.require_agreement(settings)
    again = Dataset.current(settings.dataset_dir)
    assert (again.version, again.verify()) == (version, [])
    assert again.ever().collect().equals(rows)
    assert (settings.raw_dir / "ab" / "abcd.gz").read_bytes() == b"a reply"
    for name in SENT[:2]:
        assert (settings.submissions_dir / name).read_bytes() == name.encode()
    assert settings.submissions_dir.stat().st_mode & 0o777 == 0o700
    assert f"submissions/{SENT[2]}" not in contents.files
    issue(open_engine(settings), figures(figure(5.0, indicator="bribery")))  # the record goes on from there


@needs_client
def test_files_that_versions_share_are_whole(record: Engine, monitor_settings: Settings, tmp_path: Path) -> None:
    """A second publication links to the files of indicators that have not changed."""
    first = figures(figure(60.0), figure(12.0, indicator="bribery"))
    issue(record, first)
    publish(record, monitor_settings.dataset_dir)
    issue(record, figures(figure(61.5)), first.filter(indicator="trust")["id"])
    publish(record, monitor_settings.dataset_dir)
    shared = list(monitor_settings.dataset_dir.glob("versions/*/observations/bribery.parquet"))
    assert len(shared) == 2
    assert shared[0].samefile(shared[1])
    contents = {path.relative_to(monitor_settings.data_dir): path.read_bytes() for path in shared}
    before = agreement.list_digests(monitor_settings)
    rows = Dataset.current(monitor_settings.dataset_dir).ever().collect()
    path, made = backup.create(monitor_settings, tmp_path / "safe")
    assert backup.verify(path) == made
    _lose(monitor_settings)
    assert backup.restore(monitor_settings, path).vintages == tuple(before)
    agreement.require_agreement(monitor_settings)
    assert {name: (monitor_settings.data_dir / name).read_bytes() for name in contents} == contents
    again = Dataset.current(monitor_settings.dataset_dir)
    assert again.verify() == []
    assert again.ever().collect().equals(rows)


@needs_client
def test_a_backup_whose_digests_differ_costs_nothing_that_is_there(
    filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = backup.create(filled, tmp_path / "safe")
    record = open_engine(filled)
    issue(record, figures(figure(62.5, indicator="bribery")))
    publish(record, filled.dataset_dir)
    good, version = agreement.list_digests(filled), Dataset.current(filled.dataset_dir).version
    read = backup._read_through

    def other(*given: Any) -> backup.Contents:
        return replace(read(*given), vintages=((1, "0" * 64),))

    monkeypatch.setattr(backup, "_read_through", other)
    with record.begin() as connection:  # what the backup knows nothing of
        connection.exec_driver_sql("CREATE TABLE younger (id INTEGER)")
    with pytest.raises(NotRestored, match="digests"):
        backup.restore(filled, path, replace=True)
    assert agreement.list_digests(filled) == good
    with record.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM younger").scalar_one() == 0
    assert Dataset.current(filled.dataset_dir).version == version
    agreement.require_agreement(filled)
    assert list(filled.data_dir.glob("aside-*")) == []
    issue(
        open_engine(filled), figures(figure(5.0, indicator="bribery", country="GEO"))
    )  # the record goes on from there


@needs_client
def test_a_backup_of_a_newer_version_costs_nothing_that_is_there(filled: Settings, tmp_path: Path) -> None:
    def say_version(version: str) -> None:
        with open_engine(filled).begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")

    say_version("9999")
    path, _ = backup.create(filled, tmp_path / "safe")
    say_version(HEAD_REVISION)
    issue(open_engine(filled), figures(figure(62.5, indicator="bribery")))
    publish(open_engine(filled), filled.dataset_dir)
    good = agreement.list_digests(filled)
    with pytest.raises(NotRestored, match="at migration 9999, this version of the product knows"):
        backup.restore(filled, path, replace=True)
    assert agreement.list_digests(filled) == good
    assert list(filled.data_dir.glob("aside-*")) == []
    agreement.require_agreement(filled)


@needs_client
def test_a_backup_that_cannot_be_proven_or_loaded_costs_nothing_either(
    filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = backup.create(filled, tmp_path / "safe")
    issue(open_engine(filled), figures(figure(62.5, indicator="bribery")))
    good, postgres = agreement.list_digests(filled), backup._run_postgres

    def unreadable(*_: Any) -> None:
        raise LookupError("a table that the proof reads is not in the dump")

    with monkeypatch.context() as patched:
        patched.setattr(backup, "_refuse_other", unreadable)
        with pytest.raises(LookupError):
            backup.restore(filled, path, replace=True)
    assert agreement.list_digests(filled) == good
    if filled.sqlite_path is None:

        def broken(settings: Settings, program: str, *arguments: str) -> None:
            postgres(settings, program, *arguments, *(["--no-such-option"] if program == "pg_restore" else []))

        monkeypatch.setattr(backup, "_run_postgres", broken)
        with pytest.raises(NotRestored, match="pg_restore did not succeed"):
            backup.restore(filled, path, replace=True)
        assert agreement.list_digests(filled) == good
    assert list(filled.data_dir.glob("aside-*")) == []


@needs_client
def test_what_is_replaced_lies_aside(filled: Settings, tmp_path: Path) -> None:
    path, _ = backup.create(filled, tmp_path / "safe")
    issue(open_engine(filled), figures(figure(62.5, indicator="bribery")))
    backup.restore(filled, path, replace=True)
    (aside,) = filled.data_dir.glob("aside-*")
    held = aside / (backup.FORMER_DUMP if filled.sqlite_path is None else filled.sqlite_path.name)
    assert held.is_file()
    assert held.stat().st_mode & 0o077 == 0


@needs_client
def test_it_is_consistent_while_figures_are_written_and_published(filled: Settings, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        value = 100.0
        while not done.is_set():
            value += 1
            old = vintages.read_current_rows(open_engine(filled), "trust", "un_sdg").filter(country="AZE")["id"]
            issue(open_engine(filled), figures(figure(value)), old)
            publish(open_engine(filled), filled.dataset_dir)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        paths = [backup.create(filled, tmp_path / f"safe{number}")[0] for number in range(3)]
    finally:
        done.set()
        writer.join()
    for number, path in enumerate(paths):
        backup.verify(path)
        if filled.sqlite_path is not None:
            place = Settings(data_dir=tmp_path / f"again{number}", database_url=None)
            contents = backup.restore(place, path)
            agreement.require_agreement(place)
            assert int(contents.version.partition("-")[0]) <= contents.vintages[-1][0]
            open_engine(place).dispose()


def test_secrets_are_not_in_it(filled: Settings) -> None:
    accounts = AccountSettings(limits_url=SecretStr("redis://:open sesame@127.0.0.1/1"))
    settings = filled.model_copy(
        update={"metrics_token": SecretStr("open sesame"), "public_url": "https://x.example", "accounts": accounts}
    )
    said = backup.list_public_settings(settings)
    assert said["public_url"] == "https://x.example"
    assert "open sesame" not in str(said)
    assert not {"database_url", "backup_key", "metrics_token", "redis_url"} & said.keys()


@pytest.mark.parametrize("options", ["host=/srv/sockets&port=5433", "sslmode=verify-full"])
def test_programs_of_postgresql_go_where_the_monitor_goes(options: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands behind the ? counts too: without it another server of that name could be written to."""
    ran: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], env: dict[str, str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append((command, env))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(subprocess, "run", run)
    settings = Settings(_env_file=None, database_url=SecretStr(f"postgresql://me:hunter2@/monitor?{options}"))
    for program in ("pg_dump", "pg_restore"):
        backup._run_postgres(settings, program)
    for command, environment in ran:
        said = unquote(" ".join(command))
        assert "--dbname=postgresql://me@/monitor?" in said
        assert all(option in said for option in options.split("&"))
        assert "hunter2" not in said
        assert environment["PGPASSWORD"] == "hunter2"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A backup of an SQLite record, encrypted."""
    from dashboard.evidence.database.engine import migrate

    settings = Settings(data_dir=tmp_path / "data", database_url=None, backup_key=SecretStr(KEY))
    migrate(settings)
    issue(open_engine(settings), figures(figure(60.0)))
    publish(open_engine(settings), settings.dataset_dir)
    open_engine(settings).dispose()
    return backup.create(settings, tmp_path)[0]


@pytest.mark.long
def test_every_changed_byte_and_every_cut_is_found(small: Path) -> None:
    whole = small.read_bytes()
    dice = random.Random(15)
    for place in [0, 20, 40, len(whole) - 1, *(dice.randrange(len(whole)) for _ in range(30))]:
        small.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BadArchive):
            backup.verify(small, KEY)
    for end in (0, 10, 100, len(whole) // 2, len(whole) - 1):
        small.write_bytes(whole[:end])
        with pytest.raises(BadArchive):
            backup.verify(small, KEY)
    small.write_bytes(whole)
    backup.verify(small, KEY)


def test_what_is_not_whole_gets_no_name(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest good backup stays the newest, for `doctor` and whoever restores."""
    settings = Settings(data_dir=tmp_path / "data", database_url=None, backup_key=SecretStr(KEY))
    add = backup._add_file

    def wrong(archive: tarfile.TarFile, name: str, file: Path) -> str:
        digest = add(archive, name, file)
        return digest if name != "dataset/CURRENT" else "0" * 64

    monkeypatch.setattr(backup, "_add_file", wrong)
    with pytest.raises(BadArchive, match=r"was removed: .*dataset/CURRENT is not as it was backed up"):
        backup.create(settings, tmp_path, datetime(2100, 1, 1, tzinfo=UTC))
    assert [path for _, path in list_backups(tmp_path)] == [small]
    assert list(tmp_path.glob(".*")) == []


def test_nothing_plain_lies_among_the_backups(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They may be on another machine; the copy that a backup is made of never leaves the data folder."""
    settings = Settings(data_dir=tmp_path / "data", database_url=None, backup_key=SecretStr(KEY))
    safe, files, seen = tmp_path / "safe", backup._list_files, []

    def looked(given: Settings) -> Iterator[tuple[str, Path]]:
        (copy,) = given.data_dir.glob(f"{backup.COPY_PREFIX}*")
        assert copy.stat().st_mode & 0o777 == 0o700
        seen.append(([path.name for path in copy.iterdir()], [path.name for path in safe.rglob("*")]))
        assert prune(safe, RetentionRule()) == list_backups(safe) == []
        return files(given)

    monkeypatch.setattr(backup, "_list_files", looked)
    path, contents = backup.create(settings, safe)
    assert seen == [([backup.SQLITE], [f".unfinished-{path.name}"])]
    assert {name.partition("/")[0] for name in contents.files} == {backup.SQLITE, "dataset"}
    assert [entry.name for entry in safe.iterdir()] == [path.name]
    assert list(settings.data_dir.glob(".backup-*")) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from dashboard.operations import backup
from dashboard.settings import Settings
backup._list_files = lambda _: os.kill(os.getpid(), signal.SIGKILL)
backup.create(Settings(data_dir=sys.argv[1], database_url=None), Path(sys.argv[2]))
"""


def test_what_a_killed_backup_left_is_cleared_by_the_next(small: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url=None)
    safe = tmp_path / "safe"
    ended = subprocess.run([sys.executable, "-c", KILLED, settings.data_dir, safe], cwd=Path(__file__).parents[2])
    assert ended.returncode == -signal.SIGKILL
    (copy,) = settings.data_dir.glob(".backup-*")
    assert (copy / backup.SQLITE).is_file()
    assert len(list(safe.glob(".unfinished-*"))) == 1
    shutil.copytree(copy, safe / ".backup-k2j3h4g5")  # as earlier releases left it
    (safe / ".backup-scripts").mkdir()
    (safe / ".backup-scripts" / "notes").write_text("not ours")
    other = open_for_writing(safe / f"20260101T000000Z{SUFFIX}")  # of another installation, at work
    with other as stream:
        stream.write(b"whole")
        path, _ = backup.create(settings, safe, datetime(2026, 2, 1, tzinfo=UTC))
    left = {entry.name for entry in safe.iterdir()}
    assert left == {path.name, f"20260101T000000Z{SUFFIX}", ".backup-scripts"}
    assert list(settings.data_dir.glob(".backup-*")) == []


def test_what_a_killed_restore_left_is_cleared_by_the_next(small: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "again", database_url=None, backup_key=SecretStr(KEY))
    left = settings.data_dir / ".restore-k2j3h4g5"
    left.mkdir(parents=True)
    (left / backup.SQLITE).write_text("plain")
    backup.restore(settings, small)
    assert list(settings.data_dir.glob(".restore-*")) == []


@pytest.mark.parametrize("name", ["file", "folder", "version"])
def test_a_link_is_refused_and_never_followed(small: Path, tmp_path: Path, name: str) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url=None)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "passwords").write_text("hunter2")
    link = {
        "file": settings.raw_dir / "ab" / "abcd.gz",
        "folder": settings.raw_dir / "ab",
        "version": settings.dataset_dir / "versions" / "9-2026-11-26-0123abcd",
    }[name]
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(foreign / "passwords" if name == "file" else foreign)
    with pytest.raises(NotRestored, match=f"{link} is a link"):
        backup.create(settings, tmp_path / "safe")
    assert list((tmp_path / "safe").iterdir()) == []


def test_the_folder_of_a_reading_that_was_killed_is_in_no_backup(small: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url=None)
    left = inbox.folder(settings) / "files" / "reading-x1y2z3"
    left.mkdir()
    (left / "history.parquet").write_bytes(b"no file of a ministry")
    (left.parent / ("c" * 64)).write_bytes(b"figures")
    _, contents = backup.create(settings, tmp_path / "safe")
    assert [name for name in contents.files if name.startswith("submissions/")] == [f"submissions/files/{'c' * 64}"]


def test_raw_replies_may_lie_on_another_disk(small: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url=None)
    (tmp_path / "disk" / "ab").mkdir(parents=True)
    (tmp_path / "disk" / "ab" / "abcd.gz").write_bytes(b"a reply")
    settings.raw_dir.symlink_to(tmp_path / "disk")
    _, contents = backup.create(settings, tmp_path / "safe")
    assert contents.files["raw/ab/abcd.gz"] == hashlib.sha256(b"a reply").hexdigest()


def test_a_missing_or_another_key_and_one_that_is_none_are_said(small: Path, tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match="MONITOR_BACKUP_KEY to the key"):
        backup.verify(small)
    with pytest.raises(BadArchive, match="is another"):
        backup.verify(small, make_key())
    settings = Settings(data_dir=tmp_path / "data", database_url=None, backup_key=SecretStr("correct horse"))
    for work in (lambda: backup.verify(small, "correct horse"), lambda: backup.create(settings, tmp_path / "safe")):
        with pytest.raises(BadArchive, match=r"is no age key .*`python -m dashboard backup key` makes one"):
            work()
    assert list((tmp_path / "safe").iterdir()) == []


def test_a_backup_of_a_former_release_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(FORMER_MAGIC + b"salt and pieces")
    for key in ("", KEY, "correct horse"):
        with pytest.raises(BadArchive, match=r"with a passphrase.*open it with the release it is of \(docs/operator"):
            backup.verify(tmp_path / "x", key)


CHUNK = 2**16
"""What age encrypts at once."""


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2**20])
def test_what_is_read_is_what_was_written(tmp_path: Path, size: int) -> None:
    data = random.Random(size).randbytes(size)
    with open_for_writing(tmp_path / "x", KEY) as stream:
        stream.write(data)
    assert data not in (tmp_path / "x").read_bytes() or size < 2
    with open_for_reading(tmp_path / "x", KEY) as stream:
        assert stream.read() == data


@pytest.mark.parametrize("taken", [0, 1, 2 * CHUNK])
def test_what_is_cut_between_two_chunks_or_goes_on_is_found_however_much_is_read(tmp_path: Path, taken: int) -> None:
    path = tmp_path / "x"
    with open_for_writing(path, KEY) as stream:
        stream.write(bytes(2 * CHUNK + 500))
    whole = path.read_bytes()
    last = len(whole) - 500 - 16
    with open_for_reading(path, KEY) as stream:
        assert stream.read(taken) == bytes(taken)
    for other in (whole[:last], whole[:-1], whole + b"x", whole[:last] + whole[last - CHUNK - 16 :]):
        path.write_bytes(other)
        with (
            pytest.raises(BadArchive, match="is another, or the file is cut short or changed"),
            open_for_reading(path, KEY) as stream,
        ):
            stream.read(taken)


@pytest.mark.parametrize("key", ["", KEY])
def test_why_a_file_cannot_grow_is_said_and_nothing_is_left(tmp_path: Path, key: str) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10 * CHUNK, before[1]))
    try:
        with pytest.raises(OSError, match="File too large") as told, open_for_writing(tmp_path / "x", key) as stream:
            stream.writelines([bytes(CHUNK)] * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told.value.errno == errno.EFBIG
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_replaced_unasked_and_a_running_server_not_disturbed(small: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url=None, backup_key=SecretStr(KEY))
    with pytest.raises(NotRestored, match="--replace"):
        backup.restore(settings, small)
    with hold_folder(settings.data_dir, 3000), pytest.raises(NotRestored, match="while no server runs"):
        backup.restore(settings, small, replace=True)
    backup.restore(settings, small, replace=True)
    aside = next(settings.data_dir.glob("aside-*"))
    assert {path.name for path in aside.iterdir()} >= {"monitor.sqlite3", "dataset"}
    agreement.require_agreement(settings)


def test_files_that_a_backup_has_none_of_stay_where_they_are(small: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url=None, backup_key=SecretStr(KEY))
    sent = inbox.folder(settings) / SENT[0]
    sent.write_bytes(b"figures")
    backup.restore(settings, small, replace=True)
    assert sent.read_bytes() == b"figures"
    newer, _ = backup.create(settings, tmp_path / "newer")
    sent.unlink()
    later = inbox.folder(settings) / "files" / ("c" * 64)
    later.write_bytes(b"sent after it")
    backup.restore(settings, newer, replace=True)
    assert sent.read_bytes() == b"figures"
    aside = next(settings.data_dir.glob("aside-*/submissions"))
    assert (aside / "files" / later.name).read_bytes() == b"sent after it"


def test_the_newest_of_days_weeks_and_months_stay(tmp_path: Path) -> None:
    last = datetime(2026, 11, 26, 12, tzinfo=UTC)
    for hours in range(0, 24 * 400, 12):
        (tmp_path / f"{last - timedelta(hours=hours):%Y%m%dT%H%M%SZ}{SUFFIX}").touch()
    (tmp_path / "notes.txt").touch()
    prune(tmp_path, RetentionRule(days=3, weeks=2, months=4))
    kept = sorted((path.name[:8] for path in tmp_path.glob(f"*{SUFFIX}")), reverse=True)
    assert kept == ["20261126", "20261125", "20261124", "20261122", "20261031", "20260930", "20260831"]
    assert (tmp_path / "notes.txt").exists()
    prune(tmp_path, RetentionRule(0, 0, 0))
    assert [path.name[:8] for path in tmp_path.glob(f"*{SUFFIX}")] == ["20261126"]
