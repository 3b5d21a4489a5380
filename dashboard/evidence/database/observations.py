"""Tables of vintages, batches and observations.

Texts that repeat are stored once per ``Batch``. A trigger (see the first migration) refuses every change of a sealed
vintage, except setting ``superseded`` to the number of the vintage being written.
"""

from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from dashboard.evidence.database.columns import Moment

BATCH_COLUMNS = pl.Schema(
    {
        "indicator": pl.String(),
        "source": pl.String(),
        "series": pl.String(),
        "edition": pl.String(),
        "unit": pl.String(),
        "dimensions": pl.String(),
        "status": pl.String(),
        "nature": pl.String(),
        "source_detail": pl.String(),
        "footnote": pl.String(),
        "interval_level": pl.Float64(),
        "primary": pl.Boolean(),
        "raw_sha256": pl.String(),
        "retrieved_at": pl.Datetime("us", "UTC"),
    }
)
"""Columns of the published rows that a batch holds."""

OBSERVATION_COLUMNS = pl.Schema(
    {
        "id": pl.String(),
        "country": pl.String(),
        "period": pl.String(),
        "value": pl.Float64(),
        "value_text": pl.String(),
        "lower": pl.Float64(),
        "upper": pl.Float64(),
        "std_error": pl.Float64(),
    }
)
"""Columns of the published rows that each observation holds itself. ``year`` is read from ``period``."""

ROW_COLUMNS = (
    "id", "indicator", "country", "period", "year", "dimensions", "value", "lower", "upper", "unit", "status", "nature",
    "source", "edition", "retrieved_at", "series", "value_text", "interval_level", "std_error", "source_detail",
    "footnote", "raw_sha256", "primary", "vintage", "superseded",
)  # fmt: skip
"""The columns of the frames this room gives, in the order of the published rows."""


class Vintage(SQLModel, table=True):
    """A dated issue of all observations; nothing of it changes once sealed."""

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    created_at: datetime = Field(sa_type=Moment)
    note: str = ""
    run: int | None = Field(default=None, foreign_key="gather_run.id")
    rows: int = Field(default=0, description="Observations current in this vintage.")
    added: int = 0
    superseded: int = 0
    changes: dict[str, list[int]] = Field(
        default_factory=dict, sa_type=JSON, description="Indicator → [observations added, superseded]."
    )
    digest: str = Field(
        default="", description="sha256 of the vintage before and of all that this one added and superseded."
    )
    state: str = Field(default="open", description="open while being written, then sealed")


class Batch(SQLModel, table=True):
    """Values that observations of one vintage share."""

    __table_args__ = (Index("ix_batch_indicator_source", "indicator", "source"),)

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    vintage: int = Field(foreign_key="vintage.number", index=True)
    indicator: str
    source: str
    series: str
    edition: str
    unit: str
    dimensions: str
    status: str
    nature: str
    source_detail: str
    footnote: str
    interval_level: float | None = None
    primary: bool
    raw_sha256: str = Field(foreign_key="raw_record.sha256")
    retrieved_at: datetime = Field(sa_type=Moment)


class Observation(SQLModel, table=True):
    """A figure, or its published absence, for a country and period."""

    # Clustered by batch: rows arrive in this order, so that the key costs nothing to keep and a batch lies together.
    __table_args__: Any = {"sqlite_with_rowid": False}

    batch: int = Field(primary_key=True, foreign_key="batch.number", sa_column_kwargs={"autoincrement": False})
    id: str = Field(primary_key=True, min_length=16, max_length=16)
    country: str
    period: str
    value: float | None = None
    value_text: str
    lower: float | None = None
    upper: float | None = None
    std_error: float | None = None
    superseded: int | None = Field(default=None, foreign_key="vintage.number")
