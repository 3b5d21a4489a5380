"""Everything that cannot be made again, in one file: database, datasets, replies, files sent; and back again.

``create(settings, folder) -> (Path, Contents)``: consistent while pages are served and figures gathered: nothing is
published meanwhile, and the database is copied as of one moment, within the data folder: what lies among the backups is
as encrypted as they are. It is read to its end before it gets its name.
``verify(path, key) -> Contents``: every byte against its hash. ``restore(settings, path, replace=False) -> Contents``:
proven by equal digests.
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

from dashboard.codebook import loader
from dashboard.database import file as record_file
from dashboard.database.engine import Unusable, create_engine_for, drop, exported_snapshot, list_tables, migrate
from dashboard.dataset import agreement
from dashboard.dataset.force import VERSION_NAME, lock_folder
from dashboard.dataset.layout import CURRENT, VERSIONS
from dashboard.dataset.store import Dataset
from dashboard.operations.archive import BadArchive, clear_unfinished, reading, writing
from dashboard.operations.supervision import Occupied, alone
from dashboard.release import code_version
from dashboard.settings import Settings

FORMAT = 1
MANIFEST = "backup.json"
ENDING = ".monitor-backup"
SQLITE, POSTGRESQL = "database.sqlite3", "database.dump"
COPY, UNPACKED = ".backup-", ".restore-"
"""Folders in the data folder that are there while a backup is made or restored."""
FORMER = "former.dump"
"""What a PostgreSQL database held before another record was put in its place."""

_AT_ONCE = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
ROOMS = ("dataset", "raw", "submissions")
SENT = ("files", "sealed")
"""Of what people have sent: files that are whole, and surveys, which without their keys are noise."""
PATIENCE = 3600.0
"""Seconds that pg_dump and pg_restore may take."""


class NotRestored(Exception):
    """The backup was not made or not restored; what was there is as it was. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds."""

    created_at: datetime
    code: str
    codebook: str
    engine: str  # sqlite, postgresql
    version: str  # of the dataset in force; "" for none
    vintages: tuple[tuple[int, str], ...]  # number and digest
    files: dict[str, str]  # name → hash
    settings: dict[str, Any]


def create(settings: Settings, folder: Path, now: datetime | None = None) -> tuple[Path, Contents]:
    """Write a backup into a folder; it gets its name once it was read to its end and found whole.

    Args:
        settings: what is backed up, and the key (``MONITOR_BACKUP_KEY``).
        folder: where to; made when absent.
        now: the moment in its name.

    Raises:
        BadArchive: what was written is not whole; nothing of it is left.
        NotRestored: the database could not be copied, or a link lies where a file should.
        Unusable: it cannot be opened.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    clear_unfinished(folder, ENDING)
    moment = now or datetime.now(UTC)
    path = folder / f"{moment:%Y%m%dT%H%M%SZ}{ENDING}"
    key = settings.backup_identity
    found: list[Contents] = []
    with (
        writing(path, key, lambda written: found.append(_proven(written, key))) as stream,
        lock_folder(settings.dataset_dir),
        _place_of_copy(settings, folder) as place,
    ):
        database, vintages = _copied(settings, place)
        manifest: dict[str, str] = {}
        with (
            gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|") as archive,
        ):
            manifest[database.name] = _add(archive, database.name, database)
            for name, file in _files(settings):
                try:
                    manifest[name] = _add(archive, name, file)
                except FileNotFoundError:  # a survey whose time has come meanwhile
                    if not name.startswith("submissions/"):
                        raise
            contents = _contents(settings, database.name, vintages, manifest, moment)
            text = json.dumps(contents, indent=1, ensure_ascii=False).encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size = len(text)
            archive.addfile(head, io.BytesIO(text))
    return path, found[0]


def verify(path: Path, key: str = "") -> Contents:
    """Read a backup to its end and compare every file with its hash.

    Raises:
        BadArchive: it is not whole, or not what it says.
    """
    return _through(path, key, None)


def _proven(written: Path, key: str) -> Contents:
    try:
        return verify(written, key)
    except BadArchive as error:
        raise BadArchive(f"The backup was not whole and was removed: {error}") from error


def restore(settings: Settings, path: Path, *, replace: bool = False) -> Contents:
    """Put a backup in the place of what is there.

    Args:
        settings: where to, and the key.
        path: the backup.
        replace: whether what is there may be moved aside; of PostgreSQL a dump lies there.

    Raises:
        BadArchive: the backup is not whole.
        NotRestored: a server runs, something is in the way, or the digests are not those of the backup.
    """
    data_dir = settings.data_dir.resolve()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = settings.backup_identity
    try:
        with alone(data_dir, settings.port):
            return _restored(settings, data_dir, path, key, replace)
    except Occupied as error:
        raise NotRestored(f"{error} A backup is restored while no server runs.") from error


