"""The record anew from what is published: the same digests, figures and history, on either engine."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import create_engine_for, migrate, open_engine
from dashboard.evidence.dataset import agreement
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Dataset
from dashboard.operations.rebuild import NotRebuilt, rebuild
from dashboard.settings import Settings
from tests.evidence.database.figures import START, figure, figures, issue


def _published(record: Engine, folder: Path) -> None:
    """Three vintages; a figure goes and comes back."""
    first = figures(figure(60.0), figure(70.0, country="GEO"), figure(5.0, indicator="bribery"))
    issue(record, first)
    issue(record, figures(figure(61.5)), first.filter(indicator="trust", country="AZE")["id"])
    now = vintages.read_current_rows(record, "trust", "un_sdg").filter(country="AZE")["id"]
    issue(record, figures(figure(60.0)), now)
    run = runs.start_run(record, trigger="command", plan={})
    runs.record_outcome(
        record,
        runs.SeriesOutcome(run=run, source="wgi", series="CC", indicator="control", state="failed", retrieved_at=START),
    )
    publish(record, folder, "c0de")


def test_the_record_comes_back_with_the_digests_it_had(
    record: Engine, monitor_settings: Settings, tmp_path: Path
) -> None:
    folder = monitor_settings.dataset_dir
    _published(record, folder)
    before = [vintage.digest for vintage in vintages.list_vintages(record)]
    rows = Dataset.current(folder).ever().collect()
    empty = _another(monitor_settings, tmp_path)
    number, aside = rebuild(empty)
    assert (number, aside) == (3, None)
    again = open_engine(empty)
    assert [vintage.digest for vintage in vintages.list_vintages(again)] == before
    assert Dataset.open(publish(again, folder, "c0de").folder).ever().collect().equals(rows)
    assert [row["state"] for row in runs.read_last_outcomes(again).iter_rows(named=True)] == ["failed"]
    agreement.require_agreement(empty)
    again.dispose()


def _another(settings: Settings, tmp_path: Path) -> Settings:
    """An empty database of the same engine."""
    url = settings.sqlalchemy_url
    if url.startswith("sqlite"):
        return Settings(data_dir=settings.data_dir, database_url=f"sqlite:///{tmp_path / 'again.sqlite3'}")
    with create_engine_for(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    return settings


def test_a_damaged_file_is_moved_aside_and_the_record_is_whole(tmp_path: Path) -> None:
    here = Settings(data_dir=tmp_path / "data", database_url=None)
    migrate(here)
    _published(open_engine(here), here.dataset_dir)
    open_engine(here).dispose()
    here.sqlite_path.write_bytes(b"\xff" * 9000)
    number, aside = rebuild(here)
    assert number == 3
    assert aside.read_bytes() == b"\xff" * 9000
    agreement.require_agreement(here)
    open_engine(here).dispose()


def test_a_database_in_order_is_left_alone(record: Engine, monitor_settings: Settings) -> None:
    _published(record, monitor_settings.dataset_dir)
    with pytest.raises(NotRebuilt, match="nothing is to be rebuilt"):
        rebuild(monitor_settings)


def test_what_is_damaged_itself_is_no_ground_to_build_on(tmp_path: Path) -> None:
    here = Settings(data_dir=tmp_path / "data", database_url=None)
    migrate(here)
    _published(open_engine(here), here.dataset_dir)
    open_engine(here).dispose()
    here.sqlite_path.unlink()
    file = next(here.dataset_dir.rglob("trust.parquet"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(NotRebuilt, match="damaged itself"):
        rebuild(here)
    assert not here.sqlite_path.exists()
