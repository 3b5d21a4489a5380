"""Publishing the record as an immutable dataset that readers switch to at once.

``publish(engine, folder, codebook="") -> Version``: of what the record holds already; what is to be written and
published in one step goes through ``publication``. ``prepared(connection, folder, codebook) -> Version``: builds
``versions/<name>/`` from the record, makes it durable and announces it; only the switch replaces ``CURRENT``. Readers
see the old version or the new one; whatever moment the power goes out, one of them is whole. The same record gives the
same name, which is published once.
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

from dashboard.database import datasets, records, runs, vintages
from dashboard.database.engine import reading
from dashboard.database.observations import Vintage
from dashboard.dataset import derived, layout
from dashboard.dataset.force import (
    announce,
    begin_version,
    clear_old,
    clear_unfinished,
    link_file,
    lock_folder,
    name_version,
    note_finished,
    read_announced,
    settle_on,
    switch,
    sync_to_disk,
)
from dashboard.dataset.layout import Version
from dashboard.dataset.schema import ROWS
from dashboard.dataset.store import Dataset, NotPublished
from dashboard.dataset.travel import offer
from dashboard.dataset.wholeness import GoesBack, explain_going_back, read_published


class EmptyRecord(Exception):
    """There is nothing to publish: the record holds no vintage."""


def publish(engine: Engine, folder: Path, codebook: str = "") -> Version:
    """Publish the record's newest vintage, with the history of every figure.

    Args:
        engine: the record.
        folder: the folder of published datasets; made when absent.
        codebook: version of the codebook in effect.

    Returns:
        What is in force now. ``fresh`` is False when exactly this was published before.

    Raises:
        EmptyRecord: the record holds no vintage.
        GoesBack: it holds less than what is published, or other figures under the same number.
    """
    with lock_folder(folder), reading(engine) as connection:
        settle_on(connection, folder)
        clear_unfinished(folder)
        issued = vintages.list_issued_on(connection)
        if not issued:
            raise EmptyRecord("The record holds no vintage yet: load the embedded dataset or gather first")
        if reason := explain_going_back(folder, issued):
            raise GoesBack(reason)
        version = prepare_version(connection, folder, codebook)
        offer(engine, folder, version.name)
        if read_announced(folder)[0]:
            if 0 < read_published(folder)[1] < version.vintage and _offered(connection) < version.vintage:
                note_finished(folder, layout.NEXT, version.name)
            switch(folder)
        clear_old(folder, version.name)
    return version


def prepare_version(connection: Connection, folder: Path, codebook: str) -> Version:
    """Build the version of what this transaction sees, and announce it; not announced where it is in force, whole.

    Args:
        connection: to the record, which holds a vintage.
        folder: the folder of published datasets, of which the caller holds the lock.
        codebook: version of the codebook in effect.
    """
    issued = vintages.list_vintages_on(connection)
    tables = {
        layout.RECORDS: records.read_frame_on(connection),
        layout.VINTAGES: _vintage_table(issued),
        layout.OUTCOMES: runs.standing_on(connection),
    }
    last = issued[-1]
    name = _name(last, codebook, tables)
    target = folder / layout.VERSIONS / name
    fresh = not _whole(target)
    if fresh:
        work = _build(connection, folder, name, issued, codebook, tables)
        announce(folder, work, name)
        name_version(work, name)
    elif _pointed(folder) != name:
        announce(folder, target, name)
    return Version(name, last.number, last.created_at, last.rows, target, fresh)


def _name(last: Vintage, codebook: str, tables: Mapping[str, pl.DataFrame]) -> str:
    """Number and date of the vintage, and a hash of all that is in the version (the digest stands for the rows)."""
    digest = hashlib.sha256(f"{layout.FORMAT} {last.digest} {codebook}".encode())
    for table in tables.values():
        for row in table.iter_rows():
            digest.update(json.dumps(row, default=str).encode())
    return f"{last.number}-{last.created_at:%Y-%m-%d}-{digest.hexdigest()[:8]}"


def _build(
    connection: Connection,
    folder: Path,
    name: str,
    issued: list[Vintage],
    codebook: str,
    tables: Mapping[str, pl.DataFrame],
) -> Path:
    """Write the whole version aside; gives where."""
    work = begin_version(folder)
    last = issued[-1]
    parts = _observations(connection, work, issued, _reusable(folder, issued))
    indicators = {indicator: part.counts for indicator, part in parts.items()}
    files = {layout.locate_observations(indicator): part.sha256 for indicator, part in parts.items()}
    for file, table in tables.items():
        _write(table, work / file)
    _write(pl.concat(part.index for part in parts.values()).sort("id"), work / layout.INDEX, row_group_size=20_000)
    _write(pl.concat(part.latest for part in parts.values()), work / layout.LATEST)
    _write(pl.concat(part.coverage for part in parts.values()), work / layout.COVERAGE)
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
    """An indicator's file, and what is worked out from its rows."""

    counts: dict[str, int]
    sha256: str
    index: pl.DataFrame
    latest: pl.DataFrame
    coverage: pl.DataFrame


