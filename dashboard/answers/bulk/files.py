"""Observations as files for programs: every column of the dataset, in the dataset's own order, with a checksum.

A file is made once per question and dataset, and kept until many others were asked for. Rows whose publisher forbids
that they are passed on are left out: ``list_withheld`` names their series.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Literal

import polars as pl

from dashboard.analysis.reports.csv_text import DANGEROUS, NUMBER
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.bulk import package
from dashboard.answers.bulk.about import Amount
from dashboard.answers.holdings import observations
from dashboard.answers.holdings.observations import Selection
from dashboard.answers.wording.publishers import find_publisher, list_publishers
from dashboard.settings import settings
from data_sources.info import SourceInfo

Form = Literal["parquet", "arrow", "csv.zst", "zip"]

MEDIA: dict[Form, str] = {
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.file",
    "csv.zst": "application/zstd",
    "zip": "application/zip",
}
"""The forms there are, and the content type of each."""

WHOLE = Selection(primary=False, series="all")
"""The whole dataset."""

MAX_FILES = 24
"""Files that are kept; the one asked for longest ago goes first."""

MOMENT = "%Y-%m-%dT%H:%M:%SZ"
"""How CSV writes a time, always in UTC."""


@dataclass(frozen=True, slots=True)
class BulkFile:
    """A file that is ready: where it is, its form, its size in bytes and the SHA-256 of its bytes."""

    path: Path
    form: Form
    size: int
    sha256: str


def find_file(ctx: Context, selection: Selection, form: Form) -> BulkFile | None:
    """Return the file if it was made before, and mark it as used just now."""
    for path in settings().bulk_dir.glob(f"{_hash_question(ctx, selection)}-*.{form}"):
        try:
            os.utime(path)
            return BulkFile(path, form, path.stat().st_size, path.name.partition("-")[2].removesuffix(f".{form}"))
        except FileNotFoundError:
            continue  # cleared away by another process between the two looks
    return None


def make_file(ctx: Context, selection: Selection, form: Form) -> BulkFile:
    """Make the file of a selection unless it is there; equal questions give equal bytes.

    Rows are streamed from the dataset's own files: what this takes does not grow with the rows.
    """
    ctx = ctx.timeless  # one file for readers of every language
    ready = find_file(ctx, selection, form)
    if ready is not None:
        return ready
    folder = settings().bulk_dir
    folder.mkdir(parents=True, exist_ok=True)
    with _open_workplace(folder) as work:
        made = work / "made"
        _WRITERS[form](ctx, selection, made)
        with made.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        path = folder / f"{_hash_question(ctx, selection)}-{sha256}.{form}"
        size = made.stat().st_size
        made.replace(path)
    _clear(folder)
    return BulkFile(path, form, size, sha256)


def select_rows(ctx: Context, selection: Selection) -> pl.LazyFrame:
    """Select the rows that may be passed on, all of them in force, without ``superseded``."""
    rows = observations.select_observations(ctx, selection).drop("superseded")
    for source, series in list_forbidden(ctx.timeless):
        rows = rows.filter(~((pl.col("source") == source) & (pl.col("series") == series)))
    return rows


def list_withheld(ctx: Context, selection: Selection) -> tuple[tuple[str, str], ...]:
    """Return the series (source, code) of a selection that their publisher does not let us pass on."""
    forbidden = list_forbidden(ctx.timeless)
    if not forbidden:
        return ()
    series = _list_series(observations.select_observations(ctx, selection), {source for source, _ in forbidden})
    return tuple(pair for pair in forbidden if pair in series)


@kept(2)
def list_forbidden(ctx: Context) -> tuple[tuple[str, str], ...]:
    """Return all series that may not be passed on; publishers that forbid nothing are not looked at."""
    sources = {source for source, info in list_publishers().items() if _may_forbid(info)}
    pairs = _list_series(ctx.dataset.scan(), sources) if sources else set()
    return tuple(sorted(pair for pair in pairs if _is_withheld(*pair)))


def _list_series(rows: pl.LazyFrame, sources: Collection[str]) -> set[tuple[str, str]]:
    of_them = rows.filter(pl.col("source").is_in(list(sources))).select("source", "series")
    return {(source, series) for source, series in of_them.unique().collect().iter_rows()}


def _may_forbid(info: SourceInfo) -> bool:
    """Return True if a publisher, one of its sites or databases forbids to pass figures on."""
    permissions = [info.redistribution, *(site.redistribution for site in info.sites)]
    return "no" in (*permissions, *(database.get("redistribution") for database in info.databases.values()))


def count_rows(ctx: Context, selection: Selection) -> int:
    """Count the rows that the files of a selection hold."""
    return int(select_rows(ctx, selection).select(pl.len()).collect().item())


def _is_withheld(source: str, series: str) -> bool:
    info = find_publisher(source, series)
    return info is not None and info.redistribution == "no"


def _hash_question(ctx: Context, selection: Selection) -> str:
    return hashlib.sha256(repr((write_stamp(ctx), ctx.timeless.key, selection)).encode()).hexdigest()[:32]


def _write_parquet(ctx: Context, selection: Selection, path: Path) -> None:
    select_rows(ctx, selection).sink_parquet(path, compression_level=1)  # half the time, and no larger


def _write_arrow(ctx: Context, selection: Selection, path: Path) -> None:
    # plain strings instead of views: readers of before 2024 know no others
    select_rows(ctx, selection).sink_ipc(path, compression="zstd", compat_level=pl.CompatLevel.oldest())


def _write_csv(ctx: Context, selection: Selection, path: Path) -> None:
    escape_formulas(select_rows(ctx, selection)).sink_csv(
        path, compression="zstd", check_extension=False, datetime_format=MOMENT
    )


def _write_zip(ctx: Context, selection: Selection, path: Path) -> None:
    """Write a Frictionless data package: rows, codebook and licences as CSV, and their description."""
    rows = path.with_name("observations.csv")
    escape_formulas(select_rows(ctx, selection)).sink_csv(rows, datetime_format=MOMENT)
    tables = package.write_tables(ctx)
    with rows.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    withheld = [f"{source}/{series}" for source, series in list_withheld(ctx, selection)]
    described = package.describe_package(ctx, rows.stat().st_size, digest, tables, withheld, _measure(ctx, selection))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (*described.items(), *tables.items()):
            archive.writestr(_make_entry(ctx, name), text)
        with archive.open(_make_entry(ctx, package.ROWS), "w") as target, rows.open("rb") as source_file:
            while part := source_file.read(1 << 20):
                target.write(part)


def _measure(ctx: Context, selection: Selection) -> Amount:
    year = pl.col("year")
    amount = pl.len().alias("rows"), pl.col("indicator").n_unique(), year.min().alias("first"), year.max().alias("last")
    totals = select_rows(ctx, selection).select(*amount).collect().row(0, named=True)
    span = (totals["first"], totals["last"]) if totals["first"] is not None else None
    return Amount(totals["rows"], totals["indicator"], span)


def _make_entry(ctx: Context, name: str) -> zipfile.ZipInfo:
    """Return a member dated by the vintage, so that equal contents are equal bytes."""
    entry = zipfile.ZipInfo(name, ctx.dataset.created_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


_WRITERS: dict[Form, Callable[[Context, Selection, Path], None]] = {
    "parquet": _write_parquet,
    "arrow": _write_arrow,
    "csv.zst": _write_csv,
    "zip": _write_zip,
}


def escape_formulas(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Put an apostrophe before every text that a spreadsheet would run (see ``base/csv_text``)."""
    dangerous, number = f"^(?:{DANGEROUS.pattern})", f"^(?:{NUMBER.pattern})$"
    text = pl.col(pl.String)
    runs = text.str.contains(dangerous) & ~text.str.contains(number)
    return rows.with_columns(pl.when(runs).then(pl.lit("'") + text).otherwise(text).name.keep())


@contextmanager
def _open_workplace(folder: Path) -> Iterator[Path]:
    """Open a folder beside the finished files that is removed with its contents."""
    work = Path(mkdtemp(prefix=".making-", dir=folder))
    try:
        yield work
    finally:
        for left in work.iterdir():
            left.unlink()
        work.rmdir()


def _clear(folder: Path) -> None:
    """Remove all but the ``MAX_FILES`` files used last."""

    def asked(path: Path) -> float:
        try:
            return path.stat().st_mtime
        except FileNotFoundError:
            return 0.0

    files = [path for path in folder.iterdir() if path.is_file()]
    for path in sorted(files, key=asked, reverse=True)[MAX_FILES:]:
        path.unlink(missing_ok=True)
