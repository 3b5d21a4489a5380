"""Publishing the record as an immutable dataset that readers switch to at once.

``publish(engine, folder, codebook="") -> Version``: builds ``versions/<name>/`` from the record, makes it durable, and
only then replaces the pointer ``CURRENT``. Readers see the old version or the new one; whatever moment the power goes
out, one of them is whole. The same record gives the same name, which is published once.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine

from dashboard.database import records, runs, vintages
from dashboard.database.engine import reading
from dashboard.database.observations import Vintage
from dashboard.dataset import derived, layout
from dashboard.dataset.layout import Version
from dashboard.dataset.schema import ROWS
from dashboard.dataset.store import Dataset, NotPublished

KEEP = 3
"""Versions kept, the one in force included."""

GRACE = 60.0
"""Seconds a version stays after it was last in force, however many followed: for readers who hold it."""

VERSION_NAME = re.compile(r"\d+-\d{4}-\d\d-\d\d-[0-9a-f]{8}")


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
    """
    with _alone(folder), reading(engine) as connection:
        _clear_unfinished(folder)
        issued = vintages.listing_on(connection)
        if not issued:
            raise EmptyRecord("The record holds no vintage yet: load the embedded dataset or gather first")
        tables = {
            layout.RECORDS: records.frame_on(connection),
            layout.VINTAGES: _vintage_table(issued),
            layout.OUTCOMES: runs.standing_on(connection),
        }
        name = _name(issued[-1], codebook, tables)
        target = folder / layout.VERSIONS / name
        fresh = not _whole(target)
        if fresh:
            _build(connection, folder, name, issued, codebook, tables)
        _point(folder, name)
        _clear_old(folder, name)
    last = issued[-1]
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
) -> None:
    """Write the whole version aside, then give it its name."""
    versions = folder / layout.VERSIONS
    work = Path(tempfile.mkdtemp(prefix=layout.UNFINISHED, dir=versions))
    work.chmod(0o755)
    (work / layout.OBSERVATIONS).mkdir()
    last = issued[-1]
    parts = _observations(connection, work, issued, _reusable(folder, issued))
    indicators = {indicator: part.counts for indicator, part in parts.items()}
    files = {layout.observations_file(indicator): part.sha256 for indicator, part in parts.items()}
    for file, table in tables.items():
        _write(table, work / file)
    _write(pl.concat(part.index for part in parts.values()).sort("id"), work / layout.INDEX, row_group_size=20_000)
    _write(pl.concat(part.latest for part in parts.values()), work / layout.LATEST)
    _write(pl.concat(part.coverage for part in parts.values()), work / layout.COVERAGE)
    for file in (*tables, layout.INDEX, layout.LATEST, layout.COVERAGE):
        files[file] = layout.sha256_of(work / file)
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
    for path in (work / layout.MANIFEST, work / layout.OBSERVATIONS, work):
        _to_disk(path)
    target = versions / name
    if target.exists():  # damaged, or it would not be built again
        target.rename(versions / f"{work.name}-damaged")
    work.rename(target)
    _to_disk(versions)


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
            file = layout.observations_file(indicator)
            if before is not None and touched[indicator] <= before.vintage and _link(before, file, work):
                known = before.manifest["indicators"][indicator], before.manifest["files"][file]
                parts[indicator] = writer.submit(_part, pl.scan_parquet(work / file), *known)
            else:
                rows = vintages.rows_on(connection, [indicator])
                parts[indicator] = writer.submit(_written, rows, work / file)
    return {indicator: part.result() for indicator, part in parts.items()}


def _written(rows: pl.LazyFrame, path: Path) -> _Part:
    frame = rows.select(ROWS.names()).collect()
    _write(frame, path)
    counts = {"rows": frame["superseded"].null_count(), "rows_ever": frame.height}
    return _part(frame.lazy(), counts, layout.sha256_of(path))


def _part(rows: pl.LazyFrame, counts: dict[str, int], sha256: str) -> _Part:
    current = rows.filter(pl.col("superseded").is_null())
    tables = (derived.index(rows), derived.latest(current), derived.coverage(current))
    return _Part(counts, sha256, *pl.collect_all(tables))


def _reusable(folder: Path, issued: list[Vintage]) -> Dataset | None:
    """The version in force, when it was made of this very record: its vintage is ours, digest and all."""
    try:
        before = Dataset.current(folder)
    except NotPublished:
        return None
    digests = {vintage.number: vintage.digest for vintage in issued}
    return before if digests.get(before.vintage) == before.manifest["digest"] else None


def _link(before: Dataset, file: str, work: Path) -> bool:
    """Take over a file as it is, when it still is what was published."""
    origin = before.folder / file
    if not origin.is_file() or layout.sha256_of(origin) != before.manifest["files"][file]:
        return False
    try:
        os.link(origin, work / file)
    except OSError:  # a file system without hard links
        shutil.copyfile(origin, work / file)
        _to_disk(work / file)
    return True


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
    try:
        return not Dataset.open(version).verify()
    except (NotPublished, ValueError):
        return False


def _point(folder: Path, name: str) -> None:
    """Put a version in force: a new pointer file takes the place of the old one in a single step."""
    pointer = folder / layout.CURRENT
    before = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None
    if before == name:
        return
    for version in filter(None, (before, name)):
        if (folder / layout.VERSIONS / version).is_dir():
            os.utime(folder / layout.VERSIONS / version)  # its time of modification is when it was last in force
    new = folder / f"{layout.UNFINISHED}{layout.CURRENT}"
    new.write_text(f"{name}\n", encoding="utf-8")
    _to_disk(new)
    new.replace(pointer)
    _to_disk(folder)


def _clear_unfinished(folder: Path) -> None:
    """Remove what a publisher left that was stopped half-way; there is no other at work, we hold the lock."""
    for path in folder.glob(f"{layout.UNFINISHED}*"):
        path.unlink()
    for path in (folder / layout.VERSIONS).glob(f"{layout.UNFINISHED}*"):
        shutil.rmtree(path)


def _clear_old(folder: Path, current: str) -> None:
    found = [path for path in (folder / layout.VERSIONS).iterdir() if VERSION_NAME.fullmatch(path.name)]
    found.sort(key=lambda path: (path.name == current, path.stat().st_mtime), reverse=True)
    for path in found[KEEP:]:
        if time() - path.stat().st_mtime > GRACE:
            aside = path.with_name(f"{layout.UNFINISHED}{path.name}")
            path.rename(aside)  # at once out of sight: a version that has its name is whole
            shutil.rmtree(aside)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One publisher at a time; the system gives the lock back when its holder dies."""
    (folder / layout.VERSIONS).mkdir(parents=True, exist_ok=True)
    with (folder / layout.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(frame: pl.DataFrame, path: Path, **options: Any) -> None:
    frame.write_parquet(path, compression="zstd", statistics=True, **options)
    _to_disk(path)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
