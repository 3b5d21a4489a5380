"""One altered byte in any published file is found by the next look, and the version is made anew from the record."""

import asyncio
import logging
import os
import time
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, update

from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.submissions import inbox
from dashboard.contributions.voice.inbox import Keyring, new_key
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.store import opinion
from dashboard.contributions.voice.store import sealed as sealed_words
from dashboard.contributions.voice.tables import VoiceOpinion
from dashboard.evidence.database.engine import writing
from dashboard.evidence.dataset.publish import publish
from dashboard.evidence.dataset.store import Damaged, Dataset
from dashboard.evidence.gathering.schedule.lease import hold_lease
from dashboard.operations import upkeep
from dashboard.operations.upkeep import VERIFY_INTERVAL_S, UpkeepStatus, verify_published
from dashboard.settings import AccountSettings, Settings, VoiceSettings
from tests.checks import all_of
from tests.evidence.database.figures import figure, figures, issue


@pytest.fixture
def served(record: Engine, monitor_settings: Settings) -> Settings:
    """A published dataset with its record, on either engine."""
    issue(record, figures(figure(60.0), figure(70.0, country="GEO"), figure(5.0, indicator="bribery")))
    publish(record, monitor_settings.dataset_dir, _codebook())
    return monitor_settings


def _codebook() -> str:
    from dashboard.evidence.codebook import loader

    return loader.hash_folder(loader.DATA)


def test_every_file_is_found_and_made_anew(served: Settings) -> None:
    assert VERIFY_INTERVAL_S <= 60
    before = Dataset.current(served.dataset_dir)
    rows = before.scan().collect()
    names = [*before.manifest["files"], "manifest.json"]
    found = UpkeepStatus()
    for number, name in enumerate(names, start=1):
        path = before.folder / name
        whole = path.read_bytes()
        path.write_bytes(whole[:30] + bytes([whole[30] ^ 1]) + whole[31:])
        verify_published(served, found)
        assert (found.faults, found.healed) == ((), number), name
        assert path.read_bytes() == whole
    assert Dataset.current(served.dataset_dir).scan().collect().equals(rows)


def test_a_file_that_is_gone_comes_back(served: Settings) -> None:
    path = next(Dataset.current(served.dataset_dir).folder.rglob("trust.parquet"))
    path.unlink()
    assert verify_published(served, UpkeepStatus()).healed == 1
    assert path.exists()


