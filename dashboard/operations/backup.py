"""Back up everything that cannot be made again into a file, and restore it.

Backups are consistent while pages are served: publication waits, and the database is copied as of one moment.
A backup is read to its end before it gets its name, and a restored one must have equal digests.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from dashboard.evidence.codebook import loader
from dashboard.evidence.database import file as record_file
from dashboard.evidence.database.engine import (
    Unusable,
    create_engine_for,
    drop_tables,
    export_snapshot,
    list_tables,
    migrate,
)
from dashboard.evidence.dataset import agreement
from dashboard.evidence.dataset.force import VERSION_NAME, lock_folder
from dashboard.evidence.dataset.layout import CURRENT, VERSIONS
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.dataset.wholeness import REBUILD_OMITS
from dashboard.operations.archive import BadArchive, clear_unfinished, open_for_reading, open_for_writing
from dashboard.operations.supervision import Occupied, hold_folder
from dashboard.runtime.release import code_version
from dashboard.settings import Settings

FORMAT = 1
MANIFEST = "backup.json"
SUFFIX = ".monitor-backup"
SQLITE, POSTGRESQL = "database.sqlite3", "database.dump"
COPY_PREFIX, UNPACKED_PREFIX = ".backup-", ".restore-"
"""Folders in the data folder that are there while a backup is made or restored."""
FORMER_DUMP = "former.dump"
"""Dump of what a PostgreSQL database held before another record replaced it."""

_RESTORE_OPTIONS = (
    "--clean",
    "--if-exists",
    "--no-owner",
    "--no-privileges",
    "--single-transaction",
    "--exit-on-error",
)
_OTHER_ENGINE_ADVICE = {
    "sqlite": "restore it into an empty PostgreSQL database.",
    "postgresql": "restore it without MONITOR_DATABASE_URL, onto SQLite, and move that to PostgreSQL with "
    "`python -m dashboard database move ADDRESS`.",
}
"""What to do with a backup of the other engine, by the engine that the settings name."""
FOLDERS = ("dataset", "raw", "submissions")
SENT_FOLDERS = ("files", "sealed")
"""Complete uploads, and surveys, which are unreadable without their keys."""
POSTGRES_TIMEOUT_S = 3600.0
"""Time that pg_dump and pg_restore may take."""


class NotRestored(Exception):
    """The backup was not made or restored, and nothing changed. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a backup."""

    created_at: datetime
    code: str
    codebook: str
    engine: str  # sqlite, postgresql
    version: str  # of the dataset in force; "" for none
    vintages: tuple[tuple[int, str], ...]  # number and digest
    files: dict[str, str]  # name → hash
    settings: dict[str, Any]


def create(settings: Settings, folder: Path, now: datetime | None = None) -> tuple[Path, Contents]:
    """Write a backup into a folder.

    Raises:
        BadArchive: the written file is damaged; nothing of it is left.
        NotRestored: the database could not be copied, or a link lies where a file should.
        Unusable: it cannot be opened.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    clear_unfinished(folder, SUFFIX)
    moment = now or datetime.now(UTC)
    path = folder / f"{moment:%Y%m%dT%H%M%SZ}{SUFFIX}"
    key = settings.backup_identity
    proven: list[Contents] = []
    with (
        open_for_writing(path, key, lambda written: proven.append(_prove(written, key))) as stream,
        lock_folder(settings.dataset_dir),
        _make_copy_folder(settings, folder) as copy_folder,
    ):
        database, vintages = _copy_database(settings, copy_folder)
        manifest: dict[str, str] = {}
        with (
            gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1, mtime=0) as gzipped,
            tarfile.open(fileobj=gzipped, mode="w|") as archive,
        ):
            manifest[database.name] = _add_file(archive, database.name, database)
            for name, file in _list_files(settings):
                try:
                    manifest[name] = _add_file(archive, name, file)
                except FileNotFoundError:  # a survey whose time has come meanwhile
                    if not name.startswith("submissions/"):
                        raise
            contents = _describe_contents(settings, database.name, vintages, manifest, moment)
            text = json.dumps(contents, indent=1, ensure_ascii=False).encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size = len(text)
            archive.addfile(head, io.BytesIO(text))
    return path, proven[0]


def verify(path: Path, key: str = "") -> Contents:
    """Read a backup to its end and compare every file with its hash.

    Raises:
        BadArchive: it is damaged or inconsistent.
    """
    return _read_through(path, key, None)


