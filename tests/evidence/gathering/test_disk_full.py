"""A full disk, wherever it is met: the finding is named, what is published stays, the next gathering completes."""

import errno
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import is_disk_full, migrate, open_engine, writing
from dashboard.evidence.dataset.force import SettledPublication
from dashboard.evidence.dataset.layout import NEXT, UNFINISHED, VERSIONS
from dashboard.evidence.dataset.store import Dataset
from dashboard.evidence.gathering.plan import GatheringChoice
from dashboard.evidence.gathering.run import DiskFull, Summary, gather
from dashboard.operations.settling import settle
from dashboard.settings import Settings
from tests.data_sources.server import Publisher, json_reply
from tests.evidence.gathering.publishers import WorldBank

CHOICE = GatheringChoice(("world_bank",), ("internet_users",))


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def settings(tmp_path: Path, publisher: Publisher) -> Settings:
    sources = {"world_bank": {"base_url": f"{publisher.url}/v2"}}
    made = Settings(data_dir=tmp_path, database_url=None, http={"attempts": 1}, sources=sources)
    migrate(made)
    return made


@pytest.fixture
def serve(publisher: Publisher) -> Callable[[str], None]:
    bank = WorldBank(publisher)

    def once(figure: str) -> None:
        bank.on("internet_users", json_reply(bank.body("internet_users", [("AZE", "2020", figure)])))

    return once


def test_a_database_without_room_is_known_by_its_own_code(tmp_path: Path) -> None:
    record = open_engine(Settings(data_dir=tmp_path, database_url=None))
    with writing(record) as connection:
        connection.exec_driver_sql("CREATE TABLE one (words TEXT)")
        connection.exec_driver_sql("PRAGMA max_page_count = 2")
        with pytest.raises(OperationalError) as raised:
            connection.exec_driver_sql("INSERT INTO one VALUES (?)", ("x" * 100_000,))
    assert is_disk_full(raised.value)
    assert is_disk_full(OperationalError("", {}, psycopg.errors.DiskFull()))
    assert not is_disk_full(OperationalError("", {}, psycopg.errors.LockNotAvailable()))


def shown(settings: Settings) -> list[float]:
    return Dataset.current(settings.dataset_dir).rows("internet_users").collect()["value"].to_list()


async def run(settings: Settings) -> Summary:
    return await gather(settings, load_codebook(), CHOICE)


async def test_in_the_store_of_replies(
    settings: Settings, serve: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve("80")
    await run(settings)
    serve("81")
    with monkeypatch.context() as patched:
        patched.setattr("data_sources.fetching.raw._write", full)
        summary = await run(settings)
    assert [verdict.code for verdict in summary.verdicts] == ["disk_full"]
    assert (summary.vintage, shown(settings)) == (None, [80.0])
    assert ((await run(settings)).vintage, shown(settings)) == (2, [81.0])


async def test_in_the_record(settings: Settings, serve: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    serve("80")
    await run(settings)
    serve("81")
    with monkeypatch.context() as patched:
        patched.setattr("dashboard.evidence.database.columns.append_frame", full)
        with pytest.raises(DiskFull, match="disk_full: there is no room"):
            await run(settings)
    assert (len(vintages.list_vintages(open_engine(settings))), shown(settings)) == (1, [80.0])
    last = runs.find_latest(open_engine(settings))
    assert (last.state, last.summary) == ("interrupted", {"findings": {"disk_full": 1}})
    assert ((await run(settings)).vintage, shown(settings)) == (2, [81.0])


@pytest.mark.parametrize("step", ["_write_table", "announce_version", "name_version", "publication.offer_version_on"])
async def test_while_publishing(
    step: str, settings: Settings, serve: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve("80")
    await run(settings)
    serve("81")
    with monkeypatch.context() as patched:
        patched.setattr(f"dashboard.evidence.dataset.{step if '.' in step else f'publish.{step}'}", full)
        with pytest.raises(DiskFull, match="disk_full: there is no room"):
            await run(settings)
    assert (len(vintages.list_vintages(open_engine(settings))), shown(settings)) == (1, [80.0])
    left = [path.name for path in settings.dataset_dir.rglob("*") if path.name.startswith((UNFINISHED, NEXT))]
    assert left == [], "it makes room again"
    assert ((await run(settings)).vintage, shown(settings)) == (2, [81.0])
    assert Dataset.current(settings.dataset_dir).verify() == []


async def test_after_the_commit_it_is_published_and_finished_by_whoever_comes_next(
    settings: Settings, serve: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve("80")
    await run(settings)
    serve("81")
    with monkeypatch.context() as patched:
        patched.setattr("dashboard.evidence.dataset.publication.switch_version", full)
        assert (await run(settings)).vintage == 2
    assert shown(settings) == [80.0]
    assert settle(settings) == SettledPublication(f"{newest(settings)}", 2, finished=True)
    assert shown(settings) == [81.0]
    assert settle(settings) is None


def newest(settings: Settings) -> str:
    """Name of the version of the highest vintage."""
    return max(path.name for path in (settings.dataset_dir / VERSIONS).iterdir())