def test_a_first_start_under_way_is_left_to_publish_all_editions_at_once(
    record: Engine, monitor_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    found = verify_published(monitor_settings, UpkeepStatus())
    with hold_lease(monitor_settings):
        issue(record, figures(figure(60.0)))
        found = verify_published(monitor_settings, found)
        assert (found.faults, found.healed, caplog.records) == ((), 0, [])
        issue(record, figures(figure(61.0)))
    found = verify_published(monitor_settings, found)  # whoever loaded them has died before it published
    assert (found.healed, Dataset.current(monitor_settings.dataset_dir).vintage) == (1, 2)


def test_without_the_record_it_is_not_served_and_said_once(served: Settings, caplog: pytest.LogCaptureFixture) -> None:
    lost = Settings(data_dir=served.data_dir, database_url=f"sqlite:///{served.data_dir / 'nothing.sqlite3'}")
    dataset = Dataset.current(served.dataset_dir)
    path = next(dataset.folder.rglob("trust.parquet"))
    path.write_bytes(path.read_bytes()[:-1])
    found = UpkeepStatus()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            verify_published(lost, found)
    assert found.faults == ("observations/trust.parquet is not as it was published",)
    assert "dataset rebuild" in found.trouble
    assert len(caplog.records) == 2
    assert all_of(record.exc_info is None for record in caplog.records)
    with pytest.raises(Damaged):
        dataset.rows("trust")
    assert not Path(served.data_dir / "nothing.sqlite3").exists()


async def test_a_server_destroys_survey_files_in_time_by_itself(
    record: Engine, monitor_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.accounts.model import Principal, Role
    from dashboard.contributions.submissions import intake
    from dashboard.contributions.submissions.microdata import retention, sealed

    by = Principal(1, Role.CONTRIBUTOR, "AZE", "", "Committee", "One", "en")
    part = sealed.SealedPart(monitor_settings)
    part.write(b"answers")
    intake.receive(
        monitor_settings, by, part.finish(), filename="s.sav", period="2024", lang="en", dataset="survey"
    )  # fmt: skip
    monkeypatch.setattr(upkeep, "settings", lambda: monitor_settings)
    monkeypatch.setattr(upkeep, "FIRST_DELAY_S", 0.0)
    monkeypatch.setattr(upkeep, "HOUR_S", 0.01)
    task = asyncio.create_task(upkeep.do_hourly())
    await asyncio.sleep(0.2)
    assert len(sealed.names(monitor_settings)) == 1
    monkeypatch.setattr(retention, "datetime", _InThirtyDays)
    for _ in range(1000):
        if not sealed.names(monitor_settings):
            break
        await asyncio.sleep(0.01)
    task.cancel()
    assert sealed.names(monitor_settings) == []
    assert upkeep.do_hourly.__name__ in (Path(upkeep.__file__).parents[1] / "app.py").read_text()


class _InThirtyDays(datetime):
    """The clock of a server that has run on."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_InThirtyDays":
        return cls.fromtimestamp(time.time() + timedelta(days=30, minutes=1).total_seconds(), tz)


@pytest.mark.parametrize("keyed", [True, False], ids=["with a key", "after the key was taken away"])
def test_raw_words_go_after_ninety_days_and_others_stay(
    record: Engine, monitor_settings: Settings, keyed: bool
) -> None:
    key, now = new_key("2026-11"), datetime.now(UTC)
    with_key = monitor_settings.model_copy(update={"voice": VoiceSettings(keys=(SecretStr(key),))})
    save_centres(record, [Centre("baku-1", "AZE", "Baku 1", date(2020, 1, 1))])
    for letter, days in (("o", 91), ("n", 89)):
        said = now - timedelta(days=days)
        given = Intake(letter * 32, "baku-1", said.date(), text="slow queue", language="en")
        take(record, Keyring([key]), "AZE", [given], said)
    with_accounts = monitor_settings.model_copy(update={"accounts": AccountSettings(enabled=True)})
    assert upkeep.destroy_words(with_key if keyed else with_accounts) == 1
    assert sealed_words(record, "o" * 32, "raw") is None
    assert sealed_words(record, "n" * 32, "raw") is not None


def test_words_go_after_their_months_and_older_redaction_is_done_again(
    record: Engine, monitor_settings: Settings
) -> None:
    key, now = new_key("2026-11"), datetime.now(UTC)
    voice = VoiceSettings(keys=(SecretStr(key),), words_months=2, vectors=False)
    with_key = monitor_settings.model_copy(update={"voice": voice})
    save_centres(record, [Centre("baku-1", "AZE", "Baku 1", date(2020, 1, 1))])
    for letter, days in (("o", 70), ("n", 50)):
        said = now - timedelta(days=days)
        given = Intake(letter * 32, "baku-1", said.date(), text="slow queue", language="en")
        take(record, Keyring([key]), "AZE", [given], said)
    with writing(record) as connection:
        connection.execute(update(VoiceOpinion).values(rules="", text="Aygün Həsənova was slow"))
    upkeep.destroy_words(with_key)
    assert upkeep.look_through_opinions(with_key) == 0
    old, new = opinion(record, "o" * 32), opinion(record, "n" * 32)
    assert (old.text, old.emptied) == ("", "expired")
    assert (new.text, new.emptied) == ("[name] was slow", "")


def test_an_installation_without_accounts_is_not_asked_for_its_database(tmp_path: Path) -> None:
    alone = Settings(data_dir=tmp_path / "none", database_url="postgresql+psycopg://nobody")
    assert (upkeep.destroy_surveys(alone), upkeep.destroy_words(alone)) == (0, 0)


def test_what_was_cut_short_goes_after_a_day_and_no_whole_file(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url="postgresql+psycopg://nobody")
    assert upkeep.remove_unfinished(settings) == 0
    place = inbox.folder(settings)
    late, old = ("incoming/new.part", "incoming/reading-new/x"), ("incoming/old.part", "incoming/reading-old/x")
    kept, former = f"files/{'a' * 64}", "files/reading-former/x"
    for name in (*late, *old, kept, former):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(b"x")
    day = time.time() - inbox.ABANDONED - 1
    for name in (*old, kept, former):
        for path in (place / name, (place / name).parent):
            if path.parent != place:
                os.utime(path, (day, day))
    assert upkeep.remove_unfinished(settings) == 3
    assert {str(one.relative_to(place)) for one in place.rglob("*") if one.is_file()} == {*late, kept}
    assert not (place / "files" / "reading-former").exists()
    assert upkeep.remove_unfinished in upkeep.HOURLY


async def test_what_is_due_is_looked_for_a_minute_after_the_start_and_then_every_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) > 3:
            raise asyncio.CancelledError

    monkeypatch.setattr(upkeep, "HOURLY", ())
    monkeypatch.setattr(upkeep.asyncio, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await upkeep.do_hourly()
    assert waited == [upkeep.FIRST_DELAY_S, upkeep.HOUR_S - upkeep.FIRST_DELAY_S] * 2