def _prove(file: Path, key: str) -> Contents:
    try:
        return verify(file, key)
    except BadArchive as error:
        raise BadArchive(f"The backup was not whole and was removed: {error}") from error


def restore(settings: Settings, path: Path, *, replace: bool = False) -> Contents:
    """Restore a backup; ``replace`` moves aside what is there (PostgreSQL's as a dump).

    Raises:
        BadArchive: the backup is damaged.
        NotRestored: a server runs, something is in the way, or the digests differ.
    """
    data_dir = settings.data_dir.resolve()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = settings.backup_identity
    try:
        with hold_folder(data_dir, settings.port):
            return _restore_alone(settings, data_dir, path, key, replace)
    except Occupied as error:
        raise NotRestored(f"{error} A backup is restored while no server runs.") from error


def _restore_alone(settings: Settings, data_dir: Path, path: Path, key: str, replace: bool) -> Contents:
    kind = "sqlite" if settings.sqlite_path is not None else "postgresql"
    _refuse_occupied(settings, replace)
    for leftover in data_dir.glob(f"{UNPACKED_PREFIX}*"):  # of one that was killed: we are alone
        shutil.rmtree(leftover)
    with tempfile.TemporaryDirectory(prefix=UNPACKED_PREFIX, dir=data_dir) as unpacked:
        work = Path(unpacked)
        contents = _read_through(path, key, work)
        if contents.engine != kind:
            raise NotRestored(
                f"The backup is of {contents.engine}, MONITOR_DATABASE_URL is of {kind}: {_OTHER_ENGINE_ADVICE[kind]} "
                f"Do not take `python -m dashboard dataset rebuild` for this: {REBUILD_OMITS}"
            )
        _refuse_damaged(work, contents)
        aside = data_dir / f"aside-{datetime.now(UTC):%Y%m%dT%H%M%S}"
        if kind == "sqlite":
            copied = Settings(data_dir=work, database_url=f"sqlite:///{work / SQLITE}", training=False)
            _migrate_restored(copied)
            _refuse_other(copied, contents)
            record_file.merge_log(work / SQLITE)
        else:
            _load_dump(settings, work / POSTGRESQL, contents, aside)
        _move_in(settings, work, aside)
    _refuse_other(settings, contents)
    return contents


@contextmanager
def _make_copy_folder(settings: Settings, folder: Path) -> Iterator[Path]:
    """Make a private folder for the database copy, and delete those that killed backups left.

    Earlier releases made them among the backups, where others may have folders of such a name.
    """
    for leftover in (*settings.data_dir.glob(f"{COPY_PREFIX}*"), *folder.glob(f"{COPY_PREFIX}*")):
        with suppress(OSError):  # not a folder, or not ours to read
            if all(file.name.startswith((SQLITE, POSTGRESQL)) for file in leftover.iterdir()):
                shutil.rmtree(leftover)
    with tempfile.TemporaryDirectory(prefix=COPY_PREFIX, dir=settings.data_dir) as folder_name:
        yield Path(folder_name)


def _copy_database(settings: Settings, folder: Path) -> tuple[Path, list[tuple[int, str]]]:
    """Copy the database as of one moment, and return the copy with its vintages."""
    source = settings.sqlite_path
    if source is None:
        return _dump_database(settings, folder / POSTGRESQL)
    if not source.exists():
        raise NotRestored(f"There is no database {source}: nothing to back up")
    target = folder / SQLITE
    record_file.copy_database(source, target)
    copy_settings = Settings(data_dir=folder, database_url=f"sqlite:///{target}")
    vintages = agreement.list_digests(copy_settings)
    create_engine_for(copy_settings.sqlalchemy_url).dispose()
    record_file.merge_log(target)
    return target, vintages


def _dump_database(settings: Settings, target: Path) -> tuple[Path, list[tuple[int, str]]]:
    """Dump PostgreSQL, and return the dump with the vintages of the same snapshot."""
    engine = create_engine_for(settings.sqlalchemy_url)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = export_snapshot(connection)
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}")
        # What is published is in the backup as files already; the next start puts it back for other machines.
        copies = ("--exclude-table-data=dataset_version", "--exclude-table-data=dataset_file")
        _run_postgres(settings, "pg_dump", *options, *copies)
        return target, agreement.list_digests_on(connection)


