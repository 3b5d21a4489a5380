"""Published datasets shared between machines: manifests by version and file contents by hash.

The newest version is the last one published of the highest vintage; old versions are deleted.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import JSON, Connection, Engine, delete, func, insert, select, text, update
from sqlmodel import Field, SQLModel, col

from dashboard.evidence.database.columns import Moment
from dashboard.evidence.database.engine import reading

KEEP_VERSIONS = 3
"""Versions kept."""

LOCK_ID = 0x5D7  # one machine adds at a time; a constant of our own, as that of migrations


class DatasetVersion(SQLModel, table=True):
    """A published version and the hashes of its files."""

    __tablename__ = "dataset_version"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False}, description="In this order.")
    name: str = Field(unique=True)
    vintage: int
    published_at: datetime = Field(sa_type=Moment)
    files: list[str] = Field(default_factory=list, sa_type=JSON, description="Hashes of its files.")
    manifest: bytes


class DatasetFile(SQLModel, table=True):
    """A file's content, stored once for all versions."""

    __tablename__ = "dataset_file"

    sha256: str = Field(primary_key=True, max_length=64)
    body: bytes


_NEWEST_FIRST = (col(DatasetVersion.vintage).desc(), col(DatasetVersion.number).desc())


def find_newest_name(engine: Engine) -> str:
    """Return the name of the version to put in force, or "" if none was published."""
    with reading(engine) as connection:
        return find_newest_name_on(connection)


def find_newest_name_on(connection: Connection) -> str:
    """Do the same as ``find_newest_name`` within an open transaction."""
    return connection.execute(select(col(DatasetVersion.name)).order_by(*_NEWEST_FIRST).limit(1)).scalar() or ""


def read_newest_on(connection: Connection) -> DatasetVersion | None:
    """Return the newest version with its manifest, or None."""
    row = connection.execute(select(DatasetVersion).order_by(*_NEWEST_FIRST).limit(1)).mappings().first()
    return DatasetVersion(**row) if row else None


def read_file_on(connection: Connection, sha256: str) -> bytes | None:
    """Return the content stored under a hash, or None; the caller verifies it."""
    body: bytes | None = connection.execute(
        select(col(DatasetFile.body)).where(col(DatasetFile.sha256) == sha256)
    ).scalar()
    return body


def store_version_on(connection: Connection, version: DatasetVersion, paths: Mapping[str, Path]) -> None:
    """Store a version and its missing files, or make a stored version the newest of its vintage.

    Args:
        connection: in a write transaction.
        version: the version; its ``number`` is assigned here.
        paths: file by hash.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK_ID})
    last = read_newest_on(connection)
    if last is not None and last.name == version.name:
        return
    number = (connection.execute(select(func.max(col(DatasetVersion.number)))).scalar() or 0) + 1
    again = update(DatasetVersion).where(col(DatasetVersion.name) == version.name).values(number=number)
    if connection.execute(again).rowcount:
        return
    stored = set(connection.execute(select(col(DatasetFile.sha256))).scalars())
    for sha256 in sorted(paths.keys() - stored):
        connection.execute(insert(DatasetFile).values(sha256=sha256, body=paths[sha256].read_bytes()))
    connection.execute(insert(DatasetVersion).values({**version.model_dump(), "number": number}))
    _delete_old_versions(connection)


def _delete_old_versions(connection: Connection) -> None:
    """Delete all but the newest versions, and files that none of them uses."""
    versions = connection.execute(
        select(col(DatasetVersion.number), col(DatasetVersion.files)).order_by(*_NEWEST_FIRST).limit(KEEP_VERSIONS)
    ).all()
    numbers, used = {row.number for row in versions}, {sha256 for row in versions for sha256 in row.files}
    connection.execute(delete(DatasetVersion).where(col(DatasetVersion.number).not_in(numbers)))
    unused = set(connection.execute(select(col(DatasetFile.sha256))).scalars()) - used
    if unused:
        connection.execute(delete(DatasetFile).where(col(DatasetFile.sha256).in_(unused)))
