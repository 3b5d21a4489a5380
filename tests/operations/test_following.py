"""A web process puts in force what another machine publishes, and goes on when it cannot."""

import asyncio
import logging
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from dashboard.evidence.database.engine import writing
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Dataset
from dashboard.operations import following
from dashboard.operations.following import follow_publications
from dashboard.settings import Settings
from tests.evidence.database.figures import figure, figures, issue


async def _until(folder: Path, version: str) -> None:
    while not (folder / "CURRENT").exists() or Dataset.current(folder).version != version:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def test_what_is_published_elsewhere_is_in_force_here(
    record: Engine,
    monitor_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(following, "settings", lambda: monitor_settings)
    monkeypatch.setattr(following, "POLL_S", 0.02)
    if monitor_settings.sqlite_path is not None:
        await asyncio.wait_for(follow_publications(), 5)  # there is no other machine
        return
    issue(record, figures(figure(60.0)))
    first = await asyncio.to_thread(publish, record, tmp_path / "other")
    with writing(record) as connection:
        connection.execute(text("UPDATE dataset_file SET body = body || 'x'"))
    task = asyncio.ensure_future(follow_publications())
    with caplog.at_level(logging.ERROR):
        while not caplog.records:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
    assert [record.message for record in caplog.records] == [caplog.records[0].message]  # said once
    assert "not in the database as it was published" in caplog.text
    with writing(record) as connection:
        connection.execute(text("UPDATE dataset_file SET body = substr(body, 1, length(body) - 1)"))
    await asyncio.wait_for(_until(monitor_settings.dataset_dir, first.name), 60)
    issue(record, figures(figure(61.0, period="2021")))
    second = await asyncio.to_thread(publish, record, tmp_path / "other")
    await asyncio.wait_for(_until(monitor_settings.dataset_dir, second.name), 60)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
