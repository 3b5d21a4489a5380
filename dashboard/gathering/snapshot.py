"""Building the embedded dataset from publishers' files, through the same parsers and checks as a gathering.

``embedded/plan.toml`` says which file feeds which indicator. The result is our own compact format: the rows as Parquet,
the raw files' provenance and a manifest as JSON; the same files give the same bytes.
"""

import csv
import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.codebook.model import Codebook, Metric, NationalSeries, SeriesLink
from dashboard.gathering.check import LEFT_OUT, check, errors
from dashboard.gathering.harmonise import HARMONISED, Harmonised, harmonise
from data_sources.contract import Finding, Parsed, SeriesRef
from data_sources.errors import SourceError
from data_sources.info import SourceInfo
from data_sources.registry import file_parser, infos

SCHEMA = 1
LARGEST = 4 * 2**20  # bytes the embedded dataset may take in the repository
FOLDER = Path(__file__).with_name("embedded")
PLAN = FOLDER / "plan.toml"
OBSERVATIONS, RECORDS, MANIFEST = "observations.parquet", "records.json", "manifest.json"
EMBEDDED = pl.Schema({name: kind for name, kind in HARMONISED.items() if name != "retrieved_at"})
"""Columns of ``observations.parquet``; ``retrieved_at`` is the manifest's date for every row."""

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

RETRIEVED_NOTE = (
    "The day the file was read into the embedded dataset. The publisher's file was obtained from the public repository "
    "named in origin, so the day on which it left the publisher is not known."
)


class SnapshotError(Exception):
    """The embedded dataset cannot be built; the message names file and reason, and what to do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One series to read from one file for one indicator."""

    indicator: str
    source: str
    series: str
    file: str
    edition: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the embedded dataset is made of, and the day it is dated."""

    on: date
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """What became of one indicator, for a person. Years and countries are those with a figure."""

    indicator: str
    source: str
    rows: int
    figures: int
    countries: int
    first: int
    last: int
    regions: int
    findings: tuple[Finding, ...] = field(default=())
    national: str = ""  # the series, when it is a country's own
    second: str = ""  # source and series, when it is only for comparison


def read_plan(path: Path = PLAN) -> Plan:
    """Read ``plan.toml``.

    Raises:
        SnapshotError: a key is missing or the file is of another schema.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if raw.get("schema") != SCHEMA:
        raise SnapshotError(f"{path}: schema {raw.get('schema')!r}, this version reads {SCHEMA}")
    try:
        return Plan(raw["date"], tuple(_readings(raw["reading"])))
    except KeyError as error:
        raise SnapshotError(f"{path}: a [[reading]] lacks the key {error}") from error


def build(
    origin: Path,
    target: Path,
    book: Codebook,
    *,
    on: date | None = None,
    plan: Plan | None = None,
    say: Callable[[Built], None] = lambda built: None,
) -> dict[str, Any]:
    """Read every file of the plan and write the embedded dataset.

    Args:
        origin: folder that holds the publishers' files and ``provenance.csv``.
        target: folder to write to.
        book: the codebook.
        on: the day the dataset is dated; the plan's own when left out.
        plan: another plan than ``embedded/plan.toml``.
        say: told of every indicator when it is read.

    Returns:
        The manifest.

    Raises:
        SnapshotError: a file is not there, is not the one that provenance.csv describes, cannot be read, fails a check,
            or the result is too large. Nothing is written then.
    """
    plan = plan or read_plan()
    day = on or plan.on
    moment = datetime.combine(day, time(), tzinfo=UTC)
    provenance = _provenance(origin)
    files: dict[str, bytes] = {}
    frames, summaries = [], []
    for whose in dict.fromkeys(_whose(reading, book) for reading in plan.readings):
        readings = [reading for reading in plan.readings if _whose(reading, book) == whose]
        for reading in readings:
            if reading.file not in files:
                files[reading.file] = _verified(origin, reading.file, provenance)
        frame, built = _indicator(readings, files, book, moment)
        frames.append(frame)
        summaries.append(built)
        say(built)
    rows = pl.concat(frames).select(EMBEDDED.names())
    records = [_record(reading, files, provenance, moment) for reading in _one_per_file(plan.readings)]
    return _write(target, rows, records, summaries, day)


