"""A million observations: into the record and out as a published dataset, against a raw SQLite insert of the same rows.

The figures are numbers counted up, for speed only; they live in a temporary folder and are never part of the product.
"""

import gc
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

import polars as pl

from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.evidence.database.incoming import REQUIRED_COLUMNS
from dashboard.evidence.database.records import RawRecord
from dashboard.evidence.dataset.identity import add_ids
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.schema import ROWS
from dashboard.settings import Settings

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
INDICATORS, AREAS, YEARS = 160, 250, 25


def publish_ratio(rows: int) -> float:
    """Seconds to write and publish ``rows`` observations ÷ seconds of a raw ``executemany`` of the same rows.

    The median of three: either of the two may meet a disk that is busy with something else.
    """
    frame = _rows(rows)
    return median(_ratio(frame) for _ in range(3))


def _ratio(frame: pl.DataFrame) -> float:
    with tempfile.TemporaryDirectory() as folder:
        raw = _raw_insert(frame, Path(folder) / "raw.sqlite3")
        gc.collect()
        settings = Settings(data_dir=Path(folder) / "data", database_url=None)
        settings.data_dir.mkdir()
        migrate(settings)
        began = perf_counter()
        vintages.write_vintage(
            open_engine(settings), created_at=MOMENT, note="bench", run_id=None, added=frame, superseded=(),
            records=[RawRecord(sha256="0" * 64, source="bench", url="bench", status=200, retrieved_at=MOMENT, size=0)],
        )  # fmt: skip
        publish(open_engine(settings), settings.dataset_dir)
        return (perf_counter() - began) / raw


def _rows(count: int) -> pl.DataFrame:
    numbers = pl.int_range(count, eager=True).to_frame("n")
    year = 2000 + pl.col("n") % YEARS
    frame = numbers.select(
        (pl.lit("metric_") + (pl.col("n") // (AREAS * YEARS) % INDICATORS).cast(pl.String)).alias("indicator"),
        (pl.lit("A") + (pl.col("n") // YEARS % AREAS).cast(pl.String).str.zfill(3)).alias("country"),
        year.cast(pl.String).alias("period"),
        year.alias("year"),
        pl.lit("{}").alias("dimensions"),
        (pl.col("n") / 7).alias("value"),
        (pl.col("n") / 7 - 1).alias("lower"),
        (pl.col("n") / 7 + 1).alias("upper"),
        (pl.col("n") / 7).cast(pl.String).alias("value_text"),
        pl.lit(90.0).alias("interval_level"),
        pl.lit(MOMENT).alias("retrieved_at"),
        pl.lit("0" * 64).alias("raw_sha256"),
        pl.lit(True).alias("primary"),
        pl.lit(None, pl.Float64).alias("std_error"),
        pl.lit("percent").alias("unit"),
        pl.lit("normal").alias("status"),
        *(pl.lit(name).alias(name) for name in ("nature", "source", "edition", "series", "source_detail", "footnote")),
    )
    columns = [name for name in REQUIRED_COLUMNS if name != "id"]
    return add_ids(frame.select(pl.col(name).cast(ROWS[name]) for name in columns))


def _raw_insert(frame: pl.DataFrame, path: Path) -> float:
    plain = frame.with_columns(pl.col("retrieved_at").dt.to_string("iso"), pl.col("primary").cast(pl.Int8))
    tuples = plain.rows()
    link = sqlite3.connect(path)
    link.execute("PRAGMA journal_mode=WAL")
    columns = ", ".join(f'"{name}"' for name in plain.columns)
    link.execute(f"CREATE TABLE observation ({columns})")
    began = perf_counter()
    with link:
        link.executemany(f"INSERT INTO observation VALUES ({', '.join('?' * plain.width)})", tuples)
    span = perf_counter() - began
    link.close()
    return span
