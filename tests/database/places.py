"""Databases for tests: every test that asks for one runs on SQLite and on PostgreSQL.

``database_url`` is an empty database, ``monitor_settings`` the settings that name it, ``record`` its migrated engine.
The PostgreSQL server is the local one; each test gets a database of its own, dropped afterwards. Where the server
cannot be reached these tests are skipped, saying so; in CI they fail.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from dashboard.database.engine import engine, engine_of, migrate
from dashboard.settings import Settings

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A connection that makes and drops databases."""
    try:
        connection = psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        reason = f"The PostgreSQL server at 127.0.0.1:5432 (user postgres, trusted) cannot be reached: {error}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with connection:
        yield connection


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an empty database, on either engine."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'record' / 'monitor.sqlite3'}"
        yield url
        engine_of(url).dispose()
        return
    server = request.getfixturevalue("postgres_server")
    name = f"monitor_test_{uuid.uuid4().hex}"
    server.execute(f'CREATE DATABASE "{name}"')
    url = f"postgresql+psycopg://postgres@127.0.0.1:5432/{name}"
    yield url
    engine_of(url).dispose()
    server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def monitor_settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings with their own database and data folder."""
    return Settings(data_dir=tmp_path / "data", database_url=database_url)


@pytest.fixture
def record(monitor_settings: Settings) -> Engine:
    """A migrated, empty database, on either engine."""
    migrate(monitor_settings)
    return engine(monitor_settings)
