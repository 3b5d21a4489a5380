"""Publishers' files become the embedded dataset: the same bytes each time, or a word on what is wrong and where."""

import csv
import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.gathering import snapshot
from dashboard.evidence.gathering.snapshot import (
    MANIFEST,
    OBSERVATIONS,
    RECORDS,
    Built,
    Reading,
    SnapshotError,
    SnapshotPlan,
    build,
    read_plan,
)
from dashboard.operations.cli import app
from tests.data_sources.shapes import csv_file

SCORES = csv_file(
    "Corruption Perceptions Index: Historical Results",
    "",
    "Country / Territory,ISO3,Year,CPI score,Standard error,Number of sources,Lower CI,Upper CI",
    "Azerbaijan,AZE,2024,21,1.5,7,18.5,23.5",
    "Georgia,GEO,2024,52,2.25,8,48.3,55.7",
)
FEMALE = csv_file(
    "geo_area,nature,sex,units,year,iu_cor_brib", "31,c,bothsex,percent,2016,12.5", "1,c,bothsex,percent,2016,30"
)
PLAN = SnapshotPlan(
    date(2026, 11, 1),
    (
        Reading("ti_cpi", "cpi", "CPI score", "publishers/scores.csv", "CPI 2024"),
        Reading("bribery_persons", "un_sdg", "IU_COR_BRIB", "publishers/bribery.csv", "October 2020"),
    ),
)


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A folder of publishers' files as the builder wants it."""
    folder = tmp_path / "origin"
    (folder / "publishers").mkdir(parents=True)
    with (folder / "provenance.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            ("file", "publisher", "edition", "repository", "path", "commit", "licence", "change", "bytes", "sha256")
        )
        for name, body in (("publishers/scores.csv", SCORES), ("publishers/bribery.csv", FEMALE)):
            (folder / name).write_bytes(body)
            sha256 = hashlib.sha256(body).hexdigest()
            table.writerow(
                (name, "a publisher", "e", "owner/name", "a/b.csv", "c0ffee", "l", "unchanged", len(body), sha256)
            )
    return folder


@pytest.fixture
def built(origin: Path, tmp_path: Path) -> Callable[..., Path]:
    def run(name: str = "embedded", plan: SnapshotPlan = PLAN, **how: date) -> Path:
        build(origin, tmp_path / name, load_codebook(), plan=plan, **how)
        return tmp_path / name

    return run


def test_figures_are_the_publishers_own(built: Callable[..., Path]) -> None:
    rows = pl.read_parquet(built() / OBSERVATIONS)
    scores = rows.filter(indicator="ti_cpi").sort("country")
    assert scores.select("country", "value", "value_text", "lower", "upper", "std_error").rows() == [
        ("AZE", 21.0, "21", 18.5, 23.5, 1.5),
        ("GEO", 52.0, "52", 48.3, 55.7, 2.25),
    ]
    assert rows.filter(indicator="bribery_persons").select("country", "value", "edition").rows() == [
        ("AZE", 12.5, "October 2020")
    ]


def test_each_file_says_where_it_came_from(built: Callable[..., Path]) -> None:
    first, _ = json.loads((built() / RECORDS).read_text(encoding="utf-8"))
    assert first["sha256"] == hashlib.sha256(SCORES).hexdigest()
    assert (first["publisher"], first["licence"]) == ("Transparency International", "CC BY-ND 4.0")
    assert first["origin"] == "https://github.com/owner/name/blob/c0ffee/a/b.csv"
    assert first["retrieved_at"].startswith("2026-11-01")
    assert "not known" in first["retrieved_at_note"]
    assert "named in origin" not in first["retrieved_at_note"]  # a reader sees it, and knows no fields


def test_the_same_files_give_the_same_bytes(built: Callable[..., Path]) -> None:
    one, two = built("one"), built("two")
    for name in (OBSERVATIONS, RECORDS, MANIFEST):
        assert (one / name).read_bytes() == (two / name).read_bytes()
    later = built("later", on=date(2026, 12, 1))
    assert json.loads((later / MANIFEST).read_text(encoding="utf-8"))["date"] == "2026-12-01"
    assert (later / OBSERVATIONS).read_bytes() == (one / OBSERVATIONS).read_bytes()


def swapped(file: str = "publishers/scores.csv", **change: str) -> SnapshotPlan:
    reading = {"indicator": "ti_cpi", "source": "cpi", "series": "CPI score", "file": file, "edition": "e"} | change
    return SnapshotPlan(PLAN.on, (Reading(**reading),))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (swapped("publishers/gone.csv"), "publishers/gone.csv: no row in provenance.csv"),
        (swapped(indicator="nonsense"), "nonsense is not an indicator of the codebook"),
        (swapped(series="CPI rank"), "the codebook does not link ti_cpi to CPI rank of cpi"),
        (swapped("publishers/bribery.csv"), "bribery.csv: no header line with the columns"),
        (swapped(source="egdi"), "the codebook does not link ti_cpi to CPI score of egdi"),
    ],
)
def test_what_is_wrong_is_named(built: Callable[..., Path], tmp_path: Path, plan: SnapshotPlan, words: str) -> None:
    with pytest.raises(SnapshotError, match=words.replace("(", r"\(")):
        built(plan=plan)
    assert not (tmp_path / "embedded").exists()


