"""What SQLite holds is moved to PostgreSQL, every table of it and equal, or nothing is."""

import hashlib
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, MetaData, Table, inspect, select
from typer.testing import CliRunner

from dashboard.evidence.database import vintages
from dashboard.evidence.database.columns import append_rows
from dashboard.evidence.database.engine import migrate, open_engine, reading, writing
from dashboard.evidence.database.move import store
from dashboard.evidence.database.move.store import NotMoved, move_database
from dashboard.operations import backup
from dashboard.operations.backup import NotRestored
from dashboard.operations.cli import app
from dashboard.operations.supervision import hold_folder
from dashboard.settings import Settings, settings
from tests.evidence.database.figures import figure, figures, issue
from tests.operations.training.kept import copied

MOMENT = datetime(2026, 3, 1, 23, 30, 0, 123456, tzinfo=UTC).replace(tzinfo=None)
VALUES: dict[type, Any] = {
    int: 7, str: "AZE\tBakı\\n\n“é”", float: 0.1, bool: True, bytes: b"\0\xff\\x", date: MOMENT.date(),
    datetime: MOMENT, object: {"b": [1, None, 0.1, "ı\n"], "a": True},
}  # fmt: skip


def _fill(connection: Connection, table: Table) -> None:
    """One row, unless there are some; a column that refers to another has a value that is there."""
    row = {}
    for column in table.columns:
        referred = next(iter(column.foreign_keys), None)
        if referred is not None:
            row[column.name] = connection.execute(select(referred.column)).scalar()
        else:
            value = 8 if column.name == "approved_by" else VALUES[column.type.python_type]  # never who sent it
            row[column.name] = value[: getattr(column.type, "length", None)] if isinstance(value, str) else value
    if connection.execute(select(table)).first() is None:
        connection.execute(table.insert().values(row))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Settings]:
    """An SQLite database with rows in every table, and a figure that another has taken the place of."""
    made = Settings(data_dir=tmp_path / "data", database_url=None)
    migrate(made)
    first = figures(figure(0.1), figure(7.0, country="GEO"))
    issue(open_engine(made), first)
    issue(open_engine(made), figures(figure(61.5)), first.filter(country="AZE")["id"])
    tables = MetaData()
    tables.reflect(open_engine(made))
    with writing(open_engine(made)) as connection:
        for table in tables.sorted_tables:
            _fill(connection, table)
    yield made
    open_engine(made).dispose()


@pytest.fixture
def there(empty_database_url: str, tmp_path: Path) -> Settings:
    """A PostgreSQL database without tables."""
    return Settings(data_dir=tmp_path / "data", database_url=empty_database_url)


