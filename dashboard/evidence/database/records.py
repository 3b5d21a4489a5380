"""Metadata of replies and files received from publishers, by the hash of their bytes."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import JSON, Connection, select
from sqlmodel import Field, Session, SQLModel

from dashboard.evidence.database.columns import Moment


class RawRecord(SQLModel, table=True):
    """A reply or file as received; the same bytes received again are the same record."""

    __tablename__ = "raw_record"

    sha256: str = Field(primary_key=True, min_length=64, max_length=64)
    source: str = Field(index=True, description="Id of the publisher's folder in data_sources.")
    url: str
    params: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    status: int = Field(description="HTTP status; 200 for a file.")
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""
    retrieved_at: datetime = Field(sa_type=Moment)
    size: int = Field(description="Bytes.")
    edition: str = ""
    publisher: str = ""
    licence: str = ""
    origin: str = Field(
        default="", description="Where the bytes came from when not from url itself, e.g. a public copy."
    )
    note: str = Field(default="", description="What a reader should know of how or when it was received.")


FRAME_SCHEMA = pl.Schema(
    {
        "sha256": pl.String(),
        "source": pl.String(),
        "url": pl.String(),
        "params": pl.String(),
        "status": pl.Int32(),
        "media_type": pl.String(),
        "etag": pl.String(),
        "last_modified": pl.String(),
        "retrieved_at": pl.Datetime("us", "UTC"),
        "size": pl.Int64(),
        "edition": pl.String(),
        "publisher": pl.String(),
        "licence": pl.String(),
        "origin": pl.String(),
        "note": pl.String(),
    }
)
"""Columns of ``read_frame_on``."""


def save_records_on(connection: Connection, records: Iterable[RawRecord]) -> None:
    """Insert records, keeping those already stored under the same hash."""
    by_hash = {record.sha256: record for record in records}
    rows = [record.model_dump() for record in by_hash.values()]
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    connection.execute(insert(RawRecord).on_conflict_do_nothing(index_elements=["sha256"]), rows)


def read_frame_on(connection: Connection) -> pl.DataFrame:
    """Return all records ordered by hash, with ``params`` as JSON text."""
    records = [record.model_dump() for record in Session(connection).scalars(select(RawRecord)).all()]
    rows = [{**row, "params": json.dumps(row["params"], sort_keys=True)} for row in records]
    return pl.DataFrame(rows, schema=FRAME_SCHEMA).sort("sha256")