def test_a_file_that_is_not_the_one_described_is_refused(built: Callable[..., Path], origin: Path) -> None:
    (origin / "publishers/scores.csv").write_bytes(SCORES.replace(b",21,", b",12,"))
    with pytest.raises(SnapshotError, match=r"publishers/scores\.csv: sha256 .* provenance\.csv says"):
        built()


def test_a_figure_that_cannot_be_read_stops_the_build(built: Callable[..., Path], origin: Path) -> None:
    body = SCORES.replace(b",21,", b",about 21,")
    (origin / "publishers/scores.csv").write_bytes(body)
    table = (origin / "provenance.csv").read_text(encoding="utf-8")
    described = table.replace(hashlib.sha256(SCORES).hexdigest(), hashlib.sha256(body).hexdigest())
    (origin / "provenance.csv").write_text(described, encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"row 4.*'about 21' is not a figure"):
        built()


def test_a_dataset_too_large_for_the_repository_is_refused(
    built: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "LARGEST", 10)
    with pytest.raises(SnapshotError, match="drop a series"):
        built()
    assert list((tmp_path / "embedded").iterdir()) == []


def test_the_plan_of_the_product_agrees_with_the_codebook_and_the_dataset() -> None:
    plan, book = read_plan(), load_codebook()
    manifest = json.loads((snapshot.FOLDER / MANIFEST).read_text(encoding="utf-8"))
    own = {(one.source, one.series) for metric in book.metrics.values() for one in metric.national}
    national = [reading for reading in plan.readings if (reading.source, reading.series) in own]
    assert {reading.series for reading in national} == set(manifest["national"])
    second = {
        f"{link.source} {link.series}": metric.id
        for metric in book.metrics.values()
        for link in metric.series
        if link.role == "secondary"
    }
    assert {key: told["indicator"] for key, told in manifest["second"].items()}.items() <= second.items()
    shown = [one for one in plan.readings if one not in national and f"{one.source} {one.series}" not in second]
    assert {reading.indicator for reading in shown} == set(manifest["indicators"])
    assert manifest["date"] == plan.on.isoformat()
    for reading in plan.readings:
        if reading not in national:
            assert reading.source in {link.source for link in book.metrics[reading.indicator].series}, reading


@pytest.mark.parametrize(
    ("text", "words"),
    [("schema = 9", "schema 9"), ('schema = 1\ndate = 2026-01-01\n[[reading]]\nfile = "a"', "lacks the key")],
)
def test_a_faulty_plan_is_explained(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SnapshotError, match=words):
        read_plan(path)


def test_the_command_says_what_is_wrong_without_a_traceback(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["snapshot", "build", "--from", str(tmp_path), "--to", str(tmp_path / "to")])
    assert result.exit_code == 1
    assert "Nothing was written" in result.output
    assert "provenance.csv is not there" in result.output


def test_the_manifest_and_the_builder_say_what_became_of_each_indicator(origin: Path, tmp_path: Path) -> None:
    told: list[Built] = []
    manifest = build(origin, tmp_path / "to", load_codebook(), plan=PLAN, say=told.append)
    assert json.loads((tmp_path / "to" / MANIFEST).read_text(encoding="utf-8")) == manifest
    assert (manifest["rows"], manifest["countries"], manifest["date"]) == (3, 2, "2026-11-01")
    assert manifest["indicators"] == {
        "ti_cpi": {"source": "cpi", "rows": 2, "figures": 2, "countries": 2, "first_year": 2024, "last_year": 2024},
        "bribery_persons": {
            "source": "un_sdg", "rows": 1, "figures": 1, "countries": 1, "first_year": 2016, "last_year": 2016,
        },
    }  # fmt: skip
    assert [(one.indicator, one.regions) for one in told] == [("ti_cpi", 0), ("bribery_persons", 1)]
    assert manifest["files"] == {
        name: hashlib.sha256((tmp_path / "to" / name).read_bytes()).hexdigest() for name in (OBSERVATIONS, RECORDS)
    }
    records = json.loads((tmp_path / "to" / RECORDS).read_text(encoding="utf-8"))
    assert [(one["size"], one["file"]) for one in records] == [
        (len(SCORES), "scores.csv"),
        (len(FEMALE), "bribery.csv"),
    ]


def test_a_licence_that_forbids_it_and_a_file_that_is_not_there_are_named(origin: Path, tmp_path: Path) -> None:
    described = tmp_path / "files.csv"
    described.write_text("file,verdict,terms\npublishers/scores.csv,describe,no terms stated\n", encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"scores\.csv: no terms stated\. Its figures may be described"):
        build(origin, tmp_path / "to", load_codebook(), plan=PLAN, files=described)
    (origin / "publishers/scores.csv").unlink()
    with pytest.raises(SnapshotError, match=r"scores\.csv cannot be read: No such file"):
        build(origin, tmp_path / "to", load_codebook(), plan=PLAN)