on_postgres = pytest.mark.parametrize(
    "empty_database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


def _contents(settings: Settings) -> dict[str, list[str]]:
    """Rows of each table as SQLAlchemy reads them, in a way of its own: not by what is tested."""
    tables, found = MetaData(), {}
    tables.reflect(open_engine(settings))
    with reading(open_engine(settings)) as connection:
        for name, table in tables.tables.items():
            rows = connection.execute(select(table)).all()
            found[name] = sorted(repr([_plain(value) for value in row]) for row in rows)
    return found


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value


def _digest(settings: Settings) -> str:
    assert settings.sqlite_path is not None
    open_engine(settings).dispose()
    return hashlib.sha256(settings.sqlite_path.read_bytes()).hexdigest()


@on_postgres
@pytest.mark.parametrize("is_migrated", [False, True])
def test_every_table_arrives_as_it_was_and_goes_on(here: Settings, there: Settings, is_migrated: bool) -> None:
    before = _contents(here)
    assert min(len(rows) for rows in before.values()) == 1
    if is_migrated:
        migrate(there)
    moved = move_database(here, there)
    assert moved == {name: len(rows) for name, rows in before.items() if name != store.VERSION_TABLE}
    assert _contents(there) == before == _contents(here)
    tables = MetaData()
    tables.reflect(open_engine(there))
    with writing(open_engine(there)) as connection:  # numbers go on after the highest
        runs = tables.tables["gather_run"]
        row = {it.name: VALUES[it.type.python_type] for it in runs.columns if it.name != "id"}
        assert connection.execute(runs.insert().values(row).returning(runs.c.id)).scalar() == 8
    assert issue(open_engine(there), figures(figure(62.0, period="2021"))).number == 3
    with pytest.raises(Exception, match="immutable"), writing(open_engine(there)) as connection:
        connection.exec_driver_sql("DELETE FROM observation")
    assert [one.digest for one in vintages.list_vintages(open_engine(there))][:2] == [
        one.digest for one in vintages.list_vintages(open_engine(here))
    ]


@on_postgres
@pytest.mark.long
def test_an_installation_that_was_worked_in_is_moved(there: Settings, tmp_path: Path) -> None:
    copied(tmp_path / "workspace")
    (tmp_path / "lived").mkdir()
    shutil.copyfile(tmp_path / "workspace" / "monitor.sqlite3", tmp_path / "lived" / "monitor.sqlite3")
    lived = Settings(data_dir=tmp_path / "lived", database_url=None)
    moved = move_database(lived, there)
    least = {"account": 24, "observation": 300, "submission": 13, "service_report": 800, "voice_opinion": 3000}
    assert {name: moved[name] >= rows for name, rows in least.items()} == dict.fromkeys(least, True)
    assert _contents(there) == _contents(lived)
    open_engine(lived).dispose()


@on_postgres
@pytest.mark.parametrize("fault", ["changed", "lost", "cut"])
def test_what_does_not_arrive_whole_leaves_nothing(
    here: Settings, there: Settings, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def append_wrong(connection: Connection, table: str, names: list[str], rows: Iterator[store.Row]) -> None:
        read = list(rows)
        if table == "audit":
            if fault == "cut":
                raise psycopg.OperationalError("the connection is lost")
            read = [] if fault == "lost" else [(*row[:-1], "other words") for row in read]
        append_rows(connection, table, names, read)

    monkeypatch.setattr(store, "append_rows", append_wrong)
    before = _digest(here)
    with pytest.raises(NotMoved, match=r"Nothing was moved: table audit.*(as it was|is lost)"):
        move_database(here, there)
    assert inspect(open_engine(there)).get_table_names() == []
    assert _digest(here) == before


@on_postgres
def test_a_target_with_rows_and_a_foreign_table_are_refused(here: Settings, there: Settings) -> None:
    with open_engine(here).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (id INTEGER)")
    with pytest.raises(NotMoved, match="Table notes of the source is not as the product makes it"):
        move_database(here, there)
    migrate(there)
    issue(open_engine(there), figures(figure(1.0)))
    before = _contents(there)
    with pytest.raises(NotMoved, match=r"not empty \(its table \w+ has rows\)"):
        move_database(here, there)
    assert _contents(there) == before


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("sqlite:///other.sqlite3", "no PostgreSQL database"),
        ("postgresql://me:hunter2@127.0.0.1:1/none", "Nothing was moved: connection"),
        ("postgresql://me:hunter2@127.0.0.1:port/none", "Nothing was moved"),
    ],
)
def test_the_command_says_why_it_is_refused(
    here: Settings, monkeypatch: pytest.MonkeyPatch, address: str, words: str
) -> None:
    monkeypatch.setenv("MONITOR_DATA_DIR", str(here.data_dir))
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)

    def run() -> str:
        settings.cache_clear()
        done = CliRunner().invoke(app, ["database", "move", address])
        settings.cache_clear()
        assert done.exit_code == 1, done.output
        return done.output

    said = run()
    assert words in said
    assert "hunter2" not in said
    with hold_folder(here.data_dir, 3000):
        assert "moved while no server runs" in run()
    with writing(open_engine(here)) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert ("is at migration 0001" in run()) is address.startswith("postgresql")
    monkeypatch.setenv("MONITOR_DATABASE_URL", "postgresql://me@127.0.0.1:1/none")
    assert "only from SQLite" in run()


@on_postgres
def test_a_backup_of_sqlite_names_the_way_to_postgresql(here: Settings, there: Settings, tmp_path: Path) -> None:
    path, _ = backup.create(here, tmp_path / "safe")
    with pytest.raises(NotRestored, match=r"database move ADDRESS.*dataset rebuild.*leaves out accounts"):
        backup.restore(there.model_copy(update={"data_dir": tmp_path / "other"}), path)
