"""Building the embedded dataset from publishers' files, through the same parsers and checks as a gathering.

``embedded/plan.toml`` says which file feeds which indicator. The result is our own compact format: the rows as Parquet,
the raw files' provenance and a manifest as JSON; the same files give the same bytes.
"""

import csv
import hashlib
import json
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.evidence.codebook.editions import is_older
from dashboard.evidence.codebook.model import Codebook, Metric, NationalSeries, SeriesLink
from dashboard.evidence.gathering.harmonise.harmonise import FACT, HARMONISED, Harmonised, harmonise
from dashboard.evidence.gathering.review.check import LEFT_OUT, check, select_errors
from data_sources.contract import Parsed, SeriesRef, SourceFinding
from data_sources.errors import SourceError
from data_sources.info import SourceInfo
from data_sources.registry import find_file_parser, list_infos

SCHEMA = 1
LARGEST = 4 * 2**20  # bytes the embedded dataset may take in the repository
FOLDER = Path(__file__).with_name("embedded")
PLAN = FOLDER / "plan.toml"
FILES = FOLDER / "files.csv"
"""Files of the plan that the folder of publishers' files does not describe itself: origin, sha256, and the verdict on
their licence."""

EMBED, DESCRIBE = "embed", "describe"
"""Verdicts: figures may come with the product, or the publisher's terms are not stated and the product only says
where the figures are."""

OBSERVATIONS, RECORDS, MANIFEST = "observations.parquet", "records.json", "manifest.json"
EMBEDDED = pl.Schema({name: kind for name, kind in HARMONISED.items() if name != "retrieved_at"})
"""Columns of ``observations.parquet``; ``retrieved_at`` is the manifest's date for every row."""

