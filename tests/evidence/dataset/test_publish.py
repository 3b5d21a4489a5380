"""What publishing makes of the record, and what it leaves on the disk."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine

from dashboard.evidence.database import runs, vintages
from dashboard.evidence.dataset import force as room
from dashboard.evidence.dataset.publish import EmptyRecord, publish
from dashboard.evidence.dataset.schema import ROWS
from dashboard.evidence.dataset.store import Dataset, NotPublished
from dashboard.evidence.dataset.wholeness import RecordBehind
from dashboard.settings import Settings
from tests.evidence.database.figures import START, figure, figures, issue
from tests.given import raising


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dataset"


def revise(record: Engine, value: float, indicator: str = "trust") -> None:
    """Put one new figure of an indicator in force."""
    old = vintages.read_current_rows(record, indicator, "un_sdg")
    issue(record, figures(figure(value, indicator=indicator)), old["id"])


def versions(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "versions").iterdir())


def test_a_version_says_what_it_is(record: Engine, folder: Path) -> None:
    issue(record, figures(figure(60.0), figure(70.0, country="GEO"), figure(5.0, indicator="bribery")))
    revise(record, 61.0)
    version = publish(record, folder, codebook="c0deb00c")
    manifest = json.loads((version.folder / "manifest.json").read_text())
    assert version.name.startswith("2-2026-03-02-")
    sha256 = hashlib.sha256((version.folder / "manifest.json").read_bytes()).hexdigest()
    assert (folder / "CURRENT").read_text() == f"{version.name} {sha256}\n"
    assert (version.vintage, version.created_at, version.rows, version.fresh) == (2, START.replace(day=2), 2, True)
    assert (manifest["version"], manifest["codebook"], manifest["rows"], manifest["rows_ever"]) == (
        version.name,
        "c0deb00c",
        2,
        4,
    )
    assert manifest["indicators"] == {"bribery": {"rows": 1, "rows_ever": 1}, "trust": {"rows": 1, "rows_ever": 3}}
    on_disk = {str(path.relative_to(version.folder)) for path in version.folder.rglob("*") if path.is_file()}
    assert on_disk == {*manifest["files"], "manifest.json"}
    assert Dataset.open(version.folder).verify() == []


def test_rows_are_sorted_and_of_the_published_columns(record: Engine, folder: Path) -> None:
    female = {"dimensions": '{"sex":"FEMALE"}'}
    rows = [figure(1.0, country="GEO"), figure(2.0, period="2019"), figure(3.0, **female), figure(4.0)]
    issue(record, figures(*rows))
    found = pl.read_parquet(publish(record, folder).folder / "observations" / "trust.parquet")
    assert (found.schema, found["value"].to_list()) == (ROWS, [2.0, 3.0, 4.0, 1.0])


def test_the_same_record_is_the_same_version_wherever_it_is_published(
    record: Engine, folder: Path, tmp_path: Path
) -> None:
    issue(record, figures(figure(60.0), figure(5.0, indicator="bribery")))
    publish(record, folder)
    revise(record, 61.0)
    after_another, alone = publish(record, folder), publish(record, tmp_path / "elsewhere")
    assert after_another.name == alone.name
    assert not publish(record, folder).fresh
    files = [json.loads((version.folder / "manifest.json").read_text())["files"] for version in (after_another, alone)]
    assert files[0] == files[1]


def test_a_new_outcome_or_codebook_is_a_new_version_of_the_same_vintage(record: Engine, folder: Path) -> None:
    issue(record, figures(figure(60.0)))
    names = [publish(record, folder).name]
    run = runs.start_run(record, trigger="command", plan={})
    runs.record_outcome(
        record,
        runs.SeriesOutcome(
            run=run, source="un_sdg", series="IU_TRUST", indicator="trust", state="failed", retrieved_at=START
        ),
    )
    names.append(publish(record, folder).name)
    names.append(publish(record, folder, codebook="new").name)
    assert len(set(names)) == 3
    assert {name.split("-")[0] for name in names} == {"1"}


def test_an_untouched_indicator_is_the_same_file_again(record: Engine, folder: Path) -> None:
    issue(record, figures(figure(60.0), figure(5.0, indicator="bribery")))
    first = publish(record, folder).folder / "observations"
    revise(record, 61.0)
    second = publish(record, folder).folder / "observations"
    assert (first / "bribery.parquet").samefile(second / "bribery.parquet")
    assert not (first / "trust.parquet").samefile(second / "trust.parquet")


def test_file_systems_without_hard_links_get_copies(
    record: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", raising(OSError("Operation not supported")))
    issue(record, figures(figure(60.0), figure(5.0, indicator="bribery")))
    publish(record, folder)
    revise(record, 61.0)
    assert Dataset.open(publish(record, folder).folder).verify() == []


def test_a_damaged_file_is_not_handed_on(record: Engine, folder: Path) -> None:
    issue(record, figures(figure(60.0), figure(5.0, indicator="bribery")))
    (publish(record, folder).folder / "observations" / "bribery.parquet").write_bytes(b"PAR1 and then nothing")
    revise(record, 61.0)
    dataset = Dataset.open(publish(record, folder).folder)
    assert (dataset.verify(), dataset.rows("bribery").collect()["value"].to_list()) == ([], [5.0])


@pytest.mark.parametrize("deed", ["truncate", "remove", "no manifest"])
def test_publishing_again_repairs_a_damaged_version(record: Engine, folder: Path, deed: str) -> None:
    issue(record, figures(figure(60.0)))
    version = publish(record, folder)
    file = version.folder / ("manifest.json" if deed == "no manifest" else "observations/trust.parquet")
    if deed == "truncate":
        file.write_bytes(file.read_bytes()[:100])
    else:
        file.unlink()
    again = publish(record, folder)
    assert (again.name, again.fresh) == (version.name, True)
    assert Dataset.current(folder).verify() == []
    assert Dataset.current(folder).rows("trust").collect().height == 1


def test_another_database_is_not_published_over_it(folder: Path, tmp_path: Path) -> None:
    from dashboard.evidence.database.engine import migrate, open_engine

    records = []
    for name, value in (("one", 60.0), ("two", 10.0)):
        settings = Settings(data_dir=tmp_path / name, database_url=None)
        migrate(settings)
        issue(open_engine(settings), figures(figure(value), figure(value, indicator="bribery")))
        records.append(open_engine(settings))
    version = publish(records[0], folder)
    with pytest.raises(RecordBehind, match=r"vintage 1 of the database holds other figures.*dataset rebuild"):
        publish(records[1], folder)
    assert Dataset.current(folder).version == version.name
    for record in records:
        record.dispose()


def test_the_last_three_versions_stay_for_readers_who_hold_them(
    record: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "GRACE_S", 0.0)
    names = []
    for value in range(5):
        revise(record, float(value))
        names.append(publish(record, folder).name)
    assert versions(folder) == names[2:]


def test_a_version_just_replaced_stays_however_many_follow(record: Engine, folder: Path) -> None:
    revise(record, 0.0)
    held = publish(record, folder)
    long_ago = held.created_at.timestamp() - 1e6
    os.utime(held.folder, (long_ago, long_ago))  # in force since long ago
    for value in range(1, 5):
        revise(record, float(value))
        publish(record, folder)
    assert held.folder.is_dir()
    assert len(versions(folder)) == 5


def test_what_a_killed_publisher_left_is_cleared_away(record: Engine, folder: Path) -> None:
    left = folder / "versions" / ".unfinished-abc" / "observations"
    left.mkdir(parents=True)
    (left / "trust.parquet").write_bytes(b"half")
    (folder / ".unfinished-CURRENT").write_text("3-2026-")
    issue(record, figures(figure(60.0)))
    version = publish(record, folder)
    assert versions(folder) == [version.name]
    assert sorted(path.name for path in folder.iterdir()) == [".lock", "CURRENT", "versions"]


def test_an_empty_record_publishes_nothing(record: Engine, folder: Path) -> None:
    with pytest.raises(EmptyRecord, match="load the embedded dataset or gather"):
        publish(record, folder)
    with pytest.raises(NotPublished, match="python -m dashboard gather"):
        Dataset.current(folder)


def test_a_failure_half_way_leaves_the_old_version_in_force(
    record: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revise(record, 1.0)
    old = publish(record, folder)
    revise(record, 2.0)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", raising(OSError("No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        publish(record, folder)
    monkeypatch.undo()
    assert Dataset.current(folder).version == old.name
    assert publish(record, folder).vintage == 2
    assert len(versions(folder)) == 2


def test_versions_of_another_format_are_not_read(record: Engine, folder: Path) -> None:
    revise(record, 1.0)
    manifest = publish(record, folder).folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 99'))
    shutil.copy(folder / "CURRENT", folder / "again")
    (folder / "again").replace(folder / "CURRENT")
    with pytest.raises(NotPublished, match="has format 99"):
        Dataset.current(folder)
    publish(record, folder)
    assert Dataset.current(folder).vintage == 1
