"""Build the dataset from the record and publish it as an immutable version.

The same record gives the same version name, which is published once.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine

from dashboard.evidence.database import datasets, records, runs, vintages
from dashboard.evidence.database.engine import reading
from dashboard.evidence.database.observations import Vintage
from dashboard.evidence.dataset import derived, layout
from dashboard.evidence.dataset.force import (
    announce_version,
    begin_version,
    clear_old,
    clear_unfinished,
    link_file,
    lock_folder,
    name_version,
    note_finished,
    read_announced,
    settle_publication_on,
    switch_version,
    sync_to_disk,
)
from dashboard.evidence.dataset.layout import Version
from dashboard.evidence.dataset.schema import ROWS
from dashboard.evidence.dataset.store import Dataset, NotPublished
from dashboard.evidence.dataset.travel import offer_version
from dashboard.evidence.dataset.wholeness import RecordBehind, explain_going_back, read_published


class EmptyRecord(Exception):
    """The record holds no vintage to publish."""


def publish(engine: Engine, folder: Path, codebook: str = "") -> Version:
    """Publish the record's newest vintage with the history of every figure, and return the version.

    Raises:
        EmptyRecord: the record holds no vintage.
        RecordBehind: it holds less than what is published, or other figures under the same number.
    """
    with lock_folder(folder), reading(engine) as connection:
        settle_publication_on(connection, folder)
        clear_unfinished(folder)
        issued = vintages.list_digests_on(connection)
        if not issued:
            raise EmptyRecord("The record holds no vintage yet: load the embedded dataset or gather first")
        if reason := explain_going_back(folder, issued):
            raise RecordBehind(reason)
        version = prepare_version(connection, folder, codebook)
        offer_version(engine, folder, version.name)
        if read_announced(folder)[0]:
            if 0 < read_published(folder)[1] < version.vintage and _find_offered_vintage(connection) < version.vintage:
                note_finished(folder, layout.NEXT, version.name)
            switch_version(folder)
        clear_old(folder, version.name)
    return version


def prepare_version(connection: Connection, folder: Path, codebook: str) -> Version:
    """Build and announce the version of what the transaction sees, unless it is in force and intact.

    Args:
        connection: to the record, which holds a vintage.
        folder: the folder of published datasets, locked by the caller.
        codebook: version of the codebook in effect.
    """
    issued = vintages.list_vintages_on(connection)
    tables = {
        layout.RECORDS: records.read_frame_on(connection),
        layout.VINTAGES: _build_vintage_table(issued),
        layout.OUTCOMES: runs.read_last_outcomes_on(connection),
    }
    last = issued[-1]
    name = _build_name(last, codebook, tables)
    target = folder / layout.VERSIONS / name
    fresh = not _is_intact(target)
    if fresh:
        work = _build_version(connection, folder, name, issued, codebook, tables)
        announce_version(folder, work, name)
        name_version(work, name)
    elif layout.read_current_name(folder) != name:
        announce_version(folder, target, name)
    return Version(name, last.number, last.created_at, last.rows, target, fresh)


def _build_name(last: Vintage, codebook: str, tables: Mapping[str, pl.DataFrame]) -> str:
    """Return number and date of the vintage with a hash of the version's content."""
    digest = hashlib.sha256(f"{layout.FORMAT} {last.digest} {codebook}".encode())
    for table in tables.values():
        for row in table.iter_rows():
            digest.update(json.dumps(row, default=str).encode())
    return f"{last.number}-{last.created_at:%Y-%m-%d}-{digest.hexdigest()[:8]}"


def _build_version(
    connection: Connection,
    folder: Path,
    name: str,
    issued: list[Vintage],
    codebook: str,
    tables: Mapping[str, pl.DataFrame],
) -> Path:
    """Write the whole version aside and return its folder."""
    work = begin_version(folder)
    last = issued[-1]
    parts = _write_observations(connection, work, issued, _find_reusable(folder, issued))
    indicators = {indicator: part.counts for indicator, part in parts.items()}
    files = {layout.locate_observations(indicator): part.sha256 for indicator, part in parts.items()}
    for file, table in tables.items():
        _write_table(table, work / file)
    _write_table(
        pl.concat(part.index for part in parts.values()).sort("id"), work / layout.INDEX, row_group_size=20_000
    )
    _write_table(pl.concat(part.latest for part in parts.values()), work / layout.LATEST)
    _write_table(pl.concat(part.coverage for part in parts.values()), work / layout.COVERAGE)
    for file in (*tables, layout.INDEX, layout.LATEST, layout.COVERAGE):
        files[file] = layout.hash_file(work / file)
    manifest = {
        "format": layout.FORMAT,
        "version": name,
        "vintage": last.number,
        "created_at": last.created_at.isoformat(),
        "digest": last.digest,
        "codebook": codebook,
        "rows": sum(counts["rows"] for counts in indicators.values()),
        "rows_ever": sum(counts["rows_ever"] for counts in indicators.values()),
        "indicators": indicators,
        "files": files,
    }
    if manifest["rows"] != last.rows:
        raise AssertionError(f"Vintage {last.number} has {last.rows} rows, {manifest['rows']} were read back")
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (work / layout.MANIFEST).write_text(text, encoding="utf-8")
    sync_to_disk(work / layout.MANIFEST)
    return work


