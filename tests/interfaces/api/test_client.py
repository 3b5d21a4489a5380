"""The client that people install: the API through it is the API itself."""

import hashlib
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboard.answers.base.context import open_context
from examples.client import asan_sdg_monitor
from examples.client.asan_sdg_monitor import Damaged, Monitor, Refused
from tests.checks import all_of
from tests.interfaces.api.served import get, serve_api

pytestmark = pytest.mark.usefixtures("handmade")


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    """A client of the API of this process."""
    with serve_api() as address, Monitor(address) as one:
        yield one


def test_every_page_of_figures_comes(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asan_sdg_monitor, "PAGE", 2)
    rows = list(monitor.observations(countries=["AZE", "GEO", "AFG", "ROU"], series="all"))
    held = open_context().dataset.scan().filter(pl.col("country").is_in(["AZE", "GEO", "AFG", "ROU"])).collect()
    assert sorted(row["id"] for row in rows) == sorted(held["id"])
    assert len(rows) > 4
    missing = [row for row in rows if row["status"] == "missing"]
    assert missing
    assert all_of(row["value"] is None for row in missing)


def test_filters_are_sent(monitor: Monitor) -> None:
    rows = list(monitor.observations("internet_users", countries=["AZE"], totals=True, fields=["country", "value"]))
    assert rows == [{"country": "AZE", "value": 91.0}]
    none = list(monitor.observations("internet_users", countries=["AZE"], first=1990, last=1991))
    assert none == []


def test_an_earlier_day_has_its_figures() -> None:
    with serve_api() as address, Monitor(address, as_of=date(2026, 3, 1)) as then:
        rows = list(then.observations("internet_users", countries=["AZE"]))
        assert [row["value"] for row in rows] == [90.4]
        assert then.meta()["as_of"] == "2026-03-01"


def test_what_cannot_be_answered_is_told(monitor: Monitor) -> None:
    with pytest.raises(Refused) as refused:
        list(monitor.observations("internet_user", countries=["AZE"]))
    assert refused.value.problem.type == "urn:asan-sdg-monitor:problem:unknown-indicator"
    assert "internet_users" in refused.value.problem.suggestions


def test_the_other_questions(monitor: Monitor) -> None:
    assert monitor.provenance(next(monitor.observations("internet_users", countries=["AZE"]))["id"])
    assert {one["iso3"] for one in monitor.countries()} >= {"AZE", "GEO"}
    assert "internet_users" in {one["id"] for one in monitor.indicators()}
    assert monitor.search("Azerbaijan")["groups"]
    assert monitor.changes(since=1)


def test_a_file_is_continued_and_checked(monitor: Monitor, tmp_path: Path) -> None:
    whole = get("/api/v1/dataset.parquet")
    target = tmp_path / "all.parquet"
    (tmp_path / "all.parquet.part").write_bytes(whole.content[: len(whole.content) // 3])
    (tmp_path / "all.parquet.etag").write_text(whole.headers["etag"])
    assert monitor.download(target) == hashlib.sha256(whole.content).hexdigest()
    assert target.read_bytes() == whole.content
    assert [path.name for path in tmp_path.iterdir()] == ["all.parquet"]


def test_a_part_of_another_file_is_not_continued(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "all.parquet.part").write_bytes(b"something else")
    (tmp_path / "all.parquet.etag").write_text('"another"')
    monitor.download(tmp_path / "all.parquet")
    assert (tmp_path / "all.parquet").read_bytes() == get("/api/v1/dataset.parquet").content


def test_a_damaged_file_is_not_kept(monitor: Monitor, tmp_path: Path) -> None:
    whole = get("/api/v1/dataset.parquet")
    (tmp_path / "all.parquet.part").write_bytes(b"x" * 100)
    (tmp_path / "all.parquet.etag").write_text(whole.headers["etag"])
    with pytest.raises(Damaged):
        monitor.download(tmp_path / "all.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_filtered_file_is_the_filter(monitor: Monitor, tmp_path: Path) -> None:
    monitor.download(tmp_path / "some.parquet", indicator="internet_users", country="AZE")
    assert set(pl.read_parquet(io.BytesIO((tmp_path / "some.parquet").read_bytes()))["country"]) == {"AZE"}
