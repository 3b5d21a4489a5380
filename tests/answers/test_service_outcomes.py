"""A gathering that publishes nothing is seen on the Sources page at once, with what it means for readers."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard import settings as settings_module
from dashboard.answers.base.context import open_context
from dashboard.answers.freshness.sources import view_sources
from dashboard.answers.freshness.views import SourceView
from dashboard.evidence.database import runs
from dashboard.evidence.database.engine import open_engine
from dashboard.settings import Settings, settings

LATER = datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.fixture
def own(handmade_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A copy of the handmade data that a test may add to."""
    open_engine(handmade_settings).dispose()
    shutil.copytree(handmade_settings.data_dir, tmp_path / "data")
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "data"))
    settings_module.settings.cache_clear()
    yield settings()
    open_engine(settings()).dispose()
    settings_module.settings.cache_clear()


def seen(source: str) -> SourceView:
    return next(one for one in view_sources(open_context())["sources"] if one["id"] == source)


def tell(own: Settings, state: str, code: str) -> None:
    record = open_engine(own)
    run = runs.start_run(record, trigger="command", plan={})
    one = runs.SeriesOutcome(
        run=run, source="world_bank", series="IT.NET.USER.ZS", indicator="internet_users", state=state, code=code,
        message="in words", retrieved_at=LATER,
    )  # fmt: skip
    runs.record_outcome(record, one)
    runs.finish_run(record, run, "partly", {})


def test_a_failure_is_seen_without_a_publication(own: Settings) -> None:
    version = open_context().dataset.version
    assert seen("world_bank")["failures"] == []
    tell(own, "failed", "http_503")
    (failure,) = seen("world_bank")["failures"]
    assert (failure["indicator"], failure["detail"]) == ("internet_users", "in words")
    assert failure["reason"] == "The publisher could not be reached."
    assert failure["when"] == "1 May 2026"
    assert open_context().dataset.version == version
    assert "2 series failed" in view_sources(open_context())["text"]


def test_a_success_is_seen_without_a_publication(own: Settings) -> None:
    tell(own, "unchanged", "")
    assert seen("world_bank")["last_success"] == "2026-05-01"


def test_what_waits_for_a_person_says_so(own: Settings) -> None:
    tell(own, "waiting", "review.share")
    (failure,) = seen("world_bank")["failures"]
    assert "a person must approve" in failure["reason"]
    assert "published before stay" in failure["meaning"]


def test_without_the_record_the_published_outcomes_are_told(own: Settings) -> None:
    open_engine(own).dispose()
    for path in own.data_dir.glob("monitor.sqlite3*"):
        path.unlink()
    assert [one["series"] for one in seen("un_sdg")["failures"]] == ["SP_PSR_OSATIS_GOV"]
