"""A start without a network: database, embedded dataset as the first vintage, published dataset.

``ensure_ready`` is what ``serve`` and tests call; every step is done once and found done afterwards.
"""

import hashlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from dashboard.codebook import loader
from dashboard.database.engine import engine, migrate
from dashboard.dataset.store import Dataset, NotPublished
from dashboard.gathering.snapshot import FOLDER, MANIFEST, OBSERVATIONS, RECORDS, SCHEMA
from dashboard.settings import Settings

if TYPE_CHECKING:
    from dashboard.dataset.layout import Version

PATIENCE = 120.0
"""Seconds to wait for another process that is loading the embedded dataset, or gathering."""

TRIGGER = "embedded"
"""What starts the run that brings an embedded dataset into the record."""

NOTE = "Embedded dataset: publishers' figures that come with the product"


class DamagedEmbedded(Exception):
    """The embedded dataset is not what its manifest says; reinstall the product or build it again."""


def ensure_ready(settings: Settings, say: Callable[[str], object] = print) -> None:
    """Bring database, embedded dataset and published dataset to where pages can be served; quick when they are.

    Args:
        settings: where things are.
        say: told what is done, line by line; not called when all is done already.

    Raises:
        DamagedEmbedded: the embedded dataset is not whole.
        Busy: another process has been loading or gathering into an empty database for two minutes.
    """
    migrate(settings)
    ensure_embedded(settings, say)
    ensure_published(settings, say)


def ensure_embedded(
    settings: Settings, say: Callable[[str], object] = lambda line: None, folder: Path = FOLDER
) -> bool:
    """Load the embedded dataset as vintage 1 when the record holds no vintage yet.

    The vintage is dated as the dataset is (``manifest.json``), so that ``as of`` answers truthfully. A newer one that
    came with a new release becomes a further vintage of today, with the series that were not received later still.

    Returns:
        Whether one was loaded now.
    """
    from dashboard.database import vintages
    from dashboard.gathering.lease import Busy, leased

    record = engine(settings)
    deadline = time.monotonic() + PATIENCE
    while vintages.latest(record) is None:
        try:
            with leased(settings):
                if vintages.latest(record) is None:
                    say("Loading the embedded dataset…")
                    _load(settings, folder)
                    return True
        except Busy:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    if not _is_newer(settings, folder):
        return False
    from dashboard.gathering import renewal

    try:
        with leased(settings):
            if not _is_newer(settings, folder):
                return False
            say("Loading the newer embedded dataset…")
            renewal.renew(settings, folder)
            return True
    except Busy:  # a gathering is under way: the next start does it
        return False


def _is_newer(settings: Settings, folder: Path) -> bool:
    """Whether the product came with a later embedded dataset than the one the record was begun or renewed with."""
    from dashboard.database import runs

    loaded = runs.last_of(engine(settings), TRIGGER)
    if loaded is None:  # what is in the record was gathered
        return False
    try:
        date = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["date"]
    except (OSError, ValueError, KeyError):  # what was loaded before serves as well
        return False
    return bool(date > loaded.plan["date"])


def ensure_published(settings: Settings, say: Callable[[str], object] = lambda line: None) -> "Version | None":
    """Publish the newest vintage when it is not what readers see: after a crash, an upgrade or a new codebook.

    Returns:
        What was published, or None when it was already.
    """
    from dashboard.database import vintages

    record = engine(settings)
    last = vintages.latest(record)
    if last is None:
        return None
    book = loader.version(loader.DATA)
    try:
        seen = Dataset.current(settings.dataset_dir)
        if seen.manifest["digest"] == last.digest and seen.codebook == book:
            return None
    except NotPublished:
        pass
    from dashboard.dataset.publish import publish

    version = publish(record, settings.dataset_dir, book)
    say(f"Published dataset {version.name}: {version.rows} rows of vintage {version.vintage}.")
    return version


def _load(settings: Settings, folder: Path) -> None:
    from dashboard.database import runs, vintages
    from dashboard.dataset.identity import with_ids

    manifest, raw, rows = read(folder)
    record = engine(settings)
    moment = moment_of(manifest)
    run = begin(settings, manifest)
    received(settings, run, rows, "new", moment)
    vintage = vintages.write(
        record,
        created_at=moment,
        note=NOTE,
        run_id=run,
        added=with_ids(rows),
        superseded=(),
        records=[record_of(entry) for entry in raw],
    )
    runs.finish(record, run, "succeeded", {"vintage": vintage.number, "rows": rows.height})


def moment_of(manifest: dict[str, Any]) -> datetime:
    """When the embedded dataset was put together: the beginning of its day, UTC."""
    return datetime.fromisoformat(manifest["date"]).replace(tzinfo=UTC)


def begin(settings: Settings, manifest: dict[str, Any]) -> int:
    """Begin the run that brings an embedded dataset; gives its id. Hold the lease."""
    from dashboard.database import runs

    runs.mark_interrupted(engine(settings))
    told = {"date": manifest["date"], "indicators": [*manifest["indicators"]]}
    return runs.start(engine(settings), trigger=TRIGGER, plan=told)


def received(
    settings: Settings, run: int, rows: pl.DataFrame, state: Literal["new", "changed"], moment: datetime
) -> None:
    """Keep what became of each series of these rows."""
    from dashboard.database import runs

    silent = pl.col("status").is_in(["missing", "not_applicable"])
    counts = rows.group_by("source", "series", "indicator").agg(silent.sum().alias("missing"), pl.len().alias("rows"))
    for source, series, indicator, missing, count in counts.sort("indicator", "source").rows():
        outcome = runs.SeriesOutcome(
            run=run,
            source=source,
            series=series,
            indicator=indicator,
            state=state,
            missing=missing,
            retrieved_at=moment,
            **{state: count},
        )
        runs.outcome(engine(settings), outcome)


def read(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]], pl.DataFrame]:
    """Manifest, raw records and rows of an embedded dataset.

    Raises:
        DamagedEmbedded: it is not whole.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        for name, expected in manifest["files"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
                raise DamagedEmbedded(f"{folder / name} is not as built: restore it, or build the snapshot again")
        if manifest["schema"] != SCHEMA:
            raise DamagedEmbedded(f"{folder} is of schema {manifest['schema']}, this version reads {SCHEMA}")
        raw = json.loads((folder / RECORDS).read_text(encoding="utf-8"))
        rows = pl.read_parquet(folder / OBSERVATIONS)
        moment = pl.lit(moment_of(manifest)).cast(pl.Datetime("us", "UTC"))
        return manifest, raw, rows.with_columns(moment.alias("retrieved_at"))
    except (OSError, ValueError, KeyError) as error:
        raise DamagedEmbedded(f"the embedded dataset in {folder} cannot be read: {error}") from error


def record_of(entry: dict[str, Any]) -> Any:
    """The raw record of a file that the embedded dataset was made of."""
    from dashboard.database.records import RawRecord

    return RawRecord(
        sha256=entry["sha256"],
        source=entry["source"],
        url=entry["url"],
        status=200,
        media_type=entry["media_type"],
        retrieved_at=datetime.fromisoformat(entry["retrieved_at"]),
        size=entry["size"],
        edition=entry["edition"],
        publisher=entry["publisher"],
        licence=entry["licence"],
        origin=entry["origin"],
        note=entry["retrieved_at_note"],
    )