def _list_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Yield published versions, the raw store and complete uploads."""
    dataset = settings.dataset_dir
    if (dataset / CURRENT).is_file():
        yield f"dataset/{CURRENT}", dataset / CURRENT
        for version in (dataset / VERSIONS).iterdir():
            if VERSION_NAME.fullmatch(version.name):
                for file in _list_below(version):
                    yield f"dataset/{file.relative_to(dataset).as_posix()}", file
    raw = settings.raw_dir.resolve()  # which may be a link to another disk
    for file in _list_below(raw):
        if not file.name.startswith("."):
            yield f"raw/{file.relative_to(raw).as_posix()}", file
    for kind in SENT_FOLDERS:
        for file in sorted((settings.submissions_dir / kind).glob("*")):
            if file.is_symlink() or file.is_file():  # a folder is what a reading left that was killed: nothing was sent
                yield f"submissions/{kind}/{file.name}", file


def _list_below(folder: Path) -> Iterator[Path]:
    """Yield a folder's files; links are yielded as they are, and refused when added."""
    for path in [folder] if folder.is_symlink() else sorted(folder.rglob("*")):
        if path.is_symlink() or path.is_file():
            yield path


def _describe_contents(
    settings: Settings, database: str, vintages: list[tuple[int, str]], files: dict[str, str], moment: datetime
) -> dict[str, Any]:
    try:
        version = Dataset.current(settings.dataset_dir).version
    except Exception:  # nothing is published, or it is damaged: the backup says what it found
        version = ""
    return {
        "format": FORMAT,
        "created_at": moment.isoformat(),
        "code": code_version(),
        "codebook": loader.hash_folder(loader.find_folder()),
        "engine": "sqlite" if database == SQLITE else "postgresql",
        "version": version,
        "vintages": vintages,
        "files": files,
        "settings": list_public_settings(settings),
    }


def list_public_settings(settings: Settings) -> dict[str, Any]:
    """Return the settings as JSON without secrets."""
    values: dict[str, Any] = settings.model_dump(mode="json")
    secrets = [name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)]
    return {name: value for name, value in values.items() if name not in secrets}


def _add_file(archive: tarfile.TarFile, name: str, file: Path) -> str:
    """Add a file to the archive and return its hash.

    The header is written here: versions share unchanged files as hard links, of which `gettarinfo` adds no content.
    """
    if file.is_symlink():
        raise NotRestored(f"No backup was made: {file} is a link; put the file itself there, or remove it")
    # It may have become a link by now: that is an error without these words, and never followed.
    with open(file, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW)) as source:
        state = os.fstat(source.fileno())
        head = tarfile.TarInfo(name)
        head.size, head.mtime, head.mode = state.st_size, int(state.st_mtime), state.st_mode & 0o777
        hashing = _Hashing(source)
        archive.addfile(head, hashing)
    return hashing.hash.hexdigest()


class _Hashing:
    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.hash = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.hash.update(data)
        return data


def _read_through(path: Path, key: str, work: Path | None) -> Contents:
    """Read a backup to its end, hashing every byte and unpacking into ``work`` if given."""
    digests: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with open_for_reading(path, key) as stream, tarfile.open(fileobj=stream, mode="r|gz") as archive:
            for member in archive:
                if not _is_allowed(member):
                    raise BadArchive(f"{path} holds “{member.name[:80]}”, which no backup does")
                source = archive.extractfile(member)
                assert source is not None
                if member.name == MANIFEST:
                    manifest = json.loads(source.read(64 * 2**20))
                    continue
                digests[member.name] = _unpack(source, None if work is None else work / member.name)
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise BadArchive(f"{path} is no backup, or is cut short or changed") from error
    if manifest is None or manifest.get("format") != FORMAT:
        raise BadArchive(f"{path} is no whole backup of this product: {MANIFEST} is missing or of another format")
    if digests != manifest["files"]:
        names = sorted(
            name for name in {*digests, *manifest["files"]} if digests.get(name) != manifest["files"].get(name)
        )
        raise BadArchive(f"{path}: {names[0]} is not as it was backed up")
    return Contents(
        datetime.fromisoformat(manifest["created_at"]), manifest["code"], manifest["codebook"], manifest["engine"],
        manifest["version"], tuple((int(number), str(digest)) for number, digest in manifest["vintages"]),
        manifest["files"], manifest["settings"],
    )  # fmt: skip


def _is_allowed(member: tarfile.TarInfo) -> bool:
    parts = Path(member.name).parts
    is_inside = bool(parts) and not Path(member.name).is_absolute() and ".." not in parts
    is_expected = member.name in (MANIFEST, SQLITE, POSTGRESQL) or (len(parts) > 1 and parts[0] in FOLDERS)
    return member.isreg() and is_inside and is_expected


