"""Published datasets go from machine to machine through the record, where that is PostgreSQL.

``offer(engine, folder, name)``: what was built here is there for others; ``offer_on(connection, folder, name)`` within
the transaction that writes what it holds. ``pull(engine, folder) -> str``: take over what was published elsewhere. With
SQLite there is one machine, and none of them does anything.
"""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from dashboard.database import datasets, vintages
from dashboard.database.datasets import DatasetVersion
from dashboard.database.engine import reading, writing
from dashboard.dataset import layout
from dashboard.dataset.force import (
    begin_version,
    clear_old,
    clear_unfinished,
    link_file,
    lock_folder,
    name_version,
    put_in_force,
    read_announced,
    settle_on,
    sync_to_disk,
)
from dashboard.dataset.store import Dataset, NotPublished
from dashboard.dataset.wholeness import Damaged, GoesBack, explain_going_back, read_published


def is_shared(engine: Engine) -> bool:
    """Whether other machines may share this record."""
    return engine.dialect.name == "postgresql"


def offer(engine: Engine, folder: Path, name: str) -> None:
    """Put a version of this folder where other machines find it. Quick when it is there."""
    if is_shared(engine) and datasets.find_newest(engine) != name:
        with writing(engine) as connection:
            offer_on(connection, folder, name)


def offer_on(connection: Connection, folder: Path, name: str) -> None:
    """``offer`` within a writing transaction under way: others find the version when that is committed."""
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
    datasets.keep_on(connection, stored, {sha256: version / file for file, sha256 in files.items()})


def pull(engine: Engine, folder: Path) -> str:
    """Put the newest version that any machine published in force here.

    Returns:
        Its name; "" when it is in force already, of another format, or older than what is.

    Raises:
        GoesBack: the record is not the one that the version in force here was made of.
        Damaged: a file is not there, or not as it was published; what was in force still is.
    """
    if not is_shared(engine) or (
        datasets.find_newest(engine) in ("", _pointed(folder)) and not read_announced(folder)[0]
    ):
        return ""
    with lock_folder(folder), reading(engine) as connection:
        settle_on(connection, folder)
        version = datasets.find_newest_on(connection)
        name, vintage, _ = read_published(folder)
        if version is None or version.name == name or version.vintage < vintage or not _is_read(version):
            return ""
        if reason := explain_going_back(
            folder, [(it.number, it.digest) for it in vintages.list_vintages_on(connection)]
        ):
            raise GoesBack(reason)
        clear_unfinished(folder)
        _fetch(connection, folder, version)
        put_in_force(folder, version.name)
        clear_old(folder, version.name)
    return version.name


def _pointed(folder: Path) -> str:
    try:
        return layout.read_pointer(folder / layout.CURRENT)[0]
    except (OSError, ValueError):
        return ""


def _is_read(version: DatasetVersion) -> bool:
    """Whether this release reads the files: another one may publish in another format while machines are upgraded."""
    manifest = layout.parse_manifest(version.manifest)
    return manifest is not None and manifest["format"] == layout.FORMAT


def _fetch(connection: Connection, folder: Path, version: DatasetVersion) -> None:
    """Put the version together: files that the one in force has are the same files, all others are fetched."""
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
        body = datasets.read_body_on(connection, sha256)
        if body is None or layout.hash_bytes(body) != sha256:
            raise Damaged(f"{file} of version {version.name} is not in the database as it was published")
        path.write_bytes(body)
        sync_to_disk(path)
    (work / layout.MANIFEST).write_bytes(version.manifest)
    name_version(work, version.name)
