"""The published dataset as readers hold it: one immutable version, read lazily.

``Dataset.current(folder)``: the version in force (cached; looks at the pointer file only). Of a dataset:

* ``version``, ``name``, ``vintage``, ``created_at``, ``codebook``, ``manifest``, ``verify()``
* ``rows(indicator)``, ``scan(indicators=None)``, ``latest(indicators=None)``: LazyFrames of ``ROWS``, rows in force
* ``history(indicator)``, ``ever(indicators=None)``: LazyFrames, superseded rows too; ``count_coverage()``: DataFrame
* ``indicators()``, ``observation(id)``, ``record(sha256)``, ``records()``, ``vintages()``, ``outcomes()``
* ``as_of(date | vintage number | None)``: the same dataset as it stood then
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from dashboard.dataset import derived, layout, wholeness
from dashboard.dataset.layout import NotPublished
from dashboard.dataset.schema import ROWS
from dashboard.dataset.wholeness import Damaged

__all__ = ["AsOfTooEarly", "Damaged", "Dataset", "NotPublished"]


class AsOfTooEarly(Exception):
    """The dataset did not exist yet. ``first`` is the number of its first vintage, ``since`` that vintage's moment."""

    def __init__(self, as_of: date | int, first: int, since: datetime) -> None:
        name = f"vintage {as_of}" if isinstance(as_of, int) else as_of.isoformat()
        super().__init__(f"There is nothing as of {name}: the first vintage is {first}, of {since:%Y-%m-%d %H:%M} UTC")
        self.first = first
        self.since = since