MEDIA_TYPES = {".csv": "text/csv", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

RETRIEVED_NOTE = (
    "The day the file was read into the embedded dataset. The publisher's file was obtained from a public copy, "
    "whose address is given, so the day on which it left the publisher is not known."
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
    said: Mapping[str, str] = field(default_factory=dict)
    """What the file does not say of its rows: keys of ``OVERRIDES``, for the publisher's reader."""
    partial: bool = False
    """The file holds some years of its edition only: the years of an older edition stay beside them."""


@dataclass(frozen=True, slots=True)
class SnapshotPlan:
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
    first: int | None  # None where the publisher dates none of the figures
    last: int | None
    regions: int
    findings: tuple[SourceFinding, ...] = field(default=())
    national: str = ""  # the series, when it is a country's own
    second: str = ""  # source and series, when it is only for comparison


def read_plan(path: Path = PLAN) -> SnapshotPlan:
    """Read ``plan.toml``.

    Raises:
        SnapshotError: a key is missing or the file is of another schema.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if raw.get("schema") != SCHEMA:
        raise SnapshotError(f"{path}: schema {raw.get('schema')!r}, this version reads {SCHEMA}")
    try:
        return SnapshotPlan(raw["date"], tuple(_readings(raw["reading"])))
    except KeyError as error:
        raise SnapshotError(f"{path}: a [[reading]] lacks the key {error}") from error


def build(
    origin: Path,
    target: Path,
    book: Codebook,
    *,
    on: date | None = None,
    plan: SnapshotPlan | None = None,
    files: Path = FILES,
    say: Callable[[Built], None] = lambda built: None,
) -> dict[str, Any]:
    """Read every file of the plan and write the embedded dataset.

    Args:
        origin: folder that holds the publishers' files and ``provenance.csv``.
        on: the day the dataset is dated; the plan's own when left out.
        plan: another plan than ``embedded/plan.toml``.
        files: another list of files than ``embedded/files.csv``.
        say: told of every indicator when it is read.

    Returns:
        The manifest.

    Raises:
        SnapshotError: a file is not there, is not the one described, may not be embedded, cannot be read, fails a
            check, or the result is too large. Nothing is written then.
    """
    plan = plan or read_plan()
    day = on or plan.on
    moment = datetime.combine(day, time(), tzinfo=UTC)
    provenance = {**_provenance(origin), **read_file_list(files)}
    bodies: dict[str, bytes] = {}
    frames, summaries = [], []
    for whose in dict.fromkeys(_whose(reading, book) for reading in plan.readings):
        readings = [reading for reading in plan.readings if _whose(reading, book) == whose]
        for reading in readings:
            if reading.file not in bodies:
                bodies[reading.file] = _verified(origin, reading.file, provenance)
        frame, built = _indicator(readings, bodies, book, moment)
        frames.append(frame)
        summaries.append(built)
        say(built)
    rows = pl.concat(frames).select(EMBEDDED.names())
    records = [_record(reading, bodies, provenance, moment) for reading in _unique_files(plan.readings)]
    return _write(target, rows, records, summaries, day)


OVERRIDES = ("rows", "area", "period", "dated", "dated_note", "note")
"""Keys of a [[reading]] that go to the publisher's reader as they are."""


def read_file_list(path: Path) -> dict[str, dict[str, str]]:
    """The rows of ``files.csv`` by file: where each was obtained, its licence, and whether it may be embedded."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def _readings(raw: list[dict[str, Any]]) -> Iterator[Reading]:
    for entry in raw:
        for year in entry.get("years", [""]):
            file, edition = (entry[key].replace("{year}", str(year)) for key in ("file", "edition"))
            for indicator, series in entry["series"].items():
                overrides = {key: str(entry[key]) for key in OVERRIDES if key in entry}
                partial = entry.get("partial", False)
                yield Reading(indicator, entry["source"], series, file, edition, overrides, partial)


def _whose(reading: Reading, book: Codebook) -> tuple[str, str, str]:
    """Indicator, source, and the series when it is a country's own: what is read, checked and told as one."""
    own = _national(reading, book.metrics[reading.indicator]) if reading.indicator in book.metrics else None
    return reading.indicator, reading.source, own.series if own else ""


def _national(reading: Reading, metric: Metric) -> NationalSeries | None:
    mine = (reading.source, reading.series)
    return next((own for own in metric.national if (own.source, own.series) == mine), None)


def _unique_files(readings: tuple[Reading, ...]) -> list[Reading]:
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
    if provenance[name].get("verdict", EMBED) != EMBED:
        raise SnapshotError(f"{name}: {provenance[name]['terms']}. Its figures may be described, not embedded")
    try:
        body = (origin / name).read_bytes()
    except OSError as error:
        raise SnapshotError(f"{origin / name} cannot be read: {error.strerror}") from error
    actual, expected = hashlib.sha256(body).hexdigest(), provenance[name]["sha256"]
    if actual != expected:
        raise SnapshotError(
            f"{name}: sha256 {actual}, provenance.csv says {expected}. The file is not the one described: "
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
    for reading in readings:
        if (info := list_infos()[source].of(reading.series)).redistribution == "no":
            raise SnapshotError(
                f"plan.toml: {reading.series} of {info.publisher} may not be embedded: its licence is {info.licence} "
                f"(redistribution {info.redistribution} in source.toml)"
            )
    for before, after in pairwise(reading.edition for reading in readings):
        if is_older(after, before):
            raise SnapshotError(f"plan.toml: {indicator}: edition “{after}” stands after the newer “{before}”")
    parts: list[Harmonised] = []
    findings: list[SourceFinding] = []
    for reading in readings:
        link = _link(reading, metric)
        parsed = _parse(reading, link, files[reading.file])
        if parsed.rejected:
            messages = [finding.message for finding in parsed.findings if finding.code in LEFT_OUT]
            raise SnapshotError("\n".join(f"{indicator}: {message}" for message in messages))
        part = harmonise(parsed.observations, link, metric, book, moment)
        parts.append(part)
        findings += [*parsed.findings, *part.findings]
    partial = {n for n, reading in enumerate(readings) if reading.partial}
    rows, dated = join_editions([part.rows for part in parts], metric, partial)
    findings += dated
    findings += check(rows, link, metric, list_infos()[source].assertions)
    if fatal := select_errors(findings):
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
        first=_year(figures["year"].min()),
        last=_year(figures["year"].max()),
        regions=sum(part.regions for part in parts),
        findings=tuple(findings),
        national=link.series if link.role == "national" else "",
        second=f"{link.source} {link.series}" if link.role == "secondary" else "",
    )


def join_editions(
    editions: Sequence[pl.DataFrame], metric: Metric, partial: Collection[int] = ()
) -> tuple[pl.DataFrame, list[SourceFinding]]:
    """One series of one publisher from several editions, the oldest first: a newer one never mixes with an older one.

    Where figures are joined by a line, a country's figures are those of the newest edition that has any of it, and
    of no other; beside them stand those of a later file that is ``partial`` (its place in ``editions``), in the place
    of figures of the same years. Where they are points of surveys, the newest that has a point gives it. A figure
    published without its year steps back where another edition prints the same figure with one; figures of older
    editions within its span step back where they differ, since it is the newest release's latest (decision 61).
    """
    if len(editions) == 1:
        return editions[0], []
    numbered = pl.concat([rows.with_columns(pl.lit(n).alias("newer")) for n, rows in enumerate(editions)])
    spanned = pl.col("year").is_null()
    unit = ["country", spanned] if metric.line else [*FACT]
    whole = pl.when(~pl.col("newer").is_in(list(partial))).then("newer").max().over(unit)
    rows = numbered.filter(pl.col("newer") >= pl.coalesce(whole, "newer"))
    rows = rows.filter(pl.col("newer") == pl.col("newer").max().over(FACT))
    dated = rows.filter(~spanned, pl.col("dimensions") == "{}").select("country", "value").unique()
    settled = rows.filter(spanned).join(dated, on=["country", "value"], how="semi")
    rows = rows.join(settled.select("country", "period"), on=["country", "period"], how="anti")
    latest = (
        rows.filter(spanned)
        .group_by("country")
        .agg(
            pl.col("newer").max().alias("release"),
            *(
                pl.col("period").str.slice(*part).cast(pl.Int32).max().alias(end)
                for end, part in (("first", (0, 4)), ("last", (5, 4)))
            ),
        )
    )
    outdated = (
        rows.join(latest, on="country", how="left")
        .select(
            (pl.col("newer") < pl.col("release"))
            & pl.col("year").is_between("first", "last")
            & (pl.col("dimensions") == "{}")
        )
        .to_series()
        .fill_null(value=False)
    )
    replaced, rows = rows.filter(outdated), rows.filter(~outdated)
    findings = [
        SourceFinding(
            "period.dated",
            "info",
            f"{country}: the figure without a year ({text}) is printed with one in another edition, which is used.",
        )
        for country, text in settled.sort("country").select("country", "value_text").rows()
    ]
    findings += [
        SourceFinding(
            "period.outdated",
            "info",
            f"{country}: {text} of {period} is of an older release; the newest prints another latest figure, without "
            "its year, which is used.",
        )
        for country, period, text in replaced.sort("country", "period").select("country", "period", "value_text").rows()
    ]
    return rows.drop("newer").sort(*FACT, ~pl.col("primary"), maintain_order=True), findings


def _link(reading: Reading, metric: Metric) -> SeriesLink:
    """Return the codebook's link of this indicator to this source, for the series as the file names it."""
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
    series = SeriesRef(reading.series, reading.indicator, {}, {**link.options, **reading.said})
    try:
        return find_file_parser(reading.source)(Path(reading.file).name, body, series, reading.edition)
    except (SourceError, ValueError) as error:
        raise SnapshotError(f"{reading.indicator}: {error}") from error


def _record(
    reading: Reading, files: Mapping[str, bytes], provenance: Mapping[str, Mapping[str, str]], moment: datetime
) -> dict[str, Any]:
    info: SourceInfo = list_infos()[reading.source].of(reading.series)
    origin, body = provenance[reading.file], files[reading.file]
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
        "repository": origin["repository"],
        "path": origin["path"],
        "commit": origin["commit"],
        "origin": f"https://github.com/{origin['repository']}/blob/{origin['commit']}/{origin['path']}",
        "changed": origin["change"],
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
        "indicators": {
            built.indicator: _as_json(built) for built in summaries if not built.national and not built.second
        },
        "second": {
            built.second: {"indicator": built.indicator} | _as_json(built) for built in summaries if built.second
        },
        "national": {
            built.national: {"indicator": built.indicator} | _as_json(built) for built in summaries if built.national
        },
    }
    parquet.replace(target / OBSERVATIONS)
    (target / RECORDS).write_text(text, encoding="utf-8")
    (target / MANIFEST).write_text(_json(manifest), encoding="utf-8")
    return manifest


def _year(value: Any) -> int | None:
    return None if value is None else int(value)


def _as_json(built: Built) -> dict[str, Any]:
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