def _unpack(source: IO[bytes], target: Path | None) -> str:
    digest = hashlib.sha256()
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") if target is not None else Path(os.devnull).open("wb") as file:
        while piece := source.read(2**20):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _refuse_occupied(settings: Settings, replace: bool) -> None:
    path = settings.sqlite_path
    has_database = path.exists() if path is not None else bool(agreement.list_digests(settings))
    if not replace and (has_database or (settings.dataset_dir / CURRENT).exists()):
        raise NotRestored("There are a database or a dataset already: add --replace, and they are moved aside")


def _refuse_damaged(work: Path, contents: Contents) -> None:
    if contents.version:
        faults = Dataset.current(work / "dataset").verify()
        if faults:
            raise NotRestored(f"The dataset in the backup was damaged when it was made ({faults[0]})")


def _migrate_restored(settings: Settings) -> None:
    """Migrate the restored record; one of a newer version is refused."""
    try:
        migrate(settings)
    except Unusable as error:
        raise NotRestored(f"The backup is of no use here: {error}") from error


def _refuse_other(settings: Settings, contents: Contents) -> None:
    """Check that the restored record has exactly the vintages and digests of the backup."""
    restored = tuple(agreement.list_digests(settings))
    create_engine_for(settings.sqlalchemy_url).dispose()
    if restored != contents.vintages:
        raise NotRestored("The digests of the restored record are not those of the backup")


def _load_dump(settings: Settings, dump: Path, contents: Contents, aside: Path) -> None:
    """Load a dump into PostgreSQL; if the proof fails, the former record is put back.

    The former record is dumped before, and stays with what else is moved aside.
    """
    tables, former = list_tables(settings), aside / FORMER_DUMP
    if tables:
        aside.mkdir(mode=0o700, exist_ok=True)
        _run_postgres(settings, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={former}")
        former.chmod(0o600)
    try:
        _run_postgres(settings, "pg_restore", *_RESTORE_OPTIONS, str(dump))
    except NotRestored:  # nothing of it: it is one transaction
        shutil.rmtree(aside, ignore_errors=True)
        raise
    try:
        _migrate_restored(settings)
        _refuse_other(settings, contents)
    except Exception as error:
        try:
            drop_tables(settings, list_tables(settings) - tables)
            if tables:
                _run_postgres(settings, "pg_restore", *_RESTORE_OPTIONS, str(former))
        except Exception as fault:
            words = f"{error}, and the former record could not be put back ({fault}): its dump is {former}"
            raise NotRestored(words) from fault
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _move_in(settings: Settings, work: Path, aside: Path) -> None:
    path = settings.sqlite_path
    if path is not None:
        create_engine_for(settings.sqlalchemy_url).dispose()
        for ending in reversed(record_file.FILE_SUFFIXES):
            _move_aside(path.with_name(f"{path.name}{ending}"), aside)
        path.parent.mkdir(parents=True, exist_ok=True)
        (work / SQLITE).chmod(0o600)
        shutil.move(work / SQLITE, path)
    for name, target in (("dataset", settings.dataset_dir), ("raw", settings.raw_dir)):
        _move_aside(target, aside)
        if (work / name).is_dir():
            shutil.move(work / name, target)
    if (work / "submissions").is_dir():  # backups of earlier releases hold none: what is there stays
        (work / "submissions").chmod(0o700)
        _move_aside(settings.submissions_dir, aside)
        shutil.move(work / "submissions", settings.submissions_dir)


def _move_aside(path: Path, folder: Path) -> None:
    if path.exists():
        folder.mkdir(exist_ok=True)
        shutil.move(path, folder / path.name)


def _run_postgres(settings: Settings, program: str, *arguments: str) -> None:
    """Run a PostgreSQL program on the configured database; the password goes by the environment."""
    path = shutil.which(program)
    if path is None:
        raise NotRestored(f"{program} is missing: install PostgreSQL's client programs (Debian: postgresql-client)")
    url = create_engine_for(settings.sqlalchemy_url).url
    password = url.password or url.query.get("password", "")
    query = {name: value for name, value in url.query.items() if name != "password"}
    address = type(url).create("postgresql", url.username, None, url.host, url.port, url.database, query)
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    result = subprocess.run(  # noqa: S603 - our own command
        [path, f"--dbname={address.render_as_string()}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=POSTGRES_TIMEOUT_S,
        check=False,
    )
    if result.returncode:
        reason = " ".join(result.stderr.split())[:300]
        raise NotRestored(f"{program} did not succeed: {reason}")
