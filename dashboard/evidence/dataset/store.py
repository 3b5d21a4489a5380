"""Read a published dataset: one immutable version, read lazily."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from dashboard.evidence.dataset import derived, layout, wholeness
from dashboard.evidence.dataset.layout import EMBEDDED_NOTE_PREFIX, NotPublished
from dashboard.evidence.dataset.schema import ROWS
from dashboard.evidence.dataset.wholeness import Damaged

__all__ = ["AsOfTooEarly", "Damaged", "Dataset", "NotPublished"]


class AsOfTooEarly(Exception):
    """The dataset did not exist yet; ``first`` and ``since`` are number and moment of its first vintage."""

    def __init__(self, as_of: date | int, first: int, since: datetime) -> None:
        name = f"vintage {as_of}" if isinstance(as_of, int) else as_of.isoformat()
        super().__init__(f"There is nothing as of {name}: the first vintage is {first}, of {since:%Y-%m-%d %H:%M} UTC")
        self.first = first
        self.since = since


@dataclass(frozen=True)
class Dataset:
    """A version of the published dataset, seen as of the vintage ``view`` (None: the newest)."""

    folder: Path
    manifest: Mapping[str, Any]
    view: int | None = None

    @staticmethod
    def current(folder: Path) -> "Dataset":
        """Return the version in force, cached until another is published, or raise NotPublished."""
        return _open_current(folder)

    @staticmethod
    def open(folder: Path, sha256: str = "") -> "Dataset":
        """Open the version in a folder (``…/versions/<name>``), checking its manifest's hash if given.

        Raises:
            NotPublished: it is missing, or of another format.
            Damaged: its manifest cannot be read or was altered.
        """
        try:
            text = (folder / layout.MANIFEST).read_bytes()
        except FileNotFoundError:
            raise NotPublished(
                f"{folder} holds no published dataset: run `python -m dashboard dataset publish`"
            ) from None
        except OSError as error:
            raise Damaged(f"{folder / layout.MANIFEST} cannot be read ({error.strerror})") from None
        manifest = layout.parse_manifest(text)
        if manifest is None:
            raise Damaged(f"{folder / layout.MANIFEST} is not as it was published")
        if manifest.get("format") != layout.FORMAT:
            raise NotPublished(
                f"{folder} has format {manifest.get('format')}, this version of the product reads {layout.FORMAT}: "
                "run `python -m dashboard dataset publish`"
            )
        if sha256 and layout.hash_bytes(text) != sha256:
            raise Damaged(f"{folder / layout.MANIFEST} is not as it was published")
        return Dataset(folder, manifest)

    @property
    def version(self) -> str:
        """Return the name of the published version, e.g. ``12-2026-07-01-5f0c9a1e``."""
        return str(self.manifest["version"])

    @property
    def name(self) -> str:
        """Return the citable name of the figures: the version, or ``11-2026-06-30`` for an earlier vintage."""
        return self.version if self.view is None else f"{self.view}-{self.created_at:%Y-%m-%d}"

    @property
    def vintage(self) -> int:
        """Return the number of the vintage shown."""
        return self.view or int(self.manifest["vintage"])

    @property
    def created_at(self) -> datetime:
        """Return the moment of the vintage shown, in UTC."""
        moment: datetime = self.vintages()[-1]["created_at"]
        return moment

    @property
    def codebook(self) -> str:
        """Return the version of the codebook used, or ""."""
        return str(self.manifest["codebook"])

    def indicators(self) -> set[str]:
        """Return the indicators that have rows, current or superseded."""
        return set(self.manifest["indicators"])

    def rows(self, indicator: str) -> pl.LazyFrame:
        """Return an indicator's current rows, by country, period and dimensions; empty if unknown."""
        return self._in_force(self.history(indicator))

    def history(self, indicator: str) -> pl.LazyFrame:
        """Return all rows of an indicator as of the newest vintage, superseded ones too."""
        if indicator not in self.manifest["indicators"]:
            return pl.LazyFrame(schema=ROWS)
        return pl.scan_parquet(self._file(layout.locate_observations(indicator)))

    def ever(self, indicators: Iterable[str] | None = None) -> pl.LazyFrame:
        """Return all rows of several indicators (None: all) as of the newest vintage."""
        available = self.manifest["indicators"]
        chosen = available if indicators is None else [name for name in dict.fromkeys(indicators) if name in available]
        if not chosen:
            return pl.LazyFrame(schema=ROWS)
        return pl.scan_parquet([self._file(layout.locate_observations(name)) for name in chosen])

    def scan(self, indicators: Iterable[str] | None = None) -> pl.LazyFrame:
        """Return the current rows of several indicators (None: all)."""
        return self._in_force(self.ever(indicators))

    def latest(self, indicators: Iterable[str] | None = None) -> pl.LazyFrame:
        """Return the latest shown row per indicator and country."""
        if self.view is not None:
            return derived.select_latest(self.scan(indicators))
        rows = pl.scan_parquet(self._file(layout.LATEST))
        return rows if indicators is None else rows.filter(pl.col("indicator").is_in(list(indicators)))

    def coverage(self) -> pl.DataFrame:
        """Return the coverage per ``indicator`` and ``country``; see ``derived.count_coverage``."""
        return self._coverage

    def observation(self, id_: str) -> dict[str, Any] | None:
        """Return the row with this id, current or superseded, or None.

        Of a figure that vanished and returned, it is the last row by the vintage shown; its ``superseded`` is as of the
        newest vintage.
        """
        row = pl.scan_parquet(self._file(layout.INDEX)).filter(pl.col("id") == id_).collect()
        if row.is_empty():
            return None
        rows = self.history(row.item(0, "indicator")).filter(pl.col("id") == id_, pl.col("vintage") <= self.vintage)
        last = rows.sort("vintage").tail(1).collect()
        return last.row(0, named=True) if last.height else None

    def record(self, sha256: str) -> dict[str, Any] | None:
        """Return the metadata of a received reply or file, or None."""
        return self._records.get(sha256)

    def records(self) -> list[dict[str, Any]]:
        """Return the metadata of all received replies and files by hash."""
        return list(self._records.values())

    def vintages(self) -> list[dict[str, Any]]:
        """Return the vintages up to the one shown, oldest first."""
        return [vintage for vintage in self._vintages if vintage["number"] <= self.vintage]

    def loaded_vintages(self) -> frozenset[int]:
        """Return the numbers of the vintages that came with the product."""
        vintages = (vintage for vintage in self.vintages() if vintage["note"].startswith(EMBEDDED_NOTE_PREFIX))
        return frozenset(vintage["number"] for vintage in vintages)

    def outcomes(self) -> list[dict[str, Any]]:
        """Return the last outcome of each series."""
        return self._outcomes

    def as_of(self, when: date | datetime | int | None) -> "Dataset":
        """Return the dataset as of the last vintage at or before a moment, the end of a day, or a number.

        Raises:
            AsOfTooEarly: all vintages are later.
        """
        if when is None:
            return replace(self, view=None)
        if isinstance(when, int):
            vintages = [vintage for vintage in self._vintages if vintage["number"] <= when]
        else:
            moment = when if isinstance(when, datetime) else datetime.combine(when, time.max, tzinfo=UTC)
            vintages = [vintage for vintage in self._vintages if vintage["created_at"] <= moment]
        if not vintages:
            first = self._vintages[0]
            raise AsOfTooEarly(when, first["number"], first["created_at"])
        number = vintages[-1]["number"]
        return replace(self, view=None if number == self.manifest["vintage"] else number)

    def verify(self) -> list[str]:
        """Return the files of the version that are missing or altered."""
        return wholeness.find_faults(self.folder, self.manifest)

    def _file(self, name: str) -> Path:
        """Return the path of an intact file of the version, or raise Damaged."""
        return wholeness.check_file(self.folder, self.manifest, name)

    def _in_force(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        superseded = pl.col("superseded")
        if self.view is None:
            return rows.filter(superseded.is_null())
        rows = rows.filter(pl.col("vintage") <= self.view, superseded.is_null() | (superseded > self.view))
        return rows.with_columns(pl.lit(None, dtype=pl.Int32).alias("superseded"))

    @cached_property
    def _coverage(self) -> pl.DataFrame:
        if self.view is not None:
            return derived.count_coverage(self.scan()).collect()
        return pl.read_parquet(self._file(layout.COVERAGE))

    @cached_property
    def _records(self) -> dict[str, dict[str, Any]]:
        rows = pl.read_parquet(self._file(layout.RECORDS)).rows(named=True)
        return {row["sha256"]: {**row, "params": json.loads(row["params"])} for row in rows}

    @cached_property
    def _vintages(self) -> list[dict[str, Any]]:
        return pl.read_parquet(self._file(layout.VINTAGES)).rows(named=True)

    @cached_property
    def _outcomes(self) -> list[dict[str, Any]]:
        return pl.read_parquet(self._file(layout.OUTCOMES)).rows(named=True)


_open_datasets: dict[Path, tuple[tuple[int, int, int], Dataset]] = {}
_lock = Lock()


def _open_current(folder: Path) -> Dataset:
    pointer = folder / layout.CURRENT
    for last in (False, True):
        try:
            stat = pointer.stat()
            mark = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
            cached = _open_datasets.get(folder)
            if cached is not None and cached[0] == mark:
                return cached[1]
            name, sha256 = layout.read_pointer(pointer)
        except FileNotFoundError:
            raise NotPublished(
                f"Nothing is published in {folder} yet: run `python -m dashboard gather`, "
                "or `python -m dashboard dataset publish` when the database holds a vintage"
            ) from None
        except OSError as error:
            reason = f"({error.strerror}): it must be a file that the account of the monitor may read"
            raise Damaged(f"{pointer} cannot be read {reason}") from None
        except ValueError:
            raise Damaged(f"{pointer} cannot be read: run `python -m dashboard dataset publish`") from None
        try:
            dataset = Dataset.open(folder / layout.VERSIONS / name, sha256)
        except NotPublished:
            if last:
                raise
            continue  # replaced and cleared away between the two reads: the pointer names another one by now
        with _lock:
            _open_datasets[folder] = (mark, dataset)
        return dataset
    raise AssertionError("unreachable")