@dataclass(frozen=True, slots=True)
class _Part:
    """An indicator's file and the tables derived from its rows."""

    counts: dict[str, int]
    sha256: str
    index: pl.DataFrame
    latest: pl.DataFrame
    coverage: pl.DataFrame


def _write_observations(
    connection: Connection, work: Path, issued: list[Vintage], before: Dataset | None
) -> dict[str, _Part]:
    """Write one file per indicator, linking those unchanged since ``before``."""
    touched: dict[str, int] = {}
    for vintage in issued:
        touched.update(dict.fromkeys(vintage.changes, vintage.number))
    parts: dict[str, Future[_Part]] = {}
    with ThreadPoolExecutor(1) as writer:  # one indicator is written while the next is read
        for indicator in sorted(touched):
            file = layout.locate_observations(indicator)
            if before is not None and touched[indicator] <= before.vintage and link_file(before, file, work):
                counts, sha256 = before.manifest["indicators"][indicator], before.manifest["files"][file]
                parts[indicator] = writer.submit(_build_part, pl.scan_parquet(work / file), counts, sha256)
            else:
                rows = vintages.read_rows_on(connection, [indicator])
                parts[indicator] = writer.submit(_write_part, rows, work / file)
    return {indicator: part.result() for indicator, part in parts.items()}


def _write_part(rows: pl.LazyFrame, path: Path) -> _Part:
    frame = rows.select(ROWS.names()).collect()
    _write_table(frame, path)
    counts = {"rows": frame["superseded"].null_count(), "rows_ever": frame.height}
    return _build_part(frame.lazy(), counts, layout.hash_file(path))


def _build_part(rows: pl.LazyFrame, counts: dict[str, int], sha256: str) -> _Part:
    current = rows.filter(pl.col("superseded").is_null())
    tables = (derived.index_ids(rows), derived.select_latest(current), derived.count_coverage(current))
    return _Part(counts, sha256, *pl.collect_all(tables))


def _find_reusable(folder: Path, issued: list[Vintage]) -> Dataset | None:
    """Return the version in force if it was built from this record."""
    try:
        before = Dataset.current(folder)
    except NotPublished:
        return None
    digests = {vintage.number: vintage.digest for vintage in issued}
    return before if digests.get(before.vintage) == before.manifest["digest"] else None


def _build_vintage_table(issued: list[Vintage]) -> pl.DataFrame:
    schema = pl.Schema(
        {
            "number": pl.Int32(),
            "created_at": pl.Datetime("us", "UTC"),
            "note": pl.String(),
            "run": pl.Int32(),
            "rows": pl.Int64(),
            "added": pl.Int64(),
            "superseded": pl.Int64(),
            "digest": pl.String(),
        }
    )
    return pl.DataFrame([vintage.model_dump(include=set(schema)) for vintage in issued], schema=schema)


def _is_intact(version: Path) -> bool:
    """Return True if a version is complete and unaltered."""
    try:
        return not Dataset.open(version, _read_manifest_hash(version)).verify()
    except NotPublished:
        return False


def _read_manifest_hash(version: Path) -> str:
    try:
        name, sha256 = layout.read_pointer(version.parent.parent / layout.CURRENT)
    except (OSError, ValueError):
        return ""
    return sha256 if name == version.name else ""


def _find_offered_vintage(connection: Connection) -> int:
    """Return the newest vintage published by any machine, or 0."""
    return int(datasets.find_newest_name_on(connection).partition("-")[0] or 0)


def _write_table(frame: pl.DataFrame, path: Path, **options: Any) -> None:
    packed = io.BytesIO()  # Polars would say of a full disk that the file is out of specification
    frame.write_parquet(packed, compression="zstd", statistics=True, **options)
    path.write_bytes(packed.getbuffer())
    sync_to_disk(path)