def _readings(raw: list[dict[str, Any]]) -> Iterator[Reading]:
    for entry in raw:
        for year in entry.get("years", [""]):
            file, edition = (entry[key].replace("{year}", str(year)) for key in ("file", "edition"))
            for indicator, series in entry["series"].items():
                yield Reading(indicator, entry["source"], series, file, edition)


def _whose(reading: Reading, book: Codebook) -> tuple[str, str, str]:
    """Indicator, source, and the series when it is a country's own: what is read, checked and told as one."""
    own = _national(reading, book.metrics[reading.indicator]) if reading.indicator in book.metrics else None
    return reading.indicator, reading.source, own.series if own else ""


def _national(reading: Reading, metric: Metric) -> NationalSeries | None:
    mine = (reading.source, reading.series)
    return next((own for own in metric.national if (own.source, own.series) == mine), None)


def _one_per_file(readings: tuple[Reading, ...]) -> list[Reading]:
    return list({reading.file: reading for reading in readings}.values())


def _provenance(origin: Path) -> Mapping[str, Mapping[str, str]]:
    path = origin / "provenance.csv"
    if not path.is_file():
        raise SnapshotError(f"{path} is not there: --from must name the folder that holds it and publishers/")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def _verified(origin: Path, name: str, provenance: Mapping[str, Mapping[str, str]]) -> bytes:
    if name not in provenance:
        raise SnapshotError(f"{name}: no row in provenance.csv; a file without an origin cannot be embedded")
    try:
        body = (origin / name).read_bytes()
    except OSError as error:
        raise SnapshotError(f"{origin / name} cannot be read: {error.strerror}") from error
    found, expected = hashlib.sha256(body).hexdigest(), provenance[name]["sha256"]
    if found != expected:
        raise SnapshotError(
            f"{name}: sha256 {found}, provenance.csv says {expected}. The file is not the one described: "
            "get it again, or correct provenance.csv"
        )
    return body


def _indicator(
    readings: list[Reading], files: Mapping[str, bytes], book: Codebook, moment: datetime
) -> tuple[pl.DataFrame, Built]:
    indicator, source = readings[0].indicator, readings[0].source
    if indicator not in book.metrics:
        raise SnapshotError(f"plan.toml: {indicator} is not an indicator of the codebook")
    metric = book.metrics[indicator]
    parts: list[Harmonised] = []
    findings: list[Finding] = []
    for reading in readings:
        link = _link(reading, metric)
        parsed = _parse(reading, link, files[reading.file])
        if parsed.rejected:
            told = [finding.message for finding in parsed.findings if finding.code in LEFT_OUT]
            raise SnapshotError("\n".join(f"{indicator}: {message}" for message in told))
        part = harmonise(parsed.observations, link, metric, book, moment)
        parts.append(part)
        findings += [*parsed.findings, *part.findings]
    rows = pl.concat([part.rows for part in parts])
    findings += check(rows, link, metric, infos()[source].assertions)
    if fatal := errors(findings):
        raise SnapshotError(
            "\n".join(f"{indicator}: {finding.message} ({finding.code}) {finding.where}".rstrip() for finding in fatal)
        )
    figures = rows.filter(~pl.col("status").is_in(["missing", "not_applicable"]))
    return rows, Built(
        indicator=indicator,
        source=source,
        rows=rows.height,
        figures=figures.height,
        countries=figures["country"].n_unique(),
        first=figures["year"].min(),  # type: ignore[arg-type]
        last=figures["year"].max(),  # type: ignore[arg-type]
        regions=sum(part.regions for part in parts),
        findings=tuple(findings),
        national=link.series if link.role == "national" else "",
        second=f"{link.source} {link.series}" if link.role == "secondary" else "",
    )


