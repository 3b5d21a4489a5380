"""Rebuild a lost or damaged database from the published dataset.

A published version holds every figure ever held, with its vintages, raw records and digests, so each vintage is
written anew and its digest must be equal. What was never published is lost.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.evidence.database import file, runs, vintages
from dashboard.evidence.database.engine import Unusable, create_engine_for, migrate, open_engine, writing
from dashboard.evidence.database.records import RawRecord, save_records_on
from dashboard.evidence.dataset import agreement
from dashboard.evidence.dataset.store import Dataset, NotPublished
from dashboard.operations.supervision import Occupied, hold_folder
from dashboard.settings import Settings

TRIGGER = "rebuild"


class NotRebuilt(Exception):
    """The database was not rebuilt; the message says why and what is possible."""


def rebuild(settings: Settings) -> tuple[int, Path | None]:
    """Write the database anew from the dataset in force.

    Returns:
        Number of the last vintage, and where the former SQLite file is now (None when there was none).

    Raises:
        NotRebuilt: nothing whole is published, the database is in order or in use, or a digest differs.
    """
    if settings.sqlite_path is None:
        return _rebuild_alone(settings)
    folder = settings.data_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with hold_folder(folder, settings.port):
            return _rebuild_alone(settings)
    except Occupied as error:
        raise NotRebuilt(f"{error} The file is replaced while no server runs.") from error


def _rebuild_alone(settings: Settings) -> tuple[int, Path | None]:
    try:
        dataset = Dataset.current(settings.dataset_dir)
    except NotPublished as error:
        raise NotRebuilt(f"There is nothing to rebuild from. {error}") from error
    if faults := dataset.verify():
        raise NotRebuilt(f"What is published is damaged itself ({faults[0]}): restore a backup")
    aside = _clear_database(settings)
    migrate(settings)
    _write_vintages(settings, dataset)
    return dataset.vintage, aside


def _clear_database(settings: Settings) -> Path | None:
    """Make room for the new database: move a former SQLite file aside, or refuse a filled PostgreSQL."""
    path = settings.sqlite_path
    try:
        reason = agreement.explain_contradiction(settings)
    except Unusable as error:
        reason = str(error)
        if path is None or "damaged" not in reason:
            raise NotRebuilt(reason) from error
    if not reason:
        raise NotRebuilt("The database stands behind what is published: nothing is to be rebuilt")
    if path is None:
        if agreement.list_digests(settings):
            raise NotRebuilt(
                "The PostgreSQL database holds other vintages, which stay: "
                "let MONITOR_DATABASE_URL name an empty database and run this again"
            )
        return None
    create_engine_for(settings.sqlalchemy_url).dispose()
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.{datetime.now(UTC):%Y%m%dT%H%M%S}.aside")
    for ending in reversed(file.FILE_SUFFIXES):
        part = path.with_name(f"{path.name}{ending}")
        if part.exists():
            part.rename(f"{aside}{ending}")
    return aside


def _write_vintages(settings: Settings, dataset: Dataset) -> None:
    engine = open_engine(settings)
    with writing(engine) as connection:
        save_records_on(connection, (_make_raw_record(row) for row in dataset.records()))
    run = _write_outcomes(settings, dataset)
    for published in dataset.vintages():
        number = published["number"]
        vintage = vintages.write_vintage(
            engine,
            created_at=published["created_at"],
            note=published["note"],
            run_id=run,
            added=_read_added(dataset, number),
            superseded=_list_superseded(dataset, number),
            records=(),
        )
        if (vintage.number, vintage.digest) != (number, published["digest"]):
            raise NotRebuilt(f"Vintage {number} did not come out as it was published: restore a backup")
    runs.finish_run(engine, run, "succeeded", {"vintage": dataset.vintage, "rows": dataset.manifest["rows"]})


def _read_added(dataset: Dataset, number: int) -> Iterator[pl.DataFrame]:
    """Yield the rows that a vintage added, by indicator."""
    for indicator in sorted(dataset.indicators()):
        rows = dataset.history(indicator).filter(pl.col("vintage") == number).collect()
        if not rows.is_empty():
            yield rows


def _list_superseded(dataset: Dataset, number: int) -> list[str]:
    ids: list[str] = dataset.ever().filter(pl.col("superseded") == number).select("id").collect()["id"].to_list()
    return ids


def _make_raw_record(row: dict[str, Any]) -> RawRecord:
    params = row["params"]
    return RawRecord(**{**row, "params": json.loads(params) if isinstance(params, str) else params})


def _write_outcomes(settings: Settings, dataset: Dataset) -> int:
    """Store a run with the last outcome of each series, and return its number."""
    engine = open_engine(settings)
    run = runs.start_run(engine, trigger=TRIGGER, plan={"version": dataset.version})
    columns = [name for name in runs.SeriesOutcome.model_fields if name != "run"]
    for outcome in dataset.outcomes():
        runs.record_outcome(engine, runs.SeriesOutcome(run=run, **{name: outcome[name] for name in columns}))
    return run
