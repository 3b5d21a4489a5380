"""The schedule inside the server: off by a setting, one look among all workers, ended with the server."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.evidence.gathering.schedule import schedule
from dashboard.evidence.gathering.schedule.schedule import look, run_schedule
from dashboard.settings import Settings

QUICK = (sys.executable, "-c", "print('Nothing is due')")


async def until(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110 - another process or a fake tells nobody
        await asyncio.sleep(0.02)


@pytest.fixture
def now(monitor_settings: Settings) -> Settings:
    return monitor_settings


async def test_of_all_workers_one_looks(now: Settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert await look(now, "one worker", QUICK) == 0
    assert await look(now, "another worker", QUICK) is None
    assert await look(now, "one worker", QUICK) == 0
    assert "ended with code 0: Nothing is due" in caplog.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_ends_with_the_server(now: Settings, tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    sleeper = f"import os, pathlib, time; pathlib.Path({str(alive)!r}).write_text(str(os.getpid())); time.sleep(60)"
    task = asyncio.create_task(look(now, "one worker", (sys.executable, "-c", sleeper)))
    await until(lambda: alive.is_file() and alive.read_text())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(int(alive.read_text()), 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_is_off_by_a_setting(now: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "settings", lambda: Settings(data_dir=now.data_dir, schedule={"enabled": False}))
    await asyncio.wait_for(run_schedule(), 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_look_that_fails_is_logged_and_followed_by_another(
    now: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[str] = []

    async def fail(settings: Settings, holder: str) -> int | None:
        looks.append(holder)
        raise OSError("no processes left")

    monkeypatch.setattr(schedule, "settings", lambda: Settings(data_dir=now.data_dir, schedule={"minutes": 0.0001}))
    monkeypatch.setattr(schedule, "FIRST", 0.0)
    monkeypatch.setattr(schedule, "look", fail)
    task = asyncio.create_task(run_schedule())
    await until(lambda: len(looks) >= 3)
    task.cancel()
    assert "no processes left" in caplog.text


def test_nothing_is_started_by_an_import() -> None:
    assert asyncio.iscoroutinefunction(run_schedule)
    assert schedule.COMMAND[1:] == ("-m", "dashboard", "gather", "--due")
