"""Exchange published datasets between machines through a shared PostgreSQL; with SQLite it does nothing."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from dashboard.evidence.database import datasets, vintages
from dashboard.evidence.database.datasets import DatasetVersion
from dashboard.evidence.database.engine import reading, writing
from dashboard.evidence.dataset import layout
from dashboard.evidence.dataset.force import (
    activate_version,
    begin_version,
    clear_old,
    clear_unfinished,
    link_file,
    lock_folder,
    name_version,
    read_announced,
    settle_publication_on,
    sync_to_disk,
)
from dashboard.evidence.dataset.store import Dataset, NotPublished
from dashboard.evidence.dataset.wholeness import Damaged, RecordBehind, explain_going_back, read_published


def is_shared(engine: Engine) -> bool:
    """Return True if other machines may share this database."""
    return engine.dialect.name == "postgresql"


def offer_version(engine: Engine, folder: Path, name: str) -> None:
    """Offer a version of this folder to other machines, unless it is offered already."""
    if is_shared(engine) and datasets.find_newest_name(engine) != name:
        with writing(engine) as connection:
            offer_version_on(connection, folder, name)


def offer_version_on(connection: Connection, folder: Path, name: str) -> None:
    """Offer a version within an open write transaction."""
    if connection.dialect.name != "postgresql" or datasets.find_newest_name_on(connection) == name:
        return
    version = folder / layout.VERSIONS / name
    manifest = (version / layout.MANIFEST).read_bytes()
    files = Dataset.open(version).manifest["files"]
    stored = DatasetVersion(
        number=0,
        name=name,
        vintage=int(name.partition("-")[0]),
        published_at=datetime.now(UTC),
        files=sorted(set(files.values())),
        manifest=manifest,
    )
    datasets.store_version_on(connection, stored, {sha256: version / file for file, sha256 in files.items()})


def pull_newest(engine: Engine, folder: Path) -> str:
    """Put the newest version published by any machine in force here.

    Returns:
        Its name; "" if it is in force already, of another format, or outdated.

    Raises:
        RecordBehind: the version in force here was not built from this record.
        Damaged: a file is missing or altered; the version in force stays.
    """
    if not is_shared(engine):
        return ""
    if datasets.find_newest_name(engine) in ("", layout.read_current_name(folder)) and not read_announced(folder)[0]:
        return ""
    with lock_folder(folder), reading(engine) as connection:
        settle_publication_on(connection, folder)
        version = datasets.read_newest_on(connection)
        name, vintage, _ = read_published(folder)
        if version is None or version.name == name or version.vintage < vintage or not _is_readable(version):
            return ""
        if reason := explain_going_back(folder, vintages.list_digests_on(connection)):
            raise RecordBehind(reason)
        clear_unfinished(folder)
        _fetch_version(connection, folder, version)
        activate_version(folder, version.name)
        clear_old(folder, version.name)
    return version.name


def _is_readable(version: DatasetVersion) -> bool:
    """Return True if this release reads the version's format."""
    manifest = layout.parse_manifest(version.manifest)
    return manifest is not None and manifest["format"] == layout.FORMAT


def _fetch_version(connection: Connection, folder: Path, version: DatasetVersion) -> None:
    """Build the version from linked files of the one in force and fetched files."""
    target = folder / layout.VERSIONS / version.name
    try:
        if not Dataset.open(target, layout.hash_bytes(version.manifest)).verify():
            return  # it was in force here before
    except NotPublished:
        pass
    try:
        before = Dataset.current(folder)
    except NotPublished:
        before = None
    work = begin_version(folder)
    manifest = layout.parse_manifest(version.manifest) or {}
    for file, sha256 in manifest["files"].items():
        path = work / file
        if path.parent not in (work, work / layout.OBSERVATIONS):
            raise Damaged(f"{file} is no file of a dataset")
        if before is not None and before.manifest["files"].get(file) == sha256 and link_file(before, file, work):
            continue
        body = datasets.read_file_on(connection, sha256)
        if body is None or layout.hash_bytes(body) != sha256:
            raise Damaged(f"{file} of version {version.name} is not in the database as it was published")
        path.write_bytes(body)
        sync_to_disk(path)
    (work / layout.MANIFEST).write_bytes(version.manifest)
    name_version(work, version.name)
