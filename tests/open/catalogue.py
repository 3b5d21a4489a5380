"""Whole files and catalogues: equal to the dataset, valid by the standards' own checks, quick and small.

Validators: SHACL shapes of DCAT-AP 3.0.1 by pyshacl; the Data Package by its JSON Schema and by frictionless, every row
and foreign key; Croissant as JSON-LD by rdflib, its columns against the Parquet file.
"""

import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any, cast

import frictionless
import jsonschema
import polars as pl
import psutil
import pyshacl
from rdflib import SH, Graph, Namespace

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.bulk import catalogue, files
from dashboard.answers.bulk.files import WHOLE
from dashboard.evidence.dataset.schema import ROWS
from tests.open import Figure, show, use_embedded

STANDARDS = Path(__file__).with_name("standards")
BASE = "https://monitor.example"
CR = Namespace("http://mlcommons.org/croissant/")
SO = Namespace("https://schema.org/")


def find_faults_of_dcat(text: str) -> list[str]:
    """What DCAT-AP's shapes object to in a catalogue; empty when it conforms."""
    shapes = Graph().parse(STANDARDS / "dcat-ap-3.0.1.ttl")
    for shape, named in list(shapes.subject_objects(SH.property)):
        if (named, SH.path, None) not in shapes:  # two names without a shape in the published file
            shapes.remove((shape, SH.property, named))
    told = Graph().parse(data=text, format="json-ld").parse(STANDARDS / "eu-vocabularies.ttl")
    held, _, words = pyshacl.validate(told, shacl_graph=shapes, do_owl_imports=False, advanced=True)
    return [] if held else [line.strip() for line in words.splitlines() if "Message" in line] or [words]


def find_faults_of_package(archive: Path) -> list[str]:
    """What the standard's schema and frictionless object to in a data package: form, types, keys, hashes."""
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(archive).extractall(folder)
        described = Path(folder) / "datapackage.json"
        schema = json.loads((STANDARDS / "datapackage-2.0.json").read_text())
        faults = [
            error.message for error in jsonschema.Draft7Validator(schema).iter_errors(json.loads(described.read_text()))
        ]
        report = frictionless.validate(str(described))
        return faults + [str(row) for row in report.flatten(["rowNumber", "fieldName", "type", "message"])[:20]]


def find_faults_of_croissant(told: dict[str, Any], parquet: Path) -> list[str]:
    """What Croissant 1.1 asks for and is not there, and columns that the file does not have or that it lacks."""
    graph = Graph().parse(data=json.dumps(told), format="json-ld")
    faults = [
        f"no {name}"
        for name in ("name", "description", "license", "url", "creator", "datePublished", "distribution")
        if not list(graph.subject_objects(SO[name]))
    ]
    columns = {str(column) for column in graph.objects(None, CR.column)}
    held = set(pl.read_parquet_schema(parquet))
    return faults + [f"column {name}" for name in sorted(columns ^ held)]


def read_rows(file: files.BulkFile, folder: Path) -> pl.DataFrame:
    """The rows of a file, typed as the dataset's."""
    if file.form == "parquet":
        return pl.read_parquet(file.path)
    if file.form == "arrow":
        return pl.read_ipc(file.path)
    source: Any = file.path
    if file.form == "zip":
        source = zipfile.ZipFile(file.path).extract("observations.csv", folder)
    kinds = {name: pl.String() if kind == pl.Datetime else kind for name, kind in ROWS.items() if name != "superseded"}
    rows = pl.read_csv(source, schema=kinds)
    return rows.with_columns(pl.col("retrieved_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC"))


def count_differences(ctx: Context, file: files.BulkFile, folder: Path) -> int:
    """Columns of a file whose values are not those of the dataset; texts but for the apostrophe that disarms them."""
    wanted = ctx.dataset.scan().drop("superseded").collect()
    rows = read_rows(file, folder)
    text = file.form in ("csv.zst", "zip")
    wrong = 0
    for name in wanted.columns:
        here, there = rows.get_column(name), wanted.get_column(name)
        if text and name == "retrieved_at":
            there = there.dt.truncate("1s")
        if text and here.dtype == pl.String:
            here, there = here.fill_null("").str.strip_prefix("'"), there.fill_null("").str.strip_prefix("'")
        wrong += not here.equals(there)
    return wrong


def ask_of_large(folder: Path, rows: int) -> Context:
    """The context of a dataset of as many rows: the real ones over and over, on disk."""
    ctx = open_context()
    whole = ctx.dataset.scan().collect()
    path = folder / "large.parquet"
    pl.concat([whole] * (rows // whole.height + 1)).head(rows).write_parquet(path, row_group_size=50_000)
    held = SimpleNamespace(
        version="large", vintage=1, created_at=ctx.dataset.created_at, scan=lambda _=None: pl.scan_parquet(path)
    )
    return replace(ctx, dataset=cast(Any, held))


def run() -> Iterator[Figure]:
    """Each figure of the issue: equality, validity, seconds and memory."""
    with use_embedded(), tempfile.TemporaryDirectory() as name:
        folder, ctx = Path(name), open_context()
        begun, made = time.perf_counter(), []
        files.make_file(ctx, WHOLE, "parquet").path.unlink()
        yield Figure("parquet, first of a process, as it starts", (time.perf_counter() - begun) * 1000, unit="ms")
        for form in files.MEDIA:
            spans = []
            for left in reversed(range(5)):
                begun = time.perf_counter()
                file = files.make_file(ctx, WHOLE, form)
                spans.append((time.perf_counter() - begun) * 1000)
                if left:
                    file.path.unlink()
            made.append(file)
            most = 150 if form == "parquet" else None
            yield Figure(f"whole dataset as {form}, made, median of 5", median(spans), at_most=most, unit="ms")
            yield Figure(
                f"{form}: columns that differ from the dataset", count_differences(ctx, made[-1], folder), at_most=0
            )
        parquet = made[0]
        yield Figure("rows of the dataset", pl.read_parquet(parquet.path).height, at_least=100_000)
        dcat = json.dumps(catalogue.write_dcat(ctx, made, BASE))
        yield Figure("DCAT-AP 3: objections", len(find_faults_of_dcat(dcat)), at_most=0)
        yield Figure("Data Package: objections", len(find_faults_of_package(made[-1].path)), at_most=0)
        told = catalogue.write_croissant(ctx, parquet, BASE)
        yield Figure("Croissant: objections", len(find_faults_of_croissant(told, parquet.path)), at_most=0)
        yield from _stream(folder)


def _stream(folder: Path) -> Iterator[Figure]:
    ctx = ask_of_large(folder, 1_000_000)
    before, begun = psutil.Process().memory_info().rss, time.perf_counter()
    file = files.make_file(ctx, WHOLE, "parquet")
    yield Figure("1,000,000 rows streamed to Parquet", time.perf_counter() - begun, at_most=2, unit="s")
    yield Figure("memory it took", (psutil.Process().memory_info().rss - before) / 2**20, at_most=150, unit="MiB")
    yield Figure("rows of it", pl.scan_parquet(file.path).select(pl.len()).collect().item(), at_least=1_000_000)


if __name__ == "__main__":
    sys.exit(show(run()))