def _link(reading: Reading, metric: Metric) -> SeriesLink:
    """The codebook's link of this indicator to this source, for the series as the file names it."""
    if own := _national(reading, metric):
        return own.link
    for link in metric.series:
        if link.source == reading.source and reading.series in link.codes:
            return SeriesLink(
                reading.indicator, reading.source, reading.series, link.role, link.interval, {}, link.options
            )
    raise SnapshotError(
        f"plan.toml: the codebook does not link {reading.indicator} to {reading.series} of {reading.source}"
    )


def _parse(reading: Reading, link: SeriesLink, body: bytes) -> Parsed:
    series = SeriesRef(reading.series, reading.indicator, {}, link.options)
    try:
        return file_parser(reading.source)(Path(reading.file).name, body, series, reading.edition)
    except (SourceError, ValueError) as error:
        raise SnapshotError(f"{reading.indicator}: {error}") from error


def _record(
    reading: Reading, files: Mapping[str, bytes], provenance: Mapping[str, Mapping[str, str]], moment: datetime
) -> dict[str, Any]:
    info: SourceInfo = infos()[reading.source].of(reading.series)
    known, body = provenance[reading.file], files[reading.file]
    return {
        "sha256": hashlib.sha256(body).hexdigest(),
        "size": len(body),
        "source": reading.source,
        "publisher": info.publisher,
        "title": info.title,
        "edition": reading.edition,
        "url": info.homepage,
        "licence": info.licence,
        "licence_url": info.licence_url,
        "attribution": info.attribution,
        "file": Path(reading.file).name,
        "media_type": MEDIA_TYPES[Path(reading.file).suffix],
        "repository": known["repository"],
        "path": known["path"],
        "commit": known["commit"],
        "origin": f"https://github.com/{known['repository']}/blob/{known['commit']}/{known['path']}",
        "changed": known["change"],
        "retrieved_at": moment.isoformat(),
        "retrieved_at_note": RETRIEVED_NOTE,
    }


def _write(
    target: Path, rows: pl.DataFrame, records: list[dict[str, Any]], summaries: list[Built], day: date
) -> dict[str, Any]:
    target.mkdir(parents=True, exist_ok=True)
    parquet = target / f"{OBSERVATIONS}.new"
    rows.write_parquet(parquet, compression="zstd", compression_level=19, statistics=False, row_group_size=1_000_000)
    size = parquet.stat().st_size
    if size > LARGEST:
        parquet.unlink()
        raise SnapshotError(
            f"the rows take {size / 2**20:.1f} MB, more than {LARGEST / 2**20:.0f}: drop a series in plan.toml"
        )
    text = _json(records)
    manifest = {
        "schema": SCHEMA,
        "date": day.isoformat(),
        "rows": rows.height,
        "countries": rows["country"].n_unique(),
        "files": {
            OBSERVATIONS: hashlib.sha256(parquet.read_bytes()).hexdigest(),
            RECORDS: hashlib.sha256(text.encode()).hexdigest(),
        },
        "indicators": {built.indicator: _told(built) for built in summaries if not built.national and not built.second},
        "second": {built.second: {"indicator": built.indicator} | _told(built) for built in summaries if built.second},
        "national": {
            built.national: {"indicator": built.indicator} | _told(built) for built in summaries if built.national
        },
    }
    parquet.replace(target / OBSERVATIONS)
    (target / RECORDS).write_text(text, encoding="utf-8")
    (target / MANIFEST).write_text(_json(manifest), encoding="utf-8")
    return manifest


def _told(built: Built) -> dict[str, Any]:
    return {
        "source": built.source,
        "rows": built.rows,
        "figures": built.figures,
        "countries": built.countries,
        "first_year": built.first,
        "last_year": built.last,
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
