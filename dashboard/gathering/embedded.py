"""A start without a network: database, embedded dataset as the first vintage, published dataset.

``ensure_ready`` is what ``serve`` and tests call; every step is done once and found done afterwards.
"""

import hashlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

    The vintage is dated as the dataset is (``manifest.json``), so that ``as of`` answers truthfully.

    Returns:
        Whether it was loaded now.
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
    return False


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

    manifest, raw, rows = _read(folder)
    record = engine(settings)
    moment = datetime.fromisoformat(manifest["date"]).replace(tzinfo=UTC)
    rows = rows.with_columns(pl.lit(moment).cast(pl.Datetime("us", "UTC")).alias("retrieved_at"))
    runs.mark_interrupted(record)
    run = runs.start(
        record, trigger="embedded", plan={"date": manifest["date"], "indicators": [*manifest["indicators"]]}
    )
    silent = pl.col("status").is_in(["missing", "not_applicable"])
    counts = rows.group_by("source", "series", "indicator").agg(silent.sum().alias("missing"), pl.len().alias("new"))
    for source, series, indicator, missing, new in counts.sort("indicator", "source").rows():
        outcome = runs.SeriesOutcome(
            run=run,
            source=source,
            series=series,
            indicator=indicator,
            state="new",
            new=new,
            missing=missing,
            retrieved_at=moment,
        )
        runs.outcome(record, outcome)
    vintage = vintages.write(
        record,
        created_at=moment,
        note=NOTE,
        run_id=run,
        added=with_ids(rows),
        superseded=(),
        records=[_record(entry) for entry in raw],
    )
    runs.finish(record, run, "succeeded", {"vintage": vintage.number, "rows": rows.height})


def _read(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]], pl.DataFrame]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        for name, expected in manifest["files"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
                raise DamagedEmbedded(f"{folder / name} is not as built: restore it, or build the snapshot again")
        if manifest["schema"] != SCHEMA:
            raise DamagedEmbedded(f"{folder} is of schema {manifest['schema']}, this version reads {SCHEMA}")
        raw = json.loads((folder / RECORDS).read_text(encoding="utf-8"))
        return manifest, raw, pl.read_parquet(folder / OBSERVATIONS)
    except (OSError, ValueError, KeyError) as error:
        raise DamagedEmbedded(f"the embedded dataset in {folder} cannot be read: {error}") from error


def _record(entry: dict[str, Any]) -> Any:
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
