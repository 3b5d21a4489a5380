"""The embedded dataset: what comes with the product, read whole or not at all, and loaded as the first vintage."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl

from dashboard.evidence.database.engine import open_engine, writing
from dashboard.evidence.dataset.layout import EMBEDDED_NOTE_PREFIX
from dashboard.evidence.gathering.snapshot import MANIFEST, OBSERVATIONS, RECORDS, SCHEMA
from dashboard.settings import Settings

TRIGGER = "embedded"
"""What starts the run that brings an embedded dataset into the record."""

NOTE = f"{EMBEDDED_NOTE_PREFIX}: publishers' figures that come with the product"


class DamagedEmbedded(Exception):
    """The embedded dataset is not what its manifest says; reinstall the product or build it again."""


def list_editions(folder: Path) -> list[Path]:
    """Return the embedded datasets, oldest first; earlier ones lie in folders named by their date."""
    return [*sorted(path.parent for path in folder.glob(f"*/{MANIFEST}")), folder]


def load(settings: Settings, folder: Path) -> None:
    """Write the embedded dataset in this folder as the vintage of its day into an empty record. Hold the lease."""
    from dashboard.evidence.database import runs, vintages
    from dashboard.evidence.dataset.identity import add_ids

    manifest, raw, rows = read(folder)
    record = open_engine(settings)
    moment = read_moment(manifest)
    run = begin(settings, manifest)
    record_received(settings, run, rows, "new", moment)
    vintage = vintages.write_vintage(
        record,
        created_at=moment,
        note=NOTE,
        run_id=run,
        added=add_ids(rows),
        superseded=(),
        records=[record_of(entry) for entry in raw],
    )
    runs.finish_run(record, run, "succeeded", {"vintage": vintage.number, "rows": rows.height})


def read_moment(manifest: dict[str, Any]) -> datetime:
    """Return when the embedded dataset was put together: the beginning of its day, UTC."""
    return datetime.fromisoformat(manifest["date"]).replace(tzinfo=UTC)


def begin(settings: Settings, manifest: dict[str, Any]) -> int:
    """Begin the run that brings an embedded dataset; gives its id. Hold the lease."""
    from dashboard.evidence.database import runs

    runs.mark_interrupted(open_engine(settings))
    document = {
        "date": manifest["date"],
        "rows": manifest["files"][OBSERVATIONS],
        "indicators": [*manifest["indicators"]],
    }
    return runs.start_run(open_engine(settings), trigger=TRIGGER, plan=document)


def record_received(
    settings: Settings, run: int, rows: pl.DataFrame, state: Literal["new", "changed"], moment: datetime
) -> None:
    """Keep what became of each series of these rows."""
    from dashboard.evidence.database import runs

    silent = pl.col("status").is_in(["missing", "not_applicable"])
    counts = rows.group_by("source", "series", "indicator").agg(silent.sum().alias("missing"), pl.len().alias("rows"))
    outcomes = [
        runs.SeriesOutcome(
            run=run,
            source=source,
            series=series,
            indicator=indicator,
            state=state,
            missing=missing,
            retrieved_at=moment,
            **{state: count},
        )
        for source, series, indicator, missing, count in counts.sort("indicator", "source").rows()
    ]
    with writing(open_engine(settings)) as connection:
        runs.record_outcomes_on(connection, outcomes)


def read(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]], pl.DataFrame]:
    """Read manifest, raw records and rows of an embedded dataset.

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
        moment = pl.lit(read_moment(manifest)).cast(pl.Datetime("us", "UTC"))
        return manifest, raw, rows.with_columns(moment.alias("retrieved_at"))
    except (OSError, ValueError, KeyError) as error:
        raise DamagedEmbedded(f"the embedded dataset in {folder} cannot be read: {error}") from error


def record_of(entry: dict[str, Any]) -> Any:
    """Return the raw record of a file that the embedded dataset was made of."""
    from dashboard.evidence.database.records import RawRecord

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
