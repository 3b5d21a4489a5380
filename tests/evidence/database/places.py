"""Databases for tests: every test that asks for one runs on SQLite and on PostgreSQL.

``database_url`` is a migrated database without rows, ``monitor_settings`` the settings that name it, ``record`` its
engine; ``empty_database_url`` has no tables. The PostgreSQL server is the local one; each test gets a database of its
own, copied from one that was migrated once and dropped afterwards. Where the server cannot be reached these tests are
skipped, saying so; in CI they fail.
"""

import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import psycopg
import pytest
from sqlalchemy import Engine, QueuePool

from dashboard.evidence.database.engine import create_engine_for, migrate, open_engine
from dashboard.settings import Settings
from tests.needs import missing

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A connection that makes and drops databases."""
    try:
        connection = psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        missing(f"The PostgreSQL server at 127.0.0.1:5432 (user postgres, trusted) cannot be reached: {error}")
    with connection:
        yield connection


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file."""
    url = f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'monitor.sqlite3'}"
    migrate(Settings(database_url=url))
    create_engine_for(url).dispose()
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture(scope="session")
def migrated_on_server(postgres_server: "psycopg.Connection[tuple[object, ...]]") -> Iterator[str]:
    """Name of a migrated PostgreSQL database, to copy."""
    with _on_server(postgres_server) as name:
        migrate(Settings(database_url=_url(name)))
        create_engine_for(_url(name)).dispose()
        yield name


ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a migrated database without rows, on either engine."""
    if request.param == "sqlite":
        file = tmp_path / "record" / "monitor.sqlite3"
        file.parent.mkdir()
        shutil.copyfile(request.getfixturevalue("migrated"), file)
        file.chmod(0o600)  # as the product makes it
        yield f"sqlite:///{file}"
        create_engine_for(f"sqlite:///{file}").dispose()
        return
    server, template = (request.getfixturevalue(name) for name in ("postgres_server", "migrated_on_server"))
    with _on_server(server, template) as name:
        yield _url(name)


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without tables, on either engine."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'record' / 'monitor.sqlite3'}"
        yield url
        create_engine_for(url).dispose()
        return
    with _on_server(request.getfixturevalue("postgres_server")) as name:
        yield _url(name)


@contextmanager
def _on_server(server: "psycopg.Connection[tuple[object, ...]]", template: str = "template1") -> Iterator[str]:
    name = f"monitor_test_{uuid.uuid4().hex}"
    server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        _end(create_engine_for(_url(name)))
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def make_place(kind: str) -> Iterator[tuple[str, Path]]:
    """URL of an empty database of this kind, ``sqlite`` or ``postgresql``, and an empty data folder, for commands."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        url = f"sqlite:///{folder}/data/monitor.sqlite3"
        if kind == "postgresql":
            server = stack.enter_context(psycopg.connect(SERVER, autocommit=True, connect_timeout=5))
            url = _url(stack.enter_context(_on_server(server)))
        data = Path(folder) / "data"
        data.mkdir()
        yield url, data
        create_engine_for(url).dispose()


def _end(engine: Engine) -> None:
    """Close its connections; one that a thread of a task cut off still holds is waited for."""
    deadline = time.monotonic() + 10
    while cast("QueuePool", engine.pool).checkedout() and time.monotonic() < deadline:
        time.sleep(0.01)
    engine.dispose()


def _url(name: str) -> str:
    return f"postgresql+psycopg://postgres@127.0.0.1:5432/{name}"


@pytest.fixture
def monitor_settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings with their own database and data folder."""
    return Settings(data_dir=tmp_path / "data", database_url=database_url)


@pytest.fixture
def record(monitor_settings: Settings) -> Engine:
    """The database's engine."""
    return open_engine(monitor_settings)