def _observations(
    connection: Connection, work: Path, issued: list[Vintage], before: Dataset | None
) -> dict[str, _Part]:
    """One file per indicator; those that no vintage since ``before`` touched are the same file again."""
    touched: dict[str, int] = {}
    for vintage in issued:
        touched.update(dict.fromkeys(vintage.changes, vintage.number))
    parts: dict[str, Future[_Part]] = {}
    with ThreadPoolExecutor(1) as writer:  # one indicator is written while the next is read
        for indicator in sorted(touched):
            file = layout.locate_observations(indicator)
            if before is not None and touched[indicator] <= before.vintage and link_file(before, file, work):
                known = before.manifest["indicators"][indicator], before.manifest["files"][file]
                parts[indicator] = writer.submit(_part, pl.scan_parquet(work / file), *known)
            else:
                rows = vintages.read_rows_on(connection, [indicator])
                parts[indicator] = writer.submit(_written, rows, work / file)
    return {indicator: part.result() for indicator, part in parts.items()}


def _written(rows: pl.LazyFrame, path: Path) -> _Part:
    frame = rows.select(ROWS.names()).collect()
    _write(frame, path)
    counts = {"rows": frame["superseded"].null_count(), "rows_ever": frame.height}
    return _part(frame.lazy(), counts, layout.hash_file(path))


def _part(rows: pl.LazyFrame, counts: dict[str, int], sha256: str) -> _Part:
    current = rows.filter(pl.col("superseded").is_null())
    tables = (derived.index(rows), derived.select_latest(current), derived.count_coverage(current))
    return _Part(counts, sha256, *pl.collect_all(tables))


def _reusable(folder: Path, issued: list[Vintage]) -> Dataset | None:
    """The version in force, when it was made of this very record: its vintage is ours, digest and all."""
    try:
        before = Dataset.current(folder)
    except NotPublished:
        return None
    digests = {vintage.number: vintage.digest for vintage in issued}
    return before if digests.get(before.vintage) == before.manifest["digest"] else None


def _vintage_table(issued: list[Vintage]) -> pl.DataFrame:
    columns = ("number", "created_at", "note", "run", "rows", "added", "superseded", "digest")
    return pl.DataFrame(
        [[getattr(vintage, name) for name in columns] for vintage in issued],
        schema={
            "number": pl.Int32,
            "created_at": pl.Datetime("us", "UTC"),
            "note": pl.String,
            "run": pl.Int32,
            "rows": pl.Int64,
            "added": pl.Int64,
            "superseded": pl.Int64,
            "digest": pl.String,
        },
        orient="row",
    )


def _whole(version: Path) -> bool:
    """Whether a version is as it was published; its manifest is compared with what the pointer says of it."""
    try:
        return not Dataset.open(version, _manifest_hash(version)).verify()
    except NotPublished:
        return False


def _manifest_hash(version: Path) -> str:
    try:
        name, sha256 = layout.read_pointer(version.parent.parent / layout.CURRENT)
    except (OSError, ValueError):
        return ""
    return sha256 if name == version.name else ""


def _offered(connection: Connection) -> int:
    """The newest vintage that another machine has published; 0 for none."""
    return int(datasets.find_newest_name_on(connection).partition("-")[0] or 0)


def _pointed(folder: Path) -> str:
    try:
        return layout.read_pointer(folder / layout.CURRENT)[0]
    except (OSError, ValueError):
        return ""


def _write(frame: pl.DataFrame, path: Path, **options: Any) -> None:
    packed = io.BytesIO()  # Polars would say of a full disk that the file is out of specification
    frame.write_parquet(packed, compression="zstd", statistics=True, **options)
    path.write_bytes(packed.getbuffer())
    sync_to_disk(path)
