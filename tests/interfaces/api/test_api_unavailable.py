"""A full disk, a database that is away, locked or damaged: 503, try again, one line in the log, on every address."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, exc, text

from dashboard import settings as settings_module
from dashboard.contributions.voice.inbox import new_key
from dashboard.evidence.database.engine import (
    create_engine_for,
    explain_unavailable,
    migrate,
    open_engine,
    reading,
    writing,
)
from dashboard.interfaces.api import problems
from dashboard.interfaces.desk.routes import unavailable as unavailable_page
from dashboard.interfaces.desk.site import build
from dashboard.locales import t
from dashboard.settings import Settings
from tests.accounts.conftest import SITE, Browser, routes_of
from tests.evidence.database.figures import figure, figures, issue

AWAY = "postgresql+psycopg://nobody@127.0.0.1:9/none"
READ_ALONE = {"figures", "catalogue"}
"""Tags of addresses that answer from what is published, and never ask the database."""
PATH_VALUES = {"centre": "baku-1", "country": "AZE", "number": "1", "account": "1", "token": "1", "session": "1"}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, handmade_settings: Settings) -> Iterator[FastAPI]:
    """Everything there is, with a database that is stopped."""
    values = {
        "DATA_DIR": str(handmade_settings.data_dir), "DATABASE_URL": AWAY, "ACCOUNTS__ENABLED": "true",
        "PUBLIC_URL": SITE, "SECRET": "s" * 40, "VOICE__KEYS": f'["{new_key("one")}"]',
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(f"MONITOR_{name}", value)
    settings_module.settings.cache_clear()
    problems._logged.clear()
    yield build()
    create_engine_for(AWAY).dispose()
    settings_module.settings.cache_clear()
    problems._logged.clear()


def _client(api: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=SITE)


async def test_with_the_database_stopped_no_address_fails(api: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    failed, told = [], 0
    async with _client(api) as client:
        client.cookies.set("__Host-monitor-session", "a" * 43)
        for route in routes_of(api):
            if READ_ALONE & set(getattr(route, "tags", None) or ()):
                continue
            path = _filled(route.path)
            for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
                reply = await client.request(method, path, headers={"Origin": SITE})
                if reply.status_code >= 500 and reply.status_code != 503:
                    failed.append(f"{method} {path} {reply.status_code}")
                if reply.status_code == 503 and path != "/readyz":
                    assert int(reply.headers["retry-after"]) > 0, path
                    told += 1
    assert failed == []
    assert told > 20
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    lines = [record for record in caplog.records if record.name == problems.__name__]
    assert len(lines) == len({record.getMessage().partition(": ")[2] for record in lines}) <= 2


def _filled(path: str) -> str:
    for name, value in PATH_VALUES.items():
        path = path.replace(f"{{{name}}}", value)
    return "/".join("1" if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize("lang", ["en", "fr", "az", "ar"])
async def test_who_logs_in_is_told_to_try_again(api: FastAPI, lang: str) -> None:
    async with _client(api) as client:
        client.cookies.set("__Host-monitor-session", "a" * 43)
        reply = await client.get("/account/", params={"lang": lang})
        assert (reply.status_code, reply.headers["retry-after"]) == (503, "60")
        assert reply.headers["cache-control"] == "no-store"
        assert t("accounts.unavailable.text", lang) in reply.text
        assert t("accounts.unavailable.again", lang) in reply.text
    browser = Browser(api)
    reply = await browser.log_in("one@office.test")
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "60")
    assert t("accounts.unavailable.text", "en") in reply.text
    assert t("accounts.unavailable.again", "en") not in reply.text  # a form is not sent again by a link
    await browser.client.aclose()


async def test_a_fault_of_the_product_stays_a_fault(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    made = FastAPI()
    problems.install(made)
    record = create_engine_for(f"sqlite:///{tmp_path / 'one.sqlite3'}")

    @made.get("/faulty")
    def faulty() -> None:
        with reading(record) as connection:
            connection.execute(text("SELECT 1 FROM no_such_table"))

    async with _client(made) as client:
        reply = await client.get("/faulty")
    assert reply.status_code == 500
    assert any(one.exc_info for one in caplog.records)
    record.dispose()


def _full(record: Engine) -> None:
    """Let the disk hold no page more."""
    with record.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def _error(work: Any) -> BaseException:
    try:
        work()
    except Exception as error:
        return error
    raise AssertionError("no error")


async def test_a_full_disk_is_told_as_such_and_nothing_is_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    here = Settings(data_dir=tmp_path, database_url=None)
    migrate(here)
    record = open_engine(here)
    issue(record, figures(figure(60.0)))
    made = FastAPI()
    problems.install(made)
    made.state.unavailable = unavailable_page

    @made.post("/form")
    def form() -> str:
        with writing(record) as connection:
            for _ in range(200):
                connection.execute(text("INSERT INTO lease (name, holder, expires_at) VALUES (:a, :b, 0)"), _row())
        return "taken"

    number = iter(range(100_000))

    def _row() -> dict[str, str]:
        return {"a": f"{next(number)}" + "x" * 4000, "b": "y" * 4000}

    _full(record)
    problems._logged.clear()
    with caplog.at_level(logging.INFO):
        async with _client(made) as client:
            replies = [await client.post("/form") for _ in range(3)]
    assert [reply.status_code for reply in replies] == [503] * 3
    assert "text/html" in replies[0].headers["content-type"]
    lines = [one.getMessage() for one in caplog.records if one.name == problems.__name__]
    assert lines == ["POST /form could not be answered: database or disk is full"]
    with reading(record) as connection:
        assert connection.execute(text("SELECT count(*) FROM lease")).scalar() == 0
        assert connection.execute(text("SELECT count(*) FROM vintage")).scalar() == 1
    record.dispose()


def test_what_is_a_database_that_is_away_and_what_a_fault(tmp_path: Path) -> None:
    record = create_engine_for(f"sqlite:///{tmp_path / 'one.sqlite3'}")
    with writing(record) as connection:
        connection.execute(text("CREATE TABLE one (number INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO one VALUES (1)"))

    def run(words: str) -> Any:
        def work() -> None:
            with writing(record) as connection:
                connection.execute(text(words))

        return work

    assert explain_unavailable(_error(run("SELEC 1"))) == ""
    assert explain_unavailable(_error(run("INSERT INTO one VALUES (1)"))) == ""  # a row twice
    assert explain_unavailable(_error(lambda: create_engine_for(AWAY).connect()))
    assert explain_unavailable(exc.TimeoutError("QueuePool limit")) == "QueuePool limit"
    assert explain_unavailable(ValueError("x")) == ""
    record.dispose()
    (tmp_path / "one.sqlite3").write_bytes(b"\xff" * 8192)
    assert "not a database" in explain_unavailable(_error(run("SELECT 1")))
    record.dispose()
