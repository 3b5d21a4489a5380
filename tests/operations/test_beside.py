"""Commands beside a live server take nothing from it, before and after it repairs what is published.

The long form is ``python -m tests.operations.beside --rounds 200``.
"""

import gc
import os
from pathlib import Path

import pytest
import typer
from sqlalchemy import Engine

from dashboard.evidence.database import file
from dashboard.evidence.database.engine import (
    Unusable,
    create_engine_for,
    explain_loss,
    migrate,
    open_engine,
    reading,
    writing,
)
from dashboard.operations.cli import app
from dashboard.operations.rebuild import NotRebuilt, rebuild
from dashboard.operations.supervision import hold_folder
from dashboard.settings import Settings
from tests.evidence.database.figures import figure, figures, issue
from tests.operations import beside


def test_nothing_thanked_for_is_missing_beside_commands_and_after_a_repair(tmp_path: Path) -> None:
    assert "none missing" in list(beside.rounds(tmp_path, 1, ["account list"]))[-1]


def test_every_command_is_run_beside_a_server_or_does_not_touch_the_record() -> None:
    group = typer.main.get_command(app)
    there = {" ".join(words) for words in _commands(group, ())}
    run = {next(name for name in there if f"{line} ".startswith(f"{name} ")) for line in beside.COMMANDS}
    assert run | set(beside.APART) == there
    assert not run & set(beside.APART)


def _commands(group: object, above: tuple[str, ...]) -> list[tuple[str, ...]]:
    below = getattr(group, "commands", None)
    if below is None:
        return [above]
    return [words for name, one in below.items() for words in _commands(one, (*above, name))]


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    """An SQLite record that this process has open."""
    made = Settings(data_dir=tmp_path / "data", database_url=None)
    migrate(made)
    issue(open_engine(made), figures(figure(60.0)))
    return made


def _record(here: Settings) -> tuple[Engine, Path]:
    path = here.sqlite_path
    assert path is not None
    return open_engine(here), path


@pytest.mark.parametrize(
    ("ending", "words"), [("", "The database .*monitor.sqlite3 was removed"), ("-wal", r"\(monitor.sqlite3-wal\) was")]
)
def test_what_is_taken_from_under_a_server_is_noticed_and_nothing_more_is_written(
    here: Settings, ending: str, words: str
) -> None:
    record, path = _record(here)
    assert explain_loss(path) == ""
    part = path.with_name(path.name + ending)
    aside = path.with_name("aside")
    part.rename(aside)
    with pytest.raises(Unusable, match=words), writing(record) as connection:
        connection.exec_driver_sql("UPDATE vintage SET note = note")
    with reading(record) as connection:  # what is there can be read
        assert connection.exec_driver_sql("SELECT count(*) FROM vintage").scalar() == 1
    part.write_bytes(b"")  # another file of the name
    assert "restart the monitor" in explain_loss(path)
    aside.replace(part)
    assert explain_loss(path) == ""
    issue(record, figures(figure(61.0)))
    record.dispose()
    assert explain_loss(path) == ""


def test_an_engine_that_nothing_names_any_more_holds_no_file(here: Settings) -> None:
    """Of 128 databases in one process the first engine goes, and its connections with it, unclosed."""
    record, path = _record(here)
    del record
    create_engine_for.cache_clear()
    gc.collect()
    assert not path.with_name(f"{path.name}-wal").exists()  # the last to close takes the log with it
    (path.parent / "takes the number of the log").touch()
    with reading(open_engine(here)) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM vintage").scalar() == 1
    assert explain_loss(path) == ""


def test_a_file_replaced_while_a_transaction_runs_is_not_written_to(here: Settings) -> None:
    record, path = _record(here)
    copy = path.with_name("copy")
    file.copy_database(path, copy)

    def write() -> None:
        with writing(record) as connection:
            connection.exec_driver_sql("DELETE FROM lease")
            copy.replace(path)

    with pytest.raises(Unusable, match="removed or replaced"):
        write()
    record.dispose()
    assert explain_loss(path) == ""  # a connection made from now on has the new file
    issue(record, figures(figure(61.0)))
    record.dispose()


def test_a_look_through_the_file_leaves_the_locks_of_this_process(here: Settings) -> None:
    record, path = _record(here)
    issue(record, figures(figure(61.0)))
    before = _locks(path)
    assert before
    assert (file.check_integrity(path), file.read_revision(path) is None) == ("", False)
    file.copy_database(path, path.with_name("copy"))
    assert _locks(path) == before
    record.dispose()


def _locks(path: Path) -> int:
    """How many locks this process has on a file, as the system counts them."""
    mark = f"{os.getpid()}", str(path.stat().st_ino)
    lines = [line.split() for line in Path("/proc/locks").read_text(encoding="ascii").splitlines()]
    return sum((words[4], words[5].rpartition(":")[2]) == mark for words in lines if words[1] == "POSIX")


def test_the_record_is_not_rebuilt_under_a_server(here: Settings) -> None:
    from dashboard.evidence.dataset.publish import publish

    record, path = _record(here)
    publish(record, here.dataset_dir)
    record.dispose()
    path.unlink()
    with (
        hold_folder(here.data_dir, 3000),
        pytest.raises(NotRebuilt, match=r"Another server runs.*while no server runs"),
    ):
        rebuild(here)
    assert rebuild(here)[0] == 1
    record.dispose()
