"""What operators do at the command line: back up and put back, write the record anew, decide what waits."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.operations import doctor
from dashboard.operations.backup import SUFFIX
from dashboard.operations.cli import app
from dashboard.settings import Settings, settings


@pytest.fixture
def data(handmade_settings: Settings, tmp_path: Path) -> Path:
    """A data folder with two vintages."""
    shutil.copytree(handmade_settings.data_dir, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Run a command on a data folder, and give what it said."""
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)
    monkeypatch.delenv("MONITOR_BACKUP_KEY", raising=False)

    def said(folder: Path, *command: object, code: int = 0) -> str:
        monkeypatch.setenv("MONITOR_DATA_DIR", str(folder))
        settings.cache_clear()
        done = CliRunner().invoke(app, [str(word) for word in command])
        assert done.exit_code == code, done.output
        return done.output

    yield said
    settings.cache_clear()


def test_a_backup_is_made_looked_at_and_put_back(run: Callable[..., str], data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    assert "not encrypted, verified" in run(data, "backup", "create", "--folder", folder)
    (file,) = folder.iterdir()
    assert "2 vintages, sqlite" in run(data, "backup", "verify", file)
    assert "--replace" in run(data, "backup", "restore", file, code=1)
    for place, replace in ((data, ["--replace"]), (tmp_path / "other", [])):
        assert "Restored 2 vintages" in run(place, "backup", "restore", file, *replace)
        assert "Vintage     2" in run(place, "dataset", "status")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert run(data, "backup", "verify", file, code=1).count("\n") == 1


def test_old_backups_are_deleted_and_the_newest_of_a_day_stays(run: Callable[..., str], data: Path) -> None:
    folder = data / "backups"
    assert f"0 deleted, 0 kept in {folder}" in run(data, "backup", "prune")
    run(data, "backup", "create")
    (file,) = folder.iterdir()
    older = [folder / f"{name}0000Z{SUFFIX}" for name in ("20260101T00", "20260101T01", "20260102T00")]
    for path in older:
        path.touch()
    said = run(data, "backup", "prune", "--dry-run")
    assert said.splitlines() == [f"would be deleted: {older[0].name}", f"1 would be deleted, 3 kept in {folder}"]
    assert sorted(folder.iterdir()) == [*older, file]
    assert f"1 deleted, 3 kept in {folder}" in run(data, "backup", "prune")
    assert f"1 deleted, 2 kept in {folder}" in run(data, "backup", "prune", "--days", 0, "--weeks", 0, "--months", 3)
    assert sorted(folder.iterdir()) == [older[2], file]


def test_a_lost_database_is_written_anew(run: Callable[..., str], data: Path) -> None:
    (data / "monitor.sqlite3").unlink()
    assert "Rebuilt 2 vintages" in run(data, "dataset", "rebuild")
    assert "Already published" in run(data, "dataset", "publish")
    assert "Vintage     2" in run(data, "dataset", "status")


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_what_does_not_wait_cannot_be_decided(run: Callable[..., str], data: Path, decision: str) -> None:
    assert run(data, "dataset", "waiting") == "Nothing waits.\n"
    assert "7" in run(data, "dataset", decision, 7, code=1)
    assert "Vintage     2" in run(data, "dataset", "status")


def test_a_damaged_file_of_the_dataset_is_named(run: Callable[..., str], data: Path) -> None:
    file = next((data / "dataset" / "versions").rglob("*.parquet"))
    file.write_bytes(b"x")
    said = run(data, "dataset", "status", code=1)
    assert "Damaged     " in said
    assert file.name in said
    assert "dataset publish" in said


def test_a_look_at_all_fails_where_something_is_bad(
    run: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [doctor.Diagnosis("disk", "ok", "there is room"), doctor.Diagnosis("clock", "look", "is late", "Set it")]
    monkeypatch.setattr(doctor, "examine", lambda *_, **__: found)
    assert run(tmp_path, "doctor").splitlines() == [
        "ok    disk        there is room", "look  clock       is late  → Set it",
    ]  # fmt: skip
    found.append(doctor.Diagnosis("port", "bad", "is taken"))
    assert "BAD   port" in run(tmp_path, "doctor", code=1)


def test_a_draft_is_checked_and_what_was_not_read_is_told(
    run: Callable[..., str], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "draft.md"
    file.write_text(
        "In 2023, 91 % of people in Azerbaijan used the Internet.\n\nIn 2023, 40 % of people in Azerbaijan did."
    )
    assert "1 figure that we hold; not checked: 1." in run(data, "check", file)
    file.write_text("In 2023, 89 % of people in Azerbaijan used the Internet. It was 88 % before.")
    assert "89 %  Internet users, Azerbaijan, 2023" in run(data, "check", file, code=1)
    assert "more numbers than are checked at once" not in run(data, "check", file, code=1)
    monkeypatch.setattr("dashboard.answers.drafts.draft.MAX_NUMBERS", 1)
    assert "more numbers than are checked at once" in run(data, "check", file, code=1)