@dataclass(frozen=True)
class Dataset:
    """One version of the published dataset; ``view`` is the vintage it is looked at as of (None: the newest)."""

    folder: Path
    manifest: Mapping[str, Any]
    view: int | None = None

    @staticmethod
    def current(folder: Path) -> "Dataset":
        """The version in force; the same object until another one is published. Safe to call from many threads.

        Raises:
            NotPublished: there is none.
        """
        return _current(folder)

    @staticmethod
    def open(folder: Path, sha256: str = "") -> "Dataset":
        """The version in this folder (``…/versions/<name>``); its manifest has this hash, where one is given.

        Raises:
            NotPublished: it is not there, or of another format.
            Damaged: its manifest cannot be read, or is not as it was published.
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
        """Name of the version published, whatever vintage is shown, e.g. ``12-2026-07-01-5f0c9a1e``."""
        return str(self.manifest["version"])

    @property
    def name(self) -> str:
        """What is said of the figures shown: the version, or of an earlier vintage number and day, ``11-2026-06-30``.

        Either can be pinned and gives these figures. An earlier vintage has no hash: the version that first held it may
        not be kept.
        """
        return self.version if self.view is None else f"{self.view}-{self.created_at:%Y-%m-%d}"

    @property
    def vintage(self) -> int:
        """Number of the vintage shown."""
        return self.view or int(self.manifest["vintage"])

    @property
    def created_at(self) -> datetime:
        """Moment of the vintage shown, in UTC."""
        moment: datetime = self.vintages()[-1]["created_at"]
        return moment

    @property
    def codebook(self) -> str:
        """Version of the codebook the dataset was published with; "" when not said."""
        return str(self.manifest["codebook"])

    def indicators(self) -> set[str]:
        """Indicators that have rows, in force or not."""
        return set(self.manifest["indicators"])

    def rows(self, indicator: str) -> pl.LazyFrame:
        """Rows in force of an indicator, in ``ROWS``, by country, period and breakdown; none for an unknown one."""
        return self._in_force(self.history(indicator))

    def history(self, indicator: str) -> pl.LazyFrame:
        """All rows ever held of an indicator, as of the newest vintage, superseded ones too."""
        if indicator not in self.manifest["indicators"]:
            return pl.LazyFrame(schema=ROWS)
        return pl.scan_parquet(self._file(layout.locate_observations(indicator)))

    def ever(self, indicators: Iterable[str] | None = None) -> pl.LazyFrame:
        """All rows ever held of several indicators (None: all), as of the newest vintage, in ``ROWS``."""
        return self._files(indicators)

    def scan(self, indicators: Iterable[str] | None = None) -> pl.LazyFrame:
        """Rows in force of several indicators (None: all), in ``ROWS``."""
        return self._in_force(self._files(indicators))

    def latest(self, indicators: Iterable[str] | None = None) -> pl.LazyFrame:
        """The latest shown figure (primary, whole country, with a value) per indicator and country, in ``ROWS``."""
        if self.view is not None:
            return derived.select_latest(self.scan(indicators))
        rows = pl.scan_parquet(self._file(layout.LATEST))
        return rows if indicators is None else rows.filter(pl.col("indicator").is_in(list(indicators)))

    def coverage(self) -> pl.DataFrame:
        """Shown figures per ``indicator`` and ``country``: ``points`` (years), ``first_year``, ``last_year``."""
        return self._coverage

    def observation(self, id_: str) -> dict[str, Any] | None:
        """The row of this id with the columns of ``ROWS``, in force or superseded; None when there was none by then.

        A figure that went and came back has several rows: the last that had come by the vintage shown is given. Its
        ``superseded`` is as the newest vintage knows it.
        """
        row = pl.scan_parquet(self._file(layout.INDEX)).filter(pl.col("id") == id_).collect()
        if row.is_empty():
            return None
        rows = self.history(row.item(0, "indicator")).filter(pl.col("id") == id_, pl.col("vintage") <= self.vintage)
        last = rows.sort("vintage").tail(1).collect()
        return last.row(0, named=True) if last.height else None

    def record(self, sha256: str) -> dict[str, Any] | None:
        """What is known of a received reply or file: url, publisher, licence, size, moment, origin …"""
        return self._records.get(sha256)

    def records(self) -> list[dict[str, Any]]:
        """All of them, by hash."""
        return list(self._records.values())

    def vintages(self) -> list[dict[str, Any]]:
        """Vintages up to the one shown, oldest first: number, created_at, note, rows, added, superseded."""
        return [vintage for vintage in self._vintages if vintage["number"] <= self.vintage]

    def outcomes(self) -> list[dict[str, Any]]:
        """What became last of each series: state, code, message, counts, ``last_success_at``, ``failures`` in a row."""
        return self._outcomes

    def as_of(self, when: date | datetime | int | None) -> "Dataset":
        """The dataset as of the last vintage at or before a moment, the end of a day (UTC), or a number.

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
        """Files of the version that are gone or not as they were published; empty when all is well."""
        return wholeness.find_faults(self.folder, self.manifest)

    def _file(self, name: str) -> Path:
        """A file of the version, as it was published.

        Raises:
            Damaged: it no longer is.
        """
        return wholeness.check_file(self.folder, self.manifest, name)

    def _files(self, indicators: Iterable[str] | None) -> pl.LazyFrame:
        known = self.manifest["indicators"]
        chosen = known if indicators is None else [name for name in dict.fromkeys(indicators) if name in known]
        if not chosen:
            return pl.LazyFrame(schema=ROWS)
        return pl.scan_parquet([self._file(layout.locate_observations(name)) for name in chosen])

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


_held: dict[Path, tuple[tuple[int, int, int], Dataset]] = {}
_holding = Lock()


def _current(folder: Path) -> Dataset:
    pointer = folder / layout.CURRENT
    for last in (False, True):
        try:
            stat = pointer.stat()
            mark = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
            held = _held.get(folder)
            if held is not None and held[0] == mark:
                return held[1]
            name, sha256 = layout.read_pointer(pointer)
        except (OSError, ValueError) as error:
            if not isinstance(error, FileNotFoundError):
                if isinstance(error, OSError):
                    reason = f"({error.strerror}): it must be a file that the account of the monitor may read"
                    raise Damaged(f"{pointer} cannot be read {reason}") from None
                raise Damaged(f"{pointer} cannot be read: run `python -m dashboard dataset publish`") from None
            raise NotPublished(
                f"Nothing is published in {folder} yet: run `python -m dashboard gather`, "
                "or `python -m dashboard dataset publish` when the database holds a vintage"
            ) from None
        try:
            dataset = Dataset.open(folder / layout.VERSIONS / name, sha256)
        except NotPublished:
            if last:
                raise
            continue  # replaced and cleared away between the two reads: the pointer names another one by now
        with _holding:
            _held[folder] = (mark, dataset)
        return dataset
    raise AssertionError("unreachable")