def _restored(settings: Settings, data_dir: Path, path: Path, key: str, replace: bool) -> Contents:
    kind = "sqlite" if settings.sqlite_path is not None else "postgresql"
    _refuse_occupied(settings, replace)
    for left in data_dir.glob(f"{UNPACKED}*"):  # of one that was killed: we are alone
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=UNPACKED, dir=data_dir) as place:
        work = Path(place)
        contents = _through(path, key, work)
        if contents.engine != kind:
            raise NotRestored(
                f"The backup is of {contents.engine}, MONITOR_DATABASE_URL is of {kind}: restore it where it is from, "
                "or build the record anew from its dataset (`python -m dashboard dataset rebuild`)"
            )
        _refuse_damaged(work, contents)
        aside = data_dir / f"aside-{datetime.now(UTC):%Y%m%dT%H%M%S}"
        if kind == "sqlite":
            copied = Settings(data_dir=work, database_url=f"sqlite:///{work / SQLITE}", training=False)
            _bring_up(copied)
            _refuse_other(copied, contents)
            record_file.close_log(work / SQLITE)
        else:
            _load(settings, work / POSTGRESQL, contents, aside)
        _move_in(settings, work, aside)
    _refuse_other(settings, contents)
    return contents


@contextmanager
def _place_of_copy(settings: Settings, folder: Path) -> Iterator[Path]:
    """A private folder for the copy of the database; those of backups that were killed are removed, we hold the lock.

    Earlier releases made them among the backups, where others may have folders of such a name.
    """
    for place in (*settings.data_dir.glob(f"{COPY}*"), *folder.glob(f"{COPY}*")):
        with suppress(OSError):  # not a folder, or not ours to read
            if all(file.name.startswith((SQLITE, POSTGRESQL)) for file in place.iterdir()):
                shutil.rmtree(place)
    with tempfile.TemporaryDirectory(prefix=COPY, dir=settings.data_dir) as made:
        yield Path(made)


def _copied(settings: Settings, place: Path) -> tuple[Path, list[tuple[int, str]]]:
    """A copy of the database as of one moment, while others read and write, and the vintages that this copy holds."""
    source = settings.sqlite_path
    if source is None:
        return _dumped(settings, place / POSTGRESQL)
    if not source.exists():
        raise NotRestored(f"There is no database {source}: nothing to back up")
    target = place / SQLITE
    record_file.copy(source, target)
    copied = Settings(data_dir=place, database_url=f"sqlite:///{target}")
    vintages = agreement.list_issued(copied)
    create_engine_for(copied.sqlalchemy_url).dispose()
    record_file.close_log(target)
    return target, vintages


def _dumped(settings: Settings, target: Path) -> tuple[Path, list[tuple[int, str]]]:
    """The same of PostgreSQL: the dump and the list of vintages see one exported snapshot."""
    engine = create_engine_for(settings.sqlalchemy_url)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = exported_snapshot(connection)
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}")
        # What is published is in the backup as files already; the next start puts it back for other machines.
        copies = ("--exclude-table-data=dataset_version", "--exclude-table-data=dataset_file")
        _postgres(settings, "pg_dump", *options, *copies)
        return target, agreement.list_issued_on(connection)


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Published versions with the pointer, the raw store, and what people have sent; nothing unfinished."""
    dataset = settings.dataset_dir
    if (dataset / CURRENT).is_file():
        yield f"dataset/{CURRENT}", dataset / CURRENT
        for version in (dataset / VERSIONS).iterdir():
            if VERSION_NAME.fullmatch(version.name):
                for file in _below(version):
                    yield f"dataset/{file.relative_to(dataset).as_posix()}", file
    raw = settings.raw_dir.resolve()  # which may be a link to another disk
    for file in _below(raw):
        if not file.name.startswith("."):
            yield f"raw/{file.relative_to(raw).as_posix()}", file
    for kind in SENT:
        for file in sorted((settings.submissions_dir / kind).glob("*")):
            if file.is_symlink() or file.is_file():  # a folder is what a reading left that was killed: nothing was sent
                yield f"submissions/{kind}/{file.name}", file


def _below(folder: Path) -> Iterator[Path]:
    """Its files; a link, to a folder too, is given as it is, and refused by whoever adds it."""
    for path in [folder] if folder.is_symlink() else sorted(folder.rglob("*")):
        if path.is_symlink() or path.is_file():
            yield path


def _contents(
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
        "codebook": loader.digest_folder(loader.find_folder()),
        "engine": "sqlite" if database == SQLITE else "postgresql",
        "version": version,
        "vintages": vintages,
        "files": files,
        "settings": without_secrets(settings),
    }


def without_secrets(settings: Settings) -> dict[str, Any]:
    """The settings as JSON, with every secret left out."""
    values: dict[str, Any] = settings.model_dump(mode="json")
    secret = [name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)]
    return {name: value for name, value in values.items() if name not in secret}


def _add(archive: tarfile.TarFile, name: str, file: Path) -> str:
    """Add a file and give the hash of what was added.

    Its head is written here: versions of the dataset share files that have not changed (hard links), and `gettarinfo`
    would add the second name of such a file as a link without content.
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


