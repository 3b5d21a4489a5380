"""Published datasets as other machines take them over: manifests by version, the bytes of files by their hash.

* ``newest(engine) -> str``: name of the version to be in force; ``newest_on(connection) -> DatasetVersion | None``
* ``keep_on(connection, version, paths)``: add a version with the files that are not there yet, or make it the newest
  again
* ``body_on(connection, sha256) -> bytes``: a file

The newest is of the highest vintage; of one vintage it is what was published last. Old versions go when new ones come.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import JSON, Connection, Engine, delete, func, insert, select, text, update
from sqlmodel import Field, SQLModel, col

from dashboard.database.columns import Moment
from dashboard.database.engine import reading

KEEP = 3
"""Versions kept."""

LOCK = 0x5D7  # one machine adds at a time; a constant of our own, as that of migrations


class DatasetVersion(SQLModel, table=True):
    """A published version; its files are those whose hashes it names."""

    __tablename__ = "dataset_version"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False}, description="In this order.")
    name: str = Field(unique=True)
    vintage: int
    published_at: datetime = Field(sa_type=Moment)
    files: list[str] = Field(default_factory=list, sa_type=JSON, description="Hashes of its files.")
    manifest: bytes


class DatasetFile(SQLModel, table=True):
    """The bytes of a file, once however many versions have it."""

    __tablename__ = "dataset_file"

    sha256: str = Field(primary_key=True, max_length=64)
    body: bytes


_order = (col(DatasetVersion.vintage).desc(), col(DatasetVersion.number).desc())


def find_newest(engine: Engine) -> str:
    """Name of the version that is to be in force; "" when none was published."""
    with reading(engine) as connection:
        return find_newest_name_on(connection)


def find_newest_name_on(connection: Connection) -> str:
    """``find_newest`` within a transaction under way."""
    return connection.execute(select(col(DatasetVersion.name)).order_by(*_order).limit(1)).scalar() or ""


def find_newest_on(connection: Connection) -> DatasetVersion | None:
    """That version with its manifest."""
    row = connection.execute(select(DatasetVersion).order_by(*_order).limit(1)).mappings().first()
    return DatasetVersion(**row) if row else None


def read_body_on(connection: Connection, sha256: str) -> bytes | None:
    """The bytes of this hash, as they are kept: whoever takes them looks whether they have it."""
    body: bytes | None = connection.execute(
        select(col(DatasetFile.body)).where(col(DatasetFile.sha256) == sha256)
    ).scalar()
    return body


def keep_on(connection: Connection, version: DatasetVersion, paths: Mapping[str, Path]) -> None:
    """Keep a version, in the writing transaction under way; one that is there becomes the newest of its vintage again.

    Args:
        connection: in that transaction.
        version: what is kept; its ``number`` is given here.
        paths: hash → file.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    last = find_newest_on(connection)
    if last is not None and last.name == version.name:
        return
    number = (connection.execute(select(func.max(col(DatasetVersion.number)))).scalar() or 0) + 1
    again = update(DatasetVersion).where(col(DatasetVersion.name) == version.name).values(number=number)
    if connection.execute(again).rowcount:
        return
    known = set(connection.execute(select(col(DatasetFile.sha256))).scalars())
    for sha256 in sorted(paths.keys() - known):
        connection.execute(insert(DatasetFile).values(sha256=sha256, body=paths[sha256].read_bytes()))
    connection.execute(insert(DatasetVersion).values({**version.model_dump(), "number": number}))
    _clear(connection)


def _clear(connection: Connection) -> None:
    """Remove what is neither of the newest versions nor in one of their files."""
    versions = connection.execute(
        select(col(DatasetVersion.number), col(DatasetVersion.files)).order_by(*_order).limit(KEEP)
    ).all()
    numbers, named = {row.number for row in versions}, {sha256 for row in versions for sha256 in row.files}
    connection.execute(delete(DatasetVersion).where(col(DatasetVersion.number).not_in(numbers)))
    here = set(connection.execute(select(col(DatasetFile.sha256))).scalars())
    if gone := here - named:
        connection.execute(delete(DatasetFile).where(col(DatasetFile.sha256).in_(gone)))
