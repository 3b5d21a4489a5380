"""The record anew, from the published dataset: for a database that was lost, is damaged, or was put back too old.

A published version holds every figure ever held, with the vintages in which it came and went, the raw records and the
digests of all vintages. So the record is written vintage by vintage, and each digest must come out as it was.
What is not published is not in it: earlier gatherings, and changes that waited for a person.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.database import file, runs, vintages
from dashboard.database.engine import Unusable, create_engine_for, migrate, open_engine
from dashboard.database.records import RawRecord, save
from dashboard.dataset import agreement
from dashboard.dataset.store import Dataset, NotPublished
from dashboard.operations.supervision import Occupied, alone
from dashboard.settings import Settings

TRIGGER = "rebuild"


class NotRebuilt(Exception):
    """The record was not rebuilt; the message says why, and what is possible."""


def rebuild(settings: Settings) -> tuple[int, Path | None]:
    """Write the record anew from the dataset in force.

    Returns:
        Number of the last vintage, and where the former SQLite file lies now (None when there was none).

    Raises:
        NotRebuilt: nothing whole is published, the database is in order, a server has its file open, or a digest came
            out differently.
    """
    if settings.sqlite_path is None:
        return _rebuilt(settings)
    folder = settings.data_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with alone(folder, settings.port):
            return _rebuilt(settings)
    except Occupied as error:
        raise NotRebuilt(f"{error} The file is replaced while no server runs.") from error


def _rebuilt(settings: Settings) -> tuple[int, Path | None]:
    try:
        dataset = Dataset.current(settings.dataset_dir)
    except NotPublished as error:
        raise NotRebuilt(f"There is nothing to rebuild from. {error}") from error
    if faults := dataset.verify():
        raise NotRebuilt(f"What is published is damaged itself ({faults[0]}): restore a backup")
    aside = _room(settings)
    migrate(settings)
    _write(settings, dataset)
    return dataset.vintage, aside


def _room(settings: Settings) -> Path | None:
    """An empty database to write to; a former SQLite file is moved aside, never deleted."""
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
        if agreement.list_issued(settings):
            raise NotRebuilt(
                "The PostgreSQL database holds other vintages, which stay: "
                "let MONITOR_DATABASE_URL name an empty database and run this again"
            )
        return None
    create_engine_for(settings.sqlalchemy_url).dispose()
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.{datetime.now(UTC):%Y%m%dT%H%M%S}.aside")
    for ending in reversed(file.PARTS):
        part = path.with_name(f"{path.name}{ending}")
        if part.exists():
            part.rename(f"{aside}{ending}")
    return aside


def _write(settings: Settings, dataset: Dataset) -> None:
    record = open_engine(settings)
    save(record, (_raw(row) for row in dataset.records()))
    run = _outcomes(settings, dataset)
    for issued in dataset.vintages():
        number = issued["number"]
        vintage = vintages.write(
            record,
            created_at=issued["created_at"],
            note=issued["note"],
            run_id=run,
            added=_parts(dataset, number),
            superseded=_superseded(dataset, number),
            records=(),
        )
        if (vintage.number, vintage.digest) != (number, issued["digest"]):
            raise NotRebuilt(f"Vintage {number} did not come out as it was published: restore a backup")
    runs.finish(record, run, "succeeded", {"vintage": dataset.vintage, "rows": dataset.manifest["rows"]})


def _parts(dataset: Dataset, number: int) -> Iterator[pl.DataFrame]:
    """The rows that came with a vintage, one indicator at a time."""
    for indicator in sorted(dataset.indicators()):
        rows = dataset.history(indicator).filter(pl.col("vintage") == number).collect()
        if not rows.is_empty():
            yield rows


def _superseded(dataset: Dataset, number: int) -> list[str]:
    ids: list[str] = dataset.ever().filter(pl.col("superseded") == number).select("id").collect()["id"].to_list()
    return ids


def _raw(row: dict[str, Any]) -> RawRecord:
    params = row["params"]
    return RawRecord(**{**row, "params": json.loads(params) if isinstance(params, str) else params})


def _outcomes(settings: Settings, dataset: Dataset) -> int:
    """A run that holds what became last of each series."""
    record = open_engine(settings)
    run = runs.start(record, trigger=TRIGGER, plan={"version": dataset.version})
    columns = [name for name in runs.SeriesOutcome.model_fields if name != "run"]
    for outcome in dataset.outcomes():
        runs.outcome(record, runs.SeriesOutcome(run=run, **{name: outcome[name] for name in columns}))
    return run