def _through(path: Path, key: str, work: Path | None) -> Contents:
    """Read a backup to its end, unpacking into ``work`` where it is given; every byte is hashed on the way."""
    digests: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        with reading(path, key) as stream, tarfile.open(fileobj=stream, mode="r|gz") as archive:
            for member in archive:
                if not _allowed(member):
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


def _allowed(member: tarfile.TarInfo) -> bool:
    parts = Path(member.name).parts
    inside = bool(parts) and not Path(member.name).is_absolute() and ".." not in parts
    known = member.name in (MANIFEST, SQLITE, POSTGRESQL) or (len(parts) > 1 and parts[0] in ROOMS)
    return member.isreg() and inside and known


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
    there = path.exists() if path is not None else bool(agreement.list_issued(settings))
    if not replace and (there or (settings.dataset_dir / CURRENT).exists()):
        raise NotRestored("There are a database or a dataset already: add --replace, and they are moved aside")


def _refuse_damaged(work: Path, contents: Contents) -> None:
    if contents.version:
        faults = Dataset.current(work / "dataset").verify()
        if faults:
            raise NotRestored(f"The dataset in the backup was damaged when it was made ({faults[0]})")


def _bring_up(settings: Settings) -> None:
    """The restored record as this version knows it; one of a newer version is not put in the place of ours."""
    try:
        migrate(settings)
    except Unusable as error:
        raise NotRestored(f"The backup is of no use here: {error}") from error


def _refuse_other(settings: Settings, contents: Contents) -> None:
    """The proof: the record as restored has the vintages, digest by digest, that the backup was made of."""
    restored = tuple(agreement.list_issued(settings))
    create_engine_for(settings.sqlalchemy_url).dispose()
    if restored != contents.vintages:
        raise NotRestored("The digests of the restored record are not those of the backup")


def _load(settings: Settings, dump: Path, contents: Contents, aside: Path) -> None:
    """Put a dump in the place of what the PostgreSQL database holds, which comes back where the proof fails.

    It holds one record at a time: what it held is dumped before, and stays beside what else is moved aside.
    """
    tables, former = list_tables(settings), aside / FORMER
    if tables:
        aside.mkdir(mode=0o700, exist_ok=True)
        _postgres(settings, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={former}")
        former.chmod(0o600)
    try:
        _postgres(settings, "pg_restore", *_AT_ONCE, str(dump))
    except NotRestored:  # nothing of it: it is one transaction
        shutil.rmtree(aside, ignore_errors=True)
        raise
    try:
        _bring_up(settings)
        _refuse_other(settings, contents)
    except Exception as error:
        try:
            drop(settings, list_tables(settings) - tables)
            if tables:
                _postgres(settings, "pg_restore", *_AT_ONCE, str(former))
        except Exception as fault:
            words = f"{error}, and the former record could not be put back ({fault}): its dump is {former}"
            raise NotRestored(words) from fault
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _move_in(settings: Settings, work: Path, aside: Path) -> None:
    path = settings.sqlite_path
    if path is not None:
        create_engine_for(settings.sqlalchemy_url).dispose()
        for ending in reversed(record_file.PARTS):
            _aside(path.with_name(f"{path.name}{ending}"), aside)
        path.parent.mkdir(parents=True, exist_ok=True)
        (work / SQLITE).chmod(0o600)
        shutil.move(work / SQLITE, path)
    for room, place in (("dataset", settings.dataset_dir), ("raw", settings.raw_dir)):
        _aside(place, aside)
        if (work / room).is_dir():
            shutil.move(work / room, place)
    if (work / "submissions").is_dir():  # backups of earlier releases hold none: what is there stays
        (work / "submissions").chmod(0o700)
        _aside(settings.submissions_dir, aside)
        shutil.move(work / "submissions", settings.submissions_dir)


def _aside(path: Path, folder: Path) -> None:
    if path.exists():
        folder.mkdir(exist_ok=True)
        shutil.move(path, folder / path.name)


def _postgres(settings: Settings, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on the database in effect; the password goes by the environment, never in sight."""
    path = shutil.which(program)
    if path is None:
        raise NotRestored(f"{program} is missing: install PostgreSQL's client programs (Debian: postgresql-client)")
    url = create_engine_for(settings.sqlalchemy_url).url
    password = url.password or url.query.get("password", "")
    query = {name: value for name, value in url.query.items() if name != "password"}
    place = type(url).create("postgresql", url.username, None, url.host, url.port, url.database, query)
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    ran = subprocess.run(  # noqa: S603 - our own command
        [path, f"--dbname={place.render_as_string()}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if ran.returncode:
        reason = " ".join(ran.stderr.split())[:300]
        raise NotRestored(f"{program} did not succeed: {reason}")
