"""A newer embedded dataset renews what was not gathered since, as a vintage of its own, once."""

import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import open_engine
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.gathering import embedded, startup
from dashboard.evidence.gathering.schedule.lease import hold_lease
from dashboard.evidence.gathering.snapshot import FOLDER, MANIFEST, OBSERVATIONS
from dashboard.settings import Settings
from tests.evidence.database.figures import figure, figures, raw_record
from tests.given import some

RENEWED, GATHERED = "internet_users", "ti_cpi"
BEGUN = len(embedded.list_editions(FOLDER))
"""Vintages that a record begins with."""


def later(folder: Path, days: int = 30, factor: float = 0.5) -> Path:
    """The embedded dataset as a later release might bring it: two indicators with other figures and editions."""
    shutil.copytree(FOLDER, folder)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    rows = pl.read_parquet(folder / OBSERVATIONS)
    changed = pl.col("indicator").is_in([RENEWED, GATHERED]) & pl.col("value").is_not_null()
    rows = rows.with_columns(
        pl.when(changed).then(pl.col("value") * factor).otherwise(pl.col("value")).alias("value"),
        pl.when(changed).then(pl.lit("later")).otherwise(pl.col("edition")).alias("edition"),
    )
    rows.write_parquet(folder / OBSERVATIONS)
    manifest["date"] = (datetime.fromisoformat(manifest["date"]) + timedelta(days=days)).date().isoformat()
    manifest["files"][OBSERVATIONS] = hashlib.sha256((folder / OBSERVATIONS).read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def received(settings: Settings, indicator: str, moment: datetime) -> None:
    """A gathering that found nothing new in an indicator."""
    record = open_engine(settings)
    run = runs.start_run(record, trigger="command", plan={})
    standing = runs.read_last_outcomes(record).filter(pl.col("indicator") == indicator)
    for source, series in standing.select("source", "series").rows():
        outcome = {"source": source, "series": series, "indicator": indicator, "retrieved_at": moment}
        runs.record_outcome(record, runs.SeriesOutcome(run=run, state="unchanged", **outcome))
    runs.finish_run(record, run, "succeeded", {})


def values(settings: Settings, indicator: str, as_of: int | None = None) -> list[float | None]:
    dataset = Dataset.current(settings.dataset_dir)
    shown = dataset.as_of(as_of) if as_of else dataset
    return shown.rows(indicator).sort("country", "period", "id").collect()["value"].sort().to_list()


def half(figures: list[float | None]) -> list[float | None]:
    return [None if figure is None else figure / 2 for figure in figures]


@pytest.mark.long
def test_what_was_gathered_later_stays_and_the_rest_is_renewed_once(monitor_settings: Settings, tmp_path: Path) -> None:
    settings = monitor_settings
    startup.ensure_ready(settings, lambda line: None)
    before = {indicator: values(settings, indicator) for indicator in (RENEWED, GATHERED, "wgi_cc")}
    folder = later(tmp_path / "later")
    received(settings, GATHERED, datetime.now(UTC) + timedelta(days=100))
    said: list[str] = []
    assert startup.ensure_embedded(settings, said.append, folder)
    assert said == ["Loading the newer embedded dataset…"]
    startup.ensure_published(settings)
    assert values(settings, RENEWED) == half(before[RENEWED])
    assert (values(settings, GATHERED), values(settings, "wgi_cc")) == (before[GATHERED], before["wgi_cc"])
    assert values(settings, RENEWED, as_of=BEGUN) == before[RENEWED]
    last = some(vintages.find_latest(open_engine(settings)))
    assert (last.number, list(last.changes)) == (BEGUN + 1, [RENEWED])
    assert "new release" in last.note
    assert not startup.ensure_embedded(settings, folder=folder)
    assert len(vintages.list_vintages(open_engine(settings))) == BEGUN + 1


@pytest.fixture
def settings(embedded_settings: Settings, tmp_path: Path) -> Settings:
    """Of a product that has been started: its record holds the embedded dataset."""
    open_engine(embedded_settings).dispose()
    shutil.copytree(embedded_settings.data_dir, tmp_path / "data")
    return Settings(data_dir=tmp_path / "data", database_url=None)


@pytest.mark.long
def test_one_that_is_not_newer_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    assert not startup.ensure_embedded(settings, folder=later(tmp_path / "other", -30))
    assert not startup.ensure_embedded(settings)
    assert len(vintages.list_vintages(open_engine(settings))) == BEGUN


@pytest.mark.long
def test_what_a_country_sent_is_not_shown_beside_what_comes_with_a_release(settings: Settings, tmp_path: Path) -> None:
    record = open_engine(settings)
    last = some(vintages.find_latest(record))
    sent = figures(figure(12.0, indicator=RENEWED, source="national_submission", series="level2:AZE"))
    moment = last.created_at + timedelta(seconds=1)
    vintages.write_vintage(
        record, created_at=moment, note="", run_id=None, added=sent, superseded=(), records=[raw_record()]
    )
    assert startup.ensure_embedded(settings, folder=later(tmp_path / "later"))
    rows = vintages.read_current_rows(record, RENEWED, "national_submission")
    assert rows.select("value", "primary").rows() == [(12.0, False)]


@pytest.mark.long
def test_the_files_of_the_same_day_read_better_renew_a_record_once(settings: Settings, tmp_path: Path) -> None:
    folder = later(tmp_path / "again", 0)
    assert startup.ensure_embedded(settings, folder=folder)
    last = some(vintages.find_latest(open_engine(settings)))
    assert (last.number, sorted(last.changes)) == (BEGUN + 1, [RENEWED, GATHERED])
    assert not startup.ensure_embedded(settings, folder=folder)


@pytest.mark.long
def test_one_that_changes_nothing_is_no_vintage_and_not_looked_at_again(settings: Settings, tmp_path: Path) -> None:
    folder = later(tmp_path / "later")
    for indicator in (RENEWED, GATHERED):
        received(settings, indicator, datetime.now(UTC) + timedelta(days=100))
    assert startup.ensure_embedded(settings, folder=folder)
    assert not startup.ensure_embedded(settings, folder=folder)
    assert len(vintages.list_vintages(open_engine(settings))) == BEGUN


@pytest.mark.long
def test_a_start_does_not_wait_for_a_gathering_under_way(settings: Settings, tmp_path: Path) -> None:
    folder = later(tmp_path / "later")
    with hold_lease(settings):
        assert not startup.ensure_embedded(settings, folder=folder)
    assert startup.ensure_embedded(settings, folder=folder)
